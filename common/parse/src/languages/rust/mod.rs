//! Rust as data.

mod imports;
mod macros;
mod patterns;
mod shapes;

use docpack::{Language, SymbolKind};
use model::facts::ReferenceKind::{Call, Construct, MacroCall, Type};
use model::facts::ScopeKind;

use crate::table::{Bind, Branch, Define, LanguageTable, Path, Rule, Token, Trivia, Values};

const R: Rule = Rule::EMPTY;

const FUNCTION: Define = Define {
    member_kind: SymbolKind::Method,
    body: "body",
    parameters: "parameters",
    returns: "return_type",
    generics: "type_parameters",
    scope: Some(ScopeKind::Function),
    shape: shapes::function,
    ..Define::new(SymbolKind::Function)
};

const TYPE: Define = Define {
    body: "body",
    generics: "type_parameters",
    scope: Some(ScopeKind::Type),
    shape: shapes::item,
    ..Define::new(SymbolKind::Struct)
};

const VALUE: Define =
    Define { returns: "type", value: "value", shape: shapes::item, ..Define::new(SymbolKind::Constant) };

pub(super) const TABLE: LanguageTable = LanguageTable {
    language: Language::Rust,
    grammar: || tree_sitter_rust::LANGUAGE.into(),
    kinds: &[
        // Definitions.
        ("function_item", R.define(FUNCTION)),
        ("function_signature_item", R.define(FUNCTION)),
        ("struct_item", R.define(TYPE)),
        ("union_item", R.define(Define { kind: SymbolKind::Union, member_kind: SymbolKind::Union, ..TYPE })),
        ("enum_item", R.define(Define { kind: SymbolKind::Enum, member_kind: SymbolKind::Enum, ..TYPE })),
        (
            "trait_item",
            R.define(Define {
                kind: SymbolKind::Trait,
                member_kind: SymbolKind::Trait,
                shape: shapes::trait_item,
                ..TYPE
            }),
        ),
        (
            "impl_item",
            R.define(Define {
                kind: SymbolKind::Impl,
                member_kind: SymbolKind::Impl,
                name: "",
                shape: shapes::impl_item,
                ..TYPE
            }),
        ),
        (
            "mod_item",
            R.define(Define {
                body: "body",
                scope: Some(ScopeKind::Module),
                shape: shapes::module,
                ..Define::new(SymbolKind::Module)
            }),
        ),
        (
            "field_declaration",
            R.define(Define { returns: "type", shape: shapes::item, ..Define::new(SymbolKind::Field) }),
        ),
        (
            "enum_variant",
            R.define(Define {
                value: "value",
                shape: shapes::variant,
                ..Define::new(SymbolKind::EnumVariant)
            }),
        ),
        ("const_item", R.define(VALUE).values(Values::Field("value"))),
        (
            "static_item",
            R.define(Define { kind: SymbolKind::Static, member_kind: SymbolKind::Static, ..VALUE })
                .values(Values::Field("value")),
        ),
        (
            "type_item",
            R.define(Define {
                returns: "type",
                generics: "type_parameters",
                shape: shapes::item,
                ..Define::new(SymbolKind::TypeAlias)
            }),
        ),
        (
            "associated_type",
            R.define(Define {
                generics: "type_parameters",
                shape: shapes::item,
                ..Define::new(SymbolKind::TypeAlias)
            }),
        ),
        (
            "macro_definition",
            R.define(Define { shape: shapes::macro_definition, ..Define::new(SymbolKind::Macro) }),
        ),
        ("macro_rule", R.opaque()),
        // What stands before definitions.
        ("line_comment", R.trivia(Trivia::Comment).opaque()),
        ("block_comment", R.trivia(Trivia::Comment).opaque()),
        ("attribute_item", R.trivia(Trivia::Attribute)),
        ("attribute", R.path(Path::Through(""))),
        ("inner_attribute_item", R.hook(shapes::inner_attribute)),
        // Imports.
        ("use_declaration", R.hook(imports::use_declaration)),
        ("extern_crate_declaration", R.hook(imports::extern_crate)),
        // Scopes and what is bound in them.
        ("block", R.scope(ScopeKind::Block).statements()),
        ("match_arm", R.scope(ScopeKind::Block).branch(Branch::Arm).values(Values::Field("value"))),
        ("closure_expression", R.scope(ScopeKind::Block).branch(Branch::Nest)),
        ("closure_parameters", R.hook(patterns::closure_parameters)),
        ("ordered_field_declaration_list", R.hook(patterns::positional_fields)),
        ("parameter", R.bind(Bind::parameter("pattern", "type"))),
        ("self_parameter", R.bind(Bind::parameter("", "")).hook(shapes::self_parameter)),
        ("variadic_parameter", R.bind(Bind::parameter("pattern", ""))),
        ("const_parameter", R.bind(Bind::local("name", "type", ""))),
        (
            "let_declaration",
            R.bind(Bind::local("pattern", "type", "value").behind_value().parts(patterns::part))
                .values(Values::Field("value"))
                .hook(shapes::let_else),
        ),
        ("let_condition", R.bind(Bind::local("pattern", "", "value").behind_value().parts(patterns::part))),
        ("match_pattern", R.values(Values::Any).hook(patterns::match_pattern)),
        ("mut_pattern", R.path(Path::Through(""))),
        ("ref_pattern", R.path(Path::Through(""))),
        // Uses of names.
        ("call_expression", R.refer(Call, "function").path(Path::Suffix("function", "()"))),
        ("struct_expression", R.refer(Construct, "name")),
        ("macro_invocation", R.refer(MacroCall, "macro").splice(macros::readings).hook(macros::arguments)),
        ("tuple_struct_pattern", R.hook(shapes::tuple_struct_pattern)),
        ("type_identifier", R.refer(Type, "").path(Path::Name)),
        ("scoped_type_identifier", R.refer(Type, "").path(Path::Join("path", "::", "name"))),
        // Paths.
        ("identifier", R.path(Path::Name)),
        ("shorthand_field_identifier", R.path(Path::Name)),
        ("primitive_type", R.path(Path::Keyword)),
        ("metavariable", R.path(Path::Name)),
        ("self", R.path(Path::Keyword)),
        ("super", R.path(Path::Keyword)),
        ("crate", R.path(Path::Keyword)),
        ("scoped_identifier", R.path(Path::Join("path", "::", "name"))),
        ("field_expression", R.path(Path::Join("value", ".", "field"))),
        ("index_expression", R.path(Path::Suffix("", "[]"))),
        ("try_expression", R.path(Path::Suffix("", "?")).branch(Branch::Path)),
        ("await_expression", R.path(Path::Suffix("", ".await"))),
        ("parenthesized_expression", R.reads(shapes::in_brackets)),
        ("reference_expression", R.path(Path::Through("value")).values(Values::Field("value"))),
        ("unary_expression", R.path(Path::Through(""))),
        ("generic_function", R.path(Path::Through("function"))),
        ("generic_type", R.path(Path::Through("type"))),
        ("generic_type_with_turbofish", R.path(Path::Through("type"))),
        ("reference_type", R.path(Path::Through("type"))),
        ("pointer_type", R.path(Path::Through("type"))),
        ("dynamic_type", R.path(Path::Through("trait"))),
        ("abstract_type", R.path(Path::Through("trait"))),
        ("bracketed_type", R.path(Path::Through(""))),
        ("qualified_type", R.path(Path::Through("type"))),
        ("higher_ranked_trait_bound", R.path(Path::Through("type"))),
        ("bounded_type", R.path(Path::Through(""))),
        // Where a callable may be handed over.
        ("arguments", R.values(Values::Any)),
        ("array_expression", R.values(Values::Any)),
        ("tuple_expression", R.values(Values::Any)),
        ("assignment_expression", R.values(Values::Field("right"))),
        ("field_initializer", R.values(Values::Field("value"))),
        // Complexity.
        ("if_expression", R.scope(ScopeKind::Block).branch(Branch::Decision { chained_as: "" })),
        ("else_clause", R.branch(Branch::Else)),
        ("while_expression", R.scope(ScopeKind::Block).branch(Branch::Decision { chained_as: "" })),
        (
            "for_expression",
            R.scope(ScopeKind::Block)
                .bind(Bind::element("pattern", "value").behind_value().parts(patterns::part))
                .branch(Branch::Decision { chained_as: "" }),
        ),
        ("loop_expression", R.branch(Branch::Loop)),
        ("match_expression", R.branch(Branch::Switch)),
        ("binary_expression", R.logical()),
        ("let_chain", R.logical()),
        // Text in which nothing is named.
        ("string_literal", R.opaque()),
        ("raw_string_literal", R.opaque()),
    ],
    tokens: &[
        ("&&", Token::Logical),
        ("||", Token::Logical),
        ("async", Token::Word),
        ("const", Token::Word),
        ("unsafe", Token::Word),
    ],
    separator: "::",
    module_path: imports::module_path,
    module_word: "mod",
    is_doc: |comment| (comment.starts_with("///") && !comment.starts_with("////")) || is_block_doc(comment),
    is_inner_doc: |comment| comment.starts_with("//!") || comment.starts_with("/*!"),
    max_doc_gap: u32::MAX,
    named_type: shapes::named_type,
    binds_name: |name| !name.starts_with(char::is_uppercase) && name != "_",
    blank_name: Some("_"),
    may_hold_code: |_, _| false,
    mended: |_| None,
    finish: |_| {},
};

fn is_block_doc(comment: &str) -> bool {
    comment.starts_with("/**") && !comment.starts_with("/***") && comment != "/**/"
}
