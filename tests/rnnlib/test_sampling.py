"""Notebook 06's room, its second half: drawing text."""

import itertools

import numpy as np
import pytest

import rnnlib as rnn
from tests.rnnlib import reference
from tests.rnnlib.reference import NAMES, flat, generic_weights, rejects


class Scripted(np.random.Generator):
    """A Generator whose random() hands out the numbers it was given."""

    def __init__(self, us):
        super().__init__(np.random.PCG64(0))
        self.us = iter(us)

    def random(self, size=None):
        return np.array([next(self.us) for _ in np.ndindex(size)]).reshape(size)


def biased(logits, dtype=np.float64):
    """A network of 2 units whose logits are always these."""
    V = len(logits)
    zeros = {"Wxh": (2, V), "Whh": (2, 2), "Why": (V, 2), "bh": (2,)}
    weights = {name: np.zeros(shape, dtype) for name, shape in zeros.items()}
    return rnn.Params.from_arrays(**weights, by=np.array(logits, dtype))


def both_ways(params, us, temperature=1.0):
    """What is drawn from these numbers for one text, and for each of two texts."""
    h = np.zeros((2, params.H))
    one = rnn.sample(params, h[0], 0, len(us), Scripted(us), temperature)
    two = rnn.sample(params, h, 0, len(us), Scripted(np.repeat(us, 2)), temperature)
    assert one.tolist() == two[:, 0].tolist() == two[:, 1].tolist()
    return one.tolist()


@pytest.fixture
def params():
    return rnn.Params.from_arrays(**generic_weights(5, 7, scale=1.0))


H_INIT = 0.5 * np.random.default_rng(4).standard_normal((3, 5))


# The rule.


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.5])
def test_each_character_is_drawn_as_the_reference_draws_it(params, temperature):
    us = np.random.default_rng(1).random(200)
    weights = generic_weights(5, 7, scale=1.0)
    theirs = reference.sample(weights, H_INIT[0], 3, us, temperature)
    ours = rnn.sample(params, H_INIT[0], 3, 200, Scripted(us), temperature)
    assert ours.shape == (200,) and ours.dtype.kind == "i"
    assert ours.tolist() == theirs and len(set(theirs)) > 1


@pytest.mark.parametrize("seed", [3, [3, 0, 6]])
def test_streams_are_drawn_side_by_side(params, seed):
    us = np.random.default_rng(1).random((50, 3))
    ours = rnn.sample(params, H_INIT, seed, 50, Scripted(us.flat))
    assert ours.shape == (50, 3) and ours.dtype.kind == "i"
    weights = generic_weights(5, 7, scale=1.0)
    for b, first in enumerate(np.broadcast_to(seed, 3)):
        theirs = reference.sample(weights, H_INIT[b], first, us[:, b])
        assert ours[:, b].tolist() == theirs


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("logit", [0, 1000])
def test_it_is_the_first_index_whose_cumulative_sum_exceeds_u(logit, dtype):
    """Four equal probabilities, whose sums are exact; 1/4 is not above 1/4."""
    last = np.nextafter(1.0, 0.0)
    us = [0.0, 0.2499, 0.25, 0.2501, 0.4999, 0.5, 0.7499, 0.75, last]
    assert both_ways(biased([logit] * 4, dtype), us) == [0, 0, 1, 1, 1, 2, 2, 3, 3]


@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1, 50, 70, 72, 90, 110, 500, 560, 575, 700, 720, 900])
def test_logits_of_every_size(size, dtype):
    """Up to where exp leaves the range of the dtype, and beyond."""
    us = [0.01, 0.2, 0.26, 0.27, 0.5, 0.99]
    for logits in ([size, size + 1], [-size, 1 - size], [-size, -size, size]):
        ids = both_ways(biased(logits, dtype), us)
        p = np.cumsum(reference.softmax([float(y) for y in logits]))
        assert ids == [int((p <= u).sum()) for u in us]
    weights = {"Wxh": np.zeros((1, 2)), "Whh": [[50.0]], "Why": [[size], [size - 1.0]]}
    params = rnn.Params.from_arrays(**weights, bh=[0.0], by=[0.0, 0.0])
    ids = rnn.sample(params, np.ones((2, 1)), 0, 3, Scripted(np.repeat([0.7, 0.8], 3)))
    assert ids.tolist() == [[0, 0], [0, 1], [1, 1]]


@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_has_no_probability_is_never_drawn(dtype):
    params, last = biased([-1000, 1000, 1000, -1000], dtype), np.nextafter(1.0, 0.0)
    us = [0.0, 1e-300, 0.4999, 0.5, last]
    assert both_ways(params, us) == [1, 1, 1, 2, 2]


