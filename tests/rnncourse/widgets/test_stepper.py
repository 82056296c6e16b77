"""The widget of notebook 02: its numbers, all its settings, its picture and readout."""

import html
import re
import struct

import numpy as np
import pytest

import rnnlib as rnn
from rnncourse.widgets import stepper
from tests.rnnlib import reference

SYMBOLS = ("e", "h", "l", "o")
SPELLER = rnn.Params.from_arrays(  # that of the notebook
    Wxh=[[-2, -2, 2, 0], [-2, 2, 0, 0], [0, 0, 0, 0]],
    Whh=[[0, 0, 0], [0, 0, 0], [2, 0, 0]],
    Why=[[-1, 2, 0], [0, 0, 0], [0, -1, -1], [1, 0, 1]],
    bh=[0, 0, -1],
    by=[0, -1, 0, 0],
)
# Weights and biases that are all different.
GENERIC = rnn.Params.from_arrays(**reference.generic_weights(3, 4, seed=3))
WORDS = ("hello", "anna", "banana", "mummum", "abcdef", "aa", "ab", "Ärger", "éÿßſ")


def numbers(words):
    """The numbers of a readout that have two digits after the point."""
    return [float(n) for n in re.findall(r"-?\d+\.\d\d", words.replace("−", "-"))]


def computed(word, params, symbols, carry):
    """By the reference: for each step, what the readout of each quantity shows."""
    weights = dict(params.items())
    Wxh, Whh, bh = weights["Wxh"], weights["Whh"], weights["bh"]
    h_prev, steps = np.zeros(params.H), []
    for letter in word[:-1]:
        k = symbols.index(letter)
        h, y = (rows[0] for rows in reference.forward(weights, [k], h_prev))
        terms = [Wxh[:, k], Whh @ h_prev, bh]
        p = np.array(reference.softmax(list(y)))
        steps.append({"a": [*terms, sum(terms)], "h": [h], "y": [y], "p": [p]})
        h_prev = h if carry else np.zeros(params.H)
    return steps


@pytest.fixture
def undrawn(monkeypatch):
    """In place of pictures: a list of what they were to be drawn from."""
    drawn = []
    figures = stepper.figures
    monkeypatch.setattr(figures, "stepping", lambda *given: drawn.append(given))
    return drawn


@pytest.mark.parametrize("carry", [True, False])
@pytest.mark.parametrize("word", ["hello", "lllo", "helloe"])
@pytest.mark.parametrize("params", [SPELLER, GENERIC], ids=["speller", "generic"])
def test_the_readout_has_the_numbers_of_every_stage(undrawn, params, word, carry):
    steps = computed(word, params, SYMBOLS, carry)
    for t, step in enumerate(steps):
        earlier = word.rfind(word[t], 0, t)
        for k, quantity in enumerate("xahyp"):
            stage = 5 * t + k
            _, words = stepper.stage_at(stage, carry, word, params, SYMBOLS)
            assert words.startswith(f"t = {t}, input {word[t]}: {quantity} = ")
            if quantity == "x":
                one_hot = [int(symbol == word[t]) for symbol in SYMBOLS]
                assert f": x = {one_hot}." in words
                assert words.count(str(one_hot)) == (1 if earlier < 0 else 2)
            else:
                expected = list(step[quantity])
                if earlier >= 0:
                    expected.append(steps[earlier][quantity][-1])
                expected = np.concatenate(expected)
                assert numbers(words) == pytest.approx(expected, abs=0.00501)
            again = f" At t = {earlier}, also with {word[t]}: "
            assert (again in words) == (earlier >= 0)
            assert words.count("also with") == (earlier >= 0)
        best = SYMBOLS[np.argmax(step["y"])]
        assert f"Highest: {best}, target: {word[t + 1]}." in words


def test_the_numbers_of_a_symbol_stand_behind_it(undrawn):
    _, words = stepper.stage_at(13, True, "hello", SPELLER, SYMBOLS)
    assert words == (
        "t = 2, input l: y = Why @ h + by: e −0.96, h −1.00, l 0.99, o −0.03. "
        "Highest: l."
    )


