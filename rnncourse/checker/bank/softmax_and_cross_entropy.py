"""What goes wrong in notebook 03: softmax, nll, grad_y, push."""

import math

import numpy as np

from rnncourse.checker.misconceptions import misconception, symptom


def shares(e):
    """Each row divided by its sum, as softmax ends."""
    return e / e.sum(axis=-1, keepdims=True)


@misconception(
    "softmax",
    "no-shift",
    """Right until the logits grow: exp(1000) overflows and inf/inf is NaN. Adding a
    constant to all logits of a row changes no probability; choose one that keeps exp in
    range.""",
)
def _(y):
    return shares(np.exp(y))


@misconception(
    "softmax",
    "one-maximum-for-all-rows",
    """One maximum is subtracted from all rows. Where a row lies far below it, every exp
    of that row is 0, and 0/0 is NaN. Each row needs a maximum of its own: look at the
    axis of the maximum.""",
)
def _(y):
    return shares(np.exp(y - y.max()))


@misconception(
    "softmax",
    "shift-by-the-mean",
    """The mean is subtracted, not the maximum. The largest logit can still lie far
    above 0, and its exp overflows. Which shift leaves no positive exponent?""",
)
def _(y):
    return shares(np.exp(y - y.mean(axis=-1, keepdims=True)))


@misconception(
    "softmax",
    "shift-by-the-minimum",
    """The minimum is subtracted, so all exponents are positive and exp can overflow.
    Which shift leaves none above 0?""",
)
def _(y):
    return shares(np.exp(y - y.min(axis=-1, keepdims=True)))


@misconception(
    "softmax",
    "shift-by-another-logit",
    """Right until the largest logit lies far from what is subtracted (the first or last
    logit, the middle one, the sum): then exp is infinite, or all of it 0. Which shift
    makes the largest exponent 0?""",
)
def _(y):
    return shares(np.exp(y - y[..., :1]))


@misconception("softmax", "shift-by-another-logit")
def _(y):
    return shares(np.exp(y - y[..., -1:]))


@misconception("softmax", "shift-by-another-logit")
def _(y):
    return shares(np.exp(y - np.median(y, axis=-1, keepdims=True)))


@misconception("softmax", "shift-by-another-logit")
def _(y):
    return shares(np.exp(y - y.sum(axis=-1, keepdims=True)))


@misconception(
    "softmax",
    "maximum-added",
    """The maximum is *added*, so large logits become twice as large, and exp
    overflows. The shift should leave no positive exponent: look at its sign.""",
)
def _(y):
    return shares(np.exp(y + y.max(axis=-1, keepdims=True)))


@misconception(
    "softmax",
    "divided-by-V",
    """The exponentials are divided by how many they are, not by their sum. Shares of a
    whole are divided by the whole.""",
)
def _(y):
    return np.exp(y - y.max(axis=-1, keepdims=True)) / y.shape[-1]


@misconception("softmax", "divided-by-V")
def _(y):
    return np.exp(y) / y.shape[-1]


@misconception(
    "softmax",
    "logits-halved-or-doubled",
    """The logits are halved or doubled before exp, which makes the probabilities
    flatter or steeper. A shift of the logits changes nothing; a factor does.""",
)
def _(y):
    return shares(np.exp((y - y.max(axis=-1, keepdims=True)) / 2))


@misconception("softmax", "logits-halved-or-doubled")
def _(y):
    return shares(np.exp((y - y.max(axis=-1, keepdims=True)) * 2))


@misconception(
    "softmax",
    "shift-for-exp",
    """The logits are shifted until none is negative, and divided by their sum: there is
    no exp. The smallest gets probability 0 so; exp leaves every character a share.""",
)
def _(y):
    y = y - y.min(axis=-1, keepdims=True)
    return y / y.sum(axis=-1, keepdims=True)


@misconception(
    "softmax",
    "division-inside-exp",
    """The division stands inside exp: the logits are divided before they are
    exponentiated, and a row does not sum to 1. First exp, then shares of the sum.""",
)
def _(y):
    return np.exp(y / y.sum(axis=-1, keepdims=True))


@misconception("softmax", "division-inside-exp")
def _(y):
    z = y - y.max(axis=-1, keepdims=True)
    return np.exp(z / z.sum(axis=-1, keepdims=True))


@misconception("softmax", "division-inside-exp")
def _(y):
    return shares(np.exp(y / np.abs(y).max(axis=-1, keepdims=True)))


