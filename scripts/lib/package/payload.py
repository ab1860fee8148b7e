"""The files beside the program: weights, tokenizer and ONNX Runtime's library, each checked by its digest."""

import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

from . import ROOT, say
from .archives import sha256

TABLE = ROOT / "common/embed/model.json"
PINNED = json.loads(TABLE.read_text())
RUNTIME_VERSION = PINNED["runtime"]["version"]
# The weights that builds use unless they are asked for others; fp32 is in no package.
MODEL_FILES = [PINNED["tokenizer"], PINNED["weights"]["int8"]]
# The library of a wheel is the same for every Python on Linux; elsewhere each has its own, and one is taken.
WHEEL_PYTHON = "313"


def model_files():
    """Returns the bytes of weights, tokenizer and the table of digests by name.

    Where the files are missing, scripts/setup-model makes them.
    """
    made = subprocess.run([ROOT / "scripts/setup-model"], stdout=subprocess.PIPE, text=True)
    if made.returncode != 0:
        sys.exit("package: the model could not be made")
    folder = pathlib.Path(made.stdout.strip())
    files = {pinned["file"]: checked(pinned, (folder / pinned["file"]).read_bytes()) for pinned in MODEL_FILES}
    return {**files, TABLE.name: TABLE.read_bytes()}


def library_files(target):
    """Returns by name the bytes of the library, and those of its licence and notices; none for Intel Macs."""
    if target.library_tag is None:
        return {}, {}
    pinned = PINNED["runtime"]["cpu"][target.platform]
    with tempfile.TemporaryDirectory(prefix="doctown-library-") as folder:
        say(f"fetching onnxruntime {RUNTIME_VERSION} for {target.platform}")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        kind = ["--only-binary", ":all:", "--implementation", "cp", "--python-version", WHEEL_PYTHON]
        place = ["--platform", target.library_tag, "--dest", folder]
        done = subprocess.run([*pip, *kind, *place, f"onnxruntime=={RUNTIME_VERSION}"], stdout=sys.stderr)
        if done.returncode != 0:
            sys.exit("package: pip could not fetch the wheel of onnxruntime")
        (wheel,) = pathlib.Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            library = checked(pinned, archive.read(f"onnxruntime/capi/{pinned['file']}"))
            notices = {
                "LICENSE-ONNXRUNTIME": archive.read("onnxruntime/LICENSE"),
                "NOTICES-ONNXRUNTIME.txt": archive.read("onnxruntime/ThirdPartyNotices.txt"),
            }
    return {pinned["file"]: library}, notices


def checked(pinned, data):
    digests = pinned["sha256"] if isinstance(pinned["sha256"], list) else [pinned["sha256"]]
    if sha256(data) not in digests:
        sys.exit(f"package: `{pinned['file']}` is {sha256(data)}, common/embed/model.json pins {' or '.join(digests)}")
    return data
