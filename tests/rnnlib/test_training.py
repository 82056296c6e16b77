"""Notebook 06's room: clipping, Adagrad, and a training loop nothing can derail."""

import hashlib
import itertools
import math
import signal
import threading
import zlib

import numpy as np
import pytest

import rnnlib as rnn
from tests.rnnlib import reference
from tests.rnnlib.reference import (
    NAMES,
    Interrupt,
    flat,
    generic_weights,
    off_by,
    rejects,
)

# A text with structure: after k comes k + 1 or k + 2.
TEXT = np.cumsum(np.random.default_rng(2).integers(1, 3, size=200)) % 7


def small(dtype=np.float64, seed=0, scale=0.5):
    """Parameters with V = 7, H = 5."""
    weights = generic_weights(5, 7, seed, scale)
    return rnn.Params.from_arrays(**{k: v.astype(dtype) for k, v in weights.items()})


# Clipping.


def test_clip_cuts_every_entry_in_place():
    grads = small()
    grads.theta[:] = np.linspace(-10, 10, 107)
    right = [max(-5.0, min(5.0, g)) for g in grads.theta]
    assert rnn.clip(grads, 5) is None
    assert grads.theta.tolist() == right and grads.by[-1] == 5 and grads.Wxh[0, 0] == -5
    array = np.array([[-3.0, 0.5], [0.1, 3.0]])
    rnn.clip(array, 0.5)
    assert array.tolist() == [[-0.5, 0.5], [0.1, 0.5]]
    rnn.clip(array, np.inf)
    assert array.tolist() == [[-0.5, 0.5], [0.1, 0.5]]
    single = array.astype(np.float32)
    rnn.clip(single, np.float64(0.1))
    assert single.tolist() == np.float32([[-0.1, 0.1], [0.1, 0.1]]).tolist()


@pytest.mark.parametrize("limit", [0, -1, np.nan])
def test_clip_rejects_a_limit_that_is_not_above_0(limit):
    grads = small()
    with rejects("limit", "above 0", limit):
        rnn.clip(grads, limit)
    assert np.array_equal(grads.theta, small().theta)


# Adagrad.


def test_adagrad_is_its_formula():
    params, optimizer_of = small(), rnn.Adagrad
    optimizer = optimizer_of(params, lr=0.3, eps=1e-4)
    theta, m = params.theta.copy(), np.zeros(107)
    blocks = dict(params.items())
    for seed in range(5):
        grads = small(seed=seed)
        g = grads.theta.copy()
        assert optimizer.update(params, grads) is None
        m += g**2
        theta -= 0.3 * g / np.sqrt(m + 1e-4)
        assert off_by(params.theta, theta) <= 1e-15
        assert np.array_equal(grads.theta, g)
    for name, block in params.items():
        assert block is blocks[name] and np.shares_memory(block, params.theta)


def test_adagrads_first_step_has_one_size():
    params, grads = small(), small(seed=1)
    before = params.theta.copy()
    rnn.Adagrad(params).update(params, grads)
    step = params.theta - before
    right = -0.1 * np.sign(grads.theta)
    big = np.abs(grads.theta) > 0.1
    assert np.abs(step - right)[big].max() <= 1e-7


