"""What goes wrong in notebook 04: the backward pass, piece by piece."""

import numpy as np

from rnncourse.checker.comparing import alike
from rnncourse.checker.misconceptions import misconception, symptom


@misconception(
    "grad_Why_by",
    "previous-states",
    """dWhy was summed with the states one step off. The logits y[t] came from h[t], the
    state *after* step t: look at the index of h.""",
)
def _(dy, h):
    return dy.T @ np.roll(h, 1, axis=0), dy.sum(axis=0)


@misconception("grad_Why_by", "previous-states")
def _(dy, h):
    return dy[1:].T @ h[:-1], dy.sum(axis=0)


@misconception("grad_Why_by", "previous-states")
def _(dy, h):
    return dy[:-1].T @ h[1:], dy.sum(axis=0)


@misconception(
    "grad_Why_by",
    "only-the-last-step",
    """Only the last step counts. Why is used at every step, so its gradient is a sum
    over t: look at whether your loop adds or overwrites.""",
)
def _(dy, h):
    return np.outer(dy[-1], h[-1]), dy[-1]


@misconception("grad_Why_by", "only-the-last-step")
def _(dy, h):
    return np.outer(dy[-1], h[-1]), dy.sum(axis=0)


@misconception(
    "grad_Why_by",
    "outer-of-whole-arrays",
    """np.outer takes two vectors. Of whole arrays it makes one long vector each, and
    pairs every number with every other. An outer product belongs to one step; the
    steps are summed.""",
)
def _(dy, h):
    return np.outer(dy, h), dy.sum(axis=0)


@misconception(
    "grad_Why_by",
    "last-step-left-out",
    """The last step is missing from the sums. A chunk has T steps, t = 0 to T - 1: look
    at where your loop ends.""",
)
def _(dy, h):
    return dy[:-1].T @ h[:-1], dy[:-1].sum(axis=0)


@misconception(
    "grad_Why_by",
    "first-step-left-out",
    """The step t = 0 is missing from the sums. Every step of the chunk counts: look at
    where your loop starts or ends.""",
)
def _(dy, h):
    return dy[1:].T @ h[1:], dy[1:].sum(axis=0)


@misconception(
    "grad_Why_by",
    "only-the-first-step",
    """Only the first step counts. Why is used at every step, so its gradient is a sum
    over t: look at where the `return` stands.""",
)
def _(dy, h):
    return np.outer(dy[0], h[0]), dy[0]


@misconception(
    "grad_Why_by",
    "divided-by-T",
    """Divided by T: this is a mean over the steps. The loss is a sum over t, and so are
    its gradients.""",
)
def _(dy, h):
    return dy.T @ h / len(h), dy.mean(axis=0)


@misconception("grad_Why_by", "divided-by-T")
def _(dy, h):
    return dy.T @ h / len(h), dy.sum(axis=0)


@misconception("grad_Why_by", "divided-by-T")
def _(dy, h):
    return dy.T @ h, dy.mean(axis=0)


@misconception(
    "grad_Why_by",
    "dWhy-transposed",
    """dWhy came as (H, V). A gradient has the shape of its weights, (V, H): entry [i,
    j] belongs to logit i and unit j. Look at which factor stands first.""",
)
def _(dy, h):
    return h.T @ dy, dy.sum(axis=0)


@misconception(
    "grad_Why_by",
    "dby-over-characters",
    """dby was summed over the characters, one number for each step (all nearly 0). The
    bias is shared by all steps and has V entries: look at the axis.""",
)
def _(dy, h):
    return dy.T @ h, dy.sum(axis=1)


@misconception(
    "grad_Why_by",
    "dby-not-summed",
    """dby is still dy, a row for each step. The same by is added at every step, so its
    gradient collects them all.""",
)
def _(dy, h):
    return dy.T @ h, dy


@misconception(
    "grad_Why_by",
    "dby-one-number",
    """dby is a single number: the sum went over everything. by has an entry for each
    character; look at the axis.""",
)
def _(dy, h):
    return dy.T @ h, dy.sum()


@misconception(
    "grad_Why_by",
    "dby-of-one-step",
    """dby holds a single step. The bias is used at every step, so its gradient is a sum
    over t too.""",
)
def _(dy, h):
    return dy.T @ h, dy[-1]


@misconception("grad_Why_by", "dby-of-one-step")
def _(dy, h):
    return dy.T @ h, dy[0]


@misconception(
    "grad_Why_by",
    "one-over-h",
    """dWhy was made with 1/h. y = Why h is linear in Why: the derivative of a product
    with respect to one factor is the other factor.""",
)
def _(dy, h):
    return dy.T @ (1 / h), dy.sum(axis=0)


@misconception(
    "grad_Why_by",
    "summed-before-the-product",
    """dy and h were summed over time first and multiplied then. That pairs each dy with
    the states of all steps; the product belongs to one t and the sum comes after.""",
)
def _(dy, h):
    return np.outer(dy.sum(axis=0), h.sum(axis=0)), dy.sum(axis=0)


@misconception(
    "grad_Why_by",
    "tanh-slope-too",
    """dWhy carries a factor 1 - h². The output is linear in h: tanh lies on the way
    further back, to a.""",
)
def _(dy, h):
    return dy.T @ (1 - h * h), dy.sum(axis=0)


@misconception("grad_Why_by", "tanh-slope-too")
def _(dy, h):
    return dy.T @ (h * (1 - h * h)), dy.sum(axis=0)


