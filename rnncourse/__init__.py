"""Help for students: checks, figures, widgets. None of the mathematics is here."""

import sys
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
# A wheel has the notebooks in here, a clone has them beside the package.
IN_A_CLONE = not (PACKAGE / "notebooks").is_dir()
PIP = "%pip" if "ipykernel" in sys.modules else "python -m pip"
WHAT = f'-e "{PACKAGE.parent}[notebooks]"' if IN_A_CLONE else '"rnnlib[notebooks]"'
INSTALL = f"{PIP} install {WHAT}"

# What the notebooks import: the `notebooks` extra, but for what runs and copies them.
NEEDS = ("IPython", "ipywidgets", "matplotlib", "tqdm")

if missing := [name for name in NEEDS if find_spec(name) is None]:
    # Whoever gives a command, not an import, reads a sentence and no traceback.
    command = sys.argv[0] == "-m" or Path(sys.argv[0]).stem == "rnnlib"
    raise (SystemExit if command else ImportError)(
        f"rnncourse needs {', '.join(missing)}, which this Python does not have. "
        f"Install the course with its notebooks: {INSTALL}"
    )

# A console that lacks a letter shows a mark in its place; notebooks lack none.
if hasattr(sys.stdout, "reconfigure"):
    sys.stdout.reconfigure(errors="replace")

# Before anything that imports matplotlib or tqdm.
from rnncourse.page import IN_PAGE  # noqa: E402, I001
from rnncourse.checker import Verdict  # noqa: E402
from rnncourse.mine import check, progress, yours  # noqa: E402
from rnncourse.seeing import same, show  # noqa: E402
from rnncourse.toy import toy  # noqa: E402

__all__ = ["IN_PAGE", "Verdict", "check", "progress", "same", "show", "toy", "yours"]
