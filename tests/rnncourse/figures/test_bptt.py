"""The figures of notebook 04, by what stands on their axes, and what they say."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.text import Annotation

import rnnlib as rnn
from rnncourse import toy
from rnncourse.figures import bptt as figures
from rnncourse.figures.style import FAINT, GRADIENT

VALUES = {"s": 3, "u": 5, "v": 9, "q": 45}
SLOPES = {"u/s": 2, "v/s": 6, "q/u": 9, "q/v": 5}
COPIES = [0.5, -1.0, 0.25]


def texts(figure):
    """What is written on the only axes, arrows apart."""
    (axes,) = figure.axes
    return [text.get_text() for text in axes.texts if text.get_text()]


def arrows(figure):
    """(start, end, colour, dashed) of each arrow."""
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
    assert {"$s$ = 3", "$u$ = 5", "$v$ = 9", "$q$ = 45"} <= set(written)
    assert {"slope 2", "slope 6", "slope 9", "slope 5"} <= set(written)
    assert "path over u: 2 · 9 = 18" in written
    assert "path over v: 6 · 5 = 30" in written
    assert "18 + 30 = 48" in written


def test_two_paths_has_an_arrow_for_each_slope_from_left_to_right():
    found = arrows(figures.two_paths(VALUES, SLOPES))
    assert len(found) == 4
    assert all(start[0] < end[0] for start, end, _, _ in found)


def test_two_paths_says_values_slopes_and_products():
    assert figures.two_paths(VALUES, SLOPES).alt == (
        "Arrows lead from s = 3 to u = 5 and to v = 9, and from both to q = 45. Over u "
        "the slopes 2 and 9 give 18. Over v the slopes 6 and 5 give 30. Together 48."
    )
    values = {"s": -1, "u": -3, "v": 1, "q": -3}
    slopes = {"u/s": 2, "v/s": -2, "q/u": 1, "q/v": 3}
    figure = figures.two_paths(values, slopes)
    assert figure.alt == (
        "Arrows lead from s = −1 to u = −3 and to v = 1, and from both to q = −3. Over "
        "u the slopes 2 and 1 give 2. Over v the slopes −2 and 3 give −6. Together −4."
    )
    written = texts(figure)
    assert "slope −2" in written and "path over v: −2 · 3 = −6" in written
    assert "2 − 6 = −4" in written


def test_the_arrows_of_a_product_carry_the_matrix_and_one_column_is_coloured():
    M = [[1, -1, 2], [0, 3, -1]]
    figure = figures.product_paths(M, [2, 1, -1], [2, 3], 1)
    found = arrows(figure)
    assert len(found) == 6
    coloured = [start for start, _, color, _ in found if color == GRADIENT]
    assert len(coloured) == 2 and len({round(y) for _, y in coloured}) == 1
    written = texts(figure)
    assert {"$r_2$ = −1", "$z_0$", "$dz_1$ = 3", "0", "2"} <= set(written)
    assert "$dr_1$ = −1 · 2 + 3 · 3 = 7" in written
    (axes,) = figure.axes
    colors = {t.get_text(): t.get_color() for t in axes.texts if t.get_text()}
    assert colors["3"] == GRADIENT != colors["2"]
    assert figure.alt == (
        "Arrows lead from each of the 3 entries of r to each of the 2 of z, with the "
        "entries of M as slopes, row by row: 1, −1 and 2; 0, 3 and −1. Those of r₁ are "
        "coloured: −1 and 3. With dz 2 and 3 they give dr₁ = −1 · 2 + 3 · 3 = 7."
    )
    assert "$dr_2$ = 2 · 2 − 1 · 3 = 1" in texts(
        figures.product_paths(M, [2, 1, -1], [2, 3], 2)
    )


def test_two_steps_have_the_five_arrows_and_their_slopes():
    slopes = {"h0/b0": 0.5, "h1/b1": 1, "h1/h0": 2, "l0/h0": 4, "l1/h1": -3}
    figure = figures.two_steps(slopes)
    found = arrows(figure)
    assert len(found) == 5
    upright = [(a, b) for a, b, _, _ in found if a[0] == b[0]]
    assert len(upright) == 4 and all(a[1] < b[1] for a, b in upright)
    written = texts(figure)
    assert {"slope 0.5", "slope −3", "$b^{(0)}$", "$h_1$", "$\\ell_1$"} <= set(written)
    assert figure.alt.endswith(
        "Arrows with slopes: from b0 to h0 0.5, from b1 to h1 1, from h0 to h1 2, from "
        "h0 to ℓ0 4 and from h1 to ℓ1 −3."
    )


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


def test_outer_product_says_its_rows_and_columns():
    assert figures.outer_product([2, 3], [2, 1, -1]).alt == (
        "A table. Its rows are those of dz: 2 and 3. Its columns are those of r: 2, 1 "
        "and −1. Each cell holds the product of its row's dz and its column's r, row "
        "by row: 4, 2 and −2; 6, 3 and −3."
    )
    alt = figures.outer_product([-1, 0, 0.5], [2]).alt
    assert "dz: −1, 0 and 0.5. " in alt and "r: 2. " in alt
    assert alt.endswith("row by row: −2; 0; 1.")


@pytest.mark.filterwarnings("error", "ignore::ResourceWarning")
def test_a_table_of_zeros_is_drawn_too():
    figure = figures.outer_product([0.0], [2.0])
    figure.draw_without_rendering()
    assert figure.alt.endswith("row by row: 0.")


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


def test_the_forward_graph_says_states_logits_and_losses():
    alt = flow(backward=False).alt
    assert (
        "from h₋₁ to a₀ and from h₀ to a₁. Step 0: x is “h”, h is (0.76, −0.46)" in alt
    )
    assert "y is (−1.22, 1.26, −0.46); the target is “i”, the loss 1.50 nats." in alt
    assert "Step 1: x is “i”, h is (0.87, 0.85), y is (−0.02, 1.37, 0.85)" in alt
    assert alt.endswith("the target is “!”, the loss 2.25 nats.")
    net = toy()
    states = rnn.forward(net.params, [0, 2], [1.0, 0.0])
    alt = figures.backward_flow("a b", [0, 2], [1, 0], states, [0.5, 0.25]).alt
    h, y = (", ".join(f"{v:.2f}".replace("-", "−") for v in b[0]) for b in states[::2])
    assert f"Step 0: x is “a”, h is ({h}), y is ({y}); the target is “␣”" in alt
    assert "Step 1: x is “b”" in alt and alt.endswith("“a”, the loss 0.25 nats.")


def test_the_backward_graph_says_its_gradients():
    alt = flow(backward=True).alt
    assert alt.startswith(
        "The graph of two steps that read “h” and “i”, with the targets “i” and “!” "
        "and losses of 1.50 and 2.25 nats. Dashed arrows run against the solid ones"
    )
    assert (
        "Step 1: dy₁ is (103.00, 104.00, 105.00) and arrives at h₁ as (108.00, 109.00);"
        " da₂ = 0, so dh₁ is (116.00, 117.00), and below tanh da₁ is (120.00, 121.00). "
        "Step 0: dy₀ is (100.00, 101.00, 102.00); at h₀ two dashed arrows arrive, "
        "(106.00, 107.00) from y₀ and (110.00, 111.00) from a₁, together dh₀ = (114.00,"
        " 115.00); da₀ is (118.00, 119.00). At the left dh₋₁ is (122.00, 0.00)."
    ) in alt
    net = toy()
    states = rnn.forward(net.params, net.inputs)
    pair, triple = [[0, -1], [2, -3]], [[1, 2, -3], [4, -5, 1]]
    back = dict.fromkeys(("from_y", "from_a", "dh", "da"), pair)
    back |= {"dy": triple, "dh_init": [0.5, -0.25]}
    figure = figures.backward_flow("a \n", [0, 2], [1, 0], states, [0.5, 0.25], back)
    alt = figure.alt
    assert "read “a” and “↵”, with the targets “␣” and “a”" in alt
    assert "$x_1$: “↵”" in texts(figure)
    assert "$\\ell_0$ = 0.50 nats, target “␣”" in texts(figure)
    assert "dy₁ is (4.00, −5.00, 1.00) and arrives at h₁ as (2.00, −3.00)" in alt
    assert alt.endswith("At the left dh₋₁ is (0.50, −0.25).")


def test_the_gradients_stand_where_they_belong():
    written = texts(flow(backward=True))
    assert "$dy_0$ =\n(100.00, 101.00, 102.00)" in written
    assert "$dy_1$ =\n(103.00, 104.00, 105.00)" in written
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


def test_the_copies_say_where_they_end():
    assert figures.untied(COPIES, -0.25, "Whh[0, 1]").alt == (
        "Slopes of L at the entry Whh(0, 1), a bar for each copy, each beginning where "
        "the one before it ended: +0.50, −1.00 and +0.25. They end at −0.25. A hatched "
        "bar from 0, for the shared entry, ends there too."
    )
    alt = figures.untied([2.0], 0.5, "b").alt
    assert "entry b, " in alt and "ended: +2.00. They end at 2.00." in alt
    assert alt.endswith("for the shared entry, ends elsewhere, at 0.50.")


@pytest.mark.parametrize(
    "draw",
    [
        lambda: figures.two_paths(VALUES, SLOPES),
        lambda: figures.outer_product([2, 3], [2, 1, -1]),
        lambda: figures.product_paths([[1, -1, 2], [0, 3, -1]], [2, 1, -1], [2, 3], 1),
        lambda: figures.two_steps({"h0/b0": 0.5, "h1/h0": 2, "l1/h1": 3}),
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


# One step of the backward pass: sizes that no two share, so that a mix-up shows.

WORD = "abc d"  # T = 4


def sizes(t):
    """Norms of step t: 1.1, 1.2, … at t = 1; the last step has nothing behind it."""
    names = ("from_y", "from_a", "last", "dh")
    blocks = ("Wxh", "Whh", "Why", "bh", "by")
    norms = {name: t + (k + 1) / 10 for k, name in enumerate(names)}
    norms["added"] = {name: t + (k + 1) / 100 for k, name in enumerate(blocks)}
    norms["total"] = {name: 10 + t + (k + 1) / 100 for k, name in enumerate(blocks)}
    return norms | ({"from_a": 0.0, "last": 0.0} if t == 3 else {})


def step(t, scale=1.5):
    return figures.flow_step(t, scale, WORD, [sizes(t) for t in range(4)])


def lines_of(axes, marker=None, style=None):
    """{is it pale: (x, y)} of the lines with this marker, or this style."""
    return {
        line.get_alpha() is not None: np.array(line.get_data()).T.tolist()
        for line in axes.lines
        if (marker and line.get_marker() == marker)
        or (style and line.get_linestyle() == style)
    }


def node(point):
    """The node next to a point of the steps' graph: its letter and its step."""
    heights = {"x": 0.5, "h": 2, "y": 3.5}
    letter = min(heights, key=lambda name: abs(heights[name] - point[1]))
    return f"{letter}{round(point[0])}"


