"""Print the pages of the notebooks into one PDF, by Chromium."""

import functools
import html
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_A_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
SHEET = "notebooks/print.html"  # where the links of the notebooks' pages hold
FOOT = (
    "<div style='width: 100%; font: 8px sans-serif; text-align: center'>"
    "<span class='pageNumber'></span></div>"
)
# Equations typeset, pictures there, nothing folded.
READY = """async () => {
    await window.MathJax?.startup.promise;
    if (window.MathJax && document.querySelector(".math:not(:has(mjx-container))"))
        throw Error("an equation is not typeset");
    for (const image of document.images) {
        image.loading = "eager";
        await image.decode();
    }
    await document.fonts.ready;
}"""


def find_chromium():
    """The path of a Chromium or Chrome that is installed, or None."""
    for path in (*map(shutil.which, NAMES), ON_A_MAC):
        if path and Path(path).is_file():
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def write(site, chromium):
    """Write course.pdf into the folder `site`, from the pages that it holds."""
    sheet = site / SHEET
    sheet.write_text(all_notebooks(site), encoding="utf-8")
    handler = functools.partial(QuietHandler, directory=str(site))
    server = ThreadingHTTPServer(("localhost", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as playwright:
            options = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
            browser = playwright.chromium.launch(executable_path=chromium, args=options)
            page = browser.new_page()
            page.set_default_timeout(300_000)
            page.goto(f"http://localhost:{server.server_port}/{SHEET}")
            page.evaluate(READY)
            margin = {"top": "16mm", "bottom": "18mm", "left": "18mm", "right": "18mm"}
            page.pdf(
                path=site / "course.pdf",
                format="A4",
                margin=margin,
                scale=0.8,
                print_background=True,
                display_header_footer=True,
                header_template="<span></span>",
                footer_template=FOOT,
                outline=True,
                tagged=True,
            )
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
        sheet.unlink()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and prints nothing."""

    def log_message(self, *_):
        """Nothing."""


def all_notebooks(site):
    """One page with all notebooks, a title and their contents before them."""
    paths = sorted(path for path in (site / "notebooks").glob("*.html"))
    stems = {path.name: path.stem for path in paths}
    parts, titles, typesetting = [], [], []
    for path in paths:
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        head, article = soup.head, soup.find("article")
        # A page without equations has none.
        typesetting = typesetting or [
            s for s in soup("script") if "mathjax" in str(s).lower()
        ]
        for part in article.select(".headerlink, nav, .recorded .controls, script"):
            part.decompose()
        for folded in article.find_all("details"):
            if folded.summary.get_text() == "The picture in words":
                folded.decompose()  # it is in the picture's tag as well
            else:
                folded["open"] = ""
        # Anchors are of one page: here they carry its name.
        for part in article.select("[id]"):
            part["id"] = f"{path.stem}-{part['id']}"
        for link in article.select("a[href]"):
            page, _, anchor = link["href"].partition("#")
            if not page or page in stems:
                stem = stems.get(page, path.stem)
                link["href"] = f"#{stem}-{anchor}" if anchor else f"#{stem}"
        titles.append((path.stem, article.h1.get_text()))
        article["id"] = path.stem
        parts.append(str(article))
    title = html.escape(soup.find(class_="brand").get_text(strip=True))
    head.title.string = title
    contents = "".join(
        f"<li><a href='#{stem}'>{html.escape(name)}</a></li>" for stem, name in titles
    )
    return (
        f"<!doctype html><html lang='en'>{head}<body class='print' data-theme='light'>"
        f"<article><h1>{title}</h1><ul>{contents}</ul><p>Text and figures: CC BY 4.0. "
        f"Code: MIT.</p></article>{''.join(parts)}"
        f"{''.join(map(str, typesetting))}</body></html>"
    )
