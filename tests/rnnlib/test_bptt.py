"""Notebook 04's room: the gradient, held against five other ways to compute it."""

import numpy as np
import pytest

import rnnlib as rnn
from tests.rnnlib import reference
from tests.rnnlib.reference import (
    NAMES,
    POINTS,
    autograd_gradient,
    batch_loss_and_grad,
    central_differences,
    complex_step,
    flat,
    generic_point,
    generic_weights,
    off_by,
    off_by_norm,
    rejects,
)

points = pytest.mark.parametrize("point", POINTS.values(), ids=POINTS)


def gradient(weights, inputs, targets, h_init):
    """rnnlib's gradient by `backward`, h_init's included, as a dictionary."""
    params = rnn.Params.from_arrays(**weights)
    states = rnn.forward(params, inputs, h_init)
    grads, dh_init = rnn.backward(params, inputs, targets, states)
    return {**dict(grads.items()), "h_init": dh_init}


def reference_loss_and_grad(weights, inputs, targets, h_init):
    f = reference.loss_and_grad if np.ndim(inputs) == 1 else batch_loss_and_grad
    return f(weights, inputs, targets, h_init)


def assert_same(ours, theirs, tolerance, off_by=off_by):
    """Every block, as a part of its largest entry, and shaped alike."""
    for name in (*NAMES, "h_init"):
        assert ours[name].shape == np.shape(theirs[name]), name
        assert off_by(ours[name], theirs[name]) <= tolerance, name


# The reference, autograd, the complex step, central differences.


@points
def test_the_gradient_is_the_reference_gradient(point):
    weights, inputs, targets, h_init = generic_point(**point)
    loss, grads, h_last = reference_loss_and_grad(weights, inputs, targets, h_init)
    assert_same(gradient(weights, inputs, targets, h_init), grads, 1e-13)
    params = rnn.Params.from_arrays(**weights)
    ours = rnn.loss_and_grad(params, inputs, targets, h_init)
    assert ours[0] == pytest.approx(loss, rel=1e-13) and type(ours[0]) is float
    assert_same({**dict(ours[1].items()), "h_init": grads["h_init"]}, grads, 1e-13)
    assert off_by(ours[2], h_last) <= 1e-13 and ours[2].shape == h_last.shape


@points
def test_the_gradient_is_that_of_autograd(point):
    weights, inputs, targets, h_init = generic_point(**point)
    ours = gradient(weights, inputs, targets, h_init)
    if inputs.ndim == 1:
        theirs = autograd_gradient(weights, inputs, targets, h_init)
    else:
        streams = list(zip(inputs.T, targets.T, h_init))
        each = [autograd_gradient(weights, *stream) for stream in streams]
        theirs = {name: np.mean([g[name] for g in each], 0) for name in NAMES}
        theirs["h_init"] = np.stack([g["h_init"] for g in each]) / len(streams)
    assert_same(ours, theirs, 1e-13)


def losses(weights, inputs, targets, h_init):
    """Two functions: the loss of theta, and the loss of h_init as a vector."""
    params = rnn.Params.from_arrays(**weights)

    def of_theta(theta):
        states = rnn.forward(params.with_theta(theta), inputs, h_init)
        return rnn.cross_entropy(states.y, targets)

    def of_h_init(h):
        states = rnn.forward(params, inputs, h.reshape(h_init.shape))
        return rnn.cross_entropy(states.y, targets)

    return of_theta, of_h_init


@points
@pytest.mark.parametrize(
    ("oracle", "tolerance"), [(complex_step, 1e-12), (central_differences, 1e-8)]
)
def test_the_gradient_is_the_slope_of_the_loss(oracle, tolerance, point):
    weights, inputs, targets, h_init = generic_point(**point)
    of_theta, of_h_init = losses(weights, inputs, targets, h_init)
    slopes = rnn.Params.from_arrays(**weights).with_theta(
        oracle(of_theta, flat(weights))
    )
    slopes = dict(slopes.items())
    slopes["h_init"] = oracle(of_h_init, h_init.ravel()).reshape(h_init.shape)
    ours = gradient(weights, inputs, targets, h_init)
    assert_same(ours, slopes, tolerance, off_by_norm)


