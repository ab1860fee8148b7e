//! `doctown inspect` and `doctown verify`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use docpack::lookup::{EdgeRow, Lookup, Word, from_millionths};
use docpack::records::{
    CallCounts, Cluster, Clusters, Documentation, Edge, Gap, Manifest, Overviews, Quality, SkippedFile,
    Symbol, shown_words,
};
use docpack::verify::Report;
use docpack::{ReadError, ReadLimits, SymbolId, Violation, entries};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::args::{InspectArgs, View};
use crate::ask::{self, InputPack};
use crate::failure::{Exit, Failure};
use crate::output::{self, size, table, thousands};

/// More symbols than this are read faster with the whole pack than one by one.
const MAX_READ_ALONE: usize = 200;

pub(crate) fn inspect(args: &InspectArgs, json: bool) -> Result<(), Failure> {
    let view = Selection {
        filter: args.filter.as_deref(),
        limit: if args.limit == 0 { usize::MAX } else { args.limit },
    };
    let mut pack = ask::open_path(&args.pack)?;
    inspect_pack(&mut pack, args.view, &view, json).map_err(|error| refused(&args.pack, &error))
}

/// Shows a view, for which it reads the entries that hold it.
fn inspect_pack(
    pack: &mut InputPack,
    wanted: View,
    view: &Selection<'_>,
    json: bool,
) -> Result<(), ReadError> {
    match wanted {
        View::Manifest => show(json, pack.manifest(), || manifest_text(pack.manifest())),
        View::Quality => {
            let quality: Quality = pack.record(entries::QUALITY)?;
            show(json, &quality, || quality_text(&quality));
        }
        View::Overview => {
            let overviews: Overviews = pack.record(entries::OVERVIEWS)?;
            let manifest = pack.manifest();
            show(json, &overviews, || overview_text(manifest, &overviews, view));
        }
        View::Symbols if view.limit <= MAX_READ_ALONE && pack.is_indexed() => {
            show_few_symbols(pack, view, json)?
        }
        View::Symbols => {
            let nodes = pack.nodes()?;
            let symbols = view.pick(most_central_first(&nodes.symbols), |s| {
                format!("{} {}", s.qualified_name, s.file_path)
            });
            show(json, &symbols, || symbols_text(&symbols, nodes.symbols.len()));
        }
        View::Edges if json => output::json("inspect", &edges_json(pack, view)?),
        View::Edges => output::data(&edges_text(&pack.lookup()?, view)),
        View::Clusters => {
            let clusters: Clusters = pack.record(entries::CLUSTERS)?;
            let lookup = if json { Lookup::default() } else { pack.symbol_rows()? };
            show_clusters(json, &clusters, &lookup, view);
        }
        View::Files if json => output::json("inspect", &pack.source_map()?),
        View::Files => output::data(&files_text(&pack.parts(entries::SOURCE_MAP)?, view)),
    }
    Ok(())
}

/// Finds symbols by their rows, and reads the records of these alone.
fn show_few_symbols(pack: &mut InputPack, view: &Selection<'_>, json: bool) -> Result<(), ReadError> {
    let lookup = pack.symbol_rows()?;
    let picked = lookup.most_central(view.limit, |row| {
        view.is_wanted(|| format!("{} {}", lookup.text(row.qualified_name), lookup.file(row.file)))
    });
    let symbols: Result<Vec<_>, _> = picked.into_iter().map(|row| pack.symbol(row)).collect();
    let symbols = symbols?;
    let symbols: Vec<_> = symbols.iter().collect();
    show(json, &symbols, || symbols_text(&symbols, lookup.symbols().len()));
    Ok(())
}

pub(crate) fn verify(path: &Path, json: bool) -> Result<(), Failure> {
    let Report { violations, notes } = docpack::verify::report(open(path)?, &ReadLimits::default());
    if json {
        let rows = |found: &[Violation]| -> Vec<_> {
            let row = |v: &Violation| serde_json::json!({"code": v.code, "message": v.to_string()});
            found.iter().map(row).collect()
        };
        let (is_ok, violations, notes) = (violations.is_empty(), rows(&violations), rows(&notes));
        let report = serde_json::json!({"ok": is_ok, "violations": violations, "notes": notes});
        output::json("verify", &report);
    } else if violations.is_empty() {
        let manifest = docpack::read_manifest(open(path)?, &ReadLimits::default())
            .map_err(|error| refused(path, &error))?;
        let n_bytes: u64 = manifest.entries.iter().map(|entry| entry.bytes).sum();
        output::data(&format!(
            "ok {} ({} entries, {})",
            manifest.docpack_id,
            manifest.entries.len() + 1,
            size(n_bytes)
        ));
    } else {
        violations.iter().for_each(|violation| output::data(&violation.to_string()));
    }
    if !json {
        notes.iter().for_each(|note| output::data(&format!("note: {note}")));
    }
    match violations.as_slice() {
        [] => Ok(()),
        // The faults themselves are the results above.
        violations if !json => {
            Err(failed(format!("`{}` failed verification: {}", path.display(), faults(violations))))
        }
        violations => Err(violated(path, violations)),
    }
}

