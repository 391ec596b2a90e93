# Every target can be the first one on a fresh machine.
PYTHON ?= python3
UV ?= uv
BIN := .venv/bin
# One more than the two cores of a small machine: many tests wait for a browser or a server of their own.
PROCESSES ?= 3
TABLES ?= $(wildcard tests/services/risk_table.yml tests/services/heldout_risk*.yml)
COMPILE := pip compile --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 --quiet

.DEFAULT_GOAL := help
.PHONY: help setup run test check audit content risk ear bench soak load lock clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

setup: .venv/.ready ## Create .venv from the locked requirements and install the package into it

.venv/.ready: requirements.txt pyproject.toml
	@PYTHON=$(PYTHON) sh deploy/setup.sh requirements.txt

.venv/.dev-ready: requirements-dev.txt pyproject.toml
	@PYTHON=$(PYTHON) sh deploy/setup.sh requirements-dev.txt

run: .venv/.ready ## Start the bot: with OPENCHAIR_TOKEN on Telegram, without it in a local preview
	@$(BIN)/python -m bot run

test: .venv/.dev-ready ## Set up and run every check: style, types, rooms, content, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot content check
	$(BIN)/python -m bot content parity
	$(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal

check: .venv/.dev-ready ## The quick checks alone: style, types, rooms, libraries
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory audit

audit: .venv/.dev-ready ## Libraries: are they those of the lock, and is a hole known in one of them (asks the network)
	$(BIN)/python -m pytest -q tests/rules/test_dependencies.py
	@sh deploy/audit.sh requirements.txt

content: .venv/.ready ## Check every word a person reads, and that every kind is told on equal terms
	$(BIN)/python -m bot content check
	$(BIN)/python -m bot content parity

risk: .venv/.dev-ready ## Recall and false alarms of the urgent-help rules, over TABLES
	$(BIN)/python -m tests.services.risk_score $(TABLES)

ear: .venv/.dev-ready ## Fit what listens beside those rules to tests/ear/examples anew; takes minutes
	$(BIN)/python -m tests.ear

bench: .venv/.dev-ready ## Measure speed and memory, as ratios side by side in one run
	$(BIN)/python -m tests.bench

soak: .venv/.dev-ready ## Kill, restart and fuzz for minutes; figures go to tests/soak/README.md
	$(BIN)/python -m tests.soak

load: .venv/.dev-ready ## Thousands of visits while workers are killed, every fault, and the pace; needs PostgreSQL; figures go to tests/load/README.md
	$(BIN)/python -m tests.load

lock: ## Write both lock files anew (needs uv)
	$(UV) $(COMPILE) --extra build -o requirements.txt pyproject.toml
	$(UV) $(COMPILE) --extra build --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml

clean: ## Remove the environment and all caches; data/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .grimp_cache build *.egg-info
