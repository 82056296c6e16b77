"""The gist's way: column vectors, one dictionary entry for each step, no batches.

Written here in the manner of A. Karpathy's min-char-rnn.py, with its order of work:
everything, one-hot products and outer products too, happens inside the two loops over
time. Differences: the dtype is a choice, and inputs arrive as lists of indices.
"""

import itertools

import numpy as np

import rnnlib as rnn


class Gist:
    batches = False

    def __init__(self, weights, ids, T, B=1, lr=0.1):
        self.Wxh, self.Whh, self.Why = (
            weights[k].copy() for k in ("Wxh", "Whh", "Why")
        )
        self.bh, self.by = (weights[k].copy()[:, None] for k in ("bh", "by"))
        self.params = [self.Wxh, self.Whh, self.Why, self.bh, self.by]
        self.memory = [np.zeros_like(param) for param in self.params]
        self.h, self.lr = np.zeros_like(self.bh), lr
        pairs = [(x.tolist(), y.tolist()) for x, y, _ in rnn.chunks(ids, T)]
        self.chunks = itertools.cycle(pairs)

    def one_hot(self, k):
        x = np.zeros_like(self.by)
        x[k] = 1
        return x

    def loss_and_grads(self, inputs, targets):
        xs, hs, ps, loss = {}, {-1: np.copy(self.h)}, {}, 0
        for t in range(len(inputs)):
            xs[t] = self.one_hot(inputs[t])
            hs[t] = np.tanh(
                np.dot(self.Wxh, xs[t]) + np.dot(self.Whh, hs[t - 1]) + self.bh
            )
            y = np.dot(self.Why, hs[t]) + self.by
            ps[t] = np.exp(y) / np.sum(np.exp(y))
            loss += -np.log(ps[t][targets[t], 0])

        grads = [np.zeros_like(param) for param in self.params]
        dWxh, dWhh, dWhy, dbh, dby = grads
        dh_next = np.zeros_like(self.bh)
        for t in reversed(range(len(inputs))):
            dy = np.copy(ps[t])
            dy[targets[t]] -= 1
            dWhy += np.dot(dy, hs[t].T)
            dby += dy
            dh = np.dot(self.Why.T, dy) + dh_next
            da = (1 - hs[t] * hs[t]) * dh
            dbh += da
            dWxh += np.dot(da, xs[t].T)
            dWhh += np.dot(da, hs[t - 1].T)
            dh_next = np.dot(self.Whh.T, da)
        for grad in grads:
            np.clip(grad, -5, 5, out=grad)
        return loss, grads, hs[len(inputs) - 1]

    def step(self):
        loss, grads, self.h = self.loss_and_grads(*next(self.chunks))
        for param, grad, memory in zip(self.params, grads, self.memory):
            memory += grad * grad
            param += -self.lr * grad / np.sqrt(memory + 1e-8)
        return float(loss)

    def sample(self, seed, n, rng):
        """Draw n indices; rng: a RandomState, whose `choice` is np.random.choice."""
        x, h, ids = self.one_hot(seed), self.h, []
        for _ in range(n):
            h = np.tanh(np.dot(self.Wxh, x) + np.dot(self.Whh, h) + self.bh)
            y = np.dot(self.Why, h) + self.by
            p = np.exp(y) / np.sum(np.exp(y))
            k = rng.choice(range(len(p)), p=p.ravel())
            x = self.one_hot(k)
            ids.append(k)
        return ids
