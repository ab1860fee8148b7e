#!/usr/bin/env python3
"""Compares the verdicts of `doctown diff` with those of cargo-semver-checks on two releases of crates.

    python3 tests/truth/breaking/rust.py DOCTOWN FOLDER CRATE:OLD:NEW [CRATE:OLD:NEW ...]

FOLDER has the source of each release as CRATE-VERSION. `cargo install cargo-semver-checks` first.
Items are matched by file and name, the nearest line first. Breaking changes of types are counted apart, because that tool does not check them.
"""

import json
import pathlib
import re
import subprocess
import sys

# `enum a::B, previously in file /x/src/lib.rs:12` and `field c of struct D in /x/src/lib.rs:3`
ITEM = re.compile(r"^  (?P<item>.+?),? (?:previously )?in (?:file )?(?P<file>/\S+?):(?P<line>\d+)\b")
UNCHECKED = {
    "parameter_type_changed", "return_type_changed", "type_changed", "fields_changed", "variant_changed",
    "receiver_changed", "type_parameters_changed",
}


def checked(folder: pathlib.Path, crate: str, old: str, new: str) -> dict[tuple[str, int], str]:
    kept = folder / f"{crate}-{old}-{new}.semver"
    if not kept.exists():
        command = ["cargo", "semver-checks", "check-release", "--color", "never", "--release-type", "minor"]
        command += ["--baseline-root", folder / f"{crate}-{old}"]
        command += ["--manifest-path", folder / f"{crate}-{new}" / "Cargo.toml"]
        kept.write_text(subprocess.run(command, capture_output=True, text=True).stdout)
    lint, found = "", {}
    for line in kept.read_text().splitlines():
        if line.startswith("--- failure "):
            lint = line.split()[2].rstrip(":")
        match = ITEM.match(line)
        if match:
            path = pathlib.Path(match["file"])
            place = next(parent for parent in path.parents if parent.parent == folder)
            found[(str(path.relative_to(place)), int(match["line"]))] = f"{lint}: {match['item']}"
    return found


def compared(doctown: str, folder: pathlib.Path, crate: str, old: str, new: str) -> list[dict]:
    packs = []
    for version in (old, new):
        pack = folder / f"{crate}-{version}.docpack"
        if not pack.exists():
            source = folder / f"{crate}-{version}"
            subprocess.run([doctown, "build", source, "--no-embeddings", "-q", "-o", pack], check=True, stdout=subprocess.DEVNULL)
        packs.append(pack)
    ran = subprocess.run([doctown, "diff", "--json", "-q", *packs], check=True, capture_output=True)
    return json.loads(ran.stdout)["data"]["api"]["changes"]


def names(change: dict) -> set[str]:
    """The last names of a change: a re-export may give it another one."""
    sides = [change[side]["qualified_name"] for side in ("before", "after") if change[side]]
    return {name.split("::")[-1] for name in [change["name"], *sides]}


def main() -> None:
    doctown, folder, *pairs = sys.argv[1:]
    doctown, folder = str(pathlib.Path(doctown).resolve()), pathlib.Path(folder).resolve()
    both = theirs_only = ours_only = ours_types = fine = 0
    for pair in pairs:
        crate, old, new = pair.split(":")
        theirs = checked(folder, crate, old, new)
        every = compared(doctown, folder, crate, old, new)
        changes = [it for it in every if it["verdict"] == "breaking"]
        fine += sum(1 for it in every if it["verdict"] != "breaking" and it["before"])
        matched, missed = set(), []
        for (path, line), item in theirs.items():
            words = set(re.findall(r"\w+", item.split(": ", 1)[1].split(" (")[0]))
            near = [
                (abs(change[side]["line"] - line), n)
                for n, change in enumerate(changes)
                for side in ("before", "after")
                if change[side] and change[side]["file_path"] == path and words & names(change)
            ]
            if near:
                matched.add(min(near)[1])
            else:
                missed.append(item)
        alone = [change for n, change in enumerate(changes) if n not in matched]
        types = [it for it in alone if all(r["code"] in UNCHECKED for r in it["reasons"] if r["verdict"] == "breaking")]
        both, theirs_only = both + len(theirs) - len(missed), theirs_only + len(missed)
        ours_types, ours_only = ours_types + len(types), ours_only + len(alone) - len(types)
        print(f"{pair}: {len(theirs) - len(missed)} of {len(theirs)} found; {len(alone) - len(types)} more, {len(types)} of types")
        for item in missed:
            print(f"    missed: {item}")
        for change in alone:
            if change not in types:
                print(f"    alone: {change['name']} {[r['code'] for r in change['reasons']]}")
    print(f"all: both {both}, cargo-semver-checks alone {theirs_only}, doctown alone {ours_only}, of types {ours_types}")
    agreed, judged = both + fine, both + fine + theirs_only + ours_only
    print(f"{agreed} of {judged} verdicts agree ({100 * agreed / max(judged, 1):.1f} %), {fine} of them on changes that break nothing")


if __name__ == "__main__":
    main()
