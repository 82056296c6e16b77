"""One style for all figures: the palette with its fixed meaning, the sizes."""

import functools

from matplotlib import rc_context
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

# Apart in lightness as well as in hue, for the colour-blind; dark enough for text.
INPUT = "#0070C4"
HIDDEN = "#8C6900"
OUTPUT = "#10694A"
GRADIENT = "#9A0C00"
TARGET = "#96388A"
# All that has none of these meanings, such as a loss, is ink; FAINT is behind it.
INK = "#222222"
FAINT = "#707070"
LIT = "#F2F2F2"
GROUND = "#FFFFFF"

# For series that differ in none of these meanings: runs, methods, models.
LOOKS = (
    {"color": INK, "linestyle": "-", "marker": "o"},
    {"color": FAINT, "linestyle": "--", "marker": "s"},
    {"color": INK, "linestyle": "-.", "marker": "^", "markerfacecolor": GROUND},
    {"color": FAINT, "linestyle": ":", "marker": "D", "markerfacecolor": GROUND},
)

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
    "figure.constrained_layout.w_pad": 0.1,
    "figure.constrained_layout.h_pad": 0.1,
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


def steady_figure(width, height, rows=1, columns=1, **margins):
    """A Figure for a widget: axes that stay where they are, whatever their numbers.

    margins: those of `Figure.subplots_adjust`. Also drawn faster than a new_figure.
    """
    figure = Figure(figsize=(width, height))
    return figure, figure.subplots(rows, columns, gridspec_kw=margins)


def contrast(one, other):
    """The contrast of two colours, from 1 to 21, as WCAG 2.2 defines it."""
    dark, light = sorted([_luminance(one), _luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def ink_on(ground):
    """The colour of text on this colour: INK, white or black, at 4.5:1 at least."""
    inks = (INK, GROUND, "#000000")  # white or black always has it
    return next(ink for ink in inks if contrast(ink, ground) >= 4.5)


def _luminance(color):
    """The relative luminance of a colour, from 0 to 1."""
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(color)
    )
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear))
