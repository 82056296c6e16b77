"""The exercises in the notebooks: stub, check, two hints, and a solution that holds."""

import ast
import functools
import inspect
import re
import symtable
from pathlib import Path

import nbformat
import numpy as np
import pytest

import rnnlib as rnn
from rnncourse import check
from rnncourse.checker.exercises import EXERCISES
from rnnlib import gates, layers
from rnnlib.stack import Stack

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
TABLE = {
    "01": ["one_hot", "look_up", "make_chunks"],
    "02": ["rnn_step", "rnn_forward", "run_in_chunks"],
    "03": ["softmax", "nll", "grad_y", "push"],
    "04": ["grad_Why_by", "grad_a", "grad_h", "grad_Wxh_Whh_bh", "rnn_backward"],
    "05": ["numerical_gradient", "relative_error"],
    "06": ["clip", "adagrad", "train", "smooth", "draw", "generate"],
    "07": ["output_in_rows", "backward_lean"],
    "08": ["path_jacobian", "chunk_backward", "sensitivity", "shorten"],
    "09": ["adam", "cosine", "stop_at"],
    "10": ["surprise", "correlate", "beyond_input", "influence"],
    "11": ["pad_batch", "mask_loss", "bit_loss", "softmax_back"],
    "12": ["pass_down", "lstm_step_back", "forget_bias"],
    "13": ["without_start", "deviations", "next_chunk"],
    "14": ["from_torch", "mean_loss", "adagrad_torch"],
}
# To be deleted once the notebooks ask for them: until then each is tested where it is.
NOT_YET_IN_A_NOTEBOOK = set()
SIGNATURES = {
    "one_hot": "(k, V)",
    "make_chunks": "(ids, T)",
    "look_up": "(W, ids)",
    "rnn_step": "(x, h_prev, Wxh, Whh, bh)",
    "rnn_forward": "(inputs, h_init, Wxh, Whh, Why, bh, by)",
    "run_in_chunks": "(inputs, T, h_init, Wxh, Whh, Why, bh, by)",
    "softmax": "(y)",
    "nll": "(p, targets)",
    "grad_y": "(p, targets)",
    "push": "(W, inputs, targets, lr)",
    "grad_Why_by": "(dy, h)",
    "grad_h": "(dy_t, da_next, Why, Whh)",
    "grad_a": "(dh_t, h_t)",
    "grad_Wxh_Whh_bh": "(da, h_prev, inputs, V)",
    "rnn_backward": "(inputs, targets, h, h_prev, p, Wxh, Whh, Why)",
    "numerical_gradient": "(f, theta)",
    "relative_error": "(a, b)",
    "clip": "(grad, limit)",
    "adagrad": "(param, grad, memory, lr)",
    "draw": "(p, u)",
    "smooth": "(losses, start, beta=0.999)",
    "train": "(ids, params, T, steps, lr, limit)",
    "generate": "(prompt, n, params, rng)",
    "output_in_rows": "(params, h, targets)",
    "backward_lean": "(params, h, dy)",
    "path_jacobian": "(h, Whh)",
    "chunk_backward": "(inputs, targets, h, h_prev, p, Wxh, Whh, Why, dh_next)",
    "sensitivity": "(h, h_prev, Whh, i, j)",
    "shorten": "(grad, limit)",
    "adam": "(param, grad, m, v, n, lr)",
    "cosine": "(n, steps, lr)",
    "stop_at": "(losses, patience)",
    # Notebook 12.
    "pass_down": "(da, Wxh, h_below, Whh_below)",
    "lstm_step_back": "(dh, dm, f, w, o, g, m_prev)",
    "forget_bias": "(n, left)",
    "pad_batch": "(names, border)",
    "mask_loss": "(p, targets, mask)",
    "bit_loss": "(y, z)",
    "softmax_back": "(alpha, dalpha)",
    "surprise": "(p, targets)",
    "correlate": "(h, feature)",
    "beyond_input": "(h, inputs)",
    "influence": "(dy_t, h, Wxh, Whh, Why)",
    # Notebook 13.
    "without_start": "(values, start, beta=0.999)",
    "deviations": "(ids, p)",
    "next_chunk": "(pos, n, T)",
    # Notebook 14.
    "from_torch": "(state)",
    "mean_loss": "(y, targets)",
    "adagrad_torch": "(param, grad, memory, lr)",
}
PRESENT = [
    (path, name)
    for path in sorted(NOTEBOOKS.glob("*.ipynb"))
    for name in TABLE.get(path.name[:2], [])
    if name not in NOT_YET_IN_A_NOTEBOOK
    or f"check({name})" in path.read_text(encoding="utf-8")
]
FOLDED = r"(?s)<details>\s*<summary>(.*?)</summary>\n\n(.*?)</details>"


