"""Which tests run, and in which order.

Notebook 14 is compared with its saved outputs where PyTorch is installed. `make
test-torch` installs it; `make test` runs without. With a seed in SHUFFLE the order is
random, as `make flakes` needs it. A kernel that dies as it starts is started again.
"""

import gc
import os
import random
from functools import cache
from importlib.util import find_spec

from nbclient import NotebookClient
from nbval import kernel

LONGEST = ("test_browser.py", "test_student.py")
# What a test here leaves, the next one takes up.
IN_ORDER = ("test_student.py",)
collect_ignore = [] if find_spec("torch") else ["notebooks/14_in_pytorch.ipynb"]


def pytest_configure():
    kernel.start_new_kernel = once_more(kernel.start_new_kernel)
    NotebookClient.execute = once_more(NotebookClient.execute)


def once_more(function):
    """The function, tried a second time if its kernel dies as it starts.

    A kernel's five ports are chosen before it runs, and are free until it takes them:
    on a busy machine another program has been given one of them meanwhile.
    """

    def tried(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except RuntimeError as error:
            if "Kernel died before replying" not in str(error):
                raise
            return function(*args, **kwargs)

    return tried


def pytest_collection_finish():
    """Python's collector leaves the tests themselves alone from here on.

    They live to the end. A full collection that walks through thousands of them takes
    up to a second, and it would count as the time of the code under test.
    """
    gc.freeze()


def pytest_collection_modifyitems(items):
    """The longest first: begun last, they would keep the other workers waiting.

    nbval waits five seconds for what a cell shows once it has run. Here a pause of
    the machine may last longer.
    """
    for item in items:
        if hasattr(item, "output_timeout"):
            item.output_timeout = 600
    if seed := os.environ.get("SHUFFLE"):
        shuffle(items, seed)
    else:
        items.sort(key=lambda item: item.path.name not in LONGEST)


def shuffle(items, seed):
    """Order the files at random, and the tests of each, but for cells of a notebook."""
    draw = random.Random(seed).random
    of_file = cache(lambda path: draw())

    def place(item):
        stays = item.path.suffix == ".ipynb" or item.path.name in IN_ORDER
        return of_file(item.path), 0 if stays else draw()

    items.sort(key=place)
