"""What goes wrong in notebook 13: without_start, deviations, next_chunk."""

import numpy as np

from rnncourse.checker.exercises import deviations, next_chunk
from rnncourse.checker.misconceptions import misconception


@misconception(
    "without_start",
    "never-divided",
    """The start is out, but what is left is no mean: its weights add up to less than 1,
    so the first values are far too small. By what do they add up?""",
)
def _(values, start, beta=0.999):
    return [s - beta**n * start for n, s in enumerate(values, 1)]


@misconception(
    "without_start",
    "start-taken-whole",
    """The whole start is subtracted at every step. It fades: look in (13.1) at what
    stands in front of it after n steps.""",
)
def _(values, start, beta=0.999):
    return [(s - start) / (1 - beta**n) for n, s in enumerate(values, 1)]


@misconception("without_start", "start-taken-whole")
def _(values, start, beta=0.999):
    return [s - start for s in values]


@misconception(
    "without_start",
    "start-never-taken",
    """Nothing is subtracted, so the start is still in every value: only divided, it
    counts more than before.""",
)
def _(values, start, beta=0.999):
    return [s / (1 - beta**n) for n, s in enumerate(values, 1)]


@misconception(
    "without_start",
    "n-counted-from-zero",
    """The steps are counted from 0. The first value has had one step already, and
    1 minus the zeroth power is 0.""",
)
def _(values, start, beta=0.999):
    with np.errstate(all="ignore"):
        n = np.arange(len(values))
        return (np.asarray(values) - beta**n * start) / (1 - beta**n)


@misconception("without_start", "n-counted-from-zero")
def _(values, start, beta=0.999):
    values = [(s - beta**n * start) / (1 - beta ** (n + 1)) for n, s in pairs(values)]
    return values


def pairs(values):
    """Each value with its place, counted from 0."""
    return list(enumerate(values))


@misconception(
    "without_start",
    "n-counted-from-two",
    """The steps are counted one too far: the first value is the one after a single
    step.""",
)
def _(values, start, beta=0.999):
    return [(s - beta**n * start) / (1 - beta**n) for n, s in enumerate(values, 2)]


@misconception(
    "without_start",
    "fades-once-only",
    """The first value is right, the later ones are not. After n steps the start has
    faded n times, not once.""",
)
def _(values, start, beta=0.999):
    return [(s - beta * start) / (1 - beta) for s in values]


@misconception(
    "without_start",
    "divided-by-what-fades",
    """It is divided by the weight of the start. Divide by what is left for the losses:
    all weights together are 1.""",
)
def _(values, start, beta=0.999):
    return [(s - beta**n * start) / beta**n for n, s in enumerate(values, 1)]


@misconception(
    "without_start",
    "the-losses-themselves",
    """These are the losses of the single steps: the smoothing is undone, not only the
    start. A mean over all losses so far is asked for.""",
)
def _(values, start, beta=0.999):
    before = [start, *values[:-1]]
    return [(s - beta * b) / (1 - beta) for s, b in zip(values, before)]


@misconception(
    "without_start",
    "start-added",
    """The start is added where it should be taken out.""",
)
def _(values, start, beta=0.999):
    return [(s + beta**n * start) / (1 - beta**n) for n, s in enumerate(values, 1)]


def counts_of(ids, p):
    """How often each index comes."""
    return np.bincount(ids, minlength=len(p))


@misconception(
    "deviations",
    "argument-p-ignored",
    """All symbols are treated alike, as if each had the probability 1 / V. The p of
    each comes as an argument.""",
)
def _(ids, p):
    return deviations(ids, np.full(len(p), 1 / len(p)))


@misconception(
    "deviations",
    "variance-for-deviation",
    """The difference is divided by N p (1 - p), the variance. The standard deviation is
    its root.""",
)
def _(ids, p):
    N = len(ids)
    return (counts_of(ids, p) - N * p) / (N * p * (1 - p))


