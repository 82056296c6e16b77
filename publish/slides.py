"""Build the decks in build/slides/: every notebook as slides for a lecture.

    make slides       build/slides/01_one_hot_encoding.html, …
    make pdf          the same as handouts, build/slides/01_one_hot_encoding.pdf, …

A deck is nbconvert's, in a template of our own, publish/slides/. It is a plain file
that asks for nothing but the folder vendor/ beside it: reveal.js, MathJax and fonts
from npm. Which cell begins a slide stands in the notebook's slide metadata;
vendor/deck.js, in the page, carries on below where a slide is full. The notes for the
lecture come from teaching/notes/.
"""

import html
import io
import re
import shutil
import sys
import tomllib
from base64 import b64decode

import nbformat

from publish.sources import ROOT, digest

BUILD = ROOT / "build"
SLIDES = BUILD / "slides"
OURS = ROOT / "publish" / "slides"
NOTES = ROOT / "teaching" / "notes"
PACKAGES = ROOT / "publish" / "node_modules"
# What the decks load, and where it stands in the packages of npm.
VENDOR = {
    "reveal.js": "reveal.js/dist/reveal.js",
    "reveal.css": "reveal.js/dist/reveal.css",
    "notes.js": "reveal.js/plugin/notes/notes.js",
    "LICENSE-reveal.js": "reveal.js/LICENSE",
    "text-fonts": "reveal.js/dist/theme/fonts/source-sans-pro",
    "code-fonts/regular.ttf": "dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf",
    "code-fonts/bold.ttf": "dejavu-fonts-ttf/ttf/DejaVuSansMono-Bold.ttf",
    "code-fonts/LICENSE": "dejavu-fonts-ttf/LICENSE",
    "mathjax/LICENSE": "mathjax/LICENSE",
    "mathjax/es5/tex-svg.js": "mathjax/es5/tex-svg.js",
    "mathjax/es5/input/tex": "mathjax/es5/input/tex",
}
LINK = re.compile(r"\]\((?:(\d\d_\w+)\.ipynb)?(?:#([^)\s]+))?\)")
HEADING = re.compile(r"(?m)^#{1,6} (.+)$")
KEYS = (
    "Space: next. Shift+Space: back. O: all slides. S: notes for the speaker. "
    "?: all keys."
)


def made_from():
    """A digest of all that the decks are made from."""
    patterns = ["notebooks/*.ipynb", "teaching/notes/*.toml", "publish/slides.py"]
    patterns += ["publish/slides/*", "publish/site.py", "publish/recording.py"]
    patterns += ["publish/site/*.html", "publish/site/static/*"]
    patterns += ["publish/package-lock.json", "rnnlib/*.py"]
    patterns += ["rnncourse/widgets/*.py", "rnncourse/figures/*.py"]
    return digest(patterns)


def main():
    """Build all decks in a new folder, then put it in the place of the old one."""
    from publish import recording

    new = BUILD / "slides-new"
    shutil.rmtree(new, ignore_errors=True)
    (new / "vendor").mkdir(parents=True)
    lay_out_vendor(new / "vendor")
    notebooks = {
        path.stem: nbformat.read(path, as_version=4)
        for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    }
    places = {stem: headings(notebook) for stem, notebook in notebooks.items()}
    for stem, notebook in notebooks.items():
        path = ROOT / "notebooks" / f"{stem}.ipynb"
        recorded = recording.recordings(path, BUILD / "recorded")
        prepare(notebook, stem, recorded, speaker_notes(stem), places, new)
        (new / f"{stem}.html").write_text(deck(notebook), encoding="utf-8")
    (new / "made-from").write_text(made_from(), encoding="utf-8")
    shutil.rmtree(SLIDES, ignore_errors=True)
    new.rename(SLIDES)
    print(f"build/slides/: {len(notebooks)} decks; open one in a browser")


