//! Sends a message by e-mail.

use std::fmt;

use accounts::{Message, Sent};
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MessageBuilder};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use runtime::host::StartError;
use serde_json::Value;

/// Sends e-mail through an SMTP server.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Mailer {
    /// Takes the address of an SMTP server and the sender; connects when there is something to send.
    pub fn new(smtp_url: &str, from: &str) -> Result<Self, StartError> {
        let invalid = |name: &str, reason: String| {
            StartError::new("setting_invalid", format!("{name}: {reason}"))
                .with_help("DOCTOWN_SMTP_URL is such as smtps://USER:PASSWORD@mail.example.com:465, DOCTOWN_MAIL_FROM such as Doctown <doctown@example.com>")
        };
        // The URL has a password in it and is never repeated.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp_url)
            .map_err(|_| invalid("DOCTOWN_SMTP_URL", "it is not the address of an SMTP server".to_owned()))?;
        let from = from.parse().map_err(|error: lettre::address::AddressError| {
            invalid("DOCTOWN_MAIL_FROM", format!("`{from}`: {error}"))
        })?;
        Ok(Self { transport: transport.build(), from })
    }

    /// Sends a message once.
    pub(super) async fn send(&self, message: &Message, site: &str) -> Sent {
        let letter = match self.letter(message, site) {
            Ok(letter) => letter,
            Err(error) => return Sent::Refused { answer: error.to_string() },
        };
        match self.transport.send(letter).await {
            Ok(response) => Sent::Delivered { answer: response.code().to_string() },
            Err(error) if error.is_permanent() => Sent::Refused { answer: error.to_string() },
            Err(error) => Sent::Failed { answer: error.to_string() },
        }
    }

    fn letter(
        &self,
        message: &Message,
        site: &str,
    ) -> Result<lettre::Message, Box<dyn std::error::Error + Send + Sync>> {
        let (subject, text) = words(&serde_json::from_str(&message.body)?, site);
        let host = site.split("//").nth(1).unwrap_or("doctown");
        let builder: MessageBuilder = lettre::Message::builder()
            .from(self.from.clone())
            .to(message.target.parse()?)
            .subject(subject)
            // The same for each attempt, so that a mail program shows one that came twice once.
            .message_id(Some(format!("<{}@{host}>", message.id)))
            .header(ContentType::TEXT_PLAIN);
        Ok(builder.body(text)?)
    }
}

/// Writes subject and text for the end of a job.
fn words(event: &Value, site: &str) -> (String, String) {
    let data = &event["data"];
    let text = |name: &str| data[name].as_str().unwrap_or_default();
    let name = match text("name") {
        "" => "your repository",
        name => name,
    };
    let (subject, first) = match (event["type"].as_str(), text("phase")) {
        (Some("job.failed"), _) => (
            format!("{name}: the build failed"),
            format!("The build of {name} failed with the error `{}`.", text("error_code")),
        ),
        (_, "partial") => (
            format!("{name}: the docpack is ready, with parts missing"),
            format!("The docpack of {name} is ready, but some parts are missing."),
        ),
        _ => (format!("{name}: the docpack is ready"), format!("The docpack of {name} is ready.")),
    };
    let mut lines = vec![first, String::new()];
    if let Some(url) = data["docpack_url"].as_str() {
        lines.push(format!("Open it: {url}"));
    }
    lines.push(format!("The job: {}", text("job_url")));
    if let Some(commit) = data["commit_hash"].as_str() {
        lines.push(format!("Commit: {commit}"));
    }
    lines.extend([
        String::new(),
        format!("Choose what you are told about at {site}/settings"),
        String::new(),
    ]);
    (subject, lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mail_says_what_happened_and_where_to_look() {
        let failed = json!({"type": "job.failed", "data": {"name": "acme/greetings", "phase": "failed",
            "error_code": "repo_too_large", "job_url": "https://doctown.example/jobs/job-1"}});
        let (subject, text) = words(&failed, "https://doctown.example");
        assert_eq!(subject, "acme/greetings: the build failed");
        assert!(
            text.contains("`repo_too_large`") && text.contains("/jobs/job-1") && text.contains("/settings")
        );
        let ready = json!({"type": "job.completed", "data": {"name": "acme/greetings", "phase": "completed",
            "docpack_url": "https://doctown.example/packs/1", "job_url": "https://doctown.example/jobs/job-1"}});
        let (subject, text) = words(&ready, "https://doctown.example");
        assert_eq!(subject, "acme/greetings: the docpack is ready");
        assert!(text.starts_with(
            "The docpack of acme/greetings is ready.\n\nOpen it: https://doctown.example/packs/1\n"
        ));
    }
}
