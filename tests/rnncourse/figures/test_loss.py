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


# What each picture says


@pytest.mark.parametrize(
    ("y", "symbols", "words"),
    [
        (
            TOY,
            "!h ",
            [
                "symbols ! h ␣.",
                "Logits: −1.22 for !, 1.26 for h and −0.46 for ␣.",
                "exponentials: 0.29 for !, 3.53 for h and 0.63 for ␣.",
                "sum: 0.07 for !, 0.79 for h and 0.14 for ␣.",
            ],
        ),
        ([-0.0], "a", ["Logits: 0.00 for a.", "sum: 1.00 for a."]),
    ],
)
def test_the_text_of_the_steps_has_all_their_heights(y, symbols, words):
    alt = figures.softmax_steps(np.array(y), symbols).alt
    assert all(word in alt for word in words), alt


@pytest.mark.parametrize(
    ("y", "settings", "words"),
    [
        (
            [1, 0],
            [0.5, 1],
            [
                "τ = 0.5: 0.88 for a and 0.12 for b; τ = 1: 0.73 for a and 0.27 for b.",
                "is the same in all.",
            ],
        ),
        ([2, 2], [1, 2], ["τ = 2: 0.50 for a and 0.50 for b.", "the same in all."]),
        ([2, 1], [1], ["τ = 1: 0.73 for a and 0.27 for b."]),
        ([2, 1], [1, -1], ["0.27 for a and 0.73 for b.", "is not the same in all."]),
    ],
)
def test_the_text_of_the_temperatures_has_the_bars_and_their_order(y, settings, words):
    alt = figures.temperatures(y, settings, "ab").alt
    assert all(word in alt for word in words), alt
    assert ("order" in alt) == (len(settings) > 1)


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ([1, 1 / 64], ["up to 5.3 nats.", "p = 1 and 4.16 nats or 6.00 bits at p = 0"]),
        ([1e-4], ["up to 10.1 nats.", "curve: 9.21 nats or 13.29 bits at p = 0.0001."]),
    ],
)
def test_the_text_of_the_surprise_has_its_dots_and_all_are_in_view(marks, words):
    figure = figures.surprise(marks)
    assert all(word in figure.alt for word in words), figure.alt
    assert figure.axes[0].get_ylim()[1] > -np.log(min(marks))
    assert line(figure.axes[0])[1].max() >= -np.log(min(marks))


@pytest.mark.parametrize(
    ("p", "target", "words"),
    [
        (
            [0.25, 0.75],
            1,
            "wrong, loss 0.29 nats: the target is ␣, and p − e is "
            "+0.25 for a and −0.25 for ␣.",
        ),
        (
            [0.5, 0.5],
            0,
            "wrong, loss 0.69 nats: the target is a, and p − e is "
            "−0.50 for a and +0.50 for ␣.",
        ),
        (
            [1.0, 0.0],
            0,
            "wrong, loss 0.00 nats: the target is a, and p − e is "
            "+0.00 for a and +0.00 for ␣.",
        ),
    ],
)
def test_the_text_of_a_push_has_target_loss_and_slopes(p, target, words):
    alt = figures.pushes([p], [target], "a ", ["wrong"]).alt
    assert alt.startswith("Bars of p over the symbols a ␣, a star over the target")
    assert alt.endswith(words), alt


def test_pushes_have_a_sentence_for_each_panel():
    p = softmax(LOGITS)
    alt = figures.pushes(p, [2, 0, 1], "ehlo", ["one", "two", "three"]).alt
    assert [alt.count(f"{name}, loss") for name in ("one", "two", "three")] == [1, 1, 1]
    assert [alt.count(f"target is {name},") for name in "lehe"] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("y", "tau", "target", "words"),
    [
        (
            [1, 0],
            0.5,
            0,
            [
                "logits: 1.00 for a and 0.00 for b.",
                "τ = 0.5: 0.88 for a and 0.12 for b,",
                "the target is a, and p − e is −0.12 for a and +0.12 for b.",
            ],
        ),
        ([-1, -1], 2, 1, ["−1.00 for a", "τ = 2.0: 0.50", "is b,", "and −0.50 for b."]),
    ],
)
def test_the_text_of_the_widget_has_logits_probabilities_and_slopes(
    y, tau, target, words
):
    alt = figures.logits_and_push(y, tau, target, "ab").alt
    assert all(word in alt for word in words), alt


