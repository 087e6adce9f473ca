# Mainstem, by its commands. A newcomer needs two of them: `make demo` and `make test`.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
BIN := .venv/bin
WORKERS ?= 3
GATES := lint format types layers dependencies dead-code spelling house
TOGETHER := $(if $(filter output-sync,$(.FEATURES)),--output-sync)  # what a gate says; older makes mix it
export PYTHON
unexport PYTHONDONTWRITEBYTECODE  # else every process of every test compiles all it loads

# What the demo needs is part of what the tests need: an environment made for tests serves both.
HAVE := $(if $(wildcard .venv/.test),.venv/.test,.venv/.run)

.PHONY: help demo test check bench coverage listings lock clean $(GATES)

help: ## Show these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

demo: $(HAVE) ## Load a sample site and open it in your browser, with sign-ins for three people
	@$(BIN)/mainstem demo

test: .venv/.test ## Run every test
	@$(BIN)/pytest -n $(WORKERS)

check: .venv/.test ## Run every gate, and name all that fail
	@$(MAKE) --no-print-directory --keep-going --jobs=$(WORKERS) $(TOGETHER) $(GATES)

bench: .venv/.test ## Measure everything beside its goal; `.venv/bin/python -m bench kill` runs one script
	@$(BIN)/python -m bench

coverage: .venv/.test ## Run every test and list the lines and branches that none of them takes
	@$(BIN)/pytest -n $(WORKERS) --cov --cov-report=term-missing:skip-covered

listings: .venv/.test ## Write the pages of docs/ that are made from the code
	@$(BIN)/python -m tools.listings

clean: ## Remove the environment, caches and the demo's home
	@rm -rf .venv demo-home dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The gates, one target each, so that one can be run alone.

lint: .venv/.test
	@$(BIN)/ruff check

format: .venv/.test
	@$(BIN)/ruff format --check

types: .venv/.test
	@$(BIN)/mypy --num-workers $(WORKERS)

layers: .venv/.test
	@$(BIN)/lint-imports --no-logo

dependencies: .venv/.test
	@$(BIN)/deptry --no-ansi src

dead-code: .venv/.test
	@$(BIN)/vulture

spelling: .venv/.test
	@$(BIN)/codespell

house: .venv/.test
	@$(BIN)/pytest tests/house

# The environment. A stamp is newer than the lock it was made from, so a second `make` starts at once.

.venv/.run .venv/.test: .venv/.%: requirements/%.txt pyproject.toml tools/environment
	@tools/environment $<
	@touch $@

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header pyproject.toml

lock: ## Resolve the hashed locks anew; needs uv
	@command -v uv >/dev/null || { echo "make lock needs uv on the PATH; nothing else does." >&2; exit 1; }
	@$(LOCK) --extra build --output-file requirements/run.txt
	@$(LOCK) --extra build --extra models --extra objects --extra dev --constraint requirements/run.txt --output-file requirements/test.txt
