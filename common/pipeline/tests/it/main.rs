//! Names, times, the plan, and the schemas that others read events and messages by.

extern crate doctown_pipeline as pipeline;

mod names;
mod schemas;
mod times;
