// SPDX-License-Identifier: Apache-2.0
//
// The last line of a run, for whoever counts: `N passed, N failed`. A file that does not even load is a failure, and
// what was left out is named above it with its reason.
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export default class Count implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>, reason: string): void {
    let passed = 0;
    let failed = errors.length;
    const left: TestCase[] = [];
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        else if (state === 'failed') failed++;
        else left.push(test);
      }
    }
    if (reason === 'failed' && failed === 0) failed = 1; // it did not even begin
    for (const test of left) {
      const result = test.result();
      console.log(`left out: ${test.fullName}${result.state === 'skipped' && result.note ? ` (${result.note})` : ''}`);
    }
    console.log(`${passed} passed, ${failed} failed`);
  }
}
