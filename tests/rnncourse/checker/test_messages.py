"""The whole message for each wrong function of these tests, as it was read and saved.

python -m tests.rnncourse.checker.test_messages     writes messages.json anew
"""

import contextlib
import io
import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from rnncourse.checker import check
from rnncourse.checker.combining import SINGLE, SLIPS, WHOLE
from rnncourse.checker.describing import (
    CHANGES,
    ENDS,
    FACTORS,
    MOVES,
    ORIGINS,
    PARTS,
    RESHAPED,
)
from rnncourse.checker.exercises import EXERCISES
from rnncourse.checker.misconceptions import BANK
from tests.rnncourse.checker import test_check, test_errors, test_misconceptions
from tests.rnncourse.checker.test_check import student
from tests.rnncourse.checker.test_lending import GENERATE, TRAIN, defined, stub
from tests.rnncourse.checker.wrong_submissions import WRONG

# An exercise and its body, what the tables of the other files leave out. `;` ends a
# line, `right()` is the right result. What the checker's tables know is written here
# in another way than there, so that a row which goes wrong no longer fits.
BODIES = """
# Factors.
backward_lean | return right() / len(h)
backward_lean | return -right() / len(h)
grad_h | return right() * len(Whh)
grad_a | return right() / len(h_t)
softmax | return right() * y.shape[-1]
grad_a | return right() / math.log(2)
grad_a | return right() / math.log(10)
grad_a | return right() * -0.3
grad_a | return right() + 2
smooth | return [v - 0.25 for v in right()]
# Functions of the right numbers.
grad_a | return [0.0] * len(h_t)
grad_a | return [1.0] * len(h_t)
softmax | return np.ones_like(y)
smooth | return np.array(right()) ** 0.5
smooth | return [math.log(v) for v in right()]
smooth | return [math.exp(v) for v in right()]
smooth | return [math.tanh(v) for v in right()]
smooth | return [float(int(v)) for v in right()]
smooth | return [float(round(v)) for v in right()]
smooth | return [1 - v for v in right()]
smooth | return [1 / v for v in right()]
rnn_forward | h, y = right(); return -h, -y
rnn_forward | h, y = right(); return h + 1, y + 1
rnn_forward | h, y = right(); return h + 1, y - h[0, 0]
rnn_forward | h, y = right(); return h + h[0, 0] * y[0, 0], y - h[0, 0] * y
grad_Wxh_Whh_bh | a, b, c = right(); return 3 * a, 3 * b, c
grad_Wxh_Whh_bh | a, b, c = right(); return 3 * a, 5 * b, c
grad_Wxh_Whh_bh | a, b, c = right(); return a + b[0, 0], b, c - c[0]
# Other places.
backward_lean | return [row.tolist()[::-1] for row in right()]
backward_lean | da = right().tolist(); return da[-1:] + da[:-1]
backward_lean | da = right().tolist(); return da[1:] + da[:1]
backward_lean | da = right(); return [sum(da[: t + 1]) for t in range(len(da))]
generate | return right()[::-1]
# Other shapes.
backward_lean | return sum(right().T)
backward_lean | return sum(right()) / len(h)
backward_lean | return right().sum()
backward_lean | return right().mean()
backward_lean | return right()[-1]
backward_lean | return list(right())[len(h) - 1][-1]
backward_lean | return right().tolist()[0][0]
backward_lean | return right()[1:]
backward_lean | return right()[:, None]
backward_lean | return np.vstack([right(), h])
backward_lean | return np.zeros((len(h) + 1, 2))
grad_a | return sum(right().tolist()) / len(h_t)
grad_a | return right().tolist().pop()
grad_a | return right(), h_t
rnn_forward | h, y = right(); return h.ravel(), y.tolist()
rnn_forward | h, y = right(); return h, y[:, 0]
rnn_forward | h, y = right(); return h[:0], y
grad_y | return [*right(), p[0]]
smooth | return right()[1:]
smooth | return right()[:-1]
train | return right()[:-1]
# Where the wrong numbers are.
grad_y | dy = right(); dy[0] = 0; return dy
grad_y | dy = right(); dy[1:] = 0; return dy
grad_y | dy = right(); dy[:-1] = 0; return dy
grad_y | dy = right(); dy[:, -1] = 0; return dy
grad_y | dy = right(); dy[:, 1:] = 0; return dy
grad_y | dy = right(); dy[:, :-1] = 0; return dy
grad_a | da = right(); da[0] = 2; return da
grad_a | da = right(); da[-1] = 2; return da
grad_a | da = right(); da[1:] = 2; return da
grad_a | da = right(); da[:-1] = 2; return da
grad_a | da = right(); da[1:3] = 2; return da
look_up | W = right(); W[0] = 9; return W
look_up | W = right(); W[-1] = 9; return W
look_up | W = right(); W[1:] = 9; return W
look_up | W = right(); W[:-1] = 9; return W
look_up | W = right(); W[1, 2] = 9; return W
make_chunks | a = right(); return a[:1] + [(d, d) for c, d in a[1:]]
make_chunks | a = right(); return [(d, d) for c, d in a[:1]] + a[1:]
make_chunks | a = right(); return a[:-1] + [(0 * c, d) for c, d in a[-1:]]
make_chunks | a = right(); return [(c, d + 1) for c, d in a[:-1]] + a[-1:]
make_chunks | return [(np.append(9, a[1:]), b) for a, b in right()]
make_chunks | return [(np.append(a[:-1], 9), b) for a, b in right()]
make_chunks | return [(np.append(a[0], 9 + a[1:]), b) for a, b in right()]
make_chunks | return [(np.append(9 + a[:-1], a[-1]), b) for a, b in right()]
make_chunks | return [(a + 1, b + 2) for a, b in right()]
grad_a | return np.round(right(), 4)
grad_a | return np.round(right(), 7)
# Numbers of another kind.
softmax | return np.float16(right())
grad_y | return np.int16(right())
nll | return 0
nll | return int(right())
nll | return 3
rnn_forward | h, y = right(); return h, np.float32(y)
rnn_forward | h, y = right(); return h.astype(int), y
# What is no number.
softmax | return [None]
softmax | return {1: 2}
softmax | return {1, 2}
softmax | return [10**400]
softmax | return ["a"]
softmax | return [{}, {}]
softmax | return np.array(["a"], object)
softmax | return iter(y)
softmax | return [[[[[[1]]]]]]
rnn_forward | return None, None
rnn_forward | return ..., 1
rnn_forward | return {1, 2}, [1]
rnn_forward | return [10**400], [1]
rnn_forward | return 1j, 1
rnn_forward | return "h", "y"
rnn_forward | return [[1], [1, 2]], 1
rnn_forward | return 3
rnn_forward | return [right()]
rnn_forward | return [[[[[[1]]]]]]
rnn_backward | return {}
rnn_backward | return h
rnn_backward | return {"Wxh": 1, 3: 2}
rnn_backward | return right() | {"dbh": None}
rnn_backward | return right() | {"dWhh": [{}]}
make_chunks | return ids
make_chunks | return len(ids)
make_chunks | return dict(enumerate(right()))
make_chunks | return map(list, right())
make_chunks | return [a.tolist() + b.tolist() for a, b in right()]
make_chunks | return [{"inputs": a, "targets": b} for a, b in right()]
make_chunks | return [(a, str(b)) for a, b in right()]
make_chunks | return [(None, b) for a, b in right()]
make_chunks | return [(a, np.append(b, b)) for a, b in right()]
make_chunks | return [(a[1:], b[1:]) for a, b in right(ids, T + 1)]
make_chunks | return [(np.append(ids, ids), a) for a, b in right(ids, 2 * T)]
make_chunks | return []
make_chunks | return right()[:-1] + [(a, b, b, b) for a, b in right()[-1:]]
make_chunks | return [*right(), (ids[:T], ids[:T])]
make_chunks | return [(ids, ids)]
draw | return 2.5
draw | return True
draw | return p
draw | return "1"
draw | return [right()]
draw | return right() if u < 0.99999 else 2
generate | return [float(k) for k in right()]
generate | return right(prompt, n + 1, params, rng)
train | right()
train | losses = right(); params["bh"] *= 2; return losses
train | losses = right(); del params["bh"]; return losses
train | losses = right(); params["bh"] = None; return losses
# What it changes, and what it does not look at.
push | W += lr
push | W.sort()
clip | grad[...] = 1
clip | right(); grad += np.arange(grad.size).reshape(grad.shape)
adagrad | right(); grad *= 2
adagrad | right(); grad *= 2; param += 1
rnn_step | h_prev += 1; x *= 0; return bh
rnn_step | h = right(); h_prev[:] = h; bh += 1; return h
rnn_step | return np.cos(x[0] + Whh @ h_prev)
rnn_step | return np.cos(h_prev + Wxh @ x)
rnn_step | return np.cos(bh)
rnn_step | a = np.ones((2, 12)); b = np.ones((17, 3)); return a @ b
grad_y | return p - 0.5
grad_y | return np.eye(p.shape[1])[targets] - 0.5
one_hot | return np.arange(V)
# NaN and infinity.
grad_a | return np.inf * (0 * h_t)
grad_a | return 0 * h_t - np.inf + np.inf
grad_a | return np.log(-1 - h_t**2)
grad_a | return h_t + np.sum([np.inf, -np.inf])
grad_a | return np.exp2(2000 + h_t)
grad_a | return np.arccos(2 + h_t**2)
grad_a | da = right(); da[1] = np.inf; return da
grad_a | infinite = 1 / (0 * h_t); return right() + h_t
rnn_forward | h, y = right(); return h, np.log(y)
# Two slips at once, or one.
grad_h | return right(-dy_t, da_next, Why, Whh)
grad_h | return right(-dy_t, 2 * da_next, Why, Whh)
rnn_step | return right(x, h_prev, Wxh, Whh, np.exp(bh))
rnn_step | return right(x, h_prev, abs(Wxh), Whh, bh)
rnn_step | return right(x, 0.5 * h_prev, Wxh, Whh, bh)
rnn_step | return right(x, 1 - h_prev, Wxh, Whh, bh)
rnn_step | return right(x, h_prev, 1 / Wxh, Whh, bh)
rnn_step | return right(x, h_prev[::-1], Wxh, Whh, bh)
rnn_step | return right(x, [h_prev[-1], *h_prev[:-1]], Wxh, Whh, bh)
mask_loss | return right(p**0.5, targets, mask)
bit_loss | loss, dy = right(); return -math.log2(math.e) * loss, dy
nll | return np.log2(p[range(len(p)), targets]).sum()
nll | return -2 * np.log10(p[range(len(p)), targets]).sum()
nll | return -0.5 * np.log10(p[range(len(p)), targets]).sum()
# Calls.
grad_a | return right(dh_t, h_t, 1)
grad_a | return np.random.random(len(h_t))
grad_a | da = np.empty(len(h_t)); da[0] = 1; return da
grad_a | return np.empty(9)[: len(h_t)] + dh_t
grad_a | return [input()]
"""


