"""What goes wrong in notebook 05: numerical_gradient, relative_error."""

import functools

import numpy as np

from rnncourse.checker.comparing import equal
from rnncourse.checker.misconceptions import misconception, symptom

EPS = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7]


def for_any_eps(slug):
    """Decorate a wrong function of f, theta and eps: one form of it for each eps."""

    def add(function):
        for eps in EPS:
            form = functools.partial(function, eps=eps)
            misconception("numerical_gradient", slug)(form)

    return add


def steps_taken(trial):
    """Where f was called, as differences from the theta that was passed."""
    theta = trial.case.args["theta"]
    points = trial.call.after["f"].points
    return [np.real(point - theta) for point in points if point.shape == theta.shape]


def largest_step(trial):
    """The farthest that any call of f was from theta."""
    return max((np.abs(step).max() for step in steps_taken(trial)), default=0)


def to_both_sides(trial):
    """Whether one entry at a time was moved up and down by the same distance."""
    steps = np.array(steps_taken(trial))
    moved = steps.reshape(len(steps), -1)[np.abs(steps).reshape(len(steps), -1) > 0]
    sizes = np.abs(moved)
    return moved.min() < 0 < moved.max() and np.ptp(sizes) < 1e-3 * sizes.max()


def unit_steps(theta, eps):
    """Every index of theta with the step that moves only that entry."""
    for i in np.ndindex(theta.shape):
        step = np.zeros_like(theta)
        step[i] = eps
        yield i, step


@misconception(
    "numerical_gradient",
    "one-sided",
    """The differences are one-sided: f is compared at a moved theta and at theta
    itself. The error then shrinks with eps, not with eps². Step to *both* sides and it
    falls a thousandfold.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, 1e-5):
        grad[i] = (f(theta + step) - f(theta)) / 1e-5
    return grad


@misconception("numerical_gradient", "one-sided")
def _(f, theta):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, 1e-5):
        grad[i] = (f(theta) - f(theta - step)) / 1e-5
    return grad


@symptom("numerical_gradient", "one-sided")
def _(trials):
    """Every move goes to the same side, and the numbers are nearly right."""
    for trial in trials:
        steps = np.array(steps_taken(trial)).ravel()
        got, expected = trial.got["grad"], trial.expected["grad"]
        if len(steps) == 0 or (steps.min() < 0 < steps.max()):
            return False
        size = largest_step(trial)
        if np.abs(got - expected).max() > 1000 * size + 1e-11 / size:
            return False
    return True


@misconception(
    "numerical_gradient",
    "half-of-a-one-sided-difference",
    """Everything is about half as large as it should be: a step to one side was divided
    by two eps. Step to both sides.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, 1e-8):
        grad[i] = (f(theta + step) - f(theta)) / 2e-8
    return grad


@for_any_eps("half-of-a-one-sided-difference")
def _(f, theta, eps):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, eps):
        grad[i] = (f(theta + step) - f(theta)) / (2 * eps)
    return grad


@misconception(
    "numerical_gradient",
    "eps-too-small",
    """The step is so small that f(θ + ε) and f(θ - ε) agree in almost all their digits;
    what is left is rounding error. Smaller is not better: take a step between 1e-4 and
    1e-6.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, 1e-12):
        grad[i] = (f(theta + step) - f(theta - step)) / 2e-12
    return grad


@symptom("numerical_gradient", "eps-too-small")
def _(trials):
    return all(0 < largest_step(trial) < 5e-7 for trial in trials)


@misconception(
    "numerical_gradient",
    "eps-too-large",
    """The step is so large that f bends within it: what you get is the slope of a long
    chord. Take a step between 1e-4 and 1e-6.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, 0.1):
        grad[i] = (f(theta + step) - f(theta - step)) / 0.2
    return grad


@symptom("numerical_gradient", "eps-too-large")
def _(trials):
    return all(largest_step(trial) > 2e-4 and to_both_sides(trial) for trial in trials)


@misconception(
    "numerical_gradient",
    "entry-not-restored",
    """From the second entry on f is measured at a moved theta: the entries before were
    not put back. Each partial derivative holds all other entries still.""",
)
def _(f, theta):
    grad, moved = np.zeros_like(theta), theta.copy()
    for i in np.ndindex(theta.shape):
        moved[i] += 1e-5
        plus = f(moved)
        moved[i] -= 2e-5
        grad[i] = (plus - f(moved)) / 2e-5
    return grad


