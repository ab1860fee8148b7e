//! The archive's entries: their names, their one order, and how long ones go on in parts.

/// The version written by this crate.
pub const SCHEMA_VERSION: &str = "docpack/1.1";

/// The major version that this crate reads; any minor version of it will do.
pub const SCHEMA_MAJOR: u32 = 1;

/// The minor version written by this crate.
pub(crate) const SCHEMA_MINOR: u32 = 1;

/// What the pack is, of what, by which tools; always the first.
pub const MANIFEST: &str = "manifest.json";
/// A position per symbol and cluster.
pub const LAYOUT: &str = "layout.json";
/// How far the pack can be relied on.
pub const QUALITY: &str = "quality.json";
/// Symbols that belong together.
pub const CLUSTERS: &str = "clusters.json";
/// The whole and its folders in sentences.
pub const OVERVIEWS: &str = "overviews.json";
/// Files, chunks, imports, skipped files.
pub const SOURCE_MAP: &str = "source_map.json";
/// Symbols.
pub const NODES: &str = "nodes.json";
/// Edges, ambiguous and unresolved references, metrics.
pub const GRAPH: &str = "graph.json";
/// Optional: what callables do, step by step.
pub const BODIES: &str = "bodies.json";
/// Optional: what the facts answer to a few questions, and a model's words on it.
pub const INSIGHTS: &str = "insights.json";
/// Optional: the exact prompts.
pub const SYMBOL_CONTEXTS: &str = "symbol_contexts.json";
/// Optional: where each vector lies.
pub const EMBEDDINGS_INDEX: &str = "embeddings_index.json";
/// Optional: the vectors.
pub const EMBEDDINGS: &str = "embeddings.bin";

/// Optional: one page for a reader who sees the code for the first time.
pub const TOUR: &str = "tour.json";
/// Optional: the vectors as bytes.
pub const VECTORS: &str = "vectors.bin";
/// Optional: where the text of each file lies.
pub const SOURCE_INDEX: &str = "source_index.json";
/// Only in large packs: symbols and relations as rows, for reading a pack in part.
pub const LOOKUP: &str = "lookup.bin";
/// Only in large packs, and then last: where each entry's gzip members lie.
pub const PLACES: &str = "places.json";

/// Everything under this folder belongs to the history.
pub const HISTORY_FOLDER: &str = "history/";

/// The texts of the files are under this folder.
const SOURCE_FOLDER: &str = "source/";

/// A part of the texts ends behind the file that brings it to this size: one file costs little to read.
pub const SOURCE_PART_BYTES: usize = 1_000_000;

/// Parts of the texts are numbered with four digits, from 0.
pub const MAX_SOURCE_PARTS: usize = 10_000;

/// A JSON entry goes on in its next part past this size, so that a browser can hold one at a time.
pub const MAX_PART_BYTES: usize = 64_000_000;

/// Parts are numbered with four digits.
pub const MAX_PARTS: usize = 9_999;

/// A ustar header has room for this many bytes of name.
pub const MAX_PATH_BYTES: usize = 100;

/// Entries without which a pack is not one, in archive order; the manifest comes before them.
pub const REQUIRED: [&str; 7] = [LAYOUT, QUALITY, CLUSTERS, OVERVIEWS, SOURCE_MAP, NODES, GRAPH];

/// Entries that go on in parts.
pub(crate) const DIVISIBLE: [&str; 4] = [SOURCE_MAP, NODES, GRAPH, BODIES];

/// An entry's place: what it is a part of, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    /// `nodes.json` for `nodes.0001.json`.
    pub(crate) entry: &'a str,
    /// 0 for the entry itself.
    pub(crate) number: usize,
}

/// Names the part: `nodes.json`, then `nodes.0001.json` and so on.
pub(crate) fn part_path(entry: &str, number: usize) -> String {
    match (number, entry.strip_suffix(".json")) {
        (1.., Some(stem)) => format!("{stem}.{number:04}.json"),
        _ => entry.to_owned(),
    }
}

/// Names a part of the texts: `source/0000.txt` and so on.
pub fn source_part_path(number: usize) -> String {
    format!("{SOURCE_FOLDER}{number:04}.txt")
}

/// Returns the number of a part of the texts: 3 for `source/0003.txt`.
pub(crate) fn source_part_of(path: &str) -> Option<usize> {
    let digits = path.strip_prefix(SOURCE_FOLDER)?.strip_suffix(".txt")?;
    let is_number = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

/// Returns the entry that a path is a part of: `nodes.json` for `nodes.0001.json`.
pub fn entry_of(path: &str) -> &str {
    part_of(path).entry
}

/// Tells which entry a path belongs to.
pub(crate) fn part_of(path: &str) -> Part<'_> {
    for entry in DIVISIBLE {
        let number = entry
            .strip_suffix(".json")
            .and_then(|stem| path.strip_prefix(stem)?.strip_prefix('.')?.strip_suffix(".json"))
            .filter(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok());
        if let Some(number @ 1..) = number {
            return Part { entry, number };
        }
    }
    Part { entry: path, number: 0 }
}

/// Gives the sort key of the archive's order; entries that this version does not know come last.
pub(crate) fn place(path: &str) -> (usize, usize, &str) {
    let part = part_of(path);
    let after_required = REQUIRED.len() + 1;
    let group = match part.entry {
        MANIFEST => 0,
        BODIES => after_required,
        INSIGHTS => after_required + 2,
        SYMBOL_CONTEXTS => after_required + 3,
        EMBEDDINGS_INDEX => after_required + 4,
        EMBEDDINGS => after_required + 5,
        VECTORS => after_required + 6,
        TOUR => after_required + 7,
        SOURCE_INDEX => after_required + 8,
        entry if source_part_of(entry).is_some() => after_required + 9,
        LOOKUP => usize::MAX - 1,
        PLACES => usize::MAX,
        entry if entry.starts_with(HISTORY_FOLDER) => after_required + 1,
        entry => REQUIRED.iter().position(|known| *known == entry).map_or(after_required + 10, |at| at + 1),
    };
    (group, part.number, path)
}

/// Tells whether records of this crate describe the entry.
pub(crate) fn is_typed(path: &str) -> bool {
    let entry = part_of(path).entry;
    let is_optional = matches!(
        entry,
        MANIFEST
            | BODIES
            | INSIGHTS
            | SYMBOL_CONTEXTS
            | EMBEDDINGS_INDEX
            | EMBEDDINGS
            | VECTORS
            | TOUR
            | SOURCE_INDEX
    );
    is_optional || is_derived(entry) || REQUIRED.contains(&entry) || source_part_of(entry).is_some()
}

/// Tells whether this version defines the entry.
pub(crate) fn is_known(path: &str) -> bool {
    is_typed(path) || path.starts_with(HISTORY_FOLDER)
}

/// Tells whether the writer makes the entry from others, so that a reader needs no records of it.
pub(crate) fn is_derived(path: &str) -> bool {
    matches!(path, LOOKUP | PLACES)
}

/// Tells whether a path may name an entry: lower-case words, `/` between them, nothing that leads elsewhere.
pub fn is_safe_path(path: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
            && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.'))
    };
    path.len() <= MAX_PATH_BYTES && path.split('/').all(is_word)
}
