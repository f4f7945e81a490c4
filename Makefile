# Everything runs from .venv, made from the lock on first use. Needs only Python 3.11, pip and make.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv

.PHONY: chat serve test lint eval clean

chat: .venv/.installed            ## open the chat on the retail demo
	$(BIN)/parley serve --demo --open

serve: .venv/.installed           ## serve the data chosen by `parley use`, or the demo
	$(BIN)/parley serve

test: .venv/.installed lint       ## lint, then every test
	$(BIN)/pytest -n 2 --dist loadfile

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

eval: .venv/.installed            ## the demo suite: accuracy, then speed
	$(BIN)/parley eval demo

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

.venv/.installed: pyproject.toml uv.lock
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	test -x $(UV) || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(UV) sync --frozen --quiet
	touch $@
