//! First questions through the provider's batch endpoint: ordered once, waited for between tries.
//!
//! What comes back is kept like any other reply, so that the unit then goes on as if all had been asked
//! before. What the batch does not answer is asked directly.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use llm::{BatchId, BatchProgress, BatchState, Batches, ChatError, ChatRequest, ErrorKind};
use pipeline::event::payload::GenerationBatch;
use pipeline::port::Ports;
use pipeline::{StageError, Timestamp, UnitRun};
use serde::{Deserialize, Serialize};

use crate::ask::Run;
use crate::audit::AuditLine;
use crate::family::Question;
use crate::terms::Writer;

/// Version of [`Ordered`].
const BATCH_SCHEMA: &str = "doctown.batch/1";
/// Longest time between two looks at a batch; queues hold no message longer.
const LONGEST_WAIT: Duration = Duration::from_secs(900);

/// What a unit ordered, as later tries find it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Ordered {
    schema: String,
    batch: BatchId,
    ordered_at: Timestamp,
    /// Names of the questions in it.
    questions: BTreeSet<String>,
}

/// Has questions answered through the batch endpoint, as far as they are not answered yet.
///
/// # Errors
/// [`StageError::Wait`] until the batch is over.
pub(crate) async fn answer_in_batch<P: Ports>(
    run: &Run<'_, P>,
    questions: &[Question],
) -> Result<(), StageError> {
    if !run.terms.is_batch {
        return Ok(());
    }
    let mut open = BTreeMap::new();
    for question in questions {
        if run.kept(&question.digest).await?.is_none() {
            open.insert(question.digest.hex(), question);
        }
    }
    if open.is_empty() {
        return Ok(());
    }
    let batches = Batches::new(&run.terms.chat, 0).map_err(unusable)?;
    match ordered(run.unit).await? {
        None => order(run, &batches, &open).await,
        Some(ordered) if ordered.questions.iter().any(|question| open.contains_key(question)) => {
            look(run, &batches, &ordered, &open).await
        }
        // It was read to its end by an earlier try.
        Some(_) => Ok(()),
    }
}

/// Stops the batch of a unit whose job is over, if it ordered one that still runs.
///
/// What is answered by then is charged. A provider that says no has nothing to stop, or never will.
///
/// # Errors
/// [`StageError::Retry`] where the provider does not answer.
pub async fn cancel_batch<P: Ports>(unit: &UnitRun<P>, writer: &Writer) -> Result<(), StageError> {
    let Some(prose) = unit.options().prose.as_ref().filter(|prose| prose.batch) else { return Ok(()) };
    let Some(Ordered { batch, .. }) = ordered(unit).await? else { return Ok(()) };
    let batches = Batches::new(&writer.terms(prose)?.chat, 0).map_err(unusable)?;
    let stopped = match batches.poll(&batch).await {
        Ok(progress) if progress.state == BatchState::Running => batches.cancel(&batch).await,
        Ok(_) => return Ok(()),
        Err(error) => Err(error),
    };
    match stopped {
        Ok(()) => {
            tracing::info!(job.id = %unit.job(), "batch {batch} was cancelled with its job");
            Ok(())
        }
        Err(error) if error.kind.is_transient() => Err(StageError::retry(error.code(), error.to_string())),
        Err(error) => Err(StageError::reject(error.code(), error.to_string())),
    }
}

fn unusable(error: llm::InvalidEndpoint) -> StageError {
    StageError::reject("model_endpoint_unusable", error.to_string())
}

async fn ordered<P: Ports>(unit: &UnitRun<P>) -> Result<Option<Ordered>, StageError> {
    let Some(bytes) = unit.get_batch().await? else { return Ok(None) };
    let ordered: Ordered = serde_json::from_slice(&bytes)
        .map_err(|error| StageError::reject("artifact_damaged", format!("the unit's batch: {error}")))?;
    Ok(Some(ordered).filter(|ordered| ordered.schema == BATCH_SCHEMA))
}

