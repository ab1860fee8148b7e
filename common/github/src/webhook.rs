//! Whether a delivery comes from GitHub.

use std::fmt;

use ring::hmac;

/// GitHub sends no larger delivery.
pub const MAX_DELIVERY_BYTES: usize = 25_000_000;
const PREFIX: &str = "sha256=";

/// A delivery is not signed with any of the secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the delivery is not signed with a secret of this server")]
pub struct WrongSignature;

/// The secrets that deliveries may be signed with: the new one and the old one while one replaces the other.
#[derive(Clone)]
pub struct WebhookSecrets(Vec<hmac::Key>);

impl fmt::Debug for WebhookSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookSecrets({})", self.0.len())
    }
}

impl WebhookSecrets {
    /// Takes the secrets, the newest first; blank ones are left out.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let secrets = secrets.into_iter().map(str::trim).filter(|secret| !secret.is_empty());
        Self(secrets.map(|secret| hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())).collect())
    }

    /// Reports whether there is no secret, so that no delivery can be checked.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reports whether a header can be a signature at all, so that a body need not be read otherwise.
    pub fn is_signature(header: &str) -> bool {
        signature(header).is_some()
    }

    /// Compares the header `X-Hub-Signature-256` with the body, in a time that depends on neither.
    pub fn check(&self, body: &[u8], header: &str) -> Result<(), WrongSignature> {
        let signature = signature(header).ok_or(WrongSignature)?;
        // Every secret is tried: which of them fits is nobody's business.
        let mut is_signed = false;
        for key in &self.0 {
            is_signed |= hmac::verify(key, body, &signature).is_ok();
        }
        if is_signed { Ok(()) } else { Err(WrongSignature) }
    }

    /// Signs a body with the newest secret, as GitHub does.
    pub fn sign(&self, body: &[u8]) -> Option<String> {
        let tag = hmac::sign(self.0.first()?, body);
        let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        Some(format!("{PREFIX}{hex}"))
    }
}

fn signature(header: &str) -> Option<[u8; 32]> {
    let hex = header.strip_prefix(PREFIX)?.as_bytes();
    if hex.len() != 64 || !hex.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(hex.chunks(2)) {
        *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_githubs_documentation_is_accepted() {
        let secrets = WebhookSecrets::new(["It's a Secret to Everybody"]);
        let header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert_eq!(secrets.check(b"Hello, World!", header), Ok(()));
        assert_eq!(secrets.sign(b"Hello, World!").as_deref(), Some(header));
        assert_eq!(secrets.check(b"Hello, World?", header), Err(WrongSignature));
    }

    #[test]
    fn each_secret_of_a_rotation_is_accepted_and_a_removed_one_is_not() {
        let signed = |secret: &str| WebhookSecrets::new([secret]).sign(b"{}").expect("it has a secret");
        let both = WebhookSecrets::new(["new", "old", " "]);
        assert!(both.check(b"{}", &signed("new")).is_ok() && both.check(b"{}", &signed("old")).is_ok());
        assert_eq!(WebhookSecrets::new(["new"]).check(b"{}", &signed("old")), Err(WrongSignature));
        // Without a secret nothing is taken, an empty key's signature least of all.
        let none = WebhookSecrets::new([""]);
        assert!(none.is_empty() && none.sign(b"{}").is_none());
        assert_eq!(none.check(b"{}", &signed("new")), Err(WrongSignature));
    }

    #[test]
    fn text_that_is_no_signature_is_refused() {
        let secrets = WebhookSecrets::new(["secret"]);
        let right = secrets.sign(b"{}").expect("it has a secret");
        for header in ["", "sha256=", "sha1=00", &right[..70], &right.replace("sha256", "sha512"), "sha256=é"]
        {
            assert_eq!(secrets.check(b"{}", header), Err(WrongSignature), "{header}");
        }
        assert!(secrets.check(b"{}", &right.to_uppercase().replace("SHA256", "sha256")).is_ok());
    }
}
