"""Notebook 12's room: the LSTM and the GRU, beside loops over single numbers."""

import math

import numpy as np
import pytest

from rnnlib.gates import gru, gru_back, lstm, lstm_back, room_for, sigmoid
from tests.rnnlib.reference import complex_step, off_by

KINDS = {"lstm": (lstm, lstm_back, 4, 2), "gru": (gru, gru_back, 3, 1)}
SHAPES = [(5, 3), (1, 2), (4, 2, 3), (3, 1, 1)]  # (T, H) or (T, B, H)


def plain(z):
    return 1 / (1 + math.exp(-z))


def point(kind, shape, seed=0):
    """a, Wh and start of a layer, nothing zero, nothing symmetric."""
    _, _, gates, parts = KINDS[kind]
    rng, H = np.random.default_rng(seed), shape[-1]
    a = rng.normal(size=(*shape[:-1], gates * H))
    Wh = 0.7 * rng.normal(size=(gates * H, H))
    return a, Wh, rng.normal(size=(parts, *shape[1:]))


def lstm_by_hand(a, Wh, start):
    """States of one stream, unit by unit: f, w, o, g are rows of Wh in this order."""
    H = len(start[0])
    h, m = list(start[0]), list(start[1])
    states = [[h, m]]
    for a_t in a:
        z = [a_t[k] + sum(Wh[k, j] * h[j] for j in range(H)) for k in range(4 * H)]
        new_h, new_m = [], []
        for j in range(H):
            f, w, o = (plain(z[part * H + j]) for part in range(3))
            new_m.append(f * m[j] + w * math.tanh(z[3 * H + j]))
            new_h.append(o * math.tanh(new_m[-1]))
        h, m = new_h, new_m
        states.append([h, m])
    return np.array(states)


def gru_by_hand(a, Wh, start):
    """States of one stream: z, r, g in this order, r on what Wh makes of the state."""
    H = len(start[0])
    h = list(start[0])
    states = [[h]]
    for a_t in a:
        of_h = [sum(Wh[k, j] * h[j] for j in range(H)) for k in range(3 * H)]
        new = []
        for j in range(H):
            z, r = (plain(a_t[k] + of_h[k]) for k in (j, H + j))
            g = math.tanh(a_t[2 * H + j] + r * of_h[2 * H + j])
            new.append(z * h[j] + (1 - z) * g)
        h = new
        states.append([h])
    return np.array(states)


BY_HAND = {"lstm": lstm_by_hand, "gru": gru_by_hand}


def test_sigmoid_is_its_formula_and_never_overflows():
    for z in (-3.0, -0.5, 0.0, 2.0):
        assert sigmoid(z) == pytest.approx(plain(z), rel=1e-14)
    with np.errstate(all="raise"):
        assert sigmoid(np.array([-1000.0, 1000.0])).tolist() == [0, 1]
    assert sigmoid(np.float32([0.3])).dtype == np.float32
    slope = sigmoid(np.array([0.7 + 1e-20j])).imag / 1e-20
    assert slope == pytest.approx(plain(0.7) * (1 - plain(0.7)), rel=1e-14)


def test_room_for_begins_with_the_start():
    states = room_for(np.ones((4, 6), np.float32), np.full((2, 3), 0.5))
    assert states.shape == (5, 2, 3) and states.dtype == np.float32
    assert (states[0] == 0.5).all()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_is_the_loop_over_its_units(kind, shape):
    a, Wh, start = point(kind, shape)
    states, _ = KINDS[kind][0](a, Wh, start)
    assert states.shape == (shape[0] + 1, *start.shape)
    if len(shape) == 2:
        assert off_by(states, BY_HAND[kind](a, Wh, start)) <= 1e-14
    else:
        for b in range(shape[1]):
            alone = BY_HAND[kind](a[:, b], Wh, start[:, b])
            assert off_by(states[:, :, b], alone) <= 1e-14


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_way_back_is_the_slope_of_the_way_there(kind, shape):
    run, back, _, _ = KINDS[kind]
    a, Wh, start = point(kind, shape)
    dh = np.random.default_rng(1).normal(size=shape)  # of a loss Σ dh h
    states, kept = run(a, Wh, start)
    given = dh.copy()
    da, da_h = back(dh, states, kept, Wh)
    assert np.array_equal(dh, given)

    def loss_of_a(flat):
        return (dh * run(flat.reshape(a.shape), Wh, start)[0][1:, 0]).sum()

    def loss_of_Wh(flat):
        turned = a + 0j, flat.reshape(Wh.shape), start
        return (dh * run(*turned)[0][1:, 0]).sum()

    assert off_by(da.ravel(), complex_step(loss_of_a, a.ravel())) <= 1e-12
    G, H = Wh.shape
    dWh = da_h.reshape(-1, G).T @ states[:-1, 0].reshape(-1, H)
    assert off_by(dWh.ravel(), complex_step(loss_of_Wh, Wh.ravel())) <= 1e-12


@pytest.mark.parametrize("kind", KINDS)
def test_the_work_is_done_in_the_type_of_a(kind):
    run, back, _, _ = KINDS[kind]
    a, Wh, start = (x.astype(np.float32) for x in point(kind, (3, 2, 4)))
    states, kept = run(a, Wh, start)
    assert states.dtype == np.float32
    both = back(np.ones((3, 2, 4), np.float32), states, kept, Wh)
    assert all(each.dtype == np.float32 for each in both)
