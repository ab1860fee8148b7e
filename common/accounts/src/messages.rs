//! Messages about the ends of jobs: made once, sent until they are answered or a day has passed.

use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::{Accounts, AccountsError, secrets, signed};

/// Waits after the first, second, … failed attempt, in milliseconds; together 22 hours, and then it is given up.
const WAITS_MS: [u64; 8] = [10_000, 60_000, 300_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000];
/// How long one process may take to send a message before another one tries.
const LEASE_MS: u64 = 60_000;
/// Age at which ended messages are removed.
const KEEP_MS: u64 = 30 * 24 * 3_600_000;
const MAX_ANSWER_CHARS: usize = 200;

/// A job whose end is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    pub account: String,
    /// The tenant of the job.
    pub owner: String,
    pub job: String,
    /// Told too, whatever the account's endpoints are.
    pub callback_url: Option<String>,
    /// Milliseconds since 1970.
    pub since: u64,
}

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// To an endpoint of the account.
    Webhook,
    /// To the address that the job was submitted with.
    Callback,
    Mail,
}

const CHANNELS: [(Channel, &str); 3] =
    [(Channel::Webhook, "webhook"), (Channel::Callback, "callback"), (Channel::Mail, "mail")];

impl Channel {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        CHANNELS.into_iter().find(|(channel, _)| *channel == self).map_or("mail", |(_, word)| word)
    }
}

/// A message that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage<'a> {
    /// The same for every message about one event.
    pub event_id: &'a str,
    pub event: &'a str,
    pub channel: Channel,
    pub endpoint: Option<&'a str>,
    /// A URL, or an e-mail address.
    pub target: &'a str,
    pub body: &'a str,
}

/// A message, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: String,
    pub account: String,
    pub event_id: String,
    pub event: String,
    pub channel: Channel,
    pub endpoint: Option<String>,
    pub target: String,
    pub body: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    /// Attempts so far, one under way included.
    pub attempts: u64,
    /// When it is sent next, in milliseconds since 1970.
    pub due_at: u64,
    /// What came of the last attempt.
    pub answer: Option<String>,
    pub created_at: u64,
    pub ended_at: Option<u64>,
}

impl Message {
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let number = |name| Ok::<_, sqlx::Error>(row.try_get::<i64, _>(name)?.unsigned_abs());
        let channel: String = row.try_get("channel")?;
        Ok(Self {
            id: row.try_get("id")?,
            account: row.try_get("account")?,
            event_id: row.try_get("event_id")?,
            event: row.try_get("event")?,
            channel: CHANNELS
                .into_iter()
                .find(|(_, word)| *word == channel)
                .map_or(Channel::Mail, |(channel, _)| channel),
            endpoint: row.try_get("endpoint")?,
            target: row.try_get("target")?,
            body: row.try_get("body")?,
            state: row.try_get("state")?,
            attempts: number("attempts")?,
            due_at: number("due_at")?,
            answer: row.try_get("answer")?,
            created_at: number("created_at")?,
            ended_at: row.try_get::<Option<i64>, _>("ended_at")?.map(i64::unsigned_abs),
        })
    }
}

/// What came of an attempt to send a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    Delivered {
        answer: String,
    },
    /// It is sent again, unless a day has passed.
    Failed {
        answer: String,
    },
    /// Sending it again would not help.
    Refused {
        answer: String,
    },
}

