//! JavaScript as data, and all that TypeScript shares with it.

mod assigned;
mod conditions;
mod effects;
mod exports;
mod handed;
mod imports;
mod jsdoc;
mod members;
mod results;
mod shapes;
mod values;

use docpack::{Language, SymbolKind};
use model::facts::ReferenceKind::{Call, Construct};
use model::facts::ScopeKind;

use crate::body::code::Op;
use crate::body::code::Slot::{
    Argument, Body, Condition, Function, Name, Nothing, Otherwise, Pattern, Target, Then, Update, Value,
};
use crate::body::form::{REST, logical};
use crate::table::{Bind, Branch, Define, LanguageTable, Path, Rule, Token, Trivia, Values};

pub(super) use assigned::is_nothing;
pub(super) use imports::imported_type;
pub(super) use members::{is_type_member, property};
pub(super) use shapes::{
    declared, enum_body, import_alias, interface, named_type, namespace, type_alias, type_parameter,
};

const R: Rule = Rule::EMPTY;

pub(super) const TABLE: LanguageTable = LanguageTable {
    language: Language::JavaScript,
    grammar: || tree_sitter_javascript::LANGUAGE.into(),
    kinds: &KINDS,
    tokens: TOKENS,
    separator: ".",
    module_path: imports::module_path,
    module_word: "module",
    is_doc,
    is_inner_doc,
    max_doc_gap: 1,
    named_type: |_, node| Some(node),
    binds_name,
    blank_name: None,
    may_hold_code: |pass, value| !is_nothing(pass, value),
    mended: |_| None,
    finish: exports::finish,
    body: effects::BODY,
};

static KINDS: [(&str, Rule); SHARED_LEN + JSX.len() + 1] = join(&[
    &shared(false),
    JSX,
    &[("field_definition", R.define(field("property", false)).values(Values::Field("value")))],
]);

pub(super) const TOKENS: &[(&str, Token)] =
    &[("&&", Token::Logical), ("||", Token::Logical), ("??", Token::Logical)];

/// A function; the grammar without types has neither of the fields for them.
pub(super) const fn callable(kind: SymbolKind, typed: bool) -> Define {
    Define {
        body: "body",
        parameters: "parameters",
        returns: if typed { "return_type" } else { "" },
        generics: if typed { "type_parameters" } else { "" },
        scope: Some(ScopeKind::Function),
        shape: shapes::function,
        ..Define::new(kind)
    }
}

const fn named_expression(typed: bool) -> Define {
    Define {
        when: values::is_named_expression,
        shape: values::named_expression,
        ..callable(SymbolKind::Function, typed)
    }
}

pub(super) const fn class_like(typed: bool) -> Define {
    Define {
        body: "body",
        generics: if typed { "type_parameters" } else { "" },
        scope: Some(ScopeKind::Type),
        shape: shapes::class,
        ..Define::new(SymbolKind::Class)
    }
}

const fn class_expression(typed: bool) -> Define {
    Define { name: "", shape: values::class_expression, ..class_like(typed) }
}

pub(super) const fn method(typed: bool) -> Define {
    Define { when: members::is_member, shape: members::method, ..callable(SymbolKind::Method, typed) }
}

pub(super) const fn field(name: &'static str, typed: bool) -> Define {
    Define {
        name,
        returns: if typed { "type" } else { "" },
        value: "value",
        shape: members::field,
        ..Define::new(SymbolKind::Field)
    }
}

const fn variable(typed: bool) -> Define {
    Define {
        returns: if typed { "type" } else { "" },
        value: "value",
        when: values::is_definition,
        shape: values::variable,
        ..Define::new(SymbolKind::Variable)
    }
}

const PAIR: Define = Define {
    name: "key",
    value: "value",
    when: members::is_object_member,
    shape: members::pair,
    ..Define::new(SymbolKind::Property)
};

const ASSIGNED: Define = Define {
    name: "",
    when: exports::is_definition,
    shape: exports::assigned,
    ..Define::new(SymbolKind::Function)
};

/// How many kinds of node the two grammars share; [`join`] checks it.
pub(super) const SHARED_LEN: usize = 68;

