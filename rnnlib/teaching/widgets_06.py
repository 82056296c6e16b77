"""The widgets of notebook 06: training live, and the sampler."""

import asyncio
import html
import math
import signal
from contextlib import contextmanager
from contextvars import copy_context
from threading import current_thread, main_thread
from time import perf_counter, sleep

import numpy as np
from ipywidgets import HTML, BoundedIntText, Button, FloatSlider, Image, Layout, Text

from rnnlib import forward, sample, softmax
from rnnlib.teaching import figures_06 as figures
from rnnlib.teaching.drawing import visible
from rnnlib.teaching.seeing import png
from rnnlib.teaching.widgets import Readout, Widget, panel, shelf, text

LONGEST = 1000  # characters of a prompt


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
            self.refresh("paused")
        except Exception as error:
            self.say(f"stopped by {type(error).__name__}: {error}")
            report = {"message": "Live training stopped", "exception": error}
            self.loop.call_exception_handler(report)
        finally:
            self.pause()
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


class Passage(HTML):
    """A text in a box of a fixed height, its white space kept."""

    def show(self, drawn, prompt=""):
        """Show what was drawn, after the prompt in bold."""
        style = (
            "box-sizing: border-box; width: 800px; max-width: 100%; height: 15em; "
            "margin: 0; padding: 0.5em; overflow: auto; border: 1px solid #8A8A8A; "
            "line-height: 1.35; white-space: pre-wrap; overflow-wrap: anywhere"
        )
        prompt, drawn = html.escape(prompt), html.escape(drawn)
        self.value = f'<pre style="{style}"><b>{prompt}</b>{drawn}</pre>'


def sampler(params, vocabulary, prompt):
    """Choose a prompt, a temperature and a seed; see p of the next character, and text.

    params, vocabulary: of one network. prompt: the one to begin with.
    """
    good, passage = prompt, Passage()

    def draw(prompt, temperature, seed):
        nonlocal good
        wrong = complaint(prompt, vocabulary)
        good = good if wrong else prompt
        figure, words, drawn = sample_at(params, vocabulary, good, temperature, seed)
        passage.show(drawn, good)
        return figure, f"{wrong} Shown is '{ending(good)}'." if wrong else words

    prompt = Text(prompt, description="prompt", layout=Layout(width="400px"))
    temperature = FloatSlider(1, min=0.1, max=2, step=0.1, description="temperature")
    temperature.style.description_width = "initial"
    seed = BoundedIntText(1, min=0, max=9999, description="seed")
    caption = (
        "The ten likeliest next characters, all others together, a mark over the one "
        "drawn. Below: the text."
    )
    rows = [{"prompt": prompt}, {"temperature": temperature, "seed": seed}]
    widget = panel(draw, caption, rows)
    widget.children += (passage,)
    return widget


def sample_at(params, vocabulary, prompt, temperature, seed):
    """The picture, the readout and 200 characters: what follows the prompt."""
    ids = vocabulary.encode(prompt)
    states = forward(params, ids)
    p = softmax(states.y[-1] / temperature)
    drawn = sample(params, states.h_prev[-1], ids[-1], 200, seed, temperature)
    figure = figures.next_character(p, vocabulary.symbols, drawn[0])
    top = np.argsort(-p, kind="stable")[:3]
    likeliest = [visible(vocabulary.symbols[k]) for k in top]
    words = (
        f"after '{ending(prompt)}': p({likeliest[0]}) = {p[top[0]]:.3f} at temperature "
        f"{temperature:.1f}; the likeliest: {' '.join(likeliest)}; "
        f"drawn first: {visible(vocabulary.symbols[drawn[0]])}"
    )
    return figure, words, vocabulary.decode(drawn)


def complaint(prompt, vocabulary):
    """What is wrong with a prompt, in words; empty if the network can read it."""
    if not prompt:
        return "The prompt is empty. Type at least one character."
    if len(prompt) > LONGEST:
        return f"The prompt has {len(prompt):,} characters, more than {LONGEST:,}."
    for t, symbol in enumerate(prompt):
        if symbol not in vocabulary.symbols:
            return (
                f"{symbol!r} at position {t} of the prompt, counted from 0, is not one "
                f"of the {len(vocabulary)} symbols that the network knows."
            )
    return ""


def ending(prompt):
    """The last characters of a prompt, in one line."""
    shown = prompt if len(prompt) <= 30 else "…" + prompt[-29:]
    return shown.replace("\n", "↵")
