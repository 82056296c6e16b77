"""Every equation runs: each has a check, and each check would notice an error.

A numbered equation stands in a markdown cell as \\tag{n.m}. The next code cell begins
with "# (n.m)" and calls same(left, right, tol). Where a markdown cell has several
numbers, their code cells follow in the same order.
"""

import ast
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

import rnncourse

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("0[1-5]_*.ipynb"))
TAG = re.compile(r"\\tag\{(\d+\.\d+)\}")
CHECK = re.compile(r"# \((\d+\.\d+)\)\n")
# Central differences of order 10 are good to about 1e-9: nothing needs more room.
LOOSEST = 1e-8

real_same = rnncourse.same


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
    """Run a cell with this `same`; names that it binds do not stay."""
    exec(compile(source, "<cell>", "exec"), namespace | {"same": same})


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


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name[:2])
def cells(request):
    return nbformat.read(request.param, as_version=4).cells


def test_there_are_notebooks_with_equations():
    assert {"03", "04"} <= {path.name[:2] for path in NOTEBOOKS}


def test_every_equation_is_followed_by_its_check(cells):
    assert unchecked(cells) == []


def test_equations_are_numbered_in_order_and_every_check_has_its_equation(cells):
    sources = {kind: [] for kind in ("markdown", "code", "raw")}
    for cell in cells:
        sources[cell.cell_type].append(cell.source)
    tags = TAG.findall("\n".join(sources["markdown"]))
    checks = [match.group(1) for match in map(CHECK.match, sources["code"]) if match]
    chapter = tags[0].split(".")[0] if tags else ""
    assert tags == [f"{chapter}.{m}" for m in range(1, len(tags) + 1)]
    assert checks == tags


def test_every_number_in_the_text_is_that_of_an_equation(cells):
    text = "\n".join(cell.source for cell in cells)
    tags = TAG.findall(text)
    if tags:
        chapter = tags[0].split(".")[0]
        assert set(re.findall(rf"\(({chapter}\.\d+)\)", text)) <= set(tags)


@pytest.mark.filterwarnings("ignore")  # overflow, where a notebook shows it
def test_every_check_fails_when_a_side_is_disturbed(cells, monkeypatch):
    monkeypatch.setattr(rnncourse, "show", lambda figure, alt: None)
    monkeypatch.chdir(FOLDER)
    namespace, found = {"__name__": "__main__"}, {}
    code = [cell for cell in cells if cell.cell_type == "code"]
    while code and not CHECK.match(code[-1].source):
        code.pop()  # behind the last check nothing needs to run
    for cell in code:
        # First as it stands: later cells need the names that it binds.
        exec(compile(cell.source, cell.id, "exec"), namespace)
        if number := CHECK.match(cell.source):
            found[number.group(1)] = faults(cell.source, namespace)
    assert {number: list_ for number, list_ in found.items() if list_} == {}


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
