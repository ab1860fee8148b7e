"""Reads the records of a pack."""

import json
import re
import tarfile

READ = "source_map|nodes|clusters|overviews"


def records(path):
    """The entries by name; parts of an entry are put together."""
    found = {name: {} for name in READ.split("|")}
    with tarfile.open(path) as archive:
        for member in archive:
            entry = re.fullmatch(rf"({READ})(?:/\d+)?\.json", member.name)
            if entry:
                for key, value in json.load(archive.extractfile(member)).items():
                    whole = found[entry[1]].setdefault(key, type(value)())
                    found[entry[1]][key] = whole + value if isinstance(value, list) else value
    return found
