//! What the environment sets.

#[cfg(feature = "aws")]
use runtime::config::StoreConfig;
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
    DOCTOWN_EMBEDDER = auto
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
    DOCTOWN_LEASE_SECONDS = 60
    DOCTOWN_REAP_SECONDS = 0
    DOCTOWN_SHUTDOWN_GRACE_SECONDS = 25
    PORT = -
    DOCTOWN_LISTEN = 0.0.0.0
    DATABASE_URL = -
    DOCTOWN_ACCOUNTS = off
    DOCTOWN_SECRET_KEYS = -
    DOCTOWN_ACCOUNTS_URL = -
    DOCTOWN_PUBLIC_URL = -
    DOCTOWN_GITHUB_WEB_URL = https://github.com
    DOCTOWN_GITHUB_CLIENT_ID = -
    DOCTOWN_GITHUB_CLIENT_SECRET = -
    DOCTOWN_GITHUB_APP_KEY = -
    DOCTOWN_GITHUB_WEBHOOK_SECRETS = -
    DOCTOWN_SMTP_URL = -
    DOCTOWN_MAIL_FROM = -
    DOCTOWN_STRIPE_KEY = -
    DOCTOWN_STRIPE_WEBHOOK_SECRETS = -
    DOCTOWN_STRIPE_PRICES = -
    DOCTOWN_STRIPE_METER = -
    DOCTOWN_STRIPE_URL = https://api.stripe.com
    DOCTOWN_SERVER = -
    DOCTOWN_API_KEY = -
    DOCTOWN_CORS_ORIGINS = -
    DOCTOWN_READS_PER_MINUTE = 6000
    DOCTOWN_WRITES_PER_MINUTE = 600
    DOCTOWN_TRUSTED_PROXIES = 0
    DOCTOWN_ALLOW_PRIVATE = false
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
    DOCTOWN_STORE_ACCESS_KEY_ID_REF = -
    DOCTOWN_STORE_SECRET_ACCESS_KEY_REF = -
    DOCTOWN_GITHUB_TOKEN_REF = -
    DOCTOWN_LLM_KEY_REF = -
    RUNPOD_API_KEY_REF = -
    DATABASE_URL_REF = -
    DOCTOWN_ACCOUNTS_URL_REF = -
    DOCTOWN_GITHUB_CLIENT_SECRET_REF = -
    DOCTOWN_SECRET_KEYS_REF = -
    DOCTOWN_GITHUB_APP_KEY_REF = -
    DOCTOWN_GITHUB_WEBHOOK_SECRETS_REF = -
    DOCTOWN_STRIPE_KEY_REF = -
    DOCTOWN_STRIPE_WEBHOOK_SECRETS_REF = -
    NO_COLOR = -
    ");
}

#[test]
fn secrets_are_never_shown() {
    let set = [("DOCTOWN_HOME", "/d"), ("GITHUB_TOKEN", "hush-hush"), ("DOCTOWN_API_KEY", "hush-hush-key")];
    let config = Config::from_pairs(set).unwrap();
    assert_eq!(config.source.github_token.as_ref().unwrap().expose(), "hush-hush");
    assert_eq!(config.hosted.api_key.as_ref().unwrap().expose(), "hush-hush-key");
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
    let gpu = with(&[done, ("DOCTOWN_DEVICE", "cuda")]).unwrap();
    assert_eq!(
        (gpu.host.n_concurrent, gpu.runpod.unwrap().n_concurrent),
        (8, 8),
        "a GPU takes several units"
    );
    let one = with(&[done, ("DOCTOWN_DEVICE", "cuda"), ("DOCTOWN_CONCURRENCY", "1")]).unwrap();
    assert_eq!(one.host.n_concurrent, 1);
    for (name, value) in [("RUNPOD_PING_INTERVAL", "often"), ("DOCTOWN_CONCURRENCY", "0")] {
        let refused = with(&[done, (name, value)]);
        assert!(matches!(refused, Err(ConfigError::Invalid { name: named, .. }) if named == name), "{name}");
    }
}

