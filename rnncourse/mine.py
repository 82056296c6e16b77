"""The student's own library: what `check` finds right is kept in my_rnn.py, and runs.

`check` keeps, `yours` brings back, `progress` shows where one stands. The file lies in
the folder of the notebook and is nobody's but the student's: it is read afresh each
time, changed one function at a time, and what was written by hand stays. Beside the
originals of the course (ORIGINALS) nothing is kept and nothing read.
"""

import ast
import builtins
import contextlib
import dataclasses
import difflib
import dis
import functools
import inspect
import io
import os
import re
import textwrap
import types
from hashlib import sha256
from pathlib import Path

import numpy as np
from IPython import get_ipython

from rnncourse import checker
from rnncourse.checker.exercises import EXERCISES

FILE = "my_rnn.py"
ORIGINALS = Path(__file__).resolve().parents[1] / "notebooks"
HEAD = '''"""My own library: functions that I wrote and `check` found right.

It needs NumPy alone. Import it, read it, change it: `check` adds to it, and leaves
alone what was changed by hand.
"""

import numpy as np
'''
# The line above a kept function. The digits are those of its source: while they fit,
# nobody has changed it by hand, and a newer version of the notebook takes its place.
MARK = re.compile(r"# (\w+), notebook \d\d, found right: ([0-9a-f]{8})")
TRIES = 5  # when another notebook writes at the same time
NOT_KEPT = {}  # right functions that cannot be kept: this session runs them too


OURS = (
    "This is the course's, which stands in until yours is right. Write yours where the "
    "... stands, run that cell, and check again."
)


class NotKept(Exception):
    """Why a right function cannot be kept, in a sentence for the student."""


class Spoken(checker.Verdict):
    """A Verdict with a note, said at the end of its cell unless it was shown there."""

    waiting = []

    def __repr__(self):
        self.waiting[:] = [other for other in self.waiting if other is not self]
        verdict, _, note = self.message.partition("\n")
        parts = dataclasses.asdict(self) | {"message": verdict}
        text = repr(checker.Verdict(**parts))
        return f"{text}\n{textwrap.fill(note, 75)}" if note else text

    @classmethod
    def say(cls, *_):
        for verdict in list(cls.waiting):
            print(verdict)


def check(function):
    """Try the exercise that `function` is named after, and keep it if it is right.

    Returns the Verdict; in a notebook it is shown even if it is not the last line of
    its cell, and its message has a second line: what became of the function.
    ValueError: something that is not a function with the name of an exercise.
    """
    verdict = checker.check(function)
    if any(function is exercise.truth for exercise in EXERCISES.values()):
        verdict = dataclasses.replace(verdict, status="missing", message=OURS)
    shell = get_ipython()
    if shell is None:
        return verdict
    note = "" if is_original() else kept_or_not(verdict, function)
    message = f"{verdict.message}\n{note}".strip()
    verdict = Spoken(**{**dataclasses.asdict(verdict), "message": message})
    if Spoken.say not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", Spoken.say)
    Spoken.waiting.append(verdict)
    return verdict


def kept_or_not(verdict, function):
    """Keep what is right; a sentence on what became of it, or on what is there."""
    if verdict.status == "correct":
        try:
            note = keep(function, Path.cwd() / FILE)
            NOT_KEPT.pop(verdict.name, None)
        except NotKept as reason:
            NOT_KEPT[verdict.name] = function
            note = str(reason)
        return note
    if has(verdict.name):
        return f"{FILE} still has the one that was right."
    return ""


def yours(*names):
    """The student's function of each name, the course's where theirs is missing.

    Prints one line that says which. Returns a function, or a list for several names.
    Where a function of the student's returns lists of numbers, arrays come back: the
    notebooks count with them.
    ValueError: no name, or one that is not the name of an exercise.
    """
    if not names:
        raise ValueError("names: expected the name of an exercise, got none")
    for name in names:
        if name not in EXERCISES:
            close = difflib.get_close_matches(str(name), EXERCISES) or EXERCISES
            raise ValueError(
                f"names: expected names of exercises ({', '.join(close)}), got {name!r}"
            )
    found, problems, unkept = {}, [], {}
    if not is_original():
        module, problem = library()
        problems += [problem] if problem else []
        for name in names:
            problem = fault(module, name)
            if hasattr(module, name) and not problem:
                found[name] = getattr(module, name)
            elif name in NOT_KEPT:
                unkept[name] = NOT_KEPT[name]
            problems += [problem] if problem else []
    theirs = found | unkept
    gaps = [name for name in names if name not in theirs]
    said = [f"yours: {', '.join(found)}"] if found else []
    said += [f"yours, but not kept: {', '.join(unkept)}"] if unkept else []
    said += [f"the course's, until yours is right: {', '.join(gaps)}"] if gaps else []
    print("; ".join(said))
    for problem in problems:
        print(textwrap.fill(problem, 75))
    functions = [
        with_arrays(theirs[name], EXERCISES[name].form)
        if name in theirs
        else EXERCISES[name].truth
        for name in names
    ]
    return functions if len(functions) > 1 else functions[0]


