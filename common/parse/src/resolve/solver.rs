//! What names and paths stand for, found on demand and remembered.
//!
//! Every question is asked at most once; one that is asked again while it is still open (a cycle of
//! imports, a variable set from itself) is answered with nothing. Depth and work are bounded, so no
//! input makes linking slow.

use std::collections::BTreeMap;
use std::rc::Rc;

use docpack::{Evidence, Language};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use crate::resolve::go::{CompositeIdx, Composites, PackageIdx, Packages};
use crate::resolve::members::{Ancestors, Base};
use crate::resolve::modules::{self, Module};
use crate::resolve::repository::{FileIdx, FolderIdx, Repository, Sym};
use crate::resolve::rust_blankets::Blanket;
use crate::resolve::rust_types::{TyIdx, Types};
use crate::resolve::stars::Stars;
use crate::resolve::words::{Word, Words};

/// A name that may mean more than this many things tells nothing.
pub(crate) const MAX_CANDIDATES: usize = 16;
/// Imports, types and initialisers are followed this far; real chains are shorter than ten.
const MAX_DEPTH: u32 = 24;
/// Steps within steps, those of the questions they open included; code has less than ten.
pub(crate) const MAX_OPEN_STEPS: u32 = 64;
/// Questions that one reference may open; only generated code needs more.
const MAX_QUESTIONS_PER_REFERENCE: u32 = 2_000;

/// A name that is bound more often than this in one scope, or a function with more results, is generated.
pub(crate) const MAX_BINDINGS: usize = 256;

/// No answer had to do without another.
const NOTHING: u32 = u32::MAX;

/// What a path stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Value {
    /// The definition itself.
    Symbol(Sym),
    /// A value of this type.
    Instance(Sym),
    /// A type parameter bound by this trait or interface.
    Bound(Sym),
    /// A value of a Rust type with arguments.
    Type(TyIdx),
    /// A field or method of a value of this type.
    Member(Sym, TyIdx),
    /// A method of the standard library, on a value of this type.
    StdMethod(TyIdx, Word),
    /// A list with elements of this type.
    Elements(Sym),
    /// A map with values of this type.
    Entries(Sym),
    /// What the bases of this type give.
    Super(Sym),
    /// A value of a type without a name.
    Composite(CompositeIdx),
    File(FileIdx),
    Folder(FolderIdx),
    /// A Go package as the asking file sees it.
    Package(PackageIdx),
    /// Something of this package, by index in [`Solver::packages`].
    External(Word),
    /// It exists, and what it is can't be told.
    Dynamic,
}

/// One thing that a path may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    pub(crate) value: Value,
    pub(crate) evidence: Evidence,
    /// In hundredths.
    pub(crate) confidence: u8,
}

/// Everything that a path may stand for; empty when its first name is bound nowhere.
pub(crate) type Answer = Vec<Found>;

/// How sure each kind of step is, in hundredths. The least sure one of a path counts.
pub(crate) mod confidence {
    use docpack::Language;

    pub(crate) const SCOPE: u8 = 98;
    pub(crate) const IMPORT: u8 = 97;
    pub(crate) const STAR_IMPORT: u8 = 96;
    pub(crate) const DECLARED_TYPE: u8 = 97;
    pub(crate) const INFERRED_TYPE: u8 = 96;
    pub(crate) const HIERARCHY: u8 = 96;
    /// A base that isn't known may come before the one that has the member.
    pub(crate) const PARTLY_KNOWN_HIERARCHY: u8 = 95;
    pub(crate) const FLOW: u8 = 95;
    /// Values reach a call of the product only through its tests.
    pub(crate) const FLOW_OF_TESTS: u8 = 40;
    /// One binding is known, another of the same name is not.
    pub(crate) const PARTLY_KNOWN_FLOW: u8 = 95;
    /// Another import of the same name leads where nothing is known: `cfg` chooses one of the two.
    pub(crate) const PARTLY_KNOWN_IMPORT: u8 = 60;

    /// How sure an edge of a language is, where its compiler decides what others leave to the run.
    ///
    /// In Go an inferred type and a promoted method are as certain as written ones.
    pub(crate) fn stated(language: Language, found: u8) -> u8 {
        match language {
            Language::Go if found >= HIERARCHY => found.max(IMPORT),
            _ => found,
        }
    }

    /// How sure it is that a method called on a receiver of unknown type is one of the repository's of that name.
    ///
    /// Measured (`scripts/truth --calibrate`), and held below the floor: a name alone makes no edge.
    /// In Go a receiver without a known type comes from a package that is not there; in Python short
    /// names are those of lists, files and dictionaries.
    pub(crate) fn by_name(language: Language, is_distinctive: bool) -> u8 {
        match (language, is_distinctive) {
            (Language::JavaScript | Language::TypeScript, true) => 75,
            (Language::JavaScript | Language::TypeScript, false) => 40,
            (Language::Python, true) => 75,
            (Language::Python, false) => 10,
            (Language::Rust, true) => 60,
            (Language::Rust, false) => 25,
            (Language::Go, _) => 5,
        }
    }
}

