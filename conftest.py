"""Which tests run, and in which order.

Notebook 14 is compared with its saved outputs where PyTorch is installed. `make
test-torch` installs it; `make test` runs without.
"""

from importlib.util import find_spec

LONGEST = ("test_browser.py", "test_student.py")
collect_ignore = [] if find_spec("torch") else ["notebooks/14_in_pytorch.ipynb"]


def pytest_collection_modifyitems(items):
    """The longest first: begun last, they would keep the other workers waiting."""
    items.sort(key=lambda item: item.path.name not in LONGEST)
