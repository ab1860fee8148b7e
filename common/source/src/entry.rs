//! What comes out of a source: files, and what was left out with its reason.

use std::fmt;

use docpack::Digest;

/// One file, or one thing that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// UTF-8 text below the limits that the caller wanted; `sha256` is over `bytes`.
    File { path: String, bytes: Vec<u8>, sha256: Digest },
    /// A path that ends in `/` stands for everything below it.
    Skipped { path: String, reason: SkipReason },
    /// A README that is a link to another file of the source; it is listed as left out too.
    Link { path: String, target: String },
}

impl Entry {
    /// Returns the path relative to the source's root, with `/` between its parts.
    pub fn path(&self) -> &str {
        match self {
            Self::File { path, .. } | Self::Skipped { path, .. } | Self::Link { path, .. } => path,
        }
    }
}

macro_rules! skip_reasons {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        /// Why something was left out; the words are stable and end up in the docpack.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum SkipReason { $($(#[$doc])* $variant,)* }

        impl SkipReason {
            /// Every reason, in declaration order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Returns the stable word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

skip_reasons! {
    /// A folder of tools, dependencies or build output.
    IgnoredDirectory = "ignored_directory",
    /// A package manager's record of exact versions.
    LockFile = "lock_file",
    /// Someone else's code, copied in.
    Vendored = "vendored",
    /// Written by a program, by its name or its marker line.
    Generated = "generated",
    /// Lines too long to have been written by hand.
    Minified = "minified",
    /// A NUL byte in the first 8 KiB.
    Binary = "binary",
    /// Past the limit for one file.
    TooLarge = "too_large",
    /// Byte offsets could not be kept by decoding it, so it is not guessed at.
    NotUtf8 = "not_utf8",
    /// Never followed, wherever it points.
    Symlink = "symlink",
    /// A hard link, device, fifo or socket.
    SpecialFile = "special_file",
    /// A commit of another repository.
    Submodule = "submodule",
    /// Absolute, climbing, too long, too deep, or not clean UTF-8; the path is shown escaped.
    UnsupportedPath = "unsupported_path",
    /// Matches an exclude pattern.
    Excluded = "excluded",
    /// Matches no include pattern.
    NotIncluded = "not_included",
    /// A pointer to a large file that is stored elsewhere.
    LfsPointer = "lfs_pointer",
    /// A file that is likely to hold a key or a password.
    SecretFile = "secret_file",
    /// The caller does not want files like it.
    UnsupportedLanguage = "unsupported_language",
    /// The file was there in the listing and could not be read.
    Unreadable = "unreadable",
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Counts of one read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceTotals {
    /// Entries of any kind that the source listed, directories not counted.
    pub n_entries: u64,
    pub n_files: u64,
    pub n_skipped: u64,
    /// Over the files that were read.
    pub n_bytes: u64,
}
