"""A new version of a notebook reaches those who have a copy, and nothing is lost."""

import sys

import nbformat
import pytest

from rnncourse import lab

STUB = 'def square(x):\n    """x times x."""\n    ...'
OTHER = 'def cube(x):\n    """x times x times x."""\n    ...'


def write(path, *cells):
    """A notebook with these (id, source) code cells."""
    made = [nbformat.v4.new_code_cell(source, id=name) for name, source in cells]
    title = nbformat.v4.new_markdown_cell("# 02 A title", id="title")
    lab.write_notebook(nbformat.v4.new_notebook(cells=[title, *made]), path)


def sources(path):
    return {cell.id: cell.source for cell in lab.read_notebook(path).cells}


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with one notebook, and a student's copy of it."""
    (tmp_path / "notebooks").mkdir()
    original = tmp_path / "notebooks" / "02_two.ipynb"
    write(original, ("square", STUB), ("cube", OTHER), ("blind", "diagnose(1, ...)"))
    monkeypatch.setattr(lab, "COURSE", tmp_path)
    lab.main(["--copies-only"])
    return tmp_path


def rewrite(course, name="square", source=None):
    """The student writes `source` into the cell `name` of the copy."""
    path = course / "my_notebooks" / "02_two.ipynb"
    notebook = lab.read_notebook(path)
    (cell,) = (cell for cell in notebook.cells if cell.id == name)
    cell.source = source
    lab.write_notebook(notebook, path)
    return path


def said(capsys, *options):
    """The lines of the command after its first, which counts the copies."""
    capsys.readouterr()
    lab.main(["--copies-only", *options])
    return capsys.readouterr().out.splitlines()[1:-1]


def change(course, *cells):
    default = ("square", STUB), ("cube", OTHER), ("blind", "diagnose(1, ...)")
    write(course / "notebooks" / "02_two.ipynb", ("new", "1 + 1"), *(cells or default))


def test_a_change_is_told_with_the_command_that_was_used(course, capsys, monkeypatch):
    monkeypatch.delenv("MAKELEVEL", raising=False)
    rewrite(course, source="def square(x):\n    return x * x")
    assert said(capsys) == []  # what the student writes is no change
    change(course)
    told = "02 has changed since your copy was made: `{}` puts the new one beside it; "
    told += "your answers are in my_rnn.py"
    assert said(capsys) == [
        told.format(f"{sys.executable} -m rnncourse.lab --update 02")
    ]
    monkeypatch.setenv("MAKELEVEL", "1")
    assert said(capsys) == [told.format("make lab UPDATE=02")]
    monkeypatch.setattr(sys, "argv", ["bin/rnnlib"])
    assert said(capsys) == [told.format("rnnlib --update 02")]


def test_outputs_are_no_change(course, capsys):
    path = course / "notebooks" / "02_two.ipynb"
    notebook = lab.read_notebook(path)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="1\n")]
    lab.write_notebook(notebook, path)
    assert said(capsys) == []


def test_the_new_one_stands_beside_with_what_was_written(course, capsys):
    mine = "def help_me():\n    return 1\n\n\ndef square(x):\n    return x"
    old = rewrite(course, source=mine)
    rewrite(course, "blind", 'diagnose(1, "dy")')
    before = old.read_bytes()
    change(course)
    (line,) = said(capsys, "--update", "2")
    assert line == (
        "02_two_new.ipynb is the notebook as it is now, with your square, diagnosis 1. "
        "Your older copy is left as it is."
    )
    assert old.read_bytes() == before
    new = sources(old.with_name("02_two_new.ipynb"))
    assert new == {
        "title": "# 02 A title",
        "new": "1 + 1",
        "square": mine,
        "cube": OTHER,
        "blind": 'diagnose(1, "dy")',
    }
    assert said(capsys) == []  # and it is no longer told
    (line,) = said(capsys, "--update", "02")
    assert line == "02_two_new.ipynb is made from the notebook as it is now."


@pytest.mark.parametrize("mine", ["def square(x):\n    return x", "def square(x:\n  x"])
def test_what_no_longer_fits_is_named_and_stays_in_the_old_copy(course, capsys, mine):
    old = rewrite(course, source=mine)
    stub = STUB.replace("(x)", "(x, y)")
    change(course, ("square", stub), ("blind", "diagnose(2, ...)"))
    rewrite(course, "blind", 'diagnose(1, "dy")')
    (line,) = said(capsys, "--update", "02")
    assert "Not carried over, as the cell has changed: square, diagnosis 2." in line
    new = sources(old.with_name("02_two_new.ipynb"))
    assert (new["square"], new["blind"]) == (stub, "diagnose(2, ...)")
    assert sources(old)["square"] == mine


def test_a_second_change_starts_from_the_newer_copy(course, capsys):
    rewrite(course, source="def square(x):\n    return x")
    change(course)
    said(capsys, "--update", "02")
    path = course / "my_notebooks" / "02_two_new.ipynb"
    notebook = lab.read_notebook(path)
    notebook.cells[3].source = "def cube(x):\n    return x**3"
    lab.write_notebook(notebook, path)
    change(course, ("square", STUB), ("cube", OTHER))
    (line,) = said(capsys, "--update", "02")
    assert line.startswith("02_two_new2.ipynb is the notebook as it is now, with your")
    new = sources(path.with_name("02_two_new2.ipynb"))
    assert new["square"] == "def square(x):\n    return x"
    assert new["cube"] == "def cube(x):\n    return x**3"


def test_a_copy_that_cannot_be_read_is_no_obstacle(course, capsys):
    old = course / "my_notebooks" / "02_two.ipynb"
    old.write_text("{", encoding="utf-8")
    change(course)
    assert said(capsys) == []  # it says no version
    (line,) = said(capsys, "--update", "02")
    assert line.startswith("02_two_new.ipynb is the notebook as it is now. Your older")
    assert old.read_text(encoding="utf-8") == "{"


def test_a_number_that_there_is_not(course, capsys):
    with pytest.raises(SystemExit):
        lab.main(["--update", "07"])
    told = capsys.readouterr().err
    assert "--update: expected a notebook's number (02), got 07" in told
    with pytest.raises(SystemExit):
        lab.main(["--update", "02", "--originals"])
    assert "--update is for copies" in capsys.readouterr().err
