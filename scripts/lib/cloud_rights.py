"""What a process asks of S3 and SQS, held against the rights of its role as they were deployed.

The local servers act on no rights, so a door before the server notes every call and lets it pass.
"""

import asyncio
import fnmatch
import json
import os
import threading
import urllib.parse

import cloud
import fault_http

REGION_AND_ACCOUNT = "us-east-1:000000000000"


class Door:
    """Listens at a port of its own; requests go on byte for byte, the signed Host header included."""

    def __init__(self):
        self.calls, self.loop = set(), asyncio.new_event_loop()
        self.server_at = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL"])
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        opening = asyncio.start_server(self.serve, "127.0.0.1", 0, limit=fault_http.MAX_LINE_BYTES)
        self.server = asyncio.run_coroutine_threadsafe(opening, self.loop).result()
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    async def serve(self, reader, writer):
        try:
            while (request := await fault_http.read_message(reader)) is not None:
                if request.fields.get("expect", "").lower() == "100-continue":
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                self.calls.add(asked(request))
                answer = await fault_http.ask(self.server_at.hostname, self.server_at.port, request)
                writer.write(answer.to_bytes())
                await writer.drain()
                if "content-length" not in answer.fields and "transfer-encoding" not in answer.fields:
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def forbidden(self, allowed):
        """Lists the calls that no pair of an action and a resource allows."""
        return sorted(
            f"{action} on {resource}"
            for action, resource in self.calls
            if not any(action == may and fnmatch.fnmatchcase(resource, on) for may, on in allowed)
        )


def asked(request):
    """Names the action and the resource that IAM would be asked about."""
    target = request.fields.get("x-amz-target", "")
    if target:
        body = request.json()
        queue = body.get("QueueName") or body["QueueUrl"].rsplit("/", 1)[1]
        return f"sqs:{target.split('.')[1]}", f"arn:aws:sqs:{REGION_AND_ACCOUNT}:{queue}"
    verb, address, _ = request.first.split(" ", 2)
    path, _, query = address.partition("?")
    names = urllib.parse.parse_qs(query, keep_blank_values=True)
    bucket, _, key = urllib.parse.unquote(path).lstrip("/").partition("/")
    if not key:
        # A list is allowed below a prefix only, which is written like an object for the comparison.
        kind = "s3:ListBucket" if verb == "GET" else f"s3:{verb} of a bucket"
        return kind, f"arn:aws:s3:::{bucket}/{names.get('prefix', [''])[0]}"
    actions = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "POST": "PutObject"}
    deleted = "AbortMultipartUpload" if "uploadId" in names else "DeleteObject"
    return f"s3:{actions.get(verb, deleted)}", f"arn:aws:s3:::{bucket}/{key}"


def granted(stack, *policies):
    """Reads the (action, resource) pairs of policies of a stack as they were deployed."""
    resources = cloud.aws("cloudformation", "describe_stack_resources", {"StackName": stack})["StackResources"]
    arns = [it["PhysicalResourceId"] for it in resources if it["LogicalResourceId"] in policies]
    pairs = set()
    for arn in arns:
        version = cloud.aws("iam", "get_policy", {"PolicyArn": arn})["Policy"]["DefaultVersionId"]
        document = cloud.aws("iam", "get_policy_version", {"PolicyArn": arn, "VersionId": version})["PolicyVersion"]["Document"]
        document = json.loads(document) if isinstance(document, str) else document
        for statement in document["Statement"]:
            pairs |= {(action, on) for action in listed(statement["Action"]) for on in resources_of(statement)}
    return pairs


def resources_of(statement):
    below = statement.get("Condition", {}).get("StringLike", {}).get("s3:prefix")
    return [f"{on}/{below}" if below else on for on in listed(statement["Resource"])]


def listed(value):
    return value if isinstance(value, list) else [value]
