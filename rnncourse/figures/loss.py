"""The figures of notebook 03: softmax, surprise, the push p - e, the bigram tables."""

import numpy as np
from matplotlib.colors import PowerNorm

from rnncourse.figures.drawing import (
    arrow,
    level,
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
        ("$e^y$: all positive", np.exp(y)),
        ("divided by their sum", softmax(y)),
    ]
    figure, axes = new_figure(8, 3.1, 1, 3)
    for ax, (title, heights) in zip(axes, panels):
        ax.set_title(title)
        bars(ax, heights, symbols)
        ax.margins(y=0.18)
        ax.locator_params(axis="y", nbins=5)
        ax.axhline(0, color=INK, linewidth=1)
    return figure


@styled
def temperatures(y, settings, symbols):
    """softmax(y / τ) for every τ of `settings`; y (V,)."""
    figure, axes = new_figure(8, 3.1, 1, len(settings), sharey=True)
    for ax, tau in zip(axes, settings):
        ax.set_title(f"temperature τ = {tau:g}")
        bars(ax, softmax(np.divide(y, tau)), symbols)
    axes[0].set(ylim=(0, 1.12), ylabel="probability p")
    return figure


@styled
def surprise(marks):
    """-log p over p, in nats and in bits, with the probabilities `marks` marked."""
    figure, ax = new_figure(8, 3.6)
    p = np.geomspace(0.005, 1, 300)
    ax.plot(p, -np.log(p), color=INK)
    marks = np.asarray(marks)
    nats = np.log(1 / marks)
    ax.plot(marks, nats, "o", color=TARGET, markersize=8)
    for at in zip(marks, nats):
        text = "p = {:.3g}: {:.2f} nats".format(*at)
        ax.annotate(text, at, xytext=(8, 8), textcoords="offset points")
    ax.set(xlim=(0, 1.35), ylim=(-0.1, 5.3))
    ax.set_xlabel("probability p of the target")
    ax.set_xticks(np.linspace(0, 1, 6))
    ax.set_ylabel("surprise, nats")
    bits = ax.secondary_yaxis(
        "right", functions=(lambda n: n / np.log(2), lambda b: b * np.log(2))
    )
    bits.set_ylabel("surprise, bits")
    return figure


@styled
def pushes(p, targets, symbols, titles):
    """Each step's probabilities, and arrows from them to the one-hot target.

    p: (T, V). An arrow's length is |p - e|; it points where descent moves the logit.
    """
    figure, axes = new_figure(8, 4.1, 1, len(p), sharey=True)
    for ax, row, target, title in zip(axes, p, targets, titles):
        ax.set_title(f"{title}\nloss {-np.log(row[target]):.2f} nats")
        push(ax, np.asarray(row), target, symbols)
    axes[0].set(ylim=(0, 1.2), ylabel="probability p")
    figure.supxlabel("below each symbol: p − e;  ★: the target", fontsize=13)
    return figure


def push(ax, p, target, symbols):
    """Probabilities (V,) as bars, and the arrow from each to the one-hot target."""
    places = np.arange(len(p))
    aims = (places == target).astype(float)
    pale = {"facecolor": (OUTPUT, 0.25), "edgecolor": OUTPUT, "linewidth": 1.5}
    ax.bar(places, p, width=0.7, **pale)
    ax.plot(target, 1.08, "*", color=TARGET, markersize=14)
    for k in places:
        arrow(ax, (k, p[k]), (k, aims[k]), GRADIENT, linewidth=3)
    slopes = [number(slope, "+.2f") for slope in p - aims]
    names = [f"{visible(symbols[k])}\n{slopes[k]}" for k in places]
    ax.set_xticks(places, names, fontsize=12, family="monospace")
    ax.tick_params(axis="x", length=0)


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
    return figure


@styled
def descent(losses, levels):
    """The losses after updates 1, 2, …; `levels`: a dict name -> loss."""
    figure, ax = new_figure(8, 3.8)
    ax.plot(np.arange(1, len(losses) + 1), losses, color=INK)
    for name, loss in levels.items():
        level(ax, loss, f"{name} {loss:.3f}")
    ax.set(xscale="log", xlim=(1, len(losses)))
    over_training(ax)
    ax.set_ylabel("loss, nats a character")
    ax.set_ylim(min(levels.values()) - 0.15, max(levels.values()) + 0.3)
    return figure


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
    return figure


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
    return figure


@styled
def chunk_losses(losses):
    """The losses of chunks in a row, in nats a character, and their mean."""
    losses = np.asarray(losses)
    figure, ax = new_figure(8, 3.2)
    ax.plot(np.arange(len(losses)), losses, "o-", color=INK, linewidth=1)
    level(ax, losses.mean(), f"mean of\nthese {len(losses)}")
    ax.set(xlabel="chunk", ylabel="loss, nats a character")
    return figure


def bars(ax, heights, symbols):
    """Bars in the output's colour, each with its number."""
    places = np.arange(len(heights))
    drawn = ax.bar(places, heights, color=OUTPUT, width=0.7)
    ax.bar_label(drawn, [number(height, ".2f") for height in heights], padding=2)
    ax.set_xticks(places, map(visible, symbols), family="monospace")
    ax.tick_params(axis="x", length=0)
