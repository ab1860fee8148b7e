//! Go as data.

mod effects;
mod expressions;
mod imports;
mod shapes;
mod values;

use docpack::{Language, SymbolKind};
use model::facts::ReferenceKind::{Call, Type};
use model::facts::ScopeKind;

use crate::body::code::Op;
use crate::body::code::Slot::{
    Argument, Body, Condition, Function, Name, Nothing, Otherwise, Part, Pattern, Target, Then, Update, Value,
};
use crate::body::form::{REST, logical};
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
        ("package_clause", R.hook(shapes::package_clause).form(Op::Skip, &[])),
        ("function_declaration", R.define(FUNCTION)),
        ("method_declaration", R.define(METHOD)),
        ("method_elem", R.define(METHOD)),
        ("type_declaration", R.wraps_only().form(Op::Skip, &[])),
        ("type_spec", R.define(TYPE)),
        ("type_alias", R.define(TYPE)),
        (
            "field_declaration",
            R.define(Define { returns: "type", shape: shapes::member, ..Define::new(SymbolKind::Field) }),
        ),
        ("const_declaration", R.hook(shapes::constants).wraps_only().form(Op::Skip, &[])),
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
        ("block", R.scope(ScopeKind::Block).form(Op::Block, &[])),
        ("statement_list", R.statements().form(Op::Through, &[])),
        ("function_type", R.scope(ScopeKind::Block)),
        (
            "func_literal",
            R.scope(ScopeKind::Block)
                .reads(expressions::function_literal)
                .branch(Branch::Nest)
                .form(Op::Closure, &[("body", Body), (REST, Nothing)]),
        ),
        ("parameter_declaration", R.bind(PARAMETER.whole_type(""))),
        ("variadic_parameter_declaration", R.bind(PARAMETER.whole_type("[]"))),
        ("type_parameter_declaration", R.hook(shapes::type_parameters)),
        ("short_var_declaration", R.hook(values::short_var).form(Op::Unknown, &[("left", Nothing)])),
        ("range_clause", R.hook(values::range_clause).form(Op::Through, &[("left", Nothing)])),
        ("receive_statement", R.hook(values::receive)),
        // Uses of names.
        (
            "call_expression",
            R.refer(Call, "function")
                .reads(expressions::call)
                .form(Op::Call, &[("function", Function), ("arguments", Argument)]),
        ),
        ("composite_literal", R.reads(expressions::of_type)),
        ("type_identifier", R.refer(Type, "").path(Path::Name)),
        ("qualified_type", R.refer(Type, "").path(Path::Join("package", ".", "name"))),
        // Paths.
        ("identifier", R.path(Path::Name).form(Op::Name, &[])),
        ("package_identifier", R.path(Path::Name)),
        (
            "selector_expression",
            R.path(Path::Join("operand", ".", "field")).form(Op::Member, &[("field", Name)]),
        ),
        (
            "index_expression",
            R.hook(expressions::instantiated)
                .path(Path::Suffix("operand", "[]"))
                .form(Op::Item, &[("index", Name)]),
        ),
        ("type_assertion_expression", R.reads(expressions::of_type)),
        (
            "type_conversion_expression",
            R.hook(expressions::generic_call).reads(expressions::conversion).values(Values::Field("operand")),
        ),
        ("type_instantiation_expression", R.path(Path::Through("type"))),
        ("parenthesized_expression", R.path(Path::Through("")).form(Op::Through, &[])),
        (
            "unary_expression",
            R.reads(expressions::unary).form_by(expressions::operation, &[("operand", Value)]),
        ),
        ("slice_expression", R.path(Path::Through("operand"))),
        ("generic_type", R.path(Path::Through("type"))),
        ("pointer_type", R.path(Path::Through(""))),
        ("parenthesized_type", R.path(Path::Through(""))),
        ("literal_element", R.path(Path::Through("")).values(Values::Any).form(Op::Through, &[])),
        // Where a callable may be handed over.
        ("argument_list", R.values(Values::Any).form(Op::Through, &[])),
        ("expression_list", R.path(Path::Through("")).values(Values::Any).form(Op::Through, &[])),
        (
            "assignment_statement",
            R.hook(values::assignment).form_by(expressions::setting, &[("left", Target), ("right", Value)]),
        ),
        ("keyed_element", R.hook(values::keyed_element).form(Op::Named, &[("key", Name), ("value", Value)])),
        ("send_statement", R.values(Values::Field("value")).form(Op::Await, &[(REST, Value)])),
        // Complexity.
        (
            "if_statement",
            R.scope(ScopeKind::Block)
                .branch(Branch::Decision { chained_as: "alternative" })
                .form(Op::If, &[("condition", Condition), ("consequence", Then), ("alternative", Otherwise)]),
        ),
        (
            "for_statement",
            R.scope(ScopeKind::Block)
                .branch(Branch::Decision { chained_as: "" })
                .form(Op::Loop, &[("body", Body), (REST, Condition)]),
        ),
        (
            "expression_switch_statement",
            R.scope(ScopeKind::Block)
                .branch(Branch::Switch)
                .form(Op::Switch, &[("value", Value), ("initializer", Part), (REST, Body)]),
        ),
        (
            "type_switch_statement",
            R.scope(ScopeKind::Block).bind(Bind::local("alias", "", "value")).branch(Branch::Switch).form(
                Op::Switch,
                &[("value", Value), ("initializer", Part), ("alias", Nothing), (REST, Body)],
            ),
        ),
        ("select_statement", R.branch(Branch::Switch).form(Op::Switch, &[(REST, Body)])),
        (
            "expression_case",
            R.scope(ScopeKind::Block)
                .branch(Branch::Path)
                .form(Op::Case, &[("value", Pattern), (REST, Body)]),
        ),
        (
            "type_case",
            R.hook(values::type_case).branch(Branch::Path).form(Op::Case, &[("type", Pattern), (REST, Body)]),
        ),
        (
            "communication_case",
            R.scope(ScopeKind::Block)
                .branch(Branch::Path)
                .form(Op::Case, &[("communication", Pattern), (REST, Body)]),
        ),
        ("default_case", R.scope(ScopeKind::Block).form(Op::Case, &[(REST, Body)])),
        ("binary_expression", R.logical().form_by(logical, &[("left", Condition), ("right", Then)])),
        // What else a body is made of.
        ("source_file", R.form(Op::Block, &[])),
        ("import_declaration", R.form(Op::Skip, &[])),
        ("parameter_list", R.form(Op::Skip, &[])),
        ("type_arguments", R.form(Op::Skip, &[])),
        ("expression_statement", R.form(Op::Through, &[])),
        ("labeled_statement", R.form(Op::Through, &[])),
        ("for_clause", R.form(Op::Through, &[("initializer", Value), ("update", Update)])),
        ("return_statement", R.form(Op::Return, &[(REST, Value)])),
        ("inc_statement", R.form(Op::Update, &[(REST, Target)])),
        ("dec_statement", R.form(Op::Update, &[(REST, Target)])),
        ("defer_statement", R.form(Op::Defer, &[])),
        ("go_statement", R.form(Op::Spawn, &[(REST, Value)])),
        ("literal_value", R.form(Op::Table, &[])),
        ("int_literal", R.form(Op::Number, &[])),
        ("float_literal", R.form(Op::Number, &[])),
        // Text in which nothing is named.
        ("interpreted_string_literal", R.opaque().form(Op::Text, &[])),
        ("raw_string_literal", R.opaque().form(Op::Text, &[])),
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
    body: effects::BODY,
};

const PARAMETER: Bind = Bind::parameter("name", "type");