def with_arrays(function, form):
    """The same function, but lists in place of arrays come back as arrays."""
    if form not in ("array", "tuple", "dict"):
        return function

    def turned(value):
        return np.array(value) if isinstance(value, list) else value

    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        value = function(*args, **kwargs)
        if form == "dict":
            return {name: turned(part) for name, part in value.items()}
        return tuple(map(turned, value)) if form == "tuple" else turned(value)

    return wrapped


def progress():
    """Print a table: notebook, exercise, yours or missing; and what comes next."""
    module, problem = (None, "") if is_original() else library()
    before, following = "", None
    for name, exercise in EXERCISES.items():
        number = exercise.notebook if exercise.notebook != before else ""
        before = exercise.notebook
        state = "missing"
        if hasattr(module, name):
            state = "not right any more" if fault(module, name) else "yours"
        following = following or (exercise if state != "yours" else None)
        print(f"{number:4}{name:20}{state}")
    if problem:
        print(textwrap.fill(problem, 75))
    if following:
        print(f"Next: {following.name}, in notebook {following.notebook}.")
    else:
        print("All of them are yours.")


# Keeping


def is_original():
    """Whether the notebook is an original of the course: it runs with nothing kept."""
    return Path.cwd().resolve() == ORIGINALS


def keep(function, path):
    """Put a right function into the file at `path`: a sentence about it.

    NotKept: what is in the way. The file is then as it was.
    """
    name = function.__name__
    source = source_of(function)
    path = path.resolve()  # a link stays a link
    for _ in range(TRIES):
        before = read(path)
        text = HEAD if before is None else before
        now = definition(text, name)
        if now and same_code(now.source, source):
            return f"It is in {FILE}."
        if now and now.digest != digest(now.source):
            raise NotKept(
                f"{FILE} was changed by hand at {name}, line {now.line}; that stays. "
                "To keep this one, delete it there and check again."
            )
        stand_alone(function, text)
        text = put(text, name, source)
        prove(text, name)
        if read(path) == before:
            windows = before is not None and "\r\n" in before
            write(path, text.replace("\n", "\r\n") if windows else text)
            return f"Kept in {FILE}."
    raise NotKept(f"Not kept: another notebook keeps writing {FILE}. Check again.")


def source_of(function):
    """The source of a function, from its first decorator on, without indentation."""
    try:
        source = textwrap.dedent(inspect.getsource(function))
        (node,) = ast.parse(source).body
    except (OSError, TypeError, SyntaxError, ValueError):
        node = None
    if not isinstance(node, ast.FunctionDef) or node.name != function.__name__:
        raise NotKept("Not kept: only a function written with `def` in a cell can be.")
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def stand_alone(function, text):
    """NotKept if the function leans on what my_rnn.py would not have."""
    code = inspect.unwrap(function).__code__
    if code.co_freevars:
        outside = ", ".join(code.co_freevars)
        raise NotKept(f"Not kept: move into it what it takes from outside: {outside}.")
    names = [n for n in names_in(code) + names_around(function) if n != "np"]
    others = [name for name in names if name in EXERCISES]
    absent = [n for n in others if n != function.__name__ and not definition(text, n)]
    if absent:
        raise NotKept(
            f"Not kept yet: it calls {', '.join(absent)}, which {FILE} does not have. "
            "Once that is right, check this one again."
        )
    leans = [n for n in names if n not in others and not hasattr(builtins, n)]
    if leans:
        raise NotKept(
            f"Not kept: it leans on names of the notebook ({', '.join(leans)}). Move "
            "into it what it needs of them, imports too, and check again."
        )


GLOBAL = {"LOAD_GLOBAL", "STORE_GLOBAL", "DELETE_GLOBAL", "LOAD_NAME"}


def names_in(code):
    """The global names that a code object uses, those of its inner functions too."""
    steps = dis.get_instructions(code)
    names = [s.argval for s in steps if s.opname in GLOBAL]
    inner = (c for c in code.co_consts if isinstance(c, types.CodeType))
    return list(dict.fromkeys(names + [name for c in inner for name in names_in(c)]))


def names_around(function):
    """The names in decorators, defaults and annotations."""
    (node,) = ast.parse(source_of(function)).body
    outside = [*node.decorator_list, node.args, *filter(None, [node.returns])]
    inside = (n for part in outside for n in ast.walk(part))
    return [n.id for n in inside if isinstance(n, ast.Name)]


