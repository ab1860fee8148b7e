//! How the repository is tested.

use std::collections::{BTreeMap, BTreeSet};

use docpack::records::{SourceFile, TourItem, TourSection};
use docpack::{EdgeKind, Role, Topic};

use crate::item::{self, With, edge, item, path};
use crate::layout;
use crate::text::{comment, count, list};
use crate::{View, topics};

/// Parts that are told.
const MAX_PARTS: usize = 8;
/// Symbols of one part that are named.
const MAX_NAMED: usize = 4;
/// Helpers of the tests that are told.
const MAX_HELPERS: usize = 4;
/// A helper of fewer tests is none that a newcomer meets.
const MIN_USES: usize = 5;

/// An edge out of a test: from, to and line.
type Use = (usize, usize, u32);

pub(crate) fn section(view: &View<'_>) -> Option<TourSection> {
    let uses = uses(view);
    let mut items: Vec<TourItem> = size(view).into_iter().collect();
    let mut of_parts = parts(view, &uses);
    let n_left_out = of_parts.len().saturating_sub(MAX_PARTS);
    of_parts.truncate(MAX_PARTS);
    items.extend(topics::told(view, Topic::Tests));
    items.extend(of_parts);
    items.extend(helpers(view));
    item::section(Topic::Tests, "How it is tested", items, n_left_out, None)
}

fn is_test(view: &View<'_>, at: usize) -> bool {
    view.code.role(at) == Role::Test
}

/// Tells whether a file is what tests read: its folder is named so by many test runners.
fn is_data(path: &str) -> bool {
    const FOLDERS: [&str; 6] = ["testdata", "test_data", "fixtures", "samples", "snapshots", "__snapshots__"];
    path.split('/').rev().skip(1).any(|folder| FOLDERS.contains(&folder))
}

/// Returns the outermost folder that holds tests alone; of a test beside the code its own.
fn folder_of(file: &SourceFile) -> &str {
    let own = file.file_path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let named =
        file.role_reason.as_deref().and_then(|reason| reason.strip_prefix("path:")?.strip_suffix('/'));
    let Some(named) = named else { return own };
    let mut end = 0;
    for part in own.split('/') {
        end += part.len();
        if part == named {
            return &own[..end];
        }
        end += 1;
    }
    own
}

/// Counts the files of tests and names their folders.
fn size(view: &View<'_>) -> Option<TourItem> {
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    let files = view.code.files().filter(|file| file.role.as_ref().is_some_and(|role| *role == Role::Test));
    let (data, tests): (Vec<&SourceFile>, Vec<&SourceFile>) =
        files.partition(|file| is_data(&file.file_path));
    for file in tests {
        *folders.entry(folder_of(file)).or_default() += 1;
    }
    let n_inside: BTreeSet<&str> = view
        .code
        .all()
        .filter(|at| is_test(view, *at) && view.parts.of(view.code.path(*at)).is_some())
        .map(|at| view.code.path(at))
        .collect();
    let mut largest: Vec<_> = folders.iter().collect();
    largest.sort_by_key(|(folder, n)| (std::cmp::Reverse(**n), **folder));
    let names: Vec<_> = largest
        .iter()
        .take(3)
        .map(|(folder, n)| match **folder {
            "" => format!("{} at the root", count(**n, "file", "files")),
            folder => format!("{} in `{folder}/`", count(**n, "file", "files")),
        })
        .collect();
    let inside = count(n_inside.len(), "file of the code holds tests", "files of the code hold tests");
    let text = match (names.is_empty(), n_inside.is_empty()) {
        (true, true) if data.is_empty() => return None,
        (true, true) => format!("The tests are {}.", count(data.len(), "file of data", "files of data")),
        (false, true) => format!("The tests are {}.", list(&names)),
        (true, false) => format!("{inside} itself."),
        (false, false) => format!("The tests are {}; {inside} too.", list(&names)),
    };
    let evidence = largest
        .iter()
        .take(3)
        .map(|(folder, _)| path(folder))
        .chain(n_inside.iter().take(3).map(|it| path(it)))
        .chain(data.first().map(|file| path(&file.file_path)));
    let text = match (data.len(), names.is_empty()) {
        (0, _) | (_, true) => text,
        (n, false) => {
            let more = count(n, "further file is", "further files are");
            format!("{text} {more} in folders of test data.")
        }
    };
    Some(item(text).with(evidence))
}

