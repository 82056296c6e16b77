"""The exercises as data: what each takes, what it returns, how it is tried.

An exercise has a plain, correct version (`truth`), the shapes of its arguments and
results in the symbols of the course, and cases: arguments on which mistakes show. The
cases are written down as a recipe, a function of `numbers` (`drawing.Numbers`), so that
there are as many sets of them as there are seeds, with the same point to each case.
"""

import copy
import inspect
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np

from rnncourse.checker.drawing import Numbers
from rnnlib.forward import Params


class Case(NamedTuple):
    """One trial: what is special about it, in words, and the arguments by name.

    may_raise: there is no result to ask for, and an exception is as right as the
    truth's.
    """

    about: str
    args: dict
    may_raise: bool = False

    def fresh(self):
        """Copies of the arguments, so that no call can spoil the next one's."""
        return copy.deepcopy(self.args)


@dataclass(frozen=True, eq=False)
class Exercise:
    """What `check` needs to know about one function.

    notebook: the number of the one that asks for it, "03".
    truth: a correct version, with the exercise's name and signature.
    arguments, results: name and shape in symbols, "" for a number or for any shape.
    form: what comes back: "array", "number", "index", "tuple", "dict", "pairs" (a list
    of inputs and targets), "list", "indices" (a list of them), "in place": then the
    results are arguments, or "training": a list, and the dict params changed in place.
    recipe: from Numbers to a list of cases. numbers: those that the cases have.
    tol: how far a right result may be off, as a part of its largest entry.
    """

    notebook: str
    truth: object
    form: str
    arguments: dict
    results: dict
    recipe: object
    tol: float = 1e-9
    numbers: Numbers = Numbers()

    @cached_property
    def cases(self):
        """The test inputs."""
        return self.recipe(self.numbers)

    @property
    def name(self):
        return self.truth.__name__

    @property
    def changes(self):
        """The names of the arguments that it is asked to change."""
        names = {"in place": list(self.results), "training": ["params"]}
        return names.get(self.form, [])

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
    """A function of theta that remembers the points where it was called.

    ValueError: theta has another shape than the one it was made for.
    """

    def __init__(self, f, shape):
        self.f, self.its_shape, self.points = f, shape, []

    def __call__(self, theta):
        self.points.append(np.array(theta))
        if np.shape(theta) != self.its_shape:
            raise ValueError(
                f"f needs theta in its shape {self.its_shape}, not {np.shape(theta)}"
            )
        return self.f(self.points[-1])

    def __deepcopy__(self, memo):
        return Probe(self.f, self.its_shape)


# The truth, in the order of the notebooks.


def one_hot(k, V):
    x = np.zeros(V)
    x[k] = 1
    return x


def look_up(W, ids):
    return W[:, ids].T


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


