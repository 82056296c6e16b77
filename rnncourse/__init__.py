"""Help for students: checks, figures, widgets. None of the mathematics is here."""

from importlib.util import find_spec

# What the notebooks import: the `notebooks` extra, but for what runs and copies them.
NEEDS = ("IPython", "ipywidgets", "matplotlib", "tqdm")

if missing := [name for name in NEEDS if find_spec(name) is None]:
    raise ImportError(
        f"rnncourse needs {', '.join(missing)}, which this Python does not have: "
        "install the course with its notebooks, "
        'python -m pip install -e ".[notebooks]" in its folder.'
    )

# Before anything that imports matplotlib or tqdm.
from rnncourse.page import IN_PAGE  # noqa: E402, I001
from rnncourse.checker import Verdict  # noqa: E402
from rnncourse.mine import check, progress, yours  # noqa: E402
from rnncourse.seeing import same, show  # noqa: E402
from rnncourse.toy import toy  # noqa: E402

__all__ = ["IN_PAGE", "Verdict", "check", "progress", "same", "show", "toy", "yours"]
