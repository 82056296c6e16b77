"""The figures of notebook 05, by the data on their axes."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from rnncourse import clinic
from rnncourse.figures import gradcheck as figures
from rnncourse.figures.style import GRADIENT, GROUND

EPS = 10.0 ** -np.arange(1, 6)


def test_training_curves_are_means_over_windows():
    losses = np.arange(600.0).reshape(2, 300)
    figure = figures.training_curves({"A": losses, "B": -losses}, window=100)
    (axes,) = figure.axes
    assert len(axes.lines) == 4
    for line, run in zip(axes.lines, [*losses, *-losses]):
        assert np.array_equal(line.get_xdata(), [100, 200, 300])
        means = [run[:100].mean(), run[100:200].mean(), run[200:].mean()]
        assert np.allclose(line.get_ydata(), means, rtol=1e-15)
    looks = {(line.get_color(), line.get_linestyle()) for line in axes.lines}
    assert len(looks) == 2 and len({style for _, style in looks}) == 2
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["A (2 seeds)", "B (2 seeds)"]
    assert "nats a character" in axes.get_ylabel()


def test_u_curve():
    errors = {"central": EPS**2, "one-sided": EPS, "float32": 0 * EPS + 1, "step": EPS}
    (axes,) = figures.u_curve(EPS, errors).axes
    assert axes.get_xscale() == axes.get_yscale() == "log"
    for line, (name, values) in zip(axes.lines, errors.items(), strict=True):
        assert line.get_label() == name
        assert np.array_equal(line.get_xdata(), EPS)
        assert np.array_equal(line.get_ydata(), values)
    assert len({line.get_linestyle() for line in axes.lines}) == 4
    assert len({line.get_marker() for line in axes.lines}) == 4
    low, high = axes.get_ylim()
    assert low < 1e-16 and high > 2  # what a relative error can be


def test_clinic_chart():
    table = {"one": [0.5, 1e-12, 1e-9, 2e-9, 2.0, 0.004], "two": [1, 0, 1, 0, 1, 0]}
    (axes,) = figures.clinic_chart(table, clinic.ALL).axes
    image = axes.images[0].get_array()
    assert image.shape == (2, 6)
    wrong = np.array(list(table.values())) > 1e-9
    assert np.array_equal(~image.mask, wrong)
    assert np.array_equal(image.data, list(table.values()))
    places = {text.get_position(): text.get_text() for text in axes.texts}
    for (row, column), is_wrong in np.ndenumerate(wrong):
        assert (places[column, row] == "ok") != is_wrong
    first = [places[column, 0] for column in range(6)]
    assert first == ["0.50", "ok", "ok", "2e−9", "2.00", "0.004"]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == list(clinic.ALL)
    assert [tick.get_text() for tick in axes.get_yticklabels()] == list(table)
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first patient is on top


def test_the_tolerance_of_the_clinic_chart():
    table = {"one": [1e-8, 1e-7, 2e-7, 0, 0, 0]}
    (axes,) = figures.clinic_chart(table, clinic.ALL, tolerance=1e-7).axes
    assert [text.get_text() for text in axes.texts] == ["ok", "ok", "2e−7"] + 3 * ["ok"]


@pytest.mark.parametrize("broken", [(), ("dWhh",), clinic.BEHIND_DH, clinic.ALL])
def test_backward_order_marks_what_is_broken(broken):
    (axes,) = figures.backward_order(broken).axes
    filled = {
        patch.get_label()
        for patch in axes.patches
        if to_hex(patch.get_facecolor()).upper() == GRADIENT
    }
    assert filled == set(broken)
    boxes = {patch.get_label(): patch for patch in axes.patches}
    assert set(boxes) == {*clinic.ALL, "$dy_t$", "$dh_t$", "$da_t$"}
    for name in set(boxes) - set(broken):
        assert to_hex(boxes[name].get_facecolor()).upper() == GROUND
    words = [text.get_text() for text in axes.texts]
    assert words.count("wrong") == len(broken)
    assert set(boxes) <= set(words)