def test_adagrads_eps_stands_in_the_root():
    params = small()
    before = params.theta.copy()
    rnn.Adagrad(params).update(params, params.with_theta(np.full(107, 1e-4)))
    assert np.allclose(before - params.theta, 0.1 / math.sqrt(2), rtol=1e-12)
    zero = params.zeros_like()
    before = params.theta.copy()
    rnn.Adagrad(params).update(params, zero)
    assert np.array_equal(params.theta, before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_adagrad_goes_on_from_its_state(dtype):
    params = small(dtype)
    optimizer = rnn.Adagrad(params, lr=np.float64(0.1), eps=np.float64(1e-3))
    optimizer.update(params, small(dtype, seed=1))
    state = optimizer.state()
    assert set(state) == {"lr", "eps", "m"}
    assert state["lr"] == 0.1 and state["eps"] == 1e-3
    assert state["m"].shape == (107,) and state["m"].dtype == dtype
    other = params.copy()
    again = rnn.Adagrad(other, **{**state, "m": state["m"].copy()})
    for each, its in ((params, optimizer), (other, again)):
        its.update(each, small(dtype, seed=2))
    assert np.array_equal(params.theta, other.theta)
    assert np.array_equal(optimizer.state()["m"], again.state()["m"])


def test_the_memory_is_eps_and_the_sum_of_squares():
    params, grads = small(), small(seed=1, scale=1e-3)
    optimizer = rnn.Adagrad(params, eps=1e-4)
    optimizer.update(params, grads)
    optimizer.update(params, grads)
    assert off_by(optimizer.state()["m"], 1e-4 + 2 * grads.theta**2) <= 1e-15


def test_adagrad_goes_on_from_a_given_memory():
    params, grads = small(), small(seed=1, scale=1e-3)
    optimizer = rnn.Adagrad(params)
    optimizer.update(params, grads)
    other = params.copy()
    again = rnn.Adagrad(other, m=optimizer.state()["m"].copy())
    optimizer.update(params, grads)
    again.update(other, grads)
    assert np.array_equal(params.theta, other.theta)


@pytest.mark.parametrize("wrong", [0, -0.1, np.nan, np.inf])
@pytest.mark.parametrize("name", ["lr", "eps"])
def test_adagrad_rejects_what_is_not_above_0(name, wrong):
    with rejects(name, "above 0"):
        rnn.Adagrad(small(), **{name: wrong})


# Training, step by step with the reference.


@pytest.mark.parametrize("B", [1, 3])
def test_300_steps_in_lockstep_with_the_reference(B):
    """Its weights and state are loaded before each step; n, smooth, m run free."""
    weights = generic_weights(16, 7, scale=0.3)
    theirs = reference.Training(weights, TEXT, 10, B)
    run = rnn.Training(rnn.Params.from_arrays(**weights), TEXT, T=10, B=B)
    for n in range(1, 301):
        run.params.theta[:] = flat(theirs.weights)
        run.progress[1][...] = theirs.h
        step = next(run)
        loss, _, fresh = theirs.step()
        assert step.n == theirs.n == n and step.fresh is fresh
        assert step.loss == pytest.approx(loss, rel=1e-12)
        assert step.smooth_loss == pytest.approx(theirs.smooth_loss, rel=1e-12)
        assert step.validation is None
        assert np.abs(run.params.theta - flat(theirs.weights)).max() <= 1e-11
        assert off_by(run.progress[1], theirs.h) <= 1e-12


@pytest.mark.parametrize("B", [1, 3])
@pytest.mark.parametrize("clip", [0.5, 5.0, np.inf])
def test_ten_free_steps(B, clip):
    """Longer, two right implementations part ways in every digit."""
    weights = generic_weights(5, 7, scale=2.0)
    theirs = reference.Training(weights, TEXT, 20, B, lr=0.05, eps=1e-6, clip=clip)
    params = rnn.Params.from_arrays(**weights)
    run = rnn.Training(
        params, TEXT, 20, B, optimizer=rnn.Adagrad(params, 0.05, 1e-6), clip=clip
    )
    largest = 0
    for step in itertools.islice(run, 10):
        loss, grads, fresh = theirs.step()
        largest = max(largest, *(np.abs(grads[name]).max() for name in NAMES))
        assert step.loss == pytest.approx(loss, rel=1e-9)
        assert step.fresh is fresh
    assert off_by(params.theta, flat(theirs.weights)) <= 1e-9
    assert largest > 6  # else nothing is cut at 5


def test_the_default_limit_is_5():
    weights = generic_weights(5, 7, scale=2.0)
    runs = [
        rnn.Training(rnn.Params.from_arrays(**weights), TEXT, 20, **options)
        for options in ({}, {"clip": 5.0}, {"clip": 6.0})
    ]
    default, five, six = ([next(run) for _ in range(10)] for run in runs)
    assert default == five != six


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_training_works_in_the_dtype_of_the_parameters(dtype):
    params = small(dtype)
    run = rnn.Training(params, TEXT, T=10)
    steps = [next(run) for _ in range(10)]
    assert run.params is params and params.dtype == params.theta.dtype == dtype
    assert run.optimizer.state()["m"].dtype == run.progress[1].dtype == dtype
    theirs = reference.Training(generic_weights(5, 7), TEXT, 10)
    tolerance = 1e-4 if dtype == np.float32 else 1e-11
    for step in steps:
        assert step.loss == pytest.approx(theirs.step()[0], rel=tolerance)
        assert type(step.n) is int
        assert type(step.loss) is type(step.smooth_loss) is float


@pytest.mark.parametrize(
    ("n", "T", "B", "count"), [(11, 10, 1, 1), (12, 10, 1, 1), (68, 10, 2, 3)]
)
def test_where_the_state_restarts(n, T, B, count):
    run = rnn.Training(small(), TEXT[:n], T=T, B=B)
    shape = (5,) if B == 1 else (B, 5)
    assert run.progress[1].shape == shape
    for step in itertools.islice(run, 3 * count + 1):
        assert step.fresh is ((step.n - 1) % count == 0)
        assert run.progress[0] == step.n and run.progress[2] == step.smooth_loss
        assert run.progress[1].shape == shape


def test_the_smooth_loss_starts_at_T_ln_V():
    run = rnn.Training(small(), TEXT, T=10)
    assert run.progress[0] == 0 and not run.progress[1].any()
    smooth = run.progress[2]
    assert smooth == pytest.approx(10 * math.log(7), rel=1e-15)
    for step in itertools.islice(run, 20):
        smooth = 0.999 * smooth + 0.001 * step.loss
        assert step.smooth_loss == pytest.approx(smooth, rel=1e-14)


def test_validation_is_measured_every_1000_steps():
    held_out = TEXT[::-1][:50]
    run = rnn.Training(small(), TEXT, T=3, validation=held_out)
    plain = rnn.Training(small(), TEXT, T=3)
    for step in itertools.islice(run, 2001):
        same = next(plain)
        if step.n in (1000, 2000):
            weights = dict(run.params.items())
            right = reference.evaluate(weights, held_out)
            assert step.validation == pytest.approx(right, rel=1e-12)
            step = step._replace(validation=None)
        assert step == same
    assert np.array_equal(run.params.theta, plain.params.theta)


def test_two_characters_are_enough_to_validate_on():
    step = next(rnn.Training(small(), TEXT, T=10, validation=[1, 2]))
    assert step == next(rnn.Training(small(), TEXT, T=10))


def test_a_loop_may_be_left_and_entered_again():
    run, whole = (rnn.Training(small(), TEXT, T=10) for _ in range(2))
    assert iter(run) is run
    steps = []
    for step in run:
        steps.append(step)
        if step.n == 3:
            break
    for step in run:
        steps.append(step)
        if step.n == 7:
            break
    assert steps == list(itertools.islice(whole, 7))


def test_a_state_that_was_handed_out_does_not_change():
    run = rnn.Training(small(), TEXT, T=10, B=2)
    handed_out = []
    for _ in range(4):
        h = run.progress[1]
        handed_out.append((h, h.copy()))
        next(run)
    for h, before in handed_out:
        assert np.array_equal(h, before)


def test_the_text_may_change_once_training_has_it():
    ids = TEXT.copy()
    run, other = (rnn.Training(small(), given, T=10) for given in (ids, TEXT))
    ids[:] = 0
    assert next(run) == next(other)


def test_hello_is_learned():
    """Counting pairs of letters cannot get below 0.35: l has two successors."""
    text = "hello"
    vocabulary = rnn.Vocabulary.from_text(text)
    params = rnn.Params.init(len(vocabulary), 10, np.random.default_rng(0))
    run = rnn.Training(params, vocabulary.encode(text), T=4)
    steps = list(itertools.islice(run, 200))
    assert steps[0].loss / 4 == pytest.approx(math.log(4), rel=1e-3)
    assert steps[-1].loss / 4 < 0.05
    ids = rnn.sample(params, np.zeros(10), vocabulary.encode("h")[0], 4, 0, 0.1)
    assert vocabulary.decode(ids) == "ello"


# Interrupts: a step happens whole or not at all.


def bits(array):
    """A short name for an array's bytes."""
    return hashlib.sha256(np.asarray(array).tobytes()).hexdigest()[:16]


def state(run):
    """All that a run must carry from step to step, to be compared bit for bit."""
    n, h, smooth_loss = run.progress
    memory = {name: bits(value) for name, value in run.optimizer.state().items()}
    return n, smooth_loss, bits(h), bits(run.params.theta), memory


class Momentum:
    """An optimizer that is not Adagrad: v = 0.9 v + g, θ = θ - lr v."""

    def __init__(self, params, lr=0.01, v=None):
        self.lr, self.v = lr, np.zeros_like(params.theta) if v is None else v
        self.broken = False

    def update(self, params, grads):
        self.v *= 0.9
        if self.broken:
            raise RuntimeError("half way")
        self.v += grads.theta
        params.theta -= self.lr * self.v

    def state(self):
        return {"lr": self.lr, "v": self.v}


def started(path, n=0, B=1, dtype=np.float64, optimizer=rnn.Adagrad, seed=0, **options):
    """A function that loads one run, after n steps, as often as it is called."""
    params = small(dtype, seed)
    options = {"clip": 0.4, **options}
    run = rnn.Training(params, TEXT, 8, B, optimizer=optimizer(params, 0.05), **options)
    for _ in range(n):
        next(run)
    run.save(path)
    validation = options.get("validation")
    return lambda file=path: rnn.Training.load(file, TEXT, optimizer, validation)


def undisturbed(run, steps=2):
    """The steps by n, and the state after each."""
    states, made = {run.progress[0]: state(run)}, {}
    for step in itertools.islice(run, steps):
        made[step.n], states[step.n] = step, state(run)
    return made, states


def assert_goes_on(run, made, states):
    """The run, wherever it stands, ends as if nothing had happened."""
    while run.progress[0] < max(states):
        step = next(run)
        assert step == made[step.n] and state(run) == states[step.n]


CASES = {
    "first": {},
    "later": {"n": 5},
    "B=3": {"n": 4, "B": 3},
    "fresh, float32": {"n": 24, "dtype": np.float32},  # 24 chunks are an epoch
    "validation": {"n": 999, "validation": TEXT[:30]},
    "momentum": {"n": 2, "optimizer": Momentum, "dtype": np.float32},
    "adam": {"n": 2, "optimizer": rnn.Adam, "dtype": np.float32},
}
cases = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@cases
def test_an_interrupt_at_any_line_of_a_step(tmp_path, case):
    """At the first line, at the second ...: then on, and on from a file."""
    path, copy = tmp_path / "run.npz", tmp_path / "copy.npz"
    load = started(path, **case)
    made, states = undisturbed(load())
    n, lines, finished = min(states), 0, 0
    while True:
        run = load()
        with Interrupt(at=lines + 1) as interrupt:
            next(run)
        if not interrupt.came:
            break
        lines, finished = lines + 1, finished + (run.progress[0] == n + 1)
        assert state(run) == states[run.progress[0]]
        run.save(copy)
        assert_goes_on(run, made, states)
        assert_goes_on(load(copy), made, states)
    assert lines > 60 and 0 < finished < 10


def test_an_interrupt_at_any_line_of_save(tmp_path):
    path = tmp_path / "run.npz"
    load = started(path, n=3)
    made, states = undisturbed(load())
    old, ages = path.read_bytes(), []
    while True:
        path.write_bytes(old)
        run = load()
        next(run)
        with Interrupt(at=len(ages) + 1) as interrupt:
            run.save(path)
        ages.append(load().progress[0])
        assert_goes_on(load(), made, states)
        assert_goes_on(run, made, states)
        if not interrupt.came:
            break
    assert set(ages) <= {3, 4} and ages[0] == 3 and ages[-1] == 4 and len(ages) > 5


def test_an_optimizer_that_fails_half_way(tmp_path):
    load = started(tmp_path / "run.npz", n=2, optimizer=Momentum)
    made, states = undisturbed(load(), 3)
    run = load()
    for _ in range(3):
        run.optimizer.broken = True
        with pytest.raises(RuntimeError, match="half way"):
            next(run)
        run.optimizer.broken = False
        assert state(run) == states[run.progress[0]]
        next(run)
    assert_goes_on(run, made, states)


def test_a_real_interrupt_from_the_keyboard(tmp_path):
    """SIGINT, as Ctrl-C and the notebook's stop button send it, 40 times."""
    load = started(tmp_path / "run.npz", validation=TEXT)
    run, rng = load(), np.random.default_rng(0)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for _ in range(40):
            delay = rng.uniform(0.001, 0.01)
            timer = threading.Timer(delay, signal.raise_signal, [signal.SIGINT])
            with pytest.raises(KeyboardInterrupt):
                timer.start()
                for _ in itertools.islice(run, 20_000):
                    pass
            timer.join()
    finally:
        signal.signal(signal.SIGINT, before)
    other = load()
    assert run.progress[0] > 40
    while other.progress[0] < run.progress[0]:
        next(other)
    assert state(run) == state(other) and next(run) == next(other)


# Files.


@cases
def test_load_goes_on_bit_for_bit(tmp_path, case):
    path = tmp_path / "run.npz"
    load = started(path, **case)
    run, again = load(), load()
    assert state(run) == state(again)
    for _ in range(30):
        assert next(run) == next(again)
        again.save(path)
        again = load()
        assert state(run) == state(again)
    assert again.params.dtype == case.get("dtype", np.float64)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        (rnn.Adagrad, (np.float64(0.07), np.float64(0.07))),
        (rnn.Adam, (np.float64(0.007), np.float64(0.8), 0.9, np.float64(1e-3))),
        (Momentum, (0.07,)),
    ],
)
def test_a_saved_run_is_the_run(tmp_path, kind, numbers, dtype):
    """Not only do two loaded runs agree: they agree with the one that was saved."""
    params = small(dtype)
    run = rnn.Training(params, TEXT, 6, 2, kind(params, *numbers), clip=0.3)
    for _ in range(20):
        next(run)
    run.save(tmp_path / "run.npz")
    loaded = rnn.Training.load(tmp_path / "run.npz", TEXT.tolist(), kind)
    assert state(run) == state(loaded)
    for _ in range(20):
        assert next(run) == next(loaded)
        assert state(run) == state(loaded)


