"""Drawing text from the network (notebook 06)."""

from bisect import bisect

import numpy as np

from rnnlib.checks import as_array, attempt, check_finite, ids_for, positive, whole
from rnnlib.forward import forward


def generate(params, prompt, n, rng, temperature=1.0):
    """Read a prompt and write n characters on: ids of shape (n,), without the prompt.

    prompt: indices, (m,), at least one. The state starts from zeros and reads all of
    them but the last, which is the first input of `sample`: none is read twice.
    rng, temperature, ValueError: as there.
    """
    prompt = ids_for(params, "prompt", prompt, 1, least=1)
    h_before_last = forward(params, prompt).h_prev[-1]
    return sample(params, h_before_last, prompt[-1], n, rng, temperature)


def sample(params, h, first, n, rng, temperature=1.0):
    """Draw n characters, each fed back as the next input: ids of shape (n,) or (n, B).

    h: the state to start from, (H,), or (B, H) for B independent texts; not changed.
    first: the index of the first input, which is not part of the result; for B texts
    one index for all, or an array (B,). rng: a NumPy Generator, or a seed for one.
    temperature: divides the logits; below 1 likely characters become likelier.
    ValueError: a state of the wrong shape, an index outside 0 ... V-1, n < 0,
    a temperature that is not above 0, NaN in the parameters, logits that overflow.
    """
    k = ids_for(params, "first", first, np.ndim(first) and np.shape(h)[:-1])
    shape = (*np.shape(h)[:-1][:1], params.H)  # (H,) or (B, H)
    h = as_array("h", h, shape, kind="real numbers").astype(params.dtype)
    n, rng = whole("n", n, 0), attempt("rng", "a seed", np.random.default_rng, rng)
    # Near 0 it draws the largest logit only.
    temperature = max(1e-20, positive("temperature", temperature))
    WhyT, by = params.Why.T.copy() / temperature, params.by / temperature
    # |h| is at most 1, so no logit is larger than these sums.
    bound = np.abs(WhyT).sum(0) + np.abs(by)
    check_finite(params=params.theta, h=h, logits=bound)
    # Below this exp stays in the range of the dtype, and so does a sum over V.
    far = bound.max() > np.log(np.finfo(h.dtype).max) / 1.25

    from_input, WhhT = params.Wxh.T.copy() + params.bh, params.Whh.T.copy()
    ids = np.empty((n, *h.shape[:-1]), int)
    for t, u in enumerate(rng.random(ids.shape)):
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
