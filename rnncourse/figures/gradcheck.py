"""The figures of notebook 05: training, the U-curve, which blocks a bug breaks."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.patches import FancyBboxPatch

from rnncourse.figures.drawing import (
    BACK,
    arrow,
    cells,
    number,
    over_training,
    plain_powers,
    sheet,
)
from rnncourse.figures.style import (
    FAINT,
    GRADIENT,
    GROUND,
    INK,
    LOOKS,
    ink_on,
    new_figure,
    styled,
)

WRONG = LinearSegmentedColormap.from_list("wrong", ["#FBE3D6", GRADIENT])


@styled
def training_curves(losses, window=50):
    """The training loss of several runs of each kind, as means over `window` steps.

    losses: name -> (runs, steps), in nats a character.
    """
    figure, axes = new_figure(8, 4)
    for (name, runs), look in zip(losses.items(), LOOKS):
        runs = np.asarray(runs)
        means = runs.reshape(len(runs), -1, window).mean(-1)
        steps = window * (np.arange(means.shape[1]) + 1)
        lines = axes.plot(steps, means.T, **{**look, "marker": ""})
        lines[0].set_label(f"{name} ({len(runs)} seeds)")
    over_training(axes)
    axes.set_ylabel("training loss, nats a character")
    axes.legend()
    return figure


@styled
def u_curve(eps, errors):
    """Relative error of a numerical gradient against ε, both axes logarithmic.

    eps: (n,). errors: name of the method -> (n,).
    """
    figure, axes = new_figure(8, 4.6)
    for (name, values), look in zip(errors.items(), LOOKS):
        axes.loglog(eps, values, label=name, markersize=7, **look)
    axes.set_yticks(10.0 ** np.arange(-16, 1, 4))
    axes.set_ylim(1e-17, 10)
    axes.set(xlabel="ε", ylabel="relative error")
    for axis in (axes.xaxis, axes.yaxis):
        plain_powers(axis)
    axes.grid(color=FAINT, alpha=0.3, linewidth=1)
    axes.legend(loc="lower right")
    return figure


@styled
def clinic_chart(errors, blocks, tolerance=1e-9):
    """Bug by block: the relative error as colour and number, "ok" where it passes.

    errors: name of the patient -> (blocks,).
    """
    table = np.array(list(errors.values()))
    figure, axes = new_figure(8, 0.9 + 0.42 * len(table))
    shown = np.ma.masked_less_equal(table, tolerance)
    norm = LogNorm(1e-3, 2)
    axes.imshow(shown, cmap=WRONG, norm=norm, aspect="auto")
    for (row, column), error in np.ndenumerate(table):
        passed = error <= tolerance
        text = "ok" if passed else number(error, ".1g" if error < 0.01 else ".2f")
        color = INK if passed else ink_on(WRONG(norm(error)))
        axes.text(column, row, text, ha="center", va="center", color=color)
    axes.set_xticks(range(len(blocks)), blocks)
    axes.set_yticks(range(len(errors)), list(errors))
    cells(axes, *table.shape)
    return figure


@styled
def backward_order(broken=()):
    """In which order the backward pass computes, and where each block comes from.

    broken: names of blocks, such as "dWhh", that are drawn as wrong.
    """
    figure, axes = sheet(8, 3.6)
    for x, name in ((1.1, "$dy_t$"), (3.0, "$dh_t$"), (5.0, "$da_t$")):
        _box(axes, x, 2.3, 1.0, name)
    for start, end in ((1.6, 2.5), (3.5, 4.5), (5.5, 6.45)):
        arrow(axes, (start, 2.3), (end, 2.3), **BACK)
    axes.text(5.95, 2.5, "t = 0", ha="center", va="center")
    arrow(axes, (5.0, 2.6), (3.0, 2.6), connectionstyle="arc3,rad=0.35", **BACK)
    axes.text(4.0, 3.3, "$W_{hh}^T$, to the step before", ha="center", va="center")
    places = {"dWhy": (0.6, 0.7), "dby": (1.6, 0.7), "dWxh": (3.9, 0.7)}
    places |= {"dWhh": (5.0, 0.7), "dbh": (6.1, 0.7), "dh_init": (7.15, 2.3)}
    for name, (x, y) in places.items():
        width = 1.35 if name == "dh_init" else 0.9
        if name != "dh_init":
            arrow(axes, (1.1 if x < 2 else 5.0, 2.0), (x, 1.0), **BACK)
        _box(axes, x, y, width, name, wrong=name in broken)
    return figure


def _box(axes, x, y, width, text, wrong=False):
    """A box with a label; a wrong one is filled, and says so."""
    style = {"edgecolor": GRADIENT, "linewidth": 2, "zorder": 3}
    style |= {"facecolor": GRADIENT if wrong else GROUND, "label": text}
    axes.add_patch(
        FancyBboxPatch(
            (x - width / 2 + 0.1, y - 0.2),
            width - 0.2,
            0.4,
            boxstyle="round,pad=0.1",
            **style,
        )
    )
    ink = GROUND if wrong else INK
    look = {"ha": "center", "va": "center", "color": ink, "zorder": 4}
    axes.text(x, y, text, weight="bold" if wrong else "normal", **look)
    if wrong:
        axes.text(x, y - 0.5, "wrong", ha="center", va="center", color=GRADIENT)
