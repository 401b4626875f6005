# Two commands: `make demo` shows Pressmark at work, `make test` proves it.
# Each makes .venv and installs what it needs; only Python 3.11 or newer and make must be there.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test behaviour fuzz clean

demo: $(VENV)/demo.stamp
	@$(BIN)/python -m demo --port $(PORT)

test: $(VENV)/test.stamp $(VENV)/npm.stamp $(VENV)/html5lib-tests
	@sh tools/ensure-debian-packages
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

behaviour: $(VENV)/test.stamp $(VENV)/npm.stamp
	@sh tools/ensure-debian-packages
	PRESSMARK_HAZARDS=all $(BIN)/pytest tests/behaviour

# Each target for FUZZ_SECONDS, with what it has found before in .venv/fuzz.
FUZZ_SECONDS ?= 60
fuzz: $(VENV)/test.stamp $(VENV)/html5lib-tests
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[fuzz]'
	@mkdir -p $(VENV)/fuzz/scanner $(VENV)/fuzz/tags $(VENV)/fuzz/charsets
	cd $(VENV)/fuzz && for target in scanner tags charsets; do \
		PYTHONPATH=$(CURDIR) $(CURDIR)/$(BIN)/python -m tests.fuzz $$target $$target -max_total_time=$(FUZZ_SECONDS) || exit 1; \
	done

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Pressmark needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/demo.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[demo]'
	@touch $@

$(VENV)/test.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ $(VENV)/demo.stamp

$(VENV)/npm.stamp: tests/packages/package.json tools/install-packages | $(VENV)/test.stamp
	@sh tools/install-packages $(VENV)/npm $(BIN)
	@touch $@

$(VENV)/html5lib-tests: tools/install-html5lib-tests | $(VENV)/test.stamp
	@sh tools/install-html5lib-tests $@ $(BIN)

clean:
	rm -rf $(VENV) .pressmark_cache
