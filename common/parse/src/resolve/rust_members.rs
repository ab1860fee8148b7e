//! Fields and methods of Rust values, and what calling, indexing and awaiting them gives.

use docpack::{Evidence, Language, SymbolKind};

use crate::resolve::builtins;
use crate::resolve::members::preferred;
use crate::resolve::repository::Sym;
use crate::resolve::rust_std;
use crate::resolve::rust_types::{Env, Ty, TyIdx, UNKNOWN};
use crate::resolve::slim::{Target, WrittenType};
use crate::resolve::solver::{Answer, Found, Solver, Value, Want, confidence, tidied};
use crate::resolve::type_text::Shape;
use crate::resolve::words::{PathIdx, Step, Word};
use crate::resolve::written::{TypeIdx, Written};

/// A pointer to a pointer to …; real chains have three links.
pub(crate) const MAX_DEREFS: usize = 8;

impl Solver<'_> {
    /// Finds a field or method of a value, through what it dereferences to.
    pub(crate) fn type_member(&mut self, from: Found, value: Value, name: Word, want: Want) -> Answer {
        let mut ty = self.type_of(value);
        let text = self.text(name);
        for _ in 0..MAX_DEREFS {
            if let Some(member) = self.std_member(ty, name) {
                return vec![from.then(Value::Member(member, ty), Evidence::Type, confidence::DECLARED_TYPE)];
            }
            match self.types.get(ty).clone() {
                Ty::Ours(sym, _) | Ty::Bound(sym) => {
                    let through = from.then(from.value, Evidence::Type, confidence::DECLARED_TYPE);
                    let found = self.member(sym, name, want, through);
                    let is_ours = |found: &Found| matches!(found.value, Value::Symbol(_));
                    if found.iter().any(is_ours) {
                        return members_of(ty, found);
                    }
                    if let Some(field) = self.positional(sym, text, ty) {
                        return field.into_iter().map(|field| field.after(from)).collect();
                    }
                    let given = self.blanket_member(Some(sym), name, through);
                    if !given.is_empty() {
                        return members_of(ty, given);
                    }
                    match self.dereferenced(sym, ty) {
                        Some(target) => ty = target,
                        None if matches!(text, "clone" | "to_owned" | "by_ref" | "borrow" | "borrow_mut") => {
                            return vec![Found { value: Value::StdMethod(ty, name), ..from }];
                        }
                        None => return found,
                    }
                }
                Ty::Std(..) | Ty::Slice(_) if rust_std::has(&self.types, ty, text) => {
                    return vec![Found { value: Value::StdMethod(ty, name), ..from }];
                }
                Ty::Std(std, _) if std != "Future" && builtins::is_common_method(Language::Rust, text) => {
                    return vec![self.external("std")];
                }
                Ty::Std(std, arguments) if rust_std::lends(std) => match arguments.last() {
                    Some(inner) => ty = *inner,
                    None => return vec![self.external("std")],
                },
                Ty::Std(..) | Ty::Slice(_) => {
                    let mut answer = members_of(ty, self.blanket_member(None, name, from));
                    answer.push(self.external("std"));
                    return answer;
                }
                Ty::Tuple(parts) => {
                    return match text.parse::<usize>().ok().and_then(|at| parts.get(at)) {
                        Some(part) => {
                            vec![from.then(self.value_of(*part), Evidence::Type, confidence::DECLARED_TYPE)]
                        }
                        None => vec![self.external("std")],
                    };
                }
                Ty::All(bounds) => return self.member_of_bounds(from, ty, &bounds, name, want),
                Ty::External(package) => {
                    let mut answer = members_of(ty, self.blanket_member(None, name, from));
                    answer.push(from.then(Value::External(package), from.evidence, from.confidence));
                    return answer;
                }
                Ty::Unknown => return vec![Found::dynamic()],
            }
        }
        vec![Found::dynamic()]
    }

    /// What one of several traits has under a name; compiled code has no two that differ.
    fn member_of_bounds(
        &mut self,
        from: Found,
        ty: TyIdx,
        bounds: &[TyIdx],
        name: Word,
        want: Want,
    ) -> Answer {
        let mut all = Answer::new();
        for bound in bounds {
            let value = self.value_of(*bound);
            all.extend(self.type_member(from, value, name, want));
        }
        let is_copy = |found: &Found| match found.value {
            Value::StdMethod(of, _) => matches!(self.types.get(of), Ty::Ours(..) | Ty::Bound(_)),
            _ => false,
        };
        if let Some(copy) = all.iter().find(|found| is_copy(found)) {
            return vec![Found { value: Value::StdMethod(ty, name), ..*copy }];
        }
        let is_known = |found: &Found| matches!(found.value, Value::Member(..) | Value::StdMethod(..));
        tidied(preferred(all, is_known))
    }

    /// A field without a name: of a struct by its number, of a variant by its name and number.
    pub(crate) fn positional(&mut self, sym: Sym, field: &str, ty: TyIdx) -> Option<Answer> {
        let symbol = self.repository.symbol(sym);
        let (holder, scope) = match symbol.kind {
            SymbolKind::EnumVariant => {
                let parent = self.repository.parent(sym)?;
                (parent, self.repository.symbol(parent).scope?)
            }
            _ => (sym, symbol.scope?),
        };
        let key = if symbol.kind == SymbolKind::EnumVariant {
            format!("{}.{field}", self.text(symbol.name))
        } else {
            field.to_owned()
        };
        let (_, bindings) = self.repository.bindings(sym.file, scope, self.word(&key)?);
        let written = bindings.iter().find_map(|binding| match binding.target {
            Target::Local { written: Some((Shape::Whole(written), _)), .. } => Some(written),
            _ => None,
        })?;
        let env = self.env_of_fields(holder, ty);
        let place = self.place_outside(holder);
        Some(self.rust_typed(place, written, &env))
    }

    pub(crate) fn env_of_fields(&self, holder: Sym, ty: TyIdx) -> Env {
        let mut env = Env { own: None, parameters: Vec::new() };
        if let Ty::Ours(sym, arguments) = self.types.get(ty)
            && *sym == holder
        {
            let generics = &self.repository.symbol(holder).generics;
            env.parameters.extend(generics.iter().copied().zip(arguments.iter().copied()));
        }
        env
    }

    /// What `impl Deref` says a type stands for.
    fn dereferenced(&mut self, sym: Sym, ty: TyIdx) -> Option<TyIdx> {
        self.associated(sym, ty, "Deref", "Target")
    }

    /// An associated type that an impl of a trait from outside sets.
    fn associated(&mut self, sym: Sym, ty: TyIdx, of_trait: &str, name: &str) -> Option<TyIdx> {
        let word = self.word(name)?;
        let members = self.own_members(sym, word, Want::Any);
        for member in members {
            let Some(block) = self.repository.parent(member) else { continue };
            let heads = &self.repository.file(member.file).heads;
            let start = heads.partition_point(|(idx, ..)| *idx < block.idx);
            let implements = heads[start..].iter().take_while(|(idx, ..)| *idx == block.idx).any(|(_, path, _)| {
                matches!(self.repository.words.steps(*path), [.., Step::Name { word, .. }] if self.text(*word) == of_trait)
            });
            if implements && let Some((Shape::Whole(written), _)) = self.repository.symbol(member).value_type
            {
                let env = self.env_of(member, ty);
                let place = self.place_outside(member);
                return Some(self.rust_type(place, written, &env)).filter(|target| *target != ty);
            }
        }
        None
    }

    /// What calling a member of a value gives.
    pub(crate) fn member_called(&mut self, from: Found, member: Sym, ty: TyIdx) -> Answer {
        let symbol = self.repository.symbol(member);
        if !symbol.kind.is_callable() {
            return vec![Found::dynamic()];
        }
        self.declared(from, member, ty, symbol.value_type)
    }

    /// What reading a field of a value gives.
    pub(crate) fn member_loaded(&mut self, from: Found, member: Sym, ty: TyIdx) -> Answer {
        let symbol = self.repository.symbol(member);
        if symbol.kind.is_callable() {
            return vec![Found::dynamic()];
        }
        self.declared(from, member, ty, symbol.value_type)
    }

    fn declared(&mut self, from: Found, member: Sym, ty: TyIdx, written: Option<WrittenType>) -> Answer {
        let Some((Shape::Whole(written), _)) = written else { return vec![Found::dynamic()] };
        let env = self.env_of(member, ty);
        let place = self.place_outside(member);
        self.rust_typed(place, written, &env).into_iter().map(|found| found.after(from)).collect()
    }

    /// `Type::default`, which is derived, gives a value of the type.
    pub(crate) fn derived_default(&mut self, from: Found, sym: Sym, name: Word) -> Answer {
        let ty = self.type_of(Value::Instance(sym));
        vec![from.then(Value::StdMethod(ty, name), from.evidence, from.confidence)]
    }

    /// What a method of the standard library gives.
    pub(crate) fn std_called(&mut self, from: Found, ty: TyIdx, method: Word) -> Answer {
        let text = self.text(method);
        match rust_std::result(&mut self.types, ty, text) {
            Some(result) if *self.types.get(result) == Ty::Std("", Vec::new()) => vec![self.external("std")],
            Some(result) => vec![from.then(self.value_of(result), Evidence::Type, confidence::INFERRED_TYPE)],
            None if matches!(self.types.get(ty), Ty::Ours(..) | Ty::Bound(_) | Ty::All(_)) => {
                vec![from.then(self.value_of(ty), Evidence::Type, confidence::INFERRED_TYPE)]
            }
            None => vec![self.external("std")],
        }
    }

    /// An element by index.
    pub(crate) fn type_indexed(&mut self, from: Found, ty: TyIdx) -> Answer {
        let mut ty = ty;
        for _ in 0..MAX_DEREFS {
            let element = match self.types.get(ty) {
                Ty::Slice(element) => *element,
                Ty::Std("Vec" | "VecDeque", arguments) => arguments.first().copied().unwrap_or(UNKNOWN),
                Ty::Std("HashMap" | "BTreeMap", arguments) => arguments.get(1).copied().unwrap_or(UNKNOWN),
                Ty::Std(name, arguments) if rust_std::lends(name) && !arguments.is_empty() => {
                    ty = arguments[arguments.len() - 1];
                    continue;
                }
                _ => UNKNOWN,
            };
            return vec![from.then(self.value_of(element), Evidence::Type, confidence::DECLARED_TYPE)];
        }
        vec![Found::dynamic()]
    }

    /// What `?` takes out of a value.
    pub(crate) fn type_tried(&mut self, from: Found, ty: TyIdx) -> Answer {
        match self.types.get(ty) {
            Ty::Std("Option" | "Result", arguments) if !arguments.is_empty() => {
                vec![from.then(self.value_of(arguments[0]), from.evidence, from.confidence)]
            }
            Ty::Std("Future", arguments) if !arguments.is_empty() => self.type_tried(from, arguments[0]),
            _ => vec![Found::dynamic()],
        }
    }

    /// What `.await` gives: an async function's result stands for itself.
    pub(crate) fn awaited(&mut self, from: Found) -> Answer {
        let ty = self.type_of(from.value);
        if let Ty::Ours(sym, _) = *self.types.get(ty)
            && let Some(output) = self.associated(sym, ty, "Future", "Output")
        {
            return vec![from.then(self.value_of(output), Evidence::Type, confidence::INFERRED_TYPE)];
        }
        vec![from]
    }

    /// Keeps the methods of `impl<T> Trait for Arc<T>`; those of one `Arc<A>` alone are left out.
    pub(crate) fn attach_to_std(&mut self, block: Sym, path: PathIdx) {
        let repository = self.repository;
        let symbol = repository.symbol(block);
        let Some((Shape::Whole(written), _)) = symbol.value_type else { return };
        let Written::Named { arguments, .. } = repository.words.written_type(written) else { return };
        let is_general = |argument: &TypeIdx| {
            self.sole_name(*argument).is_some_and(|name| symbol.generics.contains(&name))
        };
        let last = match repository.words.steps(path) {
            [.., Step::Name { word, .. }] => self.text(*word),
            _ => return,
        };
        let Some(std) = rust_std::known(last)
            .filter(|_| symbol.kind == SymbolKind::Impl && arguments.iter().all(is_general))
        else {
            return;
        };
        let heads = repository.file(block.file).heads.iter().filter(|(idx, ..)| *idx == block.idx);
        let implemented: Vec<PathIdx> = heads.map(|(_, path, _)| *path).collect();
        let [implemented] = implemented.as_slice() else { return };
        let Some(implemented) = self.sole_type(block, *implemented) else { return };
        for (name, member) in repository.children(block) {
            self.std_members.entry((std, name)).or_default().push((implemented, member));
        }
    }

    /// A method of `impl<T: Trait> Trait for Arc<T>`, which comes before that of what the pointer holds.
    fn std_member(&mut self, ty: TyIdx, name: Word) -> Option<Sym> {
        let Ty::Std(std, arguments) = self.types.get(ty) else { return None };
        let inner = *arguments.last()?;
        let all = self.std_members.get(&(*std, name))?.clone();
        let Ty::Ours(sym, _) = *self.types.get(inner) else { return None };
        let ancestors = self.ancestors(sym);
        let mut fitting = all.into_iter().filter(|(implemented, _)| ancestors.types.contains(implemented));
        let (_, member) = fitting.next()?;
        fitting.next().is_none().then_some(member)
    }
}

/// Members as those of a value of this type.
fn members_of(ty: TyIdx, found: Answer) -> Answer {
    let of = |found: Found| match found.value {
        Value::Symbol(member) => Found { value: Value::Member(member, ty), ..found },
        _ => found,
    };
    found.into_iter().map(of).collect()
}
