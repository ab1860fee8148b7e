//! Every file's link facts side by side, in path order, with the indexes that look-ups need.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt};

use docpack::{Language, SymbolKind};

use crate::manifests::{Manifests, folder};
use crate::resolve::modules;
use crate::resolve::slim::{SlimBinding, SlimFile, SlimImported, SlimSymbol};
use crate::resolve::words::{Word, Words};

/// A scope with more star imports than this is generated; what the others bring in is not looked at.
const MAX_STARS: usize = 128;

/// One module lies in at most this many files, as builds choose.
const MAX_MODULE_FILES: usize = 16;

/// Index of a file in path order.
pub(crate) type FileIdx = u32;
/// Index of a folder in [`Repository::folders`].
pub(crate) type FolderIdx = u32;

/// A symbol of some file; order follows paths and source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Sym {
    pub(crate) file: FileIdx,
    pub(crate) idx: u32,
}

#[derive(Debug)]
pub(crate) struct Repository {
    pub(crate) words: Words,
    pub(crate) manifests: Manifests,
    pub(crate) files: Vec<SlimFile>,
    by_path: HashMap<String, FileIdx>,
    /// Every folder above a file, with the files that lie directly in it.
    pub(crate) folders: Vec<(String, Vec<FileIdx>)>,
    by_folder: HashMap<String, FolderIdx>,
    /// The folder that each file lies in.
    homes: Vec<FolderIdx>,
    /// Parent, name, child.
    children: Vec<(Sym, Word, Sym)>,
    /// Imports of all names: file, scope, import.
    stars: Vec<(FileIdx, u32, u32)>,
    /// Folders that Python modules are imported from, by the name of a module or package directly in them.
    python_roots: HashMap<String, Vec<String>>,
    /// The files of Rust modules that say where theirs lies, and the files that say so.
    module_files: HashMap<(FileIdx, Word), Vec<FileIdx>>,
    module_parents: HashMap<FileIdx, FileIdx>,
}

