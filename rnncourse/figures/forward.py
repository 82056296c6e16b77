"""The figures of notebook 02: one step as blocks, the views, the unrolled graph."""

import numpy as np
from matplotlib import colormaps
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize, to_rgb
from matplotlib.patches import Rectangle

from rnncourse.figures.drawing import arrow, listed, number, sheet, visible
from rnncourse.figures.style import (
    FAINT,
    GROUND,
    HIDDEN,
    INK,
    INPUT,
    LIT,
    OUTPUT,
    SIGNED,
    TARGET,
    ink_on,
    new_figure,
    styled,
)
from rnnlib import softmax

COLORS = {"x": INPUT, "a": HIDDEN, "h": HIDDEN, "y": OUTPUT}


@styled
def tanh_curve(a):
    """tanh, with a dot for each of the pre-activations `a`, an array of any shape."""
    a = np.ravel(a)
    far = max(3.0, 1.2 * np.abs(a).max())
    z = np.linspace(-far, far, 200)
    figure, ax = new_figure(8, 3.2)
    for height in (-1, 1):
        ax.axhline(height, color=FAINT, linewidth=1, linestyle="--")
    ax.plot(z, z, color=FAINT, linestyle=":", label="a itself")
    ax.plot(z, np.tanh(z), color=HIDDEN, label="tanh(a)")
    ax.plot(a, np.tanh(a), "o", color=INK, markersize=8, label="the toy's units")
    ax.set(xlabel="pre-activation a", ylabel="state h", ylim=(-1.5, 1.5))
    ax.set_yticks([-1, 0, 1])
    ax.legend(loc="center left", bbox_to_anchor=(0.0, 0.66))
    figure.alt = _curve_in_words(np.sort(a), far)
    return figure


@styled
def blocks(*terms):
    """An equation between arrays: the numbers in boxes, the shape below each.

    terms: a pair (name, array), or a string such as "=" or "@". An array (n,) is drawn
    as a column, or as a row where its name ends in " row".
    """
    parts = [
        (term, None, None) if isinstance(term, str) else _as_grid(*term)
        for term in terms
    ]
    grids = [grid for _, grid, _ in parts if grid is not None]
    rows, columns = max(map(len, grids)), sum(grid.shape[1] for grid in grids)
    gap, high = 0.34, 0.36
    wide = min(0.6, (7.9 - gap * (len(parts) - len(grids))) / columns)
    left = (8 - columns * wide - gap * (len(parts) - len(grids))) / 2
    middle = 0.45 + rows * high / 2

    figure, ax = sheet(8, rows * high + 0.95)
    for name, grid, shape in parts:
        if grid is None:
            ax.text(left + gap / 2, middle, name, ha="center", va="center", size=16)
            left += gap
            continue
        half, edge = len(grid) * high / 2, COLORS.get(name[0], INK)
        for (i, j), value in np.ndenumerate(grid):
            corner = left + j * wide, middle + half - (i + 1) * high
            word = number(round(float(value), 2) + 0.0)
            _cell(ax, corner, (wide, high), word, edge, gid=f"{name} {i} {j}")
        center = left + grid.shape[1] * wide / 2
        ax.text(center, middle + half + 0.08, name, ha="center", color=edge)
        ax.text(center, middle - half - 0.08, shape, ha="center", va="top", size=12)
        left += grid.shape[1] * wide
    figure.alt = _blocks_in_words(parts)
    return figure


