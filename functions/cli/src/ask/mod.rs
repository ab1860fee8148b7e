//! Questions about a docpack: `ask`, `search`, `show`, `callers`, `callees`, `path` and `impact`.

pub(crate) mod args;
mod cache;
mod compare;
mod compose;
mod documents;
mod impact;
mod pack;
mod path;
mod question;
mod relations;
mod rows;
mod search;
mod show;

pub(crate) use impact::impact;
pub(crate) use pack::{InputPack, open_path, opened, opened_by};
pub(crate) use path::path;
pub(crate) use question::ask;
pub(crate) use relations::{callees, callers};
pub(crate) use search::search;
pub(crate) use show::show;

use query::{Map, Named};

use crate::failure::{Exit, Failure};
use crate::output::{plural, table, talk};
use rows::{place, role, symbol_json};

/// Matches of one name that are listed.
const MAX_LISTED: usize = 20;

/// Finds the one symbol that a text means.
fn symbol(map: &Map, text: &str, is_quiet: bool) -> Result<usize, Failure> {
    match query::find(map, text, &|_| true) {
        Named::One(symbol) => Ok(symbol),
        Named::Inherited { by, symbol } => {
            if !is_quiet {
                let (owner, member) = (map.qualified_name(by), map.qualified_name(symbol));
                talk(&format!("`{owner}` inherits it: `{member}` is shown"));
            }
            Ok(symbol)
        }
        Named::Several(found) => Err(several(map, text, &found)),
        Named::Nothing { near } => Err(nothing(map, text, &near)),
    }
}

fn several(map: &Map, text: &str, found: &[usize]) -> Failure {
    let listed = &found[..found.len().min(MAX_LISTED)];
    let mut message =
        format!("`{text}` means {}\n{}", plural(found.len() as u64, "symbol", "symbols"), list(map, listed));
    if listed.len() < found.len() {
        message.push_str(&format!("\n  and {} more", found.len() - listed.len()));
    }
    let candidates: Vec<_> = listed.iter().map(|at| symbol_json(map, *at)).collect();
    Failure::new(Exit::Failed, "symbol_ambiguous", message)
        .with_help("give more of its name, its `path:line` or its id")
        .with_candidates(serde_json::json!(candidates))
}

fn nothing(map: &Map, text: &str, near: &[usize]) -> Failure {
    let message = match near {
        [] => format!("no symbol is called `{text}`"),
        near => format!("no symbol is called `{text}`; close to it are\n{}", list(map, near)),
    };
    let candidates: Vec<_> = near.iter().map(|at| symbol_json(map, *at)).collect();
    Failure::new(Exit::Failed, "symbol_not_found", message)
        .with_help("`doctown search WORDS` finds symbols by words and by parts of their names")
        .with_candidates(serde_json::json!(candidates))
}

/// Lists symbols in an error, indented below its first line.
fn list(map: &Map, symbols: &[usize]) -> String {
    let rows: Vec<_> = symbols
        .iter()
        .map(|at| {
            vec![
                map.kind(*at).to_owned(),
                map.qualified_name(*at).to_owned(),
                place(map, *at),
                role(map, *at).to_owned(),
                map.symbol(*at).id.to_string(),
            ]
        })
        .collect();
    let text = table(&["", "", "", "", ""], &rows);
    text.lines().skip(1).map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
