"""What goes wrong in notebook 14: from_torch, mean_loss, adagrad_torch."""

import numpy as np

from rnncourse.checker.exercises import from_torch, mean_loss
from rnncourse.checker.misconceptions import misconception


@misconception(
    "from_torch",
    "second-bias-left-out",
    """bh is one of PyTorch's two biases. Both are added to the same sum inside the
    tanh: which single bias does the work of two?""",
)
def _(state):
    return from_torch(state) | {"bh": state["rnn.bias_ih_l0"]}


@misconception("from_torch", "second-bias-left-out")
def _(state):
    return from_torch(state) | {"bh": state["rnn.bias_hh_l0"]}


@misconception(
    "from_torch",
    "mean-of-the-biases",
    """bh is half of what it should be: the mean of the two biases. Both are added, each
    of them whole.""",
)
def _(state):
    return from_torch(state) | {"bh": from_torch(state)["bh"] / 2}


@misconception(
    "from_torch",
    "difference-of-the-biases",
    """bh is the difference of the two biases. Look at how each of them enters the
    tanh.""",
)
def _(state):
    return from_torch(state) | {"bh": state["rnn.bias_ih_l0"] - state["rnn.bias_hh_l0"]}


@misconception("from_torch", "difference-of-the-biases")
def _(state):
    return from_torch(state) | {"bh": state["rnn.bias_hh_l0"] - state["rnn.bias_ih_l0"]}


@misconception(
    "from_torch",
    "product-of-the-biases",
    """bh is the product of the two biases, entry by entry. They are two terms of one
    sum.""",
)
def _(state):
    return from_torch(state) | {"bh": state["rnn.bias_ih_l0"] * state["rnn.bias_hh_l0"]}


def turned(*names):
    """from_torch with these weights transposed."""

    def wrong(state):
        return {
            name: block.T if name in names else block
            for name, block in from_torch(state).items()
        }

    return wrong


misconception(
    "from_torch",
    "weights-transposed",
    """The weights are transposed. PyTorch keeps them as the course does, with a row for
    each unit that they lead to: compare the shapes that its names come with.""",
)(turned("Wxh", "Whh", "Why"))
misconception(
    "from_torch",
    "Whh-transposed",
    """Whh is transposed, and its square shape does not show it. Row i holds what unit i
    gets from the others, in PyTorch and in the course.""",
)(turned("Whh"))


@misconception(
    "from_torch",
    "names-mixed-up",
    """Whh holds other weights. In PyTorch's names i is the input, h the hidden state,
    and o does not occur: the output is a layer of its own.""",
)
def _(state):
    blocks = from_torch(state)
    return blocks | {"Wxh": blocks["Whh"], "Whh": blocks["Wxh"]}


@misconception(
    "from_torch",
    "output-bias-in-the-state",
    """by is not the bias of the output. One bias belongs to the linear layer, the two
    others to the state.""",
)
def _(state):
    return from_torch(state) | {
        "bh": state["rnn.bias_ih_l0"],
        "by": state["rnn.bias_hh_l0"],
    }


@misconception(
    "mean_loss",
    "sum-for-mean",
    """The loss is a sum over the rows, as in the course, and dy its gradient. PyTorch
    takes the mean.""",
)
def _(y, targets):
    loss, dy = mean_loss(y, targets)
    return loss * len(y), dy * len(y)


@misconception(
    "mean_loss",
    "dy-of-the-sum",
    """The loss is a mean, but dy is the gradient of the sum. What divides the one
    divides the other.""",
)
def _(y, targets):
    loss, dy = mean_loss(y, targets)
    return loss, dy * len(y)


@misconception(
    "mean_loss",
    "loss-of-the-sum",
    """dy is the gradient of the mean, but the loss is the sum.""",
)
def _(y, targets):
    loss, dy = mean_loss(y, targets)
    return loss * len(y), dy


@misconception(
    "mean_loss",
    "mean-over-all-entries",
    """It is divided by the number of all logits. There is one loss for each row: count
    the rows.""",
)
def _(y, targets):
    loss, dy = mean_loss(y, targets)
    return loss / y.shape[1], dy / y.shape[1]


@misconception("mean_loss", "mean-over-all-entries")
def _(y, targets):
    loss, dy = mean_loss(y, targets)
    return loss, dy / y.shape[1]


@misconception("mean_loss", "mean-over-all-entries")
def _(y, targets):
    loss, dy = mean_loss(y, targets)
    return loss, dy * len(y) / y.shape[1]


@misconception(
    "mean_loss",
    "softmax-twice",
    """The softmax has been taken twice: what comes in are logits, and their
    probabilities were treated as logits once more.""",
)
def _(y, targets):
    p = np.exp(y - y.max(axis=-1, keepdims=True))
    return mean_loss(p / p.sum(axis=-1, keepdims=True), targets)


@misconception(
    "mean_loss",
    "minus-one-forgotten",
    """In dy the target's entry lacks its -1: a row of dy should add up to 0.""",
)
def _(y, targets):
    loss, dy = mean_loss(y, targets)
    return loss, dy + np.eye(y.shape[1])[targets] / len(y)


@misconception(
    "mean_loss",
    "minus-one-after-the-division",
    """In dy the probabilities are divided by the number of rows, and the 1 of the
    target is not. Divide the whole difference.""",
)
def _(y, targets):
    loss, dy = mean_loss(y, targets)
    hot = np.eye(y.shape[1])[targets]
    return loss, dy + hot / len(y) - hot


