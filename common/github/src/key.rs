//! The private key of an App, and the short statements that are signed with it.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::json;

/// A statement counts from a minute ago: GitHub refuses one from its future.
const BACKDATED_S: u64 = 60;
/// GitHub takes at most ten minutes; a clock may be behind.
const LIFETIME_S: u64 = 9 * 60;

/// Why a text is no private key of an App.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error(
        "it is no PEM text: expected `-----BEGIN RSA PRIVATE KEY-----`, base64, and the line that ends it"
    )]
    NotPem,
    #[error("it is no RSA key of 2048 bits or more: {reason}")]
    NotRsa { reason: String },
}

/// The private key of an App; it never shows in logs.
#[derive(Clone)]
pub struct AppKey(Arc<RsaKeyPair>);

impl fmt::Debug for AppKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppKey(hidden)")
    }
}

impl AppKey {
    /// Reads a key as GitHub gives it out (PKCS#1), or as PKCS#8. Line ends may be written as `\n`.
    pub fn parse(pem: &str) -> Result<Self, KeyError> {
        let pem = pem.replace("\\n", "\n");
        let (_, rest) = pem.split_once("-----BEGIN ").ok_or(KeyError::NotPem)?;
        let (kind, rest) = rest.split_once("-----").ok_or(KeyError::NotPem)?;
        let (text, _) = rest.split_once("-----END ").ok_or(KeyError::NotPem)?;
        let text: String = text.split_whitespace().collect();
        let der = STANDARD.decode(text).map_err(|_| KeyError::NotPem)?;
        let pair = match kind {
            "RSA PRIVATE KEY" => RsaKeyPair::from_der(&der),
            "PRIVATE KEY" => RsaKeyPair::from_pkcs8(&der),
            _ => return Err(KeyError::NotPem),
        };
        match pair {
            Ok(pair) => Ok(Self(Arc::new(pair))),
            Err(refused) => Err(KeyError::NotRsa { reason: refused.to_string() }),
        }
    }

    /// Signs that this App speaks, at `now_s` seconds since 1970 (RFC 7519, RS256).
    pub(crate) fn statement(&self, app_id: &str, now_s: u64) -> Option<String> {
        let claims = json!({
            "iat": now_s.saturating_sub(BACKDATED_S),
            "exp": now_s.saturating_add(LIFETIME_S),
            "iss": app_id,
        });
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&json!({"alg": "RS256", "typ": "JWT"})), part(&claims));
        let mut signature = vec![0; self.0.public().modulus_len()];
        let signed = self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature);
        signed.ok()?;
        Some(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_key_is_refused_without_being_repeated() {
        for text in ["", "ghp_secret", "-----BEGIN RSA PRIVATE KEY-----\n!\n-----END RSA PRIVATE KEY-----"] {
            let error = AppKey::parse(text).expect_err("it is no key");
            assert_eq!(error, KeyError::NotPem);
        }
        let short = "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----";
        let error = AppKey::parse(short).expect_err("it is no RSA key");
        assert!(matches!(error, KeyError::NotRsa { .. }) && !error.to_string().contains("MAA"));
    }
}
