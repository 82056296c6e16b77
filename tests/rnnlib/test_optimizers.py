"""Notebook 09's room: Adam. Interrupts and files are tried in test_training.py."""

import itertools
import math

import numpy as np
import pytest

import rnnlib as rnn
from tests.rnnlib import reference
from tests.rnnlib.reference import generic_weights, off_by, rejects

TEXT = np.cumsum(np.random.default_rng(2).integers(1, 3, size=200)) % 7


def small(dtype=np.float64, seed=0, scale=0.5):
    """Parameters with V = 7, H = 5: 107 numbers."""
    weights = generic_weights(5, 7, seed, scale)
    return rnn.Params.from_arrays(**{k: v.astype(dtype) for k, v in weights.items()})


def by_hand(theta, gradients, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    """What one parameter becomes, in plain numbers."""
    m = v = 0.0
    for n, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat, v_hat = m / (1 - beta1**n), v / (1 - beta2**n)
        theta -= lr * m_hat / (math.sqrt(v_hat) + eps)
    return theta


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"lr": 0.3},
        {"beta1": 0.5, "beta2": 0.7},
        {"beta1": 0},
        {"beta2": 0.0, "eps": 0.5},
    ],
)
def test_adam_is_its_formula(options):
    params, optimizer = small(), rnn.Adam(small(), **options)
    before, blocks = params.theta.copy(), dict(params.items())
    every = [small(seed=seed, scale=2.0).theta for seed in range(1, 7)]
    for g in every:
        grads = params.with_theta(g.copy())
        assert optimizer.update(params, grads) is None
        assert np.array_equal(grads.theta, g)
    right = [by_hand(*each, **options) for each in zip(before, np.array(every).T)]
    assert off_by(params.theta, np.array(right)) <= 1e-14
    for name, block in params.items():
        assert block is blocks[name] and np.shares_memory(block, params.theta)


def test_the_first_step_has_one_size():
    """m̂ = g and v̂ = g², so it is lr · sign(g), whatever the gradient."""
    params, grads = small(), small(seed=1)
    grads.theta[:5] = 1e-3, -1e-3, 1e3, -1e3, 0
    before = params.theta.copy()
    rnn.Adam(params, lr=0.1).update(params, grads)
    assert np.allclose(before - params.theta, 0.1 * np.sign(grads.theta), atol=1e-5)
    assert params.theta[4] == before[4]


