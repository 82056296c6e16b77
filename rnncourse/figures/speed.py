"""The figures of notebook 07: what a step costs, and how fast each version is.

`measured` holds the times and ratios, which differ from run to run; see `seeing.show`.
"""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.ticker import LogLocator, NullLocator

from rnncourse.figures.drawing import listed, plain_powers
from rnncourse.figures.style import (
    FAINT,
    HIDDEN,
    INK,
    LIT,
    LOOKS,
    ink_on,
    new_figure,
    styled,
)


@styled
def price_of_a_call(sizes, times):
    """How the time of operations grows with n, on two logarithmic axes.

    sizes: the values of n. times: {name: one time for each size}, drawn as multiples
    of the very first.
    """
    figure, axes = new_figure(8.0, 3.6)
    names = list(times)
    unit = times[names[0]][0]
    for look, name in zip(LOOKS, names):
        axes.loglog(sizes, np.divide(times[name], unit), **look, label=name)
    for axis in (axes.xaxis, axes.yaxis):
        plain_powers(axis)
    axes.set(xlabel="n", ylabel=f"time\n({names[0]} with n = {sizes[0]} is 1)")
    axes.legend(loc="upper left")
    figure.alt = (
        f"Time against n, from {sizes[0]} to {sizes[-1]}, on two logarithmic axes: a "
        f"line each for {listed(names)}. The unit is the time of {names[0]} with n = "
        f"{sizes[0]}."
    )
    ends = [(name, taken[0] / unit, taken[-1] / unit) for name, taken in times.items()]
    figure.measured = "From the first n to the last: " + _in_row(
        f"{name} from {first:.2g} to {last:.2g}" for name, first, last in ends
    )
    return figure


@styled
def ladder(speeds):
    """A bar for each version: how many times as fast as the first; the last is dark.

    speeds: {name: ratio}, two at least. From three on, the last is compared with the
    one before it too.
    """
    figure, axes = new_figure(8.0, 0.4 * len(speeds) + 1.2)
    ratios = list(speeds.values())
    label = f"characters in the same time ({next(iter(speeds))}: 1)"
    for y, ratio in enumerate(ratios):
        newest = y == len(ratios) - 1
        axes.barh(y, ratio, color=INK if newest else FAINT)
        words = f"{ratio:.2f}"
        if newest and y > 1:
            words += f" (× {ratio / ratios[-2]:.2f})"
            label += "\ndark: the newest (× its gain over the one above)"
        _say(axes, ratio, y, words)
    _name_bars(axes, speeds)
    axes.set(xlabel=label, xlim=(0, 1.35 * max(ratios)))
    figure.alt = (
        f"{len(speeds)} horizontal bars, from above: {'; '.join(speeds)}. Each shows "
        "how many characters are done in the same time, the first being 1. The last, "
        "the newest, is dark."
    )
    figure.measured = _lengths(speeds)
    return figure


@styled
def shares(parts, bounds=True):
    """The share of a step that each part takes, and what could be gained there.

    parts: {name: share}, between 0 and 1; the largest is dark. bounds: say also how
    many times as fast the step would be, 1 / (1 - share), if a part took no time.
    """
    figure, axes = new_figure(8.0, 0.42 * len(parts) + 1.1)
    for y, share in enumerate(parts.values()):
        axes.barh(y, share, color=INK if share == max(parts.values()) else FAINT)
        words = f"{share:.0%}"
        if bounds:
            words += f" (× {1 / (1 - share):.2f} at most)"
        _say(axes, share, y, words)
    _name_bars(axes, parts)
    axes.xaxis.set_major_formatter("{x:.0%}")
    axes.set(xlim=(0, 1.3), xticks=np.linspace(0, 1, 6))  # room for the words
    label = "share of the time of a step (dark: the largest)"
    if bounds:
        label += "\n×: what the step would gain if the part took no time"
    axes.set_xlabel(label, x=0.5 / 1.3)
    axes.spines["bottom"].set_bounds(0, 1)
    figure.alt = (
        f"{len(parts)} horizontal bars, the share of a step that each part takes, from "
        f"above: {'; '.join(parts)}. The largest is dark."
    )
    if bounds:
        figure.alt += " Beside each: what the step would gain without the part."
    if abs(sum(parts.values()) - 1) < 1e-6:
        figure.alt += " Together they are the whole step."
    figure.measured = "Shares: " + _in_row(f"{k} {v:.0%}" for k, v in parts.items())
    return figure