def test_load_rejects_another_text(tmp_path):
    started(tmp_path / "run.npz")
    other = TEXT.copy()
    other[100] = (other[100] + 1) % 7
    for ids in (other, TEXT[:-1], TEXT[::-1], TEXT + 1):
        with rejects("ids"):
            rnn.Training.load(tmp_path / "run.npz", ids)


@pytest.mark.parametrize("content", [b"", b"First Citizen:", bytes(999)])
def test_load_rejects_garbage(tmp_path, content):
    (tmp_path / "run.npz").write_bytes(content)
    with rejects("path", "archive", tmp_path / "run.npz"):
        rnn.Training.load(tmp_path / "run.npz", TEXT)


def test_load_rejects_a_file_that_holds_no_run(tmp_path):
    small().save(tmp_path / "weights.npz")
    with rejects("path", "a saved Training", tmp_path / "weights.npz"):
        rnn.Training.load(tmp_path / "weights.npz", TEXT)
    with rejects("path", "exists", tmp_path / "nothing.npz"):
        rnn.Training.load(tmp_path / "nothing.npz", TEXT)


# Bad input.


@pytest.mark.parametrize(
    ("change", "name", "expected", "got"),
    [
        ({"ids": TEXT[:10]}, "ids", "10", "10"),
        ({"ids": TEXT[:30], "B": 3}, "ids", "30", "30"),
        ({"ids": TEXT + 1}, "ids", "0 ... 6", "7"),
        ({"ids": TEXT - 1}, "ids", "0 ... 6", "-1"),
        ({"ids": TEXT * 1.0}, "ids", "integers", "float64"),
        ({"ids": TEXT.reshape(2, 100)}, "ids", "", "(2, 100)"),
        ({"T": 0}, "T", "whole number from 1", "0"),
        ({"T": 2.0}, "T", "whole number from 1", "2.0"),
        ({"B": 0}, "B", "whole number from 1", "0"),
        ({"validation": [1]}, "validation", "two characters", "1"),
        ({"validation": [*TEXT, 7]}, "validation", "0 ... 6", "7"),
    ],
)
def test_training_rejects(change, name, expected, got):
    with rejects(name, expected, got):
        rnn.Training(small(), **{"ids": TEXT, "T": 10, **change})


