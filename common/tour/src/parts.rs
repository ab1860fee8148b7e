//! The parts of a repository, and which of them use which.

use std::collections::{BTreeMap, HashMap};

use docpack::EdgeKind;

use crate::code::Code;

/// Fewer parts say nothing about the layout.
const MIN_PARTS: usize = 5;
/// More do not fit one picture.
pub(crate) const MAX_PARTS: usize = 14;
/// A part with a larger share of the symbols is divided where it can be.
const MAX_SHARE_PERCENT: usize = 45;

/// Files that belong together: those of a folder and below it, those directly in it, or one file.
#[derive(Debug, Clone)]
pub(crate) struct Part<'a> {
    /// The path of the folder or file.
    pub(crate) path: String,
    pub(crate) kind: PartKind,
    /// In path order.
    pub(crate) files: Vec<&'a str>,
    pub(crate) n_symbols: usize,
    /// Its symbols and the uses of them in other files.
    weight: usize,
    /// Counted from the parts that no other part uses.
    pub(crate) layer: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PartKind {
    Folder,
    /// The files directly in the folder.
    Loose,
    File,
    /// What is too small for a part of its own.
    Rest,
}

/// What one part uses of another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use {
    pub(crate) n: usize,
    /// The first edge: from, to and line.
    pub(crate) first: (usize, usize, u32),
}

/// The parts, upper layers first, and their uses of each other.
pub(crate) struct Parts<'a> {
    pub(crate) list: Vec<Part<'a>>,
    /// By the part that uses and the one that is used.
    pub(crate) uses: BTreeMap<(usize, usize), Use>,
    of_file: HashMap<&'a str, usize>,
}

impl<'a> Parts<'a> {
    /// Divides the files of the product, and puts what uses above what is used.
    pub(crate) fn new(code: &Code<'a>) -> Self {
        let list = divide(code);
        let mut parts = Self { of_file: by_file(&list), list, uses: BTreeMap::new() };
        parts.uses = parts.count_uses(code);
        let order = parts.order();
        parts.list = order.iter().map(|at| parts.list[*at].clone()).collect();
        parts.of_file = by_file(&parts.list);
        parts.uses = parts.count_uses(code);
        parts.set_layers();
        parts
    }

    /// Returns the part of a file.
    pub(crate) fn of(&self, path: &str) -> Option<usize> {
        self.of_file.get(path).copied()
    }

    fn count_uses(&self, code: &Code<'_>) -> BTreeMap<(usize, usize), Use> {
        let mut uses: BTreeMap<(usize, usize), Use> = BTreeMap::new();
        for from in code.ours() {
            let Some(source) = self.of(code.path(from)) else { continue };
            for link in code.leaving(from).iter().filter(|link| link.kind != EdgeKind::Contains) {
                let target = self.of(code.path(link.other)).filter(|_| code.is_ours(link.other));
                let Some(target) = target.filter(|target| *target != source) else { continue };
                let first = (from, link.other, link.line().unwrap_or_else(|| code.line(from)));
                uses.entry((source, target)).or_insert(Use { n: 0, first }).n += link.sites.len().max(1);
            }
        }
        uses
    }

    fn weight(&self, from: usize, to: usize) -> usize {
        self.uses.get(&(from, to)).map_or(0, |it| it.n)
    }

    /// Orders the parts so that few uses lead upwards: first whatever nothing else uses, last what uses nothing.
    fn order(&self) -> Vec<usize> {
        let mut left: Vec<usize> = (0..self.list.len()).collect();
        let (mut upper, mut lower) = (Vec::new(), Vec::new());
        while !left.is_empty() {
            let used = |at: usize| left.iter().map(|from| self.weight(*from, at)).sum::<usize>();
            let using = |at: usize| left.iter().map(|to| self.weight(at, *to)).sum::<usize>();
            let sink = left.iter().rposition(|at| using(*at) == 0 && used(*at) > 0);
            let source = left.iter().position(|at| used(*at) == 0);
            if let Some(at) = source {
                upper.push(left.remove(at));
            } else if let Some(at) = sink {
                lower.push(left.remove(at));
            } else {
                // In a circle, what uses more than it is used comes first.
                let gain = |at: usize| using(at) as i64 - used(at) as i64;
                let best = (0..left.len()).max_by_key(|at| (gain(left[*at]), std::cmp::Reverse(*at)));
                upper.push(left.remove(best.unwrap_or_default()));
            }
        }
        lower.reverse();
        upper.extend(lower);
        upper
    }

    /// Gives each part a layer below all parts that use it and come before it.
    fn set_layers(&mut self) {
        for at in 0..self.list.len() {
            let above = (0..at).filter(|from| self.is_downward(*from, at));
            let layer = above.map(|from| self.list[from].layer + 1).max().unwrap_or(0);
            self.list[at].layer = layer;
        }
    }

    /// Tells whether a part uses one that comes after it more than the other way round.
    fn is_downward(&self, from: usize, to: usize) -> bool {
        self.weight(from, to) > 0 && self.weight(from, to) >= self.weight(to, from)
    }

