"""Notebook 02's room: the parameters and the forward pass."""

import copy
import io
import pickle
import threading

import numpy as np
import pytest

import rnnlib as rnn
from tests.rnnlib import reference
from tests.rnnlib.reference import (
    NAMES,
    POINTS,
    Interrupt,
    flat,
    generic_point,
    generic_weights,
    rejects,
)

SHAPES = {"Wxh": (5, 7), "Whh": (5, 5), "Why": (7, 5), "bh": (5,), "by": (7,)}


def small(dtype=np.float64):
    """Parameters with V = 7, H = 5, all different."""
    weights = generic_weights(5, 7)
    return rnn.Params.from_arrays(**{k: v.astype(dtype) for k, v in weights.items()})


def assert_views(params):
    """The blocks are views of theta, one after the other, in the stated order."""
    assert [name for name, _ in params.items()] == list(NAMES)
    stop = 0
    for name, block in params.items():
        assert getattr(params, name) is block and block.dtype == params.dtype
        assert block.ctypes.data == params.theta[stop:].ctypes.data
        assert np.shares_memory(block, params.theta) and block.flags.c_contiguous
        stop += block.size
    assert params.theta.shape == (stop,) and params.theta.dtype == params.dtype


# Params.


def test_blocks_are_views_of_theta_in_order():
    params = small()
    assert_views(params)
    assert {name: block.shape for name, block in params.items()} == SHAPES
    assert np.array_equal(params.theta, flat(dict(params.items())))
    params.theta[:] = np.arange(params.theta.size)
    assert params.Wxh[0].tolist() == [0, 1, 2, 3, 4, 5, 6] and params.by[-1] == 106


def test_assignment_to_a_block_writes_through():
    params = small()
    theta = params.theta
    params.bh -= 1
    params.Whh *= 2
    params.by = 0
    params.Why = np.ones((7, 5))
    right = generic_weights(5, 7)
    right |= {"bh": right["bh"] - 1, "Whh": right["Whh"] * 2}
    right |= {"by": np.zeros(7), "Why": np.ones((7, 5))}
    assert params.theta is theta and np.array_equal(theta, flat(right))
    assert_views(params)
    params.theta = np.zeros(107)
    assert params.theta is theta and not params.Wxh.any()


def test_a_misspelt_block_is_no_new_attribute():
    with pytest.raises(AttributeError):
        small().Wx = 0


def test_a_block_of_another_shape_does_not_fit():
    params = small()
    with pytest.raises(ValueError):
        params.bh = np.zeros(4)
    assert np.array_equal(params.theta, small().theta)


def test_init_draws_weights_and_leaves_biases_zero():
    params = rnn.Params.init(60, 100, np.random.default_rng(3))
    assert_views(params)
    assert params.Wxh.shape == (100, 60) and params.Why.shape == (60, 100)
    assert not params.bh.any() and not params.by.any()
    for block in (params.Wxh, params.Whh, params.Why):
        assert abs(block.std() / 0.01 - 1) < 0.03
        assert abs(block.mean()) < 0.0005
    assert params.dtype == np.float64


def test_init_is_determined_by_its_seed():
    first = rnn.Params.init(7, 5, np.random.default_rng(3))
    again = rnn.Params.init(7, 5, 3)
    other = rnn.Params.init(7, 5, 4)
    assert np.array_equal(first.theta, again.theta)
    assert not np.array_equal(first.Wxh, other.Wxh)
    larger = rnn.Params.init(7, 5, 3, scale=0.5)
    assert np.allclose(larger.theta, first.theta * 50, rtol=1e-15)
    single = rnn.Params.init(7, 5, 3, dtype=np.float32)
    assert_views(single)
    assert single.dtype == np.float32
    assert np.array_equal(single.theta, first.theta.astype(np.float32))


@pytest.mark.parametrize("wrong", [0, -1, 7.0, True, "7", None])
@pytest.mark.parametrize("name", ["V", "H"])
def test_init_rejects_sizes_that_are_not_whole_numbers(name, wrong):
    with rejects(name, "whole number from 1", repr(wrong)):
        rnn.Params.init(**{"V": 7, "H": 5, "rng": 0, name: wrong})


