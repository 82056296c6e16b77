"""What a notebook shows: two sides that agree, figures, numbered source."""

import ast
import html
import inspect
import io
from base64 import b64encode

import numpy as np
from IPython.display import display

# The equation that each line of `rnnlib.bptt.chain_rule` computes.
CHAIN_RULE = {
    "slope =": "4.7",
    "da = dy.dot": "4.9",
    "da_next = da[-1]": "4.10",
    "da_t +=": "4.9",
    "da_t *=": "4.8",
    "grads.Why)": "4.5",
    "grads.Whh)": "4.13",
    "grads.Wxh)": "4.14",
    "grads.by)": "4.6",
    "grads.bh)": "4.15",
}


FEW = 12  # numbers that `same` prints of each side


def same(left, right, tol=1e-12):
    """Print both sides to four digits, then assert that no entry differs by over tol.

    left, right: finite numbers, or arrays of them, of one shape. Of more than FEW
    numbers one row is printed: the first, or the one that differs most. The largest
    difference is printed as a bound, for its digits differ between machines.
    AssertionError: another shape, or a difference above tol, which it names.
    """
    left, right = np.asarray(left) * 1.0, np.asarray(right) * 1.0
    if left.shape != right.shape:  # no assert: `python -O` would leave it out
        raise AssertionError(f"shapes differ: {left.shape}, {right.shape}")
    differences = np.abs(left - right)
    difference = float(differences.max(initial=0))
    agree = difference <= tol
    rest = ""
    if left.size > FEW and left.ndim > 1:
        row = 0 if agree else int(np.nanargmax(differences) // left.shape[-1])
        print(f"shape {left.shape}, row {row} of each:")
        left, right = (side.reshape(-1, side.shape[-1])[row] for side in (left, right))
        rest = "the other rows agree too; "
    print("left ", digits(left, indent=6))
    print("right", digits(right, indent=6))
    if not agree:
        raise AssertionError(f"largest difference {difference:.1e}, above {tol:.0e}")
    print(f"{rest}largest difference: at most {tol:.0e}")


def digits(values, indent=0):
    """Four digits after the point, never a negative zero; long arrays in part."""
    rounded = np.round(np.asarray(values, dtype=float), 4) + 0.0
    return np.array2string(
        rounded,
        formatter={"float_kind": "{: .4f}".format},
        prefix=" " * indent,
        max_line_width=75,
        threshold=FEW,
    )


def show(figure):
    """Display a figure of the course: its picture and, as text, what is to be seen.

    The figure's function has written the text, `figure.alt`, from the data. It goes
    with the picture, and alone wherever no picture can be shown. JupyterLab and
    Notebook give a picture no alternative text, so it stands folded below it too.
    `figure.measured`, if there is one, holds what differs from run to run, such as
    times: it goes with the picture only, so that saved texts can be compared.
    ValueError: a figure without a text.
    """
    if not getattr(figure, "alt", ""):
        raise ValueError("figure: expected one with its text in figure.alt, got none")
    bundle = {"image/png": b64encode(png(figure)).decode("ascii")}
    bundle["text/plain"] = figure.alt
    alt = f"{figure.alt} {getattr(figure, 'measured', '')}".strip()
    about = {"width": round(figure.get_figwidth() * 100), "alt": alt}
    display(bundle, metadata={"image/png": about}, raw=True)
    words = html.escape(figure.alt, quote=False)
    folded = f"<details><summary>The picture in words</summary>{words}</details>"
    display({"text/html": folded}, raw=True)


def png(figure, dpi=150):
    """The figure as the bytes of a PNG file; 100 dpi is the density of a screen."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=dpi)
    return file.getvalue()


def annotated(function, numbers):
    """The body of a function as text, equation numbers in front of its lines.

    numbers: for a piece of code that occurs in one line of the body, what to write in
    front of that line. The docstring and comments behind code are left out.
    ValueError: a piece that is in no line or in several.
    """
    source = inspect.getsource(function)
    body = ast.parse(source).body[0].body
    if ast.get_docstring(ast.parse(source).body[0]) is not None:
        body = body[1:]
    lines = source.splitlines()[body[0].lineno - 1 :]
    marks = [""] * len(lines)
    for piece, number in numbers.items():
        at = [n for n, line in enumerate(lines) if piece in line]
        if len(at) != 1:
            raise ValueError(f"{piece!r} is in {len(at)} lines of {function.__name__}")
        marks[at[0]] = number
    shown = (f"{mark:6}{line[4:].split('  #')[0]}" for mark, line in zip(marks, lines))
    return "\n".join(line.rstrip() for line in shown)
