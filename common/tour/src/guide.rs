//! What single callables do, in the words of the tour.

use docpack::SymbolId;
use docpack::records::{Flow, FlowStep};

use crate::flow::{steps, walk};
use crate::{Records, View};

/// Describes callables of a pack one by one.
pub struct Guide<'a>(View<'a>);

impl<'a> Guide<'a> {
    /// Sorts the records of a pack.
    pub fn new(records: &'a Records<'a>) -> Self {
        Self(View::new(records))
    }

    /// Follows the calls of a callable; `None` where little happens.
    pub fn flow(&self, symbol: SymbolId) -> Option<Flow> {
        walk::flow(&self.0, self.0.code.place(symbol)?)
    }

    /// Lists the steps of a callable in the order of its lines.
    pub fn steps(&self, symbol: SymbolId) -> Vec<FlowStep> {
        let code = &self.0.code;
        let Some(at) = code.place(symbol) else { return Vec::new() };
        let found = walk::merged(steps::of(&self.0, at)).into_iter();
        let step = |it: steps::Found| FlowStep {
            depth: 0,
            kind: it.kind.into(),
            text: it.text,
            condition: it.condition,
            quote: None,
            symbol_id: symbol,
            target_id: it.target.map(|at| code.symbols[at].id),
            file_path: code.path(at).to_owned(),
            line: it.line,
        };
        found.map(step).collect()
    }

    /// Names a symbol as its users do: `Flask.route`, `Router::new`.
    pub fn name(&self, symbol: SymbolId) -> Option<String> {
        Some(self.0.code.name(self.0.code.place(symbol)?))
    }
}
