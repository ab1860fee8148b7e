"""Writes the definitions and resolved calls of a folder of Python in the neutral form.

    oracle.py PYRIGHT PYTHON FOLDER

PYRIGHT is its language server, PYTHON an interpreter beside whose packages the folder's are looked up.
Definitions are the grammar's; where a call leads is pyright's answer for the last word of what is called.
"""

import ast
import json
import pathlib
import sys
import urllib.parse

import definitions
from pyright import Pyright

# A name that stands for another, which stands for another: longer chains are left as dynamic.
MAX_STEPS = 4
MAX_BASES = 32


def main(program, python, folder):
    root = pathlib.Path(folder).resolve()
    oracle = Oracle(Pyright(program, python, root), root)
    try:
        answer = oracle.answer()
    finally:
        oracle.pyright.close()
    json.dump(answer, sys.stdout)


class Oracle:
    def __init__(self, pyright, root):
        self.pyright, self.root = pyright, root
        self.texts, self.files, self.bases = {}, {}, {}
        for path in sorted(root.rglob("*.py")):
            name = path.relative_to(root).as_posix()
            text = path.read_bytes().decode(errors="replace")
            try:
                self.files[name] = definitions.read(name, text)
                self.texts[name] = text
            except (SyntaxError, ValueError) as problem:
                print(f"{name} is not Python that this interpreter reads: {problem}", file=sys.stderr)

    def answer(self):
        told = {"definitions": [], "edges": [], "unjudged": set(), "aliases": [], "sites": dict.fromkeys(("internal", "external", "dynamic", "unresolved"), 0)}
        for name, file in self.files.items():
            told["definitions"] += file.definitions
            told["aliases"] += [[list(other), list(self.canonical(file, own))] for other, own in file.aliases.items()]
            answers = self.targets(name, file)
            ours = {id(call.callee) for call, (sort, _) in zip(file.calls, answers) if sort == "internal"}
            for call, (sort, callees) in zip(file.calls, answers):
                if call.silent and isinstance(call.callee, ast.Call):
                    # `@f()` and `map(f(), …)` call what `f` gives, which is code of ours where `f` is.
                    if id(call.callee.func) in ours:
                        told["unjudged"].add(call.caller)
                    continue
                if call.silent and sort != "internal":
                    if call.runs and sort == "dynamic":
                        told["unjudged"].add(call.caller)
                    continue
                told["sites"][sort] += 1
                if sort in ("dynamic", "unresolved"):
                    told["unjudged"].add(call.caller)
                told["edges"] += [{"caller": call.caller, "callee": callee, "line": call.line} for callee in callees]
        for edge in told["edges"]:
            edge["also"] = self.inherited(edge["callee"])
        return told | {"unjudged": sorted(told["unjudged"])}

    def inherited(self, point, n_steps=0):
        """The class whose `__init__` runs when a class without its own is called."""
        own = self.files[point[0]].classes.get(point[1])
        if own is None or own.has_constructor or n_steps > MAX_BASES:
            return []
        for base in self.bases.get(point, []):
            if self.files[base[0]].classes[base[1]].has_constructor:
                return [base]
            if found := self.inherited(base, n_steps + 1):
                return found
        return []

    def canonical(self, file, point):
        while point in file.aliases:
            point = file.aliases[point]
        return point

    def targets(self, name, file):
        """Where each call of a file leads, as a sort of site and the points of ours."""
        asked = [call for call in file.calls if isinstance(call.callee, (ast.Name, ast.Attribute))]
        bases = [(line, base) for line, own in file.classes.items() for base in own.bases if isinstance(base, (ast.Name, ast.Attribute))]
        found = self.ask(name, [*(call.callee for call in asked), *(base for _, base in bases)])
        for (line, base), answer in zip(bases, found[len(asked) :]):
            _, points = self.judge(file, base, answer)
            self.bases.setdefault((name, line), []).extend(each for each in points if each[1] in self.files[each[0]].classes)
        by_call = {id(call): answer for call, answer in zip(asked, found)}
        # What a call or an item gives has no name that could be looked up.
        return [self.judge(file, call.callee, by_call[id(call)]) if id(call) in by_call else ("dynamic", []) for call in file.calls]

    def ask(self, name, expressions):
        places = [(each.end_lineno, self.column(name, each)) for each in expressions]
        return self.pyright.definitions(self.root / name, self.texts[name], places)

    def column(self, name, expression):
        """The last character of an expression, in UTF-16 units as the protocol counts; the grammar counts bytes."""
        line = self.texts[name].split("\n")[expression.end_lineno - 1].encode()
        return len(line[: expression.end_col_offset].decode(errors="replace").encode("utf-16-le")) // 2 - 1

    def judge(self, file, callee, found, n_steps=0):
        if isinstance(callee, ast.Attribute) and callee.attr == "__class__":
            return "dynamic", []
        if not found:
            return ("external" if self.is_foreign(file, callee) else "unresolved"), []
        ours = [(path, line, column) for uri, line, column in found if (path := self.own_path(uri)) is not None]
        if not ours:
            return "external", []
        code = [(path, line) for path, line, column in ours if self.files[path].code.get(line) == column]
        if len(code) == len(ours):
            return "internal", list(dict.fromkeys(self.canonical(self.files[path], (path, line)) for path, line in code))
        if len(ours) == 1 and n_steps < MAX_STEPS:
            return self.follow(callee, ours[0][:2], n_steps)
        return "dynamic", []

    def follow(self, callee, place, n_steps):
        """A variable that is assigned once, and a name, is what that name is."""
        path, line = place
        word = callee.id if isinstance(callee, ast.Name) else callee.attr
        value = self.files[path].values.get((line, word))
        if not isinstance(value, (ast.Name, ast.Attribute)):
            return "dynamic", []
        (found,) = self.ask(path, [value])
        return self.judge(self.files[path], value, found, n_steps + 1)

    def is_foreign(self, file, callee):
        """Tells whether an expression begins at an import that leads out of the folder."""
        while isinstance(callee, (ast.Attribute, ast.Call, ast.Subscript)):
            callee = callee.func if isinstance(callee, ast.Call) else callee.value
        module = file.modules.get(callee.id) if isinstance(callee, ast.Name) else None
        return module is not None and not (self.root / module.split(".")[0]).exists()

    def own_path(self, uri):
        path = pathlib.Path(urllib.parse.unquote(urllib.parse.urlparse(uri).path))
        if not path.is_relative_to(self.root):
            return None
        name = path.relative_to(self.root).as_posix()
        return name if name in self.files else None


main(*sys.argv[1:])
