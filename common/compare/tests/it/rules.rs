//! Verdicts: each case has two versions of a file, and what users of it notice.

use crate::pack::compared;

/// One line per change: verdict, name, and the codes of its reasons.
fn verdicts(before: &str, after: &str) -> Vec<String> {
    let changes = compared(before, after).api.changes;
    let codes =
        |change: &compare::ApiChange| change.reasons.iter().map(|it| it.code).collect::<Vec<_>>().join(" ");
    changes.iter().map(|it| format!("{} {}: {}", it.verdict, it.name, codes(it))).collect()
}

/// Checks cases of one file: the text before, the text after, the verdicts.
fn check(path: &str, cases: &[(&str, &str, &[&str])]) {
    let manifests = "//- /Cargo.toml\n[package]\nname = \"shop\"\n//- /go.mod\nmodule example.com/shop\n";
    for (before, after, expected) in cases {
        let version = |text: &str| format!("{manifests}//- /{path}\n{text}\n");
        assert_eq!(verdicts(&version(before), &version(after)), *expected, "{before}\n->\n{after}");
    }
}

#[test]
fn python_callers_name_or_count_parameters() {
    check(
        "shop/cart.py",
        &[
            ("def f(a): pass", "def f(a, b): pass", &["breaking shop.cart.f: parameter_added_required"]),
            ("def f(a): pass", "def f(a, b=1): pass", &["compatible shop.cart.f: parameter_added"]),
            ("def f(a, b): pass", "def f(a): pass", &["breaking shop.cart.f: parameter_removed"]),
            (
                "def f(a, b): pass",
                "def f(b, a): pass",
                &["breaking shop.cart.f: parameter_moved parameter_moved"],
            ),
            ("def f(a, b): pass", "def f(a, *, b): pass", &["breaking shop.cart.f: parameter_kind"]),
            ("def f(a, *, b): pass", "def f(a, b): pass", &[]),
            ("def f(a): pass", "def f(a, /): pass", &["breaking shop.cart.f: parameter_kind"]),
            ("def f(a=1): pass", "def f(a=2): pass", &["breaking shop.cart.f: default_changed"]),
            ("def f(a=1): pass", "def f(a): pass", &["breaking shop.cart.f: parameter_required"]),
            (
                "def f(a, b): pass",
                "def f(*args, **kwargs): pass",
                &["compatible shop.cart.f: parameter_added parameter_added"],
            ),
            ("def f(a: int): pass", "def f(a: str): pass", &["unknown shop.cart.f: type_changed"]),
            ("def f(a: Optional[int]): pass", "def f(a: int | None): pass", &[]),
            ("def f(): pass", "async def f(): pass", &["breaking shop.cart.f: became_async"]),
            (
                "def f(): pass",
                "def g(): pass",
                &["breaking shop.cart.f: removed", "compatible shop.cart.g: added"],
            ),
            ("def f(): pass", "class f: pass", &["breaking shop.cart.f: kind_changed"]),
            ("def _f(a): pass", "def _f(): pass", &[]),
        ],
    );
}

#[test]
fn python_classes_keep_members_of_their_bases() {
    check(
        "shop/cart.py",
        &[
            (
                "class Base: pass\nclass Cart(Base):\n    def add(self, x): pass",
                "class Base:\n    def add(self, x): pass\nclass Cart(Base): pass",
                // `Cart.add` is still there for everybody who calls it.
                &[],
            ),
            (
                "class Cart(Base, Shelf): pass",
                "class Cart(Base): pass",
                &["breaking shop.cart.Cart: base_removed"],
            ),
            (
                "class Cart:\n    def add(self, x): pass\n    def clear(self): pass",
                "x = 1",
                &["breaking shop.cart.Cart: removed", "compatible shop.cart.x: added"],
            ),
            (
                "class Cart:\n    @property\n    def total(self): return 1",
                "class Cart:\n    def total(self): return 1",
                &["breaking shop.cart.Cart.total: no_longer_property"],
            ),
        ],
    );
}

#[test]
fn python_names_may_be_imported_from_where_they_were() {
    let before =
        "//- /shop/__init__.py\n//- /shop/cart.py\ndef total(items, tax):\n    return sum(items) * tax\n";
    let kept = "//- /shop/__init__.py\n//- /shop/cart.py\nfrom shop.sums import total\n//- /shop/sums.py\ndef total(items, tax):\n    return sum(items) * tax\n";
    let moved = "//- /shop/__init__.py\n//- /shop/cart.py\n//- /shop/sums.py\ndef total(items, tax):\n    return sum(items) * tax\n";
    assert_eq!(verdicts(before, kept), ["compatible shop.sums: added"]);
    assert_eq!(verdicts(before, moved), ["breaking shop.cart.total: moved", "compatible shop.sums: added"]);
}

