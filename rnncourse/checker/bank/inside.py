"""What goes wrong in notebook 10: surprise, correlate, beyond_input, influence."""

import numpy as np

from rnncourse.checker.exercises import beyond_input, correlate, influence, surprise
from rnncourse.checker.misconceptions import misconception

# surprise


def of_targets(p, targets):
    """The probability of each character that came."""
    return p[np.arange(len(targets)), targets]


@misconception(
    "surprise",
    "nats",
    """The numbers are in nats: they are too small by the factor ln 2, everywhere. Bits
    count halvings: which logarithm has 2 as its base?""",
)
def _(p, targets):
    return -np.log(of_targets(p, targets))


@misconception(
    "surprise",
    "base-ten",
    """The logarithm has 10 as its base. Bits count halvings, so the base is 2.""",
)
def _(p, targets):
    return -np.log10(of_targets(p, targets))


@misconception(
    "surprise",
    "negative",
    """The surprises are negative. A probability is at most 1, so its logarithm is at
    most 0: the sign is missing.""",
)
def _(p, targets):
    return np.log2(of_targets(p, targets))


@misconception(
    "surprise",
    "one-number",
    """This is one number for the whole text. Here each character keeps a number of its
    own: nothing is added up.""",
)
def _(p, targets):
    return surprise(p, targets).sum()


@misconception("surprise", "one-number")
def _(p, targets):
    return surprise(p, targets).mean()


@misconception(
    "surprise",
    "of-the-likeliest",
    """This is the surprise of the likeliest character. Asked is that of the one which
    came: look at what targets is for.""",
)
def _(p, targets):
    return -np.log2(p.max(axis=1))


@misconception(
    "surprise",
    "entropy",
    """Each row is averaged over all characters, weighted by p: what the network expects
    before it sees the next character. Asked is the surprise of the one which came.""",
)
def _(p, targets):
    return -(p * np.log2(p)).sum(axis=1)


@misconception(
    "surprise",
    "inverse",
    """The numbers are 1 / p. The surprise is their logarithm, to the base 2.""",
)
def _(p, targets):
    return 1 / of_targets(p, targets)


@misconception(
    "surprise",
    "one-minus-p",
    """The numbers are 1 − p, between 0 and 1. A surprise has no upper end: it is a
    logarithm.""",
)
def _(p, targets):
    return 1 - of_targets(p, targets)


@misconception(
    "surprise",
    "all-characters",
    """There is a column for each of the V characters. Take the one that came: row t of
    p, column targets[t].""",
)
def _(p, targets):
    return -np.log2(p)


# correlate


@misconception(
    "correlate",
    "not-centered",
    """The means were not subtracted. A unit that is always near 1 then agrees with
    every feature. What counts is whether both are above their mean at the same
    steps.""",
)
def _(h, feature):
    return h.T @ feature / np.sqrt((h**2).sum(axis=0) * (1.0 * feature**2).sum())


@misconception(
    "correlate",
    "only-h-centered",
    """The mean of the feature was not subtracted where its size is taken. Subtract it
    first, and use the result in both places.""",
)
def _(h, feature):
    a, b = h - h.mean(axis=0), 1.0 * feature
    return a.T @ b / np.sqrt((a**2).sum(axis=0) * (b**2).sum())


@misconception(
    "correlate",
    "only-feature-centered",
    """The means of the units were not subtracted where their size is taken. Subtract
    them first, and use the result in both places.""",
)
def _(h, feature):
    b = feature - np.mean(feature)
    return h.T @ b / np.sqrt((h**2).sum(axis=0) * (b**2).sum())


@misconception(
    "correlate",
    "covariance",
    """The products are there, but they are not divided by the sizes of both: a unit
    that moves little then seems to follow little. A correlation is from −1 to 1.""",
)
def _(h, feature):
    a, b = h - h.mean(axis=0), feature - np.mean(feature)
    return a.T @ b / len(h)


@misconception("correlate", "covariance")
def _(h, feature):
    return (h - h.mean(axis=0)).T @ (feature - np.mean(feature))


@misconception("correlate", "covariance")
def _(h, feature):
    a, b = h - h.mean(axis=0), feature - np.mean(feature)
    return a.T @ b / (len(h) - 1)


@misconception(
    "correlate",
    "root-forgotten",
    """The products are divided by the sums of squares, not by their root. Only with the
    root does a unit correlate with itself by 1.""",
)
def _(h, feature):
    a, b = h - h.mean(axis=0), feature - np.mean(feature)
    return a.T @ b / ((a**2).sum(axis=0) * (b**2).sum())


