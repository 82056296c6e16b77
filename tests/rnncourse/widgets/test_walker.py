"""The walker of notebook 10: what it shows is what the reference computes."""

import html
import itertools
import re

import numpy as np
import pytest

import rnnlib as rnn
from rnncourse.widgets.walker import LONGEST, walk_at, walker
from tests.rnnlib.reference import forward as slow_forward
from tests.rnnlib.reference import softmax as slow_softmax

TEXT = "To be, or not to be: <that> & is\nthe question."
VOCABULARY = rnn.Vocabulary.from_text(TEXT)
V, H = len(VOCABULARY), 8
PARAMS = rnn.Params.init(V, H, rng=5, scale=0.8)
WEIGHTS = {name: block.copy() for name, block in PARAMS.items()}
SIGNS = str.maketrans({" ": "␣", "\n": "↵"})


def shown(widget):
    """The text of a readout, as it is read."""
    return html.unescape(re.sub("<.*?>", "", widget.value))


def slow_answer(text):
    """The states, and p of the next character after each, from the reference."""
    ids = [VOCABULARY.symbols.index(symbol) for symbol in text]
    h, y = slow_forward(WEIGHTS, ids, np.zeros(H))
    steps = range(len(ids))
    p = [slow_softmax(list(y[t])) for t in steps]
    return np.array([h[t] for t in steps]), np.array(p)


@pytest.mark.parametrize("text", ["T", "to", "be: <that>", "is\nthe"])
@pytest.mark.parametrize("unit", [0, H - 1])
def test_the_walker_agrees_with_the_reference(text, unit):
    h, p = slow_answer(text)
    for at, symbol in enumerate(text):
        figure, words = walk_at(PARAMS, VOCABULARY, text, at, unit)
        heights = [bar.get_height() for bar in figure.axes[1].patches]
        assert heights[:10] == pytest.approx(np.sort(p[at])[:-11:-1].tolist())
        value = f"{h[at, unit]:z.2f}".replace("-", "−")
        sign = symbol.translate(SIGNS)
        expected = f"read {sign} at {at}: unit {unit} is {value}; "
        if at > 0:
            before = p[at - 1, VOCABULARY.symbols.index(symbol)]
            expected += f"its surprise was {-np.log2(before):.1f} bits; "
        top = [VOCABULARY.symbols[k].translate(SIGNS) for k in np.argsort(-p[at])[:3]]
        expected += f"the likeliest next: {' '.join(top)}"
        if at + 1 < len(text):
            chance = p[at, VOCABULARY.symbols.index(text[at + 1])]
            comes = text[at + 1].translate(SIGNS)
            expected += f"; {comes} comes, with p = {chance:.3f}"
        assert words == expected


@pytest.fixture
def widget():
    return walker(PARAMS, VOCABULARY, "to be", 3)


def parts(widget):
    """The controls by their description, the picture and the readout."""
    *shelves, _, picture, readout = widget.children
    controls = {c.description: c for shelf in shelves for c in shelf.children}
    return controls, picture, readout


def test_every_control_moves_the_picture_and_the_readout(widget):
    controls, picture, readout = parts(widget)
    assert list(controls) == ["text", "position", "unit"]
    for name, value in {"position": 3, "unit": 5, "text": "to bet"}.items():
        before = picture.value, readout.value
        controls[name].value = value
        assert picture.value != before[0], name
        if name != "text":  # nothing has changed at this place but what comes
            assert readout.value != before[1], name
    assert shown(readout) == walk_at(PARAMS, VOCABULARY, "to bet", 3, 5)[1]


def test_a_shorter_text_ends_at_its_own_last_character(widget):
    controls, _, readout = parts(widget)
    controls["position"].value = 4
    controls["text"].value = "be"
    assert (controls["position"].value, controls["position"].max) == (1, 1)
    assert shown(readout).startswith("read e at 1: ")
    controls["text"].value = "question"
    assert controls["position"].max == 7


def test_a_typed_line_break(widget):
    controls, _, readout = parts(widget)
    controls["text"].value = r"is\nthe"
    controls["position"].value = 2
    assert shown(readout).startswith("read ↵ at 2: ")
    assert parts(walker(PARAMS, VOCABULARY, "is\nt"))[0]["text"].value == r"is\nt"


ODD = [
    ("", "The text is empty."),
    ("to €", "'€' at position 3 of the text, counted from 0, is not one of "),
    ("t" * 57, "The text has 57 characters, more than 56."),
]


def test_an_odd_text_is_explained_and_the_picture_stays(widget):
    controls, picture, readout = parts(widget)
    before = picture.value, readout.value
    for text, said in ODD:
        controls["text"].value = text
        assert shown(readout).startswith(said)
        assert shown(readout).endswith("Shown is the text before.")
        assert picture.value == before[0]
        controls["text"].value = "to be"
        assert (picture.value, readout.value) == before


def test_the_picture_keeps_its_size_and_the_readout_its_two_lines(widget):
    controls, picture, readout = parts(widget)
    sizes = set()
    for text, unit in itertools.product(["t", (TEXT * 2)[:LONGEST]], [0, H - 1]):
        controls["text"].value, controls["unit"].value = text.replace("\n", " "), unit
        for controls["position"].value in (0, len(text) - 1):
            sizes.add((picture.width, picture.value[16:24]))
            assert len(shown(readout)) < 160
    assert len(sizes) == 1
    assert (controls["unit"].min, controls["unit"].max) == (0, H - 1)
