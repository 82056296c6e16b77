"""The figures of notebook 08: how far a gradient reaches, and how far a state does.

Trained networks differ from machine to machine: what they measure stands in
`measured`, see `seeing.show`.
"""

import numpy as np

from rnncourse.figures.drawing import (
    begun,
    listed,
    mean_lines,
    number,
    plain_powers,
    plural,
)
from rnncourse.figures.style import FAINT, GROUND, INK, LOOKS, new_figure, styled


@styled
def by_lag(curves):
    """How much of a push is left, against the lag: lines on a logarithmic axis.

    curves: {name: (runs, lags)}, positive numbers, from lag 0 on.
    """
    figure, axes = new_figure(8.0, 4.0)
    told, measured = [], []
    for (name, runs), look in zip(curves.items(), LOOKS):
        runs = np.atleast_2d(runs)
        lines = axes.plot(runs.T, **{**look, "marker": ""})
        lines[0].set_label(name)
        ends = runs[:, -1]
        where = "above" if min(ends) > 1 else "below" if max(ends) < 1 else "around"
        told.append(f"{name}, {plural(len(runs), 'run')}, at the end {where} 1")
        measured.append(f"{name} {listed(map(_rough, ends))}")
    axes.axhline(1, color=FAINT, linewidth=1)
    axes.set(yscale="log", xlabel="lag, in steps", ylabel="largest stretch")
    axes.margins(x=0.01)
    bottom, _ = axes.get_ylim()
    axes.set_ylim(bottom=max(bottom, 1e-8))  # less of a push is nothing
    plain_powers(axes.yaxis)
    axes.legend()
    last = runs.shape[1] - 1
    figure.alt = (
        f"The largest stretch against the lag, from 0 to {last} steps, on a "
        f"logarithmic axis; all begin at 1. {'; '.join(told)}."
    )
    figure.measured = f"At lag {last}: {'; '.join(measured)}."
    return figure


