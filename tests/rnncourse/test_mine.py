"""The student's own library: nothing right is lost, nothing else is written."""

import itertools
import linecache
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from rnncourse import mine
from rnncourse.checker.exercises import EXERCISES

SOFTMAX = """
def softmax(y):
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""
NLL = """
def nll(p, targets):
    return -sum(np.log(p[t, k]) for t, k in enumerate(targets))
"""
ONE_HOT = """
def one_hot(k, V):
    return np.eye(V)[k]
"""
GRAD_Y = """
def grad_y(p, targets):
    V = p.shape[-1]
    return p - np.array([one_hot(k, V) for k in targets])
"""
WRONG = """
def softmax(y):
    return np.exp(y) / np.exp(y).sum()
"""
cells = itertools.count()


def define(source, **names):
    """The last function that a cell defines, its source known as in a notebook."""
    source, file = source.strip() + "\n", f"<cell {next(cells)}>"
    linecache.cache[file] = len(source), None, source.splitlines(True), file
    namespace = {"__name__": "__main__", "np": np} | names
    before = set(namespace)
    exec(compile(source, file, "exec"), namespace)
    made = [namespace[name] for name in namespace if name not in before]
    return [each for each in made if callable(each)][-1]


class Events:
    def __init__(self):
        self.callbacks = {"post_run_cell": []}

    def register(self, name, function):
        self.callbacks[name].append(function)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The folder of a notebook that runs."""
    shell = SimpleNamespace(events=Events())
    monkeypatch.setattr(mine, "get_ipython", lambda: shell)
    monkeypatch.setattr(mine.Spoken, "waiting", [])
    monkeypatch.chdir(tmp_path)
    mine.CACHE.clear()
    mine.NOT_KEPT.clear()
    return tmp_path


@pytest.fixture
def file(folder):
    return folder / "my_rnn.py"


def note(source, **names):
    """What `check` says of the keeping."""
    verdict = mine.check(define(source, **names))
    return verdict.message.partition("\n")[2]


# Keeping and bringing back


def test_what_is_right_is_kept_and_comes_back(file, capsys):
    assert note(SOFTMAX) == "Kept in my_rnn.py."
    assert SOFTMAX.strip() in file.read_text(encoding="utf-8")
    function = mine.yours("softmax")
    assert capsys.readouterr().out == "yours: softmax\n"
    assert function is not EXERCISES["softmax"].truth
    assert np.allclose(function(np.array([0.0, np.log(3)])), [0.25, 0.75])


def test_the_file_runs_alone(folder):
    for source in (NLL, ONE_HOT, SOFTMAX):
        assert note(source) == "Kept in my_rnn.py."
    code = "import my_rnn, sys; print(my_rnn.one_hot(1, 3), 'rnncourse' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True
    )
    assert done.stdout == "[0. 1. 0.] False\n", done.stderr


def test_functions_stand_in_the_order_of_the_course(file):
    for source in (NLL, SOFTMAX, ONE_HOT):
        note(source)
    text = file.read_text(encoding="utf-8")
    places = [text.index(f"def {name}(") for name in ("one_hot", "softmax", "nll")]
    assert places == sorted(places)
    assert text.startswith('"""My own library')
    assert text.count("import numpy as np") == 1


def test_every_exercise_can_be_kept_the_ones_before_it_called(file):
    truths = {name: exercise.truth for name, exercise in EXERCISES.items()}
    for name, truth in truths.items():
        others = {other: truths[other] for other in truths if other != name}
        assert note(mine.source_of(truth), **others) == "Kept in my_rnn.py.", name
    module, problem = mine.library()
    assert not problem and all(hasattr(module, name) for name in EXERCISES)


def test_for_what_is_missing_stands_the_function_of_the_course(file, capsys):
    note(NLL)
    softmax, nll = mine.yours("softmax", "nll")
    assert softmax is EXERCISES["softmax"].truth
    assert nll is not EXERCISES["nll"].truth
    assert capsys.readouterr().out == (
        "yours: nll; the course's, until yours is right: softmax\n"
    )


@pytest.mark.parametrize("names", [(), ("softmaxx",), ("softmax", 3)])
def test_yours_wants_names_of_exercises(names):
    with pytest.raises(ValueError, match="names: expected"):
        mine.yours(*names)


