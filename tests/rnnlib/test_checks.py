"""What all rooms ask of their arguments: bad values through every public function."""

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import rnnlib as rnn


class Unreadable:
    """An object that cannot be made an array of."""

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array")


RAGGED = [[1, 2], [3]]
MASKED = np.ma.masked_array([1, 0, 1, 0, 1, 2], mask=[0, 1, 0, 0, 0, 0])

# Values that come from somewhere else, by mistake.
STRANGE = [
    *(
        None,
        True,
        False,
        np.True_,
        "",
        "5",
        "abc",
        b"",
        b"abc",
        {},
        {"a": 1},
        {"Wxh": 0},
    ),
    *(
        set(),
        {1},
        [],
        (),
        [[]],
        [None],
        ["a", 1],
        [1.5],
        ["1"],
        [True],
        RAGGED,
        [RAGGED],
    ),
    *(
        object(),
        int,
        len,
        np,
        ...,
        NotImplemented,
        Path("a/b.npz"),
        range(0),
        iter([1]),
    ),
    *(0, -1, -7, 7, 12, 10**30, -(10**30), 10**400, 0.0, -0.5, 1.5, 1e-320, 1e300),
    *(np.nan, np.inf, -np.inf, 1j, complex(np.nan, 0), Decimal("0.5"), Fraction(1, 3)),
    *(
        np.uint8(200),
        np.int8(-1),
        np.float16(0.5),
        np.float32(np.nan),
        np.datetime64("NaT"),
    ),
    *(MASKED, Unreadable(), np.array(None), np.array("a"), np.array(["a", "b"])),
    *(np.array([{}]), np.zeros(3, "i4,f4"), np.zeros(2, "M8[s]"), np.zeros(3, bool)),
    *(
        np.zeros((2, 2, 2, 2)),
        np.zeros((0, 3)),
        np.zeros((3, 0), int),
        np.eye(4, dtype=int),
    ),
    *(
        np.zeros(5, complex),
        np.full(5, np.nan),
        np.full((5, 4), np.inf),
        np.zeros(5, "f2"),
    ),
    *(
        rnn.Adagrad,
        rnn.Params,
        rnn.Vocabulary,
        rnn.Vocabulary("ab"),
        np.random.Generator,
    ),
]


def any_array(rng):
    """An array of some dtype and shape, now and then with NaN or infinity."""
    shape = tuple(rng.integers(0, 7, size=rng.integers(0, 4)))
    dtype = rng.choice(["i8", "u1", "i2", "f8", "f4", "f2", "c16", "?", "O", "U3"])
    numbers = rng.normal(size=shape) * rng.choice([1, 9, 1e4])
    whole = np.abs(numbers).astype("i4")
    array = np.asarray(whole if dtype in ("u1", "?", "U3") else numbers).astype(dtype)
    if array.dtype.kind == "f" and array.size and rng.random() < 0.3:
        array.flat[0] = rng.choice([np.nan, np.inf])
    return array if rng.random() < 0.7 else array.tolist()


def bad_value(rng):
    """One of the strange values, or an array that need not fit."""
    if rng.random() < 0.6:
        return STRANGE[rng.integers(len(STRANGE))]
    return any_array(rng)


# What does fit, in words of its own: these values are no test.


def number(value):
    """The value as a float, or NaN."""
    kinds = (int, float, np.integer, np.floating, np.ndarray)
    if isinstance(value, bool) or not isinstance(value, kinds) or np.ndim(value):
        return np.nan
    fits = getattr(value, "dtype", np.dtype(float)).kind in "iuf" and abs(value) < 1e308
    return float(value) if fits or value in (np.inf, -np.inf) else np.nan


def count(least):
    return lambda n: (
        type(n) is not bool and isinstance(n, (int, np.integer)) and n >= least
    )


def above_0(value):
    return 0 < number(value) < np.inf


def array(shape, kinds="iuf", values=np.isfinite):
    """A function that says whether a value is such an array."""

    def fits(value):
        if isinstance(value, np.ma.MaskedArray):
            return False
        try:
            a = np.asarray(value)
        except Exception:
            return False
        right = shape(a.shape) if callable(shape) else a.shape == shape
        return right and (not a.size or (a.dtype.kind in kinds and np.all(values(a))))

    return fits


def ids(V, shape):
    return array(shape, "iu", lambda a: (a >= 0) & (a < V))


def flat(least):
    return lambda shape: len(shape) == 1 and shape[0] >= least


def never(value):
    return False


