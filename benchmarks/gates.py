"""`python -m benchmarks.gates`: what notebook 12 shows of long runs.

Two tasks of memory at growing lags, for networks with equally many parameters; and
Shakespeare for equal processor seconds. What is done is kept at once, in the file that
the notebook draws.
"""

import os

for name in ("OPENBLAS", "MKL", "OMP"):
    os.environ[f"{name}_NUM_THREADS"] = "1"  # before NumPy is imported

import json  # noqa: E402
from collections import namedtuple  # noqa: E402
from time import process_time  # noqa: E402

import numpy as np  # noqa: E402

import rnnlib as rnn  # noqa: E402
from benchmarks.machine import about  # noqa: E402
from rnncourse.figures.gates import SAVED  # noqa: E402
from rnnlib import layers  # noqa: E402
from rnnlib.stack import Stack  # noqa: E402

SEEDS = range(3)

# --- memory --------------------------------------------------------------------

# About 5,500 parameters each, with V = 8. bias: of the gate that keeps.
Net = namedtuple("Net", "kind H small bias")
NETS = {
    "vanilla, 0.01": Net("tanh", 66, True, 0),
    "vanilla, orthogonal": Net("tanh", 66, False, 0),
    "GRU, bias 0": Net("gru", 37, False, 0),
    "GRU, bias 4": Net("gru", 37, False, 4),
    "LSTM, bias 1": Net("lstm", 32, False, 1),
    "LSTM, bias 4": Net("lstm", 32, False, 4),
}
LAGS = {"recall": [5, 20, 50, 100], "marked": [5, 10, 20]}
V, KEYS, MARK, QUERY = 8, 4, 6, 7
MOST = 600  # updates


def recall(rng, lag, B=32):
    """A key, noise of other symbols, a query: inputs (lag + 1, B), the key (1, B)."""
    inputs = rng.integers(KEYS, MARK, size=(lag + 1, B))
    inputs[0] = rng.integers(KEYS, size=B)
    inputs[-1] = QUERY
    return inputs, inputs[:1].copy()


def marked(rng, lag, B=32):
    """Noise that looks like keys; the key stands behind a mark, lag steps back or more.

    The mark is one of the first four symbols; inputs (lag + 5, B).
    """
    inputs = rng.integers(KEYS, size=(lag + 5, B))
    at = rng.integers(4, size=B)
    inputs[at, range(B)] = MARK
    inputs[-1] = QUERY
    return inputs, inputs[at + 1, range(B)][None]


TASKS = {"recall": recall, "marked": marked}


def begin(net, seed):
    """The network before training, a Stack in float32."""
    scale = 0.01 if net.small else net.H**-0.5
    stack = Stack.init(net.kind, V, net.H, seed, scale=scale, dtype=np.float32)
    if net.kind == "tanh" and not net.small:
        square = np.random.default_rng(seed).normal(size=(net.H, net.H))
        stack.blocks["Wh0"][:] = np.linalg.qr(square)[0]
    stack.blocks["b0"][: net.H] = net.bias  # f of the LSTM, z of the GRU
    return stack


def steps_to_solve(net, task, lag, seed, most=MOST):
    """Updates until 25 in a row have a mean loss below 0.1 nats, or None."""
    stack, rng = begin(net, seed), np.random.default_rng(seed + 100)
    optimizer, losses = rnn.Adam(stack, 0.003), []
    for n in range(1, most + 1):
        loss, grads, _ = layers.loss_and_grad(stack, *TASKS[task](rng, lag))
        grads.theta *= min(1, 1 / np.linalg.norm(grads.theta))
        optimizer.update(stack, grads)
        losses.append(loss)
        if n >= 25 and np.mean(losses[-25:]) < 0.1:
            return n
    return None


