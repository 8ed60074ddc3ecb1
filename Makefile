# What people and CI call. `make help` lists it.
JOBS ?= $(shell nproc)
WERROR ?= OFF
UNDER_SANITIZERS = core table stats ingest image
EVENFACE = build/release/bin/evenface

.DEFAULT_GOAL := help
.PHONY: help setup build demo test lint format nightly bench reference docs clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-9s %s\n", $$1, $$2}'

setup: ## install what is missing: Debian packages, wheels, npm packages, weights
	@scripts/setup.sh

build: setup ## configure, and build the program into build/release/bin
	@cmake --preset release -DEVENFACE_WARNINGS_AS_ERRORS=$(WERROR) --log-level=WARNING > /dev/null
	@cmake --build --preset release -j $(JOBS) --target evenface

demo: build ## the whole way on simulated faces with an injected bias
	@$(EVENFACE) demo

test: build ## all tests, and those of the data modules under address and undefined sanitizers
	@scripts/test.sh $(JOBS) $(UNDER_SANITIZERS)

lint: setup ## formatting, clang-tidy, ruff, include rules, the page's own lint
	@scripts/lint.sh $(JOBS)

format: setup ## rewrite the sources in the project's format
	@git ls-files -z --cached --others --exclude-standard '*.h' '*.cpp' | xargs -0 .venv/bin/clang-format -i
	@.venv/bin/ruff format --quiet . && .venv/bin/ruff check --quiet --fix .

nightly: build ## thread sanitizer, coverage and the fuzzers
	@scripts/debian.sh packages/debian-nightly.txt
	@scripts/nightly.sh $(JOBS) $(UNDER_SANITIZERS)

bench: setup ## the benchmarks: answers checked, ratios to what one would use instead
	@scripts/bench.sh $(JOBS)

reference: build ## figures side by side with the field's reference libraries, on random tables
	@scripts/reference.sh

docs: build ## rewrite docs/options.md and, from the demo's report, docs/report.png
	@$(EVENFACE) options > docs/options.md
	@$(EVENFACE) demo -o build/demo
	@node web/scripts/screenshot.mjs build/demo/report.html docs/report.png --height 1250

clean: ## remove everything that was built (installed packages stay)
	@rm -rf build web/dist
