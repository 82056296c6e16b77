"""The parameters of layers on layers (notebook 12)."""

from math import prod

import numpy as np

from rnnlib.checks import as_array, attempt, cast, check, whole
from rnnlib.layers import KINDS


def shapes_of(kind, V, H, depth):
    """The shape of each block, by name, from the bottom up."""
    check(kind in KINDS, "kind", f"one of {', '.join(KINDS)}", repr(kind))
    V, H, shapes = whole("V", V), whole("H", H), {}
    for n in range(whole("depth", depth)):
        G, width = KINDS[kind].gates * H, H if n else V
        shapes |= {f"Wx{n}": (G, width), f"Wh{n}": (G, H), f"b{n}": (G,)}
    return shapes | {"Why": (V, H), "by": (V,)}


class Stack:
    """The blocks of `depth` layers and of the output, as views of one vector `theta`.

    blocks: for each layer, layer 0 at the bottom, "Wx0" (G, V), "Wx1" (G, H) and so on,
    "Wh0" (G, H), "b0" (G,); then "Why" (V, H), "by" (V,). G is H for the kinds tanh and
    relu, 3H for gru, 4H for lstm, its rows in the order that `gates` tells.
    A Stack is what Adagrad, Adam and `clip` take for params and for grads.
    """

    def __init__(self, theta, kind, V, H, depth=1):
        shapes = shapes_of(kind, V, H, depth)
        ends = np.cumsum([prod(shape) for shape in shapes.values()])
        self.theta = as_array("theta", theta, (int(ends[-1]),))
        self.kind, self.V, self.H, self.depth = kind, V, H, depth
        parts = zip(shapes.items(), np.split(self.theta, ends))
        self.blocks = {name: part.reshape(shape) for (name, shape), part in parts}

    @classmethod
    def init(cls, kind, V, H, rng, depth=1, scale=0.01, dtype=np.float64):
        """Weights drawn from a normal distribution of width `scale`, biases zero.

        rng: a NumPy Generator, or a seed for one.
        """
        scale = as_array("scale", scale, 0, True, "real numbers")
        rng = attempt("rng", "a Generator or a seed", np.random.default_rng, rng)
        shapes = shapes_of(kind, V, H, depth).values()
        drawn = [scale * rng.standard_normal(s) * (len(s) == 2) for s in shapes]
        theta = np.concatenate(drawn, axis=None)
        return cls(cast(theta, dtype), kind, V, H, depth)

    def layers(self):
        """The triples (Wx, Wh, b), from the bottom up."""
        every = [*self.blocks.values()]
        return [every[n : n + 3] for n in range(0, 3 * self.depth, 3)]

    def with_theta(self, theta):
        """The same layout over another vector, which is not copied."""
        return type(self)(theta, self.kind, self.V, self.H, self.depth)

    def copy(self):
        """The same numbers in a vector of their own."""
        return self.with_theta(self.theta.copy())
