"""What goes wrong in notebook 08, from path_jacobian to shorten."""

import numpy as np

from rnncourse.checker.exercises import (
    chunk_backward,
    grad_Why_by,
    grad_Wxh_Whh_bh,
    grad_y,
    path_jacobian,
    sensitivity,
)
from rnncourse.checker.misconceptions import misconception


def product_of(steps, start):
    """The factors of a path multiplied, each from the left."""
    J = start
    for step in steps:
        J = step @ J
    return J


@misconception(
    "path_jacobian",
    "first-step-on-the-left",
    """The factors stand in the order of time, from left to right. A vector meets the
    factor at its right first, so the newest step belongs on the left.""",
)
def _(h, Whh):
    return path_jacobian(h[::-1], Whh)


@misconception(
    "path_jacobian",
    "slopes-on-the-columns",
    """The slopes multiply the columns of Whh. Row i of the Jacobian belongs to unit i
    of the newer state, so its slope multiplies the whole row: a product with a vector
    of shape (H,) goes along each row and meets the columns.""",
)
def _(h, Whh):
    return product_of([Whh * (1 - h_t * h_t) for h_t in h], np.eye(len(Whh)))


@misconception(
    "path_jacobian",
    "entry-by-entry",
    """The factors are multiplied entry by entry. Two tables of slopes, one after the
    other, make a matrix product: over all units between, multiply and add.""",
)
def _(h, Whh):
    J = np.ones_like(Whh)
    for h_t in h:
        J = (1 - h_t * h_t)[:, None] * Whh * J
    return J


@misconception(
    "path_jacobian",
    "slopes-forgotten",
    """These are powers of Whh alone: on its way each step also goes through tanh, and
    meets its slope.""",
)
def _(h, Whh):
    return path_jacobian(0 * h, Whh)


@misconception(
    "path_jacobian",
    "tanh-of-h",
    """The slope was taken of tanh(h). The states have been through tanh already: the
    slope of step t is 1 minus the square of h itself.""",
)
def _(h, Whh):
    return path_jacobian(np.tanh(h), Whh)


@misconception(
    "path_jacobian",
    "square-forgotten",
    """The slope is 1 - h here, without the square: it would differ between h and -h,
    and tanh is as steep at both.""",
)
def _(h, Whh):
    return product_of([(1 - h_t)[:, None] * Whh for h_t in h], np.eye(len(Whh)))


@misconception(
    "path_jacobian",
    "transposed",
    """Every entry is there, in the transposed place. Row i is for the newer state's
    unit i, column j for the older one's unit j; the way back, which needs the
    transpose, is not asked here.""",
)
def _(h, Whh):
    return path_jacobian(h, Whh).T


@misconception(
    "path_jacobian",
    "Whh-transposed",
    """Whh is used transposed in every factor. The newer state is made by Whh itself;
    its transpose belongs to the way back.""",
)
def _(h, Whh):
    return path_jacobian(h, Whh.T)


@misconception(
    "path_jacobian",
    "one-step-only",
    """This is the factor of the last step alone. Each older state on the path adds one
    factor more.""",
)
def _(h, Whh):
    return path_jacobian(h[-1:], Whh)


@misconception("path_jacobian", "one-step-only")
def _(h, Whh):
    return path_jacobian(h[:1], Whh)


@misconception(
    "path_jacobian",
    "one-factor-short",
    """A factor is missing at one end: every row of h makes one, the first and the last
    too.""",
)
def _(h, Whh):
    return path_jacobian(h[1:], Whh)


@misconception("path_jacobian", "one-factor-short")
def _(h, Whh):
    return path_jacobian(h[:-1], Whh)


@misconception(
    "path_jacobian",
    "factors-added",
    """The factors are added up. Along a path slopes multiply; sums are for different
    paths.""",
)
def _(h, Whh):
    return sum(path_jacobian(h_t[None], Whh) for h_t in h)


def collected(inputs, dy, da, h, h_prev, V, dh_init):
    """The answer that these da make."""
    (dWhy, dby), sums = grad_Why_by(dy, h), grad_Wxh_Whh_bh(da, h_prev, inputs, V)
    grads = {"dWxh": sums[0], "dWhh": sums[1], "dWhy": dWhy, "dbh": sums[2]}
    return grads | {"dby": dby, "dh_init": dh_init}


