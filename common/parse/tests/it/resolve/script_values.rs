//! What values are in TypeScript and JavaScript where no type stands beside them.

use super::check;

#[test]
fn what_is_handed_to_a_function_is_typed_by_who_calls_it() {
    check(
        "script_handed",
        r#"
//- /a.ts
export class Client { send() {} }
export class Other { send() {} }
type Handler = (client: Client, index: number) => void;
export function each(label: string, run: (this: Other, client: Client) => void) {}
export function named(run: Handler | undefined) {}
export function chosen<T extends Client>(run: (client: T) => void) {}
export function left(...runs: ((client: Client) => void)[]) {}
export class Pool {
  constructor(init?: (pool: Pool, client: Client) => void) {}
  on(event: "a", run: (client: Client) => void): void;
  on(event: "b", run: (other: Other) => void): void;
  on(event: string, run: any) {}
  use(event: "a", run: (client: Client) => void): void;
  use(event: "b", run: (client: Client, code: number) => void): void;
  use(event: string, run: any) {}
  drain() {}
}
export class Lane extends Pool {}
export function run(pool: Pool, client: Other) {
  each("x", (client) => client.send());
  each("x", function (client) { client.send(); });
  each("x", (client: Other) => client.send());
  named((given, n) => { given.send(); });
  new Pool((pool, one) => { pool.drain(); one.send(); });
  new Lane((pool) => pool.drain());
  pool.use("a", one => one.send());
}
export function unsure(pool: Pool, args: any[]) {
  chosen((mine) => mine.send());
  left((mine) => mine.send());
  pool.on("a", (either) => either.send());
  each(...args, (mine) => mine.send());
}
"#,
    );
}

#[test]
fn containers_hand_on_what_they_hold() {
    check(
        "script_containers",
        r#"
//- /a.ts
export class Client { send() {} filter() {} name = ""; }
type Clients = Client[];
type Store = { open(): Client; byName: Map<string, Client> };
export class Pool {
  list: Clients = [];
  byName = new Map<string, Client>();
  typed: Map<string, Client> = new Map();
  all: Set<Client>;
  later(): Promise<Client> { return null as any; }
  run(store: Store) {
    this.list.forEach((one) => one.send());
    this.list.filter((one) => one.name).map((one) => one.send());
    this.list.find((one) => one.name)?.send();
    this.list.reduce((n, one) => { one.send(); return n; }, 0);
    this.typed.get("a")?.send();
    for (const one of this.typed.values()) one.send();
    this.typed.forEach((one, key) => one.send());
    this.all.forEach((one) => one.send());
    this.later().then((one) => one.send());
    store.open().send();
    store.byName.get("x")!.send();
    this.list.map((one) => one.name).forEach((text) => text.send());
  }
}
//- /b.js
/** @typedef {import("./c.js").Option} Option */
class Command {
  constructor() {
    /** @type {Option[]} */
    this.options = [];
  }
  run() { this.options.filter((one) => one.required()).forEach((one) => one.name()); }
}
//- /c.js
export class Option { name() {} required() {} }
"#,
    );
}

#[test]
fn parts_of_values_are_their_members() {
    check(
        "script_parts",
        r#"
//- /a.ts
export class Client { send() {} }
export interface Options { client: Client; inner: { client: Client }; list: Client[] }
export function read(options: Options): Options { return options; }
export function run(options: Options) {
  const { client, list: [first], inner: { client: deep }, ...rest } = options;
  client.send();
  first.send();
  const { client: renamed = null } = options;
  renamed.send();
  for (const { client } of [options]) client.send();
  read(options).list.forEach(({ send }) => send());
}
export function elsewhere({ client }: Options) { client.send(); }
export const { read: again } = { read };
"#,
    );
}

#[test]
fn functions_give_what_they_return() {
    check(
        "script_results",
        r#"
//- /a.ts
export class Base { send() {} chain() { return this; } typed(): this { return this; } }
export class Client extends Base { send() {} }
export class Other { send() {} }
export function make() { return new Client(); }
const short = () => make();
async function later() { const made = short(); return made; }
export function either(flag: boolean) { return flag ? new Client() : new Other(); }
export function wide(): Base { return new Client(); }
export function open(): Client | Other { return new Client(); }
export function same<T extends Base>(value: T): T { return value; }
export function over(kind: "a"): Client;
export function over(kind: string): Client;
export function over(kind: any): any { return make(); }
export function inner() { [1].map(() => { return new Other(); }); return new Client(); }
export async function run(client: Client) {
  make().send();
  short().send();
  (await later()).send();
  wide().send();
  over("a").send();
  inner().send();
  client.chain().send();
  client.typed().typed().send();
  new Client().chain().chain().send();
}
export function unsure(client: Client, f: any) {
  either(true).send();
  open().send();
  same(client).send();
  const { chain } = client;
  chain().send();
}
"#,
    );
}