#[test]
fn rust_types_are_checked_and_traits_are_implemented_elsewhere() {
    check(
        "src/lib.rs",
        &[
            ("pub fn f(a: u8) {}", "pub fn f(b: u8) {}", &[]),
            ("pub fn f(a: u8) {}", "pub fn f(a: u16) {}", &["breaking crate::f: parameter_type_changed"]),
            ("pub fn f(a: u8) {}", "pub fn f(a: u8, b: u8) {}", &["breaking crate::f: parameter_count"]),
            (
                "pub fn f() -> u8 { 1 }",
                "pub fn f() -> u16 { 1 }",
                &["breaking crate::f: return_type_changed"],
            ),
            ("pub fn f(a: &'a str) {}", "pub fn f(a: &str) {}", &[]),
            ("pub const fn f() {}", "pub fn f() {}", &["breaking crate::f: modifier_changed"]),
            ("pub fn f() {}", "pub const fn f() {}", &["compatible crate::f: modifier_changed"]),
            ("pub fn f() {}", "pub(crate) fn f() {}", &["breaking crate::f: not_exported"]),
            ("pub enum E { A }", "pub enum E { A, B }", &["breaking crate::E::B: variant_added"]),
            (
                "#[non_exhaustive]\npub enum E { A }",
                "#[non_exhaustive]\npub enum E { A, B }",
                &["compatible crate::E::B: added"],
            ),
            (
                "pub struct S { pub a: u8 }",
                "pub struct S { pub a: u8, pub b: u8 }",
                &["breaking crate::S::b: field_added"],
            ),
            (
                "pub struct S { pub a: u8, c: u8 }",
                "pub struct S { pub a: u8, c: u8, pub b: u8 }",
                &["compatible crate::S::b: added"],
            ),
            (
                "pub trait T {}",
                "pub trait T { fn f(&self); }",
                &["breaking crate::T::f: trait_item_required"],
            ),
            ("pub trait T {}", "pub trait T { fn f(&self) {} }", &["compatible crate::T::f: added"]),
            (
                "pub struct S; impl S { pub fn f(&mut self) {} }",
                "pub struct S; impl S { pub fn f(&self) {} }",
                &["compatible crate::S::f: receiver_changed"],
            ),
            (
                "pub struct S; impl S { pub fn f(&self) {} }",
                "pub struct S; impl S { pub fn f(&mut self) {} }",
                &["breaking crate::S::f: receiver_changed"],
            ),
            ("mod inner { pub fn f() {} }", "mod inner { }", &[]),
            (
                "mod inner { pub fn f() {} } pub use inner::f;",
                "mod other { pub fn f() {} } pub use other::f;",
                &[],
            ),
        ],
    );
}

#[test]
fn typescript_calls_are_checked_where_they_are_written() {
    check(
        "src/cart.ts",
        &[
            (
                "export function f(a: string) {}",
                "export function f(a: string, b?: number) {}",
                &["compatible src/cart.f: parameter_added"],
            ),
            (
                "export function f(a: string) {}",
                "export function f(a: string, b: number) {}",
                &["breaking src/cart.f: parameter_added_required"],
            ),
            (
                "export function f(a: string, b: number) {}",
                "export function f(a: string) {}",
                &["breaking src/cart.f: parameter_removed"],
            ),
            (
                "export function f(a: string) {}",
                "export function f(a: string | number) {}",
                &["compatible src/cart.f: parameter_type_widened"],
            ),
            (
                "export function f(a: string | number) {}",
                "export function f(a: string) {}",
                &["breaking src/cart.f: parameter_type_changed"],
            ),
            (
                "export function f(): string | null {}",
                "export function f(): string {}",
                &["compatible src/cart.f: return_type_narrowed"],
            ),
            ("export function f() {}", "function f() {}", &["breaking src/cart.f: not_exported"]),
            (
                "export interface I { a: string }",
                "export interface I { a: string; b: string }",
                &["breaking src/cart.I.b: member_required"],
            ),
            (
                "export interface I { a: string }",
                "export interface I { a: string; b?: string }",
                &["compatible src/cart.I.b: added"],
            ),
            (
                "export interface I { a?: string }",
                "export interface I { a: string }",
                &["breaking src/cart.I.a: property_required"],
            ),
        ],
    );
}

#[test]
fn go_functions_keep_their_types() {
    check(
        "cart.go",
        &[
            (
                "package shop\nfunc F(a int) {}",
                "package shop\nfunc F(b int) {}",
                &["compatible shop.F: parameter_renamed"],
            ),
            (
                "package shop\nfunc F(a int) {}",
                "package shop\nfunc F(a int64) {}",
                &["breaking shop.F: parameters_changed"],
            ),
            (
                "package shop\nfunc F(a int) {}",
                "package shop\nfunc F(a int, b ...int) {}",
                &["breaking shop.F: parameters_changed"],
            ),
            (
                "package shop\nfunc F() (n int, err error) { return }",
                "package shop\nfunc F() (int, error) { return }",
                &[],
            ),
            (
                "package shop\nfunc F() int { return 1 }",
                "package shop\nfunc F() int64 { return 1 }",
                &["breaking shop.F: return_type_changed"],
            ),
            ("package shop\nfunc f(a int) {}", "package shop\nfunc f() {}", &[]),
            (
                "package shop\ntype I interface { M() }",
                "package shop\ntype I interface { M(); N() }",
                &["breaking shop.I.N: method_required"],
            ),
            (
                "package shop\ntype I interface { M(); m() }",
                "package shop\ntype I interface { M(); N(); m() }",
                &["compatible shop.I.N: added"],
            ),
            (
                "package shop\ntype S struct { A int }",
                "package shop\ntype S struct { A int; B int }",
                &["compatible shop.S.B: added"],
            ),
            (
                "package shop\ntype S struct { A int }",
                "package shop\ntype S struct { A string }",
                &["breaking shop.S.A: type_changed"],
            ),
        ],
    );
}

#[test]
fn tests_and_examples_are_no_api() {
    let version = |text: &str| format!("//- /shop/__init__.py\n//- /tests/test_cart.py\n{text}\n");
    assert_eq!(verdicts(&version("def helper(a): pass"), &version("def helper(): pass")), [] as [&str; 0]);
}
