"""`python -m rnnlib` as a person meets it: a process, its streams, signals, files."""

import inspect
import io
import logging
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import rnnlib as rnn
from rnnlib import __main__ as main
from rnnlib.corpus import SHA256

TEXT = "To be, or not to be: that is the question.\n" * 20
SMALL = ("--hidden", "8", "--every", "20")


def program(*arguments, cwd, status=0):
    """Run it to its end, in this process: (stdout, stderr)."""
    root, signals = logging.getLogger(), (signal.SIGINT, signal.SIGTERM)
    before = os.getcwd(), sys.stdout, sys.stderr, root.handlers, root.level
    handlers = [signal.getsignal(signum) for signum in signals]
    with tempfile.TemporaryDirectory() as elsewhere:
        streams = [open(Path(elsewhere, name), "w") for name in ("out", "err")]
        os.chdir(cwd)
        (sys.stdout, sys.stderr), root.handlers = streams, []
        try:
            found = main.main([str(argument) for argument in arguments])
        except SystemExit as end:  # a sentence goes to stderr, as the interpreter does
            found = 1 if isinstance(end.code, str) else end.code or 0
            print(end.code if isinstance(end.code, str) else "", file=sys.stderr)
        finally:
            cwd, sys.stdout, sys.stderr, root.handlers, level = before
            os.chdir(cwd)
            root.setLevel(level)
            for signum, handler in zip(signals, handlers):
                signal.signal(signum, handler)
            for stream in streams:
                stream.close()
        out, err = (Path(elsewhere, name).read_text("utf-8") for name in ("out", "err"))
    assert found == status, err
    return out, err


def process(*arguments, cwd, status=0, **settings):
    """Run it to its end as a process of its own: (stdout, stderr)."""
    command = [sys.executable, "-m", "rnnlib", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, **settings)
    out, err = (part.decode("utf-8") for part in (done.stdout, done.stderr))
    assert done.returncode == status, err
    assert "Traceback" not in err and "Exception ignored" not in err, err
    return out, err


def started(*arguments, cwd, **settings):
    """Start it; its process, once it has reported for the first time."""
    process = subprocess.Popen(
        [sys.executable, "-m", "rnnlib", *map(str, arguments)],
        cwd=cwd,
        stderr=subprocess.PIPE,
        **settings,
    )
    process.first = process.stderr.readline().decode()
    return process


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The bytes of a network of 40 steps."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "input.txt").write_text(TEXT, encoding="utf-8")
    program("input.txt", *SMALL, "--steps", 40, "--save", "model.npz", cwd=folder)
    return (folder / "model.npz").read_bytes()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "input.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.fixture
def model(folder, trained):
    (folder / "model.npz").write_bytes(trained)
    return folder / "model.npz"


# Training


def test_it_reports_draws_and_ends(folder):
    out, err = program("input.txt", *SMALL, "--steps", 50, cwd=folder)
    line = r"step {}: \d\.\d{{3}} nats a character, smoothed; "
    line += r"\d\.\d{{3}} held out; \d+ characters/s"
    lines = err.splitlines()
    assert len(lines) == 4
    for text, n in zip(lines, (20, 40, 50)):
        assert re.fullmatch(line.format(n), text)
    assert lines[3] == "Nothing saved: no --save given."
    drawn = out.split("\n\n")
    assert set(out) <= set(TEXT)
    assert len(out) == 3 * 202 and len(drawn) >= 3


def test_the_numbers_are_those_of_the_library(folder):
    _, err = program(
        *("input.txt", "--hidden", 8, "--length", 5, "--batch", 2, "--lr", 0.05),
        *("--seed", 3, "--steps", 30),
        cwd=folder,
    )
    vocabulary = rnn.Vocabulary.from_text(TEXT)
    ids = vocabulary.encode(TEXT)
    cut = len(ids) - len(ids) // 10
    params = rnn.Params.init(len(vocabulary), 8, np.random.default_rng(3))
    run = rnn.Training(params, ids[:cut], 5, 2, rnn.Adagrad(params, 0.05))
    for step in run:
        if step.n == 30:
            break
    held_out = rnn.evaluate(params, ids[cut:])
    words = f"{step.smooth_loss / 5:.3f} nats a character, smoothed; {held_out:.3f} "
    assert words in err


