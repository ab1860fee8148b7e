//! What runs when a value is called.

use docpack::{Language, SymbolKind};

use crate::resolve::repository::{FileIdx, Sym};
use crate::resolve::solver::{Answer, Found, Question, Solver, Value, Want};
use crate::resolve::words::Step;

impl Solver<'_> {
    /// What runs when this is called.
    pub(crate) fn callee(&mut self, found: Found) -> Answer {
        let Value::Symbol(sym) = found.value else {
            return match found.value {
                Value::Instance(class) => self.method_named("__call__", class, found),
                Value::Super(class) if self.repository.language(class) == Language::Python => {
                    vec![self.external("builtins")]
                }
                Value::Super(class) => self.super_constructor(class, found),
                Value::StdMethod(..) => vec![self.external("std")],
                Value::File(file) => self.module_callee(file, found),
                _ => vec![found],
            };
        };
        let kind = self.repository.kind(sym);
        match kind {
            SymbolKind::TypeAlias => {
                let called = self.step(found, Step::Call, Want::Any);
                let of = |found: &Found| {
                    if let Value::Instance(class) = found.value { Some((class, *found)) } else { None }
                };
                let classes: Vec<_> = called.iter().filter_map(of).collect();
                classes.into_iter().flat_map(|(class, found)| self.constructor(class, found)).collect()
            }
            _ if kind.is_type() => self.constructor(sym, found),
            _ if kind.is_callable() && !self.repository.symbol(sym).traits.is_getter => vec![found],
            SymbolKind::EnumVariant => vec![found],
            _ => self.loaded_callee(sym, found),
        }
    }

    fn loaded_callee(&mut self, sym: Sym, found: Found) -> Answer {
        let loaded = self.ask(Question::Load(sym));
        let mut answer = Answer::new();
        for value in loaded {
            let value = value.after(found);
            match value.value {
                Value::Symbol(target) if self.repository.kind(target).is_type() => {
                    answer.extend(self.constructor(target, value))
                }
                Value::Symbol(target) if !self.repository.kind(target).is_callable() => {
                    answer.push(Found::dynamic())
                }
                Value::Instance(class) => answer.extend(self.method_named("__call__", class, value)),
                _ => answer.push(value),
            }
        }
        answer
    }

    /// The constructor that making a value of this type runs, else the type itself.
    pub(crate) fn constructor(&mut self, class: Sym, found: Found) -> Answer {
        let name = match self.repository.language(class) {
            Language::Python => "__init__",
            Language::TypeScript | Language::JavaScript => return self.script_constructor(class, found),
            Language::Rust | Language::Go => return vec![Found { value: Value::Symbol(class), ..found }],
        };
        let methods = self.method_named(name, class, found);
        let is_ours = methods.iter().any(|method| matches!(method.value, Value::Symbol(_)));
        let itself = Found { value: Value::Symbol(class), ..found };
        if !is_ours {
            return vec![itself];
        }
        let inherits = |found: &Found| matches!(found.value, Value::Symbol(method) if self.repository.parent(method) != Some(class));
        // Who makes the class calls it, whoever wrote the constructor.
        let is_inherited = methods.iter().any(inherits);
        methods.into_iter().chain(is_inherited.then_some(itself)).collect()
    }

    pub(crate) fn inherits_constructor(&mut self, class: Sym, constructor: Sym) -> bool {
        let repository = self.repository;
        repository.kind(constructor) == SymbolKind::Constructor
            && repository.kind(class).is_type()
            && repository.parent(constructor).is_some_and(|base| self.ancestors(class).types.contains(&base))
    }

    fn method_named(&mut self, name: &str, class: Sym, found: Found) -> Answer {
        let name = self.word(name);
        name.map_or(vec![Found::dynamic()], |name| self.member(class, name, Want::Callable, found))
    }

    /// CommonJS modules may be functions.
    fn module_callee(&mut self, file: FileIdx, found: Found) -> Answer {
        let mut answer = Answer::new();
        for name in ["default", "module.exports", "export="] {
            if let Some(name) = self.word(name) {
                answer.extend(self.ask(Question::Export(file, name)));
            }
        }
        let symbols = answer
            .into_iter()
            .filter(|end| matches!(end.value, Value::Symbol(_)))
            .map(|end| end.after(found));
        let symbols: Answer = symbols.collect();
        if symbols.is_empty() { vec![Found::dynamic()] } else { symbols }
    }
}
