//! Which names a request may call the server by.

use std::net::{IpAddr, SocketAddr};

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};

use crate::codes;
use crate::failure::Failure;

/// Names that are answered to.
///
/// A page from anywhere can have its own name lead to this machine, and would then be of the same origin as a
/// server here; its requests still carry that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hosts {
    /// Other machines reach the server by names that it does not know.
    Any,
    /// Only this machine reaches it: by an address of its own, or as `localhost`.
    Loopback,
}

impl Hosts {
    /// What a server at this address answers to; a proxy before it has names of its own.
    pub(crate) fn of(address: SocketAddr, n_trusted_proxies: usize) -> Self {
        if address.ip().is_loopback() && n_trusted_proxies == 0 { Self::Loopback } else { Self::Any }
    }

    /// Refuses a request by another name, or by two.
    pub(crate) fn check(self, request: &Request) -> Option<Failure> {
        // A proxy before the server may take the one, and the server the other.
        if request.headers().get_all(header::HOST).iter().nth(1).is_some() {
            return Some(Failure::new(codes::INVALID_REQUEST, "a request has one `Host` header"));
        }
        if self == Self::Any || host(request).is_some_and(|host| is_loopback(&host)) {
            return None;
        }
        Some(Failure::new(
            codes::MISDIRECTED_REQUEST,
            "the header `Host` names neither this machine nor `localhost`",
        ))
    }
}

/// The name without its port.
fn host(request: &Request) -> Option<String> {
    authority(request.uri(), request.headers()).map(|authority| authority.host().to_owned())
}

/// What the request calls the server: of the address where it is written in full, else of the header.
pub(crate) fn authority(uri: &Uri, headers: &HeaderMap) -> Option<Authority> {
    let in_header = || headers.get(header::HOST)?.to_str().ok()?.parse::<Authority>().ok();
    uri.authority().cloned().or_else(in_header)
}

fn is_loopback(host: &str) -> bool {
    let plain = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || plain.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn names_of_this_machine_are_answered_to_and_no_others() {
        for (name, expected) in [
            ("127.0.0.1:8080", true),
            ("127.0.0.1", true),
            ("localhost:1", true),
            ("LOCALHOST", true),
            ("[::1]:8080", true),
            ("evil.example", false),
            ("evil.example:8080", false),
            ("127.0.0.1.evil.example", false),
            ("localhost.evil.example", false),
            ("192.0.2.1", false),
            ("0.0.0.0:8080", false),
            ("127.0.0.1@evil.example", false),
            ("", false),
        ] {
            let request =
                Request::builder().header(header::HOST, name).body(Body::empty()).expect("a request");
            assert_eq!(Hosts::Loopback.check(&request).is_none(), expected, "{name}");
            assert!(Hosts::Any.check(&request).is_none(), "{name}");
        }
        let nameless = Request::builder().body(Body::empty()).expect("a request");
        assert!(Hosts::Loopback.check(&nameless).is_some());
        let full = Request::builder().uri("http://evil.example/").header(header::HOST, "localhost");
        assert!(Hosts::Loopback.check(&full.body(Body::empty()).expect("a request")).is_some());
    }

    #[test]
    fn a_request_with_two_names_is_refused() {
        let two = Request::builder().header(header::HOST, "localhost").header(header::HOST, "localhost");
        let two = two.body(Body::empty()).expect("a request");
        for hosts in [Hosts::Any, Hosts::Loopback] {
            assert_eq!(hosts.check(&two).map(|failure| failure.status), Some(400));
        }
    }

    #[test]
    fn a_server_for_others_or_behind_a_proxy_answers_to_any_name() {
        let at = |address: &str| address.parse::<SocketAddr>().expect("an address");
        assert_eq!(Hosts::of(at("127.0.0.1:1"), 0), Hosts::Loopback);
        assert_eq!(Hosts::of(at("[::1]:1"), 0), Hosts::Loopback);
        assert_eq!(Hosts::of(at("0.0.0.0:1"), 0), Hosts::Any);
        assert_eq!(Hosts::of(at("127.0.0.1:1"), 1), Hosts::Any);
    }
}
