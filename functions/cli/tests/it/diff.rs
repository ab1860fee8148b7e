//! Two versions of a repository, compared at the door of the program.

use serde_json::Value;

use crate::program::{Ran, World};

const BEFORE: &str = "//- /shop/__init__.py
//- /shop/cart.py
\"\"\"Carts of the shop.\"\"\"


def load(path, mode):
    return open(path, mode)


def total(items):
    return sum(items)


class Cart:
    def add(self, item):
        return total([item])
";

const AFTER: &str = "//- /shop/__init__.py
//- /shop/cart.py
\"\"\"Carts of the shop.\"\"\"
import yaml


def load(path):
    return yaml.load(path)


def total(items, tax=0):
    return sum(items) * tax


class Cart:
    def add(self, item):
        return load(item)

    def each(self, handler):
        return handler(self)
";

fn world() -> World {
    let world = World::new();
    for (name, text) in [("old", BEFORE), ("new", AFTER)] {
        let source = world.write(name, text);
        world.build(&source, &format!("{name}.docpack"), &[]);
    }
    world
}

fn ok(ran: Ran) -> String {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn what_breaks_is_shown_before_anything_else() {
    let world = world();
    let shown = ok(world.run(&["diff", "old.docpack", "new.docpack"]));
    assert!(shown.starts_with("1 breaking change, "), "{shown}");
    let places =
        ["Breaking (1)", "shop.cart.load", "mode was removed", "Compatible", "packages newly called: yaml"];
    let found: Vec<_> =
        places.iter().map(|text| shown.find(text).unwrap_or_else(|| panic!("no {text}: {shown}"))).collect();
    assert!(found.is_sorted(), "{shown}");
    assert!(ok(world.run(&["diff", "new.docpack", "new.docpack"])).starts_with("Nothing changed"));
}

#[test]
fn programs_get_json_and_people_get_pages() {
    let world = world();
    let json: Value = serde_json::from_str(&ok(world.run(&["diff", "old.docpack", "new.docpack", "--json"])))
        .expect("stdout is one JSON value");
    assert_eq!((&json["command"], &json["data"]["api"]["verdict"]), (&"diff".into(), &"breaking".into()));
    assert_eq!(json["data"]["api"]["changes"][0]["reasons"][0]["code"], "parameter_removed");
    let page = ok(world.run(&["diff", "old.docpack", "new.docpack", "--markdown"]));
    assert!(page.starts_with("### 1 breaking change") && page.contains("- `shop.cart.load`"), "{page}");
    ok(world.run(&["diff", "old.docpack", "new.docpack", "--html", "-o", "diff.html"]));
    let page = std::fs::read_to_string(world.path("diff.html")).expect("the page was written");
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"), "{page}");
}

#[test]
fn changes_that_may_not_happen_exit_with_8_after_the_report() {
    let world = world();
    for (what, code) in [("api", 8), ("calls", 8), ("api,calls", 8)] {
        let ran = world.run(&["diff", "old.docpack", "new.docpack", "--fail-on", what]);
        assert_eq!(ran.code, code, "{what}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("error[changes_found]") && ran.stdout.contains("Breaking (1)"),
            "{}",
            ran.stderr
        );
    }
    ok(world.run(&["diff", "old.docpack", "old.docpack", "--fail-on", "api,calls,quality"]));
}

#[test]
fn what_is_no_pack_is_named() {
    let world = world();
    for (arguments, exit, code) in [
        (["old.docpack", "absent.docpack"], 3, "pack_unreadable"),
        (["old.docpack", "old"], 3, "pack_unreadable"),
        (["old.docpack", "owner/name@v2"], 2, "server_missing"),
        (["old.docpack", "http://192.0.2.1/x.docpack"], 2, "server_insecure"),
        (["old.docpack", "no address://"], 2, "address_malformed"),
    ] {
        let ran = world.run(&["diff", arguments[0], arguments[1]]);
        assert_eq!(ran.code, exit, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(&format!("error[{code}]")), "{arguments:?}: {}", ran.stderr);
    }
    let ran = world.run(&["diff", "old.docpack", "new.docpack", "-o", "old.docpack"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
}
