"""The course on Windows and macOS, as far as the differences can be simulated here.

One process runs all that a student runs, from a copy with the line ends of Windows,
without what POSIX alone has, with a console that has the letters of cp1252. A file that
is open can be neither replaced nor deleted, and none is opened without its encoding.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path, PurePosixPath

import pytest

from tests.project.test_environment import files

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.relative_to(ROOT).as_posix() for path in files())

# --- names and line ends ------------------------------------------------------


def parts(name):
    """The path of a file and those of the folders that it is in."""
    return {name, *(str(folder) for folder in PurePosixPath(name).parents)}


def bad_names(names):
    """Those that Windows or macOS cannot have, or not all at once."""
    every = set().union(*map(parts, names))
    folded = Counter(part.casefold() for part in every)
    reserved = r"(?i)(^|/)(con|prn|aux|nul|com\d|lpt\d)(\.[^/]*)?(/|$)"
    return [
        name
        for name in names
        if any(folded[part.casefold()] > 1 for part in parts(name))
        or re.search(reserved, name)
        or re.search(r'[<>:"\\|?*\x00-\x1f]|[ .](/|$)', name)
        or not name.isascii()  # macOS writes an accent as a character of its own
        or len(name) > 120  # of the 260 of a whole path
    ]


def test_every_file_can_have_its_name_anywhere():
    assert len(NAMES) > 200 and bad_names(NAMES) == []


@pytest.mark.parametrize(
    "names",
    [
        ["a/B.py", "a/b.py"],
        ["data/x", "Data/y"],
        ["aux.py"],
        ["con/a.py"],
        ["a?.py"],
        ["a ./b"],
        ["é.py"],
        ["a" * 121],
    ],
)
def test_a_name_that_would_not_do_is_found(names):
    assert bad_names(["README.md", *names]) == names


def test_git_keeps_the_line_ends_of_every_file():
    """With LF, or as they are: so the texts keep their hashes on Windows."""
    done = subprocess.run(
        ["git", "check-attr", "--stdin", "text", "eol"],
        input="\n".join(NAMES),
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found = {name: {} for name in NAMES}
    for line in done.stdout.splitlines():
        name, attribute, value = line.split(": ")
        found[name][attribute] = value
    for name, has in found.items():
        assert has["text"] == "unset" or has == {"text": "auto", "eol": "lf"}, name
        if name.startswith("data/") and name.endswith(".txt"):
            assert has["text"] == "unset", name


# --- encodings ----------------------------------------------------------------


def without_encoding(source):
    """The lines of Python code that open a file as text and name no encoding."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        given = [keyword.arg for keyword in node.keywords]
        words = [a.value for a in node.args if isinstance(a, ast.Constant)]
        if name == "open" and isinstance(node.func, ast.Name):
            named = any("b" in str(mode) for mode in words[-1:])
        elif name in ("read_text", "write_text"):
            named = {"utf-8", "utf-8-sig", "ascii"} & {*words}
        else:
            named = name not in ("run", "Popen") or "text" not in given
        if not named and "encoding" not in given:
            lines.append(node.lineno)
    return lines


