//! One progress line per stage, drawn from events: bars on a terminal, plain lines otherwise.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use pipeline::{Envelope, Event};

use crate::output::{plural, size, talk, thousands};

/// Plain output tells of vectors each time this share more is done.
const PLAIN_STEP_PERCENT: u64 = 10;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    Bars,
    Plain,
    Nothing,
}

/// Listens to a build's events and tells how far it is.
pub(crate) struct Progress {
    show: Show,
    bars: Vec<ProgressBar>,
    /// Keeps the lines together; dropped last.
    _lines: MultiProgress,
    seen: Mutex<Seen>,
}

/// Lines, in the order of the stages.
const INGEST: usize = 0;
const EMBED: usize = 1;
const ASSEMBLE: usize = 2;
const GENERATE: usize = 3;
const PACK: usize = 4;
const NAMES: [&str; 5] = ["ingest", "embed", "assemble", "generate", "pack"];

#[derive(Debug, Default)]
struct Seen {
    started: [Option<Instant>; 5],
    n_files: u64,
    n_skipped: u64,
    n_symbols: u64,
    n_chunks: u64,
    /// All chunks are known: ingest is over.
    is_total: bool,
    n_vectors: u64,
    n_cached: u64,
    told_percent: u64,
    n_clusters: u64,
    n_summaries: u64,
}

