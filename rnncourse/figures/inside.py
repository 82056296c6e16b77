"""The figures of notebook 10: what units, weights and predictions of a network show.

The networks ship with the course, so what most of these figures say holds on every
machine. What is drawn at random or trained stands in `measured`, see `seeing.show`.
"""

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from rnncourse.figures.drawing import (
    begun,
    listed,
    next_characters,
    number,
    plain_powers,
    visible,
)
from rnncourse.figures.style import (
    AMOUNT,
    FAINT,
    GROUND,
    INK,
    LOOKS,
    SIGNED,
    TARGET,
    ink_on,
    new_figure,
    steady_figure,
    styled,
)

WIDTH = 56  # characters in a line of a coloured text: room for each
VOWELS = "aeiou"


@styled
def on_text(text, values, what, signed=False, high=None):
    """A text, each character on the colour of its number.

    values: a number for each character. what: what they are, with their unit, such as
    "surprise, bits". signed: colours from -1 to 1, as for a unit, not from 0 up.
    high: where the colours from 0 up end, if not at the largest number.
    """
    values = np.asarray(values, float)
    lines = _lines(text)
    edges = (-1, 1) if signed else (0, high or max(values.max(), 1))
    colors, scale = colormaps[SIGNED if signed else AMOUNT], Normalize(*edges)
    height = max(0.25 * len(lines) + 0.35, 1.35)  # the bar needs some room
    top = 1 - 0.175 / height
    margins = {"left": 0.005, "right": 0.86, "top": top}
    margins["bottom"] = top - 0.25 * len(lines) / height
    figure, axes = steady_figure(8, height, **margins)
    grid = np.full((len(lines), WIDTH), np.nan)
    for row, places in enumerate(lines):
        grid[row, : len(places)] = values[places]
        for column, at in enumerate(places):
            ink = ink_on(colors(scale(values[at]))[:3])
            look = {"ha": "center", "va": "center", "color": ink, "size": 12}
            axes.text(column, row, visible(text[at]), family="monospace", **look)
    image = axes.imshow(grid, cmap=colors, norm=scale, aspect="auto")
    axes.set_axis_off()
    bar = figure.add_axes([0.87, 0.175 / height, 0.015, 1 - 0.35 / height])
    ends = {"extend": "max" if values.max() > edges[1] else "neither"}
    ends["ticks"] = [-1, 0, 1] if signed else None
    figure.colorbar(image, cax=bar, label=what, **ends)
    bar.tick_params(labelsize=12)
    bar.yaxis.label.set_size(12)
    # Rounded, so that places with one number keep their order on every machine.
    rounded = np.round(values, 1)
    highest, lowest = (
        _places(text, values, np.argsort(sign * rounded, kind="stable")[:many])
        for sign, many in ((-1, 4), (1, 3))
    )
    figure.alt = (
        f"A text of {len(text)} characters, each on the colour of its {what}, from "
        f"{number(values.min(), '.1f')} to {number(values.max(), '.1f')}. "
        f"Highest: {highest}. Lowest: {lowest}."
    )
    return figure


@styled
def bars(amounts, xlabel):
    """A bar for each name, from above: {name: number}, none below 0."""
    figure, axes = new_figure(8.0, 0.36 * len(amounts) + 1.0)
    drawn = axes.barh(range(len(amounts)), list(amounts.values()), color=INK)
    axes.bar_label(drawn, fmt="%.1f", padding=4)
    axes.set_yticks(range(len(amounts)), list(amounts))
    axes.set(xlabel=xlabel, ylim=(len(amounts) - 0.4, -0.6))
    axes.margins(x=0.1)
    axes.tick_params(axis="y", length=0)
    told = [f"{name} {amount:.1f}" for name, amount in amounts.items()]
    figure.alt = f"Bars of the {xlabel}: {listed(told)}."
    return figure


@styled
def compared(rows, xlabel, low=0):
    """Trained networks beside untrained ones: a row for each name, a dot a network.

    rows: {name: (numbers of trained networks, numbers of untrained ones)}.
    low: where the axis begins; it ends at 1.
    """
    figure, axes = new_figure(8.0, 0.5 * len(rows) + 1.5)
    groups = ("trained", INK, INK, -0.12), ("untrained", FAINT, GROUND, 0.12)
    for group, (label, edge, face, shift) in enumerate(groups):
        for y, pair in enumerate(rows.values()):
            look = {"color": edge, "markerfacecolor": face, "markersize": 9}
            name = label if y == 0 else None
            heights = [y + shift] * len(pair[group])
            axes.plot(pair[group], heights, "os"[group], label=name, **look)
    axes.set_yticks(range(len(rows)), rows)
    axes.set(xlabel=xlabel, ylim=(len(rows) - 0.5, -0.5), xlim=(low, 1.03))
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=FAINT, alpha=0.3)
    figure.legend(loc="outside lower center", ncols=2)
    told = [
        f"{name}, trained {_span(pair[0])}, untrained {_span(pair[1])}"
        for name, pair in rows.items()
    ]
    figure.alt = (
        f"{begun(xlabel)}, a row for each of {len(rows)}, a dot for "
        f"each network: {'; '.join(told)}."
    )
    return figure


