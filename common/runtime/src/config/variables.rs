//! The one table of environment variables.

/// What a variable sets.
#[derive(Debug)]
pub struct Variable {
    pub name: &'static str,
    /// Used when the variable is not set; `None` where nothing is, or where it is computed.
    pub default: Option<&'static str>,
    pub secret: bool,
    pub help: &'static str,
}

const fn plain(name: &'static str, default: Option<&'static str>, help: &'static str) -> Variable {
    Variable { name, default, secret: false, help }
}

const fn secret(name: &'static str, help: &'static str) -> Variable {
    Variable { name, default: None, secret: true, help }
}

/// Variables that name a secret of AWS Secrets Manager, and the variable that each is read into.
#[cfg(feature = "aws")]
pub(super) const SECRET_REFERENCES: &[(&str, &str)] = &[
    ("DOCTOWN_STORE_ACCESS_KEY_ID_REF", "DOCTOWN_STORE_ACCESS_KEY_ID"),
    ("DOCTOWN_STORE_SECRET_ACCESS_KEY_REF", "DOCTOWN_STORE_SECRET_ACCESS_KEY"),
    ("DOCTOWN_GITHUB_TOKEN_REF", "DOCTOWN_GITHUB_TOKEN"),
    ("DOCTOWN_LLM_KEY_REF", "DOCTOWN_LLM_KEY"),
    ("RUNPOD_API_KEY_REF", "RUNPOD_API_KEY"),
    ("DATABASE_URL_REF", "DATABASE_URL"),
    ("DOCTOWN_ACCOUNTS_URL_REF", "DOCTOWN_ACCOUNTS_URL"),
    ("DOCTOWN_GITHUB_CLIENT_SECRET_REF", "DOCTOWN_GITHUB_CLIENT_SECRET"),
    ("DOCTOWN_SECRET_KEYS_REF", "DOCTOWN_SECRET_KEYS"),
    ("DOCTOWN_GITHUB_APP_KEY_REF", "DOCTOWN_GITHUB_APP_KEY"),
    ("DOCTOWN_GITHUB_WEBHOOK_SECRETS_REF", "DOCTOWN_GITHUB_WEBHOOK_SECRETS"),
    ("DOCTOWN_STRIPE_KEY_REF", "DOCTOWN_STRIPE_KEY"),
    ("DOCTOWN_STRIPE_WEBHOOK_SECRETS_REF", "DOCTOWN_STRIPE_WEBHOOK_SECRETS"),
];

