"""The contenders against each other: equal first, then timed in turns."""

import argparse
import functools
import random
import sys
import time
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from tqdm import tqdm

import rnnlib as rnn
from benchmarks import report
from benchmarks.floor import floor
from benchmarks.gist import Gist
from benchmarks.jax_jit import Jit
from benchmarks.machine import about
from benchmarks.ours import Library, LibraryOut, LibraryTraining
from benchmarks.plain_c import C, FastC
from benchmarks.pytorch import Loop, Module

H, T, STREAMS = 100, 25, 64
CONTENDERS = {
    "gist": Gist,  # in float64, as it is
    "gist in float32": Gist,
    "PyTorch, nn.RNN": Module,
    "PyTorch, own loop": Loop,
    "JAX, one jit": Jit,
    "C": C,
    "C -ffast-math": FastC,
    "rnnlib": Library,
    "rnnlib, out=": LibraryOut,
    "rnnlib, Training": LibraryTraining,
}
LINES = ["gist", *report.PYTORCH, "JAX, one jit", "C -ffast-math", "rnnlib"]
BATCHES = [label for label, kind in CONTENDERS.items() if kind.batches]
# How many losses are compared, and how far apart they may be. Rounding grows from step
# to step, since Adagrad divides small gradients by small roots.
EQUAL = {"float64": (10, 1e-9), "float32": (3, 1e-5)}
HINTS = {
    "torch": "not installed; make bench TORCH=2.13.0 gets this release of PyTorch",
    "jax": "not installed; make bench gets it where pip can",
}

# How many rounds, how long each contender in each of them, and the (H, T, B) of each
# line of the figures.
Effort = namedtuple("Effort", "rounds seconds lines")
FULL = Effort(
    rounds=21,
    seconds=0.1,
    lines={
        "H": [(h, T, 1) for h in (32, 64, 128, 256, 512)],
        "T": [(H, t, 1) for t in (5, 10, 25, 50, 100, 200)],
        "B": [(H, T, b) for b in (1, 4, 16, 64)],
        "B, H = 512": [(512, T, b) for b in (1, 4, 16, 64)],
    },
)
QUICK = Effort(
    rounds=2,
    seconds=0.001,
    lines={
        "H": [(8, T, 1), (16, T, 1)],
        "T": [(8, 5, 1), (8, 10, 1)],
        "B": [(8, T, 1), (8, T, 2)],
        "B, H = 512": [(16, T, 1), (16, T, 2)],
    },
)


@functools.cache
def text():
    """The indices of the course's text, and the size of its vocabulary."""
    corpus = rnn.load_corpus()
    vocabulary = rnn.Vocabulary.from_text(corpus)
    return vocabulary.encode(corpus), len(vocabulary)


def excerpt(T, B):
    """As much of the text as fills 400 chunks."""
    return text()[0][: 400 * T * B + 1]


def prepare(labels, dtype, missing, H=H, T=T, B=1, lr=0.1):
    """{label: contender}, all from the same weights. missing: filled with reasons."""
    contenders = {}
    for label in labels:
        own = "float64" if label == "gist" else dtype
        weights = dict(rnn.Params.init(text()[1], H, 0, dtype=own).items())
        try:
            contenders[label] = CONTENDERS[label](weights, excerpt(T, B), T, B, lr)
        except ImportError as error:
            missing[label] = HINTS.get(error.name, str(error))
        except OSError as error:
            missing[label] = str(error)
    return contenders


def largest_difference(contenders, dtype, steps=None):
    """The largest relative difference of the losses from those of the first contender.

    The first loss tests the forward pass, the second the gradient and the update, the
    others what is carried on (the state, Adagrad's memory) and, from the third, the
    clip. AssertionError: a contender computes something else.
    """
    most, tolerance = EQUAL[dtype]
    losses = {
        label: [contender.step() for _ in range(steps or most)]
        for label, contender in contenders.items()
    }
    truth, largest = next(iter(losses.values())), 0.0
    for label, own in losses.items():
        apart = np.abs(np.divide(own, truth) - 1).max().item()
        assert apart <= tolerance, f"{label}: losses {own}, expected {truth}"
        largest = max(largest, apart)
    return largest


def cpu_time(call, times):
    """Microseconds of CPU time that a call takes: the mean over so many `times`.

    Or over twice, three times as many: under `ulimit -t` the clock moves every 4 ms.
    """
    start, made, took = time.process_time(), 0, 0.0
    while not took:
        for _ in range(times):
            call()
        made, took = made + times, time.process_time() - start
    return took / made * 1e6


def race(title, calls, effort, rounds, units=None):
    """Time all `calls` in turn, and append {label: µs} to `rounds` each time.

    units: {label: n} for times of one of the n units of a call. The order changes from
    round to round. An unfinished round leaves nothing.
    """
    units = units or dict.fromkeys(calls, 1)
    for call in calls.values():
        call()  # compiled, if it is JAX
    enough = {k: 1 + int(effort.seconds * 1e6 / cpu_time(calls[k], 3)) for k in calls}
    order, shuffle = list(calls), random.Random(0).shuffle
    for _ in tqdm(range(effort.rounds), title, leave=False, disable=None):
        shuffle(order)
        took = {}
        for label in order:
            calls[label]()  # what it needs is in the caches again
            took[label] = cpu_time(calls[label], enough[label]) / units[label]
        rounds.append({label: took[label] for label in calls})


