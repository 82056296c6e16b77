"""The figures of notebook 03: softmax, surprise, the push p - e, the bigram tables."""

import numpy as np
from matplotlib.colors import PowerNorm

from rnncourse.figures.drawing import (
    arrow,
    level,
    listed,
    number,
    over_training,
    plain_powers,
    visible,
)
from rnncourse.figures.style import (
    AMOUNT,
    GRADIENT,
    INK,
    OUTPUT,
    TARGET,
    new_figure,
    steady_figure,
    styled,
)
from rnnlib import softmax


@styled
def softmax_steps(y, symbols):
    """Logits, their exponentials, and these divided by their sum; y (V,)."""
    panels = [
        ("logits $y$", y),
        (r"$\exp(y)$: all positive", np.exp(y)),
        ("divided by their sum", softmax(y)),
    ]
    figure, axes = new_figure(8, 3.1, 1, 3)
    for ax, (title, heights) in zip(axes, panels):
        ax.set_title(title)
        bars(ax, heights, symbols)
        ax.margins(y=0.18)
        ax.locator_params(axis="y", nbins=5)
        ax.axhline(0, color=INK, linewidth=1)
    logits, positive, p = (told(symbols, heights) for _, heights in panels)
    figure.alt = (
        f"Three bar charts over the symbols {row(symbols)}. Logits: {logits}. Their "
        f"exponentials: {positive}. These divided by their sum: {p}."
    )
    return figure


@styled
def temperatures(y, settings, symbols):
    """softmax(y / τ) for every τ of `settings`; y (V,)."""
    figure, axes = new_figure(8, 3.1, 1, len(settings), sharey=True)
    axes = np.atleast_1d(axes)
    heights = [softmax(np.divide(y, tau)) for tau in settings]
    for ax, tau, p in zip(axes, settings, heights):
        ax.set_title(f"temperature τ = {tau:g}")
        bars(ax, p, symbols)
    axes[0].set(ylim=(0, 1.12), ylabel="probability p")
    panels = [f"τ = {tau:g}: {told(symbols, p)}" for tau, p in zip(settings, heights)]
    orders = {tuple(np.argsort(p, kind="stable")) for p in heights}
    same = "the same in all" if len(orders) == 1 else "not the same in all"
    order = f" The order of the bars is {same}." if len(settings) > 1 else ""
    figure.alt = (
        f"Bars of p over the symbols {row(symbols)}, temperature by temperature. "
        f"{'; '.join(panels)}.{order}"
    )
    return figure


@styled
def surprise(marks):
    """-log p over p, in nats and in bits, with the probabilities `marks` marked."""
    figure, ax = new_figure(8, 3.6)
    marks = np.asarray(marks)
    nats = np.log(1 / marks)
    top = max(5.3, 1.1 * nats.max())
    p = np.geomspace(np.exp(-top), 1, 300)
    ax.plot(p, -np.log(p), color=INK)
    ax.plot(marks, nats, "o", color=TARGET, markersize=8)
    for at in zip(marks, nats):
        text = "p = {:.3g}: {:.2f} nats".format(*at)
        ax.annotate(text, at, xytext=(8, 8), textcoords="offset points")
    ax.set(xlim=(0, 1.35), ylim=(-0.1, top))
    ax.set_xlabel("probability p of the target")
    ax.set_xticks(np.linspace(0, 1, 6))
    ax.set_ylabel("surprise, nats")
    bits = ax.secondary_yaxis(
        "right", functions=(lambda n: n / np.log(2), lambda b: b * np.log(2))
    )
    bits.set_ylabel("surprise, bits")
    dots = [
        f"{nat:.2f} nats or {nat / np.log(2):.2f} bits at p = {mark:.3g}"
        for mark, nat in zip(marks, nats)
    ]
    figure.alt = (
        f"The curve of −log p over p: 0 at p = 1, higher and steeper the nearer p is "
        f"to 0, drawn up to {top:.1f} nats. An axis on the left has nats, one on the "
        f"right bits. Dots on the curve: {listed(dots)}."
    )
    return figure


@styled
def pushes(p, targets, symbols, titles):
    """Each step's probabilities, and arrows from them to the one-hot target.

    p: (T, V). An arrow's length is |p - e|; it points where descent moves the logit.
    """
    figure, axes = new_figure(8, 4.1, 1, len(p), sharey=True)
    axes = np.atleast_1d(axes)
    for ax, p_t, target, title in zip(axes, p, targets, titles):
        ax.set_title(f"{title}\nloss {-np.log(p_t[target]):z.2f} nats")
        push(ax, np.asarray(p_t), target, symbols)
    axes[0].set(ylim=(0, 1.2), ylabel="probability p")
    figure.supxlabel("below each symbol: p − e;  ★: the target", fontsize=13)
    words = [pushed(p_t, target, symbols) for p_t, target in zip(p, targets)]
    heads = [ax.get_title().replace("\n", ", ") for ax in axes]
    panels = [f"{head}: {pushes}." for head, pushes in zip(heads, words)]
    figure.alt = (
        f"Bars of p over the symbols {row(symbols)}, a star over the target, and an "
        f"arrow from each bar to 1 at the target, to 0 elsewhere. {' '.join(panels)}"
    )
    return figure


