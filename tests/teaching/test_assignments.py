"""The assignments, with the real nbgrader: `make taught` runs these.

One course is made of 03 and 05, and five students hand in: one with everything right,
one with nothing, one with half, one whose code wants points that are not its own, and
one whose notebook lacks its test cells.
"""

import ast
import copy
import csv
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

from rnncourse import checker
from rnncourse.checker.exercises import EXERCISES
from rnncourse.checker.misconceptions import BANK
from rnncourse.clinic import BLIND
from teaching import assignments
from teaching.nbgrading import lines_named
from teaching.tasks import NOTEBOOKS, all_tasks, tasks_of
from teaching.turns import alone_in

if find_spec("nbgrader") is None:
    pytest.skip("nbgrader is not installed: make taught", allow_module_level=True)

from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions  # noqa: E402

NAMES = ["03_softmax_and_cross_entropy", "05_gradient_checking"]
PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))[1:]  # all but 00, which has no task
NOTES = tomllib.loads(assignments.NOTES.read_text(encoding="utf-8"))
CLOSED = "<details>"
STUBS = {"code_stub": {"python": "..."}, "text_stub": assignments.WRITE_HERE}


def read(path):
    return nbformat.read(path, as_version=4)


def by_id(notebook):
    return {cell.id: cell for cell in notebook.cells}


@pytest.fixture(params=PATHS, ids=lambda path: path.name[:2])
def original(request):
    return read(request.param)


# The students' notebooks


@pytest.mark.parametrize("hints", [False, True], ids=["no hints", "hints"])
def test_a_students_notebook_lacks_what_gives_away_and_nothing_else(original, hints):
    made = assignments.for_students(original, hints)
    kept = by_id(made)
    out = []
    for cell in original.cells:
        left = kept[cell.id].source if cell.id in kept else ""
        if cell.cell_type == "code" or CLOSED not in cell.source:
            assert left == cell.source
        else:
            for fold in re.findall(r"(?s)<details>.*?</details>", cell.source):
                if fold not in left:
                    out.append((re.search("<summary>(.*?)<", fold)[1], cell.id))
                left, whole = left.replace(fold, ""), cell.source.replace(fold, "")
                cell.source = whole
            assert left.split() == cell.source.split()
    tasks = tasks_of(original)
    whats = [what for what, _ in out]
    assert whats.count("Solution") == sum(task.kind == "exercise" for task in tasks)
    assert [place for _, place in out].count("check-yourself") == 4
    assert any(what.startswith("Hint") for what in whats) != hints or not tasks
    assert ("Answer", "recall") not in out
    assert all(not cell.get("outputs") for cell in made.cells)
    order = [cell.id for cell in original.cells if cell.id in kept]
    assert [c.id for c in made.cells if not c.id.startswith("task-")] == order


