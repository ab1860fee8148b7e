//! What writing will take, before anybody is asked.

use std::collections::BTreeMap;

use docpack::Digest;
use futures_util::StreamExt;
use insight::prompt::{Request, overview_requests, symbol_requests};
use llm::Price;
use model::context::{GenerateInput, SymbolContext};
use pipeline::options::{BATCH_WINDOW, ProseOptions};
use pipeline::port::Ports;
use pipeline::{Estimate, StageError, UnitRun};

use crate::terms::Terms;
use crate::write::is_written;

/// Answers that are asked for again, in hundredths: between a model that makes no mistake and one whose tenth
/// answer is refused, so that either costs within a tenth of what is expected.
const ASKED_AGAIN_PERCENT: u64 = 5;
/// How far the length of answers is off from one repository to the next, in hundredths.
const OUTPUT_ERROR_PERCENT: u64 = 40;
/// The same of the questions, where the model counts otherwise than we do.
const INPUT_ERROR_PERCENT: u64 = 25;
/// Tokens that a usual endpoint writes in a second for one question.
const TOKENS_PER_SECOND: u64 = 60;
/// Looks into the cache at once.
const MAX_LOOKS: usize = 16;

/// By source alone: bytes of code for each symbol that a model writes about, and tokens of its question.
const BYTES_PER_SYMBOL: u64 = 900;
const TOKENS_PER_SYMBOL: u64 = 420;

/// What each unit's questions can cost at most, in millionths of a US dollar, by the unit's name.
pub type Shares = BTreeMap<String, u64>;

/// Counts the questions of every unit, and looks which are answered in the cache.
///
/// # Errors
/// A store that does not answer, or a schema that cannot be written.
pub async fn estimate<P: Ports>(
    unit: &UnitRun<P>,
    terms: Option<&Terms>,
    inputs: &[(String, &GenerateInput)],
    prose: &ProseOptions,
) -> Result<(Estimate, Shares), StageError> {
    let mut sum = Sum::default();
    let mut shares = Shares::new();
    for (name, input) in inputs {
        let Some(terms) = terms else { break };
        let requests = requests(terms, input);
        let mut worst = 0;
        for request in &requests {
            worst += terms.worst_case(request)?;
        }
        shares.insert(name.clone(), worst);
        let kept = are_kept(unit, terms, &requests).await?;
        for (request, is_kept) in requests.iter().zip(kept) {
            sum.add(request, is_kept);
        }
        sum.worst_micro_usd += worst;
    }
    let n_symbols = inputs.iter().map(|(_, input)| n_written(input)).sum();
    let model = prose.models.first().map_or("", String::as_str);
    Ok((sum.estimate(terms, inputs.len() as u32, n_symbols, model), shares))
}

/// Estimates by the size of the source alone, for an answer before anything is read.
pub fn from_size(terms: &Terms, source_bytes: u64) -> Estimate {
    let n_symbols = source_bytes.div_ceil(BYTES_PER_SYMBOL);
    let per_answer = u64::from(insight::prompt::EXPECTED_ANSWER_TOKENS);
    let sum = Sum {
        n_requests: n_symbols.div_ceil(30),
        input_tokens: n_symbols * TOKENS_PER_SYMBOL,
        new_input_tokens: n_symbols * TOKENS_PER_SYMBOL,
        expected_output_tokens: n_symbols * per_answer,
        max_output_tokens: n_symbols * u64::from(insight::prompt::MAX_ANSWER_TOKENS),
        ..Sum::default()
    };
    let worst = |price: Price| price.worst_case(2 * sum.input_tokens, sum.max_output_tokens);
    let worst_micro_usd = [terms.first_price(), terms.chat.price(0)].into_iter().flatten().map(worst).sum();
    let estimate = Sum { worst_micro_usd, ..sum }.estimate(Some(terms), 0, n_symbols, terms.model(0));
    // Half as many symbols or twice as many are both usual.
    Estimate { error_micro_usd: estimate.expected_micro_usd, ..estimate }
}

fn n_written(input: &GenerateInput) -> u64 {
    match input {
        GenerateInput::Symbols(contexts) => contexts.iter().filter(|it| is_written(it.kind)).count() as u64,
        GenerateInput::Repository(_) => 0,
    }
}

