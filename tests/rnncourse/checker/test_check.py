"""The checker: who is right is told so, who is wrong is told in what way."""

import ast
import builtins
import functools
import gc
import inspect
import math
import multiprocessing
import sys
import textwrap
import threading
import time
import warnings
from contextlib import contextmanager

import numpy as np
import pytest

from rnncourse.checker import Verdict, check, running
from rnncourse.checker.comparing import alike, close
from rnncourse.checker.exercises import EXERCISES, Case
from rnncourse.checker.running import call
from rnnlib.forward import Params
from tests.rnncourse.checker import ast_mutants
from tests.rnncourse.checker.correct_submissions import CELLS, CORRECT

NAMES = list(EXERCISES)
IMPORTS = {"np": np, "math": math, "functools": functools}


def student(source):
    """The function that a student's cell defines; its lines can be looked up.

    In it, `right` is the right version of the exercise.
    """
    source = textwrap.dedent(source)
    namespace, cell = dict(IMPORTS), f"<cell {abs(hash(source))}>"
    running.linecache.cache[cell] = (0, None, source.splitlines(True), cell)
    exec(compile(source, cell, "exec"), namespace)
    name = next(name for name in NAMES if name in namespace)
    namespace["right"] = EXERCISES[name].truth
    return namespace[name]


@contextmanager
def within(seconds):
    """What is done in the block takes less processor time.

    No garbage is collected meanwhile: Python looks through all that thousands of tests
    have left in memory, which takes a second.
    """
    gc.disable()
    start = time.process_time()
    try:
        yield
        took = time.process_time() - start
    finally:
        gc.enable()
    assert took < seconds


def source_of(function):
    """The source of a right answer, without decorator, under its exercise's name."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    tree.body[0].decorator_list, tree.body[0].name = [], function.__name__
    return ast.unparse(tree)


# No false accusation


@pytest.mark.parametrize("name", NAMES)
def test_each_exercise_has_right_answers_in_several_styles(name):
    count = sum(f.__name__ == name for f in CORRECT)
    assert count >= 4, f"add right answers of {name} to correct_submissions.py"


@pytest.mark.parametrize("function", CORRECT, ids=lambda f: f.__name__)
def test_a_right_answer_in_any_style_is_correct(function, capsys):
    with within(0.5):
        verdict = check(function)
    assert verdict.status == "correct", f"{verdict}\n{inspect.getsource(function)}"
    assert verdict.misconception is None
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("source", CELLS.values(), ids=CELLS)
def test_a_right_cell_is_correct(source):
    verdict = check(student(source))
    assert verdict.status == "correct", verdict


@pytest.mark.parametrize("name", NAMES)
def test_arguments_may_have_other_names_and_further_ones_with_a_default(name):
    truth = EXERCISES[name].truth

    def renamed(a, b=None, *more, loud=False):
        return truth(*(each for each in (a, b, *more) if each is not None))

    renamed.__name__ = name
    assert check(renamed).status == "correct"


def test_the_order_of_the_parameters_is_no_mistake_where_the_result_is_right():
    """A name is the student's choice, and this error is symmetric."""

    def relative_error(b, a):
        return EXERCISES["relative_error"].truth(a, b)

    def one_hot(V, k):
        return EXERCISES["one_hot"].truth(V, k)

    assert check(relative_error).status == check(one_hot).status == "correct"


def test_wrong_functions_with_other_names_are_not_called_swapped():
    def one_hot(size, V):
        return np.eye(V)[V - 1 - size]

    assert check(one_hot).misconception == "counted-from-the-end"


STEPS = {1e-4: None, 3e-5: None, 1e-5: None, 1e-6: None}
STEPS |= {2e-3: "eps-too-large", 1e-3: "eps-too-large"}
STEPS |= {1e-8: "eps-too-small", 1e-10: "eps-too-small"}


@pytest.mark.parametrize("eps, slug", STEPS.items())
def test_central_differences_may_choose_their_step_within_limits(eps, slug):
    slope = student(f"""
        def numerical_gradient(f, theta):
            grad = np.zeros_like(theta)
            for i in np.ndindex(*theta.shape):
                e = np.zeros_like(theta)
                e[i] = {eps}
                grad[i] = (f(theta + e) - f(theta - e)) / (2 * {eps})
            return grad
    """)
    verdict = check(slope)
    assert (verdict.status == "correct", verdict.misconception) == (not slug, slug)


@pytest.mark.parametrize(
    "line, right",
    [
        ("return []", True),
        ("1 / 0", True),
        ("return [(ids, ids)]", False),
        ("return None", False),
    ],
)
def test_a_text_that_is_too_short_has_no_chunk(line, right):
    """Returning [] and raising, as rnnlib does, are both fine."""
    chunks = student(f"""
        def make_chunks(ids, T):
            if len(ids) <= T:
                {line}
            return right(ids, T)
    """)
    assert (check(chunks).status == "correct") == right


def test_a_mistake_is_known_whatever_is_done_with_a_text_that_is_too_short():
    chunks = student("""
        def make_chunks(ids, T):
            if len(ids) <= T:
                raise ValueError("too short")
            return [(a, a) for a, b in right(ids, T)]
    """)
    assert check(chunks).misconception == "targets-are-the-inputs"


# No false acceptance


def mutants(function, most):
    """(what was changed, the function) for at most so many mutants, evenly chosen."""
    for what, text in ast_mutants.mutants(source_of(function), most):
        namespace = {other: EXERCISES[other].truth for other in NAMES} | IMPORTS
        exec(compile(text, "<mutant>", "exec"), namespace)
        yield what, namespace[function.__name__]


