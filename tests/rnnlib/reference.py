"""What the core is tested against. Nothing in this file imports rnnlib.

First a slow, obvious RNN: weights are a dictionary, every step is an entry of a
dictionary with the key t, and h[-1] is the state that comes in. Then three more oracles
of the gradient, points to try them at, and what an error message has to say.
"""

import math
import re
import sys
from contextlib import contextmanager

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

NAMES = ("Wxh", "Whh", "Why", "bh", "by")


def softmax(y):
    """The probabilities of one list of logits."""
    e = [math.exp(value - max(y)) for value in y]
    return [value / math.fsum(e) for value in e]


def cross_entropy(y, target):
    """The loss of one step in nats, from its logits."""
    log_sum = max(y) + math.log(math.fsum(math.exp(value - max(y)) for value in y))
    return log_sum - y[target]


def one_hot(k, V):
    """The vector of symbol k."""
    return np.array([1.0 if i == k else 0.0 for i in range(V)])


def forward(weights, inputs, h_init):
    """States h[t] and logits y[t] of one stream, as dictionaries."""
    Wxh, Whh, Why, bh, by = (weights[name] for name in NAMES)
    h, y = {-1: h_init}, {}
    for t, k in enumerate(inputs):
        x = one_hot(k, len(by))
        h[t] = np.tanh(Wxh @ x + Whh @ h[t - 1] + bh)
        y[t] = Why @ h[t] + by
    return h, y


def loss_and_grad(weights, inputs, targets, h_init):
    """The loss of one stream, its gradient (and that of h_init), the newest state."""
    Whh, Why, V = weights["Whh"], weights["Why"], len(weights["by"])
    h, y = forward(weights, inputs, h_init)
    loss = math.fsum(cross_entropy(list(y[t]), k) for t, k in enumerate(targets))
    grads = {name: np.zeros_like(block) for name, block in weights.items()}
    da_next = np.zeros_like(h_init)
    for t in reversed(range(len(inputs))):
        dy = np.array(softmax(list(y[t]))) - one_hot(targets[t], V)
        da = (1 - h[t] * h[t]) * (Why.T @ dy + Whh.T @ da_next)
        grads["Wxh"] += np.outer(da, one_hot(inputs[t], V))
        grads["Whh"] += np.outer(da, h[t - 1])
        grads["Why"] += np.outer(dy, h[t])
        grads["bh"] += da
        grads["by"] += dy
        da_next = da
    grads["h_init"] = Whh.T @ da_next
    return loss, grads, h[len(inputs) - 1]


def batch_loss_and_grad(weights, inputs, targets, h_init):
    """The same for (T, B): the mean over the streams, each run on its own."""
    B = np.shape(inputs)[1]
    runs = [
        loss_and_grad(weights, np.array(inputs)[:, b], np.array(targets)[:, b], h)
        for b, h in enumerate(h_init)
    ]
    grads = {name: sum(run[1][name] for run in runs) / B for name in NAMES}
    grads["h_init"] = np.array([run[1]["h_init"] for run in runs]) / B
    return sum(run[0] for run in runs) / B, grads, np.array([run[2] for run in runs])


def chunks(ids, T, B=1):
    """One epoch: a list of (inputs, targets, fresh), lists (T,) or (T, B)."""
    stream = (len(ids) - 1) // (T * B) * T
    epoch = []
    for start in range(0, stream, T):
        at = [[b * stream + start + t for b in range(B)] for t in range(T)]
        inputs = [[ids[i] for i in row] for row in at]
        targets = [[ids[i + 1] for i in row] for row in at]
        if B == 1:
            inputs, targets = [row[0] for row in inputs], [row[0] for row in targets]
        epoch.append((inputs, targets, start == 0))
    return epoch


class Training:
    """The training loop: clip each entry, Adagrad, smooth the loss."""

    def __init__(self, weights, ids, T, B=1, lr=0.1, eps=1e-8, clip=5.0):
        self.weights = {name: weights[name].copy() for name in NAMES}
        self.memory = {name: np.zeros_like(weights[name]) for name in NAMES}
        self.lr, self.eps, self.clip = lr, eps, clip
        self.epoch, self.n = chunks(ids, T, B), 0
        self.smooth_loss = T * math.log(len(weights["by"]))
        shape = weights["bh"].shape if B == 1 else (B, *weights["bh"].shape)
        self.h = self.zeros = np.zeros(shape)
        self.loss_and_grad = loss_and_grad if B == 1 else batch_loss_and_grad

    def chunk(self):
        """The next (inputs, targets, fresh), and the state that comes in."""
        inputs, targets, fresh = self.epoch[self.n % len(self.epoch)]
        return inputs, targets, fresh, self.zeros if fresh else self.h

    def step(self):
        """One update; the raw gradient comes back with the loss and fresh."""
        inputs, targets, fresh, h = self.chunk()
        loss, grads, self.h = self.loss_and_grad(self.weights, inputs, targets, h)
        for name in NAMES:
            g = np.minimum(np.maximum(grads[name], -self.clip), self.clip)
            self.memory[name] = self.memory[name] + g**2
            size = self.lr / np.sqrt(self.memory[name] + self.eps)
            self.weights[name] = self.weights[name] - size * g
        self.smooth_loss = self.smooth_loss * 0.999 + loss * 0.001
        self.n += 1
        return loss, grads, fresh


