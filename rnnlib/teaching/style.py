"""One style for all figures: the palette with its fixed meaning, the sizes."""

import functools

from matplotlib import rc_context
from matplotlib.figure import Figure

# Okabe and Ito's colours, which remain distinct to the colour-blind.
INPUT = "#0072B2"
HIDDEN = "#B36B00"
OUTPUT = "#007A5A"
GRADIENT = "#C44900"
TARGET = "#A3508A"
INK = "#222222"
FAINT = "#8A8A8A"
GROUND = "#FFFFFF"

# Diverging, for values of both signs, and sequential, for probabilities.
SIGNED = "PuOr_r"
AMOUNT = "cividis"

RULES = {
    "font.size": 13,
    "axes.titlesize": 14,
    "axes.labelsize": 13,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "figure.facecolor": GROUND,
    "axes.facecolor": GROUND,
    "savefig.facecolor": GROUND,
    "lines.linewidth": 2,
    "legend.frameon": False,
}


def styled(draw):
    """Decorate a function that draws a figure, so that it draws in the style."""

    @functools.wraps(draw)
    def in_style(*args, **kwargs):
        with rc_context(RULES):
            return draw(*args, **kwargs)

    return in_style


def new_figure(width=8.0, height=3.5, rows=1, columns=1, **kwargs):
    """A Figure outside pyplot, and its axes: one, or an array of them."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, **kwargs)