impl Accounts {
    /// Notes that an account wants to know how a job ends. Repeating it is harmless; a new callback replaces the old.
    pub async fn await_job(&self, awaited: &Awaited) -> Result<(), AccountsError> {
        query(
            "INSERT INTO account_awaited (account, owner, job, callback_url, since) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (account, owner, job) DO UPDATE SET settled_at = NULL, \
             callback_url = COALESCE(excluded.callback_url, account_awaited.callback_url)",
        )
        .bind(&awaited.account)
        .bind(&awaited.owner)
        .bind(&awaited.job)
        .bind(&awaited.callback_url)
        .bind(signed(awaited.since))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Lists jobs whose end was not told yet, those that wait longest first.
    pub async fn awaited(&self, limit: u32) -> Result<Vec<Awaited>, AccountsError> {
        let rows =
            query("SELECT * FROM account_awaited WHERE settled_at IS NULL ORDER BY since, job LIMIT $1")
                .bind(i64::from(limit))
                .fetch_all(&self.pool)
                .await?;
        let read = |row: &AnyRow| {
            Ok::<_, sqlx::Error>(Awaited {
                account: row.try_get("account")?,
                owner: row.try_get("owner")?,
                job: row.try_get("job")?,
                callback_url: row.try_get("callback_url")?,
                since: row.try_get::<i64, _>("since")?.unsigned_abs(),
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Turns the end of a job into messages, all at once. Of several processes that do so one makes them.
    pub async fn settle(
        &self,
        awaited: &Awaited,
        messages: &[NewMessage<'_>],
        now: u64,
    ) -> Result<(), AccountsError> {
        let mut change = self.pool.begin().await?;
        let settled = query(
            "UPDATE account_awaited SET settled_at = $4 \
             WHERE account = $1 AND owner = $2 AND job = $3 AND settled_at IS NULL",
        )
        .bind(&awaited.account)
        .bind(&awaited.owner)
        .bind(&awaited.job)
        .bind(signed(now))
        .execute(&mut *change)
        .await?;
        if settled.rows_affected() == 0 {
            return Ok(());
        }
        for message in messages {
            insert(&mut change, &awaited.account, message, now).await?;
        }
        Ok(change.commit().await?)
    }

    /// Makes one message, such as one that only tries an endpoint.
    pub async fn queue_message(
        &self,
        account: &str,
        message: &NewMessage<'_>,
        now: u64,
    ) -> Result<(), AccountsError> {
        insert(&mut *self.pool.acquire().await?, account, message, now).await
    }

    /// Takes messages that are due. Whoever took one has a minute to report what came of it.
    pub async fn take_messages(&self, now: u64, limit: u32) -> Result<Vec<Message>, AccountsError> {
        let rows = query(
            "UPDATE account_messages SET due_at = $1, attempts = attempts + 1 WHERE id IN (SELECT id FROM \
             account_messages WHERE state = 'waiting' AND due_at <= $2 ORDER BY due_at, id LIMIT $3) \
             AND state = 'waiting' AND due_at <= $2 RETURNING *",
        )
        .bind(signed(now + LEASE_MS))
        .bind(signed(now))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.iter().map(Message::read).collect::<Result<_, _>>()?)
    }

    /// Reports what came of an attempt.
    pub async fn message_sent(&self, message: &Message, sent: &Sent, now: u64) -> Result<(), AccountsError> {
        let n_failed = usize::try_from(message.attempts).unwrap_or(usize::MAX).saturating_sub(1);
        let (state, answer, due_at) = match sent {
            Sent::Delivered { answer } => ("delivered", answer, now),
            Sent::Refused { answer } => ("failed", answer, now),
            Sent::Failed { answer } => match WAITS_MS.get(n_failed) {
                Some(wait) => ("waiting", answer, now + wait),
                None => ("failed", answer, now),
            },
        };
        let answer: String = answer.chars().take(MAX_ANSWER_CHARS).collect();
        query(
            "UPDATE account_messages SET state = $3, answer = $4, due_at = $5, ended_at = $6 \
             WHERE id = $1 AND attempts = $2",
        )
        .bind(&message.id)
        .bind(signed(message.attempts))
        .bind(state)
        .bind(answer)
        .bind(signed(due_at))
        .bind((state != "waiting").then(|| signed(now)))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Lists an account's messages, the newest first.
    pub async fn messages(&self, account: &str, limit: u32) -> Result<Vec<Message>, AccountsError> {
        let rows =
            query("SELECT * FROM account_messages WHERE account = $1 ORDER BY created_at DESC, id LIMIT $2")
                .bind(account)
                .bind(i64::from(limit))
                .fetch_all(&self.pool)
                .await?;
        Ok(rows.iter().map(Message::read).collect::<Result<_, _>>()?)
    }

    /// Sends one of an account's messages again, with all its attempts; `false` where the account has none of this id.
    pub async fn resend_message(&self, account: &str, id: &str, now: u64) -> Result<bool, AccountsError> {
        let again = query(
            "UPDATE account_messages SET state = 'waiting', attempts = 0, due_at = $3, ended_at = NULL \
             WHERE account = $1 AND id = $2",
        );
        let again = again.bind(account).bind(id).bind(signed(now)).execute(&self.pool).await?;
        Ok(again.rows_affected() > 0)
    }

    /// Forgets what was told a month ago.
    pub async fn forget_messages(&self, now: u64) -> Result<(), AccountsError> {
        let before = signed(now.saturating_sub(KEEP_MS));
        for statement in [
            "DELETE FROM account_messages WHERE ended_at < $1",
            "DELETE FROM account_awaited WHERE settled_at < $1",
        ] {
            query(statement).bind(before).execute(&self.pool).await?;
        }
        Ok(())
    }
}

async fn insert(
    change: &mut sqlx::AnyConnection,
    account: &str,
    message: &NewMessage<'_>,
    now: u64,
) -> Result<(), AccountsError> {
    let NewMessage { event_id, event, channel, endpoint, target, body } = message;
    let name = [account, *event_id, channel.as_str(), endpoint.unwrap_or_default(), *target].join("\n");
    query(
        "INSERT INTO account_messages (id, account, event_id, event, channel, endpoint, target, body, state, due_at, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $9) ON CONFLICT (id) DO NOTHING",
    )
    .bind(format!("msg-{}", &secrets::sha256(&name)[..32]))
    .bind(account)
    .bind(*event_id)
    .bind(*event)
    .bind(channel.as_str())
    .bind(*endpoint)
    .bind(*target)
    .bind(*body)
    .bind(signed(now))
    .execute(change)
    .await?;
    Ok(())
}
