//! Symbols of a small repository, for tests of prompts, checks and summaries.

pub(crate) mod symbols;
