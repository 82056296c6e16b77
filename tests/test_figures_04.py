"""The figures of notebook 04, by what stands on their axes; numbered source lines."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.text import Annotation

import rnnlib as rnn
from rnnlib.teaching import figures_04 as figures
from rnnlib.teaching import toy
from rnnlib.teaching.annotate import CHAIN_RULE, annotated
from rnnlib.teaching.style import FAINT, GRADIENT

VALUES = {"x": 3, "u": 5, "v": 9, "q": 45}
SLOPES = {"u/x": 2, "v/x": 6, "q/u": 9, "q/v": 5}
COPIES = [0.5, -1.0, 0.25]


def texts(figure):
    """What is written on the only axes, arrows apart."""
    (axes,) = figure.axes
    return [text.get_text() for text in axes.texts if text.get_text()]


def arrows(figure):
    """(start, end, color, dashed) of each arrow."""
    (axes,) = figure.axes
    found = []
    for arrow in axes.texts:
        if isinstance(arrow, Annotation):
            patch = arrow.arrow_patch
            dashed = patch.get_linestyle() not in ("-", "solid")
            color = to_hex(patch.get_edgecolor()).upper()
            found.append((arrow.xyann, arrow.xy, color, dashed))
    return found


def flow(backward):
    """The toy's graph; with gradients that are 100, 101, … if `backward`."""
    net = toy()
    states = rnn.forward(net.params, net.inputs, net.h_init)
    back = None
    if backward:
        numbers = iter(range(100, 200))
        names = {"dy": 3, "from_y": 2, "from_a": 2, "dh": 2, "da": 2}
        back = {
            name: [[next(numbers) for _ in range(n)] for _ in range(2)]
            for name, n in names.items()
        }
        back["dh_init"] = [next(numbers), -0.001]
    graph = net.symbols, net.inputs, net.targets, states, [1.5, 2.25]
    return figures.backward_flow(*graph, back)


def test_two_paths_shows_values_slopes_and_products():
    written = texts(figures.two_paths(VALUES, SLOPES))
    assert {"$x = 3$", "$u = 5$", "$v = 9$", "$q = 45$"} <= set(written)
    assert {"slope 2", "slope 6", "slope 9", "slope 5"} <= set(written)
    assert "path over u: 2 · 9 = 18" in written
    assert "path over v: 6 · 5 = 30" in written
    assert "18 + 30 = 48" in written


def test_two_paths_has_an_arrow_for_each_slope_from_left_to_right():
    found = arrows(figures.two_paths(VALUES, SLOPES))
    assert len(found) == 4
    assert all(start[0] < end[0] for start, end, _, _ in found)


def test_outer_product_shows_each_product_in_its_cell():
    figure = figures.outer_product([2, 3], [2, 1, -1])
    (axes,) = figure.axes
    (image,) = axes.images
    np.testing.assert_array_equal(image.get_array(), [[4, 2, -2], [6, 3, -3]])
    cells = {text.get_position(): text.get_text() for text in axes.texts}
    assert cells[0, 1] == "3 · 2 = 6"
    assert cells[2, 0] == "2 · (−1) = −2"
    assert len(cells) == 6
    rows = [label.get_text() for label in axes.get_yticklabels()]
    columns = [label.get_text() for label in axes.get_xticklabels()]
    assert rows == ["$dz_0$ = 2", "$dz_1$ = 3"]
    assert columns == ["$r_0$ = 2", "$r_1$ = 1", "$r_2$ = −1"]


def test_the_forward_graph_has_states_logits_and_losses_and_no_gradient():
    figure = flow(backward=False)
    written = texts(figure)
    assert "$h_0$ = (0.76, −0.46)" in written
    assert "$y_1$ = (−0.02, 1.37, 0.85)" in written
    assert "$x_1$: “i”" in written
    assert "$\\ell_1$ = 2.25 nats, target “!”" in written
    assert written.count("tanh") == 2
    found = arrows(figure)
    assert len(found) == 10
    assert {(color, dashed) for _, _, color, dashed in found} == {(FAINT, False)}


def test_the_gradients_stand_where_they_belong():
    written = texts(flow(backward=True))
    assert "$dy_0$ = (100.00, 101.00, 102.00)" in written
    assert "$dy_1$ = (103.00, 104.00, 105.00)" in written
    assert "$W_{hy}^T\\,dy_0$ =\n(106.00, 107.00)" in written
    assert "$W_{hy}^T\\,dy_1$ =\n(108.00, 109.00)" in written
    assert "$W_{hh}^T\\,da_1$ =\n(110.00, 111.00)" in written
    assert "$dh_0$ = (114.00, 115.00)" in written
    assert "$da_1$ = (120.00, 121.00)" in written
    assert "$da_2 = 0$" in written
    # A small negative number is no negative zero.
    assert "$dh_{-1}$ =\n(122.00, 0.00)" in written


