//! One symbol's block, cut down until it fits.

use std::collections::BTreeMap;

use model::context::SymbolContext;
use serde::Serialize;

use super::fields::{Fields, Listed};
use super::{Block, PromptParams, Subject};
use crate::hygiene::quote;
use crate::tokens::CountTokens;

/// Doc comments that must give way keep this much: a first sentence.
const SHORT_DOC_CHARS: usize = 160;

/// What was cut from a block that was too long, in the order in which things are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// The end of the source, line by line.
    SourceTail,
    Related,
    Imports,
    CalledBy,
    Calls,
    Members,
    Doc,
    /// All source, the rest of the doc comment and half of the signature: what nothing else could save.
    Remainder,
}

/// Writes the block and cuts it to `max_block_tokens`.
pub(super) fn symbol_block(
    context: &SymbolContext,
    params: &PromptParams,
    counter: &impl CountTokens,
) -> Block {
    let mut shape = Shape { n_source_lines: 0, fields: Fields::new(context) };
    shape.n_source_lines = shape.fields.source_lines.len();
    let fits = |shape: &Shape| counter.count(&shape.write(params)) <= params.max_block_tokens;
    let mut cuts = Vec::new();
    if !fits(&shape) && shape.n_source_lines > 0 {
        cuts.push(Cut::SourceTail);
        shape.n_source_lines = most_lines(&mut shape, fits);
    }
    for cut in [Cut::Related, Cut::Imports, Cut::CalledBy, Cut::Calls, Cut::Members, Cut::Doc, Cut::Remainder]
    {
        if fits(&shape) {
            break;
        }
        if shape.apply(cut) {
            cuts.push(cut);
        }
    }
    let text = shape.write(params);
    Block {
        subject: Subject::Symbol(context.id),
        n_tokens: counter.count(&text),
        expected_output_tokens: shape.fields.expected_output_tokens(),
        text,
        cuts,
        secrets: shape.fields.secrets,
    }
}

struct Shape {
    fields: Fields,
    n_source_lines: usize,
}

/// Finds the largest number of source lines that fits, 0 when none does.
fn most_lines(shape: &mut Shape, fits: impl Fn(&Shape) -> bool) -> usize {
    let (mut low, mut high) = (0, shape.n_source_lines);
    while low + 1 < high {
        let middle = low.midpoint(high);
        shape.n_source_lines = middle;
        if fits(shape) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

impl Shape {
    /// Applies a cut; tells whether there was anything to cut.
    fn apply(&mut self, cut: Cut) -> bool {
        let fields = &mut self.fields;
        let empty = |listed: &mut Listed| !std::mem::take(&mut listed.names).is_empty();
        match cut {
            Cut::SourceTail => false,
            Cut::Related => empty(&mut fields.related),
            Cut::Imports => empty(&mut fields.imports),
            Cut::CalledBy => empty(&mut fields.called_by),
            Cut::Calls => empty(&mut fields.calls),
            Cut::Members => empty(&mut fields.members),
            Cut::Doc => shorten(&mut fields.doc, SHORT_DOC_CHARS),
            Cut::Remainder => {
                self.n_source_lines = 0;
                let n_signature = fields.signature.chars().count() / 2;
                shorten(&mut fields.doc, 0) | shorten(&mut fields.signature, n_signature)
            }
        }
    }

    fn write(&self, params: &PromptParams) -> String {
        let fields = &self.fields;
        let doc = if fields.doc.is_empty() { "none".to_owned() } else { quote(&fields.doc) };
        let values = BTreeMap::from([
            ("language", fields.language.to_owned()),
            ("name", fields.name.clone()),
            ("kind", fields.kind.clone()),
            ("file", fields.file.clone()),
            ("signature", fields.signature.clone()),
            ("parent", fields.parent.clone()),
            ("bases", if fields.bases.is_empty() { "none".to_owned() } else { fields.bases.join(", ") }),
            ("members", fields.members.write()),
            ("calls", fields.calls.write()),
            ("called_by", fields.called_by.write()),
            ("imports", fields.imports.write()),
            ("related", fields.related.write()),
            ("cluster", fields.cluster.clone()),
            ("centrality", fields.centrality.clone()),
            ("doc", doc),
            ("source", self.source()),
        ]);
        params.template.fill(&values)
    }

    fn source(&self) -> String {
        let lines = &self.fields.source_lines;
        let n_cut = lines.len() - self.n_source_lines;
        match (lines.is_empty(), self.n_source_lines) {
            (true, _) => "unknown".to_owned(),
            (false, 0) => format!("{n_cut} lines [cut]"),
            (false, _) if n_cut == 0 => quote(&lines.join("\n")),
            (false, n) => format!("{}\n{n_cut} more lines [cut]", quote(&lines[..n].join("\n"))),
        }
    }
}

fn shorten(text: &mut String, max_chars: usize) -> bool {
    let Some((at, _)) = text.char_indices().nth(max_chars) else { return false };
    text.truncate(at);
    text.push_str(" [cut]");
    true
}
