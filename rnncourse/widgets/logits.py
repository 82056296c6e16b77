"""The widget of notebook 03: logits, temperature, and p - e."""

import numpy as np
from ipywidgets import FloatSlider, SelectionSlider

from rnncourse.figures import loss as figures
from rnncourse.widgets.panel import panel
from rnnlib import cross_entropy, softmax


def logits(symbols, y, target):
    """Move the logits of `symbols` and the temperature, and choose the target.

    symbols: V characters. y: (V,), the logits to begin with, between -5 and 5.
    target: the symbol to begin with.
    """

    def draw(tau, target, **moved):
        return logits_at(list(moved.values()), tau, target, symbols)

    sliders = {
        f"y_{symbol}": FloatSlider(value, min=-5, max=5, step=0.1, description=symbol)
        for symbol, value in zip(symbols, y)
    }
    tau = FloatSlider(1, min=0.1, max=5, step=0.1, description="τ")
    # A Dropdown would leave its keys to JupyterLab, which moves and cuts cells by them.
    choice = SelectionSlider(options=list(symbols), value=target, description="target")
    caption = (
        "Left, the logits. Right, the probabilities, the target under a star, and "
        "arrows from each to 1 at the target, to 0 elsewhere."
    )
    return panel(draw, caption, [sliders, {"tau": tau, "target": choice}])


def logits_at(y, tau, target, symbols):
    """The picture and the readout for logits y (V,), a temperature and a symbol."""
    c = symbols.index(target)
    scaled = np.divide(y, tau)
    p = softmax(scaled)
    loss = cross_entropy(scaled[None], [c])
    words = (
        f"p({target}) = {p[c]:.3f}, loss {loss:.3f} nats. p − e, the slope in y / τ: "
        f"−{1 - p[c]:.3f} at {target}, +{1 - p[c]:.3f} at the others together."
    )
    return figures.logits_and_push(y, tau, c, symbols), words
