"""The last hunt, of notebook 15: a program with eight faults, and who counts them.

The program is `rnncourse.hunted`. A function of it is judged by what it does, never by
its text, and with right functions in the place of all others: so no fault hides another
one here, as they do in the program.
"""

import inspect
import sys
from contextlib import contextmanager
from itertools import islice
from types import SimpleNamespace

import numpy as np

import rnnlib as rnn
from rnncourse import hunted
from rnncourse.checker.running import Deadline, Memory, TooLong, contained, home_of
from rnncourse.clinic import Told

SECONDS = 2.0  # for one function
SOURCE = inspect.getsource(hunted)


def check(functions=None):
    """How many of the eight faults are left: the number, and never which.

    When none is left it says which number each of them has in the rest of the notebook.

    functions: the functions of the program by their names, a dict; None: those of the
    cell that calls. One that raises or does not end counts as a fault, and is named; so
    is one that was right at first and is not any more.
    """
    names = sys._getframe(1).f_globals if functions is None else functions
    missing = [name for name in TRIALS if not callable(names.get(name))]
    if missing:
        names = ", ".join(missing)
        return Told(f"No function {names} here: run the cells of the program first.")
    own = {name: names[name] for name in TRIALS}
    with contained(Memory(87, own["train"])):
        ends = {name: end_of(name, own, names) for name in TRIALS}
    left = sum(ends[name] != "right" for name in FAULTS)
    said = [f"{left or 'No'} fault{' is' if left < 2 else 's are'} left."]
    if not left:
        numbered = ", ".join(f"{n} in {name}" for n, name in enumerate(FAULTS, 1))
        said.append(f"Their numbers: {numbered}.")
    said += [end for end in ends.values() if end not in ("right", "wrong")]
    said += [
        f"{name} was right at first, and does not do any more what its first line says."
        for name in TRIALS
        if name not in FAULTS and ends[name] == "wrong"
    ]
    return Told(" ".join(said))


def program(*mended):
    """The functions of the program, as attributes, with some of its faults mended.

    mended: numbers of faults, from 1, in the order of FAULTS.
    ValueError: another number.
    """
    source, names = SOURCE, {}
    for number in mended:
        if number not in range(1, len(FAULTS) + 1):
            raise ValueError(f"mended: expected 1 to {len(FAULTS)}, got {number}")
        source = source.replace(*[*FAULTS.values()][number - 1])
    exec(source, names)
    return SimpleNamespace(**names)


def end_of(name, own, names):
    """How the trial of a function ends: "right", "wrong", or a sentence."""
    found = []

    def work():
        try:
            with np.errstate(all="ignore"):
                found.append("right" if TRIALS[name](own) else "wrong")
        except (KeyboardInterrupt, TooLong):
            raise
        except BaseException as error:
            found.append(f"{name} raises {type(error).__name__}: {error}.")

    with surrounded(name, home_of(own[name]) or names):
        Deadline(SECONDS, own[name]).run(work)
    return found[0] if found else f"{name} does not end: stopped after {SECONDS:g} s."


@contextmanager
def surrounded(name, home):
    """A context in which all other functions that the program calls are right ones."""
    others = {other: right for other, right in RIGHT.items() if other != name}
    before = {other: home[other] for other in others if other in home}
    home.update(others)
    try:
        yield
    finally:
        for other in others:
            home.pop(other, None)
        home.update(before)


# The functions as they should be.


def cut(ids, T):
    return [(inputs, targets) for inputs, targets, _ in rnn.chunks(ids, T)]


def nll(p, targets):
    return -np.log(p[np.arange(len(targets)), targets]).sum()


def clip(grads, limit):
    rnn.clip(grads, limit)
    return grads  # for a loop that takes what is returned


def adagrad(params, grads, memory, lr):
    memory.theta += grads.theta**2
    params.theta -= lr * grads.theta / np.sqrt(memory.theta + 1e-8)


def train(ids, params, T, steps, lr=0.05, limit=5):
    training = rnn.Training(params, ids, T, 1, rnn.Adagrad(params, lr), limit)
    losses = [step.loss / T for step in islice(training, steps)]
    return losses, training.progress[1]


def draw(p, u):
    return min((np.cumsum(p) <= u).sum(), len(p) - 1)


RIGHT = {"cut": cut, "forward": rnn.forward, "softmax": rnn.softmax, "nll": nll}
RIGHT |= {"backward": rnn.backward, "clip": clip, "adagrad": adagrad, "draw": draw}

# What the program says in a function, and what mends it. Each stands there once.
FAULTS = {
    "cut": ("piece[:T]", "piece[1:]"),
    "first_weights": ("default_rng(1)", "default_rng(seed)"),
    "softmax": ("e.sum(axis=0)", "e.sum(axis=-1, keepdims=True)"),
    "nll": ("np.log2(", "np.log("),
    "backward": ("@ dy[t] - back", "@ dy[t] + back"),
    "clip": (
        "grad = np.clip(grad, -limit, limit)",
        "grad.clip(-limit, limit, out=grad)",
    ),
    "train": ("forward(params, inputs)", "forward(params, inputs, h)"),
    "draw": ("min(first, len(p)) - 1", "min(first, len(p) - 1)"),
}


# The trials. Each takes the reader's functions by name, and says whether one is right.

T = 6


