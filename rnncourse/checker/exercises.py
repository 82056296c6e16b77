"""The eighteen exercises as data: what each takes, what it returns, how it is tried.

An exercise has a plain, correct version (`truth`), the shapes of its arguments and
results in the symbols of the course, and cases: arguments on which mistakes show.
"""

import copy
import inspect
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Case(NamedTuple):
    """One trial: what is special about it, in words, and the arguments by name."""

    about: str
    args: dict

    def fresh(self):
        """Copies of the arguments, so that no call can spoil the next one's."""
        return copy.deepcopy(self.args)


@dataclass(frozen=True)
class Exercise:
    """What `check` needs to know about one function.

    notebook: the number of the one that asks for it, "03".
    truth: a correct version, with the exercise's name and signature.
    arguments, results: name and shape in symbols, "" for a number or for any shape.
    form: what comes back: "array", "number", "index", "tuple", "dict", "pairs" (a list
    of inputs and targets), "list", or "in place": then the results are arguments.
    tol: how far a right result may be off, as a part of its largest entry.
    """

    notebook: str
    truth: object
    form: str
    arguments: dict
    results: dict
    cases: list
    tol: float = 1e-9

    @property
    def name(self):
        return self.truth.__name__

    @property
    def signature(self):
        """As it stands in the stub: "one_hot(k, V)"."""
        return self.name + str(inspect.signature(self.truth))

    def sizes(self, args):
        """The numbers behind the symbols: {"T": 6, "H": 4} for these arguments."""
        sizes = {name: args[name] for name in "TV" if name in args}
        for name, symbols in self.arguments.items():
            shape = np.shape(args[name]) if symbols else ()
            sizes.update(zip(reversed(symbols.split(", ")), reversed(shape)))
        return sizes


class Probe:
    """A function of theta that remembers the points where it was called."""

    def __init__(self, f):
        self.f, self.points = f, []

    def __call__(self, theta):
        self.points.append(np.array(theta))
        return self.f(self.points[-1])

    def __deepcopy__(self, memo):
        return Probe(self.f)


# The truth, in the order of the notebooks.


def one_hot(k, V):
    x = np.zeros(V)
    x[k] = 1
    return x


def make_chunks(ids, T):
    starts = range(0, len(ids) - T, T)
    return [(ids[s : s + T], ids[s + 1 : s + T + 1]) for s in starts]


def rnn_step(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + Whh @ h_prev + bh)


def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
    h, state = [], h_init
    for k in inputs:
        state = np.tanh(Wxh[:, k] + Whh @ state + bh)
        h.append(state)
    return np.array(h), np.array(h) @ Why.T + by


def softmax(y):
    p = np.exp(y - np.max(y, axis=-1, keepdims=True))
    return p / p.sum(axis=-1, keepdims=True)


def nll(p, targets):
    return -np.log(p[np.arange(len(targets)), targets]).sum()


def grad_y(p, targets):
    dy = p.copy()
    dy[np.arange(len(targets)), targets] -= 1
    return dy


def grad_Why_by(dy, h):
    return dy.T @ h, dy.sum(axis=0)


def grad_h(dy_t, da_next, Why, Whh):
    return Why.T @ dy_t + Whh.T @ da_next


def grad_a(dh_t, h_t):
    return (1 - h_t * h_t) * dh_t


def grad_Wxh_Whh_bh(da, h_prev, inputs, V):
    return da.T @ np.eye(V)[inputs], da.T @ h_prev, da.sum(axis=0)


def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
    dy = grad_y(p, targets)
    da, da_next = np.zeros_like(h), np.zeros(len(Whh))
    for t in reversed(range(len(inputs))):
        da_next = da[t] = grad_a(grad_h(dy[t], da_next, Why, Whh), h[t])
    dWhy, dby = grad_Why_by(dy, h)
    dWxh, dWhh, dbh = grad_Wxh_Whh_bh(da, h_prev, inputs, Wxh.shape[1])
    return {"dWxh": dWxh, "dWhh": dWhh, "dWhy": dWhy, "dbh": dbh, "dby": dby}


def numerical_gradient(f, theta):
    grad = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[i] = 1e-5
        grad[i] = (f(theta + step) - f(theta - step)) / 2e-5
    return grad


def relative_error(a, b):
    norm = np.linalg.norm
    return norm(a - b) / max(norm(a), norm(b), 1e-12)


def clip(grad, limit):
    np.clip(grad, -limit, limit, out=grad)


