"""Test inputs drawn from a seed: other numbers, and every known mistake still shows.

Three seeds here, which takes half a minute; `make seeds` takes fifty.
"""

import copy
import os
import re

import numpy as np
import pytest

from rnncourse.checker import check, judge
from rnncourse.checker.check import with_seed
from rnncourse.checker.comparing import alike
from rnncourse.checker.exercises import EXERCISES
from rnncourse.checker.misconceptions import BANK, Misconception
from rnncourse.checker.running import call
from tests.rnncourse.checker.correct_submissions import CORRECT
from tests.rnncourse.checker.test_misconceptions import forms_of, named

NAMES = list(EXERCISES)
SEEDS = [f"s{1000 + k}" for k in range(int(os.environ.get("SEEDS", 3)))]
# The numbers of these leave no choice.
FIXED = ["k = 0, V = 1", "a = b = 0"]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_right_and_every_known_mistake_is_recognised(name, seed):
    assert judge(named(EXERCISES[name].truth, name), seed).status == "correct"
    for slug, function in forms_of(name):
        verdict = judge(named(function, name), seed)
        assert (verdict.status, verdict.misconception) == ("wrong", slug), verdict
        assert verdict.message == BANK[name, slug].message


@pytest.mark.parametrize("name", NAMES)
def test_a_right_answer_in_any_style_is_correct_on_other_numbers(name):
    functions = [f for f in CORRECT if f.__name__ == name]
    for k, function in enumerate(functions):
        verdict = judge(function, SEEDS[k % len(SEEDS)])
        assert verdict.status == "correct", verdict


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
    assert {judge(typed_in(name), seed).status for seed in SEEDS} == {"wrong"}


@pytest.mark.parametrize("name", NAMES)
def test_the_inputs_have_other_numbers_and_keep_their_kind(name):
    exercise = EXERCISES[name]
    one, other = (with_seed(exercise, seed).cases for seed in ("one", "other"))
    again = with_seed(exercise, "one").cases
    for case, a, b, c in zip(exercise.cases, one, other, again, strict=True):
        assert same_arguments(a, c) and a.about == c.about
        if case.about not in FIXED:
            assert not same_arguments(case, a), case.about
            assert not same_arguments(case, b) and not same_arguments(a, b), case.about
        words = [re.sub(r"\[.*?\]|-?\d[\d.e-]*", "#", each.about) for each in (case, a)]
        assert words[0] == words[1] or name == "draw"
        assert case.may_raise == a.may_raise
        for key, value in case.args.items():
            dtype = np.asarray(value).dtype if not isinstance(value, dict) else None
            assert type(value) is type(a.args[key])
            assert dtype is None or dtype.kind == np.asarray(a.args[key]).dtype.kind


def same_arguments(case, other):
    """Whether two cases have the same numbers, a generator left out."""
    return all(
        alike(value, other.args[key], 0)
        for key, value in case.args.items()
        if key not in ("f", "rng")
    )


def test_a_seed_draws_the_same_on_every_machine():
    drawn = with_seed(EXERCISES["softmax"], "s1234").cases
    assert drawn[1].args["y"].tolist() == []
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
    words = "cosine: on no draw of 100 .* mine gives what a right answer gives"
    with pytest.raises(RuntimeError, match=words):
        judge(EXERCISES["cosine"].truth, "s1234")
