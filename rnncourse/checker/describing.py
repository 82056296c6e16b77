"""Words for a mistake that the bank does not know: what came, what was expected."""

import functools
import itertools
import re

import numpy as np

from rnncourse.checker import running
from rnncourse.checker.comparing import close, equal, make_trial, parts_of
from rnncourse.checker.errors import taken_from_outside, told
from rnncourse.checker.exercises import Case
from rnncourse.checker.running import (
    SECONDS,
    Memory,
    TooLong,
    call,
    call_all,
    is_late,
    own_line,
    shorten,
)

# Wrong numbers that are the right ones times something.
FACTORS = {
    "T": lambda sizes: sizes["T"],
    "1/T": lambda sizes: 1 / sizes["T"],
    "-1/T": lambda sizes: -1 / sizes["T"],
    "H": lambda sizes: sizes["H"],
    "1/H": lambda sizes: 1 / sizes["H"],
    "V": lambda sizes: sizes["V"],
    "1/V": lambda sizes: 1 / sizes["V"],
    "ln 2": lambda sizes: np.log(2),
    "1/ln 2": lambda sizes: 1 / np.log(2),
    "1/ln 10": lambda sizes: 1 / np.log(10),
}

# Wrong numbers that are a function of the right ones.
CHANGES = {
    "zero everywhere": np.zeros_like,
    "one everywhere": np.ones_like,
    "the right numbers with the opposite sign": np.negative,
    "the right numbers without their signs": np.abs,
    "the squares of the right numbers": np.square,
    "the square roots of the right numbers": np.sqrt,
    "the logarithms of the right numbers": np.log,
    "exp of the right numbers": np.exp,
    "tanh of the right numbers": np.tanh,
    "the right numbers cut off to integers": np.trunc,
    "the right numbers rounded to integers": np.round,
    "1 minus the right numbers": lambda want: 1 - want,
    "1 over the right numbers": lambda want: 1 / want,
}

# The same, where places matter.
MOVES = {
    "the transpose of what is right": lambda want: want.T,
    "what is right, in reverse order": lambda want: want[::-1],
    "what is right, every row reversed": lambda want: want[..., ::-1],
    "what is right, one place late": lambda want: np.roll(want, 1, axis=0),
    "what is right, one place early": lambda want: np.roll(want, -1, axis=0),
    "the running sum of what is right": lambda want: np.cumsum(want, axis=0),
    "the transpose of what is right, laid out again in rows; reshape turns nothing": (
        lambda want: want.T.reshape(want.shape)
    ),
}

# The same, where the shape is another.
RESHAPED = {
    " All the right numbers are summed.": np.sum,
    " It is the mean of all the right numbers.": np.mean,
    " It is the last of the right numbers.": lambda want: want[(-1,) * want.ndim],
    " It is the first of the right numbers.": lambda want: want[(0,) * want.ndim],
    " It is the transpose of what is right.": lambda want: want.T,
    " It is what is right, summed over the rows.": lambda want: want.sum(axis=0),
    " It is what is right, summed along each row.": lambda want: want.sum(axis=-1),
    " It is the mean of the right rows.": lambda want: want.mean(axis=0),
    " It is the mean of each right row.": lambda want: want.mean(axis=-1),
    " It is the last row of what is right.": lambda want: want[-1],
    " It is the first row of what is right.": lambda want: want[0],
}

# The right numbers, in a part of a result of another shape.
PARTS = {
    " Its last row is what is right.": lambda got: got[-1],
    " Its first row is what is right.": lambda got: got[0],
    " What is right stands on its diagonal: every entry was paired with every other.": (
        lambda got: np.diag(got) if got.ndim == 2 else got
    ),
}

# The right numbers, too few or too many of them: two arrays that are then equal.
ENDS = {
    " What came is right, and the end is missing.": (
        lambda got, want: (got, want[: len(got)])
    ),
    " What came is right, and the beginning is missing.": (
        lambda got, want: (got, want[len(want) - len(got) :])
    ),
    " Too much stands after what is right.": (
        lambda got, want: (got[: len(want)], want)
    ),
    " Too much stands before what is right.": (
        lambda got, want: (got[len(got) - len(want) :], want)
    ),
}

