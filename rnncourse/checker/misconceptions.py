'''The bank of misconceptions: which mistakes `check` knows by name.

For teachers. When a mistake comes up that the checker does not name, add it: a wrong
function that makes the mistake, a slug, and what the student should read. The message
is one to three sentences: what the result shows, why it is wrong, where to look. It
does not hand over the line. Put it into the file of its notebook in
`rnncourse/checker/bank/`, which has the imports already, or run it in a cell to have it
until the kernel stops:

    import numpy as np
    from rnncourse.checker.misconceptions import misconception

    @misconception("softmax", "square-for-exp", """The logits are squared where they
    should be exponentiated, so -2 and 2 get the same probability. Which function is
    positive everywhere and keeps their order?""")
    def _(y):
        return y**2 / np.sum(y**2, axis=-1, keepdims=True)

From then on a student whose `softmax` does the same, in whatever style, reads this.
The comparison is by output, on every test input of the exercise (`exercises.py`).
`make test` says if the new mistake cannot be told from the truth or from another one;
then the exercise needs a test input on which they differ.

Another form of the same mistake (axis=0 here, a loop there) is added under the same
slug without a message. A mistake whose numbers depend on a choice of the student, such
as an eps, gets a `symptom` too: a function that looks at the trials, in which all
results have the right shapes, and says yes or no.
'''

from dataclasses import dataclass, field

from rnncourse.checker.exercises import EXERCISES
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
