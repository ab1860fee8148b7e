//! Which pages may change anything.

use axum::extract::Request;
use axum::http::{HeaderValue, Method, Uri, header};

use crate::codes;
use crate::failure::Failure;
use crate::http::{cors, hosts};

/// Refuses a request that a page of another site makes a browser send.
///
/// A browser sends some requests without asking beforehand, and asks nobody whether the person meant it; but it
/// says whose page it was. Programs that are no browsers say nothing, and pass.
pub(crate) fn check(allowed: &[String], n_trusted_proxies: usize, request: &Request) -> Option<Failure> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return None;
    }
    let origin = request.headers().get(header::ORIGIN);
    let site = request.headers().get("sec-fetch-site").map(HeaderValue::as_bytes);
    let passes = match (origin, site) {
        // Of a page without an origin nobody can say whose it is.
        (Some(origin), _) if origin == "null" => false,
        (Some(origin), _) if cors::is_allowed(allowed, Some(origin)) => true,
        // A proxy may call the server by another name than the browser does, whose own word then counts.
        (Some(_), Some(b"same-origin")) if n_trusted_proxies > 0 => true,
        (Some(origin), _) => is_own(origin, request),
        (None, site) => matches!(site, None | Some(b"same-origin" | b"none")),
    };
    let refused = || Failure::new(codes::ORIGIN_NOT_ALLOWED, "the request comes from a page of another site");
    (!passes).then(refused)
}

/// Tells whether the origin is the host that the request names.
fn is_own(origin: &HeaderValue, request: &Request) -> bool {
    let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let (Some(origin), Some(own)) = (origin, hosts::authority(request.uri(), request.headers())) else {
        return false;
    };
    let (Some(scheme), Some(named)) = (origin.scheme_str(), origin.authority()) else { return false };
    let usual = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return false,
    };
    // A proxy may have taken off what made it https, so that `Host` has the port of the browser's scheme or none.
    let port = |port: Option<u16>| port.unwrap_or(usual);
    named.as_str().find('@').is_none()
        && named.host().eq_ignore_ascii_case(own.host())
        && port(named.port_u16()) == port(own.port_u16())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn passes(method: Method, headers: &[(&str, &str)], n_proxies: usize) -> bool {
        let mut request = Request::builder().method(method).uri("/v1/jobs");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        check(&["https://pages.example".to_owned()], n_proxies, &request).is_none()
    }

    #[test]
    fn pages_of_other_sites_change_nothing() {
        let own = ("host", "127.0.0.1:8080");
        for (origin, site, expected) in [
            (None, None, true),
            (Some("http://127.0.0.1:8080"), None, true),
            (Some("http://127.0.0.1:8080"), Some("same-origin"), true),
            (Some("https://pages.example"), Some("cross-site"), true),
            (None, Some("same-origin"), true),
            (None, Some("none"), true),
            (None, Some("cross-site"), false),
            (None, Some("same-site"), false),
            (Some("null"), None, false),
            (Some("null"), Some("same-origin"), false),
            (Some("https://evil.example"), None, false),
            (Some("https://evil.example"), Some("same-origin"), false),
            (Some("http://127.0.0.1:9"), Some("same-site"), false),
            (Some("http://127.0.0.1"), None, false),
            (Some("http://localhost:8080"), None, false),
            (Some("http://127.0.0.1:8080@evil.example"), None, false),
            (Some("http://127.0.0.1:8080.evil.example"), None, false),
            (Some("https://pages.example.evil.example"), None, false),
            (Some("file://127.0.0.1:8080"), None, false),
            (Some(""), None, false),
            (Some("127.0.0.1:8080"), None, false),
        ] {
            let mut headers = vec![own];
            headers.extend(origin.map(|origin| ("origin", origin)));
            headers.extend(site.map(|site| ("sec-fetch-site", site)));
            assert_eq!(passes(Method::POST, &headers, 0), expected, "{origin:?} {site:?}");
            assert!(passes(Method::GET, &headers, 0));
        }
    }

    #[test]
    fn a_proxy_may_take_off_https_and_call_the_server_by_another_name() {
        for (host, origin) in
            [("docs.example", "https://docs.example"), ("Docs.example:443", "https://docs.example")]
        {
            assert!(passes(Method::POST, &[("host", host), ("origin", origin)], 0), "{host}");
        }
        let inner =
            [("host", "inner:80"), ("origin", "https://docs.example"), ("sec-fetch-site", "same-origin")];
        assert!(passes(Method::POST, &inner, 1) && !passes(Method::POST, &inner, 0));
        assert!(!passes(Method::POST, &[inner[0], inner[1], ("sec-fetch-site", "cross-site")], 1));
    }
}
