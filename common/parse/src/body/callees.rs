//! What a called path stands for, seen through imports and the types of variables: `fs.readFile`.

use std::borrow::Cow;

use docpack::{ByteRange, Effect, SymbolKind};
use foldhash::{HashMap, HashMapExt};
use model::facts::{
    Binding, BindingTarget, FileFacts, Import, Imported, Reference, ReferenceKind, ScopeIdx, ScopeKind,
    SymbolIdx,
};

use crate::compile::Table;
use crate::path;

use super::code::{CodeIdx, Slot};
use super::effects::Sink;
use super::steps::Reader;

/// Names that stand for another path, one after another; a longer chain tells nothing.
const MAX_HOPS: usize = 6;

/// A longer path is not of a known library.
const MAX_PATH_BYTES: usize = 200;

/// The names of one file.
pub(super) struct Callees<'a> {
    facts: &'a FileFacts,
    table: &'a Table,
    /// The first and the last binding of each name.
    names: HashMap<&'a str, (u32, u32)>,
    /// By binding: the next one of its name; itself where it is the last.
    next: Vec<u32>,
    /// Fields by the type they belong to.
    fields: HashMap<(SymbolIdx, &'a str), SymbolIdx>,
    /// Names at which a value of the outside may begin: `os` of `os.environ`.
    roots: Vec<&'a str>,
}

impl<'a> Callees<'a> {
    pub(super) fn new(facts: &'a FileFacts, table: &'a Table) -> Self {
        let words = &table.source.body;
        let mut names: HashMap<&str, (u32, u32)> = HashMap::with_capacity(facts.bindings.len());
        let mut next: Vec<u32> = (0..facts.bindings.len() as u32).collect();
        for (idx, binding) in (0_u32..).zip(&facts.bindings) {
            let (_, last) = names.entry(&binding.name).or_insert((idx, idx));
            next[*last as usize] = idx;
            *last = idx;
        }
        let imported = facts.imports.iter().filter_map(|import| {
            let path = imported_path(import);
            let leads = words.values.iter().any(|(value, _)| value.starts_with(path.as_str()));
            import.local_name.as_deref().filter(|_| leads)
        });
        let own = words.values.iter().filter_map(|(value, _)| value.split(['.', ':']).next());
        let roots = imported.chain(own.filter(|root| !names.contains_key(root))).collect();
        let fields = facts.symbols.iter().enumerate().filter_map(|(idx, symbol)| {
            let is_field = matches!(symbol.kind, SymbolKind::Field | SymbolKind::Property);
            Some(((symbol.parent.filter(|_| is_field)?, symbol.name.as_str()), idx as SymbolIdx))
        });
        Self { facts, table, names, next, fields: fields.collect(), roots }
    }