def recursion(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh):
    """The backward pass in which step t also gets dh[t]."""
    dy, da = grad_y(p, targets), np.zeros_like(h)
    from_next = np.zeros(len(Whh))
    for t in reversed(range(len(h))):
        da[t] = (1 - h[t] * h[t]) * (Why.T @ dy[t] + from_next + dh[t])
        from_next = Whh.T @ da[t]
    return dy, da, from_next


@misconception(
    "chunk_backward",
    "dh-next-ignored",
    """dh_next has no effect: this is the gradient that is cut at the border. What the
    later chunks say about the last state belongs in its dh.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    return chunk_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why, 0 * dh_next)


@misconception(
    "chunk_backward",
    "dh-next-taken-for-da",
    """dh_next is multiplied by the transpose of Whh once more. It is a gradient of a
    state already: the later chunk made that product when it computed it.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    rest = inputs, targets, h, h_prev, p, Wxh, Whh, Why
    return chunk_backward(*rest, Whh.T @ dh_next)


@misconception(
    "chunk_backward",
    "dh-next-at-every-step",
    """dh_next is added at every step. It is about the last state alone; the earlier
    ones get their share through the recursion.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    dh = np.tile(dh_next, (len(h), 1))
    dy, da, dh_init = recursion(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh)
    return collected(inputs, dy, da, h, h_prev, Wxh.shape[1], dh_init)


@misconception(
    "chunk_backward",
    "dh-next-at-the-first-step",
    """dh_next is added at step 0. The border to the later chunk is at the other end:
    it is about the last state of this one.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    dh = np.zeros_like(h)
    dh[0] = dh_next
    dy, da, dh_init = recursion(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh)
    return collected(inputs, dy, da, h, h_prev, Wxh.shape[1], dh_init)


@misconception(
    "chunk_backward",
    "dh-next-past-tanh",
    """dh_next is added to da, behind the slope of tanh. It is a gradient of the state
    h, so it goes through that slope like the rest of dh.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    last = 1 - h[-1] * h[-1]
    dh = np.zeros_like(h)
    dh[-1] = dh_next / last
    dy, da, dh_init = recursion(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh)
    return collected(inputs, dy, da, h, h_prev, Wxh.shape[1], dh_init)


@misconception(
    "chunk_backward",
    "subtracted",
    """dh_next comes in with the opposite sign. Paths add up: those through the later
    chunks too.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    return chunk_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why, -dh_next)


@misconception(
    "chunk_backward",
    "only-what-comes-from-behind",
    """The last step has dh_next in place of its own loss. Its state has two children:
    its own prediction and what follows, and both count.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    dh = np.zeros_like(h)
    dh[-1] = dh_next - Why.T @ grad_y(p, targets)[-1]
    dy, da, dh_init = recursion(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh)
    return collected(inputs, dy, da, h, h_prev, Wxh.shape[1], dh_init)


def with_dh_init(other):
    """A wrong version that differs in dh_init alone: other(Whh, da_0, dh_0)."""

    def wrong(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
        right = chunk_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next)
        dh = np.zeros_like(h)
        dh[-1] = dh_next
        _, da, _ = recursion(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh)
        dh_0 = da[0] / (1 - h[0] * h[0])
        return right | {"dh_init": other(Whh, da[0], dh_0)}

    return wrong


misconception(
    "chunk_backward",
    "da-for-dh-init",
    """dh_init is da of step 0. From there to the state that came in the way leads
    through one matrix more.""",
)(with_dh_init(lambda Whh, da_0, dh_0: da_0))


misconception(
    "chunk_backward",
    "dh-of-step-0-for-dh-init",
    """dh_init is the gradient of the state *after* step 0. The state that came in lies
    one step further back: through tanh and one matrix.""",
)(with_dh_init(lambda Whh, da_0, dh_0: dh_0))


misconception(
    "chunk_backward",
    "Whh-not-transposed-in-dh-init",
    """dh_init lacks a transpose: on the way back a product with a matrix becomes one
    with its transpose.""",
)(with_dh_init(lambda Whh, da_0, dh_0: Whh @ da_0))


misconception(
    "chunk_backward",
    "dh-init-through-tanh-again",
    """dh_init is multiplied by a slope of tanh at the end. The state that came in has
    its tanh in the chunk before, which does that.""",
)(with_dh_init(lambda Whh, da_0, dh_0: (1 - (Whh.T @ da_0) ** 2) * (Whh.T @ da_0)))


@misconception("chunk_backward", "dh-init-through-tanh-again")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    rest = inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next
    right = chunk_backward(*rest)
    slope = 1 - h_prev[0] * h_prev[0]
    return right | {"dh_init": slope * right["dh_init"]}


def sensitivities(h, Whh, slope, immediate):
    """The recursion with these slopes, and these terms of each step, (T, H)."""
    q, before = np.zeros_like(h), np.zeros(len(Whh))
    for t in range(len(h)):
        q[t] = before = slope[t] * (Whh @ before + immediate[t])
    return q


def pushes(h_prev, i, j):
    """What the entry (i, j) itself adds to a of each step."""
    immediate = np.zeros_like(h_prev)
    immediate[:, i] = h_prev[:, j]
    return immediate


@misconception(
    "sensitivity",
    "immediate-only",
    """Each step has what the weight does at that step alone. The state before it has
    moved too, and hands that on through Whh.""",
)
def _(h, h_prev, Whh, i, j):
    return (1 - h * h) * pushes(h_prev, i, j)


@misconception(
    "sensitivity",
    "slope-forgotten",
    """Nothing goes through tanh: the slope 1 - h² multiplies all that arrives in a.""",
)
def _(h, h_prev, Whh, i, j):
    return sensitivities(h, Whh, np.ones_like(h), pushes(h_prev, i, j))


@misconception(
    "sensitivity",
    "slope-on-one-part",
    """The slope of tanh multiplies one of the two parts. Both are added to a first, and
    go through tanh together.""",
)
def _(h, h_prev, Whh, i, j):
    slope = 1 - h * h
    own = pushes(h_prev, i, j) / np.where(slope, slope, 1)
    return sensitivities(h, Whh, slope, own)


@misconception("sensitivity", "slope-on-one-part")
def _(h, h_prev, Whh, i, j):
    own = (1 - h * h) * pushes(h_prev, i, j)
    return sensitivities(h, Whh, np.ones_like(h), own)


@misconception(
    "sensitivity",
    "Whh-transposed",
    """What the state before hands on goes through the transpose of Whh. Here it runs
    forward in time, as the states themselves do.""",
)
def _(h, h_prev, Whh, i, j):
    return sensitivities(h, Whh.T, 1 - h * h, pushes(h_prev, i, j))


@misconception(
    "sensitivity",
    "h-for-h-prev",
    """The weight is multiplied by the state after the step. In a of step t it meets the
    state before it.""",
)
def _(h, h_prev, Whh, i, j):
    return sensitivities(h, Whh, 1 - h * h, pushes(h, i, j))


@misconception(
    "sensitivity",
    "i-and-j-swapped",
    """This is the sensitivity to the entry in row j and column i. The row is where a
    weight acts, the column says which unit it reads.""",
)
def _(h, h_prev, Whh, i, j):
    return sensitivity(h, h_prev, Whh, j, i)


@misconception(
    "sensitivity",
    "slope-of-the-step-before",
    """The slopes are those of h_prev. What arrives at step t goes through the tanh of
    that step, whose result is h.""",
)
def _(h, h_prev, Whh, i, j):
    return sensitivities(h, Whh, 1 - h_prev * h_prev, pushes(h_prev, i, j))


@misconception(
    "sensitivity",
    "every-unit-pushed",
    """The weight pushes every unit. An entry in row i acts on a of unit i alone; the
    others move only through Whh, from the next step on.""",
)
def _(h, h_prev, Whh, i, j):
    everywhere = np.repeat(h_prev[:, [j]], len(Whh), axis=1)
    return sensitivities(h, Whh, 1 - h * h, everywhere)


@misconception(
    "sensitivity",
    "weight-counted-in",
    """What the weight adds to a contains the weight itself. The slope of a product by
    one factor is the other factor alone.""",
)
def _(h, h_prev, Whh, i, j):
    return sensitivities(h, Whh, 1 - h * h, Whh[i, j] * pushes(h_prev, i, j))


@misconception(
    "sensitivity",
    "never-handed-on",
    """From the second step on, what is handed on is not what the step before left: look
    at the name that carries it from one round to the next.""",
)
def _(h, h_prev, Whh, i, j):
    own = pushes(h_prev, i, j)
    own[1:] = 0
    return sensitivities(h, Whh, 1 - h * h, own)


@misconception(
    "shorten",
    "new-array",
    """grad is as it was. A new array, returned or given the name grad inside your
    function, leaves the array that the caller holds as it is. Write *into* it.""",
)
def _(grad, limit):
    return grad * min(1, limit / max(np.linalg.norm(grad), 1e-300))


@misconception(
    "shorten",
    "entry-by-entry",
    """Each entry was cut by itself, as `clip` does. That turns the gradient. Here all
    entries are multiplied by one and the same factor.""",
)
def _(grad, limit):
    np.clip(grad, -limit, limit, out=grad)


@misconception(
    "shorten",
    "short-ones-lengthened",
    """A gradient that is shorter than the limit was made longer. It should stay as it
    is: only where the length is above the limit is there anything to do.""",
)
def _(grad, limit):
    grad *= limit / max(np.linalg.norm(grad), 1e-300)


@misconception("shorten", "short-ones-lengthened")
def _(grad, limit):
    if grad.any():
        grad *= limit / np.linalg.norm(grad)


@misconception(
    "shorten",
    "zero-over-zero",
    """NaN where the gradient is all zeros: its length is 0, and 0/0 has no value. A
    gradient that is short enough should not be touched.""",
)
def _(grad, limit):
    with np.errstate(all="ignore"):
        grad *= np.minimum(np.linalg.norm(grad), limit) / np.linalg.norm(grad)


@misconception(
    "shorten",
    "largest-entry-for-the-length",
    """The largest entry was taken for the length. The length is the root of the sum of
    all squares: many small entries can make a long gradient.""",
)
def _(grad, limit):
    size = np.abs(grad).max()
    if size > limit:
        grad *= limit / size


@misconception(
    "shorten",
    "root-forgotten",
    """The sum of the squares was taken for the length. The length is its root.""",
)
def _(grad, limit):
    squares = (grad**2).sum()
    if squares > limit:
        grad *= limit / squares


@misconception(
    "shorten",
    "sum-of-sizes",
    """The sizes of all entries were added up. The length is the root of the sum of
    their squares.""",
)
def _(grad, limit):
    size = np.abs(grad).sum()
    if size > limit:
        grad *= limit / size


@misconception(
    "shorten",
    "row-by-row",
    """Each row of the matrix was shortened by itself. The gradient is one vector,
    whatever its shape: it has one length, and all of it gets the same factor.""",
)
def _(grad, limit):
    sizes = np.linalg.norm(grad, axis=-1, keepdims=True)
    grad *= np.minimum(1, limit / np.maximum(sizes, 1e-300))


@misconception(
    "shorten",
    "largest-stretch-for-the-length",
    """For a matrix, its largest stretch was taken for the length. Here a matrix of
    gradients counts as one long vector: the root of the sum of all squares.""",
)
def _(grad, limit):
    size = np.linalg.norm(grad, 2)
    if size > limit:
        grad *= limit / size


@misconception(
    "shorten",
    "length-of-one",
    """The gradient has length 1 afterwards. It was divided by its length, and not
    multiplied by the limit.""",
)
def _(grad, limit):
    if np.linalg.norm(grad) > limit:
        grad /= np.linalg.norm(grad)


@misconception(
    "shorten",
    "divided-by-the-limit",
    """A gradient that is too long was divided by the limit. Its length then still
    depends on what it was before. Which factor makes the length the limit?""",
)
def _(grad, limit):
    if np.linalg.norm(grad) > limit:
        grad /= limit


@misconception(
    "shorten",
    "factor-upside-down",
    """A gradient that is too long became longer still: the factor is upside down.""",
)
def _(grad, limit):
    size = np.linalg.norm(grad)
    if size > limit:
        grad *= size / limit


@misconception(
    "shorten",
    "thrown-away",
    """A gradient that is too long became 0. It should keep its direction, with the
    limit as its length.""",
)
def _(grad, limit):
    if np.linalg.norm(grad) > limit:
        grad[...] = 0
