"""The figures of notebook 04: paths, an outer product, gradients flowing back."""

from functools import reduce

import numpy as np
from matplotlib.ticker import NullLocator

from rnncourse.figures.drawing import (
    BACK,
    FORWARD,
    arrow,
    cells,
    listed,
    number,
    sheet,
    visible,
)
from rnncourse.figures.style import (
    FAINT,
    GRADIENT,
    GROUND,
    HIDDEN,
    INK,
    INPUT,
    LIT,
    OUTPUT,
    SIGNED,
    TARGET,
    new_figure,
    steady_figure,
    styled,
)

BLOCKS = ("Whh", "Wxh", "Why", "bh", "by")  # from the top


@styled
def two_paths(values, slopes):
    """Two paths from s to q: slopes multiply along a path, the paths add up.

    values: numbers s, u, v, q. slopes: local derivatives; "u/s" is that of u by s, the
    others are "v/s", "q/u" and "q/v".
    """
    figure, axes = sheet(8, 3.6)
    places = {"s": (0.9, 1.8), "u": (4, 2.8), "v": (4, 0.8), "q": (7.1, 1.8)}
    colors = {"s": INPUT, "u": HIDDEN, "v": HIDDEN, "q": OUTPUT}
    for name, slope in slopes.items():
        end, start = (np.array(places[letter]) for letter in name.split("/"))
        along = (end - start) / np.hypot(*(end - start))
        arrow(axes, start + 0.68 * along, end - 0.68 * along, **FORWARD)
        upper = "u" in name
        height = 0.22 if upper else -0.22
        middle = (start + end) / 2 + (0, height)
        side = {"ha": "center", "va": "bottom" if upper else "top"}
        axes.text(*middle, f"slope {number(slope)}", **side)
    for name, at in places.items():
        _node(axes, at, f"${name}$ = {number(values[name])}", colors[name])
    look = {"ha": "center", "va": "center", "color": GRADIENT}
    through = {via: slopes[f"{via}/s"] * slopes[f"q/{via}"] for via in "uv"}
    told = []
    for via, height in (("u", 3.35), ("v", 0.25)):
        two = [number(slopes[name]) for name in (f"{via}/s", f"q/{via}")]
        product = number(through[via])
        words = f"path over {via}: {_times(*two)} = {product}"
        axes.text(4, height, words, **look)
        told.append(f"Over {via} the slopes {listed(two)} give {product}.")
    total = number(sum(through.values()))
    parts = _plus(number(through["u"]), number(through["v"]))
    axes.text(4, 1.8, f"{parts} = {total}", size=16, **look)
    at = {name: f"{name} = {number(value)}" for name, value in values.items()}
    figure.alt = (
        f"Arrows lead from {at['s']} to {at['u']} and to {at['v']}, and from both to "
        f"{at['q']}. {' '.join(told)} Together {total}."
    )
    return figure


@styled
def product_paths(M, r, dz, j):
    """The arrows of z = Mr + b, each with its entry of M; those of r_j, and dr_j.

    M: (n, m). r: (m,). dz: (n,), the gradient of z. j: the component of r whose way
    to the loss is coloured.
    """
    M, r, dz = np.asarray(M), np.asarray(r), np.asarray(dz)
    figure, axes = sheet(8, 4.2)
    froms = [(1.1, y) for y in np.linspace(3.6, 1.1, len(r))]
    tos = [(5, y) for y in np.linspace(3.1, 1.6, len(dz))]
    for (i, k), weight in np.ndenumerate(M):
        start, end = np.array(froms[k]), np.array(tos[i])
        along = (end - start) / np.hypot(*(end - start))
        look = {"color": GRADIENT, "zorder": 2} if k == j else FORWARD
        arrow(axes, start + 0.75 * along, end - 0.55 * along, **look)
        ground = {"facecolor": GROUND, "edgecolor": "none", "pad": 1}
        where = start + along * (1.3 if k == j else 1.1)
        color = GRADIENT if k == j else INK
        side = {"ha": "center", "va": "center", "color": color, "bbox": ground}
        axes.text(*where, number(weight), zorder=4, **side)
    for k, at in enumerate(froms):
        _node(axes, at, f"$r_{k}$ = {number(r[k])}", INPUT)
    for i, at in enumerate(tos):
        _node(axes, at, f"$z_{i}$", HIDDEN)
        words = f"$dz_{i}$ = {number(dz[i])}"
        axes.text(5.6, at[1], words, va="center", size=15, color=GRADIENT)
    terms = [_times(number(M[i, j]), number(dz[i])) for i in range(len(dz))]
    slope = number(M[:, j] @ dz)
    added = reduce(_plus, terms)
    words = f"$dr_{j}$ = {added} = {slope}"
    axes.text(4, 0.4, words, ha="center", va="center", size=16, color=GRADIENT)
    rows = [listed(map(number, row)) for row in M]
    figure.alt = (
        f"Arrows lead from each of the {len(r)} entries of r to each of the {len(dz)} "
        f"of z, with the entries of M as slopes, row by row: {'; '.join(rows)}. Those "
        f"of r{subscript(j)} are coloured: {listed(map(number, M[:, j]))}. With dz "
        f"{listed(map(number, dz))} they give dr{subscript(j)} = {added} = {slope}."
    )
    return figure


