"""What goes wrong in notebook 07: output_in_rows, backward_lean."""

import numpy as np

from rnncourse.checker.exercises import grad_y, nll, output_in_rows, softmax
from rnncourse.checker.misconceptions import misconception


def rows_of(params, h):
    """The right probabilities, (T, V)."""
    return softmax(h @ params.Why.T + params.by)


@misconception(
    "output_in_rows",
    "by-forgotten",
    """The logits lack their bias by, so p is off in every row. Look at the terms of the
    product.""",
)
def _(params, h, targets):
    p = softmax(h @ params.Why.T)
    return nll(p, targets), grad_y(p, targets)


@misconception(
    "output_in_rows",
    "axis-of-time",
    """The probabilities sum to 1 over the steps. Each step is a row, with a sum of its
    own: along which axis do you add?""",
)
def _(params, h, targets):
    p = softmax((h @ params.Why.T + params.by).T).T
    return nll(p, targets), grad_y(p, targets)


@misconception(
    "output_in_rows",
    "one-sum-for-all-rows",
    """All rows together sum to 1, as if the chunk were a single prediction. Each row
    has a sum of its own: along which axis do you add?""",
)
def _(params, h, targets):
    p = np.exp(h @ params.Why.T + params.by)
    p /= p.sum()
    return nll(p, targets), grad_y(p, targets)


@misconception(
    "output_in_rows",
    "probabilities-for-dy",
    """dy holds the probabilities: at the targets 1 has to be subtracted.""",
)
def _(params, h, targets):
    p = rows_of(params, h)
    return nll(p, targets), p


@misconception(
    "output_in_rows",
    "whole-columns-subtracted",
    """1 was subtracted in whole columns: every step got the targets of all the others.
    Each row has one target; pair it with its own index of the row.""",
)
def _(params, h, targets):
    p = rows_of(params, h)
    dy = p.copy()
    dy[:, targets] -= 1
    return nll(p, targets), dy


@misconception("output_in_rows", "whole-columns-subtracted")
def _(params, h, targets):
    p = rows_of(params, h)
    dy = p.copy()
    dy[:, targets] -= 1
    return -np.log(p[:, targets]).sum(), dy


@misconception(
    "output_in_rows",
    "p-and-e-swapped",
    """dy has the opposite sign: it is e - p. What is subtracted from what?""",
)
def _(params, h, targets):
    p = rows_of(params, h)
    return nll(p, targets), -grad_y(p, targets)


@misconception(
    "output_in_rows",
    "loss-of-all-pairs-of-rows",
    """The loss adds up far too many terms: each target is looked up in every row, not
    in its own alone.""",
)
def _(params, h, targets):
    p = rows_of(params, h)
    return -np.log(p[:, targets]).sum(), grad_y(p, targets)


@misconception(
    "output_in_rows",
    "mean-loss",
    """The loss is the mean over the steps, and the loop had added them up.""",
)
def _(params, h, targets):
    p = rows_of(params, h)
    return nll(p, targets) / len(h), grad_y(p, targets)


@misconception(
    "output_in_rows",
    "mean-loss-and-gradient",
    """Loss and dy are divided by T. The loop had added the steps up, and the course
    does so everywhere.""",
)
def _(params, h, targets):
    p = rows_of(params, h)
    return nll(p, targets) / len(h), grad_y(p, targets) / len(h)


@misconception(
    "output_in_rows",
    "sign-of-the-loss",
    """The loss is negative: the logarithm of a probability is. Look at its sign.""",
)
def _(params, h, targets):
    p = rows_of(params, h)
    return -nll(p, targets), grad_y(p, targets)


@misconception(
    "output_in_rows",
    "dy-before-the-loss",
    """The two results have changed places: the loss comes first, then dy.""",
)
def _(params, h, targets):
    return output_in_rows(params, h, targets)[::-1]


@misconception(
    "output_in_rows",
    "one-loss-a-step",
    """A loss came for each step. The loop had added them up: one number is asked
    for.""",
)
def _(params, h, targets):
    p = rows_of(params, h)
    return -np.log(p[np.arange(len(targets)), targets]), grad_y(p, targets)


def back(params, h, dy, step):
    """da from the last step to the first; `step(of_output, later, slope, next_slope)`.

    of_output: what comes from dy at this step. later: da of the step after, zeros at
    the last. slope, next_slope: 1 - h^2 here and one step later.
    """
    of_output, slope = dy @ params.Why, 1 - h * h
    da, later = np.zeros_like(of_output), np.zeros_like(h[0])
    for t in reversed(range(len(h))):
        after = slope[min(t + 1, len(h) - 1)]
        da[t] = later = step(of_output[t], later, slope[t], after)
    return da


@misconception(
    "backward_lean",
    "no-way-back",
    """The last row is right, and no row hears of the one after it. The product with Whh
    is missing, or what it takes stays at zeros: hand the newest da on.""",
)
def _(params, h, dy):
    return (1 - h * h) * (dy @ params.Why)


@misconception(
    "backward_lean",
    "all-rows-at-once",
    """Only the newest rows are right: a row takes from the next one before that one is
    finished, as in one sweep over all rows, or in a loop that runs forward. Row t needs
    the *finished* row t + 1, so this part stays in a loop that runs backward.""",
)
def _(params, h, dy):
    slope, da = 1 - h * h, dy @ params.Why
    once = slope * da
    da[:-1] += once[1:] @ params.Whh
    return slope * da


@misconception(
    "backward_lean",
    "last-row-without-slope",
    """The last row has not met its slope: the loop begins at the row before it. The
    last step has a tanh as well.""",
)
def _(params, h, dy):
    slope, da = 1 - h * h, dy @ params.Why
    for t in reversed(range(len(h) - 1)):
        da[t] += da[t + 1] @ params.Whh
        da[t] *= slope[t]
    return da


