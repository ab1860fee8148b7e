//! Every reference, import and parent put into edges, candidates and what stays unresolved.

use foldhash::{HashMap, HashMapExt};

use docpack::{EdgeKind, Evidence, Language, SymbolKind};
use model::facts::ReferenceKind;
use model::resolution::Site;

use crate::resolve::flow;
use crate::resolve::followed::{self, Waiting};
use crate::resolve::links::{Links, Outcome, is_sure};
use crate::resolve::modules::Module;
use crate::resolve::repository::{FileIdx, Repository, Sym};
use crate::resolve::slim::{SlimImported, SlimReference};
use crate::resolve::solver::{
    Answer, Found, MAX_CANDIDATES, Place, Question, Solver, Value, Want, confidence,
};
use crate::resolve::words::{Step, Word};

/// A name this long is rarely shared by chance.
const DISTINCTIVE_NAME_BYTES: usize = 8;
/// Resolves everything.
pub(crate) fn resolve(mut repository: Repository) -> Links {
    let mut links = Links::default();
    // Taken out, so that a file's references are dropped as soon as they are links, and what flows once it is loaded.
    let references: Vec<_> =
        repository.files.iter_mut().map(|file| std::mem::take(&mut file.references)).collect();
    let mut flows: Vec<_> = repository.files.iter_mut().map(|file| std::mem::take(&mut file.flow)).collect();
    let mut solver = Solver::new(&repository);
    let methods = methods_by_name(&repository);
    let mut waiting = Vec::new();
    for (file, references) in (0..).zip(references) {
        contain(&solver, file, &mut links);
        import(&mut solver, file, &mut links);
        head(&mut solver, file, &mut links);
        let sites = flow::sites(&mut flows[file as usize], &references);
        for (idx, reference) in references.iter().enumerate() {
            match sites.get(&idx) {
                Some(site) => waiting.push(wait(&mut solver, &methods, (file, *site), reference)),
                None => refer(&mut solver, &methods, file, reference, &mut links),
            }
        }
    }
    followed::link(&mut solver, &mut flows, waiting, &mut links);
    let packages = std::mem::take(&mut solver.packages);
    drop(solver);
    links.close(repository, packages)
}

/// Every method of the repository by language family and name, in path order.
fn methods_by_name(repository: &Repository) -> HashMap<(Language, Word), Vec<Sym>> {
    let mut methods: HashMap<(Language, Word), Vec<Sym>> = HashMap::new();
    for sym in repository.symbols() {
        let symbol = repository.symbol(sym);
        if symbol.kind == SymbolKind::Method && !symbol.traits.is_setter {
            methods.entry((family(repository.language(sym)), symbol.name)).or_default().push(sym);
        }
    }
    methods
}

fn family(language: Language) -> Language {
    if language == Language::TypeScript { Language::JavaScript } else { language }
}

/// Parents hold their children; methods written outside of their type are held by it too.
fn contain(solver: &Solver<'_>, file: FileIdx, links: &mut Links) {
    let slim = solver.repository.file(file);
    for (idx, symbol) in slim.symbols.iter().enumerate().skip(1) {
        let child = Sym { file, idx: idx as u32 };
        let holder = solver.holders.get(&child).copied();
        let holder = holder.filter(|holder| is_in_sight(solver.repository, child, *holder));
        let parent = holder.unwrap_or(Sym { file, idx: symbol.parent.unwrap_or(0) });
        let site = Site { line: symbol.line, byte_start: symbol.byte_start };
        links.edge((parent, child, EdgeKind::Contains), Evidence::Scope, 100, site);
    }
}

/// Tells whether code at `child` can name a type that may be defined inside a callable.
///
/// A type in the body of a method may have the name of the method's own: the method is not held by it.
fn is_in_sight(repository: &Repository, child: Sym, named: Sym) -> bool {
    let above = |sym: Sym| std::iter::successors(repository.parent(sym), |sym| repository.parent(*sym));
    match above(named).find(|sym| repository.kind(*sym).is_callable()) {
        Some(callable) => above(child).any(|sym| sym == callable),
        None => true,
    }
}

