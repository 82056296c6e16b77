"""What goes wrong in notebook 06: clip, adagrad, draw, smooth, train, generate."""

import numpy as np

from rnncourse.checker.exercises import (
    draw,
    generate,
    make_chunks,
    nll,
    rnn_backward,
    rnn_forward,
    softmax,
)
from rnncourse.checker.misconceptions import misconception, symptom


@misconception(
    "clip",
    "new-array",
    """grad is as it was: nothing has been clipped. A new array, returned or given
    the name grad inside your function, leaves the array that the caller holds as it is.
    Write *into* that array.""",
)
def _(grad, limit):
    return np.clip(grad, -limit, limit)


@misconception(
    "clip",
    "only-the-upper-side",
    """Large positive entries are cut, large negative ones are not. Both sides explode:
    look at the lower limit.""",
)
def _(grad, limit):
    grad[grad > limit] = limit


@misconception(
    "clip",
    "only-the-lower-side",
    """Large negative entries are cut, large positive ones are not. Look at the upper
    limit.""",
)
def _(grad, limit):
    grad[grad < -limit] = -limit


@misconception(
    "clip",
    "norm-clipped",
    """The whole gradient was scaled until its norm is at most the limit. That keeps its
    direction, and is another method; here each entry is cut on its own.""",
)
def _(grad, limit):
    size = np.linalg.norm(grad)
    if size > limit:
        grad *= limit / size


@misconception(
    "clip",
    "largest-entry-scaled",
    """The whole gradient was scaled until its largest entry fits. Entries inside the
    limits should stay as they are: each is cut on its own.""",
)
def _(grad, limit):
    size = np.abs(grad).max()
    if size > limit:
        grad *= limit / size


@misconception(
    "clip",
    "sign-lost",
    """Large negative entries became +limit. They should stop at -limit: clipping keeps
    the sign.""",
)
def _(grad, limit):
    grad[np.abs(grad) > limit] = limit


@misconception("clip", "sign-lost")
def _(grad, limit):
    grad[:] = np.minimum(np.abs(grad), limit)


@misconception(
    "clip",
    "large-entries-zeroed",
    """Entries beyond the limit became 0. They are large because the slope is steep
    there; they should be cut to the limit, not thrown away.""",
)
def _(grad, limit):
    grad[np.abs(grad) > limit] = 0


@misconception(
    "clip",
    "negative-entries-zeroed",
    """All negative entries became 0: the range runs from 0 to the limit. It should be
    symmetric about 0.""",
)
def _(grad, limit):
    np.clip(grad, 0, limit, out=grad)


@misconception(
    "clip",
    "everything-at-the-limit",
    """Every entry became limit or -limit, the small ones too. Entries inside the limits
    stay as they are.""",
)
def _(grad, limit):
    grad[:] = limit * np.sign(grad)


@misconception(
    "clip",
    "limit-ignored",
    """The entries are cut at a fixed number, whatever limit says. Look at where your
    function uses its second argument.""",
)
def _(grad, limit):
    np.clip(grad, -5, 5, out=grad)


@misconception("clip", "limit-ignored")
def _(grad, limit):
    np.clip(grad, -1, 1, out=grad)


@misconception(
    "clip",
    "squashed",
    """Every entry changed a little: a smooth function squashes them all. Clipping
    leaves what is inside the limits untouched.""",
)
def _(grad, limit):
    grad[:] = limit * np.tanh(grad / limit)


@misconception(
    "clip",
    "min-and-max-swapped",
    """Every entry became one and the same limit. The smaller of two numbers holds a
    value *down* to the upper limit: look at which of min and max meets which limit.""",
)
def _(grad, limit):
    grad[:] = np.maximum(limit, np.minimum(-limit, grad))


@misconception("clip", "min-and-max-swapped")
def _(grad, limit):
    grad[:] = np.minimum(-limit, np.maximum(limit, grad))


@misconception(
    "clip",
    "comparison-turned",
    """Small entries were pushed out to the limit, and large ones stay. Look at the
    direction of the comparison.""",
)
def _(grad, limit):
    grad[np.abs(grad) < limit] = limit


@misconception("clip", "comparison-turned")
def _(grad, limit):
    grad[grad < limit] = limit


def step(param, grad, memory, lr):
    """The right change of param, for a memory that is up to date."""
    param -= lr * grad / np.sqrt(memory + 1e-8)


@misconception(
    "adagrad",
    "update-before-memory",
    """The step uses the old memory: param is changed before the new square is added. At
    the first step the memory is 0 and the step gigantic. Which of the two lines comes
    first?""",
)
def _(param, grad, memory, lr):
    step(param, grad, memory, lr)
    memory += grad**2