@pytest.mark.parametrize("limit", [0, -1.0])
def test_training_rejects_a_limit_that_is_not_above_0(limit):
    with rejects("clip|limit", "above 0", limit):
        next(rnn.Training(small(), TEXT, 10, clip=limit))


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
def test_training_that_runs_off_stops_before_the_weights_are_lost():
    run = rnn.Training(params := small(), TEXT, 10)
    run.optimizer.lr = 1e308
    first, theta = next(run), params.theta.copy()
    for _ in range(2):
        with rejects("loss", "a finite number", "nan"):
            next(run)
        assert np.array_equal(params.theta, theta) and np.isfinite(theta).all()
    assert first.n == run.progress[0] == 1


def test_training_rejects_parameters_that_are_not_finite():
    params = small()
    params.by[1] = np.nan
    with rejects("params", "finite", "NaN"):
        next(rnn.Training(params, TEXT, 10))


# What a loop of one's own needs.


@pytest.mark.parametrize("B", [1, 3])
def test_chunk_is_what_the_next_step_reads(B):
    run, whole = rnn.Training(small(), TEXT, 8, B), rnn.chunks(TEXT, 8, B, epochs=None)
    assert (run.T, run.B) == (8, B)
    for inputs, targets, fresh in itertools.islice(whole, 60):
        ours, theirs, h = run.chunk
        assert np.array_equal(ours, inputs) and np.array_equal(theirs, targets)
        state = np.zeros_like(h) if fresh else run.progress[1]
        assert np.array_equal(h, state) and h.shape == ((5,) if B == 1 else (3, 5))
        loss, _, h_last = rnn.loss_and_grad(run.params, inputs, targets, h)
        step = next(run)
        assert (step.loss, step.fresh) == (loss, fresh)
        assert np.array_equal(run.progress[1], h_last)


