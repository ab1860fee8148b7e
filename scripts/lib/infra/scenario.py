"""The life of a deployment in a local server: made, compared, used, changed, removed."""

import json
import os
import pathlib
import subprocess
import tempfile

from infra import api, deployed, policies
from infra.agreement import FUNCTIONS, NO_FUNCTIONS, ROOT
from infra.deployed import Server

ENVIRONMENT, STACK = "check", "doctown-check"
PARAMETERS = {
    "Environment": ENVIRONMENT,
    "BucketName": "doctown-check",
    "WebsiteOrigin": "https://doctown.example",
    **NO_FUNCTIONS,
}
MAX_SECONDS = 300
# Small, of one language, and always there.
SOURCE = ROOT / "common/docpack"


def run(plan, program, core, alarms, api_template):
    server = Server()
    say(server, f"deploying; it leaves out {', '.join(sorted(server.left_out))}")
    parameters = PARAMETERS | {"WorkerPrincipal": server.account}
    stack = server.deploy(STACK, core, parameters)
    watched = {"ApiLoadBalancer": api.BALANCER, "ApiTargetGroup": api.TARGETS}
    watching = server.deploy(f"{STACK}-alarms", alarms, {"Environment": ENVIRONMENT, **watched})
    findings = deployed.compare(server, plan, stack, STACK)
    if "alarms" not in server.left_out:
        findings += deployed.alarms(server, watching)
    say(server, "running a job through the deployed queues and bucket")
    with tempfile.TemporaryDirectory() as scratch:
        findings += job(server, program, pathlib.Path(scratch))
    findings += dead_letter(server, plan)
    if "change sets" not in server.left_out:
        say(server, "changing the stack by a change set")
        stack = server.update(STACK, core.replace("5400, 60]", "5400, 90]"), parameters)
        findings += deployed.compare(server, plan, stack, STACK)
    if "containers" not in server.left_out:
        findings += with_api(server, api_template)
    say(server, "deleting the stacks")
    server.delete(f"{STACK}-alarms")
    server.delete(STACK)
    if "retention" not in server.left_out:
        findings += left_behind(server, plan)
    if "functions" not in server.left_out:
        findings += with_functions(server, plan, core)
    return findings


def with_functions(server, plan, core):
    say(server, "deploying again, with functions and the schedule")
    deployed.remove_queues(server)
    parameters = PARAMETERS | FUNCTIONS | {"WorkerPrincipal": server.account, "BucketName": "doctown-check-functions"}
    stack = server.deploy(f"{STACK}-functions", core, parameters)
    findings = deployed.compare(server, plan, stack, f"{STACK}-functions")
    server.delete(f"{STACK}-functions")
    return findings


def with_api(server, api_template):
    say(server, "deploying the API beside it")
    outputs = server.outputs(STACK)
    shared = {name: outputs[name] for name in ("StoreUrl", "CommonPolicyArn", "SubmitterPolicyArn")}
    parameters = api.PARAMETERS | api.WHOLE | {"Environment": ENVIRONMENT} | shared | deployed.surroundings(server)
    stack = server.deploy(f"{STACK}-api", api_template, parameters)
    findings = deployed.containers(server, stack, f"{STACK}-api")
    server.delete(f"{STACK}-api")
    return findings


def say(server, text):
    print(f"   {server.name}: {text}", flush=True)


def job(server, program, scratch):
    """Submits a job, works on it with a worker process, and compares the pack with one made in this machine's store."""
    cloud = {**os.environ, "DOCTOWN_STORE": "s3://doctown-check/doctown", "DOCTOWN_ENVIRONMENT": ENVIRONMENT}
    local = {**os.environ, "DOCTOWN_STORE": str(scratch / "store")}
    ours, theirs = scratch / "cloud.docpack", scratch / "local.docpack"
    command = [program, "worker", "--concurrency", "2", "--reap-every", "2", "--no-embeddings"]
    worker = subprocess.Popen(command, env=cloud, stderr=subprocess.DEVNULL)
    try:
        name = call(program, cloud, "submit", str(SOURCE), "--no-embeddings")
        state = json.loads(call(program, cloud, "status", name, "--wait", "-o", str(ours), "--json"))["data"]
    finally:
        worker.terminate()
        worker.wait()
    call(program, local, "build", str(SOURCE), "-q", "--no-source", "--no-embeddings", "-o", str(theirs))
    call(program, local, "verify", str(ours))
    findings = deployed.differing(f"job {name}", state, phase="completed")
    if ours.read_bytes() != theirs.read_bytes():
        findings.append("the pack made through the deployed stack differs from the one made in one process")
    keys = [
        entry["Key"]
        for page in server.client("s3").get_paginator("list_objects_v2").paginate(Bucket="doctown-check")
        for entry in page.get("Contents", [])
    ]
    tenant = policies.TENANT
    inside = tuple(f"doctown/{place}/" for place in (tenant, *(f"{kind}/{tenant}" for kind in policies.EXPIRING)))
    outside = [key for key in keys if not key.startswith(inside)]
    say(server, f"{name} is {state['phase']}, {len(keys)} objects")
    return findings + [f"object {key} is outside the prefix that roles may reach" for key in outside]


def call(program, environment, *arguments):
    done = subprocess.run(
        [program, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        timeout=MAX_SECONDS,
    )
    if done.returncode:
        raise SystemExit(f"`doctown {' '.join(arguments)}` ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout.strip()


def dead_letter(server, plan):
    """A message that nobody acknowledges goes to its stage's dead letters after as many receives as the code says."""
    sqs, name = server.client("sqs"), plan.queue(plan.rows[0], ENVIRONMENT)
    work, dead = (sqs.get_queue_url(QueueName=queue)["QueueUrl"] for queue in (name, f"{name}-dead"))
    sqs.send_message(QueueUrl=work, MessageBody="not a message of ours")
    n_receives = 0
    while sqs.receive_message(QueueUrl=work, VisibilityTimeout=0, WaitTimeSeconds=1).get("Messages"):
        n_receives += 1
    if n_receives != plan.max_receives or not waits(sqs, dead):
        return [f"queue {name} gave a message {n_receives} times, and its dead letters hold {waits(sqs, dead)}"]
    return []


def waits(sqs, url):
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(told["Attributes"]["ApproximateNumberOfMessages"])


def left_behind(server, plan):
    """Dead letters outlive the stack, with what is in them, and so does the bucket with its docpacks."""
    sqs = server.client("sqs")
    urls = {url.rsplit("/", 1)[1]: url for url in sqs.list_queues().get("QueueUrls", [])}
    wanted = {plan.queue(row, ENVIRONMENT) + "-dead" for row in plan.rows}
    findings = [] if set(urls) == wanted else [f"queues {sorted(urls)} outlive the stack, expected {sorted(wanted)}"]
    first = plan.queue(plan.rows[0], ENVIRONMENT) + "-dead"
    if first in urls and waits(sqs, urls[first]) != 1:
        findings.append(f"queue {first} lost its message with the stack")
    packs = server.client("s3").list_objects_v2(Bucket="doctown-check", Prefix="doctown/local/docpacks/")
    return findings if packs["KeyCount"] == 1 else [*findings, "the docpack is gone with the stack"]
