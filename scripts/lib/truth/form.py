"""The neutral form, to which Doctown's packs and every oracle's answers are mapped.

A point is (path, line of a definition's name); line 0 is the top-level code of a file. An oracle writes

    {"definitions": [{"path", "line", "end_line", "name", "kind"}],
     "edges": [{"caller": [path, line], "callee": [path, line], "line": site, "also": [[path, line]]}],
     "unjudged": [[path, line]],        callers with a call that the oracle cannot resolve or that is dynamic
     "aliases": [[[path, line], [path, line]]],   optional: another line of the same definition, and its own
     "sites": {"internal", "external", "dynamic", "unresolved"}}   optional: how many call sites of each sort

An oracle that tells single sites instead of unjudged callers writes more: `dynamic.py`.

`also`, optional, names callees that are no mistake and not the answer: the constructor that a class inherits.
"""

import dataclasses

from truth.dynamic import Dynamic

KINDS = {
    "callables": {"function", "method", "macro"},
    "types": {"class", "interface", "struct", "enum", "trait", "type"},
    "values": {"constant", "field"},
}


@dataclasses.dataclass(frozen=True)
class Definition:
    path: str
    line: int
    end_line: int
    name: str
    kind: str

    @property
    def point(self):
        return (self.path, self.line)

    @property
    def group(self):
        return next((group for group, kinds in KINDS.items() if self.kind in kinds), None)


@dataclasses.dataclass(frozen=True)
class Edge:
    caller: tuple
    callee: tuple
    line: int
    confidence: float = 1.0
    evidence: str = ""
    also: tuple = ()

    @property
    def pair(self):
        return (self.caller, self.callee)


@dataclasses.dataclass
class Side:
    """What one side says of a package. Doctown's also holds candidates and what it could not resolve."""

    definitions: list
    edges: list
    unjudged: set = dataclasses.field(default_factory=set)
    aliases: dict = dataclasses.field(default_factory=dict)
    sites: dict = dataclasses.field(default_factory=dict)
    dynamic: Dynamic = dataclasses.field(default_factory=lambda: Dynamic({}))
    candidates: list = dataclasses.field(default_factory=list)
    unresolved: list = dataclasses.field(default_factory=list)
    references: list = dataclasses.field(default_factory=list)
    calls: list = dataclasses.field(default_factory=list)   # one edge for each place of a call; ours alone

    @property
    def points(self):
        return {definition.point for definition in self.definitions}


def read(answer):
    """Checks an oracle's answer and reads it."""
    for field in ("definitions", "edges", "unjudged"):
        if not isinstance(answer.get(field), list):
            raise ValueError(f"the oracle's answer has no list `{field}`")
    definitions = [Definition(**{name: each[name] for name in ("path", "line", "end_line", "name", "kind")}) for each in answer["definitions"]]
    edges = [edge(each) for each in answer["edges"]]
    aliases = {point(other): point(own) for other, own in answer.get("aliases", [])}
    return Side(definitions, edges, {point(each) for each in answer["unjudged"]}, aliases, answer.get("sites", {}), Dynamic(answer))


def edge(each):
    also = tuple(point(other) for other in each.get("also", []))
    return Edge(point(each["caller"]), point(each["callee"]), each["line"], also=also)


def point(pair):
    path, line = pair
    if not isinstance(path, str) or not isinstance(line, int) or line < 0 or path.startswith(("/", "./")):
        raise ValueError(f"{pair!r} is no point: a path within the package and a line are")
    return (path, line)
