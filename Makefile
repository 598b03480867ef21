# `make run` and `make test` are all that a newcomer needs; both set themselves up in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help

help: ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

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

check-kubernetes: $(VENV)/ready ## Kubernetes manifests against the schemas (kubectl or kustomize; Go; CRDS=folder for more)
	$(BIN)/python -m tests.support.kubernetes_schemas
	$(BIN)/python -m pytest -rs tests/unit/test_kubernetes.py tests/contract/test_kubernetes_*.py

test-compose: $(VENV)/ready ## run the house on docker compose: the journey, crashes, down and up
	@docker info >/dev/null 2>&1 || { echo "Not run: no Docker engine answers, and this needs one." >&2; exit 1; }
	$(BIN)/python -m pytest tests/production

chaos: $(VENV)/ready ## hurt a house under load in fourteen ways, then count everything (OPTIONS="--faults F1,F5 --seed 7")
	$(BIN)/python -m tests.chaos $(OPTIONS)

chaos-mutations: $(VENV)/ready ## take ten pieces of safety out, one at a time: each must turn the run red
	$(BIN)/python -m tests.chaos.prove $(NAMES)

bench: $(VENV)/ready ## measure what the house can do, beside its goals (40 minutes; OPTIONS=--quick: 5; OPTIONS=--help)
	$(BIN)/python -m tests.benchmarks $(OPTIONS)

bench-compare: $(VENV)/ready ## fail where an item costs 10 % more CPU than the stored baseline says
	$(BIN)/python -m tests.benchmarks --quick --compare $(OPTIONS)

env: $(VENV)/ready ## make the secrets for docker compose (ISSUER=… JWKS=…, or a sign-in for trials)
	@$(BIN)/python -m deploy.env $(if $(ISSUER),--issuer "$(ISSUER)") $(if $(JWKS),--jwks "$(JWKS)")

settings: $(VENV)/ready ## renew docs/settings.md from the code
	$(BIN)/python -m deploy.settings_table

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

.PHONY: help run test check check-kubernetes test-compose chaos chaos-mutations bench bench-compare env settings lock
