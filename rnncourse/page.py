"""Python in the page of a browser: whether it runs there, and what is missing there."""

import logging
import sys
import time

IN_PAGE = sys.platform == "emscripten"  # Pyodide: six to nine times slower
# There the processor's clock stands still, and nothing else runs on that thread.
process_time = time.perf_counter if IN_PAGE else time.process_time

if IN_PAGE:
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its monitor is a thread, and there are none
    # The list of fonts is made in every session anew: no warning each time.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
