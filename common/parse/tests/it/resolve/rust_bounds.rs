//! Rust: what type parameters and traits of several bounds have, and impls for all types.

use super::check;

#[test]
fn every_bound_has_its_methods() {
    check(
        "rust_every_bound",
        r#"
//- /src/lib.rs
use std::fmt::Debug;
pub struct Reply;
impl Reply { pub fn send(&self) {} }
pub trait Handler { fn handle(&self) -> Reply; fn both(&self) {} }
pub trait Close { type Error; fn close(&self); fn both(&self) {} fn open() -> Reply; }
fn marked<T: Send + 'static + Handler>(one: T) { one.handle().send(); }
fn lifetime<'a, T: 'a + Handler>(one: T) { one.handle(); }
fn clause<T, U>(one: T, two: &U) where T: Debug + Handler + Close, T::Error: Debug, U: Close {
    one.handle().send();
    one.close();
    one.clone().close();
    one.fmt(f);
    T::open().send();
    two.close();
    two.handle();
    one.both();
}
fn written(one: impl Debug + Handler, two: &(dyn Close + Send), three: Box<dyn Handler + Close + Sync>) {
    one.handle();
    two.close();
    three.close();
    three.handle();
}
fn called<F: Clone + Fn(&Reply)>(f: F) {}
fn calls() { called(|reply| reply.send()); }
fn split<T: Handler>(one: T) where T: Close { one.handle(); one.close(); }
struct Held<T: Handler>(T);
impl<T: Handler> Held<T> {
    fn plain(&self) { self.0.handle(); self.0.close(); }
    fn more(&self, other: T) where T: Close { other.handle(); other.close(); }
}
"#,
    );
}

#[test]
fn impls_for_all_types_give_their_methods() {
    check(
        "rust_impls_for_all_types",
        r#"
//- /Cargo.toml
[package]
name = "app"
[dependencies]
net = "1"
//- /src/lib.rs
mod ext;
mod far;
pub trait Read { fn poll(&self); fn own(&self) { self.read_all(); } }
use ext::{AllExt, DebugExt, ReadExt as _};
pub struct File;
pub struct Plain;
pub struct Both;
pub struct Smart { file: File }
impl Read for File { fn poll(&self) {} }
impl Read for Both { fn poll(&self) {} }
impl Both { pub fn read_all(&self) -> Plain { Plain } fn described(&self) {} }
impl std::ops::Deref for Smart { type Target = File; fn deref(&self) -> &File { &self.file } }
fn concrete(file: File, plain: Plain, both: Both, smart: Smart, outside: net::Stream) {
    file.read_all().close();
    both.read_all().shown();
    smart.read_all();
    plain.read_all();
    plain.shown();
    plain.described();
    both.described();
    outside.shown();
    outside.read_all();
}
fn general<T: Read + Send, U>(one: T, other: U) { one.read_all(); one.poll(); one.shown(); }
//- /src/ext.rs
use crate::Read;
pub struct Reading<T>(T);
impl<T> Reading<T> { pub fn close(&self) {} }
pub trait ReadExt: Read { fn read_all(&self) -> Reading<Self> where Self: Sized { self.poll(); Reading(self) } }
impl<R: Read + ?Sized> ReadExt for R {}
pub trait AllExt { fn shown(&self); }
impl<T> AllExt for T { fn shown(&self) {} }
pub trait DebugExt { fn described(&self); }
impl<T: std::fmt::Debug> DebugExt for T { fn described(&self) {} }
pub trait ForRef { fn by_ref_alone(&self); }
impl<T> ForRef for *const T { fn by_ref_alone(&self) {} }
//- /src/far.rs
use crate::*;
use crate::ext::ForRef;
fn no_trait_in_scope(file: File, plain: Plain) { file.read_all(); plain.by_ref_alone(); }
//- /src/star.rs
use crate::File;
use crate::ext::*;
fn by_star(file: File) { file.read_all(); }
"#,
    );
}

#[test]
fn what_is_left_out_is_as_declared() {
    check(
        "rust_what_is_left_out",
        r#"
//- /src/lib.rs
mod error;
use error::{Error, Result as AppResult};
#[derive(Default)]
pub struct Options { n: u8 }
impl Options {
    pub fn new() -> Self { Self::default().sized(1) }
    pub fn sized(self, n: u8) -> Self { self }
}
pub trait Make { fn make() -> Self; }
fn tried() -> AppResult<Options> { Ok(Options::default()) }
fn other() -> AppResult<Options, Options> { Ok(Options::default().sized(2)) }
fn run() {
    tried().unwrap_or_else(|error| error.exit()).sized(3);
    if let Err(error) = tried() { error.exit(); }
    if let Err(error) = other() { error.sized(4); }
}
//- /src/error.rs
pub struct Error;
impl Error { pub fn exit(&self) -> ! { loop {} } }
pub type Result<T, E = Error> = std::result::Result<T, E>;
"#,
    );
}
