//! Every stable code with its help, whoever says it.

use std::collections::BTreeMap;

use docpack::verify::Code;
use source::failure::{FailureClass, all, by_code};

use crate::codes;
use crate::failure::{source_status, title_of};
use crate::wire::{ErrorCode, ErrorCodes, Origin};

const AGAIN: &str = "make the job once more; if it stays, report the job's id";
const WORKER: &str = "the workers are at fault, not the repository: report the job's id";

/// Codes that jobs end with, or parts of them, and what to do about them.
const OF_JOBS: &[(&str, &str)] = &[
    ("artifact_damaged", AGAIN),
    ("artifact_missing", AGAIN),
    ("artifact_not_json", WORKER),
    ("assemble_panicked", WORKER),
    ("audit_not_json", WORKER),
    ("batch_not_json", WORKER),
    (
        "budget_exceeded",
        "summaries past the limit were taken from the source; approve a higher one to have them written",
    ),
    ("clustering_refused", "choose another `options.clustering`"),
    ("contexts_not_json", WORKER),
    (
        "deadline_exceeded",
        "narrow the build with `include` and `exclude`, or make it once more: what is cached makes it quicker",
    ),
    ("docpack_unwritable", WORKER),
    ("embed_panicked", WORKER),
    ("embedding_failed", AGAIN),
    ("generate_mixed_up", WORKER),
    ("generate_panicked", WORKER),
    ("gpu_unavailable", "choose the CPU, or run `scripts/setup-model --gpu`"),
    ("ingest_panicked", WORKER),
    ("input_failed", AGAIN),
    ("job_unsettled", AGAIN),
    ("llm_bad_reply", "the model's server answers in another way than OpenAI's: check its address"),
    ("llm_bad_request", "the model's server refuses the question: check the model's name and the template"),
    ("llm_batch_failed", AGAIN),
    ("llm_batch_incomplete", AGAIN),
    ("llm_context_too_long", "choose a model with a longer context"),
    ("llm_empty_reply", AGAIN),
    ("llm_model_unknown", "name a model that the server has"),
    ("llm_price_unknown", "set DOCTOWN_LLM_PRICE, or choose a model with a known price"),
    ("llm_quota", "the account at the model's server is used up"),
    ("llm_rate_limited", "make the job once more in a while"),
    ("llm_refused", "the model refuses to answer; its part is taken from the source"),
    ("llm_reply_cut", "choose a model that gives longer answers"),
    ("llm_reply_too_large", "check the address of the model's server"),
    ("llm_timeout", "make the job once more, or raise DOCTOWN_LLM_TIMEOUT_SECONDS"),
    ("llm_unauthorised", "check the key of the model's server"),
    ("llm_unavailable", "make the job once more in a while"),
    ("llm_wrong_url", "check the address of the model's server"),
    ("model_endpoint_unusable", "check the address of the model's server"),
    ("model_hash_mismatch", "run `scripts/setup-model`"),
    ("model_missing", "run `scripts/setup-model`, or build without embeddings"),
    (
        "models_unusable",
        "at most eight models stand in for each other, each with a name of at most 128 bytes",
    ),
    ("options_not_json", WORKER),
    ("pack_panicked", WORKER),
    ("parser_crashed", "only the named file is left out"),
    ("queue_refused", WORKER),
    ("queue_unavailable", AGAIN),
    ("reply_not_json", WORKER),
    ("runtime_unusable", "run `scripts/setup-model`"),
    ("schema_unusable", WORKER),
    ("stage_not_here", WORKER),
    ("stage_panicked", WORKER),
    ("store_refused", "check permissions and free space of the store"),
    ("style_guide_unusable", "a style guide is text of at most 64 kB"),
    ("template_unusable", "the template lacks a placeholder or has an unknown one"),
    ("time_limit_exceeded", "narrow the build with `include` and `exclude`"),
    ("tokenizer_unusable", "run `scripts/setup-model`"),
    ("too_many_texts", WORKER),
    ("unit_without_input", WORKER),
    ("vectors_malformed", WORKER),
];

/// Codes of the reader of docpacks.
const OF_DOCPACKS: &[(&str, &str)] = &[
    ("docpack_too_large", "the pack is larger than readers take"),
    ("docpack_too_new", "use a newer version of the program"),
    ("embeddings_malformed", "download or build the pack again"),
    ("entry_digest_mismatch", "download or build the pack again"),
    ("entry_duplicate", "the pack was not written by a docpack writer"),
    ("entry_missing", "download or build the pack again"),
    ("entry_path_unsafe", "do not trust this pack: an entry leaves its folder"),
    ("entry_size_mismatch", "download or build the pack again"),
    ("entry_too_large", "the pack is larger than readers take"),
    ("entry_type_forbidden", "do not trust this pack: an entry is no plain file"),
    ("gzip_corrupt", "download the pack again"),
    ("io", "check permissions and free disk space"),
    ("json_malformed", "download or build the pack again"),
    ("manifest_missing", "the file is no docpack"),
    ("manifest_not_first", "the file is no docpack"),
    ("not_a_docpack", "name a .docpack file"),
    ("schema_version_unknown", "use a newer version of the program"),
    ("tar_malformed", "download or build the pack again"),
    ("too_many_entries", "the pack is larger than readers take"),
    ("too_many_values", "the pack is larger than readers take"),
    ("trailing_bytes", "download the pack again"),
    ("truncated", "download the pack again"),
];

/// Returns what to do about a code that a job ended with.
pub(crate) fn help(code: &str) -> &'static str {
    let of_job = OF_JOBS.iter().find(|(word, _)| *word == code).map(|(_, help)| *help);
    let of_source = by_code(code).map(|(_, help)| help);
    let of_api = codes::by_word(code).map(|code| code.help);
    of_job.or(of_source).or(of_api).unwrap_or("the job's events tell what happened")
}

/// Tells whether the same job may succeed later.
pub(crate) fn is_retryable(code: &str) -> bool {
    match by_code(code) {
        Some((class, _)) => matches!(class, FailureClass::Upstream | FailureClass::Failed),
        None => !matches!(
            code,
            "clustering_refused" | "models_unusable" | "template_unusable" | "style_guide_unusable"
        ),
    }
}

/// Lists all codes; one that several say is listed with whoever says it first.
pub fn table() -> ErrorCodes {
    let mut items: BTreeMap<String, ErrorCode> = BTreeMap::new();
    let mut add = |code: &str, status: Option<u16>, title: String, help: &str, origin: Origin| {
        let row = ErrorCode { code: code.to_owned(), status, title, help: help.to_owned(), origin };
        items.entry(code.to_owned()).or_insert(row);
    };
    for code in codes::ALL {
        add(code.word, Some(code.status), code.title.to_owned(), code.help, Origin::Api);
    }
    for (code, class, help) in all() {
        add(code, Some(source_status(code, class)), title_of(code), help, Origin::Source);
    }
    for (code, help) in OF_JOBS {
        add(code, None, title_of(code), help, Origin::Job);
    }
    for (code, help) in OF_DOCPACKS {
        add(code, None, title_of(code), help, Origin::Docpack);
    }
    for code in Code::ALL {
        add(code.as_str(), None, title_of(code.as_str()), code.help(), Origin::Docpack);
    }
    ErrorCodes { items: items.into_values().collect() }
}
