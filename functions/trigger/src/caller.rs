//! Who asks, and what is theirs to see.
//!
//! A docpack's id is a digest that others can compute, and a job's id is derived from what it builds: neither is a
//! secret. So both are found by owner and id, and what belongs to somebody else is answered as what does not exist.

use std::convert::Infallible;
use std::sync::Arc;

use accounts::{Accounts, ApiKey, Scope, Visibility};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use docpack::Digest;
use ledger::{DocpackRow, LOCAL_USER, Whose};
use pipeline::{JobId, PipelineError, Tenant};

use crate::app::App;
use crate::codes;
use crate::contract::{Auth, Op, Verb};
use crate::failure::{Answered, Failure};
use crate::http::door::{Visitor, now, too_many};
use crate::http::rate::{Allowance, Class};
use crate::http::read::docpack_id;
use crate::sharing::visibility_of;
use crate::sync;

/// Holds a session. Browsers take the prefix for a promise: only this host set it, over TLS, for all its paths.
pub(crate) const COOKIE: &str = "__Host-doctown";

/// Who sent a request, and what else it showed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Caller {
    who: Who,
    /// The token of a link that somebody shared.
    link: Option<String>,
}

/// Who sent a request.
#[derive(Debug, Clone, Default)]
enum Who {
    /// Whoever reaches a server without accounts: all that it has is one person's.
    Everyone,
    /// Nobody that the server knows.
    #[default]
    Stranger,
    /// The owner of an account.
    Person(Arc<Person>),
}

/// The owner of an account, as a request showed who it is.
#[derive(Debug)]
pub(crate) struct Person {
    /// The account that the request is about, and the tenant of what is that account's alone.
    pub(crate) account: Tenant,
    /// The person's own account; another one for a member of `account`.
    pub(crate) own: Tenant,
    pub(crate) via: Via,
}

impl Person {
    fn is_member(&self) -> bool {
        self.own != self.account
    }
}

/// How a person showed who it is.
#[derive(Debug)]
pub(crate) enum Via {
    /// The session of this id.
    Session(String),
    /// An API key.
    Key(ApiKey),
    /// Nobody asked: the GitHub App acts for the account.
    Installation,
}

/// What an operation asks of a caller.
#[derive(Clone)]
pub(crate) struct Guard {
    app: App,
    auth: Auth,
    scope: Option<Scope>,
    /// Whether the operation may end a session, a key or an order.
    changes_people: bool,
}

impl Guard {
    pub(crate) fn of(app: App, op: Op) -> Self {
        let operation = op.operation();
        let is_change = operation.verb != Verb::Get || op == Op::FinishSignIn;
        let changes_people = is_change && matches!(operation.tag, "account" | "sharing");
        Self { app, auth: operation.auth, scope: operation.scope, changes_people }
    }

    /// Finds out who asks; `account` is the one that the request is about, where it names one.
    async fn admit(&self, headers: &HeaderMap, account: Option<&str>) -> Answered<Who> {
        let Some(accounts) = self.app.accounts() else { return Ok(Who::Everyone) };
        let caller = match (self.auth, Shown::of(headers)) {
            (Auth::Open, _) | (_, Shown::Nothing) => Who::Stranger,
            (_, Shown::Key(text)) => self.key(accounts, text).await?,
            (auth, Shown::Session(token)) => match self.session(accounts, token).await {
                // Who has an old cookie may still see what everybody sees.
                Err(failure) if auth == Auth::Optional && failure.status == 401 => Who::Stranger,
                found => found?,
            },
        };
        let caller = match (caller, account) {
            (Who::Person(person), Some(account)) => {
                Who::Person(for_account(accounts, person, account).await?)
            }
            (caller, _) => caller,
        };
        match (&caller, self.auth) {
            (Who::Stranger, Auth::Account | Auth::Session | Auth::Key) => {
                Err(Failure::new(codes::SIGN_IN_REQUIRED, "nobody is signed in")
                    .with_header(header::WWW_AUTHENTICATE, "Bearer"))
            }
            (Who::Person(person), Auth::Session) if matches!(person.via, Via::Key(_)) => {
                Err(Failure::new(codes::SESSION_REQUIRED, "a key was sent"))
            }
            (Who::Person(person), Auth::Session) if person.is_member() => {
                Err(Failure::new(codes::OWNER_REQUIRED, "the account is another person's"))
            }
            (Who::Person(person), Auth::Key) if matches!(person.via, Via::Session(_)) => {
                Err(Failure::new(codes::KEY_REQUIRED, "a session was sent"))
            }
            _ => Ok(caller),
        }
    }