@styled
def by_lag(curves, ylabel):
    """Lines against the lag, on a logarithmic axis: {name: (networks, lags)}."""
    figure, axes = new_figure(8.0, 4.0)
    told = []
    for (name, runs), look in zip(curves.items(), LOOKS):
        runs = np.atleast_2d(runs)
        lines = axes.plot(runs.T, **{**look, "marker": ""})
        lines[0].set_label(name)
        last = runs.shape[1] - 1
        some = [
            f"{_rough_span(runs[:, lag])} at lag {lag}"
            for lag in (1, last // 4, last // 2, last)
        ]
        told.append(f"{name}: {listed(some)}")
    # What falls off at once would leave no room for the others.
    axes.set(yscale="log", xlabel="lag, in steps", ylabel=ylabel, ylim=(1e-6, 2))
    axes.margins(x=0.01)
    plain_powers(axes.yaxis)
    axes.legend()
    figure.alt = (
        f"{begun(ylabel)}, against the lag, from 0 to {last}, on a "
        f"logarithmic axis. {'; '.join(told)}."
    )
    return figure


@styled
def points(panels, groups):
    """Symbols as points in a plane, a panel below the other: {title: (symbols, x, y)}.

    groups: {name: its symbols}, at most three; each has a look of its own.
    """
    looks = (
        {"color": TARGET, "weight": "bold", "size": 15},
        {"color": INK, "size": 14},
        {"color": FAINT, "size": 13, "style": "italic"},
    )
    figure, grid = new_figure(8.0, 3.9 * len(panels), len(panels), 1)
    told = []
    for axes, (title, (symbols, x, y)) in zip(np.atleast_1d(grid), panels.items()):
        for (name, members), look in zip(groups.items(), looks):
            own = [n for n, symbol in enumerate(symbols) if symbol in members]
            axes.plot(x[own], y[own], ".", color=look["color"], markersize=0.1)
            for n in own:
                place = {"ha": "center", "va": "center", "family": "monospace"}
                axes.text(x[n], y[n], visible(symbols[n]), **place, **look)
            across = f"{number(x[own].min(), '.1f')} to {number(x[own].max(), '.1f')}"
            up = f"{number(y[own].min(), '.1f')} to {number(y[own].max(), '.1f')}"
            told.append(f"{title}, {name}: across {across}, up {up}")
        ways = {"xlabel": "first direction", "ylabel": "second direction"}
        axes.set(title=title, **ways)
        axes.margins(0.1)
    handles = [
        figure.axes[0].plot([], [], "o", color=look["color"], label=name)[0]
        for name, look in zip(groups, looks)
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    figure.alt = f"Symbols as points in a plane. {'; '.join(told)}."
    return figure


@styled
def trade(curves, real, temperatures):
    """Real words against different words, a line over temperatures for each network.

    curves: {name: pairs (share of words that are different, share of real ones)}, a
    pair for each temperature. real: {name: pairs} of texts to compare with.
    """
    figure, axes = new_figure(8.0, 4.4)
    measured = []
    for (name, pairs), look in zip(curves.items(), LOOKS):
        axes.plot(*np.transpose(pairs), label=name, markersize=8, **look)
        some = [
            f"{different:.2f} and {known:.2f} at {tau:g}"
            for tau, (different, known) in zip(temperatures, pairs)
        ]
        measured.append(f"{name}: {listed(some)}")
    for tau, pair in zip(temperatures, next(iter(curves.values()))):
        offset = {"xytext": (7, 7), "textcoords": "offset points"}
        axes.annotate(f"{tau:g}", pair, **offset)
    for name, pairs in real.items():
        look = {"color": TARGET, "markersize": 12, "label": name}
        axes.plot(*np.transpose(pairs), "X", **look)
    axes.set(xlabel="different words, as a share of all", ylabel="words that exist")
    axes.margins(0.08)
    axes.legend(loc="lower left")
    points = [
        f"{name} {different:.2f} and {known:.2f}"
        for name, pairs in real.items()
        for different, known in pairs
    ]
    figure.alt = (
        "The share of words that exist, upward, against the share of different words: "
        f"a line over the temperatures {listed(f'{tau:g}' for tau in temperatures)} "
        f"for each of {listed(curves)}. Crosses: {listed(points)}."
    )
    figure.measured = f"Different and existing: {'; '.join(measured)}."
    return figure


@styled
def walking(text, at, unit, h, bits, p, symbols):
    """One step of a walk through a text: a unit, the surprise, the next character.

    text: what is read, at most WIDTH characters. at: the character just read. h: the
    states, (T, H). bits: the surprise of each character of the text; the first has
    none. p: (V,), the probabilities of the next one. symbols: the V characters.
    """
    margins = {"left": 0.105, "right": 0.99, "bottom": 0.115, "top": 0.985}
    figure, (strip, axes) = steady_figure(
        8, 4.4, 2, 1, height_ratios=[1, 1.5], hspace=0.16, **margins
    )
    rows = (SIGNED, Normalize(-1, 1), h[:, unit]), (AMOUNT, Normalize(0, 10), bits)
    for y, (name, scale, values) in enumerate(rows):
        shades = colormaps[name](scale(values))
        for t, shade in enumerate(shades):
            strip.add_patch(_cell(t, y, shade if np.isfinite(values[t]) else GROUND))
            ink = ink_on(shade[:3]) if np.isfinite(values[t]) else INK
            look = {"ha": "center", "va": "center", "size": 12, "color": ink}
            strip.text(t, y, visible(text[t]), family="monospace", **look)
    strip.plot([at], [1.75], "^", color=INK, markersize=10)
    strip.set(xlim=(-0.5, WIDTH - 0.5), ylim=(2.0, -0.5))
    strip.set_yticks([0, 1], [f"unit {unit}", "surprise"])
    strip.set_xticks([])
    strip.tick_params(length=0)
    strip.spines[:].set_visible(False)
    _key(axes, 0.99, 0.90, "unit", SIGNED, {"−1": 0.0, "0": 0.5, "1": 1.0})
    _key(axes, 0.99, 0.76, "surprise", AMOUNT, {"0": 0.0, "5": 0.5, "10": 1.0})

    comes = symbols.index(text[at + 1]) if at + 1 < len(text) else None
    told, name = next_characters(axes, p, symbols, comes, TARGET, "what comes")
    if name:
        axes.legend(loc="upper center")
        told.append(f"a mark over {name}, what comes")
    figure.alt = (
        f"A text of {len(text)} characters twice: coloured by unit {unit}, which is "
        f"{number(h[at, unit], 'z.2f')} at {visible(text[at])}, and by its surprise. "
        f"Below, bars of the next character: {listed(told)}."
    )
    return figure


def _key(axes, x, y, name, colors, amounts):
    """What some colours of a strip mean: to the left of x, in shares of the axes."""
    look = {"size": 12, "ha": "center", "va": "center", "transform": axes.transAxes}
    for n, (amount, share) in enumerate(reversed(amounts.items())):
        shade = colormaps[colors](share)
        ground = {"facecolor": shade, "edgecolor": "none", "pad": 3}
        place = x - 0.02 - 0.05 * n
        axes.text(place, y, amount, color=ink_on(shade[:3]), bbox=ground, **look)
    axes.text(x - 0.04 - 0.05 * len(amounts), y, name, **{**look, "ha": "right"})


def _cell(t, y, color):
    """The ground of one character of a strip."""
    look = {"facecolor": color, "edgecolor": "none", "zorder": -1}
    return Rectangle((t - 0.5, y - 0.42), 1, 0.84, **look)


def _lines(text):
    """The places of the characters of each line: cut at line breaks and at WIDTH."""
    lines = [[]]
    for at, symbol in enumerate(text):
        if len(lines[-1]) == WIDTH:
            lines.append([])
        lines[-1].append(at)
        if symbol == "\n" and at + 1 < len(text):
            lines.append([])
    return [np.array(places) for places in lines]


def _places(text, values, some):
    """Some characters with their numbers and what stands before them."""
    return listed(
        f"'{''.join(map(visible, text[max(0, at - 4) : at + 1]))}' "
        f"{number(values[at], 'z.1f')}"
        for at in some
    )


def _span(values):
    """From the smallest to the largest of some numbers, in words."""
    low, high = (number(v, "z.2f") for v in (np.min(values), np.max(values)))
    return low if low == high else f"{low} to {high}"


def _rough_span(values):
    """As `_span`, to one digit."""
    low, high = (number(float(f"{v:.1g}")) for v in (np.min(values), np.max(values)))
    return low if low == high else f"{low} to {high}"
