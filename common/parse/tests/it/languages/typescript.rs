//! TypeScript: what types add to JavaScript.

use insta::assert_snapshot;

use super::{all, bindings, exports, imports, read, references, symbols};

#[test]
fn declarations() {
    assert_snapshot!(all("src/net/client.ts", include_str!("typescript/declarations.ts.fixture")));
}

#[test]
fn imports_and_exports() {
    let source = r#"
import React, { useState as state, type FC } from 'react';
import * as path from 'node:path';
import './polyfill';
import fs = require('fs');
import Short = Long.Inner.Name;
export * from './all';
export * as shapes from './shapes';
export { default } from './main';
export { default as Main, one, two as deux } from './parts';
const local = 1, other = 2;
export { local, other as renamed };
export const { left, right: [first] } = pair();
export default class Widget {}
export = Widget;
const lazy = await import('./lazy');
const loaded = () => import('./route');
"#;
    let facts = read("packages/app/src/index.ts", source);
    assert_snapshot!(format!(
        "{}-- exports\n{}-- symbols\n{}",
        imports(&facts),
        exports(&facts),
        symbols(&facts)
    ));
}

#[test]
fn elements_call_components() {
    let source = r#"
export function Page({ title }: Props) {
    const onClick = () => save(title);
    return <Layout.Main><Button onClick={onClick} onFocus={focus}>go</Button><div/></Layout.Main>;
}
"#;
    let facts = read("src/Page.tsx", source);
    assert_snapshot!(format!("{}-- references\n{}", symbols(&facts), references(&facts)));
}

#[test]
fn types_of_values() {
    let source = r#"
function run(client: Client<A> | undefined, list: readonly Item[], cb: (x: Item) => void = noop) {
    const made = new Service.Worker(client);
    const answer = await client!.get<string>('a');
    const { a, b: renamed = fallback, ...others } = options;
    for (const item of list) item.close();
    try { risky(); } catch (error) { log(error); }
    let typed: Array<Item> = [];
    items.map(parse).forEach((x) => x.done?.());
    return (made as Worker).start;
}
"#;
    let facts = read("src/run.ts", source);
    assert_snapshot!(format!("{}-- bindings\n{}", references(&facts), bindings(&facts)));
}

#[test]
fn branches_count() {
    let source = r#"
export function classify(n: number, tags?: string[]): string {
    if ((n < 0 && n > -10) || n === 99) {
        return 'small';
    } else if (n === 0) {
        return 'zero';
    } else {
        n++;
    }
    for (const tag of tags ?? []) {
        switch (tag) {
            case 'a': return tag;
            case 'b':
                if (n > 1) continue;
            default:
        }
    }
    try { work(); } catch (e) { return n > 1 ? 'x' : 'y'; }
    return [1].map(x => { if (x) return 'a'; return 'b'; })[0];
}
"#;
    let facts = read("src/a.ts", source);
    let complexity = facts.symbols[1].complexity.expect("functions are measured");
    // 1 + if, else if, for, two cases, if, catch, conditional, if in the closure + three logical operators.
    assert_eq!(complexity.cyclomatic, 13);
    // if 1, && 1, || 1, else if 1, else 1, for 1, ?? 1, switch 2, if 3, catch 1, conditional 2, if in the closure 2.
    assert_eq!(complexity.cognitive, 17);
}

/// Everything of a file that the grammar alone would lose in part.
fn defined(text: &str) -> Vec<String> {
    let facts = read("a.ts", text);
    assert_eq!(facts.findings, [], "{text}");
    facts.symbols.iter().skip(1).map(|symbol| symbol.name.clone()).collect()
}

#[test]
fn call_signatures_end_with_their_line() {
    let text = "
interface Get {
  <A>(a: A): A
  // two, with a comment that ends in a comma,
  <
    A,
    B extends A = A,
  >(a: A, b: B): B
  (c: string): string
  <C>(c: C): C
  name: string
}
type Use = {
  <S>(s: S | (() => S)): [S]
  <S = undefined>(): [S | undefined]
}
export class After { run() {} }
export const create = <E>(init?: E) => init
";
    assert_eq!(defined(text), ["Get", "name", "Use", "After", "run", "create"]);
}

#[test]
fn variance_type_exports_and_accessors_lose_nothing() {
    let text = "
export type * from './types'
export type * as shapes from './shapes'
interface Producer<out T> { make(): T }
type Both<in out T> = { both(t: T): T }
class Box<in A, out B, C> { accessor value: B; static accessor count = 1; open(a: A): B { return this.value } }
export function last() {}
";
    let names = ["Producer", "make", "Both", "both", "Box", "value", "count", "open", "last"];
    assert_eq!(defined(text), names);
    let facts = read("a.ts", text);
    let exports: Vec<_> = facts.exports.iter().map(|export| export.name.as_str()).collect();
    assert_eq!(exports, ["shapes", "last"]);
    assert_eq!(facts.symbols[5].generics, ["A", "B", "C"]);
}

#[test]
fn imported_types_may_have_arguments_and_be_lists() {
    let text = "
function first(all: import('./m').Item[], held: import('./m').Box<Other>): Promise<import('./n').Result<Other>[]> {
  return import('./m').then((m) => m.load(all))
}
let kind: typeof import('./m').kinds[] = []
export class After {}
";
    assert_eq!(defined(text), ["first", "kind", "After"]);
    let facts = read("a.ts", text);
    let first = &facts.symbols[1];
    assert_eq!(first.parameters[0].type_name.as_deref(), Some("import('./m').Item[]"));
    assert_eq!(first.return_type.as_deref(), Some("Promise<import('./n').Result<Other>[]>"));
    let modules: Vec<_> = facts.imports.iter().map(|import| import.module.as_str()).collect();
    assert_eq!(modules, ["./m", "./m", "./n", "./m", "./m"]);
}
