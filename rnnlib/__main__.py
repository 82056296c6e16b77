"""Train on a text and watch the network write: the gist's program.

    python -m rnnlib                      the Shakespeare of the course, until Ctrl-C
    python -m rnnlib input.txt            a text of your own, in UTF-8
    python -m rnnlib input.txt --steps 50000 --save model.npz
    python -m rnnlib --resume model.npz input.txt
    python -m rnnlib --sample model.npz --prompt "ROMEO:" --length 500

To train:  --hidden 100  units of the state      --length 25  steps of a chunk
           --batch 1     streams side by side    --lr 0.1     rate of Adagrad
           --seed 0      of the first weights    --every 1000 steps between reports
           --steps N     to make, else no end    --save FILE  else nothing is kept
To go on:  --resume FILE, with --steps, --every, --lr; --save, else in the same file
To draw:   --sample FILE --prompt TEXT --length 500 --temperature 1.0 --seed 0

What the network writes goes to stdout, all else to stderr. Ctrl-C or SIGTERM ends after
the step that runs, saves, and draws a last text; every report saves as well. The last
tenth of the text is held out: the network never trains on it, and the reports measure
on it, on 100,000 characters at most.
"""

import logging
import os
import signal
import sys
import time
from argparse import SUPPRESS, ArgumentParser

import numpy as np

import rnnlib as rnn

REPORT = "step %d: %.3f nats a character, smoothed; %.3f held out; %d characters/s"
ENDLESS, HELD_OUT, LARGE = float("inf"), 100_000, 100_000_000  # characters
KINDS = {int: "steps every hidden batch length seed", float: "lr temperature"}
KINDS[str] = "save resume sample prompt"
# The ways to call it, and what goes with each.
WAYS = {"sample": "prompt length temperature seed"}
WAYS["resume"] = "text steps save every lr"
WAYS["train"] = WAYS["resume"] + " hidden batch length seed"


def main(arguments=None):
    """Train, go on or draw, as the arguments say. Returns the exit status."""
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    options = parse(arguments)
    # None where it is closed.
    out = sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")
    out.reconfigure(encoding=None if out.isatty() else "utf-8", errors="replace")
    try:
        return (write if "sample" in options else train)(**options) or 0
    except BrokenPipeError:  # `| head`
        status = logging.info("Nobody reads the text any more.") or 0
    except (ValueError, OSError, MemoryError) as error:
        status = logging.info(str(error) or "There is not enough memory.") or 1
    # What is left in the buffer would raise once more at the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    return status


def parse(arguments):
    """What was given, by name."""
    parser = ArgumentParser(usage=__doc__, argument_default=SUPPRESS)
    parser.error = lambda words: sys.exit(f"{words} (see python -m rnnlib --help)")
    parser.add_argument("text", nargs="?")
    for kind, names in KINDS.items():
        for name in names.split():
            parser.add_argument(f"--{name}", type=kind, help=SUPPRESS)
    options = vars(parser.parse_args(arguments))
    way = next((way for way in WAYS if way in options), "train")
    for name, value in options.items():
        if name not in [way, *WAYS[way].split()]:
            parser.error(f"{name} does not go with {way}")
        if not isinstance(value, str) and not 0 < value + (name == "seed") < ENDLESS:
            parser.error(f"--{name}: expected a number above 0, got {value}")
    return options


def write(sample, prompt="", length=500, temperature=1.0, seed=0):
    """Draw text from a saved network."""
    params, vocabulary = rnn.Params.load(sample), rnn.Vocabulary.load(sample)
    start = prompt or ("\n" if "\n" in vocabulary.symbols else vocabulary.symbols[0])
    ids = rnn.generate(params, vocabulary.encode(start), length, seed, temperature)
    print(prompt + vocabulary.decode(ids), flush=True)


def train(text="shakespeare", steps=ENDLESS, every=1000, save=None, resume=None, **new):
    """Train, report, save and draw until the end. Returns the exit status."""
    words = rnn.load_corpus(text)
    if len(words) > LARGE:
        logging.info(f"{len(words):,} characters take about {len(words) / 1e8:.1f} GB.")
    kind = rnn.Vocabulary
    vocabulary = kind.load(resume) if resume else kind.from_text(words)
    ids = vocabulary.encode(words)
    ids, held_out = ids[: -len(ids) // 10], ids[-len(ids) // 10 :][:HELD_OUT]
    if resume:
        run, save = rnn.Training.load(resume, ids), save or resume
        run.optimizer.lr = new.get("lr", run.optimizer.lr)
    else:
        run = begin(ids, len(vocabulary), save, **new)
    if save:
        run.save(save, vocabulary)  # better an error now than after hours
    asked, n, since = endings(), run.progress[0], time.perf_counter()
    last = n + steps
    for step in run:
        ending = asked or step.n >= last
        if ending or step.n % every == 0:
            speed = (step.n - n) * run.T * run.B / (time.perf_counter() - since)
            status = save and keep(run, save, vocabulary)
            loss = rnn.evaluate(run.params, held_out) if len(held_out) > 1 else np.nan
            logging.info(REPORT, step.n, step.smooth_loss / run.T, loss, speed)
            inputs, _, h = run.chunk
            drawn = rnn.sample(run.params, h, inputs[0], 200, step.n).reshape(200, -1)
            print(vocabulary.decode(drawn[:, 0]), end="\n\n", flush=True)
            n, since = step.n, time.perf_counter()
        if ending:
            return status if save else logging.info("Nothing saved: no --save given.")


def begin(ids, V, save, hidden=100, length=25, batch=1, lr=0.1, seed=0):
    """A new Training. ValueError where nothing can be learned, or saved."""
    if V == 1 or len(ids) < 2:
        raise ValueError("The text is one symbol only, or too short to learn from.")
    if len(ids) <= length * batch:
        T = min(length, len(ids) - 1)
        raise ValueError(f"The text is too short: --length {T} --batch 1 would do.")
    if save and os.path.exists(save):
        raise ValueError(f"{save} exists: go on with --resume, or name another file.")
    params = rnn.Params.init(V, hidden, np.random.default_rng(seed))
    return rnn.Training(params, ids, length, batch, rnn.Adagrad(params, lr))


def keep(run, save, vocabulary):
    """Save. Returns the exit status: 1 where it failed."""
    try:
        run.save(save, vocabulary)
    except OSError as error:
        return logging.info(f"Not saved: {error}. {save} is as it was.") or 1


def endings():
    """A list that Ctrl-C or SIGTERM fills; a second one ends at once."""
    asked = []
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: sys.exit(130) if asked else asked.append(1))
    return asked


if __name__ == "__main__":
    sys.exit(main())
