"""The figures of notebook 13, on their axes' data."""

import json

import numpy as np
import pytest

from rnncourse.figures import gist as figures

P = np.array([0.1, 0.4, 0.3, 0.2])


def saved_run(**more):
    curve = {"steps": [1000, 2000, 60_000], "smooth": [80.0, 70.0, 50.0]}
    curve |= {"held out": {"25000": 2.3, "50000": 2.2, "100000": 2.1}, "text": {}}
    about = {"processor": "A Processor @ 2 GHz", "date": "2026-03-09"}
    return {"about": about, "T": 25, "seeds": {"0": curve, "4": curve}} | more


@pytest.fixture
def kept(tmp_path, monkeypatch):
    path = tmp_path / "run.json"
    path.write_text(json.dumps(saved_run()), encoding="utf-8")
    monkeypatch.setattr(figures, "LONG_RUN", path)


def test_counts_stand_beside_p_from_the_likeliest_down():
    drawn = {"right": [1, 1, 2, 3, 2, 1, 1, 2, 3, 0], "argmax": [1] * 10}
    figure = figures.counts_beside_p(P, drawn, ["a", " ", "\n", "b"], most=3)
    (axes,) = figure.axes
    assert [bar.get_height() for bar in axes.patches] == [0.4, 0.3, 0.2]
    right, argmax = (line.get_ydata().tolist() for line in axes.lines)
    assert right == [0.4, 0.3, 0.2] and argmax == [1, 0, 0]
    assert axes.get_ylim()[1] == pytest.approx(1.4 * 0.4)
    assert [text.get_text() for text in axes.texts] == ["argmax: 1.0 ↑"]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["␣", "↵", "b"]
    assert "The 3 likeliest" in figure.alt and "in 10 draws" in figure.alt
    assert figure.alt.endswith("right within 0.02 of p; argmax far from p.")


def test_a_symbol_that_is_not_shown_counts_as_well():
    figure = figures.counts_beside_p(P, {"odd": [0] + [1] * 4 + [2] * 5}, "abcd", 1)
    assert "odd far from p" in figure.alt


def test_smoothed_curves_have_a_sum_and_nats_a_character():
    curves = {"one": ([1, 2], [100.0, 75.0]), "two": ([1, 3], [90.0, 60.0])}
    figure = figures.smoothed_curves(curves, T=25)
    axes = figure.axes[0]
    assert [[*line.get_ydata()] for line in axes.lines] == [[100.0, 75.0], [90.0, 60.0]]
    (right,) = axes.child_axes
    figure.draw_without_rendering()
    assert right.get_ylim() == pytest.approx(np.divide(axes.get_ylim(), 25))
    assert axes.get_ylabel().endswith("nats summed over t")
    assert "to step 3, summed over 25" in figure.alt and "60" not in figure.alt
    assert figure.measured == "one ends at 75.0 and two ends at 60.0."


def test_the_posts_figure_ends_where_the_post_does(kept):
    figure = figures.posts_figure()
    axes = figure.axes[0]
    assert [[*line.get_xdata()] for line in axes.lines] == [[1000, 2000]] * 2
    assert axes.get_title() == "A Processor @ 2 GHz, 9 March 2026"
    assert "seed 0 ends at 70.0 and seed 4 ends at 70.0" in figure.alt
    assert not hasattr(figure, "measured")


def test_beyond_has_the_held_out_loss_of_each_seed(kept):
    figure = figures.beyond()
    axes = figure.axes[0]
    first, second, post = axes.lines
    for line in (first, second):
        assert [*line.get_xdata()] == [25_000, 50_000, 100_000]
        assert [*line.get_ydata()] == [2.3, 2.2, 2.1]
    assert [*post.get_xdata()] == [50_000, 50_000]
    assert axes.texts[0].get_text() == "the post stops"
    assert "seed 4: 2.20 and 2.10" in figure.alt and "2 seeds" in figure.alt


def test_a_long_run_has_been_saved():
    saved = figures.load_long_run()
    assert [*saved["seeds"]] == ["0", "1", "2"]
    for curve in saved["seeds"].values():
        assert curve["steps"] == [*range(1000, 250_001, 1000)]
        assert len(curve["smooth"]) == 250
        assert [*map(int, curve["held out"])] == [*range(25_000, 250_001, 25_000)]
        assert {*curve["text"]} == {*curve["held out"]}
        assert all(len(text) == 200 for text in curve["text"].values())
        assert all(1.9 < nats < 2.4 for nats in curve["held out"].values())
