//! Posts a message, signed by the rules of Standard Webhooks (<https://www.standardwebhooks.com>).

use accounts::{Message, Sent};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use source::failure::SourceError;
use source::post::{check_target, post};

use crate::app::{App, People};
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::now;

/// Begins every secret, so that scanners of leaked secrets know it.
const PREFIX: &str = "whsec_";
/// A host that answers so wants to be told nothing more.
const GONE: u16 = 410;

/// Writes a secret as its owner is shown it.
pub(super) fn shown(secret: &str) -> String {
    format!("{PREFIX}{secret}")
}

/// Refuses what needs the operator's keys.
pub(super) fn off() -> Failure {
    Failure::new(codes::WEBHOOKS_OFF, "the operator has set no keys to seal signing secrets with")
}

/// Signs a message with every secret, the newest first.
fn signature(secrets: &[&str], id: &str, seconds: u64, body: &str) -> String {
    let signed = format!("{id}.{seconds}.{body}");
    let sign = |secret: &&str| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(secret).unwrap_or_default());
        format!("v1,{}", STANDARD.encode(hmac::sign(&key, signed.as_bytes())))
    };
    secrets.iter().map(sign).collect::<Vec<_>>().join(" ")
}

/// Posts a message once.
pub(super) async fn send(app: &App, people: &People, message: &Message) -> Answered<Sent> {
    let Some(grants) = &people.grants else { return Ok(Sent::Failed { answer: off().detail.into() }) };
    let Some(signing) = people.accounts.signing(grants.keys(), &message.account).await? else {
        return Ok(Sent::Refused { answer: "the account has no signing secret".to_owned() });
    };
    let now = now(app).0;
    let seconds = now / 1_000;
    let signature = signature(&signing.secrets(now), &message.event_id, seconds, &message.body);
    let (target, body, event_id) = (message.target.clone(), message.body.clone(), message.event_id.clone());
    let config = app.source().clone();
    let posting = tokio::task::spawn_blocking(move || {
        let seconds = seconds.to_string();
        let headers = [
            ("content-type", "application/json"),
            ("webhook-id", event_id.as_str()),
            ("webhook-timestamp", seconds.as_str()),
            ("webhook-signature", signature.as_str()),
        ];
        let url = check_target(&target, &config)?;
        post(&url, &headers, body.into_bytes(), &config)
    });
    let status = match posting.await.map_err(Failure::internal)? {
        Ok(status) => status,
        Err(error @ (SourceError::HostNotAllowed { .. } | SourceError::SchemeNotAllowed { .. })) => {
            return Ok(Sent::Refused { answer: error.to_string() });
        }
        Err(error) => return Ok(Sent::Failed { answer: error.to_string() }),
    };
    let answer = status.to_string();
    match status {
        200..=299 => Ok(Sent::Delivered { answer }),
        GONE => {
            if let Some(endpoint) = &message.endpoint {
                people.accounts.endpoint_is_gone(endpoint, now).await?;
            }
            Ok(Sent::Refused { answer })
        }
        _ => Ok(Sent::Failed { answer }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification, computed by its reference library.
    #[test]
    fn a_message_is_signed_as_standard_webhooks_says() {
        let secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed =
            signature(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
