//! Rust features.

use std::fmt::Write;

use super::{all, imports, read, references, symbols};

#[test]
fn items() {
    insta::assert_snapshot!(all("crates/my-net/src/server.rs", include_str!("rust/items.rs.fixture")));
}

#[test]
fn use_trees() {
    let text = "
        use a::{self as top, b::{self, c as _, d::*}, r#type};
        use ::std::io;
        use serde;
        pub(crate) use super::super::x as y;
        use self::inner::{};
        extern crate alloc as heap;
        #[macro_use] pub mod files;
        fn f() { use crate::late; }
    ";
    insta::assert_snapshot!(imports(&read("src/a.rs", text)));
}

#[test]
fn comments_that_document() {
    let text = "
/** A block.
 *
 *  - starred
 */
fn block() {}

/// First.
#[inline]
/// Second.
// not a doc
fn split() {}

//// four slashes
fn plain() {
    //! Inside.
    let x = 1; /// not for an item
}

mod m {
    //! Of m.
    /*! Also of m. */
}

enum E {
    A, // trailing
    /// Of B.
    B,
}
";
    insta::assert_snapshot!(docs(text));
}

fn docs(text: &str) -> String {
    let facts = read("a.rs", text);
    let line =
        |symbol: &model::facts::Symbol| format!("{}: {:?}\n", symbol.qualified_name, symbol.doc_comment);
    facts.symbols.iter().map(line).collect()
}

#[test]
fn paths_give_modules() {
    let mut out = String::new();
    for path in [
        "src/lib.rs",
        "src/main.rs",
        "src/net/mod.rs",
        "src/net/http.rs",
        "crates/my-app/src/lib.rs",
        "crates/my-app/src/bin/tool.rs",
        "tests/it/main.rs",
        "build.rs",
        "main.rs",
    ] {
        let facts = read(path, "");
        let _ = writeln!(out, "{path} {} ({})", facts.symbols[0].qualified_name, facts.symbols[0].name);
    }
    insta::assert_snapshot!(out);
}

#[test]
fn calls_in_macros_and_patterns() {
    let text = "
fn f<I: Iterator>(e: Event, i: I::Item) {
    assert_eq!(self.load(name::make(x)).len(), Foo::<u8>::new(1), \"{}\", if (a) { b(c) });
    vec![one(), two ()];
    match e { Event::Click(at) => at.go(), Event::Quit if ready(at) => {} , other => other.run() }
    if let Some(ref inner) = e.take() { inner.call(); }
    let boxed: Box<dyn Handler> = make();
    let shared: &Arc<Client> = &pool;
    let server = Server { port: 1, ..Default::default() };
    <Server as Handler>::handle(&server, |x, (y, z): (u8, u8)| x + y);
    let all: Vec<_> = items.iter().collect();
    async move { late().await }
}
";
    let facts = read("a.rs", text);
    insta::assert_snapshot!(format!("{}--\n{}", references(&facts), super::bindings(&facts)));
}

/// Numbers counted by hand, by the definitions in `complexity.rs`.
#[test]
fn branches_count() {
    for (body, cyclomatic, cognitive) in [
        ("", 1, 0),
        ("if a { b() }", 2, 1),
        ("if a { } else if b { } else { }", 3, 3),
        ("if a { if b { if c { } } }", 4, 6),
        ("while a { for b in c { } }", 3, 3),
        ("loop { if a { break } }", 2, 3),
        ("match a { 1 => {} 2 => {} _ => {} }", 3, 1),
        ("let x = a && b && c;", 3, 1),
        ("let x = a && b || c && d;", 4, 3),
        ("let x = f()?;", 2, 0),
        ("let Some(x) = y else { return };", 2, 1),
        ("xs.map(|x| if x { 1 } else { 2 });", 2, 3),
        ("fn inner() { if a { } } if b { }", 2, 1),
    ] {
        let facts = read("a.rs", &format!("fn f() {{ {body} }}"));
        let found = facts.symbols[1].complexity.map(|found| (found.cyclomatic, found.cognitive));
        assert_eq!(found, Some((cyclomatic, cognitive)), "{body}");
    }
}

#[test]
fn long_bodies_list_their_statements() {
    let statement = format!("    let x = \"{}\";\n", "y".repeat(1_000));
    let rest = statement.repeat(3);
    let text = format!("fn long() {{\n{statement}    // about the next\n{rest}}}\nfn short() {{ a(); }}\n");
    let facts = read("a.rs", &text);
    let starts_line = |at: &u32| text.as_bytes()[*at as usize - 5] == b'\n';
    let found = &facts.symbols[1].split_points;
    assert_eq!((found.len(), facts.symbols[2].split_points.len()), (4, 0));
    assert!(found.iter().all(starts_line));
    assert!(found.iter().any(|at| text[*at as usize..].starts_with("// about the next")));
}

#[test]
fn equal_definitions_have_ids_of_their_own() {
    let facts =
        read("a.rs", "#[cfg(a)] fn f() {} #[cfg(b)] fn f() {} impl A { fn g() {} } impl A { fn g() {} }");
    let ids: std::collections::BTreeSet<_> = facts.symbols.iter().map(|symbol| symbol.id).collect();
    assert_eq!((facts.symbols.len(), ids.len()), (7, 7));
    insta::assert_snapshot!(symbols(&facts));
}

#[test]
fn tuple_structs_keep_the_types_of_their_fields() {
    let text = "
/// A pair.
pub struct Pair<T>(pub u8, /* second */ Vec<T>) where T: Clone;
struct Long(
    pub(crate) String,
    #[serde(skip)]
    Option<u16>,
);
pub struct Unit;
pub struct Named { a: u8 }
";
    let facts = read("src/a.rs", text);
    let signatures: Vec<_> = facts.symbols.iter().skip(1).map(|symbol| symbol.signature.as_str()).collect();
    assert_eq!(
        signatures,
        [
            "pub struct Pair<T>(pub u8, Vec<T>) where T: Clone",
            "struct Long(pub(crate) String, #[serde(skip)] Option<u16>)",
            "pub struct Unit",
            "pub struct Named",
            "a: u8"
        ]
    );
}
