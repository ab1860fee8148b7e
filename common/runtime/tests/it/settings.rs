//! What the environment sets.

use runtime::config::{Config, ConfigError, Device};

#[test]
fn nothing_needs_to_be_set() {
    let config = Config::from_pairs([("HOME", "/home/someone")]).unwrap();
    let lines: Vec<String> = config
        .show()
        .iter()
        .filter(|setting| setting.name != "DOCTOWN_THREADS")
        .map(|setting| format!("{} = {}", setting.name, setting.value.as_deref().unwrap_or("-")))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    DOCTOWN_HOME = /home/someone/.doctown
    DOCTOWN_STORE = /home/someone/.doctown/store
    DOCTOWN_ENVIRONMENT = local
    DOCTOWN_STORE_ACCESS_KEY_ID = -
    DOCTOWN_STORE_SECRET_ACCESS_KEY = -
    AWS_ENDPOINT_URL = -
    AWS_ENDPOINT_URL_S3 = -
    DOCTOWN_MODEL = /home/someone/.doctown/model
    DOCTOWN_DEVICE = auto
    DOCTOWN_PRECISION = int8
    DOCTOWN_LLM_BASE_URL = -
    OPENAI_BASE_URL = -
    DOCTOWN_LLM_KEY = -
    OPENAI_API_KEY = -
    DOCTOWN_LLM_API = auto
    DOCTOWN_LLM_API_VERSION = 2024-10-21
    DOCTOWN_LLM_TIMEOUT_SECONDS = 120
    DOCTOWN_LLM_PARALLEL = 10
    DOCTOWN_LLM_TURN_SECONDS = 600
    DOCTOWN_LLM_BATCH_POLL_SECONDS = 60
    DOCTOWN_LLM_PRICE = -
    DOCTOWN_MODE = -
    DOCTOWN_CONCURRENCY = 1
    DOCTOWN_REAP_SECONDS = 0
    DOCTOWN_SHUTDOWN_GRACE_SECONDS = 25
    PORT = -
    DOCTOWN_LISTEN = 0.0.0.0
    DATABASE_URL = -
    DOCTOWN_CORS_ORIGINS = -
    DOCTOWN_READS_PER_MINUTE = 6000
    DOCTOWN_WRITES_PER_MINUTE = 600
    DOCTOWN_TRUSTED_PROXIES = 0
    DOCTOWN_REDIRECT_DOWNLOADS = false
    DOCTOWN_MAX_STREAMS = 2000
    AWS_LAMBDA_RUNTIME_API = -
    DOCTOWN_ENDPOINTS = -
    DOCTOWN_ENDPOINT_QUEUE_SECONDS = 3600
    DOCTOWN_CANARY_HOURS = 24
    OTEL_EXPORTER_OTLP_ENDPOINT = -
    DOCTOWN_EMBEDDED_METRICS = false
    DOCTOWN_GITHUB_TOKEN = -
    GITHUB_TOKEN = -
    DOCTOWN_GITHUB_API_URL = https://api.github.com
    DOCTOWN_GITHUB_HOSTS = github.com,www.github.com
    DOCTOWN_GITHUB_DOWNLOAD_HOSTS = codeload.github.com
    DOCTOWN_GIT_HOSTS = -
    DOCTOWN_LOCAL_PATHS = true
    DOCTOWN_INSECURE_AUTHORITIES = -
    DOCTOWN_PROXY = -
    HTTPS_PROXY = -
    https_proxy = -
    DOCTOWN_LOG = warn
    DOCTOWN_LOG_FORMAT = text
    RUNPOD_WEBHOOK_GET_JOB = -
    RUNPOD_WEBHOOK_POST_OUTPUT = -
    RUNPOD_WEBHOOK_POST_STREAM = -
    RUNPOD_WEBHOOK_PING = -
    RUNPOD_PING_INTERVAL = 10000
    RUNPOD_AI_API_KEY = -
    RUNPOD_POD_ID = -
    RUNPOD_POD_HOSTNAME = unknown
    RUNPOD_ENDPOINT_ID = -
    RUNPOD_GPU_TYPE_ID = -
    RUNPOD_API_KEY = -
    RUNPOD_ENDPOINT_BASE_URL = https://api.runpod.ai/v2
    NO_COLOR = -
    ");
}

