//! What happens from an entry point on, step by step.

mod choose;
pub(crate) mod steps;
pub(crate) mod walk;
pub(crate) mod words;

use std::collections::BTreeMap;

use docpack::records::Flow;

use crate::View;
use crate::start::Start;

/// Makes the flows of the most telling entry points.
pub(crate) fn flows(view: &View<'_>, start: &Start) -> Vec<Flow> {
    let entries = choose::entries(view, start).into_iter();
    let mut found: Vec<(usize, Flow)> =
        entries.filter_map(|at| Some((at, walk::flow(view, at)?))).take(choose::MAX_FLOWS).collect();
    let mut n_titled: BTreeMap<String, usize> = BTreeMap::new();
    for (_, flow) in &found {
        *n_titled.entry(flow.title.clone()).or_default() += 1;
    }
    // Commands are often methods of one name, in a file each.
    for (at, flow) in found.iter_mut().filter(|(_, flow)| n_titled[&flow.title] > 1) {
        flow.title = format!("{} in `{}`", flow.title, view.code.path(*at));
    }
    found.into_iter().map(|(_, flow)| flow).collect()
}
