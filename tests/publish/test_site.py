"""The site that `make site` built, from a plain file server, with the network cut."""

import json
import re
from urllib.parse import unquote, urljoin, urlsplit

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

import rnnlib as rnn
from publish import recording
from publish.browser import OPTIONS, find_chromium, static_server
from publish.site import ROOT, SITE, made_from, with_anchors
from rnncourse.lab import make_copies
from rnncourse.widgets.flow import flow_at
from rnncourse.widgets.logits import logits_at
from rnncourse.widgets.sampler import sample_at, sampler
from rnncourse.widgets.stepper import stage_at
from tests.publish.axe import serious

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
STEMS = [path.stem for path in NOTEBOOKS]
# Addresses outside that no page of ours has written: the theme's name in the foot.
OF_THE_THEME = re.compile(r"https://(github\.com/pradyunsg/furo|pradyunsg\.me)\b.*")
WINDOW = {"width": 1280, "height": 900}
COLAB = "https://colab.research.google.com/github/"


@pytest.fixture(scope="module")
def site():
    if not (SITE / "index.html").is_file():
        pytest.skip("no site to test: make site builds it")
    made = (SITE / "made-from").read_text(encoding="utf-8")
    assert made == made_from(), "build/site/ is stale: make site builds it anew"
    return SITE


@pytest.fixture(scope="module")
def pages(site):
    """The pages of the site, parsed, by their place in it."""
    return {
        path.relative_to(site).as_posix(): BeautifulSoup(
            path.read_text(encoding="utf-8"), "html.parser"
        )
        for path in sorted(site.rglob("*.html"))
        if "lite" not in path.relative_to(site).parts
    }


@pytest.fixture(scope="module")
def address(site):
    """The address of the site below a folder of a plain server."""
    with static_server(site.parent) as (address, _):
        yield f"{address}/{site.name}/"


@pytest.fixture(scope="module")
def chromium(site):
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium: install chromium, or run playwright install chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=OPTIONS)


@pytest.fixture
def visit(chromium, address):
    """Open a page and wait until it stands; afterwards nothing may be amiss in it."""
    opened, noted = [], []

    def open_page(name, theme="light"):
        page = chromium.new_page(viewport=WINDOW)
        opened.append(page)
        page.set_default_timeout(60_000)
        page.add_init_script(f"localStorage.setItem('theme', {theme!r})")
        page.route(lambda url: not url.startswith((address, "data:")), block)
        page.on("pageerror", lambda error: noted.append(str(error)))
        page.on("console", lambda m: m.type == "error" and noted.append(m.text))
        page.goto(address + name, wait_until="load")
        page.evaluate("async () => { await window.MathJax?.startup.promise; }")
        return page

    def block(route):
        noted.append(f"outside request: {route.request.url}")
        route.abort()

    yield open_page
    for page in opened:
        page.close()
    assert noted == []


def test_each_notebook_has_a_page_between_its_neighbors(pages):
    for k, path in enumerate(NOTEBOOKS):
        page = pages[f"notebooks/{path.stem}.html"]
        first = nbformat.read(path, as_version=4).cells[0].source
        titles = page.article.find_all("h1")
        assert len(titles) == 1, path.stem
        assert titles[0].find(string=True) == first.splitlines()[0][2:]
        before = "../index.html" if k == 0 else f"{STEMS[k - 1]}.html"
        assert page.find("a", class_="prev-page")["href"] == before
        if path != NOTEBOOKS[-1]:
            after = page.find("a", class_="next-page")["href"]
            assert after == f"{STEMS[k + 1]}.html"


def test_the_front_page_lists_every_notebook(pages):
    table = pages["index.html"].article.table
    links = [link["href"] for link in table.find_all("a")]
    assert links == [f"notebooks/{stem}.html" for stem in STEMS]


def test_each_page_offers_the_cleared_notebook(site, pages, tmp_path):
    make_copies(ROOT / "notebooks", tmp_path)
    for stem in STEMS:
        name = f"{stem}.ipynb"
        offered = site / "notebooks" / name
        assert offered.read_bytes() == (tmp_path / name).read_bytes()
        buttons = pages[f"notebooks/{stem}.html"].find("nav", class_="buttons")
        assert name in [link["href"] for link in buttons.find_all("a")]


def test_every_link_leads_somewhere(site, pages):
    written = "".join(
        path.read_text(encoding="utf-8")
        for pattern in ("*.md", "*/README.md", "notebooks/*.ipynb")
        for path in ROOT.glob(pattern)
    )
    anchors = {
        name: {part["id"] for part in page.select("[id]")}
        for name, page in pages.items()
    }
    wrong, inside = [], 0
    for name, page in pages.items():
        for part in page.select("[href], [src]"):
            target = part.get("href") or part["src"]
            parts = urlsplit(urljoin(f"http://here/{name}", target))
            if target.startswith("data:"):
                continue
            if parts.netloc != "here":
                ours = target.startswith(COLAB) or target in written
                if not ours and not OF_THE_THEME.fullmatch(target):
                    wrong.append((name, target))
                continue
            inside += 1
            to = unquote(parts.path)[1:] or "index.html"
            anchor = unquote(parts.fragment)
            if not (site / to).is_file():
                wrong.append((name, target))
            elif anchor and anchor not in anchors[to]:
                wrong.append((name, target))
    assert wrong == []
    assert inside > 20 * len(pages)


