"""The floor: the work of a training step, at the rates that this machine reaches."""

import functools
import time

import numpy as np


def work(V, H, T, dtype):
    """What a step with B = 1 cannot do without, counted from the shapes.

    A product of a matrix (n, m) and a vector is n m multiplications and as many
    additions: 2 n m FLOP.

    matvec: FLOP of products that wait for one another, a vector at a time:
        Whh hₜ₋₁ and Whhᵀ daₜ₊₁, 2 H² each, T times.
    matmul: FLOP of products that take the whole chunk at once:
        Why hₜ, Whyᵀ dyₜ and dWhy, 2 H V each, and dWhh, 2 H², T times.
        Wxh xₜ and dWxh are not among them: one-hot, so a lookup and an addition.
    tanh, exp: H and V numbers, T times.
    roots: a square root and a division for each of the P parameters.
    bytes: the P numbers of the gradient are written; the update reads them, m and θ,
        and writes m and θ.

    Sums, products of single numbers and the clip are left out: they ride on the rest.
    """
    P = H * (V + H + V) + H + V
    return {
        "matvec, FLOP": T * 4 * H * H,
        "matmul, FLOP": T * (6 * H * V + 2 * H * H),
        "tanh": T * H,
        "exp": T * V,
        "roots": P,
        "bytes": 6 * P * np.dtype(dtype).itemsize,
    }


def rates(V, H, T, dtype, repeats):
    """How much of each a microsecond does at best, on data that are in the caches."""
    rng = np.random.default_rng(0)
    square = rng.standard_normal((256, 256)).astype(dtype)
    numbers = np.resize(np.abs(square), H * (V + H + V) + H + V)
    out = np.empty_like(numbers)
    few, few_out = numbers[:2048], out[:2048]
    # Taller than Whh too, so that the cost of a call does not count.
    tall = [np.resize(square, (k * H, H)) for k in (1, 2, 4, 8)]

    def roots():
        np.sqrt(few, out=few_out)
        np.divide(few, few_out, out=few_out)

    best = functools.partial(rate, repeats=repeats)
    return {
        "matvec, FLOP": max(best(2 * W.size, lambda: W.dot(W[0])) for W in tall),
        "matmul, FLOP": best(2 * 256**3, lambda: square.dot(square)),
        "tanh": best(few.size, lambda: np.tanh(few, out=few_out)),
        "exp": best(few.size, lambda: np.exp(few, out=few_out)),
        "roots": best(few.size, roots),
        "bytes": best(2 * out.nbytes, lambda: np.copyto(out, numbers)),
    }


def rate(amount, call, repeats):
    """What `call` does in a microsecond of CPU time, in the best of some runs."""
    best = np.inf
    for _ in range(repeats):
        calls, seconds, start = 0, 0.0, time.process_time()
        while seconds < 0.002:
            for _ in range(8):
                call()
            calls, seconds = calls + 8, time.process_time() - start
        best = min(best, seconds / calls)
    return amount / (best * 1e6)


def floor(V, H, T, dtype, repeats):
    """{part: (amount, amount a microsecond)}; the floor is the sum of the quotients."""
    have = rates(V, H, T, dtype, repeats)
    return {part: (n, have[part]) for part, n in work(V, H, T, dtype).items()}