def random_arguments(name, rng):
    """Arguments of an exercise by another recipe than that of its cases."""
    T, H, V = rng.integers(1, 6, size=3)
    inputs, targets = rng.integers(V, size=(2, T))
    weights = {"Wxh": (H, V), "Whh": (H, H), "Why": (V, H), "bh": H, "by": V}
    given = {key: rng.normal(size=shape) for key, shape in weights.items()}
    given |= {"inputs": inputs, "targets": targets, "V": V, "k": rng.integers(V)}
    given |= {"T": T, "ids": rng.integers(9, size=rng.integers(T + 1, 20))}
    given |= {"x": np.eye(V)[rng.integers(V)], "h_init": rng.normal(size=H)}
    given |= {"h": np.tanh(rng.normal(size=(T, H))), "da": rng.normal(size=(T, H))}
    given |= {"dy": rng.normal(size=(T, V)), "dy_t": rng.normal(size=V)}
    given |= {"da_next": rng.normal(size=H), "dh_t": rng.normal(size=H)}
    given |= {"h_t": np.tanh(rng.normal(size=H)), "p": rng.uniform(0.01, 1, (T, V))}
    shape = [(V,), (H, V)][rng.integers(2)]
    given["h_prev"] = rng.normal(size=H if name == "rnn_step" else (T, H))
    given["y"] = rng.normal(size=shape) * 10.0 ** rng.integers(4)
    given["theta"] = 0.05 * rng.normal(size=shape)
    given["f"] = lambda z: (z**3).sum() + 40 * (z**2).sum() + np.sin(z.sum())
    size = 10.0 ** rng.choice([0, -12, -13])
    given["a"], given["b"] = size * rng.normal(size=(2, *shape)) * rng.integers(2)
    given |= {name: rng.normal(size=shape) for name in ("grad", "param")}
    given["memory"] = rng.random(shape) * rng.integers(2, size=shape)
    given |= {"limit": rng.choice([0.1, 1.0, 3.0]), "lr": rng.random()}
    if name == "draw":
        given["p"] = rng.multinomial(8, np.ones(V) / V) / 8
        given["u"] = rng.integers(8) / 8 if rng.integers(2) else rng.random()
    if name == "adagrad" and rng.integers(2):
        given["grad"] = 1e-4 * given["grad"]
        given["memory"] = 1e-8 * given["memory"]
    given |= {
        "losses": list(rng.random(T)),
        "start": rng.random(),
        "beta": rng.random(),
    }
    if name == "pass_down":
        given |= {"da": rng.normal(size=(T, H)), "Wxh": rng.normal(size=(H, V))}
        given["h_below"] = np.tanh(rng.normal(size=(T, V)))
        given["Whh_below"] = rng.normal(size=(V, V))
    if name == "lstm_step_back":
        given |= {key: rng.normal(size=H) for key in ("dh", "dm", "m_prev")}
        given |= {key: rng.uniform(0.05, 0.95, H) for key in ("f", "w", "o")}
        given["g"] = np.tanh(rng.normal(size=H))
    given["left"] = rng.uniform(0.05, 0.95)
    given |= {"dh_next": rng.normal(size=H), "i": rng.integers(H), "j": rng.integers(H)}
    given |= {"m": rng.normal(size=shape), "v": rng.random(shape)}
    given["patience"] = rng.integers(1, 4)
    # Notebook 11
    lengths = rng.integers(1, 6, size=T)
    given |= {"names": [rng.integers(9, size=n) for n in lengths], "border": 9}
    given["mask"] = np.append(rng.integers(2, size=T - 1), 1.0)
    given["alpha"] = EXERCISES["softmax"].truth(rng.normal(size=(T, V)))
    given["dalpha"] = rng.normal(size=(T, V))
    if name == "bit_loss":
        given["y"], given["z"] = 3 * rng.normal(size=T), rng.integers(2, size=T)
    given["feature"] = rng.normal(size=T + 2)
    if name == "correlate":  # none where nothing varies
        given["h"] = np.tanh(rng.normal(size=(T + 2, H)))
    # Notebook 13.
    given |= {"values": list(rng.random(T)), "pos": rng.integers(0, 20)}
    if name == "deviations":
        given["p"] = rng.dirichlet(np.full(V + 1, 2.0))  # all above 0 and below 1
        given["ids"] = rng.integers(V + 1, size=rng.integers(1, 20))
    if name in ("look_up", "train"):
        given["ids"] = rng.integers(V, size=rng.integers(T + 1, 20))
    given["W"] = rng.normal(size=(V if name == "push" else H, V))
    blocks = {key: given[key] for key in weights}
    in_07 = EXERCISES[name].notebook == "07"
    given["params"] = Params.from_arrays(**blocks) if in_07 else blocks
    given |= {"prompt": inputs, "rng": np.random.default_rng(rng)}
    given |= {"n": rng.integers(1, 12), "steps": rng.integers(1, 9)}
    if name == "next_chunk":
        given["n"] = rng.integers(1, 30)
    # Notebook 14.
    given["state"] = {
        "rnn.weight_ih_l0": given["Wxh"],
        "rnn.weight_hh_l0": given["Whh"],
    }
    given["state"] |= {"rnn.bias_ih_l0": given["bh"], "linear.weight": given["Why"]}
    given["state"] |= {"rnn.bias_hh_l0": rng.normal(size=H), "linear.bias": given["by"]}
    if name == "mean_loss":
        given["y"] = rng.normal(size=(T, V)) * 10.0 ** rng.integers(4)
    parameters = inspect.signature(EXERCISES[name].truth).parameters
    unknown = ", ".join(key for key in parameters if key not in given)
    assert not unknown, f"add {unknown} of {name} to random_arguments"
    return {key: given[key] for key in parameters}


def is_the_same_function(exercise, function):
    """Whether it agrees with the truth on 60 random inputs that no case knows."""
    tol = 1e-5 if exercise.name == "numerical_gradient" else 1e-8
    for seed in range(60):
        args = random_arguments(exercise.name, np.random.default_rng(seed))
        case = Case("", {key: args[key] for key in args})
        a, b = call(function, case.fresh()), call(exercise.truth, case.fresh())
        results = (a.after, b.after)
        if exercise.form == "training":
            results = ([a.value, a.after], [b.value, b.after])
        elif exercise.form != "in place":
            results = (a.value, b.value)
        if exercise.form == "dict" and a.error is None:
            results = ({key: a.value[key] for key in b.value}, b.value)
        if a.error is not None or not alike(*results, tol):
            return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_every_mutant_is_rejected_or_the_same_function(name, short_deadline):
    functions = [f for f in CORRECT if f.__name__ == name]
    rejected = 0
    for function in functions:
        most = 30 if function is functions[0] else 4
        for what, mutant in mutants(function, most):
            verdict = check(mutant)
            if verdict.status == "correct":
                assert is_the_same_function(EXERCISES[name], mutant), (
                    f"{what}: another function that no test input shows, or "
                    f"random_arguments gives {name} what it cannot take"
                )
            else:
                rejected += 1
                assert verdict.message and len(repr(verdict).splitlines()) <= 4, what
    # Of each exercise, so more than 300 together.
    assert rejected >= 17, f"add right answers of {name} to correct_submissions.py"