def test_every_picture_has_its_text(pages):
    for path in NOTEBOOKS:
        texts = [
            output.metadata["image/png"]["alt"]
            for cell in nbformat.read(path, as_version=4).cells
            for output in cell.get("outputs", [])
            if "image/png" in output.get("data", {})
        ]
        page = pages[f"notebooks/{path.stem}.html"]
        assert [i["alt"] for i in page.select("img.figure")] == texts
    for name, page in pages.items():
        assert all(image.get("alt") for image in page.find_all("img")), name


def test_no_widget_is_left_without_a_recording(pages):
    for path in NOTEBOOKS:
        page = pages[f"notebooks/{path.stem}.html"]
        recorded = [part["id"] for part in page.select(".recorded")]
        assert recorded == recording.widget_cells(path), "see publish/recording.py"


def test_the_pdf_has_every_notebook(site):
    if find_chromium() is None:
        pytest.skip("no Chromium, so no course.pdf")
    # Chromium writes the outline as plain text.
    titles = re.findall(rb"/Title \((.*?)\)\n", (site / "course.pdf").read_bytes())
    for path in NOTEBOOKS:
        cells = nbformat.read(path, as_version=4).cells
        title = cells[0].source.splitlines()[0][2:]
        assert titles.count(title.encode()) == 1