@symptom("numerical_gradient", "entry-not-restored")
def _(trials):
    """The first call moves one entry; at the last, all are away from their places."""
    for trial in trials:
        moved = [np.sum(np.abs(step) > 1e-9) for step in steps_taken(trial)]
        if not moved or moved[0] > 1 or moved[-1] < trial.expected["grad"].size:
            return False
    return True


@misconception(
    "numerical_gradient",
    "entry-set-to-eps",
    """An entry is *set* to eps, not moved by it, so f is measured far away from theta.
    A step starts where theta is: `=` or `+=`?""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        plus, minus = theta.copy(), theta.copy()
        plus[i], minus[i] = 1e-5, -1e-5
        grad[i] = (f(plus) - f(minus)) / 2e-5
    return grad


@symptom("numerical_gradient", "entry-set-to-eps")
def _(trials):
    """The entry that differs from theta has the same size at every point."""
    values = []
    for trial in trials:
        theta = trial.case.args["theta"]
        for step in steps_taken(trial):
            moved = np.abs(step) > 0
            values += list(np.abs((theta + step)[moved]))
    return len(values) > 4 and np.ptp(values) <= 1e-12 < min(values)


@misconception(
    "numerical_gradient",
    "only-the-first-entry",
    """Only the first entry was measured, and the rest is as it was made. Look at where
    the `return` stands: inside the loop it ends the work after one round.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    i, step = next(unit_steps(theta, 1e-5))
    grad[i] = (f(theta + step) - f(theta - step)) / 2e-5
    return grad


@misconception(
    "numerical_gradient",
    "all-entries-moved",
    """All entries of theta move together, so every entry of the result is the same sum
    of all slopes. A partial derivative moves one entry and holds the others still.""",
)
def _(f, theta):
    slope = (f(theta + 1e-5) - f(theta - 1e-5)) / 2e-5
    return np.full(theta.shape, slope)


@misconception("numerical_gradient", "all-entries-moved")
def _(f, theta):
    return (f(theta + 1e-5) - f(theta - 1e-5)) / 2e-5


@misconception(
    "numerical_gradient",
    "whole-rows-moved",
    """It works for a vector. For a matrix theta[i] is a whole row, and all its entries
    move together. The loop has to visit every *entry*, whatever the shape.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i in range(len(theta)):
        step = np.zeros_like(theta)
        step[i] = 1e-5
        grad[i] = (f(theta + step) - f(theta - step)) / 2e-5
    return grad


@misconception(
    "numerical_gradient",
    "only-the-diagonal",
    """It works for a vector. For a matrix only the entries [i, i] are right, and the
    others are 0: the loop has to visit every entry, whatever the shape.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, 1e-5):
        if len(set(i)) == 1:
            grad[i] = (f(theta + step) - f(theta - step)) / 2e-5
    return grad


@misconception(
    "numerical_gradient",
    "divided-by-eps",
    """Everything is twice too large. From θ - ε to θ + ε is a way of two eps: look at
    what you divide by.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, 1e-5):
        grad[i] = (f(theta + step) - f(theta - step)) / 1e-5
    return grad


@misconception(
    "numerical_gradient",
    "multiplied-by-eps",
    """The numbers are tiny: the difference of f was multiplied by the step, or not
    divided at all. A slope is a difference *over* a distance.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, 1e-8):
        grad[i] = f(theta + step) - f(theta - step)
    return grad


@for_any_eps("multiplied-by-eps")
def _(f, theta, eps):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, eps):
        grad[i] = f(theta + step) - f(theta - step)
    return grad


@for_any_eps("multiplied-by-eps")
def _(f, theta, eps):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, eps):
        grad[i] = (f(theta + step) - f(theta - step)) * 2 * eps
    return grad


@misconception(
    "numerical_gradient",
    "brackets-forgotten",
    """The division takes hold of only a part of what it should: of the second f alone,
    or of the 2 and not of eps. Look at your brackets.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, 1e-8):
        grad[i] = f(theta + step) - f(theta - step) / 2e-8
    return grad


@for_any_eps("brackets-forgotten")
def _(f, theta, eps):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, eps):
        grad[i] = f(theta + step) - f(theta - step) / (2 * eps)
    return grad


@for_any_eps("brackets-forgotten")
def _(f, theta, eps):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, eps):
        grad[i] = (f(theta + step) - f(theta - step)) / 2 * eps
    return grad


@misconception(
    "numerical_gradient",
    "sum-for-the-difference",
    """The two values of f are added. A slope is how much f *changes* on the way from
    one point to the other: look at the sign between them.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, 1e-8):
        grad[i] = (f(theta + step) + f(theta - step)) / 2e-8
    return grad


