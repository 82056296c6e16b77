"""Break the code, a change at a time, and see a test fail.

    python -m tests.mutants rnnlib [ROOM ...]       every computing line of the library
    python -m tests.mutants rnncourse [ROOM ...]    the checker, and what figures say

Of the course, without rooms, a sample is taken, always the same. A mutant exists in a
process forked for it, and in a copy of the packages that programs find which a test
starts there. It meets the tests of its room, then those of the other rooms, until one
fails. Survivors are printed, and the exit code is 1. Those that are the same function
stand in equivalent_mutants.toml, beside the tests, with the reason.

In the library strings are left alone: they are messages, names and docstrings. In the
course a sentence may also say the opposite, leave a number out, mix two up or round one
otherwise; of a figure, only that is broken which its words are made of, and of the
exercises what is right, not their inputs.
"""

import ast
import hashlib
import importlib
import itertools
import os
import re
import shutil
import signal
import sys
import tempfile
import tomllib
import warnings
from collections import Counter, namedtuple
from functools import cache, partial
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is imported

import pytest
from hypothesis import Phase, settings

ROOT = Path(__file__).resolve().parents[1]
ROOMS = {
    "rnnlib": """
        checks text forward loss bptt gradcheck training sampling optimizers gates
        layers stack __main__
    """.split(),
    "rnncourse": """
        checker/check checker/combining checker/comparing checker/describing
        checker/drawing checker/errors checker/exercises checker/lending
        checker/misconceptions checker/running
        figures/bptt figures/drawing figures/forward figures/gates figures/gist
        figures/gradcheck figures/in_pytorch figures/inside figures/loss figures/memory
        figures/one_hot figures/recipes figures/speed figures/start figures/tasks
        figures/training
    """.split(),
}
SAMPLE = {"rnncourse": 150}  # mutants when no room is named: ten minutes
# Rooms without a test file of their own name: the files that know them best.
OWN = {
    "checker/combining": ["test_messages", "test_check"],
    "checker/comparing": ["test_messages", "test_lending", "test_check"],
    "checker/describing": ["test_messages", "test_check"],
    "checker/drawing": ["test_seeds"],
    "figures/drawing": ["test_training", "test_style"],
}
# Imported here, once for all mutants.
BESIDE = {
    "rnnlib": ["tests.rnnlib.reference"],
    "rnncourse": ["matplotlib.backends.backend_agg", "ipywidgets", "nbformat"],
}
# Tests that take longer fail: seconds of the processor, or ten times as many in all.
OWN_SECONDS, ALL_SECONDS = 60, 300
# What is left out breaks the right answers of every exercise, for minutes, or looks at
# the pixels of every figure.
PYTEST = [
    *"-x -q --tb=no -p no:nbval -p no:cacheprovider --hypothesis-profile=quick".split(),
    "-k=not every_mutant_is_rejected and not can_be_read and not stands_out",
]
# Quick: an example that fails need not be made small, nobody looks at it.
settings.register_profile(
    "quick", derandomize=True, deadline=None, phases=[Phase.generate], max_examples=30
)

Mutant = namedtuple("Mutant", "package room number index before after code")

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
    ast.GtE: [ast.Gt, ast.LtE],
}
# Words that turn a sentence into another when they change places.
OPPOSITES = """
    first/last row/column rows/columns left/right above/below over/under before/after
    top/bottom input/output inputs/outputs current/next solid/dashed highest/lowest
    high/low highest/least largest/smallest larger/smaller longer/shorter more/less
    most/least faster/slower rises/falls rise/fall up/down forward/backward with/without
    dark/light from/to always/never same/other one/two early/late beginning/end
    no/every is/isn't are/aren't has/lacks
""".split()
OPPOSITE = {}
for pair in OPPOSITES:
    one, other = pair.split("/")
    OPPOSITE.setdefault(one, other)
    OPPOSITE.setdefault(other, one)
DRAWN = {"figure", "axes", "ax", "panels"}  # names in a figure that are no words of it


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


def rewordings(node):
    """Wrong versions of a text, or of a form such as ".2f"."""
    match node:
        case ast.Constant(value=str(text)):
            if re.fullmatch(r"[z,+]*\.\d[efg%]", text):
                yield ast.Constant(re.sub(r"\d", lambda d: str(int(d[0]) + 1), text))
            for word in dict.fromkeys(re.findall(r"\w+", text)):
                if word.lower() in OPPOSITE:
                    put = partial(re.sub, rf"\b{word}\b", OPPOSITE[word.lower()])
                    yield ast.Constant(put(text, count=1))
        case ast.JoinedStr(values=parts):
            holes = [
                i for i, p in enumerate(parts) if isinstance(p, ast.FormattedValue)
            ]
            for i in holes:
                yield ast.JoinedStr(parts[:i] + parts[i + 1 :])
            for i, k in itertools.pairwise(holes):
                swapped = list(parts)
                swapped[i], swapped[k] = parts[k], parts[i]
                yield ast.JoinedStr(swapped)


