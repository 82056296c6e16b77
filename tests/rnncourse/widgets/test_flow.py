"""The widget of notebook 04: its norms, all its settings, its picture and readout."""

import re

import numpy as np
import pytest

from rnncourse.widgets import flow
from rnnlib import Params
from tests.rnnlib import reference

WORD = "remembering"
T = len(WORD) - 1
# Those of the notebook.
NETWORK = Params.init(7, 16, 9, scale=0.3)
OTHER = Params.init(7, 16, 0, scale=0.3)
# Biases that are not zero, and a symbol that is its own successor.
GENERIC = Params.from_arrays(**reference.generic_weights(5, 4, seed=3))
SCALES = np.linspace(0, 3, 31)


def numbers(words):
    """The numbers with a decimal point in a readout, its tags left out."""
    return [float(n) for n in re.findall(r"\d+\.\d+", re.sub("<.*?>", "", words))]


def point(text, params, scale):
    """(weights, inputs, targets), for the reference, of a network with scale · Whh."""
    weights = dict(params.copy().items())
    weights["Whh"] = scale * weights["Whh"]
    ids = [sorted(set(text)).index(symbol) for symbol in text]
    return weights, ids[:-1], ids[1:]


def end_of(text, params, scale, t):
    """The gradient, h_init included, of the steps from t on; nothing before moves."""
    weights, inputs, targets = point(text, params, scale)
    h, _ = reference.forward(weights, inputs, np.zeros(params.H))
    return reference.loss_and_grad(weights, inputs[t:], targets[t:], h[t - 1])[1]


CASES = [(WORD, NETWORK, 1.0), (WORD, NETWORK, 3.0), ("hello", GENERIC, 0.7)]
each_case = pytest.mark.parametrize(("text", "params", "scale"), CASES)


@each_case
def test_the_totals_after_the_last_step_are_the_gradient(text, params, scale):
    grads = end_of(text, params, scale, 0)
    total = flow.flow_norms(scale, text, params)[0]["total"]
    assert list(total) == list(reference.NAMES)
    for name in reference.NAMES:
        assert total[name] == pytest.approx(np.linalg.norm(grads[name]), rel=1e-12)


@each_case
def test_the_branches_are_those_of_the_reference_and_add_up_to_dh(text, params, scale):
    weights, inputs, targets = point(text, params, scale)
    _, y = reference.forward(weights, inputs, np.zeros(params.H))
    steps = flow.flow_norms(scale, text, params)
    assert len(steps) == len(inputs)
    for t, norms in enumerate(steps):
        e = reference.one_hot(targets[t], params.V)
        from_y = weights["Why"].T @ (np.array(reference.softmax(list(y[t]))) - e)
        # What the later steps send to the state that comes into them.
        from_a = np.zeros(params.H)
        if t + 1 < len(steps):
            from_a = end_of(text, params, scale, t + 1)["h_init"]
        branches = {"from_y": from_y, "from_a": from_a, "dh": from_y + from_a}
        for name, vector in branches.items():
            assert norms[name] == pytest.approx(np.linalg.norm(vector), rel=1e-11)


@each_case
def test_the_dotted_part_is_the_slope_of_the_last_loss_alone(text, params, scale):
    weights, inputs, targets = point(text, params, scale)
    h, _ = reference.forward(weights, inputs, np.zeros(params.H))
    steps = flow.flow_norms(scale, text, params)
    assert steps[-1]["last"] == 0
    for t in range(len(steps) - 1):

        def last_loss(h_t, rest=inputs[t + 1 :]):
            _, y = reference.forward(weights, rest, h_t)
            return reference.cross_entropy(list(y[len(rest) - 1]), targets[-1])

        slope = reference.central_differences(last_loss, h[t], eps=1e-6)
        expected = np.linalg.norm(slope)
        assert steps[t]["last"] == pytest.approx(expected, rel=1e-5, abs=1e-8)


