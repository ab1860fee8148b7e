"""Definitions by rustdoc's JSON, a second opinion beside `syn` on what a Rust package defines.

rustdoc lists what the compiler sees with the package's features on: nothing that `cfg` leaves out, nothing inside
of functions. What a macro or a derive wrote has no line of its own and is left out here.
"""

import json
import os
import re
import subprocess
import sys

from truth.rust import oracle

KINDS = {"function", "struct", "enum", "union", "trait", "type_alias", "constant", "static", "macro", "struct_field", "variant",
         "assoc_const", "assoc_type"}
# A tuple's fields are named by their place.
IS_NAME = str.isidentifier


def lines(packages):
    """A line per package: of rustdoc's definitions, how many Doctown has at that line under that name."""
    yield "| package | rustdoc lists | Doctown has | share | not found, for example |"
    yield "|---|---|---|---|---|"
    for name, folder, side in packages:
        listed = definitions(folder, documented(folder))
        known = {(each.path, each.line, each.name) for each in side.definitions}
        missing = [each for each in listed if each not in known]
        example = f"`{missing[0][2]}` {missing[0][0]}:{missing[0][1]}" if missing else ""
        yield f"| {name} | {len(listed):,} | {len(listed) - len(missing):,} | {1 - len(missing) / max(1, len(listed)):.3f} | {example} |"


def definitions(folder, documentation):
    """(path, line, name) of every definition that stands in the source as it is listed."""
    index = documentation["index"]
    derived = {(each["span"]["filename"], each["span"]["begin"][0]) for each in index.values() if is_derived(each)}
    found = set()
    for item in index.values():
        kind = next(iter(item["inner"]))
        if item["crate_id"] == 0 and kind in KINDS and item["span"] and item["name"] and IS_NAME(item["name"]):
            path, (first, _), (last, _) = item["span"]["filename"], item["span"]["begin"], item["span"]["end"]
            line = name_line(folder, path, first, last, item["name"])
            if line and (path, first) not in derived:
                found.add((path, line, item["name"]))
    return sorted(found)


def is_derived(item):
    """An impl that a derive wrote stands where the derive does."""
    return item["span"] is not None and "automatically_derived" in json.dumps(item["attrs"])


def name_line(folder, path, first, last, name):
    """The first line of a span that has the name; None for what a macro made under another one."""
    try:
        text = (folder / path).read_text().split("\n")[first - 1 : min(last, first + 8)]
    except OSError:
        return None
    word = re.compile(rf"(?<!\w){re.escape(name.removeprefix('r#'))}(?!\w)")
    return next((first + idx for idx, line in enumerate(text) if word.search(line)), None)


def documented(folder):
    """rustdoc's answer, by the toolchain and the features that the Rust oracle compiles with."""
    oracle.setup()
    features = oracle.features_of(folder)
    chosen = ["--all-features"] if features == "all" else ["--no-default-features", "--features", features]
    command = ["cargo", "rustdoc", "--lib", "--offline", "--quiet", *chosen, "--", "-Zunstable-options", "--output-format=json",
               "--document-private-items", "--document-hidden-items", "--cap-lints=allow"]
    environment = {**oracle.environment("target/rustdoc"), "RUSTC_BOOTSTRAP": "1"}
    subprocess.run(command, cwd=folder, env=environment, stdout=sys.stderr, check=True)
    told = json.loads(subprocess.run(["cargo", "metadata", "--no-deps", "--format-version=1", "--offline"], cwd=folder, env=environment,
                                     stdout=subprocess.PIPE, check=True).stdout)
    target = next(target for target in told["packages"][0]["targets"] if "lib" in target["kind"])
    return json.loads((oracle.HOME / "target/rustdoc/doc" / f"{target['name'].replace('-', '_')}.json").read_text())