@pytest.mark.parametrize("B", [1, 3])
def test_text_is_drawn_from_the_training_as_it_is(B):
    run = rnn.Training(small(), TEXT, 8, B)
    for _ in range(5):
        next(run)
    inputs, _, h = run.chunk
    drawn = rnn.sample(run.params, h, inputs[0], 6, 0)
    assert drawn.shape == ((6,) if B == 1 else (6, 3))
    assert next(run).n == 6


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_learning_rate_may_change_between_steps(tmp_path, dtype):
    """Also to a number of NumPy's, and across a file, bit for bit."""
    run, params = rnn.Training(small(dtype), TEXT, 8), small(dtype)
    for lr in (0.1, 0.05, np.float64(0.07), np.float32(0.3)):
        run.optimizer.lr = lr
        run.save(tmp_path / "run.npz")
        run, twin = rnn.Training.load(tmp_path / "run.npz", TEXT), run
        assert next(run) == next(twin)
        assert np.array_equal(run.params.theta, twin.params.theta)
    adagrad, h = rnn.Adagrad(params), None
    for lr, chunk in zip(
        (0.1, 0.05, 0.07, float(np.float32(0.3))), rnn.chunks(TEXT, 8)
    ):
        adagrad.lr = lr
        _, grads, h = rnn.loss_and_grad(params, *chunk[:2], h)
        rnn.clip(grads, 5)
        adagrad.update(params, grads)
    assert np.array_equal(run.params.theta, params.theta)
    run.optimizer.lr = -0.1
    with rejects("lr", "above 0", "-0.1"):
        next(run)


