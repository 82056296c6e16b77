"""What goes wrong in notebook 02: rnn_step, rnn_forward."""

import numpy as np

from rnncourse.checker.misconceptions import misconception


def states_of(inputs, h_init, Wxh, Whh, bh):
    """The right states h, (T, H): what most mistakes below start from."""
    h = [h_init]
    for k in inputs:
        h.append(np.tanh(Wxh[:, k] + Whh @ h[-1] + bh))
    return np.array(h)[1:]


@misconception(
    "rnn_step",
    "bias-forgotten",
    """The bias is missing: with bh = 0 your result would be right. A pre-activation has
    three terms; count yours.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + Whh @ h_prev)


@misconception(
    "rnn_step",
    "bias-subtracted",
    """The bias is subtracted. All three terms of the pre-activation are added: look at
    the signs.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + Whh @ h_prev - bh)


@misconception(
    "rnn_step",
    "state-forgotten",
    """The previous state has no effect: without it the network has no memory. Look for
    the term that brings h_prev in.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + bh)


@misconception(
    "rnn_step",
    "input-forgotten",
    """The input has no effect: whatever the character, the new state is the same. Look
    for the term that brings x in.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Whh @ h_prev + bh)


@misconception(
    "rnn_step",
    "state-not-weighted",
    """h_prev is added as it is. The old state passes through weights of its own before
    it joins: look at which matrix you have not used.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + h_prev + bh)


@misconception(
    "rnn_step",
    "Whh-transposed",
    """Whh is used transposed. It is square, so no shape complains: row i of Whh holds
    the weights *into* unit i. Look at the side on which h_prev stands.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + Whh.T @ h_prev + bh)


@misconception(
    "rnn_step",
    "Wxh-transposed",
    """Wxh is used transposed. It has the shape (H, V) and turns V numbers into H: look
    at the side on which x stands.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(x @ Wxh + Whh @ h_prev + bh)


@misconception(
    "rnn_step",
    "tanh-forgotten",
    """This is the pre-activation a, before the nonlinearity. Without it any number of
    steps is one linear map: look at what still has to happen to a.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return Wxh @ x + Whh @ h_prev + bh


@misconception(
    "rnn_step",
    "sigmoid-for-tanh",
    """This is the sigmoid of a: all states lie between 0 and 1. The states of this
    network lie between -1 and 1; look at which function you apply.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return 1 / (1 + np.exp(-(Wxh @ x + Whh @ h_prev + bh)))


@misconception(
    "rnn_step",
    "relu-for-tanh",
    """This is max(0, a): no state is negative. The states of this network lie between
    -1 and 1; look at which function you apply.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.maximum(0, Wxh @ x + Whh @ h_prev + bh)


@misconception(
    "rnn_step",
    "softmax-for-tanh",
    """The states sum to 1: a softmax was applied to them. Probabilities belong to the
    output; a hidden state is a vector of independent numbers between -1 and 1.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    a = Wxh @ x + Whh @ h_prev + bh
    return np.exp(a) / np.exp(a).sum()


@misconception(
    "rnn_step",
    "tanh-of-each-term",
    """tanh is applied to the terms one by one, and then they are added, so a state can
    leave -1 ... 1. tanh(u + v) is not tanh(u) + tanh(v): look at your brackets.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x) + np.tanh(Whh @ h_prev) + np.tanh(bh)


@misconception("rnn_step", "tanh-of-each-term")
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x) + np.tanh(Whh @ h_prev + bh)


@misconception("rnn_step", "tanh-of-each-term")
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x) + np.tanh(Whh @ h_prev)


