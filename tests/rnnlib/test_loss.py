"""Notebook 03's room: softmax, cross-entropy, the mean loss on a text."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnlib as rnn
from tests.rnnlib import reference
from tests.rnnlib.reference import generic_weights, rejects

logits = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6)


@st.composite
def tables(draw, size=50):
    """Logits (T, V) and targets (T,)."""
    T, V = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    y = draw(st.lists(st.floats(-size, size), min_size=T * V, max_size=T * V))
    targets = draw(st.lists(st.integers(0, V - 1), min_size=T, max_size=T))
    return np.array(y).reshape(T, V), np.array(targets)


# Softmax.


@given(logits)
def test_softmax_is_the_reference_softmax(y):
    p = rnn.softmax(y)
    assert p.shape == (len(y),) and p.dtype == np.float64
    assert np.allclose(p, reference.softmax(y), rtol=1e-14, atol=0)
    assert abs(p.sum() - 1) <= 1e-15 * len(y)


@given(tables())
def test_softmax_works_along_its_axis(y_targets):
    y, _ = y_targets
    kept = y.copy()
    for row, p in zip(y, rnn.softmax(y)):
        assert np.allclose(p, reference.softmax(list(row)), rtol=1e-14, atol=0)
    assert np.array_equal(rnn.softmax(y.T, axis=0), rnn.softmax(y).T)
    assert np.array_equal(rnn.softmax(np.stack([y, y]))[1], rnn.softmax(y))
    assert np.array_equal(y, kept)


def test_softmax_on_values_known_by_heart():
    assert rnn.softmax([0, 0, 0, 0]).tolist() == [0.25] * 4
    assert np.allclose(rnn.softmax([0, math.log(3)]), [0.25, 0.75], rtol=1e-15)
    assert rnn.softmax([5.0]).tolist() == [1]
    assert rnn.softmax([[1000], [-1000]]).tolist() == [[1], [1]]


@pytest.mark.parametrize(
    ("y", "p"),
    [
        ([1000, 0], [1, 0]),
        ([-1000, 0], [0, 1]),
        ([1000, 1000], [0.5, 0.5]),
        ([-1000, -1000], [0.5, 0.5]),
        ([1000, -1000], [1, 0]),
    ],
)
@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")
def test_softmax_of_logits_of_1000(y, p):
    assert rnn.softmax(y).tolist() == p
    rows = [y, [0, 0], [-1000, -1000]]  # every row has a maximum of its own
    assert rnn.softmax(rows).tolist() == [p, [0.5, 0.5], [0.5, 0.5]]


def test_softmax_keeps_the_dtype_of_floats():
    assert rnn.softmax(np.zeros(3, np.float32)).dtype == np.float32
    y = np.array([[1 + 2j, 3, 1j], [1000, 1000 + 1j, 0]])
    right = np.exp(y - [[3], [1000]])
    right /= right.sum(-1, keepdims=True)
    assert np.allclose(rnn.softmax(y), right, rtol=1e-14, atol=0)


def test_logits_may_be_integers():
    for dtype in (np.int64, np.uint8):
        y = np.array([[1, 200, 0], [3, 2, 255]], dtype)
        rows = [reference.softmax([float(value) for value in row]) for row in y]
        assert np.allclose(rnn.softmax(y), rows, rtol=1e-14, atol=0)
        assert rnn.cross_entropy(y, [0, 1]) == 199 + 253


# Cross-entropy.


@given(tables())
def test_cross_entropy_is_the_reference_loss_summed_over_t(y_targets):
    y, targets = y_targets
    steps = [reference.cross_entropy(list(row), k) for row, k in zip(y, targets)]
    ours = rnn.cross_entropy(y, targets)
    assert type(ours) is float
    assert ours == pytest.approx(math.fsum(steps), rel=1e-13, abs=1e-13)


@given(tables(), tables())
def test_cross_entropy_of_a_batch_is_the_mean_of_its_streams(first, second):
    T, V = (min(a, b) for a, b in zip(first[0].shape, second[0].shape))
    streams = [(y[:T, :V], np.minimum(k[:T], V - 1)) for y, k in (first, second)]
    y, targets = (np.stack(parts, axis=1) for parts in zip(*streams))
    alone = [rnn.cross_entropy(*stream) for stream in streams]
    together = rnn.cross_entropy(y, targets)
    assert together == pytest.approx(sum(alone) / 2, rel=1e-13, abs=1e-13)
    assert rnn.cross_entropy(y[:, :1], targets[:, :1]) == alone[0]


def test_equal_logits_cost_log_V_a_character():
    assert rnn.cross_entropy(np.zeros((25, 65)), np.arange(25)) == pytest.approx(
        25 * math.log(65), rel=1e-15
    )
    assert rnn.cross_entropy(np.full((3, 1), 17.0), [0, 0, 0]) == 0


@pytest.mark.parametrize(
    ("y", "target", "loss"),
    [
        ([1000, 0], 0, 0),
        ([1000, 0], 1, 1000),
        ([-1000, 0], 0, 1000),
        ([1000, -1000], 1, 2000),
        ([-1000, -1000], 0, math.log(2)),
        ([700, -100], 1, 800),
        ([1000, 1000, 999], 2, 1 + math.log(2 + math.exp(-1))),
    ],
)
@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")
def test_cross_entropy_of_large_logits(y, target, loss):
    assert rnn.cross_entropy([y], [target]) == pytest.approx(loss, rel=1e-15)
    rest = [[0] * len(y)] * 2  # every row has a maximum of its own
    rows = [y, *rest]
    right = loss + 2 * math.log(len(y))
    assert rnn.cross_entropy(rows, [target, 0, 1]) == pytest.approx(right, rel=1e-14)


def test_cross_entropy_of_complex_logits_carries_the_slope():
    y, step = np.array([[1.0, 2, 4], [3, 1, -1]]), np.array([[1, -2, 3], [0.5, 1, 2]])
    p = np.array([reference.softmax(list(row)) for row in y])
    loss = rnn.cross_entropy(y + 1e-30j * step, [1, 0])
    assert isinstance(loss, complex)
    assert loss.real == rnn.cross_entropy(y, [1, 0])
    slope = ((p - np.array([[0, 1, 0], [1, 0, 0]])) * step).sum()
    assert loss.imag / 1e-30 == pytest.approx(slope, rel=1e-14)


def test_arguments_stay_as_they_are():
    y, targets = np.array([[1.0, 2, 3], [0, 5, 1]]), np.array([2, 0])
    rnn.cross_entropy(y, targets)
    assert y.tolist() == [[1, 2, 3], [0, 5, 1]] and targets.tolist() == [2, 0]


@pytest.mark.parametrize(
    "y", [np.zeros(5), 0.0, np.zeros((1, 1, 1, 5)), np.zeros((0, 5)), np.zeros((3, 0))]
)
def test_cross_entropy_rejects_logits_of_another_shape(y):
    with rejects("y", "(T, V)", np.shape(y)):
        rnn.cross_entropy(y, np.zeros(np.shape(y)[:-1], int))


@pytest.mark.parametrize(
    ("targets", "expected", "got"),
    [
        ([1, 2], "(3,)", "(2,)"),
        ([1, 2, 1, 1], "(3,)", "(4,)"),
        ([[1], [2], [1]], "(3,)", "(3, 1)"),
        (1, "(3,)", "()"),
        ([], "(3,)", "(0,)"),
        ([1, 5, 2], "0 ... 4", "5"),
        ([1, -1, 2], "0 ... 4", "-1"),
        ([1.0, 2.0, 1.0], "integers", "float64"),
    ],
)
def test_cross_entropy_rejects_targets(targets, expected, got):
    with rejects("targets", expected, got):
        rnn.cross_entropy(np.zeros((3, 5)), targets)


# The mean loss on a text.


@pytest.mark.parametrize("n", [2, 3, 1000, 1001, 1002, 2001, 2500])
def test_evaluate_carries_the_state_through_the_text(n):
    weights = generic_weights(5, 7)
    params = rnn.Params.from_arrays(**weights)
    ids = np.random.default_rng(0).integers(7, size=n)
    ours = rnn.evaluate(params, ids)
    assert type(ours) is float
    assert ours == pytest.approx(reference.evaluate(weights, ids), rel=1e-13)
    assert ours == rnn.evaluate(params, ids.tolist())


@pytest.mark.parametrize(
    ("ids", "expected", "got"),
    [
        ([], "two characters", "0"),
        ([1], "two characters", "1"),
        ([[1, 2], [3, 4]], "", "(2, 2)"),
        ([1, 7], "0 ... 6", "7"),
        ([1, -1], "0 ... 6", "-1"),
        ([1.0, 2.0], "integers", "float64"),
    ],
)
def test_evaluate_rejects_what_is_not_a_text(ids, expected, got):
    with rejects("ids", expected, got):
        rnn.evaluate(rnn.Params.init(7, 5, 0), ids)


def test_evaluate_rejects_parameters_that_are_not_finite():
    params = rnn.Params.init(7, 5, 0)
    params.by[2] = np.nan
    with rejects("params", "finite", "NaN"):
        rnn.evaluate(params, [1, 2, 3])
