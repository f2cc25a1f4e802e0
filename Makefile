# SPDX-License-Identifier: Apache-2.0
# The words of the README; each does its own set-up. What is built how is in meson.build and web/.
.PHONY: run build test bench prove web check fmt clean
BUILD := build

run: build
	$(BUILD)/xiaoer demo --data demo-data

build: web
	@tools/meson-build $(BUILD)

web:
	@tools/setup build
	@tools/web-build

test:
	@tools/setup test
	@tools/test

bench: build
	@tools/bench

prove:
	@tools/setup test
	@tools/prove

fmt:
	clang-format -i src/*/*.c src/*/*.h

clean:
	rm -rf build build-* web/dist
