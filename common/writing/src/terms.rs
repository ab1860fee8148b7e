//! Who writes, by what templates, at what price.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use docpack::Digest;
use insight::CountTokens;
use insight::prompt::{Grouping, PromptParams, Request, Sampling, StyleGuide, Template, digest_material};
use llm::{Api, Chat, ChatRequest, Endpoint, Price, PriceTable, Schema, TokenCounter};
use pipeline::StageError;
use pipeline::options::ProseOptions;
use runtime::config::{ChatApi, LlmConfig};

/// Answers to one question should not differ from run to run where a server knows seeds.
const SEED: i64 = 7;
const TEMPERATURE: f64 = 0.0;

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
    models: Vec<String>,
    base_url: String,
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
            models: options.models.clone(),
            base_url: chat.endpoint().base_url().to_string(),
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
    pub fn question(&self, request: &Request, model_idx: usize) -> Digest {
        let sampling = Sampling {
            model: self.model(model_idx).to_owned(),
            temperature: TEMPERATURE,
            top_p: 1.0,
            seed: Some(SEED),
        };
        let material = digest_material(request, &sampling);
        Digest::of(format!("{}:{}\n{material}", self.base_url.len(), self.base_url).as_bytes())
    }

    pub(crate) fn chat_request(&self, request: &Request) -> Result<ChatRequest, StageError> {
        let schema = Schema::parse(Request::SCHEMA_NAME, &request.schema)
            .map_err(|error| StageError::reject("schema_unusable", error.to_string()))?;
        let asked = ChatRequest::new(request.system.clone(), request.user.clone(), request.max_output_tokens);
        Ok(asked.with_schema(schema).with_seed(SEED))
    }

    /// Returns what a request can cost at most; 0 without a price.
    pub(crate) fn worst_case(&self, request: &Request) -> Result<u64, StageError> {
        let Some(price) = self.chat.price(0) else { return Ok(0) };
        let input = self.counter.at_most(&self.chat_request(request)?);
        Ok(price.worst_case(input, u64::from(request.max_output_tokens)))
    }
}
