//! Random texts that are shown once, and their digests.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use docpack::Digest;

use crate::AccountsError;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Returns the digest that a secret is found by.
pub(crate) fn sha256(secret: &str) -> String {
    Digest::of(secret.as_bytes()).hex()
}

/// Makes 32 random bytes, as 43 characters that a cookie and an address can hold.
pub(crate) fn token() -> Result<String, AccountsError> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<32>()?))
}

/// Makes 32 random bytes in the base64 that signing secrets are written in.
pub(crate) fn signing_secret() -> Result<String, AccountsError> {
    Ok(STANDARD.encode(bytes::<32>()?))
}

/// Makes a name that nobody can guess and that shows nothing.
pub(crate) fn id() -> Result<String, AccountsError> {
    let hex = bytes::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(hex)
}

/// Makes so many random letters and digits.
pub(crate) fn base62(n_chars: usize) -> Result<String, AccountsError> {
    letters(BASE62, n_chars)
}

/// Makes so many random characters of an alphabet.
pub(crate) fn letters(alphabet: &[u8], n_chars: usize) -> Result<String, AccountsError> {
    // Bytes from a multiple of the alphabet's size on are dropped, or the first characters would be likelier.
    let n_fair = 256 - 256 % alphabet.len();
    let mut text = String::with_capacity(n_chars);
    while text.len() < n_chars {
        let fair = bytes::<64>()?.into_iter().map(usize::from).filter(|byte| *byte < n_fair);
        text.extend(fair.map(|byte| char::from(alphabet[byte % alphabet.len()])).take(n_chars - text.len()));
    }
    Ok(text)
}

/// Computes letters that a mistyped or cut text does not end with.
pub(crate) fn checksum(text: &str, n_chars: usize) -> String {
    let Digest(bytes) = Digest::of(text.as_bytes());
    bytes.iter().take(n_chars).map(|byte| char::from(BASE62[usize::from(*byte) % 62])).collect()
}

/// Makes random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], AccountsError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| AccountsError::NoRandomness)?;
    Ok(bytes)
}
