"""The bank of misconceptions: every mistake shows, and no two are confused."""

import itertools
import re
import shutil
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from rnncourse import check
from rnncourse.checker import misconceptions
from rnncourse.checker.check import same_call
from rnncourse.checker.exercises import EXERCISES
from rnncourse.checker.misconceptions import BANK, misconception
from rnncourse.checker.running import call
from tests.rnncourse.checker.test_check import student
from tests.rnncourse.checker.wrong_submissions import WRONG

NAMES = list(EXERCISES)
ROOT = Path(__file__).parents[3]
README = ROOT / "README.md"

# The mistakes that readers of the source texts and students are known to make.
KNOWN = {
    "one_hot": "one-place-too-low zero-among-ones index-as-value",
    "make_chunks": "targets-are-the-inputs last-full-chunk-dropped "
    "overlapping-windows last-target-missing",
    "look_up": "rows-for-columns transposed only-the-first",
    "rnn_step": "bias-forgotten Whh-transposed tanh-forgotten sigmoid-for-tanh "
    "tanh-of-each-term column-plus-row",
    "rnn_forward": "h_init-ignored h_init-at-every-step y-from-the-previous-state "
    "all-T+1-states",
    "run_in_chunks": "h_init-at-every-chunk zeros-at-every-chunk "
    "short-last-chunk-dropped short-last-chunk-padded",
    "softmax": "no-shift one-maximum-for-all-rows axis-of-time sigmoid-of-each-logit "
    "exp-forgotten",
    "nll": "base-two-logarithm mean-over-time sign-forgotten same-row-for-all-targets "
    "one-minus-p epsilon-in-the-logarithm",
    "grad_y": "minus-one-forgotten p-and-e-swapped minus-one-everywhere p-changed",
    "push": "uphill rows-for-columns repeated-input-pushed-once mean-over-the-pairs "
    "new-array one-after-the-other",
    "grad_Why_by": "previous-states only-the-last-step divided-by-T",
    "grad_h": "da_next-forgotten only-da_next Whh-not-transposed Why-not-transposed",
    "grad_a": "slope-forgotten one-minus-h sigmoid-slope tanh-applied-again",
    "grad_Wxh_Whh_bh": "repeated-character-overwritten states-one-step-too-old "
    "states-one-step-too-new dWhh-transposed",
    "rnn_backward": "no-way-back forward-order dh_next-accumulated rolled-h "
    "way-back-without-tanh clipped-inside h-for-h_prev",
    "numerical_gradient": "one-sided eps-too-small entry-not-restored "
    "only-the-diagonal",
    "relative_error": "nothing-over-nothing signed",
    "clip": "new-array only-the-upper-side",
    "adagrad": "update-before-memory root-forgotten uphill memory-of-sizes "
    "param-is-a-new-array memory-is-a-new-array",
    "draw": "largest-probability uniform one-too-low one-too-high",
    "smooth": "running-mean weights-swapped",
    "train": "state-not-carried state-carried-over-the-end update-before-the-loss "
    "clip-forgotten params-as-they-were memory-reset smoothed-losses mean-loss "
    "last-chunk-missed",
    "generate": "last-character-read-twice prompt-ignored state-set-to-zeros "
    "drawn-not-fed-back largest-probability prompt-in-the-list",
    "output_in_rows": "axis-of-time whole-columns-subtracted mean-loss",
    "backward_lean": "no-way-back all-rows-at-once Whh-transposed slope-at-the-end "
    "forward-order",
    "path_jacobian": "first-step-on-the-left slopes-on-the-columns entry-by-entry "
    "slopes-forgotten transposed Whh-transposed one-step-only one-factor-short",
    "chunk_backward": "dh-next-ignored dh-next-taken-for-da dh-next-at-every-step "
    "dh-next-past-tanh da-for-dh-init Whh-not-transposed-in-dh-init",
    "sensitivity": "immediate-only slope-forgotten Whh-transposed h-for-h-prev "
    "i-and-j-swapped slope-on-one-part every-unit-pushed",
    "shorten": "new-array entry-by-entry short-ones-lengthened root-forgotten "
    "largest-entry-for-the-length length-of-one",
    "adam": "no-correction n-counted-from-zero root-forgotten uphill betas-swapped "
    "gradient-for-the-mean update-before-the-means correction-kept "
    "means-are-new-arrays param-is-a-new-array",
    "cosine": "linear below-zero a-quarter-of-the-wave upward ends-one-step-early",
    "stop_at": "the-best-of-all where-it-stops first-rise rises-in-a-row "
    "count-never-reset patience-one-too-long",
    # Notebook 12.
    "pass_down": "way-back-forgotten way-back-in-dx slope-forgotten forward-order "
    "Wxh-on-the-wrong-side Whh-not-transposed slope-in-dx",
    "lstm_step_back": "state-path-forgotten later-forgotten gate-slopes-forgotten "
    "slope-of-the-cell-forgotten sigmoid-slope-for-g f-forgotten cell-for-its-tanh "
    "g-and-w-swapped",
    "forget_bias": "one-step-only divided-by-n the-share-itself exp-for-sigmoid "
    "upside-down power-for-root",
    "pad_batch": "targets-are-the-inputs closing-border-masked padded-in-front "
    "names-in-rows mask-of-ones",
    "mask_loss": "mean-over-all-rows dy-not-masked minus-one-forgotten sums-for-means "
    "loss-not-masked zero-times-infinity",
    "bit_loss": "z-minus-p slope-of-the-sigmoid-added logarithm-of-zero only-the-ones "
    "means-for-sums",
    "softmax_back": "sum-forgotten only-the-own-slope mean-without-weights "
    "one-sum-for-all-rows",
    "surprise": "nats negative one-number of-the-likeliest entropy",
    "correlate": "not-centered covariance squared without-sign across-units",
    "beyond_input": "mean-of-all the-means-themselves scaled h-itself next-input",
    "influence": "slope-forgotten Whh-not-transposed last-step-only newest-first "
    "of-the-state of-da squared",
    # Notebook 13.
    "without_start": "never-divided start-taken-whole n-counted-from-zero "
    "fades-once-only divided-by-what-fades",
    "deviations": "argument-p-ignored variance-for-deviation shares-for-counts "
    "sign-turned without-sign poisson-spread never-drawn-left-out",
    "next_chunk": "last-full-chunk-skipped target-forgotten on-past-the-end "
    "always-on one-chunk-further",
    # Notebook 14.
    "from_torch": "second-bias-left-out mean-of-the-biases weights-transposed "
    "names-mixed-up",
    "mean_loss": "sum-for-mean dy-of-the-sum softmax-twice no-shift "
    "one-maximum-for-all-rows all-targets-in-every-row",
    "adagrad_torch": "eps-inside-the-root the-courses-adagrad update-before-memory "
    "eps-forgotten",
}


