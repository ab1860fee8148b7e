//! Why a source could not be read, as decisions the caller can act on.
//!
//! Messages name facts only. What to do depends on where they are read, so each code has a [`Help`]
//! with a text for a terminal, which may name flags and settings, and one for a browser, which never does.

use std::fmt;

/// Why a source was refused or could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    #[error("`{input}` is not a repository, folder or archive: {reason}")]
    InvalidUrl { input: String, reason: &'static str },
    #[error("scheme `{scheme}` is not allowed, only https is")]
    SchemeNotAllowed { scheme: String },
    #[error("host `{host}` is not allowed: {reason}")]
    HostNotAllowed { host: String, reason: &'static str },
    #[error("local paths are not read here")]
    LocalPathNotAllowed,
    #[error("`{path}` does not exist")]
    PathNotFound { path: String },
    #[error("`{path}` is not a folder, a .zip or .tar.gz archive, or a source file")]
    UnsupportedInput { path: String },
    #[error("`{git_ref}` is not a valid branch, tag or commit name")]
    InvalidRef { git_ref: String },
    #[error("{what} has no branches or tags to choose from")]
    RefNotApplicable { what: &'static str },
    #[error("`{glob}` is not a valid pattern: {reason}")]
    InvalidGlob { glob: String, reason: String },
    #[error("repository `{repo}` does not exist or is private")]
    RepoNotFound { repo: String },
    #[error("`{git_ref}` is not a branch, tag or commit of `{repo}`")]
    RefNotFound { repo: String, git_ref: String },
    #[error("`{repo}` has no commits or no files")]
    RepoEmpty { repo: String },
    #[error("{what} has {}, the limit is {}", Size(*size_bytes), Size(*limit_bytes))]
    RepoTooLarge { what: &'static str, size_bytes: u64, limit_bytes: u64 },
    #[error("the ignore rules down to `{path}` have more than {}", Size(*limit_bytes))]
    IgnoreRulesTooLarge { path: String, limit_bytes: u64 },
    #[error("source has more than {limit} entries")]
    TooManyFiles { limit: u64 },
    /// Nothing is left to parse; both fields are lists for people.
    #[error("no source code to read: {found}; Doctown reads {read}")]
    NoSourceCode { found: String, read: String },
    #[error("archive of {} unpacks to more than {}, which looks like a bomb", Size(*compressed_bytes), Size(*limit_bytes))]
    ArchiveBomb { compressed_bytes: u64, limit_bytes: u64 },
    #[error("archive is malformed: {reason}")]
    ArchiveMalformed { reason: String },
    #[error("archive holds {} twice", path.as_ref().map_or("a name".to_owned(), |path| format!("`{path}`")))]
    ArchiveDuplicate { path: Option<String> },
    #[error("`{host}` refused the credentials or the access")]
    Unauthorized { host: String },
    #[error("{host}'s request limit is used up; it resets in {}", Wait(*retry_after_ms))]
    RateLimited { host: String, retry_after_ms: u64 },
    #[error("`{host}` is unavailable: {reason}")]
    UpstreamUnavailable { host: String, reason: String },
    #[error("cannot reach `{host}` through the proxy `{proxy}`: {reason}")]
    ProxyUnavailable { proxy: String, host: String, reason: String },
    #[error("the proxy's address cannot be used: {reason}")]
    ProxyInvalid { reason: String },
    #[error("`{host}` answered in a way that is not understood: {reason}")]
    UpstreamProtocol { host: String, reason: String },
    #[error("cannot read {what}: {reason}")]
    Unreadable { what: String, reason: String },
    #[error("reading was stopped by the caller")]
    Interrupted,
}

/// What kind of answer a failure is; fixes a program's exit code and the retry decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureClass {
    /// The machine or the caller, not the input: exit code 1.
    Failed,
    /// The request does not make sense: exit code 2.
    Usage,
    /// The input is refused by a limit or a policy: exit code 3.
    Refused,
    /// Credentials are missing or not enough: exit code 4.
    Unauthorized,
    /// The host is down, slow or throttling: exit code 5.
    Upstream,
}

impl FailureClass {
    /// Returns the exit code that the command line documents.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::Unauthorized => 4,
            Self::Upstream => 5,
        }
    }
}

/// What to do about a failure, for two readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Help {
    /// May name flags, settings and commands.
    pub terminal: &'static str,
    /// Names none of them: whoever reads it may not run the program.
    pub browser: &'static str,
}

impl Help {
    /// Gives both readers the same text.
    pub const fn both(text: &'static str) -> Self {
        Self { terminal: text, browser: text }
    }
}

