"""The text to train on: one that ships with the course, or a file of your own."""

import codecs
import hashlib
import os
from pathlib import Path

SHA256 = {
    "shakespeare": "1e3f33a1ddc03df470038fb1b640760a17f4104e73331938f77a2deab6189b96",
    "python": "2b8a6deb31c9ce02b99634aee5f3b2293ba447ab394379308aef7478bd6c3c1a",
    "names": "fdbbbe30a05f3cc27112622c76e6bbcde65b96596d1dc7f3e5ac5ef58e979681",
}
PACKAGE = Path(__file__).resolve().parent
# An installed wheel has the files inside the package, the repository beside it.
FOLDERS = [folder / "data" for folder in (PACKAGE, PACKAGE.parent)]
RESTORE = (
    "Restore it: run 'git checkout -- data/{0}.txt' in the repository, "
    "or install rnnlib again."
)
EXPECTED = (
    "name_or_path: expected 'shakespeare', 'python', 'names' or the path of a text file"
)
CONVERT = (
    ". It looks like {0}, another encoding. Save it as UTF-8 in an editor, or run: "
    "python -c \"from pathlib import Path; text = Path({1}).read_text('{0}'); "
    "Path('utf8.txt').write_text(text, 'utf-8')\" and take utf8.txt"
)
BINARY = " (a binary file, or a damaged one)"
CONTROLS = set(range(32)) - set(b"\t\n\f\r")  # never part of a text


def load_corpus(name_or_path="shakespeare") -> str:
    """The text to train on, one string, never empty; its lines end in "\\n".

    "shakespeare" is the corpus of the course: 1.13 million characters, 64 symbols.
    "python" is code, 0.46 million characters, 96 symbols. "names" is a list of 5,163
    first names, sorted, a line each, 53 symbols. All are checked by their SHA-256.
    Anything else (str or Path) is the path of a UTF-8 text file of yours. Its byte
    order mark is removed; CRLF and CR become "\\n".

    FileNotFoundError when there is no such file. ValueError when a text of the course
    was changed, or when your file is binary, empty, a directory or in another encoding,
    which is named where it is UTF-16 or looks like a Western one-byte encoding.

    Source: nine plays in the format of Karpathy's tiny Shakespeare, five modules of
    Python's standard library, and the United States census of 1990 (data/README.md).
    """
    if not isinstance(name_or_path, (str, os.PathLike)):
        raise ValueError(f"{EXPECTED}, got {name_or_path!r:.80}")
    if isinstance(name_or_path, str) and name_or_path in SHA256:
        return read_ours(name_or_path)
    given = f"{os.fspath(name_or_path)!r:.300}"
    if os.path.isdir(name_or_path):
        raise ValueError(f"name_or_path: expected a text file, got directory {given}")
    if not os.path.exists(name_or_path):
        raise FileNotFoundError(
            f"{EXPECTED}, got {given}, and no such file exists "
            f"(current directory: {Path.cwd()})"
        )
    return decode(Path(name_or_path).read_bytes(), given)


def read_ours(name):
    """A text of the course; an error says what happened to its file."""
    paths, restore = [f / f"{name}.txt" for f in FOLDERS], RESTORE.format(name)
    path = next(filter(Path.is_file, paths), None)
    if path is None:
        places = " and not at ".join(map(str, paths))
        raise FileNotFoundError(f"{name}.txt is missing: not at {places}. {restore}")
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() == SHA256[name]:
        return raw.decode("utf-8")
    if hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest() == SHA256[name]:
        raise ValueError(
            f"{path}: expected LF line endings, got CRLF (git on Windows may convert "
            f"them); the words are intact. Delete the file first. {restore}"
        )
    raise ValueError(
        f"{path} was edited: expected the SHA-256 {SHA256[name]}, got another. "
        f"{restore} To train on a text of your own, give it another name and pass its "
        "path to load_corpus."
    )


def decode(raw, given):
    """Bytes of a reader's file as text with LF line endings."""
    problem = ""
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        problem = f"byte 0x{raw[error.start]:02x} at position {error.start}"
    else:
        problem = f"a NUL byte at position {raw.index(0)}" if b"\0" in raw else ""
    if problem:
        encoding = looks_like(raw)
        hint = CONVERT.format(encoding, given) if encoding else BINARY
        expected = "name_or_path: expected a UTF-8 text file"
        raise ValueError(f"{expected}, got {given} with {problem}{hint}")
    if not text:
        raise ValueError(f"name_or_path: expected a text, got empty file {given}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def looks_like(raw):
    """The encoding that text which is not UTF-8 seems to be in; None for no text."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Without a mark: every second byte of Western letters in UTF-16 is 0.
    for encoding, letters, zeros in (
        ("utf-16-le", raw[::2], raw[1::2]),
        ("utf-16-be", raw[1::2], raw[::2]),
    ):
        if len(letters) == len(zeros) < 2 * zeros.count(0) and 0 not in letters:
            return encoding
    if not set(raw).isdisjoint(CONTROLS):
        return None
    # UTF-8 that is damaged in a few places still has letters that are more than ASCII.
    letters = [c for c in raw.decode("utf-8", "replace") if not c.isascii()]
    return "cp1252" if letters.count("\ufffd") > 0.5 * len(letters) else None
