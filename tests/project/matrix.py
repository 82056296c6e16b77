"""The table of the README: where the notebooks show what is saved. `make matrix`.

    python -m tests.project.matrix [ROW ...]     all rows, or those whose name has a ROW

A row is a Python, a lock, and the library that multiplies matrices (BLAS). Each has an
environment in build/matrix/, made by `make env`. There the notebooks, all but 14, are
run and their outputs compared, and the tests of the mathematics pass or fail. Pythons
are looked for on the PATH. OpenBLAS is asked which of its kernels it runs. Netlib's
BLAS and BLIS are Debian's: NumPy is compiled against them, which takes minutes. In the
last rows every second tanh has another last bit, for computers that are not here.

A row that cannot be run on this machine says "not here", and why. The table is in
Markdown. The exit status is 1 if a row failed.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "matrix"
HERE = "{}.{}".format(*sys.version_info)  # for the rows that name no Python
LIBRARIES = Path("/usr/lib")  # of Debian
NEWEST, OLDEST = "requirements.lock", "requirements-oldest.lock"
TESTS = [f"tests/rnnlib/test_{room}.py" for room in ("forward", "loss", "bptt")]
TESTS += [f"tests/rnnlib/test_{room}.py" for room in ("text", "gradcheck", "sampling")]

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
NOTEBOOKS = [path for path in NOTEBOOKS if path.name[:2] != "14"]  # it needs PyTorch
OTHER_TANH = ROOT / "tests" / "notebooks" / "other_tanh.py"

Row = namedtuple("Row", "name python lock kernel blas tanh", defaults=[None] * 3)
ROWS = [
    Row("oldest packages", "3.11", OLDEST),
    *(Row(f"Python 3.{minor}", f"3.{minor}", NEWEST) for minor in (11, 12, 13, 14)),
    *(
        Row(f"OpenBLAS {kernel}", HERE, NEWEST, kernel=kernel)
        for kernel in ("Haswell", "SkylakeX", "Nehalem")
    ),
    # Newer builds of NumPy have no kernel for Zen, and take Haswell's.
    Row("OpenBLAS Zen", "3.11", OLDEST, kernel="Zen"),
    Row("Netlib", HERE, NEWEST, blas="blas"),
    Row("BLIS", HERE, NEWEST, blas="blis-serial"),
    *(Row(f"another tanh, {seed}", HERE, NEWEST, tanh=seed) for seed in (1, 2, 3)),
]

# Says the version of Python and of NumPy, and which BLAS it is, after using it.
PROBE = """if True:
    import platform, numpy as np
    from pathlib import Path
    for dtype in (np.float32, np.float64):
        a = np.arange(64 * 64, dtype=dtype).reshape(64, 64)
        assert np.array_equal(a @ np.eye(64, dtype=dtype), a)
    from threadpoolctl import threadpool_info
    found = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    about = ("internal_api", "version", "architecture")
    names = [" ".join(str(pool.get(key)) for key in about) for pool in found]
    maps = Path("/proc/self/maps")  # of Linux, as Netlib's BLAS says nothing itself
    used = maps.read_text(encoding="utf-8").split() if maps.exists() else ()
    names += sorted({path for path in used if "/libblas.so" in path})
    print(platform.python_version(), np.__version__, *names, sep="\\t")
