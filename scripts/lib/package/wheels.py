"""Python wheels: one with the program for each target, one with the model for all."""

import base64
import hashlib

from .archives import DATA, PROGRAM, write_zip
from .payload import RUNTIME_VERSION

# Wheels of onnxruntime are published for these.
PYTHONS = ">=3.11,<3.15"
# No library is published for Intel Macs: there the program builds without vectors.
HAS_LIBRARY = 'sys_platform != "darwin" or platform_machine != "x86_64"'


def write_program(folder, release, target, program, glibc):
    tag = f"py3-none-{target.wheel_tag.format(*glibc)}"
    metadata = release.metadata(
        "doctown", release.summary, [f"doctown-model=={release.version}; {HAS_LIBRARY}"], release.readme
    )
    files = {f"doctown-{release.version}.data/scripts/{target.program}": (program, PROGRAM)}
    licences = {**release.licences, "THIRD-PARTY-LICENSES.txt": release.third_party}
    return write(folder, "doctown", release, tag, metadata, files, licences)


def write_model(folder, release, model):
    summary = "The embedding model of doctown: all-MiniLM-L6-v2 in int8, and its tokenizer."
    metadata = release.metadata("doctown-model", summary, [f"onnxruntime=={RUNTIME_VERSION}"], summary + "\n")
    about = '"""Holds files that the program `doctown` reads."""\n'
    files = {"doctown_model/__init__.py": (about.encode(), DATA)}
    files |= {f"doctown_model/{name}": (data, DATA) for name, data in model.items()}
    return write(folder, "doctown_model", release, "py3-none-any", metadata, files, release.model_licences)


def write(folder, name, release, tag, metadata, files, licences):
    info = f"{name}-{release.version}.dist-info"
    files = dict(sorted(files.items()))
    files |= {f"{info}/licenses/{licence}": (data, DATA) for licence, data in sorted(licences.items())}
    files[f"{info}/METADATA"] = (metadata.encode(), DATA)
    pure = "true" if tag.endswith("-any") else "false"
    wheel = f"Wheel-Version: 1.0\nGenerator: doctown scripts/package\nRoot-Is-Purelib: {pure}\nTag: {tag}\n"
    files[f"{info}/WHEEL"] = (wheel.encode(), DATA)
    lines = [f"{path},sha256={record_digest(data)},{len(data)}" for path, (data, _) in files.items()]
    files[f"{info}/RECORD"] = ("\n".join([*lines, f"{info}/RECORD,,", ""]).encode(), DATA)
    path = folder / f"{name}-{release.version}-{tag}.whl"
    write_zip(path, files)
    return path


def record_digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
