"""A collector of traces on this machine: keeps what is posted to `/v1/traces` (OTLP over HTTP, protobuf)."""

import http.server
import threading


class TraceCollector:
    def __init__(self):
        self.bodies = []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path == "/v1/traces":
                    owner.bodies.append(body)
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def holds(self, trace_id, *words):
        """Tells whether one export has this trace and all of these words."""
        wanted = [bytes.fromhex(trace_id), *(word.encode() for word in words)]
        return any(all(part in body for part in wanted) for body in self.bodies)
