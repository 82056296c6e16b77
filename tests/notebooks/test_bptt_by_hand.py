"""What notebook 04 says in its text alone: numbers on paper, the folded readings."""

import numpy as np
import pytest

import rnnlib as rnn
from rnncourse import toy

RNG = np.random.default_rng(4)
H, V, T = 5, 7, 6
PARAMS = rnn.Params.init(V, H, RNG, scale=0.5)
INPUTS, TARGETS = np.array([3, 1, 4, 1, 5, 3]), np.array([1, 4, 1, 5, 3, 2])
STATES = rnn.forward(PARAMS, INPUTS, RNG.normal(0, 0.5, H))
DY = rnn.softmax(STATES.y) - rnn.one_hot(TARGETS, V)


def back(params, states, dy):
    """dh and da of every step, one step after the other."""
    dh, da = np.zeros_like(states.h), np.zeros_like(states.h)
    following = np.zeros(params.H)
    for t in reversed(range(len(dy))):
        dh[t] = params.Why.T @ dy[t] + params.Whh.T @ following
        following = da[t] = (1 - states.h[t] ** 2) * dh[t]
    return dh, da


def test_the_tables_of_the_toy():
    net = toy()
    states = rnn.forward(net.params, net.inputs, net.h_init)
    p = rnn.softmax(states.y)
    dy = p - rnn.one_hot(net.targets, 3)
    dh, da = back(net.params, states, dy)

    def close(numbers, table):
        np.testing.assert_allclose(numbers, table, atol=6e-5)

    close(states.h, [[0.7616, -0.4621], [0.8724, 0.8515]])
    close(p, [[0.0660, 0.7926, 0.1414], [0.1348, 0.5428, 0.3224]])
    close(dy, [[0.0660, 0.7926, -0.8586], [-0.8652, 0.5428, 0.3224]])
    close(dy @ net.params.Why, [[0.7266, -0.7926], [1.4080, -0.5428]])
    close(da[1] @ net.params.Whh, [0.0190, -0.3365])
    close(1 - states.h**2, [[0.4200, 0.7864], [0.2390, 0.2749]])
    close(dh, [[0.7456, -1.1291], [1.4080, -0.5428]])
    close(da, [[0.3131, -0.8879], [0.3365, -0.1492]])


def test_the_two_steps_of_one_unit():
    b_h, h_h, h_l = np.array([0.5, 1.0]), 2.0, np.array([4.0, 3.0])
    dh = h_l + [h_h * h_l[1], 0]
    total = b_h + [0, h_h * b_h[0]]
    paths = [b_h[0] * h_l[0], b_h[0] * h_h * h_l[1], b_h[1] * h_l[1]]
    assert paths == [2, 3, 3]
    assert dh.tolist() == [10, 3] and total.tolist() == [0.5, 2]
    assert b_h @ dh == sum(paths) == total @ h_l == 8
    assert total @ dh == 11


def test_the_readings_of_the_formula_without_its_sign():
    dh, da = back(PARAMS, STATES, DY)
    slope, dh_next, Whh = 1 - STATES.h[3] ** 2, dh[3], PARAMS.Whh
    right = dh[2] - PARAMS.Why.T @ DY[2]
    matrix_first = slope * (Whh.T @ dh_next)
    slopes_through = (Whh.T @ slope) * dh_next
    assert Whh.T @ (slope * dh_next) == pytest.approx(right)
    assert np.abs(matrix_first - right).max() > 0.05
    assert np.abs(slopes_through - right).max() > 0.05
    column = (Whh.T * slope[:, None] @ dh_next[:, None])[:, 0]
    assert Whh.T * slope @ dh_next == pytest.approx(right)
    assert column == pytest.approx(matrix_first)


def test_a_sum_from_step_1_loses_the_first_step():
    _, da = back(PARAMS, STATES, DY)
    lost = da[1:].T @ STATES.h_prev[1:]
    assert np.linalg.norm(lost - da.T @ STATES.h_prev) > 0.1


def test_the_two_cases_of_the_post_are_one():
    p = rnn.softmax(STATES.y)
    for t, c in enumerate(TARGETS):
        target_row, others = p[t, c] - p[t, c] ** 2, -p[t] * p[t, c]
        cases = np.where(np.arange(V) == c, target_row, others)
        post = np.outer(-cases / p[t, c], STATES.h[t])
        np.testing.assert_allclose(post, np.outer(DY[t], STATES.h[t]), atol=1e-14)
