//! One unit of the generate stage, by a model where one is wanted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use docpack::SymbolId;
use docpack::records::InsightWords;
use futures_util::StreamExt;
use insight::check::Words as Told;
use insight::prompt::Subject;
use llm::{ErrorKind, MAX_PARALLEL};
use model::context::{
    GenerateInput, GenerateOutput, Overview, OverviewSet, Summary, SummarySource, Verdict, Words,
};
use pipeline::event::payload::GenerationSymbolDocumented;
use pipeline::port::Ports;
use pipeline::{StageError, UnitRun};

use crate::ask::{Run, Totals};
use crate::batch::answer_in_batch;
use crate::family::{Family, Question};
use crate::recover::{Settled, settle};
use crate::terms::Writer;

/// Questions in hand: twice what an endpoint is asked at once, so that none waits for the slowest.
const MAX_OPEN: usize = 2 * MAX_PARALLEL;

/// Answers after which a model that said nothing usable is not asked any more.
const MIN_TRIED: usize = 10;
/// Code of a job whose model answers, and says nothing that can be used.
const NOTHING_USABLE: &str = "llm_nothing_usable";

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
    let terms = Arc::new(writer.terms(prose)?);
    let run = Run::new(unit, terms).await?;
    let written = by_model(&run, Family::of(input), words).await;
    run.write_notes().await?;
    let written = written?;
    run.close().await?;
    if let Some(after) = run.wait() {
        let message = "other units hold the money that is left".to_owned();
        return Err(StageError::Wait { message, after });
    }
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
    n_unchecked: u64,
    n_rejected: u32,
    n_silent: u64,
}

impl Draft {
    /// Counts subjects that no reply told anything of although the model was heard.
    fn n_unusable(&self, shortfall: Option<&str>) -> u32 {
        let is_heard = shortfall.is_none_or(|code| code == NOTHING_USABLE);
        if is_heard { u32::try_from(self.n_silent).unwrap_or(u32::MAX) } else { 0 }
    }

    fn into_written<P: Ports>(self, run: &Run<'_, P>, totals: Totals, shortfall: Option<String>) -> Written {
        let counts = [
            ("requests", totals.n_requests),
            ("cache_hits", totals.n_cached),
            ("model_errors", totals.n_errors),
            ("input_tokens", totals.input_tokens),
            ("output_tokens", totals.output_tokens),
            ("cost_micro_usd", totals.cost_micro_usd),
            ("uncertain_micro_usd", totals.uncertain_micro_usd),
            ("model_ms", totals.latency_ms),
            ("secrets_redacted", totals.n_secrets),
            ("verified", self.n_verified),
            ("unchecked", self.n_unchecked),
            ("claims", totals.n_claims),
            ("claims_held", totals.n_held),
            ("rejected", u64::from(self.n_rejected)),
            ("unanswered", self.n_silent),
        ];
        // What was answered, and could not even be read.
        let n_rejected = self.n_rejected + self.n_unusable(shortfall.as_deref());
        Written {
            output: GenerateOutput { words: self.words, n_rejected, questions: run.questions() },
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
    blocking(move || {
        let words = insight::extractive(&input);
        (words, input)
    })
    .await
}

/// Computes where it holds up neither questions nor answers.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StageError> {
    let working = tokio::task::spawn_blocking(work);
    working.await.map_err(|error| StageError::retry("generate_panicked", error.to_string()))
}

/// Asks about everything and puts what can be told in the place of what was extracted.
async fn by_model<P: Ports>(run: &Run<'_, P>, family: Family, mut words: Words) -> Result<Draft, StageError> {
    let (asking, terms) = (family.clone(), Arc::clone(&run.terms));
    let questions = blocking(move || asking.first_questions(&terms)).await??;
    run.count_earlier(&questions).await?;
    answer_in_batch(run, &questions).await?;
    let mut settled = settle_all(run, &family, questions).await?;
    let n_of = |verdict| settled.written.values().filter(|words| words.verdict == verdict).count() as u64;
    let (n_verified, n_unchecked) = (n_of(Verdict::Verified), n_of(Verdict::Unchecked));
    let source = SummarySource::Model;
    match &mut words {
        Words::Symbols(summaries) => {
            let told = std::mem::take(&mut settled.written).into_iter();
            let written: BTreeMap<SymbolId, Summary> = told
                .filter_map(|(subject, Told { text, verdict, evidence })| {
                    let Subject::Symbol(id) = subject else { return None };
                    Some((id, Summary { id, text, source, verdict, evidence }))
                })
                .collect();
            // Many symbols have no summary without a model.
            summaries.retain(|summary| !written.contains_key(&summary.id));
            summaries.extend(written.into_values());
        }
        Words::Insights(told) => *told = insight_words(std::mem::take(&mut settled.written)),
        Words::Repository(set) => {
            let OverviewSet { architecture, modules } = &mut **set;
            for overview in std::iter::once(architecture).chain(modules) {
                let subject = match overview.path.as_str() {
                    "" => Subject::Architecture,
                    path => Subject::Module(path.to_owned()),
                };
                if let Some(Told { text, verdict, .. }) = settled.written.remove(&subject) {
                    *overview = Overview { path: overview.path.clone(), text, source, verdict };
                }
            }
        }
    }
    Ok(settled.into_draft(words, n_verified, n_unchecked))
}

/// What a model said of standing questions; what it rests on are the claims' ids.
fn insight_words(written: BTreeMap<Subject, Told>) -> Vec<InsightWords> {
    let words = |(subject, told): (Subject, Told)| {
        let Subject::Insight(family) = subject else { return None };
        let verdict = told.verdict.as_str().to_owned();
        Some(InsightWords { family: family.into(), claims: told.evidence, sentence: told.text, verdict })
    };
    written.into_iter().filter_map(words).collect()
}

impl Settled {
    fn add(&mut self, other: Settled) {
        self.written.extend(other.written);
        self.plain.extend(other.plain);
        self.rejected.extend(other.rejected);
        self.silent.extend(other.silent);
    }

