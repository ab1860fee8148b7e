//! What writing will take, before anybody is asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use docpack::Digest;
use futures_util::{StreamExt, TryStreamExt};
use llm::Price;
use model::assembly::UnitCost;
use model::context::GenerateInput;
use pipeline::options::{BATCH_WINDOW, ProseOptions};
use pipeline::port::Ports;
use pipeline::{Estimate, StageError, UnitRun};

use crate::family::{Family, Question};
use crate::terms::{Terms, WorstCase};

/// Questions that are asked again, in hundredths of their tokens, as `scripts/bench-prose` measures: from none, of
/// a model that makes no mistake, to five, of one whose every tenth sentence is refused.
const ASKED_AGAIN_PERCENT: u64 = 2;
/// How far the length of answers is off from one repository to the next, in hundredths.
const OUTPUT_ERROR_PERCENT: u64 = 40;
/// The same of the questions, where the model counts otherwise than we do.
const INPUT_ERROR_PERCENT: u64 = 25;
/// Tokens that a usual endpoint writes in a second for one question.
const TOKENS_PER_SECOND: u64 = 60;
/// Looks into the cache at once.
const MAX_LOOKS: usize = 16;

/// Source to symbols, by the packages that the benchmarks build: about one in 500 bytes.
const BYTES_PER_SYMBOL: u64 = 500;
/// The same for symbols that a model writes about, and tokens of the question about one.
const BYTES_PER_WRITTEN_SYMBOL: u64 = 900;
const TOKENS_PER_WRITTEN_SYMBOL: u64 = 420;

/// What each unit's questions can cost at most, by the unit's name.
pub type UnitCosts = BTreeMap<String, UnitCost>;

/// Counts the questions of every unit, and looks which are answered in the cache.
///
/// # Errors
/// A store that does not answer, or a schema that cannot be written.
pub async fn estimate<P: Ports>(
    unit: &UnitRun<P>,
    terms: Option<&Arc<Terms>>,
    inputs: Vec<(String, GenerateInput)>,
    prose: &ProseOptions,
) -> Result<(Estimate, UnitCosts), StageError> {
    let mut sum = Sum::default();
    let mut costs = UnitCosts::new();
    let (n_units, mut n_symbols) = (inputs.len() as u32, 0);
    for (name, input) in inputs {
        let family = Family::of(input);
        n_symbols += family.n_symbols();
        let Some(terms) = terms else { continue };
        let terms = Arc::clone(terms);
        let counting = tokio::task::spawn_blocking(move || counted(&terms, &family));
        let counted =
            counting.await.map_err(|error| StageError::retry("assemble_panicked", error.to_string()))??;
        let mut cost = UnitCost::default();
        for (question, is_kept) in counted.iter().zip(are_kept(unit, &counted).await?) {
            // What a kept reply says may still be asked for again.
            let first = if is_kept { 0 } else { question.worst.first };
            cost.worst_micro_usd += first + question.worst.again;
            cost.dearest_micro_usd = cost.dearest_micro_usd.max(first);
            sum.add(question, is_kept);
        }
        sum.worst_micro_usd += cost.worst_micro_usd;
        costs.insert(name, cost);
    }
    let model = prose.models.first().map_or("", String::as_str);
    Ok((sum.estimate(terms.map(Arc::as_ref), n_units, n_symbols, model), costs))
}

/// What a job comes to by the size of its source alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SizeEstimate {
    /// `None` where the source does not tell.
    pub source_bytes: Option<u64>,
    /// All of them, not only those that a model writes about.
    pub n_symbols: Option<u64>,
    /// What a model takes; nothing without one, or without a size.
    pub writing: Estimate,
}

/// Estimates by the size of the source alone, for an answer before anything is read.
pub fn by_size(source_bytes: Option<u64>, terms: Option<&Terms>) -> SizeEstimate {
    let writing = source_bytes.zip(terms).map(|(size, terms)| writing_by_size(size, terms));
    SizeEstimate {
        source_bytes,
        n_symbols: source_bytes.map(|size| size.div_ceil(BYTES_PER_SYMBOL)),
        writing: writing.unwrap_or_default(),
    }
}

fn writing_by_size(source_bytes: u64, terms: &Terms) -> Estimate {
    let n_symbols = source_bytes.div_ceil(BYTES_PER_WRITTEN_SYMBOL);
    let per_answer = u64::from(insight::prompt::EXPECTED_ANSWER_TOKENS);
    let sum = Sum {
        n_requests: n_symbols.div_ceil(30),
        input_tokens: n_symbols * TOKENS_PER_WRITTEN_SYMBOL,
        new_input_tokens: n_symbols * TOKENS_PER_WRITTEN_SYMBOL,
        expected_output_tokens: n_symbols * per_answer,
        max_output_tokens: n_symbols * u64::from(insight::prompt::MAX_ANSWER_TOKENS),
        ..Sum::default()
    };
    let WorstCase { first, again } = terms.worst_of(2 * sum.input_tokens, sum.max_output_tokens);
    let worst_micro_usd = first + again;
    let estimate = Sum { worst_micro_usd, ..sum }.estimate(Some(terms), 0, n_symbols, terms.model(0));
    // Half as much or twice as much are both usual: the middle of that range, and half its width.
    let counted_micro_usd = estimate.expected_micro_usd;
    Estimate {
        expected_micro_usd: counted_micro_usd * 5 / 4,
        error_micro_usd: counted_micro_usd * 3 / 4,
        ..estimate
    }
}

