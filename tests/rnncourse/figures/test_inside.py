"""The figures of notebook 10, on their axes' data."""

import numpy as np
import pytest

from rnncourse.figures import inside as figures
from rnncourse.figures.style import FAINT, INK, TARGET

TEXT = "KING:\nSo long a line that it does not fit into fifty-six columns, no, not it."


def test_on_text_puts_every_character_on_its_number():
    values = np.arange(len(TEXT)) / 10
    figure = figures.on_text(TEXT, values, "surprise, bits")
    axes, bar = figure.axes
    grid = axes.images[0].get_array()
    assert grid.shape == (3, figures.WIDTH)
    assert np.allclose(grid.compressed(), values)
    assert "".join(t.get_text() for t in axes.texts) == TEXT.replace("\n", "↵").replace(
        " ", "␣"
    )
    for letter, at in zip(axes.texts, range(len(TEXT))):
        column, row = letter.get_position()
        assert grid[row, column] == values[at]
    assert axes.images[0].get_clim() == (0, values.max())
    assert bar.get_ylabel() == "surprise, bits"
    last = f"'t␣it.' {values[-1]:.1f}"
    assert f"A text of {len(TEXT)} characters" in figure.alt
    assert f"Highest: {last}" in figure.alt and "Lowest: 'K' 0.0" in figure.alt


def test_on_text_of_a_unit_has_the_range_of_tanh():
    figure = figures.on_text("to be", [-0.2, 0.1, 0.9, -0.6, 0.3], "unit", signed=True)
    assert figure.axes[0].images[0].get_clim() == (-1, 1)
    assert "from −0.6 to 0.9" in figure.alt


def test_on_text_may_end_its_colors_below_the_largest_number():
    figure = figures.on_text("to be", [1, 2, 16.7, 0, 3], "surprise, bits", high=8)
    image = figure.axes[0].images[0]
    assert image.get_clim() == (0, 8) and image.colorbar.extend == "max"
    assert "from 0.0 to 16.7" in figure.alt
    image = figures.on_text("to", [1, 2], "surprise, bits").axes[0].images[0]
    assert image.colorbar.extend == "neither" and image.get_clim() == (0, 2)
    image = figures.on_text("to", [0.1, 0.2], "a part of one").axes[0].images[0]
    assert image.get_clim() == (0, 1)


def test_places_with_one_number_are_told_in_the_order_of_the_text():
    values = [0.98, 1.0, 0.97, -1.0, -0.99]
    near = np.add(values, [0, 0, 2e-7, 0, -2e-7])
    texts = {
        figures.on_text("to be", v, "unit", signed=True).alt for v in (values, near)
    }
    assert len(texts) == 1 and "Highest: 't' 1.0, 'to' 1.0, 'to␣' 1.0" in texts.pop()


def test_a_text_that_ends_in_a_line_break_has_no_empty_line():
    figure = figures.on_text("to\nbe\n", np.zeros(6), "zeros")
    assert figure.axes[0].images[0].get_array().shape[0] == 2


def test_bars_are_in_order_and_in_words():
    figure = figures.bars({"first": 4.15, "second": 2.0}, "mean surprise, bits")
    (axes,) = figure.axes
    assert [patch.get_width() for patch in axes.patches] == [4.15, 2.0]
    assert axes.yaxis_inverted()
    assert figure.alt == "Bars of the mean surprise, bits: first 4.2 and second 2.0."


ROWS = {"heading": ([0.9, 0.8], [0.2, 0.3]), "place": ([0.31, 0.3], [0.304, 0.3])}


def test_compared_has_a_row_for_each_name_and_a_dot_for_each_network():
    figure = figures.compared(ROWS, "largest correlation")
    (axes,) = figure.axes
    assert [tick.get_text() for tick in axes.get_yticklabels()] == [*ROWS]
    drawn = [(line.get_color(), list(line.get_xdata())) for line in axes.lines]
    trained = [(INK, pair[0]) for pair in ROWS.values()]
    assert drawn == trained + [(FAINT, pair[1]) for pair in ROWS.values()]
    assert "heading, trained 0.80 to 0.90, untrained 0.20 to 0.30" in figure.alt
    assert "place, trained 0.30 to 0.31, untrained 0.30." in figure.alt
    labels = [text.get_text() for text in figure.legends[0].texts]
    assert labels == ["trained", "untrained"]


