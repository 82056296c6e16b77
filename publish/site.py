"""Build the site in build/site/: every notebook as a page, from its saved outputs.

    make site                          REPOSITORY=owner/name adds links to Colab

Plain static files that ask for nothing from elsewhere. What lies in build/lite/, the
browser edition, becomes a part of it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode

from publish.sources import ROOT, digest

BUILD = ROOT / "build"
SITE, LITE = BUILD / "site", BUILD / "lite"
SOURCE, STATIC = BUILD / "site-source", BUILD / "site-static"
OURS = ROOT / "publish" / "site"
MATHJAX = ROOT / "publish" / "node_modules" / "mathjax"
# Of MathJax, what a page of ours can ask for.
MATHJAX_PARTS = ("LICENSE", "es5/tex-chtml.js", "es5/input/tex", "es5/output/chtml")
AWAY = (".*", "build", "dist", "node_modules", "my_notebooks", "__pycache__")


def made_from():
    """A digest of all that the site is made from."""
    patterns = ["*.md", "*/README.md", "notebooks/*.ipynb", ".github/*.png"]
    patterns += ["publish/site.py", "publish/recording.py", "publish/pdf.py"]
    patterns += ["publish/package-lock.json", "publish/site/**/*"]
    patterns += ["rnnlib/*.py", "rnncourse/widgets/*.py", "rnncourse/figures/*.py"]
    return digest(patterns)


def main():
    """Build everything; say on stderr what is left out, and why."""
    from publish import pdf, recording
    from publish.browser import find_chromium
    from rnncourse.lab import make_copies

    chromium = find_chromium()
    context = {
        "lite": (LITE / "lab" / "index.html").is_file(),
        "pdf": chromium is not None,
        "repository": os.environ.get("REPOSITORY", ""),
    }
    if not context["lite"]:
        say("no browser edition: build/lite/ is not there, make lite builds it")
    if not context["pdf"]:
        say("no course.pdf: it is printed by Chromium, which is not installed")
    if not re.fullmatch(r"([\w.-]+/[\w.-]+)?", context["repository"]):
        sys.exit(f"REPOSITORY: expected owner/name, got {context['repository']!r}")

    lay_out()
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    for path in paths:
        recorded = recording.recordings(path, BUILD / "recorded")
        for cell_id in recording.widget_cells(path):
            if cell_id not in recorded:
                say(f"{path.name}: {cell_id} does not move, see publish/recording.py")
        write_page_source(path, recorded)
    write_front_page(paths, context)

    new = BUILD / "site-new"
    run_sphinx(new, context)
    make_copies(ROOT / "notebooks", new / "notebooks")
    if context["lite"]:
        shutil.copytree(LITE, new / "lite", copy_function=link_or_copy)
    if context["pdf"]:
        pdf.write(new, chromium)
    (new / "made-from").write_text(made_from(), encoding="utf-8")
    shutil.rmtree(SITE, ignore_errors=True)
    new.rename(SITE)
    files = [file for file in SITE.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files) / 1e6
    print(f"build/site/: {len(paths)} notebooks, {len(files)} files, {size:.0f} MB")


def lay_out():
    """Copy what pages are made of, and MathJax, to where Sphinx looks for them."""
    for folder in (SOURCE, STATIC):
        shutil.rmtree(folder, ignore_errors=True)
    # Any file may be linked from a page, and then becomes a download.
    shutil.copytree(ROOT, SOURCE, ignore=shutil.ignore_patterns(*AWAY))
    shutil.copytree(ROOT / ".github", SOURCE / ".github")
    for name in MATHJAX_PARTS:
        part, target = MATHJAX / name, STATIC / "mathjax" / name
        if part.is_dir():
            shutil.copytree(part, target)
        elif part.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(part, target)
        else:
            say(f"no equations: {part.relative_to(ROOT)} is missing")
            break


def run_sphinx(target, context):
    """Make the pages in the folder `target`. A warning ends the program."""
    shutil.rmtree(target, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning"]
    command += ["--keep-going", "--fresh-env", "-b", "html", "-c", str(OURS)]
    command += ["-d", str(BUILD / "site-doctrees")]
    for name, value in context.items():
        command += ["-A", f"{name}={value or ''}"]
    command += [str(SOURCE), str(target)]
    if subprocess.run(command, cwd=ROOT).returncode:
        sys.exit("make site: Sphinx warned, so build/site/ is left as it was")


def say(words):
    """Tell whoever builds the site."""
    print(f"make site: {words}", file=sys.stderr, flush=True)


def link_or_copy(source, target):
    """Give a file a second name, or copy it where that cannot be done."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def write_page_source(path, recorded):
    """Write the notebook that the page is made from, pictures and widgets as HTML.

    recorded: {id of a cell: the folder of the recording of its widget}.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for place, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            # One title a page: another would stand among those of the notebooks.
            another = "#" if place and text.startswith("# ") else ""
            cell["source"] = another + with_anchors(text)
        for number, output in enumerate(cell.get("outputs", [])):
            if "image/png" in output.get("data", {}):
                name = f"{path.stem}/{cell['id']}-{number}.webp"
                output["data"] = {"text/html": picture_html(output, name)}
        if cell["id"] in recorded:
            html = recorded_html(cell["id"], path.stem, recorded[cell["id"]])
            cell["outputs"][-1]["data"] = {"text/html": html}
    target = SOURCE / "notebooks" / path.name
    target.write_text(json.dumps(notebook), encoding="utf-8")


def picture_html(output, name):
    """Save the picture of an output as pictures/`name`; the HTML that shows it."""
    from publish.recording import save_picture

    file = STATIC / "pictures" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    width, height = save_picture(b64decode(output["data"]["image/png"]), file)
    about = output["metadata"].get("image/png", {})
    shown = about.get("width", width)
    return template("picture.html").render(
        source=f"../_static/pictures/{name}",
        alt=about.get("alt", ""),
        width=shown,
        height=round(shown * height / width),
    )


def recorded_html(cell_id, stem, folder, static=STATIC, address="../_static/"):
    """The HTML of a recorded widget; its pictures go to recorded/`stem`/`cell_id`.

    That is in the folder `static`, which has this address in the page.
    """
    place = f"recorded/{stem}/{cell_id}"
    ignore = shutil.ignore_patterns("recording.json")
    shutil.copytree(folder, static / place, ignore=ignore)
    recording = json.loads((folder / "recording.json").read_text(encoding="utf-8"))
    frames, start = recording["frames"], 0
    for axis in recording["axes"]:
        start = start * len(axis["shown"]) + axis["start"]
    return template("recorded.html").render(
        recording,
        id=cell_id,
        place=f"{address}{place}/",
        first=start,
        data={"shown": [axis["shown"] for axis in recording["axes"]], "frames": frames},
    )


def write_front_page(paths, context):
    """Write the front page: its table is made from the notebooks themselves."""
    rows = []
    for path in paths:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        texts = ["".join(cell["source"]) for cell in cells]
        title, _, promise = texts[0].partition("\n")
        minutes = re.search(r"\*\*Time:?\*\* (\d+) minutes", "\n".join(texts))
        row = (
            path.name,
            title.removeprefix("# "),
            minutes and minutes[1],
            promise.strip(),
        )
        rows.append(row)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.search(r"^```\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)[1]
    text = template("index.md").render(context, rows=rows, commands=commands)
    (SOURCE / "index.md").write_text(text, encoding="utf-8")


def with_anchors(text):
    """Markdown whose links to headings have their anchors as the pages have them.

    JupyterLab keeps capitals and signs in them, GitHub and the pages do not.
    """

    def link(found):
        return found[1] + re.sub(r"[^\w-]", "", found[2].lower()) + ")"

    return re.sub(r"(\]\([^):#\s]*#)([^)\s]+)\)", link, text)


def template(name):
    """One of the templates in publish/site/."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(OURS),
        autoescape=lambda name: name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


if __name__ == "__main__":
    main()
