//! From a question to words that can be believed: asked again, asked shorter, asked of another model.
//!
//! A reply is mended mechanically as it is read. Of an answer the claims that hold are kept; where nothing of it can
//! be used, or there is none, the subject is asked about once more with the findings. What no reply answered is then
//! asked alone with half the text, and then of the other models in turn. What is left keeps its extractive form.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use insight::check::{Answer, Judged, Outcome, Words};
use insight::prompt::{Grouping, PromptParams, Request, Subject};
use insight::{CountTokens, Finding, ask_again};
use pipeline::StageError;
use pipeline::port::Ports;

use crate::ask::{Heard, Run};
use crate::audit::AuditFinding;
use crate::family::{Family, Question};
use crate::write::blocking;

/// What became of one question.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    pub(crate) written: BTreeMap<Subject, Words>,
    /// Answered with nothing that the source does not say better.
    pub(crate) plain: BTreeSet<Subject>,
    /// Answered, and refused by the check both times.
    pub(crate) rejected: BTreeSet<Subject>,
    /// Never answered.
    pub(crate) silent: BTreeSet<Subject>,
}

/// What one reply said about each subject.
#[derive(Default)]
struct Round {
    written: BTreeMap<Subject, Words>,
    plain: BTreeSet<Subject>,
    refused: BTreeMap<Subject, Vec<Finding>>,
    silent: BTreeSet<Subject>,
    /// Claims that do not hold, of answers that are used all the same.
    dropped: BTreeMap<Subject, Vec<Finding>>,
    /// What was wrong with the reply as such.
    general: Vec<Finding>,
    is_gone: bool,
}

pub(crate) async fn settle<P: Ports>(
    run: &Run<'_, P>,
    family: &Family,
    question: Question,
) -> Result<Settled, StageError> {
    let mut settled = Settled::default();
    let first = round(run, family, &question, "first").await?;
    let first_text = question.request.user;
    let findings = first.refused.clone();
    let open: BTreeSet<Subject> = findings.keys().cloned().chain(first.silent.iter().cloned()).collect();
    let (is_gone, general) = (first.is_gone, first.general.clone());
    settled.take(first);
    if open.is_empty() || is_gone {
        return Ok(settled);
    }
    let params = &run.terms.params;
    // Where there is nothing to say of a reply, there was none: the same again would be no other question.
    let told = if findings.is_empty() && general.is_empty() { BTreeSet::new() } else { open };
    for mut request in requests(run, family, told, params).await? {
        tell_findings(&mut request, &findings, &general, &*run.terms);
        settled.take(round(run, family, &Question::new(&run.terms, request, 0)?, "again").await?);
    }
    let shorter = PromptParams {
        grouping: Grouping::OnePerRequest,
        max_block_tokens: params.max_block_tokens / 2,
        ..params.clone()
    };
    let is_new = |shorter: &Request| shorter.user != first_text;
    for request in requests(run, family, settled.silent.clone(), &shorter).await?.into_iter().filter(is_new) {
        settled.take(round(run, family, &Question::new(&run.terms, request, 0)?, "shorter").await?);
    }
    for model_idx in 1..run.terms.n_models() {
        for request in requests(run, family, settled.silent.clone(), params).await? {
            let question = Question::new(&run.terms, request, model_idx)?;
            settled.take(round(run, family, &question, "other_model").await?);
        }
    }
    Ok(settled)
}

/// Makes requests where it holds up no other question.
async fn requests<P: Ports>(
    run: &Run<'_, P>,
    family: &Family,
    subjects: BTreeSet<Subject>,
    params: &PromptParams,
) -> Result<Vec<Request>, StageError> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let (family, params, terms) = (family.clone(), params.clone(), Arc::clone(&run.terms));
    blocking(move || family.requests(&subjects, &params, &terms)).await
}