def test_what_is_wrong_or_missing_is_not_kept(file):
    assert note(WRONG) == ""
    assert note("def softmax(y):\n    ...") == ""
    assert not file.exists()


def test_a_wrong_second_version_leaves_the_right_one(file):
    note(SOFTMAX)
    before = file.read_bytes()
    assert note(WRONG) == "my_rnn.py still has the one that was right."
    assert note("def softmax(y):\n    ...") == note(WRONG)
    assert file.read_bytes() == before


def test_a_right_second_version_takes_the_place_of_the_first(file):
    for source in (ONE_HOT, SOFTMAX, NLL):
        note(source)
    other = SOFTMAX.replace("e = ", "scores = ").replace(
        "e / e.sum", "scores / scores.sum"
    )
    other = other.replace("return e", "return scores")
    assert note(other) == "Kept in my_rnn.py."
    text = file.read_text(encoding="utf-8")
    assert text.count("def softmax(") == 1 and "scores / scores.sum" in text
    assert "def one_hot" in text and "def nll" in text
    assert note(other) == "It is in my_rnn.py."
    assert file.read_text(encoding="utf-8") == text


def test_keeping_again_and_again_does_not_let_the_file_grow(file):
    note(SOFTMAX)
    size = len(file.read_bytes())
    for _ in range(3):
        note(SOFTMAX.replace("(y):", "(y):\n    # a remark"))
        note(SOFTMAX.replace("e = ", "e = 1 * "))
        note(SOFTMAX)
    assert len(file.read_bytes()) == size


def test_two_blank_lines_part_the_functions(file):
    note(SOFTMAX)
    with file.open("a", encoding="utf-8") as end:
        end.write("\n\n\n\n")
    note(NLL)
    note(ONE_HOT)
    text = file.read_text(encoding="utf-8")
    assert text.count("\n\n\n# ") == 3 and "\n\n\n\n" not in text


def test_a_decorator_belongs_to_its_function(file):
    quiet = "@np.errstate(all='ignore')" + SOFTMAX
    assert note(quiet) == "Kept in my_rnn.py."
    assert note(quiet.replace("e = ", "e = 1 * ")) == "Kept in my_rnn.py."
    assert file.read_text(encoding="utf-8").count("@np.errstate") == 1
    assert note(SOFTMAX) == "Kept in my_rnn.py."
    assert "@np.errstate" not in file.read_text(encoding="utf-8")


# What leans on something


@pytest.mark.parametrize(
    ("source", "names", "words"),
    [
        (
            "def one_hot(k, V):\n    return np.eye(max(V, SIZE))[k][:V]",
            {"SIZE": 100},
            "names of the notebook (SIZE)",
        ),
        (
            "def one_hot(k, V):\n    return [float(j == k) for j in span(V)]",
            {"span": range},
            "names of the notebook (span)",
        ),
        (
            "def one_hot(k, V, n=UNIT):\n    return n * np.eye(V)[k]",
            {"UNIT": 1},
            "names of the notebook (UNIT)",
        ),
        (
            "@traced\ndef one_hot(k, V):\n    return np.eye(V)[k]",
            {"traced": lambda f: f},
            "names of the notebook (traced)",
        ),
        (
            "def softmax(y):\n    e = math.e ** (y - y.max(axis=-1, keepdims=True))\n"
            "    return e / e.sum(axis=-1, keepdims=True)",
            {"math": __import__("math")},
            "names of the notebook (math)",
        ),
    ],
)
def test_what_leans_on_the_notebook_is_right_and_told_so(file, source, names, words):
    verdict = mine.check(define(source, **names))
    assert verdict.status == "correct"
    assert "Not kept: it leans on" in verdict.message and words in verdict.message
    assert not file.exists()


def test_an_import_inside_the_function_is_kept(file):
    source = """
def softmax(y):
    from math import e
    import numpy
    powers = e ** (y - numpy.max(y, axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
"""
    assert note(source) == "Kept in my_rnn.py."


