"""The figures of notebook 08, on their axes' data."""

import numpy as np
import pytest

from rnncourse.figures import memory as figures


def test_by_lag():
    runs = np.array([[1.0, 2.0, 4.0], [1.0, 3.0, 9.0]])
    figure = figures.by_lag(
        {"bound": runs, "path": 1 / runs, "mixed": [[1, 2], [1, 0.5]]}
    )
    axes = figure.axes[0]
    assert axes.get_yscale() == "log"
    assert axes.lines[1].get_ydata().tolist() == [1, 3, 9]
    assert axes.lines[2].get_ydata().tolist() == [1, 0.5, 0.25]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["bound", "path", "mixed"]
    assert "bound, 2 runs, at the end above 1; path, 2 runs, at the end below 1" in (
        figure.alt
    )
    assert "mixed, 2 runs, at the end around 1" in figure.alt
    assert "bound 4 and 9" in figure.measured and "0.2 and 0.1" in figure.measured


def test_powers():
    norms = [1.0, 5.0, 9.0, 2.0]
    axes = figures.powers({"small": (norms, 0.5, 5.0), "large": (norms, 1, 5)}).axes[0]
    low, middle, high = (line.get_ydata().tolist() for line in axes.lines)
    assert low == [1, 0.5, 0.25, 0.125] and middle == norms and high == [1, 5, 25, 125]
    bottom, top = axes.get_ylim()
    assert bottom < 0.125 and 9 < top < 125
    assert "largest at n = 2, 9.0, and 2 at n = 3" in (
        figures.powers({"small": (norms, 0.5, 5.0)}).alt
    )


def test_context():
    figure = figures.context([1, 5, 30], {"T = 1": [[3.0, 2.0, 1.5]]})
    axes = figure.axes[0]
    assert axes.lines[0].get_ydata().tolist() == [3.0, 2.0, 1.5]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1", "5", "30"]
    assert "nats a character" in axes.get_ylabel()
    assert "1, 5 and 30" in figure.alt and "T = 1, 30 read: 1.50" in figure.measured


@pytest.mark.parametrize("floors, drawn", [((), 0), ([None, 0.58], 1)])
def test_dots(floors, drawn):
    figure = figures.dots({"a": [0.1, 0.2], "b": [0.7]}, "loss, nats", floors)
    axes = figure.axes[0]
    assert list(axes.lines[0].get_xdata()) == [0.1, 0.2]
    assert len(axes.lines) == 2 + drawn
    if drawn:
        assert list(axes.lines[2].get_xdata()) == [0.58, 0.58]
        assert np.mean(axes.lines[2].get_ydata()) == 1
        assert "A vertical line marks a floor: b 0.58." in figure.alt
    else:
        assert figure.alt.endswith("2 rows: a; b.")
    assert figure.measured == "a: 0.10 and 0.20. b: 0.70."


def test_lead():
    gaps = np.array([[9.0, 9, 3, 1, -1, -3, -4, -2], [9, 9, 2, 2, 0, 0, -1, -1]])
    figure = figures.lead({"lr 0.1": gaps}, "complete", "cut", window=2)
    axes = figure.axes[0]
    assert axes.lines[0].get_ydata().tolist() == [9, 2, -2, -3]
    assert axes.lines[0].get_xdata().tolist() == [2, 4, 6, 8]
    assert axes.get_ylim() == pytest.approx((-3.3, 3.3))
    above, below = axes.texts
    assert above.get_text() == "cut ahead" and above.get_position()[1] > 0
    assert below.get_text() == "complete ahead" and below.get_position()[1] < 0
    assert "Above 0 cut is ahead, below 0 complete." in figure.alt
    assert "over 8 training steps" in figure.alt and "lr 0.1, 2 runs" in figure.alt
    assert "lr 0.1: −3.00 and −1.00 at step 8." in figure.measured


def test_a_curve_that_ends_a_little_above_1_ends_above_it():
    words = {1.5: "above 1", 1.0: "around 1", 0.9: "below 1"}
    for end, where in words.items():
        alt = figures.by_lag({"path": [[1.0, end]]}).alt
        assert f"path, 1 run, at the end {where}" in alt