def test_the_generator_makes_mutants_of_every_kind():
    source = (
        "def f(a, b):\n    b += a[1:] @ b.T\n    return (a - 2, -b) if a < b else b"
    )
    made = dict(ast_mutants.mutants(source))
    texts = "\n".join(made.values())
    for part in (
        "a[1:] * b.T",
        "a[:] @",
        "@ b\n",
        "b -= ",
        "(-b, a - 2)",
    ):
        assert part in texts, part
    for part in ("a + 2", "a - 3", "(a - 2, b)", "a <= b", "pass", "b = a[1:]"):
        assert part in texts, part
    assert len(set(made.values())) == len(made) >= 30


# Missing


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "body",
    [
        '"""What to do."""\n    ...',
        "...",
        "pass",
        '"""Only a docstring."""',
        "return ...",
        "return None",
        "# a comment\n    ...",
        "raise NotImplementedError",
        "raise NotImplementedError('not yet')",
        "result = ...\n    return result",
        "return {'one': ..., 'other': ...}",
        "first = second = ...\n    return first, second",
    ],
)
def test_a_stub_is_missing(name, body, capsys):
    stub = student(f"def {EXERCISES[name].signature}:\n    {body}")
    verdict = check(stub)
    assert (verdict.status, verdict.misconception) == ("missing", None)
    assert verdict.message == (
        "Write its body where the ... stands. If you have: did its cell run without an "
        f"error, and is the function still named {name}?"
    )
    lines = repr(verdict).splitlines()
    assert len(lines) <= 4 and all(len(line) <= 75 for line in lines)
    assert lines[-1].endswith("?") and capsys.readouterr().out == ""


def test_half_a_stub_is_wrong_and_told_what_is_left():
    verdict = check(
        student("""
            def grad_Why_by(dy, h):
                dby = ...
                return dy.T @ h, dby
        """)
    )
    assert verdict.status == "wrong" and "dby is still `...`" in verdict.message


# Mistakes that the bank does not know

