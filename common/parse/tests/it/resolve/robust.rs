//! Input that people do not write: cycles, endless chains, indices that lead nowhere.

use doctown_parse as parse;
use parse::resolve::Linker;
use proptest::prelude::*;

use super::{files, link};

#[test]
fn import_cycles_end() {
    let fixture = "
//- /a.py
from b import *
from b import x
class A(B): pass
x()
//- /b.py
from a import *
from a import x
class B(A): pass
y = y.z()
y.w()
//- /src/lib.rs
pub use self::a::*;
mod a;
type T = U;
type U = T;
fn f(t: T) { t.go(); g(); }
//- /src/a.rs
pub use super::*;
pub use crate::g as g;
";
    assert_eq!(
        link(&files(fixture))
            .resolution
            .edges
            .iter()
            .filter(|edge| edge.kind == docpack::EdgeKind::Calls)
            .count(),
        0
    );
}

#[test]
fn variables_that_hold_each_other_end() {
    let fixture = "
//- /a.py
import b
first = b.second
first.go()
first.x.y.z()
class K:
    x = b.second
    def m(self):
        self.x.run()
        K.x.run()
//- /b.py
import a
second = a.first
second.go()
def f():
    second.stop.now()
//- /c.js
import * as d from './d.js';
export const one = d.two;
one.go();
//- /d.js
import * as c from './c.js';
export const two = c.one;
two.go.on();
//- /e.ts
export type A = B;
export type B = A;
export function use(a: A, b: B) { a.go(); b.go(); A.go(); }
//- /src/lib.rs
mod m;
pub static ONE: &T = &m::TWO;
pub fn f() { ONE.go(); m::TWO.go(); }
//- /src/m.rs
pub static TWO: &T = &crate::ONE;
//- /go.mod
module x
//- /g.go
package x
var one = two
var two = one
type A = B
type B = A
func f(a A) { one.go(); a.go() }
";
    let linked = link(&files(fixture));
    assert_eq!(linked.edge_names().iter().filter(|edge| edge.starts_with("calls")).count(), 0);
}

#[test]
fn a_long_chain_costs_little_and_stays_unresolved() {
    let mut fixture = String::new();
    for at in 0..500 {
        fixture.push_str(&format!("//- /m{at}.py\nfrom m{} import f\n", at + 1));
    }
    fixture.push_str("//- /m500.py\ndef f(): pass\n//- /use.py\nfrom m499 import f as near\nfrom m0 import f as far\nnear()\nfar()\n");
    let linked = link(&files(&fixture));
    let calls = linked.edge_names().into_iter().filter(|edge| edge.starts_with("calls")).collect::<Vec<_>>();
    assert_eq!(calls, ["calls use.py -> m500.py#f"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Facts may come from a damaged store: no index may be trusted.
    #[test]
    fn indices_that_lead_nowhere_never_panic(seed in proptest::collection::vec(0u32..40, 1..60)) {
        let text = "from a import b, c\nclass D(b):\n    x: c = b()\n    def e(self, f: D): self.x.e(f); f.e(); c()\n";
        let language = parse::detect("a.py", text.as_bytes()).expect("known extension");
        let mut facts = parse::parse(language, "a.py", text.as_bytes(), &parse::ParseLimits::default());
        let mut next = seed.iter().cycle().copied();
        let mut number = || next.next().unwrap_or_default();
        for symbol in &mut facts.symbols {
            symbol.parent = Some(number());
            symbol.scope = Some(number());
        }
        for scope in &mut facts.scopes {
            scope.parent = Some(number());
            scope.symbol = Some(number());
        }
        for binding in &mut facts.bindings {
            binding.scope = number();
        }
        for reference in &mut facts.references {
            (reference.from, reference.scope) = (number(), number());
        }
        let mut linker = Linker::new();
        linker.add_file(&facts);
        linker.finish();
    }

    #[test]
    fn any_manifest_is_survived(text in ".{0,200}") {
        let mut linker = Linker::new();
        for name in ["Cargo.toml", "go.mod", "package.json", "tsconfig.json", "pyproject.toml", "setup.cfg"] {
            linker.add_manifest(name, &text);
        }
        linker.finish();
    }
}

/// Lines that differ in a number.
fn lines(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(line).collect()
}

fn has_no_calls(fixture: &str) {
    let linked = link(&files(fixture));
    assert_eq!(linked.edge_names().iter().filter(|edge| edge.starts_with("calls")).count(), 0);
}

#[test]
fn many_stars_cost_little() {
    let same = "use a::*;\n".repeat(3_000);
    let others = lines(300, |at| format!("use a{at}::*;\n"));
    let uses = lines(2_000, |at| format!("fn f{at}() {{ g{at}(); }}\n"));
    has_no_calls(&format!("//- /src/lib.rs\n{same}{others}{uses}"));
    let outside = lines(6_000, |at| format!("use b{at}::*;\n"));
    has_no_calls(&format!("//- /src/lib.rs\n{outside}{uses}"));
}

#[test]
fn names_that_are_set_often_cost_little() {
    let sets = "x = x.y()\n".repeat(5_000);
    let inside = "    x = x.y()\n".repeat(5_000);
    let shadowed = "let x = x.y();\n".repeat(5_000);
    has_no_calls(&format!(
        "//- /a.py\n{sets}def f():\n    x = 1\n{inside}//- /src/lib.rs\nfn h() {{ let x = 1;\n{shadowed} }}\n"
    ));
}

#[test]
fn many_imports_parts_and_members_cost_little() {
    let named = lines(3_000, |at| format!("import \"example.org/p{at}\"\nfunc f{at}() {{ q{at}.run() }}\n"));
    let parts = lines(10_000, |at| format!("a{at}, "));
    let members = lines(5_000, |at| format!("a{at}.b = (x) => x;\n"));
    has_no_calls(&format!(
        "//- /go.mod\nmodule m\n//- /g.go\npackage g\n{named}//- /m.js\n{members}//- /src/lib.rs\nfn h() {{ let ({parts}) = x; }}\n"
    ));
}

#[test]
fn a_star_may_begin_with_a_name_that_another_brings_in() {
    let fixture = "
//- /src/lib.rs
use inner::*;
use outer::*;
mod outer { pub mod inner { pub fn f() {} } }
fn g() { f(); }
";
    assert!(
        link(&files(fixture))
            .edge_names()
            .contains(&"calls src/lib.rs#g -> src/lib.rs#outer.inner.f".to_owned())
    );
}
