"""What goes wrong in notebook 02: rnn_step, rnn_forward, run_in_chunks."""

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
    "bias-through-the-weights",
    """The bias went through the recurrent weights, together with h_prev. It is added
    as it is, beside the two products: look at your brackets.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh(Wxh @ x + Whh @ (h_prev + bh))


@misconception(
    "rnn_step",
    "tan-for-tanh",
    """This is tan of a, not tanh: near 0 the two look alike, and far from it tan has no
    bounds. A letter is missing.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tan(Wxh @ x + Whh @ h_prev + bh)


@misconception(
    "rnn_step",
    "state-normalised",
    """The state was divided by its length or by its sum. Its entries are independent
    numbers between -1 and 1, as tanh leaves them.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    h = np.tanh(Wxh @ x + Whh @ h_prev + bh)
    return h / np.sqrt(h @ h)


@misconception("rnn_step", "state-normalised")
def _(x, h_prev, Wxh, Whh, bh):
    h = np.tanh(Wxh @ x + Whh @ h_prev + bh)
    return h / h.sum()


@misconception(
    "rnn_step",
    "terms-multiplied",
    """The terms of the input and of the old state are multiplied. A pre-activation is a
    *sum* of three terms.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh((Wxh @ x) * (Whh @ h_prev) + bh)


@misconception("rnn_step", "terms-multiplied")
def _(x, h_prev, Wxh, Whh, bh):
    return np.tanh((Wxh @ x) * (Whh @ h_prev) * bh)


@misconception(
    "rnn_step",
    "old-state-added",
    """h_prev is added to what comes out of tanh, so a state can leave -1 ... 1. The new
    state *replaces* the old one, which acts inside of tanh alone.""",
)
def _(x, h_prev, Wxh, Whh, bh):
    return h_prev + np.tanh(Wxh @ x + Whh @ h_prev + bh)


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
    """The first step starts from zeros, not from h_init. All that came before the chunk
    is forgotten. Look at what the state is before the loop; in an array the index
    -1 means the *last* row.""",
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
    "pre-activation-handed-on",
    """What goes into the next step is a, before tanh, so only the first row of h is
    right. The next step reads the *state*: look at what your loop hands on.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    rows, a = [], h_init
    for k in inputs:
        a = Wxh[:, k] + Whh @ a + bh
        rows.append(np.tanh(a))
    return np.array(rows), np.array(rows) @ Why.T + by


@misconception(
    "rnn_forward",
    "return-inside-the-loop",
    """Only the first step came. Look at where the `return` stands: inside the loop it
    ends the work after one round.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)[:1]
    return h, h @ Why.T + by


@misconception("rnn_forward", "return-inside-the-loop")
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    h[1:] = 0
    y = h @ Why.T + by
    y[1:] = 0
    return h, y


