//! The embedder inside the program: the same bytes everywhere, and the network's own way of splitting texts.

use docpack::Digest;
use doctown_embed::{EmbedError, Embedder, Precision};
use proptest::prelude::*;

use crate::model::{cosine, vectors};

const TEXTS: [&str; 6] = [
    "net http parse header\nfn parse_header(line: &str) -> Option<(&str, &str)> { line.split_once(':') }",
    "def parse_header(line):\n    name, _, value = line.partition(':')\n    return name, value.strip()",
    "func openDatabase(path string) (*sql.DB, error) { return sql.Open(\"sqlite\", path) }",
    "",
    "\u{0}\u{fffd} Grüße 你好 🦀 … e\u{301}",
    "x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x",
];

#[test]
fn vectors_are_the_same_bytes_on_every_machine() {
    let vectors = vectors(&Embedder::built_in(), &TEXTS);
    let bytes: Vec<u8> = vectors.as_slice().iter().flat_map(|value| value.to_le_bytes()).collect();
    insta::assert_snapshot!(Digest::of(&bytes));
    let first: Vec<f32> = vectors.rows().next().unwrap()[..6].to_vec();
    insta::assert_debug_snapshot!(first);
}

#[test]
fn the_class_of_the_table_names_its_digest_and_no_machine() {
    let class = Embedder::built_in().class().clone();
    insta::assert_snapshot!(serde_json::to_string_pretty(&class).unwrap());
}

#[test]
fn vectors_of_the_table_have_length_one() {
    for vector in vectors(&Embedder::built_in(), &TEXTS).rows() {
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        assert!((length - 1.0).abs() < 1e-5, "{length}");
    }
}

#[test]
fn functions_of_like_purpose_are_near_each_other() {
    let vectors = vectors(&Embedder::built_in(), &TEXTS);
    let rows: Vec<&[f32]> = vectors.rows().collect();
    let (same, other) = (cosine(rows[0], rows[1]), cosine(rows[0], rows[2]));
    assert!(same > other + 0.2, "{same} against {other}");
}

#[test]
fn cancelling_ends_the_call_before_the_first_text() {
    let error = Embedder::built_in().embed(&TEXTS, &|| true).unwrap_err();
    assert!(matches!(error, EmbedError::Cancelled));
}

#[test]
fn the_table_is_near_the_network() {
    let Some(network) = crate::model::embedder(Precision::Int8, 1) else { return };
    let texts = &TEXTS[..3];
    let (ours, theirs) = (vectors(&Embedder::built_in(), texts), vectors(&network, texts));
    for (ours, theirs) in ours.rows().zip(theirs.rows()) {
        assert!(cosine(ours, theirs) > 0.6, "{}", cosine(ours, theirs));
    }
}

proptest! {
    #[test]
    fn texts_have_as_many_tokens_as_the_network_finds(text in "([a-zA-Z]{1,12}|[ -~]|\\PC|[\\t\\n\u{0}é…你]){0,40}") {
        static NETWORK: std::sync::LazyLock<Option<Embedder>> =
            std::sync::LazyLock::new(|| crate::model::embedder(Precision::Int8, 1));
        let Some(network) = NETWORK.as_ref() else { return Ok(()) };
        prop_assert_eq!(Embedder::built_in().count_tokens(&text).unwrap(), network.count_tokens(&text).unwrap());
    }
}
