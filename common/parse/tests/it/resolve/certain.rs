//! Which references are certain enough for an edge; the rest are candidates, external or unknown.

use super::{Linked, files, link};

fn linked(fixture: &str) -> Linked {
    link(&files(fixture))
}

/// The calls out of one symbol as lines, `file#` left out: `b.run 0.97`.
fn calls(linked: &Linked, source: &str) -> Vec<String> {
    let all = linked.resolution.edges.iter().filter(|edge| edge.kind == docpack::EdgeKind::Calls);
    let from = all.filter(|edge| linked.name(edge.source) == source);
    let short = |name: &str| name.rsplit('#').next().unwrap_or(name).to_owned();
    let mut lines: Vec<String> =
        from.map(|edge| format!("{} {}", short(linked.name(edge.target)), edge.confidence)).collect();
    lines.sort();
    lines
}

#[test]
fn of_several_callees_at_one_call_each_is_a_candidate() {
    let found = linked(
        "
//- /app.py
def one(): pass
def two(): pass
class Task:
    def __init__(self, fn):
        self.fn = fn
    def run(self):
        self.fn()
class Job:
    def __init__(self, fn):
        self.fn = fn
    def run(self):
        self.fn()
Task(one)
Task(two)
Job(one)
",
    );
    assert!(calls(&found, "app.py#Task.run").is_empty());
    assert_eq!(calls(&found, "app.py#Job.run"), ["one 0.95"]);
    assert_eq!(found.rest(), "ambiguous self.fn [app.py#one 0.47, app.py#two 0.47] in app.py#Task.run\n");
}

#[test]
fn a_loop_calls_everything_that_it_goes_through() {
    let found = linked(
        "
//- /app.py
def one(): pass
def two(): pass
HANDLERS = []
def register(fn):
    HANDLERS.append(fn)
    return fn
register(one)
register(two)
def run_all():
    for handler in HANDLERS:
        handler()
def run_named():
    for name, handler in {'a': one, 'b': two}.items():
        handler()
def run_last():
    HANDLERS.pop()()
",
    );
    assert_eq!(calls(&found, "app.py#run_all"), ["one 0.95", "two 0.95"]);
    assert_eq!(calls(&found, "app.py#run_named"), ["one 0.95", "two 0.95"]);
    assert!(calls(&found, "app.py#run_last").is_empty());
}

#[test]
fn what_only_tests_hand_over_is_no_certain_callee_of_the_product() {
    let fixture = "
//- /src/app.py
class App:
    def __init__(self, store):
        self.store = store
    def save(self):
        self.store()
def twice(action):
    action()
def job(): pass
def main():
    twice(job)
//- /tests/test_app.py
from app import App, twice
def fake_store(): pass
def fake(): pass
def test_save():
    App(fake_store).save()
    twice(fake)
def helper(action):
    action()
def test_helper():
    helper(fake)
//- /pyproject.toml
[project]
name = \"app\"
";
    let found = linked(fixture);
    assert!(calls(&found, "src/app.py#App.save").is_empty());
    assert_eq!(calls(&found, "src/app.py#twice"), ["job 0.95"]);
    assert_eq!(calls(&found, "tests/test_app.py#helper"), ["fake 0.95"]);
    let ambiguous = "ambiguous self.store [tests/test_app.py#fake_store 0.4]";
    assert!(found.rest().contains(ambiguous), "{}", found.rest());
}

#[test]
fn names_that_are_swapped_hold_each_others_values() {
    let found = linked(
        "
//- /a.py
def f1(): pass
def f2(): pass
def swapped():
    v1, v2 = f1, f2
    v1, v2 = v2, v1
    v1()
def kept():
    v1, v2 = f1, f2
    v2()
v1, v2 = f1, f2
v1, v2 = v2, v1
v2()
",
    );
    assert_eq!(calls(&found, "a.py#swapped"), ["f2 0.95"]);
    assert_eq!(calls(&found, "a.py#kept"), ["f2 0.95"]);
    assert_eq!(calls(&found, "a.py"), ["f1 0.95"]);
}

