//! The kinds of nodes through which values move.

use std::sync::OnceLock;

use crate::pass::Pass;
use crate::tape::NodeIdx;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Function,
    Class,
    Decorated,
    Lambda,
    Comprehension,
    Import,
    Global,
    Nonlocal,
    Delete,
    Assignment,
    Augmented,
    For,
    ForClause,
    Return,
    Yield,
    Raise,
    Block,
    Alias,
    Named,
    Call,
    Identifier,
    Attribute,
    Subscript,
    Through,
    Conditional,
    Boolean,
    List,
    Pattern,
    Splat,
    Dictionary,
    Text,
    Integer,
    Negated,
    Binary,
}

const KINDS: &[(&str, Kind)] = &[
    ("function_definition", Kind::Function),
    ("class_definition", Kind::Class),
    ("decorated_definition", Kind::Decorated),
    ("lambda", Kind::Lambda),
    ("list_comprehension", Kind::Comprehension),
    ("set_comprehension", Kind::Comprehension),
    ("dictionary_comprehension", Kind::Comprehension),
    ("generator_expression", Kind::Comprehension),
    ("import_statement", Kind::Import),
    ("import_from_statement", Kind::Import),
    ("global_statement", Kind::Global),
    ("nonlocal_statement", Kind::Nonlocal),
    ("delete_statement", Kind::Delete),
    ("assignment", Kind::Assignment),
    ("augmented_assignment", Kind::Augmented),
    ("for_statement", Kind::For),
    ("for_in_clause", Kind::ForClause),
    ("return_statement", Kind::Return),
    ("yield", Kind::Yield),
    ("raise_statement", Kind::Raise),
    ("block", Kind::Block),
    ("as_pattern", Kind::Alias),
    ("named_expression", Kind::Named),
    ("call", Kind::Call),
    ("identifier", Kind::Identifier),
    ("attribute", Kind::Attribute),
    ("subscript", Kind::Subscript),
    ("await", Kind::Through),
    ("parenthesized_expression", Kind::Through),
    ("conditional_expression", Kind::Conditional),
    ("boolean_operator", Kind::Boolean),
    ("list", Kind::List),
    ("tuple", Kind::List),
    ("set", Kind::List),
    ("expression_list", Kind::List),
    ("pattern_list", Kind::Pattern),
    ("tuple_pattern", Kind::Pattern),
    ("list_pattern", Kind::Pattern),
    ("list_splat", Kind::Splat),
    ("list_splat_pattern", Kind::Splat),
    ("dictionary", Kind::Dictionary),
    ("string", Kind::Text),
    ("integer", Kind::Integer),
    ("unary_operator", Kind::Negated),
    ("binary_operator", Kind::Binary),
];

/// Looks a node's kind up; `None` for one through which nothing moves.
pub(super) fn kind(pass: &Pass<'_>, idx: NodeIdx) -> Option<Kind> {
    static TABLE: OnceLock<Vec<Option<Kind>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let grammar = pass.table.grammar();
        let of = |id: u16| {
            let name = grammar.node_kind_for_id(id).filter(|_| grammar.node_kind_is_named(id))?;
            KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
        };
        (0..grammar.node_kind_count() as u16).map(of).collect()
    });
    table.get(pass.tape.node(idx).kind as usize).copied().flatten()
}
