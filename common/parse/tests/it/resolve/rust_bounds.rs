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
