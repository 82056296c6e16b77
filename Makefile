# Needs make (GNU 3.81 or newer), a POSIX shell and Python 3.11 to 3.14; make test
# needs git too. All packages go into .venv, none into the system. Nine variables:
#   PYTHON=python3.12              the Python to make the environment with
#   LOCK=requirements-oldest.lock  the oldest supported packages, in .venv-oldest
#                                  (Python 3.11 or 3.12)
#   UPDATE="02 03"                 the notebooks for make lab to put beside older copies
#   NOTEBOOKS=notebooks/01*.ipynb  the ones for make execute to run
#   TORCH=2.13.0                   the PyTorch for make bench and notebook 14 to install
#   HINTS=yes                      hints stay in what make assignments writes
#   SUBMISSIONS=folder             what a class handed in, for make grades
#   RUNS=20                        how often make flakes runs the suite
#   REPOSITORY=owner/name          the one on GitHub that make site links to for Colab

LOCK = requirements.lock
NOTEBOOKS = notebooks/0*.ipynb notebooks/1[!4]*.ipynb# 14: make execute-torch
venv = .venv$(patsubst requirements%.lock,%,$(notdir $(LOCK)))
python = $(venv)/bin/python

# Settings of other projects stay out of the environment.
unexport PYTHONHOME PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_USER = 0

# Also runs on a Python that is too old, to say so. For one that is newer than any in
# the lock, pip would build NumPy.
define check_python
import sys
program, version = sys.argv[1], "%d.%d" % sys.version_info[:2]
if not (3, 11) <= sys.version_info < (3, 15):
    sys.exit(program + " is Python " + version + ", and one from 3.11 to 3.14 is "
             "needed: install it, or name it with make PYTHON=...")
try:
    import ensurepip, venv
except ImportError:
    sys.exit(program + " lacks venv: install python" + version + "-venv "
             "(Debian, Ubuntu: sudo apt install python" + version + "-venv)")
endef
export check_python

# The lock is on what the shell has open as 9, and goes with it, however it ends. pip has
# it open too: the next one waits even for a pip whose make was killed.
define take_turns
import fcntl, signal
signal.signal(signal.SIGINT, signal.SIG_DFL)
try:
    fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("Another make is installing in this folder: waiting for it.", flush=True)
    fcntl.flock(9, fcntl.LOCK_EX)
endef
export take_turns

STOPPED = Stopped: give the same command again, which begins anew.
FULL = The disk is full: make room for 700 MB here and in the temporary folder,
FULL += and give the same command again.
OFFLINE = The packages cannot be downloaded: connect this computer to the network,
OFFLINE += and give the same command again.
FAILED = The environment cannot be made, for the reason above: mend it,
FAILED += and give the same command again.

.PHONY: help env lab author test published taught colab execute lint mutants seeds bench race assignments grades lite site slides pdf publishing torch execute-torch test-torch release locks matrix mutants-course emptied check flakes

help:
	@sed -n 's/^\([a-z-]*\):.*## /make \1	/p' Makefile

# $(venv)/made-from is written last and holds what the environment was made from,
# and where. If that has changed, or Python does not run, it is made anew. The fonts
# are listed here, once, so that no first figure carries matplotlib's note about it.
# What pip says is kept in a variable, as a full disk takes no file. Python's venv does
# not say that it is full.
env: ## make the Python environment, unless it is there and up to date
	@set -e; \
	made_from() { pwd -P; cat pyproject.toml $(LOCK); }; \
	version_of() { "$$1" -c 'import sys; print(sys.version)'; }; \
	is_made() { made_from | cmp -s - $(venv)/made-from && \
	    have=$$(version_of $(python)) && \
	    { [ -z "$$PYTHON" ] || [ "$$have" = "$$(version_of "$$PYTHON")" ]; }; }; \
	if is_made; then exit; fi 2>/dev/null; \
	if [ -n "$$PYTHON" ]; then set -- "$$PYTHON"; \
	else set -- python3 python3.14 python3.13 python3.12 python3.11; fi; \
	for p; do "$$p" -c "$$check_python" "$$p" 2>/dev/null && break; p=; done; \
	[ -n "$$p" ] || { "$$1" -c "$$check_python" "$$1"; exit 1; }; \
	trap 'echo "$(STOPPED)" >&2; exit 130' INT; \
	exec 9< $(LOCK); "$$p" -c "$$take_turns" 2>/dev/null || :; \
	if is_made; then exit; fi 2>/dev/null; \
	echo "Installing about 120 packages in $(venv), once: a minute or two."; \
	install() { \
	    rm -f $(venv)/made-from && \
	    "$$p" -m venv --clear $(venv) && \
	    made_from > $(venv)/made-from.new && \
	    $(python) -m pip install --quiet --require-hashes -r $(LOCK) && \
	    { [ -n "$(BARE)" ] || $(python) -m pip install --quiet --no-deps \
	        --no-build-isolation -e .; } && \
	    $(python) -c 'import matplotlib.font_manager' && \
	    mv $(venv)/made-from.new $(venv)/made-from; \
	}; \
	said=$$(install 2>&1) || { \
	    case $$said$$(df -Pk . | awk 'NR == 2 && $$4 < 50000 {print "No space left"}') in \
	    *"No space left"*|*"uota exceeded"*) said="$(FULL)" ;; \
	    *"versions: none"*|*"timed out"*|*ConnectionError*) said="$(OFFLINE)" ;; \
	    *) echo "$$said" >&2; said="$(FAILED)" ;; \
	    esac; \
	    echo "$$said" >&2; exit 1; \
	}

