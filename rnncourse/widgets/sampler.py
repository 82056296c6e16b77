"""The sampler of notebook 06: a prompt, a temperature, a seed, and what follows."""

import numpy as np
from ipywidgets import BoundedIntText, FloatSlider, Layout, Text

from rnncourse.figures import training as figures
from rnncourse.figures.drawing import visible
from rnncourse.widgets.panel import Passage, complaint, panel
from rnnlib import forward, sample, softmax

LONGEST = 1000  # characters of a prompt


def sampler(params, vocabulary, prompt):
    """Choose a prompt, a temperature and a seed; see p of the next character, and text.

    params, vocabulary: of one network. prompt: the one to begin with.
    """
    good, passage = prompt, Passage()

    def draw(prompt, temperature, seed):
        nonlocal good
        wrong = complaint("prompt", prompt, vocabulary, LONGEST)
        good = good if wrong else prompt
        figure, words, drawn = sample_at(params, vocabulary, good, temperature, seed)
        passage.show(drawn, good)
        return figure, f"{wrong} Shown is '{ending(good)}'." if wrong else words

    prompt = Text(prompt, description="prompt", layout=Layout(width="400px"))
    temperature = FloatSlider(1, min=0.1, max=2, step=0.1, description="temperature")
    temperature.style.description_width = "initial"
    seed = BoundedIntText(1, min=0, max=9999, description="seed")
    caption = (
        "The ten likeliest next characters, all others together, a mark over the one "
        "drawn. Below: the text."
    )
    rows = [{"prompt": prompt}, {"temperature": temperature, "seed": seed}]
    widget = panel(draw, caption, rows)
    widget.children += (passage,)
    return widget


def sample_at(params, vocabulary, prompt, temperature, seed):
    """The picture, the readout and 200 characters: what follows the prompt."""
    ids = vocabulary.encode(prompt)
    states = forward(params, ids)
    p = softmax(states.y[-1] / temperature)
    drawn = sample(params, states.h_prev[-1], ids[-1], 200, seed, temperature)
    figure = figures.next_character(p, vocabulary.symbols, drawn[0])
    top = np.argsort(-p, kind="stable")[:3]
    likeliest = [visible(vocabulary.symbols[k]) for k in top]
    words = (
        f"after '{ending(prompt)}': p({likeliest[0]}) = {p[top[0]]:.3f} at temperature "
        f"{temperature:.1f}; the likeliest: {' '.join(likeliest)}; "
        f"drawn first: {visible(vocabulary.symbols[drawn[0]])}"
    )
    return figure, words, vocabulary.decode(drawn)


def ending(prompt):
    """The last characters of a prompt, in one line."""
    shown = prompt if len(prompt) <= 30 else "…" + prompt[-29:]
    return shown.replace("\n", "↵")