DESCRIBED = {
    "a column for a vector": (
        """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            return np.tanh(Wxh @ x + Whh @ h_prev + bh)[:, None]
        """,
        ["shape (H, 1), expected shape (H,)", "only the shape is not"],
    ),
    "the transpose": (
        """
        def grad_y(p, targets):
            return (p - np.eye(p.shape[1])[targets]).T
        """,
        ["shape (V, T), expected shape (T, V)", "transpose"],
    ),
    "the transpose of one of several": (
        """
        def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
            grads = right(inputs, targets, h, h_prev, p, Wxh, Whh, Why)
            return grads | {"dWhy": grads["dWhy"].T}
        """,
        ["dWhy has shape (H, V), expected shape (V, H)", "transpose"],
    ),
    "the transpose of a square matrix": (
        """
        def softmax(y):
            e = np.exp(y - y.max(-1, keepdims=True))
            p = e / e.sum(-1, keepdims=True)
            return p.T if p.ndim == 2 and len(p) == len(p[0]) else p
        """,
        ["Right on 7 of 8 inputs", "At T = 3, V = 3", "transpose of what is right"],
    ),
    "a number in a list": (
        """
        def nll(p, targets):
            return [-np.log(p[range(len(p)), targets]).sum()]
        """,
        ["shape (1,), expected one number", "only the shape is not"],
    ),
    "one number for a vector": (
        """
        def grad_h(dy_t, da_next, Why, Whh):
            return (Why.T @ dy_t + Whh.T @ da_next).sum()
        """,
        ["one number, expected shape (H,)"],
    ),
    "NaN": (
        """
        def softmax(y):
            e = np.exp(y - y.max(-1, keepdims=True) + 600)
            return e / e.sum(-1, keepdims=True) * e / e
        """,
        ["Right on", "logits of 1000", "nan, expected"],
    ),
    "infinity": (
        """
        def relative_error(a, b):
            return right(a, b) / np.float64(b.any() or not a.any())
        """,
        ["Right on", "The result is inf, expected 1"],
    ),
    "NaN everywhere": (
        """
        def grad_h(dy_t, da_next, Why, Whh):
            return (Why.T @ dy_t + Whh.T @ da_next) * np.nan
        """,
        ["The result: NaN everywhere; result[0] is nan, expected"],
    ),
    "NaN everywhere in one of several": (
        """
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            h, y = right(inputs, h_init, Wxh, Whh, Why, bh, by)
            return h, y - np.inf + np.inf
        """,
        ["y: NaN everywhere; y[0, 0] is nan, expected"],
    ),
    "NaN everywhere at one input": (
        """
        def softmax(y):
            p = right(y)
            return p if y[0].max() < 1000 or y.ndim == 2 else p * np.nan
        """,
        ["Right on 7 of 8 inputs. At logits of 1000", "The result: NaN everywhere"],
    ),
    "the opposite sign": (
        """
        def grad_h(dy_t, da_next, Why, Whh):
            return -(Why.T @ dy_t) - Whh.T @ da_next
        """,
        ["the opposite sign"],
    ),
    "twice": (
        """
        def grad_a(dh_t, h_t):
            return 2 * (1 - h_t**2) * dh_t
        """,
        ["the right numbers times 2"],
    ),
    "times T": (
        """
        def nll(p, targets):
            return -np.log(p[range(len(p)), targets]).sum() * len(p)
        """,
        ["the right numbers times T"],
    ),
    "a part divided by V": (
        """
        def grad_Wxh_Whh_bh(da, h_prev, inputs, V):
            return da.T @ np.eye(V)[inputs], da.T @ h_prev / V, da.sum(0)
        """,
        ["dWhh: the right numbers times 1/V"],
    ),
    "times ln 2": (
        """
        def nll(p, targets):
            return -np.log(p[range(len(p)), targets]).sum() * math.log(2)
        """,
        ["the right numbers times ln 2"],
    ),
    "divided by V": (
        """
        def softmax(y):
            e = np.exp(y - y.max(-1, keepdims=True))
            return e / e.sum(-1, keepdims=True) / y.shape[-1]
        """,
        ["the right numbers times 1/V"],
    ),
    "another constant": (
        """
        def smooth(losses, start, beta=0.999):
            return [0.7 * v for v in right(losses, start, beta)]
        """,
        ["the right numbers times 0.7"],
    ),
    "a constant too much": (
        """
        def draw(p, u):
            return right(p, u) + 3
        """,
        ["the right numbers plus 3"],
    ),
    "squares": (
        """
        def relative_error(a, b):
            n = np.linalg.norm
            return (n(a - b) / max(n(a), n(b), 1e-12)) ** 2
        """,
        ["the squares of the right numbers"],
    ),
    "the last step": (
        """
        def grad_y(p, targets):
            dy = p - np.eye(p.shape[1])[targets]
            dy[-1] = 0
            return dy
        """,
        ["right except for the last step"],
    ),
    "the first step": (
        """
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            h, y = right(inputs, h_init, Wxh, Whh, Why, bh, by)
            y[0] = by
            return h, y
        """,
        ["y: right except for the first step"],
    ),
    "a column": (
        """
        def grad_Why_by(dy, h):
            dWhy = dy.T @ h
            dWhy[:, 0] = 0
            return dWhy, dy.sum(0)
        """,
        ["dWhy: right except for the first column"],
    ),
    "reversed": (
        """
        def smooth(losses, start, beta=0.999):
            return right(losses, start, beta)[::-1]
        """,
        ["in reverse order"],
    ),
    "other places": (
        """
        def grad_a(dh_t, h_t):
            return np.sort((1 - h_t**2) * dh_t)
        """,
        ["the right numbers in other places"],
    ),
    "single precision": (
        """
        def grad_a(dh_t, h_t):
            return np.float32((1 - h_t**2) * dh_t)
        """,
        ["its dtype is float32, which keeps 6 digits", "compares 9"],
    ),
    "integers": (
        """
        def numerical_gradient(f, theta):
            return right(f, theta).astype(int)
        """,
        ["its dtype is int64, which has no digits after"],
    ),
    "one of several": (
        """
        def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
            grads = right(inputs, targets, h, h_prev, p, Wxh, Whh, Why)
            return grads | {"dbh": grads["dbh"] + h[0]}
        """,
        ["dbh[0] is", "expected"],
    ),
    "an argument without effect": (
        """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            return np.cos(Wxh @ x + bh)
        """,
        ["No effect on it: h_prev, Whh."],
    ),
    "a changed argument": (
        """
        def softmax(y):
            y -= y.max(axis=-1, keepdims=True)
            return np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)
        """,
        ["It changes its argument y"],
    ),
    "a changed list": (
        """
        def smooth(losses, start, beta=0.999):
            values = right(losses, start, beta)
            losses.clear()
            return values
        """,
        ["It changes its argument losses"],
    ),
    "printed": (
        """
        def grad_a(dh_t, h_t):
            print((1 - h_t**2) * dh_t)
        """,
        ["prints its result and returns None"],
    ),
    "not returned": (
        """
        def grad_a(dh_t, h_t):
            da = (1 - h_t**2) * dh_t
        """,
        ["returns None: the `return` is missing"],
    ),
    "a row too many": (
        """
        def grad_y(p, targets):
            return np.vstack([p[:1], right(p, targets)])
        """,
        ["shape (T+1, V), expected shape (T, V)"],
    ),
    "a shape whose sizes have two names": (
        """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            h = right(x, h_prev, Wxh, Whh, bh)
            return h[:, None] if len(x) == len(h) else h
        """,
        [
            "Right on 3 of 4 inputs. At H = 3, V = 3: ",
            "shape (3, 1), expected shape (3,)",
        ],
    ),
    "too few results": (
        """
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            return right(inputs, h_init, Wxh, Whh, Why, bh, by)[0]
        """,
        ["One ndarray came, expected 2 results: h, y"],
    ),
    "too many results": (
        """
        def grad_Why_by(dy, h):
            return dy.T @ h, dy.sum(0), dy
        """,
        ["A tuple of 3 came, expected 2 results: dWhy, dby"],
    ),
    "a missing key": (
        """
        def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
            grads = right(inputs, targets, h, h_prev, p, Wxh, Whh, Why)
            del grads["dbh"]
            return grads
        """,
        ["Missing from the dict: dbh"],
    ),
    "a tuple for a dict": (
        """
        def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
            return *right(inputs, targets, h, h_prev, p, Wxh, Whh, Why).values(),
        """,
        ["A tuple came, expected a dict with the keys"],
    ),
    "a generator": (
        """
        def make_chunks(ids, T):
            yield from right(ids, T)
        """,
        ["A generator came", "return a list"],
    ),
    "a float for an index": (
        """
        def draw(p, u):
            return float(right(p, u))
        """,
        ["It returns 3.0; an index is an integer"],
    ),
    "complex numbers": (
        """
        def numerical_gradient(f, theta):
            return right(f, theta) + 0j
        """,
        ["complex, expected real"],
    ),
    "text": (
        """
        def one_hot(k, V):
            return "0" * k + "1" + "0" * (V - k - 1)
        """,
        ["is a str, expected numbers"],
    ),
    "rows of different lengths": (
        """
        def softmax(y):
            return [[1.0], [0.5, 0.5]]
        """,
        ["parts of different shapes"],
    ),
    "a list that contains itself": (
        """
        def smooth(losses, start, beta=0.999):
            values = []
            for loss in losses:
                values.append(values)
            return values
        """,
        ["nested too deeply"],
    ),
    "too few chunks": (
        """
        def make_chunks(ids, T):
            return right(ids, T)[:2]
        """,
        ["Right on 3 of 7 inputs", "2 chunks came, expected 3."],
    ),
    "other chunks, and too few": (
        """
        def make_chunks(ids, T):
            starts = range(0, len(ids) - 2 * T + 1, T)
            return [(ids[s : s + T], ids[s + T : s + 2 * T]) for s in starts]
        """,
        ["expected 3. The targets of chunk 0 are [5 9 2 6], expected [1 4 1 5]."],
    ),
    "another order": (
        """
        def grad_Wxh_Whh_bh(da, h_prev, inputs, V):
            dWxh, dWhh, dbh = right(da, h_prev, inputs, V)
            return dWhh, dbh, dWxh
        """,
        ["in another order: dWxh, dWhh, dbh are asked for"],
    ),
    "a row of a result": (
        """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            a = Wxh @ x + Whh @ h_prev + bh
            return a, np.tanh(a)
        """,
        ["shape (2, H), expected shape (H,). Its last row is what is right."],
    ),
    "an outer product": (
        """
        def grad_a(dh_t, h_t):
            return np.outer(1 - h_t**2, dh_t)
        """,
        ["shape (H, H), expected shape (H,). What is right stands on its diagonal"],
    ),
    "the last chunk left out": (
        """
        def run_in_chunks(inputs, T, h_init, Wxh, Whh, Why, bh, by):
            h, y = right(inputs, T, h_init, Wxh, Whh, Why, bh, by)
            full = (len(inputs) - 1) // T * T
            return h[:full].tolist(), y[:full].tolist()
        """,
        ["What came is right, and the end is missing."],
    ),
    "a row in front": (
        """
        def look_up(W, ids):
            return np.vstack([W[:, 0], W[:, ids].T])
        """,
        ["Too much stands before what is right."],
    ),
    "a mean of each row": (
        """
        def look_up(W, ids):
            return W[:, ids].mean(axis=0)
        """,
        ["It is the mean of each right row."],
    ),
    "a sum over the steps": (
        """
        def grad_y(p, targets):
            return right(p, targets).sum(axis=0)
        """,
        ["shape (V,), expected shape (T, V). It is what is right, summed over the"],
    ),
    "the first step alone": (
        """
        def run_in_chunks(inputs, T, h_init, Wxh, Whh, Why, bh, by):
            h, y = right(inputs, T, h_init, Wxh, Whh, Why, bh, by)
            return h[0], y
        """,
        ["shape (H,), expected shape (n, H). It is the first row of what is right."],
    ),
    "a reshape for a transpose": (
        """
        def look_up(W, ids):
            return W[:, ids].reshape(len(ids), -1)
        """,
        ["the transpose of what is right, laid out again in rows"],
    ),
    "an effect of what is in an argument, not of its order": (
        """
        def look_up(W, ids):
            return W[:, np.unique(ids)].sum(axis=1)
        """,
        ["The result has shape (H,)"],
    ),
    "a chunk of the wrong length": (
        """
        def make_chunks(ids, T):
            return [(a[:-1], b) for a, b in right(ids, T)]
        """,
        ["Chunk 0 has inputs of shape (3,), expected (4,)"],
    ),
    "a chunk of three": (
        """
        def make_chunks(ids, T):
            return [(a, b, True) for a, b in right(ids, T)]
        """,
        ["a pair (inputs, targets); one of 3 parts came"],
    ),
    "wrong ids in a chunk": (
        """
        def make_chunks(ids, T):
            return [(a, np.append(b[:-1], a[0])) for a, b in right(ids, T)]
        """,
        ["last step; the targets of chunk 0 are [1 4 1 3], expected [1 4 1 5]"],
    ),
    "memory that nobody has written": (
        """
        counter = []
        def grad_a(dh_t, h_t):
            counter.append(1)
            return (1 - h_t**2) * dh_t + len(counter)
        """,
        ["another result at the second call"],
    ),
    "a missing parameter": (
        """
        def softmax():
            return 1
        """,
        ["It takes (); expected softmax(y)"],
    ),
    "swapped parameters": (
        """
        def one_hot(V, k):
            x = np.zeros(V)
            x[k] = 1
            return x
        """,
        ["Its parameters are (V, k); expected one_hot(k, V)."],
    ),
    "swapped parameters and one more": (
        """
        def grad_y(targets, p, scale=1):
            return scale * (p - np.eye(p.shape[1])[targets])
        """,
        ["Its parameters are (targets, p, scale=1); expected grad_y(p, targets)."],
    ),
    "a default left out": (
        """
        def smooth(losses, start, beta):
            return right(losses, start, beta)
        """,
        ["(losses, start, beta); expected smooth(losses, start, beta=0.999)"],
    ),
}