def entries_of(name):
    return [entry for entry in BANK.values() if entry.exercise == name]


def forms_of(name):
    return [(entry.slug, f) for entry in entries_of(name) for f in entry.functions]


def calls_of(exercise, function):
    return [call(function, case.fresh()) for case in exercise.cases]


def same_function(exercise, left, right):
    return all(same_call(exercise, a, b) for a, b in zip(left, right))


def named(function, name):
    """A student's function that does what `function` does."""

    def submission(*args):
        return function(*args)

    submission.__name__ = name
    return submission


def test_the_bank_is_large_enough():
    sizes = Counter(entry.exercise for entry in BANK.values())
    small = ", ".join(name for name in NAMES if sizes[name] < 4)
    assert not small, f"rnncourse/checker/bank: add misconceptions, 4 each, of {small}"
    assert sum(sizes.values()) >= 80


@pytest.mark.parametrize("name", NAMES)
def test_the_known_mistakes_are_in_it(name):
    assert name in KNOWN, f"add the mistakes that students of {name} make to KNOWN"
    missing = set(KNOWN[name].split()) - {entry.slug for entry in entries_of(name)}
    assert not missing, f"rnncourse/checker/bank: add to {name} {', '.join(missing)}"


@pytest.mark.parametrize("name", NAMES)
def test_every_mistake_differs_from_the_truth(name):
    exercise = EXERCISES[name]
    truth = calls_of(exercise, exercise.truth)
    for slug, function in forms_of(name):
        calls = calls_of(exercise, function)
        alike = same_function(exercise, calls, truth)
        assert not alike, f"{slug} passes: add an input of {name} on which it fails"
        assert any(each.error is None for each in calls), f"{slug} only raises"


