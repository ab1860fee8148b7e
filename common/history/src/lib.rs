//! The past of a repository as values: commits, the files they change, and the people who made them.
//! Reading them out of git is the work of `doctown-commits`; nothing here does I/O.

mod records;

pub use records::{Change, ChangeKind, Chunk, Commit, CommitId, Identity, LineCount, Reach, Tag};
