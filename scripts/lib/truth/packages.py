"""The packages that are measured: fetched by name and version, and only what is judged of them."""

import fnmatch
import json
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

LIST = pathlib.Path(__file__).resolve().parents[3] / "tests/truth/corpora.json"


def load(group="packages"):
    """The packages of tests/truth/corpora.json by name; `wholes` are repositories with their tests, `asked` with their documentation."""
    return {each["name"]: each for each in json.loads(LIST.read_text())[group]}


def folder(package, home):
    """The folder of a package's sources, fetched unless it is there."""
    name = package["name"].replace("/", "-").lstrip("@")
    whole = "-whole" if package.get("whole") else ""
    target = home / "corpora" / package["language"] / f"{name}{whole}-{package['version']}"
    wanted, stamp = json.dumps(package, sort_keys=True), target.with_suffix(".json")
    # The stamp comes last: where it lies, the folder is whole.
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"truth: fetching {package['name']} {package['version']}", file=sys.stderr)
        shutil.rmtree(target, ignore_errors=True)
        stamp.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            FETCH[package["registry"]](package, pathlib.Path(scratch))
            keep(pathlib.Path(scratch) / "package", target, package)
        stamp.write_text(wanted)
    return target


def fetch_npm(package, scratch):
    npm = ["npm", "pack", "--silent", "--pack-destination", scratch, f"{package['name']}@{package['version']}"]
    subprocess.run(npm, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(scratch.glob("*.tgz"))) as archive:
        archive.extractall(scratch / "tar", filter="data")
    # Some packages name the folder in their archive otherwise than `package`.
    next((scratch / "tar").iterdir()).rename(scratch / "package")


def fetch_pypi(package, scratch):
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    kind = ["--no-binary", ":all:"] if package.get("sdist") else ["--only-binary", ":all:"]
    subprocess.run([*pip, *kind, "--dest", scratch, f"{package.get('project', package['name'])}=={package['version']}"], check=True)
    wheel = next(scratch.glob("*.whl"), None)
    if wheel:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(scratch / "package")
        return
    with tarfile.open(next(scratch.glob("*.tar.gz"))) as archive:
        archive.extractall(scratch / "tar", filter="data")
    next((scratch / "tar").iterdir()).rename(scratch / "package")


def fetch_debian(package, scratch):
    program = pathlib.Path(__file__).parent / "go/oracle.py"
    subprocess.run([sys.executable, program, "fetch", package["import"], scratch / "package"], check=True)


def vendor(package, target):
    """Copies a crate with its own tests and examples."""
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch)
        (root / "src").mkdir()
        (root / "src/lib.rs").touch()
        head = '[workspace]\n[package]\nname = "fetch"\nversion = "0.0.0"\n[dependencies]\n'
        (root / "Cargo.toml").write_text(f'{head}{package["name"]} = "={package["version"]}"\n')
        command = ["cargo", "vendor", "--quiet", "--manifest-path", root / "Cargo.toml", root / "vendor"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        shutil.copytree(root / "vendor" / package["name"], target)


def fetch_crate(package, scratch):
    if package.get("whole"):
        vendor(package, scratch / "package")
        return
    program = pathlib.Path(__file__).parent / "rust/oracle.py"
    subprocess.run([sys.executable, program, "fetch", package["name"], scratch / "package"], check=True)


FETCH = {"npm": fetch_npm, "pypi": fetch_pypi, "debian": fetch_debian, "crates": fetch_crate}


def keep(source, target, package):
    """Copies the files that a package's entry includes, and its manifests, by which modules are found."""
    include, exclude = package["include"], package.get("exclude", [])
    n_files = 0
    for path in sorted(each for each in source.rglob("*") if each.is_file()):
        name = path.relative_to(source).as_posix()
        if is_any(name, include) and not is_any(name, exclude):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)
            n_files += 1
    if n_files == 0:
        raise SystemExit(f"truth: {package['name']} {package['version']} has no file that its entry includes")


def is_any(name, patterns):
    """`*` matches any characters here, folders included."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