@pytest.mark.parametrize("name", NAMES)
def test_every_mistake_differs_from_every_other(name):
    exercise = EXERCISES[name]
    calls = [(slug, calls_of(exercise, f)) for slug, f in forms_of(name)]
    for (slug, left), (other, right) in itertools.combinations(calls, 2):
        if slug != other:
            alike = same_function(exercise, left, right)
            assert not alike, f"{slug} is {other}: add an input of {name} that differs"


@pytest.mark.parametrize("name", NAMES)
def test_every_mistake_is_recognised_and_its_message_read(name):
    for slug, function in forms_of(name):
        verdict = check(named(function, name))
        assert (verdict.status, verdict.misconception) == ("wrong", slug), verdict
        assert verdict.message == BANK[name, slug].message
        lines = repr(verdict).splitlines()
        assert len(lines) <= 4 and not lines[-1].endswith(" ..."), verdict
        assert all(len(line) <= 75 for line in lines)


@pytest.mark.parametrize("entry", BANK.values(), ids=lambda e: f"{e.exercise}-{e.slug}")
def test_a_message_is_one_to_three_sentences(entry):
    assert re.fullmatch(r"[A-Za-z0-9_+]+(-[A-Za-z0-9_+]+)*", entry.slug)
    sentences = re.split(r"(?<=[^.][.?!])\s+", entry.message)
    assert 1 <= len(sentences) <= 3 and entry.message[-1] in ".?!"
    assert len(entry.message) >= 40
    for word in ("simply", "obviously", "just ", "easy"):
        assert word not in entry.message


@pytest.mark.parametrize("factor", [1.5, 1e-3])
def test_the_comparison_is_of_outputs_not_of_sizes_of_error(factor):
    """A near miss of a known mistake is not that mistake."""

    def softmax(y):
        e = np.exp(y - np.max(y, axis=-1, keepdims=True))
        return 1 / (1 + np.exp(-y)) * (1 + factor) if y.ndim else e

    assert check(softmax).misconception is None


def test_two_mistakes_at_once_name_one_and_say_where_the_other_is():
    def grad_Wxh_Whh_bh(da, h_prev, inputs, V):
        return da.T @ np.eye(V)[inputs], h_prev.T @ da, 3 * da[-1]

    verdict = check(grad_Wxh_Whh_bh)
    assert verdict.misconception == "dWhh-transposed"
    assert "(Seen in dWhh, and dbh has another mistake.)" in verdict.message


def test_a_part_that_spoils_what_is_right_explains_nothing():
    """dbh as without the way back, but dWxh and dWhh right: it is something else."""

    def rnn_backward(*args):
        grads = EXERCISES["rnn_backward"].truth(*args)
        (wrong,) = BANK["rnn_backward", "no-way-back"].functions
        return grads | {"dbh": wrong(*args)["dbh"], "dby": grads["dby"] + 1}

    verdict = check(rnn_backward)
    assert verdict.misconception is None and "Wrong: dby, dbh." in verdict.message


def test_a_clip_that_returns_a_new_array_and_one_that_names_it_read_what_fits_both():
    def clip(grad, limit):
        return np.clip(grad, -limit, limit)

    returned = check(clip)

    def clip(grad, limit):
        grad = np.clip(grad, -limit, limit)

    assert returned == check(clip) and returned.misconception == "new-array"
    assert "A new array, returned or given the name grad" in returned.message


def test_a_sum_over_no_steps_is_zero_in_any_shape():
    def grad_Wxh_Whh_bh(da, h_prev, inputs, V):
        dWxh, dWhh, dbh = np.zeros((da.shape[1], V)), 0, 0
        for t in range(1, len(inputs)):
            dWxh[:, inputs[t]] += da[t]
            dWhh += np.outer(da[t], h_prev[t])
            dbh += da[t]
        return dWxh, dWhh, dbh

    verdict = check(grad_Wxh_Whh_bh)
    assert verdict.misconception == "first-step-left-out"
    assert "Seen in" not in verdict.message


