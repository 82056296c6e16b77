"""The text to train on: the Shakespeare of the course, or a text file of your own."""

import codecs
import hashlib
import os
from pathlib import Path

SHAKESPEARE_SHA256 = "1e3f33a1ddc03df470038fb1b640760a17f4104e73331938f77a2deab6189b96"
PACKAGE = Path(__file__).resolve().parent
# An installed wheel has the file inside the package, the repository beside it.
PLACES = [folder / "data" / "shakespeare.txt" for folder in (PACKAGE, PACKAGE.parent)]
RESTORE = (
    "Restore it: run 'git checkout -- data/shakespeare.txt' in the repository, "
    "or install rnnlib again."
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

    "shakespeare" is the corpus of the course: 1.13 million characters, 64 symbols,
    checked by its SHA-256. Anything else (str or Path) is the path of a UTF-8 text file
    of yours. Its byte order mark is removed; CRLF and CR become "\\n".

    FileNotFoundError when there is no such file. ValueError when shakespeare.txt was
    changed, or when your file is binary, empty, a directory or in another encoding,
    which is named where it is UTF-16 or looks like a Western one-byte encoding.

    Source: nine plays in the format of Karpathy's tiny Shakespeare (data/README.md).
    """
    if not isinstance(name_or_path, (str, os.PathLike)):
        raise ValueError(
            "name_or_path: expected 'shakespeare' or the path of a text file, "
            f"got {name_or_path!r:.80}"
        )
    if name_or_path == "shakespeare":
        return read_shakespeare()
    given = f"{os.fspath(name_or_path)!r:.300}"
    if os.path.isdir(name_or_path):
        raise ValueError(f"name_or_path: expected a text file, got directory {given}")
    if not os.path.exists(name_or_path):
        raise FileNotFoundError(
            "name_or_path: expected 'shakespeare' or the path of a text file, got "
            f"{given}, and no such file exists (current directory: {Path.cwd()})"
        )
    return decode(Path(name_or_path).read_bytes(), given)


def read_shakespeare():
    """The corpus of the course; an error says what happened to its file."""
    path = next(filter(Path.is_file, PLACES), None)
    if path is None:
        places = " and not at ".join(map(str, PLACES))
        raise FileNotFoundError(
            f"shakespeare.txt is missing: not at {places}. {RESTORE}"
        )
    raw = path.read_bytes()
    if is_original(raw):
        return raw.decode("utf-8")
    if is_original(raw.replace(b"\r\n", b"\n")):
        raise ValueError(
            f"{path}: expected LF line endings, got CRLF (git on Windows may convert "
            f"them); the words are intact. Delete the file first. {RESTORE}"
        )
    raise ValueError(
        f"{path} was edited: expected the SHA-256 {SHAKESPEARE_SHA256}, got another. "
        f"{RESTORE} To train on a text of your own, give it another name and pass its "
        "path to load_corpus."
    )


def is_original(raw):
    """Whether these bytes are the corpus as it was built."""
    return hashlib.sha256(raw).hexdigest() == SHAKESPEARE_SHA256


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