@pytest.mark.parametrize("source, words", DESCRIBED.values(), ids=DESCRIBED)
def test_an_unknown_mistake_is_described(source, words, capsys):
    with within(0.5):
        verdict = check(student(source))
    assert (verdict.status, verdict.misconception) == ("wrong", None), verdict
    assert all(each in verdict.message for each in words), verdict
    claimed = "No effect on it" in verdict.message
    assert claimed == ("No effect on it" in " ".join(words)), verdict
    out, err = capsys.readouterr()
    assert out.startswith("Printed at ") == ("print(" in source) and not err


def test_close_takes_the_tolerance_in_and_its_scale_from_the_second():
    a, b = np.array([2.5, 1.0, np.nan, 2.6]), np.array([2.0, 1.0, np.nan, 2.0])
    assert close(a, b, 0.25).tolist() == [True, True, True, False]
    assert close(np.array([2.0]), np.array([2.5]), 0.25).all()
    assert not close(np.array([1e-15, 2e-15]), np.zeros(2), 0.25)[1]


def test_numbers_that_look_alike_are_shown_to_more_digits():
    verdict = check(
        student("""
            def grad_a(dh_t, h_t):
                return (1 - h_t**2) * dh_t * (1 + 1e-6)
        """)
    )
    got, expected = verdict.message.split("] is ")[1].split(", expected ")
    assert got != expected[: len(got)]


