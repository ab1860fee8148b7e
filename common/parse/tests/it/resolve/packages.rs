//! What manifests say about where a package's code lies.

use super::{files, link};

fn calls(fixture: &str) -> Vec<String> {
    link(&files(fixture)).calls()
}

#[test]
fn a_renamed_workspace_dependency_is_the_package_it_names() {
    let fixture = r#"
//- /Cargo.toml
[workspace]
members = ["app", "core", "wire"]
[workspace.dependencies]
kern = { path = "core", package = "acme-core" }
line = { version = "1", package = "acme-wire" }
serde = "1"
//- /app/Cargo.toml
[package]
name = "app"
[dependencies]
kern.workspace = true
line = { workspace = true }
serde.workspace = true
//- /app/src/lib.rs
pub fn run() { kern::start(); line::open(); serde::skip(); }
//- /core/Cargo.toml
[package]
name = "acme-core"
//- /core/src/lib.rs
pub fn start() {}
//- /wire/Cargo.toml
[package]
name = "acme-wire"
//- /wire/src/lib.rs
pub fn open() {}
"#;
    let linked = link(&files(fixture));
    assert_eq!(
        linked.calls(),
        ["app/src/lib.rs#run -> core/src/lib.rs#start", "app/src/lib.rs#run -> wire/src/lib.rs#open"]
    );
    assert_eq!(linked.rest(), "external serde::skip of serde in app/src/lib.rs#run\n");
}

#[test]
fn a_package_imported_by_an_alias_is_found() {
    let found = calls(
        r#"
//- /packages/app/package.json
{ "name": "app", "dependencies": { "kern": "workspace:@acme/core@*", "near": "file:../near", "acme": "npm:@acme/core@^1" } }
//- /packages/app/src/main.ts
import { start } from "kern";
import { deep } from "kern/deep";
import { open } from "near";
import { start as again } from "acme";
export function run() { start(); deep(); open(); again(); }
//- /packages/core/package.json
{ "name": "@acme/core", "main": "dist/index.js" }
//- /packages/core/src/index.ts
export function start() {}
//- /packages/core/src/deep.ts
export function deep() {}
//- /packages/near/package.json
{ "name": "@acme/far" }
//- /packages/near/index.ts
export function open() {}
"#,
    );
    let expected = ["core/src/deep.ts#deep", "core/src/index.ts#start", "near/index.ts#open"];
    assert_eq!(found, expected.map(|to| format!("packages/app/src/main.ts#run -> packages/{to}")));
}

#[test]
fn requiring_a_folder_takes_what_its_package_names_as_main() {
    let found = calls(
        r#"
//- /package.json
{ "name": "server", "main": "lib/server.js" }
//- /lib/server.js
exports.start = () => 1;
//- /lib/index.js
exports.start = () => 2;
//- /test/server.js
const Server = require("..");
const own = require(".");
const sub = require("./sub");
exports.run = () => { Server.start(); own.here(); sub.go(); };
//- /test/index.js
exports.here = () => 3;
//- /test.js
exports.here = () => 4;
//- /test/sub/package.json
{ "exports": { ".": "./entry.js" } }
//- /test/sub/entry.js
exports.go = () => 5;
"#,
    );
    let expected = ["lib/server.js#start", "test/index.js#here", "test/sub/entry.js#go"];
    assert_eq!(found, expected.map(|to| format!("test/server.js#run -> {to}")));
}

#[test]
fn a_derive_macro_is_imported_by_the_name_that_it_declares() {
    let fixture = r#"
//- /macros/Cargo.toml
[package]
name = "acme-macros"
[lib]
proc-macro = true
//- /macros/src/lib.rs
mod from_request;
use from_request::Trait::FromRequest;
#[proc_macro_derive(FromRequest, attributes(from_request))]
pub fn derive_from_request(item: TokenStream) -> TokenStream { expand(item, FromRequest) }
fn expand(item: TokenStream, of: from_request::Trait) -> TokenStream { item }
//- /macros/src/from_request.rs
pub enum Trait { FromRequest, FromRequestParts }
//- /app/Cargo.toml
[package]
name = "app"
[dependencies]
acme-macros = { path = "../macros" }
//- /app/src/lib.rs
use acme_macros::FromRequest;
#[derive(FromRequest)]
pub struct Form;
"#;
    let edges = link(&files(fixture)).edge_names();
    let imports: Vec<&str> =
        edges.iter().filter_map(|edge| edge.strip_prefix("imports app/src/lib.rs -> ")).collect();
    assert_eq!(imports, ["macros/src/lib.rs#derive_from_request"]);
}
