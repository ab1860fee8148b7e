"""AWS Lambda's runtime interface on this machine: hands invocations to one function and takes its answers."""

import http.server
import json
import queue
import threading
import time
import uuid

# Longest time of a real function.
DEADLINE_SECONDS = 900


class QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """A worker that ends closes its polls; that is how it is meant."""


class LambdaRuntime:
    """Serves `/2018-06-01/runtime/…` on loopback; `invoke` waits for the function's answer."""

    def __init__(self):
        self.waiting, self.answers = queue.Queue(), {}
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                invocation, payload = owner.waiting.get()
                self.send_response(200)
                self.send_header("Lambda-Runtime-Aws-Request-Id", invocation)
                self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + DEADLINE_SECONDS) * 1000)))
                self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:local:0:function:doctown")
                self.send_header("Content-Type", "application/json")
                body = json.dumps(payload).encode()
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.headers.get("Transfer-Encoding") == "chunked":
                    body = self.read_chunks()
                parts = self.path.split("/")
                if "invocation" in parts:
                    owner.answers[parts[-2]].put((parts[-1], json.loads(body or b"null")))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def read_chunks(self):
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

        self.server = QuietServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def invoke(self, payload, seconds=120):
        """Returns `response` or `error`, and the function's body."""
        invocation = str(uuid.uuid4())
        self.answers[invocation] = queue.Queue()
        self.waiting.put((invocation, payload))
        return self.answers[invocation].get(timeout=seconds)
