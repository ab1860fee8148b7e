//! A line for each call and each reply taken from the cache.

use insight::Finding;
use insight::prompt::TEMPLATE_VERSION;
use llm::CallRecord;
use pipeline::port::Ports;
use pipeline::{JobId, StageName, UnitId, UnitRun};
use serde::Serialize;

/// Version of [`AuditLine`].
const AUDIT_SCHEMA: &str = "doctown.audit/2";

/// What is kept of one question: who asked, what came of it, what was wrong; no prompt and no reply.
#[derive(Debug, Clone, Serialize)]
pub struct AuditLine {
    pub schema: &'static str,
    /// `job/stage/unit/try/n`.
    pub correlation_id: String,
    pub job: JobId,
    pub stage: StageName,
    pub unit: UnitId,
    pub attempt: u32,
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

#[derive(Debug, Clone, Serialize)]
pub struct AuditFinding {
    pub subject: String,
    #[serde(flatten)]
    pub finding: Finding,
}

impl AuditLine {
    pub(crate) fn new<P: Ports>(unit: &UnitRun<P>, number: usize, step: &'static str) -> Self {
        Self {
            schema: AUDIT_SCHEMA,
            correlation_id: format!(
                "{}/{}/{}/{}/{number}",
                unit.job(),
                unit.stage(),
                unit.unit(),
                unit.try_number()
            ),
            job: unit.job().clone(),
            stage: unit.stage(),
            unit: unit.unit().clone(),
            attempt: unit.try_number(),
            step,
            cache_hit: false,
            prompt_template_version: TEMPLATE_VERSION,
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
