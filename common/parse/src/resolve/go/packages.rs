//! Which files of a folder a Go file sees: its own package, or what a package gives to importers.

use foldhash::{HashMap, HashMapExt};

use crate::manifests;
use crate::resolve::go::builds::Builds;
use crate::resolve::repository::{FileIdx, FolderIdx, Repository};
use crate::resolve::solver::{Answer, Found, Solver, Want, confidence, tidied};
use crate::resolve::words::Word;

/// Index of a package as one kind of file sees it.
pub(crate) type PackageIdx = u32;

/// Packages met so far, by who looks.
pub(crate) struct Packages {
    builds: Builds,
    all: Vec<Package>,
    known: HashMap<Seen, PackageIdx>,
}

struct Package {
    folder: FolderIdx,
    /// Files of the build that the looking file belongs to.
    files: Vec<FileIdx>,
    /// Files that other builds have in their place.
    others: Vec<FileIdx>,
    exported_only: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Seen {
    folder: FolderIdx,
    /// The package's own name, for its own files.
    own: Option<Word>,
    /// Tests see the tests of their folder, also those of the package that they import from there.
    with_tests: bool,
    build: usize,
}

impl Packages {
    pub(crate) fn new(repository: &Repository) -> Self {
        Self { builds: Builds::new(repository), all: Vec::new(), known: HashMap::new() }
    }

    /// The package that a file belongs to.
    pub(crate) fn own(&mut self, repository: &Repository, file: FileIdx) -> Option<PackageIdx> {
        let folder = repository.find_folder(manifests::folder(&repository.file(file).path))?;
        let own = Some(package_name(repository, file)?);
        let with_tests = is_test(repository, file);
        Some(self.seen(repository, Seen { folder, own, with_tests, build: self.builds.of(file) }))
    }

    /// The package that a file imports.
    pub(crate) fn imported(
        &mut self,
        repository: &Repository,
        file: FileIdx,
        folder: FolderIdx,
    ) -> PackageIdx {
        let dir = manifests::folder(&repository.file(file).path);
        let with_tests = is_test(repository, file) && repository.find_folder(dir) == Some(folder);
        self.seen(repository, Seen { folder, own: None, with_tests, build: self.builds.of(file) })
    }

    /// Tells whether one file is part of a build in which another is read.
    pub(crate) fn sees(&self, repository: &Repository, from: FileIdx, other: FileIdx) -> bool {
        self.builds.holds(self.builds.of(from), repository, other)
    }

    pub(crate) fn folder(&self, package: PackageIdx) -> Option<FolderIdx> {
        self.all.get(package as usize).map(|package| package.folder)
    }

    fn seen(&mut self, repository: &Repository, seen: Seen) -> PackageIdx {
        let next = self.all.len() as PackageIdx;
        let idx = *self.known.entry(seen).or_insert(next);
        if idx == next {
            let belongs = |file: &FileIdx| {
                let test = is_test(repository, *file);
                let name = package_name(repository, *file);
                let is_importable =
                    name.is_some_and(|name| !test || !repository.words.text(name).ends_with("_test"));
                (seen.with_tests || !test) && seen.own.map_or(is_importable, |own| name == Some(own))
            };
            let all = repository.folder_files(seen.folder).iter().copied().filter(belongs);
            let (files, others) = all.partition(|file| self.builds.holds(seen.build, repository, *file));
            self.all.push(Package { folder: seen.folder, files, others, exported_only: seen.own.is_none() });
        }
        idx
    }
}

fn package_name(repository: &Repository, file: FileIdx) -> Option<Word> {
    let file = repository.file(file);
    let is_go = file.language == docpack::Language::Go;
    file.symbols.first().filter(|_| is_go).map(|package| package.name)
}

pub(crate) fn is_test(repository: &Repository, file: FileIdx) -> bool {
    repository.file(file).path.ends_with("_test.go")
}

impl Solver<'_> {
    /// What a package gives under a name.
    pub(crate) fn package_item(&mut self, package: PackageIdx, name: Word, want: Want) -> Answer {
        let Some(found) = self.go_packages.all.get(package as usize) else { return Answer::new() };
        let is_exported = self.text(name).starts_with(char::is_uppercase);
        if found.exported_only && !is_exported {
            return Answer::new();
        }
        let (files, others) = (found.files.clone(), found.others.clone());
        let answer = self.in_files(&files, name, want);
        if !answer.is_empty() {
            return answer;
        }
        // What only other builds have may have a twin here that was not read.
        let elsewhere = self.in_files(&others, name, want);
        let unsure = |found: Found| found.then(found.value, found.evidence, confidence::PARTLY_KNOWN_IMPORT);
        elsewhere.into_iter().map(unsure).collect()
    }

    fn in_files(&mut self, files: &[FileIdx], name: Word, want: Want) -> Answer {
        let mut answer = Answer::new();
        for file in files {
            answer.extend(self.file_scope(*file, 0, name, want, false));
        }
        tidied(answer)
    }
}
