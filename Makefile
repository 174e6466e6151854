# Each target sets up what it needs in .venv by itself; nothing is installed anywhere else.
#   make talk    talk to the skill in this terminal
#   make test    everything that CI checks
#   make model   write the interaction model from its phrases
#   make serve   the web service for Alexa
#   make understanding   how well it understands, in docs/understanding.md

PYTHON ?= python3
BIN := .venv/bin

.PHONY: talk test model serve understanding clean
.DEFAULT_GOAL := talk

talk: .venv/talk
	@$(BIN)/python -m skill chat

serve: .venv/serve
	@$(BIN)/python -m skill serve

model: .venv/talk
	@$(BIN)/python -m interaction_model build

test: .venv/dev
	@$(BIN)/python -m tests.stages

clean:
	rm -rf .venv build *.egg-info .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis

understanding: .venv/peers
	@$(BIN)/python -m bench.understanding

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed: install it, or name it: make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/talk: pyproject.toml | .venv/bin/python
	@echo "Setting up, this once: about 60 MB are downloaded."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[talk]'
	@touch $@

.venv/serve: pyproject.toml | .venv/bin/python
	@echo "Setting up, this once: about 15 MB are downloaded."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[serve]'
	@touch $@

.venv/peers: pyproject.toml | .venv/bin/python
	@echo "Setting up, this once: about 90 MB are downloaded."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[talk,peers]'
	@touch .venv/talk $@

.venv/dev: pyproject.toml | .venv/bin/python
	@echo "Setting up for developers, this once: about 150 MB are downloaded."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch .venv/talk .venv/serve $@
