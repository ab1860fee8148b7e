"""Disks that are full: a small one of its own, mounted for as long as it is needed."""

import asyncio
import json
import os
import pathlib
import shutil
import subprocess
import time

from fault_arena import Job
from fault_checks import Outcome

# A build of the small source needs some 150 kB; the steps are small enough to fail at most of its writes.
STEP_KB = 4
MAX_KB = 400
AMPLE_KB = 8_000
# Codes that a full disk may show itself by; the message must say it in words.
CODES = ("store_unavailable", "store_refused", "disk_full")
WORDS = "No space left"


def lacks():
    """Says why there can be no small disk here, if there cannot."""
    return None if os.geteuid() == 0 and shutil.which("mount") else "mounting a small disk takes root"


class TinyDisk:
    def __init__(self, folder, size_kb):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", self.folder], check=True)

    def resize(self, size_kb):
        subprocess.run(["mount", "-o", f"remount,size={size_kb}k", self.folder], check=True)

    def fill(self):
        """Leaves no room at all."""
        try:
            with open(self.folder / "filler", "wb", buffering=0) as filler:
                while True:
                    filler.write(b"\0" * 4096)
        except OSError:
            pass

    def empty(self):
        for entry in self.folder.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def unmount(self):
        subprocess.run(["umount", self.folder], check=True)


def workers_without_disk(seed, full, calls):
    return [Job(f"no disk {one}", must_inject=False) for one in range(seed, seed + 2)]


def on_a_full_disk(arena, idx):
    disk = TinyDisk(arena.scratch / f"disk-{idx}", 16)
    disk.fill()
    arena.disks.append(disk)
    return {"DOCTOWN_HOME": str(disk.folder), "TMPDIR": str(disk.folder)}


async def unmount_all(arena, full):
    for disk in arena.disks:
        disk.unmount()
    return []


async def laptop(arena, seed, full):
    """Builds on disks of growing size; each failure must say what is wrong, lose nothing and end well with room."""
    source = arena.make_source(Job("laptop"))
    expected = await arena.build_undisturbed(source)
    disk = TinyDisk(arena.scratch / "disk", AMPLE_KB)
    outcomes = []
    try:
        for size_kb in range(2 * STEP_KB, MAX_KB, STEP_KB if full else 4 * STEP_KB):
            disk.empty()
            disk.resize(size_kb)
            started = time.monotonic()
            outcome = Outcome(f"{size_kb} kB", 0, n_injected=1)
            code, told, _ = await build(arena, source, disk)
            if code == 0:
                break
            outcome.problems += check_failure(code, told)
            outcome.as_expected = not outcome.problems
            disk.resize(AMPLE_KB)
            code, told, pack = await build(arena, source, disk)
            outcome.is_equal = code == 0 and pack == expected
            outcome.problems += [] if outcome.is_equal else [f"with room again: exit {code}, {told[-300:]}"]
            outcome.seconds = time.monotonic() - started
            outcomes.append(outcome)
    finally:
        disk.unmount()
    return outcomes, [] if len(outcomes) >= 3 else ["the disk was never full"]


async def build(arena, source, disk):
    output = source.with_suffix(".tiny.docpack")
    output.unlink(missing_ok=True)
    environment = {**arena.environment(1), "DOCTOWN_STORE": str(disk.folder / "store"), "DOCTOWN_HOME": str(disk.folder)}
    process = await asyncio.create_subprocess_exec(
        arena.kit.doctown, "build", source, "--json", "--no-source", "-o", output, *arena.flags, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    _, told = await process.communicate()
    return process.returncode, told.decode(), output.read_bytes() if output.exists() else None


def check_failure(code, told):
    last = told.strip().splitlines()[-1]
    try:
        error = json.loads(last)["error"]
    except (ValueError, KeyError):
        return [f"exit {code} without a code: {last[-300:]}"]
    is_clear = code == 1 and error["code"] in CODES and WORDS in error["message"]
    return [] if is_clear else [f"exit {code}: {error}"]
