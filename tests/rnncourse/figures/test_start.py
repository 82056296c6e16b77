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


def test_every_notebook_is_in_the_map_and_in_the_readme():
    files = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
    assert [row[0] for row in figures.COURSE] == [name[:2] for name in files]
    readme = (NOTEBOOKS.parent / "README.md").read_text(encoding="utf-8")
    row = r"(?m)^\| \[(\d\d)\]\(notebooks/(.*?)\) \| (.*?) \| (\d+) \| \S"
    rows = re.findall(row, readme)
    assert [(number, name) for number, name, *_ in rows] == [(f[:2], f) for f in files]
    for (_, _, title, minutes), stated in zip(rows, figures.COURSE):
        title = title.removesuffix(" (optional)")
        assert (title.lower(), int(minutes)) == (stated[1].lower(), stated[2])


def test_course_map_names_every_notebook():
    shown = words(figures.course_map().axes[0])
    for number, title, minutes, built in figures.COURSE:
        assert {number, title, f"{minutes} min", built} <= set(shown)


def test_the_text_of_the_map_is_the_map():
    rows = (("00", "Start", 5, "this page"), ("01", "Next", 7, "the rest"))
    assert figures.course_map(rows).alt == (
        "The notebooks: 2 in part one, an arrow from each to the next. "
        "00 Start, 5 minutes: this page; 01 Next, 7 minutes: the rest."
    )
    figure = figures.course_map((*rows, ("08", "More", 9, "some")))
    assert (
        "2 in part one, an arrow from each to the next, and 1 in part two, each by"
        in (figure.alt)
    )
    assert "part two: each by itself, in any order" in words(figure.axes[0])


def test_arrows_lead_through_part_one_alone():
    rows = [(f"{n:02}", "A title", 10, "a thing") for n in range(12)]
    axes = figures.course_map(rows).axes[0]
    assert len([a for a in axes.texts if getattr(a, "arrow_patch", None)]) == 7


@pytest.mark.parametrize(
    ("counts", "symbols", "columns"),
    [
        ([[0, 2], [1, 0]], "ab", "a: 1 b; b: 2 a"),
        ([[1, 0], [1, 0]], "x ", "x: 1 x and 1 ␣; ␣: none"),
    ],
)
def test_the_text_of_the_pairs_has_their_counts(counts, symbols, columns):
    alt = figures.pair_counts(np.array(counts), symbols).alt
    assert alt.endswith(f"column by column: {columns}.")


@pytest.mark.parametrize(
    ("losses", "floor", "words"),
    [
        (
            [1.4, 0.3, 0.0112],
            0.35,
            ["3 steps", "1.4 nats", "0.01 at last", "at step 2."],
        ),
        ([2.0, 1.5], 0.5, ["2 steps", "2.0 nats", "2 at last", "stays above"]),
        ([2.0, 1.5], 0.0, ["2 at last. The best with pairs is 0, and has no line"]),
    ],
)
def test_the_text_of_the_losses_has_their_ends_and_the_crossing(losses, floor, words):
    alt = figures.hello_losses(losses, floor).alt
    assert all(word in alt for word in words), alt


def test_pair_counts():
    counts = np.array([[0, 2], [1, 0]])
    axes = figures.pair_counts(counts, "ab").axes[0]
    assert (axes.images[0].get_array() == counts).all()
    assert words(axes) == ["0", "2", "1", "0"]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["a", "b"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == (
        "current character",
        "next character",
    )


def test_hello_losses():
    axes = figures.hello_losses([1.4, 0.3, 0.01], floor=0.35).axes[0]
    curve, line = axes.lines
    assert curve.get_ydata().tolist() == [1.4, 0.3, 0.01]
    assert curve.get_xdata().tolist() == [1, 2, 3]
    assert set(line.get_ydata()) == {0.35}
    assert "nats" in axes.get_ylabel()


def test_a_floor_of_0_has_no_line():
    axes = figures.hello_losses([1.4, 0.3], floor=0.0).axes[0]
    assert len(axes.lines) == 1


@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")
def test_losses_of_0_are_drawn_on_a_plain_scale():
    figure = figures.hello_losses([0.0, 0.0], floor=0.0)
    figure.canvas.draw()
    assert figure.axes[0].get_yscale() == "linear"
    assert "2 steps: 0.0 nats a character at first, 0 at last." in figure.alt
    figure = figures.hello_losses([1.4, 0.3], floor=0.0)
    assert figure.axes[0].get_yscale() == "log" and "logarithmic" in figure.alt


def test_a_table_of_many_symbols_is_larger():
    sizes = [
        figures.pair_counts(np.eye(V), "ab" * (V // 2)).get_size_inches()[0]
        for V in (4, 16, 60)
    ]
    assert sizes == sorted(set(sizes)) and sizes[-1] < 10
