"""Calling a student's function so that nothing it does gets out.

Every call gets its own copies of the arguments. Prints are kept, warnings dropped,
exceptions caught, nobody is asked for input, NumPy and the course are afterwards what
they were, and what takes too long is stopped.

The function runs in a thread, so that the verdict comes even if it does not. What is
stopped there is Python code. A single call into C (a sleep, a product of huge arrays)
goes on in the background, and the thread ends with it. Two limits remain: C code that
keeps all threads waiting (`sum(range(10**12))`) holds up the verdict too; and where no
thread can be started, as in a browser, any single call into C does.
"""

import builtins
import contextlib
import ctypes
import dis
import functools
import inspect
import io
import linecache
import math
import pdb
import sys
import threading
import time
import traceback
import types
import warnings
from collections import UserList, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

SECONDS = 3.0  # for all calls of one check together
LATER = 0.6  # for what is called once more, to see whether and how it changes
GRACE = 0.4  # for a function to end once it has been stopped
PRINTED = 100_000  # characters of what a call prints
TRUSTED = (bool, int, float, complex, str, type(None), type(...), np.generic)
LISTS = (list, tuple, deque, UserList)  # can hold others, and themselves


class Call(NamedTuple):
    """What a call did.

    value: a copy of the result, see `plain`. after: its arguments afterwards. error:
    None or an exception. later: what the result holds when all calls are over.
    """

    value: object
    after: dict
    error: BaseException | None = None
    printed: str = ""
    later: object = None


@dataclass(frozen=True)
class Other:
    """Stands for a result that is no number, array, text, list, tuple or dict.

    kind: the name of its type. once: it can be read only once. deep: its lists are
    nested deeper than any result.
    """

    kind: str
    once: bool = False
    deep: bool = False


class TooLong(BaseException):
    """The time is over. Not an Exception, and back again where it is swallowed.

    places: where the function was, as (its globals, code, line), outermost first.
    """

    def __init__(self, deadline=None, places=()):
        # Raised from another thread, it comes as a class and is made in this one.
        self.deadline = deadline or getattr(
            threading.current_thread(), "deadline", None
        )
        self.places = places
        if deadline is None and self.deadline:
            self.deadline.watch()

    def __del__(self):
        # A trace function that raises is removed. Where a bare `except` has dropped
        # the exception and the loop goes on, this puts it back.
        late = self.deadline
        if late and late.running and threading.get_ident() == late.ident:
            late.watch()


class Deadline:
    """Runs work in a thread, or without one where there are none, for so many seconds.

    Python code that is late gets a TooLong. For code that swallows it, or where there
    are no threads, a trace function looks at the clock in the student's own lines.
    """

    def __init__(self, seconds, function):
        self.seconds, self.end, self.begun = seconds, None, threading.Event()
        self.home, self.running = home_of(function), True
        self.raised, self.places, self.ident = None, (), None

    def run(self, work):
        """Do work(), which runs the student's function by `attempt`.

        Exceptions that are not the student's own get through, a KeyboardInterrupt too.
        """
        thread = threading.Thread(target=self.guard, args=(work,), daemon=True)
        thread.deadline = self
        try:
            thread.start()
        except RuntimeError:  # a browser has no threads
            self.run_here(work)
        else:
            try:
                self.begun.wait()  # later than at once where the machine is busy
                thread.join(self.seconds)
            finally:
                self.stop(thread)
        if self.raised is not None:
            raise self.raised

    def run_here(self, work):
        """Do work() in this thread, traced from the start."""
        before = sys.gettrace()
        sys.settrace(self.trace)
        try:
            self.guard(work)
        finally:
            sys.settrace(before)

    def guard(self, work):
        """Do work() in this thread; what it raises is kept for the one that waits."""
        self.ident = threading.get_ident()
        self.end = time.monotonic() + self.seconds
        self.begun.set()
        try:
            work()
        except TooLong:
            pass
        except BaseException as error:
            self.raised = error
        finally:
            self.running = False

    def stop(self, thread):
        """Raise TooLong in a thread that is late, and give it a moment to end."""
        frame = sys._current_frames().get(thread.ident)
        if frame is None or not thread.is_alive():
            return
        stack = traceback.walk_stack(frame)
        places = [(f.f_globals, f.f_code, number) for f, number in stack]
        self.places = places[::-1]
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(TooLong)
        )
        thread.join(GRACE)

    def watch(self):
        """Trace what is called from now on, and what the student's function is in."""
        frame = sys._getframe()
        while frame is not None and frame.f_code is not attempt.__code__:
            frame.f_trace = self.trace(frame, "call", None)
            frame = frame.f_back
        sys.settrace(self.trace)

    def trace(self, frame, event, arg):
        if frame.f_globals is not self.home or not self.running:
            return None
        # Python 3.11 reports no new line when `while True: pass` jumps to itself.
        frame.f_trace_opcodes = sys.version_info < (3, 12)
        if event != "call" and time.monotonic() > self.end:
            raise TooLong(self)
        return self.trace


