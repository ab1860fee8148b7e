//! How much a reader needs to know a symbol, by who uses it.

use std::collections::BTreeSet;

use docpack::{EdgeKind, Role};

use crate::code::Code;
use crate::parts::Parts;

/// Users beyond this make a symbol no more important.
const MAX_USERS: u64 = 40;

/// A symbol that the README shows in code is worth this many users.
const DOCUMENTED: u64 = 24;
/// And so is one that the main file of the package passes on.
const PASSED_ON: u64 = 12;

/// What is known of who uses each symbol.
pub(crate) struct Ranks {
    scores: Vec<u64>,
    documented: Vec<bool>,
    imported: Vec<bool>,
}

impl Ranks {
    /// Counts the files that use each symbol: other parts count more than the own, tests the least.
    pub(crate) fn new(code: &Code<'_>, parts: &Parts<'_>) -> Self {
        let written = shown_names(code, parts);
        let documented: Vec<bool> = code
            .all()
            .map(|at| {
                let is_public = code.is_ours(at) && code.is_public(at) && code.owner_type(at).is_none();
                is_public && written.contains(code.symbols[at].name.as_str())
            })
            .collect();
        let named = imported_names(code);
        let imported: Vec<bool> = code
            .all()
            .map(|at| {
                let is_public = code.is_ours(at) && code.is_public(at) && code.owner_type(at).is_none();
                is_public && named.contains(code.symbols[at].name.as_str())
            })
            .collect();
        let passed_on = passed_on(code);
        let bonus = |at: usize| {
            u64::from(documented[at]) * DOCUMENTED
                + u64::from(imported[at] && !documented[at]) * PASSED_ON
                + u64::from(passed_on.contains(&at)) * PASSED_ON
        };
        let scores = code.all().map(|at| score(code, parts, at) + bonus(at)).collect();
        Self { scores, documented, imported }
    }

    /// Tells whether users import the symbol, as code of the documentation shows.
    pub(crate) fn is_imported(&self, at: usize) -> bool {
        self.documented[at] || self.imported[at]
    }

    /// Returns a symbol's score; comparable within one pack.
    pub(crate) fn of(&self, at: usize) -> u64 {
        self.scores[at]
    }

    /// Tells whether the README shows the symbol in code.
    pub(crate) fn is_documented(&self, at: usize) -> bool {
        self.documented[at]
    }

    /// Sorts symbols, the most used first.
    pub(crate) fn sort(&self, symbols: &mut [usize]) {
        symbols.sort_by_key(|at| (std::cmp::Reverse(self.of(*at)), *at));
    }
}

fn score(code: &Code<'_>, parts: &Parts<'_>, at: usize) -> u64 {
    let own = parts.of(code.path(at));
    let (mut near, mut far, mut examples, mut tests) = (0, 0, 0, 0);
    for path in code.users(at) {
        let is_ours = parts.of(path);
        let role = code.file(path).and_then(|file| file.role.as_ref()?.known());
        match (is_ours, role) {
            (Some(part), _) if Some(part) == own => near += 1,
            (Some(_), _) => far += 1,
            (None, Some(Role::Test | Role::Benchmark)) => tests += 1,
            (None, _) => examples += 1,
        }
    }
    let is_public = u64::from(code.is_public(at));
    3 * far.min(MAX_USERS)
        + 2 * near.min(MAX_USERS)
        + is_public * (2 * examples.min(MAX_USERS) + tests.min(MAX_USERS))
}

/// Lists what the main file nearest to the root imports: those who import it see that.
fn passed_on(code: &Code<'_>) -> BTreeSet<usize> {
    const NAMES: [&str; 5] = ["__init__.py", "index.ts", "index.js", "mod.ts", "lib.rs"];
    let is_main = |at: &usize| {
        let name = code.path(*at).rsplit('/').next().unwrap_or_default();
        code.symbols[*at].parent.is_none() && NAMES.contains(&name)
    };
    let depth = |at: usize| code.path(at).matches('/').count();
    let mains: Vec<usize> = code.ours().filter(is_main).collect();
    let Some(top) = mains.iter().map(|at| depth(*at)).min() else { return BTreeSet::new() };
    let links = mains.iter().filter(|at| depth(**at) == top).flat_map(|at| code.leaving(*at));
    links.filter(|link| link.kind == EdgeKind::Imports).map(|link| link.other).collect()
}

