//! Names that become visible: parameters, locals, imports.

use docpack::Language;
use model::facts::{Binding, BindingTarget, Import, ImportIdx};

use crate::compile::{KindRule, PathFields};
use crate::pass::Pass;
use crate::path;
use crate::table::{Bind, Trivia};
use crate::tape::NodeIdx;

/// Stands among a file's exports where names that are made at run time are exported as well.
pub(crate) const MORE_EXPORTS: &str = "<more>";
/// Stands among a file's exports for an import of all names that may not be run.
pub(crate) const CONDITIONAL_STAR: &str = "<star>";

impl Pass<'_> {
    pub(crate) fn enter_bind(&mut self, idx: NodeIdx, rule: &KindRule, bind: Bind) {
        let pattern =
            if bind.pattern.is_empty() { Some(idx) } else { self.tape.child(idx, rule.bind.pattern) };
        let Some(pattern) = pattern else { return };
        let type_node = self.tape.child(idx, rule.bind.type_name);
        let more: Vec<_> =
            self.tape.children_in(idx, rule.bind.pattern).filter(|child| *child > pattern).collect();
        let value_node = self.tape.child(idx, rule.bind.value).filter(|_| more.is_empty());
        self.bind_pattern(pattern, type_node, value_node, bind);
        for pattern in more {
            self.bind_pattern(pattern, type_node, None, bind);
        }
    }

    pub(crate) fn enter_parameters(&mut self, list: NodeIdx) {
        let bare = |child: &NodeIdx| {
            let rule = &self.rule(*child).rule;
            rule.bind.is_none() && rule.trivia == Trivia::None && !self.tape.node(*child).taken
        };
        let patterns: Vec<_> = self.tape.children(list).filter(bare).collect();
        for pattern in patterns {
            self.bind_pattern(pattern, None, None, Bind::parameter("", ""));
        }
    }

    /// Binds every name of a pattern; a type and a value only where the pattern is one name.
    pub(crate) fn bind_pattern(
        &mut self,
        pattern: NodeIdx,
        type_node: Option<NodeIdx>,
        value: Option<NodeIdx>,
        bind: Bind,
    ) {
        let names = self.names_in(pattern);
        let whole = names.len() == 1 && self.is_whole_pattern(pattern, names[0]);
        let value_end = value.filter(|_| bind.behind_value).map(|value| self.tape.node(value).end);
        for name in names {
            self.tape.take(name);
            let target = match bind.part {
                _ if whole => self.target_of(type_node, value, bind),
                Some(part) => self.part_target(part(self, pattern, name), value, bind),
                None => unknown_target(bind),
            };
            let text = self.text(name).into_owned();
            self.bind(text, value_end.unwrap_or(self.tape.node(name).start), target);
        }
    }

    fn target_of(&self, type_node: Option<NodeIdx>, value: Option<NodeIdx>, bind: Bind) -> BindingTarget {
        let type_path = type_node.and_then(|node| self.bound_type(node, bind));
        if bind.parameter {
            return BindingTarget::Parameter { type_path };
        }
        let constructed = || value.filter(|_| !bind.element).and_then(|value| self.constructed_type(value));
        let mut value_path = value.and_then(|node| self.value_path(node));
        if let (true, Some(path)) = (bind.element, &mut value_path) {
            path.push_str(self.element_of(bind));
        }
        BindingTarget::Local { type_path: type_path.or_else(constructed), value: value_path }
    }

    fn bound_type(&self, node: NodeIdx, bind: Bind) -> Option<String> {
        let Some(before) = bind.whole_type else { return self.declared_type(node) };
        let written = self.tape.node(node);
        path::type_text(self.source, written.start..written.end).map(|text| format!("{before}{text}"))
    }

    /// A part of the value; without a value what the pattern itself names may still tell.
    fn part_target(&self, part: Option<String>, value: Option<NodeIdx>, bind: Bind) -> BindingTarget {
        let Some(part) = part.filter(|_| !bind.parameter) else { return unknown_target(bind) };
        let mut path = value.and_then(|node| self.path(node)).unwrap_or_else(|| "?".to_owned());
        if bind.element {
            path.push_str(self.element_of(bind));
        }
        path.push_str(&part);
        BindingTarget::Local { type_path: None, value: Some(path) }
    }

    /// Where iterators are values, a loop takes what the next step of one gives.
    fn element_of(&self, bind: Bind) -> &'static str {
        match self.table.source.language {
            Language::Rust if bind.part.is_some() => ".into_iter().next()~(Some)0",
            Language::Go => "[]",
            _ => "[*]",
        }
    }

    fn is_whole_pattern(&self, pattern: NodeIdx, name: NodeIdx) -> bool {
        let mut idx = pattern;
        while idx != name {
            let PathFields::Through(field) = self.rule(idx).path else { return false };
            match path::part(&self.tape, idx, field) {
                Some(inner) => idx = inner,
                None => return false,
            }
        }
        true
    }

    /// Finds the names that a pattern binds: leaves that are names, members and elements of other things left out.
    pub(crate) fn names_in(&self, pattern: NodeIdx) -> Vec<NodeIdx> {
        let mut names = Vec::new();
        let mut open = vec![pattern];
        while let Some(idx) = open.pop() {
            match self.rule(idx).path {
                PathFields::Join(..) | PathFields::Suffix(..) => {}
                PathFields::Name if (self.table.source.binds_name)(&self.text(idx)) => names.push(idx),
                PathFields::Name => {}
                // The other fields hold a default value.
                PathFields::Through(field) if field != 0 => open.extend(path::part(&self.tape, idx, field)),
                _ => {
                    let n_open = open.len();
                    open.extend(self.tape.children(idx));
                    open[n_open..].reverse();
                }
            }
        }
        names
    }

    pub(crate) fn bind(&mut self, name: String, byte_start: u32, target: BindingTarget) {
        let language = self.table.source.language;
        if let BindingTarget::Symbol(symbol) = target
            && self.state.scope == 0
            && matches!(language, Language::JavaScript | Language::TypeScript)
        {
            self.defined.insert(name.clone(), symbol);
        }
        if !self.narrowings.is_empty() {
            self.widen(&name);
        }
        self.facts.bindings.push(Binding { scope: self.state.scope, name, byte_start, target });
    }

    /// Records an import and binds its local name.
    pub(crate) fn import(&mut self, import: Import) -> ImportIdx {
        let idx = self.facts.imports.len() as ImportIdx;
        if let Some(name) = &import.local_name {
            self.bind(name.clone(), import.byte_start, BindingTarget::Import(idx));
        }
        self.facts.imports.push(import);
        idx
    }
}

fn unknown_target(bind: Bind) -> BindingTarget {
    if bind.parameter {
        BindingTarget::Parameter { type_path: None }
    } else {
        BindingTarget::Local { type_path: None, value: None }
    }
}
