//! Whether bytes come from Stripe: `Stripe-Signature` over the body as it arrived.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// How far the time of a signature may be from ours, in either direction.
pub const TOLERANCE_S: u64 = 300;
/// More signatures than a header of Stripe's ever has.
const MAX_SIGNATURES: usize = 16;

/// Why bytes are not taken for Stripe's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("the header `Stripe-Signature` is missing or cannot be read")]
    Header,
    #[error("the signature is older or newer than 300 s")]
    Time,
    #[error("no signature fits the body")]
    Mismatch,
}

/// Checks that one of the header's signatures is by one of the secrets, and recent. `now_s` counts from 1970.
///
/// Compares in a time that does not tell how much of a signature was right.
pub(crate) fn check(
    header: &str,
    body: &[u8],
    secrets: &[SecretString],
    now_s: u64,
) -> Result<(), SignatureError> {
    let mut time = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => time = value.parse::<u64>().ok(),
            Some(("v1", value)) if signatures.len() < MAX_SIGNATURES => signatures.extend(bytes_of(value)),
            _ => {}
        }
    }
    let time = time.filter(|_| !signatures.is_empty()).ok_or(SignatureError::Header)?;
    let is_right = secrets.iter().any(|secret| {
        let signed = mac(secret.expose_secret(), time, body);
        signatures.iter().any(|signature| signed.clone().verify_slice(signature).is_ok())
    });
    if !is_right {
        return Err(SignatureError::Mismatch);
    }
    (time.abs_diff(now_s) <= TOLERANCE_S).then_some(()).ok_or(SignatureError::Time)
}

/// Writes the header that Stripe sends with a body.
#[cfg(any(test, feature = "test-server"))]
pub fn sign(secret: &str, time_s: u64, body: &[u8]) -> String {
    let signature = mac(secret, time_s, body).finalize().into_bytes();
    let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={time_s},v1={hex}")
}

fn mac(secret: &str, time_s: u64, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::new_from_slice(secret.as_bytes()).expect("a key of HMAC has any length");
    mac.update(format!("{time_s}.").as_bytes());
    mac.update(body);
    mac
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    if !hex.is_ascii() || !hex.len().is_multiple_of(2) {
        return None;
    }
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_795_536_000;

    fn secrets(texts: &[&str]) -> Vec<SecretString> {
        texts.iter().map(|text| SecretString::from(*text)).collect()
    }

    #[test]
    fn a_body_is_taken_only_with_a_recent_signature_by_a_known_secret() {
        let body = br#"{"id":"evt_1"}"#;
        let by = |secret: &str, time| sign(secret, time, body);
        let known = secrets(&["whsec_old", "whsec_new"]);
        let two = format!("{},v1={}", by("whsec_new", NOW), "ab".repeat(32));
        let last = format!("t={NOW},v0=00,v1={},{}", "ab".repeat(32), &by("whsec_old", NOW)[13..]);
        for (header, expected) in [
            (by("whsec_old", NOW), Ok(())),
            (by("whsec_new", NOW), Ok(())),
            (by("whsec_new", NOW - TOLERANCE_S), Ok(())),
            (by("whsec_new", NOW + TOLERANCE_S), Ok(())),
            (two, Ok(())),
            (last, Ok(())),
            (by("whsec_new", NOW - TOLERANCE_S - 1), Err(SignatureError::Time)),
            (by("whsec_new", NOW + TOLERANCE_S + 1), Err(SignatureError::Time)),
            (by("whsec_other", NOW), Err(SignatureError::Mismatch)),
            (
                by("whsec_new", NOW).replace(&format!("t={NOW}"), &format!("t={}", NOW - 1)),
                Err(SignatureError::Mismatch),
            ),
            (by("whsec_new", NOW).replace("v1=", "v0="), Err(SignatureError::Header)),
            (by("whsec_new", NOW).replace("t=", "u="), Err(SignatureError::Header)),
            ("t=1,v1=ä1".to_owned(), Err(SignatureError::Header)),
            (String::new(), Err(SignatureError::Header)),
        ] {
            assert_eq!(check(&header, body, &known, NOW), expected, "{header}");
        }
        assert_eq!(check(&by("whsec_old", NOW), body, &[], NOW), Err(SignatureError::Mismatch));
    }

    proptest::proptest! {
        #[test]
        fn a_body_with_one_changed_byte_is_refused(
            mut body in proptest::collection::vec(proptest::num::u8::ANY, 1..200),
            at in proptest::num::usize::ANY,
            by in 1_u8..,
        ) {
            let header = sign("whsec_1", NOW, &body);
            let at = at % body.len();
            body[at] = body[at].wrapping_add(by);
            let found = check(&header, &body, &secrets(&["whsec_1"]), NOW);
            proptest::prop_assert_eq!(found, Err(SignatureError::Mismatch));
        }

        #[test]
        fn no_header_makes_it_panic(header in ".{0,200}") {
            proptest::prop_assert!(check(&header, b"", &secrets(&["whsec_1"]), NOW).is_err());
        }
    }
}
