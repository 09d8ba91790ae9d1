# `make demo` and `make test` are all you need. Both set up .venv first.

PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
SAMPLE := parallel-tdd

.PHONY: demo test docs mutants fuzz attack accuracy bench clean

demo: .venv/ready
	@rm -rf demo && mkdir demo && git init -q demo/repository
	@git -C demo/repository fast-import --quiet < sample_runs/$(SAMPLE)/history.fi
	@git -C demo/repository checkout -q main
	@$(BIN)/forensics analyze plans/ledger-rules --repo demo/repository \
		--transcripts sample_runs/$(SAMPLE)/transcripts --no-record \
		-o demo/postmortem.md -o demo/postmortem.html -o demo/postmortem.json
	@git init -q demo/no-plan
	@git -C demo/no-plan fast-import --quiet < sample_runs/no-plan/history.fi
	@git -C demo/no-plan checkout -q main
	@echo
	@echo "The same for a night without any plan:"
	@echo
	@$(BIN)/forensics analyze --since 2026-03-10 --until 2026-03-10 --repo demo/no-plan \
		--transcripts sample_runs/no-plan/transcripts --no-record -o demo/receipts.md -o demo/receipts.html
	@echo
	@echo "Postmortem: demo/postmortem.html (for a browser), demo/postmortem.md and demo/postmortem.json."
	@echo "Receipts: demo/receipts.html and demo/receipts.md."

test: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

docs: .venv/ready   # regenerate docs/detectors.md, the samples' expected outputs and README's excerpt
	$(BIN)/python -m tests.regenerate

mutants: .venv/ready   # change each rule's code in many small ways and print the changes that its page does not notice
	PYTHONHASHSEED=0 $(BIN)/python -m tests.mutants $(RULES)

fuzz: .venv/ready   # run changed inputs through every parser and view, for SECONDS or RUNS; ONLY is a word of a target's name
	$(BIN)/python -m hostile.fuzz $(if $(SECONDS),--seconds $(SECONDS)) $(if $(RUNS),--runs $(RUNS)) $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only "$(ONLY)")

attack: .venv/ready   # run the commands on hostile repositories, plans and transcripts; print promise, tried, failures
	$(BIN)/python -m hostile.attack $(if $(ONLY),--only "$(ONLY)")

# Compare with labels made by hand. CLONES is a folder of clones, each as OWNER+NAME; ONLY is tuned or aside; OUT writes the page.
CLONES ?= clones
accuracy: .venv/ready
	$(BIN)/python -m accuracy $(CLONES) --sessions $(if $(ONLY),--only $(ONLY)) $(if $(LABELS),--labels $(LABELS)) $(if $(OUT),-o $(OUT))

bench: .venv/ready
	$(BIN)/python -m benchmarks.run $(ON)
	$(BIN)/python -m benchmarks.transcripts
	$(BIN)/python -m benchmarks.stores
	$(BIN)/python -m benchmarks.tickets
	$(BIN)/python -m benchmarks.weekly
	$(BIN)/python -m benchmarks.start
	$(BIN)/python -m benchmarks.redaction

.venv/ready: pyproject.toml
	@test -n "$(PYTHON)" || { echo "forensics needs Python 3.11 or newer, but found none. Install it, or set PYTHON=/path/to/python."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

clean:
	rm -rf .venv demo dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
