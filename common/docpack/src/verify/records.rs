//! What the records say, checked against each other.

use std::collections::{BTreeMap, HashMap};

use super::known::{Known, in_order};
use super::{Code, Findings, bodies};
use crate::contents::{Contents, Docpack, edge_key, unresolved_key};
use crate::digest::{Digest, from_hex};
use crate::entries;
use crate::ids::{ChunkId, ClusterId, SymbolId};
use crate::open::Open;
use crate::records::{Edge, Graph, SourceFile, Symbol};
use crate::vocabulary::{ByteRange, EdgeKind, Language, LineRange};

/// Checks everything that one record states about another.
pub(super) fn check(docpack: &Docpack, known: &Known<'_>, findings: &mut Findings) {
    let contents = &docpack.contents;
    manifest(docpack, findings);
    symbol_ids(known, findings);
    for symbol in known.symbols() {
        self::symbol(symbol, known, findings);
    }
    parents(known, findings);
    for file in &contents.source_map.files {
        self::file(file, known, findings);
    }
    let skipped = &contents.source_map.skipped;
    in_order(skipped, |skipped| skipped, entries::SOURCE_MAP, "skipped", findings);
    graph(&contents.graph, known, findings);
    if let Some(bodies) = &contents.bodies {
        bodies::check(bodies, known, findings);
    }
    clusters(contents, known, findings);
    layout(contents, known, findings);
    quality(contents, findings);
    overviews(contents, findings);
}

fn manifest(docpack: &Docpack, findings: &mut Findings) {
    let (manifest, contents) = (&docpack.manifest, &docpack.contents);
    let counted = contents.statistics();
    if manifest.statistics != counted {
        findings.add_or_note(Code::StatisticsMismatch, entries::MANIFEST, || {
            format!("it states {:?}, the entries hold {counted:?}", manifest.statistics)
        });
    }
    let optional = contents.optional();
    if manifest.optional != optional {
        findings.add_or_note(Code::OptionalMismatch, entries::MANIFEST, || {
            format!("it states {:?}, the entries hold {optional:?}", manifest.optional)
        });
    }
}

/// Derives every symbol's id again; equals are numbered in file order.
fn symbol_ids(known: &Known<'_>, findings: &mut Findings) {
    // By the id of the first among equals; most symbols have no equal and never get here.
    let mut equals: BTreeMap<SymbolId, Vec<&Symbol>> = BTreeMap::new();
    for symbol in known.symbols() {
        let first = derived_id(symbol, 0);
        if first != symbol.id {
            equals.entry(first).or_default().push(symbol);
        }
    }
    for (first, mut equals) in equals {
        if let Some(first) = known.symbol(first) {
            equals.push(first);
        }
        let ids: HashMap<SymbolId, usize> =
            (0..equals.len()).map(|at| (derived_id(equals[0], at as u32), at)).collect();
        // Of two at the same place either may be the first.
        equals.sort_by_key(|symbol| {
            (symbol.byte_range, ids.get(&symbol.id).copied().unwrap_or(usize::MAX), symbol.id)
        });
        for (at, symbol) in equals.iter().enumerate() {
            if ids.get(&symbol.id) != Some(&at) {
                findings.add(Code::SymbolIdMismatch, entries::NODES, || {
                    format!("`{}` should be `{}`", symbol.id, derived_id(symbol, at as u32))
                });
            }
        }
    }
}

fn derived_id(symbol: &Symbol, ordinal: u32) -> SymbolId {
    let (path, name) = (&symbol.file_path, &symbol.qualified_name);
    let (language, kind) = (symbol.language.as_str(), symbol.kind.as_str());
    SymbolId::of_words(language, path, name, kind, &symbol.signature, ordinal)
}