# What makes nan and infinity, by what NumPy says of it.
ORIGINS = {
    "divide by zero.* log": "the logarithm of 0 is -inf",
    "invalid.* log": "a negative number has no logarithm",
    "invalid.* sqrt": "a negative number has no root",
    "invalid.* power": "a negative number has no such power",
    "divide by zero": "a number is divided by 0",
    "invalid.* divide": "0 / 0 and inf / inf are nan",
    "invalid.* (add|subtract|reduce)": "inf - inf is nan",
    "invalid.* multiply": "0 * inf is nan",
    "overflow.* exp$": "exp of a number above 709 is inf",
    "overflow": "a number grows beyond 1e308",
}


def describe(exercise, function, trials):
    """One to three sentences on the first thing that is wrong, as exactly as can be."""
    wrong = [trial for trial in trials if not trial.right]
    # Where nothing is asked for, an exception is no success to speak of.
    passed = sum(trial.right and trial.call.error is None for trial in trials)
    first, asked = wrong[0], passed + len(wrong)
    place = place_of(first)
    if isinstance(first.call.error, TooLong):
        line = shorten(own_line(first.call.error, function), 50)
        where = f' in your line "{line}"' if line else ""
        before = f", after {passed} that passed" if passed else ""
        return (
            f"Stopped{where}: all inputs together have {SECONDS:.0f} "
            "seconds. Either a loop does not end, so look at what ends it, or the "
            f"function is too slow. (Input: {place}{before}.)"
        )
    if first.call.error is not None:
        what = describe_error(function, first)
    else:
        what = (
            first.problem
            or describe_order(exercise, trials)
            or describe_shape(exercise, trials, first)
            or describe_numbers(exercise, trials, first)
        )
        what += describe_origin(exercise, function, first)
        if not passed and not first.problem:
            what += describe_unused(exercise, function, trials)
    outside = describe_outside(function, first)
    if outside and first.call.error is not None:
        line = shorten(own_line(first.call.error, function), 60)
        what = f'The trouble shows in your line "{line}".'
    what = outside + what
    if first.changed:
        several = len(first.changed) > 1
        what += (
            f" It changes its argument{'s' if several else ''} "
            f"{' and '.join(first.changed)}: copy {'them' if several else 'it'} first."
        )
    if passed:
        return f"Right on {passed} of {asked} inputs. At {place}: {what.strip()}"
    return f"{what.strip()} (Input: {place}.)"


def place_of(trial):
    """The input of a trial in words, with the sizes that they leave out."""
    about = trial.case.about
    sizes = [f"{symbol} = {n}" for symbol, n in trial.sizes.items() if symbol != "n"]
    more = ", ".join(sorted((s for s in sizes if s not in about), key=in_order))
    return f"{about} ({more})" if more else about


def describe_error(function, trial):
    """An exception in words, or its type and message; with the student's line."""
    error = trial.call.error
    line = own_line(error, function)
    text = told(error, function, lambda shape: in_symbols(shape, trial.sizes))
    if text:
        return f'In your line "{shorten(line, 50)}": {text}'
    text = " ".join(str(error).split())
    text = re.sub(r",? (gufunc core )?with (gufunc )?signature \S+", "", text)
    line = f' in your line "{shorten(line, 60)}"' if line else ""
    return f"{type(error).__name__}: {shorten(text, 110)}{line}."


def describe_outside(function, trial):
    """What the function takes from the notebook, where its arguments have it."""
    outside = taken_from_outside(function)
    sizes = {
        name: value
        for name, value in outside.items()
        if name in ("T", "H", "V") and value != trial.sizes.get(name)
    }
    if sizes:
        there = ", ".join(f"{name} = {value}" for name, value in sizes.items())
        return (
            f"It takes {there} from the notebook; all sizes come with the arguments, "
            "as numbers or as shapes. "
        )
    arrays = [name for name in outside if isinstance(outside[name], np.ndarray)]
    if arrays:
        return (
            f"It takes {', '.join(arrays)} from the notebook; all that it needs comes "
            "as arguments. "
        )
    return ""


