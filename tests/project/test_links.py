"""Every link inside the repository leads somewhere, and LINKS.md lists all that go out.

The notebooks' links to notebooks are followed by tests/notebooks/test_links.py.
"""

import json
import re
from pathlib import Path

import pytest

from tests.notebooks.test_links import ANCHORS, without_code

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("rnnlib", "rnncourse", "publish", "benchmarks", "teaching", "data")
HEADING = re.compile(r"(?m)^#{1,6} (.+)$")
# A Markdown link or picture, an attribute of HTML.
LINK = re.compile(r"\]\(([^()\s]+)\)|(?:href|src)=[\"']([^\"']+)")
ADDRESS = re.compile(r"https?://[^\s<>\"'`\\|(){}\[\]]+")


def pages():
    """The path and the text of each file of Markdown."""
    below = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.md"))
    for path in sorted([*ROOT.glob("*.md"), *below]):
        if "node_modules" not in path.parts:
            yield path, path.read_text(encoding="utf-8")


def notebooks(*kinds):
    """The path of each notebook and the sources of its cells of these kinds."""
    for path in sorted(ROOT.glob("notebooks/*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        of_kind = ("".join(c["source"]) for c in cells if c["cell_type"] in kinds)
        yield path, "\n\n".join(of_kind)


def sources():
    """The path and the text of each file of code that is no test."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".html") and "node_modules" not in path.parts:
                yield path, path.read_text(encoding="utf-8")
    yield ROOT / "CITATION.cff", (ROOT / "CITATION.cff").read_text(encoding="utf-8")


# --- inside -------------------------------------------------------------------


def links(text):
    """Where the links of a page lead, those inside the repository."""
    found = ["".join(link) for link in LINK.findall(without_code(text))]
    return [link for link in found if not re.match(r"https?:|mailto:|data:", link)]


def anchors(text):
    """The anchors that GitHub gives to the headings of a page."""
    read = (re.sub(r"[^\w\s-]", "", h.lower()) for h in HEADING.findall(text))
    return [heading.replace(" ", "-") for heading in read]


def broken(path, text):
    """The links of the page at `path` that lead nowhere."""
    found = []
    for link in links(text):
        name, _, anchor = link.partition("#")
        there = (path.parent / name).resolve() if name else path
        if not there.exists() or not there.is_relative_to(ROOT):
            found.append(link)
        elif anchor and there.suffix == ".ipynb":
            found += [link] * (f"#{anchor}" not in ANCHORS.get(there.name, ()))
        elif anchor:
            headings = text if there == path else there.read_text(encoding="utf-8")
            found += [link] * (anchor not in anchors(without_code(headings)))
    return found


def test_every_link_inside_leads_somewhere():
    found = {
        path.relative_to(ROOT).as_posix(): broken(path, text)
        for path, text in [*pages(), *notebooks("markdown")]
        if "publish" not in path.parts  # of the site, as it is built
    }
    assert {name: links for name, links in found.items() if links} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](LICENSE), ![b](.github/course.png), <a href='data/README.md'>c</a>", []),
        ("[a](data/README.md#no-such)", ["data/README.md#no-such"]),
        ("[a](no_such.md), <img src='no.png'>", ["no_such.md", "no.png"]),
        ("[a](../../outside.md)", ["../../outside.md"]),
        ("[a](#a-heading-twice)\n\n## A `heading`, twice", []),
        ("[a](#A-heading)\n\n## A heading", ["#A-heading"]),
        ("[a](notebooks/13_the_gist.ipynb#No)", ["notebooks/13_the_gist.ipynb#No"]),
        ("[a](https://example.org/x)\n```\n[b](no_such.md)\n```", []),
    ],
)
def test_a_link_that_leads_nowhere_is_found(text, found):
    assert broken(ROOT / "README.md", text) == found


# --- outside ------------------------------------------------------------------


def addresses(text):
    """The addresses that a text names, without those of this computer."""
    found = {address.rstrip(".,;:") for address in ADDRESS.findall(text)}
    return {a for a in found if not re.match(r"https?://(localhost|127\.)", a)}


def test_the_list_of_outward_links_is_what_is_in_the_files():
    rows = re.findall(
        r"(?m)^\| <(\S+)> \| (.+) \|$", (ROOT / "LINKS.md").read_text("utf-8")
    )
    listed = [address for address, _ in rows]
    assert listed == sorted(set(listed))
    assert all(re.search(r"\w+ \w+", purpose) for _, purpose in rows)
    named = {
        address: path.name
        for path, text in [*pages(), *notebooks("markdown", "code"), *sources()]
        if path.name != "LINKS.md"
        for address in addresses(text)
    }
    assert {a: file for a, file in named.items() if a not in listed} == {}, "to list"
    assert [a for a in listed if a not in named] == [], "named nowhere"


def test_addresses_end_where_the_sentence_goes_on():
    text = "[a](https://a.org/b?c=d#e), `http://f.org/g.md`. <https://h.org/{i}> at "
    found = addresses(text + "http://localhost:8000/, (see https://j.org).")
    assert found == {"https://a.org/b?c=d#e", "http://f.org/g.md"} | {
        "https://h.org/",
        "https://j.org",
    }
