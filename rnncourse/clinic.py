"""The bug clinic of notebook 05: one healthy backward pass and its patients.

A patient is the healthy function with one place changed. So the bank is data: a name,
what the source text says there, what it says in the patient, and the blocks that break.
The blind ones have no name: a student reads their blocks and names the line.
"""

import inspect
import textwrap
from collections import namedtuple

import numpy as np

from rnnlib.gradcheck import check_gradients
from rnnlib.loss import softmax

ALL = ("dWxh", "dWhh", "dWhy", "dbh", "dby", "dh_init")
BEHIND_DH = ("dWxh", "dWhh", "dbh", "dh_init")
ALL_BUT_DBY = ("dWxh", "dWhh", "dWhy", "dbh", "dh_init")  # a sum forgets the order


def healthy(params, inputs, targets, states):
    """The right gradient, (grads, dh_init), one step at a time; inputs (T,)."""
    h, h_prev, y = states
    grads = params.zeros_like()
    da_next = np.zeros(params.H)
    for t in reversed(range(len(inputs))):
        dy = softmax(y[t])
        dy[targets[t]] -= 1
        grads.Why += np.outer(dy, h[t])
        grads.by += dy
        dh = params.Why.T @ dy + params.Whh.T @ da_next
        da = (1 - h[t] * h[t]) * dh
        grads.bh += da
        grads.Wxh[:, inputs[t]] += da
        grads.Whh += np.outer(da, h_prev[t])
        da_next = da
    return grads, params.Whh.T @ da_next


def operate(right, wrong):
    """A backward pass: `healthy`, with `wrong` where its source text says `right`.

    ValueError: `right` stands nowhere in it, or in more than one place.
    """
    return operate_on_all({right: wrong})


def operate_on_all(changes):
    """A backward pass: `healthy` with every key of `changes` replaced by its value."""
    source = inspect.getsource(healthy)
    for right, wrong in changes.items():
        places = source.count(right)
        if places != 1:
            raise ValueError(
                f"right: expected a text that stands there once, got {places}"
            )
        source = source.replace(right, wrong)
    names = {"np": np, "softmax": softmax}
    exec(source, names)
    return names["healthy"]


# The check


def verdicts(backward, params, inputs, targets, h_init=None):
    """Print a line for each block: is it right, and if not, how wrong?

    backward: called as `rnnlib.backward` is, or a function of one's own with the eight
    arguments of `rnn_backward`, which returns no gradient of h_init. The others: as
    for `rnnlib.check_gradients`, which measures.
    """
    own = len(inspect.signature(backward).parameters) == 8
    trial = as_library(backward) if own else backward
    for row in check_gradients(params, inputs, targets, h_init, trial):
        verdict = "ok" if row.passed else f"WRONG, {size(row.error)}"
        if own and row.name == "h_init":
            verdict = "not returned"
        print(f"d{row.name:7}{verdict}")


def as_library(rnn_backward):
    """A function with the arguments of `rnn_backward`, to be called as the library's.

    ValueError: it does not return a dict with an array for each of the five blocks.
    """

    def backward(params, inputs, targets, states):
        h, h_prev, y = states
        weights = params.Wxh, params.Whh, params.Why
        found = rnn_backward(inputs, targets, h, h_prev, softmax(y), *weights)
        grads = params.zeros_like()
        for name, block in grads.items():
            got = type(found).__name__
            if isinstance(found, dict):
                got = f"d{name} of shape {np.shape(found.get(f'd{name}'))}"
            if got != f"d{name} of shape {block.shape}":
                raise ValueError(
                    "backward: expected a dict with dWxh, dWhh, dWhy, dbh, dby, each "
                    f"of the shape of its block, got {got}"
                )
            setattr(grads, name, found[f"d{name}"])
        return grads, np.zeros(params.H)

    return backward


def size(error):
    """A relative error as `verdicts` writes it."""
    return f"{error:.2f}" if not error < 0.005 else f"{error:.0e}"


class Patient(namedtuple("Patient", "name right wrong breaks backward")):
    """One broken backward pass; prints as its name and the change.

    right, wrong: what the source text says in `healthy`, and here. breaks: the blocks
    that come out wrong. backward: the function, called as `rnnlib.backward` is.
    """

    def __repr__(self):
        lines = ["- " + line for line in self.right.splitlines()]
        lines += ["+ " + line for line in self.wrong.splitlines()]
        return "\n".join([self.name, *lines])


def admit(*cases):
    """Patients by name, from (name, right, wrong, breaks)."""
    return {case[0]: Patient(*case, operate(*case[1:3])) for case in cases}