fn symbol(symbol: &Symbol, known: &Known<'_>, findings: &mut Findings) {
    let entry = entries::NODES;
    plain(&symbol.file_path, "file_path", entry, findings);
    plain(symbol.role_reason.as_deref().unwrap_or_default(), "role_reason", entry, findings);
    match known.file(&symbol.file_path) {
        None => findings.add(Code::DanglingFile, entry, || {
            format!("`{}` is of `{}`, which `{}` lacks", symbol.id, symbol.file_path, entries::SOURCE_MAP)
        }),
        Some(file) => {
            if !is_within(symbol.byte_range, file) || !are_lines_of(symbol.line_range, file) {
                outside(&symbol.id.to_string(), symbol.byte_range, file, entry, findings);
            }
        }
    }
    if let Some(parent) = symbol.parent {
        known.expect_symbol(parent, entry, findings);
    }
    if let Some(cluster) = symbol.cluster_id
        && known.cluster(cluster).is_none()
    {
        findings
            .add(Code::DanglingCluster, entry, || format!("`{cluster}` is not in `{}`", entries::CLUSTERS));
    }
    in_unit(symbol.centrality, "centrality", entry, findings);
    if let Some(documentation) = &symbol.documentation {
        word(&documentation.source, &SOURCES, entry, findings);
        word(&documentation.verdict, &VERDICTS, entry, findings);
    }
}

fn is_within(range: ByteRange, file: &SourceFile) -> bool {
    range.start <= range.end && u64::from(range.end) <= file.bytes
}

/// An empty file has one line for its module to stand on.
fn are_lines_of(lines: LineRange, file: &SourceFile) -> bool {
    lines.start >= 1 && lines.start <= lines.end && lines.end <= file.lines.max(1)
}

fn outside(what: &str, range: ByteRange, file: &SourceFile, entry: &str, findings: &mut Findings) {
    findings.add(Code::RangeOutsideFile, entry, || {
        format!(
            "`{what}` has bytes {}..{} or its lines outside `{}` of {} bytes and {} lines",
            range.start, range.end, file.file_path, file.bytes, file.lines
        )
    });
}

fn parents(known: &Known<'_>, findings: &mut Findings) {
    let parents: Vec<Option<usize>> =
        known.symbols().iter().map(|symbol| symbol.parent.and_then(|parent| known.place(parent))).collect();
    follow(&parents, |place| {
        let id = known.symbols()[place].id;
        findings.add(Code::ParentCycle, entries::NODES, || format!("`{id}` is its own ancestor"));
    });
}

/// Follows each chain until it ends or meets a place that was seen; reports each circle once.
fn follow(next: &[Option<usize>], mut circle: impl FnMut(usize)) {
    // The round in which a place was seen; 0 is none.
    let mut seen_in = vec![0_usize; next.len()];
    for start in 0..next.len() {
        let round = start + 1;
        let mut at = Some(start);
        while let Some(place) = at {
            if seen_in[place] == round {
                circle(place);
            }
            if seen_in[place] != 0 {
                break;
            }
            seen_in[place] = round;
            at = next[place];
        }
    }
}

fn file(file: &SourceFile, known: &Known<'_>, findings: &mut Findings) {
    let entry = entries::SOURCE_MAP;
    plain(&file.file_path, "file_path", entry, findings);
    plain(file.role_reason.as_deref().unwrap_or_default(), "role_reason", entry, findings);
    if file.bytes > MAX_JSON_INTEGER {
        findings.add(Code::ValueOutOfRange, entry, || {
            format!("`bytes` of `{}` is {}, allowed is {MAX_JSON_INTEGER}", file.file_path, file.bytes)
        });
    }
    hex(&file.sha256, &file.file_path, findings);
    in_order(&file.chunks, |chunk| chunk.byte_range.start, entry, "chunks", findings);
    let mut n_of_text: HashMap<&str, u32> = HashMap::new();
    for chunk in &file.chunks {
        let ordinal = n_of_text.entry(&chunk.sha256).or_default();
        if let Some(text) = hex(&chunk.sha256, &chunk.chunk_id.to_string(), findings) {
            let id = ChunkId::derive(&file.file_path, &text, *ordinal);
            if id != chunk.chunk_id {
                findings
                    .add(Code::ChunkIdMismatch, entry, || format!("`{}` should be `{id}`", chunk.chunk_id));
            }
        }
        *ordinal += 1;
        if !is_within(chunk.byte_range, file) {
            outside(&chunk.chunk_id.to_string(), chunk.byte_range, file, entry, findings);
        }
        for symbol in &chunk.symbol_ids {
            known.expect_symbol(*symbol, entry, findings);
        }
    }
    in_order(&file.gaps, |gap| gap.code.as_str(), entry, "gaps", findings);
    for line in file.gaps.iter().filter_map(|gap| gap.line).filter(|line| !(1..=file.lines).contains(line)) {
        findings.add(Code::RangeOutsideFile, entry, || {
            format!("line {line} of `{}`, which has {}", file.file_path, file.lines)
        });
    }
}

