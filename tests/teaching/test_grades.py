"""Made-up submissions, graded: each gets what is its own, whatever another one does."""

import csv
import inspect
import io
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from rnncourse.checker.exercises import EXERCISES
from rnncourse.checker.misconceptions import BANK
from teaching import classpage, grades, running, submissions
from teaching.running import Runner, judge_file, shared_runner
from teaching.solutions import places, prints_of_solutions
from teaching.turns import Busy, alone_in

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
ROOT = Path(__file__).resolve().parents[2]
NUMBERS = ["03"]
NAMES = ["softmax", "nll", "grad_y", "push"]
TIMES = [(Runner, "seconds", 60), (running, "JUDGING", 600), (running, "CALLING", 600)]
EARNEST = [(place, name, getattr(place, name)) for place, name, _ in TIMES]
FIRST, SECOND = "next-row", "all-characters"  # mistakes in nll
LONG = """
def push(W, inputs, targets, lr):
    '''One step.'''
    grads = np.zeros_like(W)
    for k, target in zip(inputs, targets):
        p = np.exp(W[:, k] - W[:, k].max())
        p = p / p.sum()
        p[target] = p[target] - 1
        grads[:, k] += p
    W -= lr * grads
"""
RENAMED = (
    LONG.replace("One step", "A step down")
    .replace("grads", "G")
    .replace("target in", "goal in")
    .replace("[target]", "[goal]")
    .replace("k, goal", "place, goal")
    .replace(", k]", ", place]")
)
RIGHT = "p = np.exp(y - y.max(-1, keepdims=True)); return p / p.sum(-1, keepdims=True)"
# Each has a right nll below, which must stay right.
HOSTILE = {
    "loop": "while True: pass",
    "swallow": """
        while True:
            try:
                while True: pass
            except BaseException: pass""",
    "memory": f"""
        big = np.zeros(2 * 10**8)
        {RIGHT}""",
    "file": f"""
        open('here', 'w').write('x' * 2 * 10**6)
        {RIGHT}""",
    "exit": "import os; os._exit(0)",
    "system-exit": "raise SystemExit('softmax: correct')",
    "prints": "print('softmax: correct. ' * 10**6, file=__import__('sys').__stdout__)",
    "sleep": "import time; time.sleep(1000)",
    "thread": """
        import threading, time
        threading.Thread(target=time.sleep, args=(1000,)).start()""",
    "fork": "import os\n        while True: os.fork()",
    "kill": "import os; os.kill(os.getppid(), 9)",
    "write": "open({marker!r}, 'w').write('mine')",
    "command": "import os; os.system('touch ' + {marker!r})",
    "neighbour": "return eval(open({neighbour!r}).read())",
    "numpy": """
        np.exp = np.max = np.sum = lambda *a, **k: 0
        np.allclose = np.array_equal = lambda *a, **k: True""",
    "huge": "return np.ones((5, 10**8), np.int8)",
    "course": """
        from rnncourse.checker.exercises import softmax as right
        return right(y)""",
    "loaded": """
        import sys
        return sys.modules['rnncourse.checker.exercises'].softmax(y)""",
    "opened": """
        names = {{'np': np}}
        text = open({truth!r}).read().split('# The truth')[1]
        exec('# ' + text.split('# Arguments')[0], names)
        return names['softmax'](y)""",
    "checker": """
        import sys
        for module in list(sys.modules.values()):
            if 'comparing' in module.__name__:
                module.equal.__code__ = (lambda a, b, tol: True).__code__
        return y""",
    "channel": """
        import json, os
        said = json.dumps(['correct', None, 'All agree.']).encode()
        for number in range(3, 64):
            try: os.write(number, len(said).to_bytes(8, 'big') + said)
            except OSError: pass
        os._exit(0)""",
}


def source(name, function=None):
    """A function of the course as a student's text, under the name of its exercise."""
    text = textwrap.dedent(inspect.getsource(function or EXERCISES[name].truth))
    return re.sub(r"(?s)^.*?def \w+\(", f"def {name}(", text, count=1)


