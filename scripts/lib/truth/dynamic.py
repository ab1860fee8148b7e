"""Sites that an oracle cannot, or need not, decide: an edge of Doctown there is neither right nor wrong.

Beside the neutral form an oracle may write, each for a caller and the line of a site (0 where the text has none):

    "dynamic": [{"caller", "line", "reason", "declared", "candidates"}]
        a call whose target only the program's run tells; with candidates, an edge to one of these is excused,
        without, every edge from that line; "declared" is the method that the interface or trait declares
    "constructs", "conversions", "expansions": [{"caller", "callee", "line"}]
        a type that is made by a literal or converted to, a macro that is used: no call of a function

Constructs and expansions are excused. Conversions are not: they are told so that a mistake can be named.
"""

EXCUSED = ("constructs", "expansions")


class Dynamic:
    def __init__(self, answer):
        self.lines, self.pairs = set(), set()
        self.conversions = {pair(each) for each in answer.get("conversions", [])}
        for field in EXCUSED:
            self.pairs.update(pair(each) for each in answer.get(field, []))
        for site in answer.get("dynamic", []):
            caller = tuple(site["caller"])
            if "candidates" in site:
                self.pairs.update((caller, tuple(candidate)) for candidate in site["candidates"])
            else:
                self.lines.add((caller, site["line"]))

    def excuses(self, caller, callee, lines):
        """Whether an edge with these sites is neither right nor wrong; one that the oracle has is right all the same."""
        on_lines = bool(lines) and all((caller, line) in self.lines for line in lines)
        return on_lines or (caller, callee) in self.pairs


def pair(each):
    return (tuple(each["caller"]), tuple(each["callee"]))
