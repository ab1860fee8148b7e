//! One question: out of the cache where it was asked before, else to a model, within the budget.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use docpack::Digest;
use futures_util::{StreamExt, TryStreamExt};
use llm::{Budget, ChatError, ChatReply, ChatRequest, ErrorKind};
use model::context::Question as AskedQuestion;
use pipeline::port::Ports;
use pipeline::{StageError, Timestamp, UnitRun};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex as AsyncMutex;
use tracing::debug;

use crate::account::{Draw, Opened, Purse};
use crate::audit::AuditLine;
use crate::family::Question;
use crate::kept::KeptReply;
use crate::share;
use crate::terms::{Terms, WorstCase};

/// Looks into the cache at once.
const MAX_LOOKS: usize = 16;

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
    /// What the provider may charge beyond that, at most.
    pub(crate) uncertain_micro_usd: u64,
    pub(crate) n_secrets: u64,
    pub(crate) latency_ms: u64,
    pub(crate) n_claims: u64,
    /// Of these, those that the code shows.
    pub(crate) n_held: u64,
}

#[derive(Default)]
struct Notes {
    totals: Totals,
    /// Charged, perhaps, for nothing, by this try and those before it: no kept reply tells of it.
    lost: Lost,
    /// Own replies that are counted.
    counted: BTreeSet<Digest>,
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
    /// The last error that was not about money.
    failure: Option<ErrorKind>,
    /// What was lost would have been enough for a question that did not fit.
    is_lost_missing: bool,
    /// Money that others hold would be needed; how long to wait for it.
    waits: Option<Duration>,
}

/// What was paid, perhaps, for nothing, as later tries find it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Lost {
    micro_usd: u64,
    /// Code of the error that cost it.
    cause: Option<String>,
}

/// One try of one unit, as its questions see it.
pub(crate) struct Run<'a, P> {
    pub(crate) unit: &'a UnitRun<P>,
    pub(crate) terms: Arc<Terms>,
    pub(crate) budget: Budget,
    purse: Purse,
    /// One question at a time asks for more money, so that what one brings serves the next.
    drawing: AsyncMutex<()>,
    /// When this try asks nothing more and goes on as another one.
    turn_ends_at: Timestamp,
    notes: Mutex<Notes>,
}

impl<'a, P: Ports> Run<'a, P> {
    /// Opens the unit's account, with what may have been lost before counted.
    pub(crate) async fn new(unit: &'a UnitRun<P>, terms: Arc<Terms>) -> Result<Self, StageError> {
        let (limit, part) = share::of(unit, &terms).await?;
        let purse = Purse::new(limit);
        let Opened { micro_usd, stop } = purse.open(unit, part).await?;
        let budget = limit.map_or_else(Budget::unlimited, |_| Budget::of_micro_usd(micro_usd));
        // What is under way by then has the rest of the try to come back.
        let turn = terms.turn.min(unit.time_left() * 2 / 3);
        let lost: Lost = match unit.get_lost().await? {
            Some(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| StageError::reject("artifact_damaged", format!("what was lost: {error}")))?,
            None => Lost::default(),
        };
        budget.charge(lost.micro_usd);
        let totals = Totals { uncertain_micro_usd: lost.micro_usd, ..Totals::default() };
        let notes = Mutex::new(Notes { totals, lost, stop, ..Notes::default() });
        let turn_ends_at = unit.now().plus(turn);
        Ok(Self { unit, terms, budget, purse, drawing: AsyncMutex::default(), turn_ends_at, notes })
    }

