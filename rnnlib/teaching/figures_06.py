"""Figures of notebooks 00 and 06."""

import numpy as np

from rnnlib.teaching.style import (
    FAINT,
    GROUND,
    HIDDEN,
    INK,
    INPUT,
    OUTPUT,
    TARGET,
    new_figure,
    styled,
)

DASHES = ("-", "--", ":", "-.")


# number, title, minutes, what the student builds
COURSE = (
    ("00", "Start here", 10, "this page"),
    ("01", "One-hot encoding", 30, "characters as vectors, chunks"),
    ("02", "The forward pass", 50, "states and predictions"),
    ("03", "Softmax and cross-entropy", 60, "the loss, its first gradient"),
    ("04", "Backpropagation through time", 90, "the whole gradient"),
    ("05", "Gradient checking", 60, "trust in the gradient"),
    ("06", "Training", 90, "a model of Shakespeare"),
)


@styled
def course_map(rows=COURSE):
    """The notebooks in reading order: number, title, minutes, what is built."""
    figure, axes = new_figure(9.0, 0.62 * len(rows) + 0.3)
    axes.set(xlim=(0, 10), ylim=(len(rows) - 0.3, -0.7))
    axes.axis("off")
    for y, (number, title, minutes, built) in enumerate(rows):
        box = {"boxstyle": "round,pad=0.35", "facecolor": INPUT, "edgecolor": INPUT}
        axes.text(0.25, y, number, color=GROUND, ha="center", va="center", bbox=box)
        axes.text(0.75, y, title, va="center", weight="bold")
        axes.text(5.2, y, f"{minutes} min", va="center", ha="right", color=INK)
        axes.text(5.5, y, built, va="center", color=INK)
        if y:
            arrow = {"arrowstyle": "->", "color": FAINT, "lw": 1.5}
            axes.annotate("", (0.25, y - 0.28), (0.25, y - 0.72), arrowprops=arrow)
    return figure


@styled
def pair_counts(counts, symbols):
    """A table of how often each symbol (row) is followed by each (column)."""
    figure, axes = new_figure(4.6, 3.8)
    axes.imshow(counts, cmap="Blues", vmin=0, vmax=2 * counts.max())
    for (row, column), count in np.ndenumerate(counts):
        axes.text(column, row, int(count), ha="center", va="center")
    axes.set_xticks(range(len(symbols)), symbols)
    axes.set_yticks(range(len(symbols)), symbols)
    axes.set(xlabel="next character", ylabel="character")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return figure


@styled
def hello_losses(losses, floor):
    """Loss against step, with the least that counting pairs can reach.

    losses: nats a character, one for each step. floor: nats a character.
    """
    figure, axes = new_figure(8.0, 3.2)
    axes.semilogy(range(1, len(losses) + 1), losses, color=HIDDEN)
    axes.axhline(floor, color=TARGET, linestyle="--")
    axes.text(len(losses), 1.3 * floor, "best with pairs", ha="right", color=TARGET)
    axes.set(xlabel="step", ylabel="loss (nats a character)")
    return figure