def lay_out_vendor(folder):
    """Put into `folder` all that the decks load."""
    from pygments.formatters import HtmlFormatter

    for name, source in VENDOR.items():
        source, target = PACKAGES / source, folder / name
        if not source.exists():
            sys.exit(f"{source.relative_to(ROOT)} is missing: run make slides")
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, target)
    for name in ("deck.js", "deck.css"):
        shutil.copy(OURS / name, folder)
    site = ROOT / "publish" / "site" / "static"
    shutil.copy(site / "icon.svg", folder)
    shutil.copy(site / "course.js", folder / "recorded.js")
    code = HtmlFormatter(style="a11y-high-contrast-light")
    text = code.get_style_defs(".highlight")
    (folder / "code.css").write_text(text, encoding="utf-8")


def prepare(notebook, stem, recorded, notes, places, folder):
    """Change a notebook into what the template shows.

    recorded: {id of a cell: the folder of the recording of its widget}; notes: {id of a
    cell: Markdown}; places: as `headings` gives it, for every notebook; folder: where
    the deck will stand.
    """
    from publish.site import recorded_html

    title = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
    notebook.metadata["deck"] = {"title": title}
    on_slides = {cell.id for cell in notebook.cells if shown(cell)}
    if lost := sorted(set(notes) - on_slides):
        sys.exit(f"teaching/notes/{stem[:2]}.toml: no slide has the cell {lost[0]!r}")
    for cell in notebook.cells:
        cell.metadata["lecture"] = notes.get(cell.id, "")
        if cell.cell_type == "markdown":
            cell.metadata["predicts"] = "**Predict" in cell.source
            cell.source = linked(cell.source, stem, places)
        elif cell.id in recorded:
            found = recorded_html(cell.id, stem, recorded[cell.id], folder, "")
            cell.outputs[-1]["data"] = {"text/html": found}
        else:
            # The text of a picture goes with the picture.
            for output in list(cell.outputs):
                data = output.get("data", {})
                if "image/png" in data:
                    output["data"] = {"text/html": picture_html(output)}
                elif "text/html" in data:
                    cell.outputs.remove(output)
    notebook.cells[0].source += f'\n\n<p class="keys">{KEYS}</p>'


def shown(cell):
    """Whether a cell is on a slide."""
    return cell.metadata.slideshow.slide_type not in ("skip", "notes")


def picture_html(output):
    """The HTML of an output's picture, which is within it."""
    from PIL import Image

    data, about = output["data"]["image/png"], output["metadata"]["image/png"]
    with Image.open(io.BytesIO(b64decode(data))) as picture:
        height = round(picture.height * about["width"] / picture.width)
    return (
        f'<img class="figure" src="data:image/png;base64,{data.strip()}"'
        f' alt="{html.escape(about["alt"])}"'
        f' width="{about["width"]}" height="{height}">'
    )


def speaker_notes(stem):
    """The notes for a lecture on a notebook: {id of a cell: Markdown}."""
    path = NOTES / f"{stem[:2]}.toml"
    if not path.exists():
        return {}
    return {
        name: f"**Ask** ({note['minutes']} min): {note['ask']}  \n"
        f"**Wait for:** {note['wait']}  \n"
        f"**Common wrong answer:** {note['wrong']}"
        for name, note in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def headings(notebook):
    """{anchor of a heading, as JupyterLab makes it: id of its cell, if it is shown}."""
    found = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and shown(cell):
            for heading in HEADING.findall(cell.source):
                found[re.sub(r"[`*]", "", heading).replace(" ", "-")] = cell.id
    return found


def linked(text, stem, places):
    """Markdown whose links to notebooks and headings lead to decks and slides."""

    def link(found):
        if not any(found.groups()):
            return found[0]  # a call in code, such as f[0]()
        there = found[1] or stem
        place = places[there].get(found[2])
        slide = f"#/{place}" if place else ""
        return f"]({there}.html{slide})"

    return LINK.sub(link, text)


def deck(notebook):
    """The HTML of a prepared notebook's deck."""
    from nbconvert import SlidesExporter

    exporter = SlidesExporter(
        template_name="slides",
        extra_template_basedirs=[str(ROOT / "publish")],
        exclude_anchor_links=True,
    )
    return exporter.from_notebook_node(notebook)[0]


if __name__ == "__main__":
    main()
