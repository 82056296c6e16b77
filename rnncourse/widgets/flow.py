"""The widget of notebook 04: the backward pass, one step at a time."""

import numpy as np
from ipywidgets import FloatSlider, IntSlider

from rnncourse.figures import bptt as figures
from rnncourse.widgets.panel import panel
from rnnlib import States, Vocabulary, forward, one_hot, softmax
from rnnlib.bptt import chain_rule


def flow(text, params):
    """Go back through `text` step by step, and turn the scale of Whh.

    text: two characters or more. params: V is the number of its symbols.
    """

    def draw(steps_back, scale):
        return flow_at(steps_back, scale, text, params)

    last = len(text) - 2
    steps_back = IntSlider(0, min=0, max=last, description="steps back")
    scale = FloatSlider(1, min=0, max=3, step=0.1, description="scale of Whh")
    scale.readout_format, scale.style.description_width = ".1f", "initial"
    caption = (
        "Dashed arrows: the way back so far, to h of the step on grey. Below, the "
        "norms of both branches into h at every step; what is still to come is pale. "
        "Right, what this step adds to each gradient, and the sum so far."
    )
    return panel(draw, caption, [{"steps_back": steps_back, "scale": scale}])


def flow_at(steps_back, scale, text, params):
    """The picture and the readout, so many steps before the last, for scale · Whh."""
    t = len(text) - 2 - steps_back
    steps = flow_norms(scale, text, params)
    norms = steps[t]
    here, after = figures.subscript(t), figures.subscript(t + 1)
    words = (
        f"t = {t}: ‖Whyᵀdy{here}‖ = {norms['from_y']:.3f}, "
        f"‖Whhᵀda{after}‖ = {norms['from_a']:.3f}, "
        f"together ‖dh{here}‖ = {norms['dh']:.3f}. "
        f"Added to dWhh: {norms['added']['Whh']:.2f}, "
        f"sum {norms['total']['Whh']:.2f}."
    )
    return figures.flow_step(t, scale, text, steps), words


def flow_norms(scale, text, params):
    """The norms of a backward pass over `text` with scale · Whh: a dict for each t.

    from_y: of Whyᵀ dyₜ. from_a: of Whhᵀ daₜ₊₁. last: of the part of it that comes from
    the last loss alone. dh: of dhₜ. added, total: dicts with a norm for each block, of
    what step t adds to its gradient, and of the sum over the steps T-1, …, t.
    """
    params = params.copy()
    params.Whh *= scale
    ids = Vocabulary.from_text(text).encode(text)
    inputs, targets = ids[:-1], ids[1:]
    states = forward(params, inputs)
    dy = softmax(states.y) - one_hot(targets, params.V)
    dy_last = dy.copy()
    dy_last[:-1] = 0

    def back_to(t, dy):
        """The gradient summed over the steps T-1, …, t, and Whhᵀ daₜ."""
        rest = States(*(block[t:] for block in states))
        grads, da_t = chain_rule(params, inputs[t:], rest, dy[t:], None)
        return grads, da_t @ params.Whh

    steps, before = [], params.zeros_like()
    from_a, last = np.zeros((2, params.H))
    for t in reversed(range(len(inputs))):
        from_y = dy[t] @ params.Why
        vectors = {"from_y": from_y, "from_a": from_a, "last": last}
        vectors["dh"] = from_y + from_a
        norms = {name: np.linalg.norm(vector) for name, vector in vectors.items()}
        total, from_a = back_to(t, dy)
        _, last = back_to(t, dy_last)
        added = params.with_theta(total.theta - before.theta)
        for name, grads in {"added": added, "total": total}.items():
            norms[name] = {block: np.linalg.norm(g) for block, g in grads.items()}
        steps.append(norms)
        before = total
    return steps[::-1]
