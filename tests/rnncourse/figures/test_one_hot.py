"""The figures of notebook 01, by the data on their axes."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

import rnnlib as rnn
from rnncourse import toy
from rnncourse.figures import one_hot as figures
from rnncourse.figures.style import GROUND, INPUT, TARGET

LINE = "Before we proceed any further, hear me speak."


def one_hot_figure(text):
    vocabulary = rnn.Vocabulary.from_text(text)
    x = rnn.one_hot(vocabulary.encode(text), len(vocabulary))
    return figures.one_hot_columns(x, text, vocabulary.symbols), x


def labels(ticks):
    return "".join(tick.get_text() for tick in ticks)


def boxes(axes):
    """The characters of each row of boxes: {top: [(left, character, colour)]}."""
    rows = {}
    characters = [text for text in axes.texts if text.get_family() == ["monospace"]]
    for box, text in zip(axes.patches, characters, strict=True):
        left, top = box.get_xy()
        assert text.get_position() == (left + 0.5, top + 0.5)
        color = to_hex(box.get_facecolor()).upper()
        assert (box.get_linestyle() == ":") == (color == GROUND)
        rows.setdefault(top, []).append((left, text.get_text(), color))
    return {top: sorted(row) for top, row in rows.items()}


def drawn(row, color):
    """The characters of a row that have this colour."""
    return "".join(text for _, text, its in row if its == color)


@pytest.mark.parametrize("text", ["hello", LINE])
def test_each_column_of_the_image_is_the_one_hot_vector_of_its_character(text):
    figure, x = one_hot_figure(text)
    (axes,) = figure.axes
    image = axes.images[0].get_array()
    assert np.array_equal(image, x.T)
    shown = text.replace(" ", "␣")
    assert labels(axes.get_xticklabels()) == shown
    symbols = labels(axes.get_yticklabels())
    assert symbols == "".join(sorted(set(text))).replace(" ", "␣")
    for t, character in enumerate(shown):
        assert image[symbols.index(character), t] == 1
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # symbol 0 is at the top


def test_small_images_have_numbers_in_their_cells():
    figure, x = one_hot_figure("hello")
    for text in figure.axes[0].texts:
        assert text.get_text() == f"{x[text.get_position()]:.0f}"
    assert len(figure.axes[0].texts) == x.size
    assert not one_hot_figure(LINE)[0].axes[0].texts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "hello",
            "with 4 rows, the symbols e h l o from the top, and 5 columns, the "
            'characters of the text "hello". Filled in each column: 1 cell, from left '
            "to right in the rows h, e, l, l, o.",
        ),
        (
            "a\n",
            "with 2 rows, the symbols ↵ a from the top, and 2 columns, the characters "
            'of the text "a↵". Filled in each column: 1 cell, from left to right in '
            "the rows a, ↵.",
        ),
        (
            "ooo",
            "with 1 row, the symbols o from the top, and 3 columns, the characters of "
            'the text "ooo". Filled in each column: 1 cell, from left to right in the '
            "rows o, o, o.",
        ),
        (
            LINE,
            "with 21 rows, the symbols ␣ , . B a c d e f h k m n o p r s t u w y from "
            f'the top, and 45 columns, the characters of the text "{LINE}". Filled in '
            "each column: 1 cell, 45 of 945 in all. Most of them in one row: 9, in "
            "that of e. In the top row, ␣: 7.",
        ),
        (
            "abcabcabcabcab",
            "with 3 rows, the symbols a b c from the top, and 14 columns, the "
            'characters of the text "abcabcabcabcab". Filled in each column: 1 cell, '
            "14 of 42 in all. Most of them in one row: 5, in that of a and b. In the "
            "top row, a: 5.",
        ),
    ],
)
def test_the_text_of_the_columns_says_which_cells_are_filled(text, words):
    assert one_hot_figure(text)[0].alt == f"A grid {words}"


def test_the_text_of_the_columns_is_true_of_vectors_that_are_not_one_hot():
    x = np.array([[0.0, 0, 0], [1, 0, 1]])
    assert figures.one_hot_columns(x, "ab", "abc").alt.endswith(
        "Filled in each column: 0 to 2 cells, from left to right in the rows none, "
        "a and c."
    )


@pytest.mark.parametrize("k", [0, 1, 2])
def test_the_lookup_shows_a_product_and_frames_what_is_picked(k):
    Wxh, symbols = toy().params.Wxh, toy().symbols
    (axes,) = figures.lookup(Wxh, k, symbols).axes
    W, x, column = (image.get_array().data for image in axes.images)
    assert np.array_equal(W, Wxh)
    assert np.array_equal(x, rnn.one_hot([[k]], 3)[0].T)
    assert np.array_equal(column, W @ x)
    frames = [box for box in axes.patches if box.get_linewidth() == 4]
    where = [(box.get_x(), box.get_y(), box.get_height()) for box in frames]
    lefts = [image.get_extent()[0] for image in axes.images]
    assert where == [
        (lefts[0] + k, -1.0, 2),
        (lefts[1], k - 1.5, 1),
        (lefts[2], -1.0, 2),
    ]
    at = {text.get_position(): text.get_text() for text in axes.texts}
    for i, j in np.ndindex(2, 3):
        assert at[lefts[0] + j + 0.5, i - 0.5] == f"{Wxh[i, j]:g}".replace("-", "−")
    for j, symbol in enumerate(symbols):
        assert at[lefts[0] + j + 0.5, -1.15] == symbol
        assert at[lefts[1] + 1.15, j - 1] == symbol
    assert {"W  (2, 3)", "x  (3,)", "W x  (2,)"} < set(at.values())


@pytest.mark.parametrize(
    ("W", "k", "symbols", "words"),
    [
        (
            [[0.0, 1.0, 0.5], [0.5, -1.0, 0.0]],
            1,
            "!hi",
            "shape (2, 3), times a vector x is W x. The columns of W, and the places "
            "of x, are named ! h i. W, row by row: 0, 1, 0.5; 0.5, −1, 0. x: 0, 1, 0. "
            "W x: 1, −1. Framed are column h of W, the 1 in x, and all of W x",
        ),
        (
            [[2.0, -3.0]],
            0,
            " b",
            "shape (1, 2), times a vector x is W x. The columns of W, and the places "
            "of x, are named ␣ b. W, row by row: 2, −3. x: 1, 0. W x: 2. Framed are "
            "column ␣ of W, the 1 in x, and all of W x",
        ),
    ],
)
def test_the_text_of_the_lookup_has_the_numbers_and_the_column(W, k, symbols, words):
    alt = figures.lookup(np.array(W), k, symbols).alt
    assert alt == f"A matrix W, {words}: it is that column."


@pytest.mark.parametrize("text", ["hello", "hi!", "a b"])
def test_slid_by_one_each_input_stands_above_its_target(text):
    above, below = figures.shift_by_one(text).axes
    shown = text.replace(" ", "␣")
    for axes, slide in [(above, 0), (below, 1)]:
        inputs, targets = boxes(axes).values()
        assert "".join(box[1] for box in inputs) == shown
        assert "".join(box[1] for box in targets) == shown
        assert [box[0] for box in inputs] == list(range(len(text)))
        assert [box[0] + slide for box in targets] == list(range(len(text)))
        assert drawn(inputs, INPUT) == shown[:-1]
        assert drawn(targets, TARGET) == shown[1:]
    arrows = [note for note in below.texts if hasattr(note, "arrow_patch")]
    assert [note.xy[0] - 0.5 for note in arrows] == list(range(len(text) - 1))


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("hello", "h above e, e above l, l above l and l above o"),
        ("a b", "a above ␣ and ␣ above b"),
        ("a", "here there is no pair"),
    ],
)
def test_the_text_of_the_shift_has_the_pairs(text, pairs):
    alt = figures.shift_by_one(text).alt
    assert alt.startswith(f'The text "{text}" twice') and alt.endswith(f": {pairs}.")


@pytest.mark.parametrize(
    ("text", "T"), [("hello world!", 3), ("hello", 2), ("hello", 4), ("abcdefgh", 3)]
)
def test_the_strip_has_the_chunks_of_the_library(text, T):
    (axes,) = figures.chunk_strip(text, T).axes
    places = [chunk[:2] for chunk in rnn.chunks(np.arange(len(text)), T)]
    inputs, targets = boxes(axes).values()
    shown = text.replace(" ", "␣")
    assert "".join(box[1] for box in inputs) == shown
    assert "".join(box[1] for box in targets) == shown[1:]
    used = len(places) * T
    assert drawn(inputs, INPUT) == shown[:used]
    assert drawn(targets, TARGET) == shown[1 : used + 1]
    for above, under in zip(inputs, targets):
        assert above[0] == under[0]
    # Chunks stand apart, the characters of one chunk do not.
    steps = np.diff([box[0] for box in inputs[:used]]).round(6)
    assert [k % T for k in np.flatnonzero(steps != 1)] == (len(places) - 1) * [T - 1]
    assert len(axes.lines) == len(places) - 1
    names = {text.get_text() for text in axes.texts}
    assert {f"chunk {k}" for k in range(len(places))} < names
    assert ("left over" in names) == (used + 1 < len(text))


@pytest.mark.parametrize(
    ("text", "T", "words"),
    [
        (
            "hello world!",
            3,
            '"hello world!" in chunks of 3 steps, the inputs above the targets. '
            "Chunk 0: inputs h e l, targets e l l. Chunk 1: inputs l o ␣, targets o ␣ "
            "w. Chunk 2: inputs w o r, targets o r l. A line joins the last target of "
            "a chunk to the first input of the next, the same character of the text: "
            "l, w. Pale, for they are in no chunk: input l d !, target d !.",
        ),
        (
            "abc",
            1,
            '"abc" in chunks of 1 step, the inputs above the targets. Chunk 0: inputs '
            "a, targets b. Chunk 1: inputs b, targets c. A line joins the last target "
            "of a chunk to the first input of the next, the same character of the "
            "text: b. Pale, for they are in no chunk: input c, target none.",
        ),
        (
            "hello",
            4,
            '"hello" in chunks of 4 steps, the inputs above the targets. Chunk 0: '
            "inputs h e l l, targets e l l o. Pale, for they are in no chunk: input "
            "o, target none.",
        ),
    ],
)
def test_the_text_of_the_strip_has_its_chunks_and_what_is_left_over(text, T, words):
    assert figures.chunk_strip(text, T).alt == f"The text {words}"