#[test]
fn casts_and_tests_say_what_a_value_is() {
    check(
        "script_tests",
        r#"
//- /a.ts
export class Base { send() {} }
export class Client extends Base { send() {} open() {} }
export class Other extends Base { send() {} }
export function run(value: Base, any: any) {
  (value as Client).send();
  (any as unknown as Other).send();
  const cast = any as Client;
  cast.open();
  if (value instanceof Client) {
    value.send();
    [1].forEach(() => value.open());
  } else {
    value.send();
  }
  if (!(any instanceof Other)) return;
  any.send();
}
export function choice(value: Base, on: boolean) {
  value instanceof Client && value.open();
  on || !(value instanceof Client) || value.open();
  const a = value instanceof Client ? value.send() : value.send();
  while (value instanceof Other) { value.send(); value = new Client(); value.send(); }
  if (value instanceof Client) {
    { const value = new Other(); value.send(); }
  }
  if (value instanceof Error) value.send();
}
export function unknown(any: any) {
  if (any instanceof Client) any.send();
  if (any instanceof Base) any.send();
  return new any.constructor();
}
export class Holder {
  copy() { return new this.constructor(); }
  held: Base;
  run() {
    if (this.held instanceof Client) { this.held.open(); this.held = new Other(); this.held.send(); }
  }
}
"#,
    );
}

#[test]
fn a_function_that_a_function_gives_is_another() {
    check(
        "script_inner_functions",
        r##"
//- /package.json
{ "name": "x", "imports": { "#net/*": "./src/net/*.ts", "#net/deep/*": { "default": "./src/deep/*.ts" }, "#dep": "dep" } }
//- /src/a.ts
import { Client } from "#net/client";
import { Other } from "#net/deep/other";
import { dep } from "#dep";
export const build = (kind: string) => (id: number) => { return new Client(); };
export const named = () => function inner(options: Client) { options.send(); return new Other(); };
export function run() {
  build("a").send();
  build("a")(1).send();
  named().send();
  dep();
}
//- /src/net/client.ts
export class Client { send() {} }
//- /src/deep/other.ts
export class Other { send() {} }
"##,
    );
}

#[test]
fn what_a_map_or_record_holds_is_never_the_languages_own() {
    let linked = super::link(&super::files(
        r#"
//- /a.ts
export class Client { send() {} }
export class Pool {
  byName = new Map<string, Client>();
  either = new Map<string, Client | string>();
  plain = new Map();
  named: Record<"left" | "right", Client>;
  made() { this.byName.get("a")!.send(); for (const one of this.byName.values()) one.send(); }
  field() { this.named.left.send(); this.named["right"].send(); }
  local(all: Record<string, Client>) { const one = all.first; one.send(); }
  unsure() { this.either.get("a").run(); this.plain.get("b").run(); Object.assign(this, {}).run(); }
  own() { this.byName.has("a"); this.byName.set("a", null); }
}
"#,
    ));
    let calls = linked.calls();
    assert_eq!(calls, ["field", "local", "made"].map(|from| format!("a.ts#Pool.{from} -> a.ts#Client.send")));
    let rest = linked.rest();
    for call in ["this.either.get().run", "this.plain.get().run", "Object.assign().run"] {
        assert!(rest.contains(&format!("dynamic {call} in")), "{call} in {rest}");
    }
    for call in ["this.byName.has", "this.byName.set", "this.plain.get"] {
        assert!(rest.contains(&format!("external {call} of builtins")), "{call} in {rest}");
    }
}

#[test]
fn members_of_object_types_have_types() {
    let linked = super::link(&super::files(
        r#"
//- /a.ts
export class Client { send() {} }
export function whole(options: { client: Client; all?: Client[] }) { options.client.send(); }
export function parts({ client, all }: { client: Client, all: Client[] }) { client.send(); }
export function element(options: { all: readonly Client[] }) { for (const one of options.all) one.send(); }
export function entry(all: { [name: string]: Client }) { all.first.send(); all["second"].send(); }
export function unknown(options: { client: string }) { options.other.send(); }
"#,
    ));
    let expected = ["element", "entry", "parts", "whole"];
    assert_eq!(linked.calls(), expected.map(|from| format!("a.ts#{from} -> a.ts#Client.send")));
}

#[test]
fn a_function_takes_what_the_type_of_its_variable_says() {
    let linked = super::link(&super::files(
        r#"
//- /types.ts
export class Context<E> { json() {} env: Client }
export class Client { send() {} }
export type Handler<E = any> = (c: Context<E>, next: () => void) => unknown
export type Named = Handler | string
//- /a.ts
import type { Context, Client, Handler } from "./types";
const named: Handler<string> = (c) => c.json();
const single: Handler = c => c.json();
const parts: Handler = ({ env }, next) => env.send();
const written: (one: Client, all: Client[]) => void = (one, all) => { one.send(); all[0].send(); };
class Routes { handler: Handler = async (c) => { c.json(); } }
const own: Handler = (c: any) => c.json();
const other: Unknown = (c) => c.json();
"#,
    ));
    let expected = [
        "Routes.handler -> types.ts#Context.json",
        "named -> types.ts#Context.json",
        "parts -> types.ts#Client.send",
        "single -> types.ts#Context.json",
        "written -> types.ts#Client.send",
    ];
    assert_eq!(linked.calls(), expected.map(|call| format!("a.ts#{call}")));
}
