"""Where the misconceptions are collected; `rnnlib.teaching.misconceptions` explains."""

from dataclasses import dataclass, field

from rnnlib.teaching.exercises import EXERCISES
from rnnlib.text import check


@dataclass
class Misconception:
    """A known mistake: its name, what the student reads, wrong functions that make it.

    functions: one, or several where the same mistake comes in several forms.
    symptom: None, or what tells the mistake when its numbers vary: from the trials
    (`comparing.Trial`) to True or False.
    """

    exercise: str
    slug: str
    message: str
    functions: list = field(default_factory=list)
    symptom: object = None


BANK = {}


def misconception(exercise, slug, message=None):
    """Decorate a wrong function: it goes into the bank under this exercise and slug.

    Without a message it is another form of the misconception that has this slug.
    ValueError: no exercise of this name; no message, and none given before.
    """
    check(exercise in EXERCISES, "exercise", list(EXERCISES), repr(exercise))
    if message is not None:
        BANK[exercise, slug] = Misconception(exercise, slug, " ".join(message.split()))
    check((exercise, slug) in BANK, "slug", "one with a message, first", repr(slug))

    def add(function):
        BANK[exercise, slug].functions.append(function)
        return function

    return add


def symptom(exercise, slug):
    """Decorate a function of the trials that recognises this misconception."""

    def add(function):
        BANK[exercise, slug].symptom = function
        return function

    return add
