"""What a request to S3 or SQS is about: which call of the protocol, of which job, stage and unit."""

import dataclasses
import json
import urllib.parse

# Objects that are created once and never change.
CREATE_ONLY = ("done", "group", "try", "try-end", "sealed", "artifacts", "events", "resend")
QUEUE_CALLS = {
    "SendMessage": "send",
    "ReceiveMessage": "receive",
    "DeleteMessage": "acknowledge",
    "ChangeMessageVisibility": "extend",
    "GetQueueAttributes": "depth",
    "GetQueueUrl": "open",
}
WRITES = ("put", "swap", "create", "delete", "send", "acknowledge", "extend")


@dataclasses.dataclass
class Call:
    """One call, named as `put done`, `swap state` or `send`."""

    name: str
    job: str | None = None
    stage: str | None = None
    unit: str | None = None
    number: str | None = None
    # The object's key below the tenant, or the queue.
    key: str = ""
    # The message's text, or the receipt's.
    text: str = ""

    @property
    def of_queue(self):
        return self.name in QUEUE_CALLS.values()

    @property
    def verb(self):
        return self.name.split(" ")[0]

    @property
    def kind(self):
        return self.name.split(" ")[-1]

    @property
    def is_write(self):
        return self.verb in WRITES

    @property
    def is_conditional(self):
        return self.verb in ("create", "swap")

    @property
    def is_create_only(self):
        return self.kind in CREATE_ONLY and self.verb in ("put", "create")

    @property
    def where(self):
        return f"{self.name} {self.stage}" if self.stage else self.name


def classify(request, prefix, receipts):
    """Says what a request is; `receipts` tells whose message a receipt is."""
    target = request.fields.get("x-amz-target")
    if target:
        return queue_call(target.split(".")[-1], request.json(), receipts)
    method, path, _ = request.first.split(" ", 2)
    path, _, query = path.partition("?")
    query = urllib.parse.parse_qs(query, keep_blank_values=True)
    if "list-type" in query:
        return object_call("list", query.get("prefix", [""])[0].removeprefix(prefix), request)
    # The bucket stands before the key.
    key = urllib.parse.unquote(path).split("/", 2)[-1]
    return object_call(verb_of(method, request), key.removeprefix(prefix), request)


def verb_of(method, request):
    if method != "PUT":
        return {"GET": "get", "DELETE": "delete", "HEAD": "head"}.get(method, "post")
    if "if-match" in request.fields:
        return "swap"
    return "create" if request.fields.get("if-none-match") == "*" else "put"


def queue_call(operation, body, receipts):
    call = Call(QUEUE_CALLS.get(operation, operation), key=body.get("QueueUrl", "").rsplit("/", 1)[-1])
    if call.name == "send":
        call.text = body["MessageBody"]
        name_message(call)
    elif call.name in ("acknowledge", "extend"):
        call.text = body["ReceiptHandle"]
        call.job, call.stage, call.unit = receipts.get(call.text, (None, None, None))
    return call


def name_message(call):
    """Fills in what a message's text says; texts that are no messages say nothing."""
    try:
        told = json.loads(call.text)
        call.job, call.stage, call.unit = told["job"], told["stage"], told["unit"]
    except (ValueError, KeyError, TypeError, RecursionError):
        pass


def object_call(verb, key, request):
    """Names a call by the key's layout: `jobs/TENANT/JOB/KIND/STAGE/UNIT/NUMBER` and the few others."""
    parts = key.split("/")
    match parts:
        case ["jobs", _, job, "state.json"]:
            document = json.loads(request.body) if verb in ("swap", "create") else None
            # A program that starts tries the store with numbers in the place of documents.
            if isinstance(document, int):
                return Call(f"{verb} probe", key=key)
            return Call(f"{verb} state", job, document["phase"] if verb == "swap" else None, key=key)
        case ["jobs", _, job, "artifacts", _, stage, *_]:
            return Call(f"{verb} artifacts", job, stage, key=key)
        case ["jobs", _, job, kind, stage, *rest]:
            unit, number = (rest + [None, None])[:2]
            return Call(f"{verb} {kind}", job, stage or None, unit or None, number, key=key)
        case [_, "index", "active", job]:
            return Call(f"{verb} active", job or None, key=key)
        case ["jobs" | "cache" as kind, *_] | [_, kind, *_]:
            return Call(f"{verb} {kind}", key=key)
    return Call(f"{verb} bucket", key=key)
