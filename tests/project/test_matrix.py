"""`make matrix` calls nothing tried that was not. Nothing is installed here."""

import platform
import sys

import numpy as np
import pytest

from tests.project import matrix

ROWS = {row.name: row for row in matrix.ROWS}
OPENBLAS = "openblas 0.3.31 Haswell"


@pytest.fixture
def ran(monkeypatch):
    """A machine on which every row passes: {what a row runs: its answer}."""
    answers = {"--nbval": (0, "....\n== 300 passed, 1 skipped in 9.9s ==\n")}
    answers[matrix.PROBE] = (0, f"3.13.0\t2.5.5\t{OPENBLAS}\n")

    def call(command, settings=()):
        known = [answers[each] for each in map(str, command) if each in answers]
        return known[0] if known else (0, "")

    monkeypatch.setattr(matrix, "call", call)
    monkeypatch.setattr(matrix.shutil, "which", lambda program: program)
    return answers


def test_a_row_that_ran_says_on_what_and_how_many_passed(ran):
    expected = ("3.13.0", "2.5.5", OPENBLAS, "300 passed, 1 skipped")
    assert matrix.result(ROWS["Python 3.14"]) == expected
    assert matrix.result(ROWS["OpenBLAS Haswell"]) == expected


def test_a_python_that_is_missing_is_not_here(ran, monkeypatch):
    monkeypatch.setattr(matrix.shutil, "which", lambda program: None)
    *_, verdict = matrix.result(ROWS["Python 3.14"]._replace(python="3.99"))
    assert verdict == "not here: no python3.99 on the PATH"


@pytest.mark.parametrize("name", ["SkylakeX", "Nehalem", "Zen"])
def test_a_kernel_that_is_not_in_force_is_not_here(ran, name):
    *_, verdict = matrix.result(ROWS[f"OpenBLAS {name}"])
    assert verdict == "not here: asked for it, OpenBLAS runs Haswell"


def test_a_kernel_that_the_processor_stops_is_not_here(ran):
    ran[matrix.PROBE] = (-4, "")
    *_, verdict = matrix.result(ROWS["OpenBLAS SkylakeX"])
    assert verdict == "not here: this processor cannot run it (SIGILL)"


@pytest.mark.parametrize("name, folder", [("Netlib", "blas"), ("BLIS", "blis-serial")])
def test_a_library_that_is_missing_or_not_loaded_is_not_here(
    ran, monkeypatch, tmp_path, name, folder
):
    monkeypatch.setattr(matrix, "LIBRARIES", tmp_path)
    *_, verdict = matrix.result(ROWS[name])
    assert verdict.startswith("not here: Debian's ")
    library = tmp_path / "x86_64" / folder / "libblas.so.3"
    library.parent.mkdir(parents=True)
    library.touch()
    *_, verdict = matrix.result(ROWS[name])
    assert verdict == f"not here: NumPy loads {OPENBLAS}"
    ran[matrix.PROBE] = (0, f"3.13.0\t2.5.5\t{library}\n")
    *_, verdict = matrix.result(ROWS[name])
    assert verdict == "300 passed, 1 skipped"


def test_a_row_with_another_tanh_has_it_in_every_kernel(monkeypatch, tmp_path):
    monkeypatch.setattr(matrix, "FOLDER", tmp_path)
    settings = matrix.settings_of(ROWS["another tanh, 2"])
    code = "import numpy as np; print(np.tanh.__name__, np.tanh.__wrapped__)"
    command = [sys.executable, "-m", "IPython", "--no-simple-prompt", "-c", code]
    done, said = matrix.call(command, settings)
    assert done == 0 and said.splitlines()[-1] == "tanh <ufunc 'tanh'>"
    assert settings["OTHER_TANH"] == "2"


def test_a_row_that_fails_says_so_and_is_the_exit_status(ran, capsys):
    assert matrix.main(["Haswell"]) == 0
    ran["--nbval"] = (1, "F...\n== 1 failed, 299 passed in 9.9s ==\n")
    assert matrix.main(["Haswell"]) == 1
    out, err = capsys.readouterr()
    row = f"| OpenBLAS Haswell | 3.13.0 | 2.5.5 | {OPENBLAS} |"
    assert out.splitlines()[2] == f"{row} 300 passed, 1 skipped |"
    assert out.splitlines()[-1] == f"{row} FAILED: 1 failed, 299 passed |"
    assert "F..." in err


def test_an_environment_that_cannot_be_made_is_a_failure(ran):
    ran["env"] = (2, "no wheel of NumPy for this Python\n")
    *_, verdict = matrix.result(ROWS["Python 3.14"])
    assert verdict == "FAILED: its environment cannot be made"


def test_a_run_without_a_test_has_not_passed(ran):
    ran["--nbval"] = (5, "no tests ran in 0.01s\n")
    *_, verdict = matrix.result(ROWS["OpenBLAS Haswell"])
    assert verdict == "FAILED: no tests ran"


def test_the_rows_are_those_that_are_promised():
    pythons = {row.python for row in matrix.ROWS if row.name.startswith("Python")}
    assert pythons == {"3.11", "3.12", "3.13", "3.14"}
    assert {row.kernel for row in matrix.ROWS} >= {"SkylakeX", "Nehalem", "Zen"}
    assert len({row.tanh for row in matrix.ROWS} - {None}) >= 3
    assert {row.lock for row in matrix.ROWS} == {matrix.NEWEST, matrix.OLDEST}
    assert all((matrix.ROOT / path).is_file() for path in matrix.TESTS)
    assert len(matrix.NOTEBOOKS) == 15


def test_the_probe_says_what_this_python_multiplies_with(tmp_path):
    pool = {"user_api": "blas", "internal_api": "openblas", "version": "0.3.31"}
    pools = [{"user_api": "openmp"}, {**pool, "architecture": "Haswell"}]
    code = f"threadpool_info = lambda: {pools}"
    (tmp_path / "threadpoolctl.py").write_text(code, encoding="utf-8")
    said = matrix.in_force(sys.executable, {"PYTHONPATH": str(tmp_path)})
    assert said == (platform.python_version(), np.__version__, OPENBLAS)
