"""The figures of notebook 06: chunks, learning rates, runs, models, samples."""

import math

import numpy as np
from matplotlib.patheffects import withStroke

from rnncourse.figures.drawing import (
    level,
    over_training,
    visible,
)
from rnncourse.figures.style import (
    FAINT,
    GROUND,
    HIDDEN,
    INK,
    INPUT,
    OUTPUT,
    new_figure,
    steady_figure,
    styled,
)

DASHES = ("-", "--", ":", "-.")


@styled
def chunk_strip(n, T):
    """A text of n characters as a strip: full chunks of T inputs, and what is left."""
    figure, axes = new_figure(8.0, 1.7)
    full = (n - 1) // T
    for k in range(full):
        axes.barh(0, T, left=k * T, height=0.8, color=INPUT, edgecolor=GROUND)
        axes.text(
            (k + 0.5) * T, 0, f"chunk {k}", ha="center", va="center", color=GROUND
        )
    left = n - full * T
    pale = {"color": GROUND, "edgecolor": FAINT, "linestyle": ":"}
    axes.barh(0, left, left=full * T, height=0.8, **pale)
    axes.text(0, 0.62, "state restarts", ha="left", va="bottom", color=HIDDEN)
    axes.text(n, 0.62, f"{left} not read as input", ha="right", va="bottom")
    axes.set(
        xlim=(-1, n + 1), ylim=(-0.5, 1.1), xlabel="position in the text", yticks=[]
    )
    axes.spines["left"].set_visible(False)
    return figure


