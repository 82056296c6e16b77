"""Text as numbers: characters, indices, one-hot vectors, chunks (notebook 01)."""

import itertools
import json
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from rnnlib.checks import Archive, cast, check, check_ids, check_text, whole


@dataclass(frozen=True)
class Vocabulary:
    """The V different symbols of a text, sorted: symbol k has index k.

    Sorted, because the order of a set of strings differs from one Python process
    to the next, and trained weights are bound to the order. Symbols are characters;
    or words, and then a text is a list of words.
    """

    symbols: tuple[str, ...]

    def __post_init__(self):
        once = len(set(check_text("symbols", self.symbols, 1))) == len(self.symbols)
        check(once, "symbols", "each once: use from_text", "repeats")
        object.__setattr__(self, "symbols", tuple(self.symbols))  # past `frozen`

    @classmethod
    def from_text(cls, text):
        """The vocabulary of `text`, a str or a list of words. ValueError when empty."""
        return cls(tuple(sorted(set(check_text("text", text, 1)))))

    @classmethod
    def load(cls, path):
        """The vocabulary that was saved with weights in the archive `path`.

        ValueError: no such archive, or one that holds no symbols.
        """
        return read_archive(path)["symbols"]

    def __len__(self):
        return len(self.symbols)

    def encode(self, text):
        """The indices of the symbols of `text`, int32, of shape (len(text),).

        text: a str, or a list of words where the symbols are words.
        ValueError names the first symbol that is not in the vocabulary.
        """
        if isinstance(text, str) and max(map(len, self.symbols)) == 1:
            index = np.full(0x110000, -1, np.int32)  # a place for every character
            index[[ord(symbol) for symbol in self.symbols]] = np.arange(len(self))
            ids = np.empty(len(text), np.int32)
            for t in range(0, len(text), 2**16):  # in pieces, which take little room
                codes = text[t : t + 2**16].encode("utf-32-le", "surrogatepass")
                ids[t : t + 2**16] = index[np.frombuffer(codes, "<u4")]
        else:
            index = {symbol: k for k, symbol in enumerate(self.symbols)}
            known = [index.get(word, -1) for word in check_text("text", text)]
            ids = np.array(known, np.int32)
        unknown = [f"{text[t]!r} at position {t}" for t in np.flatnonzero(ids < 0)[:1]]
        check(not unknown, "text", "known symbols", *unknown)
        return ids

    def decode(self, ids):
        """The text whose indices are `ids`, shape (n,); words are joined by spaces."""
        ids = check_ids("ids", ids, len(self), 1)
        space = " " if max(map(len, self.symbols)) > 1 else ""
        return space.join([self.symbols[k] for k in ids])


def one_hot(ids, V, dtype=float):
    """One-hot vectors of `ids` (integers of any shape): (..., V), a single 1 each."""
    x = check_ids("ids", ids, whole("V", V))[..., None] == np.arange(V)
    return cast(x, dtype)


def chunks(ids, T, B=1, epochs=1):
    """Iterate over the text in chunks of T steps: (inputs, targets, fresh).

    inputs, targets: shape (T,) for B = 1, else (T, B), read-only; the targets are the
    inputs shifted by one. fresh: True at the first chunk of an epoch, where the state
    must restart. epochs: how often to go through the text; None: endlessly.

    Every full chunk of the text is used, none twice: (len(ids) - 1) // T of them.
    For B > 1 the text is cut into B streams of equal length that are read side by
    side; at its end remains what does not fill a chunk in every stream.
    ValueError when the text is too short for one chunk in each stream.
    """
    rounds = itertools.count() if epochs is None else range(whole("epochs", epochs))
    inputs, targets = stack_chunks(ids, T, B)
    return ((inputs[k], targets[k], k == 0) for _ in rounds for k in range(len(inputs)))


def stack_chunks(ids, T, B):
    """All chunks at once: inputs and targets, each (chunks, T) or (chunks, T, B).

    Both are views of one copy of the text, shifted by one.
    """
    ids, T, B = check_ids("ids", ids, shape=1), whole("T", T), whole("B", B)
    steps = (len(ids) - 1) // (T * B) * T
    check(steps > 0, "ids", f"more than T * B = {T * B} characters", len(ids))
    text = ids[: B * steps + 1].copy()
    text.flags.writeable = False  # an epoch must find what the one before found
    pair = (part.reshape(B, -1, T).transpose(1, 2, 0) for part in (text[:-1], text[1:]))
    return [part[..., 0] if B == 1 else part for part in pair]


def checksum(ids):
    """A number that another text hardly shares, the same in every integer dtype."""
    total = 0
    for start in range(0, len(ids), 2**16):  # in pieces, which take little room
        total = crc32(ids[start : start + 2**16].astype("<i8"), total)
    return total


def read_archive(path, vocabulary=None):
    """The arrays in the file `path`; as "symbols" its Vocabulary, if it holds one.

    ValueError: a file that is not whole; other symbols than those of the vocabulary.
    """
    saved = Archive(path)
    if "symbols" in saved:
        saved["symbols"] = Vocabulary(json.loads(saved["symbols"]))
    same = vocabulary is None or repr(vocabulary) == repr(saved.get("symbols"))
    check(same, "vocabulary", f"the symbols that {path} holds", "others")
    return saved
