"""The machines that are released for, and the name each package index has for them."""

import dataclasses

# Older systems have no ONNX Runtime either: its wheels are for glibc 2.28.
GLIBC = (2, 28)
PROGRAM = "doctown"


@dataclasses.dataclass(frozen=True)
class Target:
    triple: str
    # As common/embed/model.json names them.
    platform: str
    npm_os: str
    npm_cpu: str
    # Of a wheel; on Linux the version of glibc goes in.
    wheel_tag: str
    # Of the onnxruntime wheel that holds the library; none is published for Intel Macs.
    library_tag: str | None

    @property
    def program(self):
        return f"{PROGRAM}.exe" if self.npm_os == "win32" else PROGRAM

    @property
    def npm_name(self):
        return f"{self.npm_os}-{self.npm_cpu}"

    @property
    def is_linux(self):
        return self.npm_os == "linux"


def linux(arch, npm_cpu):
    return Target(
        f"{arch}-unknown-linux-gnu", f"linux-{arch}", "linux", npm_cpu,
        f"manylinux_{{}}_{{}}_{arch}", f"manylinux_2_28_{arch}",
    )


TARGETS = {
    target.triple: target
    for target in [
        linux("x86_64", "x64"),
        linux("aarch64", "arm64"),
        Target("aarch64-apple-darwin", "macos-aarch64", "darwin", "arm64", "macosx_11_0_arm64", "macosx_14_0_arm64"),
        Target("x86_64-apple-darwin", "macos-x86_64", "darwin", "x64", "macosx_10_12_x86_64", None),
        Target("x86_64-pc-windows-msvc", "windows-x86_64", "win32", "x64", "win_amd64", "win_amd64"),
    ]
}
