"""The trained networks that ship: they are what they are said to be."""

import re
from itertools import islice
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


# What notebook 10 says was measured outside it, in three networks of each kind.

NAME = r"(?<=\n\n)[A-Z][^\n:]*(?=:)"  # of a speaker, as in the notebook


def orthogonal(seed):
    params = networks.untrained(seed)
    square = np.random.default_rng(seed).normal(size=(100, 100))
    params.Whh = np.linalg.qr(square)[0]
    return params


def names(text):
    flags = np.zeros(len(text))
    for match in re.finditer(NAME, text):
        flags[match.start() : match.end()] = 1
    return flags


def beyond(rows, groups):
    """Rows without the mean of their group, (T, n)."""
    _, group, counts = np.unique(groups, return_inverse=True, return_counts=True)
    sums = np.zeros((len(counts), rows.shape[1]))
    np.add.at(sums, group, rows)
    return rows - (sums / counts[:, None])[group]


def confirmed(nets, pieces, group):
    """Chosen on one piece, on the other: |correlation| with names beyond the group."""
    found = []
    for params in nets:
        r = []
        for piece, text in pieces:
            h = rnn.forward(params, piece).h.astype(float)
            a, b = (beyond(x, group(piece)) for x in (h, names(text)[:, None]))
            r.append(np.abs(a.T @ b)[:, 0] / np.sqrt((a**2).sum(0) * (b**2).sum()))
        found.append(r[1][r[0].argmax()])
    return np.round(found, 2)


def test_memory_of_names_beyond_one_and_two_characters(trained, ids):
    vocabulary = rnn.Vocabulary.from_text(rnn.load_corpus())
    starts = len(ids) * 9 // 10, len(ids) * 19 // 20
    cuts = [ids[at:][:20_000] for at in starts]
    pieces = [(piece, vocabulary.decode(piece)) for piece in cuts]
    untrained = [networks.untrained(seed) for seed in networks.SEEDS]
    far = [orthogonal(seed) for seed in networks.SEEDS]

    def one(piece):
        return piece

    def two(piece):
        return 64 * np.append(0, piece[:-1]) + piece

    def ends(*args):
        numbers = confirmed(*args)
        return numbers.min(), numbers.max()

    assert ends(trained, pieces, one) == pytest.approx((0.68, 0.83))  # as printed
    assert ends(far, pieces, one) == pytest.approx((0.14, 0.22))
    assert ends(trained, pieces, two) == pytest.approx((0.45, 0.66))
    assert ends(untrained, pieces, two) == pytest.approx((0.14, 0.20))


def influence_at(params, ids, lag=14):
    """The median influence at this lag, as a share of that at lag 0."""
    shares = []
    for end in range(30, 20_000, 400):
        run = rnn.forward(params, ids[end - 30 : end])
        p = rnn.softmax(run.y[-1])
        dh = params.Why.T @ (p - rnn.one_hot(ids[end], 64))
        sizes = []
        for t in range(29, 28 - lag, -1):
            da = (1 - run.h[t] ** 2) * dh
            sizes.append(np.linalg.norm(params.Wxh.T @ da))
            dh = params.Whh.T @ da
        shares.append(sizes[lag] / sizes[0])
    return np.median(shares)


@pytest.mark.parametrize("seed", networks.SEEDS)
def test_shuffled_plays_shorten_a_long_memory_and_lengthen_a_short_one(ids, seed):
    cut = len(ids) * 9 // 10
    shuffled = np.random.default_rng(seed).permutation(ids[:cut])

    def before_and_after(params):
        before = influence_at(params, ids[cut:])
        method = rnn.Adam(params, 0.015)
        run = rnn.Training(params, shuffled, 25, 16, method)
        for step in islice(run, 400):
            method.lr = 0.015 * (1 + np.cos(np.pi * step.n / 400)) / 2
        return before, influence_at(params, ids[cut:])

    before, after = before_and_after(orthogonal(seed))
    assert after < before / 3
    before, after = before_and_after(networks.untrained(seed))
    assert after > 1000 * before
