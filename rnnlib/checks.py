"""What all rooms ask of their arguments, and how they complain: no mathematics.

Each function takes the name of an argument and what came. What fits is handed back, as
the kind of object to work with; of what does not fit a ValueError says the name, what
was expected, and what came.
"""

import numpy as np

KINDS = {"integers": "iu", "real numbers": "iuf", "numbers": "iufc"}
AXES = {0: "()", 1: "(n,)", 2: "(H, V)"}
LEAST = ("nothing", "at least one character", "at least two characters")


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


def check_text(name, text, least=0):
    """`text`; ValueError unless it is a str, or a list or tuple of them."""
    words = [text] if isinstance(text, str) else text
    fits = isinstance(words, (list, tuple)) and all(isinstance(w, str) for w in words)
    check(fits, name, "a str, or a list of words", type(text).__name__)
    check(len(text) >= least, name, LEAST[least], len(text))
    return text


def whole(name, n, least=1):
    """`n` as an int; ValueError unless it is a whole number from `least` up."""
    fits = isinstance(n, (int, np.integer)) and not isinstance(n, bool)
    check(fits and n >= least, name, f"a whole number from {least} up", repr(n))
    return int(n)


def positive(name, number, most=1.7e308):
    """`number` as a float; ValueError unless it is above 0 and at most `most`."""
    if type(number) is not float:
        number = as_array(name, number, 0, kind="real numbers").item()
    check(0 < number <= most, name, "a number above 0", number)
    return float(number)


def as_array(name, values, shape=None, finite=False, kind="numbers"):
    """`values` as an array; ValueError unless it holds this kind of numbers.

    shape: the one that it must have, or the number of its axes; None: any.
    finite: whether NaN and infinity are refused.
    """
    array = attempt(name, kind, np.asarray, values)
    fits = array.dtype.kind in KINDS[kind] or not array.size
    if not fits or isinstance(values, np.ma.MaskedArray):
        check(False, name, kind, array.dtype, "in", type(values).__name__)
    if shape not in (None, array.shape, array.ndim):
        check(False, f"shape of {name}", AXES.get(shape, shape), array.shape)
    if finite and array.size:
        check_finite(**{name: array})
    return array


def cast(array, dtype):
    """The array in another dtype; ValueError unless that is one of numbers."""
    return as_array("dtype", attempt("dtype", "a type of numbers", array.astype, dtype))


def check_ids(name, ids, V=2**63, shape=None, least=0):
    """`ids` as an integer array; ValueError unless all lie in 0 ... V-1."""
    ids = as_array(name, ids, shape, kind="integers")
    check(ids.size >= least, name, LEAST[least], ids.size)
    # What a test of all entries costs counts in a step of training.
    lowest, highest = np.minimum.reduce, np.maximum.reduce
    if ids.size and (lowest(ids, None) < 0 or highest(ids, None) >= V):
        check(False, name, f"indices 0 ... {V - 1}", ids[(ids < 0) | (ids >= V)][0])
    return ids if ids.size else ids.astype(int)


def ids_for(params, name, ids, shape=None, least=0):
    """`ids` as an integer array; ValueError unless these `params` have such inputs."""
    theta_of("params", params)
    return check_ids(name, ids, params.V, shape, least)


class Archive(dict):
    """The arrays in the file `path`, by name; ValueError for a name without one.

    ValueError: no such file, or one that is no NumPy archive or is damaged.
    """

    def __init__(self, path):
        expected = "a NumPy archive that exists and is whole"
        found = attempt("path", expected, lambda path: dict(np.load(path)), path)
        super().__init__({k: a if a.ndim else a.item() for k, a in found.items()})
        self.path = path

    def __missing__(self, name):
        check(False, "path", f"an archive that holds {name}", self.path)


def theta_of(name, params):
    """The vector of a Params, which anything else has not."""
    return attempt(name, "a Params", lambda params: params.theta, params)


def floats(name, given, shape=None):
    """The array that is given, or a Params' vector, itself."""
    array = getattr(given, "theta", given)
    fits = type(array) is np.ndarray and array.dtype.char in "fdg"
    check(fits, name, "a Params or an array of floats", type(given).__name__)
    if shape not in (None, array.shape):
        check(False, f"shape of {name}", shape, array.shape)
    return array


def memory(params, eps, m):
    """What an optimizer starts with: m, or eps everywhere; ValueError where it is 0."""
    theta, name = floats("params", theta_of("params", params)), "eps"
    if m is not None:
        name, eps = "m", as_array("m", m, theta.shape, True, "real numbers")
    start = np.zeros_like(theta) + np.asarray(eps, theta.dtype)
    check(start.min() > 0, name, f"numbers above 0 in {theta.dtype}", start.min())
    return params.with_theta(start)


def fitting(name, value, block):
    """`value` as an array that fits into the block: a number, or one for each place."""
    kind = "numbers" if np.iscomplexobj(block) else "real numbers"
    # `grads.by += x` has written already when it comes here; finite or not, it stands.
    written = isinstance(value, np.ndarray) and np.may_share_memory(value, block)
    value = as_array(name, value, None, not written, kind)
    shape = np.shape(block)
    check(value.shape in ((), shape), f"shape of {name}", shape, value.shape)
    return value


def function_at(f, theta):
    """`theta` as an array of finite real numbers; ValueError too unless f is called."""
    check(callable(f), "f", "a function", type(f).__name__)
    return as_array("theta", theta, finite=True, kind="real numbers")


def check_finite(**arrays):
    """ValueError at a NaN or an infinity."""
    for name, values in arrays.items():
        # A sum of squares that is finite needs no second look, and costs a third.
        if not np.isfinite(np.vdot(values, values)):
            check(np.isfinite(values).all(), name, "finite numbers", "NaN or infinity")
