//! What every request passes: the door, limits, origins, and how its parts are read.

pub(crate) mod cors;
pub(crate) mod door;
pub(crate) mod hosts;
pub(crate) mod origins;
pub(crate) mod rate;
pub(crate) mod read;
