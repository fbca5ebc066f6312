# Few words to run everything: make run · test · lint · bench
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8501
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test lint bench bench-encoder bench-public bench-scale clean
.DEFAULT_GOAL := run

# The stamps make a second call instant: pip runs again only when pyproject.toml changes.
.venv/.created:
	$(PYTHON) -m venv .venv
	touch $@

.venv/.installed: .venv/.created pyproject.toml
	$(BIN)/pip install --quiet -e .
	touch $@

.venv/.installed-dev: .venv/.created pyproject.toml
	$(BIN)/pip install --quiet -e '.[dev]'
	touch .venv/.installed $@

run: .venv/.installed
	$(BIN)/kb index corpus --index index
	$(BIN)/kb app --index index --port $(PORT)

test: .venv/.installed-dev
	sh tools/ensure_chromium.sh
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest

lint: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy kb app.py

bench: .venv/.installed
	$(BIN)/kb eval corpus/questions.jsonl --documents corpus

# DATA holds eval/ with the public test sets; see training/evaluate_encoder.py.
bench-encoder: .venv/.installed
	$(BIN)/python training/evaluate_encoder.py $(DATA) --model $(or $(MODEL),fast)

# DATA holds eval/ with the public test sets; see tools/bench_public.py.
bench-public: .venv/.installed
	$(BIN)/python tools/bench_public.py $(DATA) --model $(or $(MODEL),fast)

# Keeps its indexes in build/scale and goes on where it stopped; a million passages take 16 GB. SIZES=1000,10000 for less.
SIZES ?= 1000,10000,100000,1000000
bench-scale: .venv/.installed
	$(BIN)/python tools/bench_scale.py --sizes $(SIZES) --out docs

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
