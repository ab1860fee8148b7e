//! Python as data.

mod assignments;
mod conditions;
mod expressions;
mod flow;
mod imports;
mod patterns;
mod shapes;
mod values;

use docpack::{Language, SymbolKind};
use model::facts::ReferenceKind::{Call, Type};
use model::facts::ScopeKind;

use crate::pass::Pass;
use crate::table::{Bind, Branch, Define, FIRST, LanguageTable, Path, Rule, Token, Trivia, Values};

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
const COMPREHENSION: Rule = R.scope(ScopeKind::Function).hook(conditions::comprehension);

pub(super) const TABLE: LanguageTable = LanguageTable {
    language: Language::Python,
    grammar: || tree_sitter_python::LANGUAGE.into(),
    kinds: &[
        // Definitions.
        ("module", R.statements().hook(shapes::module)),
        ("function_definition", R.define(FUNCTION)),
        ("class_definition", R.define(CLASS)),
        ("decorated_definition", R.wraps("definition")),
        ("decorator", R.trivia(Trivia::Attribute)),
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
        ("assignment", R.values(Values::Field("right")).hook(assignments::assignment)),
        ("augmented_assignment", R.values(Values::Field("right")).hook(assignments::augmented)),
        // Imports.
        ("import_statement", R.hook(imports::import)),
        ("import_from_statement", R.hook(imports::from_import)),
        ("future_import_statement", R.hook(imports::future)),
        // Scopes and what is bound in them.
        ("block", R.statements()),
        ("lambda", R.scope(ScopeKind::Function).branch(Branch::Nest)),
        ("list_comprehension", COMPREHENSION),
        ("set_comprehension", COMPREHENSION),
        ("dictionary_comprehension", COMPREHENSION),
        ("generator_expression", COMPREHENSION),
        ("parameters", R.parameters()),
        ("lambda_parameters", R.parameters()),
        ("typed_parameter", R.bind(Bind::parameter(FIRST, "type"))),
        (
            "default_parameter",
            R.bind(Bind::parameter("name", "")).values(Values::Field("value")).hook(shapes::default_value),
        ),
        (
            "typed_default_parameter",
            R.bind(Bind::parameter("name", "type"))
                .values(Values::Field("value"))
                .hook(shapes::default_value),
        ),
        ("for_in_clause", R.branch(Branch::Path).bind(Bind::element("left", "right"))),
        ("for_statement", DECISION.bind(Bind::element("left", "right"))),
        ("as_pattern", R.hook(shapes::alias)),
        ("named_expression", R.bind(Bind::local("name", "", "value")).values(Values::Field("value"))),
        ("class_pattern", R.refer(Type, FIRST)),
        ("case_pattern", R.hook(shapes::case_pattern)),
        ("keyword_pattern", R.hook(patterns::keyword)),
        // Uses of names.
        (
            "call",
            R.refer(Call, "function")
                .path(Path::Suffix("function", "()"))
                .reads(expressions::call)
                .hook(assignments::called),
        ),
        ("type", R.type_region().path(Path::Through("")).hook(shapes::quoted_type)),
        // Paths.
        ("identifier", R.path(Path::Name)),
        ("dotted_name", R.path(Path::Name)),
        ("attribute", R.path(Path::Join("object", ".", "attribute"))),
        ("subscript", R.path(Path::Suffix("value", "[]"))),
        ("await", R.path(Path::Through(""))),
        ("parenthesized_expression", R.path(Path::Through(""))),
        ("generic_type", R.path(Path::Through(""))),
        ("as_pattern_target", R.path(Path::Through(""))),
        // Where a callable may be handed over.
        ("argument_list", R.values(Values::Any)),
        ("keyword_argument", R.values(Values::Field("value"))),
        ("pair", R.values(Values::Field("value"))),
        ("list", R.values(Values::Any)),
        ("set", R.values(Values::Any)),
        ("tuple", R.values(Values::Any)),
        ("expression_list", R.values(Values::Any)),
        ("return_statement", R.values(Values::Any).hook(assignments::returned)),
        ("yield", R.values(Values::Any).hook(shapes::yield_expression)),
        // Complexity.
        ("if_statement", DECISION.hook(conditions::decision)),
        ("elif_clause", R.branch(Branch::ElseIf).hook(conditions::decision)),
        ("else_clause", R.branch(Branch::Else)),
        ("if_clause", R.branch(Branch::Path)),
        ("while_statement", DECISION.hook(conditions::while_loop)),
        ("conditional_expression", DECISION.hook(conditions::choice)),
        ("except_clause", DECISION),
        ("match_statement", R.branch(Branch::Switch)),
        ("case_clause", R.branch(Branch::Arm).hook(patterns::case_clause)),
        ("boolean_operator", R.logical().hook(conditions::both_sides)),
        ("assert_statement", R.hook(conditions::assertion)),
        // Text in which nothing is named.
        ("string_content", R.opaque()),
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
};

fn finish(pass: &mut Pass<'_>) {
    assignments::finish(pass);
    flow::read(pass);
}
