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


@pytest.mark.parametrize(
    ("fault", "shaded"),
    [("dy", {"dy", "dh", "da"}), ("dh", {"dh", "da"}), ("da", {"dh", "da"})],
)
def test_backward_order_marks_the_wrong_line_and_shades_what_comes_after(fault, shaded):
    figure = figures.backward_order(clinic.BEHIND_DH, fault=fault)
    (axes,) = figure.axes
    found = {
        patch.get_label().strip("$").removesuffix("_t")
        for patch in axes.patches
        if to_hex(patch.get_facecolor()).upper() == figures.SHADE
    }
    assert found == shaded
    (box,) = [p for p in axes.patches if p.get_label() == f"${fault}_t$"]
    assert [t.get_text() for t in axes.texts].count("wrong line") == 1
    tips = [t.xy for t in axes.texts if hasattr(t, "xy")]
    x, width = box.get_x(), box.get_width()
    assert any(x < tip[0] < x + width and 2.6 < tip[1] < 2.7 for tip in tips)
    words = " and ".join(sorted(shaded, key=["dy", "dh", "da"].index)[-2:])
    assert f"marked at {fault}; shaded: " in figure.alt and f"{words}." in figure.alt


# What the pictures say to someone who cannot see them.

FALL = np.array([[4.0, 3.0, 2.0], [4.2, 3.4, 2.4]])


def curves_text(losses, **options):
    losses = {name: np.repeat(runs, 10, axis=1) for name, runs in losses.items()}
    figure = figures.training_curves(losses, window=10, **options)
    return figure.alt, figure.measured


def test_training_curves_say_how_many_runs_of_each_kind():
    alt, _ = curves_text({"A": FALL, "B": FALL[:1]})
    assert alt == (
        "Training loss in nats a character over 30 training steps, each point the mean "
        "over 10. A curve for each seed. A: 2 seeds; B: 1 seed."
    )
    alt, _ = curves_text({"only": np.hstack(400 * [FALL])})
    assert "over 12,000 training steps" in alt and alt.endswith("only: 2 seeds.")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (FALL + 1, "B at 3.0 to 3.4. All of A lies below all of B."),
        (FALL - [-1, 1, 1], "B at 1.0 to 1.4. From step 20 on B lies below A."),
        (FALL - [0, 0, 1], "B at 1.0 to 1.4. From step 30 on B lies below A."),
        (FALL - [1, 1, 0], "B at 2.0 to 2.4."),
        (FALL[:1], "B at 2.0."),
    ],
)
def test_training_curves_say_which_kind_ends_lower_and_since_when(other, words):
    alt, measured = curves_text({"A": FALL, "B": other})
    assert measured == f"At the end: A at 2.0 to 2.4; {words}"
    assert "at 2.0" not in alt  # what chance moves is no part of the saved text


V_SHAPE = [8e-3, 8e-5, 2e-6, 2e-4, 2e-2]


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        (
            V_SHAPE,
            "from about 0.01 at ε = 0.1 down to about 1e−6 at ε = 0.001, then up again "
            "as far as ε = 1e−5.",
        ),
        (
            [1e-3, 1e-8, 2e-16, 4e-16, 3e-16],
            "from about 0.001 at ε = 0.1 down to less than 1e−15 at ε from 0.001 to "
            "1e−5",
        ),
        (
            [1e-9, 1e-3, 1e-2, 0.1, 1],
            "about 1e−9 at ε = 0.1, then up again as far as ε = 1e−5.",
        ),
        (
            [1, 0.1, 0.1, 0.2, 1],
            "0.1 at ε from 0.01 to 0.001, then up again as far as ε = 1e−5.",
        ),
        (5 * [1.0], "about 1 at ε from 0.1 to 1e−5"),
        ([1e-3, 0, 0, 0, 0], "down to less than 1e−15 at ε from 0.01 to 1e−5"),
    ],
)
def test_the_u_curve_says_where_the_lowest_error_is(errors, words):
    alt = figures.u_curve(EPS, {"mine": errors}).alt
    assert alt.startswith("Relative error against ε, both axes logarithmic")
    assert words in alt and "mine: " in alt
    turned = figures.u_curve(EPS[::-1], {"mine": errors[::-1]}).alt
    assert turned == alt  # in whatever order the ε come


def test_the_u_curve_says_it_of_each_method():
    alt = figures.u_curve(EPS, {"one": EPS, "two": EPS**2}).alt
    assert "; two: from about 0.01 at ε = 0.1 down to about 1e−10 at ε = 1e−5." in alt
    assert "one: from about 0.1 at ε = 0.1 down to about 1e−5 at ε = 1e−5;" in alt
    assert "one: about 0.1 at ε = 0.1." in figures.u_curve([0.1], {"one": [0.1]}).alt


def test_the_u_curve_says_the_same_where_rounding_differs():
    errors = np.array(V_SHAPE)
    noise = errors * [1, 1, 1.3, 0.8, 12]
    assert (
        figures.u_curve(EPS, {"e": errors}).alt
        == figures.u_curve(EPS, {"e": noise}).alt
    )


def test_the_clinic_chart_says_which_blocks_are_wrong():
    table = {"one": [0.5, 1e-12, 1e-9, 2e-9, 2.0, 0.004], "two": 6 * [5 / 6]}
    assert figures.clinic_chart(table, clinic.ALL).alt == (
        "A table of 2 patients by the blocks dWxh, dWhh, dWhy, dbh, dby and dh_init: "
        "the relative error where it is above 1e−9, the darker the larger, elsewhere "
        "ok. one: dWxh 0.50, dbh 2e−9, dby 2.00 and dh_init 0.004; two: 0.83 in every "
        "block."
    )
    table = {"three": 6 * [1e-8], "four": [0, 0.3, 0, 0, 0, 0], "five": [1, *5 * [0.9]]}
    alt = figures.clinic_chart(table, clinic.ALL, tolerance=1e-7).alt
    assert "above 1e−7" in alt and "three: ok everywhere; four: dWhh 0.30;" in alt
    assert "five: dWxh 1.00, dWhh 0.90," in alt and "3 patients" in alt
    alt = figures.clinic_chart({"six": [0.25]}, ["mine"]).alt
    assert alt.startswith("A table of 1 patient by the blocks mine:")
    assert alt.endswith("six: mine 0.25.")


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ((), "No box is marked as wrong."),
        (("dWhh",), "wrong is dWhh, but not dWhy, dby, dWxh, dbh and dh_init."),
        (
            clinic.BEHIND_DH,
            "wrong are dWxh, dWhh, dbh and dh_init, but not dWhy and dby.",
        ),
        (clinic.ALL_BUT_DBY, "but not dby."),
        (clinic.ALL, "wrong are dWhy, dby, dWxh, dWhh, dbh and dh_init."),
    ],
)
def test_backward_order_says_what_leads_where_and_what_is_wrong(broken, words):
    alt = figures.backward_order(broken).alt
    assert alt.endswith(words)
    for part in ("dy leads to dWhy, dby and dh;", "dh leads to da;", "at t = 0 to dh_"):
        assert part in alt