@pytest.mark.parametrize("t", range(4))
def test_the_way_back_reaches_the_current_step_and_no_further(t):
    graph = step(t).axes[0]
    heads = {
        tuple(np.round(point, 6)): line.get_marker()
        for line in graph.lines
        if line.get_marker() in tuple("^>v<")
        for point in line.get_xydata()
    }
    dashed, solid = set(), set()
    for arrows_of in graph.collections:
        (_, dashes), *_ = arrows_of.get_linestyle()
        for start, end in arrows_of.get_segments():
            arrow = node(start), node(end)
            (dashed if dashes else solid).add(arrow)
            color = to_hex(arrows_of.get_edgecolor()[0]).upper()
            assert color == (GRADIENT if dashes else FAINT)
            sideways = ">" if end[0] > start[0] else "<"
            upright = "^" if end[1] > start[1] else "v"
            head = upright if start[0] == end[0] else sideways
            assert heads[tuple(np.round(end, 6))] == head
    into_h = {(f"x{k}", f"h{k}") for k in range(4)}
    to_y = {(f"h{k}", f"y{k}") for k in range(4)}
    across = {(f"h{k}", f"h{k + 1}") for k in range(3)}
    ahead = {arrow for arrow in to_y | across if int(arrow[0][1]) < t}
    assert solid == into_h | ahead
    assert dashed == {(b, a) for a, b in (to_y | across) - ahead}


