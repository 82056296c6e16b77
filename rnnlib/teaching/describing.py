"""Words for a mistake that the bank does not know: what came, what was expected."""

import re

import numpy as np

from rnnlib.teaching.comparing import close, equal
from rnnlib.teaching.running import TooLong, own_line

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
    "the right numbers with the opposite sign": np.negative,
    "the right numbers without their signs": np.abs,
    "the squares of the right numbers": np.square,
    "the square roots of the right numbers": np.sqrt,
    "the logarithms of the right numbers": np.log,
    "exp of the right numbers": np.exp,
    "tanh of the right numbers": np.tanh,
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
}


def describe(exercise, function, trials):
    """One to three sentences on the first thing that is wrong, as exactly as can be."""
    wrong = [trial for trial in trials if not trial.right]
    first, passed = wrong[0], len(trials) - len(wrong)
    about = first.case.about
    if isinstance(first.call.error, TooLong):
        return f"Stopped after a few seconds: a loop does not end ({about})."
    where = f"Right on {passed} of {len(trials)} inputs. At {about}: "
    where = where if passed else f"At {about}: "
    if first.call.error is not None:
        return where + describe_error(function, first)
    if first.problem:
        return where + first.problem
    what = describe_shape(exercise, trials, first)
    what = what or describe_numbers(exercise, trials, first)
    changed = " and ".join(first.changed)
    changed = f"It changes its argument {changed}: work on a copy." if changed else ""
    return where + " ".join(filter(None, [what, changed]))


def describe_error(function, trial):
    """An exception: its type, its message, the student's line, and the sizes."""
    error = trial.call.error
    text = re.sub(r", with gufunc signature \S+", "", " ".join(str(error).split()))
    line = own_line(error, function)
    line = f' in your line "{shorten(line, 60)}"' if line else ""
    sizes = in_words(trial.sizes)
    return f"{type(error).__name__}: {shorten(text, 110)}{line}{sizes}"


def describe_shape(exercise, trials, trial):
    """The first result of another shape than expected, in symbols; "" if none is."""
    for name, want in trial.expected.items():
        got = trial.got[name]
        if got.shape == want.shape:
            continue
        pairs = [(t.got[name], t.expected[name]) for t in trials if name in t.got]
        hint = ""
        if all(equal(a.T, b, exercise.tol) for a, b in pairs):
            hint = " It is the transpose of what is right."
        elif all(equal(a.ravel(), b.ravel(), exercise.tol) for a, b in pairs):
            hint = " The numbers are right, only the shape is not."
        came = in_symbols(got.shape, trial.sizes)
        wanted = in_symbols(want.shape, trial.sizes) if want.shape else "a number"
        sizes = {k: n for k, n in trial.sizes.items() if k in came + wanted}
        who = subject(exercise, [name])
        return f"{who} has shape {came}, expected {wanted}{in_words(sizes)}.{hint}"
    return ""


def describe_numbers(exercise, trials, trial):
    """How the wrong numbers are wrong, with an example; "" when none are."""
    tol = exercise.tol
    pairs = {name: pairs_of(trials, name) for name in exercise.results}
    wrong = [n for n in pairs if not all(equal(a, b, tol) for a, b, _ in pairs[n])]
    here = [n for n in wrong if not equal(trial.got[n], trial.expected[n], tol)]
    if not here:
        return ""
    said, relation = wrong, relation_of([p for n in wrong for p in pairs[n]], tol)
    if not relation:
        said, relation = here[:1], relation_of(pairs[here[0]], tol)
    relation = relation or place_of(exercise, here[0], pairs[here[0]])
    text = first_difference(exercise, trial, here[0])
    if relation:
        text = f"{subject(exercise, said)}: {relation}; {text[0].lower()}{text[1:]}"
    if wrong[1:]:
        text += f" Wrong: {', '.join(wrong)}."
    return text


def pairs_of(trials, name):
    """One result in all trials where its shape is right: (got, expected, sizes)."""
    found = [(t.got.get(name), t.expected[name], t.sizes) for t in trials]
    return [p for p in found if p[0] is not None and p[0].shape == p[1].shape]


def relation_of(pairs, tol):
    """What has been done to the right numbers, in all trials alike; "" if unknown."""

    def always(change):
        return all(equal(got, change(want, s), tol) for got, want, s in pairs)

    if not all(np.isfinite(got).all() for got, _, _ in pairs):
        return ""
    for words, change in CHANGES.items():
        if always(lambda want, s: change(want)):
            return words
    for words, factor in FACTORS.items():
        known = all(symbol in s for symbol in "THV" if symbol in words for *_, s in pairs)
        if known and always(lambda want, s: want * factor(s)):
            return f"the right numbers times {words}"
    got, want, _ = pairs[0]
    at = np.abs(want).argmax()
    ratio, more = got.flat[at] / want.flat[at], got.flat[at] - want.flat[at]
    if always(lambda want, s: ratio * want):
        return f"the right numbers times {ratio:.4g}"
    if always(lambda want, s: want + more):
        return f"the right numbers plus {more:.4g}"
    if not all(want.ndim for _, want, _ in pairs):
        return ""
    for words, move in MOVES.items():
        if all(want.shape == move(want).shape for _, want, _ in pairs):
            if always(lambda want, s: move(want)):
                return words
    if all(equal(np.sort(a, None), np.sort(b, None), tol) for a, b, _ in pairs):
        return "the right numbers in other places"
    return ""


def place_of(exercise, name, pairs):
    """Where the wrong numbers stand, if they stand together; "" if they do not."""
    step = "step" if exercise.results[name].startswith("T") else "row"
    for axis, word in enumerate((step, "column")):
        masks = []
        for got, want, _ in pairs:
            off = ~close(got, want, exercise.tol)
            if off.ndim > axis and off.shape[axis] > 1 and off.any():
                other = tuple(k for k in range(off.ndim) if k != axis)
                masks.append(off.any(axis=other))
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
    if worst < 1e-4:
        return f"right to about {-np.log10(worst):.0f} digits"
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
    text = f"{who} is {got[at]:.4g}, expected {want[at]:.4g}"
    few = 0 < off.sum() < off.size
    return text + (f", {off.sum()} of {off.size} entries differ." if few else ".")


def subject(exercise, names):
    """What to call some of the results."""
    return " and ".join(names) if len(exercise.results) > 1 else "The result"


def in_symbols(shape, sizes):
    """A shape with symbols for the sizes that have only one: "(V, H)"."""
    known = list(sizes.values())
    words = {n: symbol for symbol, n in sizes.items() if known.count(n) == 1 and n > 1}
    if "T" in sizes:
        words.setdefault(sizes["T"] + 1, "T+1")
    parts = [words.get(n, str(n)) for n in shape]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def in_words(sizes):
    """Sizes in brackets: " (T = 6, H = 4)"."""
    sizes = ", ".join(f"{symbol} = {sizes[symbol]}" for symbol in sorted(sizes, key="THVn".find))
    return f" ({sizes})" if sizes else ""


def shorten(text, width):
    """At most `width` characters of a text."""
    return text if len(text) <= width else text[: width - 3] + "..."
