"""Adam (notebook 09)."""

import numpy as np

from rnnlib.checks import as_array, check, check_finite, floats, positive, theta_of


class Adam:
    """Gradient descent by two running means, of the gradient and of its square:

        m = β₁ m + (1 - β₁) g        m̂ = m / (1 - β₁ⁿ)
        v = β₂ v + (1 - β₂) g²       v̂ = v / (1 - β₂ⁿ)        θ -= lr · m̂ / (√v̂ + eps)

    n counts the updates, this one included. Both means start at zero, and the division
    makes up for that. beta1, beta2: from 0 up and below 1.
    m, v, n: None for new ones, or those of `state()` to go on with; n has shape (1,).
    The attribute `lr` may be changed between steps.
    ValueError: lr or eps not above 0, or eps 0 in params.dtype; a beta, m, v or n out
    of range.
    Source: D. Kingma, J. Ba, Adam: A Method for Stochastic Optimization, 2015.
    """

    def __init__(
        self,
        params,
        lr=0.001,
        beta1=0.9,
        beta2=0.999,
        eps=1e-8,
        m=None,
        v=None,
        n=None,
    ):
        self.lr, self.eps = positive("lr", lr), positive("eps", eps)
        self.beta1, self.beta2 = share("beta1", beta1), share("beta2", beta2)
        theta = floats("params", theta_of("params", params))
        check(theta.dtype.type(eps) > 0, "eps", f"above 0 in {theta.dtype}", eps)
        self.m, self.v = (start(params, *each) for each in (("m", m), ("v", v)))
        check(self.v.min() >= 0, "v", "no number below 0", self.v.min())
        n = as_array("n", np.zeros(1, int) if n is None else n, (1,), kind="integers")
        check(n[0] >= 0, "n", "a number of updates", n[0])
        self.n = n.astype(int)  # an array: Training takes back what it finds in one
        self.step, self.square = params.copy().theta, params.copy().theta

    def update(self, params, grads):
        """Change `params` in place by one step; `grads` stays as it is.

        ValueError: gradients of another size, or with NaN, or too large to square.
        """
        g, theta = floats("grads", grads, self.m.shape), floats("params", params)
        m, v, step, square = self.m, self.v, self.step, self.square
        lr = positive("lr", self.lr)
        check_finite(grads=np.square(g, out=square))
        self.n += 1
        n = int(self.n[0])
        m *= self.beta1
        m += np.multiply(1 - self.beta1, g, out=step)
        v *= self.beta2
        v += np.multiply(1 - self.beta2, square, out=square)
        np.sqrt(np.divide(v, 1 - self.beta2**n, out=step), out=step)
        np.divide(m, np.add(step, self.eps, out=step), out=step)
        theta -= np.multiply(lr / (1 - self.beta1**n), step, out=step)

    def state(self):
        """The arguments that make an Adam which goes on from here."""
        betas = {"beta1": self.beta1, "beta2": self.beta2, "eps": self.eps}
        return {"lr": self.lr, **betas, "m": self.m, "v": self.v, "n": self.n}


def share(name, number):
    """`number` as a float; ValueError unless it is from 0 up and below 1."""
    number = as_array(name, number, 0, kind="real numbers").item()
    check(0 <= number < 1, name, "a number from 0 up and below 1", number)
    return float(number)


def start(params, name, mean):
    """The running mean to start with: zeros, or a copy of the one that is given."""
    begun = params.copy().theta  # in cache lines
    begun[:] = 0
    if mean is not None:
        begun += as_array(name, mean, begun.shape, True, "real numbers")
    return begun
