//! What a module gives away: `export`, `module.exports`, and members assigned from outside.

use docpack::{SymbolKind, Visibility};
use model::facts::{BindingTarget, Export, Imported, ScopeKind, SymbolIdx};

use crate::draft::Draft;
use crate::pass::Pass;
use crate::tape::NodeIdx;

use super::assigned;
use super::imports::{Taken, imported, plain, record, required};
use super::shapes;
use super::values;

pub(super) fn export_statement(pass: &mut Pass<'_>, idx: NodeIdx) {
    let module = pass.child(idx, "source").map(|source| plain(pass, source));
    let words = pass.text(idx);
    if let Some(clause) = pass.child_of_kind(idx, "export_clause") {
        export_names(pass, idx, clause, module.as_deref());
    } else if let Some(module) = module {
        let namespace = pass.child_of_kind(idx, "namespace_export");
        let name = namespace
            .and_then(|namespace| pass.tape.children(namespace).next())
            .map(|name| plain(pass, name));
        let what = if name.is_some() { Imported::Module } else { Imported::Star };
        let import = record(pass, idx, &module, Taken { what, local_name: None, reexported: true });
        if let Some(name) = name {
            pass.facts.exports.push(Export { name, local: None, import: Some(import) });
        }
    } else if let Some(value) = pass.child(idx, "value").or_else(|| assigned_value(pass, idx, &words)) {
        export_default(pass, idx, value);
    }
}

/// The value of TypeScript's `export = value`.
fn assigned_value(pass: &Pass<'_>, idx: NodeIdx, words: &str) -> Option<NodeIdx> {
    let rest = words.strip_prefix("export")?.trim_start();
    rest.starts_with('=').then(|| pass.tape.children(idx).next()).flatten()
}

/// `export { a, b as c }`, with or without `from`.
fn export_names(pass: &mut Pass<'_>, statement: NodeIdx, clause: NodeIdx, module: Option<&str>) {
    let specifiers: Vec<_> =
        pass.tape.children(clause).filter(|part| pass.is_kind(*part, "export_specifier")).collect();
    for specifier in specifiers {
        let Some(name_node) = pass.child(specifier, "name") else { continue };
        let name = plain(pass, name_node);
        let exported =
            pass.child(specifier, "alias").map(|alias| plain(pass, alias)).unwrap_or_else(|| name.clone());
        let export = match module {
            Some(module) => {
                let taken = Taken { what: imported(name), local_name: None, reexported: true };
                let import = record(pass, statement, module, taken);
                Export { name: exported, local: None, import: Some(import) }
            }
            None => Export { name: exported, local: Some(name), import: None },
        };
        pass.facts.exports.push(export);
    }
}

/// `export default value`: a name is passed on, anything else becomes a symbol called `default`.
fn export_default(pass: &mut Pass<'_>, idx: NodeIdx, value: NodeIdx) {
    let value = values::unwrapped(pass, value);
    if pass.is_kind(value, "identifier") {
        let local = Some(pass.text(value).into_owned());
        pass.facts.exports.push(Export { name: "default".to_owned(), local, import: None });
        return;
    }
    let mut draft = Draft::new(value, "default".to_owned(), SymbolKind::Constant);
    draft.outer = idx;
    pass.attach_trivia(&mut draft);
    values::hold(pass, &mut draft, value);
    export_symbol(pass, &mut draft, "default");
    pass.add(draft);
}

/// Marks a draft as exported under a name.
pub(super) fn export_symbol(pass: &mut Pass<'_>, draft: &mut Draft, name: &str) {
    draft.exported = true;
    draft.visibility = Visibility::Public;
    let export = Export { name: name.to_owned(), local: Some(draft.name.clone()), import: None };
    pass.facts.exports.push(export);
}

/// Marks a member of `module.exports = {…}` as exported; as a bare name it means nothing in the file.
pub(super) fn export_member(pass: &mut Pass<'_>, draft: &mut Draft) {
    draft.exported = true;
    draft.visibility = Visibility::Public;
    draft.bound = false;
    let symbol = pass.facts.symbols.len() as SymbolIdx;
    let local = format!("exports.{}", draft.name);
    pass.bind(local.clone(), pass.tape.node(draft.node).start, BindingTarget::Symbol(symbol));
    pass.facts.exports.push(Export { name: draft.name.clone(), local: Some(local), import: None });
}

/// What is assigned to, where that makes a definition or an export.
enum Target {
    /// `module.exports`.
    Module,
    /// `exports.name`.
    Export(String),
    /// `Type.prototype.name`.
    Prototype(String, String),
    /// `owner.name`, of a type, function or variable that is defined above.
    Static(String, String),
    /// `this.name`.
    This(String),
    Other,
}

fn target(pass: &Pass<'_>, assignment: NodeIdx) -> Target {
    let left = pass.child(assignment, "left").filter(|left| pass.is_kind(*left, "member_expression"));
    let Some(path) = left.and_then(|left| pass.path(left)) else { return Target::Other };
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        ["module", "exports"] => Target::Module,
        ["exports", name] | ["module", "exports", name] => Target::Export((*name).to_owned()),
        ["this", name] => Target::This((*name).to_owned()),
        [owner, "prototype", name] => Target::Prototype((*owner).to_owned(), (*name).to_owned()),
        [owner, name] if !owner.is_empty() => Target::Static((*owner).to_owned(), (*name).to_owned()),
        _ => Target::Other,
    }
}

