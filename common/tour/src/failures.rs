//! Failures as a user meets them: exit codes, and what the authors document of panics and errors.

use docpack::StepKind;
use docpack::records::{Quote, Step, TourItem};
use prose::first_paragraph;

use crate::View;
use crate::command_line::{Declared, literal, told};
use crate::errors::holder;
use crate::flow::words::{around, joined};
use crate::item::{With, item, line, symbol};
use crate::text::{MAX_QUOTE_CHARS, clip, code};

/// Exits that one sentence lists.
const MAX_EXITS: usize = 5;
/// Documented failures that are told.
const MAX_DOCUMENTED: usize = 5;
/// A single code may be compared with one of another library.
const MIN_CODES: usize = 3;
/// A shorter text under a heading says nothing.
const MIN_WORDS: usize = 4;

/// Tells with which codes, where and why the program ends.
pub(crate) fn exits(view: &View<'_>) -> Option<TourItem> {
    let code_of = &view.code;
    let mut found: Vec<(usize, usize, u32, String)> = Vec::new();
    for at in code_of.ours().filter(|at| !view.parts.is_aside(code_of.path(*at))) {
        let Some(body) = code_of.body(at) else { continue };
        for step in &body.steps {
            let Some(status) = exit_code(code_of.symbols[at].language.as_str(), step) else { continue };
            let condition = around(body, step.under).text.map_or(String::new(), |it| format!(" {it}"));
            // A text is printed, and the code is that of a failure.
            let status = match status.trim_start_matches('f').starts_with(['"', '\'']) {
                true => format!("`1`, with the message {},", code(&message(status))),
                false => code(status),
            };
            // What lies nearer to the root is the program itself.
            let depth = code_of.path(at).matches('/').count();
            found.push((depth, at, step.line, format!("{status} in {}{condition}", holder(view, at))));
        }
    }
    found.sort();
    // Further in, `main` is that of another program.
    let is_main = |at: usize| code_of.symbols[at].name == "main";
    let nearest = found.iter().find(|(_, at, ..)| is_main(*at)).map(|(depth, ..)| *depth);
    found.retain(|(depth, at, ..)| !is_main(*at) || Some(*depth) == nearest);
    let evidence: Vec<_> = found.iter().map(|(_, at, at_line, _)| line(code_of, *at, *at_line)).collect();
    let mut names: Vec<String> = Vec::new();
    for (.., name) in found {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let n = names.len();
    names.truncate(MAX_EXITS);
    if n > MAX_EXITS {
        names.push(format!("{} more", n - MAX_EXITS));
    }
    (n > 0).then(|| item(format!("The program ends with the exit code {}.", names.join("; "))).with(evidence))
}

fn message(argument: &str) -> String {
    joined(argument.trim_start_matches('f').trim_matches(['"', '\'']))
}

/// Reads the code out of `sys.exit(3)` or `os.Exit(code)`; that of success is not told.
fn exit_code<'s>(language: &str, step: &'s Step) -> Option<&'s str> {
    let names: &[&str] = match language {
        "python" => &["sys.exit", "os._exit", "SystemExit", "exit"],
        "rust" => &["process::exit", "std::process::exit", "ExitCode::from"],
        "go" => &["os.Exit"],
        _ => &["process.exit"],
    };
    let is_exit = matches!(step.kind.known(), Some(StepKind::Call | StepKind::Raise));
    let status = step.arguments.first().map(String::as_str)?;
    (is_exit && names.contains(&step.text.as_str()) && !matches!(status, "0" | "")).then_some(status)
}

