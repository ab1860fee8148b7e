"""Runs what is in the images: non-root, on a read-only root, against what the same programs do outside."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

import cloud
from images import engine

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
UID = 65532
CPU, EMBED, DOCTOWN = "localhost/doctown-cpu", "localhost/doctown-embed:cpu", "localhost/doctown"
# The stages that the image of functions holds, in the pipeline's order.
STAGES = ["ingest", "assemble", "generate", "pack"]
STOP_SECONDS = 20
# A crate of this workspace's dependencies: some thousand lines that are there anyway.
PACKAGE = "tar"


class Smoke:
    def __init__(self, programs, model, scratch):
        self.programs, self.model, self.scratch = programs, model, pathlib.Path(scratch)
        self.findings = []

    def check(self, what, holds, told=""):
        print(f"   {'ok  ' if holds else 'FAIL'} {what}", flush=True)
        if not holds:
            self.findings.append(f"{what}: {str(told)[-1500:]}")

    def main(self):
        # Outside the checkout: an image sees no repository around the sample either.
        self.source = self.scratch / "source"
        shutil.copytree(ROOT / "tests/sample", self.source / "tests/sample")
        shutil.copytree(ROOT / "functions", self.source / "functions", ignore=shutil.ignore_patterns("src", "tests"))
        self.no_more_than_needed()
        for stage in STAGES:
            self.single_run(CPU, [stage], stage)
        self.single_run(EMBED, [], "embed")
        self.entry()
        self.starting()
        self.serving(CPU, ["assemble"], {"DOCTOWN_MODE": "http"})
        self.serving(EMBED, [], {"DOCTOWN_MODE": "sqs"})
        self.serving(CPU, ["schedule"], {"DOCTOWN_MODE": "sqs"})
        self.packs(str(self.source / "tests/sample"), [])
        self.packs(cloud.package_folder(PACKAGE), ["--no-embeddings"])
        return self.findings

    def outside(self, program, *arguments, **environment):
        """Runs the same program without a container; returns its standard output."""
        settings = {"DOCTOWN_HOME": str(self.scratch / "home"), "DOCTOWN_MODEL": str(self.model), "DOCTOWN_DEVICE": "cpu"}
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("DOCTOWN_", "AWS_"))}
        command = [str(part) for part in (self.programs / program, *arguments)]
        done = subprocess.run(command, env={**kept, **settings, **environment}, cwd=self.source, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{command} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def no_more_than_needed(self):
        for image in (CPU, EMBED, DOCTOWN):
            code, _, told = engine.once(image, "-c", "true", options=["--entrypoint", "/bin/sh"], check=False)
            self.check(f"{image} has no shell", code == 127, told)
            user = json.loads(engine.run("podman", "image", "inspect", image))[0]["Config"]["User"]
            self.check(f"{image} names its user", user == f"{UID}:{UID}", user)

    def single_run(self, image, command, stage):
        sample = f"functions/{stage}/sample.json"
        options = ["-v", f"{self.source}:/source:ro", "-w", "/source", "-e", "DOCTOWN_LOCAL_PATHS=true", "--network=none"]
        code, told, complaint = engine.once(image, *command, "--once", sample, options=options, check=False)
        if code != 0:
            return self.check(f"{stage} runs its sample", False, complaint)
        ours, theirs = (json.loads(text)["output"] for text in (told, self.outside(f"doctown-{stage}", "--once", sample)))
        self.check(f"{stage} makes of its sample what it makes outside: {theirs['digest'][:23]}…", ours == theirs, ours)

    def entry(self):
        code, _, told = engine.once(CPU, "nothing", check=False)
        self.check("a function that is not there is refused with 2, and the others are named", code == 2 and "ingest" in told, told)
        code, _, told = engine.once(CPU, "pack", options=["--env", "PORT="], check=False)
        self.check("a function that is told nothing says what it needs, with 2", code == 2 and "DOCTOWN_MODE" in told, told)

    def cloud_options(self, port, **settings):
        """Returns options for a container that finds the server of this run."""
        passed = {key: value for key, value in os.environ.items() if key.startswith("AWS_")}
        settings = {**passed, "DOCTOWN_STORE": "s3://doctown-smoke/p", "DOCTOWN_ENVIRONMENT": "smoke",
                    "DOCTOWN_LISTEN": "127.0.0.1", "PORT": port, **settings}
        return ["--network=host", *(part for key, value in settings.items() for part in ("-e", f"{key}={value}"))]

    def starting(self):
        """A store that takes the connection and says nothing keeps a process starting."""
        port = cloud.free_port()
        with socket.create_server(("127.0.0.1", 0)) as silent:
            options = self.cloud_options(port, DOCTOWN_MODE="http", AWS_ENDPOINT_URL=f"http://127.0.0.1:{silent.getsockname()[1]}")
            with engine.running(CPU, "ingest", options=options) as container:
                cloud.wait_for("a port", lambda: cloud.request(f"http://127.0.0.1:{port}/health")[0], 60)
                status = cloud.request(f"http://127.0.0.1:{port}/health")[0]
                self.check("health is 204 while a process starts", status == 204, status)
                code, told = self.asked(container)
                self.check("the image's health check says no", code == 1, told)

    def serving(self, image, command, settings):
        name, port = command[0] if command else "embed", cloud.free_port()
        with engine.running(image, *command, options=self.cloud_options(port, **settings)) as container:
            base = f"http://127.0.0.1:{port}"
            cloud.wait_for(f"{name} to be ready", lambda: cloud.request(f"{base}/health")[0] == 200, 120)
            process = json.loads(engine.run("podman", "inspect", container))[0]["State"]["Pid"]
            status = pathlib.Path(f"/proc/{process}/status").read_text()
            self.check(f"{name} runs as {UID} and can gain no rights", f"Uid:\t{UID}\t{UID}" in status and "NoNewPrivs:\t1" in status and "CapEff:\t0000000000000000" in status, status)
            code, told = self.asked(container)
            self.check(f"{name}: the image's health check says yes", code == 0, told)
            status, body = cloud.request(f"{base}/metrics")
            self.check(f"{name} tells its metrics", status == 200 and body.endswith("# EOF\n"), body)
            engine.run("podman", "stop", "-t", STOP_SECONDS, container)
            # One that had to be killed would have ended with 137.
            self.check(f"{name} ends on SIGTERM with 0", engine.ended(container) == 0, engine.logs(container))

    def asked(self, container):
        """Runs the image's own health check in the container."""
        done = subprocess.run(["podman", "healthcheck", "run", container], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def packs(self, source, flags):
        """The pack of the image and the one made outside are the same file."""
        name = pathlib.Path(source).name
        folder = self.scratch / f"out-{name}"
        folder.mkdir()
        folder.chmod(0o777)
        options = ["-v", f"{source}:/repo:ro", "-v", f"{folder}:/out", "--network=none"]
        engine.once(DOCTOWN, "build", "/repo", "-q", *flags, "-o", "/out/image.docpack", options=options)
        self.outside("doctown", "build", source, "-q", *flags, "-o", self.scratch / f"{name}.docpack")
        ours, theirs = (path.read_bytes() for path in (folder / "image.docpack", self.scratch / f"{name}.docpack"))
        self.check(f"the pack of {name} is byte for byte the one made outside", ours == theirs)
        code, _, told = engine.once(DOCTOWN, "export", "--html", "/out/image.docpack", "-o", "/out/page.html", options=options, check=False)
        page = folder / "page.html"
        self.check(f"the pack of {name} becomes a page", code == 0 and page.read_bytes().startswith(b"<!doctype html>"), told)
        self.check(f"it verifies: {self.outside('doctown', 'verify', folder / 'image.docpack').strip()}", True)


def run(programs, model):
    cloud.deploy("smoke", "doctown-smoke")
    with tempfile.TemporaryDirectory() as scratch:
        return Smoke(programs, model, scratch).main()
