"""Deploys infra/doctown.yaml, without functions, into the server of the local stack.

    stack.py            waits for the server, deploys what is not there, and ends when bucket and queues are
    stack.py --is-up    ends with 0 when the server answers: the health check of its container

The server is that of AWS_ENDPOINT_URL, else the one of this container.
"""

import os
import pathlib
import sys
import time
import urllib.request

import boto3

SERVER = os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
TEMPLATE = pathlib.Path(__file__).resolve().parent / "doctown.yaml"
WAIT_SECONDS = 600
# The account and the keys that the server gives to everybody.
ACCOUNT, KEY = "000000000000", "test"


def is_up():
    try:
        with urllib.request.urlopen(f"{SERVER}/_localstack/health", timeout=3) as answer:
            return answer.status == 200
    except OSError:
        return False


def main():
    if "--is-up" in sys.argv:
        return 0 if is_up() else 1
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_up():
        if time.monotonic() > deadline:
            print(f"no server answers at {SERVER}", file=sys.stderr)
            return 1
        time.sleep(0.5)
    environment, bucket = os.environ["DOCTOWN_ENVIRONMENT"], os.environ["DOCTOWN_STORE"].split("/")[2]
    keys = {"aws_access_key_id": KEY, "aws_secret_access_key": KEY, "region_name": "us-east-1"}
    stacks = boto3.client("cloudformation", endpoint_url=SERVER, **keys)
    name = f"doctown-{environment}"
    values = {"Environment": environment, "BucketName": bucket, "WorkerPrincipal": ACCOUNT, "DeployLambda": "false"}
    try:
        stacks.create_stack(
            StackName=name,
            TemplateBody=TEMPLATE.read_text(),
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
        )
    except stacks.exceptions.AlreadyExistsException:
        print(f"{name} is there already")
    stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": WAIT_SECONDS})
    print(f"{name} is deployed: bucket {bucket}, a queue for each stage")
    return 0


if __name__ == "__main__":
    sys.exit(main())
