// SPDX-License-Identifier: Apache-2.0
//
// One file after the other, in the order of their names: the machine has two cores, and a test that kills servers
// must not share them with one that measures a second.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => a.moduleId.localeCompare(b.moduleId));
  }
}

export default defineConfig({
  test: {
    include: ['*.test.ts'],
    globalSetup: ['./lib/setup.ts'],
    reporters: ['default', './lib/reporter.ts'],
    fileParallelism: false,
    sequence: { sequencer: ByName },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
  },
});
