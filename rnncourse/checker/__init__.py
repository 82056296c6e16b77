"""`check`: is this exercise solved, and if not, which mistake is it?"""

from rnncourse.checker import bank  # noqa: F401  registers the known mistakes
from rnncourse.checker.check import Verdict, check, judge

__all__ = ["Verdict", "check", "judge"]