def test_another_exercise_may_be_called_once_it_is_kept(file):
    source = """
def nll(p, targets):
    return sum(-np.log(p[t] @ one_hot(k, len(p[t]))) for t, k in enumerate(targets))
"""
    helper = define(ONE_HOT)
    said = note(source, one_hot=helper)
    assert said.startswith("Not kept yet: it calls one_hot, which my_rnn.py does not")
    assert not file.exists()
    note(ONE_HOT)
    assert note(source, one_hot=helper) == "Kept in my_rnn.py."
    assert mine.yours("nll")(np.array([[0.5, 0.5]]), [0]) == pytest.approx(np.log(2))


def test_a_function_made_inside_another_is_told_what_it_takes_from_there(file):
    source = """
def make():
    unit = 1
    def one_hot(k, V):
        return unit * np.eye(V)[k]
    return one_hot
"""
    verdict = mine.check(define(source)())
    assert verdict.status == "correct" and "from outside: unit" in verdict.message


def test_what_has_no_source_is_told_so(file):
    namespace = {"__name__": "__main__", "np": np}
    exec(ONE_HOT, namespace)
    verdict = mine.check(namespace["one_hot"])
    assert verdict.status == "correct"
    assert "only a function written with `def`" in verdict.message


# A file that was changed by hand


def test_what_was_written_by_hand_around_the_functions_stays(file):
    note(SOFTMAX)
    own = "\n\ndef my_helper(x):\n    return x  # mine\n\n\nANSWER = 42\n"
    with file.open("a", encoding="utf-8") as end:
        end.write(own)
    for source in (NLL, ONE_HOT):
        assert note(source) == "Kept in my_rnn.py."
    text = file.read_text(encoding="utf-8")
    assert "def my_helper(x):\n    return x  # mine" in text and "ANSWER = 42" in text


def test_a_function_changed_by_hand_is_used_and_never_overwritten(file, capsys):
    note(SOFTMAX)
    by_hand = file.read_text(encoding="utf-8").replace("e = np", "e = 1.0 * np")
    file.write_text(by_hand, encoding="utf-8")
    assert mine.yours("softmax") is not EXERCISES["softmax"].truth
    said = note(SOFTMAX.replace("(y - y", "(1 * y - y"))
    assert "was changed by hand at softmax, line" in said
    assert file.read_text(encoding="utf-8") == by_hand


def test_a_function_that_is_not_right_any_more_is_said_so_with_its_line(file, capsys):
    note(SOFTMAX)
    text = file.read_text(encoding="utf-8").replace("axis=-1", "axis=0")
    file.write_text(text, encoding="utf-8")
    line = text.splitlines().index("def softmax(y):") + 1
    assert mine.yours("softmax") is EXERCISES["softmax"].truth
    out = capsys.readouterr().out
    assert out.startswith("the course's, until yours is right: softmax\n")
    assert f"softmax in my_rnn.py, line {line}:" in out
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("def softmax(y:\n    pass\n", "does not run at line 1: SyntaxError"),
        ("import numpy as np\n\nx = 1 / 0\n", "at line 3: ZeroDivisionError"),
        ("import numpy as np\nnp.linalg.inv(np.zeros((2, 2)))", "at line 2: LinAlgE"),
        ("\xff".encode("latin-1"), "cannot be read: it is not UTF-8 text"),
    ],
)
def test_a_broken_file_is_said_so_and_stays(file, capsys, broken, words):
    broken = broken if isinstance(broken, bytes) else broken.encode()
    file.write_bytes(broken)
    assert mine.yours("softmax") is EXERCISES["softmax"].truth
    assert words in " ".join(capsys.readouterr().out.split())
    assert words in note(SOFTMAX) and file.read_bytes() == broken
    mine.progress()
    assert words in " ".join(capsys.readouterr().out.split())


def test_of_two_functions_with_one_name_the_last_counts(file):
    note(SOFTMAX)
    with file.open("a", encoding="utf-8") as end:
        end.write("\n\n" + WRONG)
    lines = file.read_text(encoding="utf-8").splitlines()
    last = len(lines) - lines[::-1].index("def softmax(y):")
    assert f"changed by hand at softmax, line {last};" in note(SOFTMAX)


