"""Clipping, Adagrad, and the training loop (notebook 06)."""

from collections import namedtuple
from collections.abc import Iterator
from threading import RLock

import numpy as np

from rnnlib.bptt import loss_and_grad
from rnnlib.checks import attempt, check_finite, floats, ids_for, memory, positive
from rnnlib.forward import Params
from rnnlib.loss import evaluate
from rnnlib.text import check, checksum, read_archive, stack_chunks


def clip(grads, limit):
    """Cut every entry of `grads`, a Params or an array, to -limit ... limit, in place.

    ValueError: a limit that is not above 0; infinity is, and leaves all as it is.
    """
    limit, values = positive("limit", limit, np.inf), floats("grads", grads)
    check(not np.isnan(np.vdot(values, values)), "grads", "finite numbers", "NaN")
    values.clip(-limit, limit, out=values)


class Adagrad:
    """Gradient descent in which every parameter has a step size of its own:

        m += g²        θ -= lr · g / √(m + eps)

    The memory m holds eps from the start, so that it is not added at every step.
    m: None for a new one, or that of `state()` to go on with, all above 0.
    The attribute `lr` may be changed between steps.
    ValueError: lr, eps or m not above 0, or out of the range of params.dtype.
    Source: J. Duchi, E. Hazan, Y. Singer, 2011; eps in the root as in min-char-rnn.py.
    """

    def __init__(self, params, lr=0.1, eps=1e-8, m=None):
        self.lr, self.eps = positive("lr", lr), positive("eps", eps)
        self.m = memory(params, self.eps, m).copy().theta  # in cache lines
        self.step = params.copy().theta

    def update(self, params, grads):
        """Change `params` in place by one step; `grads` stays as it is.

        ValueError: gradients of another size, or with NaN, or too large to square.
        """
        g, theta = floats("grads", grads, self.m.shape), floats("params", params)
        m, step = self.m, self.step
        check_finite(grads=np.square(g, out=step))
        m += step
        np.divide(g, np.sqrt(m, out=step), out=step)
        theta -= np.multiply(positive("lr", self.lr), step, out=step)

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

    Between steps: `progress` is (n, h, smooth_loss), how far it is. `chunk` is what
    the next step reads, (inputs, targets, h); from there text is drawn by
    `sample(run.params, h, inputs[0], ...)`. `T` and `B` are those of the chunks.
    `optimizer.lr` may be set to another learning rate.

    A step happens whole or not at all: after an interrupt or an error the parameters
    and all that belongs to them are those after the last finished step. ValueError at
    a loss or an update that is NaN or infinite: the training has run off; and where
    two threads make steps at the same time.
    """

    def __init__(self, params, ids, T, B=1, optimizer=None, clip=5.0, validation=None):
        ids = ids_for(params, "ids", ids, 1)
        self.inputs, self.targets = stack_chunks(ids, T, B)
        self.params, self.validation, self.T, self.B = params, validation, T, B
        self.clip, self.grads = positive("clip", clip, np.inf), params.zeros_like()
        if validation is not None:
            validation = ids_for(params, "validation", validation, 1, least=2)
        self.optimizer = Adagrad(params) if optimizer is None else optimizer
        state = attempt("optimizer", "an object", lambda o: o.state(), self.optimizer)
        arrays = [params.theta, *state.values()]
        self.undo = [(a, a.copy()) for a in arrays if isinstance(a, np.ndarray)]
        h = np.zeros((*self.inputs.shape[2:], params.H), params.dtype)
        self.progress = 0, h, T * np.log(params.V).item()
        self.text, self.lock = (T, B, checksum(ids)), RLock()

    @property
    def chunk(self):
        """What the next step reads: inputs, targets, and the state h before them."""
        k, h = self.progress[0] % len(self.inputs), self.progress[1]
        return self.inputs[k], self.targets[k], h if k else np.zeros_like(h)

    def __next__(self):
        """Make one update; return its Step."""
        check(self.lock.acquire(blocking=False), "run", "one at a time", "two threads")
        try:
            return self.step()
        finally:
            self.lock.release()

    def step(self):
        """What `__next__` does, when it is alone."""
        n, _, smooth_loss = self.progress
        loss, grads, h = loss_and_grad(self.params, *self.chunk, out=self.grads)
        check(np.isfinite(loss), "loss", "a finite number", loss)
        clip(grads, self.clip)
        n, smooth_loss = n + 1, 0.999 * smooth_loss + 0.001 * loss
        for live, kept in self.undo:
            np.copyto(kept, live)
        try:
            self.optimizer.update(self.params, grads)
            check_finite(params=self.params.theta)
            measured = self.validation is not None and n % 1000 == 0
            validation = evaluate(self.params, self.validation) if measured else None
            self.progress = n, h, smooth_loss
        except BaseException:  # an interrupt from the keyboard too
            for live, kept in self.undo:
                np.copyto(live, kept)
            raise
        return Step(n, loss, smooth_loss, validation, (n - 1) % len(self.inputs) == 0)

    def save(self, path, vocabulary=None):
        """Write all that `load` needs to the archive `path`, whole or not at all.

        vocabulary: that of the text, as for `Params.save`.
        """
        with self.lock:  # between two steps
            memory = {"o." + k: v for k, v in self.optimizer.state().items()}
            now = dict(zip(("n", "h", "smooth_loss"), self.progress), text=self.text)
            self.params.save(path, vocabulary, clip=self.clip, **now, **memory)

    @classmethod
    def load(cls, path, ids, optimizer=Adagrad, validation=None, vocabulary=None):
        """Go on where `save` was called, bit for bit, on the same text `ids`.

        optimizer: the class that trained, made anew as optimizer(params, **state).
        vocabulary: the one that the archive holds, to be sure.
        ValueError: no such file, one of another kind or damaged; ids of another text,
        another vocabulary or optimizer.
        """
        saved = read_archive(path, vocabulary)
        check("text" in saved, "path", "a saved Training", path)
        params = Params.from_arrays(**{name: saved[name] for name in Params.names})
        memory = {k[2:]: v for k, v in saved.items() if k.startswith("o.")}
        new = attempt("optimizer", "a class", lambda o: o(params, **memory), optimizer)
        check([*memory] == [*new.state()], "path", "all of an optimizer's state", path)
        T, B, text = saved["text"].tolist()
        run = cls(params, ids, T, B, new, saved["clip"], validation)
        check(run.text[2] == text, "ids", "the text that was trained on", "another")
        run.progress = saved["n"], saved["h"], saved["smooth_loss"]
        return run
