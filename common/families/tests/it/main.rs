//! The families as data, and the check of answers.

mod claims;
mod families;
mod shape;