def is_text(node):
    """Whether this is a string, with numbers in it or not."""
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def computes(node):
    """Whether this is neither a docstring nor an import."""
    docstring = isinstance(node, ast.Expr) and is_text(node.value)
    imports = isinstance(node, (ast.Import, ast.ImportFrom))
    return isinstance(node, ast.AST) and not docstring and not imports


def places(parent):
    """Every (parent, node, its field, line, function to put another there)."""
    for field, value in ast.iter_fields(parent):
        if field in ("annotation", "returns"):
            continue
        put_at = value.__setitem__ if isinstance(value, list) else None
        for i, node in enumerate(value if put_at else [value]):
            if computes(node):
                put = partial(put_at, i) if put_at else partial(setattr, parent, field)
                number = getattr(node, "lineno", getattr(parent, "lineno", 0))
                yield parent, node, field, number, put
                yield from places(node)


def in_strings(tree):
    """Every node of an f-string but itself."""
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
    return {part for string in strings for part in ast.walk(string)} - {*strings}


def loaded(nodes):
    """The names that are looked up in these nodes."""
    return {node.id for node in nodes if isinstance(node, ast.Name)} - DRAWN


def bound(target):
    """The names that are bound, or filled, where this is the target."""
    attributes = (n.attr for n in ast.walk(target) if isinstance(n, ast.Attribute))
    return loaded(ast.walk(target)) | {*attributes}


def told_by(statement, names, is_helper):
    """The expressions in a statement that make what these names hold."""
    match statement:
        case ast.Assign(targets=[*targets], value=value):
            return [value] if any(bound(t) & names for t in targets) else []
        case ast.AugAssign(target=target, value=value):
            return [value, statement] if bound(target) & names else []
        case (
            ast.For(target=target, iter=value)
            | ast.comprehension(target=target, iter=value)
        ):
            return [value] if bound(target) & names else []
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return [statement] if name in names else []
        case ast.Return(value=ast.expr() as value):
            return [value] if is_helper else []
    return []


def worded(function, helpers):
    """The nodes of a figure's function that its words are made of.

    These are texts with a space in them, what is assigned to `alt` and `measured`, how
    the names in both come about, and the conditions of all these.
    """
    names, told = {"alt", "measured"}, set()
    nodes = [node for node in ast.walk(function) if computes(node)]
    keywords = (node for node in nodes if isinstance(node, ast.keyword))
    no_words = {k.value for k in keywords if k.arg in ("gid", "loc")}
    if ast.get_docstring(function):
        no_words.add(function.body[0].value)
    texts = (n for n in nodes if is_text(n) and n not in no_words)
    found = [node for node in texts if " " in ast.unparse(node)]
    while True:
        for node in nodes:
            found += told_by(node, names, function.name in helpers)
            if isinstance(node, (ast.If, ast.IfExp)) and told & {*ast.walk(node)}:
                found.append(node.test)
        more = {part for node in found for part in ast.walk(node)}
        if more <= told:
            return told
        told |= more
        names |= loaded(more)


def functions_of(tree):
    """The functions of a module."""
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


@cache
def helpers():
    """The names of the functions that a figure's words go through."""
    paths = (ROOT / "rnncourse" / "figures").glob("*.py")
    functions = [f for path in paths for f in functions_of(read(path))]
    names, more = set(), {"listed"}
    while more - names:
        names |= more
        more = {name for f in functions for name in loaded(worded(f, names))}
    return names


@cache
def exercises():
    """The names of the exercises: those of which the bank has mistakes."""
    bank = (ROOT / "rnncourse" / "checker" / "bank").glob("*.py")
    found = r'@misconception\(\s*"(\w+)"'
    return {n for path in bank for n in re.findall(found, path.read_text("utf-8"))}


def to_break(package, room, tree):
    """The nodes of a module that are to be broken."""
    functions = functions_of(tree)
    if room.startswith("figures/"):
        return {node for f in functions for node in worded(f, helpers())}
    if room == "checker/exercises":  # the rest makes inputs, as good as others
        truths = [f for f in functions if f.name in exercises()]
        return {node for f in truths for node in ast.walk(f)}
    return {*ast.walk(tree)} - (in_strings(tree) if package == "rnnlib" else set())


def read(path):
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"))