def test_a_mark_that_is_not_the_functions_own_does_not_count(file):
    note(SOFTMAX)
    text = file.read_text(encoding="utf-8").replace("# softmax,", "# nll,")
    file.write_text(text, encoding="utf-8")
    assert "changed by hand" in note(SOFTMAX.replace("e = ", "e = 1 * "))


def test_a_change_by_hand_counts_from_the_next_call_on(file, capsys):
    note(SOFTMAX)
    assert mine.yours("softmax") is not EXERCISES["softmax"].truth
    text = file.read_text(encoding="utf-8").replace("axis=-1", "axis=0")
    file.write_text(text, encoding="utf-8")
    assert mine.yours("softmax") is EXERCISES["softmax"].truth


def test_a_byte_order_mark_is_no_obstacle(file):
    file.write_text(SOFTMAX.replace("\ndef", "import numpy as np\n\ndef"), "utf-8-sig")
    assert note(NLL) == "Kept in my_rnn.py."
    assert "def softmax" in file.read_text(encoding="utf-8")


def test_a_deleted_file_is_made_anew(file):
    note(SOFTMAX)
    file.unlink()
    assert mine.yours("softmax") is EXERCISES["softmax"].truth
    assert note(NLL) == "Kept in my_rnn.py."


def test_windows_line_ends_stay(file):
    note(SOFTMAX)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert note(NLL) == "Kept in my_rnn.py."
    raw = file.read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") > 10
    assert note(SOFTMAX.replace("e = ", "e = 1 * ")) == "Kept in my_rnn.py."
    assert file.read_bytes().count(b"def softmax") == 1


def test_a_function_of_an_older_course_is_not_used(file, capsys):
    file.write_text("def softmax(y, axis):\n    return y\n", encoding="utf-8")
    assert mine.yours("softmax") is EXERCISES["softmax"].truth
    assert "softmax in my_rnn.py, line 1:" in capsys.readouterr().out
    assert "changed by hand at softmax, line 1" in note(SOFTMAX)


# A file that cannot be written


def test_a_read_only_file_is_left_alone(file):
    note(SOFTMAX)
    before = file.read_bytes()
    file.chmod(0o444)
    assert "cannot be written: it is read-only" in note(NLL)
    assert file.read_bytes() == before
    assert mine.yours("softmax") is not EXERCISES["softmax"].truth


def test_where_nothing_can_be_written_the_verdict_still_comes(folder, monkeypatch):
    def refuse(*paths):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(mine.os, "replace", refuse)
    verdict = mine.check(define(SOFTMAX))
    assert verdict.status == "correct"
    assert (
        "Not kept: my_rnn.py cannot be written: Permission denied." in verdict.message
    )
    assert list(folder.iterdir()) == []


def test_a_link_stays_a_link(folder, file):
    home = folder / "elsewhere.py"
    file.symlink_to(home)
    assert note(SOFTMAX) == "Kept in my_rnn.py."
    assert file.is_symlink() and "def softmax" in home.read_text(encoding="utf-8")


def test_two_notebooks_do_not_lose_each_others_functions(file, monkeypatch):
    note(ONE_HOT)
    prove, theirs = mine.prove, iter([SOFTMAX])

    def slow(text, name):
        prove(text, name)
        for source in theirs:  # the other notebook is quicker, once
            note(source)

    monkeypatch.setattr(mine, "prove", slow)
    assert note(NLL) == "Kept in my_rnn.py."
    text = file.read_text(encoding="utf-8")
    assert all(f"def {name}(" in text for name in ("one_hot", "softmax", "nll"))


def test_nothing_but_the_one_file_is_written(folder):
    for source in (ONE_HOT, SOFTMAX, WRONG, NLL):
        note(source)
    assert [path.name for path in folder.iterdir()] == ["my_rnn.py"]


# Beside the originals, and outside notebooks


def test_originals_run_with_nothing_kept(folder, file, monkeypatch, capsys):
    note(SOFTMAX)
    before = file.read_bytes()
    monkeypatch.setattr(mine, "ORIGINALS", folder)
    assert note(NLL) == "" == note(WRONG)
    assert mine.yours("softmax") is EXERCISES["softmax"].truth
    mine.progress()
    assert "yours\n" not in capsys.readouterr().out.replace("until yours is right", "")
    assert file.read_bytes() == before