@styled
def two_steps(slopes):
    """Two steps of one unit with a copy of the bias for each: which arrows there are.

    slopes: the slope at each arrow; "h0/b0" is that of h₀ by the copy b⁽⁰⁾, the others
    are "h1/b1", "h1/h0", "l0/h0" and "l1/h1".
    """
    figure, axes = sheet(8, 4.4)
    places = {"b0": (2, 0.6), "h0": (2, 2.2), "l0": (2, 3.8)}
    places |= {name[0] + "1": (6, y) for name, (_, y) in places.items()}
    signs = {"b": "$b^{{({})}}$", "h": "$h_{}$", "l": "$\\ell_{}$"}
    colors = {"b": INPUT, "h": HIDDEN, "l": TARGET}
    told = []
    for name, slope in slopes.items():
        end, start = (np.array(places[place]) for place in name.split("/"))
        along = (end - start) / np.hypot(*(end - start))
        arrow(axes, start + 0.4 * along, end - 0.4 * along, **FORWARD)
        upright = start[0] == end[0]
        at = (start + end) / 2 + ((0.15, 0) if upright else (0, 0.15))
        side = {"va": "center", "ha": "left"} if upright else {"ha": "center"}
        axes.text(*at, f"slope {number(slope)}", **side)
        to, of = (f"{'ℓ' if n[0] == 'l' else n[0]}{n[1]}" for n in name.split("/"))
        told.append(f"from {of} to {to} {number(slope)}")
    for name, at in places.items():
        _node(axes, at, signs[name[0]].format(name[1]), colors[name[0]])
    figure.alt = (
        "Two columns, in each a copy of the bias, b0 and b1, below a state, h0 and h1, "
        f"below a loss, ℓ0 and ℓ1. Arrows with slopes: {listed(told)}."
    )
    return figure


@styled
def outer_product(dz, r):
    """The outer product dz rᵀ: each entry is its row's dz times its column's r."""
    dz, r = np.asarray(dz), np.asarray(r)
    product = np.outer(dz, r)
    figure, axes = new_figure(8, 3)
    # Keeps every cell light enough for its text, also where all products are 0.
    limit = 1.6 * np.abs(product).max() or 1
    axes.imshow(product, cmap=SIGNED, vmin=-limit, vmax=limit, aspect="auto")
    for (i, j), value in np.ndenumerate(product):
        text = f"{_times(number(dz[i]), number(r[j]))} = {number(value)}"
        axes.text(j, i, text, ha="center", va="center", size=15)
    tops = [f"$r_{j}$ = {number(value)}" for j, value in enumerate(r)]
    sides = [f"$dz_{i}$ = {number(value)}" for i, value in enumerate(dz)]
    axes.set_xticks(range(len(r)), tops, size=15)
    axes.set_yticks(range(len(dz)), sides, size=15, color=GRADIENT)
    cells(axes, *product.shape)
    rows = [listed(map(number, row)) for row in product]
    figure.alt = (
        f"A table. Its rows are those of dz: {listed(map(number, dz))}. Its columns "
        f"are those of r: {listed(map(number, r))}. Each cell holds the product of its "
        f"row's dz and its column's r, row by row: {'; '.join(rows)}."
    )
    return figure


