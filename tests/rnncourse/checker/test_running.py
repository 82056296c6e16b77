"""Whatever a function does: a verdict comes, in time, and nothing gets out."""

import builtins
import math
import pdb
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import rnnlib
from rnncourse.checker import check, running
from rnncourse.checker.comparing import alike
from rnncourse.checker.exercises import EXERCISES, Case
from tests.rnncourse.checker.correct_submissions import CORRECT
from tests.rnncourse.checker.test_check import ENDLESS, student, within

NAMES = list(EXERCISES)


@pytest.fixture
def no_threads(monkeypatch):
    def start(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)


# In time


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_loop_is_stopped_where_there_are_no_threads(
    body, short_deadline, no_threads
):
    before = sys.gettrace()
    with within(1.5):
        verdict = check(student(f"def softmax(y):\n    {body}"))
    assert verdict.message.startswith('Stopped in your line "')
    assert sys.gettrace() is before


def test_right_answers_are_right_where_there_are_no_threads(no_threads):
    for function in CORRECT:
        assert check(function).status == "correct"


def test_a_sleep_is_left_behind(short_deadline, monkeypatch):
    monkeypatch.setattr(running, "GRACE", 0.4)
    before = threading.enumerate()
    verdict = check(
        student("""
            import time
            def softmax(y):
                time.sleep(8)
                while True: pass
        """)
    )
    assert verdict.message.startswith('Stopped in your line "time.sleep(8)"')
    (other,) = [t for t in threading.enumerate() if t not in before]
    other.join(60)  # the loop after the sleep does not run
    assert not other.is_alive()


def test_a_loop_in_a_function_that_is_called_is_the_line_where_it_stops(short_deadline):
    verdict = check(
        student("""
            def helper(y):
                while True: pass
            def softmax(y):
                return helper(y)
        """)
    )
    assert verdict.message.startswith('Stopped in your line "while True: pass"')


def test_the_time_begins_with_the_function(monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 1)
    guard = running.Deadline.guard

    def late(deadline, work):
        time.sleep(1.5)
        guard(deadline, work)

    monkeypatch.setattr(running.Deadline, "guard", late)
    assert check(student("def softmax(y):\n    return right(y)")).status == "correct"


def test_time_that_is_lost_before_the_function_blames_no_line(
    short_deadline, monkeypatch
):
    fresh, main = Case.fresh, threading.get_ident()

    def slow(case):
        if threading.get_ident() != main:
            time.sleep(0.5)
        return fresh(case)

    monkeypatch.setattr(Case, "fresh", slow)
    verdict = check(student("def softmax(y):\n    return right(y)"))
    assert verdict.message.startswith("Stopped: all inputs together have 3 seconds. ")


def test_time_that_is_over_when_all_is_done_accuses_nobody(short_deadline, monkeypatch):
    plain, read = running.plain, []

    def slow(result):
        read.append(result)
        if len(read) == 17:  # after eight truths and eight results, these once more
            time.sleep(0.5)
        return plain(result)

    monkeypatch.setattr(running, "plain", slow)
    verdict = check(student("def softmax(y):\n    return right(y)"))
    assert len(read) > 16 and verdict.status == "correct"


def test_a_stop_outside_of_the_function_has_the_line_that_it_came_through():
    function = student("def softmax(y):\n    raise y")
    elsewhere = [(globals(), check.__code__, 1)]
    with pytest.raises(running.TooLong) as caught:
        function(running.TooLong(places=elsewhere))
    assert running.own_line(caught.value, function) == "raise y"


# A program that ends although something of the student's still sleeps in it.
ASLEEP = """
from rnncourse.checker import check, running
from tests.rnncourse.checker.test_check import student
running.SECONDS = 0.3
print(check(student("import time\\ndef softmax(y):\\n    time.sleep(100)")))
"""


def test_a_sleep_does_not_keep_a_program_from_its_end():
    told = subprocess.run(
        [sys.executable, "-c", ASLEEP], capture_output=True, text=True, timeout=300
    )
    assert told.returncode == 0 and "time.sleep(100)" in told.stdout, told.stderr