def in_one_line(row):
    """The function of a row of BODIES, in a notebook with the other exercises."""
    name, body = row.split(" | ", 1)
    body = body.replace("right()", f"right({', '.join(EXERCISES[name].arguments)})")
    lines = "\n    ".join(body.split("; "))
    function = student(f"def {EXERCISES[name].signature}:\n    {lines}\n")
    for other, exercise in EXERCISES.items():
        function.__globals__.setdefault(other, exercise.truth)
    return function


def lists(y):
    return EXERCISES["softmax"].truth(y).tolist()


# In notebooks that hold something of their own.
LENT = {
    "a stub is called": lambda: defined(TRAIN, nll=stub),
    "two are wrong": lambda: defined(GENERATE, draw=stub, softmax=stub),
    "lists for arrays": lambda: defined(TRAIN, softmax=lists),
    "sizes of the notebook": lambda: defined(
        "def softmax(y):\n    return np.zeros((T, V)) / T", T=7, V=8
    ),
    "arrays of the notebook": lambda: defined(
        "def grad_a(dh_t, h_t):\n    return b[0] + W[0]", W=np.eye(3), b=np.ones(3)
    ),
}


def functions():
    """Every wrong function with its key: pairs."""
    for about, table in {
        "described": test_check.DESCRIBED,
        "lucky": test_check.LUCKY,
        "both": test_misconceptions.BOTH,
        "told": test_errors.TOLD,
    }.items():
        for key, row in table.items():
            yield f"{about}: {key}", student(row if about == "lucky" else row[0])
    for key, (_, source) in WRONG.items():
        yield f"wrong: {key}", student(source)
    for made in test_misconceptions.ORIGINS:
        yield f"grad_a | return {made}", in_one_line(f"grad_a | return {made}")
    for row in test_errors.SLIPS.strip().splitlines():
        row = row.rpartition(" | ")[0]
        yield row, in_one_line(row)
    for row in BODIES.strip().splitlines():
        if not row.startswith("#"):
            yield row, in_one_line(row)
    for key, function in LENT.items():
        yield f"lent: {key}", function()