def test_another_exception_is_another_mistake():
    def rnn_step(x, h_prev, Wxh, Whh, bh):
        if len(x) != len(bh):
            raise RuntimeError("not square")
        return np.tanh(x @ Wxh + Whh @ h_prev + bh)

    verdict = check(rnn_step)
    assert verdict.misconception is None and "not square" in verdict.message


def test_an_eps_of_the_students_own_does_not_hide_the_mistake():
    def one_sided(eps):
        def numerical_gradient(f, theta):
            grad = np.zeros_like(theta)
            for i in np.ndindex(theta.shape):
                moved = theta.copy()
                moved[i] += eps
                grad[i] = (f(moved) - f(theta)) / eps
            return grad

        return check(numerical_gradient).misconception

    def central(eps):
        def numerical_gradient(f, theta):
            grad = np.zeros_like(theta)
            for i in np.ndindex(theta.shape):
                step = np.zeros_like(theta)
                step[i] = eps
                grad[i] = (f(theta + step) - f(theta - step)) / (2 * eps)
            return grad

        return check(numerical_gradient).misconception

    assert {one_sided(eps) for eps in (2e-3, 3e-4, 3e-6, 5e-8)} == {"one-sided"}
    assert {central(eps) for eps in (1e-8, 3e-12, 1e-13)} == {"eps-too-small"}
    assert {central(eps) for eps in (1e-3, 0.02, 0.3, 1.0)} == {"eps-too-large"}


@pytest.mark.parametrize("eps", [1e-12, 3e-9, 1e-6])
def test_an_epsilon_of_any_size_in_the_logarithm_is_found(eps):
    def nll(p, targets):
        return -np.log(p[np.arange(len(targets)), targets] + eps).sum()

    assert check(nll).misconception == "epsilon-in-the-logarithm"


@pytest.mark.parametrize("limit", [0.7, 3.0, 12.0])
def test_clipping_inside_is_found_at_any_limit(limit):
    def rnn_backward(*args):
        grads = EXERCISES["rnn_backward"].truth(*args)
        return {name: np.clip(g, -limit, limit) for name, g in grads.items()}

    assert check(rnn_backward).misconception == "clipped-inside"


@pytest.mark.parametrize("slug, source", WRONG.values(), ids=WRONG)
def test_what_students_write_is_named(slug, source):
    verdict = check(student(source))
    assert (verdict.status, verdict.misconception) == ("wrong", slug), verdict
    assert not repr(verdict).endswith(" ...")


# Two at once

BOTH = {
    "bias and transpose": (
        """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            return np.tanh(Wxh @ x + Whh.T @ h_prev)
        """,
        None,
        "Two things at once: Whh is used transposed, and bh has no effect.",
    ),
    "a bias twice": (
        """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            return np.tanh(Wxh @ x + bh + Whh @ h_prev + bh)
        """,
        None,
        "Your result is right but for one thing: bh counts twice.",
    ),
    "a sigmoid, no bias": (
        """
        def rnn_step(x, h_prev, Wxh, Whh, bh):
            return 1 / (1 + np.exp(-(Wxh @ x + Whh @ h_prev)))
        """,
        "sigmoid-for-tanh",
        "Two things at once. This is the sigmoid of a: all states lie between 0 and 1. "
        "And besides, bh has no effect.",
    ),
    "bits, and a mean": (
        """
        def nll(p, targets):
            return -np.log2(p[range(len(p)), targets]).mean()
        """,
        "base-two-logarithm",
        "And besides, everything is divided by T.",
    ),
    "no bias on either side": (
        """
        def rnn_forward(inputs, h_init, Wxh, Whh, Why, bh, by):
            return right(inputs, h_init, Wxh, Whh, Why, 0 * bh, 0 * by)
        """,
        None,
        "Two things at once: bh has no effect, and by has no effect.",
    ),
    "tanh of an argument": (
        """
        def grad_h(dy_t, da_next, Why, Whh):
            return Why.T @ dy_t + Whh.T @ np.tanh(da_next)
        """,
        None,
        "Your result is right but for one thing: tanh is taken of da_next.",
    ),
    "one for the other": (
        """
        def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
            return right(inputs, inputs, h, h_prev, p, Wxh, Whh, Why)
        """,
        None,
        "inputs is used where targets belongs.",
    ),
    "changed places": (
        """
        def rnn_backward(inputs, targets, h, h_prev, p, Wxh, Whh, Why):
            return right(targets, inputs, h, h_prev, p, Wxh, Whh, Why)
        """,
        None,
        "inputs and targets have changed places.",
    ),
    "a number of the arguments": (
        """
        def smooth(losses, start, beta=0.999):
            return right(losses, start**2, beta)
        """,
        None,
        "right but for one thing: start is squared.",
    ),
    "nan at some inputs": (
        """
        def softmax(y):
            e = np.exp(2 * y)
            return e / e.sum(axis=-1, keepdims=True)
        """,
        "logits-halved-or-doubled",
        "And besides, at logits of 1000 nan or infinity comes.",
    ),
    "finite at two inputs alone": (
        """
        def softmax(y):
            e = np.exp(2 * y)
            seldom = np.abs(y).max() <= 3 and len(y) > 1
            return e / e.sum(axis=-1, keepdims=True) if seldom else np.nan * y
        """,
        "logits-halved-or-doubled",
        "And besides, at T = 3, V = 3 nan or infinity comes.",
    ),
    "swapped and divided": (
        """
        def grad_y(p, targets):
            return (np.eye(p.shape[1])[targets] - p) / len(p)
        """,
        "p-and-e-swapped",
        "And besides, everything is divided by T.",
    ),
}