def test_a_second_thread_is_refused():
    """While one makes a step; before and after, any may."""
    params, inside, go_on = small(), threading.Event(), threading.Event()
    run = rnn.Training(params, TEXT, 8, optimizer=Momentum(params))

    def slow(params, grads, update=run.optimizer.update):
        inside.set()
        assert go_on.wait(10)
        update(params, grads)

    run.optimizer.update = slow
    first = threading.Thread(target=next, args=[run])
    first.start()
    assert inside.wait(10)
    with rejects("run", "one at a time", "two threads"):
        next(run)
    go_on.set()
    first.join()
    assert run.progress[0] == 1 and next(run).n == 2


def test_two_threads_make_whole_steps_or_none():
    run, counts, refused = rnn.Training(small(), TEXT, 8), [], []

    def train():
        for _ in range(300):
            try:
                counts.append(next(run).n)
            except ValueError as error:
                refused.append(str(error))

    threads = [threading.Thread(target=train) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == list(range(1, len(counts) + 1))
    assert len(counts) + len(refused) == 1200
    assert all(message.startswith("run: expected one at a time") for message in refused)
    alone = rnn.Training(small(), TEXT, 8)
    for _ in counts:
        next(alone)
    assert state(alone) == state(run)


# What is refused before it does harm.


@pytest.mark.parametrize(
    ("dtype", "options", "name"),
    [
        (np.float32, {"eps": 1e-50}, "eps"),
        (np.float64, {"eps": 1e-330}, "eps"),
        (np.float64, {"m": np.zeros(107)}, "m"),
        (np.float64, {"m": -np.ones(107)}, "m"),
        (np.float32, {"m": np.full(107, 1e-50)}, "m"),
        (np.float64, {"m": np.ones(106)}, "m"),
        (np.float64, {"m": 0}, "m"),
        (np.float64, {"m": 1.0}, "m"),
        (np.float64, {"m": np.full(107, np.inf)}, "m"),
        (np.float64, {"lr": "0.1"}, "lr"),
        (np.float64, {"lr": True}, "lr"),
        (np.float64, {"lr": 10**400}, "lr"),
    ],
)
def test_adagrad_rejects_what_would_lose_the_weights(dtype, options, name):
    with rejects(name):
        rnn.Adagrad(small(dtype), **options)


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("g", [np.nan, np.inf, 1e30])
def test_adagrad_rejects_gradients_before_anything_changes(g):
    params = small(np.float32)
    optimizer, grads = rnn.Adagrad(params), small(np.float32)
    grads.theta[3] = g
    with rejects("grads", "finite numbers", "NaN"):
        optimizer.update(params, grads)
    assert np.array_equal(params.theta, small(np.float32).theta)
    assert (optimizer.state()["m"] == np.float32(1e-8)).all()


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
def test_an_update_that_is_not_finite_does_not_happen():
    params = small(np.float32)
    run = rnn.Training(params, TEXT, 10, optimizer=rnn.Adagrad(params, lr=1e300))
    theta = params.theta.copy()
    for _ in range(2):
        with rejects("params", "finite numbers", "NaN or infinity"):
            next(run)
        assert np.array_equal(params.theta, theta) and run.progress[0] == 0
        assert (run.optimizer.state()["m"] == np.float32(1e-8)).all()


@pytest.mark.parametrize("limit", [np.uint8(5), np.int8(5), np.float16(5), np.array(5)])
def test_clip_takes_every_kind_of_number(limit):
    array = np.array([-9.0, 0.5, 9.0])
    rnn.clip(array, limit)
    assert array.tolist() == [-5, 0.5, 5]
    array = np.array([-np.inf, 0.5, np.inf])
    rnn.clip(array, limit)
    assert array.tolist() == [-5, 0.5, 5]


@pytest.mark.parametrize(
    ("grads", "limit", "name"),
    [
        (np.ones(3), True, "limit"),
        (np.ones(3), "5", "limit"),
        (np.ones(3), [5.0], "limit"),
        ([1.0, 9.0], 5, "grads"),
        (np.array([1, 9]), 5, "grads"),
        (np.ones(3, complex), 5, "grads"),
        (np.array([np.nan, 9]), 5, "grads"),
        ({"Wxh": np.ones(3)}, 5, "grads"),
    ],
)
def test_clip_rejects(grads, limit, name):
    with rejects(name):
        rnn.clip(grads, limit)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"optimizer": rnn.Adagrad}, "optimizer"),
        ({"optimizer": "adagrad"}, "optimizer"),
        ({"params": dict(small().items())}, "params"),
        ({"clip": -1}, "clip"),
        ({"clip": np.nan}, "clip"),
        ({"clip": None}, "clip"),
    ],
)
def test_training_rejects_at_once(change, name):
    with rejects(name):
        rnn.Training(**{"params": small(), "ids": TEXT, "T": 10, **change})


