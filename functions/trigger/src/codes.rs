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
        "send what /v1/openapi.json describes";
    INVALID_PARAMETER = "invalid_parameter", 400, "a parameter has no usable value",
        "`errors` names the parameter and what it may be";
    INVALID_CURSOR = "invalid_cursor", 400, "the cursor is none of this list",
        "begin again without a cursor";
    INVALID_IDEMPOTENCY_KEY = "invalid_idempotency_key", 400, "the idempotency key cannot be used",
        "send 1 to 255 visible ASCII characters, a UUID for example";
    ORIGIN_NOT_ALLOWED = "origin_not_allowed", 403, "a page of another site may change nothing here",
        "for a page of yours elsewhere, name its origin in DOCTOWN_CORS_ORIGINS; programs send no `Origin`";
    NOT_FOUND = "not_found", 404, "there is nothing at this path",
        "/v1/openapi.json lists the paths";
    NO_SUCH_JOB = "no_such_job", 404, "the job does not exist",
        "GET /v1/jobs lists the jobs; a newer run of the same build may have taken its place";
    NO_SUCH_DOCPACK = "no_such_docpack", 404, "the docpack does not exist",
        "GET /v1/docpacks lists them";
    NO_SUCH_ENTRY = "no_such_entry", 404, "the docpack has no such entry",
        "the manifest lists the entries";
    NO_SUCH_SYMBOL = "no_such_symbol", 404, "the docpack has no such symbol",
        "search finds symbols by name";
    METHOD_NOT_ALLOWED = "method_not_allowed", 405, "the path does not take this method",
        "the header `Allow` names the methods it takes";
    REQUEST_TIMEOUT = "request_timeout", 408, "the answer took too long",
        "try again in a while";
    NOT_AWAITING_APPROVAL = "not_awaiting_approval", 409, "the job waits for no approval",
        "GET the job: `phase` says where it stands";
    OTHER_ESTIMATE = "other_estimate", 409, "the job has another estimate than the one approved",
        "GET the job and approve the estimate that it has now";
    JOB_NOT_OVER = "job_not_over", 409, "the job is not over",
        "wait for its end, or cancel it first";
    PACK_CHANGED = "pack_changed", 409, "the pack was changed while it was shown",
        "start `doctown view` again: it verifies the pack as it is now";
    BODY_TOO_LARGE = "body_too_large", 413, "the body is too large",
        "a request has at most 256 kB";
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type", 415, "the body is not JSON",
        "send the header `content-type: application/json`";
    RANGE_NOT_SATISFIABLE = "range_not_satisfiable", 416, "the range lies outside the docpack",
        "the header `Content-Range` tells the size";
    MISDIRECTED_REQUEST = "misdirected_request", 421, "the request is for another host",
        "ask for `localhost` or 127.0.0.1; behind a proxy, set DOCTOWN_TRUSTED_PROXIES";
    DOCPACK_TOO_LARGE = "docpack_too_large", 422, "the docpack is too large to be taken apart here",
        "the pack is larger than readers take; build less of the repository with `include` and `exclude`";
    INVALID_FIELD = "invalid_field", 422, "a field has no usable value",
        "`errors` names the field and what it may be";
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused", 422, "the idempotency key was used for another request",
        "send another key with another request";
    NO_EMBEDDER = "no_embedder", 422, "nothing computes vectors here",
        "send `options.embeddings: false`, or start a worker with a model";
    MODEL_NOT_CONFIGURED = "model_not_configured", 422, "no language model can be asked here",
        "leave `options.prose` out, or set DOCTOWN_LLM_BASE_URL or OPENAI_API_KEY for the server";
    RATE_LIMIT_EXCEEDED = "rate_limit_exceeded", 429, "too many requests",
        "wait as long as the header `Retry-After` says";
    INTERNAL = "internal", 500, "something went wrong here",
        "try again; if it stays, report the request id";
    STORE_UNAVAILABLE = "store_unavailable", 503, "store, queue or ledger gives no answer",
        "try again in a while";
    SHUTTING_DOWN = "shutting_down", 503, "the server is being stopped",
        "try again in a few seconds";
    TOO_MANY_ENTRIES_SENT = "too_many_entries_sent", 503, "too many entries are being sent",
        "wait as long as the header `Retry-After` says";
    TOO_MANY_STREAMS = "too_many_streams", 503, "too many event streams are open",
        "poll with `Accept: application/json`, or try again in a while";
}

/// Finds a code by its word.
pub fn by_word(word: &str) -> Option<Code> {
    ALL.iter().copied().find(|code| code.word == word)
}
