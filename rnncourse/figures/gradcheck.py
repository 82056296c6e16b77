"""The figures of notebook 05: training, the U-curve, which blocks a bug breaks."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.patches import FancyBboxPatch

from rnncourse.figures.drawing import (
    BACK,
    arrow,
    cells,
    listed,
    mean_lines,
    number,
    plain_powers,
    plural,
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

SHADE = "#FBE3D6"
WRONG = LinearSegmentedColormap.from_list("wrong", [SHADE, GRADIENT])
TINY = 1e-15  # below it, what is left of a relative error is rounding


@styled
def training_curves(losses, window=50):
    """The training loss of several runs of each kind, as means over `window` steps.

    losses: name -> (runs, steps), in nats a character.
    """
    figure, axes = new_figure(8, 4)
    steps, curves, lines = mean_lines(axes, losses, window)
    for line, (name, means) in zip(lines, curves.items()):
        line.set_label(f"{name} ({plural(len(means), 'seed')})")
    axes.set_ylabel("training loss, nats a character")
    axes.legend()
    kinds = [f"{name}: {plural(len(means), 'seed')}" for name, means in curves.items()]
    figure.alt = (
        f"Training loss in nats a character over {steps[-1]:,} training steps, each "
        f"point the mean over {window}. A curve for each seed. {'; '.join(kinds)}."
    )
    # Where the curves run differs between machines: rounding makes them part ways.
    ends = [f"{name} at {_span(means[:, -1])}" for name, means in curves.items()]
    apart = _apart(steps, curves)
    figure.measured = f"At the end: {'; '.join(ends)}. {' '.join(apart)}".strip()
    return figure


def _span(values):
    """The range of some values, to one digit after the point."""
    low, high = (number(end, ".1f") for end in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"


def _apart(steps, curves):
    """A sentence for each two kinds of which one ends below the other."""
    found = []
    for low, low_runs in curves.items():
        for high, high_runs in curves.items():
            below = low_runs.max(axis=0) < high_runs.min(axis=0)
            if below.all():
                found.append(f"All of {low} lies below all of {high}.")
            elif below[-1]:
                since = f"step {steps[np.flatnonzero(~below)[-1] + 1]:,}"
                found.append(f"From {since} on {low} lies below {high}.")
    return found


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
    courses = [f"{name}: {_course(eps, of)}" for name, of in errors.items()]
    figure.alt = (
        "Relative error against ε, both axes logarithmic, ε from large to small. "
        f"{'; '.join(courses)}."
    )
    return figure


def _course(eps, errors):
    """How an error changes from the largest ε to the smallest, by its extremes."""
    largest_first = np.argsort(eps)[::-1]
    eps, errors = (np.asarray(values)[largest_first] for values in (eps, errors))
    lowest = np.flatnonzero(errors <= max(errors.min(), TINY))
    first, last = lowest[0], lowest[-1]
    where = f"ε = {number(eps[first])}"
    if first != last:
        where = f"ε from {number(eps[first])} to {number(eps[last])}"
    words = f"{_size(errors[first])} at {where}"
    if first > 0:
        words = f"from {_size(errors[0])} at ε = {number(eps[0])} down to {words}"
    if last < len(errors) - 1:
        # Not how far up: there rounding sets the error, even its power of ten.
        words += f", then up again as far as ε = {number(eps[-1])}"
    return words


def _size(error):
    """A relative error as a power of ten, for its digits are those of a machine."""
    if error < TINY:
        return f"less than {number(TINY)}"
    return f"about {number(10.0 ** round(np.log10(error)))}"


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
        text = "ok" if passed else _error(error)
        color = INK if passed else ink_on(WRONG(norm(error)))
        axes.text(column, row, text, ha="center", va="center", color=color)
    axes.set_xticks(range(len(blocks)), blocks)
    axes.set_yticks(range(len(errors)), list(errors))
    cells(axes, *table.shape)
    patients = "1 patient" if len(errors) == 1 else f"{len(errors)} patients"
    rows = [
        f"{name}: {_diagnosis(of, blocks, tolerance)}" for name, of in errors.items()
    ]
    figure.alt = (
        f"A table of {patients} by the blocks {listed(blocks)}: the relative error "
        f"where it is above {number(tolerance)}, the darker the larger, elsewhere ok. "
        f"{'; '.join(rows)}."
    )
    return figure


def _error(error):
    """A relative error as the chart writes it."""
    return number(error, ".1g" if error < 0.01 else ".2f")


def _diagnosis(errors, blocks, tolerance):
    """Which blocks of a patient are wrong, and by how much."""
    wrong = {
        block: _error(error)
        for block, error in zip(blocks, errors, strict=True)
        if error > tolerance
    }
    if not wrong:
        return "ok everywhere"
    if len(wrong) == len(blocks) > 1 and len(set(wrong.values())) == 1:
        return f"{next(iter(wrong.values()))} in every block"
    return listed(f"{block} {text}" for block, text in wrong.items())


@styled
def backward_order(broken=(), fault=None):
    """In which order the backward pass computes, and where each block comes from.

    broken: names of blocks, such as "dWhh", that are drawn as wrong.
    fault: "dy", "dh" or "da", whose line is wrong; it is marked, and shaded with what
    comes after it on the way.
    """
    figure, axes = sheet(8, 3.6)
    path = {"dy": 1.1, "dh": 3.0, "da": 5.0}
    # From da back to the dh of the step before: one path, wherever it begins.
    behind = list(path)[fault != "dy" :] if fault else []
    for name, x in path.items():
        look = {"fill": SHADE} if name in behind else {}
        _box(axes, x, 2.3, 1.0, f"${name}_t$", **look)
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
    marked = _marked(broken, places)
    if fault:
        at = {"dy": (1.1, 3.2), "dh": (2.2, 3.2), "da": (5.9, 3.2)}[fault]
        axes.text(*at, "wrong line", ha="center", va="center", color=GRADIENT)
        arrow(axes, (at[0], 3.03), (path[fault], 2.65), color=GRADIENT)
        marked += f" The wrong line is marked at {fault}; shaded: {listed(behind)}."
    figure.alt = (
        "The order of the backward pass, in boxes and dashed arrows: dy leads to dWhy, "
        "dby and dh; dh leads to da; da leads to dWxh, dWhh and dbh, through the "
        "transpose of Whh to the dh of the step before, and at t = 0 to dh_init. "
        f"{marked}"
    )
    return figure


def _marked(broken, places):
    """Which of the boxes are filled as wrong, in a sentence."""
    wrong = [name for name in places if name in broken]
    right = [name for name in places if name not in broken]
    if not wrong:
        return "No box is marked as wrong."
    verb = "is" if len(wrong) == 1 else "are"
    return f"Filled and marked as wrong {verb} {listed(wrong)}" + (
        f", but not {listed(right)}." if right else "."
    )


def _box(axes, x, y, width, text, wrong=False, fill=GROUND):
    """A box with a label; a wrong one is filled, and says so."""
    style = {"edgecolor": GRADIENT, "linewidth": 2, "zorder": 3}
    style |= {"facecolor": GRADIENT if wrong else fill, "label": text}
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