/// Code, class, and what to do.
type Row = (&'static str, FailureClass, Help);

/// Every failure that a code names, for whoever has only the code left.
const ROWS: &[Row] = &[
    (
        "invalid_url",
        FailureClass::Refused,
        Help {
            terminal: "give `owner/repo`, an https URL, a folder, or a .zip or .tar.gz file",
            browser: "enter `owner/repo` or an https URL",
        },
    ),
    ("scheme_not_allowed", FailureClass::Refused, Help::both("use the repository's https URL")),
    (
        "host_not_allowed",
        FailureClass::Refused,
        Help {
            terminal: "use a public host that DOCTOWN_GIT_HOSTS allows",
            browser: "use a repository on a public host",
        },
    ),
    (
        "local_path_not_allowed",
        FailureClass::Refused,
        Help {
            terminal: "give a repository URL, or start the server with `--allow-local`",
            browser: "enter a repository URL; folders can be built with the Doctown program",
        },
    ),
    ("path_not_found", FailureClass::Refused, Help::both("check the spelling and the working directory")),
    (
        "unsupported_input",
        FailureClass::Refused,
        Help::both("give a folder, a .zip or .tar.gz file, or a source file"),
    ),
    (
        "invalid_ref",
        FailureClass::Usage,
        Help::both("give a branch, a tag or a commit hash as git spells them"),
    ),
    ("ref_not_applicable", FailureClass::Usage, Help::both("leave the branch, tag or commit out")),
    ("invalid_glob", FailureClass::Usage, Help::both("patterns look like `src/**` or `*.py`")),
    (
        "repo_not_found",
        FailureClass::Refused,
        Help {
            terminal: "check the spelling; for a private repository, set DOCTOWN_GITHUB_TOKEN to a token that can read it",
            browser: "check the spelling; private repositories cannot be read here",
        },
    ),
    ("ref_not_found", FailureClass::Refused, Help::both("name an existing branch, tag or full commit hash")),
    ("repo_empty", FailureClass::Refused, Help::both("push a commit first")),
    (
        "repo_too_large",
        FailureClass::Refused,
        Help {
            terminal: "raise the limit (`--max-total-bytes`, `--max-download-bytes`, `--max-files`), or read less with `--include` and `--exclude`",
            browser: "choose a smaller repository, or build this one with the Doctown program, where limits can be raised",
        },
    ),
    (
        "too_many_files",
        FailureClass::Refused,
        Help {
            terminal: "raise `--max-entries`, or build a part of the repository",
            browser: "choose a smaller repository, or build this one with the Doctown program, where limits can be raised",
        },
    ),
    (
        "no_source_code",
        FailureClass::Refused,
        Help {
            terminal: "choose another folder; `--keep-all` includes vendored and generated code, `doctown build --help` lists the filters",
            browser: "choose a repository with code in one of these languages",
        },
    ),
    (
        "ignore_rules_too_large",
        FailureClass::Refused,
        Help::both("shorten the file: one rule for a folder does what a rule for each of its files does"),
    ),
    (
        "archive_bomb",
        FailureClass::Refused,
        Help {
            terminal: "if you trust the archive, raise `--max-decompressed-bytes` and `--max-ratio`",
            browser: "choose another repository; archives that grow this much are refused",
        },
    ),
    ("archive_malformed", FailureClass::Refused, Help::both("download or pack the archive again")),
    ("archive_duplicate", FailureClass::Refused, Help::both("repack the archive with each path once")),
    (
        "unauthorized",
        FailureClass::Unauthorized,
        Help {
            terminal: "set DOCTOWN_GITHUB_TOKEN to a token that can read this repository",
            browser: "this server has no access to the repository",
        },
    ),
    (
        "rate_limited",
        FailureClass::Upstream,
        Help {
            terminal: "try again later, or set DOCTOWN_GITHUB_TOKEN for a higher limit",
            browser: "try again later",
        },
    ),
    ("upstream_unavailable", FailureClass::Upstream, Help::both("try again later")),
    (
        "upstream_protocol",
        FailureClass::Refused,
        Help::both("check that the URL is a git repository served over https"),
    ),
    (
        "source_unreadable",
        FailureClass::Failed,
        Help {
            terminal: "check permissions and free disk space",
            browser: "try again; if it fails again, report the job's id",
        },
    ),
    (
        "interrupted",
        FailureClass::Failed,
        Help { terminal: "run the same command again", browser: "start the job again" },
    ),
    (
        "proxy_unavailable",
        FailureClass::Upstream,
        Help {
            terminal: "check that the proxy in DOCTOWN_PROXY or HTTPS_PROXY runs and lets this host through",
            browser: "try again later; if it fails again, tell whoever runs this server",
        },
    ),
    (
        "proxy_invalid",
        FailureClass::Usage,
        Help {
            terminal: "set DOCTOWN_PROXY or HTTPS_PROXY to an address such as `http://proxy.example:3128`",
            browser: "tell whoever runs this server that its proxy setting is wrong",
        },
    ),
];

/// Lists every code with its class and what to do about it.
pub fn all() -> impl Iterator<Item = (&'static str, FailureClass, Help)> {
    ROWS.iter().copied()
}

/// Finds the class of a failure and what to do about it by its stable code.
pub fn by_code(code: &str) -> Option<(FailureClass, Help)> {
    ROWS.iter().find(|row| row.0 == code).map(|row| (row.1, row.2))
}

/// A size as people read it: `61 GB`, `1.5 MB`.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
        let Some((unit_bytes, unit)) = UNITS.into_iter().find(|(unit_bytes, _)| self.0 >= *unit_bytes) else {
            return write!(f, "{} bytes", self.0);
        };
        let (whole, tenth) = (self.0 / unit_bytes, self.0 % unit_bytes * 10 / unit_bytes);
        match (whole, tenth) {
            (0..10, 1..) => write!(f, "{whole}.{tenth} {unit}"),
            _ => write!(f, "{whole} {unit}"),
        }
    }
}