    async fn key(&self, accounts: &Accounts, text: &str) -> Answered<Who> {
        let recent = &self.app.recent().keys;
        let digest = Digest::of(text.as_bytes());
        let found = match recent.get(&digest) {
            Some(key) => Some(key),
            None => {
                let read = accounts.key(text, now(&self.app).0).await?;
                // Only what was just read: what is used all the time must be read again too.
                read.inspect(|key| recent.put(digest, key.clone()))
            }
        };
        let key = found.ok_or_else(|| {
            Failure::new(codes::INVALID_CREDENTIALS, "the key is unknown, revoked or expired")
                .with_header(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
        })?;
        if let Some(scope) = self.scope.filter(|scope| !key.scopes.contains(scope)) {
            return Err(Failure::new(codes::MISSING_SCOPE, format!("the key lacks the scope `{scope}`")));
        }
        let account = key.account.clone();
        person(&account, Via::Key(key))
    }

    async fn session(&self, accounts: &Accounts, token: &str) -> Answered<Who> {
        let recent = &self.app.recent().sessions;
        let digest = Digest::of(token.as_bytes());
        let found = match recent.get(&digest) {
            Some(session) => Some(session),
            None => {
                let read = accounts.session(token, now(&self.app).0).await?;
                read.inspect(|session| recent.put(digest, session.clone()))
            }
        };
        let session =
            found.ok_or_else(|| Failure::new(codes::INVALID_CREDENTIALS, "the session has ended"))?;
        person(&session.account, Via::Session(session.id))
    }
}

fn person(account: &str, via: Via) -> Answered<Who> {
    let account: Tenant = account.parse().map_err(Failure::internal)?;
    Ok(Who::Person(Arc::new(Person { own: account.clone(), account, via })))
}

/// Lets a person act for an account that it is a member of.
async fn for_account(accounts: &Accounts, person: Arc<Person>, account: &str) -> Answered<Arc<Person>> {
    if person.own.as_str() == account {
        return Ok(person);
    }
    let account: Option<Tenant> = account.parse().ok();
    match account {
        Some(account) if accounts.is_member(account.as_str(), person.own.as_str()).await? => {
            let Some(Person { own, via, .. }) = Arc::into_inner(person) else {
                return Err(Failure::internal("the person is shared"));
            };
            Ok(Arc::new(Person { account, own, via }))
        }
        _ => Err(Failure::new(codes::NO_SUCH_ACCOUNT, "you are not a member of it")),
    }
}

/// Lets a request through to its operation with its caller, or refuses it.
///
/// Requests of an account are counted together, whichever address they come from; those that show something invalid are
/// counted by address, so that nobody can try keys at will.
pub(crate) async fn guard(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>().copied();
    let rates = guard.app.rates();
    if let Some(visitor) = visitor
        && let Some(wait) = rates.refusals_left(visitor.address)
    {
        return too_many(wait).into_response();
    }
    let (headers, account) = (request.headers().clone(), parameter(&request, "account"));
    let admitted = guard.admit(&headers, account.as_deref()).await;
    let allowance = visitor.and_then(|visitor| match &admitted {
        Ok(Who::Person(person)) => rates.take_of_account(person.own.as_str(), visitor.class),
        Ok(_) => rates.take(visitor.address, visitor.class),
        Err(_) => rates.take(visitor.address, Class::Refusals),
    });
    if let Some(Allowance { wait: Some(wait), .. }) = allowance {
        return too_many(wait).into_response();
    }
    let mut response = match admitted {
        Ok(who) => {
            let link = parameter(&request, "link");
            request.extensions_mut().insert(Caller { who, link });
            next.run(request).await
        }
        Err(failure) => failure.into_response(),
    };
    if guard.changes_people {
        guard.app.recent().clear();
    }
    if let Some(allowance) = allowance {
        response.extensions_mut().insert(allowance);
    }
    response
}

/// Finds a parameter of a request that any operation takes.
fn parameter(request: &Request, name: &str) -> Option<String> {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

/// Reports whether a request shows something that may say who sent it.
pub(crate) fn shows_something(headers: &HeaderMap) -> bool {
    !matches!(Shown::of(headers), Shown::Nothing)
}

/// What a request shows of who sent it. A key wins: a program sends it on purpose, a browser its cookie by itself.
enum Shown<'h> {
    Nothing,
    Key(&'h str),
    Session(&'h str),
}

impl<'h> Shown<'h> {
    fn of(headers: &'h HeaderMap) -> Self {
        let bearer =
            headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.split_once(' '));
        if let Some((_, key)) = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) {
            return Self::Key(key.trim());
        }
        cookie(headers, COOKIE).map_or(Self::Nothing, Self::Session)
    }
}

/// Finds a cookie of this name.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
}

