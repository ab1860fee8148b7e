//! What linking found, one small record per site, and the sorted lists made of it part by part.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use docpack::{EdgeKind, Evidence, Language, SymbolId};
use foldhash::HashSet;
use model::resolution::{
    Ambiguous, CONFIDENCE_FLOOR, Candidate, Edge, LanguageCalls, Resolution, Site, Unresolved,
    UnresolvedReason,
};
use model::role::FoundRole;

use crate::resolve::repository::{Repository, Sym};
use crate::resolve::slim::SlimSymbol;
use crate::resolve::words::{PathIdx, Word, Words};

/// Longer paths are cut in what is listed as unresolved.
const MAX_LISTED_NAME_CHARS: usize = 120;

/// Everything that was found; the lists that others read are made of it at the end.
#[derive(Debug, Default)]
pub struct Links {
    /// Files that manifests or other files give another role than their facts, in path order.
    pub roles: Vec<(String, FoundRole)>,
    /// By file and place in it.
    ids: Vec<Vec<SymbolId>>,
    words: Words,
    packages: Words,
    edges: Vec<EdgeSite>,
    ambiguous: Vec<AmbiguousSite>,
    candidates: Vec<(Sym, u8)>,
    unresolved: Vec<UnresolvedSite>,
    calls: BTreeMap<Language, LanguageCalls>,
    /// Names of callables used as values where no certain symbol is meant.
    handed_over: BTreeSet<Word>,
}

#[derive(Debug, Clone, Copy)]
struct EdgeSite {
    source: Sym,
    target: Sym,
    kind: EdgeKind,
    evidence: Evidence,
    /// In hundredths.
    confidence: u8,
    site: Site,
}

#[derive(Debug, Clone, Copy)]
struct AmbiguousSite {
    source: Sym,
    path: PathIdx,
    line: u32,
    /// First and number in [`Links::candidates`].
    candidates: (u32, u32),
}

#[derive(Debug, Clone, Copy)]
struct UnresolvedSite {
    source: Sym,
    path: PathIdx,
    line: u32,
    reason: UnresolvedReason,
    package: Option<Word>,
}

/// What became of one call.
pub(crate) enum Outcome {
    Target(Sym, Evidence, u8),
    /// `T(x)` where nothing runs: the type is named, not called.
    Conversion(Sym, Evidence, u8),
    /// A class made by a constructor that it inherits: both are called.
    Made {
        class: Sym,
        constructor: Sym,
        evidence: Evidence,
        confidence: u8,
    },
    /// Each of the targets is called there, and perhaps one of the others.
    Several {
        targets: Vec<Sym>,
        evidence: Evidence,
        confidence: u8,
        others: Vec<(Sym, u8)>,
    },
    Candidates(Vec<(Sym, u8)>),
    External(Word),
    Dynamic,
    Unknown,
}

impl Links {
    /// Notes an edge's site, unless it is less sure than an edge may be.
    pub(crate) fn edge(
        &mut self,
        (source, target, kind): (Sym, Sym, EdgeKind),
        evidence: Evidence,
        confidence: u8,
        site: Site,
    ) {
        if is_sure(confidence) {
            self.edges.push(EdgeSite { source, target, kind, evidence, confidence, site });
        }
    }

    /// Notes that something of this name is used as a value.
    pub(crate) fn hand_over(&mut self, name: Word) {
        self.handed_over.insert(name);
    }