    /// Tells whether a file lies in a top folder that uses nothing outside of it, and that nothing outside uses.
    pub(crate) fn is_aside(&self, path: &str) -> bool {
        let top = |part: usize| self.list[part].path.split('/').next().unwrap_or_default();
        let Some(own) = self.of(path).map(top).filter(|own| !own.is_empty()) else { return false };
        let is_link = |(from, to): &&(usize, usize)| (top(*from) == own) != (top(*to) == own);
        let has_other = (0..self.list.len()).any(|part| top(part) != own);
        has_other && !self.uses.keys().any(|pair| is_link(&pair))
    }

    /// Lists pairs that use each other, the heaviest way back first.
    pub(crate) fn mutual(&self) -> Vec<(usize, usize)> {
        let pairs = self.uses.keys().copied().filter(|(a, b)| a < b && self.weight(*b, *a) > 0);
        let mut pairs: Vec<_> = pairs.collect();
        let back = |(a, b): &(usize, usize)| self.weight(*b, *a).min(self.weight(*a, *b));
        pairs.sort_by_key(|pair| (std::cmp::Reverse(back(pair)), *pair));
        pairs
    }
}

fn by_file<'a>(list: &[Part<'a>]) -> HashMap<&'a str, usize> {
    let files = list.iter().enumerate();
    files.flat_map(|(at, part)| part.files.iter().map(move |file| (*file, at))).collect()
}

fn divide<'a>(code: &Code<'a>) -> Vec<Part<'a>> {
    let mut n_symbols: BTreeMap<&'a str, usize> = BTreeMap::new();
    let mut n_uses: BTreeMap<&'a str, usize> = BTreeMap::new();
    for at in code.ours() {
        *n_symbols.entry(code.path(at)).or_default() += 1;
        let users = code.reaching(at).iter().filter(|link| code.path(link.other) != code.path(at));
        *n_uses.entry(code.path(at)).or_default() += users.count();
    }
    let part = |path: &str, kind, files: Vec<&'a str>| Part {
        path: path.to_owned(),
        kind,
        n_symbols: files.iter().filter_map(|file| n_symbols.get(file)).sum(),
        weight: files
            .iter()
            .map(|file| n_symbols.get(file).unwrap_or(&0) + n_uses.get(file).unwrap_or(&0))
            .sum(),
        files,
        layer: 0,
    };
    let n_all: usize = n_symbols.values().sum();
    let mut parts = vec![part("", PartKind::Folder, n_symbols.keys().copied().collect())];
    parts.retain(|part| !part.files.is_empty());
    loop {
        let is_large = |it: &Part<'_>| it.n_symbols * 100 > n_all * MAX_SHARE_PERCENT;
        let is_wanted = |it: &Part<'_>| {
            let is_divisible = it.files.len() > 1 && it.kind != PartKind::Rest;
            is_divisible && (parts.len() < MIN_PARTS || is_large(it)) && parts.len() < MAX_PARTS
        };
        let largest = (0..parts.len()).filter(|at| is_wanted(&parts[*at]));
        let largest = largest.max_by_key(|at| (parts[*at].n_symbols, std::cmp::Reverse(*at)));
        let Some(at) = largest else { break };
        let room = MAX_PARTS + 1 - parts.len();
        let divided = split(&parts[at], room, &part);
        parts.splice(at..=at, divided);
    }
    parts.sort_by(|a, b| (&a.path, a.kind).cmp(&(&b.path, b.kind)));
    parts
}

/// Divides a folder by the folders in it, or loose files by file; at most `room` parts come out.
fn split<'a>(
    whole: &Part<'a>,
    room: usize,
    part: &dyn Fn(&str, PartKind, Vec<&'a str>) -> Part<'a>,
) -> Vec<Part<'a>> {
    let mut groups: BTreeMap<Option<&str>, Vec<&'a str>> = BTreeMap::new();
    for file in &whole.files {
        let rest = file.strip_prefix(whole.path.as_str()).unwrap_or(file).trim_start_matches('/');
        groups.entry(rest.split_once('/').map(|(folder, _)| folder)).or_default().push(file);
    }
    let below = |name: &str| match whole.path.as_str() {
        "" => name.to_owned(),
        path => format!("{path}/{name}"),
    };
    let loose = groups.remove(&None).unwrap_or_default();
    let mut found: Vec<Part<'a>> = groups
        .into_iter()
        .filter_map(|(folder, files)| Some(part(&below(folder?), PartKind::Folder, files)))
        .collect();
    if found.is_empty() {
        found = loose.iter().map(|file| part(file, PartKind::File, vec![file])).collect();
    } else if !loose.is_empty() {
        found.push(part(&whole.path, PartKind::Loose, loose));
    }
    keep_largest(&mut found, room, &whole.path, part);
    found
}

/// Keeps the largest parts and puts the others together.
fn keep_largest<'a>(
    found: &mut Vec<Part<'a>>,
    room: usize,
    path: &str,
    part: &dyn Fn(&str, PartKind, Vec<&'a str>) -> Part<'a>,
) {
    if found.len() <= room {
        return;
    }
    found.sort_by(|a, b| (b.weight, &a.path).cmp(&(a.weight, &b.path)));
    let others = found.split_off(room.saturating_sub(1));
    let mut paths: Vec<_> = others.into_iter().flat_map(|part| part.files).collect();
    paths.sort_unstable();
    found.push(part(path, PartKind::Rest, paths));
}
