"""Working copies of the notebooks, and JupyterLab on them.

    rnnlib                  copies in my_notebooks/, then JupyterLab
    rnnlib --folder PATH    copies in another folder, then JupyterLab
    rnnlib --copies-only    copies
    rnnlib --update 02 03   beside older copies the new ones, with what you wrote
    rnnlib --originals      JupyterLab on the originals, in a clone

`python -m rnncourse.lab` is the same command. In a clone my_notebooks/ is in the folder
of the course; where the wheel is installed it is in the current folder.
"""

import argparse
import os
import sys
from pathlib import Path

from rnncourse import IN_A_CLONE, INSTALL, PACKAGE
from rnncourse.updates import carry_over, fingerprint, made_from, mark

try:
    import nbformat
except ImportError:
    raise SystemExit(
        f"nbformat is missing, which copies notebooks: {INSTALL}"
    ) from None

COURSE = PACKAGE.parent if IN_A_CLONE else PACKAGE  # the folder that holds notebooks/
START = "00_start_here.ipynb"
PLACES = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
PLACES += ("IPYTHONDIR", "MPLCONFIGDIR")


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
        write_notebook(cleared(notebook), path)
    return list(new)


def cleared(notebook):
    """The notebook without outputs, and with a note of the version that it is."""
    mark(notebook)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def copies_of(original, folder):
    """Each copy of `original` in `folder` with the version that it was made from.

    A dict, the first copy first. A copy that is no notebook any more, or says no
    version, has None.
    """
    found = {}
    for path in sorted(folder.glob(f"{original.stem}*.ipynb")):
        try:
            found[path] = made_from(read_notebook(path))
        except (OSError, ValueError):
            found[path] = None
    return found


def changed(originals, folder):
    """The originals that have changed since all their copies in `folder` were made."""
    behind = []
    for original in sorted(originals.glob("*.ipynb")):
        versions = copies_of(original, folder).values()
        known = [version for version in versions if version]
        if known and fingerprint(read_notebook(original)) not in known:
            behind.append(original)
    return behind


def update(original, folder):
    """Put a new copy of `original` beside the one in `folder`, and carry over.

    What the student wrote moves where it still fits; the older copy stays as it is.
    Returns a sentence.
    """
    copies = copies_of(original, folder)
    notebook = cleared(read_notebook(original))
    for path, version in copies.items():
        if version == made_from(notebook):
            return f"{path.name} is made from the notebook as it is now."
    moved = left = ()
    for path in reversed(copies):  # the newest that can be read
        try:
            moved, left = carry_over(read_notebook(path), notebook)
            break
        except ValueError:
            continue
    names = (f"{original.stem}_new{n}.ipynb" for n in ["", *range(2, 1000)])
    path = next(folder / name for name in names if not (folder / name).exists())
    write_notebook(notebook, path)
    sentence = f"{path.name} is the notebook as it is now"
    sentence += f", with your {', '.join(moved)}." if moved else "."
    if left:
        sentence += f" Not carried over, as the cell has changed: {', '.join(left)}."
    return sentence + " Your older copy is left as it is."


def main(arguments=None):
    """Make the copies in my_notebooks/ and open JupyterLab on the first."""
    called = Path(sys.argv[0]).stem == "rnnlib"
    parser = argparse.ArgumentParser(
        prog="rnnlib" if called else "python -m rnncourse.lab",
        description="Copy the notebooks to my_notebooks/ and open JupyterLab there.",
    )
    other = parser.add_mutually_exclusive_group()
    other.add_argument(
        "--copies-only", action="store_true", help="do not open JupyterLab"
    )
    other.add_argument(
        "--originals", action="store_true", help="open notebooks/ and copy nothing"
    )
    parser.add_argument("--folder", help="for the copies, in place of my_notebooks/")
    parser.add_argument(
        "--update",
        nargs="+",
        metavar="NN",
        help="put new copies of these notebooks beside the older ones",
    )
    options = parser.parse_args(arguments)
    originals = COURSE / "notebooks"
    around = COURSE if IN_A_CLONE else Path.cwd()
    folder = Path(options.folder or around / "my_notebooks").resolve()
    if options.originals:
        for option in ("folder", "update"):
            if getattr(options, option):
                parser.error(f"--{option} is for copies, and --originals makes none")
        if not IN_A_CLONE:
            parser.error("--originals: they are opened in a clone of the course only")
        folder = originals
    elif folder == originals.resolve():
        parser.error("--folder: expected a folder for copies, got the originals'")
    else:
        chosen = numbered(originals, options.update or (), parser)
        print(prepare(originals, folder))
        for original in chosen:
            print(update(original, folder))
        for original in changed(originals, folder):
            number = original.stem[:2]
            print(
                f"{number} has changed since your copy was made: "
                f"`{command(called, number)}` puts the new one beside it; your answers "
                "are in my_rnn.py"
            )
    if options.copies_only:
        print(f"The Python that runs them: {sys.executable}")
        return
    try:
        from jupyterlab.labapp import LabApp
    except ImportError:
        sys.exit(f"JupyterLab is missing: {INSTALL}")
    os.environ |= jupyter_places(folder)
    # The student's own settings may name another root. In a container, and only there,
    # people work as root.
    root = f"--ServerApp.root_dir={folder}"
    LabApp.launch_instance([str(folder / START), root, "--allow-root"])


def numbered(originals, numbers, parser):
    """The originals with these numbers; ends the program where there is none."""
    known = {path.stem[:2]: path for path in sorted(originals.glob("*.ipynb"))}
    for number in numbers:
        if number.zfill(2) not in known:
            expected = f"expected a notebook's number ({', '.join(known)})"
            parser.error(f"--update: {expected}, got {number}")
    return [known[number.zfill(2)] for number in numbers]


def command(called, number):
    """What updates a notebook, for those who called the program this way."""
    if called:
        return f"rnnlib --update {number}"
    if "MAKELEVEL" in os.environ:
        return f"make lab UPDATE={number}"
    return f"{sys.executable} -m rnncourse.lab --update {number}"


def prepare(originals, folder):
    """Make the copies; a sentence on them. Ends the program where it cannot."""
    try:
        new = make_copies(originals, folder)
    except ValueError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(
            f"{folder}: no copies can be written there ({error.strerror}). Name a "
            f"folder of your own: {sys.executable} -m rnncourse.lab --folder PATH"
        )
    kept = sorted(set(folder.glob("*.ipynb")) - set(new))
    return f"{folder.name}: {_names('new', new)}; {_names('kept as they are', kept)}"


def jupyter_places(folder):
    """Environment variables for JupyterLab.

    Widgets are saved with a notebook, so that it shows them when it is opened again. No
    question whether to fetch news stands before a figure.
    Where the home folder cannot be written, Jupyter keeps its files beside the copies.
    """
    ours = [str(Path(__file__).parent), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    places = {"JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, ours))}
    if not os.access(os.path.expanduser("~"), os.W_OK):
        for name in PLACES:
            places[name] = os.environ.get(name, str(folder / ".jupyter"))
    return places


def _names(what, paths):
    return f"{len(paths)} {what}" + "".join(f" {path.stem}" for path in paths)


if __name__ == "__main__":
    main()
