//! How much of a source is read at most, and how slowly it may come.

use std::time::Duration;

/// Longer files are listed, not read: tree-sitter needs about ten times the text in memory.
pub const MAX_FILE_BYTES: u64 = 1_000_000;

/// Source that is wanted, in all; what the later stages' memory is planned for.
pub const MAX_TOTAL_BYTES: u64 = 100_000_000;

/// A repository's stored size, history included, past this many times the source limit is refused unseen.
///
/// The stored size is compressed and holds every version, so it bounds nothing by itself; a
/// repository of 2 GB whose current source fits into 100 MB is rare enough to ask for a flag.
pub const STORED_SIZE_FACTOR: u64 = 20;

/// What an archive may inflate to, wanted or not.
pub const MAX_DECOMPRESSED_BYTES: u64 = 2 << 30;

/// Source code deflates to about a fifth; deflate itself ends at 1032 to 1.
pub const MAX_RATIO: u64 = 200;

/// Below this many inflated bytes the ratio says nothing: a file of blanks is no bomb.
pub const RATIO_FLOOR_BYTES: u64 = 16_000_000;

/// Entries of any kind; the largest monorepos that still parse in minutes have fewer.
pub const MAX_ENTRIES: u64 = 200_000;

/// Linux' `PATH_MAX`.
pub const MAX_PATH_BYTES: usize = 4096;

/// Deeper nesting is generated, never written.
pub const MAX_PATH_DEPTH: usize = 64;

/// Bytes that one archive or git pack may bring over the network.
pub const MAX_DOWNLOAD_BYTES: u64 = 1_000_000_000;

/// An API answer or a list of refs; a repository with 100,000 refs sends about 8 MB.
pub const MAX_REPLY_BYTES: u64 = 16_000_000;

/// GitHub needs one, a renamed repository one more.
pub const MAX_REDIRECTS: usize = 5;

/// To a connection, DNS and TLS included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// To the first byte, and between two reads.
pub const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// All short answers of one source together (API records, lists of refs), however slowly each comes.
pub const ANSWERS_TIMEOUT: Duration = Duration::from_secs(60);

/// One archive or git pack; [`MAX_DOWNLOAD_BYTES`] in this time is 4.5 Mbit/s.
pub const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// A slower download is ended as unavailable once it has lasted [`MIN_SPEED_WINDOW`].
pub const MIN_SPEED_BYTES_PER_S: u64 = 10 << 10;

/// Long enough to ride out a stalled connection, short enough to free a worker.
pub const MIN_SPEED_WINDOW: Duration = Duration::from_secs(30);

/// One value per limit; each is an option that the user can raise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLimits {
    pub max_file_bytes: u64,
    pub max_total_bytes: u64,
    pub max_decompressed_bytes: u64,
    pub max_ratio: u64,
    pub max_entries: u64,
    pub max_path_bytes: usize,
    pub max_path_depth: usize,
    pub max_download_bytes: u64,
    pub max_redirects: usize,
    pub connect_timeout: Duration,
    pub read_timeout: Duration,
    pub answers_timeout: Duration,
    pub download_timeout: Duration,
    pub min_speed_bytes_per_s: u64,
    pub min_speed_window: Duration,
}

impl Default for SourceLimits {
    fn default() -> Self {
        Self {
            max_file_bytes: MAX_FILE_BYTES,
            max_total_bytes: MAX_TOTAL_BYTES,
            max_decompressed_bytes: MAX_DECOMPRESSED_BYTES,
            max_ratio: MAX_RATIO,
            max_entries: MAX_ENTRIES,
            max_path_bytes: MAX_PATH_BYTES,
            max_path_depth: MAX_PATH_DEPTH,
            max_download_bytes: MAX_DOWNLOAD_BYTES,
            max_redirects: MAX_REDIRECTS,
            connect_timeout: CONNECT_TIMEOUT,
            read_timeout: READ_TIMEOUT,
            answers_timeout: ANSWERS_TIMEOUT,
            download_timeout: DOWNLOAD_TIMEOUT,
            min_speed_bytes_per_s: MIN_SPEED_BYTES_PER_S,
            min_speed_window: MIN_SPEED_WINDOW,
        }
    }
}
