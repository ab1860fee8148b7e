//! What people read of a comparison.

use crate::pack::compared;

const BEFORE: &str = "//- /shop/__init__.py
//- /shop/cart.py
import json

def load(path, mode):
    return json.load(open(path, mode))

def total(items):
    return sum(items)

class Cart:
    def add(self, item):
        return total([item])
";

const AFTER: &str = "//- /shop/__init__.py
//- /shop/cart.py
import yaml

def load(path):
    if path:
        for line in open(path):
            if line:
                return yaml.load(line)

def total(items, tax=0):
    return sum(items) * tax

class Cart:
    def add(self, item):
        return load(item)

    def clear(self):
        self.items = []
";

#[test]
fn a_terminal_shows_what_breaks_first() {
    insta::assert_snapshot!(compare::text(&compared(BEFORE, AFTER), 40));
}

#[test]
fn markdown_fits_a_pull_request() {
    insta::assert_snapshot!(compare::markdown(&compared(BEFORE, AFTER)));
}

#[test]
fn names_of_code_cannot_leave_their_place_in_a_report() {
    let evil = "//- /shop.py\ndef f(a='</script><img src=x onerror=alert(1)>`'): pass\n";
    let comparison = compared("//- /shop.py\ndef f(a=1): pass\n", evil);
    let page = compare::html(&comparison);
    assert!(!page.contains("<img") && !page.contains("</script>"), "{page}");
    let page = compare::markdown(&comparison);
    assert!(page.lines().all(|line| line.matches('`').count() % 2 == 0), "{page}");
}

#[test]
fn a_page_needs_nothing_else_and_runs_nothing() {
    let page = compare::html(&compared(BEFORE, AFTER));
    assert!(page.starts_with("<!doctype html>") && page.contains("shop.cart.load"));
    for word in ["<script", "http:", "https:", "src=", "@import"] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn nothing_is_said_about_equal_packs() {
    let comparison = compared(BEFORE, BEFORE);
    assert!(compare::text(&comparison, 40).starts_with("Nothing changed"));
    for gate in [compare::Gate::Api, compare::Gate::Calls, compare::Gate::Quality] {
        assert_eq!(compare::failed(&comparison, gate), None);
    }
}

#[test]
fn a_gate_says_why_it_fails() {
    let comparison = compared(BEFORE, AFTER);
    assert_eq!(compare::failed(&comparison, compare::Gate::Api).as_deref(), Some("1 breaking change"));
}
