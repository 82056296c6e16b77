"""What goes wrong in notebook 11: pad_batch, mask_loss, bit_loss, softmax_back."""

import numpy as np

from rnncourse.checker.exercises import (
    bit_loss,
    grad_y,
    mask_loss,
    pad_batch,
    softmax,
    softmax_back,
)
from rnncourse.checker.misconceptions import misconception


def sigmoid(y):
    return (1 + np.tanh(y / 2)) / 2


@misconception(
    "pad_batch",
    "targets-are-the-inputs",
    """Inputs and targets hold the same symbols at the same steps. A target is what
    comes next: the border stands before the name in one and behind it in the other.""",
)
def _(names, border):
    inputs, _, mask = pad_batch(names, border)
    return inputs, inputs.copy(), mask


@misconception("pad_batch", "targets-are-the-inputs")
def _(names, border):
    _, targets, mask = pad_batch(names, border)
    return targets.copy(), targets, mask


@misconception(
    "pad_batch",
    "inputs-and-targets-swapped",
    """inputs and targets have changed places. The network reads the border first, and
    predicts it last.""",
)
def _(names, border):
    inputs, targets, mask = pad_batch(names, border)
    return targets, inputs, mask


@misconception(
    "pad_batch",
    "closing-border-masked",
    """The mask ends one step too early. The step that reads the last letter is real: it
    has to predict the border, or the network never learns where a name ends.""",
)
def _(names, border):
    inputs, targets, mask = pad_batch(names, border)
    return inputs, targets, mask * (targets != border)


@misconception(
    "pad_batch",
    "opening-border-masked",
    """The mask begins one step too late. The step that reads the border is real: it has
    to predict the first letter.""",
)
def _(names, border):
    inputs, targets, mask = pad_batch(names, border)
    return inputs, targets, mask * (inputs != border)


@misconception(
    "pad_batch",
    "mask-of-ones",
    """The mask is 1 everywhere. It should be 0 at the steps behind the closing border:
    a name of n letters has n + 1 real ones.""",
)
def _(names, border):
    inputs, targets, mask = pad_batch(names, border)
    return inputs, targets, np.ones_like(mask)


@misconception(
    "pad_batch",
    "mask-turned-round",
    """The mask is 1 at the padding and 0 at the real steps. It should be the other way
    round.""",
)
def _(names, border):
    inputs, targets, mask = pad_batch(names, border)
    return inputs, targets, 1 - mask


@misconception(
    "pad_batch",
    "padded-in-front",
    """The padding stands before the names. Here every name begins at step 0, with the
    border, and what is short is filled up at the end.""",
)
def _(names, border):
    batch = pad_batch(names, border)
    real = [len(name) + 1 for name in names]
    turned = [np.empty_like(array) for array in batch]
    for before, after in zip(batch, turned):
        for b, n in enumerate(real):
            after[:, b] = np.roll(before[:, b], -n)
    return tuple(turned)


@misconception(
    "pad_batch",
    "names-in-rows",
    """Each name is a row, and it should be a column: time runs down the rows of every
    array of a batch, so that row t holds step t of all names.""",
)
def _(names, border):
    return tuple(array.T for array in pad_batch(names, border))


@misconception(
    "pad_batch",
    "one-step-short",
    """The last step is missing. The longest name needs its length plus 1 steps: one
    more symbol is read than it has letters, the border before the first.""",
)
def _(names, border):
    return tuple(array[:-1] for array in pad_batch(names, border))


@misconception(
    "pad_batch",
    "first-step-missing",
    """The first step is missing: the border that is read before the first letter, which
    is its target.""",
)
def _(names, border):
    return tuple(array[1:] for array in pad_batch(names, border))


@misconception(
    "pad_batch",
    "filled-with-zeros",
    """The padding is index 0, which is a symbol like any other. Here the rest of inputs
    and targets is filled with the border.""",
)
def _(names, border):
    inputs, targets, mask = pad_batch(names, border)
    kept = mask.astype(int)
    return inputs * kept, targets * kept, mask


def zeros_for_borders(names):
    """What comes out where only the letters are written, into zeros."""
    return pad_batch(names, 0)


