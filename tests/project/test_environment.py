"""The house: the files around the packages agree with each other and what is installed.

One list of bounds (pyproject.toml), five locks, environment.yml; the wheel; which rooms
there are, what they import, how large they are.
"""

import ast
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tokenize
import tomllib
import zipfile
from functools import cache
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests import emptied

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
FOR_STUDENTS = PROJECT["project"]["dependencies"] + EXTRAS["notebooks"]
DIRECT = FOR_STUDENTS + EXTRAS["test"] + PROJECT["build-system"]["requires"]
COLAB = [
    line
    for line in (ROOT / "requirements-colab.in").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
# Of each lock: the Pythons that it is for, and what it must pin.
LOCKS = {
    "requirements.lock": (["3.11.0", "3.12.0", "3.13.0", "3.14.0"], DIRECT),
    "requirements-oldest.lock": (["3.11.0", "3.12.0"], DIRECT),
    "requirements-publish.lock": (
        ["3.11.0", "3.12.0", "3.13.0", "3.14.0"],
        FOR_STUDENTS + EXTRAS["publish"],
    ),
    "requirements-teaching.lock": (
        ["3.11.0", "3.12.0", "3.13.0", "3.14.0"],
        DIRECT + EXTRAS["teaching"],
    ),
    "requirements-colab.lock": (["3.11.0", "3.12.0", "3.13.0"], COLAB),
}
SYSTEMS = [("linux", "posix"), ("darwin", "posix"), ("win32", "nt")]
CORE = ["text", "forward", "loss", "bptt", "gradcheck", "training", "sampling"]
PART_TWO = ["optimizers", "gates", "layers", "stack"]  # small rooms


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def python(*arguments, **options):
    """Run this Python and return what it prints; its failure fails the test."""
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# --- one list of bounds -------------------------------------------------------


def entries(lock):
    """Yield (name, version, marker or None, hashes) for each entry of a lock."""
    text = re.sub(r"^ *#.*\n", "", read(lock), flags=re.MULTILINE)
    for entry in text.replace("\\\n", " ").splitlines():
        found = re.fullmatch(
            r"(\S+)==(\S+)(?: ; (.*?))?((?: +--hash=sha256:[0-9a-f]{64})+) *", entry
        )
        assert found, f"{lock}: an entry without a pin or a hash: {entry}"
        name, version, marker, hashes = found.groups()
        yield name, Version(version), marker and Marker(marker), hashes.split()


def pins(lock, version, system):
    """The pinned versions that `lock` gives one Python on one system."""
    sys_platform, os_name = system
    environment = {
        "python_version": version.rpartition(".")[0],
        "python_full_version": version,
        "sys_platform": sys_platform,
        "os_name": os_name,
    }
    chosen = [
        (canonicalize_name(name.partition("[")[0]), pinned)
        for name, pinned, marker, _ in entries(lock)
        if marker is None or marker.evaluate(environment)
    ]
    assert len(dict(chosen)) == len(chosen), "a package is pinned twice"
    return dict(chosen)


@pytest.mark.parametrize("system", SYSTEMS, ids=[name for name, _ in SYSTEMS])
@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_every_direct_dependency_within_its_bounds(lock, system):
    pythons, direct = LOCKS[lock]
    for version in pythons:
        pinned = pins(lock, version, system)
        for requirement in map(Requirement, direct):
            name = canonicalize_name(requirement.name)
            assert pinned[name] in requirement.specifier, (version, name)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_keeps_to_the_constraints_and_the_extras(lock):
    pinned = pins(lock, "3.11.0", SYSTEMS[0])
    for constraint in map(
        Requirement, PROJECT["tool"]["uv"]["constraint-dependencies"]
    ):
        assert pinned[constraint.name] in constraint.specifier
    # Without its extra, pip of Python 3.11 takes the newest there is: no hash.
    assert "jsonschema[format-nongpl]" in {name for name, *_ in entries(lock)}


def test_there_is_no_other_lock():
    assert {path.name for path in ROOT.glob("*.lock")} - {"uv.lock"} == set(LOCKS)
    assert "/uv.lock\n" in read(".gitignore")  # it names hosts


def test_colab_has_what_the_course_needs_but_newer_widgets():
    """The extra would replace Colab's ipywidgets, so it is not installed there."""
    pinned = pins("requirements-colab.lock", "3.11.0", SYSTEMS[0])
    outside = set()
    for requirement in map(Requirement, FOR_STUDENTS):
        name = canonicalize_name(requirement.name)
        if name in pinned and pinned[name] not in requirement.specifier:
            outside.add(name)
    assert outside == {"ipywidgets", "notebook"}
    import rnncourse

    assert {name.lower() for name in rnncourse.NEEDS} <= set(pinned)


def test_oldest_lock_holds_the_lower_bounds_themselves():
    pinned = pins("requirements-oldest.lock", "3.11.0", SYSTEMS[0])
    for requirement in map(Requirement, DIRECT):
        lower = [
            Version(bound.version.removesuffix(".*"))
            for bound in requirement.specifier
            if bound.operator in (">=", "==")
        ]
        assert lower == [pinned[canonicalize_name(requirement.name)]], requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_host_and_no_path(lock):
    text = read(lock)
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted", text)
    assert not re.search(r"(^|[\s=])(/|[A-Za-z]:\\)", text, flags=re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_the_head_of_a_lock_is_the_command_that_makes_it(lock):
    command = read(lock).splitlines()[1]  # make locks runs it
    assert re.fullmatch(
        rf"#    uv pip compile .+ --generate-hashes .*-o {lock}", command
    )


def test_conda_has_the_bounds_of_pyproject():
    listed = re.findall(r"^  - ([\w-]+[<>=].*)$", read("environment.yml"), re.MULTILINE)
    # Conda writes one = where pip writes two.
    conda = {
        r.name: r.specifier
        for r in (
            Requirement(re.sub("(?<![<>=])=(?!=)", "==", each)) for each in listed
        )
    }
    assert conda.pop("python") == Requirement("python>=3.11,<3.15").specifier
    conda["matplotlib"] = conda.pop("matplotlib-base")  # without a desktop toolkit
    assert conda == {r.name: r.specifier for r in map(Requirement, FOR_STUDENTS)}
    assert "- -e .[test]" in read("environment.yml")


def test_python_versions_agree():
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert PROJECT["tool"]["ruff"]["target-version"] == "py311"
    ci = read(".github/workflows/ci.yml")
    assert re.search(r'python: \["3\.11", "3\.14"\]', ci)
    assert "requirements.lock" in ci and "requirements-oldest.lock" in ci
    assert read(".ci/run").endswith("\nmake test\n")


def test_containers_make_the_environment_and_the_copies():
    about = json.loads(read(".devcontainer/devcontainer.json"))
    version = about["image"].removeprefix("python:")
    assert f"{version}.0" in LOCKS["requirements.lock"][0]
    copies = "python -m rnncourse.lab --copies-only"
    assert about["postCreateCommand"] == f"make env && .venv/bin/{copies}"
    assert read("postBuild").endswith(f"\n{copies}\n")  # Binder's
    assert os.access(ROOT / "postBuild", os.X_OK) or os.name == "nt"


def test_installed_packages_fit_together():
    python("-m", "pip", "check")


# --- the wheel and the imports ------------------------------------------------


def test_wheel_has_both_packages_and_the_texts_and_works(tmp_path):
    python(
        *["-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps"],
        *["--no-build-isolation", "--wheel-dir", tmp_path, ROOT],
    )
    (wheel,) = tmp_path.glob("rnnlib-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        archive.extractall(tmp_path / "site")
    modules = {
        path.relative_to(ROOT).as_posix()
        for package in ("rnnlib", "rnncourse")
        for path in (ROOT / package).rglob("*.py")
    }
    texts = {f"rnnlib/data/{name}.txt" for name in ("shakespeare", "python", "names")}
    texts.add("rnnlib/data/networks.npz")  # notebook 10
    settings = {"rnncourse/labconfig/default_setting_overrides.json"}
    settings.add("rnncourse/figures/long_race.json")
    settings |= {f"rnncourse/figures/{name}.json" for name in ("gates", "long_run")}
    notebooks = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    originals = {f"rnncourse/notebooks/{name}" for name in notebooks}
    assert names == modules | texts | settings | originals

    # The extracted wheel comes before the editable installation on the path.
    code = "from rnncourse.networks import trained; assert len(trained()) == 3; "
    code += "import rnnlib; print(len(rnnlib.load_corpus()), rnnlib.__file__)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    length, file = python("-c", code, cwd=tmp_path, env=environment).split(maxsplit=1)
    assert int(length) > 1_000_000
    assert Path(file.strip()).is_relative_to(tmp_path)

    # Its command makes copies of its own notebooks, and says how it is installed.
    command = ["-m", "rnncourse.lab", "--copies-only"]
    python(*command, cwd=tmp_path, env=environment)
    copies = tmp_path / "my_notebooks"
    assert sorted(path.name for path in copies.iterdir()) == notebooks
    code = "import rnncourse; print(rnncourse.INSTALL)"
    said = python("-c", code, cwd=tmp_path, env=environment)
    assert said == 'python -m pip install "rnnlib[notebooks]"\n'
    code = f"import sys; sys.modules['ipykernel'] = sys; {code}"  # in a notebook
    said = python("-c", code, cwd=tmp_path, env=environment)
    assert said == '%pip install "rnnlib[notebooks]"\n'


def test_import_of_the_library_is_light():
    code = "import sys, rnnlib; print(*sys.modules)"
    loaded = set(python("-c", code, cwd=ROOT).split())
    assert "rnnlib.training" in loaded
    assert not loaded & {"matplotlib", "ipywidgets", "IPython", "rnncourse"}


def imports(path):
    """The modules that the file `path` imports, as full dotted names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: a relative import"
            if node.module in ("rnnlib", "rnncourse"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("room", ["checks", *CORE, *PART_TWO, "corpus"])
def test_a_room_imports_only_numpy_the_standard_library_and_rooms_before_it(room):
    rooms = [*CORE, *PART_TWO]
    before = ["checks", *rooms[: rooms.index(room)]] if room in rooms else []
    allowed = {f"rnnlib.{name}" for name in before}
    for module in imports(ROOT / "rnnlib" / f"{room}.py"):
        top = module.partition(".")[0]
        ok = module in allowed or top == "numpy" or top in sys.stdlib_module_names
        assert ok, f"{room} imports {module}"


def test_the_library_is_its_rooms_the_checks_the_corpus_and_nothing_else():
    found = {path.name for path in (ROOT / "rnnlib").iterdir()} - {"__pycache__"}
    assert found == {
        f"{room}.py"
        for room in ["__init__", "__main__", "checks", "corpus", *CORE, *PART_TWO]
    }


PARTS = ("checker", "figures", "widgets")


def modules_of(package):
    """The modules of a package: the full dotted name and the file of each."""
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts).removesuffix(".__init__"), path


def folders_in(folder):
    """The paths of all folders below one, as text relative to it."""
    found = (path for path in folder.rglob("*") if path.is_dir())
    names = {path.relative_to(folder).as_posix() for path in found}
    return {name for name in names if not name.endswith("__pycache__")}


def test_the_course_has_three_parts_and_what_they_share():
    folder = ROOT / "rnncourse"
    assert folders_in(folder) == {*PARTS, "checker/bank", "labconfig"}  # for JupyterLab
    shared = {path.stem for path in folder.glob("*.py")}
    assert shared == {
        *("__init__", "mine", "page", "seeing", "toy", "clinic", "lab"),
        "updates",  # of copies
        "networks",  # notebook 10
        "pytorch",  # notebook 14
        *("hunt", "hunted"),  # notebook 15
    }


@pytest.mark.parametrize("part", PARTS)
def test_the_parts_do_not_know_each_other_but_a_widget_its_figure(part):
    known = {part, "figures"} if part == "widgets" else {part}
    for name, path in modules_of(f"rnncourse/{part}"):
        for module in imports(path):
            top, *rest = module.split(".")
            assert top != "rnncourse" or rest, f"{name} imports all of rnncourse"
            if top == "rnncourse" and rest[0] in PARTS:
                assert rest[0] in known, f"{name} imports {module}"


def test_what_the_parts_share_knows_none_of_them_but_two_the_checker():
    for path in (ROOT / "rnncourse").glob("*.py"):
        if path.stem != "__init__":
            known = {module.split(".")[1] for module in imports(path) if "." in module}
            allowed = {"checker"} if path.stem in ("mine", "hunt") else set()
            assert known & set(PARTS) <= allowed, path.name


def test_no_module_only_forwards():
    """Every module but a package's front defines something of its own."""
    for package in ("rnnlib", "rnncourse"):
        for name, path in modules_of(package):
            body = ast.parse(path.read_text(encoding="utf-8")).body
            own = [n for n in body if not isinstance(n, (ast.Import, ast.ImportFrom))]
            assert path.stem == "__init__" or len(own) > 1, name


def test_the_tests_are_laid_out_in_the_same_rooms():
    rooms = {f"rnncourse/{part}" for part in PARTS}
    outside = {"rnnlib", "rnncourse", "notebooks", "project", "publish", "teaching"}
    assert folders_in(ROOT / "tests") == outside | rooms
    assert not list((ROOT / "tests").glob("test_*.py"))


def test_without_its_packages_the_course_says_so_in_one_sentence():
    code = """if True:
        import sys
        sys.modules["ipywidgets"] = sys.modules["tqdm"] = None
        import rnnlib  # needs NumPy alone
        try:
            import rnncourse
        except ImportError as error:
            print(error)
    """
    said = python("-c", code, cwd=ROOT)
    assert said.startswith("rnncourse needs ipywidgets, tqdm, which this Python does ")
    assert said.endswith(f': python -m pip install -e "{ROOT}[notebooks]"\n')
    assert said.count("\n") == 1
    # As a command it ends with the sentence, and no traceback.
    command = code.replace("import sys", "import sys; sys.argv = ['bin/rnnlib']")
    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, cwd=ROOT
    )
    assert (done.returncode, done.stderr, done.stdout) == (1, said, "")


def test_the_course_needs_what_the_notebooks_extra_lists():
    import rnncourse

    runs_them = {"jupyter", "jupyterlab", "nbformat", "nbval", "notebook"}
    listed = {Requirement(each).name for each in EXTRAS["notebooks"]}
    assert set(rnncourse.NEEDS) == listed - runs_them | {"IPython"}  # of ipywidgets
    outside = {"numpy", "rnnlib", "rnncourse", "jupyterlab", "nbformat"}
    outside.update(rnncourse.NEEDS)
    for name, path in modules_of("rnncourse"):
        for module in imports(path):
            top = module.partition(".")[0]
            assert top in outside or top in sys.stdlib_module_names, f"{name}: {module}"


# --- sizes --------------------------------------------------------------------


def code_lines(source):
    """The number of lines that are not blank, comment or docstring."""
    layout = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT)
    layout += (tokenize.DEDENT, tokenize.ENDMARKER)
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in layout:
            lines.update(range(token.start[0], token.end[0] + 1))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            lines -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def test_code_lines_counts_neither_blank_lines_nor_comments_nor_docstrings():
    source = '"""One\n\ntwo."""\n\n# three\nx = """a\n\nb"""  # four\n'
    source += 'def f():\n    "five"\n\n    return (\n        1\n    )\n'
    assert code_lines(source) == 3 + 1 + 3


def test_a_person_reads_the_core_in_one_sitting():
    sizes = {room: code_lines(read(f"rnnlib/{room}.py")) for room in CORE}
    assert max(sizes.values()) <= 90, sizes
    assert sum(sizes.values()) <= 400, sizes
    assert code_lines(read("rnnlib/checks.py")) <= 90  # of no mathematics


@pytest.mark.parametrize("room", PART_TWO)
def test_a_room_of_part_two_is_small_and_has_its_tests(room):
    assert code_lines(read(f"rnnlib/{room}.py")) <= 60
    assert (ROOT / "tests" / "rnnlib" / f"test_{room}.py").exists()


# --- the files of the repository ----------------------------------------------


@cache
def files():
    """Every file of the course: no caches, environments, copies, nothing built."""

    def is_ours(folder, top):
        if folder.startswith("."):
            return top and folder in (".ci", ".devcontainer", ".github")
        if top and (folder in ("build", "dist") or folder.startswith("my_")):
            return False
        return folder not in ("__pycache__", "node_modules")

    found = []
    for folder, folders, names in os.walk(ROOT):
        # What is left out here is not walked through.
        folders[:] = [name for name in folders if is_ours(name, folder == str(ROOT))]
        found += [Path(folder, name) for name in names]
    return found


def test_no_file_names_a_path_of_one_machine():
    # A user's folder, a scratch folder, a drive: none exists on another computer.
    path = re.compile(
        rb"(?<![\w.~/-])(?:/(?:home|root|tmp|work|Users|private|var/folders)/\w"
        rb"|[A-Za-z]:\\\\?Users)"
    )
    found = [
        f"{file.relative_to(ROOT)}: {match.group().decode()}"
        for file in files()
        for match in path.finditer(file.read_bytes())
    ]
    assert not found


def test_windows_gets_the_same_bytes(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    sources = [".gitattributes", ".ci/run", "data/shakespeare.txt", "Makefile"]
    for name in sources:
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, here / name)
    (here / "notebooks").mkdir()
    (here / "notebooks" / "00.ipynb").write_bytes(b'{\n "cells": []\n}\n')
    git = ["git", "-c", "core.autocrlf=true", "-c", "core.safecrlf=false"]
    git += ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *command], cwd=here, check=True)
    subprocess.run([*git, "clone", "-q", here, there], check=True)
    for name in [*sources, "notebooks/00.ipynb"]:
        assert (there / name).read_bytes() == (here / name).read_bytes(), name