def push(ax, p, target, symbols):
    """Probabilities (V,) as bars, and the arrow from each to the one-hot target."""
    places = np.arange(len(p))
    aims = (places == target).astype(float)
    pale = {"facecolor": (OUTPUT, 0.25), "edgecolor": OUTPUT, "linewidth": 1.5}
    ax.bar(places, p, width=0.7, **pale)
    ax.plot(target, 1.08, "*", color=TARGET, markersize=14)
    for i in places:
        arrow(ax, (i, p[i]), (i, aims[i]), GRADIENT, linewidth=3)
    slopes = [number(slope, "+z.2f") for slope in p - aims]
    names = [f"{visible(symbols[i])}\n{slopes[i]}" for i in places]
    ax.set_xticks(places, names, fontsize=12, family="monospace")
    ax.tick_params(axis="x", length=0)


def pushed(p, target, symbols):
    """The target and every p - e, in words."""
    slopes = told(symbols, p - (np.arange(len(p)) == target), "+z.2f")
    return f"the target is {visible(symbols[target])}, and p − e is {slopes}"


@styled
def logits_and_push(y, tau, target, symbols):
    """The logits y (V,) beside softmax(y / τ) and its arrows to the target."""
    margins = {"left": 0.06, "right": 0.99, "bottom": 0.25, "top": 0.89, "wspace": 0.25}
    figure, (left, right) = steady_figure(8, 3.6, 1, 2, **margins)
    left.set_title("logits y")
    bars(left, y, symbols)
    left.axhline(0, color=INK, linewidth=1)
    left.set(ylim=(-6, 6))
    right.set_title(f"p = softmax(y / τ), τ = {tau:.1f}")
    push(right, softmax(np.divide(y, tau)), target, symbols)
    right.set(ylim=(0, 1.2), ylabel="probability p")
    right.set_xlabel("p − e below;  ★: the target")
    p = softmax(np.divide(y, tau))
    words = pushed(p, target, symbols)
    figure.alt = (
        f"Left, bars of the logits: {told(symbols, y)}. Right, bars of p at "
        f"temperature τ = {tau:.1f}: {told(symbols, p)}, a star over the target, and "
        f"an arrow from each bar to 1 at the target, to 0 elsewhere: {words}."
    )
    return figure


@styled
def descent(losses, levels):
    """The mean losses after updates 1, 2, …; `levels`: a dict name -> mean loss."""
    figure, ax = new_figure(8, 3.8)
    ax.plot(np.arange(1, len(losses) + 1), losses, color=INK)
    for name, loss in levels.items():
        level(ax, loss, f"{name} {loss:.3f}")
    ax.set(xscale="log", xlim=(1, len(losses)))
    over_training(ax)
    ax.set_ylabel("mean loss, nats a character")
    ax.set_ylim(min(levels.values()) - 0.15, max(levels.values()) + 0.3)
    losses = np.asarray(losses)
    figure.alt = (
        f"Mean loss over {len(losses):,} training steps, on a logarithmic axis of "
        f"steps: {losses[0]:.2f} nats a character after the first, {losses[-1]:.2f} "
        f"after the last. Dashed lines: {'; '.join(passed(losses, levels))}."
    )
    return figure


def passed(losses, levels):
    """For each level: its name, its height, and when the losses first are below."""
    for name, height in levels.items():
        below = np.flatnonzero(losses < height)
        when = f"from step {below[0] + 1:,} on" if len(below) else "never"
        if len(below) and (losses[below[0] :] >= height).any():
            when = f"at step {below[0] + 1:,}, and not to the end"
        yield f"{name} {height:.3f}, the loss below it {when}"


@styled
def two_tables(counted, learned, symbols):
    """Two tables of P(next | current) side by side; a column is a current symbol."""
    figure, axes = new_figure(8, 4.1, 1, 2, sharey=True)
    names = [visible(symbol) for symbol in symbols]
    places = np.arange(len(names))
    # By the square root, so that the many small probabilities differ too.
    norm = PowerNorm(0.5, vmin=0, vmax=max(np.max(counted), np.max(learned)))
    for ax, title, table in zip(axes, ("counted", "learned"), (counted, learned)):
        image = ax.imshow(table, cmap=AMOUNT, norm=norm)
        ax.set(title=title, xlabel="current character")
        ax.set_xticks(places, names, fontsize=12, family="monospace")
        ax.set_yticks(places, names, fontsize=12, family="monospace")
        ax.tick_params(length=0)
    axes[0].set_ylabel("next character")
    figure.colorbar(
        image, ax=axes, label="probability", ticks=[0, 0.05, 0.2, 0.5], shrink=0.85
    )
    apart = np.abs(np.subtract(counted, learned)).max()
    apart = "less than 1e−6" if apart < 1e-6 else number(apart, ".1g")
    figure.alt = (
        "Two heat maps of P(next given current), counted on the left, learned on the "
        "right: a column for each current character, a row for the next, both in the "
        f"order {row(symbols)}. Largest counted: {largest(counted, names)}; largest "
        f"learned: {largest(learned, names)}. Largest difference of the two: {apart}."
    )
    return figure


