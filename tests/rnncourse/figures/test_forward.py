"""The figures of notebook 02, by the data on their axes."""

import math
from functools import cache

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text

import rnnlib as rnn
from rnncourse import toy
from rnncourse.figures import forward as figures
from rnncourse.figures.style import FAINT, GROUND, INK, INPUT, OUTPUT, SIGNED, TARGET

SYMBOLS = ("e", "h", "l", "o")
INPUTS, TARGETS = [1, 0, 2, 2], [0, 2, 2, 3]
H_INIT = np.array([0.3, -0.2, 0.1])
SHEETS = ["blocks", "rows", "two_views", "unrolled", "step", "first", "last", "restart"]


def network():
    """Weights all different, so that no two matrices look alike."""
    return rnn.Params.init(4, 3, rng=5, scale=0.8)


def unrolled(step=None):
    params = network()
    params.bh, params.by = [0.1, -0.2, 0.3], [0.4, 0.0, -0.3, 0.2]
    states = rnn.forward(params, INPUTS, H_INIT)
    figure = figures.unrolled(params, INPUTS, TARGETS, states, SYMBOLS, step)
    return figure.axes[0], params


def stepping(step, quantity, carry=True):
    """The figure, and what is computed: a list of rows for each quantity."""
    params = network()
    params.bh, params.by = [0.1, -0.2, 0.3], [0.4, 0.0, -0.3, 0.2]
    if carry:
        states = rnn.forward(params, INPUTS, H_INIT)
    else:
        states = rnn.States(*(rows[0] for rows in rnn.forward(params, [INPUTS])))
    h_prev, rows = states.h_prev[0], {name: [] for name in "xahyp"}
    for k in INPUTS:
        x = np.array([float(i == k) for i in range(4)])
        a = params.Wxh @ x + params.Whh @ h_prev + params.bh
        y = params.Why @ np.tanh(a) + params.by
        p = np.exp(y) / np.exp(y).sum()
        for name, values in zip("xahyp", (x, a, np.tanh(a), y, p)):
            rows[name].append(values)
        h_prev = np.tanh(a) if carry else h_prev
    figure = figures.stepping(
        params, INPUTS, TARGETS, states, SYMBOLS, step, quantity, carry
    )
    return figure, rows


def long_word():
    """Five steps over six symbols: as much as the picture can hold."""
    params, inputs = rnn.Params.init(6, 3, rng=0), [0, 1, 2, 3, 4]
    params.by = [-8.5, -9, -8, -7, -9.5, -6]
    states = rnn.forward(params, inputs)
    targets, symbols = [1, 2, 3, 4, 5], ("M", "W", "g", "ä", "ß", "ÿ")
    return figures.stepping(params, inputs, targets, states, symbols, 4, "p")


def shapes(figure):
    """The band, the arrows and the boxes of `stepping`: lists of (corners, face, line).

    face: a colour as #RRGGBB, None for a frame. line: the width.
    """
    found = []
    for group in figure.axes[0].collections:
        looks = zip(
            group.get_paths(),
            group.get_facecolors(),
            group.get_edgecolors(),
            group.get_linewidths(),
        )
        found.append(
            [
                (
                    path.vertices[:-1],
                    to_hex(face).upper() if face[3] else None,
                    to_hex(edge).upper() if edge[3] else None,
                    line,
                )
                for path, face, edge, line in looks
            ]
        )
    return found


def words(ax):
    return [text.get_text() for text in ax.texts]


def cells(ax, name):
    """The cells of one array: {indices: (x, y, word, colour of the ground)}."""
    boxes = {}
    for box in ax.patches:
        x, y = box.get_xy()
        boxes[round(x + box.get_width() / 2, 6), round(y, 6)] = box
    found = {}
    for text in ax.texts:
        if text.get_gid() and text.get_gid().split()[0] == name:
            x, middle = text.get_position()
            (box,) = [
                box
                for (center, low), box in boxes.items()
                if abs(center - x) < 1e-6 and 0 < middle - low < box.get_height()
                if box.get_zorder() == 1
            ]
            place = tuple(map(int, text.get_gid().split()[1:]))
            color = to_hex(box.get_facecolor()).upper()
            found[place] = x, middle, text.get_text(), color
    return found


