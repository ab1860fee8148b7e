//! `/v1/docpacks/{docpack_id}/diff/{other_id}`: what changed from one docpack to another.

use axum::Json;
use axum::extract::{Path, RawQuery, State};

use crate::app::App;
use crate::caller::Caller;
use crate::contract::{DEFAULT_CHANGES, MAX_CHANGES};
use crate::failure::Answered;
use crate::http::read::Query;
use crate::wire::Difference;

pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path((id, other)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Answered<Json<Difference>> {
    let query = Query::of(raw.as_deref())?;
    let limit = query.count("limit", MAX_CHANGES, DEFAULT_CHANGES)?;
    let before = caller.docpack(&app, &id).await?;
    let after = caller.docpack(&app, &other).await?;
    let mut comparison = app.packs().compared(&app, &before, &after).await?;
    let counts = compare::counts(&comparison);
    let is_cut = comparison.cut(limit as usize);
    Ok(Json(Difference { counts, is_cut, comparison }))
}
