"""Notebook 00 invites other words into its trailer: its cells hold for them too."""

import math
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest

import rnncourse

(PATH,) = (Path(__file__).parents[2] / "notebooks").glob("00_*.ipynb")
CODE = [c.source for c in nbformat.read(PATH, 4).cells if c.cell_type == "code"]


def run(word, monkeypatch, capsys):
    """Run the notebook with this word: its names, and what it printed."""
    texts, namespace = [], {}

    def draw(figure):
        figure.canvas.draw()
        texts.append(figure.alt)

    monkeypatch.setattr(rnncourse, "show", draw)
    for source in CODE:
        exec(source.replace('word = "hello"', f"word = {word!r}"), namespace)
    return namespace, capsys.readouterr().out, texts


@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")
@pytest.mark.parametrize(
    "word",
    "hello banana Mississippi ab aa grüße 日本語日本人".split()
    + ["to be or not to be"],
)
def test_the_trailer_holds_for_another_word(word, monkeypatch, capsys):
    namespace, printed, texts = run(word, monkeypatch, capsys)
    pairs = Counter(zip(word, word[1:]))
    before = Counter(word[:-1])
    costs = [n * math.log(before[pair[0]] / n) for pair, n in pairs.items()]
    floor = sum(costs) / (len(word) - 1)
    assert namespace["word"] == word
    assert f"mean: {floor:.3f} nats a character" in printed
    assert f"{word[:-1]} -> {word[1:]}" in printed
    assert printed.count(" nats\n") == len(word) - 1
    assert ("A dashed line" if floor else "The best with pairs is 0") in texts[-1]


def test_a_text_that_is_not_learned_says_so(monkeypatch, capsys):
    with pytest.raises(AssertionError, match="not learned yet"):
        run("a" * 20 + "b", monkeypatch, capsys)


def test_only_one_cell_names_the_word():
    assert [len(re.findall("hello", source)) for source in CODE].count(0) == (
        len(CODE) - 2  # the word itself, and the figure named after it
    )
