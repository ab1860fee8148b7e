//! SHA-256 digests, written as `sha256:<hex>`.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// Stands before the digits of a digest.
const PREFIX: &str = "sha256:";

/// A SHA-256 digest; its text form is `sha256:` and 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Hashes `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Returns the 64 hex digits without the `sha256:` prefix.
    pub fn hex(&self) -> String {
        IdText::new("", &self.0).as_str().to_owned()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(IdText::new(PREFIX, &self.0).as_str())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a digest or id of the expected form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseIdError {
    /// What form was expected, for the message.
    pub expected: &'static str,
}

impl fmt::Display for ParseIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a valid id, expected {}", self.expected)
    }
}

impl std::error::Error for ParseIdError {}

impl FromStr for Digest {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let error = ParseIdError { expected: "`sha256:` and 64 lower-case hex digits" };
        let hex = text.strip_prefix(PREFIX).ok_or(error.clone())?;
        from_hex(hex).map(Self).ok_or(error)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(IdText::new(PREFIX, &self.0).as_str())
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(FromText::default())
    }
}

/// Parses a text form without a copy of the text.
pub(crate) struct FromText<T>(PhantomData<T>);

impl<T> Default for FromText<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T: FromStr<Err = ParseIdError>> Visitor<'_> for FromText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id or a digest")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

impl JsonSchema for Digest {
    fn schema_name() -> Cow<'static, str> {
        "Digest".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^sha256:[0-9a-f]{64}$" })
    }
}

/// An id's text, made without an allocation: packs hold hundreds of thousands.
pub(crate) struct IdText {
    bytes: [u8; MAX_ID_BYTES],
    length: usize,
}

/// The text of a digest, which is the longest.
const MAX_ID_BYTES: usize = PREFIX.len() + 64;

impl IdText {
    /// Writes a prefix and the digits; what is longer than a digest's text is cut.
    pub(crate) fn new(prefix: &str, id: &[u8]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digits =
            id.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        let mut text = Self { bytes: [0; MAX_ID_BYTES], length: 0 };
        for (place, byte) in text.bytes.iter_mut().zip(prefix.bytes().chain(digits)) {
            *place = byte;
            text.length += 1;
        }
        text
    }

    pub(crate) fn as_str(&self) -> &str {
        // All of it is ASCII.
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

/// Decodes exactly `2 * N` lower-case hex digits.
pub(crate) fn from_hex<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    if hex.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}
