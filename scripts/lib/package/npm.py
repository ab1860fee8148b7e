"""npm packages: `doctown`, which starts the program of this machine's kind; one for each kind; one with the model.

Nothing runs when they are installed: npm chooses the package of the machine's kind by `os`, `cpu` and `libc`.
"""

import json

from . import ROOT
from .archives import DATA, PROGRAM, write_tar

LAUNCHER = ROOT / "scripts/lib/package/launcher.js"
NODE = ">=18"


def write_launcher(folder, release, targets):
    package = {
        **described(release, "doctown", release.summary),
        "bin": {"doctown": "bin/doctown.js"},
        "files": ["bin"],
        "engines": {"node": NODE},
        "optionalDependencies": {f"@doctown/{target.npm_name}": release.version for target in targets},
    }
    files = {"bin/doctown.js": (LAUNCHER.read_bytes(), PROGRAM), "README.md": (release.readme.encode(), DATA)}
    return write(folder, "doctown", release, package, files, release.licences)


def write_program(folder, release, target, program, library, notices):
    name = f"@doctown/{target.npm_name}"
    package = {
        **described(release, name, f"The program doctown for {target.triple}."),
        "os": [target.npm_os],
        "cpu": [target.npm_cpu],
        **({"libc": ["glibc"]} if target.is_linux else {}),
        # So that every package manager puts the model where the program looks for it.
        "dependencies": {"@doctown/model": release.version},
    }
    files = {f"bin/{target.program}": (program, PROGRAM)}
    files |= {f"bin/{name}": (data, DATA) for name, data in library.items()}
    licences = {**release.licences, "THIRD-PARTY-LICENSES.txt": release.third_party, **notices}
    return write(folder, f"doctown-{target.npm_name}", release, package, files, licences)


def write_model(folder, release, model):
    about = "The embedding model of doctown: all-MiniLM-L6-v2 in int8, and its tokenizer."
    package = {**described(release, "@doctown/model", about), "license": "Apache-2.0"}
    files = {name: (data, DATA) for name, data in model.items()}
    return write(folder, "doctown-model", release, package, files, release.model_licences)


def described(release, name, about):
    package = {"name": name, "version": release.version, "description": about, "license": release.licence}
    return package | ({"repository": {"type": "git", "url": release.repository}} if release.repository else {})


def write(folder, name, release, package, files, licences):
    files = {**files, **{licence: (data, DATA) for licence, data in licences.items()}}
    files["package.json"] = ((json.dumps(package, indent=2) + "\n").encode(), DATA)
    path = folder / f"{name}-{release.version}.tgz"
    write_tar(path, {f"package/{path}": file for path, file in files.items()})
    return path
