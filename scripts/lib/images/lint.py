"""What can be said of the Dockerfiles and the stack without building anything."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
FOLDER = ROOT / "dockerfiles"
# Runs by the side of the others, but in an image of its own.
WITH_MODEL = {"embed"}


def check():
    stack = yaml.safe_load((FOLDER / "compose.yaml").read_text())
    return [*hadolint(), *users(), *functions(stack), *website(), *closed(stack)]


def hadolint():
    files = sorted(FOLDER.glob("*.Dockerfile"))
    findings = [f"hadolint: {line}" for file in files for line in lint(file)]
    # A linter that does not start properly finds nothing either.
    with tempfile.NamedTemporaryFile("w", suffix=".Dockerfile") as spoiled:
        spoiled.write(files[0].read_text().replace("USER 65532:65532", "USER root"))
        spoiled.flush()
        if not lint(spoiled.name):
            findings.append("hadolint passes an image that runs as root")
    return findings


def lint(file):
    program = pathlib.Path(sys.executable).parent / "hadolint"
    done = subprocess.run([program, "--no-color", file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout.splitlines() or (["ended with an error"] if done.returncode else [])


def users():
    """Finds last stages that say no user; hadolint only minds one that says root."""
    findings = []
    for file in sorted(FOLDER.glob("*.Dockerfile")):
        for stage in re.split(r"^FROM ", file.read_text(), flags=re.MULTILINE)[1:]:
            is_published = "ENTRYPOINT" in stage or "\nCMD" in stage
            if is_published and not re.search(r"^USER 65532:65532$", stage, re.MULTILINE):
                findings.append(f"{file.name}: stage `{stage.splitlines()[0]}` has another user than 65532:65532")
    return findings


def functions(stack):
    """Compares the functions that the workspace builds with those in the image and in the stack."""
    manifest = tomllib.loads((ROOT / "functions/cli/Cargo.toml").read_text())
    built = {part.split("/")[0].removeprefix("stage-") for part in manifest["features"]["aws"] if part.endswith("/process")}
    held = set(held_functions())
    findings = [f"cpu.Dockerfile: {name} is missing" for name in sorted(built - held - WITH_MODEL)]
    findings += [f"cpu.Dockerfile: {name} is not built by the feature `aws`" for name in sorted(held - built)]
    # What hands units to RunPod has no place where there is none.
    findings += [f"compose.yaml: {name} is missing" for name in sorted(built - set(stack["services"]) - {"dispatch"})]
    return findings


def held_functions():
    """Returns the functions in the image of those that need no model."""
    text = (FOLDER / "cpu.Dockerfile").read_text()
    return re.search(r'^ARG FUNCTIONS="([^"]*)"', text, re.MULTILINE).group(1).split()


def website():
    """Finds what the program takes in of the website where it is there, and would lack without a word."""
    text = (FOLDER / "doctown.Dockerfile").read_text()
    wanted = {"build": "npm run build", "dist": "npm run build:export"}
    return [
        f"doctown.Dockerfile: website/{folder} is not built and taken in"
        for folder, command in wanted.items()
        if not re.search(rf"{command}(\s|$)", text) or f"COPY --from=site /source/website/{folder} website/{folder}\n" not in text
    ]


def closed(stack):
    wanted = {"read_only": True, "cap_drop": ["ALL"], "security_opt": ["no-new-privileges"]}
    findings = []
    for name, service in stack["services"].items():
        findings += [f"compose.yaml: {name} has {key} {json.dumps(service.get(key))}" for key, value in wanted.items() if service.get(key) != value]
        if "mem_limit" not in service:
            findings.append(f"compose.yaml: {name} has no mem_limit")
        findings += [f"compose.yaml: {name} opens {port} to everybody" for port in service.get("ports", []) if not port.startswith("127.0.0.1:")]
    return findings