@misconception(
    "pad_batch",
    "border-never-written",
    """Index 0 stands where the border belongs, at the begin and the end of the names
    too. The argument border has no effect: fill the arrays with it first.""",
)
def _(names, border):
    return zeros_for_borders(names)


@misconception(
    "mask_loss",
    "mean-over-all-rows",
    """Loss and dy are divided by the number of all rows. The padding is in no mean:
    count the real rows alone.""",
)
def _(p, targets, mask):
    loss, dy = mask_loss(p, targets, mask)
    share = mask.sum() / len(p)
    return loss * share, dy * share


@misconception(
    "mask_loss",
    "sums-for-means",
    """Loss and dy are sums over the real rows. A mean is asked for: divide by their
    number.""",
)
def _(p, targets, mask):
    loss, dy = mask_loss(p, targets, mask)
    return loss * mask.sum(), dy * mask.sum()


@misconception(
    "mask_loss",
    "dy-of-the-sum",
    """The loss is a mean, but dy is the gradient of the sum: what divides the one
    divides the other.""",
)
def _(p, targets, mask):
    loss, dy = mask_loss(p, targets, mask)
    return loss, dy * mask.sum()


@misconception(
    "mask_loss",
    "mask-ignored",
    """The mask has no effect: this is the mean over all rows, padding too.""",
)
def _(p, targets, mask):
    return mask_loss(p, targets, np.ones_like(mask))


@misconception(
    "mask_loss",
    "dy-not-masked",
    """The loss leaves the padding out, dy does not: gradients flow back from rows that
    are in no loss. Where the mask is 0, a row of dy is 0.""",
)
def _(p, targets, mask):
    loss, _ = mask_loss(p, targets, mask)
    return loss, grad_y(p, targets) / mask.sum()


@misconception(
    "mask_loss",
    "loss-not-masked",
    """dy leaves the padding out, the loss does not: it adds up the terms of all
    rows.""",
)
def _(p, targets, mask):
    _, dy = mask_loss(p, targets, mask)
    return -np.log(p[np.arange(len(p)), targets]).sum() / mask.sum(), dy


@misconception(
    "mask_loss",
    "only-the-minus-one-is-masked",
    """In dy only the 1 of the target is left out where the mask is 0, and the
    probabilities stay. Such a row is in no loss: all of it is 0.""",
)
def _(p, targets, mask):
    loss, _ = mask_loss(p, targets, mask)
    dy = p.copy()
    dy[np.arange(len(p)), targets] -= mask
    return loss, dy / mask.sum()


@misconception(
    "mask_loss",
    "only-the-probabilities-are-masked",
    """In dy the probabilities are masked, and the 1 of the target is not: a row of
    padding keeps a -1. All of it should be 0.""",
)
def _(p, targets, mask):
    loss, _ = mask_loss(p, targets, mask)
    dy = p * mask[:, None]
    dy[np.arange(len(p)), targets] -= 1
    return loss, dy / mask.sum()


@misconception(
    "mask_loss",
    "minus-one-forgotten",
    """In dy the target's entry lacks its -1: the entries of a real row add up to more
    than 0, and by themselves they would push every logit down.""",
)
def _(p, targets, mask):
    loss, _ = mask_loss(p, targets, mask)
    return loss, p * mask[:, None] / mask.sum()


@misconception(
    "mask_loss",
    "p-and-e-swapped",
    """dy has the opposite sign: a step against it would make the targets less likely.
    Which of p and the one-hot vector comes first?""",
)
def _(p, targets, mask):
    loss, dy = mask_loss(p, targets, mask)
    return loss, -dy


@misconception(
    "mask_loss",
    "sign-forgotten",
    """The loss is negative. The logarithm of a probability is below 0, and a loss is
    its opposite.""",
)
def _(p, targets, mask):
    loss, dy = mask_loss(p, targets, mask)
    return -loss, dy


@misconception(
    "mask_loss",
    "base-two-logarithm",
    """The loss is in bits. Nats are asked for: the natural logarithm.""",
)
def _(p, targets, mask):
    loss, dy = mask_loss(p, targets, mask)
    return loss / np.log(2), dy