/// Lists the codes that JavaScript gives to errors where it makes them: `createError('ERR_X', 'Not found')`.
pub(crate) fn codes(view: &View<'_>) -> Option<TourItem> {
    let code_of = &view.code;
    let is_script =
        |at: &usize| matches!(code_of.symbols[*at].language.as_str(), "javascript" | "typescript");
    let is_code = |name: &str| {
        name.contains("ERR")
            && name.contains('_')
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    let mut found: Vec<Declared> = Vec::new();
    for at in code_of.ours().filter(is_script).filter(|at| !view.parts.is_aside(code_of.path(*at))) {
        let steps = code_of.body(at).map_or(&[][..], |body| &body.steps);
        for step in steps.iter().filter(|step| step.kind == StepKind::Call && step.arguments.len() > 1) {
            let Some(name) = literal(&step.arguments[0]).filter(|name| is_code(name)) else { continue };
            let help = literal(&step.arguments[1]).map(str::to_owned);
            if !found.iter().any(|known| known.name == name) {
                found.push(Declared { name: name.to_owned(), help, place: (at, step.line) });
            }
        }
    }
    told(view, "Error codes", &found).filter(|_| found.len() >= MIN_CODES)
}

/// Quotes what the authors say of panics and errors in the comments of what users call.
pub(crate) fn documented(view: &View<'_>) -> Vec<TourItem> {
    let code_of = &view.code;
    let is_seen = |at: &usize| {
        let owner = code_of.owner_type(*at);
        code_of.is_public(*at)
            && owner.is_none_or(|owner| code_of.is_public(owner) || !code_of.is_type(owner))
            && crate::layout::is_at_top(view, *at)
            && !view.parts.is_aside(code_of.path(*at))
    };
    let mut found: Vec<(u64, usize, &'static str, String)> = Vec::new();
    for at in code_of.ours().filter(|at| code_of.is_callable(*at)).filter(is_seen) {
        let comment = code_of.symbols[at].doc_comment.as_deref().unwrap_or_default();
        let owner = code_of.owner_type(at).map_or(0, |owner| view.ranks.of(owner));
        let told = failures(comment).into_iter();
        found.extend(told.map(|(verb, text)| (view.ranks.of(at) + owner, at, verb, text)));
    }
    found.sort_by_key(|(rank, at, ..)| (std::cmp::Reverse(*rank), *at));
    let mut told: Vec<String> = Vec::new();
    found.retain(|(_, _, _, text)| {
        let is_new = !told.contains(text);
        told.push(text.clone());
        is_new
    });
    let items = found.into_iter().take(MAX_DOCUMENTED).map(|(_, at, verb, text)| {
        let (file_path, line) = (code_of.path(at).to_owned(), code_of.line(at));
        item(format!("`{}` {verb}:", code_of.name(at))).with([symbol(code_of, at)]).quoting(Some(Quote {
            text,
            file_path,
            line,
        }))
    });
    items.collect()
}

/// Finds the parts of a comment about failures, in the form of each language's documentation.
fn failures(comment: &str) -> Vec<(&'static str, String)> {
    const FORMS: [(&str, &str); 7] = [
        ("# Panics", "may panic"),
        ("# Errors", "may fail"),
        ("Raises:", "may raise"),
        ("Raises\n------", "may raise"),
        (":raises ", "may raise"),
        (":raise ", "may raise"),
        ("@throws ", "may throw"),
    ];
    let mut found: Vec<(&'static str, String)> = Vec::new();
    for (mark, verb) in FORMS {
        let at_line = |at: &usize| {
            comment[..*at]
                .lines()
                .next_back()
                .is_none_or(|before| before.trim().is_empty() || comment[..*at].ends_with('\n'))
        };
        let Some(at) = comment.find(mark).filter(at_line) else { continue };
        let rest = &comment[at + mark.len()..];
        let text = match mark.starts_with(['#', 'R']) {
            true => first_paragraph(rest).map(|text| with_list(text, rest)),
            // A field of its own ends with its line, or where the next begins.
            false => {
                Some(rest.split("\n\n").next().unwrap_or(rest).split("\n:").next().unwrap_or(rest).to_owned())
            }
        };
        let text = text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.split(" @").next().unwrap_or(&text).to_owned();
        if text.split_whitespace().count() >= MIN_WORDS && !found.iter().any(|(known, _)| *known == verb) {
            found.push((verb, clip(&text, MAX_QUOTE_CHARS / 2)));
        }
    }
    found
}

/// Adds the list that a paragraph leads to: `This fails if:`.
fn with_list(text: String, rest: &str) -> String {
    if !text.ends_with(':') {
        return text;
    }
    let lines = rest.lines().map(str::trim).skip_while(|line| !line.starts_with(['-', '*']));
    let items = lines.take_while(|line| !line.is_empty() && !line.starts_with('#'));
    let items: Vec<&str> = items.map(|line| line.trim_start_matches(['-', '*', ' '])).collect();
    format!("{text} {}", items.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_stand_in_sections_or_fields_of_comments() {
        let rust = "Adds.\n\n# Panics\n\nPanics if the index is out of bounds.\n\nMore.\n\n# Errors\n\nFails when the file is missing.";
        let found = failures(rust);
        assert_eq!(
            found,
            [
                ("may panic", "Panics if the index is out of bounds.".to_owned()),
                ("may fail", "Fails when the file is missing.".to_owned()),
            ]
        );
        let google = "Opens.\n\nRaises:\n  ValueError: if the mode is unknown.\n\nReturns:\n  A file.";
        assert_eq!(failures(google)[0].1, "ValueError: if the mode is unknown.");
        let sphinx =
            "Opens.\n\n:param a: x\n:raises ValueError: if the mode\n    is unknown\n:returns: a file";
        assert_eq!(failures(sphinx)[0].1, "ValueError: if the mode is unknown");
        let js = "Opens.\n@throws {TypeError} when the mode is unknown.\n@returns a file";
        assert_eq!(failures(js)[0].1, "{TypeError} when the mode is unknown.");
        assert!(failures("It raises the flag. See Raises: none.").is_empty());
    }
}
