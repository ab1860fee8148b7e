//! What Go's own rules add: packages and builds, values of unnamed types, selectors.

mod builds;
mod composites;
mod packages;
mod selectors;
mod written;

pub(crate) use composites::{CompositeIdx, Composites};
pub(crate) use packages::{PackageIdx, Packages, is_test};
pub(crate) use written::{Written, outermost};
