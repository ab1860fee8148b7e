//! What a user can type, and what is made of it.

use std::fmt::Write as _;

use doctown_source::config::{HostPolicy, SourceConfig};
use doctown_source::spec::SourceSpec;

fn table(config: &SourceConfig, inputs: &[&str]) -> String {
    let mut text = String::new();
    for input in inputs {
        let shown: String = input.escape_debug().take(70).collect();
        match SourceSpec::parse(input, config) {
            Ok(spec) => writeln!(text, "{shown}\n    {spec:?}").unwrap(),
            Err(error) => writeln!(text, "{shown}\n    {}: {error}", error.code()).unwrap(),
        }
    }
    text
}

#[test]
fn github_forms() {
    let inputs = [
        "rust-lang/log",
        "rust-lang/log@0.4.20",
        "rust-lang/log@feature/one",
        "github.com/rust-lang/log",
        "https://github.com/rust-lang/log",
        "https://github.com/rust-lang/log.git",
        "https://github.com/rust-lang/log/",
        "https://GitHub.com/rust-lang/log?tab=readme#top",
        "https://www.github.com/rust-lang/log",
        "git@github.com:rust-lang/log.git",
        "https://github.com/rust-lang/log/tree/master/src",
        "https://github.com/rust-lang/log/blob/feature/one/src/lib.rs",
        "https://github.com/rust-lang/log/commit/0123456789012345678901234567890123456789",
        "https://github.com/rust-lang/log/pull/12",
        "https://github.com/rust-lang/log/pull/12/files",
        "https://github.com/rust-lang/log/releases/tag/0.4.20",
        "https://github.com/rust-lang/log/issues/7",
    ];
    insta::assert_snapshot!(table(&SourceConfig::default(), &inputs));
}

#[test]
fn every_form_of_a_repository_at_github_is_that_repository() {
    for config in [SourceConfig::default(), SourceConfig::hosted()] {
        let expected = SourceSpec::parse("rust-lang/log", &config).unwrap();
        for input in [
            "ssh://git@github.com/rust-lang/log.git",
            "ssh://git@github.com:22/rust-lang/log",
            "ssh://github.com/rust-lang/log",
            "SSH://git@GitHub.com/rust-lang/log",
            "git@github.com:rust-lang/log.git",
            "git@GITHUB.com:rust-lang/log",
            "git://github.com/rust-lang/log.git",
            "git+https://github.com/rust-lang/log.git",
            "git+ssh://git@github.com/rust-lang/log.git",
            "http://github.com/rust-lang/log",
            "http://www.github.com/rust-lang/log/",
            "http://user:pw@github.com/rust-lang/log",
            "github.com/rust-lang/log",
            "www.github.com/rust-lang/log",
            "GitHub.com/rust-lang/log",
            "https://WWW.GitHub.com/rust-lang/log",
        ] {
            assert_eq!(SourceSpec::parse(input, &config).unwrap(), expected, "{input}");
        }
        let tree = SourceSpec::parse("http://github.com/rust-lang/log/tree/main/src", &config).unwrap();
        assert_eq!(tree.canonical(&config), "https://github.com/rust-lang/log/tree/main/src");
        for (input, code) in [
            ("https://github.com@evil.com/owner/repo", "invalid_url"),
            ("http://github.com@evil.com/owner/repo", "scheme_not_allowed"),
            ("http://evil.com\\@github.com/owner/repo", "scheme_not_allowed"),
            ("http://github.com\\@evil.com/owner/repo", "invalid_url"),
            ("http://evil.com#@github.com/owner/repo", "scheme_not_allowed"),
            ("ssh://evil.com@github.com/owner/repo", "invalid_url"),
            ("ssh://git@evil.com@github.com/owner/repo", "invalid_url"),
            ("ssh://git@github.com@evil.com/owner/repo", "scheme_not_allowed"),
            ("ssh://git@github.com.evil.com/owner/repo", "scheme_not_allowed"),
            ("ssh://git@github.com:2222/owner/repo", "scheme_not_allowed"),
            ("ssh://git@github.com:owner/repo", "scheme_not_allowed"),
            ("ssh://git@gitlab.com/owner/repo", "scheme_not_allowed"),
            ("git+file://github.com/owner/repo", "scheme_not_allowed"),
            ("ext::ssh://github.com/owner/repo", "scheme_not_allowed"),
            ("http://github.com:8080/owner/repo", "scheme_not_allowed"),
            ("http://github.com/owner/../repo", "invalid_url"),
        ] {
            assert_eq!(SourceSpec::parse(input, &config).map_err(|error| error.code()), Err(code), "{input}");
        }
    }
}

