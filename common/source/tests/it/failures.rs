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
            size_bytes: 2,
            limit_bytes: 1,
            flag: "--max-total-bytes",
        },
        SourceError::TooManyFiles { limit: 200_000 },
        SourceError::ArchiveBomb { compressed_bytes: 1, limit_bytes: 200 },
        SourceError::ArchiveMalformed { reason: text("unexpected end of file") },
        SourceError::ArchiveDuplicate { path: Some(text("a.rs")) },
        SourceError::Unauthorized { host: text("api.github.com") },
        SourceError::RateLimited { host: text("api.github.com"), retry_after_ms: 1_500 },
        SourceError::UpstreamUnavailable { host: text("api.github.com"), reason: text("it answered 503") },
        SourceError::UpstreamProtocol { host: text("example.org"), reason: text("not a packet line") },
        SourceError::Unreadable { what: text("the folder"), reason: text("permission denied") },
        SourceError::Interrupted,
    ];
    let mut table = String::new();
    for error in all {
        let (code, exit, retry) = (error.code(), error.class().exit_code(), error.is_retryable());
        writeln!(table, "{code} (exit {exit}{})", if retry { ", retry" } else { "" }).unwrap();
        writeln!(table, "    {error}\n    help: {}", error.help()).unwrap();
    }
    insta::assert_snapshot!(table);
}
