"""Notebook 01's room: vocabulary, one-hot vectors, chunks."""

import itertools
import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnlib as rnn
from tests.rnnlib import reference
from tests.rnnlib.reference import rejects

texts = st.text(min_size=1, max_size=40)


@given(texts)
def test_a_vocabulary_is_the_sorted_set_of_characters(text):
    vocabulary = rnn.Vocabulary.from_text(text)
    assert vocabulary.symbols == tuple(sorted(set(text)))
    assert len(vocabulary) == len(set(text))
    assert rnn.Vocabulary.from_text(text[::-1]) == vocabulary


@given(texts)
def test_decode_undoes_encode(text):
    vocabulary = rnn.Vocabulary.from_text(text)
    ids = vocabulary.encode(text)
    assert ids.shape == (len(text),) and ids.dtype.kind == "i"
    assert [vocabulary.symbols[k] for k in ids] == list(text)
    assert vocabulary.decode(ids) == text
    assert vocabulary.decode(ids.tolist()) == text
    assert vocabulary.decode(ids.astype(np.uint32)) == text


def test_no_characters_are_no_indices():
    vocabulary = rnn.Vocabulary.from_text("hello")
    ids = vocabulary.encode("")
    assert ids.shape == (0,) and ids.dtype.kind == "i"
    assert vocabulary.decode(ids) == vocabulary.decode([]) == ""


def test_a_vocabulary_of_one_symbol():
    vocabulary = rnn.Vocabulary.from_text("aaa")
    assert vocabulary.symbols == ("a",)
    assert vocabulary.encode("aa").tolist() == [0, 0]


def test_a_vocabulary_cannot_be_changed():
    with pytest.raises(AttributeError):
        rnn.Vocabulary.from_text("hello").symbols = ("a",)


def test_an_empty_text_has_no_vocabulary():
    with rejects("text", "at least one character"):
        rnn.Vocabulary.from_text("")


@given(st.text("abc", max_size=10), st.text("abcdef", max_size=10))
def test_encode_names_the_first_unknown_character_and_its_position(start, end):
    text = start + "x" + end
    message = f"text: expected .*, got 'x' at position {len(start)}$"
    with pytest.raises(ValueError, match=message):
        rnn.Vocabulary.from_text("abc").encode(text)


@pytest.mark.parametrize("symbols", ["hello", ("a", "b", "a")])
def test_a_vocabulary_with_repeats_is_rejected(symbols):
    with pytest.raises(ValueError, match="symbols: expected .*from_text"):
        rnn.Vocabulary(symbols).encode("a" if "a" in symbols else "h")


@pytest.mark.parametrize(
    ("ids", "expected", "got"),
    [
        ([0, 4], "0 ... 3", "4"),
        ([0, -1], "0 ... 3", "-1"),
        ([0.0, 1.0], "integers", "float64"),
        ([True], "integers", "bool"),
        ([[0, 1]], "", "(1, 2)"),
        (2, "", "()"),
        ("hello", "", ""),
    ],
)
def test_decode_rejects_what_are_not_indices(ids, expected, got):
    with rejects("ids", expected, got):
        rnn.Vocabulary.from_text("hello").decode(ids)


@st.composite
def ids_and_size(draw):
    V = draw(st.integers(1, 8))
    shape = draw(st.lists(st.integers(0, 4), max_size=3))
    size = math.prod(shape)
    ids = draw(st.lists(st.integers(0, V - 1), min_size=size, max_size=size))
    return np.array(ids, dtype=int).reshape(shape), V


@given(ids_and_size())
def test_one_hot_has_a_single_1_at_the_index(ids_V):
    ids, V = ids_V
    before = ids.copy()
    x = rnn.one_hot(ids, V)
    assert x.shape == (*ids.shape, V) and x.dtype == np.float64
    for at in np.ndindex(ids.shape):
        assert x[at].tolist() == [float(k == ids[at]) for k in range(V)]
    assert np.array_equal(ids, before)


def test_one_hot_takes_a_number_a_list_and_other_integers():
    assert rnn.one_hot(2, 4).tolist() == [0, 0, 1, 0]
    assert rnn.one_hot([1, 0], 2).tolist() == [[0, 1], [1, 0]]
    assert rnn.one_hot(np.uint8(1), 2).tolist() == [0, 1]
    assert rnn.one_hot([], 3).shape == (0, 3)
    assert rnn.one_hot([0, 0], 1).tolist() == [[1], [1]]


