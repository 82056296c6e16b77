"""The live training of notebook 06: its loss and its text while it runs."""

import asyncio
import math
import signal
from contextlib import contextmanager
from contextvars import copy_context
from threading import current_thread, main_thread
from time import perf_counter, sleep

from ipywidgets import Button, Image

from rnncourse.figures import training as figures
from rnncourse.seeing import png
from rnncourse.widgets.panel import NAMES, Passage, Readout, Widget, shelf, text
from rnnlib import sample


class LiveTraining(Widget):
    """A button that starts, pauses and resumes a `Training`; its loss and its text.

    run: a Training. Others may take steps of it too, while no slice is under way.
    vocabulary: that of its text. lines: {label: nats a character} of other models.

    It trains in short slices, in a task on the event loop of the cell that makes the
    widget, so the kernel runs other cells in between. One widget trains at a time: one
    that is made or started pauses the other. A cleared output does not pause it; the
    kernel's stop button does. An error ends the task; it stands in the readout, and
    the event loop reports it.
    Without an event loop, or outside the main thread, the button is off; `slice` and
    `refresh` do the same.
    """

    training = None  # the widget that trains

    def __init__(self, run, vocabulary, lines):
        LiveTraining.training = None
        self.run, self.vocabulary, self.lines = run, vocabulary, lines
        self.points, self.task = [], None
        self.button, self.readout, self.passage = Button(), Readout(), Passage()
        self.picture = Image(format="png", width="800px")
        try:
            self.loop = asyncio.get_running_loop()
            # Elsewhere the stop button cannot be heard.
            self.button.disabled = current_thread() is not main_thread()
        except RuntimeError:
            self.button.disabled = True
        self.context = copy_context()  # in it, warnings appear below this cell
        self.button.on_click(self.click)
        caption = text(
            "Losses of chunks, the smoothed loss, dashed lines for models that count. "
            "Below: text drawn from the network as it is."
        )
        caption.value += NAMES
        shown = [caption, self.picture, self.readout, self.passage]
        super().__init__([shelf([self.button]), *shown])
        self.refresh("paused" if run.progress[0] else "not started")

    def slice(self):
        """Train for about 50 ms, but not past twice the step that is shown.

        So the first seconds, in which the most happens, pass slowly. What is left of
        the slice is slept away inside it, where the kernel's stop button is heard.
        """
        T, end = self.run.inputs.shape[1], perf_counter() + 0.05
        while self.run.progress[0] < max(10, 2 * self.shown) and perf_counter() < end:
            step = next(self.run)
            # A hundred points for each power of e: few, however long the run is.
            if not self.points or step.n > 1.01 * self.points[-1][0]:
                self.points.append((step.n, step.loss / T, step.smooth_loss / T))
        sleep(max(0, end - perf_counter()))

    def refresh(self, state):
        """Show how far the run is: the picture, the numbers, a new text."""
        run = self.run
        n, h, smooth_loss = run.progress
        T = run.inputs.shape[1]
        now = n, math.nan, smooth_loss / T
        self.picture.value = png(figures.live_run([*self.points, now], self.lines))
        # It goes on where the training reads. At h = 0, which training hardly ever
        # meets, it may write nothing but the rarest characters.
        h = h.reshape(-1, run.params.H)[0]
        first = run.inputs[n % len(run.inputs)].flat[0]
        drawn = sample(run.params, h, first, 150, n)
        self.passage.show(self.vocabulary.decode(drawn))
        self.shown = n
        self.say(state)

    def say(self, state):
        """Put the numbers and the state in the readout, what is next on the button."""
        n, _, smooth_loss = self.run.progress
        nats = smooth_loss / self.run.inputs.shape[1]
        words = f"step {n:,}: smoothed loss {nats:.2f} nats a character; {state}"
        self.readout.say(words)
        names = {"not started": "Start", "training": "Pause"}
        self.button.description = names.get(state, "Resume")

    def click(self, _):
        """Pause if this widget trains, else train; called in any thread."""
        if LiveTraining.training is self:
            self.pause()
            self.say("paused")
        else:
            LiveTraining.training = self
            self.say("training")
            self.loop.call_soon_threadsafe(self.start)

    def start(self):
        """Train in a task, unless the one before the pause is still there."""
        if self.task is None:
            self.task = self.loop.create_task(self.train(), context=self.context)

    def pause(self):
        """Let the task end after the slice that it is in."""
        if LiveTraining.training is self:
            LiveTraining.training = None

    def close(self):
        """Pause, and take the widget from the page."""
        self.pause()
        super().close()

    async def train(self):
        """Slices until the pause; the picture follows about twice a second."""
        try:
            due = 0.0
            while LiveTraining.training is self:
                with interrupts(self.pause):
                    self.slice()
                    if perf_counter() > due:
                        self.refresh("training")
                        due = perf_counter() + 0.5
                await asyncio.sleep(0.002)
            # A click meanwhile, from another thread, lets the next task begin.
            self.refresh("paused")
        except BaseException as error:
            self.pause()
            if not isinstance(error, Exception):
                raise
            self.say(f"stopped by {type(error).__name__}: {error}")
            report = {"message": "Live training stopped", "exception": error}
            self.loop.call_exception_handler(report)
        finally:
            self.task = None


@contextmanager
def interrupts(call):
    """Make the kernel's stop button call `call`: between cells it is ignored.

    While a cell awaits, the first press is heard here, the second by the cell.
    """
    before = signal.signal(signal.SIGINT, lambda *_: call())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
