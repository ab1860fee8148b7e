"""Compiles the program for a target; for Linux against glibc 2.28, whatever this machine has."""

import os
import pathlib
import shutil
import subprocess
import sys
import venv

from . import ROOT, say
from .targets import GLIBC, PROGRAM

# They carry the C compiler and the headers of every glibc.
TOOLS = ["cargo-zigbuild==0.24.0", "ziglang==0.17.1"]


def compile_program(target, profile, features, tools):
    """Returns the path of the program."""
    verb, triple = ("zigbuild", f"{target.triple}.{GLIBC[0]}.{GLIBC[1]}") if target.is_linux else ("build", target.triple)
    environment = dict(os.environ)
    if target.is_linux:
        environment["PATH"] = f"{tool_folder(tools)}{os.pathsep}{environment['PATH']}"
    say(f"compiling {PROGRAM} for {triple}, profile {profile}")
    command = ["cargo", verb, "--locked", "-p", PROGRAM, "--bin", PROGRAM, "--features", features]
    run([*command, "--profile", profile, "--target", triple], environment)
    folder = os.environ.get("CARGO_TARGET_DIR") or ROOT / "target"
    return ROOT / folder / target.triple / ("debug" if profile == "dev" else profile) / target.program


def ensure_standard_library(target):
    """Checks that Rust has the target's standard library, and lets rustup fetch it where it does not."""
    command = ["rustc", "--print", "target-libdir", "--target", target.triple]
    folder = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    if pathlib.Path(folder).is_dir():
        return
    say(f"Rust has no standard library for {target.triple}; asking rustup for it")
    added = shutil.which("rustup") and subprocess.run(["rustup", "target", "add", target.triple], cwd=ROOT, stdout=sys.stderr)
    if not added or added.returncode != 0:
        sys.exit(f"package: no Rust for {target.triple} can be had; name what to package with `--target`")


def tool_folder(folder):
    """Installs cargo-zigbuild and zig into `folder` and returns the folder of their programs."""
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    if not (programs / "cargo-zigbuild").exists():
        venv.create(folder, with_pip=True)
        pip = [programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--only-binary", ":all:", *TOOLS], None)
    return programs


def run(command, environment):
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, stdout=sys.stderr)
    if done.returncode != 0:
        sys.exit(f"package: `{' '.join(map(str, command[:4]))}` failed")
