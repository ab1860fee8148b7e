//! What happens from an entry point on, step by step.

mod choose;
pub(crate) mod steps;
pub(crate) mod walk;
pub(crate) mod words;

use docpack::records::Flow;

use crate::View;
use crate::start::Start;

/// Makes the flows of the most telling entry points.
pub(crate) fn flows(view: &View<'_>, start: &Start) -> Vec<Flow> {
    choose::entries(view, start)
        .into_iter()
        .filter_map(|at| walk::flow(view, at))
        .take(choose::MAX_FLOWS)
        .collect()
}