def test_at_most_five_seconds_pass_in_all(earnest):
    """Also where each of the things that `check` does takes as long as it may."""
    assert running.SECONDS + 2 * (running.LATER + running.GRACE) + running.GRACE < 5.5
    slow = student("""
        import time
        calls = []
        def grad_a(dh_t, h_t):
            calls.append(0)
            time.sleep(0.9)
            return np.float64(dh_t)
    """)
    assert check(slow).status == "wrong"
    assert len(slow.__globals__["calls"]) <= 5


def test_a_hundred_prints_a_call_are_not_too_slow(earnest, monkeypatch):
    limit = running.SECONDS
    monkeypatch.setattr(running, "SECONDS", 60)  # on a loaded machine they may take it
    chatty = student("""
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            for line in range(100):
                print(line, h_init, Wxh)
            return right(inputs, h_init, Wxh, Whh, Why, bh, by)
    """)
    with within(limit):
        assert check(chatty).status == "correct"


def test_recursion_without_a_limit_ends():
    verdict = check(
        student("""
            import sys
            def softmax(y):
                sys.setrecursionlimit(10**9)
                return softmax(y)
        """)
    )
    assert "RecursionError" in verdict.message or "calls itself" in verdict.message


def test_a_result_that_takes_for_ever_to_read_is_stopped(short_deadline):
    verdict = check(
        student("""
            class Slow:
                def __array__(self, *args, **kwargs):
                    while True: pass
            def softmax(y):
                return Slow()
        """)
    )
    assert verdict.message.startswith('Stopped in your line "while True: pass"')


# Whatever comes back

ODD = {
    "a set": "{1, 2}",
    "a list of dicts": "[{'inputs': [1], 'targets': [2]}]",
    "a list of sets": "[{1, 2}, {3, 4}]",
    "an empty list": "[]",
    "an empty tuple": "()",
    "an empty dict": "{}",
    "two empty lists": "([], [])",
    "three empty lists": "[], [], []",
    "huge integers": "[10**400, 1]",
    "one huge integer": "10**400",
    "text": "'123'",
    "texts": "['0', '1']",
    "an array of text": "np.array(['0', '1'])",
    "objects": "np.array([object()])",
    "bytes": "b'01'",
    "a type": "dict",
    "a function": "len",
    "a module": "np",
    "None in a list": "[None, None]",
    "an iterator": "iter([1, 2])",
    "a range": "range(3)",
    "nothing in three dimensions": "np.zeros((0, 3, 1))",
    "a number in no dimension": "np.array(3.0)",
    "a nested dict": "{'dWxh': {'dWhh': 1}}",
    "dates": "np.array(['2020-01-01'], dtype='datetime64[D]')",
    "records": "np.zeros(3, dtype=[('a', float), ('b', int)])",
    "masked": "np.ma.masked_array([1.0, 2.0], mask=[True, False])",
    "what raises when read": "Trap()",
    "a list of what raises": "[Trap(), Trap()]",
    "what is no exception": "Worse()",
}
TRAPS = """
class Trap:
    def __getattr__(self, name):
        raise ValueError(name)
    __array__ = __len__ = __iter__ = __getitem__ = __eq__ = __float__ = __hash__ = (
        lambda self, *args: 1 / 0
    )
class Worse:
    def __array__(self, *args, **kwargs):
        raise SystemExit
"""


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_returned_is_a_verdict(name):
    arguments = ", ".join(EXERCISES[name].arguments)
    for about, value in ODD.items():
        source = f"{TRAPS}\ndef {name}({arguments}):\n    return {value}"
        verdict = check(student(source))
        assert verdict.status == "wrong" or EXERCISES[name].form == "in place", about
        assert len(verdict.message) > 20, about


@pytest.mark.parametrize("key", ["dWxh", "dWhh", "dWhy", "dbh", "dby"])
def test_a_part_that_is_not_yet_written_is_said_to_be_empty(key):
    verdict = check(
        student(f"""
            def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
                grads = right(inputs, targets, h, h_prev, p, Wxh, Whh, Why)
                return grads | {{"{key}": []}}
        """)
    )
    assert f"{key} is empty" in verdict.message


def test_an_interrupt_while_a_result_is_read_gets_through():
    with pytest.raises(KeyboardInterrupt):
        check(
            student("""
                class Odd:
                    def __array__(self, *args, **kwargs):
                        raise KeyboardInterrupt
                def softmax(y):
                    return Odd()
            """)
        )


