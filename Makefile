# `make run` and `make test` are all that a newcomer needs; both set themselves up in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help

help: ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(VENV)/ready ## start everything on this machine and say where to look
	@exec $(BIN)/python -m deploy.local

test: $(VENV)/ready ## run all tests that need neither Docker, Java nor a browser
	$(BIN)/python -m pytest

check: $(VENV)/ready ## style, types, architecture, and the API against random requests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/fuzz

bench: $(VENV)/ready ## measure what the house can do, beside its goals (40 minutes; ARGS=--quick: 5; ARGS=--help)
	$(BIN)/python -m tests.benchmarks $(ARGS)

bench-compare: $(VENV)/ready ## fail where an item costs 10 % more CPU than the stored baseline says
	$(BIN)/python -m tests.benchmarks --quick --compare $(ARGS)

lock: $(VENV)/ready ## renew the lock file from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--all-extras pyproject.toml -o requirements.lock

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is older. Name another one: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: help run test check bench bench-compare lock
