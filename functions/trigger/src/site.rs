//! The website's build: in the program, in a folder, or not there.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use docpack::Digest;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::read::has_it;
use crate::link_head;
use crate::routes::accepts;

/// The build as it was when the program was compiled.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/site.rs"));
/// Names with a digest of their content lie here: they never change.
const IMMUTABLE_FOLDER: &str = "_app/immutable/";
const INDEX: &str = "index.html";
/// Static hosts use it for paths that are no files.
const FALLBACK: &str = "200.html";
/// What the build names by itself lies here: a path below it is a file or nothing.
const FILES_FOLDER: &str = "_app/";
/// Files that browsers and robots ask any site for; a page in their place would be taken for one.
const ASKED_FOR: &[&str] = &[
    "favicon.ico",
    "robots.txt",
    "sitemap.xml",
    "manifest.webmanifest",
    "site.webmanifest",
    "apple-touch-icon.png",
    "apple-touch-icon-precomposed.png",
];
const NO_SITE: &str = "<!doctype html><html lang=\"en\"><title>Doctown</title><h1>Doctown</h1>\
    <p>This program was built without the website. Whoever runs it can start it with \
    <code>scripts/doctown serve</code>, which builds the website first. \
    The API is at <a href=\"/v1/openapi.json\">/v1</a>.</p></html>\n";

/// Where the website's files are.
pub(crate) struct Site {
    folder: Option<PathBuf>,
    embedded: BTreeMap<&'static str, &'static [u8]>,
}

impl Site {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, embedded: EMBEDDED.iter().copied().collect() }
    }

    /// Tells whether there is a site at all.
    pub(crate) fn has_pages(&self) -> bool {
        [INDEX, FALLBACK].into_iter().any(|page| self.find(page).is_some())
    }

    fn find(&self, path: &str) -> Option<Bytes> {
        let Some(folder) = &self.folder else {
            return self.embedded.get(path).map(|bytes| Bytes::from_static(bytes));
        };
        is_plain(path).then(|| std::fs::read(folder.join(path)).ok().map(Bytes::from)).flatten()
    }
}

/// Tells the site where the API is: at the same origin; and whether people have accounts.
pub(crate) async fn config(State(app): State<App>) -> Response {
    let body = format!("{{\"api_base_url\":\"\",\"accounts\":{}}}", app.accounts().is_some());
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], body).into_response()
}

/// Answers with a file of the site; paths that are no files are the site's own pages.
///
/// The page of a pack says in its head what it is about, for those who run no script.
pub(crate) async fn serve(State(app): State<App>, request: Request) -> Answered {
    let (request, _) = request.into_parts();
    let path = request.uri.path().trim_start_matches('/');
    let is_read = matches!(request.method, Method::GET | Method::HEAD);
    if !is_read || path == "v1" || path.starts_with("v1/") {
        return Err(Failure::new(codes::NOT_FOUND, format!("there is nothing at `/{path}`")));
    }
    let head = link_head::of(&app, &request).await;
    respond(Arc::clone(app.site()), path, &request.headers, head).await
}

/// Answers with a file of a site; `None` for a path that is one of its pages or nothing at all.
pub(crate) async fn respond_with_file(
    site: Arc<Site>,
    path: &str,
    headers: &HeaderMap,
) -> Answered<Option<Response>> {
    let (path, headers) = (decoded(path.trim_start_matches('/')), headers.clone());
    let find = move || site.find(&path).map(|bytes| file(&site, &path, bytes, &headers));
    tokio::task::spawn_blocking(find).await.map_err(Failure::internal)
}

/// Answers with a file of a site, or with one of its pages, which `head` is put into; whoever serves it.
pub(crate) async fn respond(
    site: Arc<Site>,
    path: &str,
    headers: &HeaderMap,
    head: Option<String>,
) -> Answered {
    let (path, headers) = (decoded(path.trim_start_matches('/')), headers.clone());
    tokio::task::spawn_blocking(move || answer(&site, &path, &headers, head.as_deref()))
        .await
        .map_err(Failure::internal)?
}

fn answer(site: &Site, path: &str, headers: &HeaderMap, head: Option<&str>) -> Answered {
    let candidates = [path.to_owned(), format!("{path}.html"), format!("{path}/{INDEX}")];
    let found = candidates.iter().find_map(|name| Some((name.as_str(), site.find(name)?)));
    let fallback = || {
        let pages = if path.is_empty() { [INDEX, FALLBACK] } else { [FALLBACK, INDEX] };
        pages.into_iter().find_map(|name| Some((name, site.find(name)?)))
    };
    if let Some((name, bytes)) = found {
        return Ok(file(site, name, bytes, headers));
    }
    match is_page(path).then(fallback).flatten() {
        Some((name, bytes)) => Ok(match head.and_then(|head| headed(&bytes, head)) {
            Some(page) => sent(name, page, None, headers),
            None => file(site, name, bytes, headers),
        }),
        None if path.is_empty() => {
            Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], NO_SITE).into_response())
        }
        None => Err(Failure::new(codes::NOT_FOUND, format!("there is nothing at `/{path}`"))),
    }
}

/// Tells whether a path that is no file is one of the site's own pages: repositories and files of theirs have endings
/// too, such as `/owner/next.js`.
fn is_page(path: &str) -> bool {
    let leads_out = path.contains(['\\', '\0']) || path.split('/').any(|part| part == "..");
    !leads_out && !is_file(path)
}

/// Tells whether a path can only be that of a file.
fn is_file(path: &str) -> bool {
    path.starts_with(FILES_FOLDER) || path.starts_with(".well-known/") || ASKED_FOR.contains(&path)
}

