# Two commands matter: `make run` and `make test`. Everything else serves them.
SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
VERSION     := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GOLANGCI    := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
DEMO        := demo
FUZZTIME    ?= 5m
FUZZ        ?= .
export CGO_ENABLED := 1

.PHONY: build run test lint fmt race load worlds chaos soak privacy scope mutants fuzz hostile bench accuracy cover golden schema-golden upgrades check assets browser clean

# The binary with the page assets embedded.
build: assets
	go build -trimpath -ldflags "-s -w -X credence/server/cli.Version=$(VERSION)" -o bin/credence ./server

# The sample company, synced and refreshed when there is no database, served on http://127.0.0.1:8080.
run: build
	@if [ ! -f $(DEMO)/credence.db ]; then \
		test -f $(DEMO)/credence.yaml || bin/credence demo --dir $(DEMO) --seed 1; \
		bin/credence --config $(DEMO)/credence.yaml sync; \
		bin/credence --config $(DEMO)/credence.yaml refresh; \
	fi
	bin/credence --config $(DEMO)/credence.yaml serve

# All tests, the browser ones included.
test: assets browser
	go vet ./...
	go test -timeout 15m ./...

lint:
	go mod tidy -diff
	$(GOLANGCI) run ./...

fmt:
	$(GOLANGCI) fmt ./...

race: assets
	go test -race -timeout 30m ./...

# The built program killed 200 times in a sync, 100 times in a refresh and at every
# step of a migration, backup, restore and rewrite; its files damaged 321 times;
# 200 of the engine's writes failed; everything at once 20 times; its disk filled;
# stopped under load. Needs root for the disk, and an hour or two.
CHAOS_RUN ?= .
chaos: build
	CHAOS=long CHAOS_BINARY=$(CURDIR)/bin/credence go test -v -count 1 -timeout 6h -run '$(CHAOS_RUN)' ./server/chaos

# What holds of every ledger, over a thousand random companies each under every setting
# and question, with a thousand people erased.
worlds:
	WORLDS=long go test -v -count 1 -timeout 60m -run 'Random|LedgerAgrees|LedgerIsTheSame|MustNotMove|WhatIfIsTheLedger' ./attribution

# How long readers wait at 50 requests a second on a million touches: the company is
# made once, some ten minutes; LOAD="-parts cold,idle,burst,exports -wrk" measures more.
LOAD ?=
load: build
	go run ./server/load -binary bin/credence $(LOAD)

# A server under load for SOAK: what it takes of the machine must not grow.
SOAK ?= 24h
soak: build
	SOAK=$(SOAK) CHAOS_BINARY=$(CURDIR)/bin/credence go test -v -count 1 -timeout 0 -run TestSoak ./server/chaos

# What is promised to people whose data is here, years later and on a new database too.
privacy:
	PRIVACY=long go test -count 1 ./server/privacy

# Who may see what: every cell of the authorization matrix and 2,000 random filters.
scope: assets
	SCOPE=long go test -count 1 -timeout 60m -run 'Matrix|View' ./server/web

# Every rule about who may see what is taken away, one at a time, in a copy of the
# tree: a test must miss each. ONLY=TEXT takes those whose file or text holds it.
ONLY ?=
mutants: assets
	go run ./server/web/mutants -only '$(ONLY)'

# Every fuzz target (those that FUZZ matches) for FUZZTIME each, one after the
# other, with executions and panics; minimising is bounded, else it can eat all of it.
fuzz: assets
	@grep -rnoE '^func Fuzz\w+' --include='*_test.go' --exclude-dir=node_modules . | grep -E '$(FUZZ)' | { failed=0; log=$$(mktemp); \
	while IFS=: read -r file _ name; do \
		target=$${name#func }; pkg=$$(dirname $$file); said=ok; \
		go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x $$pkg >$$log 2>&1 || { said=FAILED; failed=1; }; \
		echo "$$said $$pkg $$target: $$(grep -o 'execs: [0-9]*' $$log | tail -n 1 || true), $$(grep -c 'panic:' $$log || true) panics"; \
		test $$said = ok || cat $$log; \
	done; rm -f $$log; exit $$failed; }

# The long forms of what strangers send and name: every bad value as every
# parameter, every view of every page in a browser as every role.
hostile: assets browser
	HOSTILE=long go test -count 1 -timeout 2h -v -run 'TestBad|TestTooMuch' ./server/web
	HOSTILE=long go test -count 1 -timeout 2h -v -run TestHostileNames ./server

bench: assets
	go test -run '^$$' -bench . -benchmem -timeout 60m ./...

# How far each attribution model is from the truth of the sample company: every
# model over SEEDS worlds of each of PROCESSES (all unless named), JOBS at a
# time, into OUT/ACCURACY.md and OUT/accuracy.csv. An interrupted run goes on;
# KEEP=DIR keeps the worlds, so that the next run only credits their deals anew.
SEEDS     ?= 20
DEALS     ?= 600
JOBS      ?= 2
PROCESSES ?=
OUT       ?= attribution
KEEP      ?=
accuracy:
	go run ./server/accuracy -seeds 101-$$((100 + $(SEEDS))) -deals $(DEALS) -jobs $(JOBS) -out $(OUT) \
		$(if $(PROCESSES),-process "$(PROCESSES)") $(if $(KEEP),-keep $(KEEP)) >/dev/null

cover: assets
	go test -coverprofile coverage.out ./...
	go tool cover -func coverage.out | tail -n 1

# Rewrites the golden files; read the difference line by line before keeping it.
golden: assets
	UPDATE_GOLDEN=1 go test ./...

# The databases that earlier programs wrote: every one is upgraded, and some are then
# synced, refreshed and checked.
upgrades:
	UPGRADES=long go test -count 1 -run Upgrade ./warehouse ./server/cli

# A small company's database as this program writes it, which later programs must
# still open: kept before the next migration lands.
schema-golden: build
	dir=$$(mktemp -d) && to=$$(ls warehouse/schema/*.sql | tail -n 1 | xargs basename | cut -d _ -f 1) && \
	bin/credence demo --dir $$dir --seed 1 --deals 50 && \
	bin/credence --config $$dir/credence.yaml sync && \
	bin/credence --config $$dir/credence.yaml refresh && \
	gzip -9 -n -c $$dir/credence.db >warehouse/testdata/schema/$$to.db.gz && rm -r $$dir

check: lint test

# Page scripts, styles, fonts and icons from npm by the lock file, embedded at build.
assets: ui/dist/manifest.json

ui/dist/manifest.json: ui/package-lock.json ui/build-assets.mjs
	cd ui && npm ci --ignore-scripts --no-audit --no-fund
	cd ui && node build-assets.mjs
	@touch $@

# A browser for the page tests: $$CHROMIUM, the one on the machine, or Debian's.
browser:
	@if [ -z "$${CHROMIUM:-}" ] && ! command -v chromium >/dev/null; then \
		echo "installing Debian's chromium for the page tests"; \
		if [ "$$(id -u)" != 0 ]; then echo "chromium is missing: apt-get install chromium fonts-dejavu-core, or set CHROMIUM" >&2; exit 1; fi; \
		apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; \
	fi

clean:
	rm -rf bin coverage.out ui/node_modules $(filter-out ui/dist/.keep,$(wildcard ui/dist/*))