#[test]
fn secrets_are_never_shown() {
    let config = Config::from_pairs([("DOCTOWN_HOME", "/d"), ("GITHUB_TOKEN", "hush-hush")]).unwrap();
    assert_eq!(config.source.github_token.as_ref().unwrap().expose(), "hush-hush");
    assert!(!format!("{config:?}").contains("hush-hush"));
    let shown = serde_json::to_string(config.show()).unwrap();
    assert!(!shown.contains("hush-hush") && shown.contains("set, hidden"));
}

#[test]
fn values_are_read_or_refused() {
    let set = [
        ("DOCTOWN_HOME", "/d"),
        ("DOCTOWN_DEVICE", "cpu"),
        ("DOCTOWN_GIT_HOSTS", "a.org, b.org"),
        ("DOCTOWN_LOG", " "),
    ];
    let config = Config::from_pairs(set).unwrap();
    assert_eq!(config.embed.device, Device::Cpu);
    assert_eq!(config.source.git_hosts.unwrap(), ["a.org", "b.org"]);
    assert_eq!(config.log.filter, "warn", "an empty variable is one that is not set");
    let config = Config::from_pairs([("DOCTOWN_HOME", "/d"), ("DOCTOWN_STORE", "s3://bucket/a/b/")]).unwrap();
    assert_eq!(config.store.to_string(), "s3://bucket/a/b");
    for (name, value) in [
        ("DOCTOWN_DEVICE", "tpu"),
        ("DOCTOWN_THREADS", "0"),
        ("DOCTOWN_STORE", "ftp://x"),
        ("DOCTOWN_STORE", "s3:///x"),
    ] {
        let refused = Config::from_pairs([("DOCTOWN_HOME", "/d"), (name, value)]);
        assert!(matches!(refused, Err(ConfigError::Invalid { name: named, .. }) if named == name), "{name}");
    }
    assert_eq!(Config::from_pairs([]).unwrap_err(), ConfigError::NoHome);
}

#[test]
fn a_runpod_worker_is_told_everything_by_runpod() {
    let take = [
        ("DOCTOWN_HOME", "/d"),
        ("GITHUB_TOKEN", "hush-hush"),
        ("RUNPOD_WEBHOOK_GET_JOB", " http://h/job-take/$ID "),
    ];
    let with = |more: &[(&'static str, &'static str)]| Config::from_pairs(take.iter().chain(more).copied());
    assert!(matches!(with(&[]), Err(ConfigError::Missing { name: "RUNPOD_WEBHOOK_POST_OUTPUT", .. })));
    let (done, ping) =
        (("RUNPOD_WEBHOOK_POST_OUTPUT", "http://h/done"), ("RUNPOD_WEBHOOK_PING", "http://h/ping"));
    let alone = with(&[done, ping]).unwrap().runpod.unwrap();
    assert_eq!((alone.take_url.as_str(), alone.n_concurrent), ("http://h/job-take/$ID", 1));
    assert_eq!(alone.grace.as_secs(), 25);
    assert_eq!(alone.ping, None, "without a key and an id nobody waits for a sign of life");
    assert!(alone.worker_id.starts_with("local-"));
    let key = [("RUNPOD_AI_API_KEY", "wk-secret\n"), ("RUNPOD_POD_ID", "pod"), done, ping];
    let pod = with(&key).unwrap().runpod.unwrap();
    assert_eq!((pod.key.as_ref().unwrap().expose(), pod.worker_id.as_str()), ("wk-secret", "pod"));
    assert_eq!(pod.ping.as_ref().unwrap().interval.as_secs(), 10);
    assert_eq!(
        pod.secrets.iter().map(|secret| secret.expose()).collect::<Vec<_>>(),
        ["hush-hush", "wk-secret"]
    );
    for (name, value) in [("RUNPOD_PING_INTERVAL", "often"), ("DOCTOWN_CONCURRENCY", "0")] {
        let refused = with(&[done, (name, value)]);
        assert!(matches!(refused, Err(ConfigError::Invalid { name: named, .. }) if named == name), "{name}");
    }
}