def test_a_single_wrong_number_is_not_over_interpreted():
    """One number is always a multiple, or some function, of another."""
    verdict = check(
        student("""
            def relative_error(a, b):
                error = right(a, b)
                return error**2 if a.flat[0] == 3 else error
        """)
    )
    assert "Right on 9 of 10 inputs. At the first vector larger" in verdict.message
    assert verdict.message.endswith("the result is 0.9838, expected 0.9919.")


def test_results_that_share_one_array_are_wrong():
    """Whoever keeps two of them has the newest twice."""
    buffered = student("""
        buffer = np.zeros(9)
        def grad_a(dh_t, h_t):
            buffer[: len(h_t)] = (1 - h_t**2) * dh_t
            return buffer[: len(h_t)]
    """)
    verdict = check(buffered)
    assert verdict.status == "wrong" and verdict.misconception is None
    assert verdict.message.startswith(
        "The next call writes over the result of this one"
    )


# Exceptions


@pytest.mark.parametrize(
    "line, error",
    [
        ("return np.tahn(x)", "NumPy has no tahn. Do you mean np.tan or np.tanh?"),
        ("return hidden", "hidden has no value: it is no argument"),
        ("return 'a' + x.sum()", "TypeError: can only concatenate str"),
        ("return np.linalg.norm(x, 3, 4, 5, 6)", "more arguments than it takes"),
        ("return rnn_step(x, h_prev, Wxh, Whh, bh)", "calls itself over and over"),
        ("assert x.shape == (7,), 'my own check'", "AssertionError: my own check"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("return {}['dWxh']", "KeyError: 'dWxh'"),
        ("return np.zeros(10**15)", "MemoryError: Unable to allocate"),
    ],
)
def test_an_exception_is_one_line_with_the_students_own(line, error):
    head = "def rnn_step(x, h_prev, Wxh, Whh, bh):\n    "
    verdict = check(student(head + line))
    assert verdict.status == "wrong" and verdict.misconception is None
    assert error in verdict.message
    assert f'in your line "{line}"' in verdict.message.replace("In your", "in your")
    assert "\n" not in verdict.message and len(repr(verdict).splitlines()) <= 4
    assert "gufunc" not in verdict.message


def test_the_line_in_another_cell_is_shown():
    namespace = dict(IMPORTS)
    for cell, source in {
        "<cell 1>": "def squash(a):\n    return np.tanh(a) / 0 / undefined\n",
        "<cell 2>": "def rnn_step(x, h_prev, Wxh, Whh, bh):\n    return squash(x)\n",
    }.items():
        running.linecache.cache[cell] = (0, None, source.splitlines(True), cell)
        exec(compile(source, cell, "exec"), namespace)
    message = check(namespace["rnn_step"]).message
    assert 'In your line "return np.tanh(a) / 0 / undefined": undefined has no' in (
        message
    )


def test_a_line_that_cannot_be_looked_up_is_counted():
    namespace = dict(IMPORTS)
    exec("\n\ndef grad_a(dh_t, h_t):\n    h = 1\n    return nothing", namespace)
    message = check(namespace["grad_a"]).message
    assert "NameError: name 'nothing' is not defined" in message
    assert "line 3 of grad_a" in message


def test_an_exception_on_some_inputs_only_says_on_which():
    verdict = check(
        student("""
            def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
                if len(inputs) == 1:
                    raise ValueError("too short")
                return right(inputs, h_init, Wxh, Whh, Why, bh, by)
        """)
    )
    assert "Right on 4 of 5 inputs. At T = 1" in verdict.message
    assert "ValueError: too short" in verdict.message


def test_an_interrupt_from_the_keyboard_gets_through():
    def softmax(y):
        raise KeyboardInterrupt

    trace, stdout = sys.gettrace(), sys.stdout
    with pytest.raises(KeyboardInterrupt):
        check(softmax)
    assert (sys.gettrace(), sys.stdout) == (trace, stdout)


# Loops that do not end

ENDLESS = {
    "on one line": "while True: pass",
    "on two lines": "while True:\n        pass",
    "with a test": "t = 0\n    while t < len(y):\n        t -= 1",
    "over an iterator": "import itertools\n    for t in itertools.count(): t",
    "in a generator": "import itertools\n    sum(1 for t in itertools.count())",
    "in a list": "import itertools\n    [t for t in itertools.count() if t < 0]",
    "in a lambda": "f = lambda: 1\n    while f(): 0",
    "that swallows": "while True:\n        try:\n            y = y + 1\n"
    "        except: pass",
    "that swallows on one line": "while 1:\n        try: y = 1\n        except: 0",
    "with finally": "while True:\n        try: y = y + 0\n        finally: continue",
    "that ends when stopped": "try:\n        while True: y\n    except BaseException: 0"
    "\n    return y",
    "in NumPy": "while True: y = np.stack([y, y])[0]",
}


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_loop_is_stopped_and_named(body, short_deadline):
    before = sys.gettrace(), threading.active_count(), sys.stdout
    with within(1.5):
        verdict = check(student(f"def softmax(y):\n    {body}"))
    assert verdict.status == "wrong" and verdict.misconception is None
    assert verdict.message.startswith('Stopped in your line "')
    assert "all inputs together have 3 seconds. Either a loop does" in verdict.message
    assert "passed" not in verdict.message
    assert (sys.gettrace(), threading.active_count(), sys.stdout) == before
    assert not multiprocessing.active_children()


def test_an_endless_loop_on_one_input_only(short_deadline):
    verdict = check(
        student("""
            def make_chunks(ids, T):
                s, chunks = 0, []
                while s + T + 1 != len(ids) + 3:
                    s += T
                return chunks
        """)
    )
    assert verdict.message.startswith('Stopped in your line "s += T"') or (
        verdict.message.startswith('Stopped in your line "while s + T')
    )


def test_a_function_that_is_too_slow_is_not_told_that_it_never_ends(monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 2)  # time enough for the first two inputs
    verdict = check(
        student("""
            def numerical_gradient(f, theta):
                if theta.shape == (2, 2):
                    for very_long_name_of_a_counter_that_counts in range(10**12): pass
                return right(f, theta)
        """)
    )
    assert verdict.status == "wrong" and verdict.message == (
        'Stopped in your line "for very_long_name_of_a_counter_that_counts in ...": '
        "all inputs together have 3 seconds. Either a loop does not end, so look at "
        "what ends it, or the function is too slow. "
        "(Input: theta of shape (2, 2), after 2 that passed.)"
    )
    lines = repr(verdict).splitlines()
    assert len(lines) == 4 and lines[-1].endswith("passed.)")


def test_a_second_pass_that_is_late_accuses_nobody(monkeypatch):
    monkeypatch.setattr(running, "LATER", 0.3)
    slow = student("""
        calls = []
        def softmax(y):
            calls.append(y)
            while len(calls) > 8: pass
            return right(y)
    """)
    assert len(EXERCISES["softmax"].cases) == 8
    assert check(slow).status == "correct"


def test_the_deadline_is_a_few_seconds(earnest):
    assert 2 <= running.SECONDS <= 5


def test_it_works_outside_the_main_thread(short_deadline, monkeypatch):
    verdicts = []
    loop = student("def softmax(y):\n    while True: pass")
    right = next(f for f in CORRECT if f.__name__ == "softmax")

    def work():
        verdicts.append(check(loop))
        monkeypatch.setattr(running, "SECONDS", 60)
        verdicts.append(check(right))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert [verdict.status for verdict in verdicts] == ["wrong", "correct"]


def test_a_trace_function_that_was_there_comes_back():
    def trace(frame, event, arg):
        return None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        check(CORRECT[0])
        assert sys.gettrace() is trace
    finally:
        sys.settrace(before)


# Nothing gets out, nothing gets in


def test_each_call_has_its_own_arguments():
    """A function that spoils all it gets does not spoil the next check."""
    before = {name: [case.fresh() for case in EXERCISES[name].cases] for name in NAMES}
    for name in NAMES:

        def spoil(*args):
            for each in args:
                if isinstance(each, np.ndarray):
                    each[...] = 0
                elif isinstance(each, list):
                    each.clear()

        spoil.__name__ = name
        assert check(spoil).status == "wrong"
        after = [case.args for case in EXERCISES[name].cases]
        assert alike(
            [a | {"f": 0} for a in after], [b | {"f": 0} for b in before[name]], 0
        )
    for function in CORRECT:
        assert check(function).status == "correct"


@pytest.mark.parametrize("name", ["clip", "adagrad"])
def test_in_place_means_the_arguments_count_and_the_return_value_does_not(name):
    truth = EXERCISES[name].truth

    def in_place(*args):
        truth(*args)
        return "anything"

    def returned(*args):
        copies = [np.copy(each) for each in args]
        truth(*copies)
        return copies[0]

    in_place.__name__ = returned.__name__ = name
    assert check(in_place).status == "correct"
    assert check(returned).status == "wrong"


def test_prints_are_shown_for_the_first_wrong_input(capsys):
    chatty = """
        def softmax(y):
            for row in range({lines}):
                print("row", row, "of", y.shape)
            return right(y) * (1.01 if y.shape == (3, 3) else 1)
    """
    assert check(student(chatty.format(lines=2))).status == "wrong"
    shown = "Printed at T = 3, V = 3:\nrow 0 of (3, 3)\nrow 1 of (3, 3)\n"
    assert capsys.readouterr().out == shown
    check(student(chatty.format(lines=10)))
    assert capsys.readouterr().out.splitlines()[-1] == "row 9 of (3, 3)"
    check(student(chatty.format(lines=12)))
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "row 9 of (3, 3)",
        "... and 2 lines more",
    ]


