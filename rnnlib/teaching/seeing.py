"""What a notebook shows: two sides that agree, and figures with alt text."""

import io

import numpy as np
from IPython.display import Image, display


def same(left, right, tol=1e-12):
    """Print both sides to four digits, then assert that no entry differs by over tol.

    left, right: finite numbers, or arrays of them, of one shape. The largest
    difference is printed as a bound, for its digits differ between machines.
    AssertionError: another shape, or a difference above tol, which it names.
    """
    left, right = np.asarray(left) * 1.0, np.asarray(right) * 1.0
    assert left.shape == right.shape, f"shapes differ: {left.shape}, {right.shape}"
    difference = float(np.abs(left - right).max(initial=0))
    print("left ", digits(left, indent=6))
    print("right", digits(right, indent=6))
    assert difference <= tol, f"largest difference {difference:.1e}, above {tol:.0e}"
    print(f"largest difference: at most {tol:.0e}")


def digits(values, indent=0):
    """Four digits after the point, never a negative zero; long arrays in part."""
    rounded = np.round(np.asarray(values, dtype=float), 4) + 0.0
    return np.array2string(
        rounded,
        formatter={"float_kind": "{: .4f}".format},
        prefix=" " * indent,
        max_line_width=75,
        threshold=60,
    )


def show(figure, alt):
    """Display a matplotlib figure; `alt` says what is to be seen in it.

    Line breaks in `alt` count as spaces. The figure is drawn on its own light ground.
    """
    width = round(figure.get_figwidth() * 100)
    display(Image(png(figure), width=width, alt=" ".join(alt.split())))


def png(figure, dpi=150):
    """The figure as the bytes of a PNG file; 100 dpi is the density of a screen."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=dpi)
    return file.getvalue()
