//! Every stable code with its help: one table, with a text for a terminal and one for a browser.

use std::collections::BTreeMap;

use docpack::verify::Code;
use source::failure::{FailureClass, Help, all, by_code};

use crate::codes;
use crate::failure::{source_status, title_of};
use crate::wire::{ErrorCode, ErrorCodes, Origin};

const AGAIN: Help = Help::both("start the job again; if it fails again, report the job's id");
const LATER: Help = Help::both("start the job again later");
const DEFECT: Help = Help::both("this is a fault in Doctown, not in the repository: report the job's id");
const SETUP: Help = Help {
    terminal: "run `doctown setup`, or build with `--no-embeddings`",
    browser: "this server's embedding model is not set up: build without vectors, or tell whoever runs the server",
};
const SERVER: Help = Help {
    terminal: "check `--base-url` or DOCTOWN_LLM_BASE_URL",
    browser: "this server's language model is not set up correctly: tell whoever runs the server",
};
const NARROW: Help = Help {
    terminal: "build less with `--include` and `--exclude`, or build again: cached results make it faster",
    browser: "build less of the repository, or start the job again: cached results make it faster",
};
const PACK_AGAIN: Help = Help::both("download or build the pack again");
const PACK_TOO_LARGE: Help = Help::both("the pack exceeds the limits of readers");

/// Codes that jobs end with, or parts of them, and what to do about them.
const OF_JOBS: &[(&str, Help)] = &[
    (
        "access_revoked",
        Help::both("sign in to Doctown again: it no longer may read your private repositories"),
    ),
    ("account_busy", AGAIN),
    ("account_not_json", DEFECT),
    ("accounts_unavailable", AGAIN),
    ("artifact_damaged", AGAIN),
    ("artifact_missing", AGAIN),
    ("artifact_not_json", DEFECT),
    ("assemble_panicked", DEFECT),
    (
        "attempts_exhausted",
        Help::both(
            "the process ended several times without an error, usually for lack of memory: build less, or give it more memory",
        ),
    ),
    ("audit_not_json", DEFECT),
    ("batch_not_json", DEFECT),
    (
        "budget_exceeded",
        Help::both(
            "summaries beyond the budget were extracted from the source; approve a higher budget to have them written",
        ),
    ),
    (
        "clustering_refused",
        Help { terminal: "choose another `--clustering`", browser: "choose another clustering method" },
    ),
    ("contexts_not_json", DEFECT),
    ("deadline_exceeded", NARROW),
    ("docpack_unwritable", DEFECT),
    ("embed_panicked", DEFECT),
    ("embedding_failed", AGAIN),
    ("generate_mixed_up", DEFECT),
    ("generate_panicked", DEFECT),
    (
        "github_app_refused",
        Help::both("this server's GitHub App is not set up correctly: tell whoever runs the server"),
    ),
    (
        "gpu_unavailable",
        Help {
            terminal: "use the CPU, or run `scripts/setup-model --gpu`",
            browser: "this server's GPU cannot be used: tell whoever runs the server",
        },
    ),
    ("ingest_panicked", DEFECT),
    ("input_failed", AGAIN),
    ("installation_removed", Help::both("install the GitHub App on the repository again")),
    (
        "installation_suspended",
        Help::both("resume the installation of the GitHub App in the settings of GitHub"),
    ),
    ("installation_token_refused", AGAIN),
    ("job_unsettled", AGAIN),
    ("llm_bad_reply", SERVER),
    (
        "llm_bad_request",
        Help::both("the model's server rejected the request: check the model's name and the template"),
    ),
    ("llm_batch_failed", AGAIN),
    ("llm_batch_incomplete", AGAIN),
    ("llm_context_too_long", Help::both("choose a model with a longer context")),
    ("llm_empty_reply", AGAIN),
    ("llm_model_unknown", Help::both("choose a model that the server offers")),
    (
        "llm_price_unknown",
        Help {
            terminal: "set DOCTOWN_LLM_PRICE, or choose a model with a known price",
            browser: "choose a model with a known price",
        },
    ),
    ("llm_quota", Help::both("the account at the model's server has no credit left")),
    ("llm_rate_limited", LATER),
    (
        "llm_refused",
        Help::both("the model refused to answer; those summaries were extracted from the source"),
    ),
    ("llm_reply_cut", Help::both("choose a model that allows longer answers")),
    ("llm_reply_too_large", SERVER),
    (
        "llm_timeout",
        Help {
            terminal: "start the job again, or raise DOCTOWN_LLM_TIMEOUT_SECONDS",
            browser: "start the job again",
        },
    ),
    (
        "llm_unauthorised",
        Help {
            terminal: "check DOCTOWN_LLM_KEY or OPENAI_API_KEY",
            browser: "this server's key for the language model was rejected: tell whoever runs the server",
        },
    ),
    ("llm_unavailable", LATER),
    ("llm_wrong_url", SERVER),
    ("lost_not_json", DEFECT),
    ("model_endpoint_unusable", SERVER),
    ("model_hash_mismatch", SETUP),
    ("model_missing", SETUP),
    ("models_unusable", Help::both("give at most eight models, each with a name of at most 128 bytes")),
    ("options_not_json", DEFECT),
    ("pack_panicked", DEFECT),
    ("parser_crashed", Help::both("only the named file is left out")),
    (
        "private_not_supported",
        Help {
            terminal: "give this worker the server's DOCTOWN_ACCOUNTS, DOCTOWN_ACCOUNTS_URL and DOCTOWN_SECRET_KEYS",
            browser: "this server reads no private repositories: tell whoever runs it",
        },
    ),
    ("queue_refused", DEFECT),
    ("queue_unavailable", AGAIN),
    ("reply_not_json", DEFECT),
    (
        "repository_not_installed",
        Help::both("add the repository to the installation of the GitHub App in the settings of GitHub"),
    ),
    (
        "runtime_not_published",
        Help::both("build without vectors: ONNX Runtime has no library for this machine"),
    ),
    ("runtime_unusable", SETUP),
    ("schema_unusable", DEFECT),
    ("stage_not_here", DEFECT),
    ("stage_panicked", DEFECT),
    (
        "store_refused",
        Help {
            terminal: "check permissions and free space of the store that `doctown config show` names",
            browser: "this server cannot write its results: tell whoever runs the server",
        },
    ),
    ("style_guide_unusable", Help::both("a style guide is text of at most 64 kB")),
    ("template_unusable", Help::both("the template lacks a placeholder or has an unknown one")),
    ("time_limit_exceeded", NARROW),
    ("tokenizer_unusable", SETUP),
    ("too_many_texts", DEFECT),
    ("unit_without_input", DEFECT),
    ("vectors_malformed", DEFECT),
];

