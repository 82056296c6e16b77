"""The far side of the grader: processes that run a student's code, one at a time.

`teaching/running.py` starts this file as a program, twice. One process has NumPy and
nothing of the course: it calls the student's function and hands back what it did, as
data. The other one has the checker, which names the mistake. Both wait for work and
fork for each function: that is quicker than a new Python, and whatever the function
changes is gone with its process.

Requests come as pickles, from the grader. Answers go back as JSON, which runs nothing
when it is read. Before any code of a student's runs, `guard` closes files, network and
other processes to it; what that is not is said in `running.py`.
"""

import ast
import base64
import builtins
import ctypes
import gc
import importlib.util
import io
import json
import linecache
import os
import pickle
import socket
import sys
from pathlib import Path

import numpy as np

try:
    import resource
except ModuleNotFoundError:  # Windows: the Runner says that it cannot grade there
    resource = None

CPU = 20  # seconds of the processor
MEMORY = 1 << 30  # bytes, on top of what NumPy and the checker take
FILES = 1 << 20  # bytes of a file that it may write, in a folder of its own
KINDS = "biufcU"  # of arrays that are data
# What Python reports before it does it: https://docs.python.org/3/library/audit_events
CLOSED = (
    *("code.__new__", "ctypes.", "fcntl.", "ftplib.", "gc.", "http.", "mmap."),
    *("os.chdir", "os.chmod", "os.chown", "os.exec", "os.fork", "os.kill", "os.link"),
    *("os.mkdir", "os.posix_spawn", "os.putenv", "os.remove", "os.rename", "os.rmdir"),
    *("os.spawn", "os.startfile", "os.symlink", "os.system", "os.truncate"),
    *("os.utime", "pty.", "resource.", "shutil.", "signal.", "socket.", "sqlite3."),
    *("subprocess.", "urllib."),
)
LOOKS = ("open", "os.listdir", "os.scandir")
COURSE = ("rnnlib", "rnncourse", "teaching")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


# --- what goes through the wire -----------------------------------------------


def send(channel, payload):
    """Send bytes, their number first."""
    channel.sendall(len(payload).to_bytes(8, "big") + payload)


def receive(channel, limit, wait=lambda channel: None):
    """The bytes that `send` sent. wait is called before each part.

    EOFError: the other side is gone. ValueError: more than `limit` bytes.
    """

    def read(n):
        parts = []
        while n:
            wait(channel)
            part = channel.recv(min(n, 1 << 16))
            if not part:
                raise EOFError("the other side is gone")
            parts.append(part)
            n -= len(part)
        return b"".join(parts)

    size = int.from_bytes(read(8), "big")
    if size > limit:
        raise ValueError(f"{size} bytes come, at most {limit} are read")
    return read(size)


def pack(value):
    """A result, as `plain` copied it, in terms of JSON."""
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        held = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
        one = isinstance(value, np.generic)
        return {
            "array": held,
            "kind": array.dtype.str,
            "shape": array.shape,
            "one": one,
        }
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, list):
        return [pack(part) for part in value]
    if isinstance(value, tuple):
        return {"tuple": [pack(part) for part in value]}
    if isinstance(value, dict):
        return {"dict": [[pack(key), pack(part)] for key, part in value.items()]}
    if value is ...:
        return {"dots": True}
    return {"other": [value.kind, value.once, value.deep]}


def unpack(value, other):
    """What `pack` packed. other: makes the stand-in for a result that is no data.

    ValueError, TypeError, KeyError, RecursionError: it did not come from `pack`.
    """
    if isinstance(value, list):
        return [unpack(part, other) for part in value]
    if not isinstance(value, dict):
        return value
    if "array" in value:
        kind = np.dtype(value["kind"])
        if kind.kind not in KINDS:
            raise ValueError(f"kind: expected one of {KINDS}, got {kind}")
        held = np.frombuffer(base64.b64decode(value["array"]), kind)
        array = held.reshape(value["shape"]).copy()
        return array[()] if value["one"] else array
    if "complex" in value:
        return complex(*value["complex"])
    if "tuple" in value:
        return tuple(unpack(part, other) for part in value["tuple"])
    if "dict" in value:
        return {unpack(k, other): unpack(part, other) for k, part in value["dict"]}
    if "dots" in value:
        return ...
    kind, once, deep = value["other"]
    return other(str(kind)[:80], bool(once), bool(deep))


