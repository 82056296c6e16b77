"""The trained networks that ship: they are what they are said to be."""

from pathlib import Path

import numpy as np
import pytest

import rnnlib as rnn
from rnncourse import networks

ROOT = Path(__file__).resolve().parents[2]
LOSSES = [1.760, 1.766, 1.765]  # nats a character on the last tenth, data/README.md


@pytest.fixture(scope="module")
def trained():
    return networks.trained()


@pytest.fixture(scope="module")
def ids():
    text = rnn.load_corpus()
    return rnn.Vocabulary.from_text(text).encode(text)


def test_there_are_three_of_one_size(trained, ids):
    assert len(trained) == len(networks.SEEDS) == 3
    for params in trained:
        assert (params.V, params.H) == (ids.max() + 1, 100) == (64, 100)
        assert params.dtype == np.float32
    thetas = [params.theta for params in trained]
    assert np.abs(np.corrcoef(thetas) - np.eye(3)).max() < 0.5  # no two are one


def test_their_loss_on_the_text_that_they_have_not_read(trained, ids):
    held_out = ids[len(ids) * 9 // 10 :]
    losses = [rnn.evaluate(params, held_out) for params in trained]
    assert losses == pytest.approx(LOSSES, abs=5e-4)
    said = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert ", ".join(f"{nats:.3f}" for nats in LOSSES) in said


def test_each_is_its_untrained_one_gone_on(trained):
    """The weights of a symbol that hardly comes are still near where they began."""
    rare = 3  # the dollar sign, once in the text
    for seed, params in enumerate(trained):
        others = [networks.untrained(s).Wxh[:, rare] for s in range(3)]
        agree = [np.corrcoef(params.Wxh[:, rare], other)[0, 1] for other in others]
        assert np.argmax(agree) == seed and agree[seed] > 0.8, agree


def test_the_file_is_small():
    assert (ROOT / "data" / networks.FILE).stat().st_size < 300_000


def test_a_missing_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(networks, "FOLDERS", [tmp_path])
    with pytest.raises(FileNotFoundError, match="networks.npz is missing"):
        networks.trained()