def assert_shows(found, array):
    """Rows from the top down, columns from left to right, rounded to two digits."""
    assert sorted(found) == sorted(np.ndindex(array.shape))
    for (i, j), (x, y, word, _) in found.items():
        assert abs(float(word.replace("−", "-")) - array[i, j]) <= 0.005 + 1e-9
        if (i + 1, j) in found:
            assert y > found[i + 1, j][1] and x == found[i + 1, j][0]
        if (i, j + 1) in found:
            assert x < found[i, j + 1][0] and y == found[i, j + 1][1]


@cache
def all_figures():
    net, inputs, _, _, _ = toy()
    run = rnn.forward(net, inputs)
    x = rnn.one_hot(inputs, 3)
    line = "Before we proceed any further, hear me speak."
    params = network()
    states = rnn.forward(params, INPUTS, H_INIT)
    step = [("a", run.h[1]), "=", ("Wxh", net.Wxh), "@", ("x", x[1])]
    step += ["+", ("Whh", net.Whh), "@", ("h", run.h[0]), "+", ("bh", net.bh)]
    chunk = [("y", run.y), "=", ("h", run.h), "@", ("Why.T", net.Why.T)]
    return {
        "tanh": figures.tanh_curve(run.h),
        "blocks": figures.blocks(*step),
        "rows": figures.blocks(*chunk, "+", ("by row", net.by)),
        "two_views": figures.two_views("hi!", run.h_prev, run.h),
        "unrolled": figures.unrolled(params, INPUTS, TARGETS, states, SYMBOLS),
        "step": figures.unrolled(params, INPUTS, TARGETS, states, SYMBOLS, 2),
        "first": stepping(0, "x")[0],
        "last": long_word(),
        "restart": stepping(3, "h", carry=False)[0],
        "reach": figures.reach(np.linspace(1, 0, 30), np.zeros(30), 5),
        "units": figures.units_over_text(np.ones((len(line), 100)), line),
    }


@pytest.mark.parametrize("name", [*SHEETS, "tanh", "reach", "units"])
def test_text_is_large_enough_and_inside_the_figure(name):
    figure = all_figures()[name]
    for text in figure.findobj(Text):
        if text.get_text():
            assert text.get_size() * 8 / figure.get_figwidth() >= 12, text
    figure.draw_without_rendering()
    drawn = figure.get_tightbbox()
    assert drawn.x0 >= 0 and drawn.x1 <= figure.get_figwidth()
    assert drawn.y0 >= 0 and drawn.y1 <= figure.get_figheight()


@pytest.mark.parametrize("name", SHEETS)
def test_no_two_words_overlap(name):
    figure = all_figures()[name]
    figure.draw_without_rendering()
    boxes = [t.get_window_extent() for t in figure.axes[0].texts if t.get_text()]
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            wide = min(one.x1, other.x1) - max(one.x0, other.x0)
            high = min(one.y1, other.y1) - max(one.y0, other.y0)
            assert wide <= 0 or high <= 0


def test_the_curve_is_tanh_and_carries_the_dots():
    a = np.array([[1.0, -0.5], [1.3, 4.0]])
    (ax,) = figures.tanh_curve(a).axes
    lines = {line.get_label(): line.get_xydata() for line in ax.lines}
    z, curve = lines["tanh(a)"].T
    assert np.allclose(curve, [math.tanh(value) for value in z])
    assert z[0] < -4 and z[-1] > 4
    dots = lines["the toy's units"]
    assert np.allclose(dots, [(value, math.tanh(value)) for value in a.ravel()])
    assert np.array_equal(*lines["a itself"].T)


def test_blocks_show_numbers_shapes_and_signs_in_order():
    W = np.array([[0.0, 1.0, 0.5], [0.5, -1.0, 2.346]])
    x = np.array([0.0, 0.25, 1.0])
    terms = [("a", W @ x), "=", ("Wxh", W), "@", ("x", x), "+", ("by row", x)]
    (ax,) = figures.blocks(*terms).axes
    assert_shows(cells(ax, "a"), (W @ x)[:, None])
    assert_shows(cells(ax, "Wxh"), W)
    assert_shows(cells(ax, "x"), x[:, None])
    assert_shows(cells(ax, "by"), x[None, :])
    ordered = sorted(
        (text.get_position()[0], text.get_text())
        for text in ax.texts
        if not text.get_gid() and not text.get_text().startswith("(")
    )
    assert [word for _, word in ordered] == ["a", "=", "Wxh", "@", "x", "+", "by"]
    shapes = {
        text.get_position()[0]: text.get_text()
        for text in ax.texts
        if text.get_text().startswith("(")
    }
    expected = ["(2,)", "(2, 3)", "(3,)", "(3,)"]
    assert [shapes[x] for x in sorted(shapes)] == expected
    assert "−1" in words(ax) and "2.35" in words(ax) and "0.25" in words(ax)