def test_a_long_line_that_is_printed_is_cut(capsys):
    chatty = "def softmax(y):\n    print('ab' * 101)\n    return 2 * right(y)"
    assert check(student(chatty)).status == "wrong"
    assert capsys.readouterr().out.splitlines()[1:] == ["ab" * 100]


def test_what_goes_to_stderr_does_not_get_out(capsys):
    noisy = """
        import sys
        def softmax(y):
            sys.stderr.write("careful")
            return right(y) * {}
    """
    for factor in (1, 2):
        check(student(noisy.format(factor)))
    assert "careful" not in "".join(capsys.readouterr())


@pytest.mark.parametrize("error", ["TypeError", "ValueError", "RecursionError"])
def test_a_result_that_cannot_be_copied(error):
    verdict = check(
        student(f"""
            class Odd:
                def __deepcopy__(self, memo):
                    raise {error}("no copy")
            def softmax(y):
                return Odd()
        """)
    )
    assert verdict.status == "wrong"
    assert "The result is an Odd, expected numbers in an array" in verdict.message


@pytest.mark.parametrize("prompt", ["", "'k = '"])
def test_a_function_that_asks_for_input_is_told_where_the_values_are(
    prompt, monkeypatch
):
    asked = []
    monkeypatch.setattr(builtins, "input", lambda *prompt: asked.append(prompt) or "1")
    before = builtins.input
    line = f"k = int(input({prompt}))"
    verdict = check(student(f"def one_hot(k, V):\n    {line}\n    return right(k, V)"))
    assert verdict.status == "wrong" and not asked
    assert "The values come as arguments, but the function asks for input in your " in (
        verdict.message
    )
    assert f'in your line "{line}"' in verdict.message
    assert builtins.input is before


def test_input_comes_back_after_an_interrupt_from_the_keyboard():
    def softmax(y):
        raise KeyboardInterrupt

    before = builtins.input
    with pytest.raises(KeyboardInterrupt):
        check(softmax)
    assert builtins.input is before


def test_prints_of_an_endless_loop_are_shown(capsys, short_deadline):
    endless = """
        def nll(p, targets):
            while True:
                print("again")
    """
    assert check(student(endless)).status == "wrong"
    assert capsys.readouterr().out.startswith("Printed at ")


def test_prints_are_kept_and_warnings_are_not_shown(capsys, recwarn):
    noisy = student("""
        import sys
        import warnings
        def softmax(y):
            print("shape", y.shape)
            warnings.warn("careful")
            np.log(0.0), np.exp(1e6), np.float64(0) / 0
            return right(y)
    """)
    state = np.geterr()
    assert check(noisy).status == "correct"
    overflow = student("def softmax(y):\n    return np.exp(y) / np.exp(y).sum()")
    assert check(overflow).status == "wrong"
    assert capsys.readouterr() == ("", "") and not recwarn.list
    assert np.geterr() == state


