//! Who writes, by what templates, at what price.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use docpack::Digest;
use insight::CountTokens;
use insight::prompt::{Grouping, PromptParams, Request, StyleGuide, TEMPLATE_VERSION, Template};
use llm::{Api, Chat, ChatRequest, Endpoint, Price, PriceTable, Schema, TextSizes, TokenCounter};
use pipeline::StageError;
use pipeline::options::ProseOptions;
use runtime::config::{ChatApi, LlmConfig};

/// Answers to one question should not differ from run to run where a server knows seeds.
const SEED: i64 = 7;

/// The models that one process can ask; clones of its chats share places, breaker and pace.
pub struct Writer {
    settings: LlmConfig,
    prices: PriceTable,
    chats: Mutex<BTreeMap<Vec<String>, Chat>>,
}

/// Why no model can be asked as it is wished.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriterError {
    #[error("{reason}")]
    Endpoint { reason: String },
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
        if settings.base_url.is_none() {
            return Ok(None);
        }
        let writer =
            Self { settings: settings.clone(), prices: PriceTable::published(), chats: Mutex::default() };
        writer.chat(&[writer.prices.default_model().to_owned()])?;
        Ok(Some(Arc::new(writer)))
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
        let mut chats = self.chats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(chat) = chats.get(models) {
            return Ok(chat.clone());
        }
        let unusable = |error: llm::InvalidEndpoint| WriterError::Endpoint { reason: error.to_string() };
        let settings = &self.settings;
        let base_url = settings.base_url.as_deref().unwrap_or_default();
        let mut endpoint = Endpoint::new(base_url, models).map_err(unusable)?;
        if let Some(key) = &settings.key {
            endpoint = endpoint.with_key(key.expose().to_owned());
        }
        if let Some(api) = api(&settings.api) {
            endpoint = endpoint.with_api(api);
        }
        let endpoint = endpoint.with_timeout(settings.timeout).with_parallel(settings.max_parallel);
        let mut prices = self.prices.clone();
        if let Some((input, output)) = settings.price_micro_usd_per_million {
            let unknown = models.iter().filter(|model| self.prices.price(model).is_none());
            for model in unknown {
                prices = prices.with_price(model, Price::per_million(input, input, output));
            }
        }
        let chat = Chat::new(endpoint, prices).map_err(unusable)?;
        chats.insert(models.to_vec(), chat.clone());
        Ok(chat)
    }
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

    /// Returns what a request can cost at most, asked twice; 0 without a price.
    pub(crate) fn worst_case(&self, request: &Request) -> u64 {
        let (Some(first), Some(again)) = (self.first_price(), self.chat.price(0)) else { return 0 };
        let input = self.counter.at_most_of(&sizes(request));
        let output = u64::from(request.max_output_tokens);
        first.worst_case(input, output) + again.worst_case(input, output)
    }

    /// Returns the price of what is asked first; what is asked again is asked directly.
    pub(crate) fn first_price(&self) -> Option<Price> {
        self.chat.price(0).map(|price| if self.is_batch { price.batched() } else { price })
    }
}