@misconception("softmax", "division-inside-exp")
def _(y):
    return shares(np.exp(y / y.max(axis=-1, keepdims=True)))


@misconception(
    "softmax",
    "divided-by-the-norm",
    """The squares of a row sum to 1, not its entries: the exponentials are divided by
    their norm. Probabilities sum to 1 as they are.""",
)
def _(y):
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return e / np.sqrt((e * e).sum(axis=-1, keepdims=True))


@misconception("softmax", "divided-by-the-norm")
def _(y):
    e = np.exp(y)
    return e / np.sqrt((e * e).sum(axis=-1, keepdims=True))


@misconception(
    "softmax",
    "taken-twice",
    """softmax is taken of softmax, so all probabilities lie close together. Look at how
    many times the result goes through exp and a division.""",
)
def _(y):
    for _ in range(2):
        e = np.exp(y - y.max(axis=-1, keepdims=True))
        y = e / e.sum(axis=-1, keepdims=True)
    return y


@misconception(
    "softmax",
    "shift-by-the-largest-size",
    """The largest *absolute* value is subtracted. When all logits are near -1000 the
    exponents go to -2000, every exp is 0, and 0/0 is NaN. Shift by the largest logit,
    with its sign.""",
)
def _(y):
    return shares(np.exp(y - np.abs(y).max(axis=-1, keepdims=True)))


@misconception(
    "softmax",
    "logits-clipped",
    """The logits are cut off so that exp stays finite. That changes the answer: 1000
    and 999 become equal, and so do their probabilities. A shift costs nothing; a cut
    does.""",
)
def _(y):
    return shares(np.exp(np.clip(y, -500, 500)))


@misconception("softmax", "logits-clipped")
def _(y):
    return shares(np.exp(np.minimum(y, 700)))


@misconception(
    "softmax",
    "axis-of-time",
    """The columns sum to 1, not the rows. A row holds the logits of one step, and its V
    probabilities share the 1: look at the axis of the sum.""",
)
def _(y):
    e = np.exp(y - y.max(axis=0))
    return e / e.sum(axis=0)


@misconception("softmax", "axis-of-time")
def _(y):
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return e / e.sum(axis=0)


@misconception("softmax", "axis-of-time")
def _(y):
    e = np.exp(y - y.max())
    return e / e.sum(axis=0)


@misconception("softmax", "axis-of-time")
def _(y):
    return np.exp(y) / np.exp(y).sum(axis=0)


@misconception(
    "softmax",
    "one-sum-for-all-rows",
    """All entries of the (T, V) array together sum to 1. Each step has a distribution
    of its own, so each row must: look at what the sum runs over.""",
)
def _(y):
    e = np.exp(y - y.max())
    return e / e.sum()


@misconception("softmax", "one-sum-for-all-rows")
def _(y):
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return e / e.sum()


@misconception("softmax", "one-sum-for-all-rows")
def _(y):
    return np.exp(y) / np.exp(y).sum()


