//! Settings of a process; the only place that reads the environment.
//!
//! [`VARIABLES`] is the one table of what can be set: reading, `config show` and the documentation go by it.

mod api;
mod desktop;
mod dispatch;
mod environment;
mod host;
mod hosted;
mod llm;
mod runpod;
mod secret;
mod stripe;
mod variables;

use std::path::{Path, PathBuf};

pub use api::{AccountsConfig, ApiConfig, GithubAppConfig, MailConfig};
pub use desktop::{colours_stderr, has_desktop};
pub use dispatch::DispatchConfig;
use environment::Environment;
pub use host::{HostConfig, Mode};
pub use hosted::HostedConfig;
pub use llm::{ChatApi, LlmConfig, OPENAI_URL};
use pipeline::{EmbedderName, Precision};
pub use runpod::{Backoff, PingSettings, RunpodApiSettings, RunpodSettings, RunpodWaits};
pub use secret::Secret;
pub use stripe::StripeConfig;
pub use variables::{VARIABLES, Variable};

#[cfg(feature = "aws")]
use crate::host::StartError;
#[cfg(feature = "aws")]
use crate::secrets;

/// A variable's value cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("`{name}` is not text")]
    NotText { name: &'static str },
    #[error("`{name}` is `{value}`, expected {expected}")]
    Invalid { name: &'static str, value: String, expected: &'static str },
    #[error("`{name}` is not set, but {reason}")]
    Missing { name: &'static str, reason: &'static str },
    #[error("no home folder is known; set `DOCTOWN_HOME` to a folder that may be written")]
    NoHome,
}

/// Everything that is set from outside.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where this user's stores, queues and models lie.
    pub home: PathBuf,
    pub store: StoreConfig,
    /// Whether the store was named; where it was not, jobs may be on a hosted server instead.
    pub store_is_set: bool,
    /// Names the queues in SQS.
    pub environment: String,
    pub source: SourceSettings,
    pub embed: EmbedConfig,
    pub llm: LlmConfig,
    pub host: HostConfig,
    pub dispatch: DispatchConfig,
    pub api: ApiConfig,
    pub hosted: HostedConfig,
    pub telemetry: TelemetryConfig,
    pub log: LogConfig,
    /// Only where RunPod started this process as a queue worker.
    pub runpod: Option<RunpodSettings>,
    /// Only where a key for RunPod's endpoints is set.
    pub runpod_api: Option<RunpodApiSettings>,
    shown: Vec<Setting>,
}

/// Where artifacts are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreConfig {
    Folder(PathBuf),
    S3 {
        bucket: String,
        prefix: String,
        /// Whether the bucket stands in the path rather than in the host's name.
        path_style: bool,
        /// Key id and key of a bucket that the SDK's own credentials are not for.
        keys: Option<(String, Secret)>,
    },
}

/// A variable that names a secret instead of holding it.
#[cfg(feature = "aws")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecretReference {
    /// The variable that was set.
    pub(crate) name: &'static str,
    /// The variable that the secret is for.
    pub(crate) variable: &'static str,
    /// Name or ARN, and behind `#` a field of a JSON.
    pub(crate) value: String,
}

/// How the outside world is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSettings {
    pub github_token: Option<Secret>,
    /// Without a trailing slash.
    pub github_api_url: String,
    pub github_hosts: Vec<String>,
    pub github_download_hosts: Vec<String>,
    /// The only git hosts that may be asked; any public one without it.
    pub git_hosts: Option<Vec<String>>,
    pub local_paths: bool,
    /// `host:port` pairs where plain http and private addresses are accepted.
    pub insecure_authorities: Vec<String>,
    pub proxy_url: Option<String>,
}

/// What the model runs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedConfig {
    pub model_folder: PathBuf,
    /// Whether that folder was named; where it was not, installed packages are searched too.
    pub model_folder_is_set: bool,
    /// Without it, workers use the network and local builds what suits the device.
    pub embedder: Option<EmbedderName>,
    pub device: Device,
    /// Texts embedded at the same time on the CPU.
    pub n_threads: usize,
    /// What a worker embeds in; a GPU computes in fp32 whatever is set.
    pub precision: Precision,
}

