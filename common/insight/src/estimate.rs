//! What a model would read and write, before it is asked.

use std::collections::BTreeMap;

use model::context::{RepositoryContext, SymbolContext};

use crate::prompt::{PromptParams, Request, overview_requests, symbol_requests};
use crate::tokens::CountTokens;

/// Tokens of a set of requests; prices are the caller's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Estimate {
    pub n_requests: u32,
    pub n_answers: u32,
    pub input_tokens: u64,
    pub expected_output_tokens: u64,
    /// What the requests' own limits allow; nothing beyond is ever paid for.
    pub worst_case_output_tokens: u64,
}

/// Counts what the symbols and, where given, the overviews take.
///
/// Overviews are counted with each symbol's extractive summary, which is about as long as a written one.
pub fn estimate(
    contexts: &[SymbolContext],
    repository: Option<&RepositoryContext>,
    params: &PromptParams,
    counter: &impl CountTokens,
) -> Estimate {
    let mut requests = symbol_requests(contexts, params, counter);
    if let Some(repository) = repository {
        let summaries: BTreeMap<_, _> =
            contexts.iter().map(|context| (context.id, crate::summarise(context).text)).collect();
        requests.extend(overview_requests(repository, &summaries, params, counter));
    }
    Estimate::of(&requests)
}

impl Estimate {
    /// Adds up requests that are made already.
    pub fn of<'a>(requests: impl IntoIterator<Item = &'a Request>) -> Self {
        requests.into_iter().fold(Self::default(), |sum, request| Self {
            n_requests: sum.n_requests + 1,
            n_answers: sum.n_answers + request.asked.len() as u32,
            input_tokens: sum.input_tokens + u64::from(request.input_tokens),
            expected_output_tokens: sum.expected_output_tokens + u64::from(request.expected_output_tokens),
            worst_case_output_tokens: sum.worst_case_output_tokens + u64::from(request.max_output_tokens),
        })
    }
}
