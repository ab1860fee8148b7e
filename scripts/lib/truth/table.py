"""The tables: one line per package, sums per language, and the sections of tests/truth/README.md."""

import collections
import dataclasses

from truth.form import KINDS
from truth.score import Ratio, Score

HEAD = [
    "| language | package | precision | recall | folded: precision | recall | our edges | theirs | false | missing | no definition | callers | unjudged | recall there |",
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
]
DEFINITIONS_HEAD = [
    "| language | package | " + " | ".join(f"{group}: precision | recall | ours | theirs" for group in KINDS) + " |",
    "|---|---|" + "---|---|---|---|" * len(KINDS),
]
SITES_HEAD = ["| language | package | sites | into the package | external | dynamic | unresolved |", "|---|---|---|---|---|---|---|"]


@dataclasses.dataclass
class Row:
    package: dict
    score: Score
    sites: dict

    @property
    def head(self):
        return f"| {self.package['language']} | {self.package['name']} {self.package['version']} |"

    def line(self):
        score = self.score
        unknown = len(score.unknown_callers | score.unknown_callees)
        left_out = Ratio(found=score.n_found_unjudged, theirs=score.n_edges_unjudged)
        cells = [
            share(score.edges.precision), share(score.edges.recall), share(score.folded.precision), share(score.folded.recall), f"{score.edges.ours:,}", f"{score.edges.theirs:,}",
            f"{len(score.false):,}", f"{len(score.missing):,}", f"{unknown:,}", f"{score.n_callers:,}", f"{score.n_unjudged:,}", share(left_out.recall),
        ]
        return f"{self.head} {' | '.join(cells)} |"

    def definitions_line(self):
        cells = []
        for group in KINDS:
            ratio = self.score.definitions.get(group)
            cells += [share(ratio.precision), share(ratio.recall), f"{ratio.ours:,}", f"{ratio.theirs:,}"] if ratio else ["-"] * 4
        return f"{self.head} {' | '.join(cells)} |"

    def sites_line(self):
        counts = [self.sites.get(sort, 0) for sort in ("internal", "external", "dynamic", "unresolved")]
        return f"{self.head} {sum(counts):,} | {' | '.join(f'{count:,}' for count in counts)} |"


class Reasons:
    """Counts why edges are false or missing, by language."""

    def __init__(self):
        self.counts = collections.Counter()

    def add(self, language, told):
        self.counts.update((language, "false", told.why_false(edge)) for edge in told.score.false)
        # Which package a call is taken to leave for is told by the lists.
        self.counts.update((language, "missing", told.why_missing(edge).partition(" (")[0]) for edge in told.score.missing)

    def lines(self):
        yield "| language | edge | reason | edges |"
        yield "|---|---|---|---|"
        for (language, what, reason), n in sorted(self.counts.items(), key=lambda item: (item[0][:2], -item[1], item[0])):
            yield f"| {language} | {what} | {reason} | {n:,} |"


def sums(rows):
    """One line per language: all its edges together."""
    for language in dict.fromkeys(row.package["language"] for row in rows):
        scores = [row.score for row in rows if row.package["language"] == language]
        edges, folded = sum((score.edges for score in scores), Ratio()), sum((score.folded for score in scores), Ratio())
        total = lambda count: sum(count(score) for score in scores)
        left_out = Ratio(found=total(lambda score: score.n_found_unjudged), theirs=total(lambda score: score.n_edges_unjudged))
        cells = [
            f"**{share(edges.precision)}**", f"**{share(edges.recall)}**", share(folded.precision), share(folded.recall), f"{edges.ours:,}", f"{edges.theirs:,}",
            f"{total(lambda score: len(score.false)):,}", f"{total(lambda score: len(score.missing)):,}",
            f"{total(lambda score: len(score.unknown_callers | score.unknown_callees)):,}",
            f"{total(lambda score: score.n_callers):,}", f"{total(lambda score: score.n_unjudged):,}", share(left_out.recall),
        ]
        yield f"| **{language}** | {len(scores)} packages | {' | '.join(cells)} |"


def share(value):
    return "-" if value is None else f"{value:.3f}"


def write(path, sections):
    """Puts each section between its marks in the page."""
    text = path.read_text()
    for name, lines in sections.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = text.partition(begin)
        _, closes, after = rest.partition(end)
        if not closes:
            raise SystemExit(f"truth: `{path}` has no place for `{name}`")
        text = f"{before}{begin}\n{chr(10).join(lines)}\n{end}{after}"
    path.write_text(text)
