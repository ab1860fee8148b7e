//! TypeScript and JavaScript: module paths, re-exports, classes.

use super::check;

#[test]
fn modules() {
    check(
        "typescript_modules",
        r#"
//- /tsconfig.json
{ "compilerOptions": { "baseUrl": ".", "paths": { "@app/*": ["src/*"] } } }
//- /packages/util/package.json
{ "name": "@scope/util", "main": "dist/index.js" }
//- /packages/util/src/index.ts
export function slug(text: string) { return text; }
//- /src/main.ts
import make, { parse as read, Shape } from "./lib";
import * as all from "./lib";
import { deep } from "@app/deep/inner";
import { slug } from "@scope/util";
import { join } from "node:path";
import fs from "fs";
export function main(shape: Shape) {
  read("x");
  all.parse("y");
  make();
  deep();
  slug("a");
  join("a", "b");
  fs.readFileSync("a");
  shape.area();
  console.log(undefinedName());
}
//- /src/lib/index.ts
export * from "./parse";
export { Shape } from "./shape.js";
export default function create() { return 1; }
//- /src/lib/parse.ts
export const parse = (text: string) => helper(text);
function helper(text: string) { return text; }
//- /src/lib/shape.ts
export class Shape { area() { return 1; } }
//- /src/deep/inner.ts
export function deep() {}
//- /src/old.js
const { parse } = require("./lib/parse");
const lib = require("./lib/shape");
parse("x");
new lib.Shape().area();
"#,
    );
}

#[test]
fn classes() {
    check(
        "typescript_classes",
        r#"
//- /a.ts
interface Store { get(key: string): string; }
class Base {
  constructor(protected store: Store) { this.setup(); }
  setup() {}
  run() {}
}
class Client extends Base implements Store {
  private pool: Pool = new Pool();
  static make(): Client { return new Client(null); }
  get(key: string) { this.pool.take(); this.run(); return this.store.get(key); }
  run() { super.run(); [1].map(() => this.setup()); }
}
class Pool { take(): void {} }
function use(client: Client, other) {
  client.get("a");
  Client.make().run();
  const pool = new Pool();
  pool.take();
  other.take();
  const local = (run) => run();
  local(use);
}
const api = { start() { use(null, null); }, stop: () => api.start() };
api.start();
"#,
    );
}

#[test]
fn functions_in_objects_call_for_themselves() {
    check(
        "typescript_objects",
        r#"
//- /rule.js
const helper = require("./helper");
module.exports = {
  create(context) {
    const seen = [1].map(function visit(node) { return helper.find(node); });
    return {
      Program(node) { helper.find(node); this.Program(node); },
      "Class:exit": (node) => { visit(node); },
      [seen[0]]: function () { open(); },
    };
  },
  open() {},
};
const made = wrap({ inner() { helper.find(1); } });
made.inner();
const held = { inner() { this.other(); }, other: () => this.inner() };
held.inner();
//- /helper.js
exports.find = (node) => node;
"#,
    );
}

#[test]
fn this_is_what_the_innermost_function_is_called_on() {
    check(
        "typescript_this",
        r#"
//- /a.ts
class A {
  static make() { return this.build(); }
  static build() {}
  run() {
    const later = () => this.stop();
    function plain() { this.stop(); }
    [1].forEach(function () { this.stop(); });
    return { stop() { this.run(); } };
  }
  stop() {}
}
function bound(this: A) { this.run(); }
const app = Object.create(null);
app.use = function use() { this.listen(); };
app.listen = function () {};
function listen() {}
"#,
    );
}

#[test]
fn overloads_and_constructors() {
    check(
        "typescript_overloads",
        r#"
//- /lib.ts
export function of<A>(a: A): A;
export function of<A, B>(a: A, b: B): A;
export function of(...all: any[]) { return all[0]; }
export class Base { constructor(name: string) {} }
export class Plain extends Base {}
export class Own extends Plain { constructor() { super("a"); } }
export class Late extends Own { constructor() { super(); super.toString(); } }
//- /use.ts
import { of, Plain, Own } from "./lib";
function run() { of(1); new Plain("b"); new Own(); }
"#,
    );
}

#[test]
fn signatures_that_end_with_their_line() {
    check(
        "typescript_signatures",
        r#"
//- /a.ts
export interface Produce {
  <A>(a: A): A
  /** Both. */
  <A, B>(a: A, b: B): A
}
export const scan: {
  <S>(s: S): S
  <S, T>(s: S, t: T): S
} = dual(2, (s) => step(s));
function dual(n: number, body: any) { return body; }
function step(s: any) { return s; }
export function last() { step(1); }
"#,
    );
}

#[test]
fn comments_declare_types_in_javascript() {
    check(
        "javascript_comments",
        r#"
//- /menu.js
/**
 * @typedef {import("./dish.js").Dish} Meal
 * @import { Cook as Chef } from "./cook.js"
 */
export class Menu {
  constructor() {
    /** @type {Meal | null} */
    this.best = null;
    /** @type {Meal[]} */
    this.all = [];
  }
  /**
   * @param {Meal} meal
   * @param {Chef} [chef]
   * @param {Meal | Chef} either
   * @param {other.Plate} plate
   * @returns {Meal}
   */
  add(meal, chef, either, plate) {
    meal.serve();
    chef.serve();
    either.serve();
    plate.serve();
    this.best.serve();
    return meal;
  }
  again() { this.add().serve(); }
  /** @param {Meal} other */
  shadowed(meal) { meal.serve(); }
}
/** @type {Chef} */
const chef = find();
export function run() { chef.serve(); }
//- /dish.js
export class Dish { serve() {} }
//- /cook.js
export class Cook { serve() {} }
//- /typed.ts
import { Dish } from "./dish.js";
/** @param {Dish} dish */
export function serve(dish) { dish.serve(); }
"#,
    );
}

#[test]
fn imported_types_lead_to_what_they_name() {
    let linked = super::link(&super::files(
        r#"
//- /use.ts
export function list(all: import("./m").Item[]) { all[0].run(); }
export function held(box: import('./m').Box<string>) { box.open(); }
export function plain(item: import("./m").Item) { item.run(); }
export function made() { return give().run(); }
declare function give(): Promise<import("./m").Item | null>;
//- /m.ts
export class Item { run() {} }
export class Box<T> { open() {} }
"#,
    ));
    let expected = [
        "held -> m.ts#Box.open",
        "list -> m.ts#Item.run",
        "made -> m.ts#Item.run",
        "made -> use.ts#give",
        "plain -> m.ts#Item.run",
    ];
    assert_eq!(linked.calls(), expected.map(|call| format!("use.ts#{call}")));
    assert!(linked.edge_names().contains(&"imports use.ts -> m.ts".to_owned()));
    assert!(linked.edge_names().contains(&"references_type use.ts#list -> m.ts#Item".to_owned()));
}
