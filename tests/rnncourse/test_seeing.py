"""What notebooks show: `same`, `show`, numbered source, the toy, the style."""

import struct
import subprocess
import sys
from base64 import b64decode

import numpy as np
import pytest

import rnnlib as rnn
from rnncourse import same, show, toy
from rnncourse.figures.style import RULES, new_figure, styled
from rnncourse.seeing import CHAIN_RULE, annotated, digits


def test_same_prints_both_sides_and_the_bound(capsys):
    same([1.00004, -1e-9], [1.00004, 0.0], tol=1e-8)
    assert capsys.readouterr().out == (
        "left  [ 1.0000  0.0000]\n"
        "right [ 1.0000  0.0000]\n"
        "largest difference: at most 1e-08\n"
    )


def test_same_fails_above_the_tolerance_and_names_the_difference():
    same([1.0, 2.0], [1.0, 2.0 + 9e-7], tol=1e-6)
    with pytest.raises(AssertionError, match="1.1e-06, above 1e-06"):
        same([1.0, 2.0], [1.0, 2.0 + 1.1e-6], tol=1e-6)
    with pytest.raises(AssertionError, match="nan"):
        same([1.0, np.nan], [1.0, 2.0], tol=1e-6)


@pytest.mark.parametrize(
    "left, right, difference",
    [
        (np.int8([100, 0]), np.int8([-28, 0]), "1.3e.02"),
        (np.uint8([0, 0]), np.uint8([1, 0]), "1.0e.00"),
        (np.array([True, False]), np.array([True, True]), "1.0e.00"),
    ],
)
def test_same_of_integers_is_that_of_floats(left, right, difference, capsys):
    """In int8, 100 - -28 is -128, and so is its absolute value."""
    same(left, left)
    assert capsys.readouterr().out.startswith("left  [")
    with pytest.raises(AssertionError, match=f"difference {difference}, above"):
        same(left, right)


def test_same_of_many_numbers_prints_one_row_of_each_side(capsys):
    table = np.arange(26.0).reshape(2, 13)
    same(table, table)
    assert capsys.readouterr().out == (
        "shape (2, 13), row 0 of each:\n"
        "left  [ 0.0000  1.0000  2.0000 ...  10.0000  11.0000  12.0000]\n"
        "right [ 0.0000  1.0000  2.0000 ...  10.0000  11.0000  12.0000]\n"
        "the other rows agree too; largest difference: at most 1e-12\n"
    )
    same(table[:, :6], table[:, :6])
    assert capsys.readouterr().out.startswith("left  [[ 0.0000")
    same(table[0], table[0])
    assert capsys.readouterr().out.startswith("left  [ 0.0000  1.0000  2.0000 ...")


def test_same_prints_the_row_that_differs_most(capsys):
    table = np.zeros((2, 3, 4))
    wrong = table.copy()
    wrong[1, 0, 2], wrong[0, 0, 0] = 7.0, 1.0
    with pytest.raises(AssertionError, match="7.0e.00, above"):
        same(table, wrong)
    out = capsys.readouterr().out
    assert out.startswith("shape (2, 3, 4), row 3 of each:\n") and "7.0000" in out
    wrong[:] = np.nan
    with pytest.raises(AssertionError, match="nan"):
        same(table[:, 0, :2], wrong[:, 0, :2])


def test_same_does_not_broadcast():
    with pytest.raises(AssertionError, match=r"\(2,\), \(1, 2\)"):
        same([1.0, 2.0], [[1.0, 2.0]])


def test_digits_of_long_arrays_fit_the_slide():
    lines = digits(np.arange(1000.0).reshape(10, 100), indent=6).splitlines()
    assert "..." in lines[0] and max(map(len, lines)) <= 75


