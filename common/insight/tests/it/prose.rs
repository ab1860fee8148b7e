use doctown_insight::{introduction, lead_sentence};

fn lead(doc: &str) -> String {
    lead_sentence(doc).unwrap_or_else(|| "-".to_owned())
}

#[test]
fn takes_the_first_sentence() {
    assert_eq!(lead("Opens the store. Fails when locked."), "Opens the store.");
    assert_eq!(lead("Opens\nthe store\n\nFails when locked."), "Opens the store.");
    assert_eq!(lead("parses a header"), "Parses a header.");
}

#[test]
fn a_full_stop_within_names_and_abbreviations_ends_nothing() {
    assert_eq!(
        lead("Reads `a.b. C`, e.g. Foo, from v1.2 files. Then stops."),
        "Reads `a.b. C`, e.g. Foo, from v1.2 files."
    );
}

#[test]
fn markup_becomes_plain_text() {
    assert_eq!(
        lead("Wraps [`Client`] and [the pool](https://example.org/x)."),
        "Wraps `Client` and the pool."
    );
    assert_eq!(lead("Sends a :class:`~http.Request` to :func:`send`."), "Sends a `Request` to `send`.");
    assert_eq!(lead("Sends a :py:class:`~http.Request` to it."), "Sends a `Request` to it.");
    assert_eq!(
        lead("The *one thing* that _never_ sleeps, *ever*."),
        "The one thing that never sleeps, ever."
    );
    assert_eq!(lead("Takes *.rs and `*a b*` and __all__."), "Takes *.rs and `*a b*` and __all__.");
    assert_eq!(lead("Lists `Item`\\s \\(all of them\\)."), "Lists `Item`s (all of them).");
    assert_eq!(
        lead("Resolves {@link Foo} in <b>order</b> of ``rank``."),
        "Resolves `Foo` in order of `rank`."
    );
    assert_eq!(lead("Keeps `Vec<b>` as written."), "Keeps `Vec<b>` as written.");
    assert_eq!(
        lead("A lightweight [WSGI] framework for list[int]."),
        "A lightweight WSGI framework for list[int]."
    );
}

#[test]
fn stops_before_tags_sections_and_examples() {
    assert_eq!(lead("Adds two numbers\n@param a the first\n@returns the sum"), "Adds two numbers.");
    assert_eq!(lead("Adds two numbers\nArgs:\n    a: the first"), "Adds two numbers.");
    assert_eq!(lead("Adds two numbers:\n```\nadd(1, 2)\n```"), "Adds two numbers.");
}

#[test]
fn tags_and_examples_before_the_prose_are_passed_over() {
    for (doc, expected) in [
        ("@module\nBasic Auth Middleware for Hono.", "Basic Auth Middleware for Hono."),
        (
            "@see {@link https://example.org/x}\nThe event of the current request.",
            "The event of the current request.",
        ),
        ("@see the long page about all of this,\nwhich goes on here.\n\nThe event.", "The event."),
        ("@fileoverview Parses headers.", "Parses headers."),
        ("@param a the first\n  of two\n@returns {number} The sum of both.", "Returns the sum of both."),
        (":param a: the first\n:returns: the sum of both", "Returns the sum of both."),
        ("@deprecated Use `other` instead.", "Deprecated: Use `other` instead."),
        ("In another terminal:\n\n```sh\ncurl x\n```\n\nShows how proxies work.", "Shows how proxies work."),
        ("@experimental\nThe API might change.\n\nCatches errors.", "Catches errors."),
        ("Run with\n```sh\ncargo run -p demo\n```\nShows how sessions work.", "Shows how sessions work."),
        (".. versionadded:: 1.2\n   Only here.\n\nOpens the store.", "Opens the store."),
        ("flask.app\n~~~~~~~~~\n\nHolds the application class.", "Holds the application class."),
        ("# axum-extra\n\nExtra utilities for axum.", "Extra utilities for axum."),
    ] {
        assert_eq!(lead(doc), expected, "{doc:?}");
    }
}

#[test]
fn a_dot_before_a_slash_is_left_alone() {
    assert_eq!(
        lead("Mount attaches a handler along ./pattern/*"),
        "Mount attaches a handler along ./pattern/*."
    );
}

