"""`check(function)`: is this exercise solved, and if not, which mistake is it?"""

import difflib
import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnncourse.checker.comparing import alike, make_trial
from rnncourse.checker.describing import describe
from rnncourse.checker.exercises import EXERCISES
from rnncourse.checker.misconceptions import BANK
from rnncourse.checker.running import TooLong, call, call_all, is_stub

LINES, WIDTH = 10, 200  # of what a function printed
MISSING = (
    "Write its body where the ... stands. If you have: did its cell run without an "
    "error, and is the function still named {}?"
)
UNSTABLE = (
    "The same arguments give another result at the second call. Random numbers, memory "
    "that was not initialised (np.empty) or something kept between the calls do that."
)


@dataclass(frozen=True, repr=False)
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


def check(function):
    """Try the exercise that `function` is named after: the Verdict.

    Where it is wrong, what it printed there is shown first.
    ValueError: something that is not a function with the name of an exercise.
    """
    name = getattr(function, "__name__", repr(function))[:80]
    if name == "<lambda>":
        raise ValueError(
            "function: expected a function written with `def` under the name of its "
            "exercise, got a lambda, which has no name"
        )
    if not callable(function) or name not in EXERCISES:
        names = difflib.get_close_matches(name, EXERCISES) or EXERCISES
        raise ValueError(
            "function: expected a function with the name of an exercise "
            f"({', '.join(names)}), got {name}"
        )
    with np.errstate(all="ignore"):  # comparing NaN and infinity
        return Verdict(name, *judge(EXERCISES[name], function))


def judge(exercise, function):
    """Status, slug and message for a student's function."""
    cases = exercise.cases
    if is_stub(function):
        return "missing", None, MISSING.format(exercise.name)
    problem = signature_problem(exercise, function)
    if problem:
        return "wrong", None, problem
    calls = call_all(function, cases)
    if is_unfinished(calls[0]):
        return "missing", None, MISSING.format(exercise.name)
    truths = [call(exercise.truth, case.fresh()) for case in cases]
    trials = [make_trial(exercise, *three) for three in zip(cases, calls, truths)]
    pass_on_prints(trials)
    right = all(trial.right for trial in trials)
    problem = "" if right else order_problem(exercise, function)
    if problem:
        return "wrong", None, problem
    if isinstance(calls[-1].error, TooLong):
        return "wrong", None, describe(exercise, function, trials)
    if any(each.error is None for each in calls):
        again = call_all(function, cases)
        late = isinstance(again[-1].error, TooLong)  # the first time just was not
        if not late and not all(
            same_call(exercise, *pair) for pair in zip(again, calls)
        ):
            return "wrong", None, UNSTABLE
    if right:
        return "correct", None, f"All {len(cases)} test inputs agree."
    slug, message = known_mistake(exercise, trials) or known_in_part(exercise, trials)
    return "wrong", slug, message or describe(exercise, function, trials)


def signature_problem(exercise, function):
    """A sentence if the function cannot be called as the stub can."""
    signature = signature_of(function)
    if signature is None:
        return ""
    for case in exercise.cases:
        try:
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
        return inspect.signature(function)
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
            print(f"... and {len(lines) - LINES} lines more")


def is_unfinished(first):
    """Whether a call says that the function is not written yet."""
    value = first.value
    value = list(value.values()) if isinstance(value, Mapping) else value
    parts = value if isinstance(value, (list, tuple)) and len(value) else [value]
    dots = all(part is ... for part in parts)
    return dots or isinstance(first.error, NotImplementedError)


def same_call(exercise, a, b):
    """Whether two calls did the same: result, changes to the arguments, exception."""
    if type(a.error) is not type(b.error):
        return False
    values = exercise.form == "in place" or alike(a.value, b.value, exercise.tol)
    pairs = zip(a.after.values(), b.after.values())
    return values and all(alike(x, y, exercise.tol) for x, y in pairs)


def known_mistake(exercise, trials):
    """(slug, message) of the misconception that did the same in all trials, or None."""
    for entry in entries_of(exercise):
        for function in entry.functions:
            if all(
                same_call(exercise, t.call, call(function, t.case.fresh()))
                for t in trials
            ):
                return entry.slug, entry.message
    for entry in entries_of(exercise):
        if entry.symptom is not None and entry.symptom(trials):
            return entry.slug, entry.message
    return None


def known_in_part(exercise, trials):
    """As `known_mistake`, for the one that explains most of several wrong results.

    It must not spoil what is right here, unless it explains all that is wrong.
    (None, "") if there is none.
    """
    several = exercise.form in ("tuple", "dict", "in place")
    if not several or not all(trial.got for trial in trials):
        return None, ""

    def same(name, a, b):
        return name in a and alike(a[name], b[name], exercise.tol)

    names = set(exercise.results)
    wrong = {n for n in names if not all(same(n, t.got, t.expected) for t in trials)}
    best, explained = None, set()
    for entry in entries_of(exercise):
        for function in entry.functions:
            left, spoiled = set(wrong), set()
            for t in trials:
                other = make_trial(
                    exercise, t.case, call(function, t.case.fresh()), t.truth
                )
                left = {name for name in left if same(name, other.got, t.got)}
                spoiled |= {n for n in names if not same(n, other.got, t.expected)}
                if not left:
                    break
            if len(left) > len(explained) and (spoiled <= wrong or left == wrong):
                best, explained = entry, left
    if best is None:
        return None, ""
    parts, rest = (
        ", ".join(name for name in exercise.results if name in some)
        for some in (explained, wrong - explained)
    )
    rest = f", and {rest} has another mistake" if rest else ""
    return best.slug, f"{best.message} (Seen in {parts}{rest}.)"


def entries_of(exercise):
    """What the bank knows about an exercise."""
    return [entry for entry in BANK.values() if entry.exercise == exercise.name]
