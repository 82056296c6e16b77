"""Text as numbers: characters, indices, one-hot vectors, chunks (notebook 01)."""

import itertools
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Vocabulary:
    """The V different symbols of a text, sorted: symbol k has index k.

    Sorted, because the order of a set of strings differs from one Python process
    to the next, and trained weights are bound to the order.
    """

    symbols: tuple[str, ...]

    @classmethod
    def from_text(cls, text):
        """The vocabulary of `text`. ValueError when the text is empty."""
        check(len(text) > 0, "text", "at least one character", "none")
        return cls(tuple(sorted(set(text))))

    def __len__(self):
        return len(self.symbols)

    def encode(self, text):
        """The indices of the characters of `text`, integers of shape (len(text),).

        ValueError names the first character that is not in the vocabulary.
        """
        index = {symbol: k for k, symbol in enumerate(self.symbols)}
        check(len(index) == len(self), "symbols", "each once: use from_text", "repeats")
        bad = [f"{c!r} at position {t}" for t, c in enumerate(text) if c not in index]
        check(not bad, "text", "known symbols", "".join(bad[:1]))
        return np.array([index[c] for c in text], dtype=int)

    def decode(self, ids):
        """The text whose indices are `ids`, shape (n,); the inverse of `encode`."""
        ids = check_ids("ids", ids, len(self), (np.size(ids),))
        return "".join(self.symbols[k] for k in ids)


def one_hot(ids, V, dtype=float):
    """One-hot vectors of `ids` (integers of any shape): (..., V), a single 1 each."""
    return (check_ids("ids", ids, V)[..., None] == np.arange(V)).astype(dtype)


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
    check_counts(epochs=1 if epochs is None else epochs)
    inputs, targets = stack_chunks(ids, T, B)
    rounds = itertools.count() if epochs is None else range(epochs)
    return ((inputs[k], targets[k], k == 0) for _ in rounds for k in range(len(inputs)))


def stack_chunks(ids, T, B, V=2**63, name="ids"):
    """All chunks at once: inputs and targets, each (chunks, T) or (chunks, T, B)."""
    ids = check_ids(name, ids, V, shape=(np.size(ids),))
    check_counts(T=T, B=B)
    steps = (len(ids) - 1) // (T * B) * T
    check(steps > 0, name, f"more than T * B = {T * B} characters", len(ids))
    pairs = np.stack([ids[:-1], ids[1:]])[:, : B * steps]
    pairs.flags.writeable = False  # an epoch must find what the one before found
    pairs = pairs.reshape(2, B, -1, T).transpose(0, 2, 3, 1)
    return pairs[..., 0] if B == 1 else pairs


def check(passed, name, expected, got):
    """The one form of the library's complaints about an argument."""
    if not passed:
        raise ValueError(f"{name}: expected {expected}, got {got}")


def check_counts(least=1, **counts):
    """ValueError unless these are whole numbers, at least `least`."""
    for name, n in counts.items():
        whole = isinstance(n, (int, np.integer)) and not isinstance(n, bool)
        check(whole and n >= least, name, f"a whole number from {least} up", repr(n))


def check_ids(name, ids, V, shape=None):
    """`ids` as an integer array; ValueError unless all lie in 0 ... V-1."""
    ids = np.asarray(ids)
    check(ids.dtype.kind in "iu" or not ids.size, name, "integers", ids.dtype)
    check(shape in (None, ids.shape), f"shape of {name}", shape, ids.shape)
    if ids.size and ids.astype(np.uint64).max() >= V:  # -1 becomes 2**64 - 1
        check(False, name, f"indices 0 ... {V - 1}", ids[(ids < 0) | (ids >= V)][0])
    return ids.astype(int, copy=False)
