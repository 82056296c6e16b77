"""One program at a time in a folder of results."""

import contextlib
import os

try:
    import fcntl
except ModuleNotFoundError:  # Windows, where nothing is kept apart
    fcntl = None


class Busy(Exception):
    """Another program writes into the folder: a sentence that says so."""


@contextlib.contextmanager
def alone_in(folder):
    """A context in which no other program that asks the same writes into `folder`.

    The folder is made if it is not there. However this program ends, the next one may
    enter. Busy: another one is in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if fcntl is None:
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(
                f"Another run is writing into {folder}: give the same command again "
                "when it is done."
            ) from None
        yield
    finally:
        os.close(held)
