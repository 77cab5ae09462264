# One command each. On a fresh Debian or Ubuntu with Python 3.11 or newer every target first
# sets up what it needs (tools/setup.sh); once that is done, the check costs a few milliseconds.
#
#   make run HOST=0.0.0.0 PORT=8080     the demo office on another address
#   make test ARGS="-k slip -x"         some tests only
#   make setup APT=no                   never install system packages, only say the line to type

HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
APT ?= auto
export APT

python := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test setup lint format types bench pictures

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# `exec`: the server itself receives the signals and ends cleanly, with no shell left behind.
run: ## Set up if needed, then open the demo office (HOST=127.0.0.1 PORT=8000)
	@tools/setup.sh run && exec $(python) server.py demo --host $(HOST) --port $(PORT)

test: lint types ## Lint, format, types, import rules, then every test, real browser included
	@tools/setup.sh browser
	@$(python) -m pytest -n 3 --dist loadgroup $(ARGS)

setup: ## Everything that run and test need
	@tools/setup.sh test

lint: ## Lint and format check; changes nothing
	@tools/setup.sh tools
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .

format: ## Rewrite the sources in the house format
	@tools/setup.sh tools
	@$(python) -m ruff check --fix .
	@$(python) -m ruff format .

types: ## Strict type check
	@tools/setup.sh tools
	@$(python) -m mypy

bench: ## Measure the promised ratios; writes benchmarks/results.md
	@tools/setup.sh test
	@$(python) -m benchmarks $(ARGS)

pictures: ## Take the pictures of the README from a running demo office
	@tools/setup.sh test
	@$(python) -m tools.pictures $(ARGS)
