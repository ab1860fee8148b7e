//! Contexts to requests: what a model is told, in which form it must answer, and what that may cost.
//!
//! Equal contexts, parameters and token counts give equal bytes.

mod block;
mod fields;
mod overview;
mod schema;
mod standing;
mod system;
mod template;

use docpack::{InsightFamily, SymbolId, SymbolKind};
use model::context::SymbolContext;

use crate::secrets::SecretCounts;
use crate::tokens::CountTokens;
use schema::Form;

pub use block::Cut;
pub use overview::overview_requests;
pub use standing::insight_requests;
pub use system::{MAX_STYLE_GUIDE_CHARS, StyleGuide, StyleGuideError};
pub use template::{MAX_TEMPLATE_CHARS, PLACEHOLDERS, Template, TemplateError};

/// Part of the key of every kept reply; raise it with any change to what prompts say or how replies are read.
pub const TEMPLATE_VERSION: u32 = 2;
/// A block about one symbol is cut down to this.
pub const MAX_BLOCK_TOKENS: u32 = 2_000;
/// A request's input stays within this, unless one block and the system text alone pass it.
pub const MAX_REQUEST_TOKENS: u32 = 16_000;
/// Six claims, a sentence and their JSON take at most about this many tokens.
pub const MAX_ANSWER_TOKENS: u32 = 320;
/// What an answer takes on average, where only the number of symbols is known.
pub const EXPECTED_ANSWER_TOKENS: u32 = 80;
/// An answer without claims: its JSON, and a sentence of one and a half lines.
const SENTENCE_TOKENS: u32 = 44;
/// One claim and its JSON.
const CLAIM_TOKENS: u32 = 23;
/// Claims that are asked for, and those of one list that a model copies.
const USUAL_CLAIMS: usize = 4;
const USUAL_OF_LIST: usize = 2;
/// An overview has more claims than a symbol.
pub const MAX_OVERVIEW_TOKENS: u32 = 360;
/// More answers in one reply would pass the output limit of common models and the patience for one failure.
pub const MAX_PER_REQUEST: usize = 100;
/// What a provider adds around two messages and a schema's name.
const FRAME_TOKENS: u32 = 16;

/// How symbols share requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// As many as fit.
    Filled,
    OnePerRequest,
}

/// How prompts are made.
#[derive(Debug, Clone, PartialEq)]
pub struct PromptParams {
    pub template: Template,
    pub style_guide: Option<StyleGuide>,
    pub grouping: Grouping,
    pub max_block_tokens: u32,
    pub max_request_tokens: u32,
}

impl PromptParams {
    /// The product's own template and limits.
    pub fn standard() -> Self {
        Self {
            template: Template::standard(),
            style_guide: None,
            grouping: Grouping::Filled,
            max_block_tokens: MAX_BLOCK_TOKENS,
            max_request_tokens: MAX_REQUEST_TOKENS,
        }
    }
}

/// What one answer is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Symbol(SymbolId),
    /// A folder's path.
    Module(String),
    Architecture,
    /// A standing question.
    Insight(InsightFamily),
}

/// One subject of a request: its handle in prompt and reply, and what was cut to make it fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// `s1`, `s2` and so on, in order.
    pub handle: String,
    pub subject: Subject,
    pub cuts: Vec<Cut>,
}

/// One call of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub asked: Vec<Asked>,
    pub system: String,
    pub user: String,
    /// The answer's strict JSON Schema; the order of its properties is meant.
    pub schema: String,
    /// System, user and schema text and the frame around them.
    pub input_tokens: u32,
    /// Of these, the schema's.
    pub schema_tokens: u32,
    pub expected_output_tokens: u32,
    /// To be given as the call's limit; more is never paid for.
    pub max_output_tokens: u32,
    /// Secrets that were taken out, by rule.
    pub secrets: SecretCounts,
}

impl Request {
    /// The schema's name, for endpoints that want one.
    pub const SCHEMA_NAME: &'static str = "answers";

    /// Returns the tokens of system, user and schema text alone.
    pub fn text_tokens(&self) -> u32 {
        self.input_tokens.saturating_sub(FRAME_TOKENS)
    }

    /// Returns the handles in order.
    pub fn handles(&self) -> Vec<&str> {
        self.asked.iter().map(|asked| asked.handle.as_str()).collect()
    }
}

