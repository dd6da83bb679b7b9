# Commands that a person types. `make help` lists them.
#
#   PORT=8123 make demo          another port
#   PYTHON=python3.13 make demo  another Python (3.11 or newer; found by itself otherwise)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# What pytest is told besides: make test PYTEST_ARGS="-k timeline"
PYTEST_ARGS ?=
# A process for each core. A module stays in one process: some end with a look at what its other tests have tried. The order is
# that of tests/conftest.py.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder

.PHONY: help demo test test-sqlite test-browser test-postgres services templates bench faults lint format types docs screenshots client clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/demo.stamp ## Run the example site on http://localhost:8000 (PORT=8123 make demo moves it)
	@exec $(BIN)/python -m example_site.serve --port $(PORT)

test: $(VENV)/test.stamp services templates ## Run every test, with a real Redis, PostgreSQL and Chromium
	@$(MAKE) test-sqlite
	@$(MAKE) test-browser
	@$(MAKE) test-postgres
	@echo "All three runs passed: SQLite, browser, PostgreSQL."

test-sqlite: $(VENV)/test.stamp
	$(BIN)/python -m pytest $(PARALLEL) -m "not browser and not faults" $(PYTEST_ARGS)

test-browser: $(VENV)/test.stamp
	$(BIN)/python -m pytest $(PARALLEL) -m browser $(PYTEST_ARGS)

# Here a database makes a difference: what is stored, read, searched, counted, raced for, and what several processes see of it.
ON_POSTGRES := tests/actions tests/reading tests/races tests/test_desk_told.py tests/test_consumer_database.py \
  tests/helpdesk/test_search.py tests/tools/test_benchmarks.py tests/desk/test_logs.py tests/desk/test_statistics.py tests/desk/test_dashboard.py \
  tests/wire/test_doors.py tests/wire/test_live.py tests/wire/test_canaries.py

# Faults are played out where most sites run, on PostgreSQL, and one after the other: they need the machine.
test-postgres: $(VENV)/test.stamp
	LIVECHAT_TEST_DB=postgres $(BIN)/python -m pytest $(PARALLEL) -m "not browser and not faults" $(PYTEST_ARGS) $(ON_POSTGRES)
	LIVECHAT_TEST_DB=postgres $(BIN)/python -m pytest -m "faults and not browser" $(PYTEST_ARGS) || [ $$? = 5 ]

services: $(VENV)/test.stamp
	@$(BIN)/python -m tools.services

# What tests copy: made on all cores now, instead of on one while the other waits for it.
templates: $(VENV)/test.stamp services
	@$(BIN)/python -m tools.templates

bench: $(VENV)/test.stamp services ## Measure, beside the ceiling of the same machine (about nine minutes)
	$(BIN)/python -m benchmarks

faults: $(VENV)/test.stamp services ## Kill, pause and flood real processes, and count what is lost
	LIVECHAT_TEST_DB=postgres $(BIN)/python -m pytest -m "faults and not browser" $(PYTEST_ARGS)
	@# Faults that are watched in a browser run on SQLite; there need not be any (pytest's exit 5).
	$(BIN)/python -m pytest -m "faults and browser" $(PYTEST_ARGS) || [ $$? = 5 ]

lint: $(VENV)/lint.stamp ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/lint.stamp ## Put the style right where a machine can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/docs.stamp ## Build the documentation into var/docs; a broken link is an error
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet docs var/docs
	@echo "Open var/docs/index.html"

screenshots: $(VENV)/test.stamp services ## Take the pictures of the documentation anew
	$(BIN)/python -m tools.screenshots

client: ## Build the TypeScript client (only for those who change it)
	@if ! command -v node >/dev/null || [ "$$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then \
	  $(MAKE) $(VENV)/client.stamp && export PATH="$$PWD/tools/node:$$PATH"; fi; \
	cd wagtail_livechat/client && npm ci --no-audit --no-fund && npm run build

clean: ## Remove everything that was made, the environment and the demo's data too
	rm -rf $(VENV) var build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results \
	  wagtail_livechat/client/node_modules

# The environment. Stamps are as new as setup.py, so a second start installs nothing.

$(VENV)/bin/python:
	@python="$${PYTHON:-}"; \
	for candidate in $$python python3 python3.14 python3.13 python3.12 python3.11; do \
	  if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    python="$$candidate"; found=1; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
	  echo "Python 3.11 or newer is needed, with its venv module: install python3 and python3-venv." >&2; exit 1; fi; \
	echo "Making the environment $(VENV) …"; \
	"$$python" -m venv $(VENV)

$(VENV)/%.stamp: setup.py | $(VENV)/bin/python
	@echo "Installing what \"$*\" needs into $(VENV) …"
	@$(PIP) install --editable ".[$*]"
	@touch $@