pub(super) fn hex(digits: &str, what: &str, findings: &mut Findings) -> Option<Digest> {
    let digest = from_hex(digits).map(Digest);
    if digest.is_none() {
        findings.add(Code::DigestMalformed, entries::SOURCE_MAP, || format!("`sha256` of `{what}`"));
    }
    digest
}

const SOURCES: [&str; 2] = ["model", "extractive"];
const VERDICTS: [&str; 3] = ["verified", "unchecked", "extractive"];
const REASONS: [&str; 3] = ["external", "dynamic", "unknown"];
const SEARCHES: [&str; 3] = ["exact", "cells", "none"];

fn word(word: &str, allowed: &[&str], entry: &str, findings: &mut Findings) {
    if !allowed.contains(&word) {
        let detail = || format!("`{word}`, allowed are {allowed:?}");
        if findings.is_later {
            findings.note(Code::WordUnknown, entry, detail);
        } else {
            findings.add(Code::WordUnknown, entry, detail);
        }
    }
}

/// The largest integer that every reader of JSON takes for what it is.
const MAX_JSON_INTEGER: u64 = (1 << 53) - 1;

/// A path or label with a control character could rewrite the line that it is shown on.
pub(super) fn plain(text: &str, field: &str, entry: &str, findings: &mut Findings) {
    if text.contains(char::is_control) {
        findings.add(Code::ControlCharacter, entry, || format!("`{field}` is {text:?}"));
    }
}

fn in_unit(number: f64, field: &str, entry: &str, findings: &mut Findings) {
    if !(0.0..=1.0).contains(&number) {
        findings.add(Code::ValueOutOfRange, entry, || format!("`{field}` is {number}, allowed is 0 to 1"));
    }
}

fn graph(graph: &Graph, known: &Known<'_>, findings: &mut Findings) {
    let entry = entries::GRAPH;
    in_unit(graph.confidence_floor, "confidence_floor", entry, findings);
    in_order(&graph.edges, edge_key, entry, "edges", findings);
    for pair in graph.edges.windows(2) {
        if edge_key(&pair[0]) == edge_key(&pair[1]) {
            findings.add(Code::DuplicateId, entry, || format!("edge {:?} occurs twice", edge_key(&pair[0])));
        }
    }
    for edge in &graph.edges {
        self::edge(edge, graph.confidence_floor, known, findings);
    }
    in_order(&graph.ambiguous, |found| (found.source, found.line, &found.name), entry, "ambiguous", findings);
    for ambiguous in &graph.ambiguous {
        known.expect_symbol(ambiguous.source, entry, findings);
        for candidate in &ambiguous.candidates {
            known.expect_symbol(candidate.id, entry, findings);
            in_unit(candidate.confidence, "confidence", entry, findings);
        }
    }
    in_unit(graph.metrics.density, "density", entry, findings);
    in_unit_or_below(graph.metrics.modularity, "modularity", entry, findings);
    containers(graph, known, findings);
    in_order(&graph.unresolved, unresolved_key, entry, "unresolved", findings);
    for unresolved in &graph.unresolved {
        known.expect_symbol(unresolved.source, entry, findings);
        word(&unresolved.reason, &REASONS, entry, findings);
    }
}

