"""The command that runs the originals and saves their outputs."""

import json

import pytest

from rnncourse import lab
from tests.notebooks.execute import execute, main
from tests.rnncourse.test_lab import OUTPUT, notebook

VOLATILE = """
import time
import ipywidgets
for part in ("one ", "stream\\n"):
    print(part, end="", flush=True)
    time.sleep(0.2)
ipywidgets.IntSlider(value=3)
"""


def test_execute_saves_outputs_and_a_second_run_changes_nothing(tmp_path):
    path = tmp_path / "00_start_here.ipynb"
    lab.write_notebook(notebook(VOLATILE, "1 + 1", outputs=[OUTPUT]), path)
    execute(path)
    first = path.read_bytes()
    executed = lab.read_notebook(path)
    stream, slider = executed.cells[1].outputs
    assert stream.text == "one stream\n"
    assert list(slider.data) == ["text/plain"]
    assert executed.cells[2].outputs[0].data["text/plain"] == "2"
    assert [cell.execution_count for cell in executed.cells[1:]] == [1, 2]
    assert "version" not in executed.metadata.language_info
    assert "widgets" not in json.loads(first)["metadata"]
    execute(path)
    assert path.read_bytes() == first


def test_execute_leaves_a_notebook_that_fails_as_it_was(tmp_path):
    path = tmp_path / "00_start_here.ipynb"
    lab.write_notebook(notebook("1 / 0", outputs=[OUTPUT]), path)
    before = path.read_bytes()
    with pytest.raises(Exception, match="ZeroDivisionError"):
        execute(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_of_no_notebook_is_said_before_any_runs(tmp_path):
    path = tmp_path / "00_start_here.ipynb"
    lab.write_notebook(notebook("6 * 7"), path)
    before = path.read_bytes()
    with pytest.raises(SystemExit, match=r"there is no file notebooks/99\*\.ipynb"):
        main([str(path), "notebooks/99*.ipynb"])
    assert path.read_bytes() == before