impl Repository {
    /// Puts files in path order; of two files with one path the first added stays.
    pub(crate) fn new(words: Words, manifests: Manifests, mut files: Vec<SlimFile>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|later, earlier| later.path == earlier.path);
        let by_path =
            files.iter().enumerate().map(|(idx, file)| (file.path.clone(), idx as FileIdx)).collect();
        let children = children(&files);
        let stars = stars(&files);
        let python_roots = python_roots(&manifests, &files);
        let mut repository = Self {
            words,
            manifests,
            files,
            by_path,
            folders: Vec::new(),
            by_folder: HashMap::new(),
            homes: Vec::new(),
            children,
            stars,
            python_roots,
            module_files: HashMap::new(),
            module_parents: HashMap::new(),
        };
        repository.index_folders();
        repository.index_modules();
        repository
    }

    fn index_folders(&mut self) {
        for idx in 0..self.files.len() {
            let mut dir = folder(&self.files[idx].path).to_owned();
            let own = self.folder_entry(&dir);
            self.folders[own as usize].1.push(idx as FileIdx);
            self.homes.push(own);
            while !dir.is_empty() {
                dir.truncate(folder(&dir).len());
                if self.by_folder.contains_key(&dir) {
                    break;
                }
                self.folder_entry(&dir);
            }
        }
    }

    fn index_modules(&mut self) {
        let written = (0..).zip(&self.files).flat_map(|(file, slim)| {
            slim.modules.iter().filter_map(move |(name, path)| Some(((file, *name), path.as_ref()?)))
        });
        let mut by_file: Vec<(FileIdx, FileIdx)> = Vec::new();
        let mut files: HashMap<(FileIdx, Word), Vec<FileIdx>> = HashMap::new();
        for ((parent, name), path) in written {
            let found = self.find_file(path).filter(|file| *file != parent);
            by_file.extend(found.map(|file| (file, parent)));
            let said = files.entry((parent, name)).or_default();
            if said.len() < MAX_MODULE_FILES {
                said.extend(found.filter(|file| !said.contains(file)));
            }
        }
        self.module_files = files;
        // Benches may take in a file that the library has as its own.
        by_file.sort_unstable_by(|a, b| b.cmp(a));
        by_file.retain(|(file, _)| modules::rust_declaring(self, *file).is_none());
        self.module_parents = by_file.into_iter().collect();
    }

    /// The files that a Rust `mod name;` names by paths, of which builds choose one.
    pub(crate) fn module_files(&self, file: FileIdx, name: Word) -> Option<&[FileIdx]> {
        self.module_files.get(&(file, name)).map(Vec::as_slice)
    }

    /// Tells whether a Rust file has a `mod name;` without a path.
    pub(crate) fn has_module(&self, file: FileIdx, name: Word) -> bool {
        let modules = &self.file(file).modules;
        let first = modules.partition_point(|(word, path)| (*word, path.is_some()) < (name, false));
        modules.get(first).is_some_and(|(word, path)| *word == name && path.is_none())
    }

    /// The file that names a Rust file by a path.
    pub(crate) fn module_parent(&self, file: FileIdx) -> Option<FileIdx> {
        self.module_parents.get(&file).copied()
    }

    fn folder_entry(&mut self, dir: &str) -> FolderIdx {
        if let Some(idx) = self.by_folder.get(dir) {
            return *idx;
        }
        let idx = self.folders.len() as FolderIdx;
        self.folders.push((dir.to_owned(), Vec::new()));
        self.by_folder.insert(dir.to_owned(), idx);
        idx
    }

    pub(crate) fn file(&self, file: FileIdx) -> &SlimFile {
        &self.files[file as usize]
    }

    pub(crate) fn language(&self, sym: Sym) -> Language {
        self.file(sym.file).language
    }

    pub(crate) fn symbol(&self, sym: Sym) -> &SlimSymbol {
        &self.file(sym.file).symbols[sym.idx as usize]
    }

    pub(crate) fn kind(&self, sym: Sym) -> SymbolKind {
        self.symbol(sym).kind
    }

    pub(crate) fn parent(&self, sym: Sym) -> Option<Sym> {
        self.symbol(sym).parent.map(|idx| Sym { idx, ..sym })
    }

    pub(crate) fn find_file(&self, path: &str) -> Option<FileIdx> {
        self.by_path.get(path).copied()
    }

    pub(crate) fn find_folder(&self, path: &str) -> Option<FolderIdx> {
        self.by_folder.get(path).copied()
    }

    /// The folder that a file lies in.
    pub(crate) fn home(&self, file: FileIdx) -> FolderIdx {
        self.homes[file as usize]
    }

    pub(crate) fn folder_files(&self, folder: FolderIdx) -> &[FileIdx] {
        self.folders.get(folder as usize).map_or(&[], |(_, files)| files)
    }

    /// Every symbol, by file and source order.
    pub(crate) fn symbols(&self) -> impl Iterator<Item = Sym> + '_ {
        let per_file = |(file, slim): (usize, &SlimFile)| {
            (0..slim.symbols.len() as u32).map(move |idx| Sym { file: file as u32, idx })
        };
        self.files.iter().enumerate().flat_map(per_file)
    }

    /// Finds the symbols of this name directly under a symbol, in source order.
    pub(crate) fn children_named(&self, parent: Sym, name: Word) -> impl Iterator<Item = Sym> + '_ {
        let start = self.children.partition_point(|(of, word, _)| (*of, *word) < (parent, name));
        self.children[start..]
            .iter()
            .take_while(move |(of, word, _)| (*of, *word) == (parent, name))
            .map(|(.., child)| *child)
    }

    pub(crate) fn children(&self, parent: Sym) -> impl Iterator<Item = (Word, Sym)> + '_ {
        let start = self.children.partition_point(|(of, ..)| *of < parent);
        self.children[start..]
            .iter()
            .take_while(move |(of, ..)| *of == parent)
            .map(|(_, word, child)| (*word, *child))
    }

    /// Finds what binds a name directly in a scope, with the index of the first binding, in source order.
    pub(crate) fn bindings(&self, file: FileIdx, scope: u32, name: Word) -> (usize, &[SlimBinding]) {
        let (start, all) = self.all_bindings(file, scope, name);
        (start, &all[..all.partition_point(|binding| !binding.is_initialiser())])
    }

    /// Finds what a variable that is a symbol is set to, in source order.
    pub(crate) fn initialisers(&self, file: FileIdx, scope: u32, name: Word) -> &[SlimBinding] {
        let (_, all) = self.all_bindings(file, scope, name);
        &all[all.partition_point(|binding| !binding.is_initialiser())..]
    }

    fn all_bindings(&self, file: FileIdx, scope: u32, name: Word) -> (usize, &[SlimBinding]) {
        let all = &self.file(file).bindings;
        let start = all.partition_point(|binding| (binding.scope, binding.name) < (scope, name));
        let length = all[start..].partition_point(|binding| (binding.scope, binding.name) == (scope, name));
        (start, &all[start..start + length])
    }

    /// Lists the imports of a scope that bring in all names, in source order.
    pub(crate) fn stars(&self, file: FileIdx, scope: u32) -> impl DoubleEndedIterator<Item = u32> + '_ {
        let start = self.stars.partition_point(|(of, at, _)| (*of, *at) < (file, scope));
        let length = self.stars[start..].partition_point(|(of, at, _)| (*of, *at) == (file, scope));
        self.stars[start..start + length].iter().take(MAX_STARS).map(|(.., import)| *import)
    }

    /// Lists the imports of a file that bring in all names.
    pub(crate) fn file_stars(&self, file: FileIdx) -> impl Iterator<Item = u32> + '_ {
        let start = self.stars.partition_point(|(of, ..)| *of < file);
        let own = self.stars[start..].iter().take_while(move |(of, ..)| *of == file);
        own.take(MAX_STARS).map(|(.., import)| *import)
    }

    /// Folders that Python modules are imported from in which a module or package of this name lies.
    pub(crate) fn python_roots(&self, name: &str) -> &[String] {
        self.python_roots.get(name).map_or(&[], Vec::as_slice)
    }

    /// Finds the scope of an inline module, else the file's.
    pub(crate) fn module_scope(&self, file: FileIdx, scope: u32) -> u32 {
        let scopes = &self.file(file).scopes;
        let mut current = scope;
        while let Some(found) = scopes.get(current as usize) {
            let Some(parent) = found.parent.filter(|_| found.kind != model::facts::ScopeKind::Module) else {
                return current;
            };
            current = parent;
        }
        0
    }

    /// Finds the scope of the Python method that sets a field of its object at this place.
    pub(crate) fn member_scope(&self, field: Sym, byte_start: u32) -> Option<u32> {
        let parent = self.parent(field).filter(|parent| self.kind(*parent).is_type())?;
        let slim = self.file(field.file);
        let holds = |symbol: &SlimSymbol| {
            symbol.kind.is_callable() && symbol.byte_start <= byte_start && byte_start < symbol.byte_end
        };
        let members = self.children(parent).map(|(_, child)| &slim.symbols[child.idx as usize]);
        members.filter(|_| slim.language == Language::Python).find(|symbol| holds(symbol))?.scope
    }

    /// Finds the type, impl block or object whose body holds this scope.
    pub(crate) fn enclosing_type(&self, file: FileIdx, scope: u32) -> Option<Sym> {
        let slim = self.file(file);
        let mut current = Some(scope);
        while let Some(found) = current.and_then(|scope| slim.scopes.get(scope as usize)) {
            if let Some(idx) = found.symbol {
                let symbol = &slim.symbols[idx as usize];
                if symbol.kind.is_type() || symbol.kind == SymbolKind::Impl {
                    return Some(Sym { file, idx });
                }
                let is_member = matches!(symbol.kind, SymbolKind::Method | SymbolKind::Constructor);
                if let Some(parent) = symbol.parent.filter(|_| is_member) {
                    return Some(Sym { file, idx: parent });
                }
            }
            current = found.parent;
        }
        None
    }
}

