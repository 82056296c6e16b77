"""The figures of notebook 00: the map of the course, pairs counted, a first loss."""

import numpy as np

from rnncourse.figures.drawing import (
    FORWARD,
    arrow,
    level,
    listed,
    number,
    over_training,
    plain_powers,
    visible,
)
from rnncourse.figures.style import FAINT, GROUND, INK, new_figure, styled

# number, title, minutes, what the student builds
COURSE = (
    ("00", "Start here", 20, "this page"),
    ("01", "One-hot encoding", 65, "characters as vectors, chunks"),
    ("02", "The forward pass", 109, "states and predictions"),
    ("03", "Softmax and cross-entropy", 130, "the loss, its first gradient"),
    ("04", "Backpropagation through time", 156, "the whole gradient"),
    ("05", "Gradient checking", 135, "trust in the gradient"),
    ("06", "Training", 155, "a model of Shakespeare"),
    ("07", "Making it fast", 100, "the library, step by step"),
    ("08", "How far back?", 151, "memory, measured"),
    ("09", "Training well", 145, "better than counting"),
    ("10", "What has it learned?", 134, "a unit that knows names"),
    ("11", "Other texts, other tasks", 140, "names, words, sums, dates"),
    ("12", "Deeper, and gated", 132, "layers, LSTM and GRU"),
    ("13", "The gist, line by line", 127, "every question answered"),
    ("14", "The same network in PyTorch", 98, "forty lines in four"),
    ("15", "The last hunt", 121, "eight faults, a project"),
)

PART_TWO = "08"  # the first notebook of part two


@styled
def course_map(rows=COURSE):
    """The notebooks in two parts: number, title, minutes, what is built.

    Part one is read in its order, an arrow from each to the next. Those of part two,
    from PART_TWO on, stand apart below it.
    """
    first = [row for row in rows if row[0] < PART_TWO]
    second = [row for row in rows if row[0] >= PART_TWO]
    places = [*range(len(first)), *(len(first) + 0.7 + k for k in range(len(second)))]
    figure, axes = new_figure(8.0, 0.48 * places[-1] + 0.7)
    axes.set(xlim=(0, 10), ylim=(places[-1] + 0.6, -0.6))
    axes.axis("off")
    for y, (name, title, minutes, built) in zip(places, rows):
        box = {"boxstyle": "round,pad=0.3", "facecolor": INK, "edgecolor": INK}
        axes.text(0.25, y, name, color=GROUND, ha="center", va="center", bbox=box)
        axes.text(0.75, y, title, va="center", weight="bold")
        axes.text(5.75, y, f"{minutes} min", va="center", ha="right")
        axes.text(6.1, y, built, va="center")
        if 0 < y < len(first):
            arrow(axes, (0.25, y - 0.7), (0.25, y - 0.3), **FORWARD)
    if second:
        words = "part two: each by itself, in any order"
        axes.text(0, len(first) - 0.15, words, va="center", style="italic")
    told = [f"{row[0]} {row[1]}, {row[2]} minutes: {row[3]}" for row in rows]
    parts = f"{len(first)} in part one, an arrow from each to the next"
    if second:
        parts += f", and {len(second)} in part two, each by itself"
    figure.alt = f"The notebooks: {parts}. {'; '.join(told)}."
    return figure


@styled
def pair_counts(counts, symbols):
    """A table of how often each symbol (row) follows each (column)."""
    size = min(8.0, max(3.8, 0.35 * len(symbols) + 1.2))
    figure, axes = new_figure(size + 0.8, size)
    axes.imshow(counts, cmap="Greys", vmin=0, vmax=3 * counts.max())
    for (row, column), count in np.ndenumerate(counts):
        axes.text(column, row, int(count), ha="center", va="center")
    names = [visible(symbol) for symbol in symbols]
    axes.set_xticks(range(len(names)), names, family="monospace")
    axes.set_yticks(range(len(names)), names, family="monospace")
    axes.set(xlabel="current character", ylabel="next character")
    axes.spines[:].set(visible=True, color=FAINT)
    axes.tick_params(length=0)
    columns = []
    for name, column in zip(names, counts.T):
        follow = [f"{n:.0f} {after}" for n, after in zip(column, names) if n]
        columns.append(f"{name}: {listed(follow or ['none'])}")
    figure.alt = (
        "A table of pairs: a column for each current character, a row for the next. "
        f"Counts that are not 0, column by column: {'; '.join(columns)}."
    )
    return figure


@styled
def hello_losses(losses, floor):
    """Loss against step, with the least that counting pairs can reach.

    losses: nats a character, one for each step. floor: nats a character; a floor of 0
    has no place on the logarithmic scale and no line. Losses that are all 0, those of a
    text of one symbol, stand on a plain scale.
    """
    losses = np.asarray(losses)
    figure, axes = new_figure(8.0, 3.2)
    axes.plot(range(1, len(losses) + 1), losses, color=INK)
    scale = ""
    if losses.any():
        scale = ", on a logarithmic scale"
        axes.set_yscale("log")
        plain_powers(axes.yaxis)
    if floor > 0:
        level(axes, floor, "best with\npairs")
    over_training(axes)
    axes.set_ylabel("loss, nats a character")
    below = np.flatnonzero(losses < floor)
    crossing = f"falls below it at step {below[0] + 1}" if below.size else "stays above"
    line = f"A dashed line: the best with pairs, {number(floor, '.2f')}; "
    line += f"the loss {crossing}."
    if floor <= 0:
        line = "The best with pairs is 0, and has no line."
    figure.alt = (
        f"Loss against training step, {len(losses):,} steps{scale}: "
        f"{number(losses[0], '.1f')} nats a character at first, "
        f"{number(losses[-1], '.1g')} at last. {line}"
    )
    return figure
