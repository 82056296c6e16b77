"""The hunt of notebook 15: its program, its hints, its folded solutions."""

import re
from pathlib import Path

import nbformat
import pytest

from rnncourse import hunt, hunted

(PATH,) = (Path(__file__).parents[2] / "notebooks").glob("15_*.ipynb")
CELLS = {cell.id: cell.source for cell in nbformat.read(PATH, as_version=4).cells}
HELP = "\n".join(CELLS[f"stage-{n}-help"] for n in (1, 2, 3, 4))
FOLDED = r"(?s)<summary>(.*?)</summary>.*?```python\n(.*?)```"
HINTS = [code for name, code in re.findall(FOLDED, HELP) if name.startswith("Hint")]
MENDS = [code for name, code in re.findall(FOLDED, HELP) if name.startswith("Fault")]
PROGRAM = [name for name in CELLS if name.startswith("program-") and "why" not in name]


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """No function is late where the machine had something else to do."""
    monkeypatch.setattr(hunt, "SECONDS", 60)


def notebook_with(mended):
    """The names of the notebook at the end of the hunt, these faults mended."""
    names = {}
    steps = CELLS["stranger"].partition("steps =")[0]  # without the run
    starts = [CELLS[f"stage-{n}-start"] for n in (1, 2, 3, 4)]
    solved = [MENDS[n - 1] for n in mended]
    for source in [CELLS["setup"], steps, *map(CELLS.get, PROGRAM), *solved, *starts]:
        exec(source, names)
    return names


def others(number):
    return [n for n in range(1, 9) if n != number]


def test_the_cells_are_the_program():
    source = Path(hunted.__file__).read_text(encoding="utf-8")
    functions = source[source.index("def ") :]
    shown = "\n\n\n".join(CELLS[name] for name in PROGRAM)
    assert shown.strip() == functions.strip()


def test_eight_hints_and_eight_solutions():
    assert len(HINTS) == len(MENDS) == len(hunt.FAULTS) == 8
    numbers = re.findall(r"<summary>Fault (\d)</summary>", HELP)
    assert numbers == [str(n) for n in range(1, 9)]


@pytest.mark.parametrize("number", range(1, 9))
def test_each_solution_mends_its_fault_alone(number):
    name = [*hunt.FAULTS][number - 1]
    assert MENDS[number - 1].startswith(f"def {name}(")
    assert hunt.check(notebook_with([number])) == "7 faults are left."
    assert hunt.check(notebook_with(others(number))) == "1 fault is left."


@pytest.mark.parametrize("number", range(1, 9))
def test_each_hint_finds_its_fault(number):
    """It fails on the program with this fault alone, and passes on the right one."""
    with pytest.raises(AssertionError):
        exec(HINTS[number - 1], notebook_with(others(number)))
    exec(HINTS[number - 1], notebook_with(range(1, 9)))


def test_with_all_solutions_none_is_left():
    told = hunt.check(notebook_with(range(1, 9)))
    assert told.startswith("No fault is left. Their numbers: 1 in cut, 2 in first_w")
    assert re.findall(r"(\d) in (\w+)", told) == [
        (str(n), re.match(r"def (\w+)", mend)[1]) for n, mend in enumerate(MENDS, 1)
    ]


def test_nothing_in_view_tells_what_is_wrong():
    """Neither a fault nor its mend stands unfolded but in the program."""
    hunting = [*CELLS][: [*CELLS].index("hid-why")]
    view = "\n".join(
        re.sub(r"(?s)<details>.*?</details>", "", CELLS[name])
        for name in hunting
        if name not in PROGRAM
    )
    for old, new in hunt.FAULTS.values():
        assert old not in view and new not in view


def test_the_template_runs_alone():
    """In a fresh kernel, with the few steps of a page."""
    names = {}
    for cell, source in CELLS.items():
        if cell.startswith("template-") and not cell.endswith(("why", "react")):
            exec(source, names)
            names["IN_PAGE"] = True
    assert [len(nats) for nats in names["ends"].values()] == [3, 3]
