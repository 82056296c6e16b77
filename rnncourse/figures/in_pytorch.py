"""The figure of notebook 14: what a training step costs on both sides, by size."""

from itertools import cycle

from rnncourse.figures.drawing import listed, plain_powers
from rnncourse.figures.style import FAINT, LOOKS, new_figure, styled


@styled
def step_times(sizes, times):
    """The time of a training step against the number of units, both logarithmic.

    sizes: hidden units. times: {name: seconds, one for each size}. The times differ
    from run to run, so they stand in `figure.measured`.
    """
    figure, axes = new_figure(8.0, 3.8)
    told = []
    for look, (name, seconds) in zip(cycle(LOOKS), times.items()):
        axes.plot(sizes, [1000 * s for s in seconds], label=name, **look)
        rounded = (float(f"{1000 * s:.2g}") for s in seconds)  # 230, not 2.3e+02
        told.append(f"{name}: {listed(f'{ms:g}' for ms in rounded)}")
    axes.set(xscale="log", yscale="log", xlabel="hidden units")
    axes.set_ylabel("milliseconds a step")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    plain_powers(axes.yaxis)
    axes.grid(axis="y", color=FAINT, alpha=0.3)
    axes.legend()
    figure.alt = (
        f"Milliseconds a training step against hidden units, both axes logarithmic, at "
        f"{listed(f'{size:,}' for size in sizes)} units: {listed(times)}."
    )
    figure.measured = f"Milliseconds for {'; '.join(told)}."
    return figure
