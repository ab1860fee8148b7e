"""What the scripts that run jobs in S3 and SQS share: programs, buckets, queues, processes."""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# A killed worker's message comes back after a minute; nothing here takes longer than a few.
MAX_SECONDS = 600


def programs():
    """Returns the folder of the programs, built unless `DOCTOWN_PROGRAM` names one of them."""
    if "DOCTOWN_PROGRAM" in os.environ:
        return pathlib.Path(os.environ["DOCTOWN_PROGRAM"]).absolute().parent
    subprocess.run(["cargo", "build", "--quiet", "--workspace", "--features", "doctown/aws", "--bins"], check=True, cwd=ROOT)
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).absolute() / "debug"


def packages():
    """Returns the folders of the packages that this workspace depends on, by name: real code that is there anyway."""
    host = subprocess.run(["rustc", "-vV"], check=True, stdout=subprocess.PIPE, text=True).stdout
    host = next(line.split()[1] for line in host.splitlines() if line.startswith("host:"))
    told = subprocess.run(["cargo", "metadata", "--format-version", "1", "--offline", "--filter-platform", host],
                          check=True, cwd=ROOT, stdout=subprocess.PIPE)
    found = {}
    for package in json.loads(told.stdout)["packages"]:
        if package["source"]:
            found[package["name"]] = str(pathlib.Path(package["manifest_path"]).parent)
    return found


def package_folder(name):
    return packages()[name]


def check(what, holds, told=""):
    print(f"{'ok  ' if holds else 'FAIL'} {what}{'' if holds else ': ' + str(told)[:600]}", flush=True)
    if not holds:
        check.failed = True


check.failed = False


def beside_server(server, *besides):
    """Goes on in the servers' own Python, which has boto3, beside a server of this kind; returns there at once.

    `besides` are commands that run it beside more.
    """
    if "CLOUD_TESTS" in os.environ:
        return
    home = pathlib.Path(os.environ.get("DOCTOWN_HOME") or pathlib.Path.home() / ".doctown").absolute()
    command = [str(ROOT / "scripts/with-cloud"), server, *besides, str(home / "cloud-servers/bin/python"), *sys.argv]
    os.execv(command[0], command)


def beside_server_and_ledger(server):
    """As `beside_server`, with a PostgreSQL too where it can be had."""
    beside_server(server, str(ROOT / "scripts/with-postgres"), "--or-without")


class Ledgers:
    """Databases for the API: of the PostgreSQL that this runs beside, else files."""

    def __init__(self, scratch):
        self.scratch, self.address = pathlib.Path(scratch), os.environ.get("DOCTOWN_TEST_DATABASE_URL")

    def make(self, name):
        """Makes an empty one; returns its address."""
        if self.address is None:
            return f"sqlite://{self.scratch / name}.sqlite"
        subprocess.run(["psql", self.address, "--quiet", "-c", f"CREATE DATABASE {name}"], check=True)
        return re.sub(r"/postgres\?", f"/{name}?", self.address)


def aws(service, call, parameters):
    import boto3  # Only where `beside_server` went on.
    return getattr(boto3.client(service), call)(**parameters)


def deploy(environment, bucket):
    """Deploys infra/doctown.yaml without functions: bucket, queues, dead letters, roles."""
    import boto3
    stacks, name = boto3.client("cloudformation"), f"doctown-{environment}"
    account = boto3.client("sts").get_caller_identity()["Account"]
    parameters = {"Environment": environment, "BucketName": bucket, "DeployLambda": "false", "WorkerPrincipal": account}
    stacks.create_stack(
        StackName=name, TemplateBody=(ROOT / "infra/doctown.yaml").read_text(), Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()])

    def status():
        stack = stacks.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if "FAILED" in stack or "ROLLBACK" in stack:
            raise SystemExit(f"stack `{name}` is {stack}")
        return stack == "CREATE_COMPLETE"

    wait_for(f"stack `{name}`", status)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def request(url, body=None):
    """Returns status and body, whatever the status is; 0 where nobody answers."""
    data = None if body is None else body.encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=120) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def wait_for(what, look, seconds=MAX_SECONDS):
    """Looks until there is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise SystemExit(f"waited {seconds} s in vain for {what}")


def run(command, environment, check=True):
    done = subprocess.run(command, env=environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=MAX_SECONDS)
    if check and done.returncode != 0:
        raise SystemExit(f"{command} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout.strip()
