"""Reads from a Linux program its processor and the newest version of glibc that it needs."""

import struct

MACHINES = {62: "x86_64", 183: "aarch64"}
SHT_GNU_VERNEED = 0x6FFFFFFE


def machine(data):
    """Returns the processor, or None for what is no 64-bit little-endian ELF file."""
    if data[:6] != b"\x7fELF\x02\x01":
        return None
    return MACHINES.get(struct.unpack_from("<H", data, 18)[0])


def glibc(data):
    """Returns the newest glibc version that any symbol asks for, as (major, minor)."""
    versions = [name[len("GLIBC_"):] for name in needed_versions(data) if name.startswith("GLIBC_")]
    numbers = [tuple(map(int, version.split("."))) for version in versions if version[0].isdigit()]
    return max((number[:2] for number in numbers), default=(2, 0))


def needed_versions(data):
    """Lists the version names of `.gnu.version_r`, such as `GLIBC_2.28`."""
    names = []
    for kind, offset, _, link in (sections := list(section_headers(data))):
        if kind != SHT_GNU_VERNEED:
            continue
        strings = sections[link][1]
        need = offset
        while True:
            _, n_entries, _, first, following = struct.unpack_from("<HHIII", data, need)
            entry = need + first
            for _ in range(n_entries):
                _, _, _, name, step = struct.unpack_from("<IHHII", data, entry)
                start = strings + name
                names.append(data[start : data.index(b"\0", start)].decode())
                entry += step
            if not following:
                break
            need += following
    return names


def section_headers(data):
    """Yields type, offset, size and linked section of each section."""
    (start,) = struct.unpack_from("<Q", data, 40)
    size, count = struct.unpack_from("<HH", data, 58)
    for index in range(count):
        _, kind, _, _, offset, length, link = struct.unpack_from("<IIQQQQI", data, start + index * size)
        yield kind, offset, length, link