    /// Counts what earlier tries of this unit paid for these questions, before anything new is asked.
    pub(crate) async fn count_earlier(&self, questions: &[Question]) -> Result<(), StageError> {
        if self.unit.try_number() == 1 {
            return Ok(());
        }
        let digests: Vec<Digest> = questions.iter().map(|question| question.digest).collect();
        let look = |digest: Digest| async move {
            if let Some(kept) = self.kept(&digest).await? {
                self.count_own(&digest, &kept);
            }
            Ok::<_, StageError>(())
        };
        futures_util::stream::iter(digests).map(look).buffer_unordered(MAX_LOOKS).try_collect().await
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
            self.notes().totals.n_cached += 1;
            self.count_own(digest, &kept);
            return Ok((self.heard(question, &kept), line));
        }
        if self.is_turn_over() {
            self.notes().is_unfinished = true;
            return Ok((Heard::Gone, line));
        }
        if self.terms.chat.is_unknown(*model_idx) {
            return Ok((Heard::Nothing, line));
        }
        if self.purse.is_overdrawn(self.unit).await? {
            self.give_up(ErrorKind::BudgetExceeded.code());
            return Ok((Heard::Gone, line));
        }
        let asked = self.terms.chat_request(request)?;
        let result = self.ask_with_money(&asked, *model_idx, self.terms.worst_case(request)).await?;
        line.call = Some(self.terms.chat.record(&asked, *model_idx, &result));
        match result {
            Ok(reply) => {
                self.note_reply(digest, &reply);
                self.report_overspent().await?;
                let kept = self.keep(digest, &reply).await?;
                Ok((self.heard(question, &kept), line))
            }
            Err(error) => Ok((self.note_error(error), line)),
        }
    }

    /// Asks, and draws on what other units gave back where the own part is used up.
    async fn ask_with_money(
        &self,
        asked: &ChatRequest,
        model_idx: usize,
        worst: WorstCase,
    ) -> Result<Result<ChatReply, ChatError>, StageError> {
        let needed = worst.first.max(worst.again);
        loop {
            let result = self.terms.chat.ask(asked, model_idx, &self.budget).await;
            match &result {
                Err(error) if error.kind == ErrorKind::BudgetExceeded && self.draw(needed).await? => {}
                _ => return Ok(result),
            }
        }
    }

    /// Makes sure that so much is unspent; `false` where there is no more money now.
    async fn draw(&self, needed: u64) -> Result<bool, StageError> {
        let _drawing = self.drawing.lock().await;
        let missing = needed.saturating_sub(self.budget.unspent());
        if missing == 0 {
            return Ok(true);
        }
        // Money that was lost to replies nobody can use is not replaced: it would go the same way.
        {
            let mut notes = self.notes();
            if notes.lost.micro_usd >= missing {
                notes.is_lost_missing = true;
                return Ok(false);
            }
        }
        match self.purse.draw(self.unit, missing).await? {
            Draw::Drawn => {
                self.budget.raise(missing);
                Ok(true)
            }
            Draw::Later(after) => {
                self.notes().waits.get_or_insert(after);
                Ok(false)
            }
            Draw::Exhausted => Ok(false),
        }
    }

    /// Tells the other units where a reply cost more than this unit had.
    async fn report_overspent(&self) -> Result<(), StageError> {
        if self.purse.limit().is_none() || !self.budget.is_overspent() {
            return Ok(());
        }
        self.purse.overspend(self.unit, self.budget.spent()).await
    }

    /// Gives back what was not spent, and tells the others what was spent beyond the own part.
    pub(crate) async fn close(&self) -> Result<(), StageError> {
        let is_waiting = self.wait().is_some();
        if self.purse.limit().is_none() {
            return Ok(());
        }
        self.purse.close(self.unit, self.budget.spent(), is_waiting).await
    }

    /// Returns how long to wait for money that other units hold, where nothing else ends the asking.
    pub(crate) fn wait(&self) -> Option<Duration> {
        let notes = self.notes();
        notes.waits.filter(|_| notes.stop.is_none())
    }

    /// Has no unit of the job ask any more.
    pub(crate) async fn stop_all(&self, code: &str) -> Result<(), StageError> {
        self.give_up(code);
        self.purse.stop(self.unit, code).await
    }

    /// Returns the last error that was not about money.
    pub(crate) fn failure(&self) -> Option<ErrorKind> {
        self.notes().failure
    }

    pub(crate) fn count_claims(&self, n_claims: usize, n_held: usize) {
        let mut notes = self.notes();
        notes.totals.n_claims += n_claims as u64;
        notes.totals.n_held += n_held as u64;
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

    /// Writes the audit's lines, and what was lost so far.
    pub(crate) async fn write_notes(&self) -> Result<(), StageError> {
        let lost = self.notes().lost.clone();
        if lost.micro_usd > 0 {
            let bytes = serde_json::to_vec(&lost)
                .map_err(|error| StageError::reject("lost_not_json", error.to_string()))?;
            self.unit.put_lost(&bytes).await?;
        }
        let mut text = Vec::new();
        for line in &self.notes().lines {
            serde_json::to_writer(&mut text, line)
                .map_err(|error| StageError::reject("audit_not_json", error.to_string()))?;
            text.push(b'\n');
        }
        if text.is_empty() { Ok(()) } else { self.unit.put_audit(&text).await }
    }

    pub(crate) async fn kept(&self, question: &Digest) -> Result<Option<KeptReply>, StageError> {
        let bytes = self.unit.get_cached_reply(question).await?;
        Ok(bytes.and_then(|bytes| KeptReply::read(&bytes)))
    }

    /// Keeps a reply; where another try was first, its reply counts, so that every later build says the same.
    pub(crate) async fn keep(&self, question: &Digest, reply: &ChatReply) -> Result<KeptReply, StageError> {
        let own = KeptReply::of(reply, self.unit.job().to_string(), self.unit.unit().to_string());
        let bytes = own.bytes()?;
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
                digest: *digest,
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

    /// What an earlier try of this very unit paid counts against the same share, once.
    fn count_own(&self, question: &Digest, kept: &KeptReply) {
        let is_own = self.is_own(kept);
        let mut notes = self.notes();
        if is_own && notes.counted.insert(*question) {
            notes.totals.input_tokens += kept.input_tokens;
            notes.totals.output_tokens += kept.output_tokens;
            notes.totals.cost_micro_usd += kept.cost_micro_usd;
            notes.totals.uncertain_micro_usd += kept.uncertain_micro_usd;
            self.budget.charge(kept.cost_micro_usd.saturating_add(kept.uncertain_micro_usd));
        }
    }

    /// Counts a reply that this try paid for; the budget knows of it.
    fn note_reply(&self, question: &Digest, reply: &ChatReply) {
        let usage = reply.usage.unwrap_or_default();
        let mut notes = self.notes();
        notes.counted.insert(*question);
        notes.n_answered += 1;
        notes.totals.n_requests += u64::from(reply.n_tries.max(1));
        notes.totals.input_tokens += usage.input_tokens;
        notes.totals.output_tokens += usage.output_tokens;
        notes.totals.cost_micro_usd += reply.cost_micro_usd.unwrap_or(0);
        notes.totals.uncertain_micro_usd += reply.uncertain_micro_usd;
        notes.totals.latency_ms += reply.latency.as_millis() as u64;
    }

    /// Counts an answer of a batch that another job's kept reply stands before: it is paid all the same.
    pub(crate) fn note_paid_twice(&self, reply: &ChatReply) {
        let cost_micro_usd = reply.cost_micro_usd.unwrap_or(0);
        let mut notes = self.notes();
        notes.lost.micro_usd += cost_micro_usd;
        notes.totals.uncertain_micro_usd += cost_micro_usd;
        self.budget.charge(cost_micro_usd);
    }

    pub(crate) fn is_own(&self, kept: &KeptReply) -> bool {
        kept.job == self.unit.job().to_string() && kept.unit == self.unit.unit().to_string()
    }

    fn note_error(&self, error: ChatError) -> Heard {
        let mut notes = self.notes();
        notes.totals.n_requests += u64::from(error.n_tries);
        notes.totals.n_errors += u64::from(error.n_tries.max(1));
        notes.totals.uncertain_micro_usd += error.uncertain_micro_usd;
        let kind = error.kind;
        notes.lost.micro_usd += error.uncertain_micro_usd;
        if error.uncertain_micro_usd > 0 {
            notes.lost.cause = Some(kind.code().to_owned());
        }
        if kind == ErrorKind::BudgetExceeded {
            if notes.waits.is_none() {
                // Where replies that nobody can use took the money, they are why it ended.
                let cause = notes.lost.cause.clone().filter(|_| notes.is_lost_missing);
                notes.stop.get_or_insert(cause.unwrap_or_else(|| kind.code().to_owned()));
            }
            return Heard::Gone;
        }
        notes.failure = Some(kind);
        if kind.is_endpoint_gone() {
            notes.stop.get_or_insert_with(|| kind.code().to_owned());
            return Heard::Gone;
        }
        if kind.is_transient() {
            notes.outage.get_or_insert(error);
            if !self.unit.is_last_try() {
                // The next try asks the very same: another question's answer would be paid for once more by
                // the next build, which begins with this one.
                return Heard::Gone;
            }
        }
        if kind.wants_other_model() { Heard::Nothing } else { Heard::Gone }
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
