"""What `make release` refuses, and the version, which is one and the same everywhere.

A whole release needs the network: `make release` is its own test.
"""

import re
import subprocess
import tarfile
import tomllib
from pathlib import Path

import pytest

from publish import release

ROOT = Path(__file__).resolve().parents[2]


def test_the_version_and_the_author_are_the_same_everywhere():
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    version = pyproject["project"]["version"]
    number = r"\d+\.\d+\.\d+"
    first = {  # the first that each names
        name: re.search(pattern, (ROOT / name).read_text(encoding="utf-8"), re.M)[1]
        for name, pattern in {
            "CITATION.cff": rf"^version: ({number})$",
            "CHANGELOG.md": rf"\b({number})\b",
            "README.md": rf"rnnlib-({number})-py3-none-any\.whl",
        }.items()
    }
    assert first == dict.fromkeys(first, version)
    (author,) = pyproject["project"]["authors"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n  - name: {author['name']}\n" in citation


def course(folder, **files):
    """A repository in `folder` with these files committed."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *command], cwd=folder, check=True)
    return folder


def test_a_version_without_its_section_of_changes_is_refused(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', "utf-8")
    changes = tmp_path / "CHANGELOG.md"
    for text in ("# Changes\n\n## 1.2.30\n", "1.2.3 is next\n", "## 1x2.3\n"):
        changes.write_text(text, "utf-8")
        with pytest.raises(SystemExit, match=r"expected a section '## 1\.2\.3'"):
            release.version_of(tmp_path)
    changes.write_text("# Changes\n\n## 1.2.3, 4 May 2027\n", "utf-8")
    assert release.version_of(tmp_path) == "1.2.3"


def test_what_is_exported_is_what_is_committed(tmp_path):
    here = course(tmp_path / "here", **{".gitignore": "ignored\n", "a.py": "a = 1\n"})
    (here / "ignored").touch()
    assert release.export(here, tmp_path / "there") == {
        Path(".gitignore"),
        Path("a.py"),
    }
    assert (tmp_path / "there" / "a.py").read_text(encoding="utf-8") == "a = 1\n"
    (here / "new.py").touch()
    with pytest.raises(
        SystemExit, match=r"(?s)is committed, and this is not:.*new\.py"
    ):
        release.export(here, tmp_path / "new")
    (here / "new.py").unlink()
    (here / "a.py").write_text("a = 2\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"(?s)is committed, and this is not:.*a\.py"):
        release.export(here, tmp_path / "changed")


def test_names_and_what_the_sdist_holds_are_compared(tmp_path):
    for name in ("a.py", "PKG-INFO"):
        (tmp_path / name).touch()
    sdist, wheel = (
        tmp_path / f"rnnlib-1.2.3{end}" for end in (".tar.gz", "-py3-none-any.whl")
    )
    with tarfile.open(sdist, "w:gz") as archive:
        for name in ("a.py", "PKG-INFO"):
            archive.add(tmp_path / name, f"rnnlib-1.2.3/{name}")
    release.check_names([sdist, wheel], "1.2.3", {Path("a.py")})
    with pytest.raises(SystemExit, match="not in both: a.py, b.py"):
        release.check_names([sdist, wheel], "1.2.3", {Path("b.py")})
    for files, version in (([sdist, wheel], "1.2.4"), ([sdist], "1.2.3")):
        with pytest.raises(SystemExit, match="expected the files"):
            release.check_names(files, version, {Path("a.py")})


def test_a_step_that_fails_ends_the_release(tmp_path):
    with pytest.raises(SystemExit, match="failed: git no-such-command"):
        release.run("git", "no-such-command", cwd=tmp_path)