def test_one_hot_in_another_dtype():
    assert rnn.one_hot([1], 2, np.float32).dtype == np.float32


@pytest.mark.parametrize(
    ("ids", "expected", "got"),
    [
        ([0, 4], "0 ... 3", "4"),
        ([[0], [-1]], "0 ... 3", "-1"),
        ([0.0], "integers", "float64"),
        ([False], "integers", "bool"),
    ],
)
def test_one_hot_rejects_what_are_not_indices(ids, expected, got):
    with rejects("ids", expected, got):
        rnn.one_hot(ids, 4)


sizes = st.integers(1, 5)


def chunk_list(*args, **options):
    """The chunks, at most 1001 of them: should they never end, the test still does."""
    return list(itertools.islice(rnn.chunks(*args, **options), 1001))


@given(st.data(), sizes, sizes, st.integers(1, 3))
def test_chunks_are_those_of_the_reference(data, T, B, epochs):
    n = data.draw(st.integers(T * B + 1, 70))
    ids = data.draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    ours = chunk_list(ids, T, B, epochs)
    got = [(i.tolist(), t.tolist(), fresh) for i, t, fresh in ours]
    assert got == reference.chunks(ids, T, B) * epochs


@given(st.data(), sizes, sizes)
def test_every_full_chunk_is_used_and_none_twice(data, T, B):
    n = data.draw(st.integers(T * B + 1, 100))
    epoch = chunk_list(np.arange(n), T, B)  # each character is its position
    assert len(epoch) == (n - 1) // (T * B)
    inputs = np.array([chunk[0] for chunk in epoch])
    targets = np.array([chunk[1] for chunk in epoch])
    assert inputs.shape == ((len(epoch), T) if B == 1 else (len(epoch), T, B))
    assert np.array_equal(targets, inputs + 1)
    assert len(set(inputs.flat)) == inputs.size
    assert np.array_equal(inputs[1:, 0], inputs[:-1, -1] + 1)  # a stream goes on
    assert [fresh for *_, fresh in epoch] == [True] + [False] * (len(epoch) - 1)


@pytest.mark.parametrize("T", [1, 2, 25])
def test_texts_of_about_one_chunk(T):
    with rejects("ids", f"{T}", f"{T}"):
        rnn.chunks(np.zeros(T, int), T)
    for n in (T + 1, T + 2):
        ids = np.arange(n)
        assert len(chunk_list(ids, T)) == (n - 1) // T
        inputs, targets, fresh = next(rnn.chunks(ids, T))
        assert inputs.tolist() == ids[:T].tolist() and fresh is True
        assert targets.tolist() == ids[1 : T + 1].tolist()


def test_the_last_full_chunk_counts():
    """51 characters hold two chunks of 25; the source text skips the second."""
    inputs, targets, fresh = chunk_list(np.arange(51), 25)[-1]
    assert inputs.tolist() == list(range(25, 50)) and targets[-1] == 50 and not fresh


def test_without_epochs_the_chunks_never_end():
    endless = chunk_list(np.arange(11), 5, epochs=None)
    starts = [(inputs[0], fresh) for inputs, _, fresh in endless]
    assert starts == [(0, True), (5, False)] * 500 + [(0, True)]


@pytest.mark.parametrize("B", [1, 2])
def test_a_chunk_cannot_be_changed_by_accident(B):
    ids = np.arange(21)
    epochs = rnn.chunks(ids, 5, B, epochs=2)
    inputs, targets, _ = next(epochs)
    for array in (inputs, targets):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7
    ids[:] = 0  # nor by a change of the text it was cut from
    assert inputs.flat[0] == 0 and inputs.flat[-1] == (4 if B == 1 else 14)


# No next() below: a wrong argument is noticed before the first chunk is asked for.


@pytest.mark.parametrize(
    ("ids", "expected", "got"),
    [
        (np.zeros((4, 9), int), "", "(4, 9)"),
        (np.zeros(36), "integers", "float64"),
        ([0, 1, -5] * 9, "0 ...", "-5"),
        ("a text that nobody encoded", "", ""),
        ([], "more than", "0"),
    ],
)
def test_chunks_rejects_what_is_not_a_text(ids, expected, got):
    with rejects("ids", expected, got):
        rnn.chunks(ids, 5)