def test_the_steps_show_the_word_and_the_words_the_norms_of_the_step():
    graph = step(1).axes[0]
    written = [text.get_text() for text in graph.texts]
    assert written[:7] == ["x", "h", "y", "a", "b", "c", "␣"]
    assert written[7:] == [
        "down from the output",
        "‖Whyᵀ dy₁‖ = 1.100",
        "back from step 2",
        "‖Whhᵀ da₂‖ = 1.200",
        "from ℓ₃ alone: 1.300",
        "sum: ‖dh₁‖ = 1.400",
    ]
    written = [text.get_text() for text in step(3).axes[0].texts]
    assert "there is no step 4" in written and "‖Whhᵀ da₄‖ = 0.000" in written


@pytest.mark.parametrize("t", range(4))
def test_both_branches_over_time_are_dark_where_they_are_done(t):
    axes = step(t).axes[1]
    all_steps = range(4)
    from_y = [[k, sizes(k)["from_y"]] for k in all_steps]
    from_a = [[k, sizes(k)["from_a"]] for k in all_steps]
    last = [[k, sizes(k)["last"]] for k in all_steps]
    assert lines_of(axes, marker="v") == {True: from_y, False: from_y[t:]}
    assert lines_of(axes, marker="<") == {True: from_a, False: from_a[t:]}
    # Lines join what came over a step: not the zero that the last one starts with.
    assert lines_of(axes, style="-") == {True: from_a[:3], False: from_a[t:3]}
    assert lines_of(axes, style=":") == {True: last[:3], False: last[t:3]}
    assert "scale of Whh: 1.5" in axes.get_xlabel()
    steps = {text.get_text(): text.get_fontweight() for text in axes.texts}
    assert steps == {str(k): "bold" if k == t else "normal" for k in all_steps}


