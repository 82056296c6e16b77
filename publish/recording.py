"""Widgets that move without a kernel: each is recorded at a grid of its settings.

A recording is a folder: a picture for each setting, and recording.json with the
controls, their values, and what the widget says at each setting.
"""

import hashlib
import html
import io
import itertools
import json
import math
import re
import shutil
import tempfile
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from ipywidgets import HTML, Image
from nbclient import NotebookClient
from PIL import Image as Picture

from rnncourse.widgets.live import LiveTraining
from rnncourse.widgets.panel import Passage, Readout

ROOT = Path(__file__).resolve().parents[1]
SAYS = "A widget: "  # what the saved output of a cell with a widget begins with
MOST = 300  # settings of one widget

# By the id of the cell: for a control, by its description, the values to record. One
# that has few values is recorded at all of them, and needs no line here; one that has
# many, and no line, stays as it is.
GRIDS = {
    "widget-logits": {
        "e": [0.0, 3.0],
        "h": [-3.0, 0.0, 3.0],
        "l": [-3.0, 0.0, 3.0],
        "o": [0.0, 3.0],
        "τ": [0.1, 0.5, 1.0, 2.0, 5.0],
        "target": ["l"],
    },
    "widget-flow": {"scale of Whh": [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]},
    "widget-sampler": {
        "prompt": ["The kin", "The", "The ", "ROMEO:"],
        "temperature": [0.1, 0.5, 1.0, 1.5, 2.0],
        "seed": [1, 2, 3],
    },
    "widget-walk": {"position": list(range(39)), "unit": [17, 27, 41]},
}
STEPS = [0, *(10 * 2**n for n in range(12))]  # of a live training: 0, 10, … 20,480


def widget_cells(path):
    """The ids of the cells of the notebook `path` that show a widget, in order."""
    return [
        cell.id
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.get("data", {}).get("text/plain", "").startswith(SAYS)
    ]


def recordings(path, cache):
    """Record the widgets of the notebook `path`: {id of the cell: its folder}.

    A widget that cannot be recorded has no folder. cache: a folder that is kept from
    one build to the next. The notebook is run, up to its last widget, unless its code
    and what the widgets are made of is as before.
    """
    ids = widget_cells(path)
    if not ids:
        return {}
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    last = [cell.id for cell in code].index(ids[-1])
    made_from = hashlib.sha256()
    for cell in code[: last + 1]:
        made_from.update(cell.source.encode())
    for file in sources():
        made_from.update(file.read_bytes())
    folder = cache / f"{path.stem}-{made_from.hexdigest()[:16]}"
    if not folder.exists():
        for old in cache.glob(f"{path.stem}-*"):
            shutil.rmtree(old)
        print(f"{path.name}: running it, to record {', '.join(ids)}", flush=True)
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        cells = []
        for cell in code[: last + 1]:
            cells.append(cell)
            if cell.id in ids:
                source = (
                    "from publish.recording import record\n"
                    f"record(Out[max(Out)], {cell.id!r}, {str(part / cell.id)!r})"
                )
                cells.append(nbformat.v4.new_code_cell(source))
        notebook.cells = cells
        with tempfile.TemporaryDirectory() as empty:
            NotebookClient(
                notebook,
                timeout=1800,
                resources={"metadata": {"path": empty}},
                extra_arguments=["--IPKernelApp.log_level=40"],
            ).execute()
        part.rename(folder)
    return {name: folder / name for name in ids if (folder / name).exists()}


def sources():
    """The files that the widgets and their recordings are made of."""
    rooms = ("rnnlib", "rnncourse/widgets", "rnncourse/figures")
    files = [file for room in rooms for file in sorted((ROOT / room).glob("*.py"))]
    return [*files, ROOT / "rnncourse" / "seeing.py", Path(__file__).resolve()]


