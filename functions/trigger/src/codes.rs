//! Every stable code that the API itself answers with.

/// A code of the API: word, status, meaning, what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    pub word: &'static str,
    pub status: u16,
    pub title: &'static str,
    pub help: &'static str,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $status:literal, $title:literal, $help:literal;)+) => {
        $($(#[$doc])* pub const $name: Code =
            Code { word: $word, status: $status, title: $title, help: $help };)+

        /// All of them, by status.
        pub const ALL: &[Code] = &[$($name,)+];
    };
}

codes! {
    INVALID_REQUEST = "invalid_request", 400, "the request cannot be read",
        "/v1/openapi.json describes what to send";
    INVALID_PARAMETER = "invalid_parameter", 400, "a parameter is invalid",
        "`errors` names the parameter and its allowed values";
    INVALID_CURSOR = "invalid_cursor", 400, "unknown cursor",
        "start again without a cursor";
    INVALID_IDEMPOTENCY_KEY = "invalid_idempotency_key", 400, "invalid idempotency key",
        "send 1 to 255 visible ASCII characters, a UUID for example";
    AUTHORIZATION_PENDING = "authorization_pending", 400, "nobody has approved the code yet",
        "ask again after `interval_seconds`";
    SLOW_DOWN = "slow_down", 400, "the program asks too often",
        "wait five seconds longer between two requests";
    ACCESS_DENIED = "access_denied", 400, "the sign-in was denied",
        "begin again if that was a mistake";
    DEVICE_CODE_EXPIRED = "device_code_expired", 400, "the code has expired",
        "begin again: a code lives for 15 minutes and gives one key";
    INVALID_CREDENTIALS = "invalid_credentials", 401, "the session or key is not valid",
        "sign in again, or make a new key: it is unknown, revoked or expired";
    QUOTA_EXCEEDED = "quota_exceeded", 402, "the jobs of this month are used up",
        "wait for the time in the header `RateLimit-Reset`, or choose another plan";
    INVALID_SIGNATURE = "invalid_signature", 401, "the message is not signed with a secret of this server",
        "compare the webhook's secret at GitHub or Stripe with the one that is set here";
    SIGN_IN_REQUIRED = "sign_in_required", 401, "this needs an account",
        "sign in, or send an API key as `Authorization: Bearer KEY`";
    PRIVATE_NOT_IN_PLAN = "private_not_in_plan", 402, "the plan has no private repositories",
        "choose a plan with private repositories";
    MODEL_NOT_IN_PLAN = "model_not_in_plan", 402, "the plan has no summaries by a language model",
        "build without model-written summaries (leave out `options.prose`), or choose another plan";
    REPOSITORY_EXCEEDS_PLAN = "repository_exceeds_plan", 402, "the repository is larger than the plan allows",
        "choose a plan for larger repositories";
    REPOSITORY_ACCESS_REQUIRED = "repository_access_required", 403, "Doctown may not read your private repositories",
        "sign in again: you then let Doctown read what you can read";
    NOT_REPOSITORY_OWNER = "not_repository_owner", 403, "you do not administer this repository",
        "ask somebody who administers it at GitHub to withdraw it";
    OWNER_REQUIRED = "owner_required", 403, "only the owner of the account may do this",
        "ask the owner of the account to do it";
    MISSING_SCOPE = "missing_scope", 403, "the key may not do this",
        "make a key with the scope that `detail` names";
    SESSION_REQUIRED = "session_required", 403, "a key may not do this",
        "sign in to the website and do it there";
    KEY_REQUIRED = "key_required", 403, "only an API key may do this",
        "send the key that this is about as `Authorization: Bearer KEY`";
    SIGN_IN_FAILED = "sign_in_failed", 400, "nobody was signed in",
        "sign in again: each way to GitHub leads back once, within ten minutes, in the same browser";
    ORIGIN_NOT_ALLOWED = "origin_not_allowed", 403, "pages of other sites may not make changes here",
        "the operator of this server can allow the origin of your page; programs send no `Origin`";
    NO_ACCOUNTS = "no_accounts", 404, "this server has no accounts",
        "everything on it is yours already";
    NO_GITHUB_APP = "no_github_app", 404, "this server builds nothing at pushes",
        "whoever runs the server can set a GitHub App up; until then, start a job for each commit";
    NO_SUCH_REPOSITORY = "no_such_repository", 404, "the GitHub App is not installed on this repository for you",
        "install it on the repository, or list the repositories again";
    NO_BILLING = "no_billing", 404, "no plans are sold on this server",
        "ask whoever runs the server for another plan";
    NO_SUCH_SESSION = "no_such_session", 404, "the account has no such session",
        "list the sessions again: it may have ended";
    NO_SUCH_KEY = "no_such_key", 404, "the account has no such key",
        "list the keys again";
    NO_SUCH_WEBHOOK = "no_such_webhook", 404, "the account has no such webhook",
        "list the webhooks again";
    NO_SUCH_SCHEDULE = "no_such_schedule", 404, "the account has no such schedule",
        "list the schedules again";
    NO_SUCH_MESSAGE = "no_such_message", 404, "the account has no such message",
        "list the messages again: they are kept for a month";
    NO_SUCH_ACCOUNT = "no_such_account", 404, "you have no such account",
        "check the parameter `account`: it names your own account, or one that you are a member of";
    NO_SUCH_PERSON = "no_such_person", 404, "nobody of this name has signed in",
        "ask them to sign in once, then add them again";
    NO_SUCH_MEMBER = "no_such_member", 404, "the account has no such member",
        "list the members again";
    NO_SUCH_WITHDRAWAL = "no_such_withdrawal", 404, "you have not withdrawn this repository",
        "list your withdrawals again";
    NO_SUCH_DEVICE_CODE = "no_such_device_code", 404, "the code is wrong or has expired",
        "compare it with the one that the program shows, or begin again there";
    NO_SUCH_LINK = "no_such_link", 404, "the account has no such link",
        "list the links again";
    NOT_FOUND = "not_found", 404, "page not found",
        "/v1/openapi.json lists the paths";
    NO_SUCH_JOB = "no_such_job", 404, "the job does not exist",
        "check the address; a newer run of the same build may have replaced it";
    NO_SUCH_DOCPACK = "no_such_docpack", 404, "the docpack does not exist",
        "check the address";
    NO_SUCH_ENTRY = "no_such_entry", 404, "the docpack has no such entry",
        "the manifest lists the entries";
    NO_SUCH_SYMBOL = "no_such_symbol", 404, "the docpack has no such symbol",
        "search finds symbols by name";
    METHOD_NOT_ALLOWED = "method_not_allowed", 405, "method not allowed",
        "the header `Allow` lists the allowed methods";
    REQUEST_TIMEOUT = "request_timeout", 408, "the answer took too long",
        "try again later";
    ALREADY_SUBSCRIBED = "already_subscribed", 409, "the account has a subscription already",
        "change or end it under Settings, Plan and billing";
    NOT_A_CUSTOMER = "not_a_customer", 409, "the account has bought nothing yet",
        "choose a plan first";
    SUBSCRIPTION_RUNS = "subscription_runs", 409, "the account has a subscription that cannot be ended here",
        "tell whoever runs the server: it has to be ended first";
    TOO_MANY_KEYS = "too_many_keys", 409, "the plan allows no more keys",
        "revoke a key that is not used, or choose another plan";
    TOO_MANY_WEBHOOKS = "too_many_webhooks", 409, "the account has too many webhooks",
        "remove one that is not used";
    TOO_MANY_SCHEDULES = "too_many_schedules", 409, "the account has too many schedules",
        "remove one that is not needed";
    WEBHOOKS_OFF = "webhooks_off", 409, "this server sends no webhooks",
        "follow the events of the job instead, or ask whoever runs the server to turn webhooks on";
    MAIL_OFF = "mail_off", 409, "no e-mail can be sent to you",
        "this server sends none, or GitHub names no address of yours: add one there and sign in again";
    DELIVERY_REUSED = "delivery_reused", 409, "another delivery had this id",
        "GitHub gives each delivery an id of its own: this one does not come from there";
    DOCPACK_PRIVATE = "docpack_private", 409, "the docpack is private",
        "set its visibility to `unlisted` or `public` first";
    TOO_MANY_MEMBERS = "too_many_members", 409, "the plan allows no more members",
        "remove a member, or choose another plan";
    TOO_MANY_LINKS = "too_many_links", 409, "the docpack has too many links",
        "use one of its links";
    NOT_AWAITING_APPROVAL = "not_awaiting_approval", 409, "this job is not waiting for approval",
        "the job's `phase` shows its progress";
    OTHER_ESTIMATE = "other_estimate", 409, "the job's estimate has changed",
        "read the job again and approve its current estimate";
    JOB_NOT_OVER = "job_not_over", 409, "the job has not finished",
        "wait until it has finished, or cancel it first";
    JOB_SHARED = "job_shared", 409, "others wait for this job as well",
        "leave it running; nobody is charged for it twice";
    STATE_DAMAGED = "state_damaged", 409, "the record of the job is damaged",
        "cancel the job, then submit the repository again";
    STATE_OF_OTHER_VERSION = "state_of_other_version", 409, "another version of Doctown made the job",
        "use the version that made it, or submit the repository again";
    PACK_CHANGED = "pack_changed", 409, "the pack was changed while it was shown",
        "open the pack again from the terminal, which verifies it as it is now";
    BODY_TOO_LARGE = "body_too_large", 413, "the body is too large",
        "a request has at most 256 kB";
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type", 415, "the body is not JSON",
        "send the header `content-type: application/json`";
    RANGE_NOT_SATISFIABLE = "range_not_satisfiable", 416, "the range lies outside the docpack",
        "the header `Content-Range` has the size";
    MISDIRECTED_REQUEST = "misdirected_request", 421, "the request is for another host",
        "use `localhost` or 127.0.0.1; behind a proxy, the operator has to set the number of trusted proxies";
    DOCPACK_TOO_LARGE = "docpack_too_large", 422, "the docpack is too large to explore here",
        "build less of the repository: name what to include or exclude";
    INVALID_FIELD = "invalid_field", 422, "a field is invalid",
        "`errors` names the field and its allowed values";
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused", 422, "the idempotency key was used for another request",
        "send another key with another request";
    NO_EMBEDDER = "no_embedder", 422, "vectors cannot be computed here",
        "build without embeddings (`options.embeddings: false`)";
    MODEL_NOT_CONFIGURED = "model_not_configured", 422, "no language model is configured",
        "build without model-written summaries (leave out `options.prose`)";
    RATE_LIMIT_EXCEEDED = "rate_limit_exceeded", 429, "too many requests",
        "try again after the time in the header `Retry-After`";
    TOO_MANY_JOBS = "too_many_jobs", 429, "too many jobs of yours are running",
        "wait until one of them has finished, or choose another plan";
    INTERNAL = "internal", 500, "internal error",
        "try again; if it fails again, report the request id";
    DOCPACK_DAMAGED = "docpack_damaged", 500, "the stored docpack is damaged",
        "build the repository again";
    BILLING_UNAVAILABLE = "billing_unavailable", 503, "Stripe gives no answer",
        "try again in a few seconds; nothing was changed";
    STORE_UNAVAILABLE = "store_unavailable", 503, "the server's storage is unavailable",
        "try again later";
    SHUTTING_DOWN = "shutting_down", 503, "the server is shutting down",
        "try again in a few seconds";
    TOO_MANY_DELIVERIES = "too_many_deliveries", 503, "too many large deliveries at once",
        "deliver it again later";
    TOO_MANY_DEVICES = "too_many_devices", 503, "too many programs are waiting to be signed in",
        "try again after the time in the header `Retry-After`";
    TOO_MANY_ENTRIES_SENT = "too_many_entries_sent", 503, "too many downloads at once",
        "try again after the time in the header `Retry-After`";
    TOO_MANY_LOOKUPS = "too_many_lookups", 503, "too many repositories are being looked up",
        "try again after the time in the header `Retry-After`";
    TOO_MANY_STREAMS = "too_many_streams", 503, "too many event streams are open",
        "poll with `Accept: application/json`, or try again later";
    LOOKUP_TIMEOUT = "lookup_timeout", 504, "looking up the repository took too long",
        "try again later";
}

/// Finds a code by its word.
pub fn by_word(word: &str) -> Option<Code> {
    ALL.iter().copied().find(|code| code.word == word)
}
