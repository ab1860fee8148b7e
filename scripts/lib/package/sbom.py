"""The list of components, in CycloneDX 1.5: crates, npm packages, ONNX Runtime and the model."""

import json
import time
import tomllib

from . import ROOT
from .archives import epoch
from .payload import MODEL_FILES, PINNED, RUNTIME_VERSION


def write(folder, release):
    path = folder / f"doctown-{release.version}.cdx.json"
    path.write_text(json.dumps(document(release), indent=1) + "\n")
    return path


def document(release):
    program = {"type": "application", "bom-ref": "doctown", "name": "doctown", "version": release.version}
    components = [*crates(release), *npm_packages(release), *shipped_files()]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch())),
            "component": {**program, "licenses": [{"expression": release.licence}]},
        },
        "components": components,
    }


def crates(release):
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    checksums = {(crate["name"], crate["version"]): crate.get("checksum") for crate in lock}
    for crate in release.crates:
        checksum = checksums.get((crate["name"], crate["version"]))
        # `/` between licences is an old way to write OR.
        licence = (crate["license"] or "").replace("/", " OR ")
        yield component("cargo", crate["name"], crate["version"], licence, checksum)


def npm_packages(release):
    for name, package in release.npm_packages.items():
        yield component("npm", name, package["version"], package.get("license", ""), None)


def component(kind, name, version, licence, checksum):
    purl = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    described = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    if licence:
        described["licenses"] = [{"expression": licence}]
    if checksum:
        described["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return described


def shipped_files():
    yield component("pypi", "onnxruntime", RUNTIME_VERSION, "MIT", None)
    for pinned in MODEL_FILES:
        yield {
            "type": "machine-learning-model",
            "bom-ref": pinned["file"],
            "name": f"{PINNED['name']}: {pinned['file']}",
            "licenses": [{"expression": "Apache-2.0"}],
            "hashes": [{"alg": "SHA-256", "content": pinned["sha256"]}],
        }
