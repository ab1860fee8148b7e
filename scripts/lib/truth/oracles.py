"""The oracles: for each language, what answers, how it is set up and run, and what it can say.

To add one, write a program that prints the neutral form of a folder (`form.py`) and add its entry to `ORACLES`.
"""

import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Callable

from truth import form

HERE = pathlib.Path(__file__).resolve().parent
REQUIREMENTS = HERE.parents[1] / "requirements-truth.txt"


@dataclasses.dataclass(frozen=True)
class Oracle:
    name: str
    files: str                 # the folder of its program, part of the key under which answers are kept
    set_up: Callable           # (home) -> None; does nothing when all is there
    command: Callable          # (home, folder) -> words
    covers: frozenset = frozenset({"callables", "types", "values"})   # groups of definitions that it lists


def set_up_node(home):
    """Installs the compiler and pyright, as locked, into the folder of the oracles."""
    folder = home / "node"
    for name in ("package.json", "package-lock.json"):
        wanted = (HERE / "node" / name).read_text()
        if not (folder / name).exists() or (folder / name).read_text() != wanted or not (folder / "node_modules").is_dir():
            shutil.rmtree(folder, ignore_errors=True)
            break
    else:
        return
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / "node" / name, folder)
    npm = ["npm", "ci", "--silent", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"]
    if subprocess.run(npm, cwd=folder, stdout=sys.stderr).returncode != 0:
        shutil.rmtree(folder)
        raise SystemExit("truth: npm could not install the compiler and pyright")


def set_up_python(home):
    """Installs pyright and, beside an interpreter of their own, what the measured packages import."""
    set_up_node(home)
    folder = home / "python"
    wanted, stamp = REQUIREMENTS.read_text(), folder / "requirements.txt"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True, stdout=sys.stderr)
    pip = [folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*pip, "-r", REQUIREMENTS], check=True, stdout=sys.stderr)
    stamp.write_text(wanted)


def typescript(home, folder):
    return ["node", "--max-old-space-size=6000", HERE / "typescript/oracle.mjs", home / "node/node_modules", folder]


def python(home, folder):
    server = home / "node/node_modules/pyright/langserver.index.js"
    return [sys.executable, HERE / "python/oracle.py", server, home / "python/bin/python", folder]


def go(home, folder):
    return [sys.executable, HERE / "go/oracle.py", "run", folder]


def rust(home, folder):
    return [sys.executable, HERE / "rust/oracle.py", "run", folder]


def set_up_by(program):
    """Has an oracle set itself up, which does nothing when all is there."""
    return lambda home: subprocess.run([sys.executable, HERE / program, "setup"], check=True, stdout=sys.stderr)


TYPESCRIPT = Oracle("TypeScript compiler", "typescript", set_up_node, typescript)
ORACLES = {
    "typescript": TYPESCRIPT,
    "javascript": TYPESCRIPT,
    "go": Oracle("go/types", "go", set_up_by("go/oracle.py"), go),
    "rust": Oracle("rustc", "rust", set_up_by("rust/oracle.py"), rust),
    "python": Oracle("pyright", "python", set_up_python, python),
}


def ask(language, folder, home, fresh=False):
    """The oracle's side of a folder; answers are kept as long as the oracle and the folder's list stay."""
    oracle = ORACLES[language]
    kept = home / "answers" / f"{language}-{folder.name}-{key(oracle, folder)}.json"
    if fresh or not kept.exists():
        oracle.set_up(home)
        print(f"truth: asking {oracle.name} about {folder.name}", file=sys.stderr)
        done = subprocess.run([str(word) for word in oracle.command(home, folder)], stdout=subprocess.PIPE)
        if done.returncode != 0:
            raise SystemExit(f"truth: {oracle.name} failed on {folder.name}")
        form.read(json.loads(done.stdout))
        kept.parent.mkdir(parents=True, exist_ok=True)
        scratch = kept.with_suffix(f".{os.getpid()}")
        scratch.write_bytes(done.stdout)
        scratch.rename(kept)
    return form.read(json.loads(kept.read_text()))


def key(oracle, folder):
    """A digest of the oracle's program, its pins and the stamp of the folder."""
    files = [each for each in sorted((HERE / oracle.files).rglob("*")) if each.is_file() and not {"__pycache__", "target"} & set(each.parts)]
    stamp = folder.with_suffix(".json")
    pins = [HERE / "node/package-lock.json", REQUIREMENTS]
    digest = hashlib.sha256()
    for path in [*files, *(each for each in (stamp, *pins) if each.exists())]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