/// Lists the names that lines of code in the documentation import: `import { rollup } from 'rollup';`.
fn imported_names<'a>(code: &Code<'a>) -> BTreeSet<&'a str> {
    let is_import = |line: &&str| {
        let line = line.trim_start();
        let is_use = line.starts_with("use ") && line.contains("::") && line.ends_with(';');
        let is_from = line.starts_with("from ") && line.contains(" import ");
        let is_of_module =
            line.starts_with("import ") && line.contains(" from ") && line.contains(['"', '\'']);
        is_use || is_from || is_of_module
    };
    let lines = code.records.texts.values().flat_map(|text| text.lines()).filter(is_import);
    let names = lines.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'));
    names.filter(|name| name.len() > 2).collect()
}

/// Lists the names that code of the README uses: bare ones, and those taken out of a module of the repository.
///
/// Commands of a shell and files of settings are no code: a word in them is not the function of that name.
fn shown_names<'a>(code: &Code<'a>, parts: &Parts<'_>) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    let Some((_, text)) = code.readme else { return names };
    let ours = code.files().filter(|file| parts.of(&file.file_path).is_some());
    let modules: BTreeSet<&str> = ours.flat_map(|file| places(&file.file_path)).collect();
    let mut block: Option<bool> = None;
    for line in text.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            block = if block.is_none() { Some(is_code(language)) } else { None };
            continue;
        }
        // The lines of an HTML heading are indented too.
        let is_indented = line.starts_with("    ") && !line.trim_start().starts_with('<');
        match block {
            Some(true) => names.extend(used_names(line, &modules)),
            Some(false) => {}
            None if is_indented => names.extend(used_names(line, &modules)),
            // Between backticks.
            None => {
                line.split('`').skip(1).step_by(2).for_each(|span| names.extend(used_names(span, &modules)))
            }
        }
    }
    names
}

/// Tells by the language after a fence whether a block holds code of a program.
fn is_code(language: &str) -> bool {
    const OTHERS: [&str; 16] = [
        "sh",
        "bash",
        "shell",
        "console",
        "zsh",
        "fish",
        "text",
        "txt",
        "powershell",
        "bat",
        "toml",
        "yaml",
        "yml",
        "json",
        "ini",
        "diff",
    ];
    let language = language.trim().split([' ', ',', '{']).next().unwrap_or_default().to_lowercase();
    !OTHERS.contains(&language.as_str())
}

/// Names the folders of a file and the file itself, as code names modules.
fn places(file_path: &str) -> impl Iterator<Item = &str> {
    file_path.split('/').map(|part| part.split('.').next().unwrap_or(part))
}

/// Lists the names in a piece of code that are called, imported or types, neither members of a value nor defined there.
fn used_names<'a>(text: &'a str, modules: &BTreeSet<&str>) -> Vec<&'a str> {
    const DEFINING: [&str; 7] = ["def", "class", "function", "fn", "func", "const", "let"];
    const IMPORTING: [&str; 6] = ["import", "from", "use", "export", "#include", "require"];
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_import = IMPORTING.contains(&first) || text.contains("require(");
    let mut found = Vec::new();
    let (mut last, mut at) = ("", 0);
    while let Some(start) = text[at..].find(is_part).map(|start| at + start) {
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |end| start + end);
        let (between, word) = (&text[at..start], &text[start..end]);
        let is_member = between.ends_with(['.', ':']) || between.ends_with("->");
        // `app.run`, and `wait` of `Event().wait()`, belong to values.
        let is_of_module = matches!(between, "." | "::") && modules.contains(last);
        let is_defined = between.chars().all(char::is_whitespace) && DEFINING.contains(&last);
        let is_decorator = between.ends_with('@') || between.ends_with("#[");
        let is_used = is_import
            || is_decorator
            || word.starts_with(char::is_uppercase)
            || text[end..].starts_with(['(', '!', '<', '{']);
        if word.len() > 2 && is_used && (!is_member || is_of_module) && !is_defined {
            found.push(word);
        }
        (last, at) = (word, end);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_shows_what_its_code_calls_and_imports_not_members_or_its_own_definitions() {
        let modules = BTreeSet::from(["tornado", "web"]);
        let names = |text| used_names(text, &modules);
        assert_eq!(names("app = tornado.web.Application([])"), ["Application"]);
        assert_eq!(names("await asyncio.Event().wait()"), Vec::<&str>::new());
        assert_eq!(names("def get(self):"), Vec::<&str>::new());
        assert_eq!(names("let app = Router::new();"), ["Router"]);
        assert_eq!(names("from tornado import gen, web"), ["from", "tornado", "import", "gen", "web"]);
        assert_eq!(names("@cached"), ["cached"]);
        assert_eq!(names("pueue start 5"), Vec::<&str>::new());
    }

    #[test]
    fn commands_and_settings_are_no_code_of_the_readme() {
        assert!(is_code("rust") && is_code("") && is_code("ts twoslash"));
        assert!(!is_code("bash") && !is_code("console") && !is_code("toml"));
    }
}
