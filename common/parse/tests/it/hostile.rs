//! Sources that are broken, odd or hostile: facts and a finding, never a panic.

use docpack::Language;
use doctown_parse::{ParseLimits, detect, parse};
use model::body::{Body, MAX_ARGUMENTS, MAX_CONDITIONS, MAX_STEPS, MAX_TEXT_BYTES};
use model::facts::FileFacts;
use proptest::prelude::*;

const LIMITS: ParseLimits = ParseLimits {
    max_bytes: 1 << 20,
    max_depth: 5_000,
    max_symbols: 50_000,
    bytes_per_parser_callback: doctown_parse::BYTES_PER_PARSER_CALLBACK,
};

const RUST: &str = include_str!("languages/rust/items.rs.fixture");
const PYTHON: &str = include_str!("languages/python/items.py.fixture");

/// Sources that are cut and changed at random.
const SOURCES: [(&str, &str); 5] = [
    ("a.rs", RUST),
    ("a.py", PYTHON),
    ("b.py", include_str!("bodies/python.py.fixture")),
    ("b.go", include_str!("bodies/go.go.fixture")),
    ("b.ts", include_str!("bodies/typescript.ts.fixture")),
];

fn read(path: &str, text: &[u8]) -> FileFacts {
    let facts = parse(detect(path, text).unwrap_or(Language::Rust), path, text, &LIMITS);
    check_shape(&facts, text);
    facts
}

/// What holds for every file: ranges within it, indices that exist, ids that differ.
fn check_shape(facts: &FileFacts, text: &[u8]) {
    let len = text.len() as u32;
    let on_boundary =
        |at: u32| std::str::from_utf8(text).map_or(true, |text| text.is_char_boundary(at as usize));
    for symbol in &facts.symbols {
        for range in [Some(symbol.byte_range), symbol.body_range].into_iter().flatten() {
            assert!(range.start <= range.end && range.end <= len, "{}: {range:?}", symbol.qualified_name);
            assert!(
                on_boundary(range.start) && on_boundary(range.end),
                "{}: {range:?}",
                symbol.qualified_name
            );
        }
        let lines = symbol.line_range;
        assert!(
            1 <= lines.start && lines.start <= lines.end && lines.end <= facts.n_lines.max(1),
            "{lines:?}"
        );
        assert!(symbol.parent.is_none_or(|parent| (parent as usize) < facts.symbols.len()));
        assert!(symbol.scope.is_none_or(|scope| (scope as usize) < facts.scopes.len()));
        assert!(symbol.split_points.is_sorted() && symbol.split_points.iter().all(|at| *at <= len));
    }
    facts.symbols.iter().filter_map(|symbol| symbol.body.as_deref()).for_each(|body| check_body(body, facts));
    for reference in &facts.references {
        assert!(reference.byte_start <= len && !reference.path.is_empty());
        assert!(
            (reference.from as usize) < facts.symbols.len()
                && (reference.scope as usize) < facts.scopes.len()
        );
    }
    let ids: std::collections::BTreeSet<_> = facts.symbols.iter().map(|symbol| symbol.id).collect();
    assert_eq!(ids.len(), facts.symbols.len(), "ids differ");
}

fn check_body(body: &Body, facts: &FileFacts) {
    assert!(body.steps.len() <= MAX_STEPS && body.conditions.len() <= MAX_CONDITIONS);
    let fits = |text: &str| text.len() <= MAX_TEXT_BYTES + '…'.len_utf8() && !text.contains('\n');
    for (place, condition) in body.conditions.iter().enumerate() {
        assert!(condition.within.is_none_or(|within| (within as usize) < place), "{condition:?}");
        assert!(fits(&condition.text) && 1 <= condition.line && condition.line <= facts.n_lines.max(1));
    }
    for step in &body.steps {
        assert!(step.under.is_none_or(|under| (under as usize) < body.conditions.len()), "{step:?}");
        assert!(fits(&step.text) && step.arguments.len() <= MAX_ARGUMENTS, "{step:?}");
        assert!(step.arguments.iter().chain(&step.value).all(|text| fits(text)), "{step:?}");
        assert!(1 <= step.line && step.line <= facts.n_lines.max(1), "{step:?}");
    }
}

