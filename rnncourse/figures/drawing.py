"""What the figures share: sheets, arrows, levels, symbols and numbers as text."""

import numpy as np

from rnncourse.figures.style import (
    FAINT,
    GRADIENT,
    GROUND,
    INK,
    LOOKS,
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


def visible(symbol):
    """A symbol as a label: signs for the space and the line break."""
    return {" ": "␣", "\n": "↵"}.get(symbol, symbol)


def number(value, form="g"):
    """A number as text, as `format` has it, with a true minus: −0.5, 2e−9."""
    return format(value, form).replace("e-0", "e-").replace("-", "−")


def plain_powers(axis):
    """Write the ticks of a logarithmic axis as 0.01 or 1e−5, as code does."""
    axis.set_major_formatter(lambda value, _: number(value))


def listed(words):
    """Words in a row, as a sentence has them: "a, b and c"."""
    *first, last = map(str, words)
    return f"{', '.join(first)} and {last}" if first else last
