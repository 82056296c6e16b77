"""An exercise that calls earlier ones: whose mistake it is."""

import numpy as np
import pytest

from rnncourse.checker import check
from rnncourse.checker.exercises import EXERCISES

TRUTHS = {name: exercise.truth for name, exercise in EXERCISES.items()}
GENERATE = """
def generate(prompt, n, params, rng):
    h, y = rnn_forward(prompt, np.zeros(len(params["bh"])), **params)
    drawn = []
    for _ in range(n):
        drawn.append(draw(softmax(y[-1]), rng.random()))
        h, y = rnn_forward(drawn[-1:], h[-1], **params)
    return drawn
"""
TRAIN = """
def train(ids, params, T, steps, lr, limit):
    def change(name, grad):
        clip(grad, limit)
        adagrad(params[name], grad, memory[name], lr)

    memory = {name: 0 * block for name, block in params.items()}
    chunks, losses = make_chunks(ids, T), []
    for n in range(steps):
        if n % len(chunks) == 0:
            state = np.zeros(len(params["bh"]))
        inputs, targets = chunks[n % len(chunks)]
        h, y = rnn_forward(inputs, state, **params)
        p, h_prev = softmax(y), np.array([state, *h[:-1]])
        weights = params["Wxh"], params["Whh"], params["Why"]
        grads = rnn_backward(inputs, targets, h, h_prev, p, *weights)
        for name in params:
            change(name, grads["d" + name])
        losses.append(nll(p, targets))
        state = h[-1]
    return losses
"""

RUN_IN_CHUNKS = """
def run_in_chunks(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h, y, state = [], [], h_init
    for start in range(0, len(inputs), T):
        chunk = inputs[start : start + T]
        chunk_h, chunk_y = rnn_forward(chunk, state, Wxh, Whh, Why, bh, by)
        h.append(chunk_h)
        y.append(chunk_y)
        state = chunk_h[-1]
    return np.vstack(h), np.vstack(y)
"""


def defined(source, **others):
    """The function of a cell in a notebook that holds these functions."""
    home = TRUTHS | {"np": np} | others
    name = source.split("(")[0].split()[-1]
    exec(source, home)
    return home[name]


def stub(*args):
    """The cell of another exercise, not written yet."""


@pytest.mark.parametrize("source", [RUN_IN_CHUNKS, GENERATE, TRAIN])
def test_it_runs_on_the_functions_of_its_notebook(source):
    assert check(defined(source)).status == "correct"


@pytest.mark.parametrize(
    "right, wrong, slug",
    [
        ("state = chunk_h[-1]", "state = h_init", "h_init-at-every-chunk"),
        ("state = chunk_h[-1]", "state = chunk_h[0]", "first-state-handed-on"),
        ("(chunk, state", "(inputs, state", "whole-text-for-each-chunk"),
        ("(0, len(inputs), T)", "(0, len(inputs) - T, T)", "last-chunk-always-dropped"),
        ("np.vstack(h), np.vstack(y)", "h, y", "a-list-of-chunks"),
        ("np.vstack(h), np.vstack(y)", "chunk_h, chunk_y", "only-the-last-chunk"),
        ("np.vstack(y)", "chunk_y", "logits-of-the-last-chunk"),
    ],
)
def test_the_mistakes_of_chunks_are_named_with_rnn_forward_inside(right, wrong, slug):
    assert RUN_IN_CHUNKS.count(right) == 1
    verdict = check(defined(RUN_IN_CHUNKS.replace(right, wrong)))
    assert (verdict.status, verdict.misconception) == ("wrong", slug), verdict


@pytest.mark.parametrize("name", ["clip", "adagrad", "nll", "rnn_backward", "softmax"])
def test_a_stub_that_it_calls_is_named_and_no_mistake_of_its_own(name):
    verdict = check(defined(TRAIN, **{name: stub}))
    assert (verdict.status, verdict.misconception) == ("wrong", None)
    assert f"it calls {name} of this notebook" in verdict.message
    assert f"Run check({name})" in verdict.message


def test_all_that_are_wrong_are_named():
    verdict = check(defined(GENERATE, draw=stub, softmax=stub))
    assert "it calls draw and softmax of this notebook" in verdict.message


def test_its_own_mistake_is_told_whatever_it_calls():
    source = GENERATE.replace("h[-1], **", "0 * h[-1], **")
    for others in ({}, {"draw": stub}):
        assert "it calls" not in check(defined(source, **others)).message
    assert check(defined(source)).misconception == "state-set-to-zeros"


def test_right_functions_that_do_not_fit_each_other():
    def lists(y):
        return TRUTHS["softmax"](y).tolist()

    verdict = check(defined(TRAIN, softmax=lists))
    assert verdict.status == "wrong" and "does not fit what it calls" in verdict.message


def test_an_exercise_that_calls_nothing_is_judged_as_before():
    source = "def softmax(y):\n    e = np.exp(y)\n    return e / e.sum(-1)[..., None]"
    assert check(defined(source)).misconception == "no-shift"


def test_two_that_call_each_other_get_a_verdict():
    home = TRUTHS | {"np": np}
    exec("def softmax(y):\n    return nll(y, [0])", home)
    exec("def nll(p, targets):\n    return softmax(p)", home)
    for name in ("softmax", "nll"):
        assert "RecursionError" in check(home[name]).message