@styled
def powers(panels):
    """The norm of the n-th power of a matrix, between two straight lines.

    panels: {title: (norms of n = 0, 1, ..., spectral radius, largest singular value)}.
    """
    figure, grid = new_figure(8.0, 3.6, 1, len(panels), squeeze=False)
    told = []
    for axes, (title, (norms, rho, sigma)) in zip(grid[0], panels.items()):
        norms = np.asarray(norms)
        n = np.arange(len(norms))
        axes.plot(n, rho**n, "--", color=FAINT, label="ρⁿ, by eigenvalues")
        axes.plot(n, norms, color=INK, label="σ(Aⁿ)")
        axes.plot(n, sigma**n, ":", color=FAINT, label="σ(A)ⁿ, the bound")
        frame = min(norms[-1], rho ** n[-1]) / 3, 3 * norms.max()
        axes.set(yscale="log", ylim=frame, xlabel="n", title=title)
        plain_powers(axes.yaxis)
        most = int(norms.argmax())
        told.append(
            f"{title}: ρ is {rho:.1f} and σ {sigma:.1f}; σ(Aⁿ) is largest at n = "
            f"{most}, {norms[most]:.1f}, and {number(norms[-1], '.1g')} at n = {n[-1]}"
        )
    handles = grid[0, 0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside lower center", ncols=3)
    figure.alt = (
        "The largest stretch of powers of a matrix against n, on a logarithmic axis, "
        f"with ρⁿ below it and the bound above it. {'; '.join(told)}."
    )
    return figure


@styled
def context(lengths, curves):
    """The loss against how many characters a network has read, state zero before.

    lengths: how many characters. curves: {name: (runs, lengths)}, nats a character.
    """
    figure, axes = new_figure(8.0, 3.8)
    told, measured = [], []
    for (name, runs), look in zip(curves.items(), LOOKS):
        runs = np.atleast_2d(runs)
        lines = axes.plot(range(len(lengths)), runs.T, **look)
        lines[0].set_label(name)
        told.append(f"{name}, {plural(len(runs), 'run')}")
        for at in (0, -1):
            values = listed(f"{nats:.2f}" for nats in runs[:, at])
            measured.append(f"{name}, {lengths[at]} read: {values}")
    axes.set_xticks(range(len(lengths)), lengths)
    axes.set_xlabel("characters read before the prediction")
    axes.set_ylabel("loss, nats a character")
    axes.legend()
    figure.alt = (
        "The loss of a prediction in nats a character, against the number of "
        f"characters read before it: {listed(lengths)}. {'; '.join(told)}."
    )
    figure.measured = f"{'; '.join(measured)}."
    return figure


@styled
def dots(rows, xlabel, floors=()):
    """A dot for each run: {label: values}, a row each.

    floors: where a row cannot get below, a number or None for each row.
    """
    figure, axes = new_figure(8.0, 0.5 * len(rows) + 1.2)
    for y, values in enumerate(rows.values()):
        look = {"markersize": 9, "markerfacecolor": GROUND, "markeredgewidth": 2}
        axes.plot(values, [y] * len(values), "o", color=INK, **look)
    floors = {y: floor for y, floor in enumerate(floors) if floor is not None}
    for y, floor in floors.items():
        axes.plot([floor] * 2, [y - 0.35, y + 0.35], color=FAINT, linewidth=3)
    axes.set_yticks(range(len(rows)), rows)
    axes.set(xlabel=xlabel, ylim=(len(rows) - 0.5, -0.5))
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=FAINT, alpha=0.3)
    marks = [f"{list(rows)[y]} {floor:.2f}" for y, floor in floors.items()]
    floor = f" A vertical line marks a floor: {listed(marks)}." if marks else ""
    figure.alt = (
        f"{begun(xlabel)}, a dot for each run, in "
        f"{plural(len(rows), 'row')}: {'; '.join(rows)}.{floor}"
    )
    figure.measured = " ".join(
        f"{label}: {listed(f'{value:.2f}' for value in values)}."
        for label, values in rows.items()
    )
    return figure


@styled
def lead(gaps, one, other, window=100):
    """By how much one kind of run is ahead of another on the same chunks.

    gaps: {name: (runs, steps)}, the loss of `one` minus that of `other`, in nats a
    character; each point is the mean over `window` steps. The first point may leave
    the frame.
    """
    figure, axes = new_figure(8.0, 4.0)
    steps, drawn, lines = mean_lines(axes, gaps, window)
    for line, name in zip(lines, gaps):
        line.set_label(name)
    room = 1.1 * max(np.abs(means[:, 1:]).max() for means in drawn.values())
    axes.axhline(0, color=FAINT, linewidth=1)
    at = {"transform": axes.get_yaxis_transform(), "ha": "right", "size": 12}
    axes.text(0.99, 0.9 * room, f"{other} ahead", va="top", **at)
    axes.text(0.99, -0.9 * room, f"{one} ahead", va="bottom", **at)
    axes.set_ylabel(f"{one} minus {other},\nnats a character")
    axes.set_ylim(-room, room)
    axes.legend(loc="lower center")
    told = [f"{name}, {plural(len(runs), 'run')}" for name, runs in drawn.items()]
    figure.alt = (
        f"The training loss of {one} minus that of {other} in nats a character, over "
        f"{steps[-1]:,} training steps, each point the mean over {window}: "
        f"{'; '.join(told)}. Above 0 {other} is ahead, below 0 {one}."
    )
    figure.measured = " ".join(
        f"{name}: {listed(number(gap, '.2f') for gap in means[:, at])} at step "
        f"{steps[at]:,}."
        for name, means in drawn.items()
        for at in (len(steps) // 4 - 1, -1)
    )
    return figure


def _rough(value):
    """A number to one digit: 0.05, 300, 1e+07."""
    return number(float(f"{value:.1g}"))
