"""The decks that `make slides` built, opened as files with the network cut."""

import re
import tomllib
from itertools import pairwise
from urllib.parse import unquote

import nbformat
import pytest
from playwright.sync_api import sync_playwright

from publish import handouts, recording, slides
from publish.browser import OPTIONS, find_chromium, static_server
from publish.slides import ROOT, SLIDES, made_from
from tests.publish.axe import serious

NOTEBOOKS = {
    path.stem: nbformat.read(path, as_version=4)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
}
LECTURES = {path.stem: path for path in sorted(slides.NOTES.glob("*.toml"))}
FILES = SLIDES.as_uri()
SIZES = [(1280, 720), (1920, 1080)]
CODE = 22  # pixels of a letter's height at 1280 x 720: 3 % of the picture's
ROOM, GAP = 664, 14  # pixels of a slide's height, and between two blocks
FEW = 170  # pixels: about four lines


@pytest.fixture(scope="module")
def built():
    if not (SLIDES / "made-from").is_file():
        pytest.skip("no decks to test: make slides builds them")
    made = (SLIDES / "made-from").read_text(encoding="utf-8")
    assert made == made_from(), "build/slides/ is stale: make slides builds it anew"
    return SLIDES


@pytest.fixture(scope="module")
def chromium(built):
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium: install chromium, or run playwright install chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=OPTIONS)


class Deck:
    """A deck in an open page, and what was amiss in it."""

    def __init__(self, chromium, stem, address):
        self.stem, self.notebook, self.address = stem, NOTEBOOKS[stem], address
        self.shown = [cell for cell in self.notebook.cells if slides.shown(cell)]
        self.amiss = []
        width, height = SIZES[0]
        self.context = chromium.new_context(
            viewport={"width": width, "height": height},
            offline=address.startswith("file:"),
        )
        self.context.set_default_timeout(300_000)
        self.context.on("page", self.watch)
        self.page = self.context.new_page()
        self.page.goto(f"{address}/{stem}.html")
        self.page.wait_for_selector("html[data-ready]", state="attached")

    def watch(self, page):
        page.on("pageerror", lambda error: self.amiss.append(str(error)))
        page.on("console", lambda m: m.type == "error" and self.amiss.append(m.text))
        page.on("request", self.note)

    def note(self, request):
        if not request.url.startswith((self.address, "data:", "about:", "blob:")):
            self.amiss.append(f"outside request: {request.url}")

    def close(self):
        self.context.close()
        assert self.amiss == []


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda stem: stem[:2])
def deck(chromium, request):
    opened = Deck(chromium, request.param, FILES)
    yield opened
    opened.close()


@pytest.fixture
def opened(chromium):
    """Open the deck of a notebook, by its number, in a page of its own."""
    decks = []

    def open_deck(number, address=FILES):
        stem = next(stem for stem in NOTEBOOKS if stem.startswith(number))
        decks.append(Deck(chromium, stem, address))
        return decks[-1]

    yield open_deck
    for one in decks:
        one.close()


# Of every slide, with all that appears on it step by step: what is not within it, and
# what is wider or higher than its own place. Of formulas, coloured code, folded answers
# and texts that scroll, only the outside counts.
CUT_OFF = """() => {
    const wrong = [];
    const parts = ".cell, .cell > *, p, li, td, th, pre, code, img, mjx-container, " +
        ".recorded, .recorded > *, .controls > *";
    for (const slide of document.querySelectorAll("section.leaf")) {
        const {h, v} = Reveal.getIndices(slide);
        Reveal.slide(h, v, 1000);
        const box = slide.getBoundingClientRect();
        const say = (part, why) => wrong.push(
            `${h}/${v} ${part.closest("[data-cell]")?.dataset.cell}: ${why}`);
        if (box.width !== innerWidth || box.height !== innerHeight)
            say(slide, "it does not fill the window");
        if (slide.scrollHeight > slide.clientHeight) say(slide, "it is too tall");
        for (const part of slide.querySelectorAll(parts)) {
            if (part.closest("aside, details > :not(summary), .passage > *")) continue;
            const {left, top, right, bottom} = part.getBoundingClientRect();
            if (left < box.left || right > box.right ||
                top < box.top || bottom > box.bottom)
                say(part, `${part.tagName} is cut off`);
            if (part.matches("pre:not(.passage), .highlight, table, p, li, .cell") &&
                part.scrollWidth > part.clientWidth + 1)
                say(part, `${part.tagName} is wider than its place`);
        }
        for (const part of slide.querySelectorAll(".cell, .cell > *, .recorded > *")) {
            const next = part.nextElementSibling?.getBoundingClientRect();
            if (next?.height && next.top < part.getBoundingClientRect().bottom - 1)
                say(part, `${part.tagName} lies under the next`);
        }
        for (const formula of slide.querySelectorAll("mjx-container > svg")) {
            const {left, right} = formula.getBoundingClientRect();
            if (left < box.left || right > box.right)
                say(formula, "a formula is cut off");
        }
    }
    return wrong;
}"""


