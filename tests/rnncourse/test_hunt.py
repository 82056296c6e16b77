"""The last hunt: it counts rightly, whichever faults are mended, and however."""

import itertools
import re
import textwrap
import threading

import pytest

import rnnlib as rnn
from rnncourse import hunt, hunted
from rnncourse.checker import running

NAMES = [*hunt.FAULTS]
ALL = range(1, len(NAMES) + 1)

# Right in other words: each is the body of a function of that name.
STYLES = {
    "cut": [
        "return [(ids[s : s + T], ids[s + 1 : s + T + 1])"
        " for s in range(0, len(ids) - T, T)]",
        "n = (len(ids) - 1) // T\n"
        "rows = [part.reshape(n, T) for part in (ids[: n * T], ids[1 : n * T + 1])]\n"
        "return list(zip(*rows))",
        "return [(a.tolist(), b.tolist()) for a, b, _ in rnn.chunks(ids, T)]",
        "found, at = [], 0\n"
        "while at + T < len(ids):\n"
        "    found.append([ids[at : at + T], np.roll(ids, -1)[at : at + T]])\n"
        "    at += T\n"
        "return found",
    ],
    "first_weights": [
        "return rnn.Params.init(V, H, seed)",
        "dice = np.random.RandomState(seed)\n"
        "w = [0.01 * dice.randn(*s) for s in ((H, V), (H, H), (V, H))]\n"
        "zeros = np.zeros(H), np.zeros(V)\n"
        "return rnn.Params.from_arrays(**dict(zip(rnn.Params.names, (*w, *zeros))))",
        "np.random.seed(seed)\n"
        "params = rnn.Params.init(V, H, 0).zeros_like()\n"
        "for w in (params.Wxh, params.Whh, params.Why):\n"
        "    w += 0.01 * np.random.normal(size=w.shape)\n"
        "return params",
    ],
    "softmax": [
        "e = np.exp(y)\nreturn (e.T / e.sum(-1)).T",
        "if y.ndim == 2:\n    return np.array([softmax(row) for row in y])\n"
        "return np.exp(y) / np.exp(y).sum()",
        "return rnn.softmax(y)",
        "y -= y.max(-1, keepdims=True)\n"
        "return np.exp(y - np.log(np.exp(y).sum(-1))[..., None])",
    ],
    "nll": [
        "return sum(-np.log(p[t, k]) for t, k in enumerate(targets))",
        "return -np.log2(p[range(len(targets)), targets]).sum() * np.log(2)",
        "return rnn.cross_entropy(np.log(p), targets)",
    ],
    "backward": [
        "return rnn.backward(params, inputs, targets, states)",
        "h, h_prev, y = states\n"
        "grads, back = params.zeros_like(), np.zeros(params.H)\n"
        "for t in range(len(inputs))[::-1]:\n"
        "    dy = softmax(y[t])\n"
        "    dy[targets[t]] -= 1\n"
        "    da = (1 - h[t] ** 2) * (dy @ params.Why + back)\n"
        "    back = da @ params.Whh\n"
        "    grads.Why += np.outer(dy, h[t])\n"
        "    grads.Whh += np.outer(da, h_prev[t])\n"
        "    grads.Wxh[:, inputs[t]] += da\n"
        "    grads.bh, grads.by = grads.bh + da, grads.by + dy\n"
        "return grads, back",
        "h, h_prev, y = states\n"
        "dy = softmax(y)\n"
        "for t, k in enumerate(targets):\n"
        "    dy[t, k] -= 1\n"
        "da = np.zeros_like(h)\n"
        "for t in reversed(range(len(h))):\n"
        "    dh = params.Why.T @ dy[t]\n"
        "    if t + 1 < len(h):\n"
        "        dh += params.Whh.T @ da[t + 1]\n"
        "    da[t] = dh - h[t] * h[t] * dh\n"
        "x = rnn.one_hot(inputs, params.V)\n"
        "grads = rnn.Params.from_arrays(Wxh=da.T @ x, Whh=da.T @ h_prev,"
        " Why=dy.T @ h, bh=da.sum(0), by=dy.sum(0))\n"
        "return grads, da[0] @ params.Whh",
    ],
    "clip": [
        "np.clip(grads.theta, -limit, limit, out=grads.theta)",
        "for _, grad in grads.items():\n    grad[...] = np.clip(grad, -limit, limit)",
        "rnn.clip(grads, limit)",
        "grads.theta = np.maximum(np.minimum(grads.theta, limit), -limit)",
        "grads.theta[grads.theta > limit] = limit\n"
        "grads.theta[grads.theta < -limit] = -limit",
    ],
    "train": [
        "run = rnn.Training(params, ids, T, 1, rnn.Adagrad(params, lr), limit)\n"
        "return [next(run).loss / T for _ in range(steps)], run.progress[1]",
        "losses, memory, chunks = [], params.zeros_like(), cut(ids, T)\n"
        "for n in range(steps):\n"
        "    inputs, targets = chunks[n % len(chunks)]\n"
        "    if not n % len(chunks):\n"
        "        last = None\n"
        "    states = forward(params, inputs, h_init=last)\n"
        "    losses += [nll(softmax(states.y), targets) / T]\n"
        "    grads = backward(params, inputs, targets, states)[0]\n"
        "    clip(grads, limit)\n"
        "    adagrad(params, grads, memory, lr)\n"
        "    last = states.h[len(inputs) - 1]\n"
        "return np.array(losses), last",
        "losses, memory, n = [], params.zeros_like(), 0\n"
        "while n < steps:\n"
        "    h = np.zeros(params.H)\n"
        "    for inputs, targets in cut(ids, T)[: steps - n]:\n"
        "        states = forward(params, inputs, h)\n"
        "        h, n = states.h[-1], n + 1\n"
        "        losses.append(nll(softmax(states.y), targets) / T)\n"
        "        grads, _ = backward(params, inputs, targets, states)\n"
        "        clip(grads, limit)\n"
        "        adagrad(params, grads, memory, lr)\n"
        "return losses, h",
    ],
    "draw": [
        "return int(min((np.cumsum(p) <= u).sum(), len(p) - 1))",
        "return np.argmax(np.cumsum(p) > u)",
        "for k, share in enumerate(p):\n"
        "    u -= share\n"
        "    if u < 0:\n"
        "        break\n"
        "return k",
        'return np.searchsorted(np.cumsum(p), u, side="right")',
    ],
}

