"""Train the three networks of notebook 10 again, and write networks.npz.

    OPENBLAS_NUM_THREADS=1 .venv/bin/python data/build_networks.py

About a minute a network. The recipe is the best one of notebook 09, at a smaller rate
since it is for longer: Adam whose rate falls from 0.006 to 0 by a cosine, 16 streams,
chunks of 25, the first nine tenths of the text. Training is chaotic: on another
processor other networks come out, about as good.
"""

from itertools import islice
from pathlib import Path

import numpy as np
from tqdm import tqdm

import rnnlib as rnn
from rnncourse.networks import FILE, SEEDS, untrained

OUTPUT = Path(__file__).with_name(FILE)
T, B, RATE, STEPS = 25, 16, 0.006, 10_000


def train(params, ids):
    """Change `params` by all steps of the recipe."""
    method = rnn.Adam(params, RATE)
    run = rnn.Training(params, ids, T, B, method)
    for step in tqdm(islice(run, STEPS), total=STEPS):
        method.lr = RATE * (1 + np.cos(np.pi * step.n / STEPS)) / 2


def main():
    text = rnn.load_corpus()
    ids = rnn.Vocabulary.from_text(text).encode(text)
    cut = len(ids) * 9 // 10
    thetas = []
    for seed in SEEDS:
        params = untrained(seed)
        train(params, ids[:cut])
        print(f"seed {seed}: {rnn.evaluate(params, ids[cut:]):.3f} nats held out")
        thetas.append(params.theta)
    np.savez_compressed(OUTPUT, theta=np.array(thetas))


if __name__ == "__main__":
    main()