def test_the_two_views_are_shifted_by_one():
    net, inputs, _, h_init, _ = toy()
    run = rnn.forward(net, inputs)
    (ax,) = figures.two_views("hi!", run.h_prev, run.h).axes
    letters = cells(ax, "text")
    assert [letters[i, 0][2] for i in range(3)] == ["h", "i", "!"]
    states = cells(ax, "states")
    assert_shows(states, np.vstack([h_init, run.h]))

    at = {text.get_text(): text.get_position()[1] for text in ax.texts}
    row = [states[i, 0][1] for i in range(3)]
    for t in range(2):
        assert abs(at[f"h_prev[{t}]"] - row[t]) < 0.05
        assert abs(at[f"h[{t}]"] - row[t + 1]) < 0.05
        assert abs(at[f"inputs[{t}]"] - letters[t, 0][1]) < 0.05
        assert abs(at[f"targets[{t}]"] - letters[t + 1, 0][1]) < 0.05
    for before, after in (ax.lines[:2], ax.lines[2:]):
        covered = [
            [i for i in range(3) if min(ends) < row[i] < max(ends)]
            for ends in (before.get_ydata(), after.get_ydata())
        ]
        assert covered == [[0, 1], [1, 2]]


def test_the_unrolled_graph_shows_the_numbers_of_a_loop():
    ax, params = unrolled()
    h = H_INIT
    shown = {name: cells(ax, name) for name in "xahy"}
    assert [shown["h"][-1, i][2] for i in range(3)] == ["0.30", "−0.20", "0.10"]
    for t, k in enumerate(INPUTS):
        x = [float(i == k) for i in range(4)]
        a = params.Wxh @ x + params.Whh @ h + params.bh
        h = np.tanh(a)
        y = params.Why @ h + params.by
        for name, values in {"x": x, "a": a, "h": h, "y": y}.items():
            for i, value in enumerate(values):
                word = shown[name][t, i][2].replace("−", "-")
                assert abs(float(word) - value) <= 0.005 + 1e-9, (name, t, i)
                if i:
                    assert shown[name][t, i][1] < shown[name][t, i - 1][1]
        heights = [shown[name][t, 0][1] for name in "xahy"]
        assert heights == sorted(heights)
        colors = [shown["x"][t, i][3] for i in range(4)]
        assert colors == [INPUT if i == k else GROUND for i in range(4)]
        colors = [shown["y"][t, i][3] for i in range(4)]
        assert colors == [OUTPUT if i == y.argmax() else GROUND for i in range(4)]
        for name in "xy":
            for i, symbol in enumerate(SYMBOLS):
                x, height, _, _ = shown[name][t, i]
                beside = [
                    text.get_text()
                    for text in ax.texts
                    if x - 0.5 < text.get_position()[0] < x
                    if abs(text.get_position()[1] - height) < 0.05
                ]
                assert beside == [symbol]
        assert words(ax).count(f"t = {t}") == 1
    run = rnn.forward(params, INPUTS, H_INIT)
    highest = [w[9:] for w in words(ax) if w.startswith("highest: ")]
    assert highest == [SYMBOLS[k] for k in run.y.argmax(axis=1)]
    assert [w[8:] for w in words(ax) if w.startswith("target: ")] == list("ello")
    assert [w[6:] for w in words(ax) if w.startswith("input ")] == list("hell")


def test_each_step_uses_the_same_matrices_joined_by_a_line():
    ax, params = unrolled()
    for name in ("Wxh", "Whh", "Why"):
        block = getattr(params, name)
        same = [
            image.get_extent()
            for image in ax.images
            if np.array_equal(image.get_array(), block)
        ]
        assert len(same) == len(INPUTS)
        lefts = [extent[0] for extent in same]
        assert lefts == sorted(set(lefts))
        ((low, high),) = {(extent[2], extent[3]) for extent in same}
        joined = [
            line
            for line in ax.lines
            if low < line.get_ydata()[0] < high and line.get_linestyle() == ":"
        ]
        assert len(joined) == 1
        start, end = joined[0].get_xdata()
        assert start < min(lefts) and end > max(extent[1] for extent in same)
    assert len(ax.images) == 3 * len(INPUTS)
    assert len({image.get_clim() for image in ax.images}) == 1