def memory(keep, nets=NETS, lags=LAGS, most=MOST):
    """Solve both tasks at growing lags, each net until no seed of it can."""
    for task, each in lags.items():
        for name, net in nets.items():
            for lag in each:
                steps = [steps_to_solve(net, task, lag, seed, most) for seed in SEEDS]
                keep("memory", f"{task}|{name}|{lag}", steps)
                if not any(steps):
                    break


# --- Shakespeare ---------------------------------------------------------------

READERS = {
    "one layer": ("tanh", 1),
    "two layers": ("tanh", 2),
    "three layers": ("tanh", 3),
    "GRU": ("gru", 1),
    "LSTM": ("lstm", 1),
}
SECONDS = [3, 10, 20]
UNITS, RATE, STREAMS, T = 100, 0.004, 16, 25


def shuffled(ids, seed, piece=2000):
    """The text in pieces of this length, in another order: no play is read first.

    Without it, slow networks see less of the later plays than fast ones.
    """
    whole = ids[: len(ids) // piece * piece].reshape(-1, piece)
    return np.random.default_rng(seed).permutation(whole).ravel()


class Reader:
    """A network that reads the plays; `seconds` is what its training has taken."""

    def __init__(self, kind, depth, seen, size, seed):
        stack = Stack.init(kind, size, UNITS, seed, depth, UNITS**-0.5, np.float32)
        stack.blocks["Wx0"] *= 0.5 * UNITS**0.5  # of a one-hot input: 0.5
        if kind == "lstm":
            for n in range(depth):
                stack.blocks[f"b{n}"][:UNITS] = 1
        self.stack, self.optimizer = stack, rnn.Adam(stack, RATE)
        text = shuffled(seen, seed)
        self.chunks = rnn.chunks(text, T, STREAMS, epochs=None)
        self.seconds, self.updates, self.start = 0.0, 0, None

    def train(self, until):
        """Go on until so many seconds have been taken."""
        while self.seconds < until:
            begun = process_time()
            inputs, targets, fresh = next(self.chunks)
            start = None if fresh else self.start
            _, grads, self.start = layers.loss_and_grad(
                self.stack, inputs, targets, start
            )
            rnn.clip(grads, 5)
            self.optimizer.update(self.stack, grads)
            self.updates += 1
            self.seconds += process_time() - begun

    def nats(self, held):
        """The loss on a text in ten streams, in nats a character."""
        total, count, start = 0.0, 0, None
        for inputs, targets, _ in rnn.chunks(held, 500, 10):
            y, _, start = layers.forward(self.stack, inputs, start)
            total, count = total + rnn.cross_entropy(y, targets), count + 500
        return total / count


def shakespeare(keep, readers=READERS, seconds=SECONDS, text=None):
    """All networks side by side, a second each in turn: one machine for all."""
    text = rnn.load_corpus() if text is None else text
    vocabulary = rnn.Vocabulary.from_text(text)
    ids, size = vocabulary.encode(text), len(vocabulary)
    cut = len(ids) * 9 // 10
    seen, held = ids[:cut], ids[cut:]
    running = {
        (name, seed): Reader(*how, seen, size, seed)
        for name, how in readers.items()
        for seed in SEEDS
    }
    for end in seconds:
        begun = min(reader.seconds for reader in running.values())
        for now in [*np.arange(begun + 1, end), end]:
            for reader in running.values():
                reader.train(now)
        for name in readers:
            three = [running[name, seed] for seed in SEEDS]
            keep("shakespeare", f"{name}|{end}", [each.nats(held) for each in three])
            keep("updates", f"{name}|{end}", [each.updates for each in three])


def main(path=SAVED, runs=(memory, shakespeare)):
    """Run all of it and keep each result in the file `path` as soon as it is there."""
    results = {"about": about(), "most": MOST}
    results |= {"memory": {}, "shakespeare": {}, "updates": {}}

    def keep(part, name, values):
        values = [round(v, 3) if isinstance(v, float) else v for v in values]
        print(f"{name:32}", *values, flush=True)
        results[part][name] = values
        path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")

    for run in runs:
        run(keep)


if __name__ == "__main__":
    main()
