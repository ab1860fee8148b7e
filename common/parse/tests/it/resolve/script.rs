//! TypeScript and JavaScript: what a name, a member or a type stands for where several could be meant.

use super::check;

#[test]
fn classes_without_a_name_keep_their_members() {
    check(
        "script_anonymous_classes",
        r#"
//- /a.js
import { render, fetch } from "./lib.js";
export class Base { open() {} }
export const Mixin = (B) => class extends B {
  render() { return render(this); }
  go() { this.render(); }
};
customElements.define("x-a", class extends Base {
  fetch() { return fetch("/"); }
  load() { this.fetch(); this.open(); super.open(); }
  static make() { return this.kept(); }
  static kept() {}
});
use(class Own { again() { return new Own(); } render() {} });
function outer() { return new Own(); }
render();
//- /lib.js
export function render(x) {}
export function fetch(x) {}
"#,
    );
}

#[test]
fn lists_have_other_members_than_their_elements() {
    check(
        "script_lists",
        r#"
//- /a.ts
class Query { filter() {} go() {} has() {} }
class Box<T> { go() {} }
function run(qs: Query[], maybe: readonly Query[] | undefined, held: Box<Query>, all: Set<Query>) {
  qs.filter();
  for (const q of qs) q.go();
  qs[0].go();
  maybe[0].go();
  held.go();
  all.has();
  for (const key in qs) key.go();
}
"#,
    );
}

#[test]
fn modules_give_away_what_they_export() {
    check(
        "script_exports",
        r#"
//- /index.ts
import { parse } from "./internal";
export * from "./public";
function inner() { parse(); }
export const first = () => inner(), second = () => first();
const own = () => 1;
export { own as renamed };
//- /internal.ts
export function parse() {}
//- /public.ts
export function parse() {}
export function inner() {}
export function own() {}
//- /types.d.ts
declare function declared(): void;
//- /use.ts
import { parse, inner, first, second, own, renamed } from "./index";
import { declared } from "./types";
export function run() { parse(); inner(); first(); second(); own(); renamed(); declared(); }
//- /old.js
const { parse } = require("./internal");
function hidden() { parse(); }
module.exports = { shown() { hidden(); } };
//- /use.js
const { parse, hidden, shown } = require("./old");
parse();
hidden();
shown();
"#,
    );
}

#[test]
fn static_members_belong_to_the_class() {
    check(
        "script_static",
        r#"
//- /a.ts
class Range {
  static has(a: Range, b: Range) {}
  has(b: Range) { return Range.has(this, b); }
  static both() { this.has(a, b); }
}
class E { emit() {} static emit() {} }
class S extends E {
  static emit() {}
  run() { this.emit(); S.emit(); }
}
function use(s: S) { s.emit(); E.emit(); new Range().has(s); }
//- /b.js
class Made { go() {} }
Made.go = function () { this.went(); };
Made.went = function () {};
Made.prototype.stop = function () { this.go(); };
new Made().went();
Made.go();
Made.stop();
"#,
    );
}

#[test]
fn types_are_no_values() {
    check(
        "script_types_and_values",
        r#"
//- /log.ts
export interface Log { info(): void }
export const Log: LogFactory = make();
interface LogFactory { info(): void }
export function here(log: Log) { Log.info(); log.info(); }
//- /use.ts
import { Log } from "./log";
export function there(log: Log) { Log.info(); log.info(); }
"#,
    );
}

#[test]
fn this_under_another_name_is_still_this() {
    let linked = super::link(&super::files(
        r#"
//- /runner.js
class Runner {
  emit() {}
  run() { var self = this; later(function () { self.emit(); }); }
  start() { const that = this; later(function () { that.emit(); }); }
  again() { let me; me = this; later(function () { me.emit(); }); }
}
function Hook() {}
Hook.prototype.fire = function () {};
Hook.prototype.wait = function () { var self = this; later(function () { self.fire(); }); };
//- /typed.ts
export class Typed { go() {} wait() { const self = this; later(function () { self.go(); }); } }
"#,
    ));
    let expected = [
        "runner.js#Hook.wait -> runner.js#Hook.fire",
        "runner.js#Runner.again -> runner.js#Runner.emit",
        "runner.js#Runner.run -> runner.js#Runner.emit",
        "runner.js#Runner.start -> runner.js#Runner.emit",
        "typed.ts#Typed.wait -> typed.ts#Typed.go",
    ];
    assert_eq!(linked.calls(), expected);
}
