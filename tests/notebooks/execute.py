"""Run notebooks from the top and save their outputs. `make execute` calls this.

    python tests/notebooks/execute.py notebooks/*.ipynb

What differs from run to run is left out: times, the version of Python, the names
and the state of widgets. So a second run changes nothing. A notebook that fails
stays as it was, and the run ends there.
"""

import sys
from pathlib import Path

from nbclient import NotebookClient

from rnncourse.lab import read_notebook, write_notebook

WIDGET = "application/vnd.jupyter.widget-view+json"


def execute(path):
    """Run the notebook in the file `path` and write it back with its outputs."""
    notebook = read_notebook(path)
    NotebookClient(
        notebook,
        resources={"metadata": {"path": str(path.parent)}},
        timeout=None,
        iopub_timeout=600,  # what comes later than this is lost
        kernel_name="python3",
        coalesce_streams=True,
    ).execute()
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info.pop("version")
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        outputs = cell.get("outputs", [])
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            # A progress bar that has ended: its text is the one from its start.
            outputs[:] = [o for o in outputs if WIDGET not in o.get("data", {})]
        for output in outputs:
            output.get("data", {}).pop(WIDGET, None)
    write_notebook(notebook, path)


def main(names):
    """Run the notebooks of these names, once it is known that each is there."""
    for name in names:
        if not Path(name).is_file():
            sys.exit(
                f"No notebook was run: there is no file {name}. Name some of "
                "notebooks/*.ipynb, as in make execute NOTEBOOKS=notebooks/01*.ipynb."
            )
    for name in names:
        print(name, flush=True)
        execute(Path(name))


if __name__ == "__main__":
    main(sys.argv[1:])