fn codes(facts: &FileFacts) -> Vec<&str> {
    facts.findings.iter().map(|finding| finding.code.as_str()).collect()
}

fn names(facts: &FileFacts) -> Vec<&str> {
    facts.symbols.iter().map(|symbol| symbol.name.as_str()).collect()
}

const PATHS: &[&str] = &["a.rs", "a.py", "a.go", "a.ts", "a.tsx", "a.js"];

#[test]
fn an_empty_file_is_its_module() {
    for path in PATHS {
        let facts = read(path, b"");
        assert_eq!((facts.symbols.len(), facts.n_lines, codes(&facts).len()), (1, 0, 0), "{path}");
    }
}

#[test]
fn a_hundred_thousand_brackets_are_cut_at_the_depth_limit() {
    let text = format!("fn before() {{}}\nfn f() {{ {}1{} }}\n", "(".repeat(100_000), ")".repeat(100_000));
    let facts = read("deep.rs", text.as_bytes());
    assert_eq!(codes(&facts), ["parse_too_deep"]);
    assert_eq!(names(&facts), ["deep", "before", "f"]);
}

#[test]
fn a_hundred_thousand_nested_calls_stay_small() {
    let text = format!("x = {}1{}\n", "f(".repeat(100_000), ")".repeat(100_000));
    assert!(codes(&read("deep.py", text.as_bytes())).contains(&"parse_too_deep"));
    let chain = format!("x = a{}\n", ".b()".repeat(2_000));
    assert_eq!(read("chain.py", chain.as_bytes()).references.len(), 2_000);
}

#[test]
fn unclosed_brackets_give_findings() {
    for (path, text) in [
        ("open.rs", format!("fn f() {{ {}", "(".repeat(200_000))),
        ("open.py", format!("x = [{}", "1, ".repeat(120_000))),
        ("open.go", format!("package a\nfunc f() {{ {}", "(".repeat(200_000))),
        ("open.ts", format!("let x = {}", "a<".repeat(50_000))),
        ("open.js", format!("let x = {}", "a+".repeat(500_000))),
    ] {
        let facts = read(path, text.as_bytes());
        assert!(!facts.findings.is_empty(), "{path}");
    }
}

#[test]
fn a_megabyte_of_nul_is_an_error_not_a_hang() {
    for path in PATHS {
        assert_eq!(read(path, &vec![0; 1 << 20]).symbols.len(), 1, "{path}");
    }
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let facts = read("big.rs", &vec![b' '; (1 << 20) + 1]);
    assert_eq!(codes(&facts), ["file_too_large"]);
    assert_eq!(facts.size_bytes, (1 << 20) + 1);
}

#[test]
fn the_parser_stops_when_its_budget_is_used_up() {
    let limits = ParseLimits { bytes_per_parser_callback: u64::MAX, ..LIMITS };
    let text = "x = a + b * c\n".repeat(70_000);
    let facts = parse(Language::Python, "budget.py", text.as_bytes(), &limits);
    assert_eq!((names(&facts), codes(&facts)), (vec!["budget"], vec!["parse_budget_exceeded"]));
    assert_eq!(codes(&read("budget.py", text.as_bytes())), [""; 0]);
}

#[test]
fn symbols_are_counted() {
    let limits = ParseLimits { max_symbols: 3, ..LIMITS };
    let facts = parse(Language::Rust, "a.rs", b"fn a() {} fn b() {} fn c() {} fn d() {}", &limits);
    assert_eq!((names(&facts), codes(&facts)), (vec!["a", "a", "b"], vec!["too_many_symbols"]));
}