@misconception(
    "grad_Why_by",
    "results-swapped",
    """The two results have changed places: dWhy comes first, then dby.""",
)
def _(dy, h):
    return dy.sum(axis=0), dy.T @ h


@misconception(
    "grad_h",
    "da_next-forgotten",
    """da_next has no effect. h[t] has two children: the logits y[t] and the next state.
    What comes back from the second one is missing.""",
)
def _(dy_t, da_next, Why, Whh):
    return Why.T @ dy_t


@misconception(
    "grad_h",
    "only-da_next",
    """dy_t has no effect. h[t] has two children: the next state and the logits of its
    own step. What comes back from y[t] is missing.""",
)
def _(dy_t, da_next, Why, Whh):
    return Whh.T @ da_next


@misconception(
    "grad_h",
    "Whh-not-transposed",
    """Whh is used as in the forward pass. Backwards the signal runs from the rows to
    the columns; Whh is square, so no shape warns you. Look at how you treat Why.""",
)
def _(dy_t, da_next, Why, Whh):
    return Why.T @ dy_t + Whh @ da_next


@misconception(
    "grad_h",
    "Why-not-transposed",
    """Why is used as in the forward pass, from H numbers to V. Backwards it has to take
    V numbers to H: which matrix does that?""",
)
def _(dy_t, da_next, Why, Whh):
    return Why @ dy_t + Whh.T @ da_next


@misconception(
    "grad_h",
    "nothing-transposed",
    """Both matrices are used as in the forward pass. Backwards each takes its outputs'
    gradients to its inputs: from rows to columns.""",
)
def _(dy_t, da_next, Why, Whh):
    return Why @ dy_t + Whh @ da_next


@misconception(
    "grad_h",
    "da_next-not-weighted",
    """da_next is added as it is. It is the gradient of the *next* pre-activation; on
    its way back to h[t] it passes the recurrent weights.""",
)
def _(dy_t, da_next, Why, Whh):
    return Why.T @ dy_t + da_next


@misconception(
    "grad_h",
    "difference",
    """The two parts are subtracted. A state that acts through two children gets the sum
    of both gradients: look at the sign.""",
)
def _(dy_t, da_next, Why, Whh):
    return Why.T @ dy_t - Whh.T @ da_next


@misconception(
    "grad_h",
    "product-of-the-parts",
    """The two parts are multiplied. Factors come along one path; two paths into h[t]
    are added.""",
)
def _(dy_t, da_next, Why, Whh):
    return (Why.T @ dy_t) * (Whh.T @ da_next)


@misconception(
    "grad_h",
    "mean-of-the-parts",
    """Everything is half as large: the two parts are averaged. The chain rule adds the
    paths.""",
)
def _(dy_t, da_next, Why, Whh):
    return (Why.T @ dy_t + Whh.T @ da_next) / 2


@misconception(
    "grad_h",
    "both-through-Whh",
    """The way from the logits passes Whh too. Only da_next comes back through the
    recurrent weights; what comes through Why is at h[t] already. Look at your
    brackets.""",
)
def _(dy_t, da_next, Why, Whh):
    return Whh.T @ (Why.T @ dy_t + da_next)


@misconception(
    "grad_h",
    "tanh-slope-of-da",
    """There is a factor 1 - da_next² on the second part. da_next is already the
    gradient *before* tanh; no slope is due here.""",
)
def _(dy_t, da_next, Why, Whh):
    return Why.T @ dy_t + Whh.T @ ((1 - da_next**2) * da_next)


@misconception("grad_h", "tanh-slope-of-da")
def _(dy_t, da_next, Why, Whh):
    return Why.T @ dy_t + Whh.T @ (1 - da_next**2)


@misconception(
    "grad_h",
    "each-part-in-a-list",
    """Two vectors came, one for each child of h[t]. Its gradient is one vector, the sum
    of the two.""",
)
def _(dy_t, da_next, Why, Whh):
    return Why.T @ dy_t, Whh.T @ da_next


@misconception(
    "grad_a",
    "slope-forgotten",
    """This is dh itself. Between a and h lies tanh, whose slope is below 1 wherever the
    unit is not at 0: a factor is missing.""",
)
def _(dh_t, h_t):
    return dh_t.copy()


@misconception(
    "grad_a",
    "product-before-minus",
    """This is 1 - h² dh, with the product taken before the minus. The whole slope
    multiplies dh: look at your brackets.""",
)
def _(dh_t, h_t):
    return 1 - h_t**2 * dh_t


@misconception("grad_a", "product-before-minus")
def _(dh_t, h_t):
    return dh_t - h_t**2


@misconception(
    "grad_a",
    "slope-twice",
    """The slope is squared: (1 - h²)². Each tanh is crossed once, so its slope is a
    factor once.""",
)
def _(dh_t, h_t):
    return (1 - h_t**2) ** 2 * dh_t


@misconception(
    "grad_a",
    "slope-added",
    """The slope is *added* to dh. The chain rule multiplies the slope of tanh with the
    gradient that arrives.""",
)
def _(dh_t, h_t):
    return dh_t + (1 - h_t**2)


@misconception(
    "grad_a",
    "relu-slope",
    """dh passes where h is positive and is 0 elsewhere: that is the slope of another
    function, max(0, a). tanh has a slope that is never 0.""",
)
def _(dh_t, h_t):
    return dh_t * (h_t > 0)