@styled
def backward_flow(symbols, inputs, targets, states, losses, back=None):
    """The graph of two steps with its numbers: forward, or forward and backward.

    symbols: what index k stands for. inputs, targets: (2,). states: what
    `rnnlib.forward` returned. losses: (2,), in nats. back: None, or a dictionary of
    arrays with a row for each step, dy, from_y (Whyᵀ dyₜ), from_a (Whhᵀ daₜ₊₁), dh and
    da, and dh_init, (H,). They stand at dashed arrows, against the solid ones.
    """
    figure, axes = sheet(8, 6.4)
    aside = 0 if back is None else 0.12  # of the way back, which runs beside it
    x_row, a_row, h_row, y_row, loss_row = 0.3, 1.5, 3.4, 4.85, 6.1
    columns = (1.75, 5.4)
    _node(axes, (0.4, h_row), "$h_{-1}$", HIDDEN)
    for start, end in zip((0.4, columns[0]), columns):
        ends = _across((start, h_row), (end, a_row), -0.75 * aside)
        arrow(axes, *ends, **FORWARD)
    for t, x in enumerate(columns):
        _node(axes, (x, x_row), f"$x_{t}$: “{visible(symbols[inputs[t]])}”", INPUT)
        _node(axes, (x, a_row), f"$a_{t}$", HIDDEN)
        _node(axes, (x, h_row), f"$h_{t}$", HIDDEN)
        _node(axes, (x, y_row), f"$y_{t}$", OUTPUT)
        target = visible(symbols[targets[t]])
        loss = f"$\\ell_{t}$ = {losses[t]:.2f} nats, target “{target}”"
        _node(axes, (x, loss_row), loss, TARGET)
        rows = (x_row, a_row, h_row, y_row, loss_row)
        for start, end in zip(rows, rows[1:]):
            ends = (x - aside, start + 0.3), (x - aside, end - 0.3)
            arrow(axes, *ends, **FORWARD)
        axes.text(x - 0.22, a_row + 1.3, "tanh", ha="right", va="center", size=12.5)
    if back is None:
        for t, x in enumerate(columns):
            _note(axes, (x + 0.28, h_row), f"$h_{t}$", states.h[t], INK)
            _note(axes, (x + 0.28, y_row), f"$y_{t}$", states.y[t], INK)
        figure.alt = _forward_told(symbols, inputs, targets, states, losses)
        return figure

    for t, x in enumerate(columns):
        for start, end in ((loss_row, y_row), (y_row, h_row), (h_row, a_row)):
            ends = (x + aside, start - 0.3), (x + aside, end + 0.3)
            arrow(axes, *ends, **BACK)
        middle = (loss_row + y_row) / 2
        _note(axes, (x + 0.25, middle), f"$dy_{t}$", back["dy"][t], lines=2)
        from_y = f"$W_{{hy}}^T\\,dy_{t}$"
        middle = (y_row + h_row) / 2 + 0.08
        _note(axes, (x + 0.25, middle), from_y, back["from_y"][t], lines=2)
        _note(axes, (x + 0.28, h_row + 0.1), f"$dh_{t}$", back["dh"][t])
        _note(axes, (x + 0.28, a_row - 0.1), f"$da_{t}$", back["da"][t])
    tail = (columns[1] + columns[1] - columns[0], a_row)
    for start, end in zip((*columns, tail[0]), (0.4, *columns)):
        first, last = _across((start, a_row), (end, h_row), -0.75 * aside)
        if start == tail[0]:  # the arrow out of step 2 begins at the margin
            first = last + (first - last) * 0.45
        arrow(axes, first, last, **BACK)
    across = "$W_{hh}^T\\,da_1$"
    _note(axes, (3.3, 2.98), across, back["from_a"][0], lines=2)
    _note(axes, (0.08, h_row + 0.6), "$dh_{-1}$", back["dh_init"], lines=2)
    axes.text(7.1, 2.2, "$da_2 = 0$", ha="center", size=12.5, color=GRADIENT)
    figure.alt = _backward_told(symbols, inputs, targets, losses, back)
    return figure


def _forward_told(symbols, inputs, targets, states, losses):
    """What the graph of the forward pass shows."""
    words = (
        "Two columns, t = 0 and t = 1. In each, solid arrows lead up from x to a, by "
        "tanh to h, to y and to the loss; others lead across, from h₋₁ to a₀ and from "
        "h₀ to a₁."
    )
    for t in range(2):
        words += (
            f" Step {t}: x is “{visible(symbols[inputs[t]])}”, "
            f"h is {_vector(states.h[t])}, y is {_vector(states.y[t])}; the target is "
            f"“{visible(symbols[targets[t]])}”, the loss {losses[t]:.2f} nats."
        )
    return words


