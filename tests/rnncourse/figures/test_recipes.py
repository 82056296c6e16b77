"""The figures of notebook 09, on their axes' data."""

import json

import numpy as np
import pytest

from rnncourse.figures import recipes as figures

RUNGS = {"as in 06": [2.38, 2.31, 2.33], "Wxh 0.5": [2.18, 2.19, 2.185]}


def rows(axes):
    return [tick.get_text() for tick in axes.get_yticklabels()]


def test_ladder_has_a_row_for_each_recipe_and_a_dot_for_each_seed():
    figure = figures.ladder(RUNGS)
    (axes,) = figure.axes
    assert rows(axes) == [*RUNGS] and axes.yaxis_inverted()
    for y, (line, nats) in enumerate(zip(axes.lines, RUNGS.values())):
        assert line.get_xdata().tolist() == nats and set(line.get_ydata()) == {y}
    assert "each of 3 seeds" in figure.alt and "as in 06; Wxh 0.5." in figure.alt
    assert "2.38" not in figure.alt  # it differs from machine to machine
    assert figure.measured.endswith("Wxh 0.5: 2.18, 2.19 and 2.19.")


def test_ladder_marks_models_that_count():
    figure = figures.ladder(RUNGS, [("trigram", 1.996)])
    (axes,) = figure.axes
    assert axes.lines[2].get_xdata() == [1.996, 1.996]
    assert axes.texts[0].get_text() == "trigram"
    assert figure.alt.endswith("Dashed lines for models that count: trigram 2.00.")


@pytest.mark.parametrize("nats", [[2.1, 2.1001, 2.1], [2.0, 2.9, 2.4]])
def test_ladder_makes_no_small_difference_look_large(nats):
    low, high = figures.ladder({"one": nats}).axes[0].get_xlim()
    assert high - low >= 0.29 and low < min(nats) and max(nats) < high


def test_more_schedules_than_looks():
    figure = figures.rates({name: [1, 0.5, 0.1] for name in "abcde"})
    assert len(figure.axes[0].lines) == 5 and "e begins at 1" in figure.alt


def test_ladder_asks_for_as_many_seeds_everywhere():
    with pytest.raises(ValueError):
        figures.ladder({"one": [2.0], "two": [2.0, 2.1]})


def test_step_sizes_are_drawn_on_logarithmic_axes():
    shrinking = 0.01 / np.sqrt(np.arange(1, 1001))
    figure = figures.step_sizes({"Adagrad": shrinking, "Adam": np.full(1000, 0.01)})
    (axes,) = figure.axes
    first, second = axes.lines
    assert first.get_xdata()[[0, -1]].tolist() == [1, 1000]
    assert np.array_equal(first.get_ydata(), shrinking)
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert first.get_linestyle() != second.get_linestyle()
    assert "Adagrad from 0.01 to 0.00032 and Adam from 0.01 to 0.01" in figure.alt


def test_rates_begin_at_step_0():
    figure = figures.rates({"constant": [0.5] * 4, "falling": [0.5, 0.4, 0.2, 0.1]})
    (axes,) = figure.axes
    assert axes.lines[1].get_xdata().tolist() == [0, 1, 2, 3]
    assert axes.get_ylim()[0] == 0
    told = "falling begins at 0.5, is 0.2 half way and ends at 0.1"
    assert told in figure.alt and axes.get_ylabel() == "learning rate"


def test_overfitting_has_a_panel_for_each_method_and_two_looks():
    training = np.array([[3.0, 2.0, 1.0], [3.1, 2.1, 1.1]])
    held_out = np.array([[3.0, 2.5, 2.8], [3.0, 2.6, 2.55]])
    runs = {"plain": (training, held_out), "dropout": (training, held_out)}
    figure = figures.overfitting([40, 80, 1200], runs, "a short text")
    assert [axes.get_title() for axes in figure.axes] == ["plain", "dropout"]
    for axes in figure.axes:
        drawn = [line.get_ydata().tolist() for line in axes.lines]
        assert drawn == [*training.tolist(), *held_out.tolist()]
        looks = [line.get_linestyle() for line in axes.lines]
        assert looks == ["--", "--", "-", "-"]
    assert "to step 1,200, for a short text" in figure.alt and "2 seeds" in figure.alt
    lowest = "held out lowest 2.50 at step 80 and 2.55 at step 1200"
    assert lowest in figure.measured
    (legend,) = figure.legends
    labels = [text.get_text() for text in legend.texts]
    assert labels == ["text trained on", "held-out text"]


RUNS = {"gist": [(1, 2.6), (10, 2.2)], "ladder": [(12, 1.8)]}


def test_race_has_seconds_nats_and_bits():
    figure = figures.race(RUNS, {"trigram": (0.1, 2.05)})
    axes, *_ = figure.axes
    gist, ladder, trigram = axes.lines
    assert gist.get_xydata().tolist() == [[1, 2.6], [10, 2.2]]
    assert trigram.get_xydata().tolist() == [[0.1, 2.05]]
    assert [text.get_text() for text in axes.texts] == ["trigram"]
    assert axes.get_xscale() == "log"
    (bits,) = axes.child_axes
    figure.draw_without_rendering()
    assert bits.get_ylim() == pytest.approx(np.divide(axes.get_ylim(), np.log(2)))
    assert "2.20 nats in 10 s" in figure.measured and "2.20" not in figure.alt


def test_the_long_race_says_where_and_when_and_all_its_numbers(tmp_path, monkeypatch):
    about = {"processor": "A Processor @ 2 GHz", "date": "2026-03-09"}
    counted = {"trigram": [0.1, 2.05]}
    path = tmp_path / "race.json"
    saved = {"about": about, "runs": RUNS | {"not yet": []}, "counted": counted}
    path.write_text(json.dumps(saved), encoding="utf-8")
    monkeypatch.setattr(figures, "LONG_RACE", path)
    figure = figures.long_race()
    where = "A Processor @ 2 GHz, 9 March 2026"
    assert figure.axes[0].get_title() == where
    assert figure.alt.startswith(f"Measured on {where}.")
    assert "1.80 nats in 12 s" in figure.alt and not hasattr(figure, "measured")
    assert "not yet" not in figure.alt


def test_a_long_race_has_been_saved():
    saved = json.loads(figures.LONG_RACE.read_text(encoding="utf-8"))
    assert saved["about"]["processor"] and len(saved["recipes"]) == 3
    assert [len(points) for points in saved["runs"].values()] == [3, 3]
    assert {"trigram", "5-gram"} <= set(saved["counted"])