# Files that hold symbols, and older ones that do not.

LETTERS = rnn.Vocabulary("abcdefg")


def test_a_saved_run_holds_its_symbols(tmp_path):
    path = tmp_path / "run.npz"
    run = rnn.Training(small(), TEXT, 8)
    next(run)
    run.save(path, LETTERS)
    assert rnn.Vocabulary.load(path) == LETTERS
    assert np.array_equal(rnn.Params.load(path, LETTERS).theta, run.params.theta)
    again = rnn.Training.load(path, TEXT, vocabulary=LETTERS)
    assert state(again) == state(run) and next(again) == next(run)
    with rejects("vocabulary", f"the symbols that {path} holds", "others"):
        rnn.Training.load(path, TEXT, vocabulary=rnn.Vocabulary("ABCDEFG"))


def test_an_archive_from_before_there_were_symbols(tmp_path):
    """Its names and dtypes as they were then."""
    path, params = tmp_path / "run.npz", small()
    run = rnn.Training(params, TEXT, 8, 2, rnn.Adagrad(params, 0.05), clip=0.4)
    for _ in range(3):
        next(run)
    n, h, smooth_loss = run.progress
    text = (8, 2, zlib.crc32(TEXT.astype("<i8").tobytes()))
    memory = {"o." + k: v for k, v in run.optimizer.state().items()}
    now = {"n": n, "h": h, "smooth_loss": smooth_loss, "clip": 0.4, "text": text}
    np.savez(path, **dict(params.items()), **now, **memory)
    again = rnn.Training.load(path, TEXT)
    assert state(again) == state(run) and next(again) == next(run)
    with rejects("path", "symbols", path):
        rnn.Vocabulary.load(path)


@pytest.mark.parametrize("lost", ["o.m", "o.lr", "n", "h", "text", "clip", "Whh"])
def test_load_rejects_an_archive_that_lacks_something(tmp_path, lost):
    path = tmp_path / "run.npz"
    started(path, n=2)
    with np.load(path) as file:
        rest = {name: file[name] for name in file.files if name != lost}
    np.savez(path, **rest)
    with rejects("path", "", path):
        rnn.Training.load(path, TEXT)


def test_load_rejects_another_optimizer(tmp_path):
    started(tmp_path / "run.npz", n=2, optimizer=Momentum)
    with rejects("optimizer"):
        rnn.Training.load(tmp_path / "run.npz", TEXT)
