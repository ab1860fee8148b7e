//! The table of operations: routes and the OpenAPI document are both made from it.

use schemars::{JsonSchema, SchemaGenerator};

use accounts::Scope;

use crate::codes::{self, Code};
use crate::wire;

/// One operation; the router answers each by exactly one handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    CreateJob,
    ListJobs,
    GetJob,
    GetJobEvents,
    ApproveJob,
    CancelJob,
    RetryJob,
    ListDocpacks,
    GetDocpack,
    DownloadDocpack,
    GetEntry,
    SearchDocpack,
    AskDocpack,
    GetPreview,
    DiffDocpacks,
    GetSymbol,
    ListCommons,
    GetSharing,
    SetVisibility,
    CreateLink,
    RevokeLink,
    RemoveDocpack,
    ListWithdrawals,
    WithdrawRepository,
    ReinstateRepository,
    BeginSignIn,
    FinishSignIn,
    GetMe,
    DeleteMe,
    SignOut,
    ListSessions,
    EndSession,
    ListKeys,
    CreateKey,
    RevokeKey,
    ListMembers,
    AddMember,
    RemoveMember,
    LeaveAccount,
    GetThisKey,
    RevokeThisKey,
    ListSchedules,
    SetSchedule,
    RemoveSchedule,
    ListWebhooks,
    AddWebhook,
    RemoveWebhook,
    TestWebhook,
    RenewSecret,
    ListMessages,
    ResendMessage,
    GetNotifications,
    SetNotifications,
    GetBilling,
    BeginCheckout,
    OpenPortal,
    TakeStripeEvent,
    BeginDevice,
    PollDevice,
    GetDevice,
    ApproveDevice,
    DenyDevice,
    ReceiveDelivery,
    ListRepositories,
    ChooseBranches,
    RebuildRepository,
    ListErrors,
    GetOpenApi,
    GetLiveness,
    GetReadiness,
    GetMetrics,
}

/// How an operation is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
    Delete,
}

/// Who may ask for an operation, on a server with accounts; without accounts everybody may ask for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// Anybody; who asks makes no difference.
    Open,
    /// Anybody, for what is public; an account sees its own as well.
    Optional,
    /// The owner of an account, by a session or an API key.
    Account,
    /// The owner of an account in person: no key can do it.
    Session,
    /// A program, by its API key: the operation is about that key.
    Key,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    Header,
}

/// What a parameter may be.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Text { max_chars: u32 },
    Pattern(&'static str),
    Count { min: u32, max: u32, default: u32 },
    Words(&'static [&'static str]),
}

/// A parameter of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    pub name: &'static str,
    pub place: Place,
    pub required: bool,
    pub kind: Kind,
    pub doc: &'static str,
}

/// One answer that is not a problem.
pub struct Answer {
    pub status: u16,
    pub doc: &'static str,
    pub bodies: Vec<Body>,
    pub headers: &'static [(&'static str, &'static str)],
}

/// A kind of body.
pub struct Body {
    pub media_type: &'static str,
    /// `None` for text and bytes.
    pub schema: Option<SchemaOf>,
}

/// Registers a type's schema and returns a reference to it.
pub type SchemaOf = fn(&mut SchemaGenerator) -> schemars::Schema;

/// What the table says of one operation.
pub struct Operation {
    pub id: &'static str,
    pub verb: Verb,
    pub path: &'static str,
    pub tag: &'static str,
    pub auth: Auth,
    /// What an API key must be allowed to do.
    pub scope: Option<Scope>,
    pub summary: &'static str,
    pub description: &'static str,
    pub params: Vec<Param>,
    /// The body and whether it must be there.
    pub body: Option<(SchemaOf, bool)>,
    pub answers: Vec<Answer>,
    pub problems: Vec<Code>,
}

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> schemars::Schema {
    generator.subschema_for::<T>()
}

fn json<T: JsonSchema>(status: u16, doc: &'static str) -> Answer {
    let bodies = vec![Body { media_type: "application/json", schema: Some(schema::<T>) }];
    Answer { status, doc, bodies, headers: &[] }
}

fn raw(status: u16, media_type: &'static str, doc: &'static str) -> Answer {
    Answer { status, doc, bodies: vec![Body { media_type, schema: None }], headers: &[] }
}

fn empty(status: u16, doc: &'static str) -> Answer {
    Answer { status, doc, bodies: Vec::new(), headers: &[] }
}

impl Answer {
    fn with(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, ..self }
    }

    fn or<T: JsonSchema>(mut self, media_type: &'static str) -> Self {
        self.bodies.push(Body { media_type, schema: Some(schema::<T>) });
        self
    }
}

const JOB_ID: Param = Param {
    name: "job_id",
    place: Place::Path,
    required: true,
    kind: Kind::Pattern("^[a-z0-9][a-z0-9_-]{0,79}$"),
    doc: "The job's id, as `POST /v1/jobs` returned it.",
};
const DOCPACK_ID: Param = Param {
    name: "docpack_id",
    place: Place::Path,
    required: true,
    kind: Kind::Pattern("^(sha256:)?[0-9a-f]{64}$"),
    doc: "The docpack's id; `sha256:` may be left out.",
};
const CURSOR: Param = Param {
    name: "cursor",
    place: Place::Query,
    required: false,
    kind: Kind::Text { max_chars: 512 },
    doc: "Where the page begins: the `next_cursor` of the page before.",
};
const LIMIT: Param = Param {
    name: "limit",
    place: Place::Query,
    required: false,
    kind: Kind::Count { min: 1, max: wire::MAX_PAGE_ITEMS, default: wire::DEFAULT_PAGE_ITEMS },
    doc: "Most items of the page.",
};
const REPO: Param = Param {
    name: "repo_url",
    place: Place::Query,
    required: false,
    kind: Kind::Text { max_chars: 2048 },
    doc: "Only of this repository, in any form of its address.",
};
const ACCOUNT: Param = Param {
    name: "account",
    place: Place::Query,
    required: false,
    kind: Kind::Text { max_chars: 80 },
    doc: "The account that the request is about: one that the caller is a member of. Their own without it.",
};
const LINK: Param = Param {
    name: "link",
    place: Place::Query,
    required: false,
    kind: Kind::Text { max_chars: 100 },
    doc: "The token of a link that somebody shared.",
};
const IF_NONE_MATCH: Param = Param {
    name: "If-None-Match",
    place: Place::Header,
    required: false,
    kind: Kind::Text { max_chars: 4096 },
    doc: "ETags that the client has.",
};

const fn query(name: &'static str, kind: Kind, doc: &'static str) -> Param {
    Param { name, place: Place::Query, required: false, kind, doc }
}

