//! Answers about real packages, true and false, written down in `claims.txt`.

use docpack::InsightFamily;
use docpack::records::{Insight, InsightValue, TourEvidence};
use doctown_families::{Answered, Claim, Family, Form, check};

const TEXT: &str = include_str!("claims.txt");

/// The statements about one family of one package.
struct Part {
    title: String,
    insight: Insight,
    /// Whether it holds, and the claim.
    stated: Vec<(bool, Answered)>,
}

/// Reads `family of package`, the facts, and the statements about them.
fn parts() -> Vec<Part> {
    let blocks = TEXT.split("\n\n").filter(|block| block.starts_with("family "));
    blocks.map(part).collect()
}

fn part(block: &str) -> Part {
    let mut lines = block.lines();
    let title = lines.next().unwrap().strip_prefix("family ").unwrap().to_owned();
    let family = InsightFamily::from_word(title.split(' ').next().unwrap()).expect(&title);
    let rows: Vec<(&str, Vec<&str>)> = lines.filter(|line| !line.starts_with('#')).filter_map(row).collect();
    let mut form = Form::new(family);
    for kind in &Family::of(family).kinds {
        let facts = rows.iter().filter(|(word, cells)| *word == "fact" && cells[1] == kind.kind);
        form.group(&kind.kind, facts.map(|(_, cells)| fact(cells, kind.measure.is_some())));
    }
    let stated = rows.iter().filter(|(word, _)| *word != "fact");
    let stated = stated.map(|(word, cells)| (*word == "true", statement(family, cells))).collect();
    Part { insight: form.finish().expect(&title), title, stated }
}

fn row(line: &str) -> Option<(&str, Vec<&str>)> {
    let (word, rest) = line.split_once(' ')?;
    Some((word, rest.split('|').map(str::trim).collect()))
}

fn place(cell: &str) -> (&str, u32) {
    cell.rsplit_once(':').map_or((cell, 0), |(file, line)| (file, line.parse().unwrap_or(0)))
}

fn value(cell: &str) -> InsightValue {
    cell.parse().map_or_else(|_| InsightValue::Text(cell.to_owned()), InsightValue::Number)
}

fn fact(cells: &[&str], has_measure: bool) -> Claim {
    let (file, line) = place(cells[3]);
    let line = Some(line).filter(|line| *line > 0);
    let file_path = Some(file.to_owned());
    let claim = Claim::new(cells[2], "").at(TourEvidence { file_path, line, ..TourEvidence::default() });
    match value(cells[5]) {
        InsightValue::Number(number) if has_measure => claim.valued(number as usize),
        InsightValue::Text(text) if has_measure => claim.named(text),
        _ => claim,
    }
}

fn statement(family: InsightFamily, cells: &[&str]) -> Answered {
    let (file, line) = place(cells[3]);
    Answered {
        claim: format!("{family}.{}", cells[0]),
        kind: cells[1].to_owned(),
        subject: cells[2].to_owned(),
        file: file.to_owned(),
        line,
        rank: cells[4].parse().unwrap(),
        value: value(cells[5]),
    }
}

#[test]
fn no_false_claim_holds_and_no_true_one_is_refused() {
    let (mut n_true, mut n_false) = (0, 0);
    let mut wrong = Vec::new();
    for Part { title, insight, stated } in parts() {
        for (holds, claim) in stated {
            let judged = check(&insight, std::slice::from_ref(&claim));
            n_true += usize::from(holds);
            n_false += usize::from(!holds);
            if judged.held.is_empty() == holds {
                wrong.push(format!("{title}: {claim:?}: {:?}", judged.refused));
            }
        }
    }
    assert!(n_true >= 200 && n_false >= 200, "{n_true} true, {n_false} false");
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_refusal_names_what_is_wrong() {
    let part = parts().remove(0);
    let (_, claim) = part.stated.iter().find(|(holds, _)| *holds).unwrap();
    let moved = Answered { line: claim.line + 1, ..claim.clone() };
    let judged = check(&part.insight, &[moved]);
    assert_eq!(judged.refused[0].wrong, "line");
}
