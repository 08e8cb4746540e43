# make install   prepares .venv with .venv/bin/ongemerkt
# make run       opens the vault; make run ARGS="list --lang en" runs a command
# make test      all tests
# make check     lint, format, types, layers, unit and property tests: under a minute
# make server    prepares .venv-server with .venv-server/bin/ongemerkt-server, without what only the coach's program needs
# make bench     benchmarks; ARGS go to benchmarks/run.py
# make messages  takes new messages into the catalogues and compiles them
# make requirements   pins the newest versions that fit requirements/*.in (UPGRADE= keeps what is pinned)
# make clean     removes what the above made

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := install
.PHONY: install server dev run test check lint bench messages requirements clean

# The first Python of 3.11 or later that can make a virtual environment. Say PYTHON=… for another.
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo "$$python"; break; fi; done)

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PACKAGES := vault cli sync
JOBS ?= 2
ARGS ?=
UPGRADE ?= --upgrade

# The stamps carry a mark of this folder: a .venv copied along with its folder points at the old one, and is made anew.
HERE := $(shell pwd | cksum | cut -d' ' -f1)
VENV := .venv/made-$(HERE)
RUN := .venv/run-$(HERE)
DEV := .venv/dev-$(HERE)
TPM := .venv/tpm-$(HERE)
SERVER := .venv-server/made-$(HERE)

# Compiled here, since a start without compiled files takes twice as long. What is compiled already is skipped.
COMPILE := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q

$(VENV): requirements/run.txt
	@test -n "$(PYTHON)" || { echo "No Python of 3.11 or later with venv found. On Debian: apt install python3-venv" >&2; exit 2; }
	"$$("$(PYTHON)" -c 'import sys; print(sys.executable)')" -m venv --clear .venv
# Up to Python 3.11 a venv brings setuptools, which hooks into every import of every start.
	$(PIP) uninstall --yes setuptools
	$(PIP) install --require-hashes -r requirements/run.txt
	$(COMPILE) "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
	@touch $@

$(RUN): pyproject.toml $(VENV)
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# The way to a TPM comes as source. It is built with pinned tools in an environment of its own, where its library, a
# compiler and Python's headers are; elsewhere the program does without, and says so when it is asked for a TPM.
HAS_TPM := $(shell pkg-config --exists tss2-esys 2>/dev/null && command -v cc >/dev/null && test -n "$(PYTHON)" && \
	test -e "$$("$(PYTHON)" -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" && echo $(TPM))

$(TPM): requirements/tpm.txt requirements/tpm-build.txt $(VENV)
	"$$("$(PYTHON)" -c 'import sys; print(sys.executable)')" -m venv --clear .venv/tpm-build
	.venv/tpm-build/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes \
		-r requirements/tpm-build.txt
	.venv/tpm-build/bin/python -m pip --disable-pip-version-check --quiet wheel --require-hashes --no-deps \
		--no-build-isolation --wheel-dir .venv/tpm-build/wheels -r requirements/tpm.txt
# What it needs to run is in run.txt.
	$(PIP) install --no-deps --no-index --force-reinstall .venv/tpm-build/wheels/tpm2_pytss-*.whl
	rm -rf .venv/tpm-build
	@touch $@

$(DEV): requirements/dev.txt $(VENV)
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# A virtual environment of its own: the server is installed without the coach's program, as on a keeper's machine.
$(SERVER): requirements/server.txt pyproject.toml
	"$$("$(PYTHON)" -c 'import sys; print(sys.executable)')" -m venv --clear .venv-server
	.venv-server/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/server.txt
	.venv-server/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --editable .
	@touch $@

install: $(RUN) $(HAS_TPM)
	@$(COMPILE) $(PACKAGES)

server: $(SERVER)

dev: install $(DEV)

run: install
	@$(BIN)/ongemerkt $(ARGS)

test: dev
	$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint
	$(BIN)/python -m pytest -n $(JOBS) --hypothesis-profile=check tests/unit tests/properties

bench: dev
	$(BIN)/python benchmarks/run.py $(ARGS)

messages: dev
	$(BIN)/python tools/messages.py

# Needs uv on the path. Versions and hashes only: no addresses, so any mirror serves.
requirements:
	cd requirements && for name in run server dev tpm tpm-build; do uv pip compile --quiet --no-config $(UPGRADE) --universal \
		--python-version 3.11 --generate-hashes --no-header --no-annotate $$name.in --output-file $$name.txt; done

clean:
	rm -rf .venv .venv-server .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
