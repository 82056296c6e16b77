"""Gradient checking (notebook 05)."""

from collections import namedtuple

import numpy as np

from rnnlib.bptt import backward
from rnnlib.checks import check, function_at, positive, theta_of
from rnnlib.forward import forward
from rnnlib.loss import cross_entropy


def numerical_gradient(f, theta, eps=1e-5):
    """Central differences: (f(θ + ε uᵢ) - f(θ - ε uᵢ)) / 2ε for every entry i.

    f: from an array like theta to a number. theta: any shape, real; not changed.
    Truncation costs ε², rounding 1/ε; the default is near the best in float64.
    """
    theta, eps = function_at(f, theta), positive("eps", eps)
    grad = np.empty(theta.shape)
    for i in np.ndindex(grad.shape):
        step = np.zeros(grad.shape)
        step[i] = eps
        grad[i] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return grad


def complex_step_gradient(f, theta):
    """Im f(θ + iε uᵢ) / ε with ε = 1e-20: nothing is subtracted, so nothing cancels.

    f must be analytic and accept a complex array: no abs, conj or norm on the way.
    ValueError when f returns a real number. Sources: J. N. Lyness, C. B. Moler,
    1967; W. Squire, G. Trapp, 1998.
    """
    theta = function_at(f, theta)
    grad = np.empty(theta.shape)
    for i in np.ndindex(grad.shape):
        step = np.zeros(grad.shape, complex)
        step[i] = 1e-20j
        value = f(theta + step)
        check(np.iscomplexobj(value), "f", "a complex number for complex theta", value)
        grad[i] = value.imag / 1e-20
    return grad


def relative_error(a, b):
    """‖a - b‖ / max(‖a‖, ‖b‖, 1e-12): 0 for equal arrays, at most 2, never 0/0.

    Norms beyond the range of the dtype (in float64, entries of 1e154) overflow.
    """
    check(np.shape(a) == np.shape(b), "shape of b, and of a", np.shape(a), np.shape(b))
    norm = np.linalg.norm
    return float(norm(a - np.multiply(b, 1.0)) / max(norm(a), norm(b), 1e-12))


class Row(namedtuple("Row", "name error worst analytic numerical passed")):
    """One block of a report: its relative error; its worst entry and both values."""


class Report(list):
    """The rows that `check_gradients` found; prints as a table."""

    @property
    def passed(self):
        """True when every block passed."""
        return all(row.passed for row in self)

    def __repr__(self):
        table = "block    error  worst entry      backward  numerical  verdict"
        for name, error, worst, a, b, passed in self:
            entry, verdict = f"{name}{list(worst)}", "ok" if passed else "WRONG"
            table += f"\n{name:7}{error:7.0e}  {entry:14}{a:11.3g}{b:11.3g}  {verdict}"
        return table


def check_gradients(params, inputs, targets, h_init=None, backward=backward):
    """Hold a backward pass against the complex step: a Report, a row for each block.

    The first four arguments are those of `loss_and_grad`, real numbers; the work is
    done in float64.
    backward: the backward pass on trial, called as `rnnlib.backward` is.
    A block passes when its relative error, by norm, is at most 1e-9.
    Every entry costs a forward pass: use a small network.
    """
    check(callable(backward), "backward", "a function", type(backward).__name__)
    theta = theta_of("params", params).astype(float)
    params = params.with_theta(theta)
    states = forward(params, inputs, h_init)
    size, shape = params.theta.size, states.h[0].shape

    def loss(z):
        trial = forward(params.with_theta(z[:size]), inputs, z[size:].reshape(shape))
        return cross_entropy(trial.y, targets)

    exact = complex_step_gradient(loss, np.append(params.theta, states.h_prev[0]))
    grads, dh_init = backward(params, inputs, targets, states)

    def row(name, a, b):
        error, worst = relative_error(b, a), np.abs(a - b).argmax()
        at = tuple(map(int, np.unravel_index(worst, b.shape)))
        return Row(name, error, at, a[at], b[at], error <= 1e-9)

    true = params.with_theta(exact[:size])
    rows = [row(name, getattr(grads, name), block) for name, block in true.items()]
    return Report([*rows, row("h_init", dh_init, exact[size:].reshape(shape))])
