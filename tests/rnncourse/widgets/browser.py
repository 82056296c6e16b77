"""JupyterLab in a real browser: notebooks are run, widgets are worked by keyboard.

The same server can show Notebook 7, whose page holds one notebook.
Everything is done on copies, in a folder of its own, with JupyterLab's settings fresh.
The server listens on the loopback, and the browser can reach nothing else.
"""

import base64
import json
import os
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

from rnncourse.lab import COURSE, jupyter_places, make_copies
from tests.rnncourse.jupyter import running

PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
SETTINGS = {
    # Every cell is in the page, also the ones out of sight.
    "notebook-extension/tracker": {"windowingMode": "none"},
    # Nobody is asked whether JupyterLab may fetch news.
    "apputils-extension/notification": {"fetchNews": "false"},
}
PAGE_CONFIG = {"disabledExtensions": {"@jupyterlab/debugger-extension": True}}


@contextmanager
def jupyterlab(folder):
    """The address of a JupyterLab on copies of the course's notebooks, token included.

    folder: an empty one, for the copies and for all that JupyterLab writes.
    """
    make_copies(COURSE / "notebooks", folder / "notebooks")
    for name, settings in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(settings), encoding="utf-8")
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--expose-app-in-browser"]
    command += ["--JupyterNotebookApp.expose_app_in_browser=True"]
    command += [f"--ServerApp.root_dir={folder / 'notebooks'}"]
    env = os.environ | jupyter_places(folder)
    env |= {key: str(folder / name) for key, name in places.items()}
    # A debugger asks each kernel how it is, and complains if that ends meanwhile.
    page_config = folder / "config" / "labconfig" / "page_config.json"
    page_config.parent.mkdir(parents=True)
    page_config.write_text(json.dumps(PAGE_CONFIG), encoding="utf-8")
    with running(command, folder / "runtime", folder / "log", env) as about:
        yield f"{about['url']}lab?token={about['token']}"


class Lab:
    """JupyterLab in a page of the browser, and the notebooks that are open in it."""

    def __init__(self, chromium, address):
        self.page = chromium.new_page(viewport={"width": 1280, "height": 800})
        self.page.set_default_timeout(90_000)
        self.devtools = self.page.context.new_cdp_session(self.page)
        self.address, self.host = address, urlsplit(address).netloc
        self.noted, self.notebooks = [], {}
        self.page.on("request", lambda request: self.note_request(request.url))
        self.page.on("websocket", lambda socket: self.note_request(socket.url))
        self.page.on("pageerror", lambda error: self.noted.append(str(error)))
        self.page.on("console", self.note_console)
        self.page.goto(address)
        self.wait()

    def wait(self):
        """Wait until JupyterLab is there."""
        self.page.wait_for_function("window.jupyterapp")
        self.run("() => jupyterapp.restored.then(() => null)")

    def note_request(self, url):
        """Note the address if it is not the server's."""
        parts = urlsplit(url.removeprefix("blob:"))
        if parts.scheme != "data" and parts.netloc != self.host:
            self.noted.append(f"outside request: {url}")

    def note_console(self, message):
        """Note a message if it is an error."""
        if message.type == "error":
            self.noted.append(message.text)

    def complaints(self):
        """The requests to the outside and the JavaScript errors since the last call."""
        noted, self.noted = self.noted, []
        return noted

    def run(self, function, argument=None, seconds=120):
        """What an async JavaScript function returns; an error if it takes longer."""
        late = (
            f"new Promise((_, no) => setTimeout(no, {seconds * 1000}, Error('late')))"
        )
        race = f"argument => Promise.race([({function})(argument), {late}])"
        return self.page.evaluate(race, argument)

    def use_theme(self, theme):
        """Change to the theme Light or Dark."""
        change = """async theme => {
            await jupyterapp.commands.execute("apputils:change-theme", {theme});
        }"""
        self.run(change, f"JupyterLab {theme}")

    def use_screen(self, width, height, zoom):
        """A window of this many pixels, everything in it enlarged."""
        sizes = {"width": round(width / zoom), "height": round(height / zoom)}
        self.page.set_viewport_size(sizes)
        self.devtools.send(
            "Emulation.setDeviceMetricsOverride",
            {**sizes, "deviceScaleFactor": zoom, "mobile": False},
        )

    def screenshot(self):
        """What the window shows, as a PNG."""
        return base64.b64decode(self.devtools.send("Page.captureScreenshot")["data"])

    @contextmanager
    def next_day(self):
        """The same JupyterLab in another page, in which nothing is open."""
        address = self.address.replace("lab?", "lab/workspaces/next-day?")
        lab = Lab(self.page.context.browser, address)
        try:
            yield lab
        finally:
            lab.page.close()

    @contextmanager
    def notebook_7(self, address, name):
        """The notebook of this name in Notebook 7, in another page.

        address: of another server, as with one, JupyterLab and Notebook 7 take fonts of
        the same names from each other's folders, which the server refuses.
        """
        address = address.replace("lab?", f"notebooks/{name}.ipynb?")
        lab = Lab(self.page.context.browser, address)
        try:
            yield lab.open(name)
        finally:
            lab.page.close()

    def open(self, name):
        """Open the notebook of this name, with a kernel of its own."""
        self.notebooks[name] = Notebook(self, name)
        return self.notebooks[name]


