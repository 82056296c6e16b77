"""The figures of notebook 08: how far a gradient reaches, and how far a state does.

Trained networks differ from machine to machine: what they measure stands in
`measured`, see `seeing.show`.
"""

import numpy as np

from rnncourse.figures.drawing import level, listed, number, plain_powers
from rnncourse.figures.style import FAINT, GROUND, INK, LOOKS, new_figure, styled

MARKS = ("|", "o", "x")  # a bound is an edge


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
        told.append(f"{name}, {_lines(runs)}, at the end {where} 1")
        measured.append(f"{name} {listed(number(end, '.1g') for end in ends)}")
    axes.axhline(1, color=FAINT, linewidth=1)
    axes.set(yscale="log", xlabel="lag, in steps", ylabel="largest stretch")
    axes.margins(x=0.01)
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
def stretches(rows):
    """Rows of marks on a logarithmic axis: what a bound says, what is, an estimate.

    rows: {label: {name: values}}, the same names in every row, positive numbers.
    """
    figure, axes = new_figure(8.0, 0.6 * len(rows) + 1.7)
    names = list(next(iter(rows.values())))
    for y, marks in enumerate(rows.values()):
        for mark, (values, color) in zip(MARKS, zip(marks.values(), (FAINT, INK, INK))):
            look = {"markersize": 10, "markeredgewidth": 2, "fillstyle": "none"}
            axes.plot(values, [y] * len(values), mark, color=color, **look)
    for mark, name, color in zip(MARKS, names, (FAINT, INK, INK)):
        look = {"markeredgewidth": 2, "fillstyle": "none"}
        axes.plot([], [], mark, color=color, label=name, **look)
    axes.axvline(1, color=FAINT, linewidth=1)
    axes.set(xscale="log", xlabel="stretch", ylim=(len(rows) - 0.5, -0.5))
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(axis="y", length=0)
    plain_powers(axes.xaxis)
    figure.legend(loc="outside lower center", ncols=len(names))
    told = [
        f"{label}: " + ", ".join(f"{name} {_power(v)}" for name, v in marks.items())
        for label, marks in rows.items()
    ]
    figure.alt = (
        f"Stretches on a logarithmic axis, a row for each network with {_lines(values)}"
        f" of {listed(names)}. Powers of ten: {'; '.join(told)}."
    )
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
        told.append(f"{name}, {_lines(runs)}")
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
    upright = f" An upright line marks a floor: {listed(marks)}." if marks else ""
    figure.alt = (
        f"{xlabel[0].upper()}{xlabel[1:]}, a dot for each run, in "
        f"{len(rows)} rows: {'; '.join(rows)}.{upright}"
    )
    figure.measured = " ".join(
        f"{label}: {listed(f'{value:.2f}' for value in values)}."
        for label, values in rows.items()
    )
    return figure


@styled
def by_position(panels, chance):
    """The loss at each place in a chunk: {title: (runs, T)}, nats; chance: a level."""
    figure, grid = new_figure(8.0, 3.2, 1, len(panels), sharey=True, squeeze=False)
    told = []
    for axes, (title, runs) in zip(grid[0], panels.items()):
        runs = np.atleast_2d(runs)
        t = np.arange(runs.shape[1])
        for values, look in zip(runs, LOOKS):
            axes.plot(t, values, **look)
        axes.axhline(chance, color=FAINT, linestyle="--", linewidth=1.5)
        axes.set(title=title, xlabel="t, place in the chunk", xticks=t)
        known = [str(k) for k in t if runs[:, k].max() < 0.1]
        where = f"t = {listed(known)}" if known else "no t"
        told.append(f"{title}, {_lines(runs)}: below 0.1 at {where}")
    level(grid[0, -1], chance, "ln 2")
    grid[0, 0].set(ylabel="loss, nats", ylim=(-0.05, 1.25 * chance))
    figure.alt = (
        f"The loss in nats at each of the {len(t)} places in a chunk; a dashed line "
        f"marks chance, {chance:.2f}. {'; '.join(told)}."
    )
    return figure


def _lines(runs):
    """How many there are, in words."""
    return "1 run" if len(runs) == 1 else f"{len(runs)} runs"


def _power(values):
    """The exponent of ten nearest to the middle of some positive numbers."""
    return number(round(float(np.median(np.log10(values)))))
