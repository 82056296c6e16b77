"""What goes wrong in notebook 09: adam, cosine, stop_at."""

import numpy as np

from rnncourse.checker.exercises import stop_at
from rnncourse.checker.misconceptions import misconception


def with_parts(beta1=0.9, beta2=0.999, eps=1e-8, inside=0.0, sign=-1, **parts):
    """Adam with some of its parts replaced.

    inside: an eps in the root. parts: functions `square(g)`, `first(n)` and
    `second(n)`, what the means are divided by, and `last(mean, root, g)`, the step.
    """
    square = parts.get("square", np.square)
    first = parts.get("first", lambda n: 1 - beta1**n)
    second = parts.get("second", lambda n: 1 - beta2**n)
    last = parts.get("last", lambda mean, root, g: mean / root)

    def adam(param, grad, m, v, n, lr):
        m[...] = beta1 * m + (1 - beta1) * grad
        v[...] = beta2 * v + (1 - beta2) * square(grad)
        with np.errstate(all="ignore"):
            root = np.sqrt(v / second(n) + inside) + eps
            param += sign * lr * last(m / first(n), root, grad)

    return adam


right_step = with_parts()

misconception(
    "adam",
    "no-correction",
    """The means are right, the step is not: they start at zero, so in the first steps
    both are far too small. Each is divided by 1 - βⁿ before it is used.""",
)(with_parts(first=lambda n: 1, second=lambda n: 1))

misconception(
    "adam",
    "only-the-first-mean-corrected",
    """The step uses v as it is. It starts at zero as m does, and needs a correction of
    its own, with β₂.""",
)(with_parts(second=lambda n: 1))

misconception(
    "adam",
    "only-the-second-mean-corrected",
    """The step uses m as it is. It starts at zero as v does, and needs a correction of
    its own, with β₁.""",
)(with_parts(first=lambda n: 1))

misconception(
    "adam",
    "one-beta-for-both-corrections",
    """Both corrections use the same β. Each mean has its own, and forgets at its own
    pace: which belongs to which?""",
)(with_parts(second=lambda n: 1 - 0.9**n))
misconception("adam", "one-beta-for-both-corrections")(
    with_parts(first=lambda n: 1 - 0.999**n)
)

misconception(
    "adam",
    "corrections-swapped",
    """m was corrected with the β of v, and v with that of m. Each mean is divided by
    one minus a power of its own β.""",
)(with_parts(first=lambda n: 1 - 0.999**n, second=lambda n: 1 - 0.9**n))

misconception(
    "adam",
    "n-counted-from-zero",
    """The corrections count one update too few. n includes this update: at the first
    one it is 1, and the corrected mean is the gradient itself.""",
)(with_parts(first=lambda n: 1 - 0.9 ** (n - 1), second=lambda n: 1 - 0.999 ** (n - 1)))

misconception(
    "adam",
    "n-counted-too-far",
    """The corrections count one update too many. n includes this update already: at the
    first one it is 1, and the corrected mean is the gradient itself.""",
)(with_parts(first=lambda n: 1 - 0.9 ** (n + 1), second=lambda n: 1 - 0.999 ** (n + 1)))

misconception(
    "adam",
    "n-ignored",
    """The corrections are those of the first update, whatever n is. They fade as n
    grows: look at the power.""",
)(with_parts(first=lambda n: 1 - 0.9, second=lambda n: 1 - 0.999))

misconception(
    "adam",
    "root-forgotten",
    """The step is divided by the mean of the squares, not by its root. Only the root
    has the size of a gradient.""",
)(with_parts(last=lambda mean, root, g: mean / ((root - 1e-8) ** 2 + 1e-8)))

misconception(
    "adam",
    "uphill",
    """param moved *with* the gradient: the loss rises. Look at the sign of the
    step.""",
)(with_parts(sign=1))