def test_the_reference_agrees_with_autograd():
    """An oracle that is wrong itself would prove nothing."""
    weights, inputs, targets, h_init = generic_point(T=25, seed=5)
    ours = reference.loss_and_grad(weights, inputs, targets, h_init)[1]
    theirs = autograd_gradient(weights, inputs, targets, h_init)
    for name in (*NAMES, "h_init"):
        assert off_by(ours[name], theirs[name]) <= 1e-13


# In lockstep: the reference trains, and its state is loaded before each step.

TEXT = np.random.default_rng(2).choice(12, size=311, p=np.arange(12) / 66)


def lockstep(B, dtype, steps=300):
    """Largest deviations of loss, gradient and newest state over the steps."""
    theirs = reference.Training(generic_weights(16, 12, scale=0.1), TEXT, 10, B)
    worst = np.zeros(3)
    for _ in range(steps):
        weights = {k: v.astype(dtype) for k, v in theirs.weights.items()}
        inputs, targets, _, h = theirs.chunk()
        params, h = rnn.Params.from_arrays(**weights), h.astype(dtype)
        loss, grads, h_last = rnn.loss_and_grad(params, inputs, targets, h)
        right, right_grads, _ = theirs.step()
        deviations = (
            abs(loss - right) / right,
            off_by(grads.theta, flat(right_grads)),
            off_by(h_last, theirs.h),
        )
        worst = np.maximum(worst, deviations)
        assert grads.dtype == h_last.dtype == dtype
    return worst


@pytest.mark.parametrize("B", [1, 3])
def test_300_steps_in_lockstep_with_the_reference(B):
    loss, grads, h = lockstep(B, np.float64)
    assert loss <= 1e-12 and grads <= 1e-10 and h <= 1e-12


@pytest.mark.parametrize("B", [1, 3])
def test_300_steps_in_lockstep_in_float32(B):
    """Weights up to 3, rounded to 6e-8 of themselves, through 10 steps of tanh."""
    loss, grads, h = lockstep(B, np.float32)
    assert loss <= 1e-6 and grads <= 1e-5 and h <= 1e-5


# What must hold without an oracle.


def test_a_batch_is_the_mean_of_its_streams():
    weights, inputs, targets, h_init = generic_point(B=3, T=9)
    params = rnn.Params.from_arrays(**weights)
    streams = list(zip(inputs.T, targets.T, h_init))
    alone = [rnn.loss_and_grad(params, *stream) for stream in streams]
    loss, grads, h = rnn.loss_and_grad(params, inputs, targets, h_init)
    assert loss == pytest.approx(np.mean([run[0] for run in alone]), rel=1e-14)
    mean = np.mean([run[1].theta for run in alone], axis=0)
    assert off_by(grads.theta, mean) <= 1e-14
    assert off_by(h, [run[2] for run in alone]) <= 1e-14
    ours = gradient(weights, inputs, targets, h_init)["h_init"]
    theirs = [gradient(weights, *stream)["h_init"] for stream in streams]
    assert off_by(3 * ours, theirs) <= 1e-14


def test_the_gradients_of_logits_add_up_to_zero():
    grads = gradient(*generic_point())
    assert abs(grads["by"].sum()) <= 1e-15
    assert np.abs(grads["Why"].sum(0)).max() <= 1e-15


def test_an_unused_character_has_no_gradient():
    """The generic inputs never show 0, 2 and 6."""
    used = gradient(*generic_point())["Wxh"].any(axis=0)
    assert used.tolist() == [False, True, False, True, True, True, False]


