"""Another computer's tanh differs by the last bit, and always in the same places."""

import numpy as np
import pytest

from tests.notebooks.other_tanh import other

tanh = other(np, 1)
X = np.random.default_rng(0).normal(size=(40, 50))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_second_value_is_one_step_nearer_to_0(dtype):
    x = X.astype(dtype)
    exact, value = np.tanh(x), tanh(x)
    assert value.dtype == dtype
    assert set(np.unique(value == exact)) == {True, False}
    assert 0.4 < np.mean(value != exact) < 0.6
    nearer = np.nextafter(exact, dtype(0))
    assert np.all((value == exact) | (value == nearer))


def test_equal_numbers_have_equal_values_in_any_shape_and_seeds_differ():
    value = tanh(X)
    assert np.array_equal(tanh(X.T), value.T)
    assert np.array_equal(tanh(X[::2, 3]), value[::2, 3])
    assert tanh(X[2, 3]) == value[2, 3] == tanh(float(X[2, 3]))
    assert np.ndim(tanh(X[2, 3])) == np.ndim(tanh(0.5)) == 0
    assert np.any(other(np, 2)(X) != value)


def test_it_writes_where_it_is_told():
    x = X.copy()
    assert np.tanh(x, x) is x  # as the library calls it
    x = X.copy()
    assert tanh(x, x) is x and np.array_equal(x, tanh(X))
    out = np.empty_like(X)
    assert tanh(X, out=out) is out and np.array_equal(out, x)


def test_complex_numbers_and_integers_are_left_alone():
    assert np.array_equal(tanh(X + 1e-20j), np.tanh(X + 1e-20j))
    assert np.array_equal(tanh(np.arange(3)), np.tanh(np.arange(3)))
