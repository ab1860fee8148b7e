"""What every package says of itself: version, licences, and the licences of what is compiled in."""

import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib

from . import ROOT

LICENCE_FILE = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)
MAX_LICENCE_BYTES = 1 << 20
SUMMARY = "Turns a git repository into one verifiable file that explains its code."


@dataclasses.dataclass(frozen=True)
class Release:
    version: str
    licence: str
    summary: str
    readme: str
    repository: str | None
    # Texts by file name.
    licences: dict
    model_licences: dict
    third_party: bytes
    # As `cargo metadata` and package-lock.json give them.
    crates: list
    npm_packages: dict

    def metadata(self, name, summary, requirements, readme):
        """Returns a wheel's METADATA."""
        from .wheels import PYTHONS

        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {self.version}", f"Summary: {summary}"]
        lines += [f"License: {self.licence}", f"Requires-Python: {PYTHONS}"]
        lines += [f"Project-URL: Source, {self.repository}"] if self.repository else []
        lines += [f"Requires-Dist: {requirement}" for requirement in requirements]
        return "\n".join([*lines, "Description-Content-Type: text/markdown", "", readme])


def read():
    """Reads the checkout, without a network."""
    package = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]
    crates, npm_packages = compiled_crates(), bundled_npm_packages()
    own = {name: (ROOT / name).read_bytes() for name in ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT", "NOTICE"]}
    return Release(
        version=package["version"],
        licence=package["license"],
        summary=SUMMARY,
        readme=readme(),
        # Only where the release's own forge says so: a fork names itself.
        repository=os.environ.get("DOCTOWN_REPOSITORY"),
        licences=own,
        model_licences={name: own[name] for name in ["LICENSE-APACHE", "NOTICE"]},
        third_party=third_party(crates, npm_packages),
        crates=crates,
        npm_packages=npm_packages,
    )


def readme():
    """Returns README.md without pictures and links that lead to files of the repository."""
    text = (ROOT / "README.md").read_text()
    text = re.sub(r"!\[[^]]*\]\((?!https?:)[^)]*\)", "", text)
    return re.sub(r"\[([^]]*)\]\((?!https?:|#)[^)]*\)", r"\1", text)


def compiled_crates():
    """Lists the crates that the program is compiled of on any released system, ours left out."""
    # Not `--offline`: crates of other systems were never compiled here, so a fresh machine has yet to fetch them.
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit("package: `cargo metadata --locked` failed; its message is above")
    metadata = json.loads(done.stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    (program,) = [identity for identity, package in packages.items() if package["name"] == "doctown"]
    seen, waiting = {program}, [program]
    while waiting:
        for dependency in nodes[waiting.pop()]["deps"]:
            used = any(kind["kind"] != "dev" for kind in dependency["dep_kinds"])
            if used and dependency["pkg"] not in seen:
                seen.add(dependency["pkg"])
                waiting.append(dependency["pkg"])
    crates = [packages[identity] for identity in seen if packages[identity]["source"]]
    return sorted(crates, key=lambda crate: (crate["name"], crate["version"]))


def bundled_npm_packages():
    """Returns the npm packages whose code is in the explorer, by name."""
    lock = json.loads((ROOT / "website/package-lock.json").read_text())["packages"]
    own = lock[""]
    # Svelte's runtime is bundled though it is listed among the tools.
    waiting, bundled = [*own["dependencies"], "svelte", "@sveltejs/kit"], {}
    while waiting:
        name = waiting.pop()
        package = lock.get(f"node_modules/{name}")
        if package and name not in bundled:
            bundled[name] = package
            waiting += [] if package.get("dev") else package.get("dependencies", {})
    return dict(sorted(bundled.items()))


def third_party(crates, npm_packages):
    """Returns the licence texts of what is compiled in, each text once with the packages that it is of."""
    folders = {f"{crate['name']} {crate['version']}": pathlib.Path(crate["manifest_path"]).parent for crate in crates}
    modules = ROOT / "website/node_modules"
    folders |= {f"{name} {package['version']} (npm)": modules / name for name, package in npm_packages.items()}
    folders["IBM Plex Sans"] = ROOT / "common/preview/fonts"
    names_by_text = {}
    for name, folder in sorted(folders.items()):
        for text in licence_texts(folder):
            names_by_text.setdefault(text, []).append(name)
    parts = ["The program contains code of these packages.\n"]
    for text, names in sorted(names_by_text.items(), key=lambda item: item[1]):
        parts.append(f"{'=' * 80}\n{chr(10).join(names)}\n{'-' * 80}\n{text}\n")
    return "\n".join(parts).encode()


def licence_texts(folder):
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_file() and LICENCE_FILE.match(path.name) and path.stat().st_size <= MAX_LICENCE_BYTES:
            yield path.read_text(errors="replace").strip()