@misconception(
    "grad_a",
    "h-times-slope",
    """There is a factor h too many: h (1 - h²). The slope of tanh is what h² leaves of
    1, and nothing else.""",
)
def _(dh_t, h_t):
    return h_t * (1 - h_t**2) * dh_t


@misconception(
    "grad_a",
    "root-of-the-slope",
    """The factor is the root of the slope. The slope of tanh is 1 - h² itself.""",
)
def _(dh_t, h_t):
    return np.sqrt(1 - h_t**2) * dh_t


@misconception(
    "grad_a",
    "one-minus-h",
    """The factor is 1 - h. For negative h that is above 1, and tanh is never that
    steep. Look up the derivative of tanh: a square is missing.""",
)
def _(dh_t, h_t):
    return (1 - h_t) * dh_t


@misconception(
    "grad_a",
    "sigmoid-slope",
    """The factor is h (1 - h), the slope of a sigmoid. This network uses tanh, whose
    slope at 0 is 1.""",
)
def _(dh_t, h_t):
    return h_t * (1 - h_t) * dh_t


@misconception(
    "grad_a",
    "tanh-applied-again",
    """The slope is computed from tanh(h). But h *is* already tanh(a): a second tanh
    makes it too steep, and at small weights you would not notice.""",
)
def _(dh_t, h_t):
    return (1 - np.tanh(h_t) ** 2) * dh_t


@misconception("grad_a", "tanh-applied-again")
def _(dh_t, h_t):
    return (1 - np.tanh(h_t**2)) * dh_t


@misconception(
    "grad_a",
    "only-the-slope",
    """This is the slope of tanh alone; dh has no effect. The chain rule multiplies the
    slope with the gradient that arrives.""",
)
def _(dh_t, h_t):
    return 1 - h_t**2


@misconception(
    "grad_a",
    "h-for-the-slope",
    """dh is multiplied by h itself. The factor is the *slope* of tanh at this point,
    which is 1 where h is 0.""",
)
def _(dh_t, h_t):
    return h_t * dh_t


@misconception(
    "grad_a",
    "h-squared",
    """The factor is h². The slope of tanh is what h² leaves of 1: largest where h is
    0.""",
)
def _(dh_t, h_t):
    return h_t**2 * dh_t


@misconception(
    "grad_a",
    "plus-for-minus",
    """The factor is 1 + h², above 1 for every unit. The slope of tanh is at most 1:
    look at the sign.""",
)
def _(dh_t, h_t):
    return (1 + h_t**2) * dh_t


@misconception(
    "grad_a",
    "slope-with-the-opposite-sign",
    """The factor is h² - 1, so every sign is turned. tanh rises everywhere: its slope
    is positive.""",
)
def _(dh_t, h_t):
    return (h_t**2 - 1) * dh_t


@misconception(
    "grad_a",
    "square-outside",
    """The factor is (1 - h)². The square belongs to h alone: look at the brackets.""",
)
def _(dh_t, h_t):
    return (1 - h_t) ** 2 * dh_t


@misconception(
    "grad_a",
    "slope-of-dh",
    """The roles are swapped: the slope is computed from dh. It depends on where the
    unit stands, which h tells, not on the gradient that arrives.""",
)
def _(dh_t, h_t):
    return (1 - dh_t**2) * h_t


@misconception("grad_a", "slope-of-dh")
def _(dh_t, h_t):
    return (1 - dh_t**2) * dh_t


@misconception("grad_a", "slope-of-dh")
def _(dh_t, h_t):
    return 1 - dh_t**2


@misconception(
    "grad_a",
    "divided-by-the-slope",
    """dh is *divided* by the slope, so flat units get the largest gradient. The chain
    rule multiplies.""",
)
def _(dh_t, h_t):
    return dh_t / (1 - h_t**2)


@misconception(
    "grad_a",
    "forward-again",
    """tanh was applied to the gradient. Going back you do not run the function again:
    you multiply by its slope.""",
)
def _(dh_t, h_t):
    return np.tanh(dh_t)


@misconception("grad_a", "forward-again")
def _(dh_t, h_t):
    return np.tanh(h_t) * dh_t


@misconception(
    "grad_a",
    "twice-for-the-square",
    """The slope is computed as 1 - 2h. A square is a number times itself; twice the
    number would be its derivative, and no second one is due here.""",
)
def _(dh_t, h_t):
    return (1 - 2 * h_t) * dh_t


@misconception(
    "grad_a",
    "matrix-product",
    """One number came: `@` multiplied and added up. Each unit has its own slope, so the
    product is taken entry by entry.""",
)
def _(dh_t, h_t):
    return (1 - h_t**2) @ dh_t


@misconception(
    "grad_a",
    "slope-one-half",
    """The factor is (1 - h²)/2. That is the slope of another function; tanh has slope 1
    at 0.""",
)
def _(dh_t, h_t):
    return (1 - h_t**2) / 2 * dh_t


def one_hot_rows(inputs, V):
    """x, (T, V)."""
    return np.eye(V)[inputs]


@misconception(
    "grad_Wxh_Whh_bh",
    "repeated-character-overwritten",
    """In dWxh a character that comes twice counts only once. Every occurrence has to be
    added: `=` forgets the ones before, and `+=` at an array of indices serves a
    repeated index once.""",
)
def _(da, h_prev, inputs, V):
    dWxh = np.zeros((da.shape[1], V))
    for t, k in enumerate(inputs):
        dWxh[:, k] = da[t]
    return dWxh, da.T @ h_prev, da.sum(axis=0)