#[test]
fn other_hosts() {
    let inputs = [
        "https://gitlab.com/group/sub/project",
        "https://gitlab.com/group/sub/project.git",
        "https://gitlab.com/group/project/-/tree/main/src",
        "https://gitlab.com/group/project/-/commit/0123456789012345678901234567890123456789",
        "codeberg.org/owner/repo",
        "git@codeberg.org:owner/repo.git",
    ];
    insta::assert_snapshot!(table(&SourceConfig::default(), &inputs));
}

#[test]
fn refused_everywhere() {
    let long = format!("https://github.com/{}", "a".repeat(10_000));
    let owner = format!("owner/{}", "r".repeat(101));
    let inputs = [
        "",
        "   ",
        "not a url",
        "file:///etc/passwd",
        "ssh://git@gitlab.com/owner/repo",
        "git://gitlab.com/owner/repo",
        "git+https://gitlab.com/owner/repo",
        "ext::sh -c id",
        "ftp://example.org/repo",
        "http://example.org/owner/repo",
        "--upload-pack=x",
        "https://github.com@evil.com/owner/repo",
        "https://github.com:pw@evil.com/owner/repo",
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254/latest/meta-data",
        "https://metadata.google.internal:8080/x",
        "https://127.1/owner/repo",
        "https://0x7f000001/owner/repo",
        "https://2130706433/owner/repo",
        "https://[::1]/owner/repo",
        "https://[::ffff:10.0.0.1]/owner/repo",
        "https://[64:ff9b::a00:1]/owner/repo",
        "https://[2002:a00:1::]/owner/repo",
        "https://100.64.0.1/owner/repo",
        "https://localhost/owner/repo",
        "https://example.org:22/owner/repo",
        "https://example.org:6379/owner/repo",
        "https://github.com/owner/repo%0d%0aHost:evil",
        "https://github.com/owner/repo\r\nHost: evil",
        "https://github.com/owner/re\0po",
        "https://xn--gthub-n4a.com/owner/repo",
        "https://g\u{456}thub.com/owner/repo",
        &long,
        "https://github.com/owner",
        "https://example.org/",
        "owner/..",
        "owner/.git",
        "owner/\u{1f980}",
        "../..",
        &owner,
        "-owner/repo",
        "owner/repo@--help",
        "owner/repo@a..b",
        "owner/repo@refs/../x",
        "owner/repo@a b",
        "owner/repo@",
        "https://github.com/owner/repo/tree/../../x",
        "https://github.com/owner/repo/tree/%2e%2e/x",
        "https://github.com/owner/repo/pull/one",
    ];
    // `../..` is a folder that exists; only hosted services refuse it.
    insta::assert_snapshot!(table(&SourceConfig::default(), &inputs));
}

#[test]
fn refused_when_hosted() {
    let inputs = [
        "/etc",
        "/etc/passwd",
        "../x",
        ".",
        "~",
        "C:\\Windows",
        "Cargo.toml",
        "https://github.com.evil.com/owner/repo",
        "https://githup.com/owner/repo",
        "https://gitlab.com/owner/repo",
        "https://github.com:8443/owner/repo",
    ];
    insta::assert_snapshot!(table(&SourceConfig::hosted(), &inputs));
}

#[test]
fn hosts_are_added_by_name_and_port() {
    let config = SourceConfig {
        git_hosts: HostPolicy::Only(["git.example.org:8443".to_owned()].into()),
        ..SourceConfig::hosted()
    };
    let inputs = [
        "https://git.example.org:8443/owner/repo",
        "https://git.example.org/owner/repo",
        "http://git.example.org:8443/owner/repo",
    ];
    insta::assert_snapshot!(table(&config, &inputs));
}

#[test]
fn paths_win_when_they_look_like_paths_or_exist() {
    // Tests run in the crate's folder, where `src` exists and `owner/repo` does not.
    let inputs =
        [".", "src", "./src", "src/lib.rs", "./missing", "missing.zip", "owner/repo", "src/missing.tar.gz"];
    insta::assert_snapshot!(table(&SourceConfig::default(), &inputs));
}

#[test]
fn credentials_are_dropped() {
    let spec = SourceSpec::parse("https://user:pw@github.com/owner/repo", &SourceConfig::default()).unwrap();
    assert_eq!(spec, SourceSpec::parse("owner/repo", &SourceConfig::default()).unwrap());
    let spec = SourceSpec::parse("https://user:pw@example.org/owner/repo", &SourceConfig::default()).unwrap();
    assert_eq!(spec.to_string(), "https://example.org/owner/repo");
}
