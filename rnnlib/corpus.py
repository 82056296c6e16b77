"""The text to train on: the Shakespeare of the course, or a text file of your own."""

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


def load_corpus(name_or_path="shakespeare") -> str:
    """The text to train on, one string, never empty; its lines end in "\\n".

    "shakespeare" is the corpus of the course: 1.13 million characters, 64 symbols,
    checked by its SHA-256. Anything else (str or Path) is the path of a UTF-8 text file
    of yours. Its byte order mark is removed; CRLF and CR become "\\n".

    FileNotFoundError when there is no such file. ValueError when shakespeare.txt was
    changed, or when your file is binary, empty or a directory.

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
    if b"\0" in raw:
        raise ValueError(
            f"name_or_path: expected a UTF-8 text file, got binary file {given} "
            f"(NUL byte at position {raw.index(0)})"
        )
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"name_or_path: expected a UTF-8 text file, got {given} with byte "
            f"0x{raw[error.start]:02x} at position {error.start} (a binary file, or "
            "another encoding)"
        ) from None
    if not text:
        raise ValueError(f"name_or_path: expected a text, got empty file {given}")
    return text.replace("\r\n", "\n").replace("\r", "\n")