def test_arrows_lead_up_and_to_the_next_step():
    ax, _ = unrolled()
    arrows = [note for note in ax.texts if getattr(note, "arrow_patch", None)]
    up = [(a.xyann, a.xy) for a in arrows if a.xyann[0] == a.xy[0]]
    across = [(a.xyann, a.xy) for a in arrows if a.xyann[0] != a.xy[0]]
    assert len(up) == 3 * len(INPUTS) and len(across) == len(INPUTS)
    assert all(start[1] < end[1] for start, end in up)
    h, a = cells(ax, "h"), cells(ax, "a")
    for t, (start, end) in enumerate(across):
        low, high = h[t - 1, 2][1], h[t - 1, 0][1]
        assert low < start[1] < high and h[t - 1, 0][0] < start[0] < end[0]
        low, high = a[t, 2][1], a[t, 0][1]
        assert low < end[1] < high and h[t - 1, 0][0] < end[0] < a[t, 0][0]


@pytest.mark.parametrize("step", range(4))
def test_a_step_is_lit_and_the_later_ones_are_empty(step):
    ax, _ = unrolled(step)
    whole, _ = unrolled()
    for name in "xahy":
        full = cells(whole, name)
        for (t, i), (x, _, word, _) in cells(ax, name).items():
            assert word == (full[t, i][2] if t <= step else "")
            (band,) = [box for box in ax.patches if box.get_zorder() == -2]
            left = band.get_x()
            assert (left < x < left + band.get_width()) == (t == step)
    assert sum(word.startswith("highest") for word in words(ax)) == step + 1
    assert sum(word.startswith("target") for word in words(ax)) == step + 1
    pale = [image.get_alpha() for image in ax.images]
    assert sum(alpha < 1 for alpha in pale) == 3 * (3 - step)


def test_reach_shows_both_curves_and_the_borders():
    carried, reset = np.linspace(1, 0.2, 12), np.linspace(1, 0, 12)
    (ax,) = figures.reach(carried, reset, 5).axes
    lines = {line.get_label(): line for line in ax.lines}
    assert np.array_equal(lines["state carried"].get_ydata(), carried)
    assert np.array_equal(lines["state reset at each border"].get_ydata(), reset)
    borders = [line.get_xdata()[0] for line in ax.lines[2:]]
    assert borders == [4.5, 9.5]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend[-1] == "border of a chunk" and len(legend) == 3


def test_the_picture_of_the_units_has_a_column_for_each_character():
    h = np.random.default_rng(0).normal(size=(5, 7))
    ax, bar = figures.units_over_text(h, "ab ba").axes
    image = ax.images[0]
    assert np.array_equal(image.get_array(), h.T)
    assert image.get_clim() == (-np.abs(h).max(), np.abs(h).max())
    assert [label.get_text() for label in ax.get_xticklabels()] == list("ab␣ba")
    assert bar.get_ylabel() == "state h"


QUANTITIES = [(t, name) for t in range(4) for name in "xahyp"]
LEAD_TO = {"a": 2, "h": 1, "y": 1}  # how many arrows


@pytest.mark.parametrize(("step", "quantity"), QUANTITIES)
@pytest.mark.parametrize("carry", [True, False])
def test_stepping_shows_the_numbers_up_to_its_quantity(step, quantity, carry):
    figure, rows = stepping(step, quantity, carry)
    shown = {}
    for text in figure.axes[0].texts:
        if text.get_gid():
            name, t, i = text.get_gid().split()
            shown[name, int(t), int(i)] = text.get_text()
    expected = {("h", -1, i): f"{value:.2f}" for i, value in enumerate(H_INIT)}
    if not carry:
        expected = {key: "0.00" for key in expected}
    for t, name in QUANTITIES[: QUANTITIES.index((step, quantity)) + 1]:
        values = rows[name][t]
        if name in "ah" or (name in "yp" and t == step):
            for i, value in enumerate(values):
                expected[name, t, i] = f"{value:z.2f}"
        elif name == "y":
            expected[name, t, values.argmax()] = SYMBOLS[values.argmax()]
    expected = {key: word.replace("-", "−") for key, word in expected.items()}
    assert shown == expected


