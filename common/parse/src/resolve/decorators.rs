//! Decorators of Python's standard library that keep a function, or say how it is called.

use docpack::Language;
use model::facts::{BindingTarget, FileFacts};

/// What a known decorator makes of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decorator {
    Getter,
    Setter,
    ClassMethod,
    StaticMethod,
    ContextManager,
    /// `functools.wraps`: the function stands for another.
    Wraps,
    /// The function stays what it is.
    Keeps,
}

/// Names, and the modules that give them; `builtins` needs no import.
const KNOWN: &[(&str, &[&str], Decorator)] = &[
    ("property", &["builtins", "abc", "enum", "types"], Decorator::Getter),
    ("cached_property", ANY, Decorator::Getter),
    ("abstractproperty", &["abc"], Decorator::Getter),
    ("classmethod", &["builtins"], Decorator::ClassMethod),
    ("abstractclassmethod", &["abc"], Decorator::ClassMethod),
    ("staticmethod", &["builtins"], Decorator::StaticMethod),
    ("abstractstaticmethod", &["abc"], Decorator::StaticMethod),
    ("contextmanager", ANY, Decorator::ContextManager),
    ("asynccontextmanager", ANY, Decorator::ContextManager),
    ("wraps", &["functools"], Decorator::Wraps),
    ("cache", &["functools"], Decorator::Keeps),
    ("lru_cache", &["functools"], Decorator::Keeps),
    ("abstractmethod", ANY, Decorator::Keeps),
    ("overload", ANY, Decorator::Keeps),
    ("override", ANY, Decorator::Keeps),
    ("final", ANY, Decorator::Keeps),
];

/// Many packages pass these on, or copy them for older versions of Python.
const ANY: &[&str] = &[];

/// Reads `@name`, `@module.name` and `@name(…)`; `None` where it may replace the function.
pub(crate) fn decorator(facts: &FileFacts, attribute: &str) -> Option<Decorator> {
    if facts.language != Language::Python {
        return None;
    }
    let path = attribute.trim_start_matches('@').split('(').next().unwrap_or_default().trim();
    let (holder, name) = path.rsplit_once('.').map_or((None, path), |(holder, name)| (Some(holder), name));
    if matches!(name, "setter" | "deleter") && holder.is_some() {
        return Some(Decorator::Setter);
    }
    let (_, modules, found) = KNOWN.iter().find(|(known, ..)| *known == name)?;
    let first = path.split('.').next().unwrap_or(path);
    is_given_by(facts, first, holder.is_some(), modules).then_some(*found)
}

/// Tells whether the first name of a decorator leads to one of these modules.
fn is_given_by(facts: &FileFacts, first: &str, is_module: bool, modules: &[&str]) -> bool {
    let bound = facts.bindings.iter().filter(|binding| binding.scope == 0 && binding.name == first);
    let mut imported: Vec<&str> = Vec::new();
    for binding in bound {
        let BindingTarget::Import(idx) = binding.target else { return false };
        imported.extend(facts.imports.get(idx as usize).map(|import| import.module.as_str()));
    }
    if !imported.is_empty() {
        // Of `try: … except ImportError: …` the first branch counts.
        return modules.is_empty() || imported.iter().any(|module| modules.contains(module));
    }
    // A glob import may bring any of them.
    !is_module && (modules.is_empty() || modules.contains(&"builtins") || has_glob(facts))
}

fn has_glob(facts: &FileFacts) -> bool {
    facts.imports.iter().any(|import| import.what == model::facts::Imported::Star)
}
