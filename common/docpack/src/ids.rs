//! Content-derived ids: 128 bits of a SHA-256 over length-prefixed parts, never offsets, never random.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::digest::{Digest, FromText, IdText, ParseIdError, from_hex};
use crate::vocabulary::{Language, SymbolKind};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $n_bytes:literal, $n_digits:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $n_bytes]);

        impl $name {
            /// The text form's prefix.
            pub const PREFIX: &'static str = $prefix;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(IdText::new($prefix, &self.0).as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let error = ParseIdError { expected: $expected };
                let hex = text.strip_prefix($prefix).ok_or(error.clone())?;
                from_hex(hex).map(Self).ok_or(error)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(IdText::new($prefix, &self.0).as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(FromText::default())
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": concat!("^", $prefix, "[0-9a-f]{", $n_digits, "}$") })
            }
        }
    };
}

id!(
    /// Names one symbol: `sym_` and 32 hex digits.
    SymbolId,
    "sym_",
    16,
    32,
    "`sym_` and 32 lower-case hex digits"
);
id!(
    /// Names one chunk: `chunk_` and 32 hex digits.
    ChunkId,
    "chunk_",
    16,
    32,
    "`chunk_` and 32 lower-case hex digits"
);
id!(
    /// Names one cluster: `c_` and 32 hex digits.
    ClusterId,
    "c_",
    16,
    32,
    "`c_` and 32 lower-case hex digits"
);

id!(
    /// Stands for the tokens of one definition, wherever they are and however they are laid out: 16 hex digits.
    BodyDigest,
    "",
    8,
    16,
    "16 lower-case hex digits"
);

impl SymbolId {
    /// Derives the id; `signature` is the recorded one, `ordinal` counts equals in file order from 0.
    pub fn derive(
        language: Language,
        file_path: &str,
        qualified_name: &str,
        kind: SymbolKind,
        signature: &str,
        ordinal: u32,
    ) -> Self {
        let (language, kind) = (language.as_str(), kind.as_str());
        Self::of_words(language, file_path, qualified_name, kind, signature, ordinal)
    }

    /// Derives the id of a symbol whose language or kind this version may not know.
    pub fn of_words(
        language: &str,
        file_path: &str,
        qualified_name: &str,
        kind: &str,
        signature: &str,
        ordinal: u32,
    ) -> Self {
        Self(hash_parts(&[
            b"symbol",
            language.as_bytes(),
            file_path.as_bytes(),
            qualified_name.as_bytes(),
            kind.as_bytes(),
            signature.as_bytes(),
            &ordinal.to_be_bytes(),
        ]))
    }
}

impl ChunkId {
    /// Derives the id; `ordinal` counts chunks of equal text in the same file, in file order from 0.
    pub fn derive(file_path: &str, text_sha256: &Digest, ordinal: u32) -> Self {
        Self(hash_parts(&[b"chunk", file_path.as_bytes(), &text_sha256.0, &ordinal.to_be_bytes()]))
    }
}

impl ClusterId {
    /// Derives the id from the members in ascending order.
    pub fn derive(members: &[SymbolId]) -> Self {
        let mut parts: Vec<&[u8]> = vec![b"cluster"];
        parts.extend(members.iter().map(|member| member.0.as_slice()));
        Self(hash_parts(&parts))
    }
}

/// Hashes parts so that no two different lists collide by concatenation.
fn hash_parts(parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let full: [u8; 32] = hasher.finalize().into();
    let mut id = [0; 16];
    id.copy_from_slice(&full[..16]);
    id
}
