//! Python: what is known of a value besides its declared type, and which scopes a name is looked up in.

use super::check;

#[test]
fn conditions_say_more_than_declared_types() {
    check(
        "python_conditions",
        r#"
//- /a.py
class Base:
    def run(self): pass
    def stop(self): pass
class Sub(Base):
    def run(self): pass
class Other(Base):
    def run(self): pass
class Mixin:
    def run(self): pass
    def mix(self): pass
def block(x: Base):
    if isinstance(x, Sub):
        x.run()
        x.stop()
def otherwise(x: Base):
    if isinstance(x, Sub):
        pass
    else:
        x.run()
def chained(x: Base):
    if x is None:
        pass
    elif isinstance(x, Sub):
        x.run()
def asserted(x: Base):
    assert isinstance(x, Sub), "why"
    x.run()
def returned(x: Base):
    if not isinstance(x, Sub):
        return
    x.run()
def returned_or(x: Base, y):
    if y or not isinstance(x, Sub):
        raise ValueError
    x.run()
def behind_and(x: Base):
    return isinstance(x, Sub) and x.run()
def chosen(x: Base):
    return x.run() if isinstance(x, Sub) else None
def several(x: Base):
    if isinstance(x, (Sub, Other)):
        x.run()
def either(x: Base):
    if isinstance(x, Sub) or isinstance(x, Other):
        x.run()
def more_special(x: Sub):
    if isinstance(x, Base):
        x.run()
def unknown(x):
    if isinstance(x, Sub):
        x.run()
def mixed(x: Base):
    if isinstance(x, Mixin):
        x.mix()
        x.run()
def of_language(x: Base):
    if isinstance(x, str):
        x.run()
def set_again(x: Base, y: Base):
    if isinstance(x, Sub):
        x = y
        x.run()
def each(xs: list[Base]):
    return [x.run() for x in xs if isinstance(x, Sub)]
def shadowed(x: Base, ys: list[Other]):
    if isinstance(x, Sub):
        for x in ys:
            x.run()
        [x.run() for x in ys]
def looped(x: Base):
    while isinstance(x, Sub):
        x.run()
def other_name(x: Base, y: Base):
    if isinstance(x, Sub):
        y.run()
class Holder:
    x: Base
    def held(self):
        if isinstance(self.x, Sub):
            self.x.run()
            self.x = Other()
            self.x.stop()
"#,
    );
}

#[test]
fn super_with_arguments_goes_on_behind_the_class() {
    check(
        "python_super_arguments",
        r#"
//- /a.py
class A:
    def run(self): pass
    def stop(self): pass
class B(A):
    def run(self): pass
class C(B):
    def run(self): super(B, self).run()
    def own(self): super(C, self).run()
    def dynamic(self): super(type(self), self).run()
class Left(A):
    def stop(self): pass
class Both(Left, B):
    def run(self): super(Left, self).run()
"#,
    );
}

#[test]
fn with_binds_what_enter_gives() {
    check(
        "python_with",
        r#"
//- /a.py
from elsewhere import Outside
class Connection:
    def execute(self): pass
class Transaction:
    def __enter__(self): return Connection()
    def __exit__(self, *e): pass
    def execute(self): pass
class Base:
    def __enter__(self): return self
    async def __aenter__(self): return self
    def execute(self): pass
class Heir(Base):
    def execute(self): pass
class Declared:
    def __enter__(self) -> "Connection": return self.x
    def execute(self): pass
class Foreign(Outside):
    def execute(self): pass
def entered():
    with Transaction() as conn: conn.execute()
def own():
    with Base() as base, Heir() as heir:
        base.execute()
        heir.execute()
async def later():
    async with Heir() as heir: heir.execute()
def declared(x: Declared):
    with x as conn: conn.execute()
def foreign():
    with Foreign() as x: x.execute()
def failed():
    try: pass
    except Connection as e: e.execute()
"#,
    );
}

#[test]
fn methods_that_give_their_receiver() {
    check(
        "python_receivers",
        r#"
//- /a.py
from typing import Self, TypeVar
T = TypeVar("T", bound="Base")
class Base:
    def plain(self): return self
    def declared(self) -> Self: return self
    def old(self: T) -> T: return self
    @classmethod
    def made(cls): return cls()
    @classmethod
    def made_old(cls: type[T]) -> T: return cls()
    def as_base(self) -> "Base": return self
    def run(self): pass
class Heir(Base):
    def run(self): pass
    def again(self): return super().plain()
def use():
    Heir().plain().run()
    Heir().declared().declared().run()
    Heir().old().run()
    Heir.made().run()
    Heir.made_old().run()
    Heir().again().run()
def use_base(base: Base):
    base.plain().run()
    base.declared().run()
    base.as_base().run()
def as_written():
    Heir().as_base().run()
"#,
    );
}

#[test]
fn lambdas_and_comprehensions_leave_the_class_body() {
    check(
        "python_class_scopes",
        r#"
//- /a.py
def names(): pass
class A:
    def len(self): pass
    def names(self): pass
    def size(self): pass
    key = property(lambda self: len(self.x))
    sizes = [names() for x in names()]
    table = {size(): 1 for x in ()}
    direct = size(None)
"#,
    );
}

#[test]
fn maps_give_their_values() {
    check(
        "python_maps",
        r#"
//- /a.py
from typing import Dict, Generator
class Handler:
    def run(self): pass
class Owner:
    def __init__(self): self.handlers: dict[str, Handler] = {}
    def use(self, k):
        self.handlers[k].run()
def got(m: Dict[str, Handler]): m.get("a").run()
def valued(m: Dict[str, Handler]):
    for h in m.values(): h.run()
def keyed(m: Dict[Handler, Handler]):
    for h in m: h.run()
def items(m: Dict[str, Handler]):
    m.items().run()
def each() -> Generator[Handler, None, None]: yield Handler()
def looped():
    for h in each(): h.run()
"#,
    );
}
