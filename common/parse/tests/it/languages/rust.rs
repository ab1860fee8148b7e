//! Rust features.

use super::all;

#[test]
fn items() {
    insta::assert_snapshot!(all("crates/my-net/src/server.rs", include_str!("rust/items.rs.fixture")));
}
