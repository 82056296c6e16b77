"""The numbers of the test inputs: as they are written, or others drawn from a seed."""

import hashlib

import numpy as np


class Numbers:
    """Gives the written numbers back or, with a seed, draws others of their kind.

    seed: a text, from which every machine draws the same; None for the written numbers.
    """

    def __init__(self, seed=None):
        self.written = seed is None
        digest = hashlib.sha256(str(seed).encode()).digest()
        self.rng = np.random.default_rng(int.from_bytes(digest, "big"))

    def generator(self, seed):
        """The generator of a case that is written as the seed of one."""
        return np.random.default_rng(seed) if self.written else self.rng

    def like(self, values):
        """Each number up to 30 % larger or smaller, in 3 digits; 0 stays 0."""
        if self.written:
            return values
        factors = 0.7 + 0.6 * self.rng.random(np.shape(values))
        return np.vectorize(lambda v: float(f"{v:.3g}"))(values * factors).tolist()

    def near(self, values):
        """Each number larger or smaller by up to 1, in 2 decimals."""
        if self.written:
            return values
        return np.round(values + 2 * self.rng.random(np.shape(values)) - 1, 2).tolist()

    def whole(self, value, low, high):
        """Another integer from `low` to `high`, both included, as `value` is."""
        if self.written:
            return value
        drawn = int(self.rng.integers(low, high))
        return drawn + (drawn >= value)

    def real(self, value, low, high):
        """A number from `low` to `high`, in 3 decimals."""
        if self.written:
            return value
        return round(low + (high - low) * self.rng.random(), 3)

    def factor(self):
        """A factor from 0.6 to 1.6, in 2 decimals, for what must keep its ratios."""
        return 1 if self.written else round(0.6 + self.rng.random(), 2)

    def chances(self, p, whole=100):
        """As many probabilities that sum to 1, multiples of 1 / `whole`, none tiny."""
        if self.written:
            return p
        least = max(1, 3 * whole // 100)
        free = whole - least * len(p)
        cuts = np.sort(self.rng.integers(free + 1, size=len(p) - 1))
        return ((np.diff([0, *cuts, free]) + least) / whole).tolist()

    def order(self, n):
        """The numbers 0 ... n-1, in another order with a seed, as an array."""
        numbers = np.arange(n)
        if self.written:
            return numbers
        drawn = self.rng.permutation(n)
        return np.roll(numbers, 1) if np.array_equal(drawn, numbers) else drawn

    def mixed(self, *rows):
        """Lists of one length, all brought into the same new order."""
        order = self.order(len(rows[0]))
        return [[row[k] for k in order] for row in rows]

    def symbols(self, V, *rows):
        """Lists of indices below V, with the same new index for an old one in all."""
        order = self.order(V)
        return [[int(order[k]) for k in row] for row in rows]