def test_no_slide_is_cut_off(deck):
    for width, height in SIZES:
        deck.page.set_viewport_size({"width": width, "height": height})
        deck.page.wait_for_function(f"Reveal.getScale() === {width / 1280}")
        assert deck.page.evaluate(CUT_OFF) == []
    width, height = SIZES[0]
    deck.page.set_viewport_size({"width": width, "height": height})
    deck.page.wait_for_function("Reveal.getScale() === 1")


def test_code_can_be_read_from_the_last_row(deck):
    sizes = deck.page.evaluate(
        """() => [...document.querySelectorAll("pre:not(.passage), code")].map(
            part => parseFloat(getComputedStyle(part).fontSize) * Reveal.getScale())"""
    )
    assert len(sizes) > 5
    assert min(sizes) >= CODE


def test_a_picture_is_not_smaller_than_in_the_notebook(deck):
    small = deck.page.evaluate(
        """() => [...document.querySelectorAll("img.figure")]
            .map(image => [image.closest("[data-cell]").dataset.cell,
                parseFloat(image.style.width) / image.getAttribute("width")])
            .filter(([_, scale]) => !(scale >= 0.8))"""
    )
    assert small == []


def parts(deck):
    """[(stack, slide, id of the cell, the tags of what is there), ...] in order."""
    return deck.page.evaluate(
        """() => [...document.querySelectorAll("section.leaf")].flatMap(slide => {
            const {h, v} = Reveal.getIndices(slide);
            return [...slide.querySelectorAll("[data-cell]")].map(part => [h, v,
                part.dataset.cell, [...part.children].map(node =>
                    node.matches(".highlight") ? "input" : "output")]);
        })"""
    )


def test_every_cell_is_there_in_order_and_nothing_is_between_its_parts(deck):
    order, last = [], None
    for h, v, cell_id, _ in parts(deck):
        if not order or order[-1] != cell_id:
            order.append(cell_id)
        else:  # it goes on, on the next slide
            assert last == (h, v - 1), cell_id
        last = (h, v)
    assert order == [cell.id for cell in deck.shown]


def test_input_and_output_are_whole_and_follow_each_other(deck):
    read = deck.page.evaluate(
        """() => {
            const read = {};
            for (const pre of document.querySelectorAll(".code pre:not(.passage)")) {
                const id = pre.closest("[data-cell]").dataset.cell;
                read[id] = (read[id] ?? "") + pre.textContent + "\\n";
            }
            return read;
        }"""
    )
    for cell in deck.shown:
        if cell.cell_type == "code":
            written = cell.source
            for output in cell.outputs:
                data = output.get("data", {})
                if output.output_type == "stream" or list(data) == ["text/plain"]:
                    written += "\n" + (output.get("text") or data["text/plain"])
            if cell.id in recording.widget_cells(path_of(deck.stem)):
                written = cell.source
            lines = [line for line in written.split("\n") if line.strip()]
            there = [line for line in read[cell.id].split("\n") if line.strip()]
            assert there == lines, cell.id


def path_of(stem):
    return ROOT / "notebooks" / f"{stem}.ipynb"


def asking(deck):
    """The ids of the cells that ask, and of those that say nothing: code alone."""
    ask = {c.id for c in deck.shown if "**Predict" in c.source}
    return ask, {c.id for c in deck.shown if c.get("outputs") == []}


def test_a_question_is_not_on_a_slide_with_its_answer(deck):
    ask, silent = asking(deck)
    together = deck.page.evaluate(
        """() => [...document.querySelectorAll("section.leaf")].map(slide => [...slide
            .querySelectorAll("[data-cell]")].map(part => part.dataset.cell))"""
    )
    seen = set()
    for cells in together:
        for cell_id in ask & set(cells):
            # What follows is the code that the question is about, not what it shows.
            assert set(cells[cells.index(cell_id) + 1 :]) <= silent, cell_id
            seen.add(cell_id)
    assert seen == ask