@pytest.mark.parametrize("B", [None, 3])
def test_complex_states_carry_the_slope_of_the_gradient(B):
    """Second derivatives, by the complex step through `backward`."""
    weights, inputs, targets, h_init = generic_point(B=B)
    params = rnn.Params.from_arrays(**weights)
    v = np.random.default_rng(0).standard_normal(h_init.shape)

    def gradients(h):
        states = rnn.forward(params, inputs, h)
        grads, dh_init = rnn.backward(params, inputs, targets, states)
        return np.append(grads.theta, dh_init)

    slope = gradients(h_init + 1e-30j * v).imag / 1e-30
    up, down = gradients(h_init + 1e-5 * v), gradients(h_init - 1e-5 * v)
    assert off_by(slope, (up - down) / 2e-5) <= 1e-8
    assert off_by(gradients(h_init + 1e-30j * v).real, gradients(h_init)) <= 1e-14


def test_gradients_are_raw():
    weights, inputs, targets, h_init = generic_point(T=200, scale=1.0)
    grads = gradient(weights, inputs, targets, h_init)
    assert max(np.abs(grads[name]).max() for name in NAMES) > 20


def test_dh_init_carries_the_gradient_across_a_border():
    """The truncation, undone: two chunks give the gradient of the whole."""
    weights, inputs, targets, h_init = generic_point(T=20)
    params = rnn.Params.from_arrays(**weights)
    h_mid = rnn.forward(params, inputs[:12], h_init).h[-1]
    second = gradient(weights, inputs[12:], targets[12:], h_mid)
    whole = gradient(weights, inputs, targets, h_init)
    cut = gradient(weights, inputs[:12], targets[:12], h_init)
    for name in ("Why", "by"):  # these do not notice the border
        assert off_by(cut[name] + second[name], whole[name]) <= 1e-13
    assert off_by(cut["Whh"] + second["Whh"], whole["Whh"]) > 1e-3

    def through_the_border(h_start):
        h = rnn.forward(params, inputs[:12], h_start).h[-1]
        return h @ second["h_init"]

    missing = complex_step(through_the_border, h_init)
    assert off_by(cut["h_init"] + missing, whole["h_init"]) <= 1e-13


@pytest.mark.parametrize("B", [None, 3])
@pytest.mark.parametrize("T", [1, 12, 19])
def test_two_chunks_with_what_comes_from_behind_are_one_long_chunk(T, B):
    """Every block and dh_init, against the slope of the loss of the whole too."""
    weights, inputs, targets, h_init = generic_point(T=20, B=B)
    whole = gradient(weights, inputs, targets, h_init)
    params = rnn.Params.from_arrays(**weights)
    first = rnn.forward(params, inputs[:T], h_init)
    second = rnn.forward(params, inputs[T:], first.h[-1])
    late, dh_next = rnn.backward(params, inputs[T:], targets[T:], second)
    before = dh_next.copy()
    pair = inputs[:T], targets[:T]
    early, dh = rnn.backward(params, *pair, first, dh_next=dh_next)
    assert np.array_equal(dh_next, before)
    both = {name: block + getattr(late, name) for name, block in early.items()}
    assert_same({**both, "h_init": dh}, whole, 1e-13)
    slope = complex_step(losses(weights, inputs, targets, h_init)[0], params.theta)
    assert off_by_norm(early.theta + late.theta, slope) <= 1e-12
    cut = rnn.backward(params, *pair, first)[0]  # the border is noticed
    assert off_by(cut.Whh, early.Whh) > 1e-6
    assert np.array_equal(cut.Why, early.Why)


def test_what_comes_from_behind_may_be_complex_where_the_states_are():
    weights, inputs, targets, h_init = generic_point()
    params = rnn.Params.from_arrays(**weights)
    states = rnn.forward(params, inputs, h_init + 0j)
    real = rnn.forward(params, inputs, h_init)
    v = np.arange(params.H) - 1.5
    grads, dh = rnn.backward(params, inputs, targets, states, dh_next=v + 1e-30j * v)
    up, dh_up = rnn.backward(params, inputs, targets, real, dh_next=2 * v)
    at, dh_at = rnn.backward(params, inputs, targets, real, dh_next=v)
    assert off_by(grads.theta.imag / 1e-30, up.theta - at.theta) <= 1e-12  # linear
    assert off_by(dh.imag / 1e-30, dh_up - dh_at) <= 1e-12


