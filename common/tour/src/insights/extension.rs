//! Where the repository can be extended.

use docpack::InsightFamily;
use families::{Claim, Form};

use crate::View;
use crate::extension;
use crate::item::symbol;
use crate::types::{foreign_subtypes, subtypes};

pub(super) fn form(view: &View<'_>) -> Form {
    let mut form = Form::new(InsightFamily::Extension);
    let contracts = extension::contracts(view);
    let n_kinds = |at: usize| subtypes(view, at).len() + foreign_subtypes(view, at).len();
    let mut ordered = contracts.clone();
    ordered.sort_by_key(|at| std::cmp::Reverse(n_kinds(*at)));
    form.group(
        "contract",
        ordered
            .into_iter()
            .map(|at| Claim::told(view.code.name(at), extension::contract(view, at)).valued(n_kinds(at))),
    );
    form.group(
        "must_have",
        contracts.iter().filter_map(|at| {
            let name = view.code.name(*at);
            let item = extension::must_have(view, *at)?;
            let text = item.text.replacen("It must have", &format!("A kind of `{name}` must have"), 1);
            let claim = Claim::new(name, text).at(symbol(&view.code, *at));
            Some(
                item.evidence.into_iter().fold(claim, Claim::at).valued(extension::to_write(view, *at).len()),
            )
        }),
    );
    let registries = extension::registries(view).into_iter();
    form.group(
        "registry",
        registries.map(|found| Claim::told(view.code.name(found.0), extension::of_registry(view, found))),
    );
    form
}
