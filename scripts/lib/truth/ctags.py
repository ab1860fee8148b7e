"""Definitions by universal-ctags, a second opinion that knows many languages and no calls."""

import json
import shutil
import subprocess

LANGUAGES = "Python,TypeScript,JavaScript,Go,Rust"
# What both list in the same sense. ctags takes every constant that holds a function for a constant.
KINDS = {
    "Python": {"class", "function", "member"},
    "TypeScript": {"class", "function", "method", "interface", "enum"},
    "JavaScript": {"class", "function", "method"},
    "Go": {"func", "struct", "interface", "type", "talias"},
    "Rust": {"function", "method", "struct", "enum", "interface", "macro", "typedef"},
}


def lines(packages):
    """A line per package: of ctags' definitions, how many Doctown has at that line under that name."""
    if shutil.which("ctags") is None:
        yield "universal-ctags is not installed: the cross-check was left out"
        return
    yield "| package | ctags lists | Doctown has | share | not found, for example |"
    yield "|---|---|---|---|---|"
    for name, folder, side in packages:
        tags = definitions(folder)
        known = {(each.path, each.line, each.name) for each in side.definitions} | {(path, line, None) for path, line in side.points}
        missing = [tag for tag in tags if tag not in known and not is_constructor(tag)]
        n_asked = sum(1 for tag in tags if not is_constructor(tag))
        example = f"`{missing[0][2]}` {missing[0][0]}:{missing[0][1]}" if missing else ""
        yield f"| {name} | {n_asked:,} | {n_asked - len(missing):,} | {(n_asked - len(missing)) / max(1, n_asked):.3f} | {example} |"


def is_constructor(tag):
    return tag[2] in ("__init__", "constructor")


def definitions(folder):
    command = ["ctags", "--recurse", "--output-format=json", "--fields=+nKl", f"--languages={LANGUAGES}", "--exclude=node_modules", "-f", "-", "."]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    tags = []
    for line in filter(None, done.stdout.split("\n")):
        tag = json.loads(line)
        if tag.get("_type") == "tag" and tag.get("kind") in KINDS.get(tag.get("language"), ()):
            if not tag["name"].lower().startswith(("anonymousfunction", "anonfunc")):
                tags.append((tag["path"].removeprefix("./"), tag["line"], tag["name"]))
    return sorted(set(tags))