#[test]
fn a_link_leaves_the_name_of_its_host() {
    for (doc, expected) in [
        ("Formats taken from https://github.com/a/b?token=secret.", "Formats taken from `github.com`."),
        (
            "Follows the spec (https://user:pass@example.org:80/x) here.",
            "Follows the spec (`example.org:80`) here.",
        ),
        ("https://example.org/issues/1\n\nMust not leak the handler.", "Must not leak the handler."),
        ("Specs: https://example.org/issues/1", "-"),
    ] {
        assert_eq!(lead(doc), expected, "{doc:?}");
    }
}

#[test]
fn what_describes_nothing_is_no_lead() {
    for doc in [
        "",
        "   \n",
        "Copyright (c) 2024 Somebody. All rights reserved.",
        "eslint-disable no-console",
        "TODO: write",
        "Private API.",
        "`async fn(Request) -> Response`",
        "`keyframes` is an experimental feature.",
        "Test all with\n\n```sh\ncargo test\n```",
        "@param a x",
        "```\ncode\n```",
        "=====",
    ] {
        assert_eq!(lead(doc), "-", "{doc:?}");
    }
}

#[test]
fn invisible_characters_and_urls_are_removed() {
    assert_eq!(
        lead("Reads\u{200b} the \u{202e}file at https://example.org/spec quickly."),
        "Reads the file at `example.org` quickly."
    );
}

#[test]
fn an_endless_sentence_is_cut_at_a_clause_or_word() {
    let words = "word ".repeat(200);
    let cut = lead(&words);
    assert!(cut.chars().count() <= 241 && cut.ends_with('…'), "{cut}");
    let clauses = format!("{}, and the rest {}", "alpha ".repeat(20).trim(), "omega ".repeat(60));
    assert!(lead(&clauses).ends_with("alpha."), "{}", lead(&clauses));
}

#[test]
fn a_readme_leads_with_its_first_prose() {
    let readme_lead = |text| introduction(Some(text), None);
    let markdown = "# Demo\n\n[![ci](https://ci.example/b.svg)](https://ci.example)\n<p align=\"center\">\n\nFast!\n\nDemo is a *small* [HTTP](https://example.org) library. More.\n";
    assert_eq!(readme_lead(markdown).as_deref(), Some("Demo is a small HTTP library."));
    let rst = "Demo\n====\n\n.. image:: logo.png\n\nA framework for things\nthat matter.\n";
    assert_eq!(readme_lead(rst).as_deref(), Some("A framework for things that matter."));
    let news = "# Gin\n\n## 1.12 is out!\n\nWe're excited to announce **Gin 1.12**! More.\n\n---\n\nGin is a web framework written in Go.\n";
    assert_eq!(readme_lead(news).as_deref(), Some("Gin is a web framework written in Go."));
    let slogan = "<a>\n</a>\n\n**Fast, minimalist web framework for [Node.js](https://nodejs.org).**\n\n## Contents\n\nThis project has a code of conduct.\n";
    assert_eq!(readme_lead(slogan).as_deref(), Some("Fast, minimalist web framework for Node.js."));
    assert_eq!(readme_lead("# Only a title\n\n- a list\n"), None);
    let usage = "# semver\n\n```bash\nnpm install semver\n```\n\nAs a node module:\n\n```js\n1\n```\n\nYou can also just load one function.\n";
    assert_eq!(readme_lead(usage).as_deref(), Some("You can also just load one function."));
}

#[test]
fn a_manifest_says_what_the_readme_does_not_define() {
    let usage = "# semver\n\nYou can also just load one function.\n";
    let description = Some("The semantic version parser used by npm");
    assert_eq!(
        introduction(Some(usage), description).as_deref(),
        Some("The semantic version parser used by npm.")
    );
    assert_eq!(introduction(None, description).as_deref(), Some("The semantic version parser used by npm."));
    let defined = "# semver\n\nSemver is a parser of versions.\n";
    assert_eq!(introduction(Some(defined), description).as_deref(), Some("Semver is a parser of versions."));
}

#[test]
fn links_of_restructured_text_become_their_words() {
    let doc = "`Demo <https://demo.org>`_ answers `many requests`_, as ``Server`` does; see `the\n<https://x.org>`__ manual.";
    assert_eq!(lead(doc), "Demo answers many requests, as `Server` does; see the manual.");
}
