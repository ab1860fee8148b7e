"""The steps of scripts/check-images, which makes the environment that this runs in."""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import cloud
from images import engine, lint, smoke, stack, stand_ins

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
HOME = pathlib.Path(os.environ.get("DOCTOWN_HOME") or pathlib.Path.home() / ".doctown").absolute()
STEPS = ["lint", "build", "smoke", "stack"]
# What each image takes of a folder of programs.
PROGRAMS = {
    "cpu": [f"doctown-{name}" for name in ("entry", *lint.held_functions())],
    "embed": ["doctown-embed"],
    "doctown": ["doctown"],
}


def main():
    arguments = argparse.ArgumentParser(prog="scripts/check-images")
    arguments.add_argument("--stand-ins", action="store_true")
    arguments.add_argument("--binaries", type=pathlib.Path)
    arguments.add_argument("--model", type=pathlib.Path)
    arguments.add_argument("--only", help="image to build, as its Dockerfile is named")
    arguments.add_argument("step", nargs="*")
    options = arguments.parse_args()
    unknown = set(options.step) - set(STEPS)
    if unknown:
        arguments.error(f"unknown step `{unknown.pop()}`: {' '.join(STEPS)}")
    missing = [tool for tool in engine.TOOLS if not shutil.which(tool)]
    if options.stand_ins and not missing:
        stand_ins.set_up(HOME / "images")
    if os.environ.get("IMAGES_STEP") == "smoke":
        return told(smoke.run(programs(options), model(options)))
    failed = [step for step in options.step or STEPS if not timed(step, options, missing)]
    return told([f"step {step} failed" for step in failed])


def timed(step, options, missing):
    if step == "stack":
        missing = [*missing, *(["podman-compose"] if not shutil.which("podman-compose") else [])]
    started = time.monotonic()
    print(f"== {step}", flush=True)
    if missing and step != "lint":
        print(f"   SKIPPED: {', '.join(missing)} not installed: nothing was checked", flush=True)
        return os.environ.get("IMAGES") != "required"
    is_right = not told({"lint": linted, "build": built, "smoke": smoked, "stack": stacked}[step](options))
    print(f"   {time.monotonic() - started:.0f} s", flush=True)
    return is_right


def told(findings):
    for finding in findings:
        print(f"   {finding}", file=sys.stderr, flush=True)
    return 1 if findings else 0


def linted(_options):
    return lint.check()


def built(options):
    mounts = stand_ins.mounts() if options.stand_ins else []
    for dockerfile, target, name in engine.IMAGES:
        if options.only and dockerfile != options.only:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            contexts = {}
            if options.binaries and dockerfile in PROGRAMS:
                contexts["binaries"] = chosen(options.binaries, PROGRAMS[dockerfile], pathlib.Path(scratch))
            if options.model and dockerfile in ("embed", "doctown"):
                contexts["model"] = options.model.absolute()
            seconds = engine.build(dockerfile, target, name, contexts, mounts)
        print(f"   {name} in {seconds:.0f} s", flush=True)
    if not options.only:
        print(engine.sizes())
    return []


def chosen(folder, names, scratch):
    """Copies the programs of one image, without symbols where that can be done."""
    for name in names:
        shutil.copy2(folder / name, scratch / name)
        if shutil.which("strip"):
            subprocess.run(["strip", scratch / name], check=True)
    return scratch


def smoked(options):
    """Runs this again beside a server, in its Python, which has boto3."""
    inside = [HOME / "cloud-servers/bin/python", "-m", "images", *passed(options)]
    environment = {**os.environ, "IMAGES_STEP": "smoke"}
    return [] if subprocess.run([ROOT / "scripts/with-cloud", "localstack", *inside], env=environment).returncode == 0 else ["smoke failed"]


def passed(options):
    pairs = {"--binaries": options.binaries, "--model": options.model}
    given = [part for name, folder in pairs.items() if folder for part in (name, str(folder.absolute()))]
    return [*given, *(["--stand-ins"] if options.stand_ins else [])]


def stacked(options):
    return stack.run(programs(options), model(options))


def programs(options):
    return options.binaries.absolute() if options.binaries else cloud.programs()


def model(options):
    return options.model.absolute() if options.model else HOME / "model"


sys.exit(main())
