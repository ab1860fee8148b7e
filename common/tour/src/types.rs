//! The types that most of the code is about.

use docpack::records::{TourItem, TourSection};
use docpack::{EdgeKind, SymbolKind, Topic, Visibility};

use crate::item::{self, With, item, symbol};
use crate::passages::Named;
use crate::text::{code as set, count, lead, list};
use crate::{View, diagram};

/// Types that are told.
pub(crate) const MAX_TYPES: usize = 8;
/// Fields or methods of one type that are named.
const MAX_MEMBERS: usize = 7;
/// Bases of one type that are named.
const MAX_BASES: usize = 3;
/// Types that extend or implement one, and are named.
const MAX_SUBTYPES: usize = 5;

/// A type as a diagram shows it.
pub(crate) struct Shown {
    pub(crate) at: usize,
    pub(crate) name: String,
    pub(crate) fields: Vec<String>,
    pub(crate) methods: Vec<String>,
    pub(crate) bases: Vec<usize>,
    /// Types that its fields and signatures name.
    pub(crate) held: Vec<usize>,
}

pub(crate) fn section(view: &View<'_>) -> Option<TourSection> {
    let all = central(view);
    let chosen = &all[..all.len().min(MAX_TYPES)];
    let mut items = Vec::new();
    for at in chosen {
        items.push(head(view, *at));
        items.extend(documented(view, *at));
        items.extend(members(view, *at));
    }
    let shown: Vec<Shown> = chosen.iter().map(|at| shown(view, *at)).collect();
    let diagram = (shown.len() > 1).then(|| diagram::classes(&shown));
    item::section(Topic::Types, "Core types", items, all.len() - chosen.len(), diagram)
}

/// Lists the types that something uses, the most used first.
pub(crate) fn central(view: &View<'_>) -> Vec<usize> {
    let code = &view.code;
    let is_told = |at: &usize| {
        let is_base = !subtypes(view, *at).is_empty();
        code.is_type(*at)
            && (view.ranks.of(*at) > 0 || is_base)
            && crate::layout::is_at_top(view, *at)
            && !crate::errors::is_error(view, *at)
    };
    let mut found: Vec<usize> = code.ours().filter(is_told).collect();
    // Between two types used as much, the one that does more is the more telling.
    let weight = |at: usize| view.ranks.of(at) + all_members(view, at).len().min(12) as u64 / 2;
    found.sort_by_key(|at| (std::cmp::Reverse(weight(*at)), *at));
    found
}

/// Lists the types that extend or implement a type, `impl` blocks as the types they are for.
pub(crate) fn subtypes(view: &View<'_>, at: usize) -> Vec<usize> {
    let code = &view.code;
    let is_interface_of_go =
        code.symbols[at].language.as_str() == "go" && code.kind(at) == Some(SymbolKind::Interface);
    if is_interface_of_go {
        // What embeds an interface passes its methods on.
        return view.satisfies.types(at).to_vec();
    }
    let links =
        code.reaching(at).iter().filter(|link| matches!(link.kind, EdgeKind::Extends | EdgeKind::Implements));
    let mut found: Vec<usize> = Vec::new();
    for link in links.filter(|link| code.is_ours(link.other)) {
        if !found.contains(&link.other) && link.other != at {
            found.push(link.other);
        }
    }
    found
}

/// Counts the types of tests and examples that extend or implement a type.
pub(crate) fn foreign_subtypes(view: &View<'_>, at: usize) -> Vec<usize> {
    let is_go = view.code.symbols[at].language.as_str() == "go";
    let links = view.code.reaching(at).iter().filter(|_| !is_go);
    let found = links.filter(|link| matches!(link.kind, EdgeKind::Extends | EdgeKind::Implements));
    found.map(|link| link.other).filter(|other| !view.code.is_ours(*other)).collect()
}

