"""The bug clinic of notebook 05: one healthy backward pass and its patients.

A patient is the healthy function with one place changed. So the bank is data: a name,
what the source text says there, what it says in the patient, and the blocks that break.
"""

import inspect
from collections import namedtuple

import numpy as np

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
    source = inspect.getsource(healthy)
    places = source.count(right)
    if places != 1:
        raise ValueError(f"right: expected a text that stands there once, got {places}")
    names = {"np": np, "softmax": softmax}
    exec(source.replace(right, wrong), names)
    return names["healthy"]


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
