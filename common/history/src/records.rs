use serde::{Deserialize, Serialize};

/// The 20 bytes of a commit's SHA-1.
pub type CommitId = [u8; 20];

/// One run of commits, oldest first: the unit of resuming, caching and sending to a worker.
///
/// Commits are ordered so that a later push only adds to the end. Along the first parents of the head,
/// oldest first, each commit comes after all those that it brought in (reachable from it and not from its
/// first parent), and these are in topological order. A chunk is closed before the commit that would be one
/// too many, so equal prefixes of history give equal chunks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    pub commits: Vec<Commit>,
    /// Ordered by commit, then by path.
    pub changes: Vec<Change>,
    /// Who wrote and committed, in order of first appearance in this chunk.
    pub people: Vec<Identity>,
    /// Every path that a change names, in order of first appearance in this chunk. A byte that is not
    /// UTF-8 is written as `\xNN`.
    pub paths: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    pub id: CommitId,
    /// Two or more for a merge. A merge has no changes of its own here, as in `git log --numstat`.
    pub parents: Vec<CommitId>,
    /// Index into the chunk's people.
    pub author: u32,
    pub committer: u32,
    /// Seconds since 1970 in UTC, as the author's and the committer's clock said; these may run backwards.
    pub authored: i64,
    pub committed: i64,
    /// The author's offset from UTC in minutes.
    pub offset: i16,
    /// The first line of the message, at most 200 characters.
    pub subject: String,
    /// People of `Co-authored-by:` lines: indexes into the chunk's people.
    pub co_authors: Vec<u32>,
    /// Whether it is on the chain of first parents from the head: what the branch itself went through.
    pub mainline: bool,
    /// It changes more files than `max_files_per_commit`: renames were not looked for, lines not counted.
    pub bulk: bool,
    /// Its parent or a tree is not in the clone, so its changes are not known.
    pub incomplete: bool,
}

/// One file that one commit changed, against the commit's first parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Index into the chunk's commits.
    pub commit: u32,
    /// Index into the chunk's paths.
    pub path: u32,
    pub kind: ChangeKind,
    /// The path before, of a rename.
    pub old_path: Option<u32>,
    pub lines: LineCount,
    /// The first eight bytes of the blob's id after the change; zeros of a deleted file.
    pub blob: [u8; 8],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Added,
    Modified,
    Deleted,
    Renamed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineCount {
    /// Lines of the text added and removed, as `git log --numstat -M` counts them.
    Counted {
        added: u32,
        deleted: u32,
    },
    Binary,
    /// One side is larger than `max_blob_bytes`.
    TooLarge,
    /// One side's contents are not in the clone.
    Missing,
    /// Not asked for, or the commit is a bulk commit.
    Skipped,
}

/// A name and an address as git has them, after the repository's mailmap.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identity {
    pub name: String,
    /// The first 16 bytes of the SHA-256 of the address in lower case, in hexadecimal. Addresses themselves
    /// are kept only where `email` says so.
    pub key: String,
    /// Only with `--people full`.
    pub email: Option<String>,
    /// A program, by its name or address: `[bot]`, `dependabot`, and so forth.
    pub bot: bool,
}

/// How much of the past was read, and what was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// All commits that the head reaches.
    pub commits: u64,
    /// Of them, the oldest that were left out because of `max_commits`.
    pub left_out: u64,
    /// The clone ends early: history before this is not there.
    pub shallow: bool,
    /// Parents are replaced by `refs/replace` or a grafts file; they were not followed.
    pub grafted: bool,
    /// Lines were not counted: only commits and names of files are known.
    pub commits_only: bool,
    pub bulk_commits: u64,
    pub incomplete_commits: u64,
    pub too_large_files: u64,
    pub missing_files: u64,
}

/// A tag and the commit it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    pub name: String,
    pub commit: CommitId,
    /// Seconds since 1970: of the tag object, or of the commit for a light tag.
    pub time: i64,
}
