"""What looks at built pages: a plain file server, and Chromium."""

import shutil
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
ON_A_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find_chromium():
    """The path of a Chromium or Chrome that is installed, or None."""
    for path in (*map(shutil.which, NAMES), ON_A_MAC):
        if path and Path(path).is_file():
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def print_page(page, path, margins, scale, foot):
    """Print an open page to the file `path`, as a PDF on A4.

    margins: millimetres at the top, the bottom and both sides. foot: the HTML at the
    foot of each sheet.
    """
    top, bottom, side = (f"{margin}mm" for margin in margins)
    page.pdf(
        path=path,
        format="A4",
        margin={"top": top, "bottom": bottom, "left": side, "right": side},
        scale=scale,
        print_background=True,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template="<div style='width: 100%; font: 8px sans-serif; "
        f"text-align: center'>{foot}</div>",
        outline=True,
        tagged=True,
    )


@contextmanager
def static_server(folder):
    """A server of the files in `folder`: its address, and a list of what it sends.

    The list grows by (path, status) with each answer.
    """
    sent = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def log_request(self, code="-", size="-"):
            sent.append((self.path, int(code)))

    handler = partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("localhost", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://localhost:{server.server_port}", sent
        finally:
            server.shutdown()
