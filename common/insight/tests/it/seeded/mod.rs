//! True summaries and what becomes of them when they are made false.

mod corrupt;
mod overviews;
mod paraphrase;
pub(crate) mod symbols;

use std::collections::BTreeMap;

use doctown_insight::check::check_summary;
use model::context::SymbolContext;

use corrupt::KINDS;

/// A true summary and the symbol it is about.
struct True {
    context: SymbolContext,
    text: String,
}

fn all_true() -> Vec<True> {
    let mut all = Vec::new();
    for symbol in symbols::read() {
        let texts = symbol.summaries.iter().cloned().chain(paraphrase::of(&symbol.context));
        all.extend(texts.map(|text| True { context: symbol.context.clone(), text }));
    }
    all
}

/// One line per kind of error, and what passed or was flagged although it should not.
fn table() -> String {
    let summaries = all_true();
    let others = symbols::names();
    let mut lines = Vec::new();
    let mut n_flagged = 0;
    for it in &summaries {
        let checked = check_summary(&it.text, &it.context);
        if !checked.is_verified() {
            n_flagged += 1;
            lines.push(format!("flagged although true: {} {:?}", it.text, checked.findings()));
        }
    }
    let mut table = format!("{} true summaries, {n_flagged} flagged\n", summaries.len());
    let (mut n_all, mut n_caught_all) = (0, 0);
    for (kind, corrupt) in KINDS {
        let (mut n, mut n_caught) = (0, 0);
        let mut codes: BTreeMap<&str, u32> = BTreeMap::new();
        for (idx, it) in summaries.iter().enumerate() {
            let Some(text) = corrupt(&it.text, &it.context, &others, idx) else { continue };
            n += 1;
            let checked = check_summary(&text, &it.context);
            n_caught += u32::from(!checked.is_verified());
            for finding in checked.findings() {
                *codes.entry(finding.code).or_default() += 1;
            }
            if checked.is_verified() {
                lines.push(format!("passed although false ({kind}): {text}"));
            }
        }
        n_all += n;
        n_caught_all += n_caught;
        let most = codes.iter().max_by_key(|it| it.1).map_or("", |it| it.0);
        table.push_str(&format!("{kind:<18} {n_caught:>4} of {n:>4} caught, mostly as {most}\n"));
    }
    table.push_str(&format!("{:<18} {n_caught_all:>4} of {n_all:>4} caught\n", "all"));
    lines.sort();
    format!("{table}\n{}\n", lines.join("\n"))
}

/// Of at least so many true texts at most 2 % are flagged, of at least so many false ones 95 % caught.
fn assert_figures(table: &str, n_true: f64, n_false: f64) {
    let numbers = |line: &str| -> Vec<f64> {
        line.split(|c: char| !c.is_ascii_digit()).filter_map(|it| it.parse().ok()).collect()
    };
    let first = numbers(table.lines().next().expect("the first line counts the true ones"));
    let last = numbers(table.lines().find(|it| it.starts_with("all")).expect("one line sums up"));
    assert!(first[0] >= n_true && first[1] / first[0] <= 0.02, "{table}");
    assert!(last[1] >= n_false && last[0] / last[1] >= 0.95, "{table}");
}

#[test]
fn errors_are_caught_and_truth_passes() {
    let table = table();
    assert_figures(&table, 200.0, 1500.0);
    insta::assert_snapshot!(table);
}
