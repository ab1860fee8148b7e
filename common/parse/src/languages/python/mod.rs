//! Python as data.

mod assignments;
mod conditions;
mod effects;
mod expressions;
mod flow;
mod imports;
mod patterns;
mod shapes;
mod values;

use docpack::{Language, SymbolKind};
use model::facts::ReferenceKind::{Call, Type};
use model::facts::ScopeKind;

use crate::body::code::Op;
use crate::body::code::Slot::{
    Argument, Body, Clause, Condition, Function, Name, Nothing, Otherwise, Pattern, Target, Then, Value,
};
use crate::body::form::{REST, logical};
use crate::pass::Pass;
use crate::table::{
    Bind, Branch, Define, FIRST, LanguageTable, Path, Rule, SECOND, THIRD, Token, Trivia, Values,
};

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

const CLASS: Define = Define {
    body: "body",
    generics: "type_parameters",
    scope: Some(ScopeKind::Type),
    shape: shapes::class,
    ..Define::new(SymbolKind::Class)
};

const DECISION: Rule = R.branch(Branch::Decision { chained_as: "" });
/// Like a function it does not see the names of a class around it.
const COMPREHENSION: Rule = R
    .scope(ScopeKind::Function)
    .hook(conditions::comprehension)
    .form(Op::Comprehension, &[("body", Body), (REST, Clause)]);

/// What does nothing where it stands.
const SKIP: Rule = R.form(Op::Skip, &[]);
/// Statements or values in a row, each of which is what the whole is to what is around it.
const THROUGH: Rule = R.form(Op::Through, &[]);