def mutants_of(package, room):
    """Functions, each of which makes a mutant of a room; None if nothing differs."""
    tree = read(ROOT / package / f"{room}.py")
    breakable = to_break(package, room, tree)
    for i, statement in enumerate(tree.body):
        part = ast.Module([statement], [])
        for parent, node, field, number, put in places(part):
            # An operator is one object wherever it stands.
            if (node if node._fields else parent) in breakable:
                others = [*changes(node, field)]
                if package == "rnncourse":
                    others += rewordings(node)
                for other in others:
                    place = package, room, number, i
                    yield partial(mutant, place, part, put, node, other)


def mutant(place, part, put, node, other):
    """The mutant with another node in its place, with the line that differs."""
    before = ast.unparse(part)
    put(other)
    after = ast.unparse(ast.fix_missing_locations(part))
    put(node)
    for two in zip(before.splitlines(), after.splitlines()):
        if two[0] != two[1]:
            return Mutant(*place, *map(str.strip, two), after)


def sample(mutants, size):
    """So many of the mutants: the same ones wherever their lines move to."""

    def lot(m):
        return hashlib.sha256(repr((m.room, m.before, m.after)).encode()).digest()

    return sorted(sorted(mutants, key=lot)[:size], key=lambda m: m.room)


def tests_of(package, room):
    """Files of tests: those of a room, and those of the other rooms."""
    path = Path("tests", package, room)
    own = OWN.get(room, [f"test_{path.name.strip('_')}"])
    own = [str(path.with_name(f"{name}.py")) for name in own]
    figure = room.startswith("figures/")  # another one's file knows nothing of it
    files = path.parent.glob("test_style.py" if figure else "test_*.py")
    return own, [file for file in map(str, sorted(files)) if file not in own]


def run_tests(mutant, folder):
    """Pytest's exit code: 0 when every test passes. Called in a process of its own.

    folder: where the packages with this mutant are put.
    """
    for package in ROOMS:
        shutil.copytree(ROOT / package, folder / package)
    (folder / "data").symlink_to(ROOT / "data")
    (folder / "notebooks").symlink_to(ROOT / "notebooks")
    if mutant.code is not None:
        path = folder / mutant.package / f"{mutant.room}.py"
        parts = [ast.unparse(statement) for statement in read(path).body]
        parts[mutant.index] = mutant.code
        path.write_text("\n".join(parts), "utf-8")
    os.environ["PYTHONPATH"] = str(folder)  # for programs
    sys.path[:0] = [str(folder), str(ROOT)]
    importlib.import_module(mutant.package)  # before pytest puts another path first
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    own, others = tests_of(mutant.package, mutant.room)
    for seconds, files in ((OWN_SECONDS, own), (ALL_SECONDS, others)):
        signal.setitimer(signal.ITIMER_PROF, seconds)  # ends the process
        signal.alarm(10 * seconds)
        if failed := pytest.main([*PYTEST, *files]):
            return failed
    return 0


def verdicts(mutants):
    """Pairs of a mutant and the status that its process ends with.

    As many run at a time as there are processors.
    """
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
            yield running.pop(pid), status
            shutil.rmtree(Path(scratch, str(pid)))


def main(package, *rooms):
    """Exit code 0 when every mutant is killed or explained."""
    os.chdir(ROOT)
    warnings.simplefilter("ignore", SyntaxWarning)  # mutants may well look strange
    for module in BESIDE[package]:
        importlib.import_module(module)
    makers = [f for room in rooms or ROOMS[package] for f in mutants_of(package, room)]
    mutants = [made for make in makers if (made := make())]
    sampled = package in SAMPLE and not rooms
    if sampled:
        mutants = sample(mutants, SAMPLE[package])
    path = ROOT / "tests" / package / "equivalent_mutants.toml"
    same = {
        (room, entry["line"], entry["mutant"])
        for room, entries in tomllib.loads(path.read_text("utf-8")).items()
        for entry in entries
        if room in (rooms or ROOMS[package])
    }
    failures = 0
    made = {(m.room, m.before, m.after) for m in mutants}
    for room, line, other in set() if sampled else same - made:
        failures += 1
        print(f"listed, but no mutant of {room}:\n  - {line}\n  + {other}")
    to_kill = [m for m in mutants if (m.room, m.before, m.after) not in same]
    unchanged = {m.room.split("/")[0]: m._replace(code=None) for m in mutants}
    if any(status for _, status in verdicts(unchanged.values())):
        sys.exit("The tests fail as it is. Mend that first.")
    late, total = Counter(), Counter(m.room for m in mutants)
    explained = total - Counter(m.room for m in to_kill)
    for mutant, status in verdicts(to_kill):
        late[mutant.room] += status in (signal.SIGPROF, signal.SIGALRM)
        if status == 0:
            failures += 1
            print(f"survived: {package}/{mutant.room}.py:{mutant.number}")
            print(f"  - {mutant.before}\n  + {mutant.after}", flush=True)
    for room, n in total.items():
        print(f"{room}: {n} mutants, {explained[room]} explained, {late[room]} late")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
