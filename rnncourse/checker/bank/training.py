"""What goes wrong in notebook 06: clip, adagrad, draw, smooth."""

import numpy as np

from rnncourse.checker.misconceptions import misconception


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
    """param is as it was: `param = ...` gives the name to a new array inside your
    function, and the caller's weights never move. Write into the array.""",
)
def _(param, grad, memory, lr):
    memory += grad**2


@misconception(
    "adagrad",
    "memory-is-a-new-array",
    """memory is as it was: `memory = ...` gives the name to a new array inside your
    function, and the next step has forgotten this one. Write into the array.""",
)
def _(param, grad, memory, lr):
    step(param, grad, memory + grad**2, lr)


@misconception(
    "adagrad",
    "both-are-new-arrays",
    """Neither param nor memory has changed. `name = ...` inside a function gives the
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
    "eps-forgotten",
    """NaN where a gradient has been 0 from the start: 0/0. Something small inside the
    root keeps the denominator away from 0.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / np.sqrt(memory)


@misconception(
    "adagrad",
    "another-eps",
    """For tiny gradients param is wrong: eps is another than 1e-8. Look at the
    exponent.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / np.sqrt(memory + 1e-6)


@misconception("adagrad", "another-eps")
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / np.sqrt(memory + 1e-7)


@misconception("adagrad", "another-eps")
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / np.sqrt(memory + 1e-10)


@misconception("adagrad", "another-eps")
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / np.sqrt(memory + 1e-12)


@misconception("adagrad", "another-eps")
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / (np.sqrt(memory) + 1e-10)


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
    memory[:] = 0.99 * memory + 0.01 * grad**2
    step(param, grad, memory, lr)


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
    """grad itself has been squared: `grad *= grad` writes into the caller's gradient,
    and the step then uses the square. Square into a new array.""",
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
    """All entries share one number: the squares were summed over the whole array. Each
    parameter has a memory of its own.""",
)
def _(param, grad, memory, lr):
    memory += np.sum(grad**2)
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