@misconception(
    "mean_loss",
    "sign-of-the-loss",
    """The loss is negative: the logarithm of a probability is, and the loss is minus
    it.""",
)
def _(y, targets):
    loss, dy = mean_loss(y, targets)
    return -loss, dy


@misconception(
    "mean_loss",
    "p-and-e-swapped",
    """dy has the wrong sign: it points downhill, and is e − p in place of p − e.""",
)
def _(y, targets):
    loss, dy = mean_loss(y, targets)
    return loss, -dy


@misconception(
    "mean_loss",
    "no-shift",
    """Right for small logits, not a number for large ones: exp of more than 709 is
    infinite. Take the largest logit of each row away first, as in 03.""",
)
def _(y, targets):
    with np.errstate(all="ignore"):
        p = np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)
        n = np.arange(len(targets))
        return -np.log(p[n, targets]).mean(), (p - np.eye(y.shape[1])[targets]) / len(y)


@misconception(
    "mean_loss",
    "logarithm-of-zero",
    """The loss is infinite where the target's probability is too small for a number.
    Compute log p from the logits, not p first and its logarithm then.""",
)
def _(y, targets):
    _, dy = mean_loss(y, targets)
    p = np.exp(y - y.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    with np.errstate(all="ignore"):
        return -np.log(p[np.arange(len(targets)), targets]).mean(), dy


@misconception(
    "mean_loss",
    "one-maximum-for-all-rows",
    """Right for small logits. At logits of 1000 the largest of *all* logits was taken
    away, and in a row far below it every exp becomes 0: its logarithm is not a number
    to use. Each row has a largest of its own.""",
)
def _(y, targets):
    z = y - y.max()
    with np.errstate(all="ignore"):
        log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
        loss = -log_p[np.arange(len(targets)), targets].mean()
    return loss, (np.exp(log_p) - np.eye(y.shape[1])[targets]) / len(y)


@misconception("mean_loss", "one-maximum-for-all-rows")
def _(y, targets):
    n = np.arange(len(targets))
    with np.errstate(all="ignore"):
        p = np.exp(y - y.max())
        p /= p.sum(axis=-1, keepdims=True)
        loss = -np.log(p[n, targets]).mean()
    return loss, (p - np.eye(y.shape[1])[targets]) / len(y)


@misconception(
    "mean_loss",
    "all-targets-in-every-row",
    """The loss asks every row for the targets of all rows: a colon takes each row with
    each target. Each row has one target of its own: pair them, index by index.""",
)
def _(y, targets):
    z = y - y.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return -log_p[:, targets].mean(), mean_loss(y, targets)[1]


@misconception(
    "adagrad_torch",
    "eps-inside-the-root",
    """For tiny gradients param is wrong: eps stands inside the root, as in the course's
    adagrad. Here it is added to the root.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / np.sqrt(memory + 1e-10)


@misconception(
    "adagrad_torch",
    "the-courses-adagrad",
    """This is the adagrad of the course: 1e-8, inside the root. PyTorch has another eps
    in another place.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / np.sqrt(memory + 1e-8)


@misconception(
    "adagrad_torch",
    "another-eps",
    """For tiny gradients param is wrong: eps is another than 1e-10. Look at the
    exponent.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / (np.sqrt(memory) + 1e-8)


@misconception("adagrad_torch", "another-eps")
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / (np.sqrt(memory) + 10e-10)


@misconception(
    "adagrad_torch",
    "eps-forgotten",
    """NaN where a gradient has been 0 from the start: 0/0. Something small beside the
    root keeps the denominator away from 0, if both stand in brackets.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    with np.errstate(all="ignore"):
        param -= lr * grad / np.sqrt(memory)


@misconception("adagrad_torch", "eps-forgotten")
def _(param, grad, memory, lr):
    memory += grad**2
    with np.errstate(all="ignore"):
        param -= lr * grad / np.sqrt(memory) + 1e-10


@misconception(
    "adagrad_torch",
    "root-forgotten",
    """The gradient is divided by the memory, not by its root. The memory holds squares:
    only its root has the size of a gradient.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / (memory + 1e-10)


@misconception(
    "adagrad_torch",
    "update-before-memory",
    """The step uses the old memory: param is changed before the new square is added.
    Which of the two lines comes first?""",
)
def _(param, grad, memory, lr):
    param -= lr * grad / (np.sqrt(memory) + 1e-10)
    memory += grad**2


@misconception(
    "adagrad_torch",
    "uphill",
    """param moved *with* the gradient: the loss rises. Look at the sign of the
    step.""",
)
def _(param, grad, memory, lr):
    memory += grad**2
    param += lr * grad / (np.sqrt(memory) + 1e-10)


@misconception(
    "adagrad_torch",
    "new-arrays",
    """An array is as it was: a plain `=` gives the name to a new array inside your
    function, and the caller's stays. Write into param and into memory.""",
)
def _(param, grad, memory, lr):
    memory = memory + grad**2
    param = param - lr * grad / (np.sqrt(memory) + 1e-10)


@misconception("adagrad_torch", "new-arrays")
def _(param, grad, memory, lr):
    memory = memory + grad**2
    param -= lr * grad / (np.sqrt(memory) + 1e-10)


@misconception("adagrad_torch", "new-arrays")
def _(param, grad, memory, lr):
    memory += grad**2
    param = param - lr * grad / (np.sqrt(memory) + 1e-10)
