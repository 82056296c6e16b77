"""Help for students: checks, figures, widgets. None of the mathematics is here."""

from rnnlib.teaching.check import Verdict, check
from rnnlib.teaching.seeing import same, show
from rnnlib.teaching.toy import toy

__all__ = ["Verdict", "check", "same", "show", "toy"]
