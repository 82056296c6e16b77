"""`make env` makes the environment once, makes it anew when it must, and says why not.

A stand-in for Python keeps a diary of what it was asked to install; nothing is
installed. Folders have a space in their name.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGETS = """
    env lab author test check published colab execute lint mutants mutants-course
    emptied flakes matrix seeds grades lite site slides pdf release locks bench race
    assignments taught execute-torch test-torch
""".split()

needs_make = pytest.mark.skipif(
    os.name == "nt" or not shutil.which("make"), reason="no make, or not a POSIX one"
)

STAND_IN = """#!/bin/sh
# Makes a folder that looks like an environment, and writes down what pip is told.
diary="{folder}/diary"
case "$1 $2" in
"-m venv")
    mkdir -p "$4/bin" && cp "$0" "$4/bin/python"; echo "venv $4" >> "$diary" ;;
"-m pip")
    echo "pip $*" >> "$diary"
    if [ -e "{folder}/slow" ]; then
        echo "$$" > "{folder}/slow"
        while [ -e "{folder}/slow" ]; do sleep 0.05; done
    fi
    if [ -e "{folder}/offline" ]; then cat "{folder}/offline" >&2; exit 1; fi ;;
tests/*) echo "$*" >> "$diary" ;;
"-m pytest")
    echo "$*" >> "$diary"
    if [ -e "{folder}/failing" ]; then exit 1; fi ;;
"-m benchmarks"|"-m publish.release"|"-m tests.project.matrix") echo "$2" >> "$diary" ;;
"-m uv")
    echo "uv $*" >> "$diary"
    if [ -e "{folder}/offline" ]; then exit 2; fi
    lock=${{*#*-o }}; echo "--index-url of a host" >> "${{lock%% *}}" ;;
"-c import matplotlib"*) ;;
-c*)
    code=$2; shift 2
    exec "{python}" -c "import sys; {change}
$code" "$@" ;;
esac
"""


class Course:
    """A copy of the files that `make env` needs, and a Python to give it."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True)
        for name in ("Makefile", "pyproject.toml", "requirements.lock"):
            shutil.copy(ROOT / name, folder)
        for other in ("oldest", "colab", "publish"):
            shutil.copy(ROOT / f"requirements-{other}.lock", folder)

    def stand_in(self, name, change="pass"):
        path = self.folder / name
        text = STAND_IN.format(folder=self.folder, python=sys.executable, change=change)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        return path

    def start(self, *arguments):
        """Start make in a process group of its own, and wait until pip runs."""
        slow = self.folder / "slow"  # pip runs until this is gone
        slow.touch()
        process = subprocess.Popen(
            ["make", "-C", self.folder, "--no-print-directory", *arguments],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            # Where tests run in the background, a shell would not get Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            text=True,
        )
        while not slow.read_text(encoding="utf-8"):
            assert process.poll() is None
            time.sleep(0.01)
        return process, slow

    def make(self, *arguments, folder=None, **environment):
        # Of a make around the tests.
        outer = re.compile("MAKE|MFLAGS|PYTHON$|LOCK$|TORCH$")
        inherited = {k: v for k, v in os.environ.items() if not outer.match(k)}
        return subprocess.run(
            ["make", "-C", folder or self.folder, "--no-print-directory", *arguments],
            env={**inherited, **environment},
            cwd="/",
            capture_output=True,
            text=True,
        )

    def diary(self):
        """What was asked for since the last call."""
        path = self.folder / "diary"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return lines


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path / "my course")


WHOLE = [
    "venv .venv",
    "pip -m pip install --quiet --require-hashes -r requirements.lock",
    "pip -m pip install --quiet --no-deps --no-build-isolation -e .",
]


def test_a_target_that_runs_the_environments_python_makes_it_first():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = re.findall(r"(?m)^([a-z-]+):([^#\n]*).*\n((?:\t.*\n)+)", text)
    runs = {
        target: needs.split() for target, needs, what in rules if "(python)" in what
    }
    assert {"env", "test", "published", "lint"} <= runs.keys()
    assert [target for target, needs in runs.items() if "env" not in needs] == ["env"]


@needs_make
def test_make_alone_lists_every_target_with_a_line_each(course):
    lines = course.make().stdout.splitlines()
    assert [re.match(r"make ([\w-]+)\s+\w+ \w+", line)[1] for line in lines] == TARGETS
    phony = (ROOT / "Makefile").read_text(encoding="utf-8").partition(".PHONY: ")[2]
    phony = phony.splitlines()[0].split()
    assert sorted(phony) == sorted(["help", *TARGETS, "publishing", "torch"])


@needs_make
def test_the_second_time_installs_nothing(course):
    python = f"PYTHON={course.stand_in('python')}"
    assert course.make("env", python).returncode == 0
    assert course.diary() == WHOLE
    again = course.make("env", python)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    # The Python that made the environment is needed no more.
    assert course.make("env").returncode == 0
    assert course.diary() == []


@needs_make
def test_python_is_found_on_the_path(course):
    course.stand_in("python3", change="sys.version_info = (3, 9, 6)")
    course.stand_in("python3.12")
    path = f"{course.folder}:/usr/bin:/bin"
    for newer in ("python3.14", "python3.13"):
        course.stand_in(newer, change="sys.modules['ensurepip'] = None")
    done = course.make("env", PATH=path)
    assert done.returncode == 0, done.stderr
    assert course.diary() == WHOLE


@needs_make
@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.lock"])
def test_what_changes_is_installed_again(course, name):
    python = f"PYTHON={course.stand_in('python')}"
    course.make("env", python)
    course.diary()
    file = course.folder / name
    file.touch()
    course.make("env", python)
    assert course.diary() == []
    file.write_text(file.read_text(encoding="utf-8") + "# new\n", encoding="utf-8")
    course.make("env", python)
    assert course.diary() == WHOLE


@needs_make
def test_an_environment_in_a_moved_folder_is_made_anew(course):
    course.make("env", f"PYTHON={course.stand_in('python')}")
    course.diary()
    moved = course.folder.with_name("moved course")
    shutil.copytree(course.folder, moved)
    course.make("env", f"PYTHON={course.folder / 'python'}", folder=moved)
    assert course.diary() == WHOLE


@needs_make
def test_another_python_is_installed_for(course):
    course.make("env", f"PYTHON={course.stand_in('python')}")
    course.diary()
    other = course.stand_in("other", change="sys.version = 'another'")
    course.make("env", f"PYTHON={other}")
    assert course.diary() == WHOLE
    course.make("env", f"PYTHON={other}")
    assert course.diary() == []


@needs_make
def test_an_installation_that_failed_is_not_taken_for_done(course):
    python = f"PYTHON={course.stand_in('python')}"
    (course.folder / "offline").touch()
    assert course.make("env", python).returncode != 0
    assert course.diary() == WHOLE[:2]
    (course.folder / "offline").unlink()
    assert course.make("env", python).returncode == 0
    assert course.diary() == WHOLE


# What pip says, shortened.
OFFLINE = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NameResolutionError'
ERROR: Could not find a version that satisfies anyio==4.16.0 (from versions: none)
ERROR: No matching distribution found for anyio"""
SLOW = "ReadTimeoutError: HTTPSConnectionPool(host='h', port=443): Read timed out."
FULL = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left"
OTHER = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"
ONCE_MORE = " and give the same command again."


@needs_make
@pytest.mark.parametrize(
    "said, lines",
    [
        (OFFLINE, [f"The packages cannot be downloaded: .*network,{ONCE_MORE}"]),
        (SLOW, [f"The packages cannot be downloaded: .*network,{ONCE_MORE}"]),
        (FULL, [f"The disk is full: make room for 700 MB here .*,{ONCE_MORE}"]),
        (OTHER, [OTHER, f"The environment cannot be made, .* above: .*,{ONCE_MORE}"]),
    ],
)
def test_an_installation_that_failed_says_what_to_do(course, said, lines):
    python = f"PYTHON={course.stand_in('python')}"
    (course.folder / "offline").write_text(said, encoding="utf-8")
    done = course.make("env", python)
    assert done.returncode != 0
    assert done.stdout.splitlines()[1:] == []  # after what it is about to do
    *printed, made = done.stderr.splitlines()
    assert len(printed) == len(lines) and made.startswith("make: ")
    assert all(re.fullmatch(*pair) for pair in zip(lines, printed)), printed


@needs_make
def test_a_full_disk_is_seen_where_the_reason_is_not_given(course):
    df = course.folder / "df"
    df.write_text("#!/bin/sh\necho Filesystem\necho disk 100 100 0 100% /\n", "utf-8")
    df.chmod(0o755)
    (course.folder / "offline").write_text("Error: Command failed", encoding="utf-8")
    path = f"{course.folder}:{os.environ['PATH']}"
    done = course.make("env", f"PYTHON={course.stand_in('python')}", PATH=path)
    assert done.stderr.startswith("The disk is full: ")


@needs_make
@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_ctrl_c_says_what_to_do_and_the_next_time_begins_anew(course):
    python = f"PYTHON={course.stand_in('python')}"
    process, slow = course.start("env", python)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, said = process.communicate(timeout=300)
    assert process.returncode != 0
    assert said.splitlines()[0] == (
        "Stopped: give the same command again, which begins anew."
    )
    course.diary()
    slow.unlink()
    assert course.make("env", python).returncode == 0
    assert course.diary() == WHOLE


WAITS = "Another make is installing in this folder: waiting for it."


@needs_make
@pytest.mark.skipif(os.name == "nt", reason="no fcntl")
def test_of_two_at_once_the_second_waits_and_installs_nothing(course):
    python = f"PYTHON={course.stand_in('python')}"
    first, slow = course.start("env", python)
    second = subprocess.Popen(
        ["make", "-C", course.folder, "--no-print-directory", "env", python],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert second.stdout.readline().strip() == WAITS
    slow.unlink()
    assert (first.wait(300), second.wait(300)) == (0, 0)
    assert second.stdout.read() == ""
    assert course.diary() == WHOLE


@needs_make
@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_a_make_that_was_killed_keeps_no_other_waiting(course):
    import fcntl

    python = f"PYTHON={course.stand_in('python')}"
    first, slow = course.start("env", python)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate(timeout=300)
    with (course.folder / "requirements.lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # once all that was killed is gone
    course.diary()
    slow.unlink()
    done = course.make("env", python)
    assert done.returncode == 0 and WAITS not in done.stdout
    assert course.diary() == WHOLE


@needs_make
def test_a_failed_update_is_not_taken_for_the_environment_before_it(course):
    python = f"PYTHON={course.stand_in('python')}"
    course.make("env", python)
    lock = course.folder / "requirements.lock"
    before = lock.read_bytes()
    lock.write_bytes(before + b"# new\n")
    (course.folder / "offline").touch()
    course.make("env", python)
    lock.write_bytes(before)
    (course.folder / "offline").unlink()
    course.diary()
    course.make("env", python)
    assert course.diary() == WHOLE


@needs_make
def test_the_oldest_packages_have_an_environment_of_their_own(course):
    python = f"PYTHON={course.stand_in('python')}"
    oldest = "LOCK=requirements-oldest.lock"
    for _ in range(2):
        course.make("env", python)
        course.make("env", python, oldest)
    swapped = [line.replace("requirements", "requirements-oldest") for line in WHOLE]
    swapped[0] = "venv .venv-oldest"
    assert course.diary() == WHOLE + swapped


@needs_make
def test_colab_has_an_environment_without_the_course(course):
    python = f"PYTHON={course.stand_in('python')}"
    assert course.make("colab", python).returncode == 0
    bare = [line.replace("requirements", "requirements-colab") for line in WHOLE[:2]]
    bare[0] = "venv .venv-colab"
    run = "tests/notebooks/elsewhere.py .venv-colab/bin/python"
    assert course.diary() == [*WHOLE, *bare, run]


BENCH = [line.replace(".venv", ".venv-bench") for line in WHOLE]
EXTRA = "pip -m pip install --quiet --no-build-isolation -e .[bench]"


@needs_make
def test_the_benchmark_has_an_environment_of_its_own(course):
    python = f"PYTHON={course.stand_in('python')}"
    course.make("env", python)
    assert course.diary() == WHOLE
    assert course.make("bench", python).returncode == 0
    assert course.diary() == [*BENCH, EXTRA, "benchmarks"]
    done = course.make("env", "bench", "TORCH=2.13.0", python)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    torch = "pip -m pip install --quiet torch==2.13.0"
    assert course.diary() == [EXTRA, torch, "benchmarks"]


@needs_make
def test_the_benchmark_runs_without_the_peers_that_cannot_be_installed(course):
    python = f"PYTHON={course.stand_in('python')}"
    course.make("bench", python)
    (course.folder / "offline").touch()
    course.diary()
    done = course.make("bench", "TORCH=2.13.0", python)
    assert done.returncode == 0
    jax, torch = done.stdout.splitlines()
    assert jax == "JAX cannot be installed: its column stays empty."
    assert torch == "PyTorch 2.13.0 cannot be installed: its column stays empty."
    assert course.diary()[-1] == "benchmarks"


PUBLISH = [line.replace("requirements", "requirements-publish") for line in WHOLE]
PUBLISH[0] = "venv .venv-publish"


@needs_make
@pytest.mark.parametrize(
    ("target", "done"),
    [
        ("release", [*PUBLISH, "publish.release"]),
        ("matrix", [*WHOLE, "tests.project.matrix"]),
    ],
)
def test_a_program_runs_in_its_environment(course, target, done):
    python = f"PYTHON={course.stand_in('python')}"
    assert course.make(target, python).returncode == 0
    assert course.diary() == done


@needs_make
def test_a_check_that_passed_says_what_it_left_out(course):
    python = f"PYTHON={course.stand_in('python')}"
    course.make("env", python)
    course.diary()
    done = course.make("check", python)
    said = done.stdout.splitlines()[-1]
    assert re.fullmatch(r"Left out: .*the widgets,.* make test has most of it\.", said)
    (asked,) = course.diary()
    assert {"tests/rnnlib", "--nbval"} < set(asked.split())
    (course.folder / "failing").touch()
    done = course.make("check", python)
    assert done.returncode != 0 and "Left out" not in done.stdout.splitlines()[-1]


@needs_make
def test_every_lock_is_made_anew_by_the_command_in_its_head(course):
    before = {path.name: path.read_bytes() for path in course.folder.glob("*.lock")}
    python = f"PYTHON={course.stand_in('python')}"
    done = course.make("locks", python)
    assert done.returncode == 0, done.stderr
    diary = course.diary()
    assert diary[:3] == PUBLISH
    assert {line.split()[-2]: line for line in diary[3:]}.keys() == before.keys()
    sources = "pyproject.toml --extra notebooks --extra test"
    assert (
        f"uv -m uv --quiet pip compile {sources} --universal --generate-hashes "
        "--no-strip-extras -o requirements.lock --upgrade"
    ) in diary
    # Where packages come from, which the stand-in adds, is not in them.
    after = {path.name: path.read_bytes() for path in course.folder.glob("*.lock")}
    assert after == before and len(after) == 4


@needs_make
def test_a_lock_that_cannot_be_made_stays_and_ends_it(course):
    python = f"PYTHON={course.stand_in('python')}"
    course.make("env", python, "LOCK=requirements-publish.lock")
    (course.folder / "offline").touch()
    course.diary()
    assert course.make("locks", python).returncode != 0
    assert len(course.diary()) == 1


@needs_make
def test_notebook_14_has_an_environment_of_its_own(course):
    python = f"PYTHON={course.stand_in('python')}"
    with_torch = [line.replace(".venv", ".venv-torch") for line in WHOLE]
    install = "pip -m pip install --quiet torch=="
    assert course.make("execute-torch", python).returncode == 0
    saved = "tests/notebooks/execute.py notebooks/14*.ipynb"
    assert course.diary() == [*with_torch, install + "2.13.0", saved]
    assert course.make("execute-torch", "TORCH=3.0", python).returncode == 0
    assert course.diary() == [install + "3.0", saved]
    (course.folder / "offline").touch()
    assert course.make("execute-torch", python).returncode != 0
    assert course.diary() == [install + "2.13.0"]  # nothing is saved without it


@needs_make
@pytest.mark.parametrize(
    "change, says",
    [
        *(
            (
                f"sys.version_info = (3, {minor}, 0)",
                rf"\S.*/python is Python 3.{minor}, and one from 3.11 to 3.14 is "
                "needed: .*PYTHON=",
            )
            for minor in (9, 15)
        ),
        (
            "sys.version_info = (3, 12, 1); sys.modules['ensurepip'] = None",
            r"\S.*/python lacks venv: install python3.12-venv \(.*sudo apt install.*",
        ),
    ],
)
def test_a_python_that_cannot_do_it_says_so_in_one_line(course, change, says):
    done = course.make("env", f"PYTHON={course.stand_in('python', change)}")
    assert done.returncode != 0
    line, made = done.stderr.splitlines()
    assert re.match(says, line)
    assert made.startswith("make: ")
    assert done.stdout == ""
    assert course.diary() == []
    assert not (course.folder / ".venv").exists()


@needs_make
def test_settings_of_other_projects_stay_out(course):
    check = "assert not {'PYTHONPATH', 'PYTHONHOME'} & set(__import__('os').environ)"
    python = course.stand_in("python", check)
    done = course.make("env", f"PYTHON={python}", PYTHONPATH="x", PYTHONHOME="")
    assert done.returncode == 0, done.stderr
