"""The library's source, with the number of the equation that each line computes."""

import ast
import inspect

CHAIN_RULE = {
    "slope =": "4.10",
    "da = dy.dot": "4.12",
    "da_next = da[-1]": "4.13",
    "da_t +=": "4.12",
    "da_t *=": "4.11",
    "grads.Why)": "4.7",
    "grads.Whh)": "4.20",
    "grads.Wxh)": "4.21",
    "grads.by)": "4.8",
    "grads.bh)": "4.22",
}


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
