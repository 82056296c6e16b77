"""Two mistakes at once: a known wrong version, or the right one, with one more slip.

A slip is a change of an argument (forgotten, transposed, with the other sign, counted
twice) or of the whole result (the other sign, a factor).
"""

import copy
import itertools
import re

import numpy as np

from rnncourse.checker.comparing import equal, has_shapes, read
from rnncourse.checker.running import Call, quiet

SLIPS = {
    "{} has no effect": np.zeros_like,
    "{} is used transposed": np.transpose,
    "{} has the opposite sign": np.negative,
    "{} counts twice": lambda array: 2 * array,
}
# Tried one at a time.
SINGLE = {
    "tanh is taken of {}": np.tanh,
    "exp is taken of {}": np.exp,
    "{} is squared": np.square,
    "the root of {} is taken": np.sqrt,
    "{} is used without its signs": np.abs,
    "{} is halved": lambda array: array / 2,
    "1 - {} is used for {}": lambda array: 1 - array,
    "1 / {} is used for {}": lambda array: 1 / array,
    "{} is read in reverse order": lambda array: np.flip(array, axis=0),
    "{} is read one place late, with its last entry at the start": (
        lambda array: np.roll(array, 1, axis=0)
    ),
}
ORDER = ("order", "start")  # these need places
INDICES = ("index", "indices", "pairs")  # whole numbers agree too easily
COMMON = ("no effect", "transposed")  # tried together with every known mistake
WHOLE = {
    "every sign is turned": lambda sizes: -1,
    "everything is divided by T": lambda sizes: 1 / sizes.get("T", 1),
    "everything is twice as large": lambda sizes: 2,
    "everything is half as large": lambda sizes: 0.5,
}


def combined(exercise, trials, entries):
    """(slug, message) of two mistakes that together did the same, or None.

    entries: the known mistakes of this exercise. The slug is the known one's, None
    where both are slips.
    """
    usable = all(has_shapes(t) and not t.changed for t in trials)
    found = (got for t in trials for got in t.got.values())
    usable = usable and not all(np.isin(got, (0, 1)).all() for got in found)
    if not usable or "f" in exercise.arguments or exercise.form in INDICES:
        return None
    trials = sorted(trials, key=size_of)  # most are told apart by the smallest
    with quiet():
        return search(exercise, trials, entries)


def search(exercise, trials, entries):
    """What `combined` returns, for trials with the smallest first."""
    slips, wholes = list(slips_of(exercise, trials, SLIPS)), list(wholes_of(trials))
    single = [*slips, *slips_of(exercise, trials, SINGLE), *mixed_up(exercise, trials)]
    if any(explains(exercise, trials, exercise.truth, dict, f) for _, f in wholes):
        return None  # described better
    for words, edit in single:
        if explains(exercise, trials, exercise.truth, edit):
            return None, f"Your result is right but for one thing: {words}."
    for (words, edit), (others, more) in itertools.combinations(slips, 2):
        if explains(exercise, trials, exercise.truth, chained(edit, more)):
            return None, f"Two things at once: {words}, and {others}."
    common = [slip for slip in slips if slip[0].endswith(COMMON)]
    for entry in entries:
        for function in entry.functions:
            for words, edit in common:
                if explains(exercise, trials, function, edit):
                    return entry.slug, both_said(entry, words)
            for words, factor in wholes:
                if explains(exercise, trials, function, dict, factor):
                    return entry.slug, both_said(entry, words)
    return None


def both_said(entry, words):
    """A known mistake by its first sentence, and a slip."""
    sentence = re.split(r"(?<=[^.][.?!])\s+", entry.message)[0]
    return f"Two things at once. {sentence} And besides, {words}."


def slips_of(exercise, trials, slips):
    """Pairs (words, function from arguments to changed arguments)."""
    for name, value in given(exercise, trials):
        if np.asarray(value).dtype.kind != "f":
            continue
        for words, change in slips.items():
            if change is np.transpose and np.ndim(value) < 2:
                continue
            if words.endswith(ORDER) and np.ndim(value) == 0:
                continue

            def edit(args, name=name, change=change):
                return args | {name: change(args[name])}

            yield words.format(name, name), edit


def mixed_up(exercise, trials):
    """As `slips_of`, for arguments of one shape: one stands for the other."""
    for name, other in itertools.permutations(dict(given(exercise, trials)), 2):
        pairs = [(t.case.args[name], t.case.args[other]) for t in trials]
        like = [np.asarray(a).dtype == np.asarray(b).dtype for a, b in pairs]
        if all(like) and all(np.shape(a) == np.shape(b) for a, b in pairs):

            def edit(args, name=name, other=other):
                return args | {other: args[name]}

            def swap(args, name=name, other=other):
                return args | {other: args[name], name: args[other]}

            yield f"{name} is used where {other} belongs", edit
            yield f"{name} and {other} have changed places", swap


def given(exercise, trials):
    """Pairs (name, value) of the arrays and broken numbers that all trials have."""
    for name, value in trials[0].case.args.items():
        everywhere = all(name in trial.case.args for trial in trials)
        if everywhere and name not in exercise.changes:
            if isinstance(value, (np.ndarray, float)):
                yield name, value


def size_of(trial):
    """How many numbers a case has; a list may hold arrays of different lengths."""
    values = trial.case.args.values()
    return sum(sum(map(np.size, v)) if type(v) is list else np.size(v) for v in values)


def chained(one, two):
    """One change of the arguments after the other."""
    return lambda args: two(one(args))


def wholes_of(trials):
    """Pairs (words, factor of the sizes) that are not 1 throughout."""
    for words, factor in WHOLE.items():
        if any(factor(trial.sizes) != 1 for trial in trials):
            yield words, factor


def fresh(value):
    """A copy of an argument; much faster than deepcopy where it is an array."""
    return value.copy() if isinstance(value, np.ndarray) else copy.deepcopy(value)


def explains(exercise, trials, function, edit, factor=lambda sizes: 1):
    """Whether a function of changed arguments, times a factor, is the student's."""
    for trial in trials:
        args = edit({name: fresh(value) for name, value in trial.case.args.items()})
        try:
            value = function(*args.values())
            other = read(exercise, Call(value, args), trial.expected)
        except Exception:
            return False
        times = factor(trial.sizes)
        if not all(equal(times * other[n], trial.got[n], exercise.tol) for n in other):
            return False
    return True