@styled
def staircase(right):
    """Which states are right after each sweep over all rows at once.

    right: booleans (sweeps, T).
    """
    right = np.asarray(right)
    figure, axes = new_figure(8.0, 4.2)
    sweeps, T = right.shape
    box = (0.5, sweeps + 0.5, T - 0.5, -0.5)
    colors = ListedColormap([LIT, HIDDEN])
    axes.imshow(right.T, cmap=colors, vmin=0, vmax=1, extent=box, aspect="auto")
    axes.set(xlabel="sweeps made", ylabel="step t")
    words = {"ha": "center", "va": "center", "size": 15}
    axes.text(
        0.7 * sweeps,
        0.25 * T,
        "right:\none row more per sweep",
        color=ink_on(HIDDEN),
        **words,
    )
    axes.text(0.3 * sweeps, 0.75 * T, "still wrong", color=ink_on(LIT), **words)
    done = [int(row.sum()) for row in right]
    counts = ", ".join(map(str, done[:3]))
    if sweeps > 3:
        counts += f" and so on to {done[-1]}"
    figure.alt = (
        f"A square of {sweeps} sweeps by {T} steps, dark where a state is right. After "
        f"each sweep the number of right states is {counts}."
    )
    if all(row[:n].all() for row, n in zip(right, done)):
        figure.alt += " They are the first steps each time: a staircase."
    return figure


@styled
def scaling(costs):
    """The time of a step against its sizes, on two logarithmic axes.

    costs: {name: {size: time as a multiple of a common step}}, of four sizes at most.
    The legend gives the slopes of the first and of the last piece of each line; two
    thin lines below have the slopes 1 and 2.
    """
    figure, axes = new_figure(8.0, 4.8)
    for look, (name, line) in zip(LOOKS, costs.items()):
        sizes, times = list(line), list(line.values())
        slopes = np.diff(np.log(times)) / np.diff(np.log(sizes))
        first, last = (round(slopes[end], 1) + 0.0 for end in (0, -1))  # no -0.0
        label = f"{name}: slope {first:.1f} at first, {last:.1f} at last"
        axes.loglog(sizes, times, **look, label=label)
    largest = max(max(line) for line in costs.values())
    lowest, highest = (f(f(c.values()) for c in costs.values()) for f in (min, max))
    for slope in (1, 2):
        end = largest, lowest * 3**slope / 2
        axes.plot((largest / 3, end[0]), (lowest / 2, end[1]), color=FAINT, lw=1)
        _say(axes, *end, f"slope {slope}")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_minor_locator(NullLocator())
        plain_powers(axis)
    axes.set(xlim=(0.8, 2.6 * largest), ylim=(0.4 * lowest, 8 * highest))
    axes.set_xlabel(listed(costs).replace(" and ", " or "))
    axes.set_ylabel("time of a step\n(at the starting point: 1)")
    axes.legend(loc="upper left")
    ranges = [f"{name} from {min(line)} to {max(line)}" for name, line in costs.items()]
    figure.alt = (
        f"Time of a step on two logarithmic axes: a line each for {listed(ranges)}. "
        "The legend gives their slopes at both ends; two thin lines have the slopes 1 "
        "and 2."
    )
    figure.measured = _in_row(text.get_text() for text in axes.get_legend().get_texts())
    return figure


def _lengths(speeds):
    """A sentence with the ratio of each bar."""
    return "Lengths: " + _in_row(f"{k} {ratio:.2f}" for k, ratio in speeds.items())


def _in_row(pieces):
    """The end of a sentence: the pieces with semicolons, and a full stop."""
    return "; ".join(pieces) + "."


def _name_bars(axes, names):
    """Write the names beside horizontal bars, the first on top."""
    axes.set_yticks(range(len(names)), list(names))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def _say(axes, end, y, words):
    """Write words beside the end of a bar."""
    at = {"xytext": (6, 0), "textcoords": "offset points", "va": "center"}
    axes.annotate(words, (end, y), **at)
