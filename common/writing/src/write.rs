//! One unit of the generate stage, by a model where one is wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use docpack::{SymbolId, SymbolKind};
use futures_util::StreamExt;
use insight::check::{check_architecture, check_module, check_summary};
use insight::prompt::{Grouping, PromptParams, Request, Subject, overview_requests, symbol_requests};
use llm::{Budget, MAX_PARALLEL};
use model::assembly::AssembleOutput;
use model::context::{
    GenerateInput, GenerateOutput, Overview, OverviewSet, RepositoryContext, Summary, SummarySource,
    SymbolContext, Verdict, Words,
};
use pipeline::event::payload::GenerationSymbolDocumented;
use pipeline::port::Ports;
use pipeline::{StageError, StageName, UnitRun};

use crate::ask::{Run, Totals};
use crate::batch::answer_in_batch;
use crate::recover::{Family, Settled, Verified, settle};
use crate::terms::Writer;

/// Questions in hand: twice what an endpoint is asked at once, so that none waits for the slowest.
const MAX_OPEN: usize = 2 * MAX_PARALLEL;

/// What one unit came to.
#[derive(Debug)]
pub struct Written {
    pub output: GenerateOutput,
    /// Counts for people and for the receipt.
    pub stats: BTreeMap<String, u64>,
    /// Why a part is extractive although a model was wanted.
    pub shortfall: Option<String>,
    pub n_tokens: u64,
    pub cost_micro_usd: u64,
}

/// Tells whether a model writes about a symbol: what runs and what has members; the rest is told by its signature.
pub fn is_written(kind: SymbolKind) -> bool {
    kind.is_callable()
        || matches!(
            kind,
            SymbolKind::Module
                | SymbolKind::Class
                | SymbolKind::Struct
                | SymbolKind::Enum
                | SymbolKind::Union
                | SymbolKind::Trait
                | SymbolKind::Interface
                | SymbolKind::TypeAlias
        )
}

/// Puts the contexts of a unit into words.
///
/// Without a model, without approval or without money the words are extractive; only the stage's own
/// inputs can fail it.
pub async fn write<P: Ports>(
    unit: &UnitRun<P>,
    writer: Option<&Writer>,
    input: GenerateInput,
) -> Result<Written, StageError> {
    let (words, input) = extractive(input).await?;
    let Some(prose) = &unit.options().prose else { return Ok(Written::extractive(words, None)) };
    if unit.state().spending_limit_micro_usd().is_none() {
        return Ok(Written::extractive(words, Some("approval_expired")));
    }
    let Some(writer) = writer else { return Ok(Written::extractive(words, Some("model_not_configured"))) };
    let terms = writer.terms(prose)?;
    let run = Run::new(unit, &terms, share(unit).await?);
    let written = match &input {
        GenerateInput::Symbols(contexts) => by_symbol(&run, contexts, words).await,
        GenerateInput::Repository(context) => by_folder(&run, context, words).await,
    };
    run.write_audit().await?;
    let written = written?;
    if run.is_unfinished() && run.stop().is_none() {
        let message = "more is to be asked than one try has time for".to_owned();
        return Err(StageError::Wait { message, after: Duration::ZERO });
    }
    let (totals, stop) = (run.totals(), run.stop());
    if let Some(error) = run.outage().filter(|_| written.n_silent > 0 && stop.is_none()) {
        if !unit.is_last_try() {
            return Err(StageError::retry(error.code(), error.to_string()));
        }
        return Ok(written.into_written(&run, totals, Some(error.code().to_owned())));
    }
    Ok(written.into_written(&run, totals, stop))
}

/// The words of a unit before it is known what else there is to tell.
struct Draft {
    words: Words,
    n_verified: u64,
    n_rejected: u32,
    n_silent: u64,
}

