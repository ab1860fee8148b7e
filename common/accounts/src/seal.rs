//! Encrypts what has to be read again, such as a person's token for GitHub.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sqlx::{Row, query};

use crate::{Accounts, AccountsError, secrets};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// The operator's keys for sealed data, each with a number. The first one seals; all of them open.
///
/// Written as `NUMBER:KEY` pairs separated by commas, where a key is 32 random bytes in base64. To replace a key, put
/// the new one first, seal everything again with `doctown accounts rekey`, then remove the old one.
#[derive(Clone)]
pub struct SecretKeys {
    first: u32,
    keys: BTreeMap<u32, [u8; KEY_BYTES]>,
}

/// Why keys cannot be used, or sealed data cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The text is not a list of keys.
    #[error("expected `NUMBER:KEY` pairs separated by commas, where KEY is 32 bytes in base64; {reason}")]
    Keys { reason: String },
    /// Data was sealed with a key that is not in the list.
    #[error("the secret key {number} is missing")]
    NoSuchKey { number: u32 },
    /// The data was changed, or belongs to another account.
    #[error("the sealed data cannot be opened")]
    Damaged,
    #[error("the system gives no random numbers")]
    NoRandomness,
}

impl FromStr for SecretKeys {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        let refused = |reason: String| SealError::Keys { reason };
        let (mut first, mut keys) = (None, BTreeMap::new());
        for (n_pair, pair) in text.split(',').map(str::trim).enumerate() {
            // No part of the text is repeated: it is secret.
            let place = n_pair + 1;
            let (number, key) =
                pair.split_once(':').ok_or_else(|| refused(format!("pair {place} has no colon")))?;
            let number: u32 =
                number.trim().parse().map_err(|_| refused(format!("pair {place} has no number")))?;
            let bytes = STANDARD.decode(key.trim()).ok().and_then(|bytes| bytes.try_into().ok());
            let bytes = bytes.ok_or_else(|| refused(format!("key {number} is not 32 bytes in base64")))?;
            if keys.insert(number, bytes).is_some() {
                return Err(refused(format!("number {number} is used twice")));
            }
            first.get_or_insert(number);
        }
        let first = first.ok_or_else(|| refused("the list is empty".to_owned()))?;
        Ok(Self { first, keys })
    }
}

impl SecretKeys {
    /// Encrypts text for an account. The same text is never sealed to the same result twice.
    pub fn seal(&self, account: &str, text: &str) -> Result<String, SealError> {
        let nonce: [u8; NONCE_BYTES] = secrets::bytes().map_err(|_| SealError::NoRandomness)?;
        let payload = Payload { msg: text.as_bytes(), aad: account.as_bytes() };
        let sealed = self.cipher(self.first)?.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| SealError::Damaged)?;
        Ok(format!("{}:{}", self.first, STANDARD.encode([&nonce[..], &sealed].concat())))
    }

    /// Decrypts what was sealed for an account.
    pub fn open(&self, account: &str, sealed: &str) -> Result<String, SealError> {
        let (number, data) = sealed.split_once(':').ok_or(SealError::Damaged)?;
        let number: u32 = number.parse().map_err(|_| SealError::Damaged)?;
        let data = STANDARD.decode(data).map_err(|_| SealError::Damaged)?;
        let (nonce, msg) = data.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Damaged)?;
        let payload = Payload { msg, aad: account.as_bytes() };
        let opened = self.cipher(number)?.decrypt(&XNonce::from(*nonce), payload);
        String::from_utf8(opened.map_err(|_| SealError::Damaged)?).map_err(|_| SealError::Damaged)
    }

    /// Reports whether data was sealed with the first key.
    pub fn is_current(&self, sealed: &str) -> bool {
        sealed.split_once(':').is_some_and(|(number, _)| number.parse() == Ok(self.first))
    }

    fn cipher(&self, number: u32) -> Result<XChaCha20Poly1305, SealError> {
        let key = self.keys.get(&number).ok_or(SealError::NoSuchKey { number })?;
        Ok(XChaCha20Poly1305::new(key.into()))
    }
}

impl fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretKeys").field("numbers", &self.keys.keys()).finish_non_exhaustive()
    }
}

/// Tables whose rows have something sealed for an account.
const SEALED: [[&str; 2]; 2] = [
    [
        "SELECT account, sealed FROM account_grants ORDER BY account",
        "UPDATE account_grants SET sealed = $3 WHERE account = $1 AND sealed = $2",
    ],
    [
        "SELECT account, sealed FROM account_signing ORDER BY account",
        "UPDATE account_signing SET sealed = $3 WHERE account = $1 AND sealed = $2",
    ],
];

impl Accounts {
    /// Seals everything with the first key and returns how much was sealed again. Repeating it is harmless.
    pub async fn rekey(&self, keys: &SecretKeys) -> Result<u64, AccountsError> {
        let mut n_sealed = 0;
        for [list, change] in SEALED {
            for row in &query(list).fetch_all(&self.pool).await? {
                let (account, sealed): (String, String) = (row.try_get("account")?, row.try_get("sealed")?);
                if keys.is_current(&sealed) {
                    continue;
                }
                let again = keys.seal(&account, &keys.open(&account, &sealed)?)?;
                // A row that was rewritten meanwhile has the first key already.
                let changed = query(change).bind(&account).bind(&sealed).bind(again);
                n_sealed += changed.execute(&self.pool).await?.rows_affected();
            }
        }
        Ok(n_sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(numbers: &[u8]) -> SecretKeys {
        let pairs: Vec<String> =
            numbers.iter().map(|n| format!("{n}:{}", STANDARD.encode([*n; KEY_BYTES]))).collect();
        pairs.join(",").parse().expect("these are keys")
    }

    #[test]
    fn sealed_text_opens_for_its_account_only_and_survives_a_new_key() {
        let old = keys(&[1]);
        let sealed = old.seal("a-1", "ghu_secret").unwrap();
        assert!(!sealed.contains("ghu_secret") && old.is_current(&sealed));
        assert_ne!(old.seal("a-1", "ghu_secret").unwrap(), sealed);
        let both = keys(&[2, 1]);
        assert_eq!(both.open("a-1", &sealed).as_deref(), Ok("ghu_secret"));
        assert!(!both.is_current(&sealed));
        assert_eq!(both.open("a-2", &sealed), Err(SealError::Damaged));
        assert_eq!(keys(&[2]).open("a-1", &sealed), Err(SealError::NoSuchKey { number: 1 }));
        let mut changed = sealed.clone().into_bytes();
        let middle = changed.len() / 2;
        changed[middle] = if changed[middle] == b'A' { b'B' } else { b'A' };
        assert_eq!(both.open("a-1", &String::from_utf8(changed).unwrap()), Err(SealError::Damaged));
    }

    #[test]
    fn a_malformed_list_of_keys_is_refused_without_repeating_it() {
        let short = STANDARD.encode([7; 31]);
        for text in ["", "1", "x:AAAA", &format!("1:{short}"), "1:secret!"] {
            let error = text.parse::<SecretKeys>().unwrap_err().to_string();
            assert!(!error.contains(&short) && !error.contains("secret!"), "{error}");
        }
        let one = STANDARD.encode([1; KEY_BYTES]);
        assert!(format!("1:{one},1:{one}").parse::<SecretKeys>().is_err());
        assert_eq!(format!("{:?}", keys(&[1])), "SecretKeys { numbers: [1], .. }");
    }
}