def adagrad(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / np.sqrt(memory + 1e-8)


def draw(p, u):
    return np.argmax(np.cumsum(p) > u)


def smooth(losses, start, beta=0.999):
    values = []
    for loss in losses:
        start = beta * start + (1 - beta) * loss
        values.append(start)
    return values


# Arguments on which mistakes show: weights about 0.6, nothing zero, nothing symmetric,
# H, T and V different, characters that repeat and characters that never come. Special
# cases (T = 1, a zero state, H = V, extreme values) stand beside them.


def network(about, inputs, targets, H, V, seed, scale=0.6, rest=1):
    """A label, and all that a forward and a backward pass meet, by name."""
    rng = np.random.default_rng(seed)

    def numbers(*shape):
        return np.round(scale * rng.standard_normal(shape), 2)

    inputs, targets = np.array(inputs), np.array(targets)
    weights = {"Wxh": numbers(H, V), "Whh": numbers(H, H), "Why": numbers(V, H)}
    biases = {"bh": numbers(H), "by": numbers(V)}
    h_init = rest * numbers(H)
    h, y = rnn_forward(inputs, h_init, **weights, **biases)
    p = softmax(y)
    values = {"inputs": inputs, "targets": targets, "V": V, "h_init": h_init}
    values |= {"h": h, "h_prev": np.vstack([h_init, h[:-1]]), "p": p}
    values |= {"dy": grad_y(p, targets), "da": numbers(*h.shape)}
    values |= {"dy_t": values["dy"][0], "da_next": numbers(H)}
    return about, weights | biases | values | {"dh_t": numbers(H), "h_t": h[0]}


GENERAL = network(
    "T = 6, H = 4, V = 9", [3, 1, 7, 1, 5, 3], [1, 7, 1, 5, 3, 2], H=4, V=9, seed=1
)
SINGLE = network("T = 1", [2], [4], H=3, V=5, seed=2)
SQUARE = network(
    "T = 5, H = 3, V = 3", [1, 0, 1, 2, 2], [0, 1, 2, 0, 1], H=3, V=3, seed=3
)
RESTED = network("h_init = 0", [0, 2, 2], [2, 1, 0], H=2, V=4, seed=4, rest=0)
STEEP = network("large gradients", [0, 1, 3] * 5, [2] * 15, H=4, V=5, seed=5, scale=2)
NETWORKS = [GENERAL, SINGLE, SQUARE, RESTED, STEEP]


def taken_from(networks, function):
    """Cases in which `function` gets what its parameters name."""
    names = inspect.signature(function).parameters
    return [
        Case(about, {name: all_[name] for name in names}) for about, all_ in networks
    ]


def step_case(about, values):
    """The step of a network with the largest input index, as `rnn_step` takes it."""
    t = values["inputs"].argmax()
    args = {
        "x": np.eye(values["V"])[values["inputs"][t]],
        "h_prev": values["h_prev"][t],
    }
    return Case(about, args | {name: values[name] for name in ("Wxh", "Whh", "bh")})


def logits_case(about, y):
    return Case(about, {"y": np.array(y, dtype=float)})


def curved(theta):
    """A function with second derivatives of about 1000 and first ones of about 10."""
    z = theta.reshape(-1)
    away = z - 0.01 * np.cos(3.0 * np.arange(z.size))
    tied = (away[1:] * away[:-1]).sum()
    return 500 * (away**2).sum() + 300 * tied + 2 * np.sin(z).sum()


def slope_case(about, theta):
    return Case(about, {"f": Probe(curved), "theta": np.array(theta)})


def error_case(about, a, b):
    return Case(about, {"a": np.array(a, dtype=float), "b": np.array(b, dtype=float)})


def clip_case(about, grad, limit):
    return Case(about, {"grad": np.array(grad), "limit": limit})


def adagrad_case(about, param, grad, memory, lr):
    arrays = {"param": param, "grad": grad, "memory": memory}
    return Case(about, {k: np.array(v) for k, v in arrays.items()} | {"lr": lr})


def draw_case(p, u):
    return Case(f"p = {p}, u = {u}", {"p": np.array(p), "u": u})


PI = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3])
LONG = np.tile([0.01, 0.4, 0.59], (200, 1))  # a product of 200 such p is 0
RARE = np.array([[1e-10, 0.7, 0.3 - 1e-10]])
MATRIX = [[0.3, -7.5, 5.5], [2.0, -0.1, -9.0]]
LOSSES = [4.2, 3.9, 4.4, 3.1, 2.8]
WEIGHTS = {"Wxh": "H, V", "Whh": "H, H", "Why": "V, H", "bh": "H", "by": "V"}