@for_any_eps("sum-for-the-difference")
def _(f, theta, eps):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, eps):
        grad[i] = (f(theta + step) + f(theta - step)) / (2 * eps)
    return grad


@misconception(
    "numerical_gradient",
    "order-of-the-difference",
    """Every sign is turned: f at θ - ε comes first in your difference. A function that
    rises has a positive slope.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, 1e-5):
        grad[i] = (f(theta - step) - f(theta + step)) / 2e-5
    return grad


@misconception(
    "numerical_gradient",
    "one-array-with-two-names",
    """Zero everywhere: both calls of f see the same numbers. Either nothing was moved,
    or a copy that f does not get, or it is one array under two names: a plain `=`
    makes a second name, not a second array.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        plus = minus = theta
        plus[i] += 1e-5
        minus[i] -= 1e-5
        grad[i] = (f(plus) - f(minus)) / 2e-5
    return grad


@misconception(
    "numerical_gradient",
    "theta-changed",
    """The numbers are right, but theta is not what it was: the last entry you moved
    stays moved. Put it back, or move a copy.""",
)
def _(f, theta):
    grad = np.zeros_like(theta)
    for i, step in unit_steps(theta, 1e-5):
        grad[i] = (f(theta + step) - f(theta - step)) / 2e-5
    theta[i] -= 1e-5
    return grad


@symptom("numerical_gradient", "theta-changed")
def _(trials):
    """The only thing wrong is a changed theta."""
    return all(
        trial.changed == ["theta"]
        and equal(trial.got["grad"], trial.expected["grad"], 1e-7)
        for trial in trials
    )


norm = np.linalg.norm


def floor(a, b):
    """The right denominator."""
    return max(norm(a), norm(b), 1e-12)


@misconception(
    "relative_error",
    "nothing-over-nothing",
    """NaN where a and b are both 0, as for a character that never comes: 0/0. Equal
    arrays have error 0; what keeps the denominator away from 0?""",
)
def _(a, b):
    return norm(a - b) / max(norm(a), norm(b))


@misconception(
    "relative_error",
    "no-floor",
    """Right but for numbers near 0: rounding errors of 1e-13 count as an error of 1.
    The denominator should never be below 1e-12, at 0 and near it.""",
)
def _(a, b):
    size = max(norm(a), norm(b))
    return norm(a - b) / size if size else 0.0


@misconception(
    "relative_error",
    "floor-added",
    """Right but for numbers near 0: 1e-12 is *added* to the denominator. It should be a
    floor: the largest of three, so that it changes nothing where it is not needed.""",
)
def _(a, b):
    return norm(a - b) / (max(norm(a), norm(b)) + 1e-12)


@misconception(
    "relative_error",
    "another-floor",
    """Right but for numbers near 0: the floor of the denominator is not 1e-12. Look at
    the exponent.""",
)
def _(a, b):
    return norm(a - b) / max(norm(a), norm(b), 1e-8)


@misconception("relative_error", "another-floor")
def _(a, b):
    return norm(a - b) / max(norm(a), norm(b), 1e-10)


@misconception("relative_error", "another-floor")
def _(a, b):
    return norm(a - b) / (max(norm(a), norm(b)) + 1e-8)


@misconception("relative_error", "another-floor")
def _(a, b):
    return norm(a - b) / (max(norm(a), norm(b)) + 1e-10)


@misconception(
    "relative_error",
    "not-relative",
    """This is the *absolute* error. A difference of 1e-6 is large for a gradient of
    1e-5 and nothing for one of 100: what is it to be compared with?""",
)
def _(a, b):
    return norm(a - b)


@misconception(
    "relative_error",
    "signed",
    """The differences cancel before their size is taken, so a large error can come out
    as 0 or below. Every entry's difference counts: which norm do you take?""",
)
def _(a, b):
    return np.sum(a - b) / floor(a, b)


@misconception("relative_error", "signed")
def _(a, b):
    return (norm(a) - norm(b)) / floor(a, b)


@misconception("relative_error", "signed")
def _(a, b):
    return abs(norm(a) - norm(b)) / floor(a, b)


@misconception("relative_error", "signed")
def _(a, b):
    return abs(np.sum(a - b)) / floor(a, b)


@misconception("relative_error", "signed")
def _(a, b):
    return np.mean(a - b) / floor(a, b)


@misconception(
    "relative_error",
    "sum-in-the-denominator",
    """The denominator is the *sum* of the two norms. Then opposite gradients have error
    1 and not 2; the larger of the two norms is asked for.""",
)
def _(a, b):
    return norm(a - b) / max(norm(a) + norm(b), 1e-12)


@misconception("relative_error", "sum-in-the-denominator")
def _(a, b):
    return norm(a - b) / (norm(a) + norm(b))


@misconception("relative_error", "sum-in-the-denominator")
def _(a, b):
    return norm(a - b) / (norm(a) + norm(b) + 1e-12)


@misconception(
    "relative_error",
    "norm-of-the-sum",
    """The denominator is the norm of a + b: where the two have opposite signs it is
    small or 0, and the error has no bound. The larger of their norms is asked for.""",
)
def _(a, b):
    return norm(a - b) / max(norm(a + b), 1e-12)


@misconception("relative_error", "norm-of-the-sum")
def _(a, b):
    return norm(a - b) / norm(a + b)


@misconception("relative_error", "norm-of-the-sum")
def _(a, b):
    return norm(a - b) / (norm(a + b) + 1e-12)


@misconception(
    "relative_error",
    "largest-entry",
    """The denominator is the largest *entry* of the two arrays, and the numerator is a
    norm. Take the larger of the two norms.""",
)
def _(a, b):
    return norm(a - b) / max(np.abs(a).max(), np.abs(b).max(), 1e-12)


@misconception(
    "relative_error",
    "only-one-norm",
    """Only one of the two arrays stands in the denominator, so a and b cannot be
    swapped, and if that one is 0 the error explodes. Take the larger norm.""",
)
def _(a, b):
    return norm(a - b) / max(norm(a), 1e-12)


@misconception("relative_error", "only-one-norm")
def _(a, b):
    return norm(a - b) / max(norm(b), 1e-12)


@misconception("relative_error", "only-one-norm")
def _(a, b):
    return norm(a - b) / norm(a)


@misconception("relative_error", "only-one-norm")
def _(a, b):
    return norm(a - b) / norm(b)


@misconception(
    "relative_error",
    "smaller-norm",
    """The *smaller* norm stands in the denominator. With one side 0 the error then
    explodes; with the larger one it is at most 2.""",
)
def _(a, b):
    return norm(a - b) / max(min(norm(a), norm(b)), 1e-12)


@misconception("relative_error", "smaller-norm")
def _(a, b):
    return norm(a - b) / min(norm(a), norm(b))


@misconception(
    "relative_error",
    "always-the-floor",
    """The smallest of the three stands in the denominator, and that is 1e-12 nearly
    always. It is a floor: the *largest* of the three divides.""",
)
def _(a, b):
    return norm(a - b) / min(norm(a), norm(b), 1e-12)


@misconception(
    "relative_error",
    "largest-entry-for-the-norm",
    """Sizes are measured by the largest entry. The norm is the root of the sum of all
    squares: one number for the whole array, to which every entry contributes.""",
)
def _(a, b):
    size = max(np.abs(a).max(), np.abs(b).max(), 1e-12)
    return np.abs(a - b).max() / size


@misconception("relative_error", "largest-entry-for-the-norm")
def _(a, b):
    size = max(norm(a, np.inf), norm(b, np.inf), 1e-12)
    return norm(a - b, np.inf) / size


@misconception(
    "relative_error",
    "absolute-values-for-the-norm",
    """Sizes are measured by the sum of absolute values. The norm here is the root of
    the sum of squares.""",
)
def _(a, b):
    size = max(np.abs(a).sum(), np.abs(b).sum(), 1e-12)
    return np.abs(a - b).sum() / size


@misconception("relative_error", "absolute-values-for-the-norm")
def _(a, b):
    size = max(np.abs(a).mean(), np.abs(b).mean(), 1e-12)
    return np.abs(a - b).mean() / size


@misconception(
    "relative_error",
    "entry-by-entry",
    """Each entry was compared on its own and the errors were averaged, or the worst was
    taken, or all came back. An entry of 1e-15 of rounding then spoils the result: take
    the norm of the whole array first, divide then.""",
)
def _(a, b):
    size = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12)
    return np.mean(np.abs(a - b) / size)