lab: env ## copy the notebooks into my_notebooks/ and open JupyterLab there
	@$(python) -m rnncourse.lab $(if $(UPDATE),--update $(UPDATE))

author: env ## open the original notebooks in JupyterLab
	@$(python) -m rnncourse.lab --originals

# Three workers keep two cores busy, as a test that waits for a kernel or a browser works
# little itself: products in threads would make them wait. The longest tests begin first
# (conftest.py), then the notebooks.
test: env ## run every test and every notebook, comparing all saved outputs
	@git --version >/dev/null 2>&1 || { echo "make test needs git: install it"; exit 1; }
	OPENBLAS_NUM_THREADS=1 $(python) -m pytest -n 3 --dist loadscope \
	    --no-loadscope-reorder --nbval --nbval-current-env --ignore=tests/publish \
	    --ignore=tests/teaching/test_assignments.py notebooks tests

# The library's own tests, its layout and lint, and the notebooks that show its numbers.
check: env ## test a change in one room of rnnlib, in under 90 seconds
	OPENBLAS_NUM_THREADS=1 $(python) -m pytest -q -n 2 --dist loadscope \
	    --nbval --nbval-current-env -k "not wheel_has and not skip_is" \
	    tests/rnnlib tests/project/test_environment.py notebooks/0[2-5]*.ipynb
	@echo "Left out: the checker, the figures, the widgets, the other notebooks, the" \
	    "exercises solved, the mutants and all that is built. make test has most of it."

# A page runs Python six to nine times slower: a test of its own, a quarter of an hour.
published: env lite site slides ## build the browser edition, the site and the slides, and test them
	$(python) -m pytest tests/publish

# Its environment, .venv-colab, has no course in it: the notebooks install the wheel.
colab: env ## run the notebooks from the wheel alone, with the packages of Google Colab
	@$(MAKE) --no-print-directory env LOCK=requirements-colab.lock BARE=1
	OPENBLAS_NUM_THREADS=1 $(python) tests/notebooks/elsewhere.py .venv-colab/bin/python

execute: env ## run the original notebooks in order and save their outputs
	$(python) tests/notebooks/execute.py $(NOTEBOOKS)

lint: env ## check the style and the format of code and notebooks
	$(python) -m ruff check .
	$(python) -m ruff format --check .

mutants: env ## break every computing line of the library and see a test fail
	$(python) -m tests.mutants rnnlib

mutants-course: env ## the same for the checker and the words of figures, on a sample
	$(python) -m tests.mutants rnncourse

emptied: env ## empty what each test file tests, and see the file fail
	$(python) -m tests.emptied

# Two at a time, in build/flakes/: twenty take two to four hours.
flakes: env ## run the whole suite, RUNS=20 times, in random order on a loaded machine
	@$(python) -m tests.flakes $(or $(RUNS),20)

# A Python of the table must be on the PATH; what is not here is printed as that. An hour.
matrix: env ## try the oldest and newest packages, Pythons and BLAS, and print the table
	@$(python) -m tests.project.matrix

seeds: env ## see every known mistake on test inputs from fifty seeds
	FIFTY_SEEDS=1 OPENBLAS_NUM_THREADS=1 $(python) -m pytest -q -n 2 \
	    tests/rnncourse/checker/test_seeds.py

