//! `/v1/docpacks/{docpack_id}/preview.png`: the picture that a link to a docpack shows.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use docpack::Digest;

use crate::app::App;
use crate::caller::Caller;
use crate::failure::Answered;
use crate::http::read::has_it;

const IMMUTABLE: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answered {
    let row = caller.docpack(&app, &id).await?;
    let picture = app.packs().previewed(&app, &row).await?.picture(&app).await?;
    let etag = format!("\"{}\"", Digest::of(&picture).hex());
    let mut response = match has_it(&headers, &etag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Body::from(picture).into_response(),
    };
    let told = response.headers_mut();
    told.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    told.insert(header::CACHE_CONTROL, IMMUTABLE);
    // Pages of other sites show it too, such as a README.
    told.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    told.extend(HeaderValue::from_str(&etag).ok().map(|etag| (header::ETAG, etag)));
    Ok(response)
}
