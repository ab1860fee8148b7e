"""Builds and runs images with buildah and podman."""

import contextlib
import json
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
TOOLS = ("buildah", "podman")
# The published ones; the last is for the local stack alone. Dockerfile, target, name.
IMAGES = [
    ("cpu", "cpu", "localhost/doctown-cpu"),
    ("embed", "cpu", "localhost/doctown-embed:cpu"),
    ("doctown", "doctown", "localhost/doctown"),
    ("servers", None, "localhost/doctown-servers"),
]
CLOSED = ["--read-only", "--read-only-tmpfs=false", "--tmpfs", "/tmp:mode=1777", "--cap-drop=ALL", "--security-opt", "no-new-privileges"]


def build(dockerfile, target, name, contexts, mounts):
    # Its own format keeps HEALTHCHECK, which OCI's has not.
    command = ["buildah", "bud", "--format", "docker", "-t", name, "-f", ROOT / f"dockerfiles/{dockerfile}.Dockerfile"]
    command += ["--target", target] if target else []
    command += [argument for key, folder in contexts.items() for argument in ("--build-context", f"{key}={folder}")]
    started = time.monotonic()
    subprocess.run([str(part) for part in (*command, *mounts, ROOT)], check=True, stdout=sys.stderr)
    return time.monotonic() - started


def size_bytes(name):
    return json.loads(run("podman", "image", "inspect", name))[0]["Size"]


def sizes():
    lines = ["| image | MB |", "|---|---|"]
    lines += [f"| {name.removeprefix('localhost/')} | {size_bytes(name) / 1e6:.1f} |" for _, _, name in IMAGES]
    return "\n".join(lines)


def once(image, *arguments, options=(), check=True):
    """Runs a container to its end; returns its exit code, standard output and standard error."""
    command = ["podman", "run", "--rm", "--pull=never", *CLOSED, *options, image, *arguments]
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
    if check and done.returncode != 0:
        raise SystemExit(f"{image} {arguments} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.returncode, done.stdout, done.stderr


@contextlib.contextmanager
def running(image, *arguments, options=()):
    """Starts a container; yields its id, and removes it."""
    container = run("podman", "run", "-d", "--pull=never", *CLOSED, *options, image, *arguments)
    try:
        yield container
    finally:
        subprocess.run(["podman", "rm", "-f", container], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def ended(container):
    """Returns the exit code of a container that was stopped."""
    return json.loads(run("podman", "inspect", container))[0]["State"]["ExitCode"]


def logs(container):
    done = subprocess.run(["podman", "logs", container], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{command[:2]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout.strip()
