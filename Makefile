# `make` and `make test` are all that a fresh machine with Python 3.11+, git and make needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
VALID := $(VENV)/.valid
RELEASE := dist/SHA256SUMS
DATA := $(shell find datapackage schemas -type f)
CODE := $(shell find src -name '*.py' -o -name '*.json' -path 'src/*')

.PHONY: all test unit lint types notebooks docs benchmark kills fuzz gauntlet lock clean
.DELETE_ON_ERROR:

all: $(RELEASE)

# The environment: exactly what requirements.lock names, checked by hash, then this checkout.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "shuttle-diplomacy needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VALID): $(READY) $(DATA) $(CODE)
	$(BIN)/shuttle assemble --check
	$(BIN)/shuttle format --check
	$(BIN)/shuttle validate
	@touch $@

$(RELEASE): $(VALID) LICENSE-DATA
	$(BIN)/shuttle build
	@touch $@

test: lint types unit

unit: $(READY)
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/zizmor --offline --quiet --persona pedantic .github action.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms $(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))

types: $(READY)
	$(BIN)/mypy

notebooks: $(READY)
	$(BIN)/python -m scripts.notebooks --write

# The pages and outputs that are generated; the tests fail where one is stale.
docs: $(READY)
	$(BIN)/shuttle assemble
	$(BIN)/python -m scripts.pages
	$(BIN)/python -m scripts.charts
	$(BIN)/python -m scripts.notebooks --write
	$(BIN)/python -m tests.review.pull_request

benchmark: $(READY)
	$(BIN)/python -m scripts.benchmark
	$(BIN)/python -m scripts.growth
	$(BIN)/python -m scripts.diff_benchmark
	$(BIN)/python -m scripts.links_benchmark
	$(BIN)/python -m scripts.release_benchmark

# Two hundred builds of the dataset are killed at random moments; after each the old release or the new one is whole.
kills: $(READY)
	$(BIN)/python -m scripts.kills

# At length what tests/fuzzing does in seconds; what fails is written below fuzz-failures.
fuzz: $(READY)
	$(BIN)/python -m scripts.fuzz --cases 100000 --keep fuzz-failures
	FUZZING_EXAMPLES=3000 $(BIN)/python -m pytest tests/fuzzing

# The release before outside judges, each in an environment of its own below .gauntlet (needs a package index once).
# Judges that need published schemas read them from the folder that SHUTTLE_STANDARDS names; PROVE=1 breaks copies too.
gauntlet: $(RELEASE)
	$(BIN)/python -m scripts.gauntlet $(if $(PROVE),--prove)

# Maintainers: renew the lock file (needs uv); versions and hashes only.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --all-extras --no-header -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) dist dist-python upload site notes.md .gauntlet
