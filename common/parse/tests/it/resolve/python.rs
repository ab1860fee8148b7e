//! Python: packages, re-exports, classes and their order.

use super::{check, files, link};

#[test]
fn imports_and_packages() {
    check(
        "python_imports_and_packages",
        r#"
//- /src/pkg/__init__.py
from .core import Engine
from .util import *
from . import helpers
//- /src/pkg/core.py
import os.path
import json as j
import pkg.helpers
from . import helpers as h
from .missing import gone
class Engine:
    def start(self):
        h.prepare()
        pkg.helpers.prepare()
        os.path.join("a")
        j.loads("")
        gone()
//- /src/pkg/util.py
__all__ = ["shown"]
def shown(): pass
def hidden(): pass
//- /src/pkg/helpers.py
def prepare(): pass
//- /tests/test_core.py
from pkg import Engine, shown, helpers
import pkg
def test():
    Engine().start()
    shown()
    helpers.prepare()
    pkg.core.Engine()
    print(len("x"))
    undefined_name()
"#,
    );
}

#[test]
fn classes() {
    check(
        "python_classes",
        r#"
//- /a.py
class Base:
    def __init__(self): self.setup()
    def setup(self): pass
    def run(self): pass
    @property
    def pool(self) -> "Pool": return Pool()
    @classmethod
    def make(cls): return cls()
class Left(Base):
    def run(self): super().run()
class Right(Base):
    def setup(self): pass
class Both(Left, Right):
    def go(self, pool: Pool, other):
        self.run()
        self.setup()
        self.pool.take()
        pool.take()
        other.take()
        self.conn = Pool()
        self.conn.take()
        Base.make()
        Both()
class Pool:
    def take(self): pass
    def __call__(self): pass
def use():
    p = Pool()
    p.take()
    p()
    f = use
    f()
"#,
    );
}

#[test]
fn scopes() {
    check(
        "python_scopes",
        r#"
//- /a.py
from b import thing
def outer():
    def inner(): thing()
    inner()
    thing = 1
def shadow(thing):
    thing()
class C:
    def thing(self): thing()
    other = thing
def plain():
    thing()
    hand(thing)
def hand(f): f()
//- /b.py
def thing(): pass
"#,
    );
}

#[test]
fn every_call_site_is_counted_once() {
    let fixture = "
//- /a.py
def f(g):
    f(1); f(2)
    g()
    g.send()
    len(g)
    print(missing())
class C:
    def send(self): pass
";
    let linked = link(&files(fixture));
    assert_eq!(linked.counts(), "python: 2 resolved, 1 ambiguous, 2 external, 2 unresolved\n");
}
