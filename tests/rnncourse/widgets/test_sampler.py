"""The sampler of notebook 06: what it shows is what the reference computes."""

import html
import itertools
import re

import numpy as np
import pytest

import rnnlib as rnn
from rnncourse.figures import training as figures
from rnncourse.widgets.sampler import LONGEST, sample_at, sampler
from tests.rnnlib.reference import NAMES
from tests.rnnlib.reference import forward as slow_forward
from tests.rnnlib.reference import sample as slow_sample
from tests.rnnlib.reference import softmax as slow_softmax

TEXT = "To be, or not to be: <that> & is\nthe question.\n" * 20
VOCABULARY = rnn.Vocabulary.from_text(TEXT)
V, H = len(VOCABULARY), 8
PARAMS = rnn.Params.init(V, H, rng=5, scale=0.8)
WEIGHTS = {name: block.copy() for name, block in PARAMS.items()}


def shown(widget):
    """The text of a readout or a passage, as it is read."""
    return html.unescape(re.sub("<.*?>", "", widget.value))


def slow_answer(prompt, temperature, seed):
    """p of the next character and the text, from the reference."""
    ids = [VOCABULARY.symbols.index(symbol) for symbol in prompt]
    h, y = slow_forward(WEIGHTS, ids, np.zeros(H))
    p = slow_softmax(list(y[len(ids) - 1] / temperature))
    u = np.random.default_rng(seed).random(200)
    drawn = slow_sample(WEIGHTS, h[len(ids) - 2], ids[-1], u, temperature)
    return np.array(p), "".join(VOCABULARY.symbols[k] for k in drawn)


SIGNS = str.maketrans({" ": "␣", "\n": "↵"})


@pytest.mark.parametrize("prompt", ["T", "To b", "\n", "question.\nthe "])
@pytest.mark.parametrize("temperature", [0.1, 0.8, 2.0])
@pytest.mark.parametrize("seed", [0, 9999])
def test_the_sampler_agrees_with_the_reference(prompt, temperature, seed):
    figure, words, drawn = sample_at(PARAMS, VOCABULARY, prompt, temperature, seed)
    p, text = slow_answer(prompt, temperature, seed)
    assert drawn == text
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert heights[:10] == pytest.approx(np.sort(p)[:-11:-1].tolist())
    top = [VOCABULARY.symbols[k].translate(SIGNS) for k in np.argsort(-p)[:3]]
    assert words == (
        f"after '{prompt}': p({top[0]}) = {p.max():.3f} at temperature {temperature}; "
        f"the likeliest: {' '.join(top)}; drawn first: {text[0].translate(SIGNS)}"
    ).replace("\n", "↵")


@pytest.mark.parametrize("seed", [0, 7])
def test_the_text_is_that_of_sample(seed):
    ids = VOCABULARY.encode("to be")
    h = rnn.forward(PARAMS, ids[:-1]).h[-1]
    drawn = rnn.sample(PARAMS, h, ids[-1], 200, seed, temperature=0.7)
    _, _, text = sample_at(PARAMS, VOCABULARY, "to be", 0.7, seed)
    assert text == VOCABULARY.decode(drawn)


@pytest.fixture
def widget():
    return sampler(PARAMS, VOCABULARY, "to b")


def parts(widget):
    """The controls by their description, the picture, the readout and the text."""
    *shelves, _, picture, readout, passage = widget.children
    controls = {c.description: c for shelf in shelves for c in shelf.children}
    return controls, picture, readout, passage


def test_every_control_moves_the_picture_the_readout_and_the_text(widget):
    controls, picture, readout, passage = parts(widget)
    assert list(controls) == ["prompt", "temperature", "seed"]
    for name, value in {"prompt": "to be", "temperature": 0.5, "seed": 4}.items():
        before = picture.value, readout.value, passage.value
        controls[name].value = value
        for old, new in zip(before, (picture.value, readout.value, passage.value)):
            assert old != new, name
    _, text = slow_answer("to be", 0.5, 4)
    assert shown(passage) == "to be" + text
    assert shown(readout) == sample_at(PARAMS, VOCABULARY, "to be", 0.5, 4)[1]


LONG = (TEXT * 3)[:LONGEST]