/// Tells whether a model writes about such a symbol: what runs and what has members; the rest is told by its signature.
pub fn is_asked_about(kind: SymbolKind) -> bool {
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

/// Makes the requests for symbols, in id order whatever the order given.
pub fn symbol_requests<'a>(
    contexts: impl IntoIterator<Item = &'a SymbolContext>,
    params: &PromptParams,
    counter: &impl CountTokens,
) -> Vec<Request> {
    let mut ordered: Vec<&SymbolContext> = contexts.into_iter().collect();
    ordered.sort_by_key(|context| context.id);
    ordered.dedup_by_key(|context| context.id);
    let blocks = ordered.into_iter().map(|context| block::symbol_block(context, params, counter));
    let system = system::for_symbols(params.style_guide.as_ref());
    let answer = AnswerSize { form: Form::Symbols, max: MAX_ANSWER_TOKENS };
    grouped(blocks, &system, &answer, params, counter)
}

/// A block of text about one subject.
struct Block {
    subject: Subject,
    text: String,
    n_tokens: u32,
    expected_output_tokens: u32,
    cuts: Vec<Cut>,
    secrets: SecretCounts,
}

struct AnswerSize {
    form: Form,
    max: u32,
}

/// Expects as many claims as there are facts to copy; a model that finds more in the text takes longer.
fn expected_tokens(n_of_lists: impl IntoIterator<Item = usize>) -> u32 {
    let n_claims: usize = n_of_lists.into_iter().map(|n| n.min(USUAL_OF_LIST)).sum();
    SENTENCE_TOKENS + CLAIM_TOKENS * n_claims.min(USUAL_CLAIMS) as u32
}

/// Fills requests in order; a block that fits nowhere gets a request of its own.
fn grouped(
    blocks: impl Iterator<Item = Block>,
    system: &str,
    answer: &AnswerSize,
    params: &PromptParams,
    counter: &impl CountTokens,
) -> Vec<Request> {
    // A handle costs a heading in the prompt and an entry in the schema.
    const HANDLE_TOKENS: u32 = 12;
    let max_blocks = if params.grouping == Grouping::OnePerRequest { 1 } else { MAX_PER_REQUEST };
    let fixed = counter.count(system) + counter.count(&schema::answers(&[], answer.form)) + FRAME_TOKENS;
    let (mut requests, mut group, mut n_tokens) = (Vec::new(), Vec::new(), fixed);
    for block in blocks {
        let added = block.n_tokens.saturating_add(HANDLE_TOKENS);
        let is_full = group.len() >= max_blocks || n_tokens.saturating_add(added) > params.max_request_tokens;
        if is_full && !group.is_empty() {
            requests.push(request(std::mem::take(&mut group), system, answer, counter));
            n_tokens = fixed;
        }
        n_tokens = n_tokens.saturating_add(added);
        group.push(block);
    }
    if !group.is_empty() {
        requests.push(request(group, system, answer, counter));
    }
    requests
}

fn request(group: Vec<Block>, system: &str, answer: &AnswerSize, counter: &impl CountTokens) -> Request {
    let n_blocks = u32::try_from(group.len()).unwrap_or(u32::MAX);
    let mut user = String::new();
    let mut secrets = SecretCounts::new();
    let mut asked = Vec::with_capacity(group.len());
    let expected_output_tokens = group.iter().map(|block| block.expected_output_tokens).sum();
    for (idx, block) in group.into_iter().enumerate() {
        let handle = format!("s{}", idx + 1);
        user.push_str(&format!("## {handle}\n{}\n\n", block.text.trim_end()));
        for (rule, n) in block.secrets {
            *secrets.entry(rule).or_default() += n;
        }
        asked.push(Asked { handle, subject: block.subject, cuts: block.cuts });
    }
    user.push_str(&system::closing(asked.len()));
    let handles: Vec<&str> = asked.iter().map(|asked| asked.handle.as_str()).collect();
    let schema = schema::answers(&handles, answer.form);
    let schema_tokens = counter.count(&schema);
    let input = counter.count(system) + counter.count(&user) + schema_tokens;
    Request {
        system: system.to_owned(),
        user,
        schema,
        input_tokens: input.saturating_add(FRAME_TOKENS),
        schema_tokens,
        expected_output_tokens,
        max_output_tokens: answer.max.saturating_mul(n_blocks),
        secrets,
        asked,
    }
}
