"""The widget of notebook 03: its numbers, all its settings, its picture."""

import itertools
import re

import numpy as np
import pytest

from rnncourse.widgets import logits


def numbers(words):
    """The numbers in a readout; it has the true minus sign."""
    return [float(n) for n in re.findall(r"[+-]?\d+\.\d+", words.replace("−", "-"))]


def probabilities(y, tau):
    e = np.exp(np.array(y) / tau)
    return e / e.sum()


@pytest.mark.parametrize("tau", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("target", "ehlo")
def test_the_readout_has_the_target_s_probability_the_loss_and_the_slopes(tau, target):
    y = [1.0, 0.0, 2.0, -0.5]
    _, words = logits.logits_at(y, tau, target, "ehlo")
    p = probabilities(y, tau)["ehlo".index(target)]
    assert numbers(words) == pytest.approx([p, -np.log(p), p - 1, 1 - p], abs=5e-4)
    assert words.count(target) >= 2


def test_the_picture_shows_the_logits_and_the_probabilities():
    y = [1.0, 0.0, 2.0, -0.5]
    figure, _ = logits.logits_at(y, 0.5, "l", "ehlo")
    left, right = figure.axes
    assert [bar.get_height() for bar in left.patches] == y
    heights = [bar.get_height() for bar in right.patches[:4]]
    assert heights == pytest.approx(probabilities(y, 0.5))
    assert right.lines[0].get_xdata() == [2]  # the star
    arrows = [(note.xyann, note.xy) for note in right.texts]
    ends = [((k, heights[k]), (k, float(k == 2))) for k in range(4)]
    assert np.allclose(arrows, ends)


@pytest.fixture
def widget():
    return logits.logits("ehlo", [1.0, 0.0, 2.0, -0.5], "l")


def parts(widget):
    """The controls by their description, the picture and the readout."""
    *shelves, _, picture, readout = widget.children
    controls = {c.description: c for shelf in shelves for c in shelf.children}
    return controls, picture, readout


def test_every_control_moves_the_picture_and_the_readout(widget):
    controls, picture, readout = parts(widget)
    assert list(controls) == ["e", "h", "l", "o", "τ", "target"]
    for control in controls.values():
        before = picture.value, readout.value
        control.value = "e" if control.description == "target" else control.value + 1
        assert picture.value != before[0]
        assert readout.value != before[1]


def settings(control):
    """Every step of a slider, every option of a list."""
    if hasattr(control, "options"):
        return control.options
    steps = round((control.max - control.min) / control.step)
    return np.linspace(control.min, control.max, steps + 1)


def test_every_setting_and_every_corner_has_the_right_loss(widget, monkeypatch):
    controls, _, _ = parts(widget)
    monkeypatch.setattr(logits.figures, "logits_and_push", lambda *_: None)  # slow
    *sliders, tau, target = controls.values()
    defaults = [control.value for control in controls.values()]
    corners = itertools.product(
        *([-5, 5] for _ in sliders), [tau.min, tau.max], target.options
    )
    chosen = list(corners)
    for k, control in enumerate(controls.values()):
        for value in settings(control):
            chosen.append([*defaults[:k], value, *defaults[k + 1 :]])
    for *y, at, aim in chosen:
        _, words = logits.logits_at(y, at, aim, "ehlo")
        p = probabilities(y, at)["ehlo".index(aim)]
        assert numbers(words)[1] == pytest.approx(-np.log(p), abs=5e-4)
    assert len(chosen) == 2**5 * 4 + 4 * 101 + 50 + 4


def test_the_picture_keeps_its_size(widget):
    controls, picture, _ = parts(widget)
    sizes = set()
    for value in (-5, 0, 5):
        controls["e"].value = value
        sizes.add((picture.width, picture.value[16:24]))  # width and height of the PNG
    assert len(sizes) == 1


def test_the_numbers_that_the_notebook_names():
    losses = []
    for tau in (0.1, 1, 5):
        _, words = logits.logits_at([0, 3, 0, 0], tau, "l", "ehlo")
        losses.append(numbers(words)[1])
    assert losses[0] == 30
    assert losses[0] > losses[1] > losses[2] > np.log(4)
