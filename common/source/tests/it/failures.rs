//! Every failure has a stable code, a class and a line of help.

use std::fmt::Write as _;

use doctown_source::failure::SourceError;

#[test]
fn each_failure_says_what_to_do() {
    let text = |text: &str| text.to_owned();
    let all = [
        SourceError::InvalidUrl { input: text("x"), reason: "it has no `/`" },
        SourceError::SchemeNotAllowed { scheme: text("file") },
        SourceError::HostNotAllowed { host: text("10.0.0.1"), reason: "its address is not public" },
        SourceError::LocalPathNotAllowed,
        SourceError::PathNotFound { path: text("./x") },
        SourceError::UnsupportedInput { path: text("x.rar") },
        SourceError::InvalidRef { git_ref: text("a..b") },
        SourceError::RefNotApplicable { what: "an archive" },
        SourceError::InvalidGlob { glob: text("["), reason: text("unclosed character class") },
        SourceError::RepoNotFound { repo: text("ada/demo") },
        SourceError::RefNotFound { repo: text("ada/demo"), git_ref: text("v2") },
        SourceError::RepoEmpty { repo: text("ada/demo") },
        SourceError::RepoTooLarge {
            what: "its source",
            size_bytes: 61_440_000_000,
            limit_bytes: 2_000_000_000,
        },
        SourceError::IgnoreRulesTooLarge { path: text("src/.gitignore"), limit_bytes: 100_000 },
        SourceError::TooManyFiles { limit: 200_000 },
        SourceError::NoSourceCode { found: text("found 2 CSS files"), read: text("Go and Rust") },
        SourceError::ArchiveBomb { compressed_bytes: 1_540, limit_bytes: 200_000_000 },
        SourceError::ArchiveMalformed { reason: text("unexpected end of file") },
        SourceError::ArchiveDuplicate { path: Some(text("a.rs")) },
        SourceError::Unauthorized { host: text("api.github.com") },
        SourceError::RateLimited { host: text("api.github.com"), retry_after_ms: 1_500 },
        SourceError::UpstreamUnavailable { host: text("api.github.com"), reason: text("it answered 503") },
        SourceError::ProxyUnavailable {
            proxy: text("proxy.example:3128"),
            host: text("github.com"),
            reason: text("connection refused"),
        },
        SourceError::ProxyInvalid { reason: text("it names no host") },
        SourceError::UpstreamProtocol { host: text("example.org"), reason: text("not a packet line") },
        SourceError::Unreadable { what: text("the folder"), reason: text("permission denied") },
        SourceError::Interrupted,
    ];
    let mut table = String::new();
    for error in all {
        let (code, exit, retry) = (error.code(), error.class().exit_code(), error.is_retryable());
        writeln!(table, "{code} (exit {exit}{})", if retry { ", retry" } else { "" }).unwrap();
        let help = error.help();
        writeln!(table, "    {error}\n    terminal: {}", help.terminal).unwrap();
        if help.browser != help.terminal {
            writeln!(table, "    browser: {}", help.browser).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn messages_and_browser_texts_name_no_flag_and_no_setting() {
    for line in include_str!("snapshots/it__failures__each_failure_says_what_to_do.snap").lines() {
        let is_of_terminal = line.trim_start().starts_with("terminal: ");
        assert!(is_of_terminal || !line.contains("`--") && !line.contains("DOCTOWN_"), "{line}");
    }
    for (code, _, help) in doctown_source::failure::all() {
        assert!(
            !help.browser.contains("--") && !help.browser.contains("DOCTOWN_"),
            "{code}: {}",
            help.browser
        );
    }
}
