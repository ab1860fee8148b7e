//! The address of a hosted Doctown.

use std::fmt;

use url::{Host, Url};

use crate::failure::{Exit, Failure};

/// An address without a trailing slash, parameters or credentials; plain http only to this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerUrl(Url);

impl ServerUrl {
    /// Reads an address; without a scheme it is https, or http for this machine.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        let malformed = |reason: &str| {
            Failure::new(Exit::Usage, "server_malformed", format!("`{text}` is no server address: {reason}"))
                .with_help("an address looks like `https://doctown.example`")
        };
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let mut url = Url::parse(&with_scheme).map_err(|error| malformed(&error.to_string()))?;
        if url.host().is_none() || !matches!(url.scheme(), "http" | "https") {
            return Err(malformed("expected https"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            // The message would repeat the password.
            return Err(Failure::new(
                Exit::Usage,
                "server_malformed",
                "the server address holds a user name or password",
            )
            .with_help("leave it out, and sign in with `doctown login`"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(malformed("leave out what begins with `?` or `#`"));
        }
        let is_loopback = is_loopback(&url);
        if !text.contains("://") && is_loopback {
            url.set_scheme("http").map_err(|()| malformed("expected https"))?;
            // `https://localhost:443` loses its port, which http does not imply.
            url = Url::parse(&format!("http://{text}")).map_err(|error| malformed(&error.to_string()))?;
        }
        if url.scheme() == "http" && !is_loopback {
            let message = format!("`{text}` is not encrypted: others on the network could read your key");
            return Err(Failure::new(Exit::Usage, "server_insecure", message)
                .with_help("use https; plain http is for `localhost` only"));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// Tells whether the server runs on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Returns the address of something on the server.
    pub(crate) fn at(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Returns the address of a page of the server's website.
    pub(crate) fn page(&self, path: &[&str]) -> String {
        self.at(path, &[]).into()
    }
}

/// Tells whether traffic to an address stays on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_server_are_equal_however_they_are_written() {
        for (text, written) in [
            ("https://doctown.example", "https://doctown.example"),
            ("https://Doctown.Example:443/", "https://doctown.example"),
            ("doctown.example", "https://doctown.example"),
            ("https://doctown.example/sub/", "https://doctown.example/sub"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("localhost:8080", "http://localhost:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(ServerUrl::parse(text).expect("it is an address").to_string(), written, "{text}");
        }
        let server = ServerUrl::parse("https://doctown.example/sub").expect("it is an address");
        assert_eq!(
            server.at(&["v1", "jobs", "a/../b"], &[("name", "a b")]).as_str(),
            "https://doctown.example/sub/v1/jobs/a%2F..%2Fb?name=a+b"
        );
    }

    #[test]
    fn a_key_is_never_sent_over_plain_http_to_another_machine() {
        for (text, code) in [
            ("http://doctown.example", "server_insecure"),
            ("http://192.0.2.1", "server_insecure"),
            ("http://localhost.example", "server_insecure"),
            ("ftp://doctown.example", "server_malformed"),
            ("https://ada:secret@doctown.example", "server_malformed"),
            ("https://doctown.example?x=1", "server_malformed"),
            ("https://", "server_malformed"),
            ("", "server_malformed"),
        ] {
            let failure = ServerUrl::parse(text).expect_err("it is refused");
            assert_eq!((failure.code.as_str(), failure.exit), (code, Exit::Usage), "{text}");
            assert!(!failure.message.contains("secret"), "{}", failure.message);
        }
    }
}
