//! The part of a file's facts that linking needs, with every text interned.

use docpack::{Language, SymbolId, SymbolKind};
use model::facts::{
    Binding, BindingTarget, FileFacts, Import, Imported, Reference, ReferenceKind, ScopeKind,
};
use model::role::FoundRole;

use crate::binding::{CONDITIONAL_STAR, MORE_EXPORTS};
use crate::resolve::flow::PackedFlow;
use crate::resolve::slim_callbacks::Callback;
use crate::resolve::slim_symbols::{
    generic_bindings, slim_modules, slim_symbol, test_modules, traits, written_type,
};
use crate::resolve::type_text::Shape;
use crate::resolve::words::{PathIdx, Word, Words};
use crate::resolve::written::TypeIdx;

/// A type as it was written: how it is held, and its path.
pub(crate) type WrittenType = (Shape, PathIdx);

#[derive(Debug)]
pub(crate) struct SlimFile {
    pub(crate) path: String,
    pub(crate) language: Language,
    pub(crate) symbols: Vec<SlimSymbol>,
    pub(crate) scopes: Vec<SlimScope>,
    /// By scope, name and place; of one name those that bind nothing themselves come last.
    pub(crate) bindings: Vec<SlimBinding>,
    pub(crate) imports: Vec<SlimImport>,
    /// By name.
    pub(crate) exports: Vec<SlimExport>,
    /// Nothing else is exported.
    pub(crate) lists_exports: bool,
    pub(crate) references: Vec<SlimReference>,
    /// Bases and interfaces named in heads: the symbol, what it names, and whether as a base.
    pub(crate) heads: Vec<(u32, PathIdx, bool)>,
    /// Lines that say which builds the file belongs to.
    pub(crate) constraints: Vec<String>,
    pub(crate) flow: PackedFlow,
    /// Rust modules in files of their own, by name, with the path from the repository's root where one is written.
    pub(crate) modules: Vec<(Word, Option<String>)>,
    /// Those of them that are compiled for tests alone.
    pub(crate) test_modules: Vec<Word>,
    pub(crate) role: FoundRole,
}

#[derive(Debug)]
pub(crate) struct SlimSymbol {
    pub(crate) id: SymbolId,
    pub(crate) name: Word,
    pub(crate) kind: SymbolKind,
    pub(crate) parent: Option<u32>,
    /// The scope the symbol opens.
    pub(crate) scope: Option<u32>,
    pub(crate) line: u32,
    pub(crate) byte_start: u32,
    pub(crate) byte_end: u32,
    pub(crate) has_body: bool,
    pub(crate) traits: Traits,
    /// Result of a callable, declared type of what holds a value, target of an alias.
    pub(crate) value_type: Option<WrittenType>,
    /// Target of an impl block, receiver of a Go method.
    pub(crate) owner: Option<PathIdx>,
    /// Names of type parameters, where a value's type tells what they stand for.
    pub(crate) generics: Vec<Word>,
    /// What type parameters of a Rust alias stand for where no argument is given.
    pub(crate) defaults: Vec<(Word, TypeIdx)>,
    /// Parameters that are callables: their place, and what they take.
    pub(crate) callbacks: Vec<(u8, Vec<TypeIdx>)>,
    /// The same in TypeScript and JavaScript.
    pub(crate) takes: Vec<(u8, Callback)>,
}

/// What modifiers and attributes say that matters to linking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Traits {
    /// Read like a field although it runs.
    pub(crate) is_getter: bool,
    pub(crate) is_setter: bool,
    /// A method of the class itself.
    pub(crate) is_class_method: bool,
    pub(crate) is_static: bool,
    /// A decorator may have put something else in its place.
    pub(crate) is_decorated: bool,
    /// A generator that stands for a context manager of what it yields.
    pub(crate) is_context_manager: bool,
    pub(crate) is_async: bool,
    /// Made to stand for the function that it calls.
    pub(crate) is_wrapper: bool,
    /// What it returns is not what a call of it gives.
    pub(crate) is_generator: bool,
    /// Declared to give what it is called on, which may be an heir's.
    pub(crate) returns_self: bool,
    /// A type is written for what it gives, whether or not it names one thing.
    pub(crate) is_typed: bool,
    pub(crate) is_trait_impl: bool,
    /// Another name for a type, not a type of its own.
    pub(crate) is_alias: bool,
    /// Takes `this` from around itself although it stands among methods.
    pub(crate) is_arrow: bool,
    /// Reached through its parent: not what merely stands inside of it.
    pub(crate) is_member: bool,
}

