"""The browser edition in a real browser, from a static server, without the network."""

import json
import re
import zipfile

import pytest
from playwright.sync_api import sync_playwright

from publish.browser import find_chromium, static_server
from publish.lite import (
    BUILD,
    CARRIER,
    COURSE,
    PACKAGES,
    PYODIDE,
    lay_out_python,
    made_from,
    with_needs,
)
from rnncourse.lab import read_notebook
from tests.rnncourse.checker.test_exercises import FOLDED
from tests.rnncourse.widgets.browser import Lab

CHROMIUM = find_chromium()
if CHROMIUM is None or not (BUILD / "lite" / "made-from").exists():
    pytest.skip(
        "no browser edition, or no Chromium: make lite, and README.md on Chromium",
        allow_module_level=True,
    )

LAUNCH = {
    "executable_path": CHROMIUM,
    "args": ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"],
}
NOTEBOOKS = {path.stem: path for path in sorted(COURSE.glob("notebooks/*.ipynb"))}
STRICT = [name for name in NOTEBOOKS if name < "06"]  # the others print times
SHARED = ("text/plain", "text/html")
READY = """async () => {
    for (;;) {
        const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
        await context?.ready;
        if (await context?.session?.kernel?.info) return;
        await new Promise(later => setTimeout(later, 200));
    }
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The browser edition, in a folder of the server that has a name."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "a course").symlink_to(BUILD / "lite", target_is_directory=True)
    with static_server(folder) as (address, sent):
        yield f"{address}/a course/lab/index.html", sent


@pytest.fixture
def address(served):
    return served[0]


@pytest.fixture(scope="module")
def playwright():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def chromium(playwright):
    chromium = playwright.chromium.launch(**LAUNCH)
    yield chromium
    chromium.close()


@pytest.fixture
def lab(chromium, address):
    lab = Lab(chromium, address)
    yield lab
    lab.page.close()


def test_it_is_made_from_what_is_here():
    assert (BUILD / "lite" / "made-from").read_text("utf-8") == made_from(), "make lite"


def test_a_package_that_is_not_pyodides_own_is_refused(tmp_path):
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))
    official, carrier = lock["packages"], tmp_path / "carrier.whl"
    with zipfile.ZipFile(carrier, "w") as other:
        for name in with_needs(PACKAGES, official):
            file_name = official[name]["file_name"]
            other.writestr(f"{CARRIER}/assets/pyodide/{file_name}", b"another")
    with pytest.raises(ValueError, match="not the package of Pyodide's list"):
        lay_out_python(tmp_path, {CARRIER: carrier}, course=None)


def said(outputs):
    """What the outputs of a cell say, stdout as one text."""
    stdout = "".join(o["text"] for o in outputs if o.get("name") == "stdout")
    data = [o["data"] for o in outputs if "data" in o]
    rest = [{kind: d[kind] for kind in SHARED if kind in d} for d in data]
    return stdout, rest


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_gives_there_what_it_gives_natively(lab, name):
    notebook = lab.open(name)
    lab.run("() => jupyterapp.commands.execute('notebook:run-all-cells')", seconds=600)
    errors = {cell["id"]: cell["errors"] for cell in notebook.code_cells()}
    assert [error for error in errors.items() if error[1]] == []
    saved = read_notebook(NOTEBOOKS[name]).cells
    saved = [cell for cell in saved if cell.cell_type == "code"]
    for cell, outputs in zip(saved, notebook.outputs()):
        assert not any(o.get("name") == "stderr" for o in outputs), cell.id
        ignored = "nbval-ignore-output" in cell.metadata.get("tags", [])
        if name in STRICT and not ignored:
            assert said(outputs) == said(cell.outputs), cell.id
    assert lab.complaints() == []


def test_an_answer_is_still_there_after_the_page_was_closed(lab):
    name, stub = "01_one_hot_encoding", "exercise-one-hot-stub"
    cells = {cell.id: cell.source for cell in read_notebook(NOTEBOOKS[name]).cells}
    folded = dict(re.findall(FOLDED, cells["exercise-one-hot-help"]))
    (answer,) = re.findall(r"(?s)```python\n(.*?)\n```", folded["Solution"])
    notebook = lab.open(name)
    notebook.run_cells(["setup"])
    notebook.write(stub, answer)
    notebook.run_cells([stub, "exercise-one-hot-check"])
    assert "one_hot: correct" in str(notebook.outputs())
    notebook.save()
    lab.page.reload()
    lab.wait()
    notebook = lab.open(name)
    assert notebook.source(stub) == answer
    notebook.run_cells(["setup"])
    notebook.execute("from my_rnn import one_hot; assert one_hot(1, 3).sum() == 1")
    with lab.page.expect_download() as download:
        lab.page.get_by_role("button", name="Download my work").click()
    with zipfile.ZipFile(download.value.path()) as work:
        assert set(work.namelist()) >= {f"{name}.ipynb" for name in NOTEBOOKS}
        assert "def one_hot" in work.read("my_rnn.py").decode()
        assert answer.splitlines()[-1].strip() in work.read(f"{name}.ipynb").decode()
    assert lab.complaints() == []


def test_a_widget_moves_by_key(lab):
    name, cell_id = "02_forward_pass", "widget-stepper"
    notebook = lab.open(name)
    notebook.run_all()
    widget = notebook.widget(cell_id)
    widget.panel.locator(".noUi-handle").first.focus()
    picture, readout = widget.picture(), widget.readout()
    widget.press("ArrowRight")
    assert widget.picture() != picture and widget.readout() != readout
    assert lab.complaints() == []


def test_a_line_says_that_python_starts(chromium, address):
    page = chromium.new_page()
    page.goto(f"{address}?path=00_start_here.ipynb")
    line = page.get_by_role("status")
    line.get_by_text("Python is starting").wait_for(timeout=60_000)
    line.wait_for(state="hidden", timeout=200_000)
    assert page.title()
    page.close()


def test_the_second_visit_loads_nothing(playwright, served, tmp_path):
    address, sent = served
    # A profile on the disk: the cache of one in memory takes no large files.
    context = playwright.chromium.launch_persistent_context(tmp_path, **LAUNCH)
    for visit in ("first", "second"):
        sent.clear()
        page = context.new_page()
        page.goto(f"{address}?path=00_start_here.ipynb")
        page.evaluate(READY)
        whole = [path for path, code in sent if code == 200]
        page.close()
        if visit == "first":
            assert any(path.endswith("pyodide.asm.wasm") for path in whole)
    assert whole == []
    context.close()