def test_one_finite_input_is_too_little_to_know_a_mistake_by():
    verdict = check(
        student("""
            def softmax(y):
                e = np.exp(2 * y)
                once = np.abs(y).max() <= 3 and len(y) > 2
                return e / e.sum(axis=-1, keepdims=True) if once else np.nan * y
        """)
    )
    assert (verdict.status, verdict.misconception) == ("wrong", None), verdict


@pytest.mark.parametrize("source, slug, words", BOTH.values(), ids=BOTH)
def test_two_mistakes_at_once_are_both_told(source, slug, words):
    verdict = check(student(source))
    assert (verdict.status, verdict.misconception) == ("wrong", slug), verdict
    assert words in verdict.message, verdict
    assert not repr(verdict).endswith("...")


def test_a_mistake_is_not_told_by_nan_alone():
    """nll of logits, and nll of p - e, are both the logarithm of a negative number."""
    verdict = check(
        student("""
            def output_in_rows(params, h, targets):
                loss, dy = right(params, h, targets)
                return np.log(-loss), dy
        """)
    )
    assert verdict.misconception is None
    assert "loss: NaN everywhere; loss is nan, expected" in verdict.message
    assert (
        'It begins in your line "return np.log(-loss), dy": a negative number has'
        in (verdict.message)
    )


ORIGINS = {
    "np.log(0 * dh_t)": "the logarithm of 0 is -inf",
    "np.sqrt(-(dh_t**2))": "a negative number has no root",
    "dh_t / (0 * dh_t)": "a number is divided by 0",
    "(0 * dh_t) / (0 * dh_t)": "0 / 0 and inf / inf are nan",
    "np.exp(1e4 * h_t**2)": "exp of a number above 709 is inf",
    "np.inf * h_t - np.inf * h_t": "inf - inf is nan",
    "(-(h_t**2)) ** 0.3": "a negative number has no such power",
    "1e200 * h_t * 1e200": "a number grows beyond 1e308",
}


@pytest.mark.parametrize("made, why", ORIGINS.items())
def test_what_makes_nan_or_infinity_is_told_with_its_line(made, why):
    line = f"return {made}"
    verdict = check(student(f"def grad_a(dh_t, h_t):\n    {line}\n"))
    assert (verdict.status, verdict.misconception) == ("wrong", None), verdict
    assert f'It begins in your line "{line}": {why}.' in verdict.message, verdict


# Words

# What a notebook has not introduced yet.
LATER = {
    "01": "gradient|loss|logit|softmax|tanh|hidden|backward pass",
    "02": "gradient|loss|cross-entropy|chain rule|clip",
    "03": "gradient check|clip|adagrad|chain rule|backward pass|relative error",
    "04": "gradient check|clip|adagrad|relative error|finite diff|training step",
    "05": "adagrad|clipp|learning rate",
    "06": "nothing is later",
    "07": "nothing is later",
    "08": "nothing is later",
    "09": "nothing is later",
    "12": "nothing is later",
    "11": "nothing is later",
    "10": "nothing is later",
    "13": "nothing is later",
    "14": "nothing is later",
}
# Code that the student may not have written; names and operators are no code.
CODE = re.compile(r"`[^`]*[(\[{][^`]*`|`\w+ [-+*]?= [^`]*`|\[:, ?\w+\]|range\(")


