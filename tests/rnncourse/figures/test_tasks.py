"""The figures of notebook 11, on their axes' data."""

import numpy as np
import pytest

from rnncourse.figures import tasks as figures

INPUTS = np.array([["\n", "\n"], ["A", "B"], ["b", "\n"], ["e", "\n"]])
TARGETS = np.array([["A", "B"], ["b", "\n"], ["e", "\n"], ["\n", "\n"]])
MASK = np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 0.0], [1.0, 0.0]])


def test_batch_has_a_row_for_each_name_and_its_padding_is_faint():
    (axes,) = figures.batch(INPUTS, TARGETS, MASK).axes
    marks = [t for t in axes.texts if len(t.get_text()) == 1]
    left = [t for t in marks if t.get_position()[0] < 2]
    rows = sorted({t.get_position()[1] for t in left}, reverse=True)
    for row, symbols, real in zip(rows, INPUTS.T, MASK.T):
        here = [t for t in left if t.get_position()[1] == row]
        shown = "".join(t.get_text() for t in here)
        assert shown == "".join(symbols).replace("\n", "↵")
        assert [t.get_weight() == "bold" for t in here] == (real == 1).tolist()
    assert len(marks) == 16 and len(rows) == 2


def test_batch_tells_how_many_steps_are_real():
    figure = figures.batch(INPUTS, TARGETS, MASK)
    assert "A batch of 2 names" in figure.alt and "4 steps" in figure.alt
    assert "Real steps of each name: 4 and 2;" in figure.alt
    assert figure.alt.endswith("The first row of the inputs: ↵Abe.")


def test_as_it_reads_shades_each_letter():
    told = {"abc": [0.2, 0.5, 0.9], "de": np.array([0.7, 0.1])}
    figure = figures.as_it_reads(told, "forwards", "backwards")
    axes, bar = figure.axes
    shades = axes.images[0].get_array()
    assert shades[0].tolist() == [0.2, 0.5, 0.9]
    assert shades[1, :2].tolist() == [0.7, 0.1] and np.isnan(shades.data[1, 2])
    assert [t.get_text() for t in axes.texts] == list("abcde")
    assert bar.get_ylabel() == "probability of “forwards”"
    ends = [label.get_text() for label in bar.get_yticklabels()]
    assert ends == ["0, backwards", "0.5", "1, forwards"]
    assert "abc and de." in figure.alt and "0.9" not in figure.alt
    assert figure.measured == "After the last letter: abc 0.90 and de 0.10."


@pytest.mark.parametrize("p", [0.0, 0.5, 1.0])
def test_as_it_reads_writes_in_an_ink_that_can_be_read(p):
    from matplotlib.colors import to_hex

    from rnncourse.figures.style import contrast

    figure = figures.as_it_reads({"a": [p]}, "yes", "no")
    image, (letter,) = figure.axes[0].images[0], figure.axes[0].texts
    assert contrast(letter.get_color(), to_hex(image.cmap(p)[:3])) >= 4.5


def test_attention_has_a_row_for_each_symbol_written():
    alpha = np.array([[0.1, 0.9, 0.0], [0.8, 0.1, 0.1]])
    figure = figures.attention(alpha, "1\n", "a 7")
    axes, bar = figure.axes
    assert np.array_equal(axes.images[0].get_array(), alpha)
    assert [t.get_text() for t in axes.get_xticklabels()] == ["a", "␣", "7"]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["1", "↵"]
    assert "1↵" in figure.alt and "a␣7." in figure.alt and "0.9" not in figure.alt
    assert figure.measured == "Most weight: 1 from ␣ and ↵ from a."
