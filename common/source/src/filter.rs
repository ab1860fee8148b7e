//! Judges a file by its path: folders of tools and output, names of locks, keys and generated code.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::entry::SkipReason;
use crate::failure::SourceError;
use crate::path::file_name;

/// Patterns in one list; more are a mistake or an attack on the matcher.
const MAX_GLOBS: usize = 1000;

/// Folders that hold no source of the repository's own, wherever they lie.
const IGNORED_DIRECTORIES: &[&str] = &[
    ".bzr",
    ".cache",
    ".eggs",
    ".git",
    ".gradle",
    ".hg",
    ".idea",
    ".mypy_cache",
    ".next",
    ".nox",
    ".nuxt",
    ".pytest_cache",
    ".ruff_cache",
    ".svelte-kit",
    ".svn",
    ".terraform",
    ".tox",
    ".venv",
    ".yarn",
    "__pycache__",
    "bower_components",
    "jspm_packages",
    "node_modules",
    "site-packages",
    "venv",
];

/// Folders of build output, unless they are a package of that name: see [`PACKAGE_PARENTS`].
const OUTPUT_DIRECTORIES: &[&str] = &["build", "dist", "target"];

/// Folders of source: right below one, `build` is a package's name (`src/build/`, `cmd/dist/`), not output.
const PACKAGE_PARENTS: &[&str] = &["cmd", "internal", "pkg", "src"];

/// Folders of other people's code, wherever they lie.
const VENDOR_DIRECTORIES: &[&str] = &["Godeps", "third-party", "third_party", "thirdparty"];

/// Folders where package managers put other people's code: beside a manifest, never among the source.
const MANAGED_VENDOR_DIRECTORIES: &[&str] = &["vendor", "vendored"];

/// Folders of files to be served as they are: a `vendor` below one holds downloads, even within `src`.
const ASSET_DIRECTORIES: &[&str] = &["assets", "public", "static", "www"];

const LOCK_FILES: &[&str] = &[
    "Cargo.lock",
    "Gemfile.lock",
    "Pipfile.lock",
    "bun.lock",
    "bun.lockb",
    "composer.lock",
    "deno.lock",
    "flake.lock",
    "go.sum",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "pdm.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "pylock.toml",
    "uv.lock",
    "yarn.lock",
];

/// Name endings of generated code, as the tools themselves choose them.
const GENERATED_ENDINGS: &[&str] = &[
    ".g.dart",
    ".generated.go",
    ".generated.js",
    ".generated.py",
    ".generated.rs",
    ".generated.ts",
    ".pb.go",
    ".pb.gw.go",
    "_grpc.pb.go",
    "_pb.d.ts",
    "_pb.js",
    "_pb2.py",
    "_pb2.pyi",
    "_pb2_grpc.py",
];

const MINIFIED_ENDINGS: &[&str] = &[".bundle.js", ".min.cjs", ".min.js", ".min.mjs"];

/// Libraries that are copied in under a name of their own.
const VENDORED_NAMES: &[&str] = &["jquery.js", ".pnp.cjs", ".pnp.js", ".pnp.loader.mjs", "gradlew"];

const SECRET_NAMES: &[&str] =
    &[".git-credentials", ".htpasswd", ".netrc", ".npmrc", ".pgpass", ".pypirc", "credentials.json"];

const SECRET_ENDINGS: &[&str] = &[".jks", ".kdbx", ".key", ".keystore", ".p12", ".pem", ".pfx", ".ppk"];

const SECRET_STARTS: &[&str] = &["id_dsa", "id_ecdsa", "id_ed25519", "id_rsa"];

/// What the user wants to see of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilterParams {
    /// Only these, when there are any.
    pub include: Vec<String>,
    /// Not these, even when included.
    pub exclude: Vec<String>,
    /// Also what is taken for vendored, generated or minified code, build output or a lock file.
    pub keep_all: bool,
}

/// [`FilterParams`] with its patterns compiled.
#[derive(Debug, Clone)]
pub struct Filters {
    include: Option<GlobSet>,
    exclude: GlobSet,
    default_filters: bool,
}

impl Filters {
    /// Compiles the patterns.
    ///
    /// They read as in a .gitignore: one without `/` matches at any depth, and a folder's name
    /// matches all that is below it.
    pub fn new(params: &FilterParams) -> Result<Self, SourceError> {
        let include = (!params.include.is_empty()).then(|| compile(&params.include)).transpose()?;
        Ok(Self { include, exclude: compile(&params.exclude)?, default_filters: !params.keep_all })
    }

