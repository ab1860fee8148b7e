//! Which code supports the rest: tests, benchmarks, examples.

use docpack::Role;

/// What code of a role that supports the product is, as a label says it.
pub(crate) fn support_word(role: Role) -> &'static str {
    match role {
        Role::Benchmark => "benchmarks",
        Role::Example => "examples",
        _ => "tests",
    }
}
