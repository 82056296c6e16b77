"""`python -m benchmarks.race`: loss against processor seconds, the race of notebook 09.

The gist's recipe, the top of the notebook's ladder in three sizes, and models that only
count, all on the same text: trained on nine tenths, measured on the last one. What is
done is kept at once, in the file that the notebook draws.
"""

import os

for name in ("OPENBLAS", "MKL", "OMP"):
    os.environ[f"{name}_NUM_THREADS"] = "1"  # before NumPy is imported

import json  # noqa: E402
import sys  # noqa: E402
from collections import namedtuple  # noqa: E402
from itertools import islice  # noqa: E402
from time import process_time  # noqa: E402

import numpy as np  # noqa: E402

import rnnlib as rnn  # noqa: E402
from benchmarks.machine import about  # noqa: E402
from rnncourse.figures.recipes import LONG_RACE  # noqa: E402

GIST, TOP = "the gist's recipe", "the top of the ladder"
Recipe = namedtuple("Recipe", "H B T lr decay steps")
# For about 12, 45 and 200 processor seconds; what else was tried: README.md.
RECIPES = [
    Recipe(H=160, B=16, T=25, lr=0.01, decay=0.0, steps=3500),
    Recipe(H=256, B=32, T=50, lr=0.006, decay=0.0, steps=2200),
    Recipe(H=384, B=32, T=50, lr=0.005, decay=0.04, steps=4500),
]
GIST_STEPS = [10_000, 30_000, 100_000]  # measured on the way
ORDERS = {"bigram": 2, "trigram": 3, "5-gram": 5}


class Decaying(rnn.Adam):
    """Adam whose rate falls along a cosine, and whose weights shrink a little."""

    def __init__(self, params, lr, decay, steps):
        super().__init__(params, lr)
        self.top, self.decay, self.steps = lr, decay, steps

    def update(self, params, grads):
        done = self.n[0] / self.steps
        self.lr = self.top * (1 + np.cos(np.pi * done)) / 2
        params.theta *= 1 - self.lr * self.decay
        super().update(params, grads)


def first_weights(V, H):
    """Weights of size 0.01, those of the one-hot input 0.5."""
    params = rnn.Params.init(V, H, rng=0, dtype=np.float32)
    params.Wxh *= 50
    return params


def top(recipe, seen, held, V):
    """Seconds of a whole training by this recipe, and the held-out loss after it."""
    params = first_weights(V, recipe.H)
    optimizer = Decaying(params, recipe.lr, recipe.decay, recipe.steps)
    run = rnn.Training(params, seen, recipe.T, recipe.B, optimizer)
    return next(measured(run, held, [recipe.steps]))


def gist(steps, seen, held, V):
    """Seconds of a training in the gist's manner, and its loss, after these steps."""
    params = rnn.Params.init(V, 100, rng=0, dtype=np.float32)
    return measured(rnn.Training(params, seen, 25), held, steps)


def measured(run, held, steps):
    """Yield (seconds, nats) at each of these steps; measuring takes no time."""
    seconds = 0.0
    for n in steps:
        start = process_time()
        for _ in islice(run, n - run.progress[0]):
            pass
        seconds += process_time() - start
        yield seconds, rnn.evaluate(run.params, held)


def counted(order, seen, held, V):
    """Seconds and loss of a model that counts pieces of `order` characters.

    Mixed after Witten and Bell, as in notebook 06; only pieces that occur are counted.
    """
    start = process_time()
    p = np.full(len(held), 1 / V)
    for n in range(1, order + 1):
        keys, counts = np.unique(pieces(seen, n, V), return_counts=True)
        contexts, first, kinds = np.unique(
            keys // V, return_index=True, return_counts=True
        )
        totals, now = np.add.reduceat(counts, first), pieces(held, n, V)
        c, context = found(keys, counts, now), now // V
        d, total = found(contexts, kinds, context), found(contexts, totals, context)
        shorter = p[n - 1 :]
        mixed = (c + d * shorter) / np.maximum(total + d, 1)
        p[n - 1 :] = np.where(total > 0, mixed, shorter)
    return process_time() - start, float(-np.log(p).mean())


def pieces(ids, n, V):
    """Every piece of n characters as one number with V as its base."""
    rows = np.lib.stride_tricks.sliding_window_view(ids.astype(int), n)
    return rows @ V ** np.arange(n)[::-1]


def found(keys, values, wanted):
    """The value of each wanted key, 0 where there is none."""
    at = np.searchsorted(keys, wanted).clip(max=len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], 0)


def race(path, recipes=RECIPES, gist_steps=GIST_STEPS, text=None):
    """Run all of it and keep each result in the file `path` as soon as it is there."""
    text = rnn.load_corpus() if text is None else text
    vocabulary = rnn.Vocabulary.from_text(text)
    ids, V = vocabulary.encode(text), len(vocabulary)
    cut = len(ids) * 9 // 10
    seen, held = ids[:cut], ids[cut:]
    results = {"about": about(), "recipes": [recipe._asdict() for recipe in recipes]}
    results |= {"runs": {GIST: [], TOP: []}, "counted": {}}

    def keep(name, point):
        seconds, nats = (round(float(x), 3) for x in point)
        print(f"{name:24}{seconds:8.1f} s{nats:8.3f} nats{nats / np.log(2):8.3f} bits")
        sys.stdout.flush()
        if name in results["runs"]:
            results["runs"][name].append([seconds, nats])
        else:
            results["counted"][name] = [seconds, nats]
        path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")

    for name, order in ORDERS.items():
        keep(name, counted(order, seen, held, V))
    for recipe in recipes:
        keep(TOP, top(recipe, seen, held, V))
    for point in gist(gist_steps, seen, held, V):
        keep(GIST, point)


if __name__ == "__main__":
    race(LONG_RACE)
