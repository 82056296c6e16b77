"""The figures of notebook 13: counts beside p, and the run of the post.

Training is chaotic: its numbers stand in `measured`, see `seeing.show`.
"""

import json
from itertools import cycle
from pathlib import Path

import numpy as np

from rnncourse.figures.drawing import listed, over_training, visible, with_place
from rnncourse.figures.style import FAINT, INK, LOOKS, OUTPUT, new_figure, styled

# What benchmarks/post.py measured last, and where.
LONG_RUN = Path(__file__).with_name("long_run.json")


@styled
def counts_beside_p(p, drawn, symbols, most=10):
    """The likeliest characters: bars for p, marks for how often each was drawn.

    A share far above each p is told at the upper end, for it would flatten the rest.
    p: (V,). drawn: {sampler: indices}. symbols: (V,).
    """
    top = np.argsort(p)[::-1][:most]
    figure, axes = new_figure(8.0, 3.8)
    axes.bar(range(len(top)), p[top], color=OUTPUT, alpha=0.35, label="p")
    told, highest = [], 1.4 * p.max()
    for n, (look, (name, ids)) in enumerate(zip(cycle(LOOKS), drawn.items())):
        shares = np.bincount(ids, minlength=len(p)) / len(ids)
        offset = 0.18 * (n - (len(drawn) - 1) / 2)
        where = np.arange(len(top)) + offset
        marks = {**look, "linestyle": "", "markersize": 8}
        axes.plot(where, shares[top], label=name, **marks)
        for x, share in zip(where, shares[top]):
            if share > highest:
                at_the_end = {"transform": axes.get_xaxis_transform(), "va": "top"}
                axes.text(x + 0.15, 0.98, f"{name}: {share:.1f} ↑", **at_the_end)
        off = np.abs(shares - p).max()
        told.append(f"{name} {'within 0.02 of p' if off < 0.02 else 'far from p'}")
    names = [visible(symbols[k]) for k in top]
    axes.set_xticks(range(len(top)), names, family="monospace")
    axes.set(ylabel="share", ylim=(-0.03 * highest, highest))
    axes.legend()
    figure.alt = (
        f"The {len(top)} likeliest characters: a bar for the p of each, and a mark for "
        f"its share in {len(next(iter(drawn.values()))):,} draws by each sampler: "
        f"{'; '.join(told)}."
    )
    return figure


@styled
def smoothed_curves(curves, T):
    """Smoothed losses, nats summed over T: {name: (steps, values)}."""
    figure, axes = new_figure(8.0, 3.8)
    for look, (name, (steps, values)) in zip(cycle(LOOKS), curves.items()):
        axes.plot(steps, values, label=name, **{**look, "marker": "", "linewidth": 1.5})
    over_training(axes)
    axes.set_ylabel("smoothed loss,\nnats summed over t")
    per_character = axes.secondary_yaxis(
        "right", functions=(lambda y: y / T, lambda y: y * T)
    )
    per_character.set_ylabel("nats a character")
    axes.grid(axis="y", color=FAINT, alpha=0.3)
    axes.legend()
    last = max(steps[-1] for steps, _ in curves.values())
    figure.alt = (
        f"Smoothed loss against training step, to step {last:,}, summed over {T} "
        f"characters and, at the right, in nats a character: {listed(curves)}."
    )
    ends = (f"{name} ends at {values[-1]:.1f}" for name, (_, values) in curves.items())
    figure.measured = f"{listed(ends)}."
    return figure


def load_long_run():
    """What benchmarks/post.py has kept; its form is told there."""
    return json.loads(LONG_RUN.read_text(encoding="utf-8"))


def posts_figure():
    """The figure of the post, remade: all seeds, to its last step."""
    saved = load_long_run()
    curves = {}
    for seed, curve in saved["seeds"].items():
        steps = [n for n in curve["steps"] if n <= 50_000]
        curves[f"seed {seed}"] = steps, curve["smooth"][: len(steps)]
    return with_place(smoothed_curves(curves, saved["T"]), saved["about"])


@styled
def beyond():
    """Held-out loss on the way to five times the steps of the post, a line a seed."""
    saved = load_long_run()
    figure, axes = new_figure(8.0, 3.8)
    told = []
    for look, (seed, curve) in zip(cycle(LOOKS), saved["seeds"].items()):
        steps = [int(n) for n in curve["held out"]]
        nats = [*curve["held out"].values()]
        axes.plot(steps, nats, label=f"seed {seed}", **look)
        fifties = [(n, x) for n, x in zip(steps, nats) if n % 50_000 == 0]
        told.append(f"seed {seed}: {listed(f'{x:.2f}' for _, x in fifties)}")
    axes.axvline(50_000, color=INK, linestyle="--", linewidth=1.5)
    at = {"transform": axes.get_xaxis_transform(), "va": "top"}
    axes.text(53_000, 0.98, "the post stops", **at)
    over_training(axes)
    axes.set_ylabel("held-out loss, nats a character")
    axes.grid(axis="y", color=FAINT, alpha=0.3)
    axes.legend()
    figure.alt = (
        f"Held-out loss in nats a character against training step, a line for each of "
        f"{len(told)} seeds, with a dashed line at step 50,000, where the post stops. "
        f"At every 50,000 steps: {'; '.join(told)}."
    )
    figure.measured = ""
    return with_place(figure, saved["about"])