@pytest.mark.parametrize("error", ["BaseException", "GeneratorExit", "SystemExit"])
def test_whatever_is_raised_is_a_verdict(error):
    verdict = check(student(f"def softmax(y):\n    raise {error}('stop')"))
    assert verdict.status == "wrong" and error in verdict.message


def test_a_dict_that_contains_itself_is_nested_too_deeply():
    verdict = check(
        student("""
            def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
                grads = {}
                grads["dWxh"] = grads
                return grads
        """)
    )
    assert "The result is a dict, nested too deeply." in verdict.message


def test_what_is_nested_too_deeply_is_like_nothing_that_is_not():
    endless = []
    endless.append(endless)
    assert alike(endless, [endless], 0)
    assert not alike(endless, [1.0], 0) and not alike([1.0], endless, 0)


# NumPy follows every path through a list that contains itself: six of the list in it
# are more paths than there is memory. In a process of its own, with a limit on both.
LOOPS = """
import resource
import numpy as np
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

from rnncourse import hunt
from rnncourse.checker import check
from tests.rnncourse.checker.test_check import student

MADE = (
    "from collections import UserList, deque", "def softmax(y):", "values = {}()",
    "for k in range(6): values.append(values)", "{}",
)
for kind, rest in (
    ("list", "return values"),
    ("deque", "return values"),
    ("UserList", "return values"),
    ("list", "return np.array(values)"),
    ("list", "return values @ values"),
):
    import_, head, *body = MADE
    text = "\\n    ".join([head, *body]).format(kind, rest)
    print(check(student(f"{import_}\\n{text}")).message)

loop = np.empty(1, object)
loop[0] = loop
def train(ids, params, T, steps, lr, limit):
    params["Wxh"] = loop
    return loop
print(check(train).message)

values = []
values += [values] * 6
program = hunt.program(*range(1, 9))
print(hunt.check(vars(program) | {"softmax": lambda y: values}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="no limit on memory")
def test_what_contains_itself_does_not_take_all_memory():
    told = subprocess.run(
        [sys.executable, "-c", LOOPS], capture_output=True, text=True, timeout=300
    )
    assert told.returncode == 0, told.stderr[-2000:]
    lines = told.stdout.splitlines()
    assert [line for line in lines[:3] if "nested too deeply" in line] == lines[:3]
    assert "ValueError: a list that contains itself, or is nested" in lines[3]
    assert "@ cannot be applied to these kinds: list and list" in lines[4]
    assert "losses is an ndarray, expected numbers" in lines[5]
    assert lines[6].startswith("1 fault is left.")


def test_a_flood_of_prints_is_cut(short_deadline, capsys):
    verdict = check(student("def nll(p, targets):\n    while True: print('x' * 1000)"))
    assert verdict.message.startswith('Stopped in your line "while True: print')
    shown = capsys.readouterr().out
    assert len(shown) < 5000 and "... and more than 90 lines more" in shown


def test_random_numbers_are_not_taken_for_memory():
    verdict = check(
        student("""
            def draw(p, u):
                return np.random.choice(len(p), p=p)
        """)
    )
    assert "Random numbers do that" in verdict.message


@pytest.mark.parametrize("default", ["[]", "np.zeros(9)"])
def test_a_default_that_is_kept_is_told(default):
    verdict = check(
        student(f"""
            def smooth(losses, start, beta=0.999, values={default}):
                values = values if type(values) is list else list(values)
                values += right(losses, start, beta)
                return values
        """)
    )
    kept = "A list or an array as a default is made once" in verdict.message
    assert verdict.status == "wrong" and kept == (default == "[]")


def test_text_is_not_read_as_numbers():
    for text in (
        "[str(v) for v in x]",
        "x.astype(str)",
        "x.astype(str).astype(object)",
    ):
        verdict = check(
            student(f"""
                def one_hot(k, V):
                    x = right(k, V)
                    return {text}
            """)
        )
        assert verdict.status == "wrong" and "text, expected numbers" in (
            verdict.message.replace("array of ", "").replace(" in an array", "")
        )


@pytest.mark.parametrize("line", ["breakpoint()", "import pdb; pdb.set_trace()"])
def test_a_breakpoint_is_told_with_its_line(line):
    before = sys.breakpointhook, pdb.set_trace
    verdict = check(student(f"def softmax(y):\n    {line}\n    return right(y)"))
    assert "stops for a debugger" in verdict.message and f'"{line}"' in verdict.message
    assert (sys.breakpointhook, pdb.set_trace) == before


# The world


CHANGES = {
    "np.tanh": "np.tanh = np.sin",
    "np.exp": "np.exp = lambda x: 2.0**x",
    "a norm": "np.linalg.norm = lambda *args: 1.0",
    "a new name": "np.squash = np.tanh",
    "a deleted name": "del np.cosh",
    "the library": "import rnnlib; rnnlib.softmax = None",
    "a module of the library": "import rnnlib.loss; rnnlib.loss.np = None",
    "math": "math.exp = None",
    "a built-in": "import builtins; builtins.sum = None",
    "stdout": "import sys, io; sys.stdout = io.StringIO()",
}


@pytest.mark.parametrize("line", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("name", ["softmax", "rnn_step"])
def test_what_a_function_changes_is_put_back(line, name):
    modules = [np, np.linalg, math, builtins, rnnlib, rnnlib.loss]
    before = [dict(vars(m)) for m in modules], sys.stdout
    arguments = ", ".join(EXERCISES[name].arguments)
    source = f"def {name}({arguments}):\n    {line}\n    return right({arguments})"
    check(student(source))
    assert ([dict(vars(m)) for m in modules], sys.stdout) == before


def test_a_changed_function_of_numpy_does_not_change_the_truth():
    verdict = check(
        student("""
            def rnn_step(x, h_prev, Wxh, Whh, bh):
                np.tanh = lambda a: a
                return Wxh @ x + Whh @ h_prev + bh
        """)
    )
    assert verdict.misconception == "tanh-forgotten"


def test_an_import_inside_stays_and_is_no_mistake():
    imports = student("""
        def softmax(y):
            import colorsys
            import numpy.polynomial
            return right(y)
    """)
    assert check(imports).status == "correct"
    assert np.polynomial.Polynomial([1])(0) == 1


@pytest.mark.parametrize(
    "u", ["np.random.random()", "np.random.default_rng().random()"]
)
def test_random_numbers_are_not_taken_for_memory_that_was_not_filled(u):
    """Generators are made of np.empty too, in the copies of the arguments as well."""
    verdict = check(
        student(f"""
            def generate(prompt, n, params, rng):
                return right(prompt, n, params, np.random.default_rng(int(1e9 * {u})))
        """)
    )
    assert verdict.message.startswith("The same arguments give another result")


@pytest.mark.parametrize("make", ["np.empty(y.shape)", "np.empty_like(y)"])
def test_memory_that_nobody_filled_is_dirty(make):
    lucky = student(f"""
        def softmax(y):
            p = {make}
            p += right(y)
            return p
    """)
    verdict = check(lucky)
    assert verdict.status == "wrong" and "np.empty takes memory as it is" in (
        verdict.message
    )
    filled = student(
        f"def softmax(y):\n    p = {make}\n    p[:] = right(y)\n    return p"
    )
    assert check(filled).status == "correct"


def test_dirty_memory_may_hold_integers_and_truth_values():
    for dtype in ("int", "bool", "np.uint8", "complex", "object", "str"):
        filled = student(f"""
            def softmax(y):
                np.empty(3, dtype={dtype})
                return right(y)
        """)
        assert check(filled).status == "correct", dtype


# Right code


def test_a_partial_that_keeps_its_names():
    functions = student("""
        def smooth(values, start, beta):
            return right(values, start, beta)
        def average(losses, start, beta=0.5):
            return right(losses, start, beta)
        partial = functools.partial(average, beta=0.999)
        functools.update_wrapper(partial, average)
        partial.__name__ = "smooth"
    """).__globals__
    assert check(functions["partial"]).status == "correct"


def test_a_decorator_that_hides_the_name_is_named():
    decorated = student("""
        def timed(function):
            def wrapper(*args):
                return function(*args)
            return wrapper
        @timed
        def softmax(y):
            return right(y)
    """)
    with pytest.raises(ValueError) as caught:
        check(decorated)
    assert str(caught.value) == (
        "function: softmax goes by the name of wrapper, because a decorator hides its "
        "name; take the decorator off, or put functools.wraps into it"
    )