def refuse(what):
    """A function that raises where the student's would wait for an answer."""

    def refused(*args, **kwargs):
        raise RuntimeError(what)

    return refused


ASKS = refuse("The values come as arguments, but the function asks for input")
WAITS = refuse("The function stops for a debugger; take that line out")


class Memory:
    """np.empty and np.empty_like over memory that holds something, the same each time.

    Fresh memory is often zero, and a function that needs zeros is then right by luck.
    Only a function's own calls are meant, not those inside of NumPy.
    """

    def __init__(self, dirt, function):
        self.dirt, self.home, self.used = dirt, home_of(function), False

    def dirty(self, make):
        @functools.wraps(make)
        def made(*args, **kwargs):
            array = make(*args, **kwargs)
            own = sys._getframe(1).f_globals is self.home
            if own and array.dtype.kind in "biufc":
                array.fill(self.dirt)
                self.used = True
            return array

        return made


def shallow(make):
    """np.array or np.asarray that refuses a list which contains itself.

    NumPy would follow every path through it, until there is no memory left.
    """

    @functools.wraps(make)
    def made(*args, **kwargs):
        if any(map(is_deep, args[:1])):
            raise ValueError("a list that contains itself, or is nested too deeply")
        return make(*args, **kwargs)

    return made


class Printed(io.StringIO):
    """What was printed, cut off where it becomes too much to keep."""

    def write(self, text):
        if self.tell() <= PRINTED:
            super().write(text)
        return len(text)


@contextlib.contextmanager
def quiet():
    """A context that prints nothing and warns of nothing: yields what was printed."""
    printed = Printed()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield printed


@contextlib.contextmanager
def contained(memory):
    """As `quiet`, and what is changed in NumPy or the course is put back."""
    before = [(module, dict(vars(module))) for module in world()]
    with quiet() as printed:
        try:
            builtins.input, sys.breakpointhook, pdb.set_trace = ASKS, WAITS, WAITS
            sys.setrecursionlimit = lambda limit: None
            np.empty = memory.dirty(np.empty)
            np.empty_like = memory.dirty(np.empty_like)
            np.array, np.asarray = shallow(np.array), shallow(np.asarray)
            yield printed
        finally:
            for module, names in before:
                put_back(vars(module), names)


def world():
    """The modules that a student's function might change: NumPy's and the course's."""
    ours = [
        module
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] in ("rnnlib", "rnncourse")
    ]
    return [builtins, math, pdb, sys, np, np.linalg, np.random, *ours]


def put_back(now, before):
    """Give the names of a module the values that they had; imports stay."""
    for name in list(now):
        if name not in before and not isinstance(now[name], types.ModuleType):
            del now[name]
    for name, value in before.items():
        if now.get(name) is not value:
            now[name] = value


def attempt(function, args, printed):
    """Call `function` with these arguments, which it may change: result and Call."""
    value = error = copied = None
    printed.seek(0)
    printed.truncate()
    try:
        with np.errstate(all="ignore"):
            if takes_only_names(function, args):
                value = function(**args)
            else:
                value = function(*args.values())
            copied = plain(value)
    except KeyboardInterrupt:
        raise
    except BaseException as raised:
        error = raised
    # Where the time is over before all results are read again, none has changed.
    return value, Call(copied, args, error, printed.getvalue(), later=copied)


def takes_only_names(function, args):
    """Whether it is a functools.partial that takes one of these only by its name."""
    if not isinstance(function, functools.partial):
        return False
    try:
        inspect.signature(function, follow_wrapped=False).bind(*args.values())
    except TypeError:
        return True
    return False


def call(function, args):
    """Call a function that is not the student's: the Call."""
    with quiet() as printed:
        return attempt(function, args, printed)[1]


