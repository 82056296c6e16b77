"""Print the pages of the notebooks into one PDF, by Chromium."""

import html

from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

from publish.browser import OPTIONS, print_page, static_server

SHEET = "notebooks/print.html"  # where the links of the notebooks' pages hold
FOOT = "<span class='pageNumber'></span>"
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


def write(site, chromium):
    """Write course.pdf into the folder `site`, from the pages that it holds."""
    sheet = site / SHEET
    sheet.write_text(all_notebooks(site), encoding="utf-8")
    try:
        with static_server(site) as (address, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
            page = browser.new_page()
            page.set_default_timeout(300_000)
            page.goto(f"{address}/{SHEET}")
            page.evaluate(READY)
            print_page(page, site / "course.pdf", (16, 18, 18), 0.8, FOOT)
            browser.close()
    finally:
        sheet.unlink()


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
