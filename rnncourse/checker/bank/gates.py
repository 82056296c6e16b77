"""What goes wrong in notebook 12: pass_down, lstm_step_back, forget_bias."""

import numpy as np

from rnncourse.checker.exercises import forget_bias
from rnncourse.checker.misconceptions import misconception


def below(dx, h_below, Whh_below, order=-1, slope=lambda h: 1 - h * h):
    """da of the lower layer, from what comes to each of its states from above."""
    da_below, later = np.zeros_like(h_below), np.zeros(len(Whh_below))
    for t in range(len(dx))[::order]:
        da_below[t] = slope(h_below[t]) * (dx[t] + later)
        later = Whh_below.T @ da_below[t]
    return da_below


@misconception(
    "pass_down",
    "way-back-forgotten",
    """In the lower layer each step hears from above only. Its state has a second child,
    its own next step: what comes back from there is missing.""",
)
def _(da, Wxh, h_below, Whh_below):
    dx = da @ Wxh
    return dx, (1 - h_below**2) * dx


@misconception(
    "pass_down",
    "way-back-in-dx",
    """dx holds more than was asked: what the lower layer's own later steps send has
    been added. dx is what comes from the layer above, alone.""",
)
def _(da, Wxh, h_below, Whh_below):
    dx = da @ Wxh
    da_below = below(dx, h_below, Whh_below)
    dh = dx.copy()
    dh[:-1] += da_below[1:] @ Whh_below
    return dh, da_below


@misconception(
    "pass_down",
    "slope-in-dx",
    """dx has been multiplied by the slope of the lower layer's tanh. It is the gradient
    of the state, which lies behind that tanh; the slope comes with the next step
    down.""",
)
def _(da, Wxh, h_below, Whh_below):
    dx = da @ Wxh
    return (1 - h_below**2) * dx, below(dx, h_below, Whh_below)


@misconception(
    "pass_down",
    "slope-in-dx",
)
def _(da, Wxh, h_below, Whh_below):
    dx = (1 - h_below**2) * (da @ Wxh)
    return dx, below(dx, h_below, Whh_below)


@misconception(
    "pass_down",
    "slope-forgotten",
    """Between the state of the lower layer and its pre-activation stands a tanh, and
    its slope is missing in da_below.""",
)
def _(da, Wxh, h_below, Whh_below):
    dx = da @ Wxh
    return dx, below(dx, h_below, Whh_below, slope=np.ones_like)


@misconception(
    "pass_down",
    "square-forgotten",
    """The slope is 1 - h here, without the square: it would differ between h and -h,
    and tanh is as steep at both.""",
)
def _(da, Wxh, h_below, Whh_below):
    dx = da @ Wxh
    return dx, below(dx, h_below, Whh_below, slope=lambda h: 1 - h)


@misconception(
    "pass_down",
    "tanh-of-h",
    """The slope was taken of tanh(h). The states have been through tanh already: the
    slope is 1 minus the square of the state itself.""",
)
def _(da, Wxh, h_below, Whh_below):
    dx = da @ Wxh
    return dx, below(dx, h_below, Whh_below, slope=lambda h: 1 - np.tanh(h) ** 2)


@misconception(
    "pass_down",
    "forward-order",
    """The steps of the lower layer are taken from the first to the last. What comes
    back from step t + 1 must be there before step t: begin with the last.""",
)
def _(da, Wxh, h_below, Whh_below):
    dx = da @ Wxh
    return dx, below(dx, h_below, Whh_below, order=1)


@misconception(
    "pass_down",
    "later-accumulated",
    """What comes back in the lower layer grows from step to step. Only the next step
    reads this state, so only its share belongs here, in place of the one before.""",
)
def _(da, Wxh, h_below, Whh_below):
    dx = da @ Wxh
    da_below, later = np.zeros_like(h_below), np.zeros(len(Whh_below))
    for t in reversed(range(len(da))):
        da_below[t] = (1 - h_below[t] ** 2) * (dx[t] + later)
        later = later + Whh_below.T @ da_below[t]
    return dx, da_below


@misconception(
    "pass_down",
    "way-back-without-slope",
    """What comes back from the next step was taken before its tanh was passed: Whh
    carries back da of that step, not its dh.""",
)
def _(da, Wxh, h_below, Whh_below):
    dx = da @ Wxh
    da_below, later = np.zeros_like(h_below), np.zeros(len(Whh_below))
    for t in reversed(range(len(da))):
        dh = dx[t] + later
        da_below[t] = (1 - h_below[t] ** 2) * dh
        later = Whh_below.T @ dh
    return dx, da_below


