//! Names of jobs, units, tenants and traces: short, checked once, safe as part of an object's key.

use std::fmt;
use std::str::FromStr;

use docpack::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::options::BuildOptions;

/// Longest name that may become part of an object's key.
///
/// A unit is named by 64 hex digits; a key holds three names and must stay below S3's 1,024 bytes.
pub const MAX_NAME_BYTES: usize = 80;

/// The text cannot be part of an object's key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a {what}: expected 1 to 80 of `a-z`, `0-9`, `-`, `_`, starting with a letter or digit"
)]
pub struct NameError {
    text: String,
    what: &'static str,
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Returns the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                if is_name(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(NameError { text: text.chars().take(MAX_NAME_BYTES).collect(), what: $what })
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

name!(
    /// Names one job: one request to make one docpack of one revision.
    JobId,
    "job id"
);
name!(
    /// Names one unit of a stage; a unit of a fan-out is named by the digest of its input.
    UnitId,
    "unit id"
);
name!(
    /// Names whose data an object is; the first part of every key.
    Tenant,
    "tenant"
);
name!(
    /// The jobs of one source, one set of options and one version of the tool; runs are numbered.
    JobFamily,
    "job family"
);
name!(
    /// Ties together everything that happens for one job; 32 hex digits, as W3C trace context has it.
    TraceId,
    "trace id"
);

fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=MAX_NAME_BYTES).contains(&bytes.len())
        && bytes.first().is_some_and(plain)
        && bytes.iter().all(|byte| plain(byte) || matches!(byte, b'-' | b'_'))
}

impl UnitId {
    /// The one unit of a stage that does not fan out.
    pub fn whole() -> Self {
        Self("whole".to_owned())
    }

    /// Names the unit whose input has this digest.
    pub fn of_input(digest: &Digest) -> Self {
        Self(digest.hex())
    }

    /// Returns the digest of the unit's input, for a unit of a fan-out.
    pub fn input_digest(&self) -> Option<Digest> {
        format!("sha256:{}", self.0).parse().ok()
    }
}

impl Tenant {
    /// The tenant of a process that serves one person, and of what serves all tenants of an installation: their
    /// list and the embedders that were announced.
    pub fn local() -> Self {
        Self("local".to_owned())
    }

    /// The tenant of repositories that everybody may read: accounts share its jobs and docpacks.
    pub fn public() -> Self {
        Self("public".to_owned())
    }
}

impl JobFamily {
    /// Derives the family from what decides a docpack's content, and from whose it is: no two tenants share a job.
    ///
    /// `tool` is the tool's version and whatever else of the process decides output, such as the
    /// embedder's class.
    pub fn derive(tenant: &Tenant, source: &str, options: &BuildOptions, tool: &str) -> Self {
        let options = serde_json::to_string(options).expect("options are plain data with string keys");
        Self(format!("job-{}", &digest_of_parts(&[tenant.as_str(), source, &options, tool]).hex()[..32]))
    }

    /// Names the family's run of this number.
    pub fn run(&self, number: u32) -> JobId {
        JobId(format!("{}-{number}", self.0))
    }
}

impl JobId {
    /// Finds the family and the number of this run; `None` for a job that was named otherwise.
    pub fn family(&self) -> Option<(JobFamily, u32)> {
        let (family, number) = self.0.rsplit_once('-')?;
        Some((family.parse().ok()?, number.parse().ok()?))
    }

    /// Derives the trace id of a job that was not given one.
    pub fn trace_id(&self) -> TraceId {
        TraceId(Digest::of(self.0.as_bytes()).hex()[..32].to_owned())
    }
}

/// Hashes parts so that no two different lists collide by concatenation.
fn digest_of_parts(parts: &[&str]) -> Digest {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    Digest::of(&bytes)
}
