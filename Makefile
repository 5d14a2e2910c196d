# Every target is one command on a fresh machine: `make help` lists them.
# PYTHON=/path/to/python3 picks the Python, LESSON_CLUSTER=dardel another cluster's facts.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
BIN := $(abspath $(VENV))/bin
INSTALLED := $(VENV)/.installed
PORT ?= 8000
PYTEST ?= $(BIN)/python -m pytest

# Another cluster's site lies beside the lesson's own and never mixes with it.
export LESSON_CLUSTER ?=
OUT := $(if $(LESSON_CLUSTER),_build/$(LESSON_CLUSTER),.)
HTML := $(OUT)/_build/html
BUILT := $(OUT)/_build/.built

PAGES := _config.yml _toc.yml $(wildcard *.md _episodes/*.md) $(shell find _static _ext -type f -not -name '*.pyc' 2>/dev/null)
MOCK := $(shell find slurm_mock -type f -not -name '*.pyc' 2>/dev/null)

.PHONY: help book serve test ci lab lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

$(INSTALLED): requirements.txt constraints.txt pyproject.toml tools/make-venv
	@test -x $(BIN)/python || tools/make-venv $(VENV)
	@echo "installing the pinned requirements into $(VENV) (the first time takes minutes)"
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar off -q \
	    -c constraints.txt -r requirements.txt
	@$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps --editable .
	@touch $@

book: $(BUILT) ## build the site, its notebooks run against the mock
	@echo "The book is in $(HTML)/index.html (make serve shows it)"

$(BUILT): $(INSTALLED) $(PAGES) $(MOCK)
	@mkdir -p $(OUT)
	$(BIN)/jupyter-book build . --path-output $(OUT) -W -n --keep-going
	@touch $@

serve: book ## show the site on 127.0.0.1 (PORT=8000)
	@echo "http://127.0.0.1:$(PORT)/ (Ctrl-C stops it)"
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory $(HTML) $(PORT)

test: book ## every test that takes less than minutes
	$(PYTEST) -m "not slow"

ci: book ## the long tests, which make test leaves out
	$(PYTEST) -m slow

lock: $(INSTALLED) ## pin anew what requirements.txt pulls in
	$(BIN)/python -m pip install -q uv
	{ sed -n '/^#/p' constraints.txt; $(BIN)/uv pip compile -q --universal --python-version 3.10 \
	    --no-header --no-annotate --no-emit-index-url requirements.txt; } > constraints.new
	mv constraints.new constraints.txt

clean: ## remove all that make made
	rm -rf $(VENV) _build challenges notebooks/learner slurm_mock.egg-info