/// The first questions of a unit, as writing will ask them.
fn requests(terms: &Terms, input: &GenerateInput) -> Vec<Request> {
    match input {
        GenerateInput::Symbols(contexts) => {
            let written: Vec<SymbolContext> =
                contexts.iter().filter(|it| is_written(it.kind)).cloned().collect();
            symbol_requests(&written, &terms.params, terms)
        }
        GenerateInput::Repository(context) => {
            overview_requests(context, &context.summaries, &terms.params, terms)
        }
    }
}

async fn are_kept<P: Ports>(
    unit: &UnitRun<P>,
    terms: &Terms,
    requests: &[Request],
) -> Result<Vec<bool>, StageError> {
    let questions = requests.iter().map(|request| terms.question(request, 0));
    let questions: Vec<Digest> = questions.collect::<Result<_, _>>()?;
    let mut kept = Vec::with_capacity(questions.len());
    let look =
        |question: Digest| async move { unit.get_cached_reply(&question).await.map(|reply| reply.is_some()) };
    let mut answers = futures_util::stream::iter(questions).map(look).buffered(MAX_LOOKS);
    while let Some(is_kept) = answers.next().await {
        kept.push(is_kept?);
    }
    Ok(kept)
}

#[derive(Default)]
struct Sum {
    n_requests: u64,
    n_cached: u64,
    input_tokens: u64,
    /// Of these, what is not in the cache.
    new_input_tokens: u64,
    expected_output_tokens: u64,
    max_output_tokens: u64,
    worst_micro_usd: u64,
}

impl Sum {
    fn add(&mut self, request: &Request, is_kept: bool) {
        self.n_requests += 1;
        self.input_tokens += u64::from(request.input_tokens);
        self.max_output_tokens += u64::from(request.max_output_tokens);
        if is_kept {
            self.n_cached += 1;
        } else {
            self.new_input_tokens += u64::from(request.input_tokens);
            self.expected_output_tokens += u64::from(request.expected_output_tokens);
        }
    }

    fn estimate(self, terms: Option<&Terms>, n_units: u32, n_symbols: u64, model: &str) -> Estimate {
        let again = |tokens: u64| tokens * ASKED_AGAIN_PERCENT / 100;
        let (input, output) = (self.new_input_tokens, self.expected_output_tokens);
        let (first, other) = terms.map_or((None, None), |terms| (terms.first_price(), terms.chat.price(0)));
        let cost = |input, output| {
            let of = |price: Option<Price>, input, output| {
                price.map_or(0, |price| price.worst_case(input, output))
            };
            of(first, input, output) + of(other, again(input), again(output))
        };
        let is_estimate = terms.is_some_and(|terms| terms.counter.is_estimate());
        let is_batch = terms.is_some_and(|terms| terms.is_batch);
        let input_error = if is_estimate { input * INPUT_ERROR_PERCENT / 100 } else { 0 };
        let expected_output_tokens = output + again(output);
        let n_asked = self.n_requests - self.n_cached;
        let per_request = expected_output_tokens.checked_div(n_asked).unwrap_or(0);
        let rounds = n_asked.div_ceil(llm::MAX_PARALLEL as u64);
        let direct_ms = rounds * (1_000 + per_request * 1_000 / TOKENS_PER_SECOND);
        Estimate {
            n_units,
            n_symbols,
            model: Some(model.to_owned()).filter(|model| !model.is_empty()),
            input_tokens: self.input_tokens,
            max_output_tokens: self.max_output_tokens,
            cost_micro_usd: self.worst_micro_usd,
            expected_micro_usd: cost(input, output),
            error_micro_usd: cost(input_error, output * OUTPUT_ERROR_PERCENT / 100),
            expected_output_tokens,
            n_requests: self.n_requests,
            n_cached: self.n_cached,
            expected_ms: if is_batch && n_asked > 0 { BATCH_WINDOW.as_millis() as u64 } else { direct_ms },
            is_batch,
            tokens_are_estimated: is_estimate,
            prices_as_of: first.and(terms).map(|terms| terms.chat.prices().as_of().to_owned()),
        }
    }
}