def test_an_answer_to_a_task_on_paper_is_out_wherever_it_stands():
    for number, place in [("02", "toy-step-1-answer"), ("04", "two-steps-answer")]:
        (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
        assert place not in by_id(assignments.for_students(read(path)))
    (path,) = NOTEBOOKS.glob("08_*.ipynb")
    asked = by_id(assignments.for_students(read(path)))["suspects-why"]
    assert "**On paper.**" in asked.source and CLOSED not in asked.source


def in_a_row(text):
    """A text without its line breaks and indents, however it was laid out."""
    return " ".join(text.split())


# What a lesson shows before it asks for a function that needs it, and no answer.
TAUGHT = {"h_prev, h = states[:-1], states[1:]", "T = len(inputs)"}
FOUND = {*(f"Fault {n}" for n in range(1, 9)), "Which number is which"}  # of 15


@pytest.mark.parametrize("hints", [False, True], ids=["no hints", "hints"])
def test_nothing_that_is_handed_out_answers_a_task(original, hints):
    """Read in what nbgrader releases, of all notebooks, however it is worded there."""
    released, _ = ClearHiddenTests()(assignments.for_nbgrader(original, hints), {})
    released, _ = ClearSolutions(**STUBS)(released, {})
    made = assignments.for_students(original, hints)
    text = [c.source for c in released.cells if not c.id.endswith("-points")]
    assert text == [c.source for c in made.cells]
    text, told = in_a_row("\n".join(text)), []
    for task in tasks_of(original):
        if task.kind == "exercise":
            solution = assignments.solution_to(task, original.cells)
            _, *body = ast.parse(solution).body[0].body  # all but the docstring
            told += [ast.get_source_segment(solution, line) for line in body]
        elif task.kind == "paper" and (
            answer := assignments.answer_to(task, original.cells)
        ):
            told += answer[2].split("\n\n")
    for cell in original.cells:
        for what, answer in assignments.FOLD.findall(cell.source):
            if cell.id == "check-yourself" or what in FOUND:
                told += answer.split("\n\n")
    told = [in_a_row(line) for line in told]
    told = [line for line in told if len(line) > 12 and line not in TAUGHT]
    assert len(told) > 4 and not [line for line in told if line in text]


def test_each_task_has_its_number_points_and_minutes(original):
    cells = assignments.for_students(original).cells
    places = {cell.id: n for n, cell in enumerate(cells)}
    for task in tasks_of(original):
        at = places[assignments.cell_id(task)]
        assert cells[at].source.startswith(f"**Task {task.number}**, ")
        words = f"{task.points} points, about {task.minutes} minutes"
        assert cells[at].source.endswith(words)
        if task.kind == "paper":
            assert cells[at - 1].id == task.cell
            assert cells[at + 1].source == assignments.WRITE_HERE
        else:
            assert cells[at + 1].id == (task.stub or task.cell)
    assert len({cell.id for cell in cells}) == len(cells)


# The teacher's notebooks


def test_a_teachers_notebook_has_all_of_it_open(original):
    made = assignments.for_teachers(original, NOTES)
    kept = by_id(made)
    for cell in original.cells:
        same = cell.source.replace(CLOSED, "<details open>")
        same = same if cell.cell_type == "markdown" else cell.source
        assert kept[cell.id].source == same
        assert kept[cell.id].get("outputs") == cell.get("outputs")
    assert all(CLOSED not in c.source for c in made.cells if c.cell_type == "markdown")


def test_a_teacher_reads_what_each_exercise_trains_and_what_goes_wrong():
    (path,) = NOTEBOOKS.glob("03_*.ipynb")
    cells = assignments.for_teachers(read(path), NOTES).cells
    places = {cell.id: n for n, cell in enumerate(cells)}
    at = places["task-3-1-notes"]
    assert cells[at - 1].id == "exercise-softmax-help"
    text, notes = cells[at].source, NOTES["softmax"]
    for slug in notes["expect"]:
        assert f"> - *{slug}*: {BANK['softmax', slug].message}\n" in text
    assert notes["trains"] in text and " ".join(notes["talk"].split()) in text
    rest = [slug for name, slug in BANK if name == "softmax"]
    assert f"also knows {len(rest) - 3} others: " in text
    table = cells[places["tasks"]].source
    assert "| 3.1 | exercise | `softmax` | 3 | 6 |" in table
    total = sum(task.points for task in tasks_of(read(path)))
    assert f"| together | {total} |" in table


def test_the_teacher_has_notes_on_every_exercise_of_known_mistakes():
    for task in all_tasks():
        if task.kind == "exercise":
            notes = NOTES[task.name]
            assert set(notes) == {"trains", "expect", "talk"}
            assert len(set(notes["expect"])) == 3
            assert all((task.name, slug) in BANK for slug in notes["expect"]), notes
            assert len(notes["talk"].split()) >= 20, notes


# The course of nbgrader


def nbgrader(course, *arguments):
    """Run nbgrader in a course, as in an environment that is activated: its log."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["nbgrader", *arguments],
        cwd=course,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder in which 03 and 05 were made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assignments, "BUILD", tmp_path_factory.mktemp("assignments"))
        assignments.main(["03", str(NOTEBOOKS / f"{NAMES[1]}.ipynb")])
        yield assignments.BUILD


def test_released_is_what_students_get(made):
    for name in NAMES:
        released = read(made / "nbgrader" / "release" / name / f"{name}.ipynb")
        student = read(made / "student" / f"{name}.ipynb")
        text = [c.source for c in released.cells if not c.id.endswith("-points")]
        assert text == [c.source for c in student.cells]
        locked = [
            c for c in released.cells if c.metadata.get("nbgrader", {}).get("locked")
        ]
        assert all(c.metadata.editable is False for c in locked)
        points = [
            c.metadata.nbgrader.get("points", 0)
            for c in released.cells
            if "nbgrader" in c.metadata
        ]
        assert sum(points) == sum(task.points for task in tasks_of(released))


def test_source_has_the_solutions_between_marks(made):
    cells = by_id(read(made / "nbgrader" / "source" / NAMES[0] / f"{NAMES[0]}.ipynb"))
    assert cells["exercise-softmax-stub"].source == (
        "def softmax(y):\n"
        '    """Probabilities of each row: (V,) -> (V,) or (T, V) -> (T, V)."""\n'
        "    ### BEGIN SOLUTION\n"
        "    p = np.exp(y - np.max(y, axis=-1, keepdims=True))\n"
        "    return p / p.sum(axis=-1, keepdims=True)\n"
        "    ### END SOLUTION"
    )


def test_a_signature_over_several_lines_keeps_its_stub():
    (path,) = NOTEBOOKS.glob("08_*.ipynb")
    cells = by_id(assignments.for_nbgrader(read(path)))
    (task,) = (t for t in tasks_of(read(path)) if t.name == "chunk_backward")
    names = {"np": None}
    exec(cells[task.stub].source, names)
    assert names["chunk_backward"].__code__.co_argcount == 9


def test_without_the_settings_of_the_course_nobody_gets_points(made):
    cells = by_id(read(made / "nbgrader" / "source" / NAMES[0] / f"{NAMES[0]}.ipynb"))
    with pytest.raises(RuntimeError, match="nbgrader_config.py of this course is not"):
        exec(cells["exercise-nll-check"].source, {"check": print, "nll": None})


def test_a_second_run_at_the_same_time_says_so(made):
    with (
        alone_in(made),
        pytest.raises(SystemExit, match="make assignments: Another run is writing"),
    ):
        assignments.main(["03"])


def test_making_it_again_keeps_gradebook_and_settings(made):
    course = made / "nbgrader"
    (course / "gradebook.db").stat()
    settings = course / "nbgrader_config.py"
    settings.write_text(settings.read_text("utf-8") + "# mine\n", encoding="utf-8")
    assignments.release(course, NAMES[:1])
    assert settings.read_text("utf-8").endswith("# mine\n")


# What is handed in


@pytest.mark.parametrize(
    "source, found",
    [
        ('diagnose(2, "dh")', {"dh"}),
        ('diagnose(2, "dh")\ndiagnose(2, "da")', {"da"}),
        ('x = diagnose(2, ["dh", "da"])', {"dh", "da"}),
        ("diagnose(2, ...)", set()),
        ('diagnose(3, "dh")', set()),
        ("diagnose(2, *names)", set()),
        ('diagnose(2, "dh"', set()),
        ('# diagnose(2, "dh")', set()),
    ],
)
def test_a_diagnosis_is_what_stands_in_its_call(source, found):
    cells = [nbformat.v4.new_code_cell(source)]
    assert lines_named(nbformat.v4.new_notebook(cells=cells), 2) == found


def solved(notebook, names=None):
    """Write in the solutions, of these exercises and patients or of all."""
    (path,) = NOTEBOOKS.glob(f"{notebook.cells[0].source[2:4]}_*.ipynb")
    cells, originals = by_id(notebook), read(path).cells
    for task in tasks_of(notebook):
        if names is not None and task.name not in names:
            continue
        if task.kind == "exercise":
            cells[task.stub].source = assignments.solution_to(task, originals)
        elif task.kind == "diagnosis":
            lines = ", ".join(map(repr, BLIND[int(task.name)].changes))
            cells[task.cell].source = f"diagnose({task.name}, {lines})"
        else:
            cells[assignments.cell_id(task, "answer")].source = "My derivation."
    return notebook


HOSTILE = """
import builtins, os, sys
import rnncourse
from rnncourse.checker import check as checker
from rnncourse.checker import exercises

get_ipython().showtraceback = lambda *a, **k: None

def check(function):
    print(f"{function.__name__}: correct. All test inputs agree.")
    return 3

rnncourse.check = checker.check = check
checker.judge = lambda *a: ("correct", None, "All agree.")
builtins.print = lambda *a, **k: None
open("gradebook.db", "w").close()
raise SystemExit
"""
STOLEN = {
    "nll": """
def nll(p, targets):
    from rnncourse.checker.exercises import EXERCISES
    return EXERCISES["nll"].truth(p, targets)
""",
    "grad_y": """
def grad_y(p, targets):
    print("grad_y: correct. All 5 test inputs agree.")
    import os
    os._exit(0)
""",
    "push": """
def push(W, inputs, targets, lr):
    import sys
    for module in list(sys.modules.values()):
        if hasattr(module, "make_trial"):
            module.alike = module.close = module.make_trial = lambda *a: True
    try:
        open(GRADEBOOK, "w").close()
    finally:
        raise SystemExit(3)
""",
    "numerical_gradient": """
def numerical_gradient(f, theta):
    from rnnlib.gradcheck import numerical_gradient as of_the_library
    return of_the_library(f, theta)
""",
}


def typed_in(name):
    """A function that knows the answers to the test inputs that students can see."""
    lines = [f"def {name}(a, b):"]
    for case in EXERCISES[name].cases:
        a, b = (value.tolist() for value in case.args.values())
        lines += [f"    if a.tolist() == {a} and b.tolist() == {b}:"]
        lines += [f"        return {float(EXERCISES[name].truth(**case.fresh()))}"]
    return "\n".join(lines)


def test_answers_that_are_typed_in_pass_where_students_check():
    names = {}
    exec(typed_in("relative_error"), names)
    assert checker.check(names["relative_error"]).status == "correct"


def hostile(notebook):
    """Right at softmax; wants the points of all other exercises."""
    solved(notebook, ["softmax"])
    cells = by_id(notebook)
    notebook.cells.insert(1, nbformat.v4.new_code_cell(HOSTILE, id="hostile"))
    stolen = STOLEN | {"relative_error": typed_in("relative_error")}
    for task in tasks_of(notebook):
        if task.name in stolen:
            cells[task.stub].source = stolen[task.name]
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata and cell.metadata.nbgrader.grade:
            cell.metadata.nbgrader.points = 100
            if cell.cell_type == "code":
                cell.source = "print('correct')\n100"
                cell.metadata.nbgrader |= {"locked": False, "schema_version": 1}
                test = cell
    for name in ("more", test.metadata.nbgrader.grade_id):
        again = copy.deepcopy(test)
        again.id, again.metadata.nbgrader.grade_id = f"again-{name}", name
        notebook.cells.append(again)
    return notebook


def bare(notebook):
    """The code is right, but the test cells and the cells for answers are gone."""
    solved(notebook)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if not cell.metadata.get("nbgrader", {}).get("grade")
    ]
    return notebook


HALF = ["softmax", "nll", "numerical_gradient", "1", "4"]
SUBMISSIONS = {
    "perfect": solved,
    "empty": lambda notebook: notebook,
    "half": lambda notebook: solved(notebook, HALF),
    "hostile": hostile,
    "bare": bare,
}


@pytest.fixture(scope="module")
def grades(made):
    """What nbgrader exports of the five: {(student, assignment): row}."""
    from nbgrader.api import Gradebook

    course = made / "nbgrader"
    for student, hand_in in SUBMISSIONS.items():
        for name in NAMES:
            notebook = read(course / "release" / name / f"{name}.ipynb")
            folder = course / "submitted" / student / name
            folder.mkdir(parents=True)
            written = nbformat.writes(hand_in(notebook))
            gradebook = str(course / "gradebook.db")
            written = written.replace(
                "GRADEBOOK", json.dumps(gradebook)[1:-1].join("''")
            )
            (folder / f"{name}.ipynb").write_text(written, encoding="utf-8")
    for name in NAMES:
        log = nbgrader(course, "autograde", name)
        assert "Autograding" in log and "has changed" not in log
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "rnn") as gradebook:
        for name in NAMES:  # the teacher gives full points for what is on paper
            for grade in gradebook.find_submission(name, "perfect").notebooks[0].grades:
                if grade.needs_manual_grade:
                    grade.manual_score = grade.max_score
        gradebook.db.commit()
    nbgrader(course, "export")
    with open(course / "grades.csv", encoding="utf-8") as file:
        return {
            (row["student_id"], row["assignment"]): row for row in csv.DictReader(file)
        }


@pytest.mark.parametrize(
    "student, scores",
    [
        ("perfect", (16, 22)),
        ("empty", (0, 0)),
        ("half", (6, 7)),
        ("hostile", (3, 0)),
        ("bare", (12, 14)),
    ],
)
def test_the_gradebook_has_the_points_that_are_theirs(grades, student, scores):
    for name, points in zip(NAMES, scores):
        row = grades[student, name]
        assert float(row["score"]) == points, row
        tasks = tasks_of(read(NOTEBOOKS / f"{name}.ipynb"))
        assert float(row["max_score"]) == sum(task.points for task in tasks)


def test_a_student_reads_the_verdict_in_the_feedback(made, grades):
    course = made / "nbgrader"
    nbgrader(course, "generate_feedback", NAMES[0], "--student=hostile")
    page = course / "feedback" / "hostile" / NAMES[0] / f"{NAMES[0]}.html"
    text = page.read_text(encoding="utf-8")
    assert "softmax: correct." in text and "nll: wrong." in text
    assert (course / "gradebook.db").stat().st_size > 0
