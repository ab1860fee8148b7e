//! Go: what each kind of declaration gives.

use insta::assert_snapshot;

use super::{all, bindings, imports, read, references, symbols};

#[test]
fn declarations() {
    assert_snapshot!(all("store/cache.go", include_str!("go/declarations.go.fixture")));
}

#[test]
fn import_forms() {
    let source = r#"package main

import "fmt"

import (
    _ "embed"
    . "math"
    "github.com/go-redis/redis/v9"
    yaml "gopkg.in/yaml.v3"
    "gopkg.in/ini.v1"
    "github.com/hashicorp/go-multierror"
)
"#;
    assert_snapshot!(imports(&read("cmd/tool/main.go", source)));
}

#[test]
fn packages_are_folders_and_the_root_has_its_clause() {
    let source = "// Package cache keeps things.\n//\n// And forgets them.\npackage cache\n\nfunc Get() {}\n";
    for file_path in ["internal/cache/doc.go", "doc.go"] {
        let facts = read(file_path, source);
        assert_eq!(facts.symbols[0].name, "cache");
        assert_eq!(
            facts.symbols[0].doc_comment.as_deref(),
            Some("Package cache keeps things.\n\nAnd forgets them.")
        );
        let package = file_path.rsplit_once('/').map_or("cache", |(folder, _)| folder);
        assert_eq!(facts.symbols[1].qualified_name, format!("{package}.Get"));
    }
}

#[test]
fn values_that_flow() {
    let source = r#"package app

func run(items []*Item, byName map[string]Item, out chan<- *Item) error {
    client, err := NewClient("a")
    first, second := open(), client.Pool
    var deadline time.Time = now()
    for i, item := range items {
        item.Close()
        byName[item.Name].Close()
    }
    server := &Server{Addr: addr, Handler: handle}
    http.HandleFunc("/", server.serve)
    go client.loop()
    defer func() { recover() }()
    switch value := any(client).(type) {
    case *Client:
        value.Close()
    }
    server.handler = fallback
    return nil
}
"#;
    let facts = read("app/run.go", source);
    assert_snapshot!(references(&facts));
    assert_snapshot!(bindings(&facts));
}

#[test]
fn function_literals_in_variables_are_functions() {
    let source = "package a\n\n// Say greets.\nvar Say = func(name string) string {\n\tvar inner = name\n\treturn inner\n}\n\nvar once = sync.OnceValue(func() int { const k = 1; return k })\n";
    assert_snapshot!(symbols(&read("a/a.go", source)));
}

#[test]
fn branches_count() {
    let source = r#"package a

func classify(n int, tags []string) string {
    if n < 0 && n > -10 || n == 99 {
        return "small"
    } else if n == 0 {
        return "zero"
    } else {
        n++
    }
    for _, tag := range tags {
        switch tag {
        case "a", "b":
            return tag
        case "c":
            if n > 1 {
                continue
            }
        default:
        }
    }
    return func() string { if n > 2 { return "x" }; return "y" }()
}
"#;
    let facts = read("a/a.go", source);
    let complexity = facts.symbols[1].complexity.expect("functions are measured");
    // 1 + if, else if, for, two cases, if, if in the literal + two logical operators.
    assert_eq!(complexity.cyclomatic, 10);
    // if 1, && 1, || 1, else if 1, else 1, for 1, switch 2, if 3, if in the literal 2.
    assert_eq!(complexity.cognitive, 13);
}
