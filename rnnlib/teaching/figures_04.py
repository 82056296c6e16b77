"""The figures of notebook 04: paths, an outer product, gradients flowing back."""

import numpy as np

from rnnlib.teaching.style import (
    FAINT,
    GRADIENT,
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


@styled
def two_paths(values, slopes):
    """Two paths from x to q: slopes multiply along a path, the paths add up.

    values: numbers x, u, v, q. slopes: local derivatives; "u/x" is that of u by x, the
    others are "v/x", "q/u" and "q/v".
    """
    figure, axes = _canvas(8, 3.6)
    places = {"x": (0.9, 1.8), "u": (4, 2.8), "v": (4, 0.8), "q": (7.1, 1.8)}
    colors = {"x": INPUT, "u": HIDDEN, "v": HIDDEN, "q": OUTPUT}
    for name, slope in slopes.items():
        end, start = (np.array(places[letter]) for letter in name.split("/"))
        along = (end - start) / np.hypot(*(end - start))
        _arrow(axes, start + 0.68 * along, end - 0.68 * along)
        upper = "u" in name
        height = 0.22 if upper else -0.22
        middle = (start + end) / 2 + (0, height)
        side = {"ha": "center", "va": "bottom" if upper else "top"}
        axes.text(*middle, f"slope {slope:g}", **side)
    for name, at in places.items():
        _node(axes, at, f"${name} = {values[name]:g}$", colors[name], size=16)
    look = {"ha": "center", "va": "center", "color": GRADIENT}
    through = {via: slopes[f"{via}/x"] * slopes[f"q/{via}"] for via in "uv"}
    for via, height in (("u", 3.4), ("v", 0.2)):
        factors = f"{slopes[f'{via}/x']:g} · {slopes[f'q/{via}']:g}"
        axes.text(4, height, f"path over {via}: {factors} = {through[via]:g}", **look)
    total = f"{through['u']:g} + {through['v']:g} = {sum(through.values()):g}"
    axes.text(4, 1.8, total, size=16, **look)
    return figure


@styled
def outer_product(dz, r):
    """The outer product dz rᵀ: each entry is its row's dz times its column's r."""
    dz, r = np.asarray(dz), np.asarray(r)
    product = np.outer(dz, r)
    figure, axes = new_figure(8, 3)
    limit = 1.6 * np.abs(product).max()  # keeps every cell light enough for its text
    axes.imshow(product, cmap=SIGNED, vmin=-limit, vmax=limit, aspect="auto")
    for (i, j), value in np.ndenumerate(product):
        factor = f"{r[j]:g}" if r[j] >= 0 else f"({r[j]:g})"
        text = f"{dz[i]:g} · {factor} = {value:g}".replace("-", "−")
        axes.text(j, i, text, ha="center", va="center", size=15)
    tops = [f"$r_{j}$ = {value:g}".replace("-", "−") for j, value in enumerate(r)]
    sides = [f"$dz_{i}$ = {value:g}".replace("-", "−") for i, value in enumerate(dz)]
    axes.set_xticks(range(len(r)), tops, size=15, color=INPUT)
    axes.set_yticks(range(len(dz)), sides, size=15, color=GRADIENT)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for line in range(1, len(r)):
        axes.axvline(line - 0.5, color=GROUND, linewidth=4)
    for line in range(1, len(dz)):
        axes.axhline(line - 0.5, color=GROUND, linewidth=4)
    return figure


@styled
def backward_flow(symbols, inputs, targets, states, losses, back=None):
    """The graph of two steps with its numbers: forward, or forward and backward.

    symbols: what index k stands for. inputs, targets: (2,). states: what
    `rnnlib.forward` returned. losses: (2,), in nats. back: None, or a dictionary of
    arrays with a row for each step, dy, from_y (Whyᵀ dyₜ), from_a (Whhᵀ daₜ₊₁), dh and
    da, and dh_init, (H,). They stand at dashed arrows, against the solid ones.
    """
    figure, axes = _canvas(8, 7)
    x_row, a_row, h_row, y_row, loss_row = 0.35, 1.7, 3.75, 5.3, 6.65
    columns = (1.8, 5.75)
    _node(axes, (0.4, h_row), "$h_{-1}$", HIDDEN)
    for start, end in zip((0.4, columns[0]), columns):
        _arrow(axes, *_across((start, h_row), (end, a_row), -0.09))
    for t, x in enumerate(columns):
        _node(axes, (x, x_row), f"$x_{t}$: “{symbols[inputs[t]]}”", INPUT)
        _node(axes, (x, a_row), f"$a_{t}$", HIDDEN)
        _node(axes, (x, h_row), f"$h_{t}$", HIDDEN)
        _node(axes, (x, y_row), f"$y_{t}$", OUTPUT)
        loss = f"$\\ell_{t}$ = {losses[t]:.2f} nats, target “{symbols[targets[t]]}”"
        _node(axes, (x, loss_row), loss, TARGET)
        rows = (x_row, a_row, h_row, y_row, loss_row)
        for start, end in zip(rows, rows[1:]):
            _arrow(axes, (x - 0.12, start + 0.3), (x - 0.12, end - 0.3))
        axes.text(x - 0.22, a_row + 1.38, "tanh", ha="right", va="center", size=12.5)
    if back is None:
        for t, x in enumerate(columns):
            _note(axes, (x + 0.28, h_row), f"$h_{t}$", states.h[t], INK)
            _note(axes, (x + 0.28, y_row), f"$y_{t}$", states.y[t], INK)
        return figure

    for t, x in enumerate(columns):
        for start, end in ((loss_row, y_row), (y_row, h_row), (h_row, a_row)):
            _arrow(axes, (x + 0.12, start - 0.3), (x + 0.12, end + 0.3), back=True)
        _note(axes, (x + 0.25, (loss_row + y_row) / 2), f"$dy_{t}$", back["dy"][t])
        from_y = f"$W_{{hy}}^T\\,dy_{t}$"
        middle = (y_row + h_row) / 2 + 0.08
        _note(axes, (x + 0.25, middle), from_y, back["from_y"][t], lines=2)
        _note(axes, (x + 0.28, h_row + 0.1), f"$dh_{t}$", back["dh"][t])
        _note(axes, (x + 0.28, a_row - 0.1), f"$da_{t}$", back["da"][t])
    tail = (columns[1] + columns[1] - columns[0], a_row)
    for start, end in zip((*columns, tail[0]), (0.4, *columns)):
        first, last = _across((start, a_row), (end, h_row), -0.09)
        if start == tail[0]:  # the arrow out of step 2 begins at the margin
            first = last + (first - last) * 0.45
        _arrow(axes, first, last, back=True)
    across = "$W_{hh}^T\\,da_1$"
    _note(axes, (3.65, 3.34), across, back["from_a"][0], lines=2)
    _note(axes, (0.08, h_row + 0.6), "$dh_{-1}$", back["dh_init"], lines=2)
    axes.text(7.4, 2.5, "$da_2 = 0$", ha="center", size=12.5, color=GRADIENT)
    return figure


@styled
def untied(slopes, shared, entry):
    """What each copy's entry adds to the slope of L, and where the sum arrives.

    slopes: (T,), one for each copy. shared: the slope when all copies move together.
    entry: the name of the entry, for the title.
    """
    slopes = np.asarray(slopes)
    T, ends = len(slopes), np.cumsum(slopes)
    figure, axes = new_figure(8, 4.2)
    axes.bar(range(T), slopes, bottom=ends - slopes, color=GRADIENT, width=0.7)
    hatched = {"color": GROUND, "edgecolor": GRADIENT, "hatch": "//", "linewidth": 1.5}
    axes.bar(T, shared, width=0.7, **hatched)
    axes.hlines(ends, np.arange(T) + 0.35, np.arange(T) + 0.65, color=FAINT)
    axes.axhline(0, color=INK, linewidth=1)
    tops = np.append(np.maximum(ends, ends - slopes), max(shared, 0))
    for t, value in enumerate([*slopes, shared]):
        text = f"{value:+.2f}".replace("-", "−")
        ground = {"facecolor": GROUND, "edgecolor": "none", "pad": 1}
        axes.text(t, tops[t] + 0.04, text, ha="center", va="bottom", bbox=ground)
    names = [f"$W^{{({t})}}$" for t in range(T)]
    axes.set_xticks(range(T + 1), [*names, "shared"])
    axes.set(ylabel="slope of L, nats", title=f"Entry {entry}")
    axes.use_sticky_edges = False
    axes.margins(y=0.12)
    return figure


def _canvas(width, height):
    """A figure and its axes, without lines, whose unit is one inch."""
    figure, axes = new_figure(width, height)
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    return figure, axes


def _node(axes, at, text, color, size=13):
    """A box with a label."""
    box = {"boxstyle": "round,pad=0.35", "facecolor": GROUND, "edgecolor": color}
    axes.text(*at, text, ha="center", va="center", size=size, bbox=box, zorder=3)


def _arrow(axes, start, end, back=False):
    """An arrow from point to point: solid and grey forward, dashed for a gradient."""
    look = {"arrowstyle": "-|>", "linewidth": 2, "mutation_scale": 16}
    look |= {"color": GRADIENT if back else FAINT, "shrinkA": 0, "shrinkB": 0}
    look["linestyle"] = (0, (4, 2)) if back else "-"
    axes.annotate("", xy=end, xytext=start, arrowprops=look)


def _across(start, end, aside):
    """Where an arrow between two boxes begins and ends, moved to its right side."""
    start, end = np.array(start), np.array(end)
    along = (end - start) / np.hypot(*(end - start))
    aside = -aside * np.array([along[1], -along[0]])
    return start + 0.44 * along + aside, end - 0.44 * along + aside


def _note(axes, at, name, values, color=GRADIENT, lines=1):
    """A name and its vector, "dh = (0.07, −0.86)", to the right of the point `at`."""
    # Adding 0 makes a zero of a negative zero.
    numbers = ", ".join(f"{value:.2f}" for value in np.round(values, 2) + 0.0)
    text = f"{name} =" + " \n"[lines - 1] + f"({numbers})".replace("-", "−")
    axes.text(*at, text, ha="left", va="center", size=12.5, color=color)