impl Caller {
    /// Whoever asks a server without accounts.
    pub(crate) fn everyone() -> Self {
        Self { who: Who::Everyone, link: None }
    }

    /// Whoever the GitHub App acts for.
    pub(crate) fn of_installation(account: Tenant) -> Self {
        let person = Person { own: account.clone(), account, via: Via::Installation };
        Self { who: Who::Person(Arc::new(person)), link: None }
    }

    /// Adds the token of a link that somebody shared.
    pub(crate) fn with_link(self, link: Option<String>) -> Self {
        Self { link, ..self }
    }

    /// Tells whether the server has no accounts.
    pub(crate) fn is_everyone(&self) -> bool {
        matches!(self.who, Who::Everyone)
    }

    /// Names whose idempotency keys and limits count.
    pub(crate) fn name(&self) -> &str {
        match &self.who {
            Who::Everyone => LOCAL_USER,
            Who::Stranger => "",
            Who::Person(person) => person.account.as_str(),
        }
    }

    /// Returns the account, where there is one.
    pub(crate) fn account(&self) -> Option<&Tenant> {
        match &self.who {
            Who::Person(person) => Some(&person.account),
            Who::Everyone | Who::Stranger => None,
        }
    }

    /// Returns the account of an operation that asks for one.
    pub(crate) fn person(&self) -> Answered<&Person> {
        match &self.who {
            Who::Person(person) => Ok(person),
            _ => Err(Failure::new(codes::NO_ACCOUNTS, "everything here is one person's")),
        }
    }

    /// Reports whether the session or key that the request showed can still be used, for what lasts longer than that.
    pub(crate) async fn is_still_admitted(&self, app: &App) -> bool {
        let (Who::Person(person), Some(accounts)) = (&self.who, app.accounts()) else { return true };
        let (own, now) = (person.own.as_str(), now(app).0);
        let is_live = match &person.via {
            Via::Session(id) => accounts.is_live_session(own, id, now).await,
            Via::Key(key) => accounts.is_live_key(own, &key.id, now).await,
            Via::Installation => Ok(true),
        };
        let is_member = match person.is_member() {
            true => accounts.is_member(person.account.as_str(), own).await,
            false => Ok(true),
        };
        // A database that gives no answer for a moment ends no stream.
        is_live.unwrap_or(true) && is_member.unwrap_or(true)
    }