@misconception(
    "rnn_forward",
    "step-for-the-input",
    """The columns of Wxh are taken in their own order, the first at the first step,
    whatever the inputs are. Which column is asked for is what stands *in* inputs.""",
)
def _(inputs, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(range(len(inputs)), h_init, Wxh, Whh, bh)
    return h, h @ Why.T + by


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


def in_chunks(inputs, T, h_init, Wxh, Whh, bh, hand_on):
    """The states of each chunk, a list; `hand_on(h, state)` is the next h_init.

    h: the states of the chunk that was read. state: the one that came into it.
    """
    state, found = h_init, []
    for start in range(0, len(inputs), T):
        found.append(states_of(inputs[start : start + T], state, Wxh, Whh, bh))
        state = hand_on(found[-1], state)
    return found


def and_logits(h, Why, by):
    """States, or those of each chunk in a list, with the logits read off them."""
    h = np.vstack(h)
    return h, h @ Why.T + by


@misconception(
    "run_in_chunks",
    "h_init-at-every-chunk",
    """Right as far as the first border. There the state jumps back to h_init, and all
    that was read before is forgotten. Look at which state your next chunk starts
    from.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    weights = Wxh, Whh, bh
    return and_logits(
        in_chunks(inputs, T, h_init, *weights, lambda h, state: h_init), Why, by
    )


@misconception(
    "run_in_chunks",
    "zeros-at-every-chunk",
    """Right as far as the first border. There the state is set to zeros, and all that
    was read before is forgotten. The text goes on, so its state goes on too.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    weights = Wxh, Whh, bh
    return and_logits(
        in_chunks(inputs, T, h_init, *weights, lambda h, state: 0 * state), Why, by
    )


@misconception(
    "run_in_chunks",
    "zeros-from-the-start",
    """The text is read from a state of zeros. It starts from h_init, which may hold
    what was read before.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    return and_logits(states_of(inputs, 0 * h_init, Wxh, Whh, bh), Why, by)


@misconception("run_in_chunks", "zeros-from-the-start")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    weights = Wxh, Whh, bh
    found = in_chunks(inputs, T, 0 * h_init, *weights, lambda h, state: 0 * state)
    return and_logits(found, Why, by)


@misconception(
    "run_in_chunks",
    "first-state-handed-on",
    """Right as far as the first border. The next chunk starts from the *first* state of
    the chunk before it. Which state has seen all of that chunk?""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    weights = Wxh, Whh, bh
    return and_logits(
        in_chunks(inputs, T, h_init, *weights, lambda h, state: h[0]), Why, by
    )


@misconception(
    "run_in_chunks",
    "last-state-but-one-handed-on",
    """Right as far as the first border. The state that is handed over there has not
    seen the last input of its chunk: it is one step too old.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    def before_the_last(h, state):
        return np.vstack([state, h])[-2]

    weights = Wxh, Whh, bh
    return and_logits(in_chunks(inputs, T, h_init, *weights, before_the_last), Why, by)


@misconception(
    "run_in_chunks",
    "short-last-chunk-dropped",
    """The end of the text is missing: a last chunk with fewer than T inputs was left
    out. It is read too, as short as it is: look at where your loop over the chunks
    ends.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    n = len(inputs) // T * T
    return and_logits(states_of(inputs[:n], h_init, Wxh, Whh, bh), Why, by)


@misconception("run_in_chunks", "short-last-chunk-dropped")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    n = len(inputs) // T * T
    weights = Wxh, Whh, bh
    return and_logits(
        in_chunks(inputs[:n], T, h_init, *weights, lambda h, state: h[-1]), Why, by
    )


@misconception(
    "run_in_chunks",
    "last-chunk-always-dropped",
    """The last chunk is missing, even a full one. When you cut a text into inputs and
    targets, a chunk needed one character more; here there are no targets, and every
    input is read.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    n = (len(inputs) - 1) // T * T
    return and_logits(states_of(inputs[:n], h_init, Wxh, Whh, bh), Why, by)


@misconception("run_in_chunks", "last-chunk-always-dropped")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    n = (len(inputs) - 1) // T * T
    weights = Wxh, Whh, bh
    return and_logits(
        in_chunks(inputs[:n], T, h_init, *weights, lambda h, state: h[-1]), Why, by
    )


@misconception(
    "run_in_chunks",
    "short-last-chunk-padded",
    """There are more rows than the text has characters: a short last chunk was filled
    up to T. Take it as short as it comes.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    padded = np.append(inputs, np.zeros(-len(inputs) % T, int))
    return and_logits(states_of(padded, h_init, Wxh, Whh, bh), Why, by)


@misconception("run_in_chunks", "short-last-chunk-padded")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    pairs = zip(and_logits(h, Why, by), (bh, by))
    return [np.vstack([a, np.zeros((-len(h) % T, len(b)))]) for a, b in pairs]


@misconception(
    "run_in_chunks",
    "only-the-last-chunk",
    """Only the last chunk came back. All n inputs have a state and logits: look at
    whether your loop keeps what it finds, or writes over it.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    return and_logits(h[(len(h) - 1) // T * T :], Why, by)


@misconception(
    "run_in_chunks",
    "logits-of-the-last-chunk",
    """h has the states of all n inputs, y the logits of the last chunk alone. Collect
    both in the same way.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h, y = and_logits(states_of(inputs, h_init, Wxh, Whh, bh), Why, by)
    return h, y[(len(h) - 1) // T * T :]


@misconception(
    "run_in_chunks",
    "whole-text-for-each-chunk",
    """There are too many rows: the whole text is read again for each chunk. Hand over
    the inputs of the chunk alone.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    again = np.tile(inputs, len(range(0, len(inputs), T)))
    return and_logits(states_of(again, h_init, Wxh, Whh, bh), Why, by)


@misconception(
    "run_in_chunks",
    "y-before-h",
    """The two results have changed places. The states h come first, then the logits
    y.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h, y = and_logits(states_of(inputs, h_init, Wxh, Whh, bh), Why, by)
    return y, h


@misconception(
    "run_in_chunks",
    "only-the-first-chunk",
    """Only the first chunk came back: look at where the `return` stands.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    return and_logits(states_of(inputs[:T], h_init, Wxh, Whh, bh), Why, by)


@misconception(
    "run_in_chunks",
    "one-state-a-chunk",
    """One row came for each chunk, that of its last input. Those in between are asked
    for too: one row for each of the n inputs.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    return and_logits(
        [h[start : start + T][-1] for start in range(0, len(h), T)], Why, by
    )


@misconception(
    "run_in_chunks",
    "a-list-of-chunks",
    """The results of each chunk came on their own, one array after the other. Two
    arrays with n rows are asked for, h and y: put the chunks under each other.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h = in_chunks(inputs, T, h_init, Wxh, Whh, bh, lambda h, state: h[-1])
    return h, [each @ Why.T + by for each in h]


@misconception("run_in_chunks", "a-list-of-chunks")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h = in_chunks(inputs, T, h_init, Wxh, Whh, bh, lambda h, state: h[-1])
    return [and_logits(each, Why, by) for each in h]


@misconception(
    "run_in_chunks",
    "incoming-states-kept",
    """Each chunk has a row too many: the state that came into it is among its states.
    At a border it is the last row of the chunk before, so it stands there twice.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h = in_chunks(inputs, T, h_init, Wxh, Whh, bh, lambda h, state: h[-1])
    coming = [h_init, *(each[-1] for each in h)]
    return and_logits([np.vstack(pair) for pair in zip(coming, h)], Why, by)


@misconception("run_in_chunks", "incoming-states-kept")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h = in_chunks(inputs, T, h_init, Wxh, Whh, bh, lambda h, state: h[-1])
    coming = [h_init, *(each[-1] for each in h)]
    kept = np.vstack([np.vstack(pair) for pair in zip(coming, h)])
    return kept, np.vstack(h) @ Why.T + by


@misconception(
    "run_in_chunks",
    "h_init-among-the-states",
    """There are n + 1 rows: h_init is the first. You are asked for the states *after*
    the n inputs.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    return and_logits([h_init, states_of(inputs, h_init, Wxh, Whh, bh)], Why, by)


@misconception("run_in_chunks", "h_init-among-the-states")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    return np.vstack([h_init, h]), h @ Why.T + by


@misconception(
    "run_in_chunks",
    "overlapping-chunks",
    """Each chunk starts one character after the one before, so most characters are read
    several times. A chunk starts where the last one ended: look at the step of your
    loop.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    order = [inputs[s : s + T] for s in range(len(inputs))]
    return and_logits(states_of(np.concatenate(order), h_init, Wxh, Whh, bh), Why, by)


@misconception("run_in_chunks", "overlapping-chunks")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    order = [inputs[s : s + T] for s in range(len(inputs) - T + 1)]
    return and_logits(states_of(np.ravel(order), h_init, Wxh, Whh, bh), Why, by)


@misconception(
    "run_in_chunks",
    "no-recurrence",
    """No state depends on the one before it, inside a chunk or across a border. Look
    for the term that brings the previous state in.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    return and_logits(np.tanh(Wxh[:, inputs].T + bh), Why, by)


@misconception(
    "run_in_chunks",
    "bh-forgotten",
    """The bias bh has no effect on your states. Count the terms of the
    pre-activation.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    return and_logits(states_of(inputs, h_init, Wxh, Whh, 0 * bh), Why, by)


@misconception(
    "run_in_chunks",
    "Whh-transposed",
    """Whh is used transposed. It is square, so no shape complains: row i of Whh holds
    the weights into unit i. Look at the side on which the state stands.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    return and_logits(states_of(inputs, h_init, Wxh, Whh.T, bh), Why, by)


@misconception(
    "run_in_chunks",
    "h_init-overwritten",
    """The states are right, but h_init has become the newest one: you compute in the
    caller's array. Look at the line that writes *into* the state instead of making a
    new one.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h = states_of(inputs, h_init, Wxh, Whh, bh)
    h_init[:] = h[-1]
    return and_logits(h, Why, by)


@misconception(
    "run_in_chunks",
    "every-chunk-taken-as-full",
    """Right for a text of full chunks; otherwise the last chunk looks for characters
    behind the end of the text. Count its inputs, or take a slice: a slice ends with the
    text.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    order = [inputs[s + t] for s in range(0, len(inputs), T) for t in range(T)]
    return and_logits(states_of(order, h_init, Wxh, Whh, bh), Why, by)


@misconception(
    "run_in_chunks",
    "first-chunk-again",
    """Right as far as the first border. Then the first T characters are read again: the
    place in the text has to move on with the chunk.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    again = np.resize(inputs[:T], len(inputs))
    return and_logits(states_of(again, h_init, Wxh, Whh, bh), Why, by)


@misconception("run_in_chunks", "first-chunk-again")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    again = [inputs[t] for _ in range(0, len(inputs), T) for t in range(T)]
    return and_logits(states_of(again[: len(inputs)], h_init, Wxh, Whh, bh), Why, by)


@misconception("run_in_chunks", "first-chunk-again")
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    again = [inputs[t] for _ in range(0, len(inputs), T) for t in range(T)]
    return and_logits(states_of(again, h_init, Wxh, Whh, bh), Why, by)


@misconception(
    "run_in_chunks",
    "state-moves-with-the-chunk",
    """Each step of a chunk starts from the state that came into the chunk. It moves on
    at the borders alone: every step hands its new state to the next one.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h = []
    for start in range(0, len(inputs), T):
        for k in inputs[start : start + T]:
            h.append(np.tanh(Wxh[:, k] + Whh @ h_init + bh))
        h_init = h[-1]
    return and_logits(np.array(h), Why, by)


@misconception(
    "run_in_chunks",
    "only-the-last-state",
    """Only the last state and its logits came back. Those of all n inputs are asked
    for: keep each of them.""",
)
def _(inputs, T, h_init, Wxh, Whh, Why, bh, by):
    h, y = and_logits(states_of(inputs, h_init, Wxh, Whh, bh), Why, by)
    return h[-1], y[-1]