async fn order<P: Ports>(
    run: &Run<'_, P>,
    batches: &Batches,
    open: &BTreeMap<String, &Question>,
) -> Result<(), StageError> {
    let chosen = affordable(run, batches, open)?;
    if chosen.is_empty() {
        return Ok(());
    }
    let (batch, reservation) = match batches.submit(&chosen, &run.budget).await {
        Ok(submitted) => submitted,
        Err(error) => return failed(run, error),
    };
    // The answers count against the budget when they come; until then this unit asks nothing else.
    reservation.release();
    let now = run.unit.now();
    let questions = chosen.into_keys().collect();
    let ordered = Ordered { schema: BATCH_SCHEMA.to_owned(), batch, ordered_at: now, questions };
    let bytes = serde_json::to_vec(&ordered)
        .map_err(|error| StageError::reject("batch_not_json", error.to_string()))?;
    if !run.unit.put_batch(&bytes).await? {
        // Another try ordered the same; one of the two is enough.
        let _ = batches.cancel(&ordered.batch).await;
        return Err(wait(run, "another try ordered its batch".to_owned(), Duration::ZERO));
    }
    emit(run, &ordered.batch, ordered.questions.len() as u64, 0, 0);
    Err(wait(run, format!("batch {} was ordered", ordered.batch), Duration::ZERO))
}

/// Chooses the first questions, in the order of their names, whose worst case the budget covers together.
fn affordable<P: Ports>(
    run: &Run<'_, P>,
    batches: &Batches,
    open: &BTreeMap<String, &Question>,
) -> Result<BTreeMap<String, ChatRequest>, StageError> {
    let (mut left, mut chosen) = (run.budget.left(), BTreeMap::new());
    for (name, question) in open {
        let one = BTreeMap::from([(name.clone(), run.terms.chat_request(&question.request)?)]);
        let worst_case = batches.worst_case(&one).unwrap_or(0);
        if worst_case > left {
            break;
        }
        left -= worst_case;
        chosen.extend(one);
    }
    Ok(chosen)
}

async fn look<P: Ports>(
    run: &Run<'_, P>,
    batches: &Batches,
    ordered: &Ordered,
    open: &BTreeMap<String, &Question>,
) -> Result<(), StageError> {
    let progress = match batches.poll(&ordered.batch).await {
        Ok(progress) => progress,
        Err(error) => return failed(run, error),
    };
    let BatchProgress { n_requests, n_answered, n_failed, .. } = progress;
    emit(run, &ordered.batch, n_requests, n_answered, n_failed);
    if progress.state == BatchState::Running {
        let age = run.unit.now().since(ordered.ordered_at);
        let told = format!("batch {} has {n_answered} of {n_requests} answers", ordered.batch);
        return Err(wait(run, told, age / 4));
    }
    let answers = match batches.answers(&progress, &ordered.questions).await {
        Ok(answers) => answers,
        Err(error) => return failed(run, error),
    };
    for (name, result) in answers.replies {
        let Some(question) = open.get(&name) else { continue };
        let asked = run.terms.chat_request(&question.request)?;
        let mut line = AuditLine::new(run.unit, run.next_number(), "batch");
        line.question = name;
        line.n_asked = question.request.asked.len();
        line.call = Some(run.terms.chat.record(&asked, 0, &result));
        if let Ok(reply) = &result {
            line.outcome = "ok";
            if !run.is_own(&run.keep(&question.digest, reply).await?) {
                run.note_paid_twice(reply);
            }
        }
        run.tell(line);
    }
    Ok(())
}

/// An outage is tried again; anything else ends the asking, since direct questions would cost twice as much.
fn failed<P: Ports>(run: &Run<'_, P>, error: ChatError) -> Result<(), StageError> {
    if error.kind.is_transient() && !run.unit.is_last_try() {
        return Err(StageError::retry(error.code(), error.to_string()));
    }
    if error.kind != ErrorKind::BudgetExceeded {
        tracing::warn!(error.type = error.code(), "the batch failed: {error}");
    }
    run.give_up(error.code());
    Ok(())
}

fn wait<P: Ports>(run: &Run<'_, P>, message: String, age: Duration) -> StageError {
    StageError::Wait { message, after: age.clamp(run.terms.batch_poll, LONGEST_WAIT) }
}

fn emit<P: Ports>(run: &Run<'_, P>, batch: &BatchId, n_requests: u64, n_answered: u64, n_failed: u64) {
    run.unit.emit(GenerationBatch { batch: batch.to_string(), n_requests, n_answered, n_failed });
}
