//! Rust: modules by file, crates by name, types, traits.

use super::check;

#[test]
fn modules_and_uses() {
    check(
        "rust_modules_and_uses",
        r#"
//- /Cargo.toml
[package]
name = "app"
[dependencies]
my-net = { path = "net" }
serde = "1"
//- /src/lib.rs
mod config;
mod wire;
pub use wire::frame::encode;
use my_net::connect as dial;
pub fn run() {
    config::load();
    crate::wire::frame::decode();
    self::encode();
    dial();
    serde::to_string();
    Some(missing());
}
//- /src/config.rs
use super::wire::*;
pub fn load() { frame::encode(); helper(); super::run(); }
fn helper() {}
//- /src/wire/mod.rs
pub mod frame;
pub fn helper() {}
//- /src/wire/frame.rs
pub fn encode() {}
pub fn decode() { inner::deep(); }
mod inner {
    pub fn deep() { super::encode(); shallow(); }
    fn shallow() {}
}
//- /net/Cargo.toml
[package]
name = "my-net"
//- /net/src/lib.rs
pub fn connect() {}
pub fn encode() {}
"#,
    );
}

#[test]
fn methods_and_types() {
    check(
        "rust_methods_and_types",
        r#"
//- /src/lib.rs
mod pool;
use pool::{Pool, Open as _, Kind};
pub struct Client { pool: Pool, spare: Option<Pool> }
impl Client {
    pub fn new() -> Self { Self { pool: Pool::open().unwrap(), spare: None } }
    fn go(&self, other: &Pool, anything: impl pool::Open, kind: Kind) {
        self.pool.take();
        self.helper();
        other.take();
        anything.reopen();
        let made = Client::new();
        made.helper();
        let fresh = Pool::open()?;
        fresh.take();
        let kind = Kind::Small(1);
        kind.size();
        self.spare.as_ref().unwrap().take();
        unknown().take();
        self.pool.clone();
    }
    fn helper(&self) {}
}
//- /src/pool.rs
pub struct Pool;
pub trait Open { fn open() -> Option<Pool>; fn reopen(&self) { self.take_all() } fn take_all(&self); }
impl Open for Pool { fn open() -> Option<Pool> { Some(Pool) } fn take_all(&self) { self.take() } }
pub enum Kind { Small(u8), Large }
impl Kind { pub fn size(&self) -> u8 { 1 } }
//- /src/pool/more.rs
use super::Pool;
impl Pool { pub fn take(&self) { self.reopen() } }
"#,
    );
}

#[test]
fn shadowing_and_macros() {
    check(
        "rust_shadowing_and_macros",
        r#"
//- /src/main.rs
#[macro_use]
mod macros;
struct A;
struct B;
impl A { fn next(&self) -> B { B } fn only_a(&self) {} }
impl B { fn next(&self) {} }
fn parse() {}
fn main() {
    let x = A;
    let x: A = make();
    let x = x.next();
    x.next();
    let parse = |s: &str| s.len();
    parse("");
    shout!(x);
    println!("{}", 1);
    items.iter().map(parse);
}
fn make() -> A { A }
fn other() { parse(); apply(parse); }
fn apply(f: fn()) { f(); }
//- /src/macros.rs
macro_rules! shout { ($x:expr) => {}; }
"#,
    );
}

#[test]
fn a_field_read_is_no_use_of_the_method_of_its_name() {
    check(
        "rust_fields_and_methods",
        r#"
//- /src/lib.rs
pub struct Pool { size: usize }
impl Pool {
    pub fn size(&self) -> usize { self.size }
    pub fn doubled(&self) -> usize { twice(self.size) }
    pub fn counted(&self) -> usize { twice(self.size()) }
    pub fn each(&self) -> usize { apply(Pool::size) }
}
fn twice(n: usize) -> usize { n + n }
fn apply(f: fn(&Pool) -> usize) -> usize { 0 }
"#,
    );
}

#[test]
fn of_two_imports_that_exclude_each_other_an_unknown_one_makes_the_other_unsure() {
    check(
        "rust_imports_that_exclude_each_other",
        r#"
//- /src/lib.rs
mod mocks;
mod pool;
#[cfg(not(test))]
use crate::pool::spawn;
#[cfg(test)]
use mocks::spawn;
pub fn run() { spawn(); }
//- /src/mocks.rs
pub fn spawn() {}
//- /src/pool.rs
cfg_rt! { pub use real::spawn; }
"#,
    );
}

#[test]
fn items_given_to_a_macro_are_items() {
    check(
        "rust_items_given_to_a_macro",
        r#"
//- /src/lib.rs
mod a;
items! {
    pub struct Queue { a: u8 }
    impl Queue { pub fn len(&self) -> usize { self.inner(); free() } fn inner(&self) {} }
    pub fn hidden() { free(); }
}
chosen! {
    if #[cfg(unix)] { fn by_unix() { free(); } } else { fn by_others() { hidden(); } }
}
impl a::Type { group! { pub fn given(&self) { self.own(); inner(); } fn own(&self) {} } }
fn free() -> usize { 0 }
fn inner() {}
fn uses(queue: &Queue) { queue.len(); hidden(); template! { fn hidden() {} } }
//- /src/a.rs
pub struct Type;
"#,
    );
}

