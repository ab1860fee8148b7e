//! Tells people and programs how jobs ended.
//!
//! A job that an account ordered is noted in the accounts. Once it is over, its end becomes one message to each
//! place, in one transaction; messages are sent until they are answered or a day has passed. Both steps can be
//! repeated by any process at any time: event and message ids come from what is told and to whom.

mod mail;
mod webhook;

use std::time::Duration;

use accounts::{Accounts, Awaited, Channel, Message, NewMessage, Sent};
use docpack::Digest;
use futures_util::future::join_all;
use ledger::JobRow;
use pipeline::Timestamp;
use serde_json::{Value, json};

pub use self::mail::Mailer;
use crate::app::{App, People};
use crate::failure::{Answered, Failure};
use crate::http::door::now;
use crate::wire::WebhookEvent;

/// Jobs that one round looks at.
const MAX_AWAITED: u32 = 1_000;
/// Messages that are sent at the same time.
const AT_ONCE: u32 = 16;
/// A job that nobody knows after so long was never made.
const ORPHAN_MS: u64 = 24 * 3_600_000;
/// Between two looks for messages that can be forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(3_600);
/// An event that only tries a webhook.
pub(crate) const PING: &str = "ping";

/// Notices ends of jobs until the server stops. Does nothing on a server without accounts.
pub(crate) async fn run(app: App) {
    let Some(people) = app.people().cloned() else { return };
    tokio::join!(
        repeat(&app, "ends of jobs were not looked at", || settle_all(&app, &people)),
        repeat(&app, "messages were not sent", || send_due(&app, &people)),
        forget(&app, &people.accounts),
    );
}

async fn repeat<F: Future<Output = Answered<()>>>(app: &App, failed: &str, mut round: impl FnMut() -> F) {
    loop {
        tokio::select! {
            () = app.stopped() => return,
            () = tokio::time::sleep(app.settings().notice_every) => {}
        }
        if let Err(failure) = round().await {
            tracing::warn!(code = failure.code, "{failed}: {}", failure.detail);
        }
    }
}

async fn forget(app: &App, accounts: &Accounts) {
    loop {
        if let Err(error) = accounts.forget_messages(now(app).0).await {
            tracing::warn!("old messages were not removed: {error}");
        }
        tokio::select! {
            () = app.stopped() => return,
            () = tokio::time::sleep(FORGET_EVERY) => {}
        }
    }
}

/// Notes that an account is told how a job ends.
pub(crate) async fn await_job(
    app: &App,
    account: &str,
    owner: &str,
    job: &str,
    callback_url: Option<String>,
) -> Answered<()> {
    let Some(people) = app.people() else { return Ok(()) };
    if callback_url.is_some() {
        ensure_signing(people, account, now(app).0).await?;
    }
    let (account, owner, job) = (account.to_owned(), owner.to_owned(), job.to_owned());
    Ok(people.accounts.await_job(&Awaited { account, owner, job, callback_url, since: now(app).0 }).await?)
}

/// Makes the secret that an account's messages are signed with, unless there is one; returns a new one.
pub(crate) async fn ensure_signing(people: &People, account: &str, now: u64) -> Answered<Option<String>> {
    let keys = people.grants.as_ref().map(|grants| grants.keys()).ok_or_else(webhook::off)?;
    match people.accounts.signing(keys, account).await? {
        Some(_) => Ok(None),
        None => Ok(Some(webhook::shown(&people.accounts.renew_signing(keys, account, now).await?.current))),
    }
}

/// Replaces the secret; returns the new one, and until when the old one is used as well.
pub(crate) async fn renew_signing(
    people: &People,
    account: &str,
    now: u64,
) -> Answered<(String, Option<Timestamp>)> {
    let keys = people.grants.as_ref().map(|grants| grants.keys()).ok_or_else(webhook::off)?;
    let signing = people.accounts.renew_signing(keys, account, now).await?;
    let previous_until = signing.previous.as_ref().map(|(_, until)| Timestamp(*until));
    Ok((webhook::shown(&signing.current), previous_until))
}

/// Queues an event that only tries a webhook.
pub(crate) async fn try_webhook(
    app: &App,
    people: &People,
    account: &str,
    endpoint: &accounts::Endpoint,
) -> Answered<()> {
    let now = now(app).0;
    let event_id = event_id(&[account, &endpoint.id, PING, &now.to_string()]);
    let body = json!({"id": event_id, "type": PING, "created_at": Timestamp(now), "data": {}}).to_string();
    let message = NewMessage {
        event_id: &event_id,
        event: PING,
        channel: Channel::Webhook,
        endpoint: Some(&endpoint.id),
        target: &endpoint.url,
        body: &body,
    };
    Ok(people.accounts.queue_message(account, &message, now).await?)
}