def test_settings_that_the_function_makes_end_with_it():
    strict = student("""
        def softmax(y):
            np.seterr(over="raise")
            warnings.simplefilter("error")
            return right(y)
        import warnings
    """)
    overflow = student("""
        def softmax(y):
            p = np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True)
            np.seterr(all="raise")
            return p
    """)
    assert check(overflow).misconception == "no-shift"
    state = np.geterr(), list(warnings.filters)
    assert check(strict).status == "correct"
    assert (np.geterr(), list(warnings.filters)) == state


def test_strict_settings_of_the_student_stay_outside():
    """Neither np.seterr nor warnings as errors turn NaN into an exception."""
    overflow = student(
        "def softmax(y):\n    return np.exp(y) / np.exp(y).sum(-1)[..., None]"
    )
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check(overflow).misconception == "no-shift"
        assert all(check(f).status == "correct" for f in CORRECT)


# The verdict


def test_the_verdict_is_words_on_one_to_four_lines():
    message = "word " * 200
    lines = repr(Verdict("softmax", "wrong", "no-shift", message)).splitlines()
    assert len(lines) == 4 and all(len(line) <= 75 for line in lines)
    assert lines[0].startswith("softmax: wrong. word") and lines[3].endswith(" ...")
    assert repr(check(CORRECT[0])) == "one_hot: correct. All 6 test inputs agree."


@pytest.mark.parametrize("what", [len, None, 3, student, Verdict, list(range(9999))])
def test_other_functions_are_refused_and_the_exercises_named(what):
    with pytest.raises(ValueError, match="function: expected a function") as caught:
        check(what)
    assert all(name in str(caught.value) for name in NAMES)
    assert 0 < len(str(caught.value).partition(", got ")[2]) <= 80


def test_a_function_that_does_not_tell_its_parameters_is_called_all_the_same():
    for factor, status in [(1, "correct"), (2, "wrong")]:
        hidden = student(f"def softmax(y):\n    return right(y) * {factor}")
        hidden.__signature__ = "of another language"
        assert check(hidden).status == status


def test_of_the_exercises_only_those_with_a_similar_name_are_listed():
    def onehot(k, V):
        return np.eye(V)[k]

    expected = r"expected a function with the name of an exercise \(one_hot\), got "
    for what, got in [(onehot, "onehot"), ("one_hot", "'one_hot'")]:
        with pytest.raises(ValueError, match=f"{expected}{got}$"):
            check(what)


def test_a_lambda_is_refused_for_it_has_no_name():
    with pytest.raises(ValueError, match="function: expected .* with `def` .* lambda"):
        check(lambda k, V: np.eye(V)[k])


# Right on most inputs, by luck

LUCKY = {
    "slopes without their signs": """
        def numerical_gradient(f, theta):
            return np.abs(right(f, theta))
    """,
    "softmax, shifted by its first logit": """
        def softmax(y):
            e = np.exp(y - y[..., :1])
            return e / e.sum(axis=-1, keepdims=True)
    """,
    "softmax, shifted by its last logit": """
        def softmax(y):
            e = np.exp(y - y[..., -1:])
            return e / e.sum(axis=-1, keepdims=True)
    """,
    "softmax, shifted by the median": """
        def softmax(y):
            e = np.exp(y - np.median(y, axis=-1, keepdims=True))
            return e / e.sum(axis=-1, keepdims=True)
    """,
    "the rest of a short text": """
        def make_chunks(ids, T):
            return right(ids, T) or [(ids[:-1], ids[1:])]
    """,
    "a bag of 100 copies": """
        def draw(p, u):
            bag = np.repeat(np.arange(len(p)), np.round(100 * p).astype(int))
            return int(bag[min(int(u * len(bag)), len(bag) - 1)])
    """,
    "a bag of 1000 copies": """
        def draw(p, u):
            bag = np.repeat(np.arange(len(p)), np.round(1000 * p).astype(int))
            return int(bag[min(int(u * len(bag)), len(bag) - 1)])
    """,
    "p clipped": """
        def nll(p, targets):
            return right(np.clip(p, 1e-15, 1), targets)
    """,
    "truncated after 16 steps": """
        def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
            if len(inputs) <= 16:
                return right(inputs, targets, h, h_prev, p, Wxh, Whh, Why)
            weights = Wxh, Whh, Why
            first = [a[:16] for a in (inputs, targets, h, h_prev, p)]
            rest = [a[16:] for a in (inputs, targets, h, h_prev, p)]
            first = right(*first, *weights)
            rest = rnn_backward(*rest, *weights)
            return {name: first[name] + rest[name] for name in first}
    """,
    "a flattened theta": """
        def numerical_gradient(f, theta):
            return right(f, theta.ravel()).reshape(theta.shape)
    """,
    "a vector kept for each V": """
        kept = {}
        def one_hot(k, V):
            x = kept.setdefault(V, np.zeros(V))
            x[k] = 1
            return x
    """,
    "a table of 26": """
        def one_hot(k, V):
            return np.eye(26)[k, :V]
    """,
    "the closed form": """
        def smooth(losses, start, beta=0.999):
            powers = beta ** -np.arange(1, len(losses) + 1)
            return (start + (1 - beta) * np.cumsum(powers * losses)) / powers
    """,
}


@pytest.mark.parametrize("source", LUCKY.values(), ids=LUCKY)
def test_right_by_luck_is_wrong(source):
    verdict = check(student(source))
    assert verdict.status == "wrong", verdict
    known = verdict.misconception or "The next call writes over" in verdict.message
    assert known or "Right " in verdict.message or "right " in verdict.message, verdict


def test_a_right_function_that_prints_is_told_so():
    chatty = student("""
        def one_hot(k, V):
            print("here", k)
            return right(k, V)
    """)
    verdict = check(chatty)
    assert verdict.status == "correct" and "But it prints" in verdict.message
    assert "prints" not in check(EXERCISES["one_hot"].truth).message