def test_the_first_page_is_light(chromium, address):
    page, sizes = chromium.new_page(), []
    page.on("requestfinished", lambda r: sizes.append(r.sizes()["responseBodySize"]))
    page.goto(address + "index.html", wait_until="networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    page.close()
    assert len(sizes) > 5
    assert sum(sizes) < 1e6


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", *(f"notebooks/{s}" for s in STEMS)])
def test_a_page_is_whole_and_accessible(visit, name, theme):
    page = visit(f"{name}.html", theme)
    assert page.evaluate("document.body.dataset.theme") == theme
    math = page.evaluate("document.querySelectorAll('.math').length")
    typeset = page.evaluate("document.querySelectorAll('.math mjx-container').length")
    assert typeset >= math
    # A command that MathJax does not know is typeset in red.
    wrong = "mjx-merror, [data-mjx-error], mjx-container [style*='color: red']"
    assert page.locator(wrong).count() == 0
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.set_viewport_size(WINDOW)
    # The themes differ in nothing else.
    rules = ["color-contrast"] if theme == "dark" else None
    assert serious(page, rules=rules) == []


def test_there_are_equations(pages):
    assert (
        len(pages["notebooks/04_backpropagation_through_time.html"].select(".math"))
        > 50
    )


def test_search_finds_a_word(visit):
    page = visit("search.html?q=Jacobian")
    results = page.locator("#search-results li a")
    results.first.wait_for()
    page.wait_for_function("document.querySelector('#search-results .search-summary')")
    found = " ".join(link.get_attribute("href") for link in results.all())
    assert "04_backpropagation_through_time.html" in found


def test_anchors_of_jupyterlab_become_those_of_the_pages():
    text = "[a](02.ipynb#Two-l's,-one-h) [b](#The-Loss) [c](http://x.org/#Y)"
    there = "[a](02.ipynb#two-ls-one-h) [b](#the-loss) [c](http://x.org/#Y)"
    assert with_anchors(text) == there


class Recorded:
    """A recorded widget in an open page."""

    def __init__(self, page, cell_id):
        self.page = page
        self.figure = page.locator(f"#{cell_id}")
        self.figure.scroll_into_view_if_needed()

    def shows(self):
        """The picture, once it is there, the readout, and the text below it."""
        return self.figure.evaluate(
            """async figure => {
                const image = figure.querySelector("img");
                await image.decode();
                const passage = figure.querySelector(".passage");
                const readout = figure.querySelector(".readout");
                return [image.src, readout.textContent, passage?.textContent ?? ""];
            }"""
        )

    def set(self, **settings):
        """Bring controls, by their labels, to values that the page shows."""
        for label, value in settings.items():
            control = self.figure.get_by_label(label.replace("_", " "), exact=True)
            control.evaluate(
                """(control, value) => {
                    const figure = control.closest(".recorded");
                    const {shown} = JSON.parse(
                        figure.querySelector("script").textContent);
                    const all = [...figure.querySelectorAll("input, select")];
                    const at = shown[all.indexOf(control)].indexOf(value);
                    if (at < 0) throw Error(`not recorded: ${value}`);
                    if (control.type === "range") control.value = at;
                    else if (control.type === "checkbox") control.checked = at === 0;
                    else control.selectedIndex = at;
                    control.dispatchEvent(new Event("input", {bubbles: true}));
                }""",
                value,
            )


WIDGETS = [
    (p.stem, cell_id) for p in NOTEBOOKS for cell_id in recording.widget_cells(p)
]


@pytest.mark.parametrize("stem, cell_id", WIDGETS)
def test_a_widget_moves_by_key(visit, stem, cell_id):
    widget = Recorded(visit(f"notebooks/{stem}.html"), cell_id)
    controls = widget.figure.locator("input, select")
    assert controls.count() > 0
    for k, control in enumerate(controls.all()):
        before = widget.shows()
        control.focus()
        kind = control.get_attribute("type") or "select"
        key = {"range": "ArrowRight", "checkbox": "Space", "select": "ArrowDown"}[kind]
        widget.page.keyboard.press(key)
        after = widget.shows()
        assert after[0] != before[0]
        # The others need not matter where the first stands at its start.
        assert k > 0 or after[1] != before[1]
        if kind == "range":
            widget.page.keyboard.press("ArrowLeft")
            assert widget.shows() == before


def test_the_stepper_says_what_the_course_says(visit):
    cells = nbformat.read(ROOT / "notebooks/02_forward_pass.ipynb", as_version=4).cells
    made = {"rnn": rnn}
    exec(next(c.source for c in cells if c.id == "hello-network"), made)
    network = "hello", made["speller"], made["letters"].symbols
    widget = Recorded(visit("notebooks/02_forward_pass.html"), "widget-stepper")
    for stage in range(0, 20, 3):
        for carry in (True, False):
            widget.set(stage=str(stage), carry_the_state_on=str(carry))
            assert widget.shows()[1] == stage_at(stage, carry, *network)[1]


def test_the_logits_say_what_the_course_says(visit):
    page = visit("notebooks/03_softmax_and_cross_entropy.html")
    widget = Recorded(page, "widget-logits")
    for y in ([0, 3, 0, 0], [3, 3, 3, 3], [0, -3, 3, 0]):
        for tau in (0.1, 1, 5):
            widget.set(**{s: f"{value:g}" for s, value in zip("ehlo", y)}, τ=f"{tau:g}")
            assert widget.shows()[1] == logits_at(y, tau, "l", "ehlo")[1]


def test_the_flow_says_what_the_course_says(visit):
    word = "remembering"
    params = rnn.Params.init(len(set(word)), 16, rng=9, scale=0.3)
    page = visit("notebooks/04_backpropagation_through_time.html")
    widget = Recorded(page, "widget-flow")
    for back in (0, 4, 9):
        for scale in (0, 2.5):
            widget.set(steps_back=str(back), scale_of_Whh=f"{scale:g}")
            assert widget.shows()[1] == flow_at(back, scale, word, params)[1]


def test_the_live_training_is_the_training_of_the_course(visit):
    text = rnn.load_corpus()
    vocabulary = rnn.Vocabulary.from_text(text)
    ids = vocabulary.encode(text)
    twin = rnn.Params.init(len(vocabulary), 100, rng=2, dtype=np.float32)
    run = rnn.Training(twin, ids[: len(ids) * 9 // 10], 25)
    widget = Recorded(visit("notebooks/06_training.html"), "widget-training")
    for n in (10, 80, 640):
        while run.progress[0] < n:
            step = next(run)
        widget.set(step=f"{n:,}")
        readout = widget.shows()[1]
        nats = f"{step.smooth_loss / 25:.2f}"
        assert readout == f"step {n:,}: smoothed loss {nats} nats a character; paused"


def test_a_recording_says_what_the_course_says_at_every_setting(tmp_path, monkeypatch):
    grids = {"prompt": ["The ", "The"], "temperature": [1.0, 2.0], "seed": [1, 7]}
    monkeypatch.setitem(recording.GRIDS, "a-widget", grids)
    vocabulary = rnn.Vocabulary.from_text("The kin")
    params = rnn.Params.init(len(vocabulary), 8, rng=1, scale=1)
    widget = sampler(params, vocabulary, "The")
    recording.record(widget, "a-widget", tmp_path / "it")
    recorded = json.loads((tmp_path / "it/recording.json").read_text(encoding="utf-8"))
    frames = iter(enumerate(recorded["frames"]))
    for prompt in grids["prompt"]:
        for temperature in grids["temperature"]:
            for seed in grids["seed"]:
                number, frame = next(frames)
                _, words, drawn = sample_at(
                    params, vocabulary, prompt, temperature, seed
                )
                assert frame == [words, prompt, drawn]
                assert (tmp_path / f"it/{number}.webp").is_file()
    assert next(frames, None) is None


def test_a_widget_with_too_many_settings_is_not_recorded(tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "MOST", 59)
    vocabulary = rnn.Vocabulary.from_text("The kinROMEO: ")
    params = rnn.Params.init(len(vocabulary), 8, rng=1)
    widget = sampler(params, vocabulary, "The kin")
    recording.record(widget, "widget-sampler", tmp_path / "it")
    assert not (tmp_path / "it").exists()
