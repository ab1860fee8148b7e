//! What can fail, and who deals with it.

use docpack::InsightFamily;
use families::{Claim, Form};

use super::purpose::name;
use crate::View;
use crate::errors::{self, Place, Seen};
use crate::item::{edge, line, symbol};
use crate::text::{code, comment, count};

pub(super) fn form(view: &View<'_>) -> Form {
    let mut form = Form::new(InsightFamily::Errors);
    let seen = errors::seen(view);
    let types = errors::types(view, &seen);
    form.group("type", types.iter().map(|at| of_type(view, *at, &seen)));
    let mut values: Vec<usize> = errors::values(view);
    values.sort_by_cached_key(|at| (std::cmp::Reverse(view.code.users(*at).len()), *at));
    form.group("value", values.into_iter().map(|at| value(view, at)));
    let foreign = errors::foreign(view, &types, &seen);
    let own = types.iter().flat_map(|at| raised(view, *at, &seen));
    let others = foreign.iter().flat_map(|(error, places)| by_holder(view, places, "raises", error));
    form.group("raised", own.chain(others));
    form.group("foreign", foreign.into_iter().map(|(error, places)| of_library(view, error, places)));
    form.group("caught", caught(view, &seen));
    form
}

fn of_type(view: &View<'_>, at: usize, seen: &Seen) -> Claim {
    let places = errors::places(view, at, seen);
    let bases: Vec<_> = view.code.symbols[at].bases.iter().take(2).map(|base| code(base)).collect();
    let of = if bases.is_empty() { String::new() } else { format!(" extends {}", bases.join(" and ")) };
    let verb = if seen.raises(&view.code.symbols[at].name) { "is raised" } else { "is made" };
    let and = if bases.is_empty() { "" } else { " and" };
    let used = match places.len() {
        0 => "; nothing here raises it".to_owned(),
        n => format!("{and} {verb} in {}", count(n, "place", "places")),
    };
    let name = view.code.name(at);
    let text = format!("`{name}`{of}{used}.").replace("`;", "`:");
    let claim = Claim::new(name, text).at(symbol(&view.code, at)).quoting(comment(view.code.symbols[at]));
    places
        .iter()
        .fold(claim, |claim, (by, at_line)| claim.at(line(&view.code, *by, *at_line)))
        .valued(places.len())
}

fn value(view: &View<'_>, at: usize) -> Claim {
    let name = view.code.name(at);
    let users = view.code.reaching(at).iter().filter(|link| link.kind != docpack::EdgeKind::Contains);
    let users: Vec<_> = users.filter_map(|link| Some((link.other, link.line()?))).collect();
    let used = users.first().map_or(String::new(), |(by, _)| {
        let more = users.len().saturating_sub(1);
        let more = if more > 0 {
            format!(" and {}", count(more, "more place", "more places"))
        } else {
            String::new()
        };
        format!(" is used in `{}`{more}", self::name(view, *by))
    });
    let claim = Claim::new(&name, format!("`{name}`{used}.")).at(symbol(&view.code, at));
    let claim = claim.quoting(comment(view.code.symbols[at]));
    users.iter().map(|(by, at_line)| edge(&view.code, *by, at, *at_line)).fold(claim, Claim::at)
}

/// Names the functions that raise an error, or make it where none does.
fn raised(view: &View<'_>, at: usize, seen: &Seen) -> Vec<Claim> {
    let error = view.code.name(at);
    let verb = if seen.raises(&view.code.symbols[at].name) { "raises" } else { "makes" };
    by_holder(view, &errors::places(view, at, seen), verb, &error)
}

/// Tells the first place of each function, and counts its others.
fn by_holder(view: &View<'_>, places: &[Place], verb: &str, error: &str) -> Vec<Claim> {
    let mut of_holder: Vec<(Place, usize)> = Vec::new();
    for place in places {
        match of_holder.iter_mut().find(|(first, _)| first.0 == place.0) {
            Some((_, n_more)) => *n_more += 1,
            None => of_holder.push((*place, 0)),
        }
    }
    of_holder.into_iter().map(|(place, n_more)| at_place(view, place, n_more, verb, error)).collect()
}

fn at_place(view: &View<'_>, place: Place, n_more: usize, verb: &str, error: &str) -> Claim {
    let condition = errors::condition(view, place).map_or(String::new(), |it| format!(" {it}"));
    let more = match n_more {
        0 => String::new(),
        n => format!(", and in {}", count(n, "more place", "more places")),
    };
    let holder = name(view, place.0);
    Claim::new(&holder, format!("`{holder}` {verb} {}{condition}{more}.", code(error)))
        .at(line(&view.code, place.0, place.1))
        .named(error)
}

fn of_library(view: &View<'_>, error: &str, places: &[Place]) -> Claim {
    let text = format!("{} is raised in {}.", code(error), count(places.len(), "place", "places"));
    let claim = places
        .iter()
        .map(|(at, at_line)| line(&view.code, *at, *at_line))
        .fold(Claim::new(error, text), Claim::at);
    claim.valued(places.len())
}

fn caught(view: &View<'_>, seen: &Seen) -> Vec<Claim> {
    let mut places: Vec<(Place, &str)> = seen.caught();
    places.sort_unstable();
    places.into_iter().map(|(place, error)| at_place(view, place, 0, "catches", error)).collect()
}