fn import(solver: &mut Solver<'_>, file: FileIdx, links: &mut Links) {
    let repository = solver.repository;
    solver.settle_stars(file);
    for (idx, import) in repository.file(file).imports.iter().enumerate() {
        solver.refill();
        let mut targets: Vec<(Sym, Found)> = solver.imported(file, idx as u32);
        targets.dedup_by_key(|(target, _)| *target);
        let certain = targets.len() == 1 || import.what != SlimImported::Module;
        for (target, found) in
            targets.into_iter().filter(|(target, _)| certain && target.file != file || target.idx != 0)
        {
            let site = Site { line: import.line, byte_start: import.byte_start };
            links.edge(
                (Sym { file, idx: 0 }, target, EdgeKind::Imports),
                Evidence::Import,
                found.confidence,
                site,
            );
        }
    }
}

fn head(solver: &mut Solver<'_>, file: FileIdx, links: &mut Links) {
    let repository = solver.repository;
    for (idx, path, is_base) in &repository.file(file).heads {
        let sym = Sym { file, idx: *idx };
        let symbol = repository.symbol(sym);
        solver.refill();
        let answer = solver.path(solver.place_outside(sym), *path, Want::Type);
        let heir = solver.head_owner(sym);
        let kind = if *is_base { EdgeKind::Extends } else { EdgeKind::Implements };
        if let Some(found) =
            sole_symbol(repository, &answer, |kind| kind.is_type()).filter(|(target, _)| *target != heir)
        {
            let site = Site { line: symbol.line, byte_start: symbol.byte_start };
            links.edge((heir, found.0, kind), found.1.evidence, found.1.confidence, site);
        }
    }
}

/// Finds what a call names; what may flow there is known when all files have been read.
fn wait(
    solver: &mut Solver<'_>,
    methods: &HashMap<(Language, Word), Vec<Sym>>,
    site: flow::SiteKey,
    reference: &SlimReference,
) -> Waiting {
    solver.refill();
    let place = Place { file: site.0, scope: reference.scope, byte_start: reference.byte_start };
    Waiting {
        site,
        source: Sym { file: site.0, idx: reference.from },
        at: Site { line: reference.line, byte_start: reference.byte_start },
        path: reference.path,
        outcome: called(solver, methods, place, reference),
    }
}

fn refer(
    solver: &mut Solver<'_>,
    methods: &HashMap<(Language, Word), Vec<Sym>>,
    file: FileIdx,
    reference: &SlimReference,
    links: &mut Links,
) {
    solver.refill();
    let source = Sym { file, idx: reference.from };
    let site = Site { line: reference.line, byte_start: reference.byte_start };
    let place = Place { file, scope: reference.scope, byte_start: reference.byte_start };
    match reference.kind {
        ReferenceKind::Call | ReferenceKind::Construct | ReferenceKind::MacroCall => {
            let outcome = called(solver, methods, place, reference);
            let language = solver.repository.file(file).language;
            links.call(language, source, site, reference.path, outcome);
        }
        ReferenceKind::Type => {
            let answer = solver.path(place, reference.path, Want::Type);
            if let Some((target, found)) = sole_symbol(solver.repository, &answer, SymbolKind::is_type)
                .filter(|(target, _)| *target != source)
            {
                links.edge(
                    (source, target, EdgeKind::ReferencesType),
                    found.evidence,
                    found.confidence,
                    site,
                );
            }
        }
        ReferenceKind::Value if is_rust_field(solver.repository, file, reference) => {}
        ReferenceKind::Value | ReferenceKind::Decorator => {
            let answer = solver.path(place, reference.path, Want::Callable);
            let target = sole_symbol(solver.repository, &answer, |kind| kind.is_callable() || kind.is_type());
            if let Some((target, found)) = target.filter(|(target, _)| *target != source) {
                links.edge((source, target, EdgeKind::References), found.evidence, found.confidence, site);
            }
            if !target.is_some_and(|(_, found)| is_sure(found.confidence)) {
                hand_over(solver.repository, &answer, reference, links);
            }
        }
        // Heads are read from the symbols themselves.
        ReferenceKind::Extends | ReferenceKind::Implements => {}
    }
}

