//! One question: out of the cache where it was asked before, else to a model, within the budget.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use docpack::Digest;
use llm::{Budget, ChatError, ChatReply, ErrorKind, Finish};
use model::context::Question as AskedQuestion;
use pipeline::port::Ports;
use pipeline::{StageError, Timestamp, UnitRun};
use serde::{Deserialize, Serialize};
use tracing::debug;

use crate::audit::AuditLine;
use crate::family::Question;
use crate::terms::Terms;

/// Version of [`KeptReply`]; another one is asked for anew.
const REPLY_SCHEMA: &str = "doctown.reply/1";

/// A reply as the cache keeps it, a refusal or a cut one too: asking again must cost nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeptReply {
    schema: String,
    text: String,
    is_refused: bool,
    is_whole: bool,
    model: Option<String>,
    input_tokens: u64,
    output_tokens: u64,
    cost_micro_usd: u64,
    /// Who paid for it.
    job: String,
    unit: String,
}

/// What a question brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    Text(String),
    /// The model said nothing that could be read; another way of asking may help.
    Nothing,
    /// No question is answered any more.
    Gone,
}

/// What a unit used so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) n_requests: u64,
    pub(crate) n_cached: u64,
    pub(crate) n_errors: u64,
    pub(crate) input_tokens: u64,
    pub(crate) output_tokens: u64,
    pub(crate) cost_micro_usd: u64,
    pub(crate) n_secrets: u64,
    pub(crate) latency_ms: u64,
}

#[derive(Default)]
struct Notes {
    totals: Totals,
    n_asked: usize,
    /// Replies that this try itself got.
    n_answered: usize,
    is_unfinished: bool,
    lines: Vec<AuditLine>,
    questions: Vec<(Digest, AskedQuestion)>,
    /// Why nothing more is asked.
    stop: Option<String>,
    /// An error that may be over by the next try.
    outage: Option<ChatError>,
}

/// One try of one unit, as its questions see it.
pub(crate) struct Run<'a, P> {
    pub(crate) unit: &'a UnitRun<P>,
    pub(crate) terms: Arc<Terms>,
    pub(crate) budget: Budget,
    /// When this try asks nothing more and goes on as another one.
    turn_ends_at: Timestamp,
    notes: Mutex<Notes>,
}

impl<'a, P: Ports> Run<'a, P> {
    pub(crate) fn new(unit: &'a UnitRun<P>, terms: Arc<Terms>, budget: Budget) -> Self {
        // What is under way by then has the rest of the try to come back.
        let turn = terms.turn.min(unit.time_left() * 2 / 3);
        Self { unit, terms, budget, turn_ends_at: unit.now().plus(turn), notes: Mutex::default() }
    }

    /// Asks the question's model, or the cache; the line says what is known of the call.
    pub(crate) async fn ask(
        &self,
        question: &Question,
        step: &'static str,
    ) -> Result<(Heard, AuditLine), StageError> {
        self.unit.cancel_flag().check()?;
        let Question { request, model_idx, digest } = question;
        let mut line = AuditLine::new(self.unit, self.next_number(), step);
        line.question = digest.hex();
        line.n_asked = request.asked.len();
        line.secrets = request.secrets.iter().map(|(rule, n)| ((*rule).to_owned(), u64::from(*n))).collect();
        if self.notes().stop.is_some() {
            return Ok((Heard::Gone, line));
        }
        self.notes().totals.n_secrets += line.secrets.values().sum::<u64>();
        if let Some(kept) = self.kept(digest).await? {
            line.cache_hit = true;
            self.note_kept(&kept);
            return Ok((self.heard(question, &kept), line));
        }
        if self.is_turn_over() {
            self.notes().is_unfinished = true;
            return Ok((Heard::Gone, line));
        }
        let asked = self.terms.chat_request(request)?;
        let result = self.terms.chat.ask(&asked, *model_idx, &self.budget).await;
        line.call = Some(self.terms.chat.record(&asked, *model_idx, &result));
        match result {
            Ok(reply) => {
                self.note_reply(&reply);
                let kept = self.keep(digest, &reply).await?;
                Ok((self.heard(question, &kept), line))
            }
            Err(error) => Ok((self.note_error(error), line)),
        }
    }

    /// Counts a line of the audit.
    pub(crate) fn next_number(&self) -> usize {
        let mut notes = self.notes();
        notes.n_asked += 1;
        notes.n_asked
    }

    /// Asks nothing more, for this reason.
    pub(crate) fn give_up(&self, code: &str) {
        self.notes().stop.get_or_insert_with(|| code.to_owned());
    }

    /// Tells whether what is asked now belongs to the next try. A try that nobody answered has none.
    fn is_turn_over(&self) -> bool {
        self.unit.now() >= self.turn_ends_at && self.notes().n_answered > 0
    }

    /// Tells whether questions were left to the next try.
    pub(crate) fn is_unfinished(&self) -> bool {
        self.notes().is_unfinished
    }

    /// Adds a line to the audit.
    pub(crate) fn tell(&self, line: AuditLine) {
        self.notes().lines.push(line);
    }

    pub(crate) fn totals(&self) -> Totals {
        self.notes().totals
    }

