"""`check(function)`: is this exercise solved, and if not, which mistake is it?"""

import contextlib
import difflib
import functools
import inspect
import io
import itertools
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from rnncourse.checker import running
from rnncourse.checker.combining import both_said, combined
from rnncourse.checker.comparing import alike, close, has_shapes, make_trial
from rnncourse.checker.describing import describe
from rnncourse.checker.drawing import Numbers
from rnncourse.checker.exercises import EXERCISES
from rnncourse.checker.lending import lent
from rnncourse.checker.misconceptions import BANK
from rnncourse.checker.running import (
    Memory,
    call,
    call_all,
    is_late,
    is_stub,
    takes_only_names,
)

LINES, WIDTH = 10, 200  # of what a function printed
DRAWS = 100  # of test inputs, until all known mistakes show on them
PRINTS = " But it prints, and will wherever it runs: take that out."
MISSING = (
    "Write its body where the ... stands. If you have: did its cell run without an "
    "error, and is the function still named {}?"
)
UNSTABLE = (
    "The same arguments give another result at the second call. Random numbers do "
    "that, or something that is kept between the calls."
)
UNFILLED = (
    "Its result changes from call to call. np.empty takes memory as it is: an entry "
    "that your function does not fill holds whatever was there before."
)
SHARED = (
    "The next call writes over the result of this one: all results are one array, made "
    "outside of the function. Make a new one in each call."
)
KEPT = (
    "A list or an array as a default is made once, when its `def` runs, and each call "
    "goes on with what the last one left in it. Make it inside of the function."
)


@dataclass(frozen=True)
class Verdict:
    """What `check` found. Its repr, one to four lines, is what the student reads.

    status: "correct", "wrong" or "missing". misconception: the slug of a known
    mistake, or None. message: the finding in words.
    """

    name: str
    status: str
    misconception: str | None
    message: str

    def __repr__(self):
        text = f"{self.name}: {self.status}. {self.message}"
        lines = {"max_lines": 4, "placeholder": " ...", "break_on_hyphens": False}
        return textwrap.fill(text, 75, **lines)


def check(function, seed=None):
    """Try the exercise that `function` is named after: the Verdict.

    Where it is wrong, what it printed there is shown first.
    seed: a text or an int, such as a student's number, from which other test inputs of
    the same kind are drawn, on every machine alike; None for the course's own.
    ValueError: something that is not a function with the name of an exercise; a seed
    of another type.
    """
    name = getattr(function, "__name__", repr(function))[:80]
    if not callable(function) or name not in EXERCISES:
        raise ValueError(f"function: {misnamed(function, name)}")
    if not isinstance(seed, (str, int, np.integer, type(None))):
        raise ValueError(f"seed: expected a text or an int, got {seed!r:.80}")
    exercise = EXERCISES[name]
    with np.errstate(all="ignore"):  # comparing NaN and infinity
        exercise = exercise if seed is None else with_seed(exercise, seed)
        return Verdict(name, *found_in(exercise, function))


def judge(function, seed=None):
    """As `check`, for a program that grades: nothing is printed."""
    with contextlib.redirect_stdout(io.StringIO()):
        return check(function, seed)


def with_seed(exercise, seed):
    """The exercise with test inputs drawn from a seed.

    Draws are passed over until every known mistake shows. RuntimeError: none does so.
    """
    for k in range(DRAWS):
        drawn = replace(exercise, numbers=Numbers(f"{seed}/{exercise.name}/{k}"))
        pair = not_told_apart(drawn)
        if pair is None:
            return drawn
    raise RuntimeError(
        f"{exercise.name}: on no draw of {DRAWS} do all known mistakes show; on the "
        f"last one {pair[1]} gives what {pair[0]} gives"
    )


def not_told_apart(exercise):
    """Two things of which each gives what the other gives, or None.

    They are known mistakes, by their slugs, or one of them is "a right answer".
    """
    forms = [("a right answer", exercise.truth)]
    forms += [(e.slug, f) for e in entries_of(exercise) for f in e.functions]
    numbers = range(len(exercise.cases))
    calls = [(slug, [known_call(f, exercise, k) for k in numbers]) for slug, f in forms]
    for (slug, left), (other, right) in itertools.combinations(calls, 2):
        if slug != other and all(
            same_call(exercise, *both) for both in zip(left, right)
        ):
            return slug, other
    return None