rng = np.random.default_rng(15)
NETWORK = rnn.Params.init(7, 5, rng, scale=0.5)  # where tanh bends
NETWORK.bh, NETWORK.by = rng.normal(size=5), rng.normal(size=7)
TEXT, STATE = rng.integers(0, 7, 3 * T + 3), rng.random(5)  # three chunks, and a rest


def example():
    """A small network, a text, a state: copies, for a function may change them."""
    return NETWORK.copy(), TEXT.copy(), STATE.copy()


def alike(got, want):
    """Whether these are the same numbers in the same shape."""
    try:
        got = np.asarray(got, float)
    except (TypeError, ValueError):
        return False
    return got.shape == np.shape(want) and np.allclose(got, want, rtol=1e-6, atol=1e-9)


def try_cut(own):
    sizes = (23, 5), (16, 5), (6, 5)  # with a rest, without one, a single chunk
    texts = [(np.arange(n) % 7, length) for n, length in sizes]
    return all(alike([*own["cut"](*text)], cut(*text)) for text in texts)


def try_first_weights(own):
    one, again, other = (own["first_weights"](64, 50, seed) for seed in (3, 3, 4))
    for name, shape in (("Wxh", (50, 64)), ("Whh", (50, 50)), ("Why", (64, 50))):
        a, b, c = (getattr(params, name) for params in (one, again, other))
        fits = a.shape == shape and 0.008 < np.std(a) < 0.012
        if not (fits and np.array_equal(a, b) and not np.array_equal(a, c)):
            return False
    return not one.bh.any() and not one.by.any()


def try_forward(own):
    for start in (None, example()[2]):
        params, ids, _ = example()
        got = own["forward"](params, ids[:T], start)
        want = rnn.forward(params, ids[:T], start)
        if not all(map(alike, (got.h, got.h_prev, got.y), want)):
            return False
    return True


def try_softmax(own):
    for shape in ((3, 5), (4, 4), (6,)):
        y = np.random.default_rng(0).normal(size=shape)
        want = rnn.softmax(y)
        # Twice: the first call must leave its argument fit for the second.
        if not all(alike(own["softmax"](y), want) for _ in range(2)):
            return False
    return True


def try_nll(own):
    params, ids, _ = example()
    p, targets = rnn.softmax(rnn.forward(params, ids[:T]).y), ids[1 : T + 1]
    return alike(own["nll"](p.copy(), targets), nll(p, targets))


def try_backward(own):
    for length in (T, 1):
        params, ids, h_init = example()
        inputs, targets = ids[:length], ids[1 : length + 1]
        chunk = params, inputs, targets, rnn.forward(params, inputs, h_init)
        want, dh_want = rnn.backward(*chunk)
        grads, dh_init = own["backward"](*chunk)
        if not (alike(grads.theta, want.theta) and alike(dh_init, dh_want)):
            return False
    return True


def try_clip(own):
    grads = example()[0]
    want = grads.theta.clip(-0.5, 0.5)
    returned = own["clip"](grads, 0.5)
    if alike(grads.theta, want):
        return True
    return alike(getattr(returned, "theta", None), want) and is_taken(own)


def is_taken(own):
    """Whether the loop takes the new gradients that `clip` returns.

    The text is a single chunk, so each step begins at zeros: it makes no difference
    whether the state is carried.
    """
    mine, want = example()[0], example()[0]
    text = example()[1][: T + 1]
    own["train"](text, mine, T, 2, 0.1, 0.1)
    train(text, want, T, 2, 0.1, 0.1)
    return alike(mine.theta, want.theta)


def try_adagrad(own):
    mine, want = ((example()[0], example()[0].zeros_like()) for _ in range(2))
    for (params, memory), step in ((mine, own["adagrad"]), (want, adagrad)):
        for _ in range(2):
            step(params, example()[0], memory, 0.1)
    return all(alike(a.theta, b.theta) for a, b in zip(mine, want))


def try_train(own):
    mine, want = example()[0], example()[0]
    found = own["train"](example()[1], mine, T, 5, 0.1, 0.5)
    right = train(example()[1], want, T, 5, 0.1, 0.5)
    return all(map(alike, (*found, mine.theta), (*right, want.theta)))


def try_measure(own):
    params, ids, _ = example()
    n = 3 * T
    want = rnn.cross_entropy(rnn.forward(params, ids[:n]).y, ids[1 : n + 1]) / n
    return alike(own["measure"](params, ids, T), want)


def try_draw(own):
    params, ids, _ = example()
    p = rnn.softmax(rnn.forward(params, ids).y[-1])
    middles = np.cumsum(p) - p / 2
    cases = [(p, u, k) for k, u in enumerate(middles)]
    # On an edge: the sum must exceed u, so what has no share is never drawn.
    cases += [(np.array([0, 0.5, 0.5]), 0.0, 1), (np.array([0.5, 0.5]), 0.5, 1)]
    return all(alike(own["draw"](p.copy(), u), k) for p, u, k in cases)


def try_write(own):
    start = example()[0], example()[2], 3, 12
    want = rnn.sample(*start, np.random.default_rng(0))
    return alike(own["write"](*start, np.random.default_rng(0)), want)


TRIALS = {
    name.removeprefix("try_"): trial
    for name, trial in list(globals().items())
    if name.startswith("try_")
}
