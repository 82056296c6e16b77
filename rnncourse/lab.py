"""Working copies of the notebooks, and JupyterLab on them.

From the folder of the course, on every system:

    python -m rnncourse.lab                  copies, then JupyterLab
    python -m rnncourse.lab --copies-only    copies
    python -m rnncourse.lab --originals      JupyterLab on the originals
"""

import argparse
import os
import sys
from pathlib import Path

import nbformat

COURSE = Path(__file__).resolve().parents[1]
START = "00_start_here.ipynb"


def read_notebook(path):
    """Return the notebook in the file `path`.

    Raises ValueError, naming the file, if it is not a valid notebook.
    """
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(notebook)
    except (AttributeError, ValueError, nbformat.ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"{path} is not a valid notebook: {reason}") from error
    return notebook


def write_notebook(notebook, path):
    """Write `notebook` to the file `path`, as a whole or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        text = nbformat.writes(notebook) + "\n"
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def make_copies(source, target):
    """Copy the notebooks of the folder `source` to the folder `target`.

    A copy has no outputs, so that nothing saved spoils a prediction. A copy that
    exists is left as it is: it holds the student's work. All notebooks are read
    before the first copy is written. Returns the paths of the new copies, in order.

    Raises ValueError if `source` has no notebooks or one of them is not valid.
    """
    source, target = Path(source), Path(target)
    originals = sorted(source.glob("*.ipynb"))
    if not originals:
        raise ValueError(f"source: no notebooks in {source}")
    new = {
        target / path.name: read_notebook(path)
        for path in originals
        if not (target / path.name).exists()
    }
    target.mkdir(parents=True, exist_ok=True)
    for path, notebook in new.items():
        notebook.metadata.pop("widgets", None)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        write_notebook(notebook, path)
    return list(new)


def main(arguments=None):
    """Make the copies in my_notebooks/ and open JupyterLab on the first."""
    parser = argparse.ArgumentParser(
        prog="python -m rnncourse.lab",
        description="Copy the notebooks to my_notebooks/ and open JupyterLab there.",
    )
    other = parser.add_mutually_exclusive_group()
    other.add_argument(
        "--copies-only", action="store_true", help="do not open JupyterLab"
    )
    other.add_argument(
        "--originals", action="store_true", help="open notebooks/ and copy nothing"
    )
    options = parser.parse_args(arguments)
    folder = COURSE / "notebooks"
    if not options.originals:
        originals, folder = folder, COURSE / "my_notebooks"
        try:
            new = make_copies(originals, folder)
        except (OSError, ValueError) as error:
            sys.exit(str(error))
        kept = sorted(set(folder.glob("*.ipynb")) - set(new))
        print(
            f"{folder.name}: {_names('new', new)}; {_names('kept as they are', kept)}"
        )
    if options.copies_only:
        return
    try:
        from jupyterlab.labapp import LabApp
    except ImportError:
        sys.exit('JupyterLab is missing: python -m pip install -e ".[notebooks]"')
    # In a container, and only there, people work as root.
    LabApp.launch_instance([str(folder / START), "--allow-root"])


def _names(what, paths):
    return f"{len(paths)} {what}" + "".join(f" {path.stem}" for path in paths)


if __name__ == "__main__":
    main()