/// Codes of the reader of docpacks.
const OF_DOCPACKS: &[(&str, Help)] = &[
    ("docpack_too_large", PACK_TOO_LARGE),
    ("docpack_too_new", Help::both("use a newer version of Doctown")),
    ("embeddings_malformed", PACK_AGAIN),
    ("entry_digest_mismatch", PACK_AGAIN),
    ("entry_duplicate", Help::both("the pack was not written by a docpack writer")),
    ("entry_missing", PACK_AGAIN),
    ("entry_path_unsafe", Help::both("do not trust this pack: an entry points outside of it")),
    ("entry_size_mismatch", PACK_AGAIN),
    ("entry_too_large", PACK_TOO_LARGE),
    ("entry_type_forbidden", Help::both("do not trust this pack: an entry is not a plain file")),
    ("gzip_corrupt", PACK_AGAIN),
    ("io", Help::both("check permissions and free disk space")),
    ("json_malformed", PACK_AGAIN),
    ("manifest_missing", Help::both("the file is not a docpack")),
    ("manifest_not_first", Help::both("the file is not a docpack")),
    ("not_a_docpack", Help::both("choose a .docpack file")),
    ("schema_version_unknown", Help::both("use a newer version of Doctown")),
    ("tar_malformed", PACK_AGAIN),
    ("too_many_entries", PACK_TOO_LARGE),
    ("too_many_values", PACK_TOO_LARGE),
    ("trailing_bytes", PACK_AGAIN),
    ("truncated", PACK_AGAIN),
];

/// Returns what to do about a code that a job ended with, for whoever reads it where.
pub fn help(code: &str) -> Help {
    let of_job = OF_JOBS.iter().find(|(word, _)| *word == code).map(|(_, help)| *help);
    let of_source = by_code(code).map(|(_, help)| help);
    let of_api = codes::by_word(code).map(|code| Help::both(code.help));
    of_job.or(of_source).or(of_api).unwrap_or(Help {
        terminal: "`doctown events JOB` shows what happened",
        browser: "the job's events show what happened",
    })
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

/// Lists all codes with their browser texts; a code of several origins is listed with the first one.
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
        add(code, Some(source_status(code, class)), title_of(code), help.browser, Origin::Source);
    }
    for (code, help) in OF_JOBS {
        add(code, None, title_of(code), help.browser, Origin::Job);
    }
    for (code, help) in OF_DOCPACKS {
        add(code, None, title_of(code), help.browser, Origin::Docpack);
    }
    for code in Code::ALL {
        add(code.as_str(), None, title_of(code.as_str()), code.help(), Origin::Docpack);
    }
    ErrorCodes { items: items.into_values().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What only somebody at a terminal of this machine can act on.
    const OF_TERMINALS: [&str; 6] = ["--", "DOCTOWN_", "OPENAI_", "scripts/", "`doctown ", "DATABASE_URL"];

    #[test]
    fn browser_texts_name_no_flag_no_setting_and_no_command() {
        for row in table().items {
            let found =
                OF_TERMINALS.iter().find(|word| row.help.contains(**word) || row.title.contains(**word));
            assert_eq!(found, None, "{}: {}", row.code, row.help);
        }
        assert!(!OF_TERMINALS.iter().any(|word| help("no_such_code").browser.contains(word)));
    }

    #[test]
    fn a_terminal_is_told_the_flag_that_a_browser_is_not() {
        let Help { terminal, browser } = help("repo_too_large");
        assert!(terminal.contains("`--max-total-bytes`") && !browser.contains("--"), "{browser}");
        assert!(help("llm_timeout").terminal.contains("DOCTOWN_LLM_TIMEOUT_SECONDS"));
    }
}