def test_gradients_flow_against_the_forward_arrows():
    found = arrows(flow(backward=True))
    forward = [arrow for arrow in found if not arrow[3]]
    back = [arrow for arrow in found if arrow[3]]
    assert len(forward) == 10
    assert len(back) == 9
    assert {color for _, _, color, _ in back} == {GRADIENT}
    for start, end, _, dashed in found:
        rightward, upward = np.subtract(end, start)
        assert (rightward < 0 or upward < 0) if dashed else max(rightward, upward) > 0


@pytest.mark.parametrize("backward", [False, True])
def test_the_arrows_join_the_boxes_that_the_equations_join(backward):
    figure = flow(backward)
    (axes,) = figure.axes
    boxes = {
        text.get_text().split(":")[0].split(" =")[0].strip("$"): text.get_position()
        for text in axes.texts
        if text.get_bbox_patch() is not None
    }

    def nearest(point):
        """The box next to an end of an arrow; none where nothing stands."""
        name = min(boxes, key=lambda name: np.hypot(*np.subtract(boxes[name], point)))
        near = np.hypot(*np.subtract(boxes[name], point)) < 0.6
        return name.replace("\\ell", "l").replace("{-1}", "-1") if near else None

    ends = [(nearest(a), nearest(b), dashed) for a, b, _, dashed in arrows(figure)]
    forward = {(a, b) for a, b, dashed in ends if not dashed}
    back = {(a, b) for a, b, dashed in ends if dashed}
    columns = {
        (f"{a}_{t}", f"{b}_{t}") for a, b in ("xa", "ah", "hy", "yl") for t in (0, 1)
    }
    assert forward == columns | {("h_-1", "a_0"), ("h_0", "a_1")}
    to_x = {("a_0", "x_0"), ("a_1", "x_1")}
    expected = {(b, a) for a, b in forward} - to_x | {(None, "h_1")}
    assert back == (expected if backward else set())


def test_each_copy_begins_where_the_last_one_ended():
    figure = figures.untied(COPIES, -0.25, "Whh[0, 1]")
    (axes,) = figure.axes
    bars = axes.patches
    assert [bar.get_height() for bar in bars] == [*COPIES, -0.25]
    assert [bar.get_y() for bar in bars] == [0, 0.5, -0.5, 0]
    assert bars[-1].get_hatch()
    written = [text.get_text() for text in axes.texts]
    assert written == ["+0.50", "−1.00", "+0.25", "−0.25"]
    assert axes.get_xticklabels()[-1].get_text() == "shared"
    assert "Whh[0, 1]" in axes.get_title()
    (ties,) = [c for c in axes.collections if isinstance(c, LineCollection)]
    assert [line[0][1] for line in ties.get_segments()] == [0.5, -0.5, -0.25]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: figures.two_paths(VALUES, SLOPES),
        lambda: figures.outer_product([2, 3], [2, 1, -1]),
        lambda: flow(backward=False),
        lambda: flow(backward=True),
        lambda: figures.untied(COPIES, -0.25, "Whh[0, 1]"),
    ],
)
def test_every_text_is_large_enough_and_inside_the_figure(draw):
    figure = draw()
    figure.draw_without_rendering()
    assert figure.get_figwidth() == 8
    (axes,) = figure.axes
    for text in [*axes.texts, axes.title, axes.xaxis.label, axes.yaxis.label]:
        if text.get_text():
            assert text.get_fontsize() >= 12
            box = text.get_window_extent()
            assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1
            assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1


def doubled(x):
    """A sample: its docstring has y = 0 in it."""
    y = 2 * x  # a comment
    if y:
        y = float(y)
    return y


def test_numbers_stand_in_front_of_their_lines():
    text = annotated(doubled, {"2 * x": "1.1", "return": "1.2"})
    lines = [
        "1.1   y = 2 * x",
        "      if y:",
        "          y = float(y)",
        "1.2   return y",
    ]
    assert text.splitlines() == lines


@pytest.mark.parametrize(("piece", "lines"), [("y = 0", 0), ("y =", 2)])
def test_a_piece_must_be_in_exactly_one_line(piece, lines):
    with pytest.raises(ValueError, match=f"in {lines} lines of doubled"):
        annotated(doubled, {piece: "1.1"})


def test_every_number_of_the_chain_rule_finds_its_line():
    text = annotated(rnn.bptt.chain_rule, CHAIN_RULE)
    assert sum(line[:1] == "4" for line in text.splitlines()) == len(CHAIN_RULE)
    assert '"""' not in text and "#" not in text
