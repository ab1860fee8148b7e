//! Calls through fields and tables: what a field holds is decided by those who write it.

use std::collections::BTreeMap;

use docpack::records::Step;
use docpack::{EdgeKind, StepKind};

use crate::code::Code;

/// A table that more callables fill is no single registry.
const MAX_WRITERS: usize = 3;

/// One write of a field or into a table.
#[derive(Debug, Clone)]
pub(crate) struct Written<'a> {
    /// The callable that writes.
    pub(crate) by: usize,
    pub(crate) line: u32,
    pub(crate) value: &'a str,
    /// The callable of the repository that the value names.
    pub(crate) target: Option<usize>,
}

/// Who writes which field, by the field's name.
#[derive(Debug, Default)]
pub(crate) struct Held<'a> {
    fields: BTreeMap<&'a str, Vec<Written<'a>>>,
    tables: BTreeMap<&'a str, Vec<Written<'a>>>,
}

impl<'a> Held<'a> {
    /// Collects the writes of all bodies.
    pub(crate) fn new(code: &Code<'a>) -> Self {
        let mut held = Self::default();
        for at in code.ours() {
            let Some(body) = code.body(at) else { continue };
            for step in body.steps.iter().filter(|step| step.kind == StepKind::Write) {
                let Some((field, is_table)) = field(&step.text) else { continue };
                let value = step.value.as_deref().unwrap_or_default();
                let written =
                    Written { by: at, line: step.line, value, target: named(code, at, step, value) };
                let map = if is_table { &mut held.tables } else { &mut held.fields };
                map.entry(field).or_default().push(written);
            }
        }
        held
    }

    /// Finds what a call through a field runs: the write by the same type that names a callable.
    /// The number counts the other writes by that type.
    pub(crate) fn of_call(
        &self,
        code: &Code<'_>,
        at: usize,
        text: &str,
    ) -> Option<(&'a str, &Written<'a>, usize)> {
        let owner = code.owner_type(at)?;
        // The first segment is the object itself, and the last may be a method of what the field holds.
        let mut segments = text.split(['.', ':']).skip(1).filter(|segment| !segment.is_empty());
        segments.find_map(|segment| {
            let (name, writes) = self.fields.get_key_value(segment)?;
            let of_owner: Vec<&Written<'a>> =
                writes.iter().filter(|it| code.owner_type(it.by) == Some(owner)).collect();
            let named = of_owner.iter().filter(|it| it.target.is_some());
            Some((*name, *named.max_by_key(|it| it.value.len())?, of_owner.len() - 1))
        })
    }

    /// Finds the table that an expression looks something up in, and who fills it.
    pub(crate) fn table(&self, text: &str) -> Option<(&'a str, &[Written<'a>])> {
        let names = text.split('[').filter_map(|before| before.rsplit_once('.').map(|(_, name)| name));
        names.filter_map(|name| self.tables.get_key_value(name)).find_map(|(name, writes)| {
            let mut writers: Vec<usize> = writes.iter().map(|it| it.by).collect();
            writers.dedup();
            (writers.len() <= MAX_WRITERS).then_some((*name, writes.as_slice()))
        })
    }
}

/// Takes the field out of `self.handler` or `self.views[name]`; the second says that it is a table.
fn field(target: &str) -> Option<(&str, bool)> {
    let (head, is_table) = match target.split_once('[') {
        Some((head, _)) => (head, true),
        None => (target, false),
    };
    let (_, name) = head.rsplit_once('.')?;
    Some((name, is_table))
}

/// Finds the callable that a written value names without calling it.
fn named(code: &Code<'_>, at: usize, step: &Step, value: &str) -> Option<usize> {
    let links = code.leaving(at).iter();
    let of_line = links.filter(|link| {
        link.kind == EdgeKind::References && link.sites.iter().any(|site| site.line == step.line)
    });
    let mut found = of_line.map(|link| link.other).filter(|other| code.is_callable(*other));
    found.find(|other| code.is_ours(*other) && value.contains(code.symbols[*other].name.as_str()))
}