def test_code_and_notebooks_are_formatted_and_free_of_lint():
    python("-m", "ruff", "check", "--no-cache", ".", cwd=ROOT)
    python("-m", "ruff", "format", "--no-cache", "--check", ".", cwd=ROOT)


# --- the settings of the tests ------------------------------------------------

SKIPPING = {
    "test_module.py": "import pytest\npytest.importorskip('no_such_module')\n",
    "test_tests.py": """
import pytest

def test_passes():
    pass

@pytest.mark.skip(reason="not today")
def test_marked():
    pass

def test_inside():
    pytest.skip("no browser")

@pytest.mark.xfail(strict=True)
def test_expected_failure():
    assert False
""",
}


@pytest.mark.parametrize("ci, failed", [("true", True), ("", False)])
def test_a_skip_is_a_failure_in_ci_only(tmp_path, ci, failed):
    for name, source in SKIPPING.items():
        (tmp_path / name).write_text(source, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(read("tests/conftest.py"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", "."]
        + ["--continue-on-collection-errors", "-rA"],
        cwd=tmp_path,
        env={**os.environ, "CI": ci},
        capture_output=True,
        text=True,
    )
    assert done.returncode == int(failed), done.stdout
    counts = "1 failed, 1 passed, 1 xfailed, 2 errors"
    assert (counts if failed else "1 passed, 3 skipped, 1 xfailed") in done.stdout
    if failed:
        assert "a failure in CI: Skipped: no browser" in done.stdout


def test_what_is_emptied_of_each_test_file_is_there():
    folders = (ROOT / "tests" / name for name in emptied.FOLDERS)
    files = [path for folder in folders for path in folder.rglob("test_*.py")]
    tested = {emptied.name_of(path): emptied.tested_by(path) for path in files}
    assert not {*emptied.TESTED, *emptied.LEFT_OUT} - {*tested}
    missing = {
        test_file: [name for name in names if not (ROOT / name).is_file()]
        for test_file, names in tested.items()
        if test_file not in emptied.LEFT_OUT
    }
    assert not {k: names for k, names in missing.items() if names}
