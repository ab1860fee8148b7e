#!/usr/bin/env python3
"""The Rust oracle: what rustc knows of a package, in the neutral form (src/main.rs says what that holds).

    scripts/lib/truth/rust/oracle.py setup
    scripts/lib/truth/rust/oracle.py run FOLDER [FEATURES] > neutral.json
    scripts/lib/truth/rust/oracle.py fetch CRATE FOLDER
    scripts/lib/truth/rust/oracle.py test

`setup` installs below $DOCTOWN_HOME/truth/rust, by default ~/.doctown/truth/rust: the oracle, compiled as its
Cargo.lock pins it, and the crates of crates.txt, each with all that its own Cargo.lock names, tests' needs too.
`fetch` copies one of them. Afterwards no network is used.

`run` compiles the library with its unit tests by the toolchain that rust-toolchain.toml pins, and has the compiler
print its typed trees, which only that version is known to print in the form that is read here. FEATURES is `all`
or names with commas; by default that of crates.txt, else all. Build scripts and procedural macros are run.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
sys.path.insert(0, str(HERE.parent))

import pinned

HOME = pinned.HOME / "rust"
CORPORA = HOME / "crates"
CHANNEL = re.search(r'channel = "([^"]+)"', (ROOT / "rust-toolchain.toml").read_text())[1]


def crates():
    return [line.split() for line in pinned.lines(HERE / "crates.txt")]


def environment(target):
    # What is compiled is only asked for its types: without debug information it is there sooner.
    return {**os.environ, "RUSTUP_TOOLCHAIN": CHANNEL, "CARGO_TARGET_DIR": str(HOME / target),
            "CARGO_INCREMENTAL": "0", "CARGO_PROFILE_DEV_DEBUG": "0", "CARGO_PROFILE_TEST_DEBUG": "0"}


def cargo(command, manifest, *arguments):
    command = ["cargo", command, "--locked", "--quiet", "--manifest-path", manifest / "Cargo.toml", *arguments]
    if subprocess.run(command, env=environment("target/oracle"), stdout=sys.stderr).returncode:
        raise SystemExit(f"cargo failed in `{manifest}`")


def compile_oracle(folder):
    cargo("build", HERE, "--release")
    shutil.copy2(HOME / "target/oracle/release/truth", folder)


def install_crates(folder):
    with tempfile.TemporaryDirectory() as scratch:
        package = pathlib.Path(scratch)
        needs = "".join(f'{name} = {{ version = "={version}", default-features = false }}\n'
                        for name, version, _ in crates())
        head = '[workspace]\n[package]\nname = "fetch"\nversion = "0.0.0"\n[dependencies]\n'
        (package / "Cargo.toml").write_text(head + needs)
        (package / "src").mkdir()
        (package / "src/lib.rs").touch()
        command = ["cargo", "metadata", "--format-version", "1", "--manifest-path", package / "Cargo.toml"]
        told = subprocess.run(command, check=True, env=environment("target"), stdout=subprocess.PIPE)
    manifests = {found["name"]: found["manifest_path"] for found in json.loads(told.stdout)["packages"]}
    for name, _, _ in crates():
        shutil.copytree(pathlib.Path(manifests[name]).parent, folder / name)
        cargo("fetch", folder / name)


def setup():
    program = [HERE / "Cargo.toml", HERE / "Cargo.lock", ROOT / "rust-toolchain.toml", *HERE.glob("src/*.rs")]
    pinned.once(HOME / "program", program, compile_oracle)
    pinned.once(CORPORA, [HERE / "crates.txt"], install_crates)


def features_of(folder):
    name = tomllib.loads((folder / "Cargo.toml").read_text())["package"]["name"]
    return next((features for known, _, features in crates() if known == name), "all")


def run(folder, features):
    program = HOME / "program/truth"
    if not program.exists():
        raise SystemExit(f"the Rust oracle is not installed; run `{sys.argv[0]} setup`")
    chosen = ["--all-features"] if features == "all" else ["--no-default-features", "--features", features]
    # A name that no run had before: what cargo takes for done it does not have printed again.
    fresh = f"--cfg=truth_run_{os.getpid()}_{os.urandom(8).hex()}"
    command = ["cargo", "rustc", "--lib", "--profile", "test", "--offline", "--quiet", *chosen, "--",
               "--cap-lints=allow", fresh, "-Zunpretty=thir-tree"]
    compiler = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE,
                                env={**environment("target/crates"), "RUSTC_BOOTSTRAP": "1"})
    # Written only when the compiler is through, so that half a tree is never taken for a whole one.
    told = subprocess.run([program, folder], stdin=compiler.stdout, stdout=subprocess.PIPE)
    if compiler.wait() or told.returncode:
        raise SystemExit(f"`{folder}` does not compile with the features `{features}`")
    sys.stdout.buffer.write(told.stdout)


def main():
    match sys.argv[1:]:
        case ["setup"]:
            setup()
        case ["run", folder, *features] if len(features) < 2:
            path = pathlib.Path(folder).resolve()
            run(path, *features or [features_of(path)])
        case ["fetch", name, folder]:
            setup()
            shutil.copytree(CORPORA / name, folder)
        case ["test"]:
            cargo("test", HERE)
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