def put(text, name, source):
    """The text of the file with this function in it, at its place in the course."""
    mark = f"# {name}, notebook {EXERCISES[name].notebook}, found right: "
    block = (mark + digest(source) + "\n" + source).splitlines()
    lines, now = text.splitlines(), definition(text, name)
    if now:
        lines[now.first - 1 : now.last] = block
    else:
        order = list(EXERCISES)
        later = (definition(text, other) for other in order[order.index(name) + 1 :])
        following = min((d.first for d in later if d), default=None)
        if following:
            lines[following - 1 : following - 1] = [*block, "", ""]
        else:
            while lines and not lines[-1].strip():
                lines.pop()
            lines += ["", "", *block]
    return "\n".join(lines) + "\n"


def prove(text, name):
    """NotKept if the file with the function in it is not right all alone."""
    module, problem = run(text)
    if not problem:
        problem = failure(getattr(module, name), name)
    if problem:
        raise NotKept(f"Not kept: alone in {FILE} it would not do. {problem}")


# The file


@dataclasses.dataclass(frozen=True)
class Definition:
    """A function in the file: its source, the digest in its mark, its lines.

    first: the line of the mark, or of the source if there is none. line: that of the
    source. last: its last line. All are counted from 1.
    """

    source: str
    digest: str | None
    first: int
    line: int
    last: int


def definition(text, name):
    """The last top-level function of this name in a text, or None.

    NotKept: the text is not Python.
    """
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError) as error:
        raise NotKept(f"Not kept: {broken(error)}") from None
    nodes = [n for n in body if isinstance(n, ast.FunctionDef) and n.name == name]
    if not nodes:
        return None
    node, lines = nodes[-1], text.splitlines()
    line = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    mark = MARK.fullmatch(lines[line - 2].strip()) if line > 1 else None
    mark = mark if mark and mark[1] == name else None
    source = "\n".join(row.rstrip() for row in lines[line - 1 : node.end_lineno])
    first = line - 1 if mark else line
    return Definition(source, mark and mark[2], first, line, node.end_lineno)


def digest(source):
    return sha256(source.encode()).hexdigest()[:8]


def same_code(one, other):
    """Whether two sources are the same function, whatever their comments."""
    return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))


def read(path):
    """The text of the file as it is, or None if there is no file.

    NotKept: it cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise NotKept(f"Not kept: {FILE} cannot be read: {reason}.") from None


def write(path, text):
    """Write the file, as a whole or not at all. NotKept: it cannot be written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.exists() and not path.stat().st_mode & 0o222:
            raise PermissionError(0, "it is read-only")
        part.write_bytes(text.encode())
        os.replace(part, path)
    except OSError as error:
        reason = error.strerror or "its folder cannot be written"
        raise NotKept(f"Not kept: {FILE} cannot be written: {reason}.") from None
    finally:
        if part.exists():
            part.unlink()


def broken(error):
    """A sentence on an exception that the file raises."""
    line = getattr(error, "lineno", None)
    for frame in inspect.getinnerframes(error.__traceback__) if not line else ():
        line = frame.lineno if frame.filename == FILE else line
    where = f" at line {line}" if line else ""
    return f"{FILE} does not run{where}: {type(error).__name__}: {error}."


def run(text):
    """The text as a module, and "" or a sentence on why it does not run."""
    module = types.ModuleType("my_rnn")
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, FILE, "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        return None, broken(error)
    return module, ""


CACHE = {}  # of one text: the module, and the fault of each function asked for


def library():
    """What my_rnn.py holds: the module or None, and "" or what is wrong with it."""
    try:
        text = read((Path.cwd() / FILE).resolve())
    except NotKept as reason:
        return None, str(reason).removeprefix("Not kept: ")
    if text is None:
        return None, ""
    if CACHE.get("text") != text:
        CACHE.clear()
        CACHE.update(text=text, module=run(text), faults={})
    return CACHE["module"]


def has(name):
    module, _ = library()
    return hasattr(module, name) and not fault(module, name)


def fault(module, name):
    """ "" or a sentence on why the function in my_rnn.py is not right (any more)."""
    function = getattr(module, name, None)
    if function is None:
        return ""
    faults = CACHE["faults"]
    if name not in faults:
        reason, now = failure(function, name), definition(CACHE["text"], name)
        where = f", line {now.line}" if now else ""
        faults[name] = f"{name} in {FILE}{where}: {reason}" if reason else ""
    return faults[name]


def failure(function, name):
    """What `check` says of a function that is not right, "" if it is."""
    try:
        verdict = checker.judge(function)
    except ValueError as error:
        return str(error)
    return (
        "" if (verdict.name, verdict.status) == (name, "correct") else verdict.message
    )
