# Short names for everyday work. Needs make and Python 3.11 or newer; where no uv is installed, one is
# brought into the checkout (.uv/).

# Asked for something small: a broken shim and a uv too old for pyproject.toml both say no.
UV := $(shell uv export --quiet --frozen --only-group bench >/dev/null 2>&1 && echo uv || echo .uv/bin/uv)
RUN = $(UV) run --no-sync
ARGS ?=

# The uv in .uv uses the Python that is here; an installed one does as its owner has set it up.
ifneq ($(UV),uv)
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
endif
export UV_PYTHON := $(or $(UV_PYTHON),$(PYTHON))
export UV_PYTHON_DOWNLOADS := never
endif

# Behind a mirror the lock names another index than uv is told to ask: take the lock as it stands.
LOCK = $(if $(UV_DEFAULT_INDEX)$(UV_INDEX)$(UV_INDEX_URL),--frozen,--locked)

.PHONY: help setup demo test soak coverage mutations check lint format docs contracts bench clean which-uv
.DEFAULT_GOAL := help

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' Makefile

demo: setup ## a synthetic label, imported and run in ./demo-lake
	$(RUN) bedrot demo $(ARGS)

test: setup ## the tests (ARGS="-k merge" goes to pytest)
	$(RUN) pytest -n auto --dist worksteal $(ARGS)

soak: setup ## the long tests, which `make test` leaves out
	$(RUN) pytest -n auto --dist worksteal -m soak $(ARGS)

coverage: setup ## the tests, and which lines of src they reach
	$(RUN) pytest -n auto --dist worksteal --cov --cov-report=term $(ARGS)

mutations: setup ## what the lake makes of changed exports, as a table
	$(RUN) python tools/mutation_table.py $(ARGS)

setup: $(filter .uv/%,$(UV)) ## bring everything that work on the code needs into .venv
	$(UV) sync $(if $(wildcard .venv),--quiet) $(LOCK)

check: setup lint ## lint, and the quick tests
	$(RUN) pytest -q -m "not slow and not soak" tests/house tests/unit

lint: setup ## format, lint, types, layers, contracts and SQL, generated docs
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) python tools/lint_definitions.py
	$(RUN) python tools/write_docs.py --check

format: setup ## write the format, and mend what can be mended safely
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

docs: setup ## write the generated pages under docs/reference
	$(RUN) python tools/write_docs.py

contracts: $(filter .uv/%,$(UV)) ## every contract through `datacontract lint`, in an environment of its own
	UV_PROJECT_ENVIRONMENT=.venv-contracts $(UV) run --quiet $(LOCK) --only-group contracts \
		python tools/lint_with_datacontract.py

bench: $(filter .uv/%,$(UV)) ## the benchmarks (ARGS goes to them); takes its time
	$(UV) run --quiet $(LOCK) --group bench python -m benchmarks $(ARGS)

clean: ## remove what was made here (no lake is touched)
	rm -rf .uv .venv .venv-* dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache \
		.hypothesis .coverage .coverage.* htmlcov
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

which-uv: $(filter .uv/%,$(UV))
	@echo $(UV)

.uv/bin/uv: tools/bring_uv.py
	@test -n "$(PYTHON)" || { echo "no Python 3.11 or newer found; install one, or name it: make PYTHON=/path/to/python3.12 ..."; exit 1; }
	@$(PYTHON) tools/bring_uv.py
