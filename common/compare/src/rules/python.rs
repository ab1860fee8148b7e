//! Python: callers name parameters or count them, and annotations are not checked when code runs.

use docpack::SymbolKind;
use docpack::records::{Parameter, Symbol};

use super::{Seen, arguments, bare, code, has, same_type, shown, shown_type};
use crate::api::Reason;

/// How a caller may give a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    PositionalOnly,
    Either,
    KeywordOnly,
    /// `*args`.
    AnyPositional,
    /// `**kwargs`.
    AnyKeyword,
}

struct Given<'s> {
    name: &'s str,
    way: Way,
    parameter: &'s Parameter,
}

impl Given<'_> {
    fn is_any(&self) -> bool {
        matches!(self.way, Way::AnyPositional | Way::AnyKeyword)
    }

    fn is_required(&self) -> bool {
        self.parameter.default.is_none() && !self.is_any()
    }

    fn is_positional(&self) -> bool {
        matches!(self.way, Way::PositionalOnly | Way::Either)
    }
}

pub(super) fn judge(before: &Seen<'_>, after: &Seen<'_>, reasons: &mut Vec<Reason>) {
    let (old, new) = (before.symbol, after.symbol);
    if is_function(old) && is_function(new) {
        // Of overloads only the last definition runs.
        if !has(old, "overload") && !has(new, "overload") {
            let is_bound = before.owner.is_some_and(is_type) && after.owner.is_some_and(is_type);
            parameters(given(old, is_bound), given(new, is_bound), reasons);
            returned(old, new, reasons);
        }
    } else if is_type(old) {
        bases(old, new, reasons);
    } else if !same_annotation(old.return_type.as_deref(), new.return_type.as_deref()) && !is_function(new) {
        let (was, is) = (shown_type(old.return_type.as_deref()), shown_type(new.return_type.as_deref()));
        reasons.push(Reason::unknown("type_changed", format!("its annotation was {was}, is {is}")));
    }
    match (has(old, "getter"), has(new, "getter")) {
        (true, false) if is_function(new) => {
            reasons.push(Reason::breaking("no_longer_property", "is a method now, and must be called"));
        }
        (false, true) if is_function(old) => {
            reasons.push(Reason::breaking("became_property", "is a property now, and cannot be called"));
        }
        _ => {}
    }
    for (modifier, name) in
        [("async", "async"), ("static", "a static method"), ("classmethod", "a class method")]
    {
        match (has(old, modifier), has(new, modifier)) {
            (false, true) if modifier == "async" => {
                reasons.push(Reason::breaking("became_async", "callers must await it now"));
            }
            (true, false) if modifier == "async" => {
                reasons
                    .push(Reason::breaking("no_longer_async", "it returns a value that cannot be awaited"));
            }
            (true, false) => {
                reasons.push(Reason::breaking("binding_changed", format!("is no longer {name}")));
            }
            (false, true) => reasons.push(Reason::unknown("binding_changed", format!("is now {name}"))),
            _ => {}
        }
    }
}

fn is_function(symbol: &Symbol) -> bool {
    let kind = symbol.kind.known();
    kind.is_some_and(SymbolKind::is_callable) && !has(symbol, "getter")
}

fn is_type(symbol: &Symbol) -> bool {
    symbol.kind.known().is_some_and(SymbolKind::is_type)
}

/// Lists parameters by how they are given; the markers `/` and `*` stand in the signature only.
///
/// Nobody gives the first parameter of a method.
fn given(symbol: &Symbol, is_bound: bool) -> Vec<Given<'_>> {
    let written = arguments(&symbol.signature);
    let slash = written.iter().position(|it| *it == "/");
    let (mut is_keyword, mut parameters, mut given) = (false, symbol.parameters.iter(), Vec::new());
    for (at, text) in written.iter().enumerate() {
        if *text == "/" {
            continue;
        }
        if *text == "*" {
            is_keyword = true;
            continue;
        }
        let Some(parameter) = parameters.next() else { break };
        let bare = parameter.name.trim_start_matches('*');
        let way = match (parameter.name.len() - bare.len(), slash) {
            (2, _) => Way::AnyKeyword,
            (1, _) => Way::AnyPositional,
            _ if is_keyword => Way::KeywordOnly,
            (_, Some(slash)) if at < slash => Way::PositionalOnly,
            _ => Way::Either,
        };
        is_keyword |= way == Way::AnyPositional;
        given.push(Given { name: bare, way, parameter });
    }
    let has_receiver = is_bound && !has(symbol, "static") && given.first().is_some_and(Given::is_positional);
    given.drain(..usize::from(has_receiver));
    given
}