"""


class NotHere(Exception):
    """Why a row cannot be run on this machine."""


class Failed(Exception):
    """What failed in a row, and what it printed."""


def main(names):
    """Run the rows and print the table. Returns the exit status."""
    results = []
    for row in ROWS:
        if not names or any(name in row.name for name in names):
            print(f"{row.name} ...", file=sys.stderr, flush=True)
            results.append((row, *result(row)))
    print(table(results))
    return int(any(verdict.startswith("FAILED") for *_, verdict in results))


def result(row):
    """What ran in a row, and its verdict: (Python, NumPy, BLAS, verdict)."""
    version = numpy = blas = ""
    try:
        python = environment(row)
        settings = settings_of(row)
        version, numpy, blas = in_force(python, settings)
        if row.kernel and row.kernel.lower() not in blas.lower().split():
            raise NotHere(f"asked for it, OpenBLAS runs {blas.split()[-1]}")
        if row.blas and f"/{row.blas}/" not in blas:
            raise NotHere(f"NumPy loads {blas}")
        return version, numpy, blas, passed(python, settings)
    except NotHere as reason:
        return version, numpy, "", f"not here: {reason}"
    except Failed as error:
        what, said = error.args
        print(said, file=sys.stderr)
        return version, numpy, blas, f"FAILED: {what}"


def environment(row):
    """The Python of an environment for the row, made or found in build/matrix/."""
    program = sys.executable if row.python == HERE else f"python{row.python}"
    found = shutil.which(program)
    if not found or call([found, "-c", "import ensurepip, venv"])[0]:
        raise NotHere(f"no {program} on the PATH")
    kind = "-oldest" if row.lock == OLDEST else "-netlib" if row.blas else ""
    folder = FOLDER / f"{row.python}{kind}"
    python = folder / "bin" / "python"
    if row.blas and call(["pkg-config", "--exists", "blas", "lapack"])[0]:
        raise NotHere(
            "a compiler, pkg-config, libblas-dev and liblapack-dev are needed"
        )
    settings = [f"PYTHON={found}", f"LOCK={row.lock}"]
    settings.append(f"venv={folder.relative_to(ROOT)}")
    pip = [python, "-m", "pip", "install", "--quiet"]
    for command in (["make", "env", *settings], [*pip, "threadpoolctl"]):
        code, said = call(command)
        if code:
            raise Failed("its environment cannot be made", said)
    if row.blas and not is_compiled(python):
        _, version = call([python, "-c", "import numpy; print(numpy.__version__)"])
        source = ["--no-deps", "--force-reinstall", "--no-binary", "numpy"]
        meson = [f"-Csetup-args=-D{name}={name}" for name in ("blas", "lapack")]
        if call([*pip, *source, *meson, f"numpy=={version.strip()}"])[0]:
            raise NotHere("NumPy cannot be compiled")
    return python


def is_compiled(python):
    """Whether the NumPy of this environment was compiled against libblas."""
    code = "import numpy; print(numpy.show_config('dicts')"
    code += "['Build Dependencies']['blas']['name'])"
    return call([python, "-c", code])[1].strip() == "blas"


def settings_of(row):
    """The variables with which a row chooses its BLAS."""
    settings = {"OPENBLAS_NUM_THREADS": "1"}
    if row.kernel:
        settings["OPENBLAS_CORETYPE"] = row.kernel
    if row.blas:
        files = sorted(LIBRARIES.glob(f"*/{row.blas}/libblas.so.3"))
        if not files:
            raise NotHere(f"Debian's libblas3 or lib{row.blas} is not installed")
        settings["LD_LIBRARY_PATH"] = str(files[0].parent)
    if row.tanh:
        startup = FOLDER / "ipython" / "profile_default" / "startup"
        startup.mkdir(parents=True, exist_ok=True)
        shutil.copy(OTHER_TANH, startup)
        settings["IPYTHONDIR"] = str(FOLDER / "ipython")
        settings["OTHER_TANH"] = str(row.tanh)
    return settings


def in_force(python, settings):
    """The versions of Python and NumPy, and the BLAS that multiplied a matrix."""
    code, said = call([python, "-c", PROBE], settings)
    if code < 0:
        raise NotHere(f"this processor cannot run it ({signal.Signals(-code).name})")
    if code:
        raise Failed("NumPy does not multiply", said)
    version, numpy, *blas = said.strip().split("\t")
    return version, numpy, " ".join(blas)


def passed(python, settings):
    """Run the notebooks, strictly, and the tests: how many passed, as pytest says."""
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval"]
    command += ["-n", "2", "--dist", "loadscope", "--nbval-current-env"]
    command += [*TESTS, *NOTEBOOKS]
    code, said = call(command, settings)
    last = said.strip().splitlines()[-1].strip("= ").partition(" in ")[0]
    if code:
        raise Failed(last, said)
    return last


def call(command, settings=()):
    """Run a command in the folder of the course: its exit code, and its output."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **dict(settings)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.returncode, done.stdout


def table(results):
    """The results in Markdown."""
    lines = ["| | Python | NumPy | BLAS in force | verdict |", "|---" * 5 + "|"]
    lines += [f"| {row.name} | {' | '.join(cells)} |" for row, *cells in results]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