# --- the student's code -------------------------------------------------------


def kept_nodes(text):
    """The statements of a student's file that define something: they alone are run.

    Imports but those of the course, functions, classes, and names for a value that
    calls nothing but NumPy. A run of the training at the end of a file takes no time.
    """
    return [node for node in ast.parse(text).body if is_definition(node)]


def is_definition(node):
    """Whether a statement at the top of a file defines something."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return True
    if isinstance(node, ast.Import):
        return not any(alias.name.split(".")[0] in COURSE for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] not in COURSE
    if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
        return False
    calls = [part.func for part in ast.walk(node.value) if isinstance(part, ast.Call)]
    return all(root_of(called) in ("np", "numpy") for called in calls)


def root_of(node):
    """The name at the start of a dotted one: np of np.linalg.norm."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return getattr(node, "id", None)


def defined_by(text, filename, lent):
    """The names that a student's text defines, and over them those that it is lent.

    A statement that raises defines nothing, as in a notebook.
    """
    names = {"__name__": "my_rnn", "__builtins__": builtins, "np": np}
    lines = text.splitlines(keepends=True)
    linecache.cache[filename] = len(text), None, lines, filename
    for node in kept_nodes(text):
        try:
            exec(compile(ast.Module([node], []), filename, "exec"), names)
        except BaseException:
            continue
    names.update(lent)
    return names


def guard(folder, hidden):
    """From now on nothing of this process opens what it need not open.

    folder: the one where it may write. hidden: folders that it may not read; what
    Python itself is made of stays open. Raises PermissionError in the code that asks.
    """
    folder = os.path.realpath(folder)
    free = [folder, os.path.realpath(sys.prefix), os.path.realpath(sys.base_prefix)]
    hidden = [os.path.realpath(path) for path in hidden]

    def inside(path, place):
        return path == place or path.startswith(place + os.sep)

    def refuse(event, args):
        if event == "import":
            if args[0].partition(".")[0] in COURSE:
                raise ModuleNotFoundError(f"No module named {args[0]!r}", name=args[0])
        elif event in LOOKS:
            path = args[0]
            if not isinstance(path, (str, bytes)):
                return
            path = os.path.realpath(os.fsdecode(path))
            if event == "open" and args[2] & WRITES and not inside(path, folder):
                raise PermissionError("no file can be written while this is graded")
            closed = any(inside(path, place) for place in hidden)
            if closed and not any(inside(path, place) for place in free):
                raise PermissionError("this file is closed while this is graded")
        elif event.startswith(CLOSED):
            raise PermissionError(f"{event} is closed while this is graded")

    sys.addaudithook(refuse)


def limit():
    """Limits of this process and what it starts: processor, memory, files."""

    def at_most(what, value):
        _, hard = resource.getrlimit(what)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, value))

    at_most(resource.RLIMIT_CPU, CPU)
    at_most(resource.RLIMIT_FSIZE, FILES)
    at_most(resource.RLIMIT_CORE, 0)
    at_most(resource.RLIMIT_NOFILE, 64)
    pages = Path("/proc/self/statm")
    if pages.exists():  # elsewhere the limit on memory has no effect
        now = int(pages.read_text("ascii").split()[0]) * resource.getpagesize()
        at_most(resource.RLIMIT_AS, now + MEMORY)


# --- the work -----------------------------------------------------------------


def judge(job, channel):
    """What the checker says of a function: its status, the mistake, the message."""
    from rnncourse.checker import running
    from rnncourse.checker.exercises import EXERCISES
    from teaching.judging import verdict_of

    running.SECONDS = job["time"]
    lent = {name: EXERCISES[name].truth for name in job["lent"]}
    guard(job["folder"], job["hidden"])
    function = defined_by(job["text"], job["filename"], lent).get(job["name"])
    return verdict_of(function, job["name"], job["seed"])