def describe_order(exercise, trials):
    """Several results that are right in another order; "" if they are not."""
    names = list(exercise.results)
    for order in itertools.permutations(names) if exercise.form == "tuple" else ():
        if all(
            name in t.got and equal(t.got[name], t.expected[other], exercise.tol)
            for t in trials
            for name, other in zip(names, order)
        ):
            wanted = ", ".join(names)
            return f"The results are right, in another order: {wanted} are asked for."
    return ""


def describe_shape(exercise, trials, trial):
    """The first result of another shape than expected, in symbols; "" if none is."""
    for name, want in trial.expected.items():
        got = trial.got[name]
        if got.shape == want.shape:
            continue
        if not got.size:
            return f"{subject(exercise, [name])} is empty: nothing was put into it."
        pairs = [(t.got[name], t.expected[name]) for t in trials if name in t.got]
        hint, steps = reshaped(pairs, exercise.tol), "T" in exercise.results[name]
        came, wanted = (
            f"shape {in_symbols(shape, trial.sizes, steps)}" if shape else "one number"
            for shape in (got.shape, want.shape)
        )
        verb = "has" if got.shape else "is"
        return f"{subject(exercise, [name])} {verb} {came}, expected {wanted}.{hint}"
    return ""


def reshaped(pairs, tol):
    """What has been done to the right results, to have these shapes; "" if unknown."""
    for words, change in RESHAPED.items():
        if all(want.ndim and equal(got, change(want), tol) for got, want in pairs):
            return words
    if all(equal(got.ravel(), want.ravel(), tol) for got, want in pairs):
        return " The numbers are right, only the shape is not."
    if not all(got.ndim for got, _ in pairs):
        return ""
    for words, part in PARTS.items():
        if all(got.size and equal(part(got), want, tol) for got, want in pairs):
            return words
    full = [(got, want) for got, want in pairs if got.size and want.ndim]
    for words, cut in ENDS.items():
        if all(equal(*cut(got, want), tol) for got, want in full):
            return words
    return ""


def describe_numbers(exercise, trials, trial):
    """How the wrong numbers are wrong, with an example; "" when none are."""
    tol = exercise.tol
    pairs = {name: pairs_of(trials, name) for name in exercise.results}
    wrong = [n for n in pairs if not all(equal(a, b, tol) for a, b, _ in pairs[n])]
    here = [n for n in wrong if not equal(trial.got[n], trial.expected[n], tol)]
    if not here:
        return ""
    pairs = {n: [p for p in pairs[n] if not equal(p[0], p[1], tol)] for n in wrong}
    said, relation = wrong, relation_of([p for n in wrong for p in pairs[n]], tol)
    if not relation:
        said, relation = here[:1], relation_of(pairs[here[0]], tol)
    relation = relation or where_wrong(exercise, here[0], pairs[here[0]])
    text = first_difference(exercise, trial, here[0])
    dtype = dtype_of(exercise, trial, here[0])
    if dtype:
        said, relation = here[:1], dtype
    if relation:
        text = f"{subject(exercise, said)}: {relation}; {text[0].lower()}{text[1:]}"
    if wrong[1:]:
        text += f" Wrong: {', '.join(wrong)}."
    return text


def describe_origin(exercise, function, trial):
    """The line in which a wrong nan or inf comes up; "" if NumPy does not say."""
    spoiled = any(
        not np.isfinite(got[~close(got, trial.expected[name], exercise.tol)]).all()
        for name, got in trial.got.items()
        if got.shape == trial.expected[name].shape
    )
    if not spoiled:
        return ""

    @functools.wraps(function)
    def strict(*args, **kwargs):
        with np.errstate(divide="raise", over="raise", invalid="raise"):
            return function(*args, **kwargs)

    (again,) = call_all(strict, [trial.case], running.LATER, Memory(87, function))
    if not isinstance(again.error, FloatingPointError):
        return ""
    said = str(again.error)
    why = next(
        (text for words, text in ORIGINS.items() if re.search(words, said)), said
    )
    line = shorten(own_line(again.error, function), 50)
    return f' It begins in your line "{line}": {why}.'