fn edge(edge: &Edge, floor: f64, known: &Known<'_>, findings: &mut Findings) {
    let entry = entries::GRAPH;
    known.expect_symbol(edge.source, entry, findings);
    known.expect_symbol(edge.target, entry, findings);
    let rules = EdgeRules::of(edge.kind.known());
    // The floor is about what source code says; a measured relation has a threshold of its own.
    let floor = if rules.weight == Weight::Never { floor } else { 0.0 };
    if !(floor..=1.0).contains(&edge.confidence) {
        findings.add(Code::ValueOutOfRange, entry, || {
            format!("an edge's `confidence` is {}, allowed is {floor} to 1", edge.confidence)
        });
    }
    if !rules.weight.allows(edge.weight) {
        findings.add(Code::ValueOutOfRange, entry, || {
            format!("`weight` is {:?} on an edge of kind `{}`", edge.weight, edge.kind)
        });
    }
    if edge.source == edge.target && !rules.may_loop {
        findings.add(Code::EdgeToSelf, entry, || format!("`{}` {} itself", edge.source, edge.kind));
    }
    let is_in_order = edge.sites.is_sorted();
    if !is_in_order || edge.sites.iter().any(|site| site.line == 0) {
        findings.add(Code::NotSorted, entry, || format!("`sites` of an edge from `{}`", edge.source));
    }
}

/// What the kind of an edge says about its other fields.
struct EdgeRules {
    weight: Weight,
    may_loop: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Never,
    Always,
    /// The kind is of a later version.
    Perhaps,
}

impl EdgeRules {
    fn of(kind: Option<EdgeKind>) -> Self {
        use EdgeKind::{Calls, CoChanged, Imports, References, ReferencesType, Related};
        let weight = match kind {
            None => Weight::Perhaps,
            Some(Related | CoChanged) => Weight::Always,
            Some(_) => Weight::Never,
        };
        // A function may call itself and a type may name itself; nothing contains or extends itself.
        let may_loop = matches!(kind, None | Some(Calls | References | ReferencesType | Imports));
        Self { weight, may_loop }
    }
}

impl Weight {
    fn allows(self, weight: Option<f64>) -> bool {
        match weight {
            None => self != Self::Always,
            Some(weight) => self != Self::Never && (0.0..=1.0).contains(&weight),
        }
    }
}

/// Each symbol lies in one other at most, and none in itself by way of others.
fn containers(graph: &Graph, known: &Known<'_>, findings: &mut Findings) {
    let mut holder = vec![None; known.symbols().len()];
    for edge in graph.edges.iter().filter(|edge| edge.kind == EdgeKind::Contains) {
        let (Some(source), Some(target)) = (known.place(edge.source), known.place(edge.target)) else {
            continue;
        };
        if holder[target].replace(source).is_some_and(|earlier| earlier != source) {
            findings.add(Code::ContainedTwice, entries::GRAPH, || format!("`{}`", edge.target));
        }
    }
    follow(&holder, |place| {
        let id = known.symbols()[place].id;
        // An edge to itself is found as such.
        if holder[place] != Some(place) {
            findings.add(Code::ContainsCycle, entries::GRAPH, || format!("`{id}` contains itself"));
        }
    });
}

fn clusters(contents: &Contents, known: &Known<'_>, findings: &mut Findings) {
    let entry = entries::CLUSTERS;
    let list = &contents.clusters.clusters;
    in_order(
        list,
        |cluster| (std::cmp::Reverse(cluster.member_count), cluster.cluster_id),
        entry,
        "clusters",
        findings,
    );
    for cluster in list {
        let id = cluster.cluster_id;
        if ClusterId::derive(&cluster.members) != id {
            findings
                .add(Code::ClusterIdMismatch, entry, || format!("`{id}` does not follow from its members"));
        }
        if !cluster.members.is_sorted_by(|a, b| a < b) {
            findings.add(Code::NotSorted, entry, || format!("`members` of `{id}`"));
        }
        let agrees =
            |member: &SymbolId| known.symbol(*member).is_none_or(|symbol| symbol.cluster_id == Some(id));
        if cluster.member_count as usize != cluster.members.len() || !cluster.members.iter().all(agrees) {
            findings.add(Code::ClusterMembersMismatch, entry, || format!("`{id}`"));
        }
        for member in &cluster.members {
            known.expect_symbol(*member, entry, findings);
        }
        in_unit_or_below(cluster.cohesion, "cohesion", entry, findings);
        plain(&cluster.label, "label", entry, findings);
    }
    let n_members: usize = list.iter().map(|cluster| cluster.members.len()).sum();
    let n_assigned = known.symbols().iter().filter(|symbol| symbol.cluster_id.is_some()).count();
    if n_members != n_assigned {
        findings.add(Code::ClusterMembersMismatch, entry, || {
            format!("clusters have {n_members} members, {n_assigned} symbols name a cluster")
        });
    }
}