# Changed, and still wrong.
WRONG = {
    "cut": [
        "starts = range(0, len(ids) - T, T)\n"
        "return [(ids[s : s + T], np.roll(ids, 1)[s : s + T]) for s in starts]",
        "return [(ids[s : s + T], ids[s + 1 : s + T + 1])"
        " for s in range(0, len(ids) - T - 1, T)]",
        "return [(ids[s : s + T], ids[s + 1 : s + T + 1])"
        " for s in range(len(ids) - T)]",
        "return [(b, a) for a, b, _ in rnn.chunks(ids, T)]",
    ],
    "first_weights": [
        "return rnn.Params.init(V, H, np.random.default_rng())",
        "return rnn.Params.init(V, H, V)",
        "return rnn.Params.init(V, H, seed, scale=0.1)",
        "params = rnn.Params.init(V, H, 1)\n"
        "params.Wxh = rnn.Params.init(V, H, seed).Wxh\n"
        "return params",
    ],
    "softmax": [
        "return np.exp(y) / np.exp(y).sum()",
        "return np.exp(y) / (1 + np.exp(y))",
        "np.exp(y, out=y)\nreturn y / y.sum(-1, keepdims=True)",
    ],
    "nll": [
        "return -np.log(p[range(len(targets)), targets]).mean()",
        "return np.log(p[range(len(targets)), targets]).sum()",
        "return -np.log10(p[range(len(targets)), targets]).sum()",
    ],
    "backward": [
        "return rnn.backward(params, inputs, targets, states)[0], 0",
        "grads, dh_init = rnn.backward(params, inputs, targets, states)\n"
        "return grads, -dh_init",
        "grads, dh_init = rnn.backward(params, inputs, targets, states)\n"
        "grads.theta /= len(inputs)\n"
        "return grads, dh_init",
    ],
    "clip": [
        "np.clip(grads.theta, -limit, limit)",
        "return np.clip(grads.theta, -limit, limit)",
        "grads.theta = np.minimum(grads.theta, limit)",
        "grads.theta *= limit / max(limit, np.linalg.norm(grads.theta))",
    ],
    "train": [
        "run = rnn.Training(params, ids, T, 1, rnn.Adagrad(params, lr), limit)\n"
        "return [next(run).loss for _ in range(steps)], run.progress[1]",
        "losses, memory, chunks, h = [], params.zeros_like(), cut(ids, T), None\n"
        "for n in range(steps):\n"
        "    inputs, targets = chunks[n % len(chunks)]\n"
        "    states = forward(params, inputs, h)\n"
        "    losses += [nll(softmax(states.y), targets) / T]\n"
        "    grads = backward(params, inputs, targets, states)[0]\n"
        "    clip(grads, limit)\n"
        "    adagrad(params, grads, memory, lr)\n"
        "    h = states.h[-1]\n"  # goes round the end of the text
        "return losses, h",
        "losses, memory, chunks = [], params.zeros_like(), cut(ids, T)\n"
        "for n in range(steps):\n"
        "    inputs, targets = chunks[n % len(chunks)]\n"
        "    h = states.h_prev[-1] if n % len(chunks) else None\n"
        "    states = forward(params, inputs, h)\n"
        "    losses += [nll(softmax(states.y), targets) / T]\n"
        "    grads = backward(params, inputs, targets, states)[0]\n"
        "    clip(grads, limit)\n"
        "    adagrad(params, grads, memory, lr)\n"
        "return losses, states.h[-1]",
    ],
    "draw": [
        "return np.argmax(p)",
        "return int(u * len(p))",
        "return min((np.cumsum(p) <= u).sum() + 1, len(p) - 1)",
        "return min(np.searchsorted(np.cumsum(p), u), len(p) - 1)",
        "return np.argmax(np.cumsum(p) >= u)",
    ],
}