def test_no_slide_has_few_lines_where_its_neighbour_has_room(deck):
    slides_shown = deck.page.evaluate(
        """() => [...document.querySelectorAll("section.leaf")].map(slide => {
            const {h, v} = Reveal.getIndices(slide);
            Reveal.slide(h, v, 1000);
            const cells = [...slide.querySelectorAll("[data-cell]")];
            const parts = [...slide.querySelectorAll(".cell > :not(aside)")];
            const [first, last] = [parts[0], parts.at(-1)]
                .map(part => part.getBoundingClientRect());
            return {h, height: last.bottom - first.top,
                picture: slide.querySelector("img") !== null,
                cells: cells.map(cell => cell.dataset.cell)};
        })"""
    )
    ask, silent = asking(deck)
    apart = []
    for one, other in pairwise(slides_shown):
        heights = one["height"], other["height"]
        speaking = [cell for cell in one["cells"] if cell not in silent]
        answer = bool(speaking) and speaking[-1] in ask
        if one["h"] == other["h"] and not (one["picture"] or other["picture"]):
            if min(heights) <= FEW and sum(heights) + GAP <= ROOM and not answer:
                apart.append((one["cells"], other["cells"]))
    assert apart == []


def test_answers_are_folded_and_can_be_read_when_unfolded(deck):
    page = deck.page
    assert page.locator("details[open]").count() == 0
    cut_off = page.evaluate(
        """() => [...document.querySelectorAll(".cell details")].filter(folded => {
            const slide = folded.closest(".leaf");
            const {h, v} = Reveal.getIndices(slide);
            Reveal.slide(h, v, 1000);
            folded.open = true;
            slide.scrollTop = 1e6;
            const bottom = folded.getBoundingClientRect().bottom;
            const stuck = slide.scrollHeight > slide.clientHeight &&
                getComputedStyle(slide).overflowY !== "auto";
            const wide = slide.scrollWidth > slide.clientWidth;
            folded.open = false;
            return bottom > innerHeight || stuck || wide;
        }).map(folded => folded.closest("[data-cell]").dataset.cell)"""
    )
    assert cut_off == []


def test_formulas_are_typeset(deck):
    page = deck.page
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    left = page.evaluate(
        r"""() => [...document.querySelectorAll(".cell p, .cell li, .cell td")]
            .filter(part => /\$[^$]+\$|\\[a-z]+\{/.test(
                [...part.childNodes].filter(node => node.nodeType === 3)
                    .map(node => node.data).join("")))
            .map(part => part.textContent)"""
    )
    assert left == []
    if any("$$" in cell.source for cell in deck.shown):
        assert page.locator("mjx-container[display=true] svg").count() > 0
    words = page.locator("mjx-assistive-mml").all_text_contents()
    assert [word for word in words if "\\" in word] == []
    fonts = page.evaluate("[...document.fonts].map(font => font.status)")
    assert len(fonts) == 6 and set(fonts) == {"loaded"}