/// Reports a pack that failed verification, with its first fault.
pub(crate) fn violated(path: &Path, violations: &[Violation]) -> Failure {
    let shown = path.display();
    failed(match violations {
        [] => format!("`{shown}` failed verification"),
        [only] => format!("`{shown}` failed verification: {only}"),
        [first, ..] => format!("`{shown}` failed verification: {}, the first is {first}", faults(violations)),
    })
}

fn faults(violations: &[Violation]) -> String {
    match violations.len() {
        1 => "1 fault".to_owned(),
        n => format!("{} faults", thousands(n as u64)),
    }
}

fn failed(message: String) -> Failure {
    Failure::new(Exit::VerificationFailed, "verification_failed", message)
        .with_help("do not use this pack; build or download it again")
}

fn open(path: &Path) -> Result<BufReader<File>, Failure> {
    check_is_file(path)?;
    File::open(path).map(BufReader::new).map_err(|error| unreadable(path, &error))
}

/// Refuses a folder where a pack is expected; a pipe is read like a file.
pub(crate) fn check_is_file(path: &Path) -> Result<(), Failure> {
    match path.is_dir() {
        true => Err(not_a_pack(format!("`{}` is a folder", path.display()))),
        false => Ok(()),
    }
}

/// Reports a file that cannot be read.
pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::NotFound => not_a_pack(format!("`{}` does not exist", path.display())),
        _ => not_a_pack(format!("cannot read `{}`: {error}", path.display())),
    }
}

fn not_a_pack(message: String) -> Failure {
    Failure::new(Exit::InputRefused, "pack_unreadable", message)
        .with_help("give the path of a .docpack file, as printed by `doctown build`")
}

/// Reports a pack that cannot be read.
pub(crate) fn refused(path: &Path, error: &ReadError) -> Failure {
    Failure::new(Exit::InputRefused, error.code(), format!("`{}`: {error}", path.display()))
        .with_help("`doctown verify` lists every fault of a pack")
}

fn show<T: Serialize>(json: bool, value: &T, text: impl FnOnce() -> String) {
    if json { output::json("inspect", value) } else { output::data(&text()) }
}

struct Selection<'a> {
    filter: Option<&'a str>,
    limit: usize,
}

impl Selection<'_> {
    fn is_wanted(&self, text: impl FnOnce() -> String) -> bool {
        self.filter.is_none_or(|filter| text().contains(filter))
    }

    fn pick<'t, T>(&self, all: Vec<&'t T>, text: impl Fn(&T) -> String) -> Vec<&'t T> {
        let wanted = |item: &&T| self.is_wanted(|| text(item));
        all.into_iter().filter(wanted).take(self.limit).collect()
    }
}

fn with_total(text: String, shown: usize, total: usize, what: &str) -> String {
    if shown == total { text } else { format!("{text}\n{shown} of {} {what}", thousands(total as u64)) }
}

/// What most of the code relies on comes first, then the order of the files.
fn most_central_first(symbols: &[Symbol]) -> Vec<&Symbol> {
    let mut sorted: Vec<_> = symbols.iter().collect();
    sorted.sort_by(|a, b| {
        let place = |symbol: &Symbol| (symbol.line_range, symbol.id);
        let by_place = || a.file_path.cmp(&b.file_path).then_with(|| place(a).cmp(&place(b)));
        b.centrality.total_cmp(&a.centrality).then_with(by_place)
    });
    sorted
}

/// Lists the places of edges by the names of their ends.
fn picked_edges(lookup: &Lookup, view: &Selection<'_>) -> Vec<usize> {
    let word = |word: Word| lookup.word(word).unwrap_or_default();
    let keys = lookup.edges().iter().enumerate().map(|(at, edge)| {
        (symbol_name(lookup, edge.source), word(edge.kind), symbol_name(lookup, edge.target), at)
    });
    let wanted =
        keys.filter(|(source, kind, target, _)| view.is_wanted(|| format!("{source} {kind} {target}")));
    least(wanted, view.limit).into_iter().map(|(_, _, _, at)| at).collect()
}

/// Returns the least items in order, without sorting those that are left out.
fn least<T: Ord>(items: impl Iterator<Item = T>, limit: usize) -> Vec<T> {
    let mut kept = BinaryHeap::new();
    for item in items {
        if kept.len() < limit {
            kept.push(item);
        } else if let Some(mut greatest) = kept.peek_mut().filter(|greatest| item < **greatest) {
            *greatest = item;
        }
    }
    kept.into_sorted_vec()
}