/// Every variable that is read, by concern.
pub const VARIABLES: &[Variable] = &[
    plain(
        "DOCTOWN_HOME",
        None,
        "folder for everything that is kept; `.doctown` in the user's folder by default",
    ),
    plain(
        "DOCTOWN_STORE",
        None,
        "folder for artifacts, or `s3://BUCKET/PREFIX`; `store` in the home by default",
    ),
    plain("DOCTOWN_ENVIRONMENT", Some("local"), "names the SQS queues: `doctown-ENVIRONMENT-STAGE-v1`"),
    plain(
        "DOCTOWN_STORE_ACCESS_KEY_ID",
        None,
        "key id for a bucket that is not where the queues are, such as R2's; the SDK's own by default",
    ),
    secret("DOCTOWN_STORE_SECRET_ACCESS_KEY", "key for that bucket"),
    plain("AWS_ENDPOINT_URL", None, "server that takes the place of AWS; buckets then stand in the path"),
    plain("AWS_ENDPOINT_URL_S3", None, "the same for S3 alone"),
    plain(
        "DOCTOWN_MODEL",
        None,
        "folder of the embedding model; by default `model` in the home, then installed packages",
    ),
    plain(
        "DOCTOWN_EMBEDDER",
        Some("auto"),
        "what turns chunks into vectors: `static`, `minilm`, or `auto`: `minilm` on a GPU and in workers, else `static`",
    ),
    plain("DOCTOWN_DEVICE", Some("auto"), "what computes vectors: `auto`, `cpu` or `cuda`"),
    plain("DOCTOWN_THREADS", None, "texts embedded at the same time on the CPU; its cores by default"),
    plain("DOCTOWN_PRECISION", Some("int8"), "numbers that a worker embeds in on the CPU: `int8` or `fp32`"),
    plain(
        "DOCTOWN_LLM_BASE_URL",
        None,
        "OpenAI-compatible server that writes summaries; `OPENAI_BASE_URL` is read too, and OpenAI's own with a key alone",
    ),
    plain("OPENAI_BASE_URL", None, "the same, where `DOCTOWN_LLM_BASE_URL` is not set"),
    secret("DOCTOWN_LLM_KEY", "key for that server; `OPENAI_API_KEY` is read too"),
    secret("OPENAI_API_KEY", "key for that server, where `DOCTOWN_LLM_KEY` is not set"),
    plain(
        "DOCTOWN_LLM_API",
        Some("auto"),
        "kind of that server: `openai`, `azure`, `compatible`, or `auto` by its address",
    ),
    plain("DOCTOWN_LLM_API_VERSION", Some("2024-10-21"), "version of Azure's API"),
    plain("DOCTOWN_LLM_TIMEOUT_SECONDS", Some("120"), "time that one attempt at one question may take"),
    plain("DOCTOWN_LLM_PARALLEL", Some("10"), "questions that a process asks at the same time"),
    plain(
        "DOCTOWN_LLM_TURN_SECONDS",
        Some("600"),
        "time that a unit asks before it lets others go first; what is answered by then is kept",
    ),
    plain("DOCTOWN_LLM_BATCH_POLL_SECONDS", Some("60"), "shortest time between two looks at a batch"),
    plain(
        "DOCTOWN_LLM_PRICE",
        None,
        "US dollars per million tokens of questions and answers, `0.15,0.60`, for models without a known price",
    ),
    plain(
        "DOCTOWN_MODE",
        None,
        "how a stage's process is run: `once`, `http`, `lambda`, `sqs` or `runpod`; found out by default",
    ),
    plain("DOCTOWN_CONCURRENCY", None, "units that a worker runs at the same time; 1 by default, 8 on a GPU"),
    plain(
        "DOCTOWN_LEASE_SECONDS",
        Some("60"),
        "seconds without a heartbeat after which a try is taken for lost, and its message comes again",
    ),
    plain(
        "DOCTOWN_REAP_SECONDS",
        Some("0"),
        "seconds between a worker's looks for lost messages; 0 leaves it to the schedule",
    ),
    plain(
        "DOCTOWN_SHUTDOWN_GRACE_SECONDS",
        Some("25"),
        "time that running units have once a process is told to stop",
    ),
    plain(
        "PORT",
        None,
        "port of the health checks, the metrics and the `http` mode; none is opened without it",
    ),
    plain("DOCTOWN_LISTEN", Some("0.0.0.0"), "address that the port is opened at"),
    secret(
        "DATABASE_URL",
        "ledger of the API: `postgres://…` or `sqlite://FILE`; `ledger.sqlite` in the home by default",
    ),
    plain(
        "DOCTOWN_ACCOUNTS",
        Some("off"),
        "`github` lets people sign in with GitHub and keeps what is theirs apart; `off` makes everything one person's; `open` does too, and lets everybody who reaches the server use it",
    ),
    secret(
        "DOCTOWN_SECRET_KEYS",
        "`NUMBER:KEY` pairs separated by commas, KEY being 32 random bytes in base64; the first seals people's GitHub tokens, all open them; private repositories need it",
    ),
    secret(
        "DOCTOWN_ACCOUNTS_URL",
        "database of the accounts: `postgres://…` or `sqlite://FILE`; by default that of the ledger, or `accounts.sqlite` in the home",
    ),
    plain(
        "DOCTOWN_PUBLIC_URL",
        None,
        "address at which people reach the server, such as `https://doctown.example`",
    ),
    plain("DOCTOWN_GITHUB_WEB_URL", Some("https://github.com"), "where people sign in"),
    plain("DOCTOWN_GITHUB_CLIENT_ID", None, "client id of the GitHub App that people sign in with"),
    secret("DOCTOWN_GITHUB_CLIENT_SECRET", "client secret of that App"),
    secret(
        "DOCTOWN_GITHUB_APP_KEY",
        "private key of that App, so that it builds a docpack at every push: the PEM text, with line ends or `\\n`, or the path of its file",
    ),
    secret(
        "DOCTOWN_GITHUB_WEBHOOK_SECRETS",
        "secrets that GitHub signs deliveries to the webhook with, separated by commas, the newest first",
    ),
    secret(
        "DOCTOWN_SMTP_URL",
        "server that sends e-mail to people about their jobs: `smtps://USER:PASSWORD@HOST:465`, or `smtp://HOST:587?tls=required`; none is sent without it",
    ),
    plain("DOCTOWN_MAIL_FROM", None, "sender of that e-mail, such as `Doctown <doctown@example.com>`"),
    secret("DOCTOWN_STRIPE_KEY", "key for Stripe, where plans are sold; nothing is sold without it"),
    secret(
        "DOCTOWN_STRIPE_WEBHOOK_SECRETS",
        "signing secrets of Stripe's webhook, separated by commas; any of them is taken",
    ),
    plain(
        "DOCTOWN_STRIPE_PRICES",
        None,
        "what is sold: `PLAN=PRICE` pairs separated by commas, such as `creator=price_1,team=price_2`",
    ),
    plain(
        "DOCTOWN_STRIPE_METER",
        None,
        "event name of a meter at Stripe that counts jobs; `EVENT=PRICE` also adds that metered price to subscriptions",
    ),
    plain("DOCTOWN_STRIPE_URL", Some("https://api.stripe.com"), "where Stripe's API is"),
    plain(
        "DOCTOWN_SERVER",
        None,
        "hosted Doctown that commands use; by default the one signed in to last with `doctown login`",
    ),
    secret("DOCTOWN_API_KEY", "key for that server, in place of the one that `doctown login` keeps"),
    plain(
        "DOCTOWN_CORS_ORIGINS",
        None,
        "origins whose pages may call the API, separated by commas, or `*`; none by default",
    ),
    plain(
        "DOCTOWN_READS_PER_MINUTE",
        Some("6000"),
        "requests that one address may make of the API a minute; 0 sets no limit",
    ),
    plain("DOCTOWN_WRITES_PER_MINUTE", Some("600"), "requests that change something, likewise"),
    plain(
        "DOCTOWN_TRUSTED_PROXIES",
        Some("0"),
        "proxies before the API whose `x-forwarded-for` tells the client's address",
    ),
    plain(
        "DOCTOWN_ALLOW_PRIVATE",
        Some("false"),
        "whether everybody who reaches the API may build private repositories that the GitHub token can read; a server at a loopback address without a proxy always may",
    ),
    plain(
        "DOCTOWN_REDIRECT_DOWNLOADS",
        Some("false"),
        "whether the API sends clients to the bucket for archives, by addresses that are good for ten minutes",
    ),
    plain("DOCTOWN_MAX_STREAMS", Some("2000"), "event streams that a process of the API keeps open"),
    plain("AWS_LAMBDA_RUNTIME_API", None, "set by AWS Lambda, and chooses the mode `lambda`"),
    plain(
        "DOCTOWN_ENDPOINTS",
        None,
        "stages that run at RunPod endpoints, for `doctown-dispatch`: `STAGE=ENDPOINT_ID` pairs separated by commas",
    ),
    plain("DOCTOWN_ENDPOINT_QUEUE_SECONDS", Some("3600"), "time that a job may wait for a worker there"),
    plain(
        "DOCTOWN_CANARY_HOURS",
        Some("24"),
        "hours between jobs of no consequence, which keep an idle endpoint from being shut; 0 sends none",
    ),
    plain(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        None,
        "base URL of a collector of traces (OTLP over HTTP); nothing is exported by default",
    ),
    plain(
        "DOCTOWN_EMBEDDED_METRICS",
        Some("false"),
        "whether metrics are also logged in CloudWatch's embedded metric format",
    ),
    secret("DOCTOWN_GITHUB_TOKEN", "token for GitHub's API; `GITHUB_TOKEN` is read too"),
    secret("GITHUB_TOKEN", "token for GitHub's API, where `DOCTOWN_GITHUB_TOKEN` is not set"),
    plain("DOCTOWN_GITHUB_API_URL", Some("https://api.github.com"), "base of GitHub's API"),
    plain(
        "DOCTOWN_GITHUB_HOSTS",
        Some("github.com,www.github.com"),
        "hosts whose repositories that API serves",
    ),
    plain(
        "DOCTOWN_GITHUB_DOWNLOAD_HOSTS",
        Some("codeload.github.com"),
        "hosts that API may send a download to",
    ),
    plain(
        "DOCTOWN_GIT_HOSTS",
        None,
        "the only git hosts that may be asked, separated by commas; any public one by default",
    ),
    plain("DOCTOWN_LOCAL_PATHS", Some("true"), "whether folders and archives of this machine may be read"),
    plain(
        "DOCTOWN_INSECURE_AUTHORITIES",
        None,
        "`host:port` pairs that may be private and without TLS; for tests",
    ),
    plain("DOCTOWN_PROXY", None, "http proxy; `HTTPS_PROXY` is read too"),
    plain("HTTPS_PROXY", None, "http proxy, where `DOCTOWN_PROXY` is not set"),
    plain("https_proxy", None, "http proxy, where neither of the above is set"),
    plain(
        "DOCTOWN_LOG",
        Some("warn"),
        "what is logged: a level, or `target=level` pairs separated by commas",
    ),
    plain("DOCTOWN_LOG_FORMAT", Some("text"), "`text` for people, `json` for machines"),
    plain("RUNPOD_WEBHOOK_GET_JOB", None, "where a RunPod worker takes jobs; RunPod sets it and those below"),
    plain("RUNPOD_WEBHOOK_POST_OUTPUT", None, "where it sends results and progress"),
    plain("RUNPOD_WEBHOOK_POST_STREAM", None, "where it sends pieces of a result"),
    plain("RUNPOD_WEBHOOK_PING", None, "where it says that it lives"),
    plain("RUNPOD_PING_INTERVAL", Some("10000"), "milliseconds between two pings, kept within 1 to 60 s"),
    secret("RUNPOD_AI_API_KEY", "key for the above"),
    plain("RUNPOD_POD_ID", None, "the worker's id"),
    plain("RUNPOD_POD_HOSTNAME", Some("unknown"), "the worker's machine, named in errors"),
    plain("RUNPOD_ENDPOINT_ID", None, "the endpoint that the worker belongs to"),
    plain("RUNPOD_GPU_TYPE_ID", None, "the worker's kind of GPU, where an address asks for it"),
    secret("RUNPOD_API_KEY", "key for RunPod's endpoints, to send them jobs"),
    plain("RUNPOD_ENDPOINT_BASE_URL", Some("https://api.runpod.ai/v2"), "base of RunPod's endpoints"),
    plain(
        "DOCTOWN_STORE_ACCESS_KEY_ID_REF",
        None,
        "secret of AWS Secrets Manager with that key id: name or ARN, then `#FIELD` for a field of a JSON",
    ),
    plain("DOCTOWN_STORE_SECRET_ACCESS_KEY_REF", None, "the same for that key"),
    plain("DOCTOWN_GITHUB_TOKEN_REF", None, "the same for the GitHub token"),
    plain("DOCTOWN_LLM_KEY_REF", None, "the same for the model server's key"),
    plain("RUNPOD_API_KEY_REF", None, "the same for RunPod's key"),
    plain("DATABASE_URL_REF", None, "the same for the ledger's address"),
    plain("DOCTOWN_ACCOUNTS_URL_REF", None, "the same for the address of the accounts"),
    plain("DOCTOWN_GITHUB_CLIENT_SECRET_REF", None, "the same for the client secret of the GitHub App"),
    plain("DOCTOWN_SECRET_KEYS_REF", None, "the same for the keys that seal people's tokens"),
    plain("DOCTOWN_GITHUB_APP_KEY_REF", None, "the same for the private key of the GitHub App"),
    plain("DOCTOWN_GITHUB_WEBHOOK_SECRETS_REF", None, "the same for the secrets of its webhook"),
    plain("DOCTOWN_STRIPE_KEY_REF", None, "the same for Stripe's key"),
    plain("DOCTOWN_STRIPE_WEBHOOK_SECRETS_REF", None, "the same for the secrets of Stripe's webhook"),
    plain("NO_COLOR", None, "any value turns colours off"),
];
