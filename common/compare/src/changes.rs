//! What changed, seen from neither side: swapping the packs swaps every list.

use docpack::Digest;
use docpack::records::{Complexity, Symbol};
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::Api;
use crate::matching::Pairs;
use crate::side::{Pack, Side};

/// Two packs compared.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Comparison {
    /// The older pack.
    pub before: Version,
    /// The newer pack.
    pub after: Version,
    /// What users of the code notice, with a verdict.
    pub api: Api,
    /// Everything that changed.
    pub changes: Changes,
}

/// Which pack was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ComparedVersion")]
pub struct Version {
    /// The pack's id.
    pub docpack_id: Digest,
    /// The repository, where one is known.
    pub repo_url: Option<String>,
    /// The branch or tag that was asked for.
    pub git_ref: Option<String>,
    /// The commit that was read.
    pub commit_hash: Option<String>,
    /// How many symbols it has.
    pub n_symbols: u64,
}

impl Version {
    pub(crate) fn of(pack: &Pack<'_>) -> Self {
        Self {
            docpack_id: pack.id,
            repo_url: pack.source.repo_url.clone(),
            git_ref: pack.source.git_ref.clone(),
            commit_hash: pack.source.commit_hash.clone(),
            n_symbols: pack.nodes.symbols.len() as u64,
        }
    }

    /// Names the version as people do: its tag or branch, else the start of its commit or of its id.
    pub fn label(&self) -> String {
        let start = |text: &str, n| text.chars().take(n).collect::<String>();
        let id = self.docpack_id.to_string();
        let of_id = || start(id.strip_prefix("sha256:").unwrap_or(&id), 12);
        self.git_ref
            .clone()
            .or_else(|| self.commit_hash.as_deref().map(|commit| start(commit, 10)))
            .unwrap_or_else(of_id)
    }
}

/// Everything that changed between two packs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Changes {
    /// Symbols that came, went, moved or were rewritten.
    pub symbols: SymbolChanges,
    /// Signatures of exported symbols that changed.
    pub signatures: Vec<SignatureChange>,
    /// Calls won and lost.
    pub calls: CallChanges,
    /// Groups of symbols that came, went or changed.
    pub groups: Vec<GroupChange>,
    /// Callables that became simpler or more complex.
    pub complexity: Vec<ComplexityChange>,
    /// References between folders that became more or fewer.
    pub coupling: Vec<CouplingChange>,
    /// What became of the calls, for each language whose counts changed.
    pub languages: Vec<LanguageCalls>,
    /// Packages that are called in one version only.
    pub packages: Vec<PackageChange>,
}

impl Comparison {
    /// Cuts every list to a length; tells whether anything was left out.
    pub fn cut(&mut self, limit: usize) -> bool {
        let mut is_cut = false;
        let Changes { symbols, signatures, calls, groups, complexity, coupling, languages: _, packages } =
            &mut self.changes;
        for list in [&mut symbols.added, &mut symbols.removed] {
            is_cut |= shortened(list, limit);
        }
        for list in [&mut symbols.moved, &mut symbols.rewritten] {
            is_cut |= shortened(list, limit);
        }
        let CallChanges { added, removed, became_ambiguous, became_certain, .. } = calls;
        for list in [added, removed, became_ambiguous, became_certain] {
            is_cut |= shortened(list, limit);
        }
        for list in [&mut calls.unresolved_added, &mut calls.unresolved_removed] {
            is_cut |= shortened(list, limit);
        }
        is_cut
            | shortened(&mut self.api.changes, limit)
            | shortened(signatures, limit)
            | shortened(&mut calls.confidence, limit)
            | shortened(groups, limit)
            | shortened(complexity, limit)
            | shortened(coupling, limit)
            | shortened(packages, limit)
    }
}

fn shortened<T>(list: &mut Vec<T>, limit: usize) -> bool {
    let is_cut = list.len() > limit;
    list.truncate(limit);
    is_cut
}

impl Changes {
    /// Tells whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the changes of the way back.
    pub fn inverted(self) -> Self {
        let mut inverted = Self {
            symbols: self.symbols.inverted(),
            signatures: self.signatures.into_iter().map(SignatureChange::inverted).collect(),
            calls: self.calls.inverted(),
            groups: self.groups.into_iter().map(GroupChange::inverted).collect(),
            complexity: self.complexity.into_iter().map(ComplexityChange::inverted).collect(),
            coupling: self.coupling,
            languages: self.languages,
            packages: self.packages,
        };
        for change in &mut inverted.coupling {
            std::mem::swap(&mut change.before, &mut change.after);
        }
        for change in &mut inverted.languages {
            std::mem::swap(&mut change.before, &mut change.after);
        }
        for change in &mut inverted.packages {
            std::mem::swap(&mut change.n_calls_before, &mut change.n_calls_after);
        }
        inverted.sort();
        inverted
    }

    /// Puts every list into its order.
    fn sort(&mut self) {
        self.symbols.sort();
        self.calls.sort();
        self.signatures.sort();
        self.groups.sort_by(|a, b| a.order().cmp(&b.order()));
        self.complexity.sort();
    }
}