def test_what_is_drawn_comes_from_the_state_as_it_is(folder):
    arguments = "--hidden", 8, "--length", 5, "--batch", 2, "--seed", 3, "--steps", 7
    out, _ = program("input.txt", *arguments, cwd=folder)
    vocabulary = rnn.Vocabulary.from_text(TEXT)
    ids = vocabulary.encode(TEXT)
    params = rnn.Params.init(len(vocabulary), 8, np.random.default_rng(3))
    optimizer = rnn.Adagrad(params, 0.1)
    run = rnn.Training(params, ids[: -len(ids) // 10], 5, 2, optimizer)
    for step in run:
        if step.n == 7:
            break
    inputs, _, h = run.chunk
    drawn = rnn.sample(params, h, inputs[0], 200, 7).reshape(200, -1)
    assert out == vocabulary.decode(drawn[:, 0]) + "\n\n"


def test_without_options_it_is_the_network_of_the_gist(folder):
    program("input.txt", "--steps", 1, "--save", "m.npz", cwd=folder)
    vocabulary = rnn.Vocabulary.load(folder / "m.npz")
    ids = vocabulary.encode(TEXT)
    ids = ids[: -len(ids) // 10]
    run = rnn.Training.load(folder / "m.npz", ids)
    assert (run.params.H, run.T, run.B, run.optimizer.lr) == (100, 25, 1, 0.1)
    assert inspect.signature(main.train).parameters["every"].default == 1000
    params = rnn.Params.init(len(vocabulary), 100, np.random.default_rng(0))
    next(rnn.Training(params, ids, 25, 1, rnn.Adagrad(params, 0.1)))
    assert (params.theta == run.params.theta).all()


def test_the_speed_is_that_since_the_last_report(folder, monkeypatch):
    times = iter([10, 12, 13, 20, 21])
    monkeypatch.setattr(main, "time", SimpleNamespace(perf_counter=lambda: next(times)))
    arguments = "--length", 5, "--batch", 2, "--steps", 40
    _, err = program("input.txt", *SMALL, *arguments, cwd=folder)
    speeds = [int(n) for n in re.findall(r"(\d+) characters/s", err)]
    assert speeds == [20 * 5 * 2 // 2, 20 * 5 * 2 // 7]


@pytest.mark.parametrize("n, held", [(10, "nan"), (11, r"\d\.\d{3}")])
def test_a_held_out_tenth_of_one_character_has_no_loss(tmp_path, n, held):
    (tmp_path / "input.txt").write_text(("ab" * 6)[:n], encoding="utf-8")
    arguments = "--length", 2, "--hidden", 2, "--steps", 1
    _, err = program("input.txt", *arguments, cwd=tmp_path)
    assert re.search(f"; {held} held out", err)


def test_no_more_is_held_out_than_a_report_has_time_for(folder, monkeypatch):
    assert main.HELD_OUT == 100_000
    monkeypatch.setattr(main, "HELD_OUT", 7)
    seen = []
    monkeypatch.setattr(rnn, "evaluate", lambda _, ids: seen.append(ids) or 1.0)
    program("input.txt", *SMALL, "--steps", 1, cwd=folder)
    ids = rnn.Vocabulary.from_text(TEXT).encode(TEXT)
    (held_out,) = seen
    assert (held_out == ids[-len(ids) // 10 :][:7]).all() and len(held_out) == 7


def test_a_large_text_is_told_what_it_takes(tmp_path, monkeypatch):
    assert main.LARGE == 100_000_000
    monkeypatch.setattr(main, "LARGE", 5_999_999)
    arguments = "input.txt", "--hidden", 2, "--steps", 1
    (tmp_path / "input.txt").write_text("ab" * 3_000_000, encoding="utf-8")
    _, err = program(*arguments, cwd=tmp_path)
    assert err.startswith("6,000,000 characters take about 0.1 GB.\n")
    monkeypatch.setattr(main, "LARGE", 6_000_000)
    _, err = program(*arguments, cwd=tmp_path)
    assert "GB" not in err


def test_the_shortest_text_that_can_be_learned(tmp_path):
    arguments = "input.txt", "--length", 1, "--hidden", 2, "--steps", 1
    (tmp_path / "input.txt").write_text("ab", encoding="utf-8")
    _, err = program(*arguments, cwd=tmp_path, status=1)
    assert "too short to learn from" in err
    (tmp_path / "input.txt").write_text("abc", encoding="utf-8")
    program(*arguments, cwd=tmp_path)


def test_out_of_memory_is_told(folder, monkeypatch):
    def train(text):
        raise MemoryError

    monkeypatch.setattr(main, "train", train)
    _, err = program("input.txt", cwd=folder, status=1)
    assert err == "There is not enough memory.\n"


def test_without_a_file_it_trains_on_shakespeare(tmp_path):
    out, _ = program("--steps", 2, "--hidden", 2, "--save", "m", cwd=tmp_path)
    vocabulary = rnn.Vocabulary.load(tmp_path / "m")
    assert vocabulary == rnn.Vocabulary.from_text(rnn.load_corpus())
    assert "python" in SHA256  # another name that is taken
    program("python", "--steps", 1, "--hidden", 2, cwd=tmp_path)


def test_going_on_is_bit_for_bit_the_same(folder, model):
    straight = folder / "straight.npz"
    program("input.txt", *SMALL, "--steps", 60, "--save", straight, cwd=folder)
    program(*("input.txt", "--resume", model, "--steps", 20, "--every", 20), cwd=folder)
    one, other = np.load(straight), np.load(model)
    assert set(one) == set(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])


def test_going_on_elsewhere_and_at_another_rate(folder, model):
    before = model.read_bytes()
    program(
        *("input.txt", "--resume", model, "--steps", 3, "--lr", 0.02),
        *("--save", "more.npz"),
        cwd=folder,
    )
    assert model.read_bytes() == before
    ids = rnn.Vocabulary.load(model).encode(TEXT)
    run = rnn.Training.load(folder / "more.npz", ids[: -len(ids) // 10])
    assert (run.progress[0], run.optimizer.lr) == (43, 0.02)


# Signals


@pytest.mark.skipif(os.name == "nt", reason="sends POSIX signals")
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_saves_and_draws(folder, signum):
    process = started(
        *("input.txt", *SMALL, "--save", "model.npz"),
        cwd=folder,
        stdout=subprocess.PIPE,
    )
    process.send_signal(signum)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    last = re.findall(r"^step (\d+):", process.first + err.decode(), re.MULTILINE)[-1]
    ids = rnn.Vocabulary.load(folder / "model.npz").encode(TEXT)
    run = rnn.Training.load(folder / "model.npz", ids[: -len(ids) // 10])
    assert run.progress[0] == int(last)
    assert b"Traceback" not in err
    assert len(out) % 202 == 0
    program("--resume", "model.npz", "input.txt", "--steps", 1, cwd=folder)


@pytest.mark.skipif(os.name == "nt", reason="sends POSIX signals")
def test_a_kill_leaves_the_last_report(folder):
    process = started(
        *("input.txt", *SMALL, "--save", "model.npz"),
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )
    process.kill()
    process.communicate(timeout=60)
    program("--sample", "model.npz", "--length", 5, cwd=folder)


# Drawing


def test_a_prompt_is_written_on(folder, model):
    arguments = "--sample", model, "--length", 60
    one, err = program(*arguments, "--prompt", "To be", cwd=folder)
    params, vocabulary = rnn.Params.load(model), rnn.Vocabulary.load(model)
    ids = rnn.generate(params, vocabulary.encode("To be"), 60, 0)
    assert one == "To be" + vocabulary.decode(ids) + os.linesep
    assert err == ""
    other, _ = program(*arguments, "--prompt", "To be", "--seed", 1, cwd=folder)
    assert other != one
    cold = "--temperature", 1e-9
    texts = {
        program(*arguments, *cold, "--seed", seed, cwd=folder)[0] for seed in (0, 1)
    }
    assert len(texts) == 1
    assert len(texts.pop()) == 61


def test_without_a_prompt_it_begins_after_a_line(folder, model):
    out, _ = program("--sample", model, cwd=folder)
    params, vocabulary = rnn.Params.load(model), rnn.Vocabulary.load(model)
    ids = rnn.generate(params, vocabulary.encode("\n"), 500, 0)
    assert out == vocabulary.decode(ids) + os.linesep


def test_without_lines_it_begins_after_the_first_symbol(tmp_path):
    (tmp_path / "input.txt").write_text("cab" * 30, encoding="utf-8")
    arguments = "--hidden", 4, "--steps", 20, "--save", "m.npz"
    program("input.txt", *arguments, cwd=tmp_path)
    out, _ = program("--sample", "m.npz", "--length", 30, cwd=tmp_path)
    path = tmp_path / "m.npz"
    params, vocabulary = rnn.Params.load(path), rnn.Vocabulary.load(path)
    ids = rnn.generate(params, vocabulary.encode("a"), 30, 0)
    assert out == vocabulary.decode(ids) + os.linesep


def test_text_goes_to_a_file_whole_in_utf_8(tmp_path):
    (tmp_path / "input.txt").write_text("Füße 世界\n" * 30, encoding="utf-8")
    process(
        *("input.txt", "--hidden", 4, "--steps", 5, "--save", "m.npz"),
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    out, _ = process(
        *("--sample", "m.npz", "--prompt", "世", "--length", 50),
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert out.startswith("世") and set(out) <= set("Füße 世界\n")


def test_a_terminal_without_the_letters_shows_marks(tmp_path, monkeypatch):
    class Terminal(io.TextIOWrapper):
        def isatty(self):
            return True

    (tmp_path / "input.txt").write_text("世界\n" * 30, encoding="utf-8")
    arguments = "--hidden", 4, "--steps", 5, "--save", "m.npz"
    program("input.txt", *arguments, cwd=tmp_path)
    out = Terminal(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    path = str(tmp_path / "m.npz")
    assert main.main(["--sample", path, "--prompt", "世", "--length", "5"]) == 0
    written = out.buffer.getvalue()
    assert written.startswith(b"?") and set(written) <= set(b"?\r\n")


# What goes wrong is one sentence


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gone.txt"], "gone.txt', and no such file exists"),
        (["short.txt"], "too short: --length 17 --batch 1 would do"),
        (["short.txt", "--length", 9, "--batch", 2], "--length 9 --batch 1 would do"),
        (["same.txt"], "The text is one symbol only"),
        (["utf16.txt"], "It looks like utf-16, another encoding"),
        (["latin.txt"], "It looks like cp1252, another encoding"),
        (["empty.txt"], "expected a text, got empty file"),
        (["input.txt", "--steps", 0], "--steps: expected a number above 0, got 0"),
        (["input.txt", "--steps", "x"], "argument --steps: invalid int value: 'x'"),
        (["input.txt", "--lr", "inf"], "--lr: expected a number above 0, got inf"),
        (["input.txt", "--seed", -1], "--seed: expected a number above 0, got -1"),
        (["input.txt", "--prompt", "a"], "prompt does not go with train"),
        (["input.txt", "--save", "input.txt"], "input.txt exists: go on with --resume"),
        (["input.txt", "--save", "no/folder/m.npz"], "No such file or directory"),
        (["--sample", "model.npz", "input.txt"], "text does not go with sample"),
        (["--sample", "model.npz", "--prompt", "To §"], "'§' at position 3"),
        (["--sample", "gone.npz"], "gone.npz"),
        (["--sample", "input.txt"], "input.txt"),
        (["--sample", "bare.npz"], "an archive that holds symbols, got bare.npz"),
        (["--resume", "model.npz"], "known symbols, got"),
        (["--resume", "model.npz", "other.txt"], "the text that was trained on"),
        (["--resume", "model.npz", "--hidden", 9], "hidden does not go with resume"),
        (["--resume", "bare.npz", "input.txt"], "an archive that holds symbols"),
        (["input.txt", "--hidden", 10**9], "allocate"),
    ],
)
def test_what_goes_wrong_is_one_sentence(folder, model, arguments, words):
    texts = {
        "short.txt": b"as short as this ...",
        "same.txt": b"a" * 1000,
        "utf16.txt": TEXT.encode("utf-16"),
        "latin.txt": "Füße\n".encode("latin-1") * 99,
        "empty.txt": b"",
        "other.txt": TEXT[::-1].encode(),
    }
    for name, raw in texts.items():
        (folder / name).write_bytes(raw)
    rnn.Params.load(model).save(folder / "bare.npz")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    out, err = program(*arguments, cwd=folder, status=1)
    assert words in err
    assert err.count("\n") == 1 and out == ""
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_process_says_it_too_without_a_traceback(folder):
    out, err = process("gone.txt", cwd=folder, status=1)
    assert err.count("\n") == 1 and out == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_loses_nothing(folder):
    with open("/dev/full", "wb") as full:
        _, err = program_into(full, "input.txt", *SMALL, "--save", "m.npz", cwd=folder)
    assert "No space left on device" in err
    assert rnn.Vocabulary.load(folder / "m.npz")


def program_into(file, *arguments, cwd):
    """Run it with its text going into a file: (status, stderr)."""
    command = [sys.executable, "-m", "rnnlib", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, stdout=file, stderr=subprocess.PIPE)
    err = done.stderr.decode()
    assert "Traceback" not in err and "Exception ignored" not in err
    return done.returncode, err


def test_a_place_that_is_full_is_told_and_training_goes_on(folder, monkeypatch, capsys):
    saves = []

    def save(run, path, vocabulary):
        saves.append(run.progress[0])
        if len(saves) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.chdir(folder)
    monkeypatch.setattr(rnn.Training, "save", save)
    monkeypatch.setattr(main.signal, "signal", lambda *_: None)
    assert main.train("input.txt", 60, 20, "m.npz", hidden=4) in (0, None)
    assert saves == [0, 20, 40, 60]


def test_a_save_that_fails_is_told_and_is_the_status(caplog):
    class Full:
        def save(self, path, vocabulary):
            raise OSError(28, "No space left on device")

    caplog.set_level(logging.INFO)
    assert main.keep(Full(), "m.npz", None) == 1
    (told,) = caplog.messages
    assert told.endswith("No space left on device. m.npz is as it was.")


@pytest.mark.skipif(os.name == "nt", reason="closes a POSIX pipe")
def test_a_closed_pipe_ends_it(folder):
    process = started(
        *("input.txt", *SMALL, "--save", "model.npz"),
        cwd=folder,
        stdout=subprocess.PIPE,
    )
    process.stdout.close()
    err = process.stderr.read().decode()
    process.wait(60)
    assert process.returncode == 0
    assert err.endswith("Nobody reads the text any more.\n")
    program("--sample", "model.npz", "--length", 5, cwd=folder)


def test_nobody_listens_at_all(folder):
    command = [sys.executable, "-m", "rnnlib", "input.txt", *SMALL, "--steps", "40"]
    closed = f"exec {shlex.join(command)} >&- 2>&-"
    assert subprocess.run(["sh", "-c", closed], cwd=folder).returncode == 0


def test_help_shows_the_ways_to_call_it(tmp_path):
    out, _ = process("--help", cwd=tmp_path)
    for words in ("python -m rnnlib input.txt", "--resume", "--temperature", "--every"):
        assert words in out
    assert "--hidden HIDDEN" not in out  # the ways to call it say more than a list


def test_the_readme_shows_commands_and_code_that_work(tmp_path, monkeypatch):
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")
    commands = re.findall(r"^\S*python -m rnnlib (.*?)(?:  +#.*)?$", readme, re.M)
    assert len(commands) >= 4
    for command in commands:
        main.parse(shlex.split(command))
    code = re.search(
        r"```python\n(import numpy as np\nimport rnnlib.*?)```", readme, re.S
    )
    monkeypatch.chdir(tmp_path)
    exec(code[1].replace("5000", "5"), {})
    assert rnn.Vocabulary.load("model.npz") == rnn.Vocabulary.from_text(
        rnn.load_corpus()
    )
