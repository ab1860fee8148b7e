//! Why a source could not be read, as decisions the caller can act on.

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
    #[error("`{path}` is neither a folder nor a .zip, .tar.gz or .tgz archive")]
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
    #[error("{what} is {size_bytes} bytes, the limit is {limit_bytes}; raise `{flag}`")]
    RepoTooLarge { what: &'static str, size_bytes: u64, limit_bytes: u64, flag: &'static str },
    #[error("source has more than {limit} entries; raise `--max-entries`")]
    TooManyFiles { limit: u64 },
    #[error("archive inflates {compressed_bytes} bytes to more than {limit_bytes}, which looks like a bomb")]
    ArchiveBomb { compressed_bytes: u64, limit_bytes: u64 },
    #[error("archive is malformed: {reason}")]
    ArchiveMalformed { reason: String },
    #[error("archive holds {} twice", path.as_ref().map_or("a name".to_owned(), |path| format!("`{path}`")))]
    ArchiveDuplicate { path: Option<String> },
    #[error("`{host}` refused the credentials or the access")]
    Unauthorized { host: String },
    #[error("`{host}` asks to wait {} s", retry_after_ms.div_ceil(1000))]
    RateLimited { host: String, retry_after_ms: u64 },
    #[error("`{host}` is unavailable: {reason}")]
    UpstreamUnavailable { host: String, reason: String },
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

/// Code, class, and one line on what to do.
type Row = (&'static str, FailureClass, &'static str);

/// Every failure that a code names, for whoever has only the code left.
const ROWS: &[Row] = &[
    (
        "invalid_url",
        FailureClass::Refused,
        "give `owner/repo`, an https URL, a folder, or a .zip or .tar.gz file",
    ),
    ("scheme_not_allowed", FailureClass::Refused, "use the repository's https URL"),
    ("host_not_allowed", FailureClass::Refused, "use a public host that the configuration allows"),
    (
        "local_path_not_allowed",
        FailureClass::Refused,
        "give a repository URL, or use the command line for folders",
    ),
    ("path_not_found", FailureClass::Refused, "check the spelling and the working directory"),
    ("unsupported_input", FailureClass::Refused, "give a folder, a .zip or a .tar.gz file"),
    ("invalid_ref", FailureClass::Usage, "give a branch, a tag or a commit hash as git spells them"),
    ("ref_not_applicable", FailureClass::Usage, "leave the ref out"),
    ("invalid_glob", FailureClass::Usage, "patterns look like `src/**` or `*.py`"),
    (
        "repo_not_found",
        FailureClass::Refused,
        "check the spelling; a private repository needs a token that may read it",
    ),
    ("ref_not_found", FailureClass::Refused, "name an existing branch, tag or full commit hash"),
    ("repo_empty", FailureClass::Refused, "push a commit first"),
    ("repo_too_large", FailureClass::Refused, "raise the limit, or narrow the build with `--include`"),
    ("too_many_files", FailureClass::Refused, "raise `--max-entries`, or build a part of the repository"),
    (
        "archive_bomb",
        FailureClass::Refused,
        "if you trust the archive, raise `--max-decompressed-bytes` and `--max-ratio`",
    ),
    ("archive_malformed", FailureClass::Refused, "download or pack the archive again"),
    ("archive_duplicate", FailureClass::Refused, "repack the archive with each path once"),
    ("unauthorized", FailureClass::Unauthorized, "give a token that may read this repository"),
    ("rate_limited", FailureClass::Upstream, "wait, or give a token for a higher limit"),
    ("upstream_unavailable", FailureClass::Upstream, "try again in a while"),
    ("upstream_protocol", FailureClass::Refused, "check that the URL is a git repository served over https"),
    ("source_unreadable", FailureClass::Failed, "check permissions and free disk space"),
    ("interrupted", FailureClass::Failed, "run the same command again"),
];

/// Lists every code with its class and what to do about it.
pub fn all() -> impl Iterator<Item = (&'static str, FailureClass, &'static str)> {
    ROWS.iter().copied()
}

/// Finds the class of a failure and what to do about it by its stable code.
pub fn by_code(code: &str) -> Option<(FailureClass, &'static str)> {
    ROWS.iter().find(|row| row.0 == code).map(|row| (row.1, row.2))
}

impl SourceError {
    /// Returns the stable snake_case word for this failure.
    pub fn code(&self) -> &'static str {
        self.row().0
    }

    /// Returns one line on what to do about it.
    pub fn help(&self) -> &'static str {
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
            Self::TooManyFiles { .. } => "too_many_files",
            Self::ArchiveBomb { .. } => "archive_bomb",
            Self::ArchiveMalformed { .. } => "archive_malformed",
            Self::ArchiveDuplicate { .. } => "archive_duplicate",
            Self::Unauthorized { .. } => "unauthorized",
            Self::RateLimited { .. } => "rate_limited",
            Self::UpstreamUnavailable { .. } => "upstream_unavailable",
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

    pub(crate) fn protocol(host: &str, reason: impl ToString) -> Self {
        Self::UpstreamProtocol { host: host.to_owned(), reason: reason.to_string() }
    }
}
