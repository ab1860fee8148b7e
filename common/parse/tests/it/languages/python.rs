//! Python features.

use super::all;

#[test]
fn items() {
    insta::assert_snapshot!(all("src/pkg/sub/server.py", include_str!("python/items.py.fixture")));
}