def run_in_chunks(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    chunks = []
    for start in range(0, len(inputs), T):
        h, y = rnn_forward(inputs[start : start + T], h_init, Wxh, Whh, Why, bh, by)
        chunks.append((h, y))
        h_init = h[-1]
    return tuple(map(np.vstack, zip(*chunks)))


def softmax(y):
    p = np.exp(y - np.max(y, axis=-1, keepdims=True))
    return p / p.sum(axis=-1, keepdims=True)


def nll(p, targets):
    return -np.log(p[np.arange(len(targets)), targets]).sum()


def grad_y(p, targets):
    dy = p.copy()
    dy[np.arange(len(targets)), targets] -= 1
    return dy


def push(W, inputs, targets, lr):
    dy = softmax(W[:, inputs].T)
    dy[np.arange(len(targets)), targets] -= 1
    np.subtract.at(W.T, inputs, lr * dy)


def grad_Why_by(dy, h):
    return dy.T @ h, dy.sum(axis=0)


def grad_a(dh_t, h_t):
    return (1 - h_t * h_t) * dh_t


def grad_h(dy_t, da_next, Why, Whh):
    return Why.T @ dy_t + Whh.T @ da_next


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


def shorten(grad, limit):
    norm = np.linalg.norm(grad)
    if norm > limit:
        grad *= limit / norm


def clip(grad, limit):
    np.clip(grad, -limit, limit, out=grad)


def adagrad(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / np.sqrt(memory + 1e-8)


def smooth(losses, start, beta=0.999):
    values = []
    for loss in losses:
        start = beta * start + (1 - beta) * loss
        values.append(start)
    return values


def draw(p, u):
    return min(int((np.cumsum(p) <= u).sum()), len(p) - 1)


def train(ids, params, T, steps, lr, limit):
    memory = {name: np.zeros_like(block) for name, block in params.items()}
    chunks, losses = make_chunks(ids, T), []
    for n in range(steps):
        inputs, targets = chunks[n % len(chunks)]
        if n % len(chunks) == 0:
            state = np.zeros(len(params["bh"]))
        h, y = rnn_forward(inputs, state, **params)
        p, h_prev = softmax(y), np.array([state, *h[:-1]])
        losses.append(nll(p, targets))
        weights = params["Wxh"], params["Whh"], params["Why"]
        grads = rnn_backward(inputs, targets, h, h_prev, p, *weights)
        for name in params:
            clip(grads["d" + name], limit)
            adagrad(params[name], grads["d" + name], memory[name], lr)
        state = h[-1]
    return losses


def generate(prompt, n, params, rng):
    h, y = rnn_forward(prompt, np.zeros(len(params["bh"])), **params)
    ids = []
    for _ in range(n):
        ids.append(draw(softmax(y[-1]), rng.random()))
        h, y = rnn_forward(ids[-1:], h[-1], **params)
    return ids


def output_in_rows(params, h, targets):
    p = softmax(h @ params.Why.T + params.by)
    return nll(p, targets), grad_y(p, targets)


def backward_lean(params, h, dy):
    slope, da = 1 - h * h, dy @ params.Why
    da_next = np.zeros_like(da[0])
    for t in reversed(range(len(h))):
        da[t] = da_next = slope[t] * (da[t] + da_next @ params.Whh)
    return da


def path_jacobian(h, Whh):
    J = np.eye(len(Whh))
    for h_t in h:
        J = (1 - h_t * h_t)[:, None] * (Whh @ J)
    return J


def chunk_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next):
    dy = grad_y(p, targets)
    da, dh_t = np.zeros_like(h), dh_next
    for t in reversed(range(len(inputs))):
        da[t] = grad_a(dh_t + Why.T @ dy[t], h[t])
        dh_t = Whh.T @ da[t]
    dWhy, dby = grad_Why_by(dy, h)
    dWxh, dWhh, dbh = grad_Wxh_Whh_bh(da, h_prev, inputs, Wxh.shape[1])
    grads = {"dWxh": dWxh, "dWhh": dWhh, "dWhy": dWhy, "dbh": dbh, "dby": dby}
    return grads | {"dh_init": dh_t}


def sensitivity(h, h_prev, Whh, i, j):
    q, before = np.zeros_like(h), np.zeros(len(Whh))
    for t in range(len(h)):
        a = Whh @ before
        a[i] += h_prev[t, j]
        q[t] = before = (1 - h[t] * h[t]) * a
    return q


def adam(param, grad, m, v, n, lr):
    m += 0.1 * (grad - m)
    v += 0.001 * (grad**2 - v)
    root = np.sqrt(v / (1 - 0.999**n)) + 1e-8
    param -= lr * m / (1 - 0.9**n) / root


def cosine(n, steps, lr):
    return lr * (1 + np.cos(np.pi * n / steps)) / 2


def stop_at(losses, patience):
    best = 0
    for k, loss in enumerate(losses):
        if loss < losses[best]:
            best = k
        if k - best == patience:
            break
    return best


def surprise(p, targets):
    return -np.log2(p[np.arange(len(targets)), targets])


def correlate(h, feature):
    a, b = h - h.mean(axis=0), feature - np.mean(feature)
    return a.T @ b / np.sqrt((a**2).sum(axis=0) * (b**2).sum())


def beyond_input(h, inputs):
    rest = h.copy()
    for k in set(inputs.tolist()):
        rest[inputs == k] -= h[inputs == k].mean(axis=0)
    return rest


def influence(dy_t, h, Wxh, Whh, Why):
    sizes, dh = np.zeros(len(h)), Why.T @ dy_t
    for t in reversed(range(len(h))):
        da = (1 - h[t] * h[t]) * dh
        sizes[t] = np.linalg.norm(Wxh.T @ da)
        dh = Whh.T @ da
    return sizes


def pad_batch(names, border):
    T, B = max(map(len, names)) + 1, len(names)
    inputs, targets = np.full((T, B), border), np.full((T, B), border)
    mask = np.zeros((T, B))
    for b, name in enumerate(names):
        inputs[1 : len(name) + 1, b] = targets[: len(name), b] = name
        mask[: len(name) + 1, b] = 1
    return inputs, targets, mask


def mask_loss(p, targets, mask):
    at_target = np.arange(len(p)), targets
    loss = -np.log(p[at_target][mask > 0]).sum() / mask.sum()
    return loss, grad_y(p, targets) * mask[:, None] / mask.sum()


def bit_loss(y, z):
    loss = np.maximum(y, 0) - y * z + np.log1p(np.exp(-np.abs(y)))
    return loss.sum(), (1 + np.tanh(y / 2)) / 2 - z


def softmax_back(alpha, dalpha):
    return alpha * (dalpha - (alpha * dalpha).sum(axis=1, keepdims=True))


def pass_down(da, Wxh, h_below, Whh_below):
    dx = da @ Wxh
    da_below, later = np.zeros_like(h_below), np.zeros(len(Whh_below))
    for t in reversed(range(len(da))):
        da_below[t] = grad_a(dx[t] + later, h_below[t])
        later = Whh_below.T @ da_below[t]
    return dx, da_below


def lstm_step_back(dh, dm, f, w, o, g, m_prev):
    s = np.tanh(f * m_prev + w * g)
    dm = dm + dh * o * (1 - s * s)
    gates = {"daf": dm * m_prev * f * (1 - f), "daw": dm * g * w * (1 - w)}
    gates |= {"dao": dh * s * o * (1 - o), "dag": dm * w * (1 - g * g)}
    return gates | {"dm_prev": dm * f}


def forget_bias(n, left):
    share = left ** (1 / n)
    return np.log(share / (1 - share))


def without_start(values, start, beta=0.999):
    means = []
    for n, value in enumerate(values, 1):
        means.append((value - beta**n * start) / (1 - beta**n))
    return means


def deviations(ids, p):
    counts, N = np.bincount(ids, minlength=len(p)), len(ids)
    return (counts - N * p) / np.sqrt(N * p * (1 - p))


def next_chunk(pos, n, T):
    return pos if pos + T < n else 0


def from_torch(state):
    return {
        "Wxh": state["rnn.weight_ih_l0"],
        "Whh": state["rnn.weight_hh_l0"],
        "Why": state["linear.weight"],
        "bh": state["rnn.bias_ih_l0"] + state["rnn.bias_hh_l0"],
        "by": state["linear.bias"],
    }


def mean_loss(y, targets):
    z = y - y.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    n = np.arange(len(targets))
    dy = np.exp(log_p)
    dy[n, targets] -= 1
    return -log_p[n, targets].mean(), dy / len(targets)


def adagrad_torch(param, grad, memory, lr):
    memory += grad**2
    param -= lr * grad / (np.sqrt(memory) + 1e-10)


# Arguments on which mistakes show: weights about 0.6, nothing zero, nothing symmetric,
# H, T and V different, characters that repeat and characters that never come. Special
# cases (T = 1, a zero state, H = V, extreme values) stand beside them.


def network(about, numbers, inputs, targets, H, V, seed, scale=0.6, rest=1, **given):
    """A label, and all that a forward and a backward pass meet, by name."""
    rng = numbers.generator(seed)

    def block(*shape):
        return np.round(scale * rng.standard_normal(shape), 2)

    inputs, targets = map(np.array, numbers.symbols(V, inputs, targets))
    weights = {"Wxh": block(H, V), "Whh": block(H, H), "Why": block(V, H)}
    biases = {"bh": block(H), "by": block(V)}
    h_init = rest * block(H)
    h, y = rnn_forward(inputs, h_init, **weights, **biases)
    p = softmax(y)
    values = {"inputs": inputs, "targets": targets, "V": V, "h_init": h_init}
    values |= {"h": h, "h_prev": np.vstack([h_init, h[:-1]]), "p": p}
    values |= {"dy": grad_y(p, targets), "da": block(*h.shape)}
    values |= {"dy_t": values["dy"][0], "da_next": block(H)}
    values |= {"dh_t": block(H), "h_t": h[0], "dh_next": block(H)}
    values |= {"i": H - 1, "j": min(1, H - 1)}
    return about, weights | biases | values | given


def plan(about, inputs, targets, **more):
    """The recipe of a network: from Numbers to what `network` returns."""
    return lambda numbers: network(about, numbers, inputs, targets, **more)


LONG_INPUTS = np.random.default_rng(6).integers(5, size=41)
ORDINARY = partial(
    plan, inputs=[3, 1, 7, 1, 5, 3], targets=[1, 7, 1, 5, 3, 2], H=4, V=9, seed=1
)
GENERAL = ORDINARY("T = 6, H = 4, V = 9")
SINGLE = plan("T = 1", [2], [4], H=3, V=5, seed=2)
SQUARE = plan("T = 5, H = 3, V = 3", [1, 0, 1, 2, 2], [0, 1, 2, 0, 1], H=3, V=3, seed=3)
RESTED = plan("h_init = 0", [0, 2, 2], [2, 1, 0], H=2, V=4, seed=4, rest=0)
STEEP = plan("large weights", [0, 1, 3] * 5, [2] * 15, H=4, V=5, seed=5, scale=2)
NETWORKS = [GENERAL, SINGLE, SQUARE, RESTED, STEEP]
FAR_BACK = plan("T = 40", LONG_INPUTS[:-1], LONG_INPUTS[1:], H=4, V=5, seed=6)
TWO_STEPS = plan("T = 2", [3, 1], [1, 0], H=3, V=4, seed=7)
UNASKED = ORDINARY("dh_next = 0", dh_next=np.zeros(4))
DIAGONAL = ORDINARY("i = 2, j = 2", i=2, j=2)


def taken_from(networks, function):
    """The recipe of cases in which `function` gets what its parameters name."""
    names = inspect.signature(function).parameters

    def recipe(numbers):
        return [
            Case(
                label(about, all_, shapes(function)),
                {name: all_[name] for name in names},
            )
            for about, all_ in (network(numbers) for network in networks)
        ]

    return recipe


def label(about, values, symbols):
    """What is special about a case, in the symbols and arguments of its function."""
    known = {*", ".join(symbols.values()).split(", "), *symbols}
    parts = [part for part in about.split(", ") if part.split(" = ")[0] in known]
    if parts or "=" not in about:
        return ", ".join(parts) or about
    H, V = values["Wxh"].shape
    sizes = {"T": len(values["inputs"]), "H": H, "V": V}
    return ", ".join(f"{name} = {n}" for name, n in sizes.items() if name in known)


def step_case(about, values):
    """The step of a network with the largest input index, as `rnn_step` takes it."""
    t = values["inputs"].argmax()
    args = {
        "x": np.eye(values["V"])[values["inputs"][t]],
        "h_prev": values["h_prev"][t],
    }
    args |= {name: values[name] for name in ("Wxh", "Whh", "bh")}
    about = about.replace("h_init", "h_prev")
    return Case(label(about, values, shapes(rnn_step, x="V", h_prev="H")), args)


def text_case(numbers, n, T, H, V, rest=1):
    """A text of n characters, to be read in chunks of T."""
    inputs = numbers.generator(n).integers(V, size=n)
    about = f"n = {n}, T = {T}"
    _, values = network(about, numbers, inputs, inputs, H, V, n, rest=rest)
    names = inspect.signature(run_in_chunks).parameters
    return Case(about, {name: (values | {"T": T})[name] for name in names})


def one_hot_cases(numbers):
    """An index inside, the first, the last, the only one, one of many."""
    whole = numbers.whole
    V, first, last, other = (
        whole(5, 4, 9),
        whole(4, 3, 9),
        whole(7, 5, 9),
        whole(5, 3, 9),
    )
    pairs = [(whole(2, 1, V - 2), V), (0, first), (last - 1, last), (0, 1)]
    pairs += [(other - 1, other), (whole(150, 130, 180), whole(200, 190, 250))]
    return [Case(f"k = {k}, V = {V}", {"k": k, "V": V}) for k, V in pairs]


def column_case(numbers, W, ids):
    W, (ids,) = np.array(numbers.like(W)), numbers.symbols(4, ids)
    return Case(f"ids = {ids}", {"W": W, "ids": np.array(ids)})


def chunk_case(numbers, n, T, may_raise=False):
    (ids,) = numbers.symbols(10, PI)
    args = {"ids": np.array(ids[:n]), "T": T}
    return Case(f"{n} characters, T = {T}", args, may_raise)


def logits_case(about, y):
    return Case(about, {"y": np.array(y, dtype=float)})


def rare(numbers, small, middle):
    """Three probabilities, one of them small, as a row, and the index of that one."""
    small, middle = numbers.like(small), numbers.real(middle, 0.3, 0.7)
    (p,) = numbers.mixed([small, middle, 1 - small - middle])
    return {"p": np.array([p]), "targets": np.array([np.argmin(p)])}


def long_case(numbers):
    """A text whose probability, the product of 200 small ones, is 0 as a float."""
    values = rare(numbers, 0.01, 0.4).items()
    return Case("T = 200", {name: np.repeat(row, 200, axis=0) for name, row in values})


def rare_case(numbers):
    return Case("a probability of 1e-300", rare(numbers, 1e-300, 0.7))


def push_case(numbers, about, W, inputs, targets, lr):
    """The symbols, which are rows and columns of W, may get other numbers."""
    order = numbers.order(len(W))
    back = np.argsort(order)
    arrays = {"W": np.array(W, float)[np.ix_(back, back)], "inputs": order[inputs]}
    return Case(about, arrays | {"targets": order[targets], "lr": numbers.like(lr)})


def curved(theta):
    """A function on which a step that is too long or too short shows.

    Its values are about 5000, its derivatives about 60, 1000 and 500: a central
    difference has a relative error of 1e-8 at eps = 1e-4 and 1e-6, and a hundred times
    as much at 1e-3 and 1e-8.
    """
    z = theta.reshape(-1)
    away = z - 0.01 * np.cos(3.0 * np.arange(z.size))
    tied = (away[1:] * away[:-1]).sum()
    waves = (-1.0) ** np.arange(z.size) * np.sin(3 * z)
    return 5000 + 500 * (away**2).sum() + 300 * tied + 20 * waves.sum()


def slope_case(about, theta):
    theta = np.array(theta)
    return Case(about, {"f": Probe(curved, theta.shape), "theta": theta})


def error_cases(numbers):
    like = numbers.like
    other, same, pair = like([-1.0, 2.0]), like([0.3, -0.7]), like([1.0, 2.0])
    cases = {
        "two vectors": (like([1.0, -2.0, 3.0]), like([1.1, -1.7, 3.4])),
        "the first vector larger": (like([3.0, -4.0, 1.0]), like([0.5, 0.2, -0.3])),
        "two matrices": (like([[1, -2], [0.5, 4]]), like([[1.5, -1], [0.7, 3]])),
        "a = -b": (np.negative(other), other),
        "a = b": (same, same),
        "a = b = 0": ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
        "b = 0": (like([0.2, -0.5]), [0.0, 0.0]),
        "a and b nearly equal": (pair, np.multiply(pair, [1, 1 + 2**-44])),
        "a of 1e-13, b = 0": (like([1e-13, -2e-13]), [0.0, 0.0]),
        "a of 1.5e-12, b = 0": (like([1.5e-12]), [0.0]),
    }
    return [
        Case(about, {"a": np.array(a, dtype=float), "b": np.array(b, dtype=float)})
        for about, (a, b) in cases.items()
    ]


def clip_case(numbers, about, grad, limit):
    """The gradient and its limit grow together, so that as much of it is cut off."""
    factor, grad = numbers.factor(), np.array(grad)
    grad = factor * grad.flat[numbers.order(grad.size)].reshape(grad.shape)
    limit = factor * limit
    length = np.linalg.norm(grad)
    about = about.format(limit=f"{limit:.4g}", length=f"{length:.4g}")
    return Case(about, {"grad": grad, "limit": limit})


def adagrad_case(numbers, about, param, grad, memory, lr):
    arrays = {"param": param, "grad": grad, "memory": memory}
    return Case(about, varied(numbers, arrays) | {"lr": numbers.like(lr)})


def adam_case(numbers, about, param, grad, m, v, n, lr):
    arrays = {"param": param, "grad": grad, "m": m, "v": v}
    args = varied(numbers, arrays) | {"n": n, "lr": numbers.like(lr)}
    return Case(f"{about}, n = {n}", args)


def varied(numbers, lists):
    """Arrays of numbers like those in these lists, by name."""
    return {name: np.array(numbers.like(values)) for name, values in lists.items()}


def rate_cases(numbers):
    """The start, the middle, the end, and steps beside them."""
    whole, like = numbers.whole, numbers.like
    half, few, nine, many = (
        whole(5, 3, 9),
        whole(8, 6, 12),
        whole(9, 6, 12),
        whole(300, 200, 400),
    )
    cases = [(0, 2 * half, like(0.3)), (half, 2 * half, like(0.3))]
    cases += [(2 * half, 2 * half, like(0.3)), (1, few, like(0.008))]
    cases += [(nine - 2, nine, like(2.0)), (many - 1, many, like(0.1))]
    return [
        Case(f"n = {n}, steps = {steps}, lr = {lr}", dict(n=n, steps=steps, lr=lr))
        for n, steps, lr in cases
    ]


def stop_case(numbers, losses, patience):
    """Losses that rise and fall as these do, after some that fall."""
    falls = len(losses) > 1 and losses[1] < losses[0]
    before = range(numbers.whole(0, 0, 3) if falls else 0, 0, -1)
    factor, more = numbers.factor(), numbers.real(0, 0, 2)
    losses = [losses[0] + 0.5 * n for n in before] + losses
    losses = [round(factor * loss + more, 2) for loss in losses]
    about = f"losses = {losses}, patience = {patience}"
    return Case(about, dict(losses=losses, patience=patience))


def smooth_cases(numbers):
    like, real = numbers.like, numbers.real
    single = {"losses": like([2.0]), "start": like(3.0), "beta": real(0.6, 0.4, 0.8)}
    beta = real(0.9, 0.8, 0.95)
    ordinary = {"losses": like(LOSSES), "start": like(5.0), "beta": beta}
    many = {"losses": like(MANY), "start": like(4.5), "beta": real(0.06, 0.04, 0.08)}
    return [
        Case(f"beta = {beta}", ordinary),
        Case("beta left out", {"losses": like(LOSSES[::-1]), "start": like(4.0)}),
        Case("a single loss", single),
        Case("300 losses", many),
    ]


def mean_cases(numbers):
    like, near, real = numbers.like, numbers.near, numbers.real
    beta = real(0.9, 0.8, 0.95)
    late = {"values": near([9.9, 9.7, 9.4, 9.5]), "start": near(10.0)}
    single = {"values": like([2.0]), "start": like(3.0), "beta": real(0.6, 0.4, 0.8)}
    zero = {"values": like(LOSSES[::-1]), "start": 0.0, "beta": real(0.8, 0.7, 0.9)}
    many = {"values": like(MANY), "start": like(4.5), "beta": real(0.97, 0.96, 0.98)}
    return [
        Case(
            f"beta = {beta}", {"values": like(LOSSES), "start": like(5.0), "beta": beta}
        ),
        Case("beta left out", late),
        Case("a single value", single),
        Case("start = 0", zero),
        Case("300 values", many),
    ]


def draw_case(p, u, about="p = {p}, u = {u}"):
    return Case(about.format(p=p, u=u), {"p": np.array(p), "u": u})


def inside_case(numbers, p, u, k):
    """A u that leads to index k, well inside of its share."""
    p, k = numbers.chances(p), numbers.whole(k, 0, len(p) - 1)
    return draw_case(
        p, numbers.real(u, sum(p[:k]) + 0.2 * p[k], sum(p[:k]) + 0.8 * p[k])
    )


def draw_cases(numbers):
    """A u inside of a share, on the edge between two, at the ends, just below an edge,
    and above the sum that rounding leaves."""
    chances, whole = numbers.chances, numbers.whole
    four, five = [0.1, 0.6, 0.05, 0.25], [0.3, 0.1, 0.2, 0.15, 0.25]
    written = [(four, 0.9, 3), (four, 0.05, 0), (four, 0.72, 2), (four, 0.2, 1)]
    written += [([0.5, 0.1, 0.1, 0.1, 0.2], 0.65, 2), (five, 0.97, 4), (five, 0.5, 2)]
    exact, k = chances([0.25, 0.25, 0.5], 8), whole(0, 0, 1)
    zeros = [0.0] * whole(1, 1, 3)
    narrow, j = chances([0.12345, 0.45678, 0.03214, 0.38763], 100_000), whole(0, 0, 3)
    short = [[0.1] * 10, [0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.1, 0.7, 0.2]]
    short = short[whole(0, 0, 3)]
    words = "[0.1] * 10" if len(short) == 10 else short
    return [
        *(inside_case(numbers, *case) for case in written),
        draw_case(exact, sum(exact[: k + 1])),
        draw_case(zeros + chances([0.5, 0.5]), 0.0),
        draw_case([1.0], numbers.real(0.4, 0.1, 0.9)),
        draw_case(narrow, round(sum(narrow[: j + 1]) - 0.00003, 5)),
        draw_case(short, 1 - 2**-53, f"p = {words}, u above their sum"),
    ]


def blocks(H, V, rng, scale):
    """The five blocks of a network, by name."""
    shapes = {"Wxh": (H, V), "Whh": (H, H), "Why": (V, H), "bh": H, "by": V}
    return {k: np.round(scale * rng.normal(size=s), 2) for k, s in shapes.items()}


def train_case(numbers, n, T, steps, lr, limit, H=4, V=6):
    """Steps on a text of n characters, which holds (n - 1) // T chunks."""
    args = {"ids": numbers.generator(n).integers(V, size=n)}
    args |= {"params": blocks(H, V, numbers.generator(n), 0.6), "T": T, "steps": steps}
    lr, limit = numbers.like(lr), numbers.like(limit)
    about = f"{n} characters, T = {T}, {steps} steps, limit = {limit}"
    return Case(about, args | {"lr": lr, "limit": limit})


def generate_case(numbers, prompt, n, seed, H=4, V=7):
    params = blocks(H, V, numbers.generator(seed), 1.2)
    (prompt,) = numbers.symbols(V, prompt)
    args = {"prompt": np.array(prompt), "n": n, "params": params}
    rng = np.random.default_rng(numbers.whole(seed, 0, 10**9))
    return Case(f"a prompt of {len(prompt)}, n = {n}", args | {"rng": rng})


def below_case(numbers, about, T, H, D, seed, scale=0.6):
    """A layer of H units on top of one of D units, of which the states are given."""
    rng = numbers.generator(seed)
    shapes = {"da": (T, H), "Wxh": (H, D), "h_below": (T, D), "Whh_below": (D, D)}
    args = {k: np.round(scale * rng.normal(size=s), 2) for k, s in shapes.items()}
    return Case(about, args | {"h_below": np.tanh(args["h_below"])})


def lstm_case(numbers, about, H, seed, **given):
    """The numbers of one step of an LSTM: gates from 0 to 1, the new content a tanh."""
    rng = numbers.generator(seed)
    args = {name: np.round(rng.normal(size=H), 2) for name in ("dh", "dm")}
    args |= {name: np.round(rng.uniform(0.1, 0.9, H), 2) for name in ("f", "w", "o")}
    args |= {"g": np.round(np.tanh(rng.normal(size=H)), 2)}
    args |= {"m_prev": np.round(rng.normal(size=H), 2)}
    return Case(about, args | {k: np.full(H, v) for k, v in given.items()})


def bias_cases(numbers):
    whole, real = numbers.whole, numbers.real
    cases = [(1, real(0.5, 0.4, 0.6)), (1, real(0.2, 0.1, 0.3))]
    cases += [(2, real(0.3, 0.2, 0.4)), (whole(50, 40, 60), real(0.5, 0.4, 0.6))]
    cases += [(whole(20, 15, 30), real(0.9, 0.8, 0.95))]
    cases += [(whole(100, 80, 150), real(0.1, 0.05, 0.2))]
    return [
        Case(f"n = {n}, left = {left}", {"n": n, "left": left}) for n, left in cases
    ]


def pad_case(numbers, about, names, border):
    """Names as arrays of indices."""
    letters = [k for k in range(8) if k != border]
    (others,) = numbers.mixed(letters)
    other = dict(zip(letters, others))
    names = [np.array([other[k] for k in name]) for name in names]
    return Case(about, {"names": names, "border": border})


def mask_case(numbers, about, targets, mask, V, seed, sure=()):
    """Rows of a batch with probabilities that no two entries share.

    In the rows `sure` the target's probability is 0.
    """
    (targets,) = numbers.symbols(V, targets)
    y = numbers.generator(seed).normal(size=(len(targets), V))
    for row in sure:
        y[row, targets[row]] = -1000
    arrays = {"p": softmax(y), "targets": np.array(targets)}
    arrays["mask"] = np.array(mask, float)
    return Case(about, arrays)


def bit_case(numbers, about, y, z):
    y, z = numbers.mixed(y, z)
    return Case(about, {"y": np.array(y, float), "z": np.array(z, float)})


def attend_case(numbers, about, n, T, seed):
    rng = numbers.generator(seed)
    alpha = softmax(rng.normal(size=(n, T)))
    return Case(about, {"alpha": alpha, "dalpha": rng.normal(size=(n, T))})


def torch_case(numbers, about, V, H, seed):
    """What the state_dict of a network in PyTorch holds, as arrays."""
    shapes = {"rnn.weight_ih_l0": (H, V), "rnn.weight_hh_l0": (H, H)}
    shapes |= {"rnn.bias_ih_l0": (H,), "rnn.bias_hh_l0": (H,)}
    shapes |= {"linear.weight": (V, H), "linear.bias": (V,)}
    rng = numbers.generator(seed)
    state = {name: np.round(rng.normal(size=s), 2) for name, s in shapes.items()}
    return Case(about, {"state": state})


def mean_case(numbers, about, y, targets):
    """The symbols, which are columns of y, may get other numbers."""
    order = numbers.order(len(y[0]))
    y = np.array(y, float)[:, np.argsort(order)]
    return Case(about, {"y": y, "targets": order[targets]})


def feature_case(numbers, about, feature, seed, H=3):
    """States of H units, none of them constant, and a feature to hold beside them."""
    (feature,), rng = numbers.mixed(feature), numbers.generator(seed)
    feature = np.array(feature)
    h = np.tanh(rng.normal(size=(len(feature), H)) + rng.normal(size=H))
    h[:, 0] = np.round(h[:, 0] / 4 - 0.6 * feature / feature.max(), 3)
    return Case(about, {"h": h, "feature": feature})


def lean_cases(function):
    """As `taken_from`, in which `function` gets the weights as one Params."""

    def with_params(network, numbers):
        about, all_ = network(numbers)
        weights = Params.from_arrays(**{name: all_[name] for name in WEIGHTS})
        return about, all_ | {"params": weights}

    networks = [partial(with_params, network) for network in [*NETWORKS, FAR_BACK]]
    return taken_from(networks, function)


def count_case(numbers, ids, p):
    (ids,), p = numbers.symbols(len(p), ids), numbers.chances(p)
    args = {"ids": np.array(ids), "p": np.array(p)}
    return Case(f"{len(ids)} draws, p = {p}", args)


def place_cases(numbers):
    """A chunk that fits as it is, by one character too few or too many."""
    whole = numbers.whole
    T, few, three, n = (
        whole(25, 10, 40),
        whole(4, 3, 9),
        whole(3, 2, 7),
        whole(14, 9, 30),
    )
    places = [(T, 2 * T + 1, T), (T, 2 * T, T), (T, 2 * T + 2, T), (0, T + 1, T)]
    places += [(2 * T, 2 * T + 1, T), (2 * T, 2 * T, T), (3 * T, 3 * T + 1, T)]
    places += [(few - 1, 2 * few, few), (few, 2 * few, few)]
    places += [(2 * three, 13 * three + 1, three), (n - 2, n, 1), (n - 1, n, 1)]
    return [
        Case(f"pos = {pos}, n = {n}, T = {T}", {"pos": pos, "n": n, "T": T})
        for pos, n, T in places
    ]


PI = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3])
TABLE = [[0.4, -1.1, 0.7, 1.6], [-0.3, 0.9, 2.0, 0.2], [1.3, 0.6, -0.8, -1.7]]
LOGITS = [*TABLE, [-0.5, 1.2, 0.1, 0.8]]  # a column for each of 4 symbols
MATRIX = [[0.3, -7.5, 5.5], [2.0, -0.1, -9.0]]
LOSSES = [4.2, 3.9, 4.4, 3.1, 2.8]
MANY = [4 + 0.01 * (n * n % 97) for n in range(300)]
WEIGHTS = {"Wxh": "H, V", "Whh": "H, H", "Why": "V, H", "bh": "H", "by": "V"}


