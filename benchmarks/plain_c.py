"""plain.c, compiled by the system's compiler and called once a step."""

import ctypes
import functools
import itertools
import subprocess
import tempfile
from pathlib import Path

import numpy as np

import rnnlib as rnn

HERE = Path(__file__).parent
TUNED = ("-march=native", "-mcpu=native")  # the second for older compilers on ARM


@functools.cache
def compiled(real, *flags):
    """The function `step` of plain.c for a type. OSError says why there is none.

    `flags` are for the compiler alone: at the linker, -ffast-math would change how the
    whole process, NumPy too, treats the smallest numbers.
    """
    with tempfile.TemporaryDirectory() as folder:
        for tuned in TUNED:
            compile_ = ["cc", "-std=gnu11", "-O3", tuned, *flags, f"-DREAL={real}"]
            compile_ += ["-fPIC", "-c", "plain.c", "-o", f"{folder}/plain.o"]
            done = subprocess.run(
                compile_, cwd=HERE, capture_output=True, encoding="utf-8"
            )
            if done.returncode == 0:
                break
        else:
            raise OSError(f"cc cannot compile it: {done.stderr.strip():.200}")
        library = f"{folder}/plain.so"
        link = ["cc", "-shared", f"{folder}/plain.o", "-lm", "-o", library]
        done = subprocess.run(link, capture_output=True, encoding="utf-8")
        if done.returncode:
            raise OSError(f"cc cannot link it: {done.stderr.strip():.200}")
        return ctypes.CDLL(library).step


class C:
    """Compiled with -O3 -march=native."""

    batches = False
    flags = ()

    def __init__(self, weights, ids, T, B=1, lr=0.1):
        params = rnn.Params.from_arrays(**weights)  # for the layout of theta
        double = params.dtype == np.float64
        real = ctypes.c_double if double else ctypes.c_float
        self.function = compiled("double" if double else "float", *self.flags)
        self.function.restype = ctypes.c_double
        self.function.argtypes = 3 * [ctypes.c_int] + 6 * [ctypes.c_void_p] + 2 * [real]
        self.sizes, self.lr = (params.V, params.H, T), lr
        grads, memory = params.copy(), params.copy()
        memory.theta[:] = 1e-8
        arrays = [params.theta, grads.theta, memory.theta, np.zeros_like(params.bh)]
        pairs = [
            (x.astype(np.int64), y.astype(np.int64)) for x, y, _ in rnn.chunks(ids, T)
        ]
        self.keep = arrays, pairs  # what the addresses below point to
        self.state = [array.ctypes.data for array in arrays]
        self.chunks = itertools.cycle(
            [(x.ctypes.data, y.ctypes.data) for x, y in pairs]
        )

    def step(self):
        return self.function(*self.sizes, *next(self.chunks), *self.state, self.lr, 5)


class FastC(C):
    """The same with -ffast-math: sums in any order, tanh and exp by vectors."""

    flags = ("-ffast-math",)
