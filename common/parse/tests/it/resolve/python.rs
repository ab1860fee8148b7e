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

#[test]
fn inherited_constructors() {
    check(
        "python_inherited_constructors",
        r#"
//- /a.py
class Base:
    def __init__(self): pass
class Heir(Base): pass
class Own(Base):
    def __init__(self): super().__init__()
def make():
    Heir()
    Own()
    Base()
"#,
    );
}

#[test]
fn declared_types_of_receivers() {
    check(
        "python_declared_types",
        r#"
//- /a.py
import typing as t
class Pool:
    def take(self): pass
    def drop(self): pass
class Other:
    def take(self): pass
    def drop(self): pass
class Owner:
    kind: type[Pool] = Pool
    def __init__(self, pool: "Pool", pools: t.List["Pool"], either: Pool | Other):
        self.pool = pool
        self.pools = pools
        self.either = either
        self.late = None
    def fill(self):
        self.late = Pool()
    def run(self):
        self.pool.take()
        self.pools[0].take()
        for pool in self.pools:
            pool.drop()
        self.kind().take()
        self.late.take()
        self.either.take()
        self.pools.take()
def choose(pool: t.Optional[Pool] = None, mixed: tuple[Pool, Other] = ()):
    chosen = pool if pool is not None else Pool()
    chosen.take()
    fallen = pool or Pool()
    fallen.drop()
    mixed[1].take()
"#,
    );
}

#[test]
fn assignments_to_several_names() {
    check(
        "python_assignments",
        r#"
//- /a.py
def first(): pass
def second(): pass
def third(): pass
a, b = first, second
c, *rest, d = first, second, third
(e, (f, g)) = (first, (second, third))
h = i = third
j, k = unknown()
def run():
    a()
    b()
    c()
    d()
    f()
    h()
    i()
    rest()
    j()
class C:
    def __init__(self):
        self.x, self.y = first, second
        self.table = {}
        self.table[first] = second
    def go(self):
        self.x()
        self.y()
"#,
    );
}

#[test]
fn what_runs_outside_of_a_function() {
    check(
        "python_outside",
        r#"
//- /a.py
def option(x): return lambda f: f
def value(): pass
@option(value())
def command(a=value(), *, b: int = value()):
    return lambda c=value(): c
class C:
    @option(1)
    def method(self): pass
"#,
    );
}

#[test]
fn results_that_follow_from_returns() {
    check(
        "python_returns",
        r#"
//- /a.py
from b import decorated_by
class Pool:
    def take(self): pass
    def again(self): return self
def make(): return Pool()
def maybe(x):
    if x: return None
    return Pool()
def one_of(x): return Pool() if x else Other()
def later(): return make
def each():
    yield 1
    return Pool()
@decorated_by
def replaced(): return Pool()
def endless(): return endless()
def hand(x): return x
def closure():
    def inner(): pass
    return inner
class Other:
    def take(self): pass
def run():
    make().take()
    maybe(1).take()
    one_of(1).take()
    later()().take()
    make().again().take()
    closure()()
    each().take()
    replaced().take()
    endless().take()
    hand(Pool()).take()
"#,
    );
}
