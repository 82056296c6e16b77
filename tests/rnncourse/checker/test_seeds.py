"""Test inputs drawn from a seed: other numbers, and every known mistake still shows.

Here three mistakes of five are tried, each on one of three seeds. `make seeds` tries
all of them on fifty.
"""

import copy
import functools
import inspect
import os
import re
import sys

import numpy as np
import pytest

from rnncourse.checker import check, judge
from rnncourse.checker.check import found_in, with_seed
from rnncourse.checker.comparing import alike
from rnncourse.checker.drawing import Numbers
from rnncourse.checker.exercises import EXERCISES
from rnncourse.checker.misconceptions import BANK, Misconception
from rnncourse.checker.running import call
from rnnlib.forward import Params
from tests.rnncourse.checker.correct_submissions import CORRECT
from tests.rnncourse.checker.test_misconceptions import forms_of, named

NAMES = list(EXERCISES)
FIFTY = "FIFTY_SEEDS" in os.environ
SEEDS = [f"s{1000 + k}" for k in range(50 if FIFTY else 3)]
# Of these there is only one, or by chance the same one comes again.
FEW = ["k = 0, V = 1", "a = b = 0", "y = 0"]

# Sizes, places and the like, which make a case what it is, stay as they are written.
AS_WRITTEN = set("T V n steps i j patience border mask f rng".split())

drawn_once = functools.cache(lambda name, seed: with_seed(EXERCISES[name], seed))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_right_and_every_known_mistake_is_recognised(name, seed):
    drawn = drawn_once(name, seed)
    assert found_in(drawn, named(drawn.truth, name))[0] == "correct"
    mistakes = forms_of(name)
    for slug, function in mistakes if FIFTY else mistakes[SEEDS.index(seed) :: 5]:
        with np.errstate(all="ignore"):
            found = found_in(drawn, named(function, name))
        assert found == ("wrong", slug, BANK[name, slug].message)


@pytest.mark.parametrize("name", NAMES)
def test_a_right_answer_in_any_style_is_correct_on_other_numbers(name):
    drawn = drawn_once(name, SEEDS[0])
    for function in (f for f in CORRECT if f.__name__ == name):
        with np.errstate(all="ignore"):
            found = found_in(drawn, function)
        assert found[0] == "correct", inspect.getsource(function)


def typed_in(name):
    """A function that knows the results of the course's own test inputs by heart."""
    exercise = EXERCISES[name]
    inputs = [case.args for case in exercise.cases]
    calls = [call(exercise.truth, case.fresh()) for case in exercise.cases]

    def submission(*args):
        given = dict(zip(exercise.arguments, args))
        same = (
            n
            for n, known in enumerate(inputs)
            if all(alike(given[key], known[key], 0) for key in given)
        )
        result = calls[next(same, 0)]
        for key in exercise.changes:
            fill(given[key], result.after[key])
        return copy.deepcopy(result.value)

    return named(submission, name)


def fill(array, values):
    """Give an array, or each of a dict of them, these values where they fit."""
    if isinstance(array, dict):
        for key in array:
            fill(array[key], values[key])
    elif array.shape == values.shape:
        array[...] = values


@pytest.mark.parametrize("name", NAMES)
def test_results_typed_in_by_hand_pass_without_a_seed_alone(name):
    assert check(typed_in(name)).status == "correct"
    with np.errstate(all="ignore"):
        assert found_in(drawn_once(name, SEEDS[0]), typed_in(name))[0] == "wrong"


@pytest.mark.parametrize("name", NAMES)
def test_the_inputs_have_other_numbers_and_keep_their_kind(name):
    exercise = EXERCISES[name]
    one, again, other = (exercise.recipe(Numbers(seed)) for seed in ("1", "1", "2"))
    for case, drawn, twin in zip(exercise.cases, one, again, strict=True):
        assert drawn.about == twin.about and same_arguments(drawn, twin)
        assert case.about in FEW or not same_arguments(case, drawn), (
            f"{case.about}: no seed changes it; use `numbers`, or add it to FEW"
        )
        assert without_numbers(case.about) == without_numbers(drawn.about)
        assert case.may_raise == drawn.may_raise
        for key, value in case.args.items():
            assert type(value) is type(drawn.args[key])
            if isinstance(value, np.ndarray):
                assert value.dtype.kind == drawn.args[key].dtype.kind
                assert value.ndim == drawn.args[key].ndim
    assert not all(map(same_arguments, one, other))


