//! `/v1/docpacks/{docpack_id}/entries/{entry_path}`: one entry, deflated where the client takes it.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::IntoResponse;
use futures_util::stream::{self, try_unfold, unfold};
use tokio::sync::OwnedSemaphorePermit;

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::explore::entry::EntryPieces;
use crate::explore::packs::{Pack, Stated};
use crate::failure::{Answered, Failure};
use crate::http::read::has_it;

const IMMUTABLE: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");
/// Less is not worth deflating.
const MIN_DEFLATED_BYTES: u64 = 1_000;

pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path((id, entry)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Answered {
    let row = caller.docpack(&app, &id).await?;
    let pack = app.packs().pack(&app, &row).await?;
    let absent = || Failure::new(codes::NO_SUCH_ENTRY, "the manifest lists no such entry");
    let stated = pack.stated(&entry).ok_or_else(absent)?;
    let is_json = entry.ends_with(".json");
    let is_long = stated.size_bytes.is_none_or(|size_bytes| size_bytes >= MIN_DEFLATED_BYTES);
    let deflate = is_json && is_long && accepts_gzip(&headers);
    let etag = format!("\"{}{}\"", stated.sha256, if deflate { "-gzip" } else { "" });
    let (status, body, size_bytes) = if has_it(&headers, &etag) {
        (StatusCode::NOT_MODIFIED, Body::empty(), None)
    } else if method == Method::HEAD {
        let size_bytes = match (deflate, stated.size_bytes) {
            (true, _) => None,
            (false, None) => Some(pack.member(&app, &entry).await?.size_bytes),
            (false, stated) => stated,
        };
        // Of an empty body the router would say that it is empty.
        let unsaid = stream::empty::<Result<Bytes, std::io::Error>>();
        (StatusCode::OK, Body::from_stream(unsaid), size_bytes)
    } else {
        let (body, size_bytes) = body(&app, pack, &entry, stated, deflate).await?;
        (StatusCode::OK, body, size_bytes)
    };
    let mut response = (status, body).into_response();
    let told = response.headers_mut();
    if status == StatusCode::OK {
        let kind = if is_json { "application/json" } else { "application/octet-stream" };
        told.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if deflate {
            told.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        told.extend(size_bytes.map(|size_bytes| (header::CONTENT_LENGTH, HeaderValue::from(size_bytes))));
    }
    told.extend(HeaderValue::from_str(&etag).ok().map(|etag| (header::ETAG, etag)));
    told.insert(header::CACHE_CONTROL, IMMUTABLE);
    told.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

/// Sends an entry piece by piece, as the client takes it; its length where that is known beforehand.
async fn body(
    app: &App,
    pack: Arc<Pack>,
    entry: &str,
    stated: Stated,
    deflate: bool,
) -> Answered<(Body, Option<u64>)> {
    if deflate && let Some(kept) = app.packs().deflated().find(&stated.sha256) {
        let n_bytes = kept.n_bytes() as u64;
        let pieces = unfold(0, move |at| {
            let piece = kept.pieces.get(at).cloned();
            async move { piece.map(|piece| (Ok::<_, std::io::Error>(piece), at + 1)) }
        });
        return Ok((Body::from_stream(pieces), Some(n_bytes)));
    }
    let place = app.packs().place(app).await?;
    let member = pack.member(app, entry).await?;
    let size_bytes = member.size_bytes;
    let archive = pack.archive(app, 0..pack.size_bytes());
    // Of a docpack's id and of an entry's digest there are no two alike.
    let deflated = deflate.then(|| (Arc::clone(app.packs().deflated()), stated.sha256.clone()));
    let sha256 = stated.size_bytes.is_some().then_some(stated.sha256);
    let opening = move || {
        let mut reading = EntryPieces::open(archive, &member, sha256, deflated)?;
        Ok::<_, std::io::Error>((reading.next()?.unwrap_or_default(), reading))
    };
    let opening = move || opening().map_err(|error| error.to_string());
    // The first piece comes before the answer: a store that gives none is answered with a problem.
    let (first, reading) = app.packs().blocking(opening).await?;
    let n_bytes = match (deflate, reading.is_over()) {
        (true, true) => Some(first.len() as u64),
        (true, false) => None,
        (false, _) => Some(size_bytes),
    };
    let sending = Sending { app: app.clone(), first: Some(first), reading, _place: place };
    Ok((Body::from_stream(try_unfold(sending, Sending::next)), n_bytes))
}

/// An entry that is being sent; the place is given back when it is dropped.
struct Sending {
    app: App,
    first: Option<Bytes>,
    reading: EntryPieces,
    _place: OwnedSemaphorePermit,
}

impl Sending {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, std::io::Error> {
        if let Some(first) = self.first.take() {
            return Ok(Some((first, self)));
        }
        if self.reading.is_over() {
            return Ok(None);
        }
        let app = self.app.clone();
        let read = move || {
            let piece = self.reading.next().map_err(|error| error.to_string())?;
            Ok(piece.map(|piece| (piece, self)))
        };
        // The connection breaks: an entry that is cut must not look whole.
        app.packs().blocking(read).await.map_err(|failure| std::io::Error::other(failure.detail.to_string()))
    }
}

/// Tells whether the client takes gzip; a weight of 0 is a no.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    accepts(headers, "gzip")
}

pub(crate) fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let is_it = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        is_it && weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_taken_unless_they_weigh_nothing() {
        for (value, expected) in
            [("gzip", true), ("br, GZIP;q=0.5", true), ("gzip;q=0", false), ("br", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, value.parse().expect("a header"));
            assert_eq!(accepts_gzip(&headers), expected, "{value}");
        }
    }
}
