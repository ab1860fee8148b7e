//! Where to start reading.

use std::collections::BTreeSet;

use docpack::records::{Flow, TourItem, TourSection};
use docpack::{Role, Topic};
use prose::plain;

use crate::View;
use crate::item::{self, With, item, path, place, symbol};
use crate::text::list;

/// A longer list is no start.
const MAX_FILES: usize = 7;
/// Documents that are named.
const MAX_DOCUMENTS: usize = 3;

pub(crate) fn section(view: &View<'_>, flows: &[Flow]) -> Option<TourSection> {
    let mut items = documents(view);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for flow in flows.iter().take(3) {
        let Some(entry) = view.code.place(flow.symbol_id) else { continue };
        if seen.insert(view.code.path(entry)) {
            let text = format!("`{}`: where the flow of {} begins.", view.code.path(entry), flow.title);
            items.push(item(text).with([symbol(&view.code, entry)]));
        }
    }
    for at in crate::types::central(view).into_iter().take(MAX_FILES) {
        if items.len() < MAX_FILES + MAX_DOCUMENTS && seen.insert(view.code.path(at)) {
            let text = format!("`{}`: defines `{}`.", view.code.path(at), view.code.name(at));
            items.push(item(text).with([symbol(&view.code, at)]));
        }
    }
    items.extend(examples(view));
    item::section(Topic::Reading, "Where to start reading", items, 0, None)
}

/// Names the documents that introduce, by their titles.
fn documents(view: &View<'_>) -> Vec<TourItem> {
    const WORDS: [&str; 7] = [
        "quickstart",
        "quick start",
        "tutorial",
        "getting started",
        "introduction",
        "architecture",
        "overview",
    ];
    let mut found: Vec<(usize, TourItem)> = view
        .passages
        .documents
        .iter()
        .filter(|page| !page.is_comment())
        .map(|page| page.document.as_ref())
        .filter_map(|document| {
            let title = document.sections.first()?;
            let lower = format!("{} {}", title.title.to_lowercase(), document.file_path.to_lowercase());
            let rank = WORDS.iter().position(|word| lower.contains(word))?;
            let text = format!("`{}`: \"{}\".", document.file_path, plain(&title.title));
            Some((rank, item(text).with([place(&document.file_path, title.line)])))
        })
        .collect();
    found.sort_by_key(|(rank, item)| (*rank, item.text.len()));
    found.into_iter().take(MAX_DOCUMENTS).map(|(_, item)| item).collect()
}

/// Names the first files of examples.
fn examples(view: &View<'_>) -> Option<TourItem> {
    let files =
        view.code.files().filter(|file| file.role.as_ref().is_some_and(|role| *role == Role::Example));
    let all: Vec<&str> = files.map(|file| file.file_path.as_str()).collect();
    let mut names: Vec<_> = all.iter().take(3).map(|file| format!("`{file}`")).collect();
    if all.len() > 3 {
        names.push(format!("{} more files", all.len() - 3));
    }
    let evidence = all.iter().take(3).map(|file| path(file));
    (!names.is_empty()).then(|| item(format!("Examples: {}.", list(&names))).with(evidence))
}