def call_all(function, cases, seconds, memory):
    """A student's function on all cases, a Call each; the last one may be TooLong."""
    done, deadline = [], Deadline(seconds, function)

    def work():
        results = []
        for case in cases:
            result, called = attempt(function, case.fresh(), printed)
            results.append(result)
            done.append(called)
            if isinstance(called.error, TooLong):
                return
        for n, result in enumerate(results):
            done[n] = done[n]._replace(later=plain(result))

    with contained(memory) as printed:
        deadline.run(work)
    calls = list(done)  # what is left behind may go on
    if len(calls) < len(cases) and not is_late(calls):
        calls.append(Call(None, cases[len(calls)].fresh(), TooLong(deadline)))
    if is_late(calls):
        calls[-1].error.places = deadline.places
    return calls


def is_late(calls):
    """Whether the last call was stopped."""
    return bool(calls) and isinstance(calls[-1].error, TooLong)


def plain(value):
    """A copy of a result that runs nothing of the student's when it is read.

    Numbers, text, arrays and nested lists, tuples and dicts of them; an Other for all
    else. What reading a result raises stays in here.
    """
    kind = type(value).__name__
    try:
        if is_deep(value):
            return Other(kind, deep=True)
        if isinstance(value, TRUSTED):
            return value
        if isinstance(value, Mapping):
            return {key: plain(value[key]) for key in value}
        if isinstance(value, tuple):
            return tuple(plain(item) for item in value)
        if hasattr(value, "__array__"):
            return plain_array(np.array(value), kind)
        if hasattr(value, "__getitem__") and not isinstance(value, bytes):
            return [plain(item) for item in value]
        if hasattr(value, "__float__"):  # a Fraction, for one
            return float(value)
        return Other(kind, once=hasattr(value, "__next__"))
    except (KeyboardInterrupt, TooLong):
        raise
    except BaseException:
        return Other(kind)


def plain_array(array, kind):
    """An array of numbers or text; an Other where objects are no numbers."""
    if array.dtype.kind == "O":
        text = any(isinstance(item, (str, bytes)) for item in array.flat)
        return Other("array of text") if text else array.astype(float)
    return array if array.dtype.kind in "biufcU" else Other(kind)


def is_deep(value, levels=4):
    """Whether lists are nested deeper than any result; one that contains itself is."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, LISTS):
        return False
    return levels == 0 or any(is_deep(item, levels - 1) for item in value)


def kind_of(value):
    """What to call the kind of a result."""
    return value.kind if isinstance(value, Other) else type(value).__name__


def with_article(kind, a="a"):
    """A kind with its article, "a" or "A": "a dict", "an ndarray"."""
    vowel = kind[0] in "aeioAEIO" or kind == "ndarray"
    return f"{a}{'n' if vowel else ''} {kind}"


def shorten(text, width):
    """At most `width` characters of a text."""
    return text if len(text) <= width else text[: width - 3] + "..."


def home_of(function):
    """The globals of a student's function, those of its notebook, or None."""
    while isinstance(function, functools.partial):
        function = function.func
    return getattr(inspect.unwrap(function), "__globals__", None)


def instructions(function):
    """What a function does, in the terms of the interpreter that runs."""
    steps = dis.get_instructions(function)
    return [(s.opname, s.argval) for s in steps if s.opname not in ("RESUME", "NOP")]


STUBS = [instructions(lambda: None), instructions(lambda: ...)]


def is_stub(function):
    """Whether the body is still `...`, `pass` or nothing but a docstring."""
    function = inspect.unwrap(function)
    return inspect.isfunction(function) and instructions(function) in STUBS


def own_places(error, function):
    """The student's own code that an exception passed: (code, line), the last last."""
    passed = [
        (frame.f_globals, frame.f_code, number)
        for frame, number in traceback.walk_tb(error.__traceback__)
    ]
    home = home_of(function)
    for places in (getattr(error, "places", ()), passed):
        own = [(code, number) for names, code, number in places if names is home]
        if own:
            return own
    return []


def own_line(error, function):
    """The last line of the student's own code that the exception passed, or ""."""
    own = own_places(error, function)
    if not own:
        return ""
    # A call that came too deep has not left the line of its `def` yet.
    begun = [(code, number) for code, number in own if number > code.co_firstlineno]
    code, number = (begun or own)[-1]
    text = linecache.getline(code.co_filename, number).strip()
    return text or f"line {number - code.co_firstlineno + 1} of {code.co_name}"
