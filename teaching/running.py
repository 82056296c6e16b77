"""Judging a student's function where it can do no harm to the grade of another.

    verdict = judge_file("my_rnn.py", "softmax", seed="s1234")

The checker runs in one process, which has the student's code in it and so might be
talked into anything: it names the mistake, and gives no points. "correct" it is only if
a second process, which has NumPy and nothing of the course, returns the right numbers
for test inputs drawn from the seed. They come back as data, and this process holds them
against the truth.

What is kept off, and tried in tests: loops without end (the checker's seconds, then a
limit on the processor), memory (1 GB, on Linux), os._exit, SystemExit, prints, large
results, files outside of a folder that is thrown away, files of the course and of other
students, the network, other processes, a NumPy that is changed, code that reads or
replaces the checker.

What it does not protect against: the processes run as you, on your machine. The limits
on files, network and processes are Python's own audit hook. Code that is written to get
around that (through C, or a fault in Python) can do whatever you can. Where you expect
it, grade in a container or under an account that owns nothing.
"""

import atexit
import functools
import io
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from threading import Lock

import numpy as np

from rnncourse.checker import Verdict
from rnncourse.checker.check import MISSING
from rnncourse.checker.comparing import make_trial
from rnncourse.checker.exercises import EXERCISES, Probe
from rnncourse.checker.misconceptions import BANK
from rnncourse.checker.running import SECONDS, Call, Other, call
from rnnlib.forward import Params
from teaching import child, submissions
from teaching.judging import cases_of, source_of_truths

ROOT = Path(__file__).resolve().parents[1]
CODE = [ROOT / name for name in ("rnnlib", "rnncourse", "teaching", "tests")]
CODE += [ROOT / name for name in ("notebooks", "publish", "build")]
JUDGING, CALLING, READING = 60, 30, 30  # seconds, on a machine that has much to do
ANSWER = 1 << 26  # bytes of an answer
WORDS = 1000  # characters of a message
LOST = {
    "late": "It was not over after {seconds} seconds. Is there a loop without an end?",
    "gone": (
        "Its process ended before the function returned. Does it call exit, or take "
        "more memory than there is?"
    ),
    "unreadable": "What it returns is too large, or no data.",
}
NO_ANSWER = {
    "late": "does not end",
    "gone": "ends the process",
    "unreadable": "returns no data",
}
APART = (
    "The checker finds it right. Called in a process that has NumPy and nothing of the "
    "course, it {}. Does it lean on something outside of itself?"
)


class Lost(Exception):
    """No answer came: "late", "gone" or "unreadable"."""


class Ended(Exception):
    """The runner was closed, or its processes do not start."""


class Server:
    """A process that forks for each piece of work: see `child.py`."""

    def __init__(self, knows):
        self.knows, self.lock, self.closed = knows, Lock(), False
        self.start()

    def start(self):
        """Start the process; what it works for has NumPy, or the course too."""
        self.control, theirs = socket.socketpair()
        kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "MPLCONFIGDIR")
        number = str(theirs.fileno())
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", child.__file__, number, self.knows, str(ROOT)],
                env={k: os.environ[k] for k in kept if k in os.environ}
                | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def close(self):
        """End the process, and start no other one."""
        self.closed = True
        self.control.close()
        self.process.kill()
        self.process.wait()

    def fork(self, channel):
        """A new process with this end of a channel: its number."""
        with self.lock:
            for last in (False, True):
                try:
                    socket.send_fds(self.control, [b"w"], [channel.fileno()])
                    number = self.control.recv(8)
                    if len(number) == 8:
                        return int.from_bytes(number, "big")
                except OSError:
                    pass
                if last or self.closed:
                    raise Ended("the process that judges has ended")
                self.control.close()
                self.process.kill()
                self.process.wait()
                self.start()

    def do(self, work, seconds, answer=None, **job):
        """Have this work done: its answer, or Lost.

        answer: a function for what the process asks in between.
        """
        ours, theirs = socket.socketpair()
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)

        def wait(channel):
            channel.settimeout(max(end - time.monotonic(), 0.001))

        with folder, ours:
            with theirs:
                process = self.fork(theirs)  # once the server is up
            end = time.monotonic() + seconds
            try:
                job |= {"work": work, "folder": folder.name}
                child.send(ours, pickle.dumps(job))
                while True:
                    said = json.loads(child.receive(ours, ANSWER, wait))
                    if not (answer and isinstance(said, dict) and "f" in said):
                        return said
                    child.send(ours, json.dumps(answer(said)).encode())
            except TimeoutError:
                raise Lost("late") from None
            except (OSError, EOFError):
                raise Lost("gone") from None
            except (ValueError, TypeError, KeyError, IndexError, RecursionError):
                raise Lost("unreadable") from None
            finally:
                for kill in (os.killpg, os.kill):
                    with suppress(ProcessLookupError, PermissionError):
                        kill(process, signal.SIGKILL)


