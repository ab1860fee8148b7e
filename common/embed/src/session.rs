//! ONNX Runtime: the library, its one environment, and sessions over it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ort::environment::Environment;
use ort::ep;
use ort::logging::LogLevel;
use ort::session::Session;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};
use ort::value::Tensor;

use crate::class::Provider;
use crate::embedder::EmbedError;

/// The library can be loaded once per process, and only one environment may ever be made.
static LOADED: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

/// Loads the library, or returns what the first call loaded.
pub(crate) fn environment(library: &Path) -> Result<Environment, EmbedError> {
    let unusable = |reason: String| EmbedError::RuntimeUnusable { path: library.to_owned(), reason };
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((path, environment)) = loaded.as_ref() {
        if path != library {
            return Err(unusable(format!("this process already loaded `{}`", path.display())));
        }
        return Ok(environment.clone());
    }
    let builder = ort::init_from(library).map_err(|error| unusable(error.to_string()))?;
    let environment = builder
        .with_name("doctown")
        .with_telemetry(false)
        .with_logger(Arc::new(log))
        .build()
        .map_err(|error| unusable(error.to_string()))?;
    *loaded = Some((library.to_owned(), environment.clone()));
    Ok(environment)
}

/// Failures come back as results and are reported there, so the library's own lines are details.
fn log(level: LogLevel, category: &str, _id: &str, _location: &str, message: &str) {
    tracing::debug!(target: "onnxruntime", ?level, category, "{message}");
}

/// Makes a session over the network in the file `weights`.
///
/// One thread: sums have one order, and several sessions use the cores better than one with threads.
pub(crate) fn open(environment: &Environment, weights: &Path, provider: Provider) -> ort::Result<Session> {
    options(environment, provider)?.commit_from_file(weights)
}

/// Makes a session over a network in memory, in the environment of this process.
pub(crate) fn open_bytes(network: &[u8], provider: Provider) -> ort::Result<Session> {
    let loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    let Some((_, environment)) = loaded.as_ref() else {
        return Err(ort::Error::new("the runtime was not loaded"));
    };
    options(environment, provider)?.commit_from_memory(network)
}

fn options(environment: &Environment, provider: Provider) -> ort::Result<SessionBuilder> {
    let mut builder = Session::builder(environment)?
        .with_optimization_level(GraphOptimizationLevel::Level3)?
        .with_intra_threads(1)?
        .with_inter_threads(1)?
        .with_intra_op_spinning(false)?;
    if provider == Provider::Cuda {
        // Without the last call, a GPU that cannot be used is a line in the log and the CPU in its place.
        builder = builder.with_execution_providers([ep::CUDA::default().build().error_on_failure()])?;
    }
    Ok(builder)
}

/// Runs one batch of token ids, padded to the longest, and hands each row's vector to `store`.
pub(crate) fn run(
    session: &mut Session,
    rows: &[&[u32]],
    dimensions: usize,
    mut store: impl FnMut(usize, &[f32]),
) -> Result<(), EmbedError> {
    let failed = |error: ort::Error<()>| EmbedError::InferenceFailed { reason: error.to_string() };
    let longest = rows.iter().map(|row| row.len()).max().unwrap_or(0);
    let mut ids = vec![0_i64; rows.len() * longest];
    let mut mask = ids.clone();
    for ((row, ids), mask) in rows.iter().zip(ids.chunks_mut(longest)).zip(mask.chunks_mut(longest)) {
        for ((&token, id), seen) in row.iter().zip(ids).zip(mask) {
            *id = i64::from(token);
            *seen = 1;
        }
    }
    let shape = [rows.len(), longest];
    let inputs = ort::inputs![
        "input_ids" => Tensor::from_array((shape, ids)).map_err(failed)?,
        "attention_mask" => Tensor::from_array((shape, mask)).map_err(failed)?,
    ];
    let outputs = session.run(inputs).map_err(failed)?;
    let output = outputs
        .get("sentence_embedding")
        .ok_or_else(|| EmbedError::InferenceFailed { reason: "the network gave no vector".to_owned() })?;
    let (_, values) = output.try_extract_tensor::<f32>().map_err(failed)?;
    if values.len() != rows.len() * dimensions || values.iter().any(|value| !value.is_finite()) {
        return Err(EmbedError::InferenceFailed { reason: "the network gave unusable vectors".to_owned() });
    }
    for (row, vector) in values.chunks_exact(dimensions).enumerate() {
        store(row, vector);
    }
    Ok(())
}
