//! The embedder's class and its digest.

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
fn the_digest_differs_by_whatever_vectors_depend_on() {
    let (Some(fp32), Some(int8)) =
        (crate::model::embedder(Precision::Fp32, 1), crate::model::embedder(Precision::Int8, 1))
    else {
        return;
    };
    let digest = fp32.class().digest();
    assert_eq!(digest, fp32.class().clone().digest());
    assert_ne!(digest, int8.class().digest());
    let elsewhere = EmbedderClass { cpu: "x86-64-v2".to_owned(), ..fp32.class().clone() };
    assert_ne!(digest, elsewhere.digest());
}
