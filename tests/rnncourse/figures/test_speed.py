"""The figures of notebook 07, on their axes' data."""

import numpy as np
import pytest

from rnncourse.figures import speed as figures


def words(axes):
    return [text.get_text() for text in axes.texts]


def rows(axes):
    return [tick.get_text() for tick in axes.get_yticklabels()]


def widths(axes):
    return [bar.get_width() for bar in axes.patches]


def colors(axes):
    return [bar.get_facecolor() for bar in axes.patches]


def test_price_of_a_call_counts_in_the_first_time_of_all():
    times = {"v + v": [2.0, 2.2, 8.0], "W @ v": [4.0, 5.0, 60.0]}
    axes = figures.price_of_a_call([1, 10, 100], times).axes[0]
    add, product = axes.lines
    assert add.get_xdata().tolist() == product.get_xdata().tolist() == [1, 10, 100]
    assert add.get_ydata().tolist() == [1, 1.1, 4]
    assert product.get_ydata().tolist() == [2, 2.5, 30]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert add.get_linestyle() != product.get_linestyle()
    assert "v + v with n = 1 is 1" in axes.get_ylabel()


def test_ladder_marks_the_newest_and_says_what_it_gained():
    axes = figures.ladder({"dictionaries": 1.0, "arrays": 1.25, "sums": 2.5}).axes[0]
    assert widths(axes) == [1, 1.25, 2.5]
    assert rows(axes) == ["dictionaries", "arrays", "sums"]
    assert words(axes) == ["1.00", "1.25", "2.50 (× 2.00)"]
    assert "dictionaries: 1" in axes.get_xlabel() and "×" in axes.get_xlabel()
    old, also_old, newest = colors(axes)
    assert old == also_old != newest
    assert axes.yaxis_inverted()


def test_ladder_of_two_says_it_once():
    axes = figures.ladder({"float32": 1.0, "rooms": 0.98}).axes[0]
    assert words(axes) == ["1.00", "0.98"]
    assert "×" not in axes.get_xlabel()


def test_shares_give_the_bound_of_amdahl():
    axes = figures.shares({"input": 0.2, "sums": 0.5, "update": 0.3}).axes[0]
    assert widths(axes) == [0.2, 0.5, 0.3]
    assert rows(axes) == ["input", "sums", "update"]
    assert words(axes) == [
        "20% (× 1.25 at most)",
        "50% (× 2.00 at most)",
        "30% (× 1.43 at most)",
    ]
    smallest, largest, middle = colors(axes)
    assert smallest == middle != largest
    assert axes.spines["bottom"].get_bounds() == (0, 1)  # no share is above 100 %


def test_shares_say_no_bound_where_a_part_cannot_go():
    axes = figures.shares({"calls": 0.6, "roots": 0.1}, bounds=False).axes[0]
    assert words(axes) == ["60%", "10%"]


def test_staircase_has_a_column_for_each_sweep():
    right = np.array([[True, False, False], [True, True, False]])
    axes = figures.staircase(right).axes[0]
    image = axes.images[0]
    assert (image.get_array() == right.T).all()
    left, far, low, high = image.get_extent()
    assert (left, far) == (0.5, 2.5)  # sweeps are counted from 1
    assert (high, low) == (-0.5, 2.5)  # steps from 0, the first on top
    assert words(axes) == ["right:\none row more per sweep", "still wrong"]


def test_scaling_gives_the_slopes_of_both_ends():
    costs = {
        "H": {10: 1.0, 20: 1.0, 40: 4.0},
        "T": {1: 0.5, 2: 1.0, 4: 1.0},
        "B": {1: 1.0, 100: 10.0},
    }
    axes = figures.scaling(costs).axes[0]
    H, T, B, *guides = axes.lines
    assert H.get_xdata().tolist() == [10, 20, 40]
    assert H.get_ydata().tolist() == [1, 1, 4]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "H: slope 0.0 at first, 2.0 at last",
        "T: slope 1.0 at first, 0.0 at last",
        "B: slope 0.5 at first, 0.5 at last",
    ]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    for slope, guide in zip((1, 2), guides, strict=True):
        (dx,), (dy,) = (np.diff(np.log(side)) for side in guide.get_data())
        assert dy / dx == pytest.approx(slope)
    assert words(axes) == ["slope 1", "slope 2"]
    assert len({line.get_linestyle() for line in (H, T, B)}) == 3
    assert axes.get_xlabel() == "H, T or B"
    low, high = axes.get_ylim()
    assert low < 0.5 and high > 10


def test_a_slope_of_nearly_nothing_has_no_sign():
    axes = figures.scaling({"V": {1: 1.0, 100: 0.999}, "H": {1: 1.0, 2: 1.0}}).axes[0]
    words = [text.get_text() for text in axes.get_legend().get_texts()]
    assert words[0] == "V: slope 0.0 at first, 0.0 at last"


# The words for whoever does not see the picture


def test_the_text_of_a_ladder_is_the_same_whatever_the_times():
    names = "dictionaries", "arrays"
    slow, fast = (figures.ladder(dict(zip(names, v))) for v in ([1, 1.1], [1, 2.345]))
    assert slow.alt == fast.alt
    assert "2 horizontal bars, from above: dictionaries; arrays." in slow.alt
    assert fast.measured == "Lengths: dictionaries 1.00; arrays 2.35."
    other = figures.ladder({"one": 1, "two": 2, "three": 3})
    assert "3 horizontal bars, from above: one; two; three." in other.alt


def test_the_text_of_the_shares():
    figure = figures.shares({"input": 0.2, "sums": 0.8})
    assert "2 horizontal bars" in figure.alt and "input; sums" in figure.alt
    assert "gain" in figure.alt
    assert figure.measured == "Shares: input 20%; sums 80%."
    assert "the whole step" in figure.alt
    in_part = figures.shares({"a": 0.3, "b": 0.1}, bounds=False).alt
    assert "gain" not in in_part and "whole" not in in_part


def test_the_text_of_the_price_of_a_call():
    times = {"v + v": [2.0, 8.0], "W @ v": [4.0, 60.0]}
    figure = figures.price_of_a_call([1, 100], times)
    assert "n, from 1 to 100," in figure.alt and "v + v and W @ v" in figure.alt
    assert figure.measured == (
        "From the first n to the last: v + v from 1 to 4; W @ v from 2 to 30."
    )


@pytest.mark.parametrize(
    ("right", "words"),
    [
        (np.tri(2, 3, dtype=bool), ["2 sweeps by 3 steps", "is 1, 2.", "staircase"]),
        (np.tri(9, dtype=bool), ["9 sweeps", "is 1, 2, 3 and so on to 9.", "stairc"]),
        (np.array([[False, True]]), ["1 sweeps by 2 steps", "is 1."]),
    ],
)
def test_the_text_of_the_staircase(right, words):
    alt = figures.staircase(right).alt
    assert all(word in alt for word in words), alt
    assert ("staircase" in alt) == right[:, 0].all()


def test_the_text_of_scaling_has_the_ranges_and_what_was_measured_the_slopes():
    figure = figures.scaling({"H": {10: 1.0, 20: 1.0, 40: 4.0}, "B": {1: 1, 4: 4}})
    assert "H from 10 to 40 and B from 1 to 4" in figure.alt
    assert figure.measured.startswith("H: slope 0.0 at first, 2.0 at last; B: slope 1")
