//! What the device does at best, for benchmarks to compare with.

use std::time::{Duration, Instant};

use ort::session::Session;
use ort::value::Tensor;

use crate::class::{Precision, Provider};
use crate::embedder::{EmbedError, Embedder};
use crate::session;

/// Rows and columns of the matrices; large enough that a GPU is busy and small enough for a core's cache.
const SIZE: usize = 1_024;
/// Products in a row on a GPU, so that bringing matrices there and back takes little of the time.
const CHAIN: usize = 64;
/// A measurement's length; clocks have gone up and buffers have grown by its half.
const MEASURED: Duration = Duration::from_secs(2);

impl Embedder {
    /// Measures the multiply-adds a second of large matrix products, by as many sessions of the same
    /// runtime as the embedder has, in its precision. The embedder should be idle meanwhile.
    ///
    /// # Errors
    /// `InferenceFailed` when the runtime does not do the product.
    pub fn measure_limit(&self) -> Result<f64, EmbedError> {
        let failed = |error: ort::Error<()>| EmbedError::InferenceFailed { reason: error.to_string() };
        let class = self.class();
        let products = if class.provider == Provider::Cuda { CHAIN } else { 1 };
        let network = network(class.precision, products);
        let open = |_| session::open_bytes(&network, class.provider).map_err(failed);
        let sessions = (0..self.n_sessions()).map(open).collect::<Result<Vec<_>, _>>()?;
        let per_run = (products * SIZE * SIZE * SIZE) as f64;
        std::thread::scope(|scope| {
            let running: Vec<_> = sessions
                .into_iter()
                .map(|session| scope.spawn(move || runs_per_second(session, class.precision)))
                .collect();
            let mut total = 0.0;
            for run in running {
                let done = run.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                total += done.map_err(failed)? * per_run;
            }
            Ok(total)
        })
    }
}

/// Multiply-adds of the network for texts of these lengths in tokens, padding left out.
pub(crate) fn multiply_adds(lengths: impl Iterator<Item = usize>) -> f64 {
    // The network's shape is that of its pinned weights: six layers of 384, four times as wide within.
    const LAYERS: usize = 6;
    const WIDTH: usize = 384;
    let of_text = |n_tokens: usize| LAYERS * n_tokens * (12 * WIDTH * WIDTH + 2 * n_tokens * WIDTH);
    lengths.map(|n_tokens| of_text(n_tokens) as f64).sum()
}

/// Runs for some time and counts the second half.
fn runs_per_second(mut session: Session, precision: Precision) -> ort::Result<f64> {
    let started = Instant::now();
    let mut measured = None;
    let mut n_runs = 0_u32;
    while started.elapsed() < MEASURED {
        let shape = [SIZE, SIZE];
        let inputs = match precision {
            Precision::Fp32 => ort::inputs![
                "a" => Tensor::from_array((shape, vec![0.001_f32; SIZE * SIZE]))?,
                "b" => Tensor::from_array((shape, vec![0.001_f32; SIZE * SIZE]))?,
            ],
            Precision::Int8 => ort::inputs![
                "a" => Tensor::from_array((shape, vec![1_u8; SIZE * SIZE]))?,
                "b" => Tensor::from_array((shape, vec![1_i8; SIZE * SIZE]))?,
            ],
        };
        session.run(inputs)?;
        n_runs += 1;
        if measured.is_none() && started.elapsed() >= MEASURED / 2 {
            measured = Some((Instant::now(), n_runs));
        }
    }
    let (since, before) = measured.unwrap_or((started, 0));
    Ok(f64::from(n_runs - before) / since.elapsed().as_secs_f64())
}

/// Writes a network as ONNX has it: `a` times `b`, times `b` again and again.
fn network(precision: Precision, n_products: usize) -> Vec<u8> {
    const FLOAT: u64 = 1;
    const UINT8: u64 = 2;
    const INT8: u64 = 3;
    const INT32: u64 = 6;
    let (operator, a, b, c) = match precision {
        Precision::Fp32 => ("MatMul", FLOAT, FLOAT, FLOAT),
        Precision::Int8 => ("MatMulInteger", UINT8, INT8, INT32),
    };
    let value = |name: &str, element: u64| {
        let side = message(1, &varint(1, SIZE as u64));
        let shape = message(2, &[side.clone(), side].concat());
        let tensor = message(1, &[varint(1, element), shape].concat());
        [message(1, name.as_bytes()), message(2, &tensor)].concat()
    };
    let mut graph = Vec::new();
    for idx in 0..n_products {
        let from = if idx == 0 { "a".to_owned() } else { format!("c{idx}") };
        let to = if idx + 1 == n_products { "c".to_owned() } else { format!("c{}", idx + 1) };
        let node = [(1, from.as_str()), (1, "b"), (2, to.as_str()), (4, operator)];
        let node: Vec<u8> = node.iter().flat_map(|(field, text)| message(*field, text.as_bytes())).collect();
        graph.extend(message(1, &node));
    }
    graph.extend(message(2, b"limit"));
    graph.extend(message(11, &value("a", a)));
    graph.extend(message(11, &value("b", b)));
    graph.extend(message(12, &value("c", c)));
    // Version 8 of the format, 17 of its operators.
    [varint(1, 8), message(7, &graph), message(8, &varint(2, 17))].concat()
}

/// A field of Protocol Buffers that holds bytes: a message or a text.
fn message(field: u64, bytes: &[u8]) -> Vec<u8> {
    [number(field << 3 | 2), number(bytes.len() as u64), bytes.to_vec()].concat()
}

/// A field of Protocol Buffers that holds a number.
fn varint(field: u64, value: u64) -> Vec<u8> {
    [number(field << 3), number(value)].concat()
}

fn number(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}