def _backward_told(symbols, inputs, targets, losses, back):
    """What the graph of both passes shows: its gradients, in the order of the way."""
    dy, from_y, from_a, dh, da = (
        [_vector(vector) for vector in back[name]]
        for name in ("dy", "from_y", "from_a", "dh", "da")
    )
    reads = listed(f"“{visible(symbols[k])}”" for k in inputs)
    wants = listed(f"“{visible(symbols[c])}”" for c in targets)
    nats = listed(f"{loss:.2f}" for loss in losses)
    return (
        f"The graph of two steps that read {reads}, with the targets {wants} and "
        f"losses of {nats} nats. Dashed arrows run against the solid ones, but for "
        f"those from x. Step 1: dy₁ is {dy[1]} and arrives at h₁ as {from_y[1]}; "
        f"da₂ = 0, so dh₁ is {dh[1]}, and below tanh da₁ is {da[1]}. Step 0: dy₀ is "
        f"{dy[0]}; at h₀ two dashed arrows arrive, {from_y[0]} from y₀ and "
        f"{from_a[0]} from a₁, together dh₀ = {dh[0]}; da₀ is {da[0]}. At the left "
        f"dh₋₁ is {_vector(back['dh_init'])}."
    )


@styled
def untied(slopes, shared, entry):
    """What each copy's entry adds to the slope of L, and where the sum arrives.

    slopes: (T,), one for each copy. shared: the slope when all copies move together.
    entry: the name of the entry, for the title.
    """
    slopes = np.asarray(slopes)
    T, ends = len(slopes), np.cumsum(slopes)
    figure, axes = new_figure(8, 4.2)
    axes.bar(range(T), slopes, bottom=ends - slopes, color=GRADIENT, width=0.7)
    hatched = {"color": GROUND, "edgecolor": GRADIENT, "hatch": "//", "linewidth": 1.5}
    axes.bar(T, shared, width=0.7, **hatched)
    axes.hlines(ends, np.arange(T) + 0.35, np.arange(T) + 0.65, color=FAINT)
    axes.axhline(0, color=INK, linewidth=1)
    tops = np.append(np.maximum(ends, ends - slopes), max(shared, 0))
    for t, value in enumerate([*slopes, shared]):
        text = number(value, "+z.2f")
        ground = {"facecolor": GROUND, "edgecolor": "none", "pad": 1}
        axes.text(t, tops[t] + 0.04, text, ha="center", va="bottom", bbox=ground)
    names = [f"$W^{{({t})}}$" for t in range(T)]
    axes.set_xticks(range(T + 1), [*names, "shared"])
    axes.set(ylabel="slope of L, nats", title=f"entry {entry}")
    axes.use_sticky_edges = False
    axes.margins(y=0.12)
    meets = np.isclose(shared, ends[-1], rtol=0, atol=1e-6)
    reached = number(ends[-1], "z.2f")
    figure.alt = (
        f"Slopes of L at the entry {entry.replace('[', '(').replace(']', ')')}, a bar "
        "for each copy, each beginning where the one before it ended: "
        f"{listed(number(slope, '+z.2f') for slope in slopes)}. They end at {reached}. "
        f"A hatched bar from 0, for the shared entry, ends "
        + ("there too." if meets else f"elsewhere, at {number(shared, 'z.2f')}.")
    )
    return figure


@styled
def flow_step(t, scale, text, steps):
    """Step t of a backward pass over `text`: what comes into dh, what each block gets.

    steps: the norms at each step for this scale of Whh, as they come from
    `rnncourse.widgets.flow.flow_norms`.
    """
    margins = {"left": 0.1, "right": 0.635, "bottom": 0.12, "top": 0.99, "hspace": 0.04}
    figure, (graph, sizes) = steady_figure(8, 5, 2, **margins)
    blocks = figure.add_axes((0.66, 0.12, 0.33, 0.425))
    _steps_done(graph, t, text)
    _branches(graph, t, steps)
    _branch_sizes(sizes, t, scale, steps)
    _block_sizes(blocks, t, steps)
    for axes in (graph, sizes):
        axes.set_xlim(-0.6, len(steps) - 0.4)
        axes.axvspan(t - 0.5, t + 0.5, color=LIT, linewidth=0, zorder=-1)
    figure.alt = _step_told(t, scale, text, steps)
    return figure