/// A service of secrets on this machine: answers so many requests with this JSON, and returns what was asked.
#[cfg(feature = "aws")]
async fn secrets_service(answers: &'static [&'static str]) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let mut asked = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !String::from_utf8_lossy(&request).contains("SecretId") {
                let mut part = [0; 4_096];
                let n_bytes = stream.read(&mut part).await.unwrap();
                request.extend_from_slice(&part[..n_bytes]);
            }
            asked.push(String::from_utf8_lossy(&request).into_owned());
            let (status, n) =
                (if answer.contains("__type") { "400 Bad Request" } else { "200 OK" }, answer.len());
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {n}\r\nconnection: close\r\n\r\n"
            );
            stream.write_all(format!("{head}{answer}").as_bytes()).await.unwrap();
        }
        asked
    });
    (address, serving)
}

#[cfg(feature = "aws")]
fn secrets_client(address: &str) -> aws_sdk_secretsmanager::Client {
    use aws_sdk_secretsmanager::config::{BehaviorVersion, Builder, Credentials, Region};

    let config = Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("id", "key", None, None, "test"))
        .endpoint_url(address);
    aws_sdk_secretsmanager::Client::from_conf(config.build())
}

#[cfg(feature = "aws")]
#[tokio::test]
async fn a_secret_takes_the_place_of_its_reference() {
    let (address, serving) = secrets_service(&[
        r#"{"SecretString": "{\"access_key_id\": \"id-1\", \"secret_access_key\": \"key-1\"}"}"#,
        r#"{"SecretString": "hush-hush"}"#,
    ])
    .await;
    let named = [
        ("DOCTOWN_HOME", "/d"),
        ("DOCTOWN_STORE", "s3://bucket/p"),
        ("DOCTOWN_GITHUB_TOKEN_REF", "arn:github"),
        ("DOCTOWN_STORE_ACCESS_KEY_ID_REF", "arn:store#access_key_id"),
        ("DOCTOWN_STORE_SECRET_ACCESS_KEY_REF", "arn:store#secret_access_key"),
        // Not asked for: the key itself is set.
        ("DOCTOWN_LLM_KEY_REF", "arn:model"),
        ("DOCTOWN_LLM_KEY", "given"),
    ];
    let config = Config::from_pairs_with_secrets(named, &secrets_client(&address)).await.unwrap();
    assert_eq!(serving.await.unwrap().len(), 2, "a secret that two variables name is asked for once");
    assert_eq!(config.source.github_token.as_ref().unwrap().expose(), "hush-hush");
    let StoreConfig::S3 { keys: Some((id, key)), .. } = &config.store else { panic!("{:?}", config.store) };
    assert_eq!((id.as_str(), key.expose()), ("id-1", "key-1"));
    let shown = serde_json::to_string(config.show()).unwrap();
    assert!(shown.contains("arn:github") && !shown.contains("hush-hush") && !shown.contains("key-1"));
}

#[cfg(feature = "aws")]
#[tokio::test]
async fn a_secret_that_may_not_be_read_says_which_and_why() {
    let (address, serving) =
        secrets_service(&[r#"{"__type":"AccessDeniedException","Message":"not yours"}"#]).await;
    let named = [("DOCTOWN_HOME", "/d"), ("DOCTOWN_GITHUB_TOKEN_REF", "arn:github")];
    let error = Config::from_pairs_with_secrets(named, &secrets_client(&address)).await.unwrap_err();
    serving.await.unwrap();
    assert_eq!(error.code, "secret_unreadable");
    assert_eq!(
        error.message,
        "secret `arn:github` of `DOCTOWN_GITHUB_TOKEN_REF` cannot be used: not yours (AccessDeniedException, HTTP 400)"
    );
}
