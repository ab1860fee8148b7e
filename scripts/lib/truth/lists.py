"""What is wrong, one by one: false and missing edges under the reason that Doctown itself gives."""

from truth.score import definitions


class Lists:
    """Explains the edges of one package."""

    def __init__(self, ours, oracle, score, folder, floor):
        self.ours, self.oracle, self.score, self.folder = ours, oracle, score, folder
        self.own = lambda point: oracle.aliases.get(point, point)
        self.names = {}
        for side in (ours, oracle):
            for each in side.definitions:
                self.names.setdefault(each.point, each.name)
        self.known = {self.own(point) for point in ours.points}
        self.sure = [edge for edge in ours.edges if edge.confidence >= floor]
        self.weak = [*ours.candidates, *(edge for edge in ours.edges if edge.confidence < floor)]

    def print_false(self, limit):
        self.show("false", [(self.why_false(edge), edge) for edge in self.score.false], limit)

    def print_missing(self, limit):
        self.show("missing", [(self.why_missing(edge), edge) for edge in self.score.missing], limit)

    def why_false(self, edge):
        """How Doctown found it, and where the oracle sees something else."""
        at_site = [other for other in self.oracle.edges if self.own(other.caller) == edge.caller and other.line == edge.line]
        elsewhere = [other for other in self.oracle.edges if self.own(other.callee) == edge.callee and other.line == edge.line and other.caller[0] == edge.caller[0]]
        if elsewhere and all(self.own(other.caller) not in self.known and other.caller[1] != 0 for other in elsewhere):
            said = "the caller has no definition here"
        elif elsewhere:
            said = "the oracle has another caller"
        elif at_site:
            said = "the oracle has another target"
        else:
            said = "the oracle has no edge there"
        return f"{edge.evidence} {edge.confidence:.2f}: {said}"

    def why_missing(self, edge):
        """The first of: no definition, a candidate, an edge to something else, unresolved with a reason, nothing."""
        if edge.callee not in self.known:
            return "definition missing: callee"
        if edge.caller[1] != 0 and edge.caller not in self.known:
            return "definition missing: caller"
        mine = lambda edges: [other for other in edges if self.own(other.caller) == edge.caller]
        to_it = lambda edges: [other for other in edges if self.own(other.callee) == edge.callee]
        alternatives = {self.own(other) for each in self.oracle.edges if self.own(each.caller) == edge.caller and self.own(each.callee) == edge.callee for other in each.also}
        if any((edge.caller, other) in self.score.also for other in alternatives):
            return "only the constructor that it inherits"
        if to_it(mine(self.weak)):
            return "ambiguous, with it among the candidates"
        if any(other.caller[0] == edge.caller[0] and other.line == edge.line for other in to_it(self.sure)):
            return "another caller"
        if to_it(mine(self.ours.references)):
            return "only a reference"
        unresolved = self.unresolved(edge)
        if unresolved:
            return unresolved
        if any(other.line == edge.line for other in mine(self.weak)):
            return "ambiguous, without it"
        if any(other.line == edge.line for other in mine(self.sure)):
            return "another target on the line"
        return "nothing"

    def unresolved(self, edge):
        """What Doctown says of a call of that name by that caller, or of any on that line."""
        name = self.names.get(edge.callee, "")
        mine = [each for each in self.ours.unresolved if self.own(each[0]) == edge.caller]
        named = [each for each in mine if last_word(each[2]) == name]
        for each in [*sorted(named, key=lambda each: each[1] != edge.line), *(each for each in mine if each[1] == edge.line)]:
            _, _, _, reason, package = each
            return f"{reason} ({package})" if package else reason
        return None

    def show(self, what, reasons, limit):
        """Prints the groups, largest first, with the source lines of up to `limit` edges in turn."""
        groups = {}
        for reason, edge in reasons:
            groups.setdefault(reason, []).append(edge)
        print(f"{what}: {len(reasons)}")
        ranked = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
        left = limit
        for nth, (reason, edges) in enumerate(ranked):
            share = max(1, left // (len(ranked) - nth)) if left > 0 else 0
            left -= min(share, len(edges))
            print(f"  {len(edges):5} {reason}")
            # Spread over the list, so that one file does not stand for all.
            for edge in edges[:: max(1, len(edges) // share)][:share] if share else []:
                print(f"          {self.line(edge)}")

    def line(self, edge):
        path, line = edge.caller[0], edge.line
        text = (self.folder / path).read_text(errors="replace").split("\n")
        shown = text[line - 1].strip()[:110] if 0 < line <= len(text) else ""
        return f"{path}:{line} {self.name(edge.caller)} -> {self.name(edge.callee)} {edge.callee[0]}:{edge.callee[1]} | {shown}"

    def name(self, point):
        return "(top level)" if point[1] == 0 else self.names.get(point, "?")

    def print_definitions(self, groups, limit):
        for group in groups:
            _, extra, missing = definitions(self.ours, self.oracle, group)
            for what, found in (("ours alone", extra), ("missing", missing)):
                print(f"definitions, {group}, {what}: {len(found)}")
                for each in found[:: max(1, len(found) // limit)][:limit]:
                    print(f"          {each.path}:{each.line} {each.kind} {each.name}")


def last_word(name):
    """`a.b().c` calls `c`, and so does `c()()`."""
    return name.replace("()", "").replace("::", ".").replace("?", "").split(".")[-1]