/// Notes the name of what may be a callable and is used as a value: somebody may call it under any name.
fn hand_over(repository: &Repository, answer: &Answer, reference: &SlimReference, links: &mut Links) {
    let steps = repository.words.steps(reference.path);
    let is_elsewhere = |found: &Found| match found.value {
        // A variable or field that is known holds what its own values say.
        Value::Symbol(sym) => repository.kind(sym).is_callable(),
        Value::External(_) => false,
        _ => true,
    };
    let [.., last] = steps else { return };
    // A name alone is a variable, unless nothing binds it.
    let may_be = if steps.len() == 1 {
        answer.is_empty()
    } else {
        answer.iter().any(is_elsewhere) || answer.is_empty()
    };
    if let (Step::Name { word, .. }, true) = (last, may_be) {
        links.hand_over(*word);
    }
}

/// Tells whether `a.b` is read, not called: in Rust that is a field, whatever method shares its name.
fn is_rust_field(repository: &Repository, file: FileIdx, reference: &SlimReference) -> bool {
    let steps = repository.words.steps(reference.path);
    repository.file(file).language == Language::Rust
        && matches!(steps, [_, .., Step::Name { scoped: false, .. }])
}

/// The one symbol of a fitting kind that an answer holds.
fn sole_symbol(
    repository: &Repository,
    answer: &Answer,
    fits: impl Fn(SymbolKind) -> bool,
) -> Option<(Sym, Found)> {
    let mut symbols = answer.iter().filter_map(|found| match found.value {
        Value::Symbol(sym) if fits(repository.kind(sym)) => {
            let confidence = confidence::stated(repository.language(sym), found.confidence);
            Some((sym, Found { confidence, ..*found }))
        }
        _ => None,
    });
    symbols.next().filter(|_| symbols.next().is_none())
}

fn called(
    solver: &mut Solver<'_>,
    methods: &HashMap<(Language, Word), Vec<Sym>>,
    place: Place,
    reference: &SlimReference,
) -> Outcome {
    let want = match reference.kind {
        ReferenceKind::MacroCall => Want::Macro,
        ReferenceKind::Construct => Want::Type,
        _ => Want::Callable,
    };
    let mut answer = solver.path(place, reference.path, want);
    if answer.is_empty() && want == Want::Type {
        answer = solver.path(place, reference.path, Want::Callable);
    }
    if answer.is_empty() {
        return by_name(solver, methods, place, reference).unwrap_or(Outcome::Unknown);
    }
    if solver.repository.file(place.file).language == Language::Go
        && let Some((target, found)) = sole_symbol(solver.repository, &answer, SymbolKind::is_type)
    {
        return Outcome::Conversion(target, found.evidence, found.confidence);
    }
    let ends = answer.into_iter().flat_map(|found| solver.callee(found)).collect::<Vec<_>>();
    match outcome(solver, &ends) {
        Outcome::Dynamic | Outcome::Unknown => {
            by_name(solver, methods, place, reference).unwrap_or(Outcome::Dynamic)
        }
        outcome => outcome,
    }
}

/// Puts everything that a called path may mean into one outcome.
fn outcome(solver: &mut Solver<'_>, ends: &[Found]) -> Outcome {
    let repository = solver.repository;
    let mut targets: Vec<(Sym, Found)> = Vec::new();
    let mut external = None;
    let mut n_others = 0;
    for found in ends {
        match found.value {
            Value::Symbol(sym) if is_target(repository.kind(sym)) => {
                if targets.iter().all(|(other, _)| *other != sym) {
                    targets.push((sym, *found));
                }
            }
            Value::External(package) => external = external.or(Some(package)),
            _ => n_others += 1,
        }
    }
    targets.sort_by_key(|(sym, _)| *sym);
    match (targets.as_slice(), external) {
        ([(sym, found)], None) => {
            let sure = if n_others > 0 {
                found.confidence.min(partly_known(repository.language(*sym)))
            } else {
                found.confidence
            };
            Outcome::Target(*sym, found.evidence, confidence::stated(repository.language(*sym), sure))
        }
        ([(class, found), (constructor, how)], None) | ([(constructor, how), (class, found)], None)
            if n_others == 0 && solver.inherits_constructor(*class, *constructor) =>
        {
            let certain = found.confidence.min(how.confidence);
            Outcome::Made {
                class: *class,
                constructor: *constructor,
                evidence: how.evidence,
                confidence: certain,
            }
        }
        ([], Some(package)) => Outcome::External(package),
        ([], None) => Outcome::Dynamic,
        (several, external) if several.len() <= MAX_CANDIDATES => {
            let n_ways = several.len() + usize::from(external.is_some());
            Outcome::Candidates(
                several
                    .iter()
                    .map(|(sym, found)| (*sym, (usize::from(found.confidence) / n_ways) as u8))
                    .collect(),
            )
        }
        _ => Outcome::Dynamic,
    }
}