@pytest.mark.parametrize("wrong", [0, -1, 2.0, True, "3", None])
@pytest.mark.parametrize("name", ["T", "B"])
def test_chunks_rejects_sizes_that_are_not_whole_numbers(name, wrong):
    with rejects(name, "whole number from 1", repr(wrong)):
        rnn.chunks(np.arange(50), **{"T": 5, name: wrong})


def test_chunks_takes_the_whole_numbers_of_numpy():
    assert len(chunk_list(np.arange(50), np.int64(5), np.int32(2))) == 4


def test_every_stream_needs_a_chunk():
    assert len(chunk_list(np.arange(16), 5, 3)) == 1
    with rejects("ids", "15", "15"):
        rnn.chunks(np.arange(15), 5, 3)


@pytest.mark.parametrize("wrong", [0, -1, 1.5, "2", True])
def test_chunks_rejects_epochs_that_are_not_a_whole_number(wrong):
    with rejects("epochs", "whole number from 1", repr(wrong)):
        rnn.chunks(np.arange(50), 5, epochs=wrong)


# Words, large texts, and what an archive holds.


@given(st.lists(st.text("abc", min_size=1), min_size=1, max_size=20))
def test_words_are_joined_by_spaces(words):
    vocabulary = rnn.Vocabulary.from_text(words)
    ids = vocabulary.encode(words)
    assert [vocabulary.symbols[k] for k in ids] == words
    single = all(len(word) == 1 for word in words)
    assert vocabulary.decode(ids) == ("" if single else " ").join(words)


def test_a_str_is_no_text_of_words():
    with rejects("text", "known symbols", "'h' at position 1"):
        rnn.Vocabulary(["I", "have", "it"]).encode("Ihave")
    with rejects("text", "known symbols", "'her' at position 1"):
        rnn.Vocabulary(["I", "have", "it"]).encode(["it", "her"])


@pytest.mark.parametrize("start", ["", "x" * 65_534])
def test_every_character_there_is_can_be_a_symbol(start):
    """NUL, a half of a surrogate pair and the last one among them, across pieces."""
    text = start + "\0\ud800\U0010ffffé文🙂\0"
    vocabulary = rnn.Vocabulary.from_text(text)
    ids = vocabulary.encode(text)
    assert ids.dtype == np.int32
    assert ids.tolist() == [vocabulary.symbols.index(c) for c in text]
    assert vocabulary.decode(ids) == text
    for other in "\ud801\U0010fffeê🙃":
        with rejects("text", "known symbols", f"{other!r} at position {len(text)}"):
            vocabulary.encode(text + other + other)


def test_encode_takes_other_sequences_of_characters():
    vocabulary = rnn.Vocabulary("ehlo")
    assert vocabulary.symbols == ("e", "h", "l", "o")
    assert vocabulary.encode(["h", "e"]).tolist() == [1, 0]
    assert vocabulary.encode([]).dtype == np.int32


@pytest.mark.parametrize("wrong", [b"hello", 5, None, {"a": 1}, ["a", 1], ["a", None]])
def test_a_text_is_a_str_or_a_list_of_them(wrong):
    for read in (rnn.Vocabulary.from_text, rnn.Vocabulary("ab").encode):
        with rejects("text", "a str, or a list of words", type(wrong).__name__):
            read(wrong)


def test_a_large_text_needs_little_room():
    """Bytes a character, at most: for its indices, and for training on them."""
    vocabulary = rnn.Vocabulary("ab")
    params, text = rnn.Params.init(2, 1, 0), "ab" * 2_500_000
    tracemalloc.start()
    ids = vocabulary.encode(text)
    encoded = tracemalloc.get_traced_memory()[1] / len(text)
    run = rnn.Training(params, ids, 10)
    trained = tracemalloc.get_traced_memory()[1] / len(text)
    tracemalloc.stop()
    assert next(run).n == 1
    assert 4 <= encoded < 7 and 8 <= trained < 10


def test_unsigned_sizes_do_not_wrap_round():
    ids = np.arange(700)
    ours = chunk_list(ids, np.uint8(20), np.uint8(15))
    right = chunk_list(ids, 20, 15)
    assert len(ours) == len(right) == 2
    assert all(np.array_equal(a, b) for x, y in zip(ours, right) for a, b in zip(x, y))
    assert rnn.Params.init(np.uint8(200), np.uint8(3), 0).Wxh.shape == (3, 200)
    ids = [np.int8(-1)] * 2
    with rejects("ids", "0 ... 299", "-1"):
        rnn.one_hot(ids, 300)
