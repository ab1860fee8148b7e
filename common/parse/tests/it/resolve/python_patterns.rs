//! Python: what `case`, `issubclass` and context managers made of generators say of values.

use super::check;

#[test]
fn a_class_pattern_says_what_is_matched() {
    check(
        "python_class_patterns",
        r#"
//- /a.py
class Shape:
    def area(self): pass
    def name(self): pass
class Circle(Shape):
    def area(self): pass
class Square(Shape):
    def area(self): pass
class Holder:
    shape: Shape
def plain(shape: Shape):
    match shape:
        case Circle(radius=r) if shape.area():
            shape.area()
            shape.name()
        case Square():
            shape.area()
        case _:
            shape.area()
    shape.area()
def untyped(shape):
    match shape:
        case Circle():
            shape.area()
        case 1:
            shape.area()
def either(shape):
    match shape:
        case Circle() | Square():
            shape.area()
def named(make):
    match make():
        case Circle() as c:
            c.area()
def within(holder, r):
    match holder:
        case Holder(shape=Square() as inner):
            inner.area()
            holder.shape.area()
        case Holder(shape=r):
            r.area()
def of_field(holder: Holder):
    match holder.shape:
        case Circle() as found:
            holder.shape.area()
            found.area()
def two(a, b):
    match a, b:
        case Circle(), Square():
            a.area()
def set_anew(shape, other: Square):
    match shape:
        case Circle():
            shape = other
            shape.area()
"#,
    );
}

#[test]
fn a_class_may_be_narrowed_like_an_object() {
    check(
        "python_issubclass",
        r#"
//- /a.py
class Base:
    @classmethod
    def make(cls): pass
    def run(self): pass
class Sub(Base):
    @classmethod
    def make(cls): pass
    def run(self): pass
def untyped(kind):
    if issubclass(kind, Sub):
        kind.make()
        kind().run()
def typed(kind: type[Base], other):
    kind.make()
    if issubclass(kind, Sub):
        kind.make()
    if issubclass(other, (Sub, Base)):
        other.make()
    if issubclass(other, Sub) or isinstance(other, Base):
        other.make()
"#,
    );
}

#[test]
fn with_gives_what_a_generator_yields() {
    check(
        "python_context_managers",
        r#"
//- /a.py
from contextlib import asynccontextmanager, contextmanager
import contextlib, functools
from typing import AsyncIterator, Generator, Iterator
class File:
    def read(self): pass
    @contextlib.contextmanager
    def opened(self) -> Generator["File", None, None]:
        yield self
@contextmanager
def opening() -> Iterator[File]:
    yield File()
@asynccontextmanager
async def later() -> AsyncIterator[File]:
    yield File()
@contextmanager
def unsaid():
    yield File()
@other
@contextmanager
def replaced() -> Iterator[File]:
    yield File()
def plain() -> Iterator[File]:
    yield File()
def use(file: File):
    with opening() as one:
        one.read()
    with file.opened() as own:
        own.read()
    with unsaid() as two:
        two.read()
    with replaced() as three:
        three.read()
async def use_later():
    async with later() as one:
        one.read()
"#,
    );
}