LOOP = "for t in reversed(range(len(inputs))):"
TARGET = "dy[targets[t]] -= 1"
DWHY = "grads.Why += np.outer(dy, h[t])"
DBY = "grads.by += dy"
DH = "dh = params.Why.T @ dy + params.Whh.T @ da_next"
DA = "da = (1 - h[t] * h[t]) * dh"
DBH = "grads.bh += da"
DWXH = "grads.Wxh[:, inputs[t]] += da"
DWHH = "grads.Whh += np.outer(da, h_prev[t])"
NEXT = "da_next = da\n"
RETURN = "return grads, params.Whh.T @ da_next"

LESSON = admit(
    ("no dh-next", DH, "dh = params.Why.T @ dy", BEHIND_DH),
    ("tanh twice", DA, "da = (1 - np.tanh(h[t]) ** 2) * dh", BEHIND_DH),
    ("newest state", DWHH, "grads.Whh += np.outer(da, h[t - 1])", ("dWhh",)),
    ("overwritten", DWXH, "grads.Wxh[:, inputs[t]] = da", ("dWxh",)),
    ("old state", DWHY, "grads.Why += np.outer(dy, h_prev[t])", ("dWhy",)),
    ("divided by T", TARGET, TARGET + "; dy /= len(inputs)", ALL),
)

MORE = admit(
    ("no target", TARGET, "pass", ALL),
    ("p and e swapped", TARGET, TARGET + "; dy = -dy", ALL),
    ("minus 1 everywhere", TARGET, "dy -= 1", ALL),
    ("target of the step before", TARGET, "dy[targets[t - 1]] -= 1", ALL_BUT_DBY),
    ("Whh not transposed", DH, DH.replace("Whh.T", "Whh"), BEHIND_DH),
    ("only the later child", DH, "dh = params.Whh.T @ da_next", BEHIND_DH),
    ("no tanh", DA, "da = dh", BEHIND_DH),
    ("1 - h", DA, "da = (1 - h[t]) * dh", BEHIND_DH),
    ("slope of a sigmoid", DA, "da = h[t] * (1 - h[t]) * dh", BEHIND_DH),
    ("slope of the step before", DA, "da = (1 - h_prev[t] ** 2) * dh", BEHIND_DH),
    ("dh-next before tanh", NEXT, "da_next = dh\n", BEHIND_DH),
    ("dh-next piles up", NEXT, "da_next = da_next + da\n", BEHIND_DH),
    ("forward in time", LOOP, "for t in range(len(inputs)):", BEHIND_DH),
    ("h for h_prev", DWHH, "grads.Whh += np.outer(da, h[t])", ("dWhh",)),
    ("dWhh transposed", DWHH, "grads.Whh += np.outer(h_prev[t], da)", ("dWhh",)),
    ("input of the step before", DWXH, "grads.Wxh[:, inputs[t - 1]] += da", ("dWxh",)),
    ("dWhy of one step", DWHY, "grads.Why = np.outer(dy, h[t])", ("dWhy",)),
    ("dbh before tanh", DBH, "grads.bh += dh", ("dbh",)),
    ("dby without the target", DBY, "grads.by += softmax(y[t])", ("dby",)),
    ("dh_init is da", RETURN, "return grads, da_next", ("dh_init",)),
    (
        "a copy that went round",  # of the gist: three lines slipped out of the loop
        f"        {DWXH}\n        {DWHH}\n        {NEXT}",
        f"    {DWXH}\n    {DWHH}\n    {NEXT}",
        BEHIND_DH,
    ),
)

# The blind ones

# The lines of `healthy`, each by what it computes, and the blocks that each can break.
LINES = {"dy": ALL, "dWhy": ("dWhy",), "dby": ("dby",), "dh": BEHIND_DH}
LINES |= {"da": BEHIND_DH, "dbh": ("dbh",), "dWxh": ("dWxh",), "dWhh": ("dWhh",)}
LINES |= {"da_next": BEHIND_DH, "dh_init": ("dh_init",)}


class Blind(namedtuple("Blind", "number changes notes")):
    """A backward pass that does not say what is wrong with it.

    changes: of each line that is wrong, what it says in `healthy`, and here. notes: for
    a line to which the blocks would fit, why it is another one all the same.
    """

    def __repr__(self):
        return f"nameless patient {self.number}"

    def __call__(self, params, inputs, targets, states):
        """(grads, dh_init), as `rnnlib.backward` is called."""
        backward = operate_on_all(dict(self.changes.values()))
        return backward(params, inputs, targets, states)

    @property
    def breaks(self):
        """The blocks that come out wrong."""
        return tuple(b for b in ALL if any(b in LINES[line] for line in self.changes))