@misconception("grad_Wxh_Whh_bh", "repeated-character-overwritten")
def _(da, h_prev, inputs, V):
    dWxh = np.zeros((da.shape[1], V))
    for t, k in reversed(list(enumerate(inputs))):
        dWxh[:, k] = da[t]
    return dWxh, da.T @ h_prev, da.sum(axis=0)


@misconception(
    "grad_Wxh_Whh_bh",
    "states-one-step-too-old",
    """dWhh was made with the states of two steps before. h_prev[t] *is* the state
    before step t: the shift by one is already in its name.""",
)
def _(da, h_prev, inputs, V):
    x = one_hot_rows(inputs, V)
    return da.T @ x, da.T @ np.roll(h_prev, 1, axis=0), da.sum(axis=0)


@misconception("grad_Wxh_Whh_bh", "states-one-step-too-old")
def _(da, h_prev, inputs, V):
    x = one_hot_rows(inputs, V)
    return da.T @ x, da[1:].T @ h_prev[:-1], da.sum(axis=0)


@misconception(
    "grad_Wxh_Whh_bh",
    "states-one-step-too-new",
    """dWhh was made with the states *after* each step. Whh carried the state before it,
    and h_prev[t] is that one: look at the index.""",
)
def _(da, h_prev, inputs, V):
    x = one_hot_rows(inputs, V)
    return da.T @ x, da[:-1].T @ h_prev[1:], da.sum(axis=0)


@misconception("grad_Wxh_Whh_bh", "states-one-step-too-new")
def _(da, h_prev, inputs, V):
    x = one_hot_rows(inputs, V)
    return da.T @ x, da.T @ np.roll(h_prev, -1, axis=0), da.sum(axis=0)


@misconception(
    "grad_Wxh_Whh_bh",
    "dWhh-transposed",
    """dWhh is transposed; square as it is, no shape tells. Entry [i, j] belongs to the
    weight from unit j into unit i: look at which factor stands first.""",
)
def _(da, h_prev, inputs, V):
    return da.T @ one_hot_rows(inputs, V), h_prev.T @ da, da.sum(axis=0)


@misconception(
    "grad_Wxh_Whh_bh",
    "dWxh-transposed",
    """dWxh came as (V, H). A gradient has the shape of its weights, (H, V): look at
    which factor stands first.""",
)
def _(da, h_prev, inputs, V):
    return one_hot_rows(inputs, V).T @ da, da.T @ h_prev, da.sum(axis=0)


@misconception(
    "grad_Wxh_Whh_bh",
    "both-transposed",
    """dWxh and dWhh are both transposed. In the product for one step the gradient da
    stands first: rows belong to the units that receive.""",
)
def _(da, h_prev, inputs, V):
    return one_hot_rows(inputs, V).T @ da, h_prev.T @ da, da.sum(axis=0)


@misconception(
    "grad_Wxh_Whh_bh",
    "dbh-not-summed",
    """dbh is still da, a row for each step. The same bias is added at every step, so
    its gradient collects them all.""",
)
def _(da, h_prev, inputs, V):
    return da.T @ one_hot_rows(inputs, V), da.T @ h_prev, da


@misconception(
    "grad_Wxh_Whh_bh",
    "dbh-over-units",
    """dbh was summed over the units, one number for each step. The bias is shared by
    all steps and has H entries: look at the axis.""",
)
def _(da, h_prev, inputs, V):
    return da.T @ one_hot_rows(inputs, V), da.T @ h_prev, da.sum(axis=1)


@misconception(
    "grad_Wxh_Whh_bh",
    "dbh-of-one-step",
    """dbh holds a single step. The bias is used at every step: look at whether you add
    or overwrite.""",
)
def _(da, h_prev, inputs, V):
    return da.T @ one_hot_rows(inputs, V), da.T @ h_prev, da[-1]


@misconception("grad_Wxh_Whh_bh", "dbh-of-one-step")
def _(da, h_prev, inputs, V):
    return da.T @ one_hot_rows(inputs, V), da.T @ h_prev, da[0]


@misconception(
    "grad_Wxh_Whh_bh",
    "only-the-last-step",
    """Only the last step counts. The weights are used at every step, so each gradient
    is a sum over t: look at whether your loop adds or overwrites.""",
)
def _(da, h_prev, inputs, V):
    x = one_hot_rows(inputs, V)
    return np.outer(da[-1], x[-1]), np.outer(da[-1], h_prev[-1]), da[-1]


@misconception("grad_Wxh_Whh_bh", "only-the-last-step")
def _(da, h_prev, inputs, V):
    x = one_hot_rows(inputs, V)
    return da.T @ x, np.outer(da[-1], h_prev[-1]), da.sum(axis=0)


@misconception(
    "grad_Wxh_Whh_bh",
    "only-the-first-step",
    """Only the first step counts. The weights are used at every step, so each gradient
    is a sum over t: look at where the `return` stands.""",
)
def _(da, h_prev, inputs, V):
    x = one_hot_rows(inputs, V)
    return np.outer(da[0], x[0]), np.outer(da[0], h_prev[0]), da[0]