def test_without_a_first_mean_a_step_takes_the_gradient_of_now():
    params = small()
    optimizer = rnn.Adam(params, beta1=0)
    optimizer.update(params, small(seed=1))
    before = params.theta.copy()
    optimizer.update(params, params.zeros_like())
    assert np.array_equal(params.theta, before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_adam_goes_on_from_its_state(dtype):
    params = small(dtype)
    optimizer = rnn.Adam(params, np.float64(0.1), np.float64(0.8), 0.9, 1e-3)
    for seed in (1, 2, 3):
        optimizer.update(params, small(dtype, seed))
    state = optimizer.state()
    assert [*state] == ["lr", "beta1", "beta2", "eps", "m", "v", "n"]
    assert [*state.values()][:4] == [0.1, 0.8, 0.9, 1e-3]
    assert state["m"].shape == state["v"].shape == (107,)
    assert state["m"].dtype == state["v"].dtype == dtype
    assert state["n"].shape == (1,) and state["n"] == 3
    kept = {name: np.copy(value) for name, value in state.items()}
    other = params.copy()
    again = rnn.Adam(other, **state)
    optimizer.update(params, small(dtype, seed=4))
    for name in ("m", "v", "n"):  # what was given stays the giver's
        assert np.array_equal(again.state()[name], kept[name])
    again.update(other, small(dtype, seed=4))
    assert np.array_equal(params.theta, other.theta)
    for mine, yours in zip(optimizer.state().values(), again.state().values()):
        assert np.array_equal(mine, yours)


def test_the_means_are_of_the_gradient_and_of_its_square():
    params, grads = small(), small(seed=1)
    optimizer = rnn.Adam(params, beta1=0.9, beta2=0.99)
    assert not optimizer.state()["m"].any() and not optimizer.state()["v"].any()
    for _ in range(2):
        optimizer.update(params, grads)
    assert off_by(optimizer.state()["m"], (1 - 0.9**2) * grads.theta) <= 1e-15
    assert off_by(optimizer.state()["v"], (1 - 0.99**2) * grads.theta**2) <= 1e-15


def test_a_training_with_adam_is_a_loop_with_adam():
    run = rnn.Training(params := small(), TEXT, 10, 2, rnn.Adam(params, 0.01))
    other, h = small(), None
    optimizer = rnn.Adam(other)
    for lr, (inputs, targets, fresh) in zip(
        [0.01, 0.01, 0.02, 0.001], rnn.chunks(TEXT, 10, 2)
    ):
        run.optimizer.lr = optimizer.lr = lr
        loss, grads, h = rnn.loss_and_grad(other, inputs, targets, None if fresh else h)
        rnn.clip(grads, 5)
        optimizer.update(other, grads)
        assert next(run).loss == loss
    assert np.array_equal(params.theta, other.theta)


def test_adam_learns():
    params = small()
    run = rnn.Training(params, TEXT, 10, optimizer=rnn.Adam(params, 0.01))
    losses = [step.loss for step in itertools.islice(run, 600)]
    assert np.mean(losses[-20:]) < 0.6 * np.mean(losses[:20])
    weights = dict(params.items())
    assert reference.evaluate(weights, TEXT) < 0.95  # the coin in TEXT costs ln 2


@pytest.mark.parametrize("wrong", [0, -0.1, np.nan, np.inf, "0.1", True])
@pytest.mark.parametrize("name", ["lr", "eps"])
def test_adam_rejects_what_is_not_above_0(name, wrong):
    with rejects(name):
        rnn.Adam(small(), **{name: wrong})


@pytest.mark.parametrize("wrong", [1, 1.5, -0.1, np.nan, "0.9", [0.9], True])
@pytest.mark.parametrize("name", ["beta1", "beta2"])
def test_adam_rejects_what_is_no_share(name, wrong):
    with rejects(name):
        rnn.Adam(small(), **{name: wrong})


@pytest.mark.parametrize(
    ("options", "name", "expected"),
    [
        ({"eps": 1e-50}, "eps", "above 0 in float32"),
        ({"m": np.ones(106)}, "m", "107"),
        ({"m": 0}, "m", "107"),
        ({"m": np.full(107, np.inf)}, "m", "finite"),
        ({"m": np.ones(107, complex)}, "m", "real numbers"),
        ({"v": np.full(107, np.nan)}, "v", "finite"),
        ({"v": -np.ones(107)}, "v", "no number below 0"),
        ({"n": 3}, "n", "(1,)"),
        ({"n": [1, 2]}, "n", "(1,)"),
        ({"n": [1.0]}, "n", "integers"),
        ({"n": [-1]}, "n", "a number of updates"),
    ],
)
def test_adam_rejects_a_state_that_is_none(options, name, expected):
    with rejects(name, expected):
        rnn.Adam(small(np.float32), **options)


def test_adam_names_the_number_below_0():
    v = np.ones(107)
    v[50] = -2
    with rejects("v", "no number below 0", "-2.0"):
        rnn.Adam(small(), v=v)
    with rejects("n", "a number of updates", "-1"):
        rnn.Adam(small(), n=[-1])


def test_adam_rejects_what_are_no_params():
    with rejects("params", "a Params"):
        rnn.Adam(dict(small().items()))


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("g", [np.nan, np.inf, 1e30])
def test_adam_rejects_gradients_before_anything_changes(g):
    params = small(np.float32)
    optimizer, grads = rnn.Adam(params), small(np.float32)
    grads.theta[3] = g
    with rejects("grads", "finite numbers", "NaN"):
        optimizer.update(params, grads)
    assert np.array_equal(params.theta, small(np.float32).theta)
    state = optimizer.state()
    assert not state["m"].any() and not state["v"].any() and state["n"] == 0


def test_adam_rejects_gradients_of_another_size_and_a_rate_that_is_none():
    params = small()
    optimizer = rnn.Adam(params)
    with rejects("grads", "107", "(106,)"):
        optimizer.update(params, np.ones(106))
    with rejects("params", "floats"):
        optimizer.update([1.0], params)
    optimizer.lr = -0.1
    with rejects("lr", "above 0", "-0.1"):
        optimizer.update(params, params)
    assert optimizer.state()["n"] == 0 and not optimizer.state()["m"].any()
