//! The digest of a definition follows its code, and neither its place nor its layout.

use docpack::BodyDigest;

use crate::languages::read;

/// The digest of the one symbol with a name.
fn digest(file_path: &str, text: &str, name: &str) -> BodyDigest {
    let facts = read(file_path, text);
    let symbol = facts.symbols.iter().find(|symbol| symbol.name == name).expect("the fixture defines it");
    symbol.body_digest.expect("the file was parsed")
}

/// Files in which `f` says the same, and one in which it says something else.
const CASES: &[(&str, &[&str], &str)] = &[
    (
        "a.py",
        &[
            "def f(a, b):\n    return g(a, 'x  y')\n",
            "import os\n\n\n# Moved.\ndef f(\n    a,\n    b,\n):\n    \"\"\"Says more.\"\"\"\n    # Why.\n    return g(\n        a,\n        'x  y',\n    )\n",
            "class C:\n    def f(a, b): return g(a, \\\n        'x  y')  # So.\n",
        ],
        "def f(a, b):\n    return g(a, 'x y')\n",
    ),
    (
        "a.rs",
        &[
            "fn f(a: u8) -> u8 { g(a, 1) }",
            "/// Says more.\n\n\nfn f(\n    a: u8,\n) -> u8 {\n    // Why.\n    g(a, /* one */ 1,)\n}\n",
        ],
        "fn f(a: u8) -> u8 { g(a, 2) }",
    ),
    (
        "a.go",
        &[
            "package a\n\nfunc f(a int) int { return g(a, 1) }\n",
            "package a\n\n// Says more.\nfunc f(a int) int {\n\treturn g(\n\t\ta, // First.\n\t\t1,\n\t)\n}\n",
        ],
        "package a\n\nfunc f(a int) int { return g(a, 10) }\n",
    ),
    (
        "a.ts",
        &[
            "function f(a: number) { return g(a, `x  ${a}`); }",
            "/** Says more. */\nfunction f(\n  a: number,\n) {\n  return g(a, `x  ${ a }`,); // Why.\n}",
        ],
        "function f(a: number) { return g(a, `x ${a}`); }",
    ),
    (
        "b.rs",
        &["fn f() -> (u8,) { (1,) }", "fn f() -> (\n    u8,\n) {\n    (1,)\n}"],
        "fn f() -> (u8,) { (1) }",
    ),
    (
        "b.py",
        &["def f(x):\n    if x:\n        g()\n    h()\n", "def f(x):\n  if x:\n    g()\n\n  h()\n"],
        "def f(x):\n    if x:\n        g()\n        h()\n",
    ),
    (
        "c.rs",
        &["fn f() { vec![1, a] }", "fn f() {\n    vec![\n        1, // One.\n        a,\n    ]\n}"],
        "fn f() { vec![1, b] }",
    ),
];

#[test]
fn layout_place_and_comments_leave_the_digest() {
    for (path, same, _) in CASES {
        for text in &same[1..] {
            assert_eq!(digest(path, text, "f"), digest(path, same[0], "f"), "{text}");
        }
    }
}

#[test]
fn a_change_of_code_changes_the_digest() {
    for (path, same, other) in CASES {
        assert_ne!(digest(path, same[0], "f"), digest(path, other, "f"), "{other}");
    }
}

#[test]
fn a_change_in_a_method_leaves_the_digest_of_its_class() {
    let class =
        |body: &str| format!("class C(B):\n    x = 1\n\n    def m(self):\n        {body}\n\n\ny = 2\n");
    let (one, other) = (class("return 1"), class("for a in b:\n            if a:\n                c()"));
    for name in ["C", "a", "x", "y"] {
        assert_eq!(digest("a.py", &one, name), digest("a.py", &other, name), "{name}");
    }
    assert_ne!(digest("a.py", &one, "m"), digest("a.py", &other, "m"));
    assert_ne!(digest("a.py", &one, "C"), digest("a.py", &one.replace("(B)", "(D)"), "C"));
}

#[test]
fn definitions_in_one_statement_share_a_digest() {
    let text = "package a\n\nvar x, y int\nvar z int\n";
    assert_eq!(digest("a.go", text, "x"), digest("a.go", text, "y"));
    assert_ne!(digest("a.go", text, "x"), digest("a.go", text, "z"));
}

#[test]
fn a_file_that_is_too_large_has_no_digest() {
    let limits = doctown_parse::ParseLimits { max_bytes: 4, ..doctown_parse::ParseLimits::default() };
    let facts = doctown_parse::parse(docpack::Language::Python, "a.py", b"x = 1\n", &limits);
    assert_eq!(facts.symbols[0].body_digest, None);
}
