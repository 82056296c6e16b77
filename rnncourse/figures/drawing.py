"""What the figures share: sheets, arrows, levels, symbols and numbers as text."""

from datetime import date

import numpy as np

from rnncourse.figures.style import (
    FAINT,
    GRADIENT,
    GROUND,
    INK,
    LOOKS,
    OUTPUT,
    steady_figure,
)

# How an arrow of the forward pass looks, and one of the backward pass.
FORWARD = {"color": FAINT}
BACK = {"color": GRADIENT, "linestyle": (0, (4, 2))}


def sheet(width, height):
    """A figure and its axes, without lines, whose unit is one inch."""
    figure, axes = steady_figure(width, height, left=0, right=1, bottom=0, top=1)
    axes.set(xlim=(0, width), ylim=(0, height), autoscale_on=False)
    axes.set_axis_off()
    return figure, axes


def arrow(axes, start, end, color=INK, **look):
    """An arrow between two points, its tip at `end`; look: other arrow properties."""
    look = {"arrowstyle": "-|>", "mutation_scale": 16, "linewidth": 2} | look
    look |= {"color": color, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", xy=end, xytext=start, arrowprops=look)


def level(axes, height, words):
    """A dashed line across the axes, for comparison, with words at its right end."""
    axes.axhline(height, color=FAINT, linestyle="--", linewidth=1.5)
    at = {"xy": (1, height), "xycoords": ("axes fraction", "data")}
    at |= {"xytext": (6, 0), "textcoords": "offset points"}
    axes.annotate(words, **at, va="center", annotation_clip=False)


def cells(axes, rows, columns):
    """Part an image into rows · columns cells, with the columns' names above it."""
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for row in range(1, rows):
        axes.axhline(row - 0.5, color=GROUND, linewidth=4)
    for column in range(1, columns):
        axes.axvline(column - 0.5, color=GROUND, linewidth=4)


def over_training(axes):
    """Name the horizontal axis, whose numbers are steps of a training."""
    axes.set_xlabel("training step")
    axes.xaxis.set_major_formatter("{x:,.0f}")


def mean_lines(axes, kinds, window):
    """Draw what was measured at each step of a training, as means over `window` steps.

    kinds: {name: (runs, steps)}, a look for each. Returns the last step of each mean,
    {name: (runs, means)}, and a line of each kind, for its name in the legend.
    """
    drawn, first = {}, []
    for (name, runs), look in zip(kinds.items(), LOOKS):
        runs = np.asarray(runs)
        drawn[name] = means = runs.reshape(len(runs), -1, window).mean(-1)
        steps = window * (np.arange(means.shape[1]) + 1)
        first.append(axes.plot(steps, means.T, **{**look, "marker": ""})[0])
    over_training(axes)
    return steps, drawn, first


def next_characters(axes, p, symbols, marked, color, label):
    """Bars of the ten likeliest next characters, and of all others together.

    p: (V,). symbols: the V characters. marked: the index of the one whose bar, or that
    of the others, gets a mark of this colour; None: no mark. label: what the mark is.
    Returns the bars in words, and the name of the bar with the mark or None.
    """
    p = np.asarray(p, float)
    top = np.argsort(-p, kind="stable")[:10].tolist()
    heights = [*p[top], max(0.0, 1 - p[top].sum())]
    colors = [OUTPUT] * len(top) + [FAINT]
    bars = axes.bar(range(len(heights)), heights, color=colors)
    axes.bar_label(bars, fmt="%.2f", padding=3)
    names = [*(visible(symbols[k]) for k in top), "others"]
    axes.set_xticks(range(len(names)), names, family="monospace")
    axes.tick_params(axis="x", length=0)
    axes.set(ylim=(0, 1.3), yticks=[0, 0.5, 1])
    axes.set(xlabel="next character", ylabel="probability")
    told = [f"{name} {height:.2f}" for name, height in zip(names, heights)]
    if marked is None:
        return told, None
    place = top.index(marked) if marked in top else len(top)
    axes.plot(place, heights[place] + 0.22, "v", color=color, label=label)
    return told, names[place]


def with_place(figure, about):
    """A figure of saved numbers, with the machine and the day of their measurement.

    They do not change from run to run: what was measured goes into the text.
    """
    where = place_and_day(about)
    figure.axes[0].set_title(where, fontsize=12)
    figure.alt = f"Measured on {where}. {figure.alt} {figure.measured}".strip()
    del figure.measured
    return figure


def place_and_day(about):
    """Where and when something was measured; about: as benchmarks.machine tells it."""
    day = date.fromisoformat(about["date"])
    return f"{about['processor']}, {day.day} {day:%B %Y}"


def visible(symbol):
    """A symbol as a label: signs for the space and the line break."""
    return {" ": "␣", "\n": "↵"}.get(symbol, symbol)


def number(value, form="g"):
    """A number as text, as `format` has it, with a true minus: −0.5, 2e−9, 10, 2e9."""
    text = format(value, form).replace("e+01", "0").replace("e+0", "e")
    return text.replace("e-0", "e-").replace("-", "−")


def plain_powers(axis):
    """Write the ticks of a logarithmic axis as 0.01 or 1e−5, as code does."""
    axis.set_major_formatter(lambda value, _: number(value))


def begun(words):
    """Words as they begin a sentence: "Held-out loss"."""
    return words[:1].upper() + words[1:]


def listed(words):
    """Words in a row, as a sentence has them: "a, b and c"."""
    *first, last = map(str, words)
    return f"{', '.join(first)} and {last}" if first else last


def plural(n, word):
    """A count and its noun: "1 seed", "3 seeds"."""
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"
