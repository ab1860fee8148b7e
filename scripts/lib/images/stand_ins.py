"""Base images made of Debian packages, for a machine that reaches no image registry.

They bear the names of what they stand in for, in a storage of their own, so that the Dockerfiles are built as
they are. What is shown with them holds for our layers; the published images' own layers are others.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

RELEASE = "bookworm"
DEBIAN = f"docker.io/library/debian:{RELEASE}-slim"
RUST = "docker.io/library/rust:1.95.0-slim-bookworm"
PYTHON = "docker.io/library/python:3.11-slim-bookworm"
DISTROLESS = "gcr.io/distroless/cc-debian12:nonroot"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# As in the image that this stands in for: the C and C++ runtimes, certificates, time zones, one user.
LIBRARIES = ["libc6", "libgcc-s1", "libstdc++6"]
USERS = "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n"
GROUPS = "root:x:0:\nnonroot:x:65532:\n"


def set_up(folder):
    """Points the tools to a storage below `folder`, and makes there what is missing. Works inside a container."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "storage.conf").write_text(
        f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/storage"\nrunroot = "{folder}/run"\n'
    )
    # Without limits of their own, containers want more than a container may give them; crun knows no hybrid cgroups.
    (folder / "containers.conf").write_text(
        '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n'
        '[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\n'
    )
    os.environ |= {
        "STORAGE_DRIVER": "vfs",
        "BUILDAH_ISOLATION": "chroot",
        "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        "CONTAINERS_CONF": str(folder / "containers.conf"),
    }
    for name, make in ((DEBIAN, debian), (RUST, rust), (PYTHON, python), (DISTROLESS, distroless)):
        if subprocess.run(["buildah", "inspect", "--type", "image", name], capture_output=True).returncode != 0:
            print(f"making a stand-in for {name}", flush=True)
            make(folder)


def mounts():
    """What a build sees of this machine: certificates and the toolchain that stands in for the image's."""
    toolchain = out("rustc", "--print", "sysroot")
    cargo = pathlib.Path(os.environ.get("CARGO_HOME", pathlib.Path.home() / ".cargo"))
    registry = cargo / "registry"
    registry.mkdir(parents=True, exist_ok=True)
    pairs = {"/etc/ssl/certs": "/etc/ssl/certs:ro", toolchain: "/usr/local/rust:ro", registry: "/usr/local/registry/registry"}
    return [argument for here, there in pairs.items() for argument in ("-v", f"{here}:{there}")]


def debian(folder):
    if not shutil.which("debootstrap"):
        raise SystemExit("stand-ins are made by `debootstrap`, which is not installed: `apt-get install debootstrap`")
    root = folder / "rootfs"
    shutil.rmtree(root, ignore_errors=True)
    sources = pathlib.Path("/etc/apt/sources.list.d/debian.sources")
    mirror = re.search(r"^URIs: *(\S+)", sources.read_text() if sources.exists() else "", re.MULTILINE)
    run("debootstrap", "--variant=minbase", RELEASE, root, *([mirror.group(1)] if mirror else []))
    for leftover in (*root.glob("var/cache/apt/archives/*.deb"), *root.glob("var/lib/apt/lists/*_*")):
        leftover.unlink()
    container = out("buildah", "from", "scratch")
    run("buildah", "copy", "-q", container, root, "/")
    commit(container, DEBIAN, "--env", f"PATH={PATH}", "--cmd", "bash")


def rust(_folder):
    container = with_packages("gcc", "libc6-dev", "ca-certificates")
    commit(container, RUST, "--env", f"PATH=/usr/local/rust/bin:{PATH}", "--env", "CARGO_HOME=/usr/local/registry")


def python(_folder):
    commit(with_packages("python3", "python3-pip", "python3-venv", "ca-certificates"), PYTHON)


def distroless(folder):
    source = with_packages("ca-certificates", "tzdata")
    root = folder / "distroless"
    shutil.rmtree(root, ignore_errors=True)
    for directory, mode in (("tmp", 0o1777), ("home/nonroot", 0o755), ("etc", 0o755)):
        (root / directory).mkdir(parents=True)
        (root / directory).chmod(mode)
    (root / "etc/passwd").write_text(USERS)
    (root / "etc/group").write_text(GROUPS)
    base = pathlib.Path(out("buildah", "mount", source))
    for part in ("bin", "lib", "lib64", "sbin"):
        (root / part).symlink_to(f"usr/{part}")
        (root / "usr" / part).mkdir(parents=True)
    listed = out("chroot", base, "dpkg", "-L", *LIBRARIES).splitlines()
    wanted = [path for path in listed if re.search(r"/lib(64|/x86_64-linux-gnu)/.*\.so", path)]
    for path in [*wanted, "/etc/ssl/certs/ca-certificates.crt"]:
        there = path if path.startswith(("/usr", "/etc")) else f"/usr{path}"
        target = root / there[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(base / there[1:], target, follow_symlinks=False)
    shutil.copytree(base / "usr/share/zoneinfo", root / "usr/share/zoneinfo", symlinks=True)
    run("buildah", "rm", source)
    container = out("buildah", "from", "scratch")
    run("buildah", "copy", "-q", container, root, "/")
    commit(container, DISTROLESS, "--env", f"PATH={PATH}", "--env", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
           "--user", "65532", "--workingdir", "/home/nonroot")


def with_packages(*packages):
    container = out("buildah", "from", "--pull-never", DEBIAN)
    install = f"apt-get update -qq && apt-get install -y -qq --no-install-recommends {' '.join(packages)}"
    clean = "rm -rf /var/lib/apt/lists/* /var/cache/apt/*"
    run("buildah", "run", "-v", "/etc/apt:/etc/apt:ro", container, "--", "sh", "-c", f"{install} && {clean}")
    return container


def commit(container, name, *configuration):
    run("buildah", "config", *configuration, container)
    run("buildah", "commit", "-q", "--rm", container, name)


def run(*command):
    subprocess.run([str(part) for part in command], check=True, stdout=sys.stderr)


def out(*command):
    done = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip().splitlines()[-1] if command[0] == "buildah" else done.stdout.strip()