def wrong(name, slug):
    return source(name, BANK[name, slug].functions[0])


def library(*functions):
    return "\n\n\n".join(["import numpy as np", *functions])


def perfect():
    return library(*map(source, EXERCISES))


def solved(number, **bodies):
    """A notebook of the course as a student hands it in, with these exercises done."""
    (path,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for name, body in bodies.items():
            if "".join(cell["source"]).startswith(f"def {name}("):
                cell["source"] = body.splitlines(keepends=True)
    return json.dumps(notebook)


@pytest.fixture(scope="module", autouse=True)
def patience():
    """A right answer is not late where the machine had something else to do."""
    with pytest.MonkeyPatch.context() as patch:
        for place, name, seconds in TIMES:
            patch.setattr(place, name, seconds)
        yield


@pytest.fixture(scope="module")
def runner():
    with Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Ten submissions, in the forms in which they come."""
    folder = tmp_path_factory.mktemp("handed in")
    files = {
        "s01/my_rnn.py": perfect(),
        "Ada Lovelace_4711_assignsubmission_file_/my_rnn.py": library(
            source("softmax"), wrong("nll", FIRST), LONG
        ),
        "hoppergrace_LATE_815_90210_my_rnn-1.py": library(wrong("nll", FIRST), RENAMED),
        "s01/tries.py": "def nll(",
        "s04/03_softmax_and_cross_entropy.ipynb": solved(
            "03", softmax=source("softmax"), nll=wrong("nll", SECOND)
        ),
        "s05.py": library("def softmax(y):\n    ...", source("grad_y")),
        "s06/my_rnn.py": library(
            "def softmax(y):\n    import os; os._exit(0)", source("nll")
        ),
        "s07/03.ipynb": "{'cells': []}",
        "s08/work.zip": "PK",
        "s09/a/my_rnn.py": perfect(),
        "s09/b/my_rnn.py": perfect(),
        "s10/my_rnn.py": "# \u00fc\n",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            text, encoding="latin-1" if name == "s10/my_rnn.py" else "utf-8"
        )
    return folder


@pytest.fixture(scope="module")
def graded(folder, tmp_path_factory):
    to = tmp_path_factory.mktemp("results")
    rows = grades.grade(folder, grades.chosen(NUMBERS), to)
    return {row["id"]: row for row in rows}, to


def lines_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def statuses(row):
    return [row["verdicts"][name][0] for name in NAMES]


def test_each_gets_what_is_its_own(graded):
    rows, _ = graded
    assert list(rows) == [
        "4711",
        "815",
        *(f"s{n:02}" for n in (1, 4, 5, 6, 7, 8, 9, 10)),
    ]
    assert statuses(rows["s01"]) == ["correct"] * 4
    assert statuses(rows["4711"]) == ["correct", "wrong", "missing", "correct"]
    assert statuses(rows["815"]) == ["missing", "wrong", "missing", "correct"]
    assert statuses(rows["s04"]) == ["correct", "wrong", "missing", "missing"]
    assert statuses(rows["s05"]) == ["missing", "missing", "correct", "missing"]
    assert statuses(rows["s06"]) == ["wrong", "correct", "missing", "missing"]


def test_a_known_mistake_has_its_name_and_message(graded):
    rows, _ = graded
    assert rows["4711"]["verdicts"]["nll"][1:] == [FIRST, BANK["nll", FIRST].message]
    assert rows["s04"]["verdicts"]["nll"][1] == SECOND


@pytest.mark.parametrize(
    "student, why",
    [
        ("s07", "03.ipynb is not JSON: "),
        ("s08", "work.zip is an archive: unpack it"),
        ("s09", "2 Python files, and which one counts is not clear: a/my_rnn.py, b/"),
        ("s10", "my_rnn.py is not UTF-8: byte 2 is 252"),
    ],
)
def test_what_cannot_be_read_is_a_row_that_says_why(graded, student, why):
    rows, to = graded
    (line,) = [line for line in lines_of(to / "grades.csv") if line["id"] == student]
    assert line["note"].startswith(why)
    assert line["points"] == line["Grade"] == line["softmax"] == ""


def test_the_table_has_the_columns_of_moodle_and_canvas_has_its_own(graded):
    _, to = graded
    lines = {line["id"]: line for line in lines_of(to / "grades.csv")}
    moodle = {k: lines["4711"][k] for k in ("Identifier", "Grade", grades.SHEET)}
    assert moodle == {"Identifier": "Participant 4711", "Grade": "6", grades.SHEET: ""}
    assert (lines["s01"]["points"], lines["s01"]["of"]) == ("12", "12")
    rows = list(csv.reader((to / "canvas.csv").open(encoding="utf-8", newline="")))
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", grades.TITLE]
    assert rows[:2] == [head, ["    Points Possible", "", "", "", "", "12"]]
    assert ["hoppergrace", "815", "", "", "", "3"] in rows
    assert ["s01", "", "", "s01", "", "12"] in rows


def test_the_same_but_for_names_stands_side_by_side(graded):
    rows, to = graded
    assert LONG != RENAMED and "goal" in RENAMED and "place" in RENAMED
    both = grades.Alike(("4711", "815"), ["nll", "push"], ["nll"], True)
    assert grades.alike(rows.values()) == [both]
    page = (to / "class.html").read_text(encoding="utf-8")
    assert "4711, 815: 2 functions alike, all that one of them has: " in page
    assert "Wrong in each: <code>nll</code>." in page


SHORT = """
def softmax(y):
    shifted = y - y.max(-1, keepdims=True)
    shifted = np.exp(shifted)
    return shifted / shifted.sum(-1, keepdims=True)
"""
LOOP = """
def nll(p, targets):
    total = 0
    for row, k in zip(p, targets):
        total -= np.log(row[k])
    return total
"""
OTHER = LOOP.replace("return total", "return float(total)")


def other_names(text):
    for old, new in [
        ("shifted", "z"),
        ("total", "loss"),
        ("row", "q"),
        (" k ", " goal "),
    ]:
        text = text.replace(old, new)
    return text.replace("[k]", "[goal]")


def row_of(folder, student, *functions, wrong=()):
    """The row of a student with these functions: right, or wrong with this slug."""
    path = folder / f"{student}.py"
    path.write_text(library(*functions), encoding="utf-8")
    (text,) = submissions.contents([path])["texts"]
    verdicts = {name: ["correct", None, ""] for name in text["defines"]}
    verdicts |= {name: ["wrong", slug, ""] for name, slug in dict(wrong).items()}
    return {"id": student, "prints": text["prints"], "verdicts": verdicts}


def alike(folder, **students):
    rows = [row_of(folder, name, *functions) for name, functions in students.items()]
    return [(each.ids, each.names, each.whole) for each in grades.alike(rows)]


def test_short_files_are_alike_where_all_of_one_is(tmp_path):
    assert other_names(LOOP) != LOOP
    mine, renamed = (SHORT, LOOP), (other_names(SHORT), other_names(LOOP))
    two = (("a", "b"), ["softmax", "nll"], True)
    assert alike(tmp_path, a=mine, b=renamed, c=(SHORT, OTHER)) == [two]
    assert alike(tmp_path, a=mine, b=(*renamed, LONG)) == [two]
    assert alike(tmp_path, a=(*mine, LONG), b=(SHORT, OTHER)) == []


def test_one_short_function_or_one_of_the_notebooks_is_not_alike(tmp_path):
    assert alike(tmp_path, a=(SHORT,), b=(other_names(SHORT),)) == []
    given = source("softmax"), source("nll"), source("rnn_backward")
    prints = row_of(tmp_path, "a", *given)["prints"]
    assert {printed for printed, _ in prints.values()} <= prints_of_solutions()
    assert alike(tmp_path, a=given, b=given) == []


def test_a_long_function_tells_by_itself_and_a_group_stands_together(tmp_path):
    rest = (SHORT, LOOP), (SHORT, OTHER), (OTHER,)
    students = {name: (LONG, *more) for name, more in zip("abc", rest)}
    assert alike(tmp_path, **students) == [
        (("b", "c"), ["nll", "push"], True),
        (("a", "b", "c"), ["push"], False),
    ]


@pytest.mark.parametrize("slug, named", [(None, True), (FIRST, False)])
def test_one_answer_that_is_wrong_in_its_own_way_is_enough(tmp_path, slug, named):
    texts, wrong = {"a": OTHER, "b": other_names(OTHER)}, {"nll": slug}
    rows = [row_of(tmp_path, key, text, wrong=wrong) for key, text in texts.items()]
    both = grades.Alike(("a", "b"), ["nll"], ["nll"], True)
    assert grades.alike(rows) == [both] * named


def test_from_how_many_statements_on_a_function_is_long():
    lines = ["def nll(p, targets):", "'One loss.'"] + ["p = p + 1"] * 6
    for n, long in ((8, True), (7, False)):
        (function,) = submissions.ast.parse("\n    ".join(lines[:n])).body
        assert submissions.is_long(function) is long


def test_the_page_says_what_the_class_did_and_names_nobody_before_its_end(graded):
    _, to = graded
    page = (to / "class.html").read_text(encoding="utf-8")
    shown, last = page.split("<h2>For you alone</h2>")
    assert "10 students, 4 exercises, 12 points." in shown
    what = FIRST.replace("-", " ")
    assert f"<code>nll</code>: {what}, 2 students</h3>" in shown
    assert classpage.prose(BANK["nll", FIRST].message) in shown
    for name in ("Lovelace", "hopper", "4711", "s01"):
        assert name not in shown and name in last
    assert "Notebook 03 " in shown and "exercise 3.2</p>" in shown


def test_the_page_can_be_sent_by_itself(graded):
    """It loads nothing and leads nowhere."""
    page = (graded[1] / "class.html").read_text(encoding="utf-8")
    assert "<img " in page and not re.findall(
        r'(?:src|href)="(?!data:)|url\(|<a ', page
    )


def test_every_exercise_has_a_place():
    for task in grades.chosen([]):
        place = places()[task.notebook, task.stub]
        assert place.file.startswith(task.notebook)
        assert place.section and f"`{task.name}`" in place.heading


def test_an_interrupted_run_goes_on(folder, graded, tmp_path, capfd, monkeypatch):
    rows, done = graded
    to = tmp_path / "again"
    to.mkdir()
    held = (done / "rows.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (to / "rows.jsonl").write_text("".join(held[:-1]) + held[-1][:40], encoding="utf-8")
    judged = []
    first = grades.judged
    monkeypatch.setattr(
        grades, "judged", lambda *args: judged.append(args[1].id) or first(*args)
    )
    again = grades.grade(folder, grades.chosen(NUMBERS), to)
    assert judged == [json.loads(held[-1])["row"]["id"]]
    assert f"{len(held) - 1} of 10 taken over" in capfd.readouterr().err
    for row in again:
        assert row["verdicts"] == rows[row["id"]]["verdicts"]
    judged.clear()
    grades.grade(folder, grades.chosen(NUMBERS), to)
    assert judged == []


def test_a_file_that_changed_is_graded_again(tmp_path):
    journal = grades.Journal(tmp_path / "rows.jsonl", "this course")
    journal.add({"id": "s1"}, "old")
    assert ("s1", "old") in grades.Journal(tmp_path / "rows.jsonl", "this course").rows
    assert not grades.Journal(tmp_path / "rows.jsonl", "another").rows


@pytest.mark.parametrize("way", HOSTILE)
def test_nothing_gets_out_of_a_function(runner, tmp_path, way, monkeypatch):
    """It is wrong, the one below it stays right, and nothing is left behind."""
    runner.hidden = [str(tmp_path / "handed in")]
    neighbour = tmp_path / "handed in" / "neighbour.py"
    neighbour.parent.mkdir()
    p = "np.exp(y - y.max(-1, keepdims=True))"
    neighbour.write_text(f"{p} / {p}.sum(-1, keepdims=True)")
    marker = tmp_path / "marker"
    body = HOSTILE[way].format(
        marker=str(marker),
        neighbour=str(neighbour),
        truth=str(ROOT / "rnncourse" / "checker" / "exercises.py"),
    )
    text = library(f"def softmax(y):\n        {body}", source("nll"))
    path = tmp_path / "my_rnn.py"
    path.write_text(text, encoding="utf-8")
    found = runner.read([path])
    start = time.monotonic()
    with monkeypatch.context() as patch:
        for place, name, seconds in EARNEST:
            patch.setattr(place, name, seconds)
        verdict = runner.judge(found["texts"], "softmax", None)
    assert verdict.status == "wrong", verdict
    assert time.monotonic() - start < 300  # two of them sleep for 1,000 seconds
    assert runner.judge(found["texts"], "nll", None).status == "correct"
    assert not marker.exists()


def test_the_server_that_was_killed_starts_again(runner, tmp_path):
    path = tmp_path / "my_rnn.py"
    path.write_text(library(source("nll")), encoding="utf-8")
    texts = runner.read([path])["texts"]
    runner.course.process.kill()
    runner.bare.process.kill()
    assert runner.judge(texts, "nll", "s1").status == "correct"


def test_every_exercise_can_be_called_apart(runner, tmp_path):
    """With arguments that are functions, networks, generators and lists too."""
    path = tmp_path / "my_rnn.py"
    path.write_text(perfect(), encoding="utf-8")
    texts = runner.read([path])["texts"]
    for name in EXERCISES:
        verdict = runner.judge(texts, name, None)
        assert verdict.status == "correct", verdict


def test_a_notebook_is_lent_the_earlier_exercises(runner, tmp_path):
    path = tmp_path / "04.ipynb"
    text = solved("04", rnn_backward=source("rnn_backward"))
    path.write_text(text, encoding="utf-8")
    texts = runner.read([path])["texts"]
    assert runner.judge(texts, "rnn_backward", "s1").status == "correct"
    assert runner.judge(texts, "grad_a", "s1").status == "missing"


def test_a_mistake_does_not_count_twice(runner, tmp_path):
    """Where the function that it calls is wrong, it is tried with the course's."""
    path = tmp_path / "my_rnn.py"
    doubled = source("grad_a").replace("return ", "return 2 * ")
    path.write_text(library(doubled, source("rnn_backward")), encoding="utf-8")
    texts = runner.read([path])["texts"]
    assert runner.judge(texts, "grad_a", None).status == "wrong"
    assert runner.judge(texts, "rnn_backward", None).status == "correct"


def test_a_single_file_can_be_judged(tmp_path):
    path = tmp_path / "s1.py"
    path.write_text(library(source("softmax")), encoding="utf-8")
    assert judge_file(path, "softmax", "s1").status == "correct"
    assert judge_file(path, "nll").status == "missing"
    with pytest.raises(ValueError, match="name: expected the name of an exercise, got"):
        judge_file(path, "soft_max")
    path.write_text("def softmax(", encoding="utf-8")
    with pytest.raises(ValueError, match="s1.py is not Python at line 1"):
        judge_file(path, "softmax")


MOODLE_NAME = "Ada K. Lovelace_4711_assignsubmission_file_"
CANVAS_NAME = ("815", "lovelaceada", "Canvas")


@pytest.fixture
def fresh_runner():
    shared_runner.cache_clear()
    yield
    shared_runner().close()
    shared_runner.cache_clear()


def test_a_single_file_reads_nothing_of_the_current_folder(
    tmp_path, monkeypatch, fresh_runner
):
    """nbgrader works in the folder of a course: its solutions lie there."""
    monkeypatch.chdir(tmp_path)
    solution = tmp_path / "solution.py"
    solution.write_text(source("softmax"), encoding="utf-8")
    body = f"exec(open({str(solution)!r}).read(), globals())\n    return softmax(y)"
    path = tmp_path / "s1.py"
    path.write_text(library(f"def softmax(y):\n    {body}"), encoding="utf-8")
    assert judge_file(path, "softmax", "s1").status == "wrong"


@pytest.mark.parametrize(
    "name, is_folder, expected",
    [
        ("s1234", True, ("s1234", "", "")),
        ("s1234_my_rnn", False, ("s1234", "", "")),
        ("s1234_03_softmax_and_cross_entropy", False, ("s1234", "", "")),
        (MOODLE_NAME, True, ("4711", "Ada K. Lovelace", "Moodle")),
        ("Ada_4711_assignsubmission_file_my_rnn", False, ("4711", "Ada", "Moodle")),
        ("lovelaceada_815_90210_my_rnn", False, CANVAS_NAME),
        ("lovelaceada_815_my_rnn", False, CANVAS_NAME),
        ("lovelaceada_LATE_815_90210_03_softmax", False, CANVAS_NAME),
    ],
)
def test_names_of_files_and_folders(name, is_folder, expected):
    one = submissions.named(name, is_folder)
    assert (one.id, one.name, one.lms) == expected


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["nowhere"], r"SUBMISSIONS: expected a folder, and .*nowhere is not there"),
        (["."], r"SUBMISSIONS: .* is empty"),
        (
            [".", "--notebooks", "3"],
            r"NOTEBOOKS: expected numbers among 01 02 .*, got '3'",
        ),
        ([".", "--to", "out"], r"--to: expected a folder outside of .*"),
    ],
)
def test_bad_input_is_a_sentence(tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=says):
        grades.main(arguments)
    assert not list(tmp_path.iterdir())