def test_from_arrays_copies():
    weights = generic_weights(5, 7)
    params = rnn.Params.from_arrays(**weights)
    assert_views(params)
    for name, block in params.items():
        assert np.array_equal(block, weights[name])
        assert not np.shares_memory(block, weights[name])
    weights["Wxh"] = np.asfortranarray(weights["Wxh"])
    assert np.array_equal(rnn.Params.from_arrays(**weights).Wxh, params.Wxh)


@pytest.mark.parametrize(
    ("given", "dtype"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.complex128, np.complex128),
        (int, np.float64),
    ],
)
def test_from_arrays_keeps_the_dtype_of_floats(given, dtype):
    weights = {k: (9 * v).astype(given) for k, v in generic_weights(5, 7).items()}
    params = rnn.Params.from_arrays(**weights)
    assert params.dtype == dtype
    assert np.array_equal(params.theta, flat(weights))


def test_from_arrays_takes_lists():
    params = rnn.Params.from_arrays(
        Wxh=[[1, 2]], Whh=[[3]], Why=[[4], [5]], bh=[6], by=[7, 8]
    )
    assert params.theta.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert params.dtype == np.float64


@pytest.mark.parametrize(
    ("name", "expected", "wrong"),
    [
        ("Wxh", "(H, V)", np.zeros(5)),
        ("Wxh", "(H, V)", np.zeros((5, 7, 1))),
        ("Whh", "(5, 5)", np.zeros((5, 4))),
        ("Whh", "(5, 5)", np.zeros(25)),
        ("Why", "(7, 5)", np.zeros((5, 7))),
        ("bh", "(5,)", np.zeros((5, 1))),
        ("bh", "(5,)", 0.0),
        ("by", "(7,)", np.zeros(5)),
    ],
)
def test_from_arrays_names_the_misshapen_block(name, expected, wrong):
    with rejects(name, expected, np.shape(wrong)):
        rnn.Params.from_arrays(**{**generic_weights(5, 7), name: wrong})


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_with_theta_is_the_same_layout_over_another_vector(dtype):
    params, theta = small(), np.arange(107).astype(dtype)
    other = params.with_theta(theta)
    assert other.theta is theta and other.dtype == dtype
    assert_views(other)
    assert np.array_equal(params.theta, small().theta)


@pytest.mark.parametrize("wrong", [np.zeros(106), np.zeros(108), np.zeros((1, 107))])
def test_with_theta_rejects_another_size(wrong):
    with rejects("theta", "(107,)", wrong.shape):
        small().with_theta(wrong)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "clone",
    [
        rnn.Params.copy,
        copy.deepcopy,
        *(lambda p, k=k: pickle.loads(pickle.dumps(p, k)) for k in range(6)),
    ],
)
def test_a_copy_has_numbers_of_its_own_and_views_of_them(clone, dtype):
    params = small(dtype)
    other = clone(params)
    assert_views(other)
    assert other.dtype == dtype and np.array_equal(other.theta, params.theta)
    assert not np.shares_memory(other.theta, params.theta)
    other.bh = 9
    assert np.count_nonzero(other.theta == 9) == 5
    assert np.array_equal(params.theta, small(dtype).theta)


def test_theta_begins_a_cache_line(tmp_path):
    """Else Whh may lie across the lines, and products with it take longer."""
    for V in range(1, 21):
        for dtype in (np.float32, np.float64):
            params = rnn.Params.init(V, 3, 0, dtype=dtype)
            params.save(tmp_path / "weights")
            loaded = rnn.Params.load(tmp_path / "weights")
            given = rnn.Params.from_arrays(**dict(params.items()))
            for each in (params, params.copy(), loaded, given):
                assert each.theta.ctypes.data % 64 == 0


def test_a_shallow_copy_has_views_too():
    assert_views(copy.copy(small()))


def test_zeros_like():
    params = small(np.float32)
    zeros = params.zeros_like()
    assert_views(zeros)
    assert zeros.theta.tolist() == [0] * 107 and zeros.dtype == np.float32
    assert np.array_equal(params.theta, small(np.float32).theta)


