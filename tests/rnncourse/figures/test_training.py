"""The figures of notebook 06, on their axes' data."""

import numpy as np
import pytest

from rnncourse.figures import training as figures


def words(axes):
    return [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("n, full, left", [(51, 2, 1), (52, 2, 2), (50, 1, 25)])
def test_chunk_strip(n, full, left):
    axes = figures.chunk_strip(n, T=25).axes[0]
    widths = [bar.get_width() for bar in axes.patches]
    assert widths == [25] * full + [left]
    assert sum(widths) == n and f"{left} not read as input" in words(axes)


def test_learning_rates_averages_over_windows():
    curves = {0.1: np.arange(12.0).reshape(2, 6), 0.2: np.ones((2, 6))}
    panels = figures.learning_rates(curves, window=3).axes
    assert [axes.get_title() for axes in panels] == [
        "learning rate 0.1",
        "learning rate 0.2",
    ]
    assert panels[0].lines[1].get_ydata().tolist() == [7.0, 10.0]
    assert panels[0].lines[1].get_xdata().tolist() == [1.5, 4.5]


def test_first_steps():
    axes = figures.first_steps({0.1: [104, 200], 0.01: [104, 90]}, start=104.0).axes[0]
    assert axes.lines[0].get_ydata().tolist() == [104, 200]
    assert axes.lines[1].get_linestyle() != axes.lines[0].get_linestyle()
    assert set(axes.lines[2].get_ydata()) == {104.0}


def test_training_run_shows_both_units():
    figure = figures.training_run([100, 50], [104, 103], {1: 4.1, 2: 2.1}, T=25)
    axes = figure.axes[0]
    chunk, _, smooth, held = axes.lines
    assert chunk.get_ydata().tolist() == [4.0, 2.0]
    assert smooth.get_ydata().tolist() == [104 / 25, 103 / 25]
    assert list(held.get_ydata()) == [4.1, 2.1] and list(held.get_xdata()) == [1, 2]
    (summed,) = axes.child_axes
    figure.draw_without_rendering()
    assert np.allclose(summed.get_ylim(), np.multiply(axes.get_ylim(), 25))
    assert "25" in summed.get_ylabel() and axes.get_ylabel() == "loss, nats a character"


def test_yardsticks():
    axes = figures.yardsticks([("bigram", 2.486, False), ("RNN", 2.1, True)]).axes[0]
    assert [bar.get_width() for bar in axes.patches] == [2.486, 2.1]
    assert words(axes) == ["2.49", "2.10"]
    assert axes.patches[1].get_hatch() and not axes.patches[0].get_hatch()


def test_temperatures():
    rows = {0.5: np.array([0.9, 0.1]), 2.0: np.array([0.6, 0.4])}
    panels = figures.temperatures(rows, "ab").axes
    assert [axes.get_title() for axes in panels] == [
        "temperature 0.5",
        "temperature 2",
    ]
    assert [bar.get_height() for bar in panels[1].patches] == [0.6, 0.4]


def test_seed_spread():
    axes = figures.seed_spread({0.1: [2.5, 2.6], 0.03: [2.3, 2.4]}).axes[0]
    assert list(axes.lines[1].get_xdata()) == [2.3, 2.4]
    assert set(axes.lines[1].get_ydata()) == {1}


def test_unit_over_text():
    text, h = "AB:\nme\n\nX", np.linspace(-1, 1, 9)
    figure = figures.unit_over_text(h, text[:8] + "Y")
    axes = figure.axes[0]
    (image,) = axes.images
    states = image.get_array().filled(np.nan)
    rows = [row[~np.isnan(row)].tolist() for row in states]
    assert rows == [h[:4].tolist(), h[4:7].tolist(), h[7:8].tolist(), h[8:].tolist()]
    assert image.get_clim() == (-1, 1)
    assert "".join(words(axes)) == "AB:↵me↵↵Y"
    assert [label.get_position() for label in axes.texts][4:6] == [(0, 1), (1, 1)]
    assert "4 lines of text, 9 characters." in figure.alt
    assert figure.measured.startswith("The mean state of the unit, line by line: −0.62")


@pytest.mark.parametrize("text", ["愛と平和\n🙂", "a", "\n"])
def test_unit_over_any_text(text):
    figure = figures.unit_over_text(np.zeros(len(text)), text)
    assert len(figure.axes[0].texts) == len(text)


def test_more_runs_than_dashes():
    panel = figures.learning_rates({0.1: np.ones((6, 4))}, window=2).axes[0]
    assert len(panel.lines) == 6
    curves = {lr: [1.0, 2.0] for lr in range(6)}
    assert len(figures.first_steps(curves, start=1.0).axes[0].lines) == 7


def test_live_run():
    points = [(1, 8.0, 4.16), (10, 4.5, 4.2), (12, np.nan, 4.1)]
    axes = figures.live_run(points, {"uniform": 4.159, "bigram": 2.45}).axes[0]
    uniform, bigram, chunks, smoothed = axes.lines
    assert set(uniform.get_ydata()) == {4.159} and set(bigram.get_ydata()) == {2.45}
    assert words(axes) == ["uniform", "bigram"]
    assert chunks.get_xdata().tolist() == smoothed.get_xdata().tolist() == [1, 10, 12]
    assert chunks.get_ydata().tolist()[:2] == [8.0, 4.5]
    assert smoothed.get_ydata().tolist() == [4.16, 4.2, 4.1]
    assert smoothed.get_markevery() == [-1]
    assert "nats a character" in axes.get_ylabel()


@pytest.mark.parametrize(
    "n, decades", [(0, 5), (1, 5), (100_000, 5), (100_001, 6), (3_000_000, 7)]
)
def test_live_run_has_one_frame_up_to_100_000_steps(n, decades):
    axes = figures.live_run([(n, np.nan, 4.0)], {}).axes[0]
    assert axes.lines[1].get_xdata().tolist() == [max(n, 1)]
    ticks = [label.get_text() for label in axes.get_xticklabels()]
    assert ticks[0] == "1" and ticks[-1] == f"{10**decades:,}"
    low, high = axes.get_xlim()
    assert low < max(n, 1) <= 10**decades < high < 2 * 10**decades
    assert axes.get_ylim() == pytest.approx((0, 1.2 * 4))


def test_next_character_has_the_ten_likeliest_and_the_rest():
    p = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) / 78
    axes = figures.next_character(p, "abcdefghij \n", drawn=10).axes[0]
    heights = [bar.get_height() for bar in axes.patches]
    assert heights == pytest.approx([*p[:1:-1], p[0] + p[1]])
    names = [label.get_text() for label in axes.get_xticklabels()]
    assert names == [*"↵␣jihgfedc", "others"]
    assert words(axes) == [f"{height:.2f}" for height in heights]
    (mark,) = axes.lines
    assert mark.get_xdata() == [1] and mark.get_ydata() > heights[1]
    axes = figures.next_character(p, "abcdefghij \n", drawn=0).axes[0]
    assert axes.lines[0].get_xdata() == [10]  # over the others


