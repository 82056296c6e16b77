"""The figures of notebook 11: a padded batch, an answer letter by letter, attention.

What a trained network says stands in `measured`, see `seeing.show`.
"""

import numpy as np
from matplotlib.patches import Rectangle

from rnncourse.figures.drawing import listed, sheet, visible
from rnncourse.figures.style import (
    AMOUNT,
    FAINT,
    INPUT,
    LIT,
    TARGET,
    ink_on,
    new_figure,
    styled,
)

CELL = 0.36  # inches


@styled
def batch(inputs, targets, mask):
    """A padded batch: inputs on the left, targets on the right, a row for each name.

    inputs, targets: symbols, (T, B). mask: (T, B); where it is 0, the cell is faint.
    """
    T, B = np.shape(mask)
    width = 2 * T * CELL + 1.0
    figure, axes = sheet(width, B * CELL + 0.6)
    for left, symbols, color, words in (
        (0.3, inputs, INPUT, "inputs"),
        (T * CELL + 0.7, targets, TARGET, "targets"),
    ):
        top = B * CELL + 0.1
        axes.text(left, top + 0.15, f"{words}, t = 0 to {T - 1}", size=12, va="bottom")
        for t, b in np.ndindex(T, B):
            corner, real = (left + t * CELL, top - (b + 1) * CELL), mask[t][b] > 0
            face = LIT if real else "none"
            beneath = {"facecolor": face, "linewidth": 0, "zorder": -1}
            axes.add_patch(Rectangle(corner, 0.9 * CELL, 0.9 * CELL, **beneath))
            axes.text(
                corner[0] + 0.45 * CELL,
                corner[1] + 0.45 * CELL,
                visible(symbols[t][b]),
                color=color if real else FAINT,
                alpha=1 if real else 0.5,
                size=13,
                ha="center",
                va="center",
                weight="bold" if real else "normal",
            )
    lengths = [int(np.sum(mask, axis=0)[b]) for b in range(B)]
    first = "".join(visible(inputs[t][0]) for t in range(T))
    figure.alt = (
        f"A batch of {B} names, a row for each, inputs on the left and targets on the "
        f"right, {T} steps. Real steps of each name: {listed(lengths)}; what comes "
        f"after them is padding, and faint. The first row of the inputs: {first}."
    )
    return figure


@styled
def as_it_reads(told, answer, other):
    """The probability of one answer after each letter: {word: p of each letter}.

    answer, other: what the words are if it is 1, and if it is 0.
    """
    longest = max(map(len, told))
    figure, axes = new_figure(8.0, 0.5 * len(told) + 1.3)
    shades = np.full((len(told), longest), np.nan)
    for row, p in zip(shades, told.values()):
        row[: len(p)] = p
    image = axes.imshow(shades, cmap=AMOUNT, vmin=0, vmax=1, aspect="auto")
    for y, word in enumerate(told):
        for x, letter in enumerate(word):
            ink = ink_on(image.cmap(shades[y, x])[:3])
            at = {"ha": "center", "va": "center", "size": 14}
            axes.text(x, y, letter, color=ink, **at)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(image, ax=axes, ticks=[0, 0.5, 1])
    bar.set_ticklabels([f"0, {other}", "0.5", f"1, {answer}"])
    bar.set_label(f"probability of “{answer}”")
    bar.outline.set_visible(False)
    figure.alt = (
        f"The probability of “{answer}” after each letter, a row of shaded letters for "
        f"each word, dark for 0, which is {other}, and bright for 1: {listed(told)}."
    )
    ends = listed(f"{word} {p[-1]:.2f}" for word, p in told.items())
    figure.measured = f"After the last letter: {ends}."
    return figure


@styled
def attention(alpha, written, source):
    """How much each symbol that is written reads from each of the source.

    alpha: (written, source), weights from 0 to 1. written, source: their symbols.
    """
    alpha = np.asarray(alpha)
    figure, axes = new_figure(8.0, 0.36 * len(written) + 1.4)
    image = axes.imshow(alpha, cmap="Greys", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(source)), map(visible, source))
    axes.set_yticks(range(len(written)), map(visible, written))
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set(xlabel="read", ylabel="written")
    axes.tick_params(length=0)
    bar = figure.colorbar(image, ax=axes, ticks=[0, 0.5, 1])
    bar.set_label("weight")
    figure.alt = (
        f"A grid of weights, dark for 1: a row for each symbol written, "
        f"{''.join(map(visible, written))}, a column for each read, "
        f"{''.join(map(visible, source))}."
    )
    most = [source[k] for k in alpha.argmax(axis=1)]
    pairs = (f"{visible(w)} from {visible(s)}" for w, s in zip(written, most))
    figure.measured = f"Most weight: {listed(pairs)}."
    return figure
