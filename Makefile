# Every target is one command on a fresh machine: `make help` lists them.
# PYTHON=/path/to/python3 picks the Python, LESSON_CLUSTER=dardel another cluster's facts.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# No built-in rules: notebooks/hello_mpi is tracked, and never to be made of the .c beside it.
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:

VENV ?= .venv
BIN := $(abspath $(VENV))/bin
INSTALLED := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest
PORT ?= 8000

# Another cluster's site lies beside the lesson's own and never mixes with it.
LESSON_CLUSTER ?=
export LESSON_CLUSTER
OUT := $(if $(LESSON_CLUSTER),_build/$(LESSON_CLUSTER),.)
HTML := $(OUT)/_build/html
BUILT := $(OUT)/_build/.built
# The lab in the browser; its last file.
LITE := $(HTML)/lite/release.json
# The challenges are made in one place, for one cluster at a time: its name is in the stamp's.
CHALLENGES := challenges/.made$(addprefix -,$(LESSON_CLUSTER))

sources = $(shell find $(wildcard $(1)) -type f -not -path '*/__pycache__/*' -not -path '*/learner/*')
MOCK := $(call sources,slurm_mock)
NOTEBOOKS := $(call sources,notebooks tools/*.py tools/lab/own_wheels.py _episodes/files)
PAGES := _config.yml _toc.yml $(wildcard *.md) $(call sources,_episodes _ext _static _templates setup)

.PHONY: challenge validate class-view help book serve offline lab test test-emulator test-commands test-notebooks test-lesson test-rest ci ci-mock-1 ci-mock-2 ci-conformance ci-notebooks ci-setup ci-rest nightly nightly-conformance nightly-rest conformance conformance-wide clients torture test-portable bench bench-results house lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

$(INSTALLED): requirements.txt constraints.txt pyproject.toml tools/make-venv
	@# An installation cut short leaves half a package, over which pip would stumble: begin anew.
	@test -x $(BIN)/python -a ! -e $(VENV)/.installing || tools/make-venv $(VENV)
	@touch $(VENV)/.installing
	@echo "installing the pinned requirements into $(VENV) (the first time takes minutes)"
	@$(PIP) install --progress-bar off --use-pep517 -c constraints.txt -r requirements.txt
	@$(PIP) install --no-deps --editable .
	@# The first picture of all would take seconds, and say so on the page: matplotlib lists the fonts.
	@MPLCONFIGDIR=$(abspath $(VENV))/share/matplotlib $(BIN)/python -c 'import matplotlib.font_manager'
	@rm $(VENV)/.installing
	@touch $@

$(CHALLENGES): $(INSTALLED) _config.yml $(MOCK) $(NOTEBOOKS)
	@rm -f challenges/.made*
	$(BIN)/python tools/make_notebooks.py
	@touch $@

book: $(BUILT) $(LITE) ## build the site, its notebooks run against the mock
	@echo "The book is in $(abspath $(HTML))/index.html (make serve shows it)"

$(BUILT): $(INSTALLED) $(PAGES) $(MOCK) $(CHALLENGES)
	@mkdir -p $(OUT)
	@# What Sphinx remembers of a failed build would hide the failure from the next.
	$(BIN)/jupyter-book build . --path-output $(OUT) -W -n --keep-going || \
	    { rm -rf $(OUT)/_build/.doctrees; exit 1; }
	@touch $@

# Always whole: JupyterLite's incremental builds can lose settings.
$(LITE): $(INSTALLED) $(MOCK) $(CHALLENGES) $(call sources,tools/lab)
	@$(BIN)/python tools/build_lab.py $(@D)

serve: book ## show the site on 127.0.0.1 (PORT=8000)
	@echo "http://127.0.0.1:$(PORT)/ (Ctrl-C stops it)"
	@$(BIN)/python tools/serve.py $(HTML) $(PORT)

offline: book ## pack the site for a room without internet (WHEELS=DIR: pandas' wheels)
	@$(BIN)/python tools/offline.py $(HTML) $(OUT)/_build/hpc-notebooks.zip $(if $(WHEELS),--wheels $(WHEELS))

lab: $(CHALLENGES) ## open the challenges in JupyterLab, with the mock active
	@# A notebook that was renamed or removed is made anew.
	@$(BIN)/python tools/make_notebooks.py --quiet
	$(BIN)/slurm-mock run -- $(BIN)/jupyter lab --ip=127.0.0.1 \
	    $(if $(filter 0,$(shell id -u)),--allow-root) --notebook-dir=notebooks/learner

challenge: $(INSTALLED) ## begin a new challenge (NAME=10-something)
	@$(BIN)/python tools/new_challenge.py $(NAME)

validate: $(INSTALLED) ## run all challenges, with a report (SLURM=real: on the Slurm on PATH; browser: in the lab)
	@$(BIN)/python tools/validate.py --slurm '$(or $(SLURM),mock)' --site $(HTML)

class-view: $(INSTALLED) ## a page of where a class stands, from its codes (CODES=FILE, or pasted)
	@$(BIN)/python tools/class_view.py $(CODES)

# Parts of the tests run side by side: what waits for jobs leaves a processor to what computes.  What a part prints comes
# in one piece when it is done; macOS's make is too old for that, and mixes the lines.  A part that fails keeps no other
# from being started.
BESIDE = $(MAKE) --no-print-directory --keep-going $(if $(filter output-sync,$(.FEATURES)),--output-sync=line)

test: book ## every test that does not take minutes, a browser matrix or a second Slurm
	@echo "five parts of the tests run side by side: each prints what it found when it is done"
	@$(BESIDE) -j5 test-emulator test-commands test-notebooks test-lesson test-rest

# Of about the same length.  What is in no list of folders is in the last part, so that no test is lost.
COMMANDS := tests/unit/commands tests/unit/slurmctld
LESSON := tests/conformance tests/setup
QUICK := -m "not slow" --durations=10
test-emulator: $(INSTALLED)
	$(PYTEST) $(QUICK) tests/unit $(addprefix --ignore=,$(COMMANDS))
test-commands: $(INSTALLED)
	$(PYTEST) $(QUICK) $(COMMANDS)
test-notebooks: $(INSTALLED)
	$(PYTEST) $(QUICK) tests/notebooks
test-lesson: $(INSTALLED)
	$(PYTEST) $(QUICK) $(LESSON)
test-rest: $(INSTALLED)
	$(PYTEST) $(QUICK) tests $(addprefix --ignore=,tests/unit tests/notebooks $(LESSON))

ci: book ## the long tests, which make test leaves out
	@# Parts side by side, the longest first: what waits for jobs leaves a processor to what computes.
	@$(BESIDE) -j5 ci-rest ci-notebooks ci-setup ci-conformance ci-mock-1 ci-mock-2

# What shows once more what other tests show is left to make nightly, and so is all but a share of what takes turns
# (TURN=N: that of another day).  What computes is nice to what waits in real time.
LONG = $(PYTEST) -m "slow and not nightly" --share $(addprefix --turn=,$(TURN)) --durations=10
CONFORMANCE_PART := tests/conformance
NOTEBOOKS_PART := tests/notebooks tests/clients
SETUP_PART := tests/setup
# Real Slurm is asked for what has changed and a seventh of the rest, the mock for all.
ci-conformance: $(INSTALLED)
	$(LONG) $(CONFORMANCE_PART) --real=turn --mock-part=none
ci-mock-1: $(INSTALLED)
	$(LONG) $(CONFORMANCE_PART)/test_transcripts.py --real=none --mock-part=1/2
ci-mock-2: $(INSTALLED)
	$(LONG) $(CONFORMANCE_PART)/test_transcripts.py --real=none --mock-part=2/2
ci-notebooks: $(INSTALLED)
	nice -n 5 $(LONG) $(NOTEBOOKS_PART)
ci-setup: $(INSTALLED)
	nice -n 5 $(LONG) $(SETUP_PART)
ci-rest: $(INSTALLED)
	nice -n 5 $(LONG) tests $(addprefix --ignore=,$(CONFORMANCE_PART) $(NOTEBOOKS_PART) $(SETUP_PART))

nightly: book ## all that make ci may leave out: all of real Slurm, more random sequences, the benchmarks
	@# All of them, whichever fails; the benchmarks alone, for they time.
	@$(BESIDE) -j2 nightly-conformance nightly-rest; \
	    told=$$?; $(MAKE) --no-print-directory bench && exit $$told
nightly-conformance: $(INSTALLED)
	CONFORMANCE_EXAMPLES=20 CONFORMANCE_SECONDS=700 $(PYTEST) tests/conformance --write-comparison --durations=10
nightly-rest: $(INSTALLED)
	$(PYTEST) -m slow tests --ignore=$(CONFORMANCE_PART) --durations=10

conformance: $(INSTALLED) ## compare the mock with real Slurm 22.05.8, which is installed for it
	$(PYTEST) tests/conformance --write-comparison --durations=10

conformance-wide: $(INSTALLED) ## compare generated command lines on both sides (SEED=1 MINUTES=10 ONLY=sbatch,empty)
	@$(BIN)/python -m tests.conformance.wide --seed $(or $(SEED),1) --minutes $(or $(MINUTES),10) --only '$(ONLY)'

clients: $(INSTALLED) ## drive the mock and real Slurm with submitit, dask, Snakemake, parsl, PSI/J, ReFrame
	$(PYTEST) tests/clients

torture: $(INSTALLED) ## kill, reboot, fill the disk, feed rubbish: nothing may be lost
	$(PYTEST) tests/torture

test-portable: $(CHALLENGES) ## the mock's and the notebooks' tests, as on macOS
	$(PYTEST) -m "not slow" $(wildcard tests/unit tests/notebooks)

bench: $(INSTALLED) ## time the mock's commands against a bare Python
	@$(BIN)/python benchmarks/bench.py

bench-results: $(INSTALLED) ## all figures into benchmarks/RESULTS.md (16 minutes; ARGS=--real: against Slurm)
	@$(BIN)/python benchmarks/results.py $(ARGS)

house: $(INSTALLED) ## draw slurm_mock's parts and list its files anew (slurm_mock/README.md)
	@$(BIN)/python tools/draw_house.py

# Not after $(INSTALLED): a new pin may contradict the old constraints.
lock: ## pin anew what requirements.txt pulls in
	@test -x $(BIN)/python || tools/make-venv $(VENV)
	$(PIP) install uv
	{ sed -n '/^#/p' constraints.txt && $(BIN)/uv pip compile --quiet --universal --python-version 3.10 \
	    --no-header --no-annotate --no-emit-index-url requirements.txt; } > constraints.new
	mv constraints.new constraints.txt

clean: ## remove all that make made
	rm -rf $(VENV) _build challenges notebooks/learner slurm_mock.egg-info