@functools.cache
def cells_of(path):
    return nbformat.read(path, as_version=4).cells


def exercise_in(path, name):
    """The source of the stub, of the check and of the help, in cells side by side."""
    cells = cells_of(path)
    found = [
        n
        for n, cell in enumerate(cells)
        if cell.cell_type == "code" and cell.source.strip() == f"check({name})"
    ]
    assert len(found) == 1, f"{path.name}: one cell with check({name})"
    stub, checked, text = cells[found[0] - 1 : found[0] + 2]
    assert (stub.cell_type, text.cell_type) == ("code", "markdown")
    return stub.source, checked, text.source


def function_of(source, name):
    """The function that the source defines among np and the exercises before it."""
    earlier = list(EXERCISES)[: list(EXERCISES).index(name)]
    namespace = {other: EXERCISES[other].truth for other in earlier} | {"np": np}
    exec(source, namespace)
    return namespace[name]


def solution_of(path, name):
    folded = dict(re.findall(FOLDED, exercise_in(path, name)[2]))
    blocks = re.findall(r"(?s)```python\n(.*?)```", folded["Solution"])
    assert len(blocks) == 1, f"{name}: one block of code in its solution"
    return function_of(blocks[0], name)


exercises = pytest.mark.parametrize(
    "path, name", PRESENT, ids=lambda value: getattr(value, "stem", value)[:2]
)


def test_the_table_is_that_of_the_checker():
    listed = sum(TABLE.values(), [])
    more = ", ".join(name for name in EXERCISES if name not in listed)
    assert not more, f"add {more} to the notebook in TABLE that asks for it"
    more = ", ".join(name for name in listed if name not in EXERCISES)
    assert not more, f"exercises.py: {more} of TABLE is not in LIST"
    assert listed == list(EXERCISES), "one order in TABLE and in exercises.py: LIST"


