//! What the page of a pack says in its head to those who run no script: chats that show a link, and search engines.

use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::request::Parts;
use docpack::Digest;
use ledger::{DocpackFilter, DocpackRow, Whose};
use preview::{Links, Place, head};
use source::spec::SourceSpec;

use crate::app::App;
use crate::http::hosts::authority;

/// A page that a person waits for comes without its words sooner than late; they are kept for the next who asks.
const WAIT: Duration = Duration::from_secs(2);
/// First parts of the website's own paths.
const OWN_FOLDERS: [&str; 7] = ["_app", "account", "commons", "docs", "examples", "jobs", "packs"];

/// Which pack a path of the website shows.
#[derive(Debug, PartialEq, Eq)]
enum Shown<'p> {
    Docpack(&'p str),
    /// `owner/repository` of GitHub.
    Repository(&'p str),
}

/// Writes the head of a pack's page; `None` for other pages, and where the pack cannot be read in time.
pub(crate) async fn of(app: &App, request: &Parts) -> Option<String> {
    let path = request.uri.path().trim_matches('/');
    let shown = shown(path)?;
    let origin = origin(request, app.settings().n_trusted_proxies)?;
    let query = request.uri.query().unwrap_or_default();
    let place = Place::of_query(url::form_urlencoded::parse(query.as_bytes()));
    let address = format!("{origin}/{path}");
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let link = pairs.find(|(name, _)| name == "link").map(|(_, token)| token.into_owned());
    let written = tokio::time::timeout(WAIT, written(app, &shown, &place, &address, link.clone()));
    let (row, page, words) = written.await.ok()??;
    let mut picture = format!("{origin}/v1/docpacks/{}/preview.png", row.id.trim_start_matches("sha256:"));
    if let Some(token) = &link {
        // Whoever fetches the picture has nothing but this address.
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        picture = format!("{picture}?{}", query.append_pair("link", token).finish());
    }
    Some(head(&words, Some(Links { page: &page, picture: &picture })))
}

/// Finds the pack, and what to say of the place; the page's address keeps the one parameter that names it.
async fn written(
    app: &App,
    shown: &Shown<'_>,
    place: &Place,
    address: &str,
    link: Option<String>,
) -> Option<(DocpackRow, String, preview::Words)> {
    let row = match shown {
        Shown::Docpack(id) => app.unnamed().with_link(link).docpack(app, id).await.ok()?,
        Shown::Repository(name) => newest(app, name).await?,
    };
    let previewed = app.packs().previewed(app, &row).await.ok()?;
    let words = previewed.words(app, place).await.ok()?;
    let parameter = place.parameter().map(|(name, value)| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        format!("?{}", query.append_pair(name, &value).finish())
    });
    Some((row, format!("{address}{}", parameter.unwrap_or_default()), words))
}

/// Finds the newest pack of a repository.
async fn newest(app: &App, name: &str) -> Option<DocpackRow> {
    let spec = SourceSpec::parse(&format!("https://github.com/{name}"), app.source()).ok()?;
    let repository = Digest::of(spec.canonical(app.source()).as_bytes()).hex();
    let (caller, tenant) = (app.unnamed(), app.unnamed().tenant());
    let is_public = (!caller.is_everyone()).then_some(true);
    let filter = DocpackFilter { repository: Some(repository), is_public, ..DocpackFilter::default() };
    app.ledger().docpacks(Whose::Owner(tenant.as_str()), &filter, None, 1).await.ok()?.pop()
}

fn shown(path: &str) -> Option<Shown<'_>> {
    let (first, rest) = path.split_once('/')?;
    let is_last = !rest.is_empty() && !rest.contains('/');
    match first {
        "packs" if is_last => Some(Shown::Docpack(rest)),
        first if is_last && !OWN_FOLDERS.contains(&first) => Some(Shown::Repository(path)),
        _ => None,
    }
}

/// How the client calls this server: links in a chat need whole addresses.
fn origin(request: &Parts, n_trusted_proxies: usize) -> Option<String> {
    // What the nearest proxy wrote stands last.
    let forwarded = |headers: &HeaderMap, name| {
        let told = headers.get_all(name).iter().next_back().filter(|_| n_trusted_proxies > 0)?;
        told.to_str().ok()?.rsplit(',').next().map(|it| it.trim().to_owned())
    };
    let is_https = forwarded(&request.headers, "x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    let host = forwarded(&request.headers, "x-forwarded-host").and_then(|host| host.parse().ok());
    let host = host.or_else(|| authority(&request.uri, &request.headers))?;
    let scheme = if is_https { "https" } else { "http" };
    (!host.as_str().contains('@')).then(|| format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn parts(headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().uri("/packs/a");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn pages_of_packs_and_of_repositories_show_a_pack_and_others_do_not() {
        assert_eq!(shown("packs/0123"), Some(Shown::Docpack("0123")));
        assert_eq!(shown("pallets/flask"), Some(Shown::Repository("pallets/flask")));
        for other in
            ["", "packs", "packs/", "docs/errors", "docs/errors/io", "jobs/a", "o/r/tree/main", "_app/a.js"]
        {
            assert_eq!(shown(other), None, "{other}");
        }
    }

    #[test]
    fn addresses_are_those_by_which_the_client_calls_the_server() {
        let direct =
            [("host", "docs.example:8080"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "evil")];
        assert_eq!(origin(&parts(&direct), 0).as_deref(), Some("http://docs.example:8080"));
        let proxied =
            [("host", "inner"), ("x-forwarded-proto", "http, https"), ("x-forwarded-host", "docs.example")];
        assert_eq!(origin(&parts(&proxied), 1).as_deref(), Some("https://docs.example"));
        assert_eq!(origin(&parts(&proxied[..2]), 1).as_deref(), Some("https://inner"));
        for nameless in ["", "a@b", "<script>"] {
            assert_eq!(origin(&parts(&[("host", nameless)]), 0), None, "{nameless}");
        }
    }
}
