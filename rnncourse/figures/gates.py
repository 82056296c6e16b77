"""The figures of notebook 12: layers, slopes of relu, the cell of an LSTM, its bias.

Training is chaotic: its numbers stand in `measured`, see `seeing.show`.
"""

import json
from itertools import cycle
from pathlib import Path

import numpy as np
from matplotlib.patches import Rectangle

from rnncourse.figures.drawing import (
    FORWARD,
    arrow,
    listed,
    number,
    place_and_day,
    plain_powers,
    plural,
    sheet,
)
from rnncourse.figures.style import (
    FAINT,
    GROUND,
    HIDDEN,
    INK,
    INPUT,
    LIT,
    LOOKS,
    OUTPUT,
    new_figure,
    styled,
)

# What `python -m benchmarks.gates` measured last, and where.
SAVED = Path(__file__).with_name("gates.json")


@styled
def growth(sizes):
    """How long states are, step by step, on a logarithmic axis.

    sizes: {name: (runs, steps)}, lengths above 0.
    """
    figure, axes = new_figure(8.0, 3.8)
    told, measured = [], []
    for (name, runs), look in zip(sizes.items(), LOOKS):
        runs = np.atleast_2d(runs)
        steps = range(1, runs.shape[1] + 1)
        lines = axes.plot(steps, runs.T, **{**look, "marker": ""})
        lines[0].set_label(name)
        ends, times = runs[:, -1], runs[:, -1] / runs[:, 0]
        way = ", grows a thousandfold or more" if min(times) > 1e3 else ""
        way = ", stays in reach of its start" if 1e-3 < max(times) < 1e3 else way
        told.append(f"{name}, {plural(len(runs), 'run')}{way}")
        measured.append(f"{name} {listed(number(end, '.1g') for end in ends)}")
    axes.set(yscale="log", xlabel="characters read", ylabel="length of the state")
    plain_powers(axes.yaxis)
    axes.legend()
    figure.alt = (
        f"The length of the state against the characters read, 1 to {len(steps)}, on a "
        f"logarithmic axis: {'; '.join(told)}."
    )
    figure.measured = f"After {len(steps)}: {'; '.join(measured)}."
    return figure


@styled
def cell(values):
    """One unit of an LSTM with its numbers: the line of the cell, and four gates.

    values: {"m_prev", "f", "w", "g", "o", "m", "h": a number each}.
    """
    v = {name: number(value, ".2f") for name, value in values.items()}
    figure, axes = sheet(8.0, 4.0)
    high, low = 3.1, 0.75
    for start, end in ((0.2, 1.55), (1.85, 4.05), (4.35, 7.8)):
        arrow(axes, (start, high), (end, high), HIDDEN)
    box = {"boxstyle": "round,pad=0.35", "facecolor": LIT, "edgecolor": INK}
    middle = {"ha": "center", "va": "center", "size": 13}
    for x, sign in ((1.7, "×"), (4.2, "+")):
        axes.text(x, high, sign, color=INK, size=18, ha="center", va="center")
    gates = [
        (1.7, "f", "forget"),
        (3.4, "w", "write"),
        (5.0, "g", "new"),
        (6.5, "o", "output"),
    ]
    for x, name, word in gates:
        color = INPUT if name == "g" else INK
        axes.text(x, low, f"{name} = {v[name]}", bbox=box, color=color, **middle)
        axes.text(x, low - 0.55, word, color=FAINT, **middle)
    arrow(axes, (1.7, low + 0.3), (1.7, high - 0.2), **FORWARD)
    axes.text(4.2, 1.95, "×", color=INK, size=18, ha="center", va="center")
    arrow(axes, (3.4, low + 0.3), (4.08, 1.8), **FORWARD)
    arrow(axes, (5.0, low + 0.3), (4.32, 1.8), **FORWARD)
    arrow(axes, (4.2, 2.12), (4.2, high - 0.2), **FORWARD)
    arrow(axes, (6.5, low + 0.3), (6.5, 1.78), **FORWARD)
    arrow(axes, (6.5, high), (6.5, 2.12), **FORWARD)
    axes.text(6.62, 2.55, "tanh", color=FAINT, ha="left", va="center", size=13)
    axes.text(6.5, 1.95, "×", color=INK, size=18, ha="center", va="center")
    arrow(axes, (6.65, 1.95), (6.95, 1.95), OUTPUT)
    at = {"va": "center", "size": 13}
    axes.text(7.0, 1.95, f"h = {v['h']}", color=OUTPUT, ha="left", **at)
    axes.text(0.2, high + 0.35, f"m before = {v['m_prev']}", color=HIDDEN, **at)
    axes.text(7.8, high + 0.35, f"m = {v['m']}", color=HIDDEN, ha="right", **at)
    figure.alt = (
        "A line leads from the cell before to the cell of this step: times f, then "
        "plus w times g. From the cell, by tanh and times o, to the state. In numbers: "
        f"the cell before {v['m_prev']}; {', '.join(f'{k} {v[k]}' for k in 'fwgo')}; "
        f"the cell {v['m']}, the state {v['h']}."
    )
    return figure


