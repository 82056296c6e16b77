"""What all rooms ask of their arguments, and how they complain: no mathematics.

Each function takes the name of an argument and what came. What fits is handed back,
where need be as the kind of object to work with; of what does not fit a ValueError
says the name, what was expected, and what came.
"""

import numpy as np

KINDS = {"integers": "iu", "real numbers": "iuf", "numbers": "iufc"}
AXES = {0: "()", 1: "(n,)", 2: "(H, V)"}


def check(passed, name, expected, *got):
    """The one form of the library's complaints about an argument."""
    if not passed:
        raise ValueError(f"{name}: expected {expected}, got {' '.join(map(str, got))}")


def attempt(name, expected, function, given):
    """function(given); whatever it raises becomes a complaint about the argument."""
    try:
        return function(given)
    except Exception as error:
        check(False, name, expected, str(given)[:300], f"({error})")


def whole(name, n, least=1):
    """`n` as an int; ValueError unless it is a whole number from `least` up."""
    fits = isinstance(n, (int, np.integer)) and not isinstance(n, bool)
    check(fits and n >= least, name, f"a whole number from {least} up", repr(n))
    return int(n)


def positive(name, number, most=1.7e308):
    """`number` as a float; ValueError unless it is above 0 and at most `most`."""
    number = as_array(name, number, 0, "real numbers").item()
    check(0 < number <= most, name, "a number above 0", number)
    return number


def as_array(name, values, shape=None, kind="numbers"):
    """`values` as an array; ValueError unless it holds this kind of numbers.

    shape: the one that it must have, or the number of its axes; None: any.
    """
    array, masked = attempt(name, kind, np.asarray, values), np.ma.isMA(values)
    fits = (array.dtype.kind in KINDS[kind] or not array.size) and not masked
    check(fits, name, kind, array.dtype, "in", type(values).__name__)
    fits = shape in (None, array.shape, array.ndim)
    check(fits, f"shape of {name}", AXES.get(shape, shape), array.shape)
    return array


def check_ids(name, ids, V=2**63, shape=None):
    """`ids` as an integer array; ValueError unless all lie in 0 ... V-1.

    V: the number of symbols, or the Params that knows it.
    """
    V = attempt("params", "a Params", int, getattr(V, "V", V))
    ids = as_array(name, ids, shape, "integers")
    if ids.size and (ids.min() < 0 or ids.max() >= V):
        check(False, name, f"indices 0 ... {V - 1}", ids[(ids < 0) | (ids >= V)][0])
    return ids if ids.size else ids.astype(int)


def check_finite(**arrays):
    """ValueError at a NaN or an infinity."""
    for name, values in arrays.items():
        # A sum of squares that is finite needs no second look, and costs a third.
        if not np.isfinite(np.vdot(values, values)):
            check(np.isfinite(values).all(), name, "finite numbers", "NaN or infinity")
