"""The widget of notebook 02: a word read step by step, quantity by quantity."""

from ipywidgets import Checkbox, IntSlider, Layout, Text

from rnncourse.figures import forward as figures
from rnncourse.figures.drawing import number
from rnncourse.widgets.panel import panel
from rnnlib import (
    Adagrad,
    Params,
    States,
    Vocabulary,
    forward,
    loss_and_grad,
    one_hot,
    softmax,
)

QUANTITIES = "xahyp"
LONGEST = 6  # characters of a word: more would not fit into the picture


def stepper(word, params, symbols):
    """Step through a forward pass over `word`, or over a word of the student's own.

    params, symbols: a network with H = 3 and V up to 6, and its symbols. It reads the
    words that are made of them; for any other word a network is trained on it.
    """
    good = word, params, symbols  # the last word without a fault, and its network
    field = Text(word, description="word", continuous_update=False)
    stage = IntSlider(0, max=last_stage(word), description="stage", readout=False)
    carry = Checkbox(True, description="carry the state on", indent=False)
    field.layout = Layout(width="220px")
    carry.layout = Layout(width="200px", margin="2px 2px 2px 24px")

    def fit_stages(_):
        if not fault(field.value):
            stage.max = last_stage(field.value)

    def draw(word, stage, carry):
        nonlocal good
        wrong = fault(word)
        if not wrong and word != good[0]:
            known = set(word) <= set(symbols)
            good = word, *((params, symbols) if known else trained(word, params.H))
        figure, words = stage_at(stage, carry, *good)
        return figure, f"{wrong} The picture is of {good[0]}." if wrong else words

    field.observe(fit_stages, names="value")  # before the panel draws the new word
    caption = (
        "Read each column upwards. Frame: the current step. Thick line: its current "
        "quantity. What is pale comes later."
    )
    return panel(draw, caption, [{"word": field, "stage": stage, "carry": carry}])


def stage_at(stage, carry, word, params, symbols):
    """The picture and the readout for a stage: 5 t + the index of x, a, h, y or p.

    carry: False to begin each step with a state of zeros.
    """
    t, k = divmod(stage, len(QUANTITIES))
    quantity, ids = QUANTITIES[k], Vocabulary(tuple(symbols)).encode(word)
    inputs, targets = ids[:-1], ids[1:]
    states = run(params, inputs, carry)
    terms = params.Wxh.T[inputs], states.h_prev @ params.Whh.T, params.bh
    values = {"x": one_hot(inputs, params.V), "a": sum(terms), "h": states.h}
    values |= {"y": states.y, "p": softmax(states.y)}

    def shown(s):
        """The quantity at step s; y and p with the symbol of each number."""
        rounded = digits(values[quantity][s], ".0f" if quantity == "x" else "z.2f")
        if quantity in "yp":
            return ", ".join(map(" ".join, zip(symbols, rounded)))
        return f"[{', '.join(rounded)}]"

    best, target = symbols[states.y[t].argmax()], symbols[targets[t]]
    parts = " + ".join(
        f"[{', '.join(digits(term))}]" for term in (terms[0][t], terms[1][t], terms[2])
    )
    words = f"t = {t}, input {word[t]}: "
    words += {
        "x": f"x = {shown(t)}.",
        "a": f"a = Wxh @ x + Whh @ h_prev + bh = {parts} = {shown(t)}.",
        "h": f"h = tanh(a) = {shown(t)}.",
        "y": f"y = Why @ h + by: {shown(t)}. Highest: {best}.",
        "p": f"p = softmax(y): {shown(t)}. Highest: {best}, target: {target}.",
    }[quantity]
    if word[t] in word[:t]:
        s = word.rindex(word[t], 0, t)
        words += f" At t = {s}, also with {word[t]}: {shown(s)}."
    network = params, inputs, targets, states, symbols
    return figures.stepping(*network, t, quantity, carry), words


def digits(values, form="z.2f"):
    """Each of the numbers as text."""
    return [number(value, form) for value in values]


def last_stage(word):
    """The stage of the last p: every character but the last is an input."""
    return len(QUANTITIES) * (len(word) - 1) - 1


def fault(word):
    """Why this is no word to step through, or an empty text."""
    if not 2 <= len(word) <= LONGEST:
        return f"A word has 2 to {LONGEST} letters, this one {len(word)}."
    for position, character in enumerate(word):
        if not character.isalpha() or character > "ɏ":  # the last of the Latin ones
            return f"{character!r} at position {position} is not a Latin letter."
    return ""


def run(params, inputs, carry):
    """The forward pass, with the state carried on or zero at each step."""
    if carry:
        return forward(params, inputs)
    # Streams of one step each, and each stream begins at zero.
    return States(*(rows[0] for rows in forward(params, inputs[None])))


def trained(word, H):
    """A network of H hidden units that was trained on this word, and its symbols."""
    vocabulary = Vocabulary.from_text(word)
    ids = vocabulary.encode(word)
    params = Params.init(len(vocabulary), H, rng=0, scale=0.5)
    optimizer = Adagrad(params)
    for _ in range(200):
        _, grads, _ = loss_and_grad(params, ids[:-1], ids[1:])
        optimizer.update(params, grads)
    return params, vocabulary.symbols