    /// Notes what became of a call.
    pub(crate) fn call(
        &mut self,
        language: Language,
        source: Sym,
        site: Site,
        path: PathIdx,
        outcome: Outcome,
    ) {
        let none = LanguageCalls { language, resolved: 0, ambiguous: 0, external: 0, dynamic: 0, unknown: 0 };
        let calls = self.calls.entry(language).or_insert(none);
        let (reason, package) = match outcome {
            Outcome::Target(target, evidence, confidence) if is_sure(confidence) => {
                calls.resolved += 1;
                return self.edge((source, target, EdgeKind::Calls), evidence, confidence, site);
            }
            Outcome::Conversion(target, evidence, confidence) => {
                return self.edge((source, target, EdgeKind::ReferencesType), evidence, confidence, site);
            }
            Outcome::Several { targets, evidence, confidence, others } => {
                calls.resolved += 1;
                for target in targets {
                    self.edge((source, target, EdgeKind::Calls), evidence, confidence, site);
                }
                if !others.is_empty() {
                    self.candidates(source, path, site.line, &others);
                }
                return;
            }
            Outcome::Made { class, constructor, evidence, confidence } if is_sure(confidence) => {
                calls.resolved += 1;
                self.edge((source, class, EdgeKind::Calls), evidence, confidence, site);
                return self.edge((source, constructor, EdgeKind::Calls), evidence, confidence, site);
            }
            Outcome::Made { class: target, confidence, .. } | Outcome::Target(target, _, confidence) => {
                calls.ambiguous += 1;
                return self.candidates(source, path, site.line, &[(target, confidence)]);
            }
            Outcome::Candidates(found) => {
                calls.ambiguous += 1;
                return self.candidates(source, path, site.line, &found);
            }
            Outcome::External(package) => {
                calls.external += 1;
                (UnresolvedReason::External, Some(package))
            }
            Outcome::Dynamic => {
                calls.dynamic += 1;
                (UnresolvedReason::Dynamic, None)
            }
            Outcome::Unknown => {
                calls.unknown += 1;
                (UnresolvedReason::Unknown, None)
            }
        };
        self.unresolved.push(UnresolvedSite { source, path, line: site.line, reason, package });
    }

    fn candidates(&mut self, source: Sym, path: PathIdx, line: u32, found: &[(Sym, u8)]) {
        let candidates = (self.candidates.len() as u32, found.len() as u32);
        self.candidates.extend_from_slice(found);
        self.ambiguous.push(AmbiguousSite { source, path, line, candidates });
    }

    /// Takes of the repository what names the records, drops the rest, and puts all into the order of ids.
    pub(crate) fn close(mut self, repository: Repository, packages: Words) -> Self {
        self.ids = repository
            .files
            .iter()
            .map(|file| file.symbols.iter().map(|symbol| symbol.id).collect())
            .collect();
        let is_callable = |symbol: &&SlimSymbol| symbol.kind.is_callable();
        let callables = repository.files.iter().flat_map(|file| &file.symbols).filter(is_callable);
        let callables: HashSet<Word> = callables.map(|symbol| symbol.name).collect();
        self.handed_over.retain(|name| callables.contains(name));
        self.words = repository.words;
        self.packages = packages;
        let (mut edges, mut ambiguous, mut unresolved) = (
            std::mem::take(&mut self.edges),
            std::mem::take(&mut self.ambiguous),
            std::mem::take(&mut self.unresolved),
        );
        let ranks = self.ranks();
        let rank = |sym: Sym| ranks[sym.file as usize][sym.idx as usize];
        edges.sort_unstable_by_key(|edge| (rank(edge.source), rank(edge.target), edge.kind, edge.site));
        // Stable: of two that are listed alike, the one that was found first counts.
        ambiguous.sort_by(|a, b| {
            let by_name = || self.ambiguous_key(a).cmp(&self.ambiguous_key(b));
            rank(a.source).cmp(&rank(b.source)).then_with(by_name)
        });
        unresolved.sort_by(|a, b| {
            let by_name = || (self.unresolved_key(a), a.line).cmp(&(self.unresolved_key(b), b.line));
            rank(a.source).cmp(&rank(b.source)).then_with(by_name)
        });
        Self { edges, ambiguous, unresolved, ..self }
    }

    fn id(&self, sym: Sym) -> SymbolId {
        self.ids[sym.file as usize][sym.idx as usize]
    }

    fn name(&self, path: PathIdx) -> &str {
        let text = self.words.path_text(path);
        if text.len() <= MAX_LISTED_NAME_CHARS {
            return text;
        }
        text.char_indices().nth(MAX_LISTED_NAME_CHARS).map_or(text, |(end, _)| &text[..end])
    }

    /// The place of every symbol in the order of ids: numbers compare faster than ids do.
    fn ranks(&self) -> Vec<Vec<u32>> {
        let mut ranks: Vec<Vec<u32>> = self.ids.iter().map(|ids| vec![0; ids.len()]).collect();
        let all = |(file, ids): (usize, &Vec<SymbolId>)| (0..ids.len()).map(move |idx| (file, idx));
        let mut order: Vec<(usize, usize)> = self.ids.iter().enumerate().flat_map(all).collect();
        order.sort_unstable_by_key(|(file, idx)| self.ids[*file][*idx]);
        for (rank, (file, idx)) in order.into_iter().enumerate() {
            ranks[file][idx] = rank as u32;
        }
        ranks
    }

