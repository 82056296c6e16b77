"""The walker of notebook 10: through a text, with a unit, p and the surprise."""

import numpy as np
from ipywidgets import BoundedIntText, IntSlider, Layout, Text

from rnncourse.figures import inside as figures
from rnncourse.figures.drawing import number, visible
from rnncourse.widgets.panel import complaint, panel
from rnnlib import forward, softmax

LONGEST = figures.WIDTH


def walker(params, vocabulary, text, unit=0):
    """Type a text, walk through it: a unit, its surprise, p of the next character.

    params, vocabulary: of one network. text, unit: those to begin with. A backslash
    with an n, typed into the field, is a line break.
    """
    good = text

    def draw(text, position, unit):
        nonlocal good
        typed = text.replace("\\n", "\n")
        wrong = complaint("text", typed, vocabulary, LONGEST)
        good = good if wrong else typed
        places.max = len(good) - 1
        at = min(position, places.max)
        figure, words = walk_at(params, vocabulary, good, at, unit)
        return figure, f"{wrong} Shown is the text before." if wrong else words

    field = Text(
        text.replace("\n", "\\n"), description="text", layout=Layout(width="640px")
    )
    places = IntSlider(0, min=0, max=len(text) - 1, description="position")
    units = BoundedIntText(unit, min=0, max=params.H - 1, description="unit")
    caption = (
        "The text, coloured by the unit and by the surprise at each character, a mark "
        "under the one just read. Below: the ten likeliest next characters, all others "
        "together, a mark over the one that comes. Type \\n for a line break."
    )
    return panel(draw, caption, [{"text": field}, {"position": places, "unit": units}])


def walk_at(params, vocabulary, text, at, unit):
    """The picture and the readout: the network has read the text up to place `at`."""
    ids = vocabulary.encode(text)
    states = forward(params, ids)
    p = softmax(states.y)
    bits = np.append(np.nan, -np.log2(p[range(len(ids) - 1), ids[1:]]))
    figure = figures.walking(text, at, unit, states.h, bits, p[at], vocabulary.symbols)
    value = number(states.h[at, unit], "z.2f")
    words = f"read {visible(text[at])} at {at}: unit {unit} is {value}; "
    if at > 0:
        words += f"its surprise was {bits[at]:.1f} bits; "
    top = np.argsort(-p[at], kind="stable")[:3]
    likeliest = " ".join(visible(vocabulary.symbols[k]) for k in top)
    words += f"the likeliest next: {likeliest}"
    if at + 1 < len(text):
        chance = p[at, ids[at + 1]]
        words += f"; {visible(text[at + 1])} comes, with p = {chance:.3f}"
    return figure, words
