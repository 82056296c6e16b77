"""Clipping, Adagrad, and the training loop (notebook 06)."""

from collections import namedtuple
from collections.abc import Iterator
from zlib import crc32

import numpy as np

from rnnlib.bptt import loss_and_grad
from rnnlib.forward import Params
from rnnlib.loss import evaluate
from rnnlib.text import check, stack_chunks


def clip(grads, limit):
    """Cut every entry of `grads`, a Params or an array, to -limit ... limit, in place.

    ValueError: a limit that is not above 0.
    """
    check(limit > 0, "limit", "a number above 0", limit)
    values = getattr(grads, "theta", grads)
    values.clip(-limit, limit, out=values)


class Adagrad:
    """Gradient descent in which every parameter has a step size of its own:

        m += g²        θ -= lr · g / √(m + eps)

    The memory m holds eps from the start, so that it is not added at every step.
    m: None for a new one, or that of `state()` to go on with, all above 0.
    ValueError: lr or eps not above 0.
    Source: J. Duchi, E. Hazan, Y. Singer, 2011; eps in the root as in min-char-rnn.py.
    """

    def __init__(self, params, lr=0.1, eps=1e-8, m=None):
        check(0 < lr < np.inf and 0 < eps < np.inf, "lr, eps", "above 0", (lr, eps))
        self.lr, self.eps = float(lr), float(eps)
        self.m, self.step = params.copy().theta, params.copy().theta  # in cache lines
        self.m[...] = eps if m is None else m

    def update(self, params, grads):
        """Change `params` in place by one step; `grads` stays as it is."""
        g, m, step, theta = grads.theta, self.m, self.step, params.theta
        m += np.square(g, out=step)
        np.divide(g, np.sqrt(m, out=step), out=step)
        theta -= np.multiply(self.lr, step, out=step)

    def state(self):
        """The arguments that make an Adagrad which goes on from here."""
        return {"lr": self.lr, "eps": self.eps, "m": self.m}


class Step(namedtuple("Step", "n loss smooth_loss validation fresh")):
    """One finished training step.

    n: the number of updates made. loss: of this chunk before the update, in nats,
    summed over its T characters. smooth_loss: 0.999 of the one before + 0.001 loss;
    it starts at T ln V. validation: nats a character on the held-out text where it
    was measured, else None. fresh: the state was restarted before this chunk.
    """


class Training(Iterator):
    """Training as an iterator of Steps that never ends and can be left and resumed.

    params: trained in place. ids: the text, (n,), cut as by `chunks(ids, T, B)`, with
    the state carried from chunk to chunk. optimizer: None for Adagrad(params), or
    an object with update(params, grads), which changes params in place, and state(),
    the arguments that make it anew; the arrays among them are what it changes.
    clip: the limit of the gradient's entries; infinity for none. validation: ids of a
    held-out text, measured whenever n is a multiple of 1000.

    A step happens whole or not at all: after an interrupt or an error the parameters
    and all that belongs to them are those after the last finished step. ValueError at
    a loss that is NaN or infinite: the training has run off.
    """

    def __init__(self, params, ids, T, B=1, optimizer=None, clip=5.0, validation=None):
        self.inputs, self.targets = stack_chunks(ids, T, B, params.V)
        self.params, self.validation, self.clip = params, validation, clip
        if validation is not None:
            stack_chunks(validation, 1, 1, params.V, "validation")  # not at step 1000
        self.optimizer = Adagrad(params) if optimizer is None else optimizer
        h = np.zeros((*self.inputs.shape[2:], params.H), params.dtype)
        self.progress = 0, h, T * np.log(params.V).item()
        self.text = T, B, crc32(np.asarray(ids, "<i8").tobytes())
        arrays = [params.theta, *self.optimizer.state().values()]
        self.undo = [(a, a.copy()) for a in arrays if isinstance(a, np.ndarray)]
        self.grads = params.zeros_like()

    def __next__(self):
        """Make one update; return its Step."""
        n, h, smooth_loss = self.progress
        k = n % len(self.inputs)
        chunk = self.inputs[k], self.targets[k], h if k else None
        loss, grads, h = loss_and_grad(self.params, *chunk, out=self.grads)
        check(np.isfinite(loss), "loss", "a finite number", loss)
        clip(grads, self.clip)
        n, smooth_loss = n + 1, 0.999 * smooth_loss + 0.001 * loss
        for live, kept in self.undo:
            np.copyto(kept, live)
        try:
            self.optimizer.update(self.params, grads)
            measured = self.validation is not None and n % 1000 == 0
            validation = evaluate(self.params, self.validation) if measured else None
            self.progress = n, h, smooth_loss
        except BaseException:  # an interrupt from the keyboard too
            for live, kept in self.undo:
                np.copyto(live, kept)
            raise
        return Step(n, loss, smooth_loss, validation, k == 0)

    def save(self, path):
        """Write all that `load` needs to the archive `path`, whole or not at all."""
        now = dict(zip(("n", "h", "smooth_loss"), self.progress))
        memory = {"o." + k: v for k, v in self.optimizer.state().items()}
        self.params.save(path, clip=self.clip, text=self.text, **now, **memory)

    @classmethod
    def load(cls, path, ids, optimizer=Adagrad, validation=None):
        """Go on where `save` was called, bit for bit, on the same text `ids`.

        optimizer: the class that trained, made anew as optimizer(params, **state).
        ValueError: no such file, or one of another kind; ids of another text.
        """
        params = Params.load(path)
        with np.load(path) as file:
            saved = {k: v if v.ndim else v.item() for k, v in file.items()}
        check("text" in saved, "path", "a saved Training", path)
        memory = {k[2:]: v for k, v in saved.items() if k.startswith("o.")}
        (T, B, text), limit = saved["text"].tolist(), saved["clip"]
        run = cls(params, ids, T, B, optimizer(params, **memory), limit, validation)
        check(run.text[2] == text, "ids", "the text that was trained on", "another")
        run.progress = saved["n"], saved["h"], saved["smooth_loss"]
        return run