@styled
def two_views(text, h_prev, h):
    """A text beside the states: each read in two ways, shifted by one.

    text: T + 1 characters. h_prev, h: (T, H), the states before and after each step.
    """
    T, H = h.shape
    wide, high = 0.75, 0.42
    top = high * (T + 1) + 0.3
    figure, ax = sheet(8, top + 0.5)
    characters = [[character] for character in text]
    states = [[number(value, "z.2f") for value in row] for row in (h_prev[0], *h)]
    for title, left, rows, (before, color), (after, after_color) in (
        ("text", 1.75, characters, ("inputs", INPUT), ("targets", TARGET)),
        ("states", 5.9 - H * wide / 2, states, ("h_prev", INK), ("h", HIDDEN)),
    ):
        right = left + len(rows[0]) * wide
        for i, row in enumerate(rows):
            low = top - (i + 1) * high
            for j, word in enumerate(row):
                corner = left + j * wide, low
                _cell(ax, corner, (wide, high), word, INK, gid=f"{title} {i} {j}")
            at = {"y": low + high / 2, "va": "center"}
            if i < T:
                words = f"{before}[{i}]"
                ax.text(x=left - 0.2, s=words, ha="right", color=color, **at)
            if i > 0:
                ax.text(x=right + 0.2, s=f"{after}[{i - 1}]", color=after_color, **at)
        bar = np.array([top, top - T * high])
        ax.plot([left - 0.1] * 2, bar, color=color, linewidth=4)
        ax.plot([right + 0.1] * 2, bar - high, color=after_color, linewidth=4)
        ax.text((left + right) / 2, top + 0.1, title, ha="center")
    shared = f"; in both: {_rows(1, T - 1)}" if T > 1 else ""
    figure.alt = (
        f"Left, the text, a character in each row: {' '.join(map(visible, text))}; "
        f"the inputs are {_rows(0, T - 1)}, the targets {_rows(1, T)}. "
        f"Right, the states: {'; '.join(map(', '.join, states))}; "
        f"h_prev is {_rows(0, T - 1)}, h {_rows(1, T)}{shared}."
    )
    return figure


