//! `/v1/docpacks/{docpack_id}/download`: the archive, or a range of it, as it comes from the store.

use std::ops::Range;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use docpack::Digest;
use futures_util::stream::try_unfold;
use ledger::DocpackRow;
use pipeline::ArtifactStore;
use pipeline::Ports;
use pipeline::key::ObjectKey;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::read::has_it;

/// Read from the store at once; so much memory does a download take.
const PIECE_BYTES: u64 = 1 << 20;
/// Names of archives that are remembered as undamaged, of about 200 bytes each.
const MAX_CHECKED: usize = 10_000;
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.docpack");
const IMMUTABLE: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Answered {
    let row = caller.docpack(&app, &id).await?;
    let etag = format!("\"{}\"", row.id);
    if has_it(&headers, &etag) {
        return Ok(tagged(StatusCode::NOT_MODIFIED.into_response(), &etag));
    }
    let key = key_of(&row)?;
    let file_name = format!("{}.docpack", file_name(&row.name));
    if is_left_to_store(app.settings().redirect_downloads, &method)
        && let Some(address) = app.ports().store().presign_get(&key, &file_name).await?
    {
        return Ok(redirect(&address, &etag));
    }
    let range = wanted(&headers, &etag, row.size_bytes)?;
    if method != Method::HEAD {
        check(&app, &key, row.size_bytes).await?;
    }
    let status = if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let bytes = range.clone().unwrap_or(0..row.size_bytes);
    let mut response =
        tagged((status, pieces(&app, key, bytes.clone(), range.is_none())).into_response(), &etag);
    let told = response.headers_mut();
    told.insert(header::CONTENT_TYPE, MEDIA_TYPE);
    told.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    told.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.end - bytes.start));
    let mut add =
        |name, value: String| told.extend(HeaderValue::from_str(&value).ok().map(|value| (name, value)));
    if range.is_some() {
        add(header::CONTENT_RANGE, format!("bytes {}-{}/{}", bytes.start, bytes.end - 1, row.size_bytes));
    }
    add(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file_name}\""));
    Ok(response)
}

/// An address that is presigned for GET refuses HEAD, which is answered here.
fn is_left_to_store(redirect_downloads: bool, method: &Method) -> bool {
    redirect_downloads && *method != Method::HEAD
}

/// Sends the client to an address that is good for a while: the answer must not be kept for longer than that.
fn redirect(address: &str, etag: &str) -> Response {
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    let told = response.headers_mut();
    for (name, value) in [(header::LOCATION, address), (header::ETAG, etag)] {
        told.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
    }
    response
}

pub(super) fn key_of(row: &DocpackRow) -> Answered<ObjectKey> {
    ObjectKey::from_listed(&row.storage_url).ok_or_else(|| Failure::internal("the ledger names no object"))
}

fn tagged(mut response: Response, etag: &str) -> Response {
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(etag).ok().map(|etag| (header::ETAG, etag)));
    headers.insert(header::CACHE_CONTROL, IMMUTABLE);
    response
}

/// Compares an archive with the digest in its name, once per process: parts of a store's object are not
/// checked when they are read.
async fn check(app: &App, key: &ObjectKey, size_bytes: u64) -> Answered<()> {
    let Some(digest) = key.content_digest() else { return Ok(()) };
    if app.checked().lock().await.contains(key) {
        return Ok(());
    }
    let (mut hasher, mut at) = (Sha256::new(), 0);
    while at < size_bytes {
        let piece = at..(at + PIECE_BYTES).min(size_bytes);
        let read = app.ports().store().get_range(key, piece.clone()).await?;
        hasher.update(&read);
        if read.len() as u64 != piece.end - piece.start {
            break;
        }
        at = piece.end;
    }
    if at != size_bytes || Digest(hasher.finalize().into()) != digest {
        tracing::error!("the stored docpack `{key}` is damaged");
        return Err(Failure::new(codes::DOCPACK_DAMAGED, "its bytes differ from its digest"));
    }
    let mut checked = app.checked().lock().await;
    if checked.len() >= MAX_CHECKED {
        checked.clear();
    }
    checked.insert(key.clone());
    Ok(())
}

