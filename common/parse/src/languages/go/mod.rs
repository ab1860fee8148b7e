//! Go as data.

mod expressions;
mod imports;
mod shapes;
mod values;

use docpack::{Language, SymbolKind};
use model::facts::ReferenceKind::{Call, Type};
use model::facts::ScopeKind;

use crate::table::{Bind, Branch, Define, LanguageTable, Path, Rule, Token, Trivia, Values};

const R: Rule = Rule::EMPTY;

const FUNCTION: Define = Define {
    body: "body",
    parameters: "parameters",
    returns: "result",
    generics: "type_parameters",
    scope: Some(ScopeKind::Function),
    shape: shapes::function,
    ..Define::new(SymbolKind::Function)
};

const METHOD: Define =
    Define { kind: SymbolKind::Method, member_kind: SymbolKind::Method, shape: shapes::method, ..FUNCTION };

const TYPE: Define = Define {
    generics: "type_parameters",
    returns: "type",
    shape: shapes::type_spec,
    ..Define::new(SymbolKind::TypeAlias)
};

const VALUE: Define = Define {
    returns: "type",
    value: "value",
    when: shapes::is_package_level,
    shape: shapes::value,
    ..Define::new(SymbolKind::Variable)
};

pub(super) const TABLE: LanguageTable = LanguageTable {
    language: Language::Go,
    grammar: || tree_sitter_go::LANGUAGE.into(),
    kinds: &[
        // Definitions.
        ("package_clause", R.hook(shapes::package_clause)),
        ("function_declaration", R.define(FUNCTION)),
        ("method_declaration", R.define(METHOD)),
        ("method_elem", R.define(METHOD)),
        ("type_declaration", R.wraps_only()),
        ("type_spec", R.define(TYPE)),
        ("type_alias", R.define(TYPE)),
        (
            "field_declaration",
            R.define(Define { returns: "type", shape: shapes::member, ..Define::new(SymbolKind::Field) }),
        ),
        ("const_declaration", R.hook(shapes::constants).wraps_only()),
        (
            "const_spec",
            R.define(Define { kind: SymbolKind::Constant, member_kind: SymbolKind::Constant, ..VALUE })
                .hook(values::local),
        ),
        ("var_declaration", R.wraps_only()),
        ("var_spec_list", R.wraps_only()),
        ("var_spec", R.define(VALUE).hook(values::local)),
        // What stands before definitions.
        ("comment", R.trivia(Trivia::Comment).opaque()),
        // Imports.
        ("import_spec", R.hook(imports::import_spec)),
        // Scopes and what is bound in them.
        ("block", R.scope(ScopeKind::Block)),
        ("statement_list", R.statements()),
        ("function_type", R.scope(ScopeKind::Block)),
        ("func_literal", R.scope(ScopeKind::Block).reads(expressions::function_literal).branch(Branch::Nest)),
        ("parameter_declaration", R.bind(PARAMETER.whole_type(""))),
        ("variadic_parameter_declaration", R.bind(PARAMETER.whole_type("[]"))),
        ("type_parameter_declaration", R.hook(shapes::type_parameters)),
        ("short_var_declaration", R.hook(values::short_var)),
        ("range_clause", R.hook(values::range_clause)),
        ("receive_statement", R.hook(values::receive)),
        // Uses of names.
        ("call_expression", R.refer(Call, "function").reads(expressions::call)),
        ("composite_literal", R.reads(expressions::of_type)),
        ("type_identifier", R.refer(Type, "").path(Path::Name)),
        ("qualified_type", R.refer(Type, "").path(Path::Join("package", ".", "name"))),
        // Paths.
        ("identifier", R.path(Path::Name)),
        ("package_identifier", R.path(Path::Name)),
        ("selector_expression", R.path(Path::Join("operand", ".", "field"))),
        ("index_expression", R.hook(expressions::instantiated).path(Path::Suffix("operand", "[]"))),
        ("type_assertion_expression", R.reads(expressions::of_type)),
        (
            "type_conversion_expression",
            R.hook(expressions::generic_call).reads(expressions::conversion).values(Values::Field("operand")),
        ),
        ("type_instantiation_expression", R.path(Path::Through("type"))),
        ("parenthesized_expression", R.path(Path::Through(""))),
        ("unary_expression", R.reads(expressions::unary)),
        ("slice_expression", R.path(Path::Through("operand"))),
        ("generic_type", R.path(Path::Through("type"))),
        ("pointer_type", R.path(Path::Through(""))),
        ("parenthesized_type", R.path(Path::Through(""))),
        ("literal_element", R.path(Path::Through("")).values(Values::Any)),
        // Where a callable may be handed over.
        ("argument_list", R.values(Values::Any)),
        ("expression_list", R.path(Path::Through("")).values(Values::Any)),
        ("assignment_statement", R.hook(values::assignment)),
        ("keyed_element", R.hook(values::keyed_element)),
        ("send_statement", R.values(Values::Field("value"))),
        // Complexity.
        ("if_statement", R.scope(ScopeKind::Block).branch(Branch::Decision { chained_as: "alternative" })),
        ("for_statement", R.scope(ScopeKind::Block).branch(Branch::Decision { chained_as: "" })),
        ("expression_switch_statement", R.scope(ScopeKind::Block).branch(Branch::Switch)),
        (
            "type_switch_statement",
            R.scope(ScopeKind::Block).bind(Bind::local("alias", "", "value")).branch(Branch::Switch),
        ),
        ("select_statement", R.branch(Branch::Switch)),
        ("expression_case", R.scope(ScopeKind::Block).branch(Branch::Path)),
        ("type_case", R.hook(values::type_case).branch(Branch::Path)),
        ("communication_case", R.scope(ScopeKind::Block).branch(Branch::Path)),
        ("default_case", R.scope(ScopeKind::Block)),
        ("binary_expression", R.logical()),
        // Text in which nothing is named.
        ("interpreted_string_literal", R.opaque()),
        ("raw_string_literal", R.opaque()),
    ],
    tokens: &[("&&", Token::Logical), ("||", Token::Logical), ("else", Token::Else)],
    separator: ".",
    module_path: imports::module_path,
    module_word: "package",
    is_doc: |_| true,
    is_inner_doc: |_| false,
    max_doc_gap: 0,
    named_type: shapes::named_type,
    binds_name: |name| name != "_",
    blank_name: Some("_"),
    may_hold_code: |_, _| false,
    mended: |_| None,
    finish: |_| {},
};

const PARAMETER: Bind = Bind::parameter("name", "type");
