//! The parts of a repository, and which of them use which.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use docpack::EdgeKind;

use crate::code::{Code, Link};

/// Fewer parts say nothing about the layout.
const MIN_PARTS: usize = 5;
/// More do not fit one picture.
pub(crate) const MAX_PARTS: usize = 14;
/// A part with a larger share of the symbols is divided where it can be.
const MAX_SHARE_PERCENT: usize = 45;

/// Fewer files are told one by one, whatever they have to do with each other.
const MIN_COLLECTION: usize = 5;

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
            for link in code.leaving(from).iter().filter(|link| is_use(code, from, link)) {
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

    /// Tells whether a file lies in a top folder that uses nothing outside of it, and that nothing outside uses;
    /// the largest is never aside, for the others are so to it.
    pub(crate) fn is_aside(&self, path: &str) -> bool {
        let top = |part: usize| self.list[part].path.split('/').next().unwrap_or_default();
        let Some(own) = self.of(path).map(top).filter(|own| !own.is_empty()) else { return false };
        let is_link = |(from, to): &&(usize, usize)| (top(*from) == own) != (top(*to) == own);
        let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, part) in self.list.iter().enumerate() {
            *sizes.entry(top(at)).or_default() += part.n_symbols;
        }
        let size = sizes.get(own).copied().unwrap_or(0);
        let is_largest = sizes.values().all(|other| *other <= size);
        !is_largest && !self.uses.keys().any(|pair| is_link(&pair))
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

/// Tells whether an edge is a use: a file does not use the modules that it declares, nor a type the traits that other
/// files implement for it.
fn is_use(code: &Code<'_>, from: usize, link: &Link<'_>) -> bool {
    match link.kind {
        EdgeKind::Contains => false,
        EdgeKind::Imports => !code.declares_module(from, link),
        EdgeKind::Implements => code.has_block(from, link),
        _ => true,
    }
}

/// Tells whether a path is a file or folder, or lies below it; everything lies below the root, which is "".
pub(crate) fn is_within(folder: &str, path: &str) -> bool {
    let below = path.strip_prefix(folder);
    folder.is_empty() || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn by_file<'a>(list: &[Part<'a>]) -> HashMap<&'a str, usize> {
    let files = list.iter().enumerate();
    files.flat_map(|(at, part)| part.files.iter().map(move |file| (*file, at))).collect()
}

/// What the files of the product hold, and which of them use each other.
struct Files<'a> {
    n_symbols: BTreeMap<&'a str, usize>,
    /// Uses of a file's symbols in other files.
    n_uses: BTreeMap<&'a str, usize>,
    /// The files that a file uses or is used by.
    linked: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Files<'a> {
    fn new(code: &Code<'a>) -> Self {
        let mut files = Self { n_symbols: BTreeMap::new(), n_uses: BTreeMap::new(), linked: BTreeMap::new() };
        for at in code.ours() {
            let own = code.path(at);
            *files.n_symbols.entry(own).or_default() += 1;
            for user in code.reaching(at).iter().map(|link| link.other).filter(|it| code.path(*it) != own) {
                *files.n_uses.entry(own).or_default() += 1;
                files.linked.entry(own).or_default().insert(code.path(user));
                files.linked.entry(code.path(user)).or_default().insert(own);
            }
        }
        files
    }

    fn part(&self, path: &str, kind: PartKind, files: Vec<&'a str>) -> Part<'a> {
        let sum = |counts: &BTreeMap<&str, usize>| files.iter().filter_map(|file| counts.get(file)).sum();
        let n_symbols: usize = sum(&self.n_symbols);
        let n_uses: usize = sum(&self.n_uses);
        Part { path: path.to_owned(), kind, n_symbols, weight: n_symbols + n_uses, files, layer: 0 }
    }

    /// Divides a folder by the folders in it, or loose files by file; at most `room` parts come out.
    fn split(&self, whole: &Part<'a>, room: usize) -> Vec<Part<'a>> {
        let (groups, loose) = groups_of(whole);
        let below = |name: &str| match whole.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}/{name}"),
        };
        let folders = groups.into_iter();
        let mut found: Vec<Part<'a>> =
            folders.map(|(folder, files)| self.part(&below(folder), PartKind::Folder, files)).collect();
        if found.is_empty() {
            found = loose.iter().map(|file| self.part(file, PartKind::File, vec![file])).collect();
        } else if !loose.is_empty() {
            found.push(self.part(&whole.path, PartKind::Loose, loose));
        }
        self.keep_largest(&mut found, room, &whole.path);
        found
    }

    /// Keeps the largest parts and puts the others together.
    fn keep_largest(&self, found: &mut Vec<Part<'a>>, room: usize, path: &str) {
        if found.len() <= room {
            return;
        }
        found.sort_by(|a, b| (b.weight, &a.path).cmp(&(a.weight, &b.path)));
        let others = found.split_off(room.saturating_sub(1));
        let mut paths: Vec<_> = others.into_iter().flat_map(|part| part.files).collect();
        paths.sort_unstable();
        found.push(self.part(path, PartKind::Rest, paths));
    }

    /// Tells whether most files of a part have nothing to do with each other: each is an item of a collection, and
    /// the collection is the part.
    fn is_collection(&self, part: &Part<'a>) -> bool {
        if part.files.len() < MIN_COLLECTION || !groups_of(part).0.is_empty() {
            return false;
        }
        let is_joined = |file: &&&str| {
            let linked = self.linked.get(*file);
            linked.is_some_and(|linked| part.files.iter().any(|other| linked.contains(other)))
        };
        part.files.iter().filter(is_joined).count() * 2 < part.files.len()
    }
}

/// Divides a part's files into the folders directly in it, and those in none of them.
fn groups_of<'p, 'a>(part: &'p Part<'a>) -> (BTreeMap<&'a str, Vec<&'a str>>, Vec<&'a str>) {
    let mut groups: BTreeMap<&'a str, Vec<&'a str>> = BTreeMap::new();
    let mut loose = Vec::new();
    for file in &part.files {
        let rest = file.strip_prefix(part.path.as_str()).unwrap_or(file).trim_start_matches('/');
        match rest.split_once('/') {
            Some((folder, _)) => groups.entry(folder).or_default().push(*file),
            None => loose.push(*file),
        }
    }
    (groups, loose)
}

fn divide<'a>(code: &Code<'a>) -> Vec<Part<'a>> {
    let files = Files::new(code);
    let n_all: usize = files.n_symbols.values().sum();
    let mut parts = vec![files.part("", PartKind::Folder, files.n_symbols.keys().copied().collect())];
    parts.retain(|part| !part.files.is_empty());
    loop {
        let is_large = |it: &Part<'_>| it.n_symbols * 100 > n_all * MAX_SHARE_PERCENT;
        let is_wanted = |it: &Part<'a>| {
            let is_divisible = it.files.len() > 1 && it.kind != PartKind::Rest && !files.is_collection(it);
            is_divisible && (parts.len() < MIN_PARTS || is_large(it)) && parts.len() < MAX_PARTS
        };
        let largest = (0..parts.len()).filter(|at| is_wanted(&parts[*at]));
        let largest = largest.max_by_key(|at| (parts[*at].n_symbols, std::cmp::Reverse(*at)));
        let Some(at) = largest else { break };
        let divided = files.split(&parts[at], MAX_PARTS + 1 - parts.len());
        parts.splice(at..=at, divided);
    }
    parts.sort_by(|a, b| (&a.path, a.kind).cmp(&(&b.path, b.kind)));
    parts
}