@misconception(
    "mask_loss",
    "zero-times-infinity",
    """Right as long as no masked p is 0. There the logarithm is minus infinity, and 0
    times that is NaN: take the logarithm of the real rows alone.""",
)
def _(p, targets, mask):
    with np.errstate(all="ignore"):
        loss = -(mask * np.log(p[np.arange(len(p)), targets])).sum() / mask.sum()
    return loss, mask_loss(p, targets, mask)[1]


@misconception(
    "mask_loss",
    "p-changed",
    """p comes back changed: dy is p itself, under another name. Take a copy first.""",
)
def _(p, targets, mask):
    loss, dy = mask_loss(p, targets, mask)
    p[np.arange(len(p)), targets] -= 1
    return loss, dy


def naive(y, z, eps=0.0):
    """The formula as it stands in books, and its gradient."""
    p = sigmoid(y)
    with np.errstate(all="ignore"):
        loss = -(z * np.log(p + eps) + (1 - z) * np.log(1 - p + eps)).sum()
    return loss, p - z


@misconception(
    "bit_loss",
    "z-minus-p",
    """dy has the opposite sign: where 1 is wanted, a step against it would make the
    logit smaller. Which of p and z comes first?""",
)
def _(y, z):
    loss, dy = bit_loss(y, z)
    return loss, -dy


@misconception(
    "bit_loss",
    "slope-of-the-sigmoid-added",
    """dy carries the slope of the sigmoid, p (1 - p). That is the gradient of a squared
    error; in this loss the logarithm's 1/p and 1/(1 - p) cancel it.""",
)
def _(y, z):
    loss, dy = bit_loss(y, z)
    p = sigmoid(y)
    return loss, dy * p * (1 - p)


@misconception(
    "bit_loss",
    "sigmoid-forgotten",
    """dy is the logit minus z. It is the *probability* that z is taken from.""",
)
def _(y, z):
    return bit_loss(y, z)[0], y - z


@misconception(
    "bit_loss",
    "softmax-for-sigmoid",
    """The probabilities in dy add up to 1: they are a softmax over all bits. Each bit
    has a yes or no of its own, whatever the others say.""",
)
def _(y, z):
    return bit_loss(y, z)[0], softmax(y) - z


@misconception(
    "bit_loss",
    "only-the-ones",
    """Bits that are 0 cost nothing here. Where 0 is wanted, the loss is the logarithm
    of 1 - p: it needs a term too.""",
)
def _(y, z):
    _, dy = bit_loss(y, z)
    return (z * np.logaddexp(0, -y)).sum(), dy


@misconception(
    "bit_loss",
    "the-other-bits",
    """The loss has the right form for the wrong bits: it is small where the network is
    wrong and large where it is right. Look at which of the two terms z multiplies.""",
)
def _(y, z):
    return bit_loss(y, 1 - z)[0], bit_loss(y, z)[1]


@misconception(
    "bit_loss",
    "means-for-sums",
    """Loss and dy are divided by n. The sum over all bits is asked for.""",
)
def _(y, z):
    loss, dy = bit_loss(y, z)
    return loss / len(y), dy / len(y)


@misconception(
    "bit_loss",
    "mean-loss",
    """The loss is a mean and dy the gradient of the sum. The sum over all bits is asked
    for, as in the loss of a chunk.""",
)
def _(y, z):
    loss, dy = bit_loss(y, z)
    return loss / len(y), dy


@misconception(
    "bit_loss",
    "loss-not-summed",
    """The loss is one number: the sum over all bits.""",
)
def _(y, z):
    return np.logaddexp(0, y) - y * z, bit_loss(y, z)[1]


@misconception(
    "bit_loss",
    "sign-forgotten",
    """The loss is negative. The logarithm of a probability is below 0, and a loss is
    its opposite.""",
)
def _(y, z):
    loss, dy = bit_loss(y, z)
    return -loss, dy


@misconception(
    "bit_loss",
    "base-two-logarithm",
    """The loss is in bits. Nats are asked for: the natural logarithm.""",
)
def _(y, z):
    loss, dy = bit_loss(y, z)
    return loss / np.log(2), dy


