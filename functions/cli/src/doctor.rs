//! `doctown doctor`: whether a build can work here, and what to do where it cannot.

use embed::{ModelFiles, Precision};
use runtime::config::Config;
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::output;
use crate::setting;

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    found: String,
    help: Option<String>,
}

pub(crate) fn doctor(config: &Config, json: bool) -> Result<(), Failure> {
    let checks = [
        store(config),
        model(config, "model fp32", Precision::Fp32),
        model(config, "model int8", Precision::Int8),
        runtime_library(config),
        token(config),
    ];
    if json {
        output::json("doctor", &checks);
    } else {
        let rows: Vec<_> = checks
            .iter()
            .map(|check| {
                let help = check.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
                let mark = if check.ok { "ok" } else { "FAIL" };
                vec![mark.to_owned(), check.name.to_owned(), format!("{}{help}", check.found)]
            })
            .collect();
        output::data(&output::table(&["", "check", "found"], &rows));
    }
    match checks.iter().find(|check| !check.ok) {
        None => Ok(()),
        Some(check) => Err(Failure::new(
            Exit::Failed,
            "doctor_found_a_fault",
            format!("`{}`: {}", check.name, check.found),
        )
        .with_help(check.help.clone().unwrap_or_default())),
    }
}

fn store(config: &Config) -> Check {
    let folder = match setting::store_folder(config) {
        Ok(folder) => folder,
        Err(failure) => {
            return Check { name: "store", ok: false, found: failure.message, help: failure.help };
        }
    };
    let probe = runtime::DirectoryStore::open(folder);
    Check {
        name: "store",
        ok: probe.is_ok(),
        found: probe
            .as_ref()
            .map_or_else(ToString::to_string, |_| format!("{} can be written", folder.display())),
        help: probe.is_err().then(|| "set DOCTOWN_STORE to a folder that may be written".to_owned()),
    }
}

fn model(config: &Config, name: &'static str, precision: Precision) -> Check {
    let checked = ModelFiles::in_folder(&config.embed.model_folder).check(precision);
    Check {
        name,
        ok: checked.is_ok(),
        found: checked.as_ref().map_or_else(ToString::to_string, |()| {
            format!("{} in {}, digests right", embed::model_name(), config.embed.model_folder.display())
        }),
        help: checked.is_err().then(|| format!("run `{}`", embed::SETUP_COMMAND)),
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
    }
}

/// Building without a token works, only slower: GitHub allows 60 requests an hour then.
fn token(config: &Config) -> Check {
    let found = match setting::source_config(&config.source) {
        Ok(source) if source.github_token.is_some() => Ok("set".to_owned()),
        Ok(_) => Ok("not set; public repositories only, 60 requests an hour".to_owned()),
        Err(failure) => Err(failure),
    };
    Check {
        name: "github token",
        ok: found.is_ok(),
        found: found.as_ref().map_or_else(|failure| failure.message.clone(), Clone::clone),
        help: found.err().and_then(|failure| failure.help),
    }
}