@pytest.mark.parametrize(("step", "quantity"), QUANTITIES)
def test_stepping_lights_one_quantity_and_its_step(step, quantity):
    figure, _ = stepping(step, quantity)
    ((band, *_),), arrows, boxes = shapes(figure)
    thick = [corners for corners, _, _, line in boxes if line == 3]
    (frame,) = thick
    middle = frame.mean(axis=0)
    assert band[0, 0] < frame[:, 0].min() and frame[:, 0].max() < band[1, 0]
    at = {text.get_text(): text.get_position()[0] for text in figure.axes[0].texts}
    assert band[0, 0] < at[f"t = {step}"] < band[1, 0]
    (label,) = [
        text.get_position()
        for text in figure.axes[0].texts
        if text.get_text() == quantity and text.get_family() == ["sans-serif"]
    ]
    assert np.hypot(*(label - middle)) < 1.1
    # The arrows that lead to the quantity, and no others, are thick.
    wide = [np.hypot(*(points[0] - points[6])) * 72 for points, *_ in arrows]
    assert np.allclose(wide, np.where(np.array(wide) > 2, 3, 1))
    assert sum(width > 2 for width in wide) == LEAD_TO.get(quantity, 0)
    for points, *_ in (a for a, w in zip(arrows, wide) if w > 2):
        tip = points[3]
        low, high = frame.min(axis=0) - 0.01, frame.max(axis=0) + 0.01
        assert (low <= tip).all() and (tip <= high).all()


def test_what_stepping_has_not_reached_is_pale():
    for step, quantity in QUANTITIES:
        figure, _ = stepping(step, quantity)
        _, arrows, boxes = shapes(figure)
        done = QUANTITIES.index((step, quantity)) + 1
        dark = sum(LEAD_TO.get(name, 0) for _, name in QUANTITIES[:done])
        assert [face for _, face, *_ in arrows].count(INK) == dark
        assert len(arrows) == 4 * 4
        frames = [edge for _, face, edge, line in boxes if line == 1 and face is None]
        matrices = sum({"a": 3, "y": 2}.get(name, 0) for _, name in QUANTITIES[:done])
        assert frames.count(INK) == matrices and len(frames) == 5 * 4
        pale = [edge for _, face, edge, line in boxes if face == GROUND]
        assert pale.count(FAINT) == sum(
            3 if name in "ah" else 4 for _, name in QUANTITIES[done:]
        )
        bars = [face for _, face, edge, line in boxes if edge is None and line == 0]
        assert len(bars[:-1]) == 4 * sum(name == "p" for _, name in QUANTITIES[:done])
        targets = [
            text.get_text()
            for text in figure.axes[0].texts
            if text.get_color() == TARGET and text.get_text() != "target"
        ]
        assert targets == [SYMBOLS[k] for k in TARGETS[: step + 1]]


def test_stepping_draws_the_same_weights_at_each_step():
    figure, params = stepping(3, "p")[0], network()
    params.bh, params.by = [0.1, -0.2, 0.3], [0.4, 0.0, -0.3, 0.2]
    limit = np.abs(params.theta).max()
    cells = [(face, c) for c, face, _, line in shapes(figure)[2] if line == 0.5]
    size = params.theta.size
    assert len(cells) == 4 * size
    order = [params.Wxh, params.bh, params.Whh, params.Why, params.by]
    values = np.concatenate([np.ravel(block) for block in order])
    colors = colormaps[SIGNED](0.5 + values / limit / 2)
    expected = [to_hex(color).upper() for color in colors]
    for t in range(4):
        assert [face for face, _ in cells[t * size : (t + 1) * size]] == expected
    first = [corners for _, corners in cells[:size]]
    assert first[0][0, 1] > first[4][0, 1] and first[0][0, 0] < first[1][0, 0]


def test_the_weights_of_later_steps_are_pale():
    lit, early = (
        [face for _, face, _, line in shapes(stepping(*at)[0])[2] if line == 0.5]
        for at in ((3, "p"), (1, "h"))
    )
    size = network().theta.size
    inner = size - network().Why.size - 4  # Wxh, bh and Whh
    for k, (now, then) in enumerate(zip(early, lit)):
        pale = 0 if k < size + inner else 0.75
        mixed = pale + (1 - pale) * np.array(to_rgb(then))
        assert np.allclose(to_rgb(now), mixed, atol=0.003)


