"""What the numbers depend on: the machine and the versions."""

import importlib.metadata
import os
import platform
import subprocess
from datetime import date
from pathlib import Path

import numpy as np


def about():
    """All of it, as far as a program can tell. Call it before torch and jax load."""
    return {
        "date": date.today().isoformat(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "load before": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "torch", "jax")},
        "BLAS of NumPy": blas(),
        "cc": printed("cc", "--version").partition("\n")[0] or "none",
    }


def printed(*command):
    """What a command prints, or nothing if there is no such command."""
    try:
        return subprocess.run(command, capture_output=True, encoding="utf-8").stdout
    except OSError:
        return ""


def processor():
    """The name of the processor."""
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.exists():
        return printed("sysctl", "-n", "machdep.cpu.brand_string").strip()
    lines = cpuinfo.read_text(encoding="utf-8").splitlines()
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def version(package):
    """The version of a package that is installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def blas():
    """NumPy's BLAS with its version, kernel and number of threads."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    return "; ".join(
        f"{pool['internal_api']} {pool['version']}, {pool.get('architecture')}, "
        f"{pool['num_threads']} thread"
        for pool in threadpool_info()
        if pool["user_api"] == "blas"
    )
