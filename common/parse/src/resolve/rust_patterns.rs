//! What Rust patterns and closures take out of the values that they are given.

use docpack::{Evidence, SymbolKind};

use crate::resolve::repository::Sym;
use crate::resolve::rust_members::MAX_DEREFS;
use crate::resolve::rust_std;
use crate::resolve::rust_types::{Env, Ty, TyIdx, UNKNOWN};
use crate::resolve::solver::{Answer, Found, Place, Solver, Value, Want, confidence};
use crate::resolve::type_text::Shape;
use crate::resolve::words::{PathIdx, Step, Word};

impl Solver<'_> {
    /// The part of a value that a pattern names.
    pub(crate) fn matched(
        &mut self,
        place: Place,
        from: Found,
        path: Option<PathIdx>,
        field: Word,
    ) -> Answer {
        let ty = self.lent(from.value);
        let text = self.text(field);
        let Some(path) = path else {
            let part = match self.types.get(ty) {
                Ty::Tuple(parts) => text.parse::<usize>().ok().and_then(|at| parts.get(at)).copied(),
                _ => None,
            };
            let value = self.value_of(part.unwrap_or(UNKNOWN));
            return vec![from.then(value, Evidence::Type, confidence::INFERRED_TYPE)];
        };
        let answer = self.path(place, path, Want::Callable);
        let [found] = answer.as_slice() else { return vec![Found::dynamic()] };
        match found.value {
            Value::Symbol(sym) => self.field_of(*found, sym, field, ty),
            Value::External(_) => self.std_matched(from, path, ty),
            _ => vec![Found::dynamic()],
        }
    }

    /// What a value is behind pointers of the standard library.
    fn lent(&mut self, value: Value) -> TyIdx {
        let mut ty = self.type_of(value);
        for _ in 0..MAX_DEREFS {
            match self.types.get(ty) {
                Ty::Std(name, arguments) if rust_std::lends(name) && !arguments.is_empty() => {
                    ty = arguments[arguments.len() - 1];
                }
                _ => break,
            }
        }
        ty
    }

    fn field_of(&mut self, found: Found, sym: Sym, field: Word, ty: TyIdx) -> Answer {
        let Some(sym) = self.unaliased(sym) else { return vec![Found::dynamic()] };
        let holder = match self.repository.kind(sym) {
            SymbolKind::EnumVariant => self.repository.parent(sym).unwrap_or(sym),
            _ => sym,
        };
        let named = self
            .repository
            .children_named(sym, field)
            .find(|child| self.repository.kind(*child) == SymbolKind::Field);
        let answer = match named.and_then(|named| self.repository.symbol(named).value_type) {
            Some((Shape::Whole(written), _)) => {
                let env = self.env_of_fields(holder, ty);
                let place = self.place_outside(holder);
                self.rust_typed(place, written, &env)
            }
            _ => self.positional(sym, self.text(field), ty).unwrap_or_else(|| vec![Found::dynamic()]),
        };
        answer
            .into_iter()
            .map(|part| part.after(found).then(part.value, Evidence::Type, confidence::INFERRED_TYPE))
            .collect()
    }

    fn std_matched(&mut self, from: Found, path: PathIdx, ty: TyIdx) -> Answer {
        let variant = match self.repository.words.steps(path) {
            [.., Step::Name { word, .. }] => self.text(*word),
            _ => "",
        };
        let part = match (self.types.get(ty), variant) {
            (Ty::Std("Option", arguments), "Some") | (Ty::Std("Result", arguments), "Ok") => {
                arguments.first()
            }
            (Ty::Std("Result", arguments), "Err") => arguments.get(1),
            _ => None,
        };
        let value = self.value_of(part.copied().unwrap_or(UNKNOWN));
        vec![from.then(value, Evidence::Type, confidence::INFERRED_TYPE)]
    }

    /// What the parameter of a closure is that is handed to a callable.
    pub(crate) fn closure_parameter(&mut self, callee: Found, argument: u8, parameter: u8) -> Answer {
        let (member, env, is_method) = match callee.value {
            Value::StdMethod(ty, method) => {
                let text = self.text(method);
                let ty = rust_std::closure_parameter(&self.types, ty, text, argument, parameter)
                    .unwrap_or(UNKNOWN);
                return vec![callee.then(self.value_of(ty), Evidence::Type, confidence::INFERRED_TYPE)];
            }
            Value::Member(member, ty) => (member, self.env_of(member, ty), true),
            Value::Symbol(member) => (member, Env::default(), false),
            _ => return vec![Found::dynamic()],
        };
        let symbol = self.repository.symbol(member);
        let at = argument.saturating_add(u8::from(is_method && !symbol.traits.is_static));
        let written = symbol
            .callbacks
            .iter()
            .find(|(place, _)| *place == at)
            .and_then(|(_, types)| types.get(usize::from(parameter)));
        let Some(written) = written.copied() else { return vec![Found::dynamic()] };
        let place = self.place_outside(member);
        let typed = self.rust_typed(place, written, &env);
        typed
            .into_iter()
            .map(|found| found.after(callee).then(found.value, Evidence::Type, confidence::INFERRED_TYPE))
            .collect()
    }
}
