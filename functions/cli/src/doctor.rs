//! `doctown doctor`: whether this machine can build, and what to do if it cannot.

use embed::EmbedError;
use pipeline::EmbedderName;
use runtime::config::Config;
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output;
use crate::setting;

/// One thing that was checked.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    found: String,
    help: Option<String>,
    /// Whether only builds with vectors need it.
    #[serde(skip)]
    is_for_vectors: bool,
}

pub(crate) fn doctor(config: &Config, json: bool) -> Result<(), Failure> {
    let model = model(config);
    // The library is tried out with the model.
    let precision = stage_embed::precision_of(config.embed.precision);
    let has_model = stage_embed::model_files(&config.embed).check(precision).is_ok();
    let library = has_model.then(|| runtime_library(config));
    let checks: Vec<_> = [store(config), model].into_iter().chain(library).chain([token(config)]).collect();
    if json {
        output::json("doctor", &checks);
    } else {
        let rows: Vec<_> = checks
            .iter()
            .map(|check| {
                let mark = if check.ok { "ok" } else { "FAIL" };
                vec![mark.to_owned(), check.name.to_owned(), check.found.clone()]
            })
            .collect();
        output::data(&output::table(&["", "check", "found"], &rows));
    }
    verdict(&checks, json)
}

/// Ends with one line: what works here, or what to do first.
fn verdict(checks: &[Check], json: bool) -> Result<(), Failure> {
    let failed: Vec<_> = checks.iter().filter(|check| !check.ok).collect();
    if failed.is_empty() {
        if !json {
            output::data("\nready: this machine can build, view and serve");
        }
        return Ok(());
    }
    let names: Vec<_> = failed.iter().map(|check| check.name).collect();
    let message = match failed.iter().all(|check| check.is_for_vectors) {
        true => format!("not ready for builds with vectors ({})", names.join(", ")),
        false => format!("not ready ({})", names.join(", ")),
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in failed.iter().filter_map(|check| check.help.as_deref()) {
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    Err(Failure::new(Exit::Failed, "doctor_found_a_fault", message).with_help(steps.join("; ")))
}

fn store(config: &Config) -> Check {
    let folder = match setting::store_folder(config) {
        Ok(folder) => folder,
        Err(failure) => {
            return Check {
                name: "store",
                ok: false,
                found: failure.message,
                help: failure.help,
                is_for_vectors: false,
            };
        }
    };
    let probe = runtime::DirectoryStore::open(folder);
    Check {
        name: "store",
        ok: probe.is_ok(),
        found: probe
            .as_ref()
            .map_or_else(ToString::to_string, |_| format!("{} is writable", folder.display())),
        help: probe.is_err().then(|| "set DOCTOWN_STORE to a writable folder".to_owned()),
        is_for_vectors: false,
    }
}

/// Checks the precision that is set; the other one is needed only when a build asks for it.
///
/// A missing model is no fault where builds use the table inside the program.
fn model(config: &Config) -> Check {
    let precision = stage_embed::precision_of(config.embed.precision);
    let checked = stage_embed::model_files(&config.embed).check(precision);
    let is_optional =
        stage_embed::local_embedder(&config.embed, None, config.embed.precision) == EmbedderName::Static;
    if let (true, Err(EmbedError::ModelMissing { .. })) = (is_optional, &checked) {
        return Check {
            name: "embedding model",
            ok: true,
            found: "not installed (optional): builds use `static`, the embedder inside the program"
                .to_owned(),
            help: None,
            is_for_vectors: true,
        };
    }
    Check {
        name: "embedding model",
        ok: checked.is_ok(),
        found: match &checked {
            Ok(()) => format!("{} ({precision}), digests match", embed::model_name()),
            // The next step is named once, at the end.
            Err(error) => error.to_string().split("; run ").next().unwrap_or_default().to_owned(),
        },
        help: checked
            .err()
            .map(|error| format!("{}, or build with `--embedder static`", stage_embed::mend_help(&error))),
        is_for_vectors: true,
    }
}

fn runtime_library(config: &Config) -> Check {
    let loaded = setting::embedder(config, Some(EmbedderName::Minilm), config.embed.precision, 1);
    Check {
        name: "onnx runtime",
        ok: loaded.is_ok(),
        found: match &loaded {
            Ok(embedder) => format!("{} on {}", embedder.class().runtime, embedder.class().provider),
            Err(failure) => failure.message.clone(),
        },
        help: loaded.err().and_then(|failure| failure.help),
        is_for_vectors: true,
    }
}

/// A token is optional: without one, GitHub allows 60 requests an hour.
fn token(config: &Config) -> Check {
    let found = match setting::source_config(&config.source) {
        Ok(source) if source.github_token.is_some() => Ok("set".to_owned()),
        Ok(_) => Ok("not set (optional): public repositories only, 60 requests an hour".to_owned()),
        Err(failure) => Err(failure),
    };
    Check {
        name: "github token",
        ok: found.is_ok(),
        found: found.as_ref().map_or_else(|failure| failure.message.clone(), Clone::clone),
        help: found.err().and_then(|failure| failure.help),
        is_for_vectors: false,
    }
}
