"""Writes what a release publishes: wheels, npm packages, archives, checksums and a list of components."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent


def say(line):
    print(f"package: {line}", file=sys.stderr, flush=True)
