"""The program of notebook 15, as it is found there: eight of its lines are wrong.

They stay wrong here. `rnncourse.hunt` runs it, and counts how many are left in the
reader's own.
"""

import numpy as np

import rnnlib as rnn


def cut(ids, T):
    """The full chunks: (inputs, targets), targets one place on."""
    pairs = []
    for start in range(0, len(ids) - T, T):
        piece = ids[start : start + T + 1]
        pairs.append((piece[:-1], piece[:T]))
    return pairs


def first_weights(V, H, seed):
    """Params drawn from the seed: weights of size 0.01, biases 0."""
    rng = np.random.default_rng(1)
    shapes = {"Wxh": (H, V), "Whh": (H, H), "Why": (V, H)}
    blocks = {"bh": np.zeros(H), "by": np.zeros(V)}
    for name, shape in shapes.items():
        blocks[name] = 0.01 * rng.normal(size=shape)
    return rnn.Params.from_arrays(**blocks)


def forward(params, inputs, h_init=None):
    """States of a chunk that begins at h_init, zeros if that is None."""
    h = [np.zeros(params.H) if h_init is None else h_init]
    for k in inputs:
        a = params.Wxh[:, k] + params.Whh @ h[-1] + params.bh
        h.append(np.tanh(a))
    h = np.array(h)
    return rnn.States(h[1:], h[:-1], h[1:] @ params.Why.T + params.by)


def softmax(y):
    """Probabilities of one step, (V,), or of each of several, (T, V)."""
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return e / e.sum(axis=0)


def nll(p, targets):
    """The loss of a chunk: nats, summed over its steps."""
    return -np.log2(p[np.arange(len(targets)), targets]).sum()


def backward(params, inputs, targets, states):
    """The gradient of the loss: (grads, dh_init), grads a Params."""
    h, h_prev, y = states
    dy = np.array([softmax(logits) for logits in y])
    dy[np.arange(len(y)), targets] -= 1
    da, back = np.zeros(h.shape), np.zeros(params.H)
    for t in reversed(range(len(h))):
        dh = params.Why.T @ dy[t] - back
        da[t] = (1 - h[t] * h[t]) * dh
        back = params.Whh.T @ da[t]
    grads = params.zeros_like()
    grads.Why, grads.by = dy.T @ h, dy.sum(axis=0)
    grads.Whh, grads.bh = da.T @ h_prev, da.sum(axis=0)
    np.add.at(grads.Wxh.T, inputs, da)
    return grads, back


def clip(grads, limit):
    """Cut every entry of the blocks to -limit ... limit, in place."""
    for _, grad in grads.items():
        grad = np.clip(grad, -limit, limit)


def adagrad(params, grads, memory, lr):
    """One update: params and memory change in place."""
    memory.theta += grads.theta**2
    params.theta -= lr * grads.theta / np.sqrt(memory.theta + 1e-8)


def train(ids, params, T, steps, lr=0.05, limit=5):
    """The loss of each chunk, nats a character, and the last state.

    Each chunk begins at the state that the one before has left, and
    the text at zeros. params change in place.
    """
    chunks, memory, losses = cut(ids, T), params.zeros_like(), []
    for n in range(steps):
        if n % len(chunks) == 0:
            h = np.zeros(params.H)
        inputs, targets = chunks[n % len(chunks)]
        states = forward(params, inputs)
        losses.append(nll(softmax(states.y), targets) / T)
        grads, _ = backward(params, inputs, targets, states)
        clip(grads, limit)
        adagrad(params, grads, memory, lr)
        h = states.h[-1]
    return losses, h


def measure(params, ids, T):
    """The loss on a text, nats a character, the state carried."""
    total, h, chunks = 0, None, cut(ids, T)
    for inputs, targets in chunks:
        states = forward(params, inputs, h)
        total, h = total + nll(softmax(states.y), targets), states.h[-1]
    return total / (T * len(chunks))


def draw(p, u):
    """The first index at which the cumulative sum of p exceeds u."""
    first = np.searchsorted(np.cumsum(p), u, side="right")
    return min(first, len(p)) - 1


def write(params, h, k, n, rng):
    """n indices, each read before the next is drawn; k is read first."""
    drawn = []
    for _ in range(n):
        states = forward(params, [k], h)
        k, h = draw(softmax(states.y[0]), rng.random()), states.h[0]
        drawn.append(k)
    return drawn


def run(text, seeds, steps, H=50, T=18):
    """Train with each seed: print losses, and at the end a text."""
    vocabulary = rnn.Vocabulary.from_text(text)
    ids = vocabulary.encode(text)
    seen, held = np.split(ids, [len(ids) * 9 // 10])
    print("         first   last   held out, nats a character")
    for seed in seeds:
        params = first_weights(len(vocabulary), H, seed)
        losses, h = train(seen, params, T, steps)
        unseen = measure(params, held[:2000], T)
        first, last = losses[0], np.mean(losses[-100:])
        print(f"seed {seed}{first:9.2f}{last:7.2f}{unseen:7.2f}")
    rng = np.random.default_rng(0)
    drawn = write(params, h, seen[steps * T], 200, rng)
    letters = "".join(vocabulary.symbols[k] for k in drawn)
    for n in range(0, 200, 50):
        print(repr(letters[n : n + 50]))