@pytest.mark.parametrize("number", TABLE)
def test_the_table_has_the_order_of_the_notebook(number):
    (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
    sources = "\n".join(cell.source for cell in cells_of(path))
    asked = re.findall(r"(?m)^check\((\w+)\)$", sources)
    assert [name for name in TABLE[number] if name in asked] == asked


@pytest.mark.parametrize("name", EXERCISES)
def test_the_signature_is_that_of_the_table(name):
    assert name in SIGNATURES, f"add the parameters of {name} to SIGNATURES"
    exercise = EXERCISES[name]
    assert exercise.signature == name + SIGNATURES[name]
    parameters = list(inspect.signature(exercise.truth).parameters)
    assert list(exercise.arguments) == parameters, f"exercises.py: arguments of {name}"


@pytest.mark.parametrize("number", TABLE)
def test_every_notebook_of_the_core_is_there(number):
    assert len(list(NOTEBOOKS.glob(f"{number}_*.ipynb"))) == 1


@exercises
def test_the_stub_asks_for_the_signature_of_the_table(path, name):
    source, _, _ = exercise_in(path, name)
    tree = ast.parse(source)
    assert len(tree.body) == 1, f"{name}: its cell holds the stub alone"
    stub = function_of(source, name)
    assert str(inspect.signature(stub)) == SIGNATURES[name]
    assert stub.__doc__ and len(tree.body[0].body) == 2
    assert source.rstrip().endswith("\n    ...")


@exercises
def test_the_stub_is_missing_and_the_page_shows_it(path, name):
    source, checked, _ = exercise_in(path, name)
    verdict = check(function_of(source, name))
    assert verdict.status == "missing"
    shown = [out["data"]["text/plain"] for out in checked.outputs]
    assert shown == [repr(verdict)], f"{path.name}: run it again with `make execute`"


@exercises
def test_there_are_two_hints_and_a_solution_all_folded(path, name):
    _, _, text = exercise_in(path, name)
    folded = re.findall(FOLDED, text)
    assert [title for title, _ in folded] == ["Hint 1", "Hint 2", "Solution"]
    assert not re.sub(FOLDED, "", text).strip(), f"{name}: something is not folded"
    for _, hint in folded[:2]:
        assert "```" not in hint and 20 < len(hint) < 600


@exercises
def test_the_solution_is_correct(path, name):
    verdict = check(solution_of(path, name))
    assert verdict.status == "correct", verdict


@exercises
def test_the_notebook_binds_the_name_in_the_stub_and_to_yours_alone(path, name):
    """What a student wrote stays what it is, and later cells run it."""
    binding = []
    for cell in cells_of(path):
        if cell.cell_type == "code":
            table = symtable.symtable(rest_of(cell.source), cell.id, "exec")
            if name in table.get_identifiers():
                symbol = table.lookup(name)
                if symbol.is_assigned() or symbol.is_imported():
                    binding.append(cell.source)
    assert binding == [exercise_in(path, name)[0]]


def rest_of(source):
    """A cell without its lines `name = yours("name")`."""
    tree = ast.parse(source)
    tree.body = [
        line
        for line in tree.body
        if not (isinstance(line, ast.Assign) and calls_yours(line.value))
    ]
    return ast.unparse(tree)


def calls_yours(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "yours"


# The solutions against the library


@pytest.fixture
def solution():
    """The solution of an exercise by its name, the truth where no notebook asks yet."""
    paths = {name: path for path, name in PRESENT}

    def solution(name):
        if name not in paths and name in NOT_YET_IN_A_NOTEBOOK:
            return EXERCISES[name].truth
        return solution_of(paths[name], name)

    return solution


@pytest.fixture
def network():
    """A small network with nothing zero: params, inputs, targets, h_init, states."""
    rng = np.random.default_rng(7)
    params = rnn.Params.init(6, 4, rng, scale=0.7)
    params.bh[:], params.by[:] = rng.normal(size=4), rng.normal(size=6)
    inputs, targets = np.array([3, 1, 3, 0, 5]), np.array([1, 3, 0, 5, 2])
    h_init = rng.normal(size=4)
    return params, inputs, targets, h_init, rnn.forward(params, inputs, h_init)


def same(a, b):
    np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def test_one_hot_is_the_librarys(solution):
    for V in range(1, 6):
        for k in range(V):
            same(solution("one_hot")(k, V), rnn.one_hot(k, V))


def test_make_chunks_are_the_librarys(solution):
    ids = np.random.default_rng(0).integers(9, size=30)
    for n in range(2, 30):
        for T in range(1, n):
            ours = solution("make_chunks")(ids[:n], T)
            theirs = list(rnn.chunks(ids[:n], T))
            assert len(ours) == len(theirs)
            for (a, b), (inputs, targets, _) in zip(ours, theirs):
                assert (a == inputs).all() and (b == targets).all()


def test_look_up_is_the_product_with_one_hot_vectors(solution):
    ids = np.array([3, 0, 3, 4])
    W = np.random.default_rng(2).normal(size=(3, 5))
    same(solution("look_up")(W, ids), rnn.one_hot(ids, 5) @ W.T)


def test_the_forward_pass_is_the_librarys(solution, network):
    params, inputs, _, h_init, states = network
    blocks = dict(params.items())
    h, y = solution("rnn_forward")(inputs, h_init, **blocks)
    same(h, states.h)
    same(y, states.y)
    x = rnn.one_hot(inputs[0], params.V)
    step = solution("rnn_step")(x, h_init, params.Wxh, params.Whh, params.bh)
    same(step, states.h[0])


@pytest.mark.parametrize("T", [1, 2, 3, 5, 9])
def test_a_text_in_chunks_is_one_long_pass(T, solution, network):
    params, inputs, _, h_init, states = network
    h, y = solution("run_in_chunks")(inputs, T, h_init, **dict(params.items()))
    same(h, states.h)
    same(y, states.y)


def test_softmax_and_the_loss_are_the_librarys(solution, network):
    params, inputs, targets, h_init, states = network
    for y in (states.y, states.y[0], 1000 * states.y, states.y - 1000):
        same(solution("softmax")(y), rnn.softmax(y))
    p = rnn.softmax(states.y)
    same(solution("nll")(p, targets), rnn.cross_entropy(states.y, targets))


def test_a_push_goes_against_the_slope_of_the_librarys_loss(solution):
    W = np.random.default_rng(4).normal(size=(5, 5))
    inputs, targets = np.array([1, 0, 1, 4, 1]), np.array([0, 2, 0, 3, 3])

    def loss(table):
        return rnn.cross_entropy(table[:, inputs].T, targets)

    slope, pushed = rnn.complex_step_gradient(loss, W), W.copy()
    solution("push")(pushed, inputs, targets, 0.3)
    same(pushed, W - 0.3 * slope)


def test_the_backward_pass_is_the_librarys(solution, network):
    params, inputs, targets, h_init, states = network
    grads, dh_init = rnn.backward(params, inputs, targets, states)
    p = rnn.softmax(states.y)
    weights = params.Wxh, params.Whh, params.Why
    ours = solution("rnn_backward")(
        inputs, targets, states.h, states.h_prev, p, *weights
    )
    assert sorted(ours) == sorted("d" + name for name, _ in grads.items())
    for name, block in grads.items():
        same(ours["d" + name], block)


def test_the_pieces_of_the_backward_pass_make_the_librarys(solution, network):
    params, inputs, targets, h_init, states = network
    grads, dh_init = rnn.backward(params, inputs, targets, states)
    dy = solution("grad_y")(rnn.softmax(states.y), targets)
    da, da_next = np.zeros_like(states.h), np.zeros(params.H)
    for t in reversed(range(len(inputs))):
        dh = solution("grad_h")(dy[t], da_next, params.Why, params.Whh)
        da[t] = da_next = solution("grad_a")(dh, states.h[t])
    same(params.Whh.T @ da_next, dh_init)
    for got, want in zip(
        (
            *solution("grad_Why_by")(dy, states.h),
            *solution("grad_Wxh_Whh_bh")(da, states.h_prev, inputs, params.V),
        ),
        (grads.Why, grads.by, grads.Wxh, grads.Whh, grads.bh),
    ):
        same(got, want)


def test_the_gradient_check_is_the_librarys(solution, network):
    params, inputs, targets, h_init, _ = network

    def loss(theta):
        y = rnn.forward(params.with_theta(theta), inputs, h_init).y
        return rnn.cross_entropy(y, targets)

    numerical = solution("numerical_gradient")(loss, params.theta)
    exact = rnn.numerical_gradient(loss, params.theta)
    np.testing.assert_allclose(numerical, exact, rtol=1e-6, atol=1e-8)
    for a, b in [(numerical, exact), (exact, -exact), (exact, 0 * exact)]:
        same(solution("relative_error")(a, b), rnn.relative_error(a, b))
    assert solution("relative_error")(np.zeros(3), np.zeros(3)) == 0


def test_clip_and_adagrad_are_the_librarys(solution, network):
    params, inputs, targets, h_init, states = network
    grads, _ = rnn.backward(params, inputs, targets, states)
    ours, limit = grads.theta.copy(), 0.3
    solution("clip")(ours, limit)
    rnn.clip(grads, limit)
    assert (ours == grads.theta).all() and np.abs(ours).max() == limit

    theta, memory = params.theta.copy(), np.zeros_like(params.theta)
    optimizer = rnn.Adagrad(params, lr=0.1)
    for _ in range(3):
        solution("adagrad")(theta, grads.theta.copy(), memory, 0.1)
        optimizer.update(params, grads)
    np.testing.assert_allclose(theta, params.theta, rtol=1e-7)


def test_draw_is_how_the_library_samples(solution, network):
    params, _, _, h_init, _ = network
    ids = rnn.sample(params, h_init, 2, 50, np.random.default_rng(5))
    us, h, seed = np.random.default_rng(5).random(50), h_init, 2
    for k, u in zip(ids, us):
        states = rnn.forward(params, [seed], h)
        h, seed = states.h[0], solution("draw")(rnn.softmax(states.y[0]), u)
        assert seed == k


def test_smooth_is_the_librarys(solution):
    ids = np.random.default_rng(3).integers(5, size=40)
    params, T = rnn.Params.init(5, 3, 0), 4
    steps = [step for step, _ in zip(rnn.Training(params, ids, T), range(12))]
    ours = solution("smooth")([step.loss for step in steps], T * np.log(5))
    same(ours, [step.smooth_loss for step in steps])


def test_train_makes_the_steps_of_the_library(solution):
    ids = np.random.default_rng(3).integers(5, size=41)
    params, T, limit = rnn.Params.init(5, 4, 0, scale=0.4), 4, 0.7
    blocks = {name: block.copy() for name, block in params.items()}
    optimizer = rnn.Adagrad(params, lr=0.05)
    run = rnn.Training(params, ids, T, optimizer=optimizer, clip=limit)
    theirs = [step.loss for _, step in zip(range(23), run)]
    ours = solution("train")(ids, blocks, T, 23, 0.05, limit)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    for name, block in params.items():
        np.testing.assert_allclose(blocks[name], block, rtol=1e-9, atol=1e-11)


def test_generate_is_how_the_library_samples(solution, network):
    params, prompt, _, _, _ = network
    h = rnn.forward(params, prompt[:-1]).h[-1]
    theirs = rnn.sample(params, h, prompt[-1], 60, np.random.default_rng(5))
    blocks = dict(params.items())
    ours = solution("generate")(prompt, 60, blocks, np.random.default_rng(5))
    assert list(ours) == list(theirs)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_steps_of_notebook_07_are_the_librarys(dtype, solution, network):
    tol = {np.float64: 1e-12, np.float32: 1e-5}[dtype]
    params, inputs, targets, h_init, states = network
    params = params.with_theta(params.theta.astype(dtype))
    h, h_prev, y = (block.astype(dtype) for block in states)
    loss, dy = solution("output_in_rows")(params, h, targets)
    np.testing.assert_allclose(loss, rnn.cross_entropy(y, targets), rtol=tol)
    da = solution("backward_lean")(params, h, dy)
    grads, _ = rnn.backward(params, inputs, targets, states)
    np.testing.assert_allclose(dy.T @ h, grads.Why, rtol=tol, atol=tol)
    np.testing.assert_allclose(da.T @ h_prev, grads.Whh, rtol=tol, atol=tol)
    assert dy.dtype == da.dtype == dtype


def test_the_gradient_of_notebook_08_is_the_librarys(solution, network):
    """By chunks, by paths and by sensitivities."""
    params, inputs, targets, h_init, states = network
    h, h_prev, y = states
    grads, dh_init = rnn.backward(params, inputs, targets, states)
    p, weights = rnn.softmax(y), (params.Wxh, params.Whh, params.Why)
    early, late, dh_next = slice(0, 3), slice(3, 5), np.zeros(params.H)
    parts = []
    for part in (late, early):
        arrays = [array[part] for array in (inputs, targets, h, h_prev, p)]
        parts.append(solution("chunk_backward")(*arrays, *weights, dh_next))
        dh_next = parts[-1]["dh_init"]
    for name, block in grads.items():
        same(parts[0]["d" + name] + parts[1]["d" + name], block)
    same(dh_next, dh_init)

    dy = rnn.softmax(y) - rnn.one_hot(targets, params.V)
    from_loss = dy @ params.Why
    paths = [
        solution("path_jacobian")(h[: t + 1], params.Whh).T @ from_loss[t]
        for t in range(len(h))
    ]
    same(sum(paths), dh_init)
    for i, j in ((0, 0), (1, 3), (3, 2)):
        q = solution("sensitivity")(h, h_prev, params.Whh, i, j)
        same((q * from_loss).sum(), grads.Whh[i, j])


def test_adam_is_the_librarys(solution, network):
    params, inputs, targets, h_init, states = network
    grads, _ = rnn.backward(params, inputs, targets, states)
    theta, (m, v) = params.theta.copy(), np.zeros((2, params.theta.size))
    optimizer = rnn.Adam(params, lr=0.1)
    for n in range(1, 6):
        grads.theta[:] *= -1.5
        solution("adam")(theta, grads.theta.copy(), m, v, n, 0.1)
        optimizer.update(params, grads)
    np.testing.assert_allclose(theta, params.theta, rtol=1e-12)


def test_cosine_falls_from_lr_to_0_and_is_half_in_the_middle(solution):
    rates = [solution("cosine")(n, 40, 0.3) for n in range(41)]
    assert rates[0] == 0.3 and abs(rates[20] - 0.15) < 1e-15 and abs(rates[40]) < 1e-15
    falls = -np.diff(rates)
    assert (falls > 0).all() and falls.argmax() in (19, 20)
    same(falls, falls[::-1])


def test_stop_at_looks_at_nothing_after_the_stop(solution):
    rng = np.random.default_rng(0)
    for _ in range(200):
        losses, patience = list(rng.integers(9, size=12) / 2), rng.integers(1, 5)
        best = solution("stop_at")(losses, patience)
        end = best + patience + 1
        assert losses[best] == min(losses[:end])
        assert losses.index(min(losses[:end])) == best
        longest, run, low = 0, 0, losses[0]
        for loss in losses[1 : best + 1]:  # before the best nothing would have stopped
            run, low = (0, loss) if loss < low else (run + 1, low)
            longest = max(longest, run)
        assert longest < patience


# Notebook 12


def test_pass_down_is_the_way_back_of_two_layers(solution):
    rng = np.random.default_rng(3)
    net = Stack.init("tanh", 6, 4, rng, depth=2, scale=0.6)
    inputs, targets = np.array([3, 1, 3, 0, 5]), np.array([1, 3, 0, 5, 2])
    loss, grads, _ = layers.loss_and_grad(net, inputs, targets)
    y, ((_, below, _), (_, above, slope)), _ = layers.forward(net, inputs)
    dy = rnn.softmax(y) - rnn.one_hot(targets, 6)
    blocks = net.blocks
    dh = dy @ blocks["Why"]
    da, _ = layers.tanh_back(dh, above, slope, blocks["Wh1"])
    dx, da_below = solution("pass_down")(da, blocks["Wx1"], below[1:, 0], blocks["Wh0"])
    same(dx, da @ blocks["Wx1"])
    same(da_below.sum(0), grads.blocks["b0"])
    same(da_below.T @ below[:-1, 0], grads.blocks["Wh0"])


def test_a_step_back_through_an_lstm_is_the_librarys(solution):
    rng = np.random.default_rng(4)
    a, start, dh = rng.normal(size=(1, 12)), rng.normal(size=(2, 3)), rng.normal(size=3)
    Wh = rng.normal(size=(12, 3))
    states, act = gates.lstm(a, Wh, start)
    da, _ = gates.lstm_back(dh[None], states, act, Wh)
    parts = solution("lstm_step_back")(dh, np.zeros(3), *np.split(act[0], 4), start[1])
    same(np.concatenate([parts[k] for k in ("daf", "daw", "dao", "dag")]), da[0])

    def of_cell(m_prev):  # a loss that looks at the state and at the cell
        f, w, o, g = np.split(act[0], 4)
        m = f * m_prev + w * g
        return (dh * o * np.tanh(m)).sum() + (np.arange(3) * m).sum()

    step = solution("lstm_step_back")(
        dh, np.arange(3.0), *np.split(act[0], 4), start[1]
    )
    same(step["dm_prev"], rnn.complex_step_gradient(of_cell, start[1]))


def test_a_gate_with_the_forget_bias_keeps_what_is_asked_for(solution):
    for n in (1, 7, 60):
        for left in (0.01, 0.5, 0.95):
            share = gates.sigmoid(solution("forget_bias")(n, left))
            assert share**n == pytest.approx(left, rel=1e-9)


# Notebook 11


def test_a_padded_batch_holds_each_name_between_borders(solution):
    rng = np.random.default_rng(0)
    names = [rng.integers(1, 9, size=n) for n in (4, 1, 7, 3)]
    inputs, targets, mask = solution("pad_batch")(names, 9)
    assert inputs.shape == targets.shape == mask.shape == (8, 4)
    for b, name in enumerate(names):
        real = mask[:, b] == 1
        assert inputs[real, b].tolist() == [9, *name]
        assert targets[real, b].tolist() == [*name, 9]
        rest = inputs[~real, b], targets[~real, b]
        assert set(np.concatenate(rest)) <= {9} and not mask[~real, b].any()


def test_the_mask_leaves_the_librarys_loss_of_the_real_rows(solution):
    y = np.random.default_rng(1).normal(size=(6, 4))
    targets, mask = np.array([0, 3, 1, 1, 2, 0]), np.array([1.0, 0, 1, 1, 0, 1])
    real = mask == 1

    def mean(y):
        return rnn.cross_entropy(y[real], targets[real]) / 4

    loss, dy = solution("mask_loss")(rnn.softmax(y), targets, mask)
    same(loss, mean(y))
    same(dy, rnn.complex_step_gradient(mean, y))


def test_bit_loss_is_cross_entropy_between_the_logits_0_and_y(solution):
    y, z = np.array([0.3, -2.0, 5.0, -0.1]), np.array([1, 0, 0, 1])

    def loss(y):
        return rnn.cross_entropy(np.stack([0 * y, y], axis=1), z)

    value, dy = solution("bit_loss")(y, z)
    same(value, loss(y))
    same(dy, rnn.complex_step_gradient(loss, y))


def test_softmax_back_is_the_way_back_through_the_librarys_softmax(solution):
    u, dalpha = np.random.default_rng(2).normal(size=(2, 3, 5))

    def loss(u):
        return (rnn.softmax(u) * dalpha).sum()

    du = solution("softmax_back")(rnn.softmax(u), dalpha)
    same(du, rnn.complex_step_gradient(loss, u))


# Notebook 10.


def test_surprise_adds_up_to_the_librarys_loss(solution, network):
    _, _, targets, _, states = network
    bits = solution("surprise")(rnn.softmax(states.y), targets)
    same(bits.sum() * np.log(2), rnn.cross_entropy(states.y, targets))


def test_correlate_is_numpys(solution):
    rng = np.random.default_rng(8)
    h, feature = rng.normal(size=(40, 5)), rng.integers(2, size=40)
    both = np.corrcoef(np.column_stack([h, feature]), rowvar=False)
    same(solution("correlate")(h, feature), both[-1, :-1])


def test_beyond_input_leaves_nothing_that_the_input_says(solution):
    rng = np.random.default_rng(9)
    h, inputs = rng.normal(size=(60, 3)), rng.integers(4, size=60)
    rest = solution("beyond_input")(h, inputs)
    x = rnn.one_hot(inputs, 4)
    assert np.abs(x.T @ rest).max() < 1e-12
    fitted = x @ np.linalg.lstsq(x, h, rcond=None)[0]
    same(h - fitted, rest)


def test_influence_is_the_size_of_what_a_nudge_of_an_input_does(solution, network):
    params, inputs, targets, h_init, states = network

    def last_loss(x):
        h = h_init
        for x_t in x:
            h = np.tanh(params.Wxh @ x_t + params.Whh @ h + params.bh)
        return rnn.cross_entropy((params.Why @ h + params.by)[None], targets[-1:])

    slopes = rnn.complex_step_gradient(last_loss, rnn.one_hot(inputs, params.V))
    dy = rnn.softmax(states.y[-1]) - rnn.one_hot(targets[-1], params.V)
    weights = params.Wxh, params.Whh, params.Why
    sizes = solution("influence")(dy, states.h, *weights)
    np.testing.assert_allclose(sizes, np.linalg.norm(slopes, axis=1), rtol=1e-10)


# Notebook 13.


def test_without_start_undoes_the_start_of_smooth(solution):
    losses, beta = np.random.default_rng(0).uniform(1, 5, size=50), 0.97
    want = []
    for n in range(1, 51):
        weights = beta ** np.arange(n)[::-1]
        want.append((weights * losses[:n]).sum() / weights.sum())
    for start in (0.0, 3.0, 100.0):
        values = solution("smooth")(losses, start, beta)
        np.testing.assert_allclose(
            solution("without_start")(values, start, beta), want, rtol=1e-11
        )


def test_deviations_of_a_fair_sampler_have_mean_0_and_size_1(solution):
    rng, p = np.random.default_rng(0), np.array([0.1, 0.2, 0.3, 0.4])
    runs = [solution("deviations")(rng.choice(4, 500, p=p), p) for _ in range(2000)]
    assert np.abs(np.mean(runs, axis=0)).max() < 0.1
    np.testing.assert_allclose(np.std(runs, axis=0), 1, atol=0.06)


def test_next_chunk_reads_every_full_chunk_of_the_library(solution):
    for n in range(2, 40):
        for T in range(1, n):
            chunks = list(rnn.chunks(np.arange(n), T))
            pos, starts = 0, []
            while pos or not starts:
                starts.append(pos)
                pos = solution("next_chunk")(pos + T, n, T)
            assert starts == [inputs[0] for inputs, _, _ in chunks]


# Notebook 14: what PyTorch computes, by its documented formulas, without PyTorch.


def test_from_torch_makes_the_network_that_has_two_biases(solution):
    (case, *_) = EXERCISES["from_torch"].cases
    state = case.args["state"]
    h, inputs = np.array([0.3, -0.2, 0.5]), [4, 0, 4]
    states = rnn.forward(
        rnn.Params.from_arrays(**solution("from_torch")(state)), inputs, h
    )
    for t, x in enumerate(np.eye(5)[inputs]):
        from_input = state["rnn.weight_ih_l0"] @ x + state["rnn.bias_ih_l0"]
        from_state = state["rnn.weight_hh_l0"] @ h + state["rnn.bias_hh_l0"]
        h = np.tanh(from_input + from_state)
        same(states.h[t], h)
        same(states.y[t], state["linear.weight"] @ h + state["linear.bias"])


def test_mean_loss_is_the_librarys_divided_by_the_rows(solution, network):
    _, _, targets, _, states = network
    loss, dy = solution("mean_loss")(states.y, targets)
    same(5 * loss, rnn.cross_entropy(states.y, targets))
    same(5 * dy, rnn.softmax(states.y) - rnn.one_hot(targets, 6))


def test_adagrad_torch_steps_as_the_librarys_where_no_gradient_is_tiny(solution):
    params, rng = rnn.Params.init(3, 2, 0), np.random.default_rng(1)
    theta, memory = params.theta.copy(), np.zeros_like(params.theta)
    optimizer = rnn.Adagrad(params, lr=0.1, eps=1e-20)
    for _ in range(4):
        grads = params.with_theta(rng.uniform(0.1, 2, params.theta.size))
        solution("adagrad_torch")(theta, grads.theta.copy(), memory, 0.1)
        optimizer.update(params, grads)
    np.testing.assert_allclose(theta, params.theta, rtol=1e-8)
    solution("adagrad_torch")(tiny := np.zeros(1), np.array([1e-10]), np.zeros(1), 0.1)
    same(tiny, -0.05)  # the root is as large as eps