def test_every_setting_has_an_answer(monkeypatch):
    monkeypatch.setattr(figures, "next_character", lambda *_: None)  # slow
    settings = [("to b", step / 10, 1) for step in range(1, 21)]
    settings += [("to b", 1, k) for k in np.linspace(0, 9999, 20).astype(int)]
    settings += itertools.product([*VOCABULARY.symbols, LONG], [1], [1])
    settings += itertools.product(["T", LONG], [0.1, 2], [0, 9999])
    for prompt, temperature, seed in settings:
        _, said, text = sample_at(PARAMS, VOCABULARY, prompt, temperature, seed)
        numbers = re.search(r"': p\(.\) = ([\d.]+) at temperature ([\d.]+); ", said)
        assert 1 / V <= float(numbers[1]) + 5e-4 <= 1.001
        assert float(numbers[2]) == temperature
        assert len(said) < 140 and "\n" not in said and len(text) == 200


def test_from_end_to_end_the_picture_keeps_its_size(widget):
    controls, picture, readout, passage = parts(widget)
    prompt, temperature, seed = controls.values()
    sizes = set()
    for temperature.value in (0.1, 0.2, 1.0, 1.9, 2.0):
        assert f" at temperature {temperature.value}; " in shown(readout)
        sizes.add((picture.width, picture.value[16:24]))
    for prompt.value, seed.value in itertools.product(["T", LONG], [0, 9999]):
        assert len(shown(passage)) == len(prompt.value) + 200
        sizes.add((picture.width, picture.value[16:24]))
    assert len(sizes) == 1
    assert (temperature.min, temperature.max) == (0.1, 2)
    assert (seed.min, seed.max) == (0, 9999)


ODD = [
    ("", "The prompt is empty."),
    ("to €ß", f"'€' at position 3 of the prompt, counted from 0, is not one of "
     f"the {V} symbols"),
    ("to\tbe", r"'\t' at position 2"),
    ("Z", "'Z' at position 0"),
    ("t" * 1001, "The prompt has 1,001 characters, more than 1,000."),
]  # fmt: skip


def test_an_odd_prompt_is_explained_and_the_picture_stays(widget):
    controls, picture, readout, passage = parts(widget)
    before = picture.value, passage.value, readout.value
    for prompt, words in ODD:
        controls["prompt"].value = prompt
        assert shown(readout).startswith(words)
        assert shown(readout).endswith("Shown is 'to b'.")
        assert (picture.value, passage.value) == before[:2]
        controls["seed"].value = 2
        assert shown(readout).startswith(words)
        controls["seed"].value = 1
        controls["prompt"].value = "to b"
        assert (picture.value, passage.value, readout.value) == before


def test_of_a_long_prompt_the_readout_has_the_end():
    for prompt in ("t" * 30, "T" + "o" * 30):
        _, words, _ = sample_at(PARAMS, VOCABULARY, prompt, 1, 0)
        assert words[7:37] in (prompt, "…" + prompt[-29:])
        assert words.startswith("': p(", 37)


def test_a_pasted_line_break_is_a_symbol_like_any_other(widget):
    controls, _, readout, passage = parts(widget)
    controls["prompt"].value = "is\nthe"
    assert shown(readout).startswith("after 'is↵the': p(")
    assert shown(passage).startswith("is\nthe")


def test_an_unknown_first_prompt_is_an_error():
    with pytest.raises(ValueError, match="'€' at position 0"):
        sampler(PARAMS, VOCABULARY, "€")


def test_a_vocabulary_of_one_symbol():
    params = rnn.Params.init(1, 2, rng=0)
    figure, words, text = sample_at(params, rnn.Vocabulary(("a",)), "a", 1, 0)
    assert text == "a" * 200 and "p(a) = 1.000" in words


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_untrained_weights_will_do(dtype):
    params = rnn.Params.init(V, H, rng=0, dtype=dtype)
    _, words, text = sample_at(params, VOCABULARY, "to", 1.0, 0)
    assert float(re.search(r"= ([\d.]+)", words)[1]) == pytest.approx(1 / V, abs=1e-3)
    assert len(text) == 200


def test_the_reference_has_the_same_blocks():
    assert tuple(WEIGHTS) == NAMES
