"""The live training of notebook 06: slices, pauses, interrupts."""

import asyncio
import html
import itertools
import re
import signal
import threading

import numpy as np
import pytest

import rnnlib as rnn
from rnncourse.widgets import live as live_module
from rnncourse.widgets.live import LiveTraining
from tests.rnnlib.reference import Interrupt
from tests.rnnlib.reference import Training as SlowTraining
from tests.rnnlib.reference import sample as slow_sample

TEXT = "To be, or not to be: <that> & is\nthe question.\n" * 20
VOCABULARY = rnn.Vocabulary.from_text(TEXT)
IDS = VOCABULARY.encode(TEXT)
V, H, T = len(VOCABULARY), 8, 5
LINES = {"uniform": np.log(V)}


def new_run(B=1, dtype=np.float64, optimizer=rnn.Adagrad):
    params = rnn.Params.init(V, H, rng=3, scale=0.3, dtype=dtype)
    return rnn.Training(params, IDS, T, B, optimizer=optimizer(params))


def live(run=None):
    return LiveTraining(run or new_run(), VOCABULARY, LINES)


def same_as_uninterrupted(run):
    """Whether a run is bit for bit where as many steps without a break lead."""
    twin = new_run()
    for _ in range(run.progress[0]):
        next(twin)
    (n, h, smooth), (n_twin, h_twin, smooth_twin) = run.progress, twin.progress
    assert n == n_twin and smooth == smooth_twin and (h == h_twin).all()
    assert (run.optimizer.m == twin.optimizer.m).all()
    return (run.params.theta == twin.params.theta).all()


def shown(widget):
    """The text of a readout or a passage, as it is read."""
    return html.unescape(re.sub("<.*?>", "", widget.value))


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.002)


def steps(widget):
    return widget.run.progress[0]


# Slices


class Clock:
    """Every look at it takes a millisecond, and `sleep` as long as it is told."""

    def __init__(self, monkeypatch):
        self.now, self.slept = 0.0, []
        monkeypatch.setattr(live_module, "perf_counter", self.look)
        monkeypatch.setattr(live_module, "sleep", self.sleep)

    def look(self):
        self.now += 0.001
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)


def test_a_slice_ends_after_50_milliseconds(monkeypatch):
    widget = live()
    clock, widget.shown = Clock(monkeypatch), 10_000
    widget.slice()
    assert 45 <= steps(widget) <= 51
    assert clock.now == pytest.approx(0.052, abs=0.003)
    assert clock.slept == [0]


def test_a_slice_ends_at_twice_the_step_that_is_shown(monkeypatch):
    widget = live()
    clock = Clock(monkeypatch)
    for expected in (10, 20, 40):
        widget.slice()
        widget.slice()
        assert steps(widget) == expected
        widget.refresh("training")
    assert 0.045 < clock.slept[-1] <= 0.05  # the kernel does not spin meanwhile


def test_slices_and_pictures_are_an_uninterrupted_training(monkeypatch):
    widget = live()
    Clock(monkeypatch)
    for _ in range(6):
        widget.slice()
        widget.refresh("training")
    assert steps(widget) > 100 and same_as_uninterrupted(widget.run)


def test_an_interrupted_slice_loses_nothing(monkeypatch):
    widget = live()
    Clock(monkeypatch)
    widget.shown = 1000
    for at in (1, 40, 93, 200, 411, 1000):
        with Interrupt(at) as interrupt:
            widget.slice()
        assert interrupt.came and same_as_uninterrupted(widget.run)
    widget.slice()
    assert same_as_uninterrupted(widget.run)


def test_steps_taken_by_others_are_shown():
    widget = live()
    for _ in range(123):
        next(widget.run)
    widget.refresh("paused")
    assert shown(widget.readout).startswith("step 123: ")
    widget.slice()
    assert steps(widget) > 123 and same_as_uninterrupted(widget.run)


