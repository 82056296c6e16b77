"""Layers of one kind, each fed by the one below, and the way back (notebook 12)."""

from collections import namedtuple

import numpy as np

from rnnlib.checks import as_array, attempt, check, check_finite, check_ids
from rnnlib.gates import gru, gru_back, lstm, lstm_back, room_for
from rnnlib.loss import loss_and_dy
from rnnlib.text import one_hot


def tanh(a, Wh, start, bend=np.tanh):
    """hₜ = tanh(aₜ + Wh hₜ₋₁): G = H. What is taken and returned: as in `gates`."""
    states, WhT = room_for(a, start), Wh.T.copy()
    for t in range(len(a)):
        states[t + 1, 0] = bend(a[t] + states[t, 0] @ WhT)
    return states, 1 - states[1:, 0] ** 2


def relu(a, Wh, start):
    """hₜ = max(0, aₜ + Wh hₜ₋₁); its slope is 1 where h is above 0, 0 elsewhere."""
    states, _ = tanh(a, Wh, start, lambda z: z * (z.real > 0))
    return states, states[1:, 0].real > 0


def tanh_back(dh, states, slope, Wh):
    """daₜ = slopeₜ ⊙ (dhₜ + Whᵀ daₜ₊₁), for relu too."""
    da, later = np.empty_like(dh), 0
    for t in reversed(range(len(dh))):
        da[t] = slope[t] * (dh[t] + later)
        later = da[t] @ Wh
    return da, da


# How many times H rows Wh has, how many vectors the state holds, forward, backward.
Kind = namedtuple("Kind", "gates parts run back")
KINDS = {"tanh": Kind(1, 1, tanh, tanh_back), "relu": Kind(1, 1, relu, tanh_back)}
KINDS |= {"lstm": Kind(4, 2, lstm, lstm_back), "gru": Kind(3, 1, gru, gru_back)}


def forward(net, inputs, start=None):
    """Run all layers over a chunk: (y, kept, last).

    net: a Stack. inputs: indices, (T,) or (T, B). start: a state for each layer,
    (S, H) or (S, B, H), as in `last`, which holds those after the last step; None:
    zeros. y: logits, (T, V) or (T, B, V). kept: for each layer its input, its states
    and what else its way back needs.
    ValueError: bad inputs, a state of another shape, NaN.
    """
    x, kept = check_ids("inputs", inputs, net.V, least=1), []
    check(x.ndim in (1, 2), "shape of inputs", "(T,) or (T, B)", x.shape)
    check_finite(theta=net.theta)
    parts, run = KINDS[net.kind].parts, KINDS[net.kind].run
    shape = (parts, *x.shape[1:], net.H)
    start = [np.zeros(shape)] * net.depth if start is None else start
    check(len(start) == net.depth, "start", f"{net.depth} states", len(start))
    for n, (Wx, Wh, b) in enumerate(net.layers()):
        a = (x @ Wx.T.copy() if n else Wx.T[x]) + b
        states, more = run(a, Wh, as_array("start", start[n], shape, finite=True))
        kept.append((x, states, more))
        x = states[1:, 0]
    y = x @ net.blocks["Why"].T.copy() + net.blocks["by"]
    return y, kept, [states[-1] for _, states, _ in kept]


def loss_and_grad(net, inputs, targets, start=None):
    """Forward and backward over one chunk: (loss, grads, last).

    targets: (n,) or (n, B), those of the last n steps; the steps before have none.
    loss: nats, summed over these steps, mean over B. grads: a Stack, never clipped.
    """
    y, kept, last = forward(net, inputs, start)
    n = len(attempt("targets", "an array", np.atleast_1d, targets))
    targets = check_ids("targets", targets, net.V, (n, *y.shape[1:-1]), least=1)
    check(n <= len(y), "targets", f"at most {len(y)} steps", n)
    loss, dy = loss_and_dy(y[-n:], targets)
    grads, (_, states, _) = net.with_theta(np.empty_like(net.theta)), kept[-1]
    dh = np.zeros_like(states[1:, 0])
    dh[-n:] = (dy @ net.blocks["Why"]).reshape(dh[-n:].shape)
    grads.blocks["Why"][:] = dy.T @ rows(states[-n:, 0])
    grads.blocks["by"][:] = dy.sum(0)
    both = zip(net.layers(), grads.layers(), kept)
    for (Wx, Wh, _), (dWx, dWh, db), (x, states, more) in reversed([*both]):
        da, da_h = KINDS[net.kind].back(dh, states, more, Wh)
        x = one_hot(x, net.V, da.dtype) if x.dtype.kind in "iu" else x
        dWx[:], db[:] = rows(da).T @ rows(x), rows(da).sum(0)
        dWh[:] = rows(da_h).T @ rows(states[:-1, 0])
        dh = da @ Wx  # dxₜ = Wxᵀ daₜ: x is the state of the layer below
    return loss, grads, last


def rows(block):
    """A row for each character, in whatever step and stream it stands."""
    return block.reshape(-1, block.shape[-1])
