//! Who writes, by what templates, at what price.

use std::sync::Arc;
use std::time::Duration;

use docpack::Digest;
use insight::CountTokens;
use insight::prompt::{Grouping, PromptParams, Request, StyleGuide, TEMPLATE_VERSION, Template};
use llm::{Api, Chat, ChatRequest, Endpoint, Price, PriceTable, Schema, TextSizes, TokenCounter};
use pipeline::StageError;
use pipeline::options::ProseOptions;
use runtime::config::{ChatApi, LlmConfig};

/// Answers to one question should not differ from run to run where a server knows seeds.
pub(crate) const SEED: i64 = 7;

/// More models than this stand in for nothing.
pub const MAX_MODELS: usize = 8;
/// Longest name of a model, in bytes.
pub const MAX_MODEL_BYTES: usize = 128;

/// The models that one process can ask; whatever the job, they share places, breaker, pace and connections.
pub struct Writer {
    settings: LlmConfig,
    prices: PriceTable,
    chat: Chat,
}

/// Why no model can be asked as it is wished.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriterError {
    #[error("{reason}")]
    Endpoint { reason: String },
    #[error("the models cannot be asked: {reason}")]
    Models { reason: String },
    #[error("the template cannot be used: {reason}")]
    Template { reason: String },
    #[error("the style guide cannot be used: {reason}")]
    StyleGuide { reason: String },
}

impl WriterError {
    /// Returns the stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Endpoint { .. } => "model_endpoint_unusable",
            Self::Models { .. } => "models_unusable",
            Self::Template { .. } => "template_unusable",
            Self::StyleGuide { .. } => "style_guide_unusable",
        }
    }
}

impl From<WriterError> for StageError {
    fn from(error: WriterError) -> Self {
        Self::reject(error.code(), error.to_string())
    }
}

/// What one job's options come to.
pub struct Terms {
    pub chat: Chat,
    pub params: PromptParams,
    pub counter: TokenCounter,
    /// Whether first questions go through the batch endpoint, and how often that is looked at.
    pub(crate) is_batch: bool,
    pub(crate) batch_poll: Duration,
    /// Longest time that a unit asks at a stretch.
    pub(crate) turn: Duration,
    models: Vec<String>,
}

impl Writer {
    /// Takes the endpoint that is set, if one is; nothing is sent.
    ///
    /// A price that is set holds for every model that the published table does not have.
    pub fn from_config(settings: &LlmConfig) -> Result<Option<Arc<Self>>, WriterError> {
        let Some(base_url) = settings.base_url.as_deref() else { return Ok(None) };
        let prices = PriceTable::published();
        let mut endpoint = Endpoint::new(base_url, [prices.default_model()]).map_err(unusable)?;
        if let Some(key) = &settings.key {
            endpoint = endpoint.with_key(key.expose().to_owned());
        }
        if let Some(api) = api(&settings.api) {
            endpoint = endpoint.with_api(api);
        }
        let endpoint = endpoint.with_timeout(settings.timeout).with_parallel(settings.max_parallel);
        let chat = Chat::new(endpoint, prices.clone()).map_err(unusable)?;
        Ok(Some(Arc::new(Self { settings: settings.clone(), prices, chat })))
    }

    /// Makes the terms of a job; templates are checked here.
    pub fn terms(&self, options: &ProseOptions) -> Result<Terms, WriterError> {
        let mut params = PromptParams::standard();
        if let Some(text) = &options.template {
            let invalid =
                |error: insight::prompt::TemplateError| WriterError::Template { reason: error.to_string() };
            params.template = Template::parse(text).map_err(invalid)?;
        }
        if let Some(text) = &options.style_guide {
            let invalid = |error: insight::prompt::StyleGuideError| WriterError::StyleGuide {
                reason: error.to_string(),
            };
            params.style_guide = Some(StyleGuide::parse(text).map_err(invalid)?);
        }
        if options.one_per_request {
            params.grouping = Grouping::OnePerRequest;
        }
        let chat = self.chat(&options.models)?;
        let first = options.models.first().map_or("", String::as_str);
        Ok(Terms {
            counter: TokenCounter::for_model(first),
            params,
            is_batch: options.batch,
            batch_poll: self.settings.batch_poll,
            turn: self.settings.turn,
            models: options.models.clone(),
            chat,
        })
    }

