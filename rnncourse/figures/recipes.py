"""The figures of notebook 09: rungs, steps, rates, overfitting, the race.

Training is chaotic: its numbers stand in `measured`, see `seeing.show`.
"""

import json
from itertools import cycle
from pathlib import Path

import numpy as np

from rnncourse.figures.drawing import (
    begun,
    listed,
    number,
    over_training,
    plural,
    with_place,
)
from rnncourse.figures.style import FAINT, INK, LOOKS, new_figure, styled

# What `make race` measured last, and where: written by benchmarks/race.py.
LONG_RACE = Path(__file__).with_name("long_race.json")


@styled
def ladder(rungs, marks=()):
    """A row for each recipe, a dot for each seed.

    rungs: {recipe: nats a character of each seed}. marks: pairs (model, nats), dashed
    lines to compare with.
    """
    figure, axes = new_figure(8.0, 0.5 * len(rungs) + 1.6)
    for y, nats in enumerate(rungs.values()):
        axes.plot(nats, [y] * len(nats), "o", color=INK, markersize=9, alpha=0.7)
    edge = axes.get_xaxis_transform()
    for name, nats in marks:
        axes.axvline(nats, color=FAINT, linestyle="--", linewidth=1.5)
        axes.text(nats, 1.02, name, transform=edge, ha="center", va="bottom")
    # Wide enough that a difference within the spread does not look like one.
    shown = [*np.ravel(list(rungs.values())), *(nats for _, nats in marks)]
    width = np.ptp(shown)
    room = max(0.03, 0.15 - width / 2, width / 30)
    axes.set_xlim(min(shown) - room, max(shown) + room)
    axes.xaxis.set_major_formatter("{x:.2f}")
    axes.set_yticks(range(len(rungs)), rungs)
    axes.set(xlabel="held-out loss, nats a character", ylim=(len(rungs) - 0.5, -0.5))
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=FAINT, alpha=0.3)
    (seeds,) = {len(nats) for nats in rungs.values()}
    figure.alt = (
        f"Held-out loss in nats a character, a row for each recipe, a dot for each of "
        f"{plural(seeds, 'seed')}, from above: {'; '.join(rungs)}."
    )
    if marks:
        lines = listed(f"{name} {nats:.2f}" for name, nats in marks)
        figure.alt += f" Dashed lines for models that count: {lines}."
    figure.measured = " ".join(
        f"{begun(name)}: {listed(f'{x:.2f}' for x in nats)}."
        for name, nats in rungs.items()
    )
    return figure


@styled
def step_sizes(sizes):
    """How large the steps are, one after the other, on two logarithmic axes.

    sizes: {method: the size of each step, above 0}.
    """
    figure, axes = new_figure(8.0, 3.2)
    for look, (name, values) in zip(cycle(LOOKS), sizes.items()):
        line = {**look, "marker": ""}
        axes.plot(range(1, len(values) + 1), values, label=name, **line)
    axes.set(xscale="log", yscale="log", xlabel="update n", ylabel="size of the step")
    top = max(np.max(values) for values in sizes.values())
    low = min(np.min(values) for values in sizes.values())
    axes.set_ylim(low / 1.5, top * 1.5)
    axes.legend()
    told = [
        f"{name} from {number(values[0], '.2g')} to {number(values[-1], '.2g')}"
        for name, values in sizes.items()
    ]
    figure.alt = (
        f"The size of the step against the update, 1 to "
        f"{max(map(len, sizes.values())):,}, on two logarithmic axes: {listed(told)}."
    )
    return figure


@styled
def rates(schedules):
    """Learning rates over a training: {name: the rate of each step}."""
    figure, axes = new_figure(8.0, 3.0)
    for look, (name, values) in zip(cycle(LOOKS), schedules.items()):
        axes.plot(range(len(values)), values, label=name, **{**look, "marker": ""})
    over_training(axes)
    axes.set(ylabel="learning rate", ylim=(0, None))
    axes.legend()
    told = [
        f"{name} begins at {number(values[0])}, is {number(values[len(values) // 2])} "
        f"half way and ends at {number(values[-1], '.2g')}"
        for name, values in schedules.items()
    ]
    figure.alt = f"Learning rate against training step: {'; '.join(told)}."
    return figure


