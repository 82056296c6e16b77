"""Every equation runs: each has a check, and each check would notice an error.

A numbered equation stands in a markdown cell as \\tag{n.m}. The next code cell begins
with "# (n.m)" and calls same(left, right, tol). Where a markdown cell has several
numbers, their code cells follow in the same order.

equation_mutants.toml holds wrong versions of these cells. Each must fail.
"""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest

import rnncourse
from tests.notebooks.shorter import shortened

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
TAG = re.compile(r"\\tag\{(\d+\.\d+)\}")
CHECK = re.compile(r"# \((\d+\.\d+)\)\n")
# Central differences of order 10 are good to about 1e-9: nothing needs more room.
LOOSEST = 1e-8
KINDS = {"sign", "index", "transpose", "factor", "range", "term", "function", "order"}
FEWEST = 3  # wrong versions of each cell

real_same = rnncourse.same


# The wrong versions: {number of the equation: [{kind, old, new}, ...]}.
BANK = tomllib.loads(
    Path(__file__).with_name("equation_mutants.toml").read_text(encoding="utf-8")
)


@cache
def cells_of(name):
    return nbformat.read(FOLDER / name, as_version=4).cells


def numbers_of(name):
    """The numbers of the equations in a notebook, in the order of the text."""
    text = [c.source for c in cells_of(name) if c.cell_type == "markdown"]
    return TAG.findall("\n".join(text))


WITH_EQUATIONS = [name for name in NAMES if numbers_of(name)]


def unchecked(cells):
    """The numbers of the equations that are not followed by their checks."""
    bad = []
    for at, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            tags = TAG.findall(cell.source)
            code = [c.source for c in cells[at:] if c.cell_type == "code"]
            begun = [CHECK.match(source) for source in code[: len(tags)]]
            found = [match.group(1) if match else None for match in begun]
            bad += [n for n, m in zip(tags, found + len(tags) * [None]) if n != m]
    return bad


class Disturbed:
    """`same`, with one side of one call moved by ten times its tolerance.

    call: which call, counted from 0. side: 0 left, 1 right, None moves nothing.
    calls: what each call was given, (left, right, tol).
    """

    def __init__(self, call=None, side=None):
        self.call, self.side, self.calls = call, side, []

    def __call__(self, left, right, tol=1e-12):
        sides = [np.array(left, dtype=float), np.array(right, dtype=float)]
        if len(self.calls) == self.call and sides[self.side].size:
            # One entry is enough: the least that an error can be.
            sides[self.side].flat[-1] += 10 * tol
        self.calls.append((left, right, tol))
        real_same(*sides, tol)


def run_with(same, source, namespace):
    """Run a cell with this `same`; what it binds or changes in place does not stay."""
    own = {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in namespace.items()
    }
    exec(compile(source, "<cell>", "exec"), own | {"same": same})


def faults(source, namespace):
    """What is wrong with a check cell, each fault in a few words."""
    undisturbed = Disturbed()
    run_with(undisturbed, source, namespace)
    found = [] if undisturbed.calls else ["does not call same"]
    for call, (_, _, tol) in enumerate(undisturbed.calls):
        if tol > LOOSEST:
            found.append(f"call {call}: tolerance {tol:g}")
        for side, name in enumerate(("left", "right")):
            try:
                run_with(Disturbed(call, side), source, namespace)
            except AssertionError:
                continue
            found.append(f"call {call}: the {name} side may be off by 10 tol")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "same":
            left, right = map(ast.unparse, node.args[:2])
            if left == right:
                found.append(f"{left} is compared with itself")
    return found


def survivors(source, mutants, namespace):
    """What is wrong with the bank's wrong versions of a cell, each in a line."""
    found = []
    for mutant in mutants:
        change = f"{mutant['old']!r} -> {mutant['new']!r}"
        if source.count(mutant["old"]) != 1:
            found.append(f"{change}: stands {source.count(mutant['old'])} times")
            continue
        try:
            wrong = source.replace(mutant["old"], mutant["new"])
            run_with(Disturbed(), wrong, namespace)
            found.append(f"{change}: survives")
        except AssertionError:
            pass
        except Exception as error:
            found.append(f"{change}: {type(error).__name__}, not a failed comparison")
    return found


@cache
def findings(name):
    """Run a notebook once: {number: (faults, survivors)} of its check cells.

    Its long runs are as short as in the page of a browser: nbval runs them whole.
    """
    namespace, found = {"__name__": "__main__"}, {}
    code = [cell for cell in cells_of(name) if cell.cell_type == "code"]
    while code and not CHECK.match(code[-1].source):
        code.pop()  # behind the last check nothing needs to run
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rnncourse, "show", lambda figure: None)
        patch.chdir(FOLDER)
        for cell in code:
            # First as it stands: later cells need the names that it binds.
            exec(compile(shortened(cell.source), cell.id, "exec"), namespace)
            if match := CHECK.match(cell.source):
                number, source = match[1], cell.source
                mutants = BANK.get(number, [])
                two = faults(source, namespace), survivors(source, mutants, namespace)
                found[number] = two
    return found


@pytest.fixture(params=WITH_EQUATIONS, ids=lambda name: name[:2])
def name(request):
    return request.param


@pytest.fixture
def cells(name):
    return cells_of(name)