impl Settled {
    /// The latest word counts, but what was usable stays so.
    fn take(&mut self, round: Round) {
        for subject in round.written.keys().chain(&round.plain) {
            self.rejected.remove(subject);
            self.silent.remove(subject);
        }
        self.written.extend(round.written);
        self.plain.extend(round.plain);
        for subject in round.refused.into_keys() {
            self.silent.remove(&subject);
            self.rejected.insert(subject);
        }
        let unanswered = round.silent.into_iter().filter(|subject| !self.rejected.contains(subject));
        self.silent.extend(unanswered.collect::<Vec<_>>());
    }
}

/// Names what was wrong, by the handles of the new question, and counts that too.
fn tell_findings(
    request: &mut Request,
    findings: &BTreeMap<Subject, Vec<Finding>>,
    general: &[Finding],
    counter: &impl CountTokens,
) {
    let general = general.iter().map(|finding| ("", finding));
    let each = request.asked.iter().flat_map(|asked| {
        let of = findings.get(&asked.subject).into_iter().flatten();
        of.map(|finding| (asked.handle.as_str(), finding))
    });
    let text = format!("\n\n{}", ask_again(general.chain(each)));
    request.user.truncate(request.user.trim_end().len());
    request.user.push_str(&text);
    request.input_tokens = request.input_tokens.saturating_add(counter.count(&text));
}

async fn round<P: Ports>(
    run: &Run<'_, P>,
    family: &Family,
    question: &Question,
    step: &'static str,
) -> Result<Round, StageError> {
    let (heard, mut line) = run.ask(question, step).await?;
    let request = &question.request;
    let mut round = Round { is_gone: heard == Heard::Gone, ..Round::default() };
    let Heard::Text(text) = heard else {
        round.silent = request.asked.iter().map(|asked| asked.subject.clone()).collect();
        if !round.is_gone || line.call.is_some() {
            run.tell(line);
        }
        return Ok(round);
    };
    let reply = insight::reply::read(&text, &request.handles());
    line.repairs = reply.repairs.iter().map(|repair| format!("{repair:?}")).collect();
    let answers: BTreeMap<&str, &Answer> =
        reply.answers.iter().map(|said| (said.handle.as_str(), &said.answer)).collect();
    for asked in &request.asked {
        let subject = asked.subject.clone();
        let Some(answer) = answers.get(asked.handle.as_str()) else {
            round.silent.insert(subject);
            continue;
        };
        let judged = family.check(&subject, answer);
        line.n_claims += judged.n_claims;
        line.n_held += judged.n_held;
        round.take(subject, judged);
    }
    round.general = reply.findings.iter().map(|(_, finding)| finding.clone()).collect();
    line.n_usable = round.written.len() + round.plain.len();
    line.findings = audit_findings(&round);
    line.outcome = match () {
        () if line.n_usable == 0 => "rejected",
        () if !line.repairs.is_empty() => "repaired",
        () => "ok",
    };
    run.count_claims(line.n_claims, line.n_held);
    run.tell(line);
    Ok(round)
}

impl Round {
    fn take(&mut self, subject: Subject, judged: Judged) {
        let findings = judged.findings;
        match judged.outcome {
            Outcome::Rejected => {
                self.refused.insert(subject, findings);
                return;
            }
            Outcome::Words(words) => drop(self.written.insert(subject.clone(), words)),
            Outcome::Extractive => drop(self.plain.insert(subject.clone())),
        }
        if !findings.is_empty() {
            self.dropped.insert(subject, findings);
        }
    }
}

fn audit_findings(round: &Round) -> Vec<AuditFinding> {
    let about = |subject: &Subject| match subject {
        Subject::Symbol(id) => id.to_string(),
        Subject::Module(path) => path.clone(),
        Subject::Architecture => "architecture".to_owned(),
        Subject::Insight(family) => family.to_string(),
    };
    let each = round.refused.iter().chain(&round.dropped).flat_map(|(subject, findings)| {
        findings.iter().map(move |finding| (about(subject), finding.clone()))
    });
    let general = round.general.iter().map(|finding| (String::new(), finding.clone()));
    general.chain(each).map(|(subject, finding)| AuditFinding { subject, finding }).collect()
}
