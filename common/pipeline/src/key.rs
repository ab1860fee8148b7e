//! The names of all objects: nothing reaches a store under a name that is not made here.

use std::fmt;

use docpack::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{JobFamily, JobId, Tenant, UnitId};
use crate::plan::StageName;
use crate::time::Timestamp;

/// Longest key: S3's limit.
const MAX_KEY_BYTES: usize = 1_024;

/// An object's name, as a store takes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey(String);

impl ObjectKey {
    /// Returns the slash-separated text; no part is empty, `.` or `..`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes the name of an object that a store listed; `None` when no such name is ever given.
    pub fn from_listed(text: &str) -> Option<Self> {
        let part_is_plain = |part: &str| {
            part.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        (text.len() <= MAX_KEY_BYTES && text.split('/').all(part_is_plain)).then(|| Self(text.to_owned()))
    }

    /// Names the end of the try whose beginning this is; `None` for any other object.
    pub(crate) fn end_of_try(&self) -> Option<Self> {
        let mut parts: Vec<&str> = self.0.split('/').collect();
        // `jobs`, tenant, job, `try`, stage, unit, number
        let kind = parts.get_mut(3).filter(|kind| **kind == "try")?;
        *kind = "try-end";
        Some(Self(parts.join("/")))
    }

    /// Returns the digest that an immutable object is named by; `None` for an object with another name.
    pub fn content_digest(&self) -> Option<Digest> {
        let parts: Vec<&str> = self.0.split('/').collect();
        let hex = match parts.as_slice() {
            ["jobs", _, _, "artifacts", _, _, digest] | ["jobs", _, _, "sealed", _, digest] => digest,
            [_, "docpacks", _, archive] => archive.strip_suffix(".docpack")?,
            _ => return None,
        };
        format!("sha256:{hex}").parse().ok()
    }

    /// Returns what follows the last slash.
    pub fn last_part(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A set of objects whose names begin alike; always ends with a slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPrefix(String);

impl KeyPrefix {
    /// Returns the text, slash included.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An immutable object that a unit wrote, named by its content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct ArtifactRef {
    /// The stage that wrote it.
    pub stage: StageName,
    #[schemars(with = "String")]
    pub digest: Digest,
    pub size_bytes: u64,
}

impl ArtifactRef {
    /// Names the unit of a fan-out that has this artifact as its input.
    pub fn unit_id(&self) -> UnitId {
        UnitId::of_input(&self.digest)
    }
}

/// Names every object of one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArtifactKey<'a> {
    /// The state document; changed by compare-and-swap only.
    State { job: &'a JobId },
    /// Exists while the job is not over; what the reaper lists.
    Active { job: &'a JobId },
    /// A job of a source, so that jobs are found by repository; created once.
    JobOfSource { source: &'a Digest, job: &'a JobId },
    /// A tenant that has jobs, so that all of them are found; under the local tenant, created once.
    TenantName { name: &'a Tenant },
    /// A job that an account asked for, under the account's tenant; `owner` is the job's. Created once.
    Order { owner: &'a Tenant, job: &'a JobId },
    /// What an embed worker computes with; under the local tenant, overwritten each time one starts.
    Embedder { class: &'a Digest },
    /// What a job took; created once it is over.
    Receipt { job: &'a JobId },
    /// A unit handed to an endpoint outside, and its name there; created once.
    Dispatch { job: &'a JobId, stage: StageName, unit: &'a UnitId, number: u32 },
    /// Written and removed when a store is tried out.
    Probe { name: &'a JobId },
    /// What is built at set times; overwritten.
    Schedules,
    /// A window of a schedule for which a job was submitted, or found needless; created once.
    ScheduleWindow { schedule: &'a Digest, window: Timestamp },
    /// The newest run of a family; a hint, overwritten.
    LatestRun { family: &'a JobFamily },
    /// A sealed list of units, named by its digest.
    SealedList { job: &'a JobId, stage: StageName, digest: &'a Digest },
    /// A unit's completion; created once.
    Marker { job: &'a JobId, stage: StageName, unit: &'a UnitId },
    /// Completion of 64 units that follow each other in the sealed list; created once.
    GroupMarker { job: &'a JobId, stage: StageName, group_idx: u32 },
    /// A try's beginning; created before work starts.
    Try { job: &'a JobId, stage: StageName, unit: &'a UnitId, number: u32 },
    /// A try's end, for a try that left no marker; created once.
    TryEnd { job: &'a JobId, stage: StageName, unit: &'a UnitId, number: u32 },
    /// Who works on a unit now; advisory, overwritten.
    Lease { job: &'a JobId, stage: StageName, unit: &'a UnitId },
    /// The reaper's n-th sending of a unit's message; created once.
    Resend { job: &'a JobId, stage: StageName, unit: &'a UnitId, number: u32 },
    /// Consecutive events of one try; created once.
    EventSegment { job: &'a JobId, stage: StageName, unit: &'a UnitId, number: u32, segment_idx: u32 },
    /// One step of the order in which events are told; created once.
    FeedStep { job: &'a JobId, number: u32 },
    /// An output of a stage, named by its content.
    Artifact { job: &'a JobId, stage: StageName, digest: &'a Digest },
    /// Vectors that outlive the job: `class` names the embedder, `entry` the texts.
    VectorCache { class: &'a Digest, entry: &'a Digest },
    /// A model's reply that outlives the job: `question` names endpoint, model, parameters and prompt; created once.
    ReplyCache { question: &'a Digest },
    /// What a unit ordered of a model's provider and waits for; created once.
    Batch { job: &'a JobId, stage: StageName, unit: &'a UnitId },
    /// What a unit may have paid for and never got; the sum over its tries.
    Lost { job: &'a JobId, stage: StageName, unit: &'a UnitId },
    /// The money that units of a stage hold, and why they stop; changed by compare-and-swap.
    Account { job: &'a JobId, stage: StageName },
    /// What was asked of models in one try, a line for each call; created once.
    Audit { job: &'a JobId, stage: StageName, unit: &'a UnitId, number: u32 },
    /// A question that was asked of a model outside of any job, and when; created once.
    QuestionAudit { asked_at: Timestamp, question: &'a Digest },
    /// A finished docpack; equal ids may have other bytes where another deflater wrote them.
    Docpack { docpack_id: &'a Digest, archive_sha256: &'a Digest },
}

impl ArtifactKey<'_> {
    /// Writes the object's name. It begins with the tenant; those of jobs and caches with `jobs` or `cache` before it.
    pub fn of(&self, tenant: &Tenant) -> ObjectKey {
        ObjectKey(within(tenant, &self.path()))
    }

    fn path(&self) -> String {
        match self {
            Self::State { job } => format!("jobs/{job}/state.json"),
            Self::Active { job } => format!("index/active/{job}"),
            Self::JobOfSource { source, job } => format!("index/sources/{}/{job}", source.hex()),
            Self::TenantName { name } => format!("index/tenants/{name}"),
            Self::Order { owner, job } => format!("index/orders/{owner}/{job}"),
            Self::Embedder { class } => format!("index/embedders/{}", class.hex()),
            Self::Receipt { job } => format!("jobs/{job}/receipt.json"),
            Self::Dispatch { job, stage, unit, number } => {
                format!("jobs/{job}/dispatch/{stage}/{unit}/{number:06}")
            }
            Self::Probe { name } => format!("probe/{name}"),
            Self::Schedules => "schedules.json".to_owned(),
            Self::ScheduleWindow { schedule, window } => {
                format!("schedules/{}/{:015}", schedule.hex(), window.0)
            }
            Self::LatestRun { family } => format!("index/latest/{family}"),
            Self::SealedList { job, stage, digest } => format!("jobs/{job}/sealed/{stage}/{}", digest.hex()),
            Self::Marker { job, stage, unit } => format!("jobs/{job}/done/{stage}/{unit}"),
            Self::GroupMarker { job, stage, group_idx } => format!("jobs/{job}/group/{stage}/{group_idx:06}"),
            Self::Try { job, stage, unit, number } => format!("jobs/{job}/try/{stage}/{unit}/{number:06}"),
            Self::TryEnd { job, stage, unit, number } => {
                format!("jobs/{job}/try-end/{stage}/{unit}/{number:06}")
            }
            Self::Lease { job, stage, unit } => format!("jobs/{job}/lease/{stage}/{unit}"),
            Self::Resend { job, stage, unit, number } => {
                format!("jobs/{job}/resend/{stage}/{unit}/{number:06}")
            }
            Self::EventSegment { job, stage, unit, number, segment_idx } => {
                format!("jobs/{job}/events/{stage}/{unit}/{number:06}-{segment_idx:06}")
            }
            Self::FeedStep { job, number } => format!("jobs/{job}/feed/{number:08}"),
            Self::Artifact { job, stage, digest } => {
                format!("jobs/{job}/artifacts/v{}/{stage}/{}", model::VERSION, digest.hex())
            }
            Self::VectorCache { class, entry } => {
                let entry = entry.hex();
                format!("cache/vectors/{}/{}/{entry}", class.hex(), &entry[..2])
            }
            Self::ReplyCache { question } => {
                let question = question.hex();
                format!("cache/replies/{}/{question}", &question[..2])
            }
            Self::Batch { job, stage, unit } => format!("jobs/{job}/batch/{stage}/{unit}.json"),
            Self::Lost { job, stage, unit } => format!("jobs/{job}/lost/{stage}/{unit}.json"),
            Self::Account { job, stage } => format!("jobs/{job}/account/{stage}.json"),
            Self::Audit { job, stage, unit, number } => {
                format!("jobs/{job}/audit/{stage}/{unit}/{number:06}.ndjson")
            }
            Self::QuestionAudit { asked_at, question } => {
                format!("audit/questions/{:015}-{}.ndjson", asked_at.0, question.hex())
            }
            Self::Docpack { docpack_id, archive_sha256 } => {
                format!("docpacks/{}/{}.docpack", docpack_id.hex(), archive_sha256.hex())
            }
        }
    }
}

/// Names the sets of objects that are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArtifactPrefix<'a> {
    /// Every job that is not over.
    Active,
    JobsOfSource {
        source: &'a Digest,
    },
    /// Every job, by source.
    JobsOfAllSources,
    /// Every docpack.
    Docpacks,
    Embedders,
    /// What an account asked for.
    Orders,
    /// The names of all tenants but the local one.
    Tenants,
    Dispatches {
        job: &'a JobId,
        stage: StageName,
        unit: &'a UnitId,
    },
    ScheduleWindows {
        schedule: &'a Digest,
    },
    Groups {
        job: &'a JobId,
    },
    AllMarkers {
        job: &'a JobId,
    },
    /// Everything of one job.
    Job {
        job: &'a JobId,
    },
    Markers {
        job: &'a JobId,
        stage: StageName,
    },
    GroupMarkers {
        job: &'a JobId,
        stage: StageName,
    },
    Tries {
        job: &'a JobId,
        stage: StageName,
        unit: &'a UnitId,
    },
    TryEnds {
        job: &'a JobId,
        stage: StageName,
        unit: &'a UnitId,
    },
    Resends {
        job: &'a JobId,
        stage: StageName,
        unit: &'a UnitId,
    },
    /// What units of the stage ordered elsewhere.
    Batches {
        job: &'a JobId,
        stage: StageName,
    },
    /// Every try of every unit of the job.
    JobTries {
        job: &'a JobId,
    },
    JobTryEnds {
        job: &'a JobId,
    },
    Leases {
        job: &'a JobId,
    },
    Events {
        job: &'a JobId,
    },
    /// Every audit record of the job.
    Audits {
        job: &'a JobId,
    },
    /// The audit records of all questions outside of jobs, the oldest first.
    QuestionAudits,
}

impl ArtifactPrefix<'_> {
    /// Writes the prefix, as [`ArtifactKey::of`] writes names.
    pub fn of(&self, tenant: &Tenant) -> KeyPrefix {
        let path = match self {
            Self::Active => "index/active".to_owned(),
            Self::JobsOfSource { source } => format!("index/sources/{}", source.hex()),
            Self::JobsOfAllSources => "index/sources".to_owned(),
            Self::Docpacks => "docpacks".to_owned(),
            Self::Embedders => "index/embedders".to_owned(),
            Self::Orders => "index/orders".to_owned(),
            Self::Tenants => "index/tenants".to_owned(),
            Self::Dispatches { job, stage, unit } => format!("jobs/{job}/dispatch/{stage}/{unit}"),
            Self::ScheduleWindows { schedule } => format!("schedules/{}", schedule.hex()),
            Self::Groups { job } => format!("jobs/{job}/group"),
            Self::AllMarkers { job } => format!("jobs/{job}/done"),
            Self::Job { job } => format!("jobs/{job}"),
            Self::Markers { job, stage } => format!("jobs/{job}/done/{stage}"),
            Self::GroupMarkers { job, stage } => format!("jobs/{job}/group/{stage}"),
            Self::Tries { job, stage, unit } => format!("jobs/{job}/try/{stage}/{unit}"),
            Self::TryEnds { job, stage, unit } => format!("jobs/{job}/try-end/{stage}/{unit}"),
            Self::Resends { job, stage, unit } => format!("jobs/{job}/resend/{stage}/{unit}"),
            Self::Batches { job, stage } => format!("jobs/{job}/batch/{stage}"),
            Self::JobTries { job } => format!("jobs/{job}/try"),
            Self::JobTryEnds { job } => format!("jobs/{job}/try-end"),
            Self::Leases { job } => format!("jobs/{job}/lease"),
            Self::Events { job } => format!("jobs/{job}/events"),
            Self::Audits { job } => format!("jobs/{job}/audit"),
            Self::QuestionAudits => "audit/questions".to_owned(),
        };
        KeyPrefix(within(tenant, &format!("{path}/")))
    }

    /// Names every object of a tenant: what stays, its jobs, and its caches. No tenant is called `jobs` or `cache`.
    pub fn everything(tenant: &Tenant) -> [KeyPrefix; 3] {
        [format!("{tenant}/"), within(tenant, "jobs/"), within(tenant, "cache/")].map(KeyPrefix)
    }
}

/// Puts a path into a tenant.
///
/// What expires is named by its kind first: the expiry rules of buckets know prefixes only, and so one rule covers the
/// jobs of all tenants.
fn within(tenant: &Tenant, path: &str) -> String {
    match path.split_once('/') {
        Some((kind @ ("jobs" | "cache"), rest)) => format!("{kind}/{tenant}/{rest}"),
        _ => format!("{tenant}/{path}"),
    }
}
