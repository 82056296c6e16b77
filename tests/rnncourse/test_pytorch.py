"""Notebook 14 where PyTorch is missing, and where it is not: no PyTorch needed."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from rnncourse import pytorch

NEEDS_IT = "# PyTorch\nimport torch\nranks = torch.eye(2)"


@pytest.fixture
def shell(monkeypatch):
    shell = InteractiveShell()
    monkeypatch.setattr(pytorch, "get_ipython", lambda: shell)
    return shell


def installed(monkeypatch, there):
    monkeypatch.setattr(pytorch, "find_spec", lambda name: there or None)


def test_where_it_is_missing_marked_cells_are_skipped(shell, monkeypatch, capsys):
    installed(monkeypatch, False)
    for _ in range(2):  # the cell may be run again
        pytorch.find_torch()
    said = capsys.readouterr().out
    assert said.count("PyTorch is not installed: the cells that begin with") == 2
    for cell in (NEEDS_IT, "\n" + NEEDS_IT, "# PyTorch"):
        assert shell.run_cell(cell).success
    assert "ranks" not in shell.user_ns and capsys.readouterr().out == ""
    assert shell.run_cell("two = 2  # PyTorch").result is None
    assert shell.user_ns["two"] == 2


def test_where_it_is_there_they_run(shell, monkeypatch, capsys):
    installed(monkeypatch, True)
    pytorch.find_torch()
    assert capsys.readouterr().out == "PyTorch is installed: every cell runs.\n"
    assert shell.run_cell("# PyTorch\ntwo = 2").success
    assert shell.user_ns["two"] == 2


def test_after_an_installation_they_run(shell, monkeypatch):
    for there in (False, False, True):
        installed(monkeypatch, there)
        pytorch.find_torch()
    shell.run_cell("# PyTorch\ntwo = 2")
    assert shell.user_ns["two"] == 2