def test_stepping_marks_the_input_the_highest_logit_the_state_and_the_shares():
    figure, rows = stepping(3, "p")
    _, _, boxes = shapes(figure)
    columns = [
        (face, corners)
        for corners, face, edge, line in boxes
        if line == 1 and face is not None and edge == INK
    ][3:]  # without the state that comes in
    for t in range(4):
        here = [face for face, _ in columns[t * 18 : (t + 1) * 18]]
        k, best = INPUTS[t], rows["y"][t].argmax()
        assert here[:4] == [INPUT if i == k else GROUND for i in range(4)]
        assert here[4:7] == [GROUND] * 3
        shades = colormaps[SIGNED](0.5 + rows["h"][t] / 2)
        assert here[7:10] == [to_hex(shade).upper() for shade in shades]
        assert here[10:14] == [OUTPUT if i == best else GROUND for i in range(4)]
    bars = [c for c, face, edge, line in boxes if line == 0 and edge is None][:-1]
    frames = [c for _, c in columns]
    for t in range(4):
        for i in range(4):
            bar, frame = bars[4 * t + i], frames[18 * t + 14 + i]
            assert np.allclose(bar[0], frame[0]) and bar[2, 1] == frame[2, 1]
            share = (bar[1, 0] - bar[0, 0]) / (frame[1, 0] - frame[0, 0])
            assert share == pytest.approx(rows["p"][t][i])


def test_letters_stand_beside_their_boxes():
    figure, _ = stepping(2, "p")
    said = [(text.get_text(), text.get_position()) for text in figure.axes[0].texts]
    blue = [box for box, face, *_ in shapes(figure)[2] if face == INPUT]
    assert len(blue) == 3
    for t, box in enumerate(blue):
        (height,) = {
            y
            for word, (x, y) in said
            if word == SYMBOLS[INPUTS[t]] and 0 < box[0, 0] - x < 0.1 and y < 1.5
        }
        assert height == pytest.approx(box[:, 1].mean())
    numbers = {text.get_gid(): text.get_position() for text in figure.axes[0].texts}
    for k, symbol in enumerate(SYMBOLS):
        x, y = numbers[f"y 2 {k}"]
        assert any(
            word == symbol and 0.3 < x - at < 0.5 and abs(y - height) < 0.02
            for word, (at, height) in said
        )


def test_without_carry_zeros_come_in_and_no_state_goes_on():
    for carry in (True, False):
        figure, _ = stepping(2, "h", carry)
        ax = figure.axes[0]
        _, arrows, boxes = shapes(figure)
        zeros = [t.get_position() for t in ax.texts if t.get_text() == "0"]
        assert len(zeros) == (0 if carry else 3)
        across = [(p[0] + p[6]) / 2 for p, *_ in arrows if abs(p[3] - p[0])[0] > 0.1]
        h = [(t, x) for t, x in enumerate(sorted(column_middles(ax, "h")))]
        for (_, x), start in zip(h, across):  # x: of the state before
            beside = start[0] - x
            first = start is across[0]
            assert beside == pytest.approx(0.28) if carry or first else beside > 0.5
        for (x, y), start in zip(zeros, across[1:]):
            assert 0 < start[0] - x < 0.15 and y == pytest.approx(start[1])


def column_middles(ax, name):
    """Where the columns of a quantity stand that have numbers."""
    return {t.get_position()[0] for t in ax.texts if (t.get_gid() or "-")[0] == name}


# What the figures say

TOY = toy()
RUN = rnn.forward(TOY.params, TOY.inputs)


@pytest.mark.parametrize(
    ("a", "words"),
    [
        (
            [[1.0, -0.5], [1.26, 1.34]],
            "from −3.0 to 3.0: it rises through 0 and flattens towards dashed lines at "
            "−1 and 1. A dotted line is a itself. 4 dots on the curve: a −0.50, h "
            "−0.46; a 1.00, h 0.76; a 1.26, h 0.85; a 1.34, h 0.87. They are up to "
            "0.47 away from the dotted line, there a is 1.34.",
        ),
        (
            [-5.0],
            "from −6.0 to 6.0: it rises through 0 and flattens towards dashed lines at "
            "−1 and 1. A dotted line is a itself. 1 dot on the curve: a −5.00, h "
            "−1.00. They are up to 4.00 away from the dotted line, there a is −5.00.",
        ),
        (
            np.linspace(2, -1, 13),
            "from −3.0 to 3.0: it rises through 0 and flattens towards dashed lines at "
            "−1 and 1. A dotted line is a itself. 13 dots on the curve: the leftmost "
            "at a −1.00, h −0.76; the rightmost at a 2.00, h 0.96. They are up to 1.04 "
            "away from the dotted line, there a is 2.00.",
        ),
    ],
)
def test_the_text_of_the_curve_has_its_dots(a, words):
    assert figures.tanh_curve(a).alt == f"The curve of tanh(a), for a {words}"


