"""The minutes that a notebook states are those that it takes, by one count for all."""

import re
from pathlib import Path

import nbformat
import pytest

from teaching.minutes import minutes

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
LONGEST, SITTING = 75, 50  # a longer one is cut into sittings
SITTINGS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
STEPS = 40  # cells in a row without something to do
WITHOUT = {0}  # 00 has no exercise


def sittings(cells):
    """The cells of each sitting: a cell with the id "sitting-2" begins the second."""
    starts = [n for n, c in enumerate(cells) if re.fullmatch(r"sitting-\d", c.id)]
    edges = [0, *starts, len(cells)]
    return [cells[a:b] for a, b in zip(edges, edges[1:])]


@pytest.fixture(params=NAMES, ids=lambda name: name[:2])
def cells(request):
    return nbformat.read(FOLDER / request.param, as_version=4).cells


def stated(cells):
    """The minutes that the head of a notebook states, in all and of each sitting."""
    text = "\n".join(c.source for c in cells if c.cell_type == "markdown")
    found = re.search(
        r"\*\*Time:?\*\*:? (\d+) minutes(?:, in (\w+) sittings of ([\d, and]+))?", text
    )
    parts = [int(n) for n in re.findall(r"\d+", found[3] or found[1])]
    assert len(parts) == SITTINGS[found[2] or "one"] and sum(parts) == int(found[1])
    return parts


def test_the_minutes_stated_are_within_a_fifth_of_the_count(cells):
    counted = [minutes(part) for part in sittings(cells)]
    told = stated(cells)
    assert len(told) == len(counted), "a cell with the id sitting-n begins each sitting"
    for says, takes in zip(told, counted):
        assert abs(says - takes) <= takes / 5, (told, [round(c) for c in counted])


def test_a_long_notebook_is_cut_into_sittings(cells):
    counted = [minutes(part) for part in sittings(cells)]
    assert sum(counted) <= LONGEST or max(counted) <= SITTING, counted


def test_there_is_something_to_do_all_along(cells):
    done = [
        n
        for n, cell in enumerate(cells)
        if cell.source.startswith(("check(", "diagnose(", "hunt.check("))
        or "**On paper.**" in cell.source
    ]
    edges = [0, *done, len(cells)]
    longest = max(b - a for a, b in zip(edges, edges[1:]))
    number = int(re.match(r"# (\d\d)", cells[0].source)[1])
    assert longest <= STEPS or number in WITHOUT


def cell(source, kind="code", name="a"):
    make = getattr(nbformat.v4, f"new_{kind}_cell")
    return make(source, id=name)


def test_the_count():
    prose = "word " * 140 + "\n**Predict.** " + "word " * 139
    assert minutes([cell(prose, "markdown")]) == pytest.approx(2.5, abs=0.01)
    folded = "<details><summary>Hint</summary>\n\nmany words\n\n</details>"
    assert minutes([cell(folded, "markdown")]) == 0
    assert minutes([cell("x = 1\n\ny = 2\n" * 3)]) == pytest.approx(1)
    stub = cell("def softmax(y):\n    ...")
    assert minutes([stub, cell("check(softmax)")]) == 6
    assert minutes([cell("check(train)")]) == 18
    assert minutes([cell("diagnose(1, ...)")]) == 4
    assert minutes([cell("hunt.check()")]) == 8
    assert minutes([cell("**On paper.**", "markdown")]) == pytest.approx(8, abs=0.02)


def test_sittings_are_cut_at_their_cells():
    parts = sittings([cell("1", name=n) for n in ("a", "b", "sitting-2", "c")])
    assert [len(part) for part in parts] == [2, 2]
