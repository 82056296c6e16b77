"""The parameters and the forward pass (notebook 02)."""

import json
from collections import namedtuple
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from rnnlib.checks import as_array, attempt, cast, check_finite, fitting, ids_for, whole
from rnnlib.text import check, read_archive


class Params:
    """The five weight blocks, as views of one flat vector `theta`, in this order:

    Wxh (H, V) input to hidden, Whh (H, H) hidden to hidden, Why (V, H) hidden to
    output, bh (H,) and by (V,) biases. Gradients have the same layout, so they are
    a Params too.
    """

    names = ("Wxh", "Whh", "Why", "bh", "by")

    def __init__(self, theta, V, H):
        a, b, c = H * V, H * (V + H), H * (V + H + V)
        theta = as_array("theta", theta, (c + H + V,))
        floats = theta.dtype.char in "fdgFDG"  # e is half precision, which cannot train
        check(floats, "dtype of theta", "float32 or float64", theta.dtype)
        Wxh, Whh = theta[:a].reshape(H, V), theta[a:b].reshape(H, H)
        Why, bh, by = theta[b:c].reshape(V, H), theta[c : c + H], theta[c + H :]
        # Past __setattr__, which writes into blocks that are there already.
        vars(self).update(theta=theta, dtype=theta.dtype, V=V, H=H)
        vars(self).update(Wxh=Wxh, Whh=Whh, Why=Why, bh=bh, by=by)

    @classmethod
    def init(cls, V, H, rng, scale=0.01, dtype=np.float64):
        """Weights drawn from a normal distribution of width `scale`, biases zero.

        rng: a NumPy Generator, or a seed for one.
        """
        V, H = whole("V", V), whole("H", H)
        scale = as_array("scale", scale, 0, True, "real numbers")
        rng = attempt("rng", "a Generator or a seed", np.random.default_rng, rng)
        theta = np.append(rng.standard_normal(H * (V + H + V)) * scale, np.zeros(H + V))
        return cls(cast(theta, dtype), V, H).copy()

    @classmethod
    def from_arrays(cls, *, Wxh, Whh, Why, bh, by):
        """Parameters with these values, copied. ValueError names the misshapen one."""
        H, V = as_array("Wxh", Wxh, 2, finite=True).shape
        shapes = (H, V), (H, H), (V, H), (H,), (V,)
        given = map(as_array, cls.names, (Wxh, Whh, Why, bh, by), shapes, [True] * 5)
        return cls(np.concatenate([*given], axis=None) * 1.0, V, H).copy()

    def __setattr__(self, name, value):
        """`params.bh = 0` and `params.bh -= g` write into theta; views stay views."""
        block = getattr(self, name)
        block[...] = fitting(name, value, block)

    def __reduce__(self):
        """Copy and pickle by way of theta, or the blocks would cease to be views."""
        return type(self), (self.theta, self.V, self.H)

    def items(self):
        """The pairs (name, block), in the order of theta."""
        return [(name, getattr(self, name)) for name in self.names]

    def with_theta(self, theta):
        """The same layout over another vector, which is not copied."""
        return type(self)(theta, self.V, self.H)

    def copy(self):
        """The same numbers in a vector of their own, which begins a cache line.

        A training step with a Whh that lies across the lines takes a tenth longer.
        """
        room = np.empty(self.theta.size + 64, self.dtype)
        start = -room.ctypes.data % 64 // room.itemsize
        room[start : start + self.theta.size] = self.theta
        return self.with_theta(room[start : start + self.theta.size])

    def zeros_like(self):
        """The same layout over zeros."""
        return self.with_theta(np.zeros_like(self.theta))

    def save(self, path, vocabulary=None, **more):
        """Write the blocks, the symbols and `more` arrays to the NumPy archive `path`.

        vocabulary: that of the text, which `Vocabulary.load` gives back; without it
        nobody can tell later what the network writes.
        Whole or not at all: an error or an interrupt leaves what was there before.
        ValueError: no name of a file, another number of symbols.
        """
        target = attempt("path", "the name of a file", Path, path).resolve()
        if vocabulary is not None:
            symbols = attempt("vocabulary", "one", lambda v: v.symbols, vocabulary)
            check(
                len(symbols) == self.V, "vocabulary", f"{self.V} symbols", len(symbols)
            )
            more["symbols"] = json.dumps(symbols)
        with TemporaryDirectory(dir=target.parent) as folder:  # nobody else's
            part = Path(folder, "part.npz")
            np.savez(part, **dict(self.items()), **more)
            part.replace(target)

    @classmethod
    def load(cls, path, vocabulary=None):
        """Parameters from an archive that `save` wrote, in the dtype they had.

        vocabulary: the one that they were trained with, to be sure.
        ValueError: no such file, one of another kind or damaged, other symbols.
        """
        saved = read_archive(path, vocabulary)
        return cls.from_arrays(**{name: saved[name] for name in cls.names})


class States(namedtuple("States", "h h_prev y")):
    """What a forward pass leaves: every array has T rows, and the same t.

    h, h_prev: (T, H) or (T, B, H), the states after and before each step: two views
    of one block of T + 1 rows, shifted by one. y: (T, V) or (T, B, V), the logits.
    """


def forward(params, inputs, h_init=None):
    """Run the network over a chunk: States(h, h_prev, y).

        aₜ = Wxh xₜ + Whh hₜ₋₁ + bh        hₜ = tanh(aₜ)        yₜ = Why hₜ + by

    inputs: indices, (T,) or (T, B). h_init: the state that comes in, (H,) or (B, H);
    None: zeros. The work is done in params.dtype, or complex where h_init is.
    ValueError: empty or non-integer inputs, an index outside 0 ... V-1, a state of
    the wrong shape, NaN or infinity in the parameters or the state, one-hot vectors.
    Source: A. Karpathy, min-char-rnn.py (BSD).
    """
    inputs = ids_for(params, "inputs", inputs)
    fits, shape = inputs.ndim in (1, 2), (*inputs.shape[1:], params.H)
    check(fits and inputs.size, "shape of inputs", "(T,) or (T, B)", inputs.shape)
    if np.ndim(h_init) < 2:  # with a state for each of B = V streams it is a batch
        one_hot = inputs.shape[1:] == (params.V,) and (inputs.sum(1) == 1).all()
        check(not one_hot, "inputs", "indices", "one-hot vectors")
    h_init = as_array("h_init", np.zeros(shape) if h_init is None else h_init, shape)

    dtype = params.dtype if np.isrealobj(h_init) else np.result_type(params.dtype, 1j)
    states = np.empty((len(inputs) + 1, *shape), dtype)
    states[0] = h_init
    check_finite(params=params.theta, h_init=states[0])
    h_prev, h = states[:-1], states[1:]
    np.add(params.Wxh.T[inputs], params.bh, out=h)  # what does not wait for a state
    WhhT = params.Whh.T if inputs.ndim == 1 else params.Whh.T.copy()  # pays for B > 1
    h_before = states[0]
    for h_t in h:
        h_t += h_before.dot(WhhT)
        h_before = np.tanh(h_t, h_t)
    return States(h, h_prev, h @ params.Why.T.copy() + params.by)