def test_the_text_of_the_blocks_has_the_equation_the_shapes_and_the_numbers():
    W, x = np.array([[0.0, 1.0, 0.5], [0.5, -1.0, 2.346]]), np.array([0.0, 0.25, 1.0])
    assert figures.blocks(("a", W @ x), "=", ("Wxh", W), "@", ("x", x)).alt == (
        "Arrays as boxes with their numbers: a = Wxh @ x. "
        "a, shape (2,), a column: 0.75, 2.1. Wxh, shape (2, 3), 2 rows: 0, 1, 0.5; "
        "0.5, −1, 2.35. x, shape (3,), a column: 0, 0.25, 1."
    )
    assert figures.blocks(("y", W), "+", ("by row", -x)).alt == (
        "Arrays as boxes with their numbers: y + by. "
        "y, shape (2, 3), 2 rows: 0, 1, 0.5; 0.5, −1, 2.35. "
        "by, shape (3,), 1 row: 0, −0.25, −1."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "hi!",
            "h i !; the inputs are rows 0 to 1, the targets rows 1 to 2. Right, the "
            "states: 0.00, 0.00; 0.76, −0.46; 0.87, 0.85; h_prev is rows 0 to 1, h "
            "rows 1 to 2; in both: row 1.",
        ),
        (
            "h ",
            "h ␣; the inputs are row 0, the targets row 1. Right, the states: 0.00, "
            "0.00; 0.76, −0.46; h_prev is row 0, h row 1.",
        ),
    ],
)
def test_the_text_of_the_views_says_which_rows_each_has(text, words):
    T = len(text) - 1
    alt = figures.two_views(text, RUN.h_prev[:T], RUN.h[:T]).alt
    assert alt == f"Left, the text, a character in each row: {words}"


def said(values):
    return ", ".join(f"{value:z.2f}".replace("-", "−") for value in values)


def said_of_symbols(values):
    pairs = zip(SYMBOLS, said(values).split(", "))
    return ", ".join(map(" ".join, pairs))


@pytest.mark.parametrize("scale", [0.8, 0.1, 0.0])
def test_the_text_of_the_graph_has_the_states_and_the_highest_logits(scale):
    params = rnn.Params.init(4, 3, rng=5, scale=scale)
    states = rnn.forward(params, INPUTS, H_INIT)
    figure = figures.unrolled(params, INPUTS, TARGETS, states, SYMBOLS)
    assert figure.alt.startswith("The network drawn 4 times, side by side, a column")
    best = [SYMBOLS[k] for k in states.y.argmax(axis=1)]
    steps = [
        f" t = {t}, input {'hell'[t]}: h = {said(states.h[t])}; highest {best[t]}, "
        f"target {'ello'[t]}."
        for t in range(4)
    ]
    repeated = f" Input l, at t = 2 and 3: highest {best[2]} and {best[3]}."
    _, told = figure.alt.split("all the same picture. h₋₁ = 0.30, −0.20, 0.10.")
    assert told == "".join(steps) + repeated


def test_the_text_of_a_graph_of_one_step_has_no_repeated_input():
    params, states = TOY.params, rnn.forward(TOY.params, [1])
    alt = figures.unrolled(params, [1], [2], states, TOY.symbols).alt
    assert alt.startswith("The network drawn 1 time, side by side")
    assert alt.endswith("t = 0, input h: h = 0.76, −0.46; highest h, target i.")


@pytest.mark.parametrize("step", range(4))
def test_the_text_of_a_lit_step_has_its_numbers(step):
    ax, params = unrolled(step)
    states = rnn.forward(params, INPUTS, H_INIT)
    a = params.Wxh.T[INPUTS[step]] + params.Whh @ states.h_prev[step] + params.bh
    best = [SYMBOLS[k] for k in states.y.argmax(axis=1)]
    words = f"step {step} stands in a frame; later ones are empty. "
    if step == 3:
        words = "step 3 stands in a frame. "
    words += f"The state before it: {said(states.h_prev[step])}. "
    words += f"t = {step}, input {'hell'[step]}: a = {said(a)}; "
    words += f"h = {said(states.h[step])}; y = {said_of_symbols(states.y[step])}; "
    words += f"highest {best[step]}, target {'ello'[step]}."
    if step == 3:
        words += f" Input l, at t = 2 and 3: highest {best[2]} and {best[3]}."
    head = "The network drawn 4 times, side by side, a column for each step; "
    assert ax.figure.alt == head + words


