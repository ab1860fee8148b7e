"""As much of HTTP/1.1 as S3 and SQS clients and servers speak to each other."""

import asyncio
import hashlib
import json
import uuid

# Longest head or chunk line that is read.
MAX_LINE_BYTES = 1 << 16


class Message:
    """A request or an answer, as it came: the bytes that were signed are the bytes that go on."""

    def __init__(self, head, body):
        self.head, self.body = head, body
        first, *fields = head.rstrip(b"\r\n").split(b"\r\n")
        self.first = first.decode("latin-1")
        pairs = (field.partition(b":") for field in fields)
        self.fields = {name.strip().lower().decode("latin-1"): value.strip().decode("latin-1") for name, _, value in pairs}

    def to_bytes(self):
        return self.head + self.body

    @property
    def status(self):
        return int(self.first.split(" ", 2)[1])

    def json(self):
        return json.loads(self.body)


async def read_message(reader, is_answer=False, method=""):
    """Reads the next message; `None` when the other side is done."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    message = Message(head, b"")
    if is_answer and (method == "HEAD" or message.status in (204, 304)):
        return message
    if message.fields.get("transfer-encoding", "").lower() == "chunked":
        message.body = await read_chunks(reader)
    elif "content-length" in message.fields:
        message.body = await reader.readexactly(int(message.fields["content-length"]))
    elif is_answer:
        message.body = await reader.read()
    return message


async def read_chunks(reader):
    """Reads a chunked body without taking it apart."""
    raw = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        raw += line + await reader.readexactly(size + 2)
        if size == 0:
            return raw


async def ask(host, port, request):
    """Sends a request on a connection of its own, so that none is ever sent twice unasked."""
    reader, writer = await asyncio.open_connection(host, port, limit=MAX_LINE_BYTES)
    try:
        writer.write(request.to_bytes())
        await writer.drain()
        answer = await read_message(reader, is_answer=True, method=request.first.split(" ")[0])
        if answer is None:
            raise ConnectionError("the server closed the connection")
        return answer
    finally:
        writer.close()


def answer(status, body, content_type):
    """Makes an answer of the proxy's own."""
    head = (f"HTTP/1.1 {status} Injected\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
            f"x-amzn-RequestId: {uuid.uuid4()}\r\n\r\n")
    return Message(head.encode(), body)


def error(status, code, of_queue):
    """Makes an error as S3 or SQS would word it."""
    if of_queue:
        body = json.dumps({"__type": f"com.amazonaws.sqs#{code}", "message": "injected"}).encode()
        return answer(status, body, "application/x-amz-json-1.0")
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>injected</Message></Error>".encode()
    return answer(status, body, "application/xml")


def sent(body_text):
    """Makes SQS's answer to a message that was sent."""
    body = {"MessageId": str(uuid.uuid4()), "MD5OfMessageBody": hashlib.md5(body_text.encode()).hexdigest()}
    return answer(200, json.dumps(body).encode(), "application/x-amz-json-1.0")


def nothing_received():
    """Makes SQS's answer to a look at an empty queue."""
    return answer(200, b"{}", "application/x-amz-json-1.0")


def with_body(message, body, keeps_length):
    """Makes the same answer with another body; with the old length, the connection breaks in the middle."""
    if keeps_length:
        return Message(message.head, body)
    fields = [line for line in message.head.rstrip(b"\r\n").split(b"\r\n")
              if not line.lower().startswith((b"content-length:", b"transfer-encoding:"))]
    fields.append(b"Content-Length: %d" % len(body))
    return Message(b"\r\n".join(fields) + b"\r\n\r\n", body)