/// A wait as people read it: `45 s`, `30 min`.
struct Wait(u64);

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.div_ceil(1_000) {
            wait_s @ ..120 => write!(f, "{wait_s} s"),
            wait_s => write!(f, "{} min", wait_s.div_ceil(60)),
        }
    }
}

impl SourceError {
    /// Returns the stable snake_case word for this failure.
    pub fn code(&self) -> &'static str {
        self.row().0
    }

    /// Returns what to do about it.
    pub fn help(&self) -> Help {
        self.row().2
    }

    /// Returns the class, which fixes the exit code.
    pub fn class(&self) -> FailureClass {
        self.row().1
    }

    /// Returns whether the same request may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.class() == FailureClass::Upstream
    }

    /// Returns how long the host asked to wait, if it did.
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after_ms, .. } => Some(*retry_after_ms),
            _ => None,
        }
    }

    fn row(&self) -> &'static Row {
        let code = match self {
            Self::InvalidUrl { .. } => "invalid_url",
            Self::SchemeNotAllowed { .. } => "scheme_not_allowed",
            Self::HostNotAllowed { .. } => "host_not_allowed",
            Self::LocalPathNotAllowed => "local_path_not_allowed",
            Self::PathNotFound { .. } => "path_not_found",
            Self::UnsupportedInput { .. } => "unsupported_input",
            Self::InvalidRef { .. } => "invalid_ref",
            Self::RefNotApplicable { .. } => "ref_not_applicable",
            Self::InvalidGlob { .. } => "invalid_glob",
            Self::RepoNotFound { .. } => "repo_not_found",
            Self::RefNotFound { .. } => "ref_not_found",
            Self::RepoEmpty { .. } => "repo_empty",
            Self::RepoTooLarge { .. } => "repo_too_large",
            Self::IgnoreRulesTooLarge { .. } => "ignore_rules_too_large",
            Self::TooManyFiles { .. } => "too_many_files",
            Self::NoSourceCode { .. } => "no_source_code",
            Self::ArchiveBomb { .. } => "archive_bomb",
            Self::ArchiveMalformed { .. } => "archive_malformed",
            Self::ArchiveDuplicate { .. } => "archive_duplicate",
            Self::Unauthorized { .. } => "unauthorized",
            Self::RateLimited { .. } => "rate_limited",
            Self::UpstreamUnavailable { .. } => "upstream_unavailable",
            Self::ProxyUnavailable { .. } => "proxy_unavailable",
            Self::ProxyInvalid { .. } => "proxy_invalid",
            Self::UpstreamProtocol { .. } => "upstream_protocol",
            Self::Unreadable { .. } => "source_unreadable",
            Self::Interrupted => "interrupted",
        };
        ROWS.iter().find(|row| row.0 == code).expect("every variant has a row: tested in `failure::tests`")
    }

    pub(crate) fn malformed(reason: impl ToString) -> Self {
        Self::ArchiveMalformed { reason: reason.to_string() }
    }

    pub(crate) fn unreadable(what: impl ToString, reason: impl ToString) -> Self {
        Self::Unreadable { what: what.to_string(), reason: reason.to_string() }
    }

    pub(crate) fn unavailable(host: &str, reason: impl ToString) -> Self {
        Self::UpstreamUnavailable { host: host.to_owned(), reason: reason.to_string() }
    }

    pub fn protocol(host: &str, reason: impl ToString) -> Self {
        Self::UpstreamProtocol { host: host.to_owned(), reason: reason.to_string() }
    }
}
