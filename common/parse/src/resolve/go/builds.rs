//! Which builds a Go file belongs to: `//go:build`, `// +build` and the endings of file names.
//!
//! The default is the usual one of servers: linux on amd64, the newest Go, no tags. A file that it
//! leaves out is read in the nearest build that has it.

use std::collections::BTreeSet;

use crate::manifests;
use crate::resolve::repository::{FileIdx, Repository};

/// Longer or deeper constraints are taken as fulfilled.
const MAX_CONSTRAINT_BYTES: usize = 1024;
const MAX_NESTING: usize = 16;
/// So many tags are tried both ways to find a build that has a file.
const MAX_TOGGLED_TAGS: usize = 5;
/// Repositories with more kinds of builds than this are made to be slow.
const MAX_GROUPS: usize = 256;

const SYSTEMS: &[&str] = &[
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
];
const NOT_UNIX: &[&str] = &["js", "nacl", "plan9", "wasip1", "windows", "zos"];
const PROCESSORS: &[&str] = &[
    "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le",
    "riscv64", "s390x", "sparc64", "wasm",
];

/// One way to build: a system, a processor, and the tags that are not as by default.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Build {
    system: String,
    processor: String,
    toggled: BTreeSet<String>,
}

/// The builds that files are read in, by group; the first is the default alone.
///
/// A file that the default leaves out is read in every build nearby that has it: what they do not
/// agree on stays a candidate.
pub(crate) struct Builds {
    groups: Vec<Vec<Build>>,
    by_file: Vec<usize>,
}

impl Builds {
    pub(crate) fn new(repository: &Repository) -> Self {
        let mut builds = Self { groups: vec![vec![Build::usual()]], by_file: Vec::new() };
        for file in 0..repository.files.len() as FileIdx {
            let build = builds.nearby(repository, file);
            builds.by_file.push(build);
        }
        builds
    }

    /// The group of builds that a file is read in.
    pub(crate) fn of(&self, file: FileIdx) -> usize {
        self.by_file.get(file as usize).copied().unwrap_or(0)
    }

    /// Tells whether a build of a group has a file.
    pub(crate) fn holds(&self, group: usize, repository: &Repository, file: FileIdx) -> bool {
        self.groups.get(group).is_some_and(|group| group.iter().any(|build| build.has(repository, file)))
    }

    fn nearby(&mut self, repository: &Repository, file: FileIdx) -> usize {
        if self.groups[0][0].has(repository, file) {
            return 0;
        }
        let tags = tags(repository, file);
        let tried = (1..1u32 << tags.len()).map(|chosen| Build::usual().toggled(&tags, chosen));
        let mut fits: Vec<Build> = tried.filter(|build| build.has(repository, file)).collect();
        fits.sort_by_key(|build| build.toggled.len());
        let fewest = fits.first().map_or(0, |build| build.toggled.len());
        fits.retain(|build| build.toggled.len() == fewest);
        fits.dedup();
        if fits.is_empty() || self.groups.len() == MAX_GROUPS {
            return 0;
        }
        let known = self.groups.iter().position(|group| *group == fits);
        known.unwrap_or_else(|| {
            self.groups.push(fits);
            self.groups.len() - 1
        })
    }
}

/// The tags that decide whether a build has a file.
fn tags(repository: &Repository, file: FileIdx) -> Vec<String> {
    let mut tags: BTreeSet<String> = BTreeSet::new();
    for line in &repository.file(file).constraints {
        let words = line.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.'));
        tags.extend(words.filter(|word| !matches!(*word, "" | "go" | "build")).map(str::to_owned));
    }
    tags.extend(name_tags(&repository.file(file).path).into_iter().map(str::to_owned));
    tags.into_iter().take(MAX_TOGGLED_TAGS).collect()
}

/// `x_linux.go`, `x_arm64.go` and `x_linux_arm64_test.go` say so in their names.
fn name_tags(path: &str) -> Vec<&str> {
    let stem = manifests::file_name(path).trim_end_matches(".go").trim_end_matches("_test");
    let mut parts = stem.split('_').skip(1).collect::<Vec<_>>().into_iter().rev();
    match (parts.next(), parts.next()) {
        (Some(last), before) if PROCESSORS.contains(&last) => {
            let system = before.filter(|before| SYSTEMS.contains(before));
            system.into_iter().chain([last]).collect()
        }
        (Some(last), _) if SYSTEMS.contains(&last) => vec![last],
        _ => Vec::new(),
    }
}

