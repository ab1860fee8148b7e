//! JavaScript: types that comments import from other modules.

use super::{files, link};

/// A class that is all that a module exports, one among other exports, and a class of an ES module.
const MODULES: &str = r#"
//- /Sole.js
module.exports = class Sole { up() {} };
//- /Whole.js
/** @typedef {import("./Sole")} Inner */
class Whole {
  up() {}
  /** @returns {Inner} */
  inner() {}
  static make() { return new Whole(); }
}
module.exports = Whole;
module.exports.helper = () => 1;
//- /named.js
export class Named { up() {} }
export default class Main { up() {} }
"#;

fn calls(text: &str) -> Vec<String> {
    let fixture = format!("{MODULES}//- /use.js\n{text}\n");
    let calls = link(&files(&fixture)).calls();
    calls.iter().filter_map(|call| call.strip_prefix("use.js#")).map(str::to_owned).collect()
}

#[test]
fn a_typedef_of_a_module_is_the_class_that_it_exports() {
    let found = calls(
        r#"
/** @typedef {import("./Sole")} Sole */
/** @typedef {import("./Whole")} Whole */
/** @typedef {import("./named").Named<string>} Named */
/** @param {Sole} a */
function sole(a) { a.up(); }
/** @param {Whole} a */
function whole(a) { a.up(); }
/** @param {Whole} a */
function chained(a) { a.inner().up(); }
/** @param {Named} a */
function named(a) { a.up(); }
"#,
    );
    let expected = [
        "chained -> Sole.js#Sole.up",
        "chained -> Whole.js#Whole.inner",
        "named -> named.js#Named.up",
        "sole -> Sole.js#Sole.up",
        "whole -> Whole.js#Whole.up",
    ];
    assert_eq!(found, expected);
}

#[test]
fn import_tags_take_defaults_names_and_modules() {
    let found = calls(
        r#"
/** @import Sole from "./Sole" */
/**
 * @import Main, {
 *   Named as Other
 * } from "./named"
 */
/** @import * as all from './named' */
/** @param {Sole} a */
function sole(a) { a.up(); }
/** @param {Main} a */
function main(a) { a.up(); }
/** @param {Other} a */
function other(a) { a.up(); }
/** @param {all.Named} a */
function through(a) { a.up(); }
"#,
    );
    let expected = [
        "main -> named.js#Main.up",
        "other -> named.js#Named.up",
        "sole -> Sole.js#Sole.up",
        "through -> named.js#Named.up",
    ];
    assert_eq!(found, expected);
}

#[test]
fn types_may_be_imported_where_they_are_used() {
    let found = calls(
        r#"
/** @param {import("./Sole")} a */
function sole(a) { a.up(); }
/** @param {import('./named').Named[]} list */
function each(list) { for (const a of list) a.up(); }
/** @returns {import("./Whole")} */
function make() { return load(); }
function made() { make().up(); }
/** @type {import("./Sole") | null} */
let held = null;
function uses() { held.up(); }
/** @param {import("./missing")} a */
function missing(a) { a.up(); }
"#,
    );
    let expected = [
        "each -> named.js#Named.up",
        "made -> Whole.js#Whole.up",
        "made -> use.js#make",
        "sole -> Sole.js#Sole.up",
        "uses -> Sole.js#Sole.up",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_required_class_with_other_exports_is_made_and_extended() {
    let found = calls(
        r#"
const Whole = require("./Whole");
class Heir extends Whole {}
function make() { new Whole().up(); }
function inherit() { new Heir().up(); }
function helped() { Whole.helper(); Whole.make().up(); }
"#,
    );
    for call in [
        "make -> Whole.js#Whole.up",
        "inherit -> Whole.js#Whole.up",
        "helped -> Whole.js#helper",
        "helped -> Whole.js#Whole.make",
        "helped -> Whole.js#Whole.up",
    ] {
        assert!(found.iter().any(|found| found == call), "{call} is not in {found:#?}");
    }
}

#[test]
fn types_declared_in_comments_are_known_here_and_to_importers() {
    let fixture = format!(
        "{MODULES}{}",
        r#"
//- /types.js
/** @import Sole from "./Sole" */
/**
 * @typedef {object} Context
 * @property {Sole} sole the one
 * @property {Map<string, Sole>=} byName by name
 */
/** @typedef {Sole | null} Maybe */
/** @typedef {{ sole: Sole, inner: { deep: Sole } }} Written */
/** @param {Context} context */
function here(context) { context.sole.up(); }
module.exports.here = here;
//- /use.js
/** @import { Context, Maybe, Written } from "./types" */
/** @param {Context} context */
function whole(context) { context.sole.up(); context.byName.get("a").up(); }
/** @param {number} n @param {Context} context */
function parts(n, { sole, byName: all }) { sole.up(); }
/** @param {Maybe} maybe */
function maybe(maybe) { maybe.up(); }
/** @param {Written} written */
function written(written) { written.inner.deep.up(); }
/** @param {{ deep: Written }} given */
function inline(given) { given.deep.sole.up(); }
function cast(x) { /** @type {Maybe} */ (x).up(); const y = /** @type {Context} */ (x); y.sole.up(); }
"#
    );
    let calls = link(&files(&fixture)).calls();
    let calls: Vec<String> = calls.into_iter().filter(|call| !call.starts_with("Whole.js")).collect();
    let expected = [
        "types.js#here",
        "use.js#cast",
        "use.js#inline",
        "use.js#maybe",
        "use.js#parts",
        "use.js#whole",
        "use.js#written",
    ];
    assert_eq!(calls, expected.map(|from| format!("{from} -> Sole.js#Sole.up")));
}
