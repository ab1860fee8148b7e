//! Judges a file by its bytes: binary, generated, minified, a pointer to something else.

use model::role;

use crate::entry::SkipReason;

/// What is looked at before the rest is read, as git does to tell binary files.
pub(crate) const HEAD_BYTES: usize = 8 << 10;

/// LFS' own specification ends pointers there.
const MAX_LFS_POINTER_BYTES: usize = 1024;

/// Judges the head of a file of any kind.
pub(crate) fn judge_head(head: &[u8]) -> Option<SkipReason> {
    if head.contains(&0) {
        return Some(SkipReason::Binary);
    }
    head.starts_with(b"version https://git-lfs.github.com/spec/v1\n").then_some(SkipReason::LfsPointer)
}

/// Judges the whole text of a file that is wanted.
pub(crate) fn judge_text(bytes: &[u8], default_filters: bool) -> Option<SkipReason> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Some(SkipReason::NotUtf8);
    };
    if bytes.len() <= MAX_LFS_POINTER_BYTES && text.starts_with("version https://git-lfs.github.com/spec/") {
        return Some(SkipReason::LfsPointer);
    }
    if !default_filters {
        return None;
    }
    if role::is_minified(text) {
        return Some(SkipReason::Minified);
    }
    role::generator_mark(text).map(|_| SkipReason::Generated)
}
