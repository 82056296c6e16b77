"""Exercises that call earlier ones: is the mistake in them, or in what they call?"""

import inspect
import types

from rnncourse.checker import running
from rnncourse.checker.comparing import make_trial
from rnncourse.checker.exercises import EXERCISES
from rnncourse.checker.running import Memory, call, call_all


def lent(exercise, function):
    """A sentence if a wrong function is right with the course's earlier exercises.

    "" if it calls none of them from its notebook, or is wrong with the course's too.
    """
    if not inspect.isfunction(function):
        return ""
    home = function.__globals__
    called = {
        name: home[name]
        for name in names_in(function.__code__)
        if name in EXERCISES and name in home and name != exercise.name
    }
    if not called or not is_right(exercise, with_the_courses(function, called)):
        return ""
    wrong = [name for name in called if not is_right(EXERCISES[name], called[name])]
    if not wrong:
        return (
            "What it does itself is right, but it does not fit what it calls here "
            f"({', '.join(called)}): look at what these return, arrays or lists."
        )
    names = " and ".join(wrong)
    return (
        f"What it does itself is right, but it calls {names} of this notebook, and "
        f"there the mistake is. Run check({wrong[0]}), which says more."
    )


def names_in(code):
    """The names that a code object looks up, those of its inner functions too."""
    inner = (part for part in code.co_consts if isinstance(part, types.CodeType))
    return [*code.co_names, *(name for part in inner for name in names_in(part))]


def with_the_courses(function, names):
    """A copy of a function that calls the course's version of these exercises."""
    home = function.__globals__ | {name: EXERCISES[name].truth for name in names}
    copy = types.FunctionType(
        function.__code__,
        home,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def is_right(exercise, function):
    """Whether a function is right on all inputs of an exercise, in time."""
    truths = [call(exercise.truth, case.fresh()) for case in exercise.cases]
    calls = call_all(function, exercise.cases, running.LATER, Memory(87, function))
    trials = zip(exercise.cases, calls, truths)
    return len(calls) == len(truths) and all(
        make_trial(exercise, *three).right for three in trials
    )
