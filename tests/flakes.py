"""Run the whole suite in random order on a loaded machine. `make flakes`.

    python -m tests.flakes [RUNS [FIRST]]

Each run has a seed, from FIRST on, which orders the files and the tests in them. Two
run at a time, each the load of the other. What they print is kept in build/flakes/. The
exit code is 1 when one failed.
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "flakes"
AT_A_TIME = 2
SUITE = ["make", "test"]


def run(seed):
    """Run the suite in the order of this seed: whether it passed."""
    log = FOLDER / f"{seed}.log"
    with log.open("wb") as output:
        code = subprocess.run(
            SUITE,
            cwd=ROOT,
            # Each test in a line of its own: what failed is known if this is stopped.
            env={**os.environ, "SHUFFLE": str(seed), "PYTEST_ADDOPTS": "-v"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        ).returncode
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    verdict = f"FAILED, see {log.relative_to(ROOT)}" if code else "passed"
    said = [
        line for line in lines if re.search(r"\d (passed|failed|error).* in ", line)
    ]
    summary = said[-1].strip("= ") if said else "no summary"
    print(f"seed {seed}: {verdict}: {summary}", flush=True)
    print(*failed, sep="\n", end="\n" if failed else "", flush=True)
    return code == 0


def main(runs="20", first="1"):
    """Run the suite so many times. Returns the exit status."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    seeds = range(int(first), int(first) + int(runs))
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        passed = sum(pool.map(run, seeds))
    print(f"{passed} of {len(seeds)} runs passed")
    return int(passed < len(seeds))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
