//! `/v1/me/webhooks`, `/v1/me/messages` and `/v1/me/notifications`: how an account is told about its jobs.

use accounts::{Endpoint, MAX_ENDPOINTS, MailWishes, Message};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use pipeline::Timestamp;
use source::post::check_target;

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::now;
use crate::http::read::json;
use crate::notices::{ensure_signing, renew_signing, try_webhook};
use crate::routes::me::of;
use crate::routes::sign_in::people;
use crate::wire::{
    MailWishesRequest, MessageSummary, Messages, NewWebhookRequest, Notifications, SigningSecret,
    WebhookEvent, WebhookSummary, Webhooks,
};

/// Messages of a list.
const MAX_LISTED: u32 = 100;
const MAX_URL_BYTES: usize = 2_048;

pub(super) async fn webhooks(State(app): State<App>, caller: Caller) -> Answered<Json<Webhooks>> {
    let account = caller.person()?.account.as_str();
    let people = people(&app)?;
    let has_secret = match &people.grants {
        Some(grants) => people.accounts.signing(grants.keys(), account).await?.is_some(),
        None => false,
    };
    let items = people.accounts.endpoints(account).await?.into_iter().map(summary).collect();
    Ok(Json(Webhooks { items, has_secret }))
}

pub(super) async fn add_webhook(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answered<(StatusCode, Json<WebhookSummary>)> {
    let account = caller.person()?.account.as_str();
    let (people, now) = (people(&app)?, now(&app).0);
    let NewWebhookRequest { url, events } = json(&headers, body, None).await?;
    let url = target(&app, "/url", &url).await?;
    let mut events = events.unwrap_or_else(|| WebhookEvent::ALL.to_vec());
    events.sort_unstable();
    events.dedup();
    if events.is_empty() {
        return Err(Failure::field(codes::INVALID_FIELD, "/events", "expected at least one"));
    }
    ensure_signing(people, account, now).await?;
    let words: Vec<&str> = events.iter().map(|event| event.as_str()).collect();
    let added = people.accounts.add_endpoint(account, &url, &words, now).await?;
    let too_many = || Failure::new(codes::TOO_MANY_WEBHOOKS, format!("it has {MAX_ENDPOINTS}"));
    Ok((StatusCode::CREATED, Json(summary(added.ok_or_else(too_many)?))))
}

/// Checks an address that messages are to be posted to.
pub(super) async fn target(app: &App, field: &str, url: &str) -> Answered<String> {
    let (text, config) = (url.trim().to_owned(), app.source().clone());
    if text.len() > MAX_URL_BYTES {
        return Err(Failure::field(codes::INVALID_FIELD, field, format!("at most {MAX_URL_BYTES} bytes")));
    }
    let checking = tokio::task::spawn_blocking(move || check_target(&text, &config));
    let checked = checking.await.map_err(Failure::internal)?;
    let checked = checked.map_err(|error| Failure::field(codes::INVALID_FIELD, field, error.to_string()))?;
    Ok(checked.into())
}

pub(super) async fn remove_webhook(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answered<StatusCode> {
    match of(&app)?.remove_endpoint(caller.person()?.account.as_str(), &id, now(&app).0).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(no_such_webhook()),
    }
}

pub(super) async fn test_webhook(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answered<StatusCode> {
    let account = caller.person()?.account.as_str();
    let people = people(&app)?;
    let endpoints = people.accounts.endpoints(account).await?;
    let endpoint = endpoints.iter().find(|it| it.id == id).ok_or_else(no_such_webhook)?;
    try_webhook(&app, people, account, endpoint).await?;
    Ok(StatusCode::ACCEPTED)
}

fn no_such_webhook() -> Failure {
    Failure::new(codes::NO_SUCH_WEBHOOK, "it is none of yours")
}

pub(super) async fn renew_secret(State(app): State<App>, caller: Caller) -> Answered<Json<SigningSecret>> {
    let account = caller.person()?.account.as_str();
    let (secret, previous_until) = renew_signing(people(&app)?, account, now(&app).0).await?;
    Ok(Json(SigningSecret { secret, previous_until }))
}

pub(super) async fn messages(State(app): State<App>, caller: Caller) -> Answered<Json<Messages>> {
    let listed = of(&app)?.messages(caller.person()?.account.as_str(), MAX_LISTED).await?;
    Ok(Json(Messages { items: listed.into_iter().map(message_summary).collect() }))
}

pub(super) async fn resend(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answered<StatusCode> {
    match of(&app)?.resend_message(caller.person()?.account.as_str(), &id, now(&app).0).await? {
        true => Ok(StatusCode::ACCEPTED),
        false => Err(Failure::new(codes::NO_SUCH_MESSAGE, "it is none of yours")),
    }
}

pub(super) async fn notifications(State(app): State<App>, caller: Caller) -> Answered<Json<Notifications>> {
    Ok(Json(of_account(&app, caller.person()?.account.as_str()).await?))
}

pub(super) async fn set_notifications(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answered<Json<Notifications>> {
    let account = caller.person()?.account.as_str();
    let MailWishesRequest { on_finished, on_failed } = json(&headers, body, None).await?;
    let now_told = of_account(&app, account).await?;
    if (on_finished || on_failed) && (now_told.email.is_none() || !now_told.sends_mail) {
        let detail = match now_told.sends_mail {
            true => "GitHub names no address of yours",
            false => "this server sends no e-mail",
        };
        return Err(Failure::new(codes::MAIL_OFF, detail));
    }
    of(&app)?.set_mail_wishes(account, MailWishes { on_finished, on_failed }).await?;
    Ok(Json(Notifications { on_finished, on_failed, ..now_told }))
}

async fn of_account(app: &App, account: &str) -> Answered<Notifications> {
    let people = people(app)?;
    let MailWishes { on_finished, on_failed } = people.accounts.mail_wishes(account).await?;
    Ok(Notifications {
        email: people.accounts.user(account).await?.and_then(|user| user.email),
        sends_mail: app.settings().mailer.is_some(),
        sends_webhooks: people.grants.is_some(),
        on_finished,
        on_failed,
    })
}

fn summary(endpoint: Endpoint) -> WebhookSummary {
    let is_told = |event: &WebhookEvent| endpoint.events.iter().any(|word| word == event.as_str());
    WebhookSummary {
        events: WebhookEvent::ALL.into_iter().filter(is_told).collect(),
        id: endpoint.id,
        url: endpoint.url,
        created_at: Timestamp(endpoint.created_at),
        gone_at: endpoint.gone_at.map(Timestamp),
    }
}

fn message_summary(message: Message) -> MessageSummary {
    MessageSummary {
        next_at: message.ended_at.is_none().then_some(Timestamp(message.due_at)),
        id: message.id,
        event_id: message.event_id,
        event: message.event,
        channel: message.channel.as_str().to_owned(),
        target: message.target,
        state: message.state,
        attempts: message.attempts,
        answer: message.answer,
        created_at: Timestamp(message.created_at),
        ended_at: message.ended_at.map(Timestamp),
    }
}