fn symbol_name(lookup: &Lookup, row: u32) -> &str {
    lookup.symbols().get(row as usize).map_or("?", |symbol| lookup.text(symbol.qualified_name))
}

/// Lists edges by the names of their ends.
fn edges_text(lookup: &Lookup, view: &Selection<'_>) -> String {
    let word = |word: Word| lookup.word(word).unwrap_or_default().to_owned();
    let row = |at: usize| {
        let edge: &EdgeRow = &lookup.edges()[at];
        let lines: Vec<_> = lookup.lines(edge.lines).iter().take(3).map(u32::to_string).collect();
        let confidence = format!("{:.2}", from_millionths(edge.confidence));
        let ends = [edge.source, edge.target].map(|end| symbol_name(lookup, end).to_owned());
        let [source, target] = ends;
        vec![source, word(edge.kind), target, confidence, word(edge.evidence), lines.join(",")]
    };
    let rows: Vec<_> = picked_edges(lookup, view).into_iter().map(row).collect();
    let header = ["source", "kind", "target", "sure", "found by", "lines"];
    with_total(table(&header, &rows), rows.len(), lookup.edges().len(), "edges")
}

/// Reads the edges of a list by the names of their ends.
fn edges_json(pack: &mut InputPack, view: &Selection<'_>) -> Result<Vec<Edge>, ReadError> {
    let lookup = pack.lookup()?;
    let picked = picked_edges(&lookup, view);
    let mut records = pack.edges(&lookup, &picked)?;
    Ok(picked.iter().filter_map(|at| records.remove(at)).collect())
}

fn show_clusters(json: bool, clusters: &Clusters, lookup: &Lookup, view: &Selection<'_>) {
    let picked = view.pick(clusters.clusters.iter().collect(), |cluster| cluster.label.clone());
    show(json, &picked, || {
        let row = |cluster: &&Cluster| {
            let (size, cohesion) =
                (thousands(cluster.member_count.into()), format!("{:.2}", cluster.cohesion));
            vec![cluster.label.clone(), size, cohesion, central_members(lookup, &cluster.members)]
        };
        let rows: Vec<_> = picked.iter().map(row).collect();
        let header = ["label", "symbols", "cohesion", "most central"];
        with_total(table(&header, &rows), rows.len(), clusters.clusters.len(), "clusters")
    });
}

fn central_members(lookup: &Lookup, members: &[SymbolId]) -> String {
    let row = |id: &SymbolId| lookup.symbols().get(lookup.position(*id)?);
    let mut rows: Vec<_> = members.iter().filter_map(row).collect();
    rows.sort_unstable_by_key(|row| (Reverse(row.centrality), row.id));
    rows.iter().take(3).map(|row| lookup.text(row.qualified_name)).collect::<Vec<_>>().join(", ")
}

fn manifest_text(manifest: &Manifest) -> String {
    let source = &manifest.source;
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let counts = &manifest.statistics;
    let mut rows = vec![
        ("docpack", manifest.docpack_id.to_string()),
        ("format", manifest.schema_version.clone()),
        ("repository", or_none(&source.repo_url)),
        ("ref", or_none(&source.git_ref)),
        ("commit", or_none(&source.commit_hash)),
        ("tree", source.tree_digest.to_string()),
        ("changes beyond the commit", if source.dirty { "yes" } else { "no" }.to_owned()),
        ("committed", or_none(&committed_at(manifest))),
        ("made by", format!("{} {}", manifest.generator.name, manifest.generator.version)),
        ("files", thousands(counts.file_count)),
        ("symbols", thousands(counts.symbol_count)),
        ("edges", thousands(counts.edge_count)),
        ("chunks", thousands(counts.chunk_count)),
        ("clusters", thousands(counts.cluster_count)),
        ("vector dimensions", counts.embedding_dimensions.to_string()),
    ];
    if let Some(model) = &manifest.embedding_model {
        rows.push(("model", format!("{} ({}, {})", model.name, model.precision, model.provider)));
    }
    rows.extend(
        manifest.missing.iter().map(|missing| ("missing", format!("{} ({})", missing.what, missing.code))),
    );
    rows.extend(
        manifest.entries.iter().map(|entry| ("entry", format!("{} {}", entry.path, size(entry.bytes)))),
    );
    let rows: Vec<_> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    table(&["", ""], &rows).trim_start().to_owned()
}

/// The time of the commit; a source without a commit has none, and the format then says 1970.
fn committed_at(manifest: &Manifest) -> Option<String> {
    manifest.source.commit_hash.as_ref().map(|_| manifest.created_at.clone())
}

