# `make` lists the targets.

.DEFAULT_GOAL := help
.SUFFIXES:

PYTHON := .venv/bin/python
SETUP := python3 -m scripts.dev.setup
# The tests start hundreds of programs: compile each module once, also in containers that set this.
unexport PYTHONDONTWRITEBYTECODE
# Arguments for pytest: make test PYTEST_ARGS='-k receipt'
PYTEST_ARGS ?=

# The tests in which a marketplace stores pictures.
S3_TESTS := $(addprefix tests/marketplace/,storage/s3 erasure \
	records/test_changed_storage.py records/test_quota.py \
	exports/test_bundle.py exports/test_person_export.py http/test_hostile_input.py \
	ingest/test_segment_flow.py ingest/test_statements.py review/test_queries.py)

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Install everything that the other targets need
	@$(SETUP) test

.PHONY: run
run: ## Start a marketplace and the tray client, signed in, and print the addresses
	@$(SETUP) run
	@exec $(PYTHON) -m scripts.dev.run

.PHONY: demo
demo: ## Like run in time lapse; a scripted user works if there is no display
	@$(SETUP) run
	@exec $(PYTHON) -m scripts.dev.run --demo

.PHONY: test
test: ## Check style and types, then run all tests
	@$(SETUP) test
	@$(MAKE) --no-print-directory check-code
	@$(PYTHON) -m pytest --numprocesses auto $(PYTEST_ARGS)

.PHONY: mutations
mutations: ## Change a valid week in 20,000 ways and check each in Python and JavaScript
	@$(SETUP) test
	@$(PYTHON) -m tests.mutations

.PHONY: load
load: ## Run a marketplace with 1,000 honest computers under attack
	@$(SETUP) test
	@$(PYTHON) -m tests.load

.PHONY: histories
histories: ## Run 2,000 random histories of computers, copies, losses and deletions
	@$(SETUP) test
	@$(PYTHON) -m tests.histories

.PHONY: fuzz
fuzz: ## Send requests generated from the OpenAPI document, 200 of each kind to each route
	@$(SETUP) test
	@WORKDIARY_FUZZ_EXAMPLES=$(or $(EXAMPLES),200) $(PYTHON) -m pytest $(PYTEST_ARGS) tests/marketplace/openapi

.PHONY: bench
bench: ## Measure memory, CPU time and speed beside references
	@$(SETUP) test
	@$(PYTHON) -m benchmarks

.PHONY: lint
lint: ## Check style and types only
	@$(SETUP) test
	@$(MAKE) --no-print-directory check-code

.PHONY: check-code
check-code:
	@$(PYTHON) -m ruff check --quiet
	@$(PYTHON) -m ruff format --check --quiet
	@$(PYTHON) -m mypy --no-error-summary
	@for platform in win32 darwin; do \
		$(PYTHON) -m mypy --no-error-summary --platform $$platform system diary tracker uploader ui || exit 1; \
	done

.PHONY: generate
generate: ## Write the files generated from findings.toml, record_fields.toml, tokens.toml and the table of settings
	@$(SETUP) test
	@$(PYTHON) -m scripts.dev.findings
	@$(PYTHON) -m scripts.dev.fields
	@$(PYTHON) -m assets.tokens
	@$(PYTHON) -m scripts.dev.policy

.PHONY: translations
translations: ## Extract the messages, update and compile the catalogues (ADDED=fr begins French)
	@$(SETUP) test
	@$(PYTHON) -m scripts.dev.translations $(ADDED)

.PHONY: pictures
pictures: ## Take the pictures in docs/images again
	@$(SETUP) test
	@$(PYTHON) -m scripts.dev.pictures

.PHONY: installers
installers: ## Build the packages that this machine can build into dist
	@$(SETUP) installers
	@$(PYTHON) -m installers

.PHONY: test-installers
test-installers: ## Build the packages and test them in fresh roots of Debian (needs root)
	@$(SETUP) test
	@$(SETUP) installers
	@$(PYTHON) -m installers
	@WORKDIARY_TEST_INSTALLERS=1 $(PYTHON) -m pytest --timeout 1800 $(PYTEST_ARGS) tests/installers

.PHONY: test-engines
test-engines: ## Run the marketplace's tests on PostgreSQL, and those with pictures on Ceph's S3
	@$(SETUP) test
	@$(SETUP) engines
	@$(PYTHON) -m pytest --numprocesses auto $(PYTEST_ARGS) --engine postgresql tests/marketplace
	@$(PYTHON) -m pytest $(PYTEST_ARGS) --blobs s3 $(S3_TESTS)

.PHONY: chaos
chaos: ## Kill processes that share PostgreSQL and Ceph's S3, and both servers, under load (MINUTES=10)
	@$(SETUP) test
	@$(SETUP) engines
	@$(PYTHON) -m tests.chaos $(or $(MINUTES),10)

.PHONY: golden
golden: ## Draw every window in each state, with contact sheets, into build/golden
	@$(SETUP) test
	@$(PYTHON) -m tests.ui.golden build/golden

.PHONY: lock
lock: ## Update the locks from pyproject.toml and package.json (LOCK=upgrade for newer versions)
	@$(SETUP) $(or $(LOCK),lock)

.PHONY: clean
clean: ## Remove the environment, caches and builds; the records in .run stay
	@rm -rf .venv .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist tests/interop/node_modules
	@find . -name __pycache__ -type d -not -path './.run/*' -prune -exec rm -rf {} +