def describe_unused(exercise, function, trials):
    """The arguments that should have an effect and have none; "" if there are none."""
    found = [got for trial in trials for got in trial.got.values()]
    if exercise.form == "indices":
        return ""  # they are often the same where p is another
    if not found or not all(np.isfinite(got).all() and got.any() for got in found):
        return ""  # NaN stays NaN, and 0 stays 0, whatever has an effect on it
    changed = [
        (name, trial, Case(trial.case.about, trial.case.args | {name: other}))
        for trial in trials[:3]
        for name, value in trial.case.args.items()
        if name not in exercise.results
        for other in others(value)
    ]
    calls = call_all(
        function, [case for *_, case in changed], running.LATER, Memory(87, function)
    )
    if is_late(calls):
        return ""
    needed, used = set(), set()
    for (name, trial, case), theirs in zip(changed, calls):
        right = call(exercise.truth, case.fresh())
        moved = make_trial(exercise, case, theirs, right)
        if not agree(exercise, moved.expected, trial.expected):
            needed.add(name)
        if not agree(exercise, moved.got, trial.got):
            used.add(name)
    unused = [name for name in exercise.arguments if name in needed - used]
    return f" No effect on it: {', '.join(unused)}." if unused else ""


def others(value):
    """Two other values of an argument that is an array, a list or a float."""
    if not isinstance(value, (np.ndarray, list, float)):
        return []
    if isinstance(value, list) and any(map(np.ndim, value)):
        return []  # arrays, which may differ in length
    values, rng = [], np.random.default_rng(0)
    for places in (1, 2):
        other = np.roll(value, places)
        if other.dtype.kind == "f":
            other = other * rng.random(other.shape)
        values.append(other)
    if values[0].dtype.kind in "iu" and values[0].size:  # now of other indices too
        values[1] = np.full_like(values[1], values[1].min())
    return values


def agree(exercise, some, others):
    """Whether two sets of results hold the same numbers."""
    return some.keys() == others.keys() and all(
        equal(some[name], others[name], exercise.tol) for name in some
    )


def pairs_of(trials, name):
    """One result in all trials where its shape is right: (got, expected, sizes)."""
    found = [(t.got.get(name), t.expected[name], t.sizes) for t in trials]
    return [p for p in found if p[0] is not None and p[0].shape == p[1].shape]


def relation_of(pairs, tol):
    """What has been done to the right numbers in all these pairs; "" if unknown."""

    def always(change):
        return all(equal(got, change(want, s), tol) for got, want, s in pairs)

    count = sum(got.size for got, _, _ in pairs)
    if count < 2:  # anything fits
        return ""
    if all(np.isnan(got).all() for got, _, _ in pairs):
        return "NaN everywhere"
    if not all(np.isfinite(got).all() for got, _, _ in pairs):
        return ""
    for words, change in CHANGES.items():
        if always(lambda want, s: change(want)):
            return words
    for words, factor in FACTORS.items():
        known = all(
            symbol in s for symbol in "THV" if symbol in words for *_, s in pairs
        )
        if known and always(lambda want, s: want * factor(s)):
            return f"the right numbers times {words}"
    got, want, _ = pairs[0]
    at = np.abs(want).argmax()
    ratio, more = got.flat[at] / want.flat[at], got.flat[at] - want.flat[at]
    if count > 2 and always(lambda want, s: ratio * want):
        return f"the right numbers times {ratio:.4g}"
    if count > 2 and always(lambda want, s: want + more):
        return f"the right numbers plus {more:.4g}"
    if not all(want.ndim for _, want, _ in pairs):
        return ""
    for words, move in MOVES.items():
        if always(lambda want, s: move(want)):
            return words
    if all(equal(np.sort(a, None), np.sort(b, None), tol) for a, b, _ in pairs):
        return "the right numbers in other places"
    return ""


