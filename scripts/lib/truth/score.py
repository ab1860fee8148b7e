"""Precision, recall and counts of one package. Edges are pairs of points, whatever the number of sites."""

import dataclasses

from truth.form import KINDS


@dataclasses.dataclass
class Ratio:
    confirmed: int = 0     # of ours
    ours: int = 0
    found: int = 0         # of theirs
    theirs: int = 0

    @property
    def precision(self):
        return self.confirmed / self.ours if self.ours else None

    @property
    def recall(self):
        return self.found / self.theirs if self.theirs else None

    def __add__(self, other):
        return Ratio(self.confirmed + other.confirmed, self.ours + other.ours, self.found + other.found, self.theirs + other.theirs)


@dataclasses.dataclass
class Score:
    edges: Ratio
    folded: Ratio              # the same, where callers that one side does not define count as what is around them
    definitions: dict          # group -> Ratio
    false: list                # our edges that the oracle lacks
    missing: list              # the oracle's edges that we lack
    also: set                  # our pairs that are no mistake and not the answer
    n_callers: int             # that have an edge on either side
    n_unjudged: int            # of these, left out
    n_edges_unjudged: int      # the oracle's edges from callers that are left out
    n_found_unjudged: int      # of these, ours too
    unknown_callers: set       # of the oracle's edges, without a definition of ours
    unknown_callees: set


class Comparison:
    """The edges of both sides by pair, each definition by its own line, and which callers are judged."""

    def __init__(self, ours, oracle, floor, fold=lambda point: point):
        own = lambda point: oracle.aliases.get(point, point)
        self.theirs = distinct(oracle.edges, lambda point: fold(own(point)), own)
        pairs = {edge.pair for edge in oracle.edges}
        is_open = lambda edge: edge.pair not in pairs and oracle.dynamic.excuses(edge.caller, edge.callee, [edge.line])
        self.said = distinct((edge for edge in ours.edges if edge.confidence >= floor and not is_open(edge)), lambda point: fold(own(point)), own)
        self.also = {(fold(own(edge.caller)), own(other)) for edge in oracle.edges for other in edge.also} - self.theirs.keys()
        self.unjudged = {fold(own(point)) for point in oracle.unjudged}

    def judged(self, edges):
        return {pair: edge for pair, edge in edges.items() if pair[0] not in self.unjudged}

    def is_confirmed(self, pair):
        return pair in self.theirs or pair in self.also

    def ratio(self):
        ours, theirs = self.judged(self.said), self.judged(self.theirs)
        return Ratio(sum(map(self.is_confirmed, ours)), len(ours), len(theirs.keys() & ours.keys()), len(theirs))


def distinct(edges, own_caller, own_callee):
    """The edges by pair; of several sites the surest stands."""
    found = {}
    for edge in edges:
        named = dataclasses.replace(edge, caller=own_caller(edge.caller), callee=own_callee(edge.callee))
        if named.pair not in found or found[named.pair].confidence < named.confidence:
            found[named.pair] = named
    return found


def score(ours, oracle, floor, groups):
    """Scores our side against the oracle's; groups are the kinds of definitions that both sides cover."""
    own = lambda point: oracle.aliases.get(point, point)
    known = {own(point) for point in ours.points}
    compared = Comparison(ours, oracle, floor)
    ours_judged, theirs_judged = compared.judged(compared.said), compared.judged(compared.theirs)
    callers = {caller for caller, _ in compared.said.keys() | compared.theirs.keys()}
    left_out = compared.theirs.keys() - theirs_judged.keys()
    return Score(
        edges=compared.ratio(),
        folded=Comparison(ours, oracle, floor, Fold(ours, oracle)).ratio(),
        definitions={group: definitions(ours, oracle, group)[0] for group in KINDS if group in groups},
        false=[edge for pair, edge in sorted(ours_judged.items()) if not compared.is_confirmed(pair)],
        missing=[edge for pair, edge in sorted(theirs_judged.items()) if pair not in ours_judged],
        also=ours_judged.keys() & compared.also,
        n_callers=len(callers),
        n_unjudged=len(callers & compared.unjudged),
        n_edges_unjudged=len(left_out),
        n_found_unjudged=len(left_out & compared.said.keys()),
        unknown_callers={caller for caller, _ in compared.theirs if caller[1] != 0 and caller not in known},
        unknown_callees={callee for _, callee in compared.theirs if callee not in known},
    )


class Fold:
    """A caller that only one side defines, as the innermost function around it that both do."""

    def __init__(self, ours, oracle):
        own = lambda point: oracle.aliases.get(point, point)
        self.common = {own(point) for point in ours.points} & {own(point) for point in oracle.points}
        self.spans = {}
        for each in (*ours.definitions, *oracle.definitions):
            if each.group == "callables":
                spans = self.spans.setdefault(each.path, {})
                start, end = spans.get(own(each.point), (each.line, each.end_line))
                spans[own(each.point)] = (min(start, each.line), max(end, each.end_line))

    def __call__(self, point):
        path, line = point
        if line == 0 or point in self.common:
            return point
        around = [(start, -end, other) for other, (start, end) in self.spans.get(path, {}).items() if start <= line <= end and other in self.common]
        return max(around)[2] if around else (path, 0)


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
    return Ratio(found_ours, len(our_group), found_theirs, len(their_group)), extra, missing