/// What is counted of a question; its text is not kept.
struct Counted {
    digest: Digest,
    input_tokens: u64,
    expected_output_tokens: u64,
    max_output_tokens: u64,
    worst: WorstCase,
}

/// Counts the first questions of a unit, as writing will ask them.
fn counted(terms: &Terms, family: &Family) -> Result<Vec<Counted>, StageError> {
    let questions =
        family.first_questions(terms)?.into_iter().map(|Question { request, digest, .. }| Counted {
            digest,
            input_tokens: u64::from(request.input_tokens),
            expected_output_tokens: u64::from(request.expected_output_tokens),
            max_output_tokens: u64::from(request.max_output_tokens),
            worst: terms.worst_case(&request),
        });
    Ok(questions.collect())
}

async fn are_kept<P: Ports>(unit: &UnitRun<P>, questions: &[Counted]) -> Result<Vec<bool>, StageError> {
    let digests: Vec<Digest> = questions.iter().map(|question| question.digest).collect();
    let look =
        |digest: Digest| async move { unit.get_cached_reply(&digest).await.map(|reply| reply.is_some()) };
    futures_util::stream::iter(digests).map(look).buffered(MAX_LOOKS).try_collect().await
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
    fn add(&mut self, question: &Counted, is_kept: bool) {
        self.n_requests += 1;
        self.input_tokens += question.input_tokens;
        self.max_output_tokens += question.max_output_tokens;
        if is_kept {
            self.n_cached += 1;
        } else {
            self.new_input_tokens += question.input_tokens;
            self.expected_output_tokens += question.expected_output_tokens;
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
            prices_as_of: terms
                .filter(|terms| terms.is_priced())
                .map(|terms| terms.chat.prices().as_of().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use model::context::RepositoryContext;
    use runtime::config::Config;

    use super::*;
    use crate::terms::Writer;

    fn terms(model: &str, more: &[(&str, &str)]) -> Terms {
        let set = [("DOCTOWN_HOME", "/d"), ("DOCTOWN_LLM_BASE_URL", "https://llm.example/v1")];
        let config = Config::from_pairs(set.iter().chain(more).copied()).expect("they are settings");
        let writer = Writer::from_config(&config.llm).expect("the address is one").expect("one is set");
        writer.terms(&ProseOptions::of_model(model)).expect("the options have no template")
    }

    #[test]
    fn a_size_gives_symbols_and_with_a_model_their_price() {
        let sized = by_size(Some(90_000), Some(&terms("gpt-4o-mini", &[])));
        assert_eq!((sized.source_bytes, sized.n_symbols), (Some(90_000), Some(180)));
        // A hundred symbols of 420 tokens at 0.15 and 80 tokens at 0.60 USD a million, one in fifty asked again.
        let Estimate { n_symbols, expected_micro_usd, error_micro_usd, cost_micro_usd, .. } = sized.writing;
        let counted = 6_300 + 4_800 + 126 + 96;
        assert_eq!(n_symbols, 100);
        assert_eq!(expected_micro_usd - error_micro_usd, counted / 2, "half as much is usual");
        let most = expected_micro_usd + error_micro_usd;
        assert!(most.abs_diff(counted * 2) <= 1, "twice as much is usual, less what rounding takes: {most}");
        assert!(cost_micro_usd > expected_micro_usd + error_micro_usd);
    }

    #[test]
    fn tokens_counted_once_give_the_worst_case_of_the_whole_request() {
        let context = RepositoryContext {
            readme_lead: Some("Keeps things in order.".to_owned()),
            n_files: 1,
            ..RepositoryContext::default()
        };
        let family = Family::of(GenerateInput::Repository(Box::new(context)));
        for (model, more) in [("gpt-4o-mini", &[][..]), ("llama3.2", &[("DOCTOWN_LLM_PRICE", "0.15,0.60")])] {
            let terms = terms(model, more);
            let questions = family.first_questions(&terms).expect("the schema can be written");
            let [Question { request, .. }] = &questions[..] else { panic!("the whole is one question") };
            let price = terms.chat.price(0).expect("it has a price");
            let asked = llm::ChatRequest::new(request.system.clone(), request.user.clone(), 0)
                .with_schema(llm::Schema::parse("answers", &request.schema).expect("it is an object"));
            let input = terms.counter.at_most(&asked);
            let counted = terms.chat_request(request).expect("the schema can be written");
            assert_eq!(terms.counter.at_most(&counted), input, "{model}");
            let once = price.worst_case(input, u64::from(request.max_output_tokens));
            assert_eq!(terms.worst_case(request), WorstCase { first: once, again: once }, "{model}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_estimated() {
        let without_model = by_size(Some(1), None);
        assert_eq!((without_model.n_symbols, without_model.writing), (Some(1), Estimate::default()));
        let without_size = by_size(None, Some(&terms("gpt-4o-mini", &[])));
        assert_eq!((without_size.n_symbols, without_size.writing), (None, Estimate::default()));
        let without_price = by_size(Some(90_000), Some(&terms("nobody-sells-this", &[]))).writing;
        assert_eq!((without_price.prices_as_of, without_price.cost_micro_usd), (None, 0));
        assert_eq!((without_price.n_symbols, without_price.tokens_are_estimated), (100, true));
    }
}
