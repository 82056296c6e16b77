"""The bug clinic: what every patient breaks, and that it breaks nothing else."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import rnnlib as rnn
from rnncourse import clinic
from rnncourse.checker.exercises import EXERCISES
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


# The check.


def test_verdicts_of_a_backward_pass_of_the_library(capsys):
    clinic.verdicts(rnn.backward, *arguments())
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{block:8}ok" for block in clinic.ALL]
    clinic.verdicts(clinic.LESSON["divided by T"].backward, *arguments())
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{block:8}WRONG, 0.83" for block in clinic.ALL]
    clinic.verdicts(lambda *args: rnn.backward(*args), *arguments())
    assert "WRONG" not in capsys.readouterr().out


rnn_backward = EXERCISES["rnn_backward"].truth


def test_verdicts_of_a_students_own_backward_pass(capsys):
    clinic.verdicts(rnn_backward, *arguments())
    lines = capsys.readouterr().out.splitlines()
    assert lines[:-1] == [f"{block:8}ok" for block in clinic.ALL[:-1]]
    assert lines[-1] == "dh_init not returned"

    def transposed(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
        grads = rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why)
        return grads | {"dWhh": grads["dWhh"].T}

    clinic.verdicts(transposed, *arguments())
    lines = capsys.readouterr().out.splitlines()
    assert [line[:7].strip() for line in lines if "WRONG" in line] == ["dWhh"]


@pytest.mark.parametrize(
    "change",
    [
        lambda grads: None,
        lambda grads: list(grads.values()),
        lambda grads: {k: v for k, v in grads.items() if k != "dWhh"},
        lambda grads: grads | {"dWhh": grads["dWhh"][0]},
    ],
)
def test_verdicts_of_something_else_than_five_blocks(change):
    def mine(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
        grads = rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why)
        return change(grads)

    with rejects("backward", "dWxh, dWhh, dWhy, dbh, dby"):
        clinic.verdicts(mine, *arguments())


@pytest.mark.parametrize(
    ("error", "text"),
    [(0.8333, "0.83"), (2, "2.00"), (0.0061, "0.01"), (3e-8, "3e-08")]
    + [(0.0049, "5e-03"), (np.nan, "nan"), (np.inf, "inf")],
)
def test_the_size_of_an_error(error, text):
    assert clinic.size(error) == text


# The blind ones.

BLIND = pytest.mark.parametrize("number", clinic.BLIND)


def test_the_lines_are_those_of_healthy_and_lead_where_patients_show():
    of_line = {clinic.TARGET: "dy", clinic.DWHY: "dWhy", clinic.DBY: "dby"}
    of_line |= {clinic.DH: "dh", clinic.DA: "da", clinic.DBH: "dbh"}
    of_line |= {clinic.DWXH: "dWxh", clinic.DWHH: "dWhh", clinic.NEXT: "da_next"}
    of_line |= {clinic.RETURN: "dh_init"}
    assert sorted(of_line.values()) == sorted(clinic.LINES)
    seen = {line: set() for line in clinic.LINES}
    for patient in PATIENTS.values():
        if patient.right in of_line:
            line = of_line[patient.right]
            assert set(patient.breaks) <= set(clinic.LINES[line])
            seen[line] |= set(patient.breaks)
    assert seen == {line: set(blocks) for line, blocks in clinic.LINES.items()}
    for patient in clinic.BLIND.values():
        for line, (right, _) in patient.changes.items():
            assert of_line[right] == line


def test_there_are_three_blind_ones_and_a_last_one_with_two_faults():
    faults = [len(patient.changes) for patient in clinic.BLIND.values()]
    assert faults == [1, 1, 1, 2]
    known = {patient.wrong for patient in PATIENTS.values()}
    for patient in clinic.BLIND.values():
        assert not known & {wrong for _, wrong in patient.changes.values()}


@BLIND
@pytest.mark.parametrize("seed", range(3))
def test_a_blind_one_breaks_what_its_lines_lead_to(number, seed):
    patient = clinic.blind(number)
    for block, error in errors(patient, seed=seed).items():
        assert error > 0.05 if block in patient.breaks else error <= 1e-13


@BLIND
def test_a_blind_one_does_not_tell(number):
    patient = clinic.blind(number)
    assert repr(patient) == str(patient) == f"nameless patient {number}"
    assert len({repr(patient)} & set(patient.changes)) == 0


def test_there_is_no_other_blind_one():
    for number in (0, len(clinic.BLIND) + 1, "dy", None):
        with rejects("number", "1, 2, 3, 4"):
            clinic.blind(number)
    with rejects("number", "1, 2, 3, 4"):
        clinic.diagnose(9, "dy")


@BLIND
def test_the_right_diagnosis_shows_the_change(number):
    changes = clinic.BLIND[number].changes
    for lines in (list(changes), list(changes)[::-1], [tuple(changes)]):
        told = clinic.diagnose(number, *lines)
        assert told.startswith(f"Right: {' and '.join(changes)}.\n- ")
        for right, wrong in changes.values():
            assert f"- {right.strip()}\n+ {wrong.strip()}" in told


@BLIND
def test_no_line_named_asks_for_one_and_says_which_there_are(number):
    for lines in [(), (...,)]:
        told = repr(clinic.diagnose(number, *lines))
        assert told.startswith(f"Patient {number}: no line named yet.")
        assert all(f'"{line}"' in told for line in clinic.LINES)
        assert max(map(len, told.splitlines())) <= 75


def test_a_line_that_there_is_not():
    with rejects("lines", "dy, dWhy", "'dh_t'"):
        clinic.diagnose(1, "dh_t")
    with rejects("lines", "dh", "Ellipsis"):
        clinic.diagnose(1, "dh", ...)


@BLIND
def test_every_wrong_line_is_told_why(number):
    patient = clinic.blind(number)
    for line, blocks in clinic.LINES.items():
        told = clinic.diagnose(number, line)
        right = [block for block in blocks if block not in patient.breaks]
        if line in patient.changes:
            one = "Right about" if len(patient.changes) > 1 else "Right:"
            assert one in told
        elif right:
            assert told.startswith(f"Patient {number}: Not {line}: that line leads to")
            assert all(block in told for block in right)
        elif set(blocks) == set(clinic.BEHIND_DH):
            assert told.endswith(f"the blocks would fit. {patient.notes[line]}")
        else:
            rest = [block for block in patient.breaks if block not in blocks]
            assert "nothing leads from there to" in told
            assert all(block in told for block in rest)


def test_what_is_told_of_several_lines():
    assert clinic.diagnose(4, "da") == (
        "Patient 4: Right about da. But dWhy is wrong too, and nothing leads there "
        "from da. There is one more."
    )
    assert clinic.diagnose(4, "dWhy", "da_next").startswith(
        "Patient 4: Right about dWhy. Not da_next: the blocks would fit. But with T = 1"
    )
    assert clinic.diagnose(4, "dWhy", "da", "dh", "dh").count("Not ") == 1
    assert clinic.diagnose(2, "dWxh", "dWhh", "dbh", "dh_init") == (
        "Patient 2: Not dWxh, dWhh, dbh and dh_init: one line that leads there "
        "explains as much."
    )
    assert clinic.diagnose(2, "dWxh", "dby") == (
        "Patient 2: Not dby: that line leads to dby, which is right. Not dWxh: nothing "
        "leads from there to dWhh, dbh and dh_init, which are wrong too."
    )


def small(backward, T=6):
    """The errors at the notebook's start: weights of 0.01, no biases, no state."""
    start = rnn.Params.init(7, 5, rng=5, scale=0.01)
    x, y = np.array([3, 1, 4, 1, 5, 3])[:T], np.array([1, 4, 1, 5, 3, 2])[:T]
    rows = rnn.check_gradients(start, x, y, np.zeros(5), backward)
    return {f"d{row.name}": row.error for row in rows}


