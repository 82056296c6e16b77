"""What the widgets share: controls, and below them a picture and a line of numbers."""

import html

from ipywidgets import HTML, Box, Image, Layout, VBox

from rnncourse.seeing import png

# Notebook 7 and JupyterLite take the arrow keys for shortcuts before a slider hears
# them, and select the next heading. Not so from an element with this attribute. It is
# set while an arrow key is on its way, so other shortcuts work in a widget too. Only a
# script can set it, and in ipywidgets a script runs in place of a picture that fails.
ARROW_KEYS = """<img hidden alt="" src="data:," onerror="
window.rnnArrowKeys ??= window.addEventListener('keydown', event => {
    if (event.target.closest?.('.jupyter-widgets'))
        event.target.toggleAttribute('data-lm-suppress-shortcuts',
            /^Arrow/.test(event.key) && !(event.ctrlKey || event.altKey ||
                                          event.metaKey || event.shiftKey));
}, true) ?? true; this.remove()">"""

# ipywidgets gives a slider no name that a screen reader says, and a picture no
# alternative text. The parts of a widget come to the page one by one.
NAMES = """<img hidden alt="" src="data:," onerror="
const find = (tries) => {
    const panel = this.closest('.widget-vbox');
    if (!panel) return tries > 0 && setTimeout(find, 50, tries - 1);
    const name = () => {
        for (const handle of panel.querySelectorAll('.noUi-handle'))
            handle.setAttribute('aria-label', handle.closest('.widget-inline-hbox')
                .querySelector('.widget-label').textContent);
        panel.querySelector('.widget-image')?.setAttribute(
            'alt', 'The picture of these settings. Its numbers stand below.');
    };
    name();
    new MutationObserver(name).observe(panel, {childList: true, subtree: true});
};
find(100)">"""


def panel(draw, caption, rows):
    """A widget: whenever a control is moved, its picture and its readout follow.

    draw: a function of the controls' values, by name, that returns a Figure and the
    readout, a sentence with the numbers of the picture. Figures of one size keep the
    widget's height, so that nothing below it jumps.
    caption: what is to be seen in the picture, whatever the values. It stands above
    the picture.
    rows: a list of rows of controls, each a dict from the name of the value to it.

    The first picture is drawn at once. What `draw` raises is not caught.
    """
    controls = {name: control for row in rows for name, control in row.items()}
    picture, readout = Image(format="png"), Readout()

    def update(_=None):
        figure, words = draw(**{name: c.value for name, c in controls.items()})
        picture.width = f"{figure.get_figwidth() * 100:.0f}px"
        picture.value = png(figure, dpi=120)  # quicker than 150
        readout.say(words)

    for control in controls.values():
        control.observe(update, names="value")
    update()
    shelves = [shelf(row.values()) for row in rows]
    above = text(caption)
    above.value += NAMES + ARROW_KEYS
    return Widget([*shelves, above, picture, readout])


class Widget(VBox):
    """A box whose text, which a reader without a kernel sees, says what it is."""

    def __repr__(self):
        return "A widget: it works where the notebook runs. See the figure nearby."


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


class Readout(HTML):
    """A line of text of a fixed height, which a screen reader announces."""

    def __init__(self):
        super().__init__(layout=Layout(min_height="3em", max_width="800px"))
        self.add_class("rnn-readout")

    def say(self, words):
        """Show these words; < and & are characters like any other."""
        self.value = lines(words, "role='status'")


def text(words):
    """A line of text that stays as it is."""
    return HTML(lines(words), layout=Layout(max_width="800px"))


def lines(words, attributes=""):
    """HTML that shows the words as they are, in lines as close as those of prose."""
    words = html.escape(words, quote=False)
    return f"<div {attributes} style='line-height: 1.4'>{words}</div>"


def shelf(controls):
    """Controls side by side, on several lines where the window is narrow."""
    return Box(list(controls), layout=Layout(flex_flow="row wrap", max_width="900px"))


def complaint(name, typed, vocabulary, longest):
    """What is wrong with a text that was typed; empty if the network can read it.

    name: what the text is to the reader, "text" or "prompt".
    """
    if not typed:
        return f"The {name} is empty. Type at least one character."
    if len(typed) > longest:
        return f"The {name} has {len(typed):,} characters, more than {longest:,}."
    for t, symbol in enumerate(typed):
        if symbol not in vocabulary.symbols:
            return (
                f"{symbol!r} at position {t} of the {name}, counted from 0, is not one "
                f"of the {len(vocabulary)} symbols that the network knows."
            )
    return ""