def signature(name):
    """The line with which the program defines a function."""
    source = open(hunted.__file__, encoding="utf-8").read()
    return re.search(rf"def {name}\(.*\):", source)[0]


def changed(mended, **bodies):
    """The functions of the program, some mended, some with other bodies: a dict."""
    names = hunt.program(*mended).run.__globals__
    for name, body in bodies.items():
        exec(f"{signature(name)}\n{textwrap.indent(body, '    ')}", names)
    return names


def left(names):
    """The number that `check` tells, and what it says after it."""
    told = hunt.check(names)
    count, more = re.fullmatch(
        r"(No|\d) faults? (?:is|are) left\.(?: Their numbers: [^.]*\.)? ?(.*)", told
    ).groups()
    return (0 if count == "No" else int(count)), more


def others(name):
    return [n for n in ALL if NAMES[n - 1] != name]


def test_the_count_is_right_where_one_or_two_are_mended_or_left():
    for size in (0, 1, 2, 6, 7, 8):
        for mended in itertools.combinations(ALL, size):
            assert left(vars(hunt.program(*mended))) == (8 - size, ""), mended


def test_each_change_stands_once_in_the_program():
    source = open(hunted.__file__, encoding="utf-8").read()
    for old, new in hunt.FAULTS.values():
        assert source.count(old) == 1 and new != old


CASES = [(name, body) for name, bodies in STYLES.items() for body in bodies]


@pytest.mark.parametrize("name, body", CASES)
def test_any_way_of_mending_counts(name, body):
    assert left(changed((), **{name: body})) == (7, "")
    assert left(changed(others(name), **{name: body})) == (0, "")


CASES = [(name, body) for name, bodies in WRONG.items() for body in bodies]


@pytest.mark.parametrize("name, body", CASES)
def test_a_change_that_mends_nothing_does_not_count(name, body):
    assert left(changed((), **{name: body})) == (8, "")
    assert left(changed(others(name), **{name: body})) == (1, "")