/// What computes vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// A GPU where there is one.
    Auto,
    Cpu,
    Cuda,
}

/// What is told to machines that watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelemetryConfig {
    /// Collector of traces, without `/v1/traces`; nothing is exported without it.
    pub otlp_url: Option<String>,
    /// Whether metrics are also written as log lines in CloudWatch's embedded metric format.
    pub embedded_metrics: bool,
}

/// What is told on standard error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogConfig {
    pub filter: String,
    pub format: LogFormat,
    pub colour: bool,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// One line of `config show`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Setting {
    pub name: &'static str,
    /// `set, hidden` for a secret; null where nothing is set and there is no default.
    pub value: Option<String>,
    pub is_default: bool,
    pub help: &'static str,
}

impl Config {
    /// Reads the process's environment.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(&Environment::of_process()?)
    }

    /// As [`Config::from_env`], and reads the secrets that variables only name.
    #[cfg(feature = "aws")]
    pub fn from_env_with_secrets() -> Result<Self, StartError> {
        let invalid = |error: ConfigError| StartError::new("config_invalid", error.to_string());
        let environment = Environment::of_process().map_err(invalid)?;
        let references = environment.secret_references();
        let values = match references.is_empty() {
            true => Vec::new(),
            false => secrets::read_blocking(&references)?,
        };
        Self::read(&environment.with(values)).map_err(invalid)
    }

    /// As [`Config::from_pairs`], with the secrets that variables name read from this client's service.
    #[cfg(feature = "aws")]
    pub async fn from_pairs_with_secrets<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        client: &aws_sdk_secretsmanager::Client,
    ) -> Result<Self, StartError> {
        let environment = Environment::of_pairs(pairs);
        let values = secrets::read(client, &environment.secret_references()).await?;
        let invalid = |error: ConfigError| StartError::new("config_invalid", error.to_string());
        Self::read(&environment.with(values)).map_err(invalid)
    }

    /// Reads these variables, as a test or a parent process names them.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, ConfigError> {
        Self::read(&Environment::of_pairs(pairs))
    }

    /// Returns every setting with its value, secrets hidden.
    pub fn show(&self) -> &[Setting] {
        &self.shown
    }

    fn read(environment: &Environment) -> Result<Self, ConfigError> {
        let home = environment.home()?;
        let store = read_store(environment, &home)?;
        let embed = EmbedConfig {
            model_folder: environment.folder("DOCTOWN_MODEL", || home.join("model"))?,
            model_folder_is_set: environment.get("DOCTOWN_MODEL").is_some(),
            embedder: environment.word("DOCTOWN_EMBEDDER", &EMBEDDERS)?,
            device: environment.word("DOCTOWN_DEVICE", &DEVICES)?,
            n_threads: environment.count("DOCTOWN_THREADS")?.unwrap_or_else(n_cores),
            precision: environment.word("DOCTOWN_PRECISION", &PRECISIONS)?,
        };
        let source = SourceSettings {
            github_token: environment.any_of(&["DOCTOWN_GITHUB_TOKEN", "GITHUB_TOKEN"]).map(Secret::new),
            github_api_url: environment.or_default("DOCTOWN_GITHUB_API_URL").trim_end_matches('/').to_owned(),
            github_hosts: environment.list("DOCTOWN_GITHUB_HOSTS").unwrap_or_default(),
            github_download_hosts: environment.list("DOCTOWN_GITHUB_DOWNLOAD_HOSTS").unwrap_or_default(),
            git_hosts: environment.list("DOCTOWN_GIT_HOSTS"),
            local_paths: environment.word("DOCTOWN_LOCAL_PATHS", &SWITCH)?,
            insecure_authorities: environment.list("DOCTOWN_INSECURE_AUTHORITIES").unwrap_or_default(),
            proxy_url: environment.any_of(&["DOCTOWN_PROXY", "HTTPS_PROXY", "https_proxy"]),
        };
        let log = LogConfig {
            filter: environment.or_default("DOCTOWN_LOG"),
            format: environment.word("DOCTOWN_LOG_FORMAT", &LOG_FORMATS)?,
            colour: environment.get("NO_COLOR").is_none(),
        };
        let telemetry = TelemetryConfig {
            otlp_url: environment.any_of(&["OTEL_EXPORTER_OTLP_ENDPOINT"]),
            embedded_metrics: environment.word("DOCTOWN_EMBEDDED_METRICS", &SWITCH)?,
        };
        let llm = LlmConfig::read(environment)?;
        let host = HostConfig::read(environment)?;
        let dispatch = DispatchConfig::read(environment)?;
        let api = ApiConfig::read(environment)?;
        let hosted = HostedConfig::read(environment);
        let store_is_set = environment.get("DOCTOWN_STORE").is_some();
        let mut shown = environment.settings();
        for setting in &mut shown {
            match setting.name {
                "DOCTOWN_HOME" => setting.value = Some(home.display().to_string()),
                "DOCTOWN_STORE" => setting.value = Some(store.to_string()),
                "DOCTOWN_MODEL" => setting.value = Some(embed.model_folder.display().to_string()),
                "DOCTOWN_CONCURRENCY" => setting.value = Some(host.n_concurrent.to_string()),
                "DOCTOWN_THREADS" => setting.value = Some(embed.n_threads.to_string()),
                _ => {}
            }
        }
        let runpod = RunpodSettings::read(environment)?;
        let runpod_api = RunpodApiSettings::read(environment);
        let environment = environment.or_default("DOCTOWN_ENVIRONMENT");
        Ok(Self {
            home,
            store,
            store_is_set,
            environment,
            source,
            embed,
            llm,
            host,
            dispatch,
            api,
            hosted,
            telemetry,
            log,
            runpod,
            runpod_api,
            shown,
        })
    }
}