def test_no_zero_is_negative(undrawn):
    slightly = SPELLER.with_theta(np.full(SPELLER.theta.size, -0.001))
    for stage in (1, 2, 3):
        _, words = stepper.stage_at(stage, True, "he", slightly, SYMBOLS)
        assert "0.00" in words and "−" not in words


def test_the_two_l_s_as_the_notebook_says(undrawn):
    def at(t, quantity, carry):
        stage = 5 * t + "xahyp".index(quantity)
        words = stepper.stage_at(stage, carry, "hello", SPELLER, SYMBOLS)[1]
        return words.split(": ", 1)[1].split(" At t")[0]

    assert at(2, "x", True) == at(3, "x", True)
    assert all(at(2, name, True) != at(3, name, True) for name in "ahyp")
    for name in "xahy":
        assert at(2, name, False) == at(3, name, False)
    highest = [at(t, "y", False)[-2] for t in range(4)]
    assert highest == ["e", "l", "l", "l"]
    assert [at(t, "y", True)[-2] for t in range(4)] == ["e", "l", "l", "o"]


@pytest.mark.parametrize("carry", [True, False])
def test_the_picture_is_of_the_stage(undrawn, carry):
    for stage in range(20):
        stepper.stage_at(stage, carry, "hello", GENERIC, SYMBOLS)
    steps = computed("hello", GENERIC, SYMBOLS, carry)
    for stage, given in enumerate(undrawn):
        params, inputs, targets, states, symbols, t, quantity, carried = given
        assert (t, quantity) == (stage // 5, "xahyp"[stage % 5])
        assert params is GENERIC and symbols == SYMBOLS and carried is carry
        assert list(inputs) == [1, 0, 2, 2] and list(targets) == [0, 2, 2, 3]
        assert np.allclose(states.h, [step["h"][0] for step in steps])
        assert np.allclose(states.y, [step["y"][0] for step in steps])
        before = [np.zeros(3), *states.h[:-1]] if carry else np.zeros((4, 3))
        assert np.array_equal(states.h_prev, before)


@pytest.mark.parametrize("word", WORDS)
def test_a_network_is_trained_until_it_spells_the_word(word):
    params, symbols = stepper.trained(word, 3)
    assert params.H == 3 and symbols == tuple(sorted(set(word)))
    for t, step in enumerate(computed(word, params, symbols, True)):
        assert step["p"][0][symbols.index(word[t + 1])] > 0.8
        # Wider numbers would not fit into the boxes of the picture.
        assert max(np.abs(rows).max() for rows in (step["a"][-1:], step["y"])) < 9.99


def test_training_is_adagrad_from_random_weights():
    ids = [0, 1, 1, 0]  # anna
    first = rnn.Params.init(2, 3, rng=0, scale=0.5)
    slow = reference.Training(dict(first.copy().items()), ids, T=3)
    for _ in range(200):
        slow.step()
    params, _ = stepper.trained("anna", 3)
    assert reference.off_by(params.theta, reference.flat(slow.weights)) < 1e-9


WRONG = [
    ("", "A word has 2 to 6 letters, this one 0."),
    ("a", "A word has 2 to 6 letters, this one 1."),
    ("abcdefg", "A word has 2 to 6 letters, this one 7."),
    ("hello " * 2000, "A word has 2 to 6 letters, this one 12000."),
    ("a b", "' ' at position 1 is not a Latin letter."),
    ("ab\n", "'\\n' at position 2 is not a Latin letter."),
    ("a\r\nb", "'\\r' at position 1 is not a Latin letter."),
    ("<b>", "'<' at position 0 is not a Latin letter."),
    ("it's", '"\'" at position 2 is not a Latin letter.'),
    ("h3llo", "'3' at position 1 is not a Latin letter."),
    ("日本", "'日' at position 0 is not a Latin letter."),
    ("мир", "'м' at position 0 is not a Latin letter."),
    ("e\u0301te", "'\u0301' at position 1 is not a Latin letter."),
    ("ok\ud800", "'\\ud800' at position 2 is not a Latin letter."),
    ("😀😀", "'😀' at position 0 is not a Latin letter."),
]


def test_what_is_wrong_with_a_word_is_said_and_the_picture_stays(widget):
    controls, picture, readout = parts(widget)
    controls["stage"].value = 7
    before = picture.value
    for word, said in WRONG:
        controls["word"].value = word
        assert text(readout) == f"{said} The picture is of hello."
        assert picture.value == before
        assert (controls["stage"].value, controls["stage"].max) == (7, 19)
    controls["stage"].value = 8  # the picture can still be worked
    assert picture.value != before
    controls["word"].value = "hello"
    assert text(readout).startswith("t = 1, input e: y = ")


@pytest.fixture
def widget():
    return stepper.stepper("hello", SPELLER, SYMBOLS)


def parts(widget):
    """The controls by their description, the picture and the readout."""
    *shelves, _, picture, readout = widget.children
    controls = {c.description: c for shelf in shelves for c in shelf.children}
    return controls, picture, readout


def text(readout):
    """The words of the readout, as they are read."""
    return html.unescape(re.sub("<.*?>", "", readout.value))


def test_every_control_moves_the_picture_and_the_readout(widget):
    controls, picture, readout = parts(widget)
    assert list(controls) == ["word", "stage", "carry the state on"]
    assert text(readout) == "t = 0, input h: x = [0, 1, 0, 0]."
    for name, value in {
        "stage": 17,
        "carry the state on": False,
        "word": "lol",
    }.items():
        before = picture.value, readout.value
        controls[name].value = value
        assert picture.value != before[0]
        assert readout.value != before[1]


@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")
@pytest.mark.parametrize("carry", [True, False])
@pytest.mark.parametrize("word", ["hello", "abcdef", "aa", "Ärger"])
def test_every_setting_and_every_corner_has_a_picture_of_one_size(widget, word, carry):
    controls, picture, readout = parts(widget)
    controls["carry the state on"].value = carry
    controls["word"].value = word
    slider, shown, sizes = controls["stage"], {}, set()
    assert (slider.min, slider.max) == (0, 5 * (len(word) - 1) - 1)
    everywhere = (word, carry) in (("hello", True), ("abcdef", False))
    for stage in range(slider.max + 1) if everywhere else (0, slider.max):
        slider.value = stage
        shown[text(readout)] = bytes(picture.value)
        sizes.add((picture.width, *struct.unpack(">II", picture.value[16:24])))
    ((shown_width, width, height),) = sizes
    assert shown_width == "800px" and height / width == 0.65  # for every word
    assert len(set(shown.values())) == len(shown) >= 2
    assert len(shown) == slider.max + 1 or not everywhere


@pytest.mark.parametrize("carry", [True, False])
@pytest.mark.parametrize("word", [*WORDS, "abcdae", "WMWMäQ"])
def test_the_readout_fits_two_lines(undrawn, word, carry):
    network = stepper.trained(word, 3)
    for stage in range(stepper.last_stage(word) + 1):
        _, words = stepper.stage_at(stage, carry, word, *network)
        assert len(words) <= 205


def test_a_shorter_word_ends_at_its_own_last_stage(widget):
    controls, _, readout = parts(widget)
    controls["stage"].value = 19
    controls["word"].value = "lol"
    assert (controls["stage"].value, controls["stage"].max) == (9, 9)
    assert text(readout).startswith("t = 1, input o: p = ")
    controls["word"].value = "banana"
    assert (controls["stage"].value, controls["stage"].max) == (9, 24)


def test_words_of_known_symbols_are_read_by_the_network_that_was_given(widget):
    controls, _, readout = parts(widget)
    before = SPELLER.theta.copy()
    controls["stage"].value = 4
    controls["word"].value = "lol"
    assert "softmax(y): e 0.09, h 0.09, l 0.52, o 0.30." in text(readout)
    controls["word"].value = "lulu"  # u is not among its symbols
    assert "softmax(y): l 0.00, u 1.00." in text(readout)
    controls["word"].value = "hole"
    assert "e 0.93, h 0.02, l 0.04, o 0.01." in text(readout)
    assert np.array_equal(SPELLER.theta, before)