@styled
def unrolled(params, inputs, targets, states, symbols, step=None):
    """The network drawn once for every step of a short text, with its numbers.

    params: small, V and H up to about 4. inputs, targets: indices, (T,), T up to 4.
    states: what `rnnlib.forward` returned for these inputs. symbols: of length V.
    step: None for the whole graph, or t: step t is lit, the later ones are empty.
    """
    V, H, T = params.V, params.H, len(inputs)
    x = np.eye(V)[inputs]
    a = x @ params.Wxh.T + states.h_prev @ params.Whh.T + params.bh

    wide, high, left = 0.62, 0.25, 1.05
    pitch = (7.95 - left) / T
    low = {"x": 0.6}  # the lower edges of the four rows of the graph
    low["a"] = low["x"] + V * high + 0.6
    low["h"] = low["a"] + H * high + 0.46
    low["y"] = low["h"] + H * high + 0.76
    rail = {"Wxh": low["a"] - 0.32, "Whh": low["h"] - 0.23, "Why": low["y"] - 0.37}
    middle = {"x": low["x"] + V * high / 2, "a": low["a"] + H * high / 2}
    middle |= {"h": low["h"] + H * high / 2, "y": low["y"] + V * high / 2}
    figure, ax = sheet(8, low["y"] + V * high + 0.62)

    def column(name, t, center, values, faces, live=True):
        for i, (value, face) in enumerate(zip(values, faces)):
            corner = center - wide / 2, low[name] + (len(values) - 1 - i) * high
            word = number(value, ".0f" if name == "x" else "z.2f")
            look = (word, COLORS[name], face) if live else ("", FAINT, GROUND)
            _cell(ax, corner, (wide, high), *look, gid=f"{name} {t} {i}")

    def matrix(name, center, live):
        block, limit = getattr(params, name), np.abs(params.theta).max()
        tall, broad = (0.11 * n * 4 / max(V, H, 4) for n in block.shape)
        corner = center - broad / 2, rail[name] - tall / 2
        box = corner[0], corner[0] + broad, corner[1], corner[1] + tall
        look = {"cmap": SIGNED, "vmin": -limit, "vmax": limit, "zorder": 4}
        ax.add_patch(Rectangle(corner, broad, tall, color=GROUND, zorder=3))
        ax.imshow(block, extent=box, alpha=1.0 if live else 0.25, **look)
        edge = INK if live else FAINT
        frame = {"fill": False, "edgecolor": edge, "zorder": 5}
        ax.add_patch(Rectangle(corner, broad, tall, **frame))

    def plain(n):
        return [GROUND] * n

    def filled(k, color):
        return [color if i == k else GROUND for i in range(V)]

    def shades(values):
        return colormaps[SIGNED](Normalize(-1, 1)(values))

    for name, words in {"Wxh": "Wxh, bh", "Whh": "Whh", "Why": "Why, by"}.items():
        line = {"color": FAINT, "linestyle": ":", "linewidth": 1.5}
        ax.plot([0.85, 7.95], [rail[name]] * 2, **line)
        ax.text(0.05, rail[name], words, va="center", size=12)
    for name in "xay":
        words = {"va": "center", "ha": "center", "color": COLORS[name]}
        ax.text(0.4, middle[name], f"{name}[t]", **words)
    ax.text(1.28, low["h"] + H * high - 0.16, "h[t]", ha="center", color=HIDDEN)
    column("h", -1, 0.4, states.h_prev[0], shades(states.h_prev[0]))
    ax.text(0.4, low["h"] + H * high + 0.07, "h₋₁", ha="center", color=HIDDEN)

    for t in range(T):
        live = step is None or t <= step
        ink, center = INK if live else FAINT, left + pitch * (t + 0.5)
        best = states.y[t].argmax()
        if t == step:
            box = (center - pitch / 2, 0.03), pitch, ax.get_ylim()[1] - 0.06
            look = {"facecolor": LIT, "edgecolor": INK, "linewidth": 1.5}
            ax.add_patch(Rectangle(*box, zorder=-2, **look))
        column("x", t, center, x[t], filled(inputs[t], INPUT), live)
        column("a", t, center, a[t], plain(H), live)
        column("h", t, center, states.h[t], shades(states.h[t]), live)
        column("y", t, center, states.y[t], filled(best, OUTPUT), live)
        for name, k in ((name, k) for name in "xy" for k in range(V)):
            words = {"ha": "right", "va": "center", "size": 12, "color": ink}
            place = center - wide / 2 - 0.07, low[name] + (V - 1 - k + 0.45) * high
            ax.text(*place, visible(symbols[k]), family="monospace", **words)

        for lower, upper, n in (("x", "a", V), ("a", "h", H), ("h", "y", H)):
            ends = (center, low[lower] + n * high), (center, low[upper])
            arrow(ax, *ends, ink, linewidth=1.5)
        before = center - pitch if t else 0.4
        start = before + wide / 2, middle["h"]
        end = center - wide / 2, middle["a"]
        arrow(ax, start, end, ink, linewidth=1.5)
        matrix("Wxh", center, live)
        matrix("Whh", (start[0] + end[0]) / 2, live)
        matrix("Why", center, live)

        words = {"ha": "center", "va": "center", "color": ink}
        ground = {"facecolor": LIT if t == step else GROUND, "edgecolor": "none"}
        words_beside = {"va": "center", "size": 12, "color": ink, "bbox": ground}
        ax.text(center + 0.12, rail["Whh"], "tanh", **words_beside)
        shown = [visible(symbols[k]) for k in (inputs[t], best, targets[t])]
        ax.text(center, 0.45, f"input {shown[0]}", **words | {"size": 12})
        ax.text(center, 0.18, f"t = {t}", **words)
        if live:
            words, height = words | {"size": 12}, ax.get_ylim()[1]
            said, wanted = f"highest: {shown[1]}", f"target: {shown[2]}"
            ax.text(center, height - 0.17, said, **words | {"color": OUTPUT})
            ax.text(center, height - 0.42, wanted, **words | {"color": TARGET})
    figure.alt = _graph_in_words(a, inputs, targets, states, symbols, step)
    return figure