#[derive(Debug)]
pub(crate) struct SlimScope {
    pub(crate) kind: ScopeKind,
    pub(crate) parent: Option<u32>,
    pub(crate) symbol: Option<u32>,
}

#[derive(Debug)]
pub(crate) struct SlimBinding {
    pub(crate) scope: u32,
    pub(crate) name: Word,
    pub(crate) byte_start: u32,
    pub(crate) target: Target,
}

impl SlimBinding {
    /// Tells whether it only says what a symbol is set to, at first or later.
    pub(crate) fn is_initialiser(&self) -> bool {
        matches!(self.target, Target::Initialiser { .. } | Target::Set { .. })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Symbol(u32),
    Import(u32),
    /// `self` or `cls`, as the method's first parameter.
    Receiver {
        of_class: bool,
    },
    /// A type parameter with what it is bound by.
    Generic(Option<WrittenType>),
    Parameter(Option<WrittenType>),
    Local {
        written: Option<WrittenType>,
        value: Option<PathIdx>,
    },
    /// A variable that is set to nothing yet.
    Declared,
    /// What the variable of this name is set to later, as read in this scope.
    Assigned {
        scope: u32,
        value: Option<PathIdx>,
    },
    /// The same of a variable that is a symbol.
    Set {
        scope: u32,
        value: Option<PathIdx>,
    },
    /// What a variable that is a symbol is set to; binds nothing itself.
    Initialiser {
        written: Option<WrittenType>,
        value: Option<PathIdx>,
    },
}

#[derive(Debug)]
pub(crate) struct SlimImport {
    pub(crate) module: Word,
    pub(crate) what: SlimImported,
    pub(crate) local_name: Option<Word>,
    pub(crate) reexported: bool,
    /// It may not be run.
    pub(crate) is_conditional: bool,
    pub(crate) line: u32,
    pub(crate) byte_start: u32,
    pub(crate) scope: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SlimImported {
    Module,
    Name(Word),
    Default,
    Star,
    SideEffect,
}

#[derive(Debug)]
pub(crate) struct SlimExport {
    pub(crate) name: Word,
    pub(crate) local: Option<Word>,
    pub(crate) import: Option<u32>,
}

#[derive(Debug)]
pub(crate) struct SlimReference {
    pub(crate) kind: ReferenceKind,
    pub(crate) from: u32,
    pub(crate) scope: u32,
    pub(crate) path: PathIdx,
    pub(crate) line: u32,
    pub(crate) byte_start: u32,
}

/// Takes from the facts what linking needs; indices that lead nowhere are dropped.
pub(crate) fn slim(words: &mut Words, facts: &FileFacts) -> SlimFile {
    let symbols: Vec<SlimSymbol> =
        facts.symbols.iter().map(|symbol| slim_symbol(words, facts, symbol)).collect();
    let references = facts.references.iter().filter(|reference| is_within(facts, reference));
    let references = references.map(|reference| slim_reference(words, reference)).collect();
    let mut file = SlimFile {
        path: facts.file_path.clone(),
        language: facts.language,
        scopes: slim_scopes(facts),
        bindings: slim_bindings(words, facts),
        imports: facts.imports.iter().map(|import| slim_import(words, facts.language, import)).collect(),
        exports: facts.exports.iter().map(|export| slim_export(words, export)).collect(),
        lists_exports: false,
        references,
        heads: heads(words, facts),
        constraints: constraints(facts),
        flow: PackedFlow::new(&facts.flow, words),
        modules: slim_modules(words, facts),
        test_modules: test_modules(words, facts),
        role: facts.role.clone(),
        symbols,
    };
    if matches!(facts.language, Language::TypeScript | Language::JavaScript) {
        mark_members(&mut file, facts);
    }
    if facts.language == Language::Python {
        mark_exports(&mut file, facts);
    }
    file.exports.sort_by_key(|export| export.name);
    file.bindings.sort_by_key(|binding| (binding.scope, binding.name, binding.byte_start, binding.target));
    mark_initialisers(&mut file);
    file
}

fn constraints(facts: &FileFacts) -> Vec<String> {
    let module = facts.symbols.first().filter(|_| facts.language == Language::Go);
    module.map_or_else(Vec::new, |module| module.attributes.clone())
}

/// What `__all__` says, and which star imports may not be run.
fn mark_exports(file: &mut SlimFile, facts: &FileFacts) {
    let is_name = |name: &str| !matches!(name, MORE_EXPORTS | CONDITIONAL_STAR);
    file.lists_exports = facts.exports.iter().any(|export| is_name(&export.name))
        && !facts.exports.iter().any(|export| export.name == MORE_EXPORTS);
    for export in facts.exports.iter().filter(|export| export.name == CONDITIONAL_STAR) {
        if let Some(import) = export.import.and_then(|idx| file.imports.get_mut(idx as usize)) {
            import.is_conditional = true;
        }
    }
}

/// What is inside a value is its member where it is bound in the value's own scope; inside a function nothing
/// is. What was assigned from outside is a member of either.
fn mark_members(file: &mut SlimFile, facts: &FileFacts) {
    let mut is_bound_by_parent = vec![false; file.symbols.len()];
    for binding in &file.bindings {
        if let Target::Symbol(idx) = binding.target {
            let parent = file.symbols[idx as usize].parent.map(|parent| &file.symbols[parent as usize]);
            is_bound_by_parent[idx as usize] |= parent
                .is_some_and(|parent| parent.scope == Some(binding.scope) && !parent.kind.is_callable());
        }
    }
    for (idx, is_bound) in is_bound_by_parent.into_iter().enumerate() {
        let Some(parent) = file.symbols[idx].parent.map(|parent| &facts.symbols[parent as usize]) else {
            continue;
        };
        let (own, outer) = (facts.symbols[idx].byte_range, parent.byte_range);
        let is_outside = own.start < outer.start || own.end > outer.end;
        let traits = &mut file.symbols[idx].traits;
        traits.is_member = parent.kind.is_type() || is_bound || is_outside;
        // `Type.make = …`, not `Type.prototype.make = …`.
        let head = facts.symbols[idx].signature.split('=').next().unwrap_or_default();
        traits.is_static |= is_outside && parent.kind == SymbolKind::Class && !head.contains(".prototype.");
    }
}

/// A variable that is a symbol is bound once, as the symbol; what sets it is kept apart.
fn mark_initialisers(file: &mut SlimFile) {
    let symbols = &file.symbols;
    let is_variable = |binding: &SlimBinding| matches!(binding.target, Target::Symbol(idx) if !symbols[idx as usize].kind.is_callable() && !symbols[idx as usize].kind.is_type());
    for same in file.bindings.chunk_by_mut(|a, b| (a.scope, a.name) == (b.scope, b.name)) {
        if same.iter().any(is_variable) {
            for binding in &mut *same {
                binding.target = match binding.target {
                    Target::Local { written, value } => Target::Initialiser { written, value },
                    Target::Assigned { scope, value } => Target::Set { scope, value },
                    other => other,
                };
            }
            same.sort_by_key(SlimBinding::is_initialiser);
        }
    }
}

fn is_within(facts: &FileFacts, reference: &Reference) -> bool {
    (reference.from as usize) < facts.symbols.len() && (reference.scope as usize) < facts.scopes.len()
}

/// Scopes with parents that come before them, so that walking up always ends.
fn slim_scopes(facts: &FileFacts) -> Vec<SlimScope> {
    let scope = |(idx, scope): (usize, &model::facts::Scope)| SlimScope {
        kind: scope.kind,
        parent: scope.parent.filter(|parent| (*parent as usize) < idx),
        symbol: scope.symbol.filter(|symbol| (*symbol as usize) < facts.symbols.len()),
    };
    facts.scopes.iter().enumerate().map(scope).collect()
}

fn slim_bindings(words: &mut Words, facts: &FileFacts) -> Vec<SlimBinding> {
    let mut bindings = Vec::with_capacity(facts.bindings.len());
    for binding in &facts.bindings {
        if let Some(target) = target(words, facts, binding) {
            let name = words.word(&binding.name);
            bindings.push(SlimBinding { scope: binding.scope, name, byte_start: binding.byte_start, target });
        }
    }
    for symbol in &facts.symbols {
        let Some(scope) = symbol.scope else { continue };
        let declared = generic_bindings(words, facts, symbol).into_iter();
        bindings.extend(declared.map(|(name, bound)| SlimBinding {
            scope,
            name,
            byte_start: symbol.byte_range.start,
            target: Target::Generic(bound),
        }));
    }
    bindings
}

fn target(words: &mut Words, facts: &FileFacts, binding: &Binding) -> Option<Target> {
    let language = facts.language;
    Some(match &binding.target {
        BindingTarget::Symbol(idx) => {
            Target::Symbol(Some(*idx).filter(|idx| (*idx as usize) < facts.symbols.len())?)
        }
        BindingTarget::Import(idx) => {
            Target::Import(Some(*idx).filter(|idx| (*idx as usize) < facts.imports.len())?)
        }
        BindingTarget::Parameter { type_path } => match receiver(facts, binding) {
            Some(of_class) => Target::Receiver { of_class },
            None => {
                Target::Parameter(type_path.as_deref().and_then(|text| written_type(words, language, text)))
            }
        },
        BindingTarget::Local { type_path, value } => Target::Local {
            written: type_path.as_deref().and_then(|text| written_type(words, language, text)),
            value: value.as_deref().map(|text| words.path(text)),
        },
        BindingTarget::Declared => Target::Declared,
        BindingTarget::Assigned { scope, value } => Target::Assigned {
            scope: Some(*scope).filter(|scope| (*scope as usize) < facts.scopes.len())?,
            value: value.as_deref().map(|text| words.path(text)),
        },
    })
}

/// Tells whether the parameter is a Python method's receiver, and whether that is the class.
fn receiver(facts: &FileFacts, binding: &Binding) -> Option<bool> {
    let scope = facts.scopes.get(binding.scope as usize).filter(|_| facts.language == Language::Python)?;
    let method = facts.symbols.get(scope.symbol? as usize)?;
    let class = facts.symbols.get(method.parent? as usize)?;
    let traits = traits(facts, method);
    let is_first = method.parameters.first().is_some_and(|first| first.name == binding.name);
    let of_class = traits.is_class_method
        || matches!(method.name.as_str(), "__new__" | "__init_subclass__" | "__class_getitem__");
    (is_first && class.kind.is_type() && !traits.is_static).then_some(of_class)
}

fn slim_import(words: &mut Words, language: Language, import: &Import) -> SlimImport {
    if language == Language::Rust {
        // A `use` is followed name by name.
        words.path(&import.module);
    }
    SlimImport {
        module: words.word(&import.module),
        what: match &import.what {
            Imported::Module => SlimImported::Module,
            Imported::Name(name) => SlimImported::Name(words.word(name)),
            Imported::Default => SlimImported::Default,
            Imported::Star => SlimImported::Star,
            Imported::SideEffect => SlimImported::SideEffect,
        },
        local_name: import.local_name.as_deref().map(|name| words.word(name)),
        reexported: import.reexported,
        is_conditional: false,
        line: import.line,
        byte_start: import.byte_start,
        scope: import.scope,
    }
}

fn slim_export(words: &mut Words, export: &model::facts::Export) -> SlimExport {
    SlimExport {
        name: words.word(&export.name),
        local: export.local.as_deref().map(|name| words.word(name)),
        import: export.import,
    }
}

fn slim_reference(words: &mut Words, reference: &Reference) -> SlimReference {
    SlimReference {
        kind: reference.kind,
        from: reference.from,
        scope: reference.scope,
        path: words.path(&reference.path),
        line: reference.line,
        byte_start: reference.byte_start,
    }
}

/// Bases as written, together with those that references name; duplicates fall away later.
fn heads(words: &mut Words, facts: &FileFacts) -> Vec<(u32, PathIdx, bool)> {
    let mut heads = Vec::new();
    for (idx, symbol) in facts.symbols.iter().enumerate() {
        for (list, is_base) in [(&symbol.bases, true), (&symbol.implements, false)] {
            for text in list {
                heads.extend(
                    written_type(words, facts.language, text).map(|(_, path)| (idx as u32, path, is_base)),
                );
            }
        }
    }
    heads
}