# Files.


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_load_returns_what_save_wrote(tmp_path, dtype):
    params = small(dtype)
    for path in (tmp_path / "weights.npz", str(tmp_path / "weights")):
        params.save(path)
        loaded = rnn.Params.load(path)
        assert_views(loaded)
        assert loaded.dtype == dtype
        assert np.array_equal(loaded.theta, params.theta)
    assert {file.name for file in tmp_path.iterdir()} == {"weights", "weights.npz"}


def test_save_replaces_what_was_there(tmp_path):
    path = tmp_path / "weights.npz"
    small().save(path)
    rnn.Params.init(3, 2, 0).save(path)
    assert rnn.Params.load(path).Wxh.shape == (2, 3)


@pytest.mark.parametrize("room", [0, 1, 300, 5000, 50_000])
def test_a_save_on_a_full_disk_leaves_the_old_file(tmp_path, room):
    resource = pytest.importorskip("resource")
    path, old = tmp_path / "weights.npz", rnn.Params.init(3, 2, 0)
    old.save(path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))  # no file gets larger
    try:
        with pytest.raises(OSError):
            rnn.Params.init(65, 50, 1).save(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert np.array_equal(rnn.Params.load(path).theta, old.theta)
    rnn.Params.init(65, 50, 1).save(path)
    assert rnn.Params.load(path).Wxh.shape == (50, 65)


def test_a_save_that_is_interrupted_leaves_a_whole_file(tmp_path):
    """A KeyboardInterrupt at the first line of rnnlib, at the second, and so on."""
    path, outcomes = tmp_path / "weights.npz", []
    old, new = rnn.Params.init(3, 2, 0), rnn.Params.init(3, 2, 1)
    while outcomes[-1:] != ["done, new"]:
        old.save(path)
        with Interrupt(at=len(outcomes) + 1) as interrupt:
            new.save(path)
        found = rnn.Params.load(path).theta
        age = "new" if np.array_equal(found, new.theta) else "old"
        assert age == "new" or np.array_equal(found, old.theta)
        outcomes.append(f"{'interrupted' if interrupt.came else 'done'}, {age}")
    assert outcomes.count("interrupted, old") >= 3


def garbage():
    """Files that are no archives, by name."""
    archive, array = io.BytesIO(), io.BytesIO()
    np.savez(archive, **generic_weights(5, 7))
    np.save(array, np.zeros(107))
    return {
        "empty": b"",
        "text": b"First Citizen:\nBefore we proceed any further, hear me speak.",
        "bytes": bytes(range(256)),
        "cut short": archive.getvalue()[:-40],
        "the start of an archive": archive.getvalue()[:300],
        "one array": array.getvalue(),
        "pickle": pickle.dumps(generic_weights(5, 7)),
    }


@pytest.mark.parametrize("content", garbage().values(), ids=garbage())
def test_load_rejects_garbage(tmp_path, content):
    path = tmp_path / "weights.npz"
    path.write_bytes(content)
    with rejects("path", "archive", path):
        rnn.Params.load(path)


def test_load_rejects_a_damaged_archive(tmp_path):
    path = tmp_path / "weights.npz"
    small().save(path)
    content = bytearray(path.read_bytes())
    content[content.index(b"NUMPY") + 200] ^= 255
    path.write_bytes(content)
    with rejects("path", "whole", path):
        rnn.Params.load(path)


def test_load_names_the_block_that_is_missing(tmp_path):
    weights = generic_weights(5, 7)
    del weights["bh"]
    np.savez(tmp_path / "weights.npz", **weights)
    with rejects("path", "holds bh", tmp_path / "weights.npz"):
        rnn.Params.load(tmp_path / "weights.npz")


def test_load_names_the_misshapen_block(tmp_path):
    np.savez(tmp_path / "a.npz", **{**generic_weights(5, 7), "bh": np.zeros(4)})
    with rejects("bh", "(5,)", "(4,)"):
        rnn.Params.load(tmp_path / "a.npz")


def test_load_of_a_file_that_is_not_there(tmp_path):
    with rejects("path", "exists", tmp_path / "nothing.npz"):
        rnn.Params.load(tmp_path / "nothing.npz")


# The forward pass.


def run(weights, inputs, h_init):
    return rnn.forward(rnn.Params.from_arrays(**weights), inputs, h_init)


def reference_arrays(weights, inputs, h_init):
    """h, h_prev, y of the reference, T rows each; a stream at a time for (T, B)."""
    if np.ndim(inputs) == 2:
        streams = zip(np.transpose(inputs), h_init)
        each = [reference_arrays(weights, column, h) for column, h in streams]
        return [np.stack(arrays, axis=1) for arrays in zip(*each)]
    h, y = reference.forward(weights, inputs, h_init)
    steps = range(len(inputs))
    return [
        np.array(rows)
        for rows in ([h[t] for t in steps], [h[t - 1] for t in steps], list(y.values()))
    ]


@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS)
def test_forward_is_the_reference_forward(point):
    weights, inputs, _, h_init = generic_point(**point)
    states = run(weights, inputs, h_init)
    for ours, theirs in zip(states, reference_arrays(weights, inputs, h_init)):
        assert ours.shape == theirs.shape and ours.dtype == np.float64
        assert np.abs(ours - theirs).max() <= 1e-14