@misconception(
    "pass_down",
    "slope-for-dx-alone",
    """What comes back from the next step is added after the slope. Both paths end at
    the state, so their sum meets the slope of its tanh.""",
)
def _(da, Wxh, h_below, Whh_below):
    dx = da @ Wxh
    da_below, later = np.zeros_like(h_below), np.zeros(len(Whh_below))
    for t in reversed(range(len(da))):
        da_below[t] = (1 - h_below[t] ** 2) * dx[t] + later
        later = Whh_below.T @ da_below[t]
    return dx, da_below


@misconception(
    "pass_down",
    "Whh-not-transposed",
    """On the way back in time Whh is used as it is. Forward it takes rows, so back it
    takes columns: its transpose.""",
)
def _(da, Wxh, h_below, Whh_below):
    dx = da @ Wxh
    return dx, below(dx, h_below, Whh_below.T)


@misconception(
    "pass_down",
    "Wxh-on-the-wrong-side",
    """Wxh is used as on the way up. Down it has to be its transpose for one step, which
    for rows of steps means another side; equal sizes let the mistake run.""",
)
def _(da, Wxh, h_below, Whh_below):
    dx = da @ Wxh.T
    return dx, below(dx, h_below, Whh_below)


def parts(dh, dm, f, w, o, g, m_prev, dao=None, dm_prev=None):
    """The five results from the whole gradient of the cell."""
    s = np.tanh(f * m_prev + w * g)
    gates = {"daf": dm * m_prev * f * (1 - f), "daw": dm * g * w * (1 - w)}
    gates["dao"] = dh * s * o * (1 - o) if dao is None else dao
    gates["dag"] = dm * w * (1 - g * g)
    return gates | {"dm_prev": dm * f if dm_prev is None else dm_prev}


def from_state(dh, f, w, o, g, m_prev):
    """What comes to the cell from the state of its own step."""
    s = np.tanh(f * m_prev + w * g)
    return dh * o * (1 - s * s)


