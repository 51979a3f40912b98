# Every task of the project; `make` alone lists them. Needs Python 3.11 or newer, nothing else:
# each task first makes the environment .venv and installs there what it needs.

SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
JOBS ?= auto
ARGS ?=
DEMO ?= @texas/islanded-300mw
DEMO_OUT ?= demo-out
BENCH_OUT ?= benchmarks/results/latest.json

# The first Python that is new enough. Another one: make test PYTHON=/path/to/python3.12
NEW_ENOUGH := import sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$python -c '$(NEW_ENOUGH)' 2>/dev/null; then echo $$python; break; fi; done)

# Tests run side by side, so each one keeps to one core.
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
PYTEST = $(ONE_THREAD) $(BIN)/python -m pytest
PARALLEL = -n $(JOBS) --maxprocesses 8 --dist worksteal

# Tests that `make test` skips for want of an extra; tests/unit/test_ci.py sees that none is left out.
NEED_EXTRAS := tests/bench/test_tables.py tests/benchmarks/test_compare.py tests/peers tests/portfolio/test_read.py tests/solvers tests/unit/data/test_series.py
# Enough of each part to meet every library it calls.
TOUCH_LIBRARIES := tests/unit tests/solvers tests/model/test_assemble.py tests/cli/test_verify.py tests/portfolio/test_page.py tests/report/test_notebook.py

EXTRAS_run := [xlsx]
EXTRAS_test := [test]
EXTRAS_dev := [bench,dev,test]
EXTRAS_docs := [docs]
EXTRAS_bench := [bench,test]
EXTRAS_full := [bench,parquet,peers,solvers,test]

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.PHONY: help demo test slow agreement floors full peers lint format types contracts docs wheel bench compare check clean distclean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.installed-run ## solve a full year of the demo site and print its mix (DEMO=@family/name for another)
	@$(BIN)/optmix solve $(DEMO) -o $(DEMO_OUT) --force --time-limit 15m
	@echo "In $(DEMO_OUT)/: $$(ls $(DEMO_OUT) | tr '\n' ' ')"

test: $(VENV)/.installed-test ## run the tests, a few minutes (ARGS="-k battery" for some of them)
	$(PYTEST) -m "not slow and not peers and not agreement" $(PARALLEL) $(ARGS)

slow: $(VENV)/.installed-test ## run the tests that take long, the built wheel among them
	$(PYTEST) -m "slow and not peers" $(PARALLEL) $(ARGS)

agreement: $(VENV)/.installed-test ## solve hundreds of random cases by both methods
	$(PYTEST) -m agreement $(PARALLEL) tests/decomposition $(ARGS)

floors: $(VENV)-floors/.installed-test ## run some tests with the lowest versions that are allowed
	$(ONE_THREAD) $(VENV)-floors/bin/python -m pytest -m "not slow and not peers" $(PARALLEL) $(TOUCH_LIBRARIES) $(ARGS)

full: $(VENV)-full/.installed-full ## run the tests that need extras: other tools, solvers, Parquet
	$(ONE_THREAD) $(VENV)-full/bin/python -m pytest -m "not slow" $(PARALLEL) $(NEED_EXTRAS) $(ARGS)

peers: $(VENV)-full/.installed-full ## of those, only the comparison with other tools
	$(ONE_THREAD) $(VENV)-full/bin/python -m pytest -m peers $(PARALLEL) tests/peers $(ARGS)

lint: $(VENV)/.installed-dev ## style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.installed-dev ## mend what can be mended by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.installed-dev ## types
	$(BIN)/mypy

contracts: $(VENV)/.installed-dev ## imports run one way
	$(BIN)/lint-imports

docs: $(VENV)/.installed-docs ## build the documentation; a warning is an error
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

wheel: $(VENV)/.installed-test ## build the wheel into dist/
	$(BIN)/python -m pip wheel -q --no-deps --wheel-dir dist .
	@ls dist/*.whl

bench: $(VENV)/.installed-test ## time each phase; see benchmarks/README.md
	$(BIN)/python -m pytest benchmarks --benchmark-only --benchmark-json=$(BENCH_OUT) $(ARGS)
	@echo "$(BENCH_OUT) $(BENCH_OUT:.json=.csv)"

compare: $(VENV)/.installed-bench ## time the methods against each other; see benchmarks/README.md
	$(BIN)/python benchmarks/compare.py $(ARGS)

check: test lint types contracts docs ## what to run before a commit

clean: ## remove what the tasks made, except the environments
	rm -rf build dist docs/_build $(DEMO_OUT) .benchmarks .coverage .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache

distclean: clean ## remove the environments too
	rm -rf $(VENV) $(VENV)-full $(VENV)-floors

# A stamp file remembers what was installed; a change of pyproject.toml makes it stale. The install
# is editable, so a change of the sources needs no new one.
$(VENV)/.installed-%: pyproject.toml | $(VENV)/bin/python
	@echo "Installing optmix$(EXTRAS_$*) into $(VENV) (a minute or two the first time)"
	@$(BIN)/python -m pip install -qq -e '.$(EXTRAS_$*)'
	@touch $@

$(VENV)-full/.installed-%: pyproject.toml | $(VENV)-full/bin/python
	@echo "Installing optmix$(EXTRAS_$*) into $(VENV)-full (1.5 GB)"
	@$(VENV)-full/bin/python -m pip install -qq -e '.$(EXTRAS_$*)'
	@touch $@

$(VENV)-floors/.installed-%: pyproject.toml | $(VENV)-floors/bin/python
	@echo "Installing optmix$(EXTRAS_$*) into $(VENV)-floors, in the lowest versions"
	@$(VENV)-floors/bin/python .ci/floors.py > $(VENV)-floors/floors.txt
	@$(VENV)-floors/bin/python -m pip install -qq -e '.$(EXTRAS_$*)' -c $(VENV)-floors/floors.txt
	@touch $@

$(VENV)/bin/python $(VENV)-full/bin/python $(VENV)-floors/bin/python:
	@$(or $(PYTHON),false) -c '$(NEW_ENOUGH)' 2>/dev/null || { \
		echo "optmix needs Python 3.11 or newer, and $(or $(PYTHON),python3) is not." >&2; \
		echo "Install one, or name one: make test PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(@:/bin/python=) || { rm -rf $(@:/bin/python=); \
		echo "$(PYTHON) cannot make environments. On Debian and Ubuntu: apt install python3-venv" >&2; \
		exit 1; }