def test_the_points_are_few_however_long_the_run_is(monkeypatch):
    widget = live()
    Clock(monkeypatch)
    for _ in range(100):
        widget.slice()
        widget.shown = steps(widget)
    n, losses, smooth = np.transpose(widget.points)
    assert steps(widget) > 4000 and len(n) < 500
    assert (n[:100] == np.arange(1, 101)).all() and (
        np.diff(n) <= 1 + n[:-1] / 100
    ).all()
    twin = new_run()
    for step in itertools.islice(twin, 100):
        assert losses[step.n - 1] == step.loss / T
        assert smooth[step.n - 1] == step.smooth_loss / T


# What is seen


def test_the_widget_shows_the_untrained_state():
    widget = live()
    assert shown(widget.readout) == (
        f"step 0: smoothed loss {np.log(V):.2f} nats a character; not started"
    )
    assert widget.button.description == "Start" and steps(widget) == 0
    assert len(shown(widget.passage)) == 150
    assert bytes(widget.picture.value).startswith(b"\x89PNG")


def test_the_readout_has_the_numbers_of_the_reference(monkeypatch):
    widget = live()
    Clock(monkeypatch)
    slow = SlowTraining(dict(widget.run.params.copy().items()), IDS, T)
    widget.slice()
    widget.refresh("paused")
    for _ in range(steps(widget)):
        slow.step()
    assert shown(widget.readout) == (
        f"step 10: smoothed loss {slow.smooth_loss / T:.2f} nats a character; paused"
    )


@pytest.mark.parametrize("B", [1, 3])
def test_the_passage_goes_on_where_the_training_reads(B, monkeypatch):
    widget = live(new_run(B))
    Clock(monkeypatch)
    for n in (0, 10, 20):
        assert steps(widget) == n
        h, chunk = widget.run.progress[1], widget.run.inputs[n]
        weights, u = dict(widget.run.params.items()), np.random.default_rng(n)
        first, h = (chunk[0], h) if B == 1 else (chunk[0, 0], h[0])
        ids = slow_sample(weights, h, first, u.random(150))
        assert shown(widget.passage) == VOCABULARY.decode(ids)
        widget.slice()
        widget.refresh("training")


def test_the_picture_moves_and_keeps_its_size():
    widget = live()
    before = widget.picture.value, widget.passage.value
    widget.slice()
    widget.refresh("training")
    assert widget.picture.value != before[0] and widget.passage.value != before[1]
    assert widget.picture.value[16:24] == before[0][16:24]
    assert widget.picture.width == "800px"


def test_beyond_the_end_of_the_text():
    widget = live()
    for _ in range(2 * len(widget.run.inputs)):
        next(widget.run)
    widget.refresh("paused")
    assert len(shown(widget.passage)) == 150


# On an event loop


@pytest.fixture
def quick(monkeypatch):
    """The data of the picture in place of its pixels."""

    def data(figure):
        return figure.axes[0].lines[-1].get_xydata().tobytes()

    monkeypatch.setattr(live_module, "png", data)


def test_without_an_event_loop_there_is_nothing_to_start():
    assert live().button.disabled


def test_making_the_widget_starts_nothing():
    async def main():
        widget = live()
        await asyncio.sleep(0.1)
        assert steps(widget) == 0 and len(asyncio.all_tasks()) == 1
        assert not widget.button.disabled

    asyncio.run(main())


def test_start_pause_and_resume_are_an_uninterrupted_training(quick):
    async def main():
        widget = live()
        for _ in range(3):
            before = steps(widget)
            widget.button.click()
            assert widget.button.description == "Pause"
            assert shown(widget.readout).endswith("; training")
            await until(lambda: widget.shown > before)
            widget.button.click()
            assert widget.button.description == "Resume"
            await until(lambda: widget.task is None)
            n, picture = steps(widget), widget.picture.value
            assert shown(widget.readout).startswith(f"step {n}: ")
            assert shown(widget.readout).endswith("; paused")
            await asyncio.sleep(0.1)
            assert (steps(widget), widget.picture.value) == (n, picture)
        assert n > before and same_as_uninterrupted(widget.run)
        return len(asyncio.all_tasks())

    assert asyncio.run(main()) == 1