@misconception(
    "deviations",
    "shares-for-counts",
    """The shares are compared with p, and then divided by the spread of the *counts*.
    Both have to be counts, or both shares.""",
)
def _(ids, p):
    N = len(ids)
    return (counts_of(ids, p) / N - p) / np.sqrt(N * p * (1 - p))


@misconception(
    "deviations",
    "spread-of-one-draw",
    """The counts are right, the spread is that of a single draw: it grows with the root
    of N.""",
)
def _(ids, p):
    return (counts_of(ids, p) - len(ids) * p) / np.sqrt(p * (1 - p))


@misconception(
    "deviations",
    "sign-turned",
    """The signs are turned: a symbol that was drawn too often has to come out above
    0.""",
)
def _(ids, p):
    return -deviations(ids, p)


@misconception(
    "deviations",
    "without-sign",
    """The signs are lost. Too often is above 0, too rarely is below.""",
)
def _(ids, p):
    return np.abs(deviations(ids, p))


@misconception(
    "deviations",
    "poisson-spread",
    """The spread is the root of N p alone. A symbol that comes in nearly every draw
    hardly strays: there is a second factor in the root.""",
)
def _(ids, p):
    return (counts_of(ids, p) - len(ids) * p) / np.sqrt(len(ids) * p)


@misconception(
    "deviations",
    "spread-of-what-was-drawn",
    """The spread is computed from the shares that were drawn. It is that of a right
    sampler: take it from p.""",
)
def _(ids, p):
    N, share = len(ids), counts_of(ids, p) / len(ids)
    with np.errstate(all="ignore"):
        return (counts_of(ids, p) - N * p) / np.sqrt(N * share * (1 - share))


@misconception(
    "deviations",
    "never-drawn-left-out",
    """The symbols after the largest that was drawn are missing, or 0. A symbol that
    never came has the count 0, and that lies below N p.""",
)
def _(ids, p):
    most = max(ids) + 1
    far = deviations(ids, p)
    far[most:] = 0
    return far


@misconception("deviations", "never-drawn-left-out")
def _(ids, p):
    return deviations(ids, p)[: max(ids) + 1]


@misconception(
    "deviations",
    "differences-alone",
    """These are the differences between counts and N p. In what unit? Each is to be
    divided by its standard deviation.""",
)
def _(ids, p):
    return counts_of(ids, p) - len(ids) * p


@misconception(
    "next_chunk",
    "last-full-chunk-skipped",
    """A chunk whose last target is the last character of the text is left out. This is
    the gist's own slip: try n = 51 and T = 25.""",
)
def _(pos, n, T):
    return 0 if pos + T + 1 >= n else pos


@misconception(
    "next_chunk",
    "target-forgotten",
    """A chunk is begun whose last target does not exist. T inputs need T + 1
    characters.""",
)
def _(pos, n, T):
    return pos if pos + T <= n else 0


@misconception(
    "next_chunk",
    "on-past-the-end",
    """A chunk is begun as long as its first character exists. It has to be a whole
    one, with all its targets.""",
)
def _(pos, n, T):
    return pos if pos < n else 0


@misconception(
    "next_chunk",
    "always-on",
    """It never begins at the start again: whatever is left of the text, pos comes
    back.""",
)
def _(pos, n, T):
    return pos


@misconception(
    "next_chunk",
    "one-chunk-further",
    """It goes one chunk too far. `pos` is where the next chunk would begin, so nothing
    is added to it.""",
)
def _(pos, n, T):
    return next_chunk(pos + T, n, T)


@misconception("next_chunk", "one-chunk-further")
def _(pos, n, T):
    return pos + T if pos + T < n else 0


@misconception(
    "next_chunk",
    "turned-round",
    """Yes and no are exchanged: it begins at 0 where the chunk fits.""",
)
def _(pos, n, T):
    return 0 if pos + T < n else pos


@misconception(
    "next_chunk",
    "what-is-left",
    """At the end it goes on with what is left over, counted from the start of the text.
    A new round begins at 0.""",
)
def _(pos, n, T):
    return pos if pos + T < n else pos + T - n