# SUBMISSIONS=folder, and NOTEBOOKS="03 04" for some of the exercises.
grades: env ## grade a class: make grades SUBMISSIONS=folder
	@[ -n "$(SUBMISSIONS)" ] || \
	    { echo "Name the folder of what was handed in: make grades SUBMISSIONS=folder"; exit 1; }
	@OPENBLAS_NUM_THREADS=1 $(python) -m teaching.grades "$(SUBMISSIONS)" \
	    $(if $(findstring command,$(origin NOTEBOOKS)),--notebooks "$(NOTEBOOKS)")

# These are built in an environment of their own, with packages of npm beside it.
lite: publishing ## build the browser edition in build/lite/
	@.venv-publish/bin/python -m publish.lite

site: publishing ## build the site in build/site/
	@.venv-publish/bin/python -m publish.site

slides: publishing ## build a deck of every notebook in build/slides/
	@.venv-publish/bin/python -m publish.slides

pdf: slides ## print the decks, with the notes for the lecture, as handouts
	@.venv-publish/bin/python -m publish.handouts

# Of what is committed; with the packages of the lock, without npm's.
release: ## build sdist and wheel in build/release/, check, install and use them
	@$(MAKE) --no-print-directory env LOCK=requirements-publish.lock
	@.venv-publish/bin/python -m publish.release

# The command is in the second line of each. No line may name where packages come from.
locks: ## bring every lock up to date, by the command in its head
	@$(MAKE) --no-print-directory env LOCK=requirements-publish.lock
	@for lock in requirements*.lock; do \
	    uv=$$(sed -n '2s/^# *uv //p' $$lock); echo "uv $$uv"; \
	    .venv-publish/bin/python -m uv --quiet $$uv --upgrade && \
	    sed '/^--/d' $$lock > $$lock.new && mv $$lock.new $$lock || exit 1; \
	done

publishing:
	@npm --version >/dev/null 2>&1 || { echo "npm is needed: install Node.js"; exit 1; }
	@$(MAKE) --no-print-directory env LOCK=requirements-publish.lock
	@cd publish && cmp -s package-lock.json node_modules/made-from || \
	    { npm ci --ignore-scripts --no-audit --no-fund --silent && \
	      cp package-lock.json node_modules/made-from; }

# In an environment of its own, so that the other stays as the lock says. PyTorch comes
# only when it is asked for: its usual build brings gigabytes for graphics cards.
bench: ## time rnnlib beside the gist, C, JAX and, with TORCH=2.13.0, PyTorch
	@$(MAKE) --no-print-directory env venv=$(venv)-bench
	@$(venv)-bench/bin/python -m pip install --quiet --no-build-isolation \
	    -e '.[bench]' || echo "JAX cannot be installed: its column stays empty."
	@[ -z "$(TORCH)" ] || \
	    $(venv)-bench/bin/python -m pip install --quiet torch==$(TORCH) || \
	    echo "PyTorch $(TORCH) cannot be installed: its column stays empty."
	@$(venv)-bench/bin/python -m benchmarks

race: env ## measure loss against processor seconds for notebook 09, in some minutes
	@$(python) -m benchmarks.race

# nbgrader has an environment of its own. NOTEBOOKS="03 04" chooses; HINTS=yes leaves the
# hints in the students' notebooks.
assignments: ## write the notebooks for students, for teachers and for nbgrader
	@$(MAKE) --no-print-directory env LOCK=requirements-teaching.lock
	@.venv-teaching/bin/python -m teaching.assignments \
	    $(if $(filter yes,$(HINTS)),--hints) \
	    $(if $(findstring command,$(origin NOTEBOOKS)),$(NOTEBOOKS))

taught: ## test the assignments with the real nbgrader
	@$(MAKE) --no-print-directory env LOCK=requirements-teaching.lock
	OPENBLAS_NUM_THREADS=1 .venv-teaching/bin/python -m pytest \
	    tests/teaching/test_assignments.py

# Notebook 14 needs PyTorch, and has an environment of its own for it, .venv-torch.
execute-torch: torch ## run notebook 14 with PyTorch and save its outputs
	$(venv)-torch/bin/python tests/notebooks/execute.py notebooks/14*.ipynb

test-torch: torch ## compare the outputs of notebook 14 with a run that has PyTorch
	$(venv)-torch/bin/python -m pytest --nbval --nbval-current-env notebooks/14*.ipynb

torch:
	@$(MAKE) --no-print-directory env venv=$(venv)-torch
	@$(venv)-torch/bin/python -m pip install --quiet torch==$(or $(TORCH),2.13.0)