def test_the_equations_hold_step_by_step():
    weights, inputs, _, h_init = generic_point()
    Wxh, Whh, Why, bh, by = weights.values()
    h, h_prev, y = run(weights, inputs, h_init)
    x = rnn.one_hot(inputs, 7)
    for t in range(6):
        h_t = np.tanh(Wxh @ x[t] + Whh @ h_prev[t] + bh)
        assert np.abs(h[t] - h_t).max() <= 1e-15
        assert np.abs(y[t] - (Why @ h[t] + by)).max() <= 1e-14


def test_h_prev_is_h_shifted_by_one():
    weights, inputs, _, h_init = generic_point(B=3)
    states = run(weights, inputs, h_init)
    assert np.array_equal(states.h_prev[0], h_init)
    assert np.array_equal(states.h_prev[1:], states.h[:-1])
    assert states.h_prev[1:].ctypes.data == states.h.ctypes.data  # one block
    assert np.shares_memory(states.h_prev, states.h)
    h, h_prev, y = states
    assert h is states.h and h_prev is states.h_prev and y is states.y


@pytest.mark.parametrize("B", [None, 3])
def test_without_a_state_it_starts_from_zeros(B):
    weights, inputs, _, h_init = generic_point(B=B)
    ours, zeros = run(weights, inputs, None), run(weights, inputs, 0 * h_init)
    assert np.array_equal(ours.y, zeros.y) and not ours.h_prev[0].any()


@pytest.mark.parametrize("B", [None, 3])
def test_chunks_with_the_state_carried_are_one_long_pass(B):
    weights, inputs, _, h = generic_point(T=20, B=B)
    whole, parts = run(weights, inputs, h), []
    for start, stop in ((0, 7), (7, 8), (8, 20)):
        parts.append(run(weights, inputs[start:stop], h))
        h = parts[-1].h[-1]
    for name in rnn.States._fields:
        joined = np.concatenate([getattr(part, name) for part in parts])
        assert np.abs(joined - getattr(whole, name)).max() <= 1e-14


def test_a_batch_is_its_streams_side_by_side():
    weights, inputs, _, h_init = generic_point(B=3)
    states = run(weights, inputs, h_init)
    for b in range(3):
        alone = run(weights, inputs[:, b], h_init[b])
        for ours, theirs in zip(states, alone):
            assert np.abs(ours[:, b] - theirs).max() <= 1e-14


def test_inputs_may_be_a_list_and_any_integers():
    weights, inputs, _, h_init = generic_point()
    right = run(weights, inputs, h_init)
    for given in (inputs.tolist(), inputs.astype(np.uint8), tuple(inputs)):
        assert np.array_equal(run(weights, given, h_init.tolist()).y, right.y)


