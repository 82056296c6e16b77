"""The three trained networks that ship with the course, for notebook 10."""

import numpy as np

from rnnlib.corpus import FOLDERS
from rnnlib.forward import Params

SEEDS = range(3)
V, H = 64, 100  # the symbols of Shakespeare, and hidden units
FILE = "networks.npz"


def untrained(seed):
    """The network of this seed as it was before its training: the best start of 09.

    Weights of size 0.01, those of the input 50 times as large; float32.
    """
    params = Params.init(V, H, seed, dtype=np.float32)
    params.Wxh *= 50
    return params


def trained():
    """The networks that data/build_networks.py made of these: a list of Params.

    They know the symbols of `load_corpus()`, in its order, and have read the first
    nine tenths of it. FileNotFoundError: the file is in neither of its places.
    """
    paths = [folder / FILE for folder in FOLDERS]
    for path in paths:
        if path.is_file():
            with np.load(path) as saved:
                return [Params(theta, V, H) for theta in saved["theta"]]
    places = " and not at ".join(map(str, paths))
    raise FileNotFoundError(
        f"{FILE} is missing: not at {places}. Restore it: run 'git checkout -- "
        f"data/{FILE}' in the repository, or install rnnlib again."
    )
