"""`doctown serve` in a world of its own, for the scripts that ask it."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60
JOB_SECONDS = 300


def program():
    """The program as scripts/test or scripts/doctown built it."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    found = pathlib.Path(os.environ.get("DOCTOWN_PROGRAM", target / "debug/doctown"))
    if not found.exists():
        sys.exit(f"`{found}` does not exist; build it with `cargo build -p doctown`")
    return found


class Server:
    """A server on a free port that reaches no other machine; stopped at the end of a `with`."""

    def __init__(self, *arguments, settings=None):
        self.arguments, self.settings = arguments, settings or {}
        self.scratch = tempfile.TemporaryDirectory()

    def __enter__(self):
        settings = {
            "PATH": os.environ["PATH"],
            "DOCTOWN_HOME": self.scratch.name,
            # Whatever is asked for, nothing outside is asked: there is no such host, and nobody listens at that port.
            "DOCTOWN_GITHUB_API_URL": "http://127.0.0.1:9",
            "DOCTOWN_INSECURE_AUTHORITIES": "127.0.0.1:9",
            "DOCTOWN_GIT_HOSTS": "git.invalid",
            "DOCTOWN_READS_PER_MINUTE": "0",
            "DOCTOWN_WRITES_PER_MINUTE": "0",
        } | self.settings
        log = pathlib.Path(self.scratch.name) / "serve.log"
        command = [program(), "serve", "--port", "0", "--no-embeddings", "--allow-local", *self.arguments]
        self.process = subprocess.Popen(command, env=settings, stderr=log.open("wb"))
        for _ in range(START_SECONDS * 10):
            found = re.search(r"http://[0-9.:]+", log.read_text(errors="replace"))
            if found or self.process.poll() is not None:
                break
            time.sleep(0.1)
        if not found:
            sys.exit(f"the server did not start:\n{log.read_text(errors='replace')}")
        self.log, self.url = log, found.group(0)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.scratch.cleanup()

    def ask(self, path, body=None, headers=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"content-type": "application/json"} | (headers or {}))
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def docpack(self, folder):
        """Makes a docpack of a folder; returns the job."""
        order = {"repo_url": str(folder), "options": {"embeddings": False}}
        job = self.ask("/v1/jobs", order)["job"]
        for _ in range(JOB_SECONDS * 10):
            job = self.ask(f"/v1/jobs/{job['job_id']}")
            if job["is_over"]:
                break
            time.sleep(0.1)
        if job["phase"] != "completed":
            sys.exit(f"the job is {job['phase']}: {job['error']}")
        return job
