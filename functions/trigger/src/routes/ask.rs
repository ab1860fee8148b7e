//! `/v1/docpacks/{docpack_id}/ask`: evidence for an answer to a question.

use ask::{Answer, DEFAULT_ITEMS, MAX_ITEMS, MAX_QUESTION_CHARS, Question};
use axum::Json;
use axum::extract::{Path, RawQuery, State};

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::read::Query;
use crate::routes::search::vector_of;

pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Answered<Json<Answer>> {
    let refused = |reason: String| Failure::field(codes::INVALID_PARAMETER, "q", reason);
    let query = Query::of(raw.as_deref())?;
    let limit = query.count("limit", MAX_ITEMS as u32, DEFAULT_ITEMS as u32)?;
    let text = query.text("q", MAX_QUESTION_CHARS)?.ok_or_else(|| refused("it is missing".to_owned()))?;
    let question = Question::parse(text).map_err(|error| refused(error.to_string()))?;
    let row = caller.docpack(&app, &id).await?;
    let explored = app.packs().explored(&app, &row).await?;
    let embedder = app.query_embedder().cloned();
    let answered = tokio::task::spawn_blocking(move || {
        let vector = match question.has_meaning() {
            true => vector_of(&explored, embedder.as_deref(), question.text()).0,
            false => None,
        };
        explored.answer(&question, vector.as_deref(), limit as usize)
    });
    Ok(Json(answered.await.map_err(Failure::internal)?))
}