def test_what_is_read_and_written_names_its_encoding():
    found = {
        name: without_encoding((ROOT / name).read_text(encoding="utf-8"))
        for name in NAMES
        if name.endswith(".py") and not name.startswith("tests/")
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_file_opened_without_its_encoding_is_found():
    code = ["open(p)", "open(p, 'rb')", "p.read_text()", "p.write_text(t, 'utf-8')"]
    code += ["run(c, text=True)", "run(c, text=True, encoding='utf-8')", "open(p, 'w')"]
    assert without_encoding("\n".join(code)) == [1, 3, 5, 7]


# --- a process like one on Windows --------------------------------------------

STUDENT = """
import os, sys, warnings
from pathlib import Path

import IPython, ipywidgets, matplotlib.pyplot, nbformat, tqdm  # not ours

for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
for name in ("fork", "forkpty", "geteuid", "getuid", "killpg", "setsid", "uname"):
    delattr(os, name)
warnings.filterwarnings("error", category=EncodingWarning, module="rnnlib|rnncourse")


def unless_open(function):
    def guarded(*paths, **options):
        for fd in os.listdir("/proc/self/fd"):
            held = os.path.realpath(f"/proc/self/fd/{fd}")
            if held in [os.path.abspath(path) for path in paths]:
                raise PermissionError(13, "The process cannot access the file", held)
        return function(*paths, **options)
    return guarded


for name in ("replace", "rename", "remove", "unlink"):
    setattr(os, name, unless_open(getattr(os, name)))
with open("held", "w", encoding="utf-8"):
    try:
        os.replace("held", "other")
    except PermissionError:
        print("held")

import numpy as np
import rnnlib as rnn
import rnncourse
from rnncourse import Verdict, check, lab, mine, progress, same

print("from", Path(rnncourse.__file__).parents[1].name, sys.stdout.encoding)


def one_hot(k, V):
    x = np.zeros(V)
    x[k] = 1
    return x


print(check(one_hot))
print(mine.keep(one_hot, Path("my_rnn.py")))
print(mine.keep(one_hot, Path("my_rnn.py")))
print(Verdict("surprise", "wrong", None, "The numbers are 1 \u2212 p."))
progress()
same(np.ones(3), np.ones(3), 1e-9)

lab.COURSE = Path("course")
for _ in range(2):
    lab.main(["--copies-only", "--folder", "F\u00fc\u00dfe \u4e16"])

try:
    rnn.load_corpus("names")
except ValueError as error:
    print(error)
sys.stdout.flush()

from rnnlib.__main__ import main

for arguments in (
    "text.txt --hidden 4 --steps 3 --save m.npz",
    "--resume m.npz text.txt --steps 3",
    "--sample m.npz --length 30",
):
    print("status", main(arguments.split()), flush=True)
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What that process prints."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc here, which says which files are open")
    folder = tmp_path_factory.mktemp("windows")
    for name in NAMES:
        if name.startswith(("rnnlib/", "rnncourse/", "data/")):
            copy = folder / "CRLF" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy)
            if copy.suffix in (".py", ".json", ".txt"):
                copy.write_bytes(copy.read_bytes().replace(b"\n", b"\r\n"))
    (folder / "text.txt").write_bytes("Füße 世界\r\n".encode() * 30)
    (folder / "course" / "notebooks").mkdir(parents=True)
    notebook = "notebooks/00_start_here.ipynb"
    shutil.copyfile(ROOT / notebook, folder / "course" / notebook)
    (folder / "student.py").write_text(STUDENT, encoding="utf-8")
    settings = {
        "PYTHONPATH": str(folder / "CRLF"),
        "PYTHONIOENCODING": "cp1252",
        "PYTHONUTF8": "0",
        "LC_ALL": "C.UTF-8",  # for the names of files
    }
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "student.py"],
        cwd=folder,
        env=os.environ | settings,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode("cp1252")
    return done.stdout


def test_the_process_is_like_one_on_windows(said):
    lines = said.decode("cp1252").splitlines()
    assert lines[:2] == ["held", "from CRLF cp1252"]


def test_the_checker_answers_and_keeps_there(said):
    text = said.decode("cp1252")
    for line in (
        "one_hot: correct. All 6 test inputs agree.",
        "Kept in my_rnn.py.",
        "It is in my_rnn.py.",
        "surprise: wrong. The numbers are 1 ? p.",  # not a letter of cp1252
        "01  one_hot             yours",
        "largest difference: at most 1e-09",
    ):
        assert line in text.splitlines()


def test_the_launcher_makes_copies_there_once(said):
    text = said.decode("cp1252")
    assert "F\u00fc\u00dfe ?: 1 new 00_start_here; 0 kept as they are" in text
    assert "F\u00fc\u00dfe ?: 0 new; 1 kept as they are 00_start_here" in text


def test_a_text_with_other_line_ends_is_told_there(said):
    assert b"expected LF line endings, got CRLF" in said


def test_the_program_trains_goes_on_and_draws_there(said):
    assert re.findall(rb"status (\w+)", said) == [b"0"] * 3
    drawn = said.split(b"status 0")[1].decode("utf-8")
    assert set("F\u00fc\u00dfe \u4e16\u754c") <= set(drawn)


GRADING = """
import os, runpy, sys
sys.modules["resource"] = None
del os.fork
sys.argv = ["grades", "class", "--to", "results"]
runpy.run_module("teaching.grades", run_name="__main__")
"""


def test_grading_says_in_a_sentence_that_it_cannot_be_done_there(tmp_path):
    (tmp_path / "class" / "anna").mkdir(parents=True)
    (tmp_path / "class" / "anna" / "my_rnn.py").write_text("x = 1\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", GRADING],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("grading needs fork") and last.endswith("on Windows, WSL")