@cache
def messages():
    """What each of them is told, but for words that are the bank's alone."""
    told = {}
    for key, function in functions():
        with contextlib.redirect_stdout(io.StringIO()):
            verdict = check(function)
        entry = BANK.get((verdict.name, verdict.misconception))
        if entry is None or verdict.message != entry.message:
            assert verdict.status == "wrong" and key not in told, key
            told[key] = verdict.message
    return told


MESSAGES = Path(__file__).with_name("messages.json")
SAVED = json.loads(MESSAGES.read_text("utf-8")) if MESSAGES.exists() else {}


def test_every_message_is_as_it_was_read_and_found_right():
    found = messages()
    differ = {key: found[key] for key in found if found[key] != SAVED.get(key)}
    differ |= {key: "has no function" for key in SAVED.keys() - found.keys()}
    advice = (
        "Read them. If they are true: python -m tests.rnncourse.checker.test_messages"
    )
    assert differ == {}, advice


# The words of each table of the checker, as they stand in a message.
WORDS = {
    "CHANGES": [f": {words}; " for words in CHANGES],
    "FACTORS": [f": the right numbers times {words}; " for words in FACTORS],
    "MOVES": [f": {words}; " for words in MOVES],
    "RESHAPED": [f".{words}" for words in RESHAPED],
    "PARTS": [f".{words}" for words in PARTS],
    "ENDS": [f".{words}" for words in ENDS],
    "ORIGINS": [f'": {words}.' for words in ORIGINS.values()],
    "SLIPS": [f" {words}." for words in SLIPS],
    "SINGLE": [f": {words}." for words in SINGLE],
    "WHOLE": [f"And besides, {words}." for words in WHOLE],
}


@pytest.mark.parametrize("table", WORDS)
def test_every_row_of_a_table_is_in_a_message(table):
    told = "\n".join(SAVED.values())
    patterns = {
        words: re.escape(words).replace(r"\{\}", r"\w+") for words in WORDS[table]
    }
    missing = [words for words in patterns if not re.search(patterns[words], told)]
    assert not missing, f"add a function to BODIES that is told {', '.join(missing)}"


if __name__ == "__main__":
    text = json.dumps(messages(), ensure_ascii=False, indent=1)
    MESSAGES.write_text(f"{text}\n", "utf-8")
