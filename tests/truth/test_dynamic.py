"""Tests of what an oracle leaves open.

    python3 -m unittest discover tests/truth
"""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts/lib"))

from truth.dynamic import Dynamic  # noqa: E402

CALLER, OTHER, METHOD = ("a.go", 3), ("a.go", 9), ("b.go", 5)


class DynamicTest(unittest.TestCase):
    def test_a_site_without_candidates_excuses_its_line_and_no_other(self):
        told = Dynamic({"dynamic": [{"caller": list(CALLER), "line": 4, "reason": "value"}]})
        self.assertTrue(told.excuses(CALLER, METHOD, [4]))
        self.assertFalse(told.excuses(CALLER, METHOD, [4, 6]))
        self.assertFalse(told.excuses(OTHER, METHOD, [4]))

    def test_candidates_excuse_only_themselves(self):
        told = Dynamic({"dynamic": [{"caller": list(CALLER), "line": 4, "reason": "interface", "candidates": [list(METHOD)]}]})
        self.assertTrue(told.excuses(CALLER, METHOD, [7]))
        self.assertFalse(told.excuses(CALLER, OTHER, [4]))

    def test_constructs_are_excused_and_conversions_are_not(self):
        edge = {"caller": list(CALLER), "callee": list(METHOD), "line": 4}
        self.assertTrue(Dynamic({"constructs": [edge]}).excuses(CALLER, METHOD, [4]))
        told = Dynamic({"conversions": [edge]})
        self.assertFalse(told.excuses(CALLER, METHOD, [4]))
        self.assertIn((CALLER, METHOD), told.conversions)


if __name__ == "__main__":
    unittest.main()