def evaluate(weights, ids):
    """Mean loss in nats a character over one text, the state carried."""
    _, y = forward(weights, ids[:-1], np.zeros_like(weights["bh"]))
    steps = [cross_entropy(list(y[t]), k) for t, k in enumerate(ids[1:])]
    return math.fsum(steps) / len(steps)


def draw(p, u):
    """The first index whose cumulative sum exceeds u."""
    for k in range(len(p)):
        if math.fsum(p[: k + 1]) > u:
            return k


def sample(weights, h, seed, us, temperature=1.0):
    """One text: draw from each step's probabilities, feed the character back."""
    ids = []
    for u in us:
        states, y = forward(weights, [seed], h)
        h, seed = states[0], draw(softmax(list(y[0] / temperature)), u)
        ids.append(seed)
    return ids


# Three more oracles.


def autograd_gradient(weights, inputs, targets, h_init):
    """The gradient of one stream's loss by HIPS autograd, h_init included."""

    def loss(point):
        h, total = point["h_init"], 0.0
        for k, target in zip(inputs, targets):
            a = point["Wxh"][:, k] + anp.dot(point["Whh"], h) + point["bh"]
            h = anp.tanh(a)
            y = anp.dot(point["Why"], h) + point["by"]
            total = total + anp.log(anp.sum(anp.exp(y))) - y[target]
        return total

    return autograd.grad(loss)({**weights, "h_init": h_init})


def complex_step(f, theta):
    """The gradient of an analytic function of a vector, without a subtraction."""
    grad = []
    for i in range(len(theta)):
        moved = theta.astype(complex)
        moved[i] += 1e-30j
        grad.append(f(moved).imag / 1e-30)
    return np.array(grad)


def central_differences(f, theta, eps=1e-5):
    """The gradient of a function of a vector, to about ten digits."""
    grad = []
    for i in range(len(theta)):
        up, down = theta.copy(), theta.copy()
        up[i] += eps
        down[i] -= eps
        grad.append((f(up) - f(down)) / (2 * eps))
    return np.array(grad)


# Points where mistakes show: weights about 0.5, nothing zero, nothing symmetric.


def generic_weights(H, V, seed=0, scale=0.5):
    """Weights N(0, scale²), the biases too."""
    rng = np.random.default_rng(seed)
    shapes = {"Wxh": (H, V), "Whh": (H, H), "Why": (V, H), "bh": (H,), "by": (V,)}
    return {name: scale * rng.standard_normal(shapes[name]) for name in NAMES}


def generic_point(H=5, V=7, T=6, B=None, seed=0, scale=0.5):
    """(weights, inputs, targets, h_init); B=None: without the axis of streams."""
    rng = np.random.default_rng(seed + 1)
    streams = () if B is None else (B,)
    inputs = rng.integers(V, size=(T, *streams))
    targets = (inputs + rng.integers(1, V, size=inputs.shape)) % V if V > 1 else inputs
    if (H, V, T, B) == (5, 7, 6, None):  # repeats 1 and 3, never shows 0 and 6
        inputs, targets = np.array([3, 1, 4, 1, 5, 3]), np.array([1, 4, 1, 5, 3, 2])
    h_init = 0.5 * rng.standard_normal((*streams, H))
    return generic_weights(H, V, seed, scale), inputs, targets, h_init


POINTS = {
    "generic": {},
    "T=1": {"T": 1},
    "V=1": {"V": 1},
    "H=1": {"H": 1},
    "square": {"H": 4, "V": 4},
    "B=3": {"B": 3},
    "B=1": {"B": 1},
    "B=3, T=1": {"B": 3, "T": 1},
}


def flat(blocks):
    """All weights as one vector, in the order of rnnlib's theta."""
    return np.concatenate([np.ravel(blocks[name]) for name in NAMES])


def off_by(a, b):
    """The largest difference, as a part of the largest entry of b."""
    largest = np.abs(b).max()
    return np.abs(np.subtract(a, b)).max() / (largest if largest > 1e-15 else 1)


def off_by_norm(a, b):
    """The norm of the difference, as a part of the norm of b."""
    norm = np.linalg.norm(b)
    return np.linalg.norm(np.subtract(a, b)) / (norm if norm > 1e-15 else 1)


@contextmanager
def rejects(name, expected="", got=""):
    """A ValueError has to come: the argument's name, what was expected, what came."""
    with pytest.raises(ValueError) as caught:
        yield
    message = str(caught.value)
    head, _, rest = message.partition(": expected ")
    before, _, after = rest.partition(", got ")
    assert re.search(rf"\b{name}\b", head) and before and after, message
    assert str(expected) in before and after.startswith(str(got)), message


class Interrupt:
    """A KeyboardInterrupt at the k-th line of either package that runs in the block.

    It ends the block and nothing else; afterwards `came` says whether it came.
    """

    def __init__(self, at):
        self.lines_left, self.came = at, False

    def __enter__(self):
        self.before = sys.gettrace()
        sys.settrace(self.trace)
        return self

    def trace(self, frame, event, arg):
        package = frame.f_globals.get("__name__", "").partition(".")[0]
        if package not in ("rnnlib", "rnncourse"):
            return None
        self.lines_left -= event == "line"
        if self.lines_left == 0:
            self.came = True
            raise KeyboardInterrupt
        return self.trace

    def __exit__(self, kind, error, traceback):
        sys.settrace(self.before)
        return kind is KeyboardInterrupt