def test_the_kernel_answers_between_slices(quick):
    async def main():
        widget = live()
        widget.button.click()
        await until(lambda: steps(widget) >= 10)
        for _ in range(20):  # as other cells do, which may also take steps
            await asyncio.sleep(0.01)
            next(widget.run)
        assert widget.task is not None
        widget.pause()
        await until(lambda: widget.task is None)
        assert same_as_uninterrupted(widget.run)

    asyncio.run(main())


def test_the_picture_follows_about_twice_a_second(quick, monkeypatch):
    async def main():
        widget, drawn = live(), []
        clock, refresh = Clock(monkeypatch), widget.refresh
        monkeypatch.setattr(clock, "sleep", lambda s: setattr(clock, "now", end(s)))

        def end(seconds):
            return clock.now + seconds

        def note(state):
            drawn.append((clock.now, state))
            refresh(state)

        monkeypatch.setattr(live_module, "sleep", clock.sleep)
        monkeypatch.setattr(widget, "refresh", note)
        widget.button.click()
        await until(lambda: len(drawn) >= 5)
        widget.button.click()
        await until(lambda: widget.task is None)
        times = [time for time, state in drawn if state == "training"]
        assert all(0.5 <= gap < 0.6 for gap in np.diff(times))
        assert drawn[-1][1] == "paused"

    asyncio.run(main())


def training_tasks():
    return [t for t in asyncio.all_tasks() if t.get_coro().__name__ == "train"]


def test_impatient_clicks_leave_one_task(quick):
    async def main():
        widget = live()
        for _ in range(7):
            widget.button.click()
        await until(lambda: steps(widget) >= 10)
        assert len(training_tasks()) == 1
        for _ in range(4):
            widget.button.click()
            await asyncio.sleep(0)
        assert len(training_tasks()) == 1
        widget.button.click()
        await until(lambda: not training_tasks())
        assert same_as_uninterrupted(widget.run)

    asyncio.run(main())


def test_a_click_while_the_last_picture_is_drawn_trains_on(quick):
    async def main():
        widget = live()
        refresh = widget.refresh

        def refresh_and_click(state):
            refresh(state)
            if state == "paused":
                widget.refresh = refresh
                widget.click(None)  # as another thread would, before the task ends

        widget.click(None)
        await until(lambda: steps(widget) > 10)
        widget.refresh = refresh_and_click
        first = widget.task
        widget.click(None)
        await until(first.done)  # there may be the next one already
        n = steps(widget)
        await until(lambda: steps(widget) > n)
        assert widget.button.description == "Pause"
        widget.click(None)
        await until(lambda: widget.task is None)
        assert widget.button.description == "Resume"

    asyncio.run(main())


def test_a_second_widget_pauses_the_first_one(quick):
    async def main():
        first = live()
        first.button.click()
        await until(lambda: first.shown >= 10)
        second = live(first.run)
        await until(lambda: first.task is None)
        assert shown(first.readout).endswith("; paused")
        assert first.button.description == "Resume"
        n = steps(first)
        await asyncio.sleep(0.1)
        assert steps(second) == n
        first.button.click()
        await until(lambda: steps(first) > n)
        second.button.click()
        await until(lambda: first.task is None)
        await until(lambda: second.shown > n)
        assert len(training_tasks()) == 1
        assert first.button.description == "Resume"
        assert second.button.description == "Pause"
        first.pause()  # which it is already
        assert LiveTraining.training is second
        second.button.click()
        await until(lambda: not training_tasks())
        assert same_as_uninterrupted(first.run)

    asyncio.run(main())


def test_the_cell_that_is_run_again_leaves_nothing_training_unseen(quick):
    async def main():
        first = live()
        first.button.click()
        await until(lambda: steps(first) > 0)
        second = live()  # of another run
        await until(lambda: first.task is None)
        assert not training_tasks() and steps(second) == 0

    asyncio.run(main())


