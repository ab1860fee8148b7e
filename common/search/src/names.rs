//! Names by their letters, and how well one fits what was typed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use crate::query::{Query, segments, squashed};
use crate::words::each_word;

/// How a document was found; an earlier tier comes before a later one whatever the scores are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// The name, or the end of the qualified name, as typed.
    Exact,
    /// The same, but for upper and lower case.
    ExactIgnoringCase,
    /// The same letters in other words' notation, or with names left out between: `json response`, `Flask.url_for`.
    SameLetters,
    /// The name begins with it.
    Prefix,
    /// By words and meaning.
    Words,
    /// It stands within a name, or is the initials of its words.
    Within,
}

/// Names of all documents, found by their letters.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) by_letters: BTreeMap<Box<str>, Vec<u32>>,
    /// By place of the document.
    pub(crate) names: Vec<Box<str>>,
    pub(crate) qualified: Vec<Box<str>>,
    pub(crate) initials: Vec<Box<str>>,
}

impl Names {
    /// Adds the names of the next document.
    pub(crate) fn add(&mut self, name: &str, qualified_name: &str) {
        let place = self.names.len() as u32;
        self.by_letters.entry(squashed(name).into()).or_default().push(place);
        self.names.push(name.into());
        self.qualified.push(qualified_name.into());
        self.initials.push(initials(name).into());
    }

    /// Calls `each` with the documents whose name begins with the last name of the query.
    pub(crate) fn each_fitting(&self, query: &Query, each: &mut impl FnMut(u32, Tier)) {
        for letters in wanted_letters(query) {
            let begun =
                self.by_letters.range::<str, _>((Bound::Included(letters.as_str()), Bound::Unbounded));
            let begun = begun.take_while(|(key, _)| key.starts_with(&letters));
            for place in begun.flat_map(|(_, places)| places) {
                if let Some(tier) = self.tier(*place, query) {
                    each(*place, tier);
                }
            }
        }
    }

    /// Calls `each` with the documents that hold the query within their name or in its initials.
    pub(crate) fn each_within(&self, query: &Query, each: &mut impl FnMut(u32)) {
        if query.is_phrase() || query.segments.len() != 1 || query.squashed.len() < MIN_WITHIN_BYTES {
            return;
        }
        for (letters, places) in &self.by_letters {
            let holds = letters.contains(&query.squashed);
            let is_meant = |place: u32| holds || self.initials(place).starts_with(&query.squashed);
            places.iter().filter(|place| is_meant(**place)).for_each(|place| each(*place));
        }
    }

    /// How much of a name was typed, 0 to 1.
    pub(crate) fn share_typed(&self, place: u32, query: &Query) -> f64 {
        let name = self.name(place).chars().filter(|c| c.is_alphanumeric()).count();
        let typed = query.segments.last().map_or(0, |it| it.chars().filter(|c| c.is_alphanumeric()).count());
        if name == 0 { 1.0 } else { (typed as f64 / name as f64).min(1.0) }
    }

    fn name(&self, place: u32) -> &str {
        self.names.get(place as usize).map_or("", |name| name)
    }

    fn initials(&self, place: u32) -> &str {
        self.initials.get(place as usize).map_or("", |initials| initials)
    }

    fn tier(&self, place: u32, query: &Query) -> Option<Tier> {
        let name = self.name(place);
        let qualified = self.qualified.get(place as usize).map_or("", |name| name);
        if name == query.text || qualified == query.text {
            return Some(Tier::Exact);
        }
        if query.is_phrase() {
            return fit_letters(&squashed(name), &query.squashed);
        }
        let scopes: Vec<&str> = segments(qualified).map(bare).collect();
        let typed: Vec<&str> = query.segments.iter().map(|segment| bare(segment)).collect();
        if ends_with(&scopes, &typed, |a, b| a == b) || typed == [name] {
            return Some(Tier::Exact);
        }
        let is_same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
        if ends_with(&scopes, &typed, is_same) || matches!(typed.as_slice(), [one] if is_same(one, name)) {
            return Some(Tier::ExactIgnoringCase);
        }
        let (last, parents) = typed.split_last()?;
        let outer = scopes.split_last().map_or(&[] as &[&str], |(_, outer)| outer);
        let mut outer = outer.iter();
        let are_parents = parents.iter().all(|parent| outer.any(|scope| is_same(scope, parent)));
        fit_letters(&squashed(name), &squashed(last)).filter(|_| are_parents)
    }
}

