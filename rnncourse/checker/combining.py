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
    if not usable or "f" in exercise.arguments or exercise.form in INDICES:
        return None
    trials = sorted(trials, key=size_of)  # most are told apart by the smallest
    with quiet():
        return search(exercise, trials, entries)


def search(exercise, trials, entries):
    """What `combined` returns, for trials with the smallest first."""
    slips, wholes = list(slips_of(exercise, trials)), list(wholes_of(trials))
    if any(explains(exercise, trials, exercise.truth, dict, f) for _, f in wholes):
        return None  # described better
    for words, edit in slips:
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


def slips_of(exercise, trials):
    """Pairs (words, function from arguments to changed arguments)."""
    for name, value in trials[0].case.args.items():
        if name in exercise.changes or not isinstance(value, np.ndarray):
            continue
        if value.dtype.kind != "f":
            continue
        for words, change in SLIPS.items():
            if change is np.transpose and value.ndim < 2:
                continue

            def edit(args, name=name, change=change):
                return args | {name: change(args[name])}

            yield words.format(name), edit


def size_of(trial):
    """How many numbers a case has."""
    return sum(np.size(value) for value in trial.case.args.values())


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
