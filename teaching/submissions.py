"""Who handed in what: the students of a folder, their files, what stands in them.

A folder for each student or a file for each, or what Moodle and Canvas call them:

    s1234/my_rnn.py                                   s1234
    s1234.py  s1234_my_rnn.py                         s1234
    Ada Lovelace_4711_assignsubmission_file_/…        4711, Ada Lovelace     Moodle
    lovelaceada_815_90210_my_rnn.py                   815, lovelaceada       Canvas

Moodle's number is the participant's in its offline grading worksheet. Canvas's first
number is the student's, its second the file's; a late file has LATE before them.
"""

import ast
import hashlib
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from rnncourse.checker.exercises import EXERCISES

MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_.*")
CANVAS = re.compile(
    r"(?P<name>[^_]+)(_LATE)?_(?P<id>\d{3,})(_\d{3,})?_(?P<file>.+)", re.IGNORECASE
)
PLAIN = re.compile(r"(?P<id>.+?)([_-](my_rnn|\d\d_[a-z_]+))?", re.IGNORECASE)
CODE = (".py", ".ipynb")
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar")
ASIDE = ("__MACOSX", "__pycache__")
LARGEST = {".py": 1 << 20, ".ipynb": 1 << 25}  # bytes
LONG = 6  # statements, from which on two functions are hardly alike by chance


@dataclass
class Submission:
    """What one student handed in.

    id: as in the table above, the seed of the test inputs. lms: "Moodle" or "Canvas"
    where the id is a number of theirs. paths: the files with code. others: the names
    of the rest.
    """

    id: str
    name: str = ""
    lms: str = ""
    paths: list = field(default_factory=list)
    others: list = field(default_factory=list)

    @property
    def problem(self):
        """Why nothing can be graded, as far as names and sizes tell, or ""."""
        scripts = [path for path in self.paths if path.suffix.lower() == ".py"]
        if len(scripts) > 1:
            above = os.path.commonpath([path.parent for path in scripts])
            scripts = [path.relative_to(above).as_posix() for path in scripts]
            return (
                f"{len(scripts)} Python files, and which one counts is not clear: "
                + (", ".join(scripts))
            )
        for path in self.paths:
            size = path.stat().st_size
            if not size:
                return f"{path.name} is empty"
            most = LARGEST[path.suffix.lower()] >> 20
            if size > most << 20:
                return (
                    f"{path.name} has {size >> 20} MB, more than {most} MB are not read"
                )
        if self.paths:
            return ""
        packed = [name for name in self.others if name.lower().endswith(ARCHIVES)]
        if packed:
            return f"{packed[0]} is an archive: unpack it into a folder of that name"
        if self.others:
            return (
                f"no my_rnn.py and no notebook in it, but {', '.join(self.others[:5])}"
            )
        return "the folder is empty"

    def digest(self):
        """The SHA-256 of the names and bytes of its files, in hex."""
        total = hashlib.sha256()
        for path in self.paths:
            total.update(f"{path.name}:{path.stat().st_size}:".encode())
            total.update(path.read_bytes())
        return total.hexdigest()


def submissions_in(folder):
    """The submissions in a folder, by id.

    ValueError: no folder, or nothing in it.
    """
    folder = Path(folder)
    if not folder.is_dir():
        what = "a file: unpack it" if folder.is_file() else "not there"
        raise ValueError(f"SUBMISSIONS: expected a folder, and {folder} is {what}")
    found = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in ASIDE or path.is_symlink():
            continue
        one = named(path.name if path.is_dir() else path.stem, path.is_dir())
        one = found.setdefault(one.id, one)
        for file in files_under(path):
            if file.suffix.lower() in CODE:
                one.paths.append(file)
            else:
                one.others.append(file.name)
    if not found:
        raise ValueError(f"SUBMISSIONS: {folder} is empty")
    for one in found.values():
        scripts = [path for path in one.paths if path.suffix.lower() == ".py"]
        libraries = [path for path in scripts if "my_rnn" in path.stem]
        if len(libraries) == 1:  # what else is Python beside it does not count
            one.paths = [p for p in one.paths if p not in scripts or p in libraries]
    return [found[key] for key in sorted(found)]


def clean(text):
    """A text that every file can hold: no half characters, none that control."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in whole)


def named(name, is_folder):
    """A Submission without files, of the one whom a file's or folder's name names."""
    name = clean(name)
    if match := MOODLE.fullmatch(name):
        return Submission(match["id"], match["name"], "Moodle")
    if not is_folder and (match := CANVAS.fullmatch(name)):
        return Submission(match["id"], match["name"], "Canvas")
    return Submission(name if is_folder else PLAIN.fullmatch(name)["id"])


def files_under(path):
    """The files at or under a path, but for links and what systems leave there."""
    if path.is_file():
        return [path]
    return [
        file
        for file in sorted(path.rglob("*"))
        if file.is_file()
        and not file.is_symlink()
        and not any(
            part.startswith(".") or part in ASIDE
            for part in file.relative_to(path).parts
        )
    ]


# --- what stands in the files: run in a process of its own ----------------------


class Unreadable(Exception):
    """Why a file cannot be read, in a sentence."""


def contents(paths):
    """What stands in a student's files, as a dict: problem, and a text for each file.

    Of each text: its file, whether that is a notebook, the text itself, which exercises
    it defines, which others each of them calls, why others are broken, and the print of
    each with whether it is long.
    """
    texts = []
    try:
        for path in map(Path, paths):
            reader = script if path.suffix.lower() == ".py" else notebook
            texts.append(reader(path))
        for name in EXERCISES:
            both = [t["file"] for t in texts if t["cells"] and name in t["defines"]]
            if len(both) > 1:
                raise Unreadable(f"{name} stands in {both[0]} and in {both[1]}")
    except Unreadable as problem:
        return {"problem": str(problem), "texts": []}
    texts.sort(key=lambda text: text["cells"])
    return {"problem": "", "texts": texts}


def decoded(path):
    """The text of a file. Unreadable: it is no text in UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise Unreadable(
            f"{path.name} is not UTF-8: byte {error.start} is {byte}"
        ) from None


