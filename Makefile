# Every verb of the project. `make help` lists them. Needs make, git and Python 3.11 or newer, and nothing else.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
# Tests wait more than they compute, so a small machine carries twice as many as it has cores.
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ $$n -lt 4 ] && echo $$((n * 2)) || echo $$n)

# The house is half a dozen Python processes. Each finds here what the first one compiled, also on a machine that keeps
# Python from leaving bytecode beside the sources, as many containers do: that halves what starting costs.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(abspath $(VENV))/bytecode

# Install a locked list with its hashes: by uv where it is at hand (a second), else by pip (twenty). The list is complete,
# so pip need not look for more, and Python compiles what it imports when it first does.
define install
	@if [ -n "$(UV)" ] && $(UV) pip install --quiet --python $(BIN)/python --require-hashes -r $(1); then :; else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes -r $(1); fi
endef

.PHONY: help run test check demo bench bench-long mutants onboarding-matrix onboarding-kills coverage migration backup restore lock key screenshots clean

help: ## List every verb
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: $(VENV)/.runtime ## Start everything here: web, worker, clock, and a local Meta while META_APP_ID is not set
	@PATH="$(CURDIR)/$(BIN):$$PATH" exec $(BIN)/python -m app.run --with-parent

demo: $(VENV)/.runtime ## Onboard three example clients through real HTTP on free ports and show each step
	@PATH="$(CURDIR)/$(BIN):$$PATH" exec $(BIN)/python -m bench.demo

test: $(VENV)/.development ## Run every test; what this machine cannot run is skipped with the reason
	@PATH="$(CURDIR)/$(BIN):$$PATH" exec $(BIN)/python -m pytest -p tests.require_all -n $(WORKERS) -q $(ARGS)

check: $(VENV)/.development ## Lint, format, types, and the tests about the building
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -p tests.require_all -q -p no:randomly tests/house

bench: $(VENV)/.development ## Measure against the goals; ONLY=<name> for one (exit code 1 when a goal is missed)
	@PATH="$(CURDIR)/$(BIN):$$PATH" exec $(BIN)/python -m bench $(ONLY)

bench-long: $(VENV)/.development ## The same measurements with five times the rounds
	@PATH="$(CURDIR)/$(BIN):$$PATH" exec $(BIN)/python -m bench --long $(ONLY)

mutants: $(VENV)/.development ## Break rules, vault, signature and guards on purpose; the tests must notice 90 %
	@exec $(BIN)/python -m bench.mutants $(ONLY)

onboarding-matrix: $(VENV)/.development ## Play every plan with every end event and fault; ONLY=<text> for some cells
	@PATH="$(CURDIR)/$(BIN):$$PATH" exec $(BIN)/python -m tests.matrix --kinds event,fault --processes $(WORKERS) --only "$(ONLY)"

onboarding-kills: $(VENV)/.development ## Play every death around a call, at each commit, and every bad day; ONLY=<text> for some cells
	@PATH="$(CURDIR)/$(BIN):$$PATH" exec $(BIN)/python -m tests.matrix --kinds kill,commits,day --processes $(WORKERS) --only "$(ONLY)"

coverage: $(VENV)/.development ## Branch coverage of rules, vault, signature and guards; fails below 100 %
	@$(BIN)/python -m bench.coverage

screenshots: $(VENV)/.development ## Take the pictures of docs/images from the running product (needs Chromium)
	@PATH="$(CURDIR)/$(BIN):$$PATH" exec $(BIN)/python -m bench.screenshots

migration: $(VENV)/.runtime ## Write the next numbered migration from the models: make migration name="add greetings"
	@test -n "$(name)" || { echo 'say what it does: make migration name="add greetings"'; exit 2; }
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh -c 'd=$$(mktemp -d) && export DATABASE_URL=sqlite:///$$d/new.db && \
		alembic upgrade head && alembic revision --autogenerate -m "$(name)"; code=$$?; rm -rf $$d; exit $$code'

lock: $(VENV)/.development ## Pin requirements.in and requirements-dev.in anew, with hashes
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		-c requirements.txt requirements-dev.in -o requirements-dev.txt

backup: $(VENV)/.runtime ## Copy the database while everything goes on; TO=<folder> for another place than DATA_DIR/backups
	@$(BIN)/flask --app wsgi backup make $(if $(TO),--to "$(TO)")

restore: $(VENV)/.runtime ## Put a backup in the place of the database: make restore FILE=<path>
	@test -n "$(FILE)" || { echo 'say which: make restore FILE=var/backups/…'; exit 2; }
	@$(BIN)/flask --app wsgi backup restore "$(FILE)"

key: ## Print a new random key for SECRET_KEYS or CREDENTIAL_KEYS
	@$(PYTHON) -c 'import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())'

clean: ## Remove the virtual environment and the caches; keeps DATA_DIR
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@if [ -n "$(UV)" ]; then $(UV) venv --quiet --python '>=3.11' $(VENV); \
	elif [ -n "$(PYTHON)" ]; then $(PYTHON) -m venv $(VENV) || { \
		echo 'Python cannot make a virtual environment here; on Debian: apt-get install python3-venv'; exit 1; }; \
	else echo 'Python 3.11 or newer is needed and none was found; name it: make PYTHON=/path/to/python3'; exit 1; fi

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	@echo 'Installing what the product needs (once) …'
	$(call install,requirements.txt)
	@touch $@

$(VENV)/.development: requirements-dev.txt | $(VENV)/.runtime
	@echo 'Installing what its tests need (once) …'
	$(call install,requirements-dev.txt)
	@touch $@