def largest(table, names):
    """Where a table P(next | current) is largest, in words, with its value."""
    top = np.max(table)
    places = np.argwhere(np.isclose(table, top, rtol=1e-9))
    if len(places) > 1:
        return f"{top:.2f} in {len(places)} cells"
    ((after, now),) = places
    return f"{top:.2f}, row {names[after]} of column {names[now]}"


@styled
def meeting(counted, learned):
    """Learned against counted probabilities; pairs that never occur in a strip."""
    counted, learned = np.ravel(counted), np.ravel(learned)
    never = counted == 0
    figure, (strip, ax) = new_figure(
        8, 4.6, 1, 2, sharey=True, gridspec_kw={"width_ratios": [1, 5]}
    )
    dots = {"linestyle": "", "markersize": 4, "alpha": 0.65}
    ax.plot(counted[~never], learned[~never], marker="o", color=OUTPUT, **dots)
    low, high = min(learned.min(), counted[~never].min()) / 2, 1.5
    ax.plot([low, high], [low, high], color=INK, linewidth=1, zorder=0)
    at = low**0.85 * high**0.15
    ax.text(at, at, "  equal", ha="left", va="top")
    ax.set(xscale="log", yscale="log", xlim=(low, high), ylim=(low, high))
    for axis in (ax.xaxis, strip.yaxis):
        plain_powers(axis)
    ax.set_xlabel("counted probability of a pair that occurs")
    spread = np.linspace(-0.4, 0.4, never.sum())
    strip.plot(spread, learned[never], marker="x", color=OUTPUT, **dots)
    strip.set(xlim=(-0.8, 0.8), xlabel="never\noccurs")
    strip.set_xticks([0], ["0"])
    strip.set_ylabel("learned probability")
    figure.alt = (
        "Learned against counted probability of each pair, both axes logarithmic, with "
        f"the line of equality. {by_size(counted[~never], learned[~never])} A strip on "
        f"the left: {unseen(learned[never])}."
    )
    return figure


def by_size(counted, learned):
    """How far learned probabilities are from counted ones, in bands of the counted."""
    bands = np.ceil(np.log10(counted) - 1e-9).astype(int)  # 0 from above 0.1 to 1
    bands, ratios, told = np.minimum(bands, 0), learned / counted, []
    for band in np.unique(bands)[::-1]:
        size = f"{number(10.0 ** (band - 1))} to {number(10.0**band)}"
        told.append(f"{np.median(ratios[bands == band]):.2f} at {size}")
    return f"Learned over counted, the median by size of the counted: {listed(told)}."


def unseen(learned):
    """The learned probabilities of the pairs that never occur, in words."""
    if not len(learned):
        return "empty, for all pairs occur"
    low, high = (number(extreme, ".1g") for extreme in (learned.min(), learned.max()))
    between = f"learned {low}" if low == high else f"learned between {low} and {high}"
    return f"the pairs that never occur, {len(learned):,}, {between}"


@styled
def chunk_losses(losses):
    """The mean losses of chunks in a row, in nats a character, and their mean."""
    losses = np.asarray(losses)
    figure, ax = new_figure(8, 3.2)
    ax.plot(np.arange(len(losses)), losses, "o-", color=INK, linewidth=1)
    level(ax, losses.mean(), f"mean of\nthese {len(losses)}")
    ax.set(xlabel="chunk", ylabel="mean loss, nats a character")
    figure.alt = (
        f"Mean losses in nats a character, chunks in a row: {len(losses)}, joined by a "
        f"line, between {losses.min():.2f} and {losses.max():.2f}. A dashed line at "
        f"their mean, {losses.mean():.2f}."
    )
    if len(losses) > 1:
        half, up = len(losses) // 2, int((np.diff(losses) > 0).sum())
        figure.alt += (
            f" The loss rises at {up} of the {len(losses) - 1} steps from chunk to "
            f"chunk. The mean of the first half is {losses[:half].mean():.2f}, of the "
            f"second {losses[half:].mean():.2f}."
        )
    return figure


def bars(ax, heights, symbols):
    """Bars in the output's colour, each with its number."""
    places = np.arange(len(heights))
    drawn = ax.bar(places, heights, color=OUTPUT, width=0.7)
    ax.bar_label(drawn, [number(height, "z.2f") for height in heights], padding=2)
    ax.set_xticks(places, map(visible, symbols), family="monospace")
    ax.tick_params(axis="x", length=0)


def row(symbols):
    """The symbols in a row, as text."""
    return " ".join(map(visible, symbols))


def told(symbols, values, form="z.2f"):
    """The value of each symbol, in words."""
    return listed(
        f"{number(value, form)} for {visible(symbol)}"
        for symbol, value in zip(symbols, values)
    )
