//! A page on this machine that sends the operator's browser to GitHub, and waits for it to come back.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::{Router, routing};
use github::Manifest;
use runtime::host::Signals;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use url::Url;

use crate::failure::{Exit, Failure};
use crate::serve::port_taken;

/// Where GitHub sends the browser.
const MADE: &str = "/made";
/// Codes of GitHub have 40 characters.
const MAX_CODE_CHARS: usize = 255;
/// How long the last answer may take once the code is there.
const GRACE: Duration = Duration::from_secs(2);

/// The page before it is served.
pub(super) struct Page {
    listener: TcpListener,
    address: SocketAddr,
    state: String,
    /// Part of the page's address: other users of this machine do not find it.
    path: String,
}

struct Served {
    authority: String,
    state: String,
    html: String,
    csp: String,
    /// Taken by the first answer that is GitHub's.
    code: Mutex<Option<oneshot::Sender<String>>>,
}

impl Page {
    pub(super) async fn listen(port: u16, state: String, path: String) -> Result<Self, Failure> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).await.map_err(|error| port_taken(address, &error))?;
        let address = listener.local_addr().unwrap_or(address);
        Ok(Self { listener, address, state, path })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/{}", self.address, self.path)
    }

    pub(super) fn redirect_url(&self) -> String {
        format!("http://{}{MADE}", self.address)
    }

    /// Serves the page until GitHub sends the browser back with a code.
    pub(super) async fn code(
        self,
        post_to: &Url,
        manifest: &Manifest,
        wait: Duration,
    ) -> Result<String, Failure> {
        let (found, code) = oneshot::channel();
        let served = Arc::new(Served {
            authority: self.address.to_string(),
            html: page(post_to, manifest),
            csp: format!(
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' {}; frame-ancestors 'none'; base-uri 'none'",
                post_to.origin().ascii_serialization()
            ),
            state: self.state,
            code: Mutex::new(Some(found)),
        });
        let routes = Router::new()
            .route(&format!("/{}", self.path), routing::get(show))
            .route(MADE, routing::get(made))
            .with_state(served);
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = axum::serve(self.listener, routes).with_graceful_shutdown(async move {
            let _ = stopped.await;
        });
        let serving = tokio::spawn(serving.into_future());
        let mut signals = Signals::listen();
        let code = tokio::select! {
            code = code => code.map_err(|_| interrupted()),
            () = tokio::time::sleep(wait) => Err(timed_out(wait)),
            _ = signals.next() => Err(interrupted()),
        };
        let _ = stop.send(());
        // The browser still gets the last page.
        let _ = tokio::time::timeout(GRACE, serving).await;
        code
    }
}

fn interrupted() -> Failure {
    Failure::new(Exit::Interrupted, "interrupted", "interrupted before GitHub sent your browser back")
}

fn timed_out(wait: Duration) -> Failure {
    let message = format!("GitHub did not send your browser back within {} s", wait.as_secs());
    Failure::new(Exit::Failed, "github_app_not_made", message)
        .with_help("nothing was written; run the command again, with `--wait 3600` if you need more time")
}

async fn show(State(served): State<Arc<Served>>, headers: HeaderMap) -> Response {
    match is_here(&served, &headers) {
        true => answer(&served, StatusCode::OK, served.html.clone()),
        false => StatusCode::MISDIRECTED_REQUEST.into_response(),
    }
}

/// Takes the code, where it comes with the state that the manifest was posted with; once.
async fn made(State(served): State<Arc<Served>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    if !is_here(&served, &headers) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    let query = query.unwrap_or_default();
    let value = |name: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(found, _)| found == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let code = value("code");
    let is_code =
        (1..=MAX_CODE_CHARS).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_graphic());
    // The state has 256 random bits: how long a comparison takes tells nobody enough of it.
    if value("state") != served.state || !is_code {
        let text =
            message("This is not the answer that Doctown waits for", "Go back to the page and begin again.");
        return answer(&served, StatusCode::BAD_REQUEST, text);
    }
    let waiting = served.code.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(waiting) = waiting else {
        let text = message("The App is made already", "You can close this page.");
        return answer(&served, StatusCode::CONFLICT, text);
    };
    let _ = waiting.send(code);
    let text = message("GitHub has made the App", "Go back to the terminal: it says what is left to do.");
    answer(&served, StatusCode::OK, text)
}

/// A page of another name that leads to this address is none of ours.
fn is_here(served: &Served, headers: &HeaderMap) -> bool {
    headers.get(header::HOST).is_some_and(|host| host.as_bytes() == served.authority.as_bytes())
}

fn answer(served: &Served, status: StatusCode, html: String) -> Response {
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, served.csp.as_str()),
    ];
    (status, headers, Html(html)).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn document(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Doctown</title>\
         <style>:root{{color-scheme:light dark}}body{{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;\
         margin:4rem auto;padding:0 1rem}}button{{font:inherit;padding:.5rem 1rem}}</style></head>\
         <body><main>{body}</main></body></html>"
    )
}

fn message(title: &str, text: &str) -> String {
    document(&format!("<h1>{}</h1><p>{}</p>", escaped(title), escaped(text)))
}

fn page(post_to: &Url, manifest: &Manifest) -> String {
    document(&format!(
        "<h1>Make the GitHub App</h1>\
         <p>GitHub will show you the App <b>{}</b> for the server <b>{}</b>, and ask you to create it.</p>\
         <p>It may read code, write check runs and comment on pull requests, in the repositories that people install \
         it on. It never writes to a repository.</p>\
         <form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"manifest\" value=\"{}\">\
         <button>Continue at GitHub</button></form>",
        escaped(&manifest.name),
        escaped(&manifest.public_url),
        escaped(post_to.as_str()),
        escaped(&manifest.json().to_string()),
    ))
}
