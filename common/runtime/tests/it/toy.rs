//! Small stages whose output is a text, so that equal jobs can be compared by eye.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use docpack::Digest;
use pipeline::event::payload::{EmbeddingStarted, IngestChunkCreated};
use pipeline::{
    BuildOptions, BuildRequest, Estimate, JobId, NewJob, Phase, PinnedEmbedder, Ports, StageError, StageName,
    Stages, Tenant, UnitOutput, UnitRun,
};

/// What the stages do on the way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Toy {
    /// Units of each fan-out.
    pub(crate) n_units: u32,
    /// Units of embed that fail on their first tries, and on how many.
    pub(crate) n_flaky_tries: u32,
    /// Tries of each generate unit that wait before one works.
    pub(crate) n_waits: u32,
    /// The stage that fails for good.
    pub(crate) broken: Option<StageName>,
    /// The stage that panics.
    pub(crate) panics: Option<StageName>,
    /// The stage that works until it is asked to stop.
    pub(crate) endless: Option<StageName>,
    /// Runs of units so far, whichever way they ended.
    pub(crate) n_runs: Arc<AtomicU32>,
    /// How often what runs elsewhere cannot be reached, once its job is over.
    pub(crate) n_out_of_reach: u32,
    /// Asked to stop what runs elsewhere, so far.
    pub(crate) n_let_go: Arc<AtomicU32>,
}

impl Toy {
    pub(crate) fn of(n_units: u32) -> Self {
        Self { n_units, ..Self::default() }
    }

    pub(crate) fn n_runs(&self) -> u32 {
        self.n_runs.load(Ordering::SeqCst)
    }

    /// Stands in for what breaks: a unit of a fan-out only where its input is the first.
    fn misbehave<P: Ports>(
        &self,
        stage: StageName,
        unit: &UnitRun<P>,
        input: &str,
    ) -> Result<(), StageError> {
        let is_meant = stage.plan().fan_out_from.is_none() || input.ends_with(" 0");
        if is_meant && self.panics == Some(stage) {
            panic!("toy panic");
        }
        if is_meant && self.broken == Some(stage) {
            return Err(StageError::reject("toy_broken", "broken for good"));
        }
        if stage == StageName::Embed && unit.try_number() <= self.n_flaky_tries {
            return Err(StageError::retry("toy_flaky", "broken for now"));
        }
        if stage == StageName::Generate && unit.try_number() <= self.n_waits {
            assert!(!unit.is_last_try(), "a try that waits does not count");
            return Err(StageError::Wait {
                message: "for a toy".to_owned(),
                after: Duration::from_millis(1),
            });
        }
        Ok(())
    }

    async fn fan_out<P: Ports>(
        &self,
        unit: &UnitRun<P>,
        word: &str,
        early: bool,
    ) -> Result<UnitOutput, StageError> {
        let mut units = Vec::new();
        for n in 0..self.n_units {
            let shard = unit.hand_over(format!("{word} {n}")).await?.unit_id();
            unit.emit(IngestChunkCreated { n_chunks: 1, shard: Some(shard.to_string()) });
            if early {
                unit.start_unit_early(StageName::Embed, &shard).await?;
            }
            units.push(shard);
        }
        let output = unit.hand_over(format!("{word} of {}", unit.state().request.source)).await?;
        let estimate = Some(Estimate { n_units: self.n_units, ..Estimate::default() });
        Ok(UnitOutput { sealed_units: units, estimate, ..UnitOutput::new(output) })
    }

    async fn collect<P: Ports>(unit: &UnitRun<P>, stage: StageName) -> Result<String, StageError> {
        let mut texts = Vec::new();
        for result in unit.outputs_of(stage).await? {
            texts.push(match result.output {
                Ok(output) => unit.get_json::<String>(&output).await?,
                Err(code) => code,
            });
        }
        Ok(texts.join(","))
    }

    async fn pack<P: Ports>(&self, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        let ingest: String = unit.output_json_of(StageName::Ingest).await?;
        let (vectors, words) =
            (Self::collect(unit, StageName::Embed).await?, Self::collect(unit, StageName::Generate).await?);
        let text = format!("{ingest}|{vectors}|{words}|{:?}", unit.state().missing);
        let docpack = unit.put_docpack(Digest::of(text.as_bytes()), text.as_bytes()).await?;
        let output = unit.put_json(&text).await?;
        Ok(UnitOutput { docpack: Some(docpack), ..UnitOutput::new(output) })
    }
}

impl Stages for Toy {
    fn version(&self, _stage: StageName) -> Option<String> {
        Some("toy-1".to_owned())
    }

    fn embedder(&self) -> Option<PinnedEmbedder> {
        None
    }

    async fn run<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        self.n_runs.fetch_add(1, Ordering::SeqCst);
        let is_fan_out = stage.plan().fan_out_from.is_some();
        let input: String = if is_fan_out { unit.input_json().await? } else { String::new() };
        crate::manual_clock::yield_once().await;
        self.misbehave(stage, unit, &input)?;
        while self.endless == Some(stage) {
            unit.cancel_flag().check()?;
            crate::manual_clock::yield_once().await;
        }
        match stage {
            StageName::Ingest => self.fan_out(unit, "shard", true).await,
            StageName::Embed => {
                unit.emit(EmbeddingStarted { n_chunks: 1 });
                Ok(UnitOutput::new(unit.hand_over(format!("vector of {input}")).await?))
            }
            StageName::Assemble => {
                let vectors = Self::collect(unit, StageName::Embed).await?;
                self.fan_out(unit, &format!("context of [{vectors}]"), false).await
            }
            StageName::Generate => {
                Ok(UnitOutput::new(unit.hand_over(format!("words on {}", input.len())).await?))
            }
            StageName::Pack => self.pack(unit).await,
        }
    }

    async fn let_go<P: Ports>(&self, _stage: StageName, unit: &UnitRun<P>) -> Result<(), StageError> {
        assert!(matches!(unit.state().phase, Phase::Cancelled | Phase::Failed));
        match self.n_let_go.fetch_add(1, Ordering::SeqCst) {
            n if n < self.n_out_of_reach => Err(StageError::retry("toy_silent", "nobody answers")),
            _ => Ok(()),
        }
    }
}

pub(crate) fn new_job(job: &str) -> NewJob {
    let job: JobId = job.parse().unwrap();
    NewJob {
        tenant: Tenant::local(),
        owner: "someone".to_owned(),
        queue_group: pipeline::QueueGroup::default(),
        request: BuildRequest::new(
            "https://example.org/a/b",
            BuildOptions { git_ref: Some("main".to_owned()), ..BuildOptions::default() },
        ),
        source_fingerprint: None,
        trace_id: job.trace_id(),
        job,
        parent: None,
        stage_versions: StageName::ALL.map(|stage| (stage, "toy-1".to_owned())).into(),
        embedder: None,
        time_limit: Duration::from_secs(24 * 3_600),
    }
}