@styled
def chunk_strip(n, T):
    """A text of n characters as a strip: full chunks of T inputs, and what is left."""
    figure, axes = new_figure(8.0, 1.7)
    full = (n - 1) // T
    for k in range(full):
        color = INPUT if k % 2 == 0 else "#4C9CCB"
        axes.barh(0, T, left=k * T, height=0.8, color=color, edgecolor=GROUND)
        axes.text(
            (k + 0.5) * T, 0, f"chunk {k}", ha="center", va="center", color=GROUND
        )
    left = n - full * T
    axes.barh(0, left, left=full * T, height=0.8, color="#E6E6E6", edgecolor=GROUND)
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
    figure, panels = new_figure(9.0, 3.4, 1, len(curves), sharey=True)
    for axes, (lr, losses) in zip(panels, curves.items()):
        for seed, row in enumerate(losses):
            means = row[: len(row) // window * window].reshape(-1, window).mean(1)
            steps = window * (np.arange(len(means)) + 0.5)
            axes.plot(steps, means, DASHES[seed], color=HIDDEN, label=f"seed {seed}")
        axes.set(title=f"learning rate {lr}", xlabel="step", ylim=(2, 8))
    panels[0].set_ylabel("loss (nats a character)")
    panels[0].legend(loc="upper right", fontsize=12)
    return figure


@styled
def first_steps(curves, start):
    """The loss over the first steps of Adagrad for several learning rates.

    curves: {learning rate: losses}, nats summed over a chunk. start: T ln V.
    """
    figure, axes = new_figure(8.0, 3.4)
    for style, (lr, losses) in zip(DASHES, curves.items()):
        axes.plot(range(1, len(losses) + 1), losses, style, color=HIDDEN, label=f"{lr}")
    axes.axhline(start, color=FAINT, linewidth=1)
    axes.text(0.6, start, "T ln V", ha="right", va="center", color=INK)
    axes.set_xlim(left=-3)
    axes.legend(title="learning rate")
    axes.set(xlabel="step", ylabel="loss of the chunk\n(nats, summed over t)")
    return figure


@styled
def training_run(losses, smooth, validation, T):
    """Raw, smoothed and validation loss of one run, on two units.

    losses, smooth: one a step, nats summed over T. validation: {step: nats a
    character}.
    """
    figure, axes = new_figure(8.5, 4.2)
    losses, smooth = np.asarray(losses) / T, np.asarray(smooth) / T
    steps = np.arange(1, len(losses) + 1)
    thin = slice(None, None, max(1, len(losses) // 5000))
    axes.plot(steps[thin], losses[thin], ".", color="#BDBDBD", markersize=2)
    axes.plot([], [], "o", color="#BDBDBD", label="one chunk")
    axes.plot(steps[thin], smooth[thin], color=HIDDEN, label="smoothed")
    axes.plot(*zip(*validation.items()), "--", color=OUTPUT, label="held-out text")
    axes.set(xlabel="step", ylabel="nats a character", ylim=(1.2, 4.4))
    axes.legend(loc="upper right", markerscale=1)
    summed = axes.secondary_yaxis("right", (lambda y: y * T, lambda y: y / T))
    summed.set_ylabel(f"nats, summed over {T} characters")
    return figure


@styled
def yardsticks(rows):
    """Bars: the loss of each model on the held-out text; rows: (name, nats, ours)."""
    figure, axes = new_figure(8.0, 0.55 * len(rows) + 0.9)
    for y, (_, nats, ours) in enumerate(rows):
        axes.barh(y, nats, color=HIDDEN if ours else FAINT, hatch="//" if ours else "")
        axes.text(nats + 0.05, y, f"{nats:.2f}", va="center")
    axes.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    axes.invert_yaxis()
    axes.set(xlabel="held-out loss (nats a character)", xlim=(0, 4.6))
    axes.tick_params(axis="y", length=0)
    return figure


@styled
def temperatures(rows, symbols):
    """The same logits at several temperatures: bars of the probabilities.

    rows: {temperature: p}, p of shape (n,). symbols: the n characters.
    """
    figure, panels = new_figure(9.0, 3.0, 1, len(rows), sharey=True)
    for axes, (temperature, p) in zip(panels, rows.items()):
        axes.bar(range(len(p)), p, color=OUTPUT)
        axes.set_xticks(range(len(p)), symbols)
        axes.set_title(f"temperature {temperature}")
    panels[0].set_ylabel("probability")
    return figure


@styled
def two_runs(runs, lines):
    """Held-out loss of several runs against the step.

    runs: {label: {step: nats a character}}. lines: (nats a character, label).
    """
    figure, axes = new_figure(8.0, 3.8)
    for style, (label, points) in zip(DASHES, runs.items()):
        axes.plot(*zip(*points.items()), style, color=OUTPUT, label=label)
    for value, label in lines:
        axes.axhline(value, color=TARGET, linewidth=1)
        axes.text(0, value, label, va="bottom", color=TARGET)
    axes.legend(loc="upper right")
    axes.set(xlabel="step", ylabel="held-out loss (nats a character)", ylim=(1.8, 3.0))
    return figure


@styled
def chunk_losses(losses):
    """The losses of consecutive chunks, nats summed over t; rises are marked."""
    figure, axes = new_figure(8.5, 3.2)
    losses = np.asarray(losses)
    axes.plot(losses, color=FAINT, linewidth=1)
    rises = 1 + np.flatnonzero(np.diff(losses) > 0)
    axes.plot(rises, losses[rises], "^", color=HIDDEN, label="higher than before")
    share = len(rises) / (len(losses) - 1)
    about = f"{losses.mean():.0f} ± {losses.std():.0f} nats, {share:.0%} rise"
    axes.set(xlabel="chunk", ylabel="loss of the chunk\n(nats, summed over t)")
    axes.set(title=about, ylim=(0, 1.25 * losses.max()))
    axes.legend(loc="upper right")
    return figure


@styled
def seed_spread(ends):
    """A dot for each seed: {learning rate: nats a character of each seed}."""
    figure, axes = new_figure(8.0, 2.4)
    for y, losses in enumerate(ends.values()):
        axes.plot(losses, [y] * len(losses), "o", color=OUTPUT, markersize=10)
    axes.set_yticks(range(len(ends)), [f"lr {lr}" for lr in ends])
    axes.set(xlabel="held-out loss (nats a character)", ylim=(len(ends) - 0.5, -0.5))
    axes.grid(axis="x", color="#DDDDDD")
    return figure
