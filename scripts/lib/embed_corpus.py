"""Functions of published packages, as texts to embed and to search.

Gives a list of {"file", "text", "undocumented", "question"}: the function as written, the same without its
documentation, and the first sentence of that documentation where it says something. Packages are pinned and
fetched by pip and cargo; equal packages give an equal list.
"""

import ast
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

PYTHON = ["click==8.5.1", "flask==3.1.3", "httpx==0.28.1", "networkx==3.6.1", "requests==2.34.2", "rich==15.0.0"]
RUST = {"hyper": "1.12.0", "petgraph": "0.8.3", "regex": "1.13.1", "serde_json": "1.0.154", "tokio": "1.54.1"}
SEED = 7
MAX_PER_LANGUAGE = 1500
# A file with fewer has no neighbours to find, one with more would outweigh the others.
FUNCTIONS_PER_FILE = range(4, 61)
MAX_LINES = 400
RUST_FUNCTION = re.compile(r"^(\s*)(pub(\([^)]*\))?\s+)?((const|async|unsafe)\s+)*fn\s+\w+")


def load(folder):
    """Fetches into `folder` what is not there yet and returns the list."""
    kept = folder / "functions.json"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        functions = select(python_functions(fetch_python(folder))) + select(rust_functions(fetch_rust(folder)))
        kept.write_text(json.dumps(functions))
    return json.loads(kept.read_text())


def fetch_python(folder):
    root = folder / "python"
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--target", root]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, *PYTHON], check=True)
    return root


def fetch_rust(folder):
    with tempfile.TemporaryDirectory() as scratch:
        package = pathlib.Path(scratch)
        needs = "".join(f'{name} = "={version}"\n' for name, version in RUST.items())
        head = '[workspace]\n[package]\nname = "fetch"\nversion = "0.0.0"\n[dependencies]\n'
        (package / "Cargo.toml").write_text(head + needs)
        (package / "src").mkdir()
        (package / "src/lib.rs").touch()
        vendor = ["cargo", "vendor", "--quiet", "--manifest-path", package / "Cargo.toml", folder / "rust"]
        subprocess.run(vendor, check=True, stdout=subprocess.DEVNULL)
    return folder / "rust"


def python_functions(root):
    for path in sorted(root.glob("**/*.py")):
        if "tests" in path.parts:
            continue
        source = path.read_text()
        lines = source.split("\n")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield python_function(str(path.relative_to(root)), lines, node)


def python_function(file, lines, node):
    start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
    text = "\n".join(lines[start : node.end_lineno])
    doc = ast.get_docstring(node)
    if doc is None or len(node.body) == 1:
        return function(file, text, text, None)
    written = node.body[0]
    rest = lines[start : written.lineno - 1] + lines[written.end_lineno : node.end_lineno]
    return function(file, text, "\n".join(rest), doc)


def rust_functions(root):
    for name in RUST:
        for path in sorted((root / name).glob("src/**/*.rs")):
            if "test" in path.name:
                continue
            yield from rust_functions_of(str(path.relative_to(root)), path.read_text().split("\n"))


def rust_functions_of(file, lines):
    """Reads rustfmt's layout: a body ends at the first brace as deep as its `fn`."""
    for idx, line in enumerate(lines):
        head = RUST_FUNCTION.match(line)
        close = head and f"{head[1]}}}"
        end = head and next((at for at in range(idx + 1, len(lines)) if lines[at].startswith(close)), None)
        if end is None or end - idx > MAX_LINES:
            continue
        start = idx
        while start > 0 and re.match(r"\s*(///|#\[)", lines[start - 1]):
            start -= 1
        above = lines[start:idx]
        doc = [re.sub(r"^\s*/// ?", "", text) for text in above if "///" in text]
        rest = [text for text in above if "///" not in text] + lines[idx : end + 1]
        yield function(file, "\n".join(lines[start : end + 1]), "\n".join(rest), "\n".join(doc) or None)


def function(file, text, undocumented, doc):
    return {"file": file, "text": text, "undocumented": undocumented, "question": doc and question(doc)}


def question(doc):
    paragraph = " ".join(re.split(r"\n\s*\n", doc.strip())[0].split())
    sentence = re.split(r"(?<=[.!?])\s", paragraph)[0]
    return sentence if 25 <= len(sentence) <= 300 and len(sentence.split()) >= 4 else None


def select(functions):
    """Takes whole files in a seeded order, so that neighbours within a file can be found."""
    by_file, seen = {}, set()
    for candidate in functions:
        key = candidate["undocumented"].strip()
        if len(key) >= 60 and key not in seen:
            seen.add(key)
            by_file.setdefault(candidate["file"], []).append(candidate)
    files = sorted(file for file in by_file if len(by_file[file]) in FUNCTIONS_PER_FILE)
    random.Random(SEED).shuffle(files)
    selected = []
    for file in files:
        if len(selected) < MAX_PER_LANGUAGE:
            selected += by_file[file]
    return selected