/// A symbol as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct SymbolRef {
    /// From the root of the repository.
    pub file_path: String,
    /// 1-based.
    pub line: u32,
    /// Through the scopes that hold it.
    pub qualified_name: String,
    /// What it is.
    pub kind: String,
    /// What it is written in.
    pub language: String,
    /// Its head without the body.
    pub signature: String,
    /// Its id in its pack.
    pub id: String,
}

impl SymbolRef {
    pub(crate) fn of(symbol: &Symbol) -> Self {
        Self {
            file_path: symbol.file_path.clone(),
            line: symbol.line_range.start,
            qualified_name: symbol.qualified_name.clone(),
            kind: symbol.kind.as_str().to_owned(),
            language: symbol.language.as_str().to_owned(),
            signature: symbol.signature.clone(),
            id: symbol.id.to_string(),
        }
    }
}

/// Symbols that came, went, moved or were rewritten.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct SymbolChanges {
    /// Only in the newer pack.
    pub added: Vec<SymbolRef>,
    /// Only in the older pack.
    pub removed: Vec<SymbolRef>,
    /// In both under different names or in different files; what moved with the symbol around it is left out.
    pub moved: Vec<MovedSymbol>,
    /// In both with another body; packs before 1.1 do not record bodies, so they have none.
    pub rewritten: Vec<MovedSymbol>,
}

/// A symbol in both packs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MovedSymbol {
    /// In the older pack.
    pub before: SymbolRef,
    /// In the newer pack.
    pub after: SymbolRef,
    /// How alike the two are, 0 to 1; 1 if their names and kinds agree.
    pub similarity: f64,
}

impl SymbolChanges {
    fn inverted(self) -> Self {
        let swapped = |list: Vec<MovedSymbol>| {
            let swap = |it: MovedSymbol| MovedSymbol { before: it.after, after: it.before, ..it };
            list.into_iter().map(swap).collect()
        };
        Self {
            added: self.removed,
            removed: self.added,
            moved: swapped(self.moved),
            rewritten: swapped(self.rewritten),
        }
    }

    fn sort(&mut self) {
        self.added.sort();
        self.removed.sort();
        for list in [&mut self.moved, &mut self.rewritten] {
            list.sort_by(|a, b| (&a.before, &a.after).cmp(&(&b.before, &b.after)));
        }
    }
}

/// Lists the symbols that came, went, moved or were rewritten.
pub(crate) fn symbols(before: &Side<'_>, after: &Side<'_>, pairs: &Pairs) -> SymbolChanges {
    let only = |side: &Side<'_>, partners: &[Option<usize>]| {
        let unpaired = partners.iter().enumerate().filter(|(_, partner)| partner.is_none());
        unpaired.map(|(at, _)| SymbolRef::of(side.symbols[at])).collect()
    };
    let mut changes = SymbolChanges {
        added: only(after, &pairs.of_after),
        removed: only(before, &pairs.of_before),
        ..SymbolChanges::default()
    };
    for (old, new) in pairs.both() {
        let (older, newer) = (before.symbols[old], after.symbols[new]);
        let pair = || MovedSymbol {
            before: SymbolRef::of(older),
            after: SymbolRef::of(newer),
            similarity: pairs.similarity(old),
        };
        let stays = older.qualified_name == newer.qualified_name && older.file_path == newer.file_path;
        if !stays && !is_carried(before, after, pairs, old, new) {
            changes.moved.push(pair());
        }
        if let (Some(a), Some(b)) = (older.body_digest, newer.body_digest)
            && a != b
        {
            changes.rewritten.push(pair());
        }
    }
    changes.sort();
    changes
}

/// Tells whether a symbol moved only because the symbol around it did.
fn is_carried(before: &Side<'_>, after: &Side<'_>, pairs: &Pairs, old: usize, new: usize) -> bool {
    let (older, newer) = (before.symbols[old], after.symbols[new]);
    let around = |side: &Side<'_>, at: usize| side.parents[at].or(side.owners[at]);
    let (Some(above), Some(now_above)) = (around(before, old), around(after, new)) else { return false };
    older.name == newer.name && pairs.of_before[above] == Some(now_above)
}

/// An exported symbol whose signature changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct SignatureChange {
    /// In the older pack.
    pub before: SymbolRef,
    /// In the newer pack.
    pub after: SymbolRef,
}

impl SignatureChange {
    fn inverted(self) -> Self {
        Self { before: self.after, after: self.before }
    }
}

/// Calls between symbols that came, went or changed their confidence.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct CallChanges {
    /// Only in the newer pack.
    pub added: Vec<Call>,
    /// Only in the older pack, without those that became ambiguous.
    pub removed: Vec<Call>,
    /// Certain before; now one of several possible targets.
    pub became_ambiguous: Vec<Call>,
    /// One of several possible targets before; now certain.
    pub became_certain: Vec<Call>,
    /// In both with another confidence.
    pub confidence: Vec<CallChange>,
    /// Calls to unknown targets or to values, only in the newer pack.
    pub unresolved_added: Vec<UnresolvedCall>,
    /// The same, only in the older pack.
    pub unresolved_removed: Vec<UnresolvedCall>,
}

