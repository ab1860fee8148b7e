//! The families of questions, filled out of what the sections of the tour compute.

mod configuration;
mod data_model;
mod errors;
mod extension;
mod flow;
mod purpose;
mod risks;

use docpack::records::{Flow, Insights, Quality};

use crate::View;
use crate::start::Start;

/// Answers each question that the facts say something to.
pub(crate) fn insights(view: &View<'_>, start: &Start, flows: &[Flow], quality: &Quality) -> Insights {
    let families = [
        purpose::form(view, start),
        flow::form(view, flows),
        errors::form(view),
        configuration::form(view),
        extension::form(view),
        data_model::form(view),
        risks::form(view, start, quality),
    ];
    Insights {
        families: families.into_iter().filter_map(families::Form::finish).collect(),
        words: Vec::new(),
    }
}
