"""Runs cfn-lint and checkov over the templates."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

BIN = pathlib.Path(sys.executable).parent

# What checkov asks for and does not get, with the reason. One that no longer fails must leave the table.
SKIPPED = {
    "CKV_AWS_18": "access logs would hold the addresses of readers of docpacks; CloudTrail can record what roles do",
    "CKV_AWS_21": "not versioned: little is overwritten, packs can be made again, and what is removed must be gone",
    "CKV_AWS_26": "CloudWatch cannot publish to a topic under AWS's own key, and alarms hold names and numbers only",
    "CKV_AWS_27": "the queues are encrypted with SQS's own key; the check knows KMS keys only",
    "CKV_AWS_65": "the balancer counts requests, errors and times; insights would count containers, for money",
    "CKV_AWS_68": "the site is files that everybody may read; what the API limits, it limits itself",
    "CKV_AWS_86": "access logs would hold the addresses of readers",
    "CKV_AWS_91": "access logs would hold the addresses of readers and what they read",
    "CKV_AWS_115": "MaximumConcurrency of each event source limits a stage without reserving the account's concurrency",
    "CKV_AWS_116": "that is for asynchronous calls; messages have dead-letter queues, and the schedule calls again",
    "CKV_AWS_117": "the functions talk to GitHub, a model and public AWS endpoints; ingest alone may need a database in a VPC",
    "CKV_AWS_158": "log groups are encrypted by the service; logs hold no source text, prompts or tokens",
    "CKV_AWS_174": "the check does not look into conditions: a name of its own has 1.2, CloudFront's own sets none",
    "CKV_AWS_173": "environment variables are encrypted with the service's own key",
}


def check(templates):
    return [*cfn_lint(templates), *checkov(templates)]


def cfn_lint(templates):
    findings = []
    for template in templates:
        done = lint(template)
        findings += done.stdout.splitlines() if done.returncode else []
    # A linter that does not start properly finds nothing either.
    with tempfile.TemporaryDirectory() as scratch:
        spoiled = pathlib.Path(scratch) / "spoiled.yaml"
        spoiled.write_text(
            templates[0].read_text().replace("MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: 1209601", 1)
        )
        if lint(spoiled).returncode == 0:
            findings.append("cfn-lint passes a queue that keeps messages longer than SQS does")
    return findings


def lint(template):
    return subprocess.run([BIN / "cfn-lint", template], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def checkov(templates):
    files = [argument for template in templates for argument in ("-f", template)]
    command = [
        BIN / "checkov",
        *files,
        "--framework",
        "cloudformation",
        "--compact",
        "--quiet",
        "--skip-download",
        "-o",
        "json",
    ]
    # Otherwise it asks the registry whether there is a newer one.
    environment = {**os.environ, "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment)
    told = json.loads(done.stdout)
    if told["summary"]["parsing_errors"] or not told["summary"]["passed"]:
        return [f"checkov cannot read the templates: {told['summary']}"]
    failed = {check["check_id"] for check in told["results"]["failed_checks"]}
    findings = [
        f"checkov: {check['check_id']} {check['check_name']}: {check['resource']}"
        for check in told["results"]["failed_checks"]
        if check["check_id"] not in SKIPPED
    ]
    return findings + [f"checkov: {check} is skipped but does not fail" for check in sorted(set(SKIPPED) - failed)]