    /// Finds the call whose name begins at a byte.
    pub(super) fn reference(&self, byte_start: u32) -> Option<&'a Reference> {
        let references = &self.facts.references;
        let from = references.partition_point(|reference| reference.byte_start < byte_start);
        let mut here = references[from..].iter().take_while(|reference| reference.byte_start == byte_start);
        here.find(|reference| is_call(reference.kind))
    }

    /// Tells whether anything in the file has this name.
    pub(super) fn is_bound(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// Tells whether something of this name is bound within a range.
    pub(super) fn is_bound_within(&self, name: &str, range: ByteRange) -> bool {
        self.bindings(name).any(|binding| {
            range.start <= binding.byte_start
                && binding.byte_start < range.end
                && !matches!(binding.target, BindingTarget::Assigned { .. })
        })
    }

    /// Lists what a name is bound to anywhere in the file, in source order.
    fn bindings(&self, name: &str) -> impl Iterator<Item = &'a Binding> {
        let mut at = self.names.get(name).map(|(first, _)| *first);
        std::iter::from_fn(move || {
            let idx = at?;
            at = Some(self.next[idx as usize]).filter(|next| *next != idx);
            Some(&self.facts.bindings[idx as usize])
        })
    }

    /// Finds what a called library does to the world outside.
    pub(super) fn sink(&self, reference: &Reference) -> Option<&'static Sink> {
        let written = path::as_written(&reference.path);
        let full = self.full_path(&written, reference.scope, reference.from)?;
        match reference.kind {
            ReferenceKind::MacroCall => self.table.words.sink(&format!("{full}!")),
            _ => self.table.words.sink(&full),
        }
    }

    /// Tells whether a field or element is a value of the outside: `os.environ["HOME"]`.
    pub(super) fn reads_outside(&self, reader: &Reader<'_, '_>, node: CodeIdx) -> bool {
        self.value_of(reader, node).is_some()
    }

    pub(super) fn value_of(&self, reader: &Reader<'_, '_>, node: CodeIdx) -> Option<Effect> {
        if self.roots.is_empty() {
            return None;
        }
        let at = reader.code.node(node).at;
        let text = reader.pass.source.text(reader.pass.tape.node(at).start, reader.pass.tape.node(at).end);
        let begins =
            |root: &&&str| text.strip_prefix(**root).is_some_and(|rest| rest.starts_with(['.', '[', ':']));
        self.roots.iter().find(begins)?;
        let object = reader.code.parts(node).find(|part| reader.code.node(*part).slot != Slot::Name)?;
        let written = reader.pass.path(reader.code.node(object).at)?;
        let scope = self.facts.symbols[reader.symbol as usize].scope.unwrap_or(0);
        let full = self.full_path(&written, scope, reader.symbol)?;
        let mut values = self.table.source.body.values.iter();
        values.find(|(value, _)| *value == full).map(|(_, effect)| *effect)
    }

    /// Follows the first name of a path to what it stands for; `None` for what is defined in the file.
    fn full_path<'t>(&self, written: &'t str, scope: ScopeIdx, from: SymbolIdx) -> Option<Cow<'t, str>> {
        let mut path = normal(written);
        let mut scope = scope;
        for _ in 0..MAX_HOPS {
            if path.len() > MAX_PATH_BYTES || path.starts_with('?') {
                return None;
            }
            let n_first = path.find(['.', ':']).unwrap_or(path.len());
            let (first, rest) = path.split_at(n_first);
            if matches!(first, "self" | "this" | "Self") {
                path = Cow::Owned(self.member(rest, from)?);
                continue;
            }
            let Some(binding) = self.binding(first, scope) else { return Some(path) };
            let next = match &binding.target {
                BindingTarget::Import(import) => {
                    let import = &self.facts.imports[*import as usize];
                    return Some(Cow::Owned(imported_path(import) + rest));
                }
                BindingTarget::Parameter { type_path: Some(known), .. }
                | BindingTarget::Local { type_path: Some(known), .. }
                | BindingTarget::Local { type_path: None, value: Some(known) } => {
                    format!("{}{rest}", normal(known))
                }
                BindingTarget::Symbol(symbol) => self.of_symbol(*symbol, rest)?,
                _ => return None,
            };
            // A value is read where it was bound.
            (path, scope) = (Cow::Owned(next), binding.scope);
        }
        None
    }

    /// What a variable of the file holds, or a field of one of its types, and what follows it.
    fn of_symbol(&self, idx: SymbolIdx, rest: &str) -> Option<String> {
        let symbol = &self.facts.symbols[idx as usize];
        match symbol.kind.is_type() {
            true => self.field(idx, rest),
            false => {
                let known = symbol.return_type.as_deref().filter(|_| !symbol.kind.is_callable())?;
                Some(format!("{}{rest}", normal(known)))
            }
        }
    }

    /// What a field of the type around a symbol holds, and what follows it.
    fn member(&self, rest: &str, from: SymbolIdx) -> Option<String> {
        let symbols = &self.facts.symbols;
        let mut around = Some(from);
        while let Some((idx, symbol)) = around.map(|idx| (idx, &symbols[idx as usize])) {
            if symbol.kind == SymbolKind::Impl {
                return Some(format!("{}{rest}", normal(symbol.return_type.as_deref()?)));
            }
            if symbol.kind.is_type() {
                return self.field(idx, rest);
            }
            around = symbol.parent;
        }
        None
    }

    /// What a field holds: its declared type, else what it is set to.
    fn field(&self, of: SymbolIdx, rest: &str) -> Option<String> {
        let rest = rest.trim_start_matches(['.', ':']);
        let (name, rest) = rest.split_at(rest.find(['.', ':']).unwrap_or(rest.len()));
        let field = self.fields.get(&(of, name)).map(|idx| &self.facts.symbols[*idx as usize]);
        let declared = field.and_then(|field| field.return_type.as_deref());
        let scope = self.facts.symbols[of as usize].scope;
        let set = || known_of(&self.bound_in(name, scope?)?.target);
        declared.or_else(set).map(|known| format!("{}{rest}", normal(known)))
    }

    /// Finds what a name is bound to, seen from a scope; the second binding of a field says what it holds.
    fn binding(&self, name: &str, scope: ScopeIdx) -> Option<&'a Binding> {
        self.names.get(name)?;
        let mut next = Some(scope);
        while let Some(scope) = next {
            let around = &self.facts.scopes[scope as usize];
            if (around.kind != ScopeKind::Type || next == Some(scope))
                && let Some(binding) = self.bound_in(name, scope)
            {
                return Some(binding);
            }
            next = around.parent;
        }
        None
    }

    fn bound_in(&self, name: &str, scope: ScopeIdx) -> Option<&'a Binding> {
        let mut here = self.bindings(name).filter(|binding| binding.scope == scope);
        let first = here.next()?;
        match first.target {
            BindingTarget::Symbol(_) => {
                Some(here.find(|more| known_of(&more.target).is_some()).unwrap_or(first))
            }
            _ => Some(first),
        }
    }
}