    pub(crate) fn default_filters(&self) -> bool {
        self.default_filters
    }

    /// Judges a folder by its path without a trailing `/`; what is below it need not be looked at.
    pub(crate) fn judge_directory(&self, path: &str) -> Option<SkipReason> {
        let mut parents = path.rsplit('/');
        let name = parents.next().unwrap_or(path);
        // git's own folder is never source, whatever the user keeps.
        if name == ".git" || (self.default_filters && is_ignored_directory(name, parents.next())) {
            return Some(SkipReason::IgnoredDirectory);
        }
        if self.default_filters && is_vendored_directory(path) {
            return Some(SkipReason::Vendored);
        }
        self.exclude.is_match(path).then_some(SkipReason::Excluded)
    }

    /// Judges a file's name and path; its folders were judged before.
    pub(crate) fn judge_file(&self, path: &str) -> Option<SkipReason> {
        let name = file_name(path);
        if is_secret(name) {
            return Some(SkipReason::SecretFile);
        }
        if self.exclude.is_match(path) {
            return Some(SkipReason::Excluded);
        }
        if self.include.as_ref().is_some_and(|include| !include.is_match(path)) {
            return Some(SkipReason::NotIncluded);
        }
        if self.default_filters { judge_name(name) } else { None }
    }
}

fn is_ignored_directory(name: &str, parent: Option<&str>) -> bool {
    if OUTPUT_DIRECTORIES.contains(&name) {
        return !parent.is_some_and(|parent| PACKAGE_PARENTS.contains(&parent));
    }
    IGNORED_DIRECTORIES.contains(&name) || name.ends_with(".egg-info")
}

/// Tells whether a folder holds other people's code, going by its name and the folders around it.
///
/// A `vendor` within `src` is the repository's own, unless its folders are named after hosts as Go's are.
fn is_vendored_directory(path: &str) -> bool {
    let mut names = path.rsplit('/');
    let name = names.next().unwrap_or(path);
    if MANAGED_VENDOR_DIRECTORIES.contains(&name) {
        let mut above = names.take_while(|name| !ASSET_DIRECTORIES.contains(name));
        return !above.any(|name| PACKAGE_PARENTS.contains(&name));
    }
    let is_host = || name.contains('.') && names.clone().next() == Some("vendor");
    VENDOR_DIRECTORIES.contains(&name) || is_host()
}

fn judge_name(name: &str) -> Option<SkipReason> {
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if LOCK_FILES.contains(&name) {
        Some(SkipReason::LockFile)
    } else if ends(MINIFIED_ENDINGS) {
        Some(SkipReason::Minified)
    } else if ends(GENERATED_ENDINGS) {
        Some(SkipReason::Generated)
    } else if VENDORED_NAMES.contains(&name) {
        Some(SkipReason::Vendored)
    } else {
        None
    }
}

/// `.env.example` and its like are meant to be read; they still say nothing about code.
fn is_secret(name: &str) -> bool {
    name == ".env"
        || name.starts_with(".env.")
        || SECRET_NAMES.contains(&name)
        || SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending))
        || (SECRET_STARTS.iter().any(|start| name.starts_with(start)) && !name.contains('.'))
}

fn compile(globs: &[String]) -> Result<GlobSet, SourceError> {
    let mut set = GlobSetBuilder::new();
    if globs.len() > MAX_GLOBS {
        return Err(invalid(&globs[0], format!("more than {MAX_GLOBS} patterns")));
    }
    for glob in globs {
        let anchored = anchor(glob)?;
        for pattern in [anchored.clone(), format!("{anchored}/**")] {
            let compiled = GlobBuilder::new(&pattern).literal_separator(true).build();
            set.add(compiled.map_err(|error| invalid(glob, error.kind()))?);
        }
    }
    set.build().map_err(|error| invalid(globs.first().map_or("", String::as_str), error.kind()))
}

/// Turns a pattern as people write it into one over the whole path.
fn anchor(glob: &str) -> Result<String, SourceError> {
    let trimmed = glob.trim_start_matches("./").trim_end_matches('/');
    if trimmed.is_empty() {
        return Err(invalid(glob, "it is empty"));
    }
    Ok(match trimmed.strip_prefix('/') {
        Some(rooted) => rooted.to_owned(),
        None if trimmed.contains('/') => trimmed.to_owned(),
        None => format!("**/{trimmed}"),
    })
}

fn invalid(glob: &str, reason: impl ToString) -> SourceError {
    SourceError::InvalidGlob { glob: glob.to_owned(), reason: reason.to_string() }
}