@misconception("backward_lean", "all-rows-at-once")
def _(params, h, dy):
    slope, of_output = 1 - h * h, dy @ params.Why
    da = of_output.copy()
    da[:-1] += of_output[1:] @ params.Whh
    return slope * da


@misconception(
    "backward_lean",
    "Whh-transposed",
    """Whh is used transposed, and since it is square, no shape complains. A vector that
    lies down stands on the left of a matrix: on which side does your matrix want a
    transpose?""",
)
def _(params, h, dy):
    def step(of_output, later, slope, after):
        return slope * (of_output + later @ params.Whh.T)

    return back(params, h, dy, step)


@misconception(
    "backward_lean",
    "slope-forgotten",
    """The slope of tanh has no effect, so what you return and hand on are not da. Look
    at what turns dh into da.""",
)
def _(params, h, dy):
    def step(of_output, later, slope, after):
        return of_output + later @ params.Whh

    return back(params, h, dy, step)


@misconception(
    "backward_lean",
    "slope-at-the-end",
    """The slopes are multiplied in once, after the loop. What is handed back has to
    have passed its own slope already: the factor belongs to each step of the loop.""",
)
def _(params, h, dy):
    def step(of_output, later, slope, after):
        return of_output + later @ params.Whh

    return (1 - h * h) * back(params, h, dy, step)


@misconception(
    "backward_lean",
    "slope-on-one-part",
    """The slope meets only what comes from the output. First the two parts are added,
    and then the sum is multiplied by the slope.""",
)
def _(params, h, dy):
    def step(of_output, later, slope, after):
        return slope * of_output + later @ params.Whh

    return back(params, h, dy, step)


@misconception(
    "backward_lean",
    "slope-on-the-other-part",
    """The slope meets only what comes from the step after. First the two parts are
    added, and then the sum is multiplied by the slope.""",
)
def _(params, h, dy):
    def step(of_output, later, slope, after):
        return of_output + slope * (later @ params.Whh)

    return back(params, h, dy, step)


@misconception(
    "backward_lean",
    "slope-twice",
    """The slope is multiplied in twice, inside the loop and outside of it. Once is
    enough: where does it belong?""",
)
def _(params, h, dy):
    def step(of_output, later, slope, after):
        return slope * (slope * of_output + later @ params.Whh)

    return back(params, h, dy, step)


@misconception("backward_lean", "slope-twice")
def _(params, h, dy):
    def step(of_output, later, slope, after):
        return slope * (of_output + later @ params.Whh)

    return (1 - h * h) * back(params, h, dy, step)


@misconception(
    "backward_lean",
    "slope-of-the-step-after",
    """The sum was multiplied by the slope of the step *after*. Each step has its own:
    look at the index, or at what your loop pairs up.""",
)
def _(params, h, dy):
    def step(of_output, later, slope, after):
        return after * (of_output + later @ params.Whh)

    return back(params, h, dy, step)


@misconception(
    "backward_lean",
    "one-minus-h",
    """The slope is 1 - h here. That of tanh is another: which, written with h?""",
)
def _(params, h, dy):
    return (1 - h) * back_with(params, h, dy, 1 - h)


def back_with(params, h, dy, slope):
    """dh of every step, where da is slope times dh."""
    dh, later = dy @ params.Why, np.zeros_like(h[0])
    for t in reversed(range(len(h))):
        dh[t] += later @ params.Whh
        later = slope[t] * dh[t]
    return dh


@misconception(
    "backward_lean",
    "tanh-applied-again",
    """The slope is taken at tanh(h). h has been through tanh already.""",
)
def _(params, h, dy):
    slope = 1 - np.tanh(h) ** 2
    return slope * back_with(params, h, dy, slope)


@misconception(
    "backward_lean",
    "dh-returned",
    """These are the dh. The loop is right, but the slope of each step is missing from
    the rows that you return.""",
)
def _(params, h, dy):
    return back_with(params, h, dy, 1 - h * h)


@misconception(
    "backward_lean",
    "forward-order",
    """The loop runs from the first step to the last. What a step waits for comes from
    the step *after* it: in which direction does the loop have to go?""",
)
def _(params, h, dy):
    slope, da = 1 - h * h, dy @ params.Why
    before = np.zeros_like(h[0])
    for t in range(len(h)):
        da[t] = before = slope[t] * (da[t] + before @ params.Whh)
    return da


@misconception(
    "backward_lean",
    "da-accumulated",
    """What is handed back grows and grows: each da is added to those of all later
    steps. Only the da of the next step goes through Whh: `=` or `+=`?""",
)
def _(params, h, dy):
    slope, da = 1 - h * h, dy @ params.Why
    later = np.zeros_like(h[0])
    for t in reversed(range(len(h))):
        da[t] = slope[t] * (da[t] + later @ params.Whh)
        later = later + da[t]
    return da


@misconception(
    "backward_lean",
    "rows-in-reverse",
    """The right rows in the wrong order: row 0 belongs to the last step. Your loop runs
    backwards, but t = 0 comes first in the result.""",
)
def _(params, h, dy):
    slope = 1 - h * h
    return (slope * back_with(params, h, dy, slope))[::-1]


@misconception(
    "backward_lean",
    "row-before-for-row-after",
    """Each row takes in the row *before* it, and the first one takes in the last.
    What comes back through Whh is the da of the step after.""",
)
def _(params, h, dy):
    slope, da = 1 - h * h, dy @ params.Why
    for t in reversed(range(len(h))):
        da[t] = slope[t] * (da[t] + da[t - 1] @ params.Whh)
    return da
