"""Tests of the yardstick itself: mapping, scoring and the TypeScript- and Python-free parts of the oracles.

    python3 -m unittest discover tests/truth
"""

import json
import pathlib
import sys
import tarfile
import tempfile
import io
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/lib"))
sys.path.insert(0, str(ROOT / "scripts/lib/truth/python"))

import definitions as python_definitions  # noqa: E402
from truth import calibrate, form, lists, ours, packages, score, table, whole  # noqa: E402

GROUPS = {"callables", "types", "values"}
A, B, C, TOP = ("m.ts", 1), ("m.ts", 5), ("m.ts", 9), ("m.ts", 0)


def function(point, name, end_line=None, kind="function"):
    return form.Definition(point[0], point[1], end_line or point[1] + 2, name, kind)


DEFINITIONS = [function(A, "a"), function(B, "b"), function(C, "c")]


def side(edges, definitions=DEFINITIONS, **more):
    return form.Side(list(definitions), [form.Edge(*edge) for edge in edges], **more)


class Wholes(unittest.TestCase):
    def test_every_call_counts_whoever_makes_it(self):
        namesake = function(("m.ts", 20), "b")
        mine = side([], [*DEFINITIONS, namesake])
        mine.calls = [form.Edge(A, B, 2, 0.95), form.Edge(A, namesake.point, 3, 0.95), form.Edge(C, B, 9, 0.95), form.Edge(B, C, 6, 0.4)]
        oracle = side([(A, B, 2), (A, B, 3), (B, C, 6)], unjudged={A, B})
        row = whole.measure({}, mine, oracle, 0.8)
        self.assertEqual((row.n_calls, row.n_calls_found, row.n_pairs, row.n_pairs_found), (3, 2, 2, 1))
        self.assertEqual((row.n_judged, row.n_confirmed, row.n_unjudged), (2, 1, 1))
        self.assertEqual([edge.line for edge in whole.wrong(mine, oracle, 0.8)], [3])

    def test_edges_of_the_product_into_its_tests_are_counted(self):
        product, case, other = ("src/a.py", 1), ("tests/test_a.py", 1), ("tests/test_a.py", 5)
        mine = side([])
        mine.calls = [form.Edge(product, case, 2), form.Edge(case, product, 2), form.Edge(case, other, 3)]
        self.assertEqual(whole.measure({}, mine, side([]), 0.8).n_into_tests, 1)

    def test_paths_say_what_supports_the_product(self):
        for path in ("tests/a.py", "src/test_a.py", "a/b_test.go", "web/a.spec.ts", "conftest.py", "examples/a.py"):
            self.assertTrue(whole.is_support(path), path)
        for path in ("src/a.py", "src/werkzeug/test.py", "latest/a.py", "src/contest.py", "attest.go"):
            self.assertFalse(whole.is_support(path), path)


class Scoring(unittest.TestCase):
    def test_edges_are_pairs_whatever_the_sites(self):
        result = score.score(side([(A, B, 2), (A, B, 3), (A, C, 3)]), side([(A, B, 3), (B, C, 6)]), 0.8, GROUPS)
        self.assertEqual((result.edges.ours, result.edges.theirs, result.edges.confirmed, result.edges.found), (2, 2, 1, 1))
        self.assertEqual([edge.pair for edge in result.false], [(A, C)])
        self.assertEqual([edge.pair for edge in result.missing], [(B, C)])

    def test_callers_that_cannot_be_judged_are_left_out_on_both_sides(self):
        oracle = side([(A, B, 2), (B, C, 6)], unjudged={A})
        result = score.score(side([(A, B, 2), (A, C, 2), (B, C, 6)]), oracle, 0.8, GROUPS)
        self.assertEqual((result.edges.ours, result.edges.theirs), (1, 1))
        self.assertEqual((result.n_callers, result.n_unjudged), (2, 1))
        self.assertEqual((result.n_found_unjudged, result.n_edges_unjudged), (1, 1))

    def test_an_edge_below_the_floor_is_none(self):
        result = score.score(side([(A, B, 2, 0.79), (B, C, 6, 0.8)]), side([(A, B, 2), (B, C, 6)]), 0.8, GROUPS)
        self.assertEqual((result.edges.precision, result.edges.recall), (1.0, 0.5))

    def test_another_line_of_a_definition_is_the_definition(self):
        overload = ("m.ts", 8)
        oracle = side([(A, C, 2)], aliases={overload: C})
        result = score.score(side([(A, overload, 2)]), oracle, 0.8, GROUPS)
        self.assertEqual((result.edges.precision, result.edges.recall), (1.0, 1.0))

    def test_an_inherited_constructor_is_no_mistake_and_not_the_class(self):
        oracle = form.Side(DEFINITIONS, [form.Edge(A, C, 2, also=(B,))])
        result = score.score(side([(A, B, 2)]), oracle, 0.8, GROUPS)
        self.assertEqual((result.edges.precision, result.edges.recall), (1.0, 0.0))
        self.assertEqual(lists.Lists(side([(A, B, 2)]), oracle, result, pathlib.Path("."), 0.8).why_missing(result.missing[0]), "only the constructor that it inherits")

    def test_a_caller_without_a_definition_is_folded_into_the_one_around(self):
        inner = function(("m.ts", 2), "inner", 3)
        oracle = side([(inner.point, B, 3)], [function(A, "a", 4), inner, *DEFINITIONS[1:]])
        mine = side([(A, B, 3)], [function(A, "a", 4), *DEFINITIONS[1:]])
        result = score.score(mine, oracle, 0.8, GROUPS)
        self.assertEqual((result.edges.precision, result.folded.precision, result.folded.recall), (0.0, 1.0, 1.0))
        self.assertEqual(result.unknown_callers, {inner.point})

    def test_nothing_on_either_side_is_no_share(self):
        result = score.score(side([]), side([]), 0.8, GROUPS)
        self.assertIsNone(result.edges.precision)
        self.assertEqual(table.share(result.edges.recall), "-")

    def test_definitions_match_by_place_and_name(self):
        mine = side([], [function(A, "a"), function(B, "other"), function(C, "c", kind="constant")])
        ratio, extra, missing = score.definitions(mine, side([]), "callables")
        self.assertEqual((ratio.confirmed, ratio.ours, ratio.found, ratio.theirs), (1, 2, 2, 3))
        self.assertEqual(([each.name for each in extra], [each.name for each in missing]), (["other"], ["b"]))