@styled
def kept(shares, steps):
    """What is left after so many steps, for each bias of the gate.

    shares: {bias: the share that one step keeps}.
    """
    figure, axes = new_figure(8.0, 3.8)
    n, told = np.arange(steps + 1), []
    for (bias, share), look in zip(shares.items(), cycle(LOOKS)):
        left = share**n
        axes.plot(n, left, label=f"b = {bias:g}", **{**look, "marker": ""})
        told.append(f"b = {bias:g}: {number(left[-1], '.1g')}")
    axes.set(yscale="log", xlabel="number of steps", ylabel="share that is left")
    axes.set_ylim(1e-8, 1.5)
    plain_powers(axes.yaxis)
    figure.legend(loc="outside right center")
    figure.alt = (
        f"The share that is left against the number of steps, 0 to {steps}, on a "
        f"logarithmic axis: straight lines that fall. After {steps} steps "
        f"{listed(told)}."
    )
    return figure


@styled
def solved(rows, most):
    """How many updates each run took, a row for each kind, a dot for each run.

    rows: {label: updates of each run, None where `most` were not enough}.
    """
    figure, axes = new_figure(8.0, 0.5 * len(rows) + 1.2)
    edge, mark = 1.08 * most, {"markersize": 9, "markeredgewidth": 2}
    for y, steps in enumerate(rows.values()):
        heights = _beside(y, len(steps))
        done = [(n, at) for n, at in zip(steps, heights) if n is not None]
        dots = {"color": INK, "markerfacecolor": GROUND, **mark}
        axes.plot(*np.reshape(done, (-1, 2)).T, "o", **dots)
        missing = len(steps) - len(done)
        at = [at for n, at in zip(steps, heights) if n is None]
        axes.plot([edge] * missing, at, "x", color=FAINT, **mark)
        if missing:
            ground = {"facecolor": GROUND, "edgecolor": "none", "pad": 1}
            look = {"color": FAINT, "va": "center", "bbox": ground}
            axes.text(1.11 * most, y, f"{missing} not", **look)
    axes.axvline(most, color=FAINT, linewidth=1, linestyle=":")
    axes.set_yticks(range(len(rows)), rows)
    axes.set(xlim=(0, 1.25 * most), ylim=(len(rows) - 0.5, -0.5))
    axes.set_xlabel(f"updates until it is solved; at the right: not in {most:,}")
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=FAINT, alpha=0.3)
    figure.alt = (
        f"Updates until the task is solved, a dot for each run, in "
        f"{plural(len(rows), 'row')}: "
        f"{'; '.join(rows)}. A cross at the right: not solved in {most:,} updates."
    )
    figure.measured = " ".join(
        f"{label}: {listed('not solved' if n is None else f'{n}' for n in steps)}."
        for label, steps in rows.items()
    )
    return figure


def saved():
    """What was measured last, and a sentence that says where and when."""
    results = json.loads(SAVED.read_text(encoding="utf-8"))
    return results, place_and_day(results["about"])


