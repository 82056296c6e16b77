"""What the grader asks of the checker."""

import inspect
from dataclasses import astuple

from rnncourse.checker import judge
from rnncourse.checker.check import MISSING, with_seed
from rnncourse.checker.exercises import EXERCISES


def verdict_of(function, name, seed):
    """Status, mistake and message for a function, None if it is not there."""
    if not callable(function):
        return "missing", None, MISSING.format(name)
    if getattr(function, "__name__", None) != name:
        return "wrong", None, f"{name} is not a function written with `def {name}`."
    return astuple(judge(function, seed))[1:]


def cases_of(name, seed):
    """The test inputs of an exercise for this seed, the written ones for None."""
    exercise = EXERCISES[name]
    return (exercise if seed is None else with_seed(exercise, seed)).cases


def source_of_truths(names):
    """The course's versions of these exercises, as Python that needs NumPy alone."""
    return "\n\n".join(inspect.getsource(EXERCISES[name].truth) for name in names)