def where_wrong(exercise, name, pairs):
    """Where the wrong numbers stand, if they stand together; "" if they do not."""
    words = {"T, H": "step", "T, V": "step", "T": "step"}
    words = words.get(exercise.results[name], "row"), "column"
    words = ("chunk", "step") if exercise.form == "pairs" else words
    for axis, word in enumerate(words):
        masks = []
        for got, want, _ in pairs:
            off = ~close(got, want, exercise.tol)
            if off.ndim > axis and off.shape[axis] > 1:
                other = tuple(k for k in range(off.ndim) if k != axis)
                masks.append(off.any(axis=other))
            elif off.ndim <= axis:
                masks.append(np.array([True, True]))  # neither of these
        word = "entry" if word == "row" and pairs[0][0].ndim == 1 else word
        for end, other in ((0, slice(1, None)), (-1, slice(None, -1))):
            which = ("first", "last")[end]
            if masks and all(mask[end] and not mask[other].any() for mask in masks):
                return f"right except for the {which} {word}"
            if masks and all(mask[other].all() and not mask[end] for mask in masks):
                return f"right only for the {which} {word}"
    worst = max(
        np.abs(got - want).max() / (np.abs(want).max() or 1) for got, want, _ in pairs
    )
    if worst < 0.01:
        return f"right to about {-np.log10(worst):.0f} digits only"
    return ""


def first_difference(exercise, trial, name):
    """The first wrong entry and what it should be."""
    got, want = trial.got[name], trial.expected[name]
    off = ~close(got, want, exercise.tol)
    at = tuple(int(k) for k in np.argwhere(off)[0])
    if exercise.form == "pairs":
        a, b = got[at[0]].astype(int), want[at[0]].astype(int)
        return f"The {name} of chunk {at[0]} are {a}, expected {b}."
    who = subject(exercise, [name])
    if at:
        who = f"{'result' if who == 'The result' else who}[{', '.join(map(str, at))}]"
    digits = 4 if f"{got[at]:.4g}" != f"{want[at]:.4g}" else 12
    text = f"{who} is {got[at]:.{digits}g}, expected {want[at]:.{digits}g}"
    count = off.sum()
    few = f", {count} of {off.size} entries differ{'s' if count == 1 else ''}"
    return f"{text}{few if count < off.size else ''}."


def dtype_of(exercise, trial, name):
    """What is wrong with the dtype of a result; "" if that is not the matter."""
    if exercise.form == "pairs":
        return ""
    dtype = np.asarray(parts_of(exercise, trial.call)[name]).dtype
    got, want = trial.got[name], trial.expected[name]
    # One number that is another altogether has no digits to miss.
    like = want.ndim or np.abs(got - want) < 1
    if dtype.kind in "iub" and (want % 1).any() and like:
        return (
            f"its dtype is {dtype}, which has no digits after the point; look at how "
            "it was made"
        )
    near = np.abs(got - want).max() < 0.01 * np.abs(want).max()
    if dtype.kind == "f" and dtype.itemsize < 8 and near:
        digits = np.finfo(dtype).precision
        return (
            f"its dtype is {dtype}, which keeps {digits} digits, where the check "
            f"compares {-np.log10(exercise.tol):.0f}; float64 keeps 15"
        )
    return ""


def subject(exercise, names):
    """What to call some of the results."""
    return " and ".join(names) if len(exercise.results) > 1 else "The result"


def in_symbols(shape, sizes, steps=True):
    """A shape with symbols for the sizes that have only one: "(V, H)".

    steps: whether an axis may be one longer than T.
    """
    known = list(sizes.values())
    words = {n: symbol for symbol, n in sizes.items() if known.count(n) == 1 and n > 1}
    if "T" in sizes and steps:
        words.setdefault(sizes["T"] + 1, "T+1")
    parts = [words.get(n, str(n)) for n in shape]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def in_order(size):
    """The order of T, H, V for sorting."""
    return "THV".find(size[0])
