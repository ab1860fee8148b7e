"""The steps of scripts/check-infra, which makes the environment that this runs in."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

from infra import agreement, lint, policies, scenario, spoiled, template
from infra.agreement import ROOT, Plan

CORE, ALARMS, GUIDE = ROOT / "infra/doctown.yaml", ROOT / "infra/alarms.yaml", ROOT / "infra/README.md"
ENDPOINT = ROOT / "infra/runpod/embed.json"
STEPS = ["lint", "plan", "policies", "runpod", "localstack", "moto"]
# CloudFormation takes a larger template only from a bucket.
MAX_TEMPLATE_BYTES = 51_200
MAX_FINDINGS = 20


def main():
    arguments = argparse.ArgumentParser(prog="scripts/check-infra")
    arguments.add_argument(
        "--plan", type=pathlib.Path, help="file to take the plan from, instead of `doctown plan --json`"
    )
    arguments.add_argument("step", nargs="*", help=f"any of: {' '.join(STEPS)}")
    options = arguments.parse_args()
    unknown = set(options.step) - set(STEPS)
    if unknown:
        arguments.error(f"unknown step `{unknown.pop()}`: {' '.join(STEPS)}")
    if "CLOUD_TESTS" in os.environ:
        return told(deployed(options))
    failed = [step for step in options.step or STEPS if not timed(step, options)]
    return told([f"step {step} failed" for step in failed])


def timed(step, options):
    started = time.monotonic()
    print(f"== {step}", flush=True)
    if step in ("localstack", "moto"):
        is_right = beside(step, options)
    else:
        is_right = not told({"lint": linted, "plan": agreed, "policies": allowed, "runpod": tested}[step](options))
    print(f"   {time.monotonic() - started:.0f} s", flush=True)
    return is_right


def told(findings):
    for finding in findings[:MAX_FINDINGS]:
        print(f"   {finding}", file=sys.stderr, flush=True)
    if len(findings) > MAX_FINDINGS:
        print(f"   and {len(findings) - MAX_FINDINGS} more", file=sys.stderr, flush=True)
    return 1 if findings else 0


def linted(_options):
    sizes = [
        f"{file.name} has {file.stat().st_size} bytes, CloudFormation takes {MAX_TEMPLATE_BYTES}"
        for file in (CORE, ALARMS)
        if file.stat().st_size > MAX_TEMPLATE_BYTES
    ]
    return sizes + lint.check([CORE, ALARMS])


def agreed(options):
    plan, read = plan_of(options), parts()
    findings = agreement.check(plan, *read) + agreement.unexplained(read[1], GUIDE.read_text())
    if not options.plan:
        findings += agreement.unknown_variables(program(), read[0], read[2])
    return findings + [f"no check finds {what}, spoiled" for what in spoiled.unfound_in_agreement(plan, *read)]


def allowed(options):
    plan, read = plan_of(options), parts()
    findings = policies.check(plan, read[0])
    return findings + [f"no check finds {what}, spoiled" for what in spoiled.unfound_in_policies(plan, *read)]


def tested(_options):
    done = subprocess.run([sys.executable, ROOT / "infra/runpod/test_apply.py", "--quiet"])
    return ["infra/runpod/test_apply.py failed"] if done.returncode else []


def parts():
    return template.parse(CORE.read_text()), template.parse(ALARMS.read_text()), json.loads(ENDPOINT.read_text())


def plan_of(options):
    return Plan(json.loads(options.plan.read_text())) if options.plan else Plan.of_program(program())


def program():
    if "DOCTOWN_PROGRAM" in os.environ:
        return pathlib.Path(os.environ["DOCTOWN_PROGRAM"])
    subprocess.run(["cargo", "build", "--quiet", "-p", "doctown", "--features", "aws"], check=True, cwd=ROOT)
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/doctown"


def beside(server, options):
    """Runs this again beside a server."""
    plan = ["--plan", options.plan.absolute()] if options.plan else []
    inside = [sys.executable, "-m", "infra", *plan]
    environment = {**os.environ, "DOCTOWN_PROGRAM": str(program())}
    return subprocess.run([ROOT / "scripts/with-cloud", server, *inside], env=environment).returncode == 0


def deployed(options):
    return scenario.run(plan_of(options), program(), CORE.read_text(), ALARMS.read_text())


sys.exit(main())