class Notebook:
    """An open notebook."""

    def __init__(self, lab, name):
        self.lab, self.name = lab, name
        self.id = lab.run(
            """async path => {
                const one = jupyterapp.name === "Jupyter Notebook";
                while (one && !jupyterapp.shell.currentWidget)
                    await new Promise(later => setTimeout(later, 20));
                const panel = one
                    ? jupyterapp.shell.currentWidget
                    : await jupyterapp.commands.execute(
                        "docmanager:open", {path, factory: "Notebook"});
                await panel.context.ready;
                await panel.sessionContext.ready;
                await panel.sessionContext.session.kernel.info;
                return panel.id;
            }""",
            f"{name}.ipynb",
        )

    def bring_forward(self):
        """Show this notebook in front of the others, and wait until it is there."""
        self.lab.page.bring_to_front()
        self.lab.run(
            """async id => {
                jupyterapp.shell.activateById(id);
                while (jupyterapp.shell.currentWidget?.id !== id)
                    await new Promise(later => setTimeout(later, 20));
            }""",
            self.id,
        )

    def run_all(self):
        """Run all cells, up to the first error."""
        run = "() => jupyterapp.commands.execute('notebook:run-all-cells')"
        self.lab.run(run, seconds=300)

    def run_cells(self, ids):
        """Run the cells of these ids, in this order."""
        for cell_id in ids:
            self.select(cell_id)
            self.lab.run("() => jupyterapp.commands.execute('notebook:run-cell')")

    def select(self, cell_id):
        """Make this cell the active one, in command mode, and show it; its place."""
        place = self.lab.run(
            """async id => {
                const notebook = jupyterapp.shell.currentWidget.content;
                const place = notebook.widgets.findIndex(cell => cell.model.id === id);
                if (place < 0) throw Error(`no cell ${id}`);
                notebook.deselectAll();
                notebook.activeCellIndex = place;
                await notebook.scrollToCell(notebook.activeCell, "start");
                return place;
            }""",
            cell_id,
        )
        self.lab.page.locator(PANEL).locator(".jp-Notebook").focus()
        self.lab.page.keyboard.press("Escape")
        return place

    def code_cells(self):
        """Of each code cell: its id, its execution count, its errors."""
        return self.lab.run(
            """async () => [...jupyterapp.shell.currentWidget.content.model.cells]
                .filter(cell => cell.type === "code")
                .map(cell => ({
                    id: cell.id,
                    count: cell.executionCount,
                    errors: cell.outputs.toJSON()
                        .filter(output => output.output_type === "error")
                        .map(output => `${output.ename}: ${output.evalue}`),
                }))"""
        )

    def outputs(self):
        """Of each code cell: its outputs, as a notebook file has them."""
        return self.lab.run(
            """async () => [...jupyterapp.shell.currentWidget.content.model.cells]
                .filter(cell => cell.type === "code")
                .map(cell => cell.outputs.toJSON())"""
        )

    def source(self, cell_id):
        """What the cell of this id says."""
        cells = "[...jupyterapp.shell.currentWidget.content.model.cells]"
        find = f"async id => {cells}.find(cell => cell.id === id).sharedModel.source"
        return self.lab.run(find, cell_id)

    def write(self, cell_id, source):
        """Give the cell of this id another source."""
        cells = "[...jupyterapp.shell.currentWidget.content.model.cells]"
        find = f"{cells}.find(cell => cell.id === id).sharedModel"
        write = f"async ([id, source]) => {{ {find}.setSource(source); }}"
        self.lab.run(write, [cell_id, source])

    def pictures_in_words(self):
        """Of each picture: what stands in the output below it, unfolded by a key.

        "" where the key does not unfold it.
        """
        pictures = self.lab.page.locator(f"{PANEL} .jp-RenderedImage")
        found = []
        for picture in pictures.all():
            below = picture.locator(
                "xpath=ancestor::*[contains(@class, 'jp-OutputArea-child')][1]"
                "/following-sibling::*[1]//details"
            )
            below.locator("summary").focus()
            self.lab.page.keyboard.press("Enter")
            summary = below.locator("summary").inner_text()
            found.append(below.inner_text().removeprefix(summary).strip())
        return found

    def execute(self, code):
        """Run Python in the kernel, beside the cells."""
        status = self.lab.run(
            """async code => {
                const { session } = jupyterapp.shell.currentWidget.sessionContext;
                const reply = await session.kernel.requestExecute({code}).done;
                return reply.content.status;
            }""",
            code,
        )
        assert status == "ok", f"this failed in the kernel: {code}"

    def widget(self, cell_id):
        """The widget that the cell of this id shows."""
        cells = self.lab.page.locator(PANEL).locator(".jp-Cell")
        return Widget(self, cells.nth(self.select(cell_id)))

    def save(self):
        """Write the notebook to its file."""
        self.lab.run("() => jupyterapp.shell.currentWidget.context.save()")

    def close(self):
        """End the kernel and close the notebook, as it is on the disk."""
        self.lab.run(
            """async () => {
                const panel = jupyterapp.shell.currentWidget;
                await panel.sessionContext.shutdown();
                panel.dispose();
            }"""
        )
        del self.lab.notebooks[self.name]


