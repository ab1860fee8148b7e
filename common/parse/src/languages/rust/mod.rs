//! Rust as data.

mod effects;
mod imports;
mod macros;
mod patterns;
mod shapes;

use docpack::{Language, SymbolKind};
use model::facts::ReferenceKind::{Call, Construct, MacroCall, Type};
use model::facts::ScopeKind;

use crate::body::code::Op;
use crate::body::code::Slot::{
    Argument, Body, Condition, Function, Name, Nothing, Otherwise, Pattern, Target, Then, Value,
};
use crate::body::form::{REST, logical};
use crate::table::{Bind, Branch, Define, LanguageTable, Path, Rule, SECOND, Token, Trivia, Values};

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
        ("const_item", R.define(VALUE).values(Values::Field("value")).form(Op::Definition, &[])),
        (
            "static_item",
            R.define(Define { kind: SymbolKind::Static, member_kind: SymbolKind::Static, ..VALUE })
                .values(Values::Field("value"))
                .form(Op::Definition, &[]),
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
        ("attribute_item", R.trivia(Trivia::Attribute).form(Op::Skip, &[])),
        ("attribute", R.path(Path::Through(""))),
        ("inner_attribute_item", R.hook(shapes::inner_attribute).form(Op::Skip, &[])),
        // Imports.
        ("use_declaration", R.hook(imports::use_declaration).form(Op::Skip, &[])),
        ("extern_crate_declaration", R.hook(imports::extern_crate).form(Op::Skip, &[])),
        // Scopes and what is bound in them.
        ("block", R.scope(ScopeKind::Block).statements().form(Op::ValueBlock, &[])),
        (
            "match_arm",
            R.scope(ScopeKind::Block)
                .branch(Branch::Arm)
                .values(Values::Field("value"))
                .form(Op::Case, &[("pattern", Pattern), ("value", Body)]),
        ),
        (
            "closure_expression",
            R.scope(ScopeKind::Block)
                .branch(Branch::Nest)
                .form(Op::Closure, &[("body", Body), (REST, Nothing)]),
        ),
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
                .hook(shapes::let_else)
                .form(
                    Op::If,
                    &[
                        ("pattern", Condition),
                        ("value", Condition),
                        ("type", Nothing),
                        ("alternative", Otherwise),
                    ],
                ),
        ),
        (
            "let_condition",
            R.bind(Bind::local("pattern", "", "value").behind_value().parts(patterns::part))
                .form(Op::Unknown, &[("pattern", Nothing)]),
        ),
        ("match_pattern", R.values(Values::Any).hook(patterns::match_pattern)),
        ("mut_pattern", R.path(Path::Through(""))),
        ("ref_pattern", R.path(Path::Through(""))),
        // Uses of names.
        (
            "call_expression",
            R.refer(Call, "function")
                .path(Path::Suffix("function", "()"))
                .form(Op::Call, &[("function", Function), ("arguments", Argument)]),
        ),
        ("struct_expression", R.refer(Construct, "name").form(Op::Unknown, &[("name", Nothing)])),
        (
            "macro_invocation",
            R.refer(MacroCall, "macro")
                .splice(macros::readings)
                .hook(macros::arguments)
                .form(Op::Call, &[("macro", Function), (REST, Argument)]),
        ),
        ("tuple_struct_pattern", R.hook(shapes::tuple_struct_pattern)),
        ("type_identifier", R.refer(Type, "").path(Path::Name)),
        ("scoped_type_identifier", R.refer(Type, "").path(Path::Join("path", "::", "name"))),
        // Paths.
        ("identifier", R.path(Path::Name).form(Op::Name, &[])),
        ("shorthand_field_identifier", R.path(Path::Name).form(Op::Name, &[])),
        ("primitive_type", R.path(Path::Keyword)),
        ("metavariable", R.path(Path::Name)),
        ("self", R.path(Path::Keyword).form(Op::Name, &[])),
        ("super", R.path(Path::Keyword)),
        ("crate", R.path(Path::Keyword)),
        ("scoped_identifier", R.path(Path::Join("path", "::", "name")).form(Op::Member, &[("name", Name)])),
        ("field_expression", R.path(Path::Join("value", ".", "field")).form(Op::Member, &[("field", Name)])),
        ("index_expression", R.path(Path::Suffix("", "[]")).form(Op::Item, &[(SECOND, Name)])),
        (
            "try_expression",
            R.path(Path::Suffix("", "?")).branch(Branch::Path).form(Op::Propagate, &[(REST, Value)]),
        ),
        ("await_expression", R.path(Path::Suffix("", ".await")).form(Op::Await, &[(REST, Value)])),
        ("parenthesized_expression", R.reads(shapes::in_brackets).form(Op::Through, &[])),
        ("reference_expression", R.path(Path::Through("value")).values(Values::Field("value"))),
        ("unary_expression", R.path(Path::Through("")).form_by(macros::operation, &[(REST, Value)])),
        ("generic_function", R.path(Path::Through("function"))),
        ("generic_type", R.path(Path::Through("type")).form(Op::Skip, &[])),
        ("generic_type_with_turbofish", R.path(Path::Through("type"))),
        ("reference_type", R.path(Path::Through("type")).form(Op::Skip, &[])),
        ("pointer_type", R.path(Path::Through("type"))),
        ("dynamic_type", R.path(Path::Through("trait"))),
        ("abstract_type", R.path(Path::Through("trait"))),
        ("bracketed_type", R.path(Path::Through(""))),
        ("qualified_type", R.path(Path::Through("type"))),
        ("higher_ranked_trait_bound", R.path(Path::Through("type"))),
        ("bounded_type", R.path(Path::Through(""))),
        // Where a callable may be handed over.
        ("arguments", R.values(Values::Any).form(Op::Through, &[])),
        ("array_expression", R.values(Values::Any).form_by(macros::list, &[])),
        ("tuple_expression", R.values(Values::Any).form_by(macros::list, &[])),
        (
            "assignment_expression",
            R.values(Values::Field("right")).form(Op::Assign, &[("left", Target), ("right", Value)]),
        ),
        (
            "field_initializer",
            R.values(Values::Field("value")).form(Op::Named, &[("field", Name), ("value", Value)]),
        ),
        // Complexity.
        (
            "if_expression",
            R.scope(ScopeKind::Block)
                .branch(Branch::Decision { chained_as: "" })
                .form(Op::If, &[("condition", Condition), ("consequence", Then), ("alternative", Otherwise)]),
        ),
        ("else_clause", R.branch(Branch::Else).form(Op::Through, &[])),
        (
            "while_expression",
            R.scope(ScopeKind::Block)
                .branch(Branch::Decision { chained_as: "" })
                .form(Op::Loop, &[("condition", Condition), ("body", Body)]),
        ),
        (
            "for_expression",
            R.scope(ScopeKind::Block)
                .bind(Bind::element("pattern", "value").behind_value().parts(patterns::part))
                .branch(Branch::Decision { chained_as: "" })
                .form(Op::Loop, &[("pattern", Nothing), ("value", Condition), ("body", Body)]),
        ),
        ("loop_expression", R.branch(Branch::Loop).form(Op::Loop, &[("body", Body)])),
        ("match_expression", R.branch(Branch::Switch).form(Op::Switch, &[("value", Value), ("body", Body)])),
        ("binary_expression", R.logical().form_by(logical, &[("left", Condition), ("right", Then)])),
        ("let_chain", R.logical()),
        // What else a body is made of.
        ("source_file", R.form(Op::Definition, &[])),
        ("expression_statement", R.form(Op::Through, &[])),
        ("match_block", R.form(Op::Through, &[])),
        ("type_arguments", R.form(Op::Skip, &[])),
        ("token_tree", R.form_by(macros::tokens, &[])),
        ("unit_expression", R.form_by(macros::list, &[])),
        ("unsafe_block", R.form(Op::Through, &[])),
        ("const_block", R.form(Op::Through, &[])),
        ("async_block", R.form(Op::Closure, &[(REST, Body)])),
        ("return_expression", R.form(Op::Return, &[(REST, Value)])),
        ("yield_expression", R.form(Op::Yield, &[(REST, Value)])),
        ("compound_assignment_expr", R.form(Op::Update, &[("left", Target), ("right", Value)])),
        ("field_initializer_list", R.form(Op::Table, &[])),
        ("integer_literal", R.form(Op::Number, &[])),
        ("float_literal", R.form(Op::Number, &[])),
        // Text in which nothing is named.
        ("string_literal", R.opaque().form(Op::Text, &[])),
        ("raw_string_literal", R.opaque().form(Op::Text, &[])),
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
    body: effects::BODY,
};

fn is_block_doc(comment: &str) -> bool {
    comment.starts_with("/**") && !comment.starts_with("/***") && comment != "/**/"
}