/// Reads piece after piece while the client takes them.
///
/// A whole archive is hashed on the way too, and its last piece is sent once the digest is right.
fn pieces(app: &App, key: ObjectKey, bytes: Range<u64>, is_whole: bool) -> Body {
    let app = app.clone();
    let digest = key.content_digest().filter(|_| is_whole);
    Body::from_stream(try_unfold((bytes.start, Sha256::new()), move |(at, mut hasher)| {
        let (app, key, end) = (app.clone(), key.clone(), bytes.end);
        async move {
            if at >= end {
                return Ok(None);
            }
            let piece = at..(at + PIECE_BYTES).min(end);
            let read =
                app.ports().store().get_range(&key, piece.clone()).await.map_err(std::io::Error::other)?;
            // The connection breaks: an archive that is cut or damaged must not look whole.
            if read.len() as u64 != piece.end - piece.start {
                return Err(std::io::Error::other("the store has less of the archive than the ledger says"));
            }
            if let Some(digest) = digest {
                hasher.update(&read);
                if piece.end == end && Digest(hasher.clone().finalize().into()) != digest {
                    app.checked().lock().await.remove(&key);
                    return Err(std::io::Error::other("the archive differs from its digest"));
                }
            }
            Ok(Some((read, (piece.end, hasher))))
        }
    }))
}

/// Reads the header `Range`; several ranges, other units and what is malformed mean the whole, as HTTP has it.
fn wanted(headers: &HeaderMap, etag: &str, size_bytes: u64) -> Answered<Option<Range<u64>>> {
    let Some(text) = headers.get(header::RANGE).and_then(|range| range.to_str().ok()) else {
        return Ok(None);
    };
    if headers.get(header::IF_RANGE).is_some_and(|tag| tag.as_bytes() != etag.as_bytes()) {
        return Ok(None);
    }
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Ok(None);
    };
    let number = |digits: &str| match digits.bytes().all(|byte| byte.is_ascii_digit()) {
        true => digits.parse::<u64>().ok(),
        false => None,
    };
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size_bytes),
        (Some(first), None) if last.is_empty() => first..size_bytes,
        (None, Some(n_last)) if first.is_empty() => size_bytes.saturating_sub(n_last)..size_bytes,
        _ => return Ok(None),
    };
    if range.start >= range.end {
        let failure =
            Failure::new(codes::RANGE_NOT_SATISFIABLE, format!("the docpack has {size_bytes} bytes"));
        return Err(failure.with_header(header::CONTENT_RANGE, format!("bytes */{size_bytes}")));
    }
    Ok(Some(range))
}

/// Leaves what any file system and header takes.
fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = name.chars().take(100).map(plain).collect();
    let name = name.trim_start_matches('.');
    if name.is_empty() { "repository".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range_of(text: &str) -> Result<Option<Range<u64>>, u16> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, text.parse().expect("a header"));
        wanted(&headers, "\"a\"", 100).map_err(|failure| failure.status)
    }

    #[test]
    fn ranges_are_read_as_http_has_them() {
        assert_eq!(range_of("bytes=0-9"), Ok(Some(0..10)));
        assert_eq!(range_of("bytes=90-1000"), Ok(Some(90..100)));
        assert_eq!(range_of("bytes=90-"), Ok(Some(90..100)));
        assert_eq!(range_of("bytes=-10"), Ok(Some(90..100)));
        assert_eq!(range_of("bytes=-1000"), Ok(Some(0..100)));
        for whole in ["bytes=9-0", "bytes=a-b", "lines=0-1", "bytes=0-1,3-4", "bytes", "bytes=-"] {
            assert_eq!(range_of(whole), Ok(None), "{whole}");
        }
        for outside in ["bytes=100-", "bytes=100-200", "bytes=-0"] {
            assert_eq!(range_of(outside), Err(416), "{outside}");
        }
    }

    #[test]
    fn a_range_of_other_bytes_is_the_whole() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, "bytes=0-9".parse().expect("a header"));
        headers.insert(header::IF_RANGE, "\"b\"".parse().expect("a header"));
        assert_eq!(wanted(&headers, "\"a\"", 100).ok(), Some(None));
        headers.insert(header::IF_RANGE, "\"a\"".parse().expect("a header"));
        assert_eq!(wanted(&headers, "\"a\"", 100).ok(), Some(Some(0..10)));
    }

    #[test]
    fn the_store_is_left_gets_and_the_client_is_told_what_they_are_of() {
        assert!(is_left_to_store(true, &Method::GET));
        assert!(!is_left_to_store(true, &Method::HEAD) && !is_left_to_store(false, &Method::GET));
        let answer = redirect("https://bucket.example/a?sign=b", "\"a\"");
        assert_eq!(
            (answer.status().as_u16(), answer.headers()[header::ETAG].as_bytes()),
            (307, "\"a\"".as_bytes())
        );
        assert_eq!(answer.headers()[header::LOCATION], "https://bucket.example/a?sign=b");
        // The address is good for ten minutes, and what is `immutable` would be kept for a year.
        assert!(!answer.headers().contains_key(header::CACHE_CONTROL));
    }

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(file_name("../../ü\"x"), "-..---x");
        assert_eq!(file_name("..."), "repository");
    }
}