    fn ambiguous_key(&self, found: &AmbiguousSite) -> (Sym, &str, u32) {
        (found.source, self.name(found.path), found.line)
    }

    fn unresolved_key(&self, found: &UnresolvedSite) -> (Sym, &str, UnresolvedReason, Option<&str>) {
        let package = found.package.map(|package| self.packages.text(package));
        (found.source, self.name(found.path), found.reason, package)
    }

    /// Makes the lists in parts of at most `max_records` records, in order; [`Resolution::append`] joins them.
    ///
    /// The whole can be fifty megabytes of JSON; so a part is written and dropped before the next is made.
    pub fn parts(&self, max_records: usize) -> impl Iterator<Item = Resolution> {
        let mut calls: Vec<LanguageCalls> = self.calls.values().copied().collect();
        let mut handed_over: Vec<String> =
            self.handed_over.iter().map(|name| self.words.text(*name).to_owned()).collect();
        handed_over.sort_unstable();
        let mut edges =
            self.edges.chunk_by(|a, b| (a.source, a.target, a.kind) == (b.source, b.target, b.kind));
        let mut ambiguous = self.ambiguous.chunk_by(|a, b| self.ambiguous_key(a) == self.ambiguous_key(b));
        let mut unresolved =
            self.unresolved.chunk_by(|a, b| self.unresolved_key(a) == self.unresolved_key(b));
        std::iter::from_fn(move || {
            let mut part = Resolution {
                calls: std::mem::take(&mut calls),
                handed_over: std::mem::take(&mut handed_over),
                ..Resolution::default()
            };
            part.edges.extend(edges.by_ref().take(max_records).map(|sites| self.edge_of(sites)));
            let n_left = max_records - part.edges.len();
            part.ambiguous.extend(ambiguous.by_ref().take(n_left).map(|sites| self.ambiguous_of(&sites[0])));
            let n_left = n_left - part.ambiguous.len();
            part.unresolved.extend(unresolved.by_ref().take(n_left).map(|sites| self.unresolved_of(sites)));
            (part != Resolution::default()).then_some(part)
        })
    }

    /// Makes all lists at once.
    pub fn to_resolution(&self) -> Resolution {
        self.parts(usize::MAX).next().unwrap_or_default()
    }

    /// The surest of several sites speaks for the edge.
    fn edge_of(&self, found: &[EdgeSite]) -> Edge {
        let surest = found.iter().max_by_key(|edge| (edge.confidence, Reverse(edge.evidence)));
        let first = surest.unwrap_or(&found[0]);
        let mut sites: Vec<Site> = found.iter().map(|edge| edge.site).collect();
        sites.dedup();
        Edge {
            source: self.id(first.source),
            target: self.id(first.target),
            kind: first.kind,
            confidence: hundredths(first.confidence),
            evidence: first.evidence,
            weight: None,
            sites,
        }
    }

    fn ambiguous_of(&self, found: &AmbiguousSite) -> Ambiguous {
        let (first, n) = (found.candidates.0 as usize, found.candidates.1 as usize);
        let candidate =
            |(sym, sure): &(Sym, u8)| Candidate { id: self.id(*sym), confidence: hundredths(*sure) };
        let mut candidates: Vec<_> = self.candidates[first..first + n].iter().map(candidate).collect();
        candidates.sort_by_key(|candidate| candidate.id);
        let name = self.name(found.path).to_owned();
        Ambiguous { source: self.id(found.source), name, line: found.line, candidates }
    }

    fn unresolved_of(&self, found: &[UnresolvedSite]) -> Unresolved {
        let first = found[0];
        let mut lines: Vec<u32> = found.iter().map(|site| site.line).collect();
        lines.dedup();
        Unresolved {
            source: self.id(first.source),
            name: self.name(first.path).to_owned(),
            lines,
            reason: first.reason,
            package: first.package.map(|package| self.packages.text(package).to_owned()),
        }
    }
}

/// Tells whether a find is sure enough for an edge; else it is a candidate.
pub(crate) fn is_sure(confidence: u8) -> bool {
    f64::from(confidence) >= CONFIDENCE_FLOOR * 100.0
}

fn hundredths(confidence: u8) -> f64 {
    f64::from(confidence) / 100.0
}
