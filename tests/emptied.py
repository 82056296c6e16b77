"""Empty what a test file tests, and see the file fail.

    python -m tests.emptied [FILE ...]

In a copy of the project every public function and method of a module does nothing and
returns None; another file is empty. Then a test must fail: the first that does is held
against the untouched copy, where it must pass. Where a test file cannot be read without
the functions, or does not end, they are emptied one at a time until a test of it fails:
an import that breaks shows no more than that there is an import. What stays green is
printed, and the exit code is 1.

Left out are the files that need a browser, the built editions, nbgrader or notebooks.
"""

import ast
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("rnnlib", "rnncourse", "teaching", "project")
LEFT_OUT = {"rnncourse/widgets/test_browser", "teaching/test_assignments"}
# What a file tests, where that is not the module with its name in the same room.
TESTED = {
    "rnnlib/test_main": ["rnnlib/__main__.py"],
    "rnnlib/test_corpus": ["rnnlib/corpus.py", "data/shakespeare.txt"],
    "rnncourse/test_hunt": ["rnncourse/hunt.py", "rnncourse/hunted.py"],
    "rnncourse/test_networks": ["rnncourse/networks.py", "data/networks.npz"],
    "rnncourse/test_seeing": ["rnncourse/seeing.py", "rnncourse/toy.py"],
    "rnncourse/checker/test_check": [
        f"rnncourse/checker/{name}.py"
        for name in ("check", "combining", "comparing", "describing")
    ],
    "rnncourse/checker/test_messages": [
        f"rnncourse/checker/{name}.py" for name in ("combining", "describing")
    ],
    # Without the decorators of misconceptions.py no bank can be imported.
    "rnncourse/checker/test_misconceptions": ["rnncourse/checker/bank/forward_pass.py"],
    "rnncourse/checker/test_seeds": ["rnncourse/checker/drawing.py"],
    "rnncourse/figures/test_style": [
        "rnncourse/figures/style.py",
        "rnncourse/figures/drawing.py",
    ],
    "teaching/test_grades": [
        f"teaching/{name}.py"
        for name in ("grades", "classpage", "submissions", "running", "solutions")
    ],
    "teaching/test_teaching": ["TEACHING.md", "teaching/minutes.py"],
    "project/test_benchmarks": [
        f"benchmarks/{name}.py"
        for name in ("bench", "floor", "gates", "ours", "post", "race", "report")
    ],
    "project/test_environment": [
        "environment.yml",
        "postBuild",
        "requirements.lock",
        "requirements-colab.lock",
        "requirements-oldest.lock",
        "tests/conftest.py",
    ],
    "project/test_flakes": ["tests/flakes.py"],
    "project/test_links": ["LINKS.md", "README.md"],
    "project/test_makefile": ["Makefile"],
    "project/test_matrix": ["tests/project/matrix.py"],
    "project/test_notes": ["teaching/notes/03.toml"],
    "project/test_release": ["publish/release.py"],
    "project/test_spelling": ["pyproject.toml"],
    "project/test_windows": [".gitattributes", "rnncourse/lab.py"],
}
SECONDS = 120  # of the processor, or ten times as many in all


def name_of(path):
    """A test file as TESTED has it."""
    return path.relative_to(ROOT / "tests").with_suffix("").as_posix()


def tested_by(path):
    """The files that a test file tests, relative to the project."""
    name = name_of(path)
    return TESTED.get(name, [f"{name.replace('test_', '')}.py"])


def public(tree):
    """The public functions and methods of a module."""
    inside = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
    for function in (node for scope in inside for node in scope.body):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not function.name.startswith("_"):
                yield function


def emptied(text, only=None):
    """The source with the bodies of its public functions gone, or of one by number."""
    tree = ast.parse(text)
    for number, function in enumerate(public(tree)):
        if only in (None, number):
            function.body = [ast.Return(ast.Constant(None))]
    return ast.unparse(ast.fix_missing_locations(tree))


def copy_of_the_project(folder):
    """All that git knows of, or would, in a repository of its own."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    for name in said.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for arguments in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)


def run(folder, *tests):
    """Pytest's exit code in this folder, and the first test that failed, or None."""
    settings = {"PYTHONPATH": str(folder), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", *tests]
    try:
        done = subprocess.run(
            [*command, "-p", "no:nbval", "-p", "no:cacheprovider"],
            **{"cwd": folder, "env": os.environ | settings, "timeout": 10 * SECONDS},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS,) * 2),
            **{"capture_output": True, "text": True, "stdin": subprocess.DEVNULL},
        )
    except subprocess.TimeoutExpired:
        return None, None
    line = r"(?m)^(?:FAILED|ERROR) (\S+::\w+(?:\[.*?\])?)(?: - |$)"
    failed = re.search(line, done.stdout)
    return done.returncode, failed and failed[1]


def verdict(folder, test_file, name):
    """ "" if the test file fails without what this file has; else what happens."""
    path = folder / name
    before = path.read_bytes()
    versions = [""]
    if path.suffix == ".py":
        text = before.decode("utf-8")
        functions = len(list(public(ast.parse(text))))
        versions = [emptied(text), *(emptied(text, n) for n in range(functions))]
    for version in versions:
        path.write_text(version, "utf-8")
        try:
            code, failed = run(folder, test_file)
        finally:
            path.write_bytes(before)
        if failed:
            with_it, _ = run(folder, failed)
            return f"{failed} fails with it too" if with_it else ""
        if version is versions[0] and code == 0:
            return "stays green"
    return "cannot be read or does not end, and no test of it fails"


def main(*names):
    """Exit code 0 when every test file fails without what it tests."""
    folders = (ROOT / "tests" / name for name in FOLDERS)
    files = [Path(name).resolve() for name in names] or sorted(
        path for folder in folders for path in folder.rglob("test_*.py")
    )
    failures = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "project")
        copy_of_the_project(folder)
        for path in files:
            if name_of(path) in LEFT_OUT:
                print(f"{name_of(path)}: left out", flush=True)
                continue
            for name in tested_by(path):
                said = verdict(folder, path.relative_to(ROOT).as_posix(), name)
                failures += bool(said)
                said = said or "fails, as it must"
                print(f"{name_of(path)} without {name}: {said}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
