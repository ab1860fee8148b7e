//! One pack in the website's explorer: a server without store, ledger and workers.

mod pack_file;

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Router, middleware};
use docpack::Digest;
use futures_util::stream::try_unfold;
use tokio::net::TcpListener;

use crate::failure::{Answered, Failure};
use crate::http::door;
use crate::http::hosts::Hosts;
use crate::http::read::has_it;
use crate::site::{self, Site};
use crate::{codes, connections};

pub use pack_file::{PackFile, PackReader};

/// The site's page for this server.
pub const PAGE: &str = "/view";
/// Where that page finds the pack.
const PACK: &str = "/view/pack.docpack";
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.docpack");
/// Read from the file at once.
const PIECE_BYTES: u64 = 1 << 20;

/// What is shown: a verified pack, and the site that shows it.
#[derive(Clone)]
pub struct View(Arc<Inner>);

struct Inner {
    pack: Arc<PackFile>,
    file_name: String,
    id: Digest,
    site: Arc<Site>,
}

impl View {
    /// Puts a view together; `None` where there is no website, neither in the folder nor in the program.
    pub fn new(pack: PackFile, file_name: String, id: Digest, site: Option<PathBuf>) -> Option<Self> {
        let site = Arc::new(Site::new(site));
        site.has_pages().then(|| Self(Arc::new(Inner { pack: Arc::new(pack), file_name, id, site })))
    }
}

/// Tells whether there is a website to show a pack with, in the folder or in the program.
pub fn has_site(folder: Option<PathBuf>) -> bool {
    Site::new(folder).has_pages()
}

/// Answers until `stop` comes, then lets what was begun end within `grace`.
pub async fn view(
    view: View,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
    grace: Duration,
) -> io::Result<()> {
    let hosts = Hosts::of(listener.local_addr()?, 0);
    connections::serve(listener, router(view, hosts), connections::HEADER_TIMEOUT, stop, grace).await
}

fn router(view: View, hosts: Hosts) -> Router {
    Router::new()
        .route(PACK, get(pack))
        .fallback(get(file))
        .layer(middleware::from_fn_with_state(hosts, door::pass_without_api))
        .with_state(view)
}

/// Answers with the page and its files; the site's other pages have nothing to show without an API.
async fn file(State(View(view)): State<View>, request: Request) -> Answered {
    let path = request.uri().path();
    if path.starts_with("/v1/") {
        return Err(Failure::new(codes::NOT_FOUND, "a pack is shown here, and there is no API"));
    }
    let (site, headers) = (Arc::clone(&view.site), request.headers());
    if path == PAGE {
        return site::respond(site, path, headers, None).await;
    }
    match site::respond_with_file(site, path, headers).await? {
        Some(file) => Ok(file),
        None if path.rsplit('/').next().is_some_and(|name| name.contains('.')) => {
            Err(Failure::new(codes::NOT_FOUND, format!("there is nothing at `{path}`")))
        }
        None => Ok(Redirect::temporary(PAGE).into_response()),
    }
}

async fn pack(State(View(view)): State<View>, request: Request) -> Answered {
    if !view.pack.is_unchanged() {
        return Err(Failure::new(codes::PACK_CHANGED, "the file is not the one that was verified"));
    }
    let etag = format!("\"{}\"", view.id);
    if has_it(request.headers(), &etag) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let mut response = Response::new(pieces(Arc::clone(&view.pack)));
    let told = response.headers_mut();
    told.insert(header::CONTENT_TYPE, MEDIA_TYPE);
    told.insert(header::CONTENT_LENGTH, HeaderValue::from(view.pack.size_bytes()));
    let disposition = format!("attachment; filename*=UTF-8''{}", percent_encoded(&view.file_name));
    for (name, value) in [(header::ETAG, etag), (header::CONTENT_DISPOSITION, disposition)] {
        told.extend(HeaderValue::from_str(&value).ok().map(|value| (name, value)));
    }
    Ok(response)
}

/// Reads piece after piece while the client takes them; a file that was cut breaks the connection.
fn pieces(pack: Arc<PackFile>) -> Body {
    Body::from_stream(try_unfold(0, move |at| {
        let pack = Arc::clone(&pack);
        async move {
            let n_bytes = PIECE_BYTES.min(pack.size_bytes().saturating_sub(at));
            if n_bytes == 0 {
                return Ok::<_, io::Error>(None);
            }
            let read = tokio::task::spawn_blocking(move || pack.piece(at, n_bytes as usize));
            Ok(Some((read.await.map_err(io::Error::other)??, at + n_bytes)))
        }
    }))
}

/// Writes a file's name as headers take it.
fn percent_encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let written = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    name.bytes().map(written).collect()
}
