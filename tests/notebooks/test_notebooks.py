"""The form of the notebooks: anatomy, order, sizes, alt text, no trace of a machine."""

import ast
import base64
import html
import io
import re
import statistics
import struct
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
SLIDES = {"slide", "subslide", "fragment", "skip", "notes", "-"}
TAGS = {"nbval-ignore-output", "raises-exception"}
FORBIDDEN = r"\b(simply|obviously|trivial(ly)?|just|easy to (show|see))\b"


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def notebook(name):
    return nbformat.read(FOLDER / name, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


def outputs(notebook):
    return [output for cell in code(notebook) for output in cell.outputs]


def test_numbers_follow_each_other():
    numbers = [int(name[:2]) for name in NAMES]
    assert numbers == list(range(len(NAMES))) and len(NAMES) >= 7


def test_file_is_small(name):
    assert (FOLDER / name).stat().st_size < 1.5e6


def test_saved_as_executed_from_the_top(notebook):
    counts = [cell.execution_count for cell in code(notebook)]
    assert counts == list(range(1, len(counts) + 1))
    kinds = {output.output_type for output in outputs(notebook)}
    assert "error" not in kinds


def test_nothing_of_one_machine(name, notebook):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert not re.search(r"/(home|root|Users|tmp|work)/|[A-Z]:\\\\", text)
    assert "widgets" not in notebook.metadata
    assert set(notebook.metadata.language_info) >= {"name"}
    assert "version" not in notebook.metadata.language_info
    for output in outputs(notebook):
        shown = output.get("text", "") + output.get("data", {}).get("text/plain", "")
        assert not re.search(r"0x[0-9a-f]{6,}", shown), shown


def test_cells_have_ids_slides_and_known_tags(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", cell_id) for cell_id in ids)
    for cell in notebook.cells:
        assert cell.metadata.slideshow.slide_type in SLIDES, cell.id
        assert set(cell.metadata.get("tags", [])) <= TAGS, cell.id
    ignored = [
        "nbval-ignore-output" in c.metadata.get("tags", []) for c in code(notebook)
    ]
    assert sum(ignored) <= len(ignored) / 10


def test_code_cells_are_short(notebook):
    lengths = sorted(len(cell.source.splitlines()) for cell in code(notebook))
    assert statistics.median(lengths) <= 6
    assert lengths[int(0.9 * (len(lengths) - 1))] <= 15
    assert lengths[-1] <= 25
    assert len(code(notebook)[0].source.splitlines()) <= 7  # a blank one included
    for cell in code(notebook):
        for line in cell.source.splitlines():
            assert len(line) <= 75, (cell.id, line)


def test_no_hidden_code_and_no_star_imports(notebook):
    for cell in code(notebook):
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        assert not hidden and not cell.source.startswith("%%"), cell.id
        assert not re.search(r"import \*", cell.source), cell.id


def test_a_progress_bar_stays(notebook):
    # One that goes leaves "Error displaying widget" in a notebook that is saved.
    assert not any("leave=False" in cell.source for cell in code(notebook))


def test_anatomy(notebook):
    first, text = notebook.cells[0].source, prose(notebook)
    assert re.match(r"# \d\d \S.*\n\n\S", first), "title, then a promise"
    goals = re.search(r"\*\*You will be able to\*\*\n\n((?:- .*\n)+)", text)
    assert goals, "**You will be able to**, and a list"
    assert 3 <= goals[1].count("- ") <= 5
    assert re.search(r"\*\*Time:?\*\*:? \d+ minutes", text)
    assert re.search(r"\*\*Builds on:?\*\*", text)
    assert "**From memory.**" in text
    assert "**Predict.**" in text
    questions = text.split("## Check yourself")[1].split("\n## ")[0]
    assert questions.count("<summary>") == 4
    assert "## Where next" in text.split("## Check yourself")[1]


def test_details_are_closed_and_leave_an_empty_line(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert cell.source.count("<details>") == cell.source.count("</details>")
            assert not re.search(r"</summary>\n\S", cell.source), cell.id


def test_prose_has_no_filler(notebook):
    spoken = re.sub(r"```.*?```|`[^`]*`", "", prose(notebook), flags=re.S)
    found = re.findall(FORBIDDEN, spoken, flags=re.I)
    assert not found


COURSE = """# Installs the course where it is missing, as in Colab.
try:
    import rnnlib as rnn
except ModuleNotFoundError:
    get_ipython().run_line_magic("pip", "install -q rnnlib --find-links .")"""


def test_a_lone_notebook_installs_the_course(notebook):
    """The same cell everywhere, silent where the course is there.

    Before it nothing but the standard library is imported: no NumPy, whose threads are
    set there.
    """
    (at,) = (n for n, cell in enumerate(code(notebook)) if cell.id == "course")
    cell = code(notebook)[at]
    assert (cell.source, cell.outputs) == (COURSE, [])
    for before in code(notebook)[:at]:
        for node in ast.walk(ast.parse(before.source)):
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
                assert names <= sys.stdlib_module_names, before.id
            assert not isinstance(node, ast.ImportFrom), before.id


def pictures(notebook):
    """The outputs that are pictures."""
    return [o for o in outputs(notebook) if "image/png" in o.get("data", {})]


def test_every_picture_is_followed_by_its_text_folded(notebook):
    shown = outputs(notebook)
    for at, output in enumerate(shown):
        if "image/png" in output.get("data", {}):
            below = shown[at + 1].data["text/html"]
            words = html.unescape(re.sub("<summary>.*?</summary>|<.*?>", "", below))
            assert below.startswith("<details><summary>The picture in words</summary>")
            assert words == output.data["text/plain"]


def test_every_picture_has_its_text_which_nbval_compares(notebook):
    for picture in pictures(notebook):
        text = picture.data["text/plain"]
        assert len(text.split()) >= 8
        assert picture.metadata["image/png"]["alt"].startswith(text)


def test_pictures_fit_the_page_and_show_something(notebook):
    for picture in pictures(notebook):
        width = picture.metadata["image/png"]["width"]
        data = base64.b64decode(picture.data["image/png"])
        assert width <= 1000
        assert struct.unpack(">I", data[16:20])[0] == pytest.approx(1.5 * width)
        colours = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))
        pixels = colours.view(np.uint32).ravel()  # quicker to compare than four bytes
        ink = pixels != pixels[0]  # the corner is the ground
        assert 0.005 < ink.mean() < 0.9
        assert len(np.unique(pixels[ink])) > 20


def test_no_cell_writes_what_a_picture_says(notebook):
    for cell in code(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "show":
                assert len(node.args) == 1 and not node.keywords, cell.id


def test_losses_carry_a_unit(notebook):
    """A printed or plotted loss names its unit somewhere in the same cell."""
    for cell in code(notebook):
        prints = re.findall(r"print\(.*\bloss\b.*\)", cell.source)
        assert not prints or "nats" in cell.source, cell.id