misconception(
    "adam",
    "gradient-for-the-mean",
    """The step uses the gradient of now in place of its running mean: m is kept, and
    then not used. Look at the numerator.""",
)(with_parts(last=lambda mean, root, g: g / root))

misconception(
    "adam",
    "mean-of-gradients-in-v",
    """v holds a mean of the gradient itself. It is the mean of its *square*: look at
    the line of v.""",
)(with_parts(square=lambda g: g))

misconception(
    "adam",
    "mean-of-sizes-in-v",
    """v holds a mean of |grad|. It is the mean of its *square*: look at the line of
    v.""",
)(with_parts(square=np.abs))

misconception(
    "adam",
    "betas-swapped",
    """m and v have each other's β. The mean of the gradient forgets within about ten
    updates, that of its square within about a thousand.""",
)(with_parts(beta1=0.999, beta2=0.9))

misconception(
    "adam",
    "another-beta",
    """One of the means forgets at another pace than asked for: β₁ is 0.9 and β₂ is
    0.999.""",
)(with_parts(beta2=0.99))
misconception("adam", "another-beta")(with_parts(beta2=0.9))
misconception("adam", "another-beta")(with_parts(beta1=0.99))
misconception("adam", "another-beta")(with_parts(beta1=0.999))

misconception(
    "adam",
    "eps-inside-the-root",
    """For tiny gradients param is wrong: eps stands inside the root, as in Adagrad.
    Here it is added to the root.""",
)(with_parts(eps=0, inside=1e-8))

misconception(
    "adam",
    "eps-forgotten",
    """NaN where a gradient has been 0 from the start: 0/0. Something small beside the
    root keeps the denominator away from 0.""",
)(with_parts(eps=0))

misconception(
    "adam",
    "another-eps",
    """For tiny gradients param is wrong: eps is another than 1e-8, or stands elsewhere.
    Look at the exponent, and at what eps is added to.""",
)(with_parts(eps=1e-7))
for eps in (1e-6, 1e-5, 1e-10, 1e-12):
    misconception("adam", "another-eps")(with_parts(eps=eps))


@misconception("adam", "another-eps")
def _(param, grad, m, v, n, lr):
    m[...] = 0.9 * m + 0.1 * grad
    v[...] = 0.999 * v + 0.001 * grad**2
    rate = lr * np.sqrt(1 - 0.999**n) / (1 - 0.9**n)
    param -= rate * m / (np.sqrt(v) + 1e-8)


def weights_swapped(old, new):
    """Adam with these weights of the old mean and of the new gradient, for each."""

    def adam(param, grad, m, v, n, lr):
        m[...] = old[0] * m + new[0] * grad
        v[...] = old[1] * v + new[1] * grad**2
        mean, root = m / (1 - 0.9**n), np.sqrt(v / (1 - 0.999**n)) + 1e-8
        param -= lr * mean / root

    return adam


misconception(
    "adam",
    "weights-swapped",
    """The old mean has the small weight and the new gradient the large one. A running
    mean keeps most of what it was.""",
)(weights_swapped((0.1, 0.001), (0.9, 0.999)))

misconception(
    "adam",
    "sums-for-means",
    """m and v are right but for a factor on what comes in: the new gradient, and its
    square, have full weight. In a mean the two weights add up to 1.""",
)(weights_swapped((0.9, 0.999), (1, 1)))

misconception(
    "adam",
    "nothing-forgotten",
    """The means forget nothing: they add up, as Adagrad's memory does. The old mean is
    weighted with β first.""",
)(weights_swapped((1, 1), (1, 1)))
misconception("adam", "nothing-forgotten")(weights_swapped((1, 1), (0.1, 0.001)))


@misconception(
    "adam",
    "update-before-the-means",
    """The step uses the old means: param is changed before the new gradient is mixed
    in. Which lines come first?""",
)
def _(param, grad, m, v, n, lr):
    with np.errstate(all="ignore"):
        param -= lr * m / (1 - 0.9**n) / (np.sqrt(v / (1 - 0.999**n)) + 1e-8)
    m[...] = 0.9 * m + 0.1 * grad
    v[...] = 0.999 * v + 0.001 * grad**2


