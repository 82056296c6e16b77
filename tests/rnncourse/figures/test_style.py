"""The style: a palette for every kind of colour vision, text that can be read."""

import json
import re
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_hex, to_rgb, to_rgba
from matplotlib.text import Text

import rnnlib as rnn
from rnncourse import clinic, toy
from rnncourse.figures import (
    bptt,
    drawing,
    forward,
    gates,
    gist,
    gradcheck,
    in_pytorch,
    inside,
    loss,
    memory,
    one_hot,
    recipes,
    speed,
    start,
    style,
    tasks,
    training,
)
from rnncourse.figures.style import contrast, ink_on
from rnncourse.widgets.flow import flow_at

MEANINGS = ("INPUT", "HIDDEN", "OUTPUT", "GRADIENT", "TARGET")
PALETTE = {name: getattr(style, name) for name in (*MEANINGS, "INK", "FAINT")}

# Linear RGB as it is seen without one kind of cone: Machado, Oliveira and Fernandes
# (2009), A physiologically-based model for simulation of color vision deficiency,
# severity 1.0.
VISIONS = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# CIEDE2000 is made so that 1 can just be seen where two large fields touch. The marks
# of a figure are small and apart, and a colour is remembered from figure to figure:
# ten times that at least, and twice as much for most readers.
APART = {"normal": 20, "protanopia": 10, "deuteranopia": 10, "tritanopia": 10}


# The palette


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#FFFFFF", 21),
        ("#767676", "#FFFFFF", 4.54),
        ("#FF0000", "#FFFFFF", 4.00),
        ("#0000FF", "#FFFFFF", 8.59),
        ("#777777", "#777777", 1),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("name", PALETTE)
def test_every_colour_can_be_written_with(name):
    assert contrast(PALETTE[name], style.GROUND) >= 4.5
    if name != "FAINT":
        assert contrast(PALETTE[name], style.LIT) >= 4.5


def test_there_is_an_ink_for_every_ground():
    for grey in range(256):
        ground = to_hex([grey / 255] * 3)
        assert contrast(ink_on(ground), ground) >= 4.5
    for ground in PALETTE.values():
        assert contrast(ink_on(ground), ground) >= 4.5
    assert ink_on(style.GROUND) == ink_on(style.LIT) == style.INK
    assert ink_on(style.INK) == style.GROUND


