"""From logits to probabilities and to the loss (notebook 03)."""

import numpy as np

from rnnlib.checks import as_array, attempt, check, check_finite, check_ids, ids_for
from rnnlib.forward import forward


def softmax(y, axis=-1):
    """Probabilities pᵢ = exp(yᵢ) / Σₖ exp(yₖ) along `axis`, in the shape of y.

    The largest logit is subtracted first: p stays the same, exp cannot overflow.
    """
    y = as_array("y", y) * 1.0
    largest = attempt("axis", "one", lambda a: y.real.max(a, keepdims=True), axis)
    check_finite(y=largest)
    p = np.exp(y - largest)
    return p / p.sum(axis, keepdims=True)


def cross_entropy(y, targets):
    """The loss L = Σₜ (log Σₖ exp(yₜₖ) - yₜ[target]) in nats; the mean over B.

    y: logits, (T, V) or (T, B, V). targets: indices, (T,) or (T, B). Returns a float,
    or a complex number where y is complex.
    ValueError: y or targets of another shape, an index outside 0 ... V-1.
    """
    y = as_array("y", y) * 1.0
    check(y.ndim in (2, 3) and y.size, "shape of y", "(T, V) or (T, B, V)", y.shape)
    check_finite(y=y.real.max(-1))
    return loss_and_dy(y, check_ids("targets", targets, y.shape[-1], y.shape[:-1]))[0]


def loss_and_dy(y, targets):
    """The loss, and a row dyₜ = pₜ - e_target for each character."""
    B = y[0, ..., 0].size
    z = (y - y.real.max(-1, keepdims=True)).reshape(-1, y.shape[-1])
    dy = np.exp(z)
    total = dy.sum(-1)
    dy /= (total * B)[:, None]
    of_target = np.arange(len(z)), targets.ravel()
    # From the logits, not from log p: where p rounds to 0 the loss is still finite.
    loss = (np.log(total) - z[of_target]).sum().item() / B
    dy[of_target] -= 1 / B
    return loss, dy


def evaluate(params, ids):
    """The mean loss on a text, in nats a character, the state carried all through.

    ids: (n,), at least two characters; the first is never predicted.
    """
    ids, total, h = ids_for(params, "ids", ids, 1, least=2), 0.0, None
    for start in range(0, len(ids) - 1, 1000):
        piece = ids[start : start + 1001]
        states = forward(params, piece[:-1], h)
        total, h = total + cross_entropy(states.y, piece[1:]), states.h[-1]
    return total / (len(ids) - 1)