    fn chat(&self, models: &[String]) -> Result<Chat, WriterError> {
        let refused = |reason: String| Err(WriterError::Models { reason });
        if models.len() > MAX_MODELS {
            return refused(format!("{} are more than {MAX_MODELS}", models.len()));
        }
        if models.iter().any(|model| model.trim().is_empty() || model.len() > MAX_MODEL_BYTES) {
            return refused(format!("a name has 1 to {MAX_MODEL_BYTES} bytes"));
        }
        let mut prices = self.prices.clone();
        if let Some((input, output)) = self.settings.price_micro_usd_per_million {
            let unknown = models.iter().filter(|model| self.prices.price(model).is_none());
            for model in unknown {
                prices = prices.with_price(model, Price::per_million(input, input, output));
            }
        }
        self.chat.with_models(models, prices).map_err(unusable)
    }
}

fn unusable(error: llm::InvalidEndpoint) -> WriterError {
    WriterError::Endpoint { reason: error.to_string() }
}

/// What a question can cost at most, in millionths of a US dollar; 0 without a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WorstCase {
    pub(crate) first: u64,
    /// Asked once more, of whichever model is the dearest.
    pub(crate) again: u64,
}

fn sizes(request: &Request) -> TextSizes {
    TextSizes {
        n_bytes: (request.system.len() + request.user.len() + request.schema.len()) as u64,
        n_tokens: u64::from(request.text_tokens()),
        schema_tokens: u64::from(request.schema_tokens),
    }
}

fn api(api: &ChatApi) -> Option<Api> {
    match api {
        ChatApi::FoundOut => None,
        ChatApi::OpenAi => Some(Api::OpenAi),
        ChatApi::Compatible => Some(Api::Compatible),
        ChatApi::Azure { api_version } => Some(Api::Azure { api_version: api_version.clone() }),
    }
}

impl CountTokens for Terms {
    fn count(&self, text: &str) -> u32 {
        u32::try_from(self.counter.count(text)).unwrap_or(u32::MAX)
    }
}

impl Terms {
    pub(crate) fn n_models(&self) -> usize {
        self.models.len()
    }

    pub(crate) fn model(&self, model_idx: usize) -> &str {
        self.models.get(model_idx).map_or("", String::as_str)
    }

    /// Names a question to one model at this endpoint; equal names are equal questions.
    ///
    /// # Errors
    /// A schema that cannot be written.
    pub(crate) fn question(&self, request: &Request, model_idx: usize) -> Result<Digest, StageError> {
        let asked = self.chat_request(request)?;
        let digest = self.chat.digest(&asked, model_idx);
        let digest = digest.map_err(|error| StageError::reject(error.code(), error.to_string()))?;
        Ok(Digest::of(format!("{TEMPLATE_VERSION}\n{digest}").as_bytes()))
    }

    pub(crate) fn chat_request(&self, request: &Request) -> Result<ChatRequest, StageError> {
        let schema = Schema::parse(Request::SCHEMA_NAME, &request.schema)
            .map_err(|error| StageError::reject("schema_unusable", error.to_string()))?;
        let asked = ChatRequest::new(request.system.clone(), request.user.clone(), request.max_output_tokens);
        Ok(asked.with_schema(schema).with_seed(SEED).with_counted(self.counter, sizes(request)))
    }

    /// Returns what a request can cost at most, the first time and once more.
    pub(crate) fn worst_case(&self, request: &Request) -> WorstCase {
        self.worst_of(self.counter.at_most_of(&sizes(request)), u64::from(request.max_output_tokens))
    }

    /// The same of so many tokens.
    pub(crate) fn worst_of(&self, input_tokens: u64, output_tokens: u64) -> WorstCase {
        let first = self.first_price().map_or(0, |price| price.worst_case(input_tokens, output_tokens));
        WorstCase { first, again: self.dearest(input_tokens, output_tokens) }
    }

    /// Returns what one question costs at most by the dearest model, asked directly.
    fn dearest(&self, input_tokens: u64, output_tokens: u64) -> u64 {
        let costs = self.prices().flatten().map(|price| price.worst_case(input_tokens, output_tokens));
        costs.max().unwrap_or(0)
    }

    /// Tells whether no model costs anything that is known.
    pub(crate) fn is_free(&self) -> bool {
        const MILLION: u64 = 1_000_000;
        self.dearest(MILLION, MILLION) == 0
    }

    /// Tells whether every model has a price; one without is not asked under a budget.
    pub(crate) fn is_priced(&self) -> bool {
        self.prices().all(|price| price.is_some())
    }

    fn prices(&self) -> impl Iterator<Item = Option<Price>> {
        (0..self.models.len()).map(|model_idx| self.chat.price(model_idx))
    }

    /// Returns the price of what is asked first; what is asked again is asked directly.
    pub(crate) fn first_price(&self) -> Option<Price> {
        self.chat.price(0).map(|price| if self.is_batch { price.batched() } else { price })
    }
}