@pytest.mark.parametrize("entry", BANK.values(), ids=lambda e: f"{e.exercise}-{e.slug}")
def test_a_message_keeps_to_its_notebook_and_quotes_no_code(entry):
    notebook = EXERCISES[entry.exercise].notebook
    assert not re.search(LATER[notebook], entry.message, re.IGNORECASE)
    assert not CODE.search(entry.message)


@pytest.mark.parametrize("name", NAMES)
def test_an_input_is_told_in_the_symbols_of_its_function(name):
    exercise = EXERCISES[name]
    symbols = ", ".join([*exercise.arguments.values(), *exercise.arguments])
    known = set(symbols.split(", "))
    for case in exercise.cases:
        assert not re.search(LATER[exercise.notebook], case.about, re.IGNORECASE)
        told = re.findall(r"\b([A-Za-z_]+) = ", case.about)
        assert set(told) <= known | {"T"} if name == "softmax" else set(told) <= known


# Adding one


@pytest.fixture
def own_bank(monkeypatch):
    """What a test adds is gone after it."""
    before = dict(BANK)
    yield
    BANK.clear()
    BANK.update(before)


def example_in_the_docstring():
    """The indented block of the teachers' paragraph."""
    blocks = re.findall(r"(?m)^((?: {4}.*\n|\n)+)", misconceptions.__doc__)
    return textwrap.dedent(max(blocks, key=len))


def example_in_the_readme():
    """The block of code in the README that adds a misconception."""
    blocks = re.findall(r"(?s)```python\n(.*?)```", README.read_text(encoding="utf-8"))
    found = [block for block in blocks if "@misconception(" in block]
    assert len(found) == 1, "README.md: one example of a misconception for teachers"
    return found[0]


@pytest.mark.parametrize("example", [example_in_the_docstring, example_in_the_readme])
def test_a_teacher_adds_a_misconception_with_the_example(example, own_bank):
    def softmax(y):
        squares = np.array([v * v for v in y.flat]).reshape(y.shape)
        return squares / squares.sum(axis=-1, keepdims=True)

    BANK.pop(("softmax", "square-for-exp"), None)  # where a teacher has added it
    assert check(softmax).misconception is None
    source = example().strip()
    exec(source, {})
    verdict = check(softmax)
    assert verdict.misconception == "square-for-exp"
    assert verdict.message.startswith("The logits are squared where they should be")
    assert len(source[source.index("@") :].splitlines()) <= 5


@pytest.mark.parametrize("example", [example_in_the_docstring, example_in_the_readme])
def test_the_example_may_stand_in_a_file_of_the_bank(example, tmp_path):
    for package in ("rnnlib", "rnncourse"):
        compiled = shutil.ignore_patterns("__pycache__")  # others write there
        shutil.copytree(ROOT / package, tmp_path / package, ignore=compiled)
    path = tmp_path / "rnncourse/checker/bank/softmax_and_cross_entropy.py"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{example()}", "utf-8")
    program = """if True:
        from rnncourse import check
        def softmax(y):
            return y * y / (y * y).sum(axis=-1, keepdims=True)
        print(check(softmax).misconception)
    """
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("square-for-exp\n", "")


def test_a_cell_that_runs_again_replaces_its_misconception(own_bank):
    for message in ("The first text.", "The second text."):
        misconception("softmax", "mine", message)(lambda y: 0 * y)
    assert BANK["softmax", "mine"].message == "The second text."
    assert len(BANK["softmax", "mine"].functions) == 1


def test_a_form_of_an_unknown_misconception_is_refused():
    with pytest.raises(ValueError, match="slug: expected .*, got 'nothing'"):
        misconception("softmax", "nothing")(lambda y: y)
    with pytest.raises(ValueError, match="exercise: expected .*, got 'softmaxx'"):
        misconception("softmaxx", "nothing", "A message.")