@misconception(
    "softmax",
    "only-two-dimensions",
    """It works for (T, V) and fails for a single vector (V,), which has no axis 1. The
    last axis holds the logits in both: how does NumPy count an axis from the end?""",
)
def _(y):
    e = np.exp(y - y.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@misconception("softmax", "only-two-dimensions")
def _(y):
    e = np.exp(y)
    return e / e.sum(axis=1, keepdims=True)


@misconception("softmax", "only-two-dimensions")
def _(y):
    e = np.exp(y - y.max())
    return e / e.sum(axis=1, keepdims=True)


@misconception(
    "softmax",
    "keepdims-forgotten",
    """It works for one vector. For (T, V) the sums have shape (T,), and NumPy pairs
    them with the *columns*. Keep the summed axis, with length 1, and the rows pair
    up.""",
)
def _(y):
    e = np.exp(y - np.max(y, axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


@misconception("softmax", "keepdims-forgotten")
def _(y):
    e = np.exp(y - np.max(y, axis=-1))
    return e / e.sum(axis=-1)


@misconception("softmax", "keepdims-forgotten")
def _(y):
    e = np.exp(y)
    return e / e.sum(axis=-1)


@misconception("softmax", "keepdims-forgotten")
def _(y):
    e = np.exp(y - np.max(y))
    return e / e.sum(axis=-1)


@misconception(
    "softmax",
    "sigmoid-of-each-logit",
    """Each logit went through a sigmoid alone, so a row need not sum to 1. The
    characters compete for one total: where does your function divide by a sum?""",
)
def _(y):
    return 1 / (1 + np.exp(-y))


@misconception(
    "softmax",
    "exp-forgotten",
    """The logits are divided by their sum without exp. A negative logit gives a
    negative "probability"; exp makes every share positive first.""",
)
def _(y):
    return y / y.sum(axis=-1, keepdims=True)


@misconception("softmax", "exp-forgotten")
def _(y):
    z = y - y.max(axis=-1, keepdims=True)
    return z / z.sum(axis=-1, keepdims=True)


@misconception(
    "softmax",
    "sum-forgotten",
    """A row does not sum to 1: the exponentials are not yet divided by their sum. Look
    at the last step.""",
)
def _(y):
    return np.exp(y - y.max(axis=-1, keepdims=True))


@misconception("softmax", "sum-forgotten")
def _(y):
    return np.exp(y)


@misconception(
    "softmax",
    "divided-by-the-maximum",
    """The largest probability is always 1: the exponentials are divided by the largest,
    not by their sum. Shares of a whole are divided by the whole.""",
)
def _(y):
    e = np.exp(y)
    return e / e.max(axis=-1, keepdims=True)


@misconception(
    "softmax",
    "log-probabilities",
    """All numbers are negative: these are the logarithms of the probabilities. Look at
    the last step; log belongs to the loss.""",
)
def _(y):
    z = y - y.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


@misconception(
    "softmax",
    "exp-of-the-sum",
    """The row does not sum to 1: the logits were added up first, and exp was taken of
    their sum. Below the line stands the sum of what stands above it: first exp, then
    the sum.""",
)
def _(y):
    return np.exp(y) / np.exp(y.sum(axis=-1, keepdims=True))


@misconception(
    "softmax",
    "sign-of-the-logits",
    """The smallest logit gets the largest probability: the sign in the exponent is
    turned. Look inside exp.""",
)
def _(y):
    return shares(np.exp(y.min(axis=-1, keepdims=True) - y))


@misconception("softmax", "sign-of-the-logits")
def _(y):
    return np.exp(-y) / np.exp(-y).sum(axis=-1, keepdims=True)


@misconception("softmax", "sign-of-the-logits")
def _(y):
    return shares(np.exp(y.max(axis=-1, keepdims=True) - y))


@misconception(
    "softmax",
    "shift-on-one-side",
    """The rows no longer sum to 1: the maximum is subtracted in one of the two places
    where exp stands, and not in the other. Above the line and below it the logits have
    to be the same.""",
)
def _(y):
    top = np.exp(y - y.max(axis=-1, keepdims=True))
    return top / np.exp(y).sum(axis=-1, keepdims=True)


@misconception("softmax", "shift-on-one-side")
def _(y):
    shifted = np.exp(y - y.max(axis=-1, keepdims=True))
    return np.exp(y) / shifted.sum(axis=-1, keepdims=True)


@misconception(
    "softmax",
    "base-two",
    """The powers are taken of 2, not of e. That is softmax of other logits (each times
    ln 2), and the gradient p - e no longer fits. Look at the base.""",
)
def _(y):
    return shares(2.0 ** (y - y.max(axis=-1, keepdims=True)))


@misconception(
    "softmax",
    "only-the-largest",
    """The largest logit gets probability 1 and all others 0. That is argmax; softmax
    leaves every character a share, and has a derivative.""",
)
def _(y):
    return (y == y.max(axis=-1, keepdims=True)).astype(float)


@misconception(
    "softmax",
    "epsilon-in-the-sum",
    """Nearly: the rows sum to a little less than 1, because something small is added to
    the sum. After the shift one exponential is exactly 1, so the sum is never 0 and
    needs no help.""",
)
def _(y):
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 1e-8)


@symptom("softmax", "epsilon-in-the-sum")
def _(trials):
    """Every row is short by the same factor, just below 1."""
    short = [1 - t.got["p"].sum(axis=-1) for t in trials]
    shares = [
        t.got["p"] * (1 + (1 / (1 - s) - 1)[..., None]) for t, s in zip(trials, short)
    ]
    near = all(np.all((s > 1e-10) & (s < 1e-3)) for s in short)
    return near and all(
        np.allclose(p, t.expected["p"], rtol=0, atol=1e-12)
        for p, t in zip(shares, trials)
    )


def chosen(p, targets):
    """The probability of each target, (T,)."""
    return p[np.arange(len(targets)), targets]


@misconception(
    "nll",
    "base-two-logarithm",
    """This is the loss in bits: the logarithm has base 2. The course counts in nats;
    look for the natural logarithm.""",
)
def _(p, targets):
    return -np.log2(chosen(p, targets)).sum()


@misconception(
    "nll",
    "base-ten-logarithm",
    """The logarithm has base 10. The course counts in nats; look for the natural
    logarithm.""",
)
def _(p, targets):
    return -np.log10(chosen(p, targets)).sum()


@misconception(
    "nll",
    "mean-over-time",
    """This is the mean over the steps, the right number times 1/T. The loss of a chunk
    is a *sum* over t here, as in the source texts; the gradients depend on it.""",
)
def _(p, targets):
    return -np.log(chosen(p, targets)).mean()


@misconception(
    "nll",
    "sign-forgotten",
    """The loss is negative. The logarithm of a probability is at most 0, and a loss
    should fall towards 0 from above: look at the sign.""",
)
def _(p, targets):
    return np.log(chosen(p, targets)).sum()


@misconception(
    "nll",
    "same-row-for-all-targets",
    """All targets are looked up in the same row of p. Step t has its own distribution,
    row t: look at the first index.""",
)
def _(p, targets):
    return -np.log(p[0, targets]).sum()


@misconception("nll", "same-row-for-all-targets")
def _(p, targets):
    return -np.log(p[-1, targets]).sum()


@misconception(
    "nll",
    "next-row",
    """Each target is looked up one row off. Row t of p is the prediction for target t:
    the shift by one is already in the targets.""",
)
def _(p, targets):
    return -np.log(p[np.arange(len(targets)) - 1, targets]).sum()


@misconception("nll", "next-row")
def _(p, targets):
    return -np.log(np.roll(p, -1, axis=0)[np.arange(len(targets)), targets]).sum()


@misconception(
    "nll",
    "rows-for-targets",
    """The targets were used as row numbers, or the two indices are swapped. In p[t, k]
    the step comes first and the character second.""",
)
def _(p, targets):
    return -np.log(p[targets]).sum()


@misconception("nll", "rows-for-targets")
def _(p, targets):
    return -np.log(p[targets, np.arange(len(targets))]).sum()


@misconception(
    "nll",
    "largest-p-for-the-target",
    """The largest probability of each row was taken; the targets have no effect. The
    loss asks what the *right* character got, not the favourite.""",
)
def _(p, targets):
    return -np.log(p.max(axis=1)).sum()


@misconception(
    "nll",
    "every-row-with-every-target",
    """Every target was taken in *every* row, T times T numbers, and all are summed. You
    need one entry a row: give NumPy a row index for each target.""",
)
def _(p, targets):
    return -np.log(p[:, targets]).sum()


@misconception(
    "nll",
    "one-minus-p",
    """The loss is computed from 1 - p of the target. Cross-entropy asks how likely the
    right character was, not how unlikely: look inside the logarithm.""",
)
def _(p, targets):
    return -np.log(1 - chosen(p, targets)).sum()


@misconception(
    "nll",
    "wrong-characters-too",
    """log(1 - p) of all the other characters is added. That is the loss of V separate
    yes/no questions; a softmax has one answer, and only the target's p counts.""",
)
def _(p, targets):
    e = np.eye(p.shape[1])[targets]
    return -(e * np.log(p) + (1 - e) * np.log(1 - p)).sum()


@misconception(
    "nll",
    "epsilon-in-the-logarithm",
    """Nearly: something small is added to p before the logarithm. That hides how wrong
    an almost impossible target is (here p = 1e-300), and the gradient no longer fits.
    A p that has rounded to 0 needs another cure, which the notebook comes to.""",
)
def _(p, targets):
    return -np.log(chosen(p, targets) + 1e-8).sum()


@misconception("nll", "epsilon-in-the-logarithm")
def _(p, targets):
    return -np.log(np.maximum(chosen(p, targets), 1e-8)).sum()


@symptom("nll", "epsilon-in-the-logarithm")
def _(trials):
    """One constant, read off the trial with a single step, explains all the others."""
    eps = np.exp(-trials[-1].got["loss"]) - np.exp(-trials[-1].expected["loss"])
    p = [chosen(t.case.args["p"], t.case.args["targets"]) for t in trials]
    added = [-np.log(each + eps).sum() for each in p]
    raised = [-np.log(np.maximum(each, eps)).sum() for each in p]
    got = [t.got["loss"] for t in trials]
    return 1e-290 < eps < 1e-3 and (np.allclose(added, got) or np.allclose(raised, got))


@misconception(
    "nll",
    "product-underflows",
    """Right for short chunks. But the product of 200 probabilities of 0.01 is smaller
    than any number in float64: it becomes 0, and its logarithm infinite. Take the
    logarithms first, then add.""",
)
def _(p, targets):
    return -np.log(chosen(p, targets).prod())


@misconception("nll", "product-underflows")
def _(p, targets):
    return -math.log(chosen(p, targets).prod())


@misconception(
    "nll",
    "not-summed",
    """A loss for each step came, T numbers. The chunk has one loss: what is left is to
    put them together.""",
)
def _(p, targets):
    return -np.log(chosen(p, targets))


@misconception(
    "nll",
    "all-characters",
    """The logarithms of *all* entries of p are summed. Only the entry of the target
    counts in each row: where do the targets come in?""",
)
def _(p, targets):
    return -np.log(p).sum()


@misconception(
    "nll",
    "entropy",
    """This is the entropy of p, how unsure the network is; the targets do not matter to
    it. The cross-entropy takes -log p at the target alone.""",
)
def _(p, targets):
    return -(p * np.log(p)).sum()


@misconception(
    "nll",
    "weighted-by-p",
    """Each step is weighted with its own p. In -Σ e log p the weight is the one-hot
    target, which is 1 at the target: look at what stands before the logarithm.""",
)
def _(p, targets):
    return -(chosen(p, targets) * np.log(chosen(p, targets))).sum()


@misconception("nll", "weighted-by-p")
def _(p, targets):
    return -(chosen(p, targets) * np.log2(chosen(p, targets))).sum()


@misconception("nll", "every-row-with-every-target")
def _(p, targets):
    return -np.log(p[:, targets].sum())


@misconception(
    "nll",
    "logarithm-forgotten",
    """There is no logarithm: the probabilities themselves are summed. Then being sure
    and wrong costs hardly more than being unsure.""",
)
def _(p, targets):
    return -chosen(p, targets).sum()


@misconception("nll", "logarithm-forgotten")
def _(p, targets):
    return (1 - chosen(p, targets)).sum()


@misconception("nll", "logarithm-forgotten")
def _(p, targets):
    return chosen(p, targets).sum()


@misconception(
    "nll",
    "logarithm-of-the-sum",
    """The probabilities are summed or averaged first, and one logarithm is taken. log
    of a sum is not the sum of logs: look at the order of the two.""",
)
def _(p, targets):
    return -np.log(chosen(p, targets).sum())


@misconception("nll", "logarithm-of-the-sum")
def _(p, targets):
    return -np.log(chosen(p, targets).mean())


@misconception(
    "nll",
    "only-one-step",
    """This is the loss of a single step. Every step of the chunk counts: look at
    whether your loop adds, or writes over, or returns too early.""",
)
def _(p, targets):
    return -np.log(chosen(p, targets))[-1]


@misconception("nll", "only-one-step")
def _(p, targets):
    return -np.log(chosen(p, targets))[0]


def softmax_of(p):
    """Softmax of the rows of p, which are probabilities already."""
    return shares(np.exp(p))


@misconception(
    "nll",
    "softmax-again",
    """p went through softmax once more. Its rows are probabilities already: they sum to
    1. Look at what you do to p before the logarithm.""",
)
def _(p, targets):
    return -np.log(chosen(softmax_of(p), targets)).sum()


@misconception(
    "nll",
    "one-place-too-low",
    """Each target is looked up one place too low, at targets - 1. Indices count from 0,
    and so do the targets.""",
)
def _(p, targets):
    return -np.log(chosen(p, targets - 1)).sum()


@misconception(
    "nll",
    "perplexity",
    """exp of the loss came: a perplexity. It is another way to report a loss; what is
    asked for is the loss itself, in nats.""",
)
def _(p, targets):
    return np.exp(-np.log(chosen(p, targets)).mean())


@misconception("nll", "perplexity")
def _(p, targets):
    return np.exp(-np.log(chosen(p, targets)).sum())


@misconception(
    "nll",
    "squared-error",
    """This is the squared distance between p and the one-hot target. The loss of this
    course is the negative logarithm of the target's probability.""",
)
def _(p, targets):
    return ((p - np.eye(p.shape[1])[targets]) ** 2).sum()


@misconception("nll", "squared-error")
def _(p, targets):
    return ((p - np.eye(p.shape[1])[targets]) ** 2).sum() / 2


@misconception("nll", "squared-error")
def _(p, targets):
    return ((1 - chosen(p, targets)) ** 2).sum()


def one_hot_rows(p, targets):
    """The one-hot targets e, (T, V)."""
    return np.eye(p.shape[1])[targets]


@misconception(
    "grad_y",
    "minus-one-forgotten",
    """This is p itself: no entry is negative, and every row sums to 1. The target's
    logit must be pushed *up*: each row of the gradient sums to 0. What is missing at
    the target?""",
)
def _(p, targets):
    return p.copy()


@misconception(
    "grad_y",
    "p-and-e-swapped",
    """The sign is turned: e - p, not p - e. Stepping against this gradient makes the
    target *less* likely. The entry of the target must be negative, all others
    positive.""",
)
def _(p, targets):
    return one_hot_rows(p, targets) - p


@misconception(
    "grad_y",
    "minus-one-everywhere",
    """1 is subtracted from every entry, so all are negative. Each row must sum to 0:
    only the target's entry loses 1. Look at the index on the left.""",
)
def _(p, targets):
    return p - 1


@misconception(
    "grad_y",
    "p-changed",
    """The numbers are right, but p has become dy: you write into the caller's array,
    and the probabilities are lost to whoever needs them next. Look at the line that
    gives dy its name.""",
)
def _(p, targets):
    dy = p
    dy[np.arange(len(targets)), targets] -= 1
    return dy


@misconception(
    "grad_y",
    "target-entry-set-to-minus-one",
    """The target's entry is -1 whatever p is there. It should be p - 1, so that a sure
    and right prediction has hardly any gradient: `=` or `-=`?""",
)
def _(p, targets):
    return np.where(one_hot_rows(p, targets) == 1, -1, p)


@misconception(
    "grad_y",
    "all-targets-in-every-row",
    """Every row loses 1 at the targets of *all* steps. A full slice before the targets
    means every row with every target: give NumPy one row index for each target.""",
)
def _(p, targets):
    dy = p.copy()
    dy[:, targets] -= 1
    return dy


@misconception("grad_y", "all-targets-in-every-row")
def _(p, targets):
    p[:, targets] -= 1
    return p


@misconception(
    "grad_y",
    "rows-for-targets",
    """Whole rows of p lose 1: the targets were used as row numbers. In p[t, k] the step
    comes first, the character second.""",
)
def _(p, targets):
    dy = p.copy()
    dy[targets] -= 1
    return dy


@misconception(
    "grad_y",
    "divided-by-T",
    """The gradient is divided by T, as for a mean. The loss is summed over t, so each
    row is p - e undivided.""",
)
def _(p, targets):
    return (p - one_hot_rows(p, targets)) / len(targets)


@misconception(
    "grad_y",
    "gradient-of-p",
    """This is ∂L/∂p: -1/p at the target and 0 elsewhere. You are asked for the gradient
    of the logits, one step further back, through softmax. There every entry is
    touched.""",
)
def _(p, targets):
    return -one_hot_rows(p, targets) / p


@misconception(
    "grad_y",
    "only-the-target-entries",
    """Only the targets have a gradient; all other entries are 0. Softmax ties the
    logits of a row together: raising any of them takes probability from the target.""",
)
def _(p, targets):
    return (p - 1) * one_hot_rows(p, targets)


@misconception(
    "grad_y",
    "one-added",
    """1 is added at the target, so each row sums to 2. The gradient of the target's
    logit is negative: look at the sign.""",
)
def _(p, targets):
    return p + one_hot_rows(p, targets)


@misconception(
    "grad_y",
    "index-subtracted",
    """The *index* of the target is subtracted, as if it were an amount. What has to go
    is 1, at the place that the index names.""",
)
def _(p, targets):
    return p - targets[:, None]


@misconception("grad_y", "index-subtracted")
def _(p, targets):
    dy = p.copy()
    dy[np.arange(len(targets)), targets] -= targets
    return dy


@misconception(
    "grad_y",
    "softmax-slope-too",
    """There is a factor p (1 - p) too many. The slope of softmax has already been used
    on the way to p - e: with the logarithm of the loss it cancels.""",
)
def _(p, targets):
    return (p - one_hot_rows(p, targets)) * p * (1 - p)


@misconception(
    "grad_y",
    "sigmoid-slope",
    """This is p (1 - p), the slope of a sigmoid. The targets do not matter to it, so it
    cannot be the gradient of a loss that depends on them.""",
)
def _(p, targets):
    return p * (1 - p)


@misconception(
    "grad_y",
    "softmax-again",
    """p went through softmax once more. Its rows are probabilities already, and the
    gradient is made of p as it is.""",
)
def _(p, targets):
    return softmax_of(p) - one_hot_rows(p, targets)


@misconception(
    "grad_y",
    "one-place-too-low",
    """1 is subtracted one place too low, at targets - 1. Indices count from 0, and so
    do the targets.""",
)
def _(p, targets):
    return p - one_hot_rows(p, targets - 1)


@misconception(
    "grad_y",
    "only-one-step",
    """Only one step got its -1: in the other rows p is as it was. Look at whether your
    loop reaches every t.""",
)
def _(p, targets):
    dy = p.copy()
    dy[-1, targets[-1]] -= 1
    return dy


@misconception("grad_y", "only-one-step")
def _(p, targets):
    dy = p.copy()
    dy[0, targets[0]] -= 1
    return dy


@misconception(
    "grad_y",
    "factor-two",
    """Everything is twice too large: this is the gradient of the squared error with
    respect to p. Cross-entropy with softmax gives p - e with no factor.""",
)
def _(p, targets):
    return 2 * (p - one_hot_rows(p, targets))


def rows_of(table):
    """Probabilities of each row of a table, (n, V), whatever its logits."""
    p = np.exp(table - table.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def slopes(W, inputs, targets):
    """p - e of each pair, (T, V), all from the same W: what a right push takes off."""
    p = rows_of(W[:, inputs].T)
    return p - one_hot_rows(p, targets)


@misconception(
    "push",
    "uphill",
    """The target's logit goes down and the others go up: W moves *with* the slope, and
    the loss rises. Look at the sign of the step.""",
)
def _(W, inputs, targets, lr):
    np.add.at(W.T, inputs, lr * slopes(W, inputs, targets))


@misconception(
    "push",
    "rows-for-columns",
    """Rows of W were read and changed. The logits after symbol k stand in *column* k:
    look at which of the two places in W[ , ] the input takes.""",
)
def _(W, inputs, targets, lr):
    np.subtract.at(W, inputs, lr * slopes(W.T, inputs, targets))


@misconception("push", "rows-for-columns")
def _(W, inputs, targets, lr):
    np.subtract.at(W, inputs, lr * slopes(W, inputs, targets))


@misconception("push", "rows-for-columns")
def _(W, inputs, targets, lr):
    np.subtract.at(W.T, inputs, lr * slopes(W.T, inputs, targets))


@misconception("push", "rows-for-columns")
def _(W, inputs, targets, lr):
    W[inputs] -= lr * slopes(W.T, inputs, targets)


@misconception(
    "push",
    "repeated-input-pushed-once",
    """Right only where no input comes twice. Where a column is used several times, all
    its pushes add up, but an assignment to several columns at once keeps the last one.
    A loop over the pairs, or a function that adds at every place, takes them all.""",
)
def _(W, inputs, targets, lr):
    W[:, inputs] -= lr * slopes(W, inputs, targets).T


@misconception(
    "push",
    "one-after-the-other",
    """Each pair is pushed with a W that the pair before has moved already. The summed
    loss is one function of one W: compute all the pushes first, then take them off.""",
)
def _(W, inputs, targets, lr):
    for t in range(len(inputs)):
        pair = slice(t, t + 1)
        W[:, inputs[t]] -= lr * slopes(W, inputs[pair], targets[pair])[0]


@misconception(
    "push",
    "mean-over-the-pairs",
    """Every push is divided by the number of pairs. The loss is *summed* over them, so
    each pair pushes with its whole slope.""",
)
def _(W, inputs, targets, lr):
    np.subtract.at(W.T, inputs, lr * slopes(W, inputs, targets) / len(inputs))


@misconception(
    "push",
    "mean-of-a-column",
    """The pushes on a column are averaged over the times it is used. The loss is
    *summed* over the pairs: what is used three times is pushed three times.""",
)
def _(W, inputs, targets, lr):
    times = np.bincount(inputs)[inputs]
    np.subtract.at(W.T, inputs, lr * slopes(W, inputs, targets) / times[:, None])


@misconception(
    "push",
    "new-array",
    """W is as it was. A new array, returned or given the name W inside your function,
    leaves the table that the caller holds as it is: write *into* W.""",
)
def _(W, inputs, targets, lr):
    new = W.copy()
    np.subtract.at(new.T, inputs, lr * slopes(W, inputs, targets))
    return new


@misconception(
    "push",
    "only-the-last-pair",
    """Only the last pair has pushed. Look at whether the line that changes W stands
    inside your loop, and at what happens to the pushes before the last.""",
)
def _(W, inputs, targets, lr):
    W[:, inputs[-1]] -= lr * slopes(W, inputs, targets)[-1]


@misconception(
    "push",
    "only-the-first-pair",
    """Only the first pair has pushed: look at where your function ends.""",
)
def _(W, inputs, targets, lr):
    W[:, inputs[0]] -= lr * slopes(W, inputs, targets)[0]


@misconception(
    "push",
    "target-not-subtracted",
    """Every logit of a column goes down, the target's too: the push is p alone. What
    has to be taken from p at the target?""",
)
def _(W, inputs, targets, lr):
    np.subtract.at(W.T, inputs, lr * rows_of(W[:, inputs].T))


@misconception(
    "push",
    "only-the-target-moved",
    """Only the target's logit moves. Its gain is the others' loss: all entries of the
    column are pushed, each by its own slope.""",
)
def _(W, inputs, targets, lr):
    dy = slopes(W, inputs, targets)
    np.subtract.at(W.T, inputs, lr * dy * one_hot_rows(dy, targets))


@misconception("push", "only-the-target-moved")
def _(W, inputs, targets, lr):
    np.add.at(W, (targets, inputs), lr)


@misconception(
    "push",
    "probabilities-for-logits",
    """The logits are used as if they were probabilities. W holds logits: what turns a
    column of them into p?""",
)
def _(W, inputs, targets, lr):
    y = W[:, inputs].T
    np.subtract.at(W.T, inputs, lr * (y - one_hot_rows(y, targets)))


@misconception(
    "push",
    "softmax-of-each-row",
    """The probabilities sum to 1 along the rows of W. A *column* holds the logits of
    one prediction, so p sums to 1 down a column: along which axis does your softmax
    run?""",
)
def _(W, inputs, targets, lr):
    p = rows_of(W)[:, inputs].T
    np.subtract.at(W.T, inputs, lr * (p - one_hot_rows(p, targets)))


@misconception(
    "push",
    "softmax-over-the-whole-table",
    """All of W together sums to 1 in your softmax. Each column is a prediction of its
    own, and has a sum of its own.""",
)
def _(W, inputs, targets, lr):
    p = np.exp(W - W.max())
    p = (p / p.sum())[:, inputs].T
    np.subtract.at(W.T, inputs, lr * (p - one_hot_rows(p, targets)))


@misconception(
    "push",
    "every-column-pushed",
    """Columns that no input names have moved too. Only what was read pushes: look at
    which columns your line writes to.""",
)
def _(W, inputs, targets, lr):
    counts = np.zeros_like(W)
    np.add.at(counts, (targets, inputs), 1)
    W -= lr * (rows_of(W.T).T - counts)


@misconception(
    "push",
    "inputs-and-targets-swapped",
    """Inputs and targets have changed places: the column of the *target* was pushed
    towards the input. The input says which column, the target which entry of it should
    grow.""",
)
def _(W, inputs, targets, lr):
    np.subtract.at(W.T, targets, lr * slopes(W, targets, inputs))


@misconception(
    "push",
    "lr-forgotten",
    """Right only for lr = 1: the learning rate has no effect. Look at where your
    function uses its last argument.""",
)
def _(W, inputs, targets, lr):
    np.subtract.at(W.T, inputs, slopes(W, inputs, targets))


@misconception(
    "push",
    "no-shift",
    """NaN at logits of 1000: exp overflows. Your softmax from this notebook takes care
    of that; here its shift is missing.""",
)
def _(W, inputs, targets, lr):
    p = np.exp(W[:, inputs].T)
    p = p / p.sum(axis=1, keepdims=True)
    np.subtract.at(W.T, inputs, lr * (p - one_hot_rows(p, targets)))


@misconception(
    "push",
    "column-of-the-target",
    """The column of the *target* was changed. The slopes belong to the logits that were
    read, and those stand in the column of the input.""",
)
def _(W, inputs, targets, lr):
    np.subtract.at(W.T, targets, lr * slopes(W, inputs, targets))


@misconception(
    "push",
    "targets-of-all-the-others",
    """Every pair got the targets of all the others too. Pair t has one target: pair its
    index with the row t alone.""",
)
def _(W, inputs, targets, lr):
    dy = rows_of(W[:, inputs].T)
    dy[:, targets] -= 1
    np.subtract.at(W.T, inputs, lr * dy)
