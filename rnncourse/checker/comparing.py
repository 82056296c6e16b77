"""Reading what a student's function returned as named arrays, and comparing numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np


class Unreadable(Exception):
    """The result has another form than the one asked for; the text says which."""


@dataclass
class Trial:
    """One case: what the student's function did, and what is right.

    got, expected: the results by name, as float arrays. problem: why `got` is empty,
    or "". changed: names of arguments that should have stayed as they were.
    """

    case: object
    call: object
    truth: object
    sizes: dict
    expected: dict
    got: dict = field(default_factory=dict)
    problem: str = ""
    changed: list = field(default_factory=list)
    right: bool = False


def make_trial(exercise, case, call, truth):
    """Hold one call of the student's function against the truth's."""
    expected = read(exercise, truth, {})
    trial = Trial(case, call, truth, exercise.sizes(case.args), expected)
    if call.error is None:
        try:
            trial.got = read(exercise, call, expected)
        except Unreadable as problem:
            trial.problem = str(problem)
        trial.changed = [
            name
            for name, after in call.after.items()
            if not (exercise.form == "in place" and name in exercise.results)
            and not alike(after, case.args[name], exercise.tol)
        ]
        fits = [
            name in trial.got and equal(trial.got[name], array, exercise.tol)
            for name, array in expected.items()
        ]
        trial.right = all(fits) and not trial.changed
    return trial


def close(a, b, tol):
    """Where two arrays of one shape agree; NaN agrees with NaN. b sets the scale."""
    scale = np.abs(b[np.isfinite(b)]).max(initial=0)
    near = np.abs(a - b) <= (tol * scale or 1e-15)
    return near | (a == b) | (np.isnan(a) & np.isnan(b))


def equal(a, b, tol):
    """Whether two arrays have one shape and agree everywhere."""
    return a.shape == b.shape and bool(close(a, b, tol).all())


def alike(a, b, tol):
    """Whether two values, however they are nested, hold the same numbers.

    Zeros are alike in any shape: a sum over nothing is 0 or an array of zeros.
    """
    if is_deep(a) or is_deep(b):
        return is_deep(a) and is_deep(b)
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return list(a) == list(b) and alike(list(a.values()), list(b.values()), tol)
    try:
        a, b = numbers(a), numbers(b)
        return equal(a, b, tol) or not (a.any() or b.any())
    except Unreadable:
        pass
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(alike(x, y, tol) for x, y in zip(a, b))
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return np.array_equal(a, b)
    return type(a) is type(b) and not isinstance(a, (list, tuple))


def is_deep(value, levels=4):
    """Whether lists are nested deeper than any result; one that contains itself is."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, (list, tuple)):
        return False
    return levels == 0 or any(is_deep(item, levels - 1) for item in value)


def numbers(value, what="The result"):
    """A number, an array or nested lists of numbers, as a float array."""
    if type(value) is np.ndarray and value.dtype == float:
        return value
    if value is None:
        raise Unreadable(f"{what} is None.")
    if value is ...:
        raise Unreadable(f"{what} is still `...`.")
    kind = type(value).__name__
    if hasattr(value, "__next__") or isinstance(value, (Mapping, set, str)):
        raise Unreadable(f"{what} is a {kind}, expected numbers in an array or a list.")
    if is_deep(value):
        raise Unreadable(f"{what} is a {kind} in which lists are nested too deeply.")
    try:
        array = np.asarray(value)
        if array.dtype.kind == "c":
            raise Unreadable(f"{what} is complex, expected real numbers.")
        return np.array(array, dtype=float)
    except ValueError:
        raise Unreadable(f"{what} is a {kind} of parts of different shapes.") from None
    except TypeError:
        raise Unreadable(f"{what} is a {kind}, expected numbers.") from None


def read(exercise, call, expected):
    """The results of a call by name. Unreadable when the form is another."""
    names, value = list(exercise.results), call.value
    if exercise.form == "in place":
        return {name: numbers(call.after[name], name) for name in names}
    if value is None and call.printed:
        raise Unreadable("It prints its result and returns None: put `return` there.")
    if value is None:
        raise Unreadable("It returns None: the `return` is missing, or has no value.")
    if exercise.form == "pairs":
        return read_pairs(value, expected)
    if exercise.form in ("tuple", "dict"):
        parts = {"tuple": split_tuple, "dict": split_dict}[exercise.form](value, names)
        return {name: numbers(part, name) for name, part in zip(names, parts)}
    result = numbers(value)
    if exercise.form == "index" and np.asarray(value).dtype.kind not in "iu":
        raise Unreadable(f"It returns {value!r:.30}; an index is an integer.")
    return {names[0]: result}


def split_tuple(value, names):
    """The results of a function that returns several."""
    wanted = f"expected {len(names)} results: {', '.join(names)}."
    if not isinstance(value, (tuple, list)):
        raise Unreadable(f"One {type(value).__name__} came, {wanted}")
    if len(value) != len(names):
        raise Unreadable(f"A {type(value).__name__} of {len(value)} came, {wanted}")
    return value


def split_dict(value, names):
    """The results of a function that returns a dict."""
    if not isinstance(value, Mapping):
        kind, keys = type(value).__name__, ", ".join(names)
        raise Unreadable(f"A {kind} came, expected a dict with the keys {keys}.")
    missing = [name for name in names if name not in value]
    if missing:
        came = ", ".join(map(str, value)) or "none"
        raise Unreadable(f"Missing from the dict: {', '.join(missing)}. Keys: {came}.")
    return [value[name] for name in names]


def read_pairs(value, expected):
    """A list of pairs (inputs, targets) as two arrays of shape (chunks, T)."""
    if hasattr(value, "__next__"):
        kind = type(value).__name__
        raise Unreadable(f"A {kind} came, which can be read only once: return a list.")
    try:
        chunks = list(value)
        sizes = {len(chunk) for chunk in chunks}
    except TypeError:
        raise Unreadable(
            "The result is not a list of pairs (inputs, targets)."
        ) from None
    if sizes - {2}:
        size = max(sizes - {2})
        raise Unreadable(
            f"A chunk is a pair (inputs, targets); one of {size} parts came."
        )
    inputs = [numbers(chunk[0], "inputs") for chunk in chunks]
    targets = [numbers(chunk[1], "targets") for chunk in chunks]
    if not expected:
        return {"inputs": np.array(inputs), "targets": np.array(targets)}
    want = expected["inputs"]
    if len(chunks) != len(want):
        raise Unreadable(f"{len(chunks)} chunks came, expected {len(want)}.")
    for n, pair in enumerate(zip(inputs, targets)):
        for name, ids in zip(("inputs", "targets"), pair):
            if ids.shape != want[0].shape:
                shapes = f"{ids.shape}, expected {want[0].shape}"
                raise Unreadable(f"Chunk {n} has {name} of shape {shapes}.")
    return {"inputs": np.array(inputs), "targets": np.array(targets)}
