# SPDX-License-Identifier: Apache-2.0
# The words of the README; each does its own set-up. What is built how stands in meson.build and web/.
#   make run [LISTEN=127.0.0.1:7700] [DATA=demo-data]     make test [STEPS="house units"]
.PHONY: run build web test bench prove fmt clean
BUILD := build
LISTEN ?= 127.0.0.1:7700
DATA ?= demo-data

run: build
	$(BUILD)/xiaoer demo --data $(DATA) --listen $(LISTEN)

build: web
	@TARGETS=xiaoer tools/meson-build $(BUILD)

web:
	@tools/setup build
	@tools/web-build

test:
	@tools/setup test
	@tools/test $(STEPS)

# The load that the figures of docs/performance.md come from.
bench: build
	@for n in 16 64 256; do $(BUILD)/xiaoer bench turns --connections $$n || exit; done

# What takes too long for every change: 200 kills, and a minute for each fuzz target.
prove:
	@tools/setup test
	@CRASH_CYCLES=200 FUZZ_SECONDS=60 tools/test house web units whole fuzz

fmt:
	clang-format -i src/*/*.c src/*/*.h

clean:
	rm -rf build build-* web/dist
