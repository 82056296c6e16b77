"""The bug clinic: what every patient breaks, and that it breaks nothing else."""

import json
from pathlib import Path

import numpy as np
import pytest

import rnnlib as rnn
from rnncourse import clinic
from tests.rnnlib.reference import generic_point, loss_and_grad, off_by_norm, rejects

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "05_gradient_checking.ipynb"
PATIENTS = clinic.LESSON | clinic.MORE


def errors(backward, **point):
    """Each block's relative error against the reference, h_init among them."""
    weights, inputs, targets, h_init = generic_point(**point)
    params = rnn.Params.from_arrays(**weights)
    states = rnn.forward(params, inputs, h_init)
    grads, dh_init = backward(params, inputs, targets, states)
    ours = {**dict(grads.items()), "h_init": dh_init}
    right = loss_and_grad(weights, inputs, targets, h_init)[1]
    return {"d" + name: off_by_norm(ours[name], right[name]) for name in ours}


@pytest.mark.parametrize("point", [{}, {"T": 1}, {"H": 4, "V": 4}, {"V": 1}])
def test_healthy_is_healthy(point):
    assert max(errors(clinic.healthy, **point).values()) <= 1e-13


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", PATIENTS)
def test_a_patient_breaks_these_blocks_and_no_other(name, seed):
    found = errors(PATIENTS[name].backward, seed=seed)
    assert tuple(found) == ("dWxh", "dWhh", "dWhy", "dbh", "dby", "dh_init")
    broken = [block for block, error in found.items() if error > 1e-9]
    assert broken == list(PATIENTS[name].breaks)
    for block, error in found.items():
        assert error > 0.05 if block in broken else error <= 1e-13


def test_the_bank():
    assert len(clinic.LESSON) == 6 and len(clinic.MORE) >= 12
    assert not set(clinic.LESSON) & set(clinic.MORE)
    for bank in (clinic.LESSON, clinic.MORE):
        assert all(name == patient.name for name, patient in bank.items())
    changes = {(patient.right, patient.wrong) for patient in PATIENTS.values()}
    assert len(changes) == len(PATIENTS)
    for blocks in ([clinic.BEHIND_DH], [("dWhh",)], [clinic.ALL]):
        assert blocks[0] in [patient.breaks for patient in clinic.LESSON.values()]
    alone = {p.breaks for p in PATIENTS.values() if len(p.breaks) == 1}
    assert alone == {(block,) for block in clinic.ALL}


def test_sizes_that_give_the_mistake_away():
    """What the notebook says about factors: sign, divided by T, zeros."""
    for name, error in (("p and e swapped", 2), ("divided by T", 5 / 6)):
        params, inputs, targets, h_init = arguments()
        report = rnn.check_gradients(
            params, inputs, targets, h_init, PATIENTS[name].backward
        )
        assert [row.error for row in report] == pytest.approx(6 * [error], rel=1e-12)


def arguments(**point):
    weights, *rest = generic_point(**point)
    return rnn.Params.from_arrays(**weights), *rest


RECOVER = {
    "no dh-next",
    "overwritten",
    "divided by T",
    "target of the step before",
    "Whh not transposed",
    "dh-next piles up",
    "forward in time",
    "input of the step before",
    "dWhy of one step",
    "a copy that went round",
}


@pytest.mark.parametrize("name", PATIENTS)
def test_who_recovers_when_there_is_one_step(name):
    found = errors(PATIENTS[name].backward, T=1)
    assert (max(found.values()) <= 1e-13) == (name in RECOVER)


def test_overwritten_passes_where_no_character_repeats():
    params, inputs, targets, h_init = arguments()
    backward = clinic.LESSON["overwritten"].backward
    for T, passes in ((3, True), (4, False)):
        report = rnn.check_gradients(params, inputs[:T], targets[:T], h_init, backward)
        assert report.passed == passes


def test_a_patient_prints_its_change():
    assert repr(clinic.LESSON["no dh-next"]) == (
        "no dh-next\n"
        "- dh = params.Why.T @ dy + params.Whh.T @ da_next\n"
        "+ dh = params.Why.T @ dy"
    )


def test_operate():
    same = clinic.operate("dy[targets[t]] -= 1", "dy[targets[t]] -= 1.0")
    assert max(errors(same).values()) <= 1e-13
    with rejects("right", "once", "0"):
        clinic.operate("dh_next", "da_next")
    with rejects("right", "once", "2"):
        clinic.operate("params.Whh.T", "params.Whh")


# What the notebook says about them.


def cells():
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    return {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}


def test_the_notebook_shows_the_changed_line_of_the_six():
    source = cells()
    for number, patient in enumerate(clinic.LESSON.values(), start=1):
        text = source[f"patient-{number}"]
        assert text.startswith(f"### Patient {number}: {patient.name}\n")
        assert f"```python\n{patient.wrong}\n```" in text
        assert f'clinic.LESSON["{patient.name}"]' in source[f"patient-{number}-check"]


def test_the_notebook_lists_the_other_patients_and_what_they_break():
    text = cells()["more-patients"]
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")]
    words = {clinic.ALL: "all six", clinic.ALL_BUT_DBY: "all but dby"}
    words[clinic.BEHIND_DH] = "all but dWhy, dby"
    expected = {p.name: words.get(p.breaks, p.breaks[0]) for p in clinic.MORE.values()}
    assert {row[0][2:]: row[2][:-2] for row in rows[1:]} == expected
    for name, line, _ in rows[1:]:
        if line.startswith("`dy[targets[t]] -= 1` is"):
            assert clinic.MORE[name[2:]].wrong == "pass"
        elif line.startswith("`"):
            assert line == f"`{clinic.MORE[name[2:]].wrong.strip()}`"
    assert f"<summary>{len(clinic.MORE)} more patients</summary>" in text


def test_b_of_the_notebook_is_patient_1():
    names = {"np": np, "rnn": rnn}
    exec(cells()["one-term-less"], names)
    found = errors(names["one_term_less"])
    patient = errors(clinic.LESSON["no dh-next"].backward)
    assert found == pytest.approx(patient, rel=1e-9, abs=1e-13)


def test_who_is_ahead_turns_at_learning_rate_0_03():
    """What the notebook proposes to try: B leads after 1,000 steps, A after 5,000."""
    names = {"np": np, "rnn": rnn}
    for cell in ("one-term-less", "train"):
        exec(cells()[cell], names)
    A = names["train"](rnn.backward, seed=0, steps=5000, lr=0.03)
    B = names["train"](names["one_term_less"], seed=0, steps=5000, lr=0.03)
    assert np.mean(B[500:1000]) < np.mean(A[500:1000]) - 0.02
    assert np.mean(A[-500:]) < np.mean(B[-500:]) - 0.01


def test_how_well_tanh_twice_hides_at_small_weights_hangs_on_the_draw():
    worst = []
    for seed in range(8):
        start = rnn.Params.init(7, 5, rng=seed, scale=0.01)
        point = start, np.array([3, 1, 4, 1, 5, 3]), np.array([1, 4, 1, 5, 3, 2])
        backward = clinic.LESSON["tanh twice"].backward
        report = rnn.check_gradients(*point, np.zeros(5), backward)
        worst.append(max(row.error for row in report))
    assert 2.5e-8 < min(worst) < 3.5e-8 and 2.5e-7 < max(worst) < 3.5e-7
