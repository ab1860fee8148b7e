//! The real model: same bytes, limits, cancellation.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use doctown_embed::{EmbedError, EmbedParams, Embedder, ModelFiles, Precision, ProviderChoice, Vectors};
use doctown_embed::{MAX_TEXT_BYTES, MAX_TEXTS_PER_CALL, dimensions, max_tokens};

const TEXTS: [&str; 5] = [
    "fn parse_header(line: &str) -> Option<(&str, &str)> { line.split_once(':') }",
    "def parse_header(line):\n    name, _, value = line.partition(':')\n    return name, value.strip()",
    "func openDatabase(path string) (*sql.DB, error) { return sql.Open(\"sqlite\", path) }",
    "",
    "\u{0}\u{fffd} Grüße 你好 🦀",
];

/// Loads the real model on the CPU as builds do; says so and gives nothing when it is not set up.
pub(crate) fn embedder(precision: Precision, n_sessions: usize) -> Option<Embedder> {
    embedder_of(EmbedParams {
        precision,
        n_sessions,
        provider: ProviderChoice::Cpu,
        max_tokens: max_tokens(),
    })
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn embedder_of(params: EmbedParams) -> Option<Embedder> {
    let home = std::env::var_os("DOCTOWN_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".doctown")))?;
    match Embedder::load(&ModelFiles::in_folder(home.join("model")), params) {
        Ok(embedder) => Some(embedder),
        Err(EmbedError::ModelMissing { path }) => {
            eprintln!("SKIPPED: no model at `{}`; run `scripts/setup-model`", path.display());
            None
        }
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn vectors<T: AsRef<str> + Sync>(embedder: &Embedder, texts: &[T]) -> Vectors {
    embedder.embed(texts, &|| false).unwrap().vectors
}

pub(crate) fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

#[test]
fn vectors_have_length_one() {
    for precision in [Precision::Fp32, Precision::Int8] {
        let Some(embedder) = embedder(precision, 1) else { return };
        let vectors = vectors(&embedder, &TEXTS);
        assert_eq!(vectors.len(), TEXTS.len());
        for vector in vectors.rows() {
            assert_eq!(vector.len(), dimensions());
            let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
            assert!((length - 1.0).abs() < 1e-5, "{length}");
        }
    }
}

#[test]
fn a_vector_depends_on_its_text_alone() {
    for precision in [Precision::Fp32, Precision::Int8] {
        let Some(one_thread) = embedder(precision, 1) else { return };
        let Some(three_threads) = embedder(precision, 3) else { return };
        let together = vectors(&one_thread, &TEXTS);
        let backwards: Vec<&str> = TEXTS.iter().rev().copied().collect();
        let backwards = vectors(&three_threads, &backwards);
        for (idx, vector) in together.rows().enumerate() {
            let alone = vectors(&three_threads, &TEXTS[idx..=idx]);
            assert_eq!(alone.as_slice(), vector, "text {idx} alone, {precision}");
            let backwards = backwards.rows().nth_back(idx).unwrap();
            assert_eq!(backwards, vector, "text {idx} in another order, {precision}");
        }
    }
}

#[test]
fn like_means_like() {
    for precision in [Precision::Fp32, Precision::Int8] {
        let Some(embedder) = embedder(precision, 1) else { return };
        let vectors = vectors(&embedder, &TEXTS);
        let rows: Vec<&[f32]> = vectors.rows().collect();
        let same_purpose = cosine(rows[0], rows[1]);
        let other_purpose = cosine(rows[0], rows[2]);
        assert!(same_purpose > other_purpose + 0.2, "{same_purpose} against {other_purpose} in {precision}");
    }
}

#[test]
fn equal_texts_are_computed_once() {
    let Some(embedder) = embedder(Precision::Int8, 2) else { return };
    let embedded = embedder.embed(&["let x = 1;", "let y = 2;", "let x = 1;"], &|| false).unwrap();
    assert_eq!(embedded.n_distinct, 2);
    let rows: Vec<&[f32]> = embedded.vectors.rows().collect();
    assert_eq!(rows[0], rows[2]);
    assert_ne!(rows[0], rows[1]);
    // [CLS] let x = 1 ; [SEP], twice.
    assert_eq!(embedded.n_tokens, 14);
}

#[test]
fn only_the_first_tokens_count() {
    let Some(embedder) = embedder(Precision::Fp32, 1) else { return };
    // The two special tokens are among the limit.
    let full = "word ".repeat(max_tokens() - 2);
    let longer = format!("{full} and a tail that nobody reads");
    assert_eq!(embedder.count_tokens(&full).unwrap(), max_tokens());
    assert!(embedder.count_tokens(&longer).unwrap() > max_tokens());
    let vectors = vectors(&embedder, &[&full, &longer]);
    assert_eq!(vectors.rows().next(), vectors.rows().last());
}

#[test]
fn a_huge_text_is_cut_at_a_character() {
    let Some(embedder) = embedder(Precision::Int8, 1) else { return };
    // Three bytes each, so that the limit falls within one.
    let huge = "你".repeat(MAX_TEXT_BYTES / 3 + 1000);
    assert_eq!(embedder.count_tokens(&huge).unwrap(), MAX_TEXT_BYTES / 3 + 2);
    assert_eq!(vectors(&embedder, &[huge]).len(), 1);
}

#[test]
fn no_text_gives_no_vector() {
    let Some(embedder) = embedder(Precision::Int8, 2) else { return };
    assert!(vectors::<&str>(&embedder, &[]).is_empty());
}

#[test]
fn too_many_texts_are_refused() {
    let Some(embedder) = embedder(Precision::Int8, 1) else { return };
    let texts = vec![""; MAX_TEXTS_PER_CALL + 1];
    let error = embedder.embed(&texts, &|| false).unwrap_err();
    assert_eq!(error.code(), "too_many_texts");
}

#[test]
fn cancelling_ends_the_call_between_texts() {
    let Some(embedder) = embedder(Precision::Int8, 1) else { return };
    let n_asked = AtomicUsize::new(0);
    let texts: Vec<String> = (0..100).map(|idx| format!("let x = {idx};")).collect();
    let error = embedder.embed(&texts, &|| n_asked.fetch_add(1, Ordering::Relaxed) == 3).unwrap_err();
    assert!(matches!(error, EmbedError::Cancelled));
    assert_eq!(n_asked.into_inner(), 4);
}

#[test]
fn two_callers_share_one_embedder() {
    let Some(embedder) = embedder(Precision::Int8, 2) else { return };
    let alone = vectors(&embedder, &TEXTS);
    std::thread::scope(|scope| {
        let callers = [(); 2].map(|()| scope.spawn(|| vectors(&embedder, &TEXTS)));
        for caller in callers {
            assert_eq!(caller.join().unwrap(), alone);
        }
    });
}