/// Of two bindings of a Rust name `cfg` chooses one; elsewhere both may have been run.
fn partly_known(language: Language) -> u8 {
    match language {
        Language::Rust => confidence::PARTLY_KNOWN_IMPORT,
        _ => confidence::PARTLY_KNOWN_FLOW,
    }
}

fn is_target(kind: SymbolKind) -> bool {
    kind.is_callable()
        || matches!(
            kind,
            SymbolKind::Class
                | SymbolKind::Struct
                | SymbolKind::Union
                | SymbolKind::Enum
                | SymbolKind::EnumVariant
        )
}

/// Lists the methods that a call on a receiver of unknown type may mean; never more than a candidate set.
fn by_name(
    solver: &Solver<'_>,
    methods: &HashMap<(Language, Word), Vec<Sym>>,
    place: Place,
    reference: &SlimReference,
) -> Option<Outcome> {
    let language = solver.repository.file(place.file).language;
    let [.., _, Step::Name { word, .. }] = solver.repository.words.steps(reference.path) else { return None };
    let found =
        methods.get(&(family(language), *word)).filter(|_| !solver.is_builtin_method(language, *word))?;
    if found.len() > MAX_CANDIDATES {
        return Some(Outcome::Dynamic);
    }
    let whole = confidence::by_name(language, solver.text(*word).len() >= DISTINCTIVE_NAME_BYTES);
    let each = (usize::from(whole) / found.len()) as u8;
    Some(Outcome::Candidates(found.iter().map(|sym| (*sym, each)).collect()))
}

impl Solver<'_> {
    /// The symbols that an import leads to; a module stands for itself.
    fn imported(&mut self, file: FileIdx, idx: u32) -> Vec<(Sym, Found)> {
        let repository = self.repository;
        let slim = repository.file(file);
        let import = &slim.imports[idx as usize];
        // `import a.b` binds `a`, and imports `a.b`.
        let is_whole = slim.language == Language::Python && import.what == SlimImported::Module;
        let mut answer = if is_whole { Answer::new() } else { self.ask(Question::Import(file, idx)) };
        let is_outside = answer.iter().all(|found| matches!(found.value, Value::External(_)));
        if is_outside && slim.language == Language::Rust && !answer.is_empty() {
            let modules = self.rust_module(file, idx);
            answer.extend(modules.into_iter().filter(|module| !matches!(module.value, Value::External(_))));
        } else if is_outside && slim.language != Language::Rust {
            // Where the module is ours but passes the name on from outside, or makes it at run time, it counts.
            if let Module::File(other) = self.find_module(file, import.module) {
                answer.push(Found::new(Value::File(other), Evidence::Import, confidence::IMPORT));
            }
        }
        let targets = answer.into_iter().filter_map(|found| match found.value {
            Value::Symbol(sym) => Some((sym, found)),
            Value::File(file) => Some((Sym { file, idx: 0 }, found)),
            Value::Folder(folder) => self.face(folder).map(|sym| (sym, found)),
            Value::Package(package) => {
                let folder = self.go_packages.folder(package);
                folder.and_then(|folder| self.face(folder)).map(|sym| (sym, found))
            }
            _ => None,
        });
        targets.collect()
    }

    /// The file that stands for a Go package: `doc.go`, the one named as its folder, or the first.
    fn face(&self, folder: u32) -> Option<Sym> {
        let repository = self.repository;
        let (dir, files) = repository.folders.get(folder as usize)?;
        let name = crate::manifests::file_name(dir);
        let is_test = |file: &&FileIdx| repository.file(**file).path.ends_with("_test.go");
        let go =
            || files.iter().filter(|file| repository.file(**file).language == Language::Go && !is_test(file));
        let named = |wanted: &str| {
            go().find(|file| crate::manifests::file_name(&repository.file(**file).path) == wanted)
        };
        let file = named("doc.go").or_else(|| named(&format!("{name}.go"))).or_else(|| go().next())?;
        Some(Sym { file: *file, idx: 0 })
    }
}