/// What both grammars have; `typed` tells whether definitions have fields for types.
pub(super) const fn shared(typed: bool) -> [(&'static str, Rule); SHARED_LEN] {
    let closure = R.scope(ScopeKind::Function).branch(Branch::Nest);
    let decision = R.scope(ScopeKind::Block).branch(Branch::Decision { chained_as: "" });
    [
        // Definitions.
        ("program", R.hook(shapes::module).form(Op::Block, &[])),
        ("function_declaration", R.define(callable(SymbolKind::Function, typed))),
        ("generator_function_declaration", R.define(callable(SymbolKind::Function, typed))),
        ("class_declaration", R.define(class_like(typed))),
        ("class", R.define(class_expression(typed))),
        ("method_definition", R.define(method(typed))),
        ("lexical_declaration", R.wraps_only().form(Op::Through, &[])),
        ("variable_declaration", R.wraps_only().form(Op::Through, &[])),
        (
            "variable_declarator",
            R.define(variable(typed))
                .hook(values::declarator)
                .values(Values::Field("value"))
                .form(Op::Unknown, &[("name", Nothing)]),
        ),
        (
            "pair",
            R.define(PAIR).values(Values::Field("value")).form(Op::Named, &[("key", Name), ("value", Value)]),
        ),
        ("expression_statement", R.wraps_only().form(Op::Through, &[])),
        (
            "assignment_expression",
            R.define(ASSIGNED)
                .hook(exports::assignment)
                .values(Values::Field("right"))
                .form(Op::Assign, &[("left", Target), ("right", Value)]),
        ),
        (
            "augmented_assignment_expression",
            R.hook(assigned::where_missing).form(Op::Update, &[("left", Target), ("right", Value)]),
        ),
        // What stands before definitions.
        ("comment", R.trivia(Trivia::Comment).opaque()),
        ("decorator", R.trivia(Trivia::Attribute).hook(shapes::decorator).form(Op::Skip, &[])),
        // Imports and exports.
        ("import_statement", R.hook(imports::import_statement).form(Op::Skip, &[])),
        ("export_statement", R.wraps("declaration").hook(exports::export_statement).form(Op::Through, &[])),
        // Scopes and what is bound in them.
        ("statement_block", R.scope(ScopeKind::Block).statements().form(Op::Block, &[])),
        ("class_static_block", R.scope(ScopeKind::Block)),
        (
            "arrow_function",
            R.branch(Branch::Nest)
                .hook(values::arrow_function)
                .values(Values::Field("body"))
                .form(Op::Closure, &[("body", Body), (REST, Nothing)]),
        ),
        (
            "function_expression",
            closure.define(named_expression(typed)).form(Op::Closure, &[("body", Body), (REST, Nothing)]),
        ),
        (
            "generator_function",
            closure.define(named_expression(typed)).form(Op::Closure, &[("body", Body), (REST, Nothing)]),
        ),
        ("formal_parameters", R.parameters().hook(values::own_this)),
        (
            "assignment_pattern",
            R.path(Path::Through("left")).form(Op::Assign, &[("left", Target), ("right", Value)]),
        ),
        (
            "object_assignment_pattern",
            R.path(Path::Through("left")).form(Op::Assign, &[("left", Target), ("right", Value)]),
        ),
        ("pair_pattern", R.path(Path::Through("value")).form(Op::Through, &[("key", Nothing)])),
        (
            "catch_clause",
            decision
                .bind(Bind::local("parameter", "", ""))
                .form(Op::Catch, &[("parameter", Nothing), ("body", Body)]),
        ),
        // Uses of names.
        (
            "call_expression",
            R.refer(Call, "function")
                .path(Path::Suffix("function", "()"))
                .hook(imports::call)
                .form(Op::Call, &[("function", Function), ("arguments", Argument)]),
        ),
        (
            "new_expression",
            R.refer(Construct, "constructor")
                .path(Path::Suffix("constructor", "()"))
                .form(Op::New, &[("constructor", Function), ("arguments", Argument)]),
        ),
        // Paths.
        ("identifier", R.path(Path::Name).form(Op::Name, &[])),
        ("shorthand_property_identifier", R.path(Path::Name).form(Op::Name, &[])),
        ("shorthand_property_identifier_pattern", R.path(Path::Name)),
        ("this", R.path(Path::Keyword)),
        ("super", R.path(Path::Keyword)),
        (
            "member_expression",
            R.path(Path::Join("object", ".", "property")).form(Op::Member, &[("property", Name)]),
        ),
        ("subscript_expression", R.path(Path::Suffix("object", "[]")).form(Op::Item, &[("index", Name)])),
        ("await_expression", R.path(Path::Through("")).form(Op::Await, &[(REST, Value)])),
        ("parenthesized_expression", R.reads(values::in_brackets).form(Op::Through, &[])),
        // Where a callable may be handed over.
        ("arguments", R.values(Values::Any).form(Op::Through, &[])),
        ("array", R.values(Values::Any).form(Op::List, &[])),
        ("object", R.values(Values::Any).form(Op::Table, &[])),
        (
            "return_statement",
            R.values(Values::Any).hook(results::returned).form(Op::Return, &[(REST, Value)]),
        ),
        // Complexity.
        (
            "if_statement",
            decision
                .hook(conditions::decision)
                .form(Op::If, &[("condition", Condition), ("consequence", Then), ("alternative", Otherwise)]),
        ),
        ("else_clause", R.branch(Branch::Else).form(Op::Through, &[])),
        (
            "while_statement",
            decision.hook(conditions::while_loop).form(Op::Loop, &[("condition", Condition), ("body", Body)]),
        ),
        ("do_statement", decision.form(Op::Loop, &[("condition", Condition), ("body", Body)])),
        (
            "for_statement",
            decision.form(
                Op::Loop,
                &[("initializer", Value), ("condition", Condition), ("increment", Update), ("body", Body)],
            ),
        ),
        (
            "for_in_statement",
            R.hook(values::loop_variable)
                .branch(Branch::Decision { chained_as: "" })
                .form(Op::Loop, &[("left", Nothing), ("right", Condition), ("body", Body)]),
        ),
        (
            "ternary_expression",
            R.branch(Branch::Decision { chained_as: "" })
                .hook(conditions::choice)
                .form(Op::If, &[("condition", Condition), ("consequence", Then), ("alternative", Otherwise)]),
        ),
        (
            "switch_statement",
            R.scope(ScopeKind::Block)
                .branch(Branch::Switch)
                .form(Op::Switch, &[("value", Value), ("body", Body)]),
        ),
        ("switch_case", R.branch(Branch::Path).form(Op::OpenCase, &[("value", Pattern), ("body", Body)])),
        (
            "binary_expression",
            R.logical()
                .hook(conditions::both_sides)
                .form_by(logical, &[("left", Condition), ("right", Then)]),
        ),
        // What else a body is made of.
        ("switch_body", R.form(Op::Through, &[])),
        ("switch_default", R.form(Op::OpenCase, &[("body", Body)])),
        ("try_statement", R.form(Op::Block, &[])),
        ("finally_clause", R.form(Op::Finally, &[("body", Body)])),
        ("throw_statement", R.form(Op::Raise, &[(REST, Value)])),
        ("yield_expression", R.form(Op::Yield, &[(REST, Value)])),
        ("update_expression", R.form(Op::Update, &[("argument", Target)])),
        ("unary_expression", R.form_by(values::deletion, &[("argument", Target)])),
        ("labeled_statement", R.form(Op::Through, &[])),
        ("template_string", R.form(Op::Text, &[])),
        ("property_identifier", R.form(Op::Name, &[])),
        ("array_pattern", R.form(Op::List, &[])),
        ("object_pattern", R.form(Op::List, &[])),
        // Text in which nothing is named; a template's substitutions are code.
        ("string", R.opaque().form(Op::Text, &[])),
        ("regex", R.opaque()),
        ("number", R.opaque().form(Op::Number, &[])),
    ]
}

/// Elements are calls of components, and hand over what their attributes hold.
pub(super) const JSX: &[(&str, Rule)] = &[
    ("jsx_opening_element", R.hook(shapes::element).form_by(shapes::component, &[("name", Function)])),
    ("jsx_self_closing_element", R.hook(shapes::element).form_by(shapes::component, &[("name", Function)])),
    ("jsx_expression", R.values(Values::Any).form(Op::Through, &[])),
    ("jsx_text", R.opaque().form(Op::Skip, &[])),
];

/// Joins tables of kinds into one.
pub(super) const fn join<const N: usize>(parts: &[&[(&'static str, Rule)]]) -> [(&'static str, Rule); N] {
    let mut all = [("", Rule::EMPTY); N];
    let mut n_joined = 0;
    let mut part_idx = 0;
    while part_idx < parts.len() {
        let part = parts[part_idx];
        let mut kind_idx = 0;
        while kind_idx < part.len() {
            all[n_joined] = part[kind_idx];
            n_joined += 1;
            kind_idx += 1;
        }
        part_idx += 1;
    }
    assert!(n_joined == N, "the length says how many kinds there are");
    all
}

pub(super) fn is_doc(comment: &str) -> bool {
    comment.starts_with("/**") && !comment.starts_with("/***") && !is_inner_doc(comment)
}

/// A comment about the file, by JSDoc's and TSDoc's tags.
pub(super) fn is_inner_doc(comment: &str) -> bool {
    let tags = ["@file", "@fileoverview", "@overview", "@module", "@packageDocumentation"];
    comment.starts_with("/**") && tags.iter().any(|tag| comment.contains(tag))
}

pub(super) fn binds_name(name: &str) -> bool {
    name != "undefined"
}
