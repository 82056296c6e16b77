"""Notebook 05's room: the tools that check gradients, checked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnlib as rnn
from tests.rnnlib.reference import (
    NAMES,
    POINTS,
    flat,
    generic_point,
    generic_weights,
    rejects,
)

ORACLES = [rnn.numerical_gradient, rnn.complex_step_gradient]


@pytest.mark.parametrize("shape", [(), (1,), (4,), (2, 3), (2, 1, 3)])
@pytest.mark.parametrize("oracle", ORACLES)
def test_the_gradient_of_a_known_function(oracle, shape):
    theta = np.random.default_rng(0).uniform(0.5, 2, shape)
    weight = np.random.default_rng(1).standard_normal(shape)
    kept = theta.copy()
    grad = oracle(lambda v: (weight * np.sin(v) * np.exp(v)).sum(), theta)
    right = weight * np.exp(theta) * (np.sin(theta) + np.cos(theta))
    assert grad.shape == shape and grad.dtype == np.float64
    tolerance = 1e-9 if oracle is rnn.numerical_gradient else 1e-15
    assert np.abs(grad - right).max() <= tolerance * max(1, np.abs(right).max())
    assert np.array_equal(theta, kept)


@pytest.mark.parametrize("oracle", ORACLES)
def test_integers_and_lists_are_points_too(oracle):
    for theta in ([1, 2, 3], np.array([1, 2, 3])):
        grad = oracle(lambda v: (v * v * v).sum(), theta)
        assert np.allclose(grad, [3, 12, 27], rtol=1e-9)


def test_central_differences_are_off_by_eps_squared():
    """The cube: ((x+ε)³ - (x-ε)³) / 2ε = 3x² + ε². One-sided would be off by 3xε."""
    for eps in (0.5, 0.1):
        grad = rnn.numerical_gradient(lambda v: (v**3).sum(), np.array([1.0, 2]), eps)
        assert np.allclose(grad, [3 + eps**2, 12 + eps**2], rtol=1e-13)


def test_the_default_eps_is_near_the_best():
    grad = rnn.numerical_gradient(lambda v: np.exp(v).sum(), np.array([1.0]))
    assert abs(grad[0] / np.e - 1) <= 2e-10


def test_complex_step_needs_a_complex_answer():
    with rejects("f", "complex", "6"):
        rnn.complex_step_gradient(lambda v: v.real.sum(), np.array([1.0, 2, 3]))
    with rejects("f", "complex"):
        rnn.complex_step_gradient(lambda v: np.abs(v).sum(), np.array([1.0, 2, 3]))


@pytest.mark.parametrize(
    ("a", "b", "error"),
    [
        ([3.0, 4.0], [3.0, 4.0], 0),
        ([3.0, 4.0], [-3.0, -4.0], 2),
        ([3.0, 4.0], [0.0, 0.0], 1),
        ([0.0, 0.0], [0.0, 0.0], 0),
        ([3.0, 4.0], [6.0, 8.0], 0.5),
        ([[3.0, 0.0], [0.0, 4.0]], [[3.0, 0.0], [3.0, 4.0]], 3 / np.sqrt(34)),
        ([1e-13, 0.0], [0.0, 0.0], 0.1),
        ([0.0], [2e-12], 1),
        (2, 1, 0.5),
    ],
)
def test_relative_error_on_known_pairs(a, b, error):
    for pair in ((a, b), (b, a)):
        ours = rnn.relative_error(*pair)
        assert type(ours) is float
        assert ours == pytest.approx(error, rel=1e-15)


numbers = st.lists(st.floats(-1e100, 1e100), min_size=3, max_size=3)


@given(numbers, numbers)
def test_relative_error_is_symmetric_and_at_most_2(a, b):
    error = rnn.relative_error(a, b)
    assert error == rnn.relative_error(b, a)
    assert 0 <= error <= 2 + 1e-15


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int8, np.int64])
def test_relative_error_of_integers_is_that_of_floats(dtype):
    a, b = np.array([1, 0], dtype), np.array([1, 1], dtype)
    for pair in ((a, b), (b, a)):
        assert rnn.relative_error(*pair) == pytest.approx(0.5**0.5)
    assert rnn.relative_error(np.int8([100]), np.int8([-100])) == 2


def test_relative_error_of_what_is_not_a_number_passes_no_bound():
    assert np.isnan(rnn.relative_error([np.nan, 1], [1, 1]))


def test_relative_error_rejects_another_shape():
    with rejects("b", "(3,)", "(3, 1)"):
        rnn.relative_error(np.zeros(3), np.zeros((3, 1)))


# The report.


def check(point=None, **options):
    weights, *rest = generic_point(**(point or {}))
    return rnn.check_gradients(rnn.Params.from_arrays(**weights), *rest, **options)


@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS)
def test_the_right_gradient_passes(point):
    report = check(point)
    assert report.passed is True
    assert [row.name for row in report] == [*NAMES, "h_init"]
    for row in report:
        assert row.passed is True and 0 <= row.error <= 1e-13
        assert row.analytic == pytest.approx(row.numerical, rel=1e-10, abs=1e-15)


def test_without_a_state():
    weights, inputs, targets, h_init = generic_point()
    params = rnn.Params.from_arrays(**weights)
    assert rnn.check_gradients(params, inputs, targets).passed


def spoil(name, change):
    """A backward pass with one block changed."""

    def backward(params, inputs, targets, states):
        grads, dh_init = rnn.backward(params, inputs, targets, states)
        block = dh_init if name == "h_init" else getattr(grads, name)
        change(block)
        return grads, dh_init

    return backward


@pytest.mark.parametrize("B", [None, 2])
@pytest.mark.parametrize("name", [*NAMES, "h_init"])
def test_a_wrong_block_and_no_other_fails(name, B):
    def scale(block):
        block *= 1 + 1e-8

    report = check({"B": B}, backward=spoil(name, scale))
    assert report.passed is False
    assert [row.name for row in report if not row.passed] == [name]
    row = next(row for row in report if row.name == name)
    assert row.error == pytest.approx(1e-8, rel=1e-4)


@pytest.mark.parametrize("name", [*NAMES, "h_init"])
def test_the_worst_entry_and_both_its_values(name):
    def change(block):
        block.flat[1] += 0.01
        block.flat[3] -= 0.25

    weights, inputs, targets, h_init = generic_point()
    report = check(backward=spoil(name, change))
    row = next(row for row in report if row.name == name)
    shape = {**weights, "h_init": h_init}[name].shape
    assert row.worst == tuple(map(int, np.unravel_index(3, shape)))
    assert {type(i) for i in row.worst} == {int}
    params = rnn.Params.from_arrays(**weights)
    states = rnn.forward(params, inputs, h_init)
    grads, dh_init = rnn.backward(params, inputs, targets, states)
    right = {**dict(grads.items()), "h_init": dh_init}[name]
    assert row.numerical == pytest.approx(right.flat[3], rel=1e-12)
    assert row.analytic == pytest.approx(right.flat[3] - 0.25, rel=1e-12)
    wrong = right.copy()
    change(wrong)
    error = np.linalg.norm(wrong - right) / max(map(np.linalg.norm, (wrong, right)))
    assert row.error == pytest.approx(error, rel=1e-12)


def test_a_gradient_that_is_not_a_number_fails():
    def change(block):
        block.flat[2] = np.nan

    report = check(backward=spoil("Whh", change))
    assert [row.name for row in report if not row.passed] == ["Whh"]


@pytest.mark.parametrize(("error", "passed"), [(0.99e-9, True), (1.01e-9, False)])
def test_an_error_of_1e_9_passes(error, passed):
    def scale(block):
        block *= 1 + error

    assert check(backward=spoil("Why", scale)).passed is passed


def test_an_error_of_exactly_1e_9_passes():
    """With one symbol the gradient is 0, so the error is what is put there / 1e-12."""
    just = np.nextafter(1e-21, 1)

    def put(block):
        block[0] = just

    row = check({"V": 1}, backward=spoil("by", put))[4]
    assert row.error == 1e-9 and row.passed


def test_without_dh_next_three_blocks_fail():
    """Every step on its own: the source text's mistake."""

    def backward(params, inputs, targets, states):
        grads = params.zeros_like()
        for t in range(len(inputs)):
            row = rnn.States(*(array[t : t + 1] for array in states))
            step = rnn.backward(params, inputs[t : t + 1], targets[t : t + 1], row)
            grads.theta[:] += step[0].theta
        return grads, rnn.backward(params, inputs, targets, states)[1]

    report = check(backward=backward)
    verdicts = {row.name: row.passed for row in report}
    assert [name for name in verdicts if not verdicts[name]] == ["Wxh", "Whh", "bh"]
    assert {row.error > 0.1 for row in report if not row.passed} == {True}