def steps(results, effort, dtype):
    """A training step with B = 1, in µs a step; and its floor."""
    labels = [k for k in CONTENDERS if (k, dtype) != ("gist in float32", "float64")]
    contenders = prepare(labels, dtype, results["missing"])
    results["difference"][dtype] = largest_difference(contenders, dtype)
    calls = {label: contender.step for label, contender in contenders.items()}
    results["floor"][dtype] = floor(text()[1], H, T, dtype, effort.rounds)
    race(f"a step, {dtype}", calls, effort, results["steps"][dtype])


def streams(results, effort, dtype):
    """A training step of many streams beside the gist's of one, in µs a character."""
    gist = prepare(["gist"], dtype, results["missing"])["gist"]
    contenders = prepare(BATCHES, dtype, results["missing"], B=STREAMS)
    inputs, targets, _ = next(rnn.chunks(excerpt(T, STREAMS), T, STREAMS))
    each = [gist.loss_and_grads(*pair)[0] for pair in zip(inputs.T, targets.T)]
    many = SimpleNamespace(step=lambda: np.mean(each))
    largest_difference({"the gist of each": many} | contenders, dtype, steps=1)
    largest_difference(contenders, dtype)
    contenders = {"gist": gist} | contenders
    calls = {label: contender.step for label, contender in contenders.items()}
    units = dict.fromkeys(calls, T * STREAMS) | {"gist": T}
    race(f"{STREAMS} streams, {dtype}", calls, effort, results["streams"][dtype], units)


def sampling(results, effort, dtype):
    """Drawing n characters, one text or many, in µs a character."""
    V, n = text()[1], 200
    gist = prepare(["gist"], dtype, results["missing"])["gist"]
    params = rnn.Params.init(V, H, rng=0, dtype=dtype)
    one, many = np.zeros(H), np.zeros((STREAMS, H))
    if dtype == "float64":  # the same random numbers, so the same text
        bits, same_bits = np.random.MT19937(0), np.random.MT19937(0)
        expected = gist.sample(0, n, np.random.RandomState(bits))
        drawn = rnn.sample(params, one, 0, n, np.random.Generator(same_bits))
        assert drawn.tolist() == expected, "rnnlib draws another text than the gist"
    old, rng = np.random.RandomState(0), np.random.default_rng(0)
    calls = {
        "gist": lambda: gist.sample(0, n, old),
        "rnnlib, one text": lambda: rnn.sample(params, one, 0, n, rng),
        "rnnlib, 64 texts": lambda: rnn.sample(params, many, 0, n, rng),
    }
    units = dict(zip(calls, (n, n, n * STREAMS)))
    race(f"sampling, {dtype}", calls, effort, results["sampling"][dtype], units)


def scaling(results, effort):
    """Medians of a step's µs along the lines of the figures; peers in float32.

    At the recipe's rate of 0.1 a network of 512 units runs off. It then gives symbols
    probabilities below the normal float32, with which a processor is far slower.
    """
    brief = effort._replace(rounds=min(effort.rounds, 5), seconds=effort.seconds / 2)
    missing, lr = results["missing"], 0.01
    for line, sizes in effort.lines.items():
        for h, t, b in sizes:
            labels = [k for k in LINES if b == 1 or CONTENDERS[k].batches]
            contenders = prepare(labels, "float32", missing, h, t, b, lr)
            double = prepare(["rnnlib"], "float64", missing, h, t, b, lr)
            contenders |= {"rnnlib in float64": double["rnnlib"]}
            largest_difference(contenders, "float32", steps=1)
            calls = {label: contender.step for label, contender in contenders.items()}
            rounds = []
            race(f"H = {h}, T = {t}, B = {b}", calls, brief, rounds)
            medians = {k: np.median([row[k] for row in rounds]).item() for k in calls}
            results["scaling"].setdefault(line, []).append([h, t, b, medians])


def main(arguments=None):
    """Run all parts; what was finished is printed and saved, whatever happens."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="to see that it runs")
    parser.add_argument("--folder", default=Path(__file__).parents[1] / "build")
    options = parser.parse_args(arguments)
    effort, code = QUICK if options.quick else FULL, 0
    results = {
        "about": about(),
        "measured": f"CPU time, one thread, medians of {effort.rounds} rounds; "
        f"the figures: of {min(effort.rounds, 5)}",
        **{"V": text()[1], "H": H, "T": T, "B": STREAMS},
        **{
            section: {dtype: [] for dtype in report.DTYPES}
            for section in report.SECTIONS
        },
        **{"missing": {}, "difference": {}, "floor": {}, "scaling": {}},
    }
    try:
        for dtype in report.DTYPES:
            for part in (steps, streams, sampling):
                part(results, effort, dtype)
        scaling(results, effort)
    except KeyboardInterrupt:
        print("Interrupted. What was finished:", file=sys.stderr)
        code = 130
    finally:
        report.save(results, Path(options.folder))
        print(report.table(results))
    return code
