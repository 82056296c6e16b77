"""The figures of notebook 02: one step as blocks, the views, the unrolled graph."""

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import Normalize, to_rgb
from matplotlib.patches import Rectangle

from rnnlib.teaching.style import (
    FAINT,
    GROUND,
    HIDDEN,
    INK,
    INPUT,
    OUTPUT,
    SIGNED,
    TARGET,
    new_figure,
    styled,
)

LIT = "#EFEFEF"
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

    figure, ax = _sheet(8, rows * high + 0.95)
    for name, grid, shape in parts:
        if grid is None:
            ax.text(left + gap / 2, middle, name, ha="center", va="center", size=16)
            left += gap
            continue
        half, edge = len(grid) * high / 2, COLORS.get(name[0], INK)
        for (i, j), value in np.ndenumerate(grid):
            corner = left + j * wide, middle + half - (i + 1) * high
            word = f"{round(float(value), 2) + 0.0:g}".replace("-", "−")
            _cell(ax, corner, (wide, high), word, edge, gid=f"{name} {i} {j}")
        center = left + grid.shape[1] * wide / 2
        ax.text(center, middle + half + 0.08, name, ha="center", color=edge)
        ax.text(center, middle - half - 0.08, shape, ha="center", va="top", size=12)
        left += grid.shape[1] * wide
    return figure


@styled
def two_views(text, h_prev, h):
    """A text beside the states: each read in two ways, shifted by one.

    text: T + 1 characters. h_prev, h: (T, H), the states before and after each step.
    """
    T, H = h.shape
    wide, high = 0.75, 0.42
    top = high * (T + 1) + 0.3
    figure, ax = _sheet(8, top + 0.5)
    characters = [[character] for character in text]
    states = [[_digits(value) for value in row] for row in (h_prev[0], *h)]
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

    wide, high, left = 0.62, 0.27, 1.05
    pitch = (7.95 - left) / T
    low = {"x": 0.62}  # the lower edges of the four rows of the graph
    low["a"] = low["x"] + V * high + 0.68
    low["h"] = low["a"] + H * high + 0.5
    low["y"] = low["h"] + H * high + 0.8
    rail = {"Wxh": low["a"] - 0.34, "Whh": low["h"] - 0.25, "Why": low["y"] - 0.36}
    middle = {"x": low["x"] + V * high / 2, "a": low["a"] + H * high / 2}
    middle |= {"h": low["h"] + H * high / 2, "y": low["y"] + V * high / 2}
    figure, ax = _sheet(8, low["y"] + V * high + 0.62)

    def column(name, t, center, values, faces, live=True):
        for i, (value, face) in enumerate(zip(values, faces)):
            corner = center - wide / 2, low[name] + (len(values) - 1 - i) * high
            word = f"{value:.0f}" if name == "x" else _digits(value)
            look = (word, COLORS[name], face) if live else ("", FAINT, GROUND)
            _cell(ax, corner, (wide, high), *look, gid=f"{name} {t} {i}")

    def arrow(start, end, color):
        style = {"arrowstyle": "-|>", "linewidth": 1.5, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", end, start, arrowprops=style | {"color": color})

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
        best = int(states.y[t].argmax())
        if t == step:
            box = (center - pitch / 2, 0), pitch, ax.get_ylim()[1]
            ax.add_patch(Rectangle(*box, color=LIT, zorder=-2))
        column("x", t, center, x[t], filled(inputs[t], INPUT), live)
        column("a", t, center, a[t], plain(H), live)
        column("h", t, center, states.h[t], shades(states.h[t]), live)
        column("y", t, center, states.y[t], filled(best, OUTPUT), live)
        for name, k in ((name, k) for name in "xy" for k in range(V)):
            words = {"ha": "right", "va": "center", "size": 12, "color": ink}
            height = low[name] + (V - 1 - k + 0.45) * high
            ax.text(center - wide / 2 - 0.07, height, symbols[k], **words)

        for lower, upper, n in (("x", "a", V), ("a", "h", H), ("h", "y", H)):
            arrow((center, low[lower] + n * high), (center, low[upper]), ink)
        before = center - pitch if t else 0.4
        start = before + wide / 2, middle["h"]
        end = center - wide / 2, middle["a"]
        arrow(start, end, ink)
        matrix("Wxh", center, live)
        matrix("Whh", (start[0] + end[0]) / 2, live)
        matrix("Why", center, live)

        words = {"ha": "center", "va": "center", "color": ink}
        ground = {"facecolor": LIT if t == step else GROUND, "edgecolor": "none"}
        words_beside = {"va": "center", "size": 12, "color": ink, "bbox": ground}
        ax.text(center + 0.12, rail["Whh"], "tanh", **words_beside)
        ax.text(center, 0.45, f"input {symbols[inputs[t]]}", **words | {"size": 12})
        ax.text(center, 0.18, f"t = {t}", **words)
        if live:
            words, height = words | {"size": 12}, ax.get_ylim()[1]
            said, wanted = f"highest: {symbols[best]}", f"target: {symbols[targets[t]]}"
            ax.text(center, height - 0.17, said, **words | {"color": OUTPUT})
            ax.text(center, height - 0.42, wanted, **words | {"color": TARGET})
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
    return figure


@styled
def units_over_text(h, text):
    """The states h, (T, H), as a picture: a column for each character just read."""
    limit = np.abs(h).max()
    figure, ax = new_figure(8.6, 4)
    look = {"cmap": SIGNED, "vmin": -limit, "vmax": limit, "aspect": "auto"}
    image = ax.imshow(h.T, interpolation="none", **look)
    ax.set_xticks(range(len(text)), text.replace(" ", "␣"))
    ax.tick_params(axis="x", length=0)
    ax.set(xlabel="character just read", ylabel="hidden unit")
    figure.colorbar(image, ax=ax, label="state h", pad=0.01)
    return figure


def _sheet(width, height):
    """A figure and its axes, without lines, whose unit is one inch."""
    figure, ax = new_figure(width, height)
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal", autoscale_on=False)
    ax.set_axis_off()
    return figure, ax


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
    red, green, blue = to_rgb(face)
    ink = INK if 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 else GROUND
    x, y = corner[0] + size[0] / 2, corner[1] + 0.47 * size[1]
    ax.text(x, y, word, ha="center", va="center", size=12, color=ink, gid=gid)


def _digits(value):
    """Two digits after the point, with a true minus and never a negative zero."""
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")