def script(path):
    """What stands in a Python file."""
    text = decoded(path)
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f" at line {line}" if line else ""
        reason = getattr(error, "msg", None) or type(error).__name__
        raise Unreadable(f"{path.name} is not Python{where}: {reason}") from None
    defines = defined(body)
    return described(path.name, False, text, body, defines, {})


def notebook(path):
    """What stands in the code cells of a notebook that Python can read."""
    text = decoded(path)
    try:
        held = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path.name} is not JSON: {error}") from None
    cells = held.get("cells") if isinstance(held, dict) else None
    if not isinstance(cells, list):
        raise Unreadable(f"{path.name} is not a notebook: it has no list of cells")
    kept, broken, number = [], {}, None
    for cell in cells:
        source = source_of(cell)
        if source is None:
            continue
        if cell.get("cell_type") == "markdown":
            title = re.match(r"# (\d\d)\b", source)
            number = number or (title and title[1])
        elif cell.get("cell_type") == "code":
            source = "\n".join(
                "" if line.lstrip().startswith(("%", "!")) else line
                for line in source.splitlines()
            )
            try:
                ast.parse(source)
                kept.append(source)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                for name in re.findall(r"(?m)^def (\w+)\(", source):
                    line = getattr(error, "lineno", None)
                    reason = getattr(error, "msg", None) or type(error).__name__
                    broken[name] = f"Its cell is not Python, line {line}: {reason}."
    text = "\n\n".join(kept)
    body = ast.parse(text).body
    asked = {n for n, e in EXERCISES.items() if number in (None, e.notebook)}
    defines = [name for name in defined(body) if name in asked]
    broken = {n: why for n, why in broken.items() if n in asked and n not in defines}
    return described(path.name, True, text, body, defines, broken)


def source_of(cell):
    """The source of a cell, however it is split into lines; None if it has none."""
    source = cell.get("source") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source if isinstance(source, str) else None


def defined(body):
    """The names of exercises that these statements define, but for stubs."""
    names = set()
    for node in body:
        if isinstance(node, ast.FunctionDef):
            (names.discard if is_stub(node) else names.add)(node.name)
    return [name for name in EXERCISES if name in names]


def is_stub(function):
    """Whether nothing has been written where the ... stands."""
    first, *rest = function.body
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return not rest or (len(rest) == 1 and is_stub(ast.Module(rest)))
    return isinstance(first, ast.Pass)


def described(file, cells, text, body, defines, broken):
    """The dict of one file. cells: whether it is a notebook."""
    functions = {n.name: n for n in body if isinstance(n, ast.FunctionDef)}
    calls, prints = {}, {}
    for name in defines:
        names = {n.id for n in ast.walk(functions[name]) if isinstance(n, ast.Name)}
        calls[name] = [other for other in defines if other in names - {name}]
        long = is_long(functions[name])  # before its docstring is out
        prints[name] = print_of(functions[name]), long
    parts = {"file": file, "cells": cells, "text": text, "defines": defines}
    return parts | {"calls": calls, "broken": broken, "prints": prints}


def where(texts, name):
    """The text in which an exercise is to be looked for: a Python file goes first."""
    for key in ("defines", "broken"):
        for text in texts:
            if name in text[key]:
                return text
    return None


# --- two functions that are the same but for names -----------------------------


class Renamed(ast.NodeTransformer):
    """Gives every name that a function binds a number, in the order of their coming."""

    def __init__(self, own):
        self.own, self.numbers = own, {}

    def number(self, name):
        return f"_{self.numbers.setdefault(name, len(self.numbers))}"

    def visit_Name(self, node):
        if node.id in self.own:
            node.id = self.number(node.id)
        return node

    def visit_arg(self, node):
        return ast.arg(self.number(node.arg))

    def visit_FunctionDef(self, node):
        node.name, node.returns, node.decorator_list = self.number(node.name), None, []
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return self.generic_visit(node)

    def visit_AnnAssign(self, node):
        self.generic_visit(node)
        return ast.Assign([node.target], node.value) if node.value else None


def is_long(function):
    """Whether it has LONG statements, its docstring aside."""
    statements = sum(isinstance(node, ast.stmt) for node in ast.walk(function))
    return statements - 1 - (ast.get_docstring(function) is not None) >= LONG


def print_of(function):
    """A digest of a function in which names do not count, "" if it nests too deeply."""
    nodes = list(ast.walk(function))
    own = {n.id for n in nodes if isinstance(n, ast.Name) and not is_read(n)}
    own |= {n.arg for n in nodes if isinstance(n, ast.arg)}
    own |= {n.name for n in nodes if isinstance(n, ast.FunctionDef)}
    try:
        dumped = ast.dump(Renamed(own).visit(function))
    except RecursionError:
        return ""
    return hashlib.sha256(dumped.encode()).hexdigest()[:16]


def is_read(name):
    return isinstance(name.ctx, ast.Load)