def test_next_character_of_few_symbols():
    axes = figures.next_character([0.25, 0.75], "ab", drawn=0).axes[0]
    assert [bar.get_height() for bar in axes.patches] == [0.75, 0.25, 0]
    assert axes.lines[0].get_xdata() == [1]


# The frames, from the data


def test_a_single_learning_rate_is_a_single_panel():
    figure = figures.learning_rates({0.1: np.full((2, 6), 3.0)}, window=3)
    assert [axes.get_title() for axes in figure.axes] == ["learning rate 0.1"]


@pytest.mark.parametrize("scale", [0.2, 1.0, 2.0])
def test_the_frames_hold_texts_of_other_losses(scale):
    held_out = {1000: 2.9 * scale, 2000: 2.1 * scale}
    losses = 25 * scale * np.linspace(4, 2, 2000)
    (axes,) = figures.training_run(losses, losses, held_out, T=25).axes
    low, high = axes.get_ylim()
    assert low < 2.1 * scale and high > 4 * scale
    (axes,) = figures.yardsticks([("uniform", 4 * scale, False)]).axes
    assert axes.get_xlim()[1] > 4 * scale
    lines = {"uniform": 4 * scale}
    (axes,) = figures.live_run([(1, 4 * scale, 4 * scale)], lines).axes
    low, high = axes.get_ylim()
    assert low == 0 and high > 4 * scale


