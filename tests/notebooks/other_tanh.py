"""Another last bit of every second tanh, as another computer may have it.

A kernel runs this as it starts, from the startup folder of an IPythonDir that `make
matrix` makes. A network that has trained for a while is another one then, however small
the first difference was. What a notebook says must hold all the same. The seed in
OTHER_TANH chooses the values; equal numbers always have equal ones.
"""

import os
import sys
from functools import wraps
from importlib.util import find_spec


def other(np, seed):
    """The tanh of np, NumPy, with every second value one step nearer to 0."""
    # 2 to the number of bits, over the golden ratio: it mixes all bits into the first.
    factors = {
        np.float32: np.uint32(0x9E3779B9),
        np.float64: np.uint64(0x9E3779B97F4A7C15),
    }
    tanh = np.tanh

    @wraps(tanh)
    def rounded_otherwise(x, out=None, **options):
        x = np.asarray(x)
        value = tanh(x, **options)
        if factor := factors.get(x.dtype.type):  # not for complex numbers
            bits = np.array(x, ndmin=1, order="C").view(factor.dtype)
            mixed = (bits ^ factor.dtype.type(seed)) * factor
            first = mixed >> factor.dtype.type(8 * x.itemsize - 1)
            chosen = first.astype(bool).reshape(x.shape)
            value = np.where(chosen, np.nextafter(value, x.dtype.type(0)), value)
        if out is None:
            return value[()]
        out[...] = value
        return out

    return rounded_otherwise


class Finder:
    """Finds NumPy, once, and changes it as it is imported: 07 asks who was first."""

    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            sys.meta_path.remove(self)
            spec = find_spec("numpy")
            execute = spec.loader.exec_module

            def changed(module):
                execute(module)
                module.tanh = other(module, int(os.environ["OTHER_TANH"]))

            spec.loader.exec_module = changed
            return spec


if "OTHER_TANH" in os.environ:
    sys.meta_path.insert(0, Finder())