V, H = 4, 5
TEXT = np.array([0, 1, 2, 3, 1, 0, 2] * 6)
PARAMS = rnn.Params.init(V, H, 0, scale=0.5)
INPUTS, TARGETS = TEXT[:6], TEXT[1:7]
STATES = rnn.forward(PARAMS, INPUTS)
LETTERS, WORDS = rnn.Vocabulary("abcd"), rnn.Vocabulary(["it", "is", "so", "now"])


def text(value):
    """A str, or a list of them, not empty."""
    words = [value] if isinstance(value, str) else value
    plain = isinstance(words, (list, tuple)) and all(isinstance(w, str) for w in words)
    return plain and len(value) > 0


def known(vocabulary, value):
    """A text of this vocabulary; an empty one of any kind will do."""
    return len(value) == 0 or (text(value) and set(value) <= set(vocabulary.symbols))


def seed(value):
    """None is a seed too: another each time."""
    try:
        np.random.default_rng(value)
        return True
    except Exception:
        return False


def kind_of(letters):
    def fits(dtype):
        try:
            return np.dtype(dtype).char in letters
        except TypeError:
            return False

    return fits


def clipped(grads):
    fits = array(lambda shape: True, "f", lambda a: ~np.isnan(a))
    return isinstance(grads, np.ndarray) and fits(grads)


def one_step(**given):
    return next(rnn.Training(**given))


def assign(bh):
    PARAMS.copy().bh = bh


def a_name(path):
    """A name in the folder where the test runs."""
    return isinstance(path, str) and path and "/" not in path


BLOCKS = {name: (b, array(b.shape, "iufc")) for name, b in PARAMS.items()}
EPOCH = {"inputs": (INPUTS, ids(V, lambda s: len(s) in (1, 2) and 0 not in s))}
STATE = {"h_init": (None, lambda h: h is None or array((H,), "iufc")(h))}
RUN = {"targets": (TARGETS, ids(V, (6,)))}
OF_PARAMS = {"params": (PARAMS, never)}
SAMPLING = {
    "n": (3, count(0)),
    "rng": (0, seed),
    "temperature": (1.0, above_0),
}
# Each function: its arguments, and for each a good value and what else would fit.
FUNCTIONS = {
    rnn.Vocabulary: {"symbols": ("abcd", text)},
    rnn.Vocabulary.from_text: {"text": ("abcd", text)},
    LETTERS.encode: {"text": ("abba", lambda t: known(LETTERS, t))},
    WORDS.encode: {"text": (["it", "is"], lambda t: known(WORDS, t))},
    LETTERS.decode: {"ids": ([0, 1], ids(V, flat(0)))},
    rnn.one_hot: {
        "ids": ([0, 1], ids(V, lambda shape: True)),
        "V": (V, count(2)),
        "dtype": (float, kind_of("bBhHiIlLqQefdgFDG")),
    },
    rnn.chunks: {
        "ids": (TEXT, array(flat(11), "iu", lambda a: a >= 0)),
        "T": (5, lambda T: count(1)(T) and T * 2 < len(TEXT)),
        "B": (2, lambda B: count(1)(B) and B * 5 < len(TEXT)),
        "epochs": (1, lambda n: n is None or count(1)(n)),
    },
    rnn.Params.init: {
        "V": (V, count(1)),
        "H": (H, count(1)),
        "rng": (0, seed),
        "scale": (0.1, lambda s: np.isfinite(number(s))),
        "dtype": (float, kind_of("fdgFDG")),
    },
    rnn.Params.from_arrays: BLOCKS,
    PARAMS.with_theta: {"theta": (PARAMS.theta, array(PARAMS.theta.shape, "fc"))},
    assign: {"bh": (0.0, lambda b: array((H,))(b) or array(())(b))},
    rnn.forward: {**OF_PARAMS, **EPOCH, **STATE},
    rnn.softmax: {
        "y": (STATES.y, array(lambda s: s[-1:] != (0,), "iufc")),
        "axis": (-1, lambda axis: axis is None or axis in (0, 1, -1, -2)),
    },
    rnn.cross_entropy: {
        "y": (STATES.y, array(lambda s: s[:1] == (6,) and s[1] >= V, "iufc")),
        **RUN,
    },
    rnn.evaluate: {**OF_PARAMS, "ids": (TEXT, ids(V, flat(2)))},
    rnn.backward: {
        **OF_PARAMS,
        "inputs": (INPUTS, ids(V, (6,))),
        **RUN,
        "states": (STATES, never),
    },
    rnn.loss_and_grad: {**OF_PARAMS, "inputs": (INPUTS, ids(V, (6,))), **RUN, **STATE},
    rnn.numerical_gradient: {
        "f": (np.sum, lambda f: f is len),
        "theta": (np.ones(3), array(lambda shape: True)),
        "eps": (1e-5, above_0),
    },
    rnn.complex_step_gradient: {
        "f": (np.sum, never),
        "theta": (np.ones(3), array(lambda shape: True)),
    },
    rnn.relative_error: {
        "a": (np.ones(3), array((3,), "biufc", lambda a: True)),
        "b": (np.ones(3), array((3,), "biufc", lambda a: True)),
    },
    rnn.check_gradients: {
        **OF_PARAMS,
        "inputs": (INPUTS, ids(V, (6,))),
        **RUN,
        "h_init": (None, lambda h: h is None or array((H,), "iuf")(h)),
        "backward": (rnn.backward, never),
    },
    rnn.clip: {
        "grads": (np.ones(3), clipped),
        "limit": (5.0, lambda limit: 0 < number(limit)),
    },
    rnn.Adagrad: {
        **OF_PARAMS,
        "lr": (0.1, above_0),
        "eps": (1e-8, above_0),
        "m": (None, lambda m: m is None or array(PARAMS.theta.shape, "iuf")(m)),
    },
    rnn.Adagrad(PARAMS).update: {
        "params": (PARAMS, never),
        "grads": (PARAMS.zeros_like(), never),
    },
    one_step: {
        "params": (PARAMS, never),
        "ids": (TEXT, ids(V, flat(11))),
        "T": (5, lambda T: count(1)(T) and T * 2 < len(TEXT)),
        "B": (2, lambda B: count(1)(B) and B * 5 < len(TEXT)),
        "optimizer": (None, lambda o: o is None),
        "clip": (5.0, lambda limit: 0 < number(limit)),
        "validation": (None, lambda ids_: ids_ is None or ids(V, flat(2))(ids_)),
    },
    rnn.sample: {
        **OF_PARAMS,
        "h": (np.zeros(H), array(lambda s: s[-1:] == (H,) and len(s) < 3)),
        "first": (0, ids(V, ())),
        **SAMPLING,
    },
    rnn.generate: {**OF_PARAMS, "prompt": (INPUTS, ids(V, flat(1))), **SAMPLING},
    rnn.Params.load: {
        "path": ("weights.npz", lambda p: Path(p).is_file()),
        "vocabulary": (None, lambda v: v is None),
    },
    rnn.Vocabulary.load: {"path": ("weights.npz", never)},
    PARAMS.save: {"path": ("b.npz", a_name), "vocabulary": (None, lambda v: v is None)},
    rnn.Training.load: {
        "path": ("run.npz", never),
        "ids": (TEXT, never),
        "optimizer": (rnn.Adagrad, lambda o: o is rnn.Adagrad),
        "validation": (None, lambda ids_: ids_ is None or ids(V, flat(2))(ids_)),
        "vocabulary": (None, lambda v: v is None),
    },
    rnn.load_corpus: {"name_or_path": ("shakespeare", never)},
}