impl Progress {
    pub(crate) fn new(show: Show) -> Self {
        let target =
            if show == Show::Bars { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let lines = MultiProgress::with_draw_target(target);
        let style =
            ProgressStyle::with_template("{prefix:>8} {spinner} {msg}").expect("the template is a constant");
        let bars = NAMES.map(|name| {
            let bar = lines.add(ProgressBar::new_spinner());
            bar.set_style(style.clone());
            bar.set_prefix(name);
            bar
        });
        Self { show, bars: bars.into(), _lines: lines, seen: Mutex::default() }
    }

    /// Takes note of an event; returns at once.
    pub(crate) fn on_event(&self, envelope: &Envelope) {
        if self.show == Show::Nothing {
            return;
        }
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.note(&mut seen, &envelope.event);
    }

    /// Shows that the build waits, and for what.
    pub(crate) fn wait(&self, text: &str) {
        match self.show {
            Show::Bars => {
                self.bars[INGEST].set_message(text.to_owned());
                self.bars[INGEST].tick();
            }
            Show::Plain => talk(text),
            Show::Nothing => {}
        }
    }

    /// Ends the drawing, so that what follows starts on a line of its own.
    pub(crate) fn finish(&self) {
        for bar in &self.bars {
            if bar.message().is_empty() { bar.finish_and_clear() } else { bar.finish() }
        }
    }

    fn note(&self, seen: &mut Seen, event: &Event) {
        match event {
            Event::IngestStarted(_) => self.tell(seen, INGEST, "reading".to_owned(), false),
            Event::IngestFileDetected(e) => {
                seen.n_files += e.n_files;
                seen.n_symbols += e.n_symbols;
                let text = seen.ingest_text();
                self.tell(seen, INGEST, text, false);
            }
            Event::IngestFileSkipped(_) => seen.n_skipped += 1,
            Event::IngestChunkCreated(e) => seen.n_chunks += e.n_chunks,
            Event::IngestCompleted(e) => {
                (seen.n_files, seen.n_skipped, seen.n_symbols, seen.n_chunks) =
                    (e.n_files, e.n_skipped, e.n_symbols, e.n_chunks);
                seen.is_total = true;
                let text = seen.ingest_text();
                self.tell(seen, INGEST, text, true);
                // Shards from the cache may all have been done before ingest was.
                if seen.n_vectors > 0 {
                    self.tell_vectors(seen);
                }
            }
            Event::EmbeddingStarted(_) => self.tell(seen, EMBED, "starting".to_owned(), false),
            Event::EmbeddingCompleted(e) => {
                seen.n_vectors += e.n_chunks;
                seen.n_cached += e.n_cached;
                self.tell_vectors(seen);
            }
            Event::AssemblyStarted(e) => {
                let symbols = plural(e.n_symbols, "symbol", "symbols");
                let text = format!("{symbols}, {}", plural(e.n_vectors, "vector", "vectors"));
                self.tell(seen, ASSEMBLE, text, false);
            }
            Event::AssemblyCompleted(e) => {
                seen.n_clusters = e.n_clusters;
                let clusters = plural(e.n_clusters, "cluster", "clusters");
                let text = format!("{clusters}, {}", plural(e.n_edges, "edge", "edges"));
                self.tell(seen, ASSEMBLE, text, true);
            }
            Event::GenerationCompleted(e) => {
                seen.n_summaries += e.n_symbols;
                let text = plural(seen.n_summaries, "summary", "summaries");
                self.tell(seen, GENERATE, text, false);
            }
            Event::PackStarted(_) => {
                if seen.n_summaries > 0 {
                    let text = plural(seen.n_summaries, "summary", "summaries");
                    self.tell(seen, GENERATE, text, true);
                }
                self.tell(seen, PACK, "writing".to_owned(), false);
            }
            Event::PackCompleted(e) => self.tell(seen, PACK, size(e.size_bytes), true),
            _ => {}
        }
    }

    fn tell_vectors(&self, seen: &mut Seen) {
        let is_last = seen.is_total && seen.n_vectors >= seen.n_chunks;
        let elapsed = seen.elapsed(EMBED);
        let rate = seen.n_vectors as f64 / elapsed.as_secs_f64().max(1e-3);
        let mut text = format!(
            "{} of {}, {rate:.0}/s",
            thousands(seen.n_vectors),
            plural(seen.n_chunks, "vector", "vectors")
        );
        if seen.n_cached > 0 {
            text.push_str(&format!(", {} from the cache", thousands(seen.n_cached)));
        }
        if seen.is_total && !is_last {
            let left = (seen.n_chunks.saturating_sub(seen.n_vectors)) as f64 / rate.max(1e-3);
            text.push_str(&format!(", {} left", duration(Duration::from_secs_f64(left.min(1e6)))));
        }
        let percent = seen.n_vectors * 100 / seen.n_chunks.max(1);
        let is_step = seen.is_total && percent >= seen.told_percent + PLAIN_STEP_PERCENT;
        if is_step {
            seen.told_percent = percent;
        }
        if self.show == Show::Bars || is_step || is_last {
            self.tell(seen, EMBED, text, is_last || self.show == Show::Plain);
        }
    }

    /// Sets a stage's line; plain output writes only what is worth a line of its own.
    fn tell(&self, seen: &mut Seen, line: usize, text: String, is_milestone: bool) {
        seen.started[line].get_or_insert_with(Instant::now);
        let text = format!("{text}, {}", duration(seen.elapsed(line)));
        match self.show {
            Show::Bars => {
                self.bars[line].set_message(text);
                self.bars[line].tick();
            }
            Show::Plain if is_milestone => talk(&format!("{:>8}  {text}", NAMES[line])),
            Show::Plain | Show::Nothing => {}
        }
    }
}

impl Seen {
    fn elapsed(&self, line: usize) -> Duration {
        self.started[line].map_or(Duration::ZERO, |started| started.elapsed())
    }

    fn ingest_text(&self) -> String {
        let rate = self.n_files as f64 / self.elapsed(INGEST).as_secs_f64().max(1e-3);
        format!(
            "{} ({rate:.0}/s), {} skipped, {}, {}",
            plural(self.n_files, "file", "files"),
            thousands(self.n_skipped),
            plural(self.n_symbols, "symbol", "symbols"),
            plural(self.n_chunks, "chunk", "chunks")
        )
    }
}

/// Writes `0.4 s`, `12 s`, `3 min 20 s`.
pub(crate) fn duration(duration: Duration) -> String {
    match duration.as_secs() {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_something_is_not_told_as_several() {
        let seen = Seen { n_files: 1, n_symbols: 1, n_chunks: 2, ..Seen::default() };
        assert!(
            seen.ingest_text().starts_with("1 file (1000/s), 0 skipped, 1 symbol, 2 chunks"),
            "{}",
            seen.ingest_text()
        );
    }
}
