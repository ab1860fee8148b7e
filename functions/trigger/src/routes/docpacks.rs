//! `/v1/docpacks`: lists and manifests.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use ledger::{Cursor, DocpackFilter, DocpackRow};
use pipeline::Timestamp;

use crate::app::App;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::read::{Query, docpack_id};
use crate::routes::jobs::{next_cursor, page, repository};
use crate::sync;
use crate::wire::{
    DEFAULT_PAGE_ITEMS, Docpack, DocpackLinks, DocpackStatus, DocpackSummary, MAX_PAGE_ITEMS, Page,
};

pub(super) async fn list(State(app): State<App>, RawQuery(raw): RawQuery) -> Answered {
    let query = Query::of(raw.as_deref())?;
    let limit = query.count("limit", MAX_PAGE_ITEMS, DEFAULT_PAGE_ITEMS)?;
    let after: Option<Cursor> = query.cursor("cursor")?;
    let filter = DocpackFilter {
        repository: repository(&app, &query)?,
        is_partial: query.word::<DocpackStatus>("status")?.map(|status| status == DocpackStatus::Partial),
        name: query.text("name", 100)?.map(str::to_owned),
    };
    sync::adopt_others(&app).await?;
    let rows = app.ledger().docpacks(app.owner(), &filter, after.as_ref(), limit + 1).await?;
    let cursor_of = |row: &DocpackRow| Cursor { created_at: row.created_at, id: row.id.clone() };
    let next = next_cursor(&rows, limit, cursor_of);
    let items: Vec<DocpackSummary> = rows.iter().take(limit as usize).map(summary).collect();
    Ok(page("/v1/docpacks", raw.as_deref(), Page { items, next_cursor: next }))
}

pub(super) async fn get(State(app): State<App>, Path(id): Path<String>) -> Answered<Json<Docpack>> {
    let row = find(&app, &id).await?;
    let pack = app.packs().pack(&app, &row).await?;
    Ok(Json(Docpack { summary: summary(&row), manifest: pack.manifest.clone() }))
}

/// Finds the caller's docpack of this id.
pub(super) async fn find(app: &App, id: &str) -> Answered<DocpackRow> {
    let id = docpack_id(id)?.to_string();
    let mut row = app.ledger().docpack(app.owner(), &id).await?;
    if row.is_none() {
        sync::adopt_others(app).await?;
        row = app.ledger().docpack(app.owner(), &id).await?;
    }
    row.ok_or_else(|| Failure::new(codes::NO_SUCH_DOCPACK, format!("docpack `{id}` does not exist")))
}

fn summary(row: &DocpackRow) -> DocpackSummary {
    let this = format!("/v1/docpacks/{}", row.id);
    DocpackSummary {
        docpack_id: row.id.clone(),
        job_id: row.job_id.clone(),
        owner: row.owner.clone(),
        name: row.name.clone(),
        repo_url: row.repo_url.clone(),
        git_ref: row.git_ref.clone(),
        commit_hash: row.commit_hash.clone(),
        status: if row.is_partial { DocpackStatus::Partial } else { DocpackStatus::Completed },
        size_bytes: row.size_bytes,
        created_at: Timestamp(row.created_at),
        statistics: row.statistics.clone(),
        links: DocpackLinks {
            download: format!("{this}/download"),
            entries: format!("{this}/entries/"),
            search: format!("{this}/search"),
            preview: format!("{this}/preview.png"),
            symbols: format!("{this}/symbols/"),
            job: row.job_id.as_ref().map(|job| format!("/v1/jobs/{job}")),
            this,
        },
    }
}