def test_clip_and_the_loop_may_share_the_work():
    """A `clip` that returns new gradients, and a loop that takes them."""
    for mended in itertools.product([0, 1], repeat=2):
        names = changed([7] if mended[1] else [])
        loop = hunt.inspect.getsource(hunted.train)
        if mended[1]:
            loop = loop.replace(*hunt.FAULTS["train"])
        if mended[0]:
            loop = loop.replace("clip(grads", "grads = clip(grads")
            exec(
                "def clip(grads, limit):\n"
                "    return grads.with_theta(grads.theta.clip(-limit, limit))",
                names,
            )
        exec(loop, names)
        assert left(names) == (8 - sum(mended), "")


def test_a_function_of_another_name_may_help():
    names = changed(())
    exec("def total(e):\n    return e.sum(-1, keepdims=True)", names)
    exec("def softmax(y):\n    return np.exp(y) / total(np.exp(y))", names)
    assert left(names) == (7, "")


def test_the_library_may_take_the_place():
    names = changed(())
    before = dict(vars(rnn.loss))
    names.update(softmax=rnn.softmax, backward=rnn.backward, clip=rnn.clip)
    assert left(names) == (5, "") and vars(rnn.loss) == before


@pytest.mark.parametrize(
    "name, body, said",
    [
        ("nll", "return 1 / 0", "nll raises ZeroDivisionError: division by zero."),
        (
            "softmax",
            "return np.exp(y) / np.exp(y).sum(axis=1)",
            "softmax raises ValueError",
        ),
        ("draw", "raise SystemExit(3)", "draw raises SystemExit: 3."),
        ("clip", "input('limit? ')", "clip raises RuntimeError: "),
    ],
)
def test_what_raises_is_a_fault_and_is_said(name, body, said):
    for mended, count in (((), 8), (others(name), 1)):
        found, more = left(changed(mended, **{name: body}))
        assert found == count and more.startswith(said)


def stop_soon(name, monkeypatch):
    """The function of this name has 0.2 seconds, the others what they need."""

    def deadline(seconds, function):
        return running.Deadline(0.2 if function.__name__ == name else 60, function)

    monkeypatch.setattr(hunt, "Deadline", deadline)
    monkeypatch.setattr(hunt, "SECONDS", 0.2)  # in what is said


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n    pass",
        "while True:\n    try:\n        1 / 0\n    except:\n        pass",
    ],
)
def test_what_does_not_end_is_stopped_and_said(body, monkeypatch):
    stop_soon("draw", monkeypatch)
    found, more = left(changed((), draw=body))
    assert (found, more) == (8, "draw does not end: stopped after 0.2 s.")


def test_what_was_right_and_is_broken_is_said():
    found, more = left(changed(ALL, forward="return rnn.forward(params, inputs)"))
    assert found == 0 and more.startswith("forward was right at first")
    for name in ("adagrad", "measure", "write"):
        assert name in left(changed(ALL, **{name: "return 0"}))[1]


def test_a_program_without_a_function():
    names = changed(())
    del names["nll"], names["train"]
    assert hunt.check(names).startswith("No function nll, train here")


def test_it_takes_the_functions_of_the_cell_that_calls():
    names = changed([1, 2])
    exec("told = hunt.check()", names | {"hunt": hunt}, kept := {})
    assert kept["told"].startswith("6 faults are left.")


def test_nothing_is_left_behind():
    names = changed(())
    before, network = dict(names), hunt.NETWORK.theta.copy()
    hunt.check(names)
    assert names == before and (hunt.NETWORK.theta == network).all()


def test_a_number_that_is_no_fault_is_refused():
    with pytest.raises(ValueError, match="expected 1 to 8, got 9"):
        hunt.program(9)


def test_it_counts_where_there_are_no_threads(monkeypatch):
    """As in the page of a browser."""

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert left(changed([1, 3])) == (6, "")
    stop_soon("cut", monkeypatch)
    assert left(changed([1, 3], cut="while True:\n    pass"))[0] == 7
