//! Where language models are asked.

use std::time::Duration;

use crate::config::environment::Environment;
use crate::config::{ConfigError, Secret};

/// OpenAI's own, where only a key is set.
/// Base URL of OpenAI, for a key without an address.
pub const OPENAI_URL: &str = "https://api.openai.com/v1";

/// Where language models are asked, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LlmConfig {
    /// `None`: no model writes, whatever a job asks for.
    pub base_url: Option<String>,
    pub key: Option<Secret>,
    pub api: ChatApi,
    /// Of one attempt at one question.
    pub timeout: Duration,
    pub max_parallel: usize,
    /// Longest time that a unit asks before it lets others go first.
    pub turn: Duration,
    /// Shortest time between two looks at a batch.
    pub batch_poll: Duration,
    /// Of questions and answers, for models whose price is not known; in millionths of a US dollar.
    pub price_micro_usd_per_million: Option<(u64, u64)>,
}

/// How servers differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatApi {
    /// By the address.
    FoundOut,
    OpenAi,
    Compatible,
    Azure {
        api_version: String,
    },
}

#[derive(Clone, Copy)]
enum Word {
    Auto,
    OpenAi,
    Compatible,
    Azure,
}

const WORDS: [(&str, Word); 4] = [
    ("auto", Word::Auto),
    ("openai", Word::OpenAi),
    ("compatible", Word::Compatible),
    ("azure", Word::Azure),
];

impl LlmConfig {
    pub(super) fn read(environment: &Environment) -> Result<Self, ConfigError> {
        let key = environment.any_of(&["DOCTOWN_LLM_KEY", "OPENAI_API_KEY"]).map(Secret::new);
        let given = environment.any_of(&["DOCTOWN_LLM_BASE_URL", "OPENAI_BASE_URL"]);
        let api = match environment.word("DOCTOWN_LLM_API", &WORDS)? {
            Word::Auto => ChatApi::FoundOut,
            Word::OpenAi => ChatApi::OpenAi,
            Word::Compatible => ChatApi::Compatible,
            Word::Azure => ChatApi::Azure { api_version: environment.or_default("DOCTOWN_LLM_API_VERSION") },
        };
        Ok(Self {
            base_url: given.or_else(|| key.is_some().then(|| OPENAI_URL.to_owned())),
            key,
            api,
            timeout: Duration::from_secs(environment.number("DOCTOWN_LLM_TIMEOUT_SECONDS", 1..=3_600)?),
            max_parallel: environment.number("DOCTOWN_LLM_PARALLEL", 1..=64)? as usize,
            turn: Duration::from_secs(environment.number("DOCTOWN_LLM_TURN_SECONDS", 1..=3_600)?),
            batch_poll: Duration::from_secs(environment.number("DOCTOWN_LLM_BATCH_POLL_SECONDS", 1..=900)?),
            price_micro_usd_per_million: price(environment)?,
        })
    }
}

/// `IN,OUT` in US dollars per million tokens.
fn price(environment: &Environment) -> Result<Option<(u64, u64)>, ConfigError> {
    const NAME: &str = "DOCTOWN_LLM_PRICE";
    let Some(text) = environment.get(NAME) else { return Ok(None) };
    let micro = |usd: &str| {
        let usd: f64 = usd.trim().parse().ok()?;
        (0.0..=1e6).contains(&usd).then_some((usd * 1e6).round() as u64)
    };
    let both = text.split_once(',').and_then(|(input, output)| Some((micro(input)?, micro(output)?)));
    let expected = "two prices in US dollars per million tokens, such as `0.15,0.60`";
    both.map(Some).ok_or(ConfigError::Invalid { name: NAME, value: text.to_owned(), expected })
}
