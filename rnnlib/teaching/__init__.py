"""Help for students: checks, figures, widgets. None of the mathematics is here."""

from rnnlib.teaching.seeing import same, show
from rnnlib.teaching.toy import toy

__all__ = ["same", "show", "toy"]