def _step_told(t, scale, text, steps):
    """What the picture of step t shows: the steps, the norms over time, the blocks."""
    norms, last = steps[t], len(steps) - 1
    word = "".join(map(visible, text))
    from_y = [norms["from_y"] for norms in steps]
    words = (
        f"A backward pass over “{word}” at scale {scale:.1f} of Whh, done from step "
        f"{last} back to h of step {t}. The norm of the branch from the output is "
        f"{_between(from_y)}."
    )
    if last:
        from_a, alone = (
            _way_back([norms[name] for norms in steps[:-1]])
            for name in ("from_a", "last")
        )
        words += (
            f" That of the branch from the step after is {from_a}; its part from the "
            f"last loss alone, dotted, is {alone}."
        )
    added, total = (
        listed(f"{_size(norms[kind][name])} for d{name}" for name in BLOCKS)
        for kind in ("added", "total")
    )
    return (
        f"{words} At step {t} the two branches make a dh of norm {_size(norms['dh'])}. "
        f"Bars: the step adds {added}; the sums so far are {total}."
    )


def _way_back(sizes):
    """How norms change on the way from the last of the steps to step 0."""
    last, changes = len(sizes) - 1, np.diff(sizes[::-1])
    if len(set(map(_size, sizes))) == 1:
        return f"{_size(sizes[0])} at " + ("every step" if last else "step 0")
    ends = f"{_size(sizes[-1])} at step {last} and {_size(sizes[0])} at step 0"
    if (changes > 0).all():
        return f"{ends}, growing with every step back"
    if (changes < 0).all():
        return f"{ends}, smaller with every step back"
    return f"{ends}, and {_between(sizes)} on the way"


def _between(sizes):
    """The range of some norms."""
    low, high = _size(min(sizes)), _size(max(sizes))
    return low if low == high else f"between {low} and {high}"


def _size(norm):
    """A norm as the text of a picture has it: three digits, nothing below 0.0005."""
    if norm < 0.0005:
        return "0"
    return f"{norm:,.0f}" if norm >= 99.95 else f"{norm:.3g}"


def _steps_done(axes, t, text):
    """The steps on the time axis: gradients have come back as far as h of step t."""
    axes.set(ylim=(0, 4))
    axes.set_axis_off()
    T = len(text) - 1
    rows = {"x": 0.5, "h": 2, "y": 3.5}
    for name, row in rows.items():
        axes.text(-0.75, row, name, ha="right", va="center")
    for place, symbol in enumerate(text[:-1]):
        axes.text(place, rows["x"], visible(symbol), ha="center", va="center")
    ring = {"marker": "o", "linestyle": "", "markersize": 11, "mfc": GROUND, "mew": 2}
    for name, color in (("h", HIDDEN), ("y", OUTPUT)):
        axes.plot(range(T), [rows[name]] * T, color=color, **ring)

    done, ahead = np.arange(t, T), np.arange(t)
    back = BACK | {"linestyle": (0, (1.5, 0.7))}  # or a short arrow would be one dash
    _arrows(axes, np.arange(T), 0, 0.9, 0.7, "^", **FORWARD)
    _arrows(axes, ahead, 0, 2.3, 0.8, "^", **FORWARD)
    _arrows(axes, ahead, 0.25, 2, 0.38, ">", **FORWARD)
    _arrows(axes, done, 0, 3.2, -0.8, "v", **back)
    _arrows(axes, done[:-1], 0.75, 2, -0.38, "<", **back)


def _arrows(axes, places, aside, row, length, head, **look):
    """An arrow from (place + aside, row) at each place, along the way its head points.

    As two artists, however many arrows there are: a widget has to be quick.
    """
    x, y = places + aside, np.full(len(places), row)
    if head in "<>":
        axes.hlines(y, x, x + length, zorder=0, **look)
        x = x + length
    else:
        axes.vlines(x, y, y + length, zorder=0, **look)
        y = y + length
    axes.plot(x, y, head, color=look["color"], markersize=8)


def _branches(axes, t, steps):
    """What comes into dh of step t, in words at the right: both branches, marked."""
    norms, last = steps[t], len(steps) - 1
    here, after = subscript(t), subscript(t + 1)
    words = {
        0.9: "down from the output",
        0.78: f"‖Whyᵀ dy{here}‖ = {norms['from_y']:.3f}",
        0.58: f"back from step {t + 1}" if t < last else f"there is no step {t + 1}",
        0.46: f"‖Whhᵀ da{after}‖ = {norms['from_a']:.3f}",
        0.34: f"from ℓ{subscript(last)} alone: {norms['last']:.3f}",
        0.14: f"sum: ‖dh{here}‖ = {norms['dh']:.3f}",
    }
    beside = {"transform": axes.transAxes, "clip_on": False}
    for row, line in words.items():
        axes.text(1.12, row, line, va="center", **beside)
    for row, mark, face in ((0.9, "v", GROUND), (0.58, "<", GRADIENT)):
        axes.plot(1.08, row, mark, color=GRADIENT, mfc=face, ms=9, **beside)
    axes.plot([1.05, 1.11], [0.34, 0.34], ":", color=INK, **beside)


