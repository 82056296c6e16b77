"""Drawing text from the network (notebook 06)."""

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
    a temperature that is not above 0, NaN in the parameters.
    """
    h = np.asarray(h, dtype=params.dtype)
    fits = h.ndim in (1, 2) and h.shape[-1] == params.H
    check(fits, "shape of h", f"({params.H},) or (B, {params.H})", h.shape)
    k = check_ids("seed", seed, params.V)
    check(k.shape in ((), h.shape[:-1]), "shape of seed", h.shape[:-1], k.shape)
    check_counts(n=n, least=0)
    check(0 < temperature < np.inf, "temperature", "a number above 0", temperature)
    check_finite(params=params.theta, h=h)

    u = np.random.default_rng(rng).random((n, *h.shape[:-1], 1))
    ids = np.empty((n, *h.shape[:-1]), int)
    from_input = params.Wxh.T + params.bh
    WhhT, WhyT = params.Whh.T.copy(), params.Why.T.copy()
    for t in range(n):
        h = np.tanh(from_input[k] + h.dot(WhhT))
        y = h.dot(WhyT) + params.by
        heights = np.exp((y - y.max(-1, keepdims=True)) / temperature).cumsum(-1)
        # The first index whose cumulative sum exceeds u.
        k = ids[t] = (heights > u[t] * heights[..., -1:]).argmax(-1)
    return ids
