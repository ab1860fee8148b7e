"""The parts of scripts/package that need no program: reading what it needs, and archives of equal bytes."""

import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts/lib"))

from package import archives, elf  # noqa: E402

VERNEED = 0x6FFFFFFE


def program(*versions, machine=62):
    """Makes an ELF file that asks for these versions of symbols, and holds nothing else."""
    strings = b"\0libc.so.6\0" + b"".join(version.encode() + b"\0" for version in versions)
    start_of_strings = 64
    start_of_needs = start_of_strings + len(strings)
    needs = struct.pack("<HHIII", 1, len(versions), 1, 16, 0)
    for index, version in enumerate(versions):
        step = 16 if index + 1 < len(versions) else 0
        needs += struct.pack("<IHHII", 0, 0, index + 2, strings.index(b"\0" + version.encode() + b"\0") + 1, step)
    start_of_sections = start_of_needs + len(needs)
    sections = bytes(64) + section(3, start_of_strings, len(strings), 0) + section(VERNEED, start_of_needs, len(needs), 1)
    header = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, 0, start_of_sections, 0, 64, 0, 0, 64, 3, 0)
    return header + strings + needs + sections


def section(kind, offset, size, link):
    return struct.pack("<IIQQQQIIQQ", 0, kind, 0, 0, offset, size, link, 0, 1, 0)


class Elf(unittest.TestCase):
    def test_the_newest_glibc_is_compared_by_number(self):
        self.assertEqual(elf.glibc(program("GLIBC_2.4", "GLIBC_2.28", "GLIBC_2.3.4")), (2, 28))

    def test_private_and_foreign_versions_do_not_count(self):
        self.assertEqual(elf.glibc(program("GLIBC_2.17", "GLIBC_PRIVATE", "GCC_3.0")), (2, 17))

    def test_the_processor_is_read_and_other_files_have_none(self):
        self.assertEqual(elf.machine(program("GLIBC_2.17", machine=183)), "aarch64")
        self.assertIsNone(elf.machine(b"MZ" + bytes(80)))

    def test_a_program_for_a_newer_glibc_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "doctown"
            for version, refused in (("GLIBC_2.29", True), ("GLIBC_2.28", False)):
                path.write_bytes(program(version))
                done = subprocess.run(
                    [ROOT / "scripts/package", "--only-check", "--program", path], stderr=subprocess.PIPE, text=True
                )
                self.assertEqual(done.returncode != 0, refused, done.stderr)
                self.assertEqual("needs glibc 2.29" in done.stderr, refused)


class Archives(unittest.TestCase):
    FILES = {"b": (b"two", archives.DATA), "a": (b"one", archives.PROGRAM)}

    def test_equal_files_give_equal_bytes_at_any_time_and_place(self):
        for write in (archives.write_zip, archives.write_tar):
            first, second = self.written(write, "1"), self.written(write, "2")
            self.assertEqual(first, second)

    def test_the_date_of_the_source_is_the_date_in_the_archive(self):
        before = self.written(archives.write_tar, "1")
        os.environ["SOURCE_DATE_EPOCH"] = "1700000000"
        try:
            self.assertNotEqual(before, self.written(archives.write_tar, "1"))
        finally:
            del os.environ["SOURCE_DATE_EPOCH"]

    def written(self, write, name):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / name
            write(path, self.FILES)
            return path.read_bytes()


if __name__ == "__main__":
    unittest.main()