@styled
def stepping(params, inputs, targets, states, symbols, step, quantity, carry=True):
    """The unrolled graph for a widget: computed up to one quantity of one step.

    The first five arguments are those of `unrolled`, with V up to 6 and T up to 5.
    step, quantity: t, and "x", "a", "h", "y" or "p". This quantity is lit, and what
    comes after it is empty; y and p have their numbers in the lit step only.
    carry: False where `states` begin at zero at each step.
    """
    V, H, T = params.V, params.H, len(inputs)
    a = params.Wxh.T[inputs] + states.h_prev @ params.Whh.T + params.bh
    p, shades = softmax(states.y), colormaps[SIGNED](Normalize(-1, 1)(states.h))
    order, pale = "xahyp", 0.35 + 0.65 * np.array(to_rgb(OUTPUT))

    left, top = 1.05, 5.2
    pitch = (7.95 - left) / max(T, 4)
    tall = min(0.25, 2.94 / (2 * H + 1.45 * V))  # the height of a number
    rows = {"x": 0.45 * tall * V, "a": tall * H, "h": tall * H, "y": tall * V}
    gap = (top - 0.8 - sum(rows.values())) / 10
    low, rail, edge = {}, {}, 0.3
    for name, over, gaps in zip("xah", ("Wxh", "Whh", "Why"), (4, 2, 4)):
        low[name], edge = edge, edge + rows[name]
        rail[over], edge = edge + gaps * gap / 2, edge + gaps * gap
    low["y"], edge = edge, edge + rows["y"]
    middle = {name: low[name] + rows[name] / 2 for name in rows}
    low["p"], rows["p"] = low["y"], rows["y"]
    page = _Shapes(8, top)

    def digits(value):
        return number(value, "z.2f")

    def reached(name, t):
        return (t, order.index(name)) <= (step, order.index(quantity))

    def look(name, t):
        """Colour and width of the lines around a quantity and of the arrows to it."""
        line = 3 if (t, name) == (step, quantity) else 1
        return INK if reached(name, t) else FAINT, line

    def column(name, t, x, wide, faces, words, shares=()):
        """A box for each number, one below the other; a bar in it for its share."""
        height = rows[name] / len(faces)
        edge, line = look(name, t)
        for i, (face, word) in enumerate(zip(faces, words)):
            y = low[name] + (len(faces) - 1 - i) * height
            there = reached(name, t)
            page.box(x, y, wide, height, face if there else GROUND, edge, 1)
            if word and there:
                place = x + wide / 2, y + 0.49 * height
                page.say(*place, word, ink_on(face), gid=f"{name} {t} {i}")
        for i, share in enumerate(shares):
            y = low[name] + (len(shares) - 1 - i) * height
            page.box(x, y, wide * share, height, pale)
        if line > 1:
            around = x - 0.02, low[name] - 0.02, wide + 0.04, rows[name] + 0.04
            page.box(*around, "none", edge, line)

    def matrices(names, x, y, live):
        """A matrix as a picture, its middle at x, and its bias beside it."""
        unit, limit = 0.4 / max(V, H, 4), np.abs(params.theta).max()
        for name in names:
            block = getattr(params, name)
            block = block.reshape(len(block), -1)
            colors = colormaps[SIGNED](Normalize(-limit, limit)(block))
            colors = colors if live else 0.75 + 0.25 * colors
            height, wide = np.multiply(block.shape, unit)
            corner = x - wide / 2, y - height / 2
            for i, j in np.ndindex(block.shape):
                color = tuple(colors[i, j])
                place = corner[0] + j * unit, corner[1] + height - (i + 1) * unit
                page.box(*place, unit, unit, color, color, 0.5)
            page.box(*corner, wide, height, "none", INK if live else FAINT, 1)
            x += wide / 2 + unit

    def filled(k, color):
        return [color if i == k else GROUND for i in range(V)]

    page.box(left + pitch * step, 0.03, pitch, top - 0.06, LIT, INK, 1.5)
    for name, words in {"Wxh": "Wxh, bh", "Whh": "Whh", "Why": "Why, by"}.items():
        page.say(0.05, rail[name], words, ha="left")
        page.box(0.9, rail[name], 7.05, 0, "none", FAINT, 0.8)
    page.say(0.05, edge + 0.37, "target", TARGET, "left")
    page.say(0.05, edge + 0.14, "output", OUTPUT, "left")
    page.say(0.05, middle["x"], "input", INPUT, "left")
    column("h", -1, 0.14, 0.56, [GROUND] * H, map(digits, states.h_prev[0]))
    page.say(0.42, low["h"] + rows["h"] + 0.11, "h₋₁", HIDDEN)

    letter = {"family": "monospace", "weight": "bold"}
    for t in range(T):
        center, here = left + pitch * (t + 0.5), t == step
        side, foot = center - 0.28, center - 0.24
        start = np.array([(center - pitch if t else 0.42) + 0.28, middle["h"]])
        end = np.array([side, middle["a"]])
        if t and not carry:
            start[0] = center - pitch / 2 - 0.1
            page.say(start[0] - 0.08, start[1], "0")
        between = (start + end) / 2
        page.arrow(start, end, *look("a", t))
        for x, under, over in (center, "x", "a"), (center, "a", "h"), (foot, "h", "y"):
            start = x, low[under] + rows[under]
            page.arrow(start, (x, low[over]), *look(over, t))
        matrices(["Wxh", "bh"], center, rail["Wxh"], reached("a", t))
        matrices(["Whh"], *between, reached("a", t))
        matrices(["Why", "by"], foot, rail["Why"], reached("y", t))

        best = states.y[t].argmax()
        logits = [symbols[k] if k == best else "" for k in range(V)]
        chances = [""] * V
        if here:
            logits, chances = map(digits, states.y[t]), map(digits, p[t])
        column("x", t, side, 0.56, filled(inputs[t], INPUT), [""] * V)
        column("a", t, side, 0.56, [GROUND] * H, map(digits, a[t]))
        column("h", t, side, 0.56, shades[t], map(digits, states.h[t]))
        shares = p[t] if reached("p", t) else ()
        column("y", t, center - 0.52, 0.56, filled(best, OUTPUT), logits)
        column("p", t, center + 0.09, 0.5, [GROUND] * V, chances, shares)

        height = low["x"] + 0.45 * tall * (V - 0.5 - inputs[t])
        page.say(side - 0.06, height, symbols[inputs[t]], INPUT, "right", **letter)
        page.say(center, 0.14, f"t = {t}")
        if t <= step:
            page.say(center, edge + 0.37, symbols[targets[t]], TARGET, **letter)

    center = left + pitch * (step + 0.5)
    for name in "xah":
        place = center + 0.36, low[name] + rows[name] - 0.1
        page.say(*place, name, COLORS[name], "left")
    for name, x in {"y": center - 0.24, "p": center + 0.34}.items():
        page.say(x, edge + 0.14, name, OUTPUT)
    for k, symbol in enumerate(symbols):
        height = low["y"] + (V - 0.53 - k) * tall
        page.say(center - 0.57, height, symbol, ha="right", family="monospace")
    page.box(center + 0.05, rail["Whh"] - 0.08, 0.45, 0.16, LIT)
    page.say(center + 0.06, rail["Whh"], "tanh", ha="left")
    figure = page.finished()
    values = {"x": np.eye(V)[inputs], "a": a, "h": states.h, "y": states.y, "p": p}
    best = f"highest {symbols[states.y[step].argmax()]}, " if quantity in "yp" else ""
    figure.alt = (
        f"The network at {_count(T, 'step')}, side by side, computed up to {quantity} "
        f"at t = {step}, which is lit; what comes later is empty. "
        f"{'' if carry else 'No arrow joins the steps: each begins with zeros. '}"
        f"State before: {_row(states.h_prev[step])}. t = {step}, "
        f"input {symbols[inputs[step]]}: "
        f"{_listing(values, step, symbols, order[: order.index(quantity) + 1])}; "
        f"{best}target {symbols[targets[step]]}."
    )
    return figure