#[test]
fn arguments_of_a_macro_read_as_expressions_or_as_tokens() {
    check(
        "rust_arguments_of_macros",
        r#"
//- /src/lib.rs
struct Client;
enum Event { Click(u8), Quit }
impl Client { fn text(&self) -> Text { Text } fn ok(&self) -> bool { true } }
struct Text;
impl Text { fn empty(&self) -> bool { true } fn wide(&self) -> bool { true } }
fn free(n: u8) -> u8 { n }
fn run(client: &Client, event: Event) {
    assert!(client.text().empty(), "{}", free(1));
    assert_eq!(vec![free(2)], vec![client.text().wide()]);
    matches!(event, Event::Click(free) if client.ok());
    check!(event, Event::Click(1) | Event::Quit);
    select! { client.ok() => client.text().distinctive_name(), }
}
trait Other { fn distinctive_name(&self); }
"#,
    );
}

#[test]
fn a_local_is_visible_behind_its_own_value() {
    check(
        "rust_locals_behind_their_value",
        r#"
//- /src/lib.rs
fn parse(n: u8) -> (u8, u8) { (n, n) }
fn len(n: u8) -> u8 { n }
fn all() -> Vec<u8> { Vec::new() }
fn run(text: &[u8]) {
    let (parse, rest) = parse(1);
    let len = match len(text[0]) { n => n };
    for all in all() { all(); }
    if let Some(run) = run(text) { run(); }
    parse(2);
    len(3);
}
"#,
    );
}

#[test]
fn a_type_keeps_its_arguments() {
    check(
        "rust_types_with_arguments",
        r#"
//- /src/lib.rs
use std::collections::HashMap;
use std::io;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
pub struct One;
impl One { pub fn go(&self) -> bool { true } pub fn next(&self) -> Option<One> { None } }
pub struct Other;
impl Other { pub fn go(&self) -> bool { true } }
pub struct Pair<A, B> { first: A, second: B }
pub struct Wrapper(Pair<Other, One>);
pub struct Smart { inner: One }
impl Deref for Smart { type Target = One; fn deref(&self) -> &One { &self.inner } }
type Found<T> = Result<T, io::Error>;
impl<A, B> Pair<A, B> { fn first(&self) -> &A { &self.first } }
impl<A> Pair<A, One> { fn on_second(&self) { self.second.go(); } }
fn found() -> Found<One> { Ok(One) }
fn fields(pair: &Pair<One, Other>, wrapper: Wrapper, smart: Smart) {
    pair.second.go();
    pair.first().go();
    wrapper.0.second.go();
    smart.go();
}
fn locked(shared: Arc<Mutex<One>>, by_name: HashMap<String, Vec<One>>) -> io::Result<()> {
    shared.lock().unwrap().go();
    by_name["a"][0].go();
    found()?.next().unwrap().go();
    Ok(())
}
"#,
    );
}

#[test]
fn patterns_and_closures_bind_what_is_in_the_value() {
    check(
        "rust_patterns_and_closures",
        r#"
//- /src/lib.rs
pub struct One { at: Two }
pub struct Two;
pub enum Kind { Bare(One, Two), Named { two: Two } }
impl One { pub fn go(&self) -> Option<&Two> { None } }
impl Two { pub fn go(&self) -> bool { true } }
fn each(f: impl Fn(&One, &Two)) { }
fn bound<F>(n: u8, f: F) where F: FnOnce(Two) -> bool { }
fn patterns(kind: Kind, one: &One, pairs: Vec<(One, Two)>) {
    match kind { Kind::Bare(_, second) => second.go(), Kind::Named { two } => two.go() };
    if let Some(found) = one.go() { found.go(); }
    let One { at: inner } = one;
    inner.go();
    let Some(ref taken) = one.go() else { return };
    taken.go();
    for (first, _) in pairs.iter() { first.go(); }
    let (unknown, ..) = somewhere();
    unknown.go();
}
fn closures(ones: &[One], one: &One) {
    ones.iter().filter(|one| one.go().is_some()).for_each(|one| { one.go(); });
    one.go().map(|two| two.go());
    each(|first, second| { second.go(); });
    bound(1, |two| two.go());
    ones.iter().map(|one| one.at).for_each(|lost| { lost.go(); });
    somewhere().map(|lost| lost.go());
}
"#,
    );
}

#[test]
fn what_is_not_decided_is_no_edge() {
    check(
        "rust_what_is_not_decided",
        r#"
//- /src/lib.rs
mod context;
use std::sync::Arc;
pub trait Runs { fn run(&self); fn alone(&self) {} }
pub struct A;
pub struct B;
impl Runs for A { fn run(&self) {} }
impl Runs for B { fn run(&self) {} }
impl<T: Runs + ?Sized> Runs for Arc<T> { fn run(&self) {} }
impl std::fmt::Debug for A { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { Ok(()) } }
fn by_trait(a: &A, shared: Arc<dyn Runs>, counted: Arc<A>) {
    Runs::run(a);
    Runs::alone(a);
    shared.run();
    counted.fmt(f);
    context.run();
    choose!(a, Some(context) => context.run());
}
//- /src/context.rs
pub fn run() {}
"#,
    );
}
