"""The archive for whoever has neither pip nor npm: the program, and beside it all that it reads."""

from .archives import DATA, PROGRAM, write_tar


def write(folder, release, target, program, model, library, notices):
    name = f"doctown-{release.version}-{target.triple}"
    files = {target.program: (program, PROGRAM), "README.md": (release.readme.encode(), DATA)}
    files |= {f"model/{file}": (data, DATA) for file, data in {**model, **library}.items()}
    texts = {**release.licences, **notices, "THIRD-PARTY-LICENSES.txt": release.third_party}
    files |= {file: (data, DATA) for file, data in texts.items()}
    path = folder / f"{name}.tar.gz"
    write_tar(path, {f"{name}/{file}": entry for file, entry in files.items()})
    return path
