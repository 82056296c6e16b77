"""The speaker notes of the lecture stand on cells that are shown, in every section.

A file of notes belongs to the notebook with its number, a note to the cell with its id.
"""

import re
import tomllib
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "teaching" / "notes").glob("*.toml"))
SAID = ("ask", "wait", "wrong")
HIDDEN = ("skip", "notes")
HALVES = [n / 2 for n in range(1, 121)]
FORBIDDEN = r"\b(simply|obviously|trivial(ly)?|just|easy to (show|see))\b"


def cells_of(notes_file):
    """The cells of the notebook that a file of notes belongs to."""
    (notebook,) = (ROOT / "notebooks").glob(f"{notes_file.stem}_*.ipynb")
    return nbformat.read(notebook, as_version=4).cells


def stated_minutes(cells):
    """The minutes that the head of a notebook states."""
    text = "\n".join(c.source for c in cells if c.cell_type == "markdown")
    return int(re.search(r"\*\*Time:?\*\*:? (\d+) minutes", text)[1])


def sections(cells):
    """The slides of each section, by its heading: a list of lists of cell ids.

    A section begins with a cell that begins with "## ". A hidden cell is on no slide.
    """
    found, slides = {}, []
    for cell in cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        if cell.source.startswith("## "):
            slides = found[cell.source.splitlines()[0]] = []
        if kind in ("slide", "subslide"):
            slides.append([])
        if kind not in HIDDEN and slides:
            slides[-1].append(cell.id)
    return found


def faults(notes, cells):
    """What is wrong with the notes of a notebook: a list of sentences, best empty."""
    shown = [
        cell.id
        for cell in cells
        if cell.metadata.get("slideshow", {}).get("slide_type") not in HIDDEN
    ]
    found = []
    for name, note in notes.items():
        if name not in shown:
            found.append(f"{name}: no cell that is shown has this id")
        if set(note) != {*SAID, "minutes"}:
            found.append(f"{name}: expected ask, wait, wrong, minutes, got {[*note]}")
            continue
        for key in SAID:
            if not isinstance(note[key], str) or not note[key].strip():
                found.append(f"{name}: {key} is empty")
            elif word := re.search(FORBIDDEN, note[key], re.IGNORECASE):
                found.append(f"{name}: {key} says {word[0]!r}")
        if "?" not in str(note["ask"]):
            found.append(f"{name}: ask is no question")
        if note["minutes"] not in HALVES:
            found.append(f"{name}: minutes are whole or half, got {note['minutes']!r}")
    for heading, slides in sections(cells).items():
        with_notes = sum(any(cell in notes for cell in slide) for slide in slides)
        if with_notes < min(2, len(slides)):
            found.append(f"{heading}: notes on {with_notes} of {len(slides)} slides")
    return found


def test_every_notebook_has_notes():
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert [file.stem for file in FILES] == [path.name[:2] for path in notebooks]


@pytest.mark.parametrize("notes_file", FILES, ids=lambda file: file.stem)
def test_notes_are_whole_and_in_every_section(notes_file):
    notes = tomllib.loads(notes_file.read_text(encoding="utf-8"))
    assert not faults(notes, cells_of(notes_file))


@pytest.mark.parametrize("notes_file", FILES, ids=lambda file: file.stem)
def test_notes_stand_in_the_order_of_the_cells(notes_file):
    notes = tomllib.loads(notes_file.read_text(encoding="utf-8"))
    assert [c.id for c in cells_of(notes_file) if c.id in notes] == [*notes]


@pytest.mark.parametrize("notes_file", FILES, ids=lambda file: file.stem)
def test_notes_take_no_longer_than_their_notebook(notes_file):
    notes = tomllib.loads(notes_file.read_text(encoding="utf-8"))
    taken = sum(note["minutes"] for note in notes.values())
    assert taken <= stated_minutes(cells_of(notes_file))


def cell(name, kind, source="text"):
    made = nbformat.v4.new_markdown_cell(source, id=name)
    made.metadata["slideshow"] = {"slide_type": kind}
    return made


LESSON = [
    cell("title", "slide", "# 99 A lesson"),
    cell("first", "slide", "## A section"),
    cell("more", "fragment"),
    cell("second", "subslide"),
    cell("aside", "skip"),
    cell("third", "subslide"),
    cell("end", "slide", "## The end"),
]
NOTE = {"ask": "Why?", "wait": "Because.", "wrong": "No reason.", "minutes": 1.5}
NOTES = {"more": NOTE, "third": NOTE, "end": NOTE}


def test_whole_notes_have_no_faults():
    assert faults(NOTES, LESSON) == []


@pytest.mark.parametrize(
    "notes, fault",
    [
        (NOTES | {"aside": NOTE}, "aside: no cell that is shown has this id"),
        (NOTES | {"fourth": NOTE}, "fourth: no cell that is shown has this id"),
        (NOTES | {"end": {"ask": "Why?"}}, "end: expected ask, wait, wrong, minutes"),
        (NOTES | {"end": NOTE | {"more": 1}}, "end: expected ask, wait, wrong, minute"),
        (NOTES | {"end": NOTE | {"wait": " "}}, "end: wait is empty"),
        (NOTES | {"end": NOTE | {"wrong": "Just no."}}, "end: wrong says 'Just'"),
        (NOTES | {"end": NOTE | {"ask": "Say why."}}, "end: ask is no question"),
        (NOTES | {"end": NOTE | {"minutes": 0}}, "end: minutes are whole or half"),
        (NOTES | {"end": NOTE | {"minutes": 1.2}}, "end: minutes are whole or half"),
        (NOTES | {"end": NOTE | {"minutes": "2"}}, "end: minutes are whole or half"),
        ({"first": NOTE, "more": NOTE, "end": NOTE}, "## A section: notes on 1 of 3"),
        ({"first": NOTE, "third": NOTE}, "## The end: notes on 0 of 1 slides"),
    ],
)
def test_a_fault_is_named(notes, fault):
    (found,) = faults(notes, LESSON)
    assert found.startswith(fault)


def test_the_minutes_of_a_head_are_found():
    head = "**You will be able to** add. **Time:** 109 minutes, in three sittings."
    assert stated_minutes([cell("goals", "subslide", head)]) == 109