@misconception(
    "correlate",
    "two-kinds-of-spread",
    """All numbers are off by the same factor, (T − 1) / T or its inverse: one spread
    was divided by T and the other by T − 1. Take both from one kind of sum.""",
)
def _(h, feature):
    return correlate(h, feature) * len(h) / (len(h) - 1)


@misconception("correlate", "two-kinds-of-spread")
def _(h, feature):
    return correlate(h, feature) * (len(h) - 1) / len(h)


@misconception(
    "correlate",
    "squared",
    """The numbers are squared. Asked is the correlation itself, which is negative where
    a unit falls when the feature rises.""",
)
def _(h, feature):
    return correlate(h, feature) ** 2


@misconception(
    "correlate",
    "without-sign",
    """The signs are gone. A unit that falls when the feature rises has a negative
    correlation: keep it, absolute values come later.""",
)
def _(h, feature):
    return np.abs(correlate(h, feature))


@misconception(
    "correlate",
    "across-units",
    """The mean was taken over the units of a step. A unit is compared with itself at
    other steps: its mean goes over time, which is the first axis.""",
)
def _(h, feature):
    a, b = h - h.mean(axis=1, keepdims=True), feature - np.mean(feature)
    with np.errstate(all="ignore"):
        return a.T @ b / np.sqrt((a**2).sum(axis=0) * (b**2).sum())


@misconception(
    "correlate",
    "one-mean-for-all-units",
    """One mean was taken over all units and steps. Each unit has its own, over
    time.""",
)
def _(h, feature):
    a, b = h - h.mean(), feature - np.mean(feature)
    return a.T @ b / np.sqrt((a**2).sum(axis=0) * (b**2).sum())


# beyond_input


def by_input(h, inputs, change):
    """`change` applied to the rows of each character."""
    out = np.zeros_like(h)
    for k in set(inputs.tolist()):
        out[inputs == k] = change(h[inputs == k])
    return out


@misconception(
    "beyond_input",
    "mean-of-all",
    """The mean over all steps was subtracted. Each character has a mean of its own:
    that of the steps at which it is the input.""",
)
def _(h, inputs):
    return h - h.mean(axis=0)


@misconception(
    "beyond_input",
    "the-means-themselves",
    """These are the means: what the current character says about each unit. Asked is
    the rest, what it does not say.""",
)
def _(h, inputs):
    return by_input(h, inputs, lambda rows: rows.mean(axis=0))


@misconception(
    "beyond_input",
    "scaled",
    """The rest was divided by its spread as well. Here the mean alone is taken out.""",
)
def _(h, inputs):
    with np.errstate(all="ignore"):
        return by_input(
            h, inputs, lambda rows: (rows - rows.mean(axis=0)) / rows.std(axis=0)
        )


@misconception(
    "beyond_input",
    "h-itself",
    """Nothing has changed: this is h. If the mean was subtracted in a loop, was it
    subtracted from the array that is returned?""",
)
def _(h, inputs):
    return h.copy()


@misconception(
    "beyond_input",
    "next-input",
    """The rows were grouped by the input of the next step. Row t belongs to the
    character inputs[t], which has been read by then.""",
)
def _(h, inputs):
    return beyond_input(h, np.roll(inputs, -1))


@misconception(
    "beyond_input",
    "input-before",
    """The rows were grouped by the input of the step before. Row t belongs to the
    character inputs[t].""",
)
def _(h, inputs):
    return beyond_input(h, np.roll(inputs, 1))


@misconception(
    "beyond_input",
    "one-mean-for-all-units",
    """One mean was taken over all units. Each unit has its own mean: give `mean` the
    axis of time.""",
)
def _(h, inputs):
    return by_input(h, inputs, lambda rows: rows - rows.mean())


@misconception(
    "beyond_input",
    "zeros",
    """Everything is zero. The mean belongs to all steps with that character, not to one
    step alone.""",
)
def _(h, inputs):
    return np.zeros_like(h)


@misconception(
    "beyond_input",
    "divided-by-all-steps",
    """The sums of a character's rows were divided by the number of all steps. Its mean
    is over the steps at which it is the input.""",
)
def _(h, inputs):
    return by_input(h, inputs, lambda rows: rows - rows.sum(axis=0) / len(h))


# influence


