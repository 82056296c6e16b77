"""Write the notebooks for students, for their teacher, and as a course of nbgrader.

    make assignments                     NOTEBOOKS="03 04" HINTS=yes

build/assignments/student/ has no solutions, no answers to "Check yourself" or to what
is done on paper, and no hints unless they are asked for; teacher/ has all of it
unfolded, and what to say about each exercise; nbgrader/ is a course with `source/` and
`release/`, whose points `teaching.nbgrading` gives. In all of them each task has its
number, points and minutes. The notebooks in `notebooks/` stay as they are.
"""

import argparse
import ast
import copy
import os
import re
import shutil
import sys
import tomllib
from pathlib import Path
from unittest import mock

from nbconvert.preprocessors import ClearOutputPreprocessor
from nbformat.v4 import new_code_cell, new_markdown_cell

from rnncourse.checker.misconceptions import BANK
from rnncourse.clinic import BLIND
from rnncourse.lab import read_notebook, write_notebook
from teaching.tasks import NOTEBOOKS, tasks_of
from teaching.turns import Busy, alone_in

BUILD = NOTEBOOKS.parent / "build" / "assignments"
NOTES = Path(__file__).with_name("exercises.toml")
CONFIG = Path(__file__).with_name("nbgrader_config.py")
FOLD = re.compile(r"<details>\s*<summary>(.*?)</summary>\n\n(.*?)</details>\n*", re.S)
# The faults are those of 15.
SOLVED = re.compile(r"Solution|Fault \d+|Which number is which")
WRITE_HERE = "*Your answer: double-click here and write, or hand in a sheet of paper.*"
# Taken out in the released notebook, and put back before grading. With the settings of
# this course no kernel runs it; without them it makes sure that nobody gets points.
UNSET = """
### BEGIN HIDDEN TESTS
# Not run where the points are given as this course gives them: the verdict says why.
raise RuntimeError("No points: the nbgrader_config.py of this course is not in use")
### END HIDDEN TESTS"""


def main(arguments=None):
    """Write the three versions of the notebooks that are asked for."""
    parser = argparse.ArgumentParser(prog="make assignments")
    parser.add_argument("notebooks", nargs="*", help="their numbers; else all")
    parser.add_argument("--hints", action="store_true", help="leave the hints in")
    options = parser.parse_args(arguments)
    try:
        notebooks = {path.stem: read_notebook(path) for path in chosen(options)}
    except ValueError as error:
        sys.exit(f"make assignments: {error}")
    try:
        with alone_in(BUILD):
            write_all(notebooks, options.hints)
    except Busy as error:
        sys.exit(f"make assignments: {error}")
    print(f"{BUILD}: student/, teacher/, nbgrader/ with {', '.join(notebooks)}")


def write_all(notebooks, hints):
    """Write the three versions of these notebooks, by their names, into BUILD."""
    notes = tomllib.loads(NOTES.read_text(encoding="utf-8"))
    course = BUILD / "nbgrader"
    for folder in ("student", "teacher"):
        shutil.rmtree(BUILD / folder, ignore_errors=True)
    for name, notebook in notebooks.items():
        versions = {
            BUILD / "student": for_students(notebook, hints),
            BUILD / "teacher": for_teachers(notebook, notes),
            course / "source" / name: for_nbgrader(notebook, hints),
        }
        for folder, version in versions.items():
            folder.mkdir(parents=True, exist_ok=True)
            write_notebook(version, folder / f"{name}.ipynb")
    release(course, notebooks)