/// What is assigned; `a = b = value` assigns the value to both.
fn value(pass: &Pass<'_>, assignment: NodeIdx) -> Option<NodeIdx> {
    let mut value = values::unwrapped(pass, pass.child(assignment, "right")?);
    while pass.is_kind(value, "assignment_expression") {
        value = values::unwrapped(pass, pass.child(value, "right")?);
    }
    Some(value)
}

fn is_statement(pass: &Pass<'_>, idx: NodeIdx) -> bool {
    pass.tape.parent(idx).is_some_and(|parent| pass.is_kind(parent, "expression_statement"))
}

/// Tells whether a function is given to `this` inside another function: without types that declares a member.
fn is_inner_definition(pass: &Pass<'_>, idx: NodeIdx) -> bool {
    if shapes::is_typed(pass) || pass.state.callable.is_none() || !is_statement(pass, idx) {
        return false;
    }
    let is_function = value(pass, idx).is_some_and(|value| values::is_function(pass, value));
    is_function && matches!(target(pass, idx), Target::This(_))
}

/// Completes a function that is given to `this` inside another function; a constructor gives it to its class.
fn inner(pass: &mut Pass<'_>, draft: &mut Draft, name: String) {
    let around = &pass.facts.symbols[pass.state.symbol as usize];
    let class = around.parent.filter(|_| around.kind == SymbolKind::Constructor);
    if let Some(class) = class {
        let class = &pass.facts.symbols[class as usize];
        draft.owner = Some(class.name.clone());
        draft.qualifier = Some(class.qualified_name.clone());
    }
    draft.name = name;
    draft.bound = false;
    draft.visibility = Visibility::Private;
    if draft.value.is_some_and(|value| pass.is_kind(value, "arrow_function")) {
        draft.modifiers.push("arrow".to_owned());
    }
}

/// Tells whether an assignment defines something: a function given to `this`, and more at the top of a file.
pub(super) fn is_definition(pass: &Pass<'_>, idx: NodeIdx) -> bool {
    if !is_statement(pass, idx) || !values::is_top_level(pass) {
        return is_inner_definition(pass, idx);
    }
    let Some(value) = value(pass, idx) else { return false };
    let holds_code = values::is_function(pass, value) || pass.is_kind(value, "class");
    match target(pass, idx) {
        Target::Module | Target::Prototype(..) => holds_code,
        Target::Export(_) => !pass.is_kind(value, "identifier") && required(pass, value).is_none(),
        Target::Static(owner, _) => holds_code && defined(pass, &owner).is_some(),
        Target::This(_) | Target::Other => false,
    }
}

/// Finds what is defined under a name at the top of the file.
fn defined<'a>(pass: &'a Pass<'_>, name: &str) -> Option<&'a str> {
    let symbol = *pass.defined.get(name)?;
    Some(&pass.facts.symbols[symbol as usize].qualified_name)
}

/// Completes what an assignment defines.
pub(super) fn assigned(pass: &mut Pass<'_>, draft: &mut Draft) {
    let Some(value) = value(pass, draft.node) else {
        draft.cancelled = true;
        return;
    };
    draft.kind = SymbolKind::Variable;
    draft.value = Some(value);
    draft.visibility = Visibility::Internal;
    draft.exported = false;
    let is_inner = is_inner_definition(pass, draft.node);
    match target(pass, draft.node) {
        Target::This(name) if is_inner => inner(pass, draft, name),
        Target::Module => {
            let own_name = pass.child_of_kind(value, "identifier").map(|name| pass.text(name).into_owned());
            draft.name = own_name.unwrap_or_else(|| "exports".to_owned());
            export_symbol(pass, draft, "default");
        }
        Target::Export(name) => {
            draft.name.clone_from(&name);
            export_symbol(pass, draft, &name);
        }
        Target::Prototype(owner, name) | Target::Static(owner, name) => {
            draft.name = name;
            draft.qualifier = defined(pass, &owner).map(str::to_owned);
            draft.owner = Some(owner);
            draft.bound = false;
        }
        Target::This(_) | Target::Other => draft.cancelled = true,
    }
    values::hold(pass, draft, value);
    if (is_inner || draft.owner.is_some()) && draft.kind == SymbolKind::Function {
        draft.kind = SymbolKind::Method;
    }
}