impl std::fmt::Display for StoreConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::S3 { bucket, prefix, .. } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

fn read_store(environment: &Environment, home: &Path) -> Result<StoreConfig, ConfigError> {
    const NAME: &str = "DOCTOWN_STORE";
    let Some(address) = environment.get(NAME).and_then(|value| value.strip_prefix("s3://")) else {
        return Ok(StoreConfig::Folder(environment.folder(NAME, || home.join("store"))?));
    };
    let (bucket, prefix) = address.split_once('/').unwrap_or((address, ""));
    if bucket.is_empty() {
        let value = environment.or_default(NAME);
        return Err(ConfigError::Invalid { name: NAME, value, expected: "`s3://BUCKET/PREFIX`" });
    }
    Ok(StoreConfig::S3 {
        bucket: bucket.to_owned(),
        prefix: prefix.trim_matches('/').to_owned(),
        path_style: environment.any_of(&["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"]).is_some(),
        keys: environment
            .any_of(&["DOCTOWN_STORE_ACCESS_KEY_ID"])
            .zip(environment.any_of(&["DOCTOWN_STORE_SECRET_ACCESS_KEY"]).map(Secret::new)),
    })
}

const DEVICES: [(&str, Device); 3] = [("auto", Device::Auto), ("cpu", Device::Cpu), ("cuda", Device::Cuda)];
const EMBEDDERS: [(&str, Option<EmbedderName>); 3] =
    [("auto", None), ("static", Some(EmbedderName::Static)), ("minilm", Some(EmbedderName::Minilm))];
const PRECISIONS: [(&str, Precision); 2] = [("int8", Precision::Int8), ("fp32", Precision::Fp32)];
const LOG_FORMATS: [(&str, LogFormat); 2] = [("text", LogFormat::Text), ("json", LogFormat::Json)];
const SWITCH: [(&str, bool); 4] = [("true", true), ("false", false), ("1", true), ("0", false)];

fn n_cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