# The words for whoever does not see the picture


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (60, "chunk 0 from 0 to 24 and chunk 1 from 25 to 49. At the end 10 not read"),
        (12, "no chunk. At the end 12 not read"),
    ],
)
def test_the_text_of_the_strip(n, words):
    alt = figures.chunk_strip(n, 25).alt
    assert words in alt and alt.startswith(f"A strip of {n} characters")


def test_the_text_of_the_learning_rates_and_what_was_measured():
    curves = {
        0.1: [[4.0, 4.0, 2.0, 2.0], [4.0, 4.0, 3.0, 3.0]],
        "a, b": np.ones((2, 4)),
    }
    figure = figures.learning_rates(curves, window=2)
    assert "over 4 training steps" in figure.alt and "0.1; a, b." in figure.alt
    assert "2 in all" in figure.alt
    assert figure.measured.startswith(
        "Learning rate 0.1: from 4.0 at first, lowest 2.0 and 3.0, at last 2.0 and 3.0."
    )
    assert "2 in all" not in figures.learning_rates({1: np.ones((3, 4))}, 2).alt
    figure = figures.learning_rates({1: [[4.0, 2.0, 9.0]]}, 2)  # 9 fills no window
    assert figure.measured.endswith("from 3.0 at first, lowest 3.0, at last 3.0.")


def test_the_text_of_the_first_steps():
    alt = figures.first_steps({0.1: [104, 241, 90], 0.01: [104, 99, 98]}, 104).alt
    assert "first 3 chunks" in alt and "T ln V, 104." in alt
    assert "rate 0.1 it begins at 104 and is highest at step 2, with 241;" in alt
    assert "rate 0.01 it begins at 104 and is highest at step 1, with 104." in alt


def test_the_text_of_a_run():
    figure = figures.training_run([100, 50], [100, 75], {1: 4.0, 2: 2.5}, T=25)
    assert "2 steps" in figure.alt and "over 25 characters" in figure.alt
    assert "measured 2 times" in figure.alt
    assert "from 4.00 to 3.00 nats" in figure.measured
    assert "from 4.00 at step 1 to 2.50 at step 2, lowest 2.50." in figure.measured
    assert "1 time." in figures.training_run([9, 8], [9, 9], {1: 4.0}, T=25).alt


def test_the_text_of_the_yardsticks_keeps_what_was_trained_apart():
    figure = figures.yardsticks([("trigram", 2.049, False), ("this RNN", 2.13, True)])
    assert "2 bars" in figure.alt and "trigram 2.05 and this RNN." in figure.alt
    assert figure.measured == "this RNN: 2.13."
    assert figures.yardsticks([("pairs", 2.5, False)]).alt.startswith("1 bar, ")


def test_the_text_of_the_temperatures():
    figure = figures.temperatures({0.5: [0.8, 0.2], 2: [0.6, 0.4]}, "g ")
    assert "2 characters" in figure.alt and "temperature: 0.5 and 2." in figure.alt
    assert figure.measured == "At 0.5: g 0.80 and ␣ 0.20. At 2: g 0.60 and ␣ 0.40."


def test_the_text_of_the_seeds():
    figure = figures.seed_spread({0.1: [2.6, 2.5], 0.03: [2.4]})
    assert "0.1, 2 seeds; 0.03, 1 seed." in figure.alt
    assert "Learning rate 0.1: 2.50 and 2.60. Learning" in figure.measured


def test_the_text_of_a_live_run():
    alt = figures.live_run([(1, 5.0, 4.1), (1200, 2.0, 3.25)], {"bigram": 2.5}).alt
    assert "to step 1,200:" in alt and "now 3.25. Dashed lines: bigram 2.50." in alt
    assert "Dashed" not in figures.live_run([(3, 2.0, 2.0)], {}).alt


def test_the_text_of_the_next_character():
    alt = figures.next_character([0.1, 0.7, 0.2], "a b", 2).alt
    assert "first: ␣ 0.70, b 0.20, a 0.10 and others 0.00." in alt
    assert alt.endswith("A mark over b: the one drawn first.")
