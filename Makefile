# PYTHON: the Python that makes .venv.          SPHINXOPTS: more options for sphinx-build.
# QEMU_SRC, QEMU_BIN, NO_INSTALL: see tools/provide-schema, tools/provide-qemu and tools/provide-programs.
PYTHON ?= python3
WITH_SCHEMA = QEMU_SRC="$$(cat build/schema-tree)"
SPHINX = $(WITH_SCHEMA) exec .venv/bin/$(1) -b html -j auto -d build/doctrees $(GATE) $(SPHINXOPTS) . build/html
GATE =
# With it Python would compile this program anew in each of the many processes of a build and of the tests.
unexport PYTHONDONTWRITEBYTECODE
PIP = .venv/bin/python -m pip --quiet --disable-pip-version-check install --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help html test check serve try bench clean lint provide

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

html: .venv/site.stamp provide ## build the site into build/html
	@$(call SPHINX,sphinx-build)
	@echo "The site is at file://$(CURDIR)/build/html/index.html"

test: .venv/dev.stamp html ## build the site, then run the tests, those of the site in Chromium too
	@tools/provide-programs "The tests that need a browser cannot run." "chromium libatomic1" chromium libatomic.so.1
	@$(WITH_SCHEMA) .venv/bin/pytest --numprocesses auto

check: GATE = --fresh-env --fail-on-warning
check: lint test ## run all that has to pass: formatting, lint, types, imports, the site without a warning, the tests

serve: .venv/site.stamp provide ## build the site, serve it on this machine, build again whenever a file changes
	@$(call SPHINX,sphinx-autobuild --host 127.0.0.1 \
	    --ignore '.*' --ignore build --ignore reference --ignore tests --re-ignore '[.]pyc$$')

try: .venv/site.stamp ## give a QEMU the interface of a design option, as in: make try OPTION=3
	@tools/provide-qemu
	@exec .venv/bin/python -m qapidoc_ext try $(if $(QEMU_BIN),--qemu "$(QEMU_BIN)") "$(OPTION)"

bench: .venv/site.stamp provide ## compare with QEMU's own front end, side by side
	@$(WITH_SCHEMA) .venv/bin/python tools/bench
	@.venv/bin/python tools/bench-examples
	@$(WITH_SCHEMA) .venv/bin/python tools/bench-manual
	@.venv/bin/python tools/bench-shim

clean: ## remove what a build makes: build/ and reference/
	rm -rf build reference

lint: .venv/dev.stamp
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m qapidoc_ext adr check

provide:
	@tools/provide-qemu
	@tools/provide-programs "The graph of the decision records is not drawn." graphviz dot
	@mkdir -p build
	@tools/provide-schema >build/schema-tree

.venv/site.stamp: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "$(PYTHON): not Python 3.11 or newer with venv; install it (Debian, Ubuntu: apt install python3-venv)," \
	        "or name another one in PYTHON." >&2; exit 1; }
	@echo "Making the Python environment .venv; this can take a minute ..."
	@$(PYTHON) -m venv .venv
	@$(PIP) hatchling editables
	@$(PIP) --no-build-isolation --editable '.[site]'
	@touch $@

.venv/dev.stamp: .venv/site.stamp
	@echo "Adding the tools for tests to .venv; this can take a minute ..."
	@$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@
