"""What notebook 14 does where PyTorch is missing: it skips the cells that need it."""

from importlib.util import find_spec

from IPython import get_ipython

MARK = "# PyTorch"  # the first line of a cell that needs it


def find_torch():
    """Say whether PyTorch is installed. Where it is not, skip the cells with MARK.

    A skipped cell does nothing and shows nothing, so a notebook runs to its end. Call
    it again after an installation, and they run.
    """
    cleanup = get_ipython().input_transformers_cleanup
    if skip_marked in cleanup:
        cleanup.remove(skip_marked)
    if find_spec("torch"):
        print("PyTorch is installed: every cell runs.")
        return
    cleanup.append(skip_marked)
    print(
        f"PyTorch is not installed: the cells that begin with {MARK} are skipped.\n"
        "What they show is saved in the course's own copy of this notebook."
    )


def skip_marked(lines):
    """The lines of a cell, or none if the first of them is MARK."""
    return [] if lines and lines[0].strip() == MARK else lines
