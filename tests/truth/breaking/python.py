#!/usr/bin/env python3
"""Compares the verdicts of `doctown diff` with those of griffe on two releases of Python packages.

    python3 tests/truth/breaking/python.py DOCTOWN FOLDER PACKAGE:OLD:NEW [PACKAGE:OLD:NEW ...]

FOLDER holds or receives the releases. `pip install griffe` first; pip also downloads the releases.
A verdict is about one symbol that either tool reports: does its change break callers?
Changed values of attributes are left out: they are no change of a signature.
"""

import json
import pathlib
import subprocess
import sys
import zipfile

import griffe

LEFT_OUT = {"ATTRIBUTE_CHANGED_VALUE"}


def fetch(folder: pathlib.Path, package: str, version: str) -> pathlib.Path:
    """Unpacks the wheel of a release."""
    place = folder / f"{package}-{version}"
    if not place.exists():
        wheels = folder / "wheels" / place.name
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*command, "-d", wheels, f"{package}=={version}"], check=True)
        zipfile.ZipFile(next(wheels.glob("*.whl"))).extractall(place)
    return place


def module_of(place: pathlib.Path) -> str:
    """Names the importable package of a release."""
    found = [path.parent.name for path in place.glob("*/__init__.py") if not path.parent.name.startswith("_")]
    return sorted(found, key=len)[0]


def griffe_verdicts(old: pathlib.Path, new: pathlib.Path, module: str) -> dict[str, set[str]]:
    load = lambda place: griffe.load(module, search_paths=[place], allow_inspection=False)
    verdicts: dict[str, set[str]] = {}
    for breakage in griffe.find_breaking_changes(load(old), load(new)):
        if breakage.kind.name not in LEFT_OUT:
            verdicts.setdefault(breakage.obj.canonical_path, set()).add(breakage.kind.name)
    return verdicts


def doctown_verdicts(doctown: str, folder: pathlib.Path, places, module: str) -> dict[str, tuple[str, list[str]]]:
    packs = []
    for place in places:
        pack = folder / f"{place.name}.docpack"
        if not pack.exists():
            command = [doctown, "build", place / module, "--no-embeddings", "-q", "-o", pack]
            source = folder / "sources" / place.name
            source.mkdir(parents=True, exist_ok=True)
            if not (source / module).exists():
                (source / module).symlink_to((place / module).resolve())
            command[2] = place
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        packs.append(pack)
    ran = subprocess.run([doctown, "diff", "--json", "-q", *packs], check=True, capture_output=True)
    changes = json.loads(ran.stdout)["data"]["api"]["changes"]
    of_module = lambda name: name == module or name.startswith(f"{module}.")
    return {
        change["before"]["qualified_name"]: (change["verdict"], [it["code"] for it in change["reasons"]])
        for change in changes
        if change["before"] and of_module(change["before"]["qualified_name"])
    }


def is_under(name: str, names) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:n]) in names for n in range(1, len(parts) + 1))


def main() -> None:
    doctown, folder, *pairs = sys.argv[1:]
    doctown, folder = str(pathlib.Path(doctown).resolve()), pathlib.Path(folder).resolve()
    total = agreed = both = ours_only = theirs_only = 0
    for pair in pairs:
        package, *versions = pair.split(":")
        old, new = (fetch(folder, package, version) for version in versions)
        module = module_of(old)
        theirs = griffe_verdicts(old, new, module)
        ours = doctown_verdicts(doctown, folder, (old, new), module)
        breaking = {name for name, (verdict, _) in ours.items() if verdict == "breaking"}
        judged, same = set(theirs) | set(ours), 0
        for name in sorted(judged):
            # What is in a removed class or module is removed with it, however a tool lists it.
            is_ours, is_theirs = is_under(name, breaking) if name not in ours else name in breaking, name in theirs
            if not is_theirs and is_ours and is_under(name, theirs):
                is_theirs = True
            same += is_ours == is_theirs
            both += is_ours and is_theirs
            ours_only += is_ours and not is_theirs
            theirs_only += is_theirs and not is_ours
            if is_ours != is_theirs:
                print(f"    {name}: doctown {ours.get(name)}, griffe {sorted(theirs.get(name, []))}")
        total, agreed = total + len(judged), agreed + same
        print(f"{pair}: {same} of {len(judged)} verdicts agree; breaking {len(breaking)} here, {len(theirs)} there")
    print(f"all: {agreed} of {total} verdicts agree ({100 * agreed / max(total, 1):.1f} %)")
    print(f"breaking: {both} by both, {ours_only} by doctown alone, {theirs_only} by griffe alone")


if __name__ == "__main__":
    main()