def test_what_the_notes_say_is_so():
    one = {n: errors(patient, T=1) for n, patient in clinic.BLIND.items()}
    assert [block for block, off in one[2].items() if off > 1e-9] == ["dh_init"]
    for number in (3, 4):
        assert min(one[number][block] for block in clinic.BEHIND_DH) > 0.05
        assert "da_next" in clinic.BLIND[number].notes
    assert one[4]["dWhy"] <= 1e-13
    assert min(small(clinic.BLIND[3])[block] for block in clinic.BEHIND_DH) > 0.5
    assert max(small(clinic.BLIND[4])[block] for block in clinic.BEHIND_DH) < 1e-3
    assert small(clinic.BLIND[4])["dWhy"] > 0.5
    for patient in PATIENTS.values():  # a wrong slope of tanh hides there, as is told
        if patient.right == clinic.DA and patient.name in ("tanh twice", "no tanh"):
            assert max(small(patient.backward).values()) < 1e-3


def test_the_notebook_does_not_give_the_answers_away():
    text = NOTEBOOK.read_text(encoding="utf-8")
    for number, patient in clinic.BLIND.items():
        assert cells()[f"blind-{number}-diagnose"] == f"diagnose({number}, ...)"
        assert f"verdicts(blind({number}), *point)" in text
        for _, wrong in patient.changes.values():
            assert wrong.strip() not in text
    assert "Right: " not in text and "Right about" not in text
    order = cells()["clinic-order"]
    assert all(re.search(rf"\b{line}\b", order) for line in clinic.LINES)


# What the notebook says about them.


def cells():
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    return {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}


def test_the_notebook_shows_the_changed_line_of_the_six():
    source = cells()
    for number, patient in enumerate(clinic.LESSON.values(), start=1):
        alone = f"patient-{number}" in source
        text = source[f"patient-{number}" if alone else "patients-3-to-5"]
        check = source[f"patient-{number}-check" if alone else "patients-3-to-5-check"]
        title = text.splitlines()[0]
        assert title.startswith("### Patient") and str(number) in (title + "4")
        assert patient.name in title
        mark = "" if alone else rf" +# {number}"
        assert re.search(f"(?m)^{re.escape(patient.wrong)}{mark}$", text)
        assert f'"{patient.name}"' in check and "clinic.LESSON[" in check


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
