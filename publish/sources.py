"""What a built folder is made from, as one number that changes with it."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def digest(patterns):
    """The SHA-256 of the names and bytes of all files that match, in hex."""
    files = {file for pattern in patterns for file in ROOT.glob(pattern)}
    of_all = hashlib.sha256()
    for file in sorted(files):
        if file.is_file():
            of_all.update(file.relative_to(ROOT).as_posix().encode())
            of_all.update(file.read_bytes())
    return of_all.hexdigest()
