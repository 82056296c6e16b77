"""The figures of notebook 05: training, the U-curve, which blocks a bug breaks."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.patches import FancyBboxPatch

from rnnlib.teaching.style import (
    FAINT,
    GRADIENT,
    GROUND,
    HIDDEN,
    INK,
    OUTPUT,
    new_figure,
    styled,
)

LOOKS = [
    {"color": INK, "linestyle": "-", "marker": "o"},
    {"color": GRADIENT, "linestyle": "--", "marker": "s"},
    {"color": OUTPUT, "linestyle": "-.", "marker": "^"},
    {"color": HIDDEN, "linestyle": ":", "marker": "D"},
]
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
    axes.set(xlabel="updates", ylabel="training loss, nats a character")
    axes.legend()
    return figure


@styled
def u_curve(eps, errors):
    """Relative error of a numerical gradient against ε, both axes logarithmic.

    eps: (n,). errors: name of the method -> (n,).
    """
    figure, axes = new_figure(8, 4.6)
    for (name, values), look in zip(errors.items(), LOOKS):
        axes.loglog(eps, values, label=name, markersize=6, **look)
    ticks = 10.0 ** np.arange(-16, 1, 4)
    axes.set_yticks(ticks)
    axes.set_ylim(1e-17, 10)
    axes.set(xlabel="ε", ylabel="relative error")
    axes.grid(color=FAINT, alpha=0.3, linewidth=1)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


@styled
def clinic_chart(errors, blocks, tolerance=1e-9):
    """Bug by block: the relative error as colour and number, "ok" where it passes.

    errors: name of the patient -> (blocks,).
    """
    table = np.array(list(errors.values()))
    figure, axes = new_figure(8, 0.9 + 0.42 * len(table))
    shown = np.ma.masked_less_equal(table, tolerance)
    axes.imshow(shown, cmap=WRONG, norm=LogNorm(1e-3, 2), aspect="auto")
    for (row, column), error in np.ndenumerate(table):
        passed = error <= tolerance
        text = "ok" if passed else f"{error:.1g}" if error < 0.01 else f"{error:.2f}"
        color = GROUND if error > 0.2 else INK
        axes.text(column, row, text, ha="center", va="center", color=color)
    axes.set_xticks(range(len(blocks)), blocks)
    axes.set_yticks(range(len(errors)), list(errors))
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for line in range(1, len(table)):
        axes.axhline(line - 0.5, color=GROUND, linewidth=3)
    for line in range(1, len(blocks)):
        axes.axvline(line - 0.5, color=GROUND, linewidth=3)
    return figure


@styled
def backward_order(broken=()):
    """In which order the backward pass computes, and where each block comes from.

    broken: names of blocks, such as "dWhh", that are drawn as wrong.
    """
    figure, axes = new_figure(8, 3.6)
    axes.set(xlim=(0, 8), ylim=(0, 3.6))
    axes.set_axis_off()
    for x, name in ((1.0, "$dy_t$"), (2.9, "$dh_t$"), (4.9, "$da_t$")):
        _box(axes, x, 2.3, 1.0, name, INK)
    for start, end in ((1.5, 2.4), (3.4, 4.4)):
        _arrow(axes, (start, 2.3), (end, 2.3))
    _arrow(axes, (5.4, 2.3), (6.4, 2.3), label="t = 0")
    _arrow(axes, (4.9, 2.6), (2.9, 2.6), bend=0.35)
    axes.text(3.9, 3.3, "$W_{hh}^T$, to the step before", ha="center", va="center")
    places = {"dWhy": (0.5, 0.7), "dby": (1.5, 0.7), "dWxh": (3.8, 0.7)}
    places |= {"dWhh": (4.9, 0.7), "dbh": (5.95, 0.7), "dh_init": (7.1, 2.3)}
    for name, (x, y) in places.items():
        width = 1.35 if name == "dh_init" else 0.9
        if name != "dh_init":
            _arrow(axes, (1.0 if x < 2 else 4.9, 2.0), (x, 1.0))
        _box(axes, x, y, width, name, GRADIENT, wrong=name in broken)
    return figure


def _box(axes, x, y, width, text, color, wrong=False):
    """A box with a label; a wrong one is filled, and says so."""
    style = {"edgecolor": color, "linewidth": 2, "zorder": 3}
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


def _arrow(axes, start, end, bend=0.0, label=""):
    """An arrow from point to point, curved by `bend`."""
    look = {"arrowstyle": "-|>", "linewidth": 2, "color": FAINT, "mutation_scale": 16}
    look |= {"shrinkA": 0, "shrinkB": 0, "connectionstyle": f"arc3,rad={bend}"}
    axes.annotate("", xy=end, xytext=start, arrowprops=look)
    if label:
        middle = (start[0] + end[0]) / 2
        axes.text(middle, start[1] + 0.2, label, ha="center", va="center", size=12)