fn stars(files: &[SlimFile]) -> Vec<(FileIdx, u32, u32)> {
    let mut stars = Vec::new();
    for (file, slim) in (0..).zip(files) {
        let all = (0..).zip(&slim.imports).filter(|(_, import)| import.what == SlimImported::Star);
        stars.extend(all.map(|(idx, import)| (file, import.scope, idx)));
    }
    stars.sort_unstable();
    stars
}

fn python_roots(manifests: &Manifests, files: &[SlimFile]) -> HashMap<String, Vec<String>> {
    let roots: BTreeSet<&str> = manifests.python_roots.values().flatten().map(String::as_str).collect();
    let mut found: BTreeSet<(&str, &str)> = BTreeSet::new();
    for file in files.iter().filter(|file| file.language == Language::Python && !roots.is_empty()) {
        let mut path = file.path.as_str();
        while !path.is_empty() {
            let root = folder(path);
            if roots.contains(root) {
                let name = path[root.len()..].trim_start_matches('/');
                found.insert((name.strip_suffix(".py").or(name.strip_suffix(".pyi")).unwrap_or(name), root));
            }
            path = root;
        }
    }
    let mut by_name: HashMap<String, Vec<String>> = HashMap::new();
    for (name, root) in found {
        by_name.entry(name.to_owned()).or_default().push(root.to_owned());
    }
    by_name
}

fn children(files: &[SlimFile]) -> Vec<(Sym, Word, Sym)> {
    let mut children = Vec::new();
    for (file, slim) in files.iter().enumerate() {
        let file = file as FileIdx;
        for (idx, symbol) in slim.symbols.iter().enumerate() {
            let child = Sym { file, idx: idx as u32 };
            children.extend(symbol.parent.map(|idx| (Sym { file, idx }, symbol.name, child)));
        }
    }
    children.sort_unstable();
    children
}
