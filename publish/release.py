"""The release: sdist and wheel in build/release/, each of them installed and used.

    .venv-publish/bin/python -m publish.release        (make release)

Both are made from what git has committed, and from nothing else that lies around: the
wheel from the sdist. Each is installed in an empty environment, with the packages that
pip finds today, as strangers will have it, and is used in an empty folder.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryDirectory

from rnncourse.lab import COURSE

RELEASE = COURSE / "build" / "release"


def main():
    """Build in a new folder, check, then put it in the place of the old one."""
    version = version_of(COURSE)
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        committed = export(COURSE, folder / "committed")
        files = build(folder / "committed", folder / "release")
        check_names(files, version, committed)
        run(sys.executable, "-m", "twine", "check", "--strict", *files)
        notebooks = {path.name for path in committed if path.parts[0] == "notebooks"}
        notebooks = {name for name in notebooks if name.endswith(".ipynb")}
        for file in files:
            use(file, folder / file.name.removesuffix(".gz"), notebooks)
        shutil.rmtree(RELEASE, ignore_errors=True)
        shutil.copytree(folder / "release", RELEASE)
    print(f"Release {version} is in {RELEASE.relative_to(COURSE)}/:")
    for path in sorted(RELEASE.iterdir()):
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        print(f"  {path.name}  {path.stat().st_size / 1e6:.1f} MB  sha256 {sha256}")
    print("Nothing was uploaded: CONTRIBUTING.md says what is left to do.")


def version_of(course):
    """The version in pyproject.toml, which CHANGELOG.md must have a section for."""
    text = (course / "pyproject.toml").read_text(encoding="utf-8")
    version = tomllib.loads(text)["project"]["version"]
    changes = (course / "CHANGELOG.md").read_text(encoding="utf-8")
    if not re.search(rf"^## {re.escape(version)}\b", changes, re.MULTILINE):
        sys.exit(
            f"CHANGELOG.md: expected a section '## {version}', the version in "
            "pyproject.toml, and there is none"
        )
    return version


def export(course, target):
    """Lay out what is committed in the folder `target`; its paths, relative to it."""
    changed = run("git", "status", "--porcelain", cwd=course, stdout=PIPE)
    if changed:
        sys.exit(f"A release is what is committed, and this is not:\n{changed}")
    archive = target.with_suffix(".tar")
    run("git", "archive", "--output", archive, "HEAD", cwd=course)
    with tarfile.open(archive) as files:
        files.extractall(target, filter="data")
    return {path.relative_to(target) for path in target.rglob("*") if path.is_file()}


def build(course, target):
    """The sdist of the folder `course` and, made from it, the wheel: two paths."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", target, course)
    return sorted(target.iterdir(), reverse=True)  # .tar.gz, .whl


def check_names(files, version, committed):
    """End the program unless the names are right and the sdist is what is committed."""
    stem = f"rnnlib-{version}"
    expected = [f"{stem}.tar.gz", f"{stem}-py3-none-any.whl"]
    found = [path.name for path in files]
    if found != expected:
        sys.exit(f"expected the files {expected}, got {found}")
    with tarfile.open(files[0]) as sdist:
        inside = {Path(member.name).relative_to(stem) for member in sdist}
    inside.remove(Path("PKG-INFO"))
    if alone := [path.as_posix() for path in sorted(inside ^ committed)]:
        sys.exit(f"in git or in the sdist, but not in both: {', '.join(alone)}")


def use(file, folder, notebooks):
    """Install `file` alone in `folder`, and use it there as its README says.

    With NumPy alone the library and its program run; with the extra `notebooks` the
    command `rnnlib` makes copies, whose names must be `notebooks`.
    """
    print(f"Installing {file.name} alone.", flush=True)
    run(sys.executable, "-m", "venv", folder / "environment")
    scripts = folder / "environment" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    empty = folder / "empty"
    empty.mkdir()
    here = {"cwd": empty, "stdout": PIPE}

    run(python, "-m", "pip", "install", "--quiet", file, cwd=empty)
    place = run(python, "-c", "import rnnlib; print(rnnlib.__file__)", **here)
    if not Path(place.strip()).is_relative_to(folder):
        sys.exit(f"{file.name}: rnnlib was imported from {place}")
    program = ["-m", "rnnlib", "names", "--steps", "100"]
    if not run(python, *program, **here).strip():
        sys.exit(f"{file.name}: python {' '.join(program)} wrote nothing")

    run(python, "-m", "pip", "install", "--quiet", f"{file}[notebooks]", cwd=empty)
    run(scripts / "rnnlib", "--copies-only", cwd=empty)
    copies = {path.name for path in (empty / "my_notebooks").iterdir()}
    if copies != notebooks:
        sys.exit(f"{file.name}: expected the notebooks {notebooks}, got {copies}")


def run(*command, **options):
    """Run a command, for its output with stdout=PIPE; its failure ends the program.

    What would let its Python find the course elsewhere stays out of its environment.
    """
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(command, env=clean, encoding="utf-8", **options)
    if done.returncode:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return done.stdout


if __name__ == "__main__":
    main()