def test_one_symbol():
    assert both_ways(biased([3.0]), [0.0, 0.3, 0.9, 0.99]) == [0] * 4


# Frequencies.


def chi_square(counts, p):
    expected = np.sum(counts) * np.asarray(p)
    return ((counts - expected) ** 2 / expected).sum()


LOGITS = [0.5, -1.0, 1.5, 0.0, -2.0, 1.0]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_frequencies_are_those_of_softmax(temperature):
    """20.5 is exceeded once in 1000, and the seed is fixed."""
    ids = rnn.sample(biased(LOGITS), np.zeros((2000, 2)), 0, 10, 7, temperature)
    counts = np.bincount(ids.flat, minlength=6)
    p = reference.softmax([y / temperature for y in LOGITS])
    assert chi_square(counts, p) < 20.5
    other = reference.softmax([y / temperature / 1.3 for y in LOGITS])
    assert chi_square(counts, other) > 20.5  # the test can tell


def test_streams_with_the_same_state_are_independent(params):
    h = np.tile(H_INIT[0], (40_000, 1))
    ids = rnn.sample(params, h, 2, 1, 5)[0]
    _, y = reference.forward(generic_weights(5, 7, scale=1.0), [2], H_INIT[0])
    p = reference.softmax(list(y[0]))
    assert chi_square(np.bincount(ids, minlength=7), p) < 22.5  # once in 1000
    pairs = np.bincount(ids[::2] * 7 + ids[1::2], minlength=49)
    assert chi_square(pairs, np.outer(p, p).ravel()) < 84.0


def test_steps_are_independent_when_logits_are():
    first, second = rnn.sample(biased(LOGITS), np.zeros((20_000, 2)), 0, 2, 3)
    pairs = np.bincount(first * 6 + second, minlength=36)
    p = reference.softmax(LOGITS)
    assert chi_square(pairs, np.outer(p, p).ravel()) < 66.6


US = np.random.default_rng(0).random(60)


@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("temperature", [1e-1, 1e-19, 1e-20, 1e-21, 5e-324])
def test_a_small_temperature_leaves_the_largest_logit(temperature, dtype):
    params = biased([10 * y for y in LOGITS], dtype)
    assert set(both_ways(params, US, temperature)) == {2}
    params.by *= 1e15  # of any size that training leaves
    assert set(both_ways(params, US, temperature)) == {2}