    fn n_subjects(&self) -> usize {
        self.written.len() + self.plain.len() + self.rejected.len() + self.silent.len()
    }

    fn is_useless(&self) -> bool {
        self.written.is_empty() && self.plain.is_empty() && self.n_subjects() > 0
    }

    fn into_draft(self, words: Words, n_verified: u64, n_unchecked: u64) -> Draft {
        Draft {
            words,
            n_verified,
            n_unchecked,
            n_rejected: self.rejected.len() as u32,
            n_silent: self.silent.len() as u64,
        }
    }
}

/// Asks a few questions, and the others only where something comes of those.
async fn settle_all<P: Ports>(
    run: &Run<'_, P>,
    family: &Family,
    mut questions: Vec<Question>,
) -> Result<Settled, StageError> {
    let others = questions.split_off(n_first(&questions));
    let mut whole = settle_some(run, family, questions).await?;
    if whole.is_useless() {
        stop_useless(run, &whole).await?;
    }
    whole.add(settle_some(run, family, others).await?);
    Ok(whole)
}

/// Counts the questions after which it is known whether the model's answers are of any use.
fn n_first(questions: &[Question]) -> usize {
    let mut n_subjects = 0;
    let is_first = |question: &&Question| {
        let is_first = n_subjects < MIN_TRIED;
        n_subjects += question.request.asked.len();
        is_first
    };
    questions.iter().take_while(is_first).count()
}

/// Ends the asking where replies came and none could be used; an outage may be over by the next try.
async fn stop_useless<P: Ports>(run: &Run<'_, P>, first: &Settled) -> Result<(), StageError> {
    let is_outage = |kind: &ErrorKind| {
        matches!(kind, ErrorKind::RateLimited | ErrorKind::Unavailable | ErrorKind::Timeout)
    };
    let failure = run.failure();
    if run.stop().is_some()
        || run.is_unfinished()
        || run.wait().is_some()
        || failure.as_ref().is_some_and(is_outage)
    {
        return Ok(());
    }
    let code = failure.map_or(NOTHING_USABLE, ErrorKind::code);
    // A few bad answers say little about other units.
    match first.n_subjects() >= MIN_TRIED {
        true => run.stop_all(code).await,
        false => {
            run.give_up(code);
            Ok(())
        }
    }
}

/// Asks several questions at once; the order of the answers changes nothing.
async fn settle_some<P: Ports>(
    run: &Run<'_, P>,
    family: &Family,
    questions: Vec<Question>,
) -> Result<Settled, StageError> {
    let mut whole = Settled::default();
    let mut answers = futures_util::stream::iter(questions)
        .map(|question| settle(run, family, question))
        .buffer_unordered(MAX_OPEN);
    while let Some(settled) = answers.next().await {
        let settled = settled?;
        tell_progress(run, &settled);
        whole.add(settled);
    }
    Ok(whole)
}

fn tell_progress<P: Ports>(run: &Run<'_, P>, settled: &Settled) {
    let symbol = |subject: &Subject| if let Subject::Symbol(id) = subject { Some(*id) } else { None };
    let symbol_ids: Vec<SymbolId> = settled.written.keys().filter_map(symbol).collect();
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
