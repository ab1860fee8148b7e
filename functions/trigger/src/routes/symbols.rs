//! `/v1/docpacks/{docpack_id}/symbols/{symbol_id}`: a symbol and its surroundings.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use docpack::SymbolId;

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::contract::MAX_HITS;
use crate::failure::{Answered, Failure};
use crate::http::read::Query;
use crate::wire::SymbolDetail;

const DEFAULT_NEIGHBOURS: u32 = 25;

pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path((id, symbol)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
) -> Answered<Json<SymbolDetail>> {
    let query = Query::of(raw.as_deref())?;
    let limit = query.count("limit", MAX_HITS, DEFAULT_NEIGHBOURS)?;
    let row = caller.docpack(&app, &id).await?;
    let absent = || {
        let shown: String = symbol.chars().take(80).collect();
        Failure::new(codes::NO_SUCH_SYMBOL, format!("the docpack has no symbol `{shown}`"))
    };
    let symbol: SymbolId = symbol.parse().map_err(|_| absent())?;
    let explored = app.packs().explored(&app, &row).await?;
    let found = tokio::task::spawn_blocking(move || explored.detail(symbol, limit as usize));
    found.await.map_err(Failure::internal)?.map(Json).ok_or_else(absent)
}