def test_temperatures_below_1e_20_are_as_1e_20():
    params, p = biased([0, 1e-20]), reference.softmax([0.0, 1.0])
    us = [p[0] - 1e-9, p[0] + 1e-9]
    assert both_ways(params, us, 1e-20) == both_ways(params, us, 1e-21) == [0, 1]
    assert both_ways(params, us, 1.1e-20) == [0, 0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_large_temperature_leaves_no_difference(dtype):
    for temperature in (1e6, 1e30):
        h = np.zeros((900, 2))
        ids = rnn.sample(biased(LOGITS, dtype), h, 0, 10, 0, temperature)
        assert chi_square(np.bincount(ids.flat, minlength=6), [1 / 6] * 6) < 20.5


@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_logits_of_1000(dtype):
    for logits, drawn in (([1000, 0, -1000], {0}), ([-1000, -1000, -3000], {0, 1})):
        assert set(both_ways(biased(logits, dtype), US)) == drawn


def test_each_text_has_its_own_largest_logit():
    """Logits 1000 and 998 for one text, -1000 and -998 for the other."""
    weights = {"Wxh": np.zeros((1, 2)), "Whh": [[50.0]], "Why": [[1000.0], [998.0]]}
    params = rnn.Params.from_arrays(**weights, bh=[0.0], by=[0.0, 0.0])
    us = np.repeat([0.1, 0.5, 0.9], 2)
    ids = rnn.sample(params, np.array([[1.0], [-1.0]]), 0, 3, Scripted(us))
    assert ids.T.tolist() == [[0, 0, 1], [0, 1, 1]]


# What it promises besides.


def test_the_seed_of_the_generator_decides(params):
    def draw(rng):
        return rnn.sample(params, H_INIT, 0, 40, rng).tolist()

    assert draw(3) == draw(3) == draw(np.random.default_rng(3))
    assert draw(3) != draw(4)
    rng = np.random.default_rng(3)
    assert draw(rng) == draw(3) != draw(rng)  # a Generator moves on


def test_the_first_input_is_given_and_not_part_of_the_result(params):
    us = [0.37, 0.61]
    firsts = [rnn.sample(params, H_INIT[0], k, 2, Scripted(us)) for k in range(7)]
    weights = generic_weights(5, 7, scale=1.0)
    theirs = [reference.sample(weights, H_INIT[0], k, us) for k in range(7)]
    assert [ids.tolist() for ids in firsts] == theirs
    assert len(set(map(tuple, theirs))) > 1


def test_arguments_stay_as_they_are(params):
    h, seed = H_INIT.copy(), np.array([1, 2, 3])
    theta = params.theta.copy()
    first = rnn.sample(params, h, seed, 20, 0)
    kept = first.copy()
    rnn.sample(params, h, seed, 20, 1)
    assert np.array_equal(h, H_INIT) and seed.tolist() == [1, 2, 3]
    assert np.array_equal(params.theta, theta) and np.array_equal(first, kept)


def test_no_characters(params):
    assert rnn.sample(params, H_INIT[0], 0, 0, 0).shape == (0,)
    assert rnn.sample(params, H_INIT, 0, 0, 0).shape == (0, 3)
    assert rnn.sample(params, H_INIT, 0, 0, 0).dtype.kind == "i"


def test_float32_draws_what_float64_draws():
    """As long as no u falls between the two, which these do not."""
    weights = generic_weights(5, 7, scale=1.0)
    single = rnn.Params.from_arrays(
        **{k: v.astype(np.float32) for k, v in weights.items()}
    )
    double = rnn.Params.from_arrays(**weights)
    draws = [rnn.sample(p, H_INIT, 1, 300, 11) for p in (single, double)]
    assert np.array_equal(*draws)


def test_a_state_of_lists_and_integers(params):
    right = rnn.sample(params, np.zeros(5), 1, 10, 0)
    assert np.array_equal(rnn.sample(params, [0] * 5, np.uint8(1), 10, 0), right)
    batch = rnn.sample(params, np.zeros((1, 5)), [1], 10, 0)
    assert batch.shape == (10, 1) and np.array_equal(batch[:, 0], right)


def test_the_state_matters(params):
    texts = {tuple(rnn.sample(params, h, 0, 60, 0)) for h in H_INIT}
    assert len(texts) == 3


def test_it_continues_where_training_stands():
    ids = np.array([0, 1, 2, 3] * 20)
    run = rnn.Training(rnn.Params.init(4, 8, 0), ids, T=8)
    for _ in itertools.islice(run, 200):
        pass
    drawn = rnn.sample(run.params, np.zeros(8), 0, 6, 0, temperature=0.1)
    assert drawn.tolist() == [1, 2, 3, 0, 1, 2]


# Bad input.


@pytest.mark.parametrize(
    ("change", "name", "expected", "got"),
    [
        ({"h": np.zeros(4)}, "h", "(5,)", "(4,)"),
        ({"h": np.zeros((5, 1))}, "h", "5", "(5, 1)"),
        ({"h": np.zeros((2, 2, 5))}, "h", "5", "(2, 2, 5)"),
        ({"h": 0.0}, "h", "5", "()"),
        ({"h": [0, 0, np.nan, 0, 0]}, "h", "finite", "NaN"),
        ({"first": 7}, "first", "0 ... 6", "7"),
        ({"first": -1}, "first", "0 ... 6", "-1"),
        ({"first": 1.0}, "first", "integers", "float64"),
        ({"first": "h"}, "first", "", ""),
        ({"first": [1, 2]}, "first", "()", "(2,)"),
        ({"first": [1] * 5}, "first", "()", "(5,)"),
        ({"h": np.zeros((3, 5)), "first": [1, 2]}, "first", "(3,)", "(2,)"),
        ({"h": np.zeros((3, 5)), "first": [[1, 2, 3]]}, "first", "(3,)", "(1, 3)"),
        ({"n": -1}, "n", "whole number from 0", "-1"),
        ({"n": 2.0}, "n", "whole number from 0", "2.0"),
        ({"n": True}, "n", "whole number from 0", "True"),
        ({"temperature": 0}, "temperature", "above 0", "0"),
        ({"temperature": -1.0}, "temperature", "above 0", "-1.0"),
        ({"temperature": np.nan}, "temperature", "above 0", "nan"),
        ({"temperature": np.inf}, "temperature", "above 0", "inf"),
    ],
)
def test_sample_rejects(params, change, name, expected, got):
    given = {"h": np.zeros(5), "first": 0, "n": 5, "rng": 0, **change}
    with rejects(name, expected, got):
        rnn.sample(params, **given)
    assert np.array_equal(params.theta, flat(generic_weights(5, 7, scale=1.0)))


@pytest.mark.parametrize("name", NAMES)
def test_sample_rejects_parameters_that_are_not_finite(params, name):
    getattr(params, name).flat[1] = np.nan
    with rejects("params", "finite", "NaN"):
        rnn.sample(params, np.zeros(5), 0, 5, 0)


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
@pytest.mark.parametrize("h", [np.zeros(5), np.zeros((3, 5))])
@pytest.mark.parametrize(("name", "sign"), [("by", 1), ("by", -1), ("Why", 1)])
def test_sample_rejects_logits_that_overflow(params, name, sign, h):
    getattr(params, name).flat[2] = sign * 1e300
    rnn.sample(params, h, 0, 5, 0)
    with rejects("logits", "finite", "NaN or infinity"):
        rnn.sample(params, h, 0, 5, 0, temperature=1e-10)
    params.Why[...] = 1e308
    with rejects("logits", "finite", "NaN or infinity"):
        rnn.sample(params, h, 0, 5, 0)


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize(
    ("row", "bias"), [([1e308, -1e308], 0), ([1e308, 0], 1e308), ([1e308, 0], -1e308)]
)
def test_sample_rejects_what_only_together_overflows(row, bias):
    params = biased([0.0, 0.0])
    params.Why[1], params.by[1] = row, bias
    with rejects("logits", "finite", "NaN or infinity"):
        rnn.sample(params, np.zeros(2), 0, 1, 0)


def test_the_temperature_does_not_change_the_dtype(monkeypatch):
    params, seen = biased(LOGITS, np.float32), []
    draw = rnn.sampling.draw
    monkeypatch.setattr(
        rnn.sampling, "draw", lambda y, *more: seen.append(y.dtype) or draw(y, *more)
    )
    rnn.sample(params, np.zeros(2), 0, 2, 0, np.float64(0.5))
    rnn.sample(params, np.zeros((3, 2)), 0, 2, 0, np.float64(0.5))
    assert seen == [np.float32] * 4


# Reading a prompt, and writing on.


@pytest.mark.parametrize("prompt", [[3], [3, 0], [1, 1, 6, 2, 0, 5]])
@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_generate_reads_the_prompt_once_and_writes_on(params, prompt, temperature):
    us = np.random.default_rng(1).random(80)
    weights = generic_weights(5, 7, scale=1.0)
    h = np.zeros(5)
    if prompt[1:]:
        states, _ = reference.forward(weights, prompt[:-1], h)
        h = states[len(prompt) - 2]
    theirs = reference.sample(weights, h, prompt[-1], us, temperature)
    ours = rnn.generate(params, prompt, 80, Scripted(us), temperature)
    assert ours.shape == (80,) and ours.tolist() == theirs and len(set(theirs)) > 1
    # What comes first, by itself: later characters soon forget the prompt.
    first = [rnn.generate(params, prompt, 1, Scripted([u]), temperature)[0] for u in us]
    draw = reference.sample
    assert first == [draw(weights, h, prompt[-1], [u], temperature)[0] for u in us]


def test_generate_goes_on_where_it_stopped(params):
    """The text drawn so far as the prompt: the same as one longer text."""
    rng = np.random.default_rng(0)
    first = rnn.generate(params, [2, 4], 30, rng)
    then = rnn.generate(params, [2, 4, *first], 30, rng)
    whole = rnn.generate(params, [2, 4], 60, 0)
    assert [*first, *then] == whole.tolist()
    assert np.array_equal(whole, rnn.generate(params, [2, 4], 60, 0, 1.0))
    assert rnn.generate(params, [2], 0, 0).shape == (0,)


@pytest.mark.parametrize(
    ("change", "name", "expected", "got"),
    [
        ({"prompt": []}, "prompt", "at least one character", "0"),
        ({"prompt": 3}, "prompt", "(n,)", "()"),
        ({"prompt": [[3, 1]]}, "prompt", "(n,)", "(1, 2)"),
        ({"prompt": [3, 7]}, "prompt", "0 ... 6", "7"),
        ({"prompt": "ROMEO"}, "prompt", "integers", "<U5"),
        ({"n": -1}, "n", "whole number from 0", "-1"),
        ({"temperature": 0}, "temperature", "above 0", "0"),
        ({"rng": "a"}, "rng", "a seed", "a"),
    ],
)
def test_generate_rejects(params, change, name, expected, got):
    with rejects(name, expected, got):
        rnn.generate(params, **{"prompt": [1, 2], "n": 5, "rng": 0, **change})