@misconception(
    "grad_Wxh_Whh_bh",
    "first-step-left-out",
    """The step t = 0 is missing from the sums. Its previous state is h_prev[0], which
    is there: look at where your loop starts or ends.""",
)
def _(da, h_prev, inputs, V):
    x = one_hot_rows(inputs, V)
    return da[1:].T @ x[1:], da[1:].T @ h_prev[1:], da[1:].sum(axis=0)


@misconception(
    "grad_Wxh_Whh_bh",
    "last-step-left-out",
    """The last step is missing from the sums. A chunk has T steps, t = 0 to T - 1: look
    at where your loop ends.""",
)
def _(da, h_prev, inputs, V):
    x = one_hot_rows(inputs, V)
    return da[:-1].T @ x[:-1], da[:-1].T @ h_prev[:-1], da[:-1].sum(axis=0)


@misconception(
    "grad_Wxh_Whh_bh",
    "divided-by-T",
    """Divided by T: this is a mean over the steps. The loss is a sum over t, and so are
    its gradients.""",
)
def _(da, h_prev, inputs, V):
    T = len(inputs)
    return da.T @ one_hot_rows(inputs, V) / T, da.T @ h_prev / T, da.mean(axis=0)


@misconception(
    "grad_Wxh_Whh_bh",
    "index-for-one-hot",
    """dWxh was made with the indices as amounts, so character 5 counts five times and
    character 0 never. The input of a step is the one-hot vector.""",
)
def _(da, h_prev, inputs, V):
    dWxh = np.outer(da.T @ inputs, np.ones(V))
    return dWxh, da.T @ h_prev, da.sum(axis=0)


@misconception("grad_Wxh_Whh_bh", "index-for-one-hot")
def _(da, h_prev, inputs, V):
    x = one_hot_rows(inputs, V) * np.array(inputs)[:, None]
    return da.T @ x, da.T @ h_prev, da.sum(axis=0)


@misconception("grad_Wxh_Whh_bh", "index-for-one-hot")
def _(da, h_prev, inputs, V):
    return da.T @ inputs, da.T @ h_prev, da.sum(axis=0)


@misconception(
    "grad_Wxh_Whh_bh",
    "unused-characters-cut-off",
    """dWxh has too few columns: it ends at the largest index that occurs. Characters
    that do not come have a gradient too, 0; the number of columns is V.""",
)
def _(da, h_prev, inputs, V):
    x = one_hot_rows(inputs, max(inputs) + 1)
    return da.T @ x, da.T @ h_prev, da.sum(axis=0)


@misconception(
    "grad_Wxh_Whh_bh",
    "summed-before-the-product",
    """dWhh was made from sums over time. That pairs each da with the states of all
    steps; the product belongs to one t, and the sum comes after.""",
)
def _(da, h_prev, inputs, V):
    dWhh = np.outer(da.sum(axis=0), h_prev.sum(axis=0))
    return da.T @ one_hot_rows(inputs, V), dWhh, da.sum(axis=0)


def collect(inputs, h, h_prev, dy, da, V):
    """The five gradients from dy and da."""
    return {
        "dWxh": da.T @ one_hot_rows(inputs, V),
        "dWhh": da.T @ h_prev,
        "dWhy": dy.T @ h,
        "dbh": da.sum(axis=0),
        "dby": dy.sum(axis=0),
    }


def go_back(
    dy,
    h,
    Whh,
    Why,
    back=lambda da, dh, Whh: Whh.T @ da,
    slope=lambda h: 1 - h * h,
    times=None,
):
    """da and dh, (T, H). What is not given is right.

    back: what a step hands to the one before it. slope: of tanh. times: the order.
    """
    da, dhs, dh_next = np.zeros_like(h), np.zeros_like(h), np.zeros(len(Whh))
    for t in reversed(range(len(h))) if times is None else times:
        dhs[t] = Why.T @ dy[t] + dh_next
        da[t] = slope(h[t]) * dhs[t]
        dh_next = back(da[t], dhs[t], Whh)
    return da, dhs


def backward_pass(inputs, targets, h, h_prev, p, Wxh, Whh, Why, e=1, **mistake):
    """The right gradients, but for the mistake. e: what the target's entry loses."""
    V = p.shape[1]
    dy = p - e * one_hot_rows(targets, V)
    da, _ = go_back(dy, h, Whh, Why, **mistake)
    return collect(inputs, h, h_prev, dy, da, V)


@misconception(
    "rnn_backward",
    "no-way-back",
    """Nothing flows from one step to the step before it, so dbh, dWxh and dWhh miss a
    part. h[t] acts on its own logits *and* on the next state. What has step t + 1 to
    say to h[t]?""",
)
def _(*args):
    return backward_pass(*args, back=lambda da, dh, Whh: 0 * da)


@misconception(
    "rnn_backward",
    "forward-order",
    """The loop runs from the first step to the last. What a step hands on is needed by
    the step *before* it, so the last one has to come first.""",
)
def _(*args):
    return backward_pass(*args, times=range(len(args[0])))


