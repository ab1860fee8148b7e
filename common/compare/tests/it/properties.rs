//! What holds of any two packs.

use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use crate::pack::{Version, compared};

/// Definitions that a version may have; some call each other, some are one another under another name.
const PARTS: &[&str] = &[
    "def load(path, mode='r'):\n    handle = open(path, mode)\n    text = handle.read()\n    check(text)\n    handle.close()\n    return text\n",
    "def read(path, mode='r'):\n    handle = open(path, mode)\n    text = handle.read()\n    check(text)\n    handle.close()\n    return text\n",
    "def load(path):\n    return check(path)\n",
    "def check(text):\n    if not text:\n        raise ValueError(text)\n    return text\n",
    "def check(text, strict=False):\n    if strict and not text:\n        raise KeyError(text)\n    return text\n",
    "class Cart:\n    def add(self, item):\n        return check(item)\n    def clear(self):\n        self.items = []\n    def total(self):\n        return sum(self.items)\n",
    "class Basket:\n    def add(self, item):\n        return check(item)\n    def clear(self):\n        self.items = []\n    def total(self):\n        return sum(self.items)\n",
    "class Cart(Base):\n    def add(self, item, count=1):\n        return load(item)\n",
    "import json\ndef dump(cart):\n    return json.dumps(cart)\n",
    "LIMIT = 1\n",
    "LIMIT = 2\n",
    "def total(handler):\n    return handler(1)\n",
];
const PATHS: &[&str] = &["shop/__init__.py", "shop/cart.py", "shop/_sums.py", "lib/cart.py"];

/// A repository of up to three files with some of the parts, in any order.
fn version() -> impl Strategy<Value = String> {
    let file = (select(PATHS), subsequence(PARTS.to_vec(), 0..=PARTS.len()));
    proptest::collection::btree_map(file.clone().prop_map(|it| it.0), file.prop_map(|it| it.1), 1..=3)
        .prop_map(|files| {
            files.iter().map(|(path, parts)| format!("//- /{path}\n{}", parts.concat())).collect::<String>()
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_pack_compared_with_itself_has_no_changes(text in version()) {
        let comparison = compared(&text, &text);
        prop_assert!(comparison.changes.is_empty(), "{:?}", comparison.changes);
        prop_assert!(comparison.api.changes.is_empty(), "{:?}", comparison.api);
    }

    #[test]
    fn the_way_back_has_the_inverse_changes(before in version(), after in version()) {
        let there = compared(&before, &after);
        let back = compared(&after, &before);
        prop_assert_eq!(there.changes.inverted(), back.changes);
    }

    #[test]
    fn the_order_of_records_makes_no_difference(before in version(), after in version(), seeds in any::<[Index; 4]>()) {
        let (before, after) = (Version::of(&before), Version::of(&after));
        let mut turned = after.clone();
        let symbols = &mut turned.nodes.symbols;
        if !symbols.is_empty() {
            let n = symbols.len();
            symbols.rotate_left(seeds[0].index(n));
            symbols.reverse();
        }
        turned.graph.edges.reverse();
        turned.graph.ambiguous.reverse();
        turned.graph.unresolved.reverse();
        turned.source_map.files.reverse();
        prop_assert_eq!(
            compare::compare(&before.pack(), &after.pack()),
            compare::compare(&before.pack(), &turned.pack())
        );
    }

    #[test]
    fn a_summary_is_never_longer_than_asked_for(before in version(), after in version(), max in 0_usize..3_000) {
        let summary = compare::summary(&compared(&before, &after), max);
        prop_assert!(summary.markdown.chars().count() <= max, "{}", summary.markdown);
    }
}

#[test]
fn a_renamed_function_is_found_by_its_steps_and_its_calls_stay() {
    let version = |name: &str, caller: &str| {
        format!(
            "//- /shop.py\ndef {name}(path, mode):\n    handle = open(path, mode)\n    text = handle.read()\n    handle.close()\n    return text\n{caller}"
        )
    };
    let before = version("load", "def main():\n    return load('a', 'r')\n");
    let after = version("read_all", "def main():\n    return read_all('a', 'r')\n");
    let changes = compared(&before, &after).changes;
    let moved: Vec<_> = changes
        .symbols
        .moved
        .iter()
        .map(|it| (it.before.qualified_name.as_str(), it.after.qualified_name.as_str()))
        .collect();
    assert_eq!(moved, [("shop.load", "shop.read_all")]);
    assert!(changes.symbols.added.is_empty() && changes.symbols.removed.is_empty());
    assert!(changes.calls.added.is_empty() && changes.calls.removed.is_empty(), "{:?}", changes.calls);
}

#[test]
fn members_of_a_moved_class_are_not_listed_again() {
    let class = "class Cart:\n    def add(self, item):\n        self.items.append(item)\n    def total(self):\n        return sum(self.items)\n";
    let before = format!("//- /shop/__init__.py\n//- /shop/cart.py\nx = 1\n{class}");
    let after = format!("//- /shop/__init__.py\n//- /shop/cart.py\nx = 1\n//- /shop/models.py\n{class}");
    let changes = compared(&before, &after).changes;
    let moved: Vec<_> = changes.symbols.moved.iter().map(|it| it.after.qualified_name.as_str()).collect();
    assert_eq!(moved, ["shop.models.Cart"]);
    assert!(changes.symbols.removed.is_empty(), "{:?}", changes.symbols.removed);
}

#[test]
fn packs_without_bodies_are_compared_by_signatures() {
    let text = |name: &str| {
        format!(
            "//- /shop.py\ndef {name}(path: str, mode: str, encoding: str, errors: str) -> bytes:\n    return open(path)\n"
        )
    };
    let old = |name| {
        let mut version = Version::of(&text(name));
        version.bodies = None;
        version.nodes.symbols.iter_mut().for_each(|symbol| symbol.body_digest = None);
        version
    };
    let (before, after) = (old("load"), old("read"));
    let changes = compare::compare(&before.pack(), &after.pack()).changes;
    assert_eq!(changes.symbols.moved.len(), 1);
    assert!(changes.symbols.rewritten.is_empty());
}

#[test]
fn what_is_in_a_file_that_was_not_read_is_not_called_removed() {
    let (before, mut after) = (Version::of("//- /shop.py\nLIMIT = 1\n"), Version::of("//- /other.py\n"));
    let verdict = |after: &Version| {
        let changes = compare::compare(&before.pack(), &after.pack()).api.changes;
        changes.iter().find(|it| it.before.is_some()).map(|it| (it.verdict, it.reasons[0].code))
    };
    assert_eq!(verdict(&after), Some((compare::Verdict::Breaking, "removed")));
    let skipped =
        docpack::records::SkippedFile { file_path: "shop.py".to_owned(), reason: "generated".to_owned() };
    after.source_map.skipped.push(skipped);
    assert_eq!(verdict(&after), Some((compare::Verdict::Unknown, "not_read")));
}