@each_case
def test_a_step_adds_its_outer_products(text, params, scale):
    weights, inputs, targets = point(text, params, scale)
    h, y = reference.forward(weights, inputs, np.zeros(params.H))
    steps = flow.flow_norms(scale, text, params)
    bias_after = np.zeros(params.H)
    for t in reversed(range(len(steps))):
        grads = end_of(text, params, scale, t)
        da, bias_after = grads["bh"] - bias_after, grads["bh"]
        e = reference.one_hot(targets[t], params.V)
        dy = np.array(reference.softmax(list(y[t]))) - e
        factors = {"Wxh": [da], "Whh": [da, h[t - 1]], "Why": [dy, h[t]]}
        factors |= {"bh": [da], "by": [dy]}
        for name, vectors in factors.items():
            # The norm of an outer product is the product of the norms.
            expected = np.prod([np.linalg.norm(vector) for vector in vectors])
            added, total = (steps[t][kind][name] for kind in ("added", "total"))
            assert added == pytest.approx(expected, rel=1e-9, abs=1e-13)
            assert total == pytest.approx(np.linalg.norm(grads[name]), rel=1e-11)


def test_the_network_is_not_changed():
    before = NETWORK.theta.copy()
    flow.flow_norms(2.0, WORD, NETWORK)
    assert (NETWORK.theta == before).all()


def test_the_readout_says_the_numbers_of_the_step():
    for steps_back in range(T):
        t = T - 1 - steps_back
        norms = flow.flow_norms(1.3, WORD, NETWORK)[t]
        _, words = flow.flow_at(steps_back, 1.3, WORD, NETWORK)
        expected = [norms[name] for name in ("from_y", "from_a", "dh")]
        expected += [norms["added"]["Whh"], norms["total"]["Whh"]]
        assert numbers(words) == pytest.approx(expected, abs=5.001e-3)
        assert numbers(words)[:3] == pytest.approx(expected[:3], abs=5.001e-4)
        assert words.startswith(f"t = {t}: ")


def test_the_readout_of_the_last_step_but_three():
    _, words = flow.flow_at(4, 1.0, WORD, NETWORK)
    assert words == (
        "t = 5: ‖Whyᵀdy₅‖ = 1.243, ‖Whhᵀda₆‖ = 1.847, together ‖dh₅‖ = 2.278. "
        "Added to dWhh: 3.49, sum 6.20."
    )
    assert "da₁₀‖ = 0.000" in flow.flow_at(0, 1.0, WORD, NETWORK)[1]


@pytest.fixture
def widget():
    return flow.flow(WORD, NETWORK)


def parts(widget):
    """The controls by their description, the picture and the readout."""
    shelf, _, picture, readout = widget.children
    return {c.description: c for c in shelf.children}, picture, readout


def test_every_control_moves_the_picture_and_the_readout(widget):
    controls, picture, readout = parts(widget)
    assert list(controls) == ["steps back", "scale of Whh"]
    for control in controls.values():
        before = picture.value, readout.value
        control.value += control.step
        assert picture.value != before[0]
        assert readout.value != before[1]


def test_the_sliders_have_a_setting_for_each_step_and_each_tenth(widget):
    back, scale = parts(widget)[0].values()
    assert (back.min, back.value, back.max, back.step) == (0, 0, T - 1, 1)
    assert (scale.min, scale.value, scale.max, scale.step) == (0, 1, 3, 0.1)


def test_every_setting_and_every_corner_has_a_readout(monkeypatch):
    monkeypatch.setattr(flow.figures, "flow_step", lambda *_: None)  # slow
    settings = [(n, 1.0) for n in range(T)] + [(T - 1, s) for s in SCALES]
    for n, scale in [*settings, (0, 3.0), (0, 0.0)]:
        _, words = flow.flow_at(n, scale, WORD, NETWORK)
        assert f"t = {T - 1 - n}:" in words  # from the last step back
        assert len(numbers(words)) == 5
        assert "nan" not in words and "inf" not in words


