"""Notebook 14 is compared with its saved outputs where PyTorch is installed.

`make test-torch` installs it; `make test` runs without.
"""

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") else ["notebooks/14_in_pytorch.ipynb"]