def read(job, channel):
    """What stands in the files of one student."""
    from teaching.submissions import contents

    return contents(job["paths"])


class Asked:
    """Stands for a function of the grader's: the grader works it out."""

    def __init__(self, case, channel):
        self.case, self.channel = case, channel

    def __call__(self, theta):
        send(self.channel, json.dumps({"f": self.case, "at": pack(theta)}).encode())
        value, problem = json.loads(receive(self.channel, 1 << 20))
        if problem:
            raise ValueError(problem)
        return value


class Blocks:
    """The five blocks of a network, as the course's Params shows them to a reader."""

    def __init__(self, **arrays):
        vars(self).update(arrays)
        self.dtype = arrays["Wxh"].dtype
        self.theta = np.concatenate([array.ravel() for array in arrays.values()])

    def items(self):
        return [(name, vars(self)[name]) for name in ("Wxh", "Whh", "Why", "bh", "by")]


class Given:
    """The arguments of one call, new ones each time."""

    def __init__(self, number, held, channel):
        self.number, self.held, self.channel = number, held, channel

    def fresh(self):
        reader = pickle.Unpickler(io.BytesIO(self.held))
        reader.persistent_load = self.stand_in
        return reader.load()

    def stand_in(self, what):
        return Blocks(**what) if what else Asked(self.number, self.channel)


def call(job, channel):
    """What a function does with each of the arguments: results, changes, exceptions."""
    calls = sys.modules["calls"]
    cases = [Given(n, held, channel) for n, held in enumerate(job["cases"])]
    guard(job["folder"], job["hidden"])
    course = {"np": np}
    exec(job["source"], course)
    lent = {name: course[name] for name in job["lent"]}
    function = defined_by(job["text"], job["filename"], lent).get(job["name"])
    if not callable(function):
        return []
    done = calls.call_all(function, cases, job["time"], calls.Memory(53, function))
    return [called(each, calls.plain) for each in done]


def called(one, plain):
    """A Call in terms of JSON. What is no data among the arguments is left out."""
    after = {
        name: pack(plain(value))
        for name, value in one.after.items()
        if not isinstance(value, (Asked, Blocks, np.random.Generator))
    }
    error = one.error and type(one.error).__name__
    soft = isinstance(one.error, Exception)
    return {"value": pack(one.value), "after": after, "error": error, "soft": soft}


WORK = {"judge": judge, "read": read, "call": call}


def work(channel):
    """Do one piece of work in this process, which ends with it."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(os.devnull, mode, encoding="utf-8") for mode in ("r", "w", "w")
    )
    job = pickle.loads(receive(channel, 1 << 26))
    os.chdir(job["folder"])
    limit()
    send(channel, json.dumps(WORK[job["work"]](job, channel)).encode())


def serve(control):
    """Fork for each channel that comes, until the grader is gone."""
    gc.collect()
    gc.freeze()  # the children share these pages
    while True:
        asked, numbers, _, _ = socket.recv_fds(control, 1, 1)
        if not asked:
            return
        process = os.fork()
        if process == 0:
            control.close()
            try:
                work(socket.socket(fileno=numbers[0]))
            finally:
                os._exit(0)
        os.close(numbers[0])
        control.sendall(process.to_bytes(8, "big"))
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass


def main():
    """The program: the number of its socket, what it knows, the course's folder."""
    number, knows, root = sys.argv[1:]
    if knows == "the course":
        sys.path.insert(0, root)
        import teaching.judging
        import teaching.submissions  # noqa: F401
    else:
        sys.path[:] = [p for p in sys.path if os.path.realpath(p) != root]
        where = Path(root, "rnncourse", "checker", "running.py")
        spec = importlib.util.spec_from_file_location("calls", where)
        sys.modules["calls"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["calls"])
    ctypes.pythonapi.PyThreadState_SetAsyncExc  # noqa: B018  found before `guard`
    serve(socket.socket(fileno=int(number)))


if __name__ == "__main__":
    main()