#[test]
fn a_type_of_the_repository_comes_before_one_of_the_library() {
    let found = linked(
        "
//- /own.py
from typing import Generic, TypeVar
T = TypeVar('T')
class Client:
    def send(self): pass
class Other:
    def send(self): pass
class Collection(Generic[T]):
    def __getitem__(self, i) -> Other: ...
    def find(self) -> Other: ...
//- /user.py
from own import Client, Collection
def look_up(c: Collection[Client]):
    c.find().send()
def first(c: Collection[Client]):
    c[0].send()
//- /library.py
from typing import Collection
from own import Client
def each(c: Collection[Client]):
    for one in c:
        one.send()
",
    );
    assert_eq!(calls(&found, "user.py#look_up"), ["Collection.find 0.97", "Other.send 0.97"]);
    assert!(!calls(&found, "user.py#first").contains(&"Client.send 0.97".to_owned()));
    assert_eq!(calls(&found, "library.py#each"), ["Client.send 0.96"]);
    let script = linked(
        "
//- /a.ts
class Client { send() {} }
export class Dict<K, V> { take(key: K): V { throw key; } clear() {} }
export class Set<T> { [Symbol.iterator]() { return []; } }
function own(d: Dict<string, Client>) { d.clear(); }
function loop(s: Set<Client>) { for (const c of s) c.send(); }
function held(p: Promise<Dict<string, Client>>) { p.then((d) => d.clear()); }
//- /b.ts
import { Client } from \"./c\";
function library(s: Set<Client>) { for (const c of s) c.send(); }
//- /c.ts
export class Client { send() {} }
",
    );
    assert_eq!(calls(&script, "a.ts#own"), ["Dict.clear 0.97"]);
    assert!(calls(&script, "a.ts#loop").is_empty());
    assert_eq!(calls(&script, "b.ts#library").len(), 1);
}

#[test]
fn a_decorator_is_known_by_its_whole_name_and_module() {
    let found = linked(
        "
//- /a.py
from functools import cache
import functools
from ext import nocache, wraps
from ext.tools import lru_cache
class A:
    def run(self): pass
@nocache
def one() -> A: ...
@cache
def two() -> A: ...
@functools.lru_cache(maxsize=None)
def three() -> A: ...
@lru_cache
def four() -> A: ...
def uses_one(): one().run()
def uses_two(): two().run()
def uses_three(): three().run()
def uses_four(): four().run()
",
    );
    assert_eq!(calls(&found, "a.py#uses_one"), ["one 0.98"]);
    assert_eq!(calls(&found, "a.py#uses_two"), ["A.run 0.97", "two 0.98"]);
    assert_eq!(calls(&found, "a.py#uses_three"), ["A.run 0.97", "three 0.98"]);
    assert_eq!(calls(&found, "a.py#uses_four"), ["four 0.98"]);
    let script = linked(
        "
//- /a.ts
class Svc { go() {} }
class W {
  @property() handler(): Svc { return new Svc(); }
  use() { this.handler().go(); }
}
",
    );
    assert_eq!(calls(&script, "a.ts#W.use"), ["Svc.go 0.97", "W.handler 0.97"]);
}

#[test]
fn a_module_that_passes_a_name_on_from_outside_is_imported() {
    let found = linked(
        "
//- /fast/__init__.py
//- /fast/testclient.py
from starlette.testclient import TestClient as TestClient
//- /app.py
from fast.testclient import TestClient
def main():
    TestClient()
//- /reexport.ts
export { z } from \"zod\";
//- /user.ts
import { z } from \"./reexport\";
export function parse() { z.string(); }
//- /src/lib.rs
pub mod json;
use crate::json::Value;
pub fn read() -> Value { Value::null() }
//- /src/json.rs
pub use serde_json::Value;
//- /Cargo.toml
[package]
name = \"reader\"
[dependencies]
serde_json = \"1\"
",
    );
    let imports: Vec<String> =
        found.edge_names().into_iter().filter(|line| line.starts_with("imports")).collect();
    for expected in [
        "imports app.py -> fast/testclient.py",
        "imports user.ts -> reexport.ts",
        "imports src/lib.rs -> src/json.rs",
    ] {
        assert!(imports.contains(&expected.to_owned()), "{expected}: {imports:#?}");
    }
    assert!(found.rest().contains("external TestClient of starlette in app.py#main"), "{}", found.rest());
}

