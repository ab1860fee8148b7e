"""Whole repositories with their tests: every call that the oracle resolves counts, whoever makes it.

Of precision only calls are judged on lines where the oracle resolves a call of the same name by the same caller;
the others are counted.
"""

import dataclasses
import re

from truth.table import share

HEAD = [
    "| language | repository | calls resolved by the oracle | recall by call | pairs | recall by pair | judged calls | precision | not judged | edges of the product into its tests |",
    "|---|---|---|---|---|---|---|---|---|---|",
]
# As `Role` in common/model/src/role.rs has it.
SUPPORT_FOLDERS = {
    "test", "tests", "__tests__", "__mocks__", "spec", "specs", "testing", "testdata", "test_data", "testutil", "testutils", "fixtures", "e2e",
    "bench", "benches", "benchmark", "benchmarks", "example", "examples", "demo", "demos",
}
SUPPORT_NAME = re.compile(r"^(conftest|tests)(\.|$)|^test\.(?!py$)|^test_|^[^.]*_tests?(\.|$)|\.(test|spec|stories)\.")


def is_support(path):
    *folders, name = path.split("/")
    return any(folder in SUPPORT_FOLDERS for folder in folders) or SUPPORT_NAME.search(name) is not None


@dataclasses.dataclass
class Whole:
    package: dict
    n_calls: int = 0
    n_calls_found: int = 0
    n_pairs: int = 0
    n_pairs_found: int = 0
    n_judged: int = 0
    n_confirmed: int = 0
    n_unjudged: int = 0
    n_into_tests: int = 0

    def line(self):
        cells = [
            f"{self.n_calls:,}", ratio(self.n_calls_found, self.n_calls), f"{self.n_pairs:,}", ratio(self.n_pairs_found, self.n_pairs),
            f"{self.n_judged:,}", ratio(self.n_confirmed, self.n_judged), f"{self.n_unjudged:,}", f"{self.n_into_tests:,}",
        ]
        return f"| {self.package['language']} | {self.package['name']} {self.package['version']} | {' | '.join(cells)} |"


def ratio(part, whole):
    return share(part / whole if whole else None)


class Judge:
    """Which of our calls the oracle can judge, and which it confirms."""

    def __init__(self, ours, oracle):
        self.own = lambda point: oracle.aliases.get(point, point)
        self.allowed = {(self.own(edge.caller), self.own(callee)) for edge in oracle.edges for callee in (edge.callee, *edge.also)}
        self.names = {self.own(each.point): each.name for each in (*ours.definitions, *oracle.definitions)}
        self.named = {(self.own(edge.caller), self.names.get(self.own(edge.callee)), edge.line) for edge in oracle.edges}

    def judges(self, caller, callee, line):
        """Where the oracle resolves a call of this name; what a decorator gives is called without one."""
        return callee in self.names and (caller, self.names[callee], line) in self.named

    def confirms(self, caller, callee):
        return (caller, callee) in self.allowed


def measure(package, ours, oracle, floor):
    """Compares our side with the oracle's, call by call."""
    judge = Judge(ours, oracle)
    own = judge.own
    theirs = {(own(edge.caller), own(edge.callee), edge.line) for edge in oracle.edges}
    pairs = {(caller, callee) for caller, callee, _ in theirs}
    said = {(own(edge.caller), own(edge.callee), edge.line) for edge in ours.calls if edge.confidence >= floor}
    said_pairs = {(caller, callee) for caller, callee, _ in said}
    judged = {each for each in said if judge.judges(*each)}
    return Whole(
        package=package,
        n_calls=len(theirs),
        n_calls_found=sum((caller, callee) in said_pairs for caller, callee, _ in theirs),
        n_pairs=len(pairs),
        n_pairs_found=len(pairs & said_pairs),
        n_judged=len(judged),
        n_confirmed=sum(judge.confirms(caller, callee) for caller, callee, _ in judged),
        n_unjudged=len(said) - len(judged),
        n_into_tests=sum(is_support(callee[0]) and not is_support(caller[0]) for caller, callee in said_pairs),
    )


def lines(rows):
    return [*HEAD, *(row.line() for row in rows)]


def wrong(ours, oracle, floor):
    """Our calls that the oracle judges and does not confirm, and those of the product into its tests."""
    judge = Judge(ours, oracle)
    for edge in ours.calls:
        caller, callee = judge.own(edge.caller), judge.own(edge.callee)
        into_tests = is_support(callee[0]) and not is_support(caller[0])
        if edge.confidence >= floor and (into_tests or judge.judges(caller, callee, edge.line) and not judge.confirms(caller, callee)):
            yield edge