@styled
def reach(carried, reset, T):
    """How long a change of the first character is felt, with the state carried or not.

    carried, reset: (n,), the distance between the states of two runs after each step,
    the state carried from chunk to chunk or reset at each. T: the steps of a chunk.
    """
    figure, ax = new_figure(8, 3.4)
    steps = np.arange(len(carried))
    ax.plot(steps, carried, "o-", color=HIDDEN, label="state carried")
    ax.plot(steps, reset, "s--", color=INK, label="state reset at each border")
    look = {"color": FAINT, "linewidth": 1, "linestyle": ":"}
    for border in range(T, len(carried), T):
        label = "border of a chunk" if border == T else None
        ax.axvline(border - 0.5, label=label, **look)
    ax.set(xlabel="step t", ylabel="distance of the states")
    ax.set_ylim(bottom=-0.05)
    ax.legend(frameon=True, framealpha=1.0, edgecolor=GROUND)
    figure.alt = _reach_in_words(np.asarray(carried), np.asarray(reset), T)
    return figure


@styled
def units_over_text(h, text):
    """The states h, (T, H), as a picture: a column for each character just read."""
    limit = np.abs(h).max()
    figure, ax = new_figure(8, 4)
    look = {"cmap": SIGNED, "vmin": -limit, "vmax": limit, "aspect": "auto"}
    image = ax.imshow(h.T, interpolation="none", **look)
    ax.set_xticks(range(len(text)), map(visible, text), family="monospace")
    ax.tick_params(axis="x", length=0, labelsize=12)
    ax.set(xlabel="character just read", ylabel="hidden unit")
    figure.colorbar(image, ax=ax, label="state h", pad=0.01)
    figure.alt = _columns_in_words(h, text)
    return figure