def test_outside_a_notebook_nothing_is_kept(file, monkeypatch):
    monkeypatch.setattr(mine, "get_ipython", lambda: None)
    verdict = mine.check(define(SOFTMAX))
    assert verdict.message.count("\n") == 0 and not file.exists()


# Saying it


def test_a_verdict_is_said_once_wherever_its_line_stands(capsys):
    verdict = mine.check(define(SOFTMAX))
    mine.Spoken.say()
    first = verdict.message.splitlines()[0]
    said = f"softmax: correct. {first}\nKept in my_rnn.py.\n"
    assert capsys.readouterr().out == said
    mine.Spoken.say()
    assert capsys.readouterr().out == ""
    repr(mine.check(define(SOFTMAX)))  # as a last line is shown
    mine.Spoken.say()
    assert capsys.readouterr().out == ""


def test_the_call_is_registered_once():
    for _ in range(3):
        mine.check(define(SOFTMAX))
    assert mine.get_ipython().events.callbacks == {"post_run_cell": [mine.Spoken.say]}


def test_progress_is_a_table_and_names_the_next(file, capsys):
    mine.progress()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(EXERCISES) + 1
    assert lines[0] == "01  one_hot             missing"
    assert lines[-1] == "Next: one_hot, in notebook 01."
    note(ONE_HOT)
    note(SOFTMAX)
    text = file.read_text(encoding="utf-8").replace("axis=-1", "axis=0")
    file.write_text(text, encoding="utf-8")
    mine.progress()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("yours")
    assert "03  softmax             not right any more" in lines
    assert lines[-1].startswith("Next: ") and "one_hot" not in lines[-1]


def test_progress_is_glad_when_all_is_done(capsys, monkeypatch):
    monkeypatch.setattr(mine, "EXERCISES", {"softmax": EXERCISES["softmax"]})
    note(SOFTMAX)
    mine.progress()
    assert capsys.readouterr().out.endswith("All of them are yours.\n")


def test_the_part_file_is_named_after_the_process(folder, monkeypatch):
    seen = []
    replace = os.replace
    monkeypatch.setattr(mine.os, "replace", lambda *p: (seen.append(p), replace(*p)))
    note(SOFTMAX)
    ((part, _),) = seen
    assert str(os.getpid()) in part.name and part.parent == folder


def test_what_cannot_be_kept_runs_in_its_session(file, capsys):
    verdict = mine.check(define(GRAD_Y, one_hot=mine.yours("one_hot")))
    assert verdict.status == "correct" and "Not kept yet" in verdict.message
    capsys.readouterr()
    function = mine.yours("grad_y")
    assert capsys.readouterr().out == "yours, but not kept: grad_y\n"
    assert function.__name__ == "grad_y"
    assert function is not EXERCISES["grad_y"].truth
    note(ONE_HOT)
    assert note(GRAD_Y, one_hot=mine.yours("one_hot")) == "Kept in my_rnn.py."
    capsys.readouterr()
    mine.yours("grad_y")
    assert capsys.readouterr().out == "yours: grad_y\n"


def test_the_courses_function_is_nobodys_solution(file):
    verdict = mine.check(mine.yours("softmax"))
    assert verdict.status == "missing"
    assert "This is the course's" in repr(verdict)
    assert not file.exists()


LISTS = """
def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
    h, hs, ys = h_init, [], []
    for k in inputs:
        h = np.tanh(Wxh[:, k] + Whh @ h + bh)
        hs.append(h)
        ys.append(Why @ h + by)
    return hs, ys
"""


def test_lists_come_back_as_arrays(file):
    assert note(LISTS) == "Kept in my_rnn.py."
    rng = np.random.default_rng(0)
    shapes = {"Wxh": (3, 2), "Whh": (3, 3), "Why": (2, 3), "bh": 3, "by": 2}
    blocks = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    function = mine.yours("rnn_forward")
    given, plain = function([0, 1], np.zeros(3), **blocks), define(LISTS)
    for array, rows in zip(given, plain([0, 1], np.zeros(3), **blocks), strict=True):
        assert isinstance(array, np.ndarray) and np.array_equal(array, rows)
    assert mine.check(function).message.endswith("It is in my_rnn.py.")