@styled
def memory(task):
    """A task of memory at growing lags, as saved: updates until it is solved.

    task: "recall" or "marked".
    """
    results, where = saved()
    most, lines = results["most"], {}
    for key, steps in results["memory"].items():
        of, name, lag = key.split("|")
        if of == task:
            lines.setdefault(name, {})[int(lag)] = steps
    lags = sorted({lag for each in lines.values() for lag in each})
    figure, grid = new_figure(8.0, 0.62 * len(lines) + 1.0)
    for y, each in enumerate(lines.values()):
        for x, lag in enumerate(lags):
            steps = each.get(lag, [])
            count = sum(n is not None for n in steps)
            words = f"{count} of 3" if steps else "not run"
            if count == 3:
                words += f"\n{np.median(steps):,.0f}"
            shade = {0: GROUND, 3: "#DCE9E4"}.get(count, LIT)
            square = {"facecolor": shade, "edgecolor": FAINT, "linewidth": 1}
            grid.add_patch(_square(x, y, **square))
            ink = {"color": INK if count else FAINT, "size": 12}
            grid.text(x, y, words, ha="center", va="center", **ink)
    grid.set(xlim=(-0.5, len(lags) - 0.5), ylim=(len(lines) - 0.5, -0.5))
    grid.set_xticks(range(len(lags)), lags)
    grid.set_yticks(range(len(lines)), lines)
    grid.xaxis.tick_top()
    grid.xaxis.set_label_position("top")
    grid.set_xlabel("lag")
    grid.tick_params(length=0)
    grid.spines[:].set_visible(False)
    grid.set_title(where, fontsize=12)
    told = [
        f"{name}: "
        + ", ".join(
            f"lag {lag} {sum(n is not None for n in steps)} of 3"
            for lag, steps in each.items()
        )
        for name, each in lines.items()
    ]
    figure.alt = (
        f"Measured on {where}. A table: how many of three networks of each kind solved "
        f"the task in {most:,} updates, and the middle one's updates. "
        f"{'; '.join(told)}. "
        "Longer lags were not tried where no network solved one."
    )
    return figure


@styled
def reading():
    """Shakespeare at equal processor seconds, as saved: a panel for each budget."""
    results, where = saved()
    lines = {}
    for key, nats in results["shakespeare"].items():
        name, seconds = key.split("|")
        lines.setdefault(float(seconds), {})[name] = nats
    shared = {"sharex": True, "sharey": True, "squeeze": False}
    figure, panels = new_figure(8.0, 3.8, 1, len(lines), **shared)
    told = []
    for axes, (seconds, each) in zip(panels[0], sorted(lines.items())):
        for y, nats in enumerate(each.values()):
            look = {"markersize": 8, "markerfacecolor": GROUND, "markeredgewidth": 2}
            axes.plot(nats, _beside(y, len(nats)), "o", color=INK, **look)
        axes.set_title(f"{seconds:g} seconds")
        axes.locator_params(axis="x", nbins=3)
        axes.xaxis.set_major_formatter("{x:.2f}")
        axes.set_yticks(range(len(each)), each)
        axes.set_ylim(len(each) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color=FAINT, alpha=0.3)
        ends = [
            f"{name} {listed(f'{x:.2f}' for x in nats)}" for name, nats in each.items()
        ]
        told.append(f"After {seconds:g} seconds: {'; '.join(ends)}.")
    middle = panels[0][len(lines) // 2]
    middle.set_xlabel("held-out loss, nats a character")
    figure.suptitle(where, fontsize=12)
    figure.alt = (
        f"Measured on {where}. Held-out loss in nats a character after equal processor "
        f"seconds, a dot for each of three seeds. {' '.join(told)}"
    )
    return figure


def _beside(y, count):
    """Heights around y, one for each run: equal results lie beside each other."""
    return y + 0.2 * (np.arange(count) - (count - 1) / 2)


def _square(x, y, **look):
    """A cell of a table around this place."""
    return Rectangle((x - 0.48, y - 0.48), 0.96, 0.96, **look)