/// A mean cosine may be negative.
fn in_unit_or_below(number: f64, field: &str, entry: &str, findings: &mut Findings) {
    if !(-1.0..=1.0).contains(&number) {
        findings.add(Code::ValueOutOfRange, entry, || format!("`{field}` is {number}, allowed is -1 to 1"));
    }
}

fn layout(contents: &Contents, known: &Known<'_>, findings: &mut Findings) {
    let entry = entries::LAYOUT;
    let layout = &contents.layout;
    in_order(&layout.clusters, |position| position.cluster_id, entry, "clusters", findings);
    in_order(&layout.symbols, |position| position.id, entry, "symbols", findings);
    let n_positions = (layout.clusters.len(), layout.symbols.len());
    let n_needed = (contents.clusters.clusters.len(), known.symbols().len());
    let is_repeated = layout.clusters.windows(2).any(|pair| pair[0].cluster_id == pair[1].cluster_id)
        || layout.symbols.windows(2).any(|pair| pair[0].id == pair[1].id);
    if n_positions != n_needed || is_repeated {
        findings.add(Code::PositionsMismatch, entry, || {
            format!("{n_positions:?} positions of clusters and symbols for {n_needed:?}")
        });
    }
    for position in &layout.clusters {
        if known.cluster(position.cluster_id).is_none() {
            findings.add(Code::DanglingCluster, entry, || {
                format!("`{}` is not in `{}`", position.cluster_id, entries::CLUSTERS)
            });
        }
        in_unit(position.x, "x", entry, findings);
        in_unit(position.y, "y", entry, findings);
        in_unit(position.radius, "radius", entry, findings);
    }
    for position in &layout.symbols {
        known.expect_symbol(position.id, entry, findings);
        in_unit(position.x, "x", entry, findings);
        in_unit(position.y, "y", entry, findings);
    }
}

fn quality(contents: &Contents, findings: &mut Findings) {
    let entry = entries::QUALITY;
    let quality = &contents.quality;
    word(&quality.neighbour_search, &SEARCHES, entry, findings);
    for bucket in &quality.confidence_histogram {
        in_unit(bucket.from, "from", entry, findings);
        in_unit(bucket.to, "to", entry, findings);
    }
    // A measured relation is in no bucket; whether an edge of a later version's kind is, only that one knows.
    let n_of = |wanted: Weight| {
        let weights = contents.graph.edges.iter().map(|edge| EdgeRules::of(edge.kind.known()).weight);
        weights.filter(|weight| *weight == wanted).count() as u64
    };
    let (n_read, n_unknown) = (n_of(Weight::Never), n_of(Weight::Perhaps));
    let n_counted: u64 = quality.confidence_histogram.iter().map(|bucket| u64::from(bucket.edges)).sum();
    if !(n_read..=n_read + n_unknown).contains(&n_counted) {
        findings.add(Code::QualityMismatch, entry, || {
            format!("`confidence_histogram` counts {n_counted} edges of {n_read}")
        });
    }
    let mut n_files: BTreeMap<&Open<Language>, u64> = BTreeMap::new();
    for file in &contents.source_map.files {
        *n_files.entry(&file.language).or_default() += 1;
    }
    let mut counted: BTreeMap<&Open<Language>, u64> = BTreeMap::new();
    for row in quality.languages.iter().filter(|row| row.files > 0) {
        *counted.entry(&row.language).or_default() += u64::from(row.files);
    }
    if counted != n_files {
        findings.add(Code::QualityMismatch, entry, || {
            format!("`languages` counts files {counted:?}, there are {n_files:?}")
        });
    }
}

fn overviews(contents: &Contents, findings: &mut Findings) {
    let entry = entries::OVERVIEWS;
    let overviews = &contents.overviews;
    word(&overviews.architecture.source, &SOURCES, entry, findings);
    word(&overviews.architecture.verdict, &VERDICTS, entry, findings);
    in_order(&overviews.modules, |module| module.path.as_str(), entry, "modules", findings);
    for module in &overviews.modules {
        word(&module.source, &SOURCES, entry, findings);
        word(&module.verdict, &VERDICTS, entry, findings);
    }
}
