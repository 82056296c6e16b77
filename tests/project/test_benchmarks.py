"""The benchmark: its contenders compute the same, and it shows what it measured.

Only with contenders that need NumPy and a C compiler; no time is asserted.
"""

import json
import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

import numpy as np
import pytest

import rnnlib as rnn
from benchmarks import bench, floor, gates, plain_c, post, race, report
from benchmarks.ours import Library
from rnncourse.figures import gates as gate_figures
from rnncourse.figures import recipes
from rnnlib import layers

ROOT = Path(__file__).resolve().parents[2]
needs_cc = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
IN_C = [pytest.param(label, marks=needs_cc) for label in report.C]
OURS = ["rnnlib", "rnnlib, out=", "rnnlib, Training"]


@pytest.fixture(autouse=True)
def without_peers(monkeypatch):
    """PyTorch and JAX cannot be imported, whether they are installed or not."""
    for name in ("torch", "jax"):
        monkeypatch.setitem(sys.modules, name, None)


# --- equal --------------------------------------------------------------------


@pytest.mark.parametrize("dtype", report.DTYPES)
@pytest.mark.parametrize("label", [*OURS, *IN_C, "gist in float32"])
def test_contenders_compute_the_losses_of_the_gist(label, dtype):
    pair = bench.prepare(["gist", label], dtype, missing={})
    assert [*pair] == ["gist", label]
    _, tolerance = bench.EQUAL[dtype]
    assert bench.largest_difference(pair, dtype) <= tolerance


@pytest.mark.parametrize("H, T", [(7, 6), (10, 5), (1, 1)])
@pytest.mark.parametrize("label", ["rnnlib", *IN_C])
def test_so_they_do_in_other_sizes(label, H, T):
    pair = bench.prepare(["gist", label], "float64", {}, H, T)
    bench.largest_difference(pair, "float64")


class Unclipped(Library):
    def step(self):
        chunk = next(self.chunks)
        loss, grads, self.h = rnn.loss_and_grad(self.params, *chunk, self.h)
        self.adagrad.update(self.params, grads)
        return loss


class Stateless(Library):
    def step(self):
        self.h = None
        return super().step()


class Forgetful(Library):
    def step(self):
        self.adagrad = rnn.Adagrad(self.params)
        return super().step()


@pytest.mark.parametrize("wrong", [Unclipped, Stateless, Forgetful])
def test_a_contender_that_computes_something_else_is_not_timed(wrong, monkeypatch):
    monkeypatch.setitem(bench.CONTENDERS, "rnnlib", wrong)
    pair = bench.prepare(["gist", "rnnlib"], "float64", {})
    with pytest.raises(AssertionError, match=r"^rnnlib: losses \[.*expected \["):
        bench.largest_difference(pair, "float64")


def test_the_work_is_counted_from_the_shapes():
    work = floor.work(V=65, H=100, T=25, dtype="float32")
    assert work["matvec, FLOP"] == 25 * 2 * (100 * 100) * 2
    assert work["matmul, FLOP"] == 25 * 2 * (3 * 65 * 100 + 100 * 100)
    assert work["roots"] == rnn.Params.init(65, 100, 0).theta.size == 23165
    assert work["bytes"] == 6 * 4 * 23165


# --- the whole run ------------------------------------------------------------

WITHOUT_PEERS = """
import runpy, sys
sys.modules.update(torch=None, jax=None)
sys.argv = ["benchmarks", "--quick", "--folder", sys.argv[1]]
runpy.run_module("benchmarks", run_name="__main__")
"""


def test_a_run_without_peers_leaves_their_columns_empty(tmp_path):
    folder = tmp_path / "new" / "folder"
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PEERS, folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "JAX, one jit" in lines
    hint = "not installed; make bench TORCH=2.13.0 gets this release of PyTorch"
    assert f"PyTorch, nn.RNN: {hint}" in lines

    saved = json.loads((folder / "bench.json").read_text(encoding="utf-8"))
    for section in report.SECTIONS:
        for dtype in report.DTYPES:
            assert len(saved[section][dtype]) == bench.QUICK.rounds
            assert all(us > 0 for row in saved[section][dtype] for us in row.values())
    for name in ("bench_time.png", "bench_streams.png"):
        assert (folder / name).stat().st_size > 10_000