pub(super) const TABLE: LanguageTable = LanguageTable {
    language: Language::Python,
    grammar: || tree_sitter_python::LANGUAGE.into(),
    kinds: &[
        // Definitions.
        ("module", R.statements().hook(shapes::module).form(Op::Block, &[])),
        ("function_definition", R.define(FUNCTION)),
        ("class_definition", R.define(CLASS)),
        ("decorated_definition", R.wraps("definition")),
        ("decorator", R.trivia(Trivia::Attribute).form(Op::Skip, &[])),
        ("comment", R.trivia(Trivia::Comment).opaque()),
        (
            "type_alias_statement",
            R.define(Define {
                name: "left",
                value: "right",
                shape: shapes::type_alias,
                ..Define::new(SymbolKind::TypeAlias)
            }),
        ),
        (
            "assignment",
            R.values(Values::Field("right"))
                .hook(assignments::assignment)
                .form(Op::Assign, &[("left", Target), ("right", Value), ("type", Nothing)]),
        ),
        (
            "augmented_assignment",
            R.values(Values::Field("right"))
                .hook(assignments::augmented)
                .form(Op::Update, &[("left", Target), ("right", Value)]),
        ),
        // Imports.
        ("import_statement", R.hook(imports::import).form(Op::Skip, &[])),
        ("import_from_statement", R.hook(imports::from_import).form(Op::Skip, &[])),
        ("future_import_statement", R.hook(imports::future).form(Op::Skip, &[])),
        // Scopes and what is bound in them.
        ("block", R.statements().form(Op::Block, &[])),
        (
            "lambda",
            R.scope(ScopeKind::Function)
                .branch(Branch::Nest)
                .form(Op::Closure, &[("body", Body), (REST, Nothing)]),
        ),
        ("list_comprehension", COMPREHENSION),
        ("set_comprehension", COMPREHENSION),
        ("dictionary_comprehension", COMPREHENSION),
        ("generator_expression", COMPREHENSION),
        ("parameters", R.parameters()),
        ("lambda_parameters", R.parameters()),
        ("typed_parameter", R.bind(Bind::parameter(FIRST, "type"))),
        (
            "default_parameter",
            R.bind(Bind::parameter("name", ""))
                .values(Values::Field("value"))
                .hook(shapes::default_value)
                .form(Op::Unknown, &[("name", Nothing), ("value", Value)]),
        ),
        (
            "typed_default_parameter",
            R.bind(Bind::parameter("name", "type"))
                .values(Values::Field("value"))
                .hook(shapes::default_value)
                .form(Op::Unknown, &[("name", Nothing), ("value", Value)]),
        ),
        (
            "for_in_clause",
            R.branch(Branch::Path)
                .bind(Bind::element("left", "right"))
                .form(Op::Loop, &[("left", Nothing), (REST, Condition)]),
        ),
        (
            "for_statement",
            DECISION.bind(Bind::element("left", "right")).form(
                Op::Loop,
                &[("left", Nothing), ("right", Condition), ("body", Body), ("alternative", Otherwise)],
            ),
        ),
        ("as_pattern", R.hook(shapes::alias).form(Op::Through, &[])),
        ("named_expression", R.bind(Bind::local("name", "", "value")).values(Values::Field("value"))),
        ("class_pattern", R.refer(Type, FIRST).form(Op::Unknown, &[])),
        ("case_pattern", R.hook(shapes::case_pattern)),
        ("keyword_pattern", R.hook(patterns::keyword)),
        // Uses of names.
        (
            "call",
            R.refer(Call, "function")
                .path(Path::Suffix("function", "()"))
                .reads(expressions::call)
                .hook(assignments::called)
                .form(Op::Call, &[("function", Function), ("arguments", Argument)]),
        ),
        ("type", R.type_region().path(Path::Through("")).hook(shapes::quoted_type).form(Op::Skip, &[])),
        // Paths.
        ("identifier", R.path(Path::Name).form(Op::Name, &[])),
        ("dotted_name", R.path(Path::Name).form(Op::Name, &[])),
        (
            "attribute",
            R.path(Path::Join("object", ".", "attribute")).form(Op::Member, &[("attribute", Name)]),
        ),
        ("subscript", R.path(Path::Suffix("value", "[]")).form(Op::Item, &[("subscript", Name)])),
        ("await", R.path(Path::Through("")).form(Op::Await, &[(REST, Value)])),
        ("parenthesized_expression", R.path(Path::Through("")).form(Op::Through, &[])),
        ("generic_type", R.path(Path::Through(""))),
        ("as_pattern_target", R.path(Path::Through("")).form(Op::Skip, &[])),
        // Where a callable may be handed over.
        ("argument_list", R.values(Values::Any).form(Op::Through, &[])),
        (
            "keyword_argument",
            R.values(Values::Field("value")).form(Op::Named, &[("name", Name), ("value", Value)]),
        ),
        ("pair", R.values(Values::Field("value")).form(Op::Named, &[("key", Name), ("value", Value)])),
        ("dictionary", R.form(Op::Table, &[])),
        ("list", R.values(Values::Any).form(Op::List, &[])),
        ("set", R.values(Values::Any).form(Op::List, &[])),
        ("tuple", R.values(Values::Any).form(Op::List, &[])),
        ("expression_list", R.values(Values::Any).form(Op::Through, &[])),
        (
            "return_statement",
            R.values(Values::Any).hook(assignments::returned).form(Op::Return, &[(REST, Value)]),
        ),
        ("yield", R.values(Values::Any).hook(shapes::yield_expression).form(Op::Yield, &[(REST, Value)])),
        // Complexity.
        (
            "if_statement",
            DECISION
                .hook(conditions::decision)
                .form(Op::If, &[("condition", Condition), ("consequence", Then), ("alternative", Otherwise)]),
        ),
        (
            "elif_clause",
            R.branch(Branch::ElseIf)
                .hook(conditions::decision)
                .form(Op::If, &[("condition", Condition), ("consequence", Then)]),
        ),
        ("else_clause", R.branch(Branch::Else).form(Op::Through, &[])),
        ("if_clause", R.branch(Branch::Path).form(Op::If, &[(REST, Condition)])),
        (
            "while_statement",
            DECISION
                .hook(conditions::while_loop)
                .form(Op::Loop, &[("condition", Condition), ("body", Body), ("alternative", Otherwise)]),
        ),
        (
            "conditional_expression",
            DECISION
                .hook(conditions::choice)
                .form(Op::If, &[(FIRST, Then), (SECOND, Condition), (THIRD, Otherwise)]),
        ),
        ("except_clause", DECISION.form(Op::Catch, &[("value", Pattern), ("alias", Nothing), (REST, Body)])),
        ("finally_clause", R.form(Op::Finally, &[(REST, Body)])),
        ("try_statement", R.form(Op::Block, &[])),
        ("with_statement", R.form(Op::Block, &[])),
        ("with_clause", THROUGH),
        ("with_item", R.form(Op::Unknown, &[])),
        ("raise_statement", R.form(Op::Raise, &[("cause", Nothing), (REST, Value)])),
        ("match_statement", R.branch(Branch::Switch).form(Op::Switch, &[("subject", Value), ("body", Body)])),
        (
            "case_clause",
            R.branch(Branch::Arm)
                .hook(patterns::case_clause)
                .form(Op::Case, &[("consequence", Body), (REST, Pattern)]),
        ),
        (
            "boolean_operator",
            R.logical()
                .hook(conditions::both_sides)
                .form_by(logical, &[("left", Condition), ("right", Then)]),
        ),
        (
            "assert_statement",
            R.hook(conditions::assertion).form(Op::Assert, &[(FIRST, Condition), (REST, Argument)]),
        ),
        // What else a body is made of.
        ("expression_statement", THROUGH),
        ("delete_statement", R.form(Op::Delete, &[(REST, Target)])),
        ("global_statement", R.form(Op::Outer, &[])),
        ("nonlocal_statement", R.form(Op::Outer, &[])),
        ("pattern_list", THROUGH),
        ("tuple_pattern", R.form(Op::List, &[])),
        ("list_pattern", R.form(Op::List, &[])),
        ("integer", R.form(Op::Number, &[])),
        ("float", R.form(Op::Number, &[])),
        ("string", R.form(Op::Text, &[])),
        ("concatenated_string", R.form(Op::Text, &[])),
        ("string_start", SKIP),
        ("string_end", SKIP),
        ("type_conversion", SKIP),
        // Text in which nothing is named.
        ("string_content", R.opaque().form(Op::Skip, &[])),
    ],
    tokens: &[("and", Token::Logical), ("or", Token::Logical), ("async", Token::Word)],
    separator: ".",
    module_path: imports::module_path,
    module_word: "module",
    is_doc: |_| false,
    is_inner_doc: |_| false,
    max_doc_gap: 0,
    named_type: shapes::named_type,
    binds_name: |_| true,
    blank_name: None,
    may_hold_code: |_, _| false,
    mended: |_| None,
    finish,
    body: effects::BODY,
};

fn finish(pass: &mut Pass<'_>) {
    assignments::finish(pass);
    flow::read(pass);
}
