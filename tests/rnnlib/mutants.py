"""Break every computing line of the library, a change at a time, and see a test fail.

    python -m tests.rnnlib.mutants [ROOM ...]

A mutant exists in a process forked for it, and in a copy of the library that programs
find which a test starts there. It meets the tests of its room, then those of the other
rooms, until one fails. Survivors are printed, and the exit code is 1. Those that are
the same function stand in equivalent_mutants.toml, with the reason. Strings are left
alone: they are messages, names and docstrings.
"""

import ast
import importlib
import itertools
import os
import shutil
import signal
import sys
import tempfile
import tomllib
import warnings
from collections import namedtuple
from functools import partial
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is imported

import pytest
from hypothesis import Phase, settings

from tests.rnnlib import reference  # noqa: F401  imported here, once for all mutants

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).parent / "equivalent_mutants.toml"
ROOMS = (
    "checks",
    "text",
    "forward",
    "loss",
    "bptt",
    "gradcheck",
    "training",
    "sampling",
    "optimizers",
    "gates",
    "layers",
    "stack",
    "__main__",
)
OWN_SECONDS, ALL_SECONDS = 60, 300  # tests that take longer fail
PYTEST = "-x -q --tb=no -p no:nbval -p no:cacheprovider --hypothesis-profile=quick"
# Quick: an example that fails need not be made small, nobody looks at it.
settings.register_profile(
    "quick", derandomize=True, deadline=None, phases=[Phase.generate], max_examples=30
)

Mutant = namedtuple("Mutant", "room number before after source")

OPERATORS = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mult],
    ast.Mod: [ast.FloorDiv],
    ast.BitOr: [ast.BitAnd],
    ast.And: [ast.Or],
    ast.Or: [ast.And],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
}


def without_each(items):
    """The list without its first item, without its second, and so on."""
    return [items[:i] + items[i + 1 :] for i in range(len(items))]


def changed(node, **fields):
    """A copy of the node with other fields."""
    return type(node)(**{**vars(node), **fields})


def changes(node, field):
    """Wrong versions of a node that stands in this field of its parent."""
    yield from (operator() for operator in OPERATORS.get(type(node), ()))
    if field in ("test", "ifs"):
        yield ast.UnaryOp(ast.Not(), node)
    if isinstance(node, ast.stmt) and not isinstance(node, (ast.ClassDef, ast.Pass)):
        yield ast.Pass()
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() | complex() as value):
            yield from map(ast.Constant, {value + 1, 0} if value == 1 else {value + 1})
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield node.operand
        case (
            ast.Attribute(attr="T" | "real", ctx=ast.Load())
            | ast.Subscript(ctx=ast.Load())
        ):
            yield node.value
        case ast.Slice():
            for part in ("lower", "upper", "step"):
                if getattr(node, part):
                    yield changed(node, **{part: None})
        case ast.ExceptHandler(type=ast.Tuple(elts=kinds)):
            for fewer in without_each(kinds):
                yield changed(node, type=ast.Tuple(fewer, ast.Load()))
        case ast.ExceptHandler(type=ast.Name(id="BaseException")):
            yield changed(node, type=ast.Name("Exception", ast.Load()))
        case ast.Call(func=func, args=args, keywords=keywords):
            if len(args) > 1:
                yield changed(node, args=[args[1], args[0], *args[2:]])
            for fewer in without_each(keywords):
                yield changed(node, keywords=fewer)
            if len(args) == 1 and not isinstance(args[0], ast.Starred):
                yield args[0]
            if not args and isinstance(func, ast.Attribute):
                yield func.value


def computes(node):
    """Whether this is neither a string, a docstring among them, nor an import."""
    node = node.value if isinstance(node, ast.Expr) else node
    string = isinstance(node, ast.Constant) and isinstance(node.value, str)
    imports = isinstance(node, (ast.Import, ast.ImportFrom))
    return isinstance(node, ast.AST) and not string and not imports


