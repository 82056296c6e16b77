"""Points for nbgrader, by verdict: nothing of a student's runs where they are given.

In nbgrader's own way a student's cells and the cells that test them run in one kernel.
A student's code can change there what a test does, or hide that it failed. Here no cell
is run. Each function is taken from the source of the notebook and judged in processes
of their own, on inputs drawn for this student; `teaching.running` says what that does
not protect against.
"""

import ast
import re
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_output

from rnncourse.clinic import BLIND
from teaching.running import judge_file


def own_cells(notebook, resources):
    """Give the cells of the course back what nbgrader knows them by, and no other cell.

    A preprocessor, which stands in nbgrader_config.py in place of DeduplicateIds: it
    takes and returns a notebook that was handed in, and its resources. A cell that was
    copied, or whose metadata was changed, would stop nbgrader for all students after
    this one. A test cell comes back as it was: with the hidden lines that students are
    not given, which nbgrader else takes for a change by the student; at the end, if it
    was taken out.
    """
    about = resources["nbgrader"]
    path = Path("source", about["assignment"], f"{about['notebook']}.ipynb")
    ours = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in nbformat.read(path, as_version=4).cells
        if "nbgrader" in cell.metadata
    }
    for cell in reversed(notebook.cells):  # of two that are alike, the last one counts
        theirs = cell.metadata.pop("nbgrader", None)
        known = str(theirs.get("grade_id")) if isinstance(theirs, dict) else ""
        if known in ours:
            original = ours.pop(known)
            cell.metadata["nbgrader"] = original.metadata.nbgrader
            cell.source = original.source if is_test(original) else cell.source
    notebook.cells += [cell for cell in ours.values() if is_test(cell)]
    return notebook, resources


def give_points(notebook, resources):
    """Write into each test cell what nbgrader looks for there: the points, and why.

    A preprocessor, which stands in nbgrader_config.py in place of Execute: it takes and
    returns the notebook and its resources, which say whose it is.
    """
    student = resources["nbgrader"]["student"]
    for cell in notebook.cells:
        if is_test(cell):
            right, words = judged(cell.source, notebook, student)
            points = cell.metadata.nbgrader.points if right else 0
            cell.outputs = [
                new_output("stream", text=f"{words}\n"),
                new_output("execute_result", data={"text/plain": str(points)}),
            ]
    return notebook, resources


def is_test(cell):
    """Whether the points of this cell are given without a person."""
    about = cell.metadata.get("nbgrader", {})
    return bool(about) and about.grade and not about.solution


def judged(test, notebook, student):
    """Whether what a test cell asks for is right in a notebook, and why, in words."""
    what, name = re.search(r"(check|diagnose)\((\w+)", test).groups()
    if what == "diagnose":
        named, right = lines_named(notebook, int(name)), set(BLIND[int(name)].changes)
        said = (
            f"names {', '.join(sorted(map(str, named)))}" if named else "names no line"
        )
        return named == right, f"diagnose({name}, ...) {said}."
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "submission.ipynb")
        nbformat.write(notebook, path)
        try:
            verdict = judge_file(path, name, student)
        except ValueError as error:
            return False, str(error)
    return verdict.status == "correct", repr(verdict)


def lines_named(notebook, patient):
    """The lines that the last `diagnose(patient, ...)` names, as written there: a set.

    Empty where there is none, or where it names them by anything but text.
    """
    found = set()
    for cell in notebook.cells:
        for node in calls_of("diagnose", cell):
            try:
                number, *lines = map(ast.literal_eval, node.args)
            except ValueError:
                continue
            if number == patient:
                if len(lines) == 1 and isinstance(lines[0], (list, tuple)):
                    lines = lines[0]
                found = {line for line in lines if isinstance(line, str)}
    return found


def calls_of(name, cell):
    """The calls of a function in a code cell, as nodes; none if it is not Python."""
    if cell.cell_type != "code":
        return []
    try:
        nodes = ast.walk(ast.parse(cell.source))
    except (SyntaxError, ValueError):
        return []
    return [
        node
        for node in nodes
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name
    ]
