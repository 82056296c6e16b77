"""The checker's time, for all tests of the course but those that are about it."""

import pytest

from rnncourse import hunt
from rnncourse.checker import running

TIMES = [(running, name) for name in ("SECONDS", "LATER", "GRACE")]
TIMES.append((hunt, "SECONDS"))
EARNEST = [getattr(module, name) for module, name in TIMES]


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A right answer is not late where the machine had something else to do."""
    for module, name in TIMES:
        monkeypatch.setattr(module, name, 60)


@pytest.fixture
def earnest(patience, monkeypatch):
    """The checker's own seconds."""
    for (module, name), seconds in zip(TIMES, EARNEST):
        monkeypatch.setattr(module, name, seconds)


@pytest.fixture
def short_deadline(earnest, monkeypatch):
    """0.3 seconds for the first pass, for what never ends; it is seen to its end."""
    monkeypatch.setattr(running, "SECONDS", 0.3)
    monkeypatch.setattr(running, "GRACE", 60)
