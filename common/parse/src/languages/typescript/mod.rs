//! TypeScript and TSX as data: what JavaScript has, and types.

mod mended;

use docpack::{Language, SymbolKind};
use model::facts::ReferenceKind::Type;
use model::facts::ScopeKind;

use super::javascript::{self, SHARED_LEN, callable, class_like, field, join, method, shared};
use crate::body::code::Op;
use crate::body::code::Slot::{Nothing, Value};
use crate::path::{Reading, Tree};
use crate::table::{Bind, Define, LanguageTable, Path, Rule, SECOND, Values};
use crate::tape::NodeIdx;

const R: Rule = Rule::EMPTY;

pub(super) const TABLE: LanguageTable = LanguageTable {
    language: Language::TypeScript,
    grammar: || tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
    kinds: &KINDS,
    named_type: javascript::named_type,
    mended: mended::mended,
    ..javascript::TABLE
};

/// The same with elements; `<T>value` is no assertion there.
pub(super) const TSX_TABLE: LanguageTable =
    LanguageTable { grammar: || tree_sitter_typescript::LANGUAGE_TSX.into(), kinds: &TSX_KINDS, ..TABLE };

static KINDS: [(&str, Rule); SHARED_LEN + TYPES.len()] = join(&[&shared(true), TYPES]);

static TSX_KINDS: [(&str, Rule); SHARED_LEN + TYPES.len() + javascript::JSX.len()] =
    join(&[&shared(true), TYPES, javascript::JSX]);

const INTERFACE: Define = Define {
    kind: SymbolKind::Interface,
    member_kind: SymbolKind::Interface,
    shape: javascript::interface,
    ..class_like(true)
};

const ENUM: Define = Define {
    body: "body",
    scope: Some(ScopeKind::Type),
    shape: javascript::declared,
    ..Define::new(SymbolKind::Enum)
};

const ALIAS: Define = Define {
    generics: "type_parameters",
    value: "value",
    scope: Some(ScopeKind::Type),
    shape: javascript::type_alias,
    ..Define::new(SymbolKind::TypeAlias)
};

const NAMESPACE: Define = Define {
    body: "body",
    scope: Some(ScopeKind::Module),
    shape: javascript::namespace,
    ..Define::new(SymbolKind::Module)
};

const PROPERTY: Define = Define {
    returns: "type",
    when: javascript::is_type_member,
    shape: javascript::property,
    ..Define::new(SymbolKind::Property)
};

const SIGNATURE: Define = Define { body: "", ..method(true) };

const TYPES: &[(&str, Rule)] = &[
    // Definitions.
    ("function_signature", R.define(Define { body: "", ..callable(SymbolKind::Function, true) })),
    ("abstract_class_declaration", R.define(class_like(true))),
    ("interface_declaration", R.define(INTERFACE)),
    ("enum_declaration", R.define(ENUM)),
    ("enum_body", R.hook(javascript::enum_body)),
    ("type_alias_declaration", R.define(ALIAS)),
    ("internal_module", R.define(NAMESPACE)),
    ("module", R.define(NAMESPACE)),
    ("ambient_declaration", R.wraps_only().form(Op::Definition, &[])),
    ("method_signature", R.define(SIGNATURE)),
    ("abstract_method_signature", R.define(SIGNATURE)),
    ("property_signature", R.define(PROPERTY)),
    ("public_field_definition", R.define(field("name", true)).values(Values::Field("value"))),
    ("import_alias", R.hook(javascript::import_alias)),
    // What is bound.
    (
        "required_parameter",
        R.bind(Bind::parameter("pattern", "type"))
            .form(Op::Unknown, &[("pattern", Nothing), ("type", Nothing), ("value", Value)]),
    ),
    (
        "optional_parameter",
        R.bind(Bind::parameter("pattern", "type"))
            .form(Op::Unknown, &[("pattern", Nothing), ("type", Nothing), ("value", Value)]),
    ),
    ("type_parameter", R.hook(javascript::type_parameter)),
    ("function_type", R.scope(ScopeKind::Block)),
    ("constructor_type", R.scope(ScopeKind::Block)),
    ("call_signature", R.scope(ScopeKind::Block)),
    ("construct_signature", R.scope(ScopeKind::Block)),
    // Uses of types.
    ("type_identifier", R.hook(javascript::imported_type).refer(Type, "").path(Path::Name)),
    ("nested_type_identifier", R.refer(Type, "").path(Path::Join("module", ".", "name"))),
    // Paths.
    ("nested_identifier", R.path(Path::Join("object", ".", "property"))),
    ("generic_type", R.path(Path::Through("name")).form(Op::Skip, &[])),
    ("type_annotation", R.path(Path::Through("")).form(Op::Skip, &[])),
    ("parenthesized_type", R.path(Path::Through(""))),
    ("predefined_type", R.path(Path::Keyword)),
    ("as_expression", R.reads(cast).form(Op::Through, &[(SECOND, Nothing)])),
    ("satisfies_expression", R.path(Path::Through("")).form(Op::Through, &[(SECOND, Nothing)])),
    ("non_null_expression", R.path(Path::Through("")).form(Op::Through, &[])),
    ("instantiation_expression", R.path(Path::Through(""))),
    // What does nothing in a body.
    ("type_arguments", R.form(Op::Skip, &[])),
    ("type_parameters", R.form(Op::Skip, &[])),
];

/// `value as Type` is of that type; what `const`, `any` and `unknown` say does not matter here.
fn cast(tree: &Tree<'_>, idx: NodeIdx) -> Reading {
    let mut parts = tree.tape.children(idx).filter(|child| !tree.is_kind(*child, "comment"));
    let (Some(value), named) = (parts.next(), parts.next()) else { return Reading::Nameless };
    let Some(named) = named.filter(|named| !tree.is_kind(*named, "predefined_type")) else {
        return Reading::Through(value);
    };
    let kinds = ["type_identifier", "nested_type_identifier", "generic_type", "array_type"];
    match kinds.iter().any(|kind| tree.is_kind(named, kind)) {
        true => Reading::Value(tree.range(named)),
        false => Reading::Nameless,
    }
}
