//! `/v1/docpacks`: lists and manifests.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use ledger::{Cursor, DocpackFilter, DocpackRow};
use pipeline::Timestamp;

use crate::app::App;
use crate::caller::Caller;
use crate::failure::Answered;
use crate::http::read::Query;
use crate::routes::jobs::{next_cursor, page, repository};
use crate::sharing::{unsaid, word_of};
use crate::sync;
use crate::wire::{
    DEFAULT_PAGE_ITEMS, Docpack, DocpackLinks, DocpackStatus, DocpackSummary, MAX_PAGE_ITEMS, Page,
};

pub(super) async fn list(State(app): State<App>, caller: Caller, RawQuery(raw): RawQuery) -> Answered {
    let query = Query::of(raw.as_deref())?;
    let limit = query.count("limit", MAX_PAGE_ITEMS, DEFAULT_PAGE_ITEMS)?;
    let after: Option<Cursor> = query.cursor("cursor")?;
    let filter = DocpackFilter {
        repository: repository(&app, &query)?,
        is_partial: query.word::<DocpackStatus>("status")?.map(|status| status == DocpackStatus::Partial),
        is_public: None,
        name: query.text("name", 100)?.map(str::to_owned),
    };
    sync::adopt_others(&app).await?;
    let rows = app.ledger().docpacks(caller.whose(), &filter, after.as_ref(), limit + 1).await?;
    let cursor_of = |row: &DocpackRow| Cursor { created_at: row.created_at, id: row.id.clone() };
    let next = next_cursor(&rows, limit, cursor_of);
    let mut items: Vec<DocpackSummary> = rows.iter().take(limit as usize).map(summary).collect();
    if let (Some(accounts), Some(account)) = (app.accounts(), caller.account()) {
        let said = accounts.visibilities(account.as_str()).await?;
        for item in &mut items {
            let place = (item.owner.clone(), item.docpack_id.clone());
            item.visibility = Some(word_of(said.get(&place).copied().unwrap_or_else(|| unsaid(&item.owner))));
        }
    }
    Ok(page("/v1/docpacks", raw.as_deref(), Page { items, next_cursor: next }))
}

pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answered<Json<Docpack>> {
    let row = caller.docpack(&app, &id).await?;
    let pack = app.packs().pack(&app, &row).await?;
    Ok(Json(Docpack { summary: summary(&row), manifest: pack.manifest.clone() }))
}

pub(super) fn summary(row: &DocpackRow) -> DocpackSummary {
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
        visibility: None,
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