@pytest.mark.parametrize(
    ("losses", "levels", "words"),
    [
        (
            [3.892, 3.0, 2.4561],
            {"uniform": 4.159, "unigram": 3.311, "bigram": 2.452},
            [
                "over 3 training steps",
                "3.89 nats a character after the first, 2.46 after the last.",
                "uniform 4.159, the loss below it from step 1 on; unigram 3.311, the "
                "loss below it from step 2 on; bigram 2.452, the loss below it never.",
            ],
        ),
        (
            np.array([2.0, 1.0, 3.0] * 400),
            {"a": 1.5},
            ["1,200 training", "at step 2, and not to the end.", "3.00 after the last"],
        ),
    ],
)
def test_the_text_of_the_descent_has_its_ends_and_the_crossings(losses, levels, words):
    alt = figures.descent(losses, levels).alt
    assert all(word in alt for word in words), alt


@pytest.mark.parametrize(
    ("counted", "learned", "words"),
    [
        (
            [[0.1, 0.6], [0.9, 0.4]],
            [[0.15, 0.58], [0.85, 0.42]],
            [
                "in the order , ␣.",
                "counted: 0.90, row ␣ of column ,; largest learned: 0.85, row ␣ of",
                "difference of the two: 0.05.",
            ],
        ),
        (
            np.eye(2),
            np.eye(2),
            ["counted: 1.00 in 2 cells; largest learned: 1.00 in 2", "less than 1e−6."],
        ),
    ],
)
def test_the_text_of_the_tables_has_the_largest_cells(counted, learned, words):
    alt = figures.two_tables(counted, learned, ", ").alt
    assert all(word in alt for word in words), alt


@pytest.mark.parametrize(
    ("counted", "learned", "words"),
    [
        (
            [[0.5, 0, 1], [0.495, 1, 0], [0.005, 0, 0]],
            [[0.5, 2e-5, 0.99], [0.49, 0.99, 0.004], [0.01, 9e-4, 3e-4]],
            [
                "counted: 0.99 at 0.1 to 1 and 2.00 at 0.001 to 0.01.",
                "the pairs that never occur, 4, learned between 2e−5 and 0.004.",
            ],
        ),
        (
            [[0.5, 0.1], [0.5, 0.9]],
            [[0.4, 0.2], [0.6, 0.8]],
            ["0.89 at 0.1 to 1 and 2.00 at 0.01 to 0.1.", "empty, for all pairs"],
        ),
        (np.eye(2), np.full((2, 2), 0.5), ["0.50 at 0.1 to 1.", "occur, 2, learned 0"]),
    ],
)
def test_the_text_of_the_meeting_goes_by_the_size_of_the_counted(
    counted, learned, words
):
    alt = figures.meeting(counted, learned).alt
    assert all(word in alt for word in words), alt


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        (
            [2.5, 2, 3, 3.5],
            [
                "row: 4,",
                "between 2.00 and 3.50.",
                "their mean, 2.75.",
                "rises at 2 of the 3 steps",
                "first half is 2.25, of the second 3.25.",
            ],
        ),
        ([2.0], ["row: 1,", "between 2.00 and 2.00. A dashed line at their mean, 2.0"]),
        ([1.0, 1.0], ["rises at 0 of the 1 steps", "is 1.00, of the second 1.00."]),
    ],
)
def test_the_text_of_the_chunk_losses_has_range_rises_and_trend(losses, words):
    alt = figures.chunk_losses(losses).alt
    assert all(word in alt for word in words), alt
    assert ("rises" in alt) == (len(losses) > 1)


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
