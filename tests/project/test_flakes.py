"""`make flakes` runs the suite in another order each time, and counts what fails."""

import random
import socket
import sys
from collections import namedtuple
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat
import pytest
from jupyter_client.connect import LocalPortCache
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbval import kernel

import conftest
from tests import flakes

ROOT = Path(__file__).resolve().parents[2]
Item = namedtuple("Item", "path name")
FILES = ("06_training.ipynb", "test_student.py", "test_loss.py", "test_bptt.py")
ITEMS = [Item(Path(file), n) for file in FILES for n in range(9)]


def shuffled(seed):
    items = list(ITEMS)
    conftest.shuffle(items, seed)
    return items


def test_every_seed_has_an_order_of_its_own_and_the_same_for_every_worker():
    orders = [shuffled(seed) for seed in "12345678"]
    assert len({tuple(order) for order in orders}) == len(orders)
    assert orders[0] == shuffled("1")
    assert all(sorted(order) == sorted(ITEMS) for order in orders)
    assert len({order[0].path for order in orders}) > 1, "files change places too"


def test_a_file_stays_together_and_cells_follow_each_other():
    for order in map(shuffled, "123"):
        paths = [item.path for item in order]
        assert sum(a != b for a, b in zip(paths, paths[1:])) == len(FILES) - 1
        for file in FILES:
            names = [item.name for item in order if item.path.name == file]
            assert (names == sorted(names)) == (file in FILES[:2]), file


def free_port():
    """One below those that a system gives away by itself: nobody takes it meanwhile."""
    while True:
        with suppress(OSError):
            port = random.SystemRandom().randrange(20_000, 32_000)
            socket.create_server(("127.0.0.1", port)).close()
            return port


@contextmanager
def dying(kernels):
    """The ports of so many kernels, the next ones, are another program's."""
    asked = []

    def choose(ports, ip):
        asked.append(ip)
        taken = len(asked) <= 5 * kernels  # a kernel has five
        return other.getsockname()[1] if taken else free_port()

    with (
        pytest.MonkeyPatch.context() as patch,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        patch.setattr(LocalPortCache, "find_available_port", choose)
        yield
    assert len(asked) == 10, "two kernels were started"


def test_a_kernel_whose_port_was_taken_is_started_again():
    with dying(1):
        kernel.RunningKernel(kernel.CURRENT_ENV_KERNEL_NAME).stop()


def test_a_kernel_that_dies_each_time_is_a_failure():
    with dying(2), pytest.raises(RuntimeError, match="Kernel died before replying"):
        kernel.RunningKernel(kernel.CURRENT_ENV_KERNEL_NAME)


def test_a_notebook_whose_kernel_died_as_it_started_is_run():
    """Not with two: nbclient would leave signal handlers and a failed task behind."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("6 * 7")])
    with dying(1):
        NotebookClient(notebook, kernel_name="python3").execute()
    assert notebook.cells[0].outputs[0].data["text/plain"] == "42"


def test_a_kernel_that_dies_at_work_has_no_second_chance():
    ran = []

    def work():
        ran.append(1)
        raise DeadKernelError("Kernel died")

    with pytest.raises(DeadKernelError):
        conftest.once_more(work)()
    assert len(ran) == 1


@pytest.mark.parametrize("fails", ["", "2"])
def test_runs_are_counted_and_what_fails_is_named(fails, tmp_path, monkeypatch, capsys):
    suite = f"""if True:
        import os
        failed = os.environ["SHUFFLE"] == "{fails}"
        print("FAILED tests/test_a.py::test_b" * failed)
        print("==", "1 failed, 9 passed in 3.00s" if failed else "10 passed in 2.00s")
        raise SystemExit(failed)
    """
    monkeypatch.setattr(flakes, "SUITE", [sys.executable, "-c", suite])
    monkeypatch.setattr(flakes, "ROOT", tmp_path)
    monkeypatch.setattr(flakes, "FOLDER", tmp_path / "build" / "flakes")
    assert flakes.main("3") == bool(fails)
    said = capsys.readouterr().out
    assert "seed 1: passed: 10 passed in 2.00s" in said
    assert "seed 3: passed" in said
    log = Path("build", "flakes", "2.log")
    failure = f"seed 2: FAILED, see {log}: 1 failed, 9 passed in 3.00s\n"
    assert (failure + "FAILED tests/test_a.py::test_b\n" in said) == bool(fails)
    assert said.endswith(f"{3 - bool(fails)} of 3 runs passed\n")
    assert "passed in" in (tmp_path / log).read_text(encoding="utf-8")


def test_a_suite_that_does_not_begin_is_no_run_that_passed(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(flakes, "SUITE", [sys.executable, "-c", "raise SystemExit(2)"])
    monkeypatch.setattr(flakes, "ROOT", tmp_path)
    monkeypatch.setattr(flakes, "FOLDER", tmp_path)
    assert flakes.main("1", "7") == 1
    assert "seed 7: FAILED, see 7.log: no summary" in capsys.readouterr().out


def test_a_test_that_allows_no_warning_allows_that_of_a_file_left_open():
    """Another test left it, and Python closes it whenever it collects garbage."""
    strict = [
        (path.name, line)
        for path in (ROOT / "tests").rglob("test_*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith('@pytest.mark.filterwarnings("error"')
    ]
    assert len(strict) > 10
    ignores = '"error", "ignore::ResourceWarning")'
    assert [test for test in strict if not test[1].endswith(ignores)] == []
