//! One symbol with its surroundings.

use docpack::records::{Edge, Unresolved};
use docpack::{EdgeKind, SymbolId};

use crate::explore::{Explored, SymbolIdx};
use crate::wire::{AmbiguousCall, ClusterName, Neighbour, PossibleTarget, Similar, SymbolDetail};

/// Lists that are cut where they are too long.
struct Cut {
    limit: usize,
    is_cut: bool,
}

impl Cut {
    fn of<T>(&mut self, mut list: Vec<T>) -> Vec<T> {
        self.is_cut |= list.len() > self.limit;
        list.truncate(self.limit);
        list
    }
}

impl Explored {
    /// Tells all of one symbol; `None` where there is none of this id.
    pub(crate) fn detail(&self, id: SymbolId, limit: usize) -> Option<SymbolDetail> {
        let idx = *self.by_id.get(&id)?;
        let mut cut = Cut { limit, is_cut: false };
        let calls = |kind| kind == Some(EdgeKind::Calls);
        let related = |kind| kind == Some(EdgeKind::Related);
        let other = |kind| !matches!(kind, Some(EdgeKind::Calls | EdgeKind::Related | EdgeKind::Contains));
        let mut alike = self.neighbours(id, true, related);
        alike.extend(self.neighbours(id, false, related));
        sort(&mut alike);
        alike.dedup_by(|a, b| a.symbol.id == b.symbol.id);
        let members =
            self.members.get(&id).into_iter().flatten().map(|member| self.summary(*member)).collect();
        let symbol = self.symbol(idx);
        Some(SymbolDetail {
            cluster: symbol.cluster_id.map(|cluster| ClusterName {
                cluster_id: cluster.to_string(),
                label: self.labels.get(&cluster).cloned().unwrap_or_default(),
            }),
            source_url: self.source_url(idx),
            callers: cut.of(self.neighbours(id, false, calls)),
            callees: cut.of(self.neighbours(id, true, calls)),
            related: cut.of(alike),
            members: cut.of(members),
            outgoing: cut.of(self.neighbours(id, true, other)),
            incoming: cut.of(self.neighbours(id, false, other)),
            ambiguous: cut.of(self.ambiguous_calls(id)),
            unresolved: cut.of(self.unresolved_of(id)),
            similar: self.similar(idx, limit),
            symbol: symbol.clone(),
            is_cut: cut.is_cut,
        })
    }

    /// The symbols at the other ends, the surest first, then the most central.
    fn neighbours(
        &self,
        id: SymbolId,
        leaves: bool,
        wanted: impl Fn(Option<EdgeKind>) -> bool,
    ) -> Vec<Neighbour> {
        let edges = if leaves { self.outgoing.get(&id) } else { self.incoming.get(&id) };
        let edges = edges.into_iter().flatten().filter_map(|idx| self.graph.edges.get(*idx as usize));
        let other_end = |edge: &Edge| if leaves { edge.target } else { edge.source };
        let mut found: Vec<Neighbour> = edges
            .filter(|edge| wanted(edge.kind.known()))
            .filter_map(|edge| {
                let other = *self.by_id.get(&other_end(edge))?;
                Some(Neighbour {
                    symbol: self.summary(other),
                    kind: edge.kind.clone(),
                    confidence: edge.confidence,
                    evidence: edge.evidence.clone(),
                    weight: edge.weight,
                    sites: edge.sites.clone(),
                })
            })
            .collect();
        sort(&mut found);
        found
    }

    fn ambiguous_calls(&self, id: SymbolId) -> Vec<AmbiguousCall> {
        let places = self.ambiguous.get(&id).into_iter().flatten();
        places
            .filter_map(|place| self.graph.ambiguous.get(*place as usize))
            .map(|call| AmbiguousCall {
                name: call.name.clone(),
                line: call.line,
                candidates: call
                    .candidates
                    .iter()
                    .filter_map(|candidate| {
                        let idx = *self.by_id.get(&candidate.id)?;
                        Some(PossibleTarget { symbol: self.summary(idx), confidence: candidate.confidence })
                    })
                    .collect(),
            })
            .collect()
    }

    fn unresolved_of(&self, id: SymbolId) -> Vec<Unresolved> {
        let places = self.unresolved.get(&id).into_iter().flatten();
        places.filter_map(|place| self.graph.unresolved.get(*place as usize)).cloned().collect()
    }

    fn similar(&self, idx: SymbolIdx, limit: usize) -> Vec<Similar> {
        let Some(vectors) = &self.vectors else { return Vec::new() };
        let Some(own) = vectors.get(idx) else { return Vec::new() };
        let near = vectors.nearest(own, limit, |other| other != idx);
        near.into_iter()
            .map(|(other, similarity)| Similar { symbol: self.summary(other), similarity })
            .collect()
    }

    /// The address of the symbol's lines at the commit, as GitHub and those like it have them.
    fn source_url(&self, idx: SymbolIdx) -> Option<String> {
        let (repo_url, commit) = (self.source.repo_url.as_ref()?, self.source.commit_hash.as_ref()?);
        let mut address = url::Url::parse(repo_url).ok()?;
        let host = address.host_str()?.to_owned();
        let symbol = self.symbol(idx);
        let kind = match host.as_str() {
            "github.com" => &["blob"] as &[&str],
            "gitlab.com" => &["-", "blob"],
            "codeberg.org" => &["src", "commit"],
            _ => return None,
        };
        address.path_segments_mut().ok()?.extend(kind).push(commit).extend(symbol.file_path.split('/'));
        let (start, end) = (symbol.line_range.start, symbol.line_range.end);
        address.set_fragment(Some(&format!("L{start}-L{end}")));
        Some(address.to_string())
    }
}

fn sort(neighbours: &mut [Neighbour]) {
    neighbours.sort_by(|a, b| {
        b.confidence
            .total_cmp(&a.confidence)
            .then(b.weight.unwrap_or(0.0).total_cmp(&a.weight.unwrap_or(0.0)))
            .then(b.symbol.centrality.total_cmp(&a.symbol.centrality))
            .then(a.symbol.id.cmp(&b.symbol.id))
    });
}
