"""What the oracles install, each thing once for as long as what it is made from stays the same."""

import hashlib
import os
import pathlib
import platform
import shutil

HOME = pathlib.Path(os.environ.get("DOCTOWN_HOME", pathlib.Path.home() / ".doctown")) / "truth"


def digest(sources):
    """Names what was installed from, so that a changed pin or program is installed anew."""
    state = hashlib.sha256(platform.machine().encode())
    for path in sorted(sources):
        state.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()


def once(folder, sources, install):
    """Runs `install` into an empty folder unless it was made from just these sources."""
    wanted, stamp = digest(sources), folder.with_name(f"{folder.name}.stamp")
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        install(folder)
        stamp.write_text(wanted)
    return folder


def lines(path):
    """The lines of a list of pins, without comments."""
    return [line for line in path.read_text().split("\n") if line and not line.startswith("#")]
