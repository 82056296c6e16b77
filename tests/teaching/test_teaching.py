"""TEACHING.md: its answers are what NumPy says, its table is the notebooks'."""

import re
from pathlib import Path

import numpy as np
import pytest

from teaching.minutes import table

TEXT = (Path(__file__).parents[2] / "TEACHING.md").read_text(encoding="utf-8")
PARTS = re.split(r"(?m)^\*\*(\d+)\. ", TEXT)
ANSWERS = {
    int(number): text.split("<summary>Answer</summary>")[1]
    for number, text in zip(PARTS[1::2], PARTS[2::2])
}


def softmax(y):
    e = np.exp(np.asarray(y, float) - np.max(y))
    return e / e.sum()


def one_unit(inputs):
    h, states = 0.0, []
    for k in inputs:
        h = np.tanh([0.5, -0.5][k] + h)
        states.append(h)
    return states


def angle(v):
    return np.degrees(np.arctan2(v[1], v[0]))


BY_NORM = np.array([30, 3]) * 5 / np.hypot(30, 3)
NUMBERS = {
    1: [f"{900 - 1} pairs", f"{899 // 25} chunks", f"{899 // 25 * 25} characters"],
    2: [f"{100 * 65:,} multiplications"],
    3: [f"{50 * 30 + 50 * 50 + 30 * 50 + 50 + 30}"],
    4: [f"{h:.3f}" for h in one_unit([0, 1, 0])],
    5: [f"{p:.3f}" for p in softmax([2, 0, 1])],
    6: [f"{20 * np.log(64):.2f}", f"{np.log(64):.2f} = ln 64"],
    7: [f"{-np.log(0.02):.2f} nats", f"{-np.log2(0.02):.2f} bits"],
    8: [f"({0.1:.1f}, {0.6:.1f}, {0.3 - 1:.1f})", f"({0.1 - 1:.1f}, 0.6, 0.3)"],
    11: [f"{1 - 0.99**2:.4f}", f"{(1 - 0.99**2) ** 3 * 1e6:.2f} · 10⁻⁶"],
    12: [f"{(2.1**3 - 8) / 0.1:.2f}", f"{(2.1**3 - 1.9**3) / 0.2:.2f}", "0.61", "0.01"],
    14: [f"{angle((30, 3)):.1f}°", f"{angle((5, 3)):.1f}°"]
    + [f"{angle((5, 3)) - angle((30, 3)):.1f}°"]
    + [f"({BY_NORM[0]:.3f}, {BY_NORM[1]:.3f})"],
    15: ["0.1 · 2/√4 = 0.1", f"= {0.1 / np.sqrt(100):.2f}"],
    16: [f"{softmax(np.array([1, 0]) / T)[0]:.3f}" for T in (0.5, 1, 2)],
    17: [f"= {50 + 50 * 0.999**1000:.1f}"],
    18: [f"{45 / 25:.2f}", f"{2.7 * np.log(2):.2f}", f"{np.log(7):.2f}"],
    19: [f"{0.9**20:.3f}", f"{0.9**50:.4f}"],
}


@pytest.mark.parametrize("number", NUMBERS)
def test_the_numbers_of_an_answer(number):
    answer = ANSWERS[number].replace("−", "-")
    for text in NUMBERS[number]:
        assert text in answer, text


def test_twenty_questions_of_three_marks():
    assert list(ANSWERS) == list(range(1, 21))
    for number, answer in ANSWERS.items():
        marks = [int(n) for n in re.findall(r"\((\d)(?:;[^)]*| for one)?\)", answer)]
        marks += [2] * answer.count("(1 each for two)")
        marks += [3] * answer.count("One mark each, for three of")
        assert sum(marks) == 3, (number, marks)


def test_no_question_stands_in_a_notebook():
    notebooks = Path(__file__).parents[2].glob("notebooks/*.ipynb")
    texts = [path.read_text(encoding="utf-8") for path in notebooks]
    for question in PARTS[2::2]:
        sentences = re.findall(r"[A-Z][^.?]{30,}[.?]", question.split("<details>")[0])
        assert sentences and not any(s in t for s in sentences for t in texts)


def test_the_table_of_sections_is_true():
    assert table() in TEXT, "python -m teaching.minutes prints it: put it there"
    told = int(re.search(r"Part one takes (\d+) minutes", TEXT)[1])
    rows = re.findall(r"(?m)^\| 0[0-6] \| (\d+) \|", table())
    assert len(rows) == 7 and abs(sum(map(int, rows)) - told) <= 3  # each is rounded


def test_each_section_named_is_in_its_notebook():
    """A section named in quotation marks is a heading of some notebook."""
    titles = table().replace('"', "").replace("`", "")
    before = TEXT.split("## The sections and their minutes")[0]
    named = re.findall(r"\"((?:[^\"\\]|\\\")+)\"", before)
    for name in named:
        assert name.replace('\\"', "") in titles + "Check yourself hello", name