@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")
def test_logits_of_1000():
    """The loss is the distance to the largest logit; its gradient is 1 and -1."""
    weights, inputs, targets, h_init = generic_point()
    weights["by"] = np.array([1000.0, 0, 0, 0, 0, 0, -1000])
    params = rnn.Params.from_arrays(**weights)
    loss, grads, _ = rnn.loss_and_grad(params, inputs, targets, h_init)
    y = rnn.forward(params, inputs, h_init).y
    assert loss == pytest.approx((y[:, 0] - y[np.arange(6), targets]).sum(), rel=1e-14)
    assert grads.by.tolist() == [6, -2, -1, -1, -1, -1, 0]


def test_one_symbol_leaves_nothing_to_learn():
    weights, inputs, targets, h_init = generic_point(V=1)
    params = rnn.Params.from_arrays(**weights)
    loss, grads, _ = rnn.loss_and_grad(params, inputs, targets, h_init)
    assert loss == 0 and not grads.theta.any()


# Memory.


def test_out_receives_the_gradient_and_nothing_remains_of_what_was_there():
    weights, inputs, targets, h_init = generic_point()
    params = rnn.Params.from_arrays(**weights)
    states = rnn.forward(params, inputs, h_init)
    right, right_dh = rnn.backward(params, inputs, targets, states)
    assert right is not params and isinstance(right, rnn.Params)
    for call in (
        lambda out: rnn.backward(params, inputs, targets, states, out=out)[0],
        lambda out: rnn.loss_and_grad(params, inputs, targets, h_init, out=out)[1],
    ):
        out = params.zeros_like()
        out.theta[:] = np.nan
        assert call(out) is out
        assert np.array_equal(out.theta, right.theta)
    dh = rnn.backward(params, inputs, targets, states, out)[1]
    assert np.array_equal(dh, right_dh)


@pytest.mark.parametrize("B", [None, 3])
def test_results_are_nobody_elses(B):
    weights, inputs, targets, h_init = generic_point(B=B)
    params = rnn.Params.from_arrays(**weights)
    states = rnn.forward(params, inputs, h_init)
    grads, dh_init = rnn.backward(params, inputs, targets, states)
    _, grads2, h_last = rnn.loss_and_grad(params, inputs, targets, h_init)
    results = [grads.theta, dh_init, grads2.theta, h_last, *states]
    kept = [array.copy() for array in results]
    other = generic_point(B=B, seed=9)
    states = rnn.forward(params, other[1], other[3])
    rnn.backward(params, other[1], other[2], states)
    rnn.loss_and_grad(params, *other[1:])
    params.theta[:] = 0
    for array, before in zip(results, kept):
        assert np.array_equal(array, before)


@pytest.mark.parametrize("B", [None, 3])
def test_arguments_stay_as_they_are(B):
    weights, inputs, targets, h_init = generic_point(B=B)
    params = rnn.Params.from_arrays(**weights)
    states = rnn.forward(params, inputs, h_init)
    arrays = [params.theta, inputs, targets, h_init, *states]
    kept = [array.copy() for array in arrays]
    rnn.backward(params, inputs, targets, states)
    rnn.loss_and_grad(params, inputs, targets, h_init)
    for array, before in zip(arrays, kept):
        assert np.array_equal(array, before)


def test_lists_will_do():
    weights, inputs, targets, h_init = generic_point()
    params = rnn.Params.from_arrays(**weights)
    lists = inputs.tolist(), targets.tolist()
    right = rnn.loss_and_grad(params, inputs, targets)
    loss, grads, h_last = rnn.loss_and_grad(params, *lists)
    assert loss == right[0] and np.array_equal(grads.theta, right[1].theta)
    states = rnn.forward(params, inputs)
    grads, _ = rnn.backward(params, *lists, states)
    assert np.array_equal(grads.theta, right[1].theta)
    _, from_zeros, _ = rnn.loss_and_grad(params, *lists, h_init=0 * h_init)
    assert np.array_equal(grads.theta, from_zeros.theta)


