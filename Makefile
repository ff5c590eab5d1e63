# Two commands do everything on a fresh machine: `make run` and `make test`.
export PATH := $(HOME)/.cargo/bin:$(PATH):/usr/local/go/bin:/usr/sbin
export BEDRUD_LIVEKIT := $(CURDIR)/build/livekit-server
export CGO_ENABLED := 0

SOURCES := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path 'frontend/build/*' \
	-not -path '*/.svelte-kit/*' -not -path 'frontend/readme/*' 2>/dev/null)
LIVEKIT_SOURCES := $(wildcard packaging/livekit/*)

.PHONY: run test test-postgres test-network test-package deb repo check fix api livekit frontend bench scan fuzz screenshots notices need need-test need-bench \
	need-network need-scan need-deb need-package \
	programs browser

run: need livekit frontend ## the whole appliance on this machine
	cargo build -p bedrud -p bedrudctl
	env -u BEDRUD_LIVEKIT BEDRUD_LIVEKIT_BINARY=$(BEDRUD_LIVEKIT) target/debug/bedrud run --state-dir .bedrud --runtime-dir .bedrud/run

test: need-test livekit frontend programs browser ## every test, through the doors
	cargo test --workspace --no-fail-fast
	BEDRUD_TEST_DATABASE=postgres cargo test --workspace --no-fail-fast --test suites # again, on the other database
	cd frontend && npm test
	cd tests/browser && npm test

test-postgres: need-test frontend programs ## PostgreSQL: one that is too old, the oldest that is taken, the newest
	tests/postgres.sh

test-network: need-network livekit frontend programs browser ## meetings in networks of all sorts; needs root
	node --test --test-concurrency=1 --test-reporter=spec tests/network/*.test.mjs

check: need-test frontend ## formatting, lints, types; what CI runs before the tests
	cargo fmt --check
	cargo clippy --workspace --all-targets -- -D warnings
	cd frontend && npm run check

fix: frontend/node_modules/.package-lock.json ## formats and mends what can be mended
	cargo clippy --workspace --all-targets --fix --allow-dirty --allow-staged
	cargo fmt
	cd frontend && npm run fix

deb: need-deb ## the Debian package, into build/
	rm -f build/bedrud_*.deb
	debian/rules clean binary
	lintian --fail-on error,warning --info build/bedrud_*.deb

repo: need-package ## a signed apt repository of the packages in build/, for any web server; URL is where hosts find it
	packaging/repo.sh $(or $(URL),http://localhost) build/repository build/bedrud_*.deb

test-package: need-package browser ## the package on fresh Debian hosts with systemd, with people in a meeting; needs root, and make deb
	node --test --test-concurrency=1 --test-reporter=spec tests/package/*.test.mjs

api: ## the API document and the page's types, after a change of a route
	cargo run -q -p bedrud -- openapi > frontend/openapi.json
	cd frontend && npm run generate

livekit: build/livekit-server ## the SFU, built once

frontend: frontend/build/index.html ## the page, precompressed

bench: need-bench livekit frontend browser ## figures, as a table and as build/bench.json
	cargo build --release --workspace
	target/release/bench

scan: need-scan frontend programs build/scanner/bin/sslyze ## an outside TLS scanner against a certificate by ACME
	target/debug/scan

fuzz: need-test frontend ## every fuzz target for a minute
	tests/fuzz/run.sh 60

screenshots: need-test livekit frontend programs browser ## every screen into build/screenshots
	cd tests/browser && npm run screenshots

notices: need livekit frontend ## who wrote what else is in it, into build/NOTICES.txt
	node packaging/notices.mjs

programs:
	cargo build --workspace --all-targets # what `cargo test` selects, or every dependency is built twice

browser: tests/browser/node_modules/.package-lock.json

need:
	@packaging/need.sh run

need-test:
	@packaging/need.sh test

need-bench:
	@packaging/need.sh bench

need-network:
	@packaging/need.sh network

need-deb:
	@packaging/need.sh deb

need-package:
	@packaging/need.sh package

need-scan:
	@packaging/need.sh scan

build/scanner/bin/sslyze:
	python3 -m venv build/scanner
	build/scanner/bin/pip install -q sslyze==6.3.1

build/livekit-server: $(LIVEKIT_SOURCES)
	packaging/livekit/build.sh

frontend/build/index.html: frontend/node_modules/.package-lock.json $(SOURCES)
	cd frontend && npm run build

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	cd frontend && npm ci --no-audit --no-fund && touch node_modules/.package-lock.json

tests/browser/node_modules/.package-lock.json: tests/browser/package-lock.json
	cd tests/browser && npm ci --no-audit --no-fund && touch node_modules/.package-lock.json