def shapes(function, **more):
    """Symbols of the shapes of the parameters that `function` has."""
    known = WEIGHTS | {"inputs": "T", "targets": "T", "h_init": "H", "p": "T, V"}
    known |= {"h": "T, H", "h_prev": "T, H", "da": "T, H", "dy": "T, V"}
    known |= {"dy_t": "V", "da_next": "H", "dh_t": "H", "h_t": "H", "dh_next": "H"}
    known |= more
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
        one_hot_cases,
    ),
    Exercise(
        "01",
        look_up,
        "array",
        shapes(look_up, W="H, V", ids="n"),
        {"columns": "n, H"},
        lambda numbers: [
            column_case(numbers, W, ids)
            for W, ids in [
                (TABLE, [2, 0, 2, 1]),
                (TABLE, [3, 1, 1, 3, 0, 3]),
                (LOGITS, [1, 3, 3, 0, 2]),
                (TABLE[:2], [3]),
            ]
        ],
    ),
    Exercise(
        "01",
        make_chunks,
        "pairs",
        shapes(make_chunks, ids="n"),
        {"inputs": "T", "targets": "T"},
        lambda numbers: [
            chunk_case(numbers, n, T, may_raise=n <= T)
            for n, T in [(15, 4), (13, 4), (12, 3), (4, 3), (4, 1), (4, 4), (3, 4)]
        ],
    ),
    Exercise(
        "02",
        rnn_step,
        "array",
        shapes(rnn_step, x="V", h_prev="H"),
        {"h": "H"},
        lambda numbers: [
            step_case(*network(numbers))
            for network in (GENERAL, SINGLE, SQUARE, RESTED)
        ],
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
        "02",
        run_in_chunks,
        "tuple",
        shapes(run_in_chunks, inputs="n"),
        {"h": "n, H", "y": "n, V"},
        lambda numbers: [
            text_case(numbers, 11, T=4, H=3, V=5),
            text_case(numbers, 9, T=3, H=4, V=6),
            text_case(numbers, 7, T=3, H=2, V=4, rest=0),
            text_case(numbers, 3, T=5, H=2, V=3),
            text_case(numbers, 4, T=1, H=3, V=3),
        ],
    ),
    Exercise(
        "03",
        softmax,
        "array",
        shapes(softmax, y="T, V"),
        {"p": "T, V"},
        lambda numbers: [
            logits_case(
                "y of shape (2, 3)", numbers.like([[0.5, -1.2, 2.0], [1.5, 0.3, -0.7]])
            ),
            logits_case("y of shape (4,)", numbers.like([1.1, -0.4, 0.2, 2.3])),
            logits_case(
                "T = 3, V = 3", numbers.like([[1, 2, 4], [0, -1, 3], [2, 2.5, -2]])
            ),
            logits_case("T = 1", numbers.like([[0.3, 1.7, -0.6, 0.1]])),
            logits_case("logits of 1000", numbers.near([1000, -1000, 0, 999])),
            logits_case("logits of -1000", numbers.near([-1000, -1001])),
            logits_case(
                "rows at 1000 and -1000",
                numbers.near([[1000, 998, 1], [-999, -1000, -998]]),
            ),
            logits_case("1000 among small logits", *numbers.mixed([0, -1, 1000, 2, 5])),
        ],
    ),
    Exercise(
        "03",
        nll,
        "number",
        shapes(nll),
        {"loss": ""},
        lambda numbers: [
            *taken_from([GENERAL, SINGLE, SQUARE], nll)(numbers),
            long_case(numbers),
            rare_case(numbers),
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
        "03",
        push,
        "in place",
        shapes(push, W="V, V"),
        {"W": "V, V"},
        lambda numbers: [
            push_case(
                numbers,
                "repeated pairs",
                numbers.like(LOGITS),
                [1, 0, 1, 2, 1, 0],
                [0, 2, 3, 1, 0, 2],
                0.1,
            ),
            push_case(numbers, "one pair", numbers.like(LOGITS), [2], [0], 0.5),
            push_case(
                numbers,
                "each symbol once",
                numbers.like(LOGITS),
                [3, 0, 2, 1],
                [1, 3, 2, 0],
                1.0,
            ),
            push_case(
                numbers, "W = 0", np.zeros((3, 3)), [2, 2, 2, 0], [0, 1, 1, 2], 0.3
            ),
            push_case(
                numbers,
                "logits of 1000",
                numbers.near([[1000, 1, 2], [0, 5, 3], [999, 2, 0]]),
                [0, 0, 1],
                [1, 0, 0],
                0.2,
            ),
        ],
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
        grad_a,
        "array",
        shapes(grad_a),
        {"da_t": "H"},
        taken_from([GENERAL, SINGLE, SQUARE], grad_a),
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
        taken_from([*NETWORKS, FAR_BACK], rnn_backward),
    ),
    Exercise(
        "05",
        numerical_gradient,
        "array",
        shapes(numerical_gradient),
        {"grad": ""},
        lambda numbers: [
            slope_case("theta of shape (4,)", numbers.like([0.02, -0.01, 0.03, 0.005])),
            slope_case(
                "theta of shape (2, 3)",
                numbers.like([[0.01, 0.03, -0.02], [0.0, 0.02, 0.04]]),
            ),
            slope_case(
                "theta of shape (2, 2)", numbers.like([[-0.03, 0.01], [0.02, 0.03]])
            ),
            slope_case("theta of shape (1,)", numbers.like([0.03])),
        ],
        tol=1e-7,
    ),
    Exercise(
        "05",
        relative_error,
        "number",
        shapes(relative_error),
        {"error": ""},
        error_cases,
    ),
    Exercise(
        "06",
        clip,
        "in place",
        shapes(clip),
        {"grad": ""},
        lambda numbers: [
            clip_case(numbers, "limit = {limit}", MATRIX, 5.0),
            clip_case(numbers, "limit = {limit}", [4.0, -0.2, -3.0, 1.5, 0.7], 1.5),
            clip_case(numbers, "nothing to clip", [0.1, -0.2, 0.3], 1.0),
            clip_case(
                numbers, "limit = {limit}, all negative", [-2.0, -0.6, -0.4], 0.5
            ),
        ],
    ),
    Exercise(
        "06",
        adagrad,
        "in place",
        shapes(adagrad),
        {"memory": "", "param": ""},
        lambda numbers: [
            adagrad_case(
                numbers,
                "a memory from earlier steps",
                [[0.5, -1.0, 0.2], [0.7, 0.1, -0.3]],
                [[0.4, -2.0, 0.9], [-1.5, 0.3, 3.0]],
                [[1.0, 0.5, 0.09], [2.5, 0.01, 4.0]],
                0.1,
            ),
            adagrad_case(
                numbers,
                "a memory of zeros",
                [0.3, -0.4, 0.8],
                [0.5, -3.0, 0.2],
                [0.0] * 3,
                0.05,
            ),
            adagrad_case(
                numbers,
                "gradients of 1e-4 and 0",
                [0.2, 0.1],
                [1e-4, 0.0],
                [0.0, 0.0],
                0.5,
            ),
        ],
    ),
    Exercise(
        "06",
        train,
        "training",
        shapes(train, ids="n"),
        {"losses": ""} | WEIGHTS,
        lambda numbers: [
            train_case(numbers, 18, T=4, steps=6, lr=0.1, limit=0.5),
            train_case(numbers, 13, T=3, steps=6, lr=0.05, limit=1.0),
            train_case(numbers, 25, T=5, steps=3, lr=0.02, limit=5.0, H=3, V=3),
            train_case(numbers, 5, T=4, steps=3, lr=0.1, limit=0.8),
            train_case(numbers, 4, T=1, steps=5, lr=0.2, limit=0.3),
            train_case(numbers, 9, T=2, steps=1, lr=0.1, limit=0.4),
        ],
    ),
    Exercise(
        "06",
        smooth,
        "list",
        shapes(smooth, losses="n"),
        {"values": "n"},
        smooth_cases,
    ),
    Exercise(
        "06",
        draw,
        "index",
        shapes(draw) | {"p": ""},
        {"k": ""},
        draw_cases,
    ),
    Exercise(
        "06",
        generate,
        "indices",
        shapes(generate, prompt="T"),
        {"ids": "n"},
        lambda numbers: [
            generate_case(numbers, [3, 1, 6, 1], 12, seed=1, H=6),
            generate_case(numbers, [2], 8, seed=2),
            generate_case(numbers, [0, 5, 5, 2, 4, 0], 15, seed=3),
            generate_case(numbers, [4, 2, 6], 1, seed=4),
            generate_case(numbers, [1, 0], 20, seed=5, H=3, V=3),
        ],
    ),
    Exercise(
        "07",
        output_in_rows,
        "tuple",
        shapes(output_in_rows),
        {"loss": "", "dy": "T, V"},
        lean_cases(output_in_rows),
    ),
    Exercise(
        "07",
        backward_lean,
        "array",
        shapes(backward_lean),
        {"da": "T, H"},
        lean_cases(backward_lean),
    ),
    Exercise(
        "08",
        path_jacobian,
        "array",
        shapes(path_jacobian),
        {"J": "H, H"},
        taken_from([GENERAL, SINGLE, SQUARE, TWO_STEPS, FAR_BACK], path_jacobian),
    ),
    Exercise(
        "08",
        chunk_backward,
        "dict",
        shapes(chunk_backward),
        {"d" + name: WEIGHTS[name] for name in ("by", "Why", "bh", "Whh", "Wxh")}
        | {"dh_init": "H"},
        taken_from([*NETWORKS, UNASKED, FAR_BACK], chunk_backward),
    ),
    Exercise(
        "08",
        sensitivity,
        "array",
        shapes(sensitivity),
        {"q": "T, H"},
        taken_from([*NETWORKS, DIAGONAL, FAR_BACK], sensitivity),
    ),
    Exercise(
        "08",
        shorten,
        "in place",
        shapes(shorten),
        {"grad": ""},
        lambda numbers: [
            clip_case(
                numbers, "a length of {length}, limit = {limit}", [3.0, -4.0, 12.0], 5.0
            ),
            clip_case(numbers, "a matrix, limit = {limit}", MATRIX, 1.5),
            clip_case(numbers, "shorter than the limit", [0.1, -0.2, 0.3], 1.0),
            clip_case(numbers, "many small entries", [0.5] * 40 + [-0.5] * 41, 3.0),
            clip_case(numbers, "zeros", [0.0, 0.0], 2.0),
        ],
    ),
    Exercise(
        "09",
        adam,
        "in place",
        shapes(adam),
        {"m": "", "v": "", "param": ""},
        lambda numbers: [
            adam_case(
                numbers,
                "means from earlier steps",
                [[0.5, -1.0, 0.2], [0.7, 0.1, -0.3]],
                [[0.4, -2.0, 0.9], [-1.5, 0.3, 3.0]],
                [[0.3, -0.7, 0.1], [1.1, -0.2, 0.8]],
                [[0.2, 0.5, 0.09], [2.5, 0.01, 4.0]],
                numbers.whole(7, 5, 9),
                0.1,
            ),
            adam_case(
                numbers,
                "means of zeros",
                [0.3, -0.4],
                [0.5, -3.0],
                [0.0] * 2,
                [0.0] * 2,
                1,
                0.2,
            ),
            adam_case(
                numbers,
                "many steps",
                [1.5, -0.6],
                [0.2, 0.7],
                [0.3, -0.4],
                [0.8, 0.3],
                numbers.whole(900, 700, 1200),
                0.5,
            ),
            adam_case(
                numbers,
                "gradients of 1e-8 and 0",
                [0.2, 0.1],
                [1e-8, 0],
                [0, 0.0],
                [0, 0.0],
                1,
                1.0,
            ),
        ],
    ),
    Exercise(
        "09",
        cosine,
        "number",
        shapes(cosine),
        {"rate": ""},
        rate_cases,
    ),
    Exercise(
        "09",
        stop_at,
        "index",
        shapes(stop_at, losses="n"),
        {"best": ""},
        lambda numbers: [
            stop_case(numbers, losses, patience)
            for losses, patience in [
                ([4.0, 3.5, 3.1, 3.3, 3.2, 3.6, 3.9], 3),
                ([4.0, 3.5, 3.6, 3.7, 3.1, 3.0], 2),
                ([4.0, 3.5, 3.6, 3.4, 3.5, 3.3, 3.6, 3.8, 3.2], 2),
                ([4.0, 3.5, 3.6, 3.7, 3.8, 3.9, 3.6, 3.1], 2),
                ([4.0, 3.5, 3.6, 3.1, 3.3, 3.2, 3.0, 3.4], 3),
                ([4.0, 3.5, 3.1, 2.9], 2),
                ([3.0, 3.2, 3.1, 2.9, 2.8], 3),
                ([3.0, 3.2, 3.1, 3.05, 2.8], 3),
                ([3.0, 2.5, 2.5, 2.5, 2.4], 2),
                ([3.0, 2.6, 2.7, 2.5, 2.6, 2.4, 2.9], 1),
                ([3.4], 2),
                ([3.0, 2.9, 3.1, 3.0, 2.95, 3.2], 8),
            ]
        ],
    ),
    Exercise(
        "10",
        surprise,
        "array",
        shapes(surprise),
        {"bits": "T"},
        lambda numbers: [
            *taken_from([GENERAL, SINGLE, SQUARE], surprise)(numbers),
            rare_case(numbers),
        ],
    ),
    Exercise(
        "10",
        correlate,
        "array",
        shapes(correlate, feature="T"),
        {"r": "H"},
        lambda numbers: [
            feature_case(numbers, "T = 8", [0, 1, 1, 0, 0, 0, 1, 0], 1, H=4),
            feature_case(numbers, "T = 3, H = 3", [1, 0, 1], 2),
            feature_case(numbers, "a feature that is rare", [0] * 20 + [1], 3),
            feature_case(
                numbers, "a feature of True and False", [True, False] * 5, 4, H=1
            ),
            feature_case(
                numbers, "a feature that counts", [0, 1, 2, 3, 0, 1, 0, 1, 2], 5, H=5
            ),
        ],
    ),
    Exercise(
        "10",
        beyond_input,
        "array",
        shapes(beyond_input),
        {"rest": "T, H"},
        taken_from([*NETWORKS, FAR_BACK], beyond_input),
    ),
    Exercise(
        "10",
        influence,
        "array",
        shapes(influence),
        {"sizes": "T"},
        taken_from([*NETWORKS, TWO_STEPS, FAR_BACK], influence),
    ),
    Exercise(
        "11",
        pad_batch,
        "tuple",
        shapes(pad_batch),
        {"inputs": "T, B", "targets": "T, B", "mask": "T, B"},
        lambda numbers: [
            pad_case(
                numbers, "lengths 3, 5, 2", [[4, 1, 1], [2, 5, 3, 1, 4], [6, 2]], 7
            ),
            pad_case(
                numbers, "the longest first, border = 3", [[1, 2, 5, 4], [2], [6, 1]], 3
            ),
            pad_case(numbers, "one name", [[5, 1, 4]], 2),
            pad_case(numbers, "equal lengths, border = 0", [[3, 1], [2, 4], [4, 3]], 0),
            pad_case(numbers, "names of one letter", [[3], [1]], 2),
        ],
    ),
    Exercise(
        "11",
        mask_loss,
        "tuple",
        shapes(mask_loss, p="n, V", targets="n", mask="n"),
        {"loss": "", "dy": "n, V"},
        lambda numbers: [
            mask_case(
                numbers,
                "two rows masked",
                [3, 0, 1, 1, 2, 4],
                [1, 1, 0, 1, 0, 1],
                V=5,
                seed=1,
            ),
            mask_case(numbers, "nothing masked", [2, 0, 3], [1, 1, 1], V=4, seed=2),
            mask_case(numbers, "one real row", [0, 1, 1, 2], [0, 0, 1, 0], V=3, seed=3),
            mask_case(numbers, "n = 1", [2], [1], V=4, seed=4),
            mask_case(numbers, "n = V", [1, 3, 3, 0], [1, 0, 0, 1], V=4, seed=5),
            mask_case(
                numbers, "a masked p of 0", [2, 0, 1], [1, 0, 1], V=3, seed=6, sure=[1]
            ),
        ],
    ),
    Exercise(
        "11",
        bit_loss,
        "tuple",
        shapes(bit_loss, y="n", z="n"),
        {"loss": "", "dy": "n"},
        lambda numbers: [
            bit_case(
                numbers,
                "n = 5",
                numbers.like([0.7, -1.3, 2.1, -0.2, 0.4]),
                [1, 1, 0, 0, 1],
            ),
            bit_case(numbers, "n = 1", numbers.like([-0.9]), [1]),
            bit_case(numbers, "y = 0", [0, 0, 0], [1, 0, 1]),
            bit_case(numbers, "right and sure", numbers.like([6, -7]), [1, 0]),
            bit_case(
                numbers, "wrong and sure", numbers.near([40, -40, 1.5]), [0, 1, 1]
            ),
            bit_case(
                numbers, "logits of 1000", numbers.near([1000, -1000, 2.0]), [0, 1, 0]
            ),
        ],
    ),
    Exercise(
        "11",
        softmax_back,
        "array",
        shapes(softmax_back, alpha="n, T", dalpha="n, T"),
        {"du": "n, T"},
        lambda numbers: [
            attend_case(numbers, "n = 3, T = 4", 3, 4, seed=1),
            attend_case(numbers, "n = 1, T = 5", 1, 5, seed=2),
            attend_case(numbers, "n = 4, T = 4", 4, 4, seed=3),
            attend_case(numbers, "n = 2, T = 1", 2, 1, seed=4),
        ],
    ),
    Exercise(
        "12",
        pass_down,
        "tuple",
        shapes(pass_down, Wxh="H, D", h_below="T, D", Whh_below="D, D"),
        {"dx": "T, D", "da_below": "T, D"},
        lambda numbers: [
            below_case(numbers, "T = 5, H = 4, D = 3", 5, 4, 3, seed=1),
            below_case(numbers, "T = 1", 1, 3, 2, seed=2),
            below_case(numbers, "T = 4, H = 3, D = 3", 4, 3, 3, seed=3),
            below_case(numbers, "T = 2", 2, 2, 5, seed=4),
            below_case(numbers, "large weights", 9, 3, 4, seed=5, scale=2),
        ],
    ),
    Exercise(
        "12",
        lstm_step_back,
        "dict",
        shapes(lstm_step_back)
        | dict.fromkeys(("dh", "dm", "f", "w", "o", "g", "m_prev"), "H"),
        dict.fromkeys(("daf", "daw", "dao", "dag", "dm_prev"), "H"),
        lambda numbers: [
            lstm_case(numbers, "H = 4", 4, seed=1),
            lstm_case(numbers, "H = 1", 1, seed=2),
            lstm_case(numbers, "dm = 0, the last step", 3, seed=3, dm=0.0),
            lstm_case(numbers, "dh = 0", 3, seed=4, dh=0.0),
            lstm_case(numbers, "f = 1", 2, seed=5, f=1.0),
        ],
    ),
    Exercise(
        "12",
        forget_bias,
        "number",
        shapes(forget_bias),
        {"b": ""},
        bias_cases,
    ),
    Exercise(
        "13",
        without_start,
        "list",
        shapes(without_start, values="n"),
        {"means": "n"},
        mean_cases,
    ),
    Exercise(
        "13",
        deviations,
        "array",
        shapes(deviations, ids="n", p="V"),
        {"far": "V"},
        lambda numbers: [
            count_case(numbers, ids, p)
            for ids, p in [
                ([2, 0, 2, 1, 2, 0, 2, 2, 1, 0], [0.2, 0.3, 0.4, 0.1]),
                ([0, 0, 1, 0, 1, 0, 0], [0.5, 0.5]),
                ([1], [0.25, 0.6, 0.15]),
                ([4, 4, 3, 0, 4, 1], [0.1, 0.15, 0.05, 0.3, 0.4]),
                ([0, 2, 0, 2, 0, 2, 2, 2], [0.3, 0.35, 0.35]),
            ]
        ],
    ),
    Exercise(
        "13",
        next_chunk,
        "index",
        shapes(next_chunk),
        {"place": ""},
        place_cases,
    ),
    Exercise(
        "14",
        from_torch,
        "dict",
        shapes(from_torch),
        WEIGHTS,
        lambda numbers: [
            torch_case(numbers, "5 symbols, 3 units", 5, 3, seed=1),
            torch_case(numbers, "4 symbols, 4 units", 4, 4, seed=2),
            torch_case(numbers, "2 symbols, 6 units", 2, 6, seed=3),
            torch_case(numbers, "3 symbols, 1 unit", 3, 1, seed=4),
        ],
    ),
    Exercise(
        "14",
        mean_loss,
        "tuple",
        shapes(mean_loss, y="n, V", targets="n"),
        {"loss": "", "dy": "n, V"},
        lambda numbers: [
            mean_case(numbers, "n = 3, V = 4", numbers.like(TABLE), [2, 0, 3]),
            mean_case(numbers, "n = V = 4", numbers.like(LOGITS), [1, 3, 0, 1]),
            mean_case(numbers, "n = 1", numbers.like(TABLE[:1]), [3]),
            mean_case(
                numbers,
                "equal logits",
                np.repeat(numbers.like([[2], [0], [-1]]), 2, axis=1),
                [0, 1, 1],
            ),
            mean_case(
                numbers,
                "logits of 1000",
                numbers.near([[1000, 998, 0], [-1000, 3, 2]]),
                [1, 0],
            ),
        ],
    ),
    Exercise(
        "14",
        adagrad_torch,
        "in place",
        shapes(adagrad_torch),
        {"param": "", "memory": ""},
        lambda numbers: [
            adagrad_case(
                numbers,
                "a first step",
                [0.5, -0.2, 0.1],
                [0.3, -1.2, 0.04],
                [0.0] * 3,
                0.1,
            ),
            adagrad_case(
                numbers, "some steps later", [0.5, -0.2], [-0.4, 2.0], [0.09, 1.44], 0.1
            ),
            adagrad_case(
                numbers,
                "tiny gradients",
                [0.5, -0.2, 0.3],
                [1e-9, -1e-6, 1e-4],
                [0.0] * 3,
                0.1,
            ),
            adagrad_case(
                numbers, "a gradient of 0", [0.5, -0.2], [0.0, 0.7], [0.0, 0.0], 0.25
            ),
            adagrad_case(
                numbers,
                "a matrix",
                [[0.1, 0.2], [0.3, 0.4]],
                [[2.0, -3.0], [0.5, 0.0]],
                [[1.0, 0.5], [0.0, 4.0]],
                0.05,
            ),
        ],
    ),
]
EXERCISES = {exercise.name: exercise for exercise in LIST}
