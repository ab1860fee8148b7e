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