def misnamed(function, name):
    """What is the matter with something that is not named after an exercise."""
    if name == "<lambda>":
        return (
            "expected a function written with `def` under the name of its exercise, "
            "got a lambda, which has no name"
        )
    inside = (
        inspect.getclosurevars(function).nonlocals
        if inspect.isfunction(function)
        else {}
    )
    for inner in (getattr(value, "__name__", None) for value in inside.values()):
        if inner in EXERCISES:
            return (
                f"{inner} goes by the name of {name}, because a decorator hides its "
                "name; take the decorator off, or put functools.wraps into it"
            )
    # None and cosine are alike to 0.6.
    near = difflib.get_close_matches(name, EXERCISES, cutoff=0.65)
    names = near or EXERCISES
    return (
        f"expected a function with the name of an exercise ({', '.join(names)}), "
        f"got {name}"
    )


def found_in(exercise, function):
    """Status, slug and message for a student's function."""
    cases = exercise.cases
    if is_stub(function):
        return "missing", None, MISSING.format(exercise.name)
    problem = signature_problem(exercise, function)
    if problem:
        return "wrong", None, problem
    truths = [call(exercise.truth, case.fresh()) for case in cases]
    calls = call_all(function, cases, running.SECONDS, Memory(87, function))
    if is_unfinished(calls[0]):
        return "missing", None, MISSING.format(exercise.name)
    trials = [make_trial(exercise, *three) for three in zip(cases, calls, truths)]
    pass_on_prints(trials)
    right = all(trial.right for trial in trials)
    problem = "" if right else order_problem(exercise, function)
    if problem:
        return "wrong", None, problem
    if is_late(calls):
        return "wrong", None, describe(exercise, function, trials)
    problem = unsteady(exercise, function, calls)
    if problem:
        return "wrong", None, problem
    if right:
        talks = PRINTS if any(each.printed for each in calls) else ""
        return "correct", None, f"All {len(cases)} test inputs agree.{talks}"
    problem = lent(exercise, function)
    if problem:
        return "wrong", None, problem
    found = (
        None
        if is_nan_alone(exercise, trials)
        else (
            known_mistake(exercise, trials)
            or combined(exercise, trials, entries_of(exercise))
            or known_in_part(exercise, trials)
        )
    )
    return "wrong", *(found or (None, describe(exercise, function, trials)))


def unsteady(exercise, function, calls):
    """A sentence if a result changes: afterwards, or when everything comes again."""
    if not all(alike(each.later, each.value, 0) for each in calls):
        return KEPT if keeps_a_default(function) else SHARED
    if all(each.error is not None for each in calls):
        return ""
    memory = Memory(31, function)  # another than at the first time
    again = call_all(function, exercise.cases, running.LATER, memory)
    if is_late(again) or all(same_call(exercise, *pair) for pair in zip(again, calls)):
        return ""  # the first time was not late
    if keeps_a_default(function):
        return KEPT
    if not memory.used:
        return UNSTABLE
    third = call_all(function, exercise.cases, running.LATER, Memory(31, function))
    fixed = all(same_call(exercise, *pair) for pair in zip(third, again))
    return UNFILLED if fixed else UNSTABLE


def keeps_a_default(function):
    """Whether a parameter has a default that a call can change."""
    defaults = getattr(function, "__defaults__", None) or ()
    return any(isinstance(each, (list, dict, np.ndarray)) for each in defaults)


def signature_problem(exercise, function):
    """A sentence if the function cannot be called as the stub can."""
    signature = signature_of(function)
    if signature is None:
        return ""
    for case in exercise.cases:
        try:
            if takes_only_names(function, case.args):
                signature.bind(**case.args)
            else:
                signature.bind(*case.args.values())
        except TypeError:
            return f"It takes {signature}; expected {exercise.signature}."
    return ""


def order_problem(exercise, function):
    """A sentence if the parameters have the right names in another order."""
    signature, names = signature_of(function), list(exercise.arguments)
    if signature is None:
        return ""
    theirs = list(signature.parameters)[: len(names)]
    if theirs != names and sorted(theirs) == sorted(names):
        return f"Its parameters are {signature}; expected {exercise.signature}."
    return ""


def signature_of(function):
    """The signature of a function, None if it does not tell."""
    try:
        follow = not isinstance(function, functools.partial)  # it changes the signature
        return inspect.signature(function, follow_wrapped=follow)
    except (TypeError, ValueError):
        return None


def pass_on_prints(trials):
    """Show what the function printed at the first input that it got wrong."""
    wrong = next((trial for trial in trials if not trial.right), None)
    lines = wrong.call.printed.splitlines() if wrong else []
    if lines:
        shown = [line[:WIDTH] for line in lines[:LINES]]
        print(f"Printed at {wrong.case.about}:", *shown, sep="\n")
        if len(lines) > LINES:
            many = "more than " if len(wrong.call.printed) > running.PRINTED else ""
            print(f"... and {many}{len(lines) - LINES} lines more")