class Told(str):
    """An answer to a student; shown as it is, in lines of at most 75 characters."""

    def __repr__(self):
        return "\n".join(textwrap.fill(line, 75) for line in self.splitlines())


def blind(number):
    """A nameless backward pass, called as `rnnlib.backward` is: 1, 2, 3 or 4.

    ValueError: another number.
    """
    if number not in BLIND:
        raise ValueError(f"number: expected {', '.join(map(str, BLIND))}, got {number}")
    return BLIND[number]


def diagnose(number, *lines):
    """Is it these lines that are wrong in `blind(number)`? Says why not, by the blocks.

    lines: names out of LINES, or a list of them; `...` alone asks for nothing yet.
    ValueError: no such patient, or no such line.
    """
    patient = blind(number)
    if len(lines) == 1 and isinstance(lines[0], (list, tuple)):
        lines = tuple(lines[0])
    if lines in [(), (...,)]:
        names = ", ".join(f'"{line}"' for line in LINES)
        return Told(
            f"Patient {number}: no line named yet. Put its name where the ... stands: "
            f"{names}."
        )
    for line in lines:
        if line not in LINES:
            raise ValueError(f"lines: expected {', '.join(LINES)}, got {line!r}")
    right = [line for line in patient.changes if line in lines]
    wrong = [line for line in dict.fromkeys(lines) if line not in right]
    if len(right) == len(patient.changes) and not wrong:
        shown = [f"- {a.strip()}\n+ {b.strip()}" for a, b in patient.changes.values()]
        return Told("\n".join([f"Right: {_and(right)}.", *shown]))
    said = [f"Right about {_and(right)}."] if right else []
    said += _why_not(patient, wrong, right)
    if not wrong:
        left = [b for b in patient.breaks if b not in _behind(right)]
        said.append(
            f"But {_are(left)} wrong too, and nothing leads there from {_and(right)}. "
            "There is one more."
        )
    return Told(" ".join([f"Patient {number}:", *said]))


def _why_not(patient, wrong, right):
    """Sentences on why it is not these lines; right: lines that were named rightly."""
    said, in_part = [], []
    for line in wrong:
        healthy_ones = [block for block in LINES[line] if block not in patient.breaks]
        if healthy_ones:
            said.append(
                f"Not {line}: that line leads to {_and(healthy_ones)}, which "
                f"{_are(healthy_ones, of='')} right."
            )
        elif line in patient.notes:
            said.append(f"Not {line}: the blocks would fit. {patient.notes[line]}")
        else:
            in_part.append(line)
    if in_part:
        behind = _behind([*in_part, *right])
        left = [block for block in patient.breaks if block not in behind]
        why = "one line that leads there explains as much."
        if left:
            why = (
                f"nothing leads from there to {_and(left)}, which "
                f"{_are(left, of='')} wrong too."
            )
        said.append(f"Not {_and(in_part)}: {why}")
    return said


def _behind(lines):
    """The blocks to which at least one of these lines leads."""
    return {block for line in lines for block in LINES[line]}


def _and(names):
    """Names as a list in words."""
    names = list(names)
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _are(names, of=None):
    """ "dWhy is", "dWxh and dWhh are"; the verb alone where `of` is empty."""
    of = _and(names) if of is None else of
    return f"{of} {'is' if len(names) == 1 else 'are'}".strip()


NOTHING_CARRIED = (
    "But with T = 1 no later step has sent anything back yet, and dWxh and dbh are "
    "wrong there."
)
BLIND = {
    1: Blind(1, {"dWhh": (DWHH, DWHH.replace("(da", "(dh"))}, {}),
    2: Blind(
        2,
        {"da_next": (NEXT, "da_next = (1 - h[t] * h[t]) * da\n")},
        {
            "dh": "But with T = 1 dh_init alone is wrong. A fault in the first term of "
            "dh would break dWxh and dbh there as well, one in the second nothing.",
            "da": "But with T = 1 dWxh and dbh are right, and they are made of da.",
        },
    ),
    3: Blind(
        3,
        {"dh": (DH, DH.replace("Why.T @ dy", "Why.T @ softmax(y[t])"))},
        {
            "da": "But what is wrong with a slope of tanh shows less at weights of "
            "0.01, where tanh hardly bends. This fault shows as much.",
            "da_next": NOTHING_CARRIED,
        },
    ),
    4: Blind(
        4,
        {
            "da": (DA, "da = (1 - h_prev[t] * h[t]) * dh"),
            "dWhy": (DWHY, "grads.Why += np.outer(dy, h[0])"),
        },
        {
            "dh": "But at weights of 0.01 the blocks behind dh are nearly right: this "
            "fault shows only where tanh bends.",
            "da_next": NOTHING_CARRIED,
        },
    ),
}
