"""Precision, recall and counts of one package. Edges are pairs of points, whatever the number of sites."""

import dataclasses

from truth.form import KINDS


@dataclasses.dataclass
class Ratio:
    right: int = 0
    ours: int = 0
    theirs: int = 0

    @property
    def precision(self):
        return self.right / self.ours if self.ours else None

    @property
    def recall(self):
        return self.right / self.theirs if self.theirs else None

    def __add__(self, other):
        return Ratio(self.right + other.right, self.ours + other.ours, self.theirs + other.theirs)


@dataclasses.dataclass
class Score:
    edges: Ratio
    definitions: dict          # group -> Ratio
    false: list                # our edges that the oracle lacks
    missing: list              # the oracle's edges that we lack
    n_callers: int             # that have an edge on either side
    n_unjudged: int            # of these, left out
    n_edges_unjudged: int      # the oracle's edges from callers that are left out
    n_found_unjudged: int      # of these, ours too
    unknown_callers: set       # of the oracle's edges, without a definition of ours
    unknown_callees: set


def canonical(side, aliases):
    """The edges of a side by pair, each definition by its own line. Of several sites the surest stands."""
    own = lambda point: aliases.get(point, point)
    edges = {}
    for edge in side:
        named = dataclasses.replace(edge, caller=own(edge.caller), callee=own(edge.callee))
        if named.pair not in edges or edges[named.pair].confidence < named.confidence:
            edges[named.pair] = named
    return edges


def score(ours, oracle, floor, groups):
    """Scores our side against the oracle's; groups are the kinds of definitions that both sides cover."""
    aliases = oracle.aliases
    own = lambda point: aliases.get(point, point)
    unjudged = {own(point) for point in oracle.unjudged}
    known = {own(point) for point in ours.points}
    theirs = canonical(oracle.edges, aliases)
    said = canonical((edge for edge in ours.edges if edge.confidence >= floor), aliases)
    judged = lambda edges: {pair: edge for pair, edge in edges.items() if pair[0] not in unjudged}
    our_judged, their_judged = judged(said), judged(theirs)
    right = our_judged.keys() & their_judged.keys()
    callers = {caller for caller, _ in said.keys() | theirs.keys()}
    left_out = theirs.keys() - their_judged.keys()
    return Score(
        edges=Ratio(len(right), len(our_judged), len(their_judged)),
        definitions={group: definitions(ours, oracle, group)[0] for group in KINDS if group in groups},
        false=[edge for pair, edge in sorted(our_judged.items()) if pair not in their_judged],
        missing=[edge for pair, edge in sorted(their_judged.items()) if pair not in our_judged],
        n_callers=len(callers),
        n_unjudged=len(callers & unjudged),
        n_edges_unjudged=len(left_out),
        n_found_unjudged=len(left_out & said.keys()),
        unknown_callers={caller for caller, _ in theirs if caller[1] != 0 and caller not in known},
        unknown_callees={callee for _, callee in theirs if callee not in known},
    )


def definitions(ours, oracle, group):
    """Compares the definitions of a group by place and name; returns the ratio, what is ours alone, what theirs."""
    key = lambda each: (each.path, each.line, each.name)
    # What one side takes for a method may be a field to the other; it counts where it is asked for.
    all_ours, all_theirs = {key(each): each for each in ours.definitions}, {key(each): each for each in oracle.definitions}
    our_group = {name: each for name, each in all_ours.items() if each.group == group}
    their_group = {name: each for name, each in all_theirs.items() if each.group == group}
    extra = [each for name, each in sorted(our_group.items()) if name not in all_theirs]
    missing = [each for name, each in sorted(their_group.items()) if name not in all_ours]
    # Both numbers of found ones are over each side's own group.
    found_ours, found_theirs = len(our_group) - len(extra), len(their_group) - len(missing)
    return DefinitionRatio(found_ours, len(our_group), found_theirs, len(their_group)), extra, missing


@dataclasses.dataclass
class DefinitionRatio:
    confirmed: int = 0
    ours: int = 0
    found: int = 0
    theirs: int = 0

    @property
    def precision(self):
        return self.confirmed / self.ours if self.ours else None

    @property
    def recall(self):
        return self.found / self.theirs if self.theirs else None

    def __add__(self, other):
        return DefinitionRatio(self.confirmed + other.confirmed, self.ours + other.ours, self.found + other.found, self.theirs + other.theirs)
