"""What all widgets share: the panel."""

import html
import re

import pytest
from ipywidgets import IntSlider
from matplotlib.figure import Figure

from rnncourse.widgets.panel import ARROW_KEYS, Passage, Readout, panel


def draw(n):
    if n == 3:
        raise ValueError("no picture of 3")
    figure = Figure(figsize=(4, 2))
    figure.subplots().plot([0, n])
    return figure, f"n < {n} & −1"


@pytest.fixture
def slider():
    return IntSlider(1, min=0, max=5, description="n")


def test_the_first_picture_is_there_at_once(slider):
    row, caption, picture, readout = panel(draw, "a line", [{"n": slider}]).children
    assert row.children == (slider,)
    assert bytes(picture.value).startswith(b"\x89PNG")
    assert picture.width == "400px"
    assert ">a line<" in caption.value and caption.value.endswith(ARROW_KEYS)
    assert "role='status'" in readout.value
    assert ">n &lt; 1 &amp; −1<" in readout.value


def test_a_moved_control_changes_picture_and_readout(slider):
    _, _, picture, readout = panel(draw, "a line", [{"n": slider}]).children
    before = picture.value
    slider.value = 2
    assert picture.value != before
    assert "&lt; 2" in readout.value


def test_an_exception_reaches_whoever_moves_the_control(slider):
    panel(draw, "a line", [{"n": slider}])
    with pytest.raises(ValueError, match="no picture of 3"):
        slider.value = 3


def test_the_readout_can_be_found_by_its_class():
    assert "rnn-readout" in Readout()._dom_classes


def test_importing_the_library_or_the_course_loads_no_widgets():
    import subprocess
    import sys

    code = "import rnnlib, rnncourse, sys; print('ipywidgets' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "False\n", run.stderr


def test_a_reader_without_a_kernel_is_told_what_is_missing(slider):
    words = panel(draw, "a line", [{"n": slider}])._repr_mimebundle_()["text/plain"]
    assert words.startswith("A widget: it works where the notebook runs.")
    assert "…" not in words


def shown(widget):
    """The text of a readout or a passage, as it is read."""
    return html.unescape(re.sub("<.*?>", "", widget.value))


def test_a_passage_keeps_its_characters():
    passage = Passage()
    passage.show("a <b>\n  &amp; ", "<i>")
    assert shown(passage) == "<i>a <b>\n  &amp; "
    assert "<b>&lt;i&gt;</b>" in passage.value and "pre-wrap" in passage.value