fn parameters(old: Vec<Given<'_>>, new: Vec<Given<'_>>, reasons: &mut Vec<Reason>) {
    let takes = |way: Way| new.iter().any(|it| it.way == way);
    let (any_positional, any_keyword) = (takes(Way::AnyPositional), takes(Way::AnyKeyword));
    for (at, was) in old.iter().enumerate() {
        let Some(now_at) = new.iter().position(|it| it.name == was.name) else {
            let is_swallowed = match was.way {
                Way::KeywordOnly => any_keyword,
                Way::PositionalOnly => any_positional,
                Way::Either => any_positional && any_keyword,
                Way::AnyPositional | Way::AnyKeyword => false,
            };
            if !is_swallowed {
                reasons.push(Reason::breaking(
                    "parameter_removed",
                    format!("{} was removed", shown(was.parameter)),
                ));
            }
            continue;
        };
        let now = &new[now_at];
        let name = shown(was.parameter);
        if now.is_required() && !was.is_required() {
            reasons.push(Reason::breaking("parameter_required", format!("{name} is required now")));
        }
        if was.is_positional() && now.is_positional() && at != now_at {
            reasons.push(Reason::breaking("parameter_moved", format!("{name} has another position")));
        }
        if was.way != now.way && !is_way_wider(was.way, now.way, any_positional, any_keyword) {
            let text = match now.way {
                Way::KeywordOnly => format!("{name} must be given by name now"),
                Way::PositionalOnly => format!("{name} cannot be given by name any more"),
                _ => format!("{name} is given differently now"),
            };
            reasons.push(Reason::breaking("parameter_kind", text));
        }
        let (default, is) = (was.parameter.default.as_deref(), now.parameter.default.as_deref());
        if let (Some(default), Some(is)) = (default, is)
            && spaceless(default) != spaceless(is)
        {
            let text = format!("the default of {name} was {}, is {}", code(default), code(is));
            reasons.push(Reason::breaking("default_changed", text));
        }
        if !same_annotation(was.parameter.type_name.as_deref(), now.parameter.type_name.as_deref()) {
            reasons.push(Reason::unknown("type_changed", format!("{name} has another annotation")));
        }
        if was.is_required() && !now.is_required() && !now.is_any() {
            reasons.push(Reason::compatible("parameter_optional", format!("{name} is optional now")));
        }
    }
    for now in new.iter().filter(|now| old.iter().all(|was| was.name != now.name)) {
        let name = shown(now.parameter);
        reasons.push(match now.is_required() {
            true => Reason::breaking("parameter_added_required", format!("{name} is new and required")),
            false => Reason::compatible("parameter_added", format!("{name} is new")),
        });
    }
}

/// Tells whether every call that gave a parameter in the old way is still right.
fn is_way_wider(was: Way, is: Way, any_positional: bool, any_keyword: bool) -> bool {
    match (was, is) {
        (Way::PositionalOnly | Way::KeywordOnly, Way::Either) => true,
        (Way::PositionalOnly, Way::KeywordOnly) | (Way::KeywordOnly, Way::PositionalOnly) => false,
        (Way::Either, Way::PositionalOnly | Way::KeywordOnly) => false,
        (Way::KeywordOnly, Way::AnyKeyword) => true,
        (_, Way::AnyKeyword) => any_positional,
        (Way::PositionalOnly | Way::Either, Way::AnyPositional) => true,
        (_, Way::AnyPositional) => any_keyword,
        _ => true,
    }
}

fn spaceless(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| if c == '\'' { '"' } else { c }).collect()
}

fn returned(old: &Symbol, new: &Symbol, reasons: &mut Vec<Reason>) {
    let (was, is) = (old.return_type.as_deref(), new.return_type.as_deref());
    if !same_annotation(was, is) && was.is_some() {
        let text = format!("its return annotation was {}, is {}", shown_type(was), shown_type(is));
        reasons.push(Reason::unknown("return_type_changed", text));
    }
}

/// Tells whether two annotations mean the same: `Optional[List[int]]` and `list[int] | None`.
fn same_annotation(a: Option<&str>, b: Option<&str>) -> bool {
    a.map(spelled) == b.map(spelled)
}

/// Writes an annotation as code of today does.
fn spelled(annotation: &str) -> Vec<String> {
    let mut text = bare(annotation);
    for name in ["List", "Dict", "Set", "FrozenSet", "Tuple", "Type"] {
        text = text.replace(&format!("{name}["), &format!("{}[", name.to_lowercase()));
    }
    let mut members = Vec::new();
    unite(&text, &mut members);
    members.sort();
    members.dedup();
    members
}

/// Lists the members of a union, however it is written.
fn unite(text: &str, members: &mut Vec<String>) {
    for part in outermost(text, '|') {
        let within = |name: &str| part.strip_prefix(name).and_then(|it| it.strip_suffix(']'));
        if let Some(inner) = within("Optional[") {
            members.push("None".to_owned());
            unite(inner, members);
        } else if let Some(inner) = within("Union[") {
            outermost(inner, ',').into_iter().for_each(|it| unite(it, members));
        } else {
            members.push(part.to_owned());
        }
    }
}

/// Splits a text where no bracket is open.
fn outermost(text: &str, mark: char) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_i32, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '[' | '(' | '{' => depth += 1,
            ']' | ')' | '}' => depth -= 1,
            c if c == mark && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn bases(old: &Symbol, new: &Symbol, reasons: &mut Vec<Reason>) {
    let is_left = |base: &&String| !new.bases.iter().any(|it| same_type(Some(it), Some(base)));
    for base in old.bases.iter().filter(is_left) {
        let text = format!("is no longer a subclass of {}", code(base));
        // A base that was replaced may still be above the new one.
        reasons.push(match new.bases.len() < old.bases.len() {
            true => Reason::breaking("base_removed", text),
            false => Reason::unknown("base_changed", text),
        });
    }
}
