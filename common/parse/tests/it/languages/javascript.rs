//! JavaScript: definitions by value and by assignment, and CommonJS.

use insta::assert_snapshot;

use super::{all, exports, imports, read, symbols};

#[test]
fn definitions() {
    assert_snapshot!(all("lib/cache.js", include_str!("javascript/definitions.js.fixture")));
}

#[test]
fn common_js() {
    let source = r#"'use strict';
const fs = require('fs');
const { join, resolve: absolute } = require('path');
const inspect = require('util').inspect;
require('./register');
var all = [require('./a')];

function helper() {}

module.exports = {
    helper,
    join: absolute,
    /** Opens it. */
    open(path) { return fs.openSync(path); },
    close: function (handle) {},
    version: '1.0',
};
module.exports.late = (x) => x;
exports.flag = true;
exports.again = helper;
exports.sub = require('./sub');
"#;
    let facts = read("index.js", source);
    assert_snapshot!(format!(
        "{}-- exports\n{}-- symbols\n{}",
        imports(&facts),
        exports(&facts),
        symbols(&facts)
    ));
}

#[test]
fn members_given_to_a_variable_from_outside() {
    let source = r#"/**
 * The whole file.
 */

var res = Object.create(http.ServerResponse.prototype);

/**
 * Sets a header.
 *
 * @public
 */

res.set =
res.header = function header(field, value) {
  return this;
};

/**
 * Compiles a tag.
 */

exports.compile = function (value) {
  return value;
};

unknown.method = function () {};
"#;
    assert_snapshot!(symbols(&read("lib/response.js", source)));
}

#[test]
fn module_exports_of_one_thing() {
    for (source, symbol) in [
        ("module.exports = function create() {};", "lib/one.create"),
        ("module.exports = class {};", "lib/one.exports"),
        ("class Client {}\nmodule.exports = Client;", "lib/one.Client"),
        ("export default () => 1;", "lib/one.default"),
        ("export default function create() {}", "lib/one.create"),
        ("export default { run() {} };", "lib/one.default"),
    ] {
        let facts = read("lib/one.js", source);
        assert_eq!(facts.symbols[1].qualified_name, symbol, "{source}");
        assert!(facts.symbols[1].exported, "{source}");
        assert_eq!(facts.exports.len(), 1, "{source}");
        assert_eq!(facts.exports[0].name, "default");
        assert_eq!(facts.exports[0].local.as_deref(), symbol.rsplit('.').next(), "{source}");
    }
}

#[test]
fn tables_of_data_are_one_symbol() {
    let rows: String = (0..100).map(|row| format!("  key{row}: {row},\n")).collect();
    let facts = read("data.js", &format!("export const TABLE = {{\n{rows}}};\n"));
    assert_eq!(facts.symbols.len(), 2);
}