/// A call from one symbol to another.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "ComparedCall")]
pub struct Call {
    /// The caller.
    pub from: SymbolRef,
    /// The called symbol.
    pub to: SymbolRef,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
    /// Caller and called symbol are in both packs, so an existing function calls something else than before.
    pub between_known: bool,
}

/// A call in both packs whose confidence changed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CallChange {
    /// In the older pack.
    pub before: Call,
    /// In the newer pack.
    pub after: Call,
}

/// A call to no known symbol of the repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct UnresolvedCall {
    /// The caller.
    pub from: SymbolRef,
    /// The name as written.
    pub name: String,
    /// `dynamic` or `unknown`.
    pub reason: String,
    /// 1-based, of the first call.
    pub line: u32,
}

impl CallChanges {
    fn inverted(self) -> Self {
        let swap = |it: CallChange| CallChange { before: it.after, after: it.before };
        Self {
            added: self.removed,
            removed: self.added,
            became_ambiguous: self.became_certain,
            became_certain: self.became_ambiguous,
            confidence: self.confidence.into_iter().map(swap).collect(),
            unresolved_added: self.unresolved_removed,
            unresolved_removed: self.unresolved_added,
        }
    }

    pub(crate) fn sort(&mut self) {
        let order = |a: &Call, b: &Call| (&a.from, &a.to).cmp(&(&b.from, &b.to));
        for list in [&mut self.added, &mut self.removed, &mut self.became_ambiguous, &mut self.became_certain]
        {
            list.sort_by(order);
        }
        self.confidence.sort_by(|a, b| order(&a.before, &b.before).then(order(&a.after, &b.after)));
        self.unresolved_added.sort();
        self.unresolved_removed.sort();
    }
}

/// A group that is in one pack only, or in both with other members or another label.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct GroupChange {
    /// Its label in the older pack; absent if it is new.
    pub before: Option<String>,
    /// Its label in the newer pack; absent if it is gone.
    pub after: Option<String>,
    /// Share of the members that both have, 0 to 1.
    pub overlap: f64,
    /// Members in the older pack.
    pub n_before: u32,
    /// Members in the newer pack.
    pub n_after: u32,
    /// Members that joined.
    pub n_joined: u32,
    /// Members that left.
    pub n_left: u32,
}

impl GroupChange {
    fn inverted(self) -> Self {
        Self {
            before: self.after,
            after: self.before,
            overlap: self.overlap,
            n_before: self.n_after,
            n_after: self.n_before,
            n_joined: self.n_left,
            n_left: self.n_joined,
        }
    }

    pub(crate) fn order(&self) -> (Option<&str>, Option<&str>, u32, u32, u32, u32) {
        let labels = (self.before.as_deref(), self.after.as_deref());
        (labels.0, labels.1, self.n_before, self.n_after, self.n_joined, self.n_left)
    }
}

/// A callable whose complexity changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ComplexityChange {
    /// In the older pack.
    pub before: SymbolRef,
    /// In the newer pack.
    pub after: SymbolRef,
    /// Paths through the body in the older and the newer pack.
    pub cyclomatic: (u32, u32),
    /// Decisions weighted by their depth in the older and the newer pack.
    pub cognitive: (u32, u32),
}

impl ComplexityChange {
    pub(crate) fn of(older: &Symbol, newer: &Symbol, was: Complexity, is: Complexity) -> Self {
        Self {
            before: SymbolRef::of(older),
            after: SymbolRef::of(newer),
            cyclomatic: (was.cyclomatic, is.cyclomatic),
            cognitive: (was.cognitive, is.cognitive),
        }
    }

    fn inverted(self) -> Self {
        Self {
            before: self.after,
            after: self.before,
            cyclomatic: (self.cyclomatic.1, self.cyclomatic.0),
            cognitive: (self.cognitive.1, self.cognitive.0),
        }
    }
}

/// References from one folder to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CouplingChange {
    /// The folder that refers.
    pub from: String,
    /// The folder that is referred to.
    pub to: String,
    /// References in the older pack.
    pub before: u32,
    /// References in the newer pack.
    pub after: u32,
}

/// Counts of calls by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CallTotals {
    /// Calls that are edges, lead out of the repository, or have several targets.
    pub n_calls: u32,
    /// Those that are edges.
    pub n_resolved: u32,
    /// Those of a package or the language.
    pub n_external: u32,
    /// Those with several possible targets.
    pub n_ambiguous: u32,
    /// Those of a value or an unknown name.
    pub n_unresolved: u32,
}

/// What became of the calls of one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LanguageCalls {
    /// Which language.
    pub language: String,
    /// In the older pack.
    pub before: CallTotals,
    /// In the newer pack.
    pub after: CallTotals,
}

/// A package that is called in one version only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PackageChange {
    /// As an import names it.
    pub package: String,
    /// Calls in the older pack; 0 if it is new.
    pub n_calls_before: u32,
    /// Calls in the newer pack; 0 if it is no longer called.
    pub n_calls_after: u32,
}