/// Lists what tests use of the code: one edge for each pair of test and target.
fn uses(view: &View<'_>) -> Vec<Use> {
    let code = &view.code;
    let tests = code.all().filter(|at| is_test(view, *at));
    let links = tests.flat_map(|at| code.leaving(at).iter().map(move |link| (at, link)));
    let told = links.filter(|(_, link)| {
        let is_use = matches!(link.kind, EdgeKind::Calls | EdgeKind::References);
        is_use && code.is_ours(link.other) && layout::is_at_top(view, link.other)
    });
    told.filter_map(|(at, link)| Some((at, link.other, link.line()?))).collect()
}

/// What tests use of one part.
#[derive(Default)]
struct Tested {
    tests: BTreeSet<usize>,
    /// How often each symbol is used, and where first.
    targets: BTreeMap<usize, (usize, Use)>,
}

/// Tells for each part how many tests use it, and what of it the most.
fn parts(view: &View<'_>, uses: &[Use]) -> Vec<TourItem> {
    let code = &view.code;
    let mut of_part: BTreeMap<usize, Tested> = BTreeMap::new();
    for found in uses {
        let Some(part) = view.parts.of(code.path(found.1)) else { continue };
        let tested = of_part.entry(part).or_default();
        tested.tests.insert(found.0);
        tested.targets.entry(found.1).or_insert((0, *found)).0 += 1;
    }
    let mut order: Vec<_> = of_part.into_iter().collect();
    order.sort_by_key(|(part, tested)| (std::cmp::Reverse(tested.tests.len()), *part));
    let told = order.into_iter().map(|(part, Tested { tests, targets })| {
        let mut targets: Vec<_> = targets.into_iter().collect();
        targets.sort_by_key(|(at, (n, _))| (std::cmp::Reverse(*n), *at));
        targets.truncate(MAX_NAMED);
        let names: Vec<_> = targets.iter().map(|(at, _)| format!("`{}`", code.name(*at))).collect();
        let text = format!(
            "{} {}, mostly {}.",
            match tests.len() {
                1 => "1 test uses".to_owned(),
                n => format!("{} use", count(n, "test", "tests")),
            },
            layout::name(&view.parts.list[part]),
            list(&names)
        );
        let evidence = targets.iter().map(|(_, (_, (from, to, line)))| edge(code, *from, *to, *line));
        item(text).with(evidence)
    });
    told.collect()
}

/// Names the helpers that many tests use.
fn helpers(view: &View<'_>) -> Vec<TourItem> {
    let code = &view.code;
    let users = |at: usize| -> BTreeSet<usize> {
        let links = code
            .reaching(at)
            .iter()
            .filter(|link| matches!(link.kind, EdgeKind::Calls | EdgeKind::References));
        links.filter(|link| is_test(view, link.other)).map(|link| link.other).collect()
    };
    let tests =
        code.all().filter(|at| is_test(view, *at) && code.is_callable(*at) && !is_data(code.path(*at)));
    let mut found: Vec<(usize, usize)> =
        tests.map(|at| (users(at).len(), at)).filter(|(n, _)| *n >= MIN_USES).collect();
    found.sort_by_key(|(n, at)| (std::cmp::Reverse(*n), *at));
    let told = found.into_iter().take(MAX_HELPERS).map(|(n, at)| {
        item(format!("{} share the helper `{}`.", count(n, "test", "tests"), code.name(at)))
            .with([item::symbol(code, at)])
            .quoting(comment(code.symbols[at]))
    });
    told.collect()
}
