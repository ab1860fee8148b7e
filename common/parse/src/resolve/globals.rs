//! Names that test frameworks give to every test file without an import, by the package that gives them.

use crate::manifests::{Manifests, folder};

/// A framework and the names it makes global.
struct Framework {
    package: &'static str,
    /// Dependencies that show that the framework runs the tests.
    shown_by: &'static [&'static str],
    names: &'static [&'static str],
}

/// The first one that a manifest shows and that has the name counts.
const FRAMEWORKS: &[Framework] = &[
    Framework {
        package: "vitest",
        shown_by: &["vitest", "vite-plus"],
        names: &[
            "afterAll",
            "afterEach",
            "assert",
            "assertType",
            "beforeAll",
            "beforeEach",
            "bench",
            "chai",
            "describe",
            "expect",
            "expectTypeOf",
            "it",
            "onTestFailed",
            "onTestFinished",
            "suite",
            "test",
            "vi",
            "vitest",
        ],
    },
    Framework {
        package: "jest",
        shown_by: &["jest", "@jest/globals", "@types/jest", "jest-cli", "react-scripts", "ts-jest"],
        names: &[
            "afterAll",
            "afterEach",
            "beforeAll",
            "beforeEach",
            "describe",
            "expect",
            "fdescribe",
            "fit",
            "it",
            "jest",
            "test",
            "xdescribe",
            "xit",
            "xtest",
        ],
    },
    Framework {
        package: "mocha",
        shown_by: &["mocha", "@types/mocha", "karma-mocha", "cypress"],
        names: &[
            "after",
            "afterEach",
            "before",
            "beforeEach",
            "context",
            "describe",
            "it",
            "run",
            "setup",
            "specify",
            "suite",
            "suiteSetup",
            "suiteTeardown",
            "teardown",
            "test",
            "xcontext",
            "xdescribe",
            "xit",
            "xspecify",
        ],
    },
    Framework {
        package: "jasmine",
        shown_by: &["jasmine", "jasmine-core", "@types/jasmine", "karma-jasmine"],
        names: &[
            "afterAll",
            "afterEach",
            "beforeAll",
            "beforeEach",
            "describe",
            "expect",
            "expectAsync",
            "fail",
            "fdescribe",
            "fit",
            "it",
            "jasmine",
            "pending",
            "spyOn",
            "spyOnAllFunctions",
            "spyOnProperty",
            "xdescribe",
            "xit",
        ],
    },
    Framework { package: "cypress", shown_by: &["cypress"], names: &["Cypress", "cy", "expect"] },
    Framework { package: "chai", shown_by: &["chai", "karma-chai"], names: &["assert", "expect", "should"] },
    Framework { package: "qunit", shown_by: &["qunit", "@types/qunit"], names: &["QUnit"] },
];

/// Finds the framework that gives a name to the files of a folder: the nearest `package.json` that shows one.
pub(crate) fn framework(manifests: &Manifests, file_path: &str, name: &str) -> Option<&'static str> {
    let around = std::iter::successors(Some(folder(file_path)), |dir| (!dir.is_empty()).then(|| folder(dir)));
    let named = FRAMEWORKS.iter().filter(|framework| framework.names.contains(&name));
    let named: Vec<&Framework> = named.collect();
    if named.is_empty() {
        return None;
    }
    around.filter_map(|dir| manifests.node_packages.get(dir)).find_map(|package| {
        let is_shown = |framework: &&&Framework| {
            framework.shown_by.iter().any(|dependency| package.dependencies.contains(*dependency))
        };
        named.iter().find(is_shown).map(|framework| framework.package)
    })
}