def outcome(function, arguments, name, value):
    """What comes of a bad value: "fits", "silent", "named" or "unclear", and words."""
    try:
        if arguments[name][1](value):
            return "fits", ""
    except Exception:
        pass  # then it does not fit
    given = {other: good for other, (good, _) in arguments.items()}
    try:
        result = function(**{**given, name: value})
    except ValueError as error:
        named = re.search(rf"\b{name}\b", str(error))
        return "named" if named else "unclear", str(error)
    except Exception as error:
        return "unclear", f"{type(error).__name__}: {error}"
    return "silent", f"{result!r:.200}"


@pytest.mark.filterwarnings("ignore")
def test_10_000_bad_values(tmp_path, monkeypatch):
    """None goes through in silence, and 19 of 20 complaints name the argument."""
    monkeypatch.chdir(tmp_path)
    PARAMS.save("weights.npz", LETTERS)
    rnn.Training(PARAMS.copy(), TEXT, 5, 2).save("run.npz")
    rng, found = np.random.default_rng(0), {}
    pairs = [(f, name) for f, arguments in FUNCTIONS.items() for name in arguments]
    for k in range(10_000):
        function, name = pairs[k % len(pairs)]
        value = bad_value(rng)
        kind, words = outcome(function, FUNCTIONS[function], name, value)
        where = getattr(function, "__qualname__", str(function))
        found.setdefault(kind, []).append(f"{where} {name}={value!r:.60}: {words}")
    assert found.get("silent", []) == []
    assert len(found["unclear"]) <= 0.05 * (len(found["unclear"]) + len(found["named"]))
    assert len(found["named"]) > 7000