@misconception(
    "adam",
    "correction-kept",
    """m and v come back corrected. The correction belongs to this step alone: mixed
    into the means, it would be made again at every update.""",
)
def _(param, grad, m, v, n, lr):
    m[...] = (0.9 * m + 0.1 * grad) / (1 - 0.9**n)
    v[...] = (0.999 * v + 0.001 * grad**2) / (1 - 0.999**n)
    param -= lr * m / (np.sqrt(v) + 1e-8)


@misconception(
    "adam",
    "means-are-new-arrays",
    """m and v are as they were: a plain `=` gives the names to new arrays inside your
    function, and the next step has forgotten this one. Write into the arrays.""",
)
def _(param, grad, m, v, n, lr):
    right_step(param, grad, m.copy(), v.copy(), n, lr)


@misconception(
    "adam",
    "param-is-a-new-array",
    """param is as it was: a plain `=` gives the name to a new array inside your
    function, and the caller's weights never move. Write into the array.""",
)
def _(param, grad, m, v, n, lr):
    right_step(param.copy(), grad, m, v, n, lr)


@misconception(
    "adam",
    "all-are-new-arrays",
    """Neither param nor m nor v has changed. A plain `=` inside a function gives the
    name to a new array and leaves the caller's alone: write *into* the arrays.""",
)
def _(param, grad, m, v, n, lr):
    right_step(param.copy(), grad, m.copy(), v.copy(), n, lr)


@misconception(
    "adam",
    "brackets-forgotten",
    """Without brackets, `a / b + c` is (a / b) + c: the 1e-8 is added to the step. It
    belongs to the denominator, beside the root.""",
)
def _(param, grad, m, v, n, lr):
    m[...] = 0.9 * m + 0.1 * grad
    v[...] = 0.999 * v + 0.001 * grad**2
    with np.errstate(all="ignore"):
        param -= lr * m / (1 - 0.9**n) / np.sqrt(v / (1 - 0.999**n)) + 1e-8


@misconception("adam", "brackets-forgotten")
def _(param, grad, m, v, n, lr):
    m[...] = 0.9 * m + 0.1 * grad
    v[...] = 0.999 * v + 0.001 * grad**2
    with np.errstate(all="ignore"):
        step = m / (1 - 0.9**n) / np.sqrt(v / (1 - 0.999**n)) + 1e-8
        param -= lr * step


@misconception(
    "cosine",
    "linear",
    """The ends and the middle are right, the rest lies on a straight line. A cosine
    leaves its start slowly and comes slowly to its end.""",
)
def _(n, steps, lr):
    return lr * (1 - n / steps)


@misconception(
    "cosine",
    "below-zero",
    """In the second half the rate is negative: the network would climb. The cosine runs
    from 1 to -1; what has to be added, and divided by, so that it runs from 1 to 0?""",
)
def _(n, steps, lr):
    return lr * np.cos(np.pi * n / steps)


@misconception(
    "cosine",
    "twice-the-rate",
    """Every rate is twice what it should be: at the start it is 2 lr. The cosine plus 1
    runs from 2 to 0.""",
)
def _(n, steps, lr):
    return lr * (1 + np.cos(np.pi * n / steps))


@misconception(
    "cosine",
    "a-quarter-of-the-wave",
    """The ends are right, but the middle is too high: this is the quarter of a cosine
    from 1 to 0, which is steepest at the end. Half a wave ends as gently as it
    begins.""",
)
def _(n, steps, lr):
    return lr * np.cos(np.pi * n / steps / 2)