/// Which of several things of one name is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Want {
    Callable,
    Type,
    Macro,
    /// A member of it is asked for with `.`.
    Holder,
    /// An item of it is asked for with `::`.
    Path,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Question {
    Import(FileIdx, u32),
    Binding(FileIdx, u32),
    /// What importers of the file get under this name.
    Export(FileIdx, Word),
    /// What importers of all names of the file get under this name.
    Passed(FileIdx, Word),
    /// What reading a field, variable or getter gives.
    Load(Sym),
    /// What calling a function gives.
    Result(Sym),
    /// What a type that is defined by another is made of.
    Underlying(Sym),
}

/// A spot in source from which names are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) file: FileIdx,
    pub(crate) scope: u32,
    /// Locals bound later are not visible, where the language says so.
    pub(crate) byte_start: u32,
}

impl Place {
    /// Tells whether a head is read here, for those who use what it declares.
    pub(crate) fn is_outside(self) -> bool {
        self.byte_start == u32::MAX
    }
}

pub(crate) struct Solver<'r> {
    pub(crate) repository: &'r Repository,
    /// Names of packages outside the repository.
    pub(crate) packages: Words,
    /// Members that lie outside their type's own body, by type: `impl` blocks, Go methods.
    pub(crate) attached: BTreeMap<Sym, Vec<(Word, Sym)>>,
    /// The type of each method that was written outside of it.
    pub(crate) holders: HashMap<Sym, Sym>,
    pub(crate) bases: BTreeMap<Sym, Vec<Base>>,
    /// Types that others are built on.
    pub(crate) extended: HashSet<Sym>,
    pub(crate) ancestors: HashMap<Sym, Rc<Ancestors>>,
    /// Rust macros by name, and where they are.
    pub(crate) macros: HashMap<Word, Vec<Sym>>,
    /// The crate root above each file.
    pub(crate) roots: Vec<FileIdx>,
    /// The file whose path is being followed: definitions that other builds have are none for it.
    pub(crate) asking: FileIdx,
    pub(crate) composites: Composites,
    pub(crate) go_packages: Packages,
    /// Methods that some impl block of the trait has.
    pub(crate) implemented: HashSet<(Sym, Word)>,
    /// Methods that traits of the repository give to types of the standard library, with the trait.
    pub(crate) std_members: HashMap<(&'static str, Word), Vec<(Sym, Sym)>>,
    /// Methods that impls give to all types with some traits, by name.
    pub(crate) blankets: HashMap<Word, Vec<Blanket>>,
    /// Whether methods of a trait can be called in a file.
    pub(crate) usable: HashMap<(FileIdx, Sym), bool>,
    pub(crate) types: Types,
    pub(crate) type_depth: u32,
    /// The modules of which a scope takes all names.
    pub(crate) stars: HashMap<(FileIdx, u32), Stars>,
    /// By file: Go imports by the names that the packages give themselves.
    pub(crate) unnamed_go_imports: HashMap<FileIdx, Rc<HashMap<&'r str, u32>>>,
    /// Modules by what names them: files of one folder and language see the same.
    modules: HashMap<(FolderIdx, Language, Word), Module<'r>>,
    /// Where the answer to a question is listed, and how long it is.
    answers: HashMap<Question, (u32, u32)>,
    found: Vec<Found>,
    /// Questions being answered, with how deep each lies.
    open: HashMap<Question, u32>,
    pub(crate) depth: u32,
    /// The shallowest open question that an answer since had to do without.
    pub(crate) lacks: u32,
    pub(crate) questions_left: u32,
    /// Steps being taken within each other.
    pub(crate) n_open_steps: u32,
}

impl<'r> Solver<'r> {
    pub(crate) fn new(repository: &'r Repository) -> Self {
        let mut solver = Self {
            repository,
            packages: Words::default(),
            attached: BTreeMap::new(),
            holders: HashMap::new(),
            bases: BTreeMap::new(),
            extended: HashSet::new(),
            ancestors: HashMap::new(),
            macros: HashMap::new(),
            roots: (0..repository.files.len() as FileIdx)
                .map(|file| modules::root(repository, file))
                .collect(),
            asking: 0,
            composites: Composites::default(),
            go_packages: Packages::new(repository),
            implemented: HashSet::new(),
            std_members: HashMap::new(),
            blankets: HashMap::new(),
            usable: HashMap::new(),
            types: Types::default(),
            type_depth: 0,
            stars: HashMap::new(),
            unnamed_go_imports: HashMap::new(),
            modules: HashMap::new(),
            answers: HashMap::new(),
            found: Vec::new(),
            open: HashMap::new(),
            depth: 0,
            lacks: NOTHING,
            questions_left: MAX_QUESTIONS_PER_REFERENCE,
            n_open_steps: 0,
        };
        solver.collect_macros();
        solver.attach_members();
        solver.collect_bases();
        solver.collect_blankets();
        // Answers found before all members and bases were known may lack some.
        solver.answers.clear();
        solver.stars.clear();
        solver.found.clear();
        solver.ancestors.clear();
        solver
    }

