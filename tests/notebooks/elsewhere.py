"""Run the notebooks with the wheel alone. `make colab` calls this.

    python tests/notebooks/elsewhere.py PYTHON

PYTHON is that of an environment in which the course is not installed. In an empty
folder, with the wheel beside it, notebook 00 installs the course, as in Colab. Then the
command `rnnlib` makes its copies there, and each of them is run. What they show must be
what is saved in the originals. Nothing is fetched from the network.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nbclient import NotebookClient

from rnncourse.lab import COURSE, read_notebook

ORIGINALS = COURSE / "notebooks"
TEXTS = ("text/plain", "text/html")


def texts(notebook):
    """{cell id: the texts of its outputs} of the code cells whose outputs count."""
    return {
        cell.id: [
            output.get("text") or [output.data.get(kind) for kind in TEXTS]
            for output in cell.outputs
        ]
        for cell in notebook.cells
        if cell.cell_type == "code"
        and "nbval-ignore-output" not in cell.metadata.get("tags", [])
    }


def run(path):
    """Run the notebook in the file `path`: {cell id: texts} of what it shows."""
    notebook = read_notebook(path)
    NotebookClient(
        notebook,
        resources={"metadata": {"path": str(path.parent)}},
        timeout=None,
        kernel_name="elsewhere",
        coalesce_streams=True,
    ).execute()
    noise = [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr" and "it/s" not in output.text
    ]
    assert not noise, noise
    return texts(notebook)


def call(*command, **options):
    """Run a command and return what it prints; its errors are seen."""
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, **options
    )
    return done.stdout


def main(python):
    """Install the course by its first cell, make copies, run each of them."""
    call(python, "-m", "pip", "uninstall", "--yes", "-qqq", "rnnlib")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        call(
            *[sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index"],
            *["--no-deps", "--no-build-isolation", "--wheel-dir", folder, COURSE],
        )
        kernel = folder / "jupyter" / "kernels" / "elsewhere" / "kernel.json"
        kernel.parent.mkdir(parents=True)
        argv = [python, "-Xfrozen_modules=off", "-m", "ipykernel_launcher"]
        argv += ["-f", "{connection_file}"]
        about = {"argv": argv, "display_name": "elsewhere", "language": "python"}
        kernel.write_text(json.dumps(about), encoding="utf-8")
        os.environ.pop("PYTHONPATH", None)
        os.environ |= {"JUPYTER_PATH": str(folder / "jupyter"), "PIP_NO_INDEX": "1"}

        lone = folder / "00_start_here.ipynb"
        lone.write_bytes((ORIGINALS / lone.name).read_bytes())
        shown = run(lone)
        assert "restart the kernel" in "".join(shown["course"]), "nothing was installed"
        print(call(Path(python).with_name("rnnlib"), "--copies-only", cwd=folder))
        copies = sorted((folder / "my_notebooks").glob("*.ipynb"))
        assert [p.name for p in copies] == [
            p.name for p in sorted(ORIGINALS.glob("*.ipynb"))
        ]
        for path in copies:
            start = time.perf_counter()
            shown, saved = run(path), texts(read_notebook(ORIGINALS / path.name))
            if path.name.startswith("14"):  # saved with PyTorch, which is not there
                saved = {}
            for cell_id, text in saved.items():
                assert shown[cell_id] == text, (path.name, cell_id, shown[cell_id])
            print(f"{path.stem}: {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