@misconception(
    "cosine",
    "a-whole-wave",
    """The rate comes back up in the second half: the angle runs through a whole wave.
    From the top to the bottom it is half of one.""",
)
def _(n, steps, lr):
    return lr * (1 + np.cos(2 * np.pi * n / steps)) / 2


@misconception(
    "cosine",
    "upward",
    """The rate begins at 0 and ends at lr. It should begin at lr: look at the sign in
    front of the cosine.""",
)
def _(n, steps, lr):
    return lr * (1 - np.cos(np.pi * n / steps)) / 2


@misconception("cosine", "upward")
def _(n, steps, lr):
    return lr * np.sin(np.pi * n / steps / 2) ** 2


@misconception(
    "cosine",
    "sine",
    """The rate is highest or lowest in the middle: this is a sine. Which of the two is
    1 at an angle of 0?""",
)
def _(n, steps, lr):
    return lr * (1 + np.sin(np.pi * n / steps)) / 2


@misconception("cosine", "sine")
def _(n, steps, lr):
    return lr * np.sin(np.pi * n / steps)


@misconception(
    "cosine",
    "degrees",
    """The rate hardly moves, or moves wildly: the angle is not the one you mean. NumPy
    takes it in radians, where half a turn is π.""",
)
def _(n, steps, lr):
    return lr * (1 + np.cos(180 * n / steps)) / 2


@misconception("cosine", "degrees")
def _(n, steps, lr):
    return lr * (1 + np.cos(n / steps)) / 2


@misconception(
    "cosine",
    "ends-one-step-early",
    """The rate reaches 0 a step too early. At n = steps it is 0, and at the last step
    that is made, n = steps - 1, it is not.""",
)
def _(n, steps, lr):
    return lr * (1 + np.cos(np.pi * n / (steps - 1))) / 2


@misconception(
    "cosine",
    "one-step-ahead",
    """The rate is that of the next step: at n = 0 it should be lr itself.""",
)
def _(n, steps, lr):
    return lr * (1 + np.cos(np.pi * (n + 1) / steps)) / 2


@misconception(
    "cosine",
    "lr-forgotten",
    """The rate begins at 1, whatever lr is. What came out is a share: a share of
    what?""",
)
def _(n, steps, lr):
    return (1 + np.cos(np.pi * n / steps)) / 2


@misconception(
    "cosine",
    "brackets-forgotten",
    """`a * 1 + b / 2` is (a * 1) + (b / 2): without brackets only the cosine is halved,
    and lr does not multiply it. What belongs together?""",
)
def _(n, steps, lr):
    return lr * 1 + np.cos(np.pi * n / steps) / 2


@misconception("cosine", "brackets-forgotten")
def _(n, steps, lr):
    return lr * 1 + np.cos(np.pi * n / steps)


@misconception(
    "cosine",
    "whole-division",
    """The rate is rounded down: `//` leaves whole numbers. Divide with one `/`.""",
)
def _(n, steps, lr):
    return lr * (1 + np.cos(np.pi * n / steps)) // 2


@misconception(
    "cosine",
    "all-rates-at-once",
    """This is the whole curve, a rate for each step. What is asked for is one rate, a
    number: that of step n.""",
)
def _(n, steps, lr):
    return lr * (1 + np.cos(np.pi * np.arange(steps) / steps)) / 2


@misconception("cosine", "all-rates-at-once")
def _(n, steps, lr):
    return [lr * (1 + np.cos(np.pi * k / steps)) / 2 for k in range(steps + 1)]


@misconception(
    "cosine",
    "never-decays",
    """The rate is lr at every step. Look at whether n changes anything.""",
)
def _(n, steps, lr):
    return lr


@misconception(
    "stop_at",
    "the-best-of-all",
    """This is the lowest of all the losses, some of them measured after the stop. Once
    patience has run out nobody measures any more: what comes later is not known.""",
)
def _(losses, patience):
    return int(np.argmin(losses))


