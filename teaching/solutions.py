"""What the notebooks themselves show of an exercise: its solution, and its place."""

import ast
import functools
import inspect
import re
from dataclasses import dataclass

import nbformat

from rnncourse.checker.exercises import EXERCISES
from teaching.submissions import print_of
from teaching.tasks import NOTEBOOKS

SOLUTION = re.compile(r"(?s)<summary>Solution</summary>\s*```python\n(.*?)```")


@functools.cache
def prints_of_solutions():
    """The prints (see `print_of`) of what the notebooks show as solutions."""
    sources = [inspect.getsource(exercise.truth) for exercise in EXERCISES.values()]
    for path in NOTEBOOKS.glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                sources += SOLUTION.findall(cell.source)
    nodes = [node for source in sources for node in ast.parse(source).body]
    return {print_of(node) for node in nodes if isinstance(node, ast.FunctionDef)}


@dataclass(frozen=True)
class Place:
    """Where the course treats an exercise.

    file: the notebook. title: its own. section: the heading of two # above the
    exercise. heading: the one right above it.
    """

    file: str
    title: str
    section: str
    heading: str


@functools.cache
def places():
    """The Place of each code cell, by the number of its notebook and its id."""
    found = {}
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells, section, heading = nbformat.read(path, as_version=4).cells, "", ""
        title = re.match(r"# (.*)", cells[0].source)[1]
        for cell in cells:
            if cell.cell_type == "code":
                found[path.name[:2], cell.id] = Place(
                    path.name, title, section, heading
                )
                continue
            for marks, words in re.findall(r"(?m)^(##+) (.*)", cell.source):
                heading, section = words, words if marks == "##" else section
    return found