def test_there_are_notebooks_with_equations():
    assert {"01", "02", "03", "04", "05"} <= {name[:2] for name in WITH_EQUATIONS}


def test_every_equation_is_followed_by_its_check(cells):
    assert unchecked(cells) == []


def test_equations_are_numbered_in_order_and_every_check_has_its_equation(name, cells):
    tags = numbers_of(name)
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    checks = [match.group(1) for match in map(CHECK.match, code) if match]
    assert tags == [f"{int(name[:2])}.{m}" for m in range(1, len(tags) + 1)]
    assert checks == tags


def test_every_number_in_the_text_is_that_of_an_equation(name, cells):
    text = "\n".join(cell.source for cell in cells)
    mentioned = re.findall(rf"\(({int(name[:2])}\.\d+)\)", text)
    assert set(mentioned) <= set(numbers_of(name))


@pytest.mark.filterwarnings("ignore")  # overflow, where a notebook shows it
def test_every_check_fails_when_a_side_is_disturbed(name):
    bad = {number: found for number, (found, _) in findings(name).items() if found}
    assert bad == {}


@pytest.mark.filterwarnings("ignore")
def test_every_wrong_version_in_the_bank_fails(name):
    bad = {number: found for number, (_, found) in findings(name).items() if found}
    assert bad == {}


def test_every_equation_has_its_wrong_versions_and_no_other(name):
    few = [n for n in numbers_of(name) if len(BANK.get(n, [])) < FEWEST]
    assert few == [], "equation_mutants.toml: too few wrong versions"


def test_the_bank_is_of_equations_that_there_are():
    assert set(BANK) == {n for name in NAMES for n in numbers_of(name)}
    for number, mutants in BANK.items():
        assert all(mutant["kind"] in KINDS for mutant in mutants), number
        assert all(set(mutant) == {"kind", "old", "new"} for mutant in mutants), number
        changes = [(mutant["old"], mutant["new"]) for mutant in mutants]
        assert len(set(changes)) == len(changes), number


# The tests above, on cells that must not pass.


def notebook(*sources):
    """Cells: a source that begins with "$" is markdown."""
    new = nbformat.v4
    return [
        new.new_markdown_cell(source)
        if source.startswith("$")
        else new.new_code_cell(source)
        for source in sources
    ]


@pytest.mark.parametrize(
    ("sources", "bad"),
    [
        (["$\\tag{4.1}", "# (4.1)\nsame(1, 1)"], []),
        (["$\\tag{4.1} \\tag{4.2}", "# (4.1)\n", "# (4.2)\n"], []),
        (["$\\tag{4.1}"], ["4.1"]),
        (["$\\tag{4.1}", "same(1, 1)"], ["4.1"]),
        (["$\\tag{4.1}", "# (4.2)\nsame(1, 1)"], ["4.1"]),
        (["$\\tag{4.1}", "1", "# (4.1)\nsame(1, 1)"], ["4.1"]),
        (["$\\tag{4.1} \\tag{4.2}", "# (4.1)\n"], ["4.2"]),
        (["$\\tag{4.1} \\tag{4.2}", "# (4.2)\n", "# (4.1)\n"], ["4.1", "4.2"]),
    ],
)
def test_an_equation_without_its_check_is_found(sources, bad):
    assert unchecked(notebook(*sources)) == bad


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("same(a, b, tol=1e-9)", []),
        ("same(a, b)\nsame(1.0, 2 / 2)", []),
        ("a == b", ["same"]),
        ("same(a, a)", ["itself"]),
        ("same(a, b, tol=1.0)", ["tolerance"]),
        ("same([], a[:0])", ["left", "right"]),
        ("same(a, b - 5e-9, tol=1e-8)", []),
        ("try:\n    same(a, b)\nexcept AssertionError:\n    pass", ["left", "right"]),
    ],
)
def test_a_check_that_cannot_fail_is_found(source, words):
    namespace = {"a": np.array([1.0, 2.0]), "b": np.array([1.0, 2.0])}
    found = faults(source, namespace)
    assert len(found) == len(words)
    assert all(word in fault for word, fault in zip(words, found))


def test_a_check_that_fails_is_not_passed_over():
    with pytest.raises(AssertionError, match="largest difference"):
        faults("same(1.0, 2.0)", {})


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("+", "-", []),
        ("b", "b.T", ["survives"]),  # the transpose of a vector is the vector
        ("c", "d", ["stands 0 times"]),
        ("a", "-a", ["stands 2 times"]),
        ("b", "q", ["NameError"]),
    ],
)
def test_a_wrong_version_that_does_not_fail_is_found(old, new, words):
    namespace = {"a": np.ones(2), "b": np.ones(2)}
    mutant = {"kind": "sign", "old": old, "new": new}
    found = survivors("same(a + b, [2, 2])", [mutant], namespace)
    assert len(found) == len(words)
    assert all(word in fault for word, fault in zip(words, found))


def test_what_a_wrong_version_changes_in_place_does_not_stay():
    namespace = {"a": np.ones(2)}
    mutant = {"kind": "factor", "old": "1", "new": "2"}
    survivors("a *= 1\nsame(a[0], 1.0 - 0)", [mutant | {"old": "*= 1"}], namespace)
    assert namespace["a"].tolist() == [1, 1]
