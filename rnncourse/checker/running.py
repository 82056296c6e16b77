"""Calling a student's function so that nothing it does gets out.

Every call gets its own copies of the arguments. Prints are kept, warnings dropped,
exceptions caught, what takes too long is stopped, and nobody is asked for input.
"""

import builtins
import contextlib
import copy
import dis
import inspect
import io
import linecache
import sys
import time
import traceback
import warnings
from typing import NamedTuple

import numpy as np

SECONDS = 3.0  # for all calls of one check together


class Call(NamedTuple):
    """What a call did. after: its arguments afterwards; error: None or an exception."""

    value: object
    after: dict
    error: BaseException | None = None
    printed: str = ""


class TooLong(BaseException):
    """The time is over. Not an Exception, and back again where it is swallowed."""

    def __init__(self, deadline):
        self.deadline = deadline

    def __del__(self):
        # A trace function that raises is removed. Where a bare `except` has dropped
        # the exception and the loop goes on, this puts it back.
        if self.deadline.running:
            self.deadline.watch()


class Deadline:
    """A context in which Python code that runs for too long is stopped by TooLong.

    A trace function looks at the clock. That needs no thread, no process and no signal,
    so it works in notebooks on every system. The one that was there comes back.
    """

    def __init__(self, seconds):
        self.end, self.running = time.monotonic() + seconds, False

    def __enter__(self):
        self.before, self.running = sys.gettrace(), True
        self.watch()

    def __exit__(self, *error):
        self.running = False
        sys.settrace(self.before)

    def watch(self):
        """Trace what is called from now on, and what the student's function is in."""
        frame = sys._getframe()
        while frame is not None and frame.f_code is not call.__code__:
            frame.f_trace = self.trace(frame, "call", None)
            frame = frame.f_back
        sys.settrace(self.trace)

    def trace(self, frame, event, arg):
        if frame.f_code.co_filename == __file__:
            return None
        # Python 3.11 reports no new line when `while True: pass` jumps to itself.
        frame.f_trace_opcodes = sys.version_info < (3, 12)
        if event != "call" and time.monotonic() > self.end:
            raise TooLong(self)
        return self.trace


@contextlib.contextmanager
def no_input():
    """A context in which `input` raises: in a notebook it would wait for an answer."""

    def refuse(prompt=""):
        raise RuntimeError(
            "The values come as arguments, but the function asks for input"
        )

    before, builtins.input = builtins.input, refuse
    try:
        yield
    finally:
        builtins.input = before


def call(function, args, deadline=contextlib.nullcontext()):  # noqa: B008
    """Call `function` with these arguments, which it may change: the Call."""
    printed = io.StringIO()
    value = error = None
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
        no_input(),
    ):
        warnings.simplefilter("ignore")
        try:
            with np.errstate(all="ignore"), deadline:
                value = function(*args.values())
        except (Exception, SystemExit, TooLong) as raised:
            error = raised
    with contextlib.suppress(Exception):  # a generator, for one, cannot be copied
        value = copy.deepcopy(value)
    return Call(value, args, error, printed.getvalue())


def call_all(function, cases):
    """A student's function on all cases, a Call each; the last one may be TooLong."""
    calls, deadline = [], Deadline(SECONDS)
    for case in cases:
        calls.append(call(function, case.fresh(), deadline))
        if isinstance(calls[-1].error, TooLong):
            break
    return calls


def instructions(function):
    """What a function does, in the terms of the interpreter that runs."""
    steps = dis.get_instructions(function)
    return [(s.opname, s.argval) for s in steps if s.opname not in ("RESUME", "NOP")]


STUBS = [instructions(lambda: None), instructions(lambda: ...)]


def is_stub(function):
    """Whether the body is still `...`, `pass` or nothing but a docstring."""
    function = inspect.unwrap(function)
    return inspect.isfunction(function) and instructions(function) in STUBS


def own_line(error, function):
    """The last line of the student's own code that the exception passed, or ""."""
    namespace = getattr(inspect.unwrap(function), "__globals__", None)
    own = [
        (frame.f_code, number)
        for frame, number in traceback.walk_tb(error.__traceback__)
        if frame.f_globals is namespace
    ]
    if not own:
        return ""
    # A call that came too deep has not left the line of its `def` yet.
    begun = [(code, number) for code, number in own if number > code.co_firstlineno]
    code, number = (begun or own)[-1]
    text = linecache.getline(code.co_filename, number).strip()
    return text or f"line {number - code.co_firstlineno + 1} of {code.co_name}"