impl Draft {
    fn into_written<P: Ports>(self, run: &Run<'_, P>, totals: Totals, shortfall: Option<String>) -> Written {
        let counts = [
            ("requests", totals.n_requests),
            ("cache_hits", totals.n_cached),
            ("model_errors", totals.n_errors),
            ("input_tokens", totals.input_tokens),
            ("output_tokens", totals.output_tokens),
            ("cost_micro_usd", totals.cost_micro_usd),
            ("model_ms", totals.latency_ms),
            ("secrets_redacted", totals.n_secrets),
            ("verified", self.n_verified),
            ("rejected", u64::from(self.n_rejected)),
            ("unanswered", self.n_silent),
        ];
        Written {
            output: GenerateOutput {
                words: self.words,
                n_rejected: self.n_rejected,
                questions: run.questions(),
            },
            stats: counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect(),
            shortfall,
            n_tokens: totals.input_tokens + totals.output_tokens,
            cost_micro_usd: totals.cost_micro_usd,
        }
    }
}

impl Written {
    fn extractive(words: Words, shortfall: Option<&str>) -> Self {
        Self {
            output: GenerateOutput { words, n_rejected: 0, questions: Vec::new() },
            stats: BTreeMap::new(),
            shortfall: shortfall.map(str::to_owned),
            n_tokens: 0,
            cost_micro_usd: 0,
        }
    }
}

async fn extractive(input: GenerateInput) -> Result<(Words, GenerateInput), StageError> {
    let writing = tokio::task::spawn_blocking(move || {
        let words = match &input {
            GenerateInput::Symbols(contexts) => {
                Words::Symbols(contexts.iter().map(insight::summarise).collect())
            }
            GenerateInput::Repository(context) => Words::Repository(Box::new(insight::overviews(context))),
        };
        (words, input)
    });
    writing.await.map_err(|error| StageError::retry("generate_panicked", error.to_string()))
}

/// This unit's part of what may be spent, by what its questions can cost at most.
async fn share<P: Ports>(unit: &UnitRun<P>) -> Result<Budget, StageError> {
    let assembled: AssembleOutput = unit.output_json_of(StageName::Assemble).await?;
    let limit = unit.state().spending_limit_micro_usd().unwrap_or(0);
    let whole: u64 = assembled.worst_micro_usd.values().sum();
    let own = assembled.worst_micro_usd.get(unit.unit().as_str()).copied().unwrap_or(0);
    if whole == 0 {
        // Nothing has a price: a model of one's own, or one whose price nobody gave.
        return Ok(if limit == 0 { Budget::unlimited() } else { Budget::of_micro_usd(limit) });
    }
    let part = u128::from(limit) * u128::from(own) / u128::from(whole);
    Ok(Budget::of_micro_usd(u64::try_from(part).unwrap_or(u64::MAX)))
}

async fn by_symbol<P: Ports>(
    run: &Run<'_, P>,
    contexts: &[SymbolContext],
    words: Words,
) -> Result<Draft, StageError> {
    let by_id: BTreeMap<SymbolId, &SymbolContext> =
        contexts.iter().filter(|it| is_written(it.kind)).map(|it| (it.id, it)).collect();
    let make = |subjects: &BTreeSet<Subject>, params: &PromptParams| {
        let chosen: Vec<SymbolContext> = subjects
            .iter()
            .filter_map(|subject| match subject {
                Subject::Symbol(id) => by_id.get(id).map(|context| (*context).clone()),
                _ => None,
            })
            .collect();
        symbol_requests(&chosen, params, run.terms)
    };
    let check = |subject: &Subject, text: &str| match subject {
        Subject::Symbol(id) => check_summary(text, by_id[id]),
        _ => unreachable!("questions about symbols have no other subjects"),
    };
    let all: BTreeSet<Subject> = by_id.keys().map(|id| Subject::Symbol(*id)).collect();
    let requests = make(&all, &run.terms.params);
    answer_in_batch(run, &requests).await?;
    let mut settled = settle_all(run, &Family { make: &make, check: &check }, requests).await?;
    let Words::Symbols(mut summaries) = words else { return Err(mixed_up()) };
    let n_verified = settled.verified.len() as u64;
    for summary in &mut summaries {
        if let Some(Verified { text, evidence }) = settled.verified.remove(&Subject::Symbol(summary.id)) {
            let (source, verdict) = (SummarySource::Model, Verdict::Verified);
            *summary = Summary { id: summary.id, text, source, verdict, evidence };
        }
    }
    Ok(settled.into_draft(Words::Symbols(summaries), n_verified))
}

