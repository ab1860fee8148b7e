//! The embedder's class and the keys derived from it.

use docpack::Digest;
use doctown_embed::{EmbedderClass, Precision};

#[test]
fn the_class_says_what_vectors_depend_on() {
    let Some(embedder) = crate::model::embedder(Precision::Int8, 1) else { return };
    let mut class = embedder.class().clone();
    let json = serde_json::to_string(&class).unwrap();
    assert_eq!(serde_json::from_str::<EmbedderClass>(&json).unwrap(), class);
    assert!(!class.cpu.is_empty());
    class.cpu = "CPU".to_owned();
    insta::assert_snapshot!(serde_json::to_string_pretty(&class).unwrap());
}

#[test]
fn a_key_differs_by_text_and_by_class() {
    let (Some(fp32), Some(int8)) =
        (crate::model::embedder(Precision::Fp32, 1), crate::model::embedder(Precision::Int8, 1))
    else {
        return;
    };
    let (text, other_text) = (Digest::of(b"fn a() {}"), Digest::of(b"fn b() {}"));
    let key = fp32.class().vector_key(&text);
    assert_eq!(key, fp32.class().vector_key(&text));
    assert_ne!(key, fp32.class().vector_key(&other_text));
    assert_ne!(key, int8.class().vector_key(&text));
    let elsewhere = EmbedderClass { cpu: "x86-64-v2".to_owned(), ..fp32.class().clone() };
    assert_ne!(key, elsewhere.vector_key(&text));
}
