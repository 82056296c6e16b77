"""The list of tasks is the one that the notebooks ask for."""

import tomllib
from pathlib import Path

import nbformat

from rnncourse.checker.exercises import EXERCISES
from teaching.tasks import all_tasks, tasks_of


def test_the_exercises_are_those_of_the_checker_in_its_order():
    tasks = [task for task in all_tasks() if task.kind == "exercise"]
    assert [task.name for task in tasks] == list(EXERCISES)
    assert [task.notebook for task in tasks] == [
        exercise.notebook for exercise in EXERCISES.values()
    ]


def test_the_teacher_is_told_about_each():
    told = (Path(__file__).parents[2] / "teaching/exercises.toml").read_text("utf-8")
    assert list(EXERCISES) == list(tomllib.loads(told)), "teaching/exercises.toml"


def test_a_task_of_each_kind():
    cell = nbformat.v4.new_code_cell
    text = nbformat.v4.new_markdown_cell
    notebook = nbformat.v4.new_notebook(
        cells=[
            text("# 06 A title", id="title"),
            text("## By hand\n\n**On paper.** Derive it.", id="by-hand"),
            cell("def train(ids):\n    ...", id="stub"),
            text("Then:", id="then"),
            cell("check(train)", id="tried"),
            cell("diagnose(2, ...)", id="blind"),
            cell("print(1)", id="other"),
        ]
    )
    paper, train, blind = tasks_of(notebook)
    assert (paper.number, paper.kind, paper.name) == ("6.1", "paper", "By hand")
    assert (paper.cell, paper.stub, paper.minutes, paper.points) == (
        "by-hand",
        None,
        8,
        4,
    )
    assert (train.number, train.kind, train.name) == ("6.2", "exercise", "train")
    assert (train.cell, train.stub, train.minutes, train.points) == (
        "tried",
        "stub",
        18,
        9,
    )
    assert (blind.number, blind.kind, blind.name) == ("6.3", "diagnosis", "2")
    assert (blind.minutes, blind.points) == (4, 2)
