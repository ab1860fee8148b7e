//! A line for each call and each reply taken from the cache.

use docpack::Digest;
use insight::Finding;
use insight::prompt::TEMPLATE_VERSION;
use llm::CallRecord;
use pipeline::port::Ports;
use pipeline::{JobId, StageName, Timestamp, UnitId, UnitRun};
use serde::Serialize;

/// Version of [`AuditLine`].
const AUDIT_SCHEMA: &str = "doctown.audit/2";

/// What is kept of one question: who asked, what came of it, what was wrong; no prompt and no reply.
#[derive(Debug, Clone, Serialize)]
pub struct AuditLine {
    pub schema: &'static str,
    /// `job/stage/unit/try/n`, or `ask/question/time`.
    pub correlation_id: String,
    #[serde(flatten)]
    pub asker: Asker,
    /// `batch`, `first`, `again`, `shorter` or `other_model`.
    pub step: &'static str,
    pub cache_hit: bool,
    pub prompt_template_version: u32,
    /// Names the question, and the reply in the cache.
    pub question: String,
    pub n_asked: usize,
    /// Subjects of which something can be told.
    pub n_usable: usize,
    pub n_claims: usize,
    /// Of these, those that the code shows.
    pub n_held: usize,
    /// `null` for a reply out of the cache.
    pub call: Option<CallRecord>,
    /// What had to be mended to read the reply.
    pub repairs: Vec<String>,
    /// Each with the symbol or folder that it is about.
    pub findings: Vec<AuditFinding>,
    /// Secrets that were taken out of the prompt, by rule.
    pub secrets: std::collections::BTreeMap<String, u64>,
    /// `ok`, `repaired`, `rejected` or `failed`.
    pub outcome: &'static str,
}

/// Who asked.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Asker {
    /// A try of a unit of a job.
    Unit { job: JobId, stage: StageName, unit: UnitId, attempt: u32 },
    /// A reader of a docpack.
    Reader { docpack_id: Digest, asked_at: Timestamp },
}

#[derive(Debug, Clone, Serialize)]
pub struct AuditFinding {
    pub subject: String,
    #[serde(flatten)]
    pub finding: Finding,
}

impl AuditLine {
    pub(crate) fn new<P: Ports>(unit: &UnitRun<P>, number: usize, step: &'static str) -> Self {
        let (job, stage, unit, attempt) = (unit.job(), unit.stage(), unit.unit(), unit.try_number());
        let correlation_id = format!("{job}/{stage}/{unit}/{attempt}/{number}");
        let asker = Asker::Unit { job: job.clone(), stage, unit: unit.clone(), attempt };
        Self::blank(correlation_id, asker, step, TEMPLATE_VERSION)
    }

    /// Begins the line of a question outside of any job, under the name that its reply is kept by.
    pub(crate) fn of_reader(
        docpack_id: Digest,
        asked_at: Timestamp,
        question: Digest,
        template_version: u32,
    ) -> Self {
        let name = question.hex();
        let asker = Asker::Reader { docpack_id, asked_at };
        let line = Self::blank(format!("ask/{name}/{asked_at}"), asker, "first", template_version);
        Self { question: name, n_asked: 1, ..line }
    }

    fn blank(correlation_id: String, asker: Asker, step: &'static str, template_version: u32) -> Self {
        Self {
            schema: AUDIT_SCHEMA,
            correlation_id,
            asker,
            step,
            cache_hit: false,
            prompt_template_version: template_version,
            question: String::new(),
            n_asked: 0,
            n_usable: 0,
            n_claims: 0,
            n_held: 0,
            call: None,
            repairs: Vec::new(),
            findings: Vec::new(),
            secrets: std::collections::BTreeMap::new(),
            outcome: "failed",
        }
    }
}