@misconception("relative_error", "entry-by-entry")
def _(a, b):
    size = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12)
    return np.max(np.abs(a - b) / size)


@misconception("relative_error", "entry-by-entry")
def _(a, b):
    return np.mean(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))


@misconception("relative_error", "entry-by-entry")
def _(a, b):
    return np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))


@misconception("relative_error", "entry-by-entry")
def _(a, b):
    return np.max(np.abs(a - b) / (np.abs(a) + np.abs(b)))


@misconception("relative_error", "entry-by-entry")
def _(a, b):
    return np.mean(np.abs(a - b) / (np.abs(a) + np.abs(b)))


@misconception("relative_error", "entry-by-entry")
def _(a, b):
    return np.abs(a - b) / (np.abs(a) + np.abs(b))


@misconception("relative_error", "entry-by-entry")
def _(a, b):
    return np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12)


@misconception("relative_error", "entry-by-entry")
def _(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))


@misconception(
    "relative_error",
    "mean-of-the-norms",
    """The *mean* of the two norms stands in the denominator. The larger of the two is
    asked for.""",
)
def _(a, b):
    return norm(a - b) / max((norm(a) + norm(b)) / 2, 1e-12)


@misconception("relative_error", "mean-of-the-norms")
def _(a, b):
    return norm(a - b) / ((norm(a) + norm(b)) / 2)


