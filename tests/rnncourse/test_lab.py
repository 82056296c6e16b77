"""Working copies of the notebooks, and the command that opens them."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
import pytest

from rnncourse import lab
from tests.rnncourse.jupyter import running

OUTPUT = nbformat.v4.new_output("stream", text="spoiler\n")


def notebook(*sources, outputs=()):
    """A notebook with a code cell for each source, run and saved."""
    cells = [
        nbformat.v4.new_code_cell(
            source, execution_count=n, outputs=list(outputs), id=f"cell-{n}"
        )
        for n, source in enumerate(sources, start=1)
    ]
    title = nbformat.v4.new_markdown_cell("# Café", id="title")
    metadata = {"language_info": {"name": "python"}, "widgets": {"state": {}}}
    return nbformat.v4.new_notebook(cells=[title, *cells], metadata=metadata)


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "course, with spaces" / "notebooks"
    folder.mkdir(parents=True)
    for name in ("01_second", "00_start_here"):
        written = notebook("print('spoiler')", "2", outputs=[OUTPUT])
        lab.write_notebook(written, folder / f"{name}.ipynb")
    return folder


def test_copies_have_the_cells_and_no_outputs(source):
    target = source.parent / "my_notebooks"
    new = lab.make_copies(source, target)
    assert new == [target / "00_start_here.ipynb", target / "01_second.ipynb"]
    assert sorted(target.iterdir()) == new
    for path in new:
        original = lab.read_notebook(source / path.name)
        copy = lab.read_notebook(path)
        assert [c.source for c in copy.cells] == [c.source for c in original.cells]
        assert [c.id for c in copy.cells] == [c.id for c in original.cells]
        assert "widgets" not in copy.metadata
        for cell in copy.cells[1:]:
            assert cell.outputs == []
            assert cell.execution_count is None
        assert b"spoiler\\n" not in path.read_bytes()
        assert b"\r" not in path.read_bytes()


def test_a_copy_that_exists_is_never_touched(source):
    target = source.parent / "my_notebooks"
    target.mkdir()
    mine = target / "01_second.ipynb"
    mine.write_bytes(b"my answers, whatever they are")
    assert lab.make_copies(source, target) == [target / "00_start_here.ipynb"]
    assert mine.read_bytes() == b"my answers, whatever they are"
    assert lab.make_copies(source, target) == []


def test_the_originals_are_not_changed(source):
    before = {path: path.read_bytes() for path in source.iterdir()}
    lab.make_copies(source, source.parent / "my_notebooks")
    assert {path: path.read_bytes() for path in source.iterdir()} == before


BROKEN = [
    b"",
    b"{",
    b"[]",
    b"{}",
    b"\xff",
    b'{"cells": [{}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    # A code cell without an execution count: read in silence, but not valid.
    b'{"cells": [{"cell_type": "code", "id": "a", "metadata": {}, "outputs": [],'
    b' "source": ""}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_notebook_is_named_and_nothing_is_copied(source, broken):
    (source / "02_broken.ipynb").write_bytes(broken)
    target = source.parent / "my_notebooks"
    with pytest.raises(ValueError, match="02_broken.ipynb is not a valid notebook: ."):
        lab.make_copies(source, target)
    assert not target.exists()


@pytest.mark.parametrize("folder", ["notebooks", "nowhere"])
def test_a_folder_without_notebooks_is_named(tmp_path, folder):
    (tmp_path / "notebooks").mkdir()
    with pytest.raises(ValueError, match=f"source: no notebooks in .*{folder}"):
        lab.make_copies(tmp_path / folder, tmp_path / "my_notebooks")
    assert not (tmp_path / "my_notebooks").exists()


def test_an_interrupted_copy_leaves_nothing_behind(source, monkeypatch):
    def interrupted(part, path):
        assert Path(part).stat().st_size > 0
        raise KeyboardInterrupt

    monkeypatch.setattr(lab.os, "replace", interrupted)
    target = source.parent / "my_notebooks"
    with pytest.raises(KeyboardInterrupt):
        lab.make_copies(source, target)
    assert list(target.iterdir()) == []


def test_the_command_says_what_is_new_and_what_is_kept(source, monkeypatch, capsys):
    monkeypatch.setattr(lab, "COURSE", source.parent)
    lab.main(["--copies-only"])
    (source.parent / "my_notebooks" / "00_start_here.ipynb").unlink()
    lab.main(["--copies-only"])
    first, runs, second, _ = capsys.readouterr().out.splitlines()
    assert runs == f"The Python that runs them: {sys.executable}"
    assert first == "my_notebooks: 2 new 00_start_here 01_second; 0 kept as they are"
    assert second == "my_notebooks: 1 new 00_start_here; 1 kept as they are 01_second"


@pytest.mark.parametrize(
    "option, folder", [([], "my_notebooks"), (["--originals"], "notebooks")]
)
def test_the_command_opens_jupyterlab(source, monkeypatch, option, folder):
    from jupyterlab.labapp import LabApp

    opened = []
    monkeypatch.setattr(LabApp, "launch_instance", opened.append)
    monkeypatch.setattr(lab, "COURSE", source.parent)
    lab.main(option)
    ((path, root, _),) = opened
    assert Path(path) == source.parent / folder / "00_start_here.ipynb"
    assert root == f"--ServerApp.root_dir={source.parent / folder}"
    assert Path(path).is_file()
    assert (source.parent / "my_notebooks").exists() == (folder == "my_notebooks")


def test_the_command_reports_a_broken_notebook_in_one_line(source):
    (source / "02_broken.ipynb").write_text("{", encoding="utf-8")
    code = "import pathlib, sys; from rnncourse import lab; "
    code += "lab.COURSE = pathlib.Path(sys.argv[1]); lab.main([])"
    done = subprocess.run(
        [sys.executable, "-c", code, source.parent], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "02_broken.ipynb is not a valid notebook" in done.stderr


def test_the_copies_go_where_they_are_wanted(source, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(lab, "COURSE", source.parent)
    lab.main(["--copies-only", "--folder", str(tmp_path / "mine é")])
    assert len(list((tmp_path / "mine é").glob("*.ipynb"))) == 2
    assert not (source.parent / "my_notebooks").exists()
    assert capsys.readouterr().out.startswith("mine é: 2 new")


def test_from_a_wheel_the_copies_go_into_the_current_folder(
    source, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(lab, "COURSE", source.parent)
    monkeypatch.setattr(lab, "IN_A_CLONE", False)
    monkeypatch.chdir(tmp_path)
    lab.main(["--copies-only"])
    assert len(list((tmp_path / "my_notebooks").glob("*.ipynb"))) == 2
    assert not (source.parent / "my_notebooks").exists()
    with pytest.raises(SystemExit):
        lab.main(["--originals"])
    assert "in a clone of the course only" in capsys.readouterr().err


@pytest.mark.parametrize(
    "called, name",
    [("rnnlib", "rnnlib"), ("rnnlib.exe", "rnnlib"), ("lab.py", "python -m rnncourse")],
)
def test_the_command_has_the_name_by_which_it_was_called(
    monkeypatch, capsys, called, name
):
    monkeypatch.setattr(sys, "argv", [called])
    with pytest.raises(SystemExit):
        lab.main(["--help"])
    assert capsys.readouterr().out.startswith(f"usage: {name}")


def test_without_jupyterlab_it_says_what_installs_it(source, monkeypatch):
    monkeypatch.setattr(lab, "COURSE", source.parent)
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    command = r'JupyterLab is missing: .+ install -e ".+\[notebooks\]"'
    with pytest.raises(SystemExit, match=command):
        lab.main([])


def test_without_nbformat_it_says_what_installs_it():
    code = "import sys; sys.modules['nbformat'] = None; import rnncourse.lab"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert re.match(r"nbformat is missing, .+ install -e .+", done.stderr)


@pytest.mark.parametrize("options", [["--originals", "--folder", "x"], ["--folder"]])
def test_no_copies_among_the_originals(source, monkeypatch, capsys, options):
    monkeypatch.setattr(lab, "COURSE", source.parent)
    if len(options) == 1:
        options += [str(source)]
    with pytest.raises(SystemExit):
        lab.main(options)
    assert "--folder" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_one_sentence(source, monkeypatch):
    monkeypatch.setattr(lab, "COURSE", source.parent)
    (source.parent / "a file").touch()
    with pytest.raises(SystemExit, match="no copies can be written .* --folder PATH"):
        lab.main(["--copies-only", "--folder", str(source.parent / "a file" / "x")])


def test_a_terminal_without_the_letters_is_no_error(source, monkeypatch):
    out = subprocess.run(
        [sys.executable, "-m", "rnncourse.lab", "--copies-only", "--folder", "Füße"],
        cwd=source,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        text=True,
    )
    assert out.stderr == "" and out.stdout.startswith("F??e: ")


def test_other_settings_and_no_home_are_no_obstacle(source, tmp_path):
    """The server shows the copies, whatever the settings of the student say."""
    config, folder = tmp_path / "config", tmp_path / "mine"
    config.mkdir()
    (tmp_path / "elsewhere").mkdir()
    settings = "c.ServerApp.root_dir = {!r}; c.ServerApp.open_browser = False\n"
    (config / "jupyter_server_config.py").write_text(
        settings.format(str(tmp_path / "elsewhere")), encoding="utf-8"
    )
    command = [sys.executable, "-m", "rnncourse.lab", "--folder", str(folder)]
    places = {"HOME": str(tmp_path / "none"), "JUPYTER_CONFIG_DIR": str(config)}
    inherited = {k: v for k, v in os.environ.items() if k not in lab.PLACES}
    runtime, log = folder / ".jupyter", tmp_path / "log"
    with running(command, runtime, log, inherited | places) as server:
        token = f"?token={server['token']}"
        contents = urllib.request.urlopen(f"{server['url']}api/contents{token}")
        assert "00_start_here.ipynb" in {
            item["name"] for item in json.load(contents)["content"]
        }
        for plugin, name, value in (
            ("@jupyter-widgets/jupyterlab-manager:plugin", "saveState", True),
            ("@jupyterlab/apputils-extension:notification", "fetchNews", "false"),
        ):
            address = f"{server['url']}lab/api/settings/{plugin}{token}"
            found = json.load(urllib.request.urlopen(address))
            assert found["schema"]["properties"][name]["default"] == value