@misconception(
    "stop_at",
    "where-it-stops",
    """This is where the run stops. The weights to keep are those of the best
    measurement, some places before.""",
)
def _(losses, patience):
    best = stop_at(losses, patience)
    return min(best + patience, len(losses) - 1)


@misconception("stop_at", "where-it-stops")
def _(losses, patience):
    best = 0
    for k in range(len(losses)):
        if losses[k] < losses[best]:
            best = k
        if k - best == patience:
            return k
    return best


@misconception(
    "stop_at",
    "best-loss-starts-at-zero",
    """The answer is 0 whatever the losses are. If the best loss so far begins as 0, no
    loss is ever below it. Begin with the first loss, or with `np.inf`.""",
)
def _(losses, patience):
    return 0


@misconception(
    "stop_at",
    "first-rise",
    """The first rise ends it, whatever patience is. A single measurement may be worse
    by chance: count how many in a row are no better than the best.""",
)
def _(losses, patience):
    return stop_at(losses, 1)


@misconception(
    "stop_at",
    "patience-one-too-short",
    """It stops one measurement too early. With a patience of 3, three in a row that are
    no better have to come.""",
)
def _(losses, patience):
    best = 0
    for k, loss in enumerate(losses):
        if loss < losses[best]:
            best = k
        if k - best >= patience - 1 and k > best:
            break
    return best


@misconception("stop_at", "patience-one-too-short")
def _(losses, patience):
    return stop_at(losses, max(1, patience - 1))


@misconception(
    "stop_at",
    "patience-one-too-long",
    """It waits for one measurement more than patience allows. With a patience of 3, the
    third in a row that is no better is the last.""",
)
def _(losses, patience):
    return stop_at(losses, patience + 1)


@misconception(
    "stop_at",
    "rises-in-a-row",
    """You count measurements that are worse than the one before. A loss can fall again
    and still be above the best: compare each with the best so far.""",
)
def _(losses, patience):
    best = rises = 0
    for k in range(1, len(losses)):
        rises = rises + 1 if losses[k] >= losses[k - 1] else 0
        best = k if losses[k] < losses[best] else best
        if rises == patience:
            break
    return best


@misconception("stop_at", "rises-in-a-row")
def _(losses, patience):
    best = rises = 0
    for k in range(1, len(losses)):
        rises = rises + 1 if losses[k] > losses[k - 1] else 0
        best = k if losses[k] < losses[best] else best
        if rises == patience:
            break
    return best


@misconception(
    "stop_at",
    "count-never-reset",
    """The measurements that are no better are counted over the whole run. A new best
    one starts the count again: they have to come in a row.""",
)
def _(losses, patience):
    best = worse = 0
    for k in range(1, len(losses)):
        if losses[k] < losses[best]:
            best = k
        else:
            worse += 1
        if worse == patience:
            break
    return best


@misconception(
    "stop_at",
    "equal-counts-as-better",
    """A loss that equals the best one is taken for a better one, and the count starts
    again. Only a lower loss is better.""",
)
def _(losses, patience):
    best = 0
    for k, loss in enumerate(losses):
        if loss <= losses[best]:
            best = k
        if k - best == patience:
            break
    return best


@misconception(
    "stop_at",
    "largest-loss",
    """The largest losses are taken for the best. A lower loss is better.""",
)
def _(losses, patience):
    return stop_at([-loss for loss in losses], patience)


@misconception(
    "stop_at",
    "counted-from-one",
    """The place is counted from 1. Python's first index is 0.""",
)
def _(losses, patience):
    return stop_at(losses, patience) + 1


@misconception(
    "stop_at",
    "the-loss-itself",
    """This is the lowest loss. Its index is asked for: which measurement was it?""",
)
def _(losses, patience):
    return losses[stop_at(losses, patience)]


@misconception(
    "stop_at",
    "the-last",
    """This is the last measurement, always. The best of those before the stop is asked
    for.""",
)
def _(losses, patience):
    return len(losses) - 1