def places(parent):
    """Every (node, field of its parent, line, function to put another there)."""
    for field, value in ast.iter_fields(parent):
        if field in ("annotation", "returns"):
            continue
        put_at = value.__setitem__ if isinstance(value, list) else None
        for i, node in enumerate(value if put_at else [value]):
            if computes(node):
                put = partial(put_at, i) if put_at else partial(setattr, parent, field)
                number = getattr(node, "lineno", getattr(parent, "lineno", 0))
                yield node, field, number, put
                if not isinstance(node, ast.JoinedStr):
                    yield from places(node)


def mutants_of(room):
    """All mutants of a room, with the line that differs, before and after."""
    path = ROOT / "rnnlib" / f"{room}.py"
    tree = ast.parse(path.read_text("utf-8"))
    original = ast.unparse(tree).splitlines()
    for node, field, number, put in places(tree):
        for other in changes(node, field):
            put(other)
            source = ast.unparse(ast.fix_missing_locations(tree))
            pairs = zip(original, source.splitlines())
            before, after = next((p for p in pairs if p[0] != p[1]), ("", ""))
            if before:
                yield Mutant(room, number, before.strip(), after.strip(), source)
            put(node)


def run_tests(mutant, folder):
    """Pytest's exit code: 0 when every test passes. Called in a process of its own.

    folder: where the library with this mutant is put.
    """
    shutil.copytree(ROOT / "rnnlib", folder / "rnnlib")
    (folder / "data").symlink_to(ROOT / "data")
    if mutant.source:
        (folder / "rnnlib" / f"{mutant.room}.py").write_text(mutant.source, "utf-8")
    os.environ["PYTHONPATH"] = str(folder)  # for programs
    sys.path[:0] = [str(folder), str(ROOT)]
    importlib.import_module("rnnlib")  # before pytest puts another path first
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    tests = {room: f"tests/rnnlib/test_{room.strip('_')}.py" for room in ROOMS}
    own = [tests.pop(mutant.room)]
    for seconds, files in ((OWN_SECONDS, own), (ALL_SECONDS, tests.values())):
        signal.alarm(seconds)  # ends the process
        if failed := pytest.main([*PYTEST.split(), *files]):
            return failed
    return 0


def survivors(mutants):
    """Those that no test notices; as many run at a time as there are processors."""
    running, waiting = {}, iter(mutants)
    with tempfile.TemporaryDirectory() as scratch:
        while True:
            for mutant in itertools.islice(waiting, os.cpu_count() - len(running)):
                if (pid := os.fork()) == 0:
                    try:
                        os._exit(run_tests(mutant, Path(scratch, str(os.getpid()))))
                    finally:
                        os._exit(1)
                running[pid] = mutant
            if not running:
                return
            pid, status = os.wait()
            mutant = running.pop(pid)
            if status == 0:
                yield mutant


def main(rooms):
    """Exit code 0 when every mutant of these rooms is killed or explained."""
    os.chdir(ROOT)
    warnings.simplefilter("ignore", SyntaxWarning)  # mutants may well look strange
    listed = tomllib.loads(LIST.read_text("utf-8"))
    unchanged = Mutant("text", 0, "", "", None)
    if not list(survivors([unchanged])):
        sys.exit("The tests fail as it is. Mend that first.")
    failures = 0
    for room in rooms or ROOMS:
        same = {(e["line"], e["mutant"]): e["reason"] for e in listed.get(room, [])}
        mutants = list(mutants_of(room))
        to_kill = [m for m in mutants if (m.before, m.after) not in same]
        for survivor in survivors(to_kill):
            failures += 1
            print(f"survived: rnnlib/{room}.py:{survivor.number}")
            print(f"  - {survivor.before}\n  + {survivor.after}", flush=True)
        for line, mutant in same.keys() - {(m.before, m.after) for m in mutants}:
            failures += 1
            print(f"listed, but no mutant of {room}:\n  - {line}\n  + {mutant}")
        explained = len(mutants) - len(to_kill)
        print(f"{room}: {len(mutants)} mutants, {explained} explained", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