@misconception(
    "rnn_step",
    "bracket-closed-too-early",
    """Part of the sum stands outside of tanh, so a state can leave -1 ... 1. The
    nonlinearity comes last, after all three terms are added: look at your brackets.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + Whh @ h_prev) + bh


@misconception("rnn_step", "bracket-closed-too-early")
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x) + Whh @ h_prev + bh


@misconception("rnn_step", "bracket-closed-too-early")
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + bh) + Whh @ h_prev


@misconception(
    "rnn_step",
    "tanh-twice",
    """tanh is applied twice. It squeezes the state a second time: look at the value
    that you return, and at where it has been before.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(np.tanh(Wxh @ x + Whh @ h_prev + bh))


@misconception(
    "rnn_step",
    "column-plus-row",
    """An (H, H) matrix came: somewhere a column (H, 1) was added to a vector (H,), and
    NumPy pairs every entry with every other. Print the shape of each term before you
    add them; all should be (H,).""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh((Wxh @ x + Whh @ h_prev)[:, None] + bh)


@misconception("rnn_step", "column-plus-row")
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + Whh @ h_prev + bh[:, None])


@misconception("rnn_step", "column-plus-row")
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh((Wxh @ x)[:, None] + Whh @ h_prev + bh)


@misconception("rnn_step", "column-plus-row")
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + (Whh @ h_prev)[:, None] + bh)


@misconception("rnn_step", "column-plus-row")
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh((Wxh @ x)[:, None] + Whh @ h_prev + bh[:, None])


@misconception("rnn_step", "column-plus-row")
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + (Whh @ h_prev)[:, None] + bh[:, None])


@misconception(
    "rnn_step",
    "star-for-matrix-product",
    """An (H, H) matrix came: Whh was multiplied by h_prev entry by entry. A matrix
    times a vector also adds along each row; look at the operator.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + Whh * h_prev + bh)


@misconception(
    "rnn_forward",
    "h_init-ignored",
    """The first step starts from zeros, not from h_init. That passes a gradient check
    and still forgets all earlier text. Look at what the state is before the loop; in an
    array of T rows, h[t - 1] at t = 0 is the *last* row.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, 0 * h_init, Wxh, Whh, bh)
    return h, h @ Why.T + by


@misconception(
    "rnn_forward",
    "h_init-at-every-step",
    """Every step starts from h_init: the first row is right, and no later step knows of
    the ones before it. Look at whether the loop hands the new state on.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = np.tanh(Wxh[:, inputs].T + Whh @ h_init + bh)
    return h, h @ Why.T + by


@misconception(
    "rnn_forward",
    "h_init-as-the-first-state",
    """The first row of h is h_init itself, and the first input is never read. h[0] is
    the state *after* the first step: look at where your loop starts.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = np.vstack([h_init, states_of(inputs[1:], h_init, Wxh, Whh, bh)])
    return h, h @ Why.T + by


@misconception(
    "rnn_forward",
    "previous-states-returned",
    """h is one step late: its first row is h_init and the newest state is missing. h[t]
    is the state *after* input t; look at the order of storing and computing.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    return np.vstack([h_init, h[:-1]]), h @ Why.T + by


@misconception("rnn_forward", "previous-states-returned")
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    h_prev = np.vstack([h_init, h[:-1]])
    return h_prev, h_prev @ Why.T + by


@misconception(
    "rnn_forward",
    "y-from-the-previous-state",
    """y is computed from the state before the step, so it has not seen the input of its
    own step. Look at which state the output line reads.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    return h, np.vstack([h_init, h[:-1]]) @ Why.T + by


@misconception(
    "rnn_forward",
    "all-T+1-states",
    """h has T + 1 rows: h_init is among them. You are asked for the T states after the
    inputs, so that h[t] and y[t] belong to the same step.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    return np.vstack([h_init, h]), h @ Why.T + by


@misconception("rnn_forward", "all-T+1-states")
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = np.vstack([h_init, states_of(inputs, h_init, Wxh, Whh, bh)])
    return h, h @ Why.T + by


@misconception(
    "rnn_forward",
    "only-the-last-step",
    """Only the last state and its logits came back. The network predicts at every step:
    look at whether your loop keeps a row for each t or writes over the same one.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)[-1]
    return h, Why @ h + by


@misconception(
    "rnn_forward",
    "last-step-left-out",
    """The last row of h, or of y, was never computed: the last input is not read. A
    chunk has T steps, t = 0 to T - 1: look at where your loop ends.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    y = h @ Why.T + by
    h[-1] = y[-1] = 0
    return h, y


@misconception("rnn_forward", "last-step-left-out")
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    h[-1] = 0
    return h, h @ Why.T + by


@misconception("rnn_forward", "last-step-left-out")
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)[:-1]
    return h, h @ Why.T + by


@misconception(
    "rnn_forward",
    "one-array-appended-T-times",
    """All rows of h are the newest state: the list holds one and the same array T
    times, and each step wrote over it. A new array for each step, or a row of h, keeps
    them apart.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    return np.tile(h[-1], (len(h), 1)), h @ Why.T + by


@misconception("rnn_forward", "one-array-appended-T-times")
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    h_init[:] = h[-1]
    return np.tile(h[-1], (len(h), 1)), h @ Why.T + by


@misconception("rnn_forward", "one-array-appended-T-times")
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    h[:] = h[-1]
    return h, h @ Why.T + by


@misconception(
    "rnn_forward",
    "h_init-overwritten",
    """The results are right, but h_init has become the newest state: you compute in the
    caller's array. Look at the line that writes *into* the state instead of making a
    new one.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    h_init[:] = h[-1]
    return h, h @ Why.T + by


@misconception(
    "rnn_forward",
    "bh-forgotten",
    """The hidden bias bh has no effect on your states. Count the terms of the
    pre-activation.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, 0 * bh)
    return h, h @ Why.T + by


@misconception(
    "rnn_forward",
    "by-forgotten",
    """The logits y lack their bias. Look at the terms of the output line and at which
    argument you never use.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    return h, h @ Why.T


@misconception(
    "rnn_forward",
    "no-recurrence",
    """No state depends on the one before it: the term with Whh is missing, and with it
    the memory. Look at the pre-activation.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = np.tanh(Wxh[:, inputs].T + bh)
    return h, h @ Why.T + by


@misconception(
    "rnn_forward",
    "Whh-transposed",
    """Whh is used transposed. It is square, so no shape complains: row i of Whh holds
    the weights into unit i. Look at the side on which the state stands.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh.T, bh)
    return h, h @ Why.T + by


@misconception(
    "rnn_forward",
    "tanh-forgotten",
    """The states grow beyond -1 ... 1: the nonlinearity is missing. Look at what
    happens to a before it becomes h.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = [h_init]
    for k in inputs:
        h.append(Wxh[:, k] + Whh @ h[-1] + bh)
    h = np.array(h[1:])
    return h, h @ Why.T + by


@misconception(
    "rnn_forward",
    "pre-activations-returned",
    """The first result holds the pre-activations a, not the states h. Look at what you
    store: before or after tanh.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    h_prev = np.vstack([h_init, h[:-1]])
    return Wxh[:, inputs].T + h_prev @ Whh.T + bh, h @ Why.T + by


@misconception(
    "rnn_forward",
    "probabilities-for-logits",
    """The rows of y sum to 1: these are probabilities. y holds the logits, before
    softmax, which has a notebook of its own.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    e = np.exp(h @ Why.T + by)
    return h, e / e.sum(axis=1, keepdims=True)


@misconception(
    "rnn_forward",
    "tanh-on-the-output",
    """y went through tanh too. Logits are not squeezed: look at the output line.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    return h, np.tanh(h @ Why.T + by)


@misconception(
    "rnn_forward",
    "y-before-h",
    """The two results have changed places. The states h come first, then the logits
    y.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    return h @ Why.T + by, h


@misconception(
    "rnn_forward",
    "inputs-in-reverse",
    """The inputs are read from the last to the first. Forward in time means t = 0
    first; backwards comes in notebook 04.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs[::-1], h_init, Wxh, Whh, bh)[::-1]
    return h, h @ Why.T + by