class Widget:
    """A widget of the course: controls, one picture, one readout."""

    def __init__(self, notebook, cell):
        self.notebook, self.lab, self.cell = notebook, notebook.lab, cell
        self.panel = cell.locator(".jp-OutputArea-output .widget-vbox").first
        self.image = self.panel.locator("img.widget-image")
        self.words = self.panel.locator(".rnn-readout")
        self.image.wait_for()
        self.words.wait_for()
        self.panel.evaluate(
            """panel => {
                panel.addEventListener(
                    "keydown", () => { panel.pressed = performance.now() }, true);
                for (const [name, part] of [
                    ["drew", panel.querySelector("img.widget-image")],
                    ["said", panel.querySelector(".rnn-readout")],
                ])
                    new MutationObserver(() => { panel[name] = performance.now() })
                        .observe(part, {attributeFilter: ["src"], childList: true,
                                        characterData: true, subtree: true});
            }"""
        )

    def show(self):
        """Scroll until the widget begins at the top of the window."""
        self.panel.evaluate("""async panel => {
            panel.scrollIntoView({block: "start"});
            await new Promise(later => setTimeout(later, 500));
        }""")

    def row(self, description):
        """The control of this description, with its label and its number."""
        labels = self.lab.page.locator(".widget-label, .widget-label-basic")
        label = labels.get_by_text(description, exact=True)
        return self.panel.locator(".widget-inline-hbox").filter(has=label)

    def focus(self, description):
        """Put the focus on the control or the button of this description."""
        button = self.panel.get_by_role("button", name=description, exact=True)
        keyed = self.row(description).locator(".noUi-handle, select, input, textarea")
        keyed.or_(button).focus()

    def focused(self):
        """The description of the control in focus; None outside the widget."""
        return self.panel.evaluate(
            """panel => {
                const at = document.activeElement;
                if (!panel.contains(at)) return null;
                const row = at.closest(".widget-inline-hbox");
                if (!row) return at.textContent;
                // A checkbox has its label behind it, and an empty one before it.
                const label = row.querySelector(".widget-label-basic");
                return (label ?? row.querySelector(".widget-label")).textContent;
            }"""
        )

    def number(self, description):
        """The number beside a slider."""
        shown = self.row(description).locator(".widget-readout").inner_text()
        return float(shown.replace("\N{MINUS SIGN}", "-"))

    def entry(self, description):
        """What stands in a field to type in."""
        return self.row(description).locator("input").input_value()

    def text(self):
        """The text in the box of a widget that writes."""
        return self.panel.locator("pre").text_content()

    def readout(self):
        """The line of numbers."""
        return self.words.inner_text()

    def picture(self):
        """A digest of the picture, once the browser has decoded it."""
        return self.image.evaluate(
            """async image => {
                await image.decode();
                const bytes = await (await fetch(image.src)).arrayBuffer();
                return `${new Uint8Array(await crypto.subtle.digest("SHA-1", bytes))}`;
            }"""
        )

    def height(self):
        """The height of the widget's cell, in pixels."""
        return self.cell.bounding_box()["height"]

    def cut_off(self):
        """What is wider than its place: the texts, "" for the widget itself."""
        return self.panel.evaluate(
            """panel => [
                panel, ...panel.querySelectorAll("label, button, .rnn-readout")
            ]
                .filter(part => part.scrollWidth > part.clientWidth)
                .map(part => part === panel ? "" : part.textContent)"""
        )

    def until(self, condition, seconds=60):
        """Wait until a function of no arguments is true."""
        for _ in range(50 * seconds):
            if condition():
                return
            self.lab.page.wait_for_timeout(20)
        raise TimeoutError(f"{self.readout()!r} after {seconds} seconds")

    def press(self, key):
        """Press a key, wait for another picture and readout: the milliseconds it took.

        An error if one of the two stays as it is for a minute.
        """
        self.lab.page.keyboard.press(key)
        return self.panel.evaluate(
            """async (panel, key) => {
                const since = performance.now();
                while (!(panel.drew > panel.pressed && panel.said > panel.pressed)) {
                    if (performance.now() - since > 60000)
                        throw Error(`no answer to ${key} after a minute`);
                    await new Promise(later => setTimeout(later, 5));
                }
                return Math.max(panel.drew, panel.said) - panel.pressed;
            }""",
            key,
        )
