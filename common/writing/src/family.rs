//! What a unit asks about: its questions, in the form in which they are asked, and the check of their answers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use docpack::records::Insight;
use docpack::{Digest, SymbolId};
use insight::check::{Answer, Judged, check_architecture, check_insight, check_module, check_symbol};
use insight::prompt::{
    Grouping, PromptParams, Request, Subject, insight_requests, is_asked_about, overview_requests,
    symbol_requests,
};
use model::context::{GenerateInput, RepositoryContext, SymbolContext};
use pipeline::StageError;

use crate::terms::Terms;

/// How the questions of one kind of output are made, and their answers checked; clones share the contexts.
#[derive(Clone)]
pub(crate) enum Family {
    /// Those symbols that a model writes about.
    Symbols(Arc<BTreeMap<SymbolId, SymbolContext>>),
    Repository(Arc<RepositoryContext>),
    /// Standing questions.
    Insights(Arc<Vec<Insight>>),
}

/// A request to one model, under the name that a reply is kept by.
pub(crate) struct Question {
    pub(crate) request: Request,
    pub(crate) model_idx: usize,
    pub(crate) digest: Digest,
}

impl Family {
    pub(crate) fn of(input: GenerateInput) -> Self {
        match input {
            GenerateInput::Symbols(contexts) => {
                let written = contexts.into_iter().filter(|it| is_asked_about(it.kind));
                Self::Symbols(Arc::new(written.map(|it| (it.id, it)).collect()))
            }
            GenerateInput::Repository(context) => Self::Repository(Arc::from(context)),
            GenerateInput::Insights(insights) => Self::Insights(Arc::new(insights)),
        }
    }

    /// Counts the symbols that are asked about.
    pub(crate) fn n_symbols(&self) -> u64 {
        match self {
            Self::Symbols(contexts) => contexts.len() as u64,
            Self::Repository(_) | Self::Insights(_) => 0,
        }
    }

    /// Makes what is asked first, about everything. Counts tokens, which takes long.
    pub(crate) fn first_questions(&self, terms: &Terms) -> Result<Vec<Question>, StageError> {
        let requests = match self {
            Self::Symbols(contexts) => symbol_requests(contexts.values(), &terms.params, terms),
            Self::Repository(context) => overview_requests(context, &context.summaries, &terms.params, terms),
            Self::Insights(insights) => insight_requests(insights.iter(), &terms.params, terms),
        };
        requests.into_iter().map(|request| Question::new(terms, request, 0)).collect()
    }

    /// Makes requests about some subjects, as they are asked once more. Counts tokens, which takes long.
    pub(crate) fn requests(
        &self,
        subjects: &BTreeSet<Subject>,
        params: &PromptParams,
        terms: &Terms,
    ) -> Vec<Request> {
        match self {
            Self::Symbols(contexts) => {
                let chosen = subjects.iter().filter_map(|subject| match subject {
                    Subject::Symbol(id) => contexts.get(id),
                    _ => None,
                });
                symbol_requests(chosen, params, terms)
            }
            Self::Repository(context) => {
                // Which folders share a question must not depend on which of them are asked about.
                let alone = PromptParams { grouping: Grouping::OnePerRequest, ..params.clone() };
                let requests = overview_requests(context, &context.summaries, &alone, terms);
                let is_wanted =
                    |request: &Request| request.asked.iter().all(|asked| subjects.contains(&asked.subject));
                requests.into_iter().filter(is_wanted).collect()
            }
            Self::Insights(insights) => {
                let is_wanted = |insight: &&Insight| {
                    insight.family.known().is_some_and(|it| subjects.contains(&Subject::Insight(it)))
                };
                insight_requests(insights.iter().filter(is_wanted), params, terms)
            }
        }
    }

    pub(crate) fn check(&self, subject: &Subject, answer: &Answer) -> Judged {
        match (self, subject) {
            (Self::Symbols(contexts), Subject::Symbol(id)) => check_symbol(answer, &contexts[id]),
            (Self::Repository(context), Subject::Module(path)) => {
                match context.modules.iter().find(|module| module.path == *path) {
                    Some(module) => check_module(answer, module, context),
                    None => unreachable!("questions are made of these folders"),
                }
            }
            (Self::Insights(insights), Subject::Insight(family)) => {
                match insights.iter().find(|insight| insight.family == *family) {
                    Some(insight) => check_insight(answer, insight),
                    None => unreachable!("questions are made of these families"),
                }
            }
            (Self::Repository(context), Subject::Architecture) => check_architecture(answer, context),
            _ => unreachable!("a family's questions have no other subjects"),
        }
    }
}

impl Question {
    /// Names a request to the n-th model.
    ///
    /// # Errors
    /// A schema that cannot be written.
    pub(crate) fn new(terms: &Terms, request: Request, model_idx: usize) -> Result<Self, StageError> {
        let digest = terms.question(&request, model_idx)?;
        Ok(Self { request, model_idx, digest })
    }
}