def test_show_displays_the_picture_with_its_text_and_the_text_folded(monkeypatch):
    shown = []
    monkeypatch.setattr(
        "rnncourse.seeing.display", lambda *a, **k: shown.append((a, k))
    )
    figure, _ = new_figure(6.0, 2.0)
    figure.alt = "Two bars of 3 and 4: a < b."
    show(figure)
    ((bundle,), options), ((words,), raw) = shown
    picture = b64decode(bundle["image/png"])
    assert struct.unpack(">II", picture[16:24]) == (900, 300)
    assert bundle["text/plain"] == figure.alt
    about = {"alt": figure.alt, "width": 600}
    assert options == {"metadata": {"image/png": about}, "raw": True}
    said = "Two bars of 3 and 4: a &lt; b."
    summary = "<summary>The picture in words</summary>"
    assert words == {"text/html": f"<details>{summary}{said}</details>"}
    assert raw == {"raw": True}


def test_what_differs_from_run_to_run_goes_with_the_picture_only(monkeypatch):
    shown = []
    monkeypatch.setattr(
        "rnncourse.seeing.display",
        lambda *data, **options: shown.append((data, options)),
    )
    figure, _ = new_figure(6.0, 2.0)
    figure.alt, figure.measured = "Two bars.", "Lengths: 3.1 and 4.2."
    show(figure)
    ((bundle,), options), ((words,), _) = shown
    assert bundle["text/plain"] == "Two bars."
    assert "Lengths" not in words["text/html"]
    about = options["metadata"]["image/png"]
    assert about["alt"] == "Two bars. Lengths: 3.1 and 4.2."


def test_show_wants_a_text():
    figure, _ = new_figure(6.0, 2.0)
    with pytest.raises(ValueError, match="figure: expected .* figure.alt, got none"):
        show(figure)


def test_the_toy_is_small_round_and_fresh():
    one, two = toy(), toy()
    one.params.theta[:] = 7
    assert (two.params.theta != 7).all()
    assert (two.params.theta * 2 == np.round(two.params.theta * 2)).all()
    assert (two.params.V, two.params.H, len(two.inputs)) == (3, 2, 2)
    vocabulary = rnn.Vocabulary(two.symbols)
    assert vocabulary.decode(two.inputs) + vocabulary.decode(two.targets)[-1] == "hi!"
    assert (two.inputs[1:] == two.targets[:-1]).all()
    # Whh not symmetric, so that a missing transpose shows.
    assert (two.params.Whh != two.params.Whh.T).any()


def test_styled_draws_in_the_style_and_leaves_the_defaults():
    import matplotlib

    @styled
    def draw():
        """Doc."""
        return dict(matplotlib.rcParams)

    before = dict(matplotlib.rcParams)
    inside = draw()
    assert draw.__doc__ == "Doc." and draw.__name__ == "draw"
    assert inside["font.size"] == RULES["font.size"] == 13
    assert dict(matplotlib.rcParams) == before


def doubled(x):
    """A sample: its docstring has y = 0 in it."""
    y = 2 * x  # a comment
    if y:
        y = float(y)
    return y


def test_numbers_stand_in_front_of_their_lines():
    text = annotated(doubled, {"2 * x": "1.1", "return": "1.2"})
    lines = [
        "1.1   y = 2 * x",
        "      if y:",
        "          y = float(y)",
        "1.2   return y",
    ]
    assert text.splitlines() == lines


@pytest.mark.parametrize(("piece", "lines"), [("y = 0", 0), ("y =", 2)])
def test_a_piece_must_be_in_exactly_one_line(piece, lines):
    with pytest.raises(ValueError, match=f"in {lines} lines of doubled"):
        annotated(doubled, {piece: "1.1"})


def test_every_number_of_the_chain_rule_finds_its_line():
    text = annotated(rnn.bptt.chain_rule, CHAIN_RULE)
    assert sum(line[:1] == "4" for line in text.splitlines()) == len(CHAIN_RULE)
    assert '"""' not in text and "#" not in text


def test_same_compares_where_python_leaves_asserts_out():
    code = "from rnncourse.seeing import same; same(1, 2)"
    done = subprocess.run([sys.executable, "-O", "-c", code], capture_output=True)
    assert b"AssertionError: largest difference 1.0e+00" in done.stderr
    assert b"at most" not in done.stdout
