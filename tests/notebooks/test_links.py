"""Every link from a notebook to a section leads there, and the lists say their length.

The anchors are those that JupyterLab makes: the text of the heading, as it is read,
with a hyphen for each space. `publish/site.py` turns them into those of the site.
"""

import re
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
LINK = re.compile(r"\]\((\d\d_\w+\.ipynb)?(#[^)\s]+)?\)")
HEADING = re.compile(r"(?m)^#{1,6} (.+)$")
INDEX = "13_the_gist.ipynb"


def markdown(name):
    cells = nbformat.read(FOLDER / name, as_version=4).cells
    return {c.id: c.source for c in cells if c.cell_type == "markdown"}


def without_code(text):
    return re.sub(r"(?s)```.*?```", "", text)


def anchors(sources):
    """The anchors of the headings in these cells; those with formulas have none."""
    headings = [h for s in sources for h in HEADING.findall(without_code(s))]
    read = [re.sub(r"[`*]", "", heading) for heading in headings if "$" not in heading]
    return ["#" + heading.replace(" ", "-") for heading in read]


def links(sources):
    """(file or "", anchor or "") of every link to a notebook or a section."""
    found = [link for s in sources for link in LINK.findall(without_code(s))]
    return [link for link in found if any(link)]


ANCHORS = {name: anchors(markdown(name).values()) for name in NAMES}


def broken(name, sources):
    """The links that lead nowhere, or to one of several headings of one name."""
    bad = []
    for file, anchor in links(sources):
        there = ANCHORS.get(file or name)
        if there is None or (anchor and there.count(anchor) != 1):
            bad.append(file + anchor)
    return bad


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:2])
def test_every_link_leads_to_one_section(name):
    assert broken(name, markdown(name).values()) == []


def test_the_index_says_how_many_questions_it_has_and_links_each():
    (said,) = re.findall(r"Here are (\d+) questions", markdown(INDEX)["index"])
    items = re.findall(r"(?m)^- (.*)$", markdown(INDEX)["index"])
    groups = re.findall(r"<summary>.* \((\d+)\)</summary>", markdown(INDEX)["index"])
    assert len(items) == int(said) == sum(map(int, groups)) and len(items) >= 90
    assert len({item.split("*")[1] for item in items}) == len(items)
    for item in items:
        assert item.startswith("*") and links([item]), item


def test_the_list_of_slips_says_how_long_it_is():
    text = markdown(INDEX)["list-why"]
    items = re.findall(r"(?m)^(\d+)\. (.*)$", text)
    assert [int(n) for n, _ in items] == [*range(1, len(items) + 1)]
    assert f"{len(items)} of them" in text
    assert all(links([item]) for _, item in items)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("[a](01_one_hot_encoding.ipynb#Chunks)", []),
        ("[a](#Here), [b](https://example.org/x#y)", []),
        ("[a](01_one_hot_encoding.ipynb)", []),
        (
            "[a](01_one_hot_encoding.ipynb#No-such)",
            ["01_one_hot_encoding.ipynb#No-such"],
        ),
        ("[a](09_no_such.ipynb#Chunks)", ["09_no_such.ipynb#Chunks"]),
        ("[a](#here)", ["#here"]),
        ("[a](#Twice)", ["#Twice"]),
        ("```\n[a](#nowhere)\n```", []),
    ],
)
def test_a_link_that_leads_nowhere_is_found(source, found, monkeypatch):
    monkeypatch.setitem(ANCHORS, "x", anchors(["# Here\n\n## Twice", "### Twice"]))
    assert broken("x", [source]) == found


def test_anchors_are_those_of_what_is_read():
    sources = ["## What `nll` *says*: 1 − p?", "## $h_t$ has two", "```\n# no\n```"]
    assert anchors(sources) == ["#What-nll-says:-1-−-p?"]