async fn settle_all(app: &App, people: &People) -> Answered<()> {
    for awaited in people.accounts.awaited(MAX_AWAITED).await? {
        let now = now(app).0;
        match app.ledger().job(&awaited.owner, &awaited.job).await? {
            Some(row) if row.is_over => settle(app, people, &awaited, &row, now).await?,
            None if now.saturating_sub(awaited.since) >= ORPHAN_MS => {
                people.accounts.settle(&awaited, &[], now).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

async fn settle(app: &App, people: &People, awaited: &Awaited, row: &JobRow, now: u64) -> Answered<()> {
    let account = awaited.account.as_str();
    let event = match row.phase.as_str() {
        "failed" => WebhookEvent::JobFailed,
        "cancelled" => WebhookEvent::JobCancelled,
        _ => WebhookEvent::JobCompleted,
    };
    let id = event_id(&[account, &awaited.owner, &awaited.job, event.as_str()]);
    let body = body(people, &id, event, row).to_string();
    let endpoints = people.accounts.endpoints(account).await?;
    let post = |channel, target, endpoint| NewMessage {
        event_id: &id,
        event: event.as_str(),
        channel,
        endpoint,
        target,
        body: &body,
    };
    let wanted = endpoints
        .iter()
        .filter(|it| it.gone_at.is_none() && it.events.iter().any(|word| word == event.as_str()));
    let mut messages: Vec<NewMessage<'_>> =
        wanted.map(|it| post(Channel::Webhook, it.url.as_str(), Some(it.id.as_str()))).collect();
    messages.extend(awaited.callback_url.as_deref().map(|url| post(Channel::Callback, url, None)));
    let wishes = people.accounts.mail_wishes(account).await?;
    let is_mailed = match event {
        WebhookEvent::JobCompleted => wishes.on_finished,
        WebhookEvent::JobFailed => wishes.on_failed,
        // Whoever cancelled it knows.
        WebhookEvent::JobCancelled => false,
    };
    let email = match is_mailed && app.settings().mailer.is_some() {
        true => people.accounts.user(account).await?.and_then(|user| user.email),
        false => None,
    };
    messages.extend(email.as_deref().map(|target| NewMessage {
        event_id: &id,
        event: event.as_str(),
        channel: Channel::Mail,
        endpoint: None,
        target,
        body: &body,
    }));
    Ok(people.accounts.settle(awaited, &messages, now).await?)
}

fn event_id(parts: &[&str]) -> String {
    format!("evt-{}", &Digest::of(parts.join("\n").as_bytes()).hex()[..32])
}

fn body(people: &People, id: &str, event: WebhookEvent, row: &JobRow) -> Value {
    let site = people.public_url();
    json!({
        "id": id,
        "type": event.as_str(),
        "created_at": row.completed_at.map(Timestamp),
        "data": {
            "job_id": row.id,
            "job_url": format!("{site}/jobs/{}", row.id),
            "name": row.name,
            "repo_url": row.repo_url,
            "git_ref": row.git_ref,
            "commit_hash": row.commit_hash,
            "phase": row.phase,
            "error_code": row.error_code,
            "docpack_id": row.docpack_id,
            "docpack_url": row.docpack_id.as_ref().map(|id| format!("{site}/packs/{}", id.trim_start_matches("sha256:"))),
        },
    })
}

async fn send_due(app: &App, people: &People) -> Answered<()> {
    let due = people.accounts.take_messages(now(app).0, AT_ONCE).await?;
    let sending = due.into_iter().map(|message| async move {
        let sent = send(app, people, &message).await?;
        if let Sent::Failed { answer } | Sent::Refused { answer } = &sent {
            tracing::info!(
                message.id,
                channel = message.channel.as_str(),
                "a message was not delivered: {answer}"
            );
        }
        people.accounts.message_sent(&message, &sent, now(app).0).await?;
        Ok::<(), Failure>(())
    });
    join_all(sending).await.into_iter().collect()
}

async fn send(app: &App, people: &People, message: &Message) -> Answered<Sent> {
    match (message.channel, &app.settings().mailer) {
        (Channel::Mail, Some(mailer)) => Ok(mailer.send(message, people.public_url()).await),
        (Channel::Mail, None) => Ok(Sent::Failed { answer: "this server sends no e-mail now".to_owned() }),
        (Channel::Webhook | Channel::Callback, _) => webhook::send(app, people, message).await,
    }
}
