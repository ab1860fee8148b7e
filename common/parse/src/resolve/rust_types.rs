//! Types of Rust values with their arguments, and the members that values of them have.

use foldhash::HashMap;

use docpack::{Evidence, Language, SymbolKind};

use crate::resolve::builtins;
use crate::resolve::repository::Sym;
use crate::resolve::rust_std;
use crate::resolve::slim::{Target, WrittenType};
use crate::resolve::solver::{Answer, Found, Place, Solver, Value, Want, confidence};
use crate::resolve::type_text::Shape;
use crate::resolve::words::{PathIdx, Step, Word};
use crate::resolve::written::{TypeIdx, Written};

/// A pointer to a pointer to …; real chains have three links.
const MAX_DEREFS: usize = 8;
/// Aliases and arguments within each other are followed this far.
const MAX_TYPE_DEPTH: u32 = 24;

/// A type that a value has, by index in [`Types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TyIdx(u32);

pub(crate) const UNKNOWN: TyIdx = TyIdx(0);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Ty {
    Unknown,
    Ours(Sym, Vec<TyIdx>),
    /// A type parameter with this bound.
    Bound(Sym),
    /// A type of the standard library; without a name one that has no members of interest.
    Std(&'static str, Vec<TyIdx>),
    External(Word),
    Tuple(Vec<TyIdx>),
    Slice(TyIdx),
}

/// Every type met so far.
#[derive(Debug)]
pub(crate) struct Types {
    all: Vec<Ty>,
    known: HashMap<Ty, TyIdx>,
}

impl Default for Types {
    fn default() -> Self {
        Self { all: vec![Ty::Unknown], known: HashMap::from_iter([(Ty::Unknown, UNKNOWN)]) }
    }
}

impl Types {
    pub(crate) fn get(&self, ty: TyIdx) -> &Ty {
        self.all.get(ty.0 as usize).unwrap_or(&Ty::Unknown)
    }

    pub(crate) fn intern(&mut self, ty: Ty) -> TyIdx {
        if let Some(known) = self.known.get(&ty) {
            return *known;
        }
        let idx = TyIdx(self.all.len() as u32);
        self.all.push(ty.clone());
        self.known.insert(ty, idx);
        idx
    }
}

/// What type parameters and `Self` stand for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Env {
    parameters: Vec<(Word, TyIdx)>,
    own: Option<TyIdx>,
}

impl Env {
    fn parameter(&self, name: Word) -> Option<TyIdx> {
        self.parameters.iter().find(|(word, _)| *word == name).map(|(_, ty)| *ty)
    }
}

