PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false
export GIT_PYTHON_REFRESH := quiet

.PHONY: run test test-slow lint bench evaluate soft-labels cv readme lock clean help

help:
	@echo "make run        train, evaluate, promote, annotate a feed, write the report (README says how long)"
	@echo "make test       the tests (under ten minutes)      make test-slow  the slow ones"
	@echo "make evaluate   out/evaluation/: figures, cards, pictures, error browser"
	@echo "make cv         recompute the kept out-of-fold predictions (long)"
	@echo "make soft-labels  judge the written sentences anew by networks that did not learn from them (long)"
	@echo "make bench      sentences a second, memory          make lint       ruff and mypy"

$(VENV)/.ready: requirements.lock requirements-encoder.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "stancewire needs Python 3.11 or newer, found %d.%d; try make PYTHON=python3.11" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-encoder.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: $(VENV)/.ready
	@mkdir -p out
	$(PY) train.py configs/majority.yaml
	$(PY) train.py configs/tfidf.yaml
	$(PY) evaluate.py models:/stancewire@challenger --against models:/stancewire@champion --promote
	$(PY) train.py configs/transformer.yaml
	$(PY) evaluate.py models:/stancewire@challenger --against models:/stancewire@champion --promote
	$(PY) -m stancewire.data.feed_of_split test out/feed.jsonl
	$(PY) annotate.py out/feed.jsonl --output out/annotations.jsonl --report out/report.html
	@$(PY) evaluate.py --summary

test: $(VENV)/.ready
	$(PY) -m pytest -m "not slow" -n 2 --dist loadfile

test-slow: $(VENV)/.ready
	$(PY) -m pytest -m slow

lint: $(VENV)/.ready
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	@mkdir -p $(VENV)/typing && ln -sfn ../.. $(VENV)/typing/stancewire
	MYPYPATH=$(VENV)/typing $(PY) -m mypy -p stancewire.data -p stancewire.features -p stancewire.models
	MYPYPATH=$(VENV)/typing $(PY) -m mypy train.py evaluate.py annotate.py report.py review.py

bench: $(VENV)/.ready
	$(PY) benchmarks/segmentation.py
	$(PY) benchmarks/attribution.py
	$(PY) benchmarks/inference.py
	$(PY) benchmarks/throughput.py
	$(PY) benchmarks/report.py

evaluate: $(VENV)/.ready
	$(PY) evaluate.py --all --output out/evaluation

soft-labels: $(VENV)/.ready
	$(PY) -m stancewire.models.distillation configs/transformer.yaml

cv: $(VENV)/.ready
	$(PY) evaluate.py configs/tfidf.yaml --cv 5 --keep
	$(PY) evaluate.py configs/transformer.yaml --cv 5 --seeds 0 1 2 --keep
	$(PY) evaluate.py configs/tfidf.yaml --set "model.c_grid=[4.0]" --learning-curve --keep

readme: $(VENV)/.ready
	$(PY) evaluate.py --readme README.md

lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.in
	@(echo '# Resolved from requirements.in on Python 3.11, Linux. Made by `make lock`.'; \
	  build/lock/bin/python -m pip freeze --disable-pip-version-check --all --exclude pip | sed 's/+cpu$$//') > requirements.lock.part
	mv requirements.lock.part requirements.lock

clean:
	rm -rf out build *.egg-info
