//! Python features.

use std::fmt::Write;

use super::{all, exports, imports, read, references, symbols};

#[test]
fn items() {
    insta::assert_snapshot!(all("src/pkg/sub/server.py", include_str!("python/items.py.fixture")));
}

#[test]
fn imports_of_a_package() {
    let text = "
import a, b.c, d.e as f
from . import one
from .. import two as three
from .net.http import (
    get,  # a comment
    post as send,
)
from ...far import *
try:
    import json5 as json
except ImportError:
    import json
def late():
    from os import path
__all__ = ['get']
__all__ += ['one']
";
    let facts = read("pkg/sub/__init__.py", text);
    insta::assert_snapshot!(format!("{}--\n{}", imports(&facts), exports(&facts)));
}

#[test]
fn paths_give_modules() {
    let mut out = String::new();
    for path in ["src/pkg/__init__.py", "pkg/mod.pyi", "setup.py", "a/b/c.py", "__init__.py", "bin/tool"] {
        let facts =
            super::parse::parse(docpack::Language::Python, path, b"", &super::parse::ParseLimits::default());
        let _ = writeln!(out, "{path} {} ({})", facts.symbols[0].qualified_name, facts.symbols[0].name);
    }
    insta::assert_snapshot!(out);
}

#[test]
fn definitions_by_assignment() {
    let text = "
score = lambda item, *, by=None: item.score(by)
if DEBUG:
    LEVEL = 10
else:
    LEVEL = 20
x = y = make()
obj.attr = 1
class A:
    def __init__(this, pool: 'Pool'):
        this.pool = pool
        this.a, other.b = 1, 2
        if pool:
            this.late: int = 3
    @staticmethod
    def s(self):
        self.no = 1
    key = lambda self: self.pool
";
    insta::assert_snapshot!(symbols(&read("a.py", text)));
}

#[test]
fn uses_of_names() {
    let text = "
@functools.lru_cache(maxsize=cache_size())
@app.task
def f(a: 'pkg.Client', b: Optional['X'], c: A | None, d: list[B], e: Literal['r', 'w']) -> Callable[[int], C]:
    g(key=handler, *args, **options)
    return {'run': run, 'stop': self.stop}, [first, second]

class D(mixins.E, F[G], metaclass=H):
    items: ClassVar[list[I]] = field(default_factory=list)

(lambda: late())()
''.join(map(str, xs))
a[0].b(c)(d)
";
    insta::assert_snapshot!(references(&read("a.py", text)));
}

/// Numbers counted by hand, by the definitions in `complexity.rs`.
#[test]
fn branches_count() {
    for (body, cyclomatic, cognitive) in [
        ("pass", 1, 0),
        ("if a: b()", 2, 1),
        ("if a:\n  b\n elif c:\n  d\n else:\n  e", 3, 3),
        ("for a in b:\n  while c:\n   if d: e", 4, 6),
        ("try:\n  a\n except B:\n  c\n except D:\n  e\n finally:\n  f", 3, 2),
        ("return a and b and c or d", 4, 2),
        ("return a if b else c", 2, 1),
        ("return [a for a in b if c]", 3, 0),
        ("match a:\n  case 1: b\n  case 2: c\n  case _: d", 3, 1),
        ("return lambda: a if b else c", 2, 2),
    ] {
        let facts = read("a.py", &format!("def f():\n {body}\n"));
        let found = facts.symbols[1].complexity.map(|found| (found.cyclomatic, found.cognitive));
        assert_eq!(found, Some((cyclomatic, cognitive)), "{body}");
    }
}