@pytest.mark.parametrize("B", [None, 3])
def test_complex_parameters_and_states(B):
    """The reference works with complex numbers as it stands."""
    weights, inputs, _, h_init = generic_point(B=B)
    turned = {k: v * np.exp(0.1j) for k, v in weights.items()}
    for w, h in ((turned, h_init), (weights, h_init * np.exp(0.2j))):
        for ours, theirs in zip(run(w, inputs, h), reference_arrays(w, inputs, h)):
            assert ours.dtype == np.complex128
            assert np.abs(ours - theirs).max() <= 1e-13


@pytest.mark.parametrize(
    ("weights_in", "state_in", "work_in"),
    [
        (np.float32, None, np.float32),
        (np.float32, np.float64, np.float32),
        (np.float64, np.float32, np.float64),
        (np.float64, int, np.float64),
        (np.float32, np.complex64, np.complex64),
        (np.complex128, np.float64, np.complex128),
    ],
)
def test_the_work_is_done_in_the_dtype_of_the_parameters(weights_in, state_in, work_in):
    weights, inputs, _, h_init = generic_point()
    weights = {k: v.astype(weights_in) for k, v in weights.items()}
    states = run(weights, inputs, None if state_in is None else h_init.astype(state_in))
    assert {array.dtype for array in states} == {np.dtype(work_in)}


def test_float32_is_as_close_as_float32_can_be():
    weights, inputs, _, h_init = generic_point(H=50, V=30, T=25, scale=0.1)
    single = {k: v.astype(np.float32) for k, v in weights.items()}
    double = {k: v.astype(np.float64) for k, v in single.items()}
    h = h_init.astype(np.float32)
    for ours, right in zip(run(single, inputs, h), run(double, inputs, h)):
        assert np.abs(ours - right).max() <= 2e-6


def test_results_are_nobody_elses():
    weights, inputs, _, h_init = generic_point()
    params = rnn.Params.from_arrays(**weights)
    first = rnn.forward(params, inputs, h_init)
    before = [array.copy() for array in first]
    rnn.forward(params, inputs[::-1], 0 * h_init)
    params.theta[:] = 0
    h_init[:] = 0
    for array, kept in zip(first, before):
        assert np.array_equal(array, kept)
    first.h_prev[...] = 7
    assert not h_init.any()


def test_arguments_stay_as_they_are():
    weights, inputs, _, h_init = generic_point()
    params, kept = rnn.Params.from_arrays(**weights), (inputs.copy(), h_init.copy())
    rnn.forward(params, inputs, h_init)
    assert np.array_equal(params.theta, flat(weights))
    assert np.array_equal(inputs, kept[0]) and np.array_equal(h_init, kept[1])


def test_huge_weights_saturate_without_an_error():
    weights, inputs, _, h_init = generic_point()
    weights["Wxh"] = np.full((5, 7), 1e200)
    assert np.array_equal(run(weights, inputs, h_init).h, np.ones((6, 5)))


@pytest.mark.parametrize(
    ("inputs", "expected", "got"),
    [
        ([], "(T,)", "(0,)"),
        (np.zeros((0, 2), int), "(T, B)", "(0, 2)"),
        (np.zeros((2, 0), int), "(T, B)", "(2, 0)"),
        (3, "(T,)", "()"),
        (np.zeros((2, 2, 2), int), "(T, B)", "(2, 2, 2)"),
        ([1.0, 2.0], "integers", "float64"),
        (np.eye(7), "integers", "float64"),
        ([True, False], "integers", "bool"),
        ("hello", "", ""),
        ([0, 7], "0 ... 6", "7"),
        ([[0, 1], [-1, 1]], "0 ... 6", "-1"),
    ],
)
def test_forward_rejects_inputs(inputs, expected, got):
    with rejects("inputs", expected, got):
        rnn.forward(small(), inputs)


@pytest.mark.parametrize(
    ("inputs", "h_init", "expected", "got"),
    [
        ([1, 2], np.zeros(4), "(5,)", "(4,)"),
        ([1, 2], np.zeros((5, 1)), "(5,)", "(5, 1)"),
        ([1, 2], 0.0, "(5,)", "()"),
        ([[1, 2]], np.zeros(5), "(2, 5)", "(5,)"),
        ([[1, 2]], np.zeros((5, 2)), "(2, 5)", "(5, 2)"),
        ([1, 2], [0, 0, np.nan, 0, 0], "finite", "NaN"),
        ([1, 2], [0, 0, np.inf, 0, 0], "finite", "NaN or infinity"),
    ],
)
def test_forward_rejects_a_state(inputs, h_init, expected, got):
    with rejects("h_init", expected, got):
        rnn.forward(small(), inputs, h_init)