@pytest.mark.parametrize(("step", "quantity"), QUANTITIES)
@pytest.mark.parametrize("carry", [True, False])
def test_the_text_of_stepping_has_what_is_computed(step, quantity, carry):
    figure, rows = stepping(step, quantity, carry)
    before = np.zeros(3) if not carry else rows["h"][step - 1] if step else H_INIT
    told = []
    for name in "xahyp"[: "xahyp".index(quantity) + 1]:
        values = rows[name][step]
        words = said_of_symbols(values) if name in "yp" else said(values)
        if name == "x":
            words = ", ".join(f"{value:.0f}" for value in values)
        told.append(f"{name} = {words}; ")
    if quantity in "yp":
        told.append(f"highest {SYMBOLS[rows['y'][step].argmax()]}, ")
    zeros = "" if carry else "No arrow joins the steps: each begins with zeros. "
    assert figure.alt == (
        f"The network at 4 steps, side by side, computed up to {quantity} at t = "
        f"{step}, which is lit; what comes later is empty. {zeros}State before: "
        f"{said(before)}. t = {step}, input {'hell'[step]}: {''.join(told)}"
        f"target {'ello'[step]}."
    )


@pytest.mark.parametrize(
    ("carried", "reset", "T", "words"),
    [
        (
            [1.31, 1.2, 0.5, 0.32],
            [1.31, 1.2, 0, 0],
            2,
            "4 steps. Dotted lines mark 1 border of chunks of 2 steps. State carried: "
            "1.3 at t = 0, 1.3 at most, 0.32 at t = 3. State reset: 1.3 at t = 0, 1.3 "
            "at most, exactly 0 from t = 2 on. They part at t = 2.",
        ),
        (
            [0.5, 2.0, 1.0],
            [0.5, 0.7, 0.25],
            1,
            "3 steps. Dotted lines mark 2 borders of chunks of 1 step. State carried: "
            "0.5 at t = 0, 2 at most, 1 at t = 2. State reset: 0.5 at t = 0, 0.7 at "
            "most, 0.25 at t = 2. They part at t = 1.",
        ),
        (
            [0.0],
            [0.0],
            5,
            "1 step. Dotted lines mark 0 borders of chunks of 5 steps. State carried: "
            "0 at t = 0, 0 at most, exactly 0 from t = 0 on. State reset: 0 at t = 0, "
            "0 at most, exactly 0 from t = 0 on. They do not part.",
        ),
    ],
)
def test_the_text_of_the_reach_says_where_the_curves_end_and_part(
    carried, reset, T, words
):
    alt = figures.reach(carried, reset, T).alt
    assert alt == f"Two curves: the distance of the states after each of {words}"


@pytest.mark.parametrize(
    ("h", "text", "words"),
    [
        (
            [[0.3, 0.4], [0.3, 0.4], [-0.3, -0.4], [0.3, 0.4]],
            "aa b",
            "2 rows, the hidden units, and 4 columns, the characters just read (a a ␣ "
            "b). Orange is above 0, purple below, at most 0.4 in size. 1 pair of "
            "neighbouring columns of one character, 0 apart on average. 2 pairs of "
            "neighbouring columns of two, 1 apart on average.",
        ),
        (
            [[0.02], [0.05]],
            "aa",
            "1 row, the hidden units, and 2 columns, the characters just read (a a). "
            "Orange is above 0, purple below, at most 0.05 in size. 1 pair of "
            "neighbouring columns of one character, 0.03 apart on average.",
        ),
        (
            [[-0.2, 0.1]],
            "x",
            "2 rows, the hidden units, and 1 column, the characters just read (x). "
            "Orange is above 0, purple below, at most 0.2 in size.",
        ),
    ],
)
def test_the_text_of_the_units_says_how_much_alike_the_columns_are(h, text, words):
    alt = figures.units_over_text(np.array(h), text).alt
    assert alt == f"A picture of {words}"


def test_above_0_is_orange_and_below_purple():
    below, above = (to_rgb(colormaps[SIGNED](share)) for share in (0.1, 0.9))
    assert above[0] > above[2] and below[2] > below[0]