/// The first letter of each word.
fn initials(name: &str) -> String {
    let mut initials = String::new();
    each_word(name, &mut |word| initials.extend(word.chars().next()));
    initials
}

/// Fewer letters stand within nearly every name.
const MIN_WITHIN_BYTES: usize = 2;

/// What a name's letters may begin with: a file's name has a dot, at which a symbol's name would end.
fn wanted_letters(query: &Query) -> BTreeSet<String> {
    let mut wanted = BTreeSet::from([squashed(&query.text)]);
    wanted.extend(query.segments.last().map(|last| squashed(bare(last))));
    wanted.extend(query.text.rsplit('/').find(|part| !part.is_empty()).map(squashed));
    wanted.retain(|letters| !letters.is_empty());
    // The longer ones of what begins alike are found with the shorter one.
    let all = wanted.clone();
    wanted.retain(|letters| !all.iter().any(|other| other != letters && letters.starts_with(other)));
    wanted
}

fn fit_letters(name: &str, typed: &str) -> Option<Tier> {
    match name.strip_prefix(typed) {
        Some("") => Some(Tier::SameLetters),
        Some(_) => Some(Tier::Prefix),
        None => None,
    }
}

/// A name without type parameters.
fn bare(segment: &str) -> &str {
    match segment.find('<') {
        Some(at) if at > 0 => &segment[..at],
        _ => segment,
    }
}

fn ends_with(scopes: &[&str], typed: &[&str], is_same: impl Fn(&str, &str) -> bool) -> bool {
    let Some(from) = scopes.len().checked_sub(typed.len()) else { return false };
    !typed.is_empty() && scopes[from..].iter().zip(typed).all(|(scope, typed)| is_same(scope, typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tier(name: &str, qualified: &str, typed: &str) -> Option<Tier> {
        let mut names = Names::default();
        names.add(name, qualified);
        let (query, mut found) = (Query::parse(typed), None);
        names.each_fitting(&query, &mut |_, tier| found = Some(tier));
        if found.is_none() {
            names.each_within(&query, &mut |_| found = Some(Tier::Within));
        }
        found
    }

    #[test]
    fn names_fit_by_tiers() {
        let url_for = |typed| tier("url_for", "flask.app.Flask.url_for", typed);
        for typed in
            ["url_for", "url_for()", "Flask.url_for", "flask.app.Flask.url_for", "app.Flask::url_for"]
        {
            assert_eq!(url_for(typed), Some(Tier::Exact), "{typed}");
        }
        assert_eq!(url_for("flask.URL_for"), Some(Tier::ExactIgnoringCase));
        for typed in ["url for", "urlFor", "flask.flask.url_for", "flask.url-for"] {
            assert_eq!(url_for(typed), Some(Tier::SameLetters), "{typed}");
        }
        for typed in ["url", "Flask.url", "url f", "u"] {
            assert_eq!(url_for(typed), Some(Tier::Prefix), "{typed}");
        }
        for typed in ["rl_fo", "uf"] {
            assert_eq!(url_for(typed), Some(Tier::Within), "{typed}");
        }
        for typed in ["Blueprint.url_for", "url_fort", "", "   "] {
            assert_eq!(url_for(typed), None, "{typed}");
        }
    }

    #[test]
    fn paths_fit_as_names_do() {
        let file = |typed| tier("provider.py", "src/flask/json/provider.py", typed);
        for typed in ["provider.py", "json/provider.py", "src/flask/json/provider.py"] {
            assert_eq!(file(typed), Some(Tier::Exact), "{typed}");
        }
        assert_eq!(file("provider"), Some(Tier::Prefix));
        assert_eq!(file("flask/prov"), Some(Tier::Prefix));
        assert_eq!(file("tests/provider.py"), None);
    }

    #[test]
    fn type_parameters_are_no_part_of_a_scope() {
        assert_eq!(tier("route", "crate::routing::Router<S>::route", "Router::route"), Some(Tier::Exact));
        assert_eq!(tier("$", "jquery.$", "$"), Some(Tier::Exact));
    }
}