def test_a_click_in_another_thread_trains_on_the_loop(quick):
    """JupyterLab may handle clicks in a thread of their own."""

    async def main():
        widget, threads = live(), set()
        start = widget.start

        def note_thread():
            threads.add(threading.current_thread())
            start()

        widget.start = note_thread
        click = threading.Thread(target=widget.button.click)
        click.start()
        await until(lambda: steps(widget) > 0)
        click.join()
        widget.pause()
        await until(lambda: widget.task is None)
        assert threads == {threading.current_thread()}

    asyncio.run(main())


def mistaken(widget):
    widget.run.params.theta[0] = np.nan


def no_picture(widget):
    widget.passage = None


@pytest.mark.parametrize(
    "break_it, kind, words",
    [
        (mistaken, ValueError, "params: expected finite numbers, got NaN or infinity"),
        (no_picture, AttributeError, "object has no attribute 'show'"),
    ],
)
def test_an_error_is_shown_and_reported(quick, break_it, kind, words):
    async def main():
        reports = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, report: reports.append(report))
        widget = live()
        theta, passage = widget.run.params.theta.copy(), widget.passage
        break_it(widget)
        widget.button.click()
        await until(lambda: widget.task is None and reports)
        (report,) = reports
        assert type(report["exception"]) is kind and words in str(report["exception"])
        assert report["exception"].__traceback__ is not None
        said = shown(widget.readout)
        assert re.match(r"step \d+: smoothed loss \d", said)
        assert f"; stopped by {kind.__name__}: " in said and words in said
        assert widget.button.description == "Resume"
        assert LiveTraining.training is None and not training_tasks()
        if break_it is mistaken:  # mended, it goes on
            widget.run.params.theta[:] = theta
        widget.passage = passage
        n = steps(widget)
        widget.button.click()
        await until(lambda: widget.shown > n)
        widget.pause()
        await until(lambda: widget.task is None)
        assert len(reports) == 1 and same_as_uninterrupted(widget.run)

    asyncio.run(main())


class Stopped(rnn.Adagrad):
    """Somebody presses the kernel's stop button in the middle of step 7."""

    n = 0

    def update(self, params, grads):
        self.n += 1
        if self.n == 7:
            signal.raise_signal(signal.SIGINT)
        super().update(params, grads)


def test_the_stop_button_pauses(quick):
    async def main():
        ignored = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in a kernel
        try:
            widget = live(new_run(optimizer=Stopped))
            widget.button.click()
            await until(lambda: widget.shown)
            await until(lambda: widget.task is None)
            assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        finally:
            signal.signal(signal.SIGINT, ignored)
        assert 7 <= steps(widget) <= 20 and widget.button.description == "Resume"
        assert shown(widget.readout).endswith("; paused")
        assert same_as_uninterrupted(widget.run)
        n = steps(widget)
        widget.button.click()
        await until(lambda: steps(widget) > n)
        widget.button.click()
        await until(lambda: widget.task is None)
        assert same_as_uninterrupted(widget.run)

    asyncio.run(main())


def test_a_cancelled_task_or_a_closed_widget_does_not_claim_to_train(quick):
    async def main():
        widget = live()
        for end in (lambda: widget.task.cancel(), widget.close):
            n = steps(widget)
            widget.button.click()
            await until(lambda: steps(widget) > n)
            end()
            await until(lambda: widget.task is None)
            assert LiveTraining.training is None
        assert same_as_uninterrupted(widget.run)

    asyncio.run(main())


def test_outside_the_main_thread_the_button_is_off(quick):
    async def main():
        return live().button.disabled

    found = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(main())))
    thread.start()
    thread.join()
    assert found == [True]


def test_a_run_that_has_begun_is_paused(quick):
    run = new_run()
    next(run)
    widget = live(run)
    assert shown(widget.readout).endswith("; paused")
    assert widget.button.description == "Resume"


def test_a_kernel_that_ends_while_it_trains(quick):
    """Nothing hinders the end of the event loop, and nothing is reported."""

    async def main():
        loop, reports = asyncio.get_running_loop(), []
        loop.set_exception_handler(lambda _, report: reports.append(report))
        widget = live()
        widget.button.click()
        await until(lambda: steps(widget) > 0)
        return widget, reports

    widget, reports = asyncio.run(main())
    assert not reports and same_as_uninterrupted(widget.run)
