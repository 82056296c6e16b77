"""Notebook 12's room: the blocks of layers on layers."""

import numpy as np
import pytest

import rnnlib as rnn
from rnnlib import layers
from rnnlib.stack import Stack
from tests.rnnlib.reference import rejects

ROWS = {"tanh": 4, "relu": 4, "gru": 12, "lstm": 16}  # of Wh, for H = 4


@pytest.mark.parametrize("kind", ROWS)
def test_the_blocks_are_views_of_theta_in_order(kind):
    net, G = Stack.init(kind, V=6, H=4, rng=0, depth=2), ROWS[kind]
    shapes = {name: block.shape for name, block in net.blocks.items()}
    assert shapes == {
        **{"Wx0": (G, 6), "Wh0": (G, 4), "b0": (G,)},
        **{"Wx1": (G, 4), "Wh1": (G, 4), "b1": (G,)},
        **{"Why": (6, 4), "by": (6,)},
    }
    net.theta[:] = np.arange(net.theta.size)
    flat = np.concatenate([block.ravel() for block in net.blocks.values()])
    assert np.array_equal(flat, net.theta)
    lower, upper = net.layers()
    assert [block.shape for block in lower] == [(G, 6), (G, 4), (G,)]
    assert upper[0] is net.blocks["Wx1"] and upper[2] is net.blocks["b1"]


def test_init_draws_weights_of_a_width_and_no_biases():
    net = Stack.init("lstm", 50, 40, rng=3, depth=2, scale=0.3, dtype=np.float32)
    assert net.theta.dtype == np.float32
    for name, block in net.blocks.items():
        if block.ndim == 2:
            assert abs(block.std() - 0.3) < 0.02 and abs(block.mean()) < 0.02, name
        else:
            assert not block.any(), name
    again = Stack.init("lstm", 50, 40, np.random.default_rng(3), 2, 0.3, np.float32)
    assert np.array_equal(net.theta, again.theta)
    small = Stack.init("lstm", 50, 40, rng=3)
    assert small.depth == 1 and [*small.blocks] == ["Wx0", "Wh0", "b0", "Why", "by"]
    small = small.theta
    assert 0.009 < small[small != 0].std() < 0.011 and small.dtype == float


def test_copies_and_layouts_over_another_vector():
    net = Stack.init("gru", 5, 3, 0, depth=3)
    other = net.copy()
    assert (other.kind, other.V, other.H, other.depth) == ("gru", 5, 3, 3)
    other.theta += 1
    assert not np.shares_memory(net.theta, other.theta)
    theta = np.zeros_like(net.theta)
    same = net.with_theta(theta)
    same.blocks["b2"][:] = 2
    assert theta.sum() == 2 * 9 and [*same.blocks] == [*net.blocks]


@pytest.mark.parametrize("method", [rnn.Adagrad, rnn.Adam])
def test_the_optimizers_take_it(method):
    net = Stack.init("lstm", 5, 6, 0, depth=2, scale=0.3)
    optimizer, losses = method(net, 0.05), []
    inputs, targets = np.array([0, 1, 2, 3]), np.array([1, 2, 3, 4])
    for _ in range(60):
        loss, grads, _ = layers.loss_and_grad(net, inputs, targets)
        rnn.clip(grads, 0.5)
        optimizer.update(net, grads)
        losses.append(loss)
    assert losses[-1] < 0.2 * losses[0]


def test_bad_arguments_are_named():
    with rejects("kind", "tanh, relu, lstm, gru", "'LSTM'"):
        Stack.init("LSTM", 5, 3, 0)
    for name, sizes in {"V": (0, 3, 1), "H": (5, 0.5, 1), "depth": (5, 3, 0)}.items():
        V, H, depth = sizes
        with rejects(name, "a whole number"):
            Stack.init("tanh", V, H, 0, depth)
    with rejects("scale", "finite"):
        Stack.init("tanh", 5, 3, 0, scale=np.nan)
    with rejects("rng", "a seed"):
        Stack.init("tanh", 5, 3, "zero")
    with rejects("theta", "(47,)", "(46,)"):
        Stack(np.zeros(46), "tanh", 5, 3)