class Reasons(unittest.TestCase):
    def reason(self, mine):
        oracle = side([(A, B, 2)])
        result = score.score(mine, oracle, 0.8, GROUPS)
        return lists.Lists(mine, oracle, result, pathlib.Path("."), 0.8).why_missing(result.missing[0])

    def test_the_first_cause_is_told(self):
        self.assertEqual(self.reason(side([], [DEFINITIONS[0]])), "definition missing: callee")
        self.assertEqual(self.reason(side([], [DEFINITIONS[1]])), "definition missing: caller")
        self.assertEqual(self.reason(side([], candidates=[form.Edge(A, B, 2, 0.5)])), "ambiguous, with it among the candidates")
        self.assertEqual(self.reason(side([], candidates=[form.Edge(A, C, 2, 0.5)])), "ambiguous, without it")
        self.assertEqual(self.reason(side([], unresolved=[(A, 2, "x.b", "external", "left-pad")])), "external (left-pad)")
        self.assertEqual(self.reason(side([], references=[form.Edge(A, B, 2)])), "only a reference")
        self.assertEqual(self.reason(side([(TOP, B, 2)])), "another caller")
        self.assertEqual(self.reason(side([(A, C, 2)])), "another target on the line")
        self.assertEqual(self.reason(side([])), "nothing")

    def test_the_last_word_of_what_is_called(self):
        for name, word in (("a.b().c", "c"), ("a::b", "b"), ("f()", "f"), ("x?.y", "y")):
            self.assertEqual(lists.last_word(name), word)


class Calibration(unittest.TestCase):
    def test_candidates_count_beside_edges(self):
        found = calibrate.Calibration()
        found.add("go", side([(A, B, 2, 0.95)], candidates=[form.Edge(B, C, 6, 0.3, "candidate")]), side([(A, B, 2)]))
        self.assertEqual({key: entry[:2] for key, entry in found.by_confidence.items()}, {("go", 19): [1, 1], ("go", 6): [1, 0]})
        # Stated 0.95 of one that is right, and 0.3 of one that is not.
        self.assertIn("| go | 2 | 0.175 |", list(found.lines()))


class NeutralForm(unittest.TestCase):
    def test_what_an_oracle_writes_is_checked(self):
        whole = {"definitions": [], "edges": [{"caller": ["a.go", 0], "callee": ["a.go", 3], "line": 1}], "unjudged": [["a.go", 3]]}
        self.assertEqual(form.read(whole).edges[0].pair, (("a.go", 0), ("a.go", 3)))
        for broken in ({**whole, "unjudged": None}, {**whole, "unjudged": [["/a.go", 3]]}, {**whole, "unjudged": [["a.go", -1]]}):
            with self.assertRaises(ValueError):
                form.read(broken)