def test_a_second_run_into_the_same_folder_says_so(tmp_path):
    handed_in, to = tmp_path / "handed in", tmp_path / "out"
    handed_in.mkdir()
    (handed_in / "s1.zip").touch()
    arguments = [str(handed_in), "--to", str(to)]
    with (
        alone_in(to),
        pytest.raises(SystemExit, match="Another run is writing into .*out: give"),
    ):
        grades.main(arguments)
    assert not list(to.iterdir())
    grades.main(arguments)
    assert (to / "grades.csv").exists()


def test_a_run_that_was_killed_keeps_no_other_out(tmp_path):
    lines = "from pathlib import Path", "from teaching.turns import alone_in"
    lines += (
        f"with alone_in(Path({str(tmp_path)!r})): print('in', flush=True); input()",
    )
    process = subprocess.Popen(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout.readline() == "in\n"
        with pytest.raises(Busy), alone_in(tmp_path):
            pass
        process.kill()
    with alone_in(tmp_path):
        pass


def test_no_cell_is_a_formula():
    assert grades.as_csv([["=1+1", "-x", "s1", 3, ""]]) == "'=1+1,'-x,s1,3,\n"


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_make_grades_asks_for_the_folder():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "grades: env ##" in makefile
    done = subprocess.run(
        ["make", "-n", "grades", "SUBMISSIONS=a folder", "NOTEBOOKS=03 04"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    words = " ".join(done.stdout.replace("\\\n", "").split())
    assert '-m teaching.grades "a folder" --notebooks "03 04"' in words


def test_the_program_says_what_it_did(folder, graded, tmp_path):
    _, done = graded
    to = tmp_path / "out"
    to.mkdir()
    shutil.copy(done / "rows.jsonl", to)
    command = [sys.executable, "-m", "teaching.grades", str(folder), "--to", str(to)]
    ran = subprocess.run(
        [*command, "--notebooks", "03"], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert "10 students\nOf 4 nothing could be read" in ran.stderr
