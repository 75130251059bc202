# Everything a person does with this workspace, a target each. `make` alone lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# The pinned programs that scripts/install.sh fetches come first; its Node.js last, where there is none that will do.
export PATH := $(CURDIR)/.hotline/bin:$(PATH):$(CURDIR)/.hotline/node/bin

# The web: the desks and the command screen.
WEB := services/gateway/web
WEB_SOURCES = $(shell find $(WEB) proto -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/src/gen/*')
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --silent

# Profile of .config/nextest.toml.
NEXTEST_PROFILE ?= default

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## Install what is missing, build, feed the demo and keep serving
	@scripts/install.sh
	@$(MAKE) --no-print-directory web
	cargo build --locked --release --package hotline
	target/release/hotline demo --serve

.PHONY: test
test: install-dev check web-check web build-tests ## Install what is missing, then every check and every test on private servers
	scripts/with-servers.sh cargo nextest run --locked --workspace --profile $(NEXTEST_PROFILE)
	scripts/with-servers.sh cargo test --locked --quiet --workspace --test rules
	$(MAKE) --no-print-directory web-test

.PHONY: web
web: $(WEB)/dist/.built ## Build the desks and the command screen

.PHONY: rules
rules: install-dev ## Run every scenario of the regulations, and write docs/regulations.md
	scripts/with-servers.sh cargo test --locked --quiet --workspace --test rules -- --write

.PHONY: check
check: fmt-check clippy proto-lint deny ## Format, lints, contract and dependencies, without running tests

.PHONY: bench
bench: ## Run the benchmarks: the libraries alone, then the whole product on private, durable servers
	@scripts/install.sh
	cargo bench --locked --package hotline-worktime --package hotline-policy --package hotline-runtime
	cargo build --locked --release --package hotline --package hotline-load
	target/release/hotline-load --program target/release/hotline --write docs/performance.md

.PHONY: docs
docs: ## Write the generated pages of docs/ anew
	cargo build --locked --package hotline
	target/debug/hotline docs --out docs

.PHONY: fmt
fmt: ## Format every Rust file
	cargo fmt --all

.PHONY: clean-data
clean-data: ## Remove what a local installation stored, under .hotline/, and keep its programs
	@scripts/clean-data.sh

# The web's packages and its build: made again when what they are made from is newer.
$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json $(WEB)/package.json
	cd $(WEB) && $(NPM_CI)
	@touch $@

$(WEB)/dist/.built: $(WEB)/node_modules/.package-lock.json $(WEB_SOURCES)
	cd $(WEB) && npm run --silent gen && npm run --silent build
	@touch $@

# The steps of `make test`, each also callable by itself.

.PHONY: web-check
web-check: $(WEB)/node_modules/.package-lock.json
	cd $(WEB) && npm run --silent gen && npm run --silent check && npm run --silent test

# People's days in a real browser, against target/debug/hotline with the demo.
.PHONY: web-test
web-test: web tests/web/node_modules/.package-lock.json
	cd tests/web && node run.mjs

tests/web/node_modules/.package-lock.json: tests/web/package-lock.json tests/web/package.json
	cd tests/web && $(NPM_CI)
	@touch $@

.PHONY: install-dev
install-dev:
	@scripts/install.sh --dev

.PHONY: fmt-check
fmt-check:
	cargo fmt --all --check

.PHONY: clippy
clippy:
	cargo clippy --locked --workspace --all-targets -- -D warnings

.PHONY: proto-lint
proto-lint:
	buf lint

# Offline after the fetch: what is checked is what Cargo.lock names. No advisory database is consulted. Crates that
# stand twice in the tree are a warning: `cargo deny check bans` lists them.
.PHONY: deny
deny:
	cargo fetch --locked
	cargo deny --offline --locked --log-level error check bans licenses sources

# With the programs: end-to-end tests start target/debug/hotline, which no test target of theirs would build.
.PHONY: build-tests
build-tests:
	cargo build --locked --workspace --bins --tests
