//! Changes of source that must not change edges, or must change them in one way only.

use super::{files, link};

const RUST: &str = r#"
//- /src/lib.rs
mod net;
use net::Client;
pub fn run() { let client = Client::connect(); client.send(); helper(); }
fn helper() {}
//- /src/net.rs
pub struct Client;
impl Client { pub fn connect() -> Self { Client } pub fn send(&self) { encode(); } }
fn encode() {}
"#;

const PYTHON: &str = r#"
//- /pkg/__init__.py
from .net import Client
//- /pkg/net.py
class Client:
    def send(self): encode()
def encode(): pass
//- /app.py
from pkg import Client
def run():
    client = Client()
    client.send()
    helper()
def helper(): pass
"#;

const GO: &str = r#"
//- /go.mod
module example.com/app
//- /main.go
package main
import "example.com/app/net"
func run() { client, err := net.Connect(); client.Transfer(err); helper() }
func helper() {}
//- /net/client.go
package net
type Client struct { links []*link }
type link struct{}
func Connect() (client *Client, err error) { return new(Client), nil }
func (c *Client) Transfer(err error) { for _, l := range c.links { l.send() } }
func (l *link) send() { encode() }
//- /net/encode.go
package net
func encode() {}
"#;

const TYPESCRIPT: &str = r#"
//- /src/net.ts
export class Client {
    static connect(): Client { return new Client(); }
    send() { encode(); }
}
const encode = () => 1;
//- /src/app.ts
import { Client } from "./net";
export function run() { const client = Client.connect(); client.send(); helper(); }
function helper() { return { send: () => helper() }; }
"#;

const DECOYS: &[(&str, &str, &str)] = &[
    (
        RUST,
        "src/decoy.rs",
        "pub struct Client; impl Client { pub fn send(&self) {} pub fn connect() {} } pub fn helper() {} pub fn encode() {}",
    ),
    (
        GO,
        "decoy/decoy.go",
        "package net\ntype Client struct{}\ntype link struct{}\nfunc Connect() *Client { return nil }\nfunc (c Client) Transfer() {}\nfunc (l link) send() {}\nfunc helper() {}\nfunc encode() {}\n",
    ),
    (
        TYPESCRIPT,
        "src/decoy.ts",
        "export class Client { send() {} static connect() {} } export function helper() {} export const encode = () => 2; export default { send() {} };",
    ),
    (PYTHON, "decoy.py", "class Client:\n    def send(self): pass\ndef helper(): pass\ndef encode(): pass\n"),
];

#[test]
fn a_decoy_attracts_no_edge() {
    for (fixture, path, text) in DECOYS {
        let mut with = files(fixture);
        with.push(((*path).to_owned(), (*text).to_owned()));
        let before = link(&files(fixture)).edge_names();
        let mut after = link(&with).edge_names();
        // The decoy may refer to itself.
        after.retain(|edge| !edge.split(' ').nth(1).is_some_and(|source| source.starts_with(path)));
        assert_eq!(before, after, "decoy {path}");
    }
}

#[test]
fn a_consistent_rename_changes_no_edge() {
    for fixture in [RUST, PYTHON, GO, TYPESCRIPT] {
        for (from, to) in [("Client", "Zzz"), ("helper", "aaa"), ("send", "transmit"), ("encode", "k")] {
            let renamed = fixture.replace(from, to);
            let expected: Vec<String> =
                link(&files(fixture)).edge_names().iter().map(|edge| edge.replace(from, to)).collect();
            let mut expected = expected;
            expected.sort();
            assert_eq!(link(&files(&renamed)).edge_names(), expected, "{from} to {to}");
        }
    }
}

#[test]
fn a_shadowed_import_unbinds() {
    let shadowed = [
        (RUST, "use net::Client;", "use net::Client as _;"),
        (PYTHON, "def run():", "def run(Client):"),
        (GO, "func run() {", "func run(net thing) {"),
        (TYPESCRIPT, "function run()", "function run(Client: any)"),
    ];
    for (fixture, from, to) in shadowed {
        let edges = link(&files(&fixture.replace(from, to))).edge_names();
        let calls: Vec<&String> =
            edges.iter().filter(|edge| edge.starts_with("calls") && edge.contains("run ->")).collect();
        assert!(calls.iter().all(|edge| edge.ends_with("#helper")), "{calls:?}");
    }
}

#[test]
fn file_order_changes_nothing() {
    for fixture in [RUST, PYTHON, GO, TYPESCRIPT] {
        let mut files = files(fixture);
        let before = link(&files).resolution;
        files.reverse();
        assert_eq!(before, link(&files).resolution);
        files.rotate_left(1);
        assert_eq!(before, link(&files).resolution);
    }
}

#[test]
fn a_comment_changes_nothing_but_places() {
    let comments = [
        (RUST, "// note: helper() and Client::send()\n"),
        (PYTHON, "# note: helper() and Client.send()\n"),
        (GO, "// note: helper() and net.Connect()\n"),
        (TYPESCRIPT, "// note: helper() and Client.send()\n"),
    ];
    for (fixture, comment) in comments {
        let mut with = files(fixture);
        for (_, text) in &mut with {
            text.insert_str(0, comment);
        }
        assert_eq!(link(&files(fixture)).edge_names(), link(&with).edge_names());
    }
}

#[test]
fn moving_a_file_with_its_imports_mended_changes_no_edge() {
    let moves = [
        (
            RUST,
            vec![("/src/net.rs", "/src/wire.rs"), ("mod net;", "mod wire;"), ("use net::", "use wire::")],
            ("src/net.rs", "src/wire.rs"),
        ),
        (
            GO,
            vec![
                ("/net/client.go", "/wire/client.go"),
                ("/net/encode.go", "/wire/encode.go"),
                ("app/net", "app/wire"),
            ],
            ("net/", "wire/"),
        ),
        (
            TYPESCRIPT,
            vec![("/src/net.ts", "/src/wire.ts"), ("./net", "./wire")],
            ("src/net.ts", "src/wire.ts"),
        ),
        (PYTHON, vec![("/pkg/net.py", "/pkg/wire.py"), (".net", ".wire")], ("pkg/net.py", "pkg/wire.py")),
    ];
    for (fixture, edits, (from, to)) in moves {
        let moved = edits.iter().fold(fixture.to_owned(), |text, (from, to)| text.replace(from, to));
        let mut expected: Vec<String> =
            link(&files(fixture)).edge_names().iter().map(|edge| edge.replace(from, to)).collect();
        expected.sort();
        assert_eq!(link(&files(&moved)).edge_names(), expected);
    }
}

#[test]
fn a_local_of_its_name_unbinds_a_function() {
    for local in [
        "let helper = 1;",
        "let (helper, _) = two();",
        "if let Some(helper) = one() {}\n let helper = || {};",
    ] {
        let text = RUST.replace("helper(); }", &format!("{local} helper(); }}"));
        assert_ne!(text, RUST);
        let edges = link(&files(&text)).edge_names();
        assert!(
            !edges.iter().any(|edge| edge.starts_with("calls") && edge.ends_with("#helper")),
            "{local}: {edges:?}"
        );
    }
}
