//! `/v1/docpacks/{docpack_id}/entries/{entry_path}`: one entry, deflated where the client takes it.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;

use crate::app::App;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::read::has_it;
use crate::routes::docpacks::find;

const IMMUTABLE: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");
/// Less is not worth a second copy.
const MIN_DEFLATED_BYTES: usize = 1_000;

pub(super) async fn get(
    State(app): State<App>,
    Path((id, entry)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answered {
    let row = find(&app, &id).await?;
    let pack = app.packs().pack(&app, &row).await?;
    let absent = || Failure::new(codes::NO_SUCH_ENTRY, "the manifest lists no such entry");
    let sha256 = pack.digest_of(&entry).ok_or_else(absent)?;
    let is_json = entry.ends_with(".json");
    let takes_gzip = is_json && accepts_gzip(&headers);
    let etag = if takes_gzip { format!("\"{sha256}-gzip\"") } else { format!("\"{sha256}\"") };
    let mut response = if has_it(&headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let bytes = pack.entry(&entry).await?;
        let kind = if is_json { "application/json" } else { "application/octet-stream" };
        let deflate = takes_gzip && bytes.len() >= MIN_DEFLATED_BYTES;
        let body = if deflate { pack.deflated(&entry, bytes).await? } else { bytes };
        let mut response = Body::from(body).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if deflate {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    };
    let told = response.headers_mut();
    told.extend(HeaderValue::from_str(&etag).ok().map(|etag| (header::ETAG, etag)));
    told.insert(header::CACHE_CONTROL, IMMUTABLE);
    told.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
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
