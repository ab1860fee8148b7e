//! What a type is called first: enough to tell for which type an impl is written.

use std::collections::BTreeSet;

/// `Glob`, `&Glob`, `[]`, `()`; a type parameter is `*`, and what only the program's run tells is `?`.
pub type Head = String;

/// The head of a written type; `parameters` are the type parameters in scope.
pub fn of_syntax(written: &syn::Type, parameters: &BTreeSet<String>) -> Head {
    match written {
        syn::Type::Path(path) => of_path(path, parameters),
        syn::Type::Reference(to) => {
            let sign = if to.mutability.is_some() { "&mut " } else { "&" };
            format!("{sign}{}", of_syntax(&to.elem, parameters))
        }
        syn::Type::Paren(inner) => of_syntax(&inner.elem, parameters),
        syn::Type::Group(inner) => of_syntax(&inner.elem, parameters),
        syn::Type::Slice(_) => "[]".to_owned(),
        syn::Type::Array(_) => "[;]".to_owned(),
        syn::Type::Tuple(_) => "()".to_owned(),
        _ => "?".to_owned(),
    }
}

fn of_path(path: &syn::TypePath, parameters: &BTreeSet<String>) -> Head {
    let Some(last) = path.path.segments.last() else { return "?".to_owned() };
    let name = last.ident.to_string();
    if path.path.segments.len() == 1 && parameters.contains(&name) { "*".to_owned() } else { name }
}

/// The head of a type as the compiler prints it.
pub fn of_printed(printed: &str) -> Head {
    let printed = printed.trim();
    if let Some(referred) = printed.strip_prefix('&') {
        return of_reference(referred);
    }
    match printed.chars().next() {
        Some('[') if printed.contains(';') => return "[;]".to_owned(),
        Some('[') => return "[]".to_owned(),
        Some('(') => return "()".to_owned(),
        _ => {}
    }
    if printed.contains("/#") && !printed.contains('<') {
        return "*".to_owned();
    }
    let path = &printed[..printed.find('<').unwrap_or(printed.len())];
    let is_path = !path.is_empty() && path.chars().all(|c| c.is_alphanumeric() || "_:{}#".contains(c));
    if is_path { last_segment(path).to_owned() } else { "?".to_owned() }
}

fn of_reference(referred: &str) -> Head {
    let referred = referred.trim_start();
    let referred = match referred.strip_prefix('\'') {
        Some(lifetime) => lifetime.split_once(' ').map_or("", |(_, rest)| rest),
        None => referred,
    };
    match referred.strip_prefix("mut ") {
        Some(changed) => format!("&mut {}", of_printed(changed)),
        None => format!("&{}", of_printed(referred)),
    }
}

/// The last name of a path, without the number that tells equal names apart.
pub fn last_segment(path: &str) -> &str {
    let last = path.rsplit("::").next().unwrap_or(path);
    if last.starts_with('{') { last } else { last.split('#').next().unwrap_or(last) }
}

/// The path without its last name.
pub fn parent(path: &str) -> &str {
    path.rsplit_once("::").map_or("", |(parent, _)| parent)
}

/// The heads of the type arguments of `FnDef(DefId(..), [A, B<C>])`.
pub fn arguments(called: &str) -> Vec<Head> {
    printed_arguments(called).into_iter().map(of_printed).collect()
}

/// The path of the type that a trait's method is called on, without what refers to it.
pub fn path_called_on(called: &str) -> &str {
    let mut path = printed_arguments(called).first().copied().unwrap_or_default();
    while let Some(referred) = path.strip_prefix('&') {
        path = referred.trim_start_matches("'{erased} ").trim_start_matches("mut ");
    }
    path
}

fn printed_arguments(called: &str) -> Vec<&str> {
    let Some((_, list)) = called.split_once("), [") else { return Vec::new() };
    let list = list.strip_suffix("])").unwrap_or(list);
    split(list).into_iter().filter(|part| !part.starts_with('\'')).collect()
}

fn split(list: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start, mut previous) = (Vec::new(), 0_i32, 0, ' ');
    for (at, sign) in list.char_indices() {
        match sign {
            '(' | '[' | '{' | '<' => depth += 1,
            // The arrow of a function's type closes nothing.
            '>' if previous == '-' => {}
            ')' | ']' | '}' | '>' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
        previous = sign;
    }
    parts.push(list[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_told_by_their_heads() {
        let list = "&'{erased} b::Own<fn(u8) -> u8, C>, '{erased}, T/#0, [u8; 4_usize], dyn X";
        let called = format!("FnDef(DefId(0:1 ~ a[00]::T::f), [{list}])");
        assert_eq!(arguments(&called), ["&Own", "*", "[;]", "?"]);
    }

    #[test]
    fn a_written_and_a_printed_type_have_one_head() {
        let parameters = BTreeSet::from(["T".to_owned()]);
        for (written, printed) in
            [("&mut a::B<C>", "&'{erased} mut x::a::B<C>"), ("[u8]", "[u8]"), ("T", "T/#0")]
        {
            let syntax = syn::parse_str(written).unwrap();
            assert_eq!(of_syntax(&syntax, &parameters), of_printed(printed), "{written}");
        }
    }
}