def shapes(function, **more):
    """Symbols of the shapes of the parameters that `function` has."""
    known = WEIGHTS | {"inputs": "T", "targets": "T", "h_init": "H", "p": "T, V"}
    known |= {"h": "T, H", "h_prev": "T, H", "da": "T, H", "dy": "T, V"}
    known |= {"dy_t": "V", "da_next": "H", "dh_t": "H", "h_t": "H"} | more
    return {
        name: known.get(name, "") for name in inspect.signature(function).parameters
    }


LIST = [
    Exercise(
        "01",
        one_hot,
        "array",
        shapes(one_hot),
        {"x": "V"},
        [
            Case(f"k = {k}, V = {V}", {"k": k, "V": V})
            for k, V in [(2, 5), (0, 4), (6, 7), (0, 1)]
        ],
    ),
    Exercise(
        "01",
        make_chunks,
        "pairs",
        shapes(make_chunks, ids="n"),
        {"inputs": "T", "targets": "T"},
        [
            Case(f"{n} characters, T = {T}", {"ids": PI[:n], "T": T})
            for n, T in [(15, 4), (13, 4), (12, 3), (4, 3), (4, 1)]
        ],
    ),
    Exercise(
        "02",
        rnn_step,
        "array",
        shapes(rnn_step, x="V", h_prev="H"),
        {"h": "H"},
        [step_case(*network) for network in (GENERAL, SINGLE, SQUARE, RESTED)],
    ),
    Exercise(
        "02",
        rnn_forward,
        "tuple",
        shapes(rnn_forward),
        {"h": "T, H", "y": "T, V"},
        taken_from(NETWORKS, rnn_forward),
    ),
    Exercise(
        "03",
        softmax,
        "array",
        shapes(softmax, y="T, V"),
        {"p": "T, V"},
        [
            logits_case("y of shape (2, 3)", [[0.5, -1.2, 2.0], [1.5, 0.3, -0.7]]),
            logits_case("y of shape (4,)", [1.1, -0.4, 0.2, 2.3]),
            logits_case("T = 3, V = 3", [[1, 2, 4], [0, -1, 3], [2, 2.5, -2]]),
            logits_case("T = 1", [[0.3, 1.7, -0.6, 0.1]]),
            logits_case("logits of 1000", [1000, 999, 0, -1000]),
            logits_case("logits of -1000", [-1000, -1001]),
            logits_case(
                "rows at 1000 and -1000", [[1000, 998, 1], [-999, -1000, -998]]
            ),
        ],
    ),
    Exercise(
        "03",
        nll,
        "number",
        shapes(nll),
        {"loss": ""},
        [
            *taken_from([GENERAL, SINGLE, SQUARE], nll),
            Case("T = 200", {"p": LONG, "targets": np.zeros(200, int)}),
            Case("a probability of 1e-10", {"p": RARE, "targets": np.array([0])}),
        ],
    ),
    Exercise(
        "03",
        grad_y,
        "array",
        shapes(grad_y),
        {"dy": "T, V"},
        taken_from(NETWORKS, grad_y),
    ),
    Exercise(
        "04",
        grad_Why_by,
        "tuple",
        shapes(grad_Why_by),
        {"dWhy": "V, H", "dby": "V"},
        taken_from(NETWORKS, grad_Why_by),
    ),
    Exercise(
        "04",
        grad_h,
        "array",
        shapes(grad_h),
        {"dh_t": "H"},
        taken_from([GENERAL, SINGLE, SQUARE], grad_h),
    ),
    Exercise(
        "04",
        grad_a,
        "array",
        shapes(grad_a),
        {"da_t": "H"},
        taken_from([GENERAL, SINGLE, SQUARE], grad_a),
    ),
    Exercise(
        "04",
        grad_Wxh_Whh_bh,
        "tuple",
        shapes(grad_Wxh_Whh_bh),
        {"dWxh": "H, V", "dWhh": "H, H", "dbh": "H"},
        taken_from(NETWORKS, grad_Wxh_Whh_bh),
    ),
    Exercise(
        "04",
        rnn_backward,
        "dict",
        shapes(rnn_backward),
        {"d" + name: WEIGHTS[name] for name in ("by", "Why", "bh", "Whh", "Wxh")},
        taken_from(NETWORKS, rnn_backward),
    ),
    Exercise(
        "05",
        numerical_gradient,
        "array",
        shapes(numerical_gradient),
        {"grad": ""},
        [
            slope_case("theta of shape (4,)", [0.02, -0.01, 0.03, 0.005]),
            slope_case(
                "theta of shape (2, 3)", [[0.01, 0.03, -0.02], [0.0, 0.02, 0.04]]
            ),
            slope_case("theta of shape (2, 2)", [[-0.03, 0.01], [0.02, 0.03]]),
            slope_case("theta of shape (1,)", [0.03]),
        ],
        tol=1e-7,
    ),
    Exercise(
        "05",
        relative_error,
        "number",
        shapes(relative_error),
        {"error": ""},
        [
            error_case("two vectors", [1.0, -2.0, 3.0], [1.1, -1.7, 3.4]),
            error_case("the first vector larger", [3.0, -4.0, 1.0], [0.5, 0.2, -0.3]),
            error_case("two matrices", [[1, -2], [0.5, 4]], [[1.5, -1], [0.7, 3]]),
            error_case("a = -b", [1.0, -2.0], [-1.0, 2.0]),
            error_case("a = b", [0.3, -0.7], [0.3, -0.7]),
            error_case("a = b = 0", [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
            error_case("b = 0", [0.2, -0.5], [0.0, 0.0]),
            error_case("a and b nearly equal", [1.0, 2.0], [1.0, 2.0 + 2**-43]),
            error_case("a of 1e-13, b = 0", [1e-13, -2e-13], [0.0, 0.0]),
            error_case("a of 1.5e-12, b = 0", [1.5e-12], [0.0]),
        ],
    ),
    Exercise(
        "06",
        clip,
        "in place",
        shapes(clip),
        {"grad": ""},
        [
            clip_case("limit = 5", MATRIX, 5.0),
            clip_case("limit = 1.5", [4.0, -0.2, -3.0, 1.5, 0.7], 1.5),
            clip_case("nothing to clip", [0.1, -0.2, 0.3], 1.0),
            clip_case("limit = 0.5, all negative", [-2.0, -0.6, -0.4], 0.5),
        ],
    ),
    Exercise(
        "06",
        adagrad,
        "in place",
        shapes(adagrad),
        {"memory": "", "param": ""},
        [
            adagrad_case(
                "a memory from earlier steps",
                [[0.5, -1.0, 0.2], [0.7, 0.1, -0.3]],
                [[0.4, -2.0, 0.9], [-1.5, 0.3, 3.0]],
                [[1.0, 0.5, 0.09], [2.5, 0.01, 4.0]],
                0.1,
            ),
            adagrad_case(
                "a memory of zeros", [0.3, -0.4, 0.8], [0.5, -3.0, 0.2], [0.0] * 3, 0.05
            ),
            adagrad_case(
                "gradients of 1e-4 and 0", [0.2, 0.1], [1e-4, 0.0], [0.0, 0.0], 0.5
            ),
        ],
    ),
    Exercise(
        "06",
        draw,
        "index",
        shapes(draw) | {"p": ""},
        {"k": ""},
        [
            draw_case(*case)
            for case in [
                ([0.1, 0.6, 0.05, 0.25], 0.9),
                ([0.1, 0.6, 0.05, 0.25], 0.05),
                ([0.1, 0.6, 0.05, 0.25], 0.72),
                ([0.1, 0.6, 0.05, 0.25], 0.2),
                ([0.5, 0.1, 0.1, 0.1, 0.2], 0.65),
                ([0.3, 0.1, 0.2, 0.15, 0.25], 0.97),
                ([0.3, 0.1, 0.2, 0.15, 0.25], 0.5),
                ([0.25, 0.25, 0.5], 0.25),
                ([0.0, 0.5, 0.5], 0.0),
                ([1.0], 0.4),
            ]
        ],
    ),
    Exercise(
        "06",
        smooth,
        "list",
        shapes(smooth, losses="n"),
        {"values": "n"},
        [
            Case("beta = 0.9", {"losses": LOSSES, "start": 5.0, "beta": 0.9}),
            Case("beta left out", {"losses": LOSSES[::-1], "start": 4.0}),
            Case("a single loss", {"losses": [2.0], "start": 3.0, "beta": 0.6}),
        ],
    ),
]
EXERCISES = {exercise.name: exercise for exercise in LIST}