def test_the_picture_keeps_its_size(widget):
    controls, picture, _ = parts(widget)
    back, scale = controls.values()
    sizes = set()
    for back.value, scale.value in [(0, 0.0), (0, 3.0), (T // 2, 1.0), (T - 1, 3.0)]:
        sizes.add((picture.width, bytes(picture.value[16:24])))
    assert len(sizes) == 1


def test_no_norm_of_any_setting_leaves_the_axis_of_the_picture():
    figure, _ = flow.flow_at(0, 1.0, WORD, NETWORK)
    low, high = figure.axes[1].get_ylim()
    for scale in SCALES:
        for norms in flow.flow_norms(scale, WORD, NETWORK):
            values = [norms[name] for name in ("from_y", "from_a", "last")]
            assert all(low < value < high for value in values)


def test_the_readout_fits_two_lines():
    longest = max(
        len(flow.flow_at(n, scale, WORD, NETWORK)[1])
        for n in range(T)
        for scale in (0, 3)
    )
    assert longest <= 140


@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")
def test_other_words_work_from_two_characters_on():
    for text in ("aa", "ab", "to be or not to be\n"):
        params = Params.init(len(set(text)), 3, 0, scale=0.5)
        controls, _, readout = parts(flow.flow(text, params))
        controls["steps back"].value = len(text) - 2
        assert "t = 0:" in readout.value


def test_the_picture_says_the_numbers_of_its_run():
    """In words, for the notebook's two settings and for another network."""
    grown, faded, other = (
        flow.flow_at(9, scale, WORD, params)[0].alt
        for scale, params in ((3.0, NETWORK), (0.5, NETWORK), (3.0, OTHER))
    )
    assert "over “remembering” at scale 3.0 of Whh, done from step 9 back to h" in grown
    rises = "is 0.993 at step 8 and 161 at step 0, growing with every step back. "
    assert rises in grown and "sums so far are 145 for dWhh, 270 for dWxh" in grown
    falls = "is 0.668 at step 8 and 0.0023 at step 0, smaller with every step back. "
    assert "at scale 0.5 of Whh" in faded and falls in faded
    assert "0.822 at step 8 and 0.0555 at step 0, and between 0.0124 and" in other


def test_what_the_notebook_says_of_the_two_branches():
    """The first hardly changes; the second fades at scale 0.5, at scale 3 it grows."""
    runs = {s: flow.flow_norms(s, WORD, NETWORK) for s in (0.0, 0.5, 3.0)}
    for steps in runs.values():
        assert all(0.7 < norms["from_y"] < 1.7 for norms in steps)
    assert all(norms["from_a"] == 0 for norms in runs[0.0])
    assert all(norms["added"]["Whh"] > 0.1 for norms in runs[0.0][1:])
    for steps in runs.values():
        assert steps[0]["added"]["Whh"] < 1e-12  # comes from h₋₁, which is 0
    faded, grown = ([norms["last"] for norms in runs[s]] for s in (0.5, 3.0))
    assert faded[:-1] == sorted(faded[:-1])
    assert grown[:-1] == sorted(grown[:-1], reverse=True)
    assert (round(grown[8]), round(grown[0])) == (1, 161)
    # The early steps outweigh all others, in the blocks that contain daₜ.
    for name in ("Whh", "Wxh", "bh"):
        added = [norms["added"][name] for norms in runs[3.0]]
        assert sum(added[:3]) > 1.4 * sum(added[3:])
    assert round(flow.flow_norms(3.0, WORD, OTHER)[0]["last"], 2) == 0.06


def test_what_the_notebook_says_of_twenty_networks():
    """What the last loss sends to h₀ over what it sends to h₈."""
    factors = {0.5: [], 3.0: []}
    for seed in range(20):
        params = Params.init(7, 16, seed, scale=0.3)
        for scale, found in factors.items():
            steps = flow.flow_norms(scale, WORD, params)
            found.append(steps[0]["last"] / steps[8]["last"])
    assert max(factors[0.5]) < 0.06  # fades in all
    assert sum(factor > 1 for factor in factors[3.0]) == 17  # grows in most
    assert all(abs(factor - 1) > 0.03 for factor in factors[3.0])
