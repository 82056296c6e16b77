"""class.html: what a class solved, and which mistakes it made, on one page."""

import html
import io
import re
from base64 import b64encode
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

from rnncourse.checker.exercises import EXERCISES
from rnncourse.checker.misconceptions import BANK
from rnncourse.figures.style import FAINT, GRADIENT, LIT, OUTPUT, new_figure, styled
from teaching.solutions import places

STATUSES = ("correct", "wrong", "missing")
TOP = 15  # mistakes in the picture
EXAMPLES = 3  # messages of an exercise that the bank does not know
HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What the class solved</title>
<style>
body { font: 1.05rem/1.5 system-ui, sans-serif; color: #222; background: #fff;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; }
h2 { margin-top: 2.5rem; border-top: 2px solid #ddd; padding-top: 1.5rem; }
img { max-width: 100%; height: auto; display: block; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem;
  border-bottom: 1px solid #ddd; }
td.n, th.n { text-align: right; }
blockquote { margin: .5rem 0; padding: .2rem .8rem; border-left: 4px solid #9a0c00; }
.wide { overflow-x: auto; }
summary { cursor: pointer; padding: .4rem 0; }
</style>
</head>
<body>
<main>
"""
ALIKE = (
    "The same but for names, in a function of six statements or more; or in all that "
    "one of them handed in: two functions or more, or one that is wrong in a way that "
    "is not in the bank. What the notebooks show as a solution does not count. It is "
    "no proof. A short right answer has few forms, and two who worked alone often "
    "find the same one; a long one, or the same wrong one, is rarer. Nor does it "
    "clear the others: one more line, and two functions are not alike. Let each "
    "explain a line."
)
FOOT = "</main>\n</body>\n</html>\n"


@dataclass(frozen=True)
class Mistake:
    """A mistake that a class made.

    count: how many students. slug: its name in the bank, None for what the bank does
    not know. messages: what the checker says of it.
    """

    exercise: str
    slug: str | None
    count: int
    messages: list


def mistakes_of(rows):
    """The mistakes in these rows, those that most students made first."""
    counts, messages = Counter(), defaultdict(Counter)
    for row in rows:
        for name, (status, slug, message) in row["verdicts"].items():
            if status == "wrong":
                counts[name, slug] += 1
                messages[name, slug][message] += 1
    order = list(EXERCISES)

    def place(mistake):
        (name, slug), count = mistake
        return -count, slug is None, order.index(name), slug or ""

    found = []
    for (name, slug), count in sorted(counts.items(), key=place):
        said = [message for message, _ in messages[name, slug].most_common(EXAMPLES)]
        if slug is not None:
            said = [BANK[name, slug].message]
        found.append(Mistake(name, slug, count, said))
    return found


def page(rows, tasks, alike):
    """The page as a text of HTML that needs nothing else.

    rows: of the students. alike: a list of `grades.Alike`.
    """
    read = [row for row in rows if not row["problem"]]
    counts = {
        task.name: [
            sum(row["verdicts"][task.name][0] == status for row in read)
            for status in STATUSES
        ]
        for task in tasks
    }
    mistakes = mistakes_of(read)
    parts = [HEAD, "<h1>What the class solved</h1>", summary(rows, read, tasks)]
    if read:
        parts += ["<h2>The exercises</h2>", *exercises(counts, tasks, len(read))]
        parts += ["<h2>The mistakes</h2>", *described(mistakes, tasks)]
    parts += ["<h2>For you alone</h2>", names(rows, alike)]
    return "\n".join([*parts, FOOT])


def summary(rows, read, tasks):
    """A paragraph: how many, of how many points, and what could not be read."""
    total = sum(task.points for task in tasks)
    scores = [
        sum(t.points for t in tasks if row["verdicts"][t.name][0] == "correct")
        for row in read
    ]
    text = f"{number(len(rows), 'student')}, {number(len(tasks), 'exercise')}, "
    text += f"{number(total, 'point')}."
    if read:
        text += f" The median is {np.median(scores):g} points, from {min(scores)} "
        text += f"to {max(scores)}."
    if len(rows) > len(read):
        text += f" Of {len(rows) - len(read)} nothing could be read: see the end."
    return f"<p>{text} Up to the last section this page names nobody.</p>"


def number(n, what):
    return f"{n} {what}{'' if n == 1 else 's'}"


def exercises(counts, tasks, students):
    """The picture of the exercises, and its numbers as a table."""
    least = min(counts, key=lambda name: counts[name][0])
    alt = (
        f"Bars for {number(len(counts), 'exercise')}: how many of "
        f"{number(students, 'student')} have it right, wrong, missing. Fewest have "
        f"{least} right: {counts[least][0]}. The table below has all numbers."
    )
    rows = [
        [task.number, f"<code>{task.name}</code>", *counts[task.name]] for task in tasks
    ]
    return [
        picture(exercise_figure(counts, tasks, students), alt),
        "<details><summary>The numbers</summary>",
        html_table(["number", "exercise", *STATUSES], rows, range(2, 5)),
        "</details>",
    ]


def described(mistakes, tasks):
    """The picture of the mistakes, and each with its message and its place."""
    if not mistakes:
        return ["<p>None.</p>"]
    known = [mistake for mistake in mistakes if mistake.slug]
    parts = ["<p>The message is what the checker says to the student.</p>"]
    if known:
        most = known[0]
        alt = (
            f"Bars for the {min(len(known), TOP)} mistakes that most students made. "
            f"First comes {most.slug} in {most.exercise}, with "
            f"{number(most.count, 'student')}. All are listed below."
        )
        parts.append(picture(mistake_figure(known[:TOP]), alt))
    by_name = {task.name: task for task in tasks}
    for mistake in mistakes:
        task = by_name[mistake.exercise]
        what = mistake.slug.replace("-", " ") if mistake.slug else "not in the bank"
        parts.append(
            f"<h3><code>{mistake.exercise}</code>: {html.escape(what)}, "
            f"{number(mistake.count, 'student')}</h3>"
        )
        parts += [
            f"<blockquote>{prose(text)}</blockquote>" for text in mistake.messages
        ]
        parts.append(f"<p>{place_of(task)}</p>")
    return parts


def place_of(task):
    """Where the course treats a task: words, for a page that is sent keeps no link."""
    place = places()[task.notebook, task.stub]
    words = f"Notebook {place.title}, section “{place.section}”, exercise {task.number}"
    return prose(words)


def names(rows, alike):
    """What names students: folded, for the page may be on a screen."""
    what = "Names: what each has, what could not be read, which files are alike"
    parts = [f"<details><summary>{what}</summary>"]
    lines = [
        [
            html.escape(row["id"]),
            html.escape(row["name"]),
            *(count(row, status) for status in STATUSES),
            html.escape(row["problem"]),
        ]
        for row in rows
    ]
    parts.append(html_table(["id", "name", *STATUSES, "note"], lines, range(2, 5)))
    parts.append("<h3>Files that are alike</h3>")
    parts.append(f"<p>{ALIKE}</p>")
    lines = [f"<li>{in_words(each)}</li>" for each in alike]
    parts.append(f"<ul>{''.join(lines)}</ul>" if lines else "<p>None.</p>")
    parts.append(
        "<h3>How far to trust it</h3><p>Each function ran on test inputs of its own "
        "student's, as you, within limits on time, memory, files and network that "
        "keep accidents and plain tricks away, not an attacker who knows Python well. "
        "A function that somebody else wrote is as right as one's own.</p>"
    )
    return "\n".join([*parts, "</details>"])


def in_words(alike):
    """A line of HTML on students with functions that are the same but for names."""
    same, wrong = (
        ", ".join(f"<code>{name}</code>" for name in names)
        for names in (alike.names, alike.wrong)
    )
    text = f"{html.escape(', '.join(alike.ids))}: "
    text += f"{number(len(alike.names), 'function')} alike"
    text += ", all that one of them has" if alike.whole else ""
    return f"{text}: {same}." + (f" Wrong in each: {wrong}." if wrong else "")


def count(row, status):
    """How many exercises of a row have this status, "" where nothing could be read."""
    if row["problem"]:
        return ""
    return sum(verdict[0] == status for verdict in row["verdicts"].values())


def html_table(head, lines, numbers):
    """A table; numbers: the columns that hold numbers."""

    def row(tag, cells, more=""):
        marked = (
            f"<{tag}{more}{' class=n' if k in numbers else ''}>{cell}</{tag}>"
            for k, cell in enumerate(cells)
        )
        return f"<tr>{''.join(marked)}</tr>"

    body = "\n".join(row("td", line) for line in lines)
    top = row("th", head, " scope=col")
    return f"<table><thead>{top}</thead>\n<tbody>{body}</tbody></table>"


def prose(text):
    """A message as HTML: what stands in backticks is code, in stars is stressed."""
    text = html.escape(text, quote=False)
    text = re.sub(r"(?<!\w)\*(\w[\w ]*)\*(?!\w)", r"<em>\1</em>", text)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)


# --- pictures -------------------------------------------------------------------


def picture(figure, alt):
    """A figure as an image that is inside of the page."""
    held = io.BytesIO()
    figure.savefig(held, format="svg", metadata={"Date": None})
    data = b64encode(held.getvalue()).decode()
    return f'<img alt="{html.escape(alt)}" src="data:image/svg+xml;base64,{data}">'


@styled
def exercise_figure(counts, tasks, students):
    """A bar for each exercise: how many have it correct, wrong, missing."""
    figure, axes = new_figure(9, 1.6 + 0.32 * len(tasks))
    start, places = np.zeros(len(tasks)), np.arange(len(tasks))
    looks = (
        {"color": OUTPUT},
        {"color": GRADIENT, "hatch": "//", "edgecolor": "white", "linewidth": 0},
        {"color": LIT, "edgecolor": FAINT, "linewidth": 0.8},
    )
    for k, (status, look) in enumerate(zip(STATUSES, looks)):
        values = np.array([counts[task.name][k] for task in tasks])
        axes.barh(places, values, left=start, height=0.75, label=status, **look)
        start = start + values
    axes.set_yticks(places, [f"{task.number}  {task.name}" for task in tasks])
    axes.set(ylim=(len(tasks) - 0.4, -0.6), xlim=(0, students), xlabel="students")
    axes.xaxis.get_major_locator().set_params(integer=True)
    figure.legend(loc="outside upper right", ncols=3)
    return figure


@styled
def mistake_figure(mistakes):
    """A bar for each mistake: how many students made it."""
    figure, axes = new_figure(9, 1.2 + 0.42 * len(mistakes))
    places = np.arange(len(mistakes))
    axes.barh(places, [mistake.count for mistake in mistakes], color=GRADIENT)
    words = [f"{m.exercise}: {m.slug.replace('-', ' ')}" for m in mistakes]
    axes.set_yticks(places, words)
    axes.set(ylim=(len(mistakes) - 0.4, -0.6), xlabel="students")
    axes.xaxis.get_major_locator().set_params(integer=True)
    return figure