#[test]
fn broken_code_keeps_what_stands_before_and_after() {
    let rust = read("broken.rs", b"fn whole() {}\nfn broken( {\nstruct S { x: }\nfn after() {}\n");
    assert!(names(&rust).contains(&"whole") && rust.n_error_nodes > 0);
    assert_eq!(rust.findings[0].code, "syntax_error");
    assert_eq!(rust.findings[0].line, Some(2));
    let python =
        read("broken.py", b"def whole(): pass\ndef broken(:\n  x = \nclass After:\n  def m(self): pass\n");
    assert!(names(&python).contains(&"whole") && names(&python).contains(&"After"));
}

#[test]
fn a_byte_order_mark_and_carriage_returns_change_no_name() {
    let rust = read("a.rs", b"\xef\xbb\xbf/// One.\r\n/// Two.\r\npub fn f(\r\n    a: u8,\r\n) {}\r\n");
    assert_eq!(rust.symbols[1].signature, "pub fn f(a: u8)");
    assert_eq!(rust.symbols[1].doc_comment.as_deref(), Some("One.\nTwo."));
    let python = read("a.py", b"\xef\xbb\xbfdef f():\r\n    '''One.\r\n\r\n    Two.\r\n    '''\r\n");
    assert_eq!(python.symbols[1].doc_comment.as_deref(), Some("One.\n\nTwo."));
}

#[test]
fn names_that_are_not_utf8_are_decoded_and_ranges_stay_exact() {
    let text = b"# caf\xe9\ndef caf(x):\n    s = '\xe9'\n    return open(s)\n";
    let facts = read("latin.py", text);
    let range = facts.symbols[1].byte_range;
    assert!(text[range.start as usize..range.end as usize].starts_with(b"def caf(x)"));
    assert!(facts.references.iter().any(|reference| reference.path == "open"));
}

#[test]
fn languages_are_found_by_extension_and_first_line() {
    let found = |path: &str, text: &str| detect(path, text.as_bytes()).map(Language::as_str);
    assert_eq!(found("a/b.pyi", ""), Some("python"));
    assert_eq!(found("a/b.TSX", ""), Some("typescript"));
    assert_eq!(found("a/b.cjs", ""), Some("javascript"));
    assert_eq!(found("bin/run", "#!/usr/bin/env -S python3.11 -u\n"), Some("python"));
    assert_eq!(found("bin/run", "#!/usr/local/bin/node\r\n"), Some("javascript"));
    assert_eq!(found("bin/run", "#!/usr/bin/env -S deno run\n"), Some("typescript"));
    assert_eq!(found("bin/run", "#!/bin/sh\n"), None);
    assert_eq!(found(".gitignore", "#!/usr/bin/python"), Some("python"));
    assert_eq!(found("a.txt", "#!/usr/bin/python"), None);
    assert_eq!(found("", ""), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn truncated_sources_are_read(at in 0.0..1.0f64) {
        for (path, text) in SOURCES {
            let cut = text.floor_char_boundary((text.len() as f64 * at) as usize);
            read(path, &text.as_bytes()[..cut]);
        }
    }

    #[test]
    fn mutated_sources_are_read(edits in prop::collection::vec((0.0..1.0f64, any::<u8>(), 0..3usize), 1..24)) {
        for (path, text) in SOURCES {
            let mut bytes = text.as_bytes().to_vec();
            for &(at, byte, how) in &edits {
                let at = (bytes.len() as f64 * at) as usize;
                match how {
                    0 => bytes[at] = byte,
                    1 => bytes.insert(at, byte),
                    _ => drop(bytes.remove(at)),
                }
            }
            read(path, &bytes);
        }
    }

    #[test]
    fn text_of_any_kind_is_read(text in "\\PC{0,200}") {
        for path in PATHS {
            read(path, text.as_bytes());
        }
    }
}
