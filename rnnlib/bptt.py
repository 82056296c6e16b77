"""Backpropagation through time (notebook 04)."""

import numpy as np

from rnnlib.checks import as_array, attempt, check_finite, fitting, ids_for
from rnnlib.forward import States, forward
from rnnlib.loss import loss_and_dy


def backward(params, inputs, targets, states, out=None, dh_next=0):
    """The gradient of the loss: (grads, dh_init), grads a Params, never clipped.

        dyₜ = pₜ - e_target     dhₜ = Whyᵀ dyₜ + Whhᵀ daₜ₊₁     daₜ = (1 - hₜ²) ⊙ dhₜ
        dWhy = Σ dyₜ hₜᵀ    dWhh = Σ daₜ hₜ₋₁ᵀ    dWxh = Σ daₜ xₜᵀ
        dby = Σ dyₜ         dbh = Σ daₜ           dh₋₁ = Whhᵀ da₀

    inputs, targets: (T,) or (T, B). states: what `forward` returned for these inputs.
    dh_init: the gradient of the incoming state, (H,) or (B, H).
    out: a Params that the gradient is written into, instead of a new one.
    dh_next: the gradient that later steps send to the last state, (H,) or (B, H): the
    dh_init of the chunk that follows. 0: nothing, the gradient is cut here.
    ValueError: an argument whose shape does not fit the others, a bad index, NaN.
    """
    inputs = ids_for(params, "inputs", inputs)
    arrays = attempt("states", "what forward returned", States._asdict, states)
    for (name, array), width in zip(arrays.items(), (params.H, params.H, params.V)):
        as_array(f"states.{name}", array, (*inputs.shape, width))
    check_finite(params=params.theta, **arrays)
    dh_next = fitting("dh_next", dh_next, states.h[-1])
    _, dy = loss_and_dy(states.y, ids_for(params, "targets", targets, inputs.shape))
    grads, da_0 = chain_rule(params, inputs, states, dy, out, dh_next)
    return grads, da_0.dot(params.Whh)


def loss_and_grad(params, inputs, targets, h_init=None, out=None):
    """Forward and backward over one chunk: (loss, grads, h_last).

    The arguments are those of `forward` and `backward`. loss: nats, summed over t,
    mean over B. h_last: the newest state, (H,) or (B, H).
    """
    states = forward(params, inputs, h_init)
    targets = ids_for(params, "targets", targets, states.y.shape[:-1])
    loss, dy = loss_and_dy(states.y, targets)
    grads, _ = chain_rule(params, np.asarray(inputs), states, dy, out)
    return loss, grads, states.h[-1]


def chain_rule(params, inputs, states, dy, out, dh_next=0):
    """The lines of `backward` from dy on, for arguments that have been checked."""
    slope = 1 - states.h * states.h
    da = dy.dot(params.Why).reshape(slope.shape)  # of dhₜ, what waits for nothing
    da[-1] += dh_next  # of steps after this chunk
    da_next = da[-1] = slope[-1] * da[-1]  # no other step comes after
    for da_t, slope_t in zip(da[-2::-1], slope[-2::-1]):
        da_t += da_next.dot(params.Whh)
        da_t *= slope_t
        da_next = da_t

    grads = out or params.with_theta(np.empty_like(params.theta, da.dtype))
    x = np.zeros(dy.shape, dy.dtype)
    x[np.arange(len(x)), inputs.ravel()] = 1  # one-hot
    da = da.reshape(-1, params.H)  # for B > 1: a row for each character
    np.dot(dy.T, states.h.reshape(da.shape), out=grads.Why)
    np.dot(da.T, states.h_prev.reshape(da.shape), out=grads.Whh)
    np.dot(da.T, x, out=grads.Wxh)
    dy.sum(0, out=grads.by)
    da.sum(0, out=grads.bh)
    return grads, da_next