const fn header(name: &'static str, doc: &'static str) -> Param {
    Param { name, place: Place::Header, required: false, kind: Kind::Text { max_chars: 512 }, doc }
}

const NEXT: &[(&str, &str)] = &[("Link", "The next page as `<PATH>; rel=\"next\"`; absent on the last one.")];
const TAGGED: &[(&str, &str)] =
    &[("ETag", "Strong; names the bytes."), ("Cache-Control", "`immutable` for what never changes.")];

impl Op {
    /// Every operation, in the order of the document.
    pub const ALL: [Self; 71] = [
        Self::CreateJob,
        Self::ListJobs,
        Self::GetJob,
        Self::GetJobEvents,
        Self::ApproveJob,
        Self::CancelJob,
        Self::RetryJob,
        Self::ListDocpacks,
        Self::GetDocpack,
        Self::DownloadDocpack,
        Self::GetEntry,
        Self::SearchDocpack,
        Self::AskDocpack,
        Self::GetPreview,
        Self::DiffDocpacks,
        Self::GetSymbol,
        Self::ListCommons,
        Self::GetSharing,
        Self::SetVisibility,
        Self::CreateLink,
        Self::RevokeLink,
        Self::RemoveDocpack,
        Self::ListWithdrawals,
        Self::WithdrawRepository,
        Self::ReinstateRepository,
        Self::BeginSignIn,
        Self::FinishSignIn,
        Self::GetMe,
        Self::DeleteMe,
        Self::SignOut,
        Self::ListSessions,
        Self::EndSession,
        Self::ListKeys,
        Self::CreateKey,
        Self::RevokeKey,
        Self::ListMembers,
        Self::AddMember,
        Self::RemoveMember,
        Self::LeaveAccount,
        Self::GetThisKey,
        Self::RevokeThisKey,
        Self::ListSchedules,
        Self::SetSchedule,
        Self::RemoveSchedule,
        Self::ListWebhooks,
        Self::AddWebhook,
        Self::RemoveWebhook,
        Self::TestWebhook,
        Self::RenewSecret,
        Self::ListMessages,
        Self::ResendMessage,
        Self::GetNotifications,
        Self::SetNotifications,
        Self::GetBilling,
        Self::BeginCheckout,
        Self::OpenPortal,
        Self::TakeStripeEvent,
        Self::BeginDevice,
        Self::PollDevice,
        Self::GetDevice,
        Self::ApproveDevice,
        Self::DenyDevice,
        Self::ReceiveDelivery,
        Self::ListRepositories,
        Self::ChooseBranches,
        Self::RebuildRepository,
        Self::ListErrors,
        Self::GetOpenApi,
        Self::GetLiveness,
        Self::GetReadiness,
        Self::GetMetrics,
    ];

    /// Looks the operation up in the table.
    pub fn operation(self) -> Operation {
        match self {
            Self::CreateJob
            | Self::ListJobs
            | Self::GetJob
            | Self::GetJobEvents
            | Self::ApproveJob
            | Self::CancelJob
            | Self::RetryJob => job_operation(self),
            Self::ListDocpacks
            | Self::GetDocpack
            | Self::DownloadDocpack
            | Self::GetEntry
            | Self::SearchDocpack
            | Self::AskDocpack
            | Self::GetPreview
            | Self::DiffDocpacks
            | Self::GetSymbol => docpack_operation(self),
            Self::ListCommons
            | Self::GetSharing
            | Self::SetVisibility
            | Self::CreateLink
            | Self::RevokeLink
            | Self::RemoveDocpack => sharing_operation(self),
            Self::ListWithdrawals | Self::WithdrawRepository | Self::ReinstateRepository => {
                withdrawal_operation(self)
            }
            Self::BeginSignIn
            | Self::FinishSignIn
            | Self::GetMe
            | Self::DeleteMe
            | Self::SignOut
            | Self::ListSessions
            | Self::EndSession
            | Self::ListKeys
            | Self::CreateKey
            | Self::RevokeKey
            | Self::ListMembers
            | Self::AddMember
            | Self::RemoveMember
            | Self::LeaveAccount
            | Self::GetThisKey
            | Self::RevokeThisKey => account_operation(self),
            Self::ListSchedules | Self::SetSchedule | Self::RemoveSchedule => schedule_operation(self),
            Self::ListWebhooks
            | Self::AddWebhook
            | Self::RemoveWebhook
            | Self::TestWebhook
            | Self::RenewSecret
            | Self::ListMessages
            | Self::ResendMessage
            | Self::GetNotifications
            | Self::SetNotifications => notice_operation(self),
            Self::GetBilling | Self::BeginCheckout | Self::OpenPortal | Self::TakeStripeEvent => {
                billing_operation(self)
            }
            Self::BeginDevice
            | Self::PollDevice
            | Self::GetDevice
            | Self::ApproveDevice
            | Self::DenyDevice => device_operation(self),
            Self::ReceiveDelivery
            | Self::ListRepositories
            | Self::ChooseBranches
            | Self::RebuildRepository => repository_operation(self),
            _ => process_operation(self),
        }
    }
}

fn get(id: &'static str, path: &'static str, tag: &'static str, summary: &'static str) -> Operation {
    let (params, answers) = (Vec::new(), Vec::new());
    let problems = vec![
        codes::INVALID_PARAMETER,
        codes::REQUEST_TIMEOUT,
        codes::MISDIRECTED_REQUEST,
        codes::RATE_LIMIT_EXCEEDED,
        codes::INTERNAL,
        codes::STORE_UNAVAILABLE,
    ];
    Operation {
        id,
        verb: Verb::Get,
        path,
        tag,
        auth: Auth::Open,
        scope: None,
        summary,
        description: "",
        params,
        body: None,
        answers,
        problems,
    }
}

fn post(id: &'static str, path: &'static str, tag: &'static str, summary: &'static str) -> Operation {
    let mut operation = Operation { verb: Verb::Post, ..get(id, path, tag, summary) };
    operation.problems.extend([
        codes::INVALID_REQUEST,
        codes::ORIGIN_NOT_ALLOWED,
        codes::BODY_TOO_LARGE,
        codes::UNSUPPORTED_MEDIA_TYPE,
        codes::INVALID_FIELD,
        codes::SHUTTING_DOWN,
    ]);
    operation
}