class Names(unittest.TestCase):
    def line(self, text, name, language):
        at = ours.name_offset(text, name, language)
        return None if at is None else text.count("\n", 0, at)

    def test_a_name_is_found_behind_what_stands_before_it(self):
        self.assertEqual(self.line("@route(\n  'get')\ndef get(self):\n    get()", "get", "python"), 2)
        self.assertEqual(self.line("/** argument */\n argument(name) {\n const argument = 1", "argument", "javascript"), 1)
        self.assertEqual(self.line("// Close\nfunc (Close Close) Close() {}", "Close", "go"), 1)
        self.assertEqual(ours.name_offset("func (b *Name) Name() {}", "Name", "go"), len("func (b *Name) "))
        self.assertEqual(self.line("#[doc = \"f\"]\npub fn f() {}", "f", "rust"), 1)
        self.assertIsNone(self.line("export default () => 1", "default_", "typescript"))


class Packs(unittest.TestCase):
    def read(self, symbols, edges):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            (folder / "m.py").write_text("class C:\n    x = f()\n    @d\n    def __init__(self):\n        f()\n")
            entries = {"nodes.json": {"symbols": symbols[:2]}, "nodes.0001.json": {"symbols": symbols[2:]}}
            entries["graph.json"] = {"edges": edges, "ambiguous": [], "unresolved": [{"source": "c", "name": "g", "lines": [5], "reason": "unknown"}]}
            with tarfile.open(folder / "p.docpack", "w:gz") as archive:
                for name, value in entries.items():
                    member, content = tarfile.TarInfo(name), json.dumps(value).encode()
                    member.size = len(content)
                    archive.addfile(member, io.BytesIO(content))
            return ours.read(folder / "p.docpack", folder)

    def test_callers_are_functions_and_constructors_are_classes(self):
        def symbol(id, name, kind, parent, start, end, first, last):
            return {"id": id, "name": name, "kind": kind, "language": "python", "file_path": "m.py", "parent": parent,
                    "byte_range": {"start": start, "end": end}, "line_range": {"start": first, "end": last}}

        symbols = [symbol("m", "m", "module", None, 0, 75, 1, 5), symbol("k", "C", "class", "m", 0, 75, 1, 5),
                   symbol("x", "x", "field", "k", 13, 20, 2, 2), symbol("c", "__init__", "constructor", "k", 25, 75, 3, 5)]
        call = lambda source, line: {"source": source, "target": "k", "kind": "calls", "confidence": 0.9, "evidence": "scope", "sites": [{"line": line}]}
        read = self.read(symbols, [call("x", 2), call("c", 5)])
        self.assertEqual([edge.pair for edge in read.edges], [(("m.py", 0), ("m.py", 1)), (("m.py", 1), ("m.py", 1))])
        self.assertEqual({(each.name, each.line, each.kind) for each in read.definitions}, {("C", 1, "class"), ("x", 2, "field")})
        self.assertEqual(read.unresolved, [(("m.py", 1), 5, "g", "unknown", None)])


class PythonGrammar(unittest.TestCase):
    def test_definitions_callers_and_other_lines(self):
        text = "@d(1)\ndef f(x=g()):\n    h()\nclass C:\n    y = g()\n    def __init__(self):\n        self.z = lambda: g()\nif f:\n    def f(): pass\n"
        file = python_definitions.read("m.py", text)
        self.assertEqual([(each["name"], each["line"], each["kind"]) for each in file.definitions], [("f", 2, "function"), ("C", 4, "class"), ("y", 5, "field"), ("z", 7, "field"), ("f", 9, "function")])
        self.assertEqual([(call.caller[1], call.line) for call in file.calls if not call.silent], [(0, 1), (0, 2), (2, 3), (0, 5), (6, 7)])
        self.assertEqual(file.aliases, {("m.py", 2): ("m.py", 9), ("m.py", 6): ("m.py", 4)})

    def test_calls_without_a_call_expression(self):
        text = "@d\n@e()\nclass C: pass\ndef f(x):\n    sorted(x, key=k)\n    map(m(), x)\n    len(x)\n    raise C\n"
        file = python_definitions.read("m.py", text)
        silent = [(call.caller[1], python_definitions.ast.unparse(call.callee), call.runs) for call in file.calls if call.silent]
        self.assertEqual(silent, [(0, "d", True), (0, "e()", True), (4, "k", True), (4, "m()", True), (4, "C", False)])


class Corpora(unittest.TestCase):
    def test_every_package_is_pinned_and_has_an_oracle(self):
        from truth import oracles

        for package in packages.load().values():
            self.assertIn(package["language"], oracles.ORACLES, package["name"])
            self.assertIn(package["registry"], packages.FETCH, package["name"])
            self.assertRegex(package["version"], r"^\d+(\.\d+)+")


if __name__ == "__main__":
    unittest.main()
