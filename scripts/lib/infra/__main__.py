"""The steps of scripts/check-infra, which makes the environment that this runs in."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

from infra import agreement, api, lint, policies, scenario, spoiled, template
from infra.agreement import ROOT, Plan

CORE, ALARMS, GUIDE = ROOT / "infra/doctown.yaml", ROOT / "infra/alarms.yaml", ROOT / "infra/README.md"
API, SITE = ROOT / "infra/api.yaml", ROOT / "infra/site.yaml"
ENDPOINTS = ROOT / "infra/runpod"
TEMPLATES = [CORE, ALARMS, API, SITE]
# CloudFormation takes a larger template only from a bucket.
MAX_TEMPLATE_BYTES = 51_200
MAX_FINDINGS = 20


def main():
    arguments = argparse.ArgumentParser(prog="scripts/check-infra")
    arguments.add_argument("step", nargs="*", help=f"any of: {' '.join(STEPS)}")
    options = arguments.parse_args()
    unknown = set(options.step) - set(STEPS)
    if unknown:
        arguments.error(f"unknown step `{unknown.pop()}`: {' '.join(STEPS)}")
    if "CLOUD_TESTS" in os.environ:
        return told(deployed())
    return told([f"step {step} failed" for step in options.step or STEPS if timed(step)])


def timed(step):
    """Runs a step; tells whether it failed."""
    started = time.monotonic()
    print(f"== {step}", flush=True)
    has_failed = told(STEPS[step]())
    print(f"   {time.monotonic() - started:.0f} s", flush=True)
    return has_failed


def told(findings):
    for finding in findings[:MAX_FINDINGS]:
        print(f"   {finding}", file=sys.stderr, flush=True)
    if len(findings) > MAX_FINDINGS:
        print(f"   and {len(findings) - MAX_FINDINGS} more", file=sys.stderr, flush=True)
    return 1 if findings else 0


def linted():
    sizes = [
        f"{file.name} has {file.stat().st_size} bytes, CloudFormation takes {MAX_TEMPLATE_BYTES}"
        for file in TEMPLATES
        if file.stat().st_size > MAX_TEMPLATE_BYTES
    ]
    return sizes + lint.check(TEMPLATES)


def agreed():
    plan, read = Plan.of_program(program()), parts()
    findings = agreement.check(plan, *read) + agreement.unexplained(read[1], GUIDE.read_text())
    return findings + [f"no check finds {what}, spoiled" for what in spoiled.unfound_in_agreement(plan, *read)]


def known():
    core, _, endpoints = parts()
    return agreement.unknown_variables(program(), core, endpoints) + api.variables(program(), parsed(API))


def allowed():
    plan, read = Plan.of_program(program()), parts()
    findings = policies.check(plan, read[0])
    return findings + [f"no check finds {what}, spoiled" for what in spoiled.unfound_in_policies(plan, *read)]


def served():
    read = parsed(API), parsed(ALARMS), parsed(SITE)
    findings = api.check(*read) + agreement.unexplained_of(api.ALARMS, GUIDE.read_text())
    return findings + [f"no check finds {what}, spoiled" for what in spoiled.unfound_in_api(*read)]


def tested():
    done = subprocess.run([sys.executable, ROOT / "infra/runpod/test_apply.py", "--quiet"])
    return ["infra/runpod/test_apply.py failed"] if done.returncode else []


def drained():
    done = subprocess.run([sys.executable, ROOT / "infra/test_drain.py", "--quiet"])
    return ["infra/test_drain.py failed"] if done.returncode else []


def parts():
    endpoints = {file.stem: json.loads(file.read_text()) for file in sorted(ENDPOINTS.glob("*.json"))}
    return parsed(CORE), parsed(ALARMS), endpoints


def parsed(file):
    return template.parse(file.read_text())


def program():
    if "DOCTOWN_PROGRAM" in os.environ:
        return pathlib.Path(os.environ["DOCTOWN_PROGRAM"])
    subprocess.run(["cargo", "build", "--quiet", "-p", "doctown", "--features", "aws"], check=True, cwd=ROOT)
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/doctown"


def beside(server):
    """Runs this again beside a server."""
    environment = {**os.environ, "DOCTOWN_PROGRAM": str(program())}
    done = subprocess.run([ROOT / "scripts/with-cloud", server, sys.executable, "-m", "infra"], env=environment)
    return [f"the deployment in {server} is not what it should be"] if done.returncode else []


def deployed():
    return scenario.run(Plan.of_program(program()), program(), CORE.read_text(), ALARMS.read_text(), API.read_text())


STEPS = {
    "lint": linted,
    "plan": agreed,
    "variables": known,
    "policies": allowed,
    "api": served,
    "runpod": tested,
    "drain": drained,
    "localstack": lambda: beside("localstack"),
    "moto": lambda: beside("moto"),
}
sys.exit(main())
