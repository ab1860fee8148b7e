//! The types that the code is about, and what they hold.

use docpack::{EdgeKind, InsightFamily};
use families::{Claim, Form};

use crate::View;
use crate::item::{edge, symbol};
use crate::text::{code, comment};
use crate::types::{self, MAX_TYPES};

/// Fields of one type; its others stand beside them.
const MAX_OF_ONE: usize = 3;

pub(super) fn form(view: &View<'_>) -> Form {
    let mut form = Form::new(InsightFamily::DataModel);
    let mut all = types::central(view);
    form.group(
        "type",
        all.iter().map(|at| {
            Claim::told(view.code.name(*at), types::head(view, *at)).valued(types::n_users(view, *at))
        }),
    );
    all.truncate(MAX_TYPES);
    form.group(
        "field",
        all.iter()
            .flat_map(|at| types::chosen(view, *at).0.into_iter().take(MAX_OF_ONE))
            .filter_map(|at| field(view, at)),
    );
    form.group("holds", all.iter().flat_map(|at| held(view, *at, &all)));
    form.group("extends", all.iter().flat_map(|at| bases(view, *at)));
    form
}

fn field(view: &View<'_>, at: usize) -> Option<Claim> {
    let symbol_of = view.code.symbols[at];
    let kind = symbol_of.return_type.clone()?;
    let name = view.code.name(at);
    let claim = Claim::new(&name, format!("`{name}` is {}.", code(&kind))).at(symbol(&view.code, at));
    Some(claim.quoting(comment(symbol_of)).named(kind))
}

/// Names the other core types that the fields of a type name.
fn held(view: &View<'_>, at: usize, core: &[usize]) -> Vec<Claim> {
    let fields = types::chosen(view, at).0;
    let links = fields.iter().flat_map(|from| view.code.leaving(*from).iter().map(|link| (*from, link)));
    let mut told: Vec<usize> = Vec::new();
    let mut claims = Vec::new();
    for (from, link) in links.filter(|(_, link)| link.kind == EdgeKind::ReferencesType) {
        let is_told = link.other == at || told.contains(&link.other) || !core.contains(&link.other);
        let Some(line) = link.line().filter(|_| !is_told) else { continue };
        told.push(link.other);
        let (owner, field, other) = (view.code.name(at), view.code.name(from), view.code.name(link.other));
        let text = format!("`{owner}` holds `{other}` in `{field}`.");
        let place = edge(&view.code, from, link.other, line);
        claims.push(Claim::new(owner, text).at(place).named(other));
    }
    claims
}

fn bases(view: &View<'_>, at: usize) -> Vec<Claim> {
    let name = view.code.name(at);
    let bases = view.code.symbols[at].bases.iter();
    let claim = |base: &String| {
        Claim::new(&name, format!("`{name}` extends {}.", code(base)))
            .at(symbol(&view.code, at))
            .named(base.as_str())
    };
    bases.map(claim).collect()
}
