"""Build python.txt: five modules of Python's standard library, of Python 3.11.7.

    python data/build_python.py [ARCHIVE]

ARCHIVE is the source archive of Python 3.11.7 (Python-3.11.7.tgz, from python.org).
Without it, the files of the Python that runs this are taken, which must be a 3.11.7.
"""

import argparse
import hashlib
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path

MODULES = ("argparse", "ast", "dataclasses", "inspect", "typing")
OUTPUT = Path(__file__).with_name("python.txt")
LICENCE = Path(__file__).with_name("python-LICENSE.txt")


def build(library, licence):
    """Write the modules of the folder `library`, joined, and Python's licence."""
    text = "\n\n".join((library / f"{name}.py").read_text("utf-8") for name in MODULES)
    OUTPUT.write_bytes(text.encode("utf-8"))
    LICENCE.write_bytes(licence.read_text("utf-8").encode("utf-8"))
    print(f"{OUTPUT.name}: {len(text):,} characters, {len(set(text))} symbols")
    print(f"SHA-256 {hashlib.sha256(text.encode('utf-8')).hexdigest()}")


def main():
    parser = argparse.ArgumentParser(description="Build python.txt.")
    parser.add_argument("archive", nargs="?", type=Path, help="Python-3.11.7.tgz")
    archive = parser.parse_args().archive
    if archive:
        with tempfile.TemporaryDirectory() as folder:
            shutil.unpack_archive(archive, folder)
            (source,) = Path(folder).iterdir()
            build(source / "Lib", source / "LICENSE")
    elif sys.version_info[:3] == (3, 11, 7):
        library = Path(sysconfig.get_path("stdlib"))
        build(library, library / "LICENSE.txt")
    else:
        sys.exit("This is not Python 3.11.7: name the archive, Python-3.11.7.tgz.")


if __name__ == "__main__":
    main()