/// An assignment that defines nothing itself: exports by name, fields made by a constructor.
pub(super) fn assignment(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(value) = value(pass, idx) else { return };
    let is_name = pass.is_kind(value, "identifier");
    if !pass.narrowings.is_empty()
        && let Target::This(name) = target(pass, idx)
    {
        pass.widen(&format!("this.{name}"));
    }
    match target(pass, idx) {
        Target::Module if pass.is_kind(value, "object") => export_members(pass, value),
        Target::Module if is_name => export_name(pass, "default", value),
        Target::Module => {
            if let Some(module) = required(pass, value) {
                pass.tape.take(value);
                record(
                    pass,
                    idx,
                    &module,
                    Taken { what: Imported::Star, local_name: None, reexported: true },
                );
            }
        }
        Target::Export(name) if is_name => export_name(pass, &name, value),
        Target::Export(name) => {
            if let Some(module) = required(pass, value) {
                pass.tape.take(value);
                let taken = Taken { what: Imported::Module, local_name: None, reexported: true };
                let import = Some(record(pass, idx, &module, taken));
                pass.facts.exports.push(Export { name, local: None, import });
            }
        }
        Target::This(_) if is_inner_definition(pass, idx) => {}
        Target::This(name) => field_of_constructor(pass, idx, value, &name),
        Target::Prototype(..) | Target::Static(..) => {}
        Target::Other => assigned::to_names(pass, idx, value),
    }
}

fn export_name(pass: &mut Pass<'_>, name: &str, local: NodeIdx) {
    let local = Some(pass.text(local).into_owned());
    pass.facts.exports.push(Export { name: name.to_owned(), local, import: None });
}

/// `module.exports = { a, b: c, d() {} }`; functions written out become symbols where they stand.
fn export_members(pass: &mut Pass<'_>, object: NodeIdx) {
    let members: Vec<_> = pass.tape.children(object).collect();
    for member in members {
        if pass.is_kind(member, "shorthand_property_identifier") {
            let name = pass.text(member).into_owned();
            export_name(pass, &name, member);
        } else if pass.is_kind(member, "pair")
            && let (Some(key), Some(value)) = (pass.child(member, "key"), pass.child(member, "value"))
            && pass.is_kind(value, "identifier")
        {
            let name = plain(pass, key);
            export_name(pass, &name, value);
        }
    }
}

/// Tells whether an object is what a CommonJS module exports.
pub(super) fn is_exports_object(pass: &Pass<'_>, object: NodeIdx) -> bool {
    let Some(assignment) = pass.tape.parent(object) else { return false };
    pass.is_kind(assignment, "assignment_expression")
        && values::is_top_level(pass)
        && matches!(target(pass, assignment), Target::Module)
}

/// `this.client = new Client()` in a constructor declares a field, unless the class body does.
fn field_of_constructor(pass: &mut Pass<'_>, idx: NodeIdx, value: NodeIdx, name: &str) {
    let constructor = &pass.facts.symbols[pass.state.symbol as usize];
    let Some(class) = constructor.parent.filter(|_| constructor.kind == SymbolKind::Constructor) else {
        return assigned::to_field(pass, idx, value, name);
    };
    let Some(scope) = pass.facts.symbols[class as usize].scope else { return };
    if !pass.is_first_assignment(class, name) {
        return assigned::to_field(pass, idx, value, name);
    }
    let mut draft = Draft::new(idx, name.to_owned(), SymbolKind::Field);
    draft.value = Some(value);
    pass.attach_trivia(&mut draft);
    shapes::see_member(pass, &mut draft);
    let around = pass.state;
    pass.state.symbol = class;
    pass.state.scope = scope;
    pass.add_leaf(draft);
    pass.state = around;
}

/// What can only be said of a whole file.
pub(in crate::languages) fn finish(pass: &mut Pass<'_>) {
    let doc = &mut pass.facts.symbols[0].doc_comment;
    *doc = doc.take().map(|doc| without_tags(&doc)).filter(|doc| !doc.is_empty());
    super::jsdoc::apply(pass);
    mark_exported(pass);
}

/// The tags say that a comment is about the file, not what the file is about.
fn without_tags(doc: &str) -> String {
    let tags = ["@packageDocumentation", "@fileoverview", "@overview", "@file"];
    let doc = tags.iter().fold(doc.to_owned(), |doc, tag| doc.replace(tag, ""));
    doc.trim().to_owned()
}

/// Marks what export lists name, and what exported types hold.
fn mark_exported(pass: &mut Pass<'_>) {
    let facts = &mut pass.facts;
    let mut named: Vec<&str> = facts.exports.iter().filter_map(|export| export.local.as_deref()).collect();
    named.sort_unstable();
    for binding in
        facts.bindings.iter().filter(|binding| facts.scopes[binding.scope as usize].kind == ScopeKind::File)
    {
        if let BindingTarget::Symbol(symbol) = binding.target
            && named.binary_search(&binding.name.as_str()).is_ok()
        {
            facts.symbols[symbol as usize].exported = true;
            facts.symbols[symbol as usize].visibility = Visibility::Public;
        }
    }
    for idx in 0..facts.symbols.len() {
        let Some(parent) = facts.symbols[idx].parent.map(|parent| &facts.symbols[parent as usize]) else {
            continue;
        };
        let holds = !parent.kind.is_callable() && parent.kind != SymbolKind::Module;
        if holds {
            let parent_exported = parent.exported;
            let symbol = &mut facts.symbols[idx];
            symbol.exported = parent_exported && symbol.visibility == Visibility::Public;
        }
    }
}
