"""RunPod's queue endpoint on this machine, both sides: clients send jobs, workers take them.

Speaks as much of both as doctown-dispatch and a worker use: run, status, health; job-take, job-done, ping.
"""

import http.server
import json
import queue
import threading
import urllib.parse
import uuid

# A take that finds nothing is held this long.
POLL_SECONDS = 2


class QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """A worker that ends closes its polls; that is how it is meant."""


class RunpodServer:
    def __init__(self):
        self.waiting, self.jobs, self.pings = queue.Queue(), {}, 0
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, value=None):
                body = b"" if value is None else json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                parts = urllib.parse.urlparse(self.path).path.split("/")
                kind = parts[3]
                if kind in ("job-take", "job-take-batch"):
                    job = owner.take()
                    self.answer(204) if job is None else self.answer(200, [job] if kind.endswith("batch") else job)
                elif kind == "job-stop":
                    threading.Event().wait(POLL_SECONDS)
                    self.answer(204)
                elif kind == "ping":
                    owner.pings += 1
                    self.answer(200, {})
                elif kind == "status":
                    job = owner.jobs.get(parts[4])
                    self.answer(404, {}) if job is None else self.answer(200, job)
                elif kind == "health":
                    self.answer(200, {"jobs": {"inQueue": owner.waiting.qsize()}, "workers": {"running": 1, "unhealthy": 0}})
                else:
                    self.answer(404, {})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                parts = urllib.parse.urlparse(self.path).path.split("/")
                if parts[3] == "run":
                    self.answer(200, owner.accept(json.loads(body)))
                elif parts[3] == "job-done":
                    owner.done(parts[5], json.loads(body))
                    self.answer(200, {})
                else:
                    self.answer(404, {})

        self.server = QuietServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}/v2"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def accept(self, request):
        job = {"id": f"{uuid.uuid4()}-e1", "status": "IN_QUEUE"}
        self.jobs[job["id"]] = job
        self.waiting.put({"id": job["id"], "input": request["input"]})
        return job

    def take(self):
        try:
            job = self.waiting.get(timeout=POLL_SECONDS)
        except queue.Empty:
            return None
        self.jobs[job["id"]]["status"] = "IN_PROGRESS"
        return job

    def done(self, job, result):
        if result.get("status") == "IN_PROGRESS":
            return
        state = "FAILED" if "error" in result else "COMPLETED"
        self.jobs[job] = {"id": job, "status": state, **{key: result[key] for key in ("output", "error") if key in result}}

    def worker_environment(self, endpoint):
        """What RunPod sets for a worker."""
        base = f"{self.base}/{endpoint}"
        return {
            "RUNPOD_WEBHOOK_GET_JOB": f"{base}/job-take/$RUNPOD_POD_ID?gpu=none",
            "RUNPOD_WEBHOOK_POST_OUTPUT": f"{base}/job-done/$RUNPOD_POD_ID/$ID?gpu=none",
            "RUNPOD_WEBHOOK_PING": f"{base}/ping/$RUNPOD_POD_ID",
            "RUNPOD_PING_INTERVAL": "1000",
            "RUNPOD_AI_API_KEY": "worker-key",
            "RUNPOD_POD_ID": "pod-1",
            "RUNPOD_ENDPOINT_ID": endpoint,
        }
