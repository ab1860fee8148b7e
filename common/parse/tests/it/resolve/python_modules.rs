//! Python: what star imports bring in, and where modules lie in a repository of several projects.

use super::{check, files, link};

/// The edges of kind `calls`, one a line.
fn calls(fixture: &str) -> String {
    let linked = link(&files(fixture));
    linked
        .edge_names()
        .into_iter()
        .filter_map(|line| Some(line.strip_prefix("calls ")?.to_owned() + "\n"))
        .collect()
}

#[test]
fn a_star_brings_in_what_all_lists_or_what_has_no_underscore() {
    check(
        "python_stars",
        r#"
//- /pkg/listed.py
__all__ = ["public"]
__all__ += ["_own"]
def public(): pass
def _own(): pass
def open(p): pass
//- /pkg/unlisted.py
from .helper import *
import helper_of_all
def plain(): pass
def _hidden(): pass
//- /pkg/helper.py
def helped(): pass
def _helper(): pass
//- /pkg/more.py
from . import helper
__all__ = ["first"] + helper.__all__
def first(): pass
def second(): pass
def _third(): pass
//- /pkg/extended.py
__all__ = ["one"]
__all__.extend(helper.__all__)
def one(): pass
def two(): pass
//- /use_listed.py
from pkg.listed import *
public()
_own()
open("x")
//- /use_unlisted.py
from pkg.unlisted import *
plain()
helped()
_hidden()
_helper()
//- /use_more.py
from pkg.more import *
from pkg.extended import *
first()
second()
_third()
one()
two()
"#,
    );
}

#[test]
fn of_two_stars_the_last_one_wins_unless_it_may_not_be_run() {
    let fixture = "
//- /a.py
def f(): pass
def g(): pass
//- /b.py
def f(): pass
//- /last.py
from a import *
f()
from b import *
g()
def later(): f()
f()
//- /perhaps.py
from a import *
try:
    from b import *
except ImportError:
    pass
f()
g()
";
    assert_eq!(
        calls(fixture),
        "last.py -> a.py#f\nlast.py -> a.py#g\nlast.py -> b.py#f\nlast.py#later -> b.py#f\nperhaps.py -> a.py#g\n"
    );
}

#[test]
fn stars_that_import_each_other_end() {
    let mut fixture = String::from(
        "//- /a.py\nfrom b import *\ndef f(): pass\n//- /b.py\nfrom a import *\ndef g(): pass\n",
    );
    fixture.push_str("//- /use.py\nfrom a import *\nf()\ng()\nh()\n");
    assert_eq!(calls(&fixture), "use.py -> a.py#f\nuse.py -> b.py#g\n");
}

#[test]
fn each_project_has_its_own_modules() {
    let fixture = "
//- /services/admin/pyproject.toml
[project]
name = 'admin'
//- /services/admin/app/db.py
def connect(): pass
//- /services/api/pyproject.toml
[project]
name = 'api'
//- /services/api/app/db.py
def connect(): pass
//- /services/api/tests/test_x.py
from app.db import connect
def test(): connect()
//- /services/other/run.py
from app.db import connect
connect()
";
    assert_eq!(calls(fixture), "services/api/tests/test_x.py#test -> services/api/app/db.py#connect\n");
}

#[test]
fn packages_of_a_workspace_import_each_other() {
    let fixture = "
//- /packages/foo/pyproject.toml
[project]
name = 'foo'
//- /packages/foo/src/foo/__init__.py
from foo.core import make
//- /packages/foo/src/foo/core.py
def make(): pass
//- /packages/bar/pyproject.toml
[project]
name = 'bar'
//- /packages/bar/src/bar/__init__.py
from foo import make
import foo.core
import elsewhere
def run():
    make()
    foo.core.make()
    elsewhere.make()
";
    assert_eq!(calls(fixture), "packages/bar/src/bar/__init__.py#run -> packages/foo/src/foo/core.py#make\n");
}
