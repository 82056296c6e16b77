"""The figures of notebook 06: chunks, learning rates, runs, models, samples.

Long training is chaotic: its numbers stand in `measured`, see `seeing.show`.
"""

import math
from itertools import cycle

import numpy as np
from matplotlib.patheffects import withStroke

from rnncourse.figures.drawing import (
    level,
    listed,
    next_characters,
    number,
    over_training,
    plural,
    visible,
)
from rnncourse.figures.style import (
    FAINT,
    GROUND,
    HIDDEN,
    INK,
    INPUT,
    OUTPUT,
    SIGNED,
    ink_on,
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
    places = [f"chunk {k} from {k * T} to {k * T + T - 1}" for k in range(full)]
    figure.alt = (
        f"A strip of {n} characters by position in the text: "
        f"{listed(places or ['no chunk'])}. At the end {left} not read as input. The "
        "state restarts at position 0."
    )
    return figure


@styled
def learning_rates(curves, window):
    """Loss of plain gradient descent, a panel for each learning rate.

    curves: {learning rate: array (seeds, steps)}, nats a character.
    window: how many steps are averaged to one point.
    """
    figure, panels = new_figure(8.0, 3.8, 1, len(curves), sharey=True, squeeze=False)
    curves = {lr: np.asarray(losses) for lr, losses in curves.items()}
    means = {
        lr: losses[:, : losses.shape[1] // window * window]
        .reshape(len(losses), -1, window)
        .mean(axis=2)
        for lr, losses in curves.items()
    }
    for axes, (lr, rows) in zip(panels[0], means.items()):
        for seed, row in enumerate(rows):
            steps = window * (np.arange(len(row)) + 0.5)
            axes.plot(steps, row, DASHES[seed % 4], color=INK, label=f"seed {seed}")
        axes.set(title=f"learning rate {lr}")
        axes.locator_params(axis="x", nbins=4)
        over_training(axes)
    # What leaves the frame has more than twice the loss that the runs begin with.
    first = max(rows[0, 0] for rows in means.values())
    lowest = min(np.nanmin(rows) for rows in means.values())
    panels[0, 0].set(ylabel="loss, nats a character", ylim=(0.9 * lowest, 2 * first))
    lines = panels[0, 0].lines
    figure.legend(handles=lines, loc="outside lower center", ncols=len(lines))
    steps = next(iter(curves.values())).shape[1]
    figure.alt = (
        f"Loss in nats a character over {steps:,} training steps, a panel for each "
        f"learning rate: {'; '.join(map(str, means))}. In each a line for every seed, "
        f"{len(lines)} in all."
    )
    figure.measured = " ".join(
        f"Learning rate {lr}: from {rows[:, 0].mean():.1f} at first, lowest "
        f"{listed(f'{low:.1f}' for low in np.nanmin(rows, axis=1))}, at last "
        f"{listed(f'{last:.1f}' for last in rows[:, -1])}."
        for lr, rows in means.items()
    )
    return figure


@styled
def first_steps(curves, start):
    """The loss over the first steps of Adagrad for several learning rates.

    curves: {learning rate: losses}, nats summed over a chunk. start: T ln V.
    """
    figure, axes = new_figure(8.0, 3.4)
    for style, (lr, losses) in zip(cycle(DASHES), curves.items()):
        axes.plot(range(1, len(losses) + 1), losses, style, color=INK, label=f"{lr}")
    level(axes, start, f"T ln V = {start:.0f}")
    axes.legend(title="learning rate")
    over_training(axes)
    axes.set_ylabel("loss of the chunk,\nnats summed over t")
    told = [
        f"with learning rate {lr} it begins at {losses[0]:.0f} and is highest at step "
        f"{int(np.argmax(losses)) + 1}, with {max(losses):.0f}"
        for lr, losses in curves.items()
    ]
    figure.alt = (
        f"Loss of the first {max(map(len, curves.values()))} chunks, nats summed over "
        f"t: {'; '.join(told)}. A dashed line marks T ln V, {start:.0f}."
    )
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
    # The rare easy chunks and the first rise may leave the frame.
    top = 1.05 * max(losses[0], *validation.values())
    frame = 0.95 * np.quantile(losses, 0.002), top
    axes.set(ylabel="loss, nats a character", ylim=frame)
    axes.legend(loc="upper right")
    summed = axes.secondary_yaxis("right", functions=(lambda y: y * T, lambda y: y / T))
    summed.set_ylabel(f"nats, summed over {T} characters")
    figure.alt = (
        f"Loss against training step, {len(losses):,} steps, in nats a character and, "
        f"at the right, summed over {T} characters: dots for single chunks, a solid "
        "line for the smoothed loss, a dashed one for the held-out text, measured "
        f"{plural(len(validation), 'time')}."
    )
    at, nats = list(validation), list(validation.values())
    figure.measured = (
        f"Smoothed, the loss falls from {smooth[0]:.2f} to {smooth[-1]:.2f} nats a "
        f"character; on the held-out text it goes from {nats[0]:.2f} at step {at[0]:,} "
        f"to {nats[-1]:.2f} at step {at[-1]:,}, lowest {min(nats):.2f}."
    )
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
    widest = max(nats for _, nats, _ in rows)
    axes.set(xlabel="held-out loss, nats a character", xlim=(0, 1.12 * widest))
    axes.tick_params(axis="y", length=0)
    counted = [f"{name} {nats:.2f}" for name, nats, ours in rows if not ours]
    trained = [(name, nats) for name, nats, ours in rows if ours]
    figure.alt = (
        f"{plural(len(rows), 'bar')}, the held-out loss of each model in nats a "
        f"character: {listed(counted + [name for name, _ in trained])}. Trained ones "
        "are hatched."
    )
    figure.measured = " ".join(f"{name}: {nats:.2f}." for name, nats in trained)
    return figure


@styled
def temperatures(rows, symbols):
    """The same logits at several temperatures: bars of the probabilities.

    rows: {temperature: p}, p of shape (n,). symbols: the n characters.
    """
    figure, panels = new_figure(8.0, 3.1, 1, len(rows), sharey=True, squeeze=False)
    for axes, (temperature, p) in zip(panels[0], rows.items()):
        axes.bar(range(len(p)), p, color=OUTPUT, width=0.7)
        axes.set_xticks(range(len(p)), map(visible, symbols), family="monospace")
        axes.tick_params(axis="x", length=0)
        axes.set_title(f"temperature {temperature:g}")
    panels[0, 0].set_ylabel("probability p")
    names = [visible(symbol) for symbol in symbols]
    figure.alt = (
        f"The probabilities of {len(names)} characters, a panel of bars for each "
        f"temperature: {listed(f'{temperature:g}' for temperature in rows)}."
    )
    figure.measured = " ".join(
        f"At {temperature:g}: {listed(f'{k} {v:.2f}' for k, v in zip(names, p))}."
        for temperature, p in rows.items()
    )
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
    dots = [f"{lr}, {plural(len(losses), 'seed')}" for lr, losses in ends.items()]
    figure.alt = (
        "Held-out loss in nats a character, a dot for each seed, a row for each "
        f"learning rate: {'; '.join(dots)}."
    )
    figure.measured = " ".join(
        f"Learning rate {lr}: {listed(f'{nats:.2f}' for nats in sorted(losses))}."
        for lr, losses in ends.items()
    )
    return figure


@styled
def unit_over_text(h, text):
    """One unit over a text: each character on a ground coloured by the state after it.

    h: (n,), the states of the unit. text: the n characters just read.
    """
    lines = text.splitlines(keepends=True)
    figure, axes = new_figure(8.0, max(2.4, 0.3 * len(lines) + 0.3))
    states = np.full((len(lines), max(map(len, lines))), np.nan)
    states[[y for y, line in enumerate(lines) for _ in line], places(lines)] = h
    look = {"cmap": SIGNED, "vmin": -1, "vmax": 1, "aspect": "auto"}
    image = axes.imshow(states, interpolation="none", **look)
    look = {"ha": "center", "va": "center", "family": "monospace", "size": 12}
    for (y, x), state in np.ndenumerate(states):
        if x < len(lines[y]):
            ink = ink_on(image.cmap(image.norm(state)))
            axes.text(x, y, visible(lines[y][x]), color=ink, **look)
    axes.axis("off")
    figure.colorbar(image, ax=axes, label="state h of the unit", pad=0.01)
    figure.alt = (
        f"{plural(len(lines), 'line')} of text, {plural(len(text), 'character')}. Each "
        "stands on a ground coloured by the state of one unit after reading it: orange "
        "above 0, purple below."
    )
    means = [number(np.mean(part), "z.2f") for part in parts(h, lines)]
    figure.measured = f"The mean state of the unit, line by line: {listed(means)}."
    return figure


def places(lines):
    """The column of each character of these lines."""
    return [x for line in lines for x in range(len(line))]


def parts(h, lines):
    """The states h, cut where the lines are."""
    return np.split(np.asarray(h), np.cumsum([len(line) for line in lines])[:-1])


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
    top = 1.2 * max([*lines.values(), smooth[0]])
    axes.set(xscale="log", xlim=(0.9, 1.1 * 10**decades), ylim=(0, top))
    ticks = [10**k for k in range(decades + 1)]
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()
    axes.set(xlabel="training step", ylabel="loss, nats a character")
    axes.legend(loc="lower left")
    figure.alt = (
        "Loss in nats a character against training step, to step "
        f"{n[-1]:,.0f}: dots for single chunks, a line for the smoothed loss, now "
        f"{number(smooth[-1], '.2f')}."
    )
    if lines:
        marks = [f"{label} {number(nats, '.2f')}" for label, nats in lines.items()]
        figure.alt += f" Dashed lines: {listed(marks)}."
    return figure


@styled
def next_character(p, symbols, drawn):
    """Bars of the ten likeliest next characters, and of all others together.

    p: (V,), their probabilities. symbols: the V characters. drawn: the index of the
    one that was drawn; its bar, or that of the others, has a mark above it.
    """
    margins = {"left": 0.085, "right": 0.99, "bottom": 0.21, "top": 0.97}
    figure, axes = steady_figure(8, 2.7, **margins)
    told, name = next_characters(axes, p, symbols, drawn, INK, "drawn first")
    axes.legend(loc="upper right")
    figure.alt = (
        f"Bars of the probability of the next character, the likeliest first: "
        f"{listed(told)}. A mark over {name}: the one drawn first."
    )
    return figure
