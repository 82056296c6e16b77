"""`python -m benchmarks.post`: the run of the post, and on to five times its length.

One network for each seed, with the settings of the gist and the post, trained on nine
tenths of the plays and measured on the last one. The curves and some drawn text are
kept in the file that notebook 13 draws, which says how far each seed has come.
"""

import os

for name in ("OPENBLAS", "MKL", "OMP"):
    os.environ[f"{name}_NUM_THREADS"] = "1"  # before NumPy is imported

import json  # noqa: E402
from itertools import islice  # noqa: E402

import numpy as np  # noqa: E402

import rnnlib as rnn  # noqa: E402
from benchmarks.machine import about  # noqa: E402
from rnncourse.figures.gist import LONG_RUN  # noqa: E402

SEEDS, T = (0, 1, 2), 25
STEPS, EVERY = 250_000, 1_000  # the post stops at 50,000
MEASURED = 25_000  # how often the held-out text is read


def long_run(path, seeds=SEEDS, steps=STEPS, every=EVERY, measured=MEASURED, text=None):
    """Train each seed and keep what it reaches in the file `path` on the way.

    The file: {"about", "T", "seeds": {seed: {"steps", "smooth", "held out", "text"}}}.
    smooth: nats summed over T, as the post draws them, at each of the steps. held out:
    {step: nats a character}. text: {step: 200 drawn characters}.
    """
    text = rnn.load_corpus() if text is None else text
    vocabulary = rnn.Vocabulary.from_text(text)
    ids = vocabulary.encode(text)
    seen, held = np.split(ids, [len(ids) * 9 // 10])
    results = {"about": about(), "T": T, "seeds": {}}
    for seed in seeds:
        params = rnn.Params.init(len(vocabulary), 100, seed, dtype=np.float32)
        run = rnn.Training(params, seen, T)
        curve = {"steps": [], "smooth": [], "held out": {}, "text": {}}
        results["seeds"][seed] = curve
        for step in islice(run, steps):
            if step.n % every == 0:
                curve["steps"].append(step.n)
                curve["smooth"].append(round(step.smooth_loss, 2))
            if step.n % measured == 0:
                curve["held out"][step.n] = round(rnn.evaluate(params, held), 3)
                h = rnn.forward(params, held[:50]).h[-1]
                drawn = rnn.sample(params, h, held[50], 200, seed)
                curve["text"][step.n] = vocabulary.decode(drawn)
                print(seed, step.n, curve["held out"][step.n], flush=True)
                path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    long_run(LONG_RUN)
