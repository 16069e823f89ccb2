# Needs make and Python 3.11 or newer, nothing else:
#
#   make run            start the map; PORT=8600 HOST=127.0.0.1 make run
#   make test           style, types and every test, in a real browser
#   make lint           style and types only
#   make format         put the code into its usual form
#   make requirements   pin the newest allowed version of every dependency
#   make benchmark      measure the pages side by side, about 25 minutes
#   make screenshot     take the README's picture again
#   make data-docs      write the description of the data files again
#   make clean          remove what was made here

PORT ?= 8501
HOST ?=
# The first of these that is new enough; or PYTHON=/some/python make run.
PYTHON ?= $(firstword $(foreach each,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(each) -c 'import sys; sys.version_info >= (3, 11) and print("$(each)")' 2>/dev/null)))

VENV := .venv
BROWSERS := chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable
# Where PostgreSQL keeps what PostGIS adds to it, on Debian and elsewhere.
POSTGIS := /usr/share/postgresql/*/extension/postgis.control \
	$(shell pg_config --sharedir 2>/dev/null)/extension/postgis.control
# Every download is checked against its hash; nothing is built from source, which
# would fetch tools that nobody pinned.
INSTALL := python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:
# One answer for every system and Python, with the hash of each file.
LOCK := uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links
# What a changed build must follow.
BUILD := pyproject.toml hatch_build.py frontend/package.json frontend/package-lock.json

export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: run test lint format benchmark screenshot requirements data-docs browser database clean
.DELETE_ON_ERROR:

run: $(VENV)/run.stamp
	@exec regen-map serve --port "$(PORT)" $(if $(HOST),--host "$(HOST)")

# Two files at a time, those of the browser first: it leaves half of two cores alone.
test: lint browser database
	pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder

lint: $(VENV)/test.stamp
	ruff check
	ruff format --check
	mypy

format: $(VENV)/test.stamp
	ruff check --fix
	ruff format

benchmark: $(VENV)/test.stamp browser
	python -m benchmarks --write-readme

screenshot: $(VENV)/test.stamp browser
	python -m tests.browser.screenshot

data-docs: $(VENV)/run.stamp
	regen-map data-docs

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found on the PATH. Install it, or name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: $(PYTHON) is older, or not there." >&2; exit 1; }
	@echo "Preparing $(VENV), once; this takes a minute or two."
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); echo "Python could not make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/run.stamp: requirements.txt requirements-node.txt $(BUILD) | $(VENV)/bin/python
	@$(INSTALL) -r requirements.txt
	@command -v npm >/dev/null || $(INSTALL) -r requirements-node.txt
	@python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: requirements-test.txt $(VENV)/run.stamp
	@$(INSTALL) -r requirements-test.txt
	@touch $@

# A whole browser with all its libraries is best left to the system's packages.
browser:
	@for each in $(BROWSERS); do command -v $$each >/dev/null && exit 0; done; \
	test -n "$$CHROMIUM_PATH" && exit 0; \
	$(call system,chromium-headless-shell,The browser tests need Chromium: install it; or set CHROMIUM_PATH.) || \
	$(call system,chromium,The browser tests need Chromium: install it; or set CHROMIUM_PATH.)

# And so is a database server: the tests start one of their own, with nothing in it.
database:
	@for each in $(POSTGIS); do test -e $$each && exit 0; done; \
	$(call system,postgresql postgresql-postgis,The tests of the store in PostgreSQL need PostgreSQL 15 or newer and PostGIS: install both.)

# Install packages of the system, or say what is missing.
system = { if ! command -v apt-get >/dev/null; then echo "$(2)" >&2; exit 1; fi; \
	if test "$$(id -u)" = 0; then as=; elif command -v sudo >/dev/null; then as=sudo; \
	else echo "$(2) As root: apt-get install $(1)" >&2; exit 1; fi; \
	$$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1); }

requirements: $(VENV)/run.stamp
	@python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(LOCK) pyproject.toml --group build -o requirements.txt
	$(LOCK) pyproject.toml --group build --extra test -c requirements.txt -o requirements-test.txt
	$(LOCK) --group pyproject.toml:node -o requirements-node.txt

clean:
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache test-results
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
