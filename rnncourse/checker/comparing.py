"""Reading what a student's function returned as named arrays, and comparing numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rnncourse.checker.running import (
    Other,
    is_deep,
    kind_of,
    plain,
    shorten,
    with_article,
)


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
    if case.may_raise and isinstance(call.error, Exception):
        trial.right = True
    if call.error is None:
        try:
            trial.got = read(exercise, call, expected)
        except Unreadable as problem:
            trial.problem = str(problem)
        trial.changed = [
            name
            for name, after in call.after.items()
            if name not in exercise.changes
            and not alike(after, case.args[name], exercise.tol)
        ]
        fits = [
            name in trial.got and equal(trial.got[name], array, exercise.tol)
            for name, array in expected.items()
        ]
        trial.right = all(fits) and not trial.changed
    return trial


def has_shapes(trial):
    """Whether all results came in the right shapes."""
    got, want = trial.got, trial.expected
    return all(name in got and got[name].shape == want[name].shape for name in want)


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
        if a.dtype == b.dtype == object:  # which can contain itself
            return a.shape == b.shape
        return np.array_equal(a, b)
    return type(a) is type(b) and not isinstance(a, (list, tuple))


def numbers(value, what="The result"):
    """A number, an array or nested lists of numbers, as a float array."""
    if type(value) is np.ndarray and value.dtype == float:
        return value
    if value is None:
        raise Unreadable(f"{what} is None.")
    if value is ...:
        raise Unreadable(f"{what} is still `...`.")
    kind = with_article(kind_of(value))
    refuse_deep(value, what)
    if isinstance(value, (Mapping, str, Other)):
        raise Unreadable(f"{what} is {kind}, expected numbers in an array or a list.")
    try:
        array = np.asarray(value)
    except ValueError:
        raise Unreadable(f"{what} is {kind} of parts of different shapes.") from None
    if array.dtype.kind == "c":
        raise Unreadable(f"{what} is complex, expected real numbers.")
    if array.dtype.kind == "U":
        raise Unreadable(f"{what} holds text, expected numbers.")
    try:
        return np.array(array, dtype=float)
    except OverflowError:
        raise Unreadable(f"{what} holds a number too large for a float.") from None
    except (TypeError, ValueError):
        raise Unreadable(f"{what} is {kind}, expected numbers.") from None


def refuse_deep(value, what="The result"):
    """Unreadable for lists that are nested too deeply, or contain themselves."""
    if isinstance(value, Other) and value.deep:
        raise Unreadable(f"{what} is {with_article(value.kind)}, nested too deeply.")


def read(exercise, call, expected):
    """The results of a call by name. Unreadable when the form is another."""
    names, value = list(exercise.results), call.value
    if exercise.form == "in place":
        return {name: numbers(plain(call.after[name]), name) for name in names}
    if value is None and call.printed:
        raise Unreadable("It prints its result and returns None: put `return` there.")
    if value is None:
        raise Unreadable("It returns None: the `return` is missing, or has no value.")
    if exercise.form == "pairs":
        return read_pairs(value, expected)
    result = {
        name: numbers(part, "The result" if len(names) == 1 else name)
        for name, part in parts_of(exercise, call).items()
    }
    indices = exercise.form in ("index", "indices")
    if indices and np.asarray(value).dtype.kind not in "iu" and np.size(value):
        came = shorten(repr(value), 30)
        raise Unreadable(f"It returns {came}; an index is an integer.")
    return result


def parts_of(exercise, call):
    """The results by name as they came. Unreadable when they cannot be told apart."""
    names = list(exercise.results)
    if exercise.form == "in place":
        return {name: call.after[name] for name in names}
    if exercise.form == "training":
        blocks = split_dict(plain(call.after["params"]), names[1:])
        return dict(zip(names, [call.value, *blocks]))
    if exercise.form in ("tuple", "dict"):
        split = {"tuple": split_tuple, "dict": split_dict}[exercise.form]
        return dict(zip(names, split(call.value, names)))
    return {names[0]: call.value}


def split_tuple(value, names):
    """The results of a function that returns several."""
    refuse_deep(value)
    kind, wanted = kind_of(value), f"expected {len(names)} results: {', '.join(names)}."
    if not isinstance(value, (tuple, list)):
        raise Unreadable(f"One {kind} came, {wanted}")
    if len(value) != len(names):
        raise Unreadable(f"A {kind} of {len(value)} came, {wanted}")
    return value


def split_dict(value, names):
    """The results of a function that returns a dict."""
    refuse_deep(value)
    if not isinstance(value, Mapping):
        kind, keys = with_article(kind_of(value), "A"), ", ".join(names)
        raise Unreadable(f"{kind} came, expected a dict with the keys {keys}.")
    missing = [name for name in names if name not in value]
    if missing:
        came = ", ".join(map(str, value)) or "none"
        raise Unreadable(f"Missing from the dict: {', '.join(missing)}. Keys: {came}.")
    return [value[name] for name in names]


def is_row(value):
    """Whether a value has a length and items."""
    several = isinstance(value, np.ndarray) and value.ndim > 0
    return several or isinstance(value, (list, tuple))


def read_pairs(value, expected):
    """A list of pairs (inputs, targets) as two arrays of shape (chunks, T)."""
    kind = with_article(kind_of(value), "A")
    if isinstance(value, Other) and value.once:
        raise Unreadable(f"{kind} came, which can be read only once: return a list.")
    if not is_row(value):
        raise Unreadable(f"{kind} came, expected a list of pairs.")
    chunks = list(value)
    odd = [chunk for chunk in chunks if not is_row(chunk)]
    if odd:
        kind = with_article(kind_of(odd[0]))
        raise Unreadable(f"A chunk is a pair (inputs, targets); {kind} came.")
    sizes = {len(chunk) for chunk in chunks}
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
        came = f"{len(chunks)} chunk{'s' if len(chunks) != 1 else ''} came"
        odd = first_odd_chunk(inputs, targets, expected)
        raise Unreadable(f"{came}, expected {len(want)}.{odd}")
    for n, pair in enumerate(zip(inputs, targets)):
        for name, ids in zip(("inputs", "targets"), pair):
            if ids.shape != want[0].shape:
                shapes = f"{ids.shape}, expected {want[0].shape}"
                raise Unreadable(f"Chunk {n} has {name} of shape {shapes}.")
    return {"inputs": np.array(inputs), "targets": np.array(targets)}


def first_odd_chunk(inputs, targets, expected):
    """The first chunk that holds other indices than it should; "" if none does."""
    for n, pair in enumerate(zip(inputs, targets, *expected.values())):
        for name, ids, want in zip(expected, pair[:2], pair[2:], strict=True):
            if not np.array_equal(ids, want):
                came = shorten(str(ids.astype(int)), 40)
                return (
                    f" The {name} of chunk {n} are {came}, expected {want.astype(int)}."
                )
    return ""
