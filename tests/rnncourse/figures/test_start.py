"""The figures of notebook 00, on their axes' data."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from rnncourse.figures import start as figures

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"


def words(axes):
    return [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("number, title, minutes, _", figures.COURSE)
def test_the_map_agrees_with_the_notebooks(number, title, minutes, _):
    (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    head = "\n".join(c.source for c in cells[:3] if c.cell_type == "markdown")
    assert re.match(r"# (.*)", head)[1].lower() == f"{number} {title}".lower()
    assert re.search(r"\*\*Time:?\*\*:? (\d+) minutes", head)[1] == str(minutes)


def test_course_map_names_every_notebook():
    shown = words(figures.course_map().axes[0])
    for number, title, minutes, built in figures.COURSE:
        assert {number, title, f"{minutes} min", built} <= set(shown)


def test_pair_counts():
    counts = np.array([[0, 2], [1, 0]])
    axes = figures.pair_counts(counts, "ab").axes[0]
    assert (axes.images[0].get_array() == counts).all()
    assert words(axes) == ["0", "2", "1", "0"]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["a", "b"]


def test_hello_losses():
    axes = figures.hello_losses([1.4, 0.3, 0.01], floor=0.35).axes[0]
    curve, line = axes.lines
    assert curve.get_ydata().tolist() == [1.4, 0.3, 0.01]
    assert curve.get_xdata().tolist() == [1, 2, 3]
    assert set(line.get_ydata()) == {0.35}
    assert "nats" in axes.get_ylabel()