class Runner:
    """The two servers. hidden: folders that no student's code may read."""

    seconds = SECONDS  # for all calls of one function, in each of the two

    def __init__(self, hidden=()):
        if not hasattr(os, "fork"):
            raise Ended(
                "grading needs fork, which this system does not have: use Linux, macOS "
                "or, on Windows, WSL"
            )
        self.hidden = [str(path) for path in hidden]
        self.course, self.bare = Server("the course"), Server("NumPy alone")
        self.comparing = Lock()  # what is printed meanwhile is dropped, in all threads

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.course.close()
        self.bare.close()

    def read(self, paths):
        """What stands in a student's files, see `submissions.contents`."""
        try:
            return self.course.do("read", READING, paths=[str(path) for path in paths])
        except Lost:
            return {"problem": "Python cannot take this file apart", "texts": []}

    def judge(self, texts, name, seed):
        """The Verdict on the function `name` of a student.

        texts: what `read` found. seed: of the test inputs, None for those that a
        student meets in the notebook. Earlier exercises that the same text does not
        define are the course's, as `yours` gives them in a notebook; and where a
        function is right with all of them the course's, it is right.
        """
        found = submissions.where(texts, name)
        if found is None:
            return Verdict(name, "missing", None, MISSING.format(name))
        if name in found["broken"]:
            return Verdict(name, "wrong", None, found["broken"][name])
        order = list(EXERCISES)
        earlier = order[: order.index(name)]
        job = {"text": found["text"], "filename": found["file"], "name": name}
        lent = [other for other in earlier if other not in found["defines"]]
        verdict = self.judged(job, name, seed, lent)
        if verdict.status == "wrong" and set(found["calls"][name]) & set(earlier):
            other = self.judged(job, name, seed, earlier)
            return other if other.status == "correct" else verdict
        return verdict

    def judged(self, job, name, seed, lent):
        """The Verdict on a function with these exercises of the course's."""
        try:
            job |= {"seed": seed, "lent": lent, "hidden": self.hidden}
            job["time"] = self.seconds
            verdict = verdict_from(name, self.course.do("judge", JUDGING, **job))
        except Lost as lost:
            words = LOST[str(lost)].format(seconds=JUDGING)
            return Verdict(name, "wrong", None, words)
        problem = verdict.status == "correct" and self.called_apart(job, name, seed)
        if problem:
            return Verdict(name, "wrong", None, APART.format(problem))
        return verdict

    def called_apart(self, job, name, seed):
        """What a function does wrong in a process without the course, "" if nothing."""
        with self.comparing, np.errstate(all="ignore"):
            cases = cases_of(name, seed)
        given = [case.fresh() for case in cases]
        job = job | {
            "source": source_of_truths(job["lent"]),
            "cases": [pickled(args) for args in given],
            "hidden": [*self.hidden, *map(str, CODE)],
        }
        try:
            answer = functools.partial(worked_out, given)
            said = self.bare.do("call", CALLING, answer, **job)
            calls = [call_from(args, one) for args, one in zip(given, said)]
            with self.comparing, np.errstate(all="ignore"):
                return difference(EXERCISES[name], cases, calls)
        except Lost as lost:
            return NO_ANSWER[str(lost)]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return NO_ANSWER["unreadable"]


def difference(exercise, cases, calls):
    """Where calls first do otherwise than the truth, in words, "" if nowhere."""
    if len(calls) < len(cases):
        return "returns nothing"
    for case, one in zip(cases, calls):
        truth = call(exercise.truth, case.fresh())
        if not make_trial(exercise, case, one, truth).right:
            how = f"raises {one.error}" if one.error else "gives other numbers"
            return f"{how} at {case.about}"
    return ""


def verdict_from(name, said):
    """The Verdict that a process says, in which the student's code ran. Lost: none."""
    try:
        status, mistake, message = said
        if status not in ("correct", "wrong", "missing"):
            raise ValueError
        if not isinstance(mistake, str) or (name, mistake) not in BANK:
            mistake = None
        return Verdict(name, status, mistake, submissions.clean(str(message)[:WORDS]))
    except (TypeError, ValueError):
        raise Lost("unreadable") from None


def call_from(args, said):
    """The Call that a process says; arguments that are no data are as they were."""
    after = {name: child.unpack(part, Other) for name, part in said["after"].items()}
    error = None
    if said["error"]:
        kind = Exception if said["soft"] else BaseException
        error = kind(str(said["error"])[:80])
    return Call(child.unpack(said["value"], Other), args | after, error)


def pickled(args):
    """Arguments as a pickle that needs NumPy alone; see `child.Given`."""

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            # A pickle takes no None for a stand-in, so a Probe is an empty dict.
            if isinstance(value, Probe):
                return {}
            return dict(value.items()) if isinstance(value, Params) else None

    held = io.BytesIO()
    Pickler(held).dump(args)
    return held.getvalue()


def worked_out(given, said):
    """The value of a case's function at theta, and what it raises, "" if nothing."""
    probe = next((v for v in given[said["f"]].values() if isinstance(v, Probe)), None)
    try:
        return float(probe(child.unpack(said["at"], Other))), ""
    except (ValueError, TypeError) as error:
        return 0.0, str(error) or "f cannot be worked out there"


@functools.cache
def shared_runner():
    """A Runner for those who judge single files, until the program ends.

    It hides the current folder: that of a course, with solutions and submissions.
    """
    runner = Runner([Path.cwd()])
    atexit.register(runner.close)
    return runner


def judge_file(path, name, seed=None):
    """The Verdict on the function `name` in a student's file, .py or .ipynb.

    Runs it as `Runner` says; the first call takes about a second more than the next.
    ValueError: not the name of an exercise, or the file cannot be read.
    """
    if name not in EXERCISES:
        raise ValueError(f"name: expected the name of an exercise, got {name!r}")
    path, runner = Path(path).resolve(), shared_runner()
    found = runner.read([path])
    if found["problem"]:
        raise ValueError(f"path: {path.name}: {found['problem']}")
    return runner.judge(found["texts"], name, seed)
