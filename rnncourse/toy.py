"""The toy network that runs through all notebooks: 2 units, 2 steps, the text "hi!"."""

from collections import namedtuple

import numpy as np

from rnnlib import Params


class Toy(namedtuple("Toy", "params inputs targets h_init symbols")):
    """Everything about the toy: weights with one decimal, inputs h, i, targets i, !."""


def toy():
    """A fresh copy: V = 3 (the symbols !, h, i), H = 2, T = 2."""
    params = Params.from_arrays(
        Wxh=[[0.0, 1.0, 0.5], [0.5, -1.0, 0.0]],
        Whh=[[0.5, -1.0], [1.0, 0.0]],
        Why=[[-1.0, 1.0], [1.0, 0.0], [0.0, 1.0]],
        bh=[0.0, 0.5],
        by=[0.0, 0.5, 0.0],
    )
    return Toy(params, np.array([1, 2]), np.array([2, 0]), np.zeros(2), ("!", "h", "i"))