impl Solver<'_> {
    /// What a value of a type is.
    pub(crate) fn value_of(&self, ty: TyIdx) -> Value {
        match self.types.get(ty) {
            Ty::Unknown => Value::Dynamic,
            Ty::Ours(sym, arguments) if arguments.is_empty() => Value::Instance(*sym),
            Ty::Bound(sym) => Value::Bound(*sym),
            Ty::External(package) => Value::External(*package),
            _ => Value::Type(ty),
        }
    }

    fn type_of(&mut self, value: Value) -> TyIdx {
        match value {
            Value::Type(ty) => ty,
            Value::Instance(sym) => self.types.intern(Ty::Ours(sym, Vec::new())),
            Value::Bound(sym) => self.types.intern(Ty::Bound(sym)),
            Value::External(package) => self.types.intern(Ty::External(package)),
            _ => UNKNOWN,
        }
    }

    /// What a value of a written type is, where type parameters stand for what `env` says.
    pub(crate) fn rust_typed(&mut self, place: Place, written: TypeIdx, env: &Env) -> Answer {
        let Written::Named { path, arguments } = self.repository.words.written_type(written).clone() else {
            let ty = self.rust_type(place, written, env);
            return vec![Found::new(self.value_of(ty), Evidence::Type, confidence::DECLARED_TYPE)];
        };
        if let Some(ty) = self.known_in(place, path, env) {
            return vec![Found::new(self.value_of(ty), Evidence::Type, confidence::DECLARED_TYPE)];
        }
        let answer = self.path(place, path, Want::Type);
        if answer.is_empty() {
            return vec![Found::dynamic()];
        }
        let mut values = Answer::new();
        for found in answer {
            let ty = self.named(place, found, path, &arguments, env);
            values.push(found.then(self.value_of(ty), Evidence::Type, confidence::DECLARED_TYPE));
        }
        values
    }

    /// Finds the one type that is meant.
    fn rust_type(&mut self, place: Place, written: TypeIdx, env: &Env) -> TyIdx {
        if self.type_depth == MAX_TYPE_DEPTH || self.questions_left == 0 {
            return UNKNOWN;
        }
        self.type_depth += 1;
        self.questions_left -= 1;
        let ty = self.rust_type_within(place, written, env);
        self.type_depth -= 1;
        ty
    }

    fn rust_type_within(&mut self, place: Place, written: TypeIdx, env: &Env) -> TyIdx {
        match self.repository.words.written_type(written).clone() {
            Written::Tuple(parts) => {
                let parts = parts.into_iter().map(|part| self.rust_type(place, part, env)).collect();
                self.types.intern(Ty::Tuple(parts))
            }
            Written::Slice(element) => {
                let element = self.rust_type(place, element, env);
                self.types.intern(Ty::Slice(element))
            }
            Written::Named { path, arguments } => {
                if let Some(ty) = self.known_in(place, path, env) {
                    return ty;
                }
                let answer = self.path(place, path, Want::Type);
                match answer.as_slice() {
                    [found] if f64::from(found.confidence) >= model::resolution::CONFIDENCE_FLOOR * 100.0 => {
                        self.named(place, *found, path, &arguments, env)
                    }
                    _ => UNKNOWN,
                }
            }
            Written::Function { .. } | Written::Unknown => UNKNOWN,
        }
    }

    /// A type parameter, or `Self`.
    fn known_in(&mut self, place: Place, path: PathIdx, env: &Env) -> Option<TyIdx> {
        let [Step::Name { word, .. }] = self.repository.words.steps(path) else { return None };
        if self.text(*word) == "Self" {
            return env.own.or_else(|| self.self_type(place));
        }
        env.parameter(*word)
    }

    fn named(
        &mut self,
        place: Place,
        found: Found,
        path: PathIdx,
        arguments: &[TypeIdx],
        env: &Env,
    ) -> TyIdx {
        match found.value {
            Value::Symbol(sym)
                if self.repository.kind(sym).is_type()
                    || self.repository.kind(sym) == SymbolKind::TypeAlias =>
            {
                let arguments: Vec<TyIdx> =
                    arguments.iter().map(|argument| self.rust_type(place, *argument, env)).collect();
                match self.repository.kind(sym) {
                    SymbolKind::TypeAlias => self.alias_type(sym, &arguments, env),
                    _ => self.types.intern(Ty::Ours(sym, arguments)),
                }
            }
            Value::External(package) => {
                let last = match self.repository.words.steps(path) {
                    [.., Step::Name { word, .. }] => self.text(*word),
                    _ => "",
                };
                match rust_std::known(last).filter(|_| self.packages.text(package) == "std") {
                    Some(name) => {
                        let arguments =
                            arguments.iter().map(|argument| self.rust_type(place, *argument, env)).collect();
                        self.types.intern(Ty::Std(name, arguments))
                    }
                    None => self.types.intern(Ty::External(package)),
                }
            }
            Value::Bound(sym) => self.types.intern(Ty::Bound(sym)),
            _ => UNKNOWN,
        }
    }

    fn alias_type(&mut self, sym: Sym, arguments: &[TyIdx], env: &Env) -> TyIdx {
        let symbol = self.repository.symbol(sym);
        let Some((Shape::Whole(written), _)) = symbol.value_type else { return UNKNOWN };
        let parameters = symbol.generics.iter().copied().zip(arguments.iter().copied()).collect();
        let place = self.place_outside(sym);
        self.rust_type(place, written, &Env { parameters, own: env.own })
    }

    /// What `Self` is at a place: the target of the impl block with its arguments, or the type.
    pub(crate) fn self_type(&mut self, place: Place) -> Option<TyIdx> {
        let sym = self.repository.enclosing_type(place.file, place.scope)?;
        if self.repository.kind(sym) != SymbolKind::Impl {
            return Some(self.types.intern(Ty::Ours(sym, Vec::new())));
        }
        let (Shape::Whole(written), _) = self.repository.symbol(sym).value_type? else { return None };
        let outside = self.place_outside(sym);
        Some(self.rust_type(outside, written, &Env::default()))
    }

    /// What type parameters of the type around a member stand for in a value of it.
    fn env_of(&self, member: Sym, receiver: TyIdx) -> Env {
        let own = Some(receiver);
        let (Ty::Ours(sym, arguments), Some(parent)) =
            (self.types.get(receiver), self.repository.parent(member))
        else {
            return Env { own, ..Env::default() };
        };
        let holder = self.repository.symbol(parent);
        let mut parameters = Vec::new();
        if holder.kind == SymbolKind::Impl {
            let written = holder.value_type.map(|(shape, _)| shape);
            let Some(Shape::Whole(written)) = written else { return Env { own, parameters } };
            let Written::Named { arguments: names, .. } = self.repository.words.written_type(written) else {
                return Env { own, parameters };
            };
            for (name, argument) in names.iter().zip(arguments) {
                if let Some(word) = self.sole_name(*name).filter(|word| holder.generics.contains(word)) {
                    parameters.push((word, *argument));
                }
            }
        } else {
            let generics = &self.repository.symbol(*sym).generics;
            parameters.extend(generics.iter().copied().zip(arguments.iter().copied()));
        }
        Env { parameters, own }
    }

    fn sole_name(&self, written: TypeIdx) -> Option<Word> {
        let Written::Named { path, .. } = self.repository.words.written_type(written) else { return None };
        match self.repository.words.steps(*path) {
            [Step::Name { word, .. }] => Some(*word),
            _ => None,
        }
    }

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
                        let of = |found: Found| match found.value {
                            Value::Symbol(member) => Found { value: Value::Member(member, ty), ..found },
                            _ => found,
                        };
                        return found.into_iter().map(of).collect();
                    }
                    if let Some(field) = self.positional(sym, text, ty) {
                        return field.into_iter().map(|field| field.after(from)).collect();
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
                Ty::Std(..) | Ty::Slice(_) => return vec![self.external("std")],
                Ty::Tuple(parts) => {
                    return match text.parse::<usize>().ok().and_then(|at| parts.get(at)) {
                        Some(part) => {
                            vec![from.then(self.value_of(*part), Evidence::Type, confidence::DECLARED_TYPE)]
                        }
                        None => vec![self.external("std")],
                    };
                }
                Ty::External(package) => {
                    return vec![from.then(Value::External(package), from.evidence, from.confidence)];
                }
                Ty::Unknown => return vec![Found::dynamic()],
            }
        }
        vec![Found::dynamic()]
    }

    /// A field without a name: of a struct by its number, of a variant by its name and number.
    fn positional(&mut self, sym: Sym, field: &str, ty: TyIdx) -> Option<Answer> {
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

    fn env_of_fields(&self, holder: Sym, ty: TyIdx) -> Env {
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

    /// What a method of the standard library gives.
    pub(crate) fn std_called(&mut self, from: Found, ty: TyIdx, method: Word) -> Answer {
        let text = self.text(method);
        match rust_std::result(&mut self.types, ty, text) {
            Some(result) if *self.types.get(result) == Ty::Std("", Vec::new()) => vec![self.external("std")],
            Some(result) => vec![from.then(self.value_of(result), Evidence::Type, confidence::INFERRED_TYPE)],
            None if matches!(self.types.get(ty), Ty::Ours(..) | Ty::Bound(_)) => {
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

    /// Follows Rust's type aliases to the type itself.
    pub(crate) fn unaliased(&mut self, sym: Sym) -> Option<Sym> {
        if self.repository.kind(sym) != SymbolKind::TypeAlias {
            return Some(sym);
        }
        let ty = self.alias_type(sym, &[], &Env::default());
        match self.types.get(ty) {
            Ty::Ours(target, _) => Some(*target),
            _ => None,
        }
    }
}