    /// Begins the work of one more reference.
    pub(crate) fn refill(&mut self) {
        self.questions_left = MAX_QUESTIONS_PER_REFERENCE;
    }

    pub(crate) fn ask(&mut self, question: Question) -> Answer {
        if let Some((first, n)) = self.answers.get(&question) {
            return self.found[*first as usize..(first + n) as usize].to_vec();
        }
        if let Some(depth) = self.open.get(&question) {
            self.lacks = self.lacks.min(*depth);
            // What goes round in circles is work as well.
            self.questions_left = self.questions_left.saturating_sub(1);
            return Answer::new();
        }
        let Some(outer_lacks) = self.descend() else { return Answer::new() };
        self.open.insert(question, self.depth);
        let answer = tidied(self.answer(question));
        self.open.remove(&question);
        if self.ascend(outer_lacks) {
            self.answers.insert(question, (self.found.len() as u32, answer.len() as u32));
            self.found.extend_from_slice(&answer);
        }
        answer
    }

    /// Goes one question deeper, unless that is too deep or too much; returns what to ascend with.
    pub(crate) fn descend(&mut self) -> Option<u32> {
        if self.depth == MAX_DEPTH || self.questions_left == 0 {
            self.lacks = 0;
            return None;
        }
        self.depth += 1;
        self.questions_left -= 1;
        Some(std::mem::replace(&mut self.lacks, NOTHING))
    }

    /// Comes back from a question; false where its answer lacks that of one still open and is right only for now.
    pub(crate) fn ascend(&mut self, outer_lacks: u32) -> bool {
        let is_whole = self.lacks >= self.depth;
        if is_whole {
            self.lacks = NOTHING;
        }
        self.lacks = self.lacks.min(outer_lacks);
        self.depth -= 1;
        is_whole
    }

    fn answer(&mut self, question: Question) -> Answer {
        match question {
            Question::Import(file, idx) => self.import(file, idx),
            Question::Binding(file, idx) => self.binding(file, idx),
            Question::Export(file, name) => self.export(file, name),
            Question::Passed(file, name) => self.passed(file, name),
            Question::Load(sym) => self.load(sym),
            Question::Result(sym) => self.result(sym),
            Question::Underlying(sym) => self.made_of(sym),
        }
    }

    /// Finds the module that an import statement of this file names.
    pub(crate) fn find_module(&mut self, file: FileIdx, module: Word) -> Module<'r> {
        let repository = self.repository;
        let key = (repository.home(file), repository.file(file).language, module);
        let find = || modules::find(repository, file, repository.words.text(module));
        *self.modules.entry(key).or_insert_with(find)
    }

    pub(crate) fn external(&mut self, package: &str) -> Found {
        let value = Value::External(self.packages.word(package));
        Found { value, evidence: Evidence::Import, confidence: confidence::IMPORT }
    }

    /// The root of the crate that holds a file.
    pub(crate) fn root(&self, file: FileIdx) -> FileIdx {
        self.roots.get(file as usize).copied().unwrap_or(file)
    }

    pub(crate) fn word(&self, text: &str) -> Option<Word> {
        self.repository.words.known(text)
    }

    pub(crate) fn text(&self, word: Word) -> &'r str {
        self.repository.words.text(word)
    }
}

impl Found {
    pub(crate) fn new(value: Value, evidence: Evidence, confidence: u8) -> Self {
        Self { value, evidence, confidence }
    }

    pub(crate) fn dynamic() -> Self {
        Self::new(Value::Dynamic, Evidence::Scope, confidence::SCOPE)
    }

    /// Goes one step on: the weakest step decides how sure it is, the farthest how it was found.
    pub(crate) fn then(self, value: Value, evidence: Evidence, confidence: u8) -> Self {
        Self { value, evidence: self.evidence.max(evidence), confidence: self.confidence.min(confidence) }
    }

    /// Counts this step as part of a way that began with `before`.
    pub(crate) fn after(self, before: Self) -> Self {
        before.then(self.value, self.evidence, self.confidence)
    }
}

/// Sorts, and keeps the surest of each value.
pub(crate) fn tidied(mut answer: Answer) -> Answer {
    answer.sort_by(|a, b| {
        a.value.cmp(&b.value).then(b.confidence.cmp(&a.confidence)).then(a.evidence.cmp(&b.evidence))
    });
    answer.dedup_by_key(|found| found.value);
    answer.truncate(MAX_CANDIDATES + 1);
    answer
}