def is_unfinished(first):
    """Whether a call says that the function is not written yet."""
    value = first.value
    value = list(value.values()) if isinstance(value, Mapping) else value
    parts = value if isinstance(value, (list, tuple)) and value else [value]
    dots = all(part is ... for part in parts)
    return dots or isinstance(first.error, NotImplementedError)


def same_call(exercise, a, b):
    """Whether two calls did the same: result, changes to the arguments, exception."""
    if type(a.error) is not type(b.error):
        return False
    values = exercise.form == "in place" or alike(a.value, b.value, exercise.tol)
    pairs = zip(a.after.values(), b.after.values())
    return values and all(alike(x, y, exercise.tol) for x, y in pairs)


def is_nan_alone(exercise, trials):
    """Whether all that is wrong is nan or infinite at every input.

    Then no mistake can be told from another by its numbers: each may end there.
    """
    if any(trial.right or not has_shapes(trial) for trial in trials):
        return False
    pairs = [(t.got[name], want) for t in trials for name, want in t.expected.items()]
    wrong = [got[~close(got, want, exercise.tol)] for got, want in pairs]
    return any(map(np.size, wrong)) and not any(np.isfinite(w).any() for w in wrong)


def known_mistake(exercise, trials):
    """(slug, message) of the misconception that did the same in all trials, or None."""
    asked = [(k, t) for k, t in enumerate(trials) if not (t.right and t.case.may_raise)]
    entry = matching(exercise, asked)
    if entry is None and all(has_shapes(trial) for trial in trials):
        found = [e for e in entries_of(exercise) if e.symptom and e.symptom(trials)]
        entry = found[0] if found else None
    if entry is not None:
        return entry.slug, entry.message
    return known_where_finite(exercise, asked)


def known_where_finite(exercise, asked):
    """As `known_mistake`, for a result that is nan or infinite at some inputs."""

    def is_finite(trial):
        got = trial.got.values()
        return bool(got) and all(np.isfinite(array).all() for array in got)

    finite = [(k, t) for k, t in asked if is_finite(t)]
    spoiled = [t for _, t in asked if t.got and not is_finite(t)]
    entry = matching(exercise, finite) if spoiled else None
    if entry is None or sum(not t.right for _, t in finite) < 2:
        return None
    where = f"at {spoiled[0].case.about} nan or infinity comes"
    return entry.slug, both_said(entry, where)


def matching(exercise, asked):
    """The misconception that did the same in these (number, trial), or None."""
    for entry in entries_of(exercise):
        for function in entry.functions:
            if all(
                same_call(exercise, t.call, known_call(function, exercise, k))
                for k, t in asked
            ):
                return entry
    return None


def known_in_part(exercise, trials):
    """As `known_mistake`, for the one that explains most of several wrong results.

    It must not spoil what is right here, unless it explains all that is wrong.
    None if there is none.
    """
    several = exercise.form in ("tuple", "dict", "in place", "training")
    if not several or not all(trial.got for trial in trials):
        return None

    def same(name, a, b):
        return name in a and alike(a[name], b[name], exercise.tol)

    names = set(exercise.results)
    wrong = {n for n in names if not all(same(n, t.got, t.expected) for t in trials)}
    best, explained = None, set()
    for entry in entries_of(exercise):
        for function in entry.functions:
            left, spoiled = set(wrong), set()
            for k, t in enumerate(trials):
                theirs = known_call(function, exercise, k)
                other = make_trial(exercise, t.case, theirs, t.truth)
                left = {name for name in left if same(name, other.got, t.got)}
                spoiled |= {n for n in names if not same(n, other.got, t.expected)}
                if not left:
                    break
            if len(left) > len(explained) and (spoiled <= wrong or left == wrong):
                best, explained = entry, left
    if best is None:
        return None
    parts, rest = (
        ", ".join(name for name in exercise.results if name in some)
        for some in (explained, wrong - explained)
    )
    rest = f", and {rest} has another mistake" if rest else ""
    return best.slug, f"{best.message} (Seen in {parts}{rest}.)"


@functools.lru_cache(maxsize=10_000)
def known_call(function, exercise, k):
    """What a function of the bank does on case k of an exercise, worked out once."""
    return call(function, exercise.cases[k].fresh())


def entries_of(exercise):
    """What the bank knows about an exercise."""
    return [entry for entry in BANK.values() if entry.exercise == exercise.name]
