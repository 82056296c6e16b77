"""What the benchmark shows: one table, two figures, and all of it as JSON."""

import json
from collections import namedtuple

import numpy as np
from matplotlib.figure import Figure

DTYPES = ("float64", "float32")
BOTH = f"{'':20}{DTYPES[0]:^36}    {DTYPES[1]:^36}"
# section: title; what its ratios are called, and the contender that they are to
SECTIONS = {
    "steps": ("A training step, B = 1: µs a step", "÷ rnnlib", "rnnlib"),
    "streams": ("A training step, B = 64: µs a character", "gist ÷ it", "gist"),
    "sampling": ("Sampling: µs a character", "gist ÷ it", "gist"),
}

# The time of these over the time of those; of several contenders the quickest counts.
# must, aim: in (float64, float32); at least so much, or at most where it is negative.
Goal = namedtuple("Goal", "name section these those must aim")
OURS, GIST, JAX = ["rnnlib"], ["gist"], ["JAX, one jit"]
PYTORCH = ["PyTorch, nn.RNN", "PyTorch, own loop"]
C = ["C", "C -ffast-math"]
ONE, MANY = ["rnnlib, one text"], ["rnnlib, 64 texts"]
GOALS = [
    Goal("gist ÷ rnnlib", "steps", GIST, OURS, (3.5, 5), (4.2, 7)),
    Goal("PyTorch ÷ rnnlib", "steps", PYTORCH, OURS, (5, 7), (6.5, 10)),
    Goal("JAX ÷ rnnlib", "steps", JAX, OURS, (1.2, 1.2), (1.7, 1.9)),
    Goal("rnnlib ÷ C", "steps", OURS, C, (None, None), (-1.5, -2)),
    Goal("B = 64: gist ÷ it", "streams", GIST, OURS, (None, 18), (None, 27)),
    Goal("one text: gist ÷ it", "sampling", GIST, ONE, (3.5, 3.5), (5, 5)),
    Goal("64 texts: gist ÷ it", "sampling", GIST, MANY, (20, 20), (35, 35)),
]

COLORS = {
    "gist": "#8A8A8A",
    "PyTorch, nn.RNN": "#C44900",
    "PyTorch, own loop": "#E69F00",
    "JAX, one jit": "#A3508A",
    "C -ffast-math": "#222222",
    "rnnlib in float64": "#56B4E9",
    "rnnlib": "#0072B2",
}


def median(rounds, label):
    """The median time of a contender."""
    return float(np.median([row[label] for row in rounds]))


def ratio(rounds, these, those):
    """Quartiles, over the rounds, of the time of `these` over that of `those`."""
    return np.quantile([row[these] / row[those] for row in rounds], [0.25, 0.5, 0.75])


# --- the table ----------------------------------------------------------------


def table(results):
    """What was measured, as text; parts that were not are left out."""
    lines = [f"{name}: {value}" for name, value in results["about"].items()]
    lines.append(results["measured"])
    for dtype, apart in results["difference"].items():
        lines.append(f"losses in {dtype} differ by at most {apart:.1e} of themselves")
    for section in SECTIONS:
        lines += section_lines(results, section)
    lines += floor_lines(results) + goal_lines(results)
    return "\n".join(line.rstrip() for line in lines)


def section_lines(results, section):
    """A line for each contender; its column stays empty where it did not run."""
    title, name, base = SECTIONS[section]
    both = [results[section][dtype] for dtype in DTYPES]
    labels = [label for rounds in both[::-1] for row in rounds[:1] for label in row]
    if not labels:
        return []
    if section == "steps":
        labels += results["missing"]
    head = f"{'µs':>8}{'char/s':>11}{name:>10} {'quartiles':11}"
    lines = ["", title, BOTH, " " * 20 + 2 * head]
    for label in dict.fromkeys(labels):
        line = f"{label:20}"
        for rounds in both:
            if not rounds or label not in rounds[0]:
                line += " " * 40
                continue
            us, characters = median(rounds, label), 1
            if section == "steps":
                characters = results["T"]
            pair = (label, base) if section == "steps" else (base, label)
            low, middle, high = ratio(rounds, *pair)
            spread = f"{low:.2f}–{high:.2f}"
            line += f"{us:8.4g}{characters / us * 1e6:11,.0f}{middle:10.2f} {spread:11}"
        lines.append(line)
    if section == "steps":
        lines += [f"{label}: {why}" for label, why in results["missing"].items()]
    return lines