def test_what_a_step_adds_and_the_sum_so_far_have_a_bar_and_a_number():
    axes = step(2).axes[2]
    added, total = axes.containers
    order = ("Whh", "Wxh", "Why", "bh", "by")
    for bars, kind in ((added, "added"), (total, "total")):
        assert [bar.get_width() for bar in bars] == [sizes(2)[kind][n] for n in order]
    assert {bool(bar.get_hatch()) for bar in added} == {False}
    assert {bool(bar.get_hatch()) for bar in total} == {True}
    written = [text.get_text() for text in axes.texts]
    assert written[0] == "dWhh: 2.02, sum 12.02"
    assert written[1] == "dWxh: 2.01, sum 12.01"
    heights = [text.get_position()[1] for text in axes.texts[:5]]  # then the axis
    assert heights == sorted(heights) and axes.get_ylim()[0] > axes.get_ylim()[1]


@pytest.mark.parametrize("order", [range(4), range(3, -1, -1)])
def test_a_norm_has_a_bar_of_the_same_length_at_every_step(order):
    steps = [sizes(k) for k in order]
    widths = {
        figures.flow_step(t, 1.0, WORD, steps).axes[2].get_xlim() for t in range(4)
    }
    ((low, high),) = widths
    assert low == 0 and high > max(sizes(3)["total"].values())