    /// Returns the tenant that jobs of public repositories are made for.
    pub(crate) fn tenant(&self) -> Tenant {
        match &self.who {
            Who::Everyone => Tenant::local(),
            Who::Stranger | Who::Person(_) => Tenant::public(),
        }
    }

    /// Tells whose jobs and docpacks the caller's lists have.
    pub(crate) fn whose(&self) -> Whose<'_> {
        match &self.who {
            Who::Everyone => Whose::Owner(LOCAL_USER),
            // Nobody ordered anything by this name.
            Who::Stranger => Whose::Account(""),
            Who::Person(person) => Whose::Account(person.account.as_str()),
        }
    }

    /// Finds the owner of a job that the caller may see.
    pub(crate) async fn owner_of(&self, app: &App, job: &JobId) -> Answered<Tenant> {
        let Who::Person(person) = &self.who else {
            let absent = || PipelineError::NoSuchJob { job: job.clone() }.into();
            return matches!(self.who, Who::Everyone).then(Tenant::local).ok_or_else(absent);
        };
        let (recent, key) = (&app.recent().owners, (person.account.clone(), job.clone()));
        if let Some(owner) = recent.get(&key) {
            return Ok(owner);
        }
        let owner = app.ledger().owner_of_ordered(person.account.as_str(), job.as_str()).await?;
        let owner: Option<Tenant> = owner.and_then(|owner| owner.parse().ok());
        let owner = owner.ok_or_else(|| PipelineError::NoSuchJob { job: job.clone() })?;
        recent.put(key, owner.clone());
        Ok(owner)
    }

    /// Finds a docpack that the caller may read.
    pub(crate) async fn docpack(&self, app: &App, id: &str) -> Answered<DocpackRow> {
        let id = docpack_id(id)?.to_string();
        let mut row = self.readable(app, &id).await?;
        if row.is_none() {
            sync::adopt_others(app).await?;
            row = self.readable(app, &id).await?;
        }
        row.ok_or_else(|| Failure::new(codes::NO_SUCH_DOCPACK, format!("docpack `{id}` does not exist")))
    }

    /// Finds a docpack that somebody opened to whoever has this link.
    pub(crate) async fn linked(app: &App, token: &str, id: &str) -> Answered<Option<DocpackRow>> {
        let Some(accounts) = app.accounts() else { return Ok(None) };
        let Some(link) = accounts.link(token, now(app).0).await? else { return Ok(None) };
        let may_share = visibility_of(accounts, &link.account, &link.owner, &link.docpack).await?
            != Visibility::Private
            && app.ledger().has_docpack(&link.account, &link.owner, &link.docpack).await?;
        let row = app.ledger().docpack(&link.owner, &link.docpack).await?;
        Ok(row.filter(|row| row.id == id && may_share && !row.is_withdrawn))
    }

    async fn readable(&self, app: &App, id: &str) -> Answered<Option<DocpackRow>> {
        let ledger = app.ledger();
        if matches!(self.who, Who::Everyone) {
            return Ok(ledger.docpack(LOCAL_USER, id).await?);
        }
        if let Some(account) = self.account()
            && let Some(own) = ledger.docpack(account.as_str(), id).await?
        {
            return Ok(Some(own));
        }
        if let Some(token) = &self.link
            && let Some(linked) = Self::linked(app, token, id).await?
        {
            return Ok(Some(linked));
        }
        let public = Tenant::public();
        let Some(row) = ledger.docpack(public.as_str(), id).await? else { return Ok(None) };
        if row.is_withdrawn {
            return Ok(None);
        }
        let may_read = row.is_public
            || match self.account() {
                Some(account) => ledger.has_docpack(account.as_str(), public.as_str(), id).await?,
                None => false,
            };
        Ok(may_read.then_some(row))
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        // A request that went by the guard of its operation is nobody's.
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
