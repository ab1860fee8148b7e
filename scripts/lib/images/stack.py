"""Runs the stack of compose.yaml, gives it a job, and compares its pack with one made outside."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import cloud
from images import engine
from images.smoke import Smoke

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
FILE = ROOT / "dockerfiles/compose.yaml"
READY_SECONDS = 600


def run(programs, model):
    with tempfile.TemporaryDirectory() as scratch:
        return Stack(programs, model, scratch).main()


class Stack(Smoke):
    def main(self):
        self.source, out = self.scratch / "source", self.scratch / "out"
        shutil.copytree(ROOT / "tests/sample", self.source)
        out.mkdir()
        out.chmod(0o777)
        self.environment = {**os.environ, "DOCTOWN_SOURCES": str(self.source), "DOCTOWN_OUT": str(out)}
        try:
            self.compose("up", "-d", "--no-build")
            job = cloud.wait_for("a job to be taken", lambda: self.doctown("submit", "/sources", check=False), READY_SECONDS)
            told = json.loads(self.doctown("status", job, "--wait", "-o", "/out/stack.docpack", "--json"))
            self.check("the job is completed", told["data"]["phase"] == "completed", told)
            self.outside("doctown", "build", self.source, "-q", "--no-source", "-o", self.scratch / "local.docpack")
            ours, theirs = (path.read_bytes() for path in (out / "stack.docpack", self.scratch / "local.docpack"))
            self.check("its pack is byte for byte the one made outside", ours == theirs)
        finally:
            self.compose("down", "-t", "20")
        return self.findings

    def compose(self, *arguments):
        command = ["podman-compose", "-p", "doctown", "-f", FILE, *arguments]
        subprocess.run([str(part) for part in command], check=True, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def doctown(self, *arguments, check=True):
        """What `compose run --rm doctown` does, with the container's own options."""
        settings = {"AWS_ENDPOINT_URL": "http://server:4566", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
                    "AWS_REGION": "us-east-1", "DOCTOWN_STORE": "s3://doctown/local", "DOCTOWN_ENVIRONMENT": "compose"}
        options = ["--network=doctown_default", "-v", f"{self.environment['DOCTOWN_SOURCES']}:/sources:ro",
                   "-v", f"{self.environment['DOCTOWN_OUT']}:/out"]
        options += [part for key, value in settings.items() for part in ("-e", f"{key}={value}")]
        return engine.once("localhost/doctown", *arguments, options=options, check=check)[1].strip()