def floor_lines(results):
    """What a step cannot do without, part by part, and rnnlib's distance from it."""
    if not results["floor"]:
        return []
    title = "The floor: the parts of a step, B = 1, at the rates measured here"
    head = f"{'amount':>15}{'a µs':>12}{'µs':>8}     "
    lines = ["", title, BOTH, " " * 20 + 2 * head]
    both = list(results["floor"].values())
    for part in both[0]:
        line = f"{part:20}"
        for amount, rate in (parts[part] for parts in both):
            line += f"{amount:15,}{rate:12,.0f}{amount / rate:8.1f}     "
        lines.append(line)
    total, distance = f"{'floor':20}", f"{'rnnlib ÷ floor':20}"
    for dtype, parts in results["floor"].items():
        us = sum(amount / rate for amount, rate in parts.values())
        total += f"{us:35.1f}     "
        if results["steps"][dtype]:
            distance += f"{median(results['steps'][dtype], 'rnnlib') / us:35.2f}     "
    return [*lines, total, distance]


def goal_lines(results):
    """The measured ratios beside those that must be reached and those aimed at."""
    lines = ["", "Goals: of several contenders the quickest counts", BOTH]
    for goal in GOALS:
        line = f"{goal.name:20}"
        for dtype, must, aim in zip(DTYPES, goal.must, goal.aim):
            rounds = results[goal.section][dtype]
            these, those = quickest(rounds, goal.these), quickest(rounds, goal.those)
            cell = ""
            if aim and these and those:
                measured = ratio(rounds, these, those)[1]
                must, aim = (
                    verdict("must", must, measured),
                    verdict("aim", aim, measured),
                )
                cell = f"{measured:6.2f}{must:>18}{aim:>16}"
            line += f"{cell:40}"
        lines.append(line)
    return lines


def verdict(word, bound, measured):
    """Whether a ratio is at least `bound`, or at most, for a bound below 0."""
    if bound is None:
        return ""
    met = measured >= bound if bound > 0 else measured <= -bound
    return f"{word} {abs(bound):g} {'met' if met else 'not met'}"


def quickest(rounds, labels):
    """Of these contenders the one that takes least time; None where none ran."""
    ran = [label for label in labels if rounds and label in rounds[0]]
    return min(ran, key=lambda label: median(rounds, label), default=None)


# --- the figures --------------------------------------------------------------


def curves(results, name):
    """{label: (sizes, numbers)} on a line of settings: µs a step, for B char/s."""
    found = {}
    for *sizes, medians in results["scaling"].get(name, []):
        size = sizes["HTB".index(name[0])]
        for label, us in medians.items():
            number = sizes[1] * sizes[2] / us * 1e6 if name[0] == "B" else us
            found.setdefault(label, []).append((size, number))
    return {label: np.transpose(points) for label, points in found.items()}


def slope(sizes, numbers):
    """The exponent with which the numbers grow, over the last three sizes."""
    return np.polyfit(np.log(sizes[-3:]), np.log(numbers[-3:]), 1)[0]


def figure(results, names, ylabel):
    """A log-log panel for each line of settings, the slopes in its legend."""
    fig = Figure(figsize=(11, 6), layout="constrained")
    panels = fig.subplots(1, len(names), sharey=True)
    for axes, name in zip(panels, names):
        axes.set(xscale="log", yscale="log", xlabel=name)
        for label, (sizes, numbers) in curves(results, name).items():
            if len(sizes) == 1:  # the gist has no batches
                axes.axhline(numbers[0], color=COLORS[label], ls=":", label=label)
                continue
            text = f"{label}: {slope(sizes, numbers):.2f}"
            axes.plot(sizes, numbers, "o-", color=COLORS[label], label=text)
            axes.set_xticks(sizes, [f"{size:.0f}" for size in sizes], minor=False)
        axes.set_xticks([], minor=True)
        if axes.lines:  # else interrupted before
            axes.legend(
                title="slope at the end (float32, the gist in float64)",
                loc="lower center",
                bbox_to_anchor=(0.5, 1),
                ncols=2,
            )
    panels[0].set_ylabel(ylabel)
    return fig


def save(results, folder):
    """Write bench.json and the figures into `folder`."""
    folder.mkdir(exist_ok=True, parents=True)
    text = json.dumps(results, indent=1, ensure_ascii=False)
    (folder / "bench.json").write_text(text, encoding="utf-8")
    if results["scaling"]:
        time = figure(results, ["H", "T"], "µs a step (B = 1)")
        time.savefig(folder / "bench_time.png", dpi=120)
        streams = figure(results, ["B", "B, H = 512"], "characters a second")
        streams.savefig(folder / "bench_streams.png", dpi=120)
