# Chiefly three commands: `make demo` shows Pressmark at work, `make quick` goes before each commit, `make test` proves it all.
# Each makes .venv and installs what it needs; only Python 3.11 or newer and make must be there.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
# Dependency groups need pip 25.1.
INSTALL := $(PIP) 'pip>=25.1' && $(PIP)

# With PRESSMARK_WHEEL=1, as in CI, the tests import Pressmark from the wheel that `make wheel` builds and installs.
PYTEST := $(BIN)/pytest $(if $(PRESSMARK_WHEEL),-o pythonpath=.)
PARALLEL := -n auto --dist worksteal
TOOLED := browser or server or npm
# Compiled modules are kept, whatever the shell says: without them collecting takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo quick test lint wheel behaviour migration bench fuzz clean

demo: $(VENV)/demo.stamp
	@$(BIN)/python -m demo --port $(PORT)

# All that needs no browser, no server process, no npm and no C compiler; of a marathon of examples one in ten.
quick: lint $(VENV)/html5lib-tests
	$(PYTEST) $(PARALLEL) --hypothesis-profile=quick -m "not ($(TOOLED) or fault)"

test: lint $(if $(PRESSMARK_WHEEL),wheel) $(VENV)/npm.stamp $(VENV)/html5lib-tests
	@sh tools/ensure-debian-packages
	$(PYTEST) $(PARALLEL) -m "not ($(TOOLED))"
	$(PYTEST) -n auto --dist loadfile -m "($(TOOLED)) and not alone"
	$(PYTEST) -m alone

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Installs the wheel in place of the source folders; they come back with the next command but this.
wheel: $(VENV)/test.stamp
	@rm -rf $(VENV)/wheel
	$(BIN)/python -m build --no-isolation --outdir $(VENV)/wheel .
	$(PIP) --force-reinstall --no-deps $(VENV)/wheel/*.whl
	@rm -f $(VENV)/demo.stamp $(VENV)/test.stamp

behaviour: $(VENV)/test.stamp $(VENV)/npm.stamp $(VENV)/frameworks.stamp
	@sh tools/ensure-debian-packages browsers
	PRESSMARK_HAZARDS=all $(PYTEST) tests/behaviour tests/browser/real tests/corpus
	PRESSMARK_HAZARDS=all $(PYTEST) -m engines tests/behaviour/engines

# Horizon, pretix, Weblate and Mezzanine after the change from django-compressor. Installing them takes a quarter of an hour.
migration: $(VENV)/test.stamp
	@sh tools/ensure-debian-packages migration
	$(BIN)/python -m tests.migration.installing
	$(PYTEST) -m migration tests/migration

# Writes docs/benchmark-report.md anew, in some ten minutes; nothing else may run on the machine.
bench: $(VENV)/bench.stamp
	@sh tools/ensure-debian-packages bench
	$(BIN)/python -m benchmarks.report

# Each target for FUZZ_SECONDS, with what it has found before in .venv/fuzz.
FUZZ_SECONDS ?= 60
fuzz: $(VENV)/test.stamp $(VENV)/html5lib-tests
	@$(INSTALL) -e . --group fuzz
	@mkdir -p $(VENV)/fuzz/scanner $(VENV)/fuzz/tags $(VENV)/fuzz/charsets
	cd $(VENV)/fuzz && for target in scanner tags charsets; do \
		PYTHONPATH=$(CURDIR) $(CURDIR)/$(BIN)/python -m tests.fuzz $$target $$target -max_total_time=$(FUZZ_SECONDS) || exit 1; \
	done

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Pressmark needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/demo.stamp: pyproject.toml | $(BIN)/python
	$(INSTALL) -e . --group demo
	@touch $@

$(VENV)/test.stamp: pyproject.toml | $(BIN)/python
	$(INSTALL) -e . --group test
	@touch $@ $(VENV)/demo.stamp

$(VENV)/bench.stamp: pyproject.toml | $(BIN)/python
	$(INSTALL) -e . --group bench
	@touch $@

$(VENV)/npm.stamp: tests/packages/package.json tools/install-packages | $(VENV)/test.stamp
	@sh tools/install-packages $(VENV)/npm $(BIN)
	@touch $@

# The frameworks whose pages the tests look at want versions of their own of what others bring.
$(VENV)/frameworks.stamp: pyproject.toml | $(BIN)/python
	$(PYTHON) -m venv --clear $(VENV)/frameworks
	$(VENV)/frameworks/bin/python -m pip --disable-pip-version-check install --quiet 'pip>=25.1'
	$(VENV)/frameworks/bin/python -m pip --disable-pip-version-check install --quiet --group frameworks
	@touch $@

$(VENV)/html5lib-tests: tools/install-html5lib-tests | $(VENV)/test.stamp
	@sh tools/install-html5lib-tests $@ $(BIN)

clean:
	rm -rf $(VENV) .pressmark_cache
