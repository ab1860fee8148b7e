//! Rust: which file holds a module, and what only reads like a method call.

use super::check;

#[test]
fn the_file_that_declares_a_module_is_above_it() {
    check(
        "rust_two_roots",
        r#"
//- /Cargo.toml
[package]
name = "tool"
//- /src/lib.rs
pub fn run() {}
//- /src/main.rs
mod cli;
fn run() {}
fn main() { cli::start(); }
//- /src/cli.rs
pub fn start() { crate::run(); super::run(); }
"#,
    );
}

#[test]
fn modules_say_where_their_file_lies() {
    check(
        "rust_module_paths",
        r#"
//- /src/lib.rs
#[path = "other/place.rs"]
mod named;
#[cfg(unix)]
#[path = "unix.rs"]
mod sys;
#[cfg(not(unix))]
#[path = "plain.rs"]
mod sys;
fn run() { named::go(); sys::open(); }
fn back() {}
//- /src/named.rs
pub fn go() {}
//- /src/other/place.rs
mod inner;
pub fn go() { super::back(); inner::deep(); crate::back(); }
//- /src/other/inner.rs
pub fn deep() {}
//- /src/unix.rs
pub fn open() {}
//- /src/plain.rs
pub fn open() {}
"#,
    );
}

#[test]
fn fields_and_tokens_are_no_methods() {
    check(
        "rust_fields_and_tokens",
        r#"
//- /src/lib.rs
pub struct Walk { filter: fn(u8) -> bool }
impl Walk {
    fn new() -> Self { loop {} }
    fn filter(&self) {}
    fn len(&self) {}
    fn not(&self) {}
    fn run(&self, x: u8) {
        (self.filter)(x);
        (self).len();
        quote! { Self::new(#x); self.len() };
        syn::parse_quote!(Self::new());
        if cfg!(not(unix)) { stringify!(self.not()); }
        println!("{}", self.not());
    }
}
fn not() {}
"#,
    );
}

#[test]
fn builds_choose_the_file_of_a_module() {
    check(
        "rust_modules_by_build",
        r#"
//- /src/lib.rs
#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(not(unix), path = "path/plain.rs")]
mod sys;
#[cfg_attr(feature = "path", path="only.rs")]
mod sole;
#[cfg_attr(test, path = "mock.rs")]
mod real;
#[cfg_attr(docsrs, doc(cfg(unix)))]
mod shown;
fn run() { sys::open(); sole::go(); real::work(); shown::show(); }
fn back() {}
//- /src/unix.rs
pub fn open() { super::back(); }
//- /src/path/plain.rs
pub fn open() { super::back(); }
//- /src/only.rs
pub fn go() {}
//- /src/mock.rs
pub fn work() {}
//- /src/real.rs
pub fn work() {}
//- /src/shown.rs
pub fn show() {}
"#,
    );
}