class _Shapes:
    """A sheet whose boxes are one artist, and its arrows another: drawn fast."""

    def __init__(self, width, height):
        self.figure, self.ax = sheet(width, height)
        self.boxes, self.arrows = [], []

    def say(self, x, y, words, color=INK, ha="center", **more):
        """Words, large enough for the last row."""
        look = {"color": color, "ha": ha, "va": "center", "size": 12}
        self.ax.text(x, y, words, **look, **more)

    def box(self, x, y, width, height, face, edge="none", line=0):
        """A box over those before it."""
        corners = (x, y), (x + width, y), (x + width, y + height), (x, y + height)
        self.boxes.append((corners, face, edge, line))

    def arrow(self, start, end, color, line):
        """An arrow whose line is so many points wide, under all boxes but the first."""
        start, end = np.array(start), np.array(end)
        along = (end - start) / np.hypot(*(end - start)) / 72
        across = along[::-1] * (-1, 1)
        neck, thin, thick = end - 8 * along, across * line / 2, across * (line + 2.5)
        points = [start + thin, neck + thin, neck + thick, end]
        points += [neck - thick, neck - thin, start - thin]
        self.arrows.append((points, color, "none", 0))

    def finished(self):
        """The figure, with its boxes over the first, the arrows between."""
        for shapes in (self.boxes[:1], self.arrows, self.boxes[1:]):
            points, faces, edges, lines = zip(*shapes)
            look = {"facecolors": faces, "edgecolors": edges, "linewidths": lines}
            shapes = PolyCollection(np.array(points), **look)
            self.ax.add_collection(shapes, autolim=False)
        return self.figure


def _rows(first, last):
    """Rows of a picture, counted from 0."""
    return f"row {first}" if first == last else f"rows {first} to {last}"


def _row(values, form="z.2f"):
    """Numbers side by side, as text."""
    return ", ".join(number(value, form) for value in values)


def _count(n, thing):
    """A number and what is counted, with an s for all numbers but 1."""
    return f"{n} {thing}{'' if n == 1 else 's'}"


def _listing(values, t, symbols, names):
    """The numbers of step t, as text: those of y and p with their symbols.

    values: for each of the names, x, a, h, y or p, an array with a row for each step.
    """
    words = []
    for name in names:
        row = values[name][t]
        told = _row(row, ".0f" if name == "x" else "z.2f")
        if name in "yp":
            pairs = zip(map(visible, symbols), told.split(", "))
            told = ", ".join(map(" ".join, pairs))
        words.append(f"{name} = {told}")
    return "; ".join(words)


def _curve_in_words(a, far):
    """What `tanh_curve` shows, for sorted pre-activations."""
    dots = [
        f"a {number(x, 'z.2f')}, h {number(y, 'z.2f')}" for x, y in zip(a, np.tanh(a))
    ]
    if len(dots) > 12:
        dots = [f"the leftmost at {dots[0]}", f"the rightmost at {dots[-1]}"]
    apart = np.abs(a - np.tanh(a))
    ends = f"from {number(-far, '.1f')} to {number(far, '.1f')}"
    return (
        f"The curve of tanh(a), for a {ends}: it rises through 0 and flattens towards "
        "dashed lines at −1 and 1. A dotted line is a itself. "
        f"{_count(len(a), 'dot')} on the curve: {'; '.join(dots)}. They are up to "
        f"{number(apart.max(), '.2f')} away from the dotted line, there a is "
        f"{number(a[apart.argmax()], 'z.2f')}."
    )


def _blocks_in_words(parts):
    """What `blocks` shows: the equation, then each array, row by row."""
    words = []
    for name, grid, shape in parts:
        if grid is not None:
            rows = [_row(np.round(row, 2) + 0.0, "g") for row in grid]
            way = "a column" if grid.shape[1] == 1 else _count(len(rows), "row")
            joined = (", " if way == "a column" else "; ").join(rows)
            words.append(f"{name}, shape {shape}, {way}: {joined}")
    equation = " ".join(name for name, _, _ in parts)
    return f"Arrays as boxes with their numbers: {equation}. {'. '.join(words)}."