def chosen(options):
    """The paths of the notebooks that are asked for and have something to hand in.

    ValueError: one of the names is not that of a notebook, or none has a task.
    """
    originals = {path.name[:2]: path for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
    asked = {Path(name).name[:2]: name for name in options.notebooks or originals}
    for number, name in asked.items():
        if number not in originals:
            raise ValueError(
                f"NOTEBOOKS: expected numbers out of {' '.join(originals)}, got {name}"
            )
    paths = [path for number, path in originals.items() if number in asked]
    found = [path for path in paths if tasks_of(read_notebook(path))]
    if not found:
        raise ValueError(f"NOTEBOOKS: {' '.join(asked)} has nothing to hand in")
    return found


def release(course, names):
    """Let nbgrader make the released notebooks of these assignments.

    What else is in the folder stays: gradebook, submissions, settings of one's own.
    """
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    if not (course / CONFIG.name).exists():
        shutil.copy(CONFIG, course)
    config = PyFileConfigLoader(CONFIG.name, path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    # It calls a program of its environment by its name.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with mock.patch.dict(os.environ, PATH=path):
        api = NbGraderAPI(config=config)
        for name in names:
            done = api.generate_assignment(name, force=True)
            if not done["success"]:
                reason = done.get("error") or done["log"]
                sys.exit(
                    f"make assignments: nbgrader does not release {name}: {reason}"
                )


# Folds


def answer_to(task, cells):
    """The fold that answers what is done on paper, as a match, or None.

    It stands in the cell of the task, or it is all of the cell after it.
    """
    at = next(n for n, cell in enumerate(cells) if cell.id == task.cell)
    asked, after = cells[at], cells[at + 1]
    here = FOLD.search(asked.source, asked.source.index("**On paper.**"))
    return here or FOLD.fullmatch(after.source)


def solution_to(task, cells):
    """The source of the folded solution of an exercise, in the cell after its check."""
    at = next(n for n, cell in enumerate(cells) if cell.id == task.cell)
    folded = dict(FOLD.findall(cells[at + 1].source))
    return re.search(r"(?s)```python\n(.*?)```", folded["Solution"])[1].strip()


# The three versions of a notebook


def for_students(notebook, hints=False):
    """A copy without outputs, and without the folds that give something away.

    hints: whether they stay in. The id of a cell that is new begins with "task-".
    """
    notebook, _ = ClearOutputPreprocessor().preprocess(copy.deepcopy(notebook), {})
    tasks = tasks_of(notebook)
    papers = [answer_to(task, notebook.cells) for task in tasks if task.kind == "paper"]
    told = {answer[0].strip() for answer in papers if answer}

    def left(fold):
        what, whole = fold[1], fold[0].strip()
        solved = SOLVED.fullmatch(what) or whole in told
        hint = what.startswith("Hint") and not hints
        yourself = "## Check yourself" in fold.string
        return "" if solved or hint or yourself else fold[0]

    cells = []
    for cell in notebook.cells:
        source = cell.source
        if cell.cell_type == "markdown" and FOLD.search(source):
            cell.source = FOLD.sub(left, source).rstrip()
        if cell.source or not source:
            cells.append(cell)
    notebook.cells = with_labels(cells, tasks)
    for task in tasks:
        if task.kind == "paper":
            add_after(notebook, cell_id(task), new_markdown(task, "answer", WRITE_HERE))
    return notebook


def for_teachers(notebook, notes):
    """A copy with every fold open, a table of the tasks, and notes on the exercises.

    notes: what stands in exercises.toml, by the name of the exercise.
    """
    notebook = copy.deepcopy(notebook)
    tasks = tasks_of(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace("<details>", "<details open>")
    ids = [cell.id for cell in notebook.cells]
    notebook.cells = with_labels(notebook.cells, tasks)
    for task in tasks:
        if task.kind == "exercise":
            text = talk_about(task, notes[task.name])
            folds = ids[ids.index(task.cell) + 1]
            add_after(notebook, folds, new_markdown(task, "notes", text))
        elif task.kind == "diagnosis":
            lines = ", ".join(BLIND[int(task.name)].changes)
            text = f"> **For the teacher: {task.number}.** The answer: {lines}."
            add_after(notebook, task.cell, new_markdown(task, "notes", text))
    table = new_markdown_cell(table_of(tasks), id="tasks", metadata=SLIDE)
    notebook.cells.insert(1, table)
    return notebook


def for_nbgrader(notebook, hints=False):
    """As for students, with the solutions as nbgrader marks them, and its metadata."""
    originals, notebook = notebook.cells, for_students(notebook, hints)
    cells = {cell.id: cell for cell in notebook.cells}
    for task in tasks_of(notebook):
        points = {"grade": True, "points": task.points}
        if task.kind == "exercise":
            stub, check = cells[task.stub], cells[task.cell]
            stub.source = marked(stub.source, solution_to(task, originals))
            mark(stub, solution=True)
        elif task.kind == "diagnosis":
            check = new_code_cell(
                f"# {task.points} points for diagnose({task.name}, ...)",
                id=cell_id(task, "points"),
                metadata=copy.deepcopy(SLIDE),
            )
            add_after(notebook, task.cell, check)
        else:
            cell, answer = cells[cell_id(task, "answer")], answer_to(task, originals)
            cell.source = answer[2].strip() if answer else "The next cell shows it."
            mark(cell, solution=True, **points)
            continue
        check.source += UNSET
        mark(check, locked=True, **points)
    return notebook


# Their parts

SLIDE = {"slideshow": {"slide_type": "-"}}


def cell_id(task, what="label"):
    """The id of a new cell for a task: "task-3-2-label"."""
    return f"task-{task.number.replace('.', '-')}-{what}"


def new_markdown(task, what, text):
    """A new cell for a task."""
    return new_markdown_cell(
        text, id=cell_id(task, what), metadata=copy.deepcopy(SLIDE)
    )


def add_after(notebook, place, cell):
    """Put a cell behind the one with the id `place`."""
    (at,) = (n for n, each in enumerate(notebook.cells) if each.id == place)
    notebook.cells.insert(at + 1, cell)


def with_labels(cells, tasks):
    """The cells, and by each task its label: before a code cell, after a question."""
    labels = {task.stub or task.cell: task for task in tasks}
    labelled = []
    for cell in cells:
        task, both = labels.get(cell.id), [cell]
        if task:
            both.insert(task.kind == "paper", new_markdown(task, "label", label(task)))
        labelled += both
    return labelled


def label(task):
    """What a student reads of a task: number, points, minutes."""
    what = {"exercise": f"`{task.name}`", "paper": "on paper"}
    what["diagnosis"] = f"patient {task.name}"
    return (
        f"**Task {task.number}**, {what[task.kind]}: "
        f"{task.points} points, about {task.minutes} minutes"
    )


def table_of(tasks):
    """The tasks of a notebook as a table, with their sums."""
    rows = [
        (task.number, task.kind, f"`{task.name}`" if task.stub else task.name)
        + (task.points, task.minutes)
        for task in tasks
    ]
    points, minutes = (sum(column) for column in zip(*(row[3:] for row in rows)))
    rows.append(("", "", "together", points, minutes))
    head = ["**For the teacher.** What there is to do in this notebook:", ""]
    head += ["| task | kind | what | points | minutes |", "|---|---|---|---|---|"]
    return "\n".join(head + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def talk_about(task, notes):
    """What a teacher reads of an exercise, as a quotation.

    notes: the table of exercises.toml for it.
    """
    known = {slug: entry for (name, slug), entry in BANK.items() if name == task.name}
    expected = [known.pop(slug) for slug in notes["expect"]]
    parts = [f"**For the teacher: {task.number} `{task.name}`**"]
    parts += [f"**It trains:** {notes['trains']}"]
    parts += ["**Mistakes to expect,** each with what the student reads:"]
    parts += ["\n".join(f"- *{each.slug}*: {each.message}" for each in expected)]
    if known:
        rest = ", ".join(known)
        parts += [f"The checker also knows {len(known)} others: {rest}."]
    parts += [f"**How to talk about it.** {' '.join(notes['talk'].split())}"]
    lines = "\n\n".join(parts).splitlines()
    return "\n".join(f"> {line}".rstrip() for line in lines)


def marked(stub, solution):
    """The stub with the body of the solution, between the marks of nbgrader.

    stub: a `def` with a docstring, that ends with `...`. solution: the same function.
    """
    (function,) = ast.parse(solution).body
    body = solution.splitlines()[function.body[0].end_lineno :]
    head = stub.rstrip().removesuffix("...").rstrip()
    marks = "    ### BEGIN SOLUTION", "    ### END SOLUTION"
    return "\n".join([head, marks[0], *body, marks[1]])


def mark(cell, **roles):
    """Give a cell the metadata of nbgrader: False for each role not named."""
    usual = dict.fromkeys(("grade", "locked", "solution", "task"), False)
    usual |= {"grade_id": cell.id, "schema_version": 3}
    cell.metadata["nbgrader"] = usual | roles


if __name__ == "__main__":
    main()