@misconception(
    "rnn_backward",
    "dh_next-accumulated",
    """What flows back is added up over all later steps. Each step receives only from
    the one right after it, in which the rest is already contained: `=` or `+=`?""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, dh_next = np.zeros_like(h), np.zeros(len(Whh))
    for t in reversed(range(len(h))):
        da[t] = (1 - h[t] ** 2) * (Why.T @ dy[t] + dh_next)
        dh_next += Whh.T @ da[t]
    return collect(inputs, h, h_prev, dy, da, p.shape[1])


@misconception(
    "rnn_backward",
    "way-back-without-tanh",
    """On its way from step to step the gradient skips tanh. It leaves step t + 1
    through the pre-activation, so the slope comes first: what does Whh have to be
    applied to, dh or da?""",
)
def _(*args):
    return backward_pass(*args, back=lambda da, dh, Whh: Whh.T @ dh)


@misconception(
    "rnn_backward",
    "Whh-not-transposed",
    """On the way back in time Whh is used as in the forward pass. Backwards the signal
    runs from its rows to its columns, and no shape warns you.""",
)
def _(*args):
    return backward_pass(*args, back=lambda da, dh, Whh: Whh @ da)


@misconception(
    "rnn_backward",
    "way-back-without-Whh",
    """What flows back in time does not pass the recurrent weights. Step t + 1 read h[t]
    through Whh, so its gradient returns through Whh.""",
)
def _(*args):
    return backward_pass(*args, back=lambda da, dh, Whh: da)


@misconception("rnn_backward", "way-back-without-Whh")
def _(*args):
    return backward_pass(*args, back=lambda da, dh, Whh: dh)


def truncated(K):
    """The backward pass in which no gradient travels back more than K steps."""

    def backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
        dy, slope = p - one_hot_rows(targets, p.shape[1]), 1 - h * h
        da, part = np.zeros_like(h), slope * (dy @ Why)
        for _ in range(min(K + 1, len(h))):
            da[: len(part)] += part
            part = slope[: len(part) - 1] * (part[1:] @ Whh)
        return collect(inputs, h, h_prev, dy, da, p.shape[1])

    return backward


@misconception(
    "rnn_backward",
    "truncated",
    """Right for short chunks: in longer ones what flows back is dropped after some
    steps. Each step receives from *all* the later ones of its chunk: look at what cuts
    the way back.""",
)
def _(*args):
    return truncated(20)(*args)


@symptom("rnn_backward", "truncated")
def _(trials):
    """Some length of the way back explains all trials, and is shorter than a chunk."""

    def explains(K):
        return all(
            alike(t.got[n], each, 1e-9)
            for t in trials
            for n, each in truncated(K)(*t.case.args.values()).items()
        )

    return any(explains(K) for K in range(1, 39))


@misconception(
    "rnn_backward",
    "dby-of-one-step",
    """dby holds a single step. The bias is used at every step, so its gradient is a sum
    over t too.""",
)
def _(inputs, targets, h, h_prev, p, *weights):
    grads = backward_pass(inputs, targets, h, h_prev, p, *weights)
    return grads | {"dby": (p - one_hot_rows(targets, p.shape[1]))[-1]}


@misconception("rnn_backward", "dby-of-one-step")
def _(inputs, targets, h, h_prev, p, *weights):
    grads = backward_pass(inputs, targets, h, h_prev, p, *weights)
    return grads | {"dby": (p - one_hot_rows(targets, p.shape[1]))[0]}


@misconception(
    "rnn_backward",
    "product-before-minus",
    """da was made as 1 - h² dh, with the product taken before the minus. The whole
    slope multiplies dh: look at your brackets.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, dh_next = np.zeros_like(h), np.zeros(len(Whh))
    for t in reversed(range(len(h))):
        da[t] = 1 - h[t] ** 2 * (Why.T @ dy[t] + dh_next)
        dh_next = Whh.T @ da[t]
    return collect(inputs, h, h_prev, dy, da, p.shape[1])


@misconception(
    "rnn_backward",
    "something-behind-the-last-step",
    """The last step already receives something from behind it, where there is nothing:
    the loss ends with the chunk. Look at what the way back starts from.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, dh_next = np.zeros_like(h), h[-1]
    for t in reversed(range(len(h))):
        da[t] = (1 - h[t] ** 2) * (Why.T @ dy[t] + dh_next)
        dh_next = Whh.T @ da[t]
    return collect(inputs, h, h_prev, dy, da, p.shape[1])


@misconception("rnn_backward", "something-behind-the-last-step")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, dh_next = np.zeros_like(h), np.ones_like(h[-1])
    for t in reversed(range(len(h))):
        da[t] = (1 - h[t] ** 2) * (Why.T @ dy[t] + dh_next)
        dh_next = Whh.T @ da[t]
    return collect(inputs, h, h_prev, dy, da, p.shape[1])


@misconception(
    "rnn_backward",
    "relu-slope",
    """da is dh where h is positive and 0 elsewhere: that is the slope of another
    function, max(0, a). This network uses tanh.""",
)
def _(*args):
    return backward_pass(*args, slope=lambda h: (h > 0).astype(float))


@misconception(
    "rnn_backward",
    "softmax-again",
    """p went through softmax once more. Its rows are probabilities already: dy is made
    of p as it is.""",
)
def _(inputs, targets, h, h_prev, p, *weights):
    e = np.exp(p)
    p = e / e.sum(axis=1, keepdims=True)
    return backward_pass(inputs, targets, h, h_prev, p, *weights)


@misconception(
    "rnn_backward",
    "h-for-h_prev",
    """dWhh was made with the states *after* each step. Whh carried the state before it:
    which of your two arrays is that?""",
)
def _(inputs, targets, h, h_prev, *rest):
    return backward_pass(inputs, targets, h, h, *rest)


@misconception(
    "rnn_backward",
    "rolled-h",
    """At t = 0 dWhh uses the newest state, not the one that came in. In an array the
    index -1 means the last row. Which argument has the right first row?""",
)
def _(inputs, targets, h, h_prev, *rest):
    return backward_pass(inputs, targets, h, np.roll(h, 1, axis=0), *rest)


@misconception(
    "rnn_backward",
    "h_init-taken-as-zero",
    """The first step is missing from dWhh, as if the state that came in were 0. That
    state is an argument: what should da[0] be multiplied with?""",
)
def _(inputs, targets, h, h_prev, *rest):
    h_prev = np.vstack([0 * h[:1], h[:-1]])
    return backward_pass(inputs, targets, h, h_prev, *rest)


@misconception(
    "rnn_backward",
    "dWhy-with-h_prev",
    """dWhy was made with the states *before* each step. The logits y[t] came from
    h[t].""",
)
def _(inputs, targets, h, h_prev, p, *weights):
    grads = backward_pass(inputs, targets, h, h_prev, p, *weights)
    return grads | {"dWhy": (p - one_hot_rows(targets, p.shape[1])).T @ h_prev}


@misconception(
    "rnn_backward",
    "slope-forgotten",
    """The slope of tanh is missing: da was set to dh. It lies between every h and its
    pre-activation.""",
)
def _(*args):
    return backward_pass(*args, slope=np.ones_like)


@misconception(
    "rnn_backward",
    "tanh-applied-again",
    """The slope is computed from tanh(h). But h *is* already tanh(a): with large
    weights the difference is large, with tiny ones you would never see it.""",
)
def _(*args):
    return backward_pass(*args, slope=lambda h: 1 - np.tanh(h) ** 2)


@misconception(
    "rnn_backward",
    "slope-twice",
    """The slope of tanh is applied twice on the way from step to step: once in da and
    once more before da is handed on. Each tanh is crossed once.""",
)
def _(*args):
    inputs, targets, h, *_ = args
    slopes = iter(1 - h[::-1] ** 2)
    return backward_pass(*args, back=lambda da, dh, Whh: Whh.T @ (da * next(slopes)))


@misconception(
    "rnn_backward",
    "slope-of-the-step-before",
    """The slope of tanh is taken at h_prev[t]. At step t tanh made h[t] from a[t], so
    h[t] knows the slope.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    slopes = iter(1 - h_prev[::-1] ** 2)
    da, _ = go_back(dy, h, Whh, Why, slope=lambda h_t: next(slopes))
    return collect(inputs, h, h_prev, dy, da, p.shape[1])


@misconception(
    "rnn_backward",
    "slope-of-dh",
    """On the way through tanh dh and h have changed places: the slope is computed from
    dh. It depends on where the unit stands, which h[t] tells. In which order does your
    function take the two?""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, da_next = np.zeros_like(h), np.zeros(len(Whh))
    for t in reversed(range(len(h))):
        dh = Why.T @ dy[t] + Whh.T @ da_next
        da[t] = da_next = (1 - dh * dh) * h[t]
    return collect(inputs, h, h_prev, dy, da, p.shape[1])


@misconception(
    "rnn_backward",
    "one-minus-h",
    """The slope of tanh was taken as 1 - h. For negative h that is above 1; a square is
    missing.""",
)
def _(*args):
    return backward_pass(*args, slope=lambda h: 1 - h)


@misconception(
    "rnn_backward",
    "sigmoid-slope",
    """The slope was taken as h (1 - h), the sigmoid's. This network uses tanh.""",
)
def _(*args):
    return backward_pass(*args, slope=lambda h: h * (1 - h))


@misconception(
    "rnn_backward",
    "minus-one-forgotten",
    """dy is p itself: the targets have no effect. Each row of dy sums to 0; what is
    missing at the target?""",
)
def _(*args):
    return backward_pass(*args, e=0)


@misconception(
    "rnn_backward",
    "p-and-e-swapped",
    """The sign is turned: dy is e - p. The entry of the target in dy must be
    negative.""",
)
def _(*args):
    return {name: -grad for name, grad in backward_pass(*args).items()}


@misconception(
    "rnn_backward",
    "p-changed",
    """The gradients are right, but p has become dy: you write into the caller's array.
    Look at the line that gives dy its name.""",
)
def _(inputs, targets, h, h_prev, p, *weights):
    grads = backward_pass(inputs, targets, h, h_prev, p, *weights)
    p[np.arange(len(targets)), targets] -= 1
    return grads


@misconception(
    "rnn_backward",
    "clipped-inside",
    """Right while the gradients are small: large ones are cut off inside. A gradient
    that is cut off is no longer the gradient. Hand it on as it is.""",
)
def _(*args):
    return {name: np.clip(g, -5, 5) for name, g in backward_pass(*args).items()}


@misconception("rnn_backward", "clipped-inside")
def _(*args):
    return {name: np.clip(g, -1, 1) for name, g in backward_pass(*args).items()}


@misconception("rnn_backward", "clipped-inside")
def _(*args):
    return {name: np.clip(g, -10, 10) for name, g in backward_pass(*args).items()}


@symptom("rnn_backward", "clipped-inside")
def _(trials):
    """The right gradients, cut at the largest entry that came."""
    pairs = [(t.got[name], t.expected[name]) for t in trials for name in t.expected]
    limit = max(np.abs(got).max() for got, _ in pairs)
    return all(alike(got, want.clip(-limit, limit), 1e-9) for got, want in pairs)


@misconception(
    "rnn_backward",
    "divided-by-T",
    """Divided by T: this is a mean over the steps. The loss is a sum over the steps,
    and so are its gradients.""",
)
def _(*args):
    return {name: g / len(args[0]) for name, g in backward_pass(*args).items()}


@misconception(
    "rnn_backward",
    "dWhh-transposed",
    """dWhh is transposed; square as it is, no shape tells. Entry [i, j] belongs to the
    weight from unit j into unit i.""",
)
def _(*args):
    grads = backward_pass(*args)
    return grads | {"dWhh": grads["dWhh"].T}


@misconception(
    "rnn_backward",
    "repeated-character-overwritten",
    """In dWxh a character that comes twice counts only once. Every occurrence has to be
    added: `=` forgets the ones before, and `+=` at an array of indices serves a
    repeated index once.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, _ = go_back(dy, h, Whh, Why)
    dWxh = np.zeros_like(Wxh)
    for t, k in enumerate(inputs):
        dWxh[:, k] = da[t]
    return collect(inputs, h, h_prev, dy, da, p.shape[1]) | {"dWxh": dWxh}


@misconception("rnn_backward", "repeated-character-overwritten")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, _ = go_back(dy, h, Whh, Why)
    dWxh = np.zeros_like(Wxh)
    for t in reversed(range(len(h))):
        dWxh[:, inputs[t]] = da[t]
    return collect(inputs, h, h_prev, dy, da, p.shape[1]) | {"dWxh": dWxh}


@misconception(
    "rnn_backward",
    "targets-for-inputs",
    """dWxh was made with the targets. Wxh read the *inputs*.""",
)
def _(inputs, targets, *rest):
    grads = backward_pass(inputs, targets, *rest)
    return grads | {"dWxh": backward_pass(targets, targets, *rest)["dWxh"]}


@misconception(
    "rnn_backward",
    "dh-for-da",
    """dWxh, dWhh and dbh were made from dh, before the slope of tanh. The weights feed
    the pre-activation: which of the two gradients is that?""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    _, dh = go_back(dy, h, Whh, Why)
    return collect(inputs, h, h_prev, dy, dh, p.shape[1])


@misconception(
    "rnn_backward",
    "slope-on-one-part",
    """The slope of tanh multiplies only one of the two parts of dh. Both arrive at
    h[t], before tanh is crossed: look at your brackets.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, dh_next = np.zeros_like(h), np.zeros(len(Whh))
    for t in reversed(range(len(h))):
        da[t] = (1 - h[t] ** 2) * (Why.T @ dy[t]) + dh_next
        dh_next = Whh.T @ da[t]
    return collect(inputs, h, h_prev, dy, da, p.shape[1])


@misconception("rnn_backward", "slope-on-one-part")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, dh_next = np.zeros_like(h), np.zeros(len(Whh))
    for t in reversed(range(len(h))):
        da[t] = Why.T @ dy[t] + (1 - h[t] ** 2) * dh_next
        dh_next = Whh.T @ da[t]
    return collect(inputs, h, h_prev, dy, da, p.shape[1])


@misconception(
    "rnn_backward",
    "loss-of-the-last-step-only",
    """Only the last step sends a gradient back. The loss sums over all steps: every
    dy[t] joins at its own h[t].""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    dy[:-1] = 0
    da, _ = go_back(dy, h, Whh, Why)
    return collect(inputs, h, h_prev, dy, da, p.shape[1])


@misconception("rnn_backward", "loss-of-the-last-step-only")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, _ = go_back(np.vstack([0 * dy[:-1], dy[-1:]]), h, Whh, Why)
    return collect(inputs, h, h_prev, dy, da, p.shape[1])


@misconception(
    "rnn_backward",
    "last-step-left-out",
    """The last step is missing from every sum. The loop has to begin with it, at t = T
    - 1: look at where your range starts.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p[:-1] - one_hot_rows(targets[:-1], p.shape[1])
    da, _ = go_back(dy, h[:-1], Whh, Why)
    return collect(inputs[:-1], h[:-1], h_prev[:-1], dy, da, p.shape[1])


@misconception("rnn_backward", "last-step-left-out")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, _ = go_back(dy[:-1], h[:-1], Whh, Why)
    da = np.vstack([da, 0 * h[:1]])
    return collect(inputs, h, h_prev, dy, da, p.shape[1])


@misconception(
    "rnn_backward",
    "first-step-left-out",
    """The step t = 0 is missing from every sum. The loop has to reach it: a range stops
    *before* its end.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, _ = go_back(dy, h, Whh, Why)
    return collect(inputs[1:], h[1:], h_prev[1:], dy[1:], da[1:], p.shape[1])


@misconception("rnn_backward", "first-step-left-out")
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, _ = go_back(dy, h, Whh, Why)
    da[0] = 0
    return collect(inputs, h, h_prev, dy, da, p.shape[1])


@misconception(
    "rnn_backward",
    "only-one-step",
    """The gradients hold the last step that your loop visits and nothing else: they are
    overwritten, where they should be added up.""",
)
def _(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = p - one_hot_rows(targets, p.shape[1])
    da, _ = go_back(dy, h, Whh, Why)
    return collect(inputs[:1], h[:1], h_prev[:1], dy[:1], da[:1], p.shape[1])
