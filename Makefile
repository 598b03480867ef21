# `make run` and `make test` are all that a newcomer needs; both set themselves up in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REAL ?= tests/real tests/integration/test_announcing.py tests/integration/test_crashes.py tests/integration/test_hearing.py \
	tests/integration/test_index.py tests/integration/test_matching.py tests/integration/test_rebuilding.py \
	tests/integration/test_searching.py tests/integration/test_searching_during_rebuild.py tests/integration/test_topics.py \
	tests/journey

.DEFAULT_GOAL := help

help: ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(VENV)/ready ## start everything on this machine and say where to look
	@exec $(BIN)/python -m deploy.local

test: $(VENV)/ready ## run all tests that need neither Docker, Java nor a browser
	$(BIN)/python -m pytest

test-real: $(VENV)/ready ## the tests that real servers can fail: those named in KNOWHOW_KAFKA and KNOWHOW_OPENSEARCH, else Docker's
	@KNOWHOW_TEST_SERVERS=$${KNOWHOW_TEST_SERVERS:-$$($(BIN)/python -m tests.support.offer)} \
		$(BIN)/python -m pytest $(REAL)

check: $(VENV)/ready ## style, types, architecture, and the API against random requests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/fuzz

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

.PHONY: help run test test-real check lock