def _branch_sizes(axes, t, scale, steps):
    """The norms of both branches at every step, dark where it is done."""
    axes.set_yscale("symlog", linthresh=0.01, linscale=0.5)
    axes.set_ylim(-0.003, 600)
    ticks = [0, 0.01, 0.1, 1, 10, 100]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xticks([])
    below = {"transform": axes.get_xaxis_transform(), "ha": "center", "va": "top"}
    T = len(steps)
    for place in range(T):  # quicker than ticks
        weight = "bold" if place == t else "normal"
        axes.text(place, -0.03, place, weight=weight, **below)
    axes.set_xlabel(f"step t, scale of Whh: {scale:.1f}", labelpad=20)
    axes.set_ylabel("norm")
    marks = [("from_a", "<", GRADIENT, T), ("from_y", "v", GROUND, T)]
    lines = [("from_a", "-", GRADIENT, T - 1), ("last", ":", INK, T - 1)]
    for name, mark, face, end in lines + marks:
        values = [norms[name] for norms in steps[:end]]
        look = {"color": INK if mark == ":" else GRADIENT, "markerfacecolor": face}
        axes.plot(range(end), values, mark, alpha=0.3, **look)
        axes.plot(range(t, end), values[t:], mark, **look)


def _block_sizes(axes, t, steps):
    """For each block: the norm of what step t adds, and of the sum so far."""
    kinds = "added", "total"
    largest = max(max(norms[kind].values()) for norms in steps for kind in kinds)
    largest = largest or 1  # all are 0 for a word of one symbol
    # As far as 1 in proportion, beyond it by powers of ten: small bars stay visible.
    axes.set_xscale("symlog", linthresh=1)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set(xlim=(0, 1.02 * largest), ylim=(5, 0), xticks=[], yticks=[])
    axes.set_xlabel(f"solid: step {t}; hatched: sum", labelpad=20)
    added, total = ([steps[t][kind][name] for name in BLOCKS] for kind in kinds)
    hatched = {"color": GROUND, "edgecolor": GRADIENT, "hatch": "///"}
    axes.barh(np.arange(5) + 0.56, added, height=0.2, color=GRADIENT)
    axes.barh(np.arange(5) + 0.81, total, height=0.2, **hatched)
    beside = {"transform": axes.get_yaxis_transform(), "va": "center"}
    for row, name in enumerate(BLOCKS):
        words = f"d{name}: {added[row]:.2f}, sum {total[row]:.2f}"
        axes.text(0.01, row + 0.24, words, size=12, **beside)
    below = {"transform": axes.get_xaxis_transform(), "ha": "center", "va": "top"}
    for size in (0, 1, 10, 100):  # quicker than ticks
        if size <= largest:
            axes.text(size, -0.03, size, **below)


def subscript(n):
    """The digits of n, as they stand behind a symbol."""
    return str(n).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _node(axes, at, text, color):
    """A box with a label."""
    box = {"boxstyle": "round,pad=0.3", "facecolor": GROUND, "edgecolor": color}
    box["linewidth"] = 1.5
    axes.text(*at, text, ha="center", va="center", size=15, bbox=box, zorder=3)


def _across(start, end, aside):
    """Where an arrow between two boxes begins and ends, moved to its right side."""
    start, end = np.array(start), np.array(end)
    along = (end - start) / np.hypot(*(end - start))
    aside = -aside * np.array([along[1], -along[0]])
    return start + 0.44 * along + aside, end - 0.44 * along + aside


def _note(axes, at, name, values, color=GRADIENT, lines=1):
    """A name and its vector, "dh = (0.07, −0.86)", to the right of the point `at`."""
    text = f"{name} =" + " \n"[lines - 1] + _vector(values)
    axes.text(*at, text, ha="left", va="center", size=12.5, color=color)


def _vector(values):
    """A vector as text: "(0.07, −0.86)"."""
    return f"({', '.join(number(value, 'z.2f') for value in values)})"


def _times(one, other):
    """A product as text, the second factor in brackets where it is negative."""
    return f"{one} · ({other})" if other.startswith("−") else f"{one} · {other}"


def _plus(one, other):
    """A sum as text: "18 + 30", "18 − 30"."""
    return f"{one} − {other[1:]}" if other.startswith("−") else f"{one} + {other}"