async fn by_folder<P: Ports>(
    run: &Run<'_, P>,
    context: &RepositoryContext,
    words: Words,
) -> Result<Draft, StageError> {
    let make = |subjects: &BTreeSet<Subject>, params: &PromptParams| {
        // Which folders share a question must not depend on which of them are asked about.
        let alone = PromptParams { grouping: Grouping::OnePerRequest, ..params.clone() };
        let requests = overview_requests(context, &context.summaries, &alone, run.terms);
        requests
            .into_iter()
            .filter(|request| request.asked.iter().all(|asked| subjects.contains(&asked.subject)))
            .collect::<Vec<Request>>()
    };
    let check = |subject: &Subject, text: &str| match subject {
        Subject::Module(path) => match context.modules.iter().find(|module| module.path == *path) {
            Some(module) => check_module(text, module, context),
            None => unreachable!("questions are made of these folders"),
        },
        _ => check_architecture(text, context),
    };
    let requests = overview_requests(context, &context.summaries, &run.terms.params, run.terms);
    answer_in_batch(run, &requests).await?;
    let mut settled = settle_all(run, &Family { make: &make, check: &check }, requests).await?;
    let Words::Repository(mut set) = words else { return Err(mixed_up()) };
    let n_verified = settled.verified.len() as u64;
    let OverviewSet { architecture, modules } = &mut *set;
    for overview in std::iter::once(architecture).chain(modules) {
        let subject = match overview.path.as_str() {
            "" => Subject::Architecture,
            path => Subject::Module(path.to_owned()),
        };
        if let Some(Verified { text, .. }) = settled.verified.remove(&subject) {
            let (source, verdict) = (SummarySource::Model, Verdict::Verified);
            *overview = Overview { path: overview.path.clone(), text, source, verdict };
        }
    }
    Ok(settled.into_draft(Words::Repository(set), n_verified))
}

fn mixed_up() -> StageError {
    StageError::reject("generate_mixed_up", "the unit's words are not of its input's kind")
}

impl Settled {
    fn into_draft(self, words: Words, n_verified: u64) -> Draft {
        Draft {
            words,
            n_verified,
            n_rejected: self.rejected.len() as u32,
            n_silent: self.silent.len() as u64,
        }
    }
}

/// Asks everything, several questions at once; the order of the answers changes nothing.
async fn settle_all<P: Ports>(
    run: &Run<'_, P>,
    family: &Family<'_>,
    requests: Vec<Request>,
) -> Result<Settled, StageError> {
    let mut whole = Settled::default();
    let mut answers = futures_util::stream::iter(requests)
        .map(|request| settle(run, family, request))
        .buffer_unordered(MAX_OPEN);
    while let Some(settled) = answers.next().await {
        let settled = settled?;
        tell_progress(run, &settled);
        whole.verified.extend(settled.verified);
        whole.rejected.extend(settled.rejected);
        whole.silent.extend(settled.silent);
    }
    Ok(whole)
}

fn tell_progress<P: Ports>(run: &Run<'_, P>, settled: &Settled) {
    let symbol = |subject: &Subject| if let Subject::Symbol(id) = subject { Some(*id) } else { None };
    let symbol_ids: Vec<SymbolId> = settled.verified.keys().filter_map(symbol).collect();
    if symbol_ids.is_empty() {
        return;
    }
    let totals = run.totals();
    run.unit.emit(GenerationSymbolDocumented {
        n_symbols: symbol_ids.len() as u64,
        symbol_ids,
        n_tokens: totals.input_tokens + totals.output_tokens,
        cost_micro_usd: totals.cost_micro_usd,
    });
}