fn symbols_text(symbols: &[&Symbol], total: usize) -> String {
    let rows: Vec<_> = symbols
        .iter()
        .map(|s| {
            let summary = s.documentation.as_ref().map(Documentation::shown).unwrap_or_default();
            vec![
                s.kind.to_string(),
                s.qualified_name.clone(),
                format!("{}:{}", s.file_path, s.line_range.start),
                format!("{:.2}", s.centrality),
                summary.into_owned(),
            ]
        })
        .collect();
    with_total(
        table(&["kind", "name", "where", "central", "summary"], &rows),
        symbols.len(),
        total,
        "symbols",
    )
}

/// What the list of files needs of `source_map.json`; most of the entry is chunks and imports.
#[derive(Deserialize)]
struct FileList {
    files: Vec<FileRow>,
    skipped: Vec<SkippedFile>,
}

#[derive(Deserialize)]
struct FileRow {
    file_path: String,
    language: String,
    bytes: u64,
    lines: u32,
    chunks: Vec<IgnoredAny>,
    #[serde(default)]
    gaps: Vec<Gap>,
}

fn files_text(parts: &[FileList], view: &Selection<'_>) -> String {
    let files: Vec<&FileRow> = parts.iter().flat_map(|part| &part.files).collect();
    let n_files = files.len();
    let rows: Vec<_> = view
        .pick(files, |file| file.file_path.clone())
        .iter()
        .map(|file| {
            vec![
                file.file_path.clone(),
                file.language.clone(),
                size(file.bytes),
                thousands(file.lines.into()),
                file.chunks.len().to_string(),
                file.gaps.iter().map(gap_text).collect::<Vec<_>>().join("; "),
            ]
        })
        .collect();
    let header = ["file", "language", "size", "lines", "chunks", "not read"];
    let text = with_total(table(&header, &rows), rows.len(), n_files, "files");
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for skipped in parts.iter().flat_map(|part| &part.skipped) {
        *reasons.entry(&skipped.reason).or_default() += 1;
    }
    let reasons: Vec<_> = reasons.iter().map(|(reason, n)| format!("{reason} {n}")).collect();
    if reasons.is_empty() { text } else { format!("{text}\nskipped: {}", reasons.join(", ")) }
}

fn gap_text(gap: &Gap) -> String {
    let places = if gap.places > 1 { format!(" in {} places", gap.places) } else { String::new() };
    let line = gap.line.map(|line| format!(", line {line}")).unwrap_or_default();
    format!("{}{places}{line}", gap.code)
}

fn quality_text(quality: &Quality) -> String {
    let rows: Vec<_> = quality
        .languages
        .iter()
        .map(|l| {
            let CallCounts { resolved, ambiguous, external, dynamic, unknown } = l.calls;
            let total = resolved + ambiguous + external + dynamic + unknown;
            let share = |n: u32| {
                format!("{} ({:.0} %)", thousands(n.into()), f64::from(n) * 100.0 / f64::from(total.max(1)))
            };
            vec![
                l.language.to_string(),
                l.files.to_string(),
                l.files_with_errors.to_string(),
                l.error_nodes.to_string(),
                thousands(total.into()),
                share(resolved),
                share(external),
                share(ambiguous),
                share(dynamic),
                share(unknown),
            ]
        })
        .collect();
    let header = [
        "language",
        "files",
        "with errors",
        "error nodes",
        "calls",
        "resolved",
        "external",
        "ambiguous",
        "dynamic",
        "unknown",
    ];
    let histogram: Vec<_> = quality
        .confidence_histogram
        .iter()
        .map(|bucket| format!("{:.2}-{:.2}: {}", bucket.from, bucket.to, thousands(bucket.edges.into())))
        .collect();
    let summaries = &quality.summaries;
    format!(
        "{}\nedges by confidence: {}\nsummaries: {} extractive, {} by a model, {} of them with an unchecked part, {} rejected\nneighbours: {}",
        table(&header, &rows),
        histogram.join(", "),
        thousands(summaries.extractive.into()),
        thousands(summaries.model.into()),
        thousands(summaries.unchecked.into()),
        thousands(summaries.rejected.into()),
        quality.neighbour_search,
    )
}

/// Writes the overview, and where there is more to read.
fn overview_text(manifest: &Manifest, overviews: &Overviews, view: &Selection<'_>) -> String {
    let modules = view.pick(overviews.modules.iter().collect(), |module| module.path.clone());
    let whole = &overviews.architecture;
    let mut text = shown_words(&whole.text, &whole.verdict).into_owned();
    for module in modules {
        text.push_str(&format!("\n\n{}\n  {}", module.path, shown_words(&module.text, &module.verdict)));
    }
    if manifest.optional.has_tour {
        text.push_str("\n\n`doctown tour` introduces the code on one page");
    }
    text
}