def test_by_lag_draws_every_network_from_lag_0():
    runs = 0.5 ** np.arange(13) * np.array([[1.0], [2.0]])
    figure = figures.by_lag({"trained": runs, "untrained": runs[:1]}, "influence")
    (axes,) = figure.axes
    assert np.allclose([line.get_ydata() for line in axes.lines[:2]], runs)
    assert list(axes.lines[0].get_xdata()) == list(range(13))
    assert axes.get_yscale() == "log"
    assert "trained: 0.5 to 1 at lag 1, 0.1 to 0.2 at lag 3" in figure.alt
    assert "untrained: 0.5 at lag 1" in figure.alt


def test_points_are_where_their_symbols_are():
    x, y = np.array([1.0, -2.0, 0.5]), np.array([0.1, 0.2, -0.4])
    groups = {"vowels": "a", "consonants": "b", "capitals": "C"}
    figure = figures.points({"Wxh": (("C", "a", "b"), x, y)}, groups)
    (axes,) = figure.axes
    drawn = {t.get_text(): (t.get_position(), t.get_color()) for t in axes.texts}
    assert drawn == {
        "C": ((1.0, 0.1), FAINT),
        "a": ((-2.0, 0.2), TARGET),
        "b": ((0.5, -0.4), INK),
    }
    assert "Wxh, vowels: across −2.0 to −2.0, up 0.2 to 0.2" in figure.alt
    labels = [text.get_text() for text in figure.legends[0].texts]
    assert labels == [*groups]


def test_trade_has_a_point_for_each_temperature_and_the_real_text():
    curves = {"long": [(0.2, 0.9), (0.4, 0.7)], "short": [(0.1, 0.8), (0.3, 0.5)]}
    plays = [(0.5, 0.95), (0.6, 0.92)]
    figure = figures.trade(curves, {"a play": plays}, [0.5, 1.0])
    (axes,) = figure.axes
    drawn = [line.get_xydata().tolist() for line in axes.lines]
    assert drawn == [[list(p) for p in c] for c in (*curves.values(), plays)]
    assert [t.get_text() for t in axes.texts] == ["0.5", "1"]
    assert "long: 0.20 and 0.90 at 0.5 and 0.40 and 0.70 at 1" in figure.measured
    assert "for each of long and short" in figure.alt and "0.90" not in figure.alt
    assert figure.alt.endswith(
        "Crosses: a play 0.50 and 0.95 and a play 0.60 and 0.92."
    )


H = np.linspace(-0.9, 0.9, 10).reshape(5, 2)
BITS = np.array([np.nan, 1.0, 2.0, 9.0, 4.0])
P = np.array([0.1, 0.6, 0.05, 0.25])


@pytest.mark.parametrize("at", range(5))
def test_walking_marks_the_place_and_what_comes(at):
    figure = figures.walking("to be", at, 1, H, BITS, P, " beo")
    strip, axes = figure.axes
    assert [t.get_text() for t in strip.texts] == list("to␣be") * 2
    assert list(strip.lines[0].get_xdata()) == [at]
    heights = [patch.get_height() for patch in axes.patches]
    assert np.allclose(heights, [0.6, 0.25, 0.1, 0.05, 0])
    if at == 4:
        assert not axes.lines and "what comes" not in figure.alt
    else:
        place = "bo e".index("to be"[at + 1])  # P is in the order " beo"
        assert list(axes.lines[0].get_xdata()) == [place]
    assert f"unit 1, which is {H[at, 1]:.2f}".replace("-", "−") in figure.alt


def test_walking_says_what_its_colors_mean():
    axes = figures.walking("to be", 2, 1, H, BITS, P, " beo").axes[1]
    grounds = {t.get_text(): t for t in axes.texts if t.get_bbox_patch()}
    assert set(grounds) == {"1", "0", "−1", "10", "5"}
    orange = grounds["1"].get_bbox_patch().get_facecolor()
    assert orange == figures.colormaps[figures.SIGNED](1.0)
    violet = grounds["−1"].get_bbox_patch().get_facecolor()
    assert violet == figures.colormaps[figures.SIGNED](0.0)
    names = [t.get_text() for t in axes.texts]
    assert "unit" in names and "surprise" in names


def test_walking_leaves_the_first_character_without_a_surprise():
    strip = figures.walking("to be", 2, 0, H, BITS, P, " beo").axes[0]
    first = strip.patches[5].get_facecolor()
    assert first == (1, 1, 1, 1) and strip.patches[6].get_facecolor() != first
