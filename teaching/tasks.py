"""What there is to do in each notebook: its number, its minutes, its points."""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
EXERCISE, PAPER, DIAGNOSIS = 6, 8, 4  # minutes
HUNT = 8  # the minutes of a stage of the hunt in 15, for two faults
LONG = {"train": 18}  # the time of those who were watched writing it
MINUTES_A_POINT = 2


@dataclass(frozen=True)
class Task:
    """One thing to do.

    number: "3.2" is the second of notebook 03. kind: "exercise", "paper" or
    "diagnosis". name: of an exercise its function's, of a diagnosis its patient's
    number, of a paper task the heading above it. cell: the id of the cell that asks
    for it or checks it. stub: of an exercise the id of the cell that it is written in.
    """

    notebook: str
    number: str
    kind: str
    name: str
    cell: str
    minutes: int
    stub: str | None = None

    @property
    def points(self):
        return self.minutes // MINUTES_A_POINT


def tasks_of(notebook):
    """The tasks of one notebook, a NotebookNode, in their order."""
    found, heading, stubs = [], "", {}
    number = re.match(r"# (\d\d)", notebook.cells[0].source)[1]

    def add(cell, kind, name, minutes, stub=None):
        place = f"{int(number)}.{len(found) + 1}"
        found.append(Task(number, place, kind, name, cell.id, minutes, stub))

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"(?m)^#+ (.*)", cell.source)
            heading = headings[-1] if headings else heading
            if "**On paper.**" in cell.source:
                add(cell, "paper", heading, PAPER)
        elif written := re.match(r"def (\w+)\(", cell.source):
            stubs.setdefault(written[1], cell.id)
        elif asked := re.match(r"check\((\w+)\)", cell.source):
            name = asked[1]
            add(cell, "exercise", name, LONG.get(name, EXERCISE), stubs[name])
        elif asked := re.match(r"diagnose\((\d+)", cell.source):
            add(cell, "diagnosis", asked[1], DIAGNOSIS)
    return found


def all_tasks(folder=NOTEBOOKS):
    """The tasks of every notebook in `folder`, in the order of the course."""
    paths = sorted(Path(folder).glob("*.ipynb"))
    notebooks = [nbformat.read(path, as_version=4) for path in paths]
    return [task for notebook in notebooks for task in tasks_of(notebook)]
