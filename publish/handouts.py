"""Print the decks in build/slides/ as handouts, by Chromium: NN_name.pdf beside each.

    make pdf

A slide is as high as what is on it, the notes for the lecture stand below what they
belong to, and nothing is folded.
"""

import sys

from playwright.sync_api import sync_playwright

from publish.browser import OPTIONS, find_chromium, print_page
from publish.slides import SLIDES

# A link within a handout stays. One to another deck would lead to a file on the machine
# that printed it: its words stay.
LINKS = """() => {
    for (const link of document.querySelectorAll("a[href]")) {
        if (link.protocol !== location.protocol) continue;
        if (link.pathname === location.pathname) link.href = "#" + link.hash.slice(2);
        else link.removeAttribute("href");
    }
}"""
FOOT = "<span class='title'></span> · <span class='pageNumber'></span>"


def main():
    chromium = find_chromium()
    if chromium is None:
        sys.exit("make pdf: handouts are printed by Chromium, which is not installed")
    decks = sorted(SLIDES.glob("*.html"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        for deck in decks:
            write(deck, deck.with_suffix(".pdf"), browser)
        browser.close()
    print(f"build/slides/: {len(decks)} handouts")


def write(deck, path, browser):
    """Print the file of a deck to the file `path`."""
    page = browser.new_page()
    page.set_default_timeout(300_000)
    page.emulate_media(media="screen")  # for paper, reveal.js has rules of its own
    page.goto(f"{deck.as_uri()}?handout")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.evaluate(LINKS)
    # At this scale a slide of 1280 pixels is as wide as the sheet.
    print_page(page, path, (10, 14, 10), 0.56, FOOT)
    page.close()


if __name__ == "__main__":
    main()