def record(widget, cell_id, folder):
    """Write the pictures and texts of a widget at a grid of its settings to `folder`.

    No folder is made for a widget without one picture and one readout, nor for one
    that has more than MOST settings.
    """
    parts = list(descendants(widget))
    pictures = [part for part in parts if isinstance(part, Image)]
    readouts = [part for part in parts if isinstance(part, Readout)]
    if len(pictures) != 1 or len(readouts) != 1:
        return
    (picture,), (readout,) = pictures, readouts
    passages = [part for part in parts if isinstance(part, Passage)]
    if isinstance(widget, LiveTraining):
        shown = [f"{n:,}" for n in STEPS]
        axes = [{"label": "step", "kind": "range", "start": 0, "shown": shown}]
        fixed, settings = [], run_to(widget, STEPS)
    else:
        controls = [c for c in parts if getattr(c, "description", "")]
        controls = [c for c in controls if hasattr(c, "value")]
        grids = [grid(c, GRIDS.get(cell_id, {})) for c in controls]
        pairs = list(zip(controls, grids))
        axes = [axis(control, values) for control, values in pairs if len(values) > 1]
        fixed = [[c.description, values[0]] for c, values in pairs if len(values) == 1]
        settings = move(controls, grids)
    if math.prod(len(one["shown"]) for one in axes) > MOST:
        return
    folder, frames = Path(folder), []
    folder.mkdir()
    for number, _ in enumerate(settings):
        width, height = save_picture(picture.value, folder / f"{number}.webp")
        texts = itertools.chain(*map(passage, passages))
        frames.append([plain(readout), *texts])
    wide = int(picture.width.removesuffix("px"))
    recording = {
        "axes": axes,
        "fixed": fixed,
        "caption": plain(next(part for part in parts if type(part) is HTML)),
        "width": wide,
        "height": round(wide * height / width),
        "frames": frames,
    }
    text = json.dumps(recording, ensure_ascii=False)
    (folder / "recording.json").write_text(text, encoding="utf-8")


def descendants(box):
    """The widgets in a box and in the boxes in it, from top to bottom."""
    for child in getattr(box, "children", ()):
        yield child
        yield from descendants(child)


def grid(control, chosen):
    """The values at which a control is recorded."""
    if control.description in chosen:
        return chosen[control.description]
    if isinstance(control.value, bool):
        return [True, False]
    if hasattr(control, "options"):
        return list(control.options)
    if isinstance(control.value, int) and control.max - control.min <= 40:
        return list(range(control.min, control.max + 1))
    return [control.value]


def axis(control, values):
    """What the page needs to know of a control: its label, its values, its start."""
    kind = "range"
    if isinstance(values[0], bool):
        kind = "checkbox"
    elif isinstance(values[0], str):
        kind = "select"
    about = {"label": control.description, "kind": kind}
    shown = [f"{v:g}" if isinstance(v, float) else str(v) for v in values]
    return about | {"start": values.index(control.value), "shown": shown}


def move(controls, values):
    """Bring the controls to every combination of values, the last one fastest."""
    for setting in itertools.product(*values):
        for control, value in zip(controls, setting):
            control.value = value
        yield setting


def run_to(widget, steps):
    """Train up to each of the steps, each at most twice as far as the one before."""
    for n in steps:
        while widget.run.progress[0] < n:
            widget.slice()
        widget.refresh("paused" if n else "not started")
        yield n


def plain(part):
    """The text of a line of HTML."""
    return BeautifulSoup(part.value, "html.parser").get_text()


def passage(part):
    """The prompt and the text after it, of a Passage."""
    prompt, drawn = re.search("<b>(.*?)</b>(.*)</pre>", part.value, re.DOTALL).groups()
    return html.unescape(prompt), html.unescape(drawn)


def save_picture(png, path):
    """Write a PNG, given as bytes, as a smaller picture without a loss: its size."""
    with Picture.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(path, "WEBP", lossless=True, quality=30)
        return picture.size
