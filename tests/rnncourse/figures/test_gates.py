"""The figures of notebook 12, on their axes' data."""

import json

import numpy as np
import pytest

from rnncourse.figures import gates as figures

UNIT = {"m_prev": -0.5, "f": 0.9, "w": 0.2, "g": 1, "o": 0.5, "m": -0.25, "h": -0.12}
ABOUT = {"processor": "A Processor @ 2 GHz", "date": "2026-03-09"}
SAVED = {
    "about": ABOUT,
    "most": 800,
    "memory": {
        "recall|LSTM|5": [30, 40, 50],
        "recall|LSTM|10": [None, 700, 90],
        "recall|GRU|5": [None, None, None],
        "marked|LSTM|5": [1, 2, 3],
    },
    "shakespeare": {
        "one layer|15": [1.9, 1.8, 1.85],
        "LSTM|15": [2.0, 2.1, 2.2],
        "one layer|5": [2.5, 2.4, 2.45],
        "LSTM|5": [2.6, 2.7, 2.8],
    },
}


@pytest.fixture
def saved(tmp_path, monkeypatch):
    path = tmp_path / "gates.json"
    path.write_text(json.dumps(SAVED), encoding="utf-8")
    monkeypatch.setattr(figures, "SAVED", path)
    return "A Processor @ 2 GHz, 9 March 2026"


def rows(axes):
    return [tick.get_text() for tick in axes.get_yticklabels()]


def test_growth_has_a_line_for_each_run():
    up, level = 10.0 ** np.arange(1, 7), np.ones(6)
    figure = figures.growth({"size 2": [up, 3 * up], "size 1": [level]})
    (axes,) = figure.axes
    assert [line.get_ydata().tolist() for line in axes.lines] == [
        *[up.tolist(), (3 * up).tolist()],
        level.tolist(),
    ]
    assert axes.lines[0].get_xdata().tolist() == [1, 2, 3, 4, 5, 6]
    assert axes.get_yscale() == "log"
    told = "size 2, 2 runs, grows a thousandfold or more; size 1, 1 run, stays in"
    assert told in figure.alt
    assert figure.measured == "After 6: size 2 1e6 and 3e6; size 1 1."


def test_growth_says_nothing_of_runs_that_differ():
    figure = figures.growth({"size 2": [[1, 2, 3], [1, 99, 9999]]})
    assert "size 2, 2 runs." in figure.alt


def test_the_cell_shows_its_numbers():
    figure = figures.cell(UNIT)
    (axes,) = figure.axes
    texts = [text.get_text() for text in axes.texts]
    for words in ("f = 0.90", "w = 0.20", "g = 1.00", "o = 0.50", "h = −0.12"):
        assert words in texts
    assert {"m before = −0.50", "m = −0.25"} <= set(texts)
    assert {"forget", "write", "new", "output"} <= set(texts)
    assert texts.count("×") == 3 and texts.count("+") == 1
    assert "f 0.90, w 0.20, g 1.00, o 0.50; the cell −0.25" in figure.alt


def test_kept_draws_powers():
    figure = figures.kept({0: 0.5, 4: 0.98}, 50)
    (axes,) = figure.axes
    first, second = axes.lines
    assert first.get_ydata()[[0, 2]].tolist() == [1, 0.25]
    assert second.get_ydata()[50] == pytest.approx(0.98**50)
    assert [first.get_label(), second.get_label()] == ["b = 0", "b = 4"]
    assert figure.alt.endswith("After 50 steps b = 0: 9e−16 and b = 4: 0.4.")


def test_solved_has_dots_and_crosses():
    figure = figures.solved({"b = 0": [None, 120, None], "b = 4": [50, 60, 70]}, 300)
    (axes,) = figure.axes
    assert rows(axes) == ["b = 0", "b = 4"] and axes.yaxis_inverted()
    drawn = {
        (line.get_marker(), *line.get_ydata().round(1)): list(line.get_xdata())
        for line in axes.lines
        if len(line.get_xdata()) and line.get_marker() != "None"
    }
    assert drawn["o", 0] == [120] and drawn["o", 0.8, 1, 1.2] == [50, 60, 70]
    assert len(drawn["x", -0.2, 0.2]) == 2 and min(drawn["x", -0.2, 0.2]) > 300
    assert [text.get_text() for text in axes.texts] == ["2 not"]
    assert "not solved in 300 updates" in figure.alt and "120" not in figure.alt
    told = "b = 0: not solved, 120 and not solved. b = 4: 50, 60 and 70."
    assert figure.measured == told


def test_runs_with_equal_results_do_not_hide_each_other():
    (axes,) = figures.solved({"b = 6": [80, 80, 80]}, 300).axes
    assert len(set(axes.lines[0].get_ydata())) == 3


def test_memory_is_a_table_of_what_was_saved(saved):
    figure = figures.memory("recall")
    (axes,) = figure.axes
    assert rows(axes) == ["LSTM", "GRU"]
    columns = [tick.get_text() for tick in axes.get_xticklabels()]
    assert columns == ["5", "10"]
    assert "solved the task in 800 updates" in figure.alt
    table = {text.get_position(): text.get_text() for text in axes.texts}
    assert table[0, 0] == "3 of 3\n40" and table[1, 0] == "2 of 3"
    assert table[0, 1] == "0 of 3" and table[1, 1] == "not run"
    assert axes.get_title() == saved and saved in figure.alt
    assert "LSTM: lag 5 3 of 3, lag 10 2 of 3; GRU: lag 5 0 of 3." in figure.alt


def test_reading_has_a_panel_for_each_budget_in_order(saved):
    figure = figures.reading()
    assert [axes.get_title() for axes in figure.axes] == ["5 seconds", "15 seconds"]
    assert rows(figure.axes[0]) == ["one layer", "LSTM"]
    for axes, ends in zip(figure.axes, ([2.5, 2.4, 2.45], [1.9, 1.8, 1.85])):
        assert list(axes.lines[0].get_xdata()) == ends
        assert list(axes.lines[0].get_ydata().round(1)) == [-0.2, 0, 0.2]
    assert len({axes.get_xlim() for axes in figure.axes}) == 1
    assert "After 5 seconds: one layer 2.50, 2.40 and 2.45; LSTM" in figure.alt
    assert saved in figure.alt


def test_what_the_notebook_shows_has_been_saved():
    results = json.loads(figures.SAVED.read_text(encoding="utf-8"))
    assert results["about"]["processor"]
    tasks = {key.partition("|")[0] for key in results["memory"]}
    assert tasks == {"recall", "marked"}
    assert len(results["shakespeare"]) == len(results["updates"]) == 15
    every = [*results["memory"].values(), *results["shakespeare"].values()]
    assert all(len(each) == 3 for each in every)