/// Names a type, or the type that an `impl` block is for.
pub(crate) fn type_name(view: &View<'_>, at: usize) -> String {
    match view.code.kind(at) {
        Some(SymbolKind::Impl) => {
            let name = view.code.symbols[at].name.as_str();
            let name = name.rsplit(" for ").next().unwrap_or(name);
            name.strip_prefix("impl ").unwrap_or(name).to_owned()
        }
        _ => view.code.name(at),
    }
}

fn kind_word(view: &View<'_>, at: usize) -> &'static str {
    match view.code.kind(at) {
        Some(SymbolKind::Class) => "class",
        Some(SymbolKind::Struct) => "struct",
        Some(SymbolKind::Enum) => "enum",
        Some(SymbolKind::Trait) => "trait",
        Some(SymbolKind::Interface) => "interface",
        Some(SymbolKind::Union) => "union",
        _ => "type",
    }
}

/// Counts the other files of the product that use a symbol or its members.
pub(crate) fn n_users(view: &View<'_>, at: usize) -> usize {
    view.code.users(at).into_iter().filter(|path| view.parts.of(path).is_some()).count()
}

/// Tells what a type is, and how much it is used.
pub(crate) fn head(view: &View<'_>, at: usize) -> TourItem {
    let code = &view.code;
    let n_files = n_users(view, at);
    let mut text = format!("`{}` ({}", code.name(at), kind_word(view, at));
    if n_files > 0 {
        text.push_str(&format!(", used in {}", count(n_files, "other file", "other files")));
    }
    text.push(')');
    let all = &code.symbols[at].bases;
    let mut bases: Vec<_> = all.iter().take(MAX_BASES).map(|base| set(base)).collect();
    if all.len() > MAX_BASES {
        bases.push(format!("{} more", all.len() - MAX_BASES));
    }
    if !bases.is_empty() {
        text.push_str(&format!(" extends {}", list(&bases)));
    }
    item(format!("{text}.")).with([symbol(code, at)]).quoting(lead(code.symbols[at]))
}

/// Quotes what the documentation says of a type.
fn documented(view: &View<'_>, at: usize) -> Option<TourItem> {
    let passage = view.passages.about(Named::Symbol(at))?;
    let quote = view.passages.quote(passage);
    Some(item(format!("`{}` in `{}`:", view.code.name(at), quote.file_path)).quoting(Some(quote)).below())
}

/// Lists what a type holds, through its `impl` blocks too, in the order of the files.
pub(crate) fn all_members(view: &View<'_>, at: usize) -> Vec<usize> {
    let code = &view.code;
    let name = &code.symbols[at].qualified_name;
    let mut found = code.members(at).to_vec();
    if code.symbols[at].language.as_str() == "rust" {
        let own = code.reaching(at).iter().filter(|link| code.kind(link.other) == Some(SymbolKind::Impl));
        let mut blocks: Vec<usize> = own.map(|link| link.other).collect();
        blocks.sort_unstable();
        blocks.dedup();
        for member in blocks.iter().flat_map(|block| code.members(*block)) {
            let is_own = crate::code::prefix(&code.symbols[*member].qualified_name) == Some(name.as_str());
            if is_own && code.owner(*member) == Some(at) {
                found.push(*member);
            }
        }
    }
    found
}

fn is_shown(view: &View<'_>, at: usize) -> bool {
    let symbol = view.code.symbols[at];
    symbol.visibility != Visibility::Private && !symbol.name.starts_with('_')
}

/// Lists the fields of a type that others may see, and its methods, the most used first.
pub(crate) fn chosen(view: &View<'_>, at: usize) -> (Vec<usize>, Vec<usize>) {
    let code = &view.code;
    let all = all_members(view, at);
    let is_field = |at: &usize| {
        matches!(code.kind(*at), Some(SymbolKind::Field | SymbolKind::Property | SymbolKind::EnumVariant))
    };
    let fields: Vec<usize> = all.iter().copied().filter(is_field).filter(|at| is_shown(view, *at)).collect();
    let is_method = |at: &usize| code.kind(*at) == Some(SymbolKind::Method);
    let mut methods: Vec<usize> =
        all.iter().copied().filter(is_method).filter(|at| is_shown(view, *at)).collect();
    methods.sort_by_key(|at| (std::cmp::Reverse(view.ranks.of(*at)), *at));
    (fields, methods)
}

fn members(view: &View<'_>, at: usize) -> Vec<TourItem> {
    let code = &view.code;
    let (fields, methods) = chosen(view, at);
    let mut items = Vec::new();
    let mut tell = |what: &str, found: &[usize], name: &dyn Fn(usize) -> String, hidden: Option<String>| {
        // A property has one name for reading and writing.
        let mut names: Vec<String> = Vec::new();
        for at in found {
            let name = name(*at);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let n = names.len();
        names.truncate(MAX_MEMBERS);
        if n > MAX_MEMBERS {
            names.push(format!("{} more", n - MAX_MEMBERS));
        }
        names.extend(hidden.filter(|_| n > 0));
        let evidence = found.iter().take(MAX_MEMBERS).map(|at| symbol(code, *at));
        if !names.is_empty() {
            items.push(item(format!("{what}: {}.", list(&names))).with(evidence).below());
        }
    };
    let is_enum = code.kind(at) == Some(SymbolKind::Enum);
    tell(
        if is_enum { "Variants" } else { "Fields" },
        &fields,
        &|at| set(&field(view, at)),
        private_fields(view, at),
    );
    tell("Methods", &methods, &|at| format!("`{}`", code.symbols[at].name), None);
    items.extend(below(view, at));
    items
}

/// Counts the fields that only the type's own module may see, so that the list is not taken for all of them.
fn private_fields(view: &View<'_>, at: usize) -> Option<String> {
    let is_private = |at: &usize| view.code.kind(*at) == Some(SymbolKind::Field) && !is_shown(view, *at);
    let n = all_members(view, at).into_iter().filter(is_private).count();
    (n > 0).then(|| count(n, "private field", "private fields"))
}

fn field(view: &View<'_>, at: usize) -> String {
    let symbol = view.code.symbols[at];
    match &symbol.return_type {
        Some(kind) => format!("{}: {kind}", symbol.name),
        None => symbol.name.clone(),
    }
}

/// Tells who extends or implements a type.
pub(crate) fn below(view: &View<'_>, at: usize) -> Option<TourItem> {
    let found = subtypes(view, at);
    let mut names: Vec<_> = found.iter().take(MAX_SUBTYPES).map(|sub| set(&type_name(view, *sub))).collect();
    if found.len() > MAX_SUBTYPES {
        names.push(format!("{} more", found.len() - MAX_SUBTYPES));
    }
    let is_contract = matches!(view.code.kind(at), Some(SymbolKind::Trait | SymbolKind::Interface));
    let verb = if is_contract { "Implemented by" } else { "Extended by" };
    let evidence = found.iter().take(MAX_SUBTYPES).map(|sub| symbol(&view.code, *sub));
    (!names.is_empty()).then(|| item(format!("{verb} {}.", list(&names))).with(evidence).below())
}

fn shown(view: &View<'_>, at: usize) -> Shown {
    let code = &view.code;
    let (fields, methods) = chosen(view, at);
    let name = |at: &usize| code.symbols[*at].name.clone();
    let bases =
        code.leaving(at).iter().filter(|link| matches!(link.kind, EdgeKind::Extends | EdgeKind::Implements));
    let own = std::iter::once(at).chain(fields.iter().copied());
    let held = own.flat_map(|from| code.leaving(from)).filter(|link| link.kind == EdgeKind::ReferencesType);
    let mut held: Vec<usize> = held.map(|link| link.other).filter(|other| *other != at).collect();
    held.sort_unstable();
    held.dedup();
    Shown {
        at,
        name: code.name(at),
        fields: fields.iter().take(MAX_MEMBERS).map(|at| field(view, *at)).collect(),
        methods: methods.iter().take(MAX_MEMBERS).map(name).collect(),
        bases: bases.map(|link| link.other).collect(),
        held,
    }
}