@misconception(
    "lstm_step_back",
    "state-path-forgotten",
    """The cell hears from later steps only. It has a second child: the state of its own
    step, by way of tanh and the gate o.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    return parts(dh, dm, f, w, o, g, m_prev)


@misconception(
    "lstm_step_back",
    "later-forgotten",
    """The cell hears from the state of its own step only. What later steps send to it,
    dm, is missing.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    return parts(dh, from_state(dh, f, w, o, g, m_prev), f, w, o, g, m_prev)


@misconception(
    "lstm_step_back",
    "slope-of-the-cell-forgotten",
    """From the state to the cell the way leads through a tanh, and its slope is
    missing.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    return parts(dh, dm + dh * o, f, w, o, g, m_prev)


@misconception(
    "lstm_step_back",
    "slope-without-tanh",
    """The slope between the state and the cell is 1 minus the square of the cell
    itself. A slope of tanh is 1 minus the square of what comes *out* of it.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    m = f * m_prev + w * g
    return parts(dh, dm + dh * o * (1 - m * m), f, w, o, g, m_prev)


@misconception(
    "lstm_step_back",
    "o-forgotten-on-the-way-to-the-cell",
    """The state is o times tanh of the cell. On the way from dh to the cell the factor
    o is missing.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    whole = dm + from_state(dh, f, w, np.ones_like(o), g, m_prev)
    return parts(dh, whole, f, w, o, g, m_prev)


@misconception(
    "lstm_step_back",
    "gate-slopes-forgotten",
    """These are the gradients of the gates themselves. Asked for are those before the
    sigmoid and before the tanh: each still meets a slope.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    dm = dm + from_state(dh, f, w, o, g, m_prev)
    s = np.tanh(f * m_prev + w * g)
    gates = {"daf": dm * m_prev, "daw": dm * g, "dao": dh * s, "dag": dm * w}
    return gates | {"dm_prev": dm * f}


@misconception(
    "lstm_step_back",
    "sigmoid-slope-for-g",
    """g is a tanh, not a sigmoid: its slope is another one than that of the gates.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    dm = dm + from_state(dh, f, w, o, g, m_prev)
    return parts(dh, dm, f, w, o, g, m_prev) | {"dag": dm * w * g * (1 - g)}


@misconception(
    "lstm_step_back",
    "tanh-slope-for-the-gates",
    """The gates are sigmoids, and the slope of a sigmoid is not that of tanh: at a gate
    of one half it is a quarter.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    dm = dm + from_state(dh, f, w, o, g, m_prev)
    s = np.tanh(f * m_prev + w * g)
    gates = {"daf": dm * m_prev * (1 - f * f), "daw": dm * g * (1 - w * w)}
    gates |= {"dao": dh * s * (1 - o * o), "dag": dm * w * (1 - g * g)}
    return gates | {"dm_prev": dm * f}


@misconception(
    "lstm_step_back",
    "f-forgotten",
    """dm_prev is the gradient of the new cell. The old one enters it times f, and so
    the gradient goes back times f.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    dm = dm + from_state(dh, f, w, o, g, m_prev)
    return parts(dh, dm, f, w, o, g, m_prev, dm_prev=dm)


@misconception(
    "lstm_step_back",
    "only-later-in-dm_prev",
    """The four gates are right. In dm_prev only what came from later steps has gone on;
    what the state of this step sends to the cell goes back as well.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    whole = dm + from_state(dh, f, w, o, g, m_prev)
    return parts(dh, whole, f, w, o, g, m_prev, dm_prev=dm * f)


@misconception(
    "lstm_step_back",
    "cell-for-its-tanh",
    """o multiplies the tanh of the cell, not the cell: that is the factor that its
    gradient meets.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    whole, m = dm + from_state(dh, f, w, o, g, m_prev), f * m_prev + w * g
    return parts(dh, whole, f, w, o, g, m_prev, dao=dh * m * o * (1 - o))


@misconception(
    "lstm_step_back",
    "old-cell-in-tanh",
    """tanh was taken of the old cell. The state shows the new one, which you have to
    compute first.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    s = np.tanh(m_prev)
    dm = dm + dh * o * (1 - s * s)
    return parts(dh, dm, f, w, o, g, m_prev, dao=dh * s * o * (1 - o))


@misconception(
    "lstm_step_back",
    "g-and-w-swapped",
    """w and g have changed places: in the product w g each meets the *other* one as its
    factor.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    dm = dm + from_state(dh, f, w, o, g, m_prev)
    swapped = {"daw": dm * w * w * (1 - w), "dag": dm * g * (1 - g * g)}
    return parts(dh, dm, f, w, o, g, m_prev) | swapped


@misconception(
    "lstm_step_back",
    "new-cell-for-the-old",
    """f multiplies the cell of the step before. Its gradient meets that one, not the
    new cell.""",
)
def _(dh, dm, f, w, o, g, m_prev):
    dm = dm + from_state(dh, f, w, o, g, m_prev)
    m = f * m_prev + w * g
    return parts(dh, dm, f, w, o, g, m_prev) | {"daf": dm * m * f * (1 - f)}


@misconception(
    "forget_bias",
    "one-step-only",
    """With this bias the asked share is left after a single step, whatever n is. Each
    of the n steps multiplies by the same share: which one gives this product?""",
)
def _(n, left):
    return np.log(left / (1 - left))


@misconception(
    "forget_bias",
    "divided-by-n",
    """The share of one step is taken as left / n. The steps do not add up, they
    multiply.""",
)
def _(n, left):
    share = left / n
    return np.log(share / (1 - share))


@misconception(
    "forget_bias",
    "bias-divided-by-n",
    """The bias for a single step has been divided by n. The shares of the steps
    multiply: first the share of one step, then the bias that gives it.""",
)
def _(n, left):
    return np.log(left / (1 - left)) / n


@misconception(
    "forget_bias",
    "the-share-itself",
    """This is what the gate has to be, between 0 and 1. The bias stands before the
    sigmoid, which still has to be undone.""",
)
def _(n, left):
    return left ** (1 / n)


@misconception(
    "forget_bias",
    "exp-for-sigmoid",
    """The exponential of this bias is the right share. The gate is a sigmoid, so it is
    the sigmoid that has to be undone.""",
)
def _(n, left):
    return np.log(left) / n


@misconception(
    "forget_bias",
    "upside-down",
    """The sign is the other one: with this bias the gate lets go what it should keep.
    A gate near 1 needs a large bias.""",
)
def _(n, left):
    return -forget_bias(n, left)


@misconception(
    "forget_bias",
    "power-for-root",
    """The share of one step is taken as the n-th power of what is left. It is the other
    way round: what is left is the n-th power of that share.""",
)
def _(n, left):
    share = left**n
    return np.log(share / (1 - share))


@misconception(
    "forget_bias",
    "sigmoid-of-the-share",
    """The sigmoid has been applied to the share. It has to be undone: the bias is the
    number whose sigmoid the share is.""",
)
def _(n, left):
    return 1 / (1 + np.exp(-(left ** (1 / n))))


@misconception(
    "forget_bias",
    "another-base",
    """Everything is right but for a factor: the logarithm has another base than e.""",
)
def _(n, left):
    return forget_bias(n, left) / np.log(10)


@misconception("forget_bias", "another-base")
def _(n, left):
    return forget_bias(n, left) / np.log(2)


@misconception(
    "forget_bias",
    "logarithm-of-n",
    """This is the logarithm of n: the right size, but left has no effect. Solve it for
    the share that is asked for.""",
)
def _(n, left):
    return np.log(n)