fn is_call(kind: ReferenceKind) -> bool {
    matches!(kind, ReferenceKind::Call | ReferenceKind::Construct | ReferenceKind::MacroCall)
}

/// What a binding says of its value: the declared type before the initialiser.
fn known_of(target: &BindingTarget) -> Option<&str> {
    match target {
        BindingTarget::Local { type_path, value } => type_path.as_deref().or(value.as_deref()),
        BindingTarget::Parameter { type_path } => type_path.as_deref(),
        _ => None,
    }
}

/// A path without calls and awaits, a type without what surrounds its name: `*sql.DB`, `&mut File`.
fn normal(path: &str) -> Cow<'_, str> {
    let path = path.trim_start_matches(['&', '*', ' ', '{']).trim_start_matches("mut ");
    let plain = &path[..path.find(['<', ' ', '|']).unwrap_or(path.len())];
    if !plain.contains(['?', '}', '!', '(']) && !plain.contains(".await") {
        return Cow::Borrowed(plain);
    }
    let plain = plain.replace(".await", "").replace(['?', '}', '!'], "");
    Cow::Owned(if path.starts_with('?') { format!("?{plain}") } else { without_types_made(&plain) })
}

/// Leaves the brackets of calls that make an object of a type: what follows them is the type's.
fn without_types_made(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find("()") {
        out.push_str(&rest[..at]);
        rest = &rest[at + 2..];
        let is_type = |name: &str| name.starts_with(|c: char| c.is_ascii_uppercase());
        let mut names = out.rsplit(['.', ':']).filter(|name| !name.is_empty());
        let (last, before) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
        if is_type(last) {
            continue;
        }
        match is_type(before) && !rest.is_empty() {
            true => out.truncate(out.len() - last.len()),
            false => out.push_str("()"),
        }
        out.truncate(out.trim_end_matches(['.', ':']).len());
    }
    out.push_str(rest);
    out
}

/// The path of an import as the tables of effects write it: `fs.readFile`, `net/http`, `os.path`.
fn imported_path(import: &Import) -> String {
    let path = import.path.strip_prefix("node:").unwrap_or(&import.path);
    match (&import.what, path.split_once('#')) {
        (Imported::Default, Some((module, _))) => module.to_owned(),
        (_, Some((module, name))) => format!("{module}.{name}"),
        (_, None) => path.to_owned(),
    }
}