@misconception(
    "adagrad",
    "root-forgotten",
    """The gradient is divided by the memory, not by its root. The memory holds squares:
    only its root has the size of a gradient.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / (memory + 1e-8)


@misconception(
    "adagrad",
    "uphill",
    """param moved *with* the gradient: the loss rises. Look at the sign of the
    step.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param += lr * grad / np.sqrt(memory + 1e-8)


@misconception(
    "adagrad",
    "memory-of-sizes",
    """The memory adds up |grad|, not grad². The root would then be taken of a size, not
    of squares: look at the line of the memory.""",
)
def _(param, grad, memory, lr):
    memory += np.abs(grad)
    step(param, grad, memory, lr)


@misconception(
    "adagrad",
    "memory-of-gradients",
    """The memory adds up grad itself, so opposite gradients cancel, and the root of a
    negative memory is NaN. Look at the line of the memory: a square is missing.""",
)
def _(param, grad, memory, lr):
    memory += grad
    step(param, grad, memory, lr)


@misconception(
    "adagrad",
    "param-is-a-new-array",
    """param is as it was: a plain `=` gives the name to a new array inside your
    function, and the caller's weights never move. Write into the array.""",
)
def _(param, grad, memory, lr):
    memory += grad**2


@misconception(
    "adagrad",
    "memory-is-a-new-array",
    """memory is as it was: a plain `=` gives the name to a new array inside your
    function, and the next step has forgotten this one. Write into the array.""",
)
def _(param, grad, memory, lr):
    step(param, grad, memory + grad**2, lr)


@misconception(
    "adagrad",
    "both-are-new-arrays",
    """Neither param nor memory has changed. A plain `=` inside a function gives the
    name to a new array and leaves the caller's alone: write *into* the arrays.""",
)
def _(param, grad, memory, lr):
    memory = memory + grad**2
    param = param - lr * grad / np.sqrt(memory + 1e-8)


@misconception(
    "adagrad",
    "eps-outside-the-root",
    """For tiny gradients param is wrong: eps stands beside the root; here it belongs
    inside, as in the gist.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / (np.sqrt(memory) + 1e-8)


@misconception(
    "adagrad",
    "brackets-forgotten",
    """Without brackets, `a / b + c` is (a / b) + c: the 1e-8 is taken from param, and
    where a gradient has been 0 from the start, 0/0 makes it NaN. The 1e-8 belongs to
    the denominator, inside the root.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / np.sqrt(memory) + 1e-8


@misconception(
    "adagrad",
    "eps-forgotten",
    """NaN where a gradient has been 0 from the start: 0/0. Something small inside the
    root keeps the denominator away from 0.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / np.sqrt(memory)


def with_eps(inside=0, beside=0):
    """Adagrad with eps inside of the root, or beside it."""

    def adagrad(param, grad, memory, lr):
        memory += grad**2
        param -= lr * grad / (np.sqrt(memory + inside) + beside)

    return adagrad


misconception(
    "adagrad",
    "another-eps",
    """For tiny gradients param is wrong: eps is another than 1e-8. Look at the
    exponent.""",
)(with_eps(inside=1e-6))
for eps in (1e-5, 1e-7, 1e-10, 1e-12):
    misconception("adagrad", "another-eps")(with_eps(inside=eps))
for eps in (1e-5, 1e-6, 1e-7, 1e-10):
    misconception("adagrad", "another-eps")(with_eps(beside=eps))


@misconception(
    "adagrad",
    "eps-in-the-memory",
    """eps was added to the memory itself, and would be again at every step. It belongs
    only into the root, where the memory is used.""",
)
def _(param, grad, memory, lr):
    memory += grad**2 + 1e-8
    param -= lr * grad / np.sqrt(memory)


@misconception("adagrad", "eps-in-the-memory")
def _(param, grad, memory, lr):
    memory += grad**2 + 1e-8
    step(param, grad, memory, lr)


@misconception(
    "adagrad",
    "memory-overwritten",
    """The memory holds only the newest square: what it had collected is gone. It has to
    grow, step by step: `=` or `+=`?""",
)
def _(param, grad, memory, lr):
    memory[:] = grad**2
    step(param, grad, memory, lr)


@misconception(
    "adagrad",
    "fading-memory",
    """The memory fades: old squares are multiplied by 0.9 or so. That is RMSprop; in
    Adagrad the squares are summed and nothing is forgotten.""",
)
def _(param, grad, memory, lr):
    memory[:] = 0.9 * memory + 0.1 * grad**2
    step(param, grad, memory, lr)


@misconception("adagrad", "fading-memory")
def _(param, grad, memory, lr):
    memory[:] = 0.9 * memory + grad**2
    step(param, grad, memory, lr)


@symptom("adagrad", "fading-memory")
def _(trials):
    """The memory is a part of the old one and a part of the new squares."""
    old = np.concatenate([t.case.args["memory"].ravel() for t in trials])
    new = np.concatenate([t.case.args["grad"].ravel() ** 2 for t in trials])
    got = np.concatenate([t.got["memory"].ravel() for t in trials])
    if not np.isfinite(got).all():
        return False
    parts = np.linalg.lstsq(np.array([old, new]).T, got, rcond=None)[0]
    fits = np.allclose(np.array([old, new]).T @ parts, got, rtol=1e-9, atol=1e-15)
    return bool(fits and 0.3 < parts[0] < 0.99999)


@misconception(
    "adagrad",
    "old-and-new-memory-mixed",
    """The squares are counted twice in the step: the new one is added to the memory,
    and once more where the memory is used.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    step(param, grad, memory + grad**2, lr)


@misconception(
    "adagrad",
    "plain-gradient-descent",
    """The memory has no effect on param, which moved by lr · grad. The step is divided
    by the root of the memory, entry by entry.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad


@misconception(
    "adagrad",
    "lr-forgotten",
    """The learning rate has no effect: every first step has size 1. Look at where your
    function uses its last argument.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= grad / np.sqrt(memory + 1e-8)


@misconception(
    "adagrad",
    "lr-in-the-memory",
    """The memory was fed with lr · grad. It collects the squares of the raw gradient;
    the learning rate scales the step alone.""",
)
def _(param, grad, memory, lr):
    memory += (lr * grad) ** 2
    step(param, grad, memory, lr)


@misconception(
    "adagrad",
    "multiplied-by-the-root",
    """The gradient is *multiplied* by the root of the memory: parameters with large
    gradients take even larger steps. Adagrad tames them.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad * np.sqrt(memory + 1e-8)


@misconception(
    "adagrad",
    "squared-gradient-in-the-step",
    """The step contains grad², so it always has the same sign. The squares belong into
    the memory; the step follows grad itself.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad**2 / np.sqrt(memory + 1e-8)


@misconception(
    "adagrad",
    "gradient-squared-in-place",
    """grad itself has been squared, in the caller's array, and the step then uses the
    square. Square into a new array.""",
)
def _(param, grad, memory, lr):
    grad *= grad
    memory += grad
    step(param, grad, memory, lr)


@misconception(
    "adagrad",
    "gradient-left-out-of-the-step",
    """Every entry of param moved down: the step does not contain grad. The root of the
    memory only sets its size; direction and sign come from the gradient.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr / np.sqrt(memory + 1e-8)


@misconception(
    "adagrad",
    "one-memory-for-all",
    """All entries share one number: the squares were summed or averaged over the whole
    array. Each parameter has a memory of its own.""",
)
def _(param, grad, memory, lr):
    memory += np.sum(grad**2)
    step(param, grad, memory, lr)


@misconception("adagrad", "one-memory-for-all")
def _(param, grad, memory, lr):
    memory += np.mean(grad**2)
    step(param, grad, memory, lr)


@misconception(
    "draw",
    "largest-probability",
    """This is the index of the largest p; u has no effect. Text made so falls into a
    loop. u in [0, 1) lies in one of the intervals that the p's cut out: in which?""",
)
def _(p, u):
    return int(np.argmax(p))


@misconception(
    "draw",
    "uniform",
    """p has no effect: every index gets the same share of [0, 1). The interval of index
    k has the length p[k].""",
)
def _(p, u):
    return int(u * len(p))


@misconception(
    "draw",
    "one-too-low",
    """The index is one too low: it is the last whose cumulative sum does *not* exceed
    u. Look at what you count or where you stop.""",
)
def _(p, u):
    return int((np.cumsum(p) <= u).sum()) - 1


@misconception("draw", "one-too-low")
def _(p, u):
    return max(int((np.cumsum(p) <= u).sum()) - 1, 0)


@misconception("draw", "one-too-low")
def _(p, u):
    return int((np.cumsum(p) < u).sum()) - 1


@misconception(
    "draw",
    "one-too-high",
    """The index is one too high. Indices count from 0: if the very first sum exceeds u,
    the answer is 0. Look at when you count on.""",
)
def _(p, u):
    return int((np.cumsum(p) <= u).sum()) + 1


@misconception("draw", "one-too-high")
def _(p, u):
    return min(int((np.cumsum(p) <= u).sum()) + 1, len(p) - 1)


@misconception(
    "draw",
    "at-least-for-more-than",
    """Right but at the borders: where u equals a cumulative sum you stop too early, and
    u = 0 draws a symbol with p = 0. The sum has to *exceed* u: < or <=?""",
)
def _(p, u):
    return int(np.argmax(np.cumsum(p) >= u))


@misconception("draw", "at-least-for-more-than")
def _(p, u):
    return int(np.searchsorted(np.cumsum(p), u))


@misconception("draw", "at-least-for-more-than")
def _(p, u):
    return min(int((np.cumsum(p) < u).sum()), len(p) - 1)


@misconception(
    "draw",
    "beyond-the-last-sum",
    """Right until u lies above the last sum, which rounding can leave a little below 1.
    Then no sum exceeds u. Such a u belongs to the last symbol: what does your function
    return when it finds none?""",
)
def _(p, u):
    return int((np.cumsum(p) <= u).sum())


@misconception("draw", "beyond-the-last-sum")
def _(p, u):
    return int(np.argmax(np.cumsum(p) > u))


@misconception("draw", "beyond-the-last-sum")
def _(p, u):
    return next((k for k in range(len(p)) if sum(p[: k + 1]) > u), None)


@misconception("draw", "beyond-the-last-sum")
def _(p, u):
    return np.nonzero(np.cumsum(p) > u)[0][0]


@misconception("draw", "beyond-the-last-sum")
def _(p, u):
    return [k for k in range(len(p)) if sum(p[: k + 1]) > u].pop(0)


@misconception(
    "draw",
    "no-cumulative-sum",
    """u is compared with each p alone. Where none exceeds u there is no answer, or
    index 0. Add up the p's on the way: which partial sum is the first above u?""",
)
def _(p, u):
    return int(np.argmax(p > u))


@misconception("draw", "no-cumulative-sum")
def _(p, u):
    return next((k for k in range(len(p)) if p[k] > u), len(p) - 1)


@misconception("draw", "no-cumulative-sum")
def _(p, u):
    return next((k for k in range(len(p)) if p[k] > u), None)


@misconception("draw", "no-cumulative-sum")
def _(p, u):
    return int(np.searchsorted(p, u))


@misconception("draw", "no-cumulative-sum")
def _(p, u):
    return int(np.searchsorted(p, u, side="right"))


@misconception("draw", "no-cumulative-sum")
def _(p, u):
    return min(int(np.searchsorted(p, u, side="right")), len(p) - 1)


@misconception("draw", "no-cumulative-sum")
def _(p, u):
    return int((p <= u).sum())


@misconception("draw", "no-cumulative-sum")
def _(p, u):
    return next((k for k in range(len(p)) if p[k] >= u), 0)


@misconception("draw", "no-cumulative-sum")
def _(p, u):
    return next((k for k in range(len(p)) if p[k] >= u), len(p) - 1)


@misconception(
    "draw",
    "nearest-probability",
    """This is the index whose p is nearest to u. A draw asks in which *interval* of [0,
    1) u falls, and the intervals have the lengths p[k].""",
)
def _(p, u):
    return int(np.argmin(np.abs(p - u)))


@misconception(
    "draw",
    "nearest-cumulative-sum",
    """This is the index whose cumulative sum is nearest to u, below or above. The first
    sum that exceeds u is asked for, however far it is.""",
)
def _(p, u):
    return int(np.argmin(np.abs(np.cumsum(p) - u)))


@misconception(
    "draw",
    "last-sum-above",
    """This is the last index whose cumulative sum exceeds u, which is always the end.
    The *first* one is asked for: look at where the search stops.""",
)
def _(p, u):
    return int(np.nonzero(np.cumsum(p) > u)[0][-1])


@misconception(
    "draw",
    "from-the-other-end",
    """The intervals are laid out from the wrong end: 1 - u, or sums from the back. The
    probabilities come out right, but the course fixes the order, so that the same u
    gives everybody the same text.""",
)
def _(p, u):
    return int(np.argmax(np.cumsum(p) > 1 - u))


@misconception("draw", "from-the-other-end")
def _(p, u):
    return int(len(p) - 1 - np.argmax(np.cumsum(p[::-1]) > u))


@misconception(
    "draw",
    "sorted-first",
    """p was sorted, and the index counts in the sorted order. Index k stands for symbol
    k: the order of p must not change.""",
)
def _(p, u):
    return int(np.argmax(np.cumsum(np.sort(p)) > u))


@misconception("draw", "sorted-first")
def _(p, u):
    return int(np.argmax(np.cumsum(np.sort(p)[::-1]) > u))


@misconception("draw", "sorted-first")
def _(p, u):
    order = np.argsort(p)[::-1]
    return int(order[np.argmax(np.cumsum(p[order]) > u)])


@misconception("draw", "sorted-first")
def _(p, u):
    order = np.argsort(p)[::-1]
    return int(order[draw(p[order], u)])


@misconception(
    "draw",
    "probability-returned",
    """This is a probability or a sum of probabilities, not an index. You are asked for
    its *place*.""",
)
def _(p, u):
    return float(p[np.argmax(np.cumsum(p) > u)])


@misconception("draw", "probability-returned")
def _(p, u):
    return float(np.cumsum(p)[np.argmax(np.cumsum(p) > u)])


@misconception(
    "draw",
    "one-hot-returned",
    """A one-hot vector came. You are asked for its index, an integer.""",
)
def _(p, u):
    return np.eye(len(p))[np.argmax(np.cumsum(p) > u)]


@misconception(
    "draw",
    "all-sums-compared",
    """A True or False for each symbol came, or all the indices that fit. The first of
    them is the one that is drawn.""",
)
def _(p, u):
    return np.cumsum(p) > u


@misconception("draw", "all-sums-compared")
def _(p, u):
    return np.nonzero(np.cumsum(p) > u)[0]


@misconception("draw", "all-sums-compared")
def _(p, u):
    return np.nonzero(np.cumsum(p) > u)


def averaged(losses, start, old, new):
    """Running values: old times the one before plus new times the loss."""
    values = []
    for loss in losses:
        start = old * start + new * loss
        values.append(start)
    return values


@misconception(
    "smooth",
    "running-mean",
    """This is the plain mean of all losses so far. It never forgets the beginning; an
    exponential average weights the old value with beta and the new loss with the
    rest.""",
)
def _(losses, start, beta=0.999):
    return [sum(losses[: n + 1]) / (n + 1) for n in range(len(losses))]


@misconception("smooth", "running-mean")
def _(losses, start, beta=0.999):
    return [(start + sum(losses[: n + 1])) / (n + 2) for n in range(len(losses))]


@misconception(
    "smooth",
    "weights-swapped",
    """The weights are swapped: the new loss has weight beta, so the curve jumps with
    every loss. With beta = 0.999 the *old* value keeps 0.999.""",
)
def _(losses, start, beta=0.999):
    return averaged(losses, start, 1 - beta, beta)


@misconception("smooth", "weights-swapped")
def _(losses, start, beta=0.999):
    return averaged(losses, 0.0, 1 - beta, beta)


@misconception(
    "smooth",
    "start-ignored",
    """start has no effect: the average begins at the first loss, or at 0. The first
    value already mixes start and the first loss.""",
)
def _(losses, start, beta=0.999):
    return [losses[0], *averaged(losses[1:], losses[0], beta, 1 - beta)]


@misconception("smooth", "start-ignored")
def _(losses, start, beta=0.999):
    return averaged(losses, 0.0, beta, 1 - beta)


@misconception(
    "smooth",
    "start-in-the-list",
    """There is one value too many: start itself is in the list. One value for each loss
    is asked for, the first after the first loss.""",
)
def _(losses, start, beta=0.999):
    return [start, *averaged(losses, start, beta, 1 - beta)]


@misconception(
    "smooth",
    "one-loss-late",
    """The list starts with start, and the last loss has no effect: each value is stored
    before its loss is mixed in. Look at the order of the two lines.""",
)
def _(losses, start, beta=0.999):
    return [start, *averaged(losses, start, beta, 1 - beta)][:-1]


@misconception(
    "smooth",
    "only-the-last-value",
    """Only the last value came. A value for each loss is asked for: collect them on the
    way.""",
)
def _(losses, start, beta=0.999):
    return averaged(losses, start, beta, 1 - beta)[-1]


@misconception("smooth", "only-the-last-value")
def _(losses, start, beta=0.999):
    return averaged(losses, start, beta, 1 - beta)[-1:]


@misconception(
    "smooth",
    "only-the-first-value",
    """A single value came, the one after the first loss. Look at where the `return`
    stands: inside the loop it ends the work after one round.""",
)
def _(losses, start, beta=0.999):
    return averaged(losses, start, beta, 1 - beta)[:1]


@misconception("smooth", "only-the-first-value")
def _(losses, start, beta=0.999):
    return averaged(losses, start, beta, 1 - beta)[0]


@misconception(
    "smooth",
    "brackets-forgotten",
    """The weight of the new loss lost its brackets: 1 minus a product is not 1 minus
    beta, times the loss. Look at what is subtracted from 1.""",
)
def _(losses, start, beta=0.999):
    values = []
    for loss in losses:
        start = beta * start + 1 - beta * loss
        values.append(start)
    return values


@misconception(
    "smooth",
    "overflows-on-long-lists",
    """Right for short lists. Powers of 1/beta outgrow every float in long ones, and
    what is left is inf or NaN. Go from value to value instead: each needs only the one
    before it.""",
)
def _(losses, start, beta=0.999):
    powers = beta ** -np.arange(1.0, len(losses) + 1)
    return (start + (1 - beta) * np.cumsum(powers * losses)) / powers


@misconception(
    "smooth",
    "beta-ignored",
    """Right for beta = 0.999 and for no other: a weight is written as a number. Look at
    where your function uses beta.""",
)
def _(losses, start, beta=0.999):
    return averaged(losses, start, 0.999, 1 - 0.999)


@misconception("smooth", "beta-ignored")
def _(losses, start, beta=0.999):
    return averaged(losses, start, beta, 0.001)


@misconception("smooth", "beta-ignored")
def _(losses, start, beta=0.999):
    return averaged(losses, start, 0.999, 1 - beta)


@misconception(
    "smooth",
    "start-at-every-step",
    """Every loss is mixed with start again: the values have no memory of each other.
    Look at what becomes of the value you computed last.""",
)
def _(losses, start, beta=0.999):
    return [beta * start + (1 - beta) * loss for loss in losses]


@misconception(
    "smooth",
    "previous-loss-for-previous-value",
    """Each loss is mixed with the *loss* before it. Then only two losses count; the
    smoothed value before it has them all.""",
)
def _(losses, start, beta=0.999):
    before = [start, *losses[:-1]]
    return [beta * a + (1 - beta) * b for a, b in zip(before, losses)]


@misconception(
    "smooth",
    "weights-do-not-sum-to-one",
    """The two weights do not sum to 1, so the values leave the range of the losses. In
    an average they do: beta and what else?""",
)
def _(losses, start, beta=0.999):
    return averaged(losses, start, beta, 1)


@misconception("smooth", "weights-do-not-sum-to-one")
def _(losses, start, beta=0.999):
    return averaged(losses, start, beta, beta)


@misconception("smooth", "weights-do-not-sum-to-one")
def _(losses, start, beta=0.999):
    return averaged(losses, start, 1, 1 - beta)


@misconception(
    "smooth",
    "divided-by-the-weights",
    """Each value is divided by 1 - beta^n, the correction for an average that starts at
    0. This one starts at `start` and needs none.""",
)
def _(losses, start, beta=0.999):
    values = averaged(losses, start, beta, 1 - beta)
    return [value / (1 - beta ** (n + 1)) for n, value in enumerate(values)]


@misconception("smooth", "divided-by-the-weights")
def _(losses, start, beta=0.999):
    values = averaged(losses, 0.0, beta, 1 - beta)
    return [value / (1 - beta ** (n + 1)) for n, value in enumerate(values)]


@misconception(
    "smooth",
    "not-smoothed",
    """These are the losses themselves. Each value should move only a little, by 1 -
    beta, from the value before it towards the new loss.""",
)
def _(losses, start, beta=0.999):
    return list(losses)


def forward(params, inputs, targets, state):
    """The loss of a chunk, its states h and its probabilities p."""
    h, y = rnn_forward(inputs, state, **params)
    return nll(softmax(y), targets), h, softmax(y)


def update(params, grads, memory, lr, limit):
    """Clip and step as the exercise asks: the right update, in place."""
    for name, grad in grads.items():
        clipped = np.clip(grad, -limit, limit)
        memory[name] += clipped**2
        step(params[name], clipped, memory[name], lr)


def loop(
    ids,
    params,
    T,
    steps,
    change,
    chunk=lambda n, count: n % count,
    fresh=lambda n, count: n % count == 0,
    before=lambda h, state: np.vstack([state, h[:-1]]),
    hand_on=lambda h, state: h[-1],
):
    """The losses of a training loop that is right but for what is given.

    change(grads, memory) updates params. chunk, fresh: which chunk step n takes, of
    `count`, and whether the state restarts there. before(h, state): what the way back
    takes for h_prev. hand_on(h, state): what the next chunk starts from.
    """
    chunks, losses = make_chunks(ids, T), []
    memory = {name: np.zeros_like(block) for name, block in params.items()}
    state = np.zeros(len(params["bh"]))
    for n in range(steps):
        inputs, targets = chunks[chunk(n, len(chunks))]
        state = 0 * state if fresh(n, len(chunks)) else state
        loss, h, p = forward(params, inputs, targets, state)
        weights = (params[name] for name in ("Wxh", "Whh", "Why"))
        grads = rnn_backward(inputs, targets, h, before(h, state), p, *weights)
        change({name[1:]: grad for name, grad in grads.items()}, memory)
        losses.append(loss)
        state = hand_on(h, state)
    return losses


def right_loop(ids, params, T, steps, lr, limit, **given):
    """As `loop`, with the right update."""

    def change(grads, memory):
        update(params, grads, memory, lr, limit)

    return loop(ids, params, T, steps, change, **given)


@misconception(
    "train",
    "state-not-carried",
    """Every chunk starts from a state of zeros. The first chunk is right, and from the
    second on the network has forgotten what it read before. Only where the text begins
    again does the state restart.""",
)
def _(ids, params, T, steps, lr, limit):
    given = {"fresh": lambda n, count: True}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception(
    "train",
    "state-carried-over-the-end",
    """Right until the text ends. When it begins again, the first chunk is read with the
    state of the last one, as if the text went on. What should the state be there?""",
)
def _(ids, params, T, steps, lr, limit):
    given = {"fresh": lambda n, count: n == 0}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception(
    "train",
    "first-state-handed-on",
    """The next chunk starts from the *first* state of the chunk before. Which state has
    seen all of its inputs?""",
)
def _(ids, params, T, steps, lr, limit):
    given = {"hand_on": lambda h, state: h[0]}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception(
    "train",
    "last-state-but-one-handed-on",
    """The state that is handed to the next chunk is one step too old: it has not seen
    the last input.""",
)
def _(ids, params, T, steps, lr, limit):
    given = {"hand_on": lambda h, state: np.vstack([state, h])[-2]}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception(
    "train",
    "zeros-for-the-state-on-the-way-back",
    """The first chunk is right. In later ones the first row of h_prev on the way back
    is zeros, although the chunk started from the state that was carried in: dWhh is
    wrong then, and nothing else.""",
)
def _(ids, params, T, steps, lr, limit):
    given = {"before": lambda h, state: np.vstack([0 * state, h[:-1]])}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception(
    "train",
    "h-for-h_prev",
    """The first loss is right, then Whh is wrong: the way back got the states *after*
    the steps where it wants those *before* them. How do you make h_prev from h?""",
)
def _(ids, params, T, steps, lr, limit):
    given = {"before": lambda h, state: h}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception(
    "train",
    "rolled-h",
    """The first loss is right, then Whh is wrong: the first row of h_prev is the newest
    state of the chunk. It should be the state that came in.""",
)
def _(ids, params, T, steps, lr, limit):
    given = {"before": lambda h, state: np.roll(h, 1, axis=0)}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception(
    "train",
    "update-before-the-loss",
    """Each loss is measured after the update, by weights that have learned from this
    very chunk. It is to be measured before: forward, loss, back, update.""",
)
def _(ids, params, T, steps, lr, limit):
    chunks, after, at = make_chunks(ids, T), [], []

    def change(grads, memory):
        inputs, targets = chunks[len(after) % len(chunks)]
        update(params, grads, memory, lr, limit)
        after.append(forward(params, inputs, targets, at[-1])[0])

    def before(h, state):
        at.append(state)
        return np.vstack([state, h[:-1]])

    loop(ids, params, T, steps, change, before=before)
    return after


@misconception(
    "train",
    "clip-forgotten",
    """The limit has no effect: the gradients go into the update as they are. Clipping
    is missing, or comes after the update, or makes a new array that nobody uses.""",
)
def _(ids, params, T, steps, lr, limit):
    return right_loop(ids, params, T, steps, lr, np.inf)


@misconception(
    "train",
    "norm-clipped",
    """The gradient was scaled as a whole until its norm is at most the limit. Here each
    entry is cut on its own, as your `clip` does.""",
)
def _(ids, params, T, steps, lr, limit):
    def change(grads, memory):
        for name, grad in grads.items():
            grads[name] = grad * min(1, limit / np.linalg.norm(grad))
        update(params, grads, memory, lr, np.inf)

    return loop(ids, params, T, steps, change)


@misconception("train", "norm-clipped")
def _(ids, params, T, steps, lr, limit):
    def change(grads, memory):
        norm = np.sqrt(sum((grad**2).sum() for grad in grads.values()))
        scaled = {name: grad * min(1, limit / norm) for name, grad in grads.items()}
        update(params, scaled, memory, lr, np.inf)

    return loop(ids, params, T, steps, change)


@misconception(
    "train",
    "params-as-they-were",
    """The losses are right, but params holds the weights it came with: what was trained
    is a copy, and is gone when the function ends. Change the arrays in the dict that
    came in.""",
)
def _(ids, params, T, steps, lr, limit):
    params = {name: block.copy() for name, block in params.items()}
    return right_loop(ids, params, T, steps, lr, limit)


@misconception(
    "train",
    "nothing-learned",
    """The weights never move: every chunk is read, and nothing is learned from it. Look
    at whether the update writes into the blocks of params.""",
)
def _(ids, params, T, steps, lr, limit):
    return right_loop(ids, params, T, steps, 0, limit)


@misconception(
    "train",
    "memory-reset",
    """The first step is right. Then Adagrad has forgotten it: its memory starts from
    zeros at every step. Make it once, before the loop.""",
)
def _(ids, params, T, steps, lr, limit):
    def change(grads, memory):
        update(params, grads, {k: 0 * m for k, m in memory.items()}, lr, limit)

    return loop(ids, params, T, steps, change)


@misconception(
    "train",
    "memory-reset-with-the-text",
    """Right until the text ends. Where it begins again, Adagrad's memory was set to
    zeros too. Only the state restarts there; the memory goes on.""",
)
def _(ids, params, T, steps, lr, limit):
    count, done = len(make_chunks(ids, T)), []

    def change(grads, memory):
        for m in memory.values():
            m *= len(done) % count > 0
        done.append(1)
        update(params, grads, memory, lr, limit)

    return loop(ids, params, T, steps, change)


@misconception(
    "train",
    "memory-of-raw-gradients",
    """Adagrad's memory got the gradients before they were clipped. Clip first; what is
    clipped goes into both lines of the update.""",
)
def _(ids, params, T, steps, lr, limit):
    def change(grads, memory):
        for name, grad in grads.items():
            memory[name] += grad**2
            step(params[name], np.clip(grad, -limit, limit), memory[name], lr)

    return loop(ids, params, T, steps, change)


@misconception(
    "train",
    "plain-gradient-descent",
    """The weights moved by lr times the gradient: Adagrad's memory has no part in it.
    The step is that of your `adagrad`.""",
)
def _(ids, params, T, steps, lr, limit):
    def change(grads, memory):
        for name, grad in grads.items():
            params[name] -= lr * np.clip(grad, -limit, limit)

    return loop(ids, params, T, steps, change)


@misconception(
    "train",
    "uphill",
    """The weights move *with* the gradient: the loss is made larger. Look at the sign
    of the step.""",
)
def _(ids, params, T, steps, lr, limit):
    return right_loop(ids, params, T, steps, -lr, limit)


@misconception(
    "train",
    "biases-left-out",
    """The biases never move. There are five blocks to update: look at which names your
    loop goes through.""",
)
def _(ids, params, T, steps, lr, limit):
    def change(grads, memory):
        weights = {name: grad for name, grad in grads.items() if name[0] == "W"}
        update(params, weights, memory, lr, limit)

    return loop(ids, params, T, steps, change)


@misconception(
    "train",
    "mean-loss",
    """Each loss is divided by T: nats a character. The loss of a chunk is *summed* over
    its steps here, as your `nll` does.""",
)
def _(ids, params, T, steps, lr, limit):
    return [loss / T for loss in right_loop(ids, params, T, steps, lr, limit)]


@misconception(
    "train",
    "gradients-divided-by-T",
    """The gradients were divided by T. They belong to the loss summed over the chunk,
    and clipping sees them at their full size.""",
)
def _(ids, params, T, steps, lr, limit):
    def change(grads, memory):
        smaller = {name: grad / T for name, grad in grads.items()}
        update(params, smaller, memory, lr, limit)

    return loop(ids, params, T, steps, change)


@misconception(
    "train",
    "smoothed-losses",
    """The losses are smoothed. The list holds each chunk's own loss; to smooth them is
    another function's work.""",
)
def _(ids, params, T, steps, lr, limit):
    losses = right_loop(ids, params, T, steps, lr, limit)
    return averaged(losses, T * np.log(len(params["by"])), 0.999, 0.001)


@misconception("train", "smoothed-losses")
def _(ids, params, T, steps, lr, limit):
    losses = right_loop(ids, params, T, steps, lr, limit)
    return averaged(losses, losses[0], 0.999, 0.001)


@misconception(
    "train",
    "losses-added-up",
    """Each entry is the sum of all losses so far. One loss for each step is asked
    for.""",
)
def _(ids, params, T, steps, lr, limit):
    return list(np.cumsum(right_loop(ids, params, T, steps, lr, limit)))


@misconception(
    "train",
    "only-the-last-loss",
    """Only the last loss came back. A list with one loss for each step is asked for:
    collect them on the way.""",
)
def _(ids, params, T, steps, lr, limit):
    return right_loop(ids, params, T, steps, lr, limit)[-1]


@misconception("train", "only-the-last-loss")
def _(ids, params, T, steps, lr, limit):
    return right_loop(ids, params, T, steps, lr, limit)[-1:]


@misconception(
    "train",
    "only-one-step",
    """One step was made, and then the function ended: look at where the `return`
    stands.""",
)
def _(ids, params, T, steps, lr, limit):
    return right_loop(ids, params, T, 1, lr, limit)


@misconception(
    "train",
    "last-chunk-missed",
    """The text begins again one chunk too early: its last full chunk is never read.
    Count the chunks, and hold that against where your loop turns back.""",
)
def _(ids, params, T, steps, lr, limit):
    def most(count):
        return max(count - 1, 1)

    given = {"chunk": lambda n, count: n % most(count)}
    given |= {"fresh": lambda n, count: n % most(count) == 0}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception(
    "train",
    "last-chunk-missed-at-the-border",
    """A chunk that ends exactly with the text is skipped. It fits as long as T + 1
    characters are left: is it < or <=?""",
)
def _(ids, params, T, steps, lr, limit):
    most = max((len(ids) - 2) // T, 1)
    given = {"chunk": lambda n, count: n % most}
    given |= {"fresh": lambda n, count: n % most == 0}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception(
    "train",
    "stops-where-the-text-ends",
    """Training ends with the text. There may be more steps than chunks: then the text
    begins again.""",
)
def _(ids, params, T, steps, lr, limit):
    steps = min(steps, len(make_chunks(ids, T)))
    return right_loop(ids, params, T, steps, lr, limit)


@misconception(
    "train",
    "steps-counted-in-passes",
    """There are too many losses: the whole text was read `steps` times. A step is one
    chunk.""",
)
def _(ids, params, T, steps, lr, limit):
    steps = steps * len(make_chunks(ids, T))
    return right_loop(ids, params, T, steps, lr, limit)


@misconception(
    "train",
    "always-the-first-chunk",
    """Every step reads the first chunk. Look at what moves you on in the text.""",
)
def _(ids, params, T, steps, lr, limit):
    given = {"chunk": lambda n, count: 0}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception("train", "always-the-first-chunk")
def _(ids, params, T, steps, lr, limit):
    given = {"chunk": lambda n, count: 0, "fresh": lambda n, count: True}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception("train", "always-the-first-chunk")
def _(ids, params, T, steps, lr, limit):
    given = {"chunk": lambda n, count: 0, "fresh": lambda n, count: n == 0}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception(
    "train",
    "T-for-the-number-of-chunks",
    """The text begins again, or its state does, after T steps. T is the length of a
    chunk: how many chunks does the text have?""",
)
def _(ids, params, T, steps, lr, limit):
    given = {"fresh": lambda n, count: n % T == 0}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception("train", "T-for-the-number-of-chunks")
def _(ids, params, T, steps, lr, limit):
    given = {"chunk": lambda n, count: n % T}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception("train", "T-for-the-number-of-chunks")
def _(ids, params, T, steps, lr, limit):
    given = {"chunk": lambda n, count: n % T, "fresh": lambda n, count: n % T == 0}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception(
    "train",
    "stays-at-the-last-chunk",
    """Right until the text ends. Then the last chunk is read again and again: the text
    should begin again at its first.""",
)
def _(ids, params, T, steps, lr, limit):
    given = {"chunk": lambda n, count: min(n, count - 1)}
    given |= {"fresh": lambda n, count: n == 0}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception("train", "stays-at-the-last-chunk")
def _(ids, params, T, steps, lr, limit):
    given = {"chunk": lambda n, count: min(n, count - 1)}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception(
    "train",
    "text-too-short-for-the-steps",
    """Right as long as the text lasts, then your index runs out of its chunks. There
    may be more steps than chunks: then the text begins again.""",
)
def _(ids, params, T, steps, lr, limit):
    given = {"chunk": lambda n, count: n}
    return right_loop(ids, params, T, steps, lr, limit, **given)


@misconception(
    "train",
    "sum-of-the-losses",
    """One number came back, the sum of all losses. A list with one loss for each step
    is asked for.""",
)
def _(ids, params, T, steps, lr, limit):
    return sum(right_loop(ids, params, T, steps, lr, limit))


@misconception(
    "train",
    "loss-of-the-logits",
    """The losses are not numbers, or not those of probabilities: the logarithm was
    taken of the logits. What makes probabilities of them?""",
)
def _(ids, params, T, steps, lr, limit):
    losses = []

    def before(h, state):
        y = h @ params["Why"].T + params["by"]
        _, targets = chunks[len(losses) % len(chunks)]
        losses.append(nll(y, targets))
        return np.vstack([state, h[:-1]])

    chunks = make_chunks(ids, T)
    right_loop(ids, params, T, steps, lr, limit, before=before)
    return losses


def drawn(y, u):
    """The right choice: the index that u in [0, 1) draws from the logits y."""
    return draw(softmax(y), u)


def written(n, params, rng, state, y, choose=drawn, feed=None, keep=None):
    """n indices from a state and logits; `choose(y, u)` draws one.

    feed(k): the index that is read next, k unless given. keep(h, state): the state that
    goes on, h unless given.
    """
    ids = []
    for _ in range(n):
        ids.append(choose(y, rng.random()))
        k = ids[-1] if feed is None else feed(ids[-1])
        h, y = rnn_forward([k], state, **params)
        state, y = h[-1] if keep is None else keep(h[-1], state), y[-1]
    return ids


def warm(prompt, params):
    """State and logits after a prompt that is read from a state of zeros."""
    h, y = rnn_forward(prompt, np.zeros(len(params["bh"])), **params)
    return h[-1], y[-1]


@misconception(
    "generate",
    "last-character-read-twice",
    """The last character of the prompt is read twice: once at the end of the warm-up,
    and again to make the first p. The logits for the first draw are there already when
    the prompt has been read.""",
)
def _(prompt, n, params, rng):
    h, y = rnn_forward(prompt[-1:], warm(prompt, params)[0], **params)
    return written(n, params, rng, h[-1], y[-1])


@misconception(
    "generate",
    "prompt-ignored",
    """The prompt has no effect. Before the first draw the network reads it, character
    after character, so that the state knows it.""",
)
def _(prompt, n, params, rng):
    return written(n, params, rng, np.zeros(len(params["bh"])), params["by"])


@misconception("generate", "prompt-ignored")
def _(prompt, n, params, rng):
    return written(n, params, rng, *warm([0], params))


@misconception(
    "generate",
    "only-the-last-of-the-prompt",
    """Only the last character of the prompt has an effect: it is read from a state of
    zeros, and the ones before it are forgotten.""",
)
def _(prompt, n, params, rng):
    return written(n, params, rng, *warm(prompt[-1:], params))


@misconception("generate", "only-the-last-of-the-prompt")
def _(prompt, n, params, rng):
    h, y = warm(prompt[-1:], params)
    return written(n, params, rng, 0 * h, y)


@misconception(
    "generate",
    "only-the-first-of-the-prompt",
    """Only the first character of the prompt has an effect. Look at whether your
    warm-up goes through all of it.""",
)
def _(prompt, n, params, rng):
    return written(n, params, rng, *warm(prompt[:1], params))


@misconception(
    "generate",
    "last-of-the-prompt-not-read",
    """The last character of the prompt has no effect: the first draw was made before it
    was read. The text goes on after all of the prompt.""",
)
def _(prompt, n, params, rng):
    h, y = np.zeros(len(params["bh"])), params["by"]
    if len(prompt) > 1:
        h, y = warm(prompt[:-1], params)
    return written(n, params, rng, h, y)


@misconception(
    "generate",
    "zeros-after-the-prompt",
    """The first draw is right, then the prompt is forgotten: the state is set to zeros
    before the drawn characters are read. It goes on from where the prompt ended.""",
)
def _(prompt, n, params, rng):
    state, y = warm(prompt, params)
    return written(n, params, rng, 0 * state, y)


@misconception(
    "generate",
    "state-set-to-zeros",
    """Every character is read from a state of zeros, so the text has no memory beyond
    its last character. Each step starts from the state that the one before left.""",
)
def _(prompt, n, params, rng):
    def forget(h, state):
        return 0 * state

    h, y = warm(prompt, params)
    return written(n, params, rng, 0 * h, y, keep=forget)


@misconception("generate", "state-set-to-zeros")
def _(prompt, n, params, rng):
    def forget(h, state):
        return 0 * state

    h, y = warm(prompt[-1:], params)
    return written(n, params, rng, 0 * h, y, keep=forget)


@misconception(
    "generate",
    "state-stands-still",
    """Each drawn character is read, but from the state that the prompt left: it never
    moves on. Look at what becomes of the new state.""",
)
def _(prompt, n, params, rng):
    def stay(h, state):
        return state

    return written(n, params, rng, *warm(prompt, params), keep=stay)


@misconception("generate", "state-stands-still")
def _(prompt, n, params, rng):
    def stay(h, state):
        return state

    state = warm(prompt, params)[0]
    h, y = rnn_forward(prompt[-1:], state, **params)
    return written(n, params, rng, state, y[-1], keep=stay)


@misconception(
    "generate",
    "drawn-not-fed-back",
    """The first draw is right. Then the network goes on without reading it: what was
    drawn is the next input, and each draw changes what comes after it.""",
)
def _(prompt, n, params, rng):
    def feed(k):
        return prompt[-1]

    return written(n, params, rng, *warm(prompt, params), feed=feed)


@misconception("generate", "drawn-not-fed-back")
def _(prompt, n, params, rng):
    p = softmax(warm(prompt, params)[1])
    return [draw(p, rng.random()) for _ in range(n)]


@misconception(
    "generate",
    "all-read-again",
    """The first draws are right. Then everything is read again each time, from a state
    that has read it already: one new character is to be read, or all of them from
    zeros.""",
)
def _(prompt, n, params, rng):
    (h, y), ids = warm(prompt, params), []
    for _ in range(n):
        ids.append(drawn(y, rng.random()))
        rows, logits = rnn_forward(ids, h, **params)
        h, y = rows[-1], logits[-1]
    return ids


@misconception(
    "generate",
    "prompt-read-again",
    """The first draw is right. Then the prompt is read again before each draw, and what
    was drawn is not: it is the next input.""",
)
def _(prompt, n, params, rng):
    (h, y), ids = warm(prompt, params), []
    for _ in range(n):
        ids.append(drawn(y, rng.random()))
        rows, logits = rnn_forward(prompt, h, **params)
        h, y = rows[-1], logits[-1]
    return ids


@misconception(
    "generate",
    "first-row-of-the-logits",
    """The first draw uses the logits after the *first* character of the prompt. The
    text goes on after its last: which row is that?""",
)
def _(prompt, n, params, rng):
    h, y = rnn_forward(prompt, np.zeros(len(params["bh"])), **params)
    return written(n, params, rng, h[-1], y[0])


@misconception(
    "generate",
    "all-rows-in-one-draw",
    """All rows of p go into one draw, one for each character of the prompt. The text
    goes on after the last character: take that row alone.""",
)
def _(prompt, n, params, rng):
    h, y = rnn_forward(prompt, np.zeros(len(params["bh"])), **params)
    return written(n, params, rng, h[-1], y)


@misconception("generate", "all-rows-in-one-draw")
def _(prompt, n, params, rng):
    h, y = rnn_forward(prompt, np.zeros(len(params["bh"])), **params)
    return written(n, params, rng, h[-1], y, lambda y, u: drawn(np.atleast_2d(y), u))


@misconception(
    "generate",
    "largest-probability",
    """The largest p was taken every time, so rng has no effect, and the text falls into
    a loop. Draw, each time with a new number of rng.""",
)
def _(prompt, n, params, rng):
    def choose(y, u):
        return int(np.argmax(y))

    return written(n, params, rng, *warm(prompt, params), choose=choose)


@misconception(
    "generate",
    "uniform",
    """Every symbol is drawn equally often: the probabilities have no effect. The draw
    needs p, and p comes from the logits.""",
)
def _(prompt, n, params, rng):
    def choose(y, u):
        return int(u * len(y))

    return written(n, params, rng, *warm(prompt, params), choose=choose)


@misconception("generate", "uniform")
def _(prompt, n, params, rng):
    return [int(k) for k in rng.integers(len(params["by"]), size=n)]


@misconception(
    "generate",
    "logits-for-probabilities",
    """You draw with the logits. They do not sum to 1, and some are negative: what makes
    probabilities of them?""",
)
def _(prompt, n, params, rng):
    return written(n, params, rng, *warm(prompt, params), choose=draw)


@misconception(
    "generate",
    "prompt-in-the-list",
    """The list holds the prompt too. Only what was drawn is asked for: n indices.""",
)
def _(prompt, n, params, rng):
    return [*prompt, *generate(prompt, n, params, rng)]


@misconception("generate", "prompt-in-the-list")
def _(prompt, n, params, rng):
    h, y = rnn_forward(prompt[-1:], warm(prompt, params)[0], **params)
    return [*prompt, *written(n, params, rng, h[-1], y[-1])]


@misconception(
    "generate",
    "last-of-the-prompt-first",
    """The list starts with the last character of the prompt, and the last draw is
    missing. Look at the order: first draw, then keep, then read.""",
)
def _(prompt, n, params, rng):
    return [prompt[-1], *generate(prompt, n - 1, params, rng)]


@misconception("generate", "last-of-the-prompt-first")
def _(prompt, n, params, rng):
    h, y = rnn_forward(prompt[-1:], warm(prompt, params)[0], **params)
    return [prompt[-1], *written(n - 1, params, rng, h[-1], y[-1])]


@misconception(
    "generate",
    "drawn-while-reading",
    """Numbers of rng are used up while the prompt is read, so the first draw gets a
    later one. One number belongs to each drawn character, and the prompt needs
    none.""",
)
def _(prompt, n, params, rng):
    rng.random(len(prompt))
    return generate(prompt, n, params, rng)


@misconception("generate", "drawn-while-reading")
def _(prompt, n, params, rng):
    rng.random(len(prompt) - 1)
    return generate(prompt, n, params, rng)


@misconception(
    "generate",
    "one-number-for-all",
    """rng was asked only once, and the same number chooses every character. Each draw
    needs a new one.""",
)
def _(prompt, n, params, rng):
    u = rng.random()

    def choose(y, _):
        return drawn(y, u)

    return written(n, params, rng, *warm(prompt, params), choose=choose)


@misconception(
    "generate",
    "another-generator",
    """The numbers come from a generator made inside the function, so every call writes
    the same text. Draw with the rng that comes in.""",
)
def _(prompt, n, params, rng):
    return generate(prompt, n, params, np.random.default_rng(0))


@misconception("generate", "another-generator")
def _(prompt, n, params, rng):
    return generate(prompt, n, params, np.random.default_rng(42))


@misconception("generate", "another-generator")
def _(prompt, n, params, rng):
    return generate(prompt, n, params, np.random.default_rng(1))


@misconception(
    "generate",
    "prompt-in-reverse",
    """The prompt was read from its end to its beginning. Its first character comes
    first.""",
)
def _(prompt, n, params, rng):
    return generate(prompt[::-1], n, params, rng)


@misconception(
    "generate",
    "only-the-last-drawn",
    """Only the last index came back. Keep all n of them.""",
)
def _(prompt, n, params, rng):
    return generate(prompt, n, params, rng)[-1]


@misconception("generate", "only-the-last-drawn")
def _(prompt, n, params, rng):
    return generate(prompt, n, params, rng)[-1:]


@misconception(
    "generate",
    "one-hot-vectors",
    """One-hot vectors came, one for each drawn character. Their indices are asked
    for.""",
)
def _(prompt, n, params, rng):
    return np.eye(len(params["by"]), dtype=int)[generate(prompt, n, params, rng)]