def test_a_coarse_clock_is_waited_for(monkeypatch):
    """A call of 1 ms, on a clock that moves every 4 ms."""
    calls = []
    monkeypatch.setattr(bench.time, "process_time", lambda: len(calls) // 4 * 0.004)
    assert bench.cpu_time(lambda: calls.append(0), 3) == pytest.approx(4e3 / 6)
    assert len(calls) == 6


def test_an_interrupt_leaves_what_was_finished(tmp_path, capsys, monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(bench, "streams", interrupted)
    assert bench.main(["--quick", "--folder", str(tmp_path)]) == 130
    printed = capsys.readouterr().out
    assert "A training step, B = 1" in printed and "B = 64: µs" not in printed
    saved = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert len(saved["steps"]["float64"]) == bench.QUICK.rounds
    assert saved["steps"]["float32"] == []


def test_an_unfinished_round_leaves_nothing(monkeypatch):
    # Each time the clock has moved on, which a coarse one may not.
    monkeypatch.setattr(bench.time, "process_time", count().__next__)
    calls, rounds = iter(range(3 + 2 * 3 + 1)), []  # 3 to get a scale, 2 a round

    def call():
        if next(calls, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.race("", {"a": call}, bench.Effort(5, 0, {}), rounds)
    assert len(rounds) == 3


def test_without_a_compiler_there_is_no_c(monkeypatch):
    plain_c.compiled.cache_clear()
    monkeypatch.setenv("PATH", "")
    missing = {}
    assert bench.prepare(["C"], "float64", missing) == {}
    assert "cc" in missing["C"]


# --- the table ----------------------------------------------------------------

ROUNDS = [
    {"gist": 900.0, "C": 300.0, "C -ffast-math": 160.0, "rnnlib": 250.0},
    {"gist": 1000.0, "C": 300.0, "C -ffast-math": 200.0, "rnnlib": 250.0},
    {"gist": 1400.0, "C": 300.0, "C -ffast-math": 250.0, "rnnlib": 250.0},
]
RESULTS = {
    "about": {"processor": "a good one"},
    "measured": "with care",
    "T": 25,
    "difference": {"float64": 2e-12},
    "missing": {"JAX, one jit": "not here"},
    "steps": {"float64": ROUNDS, "float32": []},
    "streams": {"float64": [], "float32": [{"gist": 40.0, "rnnlib": 2.0}]},
    "sampling": {"float64": [], "float32": []},
    "floor": {"float64": {"roots": (20000, 400.0), "bytes": (10**6, 20000.0)}},
    "scaling": {},
}
TABLE = """\
processor: a good one
with care
losses in float64 differ by at most 2.0e-12 of themselves

A training step, B = 1: µs a step
float64 float32
µs char/s ÷ rnnlib quartiles µs char/s ÷ rnnlib quartiles
gist 1000 25,000 4.00 3.80–4.80
C 300 83,333 1.20 1.20–1.20
C -ffast-math 200 125,000 0.80 0.72–0.90
rnnlib 250 100,000 1.00 1.00–1.00
JAX, one jit
JAX, one jit: not here

A training step, B = 64: µs a character
float64 float32
µs char/s gist ÷ it quartiles µs char/s gist ÷ it quartiles
gist 40 25,000 1.00 1.00–1.00
rnnlib 2 500,000 20.00 20.00–20.00

The floor: the parts of a step, B = 1, at the rates measured here
float64 float32
amount a µs µs amount a µs µs
roots 20,000 400 50.0
bytes 1,000,000 20,000 50.0
floor 100.0
rnnlib ÷ floor 2.50

Goals: of several contenders the quickest counts
float64 float32
gist ÷ rnnlib 4.00 must 3.5 met aim 4.2 not met
PyTorch ÷ rnnlib
JAX ÷ rnnlib
rnnlib ÷ C 1.25 aim 1.5 met
B = 64: gist ÷ it 20.00 must 18 met aim 27 not met
one text: gist ÷ it
64 texts: gist ÷ it
"""


def test_the_table_line_by_line():
    lines = report.table(RESULTS).splitlines()
    assert [" ".join(line.split()) for line in lines] == TABLE.splitlines()
    assert max(map(len, lines)) <= 101


# --- the race of notebook 09 --------------------------------------------------

TEXT = "to be, or not to be: that is the question. " * 60
SHORT = race.Recipe(H=8, B=2, T=5, lr=0.02, decay=0.1, steps=60)


def test_the_race_keeps_what_it_measured_as_the_notebook_reads_it(
    tmp_path, capsys, monkeypatch
):
    path = tmp_path / "race.json"
    race.race(path, [SHORT, SHORT._replace(steps=120)], [50, 100], TEXT)
    saved = json.loads(path.read_text(encoding="utf-8"))
    assert saved["recipes"][0] == SHORT._asdict()
    assert [*saved["counted"]] == ["bigram", "trigram", "5-gram"]
    lines = [*saved["counted"].values(), *sum(saved["runs"].values(), [])]
    assert [len(points) for points in saved["runs"].values()] == [2, 2]
    assert all(seconds >= 0 and 0 < nats < 4 for seconds, nats in lines)
    (first, _), (second, _) = saved["runs"][race.GIST]
    assert first < second  # of one run
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == len(lines) and all("bits" in line for line in printed)

    monkeypatch.setattr(recipes, "LONG_RACE", path)
    figure = recipes.long_race()
    assert saved["about"]["processor"] in figure.alt and "bigram" in figure.alt


def test_the_models_of_the_race_count_as_notebook_06_counts():
    seen, held = TEXT[:2000], TEXT[2000:] + "not that"
    vocabulary = rnn.Vocabulary.from_text(TEXT)
    V, (seen, held) = len(vocabulary), map(vocabulary.encode, (seen, held))
    for order in (1, 2, 3):
        p = witten_bell(seen, V, order)
        grams = np.lib.stride_tricks.sliding_window_view(held, order)
        nats = -np.log(p[tuple(grams.T)])
        # The first characters have a shorter context.
        _, whole = race.counted(order, seen, held, V)
        shorter = sum(
            -np.log(witten_bell(seen, V, n + 1)[tuple(held[: n + 1])])
            for n in range(order - 1)
        )
        assert whole == pytest.approx((nats.sum() + shorter) / len(held), rel=1e-12)


def witten_bell(ids, V, order):
    """Notebook 06's table of p of the next symbol: (V,) * order."""
    p = np.full(V, 1 / V)
    for n in range(1, order + 1):
        counts = np.zeros((V,) * n)
        for place in range(len(ids) - n + 1):
            counts[tuple(ids[place : place + n])] += 1
        total = counts.sum(-1, keepdims=True)
        kinds = (counts > 0).sum(-1, keepdims=True)
        mixed = (counts + kinds * p) / np.maximum(total + kinds, 1)
        p = np.where(total > 0, mixed, p)
    return p


def test_the_rate_of_the_race_falls_and_its_weights_shrink():
    params = rnn.Params.init(4, 3, rng=0, scale=0.5)
    theta, zero = params.theta.copy(), params.zeros_like()
    optimizer = race.Decaying(params, lr=0.1, decay=0.5, steps=4)
    rates = []
    for _ in range(4):
        optimizer.update(params, zero)
        rates.append(optimizer.lr)
    right = [0.1 * (1 + np.cos(np.pi * n / 4)) / 2 for n in range(4)]
    assert rates == pytest.approx(right)
    shrunk = theta * np.prod([1 - rate * 0.5 for rate in right])
    assert np.allclose(params.theta, shrunk, rtol=1e-12)


# --- the long runs of notebook 12 ---------------------------------------------


def test_a_task_asks_for_the_key_of_so_many_steps_ago():
    rng = np.random.default_rng(0)
    inputs, keys = gates.recall(rng, 9)
    assert inputs.shape == (10, 32) and keys.shape == (1, 32)
    assert np.array_equal(inputs[:1], keys) and keys.max() < gates.KEYS
    assert set(inputs[1:-1].ravel()) == {4, 5} and (inputs[-1] == gates.QUERY).all()

    inputs, keys = gates.marked(rng, 9)
    assert inputs.shape == (14, 32) and (inputs[-1] == gates.QUERY).all()
    for stream, key in zip(inputs.T, keys[0]):
        (at,) = np.flatnonzero(stream == gates.MARK)
        assert at < 4 and stream[at + 1] == key < gates.KEYS
        assert 9 <= len(stream) - 1 - (at + 1) <= 12  # steps from the key to the query


def test_the_networks_of_the_tasks_are_equally_large_and_begin_as_they_say():
    stacks = {name: gates.begin(net, 0) for name, net in gates.NETS.items()}
    sizes = [stack.theta.size for stack in stacks.values()]
    assert max(sizes) < 1.03 * min(sizes) and 5_400 < min(sizes)
    Wh = stacks["vanilla, orthogonal"].blocks["Wh0"]
    assert np.allclose(Wh @ Wh.T, np.eye(66), atol=1e-5)
    assert stacks["vanilla, 0.01"].blocks["Wx0"].std() < 0.011
    assert set(stacks["LSTM, bias 4"].blocks["b0"]) == {0, 4}
    assert (stacks["GRU, bias 4"].blocks["b0"][:37] == 4).all()


def test_all_readers_read_all_of_the_text_in_another_order():
    ids = np.arange(50)
    mixed = gates.shuffled(ids, seed=1, piece=8)
    assert sorted(mixed) == list(range(48)) and not np.array_equal(mixed, ids[:48])
    assert (np.diff(mixed.reshape(6, 8)) == 1).all()


def test_the_long_runs_keep_what_the_notebook_draws(tmp_path, capsys, monkeypatch):
    path, text = tmp_path / "gates.json", TEXT * 20
    nets = {name: gates.NETS[name] for name in ("vanilla, 0.01", "LSTM, bias 4")}
    lags = {"recall": [2, 3], "marked": [2]}
    monkeypatch.setattr(gates, "MOST", 30)
    monkeypatch.setattr(gates, "UNITS", 6)

    def tasks(keep):
        gates.memory(keep, nets, lags, most=30)

    def plays(keep):
        readers = {"one layer": ("tanh", 1), "LSTM": ("lstm", 2)}
        gates.shakespeare(keep, readers, [0.01, 0.02], text)

    gates.main(path, (tasks, plays))
    saved = json.loads(path.read_text(encoding="utf-8"))
    assert saved["most"] == 30 and "recall|vanilla, 0.01|2" in saved["memory"]
    # Where no seed has solved a lag, no longer one is tried.
    for key, steps in saved["memory"].items():
        task, name, lag = key.split("|")
        if (task, lag) == ("recall", "2") and not any(steps):
            assert f"recall|{name}|3" not in saved["memory"]
    assert [*saved["shakespeare"]] == [*saved["updates"]]
    early, late = (saved["updates"][f"LSTM|{s}"] for s in (0.01, 0.02))
    assert all(a < b for a, b in zip(early, late))
    assert capsys.readouterr().out.count("\n") == len(saved["memory"]) + 8

    monkeypatch.setattr(gate_figures, "SAVED", path)
    about = saved["about"]["processor"]
    for figure in (gate_figures.memory("recall"), gate_figures.reading()):
        assert about in figure.alt


def test_a_reader_has_the_loss_of_the_whole_text():
    ids = np.random.default_rng(0).integers(5, size=6001)
    reader = gates.Reader("lstm", 1, ids, 5, seed=0)
    y, _, _ = layers.forward(reader.stack, ids[:5000].reshape(10, 500).T)
    wanted = ids[1:5001].reshape(10, 500).T
    right = rnn.cross_entropy(y, wanted) / 500
    assert reader.nats(ids) == pytest.approx(right, rel=1e-6)


# Notebook 13.


def test_the_long_run_keeps_curves_losses_and_texts(tmp_path, capsys):
    path = tmp_path / "run.json"
    post.long_run(path, seeds=(0, 5), steps=60, every=20, measured=30, text=TEXT)
    saved = json.loads(path.read_text(encoding="utf-8"))
    assert saved["T"] == 25 and saved["about"]["numpy"] == np.__version__
    assert [*saved["seeds"]] == ["0", "5"]
    for curve in saved["seeds"].values():
        assert curve["steps"] == [20, 40, 60]
        assert all(50 < x < 150 for x in curve["smooth"])
        assert [*curve["held out"]] == [*curve["text"]] == ["30", "60"]
        assert all(0 < nats < 6 for nats in curve["held out"].values())
        assert all(len(text) == 200 for text in curve["text"].values())
    one, other = saved["seeds"].values()
    assert one["smooth"] != other["smooth"]
    assert len(capsys.readouterr().out.splitlines()) == 4