def _graph_in_words(a, inputs, targets, states, symbols, step):
    """What `unrolled` shows: the whole graph, or the step that is lit."""
    names, best = [visible(s) for s in symbols], states.y.argmax(axis=1)
    T, live = len(inputs), range(len(inputs) if step is None else step + 1)
    words = (
        f"The network drawn {_count(T, 'time')}, side by side, a column for each step"
    )
    if step is None:
        words += (
            ". In each column arrows lead from x up through Wxh to a, through tanh to "
            "h, through Why to y; another leads from the h before through Whh to a. "
            "Dotted lines join the copies of each matrix, all the same picture. "
            f"h₋₁ = {_row(states.h_prev[0])}."
        )
    else:
        later = "" if step == T - 1 else "; later ones are empty"
        words += f"; step {step} stands in a frame{later}. "
        words += f"The state before it: {_row(states.h_prev[step])}."
    for t in live if step is None else [step]:
        values = {"a": a, "h": states.h, "y": states.y}
        told = _listing(values, t, symbols, "h" if step is None else "ahy")
        ends = f"highest {names[best[t]]}, target {names[targets[t]]}"
        words += f" t = {t}, input {names[inputs[t]]}: {told}; {ends}."
    for k in dict.fromkeys(inputs[t] for t in live):
        steps = [t for t in live if inputs[t] == k]
        if len(steps) > 1:
            said = listed(names[best[t]] for t in steps)
            words += f" Input {names[k]}, at t = {listed(steps)}: highest {said}."
    return words


def _reach_in_words(carried, reset, T):
    """What `reach` shows: where both curves begin, end, part, and are 0 for good."""
    n, words = len(carried), []
    for name, curve in ("State carried", carried), ("State reset", reset):
        first, most, last = (number(curve[0], ".2g"), curve.max(), curve[-1])
        felt = np.flatnonzero(curve)
        gone = felt[-1] + 1 if felt.size else 0
        end = f"exactly 0 from t = {gone} on"
        if gone == n:
            end = f"{number(last, '.2g')} at t = {n - 1}"
        most = number(most, ".2g")
        words.append(f"{name}: {first} at t = 0, {most} at most, {end}.")
    apart = np.flatnonzero(~np.isclose(carried, reset))
    part = f"They part at t = {apart[0]}." if apart.size else "They do not part."
    borders = _count(len(range(T, n, T)), "border")
    return (
        f"Two curves: the distance of the states after each of {_count(n, 'step')}. "
        f"Dotted lines mark {borders} of chunks of {_count(T, 'step')}. "
        f"{' '.join(words)} {part}"
    )


def _columns_in_words(h, text):
    """What `units_over_text` shows: how much alike neighbouring columns are."""
    T, H = h.shape
    apart = np.linalg.norm(np.diff(h, axis=0), axis=1)
    alike = np.array([one == other for one, other in zip(text, text[1:])], dtype=bool)
    words = (
        f"A picture of {_count(H, 'row')}, the hidden units, and "
        f"{_count(T, 'column')}, the characters just read "
        f"({' '.join(map(visible, text))}). Orange is above 0, purple below, "
        f"at most {number(np.abs(h).max(), '.1g')} in size."
    )
    for kind, pairs in ("of one character", alike), ("of two", ~alike):
        if pairs.any():
            far = number(apart[pairs].mean(), ".1g")
            words += f" {_count(pairs.sum(), 'pair')} of neighbouring columns {kind}, "
            words += f"{far} apart on average."
    return words


def _as_grid(name, array):
    """A name, its numbers in rows and columns, and its shape as NumPy prints it."""
    array = np.asarray(array)
    as_column = array.ndim == 1 and not name.endswith(" row")
    grid = array[:, None] if as_column else np.atleast_2d(array)
    return name.removesuffix(" row"), grid, str(array.shape)


def _cell(ax, corner, size, word, edge, face=GROUND, gid=None):
    """A box with a word in it, dark or light as the ground of the box demands."""
    ax.add_patch(
        Rectangle(corner, *size, facecolor=face, edgecolor=edge, linewidth=1.5)
    )
    x, y = corner[0] + size[0] / 2, corner[1] + 0.47 * size[1]
    look = {"ha": "center", "va": "center", "size": 12, "color": ink_on(face)}
    ax.text(x, y, word, gid=gid, **look)
