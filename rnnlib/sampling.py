"""Drawing text from the network (notebook 06)."""

from bisect import bisect

import numpy as np

from rnnlib.forward import check_finite
from rnnlib.text import check, check_counts, check_ids


def sample(params, h, seed, n, rng, temperature=1.0):
    """Draw n characters, each fed back as the next input: ids of shape (n,) or (n, B).

    h: the state to start from, (H,), or (B, H) for B independent texts; not changed.
    seed: the index of the first input, which is not part of the result; for B texts
    one index for all, or an array (B,). rng: a NumPy Generator, or a seed for one.
    temperature: divides the logits; below 1 likely characters become likelier.
    ValueError: a state of the wrong shape, an index outside 0 ... V-1, n < 0,
    a temperature that is not above 0, NaN in the parameters, logits that overflow.
    """
    h, expected = np.asarray(h, params.dtype), f"({params.H},) or (B, {params.H})"
    check(h.ndim < 3 and h.shape[-1:] == (params.H,), "shape of h", expected, h.shape)
    k = check_ids("seed", seed, params.V)
    check(k.shape in ((), h.shape[:-1]), "shape of seed", h.shape[:-1], k.shape)
    check_counts(n=n, least=0)
    check(0 < temperature < np.inf, "temperature", "a number above 0", temperature)
    temperature = max(float(temperature), 1e-20)  # draws the largest logit only
    WhyT, by = params.Why.T.copy() / temperature, params.by / temperature
    # |h| is at most 1, so no logit is larger than these sums.
    bound = np.abs(WhyT).sum(0) + np.abs(by)
    check_finite(params=params.theta, h=h, logits=bound)
    # Below this exp stays in the range of the dtype, and so does a sum over V.
    far = bound.max() > np.log(np.finfo(h.dtype).max) / 1.25

    from_input, WhhT = params.Wxh.T.copy() + params.bh, params.Whh.T.copy()
    ids = np.empty((n, *h.shape[:-1]), int)
    for t, u in enumerate(np.random.default_rng(rng).random(ids.shape)):
        h = np.tanh(h.dot(WhhT) + from_input[k])
        k = ids[t] = draw(h.dot(WhyT) + by, u, far)
    return ids


def draw(y, u, far):
    """The first index at which the cumulative sum of exp(y) exceeds u of the whole.

    y: logits, (V,) or (B, V), used up. u: from 0 up and below 1, () or (B,).
    far: whether the largest logit has to be subtracted first, or exp could overflow.
    """
    if far:
        y -= y.max(-1, keepdims=True)
    heights = np.add.accumulate(np.exp(y, y), -1)
    if y.ndim == 1:
        return bisect(heights, u * heights[-1])
    return (heights > u[:, None] * heights[:, -1:]).argmax(1)