@pytest.mark.parametrize("name", NAMES)
def test_every_argument_gets_other_numbers(name):
    exercise = EXERCISES[name]
    drawn = [exercise.recipe(Numbers(seed)) for seed in "12345"]
    for key in exercise.arguments.keys() - AS_WRITTEN:
        pairs = [
            (case.args[key], other.args[key])
            for cases in drawn
            for case, other in zip(exercise.cases, cases)
            if key in case.args
        ]
        if not isinstance(pairs[0][0], Params):
            assert not all(alike(*pair, 0) for pair in pairs), key


def test_before_the_losses_of_stop_at_there_may_be_others():
    written = EXERCISES["stop_at"].cases
    more = set()
    for seed in "12345":
        for case, other in zip(written, EXERCISES["stop_at"].recipe(Numbers(seed))):
            losses = other.args["losses"]
            before = losses[: len(losses) - len(case.args["losses"])]
            assert before == sorted(before, reverse=True)
            assert not before or before[-1] > losses[len(before)]
            more.add(len(before))
    assert more == {0, 1, 2, 3}


def without_numbers(text):
    return re.sub(r"\[.*?\]( \* 10)?|-?\d[\d.e-]*", "#", text)


def same_arguments(case, other):
    """Whether two cases have the same numbers, a generator left out."""
    return all(
        alike(value, other.args[key], 0)
        for key, value in case.args.items()
        if key not in ("f", "rng")
    )


def test_a_seed_draws_the_same_on_every_machine():
    drawn = with_seed(EXERCISES["softmax"], "s1234").cases
    assert drawn[1].args["y"].tolist() == [1.0, -0.413, 0.238, 2.47]
    number, text = (with_seed(EXERCISES["draw"], seed).cases for seed in (1234, "1234"))
    assert [case.about for case in number] == [case.about for case in text]


def test_a_seed_is_a_text_or_an_int():
    with pytest.raises(ValueError, match="^seed: expected a text or an int, got 1.5$"):
        judge(EXERCISES["softmax"].truth, 1.5)


def test_judge_says_what_check_says_and_prints_nothing(capsys):
    def grad_a(dh_t, h_t):
        print("here")
        return dh_t

    verdict = judge(grad_a)
    assert capsys.readouterr().out == ""
    assert verdict == check(grad_a)
    assert capsys.readouterr().out.endswith("here\n")


def test_a_mistake_that_never_shows_is_said(monkeypatch):
    mine = Misconception("cosine", "mine", "A message.", [EXERCISES["cosine"].truth])
    monkeypatch.setitem(BANK, ("cosine", "mine"), mine)
    monkeypatch.setattr(sys.modules[with_seed.__module__], "DRAWS", 3)
    words = "cosine: on no draw of 3 .* mine gives what a right answer gives"
    with pytest.raises(RuntimeError, match=words):
        judge(EXERCISES["cosine"].truth, "s1234")


# What is drawn lies where the docstrings say, and reaches to both ends.


def drawn(name, *args, times=300):
    """What so many seeds give for this method of Numbers, as an array."""
    draws = [getattr(Numbers(f"seed {n}"), name)(*args) for n in range(times)]
    return np.array(draws)


@pytest.mark.parametrize(
    "name, args, low, high",
    [
        ("like", ([2.0, -2.0, 0.0],), [1.4, -2.6, 0], [2.6, -1.4, 0]),
        ("near", ([5.0, -5.0],), [4, -6], [6, -4]),
        ("whole", (6, 3, 9), 3, 9),
        ("real", (0.4, 0.1, 0.9), 0.1, 0.9),
        ("factor", (), 0.6, 1.6),
        ("chances", ([0.5, 0.5],), 0.03, 0.97),
    ],
)
def test_a_draw_lies_between_its_bounds_and_comes_near_them(name, args, low, high):
    draws = drawn(name, *args)
    least, most = draws.min(axis=0), draws.max(axis=0)
    near = 0.05 * np.subtract(high, low)
    assert np.all(low <= least) and np.all(least <= low + near)
    assert np.all(high - near <= most) and np.all(most <= high)


def test_a_draw_is_another_than_what_is_written_and_probabilities_sum_to_1():
    assert 6 not in drawn("whole", 6, 3, 9)
    chances = drawn("chances", [0.2, 0.3, 0.5])
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(100 * chances, np.round(100 * chances), atol=1e-9)
    assert drawn("chances", [0.5, 0.5]).min() == 0.03
    orders = drawn("order", 3)
    assert not np.any(np.all(orders == [0, 1, 2], axis=1))
    assert np.all(np.sort(orders, axis=1) == [0, 1, 2])
    assert np.all(Numbers("s").mixed([1, 2, 3], [4, 5, 6])[0] != [1, 2, 3])
    letters, more = Numbers("s").symbols(4, [0, 1, 1, 2], [2, 0])
    assert letters[1] == letters[2] and more == [letters[3], letters[0]]
    assert len({*letters}) == 3 and max(letters) < 4
