"""The figures of notebook 01: one-hot columns, the lookup, the shift, the chunks."""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle

from rnncourse.figures.drawing import arrow, listed, number, visible
from rnncourse.figures.style import (
    FAINT,
    GROUND,
    INK,
    INPUT,
    SIGNED,
    TARGET,
    new_figure,
    styled,
)
from rnnlib import chunks

ROWS = {"inputs": INPUT, "targets": TARGET}


@styled
def one_hot_columns(x, text, symbols):
    """A text as an image: column t is the one-hot vector of character t.

    x: (T, V), as `one_hot` gives it; the image shows its transpose. text: T
    characters. symbols: the V symbols, in the order of their indices.
    """
    T, V = x.shape
    cell = min(0.5, 6.7 / T)
    figure, axes = new_figure(cell * T + 1.2, cell * V + 1.1)
    axes.imshow(x.T, cmap=ListedColormap([GROUND, INPUT]), vmin=0, vmax=1)
    axes.set_xticks(range(T), map(visible, text), family="monospace")
    axes.set_yticks(range(V), map(visible, symbols), family="monospace")
    axes.set_xticks(np.arange(T + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(V + 1) - 0.5, minor=True)
    axes.grid(which="minor", color=FAINT, linewidth=0.4)
    axes.tick_params(which="both", length=0)
    axes.tick_params(labeltop=True, labelbottom=False, labelsize=12)
    axes.spines[:].set(visible=True, color=FAINT, linewidth=0.4)
    axes.set_ylabel("symbol")
    axes.set_xlabel("character t of the text", labelpad=8)
    axes.xaxis.set_label_position("top")
    if cell == 0.5:
        for (t, k), value in np.ndenumerate(x):
            color = GROUND if value else INK
            axes.text(t, k, f"{value:.0f}", ha="center", va="center", color=color)
    figure.alt = columns_in_words(x, text, symbols)
    return figure


@styled
def lookup(W, k, symbols):
    """The product of W, (H, V), and the one-hot vector of symbol k: column k of W."""
    H, V = W.shape
    x = np.eye(V)[:, [k]]
    figure, axes = new_figure(8.0, 0.75 * max(H, V) + 0.8)
    limit = 2 * np.abs(W).max()  # half of the scale: pale enough to read the numbers
    left, middle, right = 0.0, V + 1.8, V + 4.6
    draw_matrix(axes, W, left, SIGNED, limit)
    draw_matrix(axes, x, middle, ListedColormap([GROUND]), 1)
    draw_matrix(axes, W[:, [k]], right, SIGNED, limit)
    for x_0, y_0, height in [
        (left + k, -H / 2, H),
        (middle, k - V / 2, 1),
        (right, -H / 2, H),
    ]:
        axes.add_patch(
            Rectangle((x_0, y_0), 1, height, fill=False, edgecolor=INPUT, linewidth=4)
        )
    for j, symbol in enumerate(symbols):
        label = visible(symbol)
        axes.text(left + j + 0.5, -H / 2 - 0.15, label, ha="center", va="bottom")
        axes.text(middle + 1.15, j - V / 2 + 0.5, label, va="center")
    for at, sign in [((left + V + middle) / 2, "·"), ((middle + right + 1) / 2, "=")]:
        axes.text(at + 0.1, 0, sign, ha="center", va="center", fontsize=28)
    under = max(H, V) / 2 + 0.2
    for at, name in [
        (left + V / 2, f"W  ({H}, {V})"),
        (middle + 0.5, f"x  ({V},)"),
        (right + 0.5, f"W x  ({H},)"),
    ]:
        axes.text(at, under, name, ha="center", va="top")
    axes.set(xlim=(-0.3, right + 1.8), ylim=(under + 0.5, -max(H / 2 + 0.7, V / 2)))
    axes.set_aspect("equal")
    axes.axis("off")
    names = " ".join(map(visible, symbols))
    figure.alt = (
        f"A matrix W, shape ({H}, {V}), times a vector x is W x. "
        f"The columns of W, and the places of x, are named {names}. "
        f"W, row by row: {'; '.join(map(numbers, W))}. x: {numbers(x[:, 0])}. "
        f"W x: {numbers(W[:, k])}. Framed are column {visible(symbols[k])} of W, "
        "the 1 in x, and all of W x: it is that column."
    )
    return figure


@styled
def shift_by_one(text):
    """Inputs and targets of a text: in their places, then slid until they pair up."""
    n = len(text)
    figure, (above, below) = new_figure(8.0, 4.4, rows=2)
    names = [("inputs", 0, n - 1), ("targets", 1, n)]
    for axes, slide in [(above, 0), (below, 1)]:
        for row, (name, start, stop) in enumerate(names):
            for i, character in enumerate(text):
                color = ROWS[name] if start <= i < stop else None
                draw_box(axes, i - slide * row, 2 * row, character, color)
            axes.text(-1.4, 2 * row + 0.5, name, ha="right", va="center")
    for t in range(n - 1):
        arrow(below, (t + 0.5, 1.1), (t + 0.5, 1.9))
        below.text(t + 0.5, 3.2, f"t = {t}", ha="center", va="top")
    above.set_title("in the text: the same characters, at the same places", loc="left")
    below.set_title("slid by one: each input above its target", loc="left")
    for axes in (above, below):
        axes.set(xlim=(-3.4, n + 0.5), ylim=(4.0, -0.2))
        axes.axis("off")
    pairs = [f"{a} above {b}" for a, b in zip(*map(spaced_out, (text[:-1], text[1:])))]
    figure.alt = (
        f"The text {spoken(text)} twice, one below the other, in boxes. Above, both "
        "stand at the same places: in the upper row all but the last are filled, the "
        "inputs, in the lower row all but the first, the targets. Below, the targets "
        "are slid left by one, and an arrow leads from each input to the target under "
        f"it: {listed(pairs or ['here there is no pair'])}."
    )
    return figure


@styled
def chunk_strip(text, T):
    """A text cut into chunks of T steps: inputs above, targets below, chunk by chunk.

    What fills no chunk is pale. A line joins the last target of a chunk to the first
    input of the next one: the same character of the text.
    """
    n = len(text)
    places = [chunk[:2] for chunk in chunks(np.arange(n), T)]
    figure, axes = new_figure(8.0, 2.7)
    gap, edge = 0.6, len(places) * T
    for k, pair in enumerate(places):
        start = k * (T + gap)
        for row, (name, positions) in enumerate(zip(ROWS, pair)):
            for t, i in enumerate(positions):
                draw_box(axes, start + t, 1.6 * row, text[i], ROWS[name])
        axes.text(start + T / 2, -0.2, f"chunk {k}", ha="center", va="bottom")
        if k + 1 < len(places):
            ends = [start + T - 0.08, start + T + gap + 0.08], [1.68, 0.92]
            axes.plot(*ends, color=INK, linewidth=1.6)
    start = len(places) * (T + gap)
    for row in range(2):
        for t, character in enumerate(text[edge + row :]):
            draw_box(axes, start + t, 1.6 * row, character, None)
    if edge + 1 < n:
        axes.text(start, -0.2, "left over", va="bottom")
    for row, name in enumerate(ROWS):
        axes.text(-0.3, 1.6 * row + 0.5, name, ha="right", va="center")
    axes.set(xlim=(-2.6, start + n - edge + 0.4), ylim=(2.8, -0.9))
    axes.axis("off")
    figure.alt = strip_in_words(text, T, places)
    return figure


def columns_in_words(x, text, symbols):
    """What `one_hot_columns` shows; of a short text, which has numbers, all of it."""
    T, V = x.shape
    names, filled = spaced_out(symbols), x != 0
    each, total = filled.sum(axis=1), filled.sum(axis=0)
    few = (
        f"{each.min()}" if each.min() == each.max() else f"{each.min()} to {each.max()}"
    )
    words = (
        f"A grid with {counted(V, 'row')}, the symbols {' '.join(names)} from the top, "
        f"and {counted(T, 'column')}, the characters of the text {spoken(text)}. "
        f"Filled in each column: {counted(few, 'cell')}, "
    )
    if T <= 13:
        rows = (" and ".join(np.array(names)[column]) or "none" for column in filled)
        return f"{words}from left to right in the rows {', '.join(rows)}."
    fullest = [name for name, n in zip(names, total) if n == total.max()]
    return (
        f"{words}{filled.sum()} of {filled.size} in all. Most of them in one row: "
        f"{total.max()}, in that of {listed(fullest)}. "
        f"In the top row, {names[0]}: {total[0]}."
    )


def strip_in_words(text, T, places):
    """What `chunk_strip` shows: the chunks, where they meet, what is left over."""
    letters = np.array(spaced_out(text))
    cut = [
        f"Chunk {k}: inputs {' '.join(letters[inputs])}, "
        f"targets {' '.join(letters[targets])}"
        for k, (inputs, targets) in enumerate(places)
    ]
    words = (
        f"The text {spoken(text)} in chunks of {counted(T, 'step')}, the inputs above "
        f"the targets. {'. '.join(cut)}. "
    )
    if shared := [letters[inputs[0]] for inputs, _ in places[1:]]:
        words += (
            "A line joins the last target of a chunk to the first input of the next, "
            f"the same character of the text: {', '.join(shared)}. "
        )
    used = len(places) * T
    words += f"Pale, for they are in no chunk: input {' '.join(letters[used:])}"
    targets = " ".join(letters[used + 1 :]) or "none"
    return f"{words}, target {targets}."


def spoken(text):
    """A text between quotation marks, its line breaks made visible."""
    return '"' + text.replace("\n", visible("\n")) + '"'


def spaced_out(text):
    """The characters of a text, or its symbols, as labels."""
    return [visible(character) for character in text]


def numbers(values):
    """Numbers in a row, as the boxes have them."""
    return ", ".join(map(number, values))


def counted(n, thing):
    """A number and what is counted, with an s for all numbers but 1."""
    return f"{n} {thing}{'' if str(n) == '1' else 's'}"


def draw_matrix(axes, values, left, cmap, limit):
    """A matrix of unit cells around y = 0, with its numbers."""
    rows, columns = values.shape
    extent = (left, left + columns, rows / 2, -rows / 2)
    axes.imshow(values, cmap=cmap, vmin=-limit, vmax=limit, extent=extent)
    for (i, j), value in np.ndenumerate(values):
        place = left + j + 0.5, i - rows / 2 + 0.5
        axes.text(*place, number(value), ha="center", va="center")
        corner = left + j, i - rows / 2
        axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=FAINT))


def draw_box(axes, left, top, character, color):
    """One character in a box: filled with `color`, or pale with a broken edge."""
    solid = {"facecolor": color, "edgecolor": GROUND}
    pale = {"facecolor": GROUND, "edgecolor": FAINT, "linestyle": ":"}
    axes.add_patch(Rectangle((left, top), 1, 1, **(solid if color else pale)))
    axes.text(
        left + 0.5,
        top + 0.5,
        visible(character),
        ha="center",
        va="center",
        family="monospace",
        color=GROUND if color else INK,
    )
