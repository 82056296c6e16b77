"""axe on the widgets in JupyterLab: their own areas, not those around them."""

import nbformat
import pytest
from playwright.sync_api import sync_playwright

from publish import recording
from publish.browser import OPTIONS, find_chromium
from publish.sources import ROOT
from tests.publish.axe import AXE, serious
from tests.rnncourse.widgets.browser import Lab, jupyterlab

SETUP = """
import rnnlib as rnn
from rnncourse.widgets import flow, live, logits, sampler, stepper, walker

vocabulary = rnn.Vocabulary.from_text("First Citizen:")
small = rnn.Params.init(4, 3, rng=1, scale=0.5)
net = rnn.Params.init(len(vocabulary), 20, rng=1, scale=0.5)
run = rnn.Training(net.copy(), vocabulary.encode("First Citizen:" * 9), 5)
"""
# Each widget of the course, on a network that was not trained.
WIDGETS = {
    "widget-stepper": "stepper.stepper('hello', small, 'ehlo')",
    "widget-logits": "logits.logits('ehlo', [0, 1, 2, 3], 'l')",
    "widget-flow": "flow.flow('First', rnn.Params.init(5, 3, rng=1, scale=0.5))",
    "widget-training": "live.LiveTraining(run, vocabulary, {'uniform': 2.5})",
    "widget-sampler": "sampler.sampler(net, vocabulary, 'First')",
    "widget-walk": "walker.walker(net, vocabulary, 'First Citizen:')",
}
# The name that a screen reader says of each control.
CONTROLS = """panel => [...panel.querySelectorAll(
        "[role=slider], button, input, select, textarea")].map(one =>
    one.ariaLabel ?? one.labels?.[0]?.textContent.trim() ?? one.textContent)"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """A notebook with all widgets, which has run in JupyterLab."""
    path = find_chromium()
    if path is None or not AXE.is_file():
        pytest.skip("no Chromium, or no axe: README.md on Chromium, make publishing")
    cells = [nbformat.v4.new_code_cell(SETUP)]
    cells += [
        nbformat.v4.new_code_cell(code, id=name) for name, code in WIDGETS.items()
    ]
    folder = tmp_path_factory.mktemp("browser")
    with jupyterlab(folder) as address, sync_playwright() as playwright:
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        made = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
        nbformat.write(made, folder / "notebooks" / "widgets.ipynb")
        chromium = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        opened = Lab(chromium, address).open("widgets")
        opened.run_all()
        yield opened
        chromium.close()


def test_every_widget_is_here():
    paths = (ROOT / "notebooks").glob("*.ipynb")
    assert {name for path in paths for name in recording.widget_cells(path)} == {
        *WIDGETS
    }


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("cell_id", WIDGETS)
def test_a_widget_is_accessible(notebook, cell_id, theme):
    notebook.lab.use_theme(theme)
    widget = notebook.widget(cell_id)
    widget.show()
    widget.panel.evaluate("(panel, name) => { panel.id = name }", cell_id)
    names = widget.panel.evaluate(CONTROLS)
    assert names and all(names), names
    assert serious(notebook.lab.page, f"#{cell_id}") == []
