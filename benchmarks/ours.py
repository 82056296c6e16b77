"""`rnnlib` through its public functions, in three ways."""

import itertools

import rnnlib as rnn


class Library:
    """A new gradient at every step: no result changes in a later call."""

    batches = True

    def __init__(self, weights, ids, T, B=1, lr=0.1):
        self.params = rnn.Params.from_arrays(**weights)
        self.adagrad = rnn.Adagrad(self.params, lr)
        self.grads = None
        self.h = None
        pairs = [(x, y) for x, y, _ in rnn.chunks(ids, T, B)]
        self.chunks = itertools.cycle(pairs)

    def step(self):
        loss, grads, self.h = rnn.loss_and_grad(
            self.params, *next(self.chunks), self.h, out=self.grads
        )
        rnn.clip(grads, 5)
        self.adagrad.update(self.params, grads)
        return loss


class LibraryOut(Library):
    """The gradient goes into one Params, again and again."""

    def __init__(self, *args):
        super().__init__(*args)
        self.grads = self.params.zeros_like()


class LibraryTraining:
    """The iterator that the course trains with: a step happens whole or not at all."""

    batches = True

    def __init__(self, weights, ids, T, B=1, lr=0.1):
        params = rnn.Params.from_arrays(**weights)
        self.run = rnn.Training(params, ids, T, B, rnn.Adagrad(params, lr))

    def step(self):
        return next(self.run).loss
