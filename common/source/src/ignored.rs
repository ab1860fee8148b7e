//! Which files git's ignore rules name, from rule files of a bounded size.

use std::io::BufRead as _;
use std::path::Path;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::beneath::Root;
use crate::checkout::Checkout;
use crate::failure::SourceError;
use crate::path::escape;

/// Of all rule files that hold for one folder: compiled, a rule may take 2,000 times its text in memory.
pub(crate) const MAX_RULE_BYTES: u64 = 100_000;

/// The rules that hold for the folder in hand, the outermost first.
#[derive(Debug, Default)]
pub(crate) struct IgnoreRules {
    /// Of `.git/info/exclude`, which every `.gitignore` overrules.
    exclude: Option<Gitignore>,
    of_folders: Vec<(Gitignore, u64)>,
    n_bytes: u64,
}

impl IgnoreRules {
    /// Reads the rules of a checkout from its top down to `root`, exclusive.
    pub(crate) fn above(checkout: &Checkout, root: &Path) -> Result<Self, SourceError> {
        let mut rules = Self::default();
        let top = checkout.top();
        if let Some(bytes) = checkout.exclude_rules()? {
            rules.n_bytes += bytes.len() as u64;
            rules.exclude = Some(parse(top.path(), &bytes));
        }
        let Ok(below) = root.strip_prefix(top.path()) else { return Ok(rules) };
        let mut folder = Vec::new();
        for part in below.components() {
            rules.enter(top, &folder, true)?;
            if !folder.is_empty() {
                folder.push(b'/');
            }
            folder.extend_from_slice(part.as_os_str().as_encoded_bytes());
        }
        Ok(rules)
    }

    /// Adds the rules of a folder; [`Self::leave`] takes them away.
    ///
    /// A `.gitignore` that is no regular file holds no rules, as in git.
    pub(crate) fn enter(&mut self, root: &Root, folder: &[u8], has_file: bool) -> Result<(), SourceError> {
        let path = if folder.is_empty() {
            b".gitignore".to_vec()
        } else {
            [folder, b"/.gitignore".as_slice()].concat()
        };
        let limit_bytes = MAX_RULE_BYTES.saturating_sub(self.n_bytes);
        let found = if has_file { root.read_small(&path, limit_bytes).ok() } else { None };
        let bytes = match found {
            Some(Some(bytes)) => bytes,
            // Reading on without the rules would take in files that somebody wanted left out.
            Some(None) => {
                return Err(SourceError::IgnoreRulesTooLarge {
                    path: escape(&path),
                    limit_bytes: MAX_RULE_BYTES,
                });
            }
            None => Vec::new(),
        };
        let n_bytes = bytes.len() as u64;
        self.n_bytes += n_bytes;
        self.of_folders.push((parse(&root.full(folder), &bytes), n_bytes));
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        let n_bytes = self.of_folders.pop().map_or(0, |(_, n_bytes)| n_bytes);
        self.n_bytes -= n_bytes;
    }

    /// Decides by the innermost rule that names the path.
    pub(crate) fn ignore(&self, full: &Path, is_directory: bool) -> bool {
        let inner_first = self.of_folders.iter().rev().map(|(rules, _)| rules).chain(&self.exclude);
        for rules in inner_first {
            match rules.matched(full, is_directory) {
                Match::None => {}
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
            }
        }
        false
    }
}

/// Takes one rule a line; lines that are no rules are passed over, as git does.
fn parse(folder: &Path, bytes: &[u8]) -> Gitignore {
    if bytes.is_empty() {
        return Gitignore::empty();
    }
    let mut builder = GitignoreBuilder::new(folder);
    for (idx, line) in bytes.lines().map_while(Result::ok).enumerate() {
        let line = if idx == 0 { line.trim_start_matches('\u{feff}') } else { &line };
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
