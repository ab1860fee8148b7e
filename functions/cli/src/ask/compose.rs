//! A short answer by a language model: within a budget, and from the cache where it was asked before.

use ::ask::{Answer, Composed, MAX_OUTPUT_TOKENS, PROMPT_VERSION, SCHEMA_NAME, compose, prompt};
use docpack::Digest;
use pipeline::port::Clock;
use pipeline::{ProseOptions, StageError, Tenant};
use runtime::SystemClock;
use runtime::config::Config;
use serde::Serialize;
use writing::{Checked, Prepared, SingleAnswer, SingleQuestion};

use super::args::QuestionArgs;
use crate::failure::{Exit, Failure};
use crate::reading::{block_on, ports};
use crate::{output, prose};

/// Six claims of a kind, an item and a few words each.
const EXPECTED_OUTPUT_TOKENS: u32 = 250;

/// What a model made of the evidence.
#[derive(Debug, Serialize)]
pub(super) struct Written {
    pub(super) composed: Composed,
    is_cached: bool,
    /// What an audit keeps of the call; `null` for an answer out of the cache.
    call: Option<llm::CallRecord>,
}

/// Lets the model choose among the evidence; `None` where no model is named, or where there is nothing to choose.
pub(super) fn written(
    answer: &Answer,
    docpack_id: Digest,
    args: &QuestionArgs,
    configuration: impl FnOnce() -> Result<Config, Failure>,
) -> Result<Option<Written>, Failure> {
    let Some(model) = args.model.as_ref().filter(|_| !answer.items.is_empty()) else { return Ok(None) };
    let mut config = configuration()?;
    if let Some(base_url) = &args.server.base_url {
        config.llm.base_url = Some(base_url.clone());
    }
    let options = ProseOptions::of_model(model.as_str());
    let writer = prose::writer(&config, Some(&options))?;
    let Some(writer) = writer else { return Ok(None) };
    let terms = writer.terms(&options).map_err(|error| prose::unusable(&error))?;
    let asked = prompt(answer);
    let question = SingleQuestion {
        docpack_id,
        template_version: PROMPT_VERSION,
        system: asked.system,
        user: &asked.user,
        schema_name: SCHEMA_NAME,
        schema: asked.schema,
        max_output_tokens: MAX_OUTPUT_TOKENS,
        expected_output_tokens: EXPECTED_OUTPUT_TOKENS,
    };
    let SingleAnswer { answer: composed, is_cached, call } = block_on(async {
        let (store, tenant) = (ports(&config).await?.store, Tenant::local());
        let now = SystemClock.now();
        let prepared = Prepared::new(&terms, &question, &store, &tenant, now).await.map_err(failed)?;
        let limit = prose::limit(&prepared.estimate(), &args.approval)?;
        prepared.ask(limit, |reply| checked(answer, reply)).await.map_err(failed)
    })?;
    Ok(Some(Written { composed, is_cached, call }))
}

fn checked(answer: &Answer, reply: &str) -> Checked<Composed> {
    let composed = compose(answer, reply);
    let is_readable = composed.is_some();
    let composed = composed.unwrap_or_default();
    let (n_claims, n_held) = (composed.n_claims as usize, composed.n_held as usize);
    Checked { answer: composed, is_readable, n_claims, n_held }
}

fn failed(error: StageError) -> Failure {
    let (code, message) = match error {
        StageError::Reject { code, message } | StageError::Retry { code, message, .. } => (code, message),
        error => ("llm_unavailable", error.to_string()),
    };
    let exit = if code == "budget_exceeded" { Exit::Budget } else { Exit::Failed };
    Failure::new(exit, code, message).with_help(trigger::errors::help(code).terminal)
}

/// Writes the sentences that hold, each with the number of its evidence, and what is missing.
pub(super) fn told(composed: &Composed) -> String {
    let mut lines: Vec<String> = composed
        .sentences
        .iter()
        .map(|it| format!("{} [{}] ({}:{})", it.text, it.item, it.file_path, it.line))
        .collect();
    if lines.is_empty() {
        lines.push("UNKNOWN: the model found no answer in the evidence that holds.".to_owned());
    }
    if !composed.missing.is_empty() {
        lines.push(format!("The evidence says nothing about: {}.", composed.missing.join(", ")));
    }
    let n_refused = u64::from(composed.n_claims - composed.n_held);
    if n_refused > 0 {
        lines.push(format!(
            "{} left out: not in the evidence.",
            output::plural(n_refused, "claim is", "claims are")
        ));
    }
    lines.join("\n")
}
