// @ts-check
import { writeFileSync } from 'node:fs';

/**
 * Writes `{passed, failed}` of a run to the file named in STRIKEWIRE_TEST_TOTALS. A spec file
 * that does not load, a failed hook and an error outside of tests count as one failure each.
 */
export default class TotalsReporter {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<unknown>} errors
   */
  onTestRunEnd(modules, errors) {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      const bad = tests.filter((test) => test.result().state === 'failed').length;
      passed += tests.filter((test) => test.result().state === 'passed').length;
      failed += bad > 0 || module.ok() ? bad : 1;
    }
    const path = process.env['STRIKEWIRE_TEST_TOTALS'];
    if (path) writeFileSync(path, JSON.stringify({ passed, failed }));
  }
}
