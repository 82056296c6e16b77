"""How long a notebook takes, by one count for all, and the table of TEACHING.md.

    python -m teaching.minutes     print the table: each notebook with its sections

Folded help is not counted: who needs it takes the time of the exercise for it.
"""

import re

import nbformat

from teaching.tasks import DIAGNOSIS, EXERCISE, HUNT, LONG, NOTEBOOKS, PAPER

WORDS_A_MINUTE = 140
MINUTES_A_LINE = 10 / 60
PREDICT = 0.5


def minutes(cells):
    """The minutes that these cells take."""
    total, sources = 0.0, [c.source for c in cells if c.cell_type == "code"]
    tried = {f"def {m[1]}(" for s in sources if (m := re.match(r"check\((\w+)\)", s))}
    for cell in cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"(?s)<details>.*?</details>", "", cell.source)
            total += len(re.findall(r"\w[^\s]*", prose)) / WORDS_A_MINUTE
            total += PREDICT * prose.count("**Predict.**")
            total += PAPER * prose.count("**On paper.**")
        elif checked := re.match(r"check\((\w+)\)", cell.source):
            total += LONG.get(checked[1], EXERCISE)
        elif cell.source.startswith("diagnose("):
            total += DIAGNOSIS
        elif cell.source.startswith("hunt.check("):
            total += HUNT
        elif cell.id == "course":
            pass  # the same everywhere, and nothing to read
        elif not any(stub in cell.source for stub in tried):
            lines = [line for line in cell.source.splitlines() if line.strip()]
            total += len(lines) * MINUTES_A_LINE
    return total


def sections(cells):
    """Title and cells of each section: from one heading of two # to the next.

    What stands before the first is no section: the head of the notebook.
    """
    found = []
    for cell in cells:
        heading = re.search(r"(?m)^## (.*)", cell.source)
        if cell.cell_type == "markdown" and heading:
            found.append((heading[1], []))
        if found:
            found[-1][1].append(cell)
    return found


def table():
    """The notebooks with their minutes, and their sections with theirs: Markdown.

    A section of less than half a minute is not listed.
    """
    rows = ["| | minutes | its sections, with their minutes |", "|---|---|---|"]
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        parts = [(title, round(minutes(part))) for title, part in sections(cells)]
        listed = ", ".join(f"{title} **{n}**" for title, n in parts if n)
        rows.append(f"| {path.stem[:2]} | {round(minutes(cells))} | {listed} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