def carried(dy_t, h, Wxh, Whh, Why, **parts):
    """`influence` with some of its parts replaced.

    parts: functions `slope(h, t)`, `back(da)`, the dh of the step before, and
    `size(da, dh)`.
    """
    slope = parts.get("slope", lambda h, t: 1 - h[t] ** 2)
    back = parts.get("back", lambda da: Whh.T @ da)
    size = parts.get("size", lambda da, dh: np.linalg.norm(Wxh.T @ da))
    sizes, dh = np.zeros(len(h)), Why.T @ dy_t
    for t in reversed(range(len(h))):
        da = slope(h, t) * dh
        sizes[t] = size(da, dh)
        dh = back(da)
    return sizes


@misconception(
    "influence",
    "slope-forgotten",
    """The slope of tanh is missing: da = (1 − h²) ⊙ dh, at every step.""",
)
def _(dy_t, h, Wxh, Whh, Why):
    return carried(dy_t, h, Wxh, Whh, Why, slope=lambda h, t: 1)


@misconception(
    "influence",
    "slope-lost-on-the-way-back",
    """On the way to the step before, the slope of tanh is missing: Whh brings back da,
    not dh.""",
)
def _(dy_t, h, Wxh, Whh, Why):
    sizes, dh = np.zeros(len(h)), Why.T @ dy_t
    for t in reversed(range(len(h))):
        sizes[t] = np.linalg.norm(Wxh.T @ ((1 - h[t] ** 2) * dh))
        dh = Whh.T @ dh
    return sizes


@misconception(
    "influence",
    "slope-of-a",
    """The slope was taken of tanh(h). h is the output of tanh already: its slope is
    1 − h².""",
)
def _(dy_t, h, Wxh, Whh, Why):
    return carried(dy_t, h, Wxh, Whh, Why, slope=lambda h, t: 1 - np.tanh(h[t]) ** 2)


@misconception(
    "influence",
    "slope-at-the-end",
    """Every step has the slope of the last one. The state differs from step to step,
    and so does the slope.""",
)
def _(dy_t, h, Wxh, Whh, Why):
    return carried(dy_t, h, Wxh, Whh, Why, slope=lambda h, t: 1 - h[-1] ** 2)


@misconception(
    "influence",
    "Whh-not-transposed",
    """On the way back the state before gets Whh da, as if it went forward. Backward it
    is the transposed matrix.""",
)
def _(dy_t, h, Wxh, Whh, Why):
    return carried(dy_t, h, Wxh, Whh, Why, back=lambda da: Whh @ da)


@misconception(
    "influence",
    "last-step-only",
    """Only the last character has an influence, the others have 0. The way back goes
    on: what reaches the state before?""",
)
def _(dy_t, h, Wxh, Whh, Why):
    return carried(dy_t, h, Wxh, Whh, Why, back=lambda da: 0 * da)


@misconception(
    "influence",
    "newest-first",
    """The sizes are right and in reverse order. Entry t belongs to the character of
    step t: the oldest stands first.""",
)
def _(dy_t, h, Wxh, Whh, Why):
    return influence(dy_t, h, Wxh, Whh, Why)[::-1]


@misconception(
    "influence",
    "of-the-state",
    """These are the sizes of dh, the influence of the states. One step further is the
    character: past tanh and past Wxh.""",
)
def _(dy_t, h, Wxh, Whh, Why):
    return carried(dy_t, h, Wxh, Whh, Why, size=lambda da, dh: np.linalg.norm(dh))


@misconception(
    "influence",
    "of-da",
    """These are the sizes of da. The character comes in through Wxh, so the way back to
    it leads through Wxh, too.""",
)
def _(dy_t, h, Wxh, Whh, Why):
    return carried(dy_t, h, Wxh, Whh, Why, size=lambda da, dh: np.linalg.norm(da))


@misconception(
    "influence",
    "tanh-skipped-to-the-input",
    """The way to the character leaves out the slope of tanh: it is Wxhᵀ da, not
    Wxhᵀ dh.""",
)
def _(dy_t, h, Wxh, Whh, Why):
    return carried(
        dy_t, h, Wxh, Whh, Why, size=lambda da, dh: np.linalg.norm(Wxh.T @ dh)
    )


@misconception(
    "influence",
    "squared",
    """The sizes are squared: a length is the root of the sum of squares.""",
)
def _(dy_t, h, Wxh, Whh, Why):
    return influence(dy_t, h, Wxh, Whh, Why) ** 2


@misconception(
    "influence",
    "same-error-at-every-step",
    """The error enters again at each step. Here there is one loss, that of the last
    prediction: dy_t comes in once, at the start of the way back.""",
)
def _(dy_t, h, Wxh, Whh, Why):
    return carried(dy_t, h, Wxh, Whh, Why, back=lambda da: Whh.T @ da + Why.T @ dy_t)
