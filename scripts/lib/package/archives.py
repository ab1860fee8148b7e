"""Archives whose bytes depend on the names and bytes of their files alone, and on SOURCE_DATE_EPOCH."""

import gzip
import hashlib
import io
import os
import tarfile
import time
import zipfile

PROGRAM = 0o755
DATA = 0o644
# The first second that a zip can hold.
ZIP_EPOCH = 315_532_800
LEVEL = 6


def epoch():
    """Returns the time of every file, in seconds: SOURCE_DATE_EPOCH, or a fixed one."""
    return max(int(os.environ.get("SOURCE_DATE_EPOCH", ZIP_EPOCH)), ZIP_EPOCH)


def write_zip(path, files):
    """Writes files, pairs of bytes and mode by name, in the order of the mapping."""
    moment = time.gmtime(epoch())[:6]
    with zipfile.ZipFile(path, "w") as archive:
        for name, (data, mode) in files.items():
            entry = zipfile.ZipInfo(name, moment)
            entry.create_system = 3
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, LEVEL)


def write_tar(path, files):
    """Writes files, pairs of bytes and mode by name, in order of their names."""
    with open(path, "wb") as file, gzip.GzipFile("", "wb", LEVEL, file, mtime=epoch()) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for name, (data, mode) in sorted(files.items()):
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode, entry.mtime = len(data), mode, epoch()
                archive.addfile(entry, io.BytesIO(data))


def sha256(data):
    return hashlib.sha256(data).hexdigest()
