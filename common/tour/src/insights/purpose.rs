//! What the repository is for, and what it offers.

use docpack::InsightFamily;
use docpack::records::TourItem;
use families::{Claim, Form};

use crate::View;
use crate::item::{path, symbol};
use crate::purpose;
use crate::start::{self, Start};
use crate::text::{comment, count};

pub(super) fn form(view: &View<'_>, start: &Start) -> Form {
    let mut form = Form::new(InsightFamily::Purpose);
    let said = |depth: u32| {
        let items = purpose::section(view).into_iter().flat_map(|section| section.items);
        items.filter(move |item| item.depth == depth && item.text.is_empty()).filter_map(quoted)
    };
    form.group("stated", said(0));
    form.group("feature", said(1));
    let languages = purpose::lines_by_language(view);
    form.group(
        "written_in",
        languages.into_iter().map(|(language, n_lines, n_files)| {
            let size = (count(n_lines, "line", "lines"), count(n_files, "file", "files"));
            Claim::new(&language, format!("{} of {language} in {}.", size.0, size.1))
                .at(path(""))
                .valued(n_lines)
        }),
    );
    let programs = start.programs.iter().map(|at| (*at, start::program(view, start, *at)));
    let commands = start.commands.iter().map(|at| (*at, start::named(view, *at, "Command")));
    form.group("runs_as", programs.chain(commands).map(|(at, item)| Claim::told(name(view, at), item)));
    form.group("offers", offered(view, start).into_iter().map(|at| offer(view, at)));
    form
}

/// An author's words are about what they stand in.
fn quoted(item: TourItem) -> Option<Claim> {
    let file = item.quote.as_ref()?.file_path.clone();
    Some(Claim::told(file, item))
}

/// Names a symbol, or the file where the symbol is all of it.
pub(super) fn name(view: &View<'_>, at: usize) -> String {
    match view.code.symbols[at].parent {
        Some(_) => view.code.name(at),
        None => view.code.path(at).to_owned(),
    }
}

/// Lists public functions and types, the most used first.
fn offered(view: &View<'_>, start: &Start) -> Vec<usize> {
    let mut found: Vec<usize> = start.types.iter().chain(&start.functions).copied().collect();
    found.retain(|at| !crate::errors::is_error(view, *at));
    view.ranks.sort(&mut found);
    found
}

fn offer(view: &View<'_>, at: usize) -> Claim {
    let symbol_of = view.code.symbols[at];
    let name = view.code.name(at);
    let kind = symbol_of.kind.as_str();
    Claim::new(&name, format!("`{name}` ({}).", kind.replace('_', " ")))
        .at(symbol(&view.code, at))
        .quoting(comment(symbol_of))
        .named(kind)
}
