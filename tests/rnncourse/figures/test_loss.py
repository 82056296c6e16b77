"""The figures of notebook 03, by the data on their axes."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from rnncourse.figures import loss as figures

TOY = [-1.2237, 1.2616, -0.4621]
LOGITS = np.array([[0.0, 0, 0, 0], [0, 0, 3, -1], [3, 0, 0, -1]])


def softmax(y):
    return np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)


def heights(ax):
    bars = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return [bar.get_height() for bar in bars]


def texts(ax):
    return [text.get_text() for text in ax.texts]


def names(ax):
    return [label.get_text() for label in ax.get_xticklabels()]


def line(ax, k=0):
    return np.array(ax.lines[k].get_data(), dtype=float)


def dots(ax):
    """The points of the first line without a stroke."""
    marks = next(line for line in ax.lines if line.get_linestyle() == "None")
    return np.array(marks.get_data(), dtype=float)


# Softmax and temperature


def test_softmax_steps_are_the_logits_their_exponentials_and_the_softmax():
    axes = figures.softmax_steps(np.array(TOY), ("!", " ", "\n")).axes
    for ax, right in zip(axes, [TOY, np.exp(TOY), softmax(TOY)], strict=True):
        assert np.allclose(heights(ax), right)
        assert names(ax) == ["!", "␣", "↵"]
    assert texts(axes[0]) == ["−1.22", "1.26", "−0.46"]
    assert texts(axes[2]) == ["0.07", "0.79", "0.14"]
    assert "logits" in axes[0].get_title()


def test_each_panel_is_the_softmax_at_its_temperature():
    y, settings = np.array([1, 0, 2, -0.5]), [0.5, 1, 2]
    axes = figures.temperatures(y, settings, "ehlo").axes
    for ax, tau in zip(axes, settings, strict=True):
        assert ax.get_title() == f"temperature τ = {tau:g}"
        assert np.allclose(heights(ax), softmax(y / tau))
        assert names(ax) == list("ehlo")
        assert ax.get_ylim() == axes[0].get_ylim()  # or heights could not be compared
        assert ax.get_ylim()[1] > 1


# The loss and its gradient


def test_surprise_is_minus_the_logarithm_in_two_units():
    marks = [1, 1 / 2, 1 / 10, 1 / 64]
    (ax,) = figures.surprise(marks).axes
    p, nats = line(ax)
    assert np.allclose(nats, -np.log(p)) and p.max() == pytest.approx(1)
    assert np.allclose(dots(ax), [marks, -np.log(marks)])
    assert texts(ax)[0] == "p = 1: 0.00 nats"
    assert texts(ax)[-1] == "p = 0.0156: 4.16 nats"
    assert "nats" in ax.get_ylabel()
    (bits,) = ax.child_axes
    bits.figure.draw_without_rendering()
    assert bits.get_ylabel() == "surprise, bits"
    assert np.allclose(bits.get_ylim(), np.array(ax.get_ylim()) / np.log(2))


@pytest.mark.parametrize("targets", [[2, 2, 2], [0, 3, 1]])
def test_arrows_lead_from_the_probabilities_to_the_target(targets):
    p, titles = softmax(LOGITS), ["unsure", "right", "wrong"]
    figure = figures.pushes(p, targets, "eh l", titles)
    for ax, row, j, title in zip(figure.axes, p, targets, titles, strict=True):
        assert np.allclose(heights(ax), row)
        e = np.arange(4) == j
        for k, arrow in enumerate(ax.texts):
            assert arrow.arrow_patch is not None
            assert arrow.xy == (k, e[k])
            assert arrow.xyann == pytest.approx((k, row[k]))
        assert len(ax.texts) == 4
        loss = -np.log(row[j])
        assert ax.get_title() == f"{title}\nloss {loss:.2f} nats"
        assert ax.lines[0].get_xdata()[0] == j  # the star
        numbers = [name.split("\n")[1].replace("−", "-") for name in names(ax)]
        assert numbers == [f"{slope:+.2f}" for slope in row - e]
    assert names(figure.axes[0])[2].startswith("␣\n")


# The bigram tables


def test_descent_shows_the_losses_and_the_levels():
    losses, levels = [4.159, 3.9, 3.0, 2.5], {"uniform": 4.159, "bigram": 2.452}
    (ax,) = figures.descent(losses, levels).axes
    assert np.array_equal(line(ax), [[1, 2, 3, 4], losses])
    assert [line(ax, k)[1].tolist() for k in (1, 2)] == [[4.159] * 2, [2.452] * 2]
    assert texts(ax) == ["uniform 4.159", "bigram 2.452"]
    assert ax.get_ylim()[0] < 2.452 and ax.get_ylim()[1] > 4.159
    assert ax.get_xscale() == "log" and "nats a character" in ax.get_ylabel()


def test_two_tables_share_one_scale():
    rng = np.random.default_rng(0)
    counted, learned = rng.dirichlet(np.ones(3), size=(2, 3)).swapaxes(1, 2)
    left, right, bar = figures.two_tables(counted, learned, ("\n", " ", "a")).axes
    for ax, table, title in (left, counted, "counted"), (right, learned, "learned"):
        image = ax.images[0]
        assert np.array_equal(image.get_array(), table)
        assert image.get_clim() == (0, max(counted.max(), learned.max()))
        assert ax.get_title() == title
        assert ax.get_ylim()[0] > ax.get_ylim()[1]  # row 0 is at the top
        assert names(ax) == ["↵", "␣", "a"]
        assert ax.get_xlabel() == "current character"
    assert [label.get_text() for label in left.get_yticklabels()] == ["↵", "␣", "a"]
    assert left.get_ylabel() == "next character"
    assert bar.get_ylabel() == "probability"


def test_meeting_keeps_apart_the_pairs_that_never_occur():
    counted = np.array([[0.5, 0], [0.5, 1]])
    learned = np.array([[0.49, 0.001], [0.51, 0.999]])
    strip, ax = figures.meeting(counted, learned).axes
    assert np.array_equal(dots(ax), [[0.5, 0.5, 1], [0.49, 0.51, 0.999]])
    assert dots(strip)[1].tolist() == [0.001]
    assert names(strip) == ["0"] and "never" in strip.get_xlabel()
    low, high = ax.get_xlim()
    assert (low, high) == ax.get_ylim() == strip.get_ylim()
    assert low < 0.001 and high > 1
    assert np.array_equal(line(ax, 1)[0], line(ax, 1)[1])  # the line of equality
    assert texts(ax) == ["  equal"]


def test_chunk_losses_and_their_mean():
    losses = [2.5, 2, 3]
    (ax,) = figures.chunk_losses(losses).axes
    assert np.array_equal(line(ax), [[0, 1, 2], losses])
    assert line(ax, 1)[1].tolist() == [2.5, 2.5]
    assert texts(ax) == ["mean of\nthese 3"]
    assert "nats a character" in ax.get_ylabel()


@pytest.mark.parametrize(
    "figure",
    [
        figures.softmax_steps(np.array(TOY), "!hi"),
        figures.temperatures(np.array(TOY), [1, 2], "!hi"),
        figures.surprise([0.5]),
        figures.pushes(softmax(LOGITS), [2, 2, 2], "ehlo", "abc"),
        figures.descent([4.0, 3.0], {"uniform": 4.2}),
        figures.two_tables(np.eye(3), np.eye(3), "abc"),
        figures.meeting(np.eye(3), np.full((3, 3), 1 / 3)),
        figures.chunk_losses([1.0, 2.0]),
    ],
)
def test_every_letter_is_readable_from_the_last_row(figure):
    figure.draw_without_rendering()
    width, height = figure.get_size_inches() * figure.dpi
    assert figure.get_figwidth() == 8
    for ax in figure.axes:
        labels = [ax.title, ax.xaxis.label, ax.yaxis.label, *ax.texts]
        labels += [*ax.get_xticklabels(), *ax.get_yticklabels()]
        for label in labels:
            if label.get_text() and label.get_visible():
                assert label.get_fontsize() >= 12
    for ax in figure.axes:
        for label in [ax.title, ax.xaxis.label, ax.yaxis.label, *ax.texts]:
            if label.get_text():
                box = label.get_window_extent()
                assert box.x0 >= 0 and box.x1 <= width + 1
                assert box.y0 >= 0 and box.y1 <= height + 1
