//! `doctown path`.

use docpack::lookup::from_millionths;
use query::{Map, Route};

use super::args::PathArgs;
use super::rows::{edge_row, place, relation_json, site, sure, symbol_json, word};
use super::{pack, symbol};
use crate::args::Cli;
use crate::failure::{Exit, Failure};
use crate::output::{self, plural, table};

pub(crate) fn path(args: &PathArgs, cli: &Cli) -> Result<(), Failure> {
    let is_quiet = cli.quiet > 0;
    let (opened, words) = pack::open(&args.words, args.pack.as_deref(), 2, is_quiet)?;
    let map = &opened.map;
    let (from, to) = (symbol(map, &words[0], is_quiet)?, symbol(map, &words[1], is_quiet)?);
    let route = query::path(map, from, to).ok_or_else(|| none(map, from, to))?;
    if cli.json {
        let steps: Vec<_> = route
            .steps
            .iter()
            .map(|step| {
                let relation = relation_json(map, step.to, step.edge);
                serde_json::json!({"from": symbol_json(map, step.from), "to": relation})
            })
            .collect();
        output::json(
            "path",
            &serde_json::json!({
                "from": symbol_json(map, from),
                "to": symbol_json(map, to),
                "confidence": from_millionths(route.confidence),
                "steps": steps,
            }),
        );
    } else {
        output::data(&text(map, from, &route));
    }
    Ok(())
}

fn text(map: &Map, from: usize, route: &Route) -> String {
    let mut rows = vec![vec![
        map.qualified_name(from).to_owned(),
        place(map, from),
        String::new(),
        String::new(),
        String::new(),
    ]];
    rows.extend(route.steps.iter().map(|step| {
        let edge = edge_row(map, step.edge);
        vec![
            map.qualified_name(step.to).to_owned(),
            place(map, step.to),
            word(map, edge.kind).to_owned(),
            site(map, step.edge),
            sure(edge.confidence),
        ]
    }));
    format!(
        "{}\n{}, as sure as its weakest: {}",
        table(&["symbol", "defined at", "by", "written at", "sure"], &rows),
        plural(route.steps.len() as u64, "step", "steps"),
        sure(route.confidence)
    )
}

/// Reports that there is no way, and whether there is one the other way round.
fn none(map: &Map, from: usize, to: usize) -> Failure {
    let (a, b) = (map.qualified_name(from), map.qualified_name(to));
    let back = query::path(map, to, from).map(|route| route.steps.len() as u64);
    let help = match back {
        Some(n) => format!("`{b}` reaches `{a}` in {}: exchange the two", plural(n, "step", "steps")),
        None => "calls through values, and calls that are ambiguous, are not followed".to_owned(),
    };
    Failure::new(Exit::Failed, "no_path", format!("no certain call leads from `{a}` to `{b}`"))
        .with_help(help)
}