def lab(color, vision):
    """A colour in CIELAB under D65, as it is seen in a kind of vision."""
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722]]
    to_xyz = np.array([*to_xyz, [0.0193, 0.1192, 0.9505]])
    white = to_xyz.sum(axis=1)
    xyz = to_xyz @ np.clip(VISIONS[vision] @ linear, 0, 1) / white
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one, other):
    """The colour difference of CIE 142-2001 between two colours in CIELAB."""

    def half(chroma):
        return np.sqrt(chroma**7 / (chroma**7 + 25.0**7))

    def cos(degrees):
        return np.cos(np.radians(degrees))

    (L, M), a, b = np.transpose([one, other])
    a = a * (1.5 - 0.5 * half(np.hypot(a, b).mean()))
    chroma, hue = np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360
    turn = (hue[1] - hue[0] + 180) % 360 - 180
    mean, h = chroma.mean(), hue[0] + turn / 2
    T = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h)
    T += 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63)
    around = ((L + M) / 2 - 50) ** 2
    light = (M - L) / (1 + 0.015 * around / np.sqrt(20 + around))
    vivid = (chroma[1] - chroma[0]) / (1 + 0.045 * mean)
    tint = 2 * np.sqrt(chroma.prod()) * np.sin(np.radians(turn / 2))
    tint /= 1 + 0.015 * mean * T
    lean = 60 * np.exp(-((((h - 275 + 180) % 360 - 180) / 25) ** 2))
    cross = -2 * np.sin(np.radians(lean)) * half(mean) * vivid * tint
    return np.sqrt(light**2 + vivid**2 + tint**2 + cross)


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [  # from Sharma, Wu and Dalal (2005), table 1
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.4900, -0.0010), (50, -2.4900, 0.0009), 7.1792),
        ((50, 2.5000, 0), (73, 25.0000, -18.0000), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_colour_difference_is_ciede2000(one, other, difference):
    assert ciede2000(one, other) == pytest.approx(difference, abs=1e-4)


@pytest.mark.parametrize("vision", VISIONS)
def test_the_colours_stay_apart_for_every_kind_of_vision(vision):
    seen = {name: lab(color, vision) for name, color in PALETTE.items()}
    for one, other in combinations(seen, 2):
        assert ciede2000(seen[one], seen[other]) >= APART[vision], (one, other)


@pytest.mark.parametrize("vision", VISIONS)
def test_numbers_of_opposite_sign_differ_for_every_kind_of_vision(vision):
    signed = colormaps[style.SIGNED]
    for size in (0.1, 0.25, 0.5):
        below, above = (lab(signed(0.5 + way * size), vision) for way in (-1, 1))
        assert ciede2000(below, above) >= 10


@pytest.mark.parametrize("vision", VISIONS)
def test_larger_amounts_are_lighter_for_every_kind_of_vision(vision):
    amounts = colormaps[style.AMOUNT](np.linspace(0, 1, 11))
    lightness = [lab(color, vision)[0] for color in amounts]
    assert np.diff(lightness).min() > 3


def test_the_simulation_confuses_what_the_colour_blind_confuse():
    def apart(one, other, vision):
        return ciede2000(lab(one, vision), lab(other, vision))

    assert apart("#C44900", "#B36B00", "deuteranopia") < 5 < 10
    assert apart("#C44900", "#B36B00", "normal") > 10
    assert apart("#0072B2", "#007A5A", "tritanopia") < 10
    for vision in VISIONS:  # greys are seen as greys
        assert np.abs(lab("#808080", vision)[1:]).max() < 0.1


# Every figure as it is drawn


@cache
def examples():
    """For the name of each figure function: a list of figures that it drew."""
    rng = np.random.default_rng(0)
    net, inputs, targets, h_init, symbols = toy()
    run = rnn.forward(net, inputs, h_init)
    line = "Before we proceed any further, hear me speak."
    vocabulary = rnn.Vocabulary.from_text(line)
    x = rnn.one_hot(vocabulary.encode(line), len(vocabulary))
    big = rnn.Params.init(4, 3, rng=5, scale=0.8)
    word = [1, 0, 2, 2], [0, 2, 2, 3], rnn.forward(big, [1, 0, 2, 2]), "ehlo"
    y = np.array([1.0, 0.0, 2.0, -0.5])
    p = rng.dirichlet(np.ones(18), size=18).T
    fall = 2 + 2 * np.exp(-np.arange(600) / 100)
    eps = 10.0 ** -np.arange(1, 14)
    # Twice: where one is just 1e-15, the last bit of a power decides on which side.
    errors = {n: 2 * eps**k for k, n in enumerate(("one", "two", "three", "four"))}
    patients = dict(zip(clinic.MORE, np.geomspace(1e-10, 2, 36).reshape(6, 6)))
    pair, triple = np.ones((2, 2)), np.ones((2, 3))
    back = {"dy": triple, "from_y": pair, "from_a": pair, "dh": pair, "da": pair}
    graph = symbols, inputs, targets, run, [1.96, 2.0]
    slopes = {"u/s": 2, "v/s": 6, "q/u": 9, "q/v": 5}
    step = ("a", run.h[1]), "=", ("Wxh", net.Wxh), "@", ("x", x[1, :3])
    rates = {0.01: [fall, fall + 1], 0.03: [fall, 10 - fall]}
    held_out = {1000: 2.9, 50_000: 2.1}
    versions = "dictionaries", "sums as products", "lean forward loop", "float32"
    ladder = dict(zip((*versions, "16 streams"), [1, 1.8, 2.9, 5.3, 18]))
    sizes, times = [1, 10, 100], {"v + v": [1, 1, 1], "W @ v": [2, 2, 5]}
    fading = 1.1 ** np.arange(75).reshape(3, 25)
    names = np.array([list("|anna|||"), list("|gudrun|")]).T
    cost = {"H": {12: 0.6, 400: 6.5}, "T": {3: 0.5, 400: 10}, "B": {1: 1, 32: 30}}
    return {
        "one_hot": {
            "one_hot_columns": [
                one_hot.one_hot_columns(np.eye(4), "helo", "ehlo"),
                one_hot.one_hot_columns(x, line, vocabulary.symbols),
            ],
            "lookup": [one_hot.lookup(net.Wxh, 1, symbols)],
            "shift_by_one": [one_hot.shift_by_one("hello")],
            "chunk_strip": [one_hot.chunk_strip("hello world!", 3)],
        },
        "forward": {
            "tanh_curve": [forward.tanh_curve(run.h)],
            "blocks": [forward.blocks(*step)],
            "two_views": [forward.two_views("hi!", run.h_prev, run.h)],
            "unrolled": [
                forward.unrolled(big, *word, step) for step in (None, 0, 1, 3)
            ],
            "stepping": [
                forward.stepping(big, *word, step, quantity)
                for step, quantity in ((0, "x"), (0, "a"), (2, "h"), (3, "p"))
            ],
            "reach": [forward.reach(np.linspace(1, 0, 30), np.zeros(30), 5)],
            "units_over_text": [
                forward.units_over_text(rng.normal(size=(45, 100)), line)
            ],
        },
        "loss": {
            "softmax_steps": [loss.softmax_steps(run.y[0], symbols)],
            "temperatures": [loss.temperatures(y, [0.5, 1, 2], "ehlo")],
            "surprise": [loss.surprise([1, 1 / 2, 1 / 10, 1 / 64])],
            "pushes": [loss.pushes(p[:3, :4], [2, 2, 2], "ehlo", "abc")],
            "logits_and_push": [loss.logits_and_push(y, 0.5, 2, "ehlo")],
            "descent": [loss.descent(fall, {"uniform": 4.159, "bigram": 2})],
            "two_tables": [loss.two_tables(p, p, line[:18])],
            "meeting": [loss.meeting(p * (p > 0.01), p)],
            "chunk_losses": [loss.chunk_losses(p[0])],
        },
        "bptt": {
            "two_paths": [bptt.two_paths({"s": 3, "u": 5, "v": 9, "q": 45}, slopes)],
            "product_paths": [
                bptt.product_paths([[1, -1, 2], [0, 3, -1]], [2, 1, -1], [2, 3], 1)
            ],
            "two_steps": [
                bptt.two_steps(
                    {"h0/b0": 0.5, "h1/b1": 0.5, "h1/h0": 2, "l0/h0": 1, "l1/h1": 3}
                )
            ],
            "outer_product": [bptt.outer_product([2, 3], [2, 1, -1])],
            "backward_flow": [
                bptt.backward_flow(*graph),
                bptt.backward_flow(*graph, back | {"dh_init": [-0.73, -0.31]}),
            ],
            "flow_step": [
                flow_at(t, scale, "hello!", rnn.Params.init(5, 3, rng=1))[0]
                for t, scale in ((0, 1.0), (2, 0.0), (4, 3.0))
            ],
            "untied": [bptt.untied([0.5, -1.0, 0.25], -0.25, "Whh[0, 1]")],
        },
        "gradcheck": {
            "training_curves": [gradcheck.training_curves(rates)],
            "u_curve": [gradcheck.u_curve(eps, errors)],
            "clinic_chart": [gradcheck.clinic_chart(patients, clinic.ALL)],
            "backward_order": [gradcheck.backward_order(clinic.BEHIND_DH)],
        },
        "training": {
            "chunk_strip": [training.chunk_strip(60, 25)],
            "learning_rates": [training.learning_rates(rates, 50)],
            "first_steps": [training.first_steps({0.1: fall, 0.01: fall / 2}, 3)],
            "training_run": [
                training.training_run(25 * fall, 25 * fall, held_out, T=25)
            ],
            "yardsticks": [
                training.yardsticks([("trigram", 2.05, False), ("RNN", 2.1, True)])
            ],
            "temperatures": [
                training.temperatures({0.5: p[:8, 0], 2.0: p[:8, 1]}, "gtdkcsef")
            ],
            "unit_over_text": [training.unit_over_text(eps[:8] - 0.5, "AB:\nme\n!")],
            "live_run": [
                training.live_run(
                    [(n, 5.0, 4.0) for n in range(1, 99)], {"bigram": 2.5}
                )
            ],
            "next_character": [training.next_character(p[:, 0], line[:18], 3)],
            "seed_spread": [training.seed_spread({0.1: [2.5, 2.6], 0.03: [2.3]})],
        },
        "start": {
            "course_map": [start.course_map()],
            "pair_counts": [start.pair_counts(np.eye(4), "ehlo")],
            "hello_losses": [start.hello_losses(eps, 1e-4)],
        },
        "speed": {
            "price_of_a_call": [speed.price_of_a_call(sizes, times)],
            "ladder": [speed.ladder(ladder)],
            "shares": [
                speed.shares({"calls": 0.55, "products with Whh": 0.13}, bounds=False),
                speed.shares({"calls": 0.9, "root and division": 0.03}),
            ],
            "staircase": [speed.staircase(np.tri(25, dtype=bool))],
            "scaling": [speed.scaling(cost)],
        },
        "memory": {
            "by_lag": [memory.by_lag({"bound": fading, "path": 1 / fading})],
            "powers": [memory.powers({"2 by 2": (fading[0], 0.9, 1.6)})],
            "context": [memory.context([1, 2, 30], {"T = 1": [[2.7, 2.4, 2.2]] * 3})],
            "dots": [
                memory.dots(
                    {"T = 6": [0.6, 0.58], "T = 5": [0.69]}, "nats a bit", [0.58]
                ),
                memory.dots({"cut": [2.1, 2.2]}, "loss at the end, nats a character"),
            ],
            "lead": [memory.lead({"lr 0.1": [fall - 2.1]}, "complete", "cut")],
        },
        "recipes": {
            "ladder": [
                recipes.ladder({"as in 06": [2.3, 2.4], "Wxh 0.5": [2.18, 2.19]}),
                recipes.ladder({"top": [2.1]}, [("trigram", 2.0), ("bigram", 2.47)]),
            ],
            "step_sizes": [recipes.step_sizes({"Adagrad": eps, "Adam": eps**0 / 100})],
            "rates": [recipes.rates({"constant": eps**0, "falling": eps})],
            "overfitting": [
                recipes.overfitting(
                    [40, 80, 120],
                    {"plain": (fall[:6].reshape(2, 3), fall[6:12].reshape(2, 3))},
                    "a short text",
                )
            ],
            "race": [
                recipes.race(
                    {"gist": [(1, 2.6), (10, 2.2)], "ladder": [(1.5, 2.1), (12, 1.8)]},
                    {"trigram": (0.1, 2.05)},
                )
            ],
        },
        "gates": {
            "growth": [gates.growth({"size 1": fading, "size 2": [fading[0]]})],
            "cell": [gates.cell(dict(zip(("m_prev", *"fwgomh"), eps[:7] - 0.5)))],
            "kept": [gates.kept({0: 0.5, 1: 0.73, 2: 0.88, 4: 0.98}, 50)],
            "solved": [gates.solved({"b = 0": [None, 9], "b = 4": [5, 6]}, 300)],
            "memory": [gates.memory("recall"), gates.memory("marked")],
            "reading": [gates.reading()],
        },
        "inside": {
            "on_text": [
                inside.on_text("AB:\nme\n!", fading[0, :8], "surprise, bits"),
                inside.on_text(line, np.sin(np.arange(45)), "unit", signed=True),
            ],
            "bars": [inside.bars({"letter 1": 4.3, "space": 0.9}, "mean surprise")],
            "compared": [
                inside.compared({"name": ([0.9, 0.8], [0.2, 1])}, "largest correlation")
            ],
            "by_lag": [inside.by_lag({"trained": 1 / fading}, "influence")],
            "points": [
                inside.points(
                    {"Wxh": ("aBc", eps[:3], fall[:3])},
                    {"vowels": "a", "consonants": "c", "capitals": "B"},
                )
            ],
            "trade": [
                inside.trade(
                    {"long": [(0.2, 0.9), (0.4, 0.7)]}, {"plays": [(1, 1)]}, [1, 2]
                )
            ],
            "walking": [
                inside.walking(
                    line[:8], k, 1, np.sin(x[:8]), fading[0, :8], p[:, 0], line[:18]
                )
                for k in (0, 6, 7)
            ],
        },
        "tasks": {
            "batch": [tasks.batch(names[:-1], names[1:], names[1:] != "|")],
            "as_it_reads": [
                tasks.as_it_reads(
                    dict.fromkeys(["anna", "otto", "anne"], p[0, :4]), "1", "0"
                )
            ],
            "attention": [tasks.attention(p[:4], line[:4], line[:18])],
        },
        "in_pytorch": {
            "step_times": [in_pytorch.step_times(sizes, {"NumPy": eps[:3]})],
        },
        # Notebook 13.
        "gist": {
            "counts_beside_p": [
                gist.counts_beside_p(
                    p[0], {"fair": [*range(18)], "no": [1] * 9}, "e" * 18
                )
            ],
            "smoothed_curves": [
                gist.smoothed_curves({"seed 0": ([1, 2, 3], [90.0, 70.0, 60.0])}, 25)
            ],
            "beyond": [gist.beyond()],
        },
    }


def drawn_once():
    """The examples: {their id: the figure}."""
    return {
        f"{module}-{name}-{k}": figure
        for module, functions in examples().items()
        for name, figures in functions.items()
        for k, figure in enumerate(figures)
    }


# What every example says, once it was read and found right: {id: its words}.
WORDS = Path(__file__).with_name("words.json")
SAVED = json.loads(WORDS.read_text(encoding="utf-8"))


@pytest.fixture
def figure(request):
    return drawn_once()[request.param]


every_figure = pytest.mark.parametrize("figure", SAVED, indirect=True)


@pytest.mark.parametrize("name", sorted({key.partition("-")[0] for key in SAVED}))
def test_every_figure_function_has_an_example(name):
    module = globals()[name]
    styled = {
        name
        for name, function in vars(module).items()
        if hasattr(function, "__wrapped__") and function.__module__ == module.__name__
    }
    assert styled == {
        key.split("-")[1] for key in drawn_once() if key.startswith(f"{name}-")
    }


class WithoutText(RendererAgg):
    """Draws all of a figure but the letters: what is left is what lies beneath."""

    def draw_text(self, *args, **kwargs):
        pass


@pytest.fixture
def drawn(monkeypatch):
    """Draw a figure: its texts, each with its corners, and the pixels under them."""
    texts, draw = [], Text.draw

    def draw_and_tell(text, renderer):
        if text.get_visible() and text.get_text().strip():
            texts.append(text)
        draw(text, renderer)

    monkeypatch.setattr(Text, "draw", draw_and_tell)

    def drawn(figure):
        width, height = map(int, figure.bbox.size)
        renderer = WithoutText(width, height, figure.dpi)
        figure.draw(renderer)
        pixels = np.asarray(renderer.buffer_rgba())[::-1, :, :3]  # y upward
        return [(text, text.get_window_extent(renderer)) for text in texts], pixels

    return drawn


@every_figure
def test_every_text_can_be_read(figure, drawn):
    texts, pixels = drawn(figure)
    assert texts and figure.get_figwidth() <= 8  # inches, as wide as it is shown
    for text, box in texts:
        words = text.get_text()
        assert text.get_size() >= 12, words
        assert box.x0 >= 0 and box.y0 >= 0, words
        assert box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1, words
        rows = slice(int(box.y0), int(np.ceil(box.y1)))
        columns = slice(int(box.x0), int(np.ceil(box.x1)))
        beneath = Counter(map(tuple, pixels[rows, columns].reshape(-1, 3).tolist()))
        readable = sum(
            count
            for ground, count in beneath.items()
            if contrast(text.get_color(), np.divide(ground, 255)) >= 4.5
        )
        # No more than a thin stroke may cross the letters.
        assert readable >= 0.98 * beneath.total(), words


def shades(artist):
    """The colours of a line or a patch, laid on the ground where they are clear."""
    if hasattr(artist, "get_facecolor"):
        colors = [artist.get_facecolor(), artist.get_edgecolor()]
    else:
        colors = [to_rgba(artist.get_color(), artist.get_alpha())]
    return [np.array(c[:3]) * c[3] + 1 - c[3] for c in colors]


@every_figure
def test_every_mark_stands_out_from_the_ground(figure):
    for axes in figure.axes:
        arrows = [text.arrow_patch for text in axes.texts if hasattr(text, "xyann")]
        for mark in [*axes.lines, *axes.patches, *filter(None, arrows)]:
            strongest = max(contrast(c, style.GROUND) for c in shades(mark))
            gap = strongest == 1  # between coloured cells, in the colour of the ground
            underlay = mark.get_zorder() < 0
            ghost = (mark.get_alpha() or 1) < 0.5  # of a step that is not yet done
            assert strongest >= 3 or gap or underlay or ghost, mark


def without_colour(mark):
    """What tells a line or a patch from others when its colour is not seen."""
    parts = ("linestyle", "marker", "fillstyle", "markersize", "hatch")
    told = [getattr(mark, f"get_{part}", str)() for part in parts]
    empty = to_rgba(getattr(mark, "get_markerfacecolor", str)() or "none")
    return type(mark), *told, empty == to_rgba(style.GROUND)


@every_figure
def test_no_legend_tells_by_colour_alone(figure):
    for axes in figure.axes:
        places = {text.get_position() for text in axes.texts}
        points = {tuple(at) for line in axes.lines for at in line.get_xydata()}
        lettered = points and points <= places  # letters say themselves what they are
        if lettered or not (axes.get_legend() or figure.legends):
            continue
        marks = axes.get_legend_handles_labels()[0]
        looks = [without_colour(mark) for mark in marks]
        assert len(set(looks)) == len(looks), looks


@every_figure
def test_a_loss_has_a_unit_and_training_steps_one_name(figure):
    for axes in figure.axes:
        for label in (axes.get_xlabel(), axes.get_ylabel()):
            if "loss" in label:
                assert label.endswith((", nats a character", ",\nnats summed over t"))
            assert label not in ("step", "steps", "update", "updates")


@every_figure
def test_every_figure_says_what_is_to_be_seen(figure):
    assert len(figure.alt.split()) >= 8 and figure.alt.endswith(".")
    assert figure.alt == " ".join(figure.alt.split()), "spaces and line breaks"
    said = figure.alt + getattr(figure, "measured", "")
    assert not re.search(r"\bnan\b|\binf\b|np\.|\bNone\b|-\d|[\[\]$]", said)
    assert not re.search(r"\b1 (row|seed|bar|line|run|step|time)s\b", said)


def words_of(figure):
    """All that a figure says: its text, what was measured, the words on it."""
    said = [figure.alt, getattr(figure, "measured", "")]
    for axes in figure.axes:
        said += [axes.get_title(loc=side) for side in ("left", "center", "right")]
        said += [axes.get_xlabel(), axes.get_ylabel()]
        said += [second.get_ylabel() for second in axes.child_axes]
        said += [text.get_text() for text in axes.texts]
    for legend in (*(axes.get_legend() for axes in figure.axes), *figure.legends):
        if legend:
            said += [legend.get_title().get_text()]
            said += [text.get_text() for text in legend.get_texts()]
    return [words for words in said if words]


def test_every_figure_says_what_was_read_and_found_right():
    found = {name: words_of(figure) for name, figure in drawn_once().items()}
    differ = {name: found[name] for name in found if found[name] != SAVED.get(name)}
    differ |= {name: "has no example" for name in SAVED.keys() - found.keys()}
    advice = (
        "Read them. If they are right: python -m tests.rnncourse.figures.test_style"
    )
    assert differ == {}, advice


def test_other_data_another_text():
    for functions in examples().values():
        for name, figures in functions.items():
            assert len({figure.alt for figure in figures}) == len(figures), name


# What the figures share


def test_numbers_have_a_true_minus_and_short_exponents():
    assert drawing.number(-0.5) == "−0.5"
    assert drawing.number(2e-9, ".1g") == "2e−9"
    assert drawing.number(1e-13) == "1e−13"
    assert drawing.number(-0.001, "z.2f") == "0.00"
    assert drawing.number(12, ".1g") == "10" and drawing.number(2e9, ".1g") == "2e9"


def test_white_space_has_a_sign():
    assert [drawing.visible(c) for c in " \na"] == ["␣", "↵", "a"]


if __name__ == "__main__":
    found = {name: words_of(figure) for name, figure in drawn_once().items()}
    WORDS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