#[test]
fn globals_of_test_frameworks_are_external() {
    let fixture = "
//- /package.json
{ \"name\": \"root\", \"devDependencies\": { \"vitest\": \"^3\" } }
//- /packages/a/package.json
{ \"name\": \"a\" }
//- /packages/a/a.test.ts
describe(\"a\", () => { beforeEach(() => {}); it(\"runs\", () => { expect(1).toBe(1); vi.fn(); nobody(); }); });
//- /packages/b/package.json
{ \"name\": \"b\", \"devDependencies\": { \"mocha\": \"^10\", \"chai\": \"^5\" } }
//- /packages/b/b.test.js
it(\"runs\", () => { expect(1); });
function test() {}
test();
";
    let rest = linked(fixture).rest();
    for line in [
        "external beforeEach of vitest in packages/a/a.test.ts",
        "external describe of vitest in packages/a/a.test.ts",
        "external vi.fn of vitest in packages/a/a.test.ts",
        "external it of mocha in packages/b/b.test.js",
        "external expect of chai in packages/b/b.test.js",
        "unknown nobody in packages/a/a.test.ts",
    ] {
        assert!(rest.contains(line), "{line}:\n{rest}");
    }
    assert!(!rest.contains("test of"), "{rest}");
}

#[test]
fn callables_that_are_used_as_values_are_listed_by_name() {
    let found = linked(
        "
//- /app.py
class App:
    def wsgi_app(self): pass
    def answer(self): pass
    def close(self): pass
    def open(self): pass
    def title(self): pass
    def by_name(self): pass
def serve(app, wrap):
    getattr(app, 'by_name', None)
    app.wsgi_app = wrap(app.wsgi_app)
    table = [app.answer]
    app.open()
    print(table, app.title())
    return app.close
",
    );
    assert_eq!(found.resolution.handed_over, ["answer", "by_name", "close", "wsgi_app"]);
}

#[test]
fn the_links_of_a_chain_lie_at_their_names() {
    let found = linked(
        "
//- /a.py
class B:
    def one(self) -> 'B': ...
    def two(self) -> 'B': ...
def chain(b: B):
    b.one().two()
//- /a.rs
struct B;
impl B { fn one(self) -> B { self } fn two(self) -> B { self } }
fn chain(b: B) { b.one()
    .two(); }
//- /a.ts
class B { one(): B { return this; } two(): B { return this; } }
function chain(b: B) { b.one()?.two(); }
//- /a.go
package a
type B struct{}
func (b B) One() B { return b }
func (b B) Two() B { return b }
func chain(b B) { b.One().Two() }
",
    );
    for file in ["a.py", "a.rs", "a.ts", "a.go"] {
        let source = format!("{file}#chain");
        let edges = found.resolution.edges.iter();
        let calls = edges.filter(|edge| edge.kind == docpack::EdgeKind::Calls);
        let mut sites: Vec<(u32, u32)> = calls
            .filter(|edge| found.name(edge.source) == source)
            .flat_map(|edge| edge.sites.iter().map(|site| (site.byte_start, site.line)))
            .collect();
        sites.sort_unstable();
        let [(one, first_line), (two, second_line)] = sites[..] else { panic!("{file}: {sites:?}") };
        let n_between = if file == "a.rs" { "one()\n    .".len() } else { "one().".len() };
        let n_mark = usize::from(file == "a.ts");
        assert_eq!((two - one) as usize, n_between + n_mark, "{file}");
        assert_eq!(second_line - first_line, u32::from(file == "a.rs"), "{file}");
    }
}
