# `make demo` and `make test` do all their own set-up.
SWIFT_RELEASE = swift build -c release --product agon -Xswiftc -gnone --omit-frame-pointers

.PHONY: help demo test soak report determinism bench format agon mutants packages

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/'

packages:
	@Scripts/install-system-packages.sh

agon: packages ## build ./agon (release)
	$(SWIFT_RELEASE)
	@cp -f .build/release/agon agon

demo: agon ## build, then run a whole arena season on real data
	./agon demo

test: packages ## every test; says how many of which kind
	@Scripts/test.sh

bench: agon ## machine beside native code
	./agon bench

format: ## format the Swift sources
	swift format --in-place --recursive Sources Tests Package.swift

soak: packages ## the long runs; SOAK=0.01 makes them a hundredth as long
	@Scripts/soak.sh

report: packages ## one table of all figures, each with its command and seed
	@Scripts/report.sh

determinism: agon ## equal digests and roots in 20 processes of different surroundings, and in a debug build
	@Scripts/determinism.sh 20 --debug

mutants: packages ## 100,000 mutants of valid artefacts under the address sanitizer
	@Scripts/mutants.sh 100000