def test_a_small_bar_is_seen_beside_a_large_one_on_an_axis_with_its_numbers():
    norms = sizes(0) | {"added": {"Whh": 300.0, "Wxh": 1.0, "Why": 0, "bh": 2, "by": 3}}
    figure = figures.flow_step(0, 3.0, WORD, [norms] * 4)
    axes = figure.axes[2]
    whole = axes.get_window_extent()
    large, small = (axes.containers[0][k].get_window_extent() for k in (0, 1))
    assert small.width > 0.1 * whole.width and large.width > 2 * small.width
    numbers = {text.get_text(): text for text in axes.texts[5:]}
    assert list(numbers) == ["0", "1", "10", "100"]
    for name in ("0", "1", "100"):  # each at its place on the axis
        middle = numbers[name].get_window_extent()
        at = axes.transData.transform((float(name), 0))[0]
        assert (middle.x0 + middle.x1) / 2 == pytest.approx(at, abs=1.5)


def test_the_axes_of_a_step_stay_where_they_are():
    def places(figure):
        return [(axes.get_position().bounds, axes.get_ylim()) for axes in figure.axes]

    assert places(step(0, 0.0)) == places(step(3, 3.0))


@pytest.mark.parametrize("t", [0, 9])
def test_the_texts_of_a_step_are_large_enough_and_inside_the_figure(t):
    largest = {"from_y": 199.0, "from_a": 399.0, "last": 399.0, "dh": 399.0}
    blocks = dict.fromkeys(("Wxh", "Whh", "Why", "bh", "by"), 399.0)
    norms = largest | {"added": blocks, "total": blocks}
    figure = figures.flow_step(t, 3.0, "remembering", [norms] * 10)
    figure.draw_without_rendering()
    assert figure.get_figwidth() == 8
    for axes in figure.axes:
        shown = [*axes.texts, axes.xaxis.label, axes.yaxis.label]
        shown += axes.get_yticklabels() if axes.axison else []
        for text in shown:
            if text.get_text():
                assert text.get_fontsize() >= 12
                box = text.get_window_extent()
                assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1, text
                assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1, text


def test_a_step_says_its_norms():
    assert step(1).alt == (
        "A backward pass over “abc␣d” at scale 1.5 of Whh, done from step 3 back to h "
        "of step 1. The norm of the branch from the output is between 0.1 and 3.1. "
        "That of the branch from the step after is 2.2 at step 2 and 0.2 at step 0, "
        "smaller with every step back; its part from the last loss alone, dotted, is "
        "2.3 at step 2 and 0.3 at step 0, smaller with every step back. At step 1 the "
        "two branches make a dh of norm 1.4. Bars: the step adds 1.02 for dWhh, 1.01 "
        "for dWxh, 1.03 for dWhy, 1.04 for dbh and 1.05 for dby; the sums so far are "
        "11 for dWhh, 11 for dWxh, 11 for dWhy, 11 for dbh and 11.1 for dby."
    )


def say(*changes):
    """The text of step 0, the steps having the norms of `sizes` but for these."""
    steps = [sizes(1) | change for change in changes]
    return figures.flow_step(0, 0.5, WORD[: len(steps) + 1], steps).alt


def test_a_step_says_which_way_the_norms_go():
    alt = say({"from_a": 1234.4, "last": 0.3}, {"from_a": 2, "last": 0.1}, {})
    assert "is 2 at step 1 and 1,234 at step 0, growing with every step back;" in alt
    assert "is 0.1 at step 1 and 0.3 at step 0, growing with every step back." in alt
    alt = say({"from_a": 4}, {"from_a": 7}, {"from_a": 5}, {})
    assert "is 5 at step 2 and 4 at step 0, and between 4 and 7 on the way;" in alt
    alt = say({"last": 0.0}, {"last": 0.0}, {"last": 0.0}, {})
    assert alt.count("dotted, is 0 at every step. ") == 1
    alt = say({"last": 1e-6}, {"last": 1e-5}, {})
    assert "dotted, is 0 at every step. " in alt
    alt = say({"last": 1e-5}, {})
    assert "dotted, is 0 at step 0. " in alt and "the output is 1.1. " in alt


def test_a_single_step_has_no_branch_from_a_step_after():
    alt = say({"dh": 0.0125})
    assert "over “ab” at scale 0.5 of Whh, done from step 0 back to h of step 0." in alt
    assert "step after" not in alt and "dotted" not in alt
    assert "make a dh of norm 0.0125." in alt