@misconception(
    "bit_loss",
    "logarithm-of-zero",
    """Right for small logits. For large ones p rounds to 0 or 1, and then a logarithm
    of 0 is in the loss: infinity, or NaN where it is multiplied by 0.""",
)
def _(y, z):
    return naive(y, z)


@misconception(
    "bit_loss",
    "epsilon-in-the-logarithm",
    """Right for small logits. For large ones the loss stays too small: what you add
    inside the logarithm, or cut p off at, hides how wrong the network is.""",
)
def _(y, z):
    return naive(y, z, 1e-12)


for eps in (1e-15, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6):

    @misconception("bit_loss", "epsilon-in-the-logarithm")
    def _(y, z, eps=eps):
        return naive(y, z, eps)

    @misconception("bit_loss", "epsilon-in-the-logarithm")
    def _(y, z, eps=eps):
        p = np.clip(sigmoid(y), eps, 1 - eps)
        loss = -(z * np.log(p) + (1 - z) * np.log(1 - p)).sum()
        return loss, sigmoid(y) - z


@misconception(
    "softmax_back",
    "sum-forgotten",
    """Each score is asked about its own weight alone, as if the others did not move. A
    score that grows takes weight from all others: something has to be subtracted.""",
)
def _(alpha, dalpha):
    return alpha * dalpha


@misconception(
    "softmax_back",
    "only-the-own-slope",
    """This is alpha (1 - alpha) times dalpha, the diagonal of the Jacobian. The other
    entries of a row move too when one score does.""",
)
def _(alpha, dalpha):
    return alpha * (1 - alpha) * dalpha


@misconception(
    "softmax_back",
    "mean-without-weights",
    """What is subtracted is the plain mean of dalpha. It should be the mean under the
    weights: each entry counts as much as its alpha.""",
)
def _(alpha, dalpha):
    return alpha * (dalpha - dalpha.mean(axis=1, keepdims=True))


@misconception(
    "softmax_back",
    "sum-without-weights",
    """What is subtracted is the sum of dalpha. Each entry counts as much as its alpha:
    a mean under the weights.""",
)
def _(alpha, dalpha):
    return alpha * (dalpha - dalpha.sum(axis=1, keepdims=True))


@misconception(
    "softmax_back",
    "one-sum-for-all-rows",
    """The sum runs over all rows together. Each row is a softmax of its own, and only
    its own entries share the weight.""",
)
def _(alpha, dalpha):
    return alpha * (dalpha - (alpha * dalpha).sum())


@misconception(
    "softmax_back",
    "wrong-axis",
    """The sum runs down the columns. The weights of a row add up to 1, so the sum runs
    along each row.""",
)
def _(alpha, dalpha):
    return alpha * (dalpha - (alpha * dalpha).sum(axis=0))


@misconception(
    "softmax_back",
    "alpha-forgotten",
    """The mean under the weights is subtracted, but the factor alpha is missing: a
    score whose weight is next to nothing can move next to nothing.""",
)
def _(alpha, dalpha):
    return dalpha - (alpha * dalpha).sum(axis=1, keepdims=True)


@misconception(
    "softmax_back",
    "mean-not-times-alpha",
    """The sum of alpha times dalpha is subtracted as it is. It has to be multiplied by
    alpha first, like dalpha.""",
)
def _(alpha, dalpha):
    return alpha * dalpha - (alpha * dalpha).sum(axis=1, keepdims=True)


@misconception(
    "softmax_back",
    "softmax-again",
    """A softmax is taken of alpha, which has been through softmax already: alpha is the
    weights, not the scores.""",
)
def _(alpha, dalpha):
    return softmax_back(softmax(alpha), dalpha)


@misconception(
    "softmax_back",
    "opposite-sign",
    """Every sign is turned. A score whose weight ought to grow, so that dalpha is above
    the mean, has a du above 0.""",
)
def _(alpha, dalpha):
    return -softmax_back(alpha, dalpha)


@misconception(
    "softmax_back",
    "alpha-minus-dalpha",
    """This is a difference of alpha and dalpha, as at the end of a cross-entropy. Here
    no target is given: dalpha comes from behind, and goes through the softmax.""",
)
def _(alpha, dalpha):
    return alpha - dalpha