    /// Returns why nothing more was asked, if so.
    pub(crate) fn stop(&self) -> Option<String> {
        self.notes().stop.clone()
    }

    /// Returns the error that may be over by the next try, if there was one.
    pub(crate) fn outage(&self) -> Option<ChatError> {
        self.notes().outage.clone()
    }

    /// Returns everything that was asked, in an order that no answer decides.
    pub(crate) fn questions(&self) -> Vec<AskedQuestion> {
        let mut questions = self.notes().questions.clone();
        questions.sort_by_key(|(digest, _)| *digest);
        questions.dedup_by_key(|(digest, _)| *digest);
        questions.into_iter().map(|(_, question)| question).collect()
    }

    /// Writes the audit's lines.
    pub(crate) async fn write_audit(&self) -> Result<(), StageError> {
        let mut text = Vec::new();
        for line in &self.notes().lines {
            serde_json::to_writer(&mut text, line)
                .map_err(|error| StageError::reject("audit_not_json", error.to_string()))?;
            text.push(b'\n');
        }
        if text.is_empty() { Ok(()) } else { self.unit.put_audit(&text).await }
    }

    pub(crate) async fn kept(&self, question: &Digest) -> Result<Option<KeptReply>, StageError> {
        let Some(bytes) = self.unit.get_cached_reply(question).await? else { return Ok(None) };
        let kept: Option<KeptReply> = serde_json::from_slice(&bytes).ok();
        Ok(kept.filter(|kept| kept.schema == REPLY_SCHEMA))
    }

    /// Keeps a reply; where another try was first, its reply counts, so that every later build says the same.
    pub(crate) async fn keep(&self, question: &Digest, reply: &ChatReply) -> Result<KeptReply, StageError> {
        let usage = reply.usage.unwrap_or_default();
        let own = KeptReply {
            schema: REPLY_SCHEMA.to_owned(),
            text: reply.text.clone(),
            is_refused: reply.refusal.is_some() || reply.finish == Finish::ContentFilter,
            is_whole: reply.finish != Finish::Length,
            model: reply.response_model.clone(),
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
            cost_micro_usd: reply.cost_micro_usd.unwrap_or(0),
            job: self.unit.job().to_string(),
            unit: self.unit.unit().to_string(),
        };
        let bytes = serde_json::to_vec(&own)
            .map_err(|error| StageError::reject("reply_not_json", error.to_string()))?;
        if self.unit.keep_reply(question, &bytes).await? {
            return Ok(own);
        }
        Ok(self.kept(question).await?.unwrap_or(own))
    }

    fn heard(&self, question: &Question, kept: &KeptReply) -> Heard {
        let Question { request, model_idx, digest } = question;
        if self.unit.options().contexts {
            let asked = AskedQuestion {
                model: self.terms.model(*model_idx).to_owned(),
                system: request.system.clone(),
                user: request.user.clone(),
                schema: request.schema.clone(),
                max_output_tokens: request.max_output_tokens,
                reply: kept.text.clone(),
            };
            self.notes().questions.push((*digest, asked));
        }
        if kept.is_refused || kept.text.trim().is_empty() {
            return Heard::Nothing;
        }
        if !kept.is_whole {
            debug!(question = %digest.hex(), "a reply was cut at its longest length");
        }
        Heard::Text(kept.text.clone())
    }

    /// What an earlier try of this very unit paid counts against the same share.
    fn note_kept(&self, kept: &KeptReply) {
        let is_own = kept.job == self.unit.job().to_string() && kept.unit == self.unit.unit().to_string();
        let mut notes = self.notes();
        notes.totals.n_cached += 1;
        if is_own {
            notes.totals.input_tokens += kept.input_tokens;
            notes.totals.output_tokens += kept.output_tokens;
            notes.totals.cost_micro_usd += kept.cost_micro_usd;
            if let Ok(reservation) = self.budget.reserve(kept.cost_micro_usd) {
                reservation.settle(kept.cost_micro_usd);
            }
        }
    }

    fn note_reply(&self, reply: &ChatReply) {
        let usage = reply.usage.unwrap_or_default();
        let mut notes = self.notes();
        notes.n_answered += 1;
        notes.totals.n_requests += u64::from(reply.n_tries.max(1));
        notes.totals.input_tokens += usage.input_tokens;
        notes.totals.output_tokens += usage.output_tokens;
        notes.totals.cost_micro_usd += reply.cost_micro_usd.unwrap_or(0);
        notes.totals.latency_ms += reply.latency.as_millis() as u64;
    }

    fn note_error(&self, error: ChatError) -> Heard {
        let mut notes = self.notes();
        notes.totals.n_requests += u64::from(error.n_tries);
        notes.totals.n_errors += u64::from(error.n_tries.max(1));
        let kind = error.kind;
        if kind == ErrorKind::BudgetExceeded || kind.is_endpoint_gone() {
            notes.stop.get_or_insert_with(|| kind.code().to_owned());
            return Heard::Gone;
        }
        if kind.is_transient() {
            notes.outage.get_or_insert(error);
        }
        if kind.wants_other_model() { Heard::Nothing } else { Heard::Gone }
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