@styled
def learning_rates(curves, window):
    """Loss of plain gradient descent, a panel for each learning rate.

    curves: {learning rate: array (seeds, steps)}, nats a character.
    window: how many steps are averaged to one point.
    """
    figure, panels = new_figure(8.0, 3.8, 1, len(curves), sharey=True)
    for axes, (lr, losses) in zip(panels, curves.items()):
        for seed, row in enumerate(losses):
            means = row[: len(row) // window * window].reshape(-1, window).mean(1)
            steps = window * (np.arange(len(means)) + 0.5)
            axes.plot(steps, means, DASHES[seed], color=INK, label=f"seed {seed}")
        axes.set(title=f"learning rate {lr}", ylim=(2, 8))
        axes.locator_params(axis="x", nbins=4)
        over_training(axes)
    panels[0].set_ylabel("loss, nats a character")
    lines = panels[0].lines
    figure.legend(handles=lines, loc="outside lower center", ncols=len(lines))
    return figure


@styled
def first_steps(curves, start):
    """The loss over the first steps of Adagrad for several learning rates.

    curves: {learning rate: losses}, nats summed over a chunk. start: T ln V.
    """
    figure, axes = new_figure(8.0, 3.4)
    for style, (lr, losses) in zip(DASHES, curves.items()):
        axes.plot(range(1, len(losses) + 1), losses, style, color=INK, label=f"{lr}")
    level(axes, start, f"T ln V = {start:.0f}")
    axes.legend(title="learning rate")
    over_training(axes)
    axes.set_ylabel("loss of the chunk,\nnats summed over t")
    return figure


@styled
def training_run(losses, smooth, validation, T):
    """Raw, smoothed and validation loss of one run, on two units.

    losses, smooth: one a step, nats summed over T. validation: {step: nats a
    character}.
    """
    figure, axes = new_figure(8.0, 4.2)
    losses, smooth = np.asarray(losses) / T, np.asarray(smooth) / T
    steps = np.arange(1, len(losses) + 1)
    thin = slice(None, None, max(1, len(losses) // 5000))
    axes.plot(steps[thin], losses[thin], ".", color=FAINT, markersize=1.5)
    axes.plot([], [], "o", color=FAINT, label="one chunk")
    edge = withStroke(linewidth=5, foreground=GROUND)
    on_dots = {"color": INK, "path_effects": [edge]}
    axes.plot(steps[thin], smooth[thin], label="smoothed", **on_dots)
    axes.plot(*zip(*validation.items()), "--", label="held-out text", **on_dots)
    over_training(axes)
    axes.set(ylabel="loss, nats a character", ylim=(1.2, 4.4))
    axes.legend(loc="upper right")
    summed = axes.secondary_yaxis("right", functions=(lambda y: y * T, lambda y: y / T))
    summed.set_ylabel(f"nats, summed over {T} characters")
    return figure


@styled
def yardsticks(rows):
    """Bars: the loss of each model on the held-out text; rows: (name, nats, ours)."""
    figure, axes = new_figure(8.0, 0.55 * len(rows) + 0.9)
    for y, (_, nats, ours) in enumerate(rows):
        look = {"color": GROUND, "edgecolor": INK, "hatch": "//", "linewidth": 1.5}
        axes.barh(y, nats, **(look if ours else {"color": FAINT}))
        axes.text(nats + 0.05, y, f"{nats:.2f}", va="center")
    axes.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    axes.invert_yaxis()
    axes.set(xlabel="held-out loss, nats a character", xlim=(0, 4.6))
    axes.tick_params(axis="y", length=0)
    return figure


@styled
def temperatures(rows, symbols):
    """The same logits at several temperatures: bars of the probabilities.

    rows: {temperature: p}, p of shape (n,). symbols: the n characters.
    """
    figure, panels = new_figure(8.0, 3.1, 1, len(rows), sharey=True)
    for axes, (temperature, p) in zip(panels, rows.items()):
        axes.bar(range(len(p)), p, color=OUTPUT, width=0.7)
        axes.set_xticks(range(len(p)), map(visible, symbols), family="monospace")
        axes.tick_params(axis="x", length=0)
        axes.set_title(f"temperature {temperature:g}")
    panels[0].set_ylabel("probability p")
    return figure


@styled
def two_runs(runs, lines):
    """Held-out loss of several runs against the step.

    runs: {label: {step: nats a character}}. lines: (nats a character, label).
    """
    figure, axes = new_figure(8.0, 3.8)
    for style, (label, points) in zip(DASHES, runs.items()):
        axes.plot(*zip(*points.items()), style, color=INK, label=label)
    for value, label in lines:
        level(axes, value, f"{label} {value:.2f}")
    axes.legend(loc="upper right")
    over_training(axes)
    axes.set(ylabel="held-out loss, nats a character", ylim=(1.8, 3.0))
    return figure


@styled
def chunk_losses(losses):
    """The losses of consecutive chunks, nats summed over t; rises are marked."""
    figure, axes = new_figure(8.0, 3.2)
    losses = np.asarray(losses)
    axes.plot(losses, color=FAINT, linewidth=1)
    rises = 1 + np.flatnonzero(np.diff(losses) > 0)
    axes.plot(rises, losses[rises], "^", color=INK, label="higher than before")
    share = len(rises) / (len(losses) - 1)
    about = f"{losses.mean():.0f} ± {losses.std():.0f} nats, {share:.0%} rise"
    axes.set(xlabel="chunk", ylabel="loss of the chunk,\nnats summed over t")
    axes.set(title=about, ylim=(0, 1.25 * losses.max()))
    axes.legend(loc="upper right")
    return figure


@styled
def seed_spread(ends):
    """A dot for each seed: {learning rate: nats a character of each seed}."""
    figure, axes = new_figure(8.0, 2.4)
    for y, losses in enumerate(ends.values()):
        axes.plot(losses, [y] * len(losses), "o", color=INK, markersize=10)
    axes.set_yticks(range(len(ends)), [f"learning rate {lr}" for lr in ends])
    axes.set(xlabel="held-out loss, nats a character", ylim=(len(ends) - 0.5, -0.5))
    axes.grid(axis="x", color=FAINT, alpha=0.3)
    return figure


@styled
def live_run(points, lines):
    """The loss of a run so far: single chunks, the smoothed loss, where it stands.

    points: (n, loss, smoothed loss) of some steps, the newest last, nats a character;
    n = 0 is drawn at 1. lines: {label: nats a character} of the models to compare with.
    The frame is always the same, until a run is longer than 100,000 steps.
    """
    margins = {"left": 0.085, "right": 0.87, "bottom": 0.19, "top": 0.97}
    figure, axes = steady_figure(8, 3.4, **margins)
    n, losses, smooth = np.maximum(np.transpose(points), [[1], [0], [0]])
    for label, nats in lines.items():
        level(axes, nats, label)
    axes.plot(n, losses, "o", color=FAINT, markersize=2, label="one chunk")
    newest = {"marker": "o", "markevery": [-1]}
    edge = withStroke(linewidth=4, foreground=GROUND)
    axes.plot(n, smooth, color=INK, label="smoothed", path_effects=[edge], **newest)
    decades = max(5, math.ceil(math.log10(n[-1])))
    axes.set(xscale="log", xlim=(0.9, 1.1 * 10**decades), ylim=(1, 5))
    ticks = [10**k for k in range(decades + 1)]
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()
    axes.set(xlabel="training step", ylabel="loss, nats a character")
    axes.legend(loc="lower left")
    return figure


@styled
def next_character(p, symbols, drawn):
    """Bars of the ten likeliest next characters, and of all others together.

    p: (V,), their probabilities. symbols: the V characters. drawn: the index of the
    one that was drawn; its bar, or that of the others, has a mark above it.
    """
    p = np.asarray(p, float)
    top = np.argsort(-p, kind="stable")[:10].tolist()
    heights = [*p[top], max(0.0, 1 - p[top].sum())]
    margins = {"left": 0.085, "right": 0.99, "bottom": 0.21, "top": 0.97}
    figure, axes = steady_figure(8, 2.7, **margins)
    colors = [OUTPUT] * len(top) + [FAINT]
    bars = axes.bar(range(len(heights)), heights, color=colors)
    axes.bar_label(bars, fmt="%.2f", padding=3)
    place = top.index(drawn) if drawn in top else len(top)
    axes.plot(place, heights[place] + 0.22, "v", color=INK, label="drawn first")
    names = [*(visible(symbols[k]) for k in top), "others"]
    axes.set_xticks(range(len(names)), names, family="monospace")
    axes.tick_params(axis="x", length=0)
    axes.set(ylim=(0, 1.3), yticks=[0, 0.5, 1])
    axes.set(xlabel="next character", ylabel="probability")
    axes.legend(loc="upper right")
    return figure
