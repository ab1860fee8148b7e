"""A docpack in the neutral form."""

import json
import re
import tarfile

from truth.form import Definition, Edge, Side

# Everything else is left out of the comparison of definitions, but may be a caller or a callee.
KINDS = {
    "module": "module", "function": "function", "method": "method", "class": "class", "struct": "struct", "union": "struct",
    "enum": "enum", "enum_variant": "field", "trait": "trait", "interface": "interface", "field": "field", "property": "field",
    "constant": "constant", "static": "constant", "variable": "constant", "type_alias": "type", "macro": "macro",
}
CALLABLE = {"function", "method", "constructor", "macro"}
HOLDERS = {"constant", "variable", "field", "property", "static"}
KEYWORD = r"\b(?:fn|func(?:\s*\([^)]*\))?|function\b\s*\*?|def|class|struct|union|enum|trait|interface|type|const|static|let|var|mod|module|namespace|macro_rules!|get|set)\s+(?:mut\s+)?"
NOISE = {
    "python": r"#[^\n]*|\"\"\"[\s\S]*?\"\"\"|'''[\s\S]*?'''",
    # An attribute over several lines ends with its bracket alone on a line.
    "rust": r"//[^\n]*|/\*[\s\S]*?\*/|^\s*#!?\[[^\n]*\][ \t]*$|^\s*#!?\[[^\n\]]*\]|^\s*#!?\[[\s\S]*?^\s*\)?\][ \t]*$",
}
ITERATION = re.compile(r"def (__iter__|__next__)\b")
C_NOISE = r"//[^\n]*|/\*[\s\S]*?\*/"


def read(pack, folder):
    """Reads the pack of the package in the folder."""
    return Reader(entries(pack), folder).side()


def entries(pack):
    """Reads `nodes.json` and `graph.json`, their parts joined."""
    joined = {}
    with tarfile.open(pack) as archive:
        for member in archive:
            name, _, is_json = member.name.partition(".")
            if name in ("nodes", "graph") and is_json.endswith("json"):
                for field, value in json.load(archive.extractfile(member)).items():
                    joined.setdefault(field, []).extend(value) if isinstance(value, list) else joined.setdefault(field, value)
    return joined


def judged(side, folder):
    """A side without the calls that iteration makes: an oracle that looks up written names cannot say them.

    A call that is written by name (`x.__iter__()`) stays.
    """
    texts = {}

    def is_written(edge):
        path, line = edge.callee
        lines = texts.setdefault(path, (folder / path).read_text(errors="replace").split("\n"))
        name = ITERATION.search(lines[line - 1]) if path.endswith(".py") and line else None
        path = edge.caller[0]
        lines = texts.setdefault(path, (folder / path).read_text(errors="replace").split("\n"))
        return name is None or name[1] in lines[edge.line - 1]

    side.edges = [edge for edge in side.edges if is_written(edge)]
    return side


class Reader:
    def __init__(self, content, folder):
        self.content, self.folder = content, folder
        self.symbols = {symbol["id"]: symbol for symbol in content["symbols"]}
        self.texts = {}
        self.lines = {id: self.name_line(symbol) for id, symbol in self.symbols.items()}

    def side(self):
        side = Side([], [])
        for id, symbol in self.symbols.items():
            if symbol["kind"] in KINDS and symbol.get("parent") and not is_anonymous(symbol):
                kind = "entry" if self.is_entry(symbol) else KINDS[symbol["kind"]]
                path, line = symbol["file_path"], self.lines[id]
                side.definitions.append(Definition(path, line, symbol["line_range"]["end"], symbol["name"], kind))
        for edge in self.content["edges"]:
            if edge["kind"] in ("calls", "references"):
                found = self.edge(edge["source"], edge["target"], edge["sites"][0]["line"], edge["confidence"], edge["evidence"])
                (side.edges if edge["kind"] == "calls" else side.references).append(found)
                if edge["kind"] == "calls":
                    lines = dict.fromkeys(site["line"] for site in edge["sites"])
                    side.calls += [self.edge(edge["source"], edge["target"], line, edge["confidence"], edge["evidence"]) for line in lines]
        for each in self.content["ambiguous"]:
            for candidate in each["candidates"]:
                side.candidates.append(self.edge(each["source"], candidate["id"], each["line"], candidate["confidence"], "candidate"))
        for each in self.content["unresolved"]:
            for line in each["lines"]:
                side.unresolved.append((self.caller(each["source"]), line, each["name"], each["reason"], each.get("package")))
        return side

    def edge(self, source, target, line, confidence, evidence):
        return Edge(self.caller(source), self.callee(target), line, confidence, evidence)

    def is_entry(self, symbol):
        """A plain value in an object literal, which oracles do not list."""
        parent = self.symbols.get(symbol.get("parent"))
        return symbol["kind"] == "property" and parent is not None and parent["kind"] in HOLDERS

    def caller(self, id):
        """The innermost function around a symbol, else the top-level code of its file."""
        path = self.symbols[id]["file_path"]
        while id:
            symbol = self.symbols[id]
            if symbol["kind"] in CALLABLE:
                return self.callee(id)
            id = symbol.get("parent")
        return (path, 0)

    def callee(self, id):
        """A constructor is its class; a file is its top-level code."""
        symbol = self.symbols[id]
        if symbol["kind"] == "constructor" and symbol.get("parent"):
            return self.callee(symbol["parent"])
        return (symbol["file_path"], self.lines[id] if symbol.get("parent") or symbol["kind"] != "module" else 0)

    def name_line(self, symbol):
        """The line of a definition's name: its range may begin with comments and attributes."""
        source = self.text(symbol["file_path"])
        start = symbol["byte_range"]["start"]
        text = source[start : symbol["byte_range"]["end"]].decode(errors="replace")
        at = name_offset(text, symbol["name"], symbol["language"])
        return symbol["line_range"]["start"] + text.count("\n", 0, at or 0)

    def text(self, path):
        if path not in self.texts:
            self.texts[path] = (self.folder / path).read_bytes()
        return self.texts[path]


def is_anonymous(symbol):
    """A class expression without a name, named by its head, which no oracle lists."""
    return symbol["kind"] == "class" and symbol["name"].split(" ")[0] == "class"


def name_offset(text, name, language):
    """Finds a definition's name in its text, behind comments and attributes; None where it has none."""
    blank = lambda match: re.sub(r"[^\n]", " ", match[0])
    bare = re.sub(NOISE.get(language, C_NOISE), blank, text, flags=re.MULTILINE)
    head = skip_decorators(bare)
    word = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])").search(bare, head)
    # A Go receiver may have the method's name; a keyword tells, unless it stands further on.
    keyword = re.compile(rf"{KEYWORD}{re.escape(name)}(?![\w$])").search(bare, head)
    if keyword and keyword.start() <= word.start():
        return keyword.end() - len(name)
    return word.start() if word else None


def skip_decorators(text):
    """The offset behind `@decorator(…)` at the head of a text."""
    at = 0
    while match := re.compile(r"\s*@[\w.$]+\s*").match(text, at):
        at = match.end()
        if text[at : at + 1] == "(":
            depth = 0
            for at in range(at, len(text)):
                depth += (text[at] in "([{") - (text[at] in ")]}")
                if depth == 0:
                    at += 1
                    break
    return at
