"""Notebook 12's room: layers on layers, held against the core and the complex step."""

import numpy as np
import pytest

import rnnlib as rnn
from rnnlib import layers
from rnnlib.stack import Stack
from tests.rnnlib.reference import complex_step, off_by, off_by_norm, rejects

KINDS = [*layers.KINDS]


def point(kind, depth=2, T=6, B=None, n=4, V=7, H=5, seed=0):
    """A net, inputs, the targets of the last n steps, and a state to start from."""
    rng, streams = np.random.default_rng(seed), () if B is None else (B,)
    net = Stack.init(kind, V, H, rng, depth, scale=0.5)
    net.theta += 0.2 * rng.normal(size=net.theta.size)
    inputs = rng.integers(V, size=(T, *streams))
    targets = rng.integers(V, size=(n, *streams))
    parts = layers.KINDS[kind].parts
    start = [rng.normal(size=(parts, *streams, H)) for _ in range(depth)]
    return net, inputs, targets, start


@pytest.mark.parametrize("streams", [(), (3,)])
def test_one_layer_of_tanh_is_the_core(streams):
    rng = np.random.default_rng(0)
    params = rnn.Params.init(7, 5, rng, scale=0.6)
    params.bh, params.by = rng.normal(size=5), rng.normal(size=7)
    inputs, targets = rng.integers(7, size=(2, 6, *streams))
    h_init = rng.normal(size=(*streams, 5))
    net = Stack.init("tanh", 7, 5, 0)
    of_core = {"Wx0": "Wxh", "Wh0": "Whh", "b0": "bh", "Why": "Why", "by": "by"}
    for name, block in net.blocks.items():
        block[:] = getattr(params, of_core[name])
    start = [h_init[None]]
    y, _, last = layers.forward(net, inputs, start)
    states = rnn.forward(params, inputs, h_init)
    assert off_by(y, states.y) <= 1e-14 and off_by(last[0][0], states.h[-1]) <= 1e-14
    loss, grads, _ = layers.loss_and_grad(net, inputs, targets, start)
    right, of_params, _ = rnn.loss_and_grad(params, inputs, targets, h_init)
    assert loss == pytest.approx(right, rel=1e-14)
    for name, block in grads.blocks.items():
        assert off_by(block, getattr(of_params, of_core[name])) <= 1e-13


@pytest.mark.parametrize("B", [None, 1, 3])
@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_is_that_of_the_complex_step(kind, depth, B):
    net, inputs, targets, start = point(kind, depth, B=B)
    before = net.theta.copy(), [each.copy() for each in start]

    def loss(theta):
        y, _, _ = layers.forward(net.with_theta(theta), inputs, start)
        return rnn.cross_entropy(y[-4:], targets)

    found, grads, last = layers.loss_and_grad(net, inputs, targets, start)
    assert found == pytest.approx(loss(net.theta), rel=1e-14)
    assert off_by_norm(grads.theta, complex_step(loss, net.theta)) <= 1e-13
    assert [each.shape for each in last] == [each.shape for each in start]
    assert np.array_equal(net.theta, before[0])
    assert all(map(np.array_equal, start, before[1]))


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_that_is_carried_makes_one_long_pass(kind):
    net, inputs, _, start = point(kind, depth=3, B=2)
    whole, _, last = layers.forward(net, inputs, start)
    y_1, _, between = layers.forward(net, inputs[:4], start)
    y_2, _, end = layers.forward(net, inputs[4:], between)
    assert off_by(np.concatenate([y_1, y_2]), whole) <= 1e-14
    assert all(off_by(a, b) <= 1e-14 for a, b in zip(end, last))


def test_without_a_start_the_states_are_zeros():
    net, inputs, targets, start = point("lstm")
    zeros = [0 * each for each in start]
    y, _, _ = layers.forward(net, inputs)
    assert np.array_equal(y, layers.forward(net, inputs, zeros)[0])


def test_an_upper_layer_reads_the_states_of_the_lower_one():
    net, inputs, _, start = point("tanh", depth=2)
    _, kept, _ = layers.forward(net, inputs, start)
    (ids, below, _), (x, above, _) = kept
    assert np.array_equal(ids, inputs) and np.array_equal(x, below[1:, 0])
    blocks = net.blocks
    for t in range(len(inputs)):
        a = blocks["Wx1"] @ x[t] + blocks["Wh1"] @ above[t, 0] + blocks["b1"]
        assert off_by(above[t + 1, 0], np.tanh(a)) <= 1e-14


def test_relu_leaves_what_is_above_zero():
    a = np.array([[1.5, -2.0], [-0.5, 0.25]])
    states, slope = layers.relu(a, np.zeros((2, 2)), np.zeros((1, 2)))
    assert states[1:, 0].tolist() == [[1.5, 0], [0, 0.25]]
    assert slope.tolist() == [[True, False], [False, True]]


def test_the_way_back_leaves_what_comes_from_above():
    dh, slope = np.ones((3, 2)), np.full((3, 2), 0.5)
    da, _ = layers.tanh_back(dh, None, slope, np.eye(2))
    assert (dh == 1).all() and da.tolist() == [[0.875] * 2, [0.75] * 2, [0.5] * 2]


@pytest.mark.parametrize("kind", KINDS)
def test_float32_stays_float32(kind):
    net, inputs, targets, start = point(kind, B=2)
    net = net.with_theta(net.theta.astype(np.float32))
    loss, grads, last = layers.loss_and_grad(net, inputs, targets, start)
    assert grads.theta.dtype == last[0].dtype == np.float32
    exact = net.with_theta(net.theta.astype(float))
    right, wanted, _ = layers.loss_and_grad(exact, inputs, targets, start)
    assert off_by_norm(grads.theta, wanted.theta) < 1e-5


def test_bad_arguments_are_named():
    net, inputs, targets, start = point("lstm", B=2)
    with rejects("inputs", "0 ... 6", 7):
        layers.forward(net, 0 * inputs + 7)
    with rejects("inputs", "at least one"):
        layers.forward(net, inputs[:0])
    with rejects("inputs", "(T,) or (T, B)"):
        layers.forward(net, inputs[..., None])
    with rejects("start", "(2, 2, 5)", "(1, 2, 5)"):
        layers.forward(net, inputs, [each[:1] for each in start])
    with rejects("start", "2 states", 1):
        layers.forward(net, inputs, start[:1])
    with rejects("start", "finite"):
        layers.forward(net, inputs, [np.nan * each for each in start])
    with rejects("targets", "(4, 2)", "(4,)"):
        layers.loss_and_grad(net, inputs, targets[:, 0])
    with rejects("targets", "at most 3 steps", 4):
        layers.loss_and_grad(net, inputs[:3], targets)
    with rejects("targets", "0 ... 6", 7):
        layers.loss_and_grad(net, inputs, targets * 0 + 7)
    with rejects("targets", "an array"):
        layers.loss_and_grad(net, inputs, [[1, 2], [3]])
    with rejects("targets", "at least one"):
        layers.loss_and_grad(net, inputs, targets[:0])
    net.theta[3] = np.inf
    with rejects("theta", "finite"):
        layers.forward(net, inputs)
