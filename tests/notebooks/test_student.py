"""The notebooks as a student leaves them: solutions written in, all cells run twice.

One folder, from 00 to the last, with my_rnn.py growing: from each exercise on, the
cells run on what the student wrote. The second pass, in the same kernel, has to show
what the first one showed. The long runs are as short as in the page of a browser: nbval
runs them whole.
"""

import re
import shutil
from pathlib import Path

import pytest
from nbclient import NotebookClient

from rnncourse import lab
from rnncourse.checker.exercises import EXERCISES
from tests.notebooks.shorter import shortened
from tests.rnncourse.checker.test_exercises import FOLDED, NOT_YET_IN_A_NOTEBOOK

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
CHECK = re.compile(r"check\((\w+)\)")
# A right answer is not late where the machine had something else to do.
PATIENCE = """
from rnncourse import hunt
from rnncourse.checker import running
running.SECONDS = running.LATER = hunt.SECONDS = 60
"""


def solve(notebook):
    """Write the folded solution of each exercise over its stub: their names."""
    cells, solved = notebook.cells, []
    for n, cell in enumerate(cells):
        match = cell.cell_type == "code" and CHECK.fullmatch(cell.source.strip())
        if match:
            folded = dict(re.findall(FOLDED, cells[n + 1].source))
            (solution,) = re.findall(r"(?s)```python\n(.*?)```", folded["Solution"])
            cells[n - 1].source = solution.strip()
            solved.append(match[1])
    return solved


def run_twice(notebook, folder):
    """The code cells, and what each showed in the first pass and in the second."""
    once = [cell for cell in notebook.cells if cell.cell_type == "code"]
    patience = lab.nbformat.v4.new_code_cell(PATIENCE)
    cells = [patience, *once, *(cell.copy() for cell in once)]
    for n, cell in enumerate(cells):
        cell.id = f"cell-{n}"
        cell.source = shortened(cell.source)
    twice = lab.nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(
        twice,
        resources={"metadata": {"path": str(folder)}},
        timeout=None,
        iopub_timeout=600,  # what comes later than this is lost
        kernel_name="python3",
        coalesce_streams=True,
    )
    client.execute()
    texts = ["".join(map(text_of, cell.outputs)) for cell in twice.cells[1:]]
    return once, texts[: len(once)], texts[len(once) :]


def text_of(output):
    """What is to be read in an output; pictures by their text, no progress bars."""
    data = output.get("data", {})
    if "application/vnd.jupyter.widget-view+json" in data:
        return ""
    if output.get("name") == "stderr":
        return ""
    return output.get("text", "") or data.get("text/plain", "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("a student's folder")


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:2])
def test_as_a_student_leaves_it(name, folder):
    notebook = lab.read_notebook(FOLDER / name)
    solved = solve(notebook)
    cells, first, second = run_twice(notebook, folder)
    for cell, shown in zip(cells, first):
        if match := CHECK.fullmatch(cell.source.strip()):
            assert shown.startswith(f"{match[1]}: correct."), shown
            assert "Kept in my_rnn.py." in shown, shown
        assert "the course's, until yours" not in shown, (cell.source, shown)
    for cell, one, two in zip(cells, first, second):
        if "nbval-ignore-output" not in cell.metadata.get("tags", []):
            two = two.replace("It is in my_rnn.py.", "Kept in my_rnn.py.")
            assert one == two, cell.source
    numbers = {EXERCISES[name].notebook for name in solved}
    assert numbers <= {name[:2]}


def test_at_the_end_all_of_it_is_the_students(folder):
    """After the notebooks above, in the same folder."""
    text = (folder / "my_rnn.py").read_text(encoding="utf-8")
    asked = [name for name in EXERCISES if name not in NOT_YET_IN_A_NOTEBOOK]
    places = [text.find(f"\ndef {name}(") for name in asked]
    assert min(places) > 0 and places == sorted(places)
    assert [path.name for path in folder.iterdir()] == ["my_rnn.py"]
    shutil.rmtree(folder)