/// Puts a head into a page.
fn headed(page: &Bytes, head: &str) -> Option<Bytes> {
    preview::with_head(std::str::from_utf8(page).ok()?, head).map(Bytes::from)
}

fn file(site: &Site, name: &str, plain: Bytes, headers: &HeaderMap) -> Response {
    let encoded = [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(encoding, ending)| {
        let bytes = accepts(headers, encoding).then(|| site.find(&format!("{name}.{ending}")))??;
        Some((encoding, bytes))
    });
    sent(name, plain, encoded, headers)
}

/// Answers with a file, in its encoded form where there is one.
fn sent(name: &str, plain: Bytes, encoded: Option<(&'static str, Bytes)>, headers: &HeaderMap) -> Response {
    let policy = name.ends_with(".html").then(|| policy(&String::from_utf8_lossy(&plain)));
    let (encoding, bytes) = encoded.map_or((None, plain), |(encoding, bytes)| (Some(encoding), bytes));
    let etag = format!("\"{}\"", &Digest::of(&bytes).hex()[..32]);
    let mut response = match has_it(headers, &etag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Body::from(bytes).into_response(),
    };
    let told = response.headers_mut();
    told.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    told.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    told.extend(encoding.map(|encoding| (header::CONTENT_ENCODING, HeaderValue::from_static(encoding))));
    told.extend(HeaderValue::from_str(&etag).ok().map(|etag| (header::ETAG, etag)));
    let is_immutable = name.starts_with(IMMUTABLE_FOLDER);
    let cache = if is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    told.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    let policy = policy.and_then(|policy| HeaderValue::from_str(&policy).ok());
    told.extend(policy.map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
    response
}

/// The style attribute by which SvelteKit hides its announcer of page titles: the only one there is.
const ANNOUNCER_STYLE: &str = "'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='";

/// Lets a page load what is the site's own, ask this server, and run the scripts that stand in it as they were built.
fn policy(page: &str) -> String {
    let mut scripts = String::from("'self'");
    for script in inline_scripts(page) {
        let digest: [u8; 32] = Sha256::digest(script.as_bytes()).into();
        // Writing to a string does not fail.
        let _ = write!(scripts, " 'sha256-{}'", STANDARD.encode(digest));
    }
    format!(
        "default-src 'none'; script-src {scripts}; worker-src 'self'; style-src 'self'; \
         style-src-attr 'unsafe-hashes' {ANNOUNCER_STYLE}; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; \
         frame-ancestors 'none'"
    )
}

/// Finds what stands between the tags of scripts without an address.
fn inline_scripts(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find("<script") {
        let Some((tag, behind)) = rest[at..].split_once('>') else { break };
        let Some((script, behind)) = behind.split_once("</script") else { break };
        if !tag.contains(" src") && !script.trim().is_empty() {
            found.push(script);
        }
        rest = behind;
    }
    found
}

/// A path below the folder and nothing else.
fn is_plain(path: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', '\0', ':']);
    !Path::new(path).is_absolute() && path.split('/').all(is_part)
}

fn decoded(path: &str) -> String {
    let name =
        url::form_urlencoded::parse(format!("p={}", path.replace('+', "%2B").replace('&', "%26")).as_bytes())
            .next()
            .map(|(_, value)| value.into_owned());
    name.unwrap_or_default()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" | "md" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "docpack" => "application/vnd.docpack",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_a_page_are_named_by_their_digest() {
        let page = "<script src=\"/a.js\"></script><script>alert(1)</script><script type=\"module\">\nx()\n</script>";
        assert_eq!(inline_scripts(page), ["alert(1)", "\nx()\n"]);
        let policy = policy("<script>alert(1)</script>");
        assert!(policy.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{policy}");
    }

    #[test]
    fn repositories_and_files_with_endings_are_pages_and_missing_files_are_missing() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("200.html"), "<h1>page</h1>").expect("a file");
        std::fs::write(folder.path().join("icon.svg"), "<svg/>").expect("a file");
        let site = Site::new(Some(folder.path().to_owned()));
        let kind = |path: &str| {
            let answered = answer(&site, &decoded(path), &HeaderMap::new(), None).ok()?;
            Some(answered.headers()[header::CONTENT_TYPE].to_str().ok()?.to_owned())
        };
        for page in [
            "owner/repo",
            "vercel/next.js",
            "pallets/flask/tree/3.1.2",
            "o/r/blob/main/app.py",
            "o/r/blob/main/_app/x.js",
            "o/r/compare/a..b",
            "owner.name",
        ] {
            assert_eq!(kind(page).as_deref(), Some("text/html; charset=utf-8"), "{page}");
        }
        assert_eq!(kind("icon.svg").as_deref(), Some("image/svg+xml"));
        for absent in ["favicon.ico", "robots.txt", "_app/immutable/gone.js", "_app/version.json", "o/r/../x"]
        {
            assert_eq!(kind(absent), None, "{absent}");
        }
    }

    #[test]
    fn no_path_leaves_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("site")).expect("a folder");
        std::fs::write(folder.path().join("secret.txt"), "x").expect("a file");
        std::fs::write(folder.path().join("site/index.html"), "<h1>here</h1>").expect("a file");
        let site = Site::new(Some(folder.path().join("site")));
        for path in
            ["../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "a/../../secret.txt", "a\\..\\x.txt"]
        {
            let answered = answer(&site, &decoded(path), &HeaderMap::new(), None);
            assert_eq!(answered.err().map(|failure| failure.status), Some(404), "{path}");
        }
        let page = answer(&site, "owner/repo", &HeaderMap::new(), None).expect("the site's own page");
        assert_eq!(page.status(), 200);
        assert!(
            page.headers()[header::CONTENT_SECURITY_POLICY].to_str().is_ok_and(|it| it.contains("'self'"))
        );
    }
}