@pytest.mark.filterwarnings("ignore:overflow")
def test_forward_rejects_a_state_that_overflows_in_float32():
    with rejects("h_init", "finite", "NaN or infinity"):
        rnn.forward(small(np.float32), [1, 2], np.full(5, 1e39))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_forward_rejects_parameters_that_are_not_finite(name, wrong):
    params = small()
    getattr(params, name).flat[1] = wrong
    with rejects("params", "finite", "NaN or infinity"):
        rnn.forward(params, [1, 2])


# One-hot vectors where indices belong.


@pytest.mark.parametrize("h_init", [None, np.zeros(5)])
def test_forward_tells_one_hot_vectors_from_a_batch(h_init):
    x = rnn.one_hot([3, 1, 4], 7, int)
    for given in (x, x.tolist(), x.astype(np.uint8), x[:1]):
        with rejects("inputs", "indices", "one-hot vectors"):
            rnn.forward(small(), given, h_init)
        with rejects("inputs", "indices", "one-hot vectors"):
            rnn.loss_and_grad(small(), given, [1, 4, 1], h_init)


def test_a_batch_of_as_many_streams_as_symbols_is_none():
    x, streams = rnn.one_hot([3, 1, 4], 7, int), np.zeros((7, 5))
    assert rnn.forward(small(), x, streams).y.shape == (3, 7, 7)
    for change in ([0, 0], [0, 1], [0, 2]):  # a row without a 1, two of them, a 2
        x[0, :2] = change
        x[0, 2:] = 0
        x[0, 3] = change != [0, 0]
        assert rnn.forward(small(), x).y.shape == (3, 7, 7)


# Blocks take a number, or their own shape.


@pytest.mark.parametrize(
    ("name", "value", "expected", "got"),
    [
        ("bh", None, "real numbers", "object"),
        ("bh", "1", "real numbers", "<U1"),
        ("bh", True, "real numbers", "bool"),
        ("bh", 1j, "real numbers", "complex128"),
        ("bh", np.nan, "finite", "NaN"),
        ("bh", np.ones(1), "(5,)", "(1,)"),
        ("Whh", np.ones(5), "(5, 5)", "(5,)"),
        ("Whh", np.ones((5, 1)), "(5, 5)", "(5, 1)"),
        ("Wxh", np.full((5, 7), -np.inf), "finite", "NaN or infinity"),
        ("theta", np.ones(106), "(107,)", "(106,)"),
    ],
)
def test_a_block_rejects(name, value, expected, got):
    params = small()
    with rejects(name, expected, got):
        setattr(params, name, value)
    assert np.array_equal(params.theta, small().theta)


def test_a_complex_block_takes_complex_numbers():
    params = small(np.complex128)
    params.bh = 1j
    assert params.bh.tolist() == [1j] * 5


@pytest.mark.parametrize("dtype", [np.float16, int, bool, object, "U5"])
def test_what_cannot_train_is_no_dtype(dtype):
    for make in (
        lambda: rnn.Params.init(7, 5, 0, dtype=dtype),
        lambda: small().with_theta(np.zeros(107).astype(dtype)),
    ):
        with pytest.raises(ValueError, match="^(dtype|theta|dtype of theta): expected"):
            make()


# Files that hold symbols.

LETTERS = rnn.Vocabulary("abc\0é\ud800 ")


def test_an_archive_gives_its_symbols_back(tmp_path):
    path = tmp_path / "weights.npz"
    for vocabulary in (LETTERS, rnn.Vocabulary([*"abcdef", "a word\0"])):
        small().save(path, vocabulary)
        assert rnn.Vocabulary.load(path) == vocabulary
        assert np.array_equal(rnn.Params.load(path).theta, small().theta)
        assert rnn.Params.load(path, vocabulary).V == 7