@styled
def overfitting(steps, runs, text):
    """The loss on the text that is trained on and on a held-out one, panel by panel.

    steps: when it was measured. runs: {method: (training, held out)}, each of shape
    (seeds, measurements), nats a character. text: what the panels have in common.
    """
    figure, panels = new_figure(8.0, 3.8, 1, len(runs), sharey=True, squeeze=False)
    for axes, (name, (training, held_out)) in zip(panels[0], runs.items()):
        for look, rows, label in (
            ({"color": FAINT, "linestyle": "--"}, training, "text trained on"),
            ({"color": INK, "linestyle": "-"}, held_out, "held-out text"),
        ):
            lines = axes.plot(steps, np.transpose(rows), **look)
            lines[0].set_label(label)
        over_training(axes)
        axes.locator_params(axis="x", nbins=4)
        axes.set_title(name)
    panels[0, 0].set_ylabel("loss, nats a character")
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    seeds = len(next(iter(runs.values()))[0])
    figure.alt = (
        f"Loss in nats a character against training step, to step {steps[-1]:,}, for "
        f"{text}. A panel for each of: {listed(runs)}. In each, dashed, the text "
        "trained on and, solid, the held-out text, a line for each of "
        f"{plural(seeds, 'seed')}."
    )
    figure.measured = " ".join(
        f"{begun(name)}: held out lowest "
        f"{listed(f'{row.min():.2f} at step {steps[row.argmin()]}' for row in held)}, "
        f"at last {listed(f'{row[-1]:.2f}' for row in held)}; trained on, at last "
        f"{listed(f'{row[-1]:.2f}' for row in np.asarray(training))}."
        for name, (training, held) in (
            (name, (pair[0], np.asarray(pair[1]))) for name, pair in runs.items()
        )
    )
    return figure


@styled
def race(runs, counted):
    """Loss against processor seconds: lines for trained networks, crosses for counts.

    runs: {name: pairs (seconds, nats a character)}. counted: {name: (seconds, nats)}.
    """
    figure, axes = new_figure(8.0, 4.4)
    for look, (name, points) in zip(cycle(LOOKS), runs.items()):
        axes.plot(*np.transpose(points), label=name, markersize=8, **look)
    for name, (seconds, nats) in counted.items():
        axes.plot(seconds, nats, "x", color=INK, markersize=9, markeredgewidth=2.5)
        offset = {"xytext": (8, 0), "textcoords": "offset points", "va": "center"}
        axes.annotate(name, (seconds, nats), **offset)
    axes.set(xscale="log", xlabel="processor seconds, one thread")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_ylabel("held-out loss, nats a character")
    bits = axes.secondary_yaxis(
        "right", functions=(lambda y: y / np.log(2), lambda y: y * np.log(2))
    )
    bits.set_ylabel("bits a character")
    figure.legend(loc="outside lower center", ncols=len(runs))
    axes.grid(axis="y", color=FAINT, alpha=0.3)
    figure.alt = (
        "Held-out loss in nats and, at the right, in bits a character, against "
        f"processor seconds on a logarithmic axis. Lines for {listed(runs)}; crosses "
        f"for models that count: {listed(counted)}."
    )
    trained = [
        f"{begun(name)}: {listed(f'{x:.2f} nats in {s:.0f} s' for s, x in points)}."
        for name, points in runs.items()
    ]
    counts = [
        f"{begun(name)}: {x:.2f} in {s:.1f} s." for name, (s, x) in counted.items()
    ]
    figure.measured = " ".join(trained + counts)
    return figure


def long_race():
    """The race that `make race` measured last: its figure, with machine and date."""
    results = json.loads(LONG_RACE.read_text(encoding="utf-8"))
    runs = {name: points for name, points in results["runs"].items() if points}
    return with_place(race(runs, results["counted"]), results["about"])
