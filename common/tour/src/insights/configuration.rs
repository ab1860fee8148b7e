//! What can be set, and where.

use docpack::InsightFamily;
use families::{Claim, Form};

use super::purpose::name;
use crate::View;
use crate::item::{line, symbol};
use crate::settings::{self, Place};
use crate::text::{code, comment, count};

/// Settings of one type; its others stand beside them.
const MAX_OF_ONE: usize = 4;

pub(super) fn form(view: &View<'_>) -> Form {
    let mut form = Form::new(InsightFamily::Configuration);
    let variables = settings::variables(view);
    if variables.is_empty() {
        let readers = settings::readers(view);
        form.group("reader", readers.into_iter().map(|place| reader(view, place)));
    }
    form.group(
        "environment",
        variables.iter().map(|(variable, places)| {
            Claim::told(*variable, settings::variable(view, variable, places)).valued(places.len())
        }),
    );
    let types = settings::types(view);
    form.group("settings", types.iter().map(|at| holder(view, *at)));
    form.group(
        "setting",
        types
            .iter()
            .flat_map(|at| settings::fields(view, *at).into_iter().take(MAX_OF_ONE))
            .filter_map(|at| setting(view, at)),
    );
    form.group(
        "option",
        settings::options(view).into_iter().map(|(option, places)| option_of(view, option, &places)),
    );
    form
}

fn reader(view: &View<'_>, (at, at_line): Place) -> Claim {
    let holder = name(view, at);
    Claim::new(&holder, format!("`{holder}` reads the environment.")).at(line(&view.code, at, at_line))
}

fn holder(view: &View<'_>, at: usize) -> Claim {
    let n = settings::fields(view, at).len();
    let name = view.code.name(at);
    // A type with fewer keeps its settings elsewhere, as in a dictionary.
    let held = if n > 1 { format!(" holds {}", count(n, "setting", "settings")) } else { String::new() };
    Claim::new(&name, format!("`{name}`{held}."))
        .at(symbol(&view.code, at))
        .quoting(comment(view.code.symbols[at]))
        .valued(n)
}

/// Tells a field with its type; of one without, the name is all there is.
fn setting(view: &View<'_>, at: usize) -> Option<Claim> {
    let symbol_of = view.code.symbols[at];
    let name = view.code.name(at);
    let kind = symbol_of.return_type.clone()?;
    let claim = Claim::new(&name, format!("`{name}` is {}.", code(&kind))).at(symbol(&view.code, at));
    Some(claim.quoting(comment(symbol_of)).named(kind))
}

fn option_of(view: &View<'_>, option: &str, places: &[Place]) -> Claim {
    let claim = Claim::new(option, format!("{} is named in the code.", code(option)));
    places.iter().map(|(at, at_line)| line(&view.code, *at, *at_line)).fold(claim, Claim::at)
}
