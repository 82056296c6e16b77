"""Nothing is misspelt, and the English is British, with -ise: colour, recognise.

Slips are found by codespell, with the words that pyproject.toml lets pass. The spelling
of the other side of the ocean is found by codespell's list of it, read backwards.
"""

import ast
import io
import json
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import codespell_lib
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROSE = ("*.md", "teaching/notes/*.toml")
CODE = ("rnnlib", "rnncourse", "publish", "benchmarks", "teaching", "tests", "data")
# Names in NumPy, pytest and the library, or words that Britain spells so as well.
BRITISH_TOO = """biased center digitize focused license math meter normalize
optimization optimizer optimizers parametrize practice program programs story""".split()
QUOTED = [  # from the gist; a title; a slug; a rule
    "unnormalized log probabilities",
    "simulation of color vision deficiency",
    "not-centered",
    "color-contrast",
]
# With a z in Britain too, beside what the list has.
WITH_Z = r"(?i)\b(?!\w*siz|priz|seiz)[a-z]{3,}iz(?:e[ds]?|ing|ation)\b"


def cells(path):
    """The cells of a notebook: (id, cell type, source) of each."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        yield cell["id"], cell["cell_type"], "".join(cell["source"])


NOTEBOOKS = {path: [*cells(path)] for path in sorted(ROOT.glob("notebooks/*.ipynb"))}


def files():
    """The path and the text of each file that people read, but this one."""
    for path, cells in NOTEBOOKS.items():
        yield path, "\n\n".join(source for _, _, source in cells)
    for pattern in PROSE:
        for path in sorted(ROOT.glob(pattern)):
            yield path, path.read_text(encoding="utf-8")
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            ours = "node_modules" not in path.parts and path != Path(__file__)
            if ours and path.suffix in (".py", ".md", ".c", ".css", ".js", ".html"):
                yield path, path.read_text(encoding="utf-8")


# --- slips --------------------------------------------------------------------


def slips(folder):
    """What codespell finds in the files of `folder`: a list of lines."""
    command = [sys.executable, "-m", "codespell_lib", "--toml", ROOT / "pyproject.toml"]
    done = subprocess.run([*command, "."], cwd=folder, capture_output=True, text=True)
    assert not done.stderr
    return done.stdout.splitlines()


def test_nothing_is_misspelt(tmp_path):
    for path, text in files():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
    assert slips(tmp_path) == []


def test_a_slip_is_found(tmp_path):
    (tmp_path / "a.py").write_text("say('Recieve')\n", encoding="utf-8")
    (found,) = slips(tmp_path)
    assert found.endswith("a.py:1: Recieve ==> Receive")


# --- British ------------------------------------------------------------------


def american():
    """The words that are spelt otherwise in Britain, in lower case."""
    data = Path(codespell_lib.__file__).parent / "data"
    pairs = (data / "dictionary_en-GB_to_en-US.txt").read_text(encoding="utf-8")
    words = re.findall(r"->(\w+)", pairs)
    return {*words, "toward"} - {*BRITISH_TOO}


AMERICAN = american()


def without_code(text):
    """Markdown without code, formulas, addresses, HTML and styles of CSS."""
    text = re.sub(r"(?ms)^ *```.*?^ *```", " ", text)
    text = re.sub(r"`[^`]+`|\$\$.*?\$\$|\$[^$\n]+\$", " ", text, flags=re.DOTALL)
    text = re.sub(r"\]\([^)\s]*\)|https?://\S+|</?\w+[^>]*>", " ", text)
    return re.sub(r"[\w-]*color: *[^\s;]+", " ", text)


def prose_of_code(source):
    """The comments of Python code, and its texts of four words or more."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    found = [token.string for token in tokens if token.type == tokenize.COMMENT]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value if len(node.value.split()) > 3 else "")
    return without_code("\n".join(found))


def abroad(text):
    """The words in a text that are not spelt as in Britain."""
    text = re.sub(r"[\s#]+", " ", text)
    for quoted in QUOTED:
        text = re.sub(quoted, " ", text, flags=re.IGNORECASE)
    words = re.findall(r"[A-Za-z]+", text)
    found = {word for word in words if word.lower() in AMERICAN}
    found |= set(re.findall(WITH_Z, text))
    return sorted(word for word in found if word.lower() not in BRITISH_TOO)


def faults():
    """(place, words from abroad) of each file and cell that has some."""
    for place, text, read in readings():
        # To parse all would take ten times as long.
        if abroad(text) and (words := abroad(read(text))):
            yield place, words


def readings():
    """Of each file and cell: where it is, its text, what makes prose of it."""
    for path, cells in NOTEBOOKS.items():
        for name, kind, source in cells:
            read = without_code if kind == "markdown" else prose_of_cell
            yield f"{path.name}, {name}", source, read
    for path, text in files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in (".md", ".toml"):
            yield name, text, without_code
        elif path.suffix == ".py":
            yield name, text, prose_of_code


def prose_of_cell(source):
    """As prose_of_code; the lines that begin with % or ! are not Python."""
    return prose_of_code(re.sub(r"(?m)^( *)[%!]", r"\1pass  # ", source))


def test_the_english_is_british():
    assert dict(faults()) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The color of its neighbors.", ["color", "neighbors"]),
        ("It recognizes and vectorizes.", ["recognizes", "vectorizes"]),
        ("Towards, not toward.", ["toward"]),
        ("The colour of neighbours; a size, a seized prize; Adam, an optimizer.", []),
        ("`color` and $color$ and\n```\ncolor\n```\n[a](colors.md)", []),
    ],
)
def test_words_from_abroad_are_found(text, found):
    assert abroad(without_code(text)) == found


def test_comments_and_messages_are_read_and_short_strings_are_not():
    code = (
        "def f(color):  # gray\n    return g('center', f'{color} has the color gray')"
    )
    assert abroad(prose_of_code(code)) == ["color", "gray"]