impl Operation {
    /// Says who may ask, and what a key needs.
    fn of(mut self, auth: Auth, scope: Option<Scope>) -> Self {
        self.problems.extend(match auth {
            Auth::Open => &[][..],
            Auth::Optional => &[codes::INVALID_CREDENTIALS, codes::MISSING_SCOPE],
            Auth::Account => &[codes::INVALID_CREDENTIALS, codes::SIGN_IN_REQUIRED, codes::MISSING_SCOPE],
            Auth::Session => &[
                codes::INVALID_CREDENTIALS,
                codes::SIGN_IN_REQUIRED,
                codes::SESSION_REQUIRED,
                codes::OWNER_REQUIRED,
            ],
            Auth::Key => &[codes::INVALID_CREDENTIALS, codes::SIGN_IN_REQUIRED, codes::KEY_REQUIRED],
        });
        if matches!(auth, Auth::Optional | Auth::Account) {
            self.params.push(ACCOUNT);
            self.problems.push(codes::NO_SUCH_ACCOUNT);
        }
        Self { auth, scope, ..self }
    }

    fn about(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    fn takes(mut self, params: &[Param]) -> Self {
        self.params.extend_from_slice(params);
        self
    }

    fn reads<T: JsonSchema>(self, required: bool) -> Self {
        Self { body: Some((schema::<T>, required)), ..self }
    }

    fn answers(mut self, answer: Answer) -> Self {
        self.answers.push(answer);
        self
    }

    fn fails(mut self, problems: &[Code]) -> Self {
        self.problems.extend_from_slice(problems);
        self
    }
}

fn job_operation(op: Op) -> Operation {
    const TAG: &str = "jobs";
    let is_read = matches!(op, Op::ListJobs | Op::GetJob | Op::GetJobEvents);
    let scope = if is_read { Scope::JobsRead } else { Scope::JobsWrite };
    let operation = match op {
        Op::CreateJob => post("create_job", "/v1/jobs", TAG, "Makes a job of a repository")
            .about("Checks that the repository can be read and how large it is, then answers. A job of the same build that is not over is returned instead of a second one. A repository that cannot be read is refused with the code of the reader: `GET /v1/errors` lists those of the origin `source`.")
            .takes(&[header("Idempotency-Key", "Names this very request for 24 hours: sent again, it has the same job; with another body it is refused.")])
            .reads::<wire::JobRequest>(true)
            .answers(json::<wire::SubmittedJob>(202, "The job was accepted and will not be lost.").with(&[("Location", "Path of the job.")]))
            .fails(&[codes::QUOTA_EXCEEDED, codes::PRIVATE_NOT_IN_PLAN, codes::MODEL_NOT_IN_PLAN, codes::REPOSITORY_EXCEEDS_PLAN, codes::REPOSITORY_ACCESS_REQUIRED, codes::TOO_MANY_JOBS, codes::INVALID_IDEMPOTENCY_KEY, codes::IDEMPOTENCY_KEY_REUSED, codes::NO_EMBEDDER, codes::MODEL_NOT_CONFIGURED, REFUSED_SOURCE, ABSENT_SOURCE, UNREADABLE_HOST, codes::TOO_MANY_LOOKUPS, codes::LOOKUP_TIMEOUT]),
        Op::ListJobs => get("list_jobs", "/v1/jobs", TAG, "Lists jobs, the newest first")
            .takes(&[CURSOR, LIMIT, REPO, query("phase", Kind::Words(PHASES), "Only jobs in this phase.")])
            .answers(json::<wire::Page<wire::JobSummary>>(200, "A page of jobs.").with(NEXT))
            .fails(&[codes::INVALID_CURSOR]),
        Op::GetJob => get("get_job", "/v1/jobs/{job_id}", TAG, "Tells how far a job is")
            .takes(&[JOB_ID])
            .answers(json::<wire::Job>(200, "The job."))
            .fails(&[codes::NO_SUCH_JOB]),
        Op::GetJobEvents => get("get_job_events", "/v1/jobs/{job_id}/events", TAG, "Follows what happens for a job")
            .about("With `Accept: text/event-stream` a stream: `id` is the cursor, `event` the type, `data` the envelope; a comment every 15 s keeps it alive, and it closes after `job.completed.v1`. A client that reconnects with `Last-Event-ID` misses nothing and sees nothing twice. With any other `Accept`, a page of at most `limit` events after `after`.")
            .takes(&[
                JOB_ID,
                query("after", Kind::Text { max_chars: 64 }, "Only what follows this cursor."),
                query("limit", Kind::Count { min: 1, max: MAX_EVENTS, default: 200 }, "Most events of the page; a stream has no limit."),
                header("Last-Event-ID", "As `after`, and wins over it."),
            ])
            .answers(json::<wire::EventPage>(200, "Events in order.").or::<String>("text/event-stream"))
            .answers(empty(204, "A stream that begins after the last event: there is nothing to reconnect for."))
            .fails(&[codes::NO_SUCH_JOB, codes::INVALID_CURSOR, codes::TOO_MANY_STREAMS]),
        Op::ApproveJob => post("approve_job", "/v1/jobs/{job_id}/approve", TAG, "Agrees to what a job's summaries will cost")
            .about("Approving the same estimate again is harmless.")
            .takes(&[JOB_ID])
            .reads::<wire::ApproveRequest>(false)
            .answers(json::<wire::Job>(200, "The job goes on."))
            .fails(&[codes::NO_SUCH_JOB, codes::NOT_AWAITING_APPROVAL, codes::OTHER_ESTIMATE]),
        Op::CancelJob => post("cancel_job", "/v1/jobs/{job_id}/cancel", TAG, "Ends a job")
            .about("A job that is over stays as it is.")
            .takes(&[JOB_ID])
            .answers(json::<wire::Job>(200, "The job is over."))
            .fails(&[codes::NO_SUCH_JOB, codes::JOB_SHARED]),
        _ => post("retry_job", "/v1/jobs/{job_id}/retry", TAG, "Makes a job that is over once more")
            .about("What was cached makes it cheap. Repeating it while the new job is not over returns the new job again.")
            .takes(&[JOB_ID])
            .answers(json::<wire::SubmittedJob>(202, "The new job.").with(&[("Location", "Path of the new job.")]))
            .fails(&[codes::QUOTA_EXCEEDED, codes::NO_SUCH_JOB, codes::JOB_NOT_OVER, codes::NO_EMBEDDER, codes::MODEL_NOT_CONFIGURED]),
    };
    operation.of(Auth::Account, Some(scope))
}

/// Most events of one page.
pub const MAX_EVENTS: u32 = 1_000;
/// Most hits of one search, and most symbols of one list of neighbours.
pub const MAX_HITS: u32 = 100;

const PHASES: &[&str] = &[
    "queued",
    "ingest",
    "embed",
    "assemble",
    "awaiting_approval",
    "generate",
    "pack",
    "completed",
    "partial",
    "failed",
    "cancelled",
];
const STATUSES: &[&str] = &["completed", "partial"];

/// Stands for all codes of the reader that refuse an address or a repository.
const REFUSED_SOURCE: Code = Code { word: "repo_too_large", status: 422, title: "", help: "" };
/// Stands for the codes of the reader that find nothing.
const ABSENT_SOURCE: Code = Code { word: "repo_not_found", status: 404, title: "", help: "" };
/// Stands for the codes of a host that gives no usable answer.
const UNREADABLE_HOST: Code = Code { word: "upstream_unavailable", status: 502, title: "", help: "" };

fn docpack_operation(op: Op) -> Operation {
    const TAG: &str = "docpacks";
    let auth = if matches!(op, Op::ListDocpacks) { Auth::Account } else { Auth::Optional };
    let operation = match op {
        Op::ListDocpacks => get("list_docpacks", "/v1/docpacks", TAG, "Lists docpacks, the newest first")
            .takes(&[
                CURSOR,
                LIMIT,
                REPO,
                query("status", Kind::Words(STATUSES), "Only docpacks that hold all that was asked for, or only others."),
                query("name", Kind::Text { max_chars: 100 }, "Only repositories whose name contains this."),
            ])
            .answers(json::<wire::Page<wire::DocpackSummary>>(200, "A page of docpacks.").with(NEXT))
            .fails(&[codes::INVALID_CURSOR]),
        Op::GetDocpack => get("get_docpack", "/v1/docpacks/{docpack_id}", TAG, "Returns a docpack's manifest and counts")
            .takes(&[DOCPACK_ID])
            .answers(json::<wire::Docpack>(200, "The docpack."))
            .fails(&[codes::NO_SUCH_DOCPACK]),
        Op::DownloadDocpack => get("download_docpack", "/v1/docpacks/{docpack_id}/download", TAG, "Returns the archive")
            .about("The ETag is the docpack's id; one range of bytes may be asked for.")
            .takes(&[DOCPACK_ID, IF_NONE_MATCH, header("Range", "One range, such as `bytes=0-1023`."), header("If-Range", "The ETag that the range is of.")])
            .answers(raw(200, "application/vnd.docpack", "The archive.").with(TAGGED))
            .answers(raw(206, "application/vnd.docpack", "A part of the archive.").with(TAGGED))
            .answers(empty(304, "The client has it."))
            .answers(empty(307, "Where the server is set to leave downloads to the store: a presigned address.").with(&[("Location", "Good for ten minutes."), ("ETag", "Strong; names the bytes.")]))
            .fails(&[codes::NO_SUCH_DOCPACK, codes::RANGE_NOT_SATISFIABLE, codes::DOCPACK_DAMAGED]),
        Op::GetEntry => get("get_entry", "/v1/docpacks/{docpack_id}/entries/{entry_path}", TAG, "Returns one entry of the archive")
            .about("JSON entries are sent with `Content-Encoding: gzip` where the client takes it. An entry that goes on in parts is read part by part (`nodes.json`, `nodes.0001.json`, …); the manifest lists them.")
            .takes(&[
                DOCPACK_ID,
                Param { name: "entry_path", place: Place::Path, required: true, kind: Kind::Text { max_chars: 100 }, doc: "The entry's path, such as `nodes.json` or `history/commits.json`." },
                IF_NONE_MATCH,
            ])
            .answers(raw(200, "application/json", "The entry, if it is JSON.").with(TAGGED).or_raw("application/octet-stream"))
            .answers(empty(304, "The client has it."))
            .fails(&[codes::NO_SUCH_DOCPACK, codes::NO_SUCH_ENTRY, codes::TOO_MANY_ENTRIES_SENT]),
        Op::SearchDocpack => get("search_docpack", "/v1/docpacks/{docpack_id}/search", TAG, "Finds symbols, files, folders and sections")
            .about("Names come first: exact, exact ignoring case, the same letters, then names that begin with the query. After them come hits by words (BM25 over names, paths, signatures, documentation, summaries and source words) and, where the pack has vectors and the server a model, by meaning; `ranking` says what took part. A query that is one identifier has no meaning beyond its letters. Several values of a filter are separated by commas; filters other than `path` leave symbols only.")
            .takes(&[
                DOCPACK_ID,
                Param { name: "q", place: Place::Query, required: true, kind: Kind::Text { max_chars: 500 }, doc: "What to look for." },
                query("kind", Kind::Text { max_chars: 300 }, "Only these kinds, such as `function,method`."),
                query("language", Kind::Text { max_chars: 100 }, "Only these languages."),
                query("path", Kind::Text { max_chars: 500 }, "Only files whose path begins so, or matches this glob."),
                query("cluster", Kind::Text { max_chars: 500 }, "Only these clusters, by id."),
                query("limit", Kind::Count { min: 1, max: MAX_HITS, default: 20 }, "Most hits."),
            ])
            .answers(json::<wire::SearchResults>(200, "What was found."))
            .fails(&[codes::NO_SUCH_DOCPACK, codes::DOCPACK_TOO_LARGE]),
        Op::AskDocpack => get("ask_docpack", "/v1/docpacks/{docpack_id}/ask", TAG, "Answers a question with evidence")
            .about("Returns passages of the documentation, the flow through the symbols that fit best, symbols with what their bodies do under which conditions, and statements of the tour: each with its file and line, ranked by words, by meaning where the pack has vectors and the server a model, and by the calls between them. Nothing is composed and no language model is asked. Where no item speaks of most of the question, `outcome` is `unknown` and the items are the nearest there are; `unknown_words` stand nowhere in the pack, and `lacks` names what the pack was built without.")
            .takes(&[
                DOCPACK_ID,
                Param { name: "q", place: Place::Query, required: true, kind: Kind::Text { max_chars: 500 }, doc: "The question, in words or with names of symbols." },
                query("limit", Kind::Count { min: 1, max: 50, default: 8 }, "Most items."),
            ])
            .answers(json::<ask::Answer>(200, "The evidence."))
            .fails(&[codes::NO_SUCH_DOCPACK, codes::DOCPACK_TOO_LARGE]),
        Op::GetPreview => get("get_preview", "/v1/docpacks/{docpack_id}/preview.png", TAG, "Returns the picture that a link to the docpack shows")
            .about("1200 by 630 pixels: the name, the authors' sentence about it, languages, and the parts with what uses what. The same docpack has the same picture.")
            .takes(&[DOCPACK_ID, IF_NONE_MATCH])
            .answers(raw(200, "image/png", "The picture.").with(TAGGED))
            .answers(empty(304, "The client has it."))
            .fails(&[codes::NO_SUCH_DOCPACK]),
        Op::DiffDocpacks => get("diff_docpacks", "/v1/docpacks/{docpack_id}/diff/{other_id}", TAG, "Compares two docpacks")
            .about("From the first to the second: breaking changes, symbols, calls, groups, complexity and packages. Each list is cut at `limit`; `counts` is of everything.")
            .takes(&[
                DOCPACK_ID,
                Param { name: "other_id", ..DOCPACK_ID },
                query("limit", Kind::Count { min: 1, max: MAX_CHANGES, default: DEFAULT_CHANGES }, "Most items of each list."),
            ])
            .answers(json::<wire::Difference>(200, "What changed."))
            .fails(&[codes::NO_SUCH_DOCPACK, codes::DOCPACK_TOO_LARGE]),
        _ => get("get_symbol", "/v1/docpacks/{docpack_id}/symbols/{symbol_id}", TAG, "Returns a symbol and its neighbours")
            .takes(&[
                DOCPACK_ID,
                Param { name: "symbol_id", place: Place::Path, required: true, kind: Kind::Pattern("^sym_[0-9a-f]{32}$"), doc: "The symbol's id." },
                query("limit", Kind::Count { min: 1, max: MAX_HITS, default: 25 }, "Most symbols of each list."),
            ])
            .answers(json::<wire::SymbolDetail>(200, "The symbol."))
            .fails(&[codes::NO_SUCH_DOCPACK, codes::NO_SUCH_SYMBOL, codes::DOCPACK_TOO_LARGE]),
    };
    let operation = match op {
        Op::ListDocpacks => operation,
        _ => operation.takes(&[LINK]),
    };
    operation.of(auth, Some(Scope::PacksRead))
}

fn delete(id: &'static str, path: &'static str, tag: &'static str, summary: &'static str) -> Operation {
    let mut operation = Operation { verb: Verb::Delete, ..get(id, path, tag, summary) };
    operation.problems.extend([codes::ORIGIN_NOT_ALLOWED, codes::SHUTTING_DOWN]);
    operation
}

/// Most and usual items of each list of a comparison.
pub(crate) const MAX_CHANGES: u32 = 5_000;
pub(crate) const DEFAULT_CHANGES: u32 = 500;
const SORTS: &[&str] = &["newest", "name", "symbols"];

fn withdrawal_operation(op: Op) -> Operation {
    const TAG: &str = "sharing";
    const PATH: &str = "/v1/withdrawals";
    let operation = match op {
        Op::ListWithdrawals => get("list_withdrawals", PATH, TAG, "Lists the repositories that the caller withdrew, the newest first")
            .answers(json::<wire::Withdrawals>(200, "The withdrawn repositories.")),
        Op::WithdrawRepository => post("withdraw_repository", PATH, TAG, "Withdraws a repository of the caller")
            .about("GitHub must name the caller as its owner or as one who may administer it. Nobody can find, open or download its docpacks until it is given back, whoever ordered them. Repeating it is harmless.")
            .reads::<wire::WithdrawalRequest>(true)
            .answers(empty(204, "It is withdrawn."))
            .fails(&[codes::NOT_REPOSITORY_OWNER, UNREADABLE_HOST]),
        _ => delete("reinstate_repository", PATH, TAG, "Gives back a repository that the caller withdrew")
            .takes(&[Param { required: true, ..REPO }])
            .answers(empty(204, "Its docpacks are shown as before."))
            .fails(&[codes::NO_SUCH_WITHDRAWAL]),
    };
    operation.of(Auth::Session, None).fails(&[codes::NO_ACCOUNTS])
}

fn sharing_operation(op: Op) -> Operation {
    const TAG: &str = "sharing";
    const SHARING: &str = "/v1/docpacks/{docpack_id}/sharing";
    if let Op::ListCommons = op {
        return get("list_commons", "/v1/commons", TAG, "Lists docpacks that everybody may read")
            .about("Of each repository its newest docpack; with `repo_url` all docpacks of that one.")
            .takes(&[
                query(
                    "sort",
                    Kind::Words(SORTS),
                    "The order: the newest first, by name, or those with most symbols first.",
                ),
                query(
                    "owner",
                    Kind::Text { max_chars: 100 },
                    "Only repositories of this person or organisation.",
                ),
                CURSOR,
                LIMIT,
                REPO,
                query("name", Kind::Text { max_chars: 100 }, "Only repositories whose name contains this."),
            ])
            .answers(json::<wire::Page<wire::DocpackSummary>>(200, "A page of docpacks.").with(NEXT))
            .fails(&[codes::INVALID_CURSOR, codes::NO_ACCOUNTS]);
    }
    let scope = if matches!(op, Op::GetSharing) { Scope::PacksRead } else { Scope::PacksWrite };
    let operation = match op {
        Op::GetSharing => get("get_sharing", SHARING, TAG, "Tells who may read a docpack that the account ordered")
            .answers(json::<wire::Sharing>(200, "Its visibility and links.")),
        Op::SetVisibility => post("set_visibility", SHARING, TAG, "Says who may read a docpack that the account ordered")
            .about("`public`: everybody, and the commons list it; of a public repository that is so until its owner says otherwise. `unlisted`: whoever has a link. `private`: nobody else, and links open nothing. Each account that ordered the same docpack speaks for itself: one that shares it with everybody is enough.")
            .reads::<wire::VisibilityRequest>(true)
            .answers(json::<wire::Sharing>(200, "As it is now.")),
        Op::CreateLink => post("create_link", "/v1/docpacks/{docpack_id}/links", TAG, "Makes a link that opens a docpack to whoever has it")
            .about("The link is in this answer only.")
            .reads::<wire::NewLinkRequest>(false)
            .answers(json::<wire::MadeLink>(201, "The link."))
            .fails(&[codes::DOCPACK_PRIVATE, codes::TOO_MANY_LINKS]),
        Op::RevokeLink => delete("revoke_link", "/v1/docpacks/{docpack_id}/links/{link_id}", TAG, "Revokes a link for ever")
            .takes(&[Param { name: "link_id", place: Place::Path, required: true, kind: Kind::Pattern("^[0-9a-f]{32}$"), doc: "The link's id." }])
            .answers(empty(204, "It opens nothing any more."))
            .fails(&[codes::NO_SUCH_LINK]),
        _ => delete("remove_docpack", "/v1/docpacks/{docpack_id}", TAG, "Takes a docpack off the account's list")
            .about("What others ordered stays with them. A docpack of a private repository is deleted, with what its jobs wrote. Ordering it again puts it back.")
            .answers(empty(204, "It is off the list.")),
    };
    operation
        .takes(&[DOCPACK_ID])
        .of(Auth::Account, Some(scope))
        .fails(&[codes::NO_SUCH_DOCPACK, codes::NO_ACCOUNTS])
}

fn account_operation(op: Op) -> Operation {
    const TAG: &str = "account";
    const fn id(name: &'static str, doc: &'static str) -> Param {
        Param { name, place: Place::Path, required: true, kind: Kind::Pattern("^[0-9a-f]{32}$"), doc }
    }
    const fn account_id(doc: &'static str) -> Param {
        let kind = Kind::Pattern("^a-[0-9a-f]{32}$");
        Param { name: "account_id", place: Place::Path, required: true, kind, doc }
    }
    let auth = match op {
        Op::BeginSignIn | Op::FinishSignIn => Auth::Open,
        Op::GetMe => Auth::Account,
        Op::GetThisKey | Op::RevokeThisKey => Auth::Key,
        _ => Auth::Session,
    };
    let operation = match op {
        Op::BeginSignIn => get("begin_sign_in", "/v1/sign-in", TAG, "Sends a browser to GitHub to sign in")
            .about("GitHub is told which App asks. The App can read repositories at most, never change them.")
            .takes(&[query("return_to", Kind::Text { max_chars: 500 }, "Path of this website to come back to; the first page without it, and for anything else.")])
            .answers(empty(303, "The browser goes to GitHub.").with(&[("Location", "Where people sign in."), ("Set-Cookie", "Ties the way back to this browser.")])),
        Op::FinishSignIn => get("finish_sign_in", "/v1/sign-in/callback", TAG, "Takes a browser back from GitHub")
            .about("Each way to GitHub leads back once, within ten minutes, in the browser that began it. A session that the browser had before ends.")
            .takes(&[
                query("code", Kind::Text { max_chars: 500 }, "GitHub's word for who it was."),
                query("state", Kind::Text { max_chars: 500 }, "As it was sent to GitHub."),
                query("error", Kind::Text { max_chars: 200 }, "Why GitHub sends nobody."),
            ])
            .answers(empty(303, "Somebody is signed in; or nobody is, and the page says why.").with(&[("Location", "The page that was asked for, or `/login?error=CODE`."), ("Set-Cookie", "The session.")])),
        Op::GetMe => get("get_me", "/v1/me", TAG, "Tells whose account it is, its plan, and what of it is used")
            .answers(json::<wire::Me>(200, "The account.")),
        Op::DeleteMe => delete("delete_me", "/v1/me", TAG, "Deletes the account")
            .about("With it go its sessions, keys, private docpacks and orders, at once and for good. Docpacks of public repositories that others share stay, without a word of who asked for them.")
            .answers(empty(204, "It is gone.")),
        Op::SignOut => post("sign_out", "/v1/sign-out", TAG, "Ends the session of this browser")
            .answers(empty(204, "It has ended.").with(&[("Set-Cookie", "Takes the cookie away.")])),
        Op::ListSessions => get("list_sessions", "/v1/me/sessions", TAG, "Lists the browsers that are signed in, the newest first")
            .answers(json::<wire::Sessions>(200, "They.")),
        Op::EndSession => delete("end_session", "/v1/me/sessions/{session_id}", TAG, "Signs a browser out")
            .takes(&[id("session_id", "The session's id, as the list has it.")])
            .answers(empty(204, "It is signed out."))
            .fails(&[codes::NO_SUCH_SESSION]),
        Op::ListKeys => get("list_keys", "/v1/me/keys", TAG, "Lists API keys, the newest first")
            .answers(json::<wire::ApiKeys>(200, "They, without their secrets.")),
        Op::CreateKey => post("create_key", "/v1/me/keys", TAG, "Makes an API key")
            .about("The key is in this answer only: what is kept cannot be turned back into it.")
            .reads::<wire::NewKeyRequest>(true)
            .answers(json::<wire::MadeKey>(201, "The key."))
            .fails(&[codes::TOO_MANY_KEYS]),
        Op::ListMembers => get("list_members", "/v1/me/members", TAG, "Lists the people who may use the account besides its owner")
            .answers(json::<wire::Members>(200, "The members, in the order in which they were added.")),
        Op::AddMember => post("add_member", "/v1/me/members", TAG, "Lets somebody use the account")
            .about("A member sees and orders what the owner does, with the parameter `account`; keys, sessions, members and the account itself stay the owner's. Whoever is added must have signed in once.")
            .reads::<wire::NewMemberRequest>(true)
            .answers(json::<wire::MemberSummary>(201, "The member."))
            .fails(&[codes::NO_SUCH_PERSON, codes::TOO_MANY_MEMBERS]),
        Op::RemoveMember => delete("remove_member", "/v1/me/members/{account_id}", TAG, "Takes a member off the account")
            .takes(&[account_id("The member's own account, as the list has it.")])
            .answers(empty(204, "They no longer see what is the account's."))
            .fails(&[codes::NO_SUCH_MEMBER]),
        Op::LeaveAccount => delete("leave_account", "/v1/me/memberships/{account_id}", TAG, "Leaves somebody else's account")
            .takes(&[account_id("The account that the caller is a member of.")])
            .answers(empty(204, "The caller is no longer a member."))
            .fails(&[codes::NO_SUCH_MEMBER]),
        Op::RevokeKey => delete("revoke_key", "/v1/me/keys/{key_id}", TAG, "Revokes an API key for ever")
            .takes(&[id("key_id", "The key's id, as the list has it.")])
            .answers(empty(204, "It no longer works."))
            .fails(&[codes::NO_SUCH_KEY]),
        Op::GetThisKey => get("get_this_key", "/v1/me/keys/this", TAG, "Describes the key that the request was sent with")
            .answers(json::<wire::ApiKeySummary>(200, "The key, without its secret.")),
        _ => delete("revoke_this_key", "/v1/me/keys/this", TAG, "Revokes the key that the request was sent with, for ever")
            .about("So a program can sign itself out.")
            .answers(empty(204, "It no longer works.")),
    };
    operation.of(auth, None).fails(&[codes::NO_ACCOUNTS])
}

fn notice_operation(op: Op) -> Operation {
    const TAG: &str = "account";
    const fn id(name: &'static str, pattern: &'static str, doc: &'static str) -> Param {
        Param { name, place: Place::Path, required: true, kind: Kind::Pattern(pattern), doc }
    }
    let webhook = id("webhook_id", "^we-[0-9a-f]{32}$", "The webhook's id, as the list has it.");
    let operation = match op {
        Op::ListWebhooks => get("list_webhooks", "/v1/me/webhooks", TAG, "Lists the addresses that are told how jobs ended")
            .answers(json::<wire::Webhooks>(200, "The webhooks, the oldest first.")),
        Op::AddWebhook => post("add_webhook", "/v1/me/webhooks", TAG, "Adds an address that is told how jobs ended")
            .about("Messages follow Standard Webhooks: the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, where each signature is `v1,` and the base64 of HMAC-SHA-256 over `ID.TIMESTAMP.BODY`. An answer of 2xx within 15 seconds ends a message; anything else is tried again after 10 s, 1 min, 5 min, 30 min, 1 h, 2 h, 6 h and 12 h. Redirects count as failures, and 410 ends the webhook. The same event may arrive twice: `webhook-id` tells. An account has at most 10 webhooks.")
            .reads::<wire::NewWebhookRequest>(true)
            .answers(json::<wire::WebhookSummary>(201, "The webhook."))
            .fails(&[codes::TOO_MANY_WEBHOOKS, codes::WEBHOOKS_OFF]),
        Op::RemoveWebhook => delete("remove_webhook", "/v1/me/webhooks/{webhook_id}", TAG, "Removes a webhook, and gives up what was still to be sent there")
            .takes(&[webhook])
            .answers(empty(204, "It is told nothing more."))
            .fails(&[codes::NO_SUCH_WEBHOOK]),
        Op::TestWebhook => post("test_webhook", "/v1/me/webhooks/{webhook_id}/test", TAG, "Sends the event `ping` to a webhook")
            .takes(&[webhook])
            .answers(empty(202, "It is sent in a moment; the list of messages shows what came of it."))
            .fails(&[codes::NO_SUCH_WEBHOOK]),
        Op::RenewSecret => post("renew_webhook_secret", "/v1/me/webhook-secret", TAG, "Makes a new secret that messages are signed with")
            .about("For a day, messages carry a second signature with the secret before it.")
            .answers(json::<wire::SigningSecret>(200, "The secret."))
            .fails(&[codes::WEBHOOKS_OFF]),
        Op::ListMessages => get("list_messages", "/v1/me/messages", TAG, "Lists the newest 100 messages about the account's jobs")
            .about("Messages are kept for a month.")
            .answers(json::<wire::Messages>(200, "The messages, the newest first.")),
        Op::ResendMessage => post("resend_message", "/v1/me/messages/{message_id}/resend", TAG, "Sends a message again")
            .takes(&[id("message_id", "^msg-[0-9a-f]{32}$", "The message's id, as the list has it.")])
            .answers(empty(202, "It is sent in a moment."))
            .fails(&[codes::NO_SUCH_MESSAGE]),
        Op::GetNotifications => get("get_notifications", "/v1/me/notifications", TAG, "Tells which ends of jobs are told by e-mail")
            .answers(json::<wire::Notifications>(200, "The choice.")),
        _ => post("set_notifications", "/v1/me/notifications", TAG, "Chooses which ends of jobs are told by e-mail")
            .about("E-mail goes to the address that GitHub named when the owner last signed in.")
            .reads::<wire::MailWishesRequest>(true)
            .answers(json::<wire::Notifications>(200, "The choice."))
            .fails(&[codes::MAIL_OFF]),
    };
    operation.of(Auth::Session, None).fails(&[codes::NO_ACCOUNTS])
}

fn schedule_operation(op: Op) -> Operation {
    const TAG: &str = "account";
    let operation = match op {
        Op::ListSchedules => get("list_schedules", "/v1/me/schedules", TAG, "Lists what the account has built again by itself")
            .answers(json::<wire::Schedules>(200, "The schedules, by repository and branch.")),
        Op::SetSchedule => post("set_schedule", "/v1/me/schedules", TAG, "Has a repository built again by itself")
            .about("A repository and branch have one schedule; setting it again changes it. `nightly` and `weekly` build between midnight and five in the morning, UTC, unless nothing was committed since; `tag` looks once an hour for a tag of a higher version than any before, and builds it. Each build is one of the account's jobs. An account has at most 100 schedules.")
            .reads::<wire::ScheduleRequest>(true)
            .answers(json::<wire::ScheduleSummary>(200, "The schedule."))
            .fails(&[codes::TOO_MANY_SCHEDULES, REFUSED_SOURCE]),
        _ => delete("remove_schedule", "/v1/me/schedules/{schedule_id}", TAG, "Ends a schedule")
            .takes(&[Param { name: "schedule_id", place: Place::Path, required: true, kind: Kind::Pattern("^sc-[0-9a-f]{32}$"), doc: "The schedule's id, as the list has it." }])
            .answers(empty(204, "Nothing more is built by it; jobs that run go on."))
            .fails(&[codes::NO_SUCH_SCHEDULE]),
    };
    operation.of(Auth::Session, None).fails(&[codes::NO_ACCOUNTS])
}

fn billing_operation(op: Op) -> Operation {
    const TAG: &str = "billing";
    let operation = match op {
        Op::GetBilling => get("get_billing", "/v1/me/billing", TAG, "Tells what the account pays for, and what is sold")
            .about("Stripe is asked, at most every five seconds for an account. Usage is part of `GET /v1/me`.")
            .answers(json::<wire::Billing>(200, "The plan, subscriptions, invoices and offers.")),
        Op::BeginCheckout => post("begin_checkout", "/v1/me/billing/checkout", TAG, "Begins to pay for a plan")
            .about("The browser is to go to the page at Stripe. The plan changes when Stripe says that it was paid for, not when the browser comes back.")
            .reads::<wire::CheckoutRequest>(true)
            .answers(json::<wire::BillingPage>(200, "The page on which to pay."))
            .fails(&[codes::ALREADY_SUBSCRIBED, codes::BILLING_UNAVAILABLE]),
        Op::OpenPortal => post("open_portal", "/v1/me/billing/portal", TAG, "Opens the page on which a subscription is changed or ended")
            .answers(json::<wire::BillingPage>(200, "The page at Stripe."))
            .fails(&[codes::NOT_A_CUSTOMER, codes::BILLING_UNAVAILABLE]),
        _ => post("take_stripe_event", "/v1/stripe/webhook", TAG, "Takes an event of Stripe's")
            .about("The header `Stripe-Signature` signs the body. An event only says whom to ask Stripe about, so it may come in any order and several times.")
            .takes(&[Param { name: "Stripe-Signature", place: Place::Header, required: true, kind: Kind::Text { max_chars: 4096 }, doc: "Time and signatures." }])
            .reads::<serde_json::Value>(true)
            .answers(empty(204, "It is kept."))
            .fails(&[codes::INVALID_SIGNATURE]),
    };
    let auth = if op == Op::TakeStripeEvent { Auth::Open } else { Auth::Session };
    operation.of(auth, None).fails(&[codes::NO_ACCOUNTS, codes::NO_BILLING])
}

/// Where programs begin to be signed in; an address may do so less often than other things.
pub(crate) const DEVICES_PATH: &str = "/v1/devices";

fn device_operation(op: Op) -> Operation {
    const TAG: &str = "account";
    const USER_CODE: Param = Param {
        name: "user_code",
        place: Place::Path,
        required: true,
        kind: Kind::Pattern("^[A-Za-z]{4}-?[A-Za-z]{4}$"),
        doc: "The code that the program shows; upper or lower case, with or without the dash.",
    };
    let auth = if matches!(op, Op::BeginDevice | Op::PollDevice) { Auth::Open } else { Auth::Session };
    let operation = match op {
        Op::BeginDevice => post("begin_device", DEVICES_PATH, TAG, "Begins to sign in a program that has no browser")
            .about("The device flow of RFC 8628, for API keys. The program shows its user `verification_url` and `user_code`, and asks `POST /v1/devices/token` for its key every `interval_seconds`. The codes live for 15 minutes. An address can begin 20 times a minute.")
            .reads::<wire::DeviceRequest>(true)
            .answers(json::<wire::DeviceCodes>(201, "The codes, which are in this answer only."))
            .fails(&[codes::TOO_MANY_DEVICES]),
        Op::PollDevice => post("poll_device", "/v1/devices/token", TAG, "Gives a program its API key once its user has approved")
            .about("The key is made by this request, is named as the program called itself, and expires after 90 days. The device code is then used up: exactly one request gets a key.")
            .reads::<wire::DeviceTokenRequest>(true)
            .answers(json::<wire::MadeKey>(200, "The key."))
            .fails(&[codes::AUTHORIZATION_PENDING, codes::SLOW_DOWN, codes::ACCESS_DENIED, codes::DEVICE_CODE_EXPIRED, codes::TOO_MANY_KEYS]),
        Op::GetDevice => get("get_device", "/v1/devices/{user_code}", TAG, "Shows which program asks to be signed in")
            .answers(json::<wire::DeviceSummary>(200, "The program, and what it asks for.")),
        Op::ApproveDevice => post("approve_device", "/v1/devices/{user_code}/approve", TAG, "Lets a program act for the account")
            .about("Approving twice is harmless.")
            .answers(empty(204, "The program gets its key when it asks next."))
            .fails(&[codes::TOO_MANY_KEYS]),
        _ => post("deny_device", "/v1/devices/{user_code}/deny", TAG, "Refuses a program")
            .about("This also takes back an approval, until the program has fetched its key.")
            .answers(empty(204, "The program gets no key.")),
    };
    let operation = match auth {
        Auth::Open => operation,
        _ => operation.takes(&[USER_CODE]).fails(&[codes::NO_SUCH_DEVICE_CODE]),
    };
    operation.of(auth, None).fails(&[codes::NO_ACCOUNTS])
}

/// Where GitHub delivers what happens; its own signature takes the place of limits and accounts.
pub const WEBHOOK_PATH: &str = "/v1/github/webhook";

fn repository_operation(op: Op) -> Operation {
    const TAG: &str = "repositories";
    const REPOSITORY_ID: Param = Param {
        name: "repository_id",
        place: Place::Path,
        required: true,
        kind: Kind::Pattern("^[0-9]{1,20}$"),
        doc: "GitHub's number of the repository, as the list has it.",
    };
    if op == Op::ReceiveDelivery {
        return post("receive_delivery", WEBHOOK_PATH, TAG, "Takes what GitHub tells its App")
            .about("For GitHub alone: a body of at most 25 MB, signed with the App's webhook secret (`X-Hub-Signature-256`). The delivery is stored and answered at once; GitHub is asked how things are before anything is done. A delivery that comes again does nothing.")
            .takes(&[
                header("X-Hub-Signature-256", "HMAC-SHA256 of the body, `sha256=` and 64 hex digits."),
                header("X-GitHub-Delivery", "Names the delivery; the same when it is sent again."),
                header("X-GitHub-Event", "What happened."),
            ])
            .answers(empty(202, "It is stored."))
            .answers(empty(204, "Nothing follows from it."))
            .of(Auth::Open, None)
            .fails(&[codes::NO_ACCOUNTS, codes::NO_GITHUB_APP, codes::INVALID_SIGNATURE, codes::DELIVERY_REUSED, codes::TOO_MANY_DELIVERIES]);
    }
    let scope = if op == Op::ListRepositories { Scope::JobsRead } else { Scope::JobsWrite };
    let operation = match op {
        Op::ListRepositories => get("list_repositories", "/v1/me/repositories", TAG, "Lists the repositories that are built at every push")
            .about("Those that the GitHub App is installed on: the account's own, and those of organisations where its owner installed the App.")
            .answers(json::<wire::InstalledRepositories>(200, "The repositories, by name.")),
        Op::ChooseBranches => post("choose_branches", "/v1/me/repositories/{repository_id}", TAG, "Says which branches of a repository are built, and how pushes are answered")
            .about("Nothing is written to the repository. The chosen branches are looked at at once.")
            .takes(&[REPOSITORY_ID])
            .reads::<wire::RepositoryChoice>(true)
            .answers(json::<wire::RepositorySummary>(200, "As it is now."))
            .fails(&[codes::NO_SUCH_REPOSITORY]),
        _ => post("rebuild_repository", "/v1/me/repositories/{repository_id}/redeliver", TAG, "Looks at a repository as if it had just been pushed to")
            .about("For a push that GitHub did not deliver, or whose job failed. It counts as a job.")
            .takes(&[REPOSITORY_ID])
            .answers(empty(202, "Its branches are looked at now."))
            .fails(&[codes::NO_SUCH_REPOSITORY]),
    };
    operation.of(Auth::Account, Some(scope)).fails(&[codes::NO_ACCOUNTS, codes::NO_GITHUB_APP])
}

impl Answer {
    fn or_raw(mut self, media_type: &'static str) -> Self {
        self.bodies.push(Body { media_type, schema: None });
        self
    }
}

fn process_operation(op: Op) -> Operation {
    const TAG: &str = "process";
    let operation =
        match op {
            Op::ListErrors => get("list_errors", "/v1/errors", TAG, "Lists every stable code")
                .answers(json::<wire::ErrorCodes>(200, "The codes.")),
            Op::GetOpenApi => get("get_openapi", "/v1/openapi.json", TAG, "Returns this document")
                .answers(raw(200, "application/json", "OpenAPI 3.1.")),
            Op::GetLiveness => get("get_liveness", "/livez", TAG, "Tells that the process lives")
                .answers(json::<wire::Health>(200, "It does.")),
            Op::GetReadiness => get("get_readiness", "/readyz", TAG, "Tells whether the process can work")
                .about("What it depends on is asked at most every two seconds.")
                .answers(json::<wire::Readiness>(200, "It can."))
                .answers(json::<wire::Readiness>(503, "It cannot; `checks` says why.")),
            _ => get("get_metrics", "/metrics", TAG, "Returns what is counted, for Prometheus").answers(raw(
                200,
                "application/openmetrics-text",
                "OpenMetrics text.",
            )),
        };
    let problems =
        vec![codes::REQUEST_TIMEOUT, codes::MISDIRECTED_REQUEST, codes::RATE_LIMIT_EXCEEDED, codes::INTERNAL];
    Operation { problems, ..operation }
}