def test_the_check_is_done_in_float64():
    weights, *rest = generic_point()
    params = rnn.Params.from_arrays(
        **{k: v.astype(np.float32) for k, v in weights.items()}
    )
    kept = params.theta.copy()
    report = rnn.check_gradients(params, *rest)
    assert report.passed and max(row.error for row in report) <= 1e-13
    assert params.dtype == np.float32 and np.array_equal(params.theta, kept)


def test_a_gradient_of_another_shape_is_what_came():
    def backward(*args):
        grads, dh_init = rnn.backward(*args)
        return grads, dh_init[:-1]

    with rejects("shape of b", "(5,)", "(4,)"):
        check(backward=backward)


def test_it_prints_as_a_table():
    def change(block):
        block.flat[3] = 12.5

    text = repr(check(backward=spoil("Whh", change)))
    head, *lines = text.splitlines()
    assert [line.split()[0] for line in lines] == [*NAMES, "h_init"]
    assert [line.split()[-1] for line in lines] == ["ok", "WRONG", *["ok"] * 4]
    assert "[0, 3]" in lines[1] and lines[1].split()[-3] == "12.5"
    for word in ("block", "error", "worst", "verdict"):
        assert word in head
    assert max(map(len, (head, *lines))) <= 75  # it is projected


def test_arguments_stay_as_they_are():
    weights, inputs, targets, h_init = generic_point()
    params, kept = rnn.Params.from_arrays(**weights), h_init.copy()
    rnn.check_gradients(params, inputs, targets, h_init)
    assert np.array_equal(params.theta, flat(weights))
    assert np.array_equal(h_init, kept)


@pytest.mark.parametrize(
    ("change", "name", "expected", "got"),
    [
        ({"targets": [1, 2]}, "targets", "(6,)", "(2,)"),
        ({"targets": [7] * 6}, "targets", "0 ... 6", "7"),
        ({"inputs": [7] * 6}, "inputs", "0 ... 6", "7"),
        ({"inputs": [0.5] * 6}, "inputs", "integers", "float64"),
        ({"h_init": np.zeros(4)}, "h_init", "(5,)", "(4,)"),
    ],
)
def test_bad_input(change, name, expected, got):
    weights, inputs, targets, h_init = generic_point()
    given = {"inputs": inputs, "targets": targets, "h_init": h_init, **change}
    with rejects(name, expected, got):
        rnn.check_gradients(rnn.Params.from_arrays(**weights), **given)


def test_parameters_that_are_not_finite():
    params = rnn.Params.from_arrays(**generic_weights(5, 7))
    params.by[0] = np.inf
    with rejects("params", "finite", "NaN or infinity"):
        rnn.check_gradients(params, [1, 2], [2, 3])