@misconception(
    "relative_error",
    "true-or-false",
    """True or False came: whether the two are close. The question here is *how* close,
    a number that you can watch shrink.""",
)
def _(a, b):
    return np.allclose(a, b)


@misconception("relative_error", "true-or-false")
def _(a, b):
    return norm(a - b) / floor(a, b) < 1e-7


@misconception(
    "relative_error",
    "rounded",
    """The result was rounded, so a small error reads as 0. An error of 1e-9 and one of
    1e-5 are worlds apart here: return the number as it is.""",
)
def _(a, b):
    return np.round(norm(a - b) / floor(a, b), 3)


@misconception("relative_error", "rounded")
def _(a, b):
    return np.round(norm(a - b) / floor(a, b), 6)


@misconception("relative_error", "rounded")
def _(a, b):
    return np.round(norm(a - b) / floor(a, b), 2)


@misconception("relative_error", "rounded")
def _(a, b):
    return np.round(norm(a - b) / floor(a, b), 4)


@misconception(
    "relative_error",
    "product-in-the-denominator",
    """The *product* of the two norms stands in the denominator. Then the error of two
    gradients shrinks when both grow; the larger of the two norms is asked for.""",
)
def _(a, b):
    return norm(a - b) / max(norm(a) * norm(b), 1e-12)


@misconception("relative_error", "product-in-the-denominator")
def _(a, b):
    return norm(a - b) / np.sqrt(max(norm(a) * norm(b), 1e-24))


@misconception(
    "relative_error",
    "root-forgotten",
    """Sums of squares stand, above or below, without their root. The norm ends with a
    square root; without it an error of 1e-5 looks like another number.""",
)
def _(a, b):
    size = max(np.sum(a * a), np.sum(b * b), 1e-12)
    return np.sum((a - b) ** 2) / size


@misconception("relative_error", "root-forgotten")
def _(a, b):
    return np.sum((a - b) ** 2) / floor(a, b)


@misconception("relative_error", "root-forgotten")
def _(a, b):
    return norm(a - b) / max(norm(a) ** 2, norm(b) ** 2, 1e-12)


@misconception(
    "relative_error",
    "norm-of-the-sum",
    """The two arrays are added where they should be subtracted (or the other way
    round): a = b must give 0 and a = -b must give 2.""",
)
def _(a, b):
    return norm(a + b) / floor(a, b)


@misconception("relative_error", "norm-of-the-sum")
def _(a, b):
    return norm(a - b) / max(norm(a + b), 1e-12)


@misconception(
    "relative_error",
    "matrix-norm",
    """Right for vectors. For matrices NumPy's norm with ord=2 is the largest singular
    value; the norm here treats a matrix as one long vector.""",
)
def _(a, b):
    order = 2
    size = max(np.linalg.norm(a, order), np.linalg.norm(b, order), 1e-12)
    return np.linalg.norm(a - b, order) / size


@misconception(
    "relative_error",
    "mean-for-the-sum",
    """Sizes are measured by the root of the *mean* square. The norm is the root of the
    *sum*; only as long as all sizes are measured alike does the factor √n cancel, and
    the floor 1e-12 is not.""",
)
def _(a, b):
    return np.sqrt(np.mean((a - b) ** 2)) / floor(a, b)


@misconception("relative_error", "mean-for-the-sum")
def _(a, b):
    size = max(np.sqrt(np.mean(a * a)), np.sqrt(np.mean(b * b)), 1e-12)
    return np.sqrt(np.mean((a - b) ** 2)) / size
