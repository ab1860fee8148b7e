//! Language models on the command line: options, cost, and approval.

use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

use pipeline::{Estimate, ProseOptions};
use runtime::config::Config;
use writing::{Writer, WriterError};

use crate::args::{ApprovalArgs, ProseArgs};
use crate::failure::{Exit, Failure};
use crate::output::{about_usd, thousands, usd, visible};

/// A template or a style guide is a page; a longer file is another one.
const MAX_TEXT_BYTES: u64 = 64_000;

impl ProseArgs {
    /// Reads the flags and the files that they name; returns `None` without a model.
    pub(crate) fn to_options(&self) -> Result<Option<ProseOptions>, Failure> {
        if self.models.is_empty() {
            return Ok(None);
        }
        Ok(Some(ProseOptions {
            models: self.models.clone(),
            template: self.template.as_deref().map(read_text).transpose()?,
            style_guide: self.style_guide.as_deref().map(read_text).transpose()?,
            one_per_request: self.one_per_request,
            batch: self.batch,
            insights: self.insights,
            budget_micro_usd: None,
        }))
    }
}

fn read_text(path: &Path) -> Result<String, Failure> {
    let unusable = |reason: String| {
        Failure::new(Exit::Usage, "file_unusable", format!("`{}`: {reason}", path.display()))
            .with_help("name a text file of at most 64 kB")
    };
    let size = std::fs::metadata(path).map_err(|error| unusable(error.to_string()))?.len();
    if size > MAX_TEXT_BYTES {
        return Err(unusable(format!("{size} bytes are more than {MAX_TEXT_BYTES}")));
    }
    std::fs::read_to_string(path).map_err(|error| unusable(error.to_string()))
}

/// Makes what asks models, and tries the options out on it; a job that wants a model needs one.
pub(crate) fn writer(
    config: &Config,
    prose: Option<&ProseOptions>,
) -> Result<Option<std::sync::Arc<Writer>>, Failure> {
    let writer = Writer::from_config(&config.llm).map_err(|error| unusable(&error))?;
    let Some(prose) = prose else { return Ok(writer) };
    let Some(writer) = writer else {
        let message = format!("no server is configured for model `{}`", prose.models[0]);
        return Err(Failure::new(Exit::Usage, "model_not_configured", message).with_help(
            "set OPENAI_API_KEY, or name another server with `--base-url URL` or DOCTOWN_LLM_BASE_URL",
        ));
    };
    writer.terms(prose).map_err(|error| unusable(&error))?;
    Ok(Some(writer))
}

/// Lets an estimate go by the price table where no server is configured: nothing is sent for one.
pub(crate) fn priced(config: &Config) -> Config {
    let mut config = config.clone();
    config.llm.base_url.get_or_insert_with(|| runtime::config::OPENAI_URL.to_owned());
    config
}

/// Says what a job's options come to; `None` without a model, or where no server of one is set.
#[cfg(feature = "aws")]
pub(crate) fn terms(
    config: &Config,
    prose: Option<&ProseOptions>,
) -> Result<Option<writing::Terms>, Failure> {
    let (Some(prose), Some(writer)) = (prose, writer(config, None)?) else { return Ok(None) };
    writer.terms(prose).map(Some).map_err(|error| unusable(&error))
}

pub(crate) fn unusable(error: &WriterError) -> Failure {
    Failure::new(Exit::Usage, error.code(), error.to_string())
}

/// US dollars on the command line.
pub(crate) fn parse_usd(text: &str) -> Result<u64, String> {
    let usd: f64 = text.parse().map_err(|_| "expected US dollars, such as 0.25".to_owned())?;
    if !(0.0..=1e6).contains(&usd) {
        return Err("expected 0 to 1000000 US dollars".to_owned());
    }
    Ok((usd * 1e6).round() as u64)
}

/// Writes an estimate for people.
pub(crate) fn told(estimate: &Estimate) -> String {
    let model = estimate.model.as_deref().unwrap_or("no model");
    let mut lines = vec![format!(
        "{model}: {} symbols in {} requests, {} of them answered from the cache",
        thousands(estimate.n_symbols),
        thousands(estimate.n_requests),
        thousands(estimate.n_cached)
    )];
    let counted = if estimate.tokens_are_estimated { "about " } else { "" };
    lines.push(format!(
        "tokens: {counted}{} input, {} output expected, {} output at most",
        thousands(estimate.input_tokens),
        thousands(estimate.expected_output_tokens),
        thousands(estimate.max_output_tokens)
    ));
    lines.push(match &estimate.prices_as_of {
        Some(day) => format!(
            "cost: {} to {} USD expected, {} USD at most (prices as of {day})",
            about_usd(estimate.expected_micro_usd.saturating_sub(estimate.error_micro_usd)),
            about_usd(estimate.expected_micro_usd + estimate.error_micro_usd),
            about_usd(estimate.cost_micro_usd)
        ),
        None => "cost: unknown, no price is known for this model; set DOCTOWN_LLM_PRICE".to_owned(),
    });
    lines.push(match estimate.is_batch {
        true => "time: within a day, through the batch API".to_owned(),
        false => format!("time: about {} s", thousands(estimate.expected_ms.div_ceil(1_000))),
    });
    lines.join("\n")
}

/// Decides how much may be spent, and asks where a person is there to be asked.
///
/// # Errors
/// `budget_exceeded` or `approval_needed`, both with exit code 6; the job waits and can be gone on with.
pub(crate) fn limit(estimate: &Estimate, approval: &ApprovalArgs) -> Result<u64, Failure> {
    let worst = estimate.cost_micro_usd;
    let likely = estimate.expected_micro_usd + estimate.error_micro_usd;
    let is_priced = estimate.prices_as_of.is_some();
    if approval.yes {
        return Ok(approval.budget.unwrap_or(worst));
    }
    let refused = |code: &str, message: String| {
        Failure::new(Exit::Budget, code, format!("{message}\n{}", told(estimate))).with_help(
            "`--yes` accepts the cost, `--budget USD` sets a limit; finished work is kept for the next run",
        )
    };
    match approval.budget {
        Some(budget) if is_priced && likely <= budget => return Ok(budget),
        None if is_priced && worst == 0 => return Ok(0),
        _ => {}
    }
    let limit = approval.budget.unwrap_or(worst);
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        if ask(estimate, limit) {
            return Ok(limit);
        }
        return Err(refused(
            "approval_refused",
            "the cost was not accepted, nothing was sent to the model".to_owned(),
        ));
    }
    match approval.budget {
        Some(budget) if is_priced => {
            Err(refused("budget_exceeded", format!("the budget is {} USD", usd(budget))))
        }
        _ => Err(refused("approval_needed", "the cost of the model was not accepted".to_owned())),
    }
}

fn ask(estimate: &Estimate, limit: u64) -> bool {
    let question = format!("{}\nspend up to {} USD? [y/N] ", told(estimate), usd(limit));
    let question = visible(&question);
    let mut answer = String::new();
    let asked = std::io::stderr().write_all(question.as_bytes()).and_then(|()| std::io::stderr().flush());
    asked.is_ok()
        && std::io::stdin().lock().read_line(&mut answer).is_ok()
        && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}