def test_every_picture_has_its_text(deck):
    texts = [
        output.metadata["image/png"]["alt"]
        for cell in deck.shown
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    found = deck.page.evaluate(
        "[...document.querySelectorAll('img.figure')].map(image => image.alt)"
    )
    assert found == texts


def test_the_notes_of_the_lecture_are_on_the_slides_of_their_cells(deck):
    number = deck.stem[:2]
    if number not in LECTURES:
        pytest.skip(f"no teaching/notes/{number}.toml")
    notes = tomllib.loads(LECTURES[number].read_text(encoding="utf-8"))
    found = deck.page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("aside.notes")].map(
            aside => [aside.closest("[data-cell]").dataset.cell, aside.textContent]))"""
    )
    assert set(found) == set(notes)
    for cell_id, note in notes.items():
        assert f"({note['minutes']} min)" in found[cell_id]


def test_a_section_of_several_slides_has_two_notes_or_more(deck):
    read = deck.page.evaluate(
        """() => [...document.querySelectorAll("section.leaf")].map(slide => ({
            title: slide.querySelector("h1, h2")?.outerHTML,
            cells: [...slide.querySelectorAll("[data-cell]")].map(p => p.dataset.cell),
            notes: slide.querySelectorAll("aside.notes").length}))"""
    )
    sections = []
    for slide in read:
        if slide["title"]:
            sections.append([slide["title"], 0, set(), 0])
        section = sections[-1]
        section[1] += 1
        section[2] |= set(slide["cells"])
        section[3] += slide["notes"]
    few = [
        title
        for title, count, cells, notes in sections
        if title.startswith("<h2") and min(count, len(cells)) > 1 and notes < 2
    ]
    assert few == []


def test_the_notes_of_a_cell_are_shown_with_it(deck):
    # The window of the notes takes those of the first part of a step.
    hidden = deck.page.evaluate(
        """() => [...document.querySelectorAll("aside.notes")].filter(aside => {
            const step = aside.closest(".fragment")?.dataset.fragmentIndex;
            const first = aside.closest(".leaf")
                .querySelector(`.fragment[data-fragment-index="${step}"]`);
            return first && first.querySelector("aside.notes") !== aside;
        }).map(aside => aside.closest("[data-cell]").dataset.cell)"""
    )
    assert hidden == []


def test_every_link_leads_to_a_slide(built):
    pages = {s: (SLIDES / f"{s}.html").read_text(encoding="utf-8") for s in NOTEBOOKS}
    ids = {stem: re.findall(r' id="([^"]+)"', page) for stem, page in pages.items()}
    inside = 0
    for stem, page in pages.items():
        written = "".join(cell.source for cell in NOTEBOOKS[stem].cells)
        for target in re.findall(r'<a [^>]*\bhref="([^"]+)"', page):
            file, _, place = unquote(target).partition("#")
            if file.startswith("http"):
                assert file in written
            else:
                inside += 1
                there = ids[file.removesuffix(".html")]
                assert not place or place.removeprefix("/") in there, target
    assert inside > 20


def test_a_deck_on_a_plain_server(opened):
    with static_server(SLIDES) as (address, sent):
        assert opened("04", address).page.locator("mjx-container").count() > 50
    assert {status for _, status in sent} == {200}


WIDGETS = [
    (stem[:2], cell_id)
    for stem in NOTEBOOKS
    for cell_id in recording.widget_cells(path_of(stem))
]


@pytest.mark.parametrize("number, cell_id", WIDGETS)
def test_a_widget_moves_and_stays_on_its_slide(opened, number, cell_id):
    page = opened(number).page
    page.evaluate(f"location.hash = '#/{cell_id}'")
    figure = page.locator(f".present.leaf .recorded#{cell_id}")
    figure.wait_for()
    before = figure.locator("img").get_attribute("src")
    page.evaluate("Reveal.slide(Reveal.getIndices().h, Reveal.getIndices().v, 1000)")
    at = page.evaluate("Reveal.getIndices()")
    slider = figure.locator("input[type=range]").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert figure.locator("img").get_attribute("src") != before
    assert page.evaluate("Reveal.getIndices()") == at
    cut_off = figure.evaluate(
        """async figure => {
            const slide = figure.closest(".leaf");
            const ranges = [...figure.querySelectorAll("input[type=range]")];
            const wrong = [];
            for (const range of ranges)
                for (range.value = 0; ; range.value = Number(range.value) + 1) {
                    range.dispatchEvent(new Event("input", {bubbles: true}));
                    const image = figure.querySelector("img");
                    await image.decode();
                    if (slide.scrollHeight > slide.clientHeight)
                        wrong.push(image.src);
                    if (range.value === range.max) break;
                }
            return wrong;
        }"""
    )
    assert cut_off == []


@pytest.mark.skipif(not LECTURES, reason="no teaching/notes")
def test_the_key_s_opens_the_notes(opened):
    number = next(iter(LECTURES))
    notes = tomllib.loads(LECTURES[number].read_text(encoding="utf-8"))
    cell_id, note = next(iter(notes.items()))
    deck = opened(number)
    deck.page.evaluate(
        f"""() => {{
            const parts = document.querySelectorAll("[data-cell='{cell_id}']");
            const {{h, v}} = Reveal.getIndices([...parts].at(-1).closest(".leaf"));
            Reveal.slide(h, v);
        }}"""
    )
    with deck.context.expect_page(timeout=60_000) as popup:
        deck.page.keyboard.press("s")
    shown = popup.value.locator(".speaker-controls-notes .value")
    shown.get_by_text("Wait for:").wait_for()
    assert f"({note['minutes']} min)" in shown.text_content()
    # The longest notes of all can be read without scrolling.
    popup.value.set_viewport_size({"width": 1280, "height": 720})
    longest = max(
        (text for stem in LECTURES for text in slides.speaker_notes(stem).values()),
        key=len,
    )
    room = shown.evaluate(
        """(shown, text) => {
            shown.innerHTML = `<p>${text.replaceAll("  \\n", "<br>")}</p>`;
            const controls = document.querySelector("#speaker-controls");
            return controls.clientHeight - controls.scrollHeight;
        }""",
        longest,
    )
    assert room >= 0


def test_a_handout_shows_everything(chromium, tmp_path):
    deck = SLIDES / f"{next(iter(NOTEBOOKS))}.html"
    handouts.write(deck, tmp_path / "it.pdf", chromium)
    printed = (tmp_path / "it.pdf").read_bytes()
    assert b"/Title (00 Start here)" in printed
    assert 3 <= len(re.findall(rb"/Type /Page\b", printed)) <= 15
    page = chromium.new_page(viewport={"width": 1282, "height": 900})
    page.goto(f"{deck.as_uri()}?handout")
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.locator("details:not([open])").count() == 0
    hidden = page.evaluate(
        """() => [...document.querySelectorAll("section.leaf, .cell, .cell > *")]
            .filter(part => {
                const {width, height, right} = part.getBoundingClientRect();
                return !width || !height || right > 1282 || !part.checkVisibility(
                    {checkOpacity: true, checkVisibilityCSS: true});
            }).filter(part => !part.matches(".keys")).map(part => part.outerHTML)"""
    )
    assert hidden == []
    page.close()


def test_links_of_a_handout_name_no_file_and_keep_off_its_margins(chromium, tmp_path):
    (stem,) = (stem for stem in NOTEBOOKS if stem.startswith("13"))  # full of links
    handouts.write(SLIDES / f"{stem}.html", tmp_path / "it.pdf", chromium)
    printed = (tmp_path / "it.pdf").read_bytes()
    leads = {address[:4] for address in re.findall(rb"/URI \((.*?)\)", printed)}
    assert leads == {b"http"}
    assert len(re.findall(rb"/Subtype /Link\b[^>]*/Dest\b", printed)) > 3  # within it
    places = re.findall(rb"/Subtype /Link\b[^>]*/Rect \[(.*?)\]", printed)
    left, bottom, right, _ = zip(*(map(float, place.split()) for place in places))
    mm = 72 / 25.4
    assert min(left) >= 10 * mm and max(right) <= 200 * mm and min(bottom) >= 14 * mm


@pytest.mark.parametrize("stem", NOTEBOOKS, ids=lambda stem: stem[:2])
def test_a_deck_is_accessible(chromium, built, stem):
    # On a handout all slides are to be seen, and the notes.
    page = chromium.new_page(viewport={"width": 1282, "height": 900})
    page.set_default_timeout(300_000)
    for address in (f"{stem}.html", f"{stem}.html?handout"):
        page.goto(f"{FILES}/{address}")
        page.wait_for_selector("html[data-ready]", state="attached")
        assert serious(page) == []
    page.close()


def test_a_folded_answer_opens_by_key_and_the_keys_turn_slides_again(opened):
    page = opened("03").page
    at = page.evaluate(
        """() => {
            const slide = document.querySelector("details").closest(".leaf");
            const {h, v} = Reveal.getIndices(slide);
            Reveal.slide(h, v, 1000);
            return Reveal.getIndices();
        }"""
    )
    folded = page.locator(".present.leaf details").first
    for _ in range(9):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    for key, is_open in (("Enter", True), ("Space", False)):
        page.keyboard.press(key)
        assert folded.evaluate("folded => folded.open") is is_open
        assert page.evaluate("Reveal.getIndices()") == at
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getIndices()") != at


def test_links_of_a_notebook_become_those_of_its_deck():
    places = {"01_a": {"Two-l's": "two"}, "02_b": {}}
    text = (
        "[a](01_a.ipynb#Two-l's) [b](#Two-l's) [c](02_b.ipynb) [d](http://x.org) f[0]()"
    )
    there = "[a](01_a.html#/two) [b](01_a.html#/two) [c](02_b.html) [d](http://x.org)"
    assert slides.linked(text, "01_a", places) == there + " f[0]()"


def test_a_note_for_a_cell_that_no_slide_has_is_not_lost(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 01 A")])
    notebook.cells[0].metadata["slideshow"] = {"slide_type": "slide"}
    with pytest.raises(SystemExit, match="01.toml: no slide has the cell 'gone'"):
        slides.prepare(notebook, "01_a", {}, {"gone": "x"}, {"01_a": {}}, tmp_path)