@pytest.mark.parametrize(
    "other", [rnn.Vocabulary("abcdefg"), rnn.Vocabulary("a"), "abc"]
)
def test_another_vocabulary_is_refused(tmp_path, other):
    path = tmp_path / "weights.npz"
    small().save(path, LETTERS)
    with rejects("vocabulary", f"the symbols that {path} holds", "others"):
        rnn.Params.load(path, other)


def test_an_archive_without_symbols_loads_and_says_so(tmp_path):
    """As they were written before there were symbols in them."""
    path = tmp_path / "weights.npz"
    np.savez(path, **generic_weights(5, 7))
    assert np.array_equal(rnn.Params.load(path).theta, small().theta)
    with rejects("path", "an archive that holds symbols", path):
        rnn.Vocabulary.load(path)
    with rejects("vocabulary", f"the symbols that {path} holds"):
        rnn.Params.load(path, LETTERS)


@pytest.mark.parametrize(
    ("wrong", "got"), [(rnn.Vocabulary("ab"), "2"), ("abcdefg", "abcdefg"), (5, "5")]
)
def test_save_rejects_a_vocabulary_that_cannot_be_its(tmp_path, wrong, got):
    with rejects("vocabulary", "", got):
        small().save(tmp_path / "weights.npz", wrong)
    assert not list(tmp_path.iterdir())


# What saving leaves behind.


def test_an_interrupted_save_leaves_nothing_else(tmp_path):
    path, k, came = tmp_path / "weights.npz", 0, True
    while came:
        k += 1
        with Interrupt(at=k) as interrupt:
            small().save(path, LETTERS)
        came = interrupt.came
        assert {file.name for file in tmp_path.iterdir()} <= {"weights.npz"}
    assert k > 5


def test_a_failed_save_leaves_nothing_else(tmp_path):
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, hard))
    try:
        with pytest.raises(OSError):
            rnn.Params.init(65, 50, 1).save(tmp_path / "weights.npz")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(tmp_path.iterdir())


def test_a_link_is_followed(tmp_path):
    (tmp_path / "deep").mkdir()
    link, file = tmp_path / "link.npz", tmp_path / "deep" / "weights.npz"
    try:
        link.symlink_to(file)
    except OSError:
        pytest.skip("no links here")
    for k in range(2):  # where it leads there is no file, then one
        rnn.Params.init(3, 2, k).save(link)
        assert link.is_symlink() and not file.is_symlink()
        right = rnn.Params.init(3, 2, k).theta
        assert np.array_equal(rnn.Params.load(file).theta, right)
    assert {each.name for each in tmp_path.rglob("*")} == {"deep", link.name, file.name}


def test_many_threads_may_save_to_one_path(tmp_path):
    path, errors = tmp_path / "weights.npz", []
    sizes = range(1, 5)

    def save(H):
        try:
            for _ in range(10):
                rnn.Params.init(7, H, 0).save(path)
                loaded = rnn.Params.load(path)
                right = rnn.Params.init(7, loaded.H, 0)
                assert np.array_equal(loaded.theta, right.theta)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=save, args=[H]) for H in sizes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert [file.name for file in tmp_path.iterdir()] == ["weights.npz"]


def test_a_flipped_bit_is_harmless_or_names_the_path(tmp_path):
    path = tmp_path / "weights.npz"
    rnn.Params.init(2, 1, 0).save(path, rnn.Vocabulary("ab"))
    content, right = path.read_bytes(), rnn.Params.load(path).theta
    rejected = 0
    for at in range(0, len(content), 3):
        damaged = bytearray(content)
        damaged[at] ^= 1 << at % 8
        path.write_bytes(damaged)
        try:
            loaded = rnn.Params.load(path)
            assert np.array_equal(loaded.theta, right)
        except ValueError as error:
            rejected += 1
            assert str(path) in str(error)
    assert rejected > len(content) / 12


@pytest.mark.parametrize("wrong", [1, None, b"weights.npz", 1.5, ["weights.npz"]])
def test_a_path_is_a_name(wrong):
    for call in (rnn.Params.load, rnn.Vocabulary.load, small().save):
        with rejects("path", "", wrong):
            call(wrong)
    print("stdout is open")