impl Build {
    fn usual() -> Self {
        Self { system: "linux".to_owned(), processor: "amd64".to_owned(), toggled: BTreeSet::new() }
    }

    fn toggled(mut self, tags: &[String], chosen: u32) -> Self {
        for (_, tag) in tags.iter().enumerate().filter(|(nth, _)| chosen >> nth & 1 == 1) {
            if SYSTEMS.contains(&tag.as_str()) {
                // Without linux, the next system in use.
                self.system = if tag == "linux" { "darwin".to_owned() } else { tag.clone() };
            } else if PROCESSORS.contains(&tag.as_str()) {
                self.processor = if tag == "amd64" { "arm64".to_owned() } else { tag.clone() };
            } else {
                self.toggled.insert(tag.clone());
            }
        }
        self
    }

    fn has(&self, repository: &Repository, file: FileIdx) -> bool {
        let file = repository.file(file);
        if file.language != docpack::Language::Go {
            return true;
        }
        let by_name = name_tags(&file.path).iter().all(|tag| self.fulfils(tag));
        by_name && self.fulfils_lines(&file.constraints)
    }

    /// `//go:build` counts alone; without one every `// +build` line does.
    fn fulfils_lines(&self, lines: &[String]) -> bool {
        let modern = lines.iter().find_map(|line| line.strip_prefix("//go:build "));
        match modern {
            Some(line) if line.len() <= MAX_CONSTRAINT_BYTES => {
                let mut rest = line;
                self.any(&mut rest, 0)
            }
            Some(_) => true,
            None => lines.iter().filter_map(|line| line.strip_prefix("// +build ")).all(|line| {
                let every = |group: &str| group.split(',').all(|tag| self.fulfils(tag));
                line.split_whitespace().any(every)
            }),
        }
    }

    fn fulfils(&self, tag: &str) -> bool {
        if let Some(tag) = tag.strip_prefix('!') {
            return !self.fulfils(tag);
        }
        if SYSTEMS.contains(&tag) {
            return self.system == tag;
        }
        if PROCESSORS.contains(&tag) {
            return self.processor == tag;
        }
        let usual = match tag {
            "unix" => !NOT_UNIX.contains(&self.system.as_str()),
            "cgo" | "gc" => true,
            _ => tag.starts_with("go1."),
        };
        usual != self.toggled.contains(tag)
    }

    /// `a || b`, with `&&` binding closer and `!` closest.
    fn any(&self, rest: &mut &str, depth: usize) -> bool {
        let mut holds = self.all(rest, depth);
        while take(rest, "||") {
            holds |= self.all(rest, depth);
        }
        holds
    }

    fn all(&self, rest: &mut &str, depth: usize) -> bool {
        let mut holds = self.one(rest, depth);
        while take(rest, "&&") {
            holds &= self.one(rest, depth);
        }
        holds
    }

    fn one(&self, rest: &mut &str, depth: usize) -> bool {
        if depth > MAX_NESTING {
            *rest = "";
            return true;
        }
        if take(rest, "!") {
            return !self.one(rest, depth + 1);
        }
        if take(rest, "(") {
            let holds = self.any(rest, depth + 1);
            take(rest, ")");
            return holds;
        }
        let text = rest.trim_start();
        let end = text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.')).unwrap_or(text.len());
        *rest = &text[end..];
        self.fulfils(&text[..end])
    }
}

fn take(rest: &mut &str, token: &str) -> bool {
    match rest.trim_start().strip_prefix(token) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual(line: &str) -> bool {
        Build::usual().fulfils_lines(&[line.to_owned()])
    }

    #[test]
    fn constraints_are_read_as_go_reads_them() {
        assert!(usual("//go:build linux && !windows"));
        assert!(usual("//go:build (darwin || unix) && go1.18"));
        assert!(!usual("//go:build !go1.18"));
        assert!(!usual("//go:build ignore"));
        assert!(!usual("//go:build !(cgo && amd64)"));
        assert!(usual("// +build windows linux,amd64"));
        assert!(!usual("// +build windows linux,!amd64"));
        assert!(usual(&format!("//go:build {}linux", "(".repeat(900))));
    }

    #[test]
    fn names_say_systems_and_processors() {
        assert_eq!(name_tags("a/pipe_js.go"), ["js"]);
        assert_eq!(name_tags("pipe_linux_arm64_test.go"), ["linux", "arm64"]);
        assert!(name_tags("linux.go").is_empty());
        assert!(name_tags("windows_helper.go").is_empty());
    }
}
