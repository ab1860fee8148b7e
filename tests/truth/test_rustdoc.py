"""What rustdoc lists, in the form that is compared."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts/lib"))

from truth import rustdoc  # noqa: E402

SOURCE = """#[derive(Clone)]
pub struct Point {
    pub x: u32,
}

pub async fn
    move_by() {}

make!(hidden);
"""


def item(kind, name, first, last, crate=0, attrs=()):
    span = {"filename": "lib.rs", "begin": [first, 1], "end": [last, 1]}
    return {"crate_id": crate, "name": name, "span": span, "attrs": list(attrs), "inner": {kind: {}}}


class Definitions(unittest.TestCase):
    def definitions(self, *items):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "lib.rs").write_text(SOURCE)
            return rustdoc.definitions(pathlib.Path(folder), {"index": dict(enumerate(items))})

    def test_a_definition_stands_at_the_line_of_its_name(self):
        found = self.definitions(item("struct", "Point", 2, 4), item("struct_field", "x", 3, 3), item("function", "move_by", 6, 7))
        self.assertEqual(found, [("lib.rs", 2, "Point"), ("lib.rs", 3, "x"), ("lib.rs", 7, "move_by")])

    def test_what_nobody_wrote_is_left_out(self):
        derived = item("impl", None, 1, 1, attrs=["automatically_derived"])
        self.assertEqual(self.definitions(derived, item("function", "clone", 1, 1)), [])
        self.assertEqual(self.definitions(item("function", "made_by_macro", 9, 9)), [])

    def test_fields_by_place_and_other_packages_are_left_out(self):
        self.assertEqual(self.definitions(item("struct_field", "0", 3, 3), item("struct", "Point", 2, 4, crate=1)), [])


if __name__ == "__main__":
    unittest.main()
