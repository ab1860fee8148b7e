//! `doctown doctor`: whether this machine can build, and what to do if it cannot.

use embed::{ModelFiles, Precision};
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
    let library = model.ok.then(|| runtime_library(config));
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

/// The default precision is what builds need; the other one is optional.
fn model(config: &Config) -> Check {
    let files = ModelFiles::in_folder(&config.embed.model_folder);
    let shown = |precision: Precision| match precision {
        Precision::Fp32 => "fp32",
        Precision::Int8 => "int8",
    };
    let present: Vec<_> = [Precision::Int8, Precision::Fp32]
        .into_iter()
        .filter(|precision| files.check(*precision).is_ok())
        .map(shown)
        .collect();
    let checked = files.check(Precision::Int8);
    let folder = config.embed.model_folder.display();
    Check {
        name: "embedding model",
        ok: checked.is_ok(),
        found: match &checked {
            Ok(()) => format!("{} ({}) in {folder}, digests match", embed::model_name(), present.join(", ")),
            Err(_) if !config.embed.model_folder.exists() => format!("not set up in {folder}"),
            // The next step is named once, at the end.
            Err(error) => error.to_string().split("; run ").next().unwrap_or_default().to_owned(),
        },
        help: checked
            .is_err()
            .then(|| format!("run `{}`, or build without vectors (`--no-embeddings`)", embed::SETUP_COMMAND)),
        is_for_vectors: true,
    }
}

fn runtime_library(config: &Config) -> Check {
    let loaded = setting::embedder(config, pipeline::Precision::default(), 1);
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
