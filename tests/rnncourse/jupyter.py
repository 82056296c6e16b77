"""A Jupyter server in a process of its own, for as long as a test needs it."""

import json
import socket
import subprocess
import time
from contextlib import contextmanager, suppress


@contextmanager
def running(command, runtime, log, env):
    """What a server says of itself once it is up, a dict with its url and token.

    runtime: Jupyter's runtime folder for this environment. log: a file for what the
    server prints; it is in the message where none comes up.
    """
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            env=env | {"JUPYTER_PORT": "0"},  # any free one, as others start too
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        said = runtime / f"jpserver-{server.pid}.json"
        for _ in range(1200):
            with suppress(FileNotFoundError, json.JSONDecodeError, ConnectionError):
                about = json.loads(said.read_text(encoding="utf-8"))
                # It says so before it listens.
                socket.create_connection((about["hostname"], about["port"])).close()
                break
            assert server.poll() is None, f"Jupyter ended:\n{log.read_text()}"
            time.sleep(0.1)
        else:
            raise TimeoutError(f"no Jupyter after two minutes:\n{log.read_text()}")
        yield about
    finally:
        server.terminate()  # it ends its kernels, then itself
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