# Bad input.


@pytest.fixture
def params():
    return rnn.Params.from_arrays(**generic_weights(5, 7))


BAD_TARGETS = [
    ([1, 2], "(3,)", "(2,)"),
    ([1, 2, 3, 4], "(3,)", "(4,)"),
    ([[1, 2, 3]], "(3,)", "(1, 3)"),
    ([1, 2, 7], "0 ... 6", "7"),
    ([1, 2, -1], "0 ... 6", "-1"),
    ([1.0, 2.0, 3.0], "integers", "float64"),
]


@pytest.mark.parametrize(("targets", "expected", "got"), BAD_TARGETS)
def test_wrong_targets(params, targets, expected, got):
    with rejects("targets", expected, got):
        rnn.loss_and_grad(params, [1, 2, 3], targets)
    states = rnn.forward(params, [1, 2, 3])
    with rejects("targets", expected, got):
        rnn.backward(params, [1, 2, 3], targets, states)


@pytest.mark.parametrize(
    ("inputs", "expected", "got"),
    [
        ([1, 2, 7], "0 ... 6", "7"),
        ([1, 2, -1], "0 ... 6", "-1"),
        ([1.0, 2.0, 3.0], "integers", "float64"),
    ],
)
def test_wrong_inputs(params, inputs, expected, got):
    with rejects("inputs", expected, got):
        rnn.loss_and_grad(params, inputs, [1, 2, 3])
    states = rnn.forward(params, [1, 2, 3])
    with rejects("inputs", expected, got):
        rnn.backward(params, inputs, [1, 2, 3], states)


def test_a_wrong_state(params):
    with rejects("h_init", "(5,)", "(4,)"):
        rnn.loss_and_grad(params, [1, 2, 3], [2, 3, 4], np.zeros(4))


@pytest.mark.parametrize(
    ("V", "H", "inputs"),
    [(7, 5, [1] * 4), (7, 5, [[1]] * 3), (7, 4, [1] * 3), (8, 5, [1] * 3)],
)
def test_states_of_another_run(params, V, H, inputs):
    others = rnn.forward(rnn.Params.init(V, H, 0), inputs)
    with rejects("states"):
        rnn.backward(params, [1, 2, 3], [2, 3, 4], others)


def test_states_that_lost_their_shift(params):
    states = rnn.forward(params, [1, 2, 3])
    with rejects("states"):
        block = np.zeros((4, 5))
        rnn.backward(params, [1, 2, 3], [2, 3, 4], states._replace(h_prev=block))


@pytest.mark.parametrize("name", ["h", "h_prev", "y"])
@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_states_that_are_not_finite(params, name, wrong):
    states = rnn.forward(params, [1, 2, 3])
    getattr(states, name)[1, 2] = wrong
    with rejects("h|h_prev|y", "finite", "NaN or infinity"):
        rnn.backward(params, [1, 2, 3], [2, 3, 4], states)


@pytest.mark.parametrize("name", NAMES)
def test_parameters_that_are_not_finite(params, name):
    states = rnn.forward(params, [1, 2, 3])
    getattr(params, name).flat[1] = np.nan
    with rejects("params", "finite", "NaN"):
        rnn.loss_and_grad(params, [1, 2, 3], [2, 3, 4])
    with rejects("params", "finite", "NaN"):
        rnn.backward(params, [1, 2, 3], [2, 3, 4], states)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (np.zeros(4), "(5,)"),
        (np.zeros((1, 5)), "(5,)"),
        (np.full(5, np.nan), "finite"),
        (np.full(5, np.inf), "finite"),
        (np.zeros(5) + 1j, "real numbers"),
        ("nothing", "real numbers"),
        (None, "real numbers"),
    ],
)
def test_a_wrong_gradient_from_behind(params, wrong, expected):
    states = rnn.forward(params, [1, 2, 3])
    with rejects("dh_next", expected):
        rnn.backward(params, [1, 2, 3], [2, 3, 4], states, dh_next=wrong)
